//! The rows of the register as a file takes them: everything that an import reads back, but for the
//! representative's gender and ethnicity, which leave the program as totals only.

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::producers::{ProducerKind, Representative};
use ocop_core::recognition::Level;

use super::{Lead, ProductQuery};
use crate::db::{Row, StoreError, Tx};

/// A product as a row of a file, with the certificate that counts on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// The product.
    pub id: ProductId,
    /// Its name folded: the order of the file.
    pub fold: String,
    /// The producer.
    pub producer: String,
    /// Its kind.
    pub kind: ProducerKind,
    /// Number of the business registration.
    pub registration_no: String,
    /// Day of the business registration.
    pub registered_on: Option<NaiveDate>,
    /// Tax code.
    pub tax_code: String,
    /// Address below the commune.
    pub address: String,
    /// Name of the commune.
    pub commune: String,
    /// Code of the former unit.
    pub former_unit: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Who represents the producer.
    pub representative: String,
    /// The product.
    pub name: String,
    /// Number of its product set.
    pub set_no: u16,
    /// Its code.
    pub code: Option<String>,
    /// Day of joining.
    pub joined_on: NaiveDate,
    /// Stars of the certificate.
    pub stars: Option<u8>,
    /// Who gave them.
    pub level: Option<Level>,
    /// Number of the decision.
    pub decision_no: Option<String>,
    /// Its date.
    pub decided_on: Option<NaiveDate>,
    /// Who signed.
    pub signed_by: Option<String>,
    /// Last day of its term.
    pub valid_until: Option<NaiveDate>,
    /// Withdrawn from this day on.
    pub revoked_on: Option<NaiveDate>,
    /// Why.
    pub revocation: Option<String>,
    /// Electronic stamps since.
    pub stamped_since: Option<NaiveDate>,
    /// Platforms on the day with the first day of each.
    pub platforms: Vec<(String, NaiveDate)>,
    /// Latest year with a revenue, and the revenue.
    pub revenue: Option<(u16, i64)>,
}

fn row(row: &Row) -> Result<ExportRow, StoreError> {
    let representative: Representative = row.json("representative")?;
    Ok(ExportRow {
        id: row.get("id")?,
        fold: row.get("fold")?,
        producer: row.get("producer")?,
        kind: row.get("kind")?,
        registration_no: row.get("registration_no")?,
        registered_on: row.get("registered_on")?,
        tax_code: row.get("tax_code")?,
        address: row.get("address")?,
        commune: row.get("commune")?,
        former_unit: row.get("former_unit")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        representative: representative.name,
        name: row.get("name")?,
        set_no: row.get("set_no")?,
        code: row.get("code")?,
        joined_on: row.get("joined_on")?,
        stars: row.get("stars")?,
        level: row.get("level")?,
        decision_no: row.get("decision_no")?,
        decided_on: row.get("decided_on")?,
        signed_by: row.get("signed_by")?,
        valid_until: row.get("valid_until")?,
        revoked_on: row.get("revoked_on")?,
        revocation: row.get("revocation")?,
        stamped_since: row.get("stamped_since")?,
        platforms: Vec::new(),
        revenue: None,
    })
}

macro_rules! rows {
    ($lead:ident,) => {
        wanted_products!(
            $lead,
            "product.id, product.fold, producer.name as producer, producer.kind, producer.registration_no,
             producer.registered_on, producer.tax_code, producer.address, coalesce(unit.name, '') as commune,
             producer.former_unit, producer.phone, producer.email, producer.representative, product.name,
             product.set_no, product.code, product.joined_on, held.stars, held.level,
             decision.number as decision_no, decision.decided_on, decision.signed_by, held.valid_until,
             case when held.revoked_on <= $2 then held.revoked_on end as revoked_on,
             case when held.revoked_on <= $2 then held.revocation end as revocation, product.stamped_since",
            "left join unit on unit.code = product.commune
             left join decision on decision.id = held.decision_id",
            "and product.fold >= $25 and (product.fold > $25 or product.id > $26)
             order by product.fold, product.id limit $27"
        )
    };
}

/// The rows after `fold` and `id`, by name.
pub async fn export(
    tx: &mut Tx,
    query: &ProductQuery,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<ExportRow>, StoreError> {
    let (mut args, lead) = query.asked(tx).await?;
    args.extend(crate::args![after.0, after.1, &limit]);
    let rows = tx.rows(each_lead!(lead, rows()), args).await?;
    let mut lines = rows.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    for line in &mut lines {
        facts(tx, line, query.on).await?;
    }
    Ok(lines)
}

/// Platforms and revenue: two looks at indexes of the product.
async fn facts(tx: &mut Tx, line: &mut ExportRow, on: NaiveDate) -> Result<(), StoreError> {
    let listings = crate::products::facts::listings(tx, &line.id).await?;
    let is_there =
        |since: NaiveDate, ended: Option<NaiveDate>| since <= on && ended.is_none_or(|day| day > on);
    let there = listings.into_iter().filter(|one| is_there(one.since, one.ended_on));
    line.platforms = there.map(|one| (one.platform, one.since)).collect();
    let revenues = crate::products::facts::revenues(tx, &line.id).await?;
    line.revenue = revenues.first().map(|one| (one.year, one.amount));
    Ok(())
}
