//! Letting a member leave while the council scores.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::scoring::{ExcuseInput, ExcuseView, excuse, excuse_member};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "scoring/excuse.html")]
struct ExcusePage {
    page: Page,
    view: ExcuseView,
    form: ExcuseInput,
    errors: Errors,
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ExcusePage, AppError> {
    let view = excuse(app, actor, id).await?;
    let page = Page::new("Cho thành viên rời phiên", viewer);
    Ok(ExcusePage { page, view, form: ExcuseInput::default(), errors: Errors::none() })
}

/// The form.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Lets the member leave.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ExcuseInput>,
) -> Outcome {
    match excuse_member(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/scoring?done=excused"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), ExcusePage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
