//! Reports: the leader's page, its sisters, rounds, and what was frozen.

mod frozen;
mod page;
mod rows;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use ocop_app::reports::{
    Choices, Report, ReportQuery, as_csv, as_workbook, choices, ptnt_ocop, report, round_report,
};
use ocop_app::{App, AppError};
use ocop_core::id::RoundId;
use ocop_core::people::Actor;
use ocop_core::reports::ReportKind;
use serde::Deserialize;

use self::page::ReportPage;
use crate::page::{Errors, Id, Outcome, html, html_with, saved, status_of};
use crate::viewer::{SignedIn, Viewer};

/// All of them `read_registry`; `/reports/freeze` is `freeze_report`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/reports", get(leader))
        .route("/reports/{kind}", get(one))
        .route("/reports/rounds/{id}", get(round))
        .route("/reports/rows", get(rows::get))
        .route("/reports/freeze", post(frozen::freeze))
        .route("/reports/frozen", get(frozen::list))
        .route("/reports/frozen/{id}", get(frozen::show))
        .route("/reports/ptnt-ocop.xlsx", get(ptnt))
}

/// The part of the address that says in which form a report is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Form {
    /// `xlsx`, `csv`, or a page.
    #[serde(rename = "as")]
    form: String,
}

async fn leader(
    state: State<App>,
    signed: SignedIn,
    query: Query<ReportQuery>,
    form: Query<Form>,
) -> Outcome {
    shown(state, signed, ReportKind::Leader, query, form).await
}

async fn one(
    state: State<App>,
    signed: SignedIn,
    Path(kind): Path<String>,
    query: Query<ReportQuery>,
    form: Query<Form>,
) -> Outcome {
    let kind = kind.parse().map_err(|_| AppError::NotFound)?;
    if kind == ReportKind::Round {
        return Err(AppError::NotFound.into());
    }
    shown(state, signed, kind, query, form).await
}

async fn shown(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    kind: ReportKind,
    Query(query): Query<ReportQuery>,
    Query(form): Query<Form>,
) -> Outcome {
    match report(&app, &actor, kind, &query).await {
        Ok(report) => answer(&app, &actor, &viewer, report, &form).await,
        Err(error @ AppError::Invalid(_)) => {
            // The day cannot be told: today's report comes with what was typed and the fault beside it.
            let today = ReportQuery { on: String::new(), ..query.clone() };
            let report = report(&app, &actor, kind, &today).await?;
            let page = ReportPage::new(&app, &viewer, report, choices(&app, &actor).await?);
            Ok(html_with(status_of(&error), page.typed(query.on, Errors::from(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// A report in the form that is wanted.
async fn answer(app: &App, actor: &Actor, viewer: &Viewer, report: Report, form: &Form) -> Outcome {
    match form.form.as_str() {
        "xlsx" => Ok(saved(as_workbook(&report)?)),
        "csv" => Ok(saved(as_csv(&report)?)),
        _ => {
            let choices = if report.kind == ReportKind::Round {
                Choices::default()
            } else {
                choices(app, actor).await?
            };
            Ok(html(ReportPage::new(app, viewer, report, choices)))
        }
    }
}

async fn round(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<RoundId>,
    Query(form): Query<Form>,
) -> Outcome {
    let report = round_report(&app, &actor, &id).await?.report;
    answer(&app, &actor, &viewer, report, &form).await
}

/// The year that is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Year {
    year: String,
}

async fn ptnt(State(app): State<App>, SignedIn { actor, .. }: SignedIn, Query(year): Query<Year>) -> Outcome {
    Ok(saved(ptnt_ocop(&app, &actor, &year.year).await?.workbook()?))
}
