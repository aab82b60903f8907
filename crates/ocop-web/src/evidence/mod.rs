//! Pages of papers: the producer's vault, and the file of a paper.

mod file;
mod upload;
mod vault;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use ocop_app::App;

pub use upload::{ACCEPTED, Sent, kinds};
pub use vault::{Shown, message};

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/producers/{id}/evidence",
            get(vault::get).post(vault::post).layer(DefaultBodyLimit::disable()),
        )
        .route("/evidence/{id}/withdraw", post(vault::withdraw))
        .route("/evidence/{id}/file", get(file::get))
}
