//! The council room at one criterion.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use ocop_app::scoring::{AnswerInput, RoomPart, RoomView, entry, room, save_answer};
use ocop_app::{App, AppError};
use ocop_core::id::BallotId;
use ocop_core::people::Actor;
use ocop_core::rules::PartCode;
use serde_json::json;

use super::{Desk, Doc, told};
use crate::page::{
    self, Errors, Id, IdAnd, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of,
};
use crate::viewer::{SignedIn, Viewer, WantsJson};

#[derive(Template)]
#[template(path = "scoring/room.html")]
struct RoomPage {
    page: Page,
    view: RoomView,
    desk: Desk,
    /// The choice and the remark as typed.
    form: AnswerInput,
    errors: Errors,
}

impl RoomPage {
    fn open(&self) -> bool {
        self.view.head.sealed_at.is_none()
    }

    /// Whether an option is chosen, in the form as it comes back or as it is saved.
    fn chosen(&self, case: &u8, level: &u8) -> bool {
        self.form.choice == format!("{case}:{level}")
    }

    /// The option "no level met" belongs to the case in use.
    fn none_chosen(&self) -> bool {
        self.form.choice.ends_with(":0")
    }

    fn saved(&self) -> String {
        match (&self.view.head.sealed_at, &self.view.head.saved_at) {
            (Some(at), _) => format!("Đã niêm {}", at.written()),
            (None, Some(hour)) => format!("Đã lưu {hour}"),
            (None, None) => String::new(),
        }
    }

    fn highest(&self) -> usize {
        self.view.pane.cases.iter().map(|case| case.levels.len()).max().unwrap_or(0)
    }

    fn next_path(&self) -> String {
        next_path(&self.view)
    }

    /// Everything that counts has an answer.
    fn complete(&self) -> bool {
        self.view.head.totals.answered == self.view.head.totals.of
    }
}

/// `a` for the live totals.
fn key(part: &RoomPart) -> &'static str {
    match part.code {
        PartCode::A => "a",
        PartCode::B => "b",
        PartCode::C => "c",
    }
}

fn next_path(view: &RoomView) -> String {
    let id = &view.head.id;
    match &view.next {
        Some(code) => format!("/ballots/{id}/criteria/{code}"),
        None => format!("/ballots/{id}/review"),
    }
}

/// Goes to the first criterion without an answer, or to the review.
pub async fn enter(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<BallotId>,
) -> Outcome {
    Ok(match entry(&app, &actor, &id).await? {
        Some(code) => see_other(&format!("/ballots/{id}/criteria/{code}")),
        None => see_other(&format!("/ballots/{id}/review")),
    })
}

async fn shown(
    app: &App,
    actor: &Actor,
    viewer: &Viewer,
    (id, code): (&BallotId, &str),
    doc: &Doc,
) -> Result<RoomPage, AppError> {
    let view = room(app, actor, id, code).await?;
    let page = Page::new(format!("{code} {}: {}", view.pane.name, view.head.product), viewer);
    let pane = &view.pane;
    let level =
        pane.cases.iter().flat_map(|case| &case.levels).find(|level| level.chosen).map(|level| level.no);
    let choice = match level {
        Some(level) => format!("{}:{level}", pane.case),
        None if pane.none_met => format!("{}:0", pane.case),
        None => String::new(),
    };
    let form = AnswerInput {
        choice,
        note: pane.remark.clone(),
        version: view.head.version.to_string(),
        then: String::new(),
    };
    let desk = Desk::of(&view.head.dossier, pane, doc);
    Ok(RoomPage { page, view, desk, form, errors: Errors::none() })
}

/// The room.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    IdAnd(id, code): IdAnd<BallotId>,
    Query(doc): Query<Doc>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, (&id, &code), &doc).await?))
}

/// Saves the choice: by a button, or by itself as soon as it is made.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    WantsJson(wants_json): WantsJson,
    IdAnd(id, code): IdAnd<BallotId>,
    Form(form): Form<AnswerInput>,
) -> Outcome {
    match save_answer(&app, &actor, &id, &code, &form).await {
        Ok(saved) if wants_json => Ok(page::json(StatusCode::OK, &json!(saved))),
        Ok(_) if form.then == "next" => {
            let view = room(&app, &actor, &id, &code).await?;
            Ok(see_other(&next_path(&view)))
        }
        Ok(_) if form.then == "review" => Ok(see_other(&format!("/ballots/{id}/review"))),
        Ok(_) => Ok(see_other(&format!("/ballots/{id}/criteria/{code}?done=saved"))),
        Err(error) if wants_json => Ok(page::json(status_of(&error), &json!({ "message": told(&error) }))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, (&id, &code), &Doc::default()).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), RoomPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
