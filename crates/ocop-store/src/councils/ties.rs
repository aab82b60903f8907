//! What ties people to producers: who advised or trained whom, relatives that a producer declares.

use chrono::NaiveDate;
use std::collections::BTreeMap;

use ocop_core::councils::{AssistanceKind, Party};
use ocop_core::dossiers::State;
use ocop_core::id::{AssistanceId, CouncilId, DossierId, PersonId, ProducerId, RelativeId, RoundId};
use ocop_core::producers::Representative;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// What somebody did for a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assistance {
    /// Its id.
    pub id: AssistanceId,
    /// Code of the province whose office keeps it.
    pub province: String,
    /// Who.
    pub person_id: PersonId,
    /// For whom.
    pub producer_id: ProducerId,
    /// What.
    pub kind: AssistanceKind,
    /// Since when.
    pub since: NaiveDate,
    /// What more is to be said; may be empty.
    pub note: String,
    /// Who noted it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Instant,
}

/// The same with names, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAssistance {
    /// The entry.
    pub entry: Assistance,
    /// The person's name.
    pub person: String,
    /// The person's position.
    pub title: String,
    /// The producer's name.
    pub producer: String,
}

fn assistance(row: &Row) -> Result<Assistance, StoreError> {
    Ok(Assistance {
        id: row.get("id")?,
        province: row.get("province")?,
        person_id: row.get("person_id")?,
        producer_id: row.get("producer_id")?,
        kind: row.get("kind")?,
        since: row.get("since")?,
        note: row.get("note")?,
        recorded_by: row.get("recorded_by")?,
        recorded_at: row.get("recorded_at")?,
    })
}

/// Enters what somebody did for a producer.
pub async fn insert_assistance(tx: &mut Tx, one: &Assistance) -> Result<(), StoreError> {
    tx.execute(
        "insert into assistance
            (id, province, person_id, producer_id, kind, since, note, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        crate::args![
            &one.id,
            &one.province,
            &one.person_id,
            &one.producer_id,
            &one.kind,
            &one.since,
            &one.note,
            &one.recorded_by,
            &one.recorded_at
        ],
    )
    .await?;
    Ok(())
}

/// Strikes an entry that was wrong. `false` when it was struck before.
pub async fn remove_assistance(tx: &mut Tx, id: &AssistanceId, at: Instant) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update assistance set removed_at = $2 where id = $1 and removed_at is null",
            crate::args![id, &at],
        )
        .await?;
    Ok(changed == 1)
}

/// An entry that stands.
pub async fn find_assistance(tx: &mut Tx, id: &AssistanceId) -> Result<Option<Assistance>, StoreError> {
    let row =
        tx.row_opt("select * from assistance where id = $1 and removed_at is null", crate::args![id]).await?;
    row.as_ref().map(assistance).transpose()
}

/// What somebody did for producers, oldest first; a producer that was merged counts as the kept one.
pub async fn assistance_of(tx: &mut Tx, person: &PersonId) -> Result<Vec<Assistance>, StoreError> {
    let rows = tx
        .rows(
            "select assistance.id, assistance.province, assistance.person_id,
                    coalesce(producer.merged_into, producer.id) as producer_id, assistance.kind, assistance.since,
                    assistance.note, assistance.recorded_by, assistance.recorded_at
               from assistance join producer on producer.id = assistance.producer_id
              where assistance.person_id = $1 and assistance.removed_at is null order by assistance.id",
            crate::args![person],
        )
        .await?;
    rows.iter().map(assistance).collect()
}

/// The entries of a province, newest first; of one person only where one is named.
pub async fn assistance_in(
    tx: &mut Tx,
    province: &str,
    person: Option<&PersonId>,
) -> Result<Vec<NamedAssistance>, StoreError> {
    let rows = tx
        .rows(
            "select assistance.*, person.name as person, person.title as title, producer.name as producer
               from assistance join person on person.id = assistance.person_id
               join producer on producer.id = assistance.producer_id
              where assistance.province = $1 and assistance.removed_at is null
                and ($2 = '' or assistance.person_id = $2)
              order by assistance.id desc",
            crate::args![province, person.map_or("", PersonId::as_str)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(NamedAssistance {
                entry: assistance(row)?,
                person: row.get("person")?,
                title: row.get("title")?,
                producer: row.get("producer")?,
            })
        })
        .collect()
}

/// A relative who may sit in a council, as the producer's side declares it: personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// Its id.
    pub id: RelativeId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The relative's name.
    pub name: String,
    /// The relative's agency.
    pub agency: String,
    /// How the two are related.
    pub relation: String,
    /// When it was declared.
    pub declared_at: Instant,
}

/// Keeps a relative.
pub async fn insert_relative(tx: &mut Tx, one: &Relative) -> Result<(), StoreError> {
    tx.execute(
        "insert into relative (id, dossier_id, name, agency, relation, declared_at)
         values ($1, $2, $3, $4, $5, $6)",
        crate::args![&one.id, &one.dossier_id, &one.name, &one.agency, &one.relation, &one.declared_at],
    )
    .await?;
    Ok(())
}

/// The relatives that the producer's side declared with a dossier, oldest first.
pub async fn relatives(tx: &mut Tx, dossier: &DossierId) -> Result<Vec<Relative>, StoreError> {
    let rows =
        tx.rows("select * from relative where dossier_id = $1 order by id", crate::args![dossier]).await?;
    rows.iter()
        .map(|row| {
            Ok(Relative {
                id: row.get("id")?,
                dossier_id: row.get("dossier_id")?,
                name: row.get("name")?,
                agency: row.get("agency")?,
                relation: row.get("relation")?,
                declared_at: row.get("declared_at")?,
            })
        })
        .collect()
}

/// A dossier of a round with its producer's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundParty {
    /// The dossier.
    pub dossier: DossierId,
    /// Where it is.
    pub state: State,
    /// The product.
    pub product: String,
    /// The producer's side.
    pub party: Party,
}

/// The dossiers of a round that a council has or may get, with the producers' sides, by id: two questions however
/// many there are.
pub async fn parties(
    tx: &mut Tx,
    round: &RoundId,
    council: &CouncilId,
) -> Result<Vec<RoundParty>, StoreError> {
    let relatives = tx
        .rows(
            "select relative.dossier_id, relative.name, relative.agency
               from relative join dossier on dossier.id = relative.dossier_id
              where dossier.round_id = $1 order by relative.id",
            crate::args![round],
        )
        .await?;
    let mut by_dossier: BTreeMap<DossierId, Vec<(String, String)>> = BTreeMap::new();
    for row in &relatives {
        by_dossier.entry(row.get("dossier_id")?).or_default().push((row.get("name")?, row.get("agency")?));
    }
    let rows = tx
        .rows(
            "select dossier.id, dossier.state, product.name as product, producer.id as producer_id, producer.name,
                    producer.representative, unit.code, unit.name as commune
               from dossier join product on product.id = dossier.product_id
               join producer on producer.id = dossier.producer_id join unit on unit.code = dossier.commune
              where dossier.round_id = $1 and (dossier.council_id is null or dossier.council_id = $2)
              order by dossier.id",
            crate::args![round, council],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let dossier: DossierId = row.get("id")?;
            let representative: Representative = row.json("representative")?;
            Ok(RoundParty {
                party: Party {
                    producer: row.get("producer_id")?,
                    name: row.get("name")?,
                    representative: representative.name,
                    commune: (row.get("code")?, row.get("commune")?),
                    relatives: by_dossier.remove(&dossier).unwrap_or_default(),
                },
                dossier,
                state: row.get("state")?,
                product: row.get("product")?,
            })
        })
        .collect()
}

/// How many seats in force have a conflict of interest with each dossier of a round, or of one council; dossiers
/// without any are left out.
pub async fn conflict_counts(
    tx: &mut Tx,
    round: &RoundId,
    council: Option<&CouncilId>,
) -> Result<BTreeMap<DossierId, usize>, StoreError> {
    let rows = tx
        .rows(
            "select conflict.dossier_id, count(*) as seats
               from conflict join dossier on dossier.id = conflict.dossier_id
               join seat on seat.id = conflict.seat_id and seat.council_id = dossier.council_id
              where dossier.round_id = $1 and seat.removed_at is null and ($2 = '' or dossier.council_id = $2)
              group by conflict.dossier_id",
            crate::args![round, council.map_or("", CouncilId::as_str)],
        )
        .await?;
    let count =
        |row: &Row| Ok((row.get("dossier_id")?, usize::try_from(row.get::<i64>("seats")?).unwrap_or(0)));
    rows.iter().map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::councils::fixtures::{at, id, province, three_seats};
    use crate::councils::{Conflict, declare_conflict, remove_seat};
    use crate::db::Chain;
    use ocop_core::councils::ConflictGround;

    #[tokio::test]
    async fn assistance_and_relatives() {
        crate::testing::each_database(|db| async move {
            let mut tx = db.write(Chain::of("council", "1")).await.unwrap();
            province(&mut tx).await;
            three_seats(&mut tx).await;
            let trained = Assistance {
                id: id(1),
                province: "22".to_owned(),
                person_id: id(2),
                producer_id: id(1),
                kind: AssistanceKind::Trained,
                since: "2025-03-02".parse().unwrap(),
                note: String::new(),
                recorded_by: id(1),
                recorded_at: at(1),
            };
            insert_assistance(&mut tx, &trained).await.unwrap();
            assert_eq!(assistance_of(&mut tx, &id(2)).await.unwrap(), vec![trained.clone()]);
            let listed = assistance_in(&mut tx, "22", None).await.unwrap();
            assert_eq!((listed[0].person.as_str(), listed[0].producer.as_str()), ("Người 2", "HTX Hợp Tiến"));
            assert_eq!(assistance_in(&mut tx, "22", Some(&id(3))).await.unwrap(), []);
            assert_eq!(find_assistance(&mut tx, &trained.id).await.unwrap(), Some(trained.clone()));
            assert!(remove_assistance(&mut tx, &trained.id, at(2)).await.unwrap());
            assert!(!remove_assistance(&mut tx, &trained.id, at(2)).await.unwrap());
            assert!(assistance_of(&mut tx, &id(2)).await.unwrap().is_empty());

            let relative = Relative {
                id: id(1),
                dossier_id: id(1),
                name: "Người 3".to_owned(),
                agency: "Sở Y tế".to_owned(),
                relation: "Em ruột".to_owned(),
                declared_at: at(3),
            };
            insert_relative(&mut tx, &relative).await.unwrap();
            assert_eq!(relatives(&mut tx, &id(1)).await.unwrap(), vec![relative]);

            let known = parties(&mut tx, &id(1), &id(1)).await.unwrap();
            assert_eq!((known.len(), known[0].product.as_str()), (1, "Mật ong rừng"));
            let party = &known[0].party;
            assert_eq!((party.name.as_str(), party.representative.as_str()), ("HTX Hợp Tiến", "Người 9"));
            assert_eq!(party.relatives, [("Người 3".to_owned(), "Sở Y tế".to_owned())]);
            assert!(parties(&mut tx, &id(1), &id(2)).await.unwrap().is_empty(), "another council has it");

            assert!(conflict_counts(&mut tx, &id(1), None).await.unwrap().is_empty());
            for seat in [2, 3] {
                let conflict = Conflict {
                    dossier_id: id(1),
                    seat_id: id(seat),
                    ground: ConflictGround::Declared,
                    reason: "Người nhà".to_owned(),
                    declared_at: at(4),
                };
                assert!(declare_conflict(&mut tx, &conflict).await.unwrap());
            }
            let of_dossier = BTreeMap::from([(id(1), 2)]);
            assert_eq!(conflict_counts(&mut tx, &id(1), None).await.unwrap(), of_dossier);
            assert_eq!(conflict_counts(&mut tx, &id(1), Some(&id(1))).await.unwrap(), of_dossier);
            assert!(conflict_counts(&mut tx, &id(1), Some(&id(2))).await.unwrap().is_empty());
            assert!(remove_seat(&mut tx, &id(1), &id(3), at(5)).await.unwrap());
            assert_eq!(conflict_counts(&mut tx, &id(1), None).await.unwrap(), BTreeMap::from([(id(1), 1)]));
        })
        .await;
    }
}
