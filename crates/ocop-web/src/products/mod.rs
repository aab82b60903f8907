//! Pages of products, for their producers and the officers in charge.

mod form;
mod show;

use axum::Router;
use axum::routing::get;
use ocop_app::App;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/producers/{id}/products/new", get(form::new).post(form::create))
        .route("/products/{id}", get(show::get))
        .route("/products/{id}/edit", get(form::edit).post(form::update))
}
