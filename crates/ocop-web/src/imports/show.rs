//! How far a file is, and what became of its rows.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use ocop_app::imports::{self, Fault, Refused, Run};
use ocop_app::{App, AppError};
use ocop_core::id::ImportId;
use ocop_core::imports::columns::Column;
use ocop_core::imports::run::RunState;
use ocop_core::text::thousands;
use serde::Deserialize;

use super::mark;
use crate::page::{Id, Outcome, Page, html, html_with, is_for_the_form, saved, see_other, status_of};
use crate::viewer::SignedIn;

/// Seconds after which the page of a running import is asked for again.
const REFRESH: HeaderValue = HeaderValue::from_static("3");

#[derive(Template)]
#[template(path = "imports/show.html")]
struct ShowPage {
    page: Page,
    run: Run,
    refused: Vec<Refused>,
    /// The row that the next page of refused rows begins after.
    next: Option<u32>,
}

impl ShowPage {
    fn mark(&self) -> (&'static str, &'static str) {
        mark(self.run.state)
    }

    fn words(&self, fault: &Fault) -> String {
        imports::words(fault, &self.run)
    }

    fn is_checked(&self) -> bool {
        self.run.state == RunState::Checked
    }

    fn is_running(&self) -> bool {
        self.run.state == RunState::Running
    }

    fn is_stopped(&self) -> bool {
        self.run.state == RunState::Stopped
    }

    fn is_finished(&self) -> bool {
        self.run.state == RunState::Finished
    }

    fn number(&self, number: &i64) -> String {
        thousands(*number)
    }

    /// What stands above the counts.
    fn lede(&self) -> String {
        let (done, all) = (thousands(self.run.rows_done), thousands(self.run.rows_total));
        match self.run.state {
            RunState::Draft => "Tệp chờ ghép cột.".to_owned(),
            RunState::Checked => format!("Đã đọc thử {all} dòng. Chưa có gì thay đổi trong sổ."),
            RunState::Running => {
                format!("Đã xong {done} trên {all} dòng. Có thể rời trang này; việc nhập vẫn tiếp tục.")
            }
            RunState::Stopped => {
                format!("Đã dừng sau {done} trên {all} dòng. Các dòng đã nhập vẫn còn trong sổ.")
            }
            RunState::Finished => {
                let at = self.run.finished_at.map(|at| at.written()).unwrap_or_default();
                format!("Đã đọc hết {all} dòng lúc {at}.")
            }
        }
    }

    /// What a refused row is about: its product and producer.
    fn called(&self, row: &Refused) -> String {
        let cell = |column: Column| {
            let at = self.run.mapping.iter().position(|one| *one == Some(column));
            at.and_then(|at| row.cells.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
        };
        let named = [cell(Column::ProductName), cell(Column::ProducerName)];
        named.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// Which refused rows are shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    /// Number of the row that they come after.
    after: String,
}

async fn page(
    app: &App,
    signed: &SignedIn,
    id: &ImportId,
    after: u32,
    error: Option<&AppError>,
) -> Result<ShowPage, AppError> {
    let run = imports::run(app, &signed.actor, id).await?;
    let refused = imports::refused(app, &signed.actor, id, after).await?;
    let full = i64::try_from(refused.len()).is_ok_and(|shown| shown == imports::ROWS_SHOWN);
    let next = refused.last().map(|row| row.row).filter(|_| full);
    let page = Page::new(run.file_name.clone(), &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(ShowPage { page, run, refused, next })
}

/// The page asks for itself again while rows go in.
fn answered(page: ShowPage) -> Response {
    let running = page.is_running();
    let mut response = html(page);
    if running {
        response.headers_mut().insert(HeaderName::from_static("refresh"), REFRESH);
    }
    response
}

/// Shows an import.
pub async fn show(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ImportId>,
    Query(from): Query<From>,
) -> Outcome {
    let page = page(&app, &signed, &id, from.after.parse().unwrap_or_default(), None).await?;
    if page.run.state == RunState::Draft {
        return Ok(see_other(&format!("/imports/{id}/columns")));
    }
    Ok(answered(page))
}

async fn done(app: &App, signed: &SignedIn, id: &ImportId, done: Result<(), AppError>) -> Outcome {
    match done {
        Ok(()) => Ok(see_other(&format!("/imports/{id}"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(html_with(status_of(&error), page(app, signed, id, 0, Some(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Sets the rows going, or going again.
pub async fn start(State(app): State<App>, signed: SignedIn, Id(id): Id<ImportId>) -> Outcome {
    let started = imports::start(&app, &signed.actor, &id).await;
    done(&app, &signed, &id, started).await
}

/// Stops after the rows that are going in.
pub async fn stop(State(app): State<App>, signed: SignedIn, Id(id): Id<ImportId>) -> Outcome {
    let stopped = imports::stop(&app, &signed.actor, &id).await;
    done(&app, &signed, &id, stopped).await
}

/// The refused rows as a workbook.
pub async fn refused(State(app): State<App>, signed: SignedIn, Id(id): Id<ImportId>) -> Outcome {
    let book = imports::refused_workbook(&app, &signed.actor, &id).await?;
    Ok(saved(book))
}
