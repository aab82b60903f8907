//! The rows of a register as they stood on a day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::id::{ProducerId, ProductId};
use crate::producers::ProducerKind;
use crate::recognition::{Level, StarEvent};
use crate::registry::{Standing, Term, standing};

/// A product that had joined by the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductFact {
    /// The product.
    pub id: ProductId,
    /// Its producer.
    pub producer: ProducerId,
    /// The kind of its producer.
    pub kind: ProducerKind,
    /// Number of its product set.
    pub set_no: u16,
    /// Code of its commune today.
    pub commune: String,
    /// Code of the former unit that its producer was registered in; may be empty.
    pub former_unit: String,
    /// Day of joining the programme.
    pub joined_on: NaiveDate,
    /// Carries electronic stamps since.
    pub stamped_since: Option<NaiveDate>,
}

/// A certificate issued by the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFact {
    /// The product.
    pub product: ProductId,
    /// Its stars.
    pub stars: u8,
    /// Who gave it.
    pub level: Level,
    /// What it was to the product.
    pub event: StarEvent,
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day of its term.
    pub valid_until: NaiveDate,
    /// Last day on which it is in force: of its term or its extension.
    pub last_on: NaiveDate,
    /// Withdrawn from this day on.
    pub revoked_on: Option<NaiveDate>,
    /// First day of the product's next certificate.
    pub next_on: Option<NaiveDate>,
}

/// A product on a platform on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingFact {
    /// The product.
    pub product: ProductId,
    /// The platform's name.
    pub platform: String,
    /// Since when.
    pub since: NaiveDate,
}

/// What a product earned in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevenueFact {
    /// The product.
    pub product: ProductId,
    /// The year.
    pub year: i32,
    /// In đồng.
    pub amount: i64,
}

/// A producer of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerFact {
    /// The producer.
    pub id: ProducerId,
    /// Its kind.
    pub kind: ProducerKind,
    /// Whether a woman leads it, when told.
    pub led_by_woman: Option<bool>,
    /// Whether somebody of an ethnic minority leads it, when told.
    pub led_by_minority: Option<bool>,
}

/// A unit that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictFact {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Code of the unit it belonged to.
    pub parent: Option<String>,
    /// Its last day.
    pub valid_to: NaiveDate,
}

/// Rows as the store gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Products.
    pub products: Vec<ProductFact>,
    /// Certificates, by product and first day.
    pub certificates: Vec<CertificateFact>,
    /// Platforms.
    pub listings: Vec<ListingFact>,
    /// Revenue.
    pub revenue: Vec<RevenueFact>,
    /// Producers.
    pub producers: Vec<ProducerFact>,
    /// Former units.
    pub districts: Vec<DistrictFact>,
}

impl CertificateFact {
    /// Its days.
    pub fn term(&self) -> Term {
        let Self { issued_on, valid_until, last_on, revoked_on, .. } = *self;
        Term { issued_on, valid_until, last_on, revoked_on }
    }
}

/// The register on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The day.
    pub on: NaiveDate,
    /// Its products.
    pub products: Vec<ProductFact>,
    /// Its producers: those with a product.
    pub producers: Vec<ProducerFact>,
    certificates: BTreeMap<ProductId, Vec<CertificateFact>>,
    listings: BTreeMap<ProductId, Vec<(String, NaiveDate)>>,
    revenue: Vec<RevenueFact>,
    /// Former units by code; of a code with several lives, the last.
    pub districts: BTreeMap<String, DistrictFact>,
}

impl Register {
    /// The register on a day: all of it, or one former district's.
    pub fn new(facts: Facts, on: NaiveDate, district: &str) -> Self {
        let districts: BTreeMap<String, DistrictFact> =
            facts.districts.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
        let inside = |product: &ProductFact| {
            district.is_empty() || super::district_of(&districts, &product.former_unit) == Some(district)
        };
        let products: Vec<ProductFact> = facts.products.into_iter().filter(inside).collect();
        let known: BTreeSet<&ProductId> = products.iter().map(|product| &product.id).collect();
        let owners: BTreeSet<&ProducerId> = products.iter().map(|product| &product.producer).collect();
        let mut certificates: BTreeMap<ProductId, Vec<CertificateFact>> = BTreeMap::new();
        for one in facts.certificates.into_iter().filter(|one| known.contains(&one.product)) {
            certificates.entry(one.product.clone()).or_default().push(one);
        }
        let mut listings: BTreeMap<ProductId, Vec<(String, NaiveDate)>> = BTreeMap::new();
        for one in facts.listings.into_iter().filter(|one| known.contains(&one.product)) {
            listings.entry(one.product).or_default().push((one.platform, one.since));
        }
        let revenue = facts.revenue.into_iter().filter(|one| known.contains(&one.product)).collect();
        let producers = facts.producers.into_iter().filter(|one| owners.contains(&one.id)).collect();
        Self { on, producers, certificates, listings, revenue, districts, products }
    }

    /// All certificates of a product, oldest first.
    pub fn certificates(&self, product: &ProductId) -> &[CertificateFact] {
        self.certificates.get(product).map_or(&[], Vec::as_slice)
    }

    /// The certificate that counts on a day: the last one issued by then.
    pub fn counting(&self, product: &ProductId, day: NaiveDate) -> Option<&CertificateFact> {
        let counts =
            |one: &&CertificateFact| one.issued_on <= day && one.next_on.is_none_or(|next| next > day);
        self.certificates(product).iter().rev().find(counts)
    }

    /// The certificate in force on a day.
    pub fn in_force(&self, product: &ProductId, day: NaiveDate) -> Option<&CertificateFact> {
        self.counting(product, day).filter(|one| standing(day, Some(one.term())) == Standing::Starred)
    }

    /// How a product stands on the register's day.
    pub fn standing(&self, product: &ProductId) -> Standing {
        standing(self.on, self.counting(product, self.on).map(CertificateFact::term))
    }

    /// The platforms that a product is on, with the first day on each.
    pub fn platforms(&self, product: &ProductId) -> &[(String, NaiveDate)] {
        self.listings.get(product).map_or(&[], Vec::as_slice)
    }

    /// What products earned.
    pub fn revenue(&self) -> &[RevenueFact] {
        &self.revenue
    }

    /// Whether a product was put on a platform in a year, and is on it still.
    pub fn was_put_on_platform_in(&self, product: &ProductId, year: i32) -> bool {
        self.platforms(product).iter().any(|(_, since)| chrono::Datelike::year(since) == year)
    }

    /// Whether a product carries electronic stamps.
    pub fn is_stamped(&self, product: &ProductFact) -> bool {
        product.stamped_since.is_some_and(|since| since <= self.on)
    }
}
