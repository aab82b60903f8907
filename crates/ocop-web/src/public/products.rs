//! Products with a certificate in force.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::public::{ProductList, products};
use serde::Deserialize;

use crate::page::{Outcome, Page, html};
use crate::viewer::Viewer;

/// The search, as typed in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    q: String,
    page: String,
}

#[derive(Template)]
#[template(path = "public/products.html")]
struct ProductsPage {
    page: Page,
    search: Search,
    list: ProductList,
}

/// The list.
pub async fn get(State(app): State<App>, viewer: Viewer, Query(search): Query<Search>) -> Outcome {
    let list = products(&app, &search.q, search.page.parse().unwrap_or(1)).await?;
    Ok(html(ProductsPage { page: Page::new("Sản phẩm OCOP", &viewer), search, list }))
}
