//! The office's page of a council's substitutes.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{ReplaceInput, ReplacementsView, council_replacements, replace_member};
use ocop_app::{App, AppError};
use ocop_core::councils::SeatScope;
use ocop_core::id::CouncilId;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/replacements.html")]
struct ReplacementsPage {
    page: Page,
    view: ReplacementsView,
    form: ReplaceInput,
    errors: Errors,
}

impl ReplacementsPage {
    /// For the council only where no dossier is left to choose.
    fn scopes(&self) -> impl Iterator<Item = SeatScope> {
        let has_dossiers = !self.view.dossiers.is_empty();
        SeatScope::ALL.iter().copied().filter(move |scope| *scope == SeatScope::Council || has_dossiers)
    }

    fn stands_in(&self, scope: &SeatScope) -> bool {
        *scope == SeatScope::Dossiers
    }

    fn is_ticked(&self, id: &impl std::fmt::Display) -> bool {
        self.form.dossiers.contains(&id.to_string())
    }
}

async fn shown(app: &App, signed: &SignedIn, id: &CouncilId) -> Result<ReplacementsPage, AppError> {
    let view = council_replacements(app, &signed.actor, id).await?;
    let page = Page::new("Thay thành viên", &signed.viewer);
    let form = ReplaceInput { version: view.council.version.to_string(), ..ReplaceInput::default() };
    Ok(ReplacementsPage { page, view, form, errors: Errors::none() })
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<CouncilId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id).await?))
}

/// Puts a substitute in a member's place.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<ReplaceInput>,
) -> Outcome {
    match replace_member(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/councils/{id}?done=replaced#seats"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &signed, &id).await?;
            let form = ReplaceInput { version: fresh.form.version.clone(), ..form };
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), ReplacementsPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
