//! What is known of each dossier of a pack: its turns, its ballots, who took no part, what else is open.

use std::cmp::Reverse;

use chrono::{Days, NaiveDate};
use ocop_core::councils::Apart;
use ocop_core::dossiers::DossierKind;
use ocop_core::id::{ProductId, SeatId};
use ocop_core::scoring::{Fraction, Tally};
use ocop_store::Tx;
use ocop_store::complaints::Complaint;
use ocop_store::councils::Seat;
use ocop_store::councils::replacements::{NamedReplacement, replacements};
use ocop_store::recognition::{Certificate, ConfirmedResult};
use ocop_store::scoring::{Session, Turn};

use super::super::filed::Filed;
use super::super::minutes::{excused_names, recused_names};
use super::Pack;
use crate::{App, AppError};

/// The highest star and mean first, then by name.
type Rank = (Reverse<(Option<u8>, Option<Fraction>)>, String);

/// A finished turn that called for discussion.
pub(super) struct SplitTurn {
    /// Counted from 1.
    pub(super) no: u16,
    /// Highest total less the lowest.
    pub(super) spread: u16,
    /// Most that the council's rules of work allow.
    pub(super) limit: u16,
    /// What lay apart.
    pub(super) apart: Apart,
}

/// A dossier of the pack.
pub(super) struct Case {
    pub(super) filed: Filed,
    pub(super) result: ConfirmedResult,
    pub(super) turns: Vec<Turn>,
    /// Of the turn that counts.
    pub(super) tally: Option<Tally>,
    /// Decimals of a mean, by the rules of work of its session.
    pub(super) decimals: u8,
    pub(super) split: Vec<SplitTurn>,
    /// Sealed ballots of all turns.
    pub(super) sheets: usize,
    pub(super) recused: Vec<String>,
    pub(super) excused: Vec<String>,
    /// Sealed ballots that the chair opened again.
    pub(super) reopened: usize,
    /// Criteria that members revised after discussion.
    pub(super) revised: usize,
    /// The certificate that was in force when the result was confirmed.
    pub(super) held: Option<Certificate>,
    /// The last day of the decision on a re-evaluation (26/2026/QĐ-TTg, Article 7.6g).
    pub(super) renewal_by: Option<NaiveDate>,
    /// How often it was sent back to be completed.
    pub(super) returns: usize,
    /// Complaints about its result or its product that are not over.
    pub(super) complaints: Vec<Complaint>,
    /// Whether the advisory team, or the office for a re-evaluation, has reported.
    pub(super) reported: bool,
}

impl Case {
    /// Stars held before.
    pub(super) fn stars_before(&self) -> Option<u8> {
        self.held.as_ref().map(|held| held.stars)
    }

    /// The place in the list, as in the decision.
    fn rank(&self) -> Rank {
        let mean = self.result.mean.and_then(|(num, den)| Fraction::new(num, den));
        (Reverse((self.result.stars, mean)), self.filed.told.product.name.clone())
    }
}

/// Who sat in the council, and when.
pub(super) struct Room {
    /// Seats in force.
    pub(super) seats: Vec<Seat>,
    /// Seats that were taken back, with the day.
    removed: Vec<(Seat, NaiveDate)>,
    /// Who sits in whose place, oldest first.
    pub(super) replacements: Vec<NamedReplacement>,
    /// Its sessions, oldest first.
    pub(super) sessions: Vec<Session>,
}

impl Room {
    pub(super) async fn of(tx: &mut Tx, pack: &Pack) -> Result<Self, AppError> {
        let id = &pack.council.id;
        let removed = ocop_store::councils::removed_seats(tx, id).await?;
        Ok(Self {
            seats: ocop_store::councils::seats(tx, id).await?,
            removed: removed.into_iter().map(|(seat, at)| (seat, at.day())).collect(),
            replacements: replacements(tx, id).await?,
            sessions: ocop_store::scoring::sessions(tx, id).await?,
        })
    }

    /// Who left without a substitute, with the day.
    pub(super) fn left(&self) -> impl Iterator<Item = &(Seat, NaiveDate)> {
        let was_replaced = |seat: &Seat| self.replacements.iter().any(|one| one.entry.seat_id == seat.id);
        self.removed.iter().filter(move |(seat, _)| !was_replaced(seat))
    }

    /// Everybody who has held a seat.
    pub(super) fn all(&self) -> Vec<Seat> {
        self.seats.iter().chain(self.removed.iter().map(|(seat, _)| seat)).cloned().collect()
    }

    fn session(&self, turn: &Turn) -> Option<&Session> {
        self.sessions.iter().find(|held| held.id == turn.session_id)
    }
}

/// The dossiers of a pack in the order of the decision's list.
pub(super) async fn cases(app: &App, tx: &mut Tx, pack: &Pack, room: &Room) -> Result<Vec<Case>, AppError> {
    // The province's open complaints are few: those of the pack are picked out of them.
    let (open, _) = ocop_store::complaints::of_province(tx, &pack.council.province, 0).await?;
    let open: Vec<Complaint> = open.into_iter().map(|(complaint, _)| complaint).collect();
    let mut cases = Vec::new();
    for result in &pack.results {
        cases.push(case(app, tx, room, &open, result).await?);
    }
    cases.sort_by_cached_key(Case::rank);
    Ok(cases)
}

async fn case(
    app: &App,
    tx: &mut Tx,
    room: &Room,
    open: &[Complaint],
    result: &ConfirmedResult,
) -> Result<Case, AppError> {
    let id = &result.dossier_id;
    let row = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let filed = Filed::submitted(app, tx, row).await?;
    let turns = ocop_store::scoring::turns(tx, id).await?;
    let mut sheets = 0;
    for turn in &turns {
        let ballots = ocop_store::scoring::ballots(tx, id, turn.no).await?;
        sheets += ballots.iter().filter(|one| one.ballot.sealed_at.is_some()).count();
    }
    let all = room.all();
    let conflicts = ocop_store::councils::conflicts(tx, id).await?;
    let recused: Vec<SeatId> = conflicts.into_iter().map(|conflict| conflict.seat_id).collect();
    let excuses = ocop_store::scoring::excuses(tx, id).await?;
    let reopened = ocop_store::scoring::changes::reopenings(tx, id).await?;
    let counting = turns.iter().find(|turn| i64::from(turn.no) == result.turn);
    let checked = ocop_store::dossiers::renewal_check(tx, id).await?.is_some();
    Ok(Case {
        tally: counting.and_then(|turn| turn.tally.clone()),
        decimals: counting.and_then(|turn| room.session(turn)).map_or(2, |held| held.settings.decimals),
        split: turns.iter().filter_map(|turn| split(room, turn)).collect(),
        sheets,
        recused: recused_names(&all, &recused),
        excused: excused_names(&all, &excuses),
        reopened: reopened.iter().filter(|one| one.sealed_at.is_some()).count(),
        revised: ocop_store::scoring::changes::revisions(tx, id).await?.len(),
        held: held(tx, &filed.row.product_id, result).await?,
        renewal_by: renewal_by(app, &filed)?,
        returns: ocop_store::dossiers::returns(tx, id).await?.len(),
        complaints: open.iter().filter(|one| one.product_id == filed.row.product_id).cloned().collect(),
        reported: checked || ocop_store::councils::report(tx, id).await?.is_some(),
        result: result.clone(),
        filed,
        turns,
    })
}

fn split(room: &Room, turn: &Turn) -> Option<SplitTurn> {
    let (tally, held) = (turn.tally.as_ref()?, room.session(turn)?);
    let apart = held.settings.apart(tally, held.hearing())?;
    Some(SplitTurn { no: turn.no, spread: tally.spread, limit: held.settings.spread_limit, apart })
}

/// The certificate in force on the day of the confirmation; never the one that follows from the result itself.
async fn held(
    tx: &mut Tx,
    product: &ProductId,
    result: &ConfirmedResult,
) -> Result<Option<Certificate>, AppError> {
    let day = result.confirmed_at.day();
    let kept = ocop_store::recognition::certificates_of_product(tx, product).await?;
    Ok(kept.into_iter().find(|one| {
        one.dossier_id.as_ref() != Some(&result.dossier_id)
            && one.issued_on <= day
            && day <= one.last_on
            && one.revoked_on.is_none_or(|revoked| day < revoked)
    }))
}

fn renewal_by(app: &App, filed: &Filed) -> Result<Option<NaiveDate>, AppError> {
    let days = match filed.row.kind {
        DossierKind::First | DossierKind::Upgrade => None,
        DossierKind::Renewal => app.process(&filed.row.regime)?.renewal.decide_within_days,
    };
    let received = filed.row.province_received_on.zip(days);
    Ok(received.and_then(|(received, days)| received.checked_add_days(Days::new(days.into()))))
}
