//! The plan of the year, and the form of one visit.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use chrono::Datelike;
use ocop_app::inspections::{
    InspectionKind, InspectionState, Listed, PlanInput, PlanView, Unvisited, YearInput, YearView, plan_form,
    plan_inspection, plan_year, year_plan,
};
use ocop_app::{App, AppError};
use ocop_core::id::CertificateId;
use ocop_core::time::date;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// The year, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    year: String,
}

#[derive(Template)]
#[template(path = "inspections/year.html")]
struct YearPage {
    page: Page,
    view: YearView,
    months: Vec<(u32, Vec<Listed>)>,
    form: YearInput,
    errors: Errors,
}

impl YearPage {
    fn day(&self, one: &Listed) -> String {
        date(one.inspection.planned_on)
    }

    fn tag(&self, one: &Listed) -> &'static str {
        super::show::tag_of(one.inspection.state)
    }

    fn last(&self, one: &Unvisited) -> String {
        one.last_on.map_or_else(|| "chưa lần nào".to_owned(), date)
    }

    fn until(&self, one: &Unvisited) -> String {
        date(one.valid_until)
    }

    fn chosen(&self, one: &Unvisited) -> bool {
        self.form.certificates.iter().any(|id| id == one.certificate_id.as_str())
    }

    fn made(&self) -> usize {
        let made = |one: &&Listed| {
            matches!(one.inspection.state, InspectionState::Recorded | InspectionState::Closed)
        };
        self.view.visits.iter().filter(made).count()
    }
}

async fn year_page(
    app: &App,
    signed: &SignedIn,
    year: Option<i32>,
    typed: Option<(YearInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = year_plan(app, &signed.actor, year).await?;
    let mut months: BTreeMap<u32, Vec<Listed>> = BTreeMap::new();
    for one in &view.visits {
        months.entry(one.inspection.planned_on.month()).or_default().push(one.clone());
    }
    let page = Page::new("Kiểm tra sau công nhận", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (YearInput::default(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, YearPage { page, view, months: months.into_iter().collect(), form, errors }))
}

/// The plan of a year.
pub async fn year(State(app): State<App>, signed: SignedIn, Query(asked): Query<Asked>) -> Outcome {
    let year = match asked.year.as_str() {
        "" => None,
        typed => Some(typed.parse().map_err(|_| AppError::NotFound)?),
    };
    Ok(year_page(&app, &signed, year, None).await?)
}

/// Plans a day's visits.
pub async fn plan_for_year(State(app): State<App>, signed: SignedIn, Form(form): Form<YearInput>) -> Outcome {
    match plan_year(&app, &signed.actor, &form).await {
        Ok(year) => Ok(see_other(&format!("/inspections?year={year}&done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let year = form.year.trim().parse().ok();
            Ok(year_page(&app, &signed, year, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The visit that comes before, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    follows: String,
}

#[derive(Template)]
#[template(path = "inspections/plan.html")]
struct PlanPage {
    page: Page,
    view: PlanView,
    form: PlanInput,
    errors: Errors,
}

impl PlanPage {
    fn kinds(&self) -> Vec<InspectionKind> {
        let follows = !self.form.follows.is_empty();
        InspectionKind::ALL
            .iter()
            .copied()
            .filter(|kind| follows || *kind != InspectionKind::FollowUp)
            .collect()
    }
}

async fn planning(
    app: &App,
    signed: &SignedIn,
    id: &CertificateId,
    follows: &str,
    typed: Option<(PlanInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = plan_form(app, &signed.actor, id, follows).await?;
    let page = Page::new("Lên lịch kiểm tra", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (view.input.clone(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, PlanPage { page, view, form, errors }))
}

/// The form of a visit.
pub async fn form(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CertificateId>,
    Query(after): Query<After>,
) -> Outcome {
    Ok(planning(&app, &signed, &id, &after.follows, None).await?)
}

/// Plans it.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CertificateId>,
    Form(form): Form<PlanInput>,
) -> Outcome {
    match plan_inspection(&app, &signed.actor, &id, &form).await {
        Ok(visit) => Ok(see_other(&format!("/inspections/{visit}?done=saved"))),
        Err(error @ AppError::Invalid(_)) => {
            let follows = form.follows.clone();
            Ok(planning(&app, &signed, &id, &follows, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}
