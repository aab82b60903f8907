//! Form 03.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use ocop_app::commune::{CompositionPaper, ReportInput, ReportView, report, save_report};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use serde_json::json;

use crate::page::{self, Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer, WantsJson};

#[derive(Template)]
#[template(path = "commune/report.html")]
struct ReportPage {
    page: Page,
    view: ReportView,
    form: ReportInput,
    errors: Errors,
}

/// A line of the composition check.
struct PaperLine {
    code: &'static str,
    name: &'static str,
    field: String,
    label: &'static str,
    present: bool,
    remark: String,
    error: String,
}

impl ReportPage {
    fn lines(&self) -> Vec<PaperLine> {
        let line = |paper: &CompositionPaper| {
            let field = format!("remark_{}", paper.code());
            PaperLine {
                code: paper.code(),
                name: paper.name(),
                label: remark_label(*paper),
                present: self.form.has(*paper),
                remark: self.form.remark(*paper).to_owned(),
                error: self.errors.of(&field).to_owned(),
                field,
            }
        };
        self.view.papers.iter().map(line).collect()
    }
}

/// The label of the remark on a paper, short: the paper's whole name stands above it.
fn remark_label(paper: CompositionPaper) -> &'static str {
    match paper {
        CompositionPaper::Form01 => "Ghi chú về mẫu 01",
        CompositionPaper::Form02 => "Ghi chú về mẫu 02",
        CompositionPaper::Evidence => "Ghi chú về minh chứng",
        CompositionPaper::Samples => "Ghi chú về sản phẩm mẫu",
    }
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ReportPage, AppError> {
    let view = report(app, actor, id).await?;
    let page = Page::new(format!("Báo cáo cấp xã: {}", view.dossier.product), viewer);
    Ok(ReportPage { page, form: view.input.clone(), view, errors: Errors::none() })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Saves as far as it is written: by the button, or by itself while it is being written.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<DossierId>,
    Form(form): Form<ReportInput>,
) -> Outcome {
    let saved = save_report(&app, &actor, &id, &form).await;
    match saved {
        Ok(version) if wants_json => {
            Ok(page::json(StatusCode::OK, &json!({ "saved_at": app.now().hour(), "version": version })))
        }
        Ok(_) if form.then == "propose" => Ok(see_other(&format!("/dossiers/{id}/commune-report/propose"))),
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/commune-report?done=saved"))),
        Err(error) if wants_json => Ok(page::json(status_of(&error), &json!({ "message": told(&error) }))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            Ok(html_with(
                status_of(&error),
                ReportPage { page: fresh.page.refused(&error), form, errors, ..fresh },
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// A refusal in one sentence, for a form that saves itself.
fn told(error: &AppError) -> String {
    let first = Errors::from(error).0.into_iter().next();
    first.map_or_else(|| error.to_string(), |fault| fault.text)
}
