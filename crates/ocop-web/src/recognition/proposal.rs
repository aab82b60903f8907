//! The withdrawal of 5 stars: the province proposes it, and that the Minister does not follow is noted.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::recognition::{
    Certificate, DeclineInput, ProposeInput, VerificationView, decline_revocation, proposal, proposal_letter,
    propose_revocation, verification,
};
use ocop_app::{App, AppError, Refusal};
use ocop_core::id::VerificationId;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::papers::pdf;
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "recognition/proposal.html")]
struct ProposalPage {
    page: Page,
    view: VerificationView,
    certificate: Certificate,
    form: ProposeInput,
    errors: Errors,
}

async fn proposing(
    app: &App,
    signed: &SignedIn,
    id: &VerificationId,
    typed: Option<(ProposeInput, &AppError)>,
) -> Result<Response, AppError> {
    let (view, certificate, fresh) = proposal(app, &signed.actor, id).await?;
    let page = Page::new("Đề nghị thu hồi", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (fresh, StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, ProposalPage { page, view, certificate, form, errors }))
}

/// The form of the proposal.
pub async fn form(State(app): State<App>, signed: SignedIn, Id(id): Id<VerificationId>) -> Outcome {
    Ok(proposing(&app, &signed, &id, None).await?)
}

/// Records the signed proposal.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<VerificationId>,
    Form(form): Form<ProposeInput>,
) -> Outcome {
    match propose_revocation(&app, &signed.actor, &id, &form).await {
        Ok(certificate) => Ok(see_other(&format!("/certificates/{certificate}?done=to_minister"))),
        Err(error @ AppError::Invalid(_)) => Ok(proposing(&app, &signed, &id, Some((form, &error))).await?),
        Err(error) => Err(error.into()),
    }
}

/// The letter as PDF.
pub async fn letter(
    State(app): State<App>,
    SignedIn { actor, .. }: SignedIn,
    Id(id): Id<VerificationId>,
) -> Outcome {
    Ok(pdf(proposal_letter(&app, &actor, &id).await?))
}

#[derive(Template)]
#[template(path = "recognition/decline.html")]
struct DeclinePage {
    page: Page,
    view: VerificationView,
    certificate: Certificate,
    form: DeclineInput,
    errors: Errors,
}

async fn declining(
    app: &App,
    signed: &SignedIn,
    id: &VerificationId,
    typed: Option<(DeclineInput, &AppError)>,
) -> Result<Response, AppError> {
    let (view, certificate) = verification(app, &signed.actor, id).await?;
    if !view.may_decline {
        return Err(Refusal::because(
            "Không có đề nghị thu hồi nào của tỉnh chờ quyết định ở đây, hoặc việc này không phải của bạn. Xem các lần xác minh ở trang giấy chứng nhận.",
        ));
    }
    let page = Page::new("Không thu hồi", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => {
            let form = DeclineInput { version: view.kept.version, ..DeclineInput::default() };
            (form, StatusCode::OK, Errors::none(), page)
        }
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, DeclinePage { page, view, certificate, form, errors }))
}

/// The form that notes that the Minister does not follow.
pub async fn decline_form(State(app): State<App>, signed: SignedIn, Id(id): Id<VerificationId>) -> Outcome {
    Ok(declining(&app, &signed, &id, None).await?)
}

/// Notes it.
pub async fn decline(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<VerificationId>,
    Form(form): Form<DeclineInput>,
) -> Outcome {
    match decline_revocation(&app, &signed.actor, &id, &form).await {
        Ok(certificate) => Ok(see_other(&format!("/certificates/{certificate}?done=declined"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(declining(&app, &signed, &id, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}
