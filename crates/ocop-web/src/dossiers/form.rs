//! Forms 01 and 02 of a dossier.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use ocop_app::dossiers::{self, FormInput, FormView};
use ocop_app::{App, AppError};
use ocop_core::dossiers::DossierKind;
use ocop_core::id::DossierId;
use ocop_core::time::date;
use serde_json::json;

use crate::evidence::message;
use crate::page::{
    Errors, Id, Outcome, Page, html_with, is_for_the_form, json as json_answer, see_other, status_of,
};
use crate::viewer::{SignedIn, WantsJson};

#[derive(Template)]
#[template(path = "dossiers/form.html")]
struct FormPage {
    page: Page,
    view: FormView,
    errors: Errors,
    registered_on: String,
}

impl FormPage {
    /// Whether the product was recognised before: what has changed is asked for.
    fn is_later(&self) -> bool {
        self.view.kind != DossierKind::First
    }
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Option<(FormInput, &AppError)>,
) -> Result<axum::response::Response, AppError> {
    let mut view = dossiers::form(app, &signed.actor, id).await?;
    let mut page = Page::new("Phiếu đăng ký và báo cáo", &signed.viewer);
    let (mut status, mut errors) = (StatusCode::OK, Errors::none());
    if let Some((input, error)) = typed {
        // The mark stays the one that was typed against: a stale save stays stale until reloaded.
        view.input = input;
        page = page.refused(error);
        (status, errors) = (status_of(error), Errors::from(error));
    }
    let registered_on = view.producer.registered_on.map(date).unwrap_or_default();
    Ok(html_with(status, FormPage { page, view, errors, registered_on }))
}

/// The forms.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, None).await?)
}

/// Saves the forms.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<DossierId>,
    Form(input): Form<FormInput>,
) -> Outcome {
    match dossiers::save_form(&app, &signed.actor, &id, &input).await {
        Ok(version) if wants_json => {
            let body = json!({ "saved_at": app.now().hour(), "version": version });
            Ok(json_answer(StatusCode::OK, &body))
        }
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}?done=saved"))),
        Err(error) if wants_json => Ok(message(&error)),
        Err(error) if is_for_the_form(&error) => Ok(shown(&app, &signed, &id, Some((input, &error))).await?),
        Err(error) => Err(error.into()),
    }
}
