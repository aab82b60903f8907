//! The page of a paper: what is told of it, its versions, its pages as pictures.

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ocop_app::evidence::{self, EvidenceInput, KindGroup, PageView, PaperView, Size};
use ocop_app::{App, AppError};
use ocop_core::evidence::FILE_LIMIT;
use ocop_core::id::{EvidenceId, ProducerId};
use ocop_core::people::Actor;
use serde::Deserialize;

use super::upload::{ACCEPTED, Sent};
use super::vault::message;
use crate::page::{Errors, Id, IdAnd, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, WantsJson};

#[derive(Template)]
#[template(path = "evidence/paper.html")]
struct PaperPage {
    page: Page,
    view: PaperView,
}

impl PaperPage {
    /// The pages to choose from.
    fn pages(&self) -> Vec<u16> {
        (1..=self.view.card.pages.unwrap_or_default()).collect()
    }
}

/// The page of a paper.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<EvidenceId>) -> Outcome {
    let view = evidence::paper(&app, &signed.actor, &id).await?;
    Ok(html(PaperPage { page: Page::new(view.card.title.clone(), &signed.viewer), view }))
}

/// The form about a paper: what is told of it, or a new version of it.
#[derive(Template)]
#[template(path = "evidence/describe.html")]
struct DescribePage {
    page: Page,
    id: EvidenceId,
    producer: ProducerId,
    title: String,
    version: i64,
    replacing: bool,
    input: EvidenceInput,
    errors: Errors,
    kinds: Vec<KindGroup>,
    accepted: &'static str,
    limit: u64,
}

async fn form(
    app: &App,
    signed: &SignedIn,
    id: EvidenceId,
    replacing: bool,
    again: Option<(EvidenceInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = evidence::paper(app, &signed.actor, &id).await?;
    let own = view.own.ok_or(AppError::NotFound)?;
    let name = if replacing { "Thay bằng bản mới" } else { "Sửa thông tin giấy tờ" };
    let page = Page::new(name, &signed.viewer);
    let (page, status, input, errors) = match again {
        Some((typed, error)) => (page.refused(error), status_of(error), typed, Errors::from(error)),
        // A new version has a number and days of its own.
        None if replacing => (page, StatusCode::OK, own.input.of_new_version(), Errors::default()),
        None => (page, StatusCode::OK, own.input, Errors::default()),
    };
    let form = DescribePage {
        page,
        id,
        producer: view.producer,
        title: view.card.title,
        version: own.version,
        replacing,
        input,
        errors,
        kinds: evidence::kinds(app)?,
        accepted: ACCEPTED,
        limit: FILE_LIMIT,
    };
    Ok(html_with(status, form))
}

/// The form that changes what is told of a paper.
pub async fn edit(State(app): State<App>, signed: SignedIn, Id(id): Id<EvidenceId>) -> Outcome {
    Ok(form(&app, &signed, id, false, None).await?)
}

/// The form that takes a new version.
pub async fn new_version(State(app): State<App>, signed: SignedIn, Id(id): Id<EvidenceId>) -> Outcome {
    Ok(form(&app, &signed, id, true, None).await?)
}

/// The description as typed, with the version that it was read at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Description {
    #[serde(flatten)]
    input: EvidenceInput,
    version: String,
}

/// Changes what is told of the paper.
pub async fn describe(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<EvidenceId>,
    Form(sent): Form<Description>,
) -> Outcome {
    match evidence::describe(&app, &signed.actor, &id, &sent.input, &sent.version).await {
        Ok(()) => Ok(see_other(&format!("/evidence/{id}?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(form(&app, &signed, id, false, Some((sent.input, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a new version of the paper.
pub async fn replace(
    State(app): State<App>,
    signed: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<EvidenceId>,
    sent: Multipart,
) -> Outcome {
    let mut sent = Sent::read(sent).await?;
    let input = sent.input();
    match keep(&app, &signed.actor, &id, &mut sent).await {
        Ok(new) => Ok(see_other(&format!("/evidence/{new}?done=uploaded"))),
        Err(error) if wants_json && is_for_the_form(&error) => Ok(message(&error)),
        Err(error) if is_for_the_form(&error) => {
            Ok(form(&app, &signed, id, true, Some((input, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep(app: &App, actor: &Actor, id: &EvidenceId, sent: &mut Sent) -> Result<EvidenceId, AppError> {
    let file = sent.file(app, actor).await?;
    let new = evidence::replace(app, actor, id, &sent.input(), file).await?;
    sent.is_kept(app, actor).await;
    Ok(new)
}

/// How a page is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Quarter turns to the right, 0 to 3.
    turn: String,
    /// Code of a [`Size`].
    size: String,
}

impl Look {
    fn turns(&self) -> u8 {
        self.turn.parse::<u8>().unwrap_or_default() % 4
    }

    fn size(&self) -> Size {
        self.size.parse().unwrap_or(Size::Page)
    }
}

#[derive(Template)]
#[template(path = "evidence/page.html")]
struct PagePage {
    page: Page,
    view: PageView,
    turns: u8,
    large: bool,
}

impl PagePage {
    /// The address of a page in the same way of looking.
    fn to(&self, page: &u16) -> String {
        self.address(*page, self.turns, self.large)
    }

    /// This page after another quarter turn.
    fn turned(&self) -> String {
        self.address(self.view.page, (self.turns + 1) % 4, self.large)
    }

    /// This page larger, or again as wide as the screen.
    fn resized(&self) -> String {
        self.address(self.view.page, self.turns, !self.large)
    }

    fn address(&self, page: u16, turns: u8, large: bool) -> String {
        let size = if large { "&size=large" } else { "" };
        format!("/evidence/{}/pages/{page}?turn={turns}{size}", self.view.id)
    }

    /// The picture of this page.
    fn picture(&self) -> String {
        let size = if self.large { Size::Large } else { Size::Page };
        format!(
            "/evidence/{}/pages/{}/picture?turn={}&size={}",
            self.view.id,
            self.view.page,
            self.turns,
            size.code()
        )
    }

    fn before(&self) -> Option<u16> {
        self.view.page.checked_sub(1).filter(|page| *page > 0)
    }

    fn after(&self) -> Option<u16> {
        Some(self.view.page + 1).filter(|page| *page <= self.view.count)
    }
}

fn number(page: &str) -> Result<u16, AppError> {
    page.parse().map_err(|_| AppError::NotFound)
}

/// One page of the paper.
pub async fn page(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, page): IdAnd<EvidenceId>,
    Query(look): Query<Look>,
) -> Outcome {
    let view = evidence::page(&app, &signed.actor, &id, number(&page)?).await?;
    let title = format!("{}, trang {}", view.title, view.page);
    Ok(html(PagePage {
        page: Page::new(title, &signed.viewer),
        view,
        turns: look.turns(),
        large: look.size() == Size::Large,
    }))
}

/// The picture of a page. The file of a paper never changes, so a browser may keep it for a while.
pub async fn picture(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(id, page): IdAnd<EvidenceId>,
    Query(look): Query<Look>,
) -> Outcome {
    let made = evidence::picture(&app, &signed.actor, &id, number(&page)?, look.size(), look.turns()).await?;
    let head = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=3600")];
    Ok((head, made).into_response())
}
