//! The councils of the reader, with the ballots that wait.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::councils::{CouncilLine, councils};
use ocop_app::scoring::{MyBallot, my_ballots};

use super::day;
use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/list.html")]
struct ListPage {
    page: Page,
    councils: Vec<CouncilLine>,
    ballots: Vec<MyBallot>,
    /// Whether the reader keeps the register of advice and training, or has entries of his or her own.
    may_assist: bool,
}

/// The list.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let councils = councils(&app, &actor).await?;
    let ballots = my_ballots(&app, &actor).await?;
    let may_assist = actor.roles.iter().any(|role| role.kind.may_sit());
    Ok(html(ListPage { page: Page::new("Hội đồng", &viewer), councils, ballots, may_assist }))
}
