//! A council member's score sheet: the set of criteria of Annex II with one member's choices.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Pdf, PlaceDate};

/// What a score sheet shows. Without any choice and points it is a blank sheet to fill in by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreSheet {
    /// The decision behind the sheet, e.g. `26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ`.
    pub cite: String,
    /// The council, printed as the issuing body.
    pub council: String,
    /// Number of the set.
    pub set_no: u16,
    /// Name of the set.
    pub set_name: String,
    /// Industry of the set.
    pub industry: String,
    /// Group of the set.
    pub group: String,
    /// The product.
    pub product: String,
    /// Code of the product; none leaves dots.
    pub product_code: Option<String>,
    /// The producer.
    pub producer: String,
    /// Telephone of the producer.
    pub phone: String,
    /// Address of the producer.
    pub address: String,
    /// Grounds on which a dossier is out, each on its own; empty leaves the line out.
    pub disqualifiers: Vec<String>,
    /// Parts A, B, C in order.
    pub parts: Vec<SheetPart>,
    /// The member's total; none on a blank or disqualifying sheet.
    pub total: Option<u16>,
    /// Most points possible.
    pub max: u16,
    /// The member's finding that the dossier is out.
    pub disqualified: Option<SheetDisqualification>,
    /// The member's opinion.
    pub opinion: String,
    /// Where and when the member signs.
    pub place_date: PlaceDate,
    /// Full name of the member; none leaves room.
    pub member: Option<String>,
    /// Position in the council, e.g. `Ủy viên`.
    pub member_role: Option<String>,
    /// A line that says how the sheet was sealed electronically.
    pub seal: Option<String>,
}

/// One part of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPart {
    /// `A`, `B` or `C`.
    pub code: String,
    /// Name of the part.
    pub name: String,
    /// Points given; none on a blank sheet.
    pub points: Option<u16>,
    /// Most points possible.
    pub max: u16,
    /// Sections in order.
    pub sections: Vec<SheetSection>,
}

/// One section of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetSection {
    /// Number of the section.
    pub no: u16,
    /// Name of the section.
    pub name: String,
    /// Points given; none on a blank sheet.
    pub points: Option<u16>,
    /// Most points possible.
    pub max: u16,
    /// Criteria in order.
    pub criteria: Vec<SheetCriterion>,
}

/// One criterion with its options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetCriterion {
    /// Code, e.g. `1.1`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Points given; none on a blank sheet.
    pub points: Option<u16>,
    /// Most points possible.
    pub max: u16,
    /// Guide printed under the name.
    pub note: Option<String>,
    /// Requirement that must hold.
    pub requirement: Option<String>,
    /// How to choose between the alternatives, when there are several.
    pub choose: Option<String>,
    /// One alternative, or several of which one applies.
    pub alternatives: Vec<SheetAlternative>,
    /// The member found that no level is met: 0 points.
    pub none_met: bool,
    /// The member's note.
    pub member_note: Option<String>,
    /// Why the criterion is not scored here, when it is not.
    pub not_scored: Option<String>,
}

/// A list of options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetAlternative {
    /// What tells this alternative from the others.
    pub label: Option<String>,
    /// Options from the fewest points up.
    pub options: Vec<SheetOption>,
}

/// One option of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOption {
    /// Points it gives.
    pub points: u16,
    /// What must be met.
    pub text: String,
    /// The star for which this option is the least.
    pub floor: Option<u8>,
    /// Whether the member chose it.
    pub chosen: bool,
}

/// Why a member finds the dossier out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetDisqualification {
    /// Code of the criterion; none for a ground of the whole dossier.
    pub criterion: Option<String>,
    /// The ground as the sheet prints it.
    pub ground: String,
    /// The member's reason.
    pub reason: String,
}

/// A score sheet as a PDF file.
pub fn render(engine: &Engine, input: &ScoreSheet) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::ScoreSheet, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, place_date, strings};

    /// A criterion whose options are `(points, text, floor)`; `chosen` counts from 1, 0 is no level met.
    fn criterion(
        code: &str,
        name: &str,
        chosen: Option<usize>,
        options: &[(u16, &str, Option<u8>)],
    ) -> SheetCriterion {
        let points = |at: usize| at.checked_sub(1).map_or(0, |at| options[at].0);
        SheetCriterion {
            code: code.to_owned(),
            name: name.to_owned(),
            points: chosen.map(points),
            max: options.last().map_or(0, |option| option.0),
            note: None,
            requirement: None,
            choose: None,
            alternatives: vec![alternative(None, chosen, options)],
            none_met: chosen == Some(0),
            member_note: None,
            not_scored: None,
        }
    }

    fn alternative(
        label: Option<&str>,
        chosen: Option<usize>,
        options: &[(u16, &str, Option<u8>)],
    ) -> SheetAlternative {
        SheetAlternative {
            label: label.map(str::to_owned),
            options: options
                .iter()
                .enumerate()
                .map(|(at, (points, text, floor))| SheetOption {
                    points: *points,
                    text: (*text).to_owned(),
                    floor: *floor,
                    chosen: chosen == Some(at + 1),
                })
                .collect(),
        }
    }

    fn section(no: u16, name: &str, points: u16, max: u16, criteria: Vec<SheetCriterion>) -> SheetSection {
        SheetSection { no, name: name.to_owned(), points: Some(points), max, criteria }
    }

    fn part(code: &str, name: &str, points: u16, max: u16, sections: Vec<SheetSection>) -> SheetPart {
        SheetPart { code: code.to_owned(), name: name.to_owned(), points: Some(points), max, sections }
    }

    fn parts() -> Vec<SheetPart> {
        let origin = criterion(
            "1.1",
            "Nguồn gốc sản phẩm",
            Some(3),
            &[
                (1, "Nguyên liệu từ 50% đến dưới 75% trong tỉnh", Some(3)),
                (2, "Nguyên liệu từ 75% đến dưới 100% trong tỉnh", None),
                (3, "Toàn bộ nguyên liệu trong tỉnh", None),
            ],
        );
        let label = SheetCriterion {
            requirement: Some("nhãn ghi đủ nội dung bắt buộc theo pháp luật về nhãn hàng hóa".to_owned()),
            ..criterion(
                "2.3",
                "Phong cách, ghi nhãn hàng hóa",
                Some(2),
                &[
                    (1, "Nhãn đủ nội dung bắt buộc", Some(3)),
                    (2, "Nhãn đủ nội dung bắt buộc, có câu chuyện sản phẩm", None),
                    (3, "Nhãn đủ nội dung bắt buộc, có mã truy xuất nguồn gốc điện tử", Some(4)),
                ],
            )
        };
        let story = SheetCriterion {
            member_note: Some("Câu chuyện chưa nói tới vùng nguyên liệu.".to_owned()),
            ..criterion(
                "5.1",
                "Câu chuyện về sản phẩm",
                Some(0),
                &[
                    (1, "Có tài liệu về câu chuyện", None),
                    (3, "Câu chuyện được tư liệu hóa, trình bày trên nhãn", Some(4)),
                ],
            )
        };
        let wisdom = SheetCriterion {
            not_scored: Some("chỉ chấm khi có câu chuyện sản phẩm (5.1).".to_owned()),
            ..criterion(
                "5.2",
                "Trí tuệ, bản sắc địa phương",
                None,
                &[(1, "Có giá trị văn hóa địa phương", None)],
            )
        };
        let cases = SheetCriterion {
            note: Some(
                "Áp dụng cho điểm du lịch có dịch vụ lưu trú hoặc không có dịch vụ lưu trú.".to_owned(),
            ),
            choose: Some("Chọn một trong hai trường hợp.".to_owned()),
            alternatives: vec![
                alternative(
                    Some("Trường hợp 1: có lưu trú"),
                    None,
                    &[(1, "Có phòng nghỉ đạt chuẩn", None), (2, "Có từ 10 phòng", None)],
                ),
                alternative(
                    Some("Trường hợp 2: không có lưu trú"),
                    Some(2),
                    &[(1, "Có nơi đón khách", None), (2, "Có nơi đón từ 50 khách", None)],
                ),
            ],
            ..criterion("8", "Cơ sở vật chất đón khách", Some(2), &[(1, "", None), (2, "", None)])
        };
        vec![
            part(
                "A",
                "Sản phẩm và sức mạnh của cộng đồng",
                5,
                40,
                vec![
                    section(1, "Tổ chức sản xuất", 3, 18, vec![origin]),
                    section(2, "Phát triển sản phẩm", 2, 10, vec![label]),
                ],
            ),
            part(
                "B",
                "Khả năng tiếp thị",
                0,
                25,
                vec![section(5, "Câu chuyện về sản phẩm", 0, 12, vec![story, wisdom])],
            ),
            part("C", "Chất lượng sản phẩm", 2, 35, vec![section(8, "Cơ sở vật chất", 2, 4, vec![cases])]),
        ]
    }

    fn sample() -> ScoreSheet {
        ScoreSheet {
            cite: "26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ".to_owned(),
            council: "Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Quảng Ninh".to_owned(),
            set_no: 4,
            set_name: "Mật ong, mật khác và nông sản thực phẩm khác".to_owned(),
            industry: "Thực phẩm".to_owned(),
            group: "Thực phẩm thô, sơ chế".to_owned(),
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            product_code: Some("22-06970-01-2026".to_owned()),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            phone: "0912 345 678".to_owned(),
            address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            disqualifiers: strings(&[
                "Giả mạo hồ sơ",
                "Không có giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm còn hiệu lực;",
                "Hồ sơ không theo quy định",
            ]),
            parts: parts(),
            total: Some(7),
            max: 100,
            disqualified: None,
            opinion:
                "Sản phẩm có tiềm năng. Cần bổ sung mã truy xuất nguồn gốc và câu chuyện sản phẩm trên nhãn."
                    .to_owned(),
            place_date: place_date("Quảng Ninh"),
            member: Some("Phạm Thị Thử".to_owned()),
            member_role: Some("Ủy viên Hội đồng".to_owned()),
            seal: Some("Phiếu được niêm phong điện tử lúc 10 giờ 32 phút ngày 05/11/2026.".to_owned()),
        }
    }

    #[test]
    fn it_shows_every_option_and_what_the_member_chose() {
        check(
            "score-sheet",
            Template::ScoreSheet,
            &sample(),
            2,
            &[
                "4. Bộ sản phẩm: Mật ong, mật khác và nông sản thực phẩm khác",
                "Mã số sản phẩm: 22-06970-01-2026",
                "Hồ sơ bị loại khi: Giả mạo hồ sơ; Không có giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm còn hiệu \
             lực; Hồ sơ không theo quy định.",
                "PHẦN A: SẢN PHẨM VÀ SỨC MẠNH CỦA CỘNG ĐỒNG 40 5",
                "1.1 Nguồn gốc sản phẩm 3 3 Nguyên liệu từ 50% đến dưới 75% trong tỉnh",
                "Không đạt mức nào: 0 điểm",
                "Ghi chú của người đánh giá: Câu chuyện chưa nói tới vùng nguyên liệu.",
                "Không chấm: chỉ chấm khi có câu chuyện sản phẩm (5.1).",
                "Trường hợp 2: không có lưu trú",
                "TỔNG CỘNG 100 7",
                "Phạm Thị Thử",
            ],
        );
    }

    #[test]
    fn a_disqualifying_sheet_gives_its_reason() {
        let out = ScoreSheet {
            total: None,
            disqualified: Some(SheetDisqualification {
                criterion: None,
                ground: "Giả mạo hồ sơ".to_owned(),
                reason: "Phiếu kiểm nghiệm không do phòng thử nghiệm ghi trên phiếu cấp.".to_owned(),
            }),
            ..sample()
        };
        check(
            "score-sheet-out",
            Template::ScoreSheet,
            &out,
            2,
            &[
                "Người đánh giá kết luận: hồ sơ bị loại.",
                "Căn cứ: Giả mạo hồ sơ",
                "Lý do: Phiếu kiểm nghiệm",
                "TỔNG CỘNG 100 Ghi chú",
            ],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("score-sheet", Template::ScoreSheet, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
