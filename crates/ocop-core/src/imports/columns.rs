//! The columns of a register file, and which column of an office's own file is which.

use crate::coded;
use crate::text::fold;

coded! {
    /// A column of a register file: its key and its heading.
    Column {
        /// Whose product it is.
        ProducerName = "producer_name", "Tên chủ thể";
        /// The producer's legal form, by name or code.
        ProducerKind = "producer_kind", "Loại hình";
        /// Number of the business registration.
        RegistrationNo = "registration_no", "Số đăng ký kinh doanh";
        /// Day of the business registration.
        RegisteredOn = "registered_on", "Ngày đăng ký kinh doanh";
        /// Tax code.
        TaxCode = "tax_code", "Mã số thuế";
        /// Address below the commune.
        Address = "address", "Địa chỉ";
        /// Commune of today, by name or code.
        Commune = "commune", "Xã, phường, đặc khu";
        /// Former unit, by name or code.
        District = "district", "Huyện cũ";
        /// Telephone.
        Phone = "phone", "Điện thoại";
        /// Electronic mail.
        Email = "email", "Email";
        /// Who represents the producer.
        Representative = "representative", "Người đại diện";
        /// The representative's gender.
        Gender = "gender", "Giới tính";
        /// The representative's ethnicity.
        Ethnicity = "ethnicity", "Dân tộc";
        /// The product.
        ProductName = "product_name", "Tên sản phẩm";
        /// Product set, by number or name.
        SetNo = "set_no", "Nhóm sản phẩm (bộ)";
        /// The product's code, in any of its historical formats.
        ProductCode = "product_code", "Mã sản phẩm";
        /// Day the product joined the programme.
        JoinedOn = "joined_on", "Ngày tham gia";
        /// Stars.
        Stars = "stars", "Hạng sao";
        /// Who recognised it.
        Level = "level", "Cấp công nhận";
        /// Points of the evaluation.
        Points = "points", "Điểm";
        /// Number of the decision.
        DecisionNo = "decision_no", "Số quyết định";
        /// Day of the decision.
        DecidedOn = "decided_on", "Ngày quyết định";
        /// Who signed the decision.
        SignedBy = "signed_by", "Người ký";
        /// Last day of the certificate.
        ValidUntil = "valid_until", "Ngày hết hạn";
        /// Day the certificate was withdrawn.
        RevokedOn = "revoked_on", "Ngày thu hồi";
        /// Why it was withdrawn.
        Revocation = "revocation", "Lý do thu hồi";
        /// Electronic stamps since.
        StampedSince = "stamped_since", "Có tem điện tử từ";
        /// Platforms the product is sold on, each with its first day.
        Platforms = "platforms", "Sàn TMĐT";
        /// Year of the revenue.
        RevenueYear = "revenue_year", "Năm doanh thu";
        /// Revenue of that year, dong.
        Revenue = "revenue", "Doanh thu (đồng)";
    }
}

impl Column {
    /// Whether a row without it is refused.
    pub fn required(self) -> bool {
        matches!(
            self,
            Self::ProducerName | Self::ProducerKind | Self::Commune | Self::ProductName | Self::SetNo
        )
    }

    /// Other headings met in the files of offices.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::ProducerName => {
                &["chủ thể", "chủ thể OCOP", "tên cơ sở", "cơ sở sản xuất", "đơn vị sản xuất"]
            }
            Self::ProducerKind => &["loại hình chủ thể", "loại hình tổ chức", "loại chủ thể"],
            Self::RegistrationNo => &["số ĐKKD", "số đăng ký", "giấy đăng ký kinh doanh"],
            Self::RegisteredOn => &["ngày ĐKKD", "ngày đăng ký"],
            Self::TaxCode => &["MST"],
            Self::Address => &["địa chỉ chủ thể", "địa chỉ sản xuất"],
            Self::Commune => &["xã", "phường", "xã, phường", "xã/phường", "xã/phường/đặc khu", "tên xã"],
            Self::District => {
                &["huyện", "huyện/thị xã/thành phố", "quận/huyện", "tên huyện", "địa phương cũ"]
            }
            Self::Phone => &["số điện thoại", "SĐT", "điện thoại liên hệ"],
            Self::Email => &["thư điện tử", "e-mail"],
            Self::Representative => &["đại diện", "người đại diện pháp luật", "chủ hộ", "giám đốc"],
            Self::Gender => &["nam/nữ"],
            Self::Ethnicity => &["thành phần dân tộc"],
            Self::ProductName => &["sản phẩm", "sản phẩm OCOP", "tên sản phẩm OCOP"],
            Self::SetNo => &["bộ sản phẩm", "nhóm sản phẩm", "nhóm", "phân nhóm"],
            Self::ProductCode => &["mã SP", "mã số sản phẩm", "mã sản phẩm OCOP"],
            Self::JoinedOn => &["ngày đăng ký tham gia"],
            Self::Stars => &["hạng", "sao", "số sao", "xếp hạng", "hạng sao OCOP", "kết quả xếp hạng"],
            Self::Level => &["cấp", "cấp quyết định"],
            Self::Points => &["số điểm", "tổng điểm", "điểm đánh giá"],
            Self::DecisionNo => &["QĐ số", "số QĐ", "quyết định", "quyết định số", "quyết định công nhận"],
            Self::DecidedOn => &["ngày QĐ", "ngày ký", "ngày công nhận", "ngày ban hành"],
            Self::SignedBy => &["người ký quyết định"],
            Self::ValidUntil => &["hết hạn", "hạn", "thời hạn đến", "có hiệu lực đến"],
            Self::RevokedOn => &["thu hồi ngày"],
            Self::Revocation => &["lý do"],
            Self::StampedSince => &["tem điện tử", "ngày có tem"],
            Self::Platforms => &["sàn thương mại điện tử", "sàn TMDT"],
            Self::RevenueYear => &["năm"],
            Self::Revenue => &["doanh thu"],
        }
    }

    /// Every heading that means this column exactly: its own, its key and the synonyms, folded.
    fn headings(self) -> impl Iterator<Item = String> {
        [self.name(), self.code()].into_iter().chain(self.synonyms().iter().copied()).map(key)
    }
}

/// A heading as it is compared: folded, with punctuation as spaces.
fn key(heading: &str) -> String {
    let words: String =
        heading.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    fold(&words)
}

/// What is added before the columns of a file whose rows were not taken: their numbers, and why.
pub const REFUSAL_HEADINGS: [&str; 2] = ["Dòng", "Lý do không nhận"];

/// What each column of a file is, in the file's order; `None` is left out of the import.
///
/// What we added ourselves ([`REFUSAL_HEADINGS`]) is none.
///
/// Exact headings are given their columns first. A longer heading ("Tên sản phẩm tham gia đánh
/// giá") then gets the column whose longest known heading it contains as whole words, if that is
/// still free. One column is never given twice: of two equal headings the first counts.
pub fn guess(headings: &[String]) -> Vec<Option<Column>> {
    let ours = REFUSAL_HEADINGS.map(key);
    let own_key = |heading: &String| Some(key(heading)).filter(|key| !ours.contains(key)).unwrap_or_default();
    let keys: Vec<String> = headings.iter().map(own_key).collect();
    let mut guessed = vec![None; keys.len()];
    for (place, heading) in guessed.iter_mut().zip(&keys) {
        *place = Column::ALL.iter().copied().find(|column| column.headings().any(|known| known == *heading));
    }
    for at in 1..guessed.len() {
        if guessed[at].is_some() && guessed[..at].contains(&guessed[at]) {
            guessed[at] = None;
        }
    }
    for at in 0..keys.len() {
        let seen_before = keys[..at].contains(&keys[at]);
        if guessed[at].is_none() && !seen_before {
            guessed[at] = contained(&keys[at], &guessed);
        }
    }
    guessed
}

/// The free column whose longest heading of two words or more stands in this one.
fn contained(heading: &str, taken: &[Option<Column>]) -> Option<Column> {
    let padded = format!("{heading} ");
    Column::ALL
        .iter()
        .copied()
        .filter(|column| !taken.contains(&Some(*column)))
        .flat_map(|column| column.headings().map(move |known| (known.len(), known, column)))
        .filter(|(_, known, _)| known.split_whitespace().count() > 1 && padded.contains(&format!("{known} ")))
        .max_by_key(|(length, _, _)| *length)
        .map(|(_, _, column)| column)
}

/// The required columns that a mapping lacks, in the order of the list.
pub fn missing(mapping: &[Option<Column>]) -> Vec<Column> {
    Column::ALL
        .iter()
        .copied()
        .filter(|column| column.required() && !mapping.contains(&Some(*column)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headings: &[&str]) -> Vec<Option<Column>> {
        guess(&headings.iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn our_own_headings_and_keys_are_known() {
        let all: Vec<_> = Column::ALL.iter().copied().map(Some).collect();
        assert_eq!(guessed(&Column::ALL.iter().map(|column| column.name()).collect::<Vec<_>>()), all);
        assert_eq!(guessed(&Column::ALL.iter().map(|column| column.code()).collect::<Vec<_>>()), all);
    }

    #[test]
    fn no_heading_means_two_columns() {
        let mut known: Vec<String> = Column::ALL
            .iter()
            .flat_map(|column| {
                let mut own: Vec<String> = column.headings().collect();
                own.sort();
                own.dedup();
                own
            })
            .collect();
        let all = known.len();
        known.sort();
        known.dedup();
        assert_eq!(known.len(), all);
    }

    #[test]
    fn headings_of_offices_are_guessed() {
        assert_eq!(
            guessed(&[
                "STT",
                "CHỦ THỂ OCOP",
                "Sản phẩm ",
                "Hạng",
                "QĐ số",
                "Tên sản phẩm tham gia",
                "Ngày hết hạn GCN"
            ]),
            [
                None,
                Some(Column::ProducerName),
                Some(Column::ProductName),
                Some(Column::Stars),
                Some(Column::DecisionNo),
                None,
                Some(Column::ValidUntil),
            ]
        );
    }

    #[test]
    fn of_two_equal_headings_the_first_counts() {
        assert_eq!(guessed(&["Hạng sao", "Hạng sao"]), [Some(Column::Stars), None]);
    }

    #[test]
    fn why_a_row_was_not_taken_is_no_column() {
        assert_eq!(guessed(&["Dòng", "Lý do không nhận", "Lý do"]), [None, None, Some(Column::Revocation)]);
    }

    #[test]
    fn missing_required_columns_are_named() {
        let mapping = guessed(&["Tên chủ thể", "Loại hình", "Xã", "Sản phẩm"]);
        assert_eq!(missing(&mapping), [Column::SetNo]);
    }
}
