//! Sign in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum_extra::extract::{CookieJar, Form};
use ocop_app::{App, accounts};
use serde::Deserialize;

use super::is_secure;
use crate::page::{Notice, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{COOKIE, Viewer, cookie};

/// Where a person wanted to go before signing in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    next: String,
    /// Set when a form was sent without a sign-in.
    unsaved: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LoginForm {
    email: String,
    password: String,
    next: String,
}

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    page: Page,
    email: String,
    next: String,
}

impl LoginPage {
    /// Where somebody without an account goes: registering leads on to the same place.
    fn register(&self) -> String {
        if self.next == HOME { "/register".to_owned() } else { format!("/register?next={}", self.next) }
    }
}

/// Where a sign-in leads when nothing else was asked for.
const HOME: &str = "/home";

/// What is told to somebody whose sign-in had ended when a form was sent.
const UNSAVED: &str = "Phiên đăng nhập đã hết nên nội dung vừa gửi chưa được lưu. \
    Hãy đăng nhập, trang sẽ quay lại biểu mẫu để bạn nhập và gửi lại.";

/// A path of ours to go on to, or the to-do list: never an address elsewhere.
pub(super) fn local(next: &str) -> &str {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.chars().all(|letter| letter.is_ascii_graphic());
    if inside { next } else { HOME }
}

/// The form.
pub async fn get(viewer: Viewer, Query(wanted): Query<Wanted>) -> Outcome {
    let next = local(&wanted.next).to_owned();
    if viewer.actor.is_some() {
        return Ok(see_other(&next));
    }
    let mut page = Page::new("Đăng nhập", &viewer);
    if !wanted.unsaved.is_empty() {
        page.notice = Some(Notice { kind: "bad", text: UNSAVED.to_owned() });
    }
    Ok(html(LoginPage { page, email: String::new(), next }))
}

/// Signs in and goes on.
pub async fn post(
    State(app): State<App>,
    viewer: Viewer,
    jar: CookieJar,
    Form(form): Form<LoginForm>,
) -> Outcome {
    let next = local(&form.next).to_owned();
    match accounts::sign_in(&app, &form.email, &form.password).await {
        Ok(signed) => Ok((jar.add(cookie(signed.token, is_secure(&app))), see_other(&next)).into_response()),
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new("Đăng nhập", &viewer).refused(&error);
            Ok(html_with(status_of(&error), LoginPage { page, email: form.email, next }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs out.
pub async fn logout(State(app): State<App>, jar: CookieJar) -> Outcome {
    if let Some(kept) = jar.get(COOKIE) {
        accounts::sign_out(&app, kept.value()).await?;
    }
    Ok((jar.remove(cookie(String::new(), is_secure(&app))), see_other("/")).into_response())
}
