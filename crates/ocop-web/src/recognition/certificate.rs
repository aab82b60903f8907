//! A certificate as officers see it, and its withdrawal.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::inspections::Inspection;
use ocop_app::recognition::{
    CertificateView, RevokeInput, VerificationView, certificate, revocation_grounds, revoke_certificate,
};
use ocop_app::{App, AppError, Refusal};
use ocop_core::id::CertificateId;
use ocop_core::people::Actor;
use ocop_core::recognition::{CertificateState, Validity};
use ocop_core::rules::Ground;
use ocop_core::time::date;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, see_other, status_of};
use crate::viewer::{SignedIn, Viewer};

#[derive(Template)]
#[template(path = "recognition/certificate.html")]
struct CertificatePage {
    page: Page,
    view: CertificateView,
    issued_on: String,
    valid_until: String,
    decided_on: String,
}

impl RevokePage {
    /// Who signs when nobody else is named.
    fn head(&self) -> &'static str {
        if self.view.by_minister { "Bộ trưởng" } else { "Chủ tịch" }
    }

    /// The verification that has confirmed a ground.
    fn verified(&self) -> Option<&VerificationView> {
        self.view.verifications.iter().find(|one| one.kept.is_open())
    }
}

impl CertificatePage {
    fn tag(&self) -> &'static str {
        match self.view.state {
            CertificateState::Valid => "ok",
            CertificateState::Expired
            | CertificateState::Extended
            | CertificateState::NotYet
            | CertificateState::Replaced
            | CertificateState::UnderVerification => "wait",
            CertificateState::Revoked => "late",
        }
    }

    /// The day of a visit: when it was made, else when it is planned.
    fn visited_on(&self, one: &Inspection) -> String {
        date(one.record.as_ref().map_or(one.planned_on, |record| record.held_on))
    }

    fn visit_tag(&self, one: &Inspection) -> &'static str {
        crate::inspections::tag_of(one.state)
    }

    fn in_force(&self) -> bool {
        self.view.validity == Validity::InForce
    }
}

#[derive(Template)]
#[template(path = "recognition/revoke.html")]
struct RevokePage {
    page: Page,
    view: CertificateView,
    grounds: Vec<Ground>,
    cite: String,
    form: RevokeInput,
    errors: Errors,
}

/// The certificate.
pub async fn get(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CertificateId>,
) -> Outcome {
    let view = certificate(&app, &actor, &id).await?;
    Ok(html(CertificatePage {
        page: Page::new(format!("Giấy chứng nhận {}", view.certificate.number), &viewer),
        issued_on: date(view.certificate.issued_on),
        valid_until: date(view.certificate.valid_until),
        decided_on: date(view.decision.decided_on),
        view,
    }))
}

async fn shown(
    app: &App,
    actor: &Actor,
    viewer: &Viewer,
    id: &CertificateId,
) -> Result<RevokePage, AppError> {
    let view = certificate(app, actor, id).await?;
    if !view.may_revoke {
        return Err(Refusal::because(
            "Chưa thu hồi được: giấy chứng nhận không còn hiệu lực, hoặc việc xác minh chưa có kết luận, hoặc bạn không có quyền thu hồi. Việc thu hồi do cán bộ tỉnh ghi.",
        ));
    }
    let page = Page::new(format!("Thu hồi giấy chứng nhận {}", view.certificate.number), viewer);
    let (grounds, cite) = revocation_grounds(app)?;
    Ok(RevokePage {
        page,
        view,
        grounds: grounds.to_vec(),
        cite: cite.to_owned(),
        form: RevokeInput::default(),
        errors: Errors::none(),
    })
}

/// The form of the withdrawal.
pub async fn revoke_form(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CertificateId>,
) -> Outcome {
    Ok(html(shown(&app, &actor, &viewer, &id).await?))
}

/// Withdraws it.
pub async fn revoke(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Id(id): Id<CertificateId>,
    Form(form): Form<RevokeInput>,
) -> Outcome {
    match revoke_certificate(&app, &actor, &id, &form).await {
        Ok(()) => Ok(see_other(&format!("/certificates/{id}?done=revoked"))),
        Err(error @ AppError::Invalid(_)) => {
            let fresh = shown(&app, &actor, &viewer, &id).await?;
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), RevokePage { form, errors, ..fresh }))
        }
        Err(error) => Err(error.into()),
    }
}
