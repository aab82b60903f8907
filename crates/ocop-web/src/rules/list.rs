//! The product sets of a regime, with a search.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::rules::{Catalogue, RegimeHead, catalogue};
use serde::Deserialize;

use super::in_force;
use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

/// The search, as typed in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    regime: String,
    q: String,
}

#[derive(Template)]
#[template(path = "rules/list.html")]
struct ListPage {
    page: Page,
    search: Search,
    view: Catalogue,
}

impl ListPage {
    fn is_shown(&self, regime: &RegimeHead) -> bool {
        self.view.shown.id == regime.id
    }
}

/// The list.
pub async fn get(State(app): State<App>, viewer: Viewer, Query(search): Query<Search>) -> Outcome {
    let view = catalogue(&app, &search.regime, &search.q)?;
    Ok(html(ListPage { page: Page::new("Bộ tiêu chí", &viewer), search, view }))
}
