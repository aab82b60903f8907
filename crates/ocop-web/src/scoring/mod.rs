//! The council room, the review before sealing, the tally, the result.

mod book;
mod desk;
mod disqualify;
mod result;
mod review;
mod revise;
mod room;
mod severity;
mod sitting;
mod tally;

pub use desk::{Desk, Doc};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use ocop_app::{App, AppError};

use crate::page::Errors;

/// `/ballots/{id}…`: `save_ballot`, `seal_ballot`, one's own only. `/dossiers/{id}/scoring…`:
/// `read_tally`, `watch_progress`, `lead_discussion`, `confirm_result`. `/dossiers/{id}/excuse`:
/// `excuse_member`. `/dossiers/{id}/reopen`: `reopen_ballot`. `…/revision`: `revise_ballot`.
/// `/dossiers/{id}/result`: `read_result`. `/councils/{id}/ballot-book…`: `save_ballot`; the upload's limit is the
/// program's own, so that a file that is too large ends in a sentence.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ballots/{id}", get(room::enter))
        .route("/ballots/{id}/criteria/{code}", get(room::get).post(room::post))
        .route("/ballots/{id}/criteria/{code}/revision", get(revise::get).post(revise::post))
        .route("/ballots/{id}/review", get(review::get))
        .route("/ballots/{id}/opinion", post(review::post_opinion))
        .route("/ballots/{id}/seal", get(review::back).post(review::post_seal))
        .route("/ballots/{id}/disqualification", get(disqualify::get).post(disqualify::post))
        .route("/councils/{id}/severity", get(severity::get))
        .route(
            "/councils/{id}/ballot-book",
            get(book::get).post(book::look).layer(DefaultBodyLimit::disable()),
        )
        .route("/councils/{id}/ballot-book/file", get(book::download))
        .route("/councils/{id}/ballot-book/take", post(book::take))
        .route("/dossiers/{id}/scoring", get(tally::get))
        .route("/dossiers/{id}/scoring/turn", post(tally::post_turn))
        .route("/dossiers/{id}/scoring/keep", post(tally::post_keep))
        .route("/dossiers/{id}/scoring/confirm", post(tally::post_confirm))
        .route("/dossiers/{id}/excuse", get(sitting::get_excuse).post(sitting::post_excuse))
        .route("/dossiers/{id}/reopen", get(sitting::get_reopen).post(sitting::post_reopen))
        .route("/dossiers/{id}/result", get(result::get))
}

/// A refusal in one sentence, for a form that saves itself.
pub fn told(error: &AppError) -> String {
    let first = Errors::from(error).0.into_iter().next();
    first.map_or_else(|| error.to_string(), |fault| fault.text)
}
