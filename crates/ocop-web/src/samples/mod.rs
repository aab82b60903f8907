//! The samples of a dossier: what was handed in, where it is, what became of it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use ocop_app::samples::{
    HandleInput, ReceiveInput, SamplesView, handle_samples, receive_form, receive_samples, samples,
};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;
use ocop_core::samples::SampleState;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// Routes: `read_dossier`; `receive_samples`, `handle_samples`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/dossiers/{id}/samples", get(show).post(receive))
        .route("/dossiers/{id}/samples/handle", post(handle))
}

#[derive(Template)]
#[template(path = "samples/show.html")]
struct SamplesPage {
    page: Page,
    view: SamplesView,
    receive: ReceiveInput,
    handle: HandleInput,
    errors: Errors,
    /// The same of the form below the table.
    handle_errors: Errors,
    rows: Vec<Row>,
}

/// A line of the table.
struct Row {
    no: u16,
    received_on: String,
    place: String,
    state: SampleState,
    changed: String,
}

impl SamplesPage {
    fn chosen(&self, no: &u16) -> bool {
        self.handle.samples.contains(&no.to_string())
    }

    /// Whether receiving comes first: samples are missing, or what was typed there is at fault.
    fn receives(&self) -> bool {
        let is_missing = self.view.samples.len() < usize::from(self.view.needed);
        self.view.may_receive && (is_missing || !self.errors.0.is_empty())
    }

    /// What can become of a sample, in the words of the one who does it.
    fn deeds(&self) -> [(&'static str, &'static str); 5] {
        [
            (SampleState::Stored.code(), "Chuyển nơi lưu giữ"),
            (SampleState::Used.code(), "Đã dùng khi đánh giá"),
            (SampleState::Tested.code(), "Gửi kiểm nghiệm"),
            (SampleState::Returned.code(), "Trả chủ thể"),
            (SampleState::Discarded.code(), "Hủy"),
        ]
    }
}

/// What was sent and refused.
enum Typed<'a> {
    Nothing,
    Receive(ReceiveInput, &'a AppError),
    Handle(HandleInput, &'a AppError),
}

async fn shown(app: &App, signed: &SignedIn, id: &DossierId, typed: Typed<'_>) -> Result<Response, AppError> {
    let view = samples(app, &signed.actor, id).await?;
    let rows = view
        .samples
        .iter()
        .map(|one| Row {
            no: one.no,
            received_on: date(one.received_on),
            place: one.place.clone(),
            state: one.state,
            changed: match one.state {
                SampleState::Stored => String::new(),
                SampleState::Used | SampleState::Tested | SampleState::Returned | SampleState::Discarded => {
                    format!("{}: {} ({})", date(one.changed_on), one.note, one.changed_by)
                }
            },
        })
        .collect();
    let mut page = SamplesPage {
        page: Page::new("Mẫu sản phẩm", &signed.viewer),
        receive: receive_form(app, &view),
        handle: HandleInput { changed_on: date(app.today()), ..HandleInput::default() },
        errors: Errors::none(),
        handle_errors: Errors::none(),
        view,
        rows,
    };
    let status = match typed {
        Typed::Nothing => StatusCode::OK,
        Typed::Receive(input, error) => {
            (page.receive, page.errors, page.page) = (input, Errors::from(error), page.page.refused(error));
            status_of(error)
        }
        Typed::Handle(input, error) => {
            (page.handle, page.handle_errors, page.page) =
                (input, Errors::from(error), page.page.refused(error));
            status_of(error)
        }
    };
    Ok(html_with(status, page))
}

/// The page.
async fn show(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(shown(&app, &signed, &id, Typed::Nothing).await?)
}

/// Receives samples.
async fn receive(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<ReceiveInput>,
) -> Outcome {
    match receive_samples(&app, &signed.actor, &id, &input).await {
        Ok(_) => Ok(see_other(&format!("/dossiers/{id}/samples?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(shown(&app, &signed, &id, Typed::Receive(input, &error)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Notes what became of samples.
async fn handle(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(input): Form<HandleInput>,
) -> Outcome {
    match handle_samples(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/samples?done=saved"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(shown(&app, &signed, &id, Typed::Handle(input, &error)).await?)
        }
        Err(error) => Err(error.into()),
    }
}
