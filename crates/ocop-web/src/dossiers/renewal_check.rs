//! The office checks a re-evaluation and reports to the chair.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, RenewalCheckInput, RenewalCheckView};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/renewal_check.html")]
struct CheckPage {
    page: Page,
    view: RenewalCheckView,
    errors: Errors,
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Option<(RenewalCheckInput, &AppError)>,
) -> Result<Response, AppError> {
    let mut view = dossiers::renewal_check(app, &signed.actor, id).await?;
    let mut page = Page::new("Kiểm tra hồ sơ đánh giá lại", &signed.viewer);
    let (mut status, mut errors) = (StatusCode::OK, Errors::none());
    if let Some((input, error)) = typed {
        view.input = input;
        page = page.refused(error);
        (status, errors) = (status_of(error), Errors::from(error));
    }
    Ok(html_with(status, CheckPage { page, view, errors }))
}

/// The check, to be written or read.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, None).await?)
}

/// Files it.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<RenewalCheckInput>,
) -> Outcome {
    match dossiers::file_renewal_check(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}?done=checked"))),
        Err(error) if is_for_the_form(&error) => Ok(shown(&app, &signed, &id, Some((input, &error))).await?),
        Err(error) => Err(error.into()),
    }
}
