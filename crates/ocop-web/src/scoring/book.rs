//! Scoring without a network: the workbook of one's open ballots, sent back, looked at, taken in.

use askama::Template;
use axum::extract::{Multipart, State};
use axum_extra::extract::Form;
use ocop_app::scoring::{
    BOOK_LIMIT, BookPreview, BookView, TakeBookInput, book, book_file, kept_book, preview_book, take_book,
};
use ocop_app::{App, AppError};
use ocop_core::id::CouncilId;

use crate::evidence::Sent;
use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, saved, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "scoring/book.html")]
struct BookPage {
    page: Page,
    view: BookView,
    errors: Errors,
}

impl BookPage {
    /// The most that a workbook may weigh, in megabytes.
    fn limit(&self) -> usize {
        BOOK_LIMIT / 1024 / 1024
    }
}

#[derive(Template)]
#[template(path = "scoring/book_preview.html")]
struct PreviewPage {
    page: Page,
    seen: BookPreview,
    /// Conflicts in which the file's choice was ticked.
    over: Vec<String>,
}

impl PreviewPage {
    /// How many criteria are taken without a question, and how many are asked about.
    fn counts(&self) -> (usize, usize) {
        let lines = self.seen.ballots.iter().flat_map(|ballot| &ballot.lines);
        let asked = lines.clone().filter(|line| line.is_conflict).count();
        (lines.count() - asked, asked)
    }

    fn is_over(&self, pair: &str) -> bool {
        self.over.iter().any(|one| one == pair)
    }
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    id: &CouncilId,
    error: Option<&AppError>,
) -> Result<BookPage, AppError> {
    let view = book(app, &signed.actor, id).await?;
    let page = Page::new("Chấm ngoại tuyến", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(BookPage { page, view, errors: error.map(Errors::from).unwrap_or_default() })
}

/// The page.
pub async fn get(State(app): State<App>, signed: SignedIn, Id(id): Id<CouncilId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id, None).await?))
}

/// The workbook to take away.
pub async fn download(State(app): State<App>, signed: SignedIn, Id(id): Id<CouncilId>) -> Outcome {
    match book_file(&app, &signed.actor, &id).await {
        Ok(file) => Ok(saved(file)),
        // No ballot waits: the page says so.
        Err(AppError::Refused(_)) => Ok(see_other(&format!("/councils/{id}/ballot-book"))),
        Err(error) => Err(error.into()),
    }
}

async fn refused(app: &App, signed: &SignedIn, id: &CouncilId, error: AppError) -> Outcome {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    Ok(html_with(status_of(&error), shown(app, signed, id, Some(&error)).await?))
}

fn preview(signed: &SignedIn, seen: BookPreview, over: Vec<String>) -> PreviewPage {
    PreviewPage { page: Page::new("Xem trước phiếu chấm", &signed.viewer), seen, over }
}

/// Shows what a file would change; nothing is changed yet.
pub async fn look(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    form: Multipart,
) -> Outcome {
    // Whoever may not is told so before a file is read.
    shown(&app, &signed, &id, None).await?;
    let seen = match Sent::read(form).await {
        Ok(sent) => preview_book(&app, &signed.actor, &id, sent.upload).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(seen) => Ok(html(preview(&signed, seen, Vec::new()))),
        Err(error) => refused(&app, &signed, &id, error).await,
    }
}

/// Takes the file in that was looked at; when a ballot was saved in between, shows it again.
pub async fn take(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CouncilId>,
    Form(form): Form<TakeBookInput>,
) -> Outcome {
    match take_book(&app, &signed.actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/councils/{id}?done=booked"))),
        Err(error @ AppError::Stale(_)) => {
            let seen = kept_book(&app, &signed.actor, &id, &form.file).await?;
            let again = preview(&signed, seen, form.over);
            Ok(html_with(status_of(&error), PreviewPage { page: again.page.refused(&error), ..again }))
        }
        Err(error) => refused(&app, &signed, &id, error).await,
    }
}
