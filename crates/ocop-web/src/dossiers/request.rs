//! A request of the advisory team, and the producer's answer.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, RequestView};
use ocop_app::{App, AppError};
use ocop_core::evidence::FILE_LIMIT;
use ocop_core::id::{DossierId, RequestId};
use serde::Deserialize;

use crate::evidence::{ACCEPTED, Shown};
use crate::page::{Errors, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/request.html")]
struct RequestPage {
    page: Page,
    view: RequestView,
    answer: String,
    /// The class of the deadline.
    late: &'static str,
    errors: Errors,
    accepted: &'static str,
    limit: u64,
}

/// The answer, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    answer: String,
}

/// The page of a request, fresh or after a refusal.
pub async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    request: &RequestId,
    already: &Shown,
    answer: Option<String>,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = dossiers::request(app, &signed.actor, id, request).await?;
    let mut page = Page::new("Yêu cầu bổ sung", &signed.viewer);
    page.notice = already.notice().or(page.notice);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    let page = RequestPage {
        page,
        late: if view.card.due.late { "late" } else { "" },
        view,
        answer: answer.unwrap_or_default(),
        errors: error.map(Errors::from).unwrap_or_default(),
        accepted: ACCEPTED,
        limit: FILE_LIMIT,
    };
    Ok(html_with(error.map_or(StatusCode::OK, status_of), page))
}

fn ids((id, request): (String, String)) -> Result<(DossierId, RequestId), AppError> {
    let unknown = |_| AppError::NotFound;
    Ok((id.parse().map_err(unknown)?, request.parse().map_err(unknown)?))
}

/// The page.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    Path(path): Path<(String, String)>,
    Query(already): Query<Shown>,
) -> Outcome {
    let (id, request) = ids(path)?;
    Ok(shown(&app, &signed, &id, &request, &already, None, None).await?)
}

/// Sends the answer.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Path(path): Path<(String, String)>,
    Form(sent): Form<Answer>,
) -> Outcome {
    let (id, request) = ids(path)?;
    match dossiers::answer_request(&app, &signed.actor, &id, &request, &sent.answer).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}?done=answered"))),
        Err(error) if is_for_the_form(&error) => {
            let page =
                shown(&app, &signed, &id, &request, &Shown::default(), Some(sent.answer), Some(&error))
                    .await?;
            Ok(page)
        }
        Err(error) => Err(error.into()),
    }
}
