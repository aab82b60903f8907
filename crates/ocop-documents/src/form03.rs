//! Form 03: the commune's report to the province (26/2026/QĐ-TTg, Annex III).

use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::form02::ReportRepresentative;
use crate::{DocumentError, Engine, Letterhead, Pdf, Signature};

/// What form 03 shows. Empty texts leave dots to write on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form03 {
    /// The decision behind the form, e.g. `26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ`.
    pub cite: String,
    /// Head; the issuer is the commune's People's Committee.
    pub letterhead: Letterhead,
    /// The commune with its kind, e.g. `xã Ba Chẽ`.
    pub commune: String,
    /// The province with its kind, e.g. `tỉnh Quảng Ninh`.
    pub province: String,
    /// I.1: the producer.
    pub producer: String,
    /// I.2: kind of organisation.
    pub producer_kind: String,
    /// I.3: address.
    pub address: String,
    /// I.4: the legal representative.
    pub representative: ReportRepresentative,
    /// I.5: the product.
    pub product: String,
    /// II.1: local raw materials.
    pub materials: Finding,
    /// II.2: local labour.
    pub labour: Finding,
    /// II.3: where the idea comes from.
    pub idea: Finding,
    /// II.4: local identity and knowledge.
    pub identity: Finding,
    /// Bodies that receive the report; empty leaves the list out.
    pub recipients: Vec<String>,
    /// Who signs for the commune.
    pub signature: Signature,
}

/// What the producer says about a matter and what the commune finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The producer's words; none where the form asks only for the commune's opinion.
    pub claim: Option<String>,
    /// The commune's finding.
    pub finding: String,
}

/// Form 03 as a PDF file.
pub fn render(engine: &Engine, input: &Form03) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Form03, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, check_hostile, letterhead, signature, strings};

    fn finding(claim: Option<&str>, finding: &str) -> Finding {
        Finding { claim: claim.map(str::to_owned), finding: finding.to_owned() }
    }

    fn sample() -> Form03 {
        Form03 {
            cite: "26/2026/QĐ-TTg ngày 22/5/2026 của Thủ tướng Chính phủ".to_owned(),
            letterhead: letterhead(Some("Ủy ban nhân dân"), "Xã Ba Chẽ", Some("145"), "BC-UBND"),
            commune: "xã Ba Chẽ".to_owned(),
            province: "tỉnh Quảng Ninh".to_owned(),
            producer: "Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ".to_owned(),
            producer_kind: "Hợp tác xã".to_owned(),
            address: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            representative: ReportRepresentative {
                name: "Nguyễn Thị Thử".to_owned(),
                gender: "Nữ".to_owned(),
                ethnicity: "Dao".to_owned(),
                residence: "Thôn Khe Lọng Trong, xã Ba Chẽ, tỉnh Quảng Ninh".to_owned(),
            },
            product: "Mật ong hoa rừng Ba Chẽ".to_owned(),
            materials: finding(
                Some("Toàn bộ mật do các hộ trong xã khai thác từ rừng tự nhiên."),
                "Đúng thực tế. Xã đã kiểm tra sổ theo dõi của 12 hộ ngày 08/9/2026; sản lượng khớp với hợp đồng.",
            ),
            labour: finding(
                Some("19 lao động, trong đó 17 người thường trú tại xã."),
                "Đúng thực tế theo danh sách đóng bảo hiểm xã hội.",
            ),
            idea: finding(
                None,
                "Sản phẩm truyền thống của người Dao, được cải tiến khâu hạ thủy phần và bao bì.",
            ),
            identity: finding(
                None,
                "Kinh nghiệm đánh ong theo mùa hoa của cộng đồng người Dao Thanh Y.\nMật từ hoa rừng có màu và hương \
                 khác với mật nuôi vườn.",
            ),
            recipients: strings(&[
                "Sở Nông nghiệp và Môi trường",
                "Chủ tịch, các PCT UBND xã;",
                "Lưu: VT, KT.",
            ]),
            signature: signature(&["TM. Ủy ban nhân dân", "Chủ tịch"], "Trần Văn Thử"),
        }
    }

    #[test]
    fn it_says_what_the_commune_found() {
        check(
            "form03",
            Template::Form03,
            &sample(),
            2,
            &[
                "Số: 145/BC-UBND",
                "2. Loại hình tổ chức: Hợp tác xã",
                "Mô tả của chủ thể:",
                "Sản phẩm truyền thống của người Dao",
                "Ủy ban nhân dân xã Ba Chẽ đề nghị Ủy ban nhân dân tỉnh Quảng Ninh đánh giá, phân hạng sản phẩm \
             Mật ong hoa rừng Ba Chẽ của Hợp tác xã Nuôi ong và Dược liệu Ba Chẽ./.",
                "- Chủ tịch, các PCT UBND xã; - Lưu: VT, KT.",
                "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
            ],
        );
    }

    #[test]
    fn hostile_text_is_set() {
        check_hostile("form03", Template::Form03, &sample(), |input| {
            serde_json::to_value(input).expect("JSON")
        });
    }
}
