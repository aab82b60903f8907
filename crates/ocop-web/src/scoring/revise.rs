//! Revising one criterion of one's own sealed ballot after discussion.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::scoring::{ReviseInput, ReviseView, revise_ballot, revision};
use ocop_app::{App, AppError};
use ocop_core::id::BallotId;

use crate::page::{Errors, IdAnd, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "scoring/revise.html")]
struct RevisePage {
    page: Page,
    view: ReviseView,
    form: ReviseInput,
    errors: Errors,
}

impl RevisePage {
    fn chosen(&self, case: &u8, level: &u8) -> bool {
        self.form.choice == format!("{case}:{level}")
    }

    fn none_chosen(&self) -> bool {
        self.form.choice.ends_with(":0")
    }
}

async fn shown(app: &App, signed: &SignedIn, id: &BallotId, code: &str) -> Result<RevisePage, AppError> {
    let view = revision(app, &signed.actor, id, code).await?;
    let page = Page::new(format!("Sửa tiêu chí {code}: {}", view.head.product), &signed.viewer);
    let form = ReviseInput {
        choice: String::new(),
        note: view.pane.remark.clone(),
        reason: String::new(),
        version: view.head.version.to_string(),
    };
    Ok(RevisePage { page, view, form, errors: Errors::none() })
}

/// The form.
pub async fn get(State(app): State<App>, signed: SignedIn, IdAnd(id, code): IdAnd<BallotId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id, &code).await?))
}

/// Revises the criterion.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, code): IdAnd<BallotId>,
    Form(form): Form<ReviseInput>,
) -> Outcome {
    match revise_ballot(&app, &signed.actor, &id, &code, &form).await {
        Ok(()) => Ok(see_other(&format!("/ballots/{id}/review?done=revised"))),
        Err(error) if is_for_the_form(&error) => {
            // Where nothing can be revised any more, there is no form to come back to.
            let Ok(fresh) = shown(&app, &signed, &id, &code).await else { return Err(error.into()) };
            let form = ReviseInput { version: fresh.form.version.clone(), ..form };
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), RevisePage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
