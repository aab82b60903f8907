//! The page of a dossier's scoring: how far it is, and the tally once it is opened.

use ocop_core::councils::{CouncilSettings, Phase, Reader, visibility};
use ocop_core::dossiers::State;
use ocop_core::id::{BallotId, DossierId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action, Denied};
use ocop_core::rules::{Criterion, Level, PartCode, ProductSet};
use ocop_core::scoring::{Fraction, Tally};
use ocop_core::time::{Instant, date};
use ocop_store::Tx;
use ocop_store::councils::Seat;
use ocop_store::councils::replacements::closed_seats;
use ocop_store::scoring::{SeatBallot, Turn};

use super::criterion::own_choice;
use super::discussion::written;
use super::result::part_means;
use super::revise::{RevisionLine, is_discussed, revision_lines};
use super::{DossierHead, PartMean, head, seen, session_of};
use crate::councils::found;
use crate::dossiers::{DossierFacts, facts};
use crate::{App, AppError};

/// How many ballots of the turn are sealed: a number, no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Sealed.
    pub sealed: usize,
    /// Given out, without those closed by a conflict of interest.
    pub of: usize,
}

/// What the page of a dossier's scoring shows to its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoringView {
    /// The dossier.
    pub head: DossierHead,
    /// The rules of work of the session, or of the council before the first one.
    pub settings: CouncilSettings,
    /// How far the dossier is in the council's room.
    pub phase: Phase,
    /// The turn that the dossier is in or was in last; 0 before the first.
    pub turn: u16,
    /// For the secretary while members score.
    pub progress: Option<Progress>,
    /// The reader's own ballot of this turn.
    pub my_ballot: Option<(BallotId, Option<Instant>)>,
    /// Tallied turns, newest first; empty until they may be seen.
    pub opened: Vec<OpenedTurn>,
    /// Whether the reader may let a member leave.
    pub may_excuse: bool,
    /// Whether the reader may open another turn or keep the result.
    pub may_lead: bool,
    /// The last day of written opinions, `20/11/2026`; empty when the council met.
    pub opinions_by: String,
    /// Whom the reader ticks as present at the meeting that follows written opinions.
    pub seats: Vec<Seat>,
    /// Whether the reader may open a member's ballot again.
    pub may_reopen: bool,
    /// Whether the reader may confirm the result.
    pub may_confirm: bool,
}

/// A tallied turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedTurn {
    /// Counted from 1.
    pub no: u16,
    /// Why it was opened.
    pub reason: String,
    /// Why its result was kept although it called for discussion.
    pub kept_reason: Option<String>,
    /// What members revised after discussion, oldest first.
    pub revised: Vec<RevisionLine>,
    /// Criteria whose level the council has still to agree on.
    pub to_agree: Vec<ToAgree>,
    /// The rules of work that it was scored by.
    pub settings: CouncilSettings,
    /// The tally.
    pub tally: Tally,
    /// Median of the totals; none when no ballot has points.
    pub median: Option<Fraction>,
    /// Means by part.
    pub parts: Vec<PartMean>,
    /// Members in the order of the council.
    pub members: Vec<MemberLine>,
    /// Criteria, those on which the members differ most first.
    pub heat: Vec<HeatRow>,
}

/// A criterion whose floor splits the ballots, with every level that the council can agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAgree {
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// `1:2`, case and level, with its words.
    pub levels: Vec<(String, String)>,
}

/// A member's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Name.
    pub name: String,
    /// Seat.
    pub kind: SeatKind,
    /// Agency.
    pub agency: String,
    /// Points of parts A, B, C.
    pub parts: [u16; 3],
    /// Total; none when the ballot finds the dossier out.
    pub total: Option<u16>,
    /// Ground and reason, when it does.
    pub disqualified: Option<String>,
    /// Opinion in words.
    pub opinion: String,
}

/// A criterion over the members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatRow {
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// Most points.
    pub max: u16,
    /// One cell for each member.
    pub cells: Vec<HeatCell>,
    /// Highest less lowest.
    pub apart: u16,
}

/// A member's points for a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatCell {
    /// Points.
    pub points: u16,
    /// Which fifth of the points: 0 to 4.
    pub fifth: u16,
    /// The member's remark.
    pub note: Option<String>,
}

/// How many ballots are sealed, for the secretary; `None` for everybody else and before the first
/// turn.
pub async fn progress(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Option<Progress>, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    counted(&mut tx, actor, &facts).await
}

async fn counted(tx: &mut Tx, actor: &Actor, facts: &DossierFacts) -> Result<Option<Progress>, AppError> {
    let sees_count = seen(actor, facts).is_some_and(|(_, _, visible)| visible.sealed_count);
    if !sees_count || policy::may(actor, Action::WatchProgress, &facts.subject).is_err() {
        return Ok(None);
    }
    let Some(turn) = ocop_store::scoring::last_turn(tx, &facts.row.id).await? else { return Ok(None) };
    let ballots = ocop_store::scoring::ballots(tx, &facts.row.id, turn.no).await?;
    let sealed = ballots.iter().filter(|one| one.ballot.sealed_at.is_some()).count();
    Ok(Some(Progress { sealed, of: ballots.len() }))
}

/// The page of a dossier's scoring, for the council, its advisory team and the provincial office.
pub async fn scoring(app: &App, actor: &Actor, dossier: &DossierId) -> Result<ScoringView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ReadTally, &facts.subject)?;
    let council = found(&mut tx, facts.row.council_id.as_ref().ok_or(AppError::NotFound)?).await?;
    let turns = ocop_store::scoring::turns(&mut tx, dossier).await?;
    let turn = turns.last().map_or(0, |turn| turn.no);
    let settings = match turns.last() {
        Some(last) => session_of(&mut tx, last).await?.settings,
        None => council.settings,
    };
    let revised = ocop_store::scoring::changes::revisions(&mut tx, dossier).await?;
    let discussed = turns.last().is_some_and(|turn| is_discussed(turn, &revised));
    let own = own_ballot_of(&mut tx, actor, &facts, turn).await?;
    let opened =
        if sees_tally(actor, &facts)? { opened(app, &mut tx, &facts, turns).await? } else { Vec::new() };
    let may = |action| policy::may(actor, action, &facts.subject).is_ok();
    let may_lead = facts.row.state == State::Discussion && may(Action::LeadDiscussion);
    let written = written(&mut tx, &facts.row).await?;
    let seats = if may_lead && written.is_some() {
        let closed = closed_seats(&mut tx, dossier).await?;
        let mut seats = ocop_store::councils::seats(&mut tx, &council.id).await?;
        seats.retain(|seat| !closed.contains(&seat.id));
        seats
    } else {
        Vec::new()
    };
    Ok(ScoringView {
        opinions_by: written.and_then(|held| held.opinions_by).map(date).unwrap_or_default(),
        seats,
        head: head(&mut tx, &facts.row).await?,
        settings,
        phase: Phase::of(facts.row.state, discussed),
        turn,
        progress: if facts.row.state == State::Scoring {
            counted(&mut tx, actor, &facts).await?
        } else {
            None
        },
        my_ballot: own,
        opened,
        may_excuse: facts.row.state == State::Scoring && may(Action::ExcuseMember),
        may_reopen: facts.row.state == State::Scoring && may(Action::ReopenBallot),
        may_lead,
        may_confirm: facts.row.state == State::Tallied && may(Action::ConfirmResult),
    })
}

/// Whether the reader may see members' totals now. An officer who also sits in the council and
/// declared a conflict of interest sees nothing (when in doubt, show less).
pub(super) fn sees_tally(actor: &Actor, facts: &DossierFacts) -> Result<bool, AppError> {
    if facts.subject.conflicted {
        return Err(Denied::Conflict.into());
    }
    if policy::may(actor, Action::ReadTally, &facts.subject).is_err() {
        return Ok(false);
    }
    let as_office = visibility(Reader::Office, Phase::of(facts.row.state, false), false);
    Ok(seen(actor, facts).map_or(as_office, |(_, _, visible)| visible).opened)
}

async fn own_ballot_of(
    tx: &mut Tx,
    actor: &Actor,
    facts: &DossierFacts,
    turn: u16,
) -> Result<Option<(BallotId, Option<Instant>)>, AppError> {
    let Some((seat, _, visible)) = seen(actor, facts) else { return Ok(None) };
    if !visible.own_ballot {
        return Ok(None);
    }
    let ballots = ocop_store::scoring::ballots(tx, &facts.row.id, turn).await?;
    let own = ballots.into_iter().find(|one| one.ballot.seat_id == seat);
    Ok(own.map(|one| (one.ballot.id, one.ballot.sealed_at)))
}

async fn opened(
    app: &App,
    tx: &mut Tx,
    facts: &DossierFacts,
    turns: Vec<Turn>,
) -> Result<Vec<OpenedTurn>, AppError> {
    let set = app.shown(tx, &facts.row.province, &facts.row.ruleset).await?;
    let lines = revision_lines(tx, &set, &facts.row.id).await?;
    let mut opened = Vec::new();
    for turn in turns.into_iter().rev() {
        let ballots = ocop_store::scoring::ballots(tx, &facts.row.id, turn.no).await?;
        let settings = session_of(tx, &turn).await?.settings;
        let Some(tally) = turn.tally else { continue };
        opened.push(OpenedTurn {
            no: turn.no,
            reason: turn.reason,
            settings,
            revised: lines.iter().filter(|line| line.turn == turn.no).cloned().collect(),
            to_agree: to_agree(&set, &tally),
            kept_reason: turn.kept_reason,
            median: Fraction::median(&tally.member_totals),
            parts: part_means(&set, &tally),
            tally,
            members: ballots.iter().map(member).collect(),
            heat: heat(&set, &ballots),
        });
    }
    Ok(opened)
}

fn to_agree(set: &ProductSet, tally: &Tally) -> Vec<ToAgree> {
    let codes = tally.floors_to_agree();
    let criteria = codes.iter().filter_map(|code| set.criterion(code));
    criteria
        .map(|criterion| ToAgree {
            code: criterion.code.clone(),
            name: criterion.name.clone(),
            levels: levels(criterion),
        })
        .collect()
}

fn levels(criterion: &Criterion) -> Vec<(String, String)> {
    let cases = (1_u8..).zip(&criterion.alternatives).flat_map(|(case, alternative)| {
        let level = move |(no, level): (u8, &Level)| {
            (format!("{case}:{no}"), format!("Mức {no} ({} điểm): {}", level.points, level.text))
        };
        alternative.numbered().map(level)
    });
    std::iter::once(("1:0".to_owned(), "Không đạt mức nào".to_owned())).chain(cases).collect()
}

/// A member's sealed ballot in one line.
pub(super) fn member(one: &SeatBallot) -> MemberLine {
    let scored = one.ballot.scored.as_ref();
    let part = |code| scored.map_or(0, |scored| scored.parts.of(code));
    let ground = scored.and_then(|scored| scored.disqualified.as_ref());
    MemberLine {
        name: one.name.clone(),
        kind: one.kind,
        agency: one.agency.clone(),
        parts: [part(PartCode::A), part(PartCode::B), part(PartCode::C)],
        total: scored.filter(|_| ground.is_none()).map(|scored| scored.total),
        disqualified: ground.map(|ground| format!("{} Lý do: {}", ground.ground, ground.reason)),
        opinion: one.ballot.opinion.clone(),
    }
}

fn heat(set: &ProductSet, ballots: &[SeatBallot]) -> Vec<HeatRow> {
    let mut rows: Vec<HeatRow> = set
        .criteria()
        .map(|criterion| {
            let cells: Vec<HeatCell> = ballots
                .iter()
                .map(|one| {
                    let ignored = one
                        .ballot
                        .scored
                        .as_ref()
                        .is_some_and(|scored| scored.ignored.contains(&criterion.code));
                    let choice = one.ballot.sheet.choices.get(&criterion.code).filter(|_| !ignored);
                    let choice = choice.map(|choice| own_choice(criterion, choice));
                    let points = choice.as_ref().map_or(0, |choice| choice.points);
                    let fifth = (points * 4 + criterion.max / 2) / criterion.max.max(1);
                    HeatCell { points, fifth: fifth.min(4), note: choice.and_then(|choice| choice.note) }
                })
                .collect();
            let highest = cells.iter().map(|cell| cell.points).max().unwrap_or(0);
            let lowest = cells.iter().map(|cell| cell.points).min().unwrap_or(0);
            HeatRow {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                max: criterion.max,
                apart: highest - lowest,
                cells,
            }
        })
        .collect();
    // Stable: equals stay in the order of the sheet.
    rows.sort_by_key(|row| std::cmp::Reverse(row.apart));
    rows
}
