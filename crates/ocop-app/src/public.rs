//! What everybody may know: products with their certificates, and what a certificate is worth
//! today. Stars come from a certificate in force and from nothing else; no personal data.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::recognition::{Validity, ends_on, tidy_code, validity};
use ocop_core::search::words;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::recognition::public::{Key, Listed, Page, PublicProduct, Wanted, is_any, list};
use ocop_store::recognition::{self as store, Certificate};
use serde::{Deserialize, Serialize};

use crate::dossiers::Snapshot;
use crate::paging::{Cut, Direction, cut};
use crate::search::{MOST_COUNTED, counted};
use crate::{App, AppError};

/// A certificate as everybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCertificate {
    /// What it is worth today.
    pub validity: Validity,
    /// The public code.
    pub code: String,
    /// Number on the paper.
    pub number: String,
    /// Stars on the paper; shown as stars only while it is in force.
    pub stars: u8,
    /// Number and date of the decision.
    pub decision: String,
    /// First day.
    pub issued_on: String,
    /// Last day of its term.
    pub valid_until: String,
    /// The day that it ends on, or ended on, as things stand today: the term's last, or its extension's.
    pub ends_on: String,
    /// Why it is in force beyond its term, with the days; empty when it is not.
    pub extension: String,
    /// Withdrawn from this day on; empty when it is not.
    pub revoked_on: String,
}

/// A product's public page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPage {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Its code; may be empty.
    pub code: String,
    /// Where it stands in the classification.
    pub set_name: String,
    /// What it is.
    pub description: String,
    /// How it is packed.
    pub packaging: String,
    /// The standard it is declared by; may be empty.
    pub standard: String,
    /// Its story; may be empty.
    pub story: String,
    /// Name of the producer.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// Name of the province.
    pub province: String,
    /// The certificate that counts today.
    pub certificate: PublicCertificate,
}

impl ProductPage {
    /// Stars that may be shown today.
    pub fn stars(&self) -> Option<u8> {
        (self.certificate.validity == Validity::InForce).then_some(self.certificate.stars)
    }
}

async fn public(app: &App, tx: &mut Tx, kept: Certificate) -> Result<PublicCertificate, AppError> {
    let decision = store::find_decision(tx, &kept.decision_id).await?.ok_or(AppError::NotFound)?;
    let today = app.today();
    let validity = validity(today, kept.issued_on, kept.last_on, kept.revoked_on);
    let extension = if validity == Validity::InForce && today > kept.valid_until {
        crate::recognition::told(tx, &kept).await?
    } else {
        String::new()
    };
    Ok(PublicCertificate {
        validity,
        extension,
        ends_on: date(ends_on(today, kept.valid_until, kept.last_on)),
        code: kept.check_code,
        number: kept.number,
        stars: kept.stars,
        decision: format!("{} ngày {}", decision.number, date(decision.decided_on)),
        issued_on: date(kept.issued_on),
        valid_until: date(kept.valid_until),
        revoked_on: kept.revoked_on.map(date).unwrap_or_default(),
    })
}

/// The certificate of a product that counts on a day: the last one issued by then, whatever it is
/// worth; a superseded one does not come back. Before the first one, the first.
fn counting(today: NaiveDate, newest_first: Vec<Certificate>) -> Option<Certificate> {
    let at = newest_first.iter().position(|kept| kept.issued_on <= today);
    let first = newest_first.len().checked_sub(1)?;
    newest_first.into_iter().nth(at.unwrap_or(first))
}

/// The public page of a product. A product that never had a certificate has none: it is the
/// producer's own business.
pub async fn product(app: &App, id: &ProductId) -> Result<ProductPage, AppError> {
    let mut tx = app.db.read().await?;
    let kept = store::certificates_of_product(&mut tx, id).await?;
    let certificate = counting(app.today(), kept).ok_or(AppError::NotFound)?;
    let product = ocop_store::products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let page = match judged(&mut tx, &certificate).await? {
        Some(judged) => {
            let set = app.shown(&mut tx, &judged.producer.province, &judged.ruleset).await?;
            ProductPage {
                set_name: crate::products::set_path(&set),
                name: judged.product.name,
                description: judged.product.description,
                packaging: judged.product.packaging,
                standard: judged.product.standard,
                story: judged.product.story,
                producer: judged.producer.name,
                commune: judged.producer.commune_name,
                province: judged.producer.province_name,
                id: product.id,
                code: product.code.unwrap_or_default(),
                certificate: public(app, &mut tx, certificate).await?,
            }
        }
        None => {
            let set = app.regime_today()?.sets.get(&product.set_no);
            ProductPage {
                set_name: set.map(|set| crate::products::set_path(set)).unwrap_or_default(),
                name: certificate.product.clone(),
                description: product.description,
                packaging: product.packaging,
                standard: product.standard,
                story: product.story,
                producer: certificate.producer.clone(),
                commune: unit_name(&mut tx, &certificate.commune).await?,
                province: unit_name(&mut tx, &certificate.province).await?,
                id: product.id,
                code: product.code.unwrap_or_default(),
                certificate: public(app, &mut tx, certificate).await?,
            }
        }
    };
    Ok(page)
}

async fn unit_name(tx: &mut Tx, code: &str) -> Result<String, AppError> {
    Ok(ocop_store::units::find(tx, code).await?.map(|unit| unit.name).unwrap_or_default())
}

/// Product and producer as the council judged them: later edits are not what was certified. `None`
/// for a certificate that was granted on paper: its own names count then.
async fn judged(tx: &mut Tx, certificate: &Certificate) -> Result<Option<Snapshot>, AppError> {
    match &certificate.dossier_id {
        Some(dossier) => Ok(Some(Snapshot::latest(tx, dossier).await?.ok_or(AppError::NotFound)?)),
        None => Ok(None),
    }
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No certificate has this code.
    Unknown {
        /// The code in its written form, or as typed when it cannot be one.
        code: String,
    },
    /// There is one; its validity says what it is worth.
    Known(Box<Checked>),
}

/// A certificate found by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The certificate.
    pub certificate: PublicCertificate,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// Name of the province.
    pub province: String,
}

/// Checks a certificate by its public code as somebody typed or scanned it.
pub async fn check(app: &App, typed: &str) -> Result<Verdict, AppError> {
    let Some(code) = tidy_code(typed) else {
        return Ok(Verdict::Unknown { code: typed.trim().chars().take(40).collect() });
    };
    let mut tx = app.db.read().await?;
    let Some(kept) = store::find_by_code(&mut tx, &code).await? else { return Ok(Verdict::Unknown { code }) };
    let (commune, province) = match judged(&mut tx, &kept).await? {
        Some(judged) => (judged.producer.commune_name, judged.producer.province_name),
        None => (unit_name(&mut tx, &kept.commune).await?, unit_name(&mut tx, &kept.province).await?),
    };
    Ok(Verdict::Known(Box::new(Checked {
        product_id: kept.product_id.clone(),
        product: kept.product.clone(),
        producer: kept.producer.clone(),
        commune,
        province,
        certificate: public(app, &mut tx, kept).await?,
    })))
}

/// Rows on a page of the list.
const PAGE: usize = 48;
/// Which products are wanted, as it stands in the address; what is empty says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublicFilter {
    /// Words of the product's or producer's name.
    pub q: String,
    /// Stars: `3`, `4`, `5`.
    pub stars: String,
    /// Number of the industry in the classification, such as `I`.
    pub industry: String,
    /// Code of the province.
    pub province: String,
    /// Code of the commune.
    pub commune: String,
    /// The key of the row before the page.
    pub after: String,
    /// The key of the row behind the page.
    pub before: String,
}

/// A page of the products with a certificate in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductList {
    /// The products of this page.
    pub rows: Vec<PublicProduct>,
    /// How many fit, at most one more than [`MOST_COUNTED`].
    pub found: i64,
    /// The key of the first row, when there is a page before it.
    pub before: Option<String>,
    /// The key of the last row, when there is a page behind it.
    pub after: Option<String>,
    /// The words that the list shows instead of those typed, when nothing had these.
    pub mended: Option<String>,
}

impl ProductList {
    /// `1.234 sản phẩm`.
    pub fn found_in_words(&self) -> String {
        format!("{} sản phẩm", counted(self.found))
    }
}

/// Products with a certificate in force whose names have every word of the query, marks and case
/// aside; one slip is forgiven.
pub async fn products(app: &App, filter: &PublicFilter) -> Result<ProductList, AppError> {
    let mut tx = app.db.read().await?;
    let words = words(&filter.q);
    let found = page(app, &mut tx, filter, &words).await?;
    if found.found > 0 || words.is_empty() {
        return Ok(found);
    }
    for meant in crate::search::slips(&mut tx, &words, &BTreeSet::new()).await? {
        let mended = page(app, &mut tx, filter, &meant).await?;
        if mended.found > 0 {
            return Ok(ProductList { mended: Some(meant.join(" ")), ..mended });
        }
    }
    Ok(found)
}

async fn page(
    app: &App,
    tx: &mut Tx,
    filter: &PublicFilter,
    words: &[String],
) -> Result<ProductList, AppError> {
    let sets = crate::registry::sets_of(app, app.today(), &filter.industry, "");
    let wanted = Wanted {
        on: app.today(),
        words,
        stars: filter.stars.parse().unwrap_or_default(),
        sets: &sets,
        province: &filter.province,
        commune: &filter.commune,
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let at = match (key(&filter.after), key(&filter.before)) {
        (Some(after), _) => Page::After(after),
        (None, Some(before)) => Page::Before(before),
        (None, None) => Page::First,
    };
    let Listed { rows, found } = list(tx, wanted, at, most, MOST_COUNTED + 1).await?;
    let direction = match at {
        Page::First => Direction::First,
        Page::After(_) => Direction::On,
        Page::Before(_) => Direction::Back,
    };
    let written = |row: &PublicProduct| format!("{}~{}~{}", row.stars, row.fold, row.certificate);
    let Cut { rows, before, after } = cut(rows, PAGE, direction, written);
    Ok(ProductList { rows, found, before, after, mended: None })
}

/// A row of the list out of its key `4~ mat ong htx~ID`.
fn key(written: &str) -> Option<Key<'_>> {
    let (stars, rest) = written.split_once('~')?;
    let (fold, id) = rest.rsplit_once('~')?;
    Some((stars.parse().ok()?, fold, id))
}

/// Whether a product with a certificate in force has these words.
pub(crate) async fn is_any_fitting(
    tx: &mut Tx,
    today: NaiveDate,
    words: &[String],
) -> Result<bool, AppError> {
    Ok(is_any(tx, Wanted::words(today, words)).await?)
}

/// The first products with a certificate in force that have these words, and how many there are.
pub(crate) async fn fitting(
    tx: &mut Tx,
    today: NaiveDate,
    words: &[String],
    most: usize,
) -> Result<Listed, AppError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Ok(list(tx, Wanted::words(today, words), Page::First, most, MOST_COUNTED + 1).await?)
}

/// What the filters of the public list can be set to: codes and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicChoices {
    /// Industries in force today.
    pub industries: Vec<(String, String)>,
    /// Provinces.
    pub provinces: Vec<(String, String)>,
    /// The communes of the chosen province.
    pub communes: Vec<(String, String)>,
}

/// The choices under a filter.
pub async fn public_choices(app: &App, filter: &PublicFilter) -> Result<PublicChoices, AppError> {
    let mut tx = app.db.read().await?;
    let named = |units: Vec<ocop_store::units::Unit>| {
        units.into_iter().map(|unit| (unit.code, unit.name)).collect::<Vec<_>>()
    };
    let provinces = named(ocop_store::units::provinces(&mut tx).await?);
    let communes = if filter.province.is_empty() {
        Vec::new()
    } else {
        named(ocop_store::units::children(&mut tx, &filter.province).await?)
    };
    let industries = crate::registry::industries(app, app.today());
    Ok(PublicChoices { industries, provinces, communes })
}
