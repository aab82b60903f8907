//! One's own account: who I am here, letters by e-mail, a new password.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::{CookieJar, Form};
use ocop_app::{App, AppError, accounts, mail};
use ocop_core::people::Actor;
use serde::Deserialize;

use super::is_secure;
use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, cookie};

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    current: String,
    wanted: String,
}

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    page: Page,
    actor: Actor,
    email: String,
    mails: bool,
    /// What the mail server said of the last letter, when it did not arrive.
    fault: Option<String>,
    errors: Errors,
}

impl AccountPage {
    async fn new(app: &App, actor: Actor, page: Page, errors: Errors) -> Result<Self, AppError> {
        let person = accounts::own(app, &actor).await?;
        let fault = mail::own_fault(app, &actor).await?.map(|letter| letter.fault);
        Ok(Self { page, actor, email: person.email, mails: person.mails, fault, errors })
    }
}

const TITLE: &str = "Tài khoản của tôi";

/// The page.
pub async fn get(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    Ok(html(AccountPage::new(&app, actor, Page::new(TITLE, &viewer), Errors::none()).await?))
}

/// Whether notifications come by e-mail, as sent: a box that is not ticked is not sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NotificationsForm {
    mails: String,
}

/// Keeps whether notifications come by e-mail.
pub async fn notifications(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Form(form): Form<NotificationsForm>,
) -> Outcome {
    accounts::set_mails(&app, &actor, form.mails == "1").await?;
    Ok(see_other("/account?done=saved"))
}

/// Changes the password; every other device is signed out.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    jar: CookieJar,
    Form(form): Form<PasswordForm>,
) -> Outcome {
    match accounts::change_password(&app, &actor, &form.current, &form.wanted).await {
        Ok(signed) => {
            let kept = jar.add(cookie(signed.token, is_secure(&app)));
            Ok((kept, see_other("/account?done=password")).into_response())
        }
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new(TITLE, &viewer).refused(&error);
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), AccountPage::new(&app, actor, page, errors).await?))
        }
        Err(error) => Err(error.into()),
    }
}
