//! Form 02: the producer's self-assessment report (26/2026/QĐ-TTg, Annex III).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Pdf, PlaceDate};

/// What form 02 shows. Empty texts leave dots to write on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form02 {
    /// The decision behind the form, e.g. `26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ`.
    pub cite: String,
    /// I.1–4: the producer.
    pub producer: ReportProducer,
    /// I.5: the legal representative.
    pub representative: ReportRepresentative,
    /// I.6: day of foundation or business registration.
    pub founded_on: Option<NaiveDate>,
    /// I.6: number of the registration paper.
    pub registration_no: Option<String>,
    /// I.7: name of the product.
    pub product: String,
    /// I.7: packing, standard and other description of the product.
    pub product_description: String,
    /// I.7a–d: papers the producer holds.
    pub papers: HeldPapers,
    /// I.8: history.
    pub history: String,
    /// I.9: organisation.
    pub structure: String,
    /// II: results of the production and business plan.
    pub results: PlanResults,
    /// III: assessment by the set of criteria.
    pub assessment: SelfAssessment,
    /// III, upgrade and re-evaluation only: what has changed since the recognition.
    pub changes: Option<String>,
    /// IV: plan for the product.
    pub plan_product: String,
    /// IV: plan for the organisation of production.
    pub plan_production: String,
    /// IV: plan for the market.
    pub plan_market: String,
    /// Where and when the producer signs.
    pub place_date: PlaceDate,
    /// Full name of the signer; none leaves room.
    pub signer: Option<String>,
}

/// Items I.1–4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportProducer {
    /// I.1: name.
    pub name: String,
    /// I.2: kind of organisation, e.g. `Hợp tác xã`.
    pub kind: String,
    /// I.3: address.
    pub address: String,
    /// I.4: telephone.
    pub phone: String,
    /// I.4: e-mail.
    pub email: String,
}

/// Item I.5 of form 02, item I.4 of form 03.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRepresentative {
    /// Full name.
    pub name: String,
    /// `Nam` or `Nữ`.
    pub gender: String,
    /// Ethnic group.
    pub ethnicity: String,
    /// Permanent residence.
    pub residence: String,
}

/// Boxes I.7a–d.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPapers {
    /// 7a: business registration.
    pub registration: bool,
    /// 7b: quality declared as the law asks.
    pub quality_declaration: bool,
    /// 7c: certificate of food-safety conditions.
    pub food_safety: bool,
    /// 7c: certificate of production conditions where the product must have one.
    pub production: bool,
    /// 7d: trademark certificate.
    pub trademark: bool,
    /// 7d: right to use a geographical indication, collective or certification mark.
    pub geographical_right: bool,
    /// 7d: patent.
    pub patent: bool,
    /// 7d: industrial design.
    pub industrial_design: bool,
    /// 7d: copyright.
    pub copyright: bool,
    /// 7d: other, in words; empty when there is none.
    pub other_property: String,
}

/// Part II.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanResults {
    /// Raw materials and technology.
    pub materials_and_technology: String,
    /// Changes of quality, packaging, labels.
    pub quality_changes: String,
    /// Markets.
    pub markets: String,
    /// Results in words.
    pub business_results: String,
    /// Yearly revenue in đồng, where told.
    pub revenue: Option<i64>,
    /// Yearly profit in đồng, where told; may be below zero.
    pub profit: Option<i64>,
}

/// Part III.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfAssessment {
    /// Name of the set of criteria.
    pub set_name: String,
    /// Parts A, B, C in order.
    pub parts: Vec<SelfPart>,
    /// Points the producer gives itself.
    pub total: u16,
    /// Most points possible.
    pub max: u16,
}

/// One part of the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfPart {
    /// `A`, `B` or `C`.
    pub code: String,
    /// Name of the part.
    pub name: String,
    /// Points of the part.
    pub points: u16,
    /// Most points possible.
    pub max: u16,
    /// Sections in order.
    pub sections: Vec<SelfSection>,
}

/// One section of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfSection {
    /// Number of the section.
    pub no: u16,
    /// Name of the section.
    pub name: String,
    /// Most points possible.
    pub max: u16,
    /// Criteria in order.
    pub criteria: Vec<SelfCriterion>,
}

/// One criterion as the producer assesses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCriterion {
    /// Code, e.g. `1.1`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Most points possible.
    pub max: u16,
    /// Points the producer gives itself; none when not answered.
    pub points: Option<u16>,
    /// Text of the chosen level.
    pub level: Option<String>,
    /// Description and proof in the producer's words.
    pub description: String,
    /// Evidence cited here.
    pub evidence: Vec<CitedEvidence>,
}

/// A piece of evidence cited by a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedEvidence {
    /// Title of the paper.
    pub title: String,
    /// Pages to look at, e.g. `1–3`.
    pub pages: Option<String>,
}

/// Form 02 as a PDF file.
pub fn render(engine: &Engine, input: &Form02) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Form02, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, day, place_date};

    fn criterion(code: &str, name: &str, max: u16, points: Option<u16>, level: &str) -> SelfCriterion {
        SelfCriterion {
            code: code.to_owned(),
            name: name.to_owned(),
            max,
            points,
            level: points.map(|_| level.to_owned()),
            description:
                "Hợp tác xã thu mua mật của 46 hộ trong xã theo hợp đồng hằng năm; sổ theo dõi từng tổ ong, \
                          từng đợt quay mật được lưu tại trụ sở."
                    .to_owned(),
            evidence: vec![
                CitedEvidence {
                    title: "Hợp đồng liên kết với các hộ nuôi ong".to_owned(),
                    pages: Some("1–6".to_owned()),
                },
                CitedEvidence {
                    title: "Sổ theo dõi vùng nguyên liệu năm 2026".to_owned(), pages: None
                },
            ],
        }
    }

    fn sample() -> Form02 {
        Form02 {
            cite: "26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ".to_owned(),
            producer: ReportProducer {
                name: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
                kind: "Hợp tác xã".to_owned(),
                address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
                phone: "0912 345 678".to_owned(),
                email: "htxong.bache@example.vn".to_owned(),
            },
            representative: ReportRepresentative {
                name: "Nguyễn Thị Thử".to_owned(),
                gender: "Nữ".to_owned(),
                ethnicity: "Dao".to_owned(),
                residence: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            },
            founded_on: Some(day(2019, 4, 12)),
            registration_no: Some("5701998877".to_owned()),
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            product_description: "Chai thủy tinh 500 ml, 250 ml; màng co, hộp giấy.\nTiêu chuẩn cơ sở TCCS 01:2025/HTXBC; \
                                  độ ẩm không quá 20%."
                .to_owned(),
            papers: HeldPapers {
                registration: true,
                quality_declaration: true,
                food_safety: true,
                trademark: true,
                ..HeldPapers::default()
            },
            history: "Năm 2019, 12 hộ nuôi ong của thôn lập hợp tác xã. Năm 2022, hợp tác xã xây xưởng hạ thủy phần, \
                      chiết rót 200 m². Đến năm 2026 có 46 hộ liên kết, 2.300 đàn ong."
                .to_owned(),
            structure: "Hội đồng quản trị 3 người; tổ kỹ thuật 5 người; tổ chế biến 8 người; tổ bán hàng 3 người."
                .to_owned(),
            results: PlanResults {
                materials_and_technology: "Vùng hoa rừng tự nhiên 1.200 ha; hạ thủy phần chân không ở 45 °C.".to_owned(),
                quality_changes: String::new(),
                markets: "Trong tỉnh 60%, Hà Nội và Hải Phòng 35%, bán qua mạng 5%.".to_owned(),
                business_results: "Sản lượng 14.500 lít, tăng 18% so với năm trước.".to_owned(),
                revenue: Some(3_480_000_000),
                profit: Some(412_500_000),
            },
            assessment: SelfAssessment {
                set_name: "Bộ 4. Mật ong, mật khác và nông sản thực phẩm khác".to_owned(),
                parts: vec![
                    SelfPart {
                        code: "A".to_owned(),
                        name: "Sản phẩm và sức mạnh cộng đồng".to_owned(),
                        points: 5,
                        max: 40,
                        sections: vec![SelfSection {
                            no: 1,
                            name: "Tổ chức sản xuất".to_owned(),
                            max: 18,
                            criteria: vec![
                                criterion("1.1", "Nguồn gốc sản phẩm", 3, Some(3), "Sử dụng 100% nguyên liệu trong tỉnh"),
                                criterion("1.2", "Gia tăng giá trị", 2, Some(2), "Giá trị gia tăng cao"),
                            ],
                        }],
                    },
                    SelfPart {
                        code: "B".to_owned(),
                        name: "Khả năng tiếp thị".to_owned(),
                        points: 3,
                        max: 25,
                        sections: vec![SelfSection {
                            no: 4,
                            name: "Tiếp thị".to_owned(),
                            max: 13,
                            criteria: vec![
                                criterion("4.1", "Khu vực phân phối chính", 5, Some(3), "Thị trường ngoài tỉnh"),
                                SelfCriterion {
                                    description: String::new(),
                                    evidence: Vec::new(),
                                    ..criterion("4.2", "Tổ chức phân phối", 5, None, "")
                                },
                            ],
                        }],
                    },
                ],
                total: 8,
                max: 100,
            },
            changes: None,
            plan_product: "Thêm mật ong viên, mật ong nghệ; nâng hạng 4 sao năm 2028.".to_owned(),
            plan_production: "Mở rộng 20 hộ liên kết, cấp mã truy xuất cho từng đàn.".to_owned(),
            plan_market: "Đưa vào hệ thống siêu thị tại Hà Nội; gian hàng trên sàn thương mại điện tử.".to_owned(),
            place_date: place_date("Ba Chẽ"),
            signer: Some("Nguyễn Thị Thử".to_owned()),
        }
    }

    #[test]
    fn it_says_what_was_filed() {
        check(
            "form02",
            Template::Form02,
            &sample(),
            3,
            &[
                "BÁO CÁO TỰ ĐÁNH GIÁ VỀ SẢN PHẨM",
                "6. Ngày thành lập/đăng ký kinh doanh: 12/04/2019",
                "Doanh thu của sản phẩm trong năm: 3.480.000.000 đồng",
                "PHẦN A: SẢN PHẨM VÀ SỨC MẠNH CỘNG ĐỒNG 5/40",
                "Mức tự chọn: Sử dụng 100% nguyên liệu trong tỉnh",
                "1. Hợp đồng liên kết với các hộ nuôi ong (trang 1–6)",
                "Chưa có tài liệu minh chứng",
                "TỔNG CỘNG 8/100",
            ],
        );
    }

    #[test]
    fn an_upgrade_tells_what_has_changed() {
        let upgrade =
            Form02 { changes: Some("Bao bì mới từ tháng 3 năm 2026.".to_owned()), ..sample() };
        check(
            "form02-upgrade",
            Template::Form02,
            &upgrade,
            3,
            &["Cập nhật, đánh giá những thay đổi", "Bao bì mới từ tháng 3 năm 2026."],
        );
    }

    #[test]
    fn ten_thousand_characters_are_set() {
        let long = "Mật ong rừng được khai thác theo mùa hoa. ".repeat(240);
        let mut full = Form02 { history: long.clone(), ..sample() };
        full.assessment.parts[0].sections[0].criteria[0].description = long;
        check("form02-long", Template::Form02, &full, 12, &["TỔNG CỘNG 8/100"]);
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("form02", Template::Form02, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
