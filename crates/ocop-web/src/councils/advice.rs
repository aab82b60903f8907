//! The advisory team's desk for one dossier: findings, requests, report.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::councils::{
    AdviceView, ReportInput, RequestInput, RequestLine, advice, file_report, request_evidence,
};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::rounds::tag_kind;
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "councils/advice.html")]
struct AdvicePage {
    page: Page,
    view: AdviceView,
    request: RequestInput,
    report: ReportInput,
    errors: Errors,
}

impl AdvicePage {
    fn waiting(&self) -> usize {
        self.view.open_requests().count()
    }

    fn finding(&self, code: &str) -> &str {
        self.view.finding(code).map_or("", |one| one.finding.as_str())
    }

    fn filed(&self) -> String {
        self.view
            .report
            .as_ref()
            .map(|report| format!("{}, {}", report.filer, report.filed_at.written()))
            .unwrap_or_default()
    }
}

fn due(line: &RequestLine) -> String {
    date(line.request.due_on)
}

fn about(line: &RequestLine) -> String {
    match line.request.criterion.as_str() {
        "" => "Cả hồ sơ".to_owned(),
        code => format!("Tiêu chí {code}"),
    }
}

fn answered(line: &RequestLine) -> String {
    line.request.answered_at.map(|at| at.written()).unwrap_or_default()
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<AdvicePage, AppError> {
    let view = advice(app, actor, id).await?;
    let page = Page::new(format!("Tư vấn: {}", view.head.product), viewer);
    Ok(AdvicePage {
        page,
        view,
        request: RequestInput::default(),
        report: ReportInput::default(),
        errors: Errors::none(),
    })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Asks the producer for more evidence.
pub async fn post_request(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<RequestInput>,
) -> Outcome {
    match request_evidence(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/advice?done=requested"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), AdvicePage { page, request: form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Files the report.
pub async fn post_report(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ReportInput>,
) -> Outcome {
    match file_report(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/advice?done=filed"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), AdvicePage { page, report: form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
