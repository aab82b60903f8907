//! A dossier's way to the centre: what is sent, what came back, what the province does then.

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::Form;
use ocop_app::centre::{self, AgainInput, AnswerInput, CentreView, SendInput};
use ocop_app::recognition::DecisionInput;
use ocop_app::{App, AppError};
use ocop_core::centre::{Answer, Fallback};
use ocop_core::id::DossierId;
use tokio_util::io::ReaderStream;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// Routes. The page: `read_result`; bundle, sending, the answer on paper: `send_to_centre`; what the province
/// does then: `decide_after_centre`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dossiers/{id}/centre", get(show).post(send))
        .route("/dossiers/{id}/centre/bundle.zip", get(bundle))
        .route("/dossiers/{id}/centre/answer", post(answer))
        .route("/dossiers/{id}/centre/recognise", post(recognise))
        .route("/dossiers/{id}/centre/again", post(again))
        .route("/dossiers/{id}/centre/close", post(close))
}

#[derive(Template)]
#[template(path = "centre/show.html")]
struct CentrePage {
    page: Page,
    view: CentreView,
    send: SendInput,
    answer: AnswerInput,
    decision: DecisionInput,
    again: AgainInput,
    errors: Errors,
}

impl CentrePage {
    fn answers(&self) -> [(Answer, bool); 4] {
        [Answer::FiveStars, Answer::Refused, Answer::Disqualified, Answer::Withdrawn]
            .map(|answer| (answer, self.answer.answer == answer.code()))
    }

    fn may(&self, fallback: Fallback) -> bool {
        self.view.fallbacks.contains(&fallback)
    }

    fn is_good(&self, answer: &Answer) -> bool {
        *answer == Answer::FiveStars
    }
}

/// What was typed into one of the page's forms.
#[derive(Default)]
struct Typed {
    send: SendInput,
    answer: AnswerInput,
    decision: DecisionInput,
    again: AgainInput,
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Typed,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = centre::view(app, &signed.actor, id).await?;
    let mut page = Page::new("Trình trung ương", &signed.viewer);
    let (mut status, mut errors) = (StatusCode::OK, Errors::none());
    if let Some(error) = error {
        (status, errors, page) = (status_of(error), Errors::from(error), page.refused(error));
    }
    let Typed { send, answer, decision, again } = typed;
    Ok(html_with(status, CentrePage { page, view, send, answer, decision, again, errors }))
}

/// After a verb: on to `done`, or the page again with everything that was typed.
async fn after(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    typed: Typed,
    outcome: Result<String, AppError>,
) -> Outcome {
    match outcome {
        Ok(done) => Ok(see_other(&done)),
        Err(error) if is_for_the_form(&error) => Ok(shown(app, signed, id, typed, Some(&error)).await?),
        Err(error) => Err(error.into()),
    }
}

async fn show(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, Typed::default(), None).await?)
}

async fn send(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<SendInput>,
) -> Outcome {
    let outcome = centre::send(&app, &signed.actor, &id, &input).await;
    let done = outcome.map(|()| format!("/dossiers/{id}/centre?done=sent_to_centre"));
    after(&app, &signed, &id, Typed { send: input, ..Typed::default() }, done).await
}

async fn answer(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<AnswerInput>,
) -> Outcome {
    let outcome = centre::note_answer(&app, &signed.actor, &id, &input).await;
    let done = outcome.map(|()| format!("/dossiers/{id}/centre?done=saved"));
    after(&app, &signed, &id, Typed { answer: input, ..Typed::default() }, done).await
}

async fn recognise(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<DecisionInput>,
) -> Outcome {
    let outcome = centre::recognise(&app, &signed.actor, &id, &input).await;
    let done = outcome.map(|_| format!("/dossiers/{id}?done=decided"));
    after(&app, &signed, &id, Typed { decision: input, ..Typed::default() }, done).await
}

async fn again(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<AgainInput>,
) -> Outcome {
    let outcome = centre::evaluate_again(&app, &signed.actor, &id, &input).await;
    let done = outcome.map(|next| format!("/dossiers/{next}?done=saved"));
    after(&app, &signed, &id, Typed { again: input, ..Typed::default() }, done).await
}

async fn close(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    let outcome = centre::close(&app, &signed.actor, &id).await;
    let done = outcome.map(|()| format!("/dossiers/{id}?done=notified"));
    after(&app, &signed, &id, Typed::default(), done).await
}

/// The bundle as it stands, read piece by piece.
async fn bundle(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    let bundle = centre::bundle(&app, &signed.actor, &id).await?;
    let head = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, bundle.size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", bundle.file_name)),
    ];
    let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(bundle.archive)));
    Ok((head, body).into_response())
}
