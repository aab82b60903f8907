//! The page of a producer.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::producers::{self, ProducerView};
use ocop_core::id::ProducerId;
use ocop_core::time::date;

use crate::page::{Id, Outcome, Page, html};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "producers/show.html")]
struct ShowPage {
    page: Page,
    view: ProducerView,
    registered_on: String,
}

/// The page of a producer: register, products with their dossiers, vault of papers.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<ProducerId>) -> Outcome {
    let view = producers::view(&app, &signed.actor, &id).await?;
    Ok(html(ShowPage {
        page: Page::new(view.producer.name.clone(), &signed.viewer),
        registered_on: view.producer.registered_on.map(date).unwrap_or_default(),
        view,
    }))
}
