//! A producer's own account.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum_extra::extract::{CookieJar, Form};
use ocop_app::accounts::{RegisterInput, register, sign_in};
use ocop_app::{App, AppError};
use serde::Deserialize;

use super::is_secure;
use super::login::local;
use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{Viewer, cookie};

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct RegisterPage {
    page: Page,
    form: RegisterInput,
    errors: Errors,
    next: String,
}

/// Where a new account leads when nothing else was asked for.
pub const FIRST_STEP: &str = "/producers/new";

/// Where a person wanted to go before registering.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    next: String,
}

impl Wanted {
    fn path(&self) -> &str {
        if self.next.is_empty() { FIRST_STEP } else { local(&self.next) }
    }
}

/// What is typed, and where it leads.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(flatten)]
    form: RegisterInput,
    #[serde(flatten)]
    wanted: Wanted,
}

/// The form.
pub async fn get(viewer: Viewer, Query(wanted): Query<Wanted>) -> Outcome {
    if viewer.actor.is_some() {
        return Ok(see_other(local(&wanted.next)));
    }
    let page = Page::new("Tạo tài khoản", &viewer);
    Ok(html(RegisterPage {
        page,
        form: RegisterInput::default(),
        errors: Errors::none(),
        next: wanted.path().to_owned(),
    }))
}

/// Makes the account and signs in at once.
pub async fn post(
    State(app): State<App>,
    viewer: Viewer,
    jar: CookieJar,
    Form(Typed { form, wanted }): Form<Typed>,
) -> Outcome {
    let next = wanted.path().to_owned();
    match registered(&app, &form).await {
        Ok(token) => {
            let next = if next == FIRST_STEP { format!("{next}?done=registered") } else { next };
            Ok((jar.add(cookie(token, is_secure(&app))), see_other(&next)).into_response())
        }
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new("Tạo tài khoản", &viewer).refused(&error);
            Ok(html_with(status_of(&error), RegisterPage { page, form, errors: Errors::from(&error), next }))
        }
        Err(error) => Err(error.into()),
    }
}

async fn registered(app: &App, form: &RegisterInput) -> Result<String, AppError> {
    register(app, form).await?;
    Ok(sign_in(app, &form.email, &form.password).await?.token)
}
