//! A dossier: one product of one producer in one round, from draft to certificate.

mod changes;
mod form;
mod lacks;
mod renewal_check;
mod workflow;

pub use changes::{CitedPaper, Statement, carried_form, changes};
pub use form::{DossierForm, FormFault, TEXT_LIMIT};
pub use lacks::{Lack, LackKind, lacking_papers, lacks};
pub use renewal_check::RenewalCheck;
pub use workflow::{Event, NotFrom, State, step};

use crate::coded;

coded! {
    /// The three kinds of dossier (form 01, item 4).
    DossierKind {
        /// 26/2026/QĐ-TTg, Article 7.1–7.4.
        First = "first", "Lần đầu";
        /// Article 7.5.
        Upgrade = "upgrade", "Nâng hạng";
        /// Article 7.6.
        Renewal = "renewal", "Đánh giá lại";
    }
}

/// The product code of form 02 and the score sheet: `(T)-(X)-(STT)-20YY`.
///
/// `province` has 2 digits, `commune` 5 (19/2025/QĐ-TTg); `serial` is the commune's own count.
/// How many digits the serial has and whether it restarts is left open by the decision: here it
/// is written as it is and never restarts.
pub fn product_code(province: &str, commune: &str, serial: i64, year: i32) -> String {
    format!("{province}-{commune}-{serial}-{year}")
}

/// The number of a receipt (form 01, office blocks A and B): `Phiếu số 12/PĐK-22-06862-2026`.
pub fn receipt_number(serial: i64, province: &str, commune: &str, year: i32) -> String {
    format!("{serial}/PĐK-{province}-{commune}-{year}")
}
