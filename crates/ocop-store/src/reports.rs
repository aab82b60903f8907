//! Narrow reads for the numbers: one line for each product, producer and certificate of a province
//! or of a commune, as of a day; and reports as somebody froze them.
//!
//! Every read starts from an index of the province or of the commune.

use chrono::NaiveDate;
use ocop_core::id::{PersonId, ProducerId, ProductId, ReportId, RoundId};
use ocop_core::reports::{
    CertificateFact, DistrictFact, DossierFact, EvaluationFact, Facts, ListingFact, ProducerFact,
    ProductFact, RevenueFact,
};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// Whose rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within<'a> {
    /// Code of a province.
    Province(&'a str),
    /// Code of a commune.
    Commune(&'a str),
}

impl<'a> Within<'a> {
    fn code(self) -> &'a str {
        match self {
            Self::Province(code) | Self::Commune(code) => code,
        }
    }
}

/// One statement for a province and one for a commune: each begins at its own index.
macro_rules! within {
    ($within:expr, $before:literal, $table:literal, $after:literal) => {
        match $within {
            Within::Province(_) => concat!($before, " ", $table, ".province = $1 ", $after),
            Within::Commune(_) => concat!($before, " ", $table, ".commune = $1 ", $after),
        }
    };
}

/// Everything that the numbers of a day are counted from.
pub async fn facts(tx: &mut Tx, within: Within<'_>, on: NaiveDate) -> Result<Facts, StoreError> {
    Ok(Facts {
        products: products(tx, within, on).await?,
        certificates: certificates(tx, within, on).await?,
        listings: listings(tx, within, on).await?,
        revenue: revenue(tx, within, on).await?,
        producers: producers(tx, within).await?,
        districts: districts(tx, within).await?,
    })
}

/// The products that had joined by the day.
pub async fn products(
    tx: &mut Tx,
    within: Within<'_>,
    on: NaiveDate,
) -> Result<Vec<ProductFact>, StoreError> {
    let sql = within!(
        within,
        "select product.id, product.producer_id, product.set_no, product.commune, product.joined_on,
                product.stamped_since, producer.kind, producer.former_unit
           from product join producer on producer.id = product.producer_id
          where",
        "product",
        "and product.merged_into is null and product.joined_on <= $2"
    );
    let rows = tx.rows(sql, crate::args![within.code(), &on]).await?;
    rows.iter().map(product).collect()
}

fn product(row: &Row) -> Result<ProductFact, StoreError> {
    Ok(ProductFact {
        id: row.get("id")?,
        producer: row.get("producer_id")?,
        kind: row.get("kind")?,
        set_no: row.get("set_no")?,
        commune: row.get("commune")?,
        former_unit: row.get("former_unit")?,
        joined_on: row.get("joined_on")?,
        stamped_since: row.get("stamped_since")?,
    })
}

/// The certificates issued by the day, by product and first day.
async fn certificates(
    tx: &mut Tx,
    within: Within<'_>,
    on: NaiveDate,
) -> Result<Vec<CertificateFact>, StoreError> {
    let sql = within!(
        within,
        "select certificate.product_id, certificate.stars, certificate.level, certificate.event,
                certificate.issued_on, certificate.valid_until, certificate.extended_to, certificate.revoked_on, certificate.next_on
           from product join certificate on certificate.product_id = product.id
          where",
        "product",
        "and product.merged_into is null and certificate.issued_on <= $2
          order by certificate.product_id, certificate.issued_on, certificate.id"
    );
    let rows = tx.rows(sql, crate::args![within.code(), &on]).await?;
    let fact = |row: &Row| {
        let valid_until = row.get("valid_until")?;
        Ok(CertificateFact {
            product: row.get("product_id")?,
            stars: row.get("stars")?,
            level: row.get("level")?,
            event: row.get("event")?,
            issued_on: row.get("issued_on")?,
            valid_until,
            last_on: row.get::<Option<NaiveDate>>("extended_to")?.unwrap_or(valid_until),
            revoked_on: row.get("revoked_on")?,
            next_on: row.get("next_on")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// The platforms that products are on, on the day.
async fn listings(tx: &mut Tx, within: Within<'_>, on: NaiveDate) -> Result<Vec<ListingFact>, StoreError> {
    let sql = within!(
        within,
        "select listing.product_id, listing.platform, listing.since
           from product join listing on listing.product_id = product.id
          where",
        "product",
        "and product.merged_into is null
            and listing.since <= $2 and (listing.ended_on is null or listing.ended_on > $2)"
    );
    let rows = tx.rows(sql, crate::args![within.code(), &on]).await?;
    let fact = |row: &Row| {
        Ok(ListingFact {
            product: row.get("product_id")?,
            platform: row.get("platform")?,
            since: row.get("since")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// What products earned up to the year of the day.
async fn revenue(tx: &mut Tx, within: Within<'_>, on: NaiveDate) -> Result<Vec<RevenueFact>, StoreError> {
    let sql = within!(
        within,
        "select revenue.product_id, revenue.year, revenue.amount
           from product join revenue on revenue.product_id = product.id
          where",
        "product",
        "and product.merged_into is null and revenue.year <= $2"
    );
    let year = i64::from(chrono::Datelike::year(&on));
    let rows = tx.rows(sql, crate::args![within.code(), &year]).await?;
    let fact = |row: &Row| {
        Ok(RevenueFact {
            product: row.get("product_id")?,
            year: row.get::<u16>("year")?.into(),
            amount: row.get("amount")?,
        })
    };
    rows.iter().map(fact).collect()
}

async fn producers(tx: &mut Tx, within: Within<'_>) -> Result<Vec<ProducerFact>, StoreError> {
    let sql = within!(
        within,
        "select producer.id, producer.kind, producer.led_by_woman, producer.led_by_minority
           from producer
          where",
        "producer",
        "and producer.merged_into is null"
    );
    let rows = tx.rows(sql, crate::args![within.code()]).await?;
    let fact = |row: &Row| {
        Ok(ProducerFact {
            id: row.get("id")?,
            kind: row.get("kind")?,
            led_by_woman: row.get("led_by_woman")?,
            led_by_minority: row.get("led_by_minority")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// The former units that producers were registered in, and the units above these; a code's later life
/// after its earlier one.
pub async fn districts(tx: &mut Tx, within: Within<'_>) -> Result<Vec<DistrictFact>, StoreError> {
    let sql = within!(
        within,
        "with recursive above (code) as (
            select distinct producer.former_unit from producer
             where producer.former_unit <> '' and",
        "producer",
        "union
            select former_unit.parent from former_unit join above on above.code = former_unit.code
             where former_unit.parent is not null
         )
         select former_unit.code, former_unit.name, former_unit.parent, former_unit.valid_to
           from former_unit join above on above.code = former_unit.code
          order by former_unit.code, former_unit.valid_to"
    );
    let rows = tx.rows(sql, crate::args![within.code()]).await?;
    let fact = |row: &Row| {
        Ok(DistrictFact {
            code: row.get("code")?,
            name: row.get("name")?,
            parent: row.get("parent")?,
            valid_to: row.get("valid_to")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// How a product and its producer are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub product: String,
    /// Its producer.
    pub producer_id: ProducerId,
    /// The producer's name.
    pub producer: String,
    /// Code of the commune.
    pub commune: String,
}

/// The names of a province's or a commune's products, by name.
pub async fn names(tx: &mut Tx, within: Within<'_>) -> Result<Vec<Named>, StoreError> {
    let sql = within!(
        within,
        "select product.id, product.name as product, product.producer_id, producer.name as producer,
                product.commune
           from product join producer on producer.id = product.producer_id
          where",
        "product",
        "and product.merged_into is null order by product.fold, product.id"
    );
    let rows = tx.rows(sql, crate::args![within.code()]).await?;
    let named = |row: &Row| {
        Ok(Named {
            id: row.get("id")?,
            product: row.get("product")?,
            producer_id: row.get("producer_id")?,
            producer: row.get("producer")?,
            commune: row.get("commune")?,
        })
    };
    rows.iter().map(named).collect()
}

/// A unit's name and where it lies, in ten-thousandths of a degree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Latitude and longitude, when known.
    pub at: Option<(i64, i64)>,
}

/// The communes of a province, by name.
pub async fn spots(tx: &mut Tx, province: &str) -> Result<Vec<Spot>, StoreError> {
    let rows = tx
        .rows(
            "select code, name, latitude, longitude from unit where parent = $1 order by fold, code",
            crate::args![province],
        )
        .await?;
    let spot = |row: &Row| {
        let (latitude, longitude): (Option<i64>, Option<i64>) = (row.get("latitude")?, row.get("longitude")?);
        Ok(Spot { code: row.get("code")?, name: row.get("name")?, at: latitude.zip(longitude) })
    };
    rows.iter().map(spot).collect()
}

/// The dossiers of a round.
pub async fn round_dossiers(tx: &mut Tx, round: &RoundId) -> Result<Vec<DossierFact>, StoreError> {
    let rows = tx
        .rows(
            "select dossier.product_id, dossier.producer_id, dossier.commune, producer.former_unit,
                    dossier.state, dossier.submission_id, dossier.proposed_on, dossier.province_received_on,
                    result.dossier_id as judged, result.stars
               from round
               join dossier on dossier.province = round.province and dossier.round_id = round.id
               join producer on producer.id = dossier.producer_id
               left join result on result.dossier_id = dossier.id
              where round.id = $1 order by dossier.id",
            crate::args![round],
        )
        .await?;
    let fact = |row: &Row| {
        let is_there = |column| row.get::<Option<String>>(column).map(|value| value.is_some());
        Ok(DossierFact {
            product: row.get("product_id")?,
            producer: row.get("producer_id")?,
            commune: row.get("commune")?,
            former_unit: row.get("former_unit")?,
            state: row.get("state")?,
            submitted: is_there("submission_id")?,
            proposed: is_there("proposed_on")?,
            accepted: is_there("province_received_on")?,
            judged: is_there("judged")?,
            stars: row.get("stars")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// The evaluations on paper of a round.
pub async fn round_evaluations(tx: &mut Tx, round: &RoundId) -> Result<Vec<EvaluationFact>, StoreError> {
    let rows = tx
        .rows(
            "select evaluation.product_id, product.producer_id, product.commune, producer.former_unit,
                    evaluation.level, evaluation.unit, evaluation.evaluated_on, evaluation.stars
               from evaluation
               join product on product.id = evaluation.product_id
               join producer on producer.id = product.producer_id
              where evaluation.round_id = $1 and product.merged_into is null
              order by evaluation.product_id, evaluation.id",
            crate::args![round],
        )
        .await?;
    let fact = |row: &Row| {
        Ok(EvaluationFact {
            product: row.get("product_id")?,
            producer: row.get("producer_id")?,
            commune: row.get("commune")?,
            former_unit: row.get("former_unit")?,
            level: row.get("level")?,
            unit: row.get("unit")?,
            evaluated_on: row.get("evaluated_on")?,
            stars: row.get("stars")?,
        })
    };
    rows.iter().map(fact).collect()
}

/// Where the results of a round are announced; empty when not told.
pub async fn announced_at(tx: &mut Tx, round: &RoundId) -> Result<String, StoreError> {
    tx.row("select announced_at from round where id = $1", crate::args![round]).await?.get("announced_at")
}

/// A report as it stood when somebody froze it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenReport {
    /// Id.
    pub id: ReportId,
    /// Code of the province.
    pub province: String,
    /// Code of a kind of report.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The day that it tells of.
    pub as_of: NaiveDate,
    /// The report itself, as JSON.
    pub body: String,
    /// SHA-256 of the body.
    pub hash: String,
    /// Name of who froze it.
    pub author: String,
    /// Who that is.
    pub author_id: PersonId,
    /// When.
    pub frozen_at: Instant,
}

fn frozen(row: &Row) -> Result<FrozenReport, StoreError> {
    Ok(FrozenReport {
        id: row.get("id")?,
        province: row.get("province")?,
        kind: row.get("kind")?,
        title: row.get("title")?,
        as_of: row.get("as_of")?,
        body: row.get("body")?,
        hash: row.get("hash")?,
        author: row.get("author")?,
        author_id: row.get("author_id")?,
        frozen_at: row.get("frozen_at")?,
    })
}

/// Keeps a frozen report. There is no statement that changes one.
pub async fn freeze(tx: &mut Tx, report: &FrozenReport) -> Result<(), StoreError> {
    tx.execute(
        "insert into frozen_report (id, province, kind, title, as_of, body, hash, author, author_id, frozen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        crate::args![
            &report.id,
            &report.province,
            &report.kind,
            &report.title,
            &report.as_of,
            &report.body,
            &report.hash,
            &report.author,
            &report.author_id,
            &report.frozen_at
        ],
    )
    .await?;
    Ok(())
}

/// A frozen report.
pub async fn find_frozen(tx: &mut Tx, id: &ReportId) -> Result<Option<FrozenReport>, StoreError> {
    let row = tx.row_opt("select * from frozen_report where id = $1", crate::args![id]).await?;
    row.as_ref().map(frozen).transpose()
}

/// The newest frozen reports of a province.
pub async fn frozen_of(tx: &mut Tx, province: &str, limit: i64) -> Result<Vec<FrozenReport>, StoreError> {
    let rows = tx
        .rows(
            "select * from frozen_report where province = $1 order by frozen_at desc, id desc limit $2",
            crate::args![province, &limit],
        )
        .await?;
    rows.iter().map(frozen).collect()
}

#[cfg(test)]
mod tests;
