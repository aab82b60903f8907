//! What happens to sealed ballots: opened again by the chair, revised after discussion. Nothing of it replaces a
//! record: who, when, why and the old value stay.

use ocop_core::id::{BallotId, DossierId, SeatId};
use ocop_core::scoring::{Choice, Scored, Sheet, Tally};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// A ballot that the chair opened again while members score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// The ballot.
    pub ballot_id: BallotId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The turn.
    pub turn: u16,
    /// Whose ballot it is.
    pub seat_id: SeatId,
    /// That member's name.
    pub member: String,
    /// Why.
    pub reason: String,
    /// When the ballot had been sealed; none when it was open all the same.
    pub sealed_at: Option<Instant>,
    /// When it was opened again.
    pub reopened_at: Instant,
}

/// Opens a ballot again and keeps why; a second click in the same instant changes nothing.
pub async fn reopen_ballot(
    tx: &mut Tx,
    ballot: &BallotId,
    reason: &str,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into reopening (ballot_id, dossier_id, turn, seat_id, reason, sealed_at, reopened_at)
         select id, dossier_id, turn, seat_id, $2, sealed_at, $3 from ballot where id = $1
             on conflict (ballot_id, reopened_at) do nothing",
        crate::args![ballot, reason, &at],
    )
    .await?;
    tx.execute(
        "update ballot set scored = null, sealed_at = null, version = version + 1
          where id = $1 and sealed_at is not null",
        crate::args![ballot],
    )
    .await?;
    Ok(())
}

/// The ballots of a dossier that were opened again, oldest first.
pub async fn reopenings(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Reopening>, StoreError> {
    let rows = tx
        .rows(
            "select reopening.*, person.name as member
               from reopening join seat on seat.id = reopening.seat_id join person on person.id = seat.person_id
              where reopening.dossier_id = $1 order by reopening.turn, reopening.reopened_at, reopening.seat_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Reopening {
                ballot_id: row.get("ballot_id")?,
                dossier_id: row.get("dossier_id")?,
                turn: row.get("turn")?,
                seat_id: row.get("seat_id")?,
                member: row.get("member")?,
                reason: row.get("reason")?,
                sealed_at: row.get("sealed_at")?,
                reopened_at: row.get("reopened_at")?,
            })
        })
        .collect()
}

/// One criterion of a sealed ballot that its member revised after discussion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The ballot: one revision each.
    pub ballot_id: BallotId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The turn.
    pub turn: u16,
    /// Whose ballot it is.
    pub seat_id: SeatId,
    /// That member's name.
    pub member: String,
    /// Code of the criterion.
    pub criterion: String,
    /// What was sealed; none when the criterion had no answer.
    pub before: Option<Choice>,
    /// What counts since.
    pub after: Choice,
    /// Why.
    pub reason: String,
    /// When.
    pub revised_at: Instant,
}

fn revision(row: &Row) -> Result<Revision, StoreError> {
    Ok(Revision {
        ballot_id: row.get("ballot_id")?,
        dossier_id: row.get("dossier_id")?,
        turn: row.get("turn")?,
        seat_id: row.get("seat_id")?,
        member: row.get("member")?,
        criterion: row.get("criterion")?,
        before: row.json("kept")?,
        after: row.json("given")?,
        reason: row.get("reason")?,
        revised_at: row.get("revised_at")?,
    })
}

/// Revises a sealed ballot over the version that was read and keeps the old value. `false` when it was revised or
/// opened again in between: nothing was changed.
pub async fn revise_ballot(
    tx: &mut Tx,
    revision: &Revision,
    version: i64,
    sheet: &Sheet,
    scored: &Scored,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update ballot set sheet = $3, scored = $4, version = version + 1
              where id = $1 and version = $2 and sealed_at is not null",
            vec![(&revision.ballot_id).into(), (&version).into(), json(sheet), json(scored)],
        )
        .await?;
    if changed != 1 {
        return Ok(false);
    }
    let kept = tx
        .execute(
            "insert into revision
                (ballot_id, dossier_id, turn, seat_id, criterion, kept, given, reason, revised_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (ballot_id) do nothing",
            vec![
                (&revision.ballot_id).into(),
                (&revision.dossier_id).into(),
                (&revision.turn).into(),
                (&revision.seat_id).into(),
                (&revision.criterion).into(),
                json(&revision.before),
                json(&revision.after),
                (&revision.reason).into(),
                (&revision.revised_at).into(),
            ],
        )
        .await?;
    Ok(kept == 1)
}

/// The revisions of a dossier's ballots, oldest first.
pub async fn revisions(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Revision>, StoreError> {
    let rows = tx
        .rows(
            "select revision.*, person.name as member
               from revision join seat on seat.id = revision.seat_id join person on person.id = seat.person_id
              where revision.dossier_id = $1 order by revision.turn, revision.revised_at, revision.ballot_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter().map(revision).collect()
}

/// Puts the tally of the newest values in the place of a turn's tally.
pub async fn retally(tx: &mut Tx, dossier: &DossierId, no: u16, tally: &Tally) -> Result<(), StoreError> {
    tx.execute(
        "update turn set tally = $3 where dossier_id = $1 and no = $2 and tallied_at is not null",
        vec![dossier.into(), (&no).into(), json(tally)],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::councils::fixtures::{at, id, province, rules, three_seats};
    use crate::db::Chain;
    use crate::scoring::tests::{blank, tallied, worth};
    use crate::scoring::{
        Session, find_ballot, insert_ballot, insert_session, insert_turn, put_tally, seal_ballot, turns,
    };

    #[tokio::test]
    async fn sealed_ballots_are_opened_again_and_revised_with_their_history() {
        crate::testing::each_database(|db| async move {
            let mut tx = db.write(Chain::of("dossier", "1")).await.unwrap();
            province(&mut tx).await;
            three_seats(&mut tx).await;
            let dossier: DossierId = id(1);
            let sat = Session {
                id: id(5),
                council_id: id(1),
                opened_at: at(8),
                opened_by: id(1),
                attendance: Vec::new(),
                opinions_by: None,
                settings: rules(),
            };
            insert_session(&mut tx, &sat).await.unwrap();
            insert_turn(&mut tx, &dossier, 1, &id(5), at(8), "").await.unwrap();
            insert_ballot(&mut tx, &blank(11, 2, 1)).await.unwrap();

            reopen_ballot(&mut tx, &id(11), "Chưa niêm", at(8)).await.unwrap();
            assert!(seal_ballot(&mut tx, &id(11), 1, &worth(69), at(9)).await.unwrap());
            reopen_ballot(&mut tx, &id(11), "Bấm nhầm", at(10)).await.unwrap();
            reopen_ballot(&mut tx, &id(11), "Bấm nhầm", at(10)).await.unwrap();
            let open = find_ballot(&mut tx, &id(11)).await.unwrap().unwrap();
            assert_eq!((open.sealed_at, open.scored, open.version), (None, None, 3));
            let told: Vec<(String, Option<Instant>)> = reopenings(&mut tx, &dossier)
                .await
                .unwrap()
                .into_iter()
                .map(|one| (one.reason, one.sealed_at))
                .collect();
            assert_eq!(told, [("Chưa niêm".to_owned(), None), ("Bấm nhầm".to_owned(), Some(at(9)))]);

            let one = Revision {
                ballot_id: id(11),
                dossier_id: id(1),
                turn: 1,
                seat_id: id(2),
                member: reopenings(&mut tx, &dossier).await.unwrap()[0].member.clone(),
                criterion: "1.1".to_owned(),
                before: None,
                after: Choice::level(2),
                reason: "Đã xem nhãn".to_owned(),
                revised_at: at(12),
            };
            let mut sheet = Sheet::default();
            sheet.choices.insert("1.1".to_owned(), Choice::level(2));
            assert!(!revise_ballot(&mut tx, &one, 3, &sheet, &worth(70)).await.unwrap(), "not sealed");
            assert!(seal_ballot(&mut tx, &id(11), 3, &worth(69), at(11)).await.unwrap());
            assert!(!revise_ballot(&mut tx, &one, 3, &sheet, &worth(70)).await.unwrap(), "stale");
            assert!(revise_ballot(&mut tx, &one, 4, &sheet, &worth(70)).await.unwrap());
            let kept = find_ballot(&mut tx, &id(11)).await.unwrap().unwrap();
            assert_eq!((kept.sheet, kept.scored, kept.version), (sheet, Some(worth(70)), 5));
            assert_eq!(kept.sealed_at, Some(at(11)));
            assert_eq!(revisions(&mut tx, &dossier).await.unwrap(), vec![one]);

            retally(&mut tx, &dossier, 1, &tallied()).await.unwrap();
            assert_eq!(turns(&mut tx, &dossier).await.unwrap()[0].tally, None, "there was no tally");
            put_tally(&mut tx, &dossier, 1, &tallied(), at(12)).await.unwrap();
            let newest = Tally { spread: 9, ..tallied() };
            retally(&mut tx, &dossier, 1, &newest).await.unwrap();
            assert_eq!(turns(&mut tx, &dossier).await.unwrap()[0].tally, Some(newest));
        })
        .await;
    }
}
