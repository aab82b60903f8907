//! Declaring a conflict of interest.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{ConflictInput, ConflictView, conflict, declare_conflict};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "councils/conflict.html")]
struct ConflictPage {
    page: Page,
    view: ConflictView,
    form: ConflictInput,
    errors: Errors,
}

impl ConflictPage {
    /// Back to the council's own page.
    fn back(&self) -> String {
        self.view.head.council.as_ref().map_or_else(|| "/councils".to_owned(), |id| format!("/councils/{id}"))
    }
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ConflictPage, AppError> {
    let view = conflict(app, actor, id).await?;
    let page = Page::new("Khai xung đột lợi ích", viewer);
    Ok(ConflictPage { page, view, form: ConflictInput::default(), errors: Errors::none() })
}

/// The form.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Declares it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ConflictInput>,
) -> Outcome {
    match declare_conflict(&app, &actor, &id, &form).await {
        Ok(()) => {
            let back = shown(&app, &actor, &viewer, &id).await?.back();
            Ok(see_other(&format!("{back}?done=declared")))
        }
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), ConflictPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
