//! The page of a product.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::products::{self, ProductView};
use ocop_core::id::ProductId;

use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "products/show.html")]
struct ShowPage {
    page: Page,
    view: ProductView,
}

/// The page of a product with its dossiers.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<ProductId>) -> Outcome {
    let view = products::view(&app, &signed.actor, &id).await?;
    Ok(html(ShowPage { page: Page::new(view.row.product.name.clone(), &signed.viewer), view }))
}
