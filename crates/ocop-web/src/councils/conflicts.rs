//! The office's page of a council's conflicts of interest.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{ConflictsView, NoteConflictInput, conflicts, note_conflict};
use ocop_app::{App, AppError};
use ocop_core::id::CouncilId;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/conflicts.html")]
struct ConflictsPage {
    page: Page,
    view: ConflictsView,
    form: NoteConflictInput,
    errors: Errors,
}

impl ConflictsPage {
    fn is_dossier(&self, id: &impl std::fmt::Display) -> bool {
        self.form.dossier == id.to_string()
    }

    fn is_seat(&self, id: &impl std::fmt::Display) -> bool {
        self.form.seat == id.to_string()
    }
}

async fn shown(app: &App, signed: &SignedIn, id: &CouncilId) -> Result<ConflictsPage, AppError> {
    let view = conflicts(app, &signed.actor, id).await?;
    let page = Page::new("Xung đột lợi ích", &signed.viewer);
    Ok(ConflictsPage { page, view, form: NoteConflictInput::default(), errors: Errors::none() })
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<CouncilId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id).await?))
}

/// Notes one.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<NoteConflictInput>,
) -> Outcome {
    match note_conflict(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/councils/{id}/conflicts?done=noted"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &signed, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), ConflictsPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
