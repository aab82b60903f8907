//! The confirmation before a dossier goes to the province.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::commune::{ReportView, propose, report};
use ocop_app::{App, AppError, Refusal};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

/// The version of form 03 that was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProposeForm {
    version: String,
}

#[derive(Template)]
#[template(path = "commune/propose.html")]
struct ProposePage {
    page: Page,
    view: ReportView,
    errors: Errors,
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &DossierId) -> Result<ProposePage, AppError> {
    let view = report(app, actor, id).await?;
    if !view.may_write {
        return Err(Refusal::because(
            "Hồ sơ không còn ở cấp xã, hoặc không thuộc xã của bạn, nên không đề nghị được.",
        ));
    }
    let page = Page::new(format!("Đề nghị tỉnh: {}", view.dossier.product), viewer);
    Ok(ProposePage { page, view, errors: Errors::none() })
}

/// What will be sent.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Sends it.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<ProposeForm>,
) -> Outcome {
    match propose(&app, &actor, &id, form.version.parse().unwrap_or(-1)).await {
        Ok(()) => Ok(see_other("/commune?done=proposed")),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await.map_err(|_| error_again(&error))?;
            let errors = Errors::from(&error);
            Ok(html_with(
                status_of(&error),
                ProposePage { page: fresh.page.refused(&error), errors, ..fresh },
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// The refusal as a page of its own, when the form cannot be shown any more.
fn error_again(error: &AppError) -> AppError {
    Refusal::because(error.to_string())
}
