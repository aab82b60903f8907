//! One's own account: who I am here, a new password.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::{CookieJar, Form};
use ocop_app::{App, accounts};
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
    errors: Errors,
}

/// The page.
pub async fn get(SignedIn { actor, viewer }: SignedIn) -> Outcome {
    Ok(html(AccountPage {
        page: Page::new("Tài khoản của tôi", &viewer), actor, errors: Errors::none()
    }))
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
            let page = Page::new("Tài khoản của tôi", &viewer).refused(&error);
            Ok(html_with(status_of(&error), AccountPage { page, actor, errors: Errors::from(&error) }))
        }
        Err(error) => Err(error.into()),
    }
}
