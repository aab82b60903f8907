//! Pages of producers: those one acts for, the register, one producer.

mod list;
mod members;
mod register;
mod show;

use axum::Router;
use axum::routing::{get, post};
use ocop_app::App;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/producers", get(list::get))
        .route("/producers/new", get(register::new).post(register::create))
        .route("/producers/{id}", get(show::get))
        .route("/producers/{id}/edit", get(register::edit).post(register::update))
        .route("/producers/{id}/members", get(members::get).post(members::invite))
        .route("/producers/{id}/members/remove", post(members::remove))
        .route("/producers/{id}/members/withdraw", post(members::withdraw))
        .route("/invitations/{code}", get(members::invitation).post(members::accept))
}
