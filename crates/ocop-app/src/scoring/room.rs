//! What a member sees of his or her own ballot: the council room, the review, the list.

use ocop_core::dossiers::State;
use ocop_core::id::{BallotId, CouncilId, DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::rules::wording::ground_as_read;
use ocop_core::rules::{PartCode, ProductSet};
use ocop_core::scoring::{Disqualification, Scored, score};
use ocop_core::text::fold;
use ocop_core::time::Instant;
use ocop_store::Tx;
use serde::Serialize;

use super::ballot::grounds;
use super::criterion::own_choice;
use super::revise::{is_revisable, revision_lines};
use super::{CriterionPane, OwnBallot, head, own_ballot, pane, submitted};
use crate::dossiers::result_by;
use crate::{App, AppError};

/// One's own totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Part A.
    pub a: u16,
    /// Part B.
    pub b: u16,
    /// Part C.
    pub c: u16,
    /// All parts.
    pub total: u16,
    /// Stars after the floors; 0 when the sheet declares the dossier out.
    pub stars: u8,
    /// Criteria answered.
    pub answered: usize,
    /// Criteria that count on this sheet.
    pub of: usize,
}

impl Totals {
    /// The totals of a scored sheet.
    pub fn of(set: &ProductSet, scored: &Scored) -> Self {
        let of = set.criteria().count() - scored.ignored.len();
        Self {
            a: scored.parts.a,
            b: scored.parts.b,
            c: scored.parts.c,
            total: scored.total,
            stars: scored.stars,
            answered: of - scored.unanswered.len(),
            of,
        }
    }
}

/// What every page of a ballot shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotHead {
    /// The ballot.
    pub id: BallotId,
    /// Its version.
    pub version: i64,
    /// When it was sealed.
    pub sealed_at: Option<Instant>,
    /// The hour of the last save: `10:32`; none before the first.
    pub saved_at: Option<String>,
    /// The scoring turn.
    pub turn: u16,
    /// The dossier.
    pub dossier: DossierId,
    /// Name of the product.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// The round.
    pub round_name: String,
    /// The council.
    pub council: Option<CouncilId>,
    /// Number of the product set.
    pub set_no: u16,
    /// Its name.
    pub set_name: String,
    /// `2026-26/4`, as in addresses.
    pub set_ref: String,
    /// Parts with one's own points.
    pub parts: Vec<RoomPart>,
    /// One's own totals.
    pub totals: Totals,
    /// When and why the chair opened the sealed ballot again, until it is sealed: `lúc …: …`.
    pub reopened: Option<String>,
    /// What the ballot declares.
    pub disqualified: Option<Disqualification>,
}

/// A part of the sheet with one's own points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPart {
    /// A, B or C.
    pub code: PartCode,
    /// Its title.
    pub name: String,
    /// One's own points.
    pub points: u16,
    /// Most points.
    pub max: u16,
    /// Its criteria.
    pub items: Vec<RoomItem>,
}

/// A criterion in the list of the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomItem {
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// One's own points; none when not answered.
    pub points: Option<u16>,
    /// Does not count on this sheet.
    pub off: bool,
}

/// The council room at one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomView {
    /// The ballot.
    pub head: BallotHead,
    /// The criterion with the papers cited.
    pub pane: CriterionPane,
    /// The advisory team's finding on it: words, writer.
    pub finding: Option<(String, String)>,
    /// Code of the criterion before.
    pub prev: Option<String>,
    /// Code of the criterion after.
    pub next: Option<String>,
}

fn ballot_head(tx_head: super::DossierHead, own: &OwnBallot, scored: &Scored) -> BallotHead {
    let ballot = &own.ballot;
    let items = |part: PartCode| {
        let criteria = own.read.sections_of(part).flat_map(|section| &section.criteria);
        let item = |criterion: &ocop_core::rules::Criterion| RoomItem {
            code: criterion.code.clone(),
            name: criterion.name.clone(),
            points: ballot
                .sheet
                .choices
                .get(&criterion.code)
                .map(|choice| own_choice(criterion, choice).points),
            off: scored.ignored.contains(&criterion.code),
        };
        criteria.map(item).collect()
    };
    let parts = own.read.parts.iter().map(|part| RoomPart {
        code: part.code,
        name: part.name.clone(),
        points: scored.parts.of(part.code),
        max: part.max,
        items: items(part.code),
    });
    BallotHead {
        id: ballot.id.clone(),
        version: ballot.version,
        sealed_at: ballot.sealed_at,
        saved_at: (ballot.version > 1).then(|| ballot.saved_at.hour()),
        turn: ballot.turn,
        dossier: tx_head.id,
        product: tx_head.product,
        producer: tx_head.producer,
        round_name: tx_head.round_name,
        council: tx_head.council,
        set_no: own.read.no,
        set_name: own.read.name.clone(),
        set_ref: own.set.reference(),
        parts: parts.collect(),
        totals: Totals::of(&own.set, scored),
        reopened: own
            .reopened
            .as_ref()
            .filter(|_| ballot.sealed_at.is_none())
            .map(|(at, reason)| format!("lúc {}: {reason}", at.written())),
        disqualified: scored.disqualified.clone().map(|found| Disqualification {
            ground: ground_as_read(&own.set, &own.read, &found.ground),
            ..found
        }),
    }
}

/// One's own ballot for reading: policy allows it as long as there is no conflict of interest.
pub(super) async fn readable(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &BallotId,
) -> Result<(OwnBallot, BallotHead, Scored), AppError> {
    let own = own_ballot(app, tx, actor, id).await?;
    let _ = policy::may(actor, Action::SaveBallot, &own.facts.subject)?;
    let scored = match &own.ballot.scored {
        Some(sealed) => sealed.clone(),
        None => score(&own.set, &own.ballot.sheet)?,
    };
    let head = ballot_head(head(tx, &own.facts.row).await?, &own, &scored);
    Ok((own, head, scored))
}

/// The criterion to open first: the first one without an answer; `None` when nothing is missing.
pub async fn entry(app: &App, actor: &Actor, id: &BallotId) -> Result<Option<String>, AppError> {
    let mut tx = app.db.read().await?;
    let (own, _, scored) = readable(app, &mut tx, actor, id).await?;
    Ok(if own.ballot.sealed_at.is_some() { None } else { scored.unanswered.into_iter().next() })
}

/// The council room at one criterion.
pub async fn room(app: &App, actor: &Actor, id: &BallotId, code: &str) -> Result<RoomView, AppError> {
    let mut tx = app.db.read().await?;
    let (own, head, scored) = readable(app, &mut tx, actor, id).await?;
    let snapshot = submitted(&mut tx, &own.ballot.dossier_id).await?;
    let dossier = ocop_store::dossiers::find(&mut tx, &own.ballot.dossier_id).await?;
    let result_by = result_by(&mut tx, &dossier.ok_or(AppError::NotFound)?).await?;
    let pane = pane(&own.read, code, &own.ballot.sheet, &scored.ignored, &snapshot, app.today(), result_by)
        .ok_or(AppError::NotFound)?;
    let findings = ocop_store::councils::findings(&mut tx, &own.ballot.dossier_id).await?;
    let finding = findings.into_iter().find(|one| one.criterion == code && !one.finding.is_empty());
    let (prev, next) = neighbours(&own.set, code);
    Ok(RoomView { head, pane, finding: finding.map(|one| (one.finding, one.writer)), prev, next })
}

/// Codes of the criteria before and after one.
pub(crate) fn neighbours(set: &ProductSet, code: &str) -> (Option<String>, Option<String>) {
    let codes: Vec<&str> = set.criteria().map(|criterion| criterion.code.as_str()).collect();
    let at = codes.iter().position(|one| *one == code);
    let prev = at.and_then(|at| at.checked_sub(1)).and_then(|at| codes.get(at));
    let next = at.and_then(|at| codes.get(at + 1));
    (prev.map(|code| (*code).to_owned()), next.map(|code| (*code).to_owned()))
}

/// Everything that will be sealed, on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewView {
    /// The ballot.
    pub head: BallotHead,
    /// Every criterion by part.
    pub parts: Vec<ReviewPart>,
    /// One's opinion.
    pub opinion: String,
    /// What the sheet is worth, in sentences.
    pub explanation: Vec<String>,
    /// Codes without an answer.
    pub unanswered: Vec<String>,
    /// Codes at "no level met" without the reason.
    pub unexplained: Vec<String>,
    /// Whether it can be sealed now.
    pub may_seal: bool,
    /// Whether one criterion of the sealed ballot may be revised now.
    pub may_revise: bool,
    /// What was revised after discussion, in words.
    pub revised: Vec<String>,
}

/// A part in the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPart {
    /// Code and title.
    pub name: String,
    /// One's own points.
    pub points: u16,
    /// Most points.
    pub max: u16,
    /// Its criteria.
    pub rows: Vec<ReviewRow>,
}

/// A criterion in the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// Points of the best level.
    pub max: u16,
    /// The choice; none when not answered.
    pub points: Option<u16>,
    /// Text of the level.
    pub text: String,
    /// The remark.
    pub note: Option<String>,
    /// Does not count on this sheet.
    pub off: bool,
    /// Something is missing: an answer or a reason.
    pub lacks: bool,
}

/// Everything that will be sealed.
pub async fn review(app: &App, actor: &Actor, id: &BallotId) -> Result<ReviewView, AppError> {
    let mut tx = app.db.read().await?;
    let (own, head, scored) = readable(app, &mut tx, actor, id).await?;
    let sheet = &own.ballot.sheet;
    let unexplained: Vec<String> =
        sheet.without_note(&own.set).into_iter().filter(|code| !scored.ignored.contains(code)).collect();
    let row = |criterion: &ocop_core::rules::Criterion| {
        let choice = sheet.choices.get(&criterion.code).map(|choice| own_choice(criterion, choice));
        let code = &criterion.code;
        ReviewRow {
            code: code.clone(),
            name: criterion.name.clone(),
            max: criterion.max,
            points: choice.as_ref().map(|choice| choice.points),
            note: choice.as_ref().and_then(|choice| choice.note.clone()),
            text: choice.map(|choice| choice.text).unwrap_or_default(),
            off: scored.ignored.contains(code),
            lacks: scored.unanswered.contains(code) || unexplained.contains(code),
        }
    };
    let parts = own.read.parts.iter().map(|part| ReviewPart {
        name: format!("{}. {}", part.code, part.name),
        points: scored.parts.of(part.code),
        max: part.max,
        rows: own.read.sections_of(part.code).flat_map(|section| &section.criteria).map(row).collect(),
    });
    let parts: Vec<ReviewPart> = parts.collect();
    let complete = (scored.unanswered.is_empty() && unexplained.is_empty()) || sheet.disqualified.is_some();
    let open = own.ballot.sealed_at.is_none() && own.facts.row.state == State::Scoring;
    let lines = revision_lines(&mut tx, &own.read, &own.ballot.dossier_id).await?;
    let mine = lines.into_iter().filter(|line| line.ballot == own.ballot.id);
    Ok(ReviewView {
        may_revise: is_revisable(&mut tx, &own).await?,
        revised: mine.map(|line| line.words).collect(),
        head,
        parts,
        opinion: own.ballot.opinion,
        explanation: scored.explanation,
        unanswered: scored.unanswered,
        unexplained,
        may_seal: complete && open,
    })
}

/// A ground for disqualification in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// What is sent back.
    pub code: String,
    /// The criterion; none for the whole dossier.
    pub criterion: Option<String>,
    /// In words.
    pub text: String,
    /// Whether the ballot declares it.
    pub chosen: bool,
}

/// The page on which a member declares that the dossier is out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisqualificationView {
    /// The ballot.
    pub head: BallotHead,
    /// Grounds of the product set.
    pub grounds: Vec<Ground>,
    /// The reason as saved.
    pub reason: String,
    /// Whether the ballot declares one of the grounds itself (a criterion scored zero may end the
    /// evaluation, too).
    pub declared: bool,
}

/// The grounds on which the dossier may be found to be out, and what the ballot declares.
pub async fn disqualification(
    app: &App,
    actor: &Actor,
    id: &BallotId,
) -> Result<DisqualificationView, AppError> {
    let mut tx = app.db.read().await?;
    let (own, head, _) = readable(app, &mut tx, actor, id).await?;
    let declared = own.ballot.sheet.disqualified.as_ref();
    // A ballot keeps the ground in our words, whatever the office words later.
    let read = grounds(&own.read).into_iter().map(|(_, _, text)| text);
    let grounds = grounds(&own.set).into_iter().zip(read).map(|((code, criterion, kept), text)| Ground {
        chosen: declared.is_some_and(|one| one.criterion == criterion && one.ground == kept),
        code,
        criterion,
        text,
    });
    Ok(DisqualificationView {
        grounds: grounds.collect(),
        reason: declared.map(|one| one.reason.clone()).unwrap_or_default(),
        declared: declared.is_some(),
        head,
    })
}

/// A ballot in the list of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyBallot {
    /// The ballot.
    pub id: BallotId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Name of the product.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// The round.
    pub round_name: String,
    /// The scoring turn.
    pub turn: u16,
    /// Where the dossier is.
    pub state: State,
    /// Criteria answered.
    pub answered: usize,
    /// Criteria that count.
    pub of: usize,
    /// When it was sealed.
    pub sealed_at: Option<Instant>,
}

impl MyBallot {
    /// Whether it waits for its member.
    pub fn is_open(&self) -> bool {
        self.sealed_at.is_none() && self.state == State::Scoring
    }
}

/// One's own ballots in every council: open ones first, then by name of the product, so that the
/// order says nothing about others.
pub async fn my_ballots(app: &App, actor: &Actor) -> Result<Vec<MyBallot>, AppError> {
    let mut tx = app.db.read().await?;
    let mut ballots = Vec::new();
    for seat in &actor.seats {
        ballots.extend(my_ballots_in(app, &mut tx, &seat.id).await?);
    }
    ballots.sort_by_cached_key(|one| (!one.is_open(), fold(&one.product), one.dossier_id.clone(), one.turn));
    Ok(ballots)
}

/// The ballots of one seat, newest first.
pub(crate) async fn my_ballots_in(app: &App, tx: &mut Tx, seat: &SeatId) -> Result<Vec<MyBallot>, AppError> {
    let mut mine = Vec::new();
    for ballot in ocop_store::scoring::ballots_of_seat(tx, seat).await? {
        let dossier = ocop_store::dossiers::find(tx, &ballot.dossier_id).await?.ok_or(AppError::NotFound)?;
        let set = app.pinned(tx, &dossier.ruleset).await?;
        let totals = Totals::of(&set, &score(&set, &ballot.sheet)?);
        let head = head(tx, &dossier).await?;
        mine.push(MyBallot {
            id: ballot.id,
            dossier_id: ballot.dossier_id,
            product: head.product,
            producer: head.producer,
            round_name: head.round_name,
            turn: ballot.turn,
            state: dossier.state,
            answered: totals.answered,
            of: totals.of,
            sealed_at: ballot.sealed_at,
        });
    }
    Ok(mine)
}
