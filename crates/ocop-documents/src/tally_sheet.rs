//! The tally sheet: all members' points for one product and the result they make.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What a tally sheet shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallySheet {
    /// Head; the issuer is the council.
    pub letterhead: Letterhead,
    /// The round, e.g. `Đợt 2 năm 2026`.
    pub round: String,
    /// The product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// The producer.
    pub producer: String,
    /// Number and name of the set.
    pub set_name: String,
    /// Which scoring turn, from 1.
    pub turn: u16,
    /// Members in the order of the council.
    pub members: Vec<TallyMember>,
    /// Most points of parts A, B, C.
    pub part_max: [u16; 3],
    /// Means of parts A, B, C.
    pub part_means: [Mean; 3],
    /// Mean of the totals.
    pub mean: Mean,
    /// Largest less smallest total.
    pub spread: u16,
    /// Most spread the council's rules allow.
    pub spread_limit: u16,
    /// What a larger spread leads to by these rules, as it goes on a sentence.
    pub spread_rule: String,
    /// How these rules read the floors, as one sentence.
    pub floor_rule: String,
    /// Stars by points alone.
    pub stars_by_points: u8,
    /// Stars after the floors; none when disqualified.
    pub stars: Option<u8>,
    /// The floors of the stars.
    pub floors: Vec<TallyFloor>,
    /// Why the dossier is out, when it is.
    pub disqualified: Option<String>,
    /// How the result comes about, sentence by sentence.
    pub explanation: Vec<String>,
    /// The secretary.
    pub secretary: Signature,
    /// The chair.
    pub chair: Signature,
}

/// One member's points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyMember {
    /// Full name.
    pub name: String,
    /// Position in the council.
    pub role: String,
    /// Points of parts A, B, C.
    pub parts: [u16; 3],
    /// Total.
    pub total: u16,
    /// The member found the dossier out.
    pub disqualified: bool,
}

/// A mean: exact, and rounded for the eye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mean {
    /// Rounded half up, in units of the last decimal: `6950` with two decimals shows as `69,50`.
    pub scaled: i64,
    /// Decimals that the council shows.
    pub decimals: u8,
    /// The exact fraction, e.g. `139/2`; none when the rounded value is exact.
    pub exact: Option<String>,
}

/// How the members stand on one floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyFloor {
    /// Code of the criterion.
    pub code: String,
    /// Name of the criterion.
    pub name: String,
    /// The star that asks for it.
    pub stars: u8,
    /// Least points.
    pub needed_points: u16,
    /// Members who chose this level or a higher one.
    pub at_or_above: usize,
    /// Members who scored.
    pub of: usize,
    /// Whether the council finds it met.
    pub met: bool,
}

/// A tally sheet as a PDF file.
pub fn render(engine: &Engine, input: &TallySheet) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::TallySheet, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, letterhead, signature, strings};

    fn member(name: &str, role: &str, parts: [u16; 3]) -> TallyMember {
        let total = parts.iter().sum();
        TallyMember { name: name.to_owned(), role: role.to_owned(), parts, total, disqualified: false }
    }

    fn mean(scaled: i64, exact: Option<&str>) -> Mean {
        Mean { scaled, decimals: 2, exact: exact.map(str::to_owned) }
    }

    fn floor(code: &str, name: &str, stars: u8, at_or_above: usize, met: bool) -> TallyFloor {
        TallyFloor {
            code: code.to_owned(),
            name: name.to_owned(),
            stars,
            needed_points: 3,
            at_or_above,
            of: 3,
            met,
        }
    }

    fn sample() -> TallySheet {
        TallySheet {
            letterhead: letterhead(
                Some("Ủy ban nhân dân tỉnh Quảng Ninh"),
                "Hội đồng đánh giá, phân hạng sản phẩm OCOP",
                Some("07"),
                "BTH-HĐ",
            ),
            round: "Đợt 2 năm 2026".to_owned(),
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            product_code: Some("22-06970-01-2026".to_owned()),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            set_name: "4. Mật ong, mật khác và nông sản thực phẩm khác".to_owned(),
            turn: 1,
            members: vec![
                member("Nguyễn Văn Thử", "Chủ tịch Hội đồng", [31, 19, 24]),
                member("Phạm Thị Thử", "Ủy viên", [30, 18, 23]),
                member("Hoàng Quốc Việt", "Ủy viên kiêm Thư ký", [33, 20, 26]),
            ],
            part_max: [40, 25, 35],
            part_means: [mean(3133, Some("94/3")), mean(1900, None), mean(2433, Some("73/3"))],
            mean: mean(7467, Some("224/3")),
            spread: 8,
            spread_limit: 10,
            spread_rule: "thảo luận, rồi chấm lại hoặc giữ kết quả có ghi lý do".to_owned(),
            floor_rule: "Đạt khi quá nửa số phiếu từ mức đó trở lên.".to_owned(),
            stars_by_points: 4,
            stars: Some(3),
            floors: vec![
                floor("1.1", "Nguồn gốc sản phẩm", 3, 3, true),
                floor("2.3", "Phong cách, ghi nhãn hàng hóa", 4, 1, false),
            ],
            disqualified: None,
            explanation: strings(&[
                "Điểm trung bình 74,67 thuộc khung hạng 4 sao (từ 70 đến dưới 90).",
                "Tiêu chí 2.3 chưa đạt mức tối thiểu của hạng 4 sao (1/3 thành viên chấm đạt), sản phẩm được xếp hạng 3 sao.",
            ]),
            secretary: signature(&["Thư ký Hội đồng"], "Hoàng Quốc Việt"),
            chair: signature(&["TM. Hội đồng", "Chủ tịch"], "Nguyễn Văn Thử"),
        }
    }

    #[test]
    fn it_shows_points_means_floors_and_the_star() {
        check(
            "tally-sheet",
            Template::TallySheet,
            &sample(),
            2,
            &[
                "1 Nguyễn Văn Thử Chủ tịch Hội đồng 31 19 24 74",
                "Điểm trung bình 31,33 19,00 24,33 74,67",
                "giá trị chính xác: phần A 94/3; phần C 73/3; tổng điểm 224/3",
                "cao nhất và thấp nhất: 8 điểm (mức cho phép: không quá 10 điểm).",
                "2.3 Phong cách, ghi nhãn hàng hóa 3 1/3 Không đạt",
                "Hạng sao sau khi xét điều kiện tối thiểu: 3 sao",
            ],
        );
    }

    #[test]
    fn a_disqualified_product_has_no_mean() {
        let mut out = sample();
        out.members[0].disqualified = true;
        out.members[1].disqualified = true;
        out.stars = None;
        out.disqualified = Some("2/3 thành viên kết luận: giả mạo hồ sơ.".to_owned());
        check(
            "tally-sheet-out",
            Template::TallySheet,
            &out,
            2,
            &["Kết luận hồ sơ bị loại", "Hồ sơ bị loại. 2/3 thành viên kết luận: giả mạo hồ sơ."],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("tally-sheet", Template::TallySheet, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
