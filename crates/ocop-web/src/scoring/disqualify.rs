//! A member finds that the dossier is out.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::scoring::{
    DisqualificationView, DisqualifyInput, Ground, declare_disqualification, disqualification,
};
use ocop_app::{App, AppError};
use ocop_core::id::BallotId;
use ocop_core::people::Actor;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "scoring/disqualify.html")]
struct DisqualifyPage {
    page: Page,
    view: DisqualificationView,
    form: DisqualifyInput,
    errors: Errors,
}

impl DisqualifyPage {
    fn open(&self) -> bool {
        self.view.head.sealed_at.is_none()
    }
}

fn of_criterion(ground: &Ground) -> String {
    ground.criterion.as_ref().map(|code| format!("Tiêu chí {code}: ")).unwrap_or_default()
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &BallotId) -> Result<DisqualifyPage, AppError> {
    let view = disqualification(app, actor, id).await?;
    let chosen = view.grounds.iter().find(|ground| ground.chosen).map(|ground| ground.code.clone());
    let form = DisqualifyInput {
        ground: chosen.unwrap_or_default(),
        reason: view.reason.clone(),
        version: view.head.version.to_string(),
    };
    let page = Page::new(format!("Đề nghị loại hồ sơ: {}", view.head.product), viewer);
    Ok(DisqualifyPage { page, view, form, errors: Errors::none() })
}

/// The form.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<BallotId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Declares it or takes it back.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<BallotId>,
    Form(form): Form<DisqualifyInput>,
) -> Outcome {
    match declare_disqualification(&app, &actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/ballots/{id}/review?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), DisqualifyPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
