//! Substitutes: who sits in whose place, on which dossiers, by which decision; and to whom a dossier is closed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_core::councils::SeatScope;
use ocop_core::id::{CouncilId, DossierId, PersonId, ReplacementId, SeatId};
use ocop_core::people::SeatKind;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A substitute in the place of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Its id.
    pub id: ReplacementId,
    /// The council.
    pub council_id: CouncilId,
    /// The seat that is replaced.
    pub seat_id: SeatId,
    /// The substitute's seat.
    pub substitute_id: SeatId,
    /// For the council, or for single dossiers.
    pub scope: SeatScope,
    /// Why.
    pub reason: String,
    /// Number of the amendment of the decision that set up the council.
    pub decision_no: String,
    /// Its day.
    pub decision_on: NaiveDate,
    /// When it was entered.
    pub replaced_at: Instant,
}

/// The same with names, for lists and minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedReplacement {
    /// The replacement.
    pub entry: Replacement,
    /// What the seat is for.
    pub kind: SeatKind,
    /// Who is replaced.
    pub replaced: String,
    /// The account of who is replaced.
    pub replaced_person: PersonId,
    /// Who sits in that place.
    pub substitute: String,
    /// The dossiers with their products' names.
    pub dossiers: Vec<(DossierId, String)>,
}

/// Keeps a replacement with its dossiers and, of each, the first turn in which the substitute scores.
pub async fn insert_replacement(
    tx: &mut Tx,
    one: &Replacement,
    dossiers: &[(DossierId, u16)],
) -> Result<(), StoreError> {
    tx.execute(
        "insert into replacement
            (id, council_id, seat_id, substitute_id, scope, reason, decision_no, decision_on, replaced_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        crate::args![
            &one.id,
            &one.council_id,
            &one.seat_id,
            &one.substitute_id,
            &one.scope,
            &one.reason,
            &one.decision_no,
            &one.decision_on,
            &one.replaced_at
        ],
    )
    .await?;
    for (dossier, from_turn) in dossiers {
        tx.execute(
            "insert into replacement_dossier (dossier_id, seat_id, substitute_id, replacement_id, from_turn)
             values ($1, $2, $3, $4, $5)",
            crate::args![dossier, &one.seat_id, &one.substitute_id, &one.id, from_turn],
        )
        .await?;
    }
    Ok(())
}

/// Whoever takes over a place of which single dossiers were given away before has no part in them either.
pub async fn inherit(tx: &mut Tx, from: &SeatId, to: &SeatId) -> Result<(), StoreError> {
    tx.execute(
        "insert into replacement_dossier (dossier_id, seat_id, substitute_id, replacement_id, from_turn)
         select dossier_id, $2, substitute_id, replacement_id, 1 from replacement_dossier where seat_id = $1",
        crate::args![from, to],
    )
    .await?;
    Ok(())
}

/// The replacements of a council, oldest first.
pub async fn replacements(tx: &mut Tx, council: &CouncilId) -> Result<Vec<NamedReplacement>, StoreError> {
    let dossiers = tx
        .rows(
            "select distinct replacement_dossier.replacement_id, replacement_dossier.dossier_id, product.name
               from replacement join replacement_dossier on replacement_dossier.replacement_id = replacement.id
               join dossier on dossier.id = replacement_dossier.dossier_id
               join product on product.id = dossier.product_id
              where replacement.council_id = $1 order by replacement_dossier.dossier_id",
            crate::args![council],
        )
        .await?;
    let dossiers: Vec<(ReplacementId, (DossierId, String))> = dossiers
        .iter()
        .map(|row| Ok((row.get("replacement_id")?, (row.get("dossier_id")?, row.get("name")?))))
        .collect::<Result<_, StoreError>>()?;
    let rows = tx
        .rows(
            "select replacement.*, seat.kind, seat.person_id, replaced.name as replaced, stands.name as substitute
               from replacement join seat on seat.id = replacement.seat_id
               join person as replaced on replaced.id = seat.person_id
               join seat as place on place.id = replacement.substitute_id
               join person as stands on stands.id = place.person_id
              where replacement.council_id = $1 order by replacement.id",
            crate::args![council],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let id: ReplacementId = row.get("id")?;
            let of = dossiers.iter().filter(|(replacement, _)| *replacement == id);
            Ok(NamedReplacement {
                dossiers: of.map(|(_, dossier)| dossier.clone()).collect(),
                entry: Replacement {
                    id,
                    council_id: row.get("council_id")?,
                    seat_id: row.get("seat_id")?,
                    substitute_id: row.get("substitute_id")?,
                    scope: row.get("scope")?,
                    reason: row.get("reason")?,
                    decision_no: row.get("decision_no")?,
                    decision_on: row.get("decision_on")?,
                    replaced_at: row.get("replaced_at")?,
                },
                kind: row.get("kind")?,
                replaced: row.get("replaced")?,
                replaced_person: row.get("person_id")?,
                substitute: row.get("substitute")?,
            })
        })
        .collect()
}

/// A seat that is replaced on a dossier, the substitute's seat, and the first turn in which that one scores.
pub type OnDossier = (SeatId, SeatId, u16);

/// Who sits in whose place on a dossier.
pub async fn replaced_on(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<OnDossier>, StoreError> {
    let rows = tx
        .rows(
            "select seat_id, substitute_id, from_turn from replacement_dossier
              where dossier_id = $1 order by seat_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("seat_id")?, row.get("substitute_id")?, row.get("from_turn")?)))
        .collect()
}

/// Seats to which a dossier is closed: by a conflict of interest, by a substitute in their place, or as they stand in
/// on other dossiers only.
pub async fn closed_seats(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<SeatId>, StoreError> {
    let rows = tx
        .rows(
            "select distinct seat_id from closed_seat where dossier_id = $1 order by seat_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter().map(|row| row.get("seat_id")).collect()
}

/// How a dossier is closed to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Another one sits in the person's place, or the person stands in on other dossiers only.
    Unseated,
    /// By a conflict of interest, which closes it from every side.
    Conflict,
}

fn closed(row: &Row) -> Result<Closed, StoreError> {
    Ok(if row.get::<i64>("by_conflict")? == 1 { Closed::Conflict } else { Closed::Unseated })
}

/// How a dossier is closed to somebody, from whatever seat; `None` when it is open.
pub async fn closed_to(
    tx: &mut Tx,
    dossier: &DossierId,
    person: &PersonId,
) -> Result<Option<Closed>, StoreError> {
    let row = tx
        .row_opt(
            "select max(closed_seat.by_conflict) as by_conflict
               from closed_seat join seat on seat.id = closed_seat.seat_id
              where closed_seat.dossier_id = $1 and seat.person_id = $2 group by closed_seat.dossier_id",
            crate::args![dossier, person],
        )
        .await?;
    row.as_ref().map(closed).transpose()
}

/// The dossiers of a council that are closed to somebody, from whatever seat.
pub async fn closed_in(
    tx: &mut Tx,
    council: &CouncilId,
    person: &PersonId,
) -> Result<BTreeMap<DossierId, Closed>, StoreError> {
    let rows = tx
        .rows(
            "select closed_seat.dossier_id, max(closed_seat.by_conflict) as by_conflict
               from closed_seat join seat on seat.id = closed_seat.seat_id
               join dossier on dossier.id = closed_seat.dossier_id
              where dossier.council_id = $1 and seat.person_id = $2 group by closed_seat.dossier_id",
            crate::args![council, person],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("dossier_id")?, closed(row)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ocop_core::councils::ConflictGround;

    use crate::councils::fixtures::{at, id, province, three_seats};
    use crate::councils::{Conflict, add_seat, declare_conflict, every_seat, remove_seat, seats};
    use crate::db::Chain;
    use crate::scoring::tests::blank;
    use crate::scoring::{ballots, ballots_of_seat, insert_ballot};

    #[tokio::test]
    async fn a_substitute_sits_in_a_members_place() {
        crate::testing::each_database(|db| async move {
            let mut tx = db.write(Chain::of("dossier", "1")).await.unwrap();
            province(&mut tx).await;
            three_seats(&mut tx).await;
            let (dossier, council) = (id::<DossierId>(1), id::<CouncilId>(1));
            let member = SeatKind::Member;
            let added = add_seat(&mut tx, &id(4), &council, &id(4), member, "Sở", SeatScope::Dossiers).await;
            assert_eq!(added.unwrap(), Some(id(4)));
            assert_eq!(
                closed_seats(&mut tx, &dossier).await.unwrap(),
                [id(4)],
                "it stands in for nobody yet"
            );
            for (ballot, turn) in [(11, 1), (12, 2)] {
                insert_ballot(&mut tx, &blank(ballot, 2, turn)).await.unwrap();
            }

            let one = Replacement {
                id: id(7),
                council_id: council.clone(),
                seat_id: id(2),
                substitute_id: id(4),
                scope: SeatScope::Dossiers,
                reason: "Ốm".to_owned(),
                decision_no: "9/QĐ-UBND".to_owned(),
                decision_on: "2026-11-20".parse().unwrap(),
                replaced_at: at(9),
            };
            insert_replacement(&mut tx, &one, &[(dossier.clone(), 2)]).await.unwrap();
            assert_eq!(closed_seats(&mut tx, &dossier).await.unwrap(), [id(2)]);
            assert_eq!(closed_to(&mut tx, &dossier, &id(2)).await.unwrap(), Some(Closed::Unseated));
            assert_eq!(closed_to(&mut tx, &dossier, &id(4)).await.unwrap(), None);
            let closed = BTreeMap::from([(dossier.clone(), Closed::Unseated)]);
            assert_eq!(closed_in(&mut tx, &council, &id(2)).await.unwrap(), closed);
            assert_eq!(closed_in(&mut tx, &council, &id(1)).await.unwrap(), BTreeMap::new());
            assert_eq!(replaced_on(&mut tx, &dossier).await.unwrap(), [(id(2), id(4), 2)]);
            let told = replacements(&mut tx, &council).await.unwrap().remove(0);
            assert_eq!((told.entry, told.kind, told.replaced_person), (one, member, id(2)));
            assert_eq!((told.replaced.as_str(), told.substitute.as_str()), ("Người 2", "Người 4"));
            assert_eq!(told.dossiers, [(dossier.clone(), "Mật ong rừng".to_owned())]);

            assert_eq!(
                ballots(&mut tx, &dossier, 1).await.unwrap().len(),
                1,
                "the turn that was tallied stays"
            );
            assert_eq!(ballots(&mut tx, &dossier, 2).await.unwrap(), []);
            assert_eq!(ballots_of_seat(&mut tx, &id(2)).await.unwrap().len(), 1);
            let conflict = Conflict {
                dossier_id: dossier.clone(),
                seat_id: id(2),
                ground: ConflictGround::Declared,
                reason: "Người nhà".to_owned(),
                declared_at: at(9),
            };
            assert!(declare_conflict(&mut tx, &conflict).await.unwrap());
            assert_eq!(closed_to(&mut tx, &dossier, &id(2)).await.unwrap(), Some(Closed::Conflict));

            inherit(&mut tx, &id(2), &id(3)).await.unwrap();
            assert_eq!(closed_to(&mut tx, &dossier, &id(3)).await.unwrap(), Some(Closed::Unseated));
            let told = replacements(&mut tx, &council).await.unwrap();
            assert_eq!((told.len(), told[0].dossiers.len()), (1, 1), "the decision names the dossier once");

            assert!(remove_seat(&mut tx, &council, &id(2), at(10)).await.unwrap());
            assert!(remove_seat(&mut tx, &council, &id(3), at(10)).await.unwrap());
            assert_eq!(closed_seats(&mut tx, &dossier).await.unwrap(), [id(2)], "a conflict stays");
            assert_eq!(seats(&mut tx, &council).await.unwrap().len(), 2);
            assert_eq!(every_seat(&mut tx, &council).await.unwrap().len(), 4, "who was there keeps a name");
        })
        .await;
    }
}
