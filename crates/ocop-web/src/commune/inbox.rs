//! The dossiers of the officer's commune.

use askama::Template;
use axum::extract::{Query, State};
use ocop_app::App;
use ocop_app::commune::{Inbox, InboxFilter, inbox};

use crate::page::{Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "commune/inbox.html")]
struct InboxPage {
    page: Page,
    inbox: Inbox,
    filter: InboxFilter,
}

/// The list.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(filter): Query<InboxFilter>,
) -> Outcome {
    let inbox = inbox(&app, &actor, &filter).await?;
    Ok(html(InboxPage {
        page: Page::new(format!("Hồ sơ của {}", inbox.commune), &viewer), inbox, filter
    }))
}
