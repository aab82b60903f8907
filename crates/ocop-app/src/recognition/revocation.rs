//! A certificate is withdrawn by a signed decision (Article 8), after the verification of its ground.

use chrono::NaiveDate;
use ocop_core::id::CertificateId;
use ocop_core::papers::{PaperKind, PaperNumber};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::{
    CertificateEvent, CertificateState, Level, Source, VerificationEvent, live, state_on, verify,
};
use ocop_core::rules::Ground;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::recognition::verification::{self as kept, Verification, Withdrawal};
use ocop_store::recognition::{self as store, Certificate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::certificate::{chain_of, life_of, office_of, subject_of};
use super::verification::{concluded, decision_due};
use crate::papers::{self, RevocationTold as Told, Signing};
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal, notifications};

/// What an officer types to withdraw a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RevokeInput {
    /// Number and symbol of the revoking decision.
    pub decision_no: String,
    /// Its date.
    pub revoked_on: String,
    /// Who signed it, with the position; the chairman when empty, of 5 stars the Minister.
    pub signed_by: String,
    /// To whom it is sent, one a line; producer and commune when empty.
    pub sent_to: String,
    /// Letter of the ground, one of [`revocation_grounds`]; not asked after a verification.
    pub ground: String,
    /// Day of the conclusion or confirmation that it rests on; not asked after a verification.
    pub concluded_on: String,
    /// That conclusion: number, body, content; not asked after a verification.
    pub basis: String,
}

/// The grounds for withdrawing a certificate by the law in force today, and where they stand.
pub fn revocation_grounds(app: &App) -> Result<(&[Ground], &str), AppError> {
    let process = app.process(&app.regime_today()?.id)?;
    let cite = process.cites.get("revocation.grounds").map_or("", String::as_str);
    Ok((&process.grounds, cite))
}

/// Withdraws a certificate by a signed decision. Stars vanish everywhere from that day on.
///
/// The decision rests on a verification that has confirmed its ground. One that was held on paper is
/// noted here with the decision.
///
/// # Errors
/// Faults of the fields; a refusal when the certificate does not run on the day of the decision, was
/// withdrawn before, or while a verification has no conclusion.
pub async fn revoke_certificate(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
    input: &RevokeInput,
) -> Result<(), AppError> {
    let chain = {
        let mut tx = app.db.read().await?;
        chain_of(&store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?)
    };
    let mut tx = app.db.write(chain).await?;
    let certificate = store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let permit = policy::may(actor, Action::RevokeCertificate, &subject)?;
    if certificate.revoked_on.is_some() {
        return Err(already());
    }
    let verifications = kept::of_certificate(&mut tx, id).await?;
    let mut fields = Fields::new();
    let decision_no =
        fields.required("decision_no", &input.decision_no, 60, "Ghi số và ký hiệu quyết định thu hồi.");
    let number = PaperNumber::read(&decision_no, PaperKind::Revocation);
    if let Some(bad) = number.as_ref().err().filter(|_| !decision_no.is_empty()) {
        fields.fault("decision_no", bad.to_string());
    }
    let signed_by = fields.optional("signed_by", &input.signed_by, 200);
    let decided_on = fields.required_day("revoked_on", &input.revoked_on, "Ghi ngày ký quyết định thu hồi.");
    if decided_on.is_some_and(|day| day > app.today()) {
        fields.fault("revoked_on", "Ngày ký chưa đến. Chỉ ghi quyết định sau khi đã ký.");
    }
    if decided_on.is_some_and(|day| day < certificate.issued_on) {
        fields.fault(
            "revoked_on",
            format!("Ngày thu hồi không thể trước ngày cấp ({}).", date(certificate.issued_on)),
        );
    }
    let sent_to = fields.optional("sent_to", &input.sent_to, 2_000);
    let open = verifications.iter().find(|one| one.is_open()).cloned();
    let verified = match open {
        Some(verified) => verified,
        None => Verification {
            province: office_of(&mut tx, &certificate).await?,
            ..on_paper(app, actor, &certificate, input, &mut fields)?
        },
    };
    let Some(conclusion) = verified.conclusion.clone() else {
        return Err(Refusal::because(
            "Việc xác minh giấy chứng nhận này chưa có kết luận nên chưa thu hồi được. Hãy ghi kết luận xác minh trước.",
        ));
    };
    verify(verified.state(), VerificationEvent::Withdraw)?;
    if decided_on.is_some_and(|day| day < conclusion.concluded_on) {
        fields.fault(
            "revoked_on",
            format!("Quyết định không thể ký trước ngày kết luận ({}).", date(conclusion.concluded_on)),
        );
    }
    fields.done()?;
    let (Some(decided_on), Ok(number)) = (decided_on, number) else { return Err(AppError::NotFound) };
    let decision_no = number.to_string();
    may_still(&certificate, &verifications, decided_on)?;
    let (grounds, _) = revocation_grounds(app)?;
    let ground = grounds.iter().find(|one| one.code == verified.ground).map_or("", |one| one.text.as_str());
    let words = format!(
        "Quyết định số {decision_no} ngày {}. Điểm {}: {ground}. {}",
        date(decided_on),
        verified.ground,
        conclusion.text
    );
    if !verifications.iter().any(|one| one.id == verified.id) {
        kept::insert(&mut tx, &verified).await?;
        kept::conclude(&mut tx, &verified.id, verified.version, &conclusion).await?;
    }
    let sent_to = if sent_to.is_empty() { bodies(&mut tx, &certificate).await? } else { sent_to };
    let details = json!({ "certificate": id, "verification": verified.id, "number": decision_no,
        "revoked_on": decided_on, "ground": verified.ground, "sent_to": sent_to });
    let signed_by = if signed_by.is_empty() { head_by(certificate.level).to_owned() } else { signed_by };
    let signing = Signing { number, signed_on: decided_on, signed_by };
    let told = Told { ground: ground.to_owned(), verified: &verified, sent_to: sent_to.clone() };
    papers::issue_revocation(app, &mut tx, actor, &certificate, &told, signing).await?;
    kept::decide(&mut tx, &verified.id, &Withdrawal { decided_on, decision_no, sent_to }).await?;
    if !store::revoke(&mut tx, id, decided_on, words.trim_end()).await? {
        return Err(already());
    }
    let what = format!("Giấy chứng nhận {} sao đã bị thu hồi", certificate.stars);
    let news = app.news(format!("revoked/{id}"), &what, &certificate.product, format!("/certificates/{id}"));
    notifications::tell_of_product_and_commune(&mut tx, &certificate.product_id, &news).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// The steps of a withdrawal, as the certificate stood on the day of the decision.
fn may_still(
    certificate: &Certificate,
    verifications: &[Verification],
    decided_on: NaiveDate,
) -> Result<(), AppError> {
    let state = match state_on(decided_on, &life_of(certificate, verifications)) {
        state @ (CertificateState::Valid | CertificateState::Extended) => {
            live(state, CertificateEvent::Suspect)?
        }
        state @ (CertificateState::NotYet
        | CertificateState::UnderVerification
        | CertificateState::Replaced
        | CertificateState::Revoked
        | CertificateState::Expired) => state,
    };
    live(state, CertificateEvent::Revoke)?;
    Ok(())
}

/// A verification that was held on paper, as typed with the decision. What cannot be read is a fault.
fn on_paper(
    app: &App,
    actor: &Actor,
    certificate: &Certificate,
    input: &RevokeInput,
    fields: &mut Fields,
) -> Result<Verification, AppError> {
    let (grounds, _) = revocation_grounds(app)?;
    let ground = grounds.iter().find(|ground| ground.code == input.ground.trim());
    if ground.is_none() {
        fields.fault("ground", "Chọn căn cứ thu hồi.");
    }
    let concluded_on = fields.required_day(
        "concluded_on",
        &input.concluded_on,
        "Ghi ngày của kết luận hoặc xác nhận làm căn cứ.",
    );
    let basis = fields.required(
        "basis",
        &input.basis,
        2_000,
        "Ghi số, cơ quan ban hành và nội dung kết luận hoặc xác nhận làm căn cứ.",
    );
    if concluded_on.is_some_and(|day| day > app.today()) {
        fields.fault("concluded_on", "Ngày kết luận chưa đến.");
    }
    let concluded_on = concluded_on.unwrap_or_else(|| app.today());
    Ok(Verification {
        id: fresh(&*app.ids),
        certificate_id: certificate.id.clone(),
        province: certificate.province.clone(),
        ground: ground.map(|ground| ground.code.clone()).unwrap_or_default(),
        source: if ground.is_some_and(|ground| ground.by_commune) {
            Source::Commune
        } else {
            Source::Authority
        },
        found_on: concluded_on,
        facts: basis.clone(),
        opened_at: app.now(),
        opened_by: actor.person.clone(),
        conclusion: Some(concluded(concluded_on, true, basis, decision_due(app)?)),
        proposal: None,
        decline: None,
        withdrawal: None,
        version: 1,
    })
}

/// To whom a decision goes when nothing else is said: the producer and its commune (Article 8.3c).
async fn bodies(tx: &mut Tx, certificate: &Certificate) -> Result<String, AppError> {
    let commune = ocop_store::units::find(tx, &certificate.commune).await?.map(|unit| unit.name);
    Ok(match commune {
        Some(commune) => format!("{}\nỦy ban nhân dân {commune}", certificate.producer),
        None => certificate.producer.clone(),
    })
}

/// Who decides on the withdrawal of a certificate (Article 8.2).
fn head_by(level: Level) -> &'static str {
    match level {
        Level::Centre => "Bộ trưởng",
        Level::Province | Level::District => "Chủ tịch",
    }
}

fn already() -> AppError {
    Refusal::because("Giấy chứng nhận này đã bị thu hồi trước đó, không cần ghi lại.")
}
