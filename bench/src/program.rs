//! The program that is measured: a fresh database, a clock that stands, ids by counting, requests without a network.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use ocop_app::{App, Clock, Drawing, Ids, rules, units};
use ocop_core::time::Instant;
use ocop_documents::{Engine, Fonts};
use ocop_store::Db;
use ocop_store::blobs::Blobs;
use ocop_web::router;
use tower::ServiceExt;

use crate::chance::Chance;

/// The password of everybody in a measurement.
pub const PASSWORD: &str = "mat-khau-do-luong";

/// An application in a folder, with units and nobody in it.
pub async fn application(folder: &Path) -> Result<App, Box<dyn Error>> {
    let rules = rules::embedded().map_err(|faults| format!("{} faults in the rules", faults.len()))?;
    let app = App {
        db: Db::open_file(&folder.join("ocop.db")).await?,
        files: Blobs::folder(&folder.join("files"))?,
        rules,
        calendar: Arc::new(units::calendar()?),
        documents: Arc::new(Engine::new(Fonts::Embedded)),
        clock: Arc::new(Standing("2026-11-26T02:00:00Z".parse()?)),
        ids: Arc::new(Counted(AtomicU64::new(0))),
        base_url: "https://ocop.example".into(),
        drawing: Drawing::Here,
        post: None,
        cheap_passwords: true,
    };
    units::seed(&app).await?;
    Ok(app)
}

/// Signs in; the cookie.
pub async fn sign_in(app: &App, email: &str) -> Result<String, Box<dyn Error>> {
    let form = format!("email={email}&password={PASSWORD}").replace('@', "%40");
    let response = answer(app, request("/login", "", Some(form))?).await?;
    let cookie = response.headers().get(header::SET_COOKIE).ok_or("nobody can sign in")?;
    Ok(cookie.to_str()?.split(';').next().unwrap_or_default().to_owned())
}

/// A request of somebody who is signed in: a page, or a form that is sent.
pub fn request(path: &str, cookie: &str, form: Option<String>) -> Result<Request<Body>, Box<dyn Error>> {
    let request = match form {
        None => Request::get(path).header(header::COOKIE, cookie).body(Body::empty())?,
        Some(form) => Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))?,
    };
    Ok(request)
}

/// The program's answer to a request, read to its end.
pub async fn answer(app: &App, request: Request<Body>) -> Result<Response, Box<dyn Error>> {
    let response: Response = router(app.clone()).oneshot(request).await?;
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await?;
    Ok(Response::from_parts(head, Body::from(bytes)))
}

/// Sends a form that must do what it asks for.
pub async fn must(app: &App, path: &str, cookie: &str, form: String) -> Result<(), Box<dyn Error>> {
    let sent = request(path, cookie, Some(form))?;
    match answer(app, sent).await?.status() {
        StatusCode::SEE_OTHER => Ok(()),
        other => Err(format!("{path} answers {other}").into()),
    }
}

/// A clock that stands.
struct Standing(Instant);

impl Clock for Standing {
    fn now(&self) -> Instant {
        self.0
    }
}

/// Ids by counting.
struct Counted(AtomicU64);

impl Ids for Counted {
    fn uuid(&self) -> String {
        format!("0192d3b0-7c1e-7abc-8fff-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn chance(&self) -> [u8; 32] {
        let count = usize::try_from(self.0.fetch_add(1, Ordering::Relaxed)).unwrap_or_default();
        let mut chance = Chance::of(count);
        std::array::from_fn(|_| u8::try_from(chance.below(256)).unwrap_or_default())
    }
}
