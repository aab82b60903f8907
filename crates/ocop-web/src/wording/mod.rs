//! The office's official texts of the product sets: download, fill in, look at what changes, import.

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use ocop_app::accounts::province_of;
use ocop_app::rules::wording::{
    SetLine, WORKBOOK_LIMIT, WordingChoice, WordingImport, export_wording, import_wording, preview_wording,
    wording,
};
use ocop_app::{App, AppError};
use ocop_core::text::thousands;
use serde::Deserialize;

use crate::evidence::Sent;
use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, saved, see_other, status_of};
use crate::viewer::SignedIn;

const TITLE: &str = "Lời văn bộ tiêu chí";

/// All of them `manage_wording`. The upload's limit is the program's own, so that a file that is too
/// large ends in a sentence.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/wording", get(list).post(look).layer(DefaultBodyLimit::disable()))
        .route("/wording/workbook", get(download))
        .route("/wording/import", post(import))
}

#[derive(Template)]
#[template(path = "wording/list.html")]
struct ListPage {
    page: Page,
    sets: Vec<SetLine>,
    errors: Errors,
}

impl ListPage {
    /// How many official texts there are in all, in a sentence.
    fn official(&self) -> String {
        let sum = |count: fn(&SetLine) -> usize| -> usize { self.sets.iter().map(count).sum() };
        let written = |number: usize| thousands(i64::try_from(number).unwrap_or(i64::MAX));
        match sum(|set| set.official) {
            0 => "Chưa có lời văn chính thức nào.".to_owned(),
            some => {
                format!("Đã có {} trên {} lời văn chính thức.", written(some), written(sum(|set| set.texts)))
            }
        }
    }

    /// The most that a workbook may weigh, in megabytes.
    fn limit(&self) -> usize {
        WORKBOOK_LIMIT / 1024 / 1024
    }
}

#[derive(Template)]
#[template(path = "wording/preview.html")]
struct PreviewPage {
    page: Page,
    seen: WordingImport,
}

async fn page(app: &App, signed: &SignedIn, error: Option<&AppError>) -> Result<ListPage, AppError> {
    let province = province_of(&signed.actor).unwrap_or_default();
    let sets = wording(app, &signed.actor, province).await?;
    let page = Page::new(TITLE, &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(ListPage { page, sets, errors: error.map(Errors::from).unwrap_or_default() })
}

async fn list(State(app): State<App>, signed: SignedIn) -> Outcome {
    Ok(html(page(&app, &signed, None).await?))
}

/// Which set is wanted; all of them when none is named.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    set: String,
}

async fn download(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Query(which): Query<Which>,
) -> Outcome {
    let mut choice = WordingChoice::of_today(&app)?;
    if !which.set.is_empty() {
        choice.sets = vec![which.set.parse().map_err(|_| AppError::NotFound)?];
    }
    let book = export_wording(&app, &actor, province_of(&actor).unwrap_or_default(), &choice).await?;
    Ok(saved(book))
}

/// Shows what a file would change; nothing is changed yet.
async fn look(State(app): State<App>, signed: SignedIn, form: Multipart) -> Outcome {
    let province = province_of(&signed.actor).unwrap_or_default();
    // Whoever may not is told so before a file is read.
    page(&app, &signed, None).await?;
    let seen = match Sent::read(form).await {
        Ok(sent) => preview_wording(&app, &signed.actor, province, sent.upload).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(seen) => {
            Ok(html(PreviewPage { page: Page::new("Xem trước lời văn", &signed.viewer), seen }))
        }
        Err(error) => refused(&app, &signed, &error).await,
    }
}

async fn refused(app: &App, signed: &SignedIn, error: &AppError) -> Outcome {
    let page = page(app, signed, Some(error)).await?;
    let status = if is_for_the_form(error) { status_of(error) } else { StatusCode::INTERNAL_SERVER_ERROR };
    Ok(html_with(status, page))
}

/// The file that was looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Seen {
    /// SHA-256 of the file.
    file: String,
    /// What it was compared with.
    basis: String,
}

async fn import(State(app): State<App>, signed: SignedIn, Form(seen): Form<Seen>) -> Outcome {
    let province = province_of(&signed.actor).unwrap_or_default();
    match import_wording(&app, &signed.actor, province, &seen.file, &seen.basis).await {
        Ok(_) => Ok(see_other("/wording?done=worded")),
        Err(error) if is_for_the_form(&error) => refused(&app, &signed, &error).await,
        Err(error) => Err(error.into()),
    }
}
