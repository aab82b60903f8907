//! The producers that the reader acts for.

use askama::Template;
use axum::extract::State;
use ocop_app::{App, producers};

use crate::page::{Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "producers/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    kind: &'static str,
}

/// The producers one acts for; with exactly one, its page.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Outcome {
    let mine = producers::mine(&app, &signed.actor).await?;
    if let [only] = mine.as_slice() {
        return Ok(see_other(&format!("/producers/{}", only.id)));
    }
    let rows = mine
        .into_iter()
        .map(|producer| Row { id: producer.id.to_string(), name: producer.name, kind: producer.kind.name() })
        .collect();
    Ok(html(ListPage { page: Page::new("Cơ sở và sản phẩm", &signed.viewer), rows }))
}
