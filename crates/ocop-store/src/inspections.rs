//! Visits after recognition.

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, InspectionId, PersonId, ProducerId};
use ocop_core::inspections::{InspectionKind, InspectionState, Record};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::{Arg, Json, json};

/// A visit, from its plan to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Id.
    pub id: InspectionId,
    /// The certificate whose product is visited.
    pub certificate_id: CertificateId,
    /// Code of the province.
    pub province: String,
    /// Why it is made.
    pub kind: InspectionKind,
    /// Where it stands.
    pub state: InspectionState,
    /// The visit whose measures it looks at again.
    pub follows: Option<InspectionId>,
    /// The day that it is planned for.
    pub planned_on: NaiveDate,
    /// The team, one a line, its head first.
    pub team: String,
    /// Why, for the office; empty for a visit by plan.
    pub reason: String,
    /// Who planned it.
    pub planned_by: PersonId,
    /// When.
    pub planned_at: Instant,
    /// What was found.
    pub record: Option<Record>,
    /// What the producer answers; empty before.
    pub answer: String,
    /// When it answered last.
    pub answered_at: Option<Instant>,
    /// When it ended, or was given up.
    pub closed_on: Option<NaiveDate>,
    /// How it ended, or why it was given up; empty before.
    pub outcome: String,
    /// Counts changes.
    pub version: i64,
}

fn inspection(row: &Row) -> Result<Inspection, StoreError> {
    Ok(Inspection {
        id: row.get("id")?,
        certificate_id: row.get("certificate_id")?,
        province: row.get("province")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        follows: row.get("follows")?,
        planned_on: row.get("planned_on")?,
        team: row.get("team")?,
        reason: row.get("reason")?,
        planned_by: row.get("planned_by")?,
        planned_at: row.get("planned_at")?,
        record: row.get::<Option<Json<Record>>>("record")?.map(|kept| kept.0),
        answer: row.get("answer")?,
        answered_at: row.get("answered_at")?,
        closed_on: row.get("closed_on")?,
        outcome: row.get("outcome")?,
        version: row.get("version")?,
    })
}

/// Plans a visit.
pub async fn insert(tx: &mut Tx, one: &Inspection) -> Result<(), StoreError> {
    tx.execute(
        "insert into inspection (id, certificate_id, province, kind, state, follows, planned_on, team,
            reason, planned_by, planned_at, answer, outcome, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12)",
        crate::args![
            &one.id,
            &one.certificate_id,
            &one.province,
            &one.kind,
            &one.state,
            &one.follows,
            &one.planned_on,
            &one.team,
            &one.reason,
            &one.planned_by,
            &one.planned_at,
            &one.version
        ],
    )
    .await?;
    Ok(())
}

/// Keeps what a visit has become, when nobody has changed it since `one.version`; `false` otherwise.
pub async fn change(tx: &mut Tx, one: &Inspection) -> Result<bool, StoreError> {
    let mut args = crate::args![&one.id, &one.version, &one.state];
    args.push(one.record.as_ref().map_or(Arg::Text(None), json));
    args.extend(crate::args![&one.answer, &one.answered_at, &one.closed_on, &one.outcome]);
    let changed = tx
        .execute(
            "update inspection set state = $3, record = $4, answer = $5, answered_at = $6, closed_on = $7, outcome = $8,
                version = version + 1
              where id = $1 and version = $2",
            args,
        )
        .await?;
    Ok(changed == 1)
}

/// A visit by its id.
pub async fn find(tx: &mut Tx, id: &InspectionId) -> Result<Option<Inspection>, StoreError> {
    let row = tx.row_opt("select * from inspection where id = $1", crate::args![id]).await?;
    row.as_ref().map(inspection).transpose()
}

/// The visits of a certificate, newest first.
pub async fn of_certificate(tx: &mut Tx, id: &CertificateId) -> Result<Vec<Inspection>, StoreError> {
    let rows = tx
        .rows("select * from inspection where certificate_id = $1 order by id desc", crate::args![id])
        .await?;
    rows.iter().map(inspection).collect()
}

/// A visit with the names certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The visit.
    pub inspection: Inspection,
    /// The product.
    pub product: String,
    /// The producer.
    pub producer: String,
}

fn listed(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed { inspection: inspection(row)?, product: row.get("product")?, producer: row.get("producer")? })
}

/// The visits that a province has planned from `first` to `last`, by day.
pub async fn planned_between(
    tx: &mut Tx,
    province: &str,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Listed>, StoreError> {
    let rows = tx
        .rows(
            "select inspection.*, certificate.product as product, certificate.producer as producer
               from inspection join certificate on certificate.id = inspection.certificate_id
              where inspection.province = $1 and planned_on >= $2 and planned_on <= $3
              order by planned_on, inspection.id",
            crate::args![province, &first, &last],
        )
        .await?;
    rows.iter().map(listed).collect()
}

/// The visits of a province that are not over, by day.
pub async fn open_in(tx: &mut Tx, province: &str) -> Result<Vec<Listed>, StoreError> {
    let rows = tx
        .rows(
            "select inspection.*, certificate.product as product, certificate.producer as producer
               from inspection join certificate on certificate.id = inspection.certificate_id
              where inspection.province = $1 and inspection.state in ('planned', 'recorded')
              order by planned_on, inspection.id",
            crate::args![province],
        )
        .await?;
    rows.iter().map(listed).collect()
}

/// The visits to a producer that were made and are not over, by day.
pub async fn open_of_producer(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Listed>, StoreError> {
    let rows = tx
        .rows(
            "select inspection.*, certificate.product as product, certificate.producer as producer
               from inspection join certificate on certificate.id = inspection.certificate_id
                join product on product.id = certificate.product_id
              where product.producer_id = $1 and inspection.state = 'recorded'
              order by planned_on, inspection.id",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(listed).collect()
}

/// A certificate in force that a province may visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unvisited {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The product as certified.
    pub product: String,
    /// The producer as certified.
    pub producer: String,
    /// The stars.
    pub stars: u8,
    /// The last day of its term.
    pub valid_until: NaiveDate,
    /// The day of the last visit that was made or is planned; none when there never was one.
    pub last_on: Option<NaiveDate>,
}

/// The certificates of a province in force on a day that nobody visits from `first` to `last`: those
/// never visited first, then by the last visit.
pub async fn unvisited(
    tx: &mut Tx,
    province: &str,
    today: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Unvisited>, StoreError> {
    let rows = tx
        .rows(
            "select certificate.id as id, certificate.product as product, certificate.producer as producer,
                certificate.stars as stars, certificate.valid_until as valid_until,
                (select max(planned_on) from inspection
                  where inspection.certificate_id = certificate.id and state <> 'cancelled') as last_on
               from certificate
              where certificate.province = $1 and issued_on <= $2 and coalesce(extended_to, valid_until) >= $2
                and (revoked_on is null or revoked_on > $2) and (next_on is null or next_on > $2)
                and not exists (select 1 from inspection
                  where inspection.certificate_id = certificate.id and state <> 'cancelled'
                    and planned_on >= $3 and planned_on <= $4)
              order by coalesce((select max(planned_on) from inspection
                  where inspection.certificate_id = certificate.id and state <> 'cancelled'), ''),
                certificate.issued_on, certificate.id",
            crate::args![province, &today, &first, &last],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Unvisited {
                certificate_id: row.get("id")?,
                product: row.get("product")?,
                producer: row.get("producer")?,
                stars: row.get("stars")?,
                valid_until: row.get("valid_until")?,
                last_on: row.get("last_on")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::tests::with_dossier;
    use crate::testing::{at, each_database};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_visit_is_planned_recorded_and_listed_until_it_ends() {
        each_database(async |db| {
            let mut tx = with_dossier(&db).await;
            let certificate = crate::recognition::tests::honey_certificate(&mut tx).await;
            crate::people::insert(&mut tx, &crate::people::tests::somebody()).await.unwrap();
            let product = crate::products::find(&mut tx, &certificate.product_id).await.unwrap().unwrap();
            let year = (day("2027-01-01"), day("2027-12-31"));
            let never = unvisited(&mut tx, "22", day("2027-01-05"), year.0, year.1).await.unwrap();
            assert_eq!((never.len(), never[0].last_on), (1, None));
            let mut visit = Inspection {
                id: "0192d3b0-7c1e-7abc-8def-000000000401".parse().unwrap(),
                certificate_id: certificate.id.clone(),
                province: "22".to_owned(),
                kind: InspectionKind::Planned,
                state: InspectionState::Planned,
                follows: None,
                planned_on: day("2027-03-01"),
                team: "Trưởng đoàn".to_owned(),
                reason: String::new(),
                planned_by: "0192d3b0-7c1e-7abc-8def-000000000001".parse().unwrap(),
                planned_at: at("2027-01-05T03:00:00Z"),
                record: None,
                answer: String::new(),
                answered_at: None,
                closed_on: None,
                outcome: String::new(),
                version: 1,
            };
            insert(&mut tx, &visit).await.unwrap();
            assert_eq!(find(&mut tx, &visit.id).await.unwrap(), Some(visit.clone()));
            assert_eq!(unvisited(&mut tx, "22", day("2027-01-05"), year.0, year.1).await.unwrap(), []);
            let next = (day("2028-01-01"), day("2028-12-31"));
            let again = unvisited(&mut tx, "22", day("2028-01-05"), next.0, next.1).await.unwrap();
            assert_eq!(again[0].last_on, Some(visit.planned_on));
            assert_eq!(open_of_producer(&mut tx, &product.producer_id).await.unwrap(), []);
            visit.state = InspectionState::Recorded;
            visit.record = Some(Record {
                held_on: day("2027-03-01"),
                began: "08:30:00".parse().ok(),
                ended: None,
                place: "xưởng".to_owned(),
                present: String::new(),
                findings: Vec::new(),
                measures: Vec::new(),
                said: String::new(),
                photos: Vec::new(),
            });
            assert!(change(&mut tx, &visit).await.unwrap());
            assert!(!change(&mut tx, &visit).await.unwrap(), "stale");
            visit.version = 2;
            assert_eq!(of_certificate(&mut tx, &certificate.id).await.unwrap(), [visit.clone()]);
            let open = open_of_producer(&mut tx, &product.producer_id).await.unwrap();
            assert_eq!(open.len(), 1);
            assert_eq!(open_in(&mut tx, "22").await.unwrap(), open);
            assert_eq!(planned_between(&mut tx, "22", year.0, year.1).await.unwrap(), open);
            assert_eq!(planned_between(&mut tx, "22", next.0, next.1).await.unwrap(), []);
            visit.state = InspectionState::Closed;
            assert!(change(&mut tx, &visit).await.unwrap());
            assert_eq!(open_in(&mut tx, "22").await.unwrap(), []);
        })
        .await;
    }
}
