//! Producers and the people who act for them.

pub mod members;

use chrono::NaiveDate;
use ocop_core::id::{PersonId, ProducerId};
use ocop_core::producers::{ProducerKind, Representative};
use ocop_core::text::fold;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::{Arg, json};

/// A producer (chủ thể OCOP) as its register stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Producer {
    /// The producer.
    pub id: ProducerId,
    /// Code of its province.
    pub province: String,
    /// Code of its commune.
    pub commune: String,
    /// Full name.
    pub name: String,
    /// Kind of organisation.
    pub kind: ProducerKind,
    /// Number of the business registration; empty when there is none.
    pub registration_no: String,
    /// Day of foundation or business registration.
    pub registered_on: Option<NaiveDate>,
    /// Tax code; empty when not told.
    pub tax_code: String,
    /// Street, hamlet and the like, without the commune.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail; empty when not told.
    pub email: String,
    /// How it came about (form 02, part I.8); empty when not told.
    pub history: String,
    /// How it is organised (form 02, part I.9); empty when not told.
    pub structure: String,
    /// Code of the former unit it was registered in; empty since 1/7/2025.
    pub former_unit: String,
    /// The legal representative: personal data.
    pub representative: Representative,
    /// Whether it belongs to the demonstration data.
    pub demo: bool,
    /// The producer that this one, a duplicate, was merged into.
    pub merged_into: Option<ProducerId>,
    /// When it was registered here.
    pub created_at: Instant,
    /// Counts the changes.
    pub version: i64,
}

fn producer(row: &Row) -> Result<Producer, StoreError> {
    Ok(Producer {
        id: row.get("id")?,
        province: row.get("province")?,
        commune: row.get("commune")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        registration_no: row.get("registration_no")?,
        registered_on: row.get("registered_on")?,
        tax_code: row.get("tax_code")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        history: row.get("history")?,
        structure: row.get("structure")?,
        former_unit: row.get("former_unit")?,
        representative: row.json("representative")?,
        demo: row.get("demo")?,
        merged_into: row.get("merged_into")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

/// The columns that a change of the register may touch, in the order of the statements below.
fn register(producer: &Producer) -> Vec<Arg> {
    let mut args = crate::args![
        &producer.id,
        &producer.province,
        &producer.commune,
        &producer.name,
        &producer.kind,
        &producer.registration_no,
        &producer.registered_on,
        &producer.tax_code,
        &producer.address,
        &producer.phone,
        &producer.email,
        &fold(&producer.name),
        &producer.history,
        &producer.structure,
        &producer.former_unit,
        &producer.representative.is_woman(),
        &producer.representative.is_minority(),
    ];
    args.push(json(&producer.representative));
    args
}

/// Puts a new producer in.
pub async fn insert(tx: &mut Tx, producer: &Producer) -> Result<(), StoreError> {
    let mut args = register(producer);
    args.extend(crate::args![&producer.demo, &producer.created_at, &producer.version]);
    tx.execute(
        "insert into producer (id, province, commune, name, kind, registration_no, registered_on, tax_code,
            address, phone, email, fold, history, structure, former_unit, led_by_woman, led_by_minority,
            representative, demo, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        args,
    )
    .await?;
    crate::search::producer(tx, producer.id.as_str()).await
}

/// Changes the register. `false` when `producer.version` is no longer the kept one: nothing is
/// changed then.
pub async fn update(tx: &mut Tx, producer: &Producer) -> Result<bool, StoreError> {
    let mut args = register(producer);
    args.extend(crate::args![&producer.version]);
    let changed = tx
        .execute(
            "update producer set province = $2, commune = $3, name = $4, kind = $5, registration_no = $6,
                registered_on = $7, tax_code = $8, address = $9, phone = $10, email = $11, fold = $12,
                history = $13, structure = $14, former_unit = $15, led_by_woman = $16, led_by_minority = $17,
                representative = $18, version = version + 1
              where id = $1 and version = $19",
            args,
        )
        .await?;
    if changed == 1 {
        crate::search::of_producer(tx, producer.id.as_str()).await?;
    }
    Ok(changed == 1)
}

/// The producers of a province that are called so, marks and case apart, or have this tax code.
pub async fn called(tx: &mut Tx, province: &str, name: &str) -> Result<Vec<Producer>, StoreError> {
    let rows = tx
        .rows(
            "select * from producer
              where province = $1 and merged_into is null and (fold = $2 or (tax_code = $3 and tax_code <> ''))
              order by id",
            crate::args![province, &fold(name), name.trim()],
        )
        .await?;
    rows.iter().map(producer).collect()
}

/// A producer by its id.
pub async fn find(tx: &mut Tx, id: &ProducerId) -> Result<Option<Producer>, StoreError> {
    let row = tx.row_opt("select * from producer where id = $1", crate::args![id]).await?;
    row.as_ref().map(producer).transpose()
}

/// The producers of a province, by name.
pub async fn of_province(tx: &mut Tx, province: &str) -> Result<Vec<Producer>, StoreError> {
    let rows = tx
        .rows(
            "select * from producer where province = $1 and merged_into is null order by fold, id",
            crate::args![province],
        )
        .await?;
    rows.iter().map(producer).collect()
}

/// The producers of a province with the duplicates that gave way to others, oldest first.
pub async fn with_duplicates(tx: &mut Tx, province: &str) -> Result<Vec<Producer>, StoreError> {
    let rows =
        tx.rows("select * from producer where province = $1 order by id", crate::args![province]).await?;
    rows.iter().map(producer).collect()
}

/// The producers of a province that bear a registration number, oldest first.
pub async fn of_registration_no(
    tx: &mut Tx,
    province: &str,
    registration_no: &str,
) -> Result<Vec<Producer>, StoreError> {
    let rows = tx
        .rows(
            "select * from producer
              where registration_no = $1 and province = $2 and merged_into is null order by id",
            crate::args![registration_no, province],
        )
        .await?;
    rows.iter().map(producer).collect()
}

/// The producers that a person acts for, in the order of registering.
pub async fn of_person(tx: &mut Tx, person: &PersonId) -> Result<Vec<Producer>, StoreError> {
    let rows = tx
        .rows(
            "select p.* from producer p join producer_member m on m.producer_id = p.id
              where m.person_id = $1 and p.merged_into is null order by p.id",
            crate::args![person],
        )
        .await?;
    rows.iter().map(producer).collect()
}

/// The producers of a commune that are no duplicates, in the order of registering.
pub async fn of_commune(tx: &mut Tx, commune: &str) -> Result<Vec<Producer>, StoreError> {
    let rows = tx
        .rows(
            "select * from producer where commune = $1 and merged_into is null order by id",
            crate::args![commune],
        )
        .await?;
    rows.iter().map(producer).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use ocop_core::producers::Gender;

    use super::*;
    use crate::db::Chain;
    use crate::people::tests::somebody;
    use crate::testing::{at, each_database, seed_units};

    pub(crate) fn honey_cooperative() -> Producer {
        Producer {
            id: "0192d3b0-7c1e-7abc-8def-0000000000a1".parse().unwrap(),
            province: "22".to_owned(),
            commune: "06862".to_owned(),
            name: "Hợp tác xã Mật ong rừng Bình Liêu".to_owned(),
            kind: ProducerKind::Cooperative,
            registration_no: "22B7000123".to_owned(),
            registered_on: "2019-05-20".parse().ok(),
            tax_code: String::new(),
            address: "Bản Nà Làng".to_owned(),
            phone: "0203 3878 000".to_owned(),
            email: String::new(),
            history: String::new(),
            structure: String::new(),
            former_unit: String::new(),
            merged_into: None,
            representative: Representative {
                name: "Hoàng Thị Thử".to_owned(),
                title: "Giám đốc".to_owned(),
                gender: Some(Gender::Female),
                ethnicity: "Tày".to_owned(),
                residence: "Xã Bình Liêu".to_owned(),
                disabled: false,
            },
            demo: false,
            created_at: at("2026-11-24T03:00:00Z"),
            version: 1,
        }
    }

    #[tokio::test]
    async fn a_producer_is_kept_and_a_stale_change_is_not() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            let kept = honey_cooperative();
            insert(&mut tx, &kept).await.unwrap();
            assert_eq!(find(&mut tx, &kept.id).await.unwrap(), Some(kept.clone()));

            let moved = Producer { commune: "06841".to_owned(), registered_on: None, ..kept.clone() };
            assert!(update(&mut tx, &moved).await.unwrap());
            assert!(!update(&mut tx, &kept).await.unwrap(), "version 1 is stale");
            assert_eq!(of_province(&mut tx, "22").await.unwrap().len(), 1);
            assert_eq!(of_registration_no(&mut tx, "22", "22B7000123").await.unwrap().len(), 1);
            assert_eq!(of_registration_no(&mut tx, "01", "22B7000123").await.unwrap(), vec![]);
            let now = find(&mut tx, &kept.id).await.unwrap();
            assert_eq!(now, Some(Producer { version: 2, ..moved }));
        })
        .await;
    }

    #[tokio::test]
    async fn a_person_acts_for_the_producers_that_took_them_in() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            let kept = honey_cooperative();
            insert(&mut tx, &kept).await.unwrap();
            let person = somebody();
            crate::people::insert(&mut tx, &person).await.unwrap();
            assert_eq!(of_person(&mut tx, &person.id).await.unwrap(), vec![]);
            for _ in 0..2 {
                members::add(&mut tx, &kept.id, &person.id, kept.created_at).await.unwrap();
            }
            assert_eq!(of_person(&mut tx, &person.id).await.unwrap(), vec![kept]);
        })
        .await;
    }
}
