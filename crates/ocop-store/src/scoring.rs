//! Sessions of councils, scoring turns and ballots. Confirmed results stand in `recognition`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_core::councils::CouncilSettings;
use ocop_core::id::{BallotId, CouncilId, DossierId, SeatId, SessionId};
use ocop_core::people::SeatKind;
use ocop_core::rules::Hearing;
use ocop_core::scoring::{Choice, Scored, Sheet, Tally};
use ocop_core::time::Instant;
use serde::{Deserialize, Serialize};

use crate::db::{Row, StoreError, Tx};
use crate::value::{Json, json};

pub mod changes;

/// A sitting of a council.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The council.
    pub council_id: CouncilId,
    /// When it was opened.
    pub opened_at: Instant,
    /// The chair's seat.
    pub opened_by: SeatId,
    /// Every seat, and whether it was taken; of written opinions, whether its holder was asked.
    pub attendance: Vec<Attendance>,
    /// The last day of written opinions; none when the council met.
    pub opinions_by: Option<NaiveDate>,
    /// The council's rules of work on that day: the session follows them whatever they become.
    pub settings: CouncilSettings,
}

impl Session {
    /// How the council came together.
    pub fn hearing(&self) -> Hearing {
        if self.opinions_by.is_some() { Hearing::Written } else { Hearing::Meeting }
    }
}

/// Whether a seat was taken at a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The seat.
    pub seat: SeatId,
    /// Whether its holder came.
    pub present: bool,
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.get("id")?,
        council_id: row.get("council_id")?,
        opened_at: row.get("opened_at")?,
        opened_by: row.get("opened_by")?,
        attendance: row.json("attendance")?,
        opinions_by: row.get("opinions_by")?,
        settings: row.json("settings")?,
    })
}

/// Keeps a session.
pub async fn insert_session(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    tx.execute(
        "insert into council_session (id, council_id, opened_at, opened_by, attendance, opinions_by, settings)
         values ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            (&session.id).into(),
            (&session.council_id).into(),
            (&session.opened_at).into(),
            (&session.opened_by).into(),
            json(&session.attendance),
            (&session.opinions_by).into(),
            json(&session.settings),
        ],
    )
    .await?;
    Ok(())
}

/// The sessions of a council, oldest first.
pub async fn sessions(tx: &mut Tx, council: &CouncilId) -> Result<Vec<Session>, StoreError> {
    let rows = tx
        .rows("select * from council_session where council_id = $1 order by id", crate::args![council])
        .await?;
    rows.iter().map(session).collect()
}

/// A session by its id.
pub async fn find_session(tx: &mut Tx, id: &SessionId) -> Result<Option<Session>, StoreError> {
    let row = tx.row_opt("select * from council_session where id = $1", crate::args![id]).await?;
    row.as_ref().map(session).transpose()
}

/// Notes that these seats take part in a session that was opened before; those that are there already stay as they
/// are.
pub async fn attend(tx: &mut Tx, session: &Session, seats: &[SeatId]) -> Result<(), StoreError> {
    let mut attendance = session.attendance.clone();
    attendance.retain(|one| one.present || !seats.contains(&one.seat));
    let come: Vec<&SeatId> =
        seats.iter().filter(|seat| !attendance.iter().any(|one| one.seat == **seat)).collect();
    attendance.extend(come.into_iter().map(|seat| Attendance { seat: seat.clone(), present: true }));
    tx.execute(
        "update council_session set attendance = $2 where id = $1",
        vec![(&session.id).into(), json(&attendance)],
    )
    .await?;
    Ok(())
}

/// A scoring turn of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Counted from 1.
    pub no: u16,
    /// The session it belongs to.
    pub session_id: SessionId,
    /// When it was opened.
    pub opened_at: Instant,
    /// Why there is another turn; empty for the first.
    pub reason: String,
    /// The tally of the sealed ballots, once all are sealed.
    pub tally: Option<Tally>,
    /// When it was tallied.
    pub tallied_at: Option<Instant>,
    /// Why the chair kept a result that called for discussion.
    pub kept_reason: Option<String>,
    /// The levels that the council agreed on after discussion, by criterion.
    pub agreed: BTreeMap<String, Choice>,
}

fn turn(row: &Row) -> Result<Turn, StoreError> {
    Ok(Turn {
        dossier_id: row.get("dossier_id")?,
        no: row.get("no")?,
        session_id: row.get("session_id")?,
        opened_at: row.get("opened_at")?,
        reason: row.get("reason")?,
        tally: row.get::<Option<Json<Tally>>>("tally")?.map(|json| json.0),
        tallied_at: row.get("tallied_at")?,
        kept_reason: row.get("kept_reason")?,
        agreed: row.json("agreed")?,
    })
}

/// Opens a turn.
pub async fn insert_turn(
    tx: &mut Tx,
    dossier: &DossierId,
    no: u16,
    session: &SessionId,
    at: Instant,
    reason: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into turn (dossier_id, no, session_id, opened_at, reason) values ($1, $2, $3, $4, $5)",
        crate::args![dossier, &no, session, &at, reason],
    )
    .await?;
    Ok(())
}

/// The turns of a dossier, first first.
pub async fn turns(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Turn>, StoreError> {
    let rows = tx.rows("select * from turn where dossier_id = $1 order by no", crate::args![dossier]).await?;
    rows.iter().map(turn).collect()
}

/// The turn that a dossier is in or was in last.
pub async fn last_turn(tx: &mut Tx, dossier: &DossierId) -> Result<Option<Turn>, StoreError> {
    Ok(turns(tx, dossier).await?.pop())
}

/// Keeps the tally of a turn, once. `false` when there is one.
pub async fn put_tally(
    tx: &mut Tx,
    dossier: &DossierId,
    no: u16,
    tally: &Tally,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update turn set tally = $3, tallied_at = $4 where dossier_id = $1 and no = $2 and tallied_at is null",
            vec![dossier.into(), (&no).into(), json(tally), (&at).into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Keeps the reason for which the chair lets a turn's result stand, with the levels that the council
/// agreed on and the tally that follows from them.
pub async fn keep_turn(
    tx: &mut Tx,
    dossier: &DossierId,
    no: u16,
    reason: &str,
    agreed: &BTreeMap<String, Choice>,
    tally: &Tally,
) -> Result<(), StoreError> {
    tx.execute(
        "update turn set kept_reason = $3, agreed = $4, tally = $5 where dossier_id = $1 and no = $2",
        vec![dossier.into(), (&no).into(), reason.into(), json(agreed), json(tally)],
    )
    .await?;
    Ok(())
}

/// A member's score sheet for one dossier and turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Its id.
    pub id: BallotId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The turn, counted from 1.
    pub turn: u16,
    /// Whose it is.
    pub seat_id: SeatId,
    /// The choices.
    pub sheet: Sheet,
    /// The member's opinion in words.
    pub opinion: String,
    /// What the sealed sheet is worth.
    pub scored: Option<Scored>,
    /// When it was saved last.
    pub saved_at: Instant,
    /// When it was sealed.
    pub sealed_at: Option<Instant>,
    /// Grows with every save.
    pub version: i64,
}

impl Ballot {
    /// An empty ballot of a turn for a seat.
    pub fn blank(id: BallotId, dossier: &DossierId, turn: u16, seat: &SeatId, at: Instant) -> Self {
        Self {
            id,
            dossier_id: dossier.clone(),
            turn,
            seat_id: seat.clone(),
            sheet: Sheet::default(),
            opinion: String::new(),
            scored: None,
            saved_at: at,
            sealed_at: None,
            version: 1,
        }
    }
}

fn ballot(row: &Row) -> Result<Ballot, StoreError> {
    Ok(Ballot {
        id: row.get("id")?,
        dossier_id: row.get("dossier_id")?,
        turn: row.get("turn")?,
        seat_id: row.get("seat_id")?,
        sheet: row.json("sheet")?,
        opinion: row.get("opinion")?,
        scored: row.get::<Option<Json<Scored>>>("scored")?.map(|json| json.0),
        saved_at: row.get("saved_at")?,
        sealed_at: row.get("sealed_at")?,
        version: row.get("version")?,
    })
}

/// Hands out a ballot.
pub async fn insert_ballot(tx: &mut Tx, ballot: &Ballot) -> Result<(), StoreError> {
    tx.execute(
        "insert into ballot (id, dossier_id, turn, seat_id, sheet, opinion, scored, saved_at, sealed_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            (&ballot.id).into(),
            (&ballot.dossier_id).into(),
            (&ballot.turn).into(),
            (&ballot.seat_id).into(),
            json(&ballot.sheet),
            (&ballot.opinion).into(),
            ballot.scored.as_ref().map_or(crate::Arg::Text(None), json),
            (&ballot.saved_at).into(),
            (&ballot.sealed_at).into(),
            (&ballot.version).into(),
        ],
    )
    .await?;
    Ok(())
}

/// A ballot by its id.
pub async fn find_ballot(tx: &mut Tx, id: &BallotId) -> Result<Option<Ballot>, StoreError> {
    let row = tx.row_opt("select * from ballot where id = $1", crate::args![id]).await?;
    row.as_ref().map(ballot).transpose()
}

/// A ballot that counts, with the seat it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatBallot {
    /// The ballot.
    pub ballot: Ballot,
    /// What the seat is for.
    pub kind: SeatKind,
    /// The agency.
    pub agency: String,
    /// The member's name.
    pub name: String,
}

/// The ballots of a turn, in the order of the council: chair, secretary, members. Those of seats
/// that declared a conflict of interest or were replaced by then, and unsealed ones of members who were excused, do
/// not count and are left out.
pub async fn ballots(tx: &mut Tx, dossier: &DossierId, turn: u16) -> Result<Vec<SeatBallot>, StoreError> {
    let rows = tx
        .rows(
            "select ballot.*, seat.kind, seat.agency, person.name
               from ballot join seat on seat.id = ballot.seat_id join person on person.id = seat.person_id
              where ballot.dossier_id = $1 and ballot.turn = $2
                and not exists (select 1 from conflict
                                 where conflict.dossier_id = ballot.dossier_id and conflict.seat_id = ballot.seat_id)
                and not exists (select 1 from replacement_dossier as gone
                                 where gone.dossier_id = ballot.dossier_id and gone.seat_id = ballot.seat_id
                                   and gone.from_turn <= ballot.turn)
                and (ballot.sealed_at is not null or not exists (select 1 from excuse
                                 where excuse.dossier_id = ballot.dossier_id and excuse.turn = ballot.turn
                                   and excuse.seat_id = ballot.seat_id))",
            crate::args![dossier, &turn],
        )
        .await?;
    let mut ballots: Vec<SeatBallot> = rows
        .iter()
        .map(|row| {
            Ok(SeatBallot {
                ballot: ballot(row)?,
                kind: row.get("kind")?,
                agency: row.get("agency")?,
                name: row.get("name")?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    ballots.sort_by(|a, b| (a.kind, &a.ballot.seat_id).cmp(&(b.kind, &b.ballot.seat_id)));
    Ok(ballots)
}

/// The ballots of a seat in a council, newest first, without those that do not count
/// ([`ballots`]).
pub async fn ballots_of_seat(tx: &mut Tx, seat: &SeatId) -> Result<Vec<Ballot>, StoreError> {
    let rows = tx
        .rows(
            "select * from ballot
              where seat_id = $1
                and not exists (select 1 from conflict
                                 where conflict.dossier_id = ballot.dossier_id and conflict.seat_id = ballot.seat_id)
                and not exists (select 1 from replacement_dossier as gone
                                 where gone.dossier_id = ballot.dossier_id and gone.seat_id = ballot.seat_id
                                   and gone.from_turn <= ballot.turn)
                and (sealed_at is not null or not exists (select 1 from excuse
                                 where excuse.dossier_id = ballot.dossier_id and excuse.turn = ballot.turn
                                   and excuse.seat_id = ballot.seat_id))
              order by id desc",
            crate::args![seat],
        )
        .await?;
    rows.iter().map(ballot).collect()
}

/// Saves the choices and the opinion over the version that was read. `false` when the ballot was
/// saved or sealed in between: nothing was changed.
pub async fn save_ballot(
    tx: &mut Tx,
    id: &BallotId,
    version: i64,
    sheet: &Sheet,
    opinion: &str,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update ballot set sheet = $3, opinion = $4, saved_at = $5, version = version + 1
              where id = $1 and version = $2 and sealed_at is null",
            vec![id.into(), (&version).into(), json(sheet), opinion.into(), (&at).into()],
        )
        .await?;
    Ok(changed == 1)
}

/// Seals a ballot once. `false` when it was saved or sealed in between: nothing was changed.
pub async fn seal_ballot(
    tx: &mut Tx,
    id: &BallotId,
    version: i64,
    scored: &Scored,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update ballot set scored = $3, sealed_at = $4, version = version + 1
              where id = $1 and version = $2 and sealed_at is null",
            vec![id.into(), (&version).into(), json(scored), (&at).into()],
        )
        .await?;
    Ok(changed == 1)
}

/// A member whom the chair let leave while the council scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excuse {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The turn that was being scored.
    pub turn: u16,
    /// Whose seat.
    pub seat_id: SeatId,
    /// Why.
    pub reason: String,
    /// When.
    pub excused_at: Instant,
}

/// Keeps an excuse once. `false` when the member was excused from this turn before.
pub async fn excuse(tx: &mut Tx, excuse: &Excuse) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into excuse (dossier_id, turn, seat_id, reason, excused_at) values ($1, $2, $3, $4, $5)
             on conflict (dossier_id, turn, seat_id) do nothing",
            crate::args![
                &excuse.dossier_id,
                &excuse.turn,
                &excuse.seat_id,
                &excuse.reason,
                &excuse.excused_at
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The excuses on a dossier, first turn first.
pub async fn excuses(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Excuse>, StoreError> {
    let rows = tx
        .rows(
            "select * from excuse where dossier_id = $1 order by turn, excused_at, seat_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Excuse {
                dossier_id: row.get("dossier_id")?,
                turn: row.get("turn")?,
                seat_id: row.get("seat_id")?,
                reason: row.get("reason")?,
                excused_at: row.get("excused_at")?,
            })
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::councils::fixtures::{at, id, province, rules, three_seats};
    use crate::councils::{Conflict, declare_conflict};
    use crate::db::Chain;
    use crate::journal::note_in_dossier;
    use ocop_core::councils::ConflictGround;
    use ocop_core::scoring::{Fraction, PartPoints};

    pub(crate) fn blank(number: u32, seat: u32, turn: u16) -> Ballot {
        Ballot {
            id: id(number),
            dossier_id: id(1),
            turn,
            seat_id: id(seat),
            sheet: Sheet::default(),
            opinion: String::new(),
            scored: None,
            saved_at: at(8),
            sealed_at: None,
            version: 1,
        }
    }

    pub(crate) fn worth(total: u16) -> Scored {
        Scored {
            parts: PartPoints { a: total, b: 0, c: 0 },
            total,
            stars_by_points: 3,
            stars: 3,
            floors: vec![],
            missed_for_next_star: vec![],
            unanswered: vec![],
            ignored: vec![],
            disqualified: None,
            explanation: vec!["Đạt 3 sao.".to_owned()],
        }
    }

    pub(crate) fn tallied() -> Tally {
        let half = Fraction { num: 139, den: 2 };
        Tally {
            member_totals: vec![69, 70],
            mean: half,
            parts_mean: [half; 3],
            stars_by_points: 2,
            floors: vec![],
            stars: 2,
            missed_for_next_star: vec![],
            spread: 1,
            set_aside: vec![],
            disqualified: None,
            explanation: vec![],
        }
    }

    /// A dossier that was changed before has a chain.
    async fn db_chain(tx: &mut Tx, dossier: &DossierId) {
        tx.execute(
            "insert into journal_head (chain, seq, hash) values ($1, 0, '')",
            crate::args![&format!("dossier:{dossier}")],
        )
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn turns_and_ballots() {
        crate::testing::each_database(|db| async move {
            let mut tx = db.write(Chain::of("dossier", "1")).await.unwrap();
            province(&mut tx).await;
            three_seats(&mut tx).await;
            let (dossier, council): (DossierId, CouncilId) = (id(1), id(1));
            let permit = ocop_core::policy::system(ocop_core::policy::Action::OpenSession);
            let details = serde_json::json!({ "turn": 1 });
            let noted = note_in_dossier(&mut tx, &id(99), &permit, at(8), &details).await.unwrap();
            assert!(!noted, "no such dossier");
            db_chain(&mut tx, &dossier).await;
            for seq in 1..=2 {
                assert!(note_in_dossier(&mut tx, &dossier, &permit, at(8), &details).await.unwrap());
                let links = crate::journal::links_of(&mut tx, &format!("dossier:{dossier}")).await.unwrap();
                assert_eq!(links.last().map(|link| link.seq), Some(seq));
                assert!(links.iter().all(|link| link.hash == link.expected_hash()));
            }

            let sat = Session {
                id: id(5),
                council_id: council.clone(),
                opened_at: at(8),
                opened_by: id(1),
                attendance: vec![
                    Attendance { seat: id(1), present: true },
                    Attendance { seat: id(2), present: false },
                ],
                opinions_by: None,
                settings: rules(),
            };
            insert_session(&mut tx, &sat).await.unwrap();
            assert_eq!(sessions(&mut tx, &council).await.unwrap(), vec![sat.clone()]);
            assert_eq!(find_session(&mut tx, &sat.id).await.unwrap(), Some(sat));
            insert_turn(&mut tx, &dossier, 1, &id(5), at(8), "").await.unwrap();
            // The member's ballot comes first, the chair stands first all the same.
            insert_ballot(&mut tx, &blank(11, 2, 1)).await.unwrap();
            insert_ballot(&mut tx, &blank(12, 1, 1)).await.unwrap();
            let order: Vec<SeatKind> =
                ballots(&mut tx, &dossier, 1).await.unwrap().into_iter().map(|one| one.kind).collect();
            assert_eq!(order, [SeatKind::Chair, SeatKind::Member]);

            let mut sheet = Sheet::default();
            sheet.choices.insert("1.1".to_owned(), Choice::level(2));
            assert!(save_ballot(&mut tx, &id(11), 1, &sheet, "Tốt", at(9)).await.unwrap());
            assert!(!save_ballot(&mut tx, &id(11), 1, &Sheet::default(), "", at(9)).await.unwrap(), "stale");
            assert!(!seal_ballot(&mut tx, &id(11), 1, &worth(69), at(10)).await.unwrap(), "stale");
            assert!(seal_ballot(&mut tx, &id(11), 2, &worth(69), at(10)).await.unwrap());
            assert!(!seal_ballot(&mut tx, &id(11), 3, &worth(70), at(11)).await.unwrap(), "sealed once");
            assert!(
                !save_ballot(&mut tx, &id(11), 3, &Sheet::default(), "", at(11)).await.unwrap(),
                "sealed"
            );
            let sealed = find_ballot(&mut tx, &id(11)).await.unwrap().unwrap();
            assert_eq!(
                (&sealed.sheet, sealed.sealed_at, sealed.scored),
                (&sheet, Some(at(10)), Some(worth(69)))
            );

            let leaves = |seat: u32| Excuse {
                dossier_id: id(1),
                turn: 1,
                seat_id: id(seat),
                reason: "Họp gấp".to_owned(),
                excused_at: at(10),
            };
            assert!(excuse(&mut tx, &leaves(2)).await.unwrap());
            assert!(!excuse(&mut tx, &leaves(2)).await.unwrap(), "excused once");
            assert_eq!(ballots(&mut tx, &dossier, 1).await.unwrap().len(), 2, "a sealed ballot counts");
            assert_eq!(ballots_of_seat(&mut tx, &id(2)).await.unwrap().len(), 1);
            assert!(excuse(&mut tx, &leaves(1)).await.unwrap());
            assert_eq!(ballots(&mut tx, &dossier, 1).await.unwrap().len(), 1, "an unsealed one does not");
            assert!(ballots_of_seat(&mut tx, &id(1)).await.unwrap().is_empty());
            assert_eq!(excuses(&mut tx, &dossier).await.unwrap().len(), 2);
            tx.execute("delete from excuse", vec![]).await.unwrap();

            let conflict = Conflict {
                dossier_id: id(1),
                seat_id: id(2),
                ground: ConflictGround::Declared,
                reason: "Người nhà".to_owned(),
                declared_at: at(11),
            };
            declare_conflict(&mut tx, &conflict).await.unwrap();
            assert_eq!(ballots(&mut tx, &dossier, 1).await.unwrap().len(), 1, "a conflict does not count");
            assert!(ballots_of_seat(&mut tx, &id(2)).await.unwrap().is_empty());
            assert_eq!(ballots_of_seat(&mut tx, &id(1)).await.unwrap().len(), 1);

            assert!(put_tally(&mut tx, &dossier, 1, &tallied(), at(12)).await.unwrap());
            assert!(!put_tally(&mut tx, &dossier, 1, &tallied(), at(13)).await.unwrap(), "tallied once");
            let agreed = BTreeMap::from([("2.3".to_owned(), Choice::level(2))]);
            keep_turn(&mut tx, &dossier, 1, "Đã thống nhất", &agreed, &tallied()).await.unwrap();
            insert_turn(&mut tx, &dossier, 2, &id(5), at(13), "Chênh lệch").await.unwrap();
            let kept = turns(&mut tx, &dossier).await.unwrap();
            assert_eq!((kept.len(), kept[0].tally.clone()), (2, Some(tallied())));
            assert_eq!((&kept[0].agreed, kept[1].agreed.len()), (&agreed, 0));
            assert_eq!(last_turn(&mut tx, &dossier).await.unwrap().map(|turn| turn.no), Some(2));
        })
        .await;
    }
}
