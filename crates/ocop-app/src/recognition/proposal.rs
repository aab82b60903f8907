//! A certificate of 5 stars is withdrawn by the Minister (Article 8.2): the province proposes what it has verified,
//! and what the Minister does not follow is noted.

use ocop_core::id::{CertificateId, VerificationId};
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{Action, Permit};
use ocop_core::recognition::{CertificateEvent, Level, VerificationEvent, live, state_on, verify};
use ocop_core::time::date;
use ocop_documents::Content;
use ocop_documents::letter::{Letter, LetterItem};
use ocop_store::Tx;
use ocop_store::recognition::Certificate;
use ocop_store::recognition::verification::{self as kept, Decline, Proposal, Verification};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::certificate::{life_of, office_of};
use super::revocation::revocation_grounds;
use super::verification::{VerificationView, must_be_ours, opened, stale, verification};
use crate::papers::{
    IssueInput, NewPaper, Paper, Signing, issue, letterhead, names, next_number, of_record, read_signing,
    set, signature, unit,
};
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// The proposal's letter, as typed after it was signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProposeInput {
    /// The version that the page was made from.
    pub version: i64,
    /// Number and symbol.
    pub number: String,
    /// The day of the signature.
    pub signed_on: String,
    /// Who signed, with the position.
    pub signed_by: String,
}

/// That the Minister does not follow a proposal, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeclineInput {
    /// The version that the page was made from.
    pub version: i64,
    /// The day.
    pub declined_on: String,
    /// Why, with the number of the answer.
    pub reason: String,
}

fn about(id: &VerificationId) -> String {
    format!("revocation_proposal:{id}")
}

/// A verification inside a write transaction on its certificate's chain, with the permit of the verb. It must be
/// the actor's office that goes on with it.
async fn ours(
    app: &App,
    actor: &Actor,
    action: Action,
    id: &VerificationId,
) -> Result<(Tx, Certificate, Verification, Permit), AppError> {
    let certificate = {
        let mut tx = app.db.read().await?;
        kept::find(&mut tx, id).await?.ok_or(AppError::NotFound)?.certificate_id
    };
    let (mut tx, certificate, permit) = opened(app, actor, action, &certificate).await?;
    let found = kept::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    must_be_ours(actor, &found)?;
    Ok((tx, certificate, found, permit))
}

/// Whether the Minister decides on this certificate.
fn must_be_by_minister(certificate: &Certificate) -> Result<(), AppError> {
    match certificate.level {
        Level::Centre => Ok(()),
        Level::Province | Level::District => Err(Refusal::because(
            "Giấy chứng nhận này do Chủ tịch Ủy ban nhân dân tỉnh thu hồi, không cần đề nghị Bộ trưởng. \
             Hãy ghi quyết định thu hồi ở trang giấy chứng nhận.",
        )),
    }
}

/// The page of the proposal: the verification, the certificate and the form with the office's next number.
///
/// # Errors
/// A refusal when there is nothing to propose, or the Minister does not decide on the certificate.
pub async fn proposal(
    app: &App,
    actor: &Actor,
    id: &VerificationId,
) -> Result<(VerificationView, Certificate, ProposeInput), AppError> {
    let (view, certificate) = verification(app, actor, id).await?;
    must_be_by_minister(&certificate)?;
    verify(view.kept.state(), VerificationEvent::Propose)?;
    must_be_ours(actor, &view.kept)?;
    let mut tx = app.db.read().await?;
    let number = next_number(app, &mut tx, &view.kept.province, PaperKind::RevocationProposal).await?;
    let input = ProposeInput { version: view.kept.version, number, ..ProposeInput::default() };
    Ok((view, certificate, input))
}

/// Records the signed letter by which the province proposes the withdrawal to the Minister. The centre goes on
/// with it; the last day of the decision stays (Article 8.4).
///
/// # Errors
/// Faults of the fields; a refusal when nothing is to be proposed; [`AppError::Stale`] when somebody else has
/// gone on with it.
pub async fn propose_revocation(
    app: &App,
    actor: &Actor,
    id: &VerificationId,
    input: &ProposeInput,
) -> Result<CertificateId, AppError> {
    let (mut tx, certificate, found, permit) = ours(app, actor, Action::ProposeRevocation, id).await?;
    must_be_by_minister(&certificate)?;
    verify(found.state(), VerificationEvent::Propose)?;
    if input.version != found.version {
        return Err(stale());
    }
    let life = life_of(&certificate, std::slice::from_ref(&found));
    live(state_on(app.today(), &life), CertificateEvent::Revoke)?;
    let typed = IssueInput {
        number: input.number.clone(),
        signed_on: input.signed_on.clone(),
        signed_by: input.signed_by.clone(),
    };
    let signing = read_signing(app, PaperKind::RevocationProposal, &typed, Fields::new())?;
    let concluded = found.conclusion.as_ref().map(|conclusion| conclusion.concluded_on);
    if let Some(day) = concluded.filter(|day| signing.signed_on < *day) {
        return Err(AppError::Invalid(vec![FieldFault::new(
            "signed_on",
            format!("Công văn không thể ký trước ngày kết luận ({}).", date(day)),
        )]));
    }
    let letter = letter(app, &mut tx, &certificate, &found, Some(&signing)).await?;
    let proposal =
        Proposal { by: found.province.clone(), on: signing.signed_on, number: signing.number.to_string() };
    let paper = NewPaper {
        office: found.province.clone(),
        kind: PaperKind::RevocationProposal,
        about: about(id),
        title: format!("{}: {}", PaperKind::RevocationProposal.name(), certificate.product),
        signing,
        field: "number",
        content: Content::Letter(letter),
    };
    let paper = issue(app, &mut tx, actor, paper).await?;
    let to = office_of(&mut tx, &certificate).await?;
    if !kept::propose(&mut tx, id, input.version, &proposal, &to).await? {
        return Err(stale());
    }
    let details = json!({ "certificate": certificate.id, "verification": id, "paper": paper,
        "number": proposal.number, "proposed_on": proposal.on, "to": to });
    tx.commit(permit, app.now(), &details).await?;
    Ok(certificate.id)
}

/// Notes that the Minister does not follow the province's proposal: the certificate is as good as before.
///
/// # Errors
/// Faults of the fields; a refusal when nothing was proposed; [`AppError::Stale`] when somebody else has gone on
/// with it.
pub async fn decline_revocation(
    app: &App,
    actor: &Actor,
    id: &VerificationId,
    input: &DeclineInput,
) -> Result<CertificateId, AppError> {
    let (mut tx, certificate, found, permit) = ours(app, actor, Action::DeclineRevocation, id).await?;
    verify(found.state(), VerificationEvent::Decline)?;
    let mut fields = Fields::new();
    let on = fields.required_day("declined_on", &input.declined_on, "Ghi ngày trả lời của Bộ.");
    let proposed = found.proposal.as_ref().map(|proposal| proposal.on);
    if on.is_some_and(|day| day > app.today() || proposed.is_some_and(|proposed| day < proposed)) {
        let from = proposed.map(date).unwrap_or_default();
        fields.fault("declined_on", format!("Ngày này phải từ ngày đề nghị ({from}) đến hôm nay."));
    }
    let reason =
        fields.required("reason", &input.reason, 4_000, "Ghi số văn bản trả lời và lý do không thu hồi.");
    fields.done()?;
    let decline = Decline { on: on.ok_or(AppError::NotFound)?, reason };
    if !kept::decline(&mut tx, id, input.version, &decline).await? {
        return Err(stale());
    }
    let details = json!({ "certificate": certificate.id, "verification": id, "declined_on": decline.on,
        "reason": decline.reason });
    tx.commit(permit, app.now(), &details).await?;
    Ok(certificate.id)
}

/// The letter: the copy of record once it was sent, a draft for the province before.
///
/// # Errors
/// Not found while nothing is to be proposed.
pub async fn proposal_letter(app: &App, actor: &Actor, id: &VerificationId) -> Result<Paper, AppError> {
    let (view, certificate) = verification(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    if let Some(paper) = of_record(app, &mut tx, &about(id)).await? {
        return Ok(paper);
    }
    if !view.may_propose {
        return Err(AppError::NotFound);
    }
    let letter = letter(app, &mut tx, &certificate, &view.kept, None).await?;
    drop(tx);
    let about = certificate.product;
    set(app, "du-thao-de-nghi-thu-hoi", &about, move |engine| ocop_documents::letter::render(engine, &letter))
        .await
}

async fn letter(
    app: &App,
    tx: &mut Tx,
    certificate: &Certificate,
    found: &Verification,
    signed: Option<&Signing>,
) -> Result<Letter, AppError> {
    let province = unit(tx, &found.province).await?;
    let commune = unit(tx, &certificate.commune).await?;
    let product = ocop_store::products::find(tx, &certificate.product_id).await?.ok_or(AppError::NotFound)?;
    let (grounds, _) = revocation_grounds(app)?;
    let ground = grounds.iter().find(|one| one.code == found.ground).map_or("", |one| one.text.as_str());
    let conclusion = found.conclusion.as_ref().ok_or(AppError::NotFound)?;
    let by = conclusion.decide_by.map(|day| format!(", chậm nhất {}", date(day))).unwrap_or_default();
    let from = names::committee(&province);
    Ok(Letter {
        letterhead: letterhead(&province, signed),
        draft: signed.is_none(),
        subject: format!("đề nghị thu hồi giấy chứng nhận sản phẩm OCOP 5 sao: {}", certificate.product),
        addressees: vec!["Bộ Nông nghiệp và Môi trường".to_owned()],
        paragraphs: vec![
            format!("Căn cứ Quyết định số {}.", app.regime_today()?.cite),
            format!(
                "{from} đã kiểm tra, xác minh và kết luận ngày {} có căn cứ thu hồi giấy chứng nhận của sản phẩm sau:",
                date(conclusion.concluded_on)
            ),
        ],
        items: vec![LetterItem {
            product: certificate.product.clone(),
            product_code: product.code.unwrap_or_default(),
            producer: certificate.producer.clone(),
            address: format!("{}, {}", names::in_sentence(&commune.name), names::in_sentence(&province.name)),
            remark: format!(
                "Giấy chứng nhận số {}, {} sao, cấp ngày {}",
                certificate.number,
                certificate.stars,
                date(certificate.issued_on)
            ),
        }],
        points: vec![
            format!("Căn cứ thu hồi: điểm {}: {ground}.", found.ground),
            format!("Sự việc ({}, ngày {}): {}", found.source.name(), date(found.found_on), found.facts),
            format!("Kết luận: {}", conclusion.text),
        ],
        closing: format!("Kính đề nghị Bộ Nông nghiệp và Môi trường xem xét, quyết định thu hồi{by}"),
        recipients: vec![
            "Như trên".to_owned(),
            certificate.producer.clone(),
            names::committee(&commune),
            "Lưu: VT".to_owned(),
        ],
        signature: signature(signed),
    })
}
