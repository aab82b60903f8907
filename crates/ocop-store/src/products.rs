//! Products and their codes.

pub mod facts;

use chrono::NaiveDate;
use ocop_core::id::{ProducerId, ProductId};
use ocop_core::text::fold;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::Arg;

/// A product of a producer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// Its producer.
    pub producer_id: ProducerId,
    /// Code of the producer's province.
    pub province: String,
    /// Code of the producer's commune.
    pub commune: String,
    /// Name, as on the label.
    pub name: String,
    /// Number of its product set in the classification (Annex I).
    pub set_no: u16,
    /// What it is.
    pub description: String,
    /// How it is packed.
    pub packaging: String,
    /// The standard it is declared by.
    pub standard: String,
    /// Its story; may be empty.
    pub story: String,
    /// The code `(T)-(X)-(STT)-20YY`, once it is given.
    pub code: Option<String>,
    /// Day of joining the programme.
    pub joined_on: NaiveDate,
    /// Carries electronic traceability stamps since this day.
    pub stamped_since: Option<NaiveDate>,
    /// The product that this one, a duplicate, was merged into.
    pub merged_into: Option<ProductId>,
    /// When it was entered.
    pub created_at: Instant,
    /// Counts the changes.
    pub version: i64,
}

fn product(row: &Row) -> Result<Product, StoreError> {
    Ok(Product {
        id: row.get("id")?,
        producer_id: row.get("producer_id")?,
        province: row.get("province")?,
        commune: row.get("commune")?,
        name: row.get("name")?,
        set_no: row.get("set_no")?,
        description: row.get("description")?,
        packaging: row.get("packaging")?,
        standard: row.get("standard")?,
        story: row.get("story")?,
        code: row.get("code")?,
        joined_on: row.get("joined_on")?,
        stamped_since: row.get("stamped_since")?,
        merged_into: row.get("merged_into")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

/// What a change of the product may touch, in the order of the statements below.
fn described(product: &Product) -> Vec<Arg> {
    crate::args![
        &product.id,
        &product.name,
        &product.set_no,
        &product.description,
        &product.packaging,
        &product.standard,
        &product.story,
        &fold(&product.name),
        &product.joined_on,
        &product.stamped_since,
    ]
}

/// Puts a new product in.
pub async fn insert(tx: &mut Tx, product: &Product) -> Result<(), StoreError> {
    let mut args = described(product);
    args.extend(crate::args![
        &product.producer_id,
        &product.province,
        &product.commune,
        &product.code,
        &product.created_at,
        &product.version,
    ]);
    tx.execute(
        "insert into product (id, name, set_no, description, packaging, standard, story, fold, joined_on, stamped_since,
            producer_id, province, commune, code, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args,
    )
    .await?;
    crate::search::product(tx, product.id.as_str()).await
}

/// Changes the product. `false` when `product.version` is no longer the kept one: nothing is
/// changed then.
pub async fn update(tx: &mut Tx, product: &Product) -> Result<bool, StoreError> {
    let mut args = described(product);
    args.extend(crate::args![&product.version]);
    let changed = tx
        .execute(
            "update product set name = $2, set_no = $3, description = $4, packaging = $5, standard = $6,
                story = $7, fold = $8, joined_on = $9, stamped_since = $10, version = version + 1
              where id = $1 and version = $11",
            args,
        )
        .await?;
    if changed == 1 {
        crate::recognition::reclassify(tx, &product.id).await?;
        crate::search::product(tx, product.id.as_str()).await?;
    }
    Ok(changed == 1)
}

/// A product by its id.
pub async fn find(tx: &mut Tx, id: &ProductId) -> Result<Option<Product>, StoreError> {
    let row = tx.row_opt("select * from product where id = $1", crate::args![id]).await?;
    row.as_ref().map(product).transpose()
}

/// Makes others who would open a dossier for the product wait until this transaction ends.
pub async fn lock(tx: &mut Tx, id: &ProductId) -> Result<(), StoreError> {
    tx.execute("update product set version = version where id = $1", crate::args![id]).await?;
    Ok(())
}

/// The products of a producer, in the order of entry, without duplicates that were merged.
pub async fn of_producer(tx: &mut Tx, producer: &ProducerId) -> Result<Vec<Product>, StoreError> {
    let rows = tx
        .rows(
            "select * from product where producer_id = $1 and merged_into is null order by id",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(product).collect()
}

/// Takes the products of a producer along when it moves to another commune. Codes stay.
pub async fn move_to(
    tx: &mut Tx,
    producer: &ProducerId,
    province: &str,
    commune: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update product set province = $2, commune = $3 where producer_id = $1",
        crate::args![producer, province, commune],
    )
    .await?;
    crate::search::of_producer(tx, producer.as_str()).await
}

/// The codes given so far to products of a commune. Until the transaction ends, nobody else can
/// read them to give the next one.
///
/// The commune is read out of the code (`22-06838-…`): a product keeps its code when its producer
/// moves elsewhere.
pub async fn codes_in_commune(tx: &mut Tx, commune: &str) -> Result<Vec<String>, StoreError> {
    crate::units::hold(tx, commune).await?;
    let rows =
        tx.rows("select code from product where substr(code, 4, 5) = $1", crate::args![commune]).await?;
    rows.iter().map(|row| row.get("code")).collect()
}

/// Gives a product its code, once. `false` when it has one already.
pub async fn give_code(tx: &mut Tx, id: &ProductId, code: &str) -> Result<bool, StoreError> {
    let changed = tx
        .execute("update product set code = $2 where id = $1 and code is null", crate::args![id, code])
        .await?;
    if changed == 1 {
        crate::search::product(tx, id.as_str()).await?;
    }
    Ok(changed == 1)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::producers::tests::honey_cooperative;
    use crate::testing::{each_database, seed_units};

    pub(crate) fn honey() -> Product {
        let producer = honey_cooperative();
        Product {
            id: "0192d3b0-7c1e-7abc-8def-0000000000c1".parse().unwrap(),
            producer_id: producer.id,
            province: producer.province,
            commune: producer.commune,
            name: "Mật ong rừng".to_owned(),
            set_no: 4,
            description: "Mật ong khai thác tự nhiên".to_owned(),
            packaging: "Chai thủy tinh 500 ml".to_owned(),
            standard: "TCCS 01:2026".to_owned(),
            story: String::new(),
            code: None,
            joined_on: producer.created_at.day(),
            stamped_since: None,
            merged_into: None,
            created_at: producer.created_at,
            version: 1,
        }
    }

    #[tokio::test]
    async fn a_product_is_kept_changed_and_given_one_code() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("producer", "x")).await.unwrap();
            crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
            let kept = honey();
            insert(&mut tx, &kept).await.unwrap();
            assert_eq!(of_producer(&mut tx, &kept.producer_id).await.unwrap(), vec![kept.clone()]);

            let renamed = Product { name: "Mật ong hoa rừng".to_owned(), ..kept.clone() };
            assert!(update(&mut tx, &renamed).await.unwrap());
            assert!(!update(&mut tx, &kept).await.unwrap(), "version 1 is stale");

            assert_eq!(codes_in_commune(&mut tx, "06862").await.unwrap(), Vec::<String>::new());
            assert!(give_code(&mut tx, &kept.id, "22-06862-1-2026").await.unwrap());
            assert!(!give_code(&mut tx, &kept.id, "22-06862-2-2026").await.unwrap());
            assert_eq!(codes_in_commune(&mut tx, "06862").await.unwrap(), ["22-06862-1-2026"]);

            move_to(&mut tx, &kept.producer_id, "22", "06841").await.unwrap();
            let now = find(&mut tx, &kept.id).await.unwrap().unwrap();
            assert_eq!((now.name.as_str(), now.commune.as_str()), ("Mật ong hoa rừng", "06841"));
            assert_eq!(now.code.as_deref(), Some("22-06862-1-2026"));
            assert_eq!(
                codes_in_commune(&mut tx, "06862").await.unwrap().len(),
                1,
                "the code stays with its commune"
            );
        })
        .await;
    }
}
