//! Opening a round, with the next window of the decision's calendar filled in.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use chrono::Datelike;
use ocop_app::accounts::office_of;
use ocop_app::rounds::{RoundInput, next_window, open};
use ocop_app::{App, AppError};
use ocop_core::policy::{Action, Subject, may};
use ocop_core::time::date;
use ocop_core::units::CENTRE;

use crate::page::{Errors, Outcome, Page, WebError, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "rounds/new.html")]
struct NewPage {
    page: Page,
    form: RoundInput,
    errors: Errors,
    /// Whether the round is the centre's.
    at_centre: bool,
}

const TITLE: &str = "Mở đợt đánh giá";

/// The form, filled in as far as the calendar goes.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let office = office_of(&actor).unwrap_or_default();
    let subject = Subject { province: Some(office.to_owned()), ..Subject::default() };
    let _ = may(&actor, Action::ManageRounds, &subject).map_err(|denied| WebError(denied.into()))?;
    Ok(html(NewPage {
        page: Page::new(TITLE, &viewer),
        form: proposed(&app, office)?,
        errors: Errors::none(),
        at_centre: office == CENTRE,
    }))
}

fn proposed(app: &App, office: &str) -> Result<RoundInput, AppError> {
    let today = app.today();
    let Some((propose_by, result_by)) = next_window(app, office, today)? else {
        return Ok(RoundInput::default());
    };
    let no = if propose_by.month() <= 6 { 1 } else { 2 };
    Ok(RoundInput {
        name: format!("Đợt {no} năm {}", propose_by.year()),
        opens_on: date(today),
        propose_by: date(propose_by),
        result_by: date(result_by),
        announced_at: String::new(),
    })
}

/// Opens it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Form(form): Form<RoundInput>,
) -> Outcome {
    match open(&app, &actor, office_of(&actor).unwrap_or_default(), &form).await {
        Ok(id) => Ok(see_other(&format!("/rounds/{id}?done=opened"))),
        Err(error) if is_for_the_form(&error) => {
            let at_centre = office_of(&actor) == Some(CENTRE);
            let page = Page::new(TITLE, &viewer).refused(&error);
            Ok(html_with(status_of(&error), NewPage { page, form, errors: Errors::from(&error), at_centre }))
        }
        Err(error) => Err(error.into()),
    }
}
