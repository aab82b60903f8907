//! Relatives in councils, declared by the producer's side.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{RelativeInput, RelativesView, declare_relative, relatives};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/relatives.html")]
struct RelativesPage {
    page: Page,
    view: RelativesView,
    form: RelativeInput,
    errors: Errors,
}

async fn shown(app: &App, signed: &SignedIn, id: &DossierId) -> Result<RelativesPage, AppError> {
    let view = relatives(app, &signed.actor, id).await?;
    let page = Page::new("Người thân trong Hội đồng", &signed.viewer);
    Ok(RelativesPage { page, view, form: RelativeInput::default(), errors: Errors::none() })
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id).await?))
}

/// Declares one.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<RelativeInput>,
) -> Outcome {
    match declare_relative(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/relatives?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &signed, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), RelativesPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
