//! Facts that are noted about a product: revenue by year, electronic stamps, platforms, codes of
//! older formats.

use chrono::Datelike;
use ocop_core::id::ProductId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::products::ProductCode;
use ocop_core::text::fold;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::products::facts::{self, Listing, Revenue};
use ocop_store::products::{self, Product};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::producers::{permitted, subject};
use crate::{App, AppError, Fields, Refusal};

/// What is typed about one fact. Which one, `fact` says; the fields of the others are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FactInput {
    /// `revenue`, `stamps`, `listing` or `code`.
    pub fact: String,
    /// `on` to take a wrong entry out instead.
    pub remove: String,
    /// Revenue: the year.
    pub year: String,
    /// Revenue: in đồng.
    pub amount: String,
    /// Stamps: first day.
    pub stamped_since: String,
    /// Platform: its name.
    pub platform: String,
    /// Platform: first day.
    pub since: String,
    /// Platform: last day.
    pub ended_on: String,
    /// Platform: address of the product there.
    pub url: String,
    /// A code of an older format.
    pub code: String,
}

/// Most revenue of a product in a year, in đồng: a hundred thousand billion.
const REVENUE_LIMIT: i64 = 100_000_000_000_000;

/// The product with its producer, for who may note facts about it.
pub async fn product_of(app: &App, actor: &Actor, id: &ProductId) -> Result<(Producer, Product), AppError> {
    let mut tx = app.db.read().await?;
    let product = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let (producer, _) = permitted(&mut tx, actor, Action::RecordFacts, &product.producer_id).await?;
    Ok((producer, product))
}

/// Whether the person may note codes: they are given by offices.
pub fn may_note_codes(actor: &Actor, producer: &Producer) -> bool {
    policy::may(actor, Action::ReadRegistry, &subject(producer)).is_ok()
}

/// Notes a fact, corrects it, or takes it out.
///
/// # Errors
/// [`AppError::Invalid`] names the fields to mend.
pub async fn note(app: &App, actor: &Actor, id: &ProductId, input: &FactInput) -> Result<(), AppError> {
    let owner = product_of(app, actor, id).await?.1.producer_id;
    let mut tx = app.db.write(Chain::of("producer", &owner)).await?;
    let (producer, permit) = permitted(&mut tx, actor, Action::RecordFacts, &owner).await?;
    let product = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    super::must_stand(&product)?;
    let noted = match input.fact.as_str() {
        "revenue" => revenue(app, &mut tx, id, input).await?,
        "stamps" => stamps(app, &mut tx, product, input).await?,
        "listing" => listing(app, &mut tx, id, input).await?,
        "code" if may_note_codes(actor, &producer) => code(&mut tx, &product, input).await?,
        _ => return Err(AppError::NotFound),
    };
    tx.commit(permit, app.now(), &json!({ "product": id, "noted": noted })).await?;
    Ok(())
}

async fn revenue(app: &App, tx: &mut Tx, id: &ProductId, input: &FactInput) -> Result<Value, AppError> {
    let mut fields = Fields::new();
    let this_year = i64::from(app.today().year());
    let year = fields.number("year", &input.year, 2000, this_year);
    if year.is_none() && input.year.trim().is_empty() {
        fields.fault("year", "Ghi năm của doanh thu, ví dụ 2025.");
    }
    let remove = input.remove == "on";
    let amount = fields.number("amount", &input.amount, 0, REVENUE_LIMIT);
    if amount.is_none() && input.amount.trim().is_empty() && !remove {
        fields.fault("amount", "Ghi doanh thu của sản phẩm trong năm, bằng đồng, ví dụ 1.250.000.000.");
    }
    fields.done()?;
    let year = year.and_then(|year| u16::try_from(year).ok()).ok_or(AppError::NotFound)?;
    match amount.filter(|_| !remove) {
        Some(amount) => {
            facts::put_revenue(tx, id, &Revenue { year, amount, noted_at: app.now() }).await?;
            Ok(json!({ "revenue": year, "amount": amount }))
        }
        None => {
            found(facts::remove_revenue(tx, id, year).await?)?;
            Ok(json!({ "revenue": year, "removed": true }))
        }
    }
}

async fn stamps(app: &App, tx: &mut Tx, product: Product, input: &FactInput) -> Result<Value, AppError> {
    let mut fields = Fields::new();
    let day = fields.day("stamped_since", &input.stamped_since);
    if day.is_some_and(|day| day > app.today()) {
        fields.fault("stamped_since", "Ngày này chưa đến. Ghi ngày đã bắt đầu dán tem.");
    }
    fields.done()?;
    let changed = Product { stamped_since: day, ..product };
    found(products::update(tx, &changed).await?)?;
    Ok(json!({ "stamped_since": day }))
}

async fn listing(app: &App, tx: &mut Tx, id: &ProductId, input: &FactInput) -> Result<Value, AppError> {
    let mut fields = Fields::new();
    let typed = fields.required("platform", &input.platform, 60, "Ghi tên sàn, ví dụ Voso, Postmart.");
    let kept = facts::listings(tx, id).await?;
    // "voso" is the Voso that stands there already.
    let platform =
        kept.iter().find(|one| fold(&one.platform) == fold(&typed)).map_or(typed, |one| one.platform.clone());
    if input.remove == "on" {
        fields.done()?;
        found(facts::remove_listing(tx, id, &platform).await?)?;
        return Ok(json!({ "platform": platform, "removed": true }));
    }
    let since = fields.required_day("since", &input.since, "Ghi ngày sản phẩm lên sàn.");
    let ended_on = fields.day("ended_on", &input.ended_on);
    if since.is_some_and(|day| day > app.today()) {
        fields.fault("since", "Ngày này chưa đến. Ghi ngày sản phẩm đã lên sàn.");
    }
    if ended_on.zip(since).is_some_and(|(end, since)| end < since) {
        fields.fault("ended_on", "Ngày rời sàn không thể trước ngày lên sàn.");
    }
    let url = fields.optional("url", &input.url, 500);
    if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
        fields.fault("url", "Đường dẫn phải bắt đầu bằng https://. Chưa có thì để trống.");
    }
    fields.done()?;
    let since = since.ok_or(AppError::NotFound)?;
    facts::put_listing(tx, id, &Listing { platform: platform.clone(), since, url, ended_on }).await?;
    Ok(json!({ "platform": platform, "since": since, "ended_on": ended_on }))
}

async fn code(tx: &mut Tx, product: &Product, input: &FactInput) -> Result<Value, AppError> {
    let mut fields = Fields::new();
    if input.remove == "on" {
        found(facts::remove_former_code(tx, &product.id, input.code.trim()).await?)?;
        return Ok(json!({ "code": input.code.trim(), "removed": true }));
    }
    match ProductCode::parse(&input.code) {
        Ok(code) if code.is_todays() => {
            fields.fault(
                "code",
                "Đây là mã theo mẫu hiện hành: xã cấp mã này khi đề nghị hồ sơ. Ở đây chỉ ghi mã cũ.",
            );
            fields.done()?;
            Err(AppError::NotFound)
        }
        Ok(code) => {
            let code = code.to_string();
            let others = facts::of_code(tx, &code).await?;
            if others.iter().any(|other| *other != product.id) {
                return Err(Refusal::because(format!(
                    "Mã {code} đã ghi cho một sản phẩm khác. Hãy xem lại mã; nếu hai sản phẩm là một, hãy gộp bản ghi trùng."
                )));
            }
            facts::put_former_code(tx, &product.id, &code).await?;
            Ok(json!({ "code": code }))
        }
        Err(fault) => {
            fields.fault("code", fault.to_string());
            fields.done()?;
            Err(AppError::NotFound)
        }
    }
}

fn found(changed: bool) -> Result<(), AppError> {
    if changed { Ok(()) } else { Err(AppError::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::honey_in_round;
    use crate::testing::{World, invalid};

    fn typed(fact: &str) -> FactInput {
        FactInput { fact: fact.to_owned(), ..FactInput::default() }
    }

    #[tokio::test]
    async fn facts_are_noted_corrected_and_taken_out_by_those_in_charge() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.product);
        let revenue = |amount: &str| FactInput {
            year: "2025".to_owned(),
            amount: amount.to_owned(),
            ..typed("revenue")
        };
        let voso = FactInput {
            platform: "Voso".to_owned(),
            since: "01/03/2022".to_owned(),
            url: "https://voso.vn/mat-ong".to_owned(),
            ..typed("listing")
        };
        let stamps = FactInput { stamped_since: "05/01/2023".to_owned(), ..typed("stamps") };
        let code = FactInput { code: "22.198.06838.7.2022".to_owned(), ..typed("code") };
        for stranger in [&world.other_producer, &world.assessors[0]] {
            assert!(matches!(note(app, stranger, id, &voso).await, Err(AppError::Denied(_))));
        }
        note(app, &kept.actor, id, &revenue("1.250.000.000")).await.unwrap();
        note(app, &world.commune_officer, id, &revenue("1.300.000.000")).await.unwrap();
        note(app, &world.officer, id, &voso).await.unwrap();
        let left = FactInput { platform: "VOSO ".to_owned(), ended_on: "01/03/2023".to_owned(), ..voso };
        note(app, &kept.actor, id, &left).await.unwrap();
        note(app, &kept.actor, id, &stamps).await.unwrap();
        assert!(
            matches!(note(app, &kept.actor, id, &code).await, Err(AppError::NotFound)),
            "offices give codes"
        );
        note(app, &world.officer, id, &code).await.unwrap();

        let history = crate::products::view(app, &kept.actor, id).await.unwrap().history;
        let revenues: Vec<_> = history.revenues.iter().map(|one| (one.year, one.amount)).collect();
        assert_eq!(revenues, [(2025, 1_300_000_000)]);
        assert_eq!(history.listings.len(), 1);
        assert_eq!(history.listings[0].ended_on, "2023-03-01".parse().ok());
        assert_eq!(history.codes[0].code, "22-198-06838-7-2022");
        let product = crate::products::view(app, &kept.actor, id).await.unwrap().row.product;
        assert_eq!(product.stamped_since, "2023-01-05".parse().ok());

        let gone = FactInput { remove: "on".to_owned(), year: "2025".to_owned(), ..typed("revenue") };
        note(app, &kept.actor, id, &gone).await.unwrap();
        assert!(matches!(note(app, &kept.actor, id, &gone).await, Err(AppError::NotFound)));
    }

    #[tokio::test]
    async fn what_cannot_be_is_told_beside_its_field() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let check = async |wrong: FactInput, fields: &[&str]| {
            invalid(note(&world.app, &world.officer, &kept.product, &wrong).await, fields);
        };
        check(typed("revenue"), &["year", "amount"]).await;
        check(
            FactInput { year: "2027".to_owned(), amount: "-5".to_owned(), ..typed("revenue") },
            &["year", "amount"],
        )
        .await;
        check(typed("listing"), &["platform", "since"]).await;
        let wrong = FactInput {
            platform: "Shopee".to_owned(),
            since: "01/03/2022".to_owned(),
            ended_on: "01/03/2021".to_owned(),
            url: "javascript:alert(1)".to_owned(),
            ..typed("listing")
        };
        check(wrong, &["ended_on", "url"]).await;
        check(FactInput { stamped_since: "01/01/2030".to_owned(), ..typed("stamps") }, &["stamped_since"])
            .await;
        check(FactInput { code: "22-06838-1-2026".to_owned(), ..typed("code") }, &["code"]).await;
        check(FactInput { code: "QN-1".to_owned(), ..typed("code") }, &["code"]).await;
    }
}
