//! The decision that withdraws a certificate: the draft for signing, and as it was signed.

use chrono::Datelike;
use ocop_core::id::CertificateId;
use ocop_core::papers::{PaperKind, PaperNumber};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::Level;
use ocop_core::units::CENTRE;
use ocop_documents::revocation::Revocation;
use ocop_documents::{Content, Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::papers as store;
use ocop_store::recognition::Certificate;
use ocop_store::recognition::verification::{Verification, of_certificate};

use super::filed::unit;
use super::issue::{NewPaper, Signing, issue};
use super::{Paper, names, of_record, set};
use crate::recognition::office_of;
use crate::recognition::{revocation_grounds, subject_of};
use crate::{App, AppError};

/// What a revocation rests on.
pub(crate) struct RevocationTold<'a> {
    /// The ground in the law's words.
    pub(crate) ground: String,
    /// The verification that has confirmed it.
    pub(crate) verified: &'a Verification,
    /// To whom it is sent, one a line.
    pub(crate) sent_to: String,
}

fn about(id: &CertificateId) -> String {
    format!("revocation:{id}")
}

/// The decision: the copy of record for everybody who may read the result, the draft for the office
/// once a ground is confirmed.
///
/// # Errors
/// Not found while nothing is there to be decided.
pub async fn revocation(app: &App, actor: &Actor, id: &CertificateId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let certificate =
        ocop_store::recognition::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let _ = policy::may(actor, Action::ReadResult, &subject)?;
    let verifications = of_certificate(&mut tx, id).await?;
    if let Some(about) = entered(&mut tx, &certificate, &verifications).await?
        && let Some(paper) = of_record(app, &mut tx, &about).await?
    {
        return Ok(paper);
    }
    let _ = policy::may(actor, Action::RevokeCertificate, &subject)?;
    if is_elsewhere(&certificate, &office_of(&mut tx, &certificate).await?) {
        return Err(AppError::NotFound);
    }
    let open = verifications.iter().find(|one| one.is_open() && one.conclusion.is_some());
    let Some(verified) = open.filter(|_| certificate.revoked_on.is_none()) else {
        return Err(AppError::NotFound);
    };
    let (grounds, _) = revocation_grounds(app)?;
    let ground = grounds.iter().find(|one| one.code == verified.ground);
    let ground = ground.map(|one| one.text.clone()).unwrap_or_default();
    let told = RevocationTold { ground, verified, sent_to: String::new() };
    let input = input(app, &mut tx, &certificate, &told, None).await?;
    drop(tx);
    set(app, "du-thao-thu-hoi", &certificate.number, move |engine| {
        ocop_documents::revocation::render(engine, &input)
    })
    .await
}

/// What the paper of the decision that withdrew a certificate is about, in the register.
async fn entered(
    tx: &mut Tx,
    certificate: &Certificate,
    verifications: &[Verification],
) -> Result<Option<String>, AppError> {
    let Some(decided) = verifications.iter().find_map(|one| one.withdrawal.as_ref()) else { return Ok(None) };
    let Ok(number) = PaperNumber::read(&decided.decision_no, PaperKind::Revocation) else { return Ok(None) };
    let year = decided.decided_on.year();
    let office = office_of(tx, certificate).await?;
    let held = store::by_number(tx, &office, year, &number).await?;
    Ok(held.filter(|held| held.kind == PaperKind::Revocation).map(|held| held.about))
}

/// Enters the signed decision into the register, inside the verb that withdraws the certificate. One
/// decision may withdraw several certificates: it is entered with the first of them.
pub(crate) async fn issue_revocation(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    certificate: &Certificate,
    told: &RevocationTold<'_>,
    signing: Signing,
) -> Result<(), AppError> {
    let year = signing.signed_on.year();
    let office = office_of(tx, certificate).await?;
    if is_elsewhere(certificate, &office) {
        return Ok(());
    }
    let held = store::by_number(tx, &office, year, &signing.number).await?;
    if held.is_some_and(|held| held.kind == PaperKind::Revocation && held.signed_on == signing.signed_on) {
        return Ok(());
    }
    let input = input(app, tx, certificate, told, Some(&signing)).await?;
    let paper = NewPaper {
        office,
        kind: PaperKind::Revocation,
        about: about(&certificate.id),
        title: format!("Thu hồi giấy chứng nhận {}: {}", certificate.number, certificate.product),
        signing,
        field: "decision_no",
        content: Content::Revocation(input),
    };
    issue(app, tx, actor, paper).await.map(|_| ())
}

/// Whether the Minister decides outside this software: that paper is not this office's.
fn is_elsewhere(certificate: &Certificate, office: &str) -> bool {
    certificate.level == Level::Centre && office != CENTRE
}

async fn input(
    app: &App,
    tx: &mut Tx,
    certificate: &Certificate,
    told: &RevocationTold<'_>,
    signed: Option<&Signing>,
) -> Result<Revocation, AppError> {
    let office = office_of(tx, certificate).await?;
    let office = unit(tx, &office).await?;
    let province = unit(tx, &certificate.province).await?;
    let commune = unit(tx, &certificate.commune).await?;
    let product = ocop_store::products::find(tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
    let regime = app.regime_today()?;
    let sent = told.sent_to.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let conclusion = told.verified.conclusion.as_ref().map(|one| one.text.clone()).unwrap_or_default();
    Ok(Revocation {
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&office),
            number: signed.map(|signed| signed.number.digits()),
            symbol: Some(signed.map_or_else(
                || PaperKind::Revocation.usual_symbol().to_owned(),
                |signed| signed.number.symbol.clone(),
            )),
            place_date: PlaceDate {
                place: names::place(&office),
                date: signed.map(|signed| signed.signed_on),
            },
        },
        draft: signed.is_none(),
        authority: names::chairman(&office),
        bases: vec![
            names::law_of(&office).to_owned(),
            format!("Căn cứ Quyết định số {}", regime.cite),
            format!("Theo đề nghị của {}", names::in_sentence(names::programme_office(&office))),
        ],
        certificate: certificate.number.clone(),
        issued_on: certificate.issued_on,
        product: certificate.product.clone(),
        product_code: product.code.unwrap_or_default(),
        producer: certificate.producer.clone(),
        address: format!("{}, {}", names::in_sentence(&commune.name), names::in_sentence(&province.name)),
        stars: certificate.stars,
        ground: format!("Điểm {}: {}", told.verified.ground, told.ground),
        conclusion,
        responsible: format!(
            "Chánh Văn phòng {}, Thủ trưởng {}, Chủ tịch {} và chủ thể nêu tại Điều 1",
            names::committee(&office),
            names::in_sentence(names::programme_office(&office)),
            names::committee(&commune)
        ),
        recipients: ["Như Điều 3".to_owned()].into_iter().chain(sent).chain(["Lưu: VT".to_owned()]).collect(),
        signature: signed.map_or_else(
            || Signature { authority: vec![names::head_of(&office).to_owned()], name: None },
            |signed| names::signed_by(&signed.signed_by),
        ),
    })
}
