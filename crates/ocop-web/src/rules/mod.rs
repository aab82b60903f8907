//! The law for reading: product sets, sheets, what changed from an older sheet. Open to everybody.

mod compare;
mod list;
mod sheet;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::routing::get;
use ocop_app::rules::RegimeHead;
use ocop_app::{App, AppError};
use ocop_core::time::date;

use crate::page::WebError;

/// `/rules`, `/rules/{regime}/{set}`, `/rules/compare/{regime}/{set}`: anybody.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/rules", get(list::get))
        .route("/rules/{regime}/{set}", get(sheet::get))
        .route("/rules/compare/{regime}/{set}", get(compare::get))
}

/// Regime and number of a set in the path; anything else is an unknown page.
pub struct SetPath {
    regime: String,
    no: u16,
}

impl<S: Send + Sync> FromRequestParts<S> for SetPath {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let unknown = || WebError(AppError::NotFound);
        let Path((regime, no)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        Ok(Self { regime, no: no.parse().map_err(|_| unknown())? })
    }
}

/// `Có hiệu lực từ 22/05/2026`, or from when to when.
fn in_force(regime: &RegimeHead) -> String {
    match regime.until.and_then(|until| until.pred_opt()) {
        None => format!("có hiệu lực từ {}", date(regime.from)),
        Some(last) => format!("có hiệu lực từ {} đến {}", date(regime.from), date(last)),
    }
}
