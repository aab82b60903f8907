//! A certificate as officers see it, and its withdrawal.

use ocop_core::id::CertificateId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::recognition::{CertificateState, Level, Life, Validity, check_code, state_on, validity};
use ocop_core::units::CENTRE;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::recognition::behind::Whose;
use ocop_store::recognition::verification::{self, Verification};
use ocop_store::recognition::{self as store, Certificate, Decision};

use super::extension::told;
use super::verification::{Powers, VerificationView, decide_within};
use crate::dossiers::facts;
use crate::evidence::{self, EndingPaper};
use crate::papers::may_print;
use crate::{App, AppError};

/// A certificate with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// The certificate.
    pub certificate: Certificate,
    /// What it is worth today.
    pub validity: Validity,
    /// Where it stands in its life.
    pub state: CertificateState,
    /// The re-evaluation that extends it or did, in a sentence; empty without one.
    pub extension: String,
    /// The verifications of grounds for its withdrawal, newest first; none for readers whom they do
    /// not concern.
    pub verifications: Vec<VerificationView>,
    /// The visits to the product under this certificate, newest first, that the reader may read.
    pub inspections: Vec<ocop_store::inspections::Inspection>,
    /// Papers behind it that end before it, for readers of the dossier's papers.
    pub ending: Vec<EndingPaper>,
    /// Whether the reader may plan a visit now.
    pub may_inspect: bool,
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
    /// Whether the reader may open a verification now.
    pub may_verify: bool,
    /// Whether the reader may confirm for the commune that the product is no longer made.
    pub may_confirm_ended: bool,
    /// Whether the Minister decides on its withdrawal: it was given by the centre (Article 8.2).
    pub by_minister: bool,
    /// Whether that decision is made in this software, so that its draft is printed here.
    pub decides_here: bool,
    /// Whether the reader may read the province's letters of proposal.
    pub may_read_proposals: bool,
    /// By when the decision of withdrawal follows a conclusion, in words.
    pub decide_within: String,
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
    let kept = verification::of_certificate(&mut tx, id).await?;
    let state = state_on(app.today(), &life_of(&certificate, &kept));
    let reads = policy::may(actor, Action::ReadVerification, &subject).is_ok();
    let (of_office, of_commune) = (
        policy::may(actor, Action::VerifyCertificate, &subject).is_ok(),
        policy::may(actor, Action::ConfirmProductionEnded, &subject).is_ok(),
    );
    let concluded = kept.iter().filter(|one| one.is_open()).all(|one| one.conclusion.is_some());
    let runs = state.runs();
    let unsuspected = runs && state != CertificateState::UnderVerification;
    let inspections = crate::inspections::of_certificate(&mut tx, actor, id, &subject).await?;
    let ending = match policy::may(actor, Action::ReadEvidence, &subject) {
        Ok(_) => evidence::ending(&mut tx, Whose::Certificate(id), app.today()).await?,
        Err(_) => Vec::new(),
    };
    let powers = Powers { actor, subject: &subject, level: certificate.level };
    let by_minister = certificate.level == Level::Centre;
    let decides_here = !by_minister || office_of(&mut tx, &certificate).await? == CENTRE;
    Ok(CertificateView {
        ending: ending.into_iter().flat_map(|one| one.papers).collect(),
        decide_within: decide_within(app),
        inspections,
        may_inspect: runs && policy::may(actor, Action::Inspect, &subject).is_ok(),
        state,
        extension: told(&mut tx, &certificate).await?,
        verifications: match reads {
            true => kept.into_iter().map(|one| VerificationView::new(app, one, &powers)).collect(),
            false => Vec::new(),
        },
        validity: validity(app.today(), certificate.issued_on, certificate.last_on, certificate.revoked_on),
        product: product.name,
        product_code: product.code.unwrap_or_default(),
        producer: producer.name,
        commune,
        decision,
        check_url: format!("{}/check/{}", app.base_url, certificate.check_code),
        by_minister,
        may_read_proposals: of_office,
        decides_here,
        may_print: certificate.dossier_id.is_some()
            && certificate.revoked_on.is_none()
            && may_print(actor, &subject),
        may_verify: of_office && unsuspected,
        may_confirm_ended: of_commune && unsuspected,
        may_revoke: runs && concluded && policy::may(actor, Action::RevokeCertificate, &subject).is_ok(),
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

/// Code of the office that answers for a certificate: the one whose council has judged its dossier, else the
/// product's province.
pub(crate) async fn office_of(tx: &mut Tx, certificate: &Certificate) -> Result<String, AppError> {
    let row = match &certificate.dossier_id {
        Some(dossier) => ocop_store::dossiers::find(tx, dossier).await?,
        None => None,
    };
    Ok(row.map_or_else(|| certificate.province.clone(), |row| row.province))
}

/// The chain of the journal that tells what happens to a certificate.
pub(crate) fn chain_of(certificate: &Certificate) -> Chain {
    match &certificate.dossier_id {
        Some(dossier) => Chain::of("dossier", dossier),
        None => Chain::of("certificate", &certificate.id),
    }
}

/// What a certificate's state rests on.
pub(crate) fn life_of(certificate: &Certificate, verifications: &[Verification]) -> Life {
    Life {
        issued_on: certificate.issued_on,
        valid_until: certificate.valid_until,
        last_on: certificate.last_on,
        next_on: certificate.next_on,
        revoked_on: certificate.revoked_on,
        suspected: verifications.iter().any(Verification::is_open),
    }
}
