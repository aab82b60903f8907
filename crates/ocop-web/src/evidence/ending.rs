//! The office's list of running certificates whose papers end before them.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::evidence::{self, EndingCertificate};

use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "evidence/ending.html")]
struct EndingPage {
    page: Page,
    found: Vec<EndingCertificate>,
}

/// The list.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Outcome {
    let found = evidence::ending_of_office(&app, &signed.actor).await?;
    Ok(html(EndingPage {
        page: Page::new("Giấy tờ hết hạn trước giấy chứng nhận", &signed.viewer), found
    }))
}
