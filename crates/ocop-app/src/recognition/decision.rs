//! From confirmed results to the signed decision, its certificates and notices.

use chrono::{Datelike, NaiveDate};
use ocop_core::centre::Answer;
use ocop_core::dossiers::State;
use ocop_core::id::{CouncilId, DecisionId, DossierId, PaperId};
use ocop_core::papers::{PaperKind, PaperNumber};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::recognition::{Level, Outcome};
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_store::Tx;
use ocop_store::centre::Answered;
use ocop_store::councils::Council;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::recognition::{self as store, ConfirmedResult, Decision};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::reception::year_of;
use crate::centre::{Granted, insert_certificate};
use crate::councils::shut_dossiers;
use crate::dossiers::advance;
use crate::papers::{self, NewPaper, Signing};
use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// The results of a council on their way to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftDecision {
    /// The council.
    pub council: Council,
    /// Name of its round.
    pub round: String,
    /// 3 and 4 stars, at the centre 5: recognised and certified by the decision.
    pub certificates: Vec<DecisionLine>,
    /// For the centre: the decision approves the result.
    pub centre: Vec<DecisionLine>,
    /// Below 3 stars, at the centre below 5: told, not decided.
    pub notices: Vec<DecisionLine>,
    /// Dossiers of the council whose result the chair has not confirmed.
    pub unfinished: usize,
    /// Decisions recorded before, oldest first.
    pub decisions: Vec<RecordedDecision>,
}

/// A recorded decision and where its paper stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedDecision {
    /// The decision.
    pub decision: Decision,
    /// Its paper in the register; none when it was recorded before there was one.
    pub paper: Option<PaperId>,
    /// Whether the signed copy is attached.
    pub has_copy: bool,
}

/// The decisions of a council with their papers.
async fn recorded(tx: &mut Tx, council: &CouncilId) -> Result<Vec<RecordedDecision>, AppError> {
    let mut recorded = Vec::new();
    for decision in store::decisions_of_council(tx, council).await? {
        let paper = ocop_store::papers::about(tx, &papers::about_decision(&decision.id)).await?;
        let has_copy = match &paper {
            Some(paper) => !ocop_store::papers::copies(tx, &paper.id).await?.is_empty(),
            None => false,
        };
        recorded.push(RecordedDecision { decision, paper: paper.map(|paper| paper.id), has_copy });
    }
    Ok(recorded)
}

impl DraftDecision {
    /// Whether a decision has something to decide.
    pub fn has_decision(&self) -> bool {
        !self.certificates.is_empty() || !self.centre.is_empty()
    }
}

/// A dossier in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionLine {
    /// The dossier.
    pub id: DossierId,
    /// The product.
    pub product: String,
    /// Its code.
    pub product_code: String,
    /// The producer.
    pub producer: String,
    /// Name of its commune.
    pub commune: String,
    /// Number of the product set.
    pub set_no: u16,
    /// The mean as shown, `78,44`.
    pub mean: String,
    /// The exact mean, numerator and denominator.
    pub exact: Option<(i64, i64)>,
    /// The star rank.
    pub stars: u8,
    /// Whether the mean reaches the points for the centre although the star does not.
    pub centre_points: bool,
    /// Whether the reader has a conflict of interest with it: mean and stars are left out.
    pub closed: bool,
}

impl DecisionLine {
    /// The line as a reader with a conflict of interest sees it.
    fn shut(self) -> Self {
        Self { mean: String::new(), exact: None, stars: 0, centre_points: false, closed: true, ..self }
    }
}

fn subject(council: &Council) -> Subject {
    Subject {
        province: Some(council.province.clone()),
        council: Some(council.id.clone()),
        ..Subject::default()
    }
}

async fn found(tx: &mut Tx, id: &CouncilId) -> Result<Council, AppError> {
    ocop_store::councils::find(tx, id).await?.ok_or(AppError::NotFound)
}

/// A confirmed result that waits for its decision, with its dossier.
struct Waiting {
    row: Dossier,
    result: ConfirmedResult,
}

/// The results of a council that wait for a decision, and how many dossiers have none yet.
async fn waiting(tx: &mut Tx, council: &CouncilId) -> Result<(Vec<Waiting>, usize), AppError> {
    let filter = ocop_store::dossiers::Filter { council: Some(council.clone()), ..Default::default() };
    let all = ocop_store::dossiers::list(tx, &filter, 10_000).await?;
    let unfinished = all.iter().filter(|row| !row.state.has_result()).count();
    let mut results = store::results_of_council(tx, council).await?;
    let mut waiting = Vec::new();
    for listed in all.iter().filter(|row| row.state == State::Confirmed) {
        let Some(at) = results.iter().position(|result| result.dossier_id == listed.id) else {
            return Err(AppError::NotFound);
        };
        let row = ocop_store::dossiers::find(tx, &listed.id).await?.ok_or(AppError::NotFound)?;
        waiting.push(Waiting { row, result: results.swap_remove(at) });
    }
    Ok((waiting, unfinished))
}

async fn line(tx: &mut Tx, one: &Waiting) -> Result<DecisionLine, AppError> {
    let product = ocop_store::products::find(tx, &one.row.product_id).await?.ok_or(AppError::NotFound)?;
    let producer = ocop_store::producers::find(tx, &one.row.producer_id).await?.ok_or(AppError::NotFound)?;
    let commune =
        ocop_store::units::find(tx, &one.row.commune).await?.map(|unit| unit.name).unwrap_or_default();
    let mean = one.result.mean.and_then(|(num, den)| Fraction::new(num, den));
    Ok(DecisionLine {
        id: one.row.id.clone(),
        product: product.name,
        product_code: product.code.unwrap_or_default(),
        producer: producer.name,
        commune,
        set_no: one.row.set_no,
        mean: mean.map(|mean| mean.vi()).unwrap_or_default(),
        exact: one.result.mean,
        stars: one.result.stars.unwrap_or(0),
        centre_points: one.result.centre_points && one.result.outcome == Outcome::Certificate,
        closed: false,
    })
}

/// The draft of a council's decision: every confirmed result that has none, by outcome, the
/// highest star and mean first.
pub async fn draft_decision(app: &App, actor: &Actor, id: &CouncilId) -> Result<DraftDecision, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::RecordDecision, &subject(&council))?;
    let round = ocop_store::rounds::find(&mut tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
    let (found, unfinished) = waiting(&mut tx, id).await?;
    let shut = shut_dossiers(&mut tx, actor, &council).await?;
    let mut draft = DraftDecision {
        round: round.name,
        certificates: Vec::new(),
        centre: Vec::new(),
        notices: Vec::new(),
        unfinished,
        decisions: recorded(&mut tx, id).await?,
        council,
    };
    for one in &found {
        let line = line(&mut tx, one).await?;
        let line = if shut.contains(&line.id) { line.shut() } else { line };
        match one.result.outcome {
            Outcome::Certificate | Outcome::FiveStars => draft.certificates.push(line),
            Outcome::Centre => draft.centre.push(line),
            Outcome::Notice | Outcome::Refer | Outcome::Disqualified => draft.notices.push(line),
        }
    }
    for group in [&mut draft.certificates, &mut draft.centre, &mut draft.notices] {
        let mean = |line: &DecisionLine| line.exact.and_then(|(num, den)| Fraction::new(num, den));
        group.sort_by(|a, b| {
            (b.stars, mean(b)).cmp(&(a.stars, mean(a))).then_with(|| a.product.cmp(&b.product))
        });
    }
    Ok(draft)
}

/// What an officer types after signing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DecisionInput {
    /// Number and symbol.
    pub number: String,
    /// Its date.
    pub decided_on: String,
    /// Who signed, with the position.
    pub signed_by: String,
}

/// Number, date and signer as typed; not before the day on which the last result was `confirmed`.
pub(crate) fn read_signing(
    app: &App,
    input: &DecisionInput,
    confirmed: Option<NaiveDate>,
) -> Result<Signing, AppError> {
    let mut fields = Fields::new();
    let number = fields.required("number", &input.number, 60, "Ghi số và ký hiệu, ví dụ: 4512/QĐ-UBND.");
    let number = match PaperNumber::read(&number, PaperKind::Decision) {
        Ok(number) => Some(number),
        Err(_) if number.is_empty() => None,
        Err(bad) => {
            fields.fault("number", bad.to_string());
            None
        }
    };
    let decided_on = fields.required_day("decided_on", &input.decided_on, "Ghi ngày ký quyết định.");
    let signed_by = fields.required("signed_by", &input.signed_by, 200, "Ghi chức vụ và họ tên người ký.");
    if decided_on.is_some_and(|day| day > app.today()) {
        fields.fault("decided_on", "Ngày ký chưa đến. Chỉ ghi quyết định sau khi đã ký.");
    }
    if let Some((_, last)) = decided_on.zip(confirmed).filter(|(day, last)| day < last) {
        fields.fault(
            "decided_on",
            format!("Ngày ký không thể trước ngày Chủ tịch Hội đồng xác nhận kết quả ({}).", date(last)),
        );
    }
    fields.done()?;
    let (number, signed_on) = number.zip(decided_on).ok_or(AppError::NotFound)?;
    Ok(Signing { number, signed_on, signed_by })
}

/// Records the signed decision on every confirmed result of a council: certificates for 3 and 4
/// stars, approval for the centre, notices below 3 stars. All of them or none.
///
/// The chain is the province's, so that two councils cannot give the same certificate number.
pub async fn record_decision(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &DecisionInput,
) -> Result<DecisionId, AppError> {
    let province = province_of(app, id).await?;
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::RecordDecision, &subject(&council))?;
    let (waiting, _) = waiting(&mut tx, id).await?;
    let decides = |one: &&Waiting| {
        matches!(one.result.outcome, Outcome::Certificate | Outcome::Centre | Outcome::FiveStars)
    };
    if !waiting.iter().any(|one| decides(&one)) {
        return Err(Refusal::because(
            "Chưa có kết quả nào chờ quyết định công nhận. Hồ sơ phải được Chủ tịch Hội đồng xác nhận và đạt từ 3 sao \
             (ở trung ương: 5 sao).",
        ));
    }
    let confirmed = waiting.iter().map(|one| one.result.confirmed_at.day()).max();
    let signing = read_signing(app, input, confirmed)?;
    let decision = Decision {
        id: fresh(&*app.ids),
        province,
        council_id: Some(id.clone()),
        number: signing.number.to_string(),
        decided_on: signing.signed_on,
        signed_by: signing.signed_by.clone(),
        recorded_at: app.now(),
    };
    store::insert_decision(&mut tx, &decision).await.map_err(|fault| twice(fault, &decision))?;
    let mut issued = Vec::new();
    for one in &waiting {
        note(app, &mut tx, &permit, one, json!({ "decision": decision.id, "number": decision.number }))
            .await?;
        advance(app, &mut tx, &one.row, one.result.outcome.event()).await?;
        let named = Some(&decision.id).filter(|_| decides(&one));
        store::close_result(&mut tx, &one.row.id, named, app.today()).await?;
        if matches!(one.result.outcome, Outcome::Certificate | Outcome::FiveStars) {
            issued.push(issue(app, &mut tx, one, &decision).await?);
        }
        tell_province(app, &mut tx, &permit, one, &decision.number).await?;
    }
    let paper = register(app, &mut tx, actor, &council, &decision, signing).await?;
    let details = json!({
        "council": id, "decision": decision.id, "paper": paper, "number": decision.number, "decided_on": decision.decided_on,
        "dossiers": waiting.iter().map(|one| (&one.row.id, one.result.outcome)).collect::<Vec<_>>(),
        "certificates": issued,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(decision.id)
}

/// Enters the decision's paper, with everything that it names, into the office's register.
async fn register(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    council: &Council,
    decision: &Decision,
    signing: Signing,
) -> Result<PaperId, AppError> {
    let signed = papers::Signed {
        number: decision.number.clone(),
        decided_on: decision.decided_on,
        signed_by: decision.signed_by.clone(),
    };
    let (content, title) = papers::decision_content(app, tx, council, &decision.id, &signed).await?;
    let paper = NewPaper {
        office: council.province.clone(),
        kind: PaperKind::Decision,
        about: papers::about_decision(&decision.id),
        title,
        signing,
        field: "number",
        content,
    };
    papers::issue(app, tx, actor, paper).await
}

/// Tells the results below 3 stars when there is nothing to decide: they need no decision
/// (Article 4.1a). How many there were.
pub async fn notify_results(app: &App, actor: &Actor, id: &CouncilId) -> Result<usize, AppError> {
    let province = province_of(app, id).await?;
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::RecordDecision, &subject(&council))?;
    let (mut waiting, _) = waiting(&mut tx, id).await?;
    waiting.retain(|one| matches!(one.result.outcome, Outcome::Notice | Outcome::Refer));
    if waiting.is_empty() {
        return Err(Refusal::because(
            "Không có kết quả dưới 3 sao nào (ở trung ương: dưới 5 sao) chờ thông báo.",
        ));
    }
    for one in &waiting {
        note(app, &mut tx, &permit, one, json!({ "notified": true })).await?;
        advance(app, &mut tx, &one.row, one.result.outcome.event()).await?;
        store::close_result(&mut tx, &one.row.id, None, app.today()).await?;
        tell_province(app, &mut tx, &permit, one, "").await?;
    }
    let dossiers: Vec<&DossierId> = waiting.iter().map(|one| &one.row.id).collect();
    tx.commit(permit, app.now(), &json!({ "council": id, "notified": dossiers })).await?;
    Ok(waiting.len())
}

/// Tells the province what the centre has decided on a dossier that it sent; nothing for any other dossier.
async fn tell_province(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    one: &Waiting,
    number: &str,
) -> Result<(), AppError> {
    let (answer, number) = match one.result.outcome {
        Outcome::FiveStars => (Answer::FiveStars, number.to_owned()),
        Outcome::Refer => (Answer::Refused, String::new()),
        Outcome::Certificate | Outcome::Notice | Outcome::Centre | Outcome::Disqualified => return Ok(()),
    };
    let (stars, mean) = (one.result.stars, one.result.mean);
    let answered = Answered { answer, on: app.today(), number, stars, mean };
    crate::centre::answer(app, tx, permit, &one.row, &answered).await
}

/// The verb belongs to the province's chain; the dossier's own history tells it, too.
async fn note(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    one: &Waiting,
    details: serde_json::Value,
) -> Result<(), AppError> {
    let known = ocop_store::journal::note_in_dossier(tx, &one.row.id, permit, app.now(), &details).await?;
    if known { Ok(()) } else { Err(AppError::NotFound) }
}

async fn province_of(app: &App, id: &CouncilId) -> Result<String, AppError> {
    let mut tx = app.db.read().await?;
    Ok(found(&mut tx, id).await?.province)
}

pub(crate) fn twice(fault: ocop_store::StoreError, decision: &Decision) -> AppError {
    if fault.is_duplicate() {
        AppError::Invalid(vec![FieldFault::new(
            "number",
            format!(
                "Quyết định số {} ngày {} đã được ghi trước đó. Hãy kiểm tra lại số và ngày.",
                decision.number,
                date(decision.decided_on)
            ),
        )])
    } else {
        fault.into()
    }
}

/// Issues the certificate of a result: from the day of the decision (Article 4.3).
async fn issue(app: &App, tx: &mut Tx, one: &Waiting, decision: &Decision) -> Result<String, AppError> {
    let number = certificate_number(tx, decision).await?;
    let stars = one.result.stars.ok_or(AppError::NotFound)?;
    let level = if decision.province == CENTRE { Level::Centre } else { Level::Province };
    let granted = Granted { row: &one.row, decision, stars, level };
    insert_certificate(app, tx, granted, number.clone()).await?;
    Ok(number)
}

/// The office's next certificate number in the year of a decision.
pub(crate) async fn certificate_number(tx: &mut Tx, decision: &Decision) -> Result<String, AppError> {
    let (first, last) = year_of(decision.decided_on)?;
    let serial = store::issued_between(tx, &decision.province, first, last).await? + 1;
    Ok(format!("{serial:03}/GCN-OCOP-{}", decision.decided_on.year()))
}
