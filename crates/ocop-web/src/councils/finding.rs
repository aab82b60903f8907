//! The advisory team's room: one criterion, its papers, the finding on it.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use ocop_app::councils::{AdviceRoom, FindingInput, advice_room, save_finding};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use serde_json::json;

use crate::page::{
    self, Errors, IdAnd, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of,
};
use crate::scoring::{Desk, Doc, told};
use crate::viewer::{SignedIn, Viewer, WantsJson};

#[derive(Template)]
#[template(path = "councils/finding.html")]
struct FindingPage {
    page: Page,
    view: AdviceRoom,
    desk: Desk,
    form: FindingInput,
    errors: Errors,
}

impl FindingPage {
    fn is_found(&self, code: &String) -> bool {
        self.view.found.contains(code)
    }

    fn written(&self) -> String {
        let finding = self.view.finding.as_ref();
        finding.map(|one| format!("{} ghi lúc {}", one.writer, one.written_at.written())).unwrap_or_default()
    }
}

async fn shown(
    app: &App,
    actor: &Actor,
    viewer: &Viewer,
    (id, code): (&DossierId, &str),
    doc: &Doc,
) -> Result<FindingPage, AppError> {
    let view = advice_room(app, actor, id, code).await?;
    let page = Page::new(format!("Tiêu chí {code}: {}", view.head.product), viewer);
    let form = FindingInput {
        finding: view.finding.as_ref().map(|one| one.finding.clone()).unwrap_or_default(),
        version: view.finding.as_ref().map_or(0, |one| one.version).to_string(),
    };
    let desk = Desk::of(&view.head.id, &view.pane, doc);
    Ok(FindingPage { page, view, desk, form, errors: Errors::none() })
}

/// The room.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    IdAnd(id, code): IdAnd<DossierId>,
    Query(doc): Query<Doc>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, (&id, &code), &doc).await?))
}

/// Saves the finding: by the button, or by itself while it is being written.
pub async fn post(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    WantsJson(wants_json): WantsJson,
    IdAnd(id, code): IdAnd<DossierId>,
    Form(form): Form<FindingInput>,
) -> Outcome {
    match save_finding(&app, &actor, &id, &code, &form).await {
        Ok(version) if wants_json => {
            Ok(page::json(StatusCode::OK, &json!({ "saved_at": app.now().hour(), "version": version })))
        }
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/advice/findings/{code}?done=saved"))),
        Err(error) if wants_json => Ok(page::json(status_of(&error), &json!({ "message": told(&error) }))),
        Err(error) if is_for_the_form(&error) => {
            let fresh = shown(&app, &actor, &viewer, (&id, &code), &Doc::default()).await?;
            let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
            Ok(html_with(status_of(&error), FindingPage { page, form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
