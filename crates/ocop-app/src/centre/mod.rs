//! A dossier goes to the centre, the centre answers, and the province decides what it may (26/2026/QĐ-TTg,
//! Articles 7.3e, 7.4 and 7.6e).
//!
//! The centre's evaluation is a dossier of its own, in a round of the centre ([`CENTRE`]), with a copy of what was
//! submitted: rounds, councils, ballots and decisions work there as they do at a province. The province's dossier
//! waits for the answer. Where the centre works outside this software, the province sends the bundle and notes the
//! answer itself.

mod bundle;
mod fallback;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use ocop_core::centre::{Answer, Fallback, fallbacks};
use ocop_core::dossiers::{Event, State};
use ocop_core::evaluations::points;
use ocop_core::id::{DossierId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit};
use ocop_core::recognition::{Level, StarEvent, valid_until};
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_store::Tx;
use ocop_store::centre::{self as store, Answered, Forwarding};
use ocop_store::db::Chain;
use ocop_store::dossiers::{Dossier, Submission};
use ocop_store::recognition::{Certificate, Decision};
use ocop_store::rounds::Round;
use serde::{Deserialize, Serialize};
use serde_json::json;

pub use bundle::{Bundle, Packed, bundle};
pub use fallback::{AgainInput, close, evaluate_again, recognise};

use crate::dossiers::{Head, Snapshot, advance, facts};
use crate::recognition::new_check_code;
use crate::rounds::must_take;
use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal};

/// The way of a dossier to the centre and back, as its page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct CentreView {
    /// The province's dossier.
    pub head: Head,
    /// Where it is.
    pub state: State,
    /// How it was sent; none before.
    pub sent: Option<Sent>,
    /// Whether the reader may send it now.
    pub may_send: bool,
    /// Rounds of the centre that take dossiers today.
    pub rounds: Vec<Round>,
    /// Whether the reader may note an answer that came on paper.
    pub may_note: bool,
    /// What the reader may do after an answer without 5 stars.
    pub fallbacks: Vec<Fallback>,
    /// Rounds of the province in which it may be evaluated again.
    pub own_rounds: Vec<Round>,
    /// The dossier that goes on with it at the province.
    pub again: Option<DossierId>,
}

/// How a dossier was sent, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The day.
    pub on: String,
    /// The dossier at the centre and where it is; none where the centre works outside this software.
    pub central: Option<(DossierId, State)>,
    /// What was sent.
    pub files: Vec<Packed>,
    /// The answer, its day, its number.
    pub answer: Option<(Answer, String, String)>,
    /// Stars by the centre's council.
    pub stars: Option<u8>,
    /// The centre's mean, `85,50`; empty without one.
    pub mean: String,
}

/// The page of a dossier's way to the centre: for everybody who may read its result.
pub async fn view(app: &App, actor: &Actor, id: &DossierId) -> Result<CentreView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadResult, &facts.subject)?;
    let row = &facts.row;
    let sent = store::find(&mut tx, id).await?;
    if sent.is_none() && row.state != State::ForCentre {
        return Err(AppError::NotFound);
    }
    let sends =
        row.state == State::ForCentre && policy::may(actor, Action::SendToCentre, &facts.subject).is_ok();
    let decides =
        row.state == State::Fallback && policy::may(actor, Action::DecideAfterCentre, &facts.subject).is_ok();
    let may_send = sends && sent.is_none();
    let outside = sent.as_ref().is_some_and(|sent| sent.central_dossier.is_none() && sent.answer.is_none());
    let answered = sent.as_ref().and_then(|sent| sent.answer.as_ref());
    let certified = app.process(&row.regime)?.certified_stars();
    let fallbacks = answered
        .filter(|_| decides)
        .map(|answered| fallbacks(answered.answer, answered.stars, certified))
        .unwrap_or_default();
    Ok(CentreView {
        head: Head::load(app, &mut tx, row).await?,
        state: row.state,
        rounds: if may_send { rounds(&mut tx, CENTRE, row, app.today()).await? } else { Vec::new() },
        own_rounds: if decides {
            rounds(&mut tx, &row.province, row, app.today()).await?
        } else {
            Vec::new()
        },
        again: store::continued_by(&mut tx, id).await?.into_iter().find(|_| row.state == State::Again),
        sent: match sent {
            Some(sent) => Some(told(&mut tx, sent).await?),
            None => None,
        },
        may_send,
        may_note: sends && outside,
        fallbacks,
    })
}

/// Rounds of an office that take dossiers of the regime today.
async fn rounds(tx: &mut Tx, office: &str, row: &Dossier, today: NaiveDate) -> Result<Vec<Round>, AppError> {
    let mut open = ocop_store::rounds::open_on(tx, office, today).await?;
    open.retain(|round| round.regime == row.regime);
    Ok(open)
}

async fn told(tx: &mut Tx, sent: Forwarding) -> Result<Sent, AppError> {
    let central = match &sent.central_dossier {
        Some(id) => ocop_store::dossiers::find(tx, id).await?.map(|row| (row.id, row.state)),
        None => None,
    };
    let answered = sent.answer;
    let mean = answered.as_ref().and_then(|answered| answered.mean);
    Ok(Sent {
        on: date(sent.sent_on),
        central,
        files: serde_json::from_str(&sent.manifest)
            .map_err(|_| ocop_store::StoreError::Column("manifest"))?,
        stars: answered.as_ref().and_then(|answered| answered.stars),
        mean: mean.and_then(|(num, den)| Fraction::new(num, den)).map(|mean| mean.vi()).unwrap_or_default(),
        answer: answered.map(|answered| (answered.answer, date(answered.on), answered.number)),
    })
}

/// Where a dossier is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SendInput {
    /// The centre's round; `outside` where the centre works outside this software.
    pub round: String,
}

/// Sends a dossier to the centre: what is sent is kept with its hashes, and where the centre works here,
/// too, its dossier there begins with a copy of what was submitted.
///
/// # Errors
/// A refusal when the result was not approved for the centre, when it was sent before, or when the round takes none.
pub async fn send(app: &App, actor: &Actor, id: &DossierId, input: &SendInput) -> Result<(), AppError> {
    // Papers are set outside the transaction: that takes seconds.
    let (bundle, packed) = bundle::pack(app, actor, id).await?;
    let kept = bundle.keep(app).await?;
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::SendToCentre, &facts.subject)?;
    let row = facts.row;
    ocop_core::dossiers::step(row.state, Event::HearFiveStars)?;
    if store::find(&mut tx, id).await?.is_some() {
        return Err(Refusal::because("Hồ sơ này đã được gửi lên trung ương. Hãy xem kết quả ở trang này."));
    }
    let central = match input.round.as_str() {
        "outside" => None,
        round => {
            let round = round.parse::<RoundId>().ok();
            Some(at_centre(app, &mut tx, &permit, &row, round).await?)
        }
    };
    let sent = Forwarding {
        dossier_id: id.clone(),
        sent_on: app.today(),
        sent_by: actor.person.clone(),
        central_dossier: central.clone(),
        manifest: json!(packed).to_string(),
        bundle: kept.clone(),
        answer: None,
    };
    store::insert(&mut tx, &sent).await?;
    tx.commit(permit, app.now(), &json!({ "central_dossier": central, "bundle": kept, "files": packed }))
        .await?;
    Ok(())
}

/// The dossier at the centre.
async fn at_centre(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    row: &Dossier,
    round: Option<RoundId>,
) -> Result<DossierId, AppError> {
    let round = match round {
        Some(round) => ocop_store::rounds::find(tx, &round).await?,
        None => None,
    };
    let round = round.filter(|round| round.province == CENTRE && round.regime == row.regime);
    let round = round.ok_or_else(|| {
        Refusal::because("Chọn một đợt đang nhận hồ sơ của trung ương, hoặc chọn gửi ngoài phần mềm.")
    })?;
    must_take(&round, app.today())?;
    let next = going_on(app, row, CENTRE, &round, State::AtCentre);
    copy(app, tx, permit, row, &next).await?;
    ocop_store::dossiers::propose(tx, &next.id, app.today()).await?;
    Ok(next.id)
}

/// A dossier that goes on with another one's evaluation at an office.
fn going_on(app: &App, row: &Dossier, office: &str, round: &Round, state: State) -> Dossier {
    Dossier {
        id: fresh(&*app.ids),
        province: office.to_owned(),
        round_id: round.id.clone(),
        state,
        council_id: None,
        submission_id: None,
        commune_received_on: None,
        commune_due_on: None,
        commune_receipt: None,
        proposed_on: None,
        province_received_on: None,
        province_receipt: None,
        continues: Some(row.id.clone()),
        created_at: app.now(),
        updated_at: app.now(),
        version: 1,
        ..row.clone()
    }
}

/// Keeps a dossier that goes on with `row`: what was submitted last, its citations, the commune's report.
async fn copy(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    row: &Dossier,
    next: &Dossier,
) -> Result<(), AppError> {
    ocop_store::dossiers::insert(tx, next).await?;
    let kept = ocop_store::dossiers::latest_submission(tx, &row.id).await?.ok_or(AppError::NotFound)?;
    let submission = Submission { id: fresh(&*app.ids), dossier_id: next.id.clone(), no: 1, ..kept };
    ocop_store::dossiers::submit(tx, &submission).await?;
    for citation in ocop_store::evidence::citations_of(tx, &row.id).await? {
        ocop_store::evidence::cite(tx, &next.id, &citation).await?;
    }
    if let Some((report, _)) = ocop_store::dossiers::commune_report(tx, &row.id).await? {
        ocop_store::dossiers::save_commune_report(tx, &next.id, &report, app.now(), 0).await?;
    }
    ocop_store::journal::hold(tx, &format!("dossier:{}", next.id)).await?;
    let details = json!({ "continues": row.id, "round": next.round_id });
    if ocop_store::journal::note_in_dossier(tx, &next.id, permit, app.now(), &details).await? {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

/// Tells the province what became of a dossier at the centre. Part of the verb that ends it there.
pub(crate) async fn answer(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    central: &Dossier,
    answered: &Answered,
) -> Result<(), AppError> {
    let sent = store::of_central(tx, &central.id).await?.ok_or(AppError::NotFound)?;
    let details = json!({ "centre": answered.answer, "number": answered.number, "stars": answered.stars });
    if !ocop_store::journal::note_in_dossier(tx, &sent.dossier_id, permit, app.now(), &details).await? {
        return Err(AppError::NotFound);
    }
    hear(app, tx, &sent.dossier_id, answered).await
}

/// Keeps the centre's answer to a province's dossier and moves it on.
async fn hear(app: &App, tx: &mut Tx, id: &DossierId, answered: &Answered) -> Result<(), AppError> {
    if !store::answer(tx, id, answered).await? {
        return Err(AppError::Stale("Kết quả của trung ương đã được ghi.".to_owned()));
    }
    let row = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let event = match answered.answer {
        Answer::FiveStars => Event::HearFiveStars,
        Answer::Refused | Answer::Disqualified | Answer::Withdrawn => Event::HearRefusal,
    };
    advance(app, tx, &row, event).await?;
    Ok(())
}

/// An answer without a result.
pub(crate) fn without_result(answer: Answer, on: NaiveDate) -> Answered {
    Answered { answer, on, number: String::new(), stars: None, mean: None }
}

/// The centre's answer on paper, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerInput {
    /// Code of the answer.
    pub answer: String,
    /// Number of the decision or letter.
    pub number: String,
    /// Its day.
    pub answered_on: String,
    /// Who signed the decision, with the position; for 5 stars.
    pub signed_by: String,
    /// Number of the certificate; for 5 stars.
    pub certificate_no: String,
    /// The centre's mean, such as `85,50`.
    pub mean: String,
    /// The centre's stars; without 5 stars.
    pub stars: String,
}

/// What was typed, read.
struct Read {
    answered: Answered,
    signed_by: String,
    certificate_no: String,
}

impl AnswerInput {
    fn read(&self, app: &App, sent_on: NaiveDate) -> Result<Read, AppError> {
        let mut fields = Fields::new();
        let answer = fields.choice::<Answer>("answer", &self.answer, "Chọn kết quả của trung ương.");
        let number = fields.required(
            "number",
            &self.number,
            60,
            "Ghi số, ký hiệu quyết định hoặc văn bản của trung ương.",
        );
        let on = fields.required_day("answered_on", &self.answered_on, "Ghi ngày của văn bản đó.");
        if on.is_some_and(|day| day > app.today() || day < sent_on) {
            fields.fault("answered_on", format!("Ngày phải từ ngày gửi ({}) đến hôm nay.", date(sent_on)));
        }
        let mean = points(&self.mean).filter(|mean| *mean <= Fraction::whole(100));
        let scored = matches!(answer, Some(Answer::FiveStars | Answer::Refused));
        if scored && mean.is_none() {
            fields.fault("mean", "Ghi điểm trung bình của Hội đồng trung ương, từ 0 đến 100, ví dụ: 85,50.");
        }
        let is_five = answer == Some(Answer::FiveStars);
        let (mut signed_by, mut certificate_no, mut stars) = (String::new(), String::new(), None);
        if is_five {
            signed_by = fields.required("signed_by", &self.signed_by, 200, "Ghi chức vụ và họ tên người ký.");
            certificate_no =
                fields.required("certificate_no", &self.certificate_no, 60, "Ghi số giấy chứng nhận 5 sao.");
            stars = Some(5);
        } else if scored {
            stars = fields.number("stars", &self.stars, 1, 4).and_then(|stars| u8::try_from(stars).ok());
            if self.stars.trim().is_empty() {
                fields.fault("stars", "Chọn hạng sao theo điểm của Hội đồng trung ương.");
            }
        }
        fields.done()?;
        let (answer, on) = answer.zip(on).ok_or(AppError::NotFound)?;
        let mean = mean.filter(|_| scored).map(|mean| (mean.num, mean.den));
        let answered = Answered { answer, on, number, stars, mean };
        Ok(Read { answered, signed_by, certificate_no })
    }
}

/// Notes the answer of a centre that works outside this software; with 5 stars, the Minister's decision and the
/// certificate.
///
/// # Errors
/// Faults beside their fields; nothing found when the dossier was not sent so or the answer is known.
pub async fn note_answer(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &AnswerInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::SendToCentre, &facts.subject)?;
    let sent = store::find(&mut tx, id).await?.filter(|sent| sent.central_dossier.is_none());
    let sent = sent.ok_or(AppError::NotFound)?;
    let Read { answered, signed_by, certificate_no } = input.read(app, sent.sent_on)?;
    if answered.answer == Answer::FiveStars {
        let decision = Decision {
            id: fresh(&*app.ids),
            province: CENTRE.to_owned(),
            council_id: None,
            number: answered.number.clone(),
            decided_on: answered.on,
            signed_by,
            recorded_at: app.now(),
        };
        let kept =
            ocop_store::recognition::find_decision_by_number(&mut tx, CENTRE, &decision.number, answered.on);
        let decision = match kept.await? {
            Some(kept) => kept,
            None => {
                ocop_store::recognition::insert_decision(&mut tx, &decision).await?;
                decision
            }
        };
        let granted = Granted { row: &facts.row, decision: &decision, stars: 5, level: Level::Centre };
        insert_certificate(app, &mut tx, granted, certificate_no).await?;
    }
    hear(app, &mut tx, id, &answered).await?;
    tx.commit(permit, app.now(), &json!({ "answer": answered.answer, "number": answered.number })).await?;
    Ok(())
}

/// What a certificate is granted for, and by which decision.
pub(crate) struct Granted<'a> {
    pub(crate) row: &'a Dossier,
    pub(crate) decision: &'a Decision,
    pub(crate) stars: u8,
    pub(crate) level: Level,
}

/// Keeps the certificate of a decision, from its day (Article 4.3): it belongs to the product's province, whoever
/// has recognised it.
pub(crate) async fn insert_certificate(
    app: &App,
    tx: &mut Tx,
    granted: Granted<'_>,
    number: String,
) -> Result<(), AppError> {
    let Granted { row, decision, stars, level } = granted;
    let months = app.process(&row.regime)?.certificate_months;
    let judged = Snapshot::latest(tx, &row.id).await?.ok_or(AppError::NotFound)?;
    let commune = ocop_store::units::find(tx, &row.commune).await?.ok_or(AppError::NotFound)?;
    let last_day = valid_until(decision.decided_on, months);
    let certificate = Certificate {
        id: fresh(&*app.ids),
        check_code: new_check_code(app),
        number,
        province: commune.parent.ok_or(AppError::NotFound)?,
        dossier_id: Some(row.id.clone()),
        product_id: row.product_id.clone(),
        product: judged.product.name,
        producer: judged.producer.name,
        commune: row.commune.clone(),
        level,
        event: StarEvent::New,
        next_on: None,
        decision_id: decision.id.clone(),
        stars,
        issued_on: decision.decided_on,
        valid_until: last_day,
        last_on: last_day,
        revoked_on: None,
        revocation: None,
    };
    Ok(ocop_store::recognition::insert_certificate(tx, &certificate).await?)
}
