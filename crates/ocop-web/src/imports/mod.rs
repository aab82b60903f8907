//! An office's list of products on its way into the register: send the file, name its columns, look
//! at what it would bring, take the right rows in, get the others back.

mod columns;
mod show;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use ocop_app::accounts::province_of;
use ocop_app::imports::{self, Run};
use ocop_app::{App, AppError};
use ocop_core::imports::run::RunState;
use ocop_core::text::thousands;

use crate::evidence::Sent;
use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, saved, see_other, status_of};
use crate::viewer::SignedIn;

/// All of them `import_register`. The upload's limit is the program's own, so that a file that is too
/// large ends in a sentence.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/imports", get(list).post(look).layer(DefaultBodyLimit::disable()))
        .route("/imports/template", get(template))
        .route("/imports/{id}", get(show::show))
        .route("/imports/{id}/columns", get(columns::form).post(columns::check))
        .route("/imports/{id}/sheet", post(columns::choose_sheet))
        .route("/imports/{id}/start", post(show::start))
        .route("/imports/{id}/stop", post(show::stop))
        .route("/imports/{id}/refused", get(show::refused))
}

#[derive(Template)]
#[template(path = "imports/list.html")]
struct ListPage {
    page: Page,
    runs: Vec<Run>,
    errors: Errors,
}

impl ListPage {
    fn mark(&self, run: &Run) -> (&'static str, &'static str) {
        mark(run.state)
    }

    fn told(&self, run: &Run) -> String {
        told(run)
    }

    /// The most that a file may hold, in words.
    fn limit(&self) -> String {
        let rows = i64::try_from(imports::ROW_LIMIT).unwrap_or(i64::MAX);
        format!("{} dòng, {} MB", thousands(rows), imports::FILE_LIMIT / 1024 / 1024)
    }
}

/// The mark of a state: its colour and a word.
fn mark(state: RunState) -> (&'static str, &'static str) {
    let kind = match state {
        RunState::Draft | RunState::Checked => "wait",
        RunState::Running => "info",
        RunState::Stopped => "late",
        RunState::Finished => "ok",
    };
    (kind, state.name())
}

/// What became of the rows, in a sentence.
fn told(run: &Run) -> String {
    let counts = &run.counts;
    let rows = [
        (counts.added, "thêm mới"),
        (counts.changed, "thay đổi"),
        (counts.unchanged, "giữ nguyên"),
        (counts.refused, "không nhận"),
    ];
    let told: Vec<String> = rows
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", thousands(count)))
        .collect();
    if told.is_empty() { format!("{} dòng", thousands(run.rows_total)) } else { told.join(", ") }
}

async fn page(app: &App, signed: &SignedIn, error: Option<&AppError>) -> Result<ListPage, AppError> {
    let runs = imports::list(app, &signed.actor, province_of(&signed.actor).unwrap_or_default()).await?;
    let page = Page::new("Nhập danh sách từ tệp", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(ListPage { page, runs, errors: error.map(Errors::from).unwrap_or_default() })
}

async fn list(State(app): State<App>, signed: SignedIn) -> Outcome {
    Ok(html(page(&app, &signed, None).await?))
}

async fn look(State(app): State<App>, signed: SignedIn, form: Multipart) -> Outcome {
    // Whoever may not is told so before a file is read.
    page(&app, &signed, None).await?;
    let province = province_of(&signed.actor).unwrap_or_default();
    let taken = match Sent::read(form).await {
        Ok(sent) => imports::look(&app, &signed.actor, province, sent.upload).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(id) => Ok(see_other(&format!("/imports/{id}/columns"))),
        Err(error) => {
            let page = page(&app, &signed, Some(&error)).await?;
            let for_form = is_for_the_form(&error);
            Ok(html_with(if for_form { status_of(&error) } else { StatusCode::INTERNAL_SERVER_ERROR }, page))
        }
    }
}

async fn template(SignedIn { actor, .. }: SignedIn) -> Outcome {
    let book = imports::template(&actor, province_of(&actor).unwrap_or_default()).await?;
    Ok(saved(book))
}
