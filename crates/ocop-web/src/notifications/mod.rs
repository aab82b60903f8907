//! What the person has been told.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use ocop_app::App;
use ocop_app::notifications::{Notification, list, read_all};
use ocop_core::time::date;

use crate::page::{Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

/// `/notifications`: `manage_own_account`.
pub fn routes() -> Router<App> {
    Router::new().route("/notifications", get(show)).route("/notifications/read", post(read))
}

#[derive(Template)]
#[template(path = "notifications/list.html")]
struct NotificationsPage {
    page: Page,
    notifications: Vec<Notification>,
}

impl NotificationsPage {
    /// `27/11/2026 10:32 · hạn 04/12/2026`.
    fn when(&self, notification: &Notification) -> String {
        let due = notification.due_on.map(|day| format!(" · hạn {}", date(day))).unwrap_or_default();
        format!("{}{due}", notification.at.written())
    }
}

async fn show(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let notifications = list(&app, &actor).await?;
    Ok(html(NotificationsPage { page: Page::new("Thông báo", &viewer), notifications }))
}

async fn read(State(app): State<App>, SignedIn { actor, .. }: SignedIn) -> Outcome {
    read_all(&app, &actor).await?;
    Ok(see_other("/notifications?done=read"))
}
