//! The check of a certificate by the code on the paper or in its QR.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use ocop_app::App;
use ocop_app::public::{Verdict, check};
use ocop_core::recognition::{Validity, tidy_code};
use serde::Deserialize;

use crate::page::{Outcome, Page, html, html_with, see_other};
use crate::viewer::Viewer;

/// The code, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    code: String,
}

#[derive(Template)]
#[template(path = "public/check.html")]
struct CheckPage {
    page: Page,
    code: String,
    verdict: Option<Verdict>,
}

/// How a verdict looks: class, icon, heading.
struct Look {
    class: &'static str,
    icon: &'static str,
    title: &'static str,
}

impl CheckPage {
    fn look(validity: &Validity) -> Look {
        let (class, icon, title) = match validity {
            Validity::InForce => ("ok", "shield-ok", "Còn hiệu lực"),
            Validity::Expired => ("expired", "clock", "Đã hết hạn"),
            Validity::Revoked => ("revoked", "shield-x", "Đã bị thu hồi"),
            Validity::NotYet => ("expired", "clock", "Chưa có hiệu lực"),
        };
        Look { class, icon, title }
    }
}

/// The form; a typed code goes on to its own address.
pub async fn form(State(app): State<App>, viewer: Viewer, Query(typed): Query<Typed>) -> Outcome {
    if let Some(code) = tidy_code(&typed.code) {
        return Ok(see_other(&format!("/check/{code}")));
    }
    let page = Page::new("Kiểm tra giấy chứng nhận", &viewer);
    if typed.code.trim().is_empty() {
        return Ok(html(CheckPage { page, code: String::new(), verdict: None }));
    }
    answer(&app, page, &typed.code).await
}

/// The verdict on a code.
pub async fn get(State(app): State<App>, viewer: Viewer, Path(code): Path<String>) -> Outcome {
    answer(&app, Page::new("Kiểm tra giấy chứng nhận", &viewer), &code).await
}

async fn answer(app: &App, page: Page, code: &str) -> Outcome {
    let verdict = check(app, code).await?;
    let status = match &verdict {
        Verdict::Unknown { .. } => StatusCode::NOT_FOUND,
        Verdict::Known(_) => StatusCode::OK,
    };
    let code = code.trim().chars().take(40).collect();
    Ok(html_with(status, CheckPage { page, code, verdict: Some(verdict) }))
}
