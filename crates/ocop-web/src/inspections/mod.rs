//! Visits after recognition: the office's plan, the record, the producer's answer.

mod plan;
mod record;
mod show;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use ocop_app::App;

pub use show::tag_of;

/// Routes: `inspect`; `read_inspection` for the visit, its record and photographs; `answer_inspection`;
/// `issue_paper` for its number.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/inspections", get(plan::year).post(plan::plan_for_year))
        .route("/certificates/{id}/inspection", get(plan::form).post(plan::post))
        .route("/inspections/{id}", get(show::get))
        .route("/inspections/{id}/cancel", post(show::cancel))
        .route("/inspections/{id}/answer", post(show::answer))
        .route("/inspections/{id}/close", post(show::close))
        .route("/inspections/{id}/photos", post(show::add).layer(DefaultBodyLimit::disable()))
        .route("/inspections/{id}/photos/{no}", get(show::photograph))
        .route("/inspections/{id}/record", get(record::form).post(record::post))
        .route("/inspections/{id}/record.pdf", get(record::paper))
        .route("/inspections/{id}/number", get(record::number_form).post(record::number))
}
