//! Public pages of administrative units: provinces, their communes, and what became of former ones.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use ocop_app::App;
use ocop_app::units::page::{FoundUnits, UnitPage};
use ocop_app::units::{self, Unit};
use serde::Deserialize;

use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

/// `/units`, `/units/{code}`: anybody.
pub fn routes() -> Router<App> {
    Router::new().route("/units", get(index)).route("/units/{code}", get(show))
}

/// The search, as typed in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Search {
    q: String,
}

#[derive(Template)]
#[template(path = "units/index.html")]
struct IndexPage {
    page: Page,
    search: Search,
    found: FoundUnits,
    provinces: Vec<Unit>,
}

#[derive(Template)]
#[template(path = "units/show.html")]
struct ShowPage {
    page: Page,
    view: UnitPage,
}

async fn index(State(app): State<App>, viewer: Viewer, Query(search): Query<Search>) -> Outcome {
    let found = units::page::search(&app, &search.q).await?;
    let provinces = units::provinces(&app).await?;
    Ok(html(IndexPage { page: Page::new("Đơn vị hành chính", &viewer), search, found, provinces }))
}

async fn show(State(app): State<App>, viewer: Viewer, Path(code): Path<String>) -> Outcome {
    let view = units::page::page(&app, &code).await?;
    Ok(html(ShowPage { page: Page::new(view.unit.name.clone(), &viewer), view }))
}
