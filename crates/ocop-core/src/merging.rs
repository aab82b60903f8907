//! Records of the register that may be the same thing twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::coded;
use crate::text::fold;

coded! {
    /// What can be merged.
    Record {
        /// A producer.
        Producer = "producer", "chủ thể";
        /// A product.
        Product = "product", "sản phẩm";
    }
}

coded! {
    /// What can belong to a record, and change hands with it.
    Noun {
        /// A product of a producer.
        Product = "product", "sản phẩm";
        /// A dossier.
        Dossier = "dossier", "hồ sơ";
        /// A paper in a producer's vault.
        Evidence = "evidence", "giấy tờ minh chứng";
        /// An invitation to act for a producer.
        Invitation = "invitation", "lời mời";
        /// A person who acts for a producer.
        Member = "member", "người quản lý";
        /// A certificate.
        Certificate = "certificate", "giấy chứng nhận";
        /// A result from paper.
        Evaluation = "evaluation", "kết quả đánh giá";
        /// A platform that a product is sold on.
        Listing = "listing", "sàn thương mại điện tử";
        /// A year's revenue.
        Revenue = "revenue", "doanh thu năm";
        /// A code of an older format.
        FormerCode = "former_code", "mã cũ";
    }
}

coded! {
    /// Why two records may be one.
    Likeness {
        /// The same tax code.
        TaxCode = "tax_code", "cùng mã số thuế";
        /// The same business registration.
        RegistrationNo = "registration_no", "cùng số đăng ký kinh doanh";
        /// The same name, whatever the legal form and the marks.
        Name = "name", "cùng tên";
        /// The same code, of any format.
        Code = "code", "cùng mã sản phẩm";
    }
}

/// A record with what it may be recognised by; an empty key recognises nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// Id.
    pub id: String,
    /// Keys: two records that share one may be the same.
    pub keys: Vec<(Likeness, String)>,
}

/// Two records that may be one, and why. The first is the older one (ids sort by age).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The older record.
    pub first: String,
    /// The newer record.
    pub second: String,
    /// What they share.
    pub why: Vec<Likeness>,
}

/// The pairs that may be one. Of many records that share a key, each newer one is paired with the
/// oldest, so that the list stays as short as the work.
pub fn alike(records: &[Traits]) -> Vec<Alike> {
    let mut by_key: BTreeMap<(Likeness, &str), BTreeSet<&str>> = BTreeMap::new();
    for record in records {
        for (likeness, key) in record.keys.iter().filter(|(_, key)| !key.trim().is_empty()) {
            by_key.entry((*likeness, key)).or_default().insert(&record.id);
        }
    }
    let mut pairs: BTreeMap<(&str, &str), Vec<Likeness>> = BTreeMap::new();
    for ((likeness, _), ids) in by_key {
        let mut ids = ids.into_iter();
        let Some(first) = ids.next() else { continue };
        for second in ids {
            let why = pairs.entry((first, second)).or_default();
            if !why.contains(&likeness) {
                why.push(likeness);
            }
        }
    }
    let pair = |((first, second), why): ((&str, &str), Vec<Likeness>)| Alike {
        first: first.to_owned(),
        second: second.to_owned(),
        why,
    };
    pairs.into_iter().map(pair).collect()
}

/// Legal forms, folded, as they stand in front of a name. Longer ones before their beginnings.
const FORMS: [&str; 22] = [
    "lien hiep hop tac xa",
    "hop tac xa",
    "htx",
    "to hop tac",
    "tht",
    "cong ty trach nhiem huu han",
    "cong ty tnhh",
    "cong ty co phan",
    "cong ty cp",
    "ctcp",
    "cong ty",
    "cty",
    "mot thanh vien",
    "mtv",
    "doanh nghiep tu nhan",
    "dntn",
    "ho kinh doanh",
    "hkd",
    "ho san xuat",
    "co so san xuat",
    "co so",
    "trang trai",
];

/// A producer's name without marks and legal form: `HTX Hợp Tiến` and `Hợp tác xã Hợp Tiến` are
/// both ` hop tien`. A name that is only a legal form is empty.
pub fn bare_name(name: &str) -> String {
    let mut bare = fold(name);
    while let Some(rest) =
        FORMS.iter().find_map(|form| bare.strip_prefix(&format!(" {form}")).filter(ends_a_word))
    {
        bare = rest.to_owned();
    }
    bare
}

fn ends_a_word(rest: &&str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_form_is_no_part_of_a_name() {
        for (name, bare) in [
            ("HTX Hợp Tiến", " hop tien"),
            ("Hợp tác xã Hợp Tiến", " hop tien"),
            ("Công ty TNHH Một thành viên Quy Hoa", " quy hoa"),
            ("CÔNG TY TNHH MTV QUY HOA", " quy hoa"),
            ("Cơ sở sản xuất Chè Nguyễn", " che nguyen"),
            ("Hộ kinh doanh", ""),
            ("Htxuân", " htxuan"),
        ] {
            assert_eq!(bare_name(name), bare, "{name}");
        }
    }

    #[test]
    fn records_that_share_something_are_paired_with_the_oldest() {
        let record = |id: &str, tax: &str, name: &str| Traits {
            id: id.to_owned(),
            keys: vec![(Likeness::TaxCode, tax.to_owned()), (Likeness::Name, name.to_owned())],
        };
        let records = [
            record("3", "5700", " hop tien"),
            record("1", "5700", " hop tien"),
            record("2", "", " hop tien"),
            record("4", "", ""),
            record("5", "", ""),
        ];
        let pairs: Vec<_> =
            alike(&records).into_iter().map(|pair| (pair.first, pair.second, pair.why)).collect();
        assert_eq!(
            pairs,
            [
                ("1".to_owned(), "2".to_owned(), vec![Likeness::Name]),
                ("1".to_owned(), "3".to_owned(), vec![Likeness::TaxCode, Likeness::Name]),
            ]
        );
    }
}
