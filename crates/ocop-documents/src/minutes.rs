//! Minutes of a council session.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What the minutes show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// Head; the issuer is the council.
    pub letterhead: Letterhead,
    /// What the session was about, under the title.
    pub subject: String,
    /// The decision that set up the council.
    pub council_decision: Option<String>,
    /// When it began, local time.
    pub started: NaiveDateTime,
    /// When it ended, local time; none leaves room.
    pub ended: Option<NaiveDateTime>,
    /// Where.
    pub venue: String,
    /// Every seat of the council.
    pub seats: Vec<MinutesSeat>,
    /// Others who attended.
    pub guests: Vec<String>,
    /// Seats that vote.
    pub voting_seats: u16,
    /// Voting seats present.
    pub present: u16,
    /// Least share of voting seats, in percent.
    pub quorum_percent: u16,
    /// Whether the chair had to be present.
    pub chair_required: bool,
    /// Whether the session could sit.
    pub quorum_met: bool,
    /// The rules of work the session followed, one sentence each.
    pub rules: Vec<String>,
    /// Dossiers in the order they were heard.
    pub dossiers: Vec<MinutesDossier>,
    /// Decisions put to a vote for the session as a whole.
    pub votes: Vec<MinutesVote>,
    /// What the council concludes and proposes, one sentence each.
    pub conclusions: Vec<String>,
    /// The secretary.
    pub secretary: Signature,
    /// The chair.
    pub chair: Signature,
}

/// One seat and whether it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesSeat {
    /// Full name.
    pub name: String,
    /// Position and office.
    pub office: String,
    /// Position in the council.
    pub role: String,
    /// Whether present.
    pub present: bool,
    /// Reason of absence or other remark.
    pub remark: Option<String>,
}

/// What the session did with one dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesDossier {
    /// The product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// The producer.
    pub producer: String,
    /// The set of criteria.
    pub set_name: String,
    /// Members who left the room for a conflict of interest.
    pub recused: Vec<String>,
    /// Members whom the chair let leave while the dossier was scored, with the reason.
    pub excused: Vec<String>,
    /// What was said, in order.
    pub turns: Vec<MinutesTurn>,
    /// Members who scored.
    pub ballots: u16,
    /// Scoring turns it took.
    pub scoring_turns: u16,
    /// Mean as the council shows it, `74,67`; none when disqualified.
    pub mean: Option<String>,
    /// Largest less smallest total; none when disqualified.
    pub spread: Option<u16>,
    /// Stars; none when disqualified.
    pub stars: Option<u8>,
    /// Why the dossier is out, when it is.
    pub disqualified: Option<String>,
    /// How the result comes about, sentence by sentence.
    pub explanation: Vec<String>,
    /// Votes on this dossier.
    pub votes: Vec<MinutesVote>,
}

/// One contribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesTurn {
    /// Who spoke.
    pub speaker: String,
    /// What was said.
    pub text: String,
}

/// One vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesVote {
    /// What was put to the vote.
    pub question: String,
    /// Votes for.
    pub agree: u16,
    /// Votes against.
    pub disagree: u16,
    /// Abstentions.
    pub abstain: u16,
    /// Whether it was carried.
    pub carried: bool,
}

/// Minutes as a PDF file.
pub fn render(engine: &Engine, input: &Minutes) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Minutes, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, letterhead, signature, strings};

    fn seat(name: &str, office: &str, role: &str, remark: Option<&str>) -> MinutesSeat {
        MinutesSeat {
            name: name.to_owned(),
            office: office.to_owned(),
            role: role.to_owned(),
            present: remark.is_none(),
            remark: remark.map(str::to_owned),
        }
    }

    fn turn(speaker: &str, text: &str) -> MinutesTurn {
        MinutesTurn { speaker: speaker.to_owned(), text: text.to_owned() }
    }

    fn vote(question: &str, agree: u16, disagree: u16) -> MinutesVote {
        MinutesVote { question: question.to_owned(), agree, disagree, abstain: 0, carried: agree > disagree }
    }

    fn honey() -> MinutesDossier {
        MinutesDossier {
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            product_code: Some("22-06970-01-2026".to_owned()),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            set_name: "4. Mật ong, mật khác và nông sản thực phẩm khác".to_owned(),
            recused: strings(&["Trần Thị Thử (cùng gia đình với đại diện của chủ thể)"]),
            excused: strings(&["Lê Hữu Thử (lần chấm 1: việc gia đình đột xuất)"]),
            turns: vec![
                turn(
                    "Phạm Thị Thử",
                    "Nhãn chưa có mã truy xuất nguồn gốc điện tử, chưa đạt điều kiện của hạng 4 sao.",
                ),
                turn("Đại diện chủ thể", "Sẽ bổ sung mã trong quý I năm 2027."),
            ],
            ballots: 3,
            scoring_turns: 1,
            mean: Some("74,67".to_owned()),
            spread: Some(8),
            stars: Some(3),
            disqualified: None,
            explanation: strings(&[
                "Tiêu chí 2.3 chưa đạt mức tối thiểu của hạng 4 sao, sản phẩm được xếp hạng 3 sao.",
            ]),
            votes: vec![vote("Đề nghị công nhận sản phẩm hạng 3 sao", 3, 0)],
        }
    }

    fn sample() -> Minutes {
        let fish_sauce = MinutesDossier {
            product: "Nước mắm Cái Rồng".to_owned(),
            product_code: None,
            producer: "Công ty cổ phần Thủy sản Cái Rồng".to_owned(),
            set_name: "9. Tương, nước mắm, gia vị dạng lỏng khác".to_owned(),
            recused: Vec::new(),
            excused: Vec::new(),
            turns: Vec::new(),
            mean: None,
            spread: None,
            stars: None,
            disqualified: Some(
                "Không có giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm còn hiệu lực.".to_owned(),
            ),
            explanation: Vec::new(),
            votes: Vec::new(),
            ..honey()
        };
        Minutes {
            letterhead: letterhead(
                Some("Ủy ban nhân dân tỉnh Quảng Ninh"),
                "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
                Some("12"),
                "BB-HĐ",
            ),
            subject: "Họp Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Quảng Ninh, đợt 2 năm 2026"
                .to_owned(),
            council_decision: Some(
                "Quyết định số 2981/QĐ-UBND ngày 10/9/2026 của Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh"
                    .to_owned(),
            ),
            started: day(2026, 11, 5).and_hms_opt(8, 0, 0).expect("a time"),
            ended: day(2026, 11, 5).and_hms_opt(16, 45, 0),
            venue: "Phòng họp số 2, Sở Nông nghiệp và Môi trường tỉnh Quảng Ninh".to_owned(),
            seats: vec![
                seat("Nguyễn Văn Thử", "Phó Chủ tịch UBND tỉnh", "Chủ tịch", None),
                seat("Phạm Thị Thử", "Phó Giám đốc Sở Công Thương", "Ủy viên", None),
                seat("Trần Thị Thử", "Phó Giám đốc Sở Y tế", "Ủy viên", None),
                seat(
                    "Đỗ Minh Tuấn",
                    "Phó Giám đốc Sở Khoa học và Công nghệ",
                    "Ủy viên",
                    Some("Vắng mặt, có lý do"),
                ),
                seat(
                    "Hoàng Quốc Việt",
                    "Chánh Văn phòng Điều phối nông thôn mới tỉnh",
                    "Ủy viên, Thư ký",
                    None,
                ),
            ],
            guests: strings(&["Đại diện Tổ tư vấn: bà Vũ Thị Hoa, Tổ trưởng."]),
            voting_seats: 5,
            present: 4,
            quorum_percent: 75,
            chair_required: true,
            quorum_met: true,
            rules: strings(&[
                "Thành viên chấm điểm độc lập, phiếu được niêm phong trước khi công bố.",
                "Tổng điểm của các thành viên không được chênh lệch quá 10 điểm; nếu vượt, Hội đồng thảo luận và chấm lại.",
                "Thành viên có xung đột lợi ích không thảo luận, không chấm điểm hồ sơ liên quan.",
            ]),
            dossiers: vec![honey(), fish_sauce],
            votes: vec![vote("Thông qua toàn bộ kết quả đánh giá của phiên họp", 4, 0)],
            conclusions: strings(&[
                "Đề nghị Chủ tịch UBND tỉnh công nhận 01 sản phẩm hạng 3 sao.",
                "01 hồ sơ bị loại.",
            ]),
            secretary: signature(&["Thư ký"], "Hoàng Quốc Việt"),
            chair: signature(&["TM. Hội đồng", "Chủ tịch"], "Nguyễn Văn Thử"),
        }
    }

    #[test]
    fn it_tells_who_came_what_was_said_and_what_was_decided() {
        check(
            "minutes",
            Template::Minutes,
            &sample(),
            3,
            &[
                "Thời gian bắt đầu: 08 giờ 00 phút, ngày 05 tháng 11 năm 2026.",
                "có mặt 4/5 thành viên có quyền biểu quyết; Quy chế yêu cầu ít nhất 75% và có Chủ tịch Hội đồng. Phiên họp \
             đủ điều kiện tiến hành.",
                "Thành viên không tham gia vì xung đột lợi ích: Trần Thị Thử",
                "- Phạm Thị Thử: Nhãn chưa có mã",
                "điểm trung bình 74,67 ; chênh lệch 8 điểm; hạng 3 sao",
                "Kết quả: hồ sơ bị loại. Không có giấy chứng nhận",
                "V. KẾT LUẬN",
                "kết thúc lúc 16 giờ 45 phút, ngày 05 tháng 11 năm 2026",
            ],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("minutes", Template::Minutes, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
