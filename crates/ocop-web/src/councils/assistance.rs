//! The register of who advised or trained which producer.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{AssistanceInput, AssistanceView, assistance, note_assistance, strike_assistance};
use ocop_app::{App, AppError};
use ocop_core::councils::AssistanceKind;
use ocop_core::id::AssistanceId;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "councils/assistance.html")]
struct AssistancePage {
    page: Page,
    view: AssistanceView,
    form: AssistanceInput,
    errors: Errors,
}

impl AssistancePage {
    fn kinds(&self) -> &'static [AssistanceKind] {
        AssistanceKind::ALL
    }

    fn is_person(&self, id: &impl std::fmt::Display) -> bool {
        self.form.person == id.to_string()
    }
}

async fn shown(app: &App, signed: &SignedIn) -> Result<AssistancePage, AppError> {
    let view = assistance(app, &signed.actor).await?;
    let page = Page::new("Tư vấn, tập huấn cho chủ thể", &signed.viewer);
    Ok(AssistancePage { page, view, form: AssistanceInput::default(), errors: Errors::none() })
}

/// The register.
pub async fn get(State(app): State<App>, signed: SignedIn) -> Outcome {
    Ok(html(shown(&app, &signed).await?))
}

/// Notes an entry.
pub async fn post(State(app): State<App>, signed: SignedIn, Form(form): Form<AssistanceInput>) -> Outcome {
    match note_assistance(&app, &signed.actor, &form).await {
        Ok(_) => Ok(see_other("/assistance?done=saved")),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &signed).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), AssistancePage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Strikes a wrong entry.
pub async fn post_strike(State(app): State<App>, signed: SignedIn, Id(id): Id<AssistanceId>) -> Outcome {
    strike_assistance(&app, &signed.actor, &id).await?;
    Ok(see_other("/assistance?done=removed"))
}
