//! What the leader reads before signing a council's decision: the office's submission (tờ trình, Decree
//! 30/2020/NĐ-CP, Appendix III) with an annex of all dossiers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What the submission shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Briefing {
    /// Head; the issuer is the office that manages the programme.
    pub letterhead: Letterhead,
    /// Whether it is marked as a draft.
    pub draft: bool,
    /// Under the title: `Về việc công nhận sản phẩm OCOP tỉnh Quảng Ninh, đợt 2 năm 2026`.
    pub subject: String,
    /// Who is to sign: `Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh`.
    pub addressee: String,
    /// Legal grounds without closing punctuation.
    pub grounds: Vec<String>,
    /// Who submits what, one sentence.
    pub opening: String,
    /// What is to be signed, one sentence each.
    pub asks: Vec<String>,
    /// The last day to sign, first of all deadlines; none where no law sets one.
    pub sign_by: Option<NaiveDate>,
    /// The days of the law, the earliest first.
    pub deadlines: Vec<BriefingDeadline>,
    /// The council and its results.
    pub facts: Vec<BriefingFact>,
    /// What to know before signing, one sentence each; none is said so.
    pub cautions: Vec<String>,
    /// The papers of the pack.
    pub enclosures: Vec<BriefingEnclosure>,
    /// Its last sentence, without closing punctuation.
    pub closing: String,
    /// Bodies that receive a copy.
    pub recipients: Vec<String>,
    /// Who signs for the office.
    pub signature: Signature,
    /// The round, for the annex: `đợt 2 năm 2026`.
    pub round: String,
    /// Dossiers with a result, in the order of the decision's list.
    pub items: Vec<BriefingItem>,
    /// Dossiers of the round that did not come to a result.
    pub outside: Vec<BriefingOutside>,
}

/// A line about the council or its results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefingFact {
    /// What.
    pub label: String,
    /// One line each.
    pub lines: Vec<String>,
}

/// A day of the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefingDeadline {
    /// What is due.
    pub what: String,
    /// Where it stands: `26/2026/QĐ-TTg, Điều 5 khoản 1`; may be empty.
    pub source: String,
    /// The day.
    pub day: NaiveDate,
}

/// A paper of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefingEnclosure {
    /// Its name.
    pub name: String,
    /// How many of it there are.
    pub copies: usize,
}

/// A dossier with a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefingItem {
    /// The product.
    pub product: String,
    /// Code of the product; empty when it has none.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// Commune of the producer.
    pub place: String,
    /// The set of criteria.
    pub set_name: String,
    /// Mean as the council shows it, `74,67`; none when disqualified.
    pub mean: Option<String>,
    /// Lowest and highest total, `70–79`; none when disqualified.
    pub range: Option<String>,
    /// Stars proposed; none when disqualified.
    pub stars: Option<u8>,
    /// What follows: `Công nhận, cấp giấy chứng nhận`.
    pub outcome: String,
    /// Against the star held before: `3 sao → 4 sao`.
    pub change: String,
    /// What to know about it, one sentence each.
    pub notes: Vec<String>,
}

/// A dossier of the round without a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefingOutside {
    /// The product.
    pub product: String,
    /// The producer.
    pub producer: String,
    /// Where it stands: `Chủ thể đã rút hồ sơ`.
    pub state: String,
}

/// The submission as a PDF file.
///
/// # Errors
/// When the template cannot set it: a fault of this crate.
pub fn render(engine: &Engine, input: &Briefing) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Briefing, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, letterhead, signature, strings};

    fn fact(label: &str, lines: &[&str]) -> BriefingFact {
        BriefingFact { label: label.to_owned(), lines: strings(lines) }
    }

    fn deadline(what: &str, source: &str, day: NaiveDate) -> BriefingDeadline {
        BriefingDeadline { what: what.to_owned(), source: source.to_owned(), day }
    }

    fn enclosure(name: &str, copies: usize) -> BriefingEnclosure {
        BriefingEnclosure { name: name.to_owned(), copies }
    }

    fn honey() -> BriefingItem {
        BriefingItem {
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            product_code: "22-06970-01-2026".to_owned(),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            place: "Xã Ba Chẽ".to_owned(),
            set_name: "4. Mật ong, mật khác và nông sản thực phẩm khác".to_owned(),
            mean: Some("74,67".to_owned()),
            range: Some("70–79".to_owned()),
            stars: Some(3),
            outcome: "Công nhận, cấp giấy chứng nhận".to_owned(),
            change: "3 sao → 3 sao".to_owned(),
            notes: strings(&[
                "Đủ điểm 4 sao, chưa đạt điều kiện tối thiểu của tiêu chí 2.3.",
                "Không tham gia vì xung đột lợi ích: Trần Thị Thử.",
            ]),
        }
    }

    fn sample() -> Briefing {
        let tea = BriefingItem {
            product: "Trà hoa vàng Ba Chẽ sấy thăng hoa".to_owned(),
            mean: Some("91,25".to_owned()),
            range: Some("86–97".to_owned()),
            stars: Some(5),
            outcome: "Phê duyệt kết quả, trình trung ương".to_owned(),
            change: "4 sao → 5 sao".to_owned(),
            notes: strings(&[
                "Chấm 2 lần: lần 1 điểm các thành viên chênh lệch 14 điểm, vượt mức 10 điểm của Quy chế.",
            ]),
            ..honey()
        };
        let fish_sauce = BriefingItem {
            product: "Nước mắm Cái Rồng".to_owned(),
            product_code: String::new(),
            mean: None,
            range: None,
            stars: None,
            outcome: "Hồ sơ bị loại".to_owned(),
            change: "chưa có → bị loại".to_owned(),
            notes: Vec::new(),
            ..honey()
        };
        Briefing {
            letterhead: letterhead(
                Some("Ủy ban nhân dân tỉnh Quảng Ninh"),
                "Cơ quan tham mưu quản lý OCOP cấp tỉnh",
                Some("512"),
                "TTr-OCOP",
            ),
            draft: false,
            subject: "Về việc công nhận sản phẩm OCOP tỉnh Quảng Ninh, đợt 2 năm 2026".to_owned(),
            addressee: "Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh".to_owned(),
            grounds: strings(&[
                "Căn cứ Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ",
                "Căn cứ Quyết định số 2981/QĐ-UBND ngày 10 tháng 9 năm 2026 về việc thành lập Hội đồng",
            ]),
            opening: "Cơ quan tham mưu quản lý OCOP cấp tỉnh báo cáo kết quả đánh giá, phân hạng của Hội đồng và kính trình \
                      Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh xem xét, ký như sau."
                .to_owned(),
            asks: strings(&[
                "Quyết định công nhận 01 sản phẩm (3 sao: 01), kèm danh sách.",
                "Trong cùng quyết định, phê duyệt kết quả của 01 sản phẩm đạt từ 90 điểm; công văn trình Bộ Nông nghiệp và Môi trường.",
                "01 giấy chứng nhận, có giá trị 36 tháng kể từ ngày cấp.",
            ]),
            sign_by: Some(day(2026, 12, 18)),
            deadlines: vec![
                deadline("Kết quả đánh giá lại của 01 hồ sơ", "26/2026/QĐ-TTg, Điều 7 khoản 6 điểm g", day(2026, 12, 20)),
                deadline("Kết quả của đợt 2 năm 2026", "26/2026/QĐ-TTg, Điều 5 khoản 1", day(2026, 12, 29)),
            ],
            facts: vec![
                fact("Hội đồng", &["Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Quảng Ninh"]),
                fact(
                    "Phiên họp",
                    &["05/11/2026: có mặt 10/11 thành viên có quyền biểu quyết (ít nhất 75%), đủ điều kiện họp."],
                ),
                fact("Hồ sơ", &["03 hồ sơ có kết quả."]),
                fact("Kết quả", &["5 sao (đề nghị): 01; 3 sao: 01; bị loại: 01."]),
            ],
            cautions: strings(&[
                "Xung đột lợi ích: 01 thành viên không tham gia chấm hồ sơ số 2.",
                "Phải chấm lại vì điểm chênh lệch: hồ sơ số 1.",
            ]),
            enclosures: vec![
                enclosure("Dự thảo quyết định công nhận, kèm danh sách", 1),
                enclosure("Biên bản họp Hội đồng ngày 05/11/2026", 1),
                enclosure("Bảng tổng hợp điểm", 3),
                enclosure("Phiếu chấm của thành viên Hội đồng", 33),
            ],
            closing: "Kính trình Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh xem xét, quyết định".to_owned(),
            recipients: strings(&["Như trên", "Lưu: VT"]),
            signature: signature(&["KT. Giám đốc", "Phó Giám đốc"], "Nguyễn Văn Thử"),
            round: "đợt 2 năm 2026".to_owned(),
            items: vec![tea, honey(), fish_sauce],
            outside: vec![BriefingOutside {
                product: "Miến dong Bình Liêu".to_owned(),
                producer: "Công ty cổ phần Phát triển Đình Trung".to_owned(),
                state: "Chủ thể đã rút hồ sơ".to_owned(),
            }],
        }
    }

    #[test]
    fn it_tells_what_to_sign_by_when_and_what_to_know() {
        check(
            "briefing",
            Template::Briefing,
            &sample(),
            3,
            &[
                "TỜ TRÌNH",
                "Số: 512/TTr-OCOP",
                "Kính gửi: Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh",
                "Ký trước hết ngày 18/12/2026",
                "20/12/2026 Kết quả đánh giá lại của 01 hồ sơ",
                "có mặt 10/11 thành viên",
                "Xung đột lợi ích: 01 thành viên",
                "4 Phiếu chấm của thành viên Hội đồng 33",
                "91,25 86–97",
                "4 sao → 5 sao",
                "Đủ điểm 4 sao, chưa đạt điều kiện tối thiểu của tiêu chí 2.3.",
                "Miến dong Bình Liêu Công ty cổ phần Phát triển Đình Trung Chủ thể đã rút hồ sơ",
            ],
        );
    }

    #[test]
    fn a_draft_without_cautions_or_days_says_so() {
        let mut draft = Briefing {
            draft: true,
            cautions: Vec::new(),
            deadlines: Vec::new(),
            sign_by: None,
            outside: Vec::new(),
            ..sample()
        };
        draft.letterhead.number = None;
        draft.letterhead.place_date.date = None;
        check(
            "briefing-draft",
            Template::Briefing,
            &draft,
            3,
            &["DỰ THẢO", "Số: /TTr-OCOP", "Không có điểm nào cần lưu ý thêm"],
        );
    }

    #[test]
    fn a_crowded_briefing_keeps_two_pages_before_its_annex() {
        let sample = sample();
        let caution =
            "Điểm các thành viên chênh lệch quá mức của Quy chế, phải thảo luận: hồ sơ số 1, 2, 3, 4, 5.";
        let crowded = Briefing {
            asks: sample.asks.iter().cycle().take(4).cloned().collect(),
            deadlines: sample.deadlines.iter().cycle().take(3).cloned().collect(),
            facts: sample.facts.iter().cycle().take(6).cloned().collect(),
            cautions: vec![caution.to_owned(); 10],
            enclosures: sample.enclosures.iter().cycle().take(7).cloned().collect(),
            ..sample
        };
        check("briefing-crowded", Template::Briefing, &crowded, 3, &["7 Bảng tổng hợp điểm", "PHỤ LỤC"]);
    }

    #[test]
    fn a_long_list_repeats_its_head() {
        let long = Briefing { items: sample().items.into_iter().cycle().take(117).collect(), ..sample() };
        check("briefing-long", Template::Briefing, &long, 16, &["Danh sách gồm 117 hồ sơ"]);
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("briefing", Template::Briefing, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
