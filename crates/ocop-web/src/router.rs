//! Every route of the program, by noun. Each noun's `routes()` stands in its own module with the
//! action of `ocop_core::policy` that its verbs ask for.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use ocop_app::{App, AppError};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::page::WebError;
use crate::{
    accounts, assets, calendar, centre, commune, complaints, councils, dossiers, evidence, health, home,
    imports, inspections, mail, merging, notifications, papers, producers, products, public, recognition,
    registry, reports, rounds, rules, samples, scoring, search, units, wording,
};

/// Most of a request's body outside uploads: every text field of form 02 at its limit fits in.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// No inline script or style, nothing from elsewhere, frames only for our own evidence.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; media-src 'self'; object-src 'self'; \
    frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

/// The whole web face.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(health::routes())
        .merge(assets::routes())
        .merge(public::routes())
        .merge(rules::routes())
        .merge(units::routes())
        .merge(accounts::routes())
        .merge(home::routes())
        .merge(notifications::routes())
        .merge(calendar::routes())
        .merge(mail::routes())
        .merge(producers::routes())
        .merge(products::routes())
        .merge(merging::routes())
        .merge(evidence::routes())
        .merge(dossiers::routes())
        .merge(commune::routes())
        .merge(rounds::routes())
        .merge(reports::routes())
        .merge(wording::routes())
        .merge(imports::routes())
        .merge(councils::routes())
        .merge(centre::routes())
        .merge(samples::routes())
        .merge(scoring::routes())
        .merge(recognition::routes())
        .merge(inspections::routes())
        .merge(complaints::routes())
        .merge(registry::routes())
        .merge(search::routes())
        .merge(papers::routes())
        .fallback(async || WebError(AppError::NotFound))
        .with_state(app)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CsrfLayer::new())
        .layer(from_fn(plain_refusals))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            (StatusCode::INTERNAL_SERVER_ERROR, "Hệ thống đang gặp trục trặc. Hãy thử lại sau ít phút.")
                .into_response()
        }))
        .layer(CompressionLayer::new())
        .layer(header_layer(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(header_layer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_layer(header::REFERRER_POLICY, "same-origin"))
        .layer(header_layer(
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=()",
        ))
        .layer(header_layer(header::CACHE_CONTROL, "no-store"))
        .layer(TraceLayer::new_for_http())
}

fn header_layer(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Turns the framework's own English refusals (a form that cannot be read, a body that is too
/// large, a foreign origin) into a sentence of ours.
async fn plain_refusals(request: Request, next: Next) -> Response {
    let is_sent = !matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_none_or(|kind| kind.starts_with("text/plain"));
    let words = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            "Nội dung gửi lên quá lớn, nên chưa lưu. Mỗi tệp nhiều nhất 50 MB, mỗi ô chữ nhiều nhất 10.000 chữ."
        }
        StatusCode::BAD_REQUEST if !is_sent => {
            "Đường dẫn này có chỗ không đọc được nên không mở được trang. Hãy quay lại trang trước rồi thử lần nữa."
        }
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            "Không đọc được nội dung gửi lên, nên chưa lưu. Hãy quay lại trang trước, tải lại rồi thử lần nữa."
        }
        StatusCode::METHOD_NOT_ALLOWED => "Trang này không nhận cách gửi đó. Hãy quay lại trang trước.",
        StatusCode::FORBIDDEN => {
            "Biểu mẫu này được gửi từ một trang khác nên không nhận. Hãy mở trang OCOP rồi làm lại ở đó."
        }
        _ => return response,
    };
    if !is_plain {
        return response;
    }
    let mut plain = WebError(ocop_app::Refusal::because(words)).into_response();
    *plain.status_mut() = response.status();
    plain
}
