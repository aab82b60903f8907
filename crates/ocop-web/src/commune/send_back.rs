//! The commune returns a dossier with reasons.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::commune::{ReportView, ReturnInput, report, return_dossier};
use ocop_app::{App, AppError, Refusal};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "commune/return.html")]
struct ReturnPage {
    page: Page,
    view: ReportView,
    form: ReturnInput,
    errors: Errors,
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ReturnPage, AppError> {
    let view = report(app, actor, id).await?;
    if !view.may_write {
        return Err(Refusal::because(
            "Hồ sơ không còn ở cấp xã, hoặc không thuộc xã của bạn, nên không trả lại được.",
        ));
    }
    let page = Page::new(format!("Trả lại hồ sơ: {}", view.dossier.product), viewer);
    Ok(ReturnPage { page, form: ReturnInput { reasons: missing(&view) }, view, errors: Errors::none() })
}

/// What the composition check found missing, as a beginning of the reasons.
fn missing(view: &ReportView) -> String {
    let lines = view.report.composition.iter().filter(|line| !line.present);
    lines
        .map(|line| {
            let name = line.paper.name();
            if line.remark.is_empty() {
                format!("- Thiếu: {name}\n")
            } else {
                format!("- {name}: {}\n", line.remark)
            }
        })
        .collect()
}

/// The form.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Returns it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ReturnInput>,
) -> Outcome {
    match return_dossier(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other("/commune?done=returned")),
        Err(error @ AppError::Invalid(_)) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), ReturnPage { form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
