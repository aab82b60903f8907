//! Pages of an office's registers: products and producers, narrowed by filters that stand in the
//! address, and the same rows as a file.

mod producers;
mod products;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use ocop_app::App;
use ocop_app::registry::{Overview, counted, overview};

use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

/// All of them `read_registry`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registry", get(start))
        .route("/registry/products", get(products::get))
        .route("/registry/products/xlsx", get(products::xlsx))
        .route("/registry/products/csv", get(products::csv))
        .route("/registry/producers", get(producers::get))
        .route("/registry/producers/xlsx", get(producers::xlsx))
        .route("/registry/producers/csv", get(producers::csv))
}

#[derive(Template)]
#[template(path = "registry/start.html")]
struct StartPage {
    page: Page,
    view: Overview,
}

impl StartPage {
    /// `1.234`.
    fn number(&self, number: &i64) -> String {
        counted(*number)
    }
}

async fn start(State(app): State<App>, signed: SignedIn) -> Outcome {
    let view = overview(&app, &signed.actor).await?;
    Ok(html(StartPage { page: Page::new("Sổ đăng ký", &signed.viewer), view }))
}

/// A filter in force: its words, and the address without it.
struct Chip {
    label: String,
    href: String,
}

/// The name of a code of a list, or the code.
fn named(list: &[(String, String)], code: &str) -> String {
    list.iter().find(|(one, _)| one == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
}

/// A group of kinds or a kind, by code.
fn kind_name(code: &str) -> String {
    let group =
        code.parse::<ocop_core::reports::ProducerGroup>().map(ocop_core::reports::ProducerGroup::name);
    let kind =
        code.parse::<ocop_core::producers::ProducerKind>().map(ocop_core::producers::ProducerKind::name);
    group.or(kind).map_or_else(|_| code.to_owned(), str::to_owned)
}

/// `dd/MM/yyyy` of a day in an address.
fn day_name(on: &str) -> String {
    on.parse().map_or_else(|_| on.to_owned(), ocop_core::time::date)
}

/// `tháng 03/2026` of a month in an address.
fn month_name(until: &str) -> String {
    until.split_once('-').map_or_else(|| until.to_owned(), |(year, month)| format!("tháng {month}/{year}"))
}
