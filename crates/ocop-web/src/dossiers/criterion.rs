//! One criterion of the self-assessment on its own screen, with its papers.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, AnswerInput, CriterionView, Live, Mark, Saved};
use ocop_app::{App, AppError};
use ocop_core::evidence::FILE_LIMIT;
use ocop_core::id::DossierId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::assessment::{letter, next_sentence};
use crate::evidence::{ACCEPTED, Shown, message};
use crate::page::{
    Errors, IdAnd, Outcome, Page, html_with, is_for_the_form, json as json_answer, see_other, status_of,
};
use crate::viewer::{SignedIn, WantsJson};

#[derive(Template)]
#[template(path = "dossiers/criterion.html")]
struct CriterionPage {
    page: Page,
    view: CriterionView,
    errors: Errors,
    marks: Vec<&'static str>,
    /// Where the reader is, in words.
    here: String,
    next: String,
    accepted: &'static str,
    limit: u64,
}

impl CriterionPage {
    /// Whether "no level met" is the choice, in whichever case.
    fn none_chosen(&self) -> bool {
        self.view.input.choice.ends_with(":0")
    }
}

/// An answer and the button that sent it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    choice: String,
    note: String,
    version: String,
    /// `next`, `prev`, `list` or `stay`.
    then: String,
}

impl Sent {
    fn answer(&self) -> AnswerInput {
        AnswerInput { choice: self.choice.clone(), note: self.note.clone(), version: self.version.clone() }
    }
}

/// What was typed and why it was refused.
pub struct Again<'a> {
    /// The answer as typed; `None` keeps the saved one (another form of the page was refused).
    pub answer: Option<AnswerInput>,
    /// Why.
    pub error: &'a AppError,
}

/// The screen of a criterion, fresh or after a refusal.
pub async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    code: &str,
    already: &Shown,
    again: Option<Again<'_>>,
) -> Result<Response, AppError> {
    let mut view = dossiers::criterion(app, &signed.actor, id, code).await?;
    let mut page = Page::new(format!("{} {}", view.code, view.name), &signed.viewer);
    page.notice = already.notice().or(page.notice);
    let (mut status, mut errors) = (StatusCode::OK, Errors::none());
    if let Some(again) = again {
        if let Some(answer) = again.answer {
            view.input = answer;
        }
        page = page.refused(again.error);
        (status, errors) = (status_of(again.error), Errors::from(again.error));
    }
    let marks = view.marks.iter().enumerate().map(|(at, mark)| match (at + 1 == view.at, mark) {
        (true, Mark::Done) => "dn",
        (true, Mark::Todo | Mark::Off) => "n",
        (false, mark) => letter(*mark),
    });
    let marks = marks.collect();
    let here = format!("{} · Tiêu chí {} trên {}", view.part.name(), view.at, view.of);
    let next = next_sentence(&view.live);
    let page = CriterionPage { page, view, errors, marks, here, next, accepted: ACCEPTED, limit: FILE_LIMIT };
    Ok(html_with(status, page))
}

/// The screen.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, code): IdAnd<DossierId>,
    Query(already): Query<Shown>,
) -> Outcome {
    Ok(shown(&app, &signed, &id, &code, &already, None).await?)
}

/// Saves the answer; a script gets the totals, a person goes on.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    WantsJson(wants_json): WantsJson,
    IdAnd(id, code): IdAnd<DossierId>,
    Form(sent): Form<Sent>,
) -> Outcome {
    let answer = sent.answer();
    match dossiers::save_answer(&app, &signed.actor, &id, &code, &answer).await {
        Ok(saved) if wants_json => Ok(json_answer(StatusCode::OK, &told(&saved))),
        Ok(_) => {
            let view = dossiers::criterion(&app, &signed.actor, &id, &code).await?;
            Ok(see_other(&where_next(&id, &code, &sent.then, &view)))
        }
        Err(error) if wants_json => Ok(message(&error)),
        Err(error) if is_for_the_form(&error) => {
            let again = Again { answer: Some(answer), error: &error };
            Ok(shown(&app, &signed, &id, &code, &Shown::default(), Some(again)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn where_next(id: &DossierId, code: &str, then: &str, view: &CriterionView) -> String {
    let neighbour = match then {
        "stay" => Some(code),
        "prev" => view.prev.as_deref(),
        "list" => None,
        _ => view.next.as_deref(),
    };
    match neighbour {
        Some(code) => format!("/dossiers/{id}/self-assessment/{code}"),
        None => format!("/dossiers/{id}/self-assessment"),
    }
}

/// The totals as the script reads them (STYLE.md).
fn told(saved: &Saved) -> Value {
    json!({ "saved_at": saved.at, "version": saved.version, "totals": totals(&saved.live), "next": next(&saved.live) })
}

fn totals(live: &Live) -> Value {
    let mut totals = json!({
        "total": live.total, "stars": live.stars, "answered": live.answered, "of": live.of,
    });
    for part in &live.parts {
        totals[part.code.code().to_lowercase()] = json!(part.points);
    }
    totals
}

fn next(live: &Live) -> Value {
    match &live.next {
        Some(next) => {
            let codes: Vec<&str> = next.conditions.iter().map(|condition| condition.code.as_str()).collect();
            json!({ "stars": next.stars, "points_short": next.points_short, "floors": codes })
        }
        None => Value::Null,
    }
}
