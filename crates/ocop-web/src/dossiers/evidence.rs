//! All papers of a dossier by criterion, and the upload of one for a criterion.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, CiteInput, EvidenceView};
use ocop_app::evidence::{Uploaded, content, page_count, upload};
use ocop_app::{App, AppError, FieldFault};
use ocop_core::id::{DossierId, RequestId};

use super::criterion::Again;
use super::{criterion, request};
use crate::evidence::{Sent, Shown, message};
use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, WantsJson};

#[derive(Template)]
#[template(path = "dossiers/evidence.html")]
struct EvidencePage {
    page: Page,
    view: EvidenceView,
    errors: Errors,
}

/// The page that a form about a paper stands on.
pub enum Place {
    /// The screen of a criterion.
    Criterion(String),
    /// The page of a request.
    Request(RequestId),
    /// The list of papers.
    List,
}

impl Place {
    /// Reads the criterion and the `back` field of a form.
    pub fn read(criterion: &str, back: &str) -> Self {
        match (back, back.parse()) {
            ("list", _) => Self::List,
            (_, Ok(request)) => Self::Request(request),
            (_, Err(_)) if criterion.is_empty() => Self::List,
            (_, Err(_)) => Self::Criterion(criterion.to_owned()),
        }
    }

    /// Its address.
    pub fn path(&self, id: &DossierId) -> String {
        match self {
            Self::Criterion(code) => format!("/dossiers/{id}/self-assessment/{code}"),
            Self::Request(request) => format!("/dossiers/{id}/requests/{request}"),
            Self::List => format!("/dossiers/{id}/evidence"),
        }
    }
}

/// The page again, with the refusal beside its field.
pub async fn refused(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    place: &Place,
    error: &AppError,
) -> Result<Response, AppError> {
    match place {
        Place::Criterion(code) => {
            let again = Again { answer: None, error };
            criterion::shown(app, signed, id, code, &Shown::default(), Some(again)).await
        }
        Place::Request(asked) => {
            request::shown(app, signed, id, asked, &Shown::default(), None, Some(error)).await
        }
        Place::List => list(app, signed, id, Some(error)).await,
    }
}

async fn list(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = dossiers::evidence(app, &signed.actor, id).await?;
    let page = Page::new("Giấy tờ minh chứng", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    let errors = error.map(Errors::from).unwrap_or_default();
    Ok(html_with(error.map_or(StatusCode::OK, status_of), EvidencePage { page, view, errors }))
}

/// All papers by criterion.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(list(&app, &signed, &id, None).await?)
}

/// Takes a paper into the vault and cites it for a criterion.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<DossierId>,
    form: Multipart,
) -> Outcome {
    let mut sent = Sent::read(form).await?;
    let place = Place::read(&sent.text("criterion"), &sent.text("back"));
    match keep(&app, &signed, &id, &mut sent).await {
        Ok(uploaded) => {
            let already = if uploaded.already.is_some() { "&already=1" } else { "" };
            Ok(see_other(&format!("{}?done=uploaded{already}#papers", place.path(&id))))
        }
        Err(error) if wants_json && is_for_the_form(&error) => Ok(message(&error)),
        Err(error) if is_for_the_form(&error) => Ok(refused(&app, &signed, &id, &place, &error).await?),
        Err(error) => Err(error.into()),
    }
}

async fn keep(app: &App, signed: &SignedIn, id: &DossierId, sent: &mut Sent) -> Result<Uploaded, AppError> {
    let (criterion, pages) = (sent.text("criterion"), sent.text("new_pages"));
    let file = sent.file(app, &signed.actor).await?;
    // Before the file is kept, so that a wrong page number leaves nothing half done.
    let count = match content::media_type(&file.file_name, &file.bytes) {
        Ok(media) => page_count(app, media, &file.bytes).await,
        Err(_) => None,
    };
    ocop_core::evidence::pages(&pages, count)
        .map_err(|bad| AppError::Invalid(vec![FieldFault::new("pages", bad.to_string())]))?;
    let producer = dossiers::citable(app, &signed.actor, id, &criterion).await?;
    let uploaded = upload(app, &signed.actor, &producer, &sent.input(), file).await?;
    let cited = CiteInput { criterion, evidence: uploaded.id.to_string(), pages };
    dossiers::cite(app, &signed.actor, id, &cited).await?;
    sent.is_kept(app, &signed.actor).await;
    Ok(uploaded)
}
