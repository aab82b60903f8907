//! A complaint as the office and its producer read it, and the office's list.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::complaints::{
    AnswerComplaintInput, Complaint, ComplaintRow, ComplaintState, ComplaintView, HandleInput,
    answer_complaint, complaint, complaint_letter, complaints, handle_complaint, withdraw_complaint,
};
use ocop_app::{App, AppError};
use ocop_core::complaints::ComplaintEvent;
use ocop_core::id::ComplaintId;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::papers::pdf;
use crate::viewer::SignedIn;

/// The colour of a state.
fn tag_of(state: ComplaintState) -> &'static str {
    match state {
        ComplaintState::Filed | ComplaintState::Admitted => "wait",
        ComplaintState::Answered => "ok",
        ComplaintState::Refused | ComplaintState::Withdrawn => "info",
    }
}

#[derive(Template)]
#[template(path = "complaints/list.html")]
struct ListPage {
    page: Page,
    open: Vec<ComplaintRow>,
    over: Vec<ComplaintRow>,
}

impl ListPage {
    fn tag(&self, kept: &Complaint) -> &'static str {
        tag_of(kept.state)
    }

    fn filed(&self, kept: &Complaint) -> String {
        date(kept.filed_at.day())
    }
}

/// The complaints of the office.
pub async fn list(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let (open, over) = complaints(&app, &actor).await?;
    Ok(html(ListPage { page: Page::new("Khiếu nại, phản ánh", &viewer), open, over }))
}

#[derive(Template)]
#[template(path = "complaints/show.html")]
struct ShowPage {
    page: Page,
    view: ComplaintView,
    handle: HandleInput,
    answer: AnswerComplaintInput,
    errors: Errors,
}

impl ShowPage {
    fn tag(&self) -> &'static str {
        tag_of(self.view.kept.state)
    }

    fn filed(&self) -> String {
        self.view.kept.filed_at.written()
    }

    fn admitted(&self) -> String {
        self.view.kept.admitted_on.map(date).unwrap_or_default()
    }

    fn closed(&self) -> String {
        self.view.kept.closed_on.map(date).unwrap_or_default()
    }
}

/// What was sent and refused.
enum Typed {
    Nothing,
    Handle(HandleInput),
    Answer(AnswerComplaintInput),
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &ComplaintId,
    typed: Typed,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = complaint(app, &signed.actor, id).await?;
    let page = Page::new(format!("{}: {}", view.kept.kind.name(), view.product), &signed.viewer);
    let mut shown = ShowPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        handle: HandleInput { version: view.kept.version, ..HandleInput::default() },
        answer: AnswerComplaintInput {
            version: view.kept.version,
            number: view.next_number.clone(),
            ..AnswerComplaintInput::default()
        },
        errors: error.map(Errors::from).unwrap_or_default(),
        view,
    };
    match typed {
        Typed::Nothing => {}
        Typed::Handle(input) => shown.handle = input,
        Typed::Answer(input) => shown.answer = input,
    }
    Ok(html_with(error.map_or(StatusCode::OK, status_of), shown))
}

/// The page.
pub async fn show(State(app): State<App>, signed: SignedIn, Id(id): Id<ComplaintId>) -> Outcome {
    Ok(shown(&app, &signed, &id, Typed::Nothing, None).await?)
}

async fn after(
    app: &App,
    signed: &SignedIn,
    id: &ComplaintId,
    outcome: Result<(), AppError>,
    typed: Typed,
) -> Outcome {
    match outcome {
        Ok(()) => Ok(see_other(&format!("/complaints/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => Ok(shown(app, signed, id, typed, Some(&error)).await?),
        Err(error) => Err(error.into()),
    }
}

/// Takes it up, or says why not.
pub async fn handle(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ComplaintId>,
    Form(form): Form<HandleInput>,
) -> Outcome {
    let outcome = handle_complaint(&app, &signed.actor, &id, &form).await;
    after(&app, &signed, &id, outcome, Typed::Handle(form)).await
}

/// Answers it.
pub async fn answer(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ComplaintId>,
    Form(form): Form<AnswerComplaintInput>,
) -> Outcome {
    let outcome = answer_complaint(&app, &signed.actor, &id, &form).await;
    after(&app, &signed, &id, outcome, Typed::Answer(form)).await
}

/// Takes it back.
pub async fn withdraw(State(app): State<App>, signed: SignedIn, Id(id): Id<ComplaintId>) -> Outcome {
    let outcome = withdraw_complaint(&app, &signed.actor, &id).await;
    after(&app, &signed, &id, outcome, Typed::Nothing).await
}

/// The letter as PDF.
pub async fn letter(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<ComplaintId>,
) -> Outcome {
    Ok(pdf(complaint_letter(&app, &actor, &id).await?))
}
