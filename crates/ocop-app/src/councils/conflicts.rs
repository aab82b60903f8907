//! The office's page of a council's conflicts of interest: those that stand, those to look at, and
//! noting one.

use std::collections::BTreeMap;

use ocop_core::councils::{ConflictGround, Party, closes_by_data, conflicts_found};
use ocop_core::id::{CouncilId, DossierId, SeatId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::councils::{Conflict, Council, Seat, ties};
use ocop_store::db::Chain;
use ocop_store::dossiers::Listed;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::judge;
use super::session::dossiers_of;
use super::{found, subject};
use crate::dossiers::facts;
use crate::{App, AppError, Fields, Refusal};

/// A seat and a dossier that do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictLine {
    /// The dossier.
    pub dossier: DossierId,
    /// The product.
    pub product: String,
    /// The producer.
    pub producer: String,
    /// The seat.
    pub seat: SeatId,
    /// Who holds it.
    pub member: String,
    /// What ties them.
    pub ground: ConflictGround,
    /// The same in words.
    pub reason: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictsView {
    /// The council.
    pub council: Council,
    /// Seats in force.
    pub seats: Vec<Seat>,
    /// Dossiers for which a conflict can still be noted.
    pub open: Vec<Listed>,
    /// Conflicts that stand: the dossier is closed to the seat.
    pub standing: Vec<ConflictLine>,
    /// Only a name is the same: the office looks and notes, or leaves it.
    pub doubtful: Vec<ConflictLine>,
}

/// The conflicts of interest of a council's seats, for the office.
pub async fn conflicts(app: &App, actor: &Actor, id: &CouncilId) -> Result<ConflictsView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::NoteConflict, &subject(&council))?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let mut judges = Vec::new();
    for seat in &seats {
        judges.push((seat, judge(&mut tx, &seat.person_id, &seat.agency).await?));
    }
    let parties: BTreeMap<DossierId, Party> = ties::parties(&mut tx, &council.round_id, id)
        .await?
        .into_iter()
        .map(|one| (one.dossier, one.party))
        .collect();
    let (mut standing, mut doubtful, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for listed in dossiers_of(&mut tx, id).await? {
        let line = |seat: &Seat, ground, reason: &str| ConflictLine {
            dossier: listed.id.clone(),
            product: listed.product.clone(),
            producer: listed.producer.clone(),
            seat: seat.id.clone(),
            member: seat.name.clone(),
            ground,
            reason: reason.to_owned(),
        };
        let known = ocop_store::councils::conflicts(&mut tx, &listed.id).await?;
        for one in &known {
            let seat = seats.iter().find(|seat| seat.id == one.seat_id);
            standing.extend(seat.map(|seat| line(seat, one.ground, &one.reason)));
        }
        if !closes_by_data(listed.state) {
            continue;
        }
        let Some(party) = parties.get(&listed.id) else { continue };
        for (seat, judge) in judges.iter().filter(|(seat, _)| !known.iter().any(|one| one.seat_id == seat.id))
        {
            let first = conflicts_found(judge, party).into_iter().next();
            doubtful.extend(first.map(|one| line(seat, one.ground, &one.reason)));
        }
        open.push(listed);
    }
    Ok(ConflictsView { council, seats, open, standing, doubtful })
}

/// A conflict as the office types it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteConflictInput {
    /// The dossier.
    pub dossier: String,
    /// The seat.
    pub seat: String,
    /// What ties them.
    pub reason: String,
}

/// The office notes a conflict of interest before scoring: from here on the dossier is closed to the seat.
pub async fn note_conflict(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &NoteConflictInput,
) -> Result<(), AppError> {
    let dossier: Option<DossierId> = input.dossier.parse().ok();
    let missing = || {
        let mut fields = Fields::new();
        fields.fault("dossier", "Chọn một hồ sơ chưa chấm của hội đồng.");
        fields.done().err().unwrap_or(AppError::NotFound)
    };
    let Some(dossier) = dossier else { return Err(missing()) };
    let mut tx = app.db.write(Chain::of("dossier", &dossier)).await?;
    let council = found(&mut tx, id).await?;
    let facts = match facts(&mut tx, actor, &dossier).await {
        Ok(facts) if facts.row.council_id.as_ref() == Some(id) => facts,
        Ok(_) | Err(AppError::NotFound) => return Err(missing()),
        Err(error) => return Err(error),
    };
    let permit = policy::may(actor, Action::NoteConflict, &facts.subject)?;
    let mut fields = Fields::new();
    if !closes_by_data(facts.row.state) {
        fields.fault(
            "dossier",
            "Hồ sơ này đã mở chấm. Thành viên tự khai xung đột, hoặc Chủ tịch cho rời phiên.",
        );
    }
    let seats = ocop_store::councils::seats(&mut tx, &council.id).await?;
    let seat = seats.iter().find(|seat| seat.id.as_str() == input.seat);
    if seat.is_none() {
        fields.fault("seat", "Chọn một người trong Hội đồng hoặc Tổ tư vấn.");
    }
    let reason = fields.required("reason", &input.reason, 2_000, "Ghi rõ quan hệ hoặc lợi ích liên quan.");
    fields.done()?;
    let seat = seat.ok_or(AppError::NotFound)?;
    let conflict = Conflict {
        dossier_id: dossier,
        seat_id: seat.id.clone(),
        ground: ConflictGround::Noted,
        reason: reason.clone(),
        declared_at: app.now(),
    };
    if !ocop_store::councils::declare_conflict(&mut tx, &conflict).await? {
        return Err(Refusal::because(format!(
            "Xung đột lợi ích của {} với hồ sơ này đã được ghi nhận, không cần ghi lại.",
            seat.name
        )));
    }
    tx.commit(permit, app.now(), &json!({ "seat": seat.id, "reason": reason })).await?;
    Ok(())
}
