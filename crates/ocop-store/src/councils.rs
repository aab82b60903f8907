//! Councils and their advisory teams: seats, conflicts of interest, findings, requests, reports.

use chrono::NaiveDate;
use ocop_core::councils::{ConflictGround, CouncilSettings, SeatScope};
use ocop_core::id::{CouncilId, DossierId, PersonId, RequestId, RoundId, SeatId};
use ocop_core::people::SeatKind;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

pub mod replacements;
pub mod ties;

/// A council of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Council {
    /// Its id.
    pub id: CouncilId,
    /// Code of the province.
    pub province: String,
    /// The round it judges.
    pub round_id: RoundId,
    /// Its name.
    pub name: String,
    /// Number of the decision that set it up; empty until known.
    pub decision_no: String,
    /// Day of that decision.
    pub decision_on: Option<NaiveDate>,
    /// Its rules of work.
    pub settings: CouncilSettings,
    /// When it was entered.
    pub created_at: Instant,
    /// Grows with every change.
    pub version: i64,
}

fn council(row: &Row) -> Result<Council, StoreError> {
    Ok(Council {
        id: row.get("id")?,
        province: row.get("province")?,
        round_id: row.get("round_id")?,
        name: row.get("name")?,
        decision_no: row.get("decision_no")?,
        decision_on: row.get("decision_on")?,
        settings: row.json("settings")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

/// Enters a council.
pub async fn insert(tx: &mut Tx, council: &Council) -> Result<(), StoreError> {
    tx.execute(
        "insert into council (id, province, round_id, name, decision_no, decision_on, settings, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            (&council.id).into(),
            (&council.province).into(),
            (&council.round_id).into(),
            (&council.name).into(),
            (&council.decision_no).into(),
            (&council.decision_on).into(),
            json(&council.settings),
            (&council.created_at).into(),
            (&council.version).into(),
        ],
    )
    .await?;
    Ok(())
}

/// Changes name, decision and rules of work. `false` when the council has another version than
/// `council.version` by now: nothing was changed.
pub async fn update(tx: &mut Tx, council: &Council) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update council set name = $3, decision_no = $4, decision_on = $5, settings = $6, version = version + 1
              where id = $1 and version = $2",
            vec![
                (&council.id).into(),
                (&council.version).into(),
                (&council.name).into(),
                (&council.decision_no).into(),
                (&council.decision_on).into(),
                json(&council.settings),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// A council by its id.
pub async fn find(tx: &mut Tx, id: &CouncilId) -> Result<Option<Council>, StoreError> {
    let row = tx.row_opt("select * from council where id = $1", crate::args![id]).await?;
    row.as_ref().map(council).transpose()
}

/// The councils of a round, oldest first.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Council>, StoreError> {
    let rows = tx.rows("select * from council where round_id = $1 order by id", crate::args![round]).await?;
    rows.iter().map(council).collect()
}

/// The councils where somebody holds a seat, newest first.
pub async fn of_person(tx: &mut Tx, person: &PersonId) -> Result<Vec<Council>, StoreError> {
    let rows = tx
        .rows(
            "select council.* from council join seat on seat.council_id = council.id
              where seat.person_id = $1 and seat.removed_at is null order by council.id desc",
            crate::args![person],
        )
        .await?;
    rows.iter().map(council).collect()
}

/// A seat with the person who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The council.
    pub council_id: CouncilId,
    /// Who holds it.
    pub person_id: PersonId,
    /// What it is for.
    pub kind: SeatKind,
    /// The agency that the person speaks for.
    pub agency: String,
    /// Every dossier of the council, or those in which it stands in for another seat.
    pub scope: SeatScope,
    /// The person's name.
    pub name: String,
    /// The person's position.
    pub title: String,
    /// The person's e-mail address.
    pub email: String,
}

fn seat(row: &Row) -> Result<Seat, StoreError> {
    Ok(Seat {
        id: row.get("id")?,
        council_id: row.get("council_id")?,
        person_id: row.get("person_id")?,
        kind: row.get("kind")?,
        agency: row.get("agency")?,
        scope: row.get("scope")?,
        name: row.get("name")?,
        title: row.get("title")?,
        email: row.get("email")?,
    })
}

/// The seats in force: chair, secretary, members, advisory team; each kind in the order of entry.
pub async fn seats(tx: &mut Tx, council: &CouncilId) -> Result<Vec<Seat>, StoreError> {
    seats_with(tx, council, false).await
}

/// The seats in force and those taken back, in the same order: who sat in an earlier session keeps a name.
pub async fn every_seat(tx: &mut Tx, council: &CouncilId) -> Result<Vec<Seat>, StoreError> {
    seats_with(tx, council, true).await
}

async fn seats_with(tx: &mut Tx, council: &CouncilId, taken_back: bool) -> Result<Vec<Seat>, StoreError> {
    let rows = tx
        .rows(
            "select seat.*, person.name, person.title, person.email
               from seat join person on person.id = seat.person_id
              where seat.council_id = $1 and (seat.removed_at is null or cast($2 as bigint) = 1) order by seat.id",
            crate::args![council, &i64::from(taken_back)],
        )
        .await?;
    let mut seats: Vec<Seat> = rows.iter().map(seat).collect::<Result<_, _>>()?;
    seats.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    Ok(seats)
}

/// Seats that were taken back, with when, the first first; one that was given again is in force and not here.
pub async fn removed_seats(tx: &mut Tx, council: &CouncilId) -> Result<Vec<(Seat, Instant)>, StoreError> {
    let rows = tx
        .rows(
            "select seat.*, person.name, person.title, person.email
               from seat join person on person.id = seat.person_id
              where seat.council_id = $1 and seat.removed_at is not null order by seat.removed_at, seat.id",
            crate::args![council],
        )
        .await?;
    rows.iter().map(|row| Ok((seat(row)?, row.get("removed_at")?))).collect()
}

/// Gives somebody a seat; one who had a seat of this council before gets that seat again, so that
/// what was written from it keeps its author. `None` when the person has a seat already.
pub async fn add_seat(
    tx: &mut Tx,
    id: &SeatId,
    council: &CouncilId,
    person: &PersonId,
    kind: SeatKind,
    agency: &str,
    scope: SeatScope,
) -> Result<Option<SeatId>, StoreError> {
    let row = tx
        .row_opt(
            "insert into seat (id, council_id, person_id, kind, agency, scope, removed_at)
             values ($1, $2, $3, $4, $5, $6, null)
             on conflict (council_id, person_id) do update
                set kind = excluded.kind, agency = excluded.agency, scope = excluded.scope, removed_at = null
              where seat.removed_at is not null
             returning id",
            crate::args![id, council, person, &kind, agency, &scope],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

/// Takes a seat back. `false` when the council has no such seat in force.
pub async fn remove_seat(
    tx: &mut Tx,
    council: &CouncilId,
    seat: &SeatId,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update seat set removed_at = $3 where council_id = $1 and id = $2 and removed_at is null",
            crate::args![council, seat, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// A conflict of interest, declared or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Whose it is.
    pub seat_id: SeatId,
    /// How it came to be known.
    pub ground: ConflictGround,
    /// Why.
    pub reason: String,
    /// When.
    pub declared_at: Instant,
}

/// Keeps a conflict of interest. `false` when this seat has one with the dossier already.
pub async fn declare_conflict(tx: &mut Tx, conflict: &Conflict) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into conflict (dossier_id, seat_id, ground, reason, declared_at) values ($1, $2, $3, $4, $5)
             on conflict (dossier_id, seat_id) do nothing",
            crate::args![
                &conflict.dossier_id,
                &conflict.seat_id,
                &conflict.ground,
                &conflict.reason,
                &conflict.declared_at
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// The conflicts of interest with a dossier, oldest first.
pub async fn conflicts(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Conflict>, StoreError> {
    let rows = tx
        .rows(
            "select * from conflict where dossier_id = $1 order by declared_at, seat_id",
            crate::args![dossier],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Conflict {
                dossier_id: row.get("dossier_id")?,
                seat_id: row.get("seat_id")?,
                ground: row.get("ground")?,
                reason: row.get("reason")?,
                declared_at: row.get("declared_at")?,
            })
        })
        .collect()
}

/// A finding of the advisory team on one criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Code of the criterion.
    pub criterion: String,
    /// What was found.
    pub finding: String,
    /// Who wrote it last.
    pub written_by: SeatId,
    /// That person's name.
    pub writer: String,
    /// When.
    pub written_at: Instant,
    /// Grows with every change; 0 before the first.
    pub version: i64,
}

/// Writes a finding over the version that was read (0 for the first). `false` when somebody else
/// wrote in between: nothing was changed.
pub async fn put_finding(
    tx: &mut Tx,
    dossier: &DossierId,
    criterion: &str,
    finding: &str,
    written_by: &SeatId,
    at: Instant,
    version: i64,
) -> Result<bool, StoreError> {
    let changed = if version == 0 {
        tx.execute(
            "insert into finding (dossier_id, criterion, finding, written_by, written_at, version)
             values ($1, $2, $3, $4, $5, 1) on conflict (dossier_id, criterion) do nothing",
            crate::args![dossier, criterion, finding, written_by, &at],
        )
        .await?
    } else {
        tx.execute(
            "update finding set finding = $3, written_by = $4, written_at = $5, version = version + 1
              where dossier_id = $1 and criterion = $2 and version = $6",
            crate::args![dossier, criterion, finding, written_by, &at, &version],
        )
        .await?
    };
    Ok(changed == 1)
}

/// The findings on a dossier, by code.
pub async fn findings(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Finding>, StoreError> {
    let rows = tx
        .rows(
            "select finding.*, person.name as writer
               from finding join seat on seat.id = finding.written_by join person on person.id = seat.person_id
              where finding.dossier_id = $1 order by finding.criterion",
            crate::args![dossier],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Finding {
                criterion: row.get("criterion")?,
                finding: row.get("finding")?,
                written_by: row.get("written_by")?,
                writer: row.get("writer")?,
                written_at: row.get("written_at")?,
                version: row.get("version")?,
            })
        })
        .collect()
}

/// A request of the advisory team for more evidence, with the producer's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRequest {
    /// Its id.
    pub id: RequestId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Code of the criterion; empty for the dossier as a whole.
    pub criterion: String,
    /// What is asked for.
    pub request: String,
    /// The last day to answer.
    pub due_on: NaiveDate,
    /// Who asked.
    pub asked_by: SeatId,
    /// When.
    pub asked_at: Instant,
    /// The producer's answer.
    pub answer: Option<String>,
    /// When it came.
    pub answered_at: Option<Instant>,
}

fn request(row: &Row) -> Result<EvidenceRequest, StoreError> {
    Ok(EvidenceRequest {
        id: row.get("id")?,
        dossier_id: row.get("dossier_id")?,
        criterion: row.get("criterion")?,
        request: row.get("request")?,
        due_on: row.get("due_on")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        answer: row.get("answer")?,
        answered_at: row.get("answered_at")?,
    })
}

/// Keeps a request.
pub async fn insert_request(tx: &mut Tx, request: &EvidenceRequest) -> Result<(), StoreError> {
    tx.execute(
        "insert into evidence_request
            (id, dossier_id, criterion, request, due_on, asked_by, asked_at, answer, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        crate::args![
            &request.id,
            &request.dossier_id,
            &request.criterion,
            &request.request,
            &request.due_on,
            &request.asked_by,
            &request.asked_at,
            &request.answer,
            &request.answered_at
        ],
    )
    .await?;
    Ok(())
}

/// The requests on a dossier, oldest first.
pub async fn requests(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<EvidenceRequest>, StoreError> {
    let rows = tx
        .rows("select * from evidence_request where dossier_id = $1 order by id", crate::args![dossier])
        .await?;
    rows.iter().map(request).collect()
}

/// A request of a dossier.
pub async fn find_request(
    tx: &mut Tx,
    dossier: &DossierId,
    id: &RequestId,
) -> Result<Option<EvidenceRequest>, StoreError> {
    let row = tx
        .row_opt(
            "select * from evidence_request where dossier_id = $1 and id = $2",
            crate::args![dossier, id],
        )
        .await?;
    row.as_ref().map(request).transpose()
}

/// Keeps the answer to a request. `false` when it was answered before.
pub async fn answer_request(
    tx: &mut Tx,
    id: &RequestId,
    answer: &str,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update evidence_request set answer = $2, answered_at = $3 where id = $1 and answered_at is null",
            crate::args![id, answer, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// The report of the advisory team to the chair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisoryReport {
    /// The dossier.
    pub dossier_id: DossierId,
    /// What the team found.
    pub summary: String,
    /// What it proposes.
    pub proposal: String,
    /// Who filed it.
    pub filed_by: SeatId,
    /// That person's name.
    pub filer: String,
    /// When.
    pub filed_at: Instant,
}

/// Keeps the report. `false` when one was filed before.
pub async fn insert_report(
    tx: &mut Tx,
    dossier: &DossierId,
    summary: &str,
    proposal: &str,
    filed_by: &SeatId,
    at: Instant,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "insert into advisory_report (dossier_id, summary, proposal, filed_by, filed_at)
             values ($1, $2, $3, $4, $5) on conflict (dossier_id) do nothing",
            crate::args![dossier, summary, proposal, filed_by, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// The report on a dossier.
pub async fn report(tx: &mut Tx, dossier: &DossierId) -> Result<Option<AdvisoryReport>, StoreError> {
    let row = tx
        .row_opt(
            "select advisory_report.*, person.name as filer
               from advisory_report join seat on seat.id = advisory_report.filed_by
               join person on person.id = seat.person_id
              where advisory_report.dossier_id = $1",
            crate::args![dossier],
        )
        .await?;
    row.map(|row| {
        Ok(AdvisoryReport {
            dossier_id: row.get("dossier_id")?,
            summary: row.get("summary")?,
            proposal: row.get("proposal")?,
            filed_by: row.get("filed_by")?,
            filer: row.get("filer")?,
            filed_at: row.get("filed_at")?,
        })
    })
    .transpose()
}

#[cfg(test)]
pub(crate) mod fixtures;

#[cfg(test)]
mod tests {
    use super::fixtures::{at, id, province, three_seats};
    use super::replacements::{Closed, closed_to};
    use super::*;
    use crate::db::Chain;

    #[tokio::test]
    async fn councils_seats_and_advice() {
        crate::testing::each_database(|db| async move {
            let mut tx = db.write(Chain::of("council", "1")).await.unwrap();
            province(&mut tx).await;
            three_seats(&mut tx).await;

            let mut council = find(&mut tx, &id(1)).await.unwrap().unwrap();
            assert_eq!(of_round(&mut tx, &id(1)).await.unwrap(), vec![council.clone()]);
            council.name = "Hội đồng khác".to_owned();
            assert!(update(&mut tx, &council).await.unwrap());
            assert!(!update(&mut tx, &council).await.unwrap(), "a stale version changes nothing");

            let kinds: Vec<SeatKind> =
                seats(&mut tx, &id(1)).await.unwrap().into_iter().map(|seat| seat.kind).collect();
            assert_eq!(kinds, [SeatKind::Chair, SeatKind::Member, SeatKind::Advisor]);
            let twice =
                add_seat(&mut tx, &id(9), &id(1), &id(2), SeatKind::Secretary, "", SeatScope::Council)
                    .await
                    .unwrap();
            assert_eq!(twice, None, "one seat for a person");
            assert!(remove_seat(&mut tx, &id(1), &id(2), at(2)).await.unwrap());
            assert!(!remove_seat(&mut tx, &id(1), &id(2), at(2)).await.unwrap());
            assert_eq!(seats(&mut tx, &id(1)).await.unwrap().len(), 2);
            let gone = removed_seats(&mut tx, &id(1)).await.unwrap();
            assert_eq!(
                gone.iter().map(|(seat, when)| (&seat.id, *when)).collect::<Vec<_>>(),
                [(&id(2), at(2))]
            );
            let again = add_seat(
                &mut tx,
                &id(9),
                &id(1),
                &id(2),
                SeatKind::Secretary,
                "Sở Công Thương",
                SeatScope::Council,
            )
            .await
            .unwrap();
            assert_eq!(again, Some(id(2)), "the seat of before");
            assert_eq!(removed_seats(&mut tx, &id(1)).await.unwrap(), vec![]);
            assert_eq!(seats(&mut tx, &id(1)).await.unwrap()[1].kind, SeatKind::Secretary);
            assert_eq!(of_person(&mut tx, &id(2)).await.unwrap().len(), 1);

            let conflict = Conflict {
                dossier_id: id(1),
                seat_id: id(2),
                ground: ConflictGround::Relative,
                reason: "Người nhà".to_owned(),
                declared_at: at(3),
            };
            assert_eq!(closed_to(&mut tx, &id(1), &id(2)).await.unwrap(), None);
            assert!(declare_conflict(&mut tx, &conflict).await.unwrap());
            assert!(!declare_conflict(&mut tx, &conflict).await.unwrap());
            assert_eq!(closed_to(&mut tx, &id(1), &id(2)).await.unwrap(), Some(Closed::Conflict));
            assert_eq!(closed_to(&mut tx, &id(1), &id(1)).await.unwrap(), None);
            assert_eq!(conflicts(&mut tx, &id(1)).await.unwrap(), vec![conflict]);

            let dossier: DossierId = id(1);
            for (version, written) in [(0, true), (0, false), (1, true), (1, false), (2, true)] {
                let put =
                    put_finding(&mut tx, &dossier, "2.3", "Nhãn đủ", &id(3), at(4), version).await.unwrap();
                assert_eq!(put, written, "over version {version}");
            }
            let found = findings(&mut tx, &dossier).await.unwrap();
            assert_eq!((found[0].version, found[0].writer.as_str()), (3, "Người 3"));

            let asked = EvidenceRequest {
                id: id(7),
                dossier_id: id(1),
                criterion: String::new(),
                request: "Phiếu kiểm nghiệm".to_owned(),
                due_on: "2026-12-01".parse().unwrap(),
                asked_by: id(3),
                asked_at: at(5),
                answer: None,
                answered_at: None,
            };
            insert_request(&mut tx, &asked).await.unwrap();
            assert_eq!(requests(&mut tx, &dossier).await.unwrap(), vec![asked.clone()]);
            assert!(answer_request(&mut tx, &asked.id, "Đã bổ sung", at(6)).await.unwrap());
            assert!(!answer_request(&mut tx, &asked.id, "Lần nữa", at(6)).await.unwrap());
            let answered = find_request(&mut tx, &dossier, &asked.id).await.unwrap().unwrap();
            assert_eq!(answered.answer.as_deref(), Some("Đã bổ sung"));

            assert_eq!(report(&mut tx, &dossier).await.unwrap(), None);
            assert!(insert_report(&mut tx, &dossier, "Đủ", "Đưa ra họp", &id(3), at(7)).await.unwrap());
            assert!(!insert_report(&mut tx, &dossier, "Khác", "", &id(3), at(7)).await.unwrap());
            assert_eq!(report(&mut tx, &dossier).await.unwrap().unwrap().summary, "Đủ");
        })
        .await;
    }
}
