//! The verification of a ground for withdrawing a certificate: opened, confirmed by the commune,
//! concluded.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Form;
use ocop_app::inspections::suspicion;
use ocop_app::recognition::{
    Certificate, CertificateView, ConclusionInput, EndedInput, VerificationInput, VerificationView,
    certificate, conclude_verification, confirm_production_ended, open_verification, revocation_grounds,
    verification,
};
use ocop_app::{App, AppError, Refusal};
use ocop_core::id::{CertificateId, InspectionId, VerificationId};
use ocop_core::recognition::Source;
use ocop_core::rules::Ground;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "recognition/verification.html")]
struct OpenPage {
    page: Page,
    view: CertificateView,
    grounds: Vec<Ground>,
    sources: Vec<Source>,
    cite: String,
    form: VerificationInput,
    errors: Errors,
}

async fn opening(
    app: &App,
    signed: &SignedIn,
    id: &CertificateId,
    form: VerificationInput,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let view = certificate(app, &signed.actor, id).await?;
    if !view.may_verify {
        return Err(Refusal::because(
            "Không mở được xác minh: giấy chứng nhận không còn hiệu lực hoặc đang được xác minh, hoặc việc này không phải của bạn. Việc xác minh do cán bộ tỉnh mở.",
        ));
    }
    let (grounds, cite) = revocation_grounds(app)?;
    let page = Page::new("Mở xác minh", &signed.viewer);
    let (status, errors, page) = match error {
        None => (StatusCode::OK, Errors::none(), page),
        Some(error) => (status_of(error), Errors::from(error), page.refused(error)),
    };
    let page = OpenPage {
        page,
        view,
        grounds: grounds.iter().filter(|ground| !ground.by_commune).cloned().collect(),
        sources: Source::ALL.iter().copied().filter(|source| *source != Source::Commune).collect(),
        cite: cite.to_owned(),
        form,
        errors,
    };
    Ok(html_with(status, page))
}

/// The visit that found something, in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Found {
    inspection: String,
}

/// The form that opens a verification, filled with what a visit found.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CertificateId>,
    Query(found): Query<Found>,
) -> Outcome {
    let form = match found.inspection.as_str() {
        "" => VerificationInput::default(),
        visit => {
            let visit: InspectionId = visit.parse().map_err(|_| AppError::NotFound)?;
            suspicion(&app, &signed.actor, &id, &visit).await?
        }
    };
    Ok(opening(&app, &signed, &id, form, None).await?)
}

/// Opens it.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CertificateId>,
    Form(form): Form<VerificationInput>,
) -> Outcome {
    match open_verification(&app, &signed.actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/certificates/{id}?done=verifying"))),
        Err(error @ AppError::Invalid(_)) => Ok(opening(&app, &signed, &id, form, Some(&error)).await?),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "recognition/production_ended.html")]
struct EndedPage {
    page: Page,
    view: CertificateView,
    form: EndedInput,
    errors: Errors,
}

async fn ending(
    app: &App,
    signed: &SignedIn,
    id: &CertificateId,
    typed: Option<(EndedInput, &AppError)>,
) -> Result<Response, AppError> {
    let view = certificate(app, &signed.actor, id).await?;
    if !view.may_confirm_ended {
        return Err(Refusal::because(
            "Không ghi được xác nhận: giấy chứng nhận không còn hiệu lực hoặc đang được xác minh, hoặc việc này không phải của bạn. Xác nhận ngừng sản xuất do cán bộ xã của chủ thể ghi.",
        ));
    }
    let page = Page::new("Xác nhận ngừng sản xuất", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => (EndedInput::default(), StatusCode::OK, Errors::none(), page),
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, EndedPage { page, view, form, errors }))
}

/// The form of the commune's confirmation.
pub async fn ended_form(State(app): State<App>, signed: SignedIn, Id(id): Id<CertificateId>) -> Outcome {
    Ok(ending(&app, &signed, &id, None).await?)
}

/// The commune confirms that the product is no longer made.
pub async fn ended(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<CertificateId>,
    Form(form): Form<EndedInput>,
) -> Outcome {
    match confirm_production_ended(&app, &signed.actor, &id, &form).await {
        Ok(_) => Ok(see_other(&format!("/certificates/{id}?done=ended"))),
        Err(error @ AppError::Invalid(_)) => Ok(ending(&app, &signed, &id, Some((form, &error))).await?),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "recognition/conclusion.html")]
struct ConclusionPage {
    page: Page,
    view: VerificationView,
    certificate: Certificate,
    form: ConclusionInput,
    errors: Errors,
}

async fn concluding(
    app: &App,
    signed: &SignedIn,
    id: &VerificationId,
    typed: Option<(ConclusionInput, &AppError)>,
) -> Result<Response, AppError> {
    let (view, certificate) = verification(app, &signed.actor, id).await?;
    let page = Page::new("Kết luận xác minh", &signed.viewer);
    let (form, status, errors, page) = match typed {
        None => {
            let form = ConclusionInput { version: view.kept.version, ..ConclusionInput::default() };
            (form, StatusCode::OK, Errors::none(), page)
        }
        Some((form, error)) => (form, status_of(error), Errors::from(error), page.refused(error)),
    };
    Ok(html_with(status, ConclusionPage { page, view, certificate, form, errors }))
}

/// The verification, with the form of its conclusion.
pub async fn conclusion_form(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<VerificationId>,
) -> Outcome {
    Ok(concluding(&app, &signed, &id, None).await?)
}

/// Concludes it.
pub async fn conclude(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<VerificationId>,
    Form(form): Form<ConclusionInput>,
) -> Outcome {
    match conclude_verification(&app, &signed.actor, &id, &form).await {
        Ok(certificate) => Ok(see_other(&format!("/certificates/{certificate}?done=concluded"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(concluding(&app, &signed, &id, Some((form, &error))).await?)
        }
        Err(error) => Err(error.into()),
    }
}
