//! Councils: setting up, the advisory team's desk, conflicts of interest, sessions.

mod advice;
mod assistance;
mod conflict;
mod conflicts;
mod edit;
mod finding;
mod list;
mod relatives;
mod replacements;
mod session;
mod show;

use axum::Router;
use axum::routing::{get, post};
use chrono::NaiveDate;
use ocop_app::App;
use ocop_core::time;

/// `/councils…`: `manage_council`, `assign_dossier`; the page of a council is read by
/// `read_findings`; a session is opened by `open_session`. `/dossiers/{id}/advice…`:
/// `read_findings`, `write_finding`, `request_evidence`, `file_advisory_report`.
/// `/dossiers/{id}/conflict`: `declare_conflict`; `/councils/{id}/conflicts`: `note_conflict`;
/// `/councils/{id}/replacements`: `replace_member`; `/assistance…`: `keep_assistance`, `declare_assistance`;
/// `/dossiers/{id}/relatives`: `declare_relatives`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/councils", get(list::get))
        .route("/councils/new", get(edit::get_new).post(edit::post_new))
        .route("/councils/{id}", get(show::get))
        .route("/councils/{id}/edit", get(edit::get).post(edit::post))
        .route("/councils/{id}/seats", post(show::post_seat))
        .route("/councils/{id}/seats/{seat}/remove", post(show::post_remove))
        .route("/councils/{id}/dossiers", post(show::post_dossiers))
        .route("/councils/{id}/conflicts", get(conflicts::get).post(conflicts::post))
        .route("/councils/{id}/replacements", get(replacements::get).post(replacements::post))
        .route("/assistance", get(assistance::get).post(assistance::post))
        .route("/assistance/{id}/strike", post(assistance::post_strike))
        .route("/dossiers/{id}/relatives", get(relatives::get).post(relatives::post))
        .route("/councils/{id}/session", get(session::get).post(session::post))
        .route("/dossiers/{id}/advice", get(advice::get))
        .route("/dossiers/{id}/advice/requests", post(advice::post_request))
        .route("/dossiers/{id}/advice/report", post(advice::post_report))
        .route("/dossiers/{id}/advice/findings/{code}", get(finding::get).post(finding::post))
        .route("/dossiers/{id}/conflict", get(conflict::get).post(conflict::post))
}

/// `24/11/2026`, or nothing.
fn day(day: &Option<NaiveDate>) -> String {
    day.map(time::date).unwrap_or_default()
}
