//! The register of outgoing papers, a paper in it, and the form that enters a signed one.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum_extra::extract::Form;
use chrono::NaiveDate;
use ocop_app::papers::{
    GapInput, IssueInput, IssueView, Line, OutgoingView, PaperView, SignedCopy, Which, attach_copy,
    explain_gap, issue_of_dossier, issuing, outgoing, paper, paper_file,
};
use ocop_app::{App, AppError};
use ocop_core::id::{DossierId, PaperId};
use ocop_core::papers::{Gap, PaperKind};
use ocop_core::text::file_size;
use ocop_core::time::date;
use serde::Deserialize;

use super::pdf;
use crate::evidence::Sent;
use crate::page::{Errors, Id, IdAnd, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

const TITLE: &str = "Sổ văn bản đi";

/// What is asked of the register, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    year: String,
}

#[derive(Template)]
#[template(path = "papers/outgoing.html")]
struct OutgoingPage {
    page: Page,
    view: OutgoingView,
    /// The gap that is being explained, when it came back with a fault.
    typed: GapInput,
    errors: Errors,
}

impl OutgoingPage {
    /// `Số 1–4`, `Số 7`.
    fn numbers(&self, gap: &Gap) -> String {
        if gap.first == gap.last {
            format!("Số {:02}", gap.first)
        } else {
            format!("Số {:02}–{:02}", gap.first, gap.last)
        }
    }

    fn day(&self, day: &NaiveDate) -> String {
        date(*day)
    }

    /// Whether this is the gap that came back with a fault.
    fn is_typed(&self, symbol: &str, gap: &Gap) -> bool {
        self.typed.symbol == symbol && self.typed.first == gap.first.to_string()
    }
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    asked: Option<i32>,
    typed: GapInput,
    error: Option<&AppError>,
) -> Result<OutgoingPage, AppError> {
    let view = outgoing(app, &signed.actor, asked).await?;
    let page = Page::new(TITLE, &signed.viewer);
    Ok(OutgoingPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        view,
        typed,
        errors: error.map(Errors::from).unwrap_or_default(),
    })
}

/// The register of the officer's office.
pub async fn list(State(app): State<App>, signed: SignedIn, Query(asked): Query<Asked>) -> Outcome {
    let year = asked.year.trim();
    let year = if year.is_empty() { None } else { Some(year.parse().map_err(|_| AppError::NotFound)?) };
    let page = shown(&app, &signed, year, GapInput::default(), None).await?;
    Ok(html_with(StatusCode::OK, page))
}

/// Explains missing numbers.
pub async fn explain(State(app): State<App>, signed: SignedIn, Form(form): Form<GapInput>) -> Outcome {
    match explain_gap(&app, &signed.actor, &form).await {
        Ok(year) => Ok(see_other(&format!("/papers?year={year}&done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            let page = shown(&app, &signed, form.year.trim().parse().ok(), form, Some(&error)).await?;
            Ok(html_with(status_of(&error), page))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "papers/paper.html")]
struct PaperPage {
    page: Page,
    view: PaperView,
    errors: Errors,
}

impl PaperPage {
    fn day(&self, day: &NaiveDate) -> String {
        date(*day)
    }

    fn size(&self, copy: &SignedCopy) -> String {
        file_size(copy.size)
    }

    /// The page of the thing that it is about, when there is one.
    fn about(&self) -> Option<(String, &'static str)> {
        let (_, rest) = self.view.paper.about.split_once(':')?;
        let id = rest.split(':').next().unwrap_or(rest);
        match self.view.paper.kind {
            PaperKind::Decision => None,
            PaperKind::Revocation => Some((format!("/certificates/{id}"), "Xem giấy chứng nhận")),
            PaperKind::RevocationProposal => Some((format!("/verifications/{id}"), "Xem việc xác minh")),
            PaperKind::Answer => Some((format!("/complaints/{id}"), "Xem đơn")),
            PaperKind::Inspection => Some((format!("/inspections/{id}"), "Xem cuộc kiểm tra")),
            PaperKind::Notice | PaperKind::Proposal | PaperKind::Return | PaperKind::Forwarding => {
                Some((format!("/dossiers/{id}"), "Xem hồ sơ"))
            }
        }
    }
}

async fn paper_page(
    app: &App,
    signed: &SignedIn,
    id: &PaperId,
    error: Option<&AppError>,
) -> Result<PaperPage, AppError> {
    let view = paper(app, &signed.actor, id).await?;
    let page = Page::new(format!("Văn bản số {}", view.paper.number), &signed.viewer);
    Ok(PaperPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        view,
        errors: error.map(Errors::from).unwrap_or_default(),
    })
}

/// A paper of the register.
pub async fn show(State(app): State<App>, signed: SignedIn, Id(id): Id<PaperId>) -> Outcome {
    Ok(html_with(StatusCode::OK, paper_page(&app, &signed, &id, None).await?))
}

/// Attaches the signed copy.
pub async fn attach(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<PaperId>,
    form: Multipart,
) -> Outcome {
    let sent = Sent::read(form).await?;
    match attach_copy(&app, &signed.actor, &id, sent.upload).await {
        Ok(()) => Ok(see_other(&format!("/papers/{id}?done=attached"))),
        Err(error) if is_for_the_form(&error) => {
            let page = paper_page(&app, &signed, &id, Some(&error)).await?;
            Ok(html_with(status_of(&error), page))
        }
        Err(error) => Err(error.into()),
    }
}

/// Which file of a paper, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FileAsked {
    which: String,
}

/// A file of a paper: the copy of record, `?which=made`, or an earlier copy by its number.
pub async fn file(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<PaperId>,
    Query(asked): Query<FileAsked>,
) -> Outcome {
    let which = match asked.which.as_str() {
        "" => Which::Record,
        "made" => Which::Made,
        no => Which::Copy(no.parse().map_err(|_| AppError::NotFound)?),
    };
    Ok(pdf(paper_file(&app, &actor, &id, which).await?))
}

#[derive(Template)]
#[template(path = "papers/issue.html")]
struct IssuePage {
    page: Page,
    view: IssueView,
    form: IssueInput,
    errors: Errors,
    draft: String,
}

/// The address of a dossier's paper as PDF.
pub fn pdf_of(dossier: &DossierId, kind: PaperKind) -> String {
    format!("/dossiers/{dossier}/papers/{}.pdf", kind.code())
}

async fn issue_page(
    app: &App,
    signed: &SignedIn,
    id: &DossierId,
    kind: PaperKind,
) -> Result<IssuePage, AppError> {
    let view = issuing(app, &signed.actor, id, kind).await?;
    let page = Page::new(format!("Cấp số: {}", kind.name()), &signed.viewer);
    Ok(IssuePage { page, form: view.input.clone(), errors: Errors::none(), draft: pdf_of(id, kind), view })
}

/// The form that enters a signed paper of a dossier.
pub async fn issue_form(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, kind): IdAnd<DossierId>,
) -> Outcome {
    let kind = kind.parse().map_err(|_| AppError::NotFound)?;
    Ok(html_with(StatusCode::OK, issue_page(&app, &signed, &id, kind).await?))
}

/// Enters it.
pub async fn issue(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, kind): IdAnd<DossierId>,
    Form(form): Form<IssueInput>,
) -> Outcome {
    let kind = kind.parse().map_err(|_| AppError::NotFound)?;
    match issue_of_dossier(&app, &signed.actor, &id, kind, &form).await {
        Ok(paper) => Ok(see_other(&format!("/papers/{paper}?done=issued"))),
        Err(error) if is_for_the_form(&error) => {
            let mut shown = issue_page(&app, &signed, &id, kind).await?;
            (shown.page, shown.form, shown.errors) = (shown.page.refused(&error), form, Errors::from(&error));
            Ok(html_with(status_of(&error), shown))
        }
        Err(error) => Err(error.into()),
    }
}
