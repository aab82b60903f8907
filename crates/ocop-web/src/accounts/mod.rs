//! Sign in, register, one's own account, and the accounts that the provincial office gives.

mod account;
mod given;
mod login;
mod register;

use axum::Router;
use axum::routing::{get, post};
use ocop_app::App;

/// `/login`, `/logout`, `/register`: anybody. `/account`: `manage_own_account`.
/// `/accounts`: `manage_accounts`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/logout", post(login::logout))
        .route("/register", get(register::get).post(register::post))
        .route("/account", get(account::get).post(account::post))
        .route("/account/notifications", post(account::notifications))
        .route("/accounts", get(given::get).post(given::post))
}

/// Whether the program is reached by HTTPS, so that the cookie may be kept from plain HTTP.
fn is_secure(app: &App) -> bool {
    app.base_url.starts_with("https://")
}
