//! A dossier from opening to submission, and the page on which everybody concerned finds it.
//!
//! The draft (form, self-assessment, citations) is the producer's own; officers, advisors and
//! members read the latest [`Snapshot`] and never the draft.

mod assessment;
mod carry;
mod cite;
mod draft;
mod facts;
mod history;
#[cfg(test)]
mod later_tests;
#[cfg(test)]
mod list_tests;
mod open;
mod renewal_check;
mod requests;
mod snapshot;
mod submit;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod transition_tests;
mod view;
mod withdraw;

pub use assessment::{
    AlternativeView, AssessmentView, Condition, CriterionRow, CriterionView, LevelView, Live, Mark, NextView,
    PartLive, PartView, SectionView, assessment, criterion,
};
pub(crate) use cite::result_by;
pub use cite::{
    CiteInput, CitedPaper, EvidenceRow, EvidenceView, HeadingRow, citable, cite, evidence, uncite,
};
pub use draft::{AnswerInput, FormInput, FormView, Saved, fill_sheet, form, save_answer, save_form};
pub(crate) use facts::instance;
pub use facts::{DossierFacts, advance, facts};
pub use history::{HistoryLine, Stage, StageMark, shown_state};
pub use open::{KindChoice, OpenForm, open, open_form};
pub use renewal_check::{RenewalCheckInput, RenewalCheckView, file_renewal_check, renewal_check};
pub use requests::{RequestCard, RequestView, answer_request, request};
pub use snapshot::{ProducerCard, ProductCard, Snapshot, SnapshotCitation};
pub use submit::{SubmitView, submission_lacks, submit, submit_page};
pub use view::{AnswerCard, Head, Overview, ReturnCard, Submitted, overview};
pub use withdraw::{WithdrawInput, withdraw, withdraw_page};
