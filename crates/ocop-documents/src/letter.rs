//! A letter of an office (công văn, Decree 30/2020/NĐ-CP, Appendix III): sends dossiers on, or sends one
//! back with reasons.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What a letter shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Head.
    pub letterhead: Letterhead,
    /// Whether it is marked as a draft.
    pub draft: bool,
    /// What it is about, behind `V/v`: `đề nghị đánh giá, phân hạng sản phẩm OCOP`.
    pub subject: String,
    /// Whom it is for.
    pub addressees: Vec<String>,
    /// What it says, before the list.
    pub paragraphs: Vec<String>,
    /// The products it is about.
    pub items: Vec<LetterItem>,
    /// Points after the list, one sentence each.
    pub points: Vec<String>,
    /// Its last sentence.
    pub closing: String,
    /// Bodies that receive a copy.
    pub recipients: Vec<String>,
    /// Who signs.
    pub signature: Signature,
}

/// A product that a letter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterItem {
    /// Its name.
    pub product: String,
    /// Its code; empty when it has none.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// The producer's address.
    pub address: String,
    /// What is said about it.
    pub remark: String,
}

/// The letter as a PDF file.
///
/// # Errors
/// When the template cannot set it: a fault of this crate.
pub fn render(engine: &Engine, input: &Letter) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Letter, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, letterhead, signature, strings};

    fn sample() -> Letter {
        Letter {
            letterhead: letterhead(None, "Ủy ban nhân dân xã Ba Chẽ", Some("07"), "UBND-KT"),
            draft: false,
            subject: "đề nghị đánh giá, phân hạng sản phẩm OCOP đợt 2 năm 2026".to_owned(),
            addressees: strings(&["Ủy ban nhân dân tỉnh Quảng Ninh"]),
            paragraphs: strings(&[
                "Căn cứ Quyết định số 26/2026/QĐ-TTg, Ủy ban nhân dân xã Ba Chẽ đề nghị đánh giá sản phẩm sau:",
            ]),
            items: vec![LetterItem {
                product: "Mật ong rừng Ba Chẽ".to_owned(),
                product_code: "22-06970-03-2026".to_owned(),
                producer: "Hợp tác xã Nuôi ong Ba Chẽ".to_owned(),
                address: "Thôn Khe Thử, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
                remark: "Đánh giá lần đầu".to_owned(),
            }],
            points: strings(&["Hồ sơ gồm mẫu 01, mẫu 02, mẫu 03 và tài liệu minh chứng."]),
            closing: "Kính đề nghị Ủy ban nhân dân tỉnh xem xét".to_owned(),
            recipients: strings(&["Như trên", "Lưu: VT"]),
            signature: signature(&["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"], "Vũ Đình Thử"),
        }
    }

    #[test]
    fn a_letter_has_its_subject_below_the_number_and_its_signer_with_authority() {
        check(
            "letter",
            Template::Letter,
            &sample(),
            1,
            &[
                "Số: 07/UBND-KT",
                "V/v đề nghị đánh giá, phân hạng sản phẩm OCOP",
                "Kính gửi: Ủy ban nhân dân tỉnh Quảng Ninh",
                "Mật ong rừng Ba Chẽ",
                "xem xét./.",
                "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
            ],
        );
    }

    #[test]
    fn a_draft_says_so_and_leaves_room_for_number_and_name() {
        let mut draft = Letter { draft: true, items: Vec::new(), ..sample() };
        draft.letterhead.number = None;
        draft.signature.name = None;
        check("letter-draft", Template::Letter, &draft, 1, &["DỰ THẢO", "/UBND-KT"]);
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("letter", Template::Letter, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
