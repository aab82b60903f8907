//! The decision that withdraws a certificate (26/2026/QĐ-TTg, Article 8).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What the decision shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Head.
    pub letterhead: Letterhead,
    /// Whether it is marked as a draft.
    pub draft: bool,
    /// Who decides, e.g. `Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh`.
    pub authority: String,
    /// What the decision rests on, one sentence each.
    pub bases: Vec<String>,
    /// Number of the certificate.
    pub certificate: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// The product.
    pub product: String,
    /// Code of the product; empty when it has none.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// The producer's address.
    pub address: String,
    /// Stars of the certificate.
    pub stars: u8,
    /// The ground with its letter, as the law words it.
    pub ground: String,
    /// The conclusion or confirmation that it rests on.
    pub conclusion: String,
    /// Who carries it out.
    pub responsible: String,
    /// Bodies that receive it.
    pub recipients: Vec<String>,
    /// Who signs.
    pub signature: Signature,
}

/// The decision as a PDF file.
///
/// # Errors
/// When the template cannot set it: a fault of this crate.
pub fn render(engine: &Engine, input: &Revocation) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Revocation, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, letterhead, signature, strings};

    fn sample() -> Revocation {
        Revocation {
            letterhead: letterhead(None, "Ủy ban nhân dân tỉnh Quảng Ninh", Some("99"), "QĐ-UBND"),
            draft: false,
            authority: "Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh".to_owned(),
            bases: strings(&["Căn cứ Quyết định số 26/2026/QĐ-TTg", "Theo đề nghị của cơ quan tham mưu"]),
            certificate: "001/GCN-OCOP-2026".to_owned(),
            issued_on: day(2026, 2, 5),
            product: "Mật ong rừng Ba Chẽ".to_owned(),
            product_code: "22-06970-03-2026".to_owned(),
            producer: "Hợp tác xã Nuôi ong Ba Chẽ".to_owned(),
            address: "Thôn Khe Thử, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            stars: 3,
            ground: "Điểm b: vi phạm quy định về an toàn thực phẩm".to_owned(),
            conclusion: "Kết luận số 12/KL-TTr ngày 01/11/2026".to_owned(),
            responsible: "Chánh Văn phòng và chủ thể có tên tại Điều 1".to_owned(),
            recipients: strings(&["Như Điều 4", "Lưu: VT"]),
            signature: signature(&["KT. Chủ tịch", "Phó Chủ tịch"], "Vũ Đình Thử"),
        }
    }

    #[test]
    fn a_certificate_is_withdrawn_with_its_ground() {
        check(
            "revocation",
            Template::Revocation,
            &sample(),
            1,
            &[
                "Số: 99/QĐ-UBND",
                "001/GCN-OCOP-2026, cấp ngày 05 tháng 02 năm 2026",
                "Điểm b: vi phạm quy định về an toàn thực phẩm",
                "thi hành Quyết định này./.",
            ],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("revocation", Template::Revocation, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
