//! What an office writes around the notifications of a letter.

/// What may stand in braces, and what takes its place.
pub const PLACES: [(&str, &str); 4] = [
    ("tên", "họ tên người nhận"),
    ("số việc", "có bao nhiêu thông báo trong thư"),
    ("cơ quan", "tên cơ quan gửi thư"),
    ("địa chỉ", "địa chỉ trang phần mềm"),
];

/// The office's words of a letter of notifications. The notifications stand between `opening` and `closing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterWording {
    /// The subject line.
    pub subject: String,
    /// Before the notifications.
    pub opening: String,
    /// After them.
    pub closing: String,
}

impl Default for LetterWording {
    fn default() -> Self {
        Self {
            subject: "OCOP: {số việc} thông báo mới".to_owned(),
            opening: "Kính gửi {tên},\n\nPhần mềm OCOP có {số việc} thông báo mới dành cho ông/bà:".to_owned(),
            closing: "Xem và xử lý tại {địa chỉ}/home. Nếu không muốn nhận thư này, tắt ở mục Tài khoản.\n\n{cơ quan}"
                .to_owned(),
        }
    }
}

/// A text names a place that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Không có ô «{{{0}}}». Các ô dùng được: {list}. Sửa lại tên ô, hoặc bỏ dấu ngoặc nhọn.", list = list())]
pub struct UnknownPlace(pub String);

fn list() -> String {
    PLACES.map(|(place, _)| format!("{{{place}}}")).join(", ")
}

/// The text with values in its places. `value` gives the value of a place of [`PLACES`].
///
/// # Errors
/// [`UnknownPlace`] names the first place that there is not; a brace that is not closed is one, too.
pub fn fill(text: &str, value: impl Fn(&str) -> String) -> Result<String, UnknownPlace> {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap_or((part, ""));
        if !PLACES.iter().any(|(known, _)| *known == place) || !part.contains('}') {
            return Err(UnknownPlace(place.chars().take(40).collect()));
        }
        filled.push_str(&value(place));
        filled.push_str(rest);
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_unknown_ones_told() {
        let value = |place: &str| format!("<{place}>");
        let check = |text: &str, expected: Result<&str, &str>| {
            let expected = expected.map(str::to_owned).map_err(|place| UnknownPlace(place.to_owned()));
            assert_eq!(fill(text, value), expected, "{text}");
        };
        check("", Ok(""));
        check("Kính gửi {tên}, {số việc}.", Ok("Kính gửi <tên>, <số việc>."));
        check("{tên}{tên}", Ok("<tên><tên>"));
        check("} ngoài", Ok("} ngoài"));
        check("{ten}", Err("ten"));
        check("mở {tên", Err("tên"));
        check("{}", Err(""));
    }

    #[test]
    fn our_own_words_have_only_known_places() {
        let own = LetterWording::default();
        for text in [own.subject, own.opening, own.closing] {
            assert!(fill(&text, |_| String::new()).is_ok(), "{text}");
        }
    }
}
