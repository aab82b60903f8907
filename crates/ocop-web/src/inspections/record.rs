//! The record of a visit: its form, its paper, its number.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::inspections::{
    CriterionRow, FindingInput, InspectionIssue, MeasureInput, RecordInput, RecordView, inspection_issuing,
    inspection_record, issue_inspection, record_form, record_inspection,
};
use ocop_app::papers::IssueInput;
use ocop_app::{App, AppError};
use ocop_core::id::InspectionId;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::papers::pdf;
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "inspections/record.html")]
struct RecordPage {
    page: Page,
    view: RecordView,
    rows: Vec<(CriterionRow, FindingInput)>,
    measures: Vec<(usize, MeasureInput)>,
    form: RecordInput,
    errors: Errors,
}

impl RecordPage {
    fn fault(&self, field: &str, of: impl std::fmt::Display) -> String {
        self.errors.of(&format!("{field}-{of}")).to_owned()
    }
}

async fn recording(
    app: &App,
    signed: &SignedIn,
    id: &InspectionId,
    typed: Option<(RecordInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = record_form(app, &signed.actor, id).await?;
    let page = Page::new("Biên bản kiểm tra", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (view.input.clone(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    let row = |criterion: &CriterionRow| (criterion.clone(), form.of(&criterion.code));
    let (rows, measures) =
        (view.criteria.iter().map(row).collect(), form.measures().into_iter().enumerate().collect());
    Ok(html_with(status, RecordPage { page, view, rows, measures, form, errors }))
}

/// The form.
pub async fn form(State(app): State<App>, signed: SignedIn, Id(id): Id<InspectionId>) -> Outcome {
    Ok(recording(&app, &signed, &id, None).await?)
}

/// Writes the record.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    Form(form): Form<RecordInput>,
) -> Outcome {
    match record_inspection(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/inspections/{id}?done=saved"))),
        Err(error @ (AppError::Invalid(_) | AppError::Stale(_))) => {
            Ok(recording(&app, &signed, &id, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The record as PDF.
pub async fn paper(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<InspectionId>,
) -> Outcome {
    Ok(pdf(inspection_record(&app, &actor, &id).await?))
}

#[derive(Template)]
#[template(path = "inspections/number.html")]
struct NumberPage {
    page: Page,
    view: InspectionIssue,
    form: IssueInput,
    errors: Errors,
}

async fn numbering(
    app: &App,
    signed: &SignedIn,
    id: &InspectionId,
    typed: Option<(IssueInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = inspection_issuing(app, &signed.actor, id).await?;
    let page = Page::new("Cấp số biên bản kiểm tra", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (view.input.clone(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, NumberPage { page, view, form, errors }))
}

/// The form of the number.
pub async fn number_form(State(app): State<App>, signed: SignedIn, Id(id): Id<InspectionId>) -> Outcome {
    Ok(numbering(&app, &signed, &id, None).await?)
}

/// Enters the signed record.
pub async fn number(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    Form(form): Form<IssueInput>,
) -> Outcome {
    match issue_inspection(&app, &signed.actor, &id, &form).await {
        Ok(paper) => Ok(see_other(&format!("/papers/{paper}?done=issued"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(numbering(&app, &signed, &id, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}
