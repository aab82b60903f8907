//! What the chair does about one member while the council scores: lets the member leave, opens the ballot again.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::scoring::{SittingInput, SittingView, excuse, excuse_member, reopen, reopen_ballot};
use ocop_app::{App, AppError};
use ocop_core::id::DossierId;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Excuse,
    Reopen,
}

impl Step {
    /// The last part of its address.
    fn path(self) -> &'static str {
        match self {
            Self::Excuse => "excuse",
            Self::Reopen => "reopen",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Excuse => "Cho thành viên rời phiên",
            Self::Reopen => "Mở lại phiếu đã niêm",
        }
    }

    /// What follows from it.
    fn follows(self) -> &'static str {
        match self {
            Self::Excuse => {
                "Phiếu mà người đó đã niêm vẫn được tính; phiếu chưa niêm được đóng lại và không tính vào trung bình. \
                 Người đó không chấm các lần sau của hồ sơ này. Việc này không rút lại được và được ghi vào biên bản."
            }
            Self::Reopen => {
                "Dùng khi một thành viên niêm nhầm và đề nghị mở lại, trước khi mở kết quả. Điểm đã chấm trên phiếu giữ \
                 nguyên để người đó sửa rồi niêm lại; phiếu chưa niêm thì không đổi gì. Bạn không thấy điểm và không \
                 được cho biết phiếu đã niêm hay chưa. Người đó đọc được lý do; việc mở lại được ghi vào nhật ký và \
                 biên bản."
            }
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Excuse => "Thành viên rời phiên",
            Self::Reopen => "Phiếu của thành viên",
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Excuse => "Cho rời phiên",
            Self::Reopen => "Mở lại phiếu",
        }
    }

    /// Above those of whom it was decided before.
    fn before(self) -> &'static str {
        match self {
            Self::Excuse => "Đã rời phiên",
            Self::Reopen => "Đã cho mở lại",
        }
    }
}

#[derive(Template)]
#[template(path = "scoring/sitting.html")]
struct SittingPage {
    page: Page,
    step: Step,
    view: SittingView,
    form: SittingInput,
    errors: Errors,
}

async fn shown(app: &App, signed: &SignedIn, id: &DossierId, step: Step) -> Result<SittingPage, AppError> {
    let view = match step {
        Step::Excuse => excuse(app, &signed.actor, id).await?,
        Step::Reopen => reopen(app, &signed.actor, id).await?,
    };
    let page = Page::new(step.title(), &signed.viewer);
    Ok(SittingPage { page, step, view, form: SittingInput::default(), errors: Errors::none() })
}

async fn again(
    app: &App,
    signed: &SignedIn,
    (id, step): (&DossierId, Step),
    form: SittingInput,
    error: AppError,
) -> Outcome {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    let fresh = shown(app, signed, id, step).await?;
    let (page, errors) = (fresh.page.refused(&error), Errors::from(&error));
    Ok(html_with(status_of(&error), SittingPage { page, form, errors, ..fresh }))
}

/// The form to let a member leave.
pub async fn get_excuse(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id, Step::Excuse).await?))
}

/// Lets the member leave.
pub async fn post_excuse(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<SittingInput>,
) -> Outcome {
    match excuse_member(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/scoring?done=excused"))),
        Err(error) => again(&app, &signed, (&id, Step::Excuse), form, error).await,
    }
}

/// The form to open a ballot again.
pub async fn get_reopen(State(app): State<App>, signed: SignedIn, Id(id): Id<DossierId>) -> Outcome {
    Ok(html(shown(&app, &signed, &id, Step::Reopen).await?))
}

/// Opens the ballot again.
pub async fn post_reopen(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<DossierId>,
    Form(form): Form<SittingInput>,
) -> Outcome {
    match reopen_ballot(&app, &signed.actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/dossiers/{id}/scoring?done=reopened"))),
        Err(error) => again(&app, &signed, (&id, Step::Reopen), form, error).await,
    }
}
