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
}

/// The list.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let councils = councils(&app, &actor).await?;
    let ballots = my_ballots(&app, &actor).await?;
    Ok(html(ListPage { page: Page::new("Hội đồng", &viewer), councils, ballots }))
}
