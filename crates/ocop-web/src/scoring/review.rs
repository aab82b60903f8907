//! Everything that will be sealed, and the one confirmation.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::Form;
use ocop_app::scoring::{
    OpinionInput, ReviewRow, ReviewView, SealInput, SealOutcome, review, save_opinion, seal_ballot,
};
use ocop_app::{App, AppError};
use ocop_core::id::BallotId;
use ocop_core::people::Actor;
use serde_json::json;

use super::told;
use crate::page::{self, Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, Viewer, WantsJson};

#[derive(Template)]
#[template(path = "scoring/review.html")]
struct ReviewPage {
    page: Page,
    view: ReviewView,
    form: SealInput,
    errors: Errors,
}

impl ReviewPage {
    fn open(&self) -> bool {
        self.view.head.sealed_at.is_none()
    }

    fn sealed(&self) -> String {
        self.view.head.sealed_at.map(|at| at.written()).unwrap_or_default()
    }

    fn opinion(&self) -> &str {
        self.form.opinion.as_deref().unwrap_or("")
    }

    fn council(&self) -> String {
        self.view.head.council.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

fn points(row: &ReviewRow) -> String {
    match row.points {
        Some(_) if row.off => "không tính".to_owned(),
        Some(points) => format!("{points}/{}", row.max),
        None if row.off => "không tính".to_owned(),
        None => "–".to_owned(),
    }
}

async fn shown(app: &App, actor: &Actor, viewer: &Viewer, id: &BallotId) -> Result<ReviewPage, AppError> {
    let view = review(app, actor, id).await?;
    let title =
        if view.head.sealed_at.is_some() { "Phiếu đã niêm" } else { "Xem lại và niêm phiếu" };
    let form = SealInput { version: view.head.version.to_string(), opinion: Some(view.opinion.clone()) };
    let page = Page::new(format!("{title}: {}", view.head.product), viewer);
    Ok(ReviewPage { page, view, form, errors: Errors::none() })
}

/// The review.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<BallotId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Reloading the address that the seal was sent to shows the review.
pub async fn back(SignedIn { .. }: SignedIn, Id(id): Id<BallotId>) -> Outcome {
    Ok(see_other(&format!("/ballots/{id}/review")))
}

/// Saves the opinion: by the button, or by itself while it is being written.
pub async fn post_opinion(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<BallotId>,
    Form(form): Form<OpinionInput>,
) -> Outcome {
    match save_opinion(&app, &actor, &id, &form).await {
        Ok(saved) if wants_json => {
            Ok(page::json(StatusCode::OK, &json!({ "saved_at": saved.saved_at, "version": saved.version })))
        }
        Ok(_) => Ok(see_other(&format!("/ballots/{id}/review?done=saved"))),
        Err(error) if wants_json => Ok(page::json(status_of(&error), &json!({ "message": told(&error) }))),
        Err(error) => again(&app, (&actor, &viewer), &id, Some(form.opinion), error).await,
    }
}

async fn again(
    app: &App,
    (actor, viewer): (&Actor, &Viewer),
    id: &BallotId,
    opinion: Option<String>,
    error: AppError,
) -> Outcome {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    let fresh = shown(app, actor, viewer, id).await?;
    let form = SealInput { opinion: opinion.or_else(|| fresh.form.opinion.clone()), ..fresh.form.clone() };
    let errors = Errors::from(&error);
    Ok(html_with(status_of(&error), ReviewPage { page: fresh.page.refused(&error), form, errors, ..fresh }))
}

/// Seals the ballot.
pub async fn post_seal(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<BallotId>,
    Form(form): Form<SealInput>,
) -> Outcome {
    let outcome = match seal_ballot(&app, &actor, &id, &form).await {
        Ok(outcome) => outcome,
        Err(error) => return again(&app, (&actor, &viewer), &id, form.opinion, error).await,
    };
    let head = review(&app, &actor, &id).await?.head;
    Ok(see_other(&match (outcome, head.council) {
        (SealOutcome::Sealed, Some(council)) => format!("/councils/{council}?done=sealed"),
        (SealOutcome::Sealed, None) | (SealOutcome::Tallied, _) => {
            format!("/dossiers/{}/scoring?done=sealed", head.dossier)
        }
    }))
}
