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

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use ocop_app::dossiers::testing::honey_in_round;
    use ocop_app::testing::World;

    use crate::testing::Client;

    #[tokio::test]
    async fn a_new_person_registers_on_the_way_to_the_invitation() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let owner = Client::signed_in(&world, "ct1@b.vn").await;
        let members = format!("/producers/{}/members", kept.producer);
        let bad = owner.post(&members, "email=abc").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("value=\"abc\"") && bad.text.contains("Email chưa đúng"));
        let invited = owner.post(&members, "email=moi%40b.vn").await;
        let (_, rest) = invited.text.split_once("https://ocop.example").unwrap();
        let path = rest.split('"').next().unwrap();
        assert!(!owner.get(&members).await.text.contains(path), "the code is shown once");

        let nobody = Client::nobody(&world);
        let asked = nobody.get(path).await;
        assert_eq!(asked.location, format!("/login?next={path}"));
        let login = nobody.get(&asked.location).await;
        assert!(login.text.contains(&format!("/register?next={path}")), "{}", login.text);
        let form = nobody.get(&format!("/register?next={path}")).await;
        assert!(form.text.contains(&format!("name=\"next\" value=\"{path}\"")));
        let sent = format!("name=A&email=moi%40b.vn&password=mat-khau-thu&phone=&next={path}");
        assert_eq!(nobody.post("/register", &sent).await.location, path);

        let stranger = Client::signed_in(&world, "ct2@b.vn").await;
        let wrong = stranger.get(path).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("tài khoản khác") && !wrong.text.contains("Mật ong rừng Bình Liêu"));

        let new = Client::signed_in(&world, "moi@b.vn").await;
        assert!(new.get(path).await.text.contains("Hợp tác xã Mật ong rừng Bình Liêu"));
        let accepted = new.post(path, "").await;
        assert_eq!(accepted.location, format!("/producers/{}?done=joined", kept.producer));
        assert_eq!(new.get(&members).await.status, StatusCode::OK);
        assert_eq!(stranger.get(&members).await.status, StatusCode::FORBIDDEN);
    }
}
