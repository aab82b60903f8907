//! The province at both ends of the council's work: receives dossiers into the round
//! (26/2026/QĐ-TTg, Article 7.3a), records the signed decision, issues certificates, tells the
//! results (Articles 7.3e, 7.3g), and withdraws a certificate (Article 8).

mod certificate;
mod decision;
mod extension;
#[cfg(test)]
mod extension_tests;
mod proposal;
#[cfg(test)]
mod proposal_tests;
mod reception;
mod revocation;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod verification;
#[cfg(test)]
mod verification_tests;

pub use certificate::{CertificateView, certificate};
pub(crate) use certificate::{chain_of, life_of, new_check_code, office_of, subject_of};
pub use decision::{
    DecisionInput, DecisionLine, DraftDecision, RecordedDecision, draft_decision, notify_results,
    record_decision,
};
pub(crate) use decision::{certificate_number, read_signing, twice};
pub(crate) use extension::{as_held, follow, held_by, todos_of_extended, told};
pub use ocop_store::recognition::Certificate;
pub use proposal::{
    DeclineInput, ProposeInput, decline_revocation, proposal, proposal_letter, propose_revocation,
};
pub(crate) use reception::next_receipt;
pub use reception::{CompletionInput, ReceptionView, accept_dossier, reception, return_from_province};
pub use revocation::{RevokeInput, revocation_grounds, revoke_certificate};
pub(crate) use verification::open_verifications;
pub use verification::{
    ConclusionInput, EndedInput, VerificationInput, VerificationView, conclude_verification,
    confirm_production_ended, open_verification, verification,
};
