//! Who is asking: the cookie of a sign-in turned into an actor.

use std::pin::Pin;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use ocop_app::{App, AppError, accounts, notifications};
use ocop_core::people::Actor;

use crate::page::WebError;

/// Name of the cookie that carries a sign-in.
pub const COOKIE: &str = "ocop_login";

/// Anybody: signed in or not.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// How many notifications the person has not read.
    pub unread: i64,
    /// The path asked for, for the menu.
    pub path: String,
    /// The code in `?done=`, for the notice after a step.
    pub done: Option<String>,
}

/// A signed-in person; others are sent to the sign-in page and come back.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who it is.
    pub actor: Actor,
    /// The same as a viewer, for the page's frame.
    pub viewer: Viewer,
}

/// Why there is no signed-in person.
pub enum NotSignedIn {
    /// Nobody is: go and sign in at this address.
    Elsewhere(String),
    /// The question could not be answered.
    Broken(WebError),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::Elsewhere(login) => Redirect::to(&login).into_response(),
            Self::Broken(error) => error.into_response(),
        }
    }
}

/// The token of a request's cookie.
pub fn token(parts: &Parts) -> Option<String> {
    CookieJar::from_headers(&parts.headers).get(COOKIE).map(|cookie| cookie.value().to_owned())
}

/// The cookie that keeps a sign-in: not readable by scripts, not sent by other sites' forms.
pub fn cookie(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build((COOKIE, token)).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).build()
}

/// The page that is opened, as notifications name it; none when a form is sent.
fn page(parts: &Parts) -> String {
    let asked = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
    asked.map(ToString::to_string).unwrap_or_default()
}

/// The value of `?done=`.
fn done(parts: &Parts) -> Option<String> {
    let query = parts.uri.query()?;
    query.split('&').find_map(|pair| pair.strip_prefix("done=")).map(str::to_owned)
}

/// Who is signed in and what is unread, in a box: nearly every route begins with this, and the compiler would go
/// through its parts for each of them.
type Asking<'a> = Pin<Box<dyn Future<Output = Result<(Option<Actor>, i64), AppError>> + Send + 'a>>;

/// Who the token signs in, and how many notifications the person has not read when a page is asked for.
fn asking(app: &App, token: Option<String>, page: Option<String>) -> Asking<'_> {
    Box::pin(async move {
        let actor = match token {
            Some(token) => accounts::who(app, &token).await?,
            None => None,
        };
        let unread = match (&actor, page) {
            (Some(actor), Some(page)) => notifications::unread(app, actor, &page).await?,
            _ => 0,
        };
        Ok((actor, unread))
    })
}

impl<S> FromRequestParts<S> for Viewer
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let app = App::from_ref(state);
        let page = wants_page(parts).then(|| page(parts));
        let (actor, unread) = asking(&app, token(parts), page).await?;
        Ok(Self { actor, unread, path: parts.uri.path().to_owned(), done: done(parts) })
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, NotSignedIn> {
        let viewer = Viewer::from_request_parts(parts, state).await.map_err(NotSignedIn::Broken)?;
        match viewer.actor.clone() {
            Some(actor) => Ok(Self { actor, viewer }),
            None if wants_json(parts) => Err(NotSignedIn::Broken(WebError(AppError::SignInFirst))),
            None => Err(NotSignedIn::Elsewhere(login_for(parts))),
        }
    }
}

/// The sign-in page that leads back. Whoever has sent a form is told there that it was not saved, and
/// comes back to the page that the form stands on: the form's own address may be one that cannot be read.
fn login_for(parts: &Parts) -> String {
    if parts.method == Method::GET || parts.method == Method::HEAD {
        let asked = parts.uri.path_and_query().map_or("/home", |asked| asked.as_str());
        return format!("/login?next={}", encoded(asked));
    }
    let referer = parts.headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let page = referer.and_then(|from| from.parse::<Uri>().ok());
    let page = page.as_ref().and_then(Uri::path_and_query).map_or("/home", |page| page.as_str());
    format!("/login?next={}&unsaved=1", encoded(page))
}

/// A path and its query as the value of a query; slashes stay readable.
fn encoded(path: &str) -> String {
    let mut text = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Whether a page is asked for, rather than a picture in it or an answer to a script.
fn wants_page(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html"))
}

/// Whether a script asks (autosave) and wants JSON rather than a page.
pub fn wants_json(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

/// Whether a script asks and wants JSON.
pub struct WantsJson(pub bool);

impl<S: Send + Sync> FromRequestParts<S> for WantsJson {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(wants_json(parts)))
    }
}
