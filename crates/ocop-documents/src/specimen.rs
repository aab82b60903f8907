//! A specimen of a producer's paper, for the demonstration province: says of itself that it is none.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::engine::Template;
use crate::{DocumentError, Engine, Pdf};

/// What stands on the specimen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specimen {
    /// Name of the paper that it stands for.
    pub title: String,
    /// Who would issue it.
    pub issuer: String,
    /// The number that it would bear.
    pub number: String,
    /// The day that it would bear.
    pub issued_on: NaiveDate,
    /// Whose paper it would be.
    pub producer: String,
    /// Pages, from 1.
    pub pages: u16,
}

/// The specimen as PDF.
///
/// # Errors
/// When the template fails.
pub fn render(engine: &Engine, input: &Specimen) -> Result<Pdf, DocumentError> {
    engine.pdf(Template::Specimen, input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, engine};

    #[test]
    fn a_specimen_has_the_pages_that_citations_name() {
        let sample = Specimen {
            title: "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm".to_owned(),
            issuer: "Chi cục Quản lý chất lượng".to_owned(),
            number: "03/MH-01".to_owned(),
            issued_on: NaiveDate::from_ymd_opt(2026, 2, 5).unwrap(),
            producer: "Hợp tác xã Hợp Tiến".to_owned(),
            pages: 3,
        };
        check(
            "specimen",
            Template::Specimen,
            &sample,
            3,
            &["Tài liệu minh họa", "Trang 3 trên 3", "03/MH-01"],
        );
        assert_eq!(render(engine(), &sample).unwrap().pages, 3);
    }
}
