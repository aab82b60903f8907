//! Complaints: filed by a producer or by anybody, handled and answered by the office.

mod file;
mod office;

use axum::Router;
use axum::routing::{get, post};
use ocop_app::App;

/// Routes: `/p/{id}/complaint` is for anybody; `file_complaint` for a producer's own; `read_complaint`,
/// `handle_complaint`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/p/{id}/complaint", get(file::report_page).post(file::send_report))
        .route("/dossiers/{id}/complaint", get(file::form).post(file::post))
        .route("/complaints", get(office::list))
        .route("/complaints/{id}", get(office::show).post(office::handle))
        .route("/complaints/{id}/answer", post(office::answer))
        .route("/complaints/{id}/withdraw", post(office::withdraw))
        .route("/complaints/{id}/answer.pdf", get(office::letter))
}
