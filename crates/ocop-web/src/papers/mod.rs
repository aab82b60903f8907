//! The official papers as PDF files, made when they are asked for. Who may print what is decided
//! by the verbs of `ocop_app::papers`.

mod outgoing;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ocop_app::papers::{self, Paper};
use ocop_app::{App, AppError};
use ocop_core::id::{BallotId, CertificateId, CouncilId, DecisionId, DossierId};
use ocop_core::papers::PaperKind;
use serde::Deserialize;

use crate::page::{Id, IdAnd, Outcome};
use crate::viewer::SignedIn;

pub use outgoing::pdf_of;

/// Routes. Forms 01 and 02: `read_dossier`; the report to the chair: `read_findings`; form 03: `write_commune_report`, `read_findings`; tally:
/// `read_tally`; notice: `read_result`; sheet: `save_ballot` for one's own, `read_tally` after
/// opening; minutes: `read_tally`; draft decision and briefing: `record_decision`; entering the signed briefing: `issue_paper`; decision and certificate:
/// `read_result`. The register: `read_papers`, `issue_paper`. Letters: `read_dossier` once they are
/// sent, `issue_paper` before.
///
/// A path part is matched whole, so `decision` reads `ID.pdf` itself, and a certificate's paper
/// stands below its page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dossiers/{id}/papers/{paper}", get(of_dossier))
        .route("/ballots/{id}/sheet.pdf", get(score_sheet))
        .route("/councils/{id}/minutes.pdf", get(minutes))
        .route("/councils/{id}/decision.pdf", get(draft_decision))
        .route("/councils/{id}/briefing.pdf", get(briefing))
        .route("/councils/{id}/briefing", get(outgoing::issue_briefing_form).post(outgoing::enter_briefing))
        .route("/decisions/{file}", get(decision))
        .route("/certificates/{id}/certificate.pdf", get(certificate))
        .route("/certificates/{id}/revocation.pdf", get(revocation))
        .route("/dossiers/{id}/issue/{kind}", get(outgoing::issue_form).post(outgoing::issue))
        .route("/papers", get(outgoing::list))
        .route("/papers/gaps", post(outgoing::explain))
        .route("/papers/{id}", get(outgoing::show))
        .route("/papers/{id}/file", get(outgoing::file))
        .route("/papers/{id}/copy", post(outgoing::attach).layer(DefaultBodyLimit::disable()))
}

/// What narrows a paper down, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    /// Scoring turn, counted from 1.
    turn: String,
    /// Session of the council.
    session: String,
    /// Decision of the council, counted from 1.
    no: String,
}

/// A part of the address that may be left out; something else in it names nothing there is.
fn wanted<T: std::str::FromStr>(typed: &str) -> Result<Option<T>, AppError> {
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(|_| AppError::NotFound) }
}

async fn of_dossier(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    IdAnd(id, paper): IdAnd<DossierId>,
    Query(which): Query<Which>,
) -> Outcome {
    let paper = match paper.as_str() {
        "form-01.pdf" => papers::form01(&app, &actor, &id).await?,
        "form-02.pdf" => papers::form02(&app, &actor, &id).await?,
        "form-03.pdf" => papers::form03(&app, &actor, &id).await?,
        "tally.pdf" => papers::tally(&app, &actor, &id, wanted(&which.turn)?).await?,
        "advisory-report.pdf" => papers::advice(&app, &actor, &id).await?,
        "sample-labels.pdf" => papers::sample_labels(&app, &actor, &id).await?,
        "notice.pdf" => papers::notice(&app, &actor, &id).await?,
        "proposal.pdf" => papers::letter(&app, &actor, &id, PaperKind::Proposal).await?,
        "return.pdf" => papers::letter(&app, &actor, &id, PaperKind::Return).await?,
        "forwarding.pdf" => papers::letter(&app, &actor, &id, PaperKind::Forwarding).await?,
        _ => return Err(AppError::NotFound.into()),
    };
    Ok(pdf(paper))
}

async fn score_sheet(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<BallotId>,
) -> Outcome {
    Ok(pdf(papers::score_sheet(&app, &actor, &id).await?))
}

async fn minutes(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CouncilId>,
    Query(which): Query<Which>,
) -> Outcome {
    let session = wanted(&which.session)?;
    Ok(pdf(papers::minutes(&app, &actor, &id, session.as_ref()).await?))
}

async fn draft_decision(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CouncilId>,
) -> Outcome {
    Ok(pdf(papers::draft_decision(&app, &actor, &id).await?))
}

async fn briefing(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CouncilId>,
    Query(which): Query<Which>,
) -> Outcome {
    Ok(pdf(papers::briefing(&app, &actor, &id, wanted(&which.no)?).await?))
}

async fn decision(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(FileOf(id)): Id<FileOf<DecisionId>>,
) -> Outcome {
    Ok(pdf(papers::decision(&app, &actor, &id).await?))
}

async fn certificate(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CertificateId>,
) -> Outcome {
    Ok(pdf(papers::certificate(&app, &actor, &id).await?))
}

async fn revocation(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<CertificateId>,
) -> Outcome {
    Ok(pdf(papers::revocation(&app, &actor, &id).await?))
}

/// `ID.pdf` as the last part of an address.
struct FileOf<T>(T);

impl<T: std::str::FromStr> std::str::FromStr for FileOf<T> {
    type Err = AppError;

    fn from_str(file: &str) -> Result<Self, AppError> {
        let id = file.strip_suffix(".pdf").ok_or(AppError::NotFound)?;
        id.parse().map(Self).map_err(|_| AppError::NotFound)
    }
}

/// Shown in the browser, saved under its own name. File names are plain ASCII.
pub fn pdf(paper: Paper) -> Response {
    let disposition = format!("inline; filename=\"{}\"", paper.file_name);
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, paper.pdf).into_response()
}
