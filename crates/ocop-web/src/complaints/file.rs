//! The forms of a complaint: a producer's about its result, anybody's about a product.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::complaints::{
    ComplaintForm, ComplaintKind, ReportForm, ReportInput, complain, complaint_form, report, report_form,
};
use ocop_app::{App, AppError};
use ocop_core::id::{DossierId, ProductId};

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "complaints/report.html")]
struct ReportPage {
    page: Page,
    view: ReportForm,
    form: ReportInput,
    errors: Errors,
}

impl ReportPage {
    fn kinds(&self) -> [ComplaintKind; 2] {
        [ComplaintKind::Product, ComplaintKind::Mark]
    }
}

async fn reporting(
    app: &App,
    viewer: &Viewer,
    id: &ProductId,
    typed: Option<(ReportInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = report_form(app, id).await?;
    let page = Page::new("Phản ánh về sản phẩm", viewer);
    let (form, status, errors, page) = match typed {
        None => (ReportInput::default(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, ReportPage { page, view, form, errors }))
}

/// The form for everybody.
pub async fn report_page(State(app): State<App>, viewer: Viewer, Id(id): Id<ProductId>) -> Outcome {
    Ok(reporting(&app, &viewer, &id, None).await?)
}

/// Sends it.
pub async fn send_report(
    State(app): State<App>,
    viewer: Viewer,
    Id(id): Id<ProductId>,
    Form(form): Form<ReportInput>,
) -> Outcome {
    match report(&app, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/p/{id}?done=reported"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(reporting(&app, &viewer, &id, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "complaints/complain.html")]
struct ComplainPage {
    page: Page,
    view: ComplaintForm,
    form: ReportInput,
    errors: Errors,
}

async fn complaining(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Option<(ReportInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = complaint_form(app, &signed.actor, id).await?;
    let page = Page::new("Khiếu nại kết quả", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (ReportInput::default(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, ComplainPage { page, view, form, errors }))
}

/// The form of a complaint about a result.
pub async fn form(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(complaining(&app, &signed, &id, None).await?)
}

/// Files it.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ReportInput>,
) -> Outcome {
    match complain(&app, &signed.actor, &id, &form).await {
        Ok(complaint) => Ok(see_other(&format!("/complaints/{complaint}?done=complained"))),
        Err(error @ AppError::Invalid(_)) => Ok(complaining(&app, &signed, &id, Some((form, &error))).await?),
        Err(error) => Err(error.into()),
    }
}
