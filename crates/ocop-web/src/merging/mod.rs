//! Duplicates of the register: the list, two records side by side, merged, parted again.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Form, Router};
use ocop_app::merging::{self, Candidate, Duplicates, Merged, Preview};
use ocop_app::{App, AppError};
use ocop_core::merging::Record;
use serde::Deserialize;

use crate::page::{Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// `merge_records`, except for looking, which asks for it, too.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registry/duplicates", get(list))
        .route("/registry/duplicates/merge", get(preview).post(merge))
        .route("/registry/duplicates/undo", post(undo))
}

#[derive(Template)]
#[template(path = "merging/list.html")]
struct ListPage {
    page: Page,
    view: Duplicates,
}

/// Where two records are looked at side by side.
fn side_by_side(record: Record, kept: &str, gone: &str) -> String {
    format!("/registry/duplicates/merge?record={record}&kept={kept}&gone={gone}")
}

impl ListPage {
    fn look(&self, one: &Candidate) -> String {
        side_by_side(one.record, &one.first.id, &one.second.id)
    }

    fn why(&self, one: &Candidate) -> String {
        one.why.iter().map(|likeness| likeness.name()).collect::<Vec<_>>().join(", ")
    }

    fn kept(&self, one: &Merged) -> String {
        match one.record {
            Record::Producer => format!("/producers/{}", one.kept.id),
            Record::Product => format!("/products/{}", one.kept.id),
        }
    }
}

async fn list_page(app: &App, signed: &SignedIn, error: Option<&AppError>) -> Result<ListPage, AppError> {
    let view = merging::duplicates(app, &signed.actor).await?;
    let page = Page::new("Bản ghi trùng", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(ListPage { page, view })
}

/// Pairs that may be one, and merges that can be undone.
async fn list(State(app): State<App>, signed: SignedIn) -> Outcome {
    Ok(html(list_page(&app, &signed, None).await?))
}

/// Which two records.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    record: String,
    kept: String,
    gone: String,
}

impl Which {
    fn record(&self) -> Result<Record, AppError> {
        self.record.parse().map_err(|_| AppError::NotFound)
    }
}

#[derive(Template)]
#[template(path = "merging/preview.html")]
struct PreviewPage {
    page: Page,
    view: Preview,
    /// Names of the fields that come from the duplicate.
    take: Vec<String>,
}

impl PreviewPage {
    fn takes(&self, field: &str) -> bool {
        self.take.iter().any(|name| name == field)
    }

    /// The same two, the other way round.
    fn swapped(&self) -> String {
        side_by_side(self.view.record, &self.view.gone.id, &self.view.kept.id)
    }

    /// A text as the form shows it.
    fn told<'a>(&self, text: &'a str) -> &'a str {
        if text.is_empty() { "(không ghi)" } else { text }
    }
}

/// Two records side by side.
async fn preview(State(app): State<App>, signed: SignedIn, Query(which): Query<Which>) -> Outcome {
    let view = merging::preview(&app, &signed.actor, which.record()?, &which.kept, &which.gone).await?;
    let take = view.differences.iter().filter(|one| one.from_gone).map(|one| one.name.to_owned()).collect();
    Ok(html(PreviewPage { page: Page::new("Gộp bản ghi trùng", &signed.viewer), view, take }))
}

/// Merges them: each field that differs says whose text stays (`take_phone=gone`).
async fn merge(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<BTreeMap<String, String>>,
) -> Outcome {
    let text = |name: &str| form.get(name).cloned().unwrap_or_default();
    let which = Which { record: text("record"), kept: text("kept"), gone: text("gone") };
    let record = which.record()?;
    let chosen = form.iter().filter(|(_, from)| *from == "gone");
    let take: Vec<String> =
        chosen.filter_map(|(name, _)| name.strip_prefix("take_").map(str::to_owned)).collect();
    let both = (which.kept.as_str(), which.gone.as_str());
    match merging::merge(&app, &signed.actor, record, both, &take).await {
        Ok(()) => Ok(see_other("/registry/duplicates?done=merged")),
        Err(error) if is_for_the_form(&error) => {
            let view = merging::preview(&app, &signed.actor, record, both.0, both.1).await?;
            let page = Page::new("Gộp bản ghi trùng", &signed.viewer).refused(&error);
            Ok(html_with(status_of(&error), PreviewPage { page, view, take }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Parts two records again.
async fn undo(State(app): State<App>, signed: SignedIn, Form(which): Form<Which>) -> Outcome {
    match merging::undo(&app, &signed.actor, &which.gone).await {
        Ok(()) => Ok(see_other("/registry/duplicates?done=parted")),
        Err(error) if is_for_the_form(&error) => {
            Ok(html_with(status_of(&error), list_page(&app, &signed, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}
