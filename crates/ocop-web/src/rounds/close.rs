//! The confirmation before a round takes no more dossiers.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::rounds::{Board, BoardFilter, board, close};
use ocop_app::{App, Refusal};
use ocop_core::id::RoundId;
use serde::Deserialize;

use crate::page::{Id, Outcome, Page, WebError, html, see_other};
use crate::viewer::SignedIn;

/// The version of the round that was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    version: String,
}

#[derive(Template)]
#[template(path = "rounds/close.html")]
struct ClosePage {
    page: Page,
    board: Board,
}

/// What closing means.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<RoundId>,
) -> Outcome {
    let board = board(&app, &actor, &id, &BoardFilter::default()).await?;
    if board.round.closed_on.is_some() {
        return Err(WebError(Refusal::because(format!("{} đã đóng trước đó.", board.round.name))));
    }
    Ok(html(ClosePage { page: Page::new(format!("Đóng {}", board.round.name), &viewer), board }))
}

/// Closes it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<RoundId>,
    Form(form): Form<CloseForm>,
) -> Outcome {
    close(&app, &actor, &id, form.version.parse().unwrap_or(-1)).await?;
    Ok(see_other(&format!("/rounds/{id}?done=closed")))
}
