//! The register of a producer: new and changed. The province is chosen first, by the address, so
//! that the list of communes is short and needs no script.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Response;
use ocop_app::producers::{self, ProducerInput, RegisterForm};
use ocop_app::{App, AppError};
use ocop_core::id::ProducerId;
use ocop_core::producers::{Gender, ProducerKind};
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// Where the producer is, from the address.
#[derive(Debug, Default, Deserialize)]
pub struct Place {
    province: Option<String>,
}

#[derive(Template)]
#[template(path = "producers/register.html")]
struct RegisterPage {
    page: Page,
    form: RegisterForm,
    errors: Errors,
    /// `/producers/new` or `/producers/ID/edit`.
    here: String,
    /// Where leaving without saving leads.
    back: String,
    kinds: &'static [ProducerKind],
    genders: &'static [Gender],
}

fn filled(
    signed: &SignedIn,
    form: RegisterForm,
    id: Option<&ProducerId>,
    error: Option<&AppError>,
) -> RegisterPage {
    let title = if id.is_some() { "Sửa thông tin cơ sở" } else { "Khai báo cơ sở" };
    let page = Page::new(title, &signed.viewer);
    RegisterPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        form,
        errors: error.map(Errors::from).unwrap_or_default(),
        here: id.map_or("/producers/new".to_owned(), |id| format!("/producers/{id}/edit")),
        back: id.map_or("/home".to_owned(), |id| format!("/producers/{id}")),
        kinds: ProducerKind::ALL,
        genders: Gender::ALL,
    }
}

fn again(signed: &SignedIn, form: RegisterForm, id: Option<&ProducerId>, error: &AppError) -> Response {
    html_with(status_of(error), filled(signed, form, id, Some(error)))
}

/// The form of a new producer.
pub async fn new(State(app): State<App>, signed: SignedIn, Query(place): Query<Place>) -> Outcome {
    let form = producers::new_form(&app, &signed.actor, place.province.as_deref()).await?;
    Ok(html(filled(&signed, form, None, None)))
}

/// Registers a producer.
pub async fn create(
    State(app): State<App>,
    signed: SignedIn,
    Query(place): Query<Place>,
    Form(input): Form<ProducerInput>,
) -> Outcome {
    match producers::register(&app, &signed.actor, &input).await {
        Ok(id) => Ok(see_other(&format!("/producers/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let form = producers::new_form(&app, &signed.actor, place.province.as_deref()).await?;
            Ok(again(&signed, RegisterForm { input, ..form }, None, &error))
        }
        Err(error) => Err(error.into()),
    }
}

/// The form of a registered producer.
pub async fn edit(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Query(place): Query<Place>,
) -> Outcome {
    let form = producers::edit_form(&app, &signed.actor, &id, place.province.as_deref()).await?;
    Ok(html(filled(&signed, form, Some(&id), None)))
}

/// Changes the register.
pub async fn update(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Query(place): Query<Place>,
    Form(input): Form<ProducerInput>,
) -> Outcome {
    match producers::edit(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/producers/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let form = producers::edit_form(&app, &signed.actor, &id, place.province.as_deref()).await?;
            Ok(again(&signed, RegisterForm { input, ..form }, Some(&id), &error))
        }
        Err(error) => Err(error.into()),
    }
}
