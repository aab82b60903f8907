//! The rounds of the officer's province.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::accounts::office_of;
use ocop_app::rounds::{Due, Round, list};
use ocop_core::policy::{Action, Subject, may};
use ocop_core::time::date;

use crate::page::{Outcome, Page, WebError, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "rounds/list.html")]
struct ListPage {
    page: Page,
    rounds: Vec<RoundLine>,
    /// Whether the reader's office writes the official texts; the centre does not.
    words: bool,
}

/// A round in the list.
struct RoundLine {
    round: Round,
    opens: String,
    propose: Due,
    result: Due,
    closed: String,
}

/// The list.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let province = office_of(&actor).unwrap_or_default().to_owned();
    let subject = Subject { province: Some(province.clone()), ..Subject::default() };
    let _ = may(&actor, Action::ReadBoard, &subject).map_err(|denied| WebError(denied.into()))?;
    let rounds = list(&app, &province).await?;
    let rounds = rounds
        .into_iter()
        .map(|round| RoundLine {
            opens: date(round.opens_on),
            propose: app.due(round.propose_by),
            result: app.due(round.result_by),
            closed: round.closed_on.map(date).unwrap_or_default(),
            round,
        })
        .collect();
    let words = may(&actor, Action::ManageWording, &subject).is_ok();
    Ok(html(ListPage { page: Page::new("Đợt đánh giá", &viewer), rounds, words }))
}
