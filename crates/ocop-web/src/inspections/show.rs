//! A visit: what was found, the producer's answer, photographs, its end.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use ocop_app::inspections::{
    AnswerInput, CancelInput, CloseInput, Inspection, InspectionState, InspectionView, add_photo,
    answer_inspection, cancel_inspection, close_inspection, inspection, photo,
};
use ocop_app::{App, AppError};
use ocop_core::id::InspectionId;
use ocop_core::inspections::{Finding, InspectionEvent, Measure, Record};
use ocop_core::time::date;

use crate::evidence::Sent;
use crate::page::{Errors, Id, IdAnd, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "inspections/show.html")]
struct ShowPage {
    page: Page,
    view: InspectionView,
    answer: AnswerInput,
    close: CloseInput,
    outcome: String,
    caption: String,
    errors: Errors,
}

/// The colour of a state.
pub fn tag_of(state: InspectionState) -> &'static str {
    match state {
        InspectionState::Planned | InspectionState::Recorded => "wait",
        InspectionState::Closed => "ok",
        InspectionState::Cancelled => "info",
    }
}

impl ShowPage {
    fn tag(&self) -> &'static str {
        tag_of(self.view.kept.state)
    }

    fn planned_on(&self) -> String {
        date(self.view.kept.planned_on)
    }

    fn held_on(&self, record: &Record) -> String {
        let time = |time: &chrono::NaiveTime| time.format("%H:%M").to_string();
        match (&record.began, &record.ended) {
            (Some(began), Some(ended)) => {
                format!("{}, từ {} đến {}", date(record.held_on), time(began), time(ended))
            }
            (Some(began), None) => format!("{}, từ {}", date(record.held_on), time(began)),
            (None, _) => date(record.held_on),
        }
    }

    fn due(&self, measure: &Measure) -> String {
        date(measure.due_on)
    }

    fn day(&self, one: &Inspection) -> String {
        date(one.planned_on)
    }

    fn closed_on(&self) -> String {
        self.view.kept.closed_on.map(date).unwrap_or_default()
    }

    fn answered(&self) -> String {
        self.view.kept.answered_at.map(|at| at.written()).unwrap_or_default()
    }

    /// Findings that what was recognised no longer holds come first.
    fn findings<'a>(&self, record: &'a Record) -> Vec<&'a Finding> {
        record.unmet().chain(record.findings.iter().filter(|finding| finding.met)).collect()
    }

    /// The measures with their numbers, counted from 0.
    fn measures<'a>(&self, record: &'a Record) -> Vec<(usize, &'a Measure)> {
        record.measures.iter().enumerate().collect()
    }

    /// Whether a measure is ticked: by what was typed, or as it is kept.
    fn ticked(&self, at: &usize) -> bool {
        self.close.measures.contains(&at.to_string())
    }

    fn said(&self, at: &usize) -> &str {
        self.answer.done.get(*at).map(String::as_str).unwrap_or_default()
    }

    fn fault(&self, at: &usize) -> String {
        self.errors.of(&format!("done-{at}")).to_owned()
    }

    fn can_number(&self) -> bool {
        self.view.may_inspect && self.view.paper.is_none() && self.view.can(InspectionEvent::Number)
    }
}

/// What was sent and refused.
enum Typed {
    Nothing,
    Answer(AnswerInput),
    Close(CloseInput),
    Cancel(CancelInput),
    Photo(String),
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &InspectionId,
    typed: Typed,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = inspection(app, &signed.actor, id).await?;
    let title = format!("{}: {}", view.kept.kind.name(), view.certificate.product);
    let page = Page::new(title, &signed.viewer);
    let measures = view.kept.record.as_ref().map(|record| record.measures.as_slice()).unwrap_or_default();
    let done = measures.iter().enumerate().filter(|(_, measure)| measure.done);
    let mut shown = ShowPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        answer: AnswerInput {
            version: view.kept.version,
            answer: view.kept.answer.clone(),
            done: measures.iter().map(|measure| measure.answer.clone()).collect(),
        },
        close: CloseInput {
            version: view.kept.version,
            measures: done.map(|(at, _)| at.to_string()).collect(),
            outcome: view.kept.outcome.clone(),
            then: String::new(),
        },
        outcome: String::new(),
        caption: String::new(),
        errors: error.map(Errors::from).unwrap_or_default(),
        view,
    };
    match typed {
        Typed::Nothing => {}
        Typed::Answer(input) => shown.answer = input,
        Typed::Close(input) => shown.close = input,
        Typed::Cancel(input) => shown.outcome = input.outcome,
        Typed::Photo(caption) => shown.caption = caption,
    }
    Ok(html_with(error.map_or(StatusCode::OK, status_of), shown))
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<InspectionId>) -> Outcome {
    Ok(shown(&app, &signed, &id, Typed::Nothing, None).await?)
}

/// After a step: back to the page, or the page again with what was typed.
async fn after<T>(
    app: &App,
    signed: &SignedIn,
    id: &InspectionId,
    outcome: Result<T, AppError>,
    typed: Typed,
) -> Outcome {
    match outcome {
        Ok(_) => Ok(see_other(&format!("/inspections/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => Ok(shown(app, signed, id, typed, Some(&error)).await?),
        Err(error) => Err(error.into()),
    }
}

/// Gives the visit up.
pub async fn cancel(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    Form(form): Form<CancelInput>,
) -> Outcome {
    let outcome = cancel_inspection(&app, &signed.actor, &id, &form).await;
    after(&app, &signed, &id, outcome, Typed::Cancel(form)).await
}

/// Answers it.
pub async fn answer(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    Form(form): Form<AnswerInput>,
) -> Outcome {
    let outcome = answer_inspection(&app, &signed.actor, &id, &form).await;
    after(&app, &signed, &id, outcome, Typed::Answer(form)).await
}

/// Notes measures, ends the visit.
pub async fn close(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    Form(form): Form<CloseInput>,
) -> Outcome {
    let outcome = close_inspection(&app, &signed.actor, &id, &form).await;
    after(&app, &signed, &id, outcome, Typed::Close(form)).await
}

/// Adds a photograph.
pub async fn add(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<InspectionId>,
    form: Multipart,
) -> Outcome {
    let sent = Sent::read(form).await?;
    let caption = sent.text("caption");
    let outcome = add_photo(&app, &signed.actor, &id, &caption, sent.upload).await;
    after(&app, &signed, &id, outcome, Typed::Photo(caption)).await
}

/// A photograph.
pub async fn photograph(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    IdAnd(id, no): IdAnd<InspectionId>,
) -> Outcome {
    let no = no.parse().map_err(|_| AppError::NotFound)?;
    let (media, bytes) = photo(&app, &actor, &id, no).await?;
    let head = [(header::CONTENT_TYPE, media.code()), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((head, bytes).into_response())
}
