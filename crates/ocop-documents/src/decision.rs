//! The decision that recognises products, with its list; a draft until number and date are entered.

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What the decision shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Head; a number or date not given leaves room, as it is entered after signing.
    pub letterhead: Letterhead,
    /// Marks the paper `DỰ THẢO`.
    pub draft: bool,
    /// Under the title, e.g. `Về việc công nhận sản phẩm OCOP tỉnh Quảng Ninh, đợt 2 năm 2026`.
    pub subject: String,
    /// Who decides, e.g. `CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH`.
    pub authority: String,
    /// Legal grounds without closing punctuation, e.g. `Căn cứ Luật Tổ chức chính quyền địa phương`.
    pub grounds: Vec<String>,
    /// Whose products: the province with its kind, e.g. `tỉnh Quảng Ninh`, or `cấp trung ương`.
    pub province: String,
    /// The round, e.g. `đợt 2 năm 2026`.
    pub round: String,
    /// The products recognised, in the order of the list.
    pub items: Vec<DecisionItem>,
    /// Products whose result is approved for the centre to evaluate (Article 7.3e).
    pub centre: Vec<DecisionItem>,
    /// How long the certificates hold, in months.
    pub months: u32,
    /// Who carries the decision out: the subject of the last article.
    pub responsible: String,
    /// Bodies that receive the decision.
    pub recipients: Vec<String>,
    /// Who signs.
    pub signature: Signature,
}

/// One product of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionItem {
    /// The product.
    pub product: String,
    /// Code of the product.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// Address of the producer.
    pub address: String,
    /// Group of the product.
    pub group: String,
    /// Mean in hundredths of a point: `6950` shows as `69,50`.
    pub mean_hundredths: i64,
    /// Stars.
    pub stars: u8,
}

/// The decision as a PDF file.
pub fn render(engine: &Engine, input: &Decision) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Decision, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, letterhead, signature, strings};

    fn item(product: &str, code: &str, producer: &str, mean_hundredths: i64, stars: u8) -> DecisionItem {
        DecisionItem {
            product: product.to_owned(),
            product_code: code.to_owned(),
            producer: producer.to_owned(),
            address: "Xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            group: "Thực phẩm thô, sơ chế".to_owned(),
            mean_hundredths,
            stars,
        }
    }

    fn sample() -> Decision {
        let co_op = "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ";
        Decision {
            letterhead: letterhead(Some("Ủy ban nhân dân"), "Tỉnh Quảng Ninh", Some("3456"), "QĐ-UBND"),
            draft: false,
            subject: "Về việc công nhận sản phẩm OCOP tỉnh Quảng Ninh, đợt 2 năm 2026".to_owned(),
            authority: "Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh".to_owned(),
            grounds: strings(&[
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
                "Căn cứ Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ",
                "Theo đề nghị của Giám đốc Sở Nông nghiệp và Môi trường tại Tờ trình số 512/TTr-SNNMT ngày 10 tháng 11 năm 2026",
            ]),
            province: "tỉnh Quảng Ninh".to_owned(),
            round: "đợt 2 năm 2026".to_owned(),
            items: vec![
                item("Mật ong hoa rừng Ba Chẽ", "22-06970-01-2026", co_op, 7467, 3),
                item("Trà hoa vàng Ba Chẽ sấy thăng hoa", "22-06970-02-2026", co_op, 8250, 4),
                item("Miến dong Bình Liêu", "22-06838-01-2026", "Công ty cổ phần Phát triển Đình Trung", 7900, 4),
            ],
            centre: Vec::new(),
            months: 36,
            responsible: "Chánh Văn phòng UBND tỉnh, Giám đốc các Sở, Chủ tịch UBND các xã, phường, đặc khu và các chủ \
                          thể có sản phẩm trong danh sách"
                .to_owned(),
            recipients: strings(&["Như Điều 3", "Bộ Nông nghiệp và Môi trường", "TT Tỉnh ủy, TT HĐND tỉnh", "Lưu: VT, NN"]),
            signature: signature(&["Chủ tịch"], "Nguyễn Văn Thử"),
        }
    }

    #[test]
    fn it_counts_products_producers_and_stars() {
        check(
            "decision",
            Template::Decision,
            &sample(),
            2,
            &[
                "Số: 3456/QĐ-UBND",
                "Điều 1. Công nhận 03 sản phẩm của 02 chủ thể",
                "(02 sản phẩm 4 sao; 01 sản phẩm 3 sao)",
                "Giấy chứng nhận sản phẩm OCOP có giá trị 36 tháng",
                "(Kèm theo Quyết định số 3456/QĐ-UBND ngày 05 tháng 11 năm 2026",
                "02-2026 Hợp tác xã",
                "82,50 4 sao",
                "Danh sách gồm 03 sản phẩm",
            ],
        );
    }

    #[test]
    fn results_for_the_centre_are_approved_in_an_article_and_a_list_of_their_own() {
        let tea = item("Trà hoa vàng Quy Hoa", "22-06841-01-2026", "Cơ sở trà hoa vàng Quy Hoa", 9350, 5);
        let both = Decision { centre: vec![tea], ..sample() };
        let list = "Sản phẩm trình trung ương đánh giá, phân hạng 5 sao";
        let approved = "Phê duyệt kết quả đánh giá của 01 sản phẩm đạt từ 90 điểm trở lên";
        check(
            "decision-both",
            Template::Decision,
            &both,
            3,
            &[
                "Điều 1. Công nhận 03",
                &format!("Điều 2. {approved}"),
                "Điều 3. Giấy chứng nhận",
                "Điều 4. Quyết định này",
                list,
            ],
        );
        check(
            "decision-centre",
            Template::Decision,
            &Decision { items: Vec::new(), ..both },
            2,
            &[&format!("Điều 1. {approved}"), "Điều 2. Quyết định này", list, "93,50"],
        );
    }

    #[test]
    fn a_draft_leaves_room_for_number_and_date() {
        let mut draft = Decision { draft: true, ..sample() };
        draft.letterhead.number = None;
        draft.letterhead.place_date.date = None;
        check(
            "decision-draft",
            Template::Decision,
            &draft,
            2,
            &["DỰ THẢO", "Số: /QĐ-UBND", "Quảng Ninh, ngày tháng năm"],
        );
    }

    #[test]
    fn a_long_list_repeats_its_head() {
        let long = Decision { items: sample().items.into_iter().cycle().take(90).collect(), ..sample() };
        check(
            "decision-long",
            Template::Decision,
            &long,
            9,
            &["Công nhận 90 sản phẩm", "90 Miến dong Bình Liêu"],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("decision", Template::Decision, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
