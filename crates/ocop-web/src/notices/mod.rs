//! What the person has been told.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use ocop_app::App;
use ocop_app::notices::{Notice, list, read_all};
use ocop_core::time::date;

use crate::page::{Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

/// `/notices`: `manage_own_account`.
pub fn routes() -> Router<App> {
    Router::new().route("/notices", get(show)).route("/notices/read", post(read))
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct NoticesPage {
    page: Page,
    notices: Vec<Notice>,
}

impl NoticesPage {
    /// `27/11/2026 10:32 · hạn 04/12/2026`.
    fn when(&self, notice: &Notice) -> String {
        let due = notice.due_on.map(|day| format!(" · hạn {}", date(day))).unwrap_or_default();
        format!("{}{due}", notice.at.written())
    }
}

async fn show(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let notices = list(&app, &actor).await?;
    Ok(html(NoticesPage { page: Page::new("Thông báo", &viewer), notices }))
}

async fn read(State(app): State<App>, SignedIn { actor, .. }: SignedIn) -> Outcome {
    read_all(&app, &actor).await?;
    Ok(see_other("/notices?done=read"))
}
