//! What is noted about a product beside its register: platforms, revenue, codes of older formats.

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// A product on an outside e-commerce platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Name of the platform, such as `Voso`.
    pub platform: String,
    /// First day.
    pub since: NaiveDate,
    /// Address of its page there; empty when not told.
    pub url: String,
    /// Last day, once it is gone.
    pub ended_on: Option<NaiveDate>,
}

/// Revenue of a product in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue {
    /// The year.
    pub year: u16,
    /// In đồng.
    pub amount: i64,
    /// When it was noted.
    pub noted_at: Instant,
}

fn listing(row: &Row) -> Result<Listing, StoreError> {
    Ok(Listing {
        platform: row.get("platform")?,
        since: row.get("since")?,
        url: row.get("url")?,
        ended_on: row.get("ended_on")?,
    })
}

/// Notes a product on a platform, or corrects what was noted.
pub async fn put_listing(tx: &mut Tx, product: &ProductId, listing: &Listing) -> Result<(), StoreError> {
    tx.execute(
        "insert into listing (product_id, platform, since, url, ended_on) values ($1, $2, $3, $4, $5)
         on conflict (product_id, platform) do update set
            since = excluded.since, url = excluded.url, ended_on = excluded.ended_on",
        crate::args![product, &listing.platform, &listing.since, &listing.url, &listing.ended_on],
    )
    .await?;
    Ok(())
}

/// Takes a wrong entry out.
pub async fn remove_listing(tx: &mut Tx, product: &ProductId, platform: &str) -> Result<bool, StoreError> {
    let gone = tx
        .execute(
            "delete from listing where product_id = $1 and platform = $2",
            crate::args![product, platform],
        )
        .await?;
    Ok(gone == 1)
}

/// The platforms of a product, by name.
pub async fn listings(tx: &mut Tx, product: &ProductId) -> Result<Vec<Listing>, StoreError> {
    let rows = tx
        .rows("select * from listing where product_id = $1 order by platform", crate::args![product])
        .await?;
    rows.iter().map(listing).collect()
}

/// Notes the revenue of a year, or corrects it.
pub async fn put_revenue(tx: &mut Tx, product: &ProductId, revenue: &Revenue) -> Result<(), StoreError> {
    tx.execute(
        "insert into revenue (product_id, year, amount, noted_at) values ($1, $2, $3, $4)
         on conflict (product_id, year) do update set amount = excluded.amount, noted_at = excluded.noted_at",
        crate::args![product, &revenue.year, &revenue.amount, &revenue.noted_at],
    )
    .await?;
    Ok(())
}

/// Takes the revenue of a year out.
pub async fn remove_revenue(tx: &mut Tx, product: &ProductId, year: u16) -> Result<bool, StoreError> {
    let gone = tx
        .execute("delete from revenue where product_id = $1 and year = $2", crate::args![product, &year])
        .await?;
    Ok(gone == 1)
}

/// The revenues of a product, newest year first.
pub async fn revenues(tx: &mut Tx, product: &ProductId) -> Result<Vec<Revenue>, StoreError> {
    let rows = tx
        .rows("select * from revenue where product_id = $1 order by year desc", crate::args![product])
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Revenue { year: row.get("year")?, amount: row.get("amount")?, noted_at: row.get("noted_at")? })
        })
        .collect()
}

/// Notes a code of an older format; twice changes nothing.
pub async fn put_former_code(tx: &mut Tx, product: &ProductId, code: &str) -> Result<(), StoreError> {
    tx.execute(
        "insert into former_code (product_id, code) values ($1, $2) on conflict (code, product_id) do nothing",
        crate::args![product, code],
    )
    .await?;
    crate::search::product(tx, product.as_str()).await
}

/// Takes a wrong code out.
pub async fn remove_former_code(tx: &mut Tx, product: &ProductId, code: &str) -> Result<bool, StoreError> {
    let gone = tx
        .execute("delete from former_code where product_id = $1 and code = $2", crate::args![product, code])
        .await?;
    crate::search::product(tx, product.as_str()).await?;
    Ok(gone == 1)
}

/// The codes of older formats that a product had.
pub async fn former_codes(tx: &mut Tx, product: &ProductId) -> Result<Vec<String>, StoreError> {
    let rows = tx
        .rows("select code from former_code where product_id = $1 order by code", crate::args![product])
        .await?;
    rows.iter().map(|row| row.get("code")).collect()
}

/// The products that bear or bore a code, of any format.
pub async fn of_code(tx: &mut Tx, code: &str) -> Result<Vec<ProductId>, StoreError> {
    let rows = tx
        .rows(
            "select id from product where code = $1
             union select product_id as id from former_code where code = $1 order by id",
            crate::args![code],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::producers::tests::honey_cooperative;
    use crate::products::tests::honey;
    use crate::testing::{at, each_database, seed_units};

    #[tokio::test]
    async fn facts_are_noted_corrected_and_taken_out() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("product", "x")).await.unwrap();
            crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
            let product = honey();
            crate::products::insert(&mut tx, &product).await.unwrap();
            let id = &product.id;

            let voso = Listing {
                platform: "Voso".to_owned(),
                since: "2022-03-01".parse().unwrap(),
                url: String::new(),
                ended_on: None,
            };
            let ended = Listing { ended_on: "2023-01-01".parse().ok(), ..voso.clone() };
            put_listing(&mut tx, id, &voso).await.unwrap();
            put_listing(&mut tx, id, &ended).await.unwrap();
            assert_eq!(listings(&mut tx, id).await.unwrap(), [ended]);
            assert!(remove_listing(&mut tx, id, "Voso").await.unwrap());
            assert!(!remove_listing(&mut tx, id, "Voso").await.unwrap());

            let of = |year, amount| Revenue { year, amount, noted_at: at("2026-11-24T03:00:00Z") };
            for revenue in [of(2021, 1_250_000_000), of(2022, 1), of(2022, 2_000_000_000)] {
                put_revenue(&mut tx, id, &revenue).await.unwrap();
            }
            assert_eq!(
                revenues(&mut tx, id).await.unwrap(),
                [of(2022, 2_000_000_000), of(2021, 1_250_000_000)]
            );
            assert!(remove_revenue(&mut tx, id, 2021).await.unwrap());

            for _ in 0..2 {
                put_former_code(&mut tx, id, "83-829-28780-3-2022").await.unwrap();
            }
            assert_eq!(former_codes(&mut tx, id).await.unwrap(), ["83-829-28780-3-2022"]);
            crate::products::give_code(&mut tx, id, "22-06862-1-2026").await.unwrap();
            for code in ["83-829-28780-3-2022", "22-06862-1-2026"] {
                assert_eq!(of_code(&mut tx, code).await.unwrap(), std::slice::from_ref(id), "{code}");
            }
            assert_eq!(of_code(&mut tx, "22-06862-2-2026").await.unwrap(), []);
            assert!(remove_former_code(&mut tx, id, "83-829-28780-3-2022").await.unwrap());
        })
        .await;
    }
}
