//! The rows behind numbers that the registers have no filter for.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::reports::{TailList, tail};
use ocop_core::reports::TailFilter;
use ocop_core::time::date;

use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "reports/rows.html")]
struct RowsPage {
    page: Page,
    list: TailList,
    on: String,
    back: String,
}

/// The list.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(filter): Query<TailFilter>,
) -> Outcome {
    let list = tail(&app, &actor, &filter).await?;
    let back = if filter.round.is_empty() {
        "/reports".to_owned()
    } else {
        format!("/reports/rounds/{}", crate::address::encoded(&filter.round))
    };
    let page = Page::new(list.title.clone(), &viewer);
    Ok(html(RowsPage { page, on: date(list.on), list, back }))
}
