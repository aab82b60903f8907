//! The rounds of a province and the board of each.

mod board;
mod close;
mod list;
mod open;

use axum::Router;
use axum::routing::get;
use ocop_app::App;
use ocop_core::dossiers::State;

/// `/rounds`, `/rounds/new`, `/rounds/{id}/close`: `manage_rounds`. `/rounds/{id}`: `read_board`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/rounds", get(list::get))
        .route("/rounds/new", get(open::get).post(open::post))
        .route("/rounds/{id}", get(board::get))
        .route("/rounds/{id}/close", get(close::get).post(close::post))
}

/// The colour of a state's tag in lists: waiting for somebody, under way, well ended, ill ended.
pub(crate) fn tag_kind(state: &State) -> &'static str {
    match state {
        State::AtCommune
        | State::AtProvince
        | State::AtCentre
        | State::Fallback
        | State::Accepted
        | State::Advised
        | State::Tallied
        | State::Confirmed => "wait",
        State::Draft | State::Completing | State::Checking | State::Advising | State::Scoring => "info",
        State::Recognised | State::ForCentre | State::FiveStars => "ok",
        State::Discussion | State::Disqualified => "late",
        State::NotRecognised | State::ReferredBack | State::Again | State::Withdrawn => "",
    }
}
