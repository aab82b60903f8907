//! Form 01: registration for evaluation (26/2026/QĐ-TTg, Annex III).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Pdf, PlaceDate};

/// What form 01 shows. Empty texts leave dots to write on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form01 {
    /// The decision behind the form, e.g. `26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ`.
    pub cite: String,
    /// Name of the province without its kind, e.g. `Quảng Ninh`.
    pub province: String,
    /// Year of the evaluation.
    pub year: u16,
    /// Code of the province, two digits; part of the receipt numbers.
    pub province_code: String,
    /// Code of the commune, five digits; part of the receipt numbers.
    pub commune_code: String,
    /// 1: the producer.
    pub producer: Registrant,
    /// 2: name of the product.
    pub product: String,
    /// 3: industry, e.g. `I. Sản phẩm thực phẩm`.
    pub industry: String,
    /// 3: group.
    pub group: String,
    /// 3: subgroup, where Annex I has one.
    pub subgroup: Option<String>,
    /// 4: which evaluation.
    pub kind: RegistrationKind,
    /// 5: whether the self-assessment (form 02) is attached.
    pub has_report: bool,
    /// 5: sample units handed over; none for tourism.
    pub samples: Option<u16>,
    /// Where and when the producer signs.
    pub place_date: PlaceDate,
    /// Full name of the signer; none leaves room.
    pub signer: Option<String>,
    /// Filled in by the commune.
    pub commune_receipt: Receipt,
    /// Filled in by the province's OCOP body.
    pub province_receipt: Receipt,
}

/// Item 1 of form 01.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrant {
    /// Name of the unit.
    pub name: String,
    /// Full name of the legal representative.
    pub representative: String,
    /// Position of the representative.
    pub position: String,
    /// Address for letters.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// Item 4 of form 01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationKind {
    /// Lần đầu.
    First,
    /// Nâng hạng.
    Upgrade,
    /// Đánh giá lại.
    Reevaluation,
}

/// An office's confirmation that it has received the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The whole number, `7/PĐK-22-06838-2026`; none leaves room before `/PĐK-…` of this year.
    pub number: Option<String>,
    /// Day of receipt.
    pub received_on: Option<NaiveDate>,
    /// Who received it.
    pub receiver: Option<String>,
    /// The receiving office.
    pub office: Option<String>,
}

/// Form 01 as a PDF file.
pub fn render(engine: &Engine, input: &Form01) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Form01, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, place_date};

    fn sample() -> Form01 {
        Form01 {
            cite: "26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ".to_owned(),
            province: "Quảng Ninh".to_owned(),
            year: 2026,
            province_code: "22".to_owned(),
            commune_code: "06970".to_owned(),
            producer: Registrant {
                name: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
                representative: "Nguyễn Thị Thử".to_owned(),
                position: "Giám đốc".to_owned(),
                address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
                phone: "0912 345 678".to_owned(),
                email: "htxong.bache@example.vn".to_owned(),
            },
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            industry: "I. Sản phẩm thực phẩm".to_owned(),
            group: "2. Thực phẩm thô, sơ chế".to_owned(),
            subgroup: Some("b. Mật ong, mật khác và nông sản thực phẩm khác".to_owned()),
            kind: RegistrationKind::First,
            has_report: true,
            samples: Some(5),
            place_date: place_date("Ba Chẽ"),
            signer: Some("Nguyễn Thị Thử".to_owned()),
            commune_receipt: Receipt {
                number: Some("07/PĐK-22-06970-2026".to_owned()),
                received_on: Some(day(2026, 9, 3)),
                receiver: Some("Lục Văn Thử".to_owned()),
                office: Some("Ủy ban nhân dân xã Ba Chẽ".to_owned()),
            },
            province_receipt: Receipt::default(),
        }
    }

    #[test]
    fn it_says_what_was_filed() {
        check(
            "form01",
            Template::Form01,
            &sample(),
            2,
            &[
                "PHIẾU ĐĂNG KÝ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
                "của tỉnh Quảng Ninh năm 2026",
                "Mật ong hoa rừng Ba Chẽ",
                "Phiếu số: 07/PĐK-22-06970-2026",
                "Ngày nhận: 03/09/2026",
                "Ba Chẽ, ngày 05 tháng 11 năm 2026",
            ],
        );
    }

    #[test]
    fn a_service_brings_no_samples() {
        let tourism = Form01 { samples: None, subgroup: None, ..sample() };
        check("form01-tourism", Template::Form01, &tourism, 2, &["Sản phẩm mẫu: không áp dụng"]);
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("form01", Template::Form01, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
