//! The commune's desk: its inbox, form 03, return and proposal.

mod inbox;
mod propose;
mod report;
mod send_back;

use axum::Router;
use axum::routing::get;
use ocop_app::App;

/// `/commune`: `write_commune_report`. Under `/dossiers/{id}/commune-report`:
/// `write_commune_report` (the province and the council read it by `read_findings`),
/// `propose_to_province`, `return_from_commune`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/commune", get(inbox::get))
        .route("/dossiers/{id}/commune-report", get(report::get).post(report::post))
        .route("/dossiers/{id}/commune-report/propose", get(propose::get).post(propose::post))
        .route("/dossiers/{id}/commune-report/return", get(send_back::get).post(send_back::post))
}
