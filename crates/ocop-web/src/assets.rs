//! The stylesheet, the script and the icons, embedded in the program.

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ocop_app::{App, AppError};
use rust_embed::Embed;

use crate::page::WebError;

#[derive(Embed)]
#[folder = "assets"]
struct Assets;

/// Changes with every release, so that browsers may keep assets for a year.
pub const VERSION_QUERY: &str = concat!("?v=", env!("CARGO_PKG_VERSION"), "-", env!("OCOP_ASSETS_HASH"));

/// `/assets/…`
pub fn routes() -> Router<App> {
    Router::new().route("/assets/{*path}", get(asset))
}

async fn asset(Path(path): Path<String>) -> Response {
    match Assets::get(&path) {
        Some(file) => (
            [
                (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
                (header::CACHE_CONTROL, "public, max-age=31536000".to_owned()),
            ],
            file.data,
        )
            .into_response(),
        None => WebError(AppError::NotFound).into_response(),
    }
}
