//! A certificate as officers see it, and its withdrawal.

use ocop_core::id::CertificateId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::recognition::{Validity, check_code, validity};
use ocop_core::rules::Ground;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::recognition::{self as store, Certificate, Decision};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dossiers::facts;
use crate::papers::may_print;
use crate::{App, AppError, Fields, Refusal};

/// A certificate with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// The certificate.
    pub certificate: Certificate,
    /// What it is worth today.
    pub validity: Validity,
    /// The product.
    pub product: String,
    /// Its code.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// Name of its commune.
    pub commune: String,
    /// The decision.
    pub decision: Decision,
    /// Address of the public check page, as in the QR.
    pub check_url: String,
    /// Whether the reader may print it: it was not withdrawn.
    pub may_print: bool,
    /// Whether the reader may withdraw it now.
    pub may_revoke: bool,
}

/// A certificate, for everybody who may read the dossier's result.
pub async fn certificate(app: &App, actor: &Actor, id: &CertificateId) -> Result<CertificateView, AppError> {
    let mut tx = app.db.read().await?;
    let certificate = store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let _ = policy::may(actor, Action::ReadResult, &subject)?;
    let product =
        ocop_store::products::find(&mut tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
    let producer =
        ocop_store::producers::find(&mut tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let commune = ocop_store::units::find(&mut tx, &certificate.commune)
        .await?
        .map(|unit| unit.name)
        .unwrap_or_default();
    let decision =
        store::find_decision(&mut tx, &certificate.decision_id).await?.ok_or(AppError::NotFound)?;
    Ok(CertificateView {
        validity: validity(
            app.today(),
            certificate.issued_on,
            certificate.valid_until,
            certificate.revoked_on,
        ),
        product: product.name,
        product_code: product.code.unwrap_or_default(),
        producer: producer.name,
        commune,
        decision,
        check_url: format!("{}/check/{}", app.base_url, certificate.check_code),
        may_print: certificate.dossier_id.is_some()
            && certificate.revoked_on.is_none()
            && may_print(actor, &subject),
        may_revoke: certificate.revoked_on.is_none()
            && policy::may(actor, Action::RevokeCertificate, &subject).is_ok(),
        certificate,
    })
}

/// A fresh public code for a certificate.
pub(crate) fn new_check_code(app: &App) -> String {
    let mut chance = [0; 10];
    chance.copy_from_slice(&app.ids.chance()[..10]);
    check_code(chance)
}

/// What a certificate is about: the dossier that it rests on, or else its product's producer.
pub(crate) async fn subject_of(
    tx: &mut Tx,
    actor: &Actor,
    certificate: &Certificate,
) -> Result<Subject, AppError> {
    match &certificate.dossier_id {
        Some(dossier) => Ok(facts(tx, actor, dossier).await?.subject),
        None => {
            let product =
                ocop_store::products::find(tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
            let producer =
                ocop_store::producers::find(tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
            Ok(crate::producers::subject(&producer))
        }
    }
}

/// The chain of the journal that tells what happens to a certificate.
fn chain_of(certificate: &Certificate) -> Chain {
    match &certificate.dossier_id {
        Some(dossier) => Chain::of("dossier", dossier),
        None => Chain::of("certificate", &certificate.id),
    }
}

/// What an officer types to withdraw a certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RevokeInput {
    /// Number and symbol of the revoking decision.
    pub decision_no: String,
    /// Its date.
    pub revoked_on: String,
    /// Letter of the ground, one of [`revocation_grounds`].
    pub ground: String,
    /// The conclusion or confirmation that it rests on; may be empty.
    pub basis: String,
}

/// The grounds for withdrawing a certificate by the law in force today, and where they stand.
pub fn revocation_grounds(app: &App) -> Result<(&[Ground], &str), AppError> {
    let process = app.process(&app.regime_today()?.id)?;
    let cite = process.cites.get("revocation.grounds").map_or("", String::as_str);
    Ok((&process.grounds, cite))
}

/// Withdraws a certificate by a signed decision. Stars vanish everywhere from that day on.
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
    let mut fields = Fields::new();
    let number =
        fields.required("decision_no", &input.decision_no, 60, "Ghi số và ký hiệu quyết định thu hồi.");
    let revoked_on = fields.required_day("revoked_on", &input.revoked_on, "Ghi ngày ký quyết định thu hồi.");
    let (grounds, _) = revocation_grounds(app)?;
    let ground = grounds.iter().find(|ground| ground.code == input.ground.trim());
    if ground.is_none() {
        fields.fault("ground", "Chọn căn cứ thu hồi.");
    }
    let basis = fields.optional("basis", &input.basis, 2_000);
    if revoked_on.is_some_and(|day| day > app.today()) {
        fields.fault("revoked_on", "Ngày ký chưa đến. Chỉ ghi quyết định sau khi đã ký.");
    }
    if revoked_on.is_some_and(|day| day < certificate.issued_on) {
        fields.fault(
            "revoked_on",
            format!("Ngày thu hồi không thể trước ngày cấp ({}).", date(certificate.issued_on)),
        );
    }
    fields.done()?;
    let (Some(revoked_on), Some(ground)) = (revoked_on, ground) else { return Err(AppError::NotFound) };
    let Ground { code, text } = ground;
    let mut words = format!("Quyết định số {number} ngày {}. Điểm {code}: {text}.", date(revoked_on));
    if !basis.is_empty() {
        words.push_str(&format!(" {basis}"));
    }
    if !store::revoke(&mut tx, id, revoked_on, &words).await? {
        return Err(already());
    }
    let details = json!({ "certificate": id, "number": number, "revoked_on": revoked_on, "ground": code });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

fn already() -> AppError {
    Refusal::because("Giấy chứng nhận này đã bị thu hồi trước đó, không cần ghi lại.")
}
