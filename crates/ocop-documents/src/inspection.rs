//! The record of an inspection after recognition: what was looked at, found and agreed.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What the record shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Head.
    pub letterhead: Letterhead,
    /// What it is about: `Kiểm tra đột xuất sản phẩm OCOP`.
    pub subject: String,
    /// When it began; none leaves room.
    pub began_at: Option<NaiveDateTime>,
    /// When it ended; none leaves room.
    pub ended_at: Option<NaiveDateTime>,
    /// Where it was held.
    pub place: String,
    /// What it rests on, one sentence each.
    pub bases: Vec<String>,
    /// The inspectors, with their positions.
    pub inspectors: Vec<String>,
    /// Who else was there: the producer's side, the commune.
    pub present: Vec<String>,
    /// The product, with its code.
    pub product: String,
    /// The producer.
    pub producer: String,
    /// The producer's address.
    pub address: String,
    /// Number, stars and last day of the certificate.
    pub certificate: String,
    /// What was found, criterion by criterion.
    pub findings: Vec<InspectionFinding>,
    /// What is to be done by when, one sentence each.
    pub measures: Vec<String>,
    /// What the producer says; none leaves room to write.
    pub reply: Option<String>,
    /// How many copies are made.
    pub copies: u8,
    /// Where the producer signs.
    pub producer_signature: Signature,
    /// Where the head of the inspectors signs.
    pub inspector_signature: Signature,
}

/// What was found about one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionFinding {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What was found.
    pub finding: String,
    /// Whether what was recognised still holds.
    pub met: bool,
}

/// The record as a PDF file.
///
/// # Errors
/// When the template cannot set it: a fault of this crate.
pub fn render(engine: &Engine, input: &Inspection) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Inspection, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, letterhead, signature, strings};

    fn sample() -> Inspection {
        Inspection {
            letterhead: letterhead(
                Some("Ủy ban nhân dân tỉnh Quảng Ninh"),
                "Đoàn kiểm tra sản phẩm OCOP",
                Some("03"),
                "BB-ĐKT",
            ),
            subject: "Kiểm tra đột xuất sản phẩm OCOP".to_owned(),
            began_at: day(2026, 11, 5).and_hms_opt(8, 30, 0),
            ended_at: None,
            place: "cơ sở sản xuất tại Thôn Khe Thử, xã Ba Chẽ".to_owned(),
            bases: strings(&["Quyết định số 26/2026/QĐ-TTg, Điều 10"]),
            inspectors: strings(&["Ông Vũ Đình Thử, Trưởng đoàn"]),
            present: strings(&["Bà Nguyễn Thị Thử, Giám đốc hợp tác xã"]),
            product: "Mật ong rừng Ba Chẽ, mã 22-06970-03-2026".to_owned(),
            producer: "Hợp tác xã Nuôi ong Ba Chẽ".to_owned(),
            address: "Thôn Khe Thử, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            certificate: "001/GCN-OCOP-2026, 3 sao, đến 05/02/2029".to_owned(),
            findings: vec![InspectionFinding {
                code: "2.3".to_owned(),
                name: "Ghi nhãn hàng hóa".to_owned(),
                finding: "Nhãn thiếu ngày sản xuất.".to_owned(),
                met: false,
            }],
            measures: strings(&["Sửa nhãn trước ngày 20/11/2026."]),
            reply: None,
            copies: 2,
            producer_signature: signature(&["Đại diện chủ thể"], "Nguyễn Thị Thử"),
            inspector_signature: signature(&["Trưởng đoàn"], "Vũ Đình Thử"),
        }
    }

    #[test]
    fn a_record_tells_findings_and_measures() {
        check(
            "inspection",
            Template::Inspection,
            &sample(),
            2,
            &[
                "Số: 03/BB-ĐKT",
                "08 giờ 30 phút",
                "Nhãn thiếu ngày sản xuất.",
                "Sửa nhãn trước ngày 20/11/2026.",
            ],
        );
    }

    #[test]
    fn without_findings_it_says_so() {
        let clean = Inspection { findings: Vec::new(), measures: Vec::new(), ..sample() };
        check(
            "inspection-clean",
            Template::Inspection,
            &clean,
            1,
            &["Không ghi nhận nội dung nào chưa phù hợp."],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("inspection", Template::Inspection, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
