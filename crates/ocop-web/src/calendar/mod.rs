//! A person's calendar: the page, and the feed that a phone subscribes to.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use chrono::{Datelike, NaiveDate};
use ocop_app::calendar::{Entry, EntryKind, address, entries, feed, renew_address};
use ocop_app::{App, AppError};
use ocop_core::time::date;

use crate::page::{Outcome, Page, html, see_other};
use crate::viewer::SignedIn;

/// `/calendar`: `manage_own_account`. `/calendar/{file}`: whoever has the secret address.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/calendar", get(show))
        .route("/calendar/address", post(renew))
        .route("/calendar/{file}", get(subscribed))
}

/// The entries of a month.
struct Month {
    title: String,
    entries: Vec<Line>,
}

/// A day with what is on it, as the page shows it.
struct Line {
    entry: Entry,
    day: String,
    left: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "calendar/show.html")]
struct CalendarPage {
    page: Page,
    months: Vec<Month>,
    /// Where a phone finds the feed.
    address: Option<String>,
}

impl CalendarPage {
    fn kind(&self, kind: &EntryKind) -> &'static str {
        match kind {
            EntryKind::Todo => "Việc cần làm",
            EntryKind::Round => "Đợt đánh giá",
            EntryKind::Certificate => "Giấy chứng nhận",
        }
    }

    fn tag(&self, kind: &EntryKind) -> &'static str {
        match kind {
            EntryKind::Todo => "wait",
            EntryKind::Round => "info",
            EntryKind::Certificate => "ok",
        }
    }
}

async fn show(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let months = months(&app, entries(&app, &actor).await?);
    let address =
        address(&app, &actor).await?.map(|secret| format!("{}/calendar/{secret}.ics", app.base_url));
    Ok(html(CalendarPage { page: Page::new("Lịch", &viewer), months, address }))
}

/// The entries by month; what is overdue stands first.
fn months(app: &App, entries: Vec<Entry>) -> Vec<Month> {
    let today = app.today();
    let mut months: Vec<Month> = Vec::new();
    for entry in entries {
        let title = title(today, entry.day);
        let due = app.due(entry.day);
        let line = Line { day: date(entry.day), left: due.left, late: due.late, entry };
        match months.last_mut().filter(|month| month.title == title) {
            Some(month) => month.entries.push(line),
            None => months.push(Month { title, entries: vec![line] }),
        }
    }
    months
}

fn title(today: NaiveDate, day: NaiveDate) -> String {
    if day < today {
        return "Quá hạn".to_owned();
    }
    format!("Tháng {}/{}", day.month(), day.year())
}

async fn renew(State(app): State<App>, SignedIn { actor, .. }: SignedIn) -> Outcome {
    renew_address(&app, &actor).await?;
    Ok(see_other("/calendar?done=addressed#phone"))
}

/// The feed. Its address is the password, so no sign-in is asked for.
async fn subscribed(State(app): State<App>, Path(file): Path<String>) -> Outcome {
    let secret = file.strip_suffix(".ics").ok_or(AppError::NotFound)?;
    let text = feed(&app, secret).await?;
    Ok(([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}
