//! `/health`: whether the program and its database answer.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use ocop_app::App;

/// `/health`
pub fn routes() -> Router<App> {
    Router::new().route("/health", get(health))
}

async fn health(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.read().await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(fault) => {
            tracing::error!(%fault, "health");
            (StatusCode::SERVICE_UNAVAILABLE, "database out of reach\n")
        }
    }
}
