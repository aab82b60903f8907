//! Pages of a dossier: opening, form, self-assessment, papers, submission, requests, and the page
//! on which everybody concerned finds it.

mod assessment;
mod citations;
mod criterion;
mod evidence;
mod form;
mod open;
mod overview;
mod renewal_check;
mod request;
mod submit;
mod way;
mod withdraw;

pub use way::WayCard;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use ocop_app::App;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dossiers/new", get(open::get).post(open::post))
        .route("/dossiers/{id}", get(overview::get))
        .route("/dossiers/{id}/form", get(form::get).post(form::post))
        .route("/dossiers/{id}/self-assessment", get(assessment::get))
        .route("/dossiers/{id}/self-assessment/{code}", get(criterion::get).post(criterion::post))
        .route(
            "/dossiers/{id}/evidence",
            get(evidence::get).post(evidence::post).layer(DefaultBodyLimit::disable()),
        )
        .route("/dossiers/{id}/citations", post(citations::cite))
        .route("/dossiers/{id}/citations/remove", post(citations::uncite))
        .route("/dossiers/{id}/submit", get(submit::get).post(submit::post))
        .route("/dossiers/{id}/withdraw", get(withdraw::get).post(withdraw::post))
        .route("/dossiers/{id}/renewal-check", get(renewal_check::get).post(renewal_check::post))
        .route("/dossiers/{id}/requests/{request}", get(request::get).post(request::post))
}
