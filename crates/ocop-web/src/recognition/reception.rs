//! The office reads a proposed dossier, accepts it or asks for its completion.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::recognition::{
    CompletionInput, ReceptionView, accept_dossier, reception, return_from_province,
};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "recognition/reception.html")]
struct ReceptionPage {
    page: Page,
    view: ReceptionView,
    form: CompletionInput,
    errors: Errors,
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ReceptionPage, AppError> {
    let view = reception(app, actor, id).await?;
    let page = Page::new(format!("Tiếp nhận: {}", view.dossier.product), viewer);
    Ok(ReceptionPage { page, view, form: CompletionInput::default(), errors: Errors::none() })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Accepts the dossier into the round.
pub async fn accept(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    accept_dossier(&app, &actor, &id).await?;
    Ok(see_other(&format!("/dossiers/{id}?done=accepted")))
}

/// Asks for completion.
pub async fn send_back(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<CompletionInput>,
) -> Outcome {
    match return_from_province(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}?done=returned"))),
        Err(error @ AppError::Invalid(_)) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), ReceptionPage { form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
