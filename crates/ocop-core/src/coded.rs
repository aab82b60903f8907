//! Closed lists whose entries have a code (stored, in addresses, in the journal) and a Vietnamese
//! name (shown).

/// The code is in no entry of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» không có trong danh mục")]
pub struct UnknownCode(pub String);

/// Declares an enum of coded, named entries: `Honey = "honey", "Mật ong"`.
///
/// Gives `ALL`, `code()`, `name()`, `Display` (the code), `FromStr` and serde by code.
#[macro_export]
macro_rules! coded {
    ($(#[$doc:meta])* $list:ident { $($(#[$entry_doc:meta])* $entry:ident = $code:literal, $name:literal);* $(;)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $list {
            $($(#[$entry_doc])* $entry),*
        }

        impl $list {
            /// Every entry, in the order of the list.
            pub const ALL: &'static [$list] = &[$($list::$entry),*];

            /// The stored code.
            pub const fn code(self) -> &'static str {
                match self { $($list::$entry => $code),* }
            }

            /// The Vietnamese name.
            pub const fn name(self) -> &'static str {
                match self { $($list::$entry => $name),* }
            }
        }

        impl std::fmt::Display for $list {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.code())
            }
        }

        impl std::str::FromStr for $list {
            type Err = $crate::coded::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok($list::$entry),)*
                    other => Err($crate::coded::UnknownCode(other.to_owned())),
                }
            }
        }

        impl TryFrom<String> for $list {
            type Error = $crate::coded::UnknownCode;

            fn try_from(code: String) -> Result<Self, Self::Error> {
                code.parse()
            }
        }

        impl From<$list> for &'static str {
            fn from(entry: $list) -> &'static str {
                entry.code()
            }
        }
    };
}
