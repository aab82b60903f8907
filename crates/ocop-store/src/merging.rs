//! Merging records of the register, and parting them again: what belongs to a record, and what of it
//! changes hands.

use ocop_core::id::{ProducerId, ProductId};
use ocop_core::merging::{Noun, Record};
use ocop_core::time::Instant;
use serde::{Deserialize, Serialize};

use crate::db::{Row, StoreError, Tx};
use crate::search;
use crate::value::json;

/// A row that belongs to a record, and how it stands: when the mark is another, the row has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonging {
    /// What it is.
    pub noun: Noun,
    /// What names the row inside its noun.
    pub id: String,
    /// How it stands.
    pub mark: String,
    /// For a product: province and commune before it moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(String, String)>,
}

fn belonging(row: &Row) -> Result<Belonging, StoreError> {
    Ok(Belonging { noun: row.get("noun")?, id: row.get("id")?, mark: row.get("mark")?, place: None })
}

/// Everything that belongs to a producer.
pub async fn of_producer(tx: &mut Tx, producer: &str) -> Result<Vec<Belonging>, StoreError> {
    let rows = tx
        .rows(
            "select 'product' as noun, id, cast(version as text) || ' ' || coalesce(merged_into, '') as mark from product where producer_id = $1
             union all select 'dossier', id, cast(version as text) || ' ' || state from dossier
                where producer_id = $1
             union all select 'evidence', id, coalesce(withdrawn_at, '') from evidence where producer_id = $1
             union all select 'invitation', id, coalesce(accepted_at, '') || ' ' || coalesce(withdrawn_at, '')
                from invitation where producer_id = $1
             union all select 'member', person_id, added_at from producer_member where producer_id = $1
             order by noun, id",
            crate::args![producer],
        )
        .await?;
    rows.iter().map(belonging).collect()
}

/// Everything that belongs to a product.
pub async fn of_product(tx: &mut Tx, product: &str) -> Result<Vec<Belonging>, StoreError> {
    let rows = tx
        .rows(
            "select 'dossier' as noun, id, cast(version as text) || ' ' || state as mark from dossier
                where product_id = $1
             union all select 'certificate', id, valid_until || ' ' || coalesce(revoked_on, '') from certificate
                where product_id = $1
             union all select 'evaluation', id, recorded_at from evaluation where product_id = $1
             union all select 'listing', platform, since || ' ' || coalesce(ended_on, '') || ' ' || url
                from listing where product_id = $1
             union all select 'revenue', cast(year as text), cast(amount as text) || ' ' || noted_at from revenue
                where product_id = $1
             union all select 'former_code', code, '' from former_code where product_id = $1
             order by noun, id",
            crate::args![product],
        )
        .await?;
    rows.iter().map(belonging).collect()
}

/// Gives a belonging of one record to another of its kind. `false` when it is not there any more.
pub async fn give(
    tx: &mut Tx,
    record: Record,
    what: &Belonging,
    from: &str,
    to: &str,
) -> Result<bool, StoreError> {
    let sql = match (record, what.noun) {
        (Record::Producer, Noun::Product) => {
            "update product set producer_id = $3 where id = $1 and producer_id = $2"
        }
        (Record::Producer, Noun::Dossier) => {
            "update dossier set producer_id = $3 where id = $1 and producer_id = $2"
        }
        (Record::Producer, Noun::Evidence) => {
            "update evidence set producer_id = $3 where id = $1 and producer_id = $2"
        }
        (Record::Producer, Noun::Invitation) => {
            "update invitation set producer_id = $3 where id = $1 and producer_id = $2"
        }
        (Record::Producer, Noun::Member) => {
            "update producer_member set producer_id = $3 where person_id = $1 and producer_id = $2"
        }
        (Record::Product, Noun::Dossier) => {
            "update dossier set product_id = $3 where id = $1 and product_id = $2"
        }
        (Record::Product, Noun::Certificate) => {
            "update certificate set product_id = $3 where id = $1 and product_id = $2"
        }
        (Record::Product, Noun::Evaluation) => {
            "update evaluation set product_id = $3 where id = $1 and product_id = $2"
        }
        (Record::Product, Noun::Listing) => {
            "update listing set product_id = $3 where platform = $1 and product_id = $2"
        }
        (Record::Product, Noun::Revenue) => {
            "update revenue set product_id = $3 where cast(year as text) = $1 and product_id = $2"
        }
        (Record::Product, Noun::FormerCode) => {
            "update former_code set product_id = $3 where code = $1 and product_id = $2"
        }
        (
            Record::Producer,
            Noun::Certificate | Noun::Evaluation | Noun::Listing | Noun::Revenue | Noun::FormerCode,
        )
        | (Record::Product, Noun::Product | Noun::Evidence | Noun::Invitation | Noun::Member) => {
            return Ok(false);
        }
    };
    let given = tx.execute(sql, crate::args![&what.id, from, to]).await? == 1;
    if !given {
        return Ok(false);
    }
    match what.noun {
        Noun::Product => search::product(tx, &what.id).await?,
        Noun::Dossier => search::dossier(tx, &what.id).await?,
        Noun::Certificate => search::certificate(tx, &what.id).await?,
        Noun::FormerCode => {
            search::product(tx, from).await?;
            search::product(tx, to).await?;
        }
        Noun::Evidence
        | Noun::Invitation
        | Noun::Member
        | Noun::Evaluation
        | Noun::Listing
        | Noun::Revenue => {}
    }
    Ok(true)
}

/// Sets where a product is.
pub async fn place_product(
    tx: &mut Tx,
    product: &str,
    province: &str,
    commune: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update product set province = $2, commune = $3 where id = $1",
        crate::args![product, province, commune],
    )
    .await?;
    search::product(tx, product).await
}

/// Sets or takes away the code of a product.
pub async fn set_code(tx: &mut Tx, product: &ProductId, code: Option<&str>) -> Result<(), StoreError> {
    tx.execute("update product set code = $2 where id = $1", crate::args![product, &code.map(str::to_owned)])
        .await?;
    search::product(tx, product.as_str()).await
}

/// Says which producer a duplicate gave way to; `None` when it stands for itself again.
pub async fn point_producer(
    tx: &mut Tx,
    gone: &ProducerId,
    kept: Option<&ProducerId>,
) -> Result<(), StoreError> {
    tx.execute("update producer set merged_into = $2 where id = $1", crate::args![gone, &kept.cloned()])
        .await?;
    search::of_producer(tx, gone.as_str()).await
}

/// Says which product a duplicate gave way to; `None` when it stands for itself again.
pub async fn point_product(
    tx: &mut Tx,
    gone: &ProductId,
    kept: Option<&ProductId>,
) -> Result<(), StoreError> {
    tx.execute("update product set merged_into = $2 where id = $1", crate::args![gone, &kept.cloned()])
        .await?;
    search::product(tx, gone.as_str()).await
}

/// A merge that can be undone: what parting the records again needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The duplicate.
    pub gone: String,
    /// What they are.
    pub record: Record,
    /// The record that it gave way to.
    pub kept: String,
    /// Code of the province.
    pub province: String,
    /// The kept record before, as JSON.
    pub before: String,
    /// Version of the kept record after.
    pub kept_version: i64,
    /// Version of the duplicate.
    pub gone_version: i64,
    /// What changed hands, as it stood right after.
    pub moved: Vec<Belonging>,
    /// When.
    pub merged_at: Instant,
    /// Who, by the journal's name.
    pub merged_by: String,
}

fn merge(row: &Row) -> Result<Merge, StoreError> {
    Ok(Merge {
        gone: row.get("gone")?,
        record: row.get("record")?,
        kept: row.get("kept")?,
        province: row.get("province")?,
        before: row.get("before")?,
        kept_version: row.get("kept_version")?,
        gone_version: row.get("gone_version")?,
        moved: row.json("moved")?,
        merged_at: row.get("merged_at")?,
        merged_by: row.get("merged_by")?,
    })
}

/// Keeps what undoing a merge needs.
pub async fn keep(tx: &mut Tx, merge: &Merge) -> Result<(), StoreError> {
    let mut args = crate::args![
        &merge.gone,
        &merge.record,
        &merge.kept,
        &merge.province,
        &merge.before,
        &merge.kept_version,
        &merge.gone_version,
        &merge.merged_at,
        &merge.merged_by,
    ];
    args.push(json(&merge.moved));
    tx.execute(
        "insert into merge (gone, record, kept, province, before, kept_version, gone_version, merged_at, merged_by, moved)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args,
    )
    .await?;
    Ok(())
}

/// The merge of a duplicate.
pub async fn find(tx: &mut Tx, gone: &str) -> Result<Option<Merge>, StoreError> {
    let row = tx.row_opt("select * from merge where gone = $1", crate::args![gone]).await?;
    row.as_ref().map(merge).transpose()
}

/// The merges of a province, newest first, at most `limit`.
pub async fn of_province(tx: &mut Tx, province: &str, limit: i64) -> Result<Vec<Merge>, StoreError> {
    let rows = tx
        .rows(
            "select * from merge where province = $1 order by merged_at desc, gone limit $2",
            crate::args![province, &limit],
        )
        .await?;
    rows.iter().map(merge).collect()
}

/// Forgets a merge that was undone.
pub async fn forget(tx: &mut Tx, gone: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("delete from merge where gone = $1", crate::args![gone]).await? == 1)
}

/// A producer by what it may be recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerTraits {
    /// The producer.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name of its commune.
    pub commune: String,
    /// Tax code; empty when not told.
    pub tax_code: String,
    /// Number of the business registration; empty when not told.
    pub registration_no: String,
}

/// The producers of a province that are no duplicates.
pub async fn producers(tx: &mut Tx, province: &str) -> Result<Vec<ProducerTraits>, StoreError> {
    let rows = tx
        .rows(
            "select producer.id, producer.name, unit.name as commune, tax_code, registration_no
               from producer join unit on unit.code = producer.commune
              where province = $1 and merged_into is null order by producer.id",
            crate::args![province],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ProducerTraits {
                id: row.get("id")?,
                name: row.get("name")?,
                commune: row.get("commune")?,
                tax_code: row.get("tax_code")?,
                registration_no: row.get("registration_no")?,
            })
        })
        .collect()
}

/// A product by what it may be recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductTraits {
    /// The product.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its producer.
    pub producer_id: String,
    /// Name of its producer.
    pub producer: String,
    /// A code of an older format; one line for each, empty when there is none.
    pub former_code: String,
}

/// The products of a province that are no duplicates, one line for each former code.
pub async fn products(tx: &mut Tx, province: &str) -> Result<Vec<ProductTraits>, StoreError> {
    let rows = tx
        .rows(
            "select product.id, product.name, product.producer_id, producer.name as producer,
                    coalesce(former_code.code, '') as former_code
               from product join producer on producer.id = product.producer_id
               left join former_code on former_code.product_id = product.id
              where product.province = $1 and product.merged_into is null order by product.id, former_code.code",
            crate::args![province],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ProductTraits {
                id: row.get("id")?,
                name: row.get("name")?,
                producer_id: row.get("producer_id")?,
                producer: row.get("producer")?,
                former_code: row.get("former_code")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::producers::Producer;
    use crate::producers::tests::honey_cooperative;
    use crate::products::facts::{self, Listing, Revenue};
    use crate::products::tests::honey;
    use crate::testing::{at, each_database, seed_units};

    #[tokio::test]
    async fn what_belongs_to_a_record_changes_hands_and_comes_back() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("province", "22")).await.unwrap();
            let (gone, product) = (honey_cooperative(), honey());
            let kept = Producer {
                id: "0192d3b0-7c1e-7abc-8def-0000000000a2".parse().unwrap(),
                tax_code: "5700".to_owned(),
                ..gone.clone()
            };
            for one in [&gone, &kept] {
                crate::producers::insert(&mut tx, one).await.unwrap();
            }
            crate::products::insert(&mut tx, &product).await.unwrap();
            assert_eq!(producers(&mut tx, "22").await.unwrap().len(), 2);

            let before = of_producer(&mut tx, gone.id.as_str()).await.unwrap();
            assert_eq!((before.len(), before[0].noun.code(), before[0].mark.as_str()), (1, "product", "1 "));
            for (from, to) in [(&gone, &kept), (&kept, &gone)] {
                for what in &before {
                    assert!(
                        give(&mut tx, Record::Producer, what, from.id.as_str(), to.id.as_str())
                            .await
                            .unwrap()
                    );
                    assert!(
                        !give(&mut tx, Record::Producer, what, from.id.as_str(), to.id.as_str())
                            .await
                            .unwrap()
                    );
                }
                assert_eq!(of_producer(&mut tx, to.id.as_str()).await.unwrap(), before);
            }
            assert_eq!(crate::products::find(&mut tx, &product.id).await.unwrap(), Some(product.clone()));

            let other = crate::products::Product {
                id: "0192d3b0-7c1e-7abc-8def-0000000000c2".parse().unwrap(),
                ..product.clone()
            };
            crate::products::insert(&mut tx, &other).await.unwrap();
            let now = at("2026-11-24T03:00:00Z");
            facts::put_revenue(&mut tx, &product.id, &Revenue { year: 2022, amount: 5, noted_at: now })
                .await
                .unwrap();
            facts::put_former_code(&mut tx, &product.id, "22-198-1-2022").await.unwrap();
            let voso = Listing {
                platform: "Voso".to_owned(),
                since: "2022-03-01".parse().unwrap(),
                url: String::new(),
                ended_on: None,
            };
            facts::put_listing(&mut tx, &product.id, &voso).await.unwrap();
            let facts_of = of_product(&mut tx, product.id.as_str()).await.unwrap();
            let nouns: Vec<&str> = facts_of.iter().map(|one| one.noun.code()).collect();
            assert_eq!(nouns, ["former_code", "listing", "revenue"]);
            for what in &facts_of {
                assert!(
                    give(&mut tx, Record::Product, what, product.id.as_str(), other.id.as_str())
                        .await
                        .unwrap()
                );
            }
            assert_eq!(of_product(&mut tx, product.id.as_str()).await.unwrap(), []);
            assert_eq!(of_product(&mut tx, other.id.as_str()).await.unwrap(), facts_of);

            point_producer(&mut tx, &gone.id, Some(&kept.id)).await.unwrap();
            assert_eq!(producers(&mut tx, "22").await.unwrap().len(), 1, "a duplicate is no candidate");
            point_product(&mut tx, &other.id, Some(&product.id)).await.unwrap();
            assert_eq!(products(&mut tx, "22").await.unwrap().len(), 1);
            let merge = Merge {
                gone: gone.id.to_string(),
                record: Record::Producer,
                kept: kept.id.to_string(),
                province: "22".to_owned(),
                before: "{}".to_owned(),
                kept_version: 1,
                gone_version: 1,
                moved: before,
                merged_at: now,
                merged_by: "system".to_owned(),
            };
            keep(&mut tx, &merge).await.unwrap();
            assert_eq!(find(&mut tx, &merge.gone).await.unwrap(), Some(merge.clone()));
            assert_eq!(of_province(&mut tx, "22", 10).await.unwrap(), std::slice::from_ref(&merge));
            assert!(forget(&mut tx, &merge.gone).await.unwrap());
            assert!(!forget(&mut tx, &merge.gone).await.unwrap());
        })
        .await;
    }
}
