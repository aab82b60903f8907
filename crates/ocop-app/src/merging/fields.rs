//! The fields of the register in which two records can differ, one line each.

use ocop_core::time::date;
use ocop_store::producers::Producer;
use ocop_store::products::Product;

/// A field (or fields that belong together): its name in forms, in words, how it reads, and how one
/// record takes it from another.
pub(super) struct Field<T> {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) shown: fn(&T) -> String,
    pub(super) take: fn(&mut T, &T),
}

/// A field that is a text.
macro_rules! text {
    ($field:ident, $label:literal) => {
        Field {
            name: stringify!($field),
            label: $label,
            shown: |one| one.$field.clone(),
            take: |to, from| to.$field.clone_from(&from.$field),
        }
    };
}

/// The register of a producer.
pub(super) const PRODUCER: [Field<Producer>; 11] = [
    text!(name, "Tên"),
    Field {
        name: "kind",
        label: "Loại hình",
        shown: |one| one.kind.name().to_owned(),
        take: |to, from| to.kind = from.kind,
    },
    text!(registration_no, "Số đăng ký kinh doanh"),
    Field {
        name: "registered_on",
        label: "Ngày đăng ký kinh doanh",
        shown: |one| one.registered_on.map(date).unwrap_or_default(),
        take: |to, from| to.registered_on = from.registered_on,
    },
    text!(tax_code, "Mã số thuế"),
    Field {
        name: "address",
        label: "Địa chỉ và xã",
        shown: |one| {
            let unit = format!("xã mã {}", one.commune);
            if one.address.is_empty() { unit } else { format!("{}, {unit}", one.address) }
        },
        take: |to, from| {
            to.address.clone_from(&from.address);
            to.commune.clone_from(&from.commune);
            to.former_unit.clone_from(&from.former_unit);
        },
    },
    text!(phone, "Điện thoại"),
    text!(email, "Email"),
    Field {
        name: "representative",
        label: "Người đại diện",
        shown: |one| {
            let person = &one.representative;
            let told = [
                person.name.as_str(),
                person.title.as_str(),
                person.gender_name(),
                person.ethnicity.as_str(),
            ];
            told.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
        },
        take: |to, from| to.representative = from.representative.clone(),
    },
    text!(history, "Lịch sử hình thành"),
    text!(structure, "Cơ cấu tổ chức"),
];

/// The register of a product. Its code is no choice: a product that has one keeps it.
pub(super) const PRODUCT: [Field<Product>; 8] = [
    text!(name, "Tên"),
    Field {
        name: "set_no",
        label: "Bộ sản phẩm",
        shown: |one| format!("bộ {}", one.set_no),
        take: |to, from| to.set_no = from.set_no,
    },
    text!(description, "Mô tả"),
    text!(packaging, "Quy cách, bao bì"),
    text!(standard, "Tiêu chuẩn"),
    text!(story, "Câu chuyện"),
    Field {
        name: "joined_on",
        label: "Ngày tham gia",
        shown: |one| date(one.joined_on),
        take: |to, from| to.joined_on = from.joined_on,
    },
    Field {
        name: "stamped_since",
        label: "Có tem điện tử từ",
        shown: |one| one.stamped_since.map(date).unwrap_or_default(),
        take: |to, from| to.stamped_since = from.stamped_since,
    },
];

/// A field in which two records differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name in the form.
    pub name: &'static str,
    /// Its name in words.
    pub label: &'static str,
    /// As the kept record has it; empty when it tells nothing.
    pub kept: String,
    /// As the duplicate has it.
    pub gone: String,
    /// Whether the duplicate's is proposed: the kept record tells nothing.
    pub from_gone: bool,
}

/// The fields in which two records differ.
pub(super) fn differences<T>(fields: &[Field<T>], kept: &T, gone: &T) -> Vec<Difference> {
    let found = fields.iter().filter_map(|field| {
        let (kept, gone) = ((field.shown)(kept), (field.shown)(gone));
        let from_gone = kept.is_empty();
        (kept != gone).then_some(Difference { name: field.name, label: field.label, kept, gone, from_gone })
    });
    found.collect()
}

/// The kept record with the fields that are taken from the duplicate, and their names; nothing when
/// none differs.
pub(super) fn taken<T: Clone>(
    fields: &[Field<T>],
    kept: &T,
    gone: &T,
    wanted: &[String],
) -> (T, Vec<&'static str>) {
    let mut merged = kept.clone();
    let mut names = Vec::new();
    for field in fields {
        let differs = (field.shown)(kept) != (field.shown)(gone);
        if differs && wanted.iter().any(|name| name == field.name) {
            (field.take)(&mut merged, gone);
            names.push(field.name);
        }
    }
    (merged, names)
}
