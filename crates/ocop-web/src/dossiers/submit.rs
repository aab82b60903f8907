//! What still lacks, and the submission.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, SubmitView};
use ocop_app::{App, AppError};
use ocop_core::dossiers::Lack;
use ocop_core::id::DossierId;

use crate::page::{Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/submit.html")]
struct SubmitPage {
    page: Page,
    view: SubmitView,
    must: Vec<LackRow>,
    should: Vec<LackRow>,
}

struct LackRow {
    message: String,
    /// Where to mend it.
    href: String,
}

fn row(id: &DossierId, lack: &Lack) -> LackRow {
    let href = match lack.place.strip_prefix("criterion:") {
        Some(code) => format!("/dossiers/{id}/self-assessment/{code}"),
        None if lack.place == "evidence" => format!("/dossiers/{id}/evidence"),
        None => format!("/dossiers/{id}/form#{}", lack.place),
    };
    LackRow { message: lack.message.clone(), href }
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = dossiers::submit_page(app, &signed.actor, id).await?;
    let page = Page::new("Nộp hồ sơ", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    let must = view.must.iter().map(|lack| row(id, lack)).collect();
    let should = view.should.iter().map(|lack| row(id, lack)).collect();
    Ok(html_with(error.map_or(StatusCode::OK, status_of), SubmitPage { page, view, must, should }))
}

/// The page before submitting.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, None).await?)
}

/// Submits.
pub async fn post(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    match dossiers::submit(&app, &signed.actor, &id).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}?done=submitted"))),
        Err(error) if is_for_the_form(&error) => Ok(shown(&app, &signed, &id, Some(&error)).await?),
        Err(error) => Err(error.into()),
    }
}
