//! The producer takes a dossier back.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, Head, WithdrawInput};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "dossiers/withdraw.html")]
struct WithdrawPage {
    page: Page,
    head: Head,
    form: WithdrawInput,
    errors: Errors,
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Option<(WithdrawInput, &AppError)>,
) -> Result<Response, AppError> {
    let head = dossiers::withdraw_page(app, &signed.actor, id).await?;
    let page = Page::new("Rút hồ sơ", &signed.viewer);
    let Some((form, error)) = typed else {
        let form = WithdrawInput::default();
        return Ok(html_with(StatusCode::OK, WithdrawPage { page, head, form, errors: Errors::none() }));
    };
    let page = WithdrawPage { page: page.refused(error), head, form, errors: Errors::from(error) };
    Ok(html_with(status_of(error), page))
}

/// The page before.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, None).await?)
}

/// Withdraws it.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<WithdrawInput>,
) -> Outcome {
    match dossiers::withdraw(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}?done=withdrawn"))),
        Err(error) if is_for_the_form(&error) => Ok(shown(&app, &signed, &id, Some((input, &error))).await?),
        Err(error) => Err(error.into()),
    }
}
