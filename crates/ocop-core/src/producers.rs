//! Producers (chủ thể OCOP) and their legal representatives, as form 02 part I asks for them.

use serde::{Deserialize, Serialize};

use crate::coded;
use crate::rules::ProductSet;
use crate::text::fold;

coded! {
    /// Who may file (26/2026/QĐ-TTg, Article 2.3), in the detail that criterion 3.1 needs.
    ProducerKind {
        /// A cooperative.
        Cooperative = "cooperative", "Hợp tác xã";
        /// A cooperative group.
        CooperativeGroup = "cooperative_group", "Tổ hợp tác";
        /// A limited liability company.
        LimitedCompany = "limited_company", "Công ty trách nhiệm hữu hạn";
        /// A joint-stock company.
        JointStockCompany = "joint_stock_company", "Công ty cổ phần";
        /// A private enterprise.
        PrivateEnterprise = "private_enterprise", "Doanh nghiệp tư nhân";
        /// A farm with business registration.
        Farm = "farm", "Trang trại có đăng ký kinh doanh";
        /// A household with business registration.
        Household = "household", "Hộ sản xuất, hộ gia đình có đăng ký kinh doanh";
        /// An association, operating centre or the like: tourism only.
        Association = "association", "Hội, hiệp hội, trung tâm điều hành (chỉ nhóm du lịch)";
    }
}

coded! {
    /// Gender as form 02 prints it.
    Gender {
        /// Nữ.
        Female = "female", "Nữ";
        /// Nam.
        Male = "male", "Nam";
    }
}

/// The industry of tourism services in the classification (Annex I).
const TOURISM: &str = "VI";

/// Associations and operating centres file for tourism services only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Hội, hiệp hội, trung tâm điều hành chỉ được đăng ký nhóm du lịch (26/2026/QĐ-TTg, Điều 2). \
     Nếu cơ sở thuộc loại hình khác, hãy sửa loại hình trong thông tin cơ sở."
)]
pub struct TourismOnly;

/// Whether a producer of this kind may file a product of this set (Article 2.3).
///
/// # Errors
/// [`TourismOnly`] for an association with anything else.
pub fn may_file(kind: ProducerKind, set: &ProductSet) -> Result<(), TourismOnly> {
    if kind == ProducerKind::Association && set.industry.no != TOURISM { Err(TourismOnly) } else { Ok(()) }
}

/// The legal representative (form 02, part I.5). Personal data: never on public pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    /// Full name.
    pub name: String,
    /// Position (form 01).
    pub title: String,
    /// Feeds criterion 3.2; unknown of producers that came in from a file.
    pub gender: Option<Gender>,
    /// Feeds criterion 3.2.
    pub ethnicity: String,
    /// Permanent residence.
    pub residence: String,
    /// Feeds criterion 3.2; the forms have no field for it.
    pub disabled: bool,
}

impl Representative {
    /// The gender as form 02 prints it; empty when not told.
    pub fn gender_name(&self) -> &'static str {
        self.gender.map_or("", Gender::name)
    }

    /// Whether a woman leads the producer; `None` when not told.
    pub fn is_woman(&self) -> Option<bool> {
        self.gender.map(|gender| gender == Gender::Female)
    }

    /// Whether a person of an ethnic minority leads it; `None` when not told.
    pub fn is_minority(&self) -> Option<bool> {
        let group = fold(&self.ethnicity);
        (!group.is_empty()).then(|| !matches!(group.trim(), "kinh" | "viet" | "kinh viet"))
    }
}

/// A tax code without its spaces: 10 digits, 13 with a dash for a branch, or the 12 of an identity card
/// that serves as one. `None` for anything else.
pub fn tax_code(typed: &str) -> Option<String> {
    let code: String = typed.split_whitespace().collect();
    let digits = code.chars().filter(char::is_ascii_digit).count();
    let clean = code.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
    (clean && matches!(digits, 10 | 12 | 13)).then_some(code)
}

/// Whether a text can be a Vietnamese phone number: 8 to 12 digits, with `+`, spaces, dots or
/// dashes between them.
pub fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let clean = text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | ' ' | '.' | '-'));
    clean && (8..=12).contains(&digits)
}
