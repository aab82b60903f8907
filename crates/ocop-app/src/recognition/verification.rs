//! The verification of a ground for withdrawing a certificate (Articles 8.1, 8.3a, 8.4): opened by the
//! office or by the commune's confirmation, concluded, and then decided upon within days.

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, VerificationId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::recognition::{
    CertificateEvent, CertificateNotFrom, CertificateState, Level, Source, VerificationEvent,
    VerificationNotFrom, VerificationState, decide_by, live, state_on, verify,
};
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_store::Tx;
use ocop_store::recognition::verification::{self as kept, Conclusion, Verification};
use ocop_store::recognition::{self as store, Certificate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::certificate::{chain_of, life_of, office_of, subject_of};
use super::revocation::revocation_grounds;
use crate::notifications::Notification;
use crate::rounds::Due;
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal, notifications};

/// A verification as officers and the producer read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationView {
    /// The verification.
    pub kept: Verification,
    /// The ground in words.
    pub ground: String,
    /// The day that it was found, `24/11/2026`.
    pub found_on: String,
    /// The day of the conclusion; empty before.
    pub concluded_on: String,
    /// By when the decision is due, while it is.
    pub due: Option<Due>,
    /// The day of the province's proposal to the Minister; empty without one.
    pub proposed_on: String,
    /// The day on which the Minister did not follow it; empty without one.
    pub declined_on: String,
    /// The day of the decision; empty before.
    pub decided_on: String,
    /// Whether the decision came after its last day.
    pub decided_late: bool,
    /// Whether the reader may conclude it now.
    pub may_conclude: bool,
    /// Whether the reader may propose the withdrawal to the Minister now.
    pub may_propose: bool,
    /// Whether the reader may note now that the Minister does not follow the proposal.
    pub may_decline: bool,
    /// By when the decision follows a conclusion, in words.
    pub decide_within: String,
}

/// What a reader may do about the verifications of a certificate.
pub(super) struct Powers<'a> {
    pub(super) actor: &'a Actor,
    pub(super) subject: &'a Subject,
    pub(super) level: Level,
}

impl Powers<'_> {
    /// Whether an event may follow now, and it is the reader's office that goes on with the verification.
    fn allow(&self, action: Action, kept: &Verification, event: VerificationEvent) -> bool {
        verify(kept.state(), event).is_ok()
            && is_of(self.actor, &kept.province)
            && policy::may(self.actor, action, self.subject).is_ok()
    }
}

/// Whether somebody is an officer of an office.
pub(super) fn is_of(actor: &Actor, office: &str) -> bool {
    actor.roles.iter().any(|role| role.unit == office)
}

/// The verification is another office's.
pub(super) fn must_be_ours(actor: &Actor, kept: &Verification) -> Result<(), AppError> {
    if is_of(actor, &kept.province) {
        return Ok(());
    }
    Err(Refusal::because(
        "Việc xác minh này do cơ quan khác thực hiện. Hãy liên hệ cơ quan đó; kết quả được ghi ở trang giấy chứng nhận.",
    ))
}

impl VerificationView {
    pub(super) fn new(app: &App, kept: Verification, powers: &Powers<'_>) -> Self {
        let ground = revocation_grounds(app)
            .ok()
            .and_then(|(grounds, _)| grounds.iter().find(|one| one.code == kept.ground))
            .map(|one| format!("Điểm {}: {}", one.code, one.text));
        let by = kept.conclusion.as_ref().and_then(|conclusion| conclusion.decide_by);
        let decided = kept.withdrawal.as_ref().map(|withdrawal| withdrawal.decided_on);
        Self {
            ground: ground.unwrap_or_else(|| format!("Điểm {}", kept.ground)),
            found_on: date(kept.found_on),
            concluded_on: kept
                .conclusion
                .as_ref()
                .map(|conclusion| date(conclusion.concluded_on))
                .unwrap_or_default(),
            due: by.filter(|_| kept.is_open()).map(|day| app.due(day)),
            proposed_on: kept.proposal.as_ref().map(|proposal| date(proposal.on)).unwrap_or_default(),
            declined_on: kept.decline.as_ref().map(|decline| date(decline.on)).unwrap_or_default(),
            decided_on: decided.map(date).unwrap_or_default(),
            decided_late: decided.zip(by).is_some_and(|(decided, by)| decided > by),
            may_conclude: powers.allow(Action::VerifyCertificate, &kept, VerificationEvent::Confirm),
            may_propose: powers.level == Level::Centre
                && powers.allow(Action::ProposeRevocation, &kept, VerificationEvent::Propose),
            may_decline: powers.allow(Action::DeclineRevocation, &kept, VerificationEvent::Decline),
            decide_within: decide_within(app),
            kept,
        }
    }

    /// Where it stands, in words.
    pub fn status(&self) -> &'static str {
        self.kept.state().name()
    }
}

impl From<CertificateNotFrom> for AppError {
    fn from(fault: CertificateNotFrom) -> Self {
        Refusal::because(fault.to_string())
    }
}

impl From<VerificationNotFrom> for AppError {
    fn from(fault: VerificationNotFrom) -> Self {
        Refusal::because(fault.to_string())
    }
}

/// What an officer types to open a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerificationInput {
    /// Letter of the ground.
    pub ground: String,
    /// Code of the [`Source`].
    pub source: String,
    /// The day that it was found or told.
    pub found_on: String,
    /// What was found or told.
    pub facts: String,
}

/// How a verification ended, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConclusionInput {
    /// The version that the page was made from.
    pub version: i64,
    /// `yes`: the ground is given; `no`: it is not.
    pub confirmed: String,
    /// Day of the conclusion.
    pub concluded_on: String,
    /// Its number, body and content.
    pub conclusion: String,
}

/// The commune's confirmation that a product is no longer made, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndedInput {
    /// Number and symbol of the confirmation.
    pub number: String,
    /// Its date.
    pub confirmed_on: String,
    /// Since when and why, how it was found.
    pub facts: String,
}

/// A conclusion with the last day of the decision that follows.
pub(super) fn concluded(on: NaiveDate, confirmed: bool, text: String, days: Option<u32>) -> Conclusion {
    let by = days.filter(|_| confirmed).map(|days| decide_by(on, days));
    Conclusion { concluded_on: on, confirmed, text, decide_by: by }
}

/// Days from a conclusion to the decision by the law in force today.
pub(super) fn decision_due(app: &App) -> Result<Option<u32>, AppError> {
    Ok(app.process(&app.regime_today()?.id)?.revocation_days)
}

/// The same in words: `trong 15 ngày`.
pub(super) fn decide_within(app: &App) -> String {
    match decision_due(app).ok().flatten() {
        Some(days) => format!("trong {days} ngày"),
        None => "đúng thời hạn của quy định".to_owned(),
    }
}

/// The certificate inside a write transaction on its chain, with the permit of the verb.
pub(super) async fn opened(
    app: &App,
    actor: &Actor,
    action: Action,
    id: &CertificateId,
) -> Result<(Tx, Certificate, Permit), AppError> {
    let chain = {
        let mut tx = app.db.read().await?;
        chain_of(&store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?)
    };
    let mut tx = app.db.write(chain).await?;
    let certificate = store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let permit = policy::may(actor, action, &subject)?;
    Ok((tx, certificate, permit))
}

/// A certificate under verification shows its star on: nothing is decided.
async fn may_suspect(app: &App, tx: &mut Tx, certificate: &Certificate) -> Result<(), AppError> {
    let verifications = kept::of_certificate(tx, &certificate.id).await?;
    let state = state_on(app.today(), &life_of(certificate, &verifications));
    live(state, CertificateEvent::Suspect)?;
    Ok(())
}

/// A day of the certificate's life that has come.
fn day_of_life(
    app: &App,
    certificate: &Certificate,
    fields: &mut Fields,
    field: &str,
    day: Option<NaiveDate>,
) {
    if day.is_some_and(|day| day > app.today()) {
        fields.fault(field, "Ngày này chưa đến.");
    }
    if day.is_some_and(|day| day < certificate.issued_on) {
        fields.fault(
            field,
            format!("Ngày này trước ngày cấp giấy chứng nhận ({}).", date(certificate.issued_on)),
        );
    }
}

/// Opens a verification: a ground for withdrawing the certificate may be given.
///
/// # Errors
/// Faults of the fields; a refusal when the certificate does not run, or is being verified already.
pub async fn open_verification(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
    input: &VerificationInput,
) -> Result<VerificationId, AppError> {
    let (mut tx, certificate, permit) = opened(app, actor, Action::VerifyCertificate, id).await?;
    may_suspect(app, &mut tx, &certificate).await?;
    let (grounds, _) = revocation_grounds(app)?;
    let mut fields = Fields::new();
    let ground = grounds.iter().find(|ground| ground.code == input.ground.trim());
    match ground {
        None => fields.fault("ground", "Chọn căn cứ cần xác minh."),
        Some(ground) if ground.by_commune => fields.fault(
            "ground",
            "Căn cứ này do Ủy ban nhân dân xã xác nhận ở trang giấy chứng nhận, không mở xác minh ở đây.",
        ),
        Some(_) => {}
    }
    let source = fields.choice("source", &input.source, "Chọn nguồn của thông tin.");
    let found_on =
        fields.required_day("found_on", &input.found_on, "Ghi ngày phát hiện hoặc nhận thông tin.");
    day_of_life(app, &certificate, &mut fields, "found_on", found_on);
    let facts = fields.required("facts", &input.facts, 4_000, "Ghi sự việc cần xác minh.");
    fields.done()?;
    let (Some(ground), Some(source), Some(found_on)) = (ground, source, found_on) else {
        return Err(AppError::NotFound);
    };
    let office = office_of(&mut tx, &certificate).await?;
    let verification = Verification {
        id: fresh(&*app.ids),
        certificate_id: id.clone(),
        // Of 5 stars both the centre and the province may verify.
        province: if is_of(actor, &office) { office } else { certificate.province.clone() },
        ground: ground.code.clone(),
        source,
        found_on,
        facts,
        opened_at: app.now(),
        opened_by: actor.person.clone(),
        conclusion: None,
        proposal: None,
        decline: None,
        withdrawal: None,
        version: 1,
    };
    kept::insert(&mut tx, &verification).await?;
    let href = format!("/certificates/{id}");
    let what = "Cơ quan OCOP xác minh căn cứ thu hồi giấy chứng nhận";
    let news = app.news(verification.id.to_string(), what, &certificate.product, href);
    notifications::tell_of_product_and_commune(&mut tx, &certificate.product_id, &news).await?;
    let details = json!({ "certificate": id, "verification": verification.id, "ground": ground.code,
        "source": source, "facts": verification.facts });
    tx.commit(permit, app.now(), &details).await?;
    Ok(verification.id)
}

/// The commune confirms that the product is no longer made. That is a conclusion already: the decision
/// of withdrawal is due (Article 8.4).
///
/// # Errors
/// Faults of the fields; a refusal when the certificate does not run, or is being verified already.
pub async fn confirm_production_ended(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
    input: &EndedInput,
) -> Result<VerificationId, AppError> {
    let (mut tx, certificate, permit) = opened(app, actor, Action::ConfirmProductionEnded, id).await?;
    may_suspect(app, &mut tx, &certificate).await?;
    let (grounds, _) = revocation_grounds(app)?;
    let Some(ground) = grounds.iter().find(|ground| ground.by_commune) else {
        return Err(Refusal::because(
            "Quy định đang áp dụng không có căn cứ thu hồi do cấp xã xác nhận. Hãy báo cơ quan tham mưu cấp tỉnh.",
        ));
    };
    let mut fields = Fields::new();
    let number = fields.required("number", &input.number, 60, "Ghi số và ký hiệu văn bản xác nhận.");
    let on = fields.required_day("confirmed_on", &input.confirmed_on, "Ghi ngày ký văn bản xác nhận.");
    day_of_life(app, &certificate, &mut fields, "confirmed_on", on);
    let facts =
        fields.required("facts", &input.facts, 4_000, "Ghi ngừng sản xuất từ khi nào và căn cứ xác nhận.");
    fields.done()?;
    let Some(on) = on else { return Err(AppError::NotFound) };
    let text = format!("Văn bản xác nhận số {number} ngày {} của cấp xã.", date(on));
    let verification = Verification {
        id: fresh(&*app.ids),
        certificate_id: id.clone(),
        province: certificate.province.clone(),
        ground: ground.code.clone(),
        source: Source::Commune,
        found_on: on,
        facts,
        opened_at: app.now(),
        opened_by: actor.person.clone(),
        conclusion: None,
        proposal: None,
        decline: None,
        withdrawal: None,
        version: 1,
    };
    let conclusion = concluded(on, true, text, decision_due(app)?);
    kept::insert(&mut tx, &verification).await?;
    kept::conclude(&mut tx, &verification.id, verification.version, &conclusion).await?;
    let what = "Xã xác nhận ngừng sản xuất, chờ quyết định thu hồi";
    let news =
        app.news(verification.id.to_string(), what, &certificate.product, format!("/certificates/{id}"));
    let news = Notification { due_on: conclusion.decide_by, ..news };
    notifications::tell_office(&mut tx, &verification.province, &news).await?;
    let details = json!({ "certificate": id, "verification": verification.id, "number": number,
        "confirmed_on": on, "decide_by": conclusion.decide_by });
    tx.commit(permit, app.now(), &details).await?;
    Ok(verification.id)
}

/// A verification with its certificate, for the office that concludes it.
pub async fn verification(
    app: &App,
    actor: &Actor,
    id: &VerificationId,
) -> Result<(VerificationView, Certificate), AppError> {
    let mut tx = app.db.read().await?;
    let found = kept::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let certificate =
        store::find_certificate(&mut tx, &found.certificate_id).await?.ok_or(AppError::NotFound)?;
    let subject = subject_of(&mut tx, actor, &certificate).await?;
    let _ = policy::may(actor, Action::VerifyCertificate, &subject)?;
    let powers = Powers { actor, subject: &subject, level: certificate.level };
    Ok((VerificationView::new(app, found, &powers), certificate))
}

/// Concludes a verification. When the ground is given, the decision of withdrawal is due in days
/// (Article 8.4: 15); when it is not, the certificate is as good as before.
///
/// # Errors
/// Faults of the fields; [`AppError::Stale`] when somebody else has concluded it.
pub async fn conclude_verification(
    app: &App,
    actor: &Actor,
    id: &VerificationId,
    input: &ConclusionInput,
) -> Result<CertificateId, AppError> {
    let certificate = {
        let mut tx = app.db.read().await?;
        kept::find(&mut tx, id).await?.ok_or(AppError::NotFound)?.certificate_id
    };
    let (mut tx, certificate, permit) = opened(app, actor, Action::VerifyCertificate, &certificate).await?;
    let found = kept::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if found.conclusion.is_some() {
        return Err(stale());
    }
    must_be_ours(actor, &found)?;
    let mut fields = Fields::new();
    let confirmed = match input.confirmed.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if confirmed.is_none() {
        fields.fault("confirmed", "Chọn kết luận: có hay không có căn cứ thu hồi.");
    }
    let on = fields.required_day("concluded_on", &input.concluded_on, "Ghi ngày kết luận.");
    day_of_life(app, &certificate, &mut fields, "concluded_on", on);
    if on.is_some_and(|day| day < found.found_on) {
        fields.fault(
            "concluded_on",
            format!("Ngày kết luận không thể trước ngày phát hiện ({}).", date(found.found_on)),
        );
    }
    let text = fields.required(
        "conclusion",
        &input.conclusion,
        4_000,
        "Ghi số văn bản, cơ quan và nội dung kết luận.",
    );
    fields.done()?;
    let (Some(confirmed), Some(on)) = (confirmed, on) else { return Err(AppError::NotFound) };
    verify(found.state(), if confirmed { VerificationEvent::Confirm } else { VerificationEvent::Clear })?;
    if !confirmed {
        live(CertificateState::UnderVerification, CertificateEvent::Clear)?;
    }
    let conclusion = concluded(on, confirmed, text, decision_due(app)?);
    if !kept::conclude(&mut tx, id, input.version, &conclusion).await? {
        return Err(stale());
    }
    let what = if confirmed {
        "Kết luận xác minh: có căn cứ thu hồi giấy chứng nhận"
    } else {
        "Kết luận xác minh: không có căn cứ thu hồi giấy chứng nhận"
    };
    let href = format!("/certificates/{}", certificate.id);
    let news = app.news(format!("concluded/{id}"), what, &certificate.product, href);
    notifications::tell_of_product_and_commune(&mut tx, &certificate.product_id, &news).await?;
    let details = json!({ "certificate": certificate.id, "verification": id, "confirmed": confirmed,
        "concluded_on": on, "conclusion": conclusion.text, "decide_by": conclusion.decide_by });
    tx.commit(permit, app.now(), &details).await?;
    Ok(certificate.id)
}

pub(super) fn stale() -> AppError {
    AppError::Stale("Việc xác minh này vừa được người khác ghi thêm.".to_owned())
}

/// What a province has to do about its certificates: the act, product and producer, the page, and
/// the day that it is due.
pub(crate) async fn open_verifications(
    tx: &mut Tx,
    province: &str,
    today: NaiveDate,
) -> Result<Vec<(String, String, String, Option<NaiveDate>)>, AppError> {
    let open = kept::open_in(tx, province, today).await?;
    Ok(open
        .into_iter()
        .map(|(one, product, producer, level)| {
            let of_minister = level == Level::Centre && one.province != CENTRE;
            let (revoke, due) = (
                format!("/certificates/{}/revoke", one.certificate_id),
                one.conclusion.as_ref().and_then(|conclusion| conclusion.decide_by),
            );
            let (what, href) = match one.state() {
                VerificationState::Open | VerificationState::Cleared => {
                    ("Xác minh, kết luận về giấy chứng nhận", format!("/verifications/{}", one.id))
                }
                VerificationState::Found if of_minister => {
                    ("Đề nghị Bộ trưởng thu hồi", format!("/verifications/{}/proposal", one.id))
                }
                VerificationState::Proposed if of_minister => ("Ghi quyết định của Bộ trưởng về", revoke),
                VerificationState::Found
                | VerificationState::Proposed
                | VerificationState::Declined
                | VerificationState::Withdrawn => ("Trình, ghi quyết định thu hồi", revoke),
            };
            (format!("{what} {product}"), producer, href, due)
        })
        .collect())
}
