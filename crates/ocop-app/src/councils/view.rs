//! What the pages of a council show.

use std::collections::BTreeMap;

use ocop_core::councils::WorkRule;
use ocop_core::dossiers::State;
use ocop_core::id::{CouncilId, PersonId, SessionId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action, Subject};
use ocop_core::time::Instant;
use ocop_store::councils::replacements::closed_in;
use ocop_store::councils::{Council, Seat, ties};
use ocop_store::dossiers::{Filter, Listed};
use ocop_store::people::Holder;

use super::replace::{ReplacementLine, lines};
use super::session::dossiers_of;
use super::settings::{is_sitting, rules_of, sources_of};
use super::setup::candidates;
use super::{found, seat_in, shut_dossiers, subject};
use crate::scoring::{MyBallot, my_ballots_in};
use crate::{App, AppError};

pub use ocop_store::councils::replacements::Closed;

/// A council with everything that its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilView {
    /// The council.
    pub council: Council,
    /// Name of its round.
    pub round_name: String,
    /// Seats in force.
    pub seats: Vec<Seat>,
    /// Who sits in whose place, oldest first.
    pub replacements: Vec<ReplacementLine>,
    /// The reader's own seat.
    pub my_seat: Option<SeatKind>,
    /// Whether the reader may change council, seats and dossiers.
    pub may_manage: bool,
    /// Its rules of work, each with its source.
    pub rules: Vec<WorkRule>,
    /// Where the usual value of each rule comes from, by its name in the form.
    pub sources: BTreeMap<String, String>,
    /// Whether a session was opened: seats are fixed.
    pub has_sat: bool,
    /// Whether a dossier is being scored: the rules of work are fixed.
    pub is_sitting: bool,
    /// Sessions, oldest first.
    pub sessions: Vec<SessionLine>,
    /// Dossiers given to the council.
    pub dossiers: Vec<CouncilDossier>,
    /// Dossiers of the round that no council has; for those who may assign.
    pub waiting: Vec<Listed>,
    /// People who may be given a seat; for those who may manage.
    pub candidates: Vec<Holder>,
}

impl CouncilView {
    /// Whether a session can be opened now.
    pub fn has_ready(&self) -> bool {
        self.dossiers.iter().any(|one| one.listed.state == State::Advised)
    }

    /// How often a seat is closed to a dossier by a conflict of interest.
    pub fn conflicts(&self) -> usize {
        self.dossiers.iter().map(|one| one.conflicts).sum()
    }
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// When it was opened.
    pub opened_at: Instant,
    /// Names of those who came.
    pub present: Vec<String>,
    /// Seats at that time.
    pub of: usize,
}

/// A dossier of the council.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilDossier {
    /// The dossier.
    pub listed: Listed,
    /// How it is closed to the reader's seat, if so.
    pub closed: Option<Closed>,
    /// Whether the reader must learn nothing of it.
    pub is_shut: bool,
    /// The reader's own ballot of the last turn.
    pub ballot: Option<MyBallot>,
    /// How many of the council and its advisory team have a conflict of interest with it.
    pub conflicts: usize,
}

/// A council, for its members and the provincial office.
pub async fn council(app: &App, actor: &Actor, id: &CouncilId) -> Result<CouncilView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let subject = subject(&council);
    let _ = policy::may(actor, Action::ReadFindings, &subject)?;
    let may_manage = policy::may(actor, Action::ManageCouncil, &subject).is_ok();
    let round = ocop_store::rounds::find(&mut tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let everybody = ocop_store::councils::every_seat(&mut tx, id).await?;
    let sessions: Vec<SessionLine> = ocop_store::scoring::sessions(&mut tx, id)
        .await?
        .into_iter()
        .map(|session| SessionLine {
            present: everybody
                .iter()
                .filter(|seat| session.attendance.iter().any(|one| one.present && one.seat == seat.id))
                .map(|seat| seat.name.clone())
                .collect(),
            of: session.attendance.len(),
            id: session.id,
            opened_at: session.opened_at,
        })
        .collect();
    let my_seat = seat_in(actor, Some(id));
    let mut ballots = match &my_seat {
        Some((seat, _)) => my_ballots_in(app, &mut tx, seat).await?,
        None => Vec::new(),
    };
    let counts = ties::conflict_counts(&mut tx, &council.round_id, Some(id)).await?;
    let closed = closed_in(&mut tx, id, &actor.person).await?;
    let shut = shut_dossiers(&mut tx, actor, &council).await?;
    let mut dossiers = Vec::new();
    for listed in dossiers_of(&mut tx, id).await? {
        // Newest first: the first one found is that of the last turn.
        let at = ballots.iter().position(|ballot| ballot.dossier_id == listed.id);
        let conflicts = counts.get(&listed.id).copied().unwrap_or(0);
        dossiers.push(CouncilDossier {
            closed: closed.get(&listed.id).copied(),
            is_shut: shut.contains(&listed.id),
            ballot: at.map(|at| ballots.remove(at)),
            conflicts,
            listed,
        });
    }
    let (waiting, candidates) = if may_manage {
        let filter = Filter {
            province: Some(council.province.clone()),
            round: Some(council.round_id.clone()),
            state: Some(State::Accepted),
            ..Filter::default()
        };
        let seated: Vec<&PersonId> = seats.iter().map(|seat| &seat.person_id).collect();
        let candidates = candidates(&mut tx, &council.province, &seated).await?;
        (ocop_store::dossiers::list(&mut tx, &filter, 1_000).await?, candidates)
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(CouncilView {
        replacements: lines(&mut tx, id).await?,
        round_name: round.name,
        my_seat: my_seat.map(|(_, kind)| kind),
        may_manage,
        rules: rules_of(app, &round.regime, &council.settings)?,
        sources: sources_of(app, &round.regime)?,
        has_sat: !sessions.is_empty(),
        is_sitting: is_sitting(&mut tx, id).await?,
        sessions,
        dossiers,
        waiting,
        candidates,
        seats,
        council,
    })
}

/// A council in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilLine {
    /// The council.
    pub council: Council,
    /// Name of its round.
    pub round_name: String,
    /// The reader's own seat.
    pub my_seat: Option<SeatKind>,
    /// How many dossiers it has.
    pub dossiers: usize,
    /// How often a seat is closed to one of them by a conflict of interest.
    pub conflicts: usize,
}

/// The councils that somebody sits in, and those of the provinces where they are an officer;
/// newest first.
pub async fn councils(app: &App, actor: &Actor) -> Result<Vec<CouncilLine>, AppError> {
    let mut tx = app.db.read().await?;
    let mut found = ocop_store::councils::of_person(&mut tx, &actor.person).await?;
    for role in &actor.roles {
        let of_province = Subject { province: Some(role.unit.clone()), ..Subject::default() };
        if policy::may(actor, Action::ManageCouncil, &of_province).is_err() {
            continue;
        }
        for round in ocop_store::rounds::of_province(&mut tx, &role.unit).await? {
            found.extend(ocop_store::councils::of_round(&mut tx, &round.id).await?);
        }
    }
    found.sort_by(|a, b| b.id.cmp(&a.id));
    found.dedup_by(|a, b| a.id == b.id);
    let mut lines = Vec::new();
    for council in found {
        let round = ocop_store::rounds::find(&mut tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
        lines.push(CouncilLine {
            round_name: round.name,
            my_seat: seat_in(actor, Some(&council.id)).map(|(_, kind)| kind),
            dossiers: dossiers_of(&mut tx, &council.id).await?.len(),
            conflicts: ties::conflict_counts(&mut tx, &council.round_id, Some(&council.id))
                .await?
                .values()
                .sum(),
            council,
        });
    }
    Ok(lines)
}
