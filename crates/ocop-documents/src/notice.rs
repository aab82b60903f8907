//! The notice of a result that brings no certificate: 1 or 2 stars, or a dossier that is out.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What a notice shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Head; the issuer is the province's OCOP body.
    pub letterhead: Letterhead,
    /// Whom it is addressed to.
    pub addressees: Vec<String>,
    /// The round, e.g. `đợt 2 năm 2026`.
    pub round: String,
    /// The decision the evaluation follows, e.g. `26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ`.
    pub cite: String,
    /// The minutes behind the result, e.g. `Biên bản số 12/BB-HĐ ngày 20/11/2026`.
    pub minutes: Option<String>,
    /// The product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// The producer.
    pub producer: String,
    /// The result.
    pub result: NoticeResult,
    /// How the result comes about, sentence by sentence.
    pub explanation: Vec<String>,
    /// What the producer can do next, one sentence each.
    pub next_steps: Vec<String>,
    /// Where to ask.
    pub contact: Option<String>,
    /// Bodies that receive a copy.
    pub recipients: Vec<String>,
    /// Who signs.
    pub signature: Signature,
}

/// The two results that end in a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeResult {
    /// 1 or 2 stars: no decision, no certificate (26/2026/QĐ-TTg, Article 4.1a).
    Stars {
        /// 1 or 2.
        stars: u8,
        /// Mean in hundredths of a point.
        mean_hundredths: i64,
        /// What the next star asks for and was not met, e.g. `3.5 Sở hữu trí tuệ: cần mức 2`.
        missing: Vec<String>,
    },
    /// The dossier is out.
    Disqualified {
        /// The ground as the set prints it.
        ground: String,
        /// The council's reason.
        reason: String,
    },
}

/// The notice as a PDF file.
///
/// Errors when the stars are not 1 or 2: more stars end in a decision and a certificate.
pub fn render(engine: &Engine, input: &Notice) -> Result<Pdf, DocumentError> {
    if let NoticeResult::Stars { stars, .. } = &input.result
        && !(1..=2).contains(stars)
    {
        return Err(DocumentError::Input { field: "result.stars", reason: format!("{stars} is not 1 or 2") });
    }
    engine.pdf(Template::Notice, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, engine, letterhead, signature, strings};

    fn sample() -> Notice {
        Notice {
            letterhead: letterhead(
                Some("Ủy ban nhân dân tỉnh Quảng Ninh"),
                "Sở Nông nghiệp và Môi trường",
                Some("1024"),
                "TB-SNNMT",
            ),
            addressees: strings(&["Ủy ban nhân dân xã Ba Chẽ", "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ"]),
            round: "đợt 2 năm 2026".to_owned(),
            cite: "26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ".to_owned(),
            minutes: Some(
                "Biên bản số 12/BB-HĐ ngày 05/11/2026 của Hội đồng đánh giá, phân hạng sản phẩm OCOP"
                    .to_owned(),
            ),
            product: "Phấn hoa rừng Ba Chẽ".to_owned(),
            product_code: Some("22-06970-03-2026".to_owned()),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            result: NoticeResult::Stars {
                stars: 2,
                mean_hundredths: 5833,
                missing: strings(&["Tiêu chí 2.3 Phong cách, ghi nhãn hàng hóa: cần đạt từ 1 điểm."]),
            },
            explanation: strings(&[
                "Điểm trung bình 58,33 thuộc khung hạng 3 sao, nhưng còn điều kiện tối thiểu chưa đạt.",
            ]),
            next_steps: strings(&["Hoàn thiện nhãn hàng hóa và nộp lại hồ sơ trong đợt đánh giá tiếp theo."]),
            contact: Some("Phòng Phát triển nông thôn, điện thoại 0203 3835 000".to_owned()),
            recipients: strings(&["Như trên", "Lưu: VT, PTNT"]),
            signature: signature(&["KT. Giám đốc", "Phó Giám đốc"], "Vũ Đình Thử"),
        }
    }

    #[test]
    fn two_stars_end_without_certificate() {
        check(
            "notice",
            Template::Notice,
            &sample(),
            1,
            &[
                "Số: 1024/TB-SNNMT",
                "- Ủy ban nhân dân xã Ba Chẽ; - Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ.",
                "Điểm trung bình 58,33 điểm",
                "Kết quả Hạng 2 sao",
                "sản phẩm đạt hạng 2 sao không được ban hành quyết định công nhận",
            ],
        );
    }

    #[test]
    fn a_disqualified_dossier_is_told_why() {
        let out = Notice {
            result: NoticeResult::Disqualified {
                ground: "Giả mạo hồ sơ".to_owned(),
                reason: "Phiếu kiểm nghiệm không do phòng thử nghiệm ghi trên phiếu cấp.".to_owned(),
            },
            explanation: Vec::new(),
            ..sample()
        };
        check(
            "notice-out",
            Template::Notice,
            &out,
            1,
            &["Hồ sơ bị loại", "Căn cứ Giả mạo hồ sơ", "không được xếp hạng sao"],
        );
    }

    #[test]
    fn three_stars_are_no_notice() {
        let result = NoticeResult::Stars { stars: 3, mean_hundredths: 6000, missing: Vec::new() };
        let refused = render(engine(), &Notice { result, ..sample() });
        assert!(matches!(refused, Err(DocumentError::Input { field: "result.stars", .. })), "{refused:?}");
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("notice", Template::Notice, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
