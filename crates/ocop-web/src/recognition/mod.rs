//! The province's desk: reception, decision, certificates.

mod certificate;
mod decision;
mod proposal;
mod reception;
mod verification;

use axum::Router;
use axum::routing::{get, post};
use ocop_app::App;

/// `/dossiers/{id}/reception`: `accept_dossier`, `return_from_province`. `/councils/{id}/decision`:
/// `record_decision`. `/certificates/{id}`: `read_result`, `revoke_certificate`, `verify_certificate`,
/// `confirm_production_ended`. `/verifications/{id}`: `verify_certificate`, `propose_revocation`,
/// `decline_revocation`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dossiers/{id}/reception", get(reception::get))
        .route("/dossiers/{id}/reception/accept", post(reception::accept))
        .route("/dossiers/{id}/reception/return", post(reception::send_back))
        .route("/councils/{id}/decision", get(decision::get).post(decision::post))
        .route("/councils/{id}/decision/notices", post(decision::notices))
        .route("/certificates/{id}", get(certificate::get))
        .route("/certificates/{id}/revoke", get(certificate::revoke_form).post(certificate::revoke))
        .route("/certificates/{id}/verification", get(verification::get).post(verification::post))
        .route("/certificates/{id}/production-ended", get(verification::ended_form).post(verification::ended))
        .route("/verifications/{id}", get(verification::conclusion_form).post(verification::conclude))
        .route("/verifications/{id}/proposal", get(proposal::form).post(proposal::post))
        .route("/verifications/{id}/proposal.pdf", get(proposal::letter))
        .route("/verifications/{id}/decline", get(proposal::decline_form).post(proposal::decline))
}
