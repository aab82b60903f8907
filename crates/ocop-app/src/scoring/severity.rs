//! How strictly the members of a council score beside each other, session by session.

use std::collections::BTreeMap;

use ocop_core::id::{CouncilId, DossierId, SeatId, SessionId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action};
use ocop_core::scoring::{Fraction, severity as measured};
use ocop_core::time::Instant;
use ocop_store::Tx;
use ocop_store::councils::Council;
use ocop_store::dossiers::Filter;

use crate::councils::{found, shut_dossiers, subject};
use crate::{App, AppError};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeverityView {
    /// The council.
    pub council: Council,
    /// Its sessions with opened dossiers, newest first.
    pub sessions: Vec<SessionSeverity>,
}

/// The members over one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSeverity {
    /// When it was opened.
    pub opened_at: Instant,
    /// Dossiers that count.
    pub dossiers: usize,
    /// Decimals that the session shows.
    pub decimals: u8,
    /// Members, the strictest first.
    pub members: Vec<MemberSeverity>,
}

/// A member beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSeverity {
    /// Name.
    pub name: String,
    /// Seat.
    pub kind: SeatKind,
    /// Agency.
    pub agency: String,
    /// Dossiers that the member and at least one other scored.
    pub dossiers: usize,
    /// Mean of the member's totals less the others' mean.
    pub deviation: Fraction,
}

/// A member's total on one dossier.
type Totals = Vec<(SeatId, u16)>;

/// The members beside each other, for whoever may see opened tallies. Of every dossier the last finished
/// turn counts; dossiers being scored, and those that are closed to the reader, do not.
pub async fn severity(app: &App, actor: &Actor, id: &CouncilId) -> Result<SeverityView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::ReadTally, &subject(&council))?;
    let seats = ocop_store::councils::every_seat(&mut tx, id).await?;
    let filter = Filter { council: Some(id.clone()), ..Filter::default() };
    let shut = shut_dossiers(&mut tx, actor, &council).await?;
    let mut totals: BTreeMap<SessionId, Vec<Totals>> = BTreeMap::new();
    for listed in ocop_store::dossiers::list(&mut tx, &filter, 1_000).await? {
        if shut.contains(&listed.id) || !listed.state.is_opened() {
            continue;
        }
        if let Some((session, ballots)) = last_totals(&mut tx, &listed.id).await? {
            totals.entry(session).or_default().push(ballots);
        }
    }
    let mut sessions = Vec::new();
    for held in ocop_store::scoring::sessions(&mut tx, id).await?.into_iter().rev() {
        let Some(dossiers) = totals.get(&held.id) else { continue };
        let by_seat = measured(dossiers);
        let mut members: Vec<MemberSeverity> = seats
            .iter()
            .filter_map(|seat| {
                let found = by_seat.get(&seat.id)?;
                Some(MemberSeverity {
                    name: seat.name.clone(),
                    kind: seat.kind,
                    agency: seat.agency.clone(),
                    dossiers: found.dossiers,
                    deviation: found.deviation,
                })
            })
            .collect();
        members.sort_by_key(|member| member.deviation);
        sessions.push(SessionSeverity {
            opened_at: held.opened_at,
            dossiers: dossiers.len(),
            decimals: held.settings.decimals,
            members,
        });
    }
    Ok(SeverityView { council, sessions })
}

/// The session and the members' totals of the last finished turn.
async fn last_totals(tx: &mut Tx, dossier: &DossierId) -> Result<Option<(SessionId, Totals)>, AppError> {
    let turns = ocop_store::scoring::turns(tx, dossier).await?;
    let Some(turn) = turns.into_iter().rev().find(|turn| turn.tally.is_some()) else { return Ok(None) };
    let ballots = ocop_store::scoring::ballots(tx, dossier, turn.no).await?;
    let total = |one: ocop_store::scoring::SeatBallot| {
        let scored = one.ballot.scored.filter(|scored| scored.disqualified.is_none())?;
        Some((one.ballot.seat_id, scored.total))
    };
    Ok(Some((turn.session_id, ballots.into_iter().filter_map(total).collect())))
}
