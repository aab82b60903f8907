//! What everybody may see: the start page, products with a certificate in force, the check of a
//! certificate.

mod check;
mod product;
mod products;
mod start;

use axum::Router;
use axum::routing::get;
use ocop_app::App;

/// `/`, `/products`, `/p/{id}`, `/check`, `/check/{code}`: anybody.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start::get))
        .route("/products", get(products::get))
        .route("/p/{id}", get(product::get))
        .route("/check", get(check::form))
        .route("/check/{code}", get(check::get))
}
