//! Who acts for a producer: invitations, leaving, and the page of the invited person.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use ocop_app::producers::members::{self, InvitationView, InviteInput, MembersView};
use ocop_app::{App, AppError};
use ocop_core::id::{InvitationId, PersonId, ProducerId};
use ocop_core::time::date;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "producers/members.html")]
struct MembersPage {
    page: Page,
    view: MembersView,
    form: InviteInput,
    errors: Errors,
    /// The address to hand over, shown this once.
    link: Option<String>,
}

impl MembersPage {
    /// `dd/MM/yyyy`.
    fn day(&self, day: &chrono::NaiveDate) -> String {
        date(*day)
    }
}

async fn page(
    app: &App,
    signed: &SignedIn,
    id: &ProducerId,
    form: InviteInput,
    told: Result<Option<String>, &AppError>,
) -> Result<MembersPage, AppError> {
    let view = members::view(app, &signed.actor, id).await?;
    let page = Page::new("Người quản lý cơ sở", &signed.viewer);
    let (page, errors, link) = match told {
        Ok(link) => (page, Errors::none(), link),
        Err(error) => (page.refused(error), Errors::from(error), None),
    };
    Ok(MembersPage { page, view, form, errors, link })
}

/// Who acts for the producer.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<ProducerId>) -> Outcome {
    Ok(html(page(&app, &signed, &id, InviteInput::default(), Ok(None)).await?))
}

/// Invites somebody and shows the address to hand over.
pub async fn invite(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Form(form): Form<InviteInput>,
) -> Outcome {
    match members::invite(&app, &signed.actor, &id, &form).await {
        Ok(code) => {
            let link = format!("{}/invitations/{code}", app.base_url);
            Ok(html(page(&app, &signed, &id, form, Ok(Some(link))).await?))
        }
        Err(error) if is_for_the_form(&error) => {
            Ok(html_with(status_of(&error), page(&app, &signed, &id, form, Err(&error)).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whom or what a button is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    person: String,
    invitation: String,
}

/// Lets somebody go, or leaves.
pub async fn remove(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Form(which): Form<Which>,
) -> Outcome {
    let person: PersonId = which.person.parse().map_err(|_| AppError::NotFound)?;
    let outcome = members::remove(&app, &signed.actor, &id, &person).await;
    if outcome.is_ok() && person == signed.actor.person {
        return Ok(see_other("/producers?done=removed"));
    }
    done(&app, &signed, &id, outcome).await
}

/// Withdraws an invitation.
pub async fn withdraw(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Form(which): Form<Which>,
) -> Outcome {
    let invitation: InvitationId = which.invitation.parse().map_err(|_| AppError::NotFound)?;
    let outcome = members::withdraw(&app, &signed.actor, &id, &invitation).await;
    done(&app, &signed, &id, outcome).await
}

async fn done(app: &App, signed: &SignedIn, id: &ProducerId, outcome: Result<(), AppError>) -> Outcome {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/producers/{id}/members?done=removed"))),
        Err(error) if is_for_the_form(&error) => {
            let page = page(app, signed, id, InviteInput::default(), Err(&error)).await?;
            Ok(html_with(status_of(&error), page))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "producers/invitation.html")]
struct InvitationPage {
    page: Page,
    /// The invitation, unless it cannot be followed.
    view: Option<InvitationView>,
    code: String,
}

impl InvitationPage {
    /// `dd/MM/yyyy`.
    fn day(&self, day: &chrono::NaiveDate) -> String {
        date(*day)
    }
}

fn refused(signed: &SignedIn, code: String, error: &AppError) -> Response {
    let page = Page::new("Lời mời quản lý cơ sở", &signed.viewer).refused(error);
    html_with(status_of(error), InvitationPage { page, view: None, code })
}

/// The page of an invitation.
pub async fn invitation(State(app): State<App>, signed: SignedIn, Path(code): Path<String>) -> Outcome {
    match members::invitation(&app, &signed.actor, &code).await {
        Ok(view) => {
            let page = Page::new("Lời mời quản lý cơ sở", &signed.viewer);
            Ok(html(InvitationPage { page, view: Some(view), code }))
        }
        Err(error) if is_for_the_form(&error) => Ok(refused(&signed, code, &error)),
        Err(error) => Err(error.into()),
    }
}

/// Follows an invitation.
pub async fn accept(State(app): State<App>, signed: SignedIn, Path(code): Path<String>) -> Outcome {
    match members::accept(&app, &signed.actor, &code).await {
        Ok(id) => Ok(see_other(&format!("/producers/{id}?done=joined"))),
        Err(error) if is_for_the_form(&error) => Ok(refused(&signed, code, &error)),
        Err(error) => Err(error.into()),
    }
}
