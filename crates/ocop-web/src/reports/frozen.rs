//! Freezing a report, and reading what was frozen.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::Form;
use ocop_app::reports::{Frozen, ReportQuery, as_csv, as_workbook, frozen, frozen_list};
use ocop_app::{App, AppError, reports};
use ocop_core::id::ReportId;
use ocop_core::time::date;
use serde::Deserialize;

use super::page::ReportPage;
use crate::page::{Id, Outcome, Page, html, html_with, saved, see_other, status_of};
use crate::viewer::SignedIn;

/// What is to be frozen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    kind: String,
    round: String,
    on: String,
    commune: String,
    district: String,
}

/// Freezes a report and shows it.
pub async fn freeze(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Form(wanted): Form<Wanted>,
) -> Outcome {
    let kind = wanted.kind.parse().map_err(|_| AppError::NotFound)?;
    let round = wanted.round.parse().ok();
    let query = ReportQuery { on: wanted.on, commune: wanted.commune, district: wanted.district };
    let id = reports::freeze(&app, &actor, kind, round.as_ref(), &query).await?;
    Ok(see_other(&format!("/reports/frozen/{id}?done=frozen")))
}

#[derive(Template)]
#[template(path = "reports/frozen.html")]
struct ListPage {
    page: Page,
    reports: Vec<Frozen>,
}

/// The frozen reports.
pub async fn list(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let reports = frozen_list(&app, &actor).await?;
    Ok(html(ListPage { page: Page::new("Báo cáo đã chốt", &viewer), reports }))
}

#[derive(Template)]
#[template(path = "reports/damaged.html")]
struct DamagedPage {
    page: Page,
    frozen: Frozen,
    message: String,
}

/// A frozen report: the page that it was, or a workbook of it.
pub async fn show(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<ReportId>,
    Query(form): Query<super::Form>,
) -> Outcome {
    let kept = frozen(&app, &actor, &id).await?;
    let report = match kept.whole() {
        Ok(report) => report.clone(),
        Err(error) => {
            let page = Page::new(kept.frozen.title.clone(), &viewer);
            let message = error.to_string();
            return Ok(html_with(status_of(&error), DamagedPage { page, frozen: kept.frozen, message }));
        }
    };
    match form.form.as_str() {
        "xlsx" => Ok(saved(as_workbook(&report)?)),
        "csv" => Ok(saved(as_csv(&report)?)),
        _ => Ok(html(ReportPage::frozen(&app, &viewer, report, kept.frozen))),
    }
}
