//! Pages of papers: the producer's vault, a paper with its pages and versions, and its file.

mod ending;
mod file;
mod paper;
mod pieces;
mod upload;
mod vault;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, head, post};
use ocop_app::App;

pub use upload::{ACCEPTED, Sent};
pub use vault::{Shown, message};

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route(
            "/producers/{id}/evidence",
            get(vault::get).post(vault::post).layer(DefaultBodyLimit::disable()),
        )
        .route("/producers/{id}/uploads", post(pieces::begin).options(pieces::told))
        .route(
            "/producers/{id}/uploads/{upload}",
            head(pieces::step)
                .patch(pieces::step)
                .delete(pieces::step)
                .post(pieces::step)
                .options(pieces::told),
        )
        .route("/evidence/ending", get(ending::get))
        .route("/evidence/{id}", get(paper::get))
        .route("/evidence/{id}/edit", get(paper::edit).post(paper::describe))
        .route(
            "/evidence/{id}/replace",
            get(paper::new_version).post(paper::replace).layer(DefaultBodyLimit::disable()),
        )
        .route("/evidence/{id}/pages/{page}", get(paper::page))
        .route("/evidence/{id}/pages/{page}/picture", get(paper::picture))
        .route("/evidence/{id}/withdraw", post(vault::withdraw))
        .route("/evidence/{id}/file", get(file::get))
}
