//! What everybody may know: products with their certificates, and what a certificate is worth
//! today. Stars come from a certificate in force and from nothing else; no personal data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::recognition::{Validity, tidy_code, validity};
use ocop_core::text::{fold, fold_words};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::recognition::{self as store, Certificate, PublicProduct};

use crate::dossiers::Snapshot;
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
    /// Last day.
    pub valid_until: String,
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
    /// The certificate that counts today, or else the latest.
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
    Ok(PublicCertificate {
        validity: validity(app.today(), kept.issued_on, kept.valid_until, kept.revoked_on),
        code: kept.check_code,
        number: kept.number,
        stars: kept.stars,
        decision: format!("{} ngày {}", decision.number, date(decision.decided_on)),
        issued_on: date(kept.issued_on),
        valid_until: date(kept.valid_until),
        revoked_on: kept.revoked_on.map(date).unwrap_or_default(),
    })
}

/// The certificate of a product that counts on a day: the newest in force, or else the newest.
fn counting(today: NaiveDate, newest_first: Vec<Certificate>) -> Option<Certificate> {
    let in_force = |kept: &Certificate| {
        validity(today, kept.issued_on, kept.valid_until, kept.revoked_on) == Validity::InForce
    };
    let at = newest_first.iter().position(in_force).unwrap_or(0);
    newest_first.into_iter().nth(at)
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
const PAGE: usize = 50;
/// The most products that one search looks through.
const MOST: i64 = 20_000;

/// A page of the products with a certificate in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductList {
    /// The products of this page.
    pub rows: Vec<PublicProduct>,
    /// How many fit the search.
    pub found: usize,
    /// The page's number, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// Products with a certificate in force whose name or producer has every word of `query`, marks
/// and case aside.
pub async fn products(app: &App, query: &str, page: usize) -> Result<ProductList, AppError> {
    let words = fold_words(query);
    let mut tx = app.db.read().await?;
    let found = store::in_force(&mut tx, app.today(), words.first().map(String::as_str), MOST).await?;
    let mut rows: Vec<PublicProduct> = Vec::new();
    let mut places: BTreeMap<ProductId, usize> = BTreeMap::new();
    for row in found.into_iter().filter(|row| has_words(row, &words)) {
        // Two certificates in force: the one that ends later is the newer one, and it counts.
        match places.get(&row.product_id).and_then(|at| rows.get_mut(*at)) {
            Some(kept) if kept.valid_until < row.valid_until => *kept = row,
            Some(_) => {}
            None => {
                places.insert(row.product_id.clone(), rows.len());
                rows.push(row);
            }
        }
    }
    let found = rows.len();
    let pages = found.div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let rows = rows.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    Ok(ProductList { rows, found, page, pages })
}

fn has_words(row: &PublicProduct, words: &[String]) -> bool {
    let key = format!("{}{}", fold(&row.product), fold(&row.producer));
    words.iter().all(|word| key.contains(&format!(" {word}")))
}
