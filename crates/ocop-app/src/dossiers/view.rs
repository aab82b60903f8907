//! The page of a dossier, for everybody concerned: where it is, what was submitted, what happened,
//! and what the reader can do next.

use chrono::NaiveDate;
use ocop_core::dossiers::{DossierForm, DossierKind, State};
use ocop_core::id::{CertificateId, CouncilId, DecisionId, DossierId, ProducerId, ProductId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::recognition::Instance;
use ocop_core::rules::ProductSet;
use ocop_core::scoring::Sheet;
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_store::dossiers::{self, Dossier};
use ocop_store::units::former;
use ocop_store::{Tx, producers, products, rounds};

use super::assessment::{Live, PartView, parts};
use super::cite::{CitedPaper, result_by};
use super::facts::{facts, instance, is_own};
use super::history::{HistoryLine, Stage, history, shown_state, stages};
use super::requests::{RequestCard, can_be_answered, cards};
use super::snapshot::{ProducerCard, ProductCard, Snapshot, SnapshotCitation};
use super::submit::submission_lacks;
use crate::papers::{DossierPaper, has_advice, may_print, papers_of};
use crate::rounds::Due;
use crate::{App, AppError};

/// What stands above every page of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The dossier.
    pub id: DossierId,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product: String,
    /// The producer.
    pub producer_id: ProducerId,
    /// Its name.
    pub producer: String,
    /// The round.
    pub round_id: RoundId,
    /// Its name.
    pub round: String,
    /// `Bộ 4: Mật ong …`.
    pub set: String,
    /// `2026-26/4`, as in addresses.
    pub set_ref: String,
    /// Where it is.
    pub state: State,
    /// Where it is, in the words shown to everybody concerned.
    pub state_name: &'static str,
    /// First, upgrade or renewal.
    pub kind: &'static str,
}

impl Head {
    pub(crate) async fn load(app: &App, tx: &mut Tx, row: &Dossier) -> Result<Self, AppError> {
        let product = products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
        let producer = producers::find(tx, &row.producer_id).await?.ok_or(AppError::NotFound)?;
        let round = rounds::find(tx, &row.round_id).await?.ok_or(AppError::NotFound)?;
        let set = app.shown(tx, &row.province, &row.ruleset).await?;
        Ok(Self {
            id: row.id.clone(),
            product_id: product.id,
            product: product.name,
            producer_id: producer.id,
            producer: producer.name,
            round_id: round.id,
            round: round.name,
            set: format!("Bộ {}: {}", set.no, set.name),
            set_ref: set.reference(),
            state: row.state,
            state_name: shown_state(row.state),
            kind: row.kind.name(),
        })
    }
}

/// A return to the producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnCard {
    /// `Cấp xã` or `Cấp tỉnh`.
    pub level: &'static str,
    /// What to mend.
    pub reasons: String,
    /// By when.
    pub due: Option<Due>,
    /// When it was returned.
    pub at: String,
    /// Who returned it.
    pub by: String,
}

/// The answer to one criterion, as submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCard {
    /// Code of the criterion.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Points claimed.
    pub points: u16,
    /// Maximum.
    pub max: u16,
    /// What the level asks for.
    pub level: String,
    /// Description and proof.
    pub note: String,
    /// Papers cited.
    pub papers: Vec<CitedPaper>,
}

/// What was submitted, ready to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// Number of the submission.
    pub no: i64,
    /// When, `24/11/2026 10:32`.
    pub at: String,
    /// SHA-256 of the snapshot.
    pub hash: String,
    /// The producer.
    pub producer: ProducerCard,
    /// The former ward, district and province of the producer, when they were in force on the day of
    /// submitting; else empty.
    pub former_place: String,
    /// The product.
    pub product: ProductCard,
    /// Forms 01 and 02.
    pub form: DossierForm,
    /// Points and stars claimed.
    pub live: Live,
    /// Points by part and section.
    pub parts: Vec<PartView>,
    /// Answers in the order of the sheet.
    pub answers: Vec<AnswerCard>,
}

/// The page of a dossier.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The dossier.
    pub head: Head,
    /// The council that has it.
    pub council: Option<CouncilId>,
    /// Whether it is a re-evaluation.
    pub renewal: bool,
    /// Whether the reader acts for the producer.
    pub own: bool,
    /// The stages of its way.
    pub stages: Vec<Stage>,
    /// The commune's deadline, while it is there.
    pub due: Option<Due>,
    /// Number of the commune's receipt; empty before.
    pub commune_receipt: String,
    /// Number of the province's receipt; empty before.
    pub province_receipt: String,
    /// Returns, newest first.
    pub returns: Vec<ReturnCard>,
    /// Requests of the advisory team, oldest first.
    pub requests: Vec<RequestCard>,
    /// The draft's points and stars, for the producer while it is open.
    pub draft: Option<Live>,
    /// How many things keep the draft from being submitted.
    pub must: usize,
    /// How many more are usually asked for.
    pub should: usize,
    /// The latest submission.
    pub submitted: Option<Submitted>,
    /// What happened, newest first.
    pub history: Vec<HistoryLine>,
    /// What the reader can do now.
    pub can: Vec<Action>,
    /// The decision on its result, once recorded.
    pub decision: Option<DecisionId>,
    /// The certificate that rests on it.
    pub certificate: Option<CertificateId>,
    /// Whether the reader may print the certificate: it was not withdrawn.
    pub may_print: bool,
    /// Whether the council's chair has a report on it.
    pub has_advice: bool,
    /// The dossiers that its evaluation came from and goes on with, in words.
    pub others: Vec<(String, DossierId)>,
    /// Whether it has been on its way to the centre.
    pub to_centre: bool,
    /// Whether it is at the centre and the reader may read what the province has sent.
    pub has_bundle: bool,
    /// What holds for it as it was filed under the rules before, with the last day; empty for every other.
    pub transition: String,
    /// Letters and notices about it: those sent, and those that the reader's office is to sign.
    pub papers: Vec<DossierPaper>,
}

/// What can be done with a dossier in a state; policy then says by whom.
fn actions(state: State) -> &'static [Action] {
    match state {
        State::Draft | State::Completing => {
            &[Action::EditDossier, Action::SubmitDossier, Action::WithdrawDossier]
        }
        State::AtCommune => &[
            Action::WriteCommuneReport,
            Action::ProposeToProvince,
            Action::ReturnFromCommune,
            Action::WithdrawDossier,
        ],
        State::AtProvince => &[Action::AcceptDossier, Action::ReturnFromProvince, Action::WithdrawDossier],
        State::Accepted => &[Action::AssignDossier, Action::WithdrawDossier],
        State::Checking => &[Action::CheckRenewal, Action::DeclareConflict, Action::WithdrawDossier],
        State::Advising => &[
            Action::AnswerRequest,
            Action::WriteFinding,
            Action::RequestEvidence,
            Action::FileAdvisoryReport,
            Action::DeclareConflict,
            Action::WithdrawDossier,
        ],
        State::Advised => &[
            Action::AnswerRequest,
            Action::ReadFindings,
            Action::OpenSession,
            Action::DeclareConflict,
            Action::WithdrawDossier,
        ],
        State::Scoring => &[
            Action::SaveBallot,
            Action::WatchProgress,
            Action::ExcuseMember,
            Action::ReopenBallot,
            Action::ReadFindings,
            Action::DeclareConflict,
        ],
        State::Discussion => &[Action::LeadDiscussion, Action::ReadTally, Action::ReadFindings],
        State::Tallied => &[Action::ConfirmResult, Action::ReadTally, Action::ReadFindings],
        State::Confirmed => &[Action::RecordDecision, Action::ReadResult, Action::ReadTally],
        State::AtCentre => &[Action::AcceptDossier, Action::WithdrawDossier],
        State::ForCentre => &[Action::SendToCentre, Action::ReadResult, Action::ReadTally],
        State::Fallback => &[Action::DecideAfterCentre, Action::ReadResult, Action::ReadTally],
        State::Recognised
        | State::NotRecognised
        | State::ReferredBack
        | State::FiveStars
        | State::Again
        | State::Disqualified => &[Action::ReadResult, Action::ReadTally],
        State::Withdrawn => &[],
    }
}

fn can_now(actor: &Actor, subject: &Subject, state: State, waiting: bool) -> Vec<Action> {
    let sensible = |action: &Action| *action != Action::AnswerRequest || waiting;
    let permitted = |action: &Action| policy::may(actor, *action, subject).is_ok();
    actions(state).iter().copied().filter(sensible).filter(permitted).collect()
}

/// The page of a dossier. A draft that was never submitted is seen by its producer alone.
pub async fn overview(app: &App, actor: &Actor, id: &DossierId) -> Result<Overview, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
    let row = &facts.row;
    let own = is_own(actor, row);
    let set = app.shown(&mut tx, &row.province, &row.ruleset).await?;
    let submitted = submitted(app, &mut tx, &set, row).await?;
    if !own && submitted.is_none() {
        return Err(AppError::NotFound);
    }
    let mut head = Head::load(app, &mut tx, row).await?;
    if let Some(kept) = submitted.as_ref().filter(|_| !own) {
        head.product.clone_from(&kept.product.name);
        head.producer.clone_from(&kept.producer.name);
    }
    let with_producer = row.state.is_with_producer();
    let lacks = if own && with_producer { submission_lacks(app, &mut tx, row).await? } else { Vec::new() };
    let must = lacks.iter().filter(|lack| lack.kind == ocop_core::dossiers::LackKind::Must).count();
    let requests = cards(app, &mut tx, &set, id).await?;
    let waiting = can_be_answered(row.state) && requests.iter().any(RequestCard::is_waiting);
    let result = ocop_store::recognition::find_result(&mut tx, id).await?;
    let certificate = ocop_store::recognition::certificate_of_dossier(&mut tx, id).await?;
    Ok(Overview {
        head,
        council: row.council_id.clone(),
        renewal: row.kind == DossierKind::Renewal,
        own,
        stages: stages(&mut tx, row).await?,
        due: row.commune_due_on.filter(|_| row.state == State::AtCommune).map(|day| app.due(day)),
        commune_receipt: row.commune_receipt.clone().unwrap_or_default(),
        province_receipt: row.province_receipt.clone().unwrap_or_default(),
        returns: returns(app, &mut tx, id).await?,
        requests,
        draft: if own && with_producer { Some(Live::new(&set, &row.sheet)?) } else { None },
        must,
        should: lacks.len() - must,
        submitted,
        history: history(&mut tx, row, own).await?,
        can: can_now(actor, &facts.subject, row.state, waiting),
        decision: result.and_then(|result| result.decision_id),
        may_print: may_print(actor, &facts.subject)
            && certificate.as_ref().is_some_and(|certificate| certificate.revoked_on.is_none()),
        certificate: certificate.map(|certificate| certificate.id),
        has_advice: has_advice(&mut tx, id).await?,
        others: others(&mut tx, actor, row).await?,
        has_bundle: instance(row) == Instance::Centre
            && policy::may(actor, Action::ReadFindings, &facts.subject).is_ok(),
        to_centre: row.state == State::ForCentre || ocop_store::centre::find(&mut tx, id).await?.is_some(),
        papers: papers_of(&mut tx, actor, row, &facts.subject).await?,
        transition: transition(app, row),
    })
}

/// What holds for a dossier that was filed under the rules before and has no result yet.
fn transition(app: &App, row: &Dossier) -> String {
    let filed = row.submission_id.is_some() && !row.state.has_result() && !row.state.is_closed();
    let Some(change) = app.changeover(&row.regime, row.kind).filter(|_| filed) else { return String::new() };
    let told = format!(
        "Hồ sơ nộp trước ngày {} nên được đánh giá theo quy định cũ, chậm nhất đến hết ngày {} ({}).",
        date(change.since),
        date(change.finish_by),
        change.cite
    );
    if app.today() <= change.finish_by {
        return told;
    }
    format!(
        "{told} Đã quá hạn này: cơ quan tham mưu hướng dẫn chủ thể rút hồ sơ và đăng ký lại theo quy định đang áp dụng."
    )
}

/// The dossiers that an evaluation came from and goes on with, as far as the reader may read them.
async fn others(tx: &mut Tx, actor: &Actor, row: &Dossier) -> Result<Vec<(String, DossierId)>, AppError> {
    let mut others = Vec::new();
    if let Some(before) = &row.continues {
        others.push(("Hồ sơ đã được đánh giá ở cấp tỉnh trước đó".to_owned(), before.clone()));
    }
    for id in ocop_store::centre::continued_by(tx, &row.id).await? {
        let next = dossiers::find(tx, &id).await?.ok_or(AppError::NotFound)?;
        let at = if next.province == CENTRE {
            "Hồ sơ ở trung ương"
        } else {
            "Hồ sơ cấp tỉnh đánh giá tiếp theo"
        };
        others.push((format!("{at}: {}", super::shown_state(next.state)), id));
    }
    let mut readable = Vec::new();
    for other in others {
        let subject = facts(tx, actor, &other.1).await?.subject;
        if policy::may(actor, Action::ReadDossier, &subject).is_ok() {
            readable.push(other);
        }
    }
    Ok(readable)
}

async fn returns(app: &App, tx: &mut Tx, id: &DossierId) -> Result<Vec<ReturnCard>, AppError> {
    let returns = dossiers::returns(tx, id).await?;
    Ok(returns
        .into_iter()
        .map(|back| ReturnCard {
            level: if back.level == "province" { "Cấp tỉnh" } else { "Cấp xã" },
            reasons: back.reasons,
            due: back.due_on.map(|day| app.due(day)),
            at: back.returned_at.written(),
            by: back.returned_by,
        })
        .collect())
}

async fn submitted(
    app: &App,
    tx: &mut Tx,
    set: &ProductSet,
    row: &Dossier,
) -> Result<Option<Submitted>, AppError> {
    let Some(kept) = dossiers::latest_submission(tx, &row.id).await? else { return Ok(None) };
    let snapshot = Snapshot::read(&kept)?;
    let cited: Vec<String> = snapshot.citations.iter().map(|cited| cited.criterion.clone()).collect();
    let (live, parts) = parts(set, &snapshot.sheet, &cited)?;
    let result_by = result_by(tx, row).await?;
    let answers =
        answers(set, &snapshot.sheet, &snapshot, |cited| CitedPaper::new(cited, app.today(), result_by));
    Ok(Some(Submitted {
        no: kept.no,
        at: kept.submitted_at.written(),
        hash: kept.hash,
        former_place: former_place(tx, row, kept.submitted_at.day()).await?,
        producer: snapshot.producer,
        product: snapshot.product,
        form: snapshot.form,
        live,
        parts,
        answers,
    }))
}

async fn former_place(tx: &mut Tx, row: &Dossier, day: NaiveDate) -> Result<String, AppError> {
    let producer = producers::find(tx, &row.producer_id).await?.ok_or(AppError::NotFound)?;
    if former::find(tx, &producer.former_unit, day).await?.is_none() {
        return Ok(String::new());
    }
    Ok(former::place_on(tx, &row.commune, &producer.former_unit, day).await?)
}

fn answers(
    set: &ProductSet,
    sheet: &Sheet,
    snapshot: &Snapshot,
    card: impl Fn(&SnapshotCitation) -> CitedPaper,
) -> Vec<AnswerCard> {
    set.criteria()
        .map(|criterion| {
            let choice = sheet.choices.get(&criterion.code);
            let level =
                choice.and_then(|choice| criterion.alternative(choice.alternative)?.level(choice.level));
            let text = match (choice, level) {
                (None, _) => "Chưa chọn".to_owned(),
                (Some(_), None) => "Không đạt mức nào".to_owned(),
                (Some(_), Some(level)) => level.text.clone(),
            };
            AnswerCard {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                points: level.map_or(0, |level| level.points),
                max: criterion.max,
                level: text,
                note: choice.and_then(|choice| choice.note.clone()).unwrap_or_default(),
                papers: snapshot.citations_for(&criterion.code).map(&card).collect(),
            }
        })
        .collect()
}
