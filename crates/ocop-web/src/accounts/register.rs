//! A producer's own account.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::{CookieJar, Form};
use ocop_app::accounts::{RegisterInput, register, sign_in};
use ocop_app::{App, AppError};

use super::is_secure;
use crate::page::{Errors, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{Viewer, cookie};

#[derive(Template)]
#[template(path = "accounts/register.html")]
struct RegisterPage {
    page: Page,
    form: RegisterInput,
    errors: Errors,
}

/// The form.
pub async fn get(viewer: Viewer) -> Outcome {
    if viewer.actor.is_some() {
        return Ok(see_other("/home"));
    }
    let page = Page::new("Tạo tài khoản", &viewer);
    Ok(html(RegisterPage { page, form: RegisterInput::default(), errors: Errors::none() }))
}

/// Makes the account and signs in at once.
pub async fn post(
    State(app): State<App>,
    viewer: Viewer,
    jar: CookieJar,
    Form(form): Form<RegisterInput>,
) -> Outcome {
    match registered(&app, &form).await {
        Ok(token) => {
            let next = see_other("/producers/new?done=registered");
            Ok((jar.add(cookie(token, is_secure(&app))), next).into_response())
        }
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new("Tạo tài khoản", &viewer).refused(&error);
            Ok(html_with(status_of(&error), RegisterPage { page, form, errors: Errors::from(&error) }))
        }
        Err(error) => Err(error.into()),
    }
}

async fn registered(app: &App, form: &RegisterInput) -> Result<String, AppError> {
    register(app, form).await?;
    Ok(sign_in(app, &form.email, &form.password).await?.token)
}
