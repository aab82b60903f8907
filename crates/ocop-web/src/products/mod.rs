//! Pages of products, for their producers and the officers in charge.

mod evaluation;
mod facts;
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
        .route("/products/{id}/evaluations/new", get(evaluation::new).post(evaluation::create))
        .route("/products/{id}/facts", get(facts::get).post(facts::post))
}
