//! The register while a file goes in: what the rows name, read once and kept up to date, so that a
//! trial without changes sees what the rows before it would have brought.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ocop_core::id::{CertificateId, ProducerId, ProductId};
use ocop_core::imports::columns::Column;
use ocop_core::imports::record::{Fault, Record};
use ocop_core::merging::bare_name;
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::Level;
use ocop_core::reports::ProducerGroup;
use ocop_core::rules::Regime;
use ocop_core::text::fold;
use ocop_core::time::Instant;
use ocop_core::units::{Gazetteer, Resolved, Unresolved};
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::products::facts::{self, Listing, Revenue};
use ocop_store::units::former;
use ocop_store::{Tx, evaluations, producers, products, recognition, units};

use crate::{App, AppError};

/// How rows are taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// Code of the province whose register it is.
    pub province: &'a str,
    /// Id of the regime whose numbers of product sets the file bears.
    pub sets: &'a str,
    /// Whether the rows are only tried.
    pub dry: bool,
    /// Whether what comes in belongs to the demonstration.
    pub demo: bool,
}

/// A certificate that a product has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeldCertificate {
    /// None for one that is only tried.
    pub id: Option<CertificateId>,
    pub decision_no: String,
    pub decided_on: NaiveDate,
    pub level: Level,
    pub stars: u8,
    pub valid_until: NaiveDate,
    pub revoked_on: Option<NaiveDate>,
    /// Whether it rests on a dossier of this software.
    pub issued_here: bool,
}

/// What is known about a product beside its register.
#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    pub certificates: Vec<HeldCertificate>,
    /// Level, unit and day of its evaluations on paper.
    pub evaluated: BTreeSet<(Level, String, NaiveDate)>,
    pub codes: BTreeSet<String>,
    pub listings: Vec<Listing>,
    pub revenues: Vec<Revenue>,
}

/// The register of a province while rows go in.
pub(crate) struct Book<'a> {
    pub(super) app: &'a App,
    pub(super) manner: Manner<'a>,
    pub(super) now: Instant,
    /// The regime that the file numbers its sets by.
    pub(super) numbered_by: &'a Regime,
    /// The regime that the register numbers its sets by.
    pub(super) today: &'a Regime,
    pub(super) province_name: String,
    gazetteer: Gazetteer,
    places: BTreeMap<(String, String), Result<Resolved, Fault>>,
    producers: BTreeMap<ProducerId, Producer>,
    by_key: BTreeMap<String, Vec<ProducerId>>,
    products: BTreeMap<ProductId, Product>,
    shelves: BTreeMap<ProducerId, Vec<ProductId>>,
    held: BTreeMap<ProductId, Held>,
    coded: BTreeMap<String, ProductId>,
}

/// What producers are looked up by.
fn keys(producer: &Producer) -> Vec<String> {
    let mut keys = vec![name_key(&producer.name)];
    keys.extend(number_key("tax", &producer.tax_code));
    keys.extend(number_key("registration", &producer.registration_no));
    keys
}

/// A name as it is compared: without its legal form, unless it is nothing else.
fn name_key(name: &str) -> String {
    let bare = bare_name(name);
    format!("name{}", if bare.is_empty() { fold(name) } else { bare })
}

/// A number as it is compared: letters and digits alone.
fn number_key(what: &str, number: &str) -> Option<String> {
    let plain: String = fold(number).split_whitespace().collect();
    (!plain.is_empty()).then(|| format!("{what} {plain}"))
}

/// Whether both are told and differ.
fn contradict(what: &str, one: &str, other: &str) -> bool {
    let (one, other) = (number_key(what, one), number_key(what, other));
    one.is_some() && other.is_some() && one != other
}

/// Whether others may bear the same name in another commune: people do, companies do not.
fn bears_a_persons_name(kind: ProducerKind) -> bool {
    match ProducerGroup::of(kind) {
        ProducerGroup::Household | ProducerGroup::Farm => true,
        ProducerGroup::Enterprise
        | ProducerGroup::Cooperative
        | ProducerGroup::CooperativeGroup
        | ProducerGroup::Association => false,
    }
}

impl<'a> Book<'a> {
    /// Reads the producers and places of a province.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such province or regime.
    pub(crate) async fn open(app: &'a App, tx: &mut Tx, manner: Manner<'a>) -> Result<Self, AppError> {
        let province = units::find(tx, manner.province).await?.ok_or(AppError::NotFound)?;
        let mut book = Self {
            app,
            manner,
            now: app.now(),
            numbered_by: app.regime(manner.sets)?,
            today: app.regime_today()?,
            province_name: province.name,
            gazetteer: former::gazetteer(tx, manner.province).await?,
            places: BTreeMap::new(),
            producers: BTreeMap::new(),
            by_key: BTreeMap::new(),
            products: BTreeMap::new(),
            shelves: BTreeMap::new(),
            held: BTreeMap::new(),
            coded: BTreeMap::new(),
        };
        for producer in producers::with_duplicates(tx, manner.province).await? {
            book.put_producer(producer);
        }
        Ok(book)
    }

    /// Where a row places its producer.
    pub(super) fn place(&mut self, record: &Record) -> Result<Resolved, Fault> {
        let typed = (record.commune.clone(), record.district.clone());
        let gazetteer = &self.gazetteer;
        let found = self.places.entry(typed).or_insert_with(|| {
            gazetteer
                .resolve(&record.commune, &record.district)
                .map_err(|fault| Fault { column: Some(column_of(&fault, record)), reason: fault.to_string() })
        });
        found.clone()
    }

    /// Code and name of the district of a former unit on a day: the unit right below the province.
    pub(super) fn district(&self, former_unit: &str, day: NaiveDate) -> Option<(String, String)> {
        let day = day.to_string();
        let known = self.gazetteer.former(former_unit, Some(&day));
        let line = self.gazetteer.lineage(known.or(self.gazetteer.former(former_unit, None))?);
        let below_province = line.len().saturating_sub(2);
        line.get(below_province).map(|place| (place.code.clone(), place.name.clone()))
    }

    /// The producer that a row means: by tax code, else by registration number, else by name. A
    /// duplicate leads to the producer that was kept.
    pub(super) fn find_producer(&self, record: &Record, commune: &str) -> Option<&Producer> {
        let numbers =
            [number_key("tax", &record.tax_code), number_key("registration", &record.registration_no)];
        for key in numbers.into_iter().flatten() {
            let found = self.known_by(&key);
            let here = found.iter().find(|one| one.commune == commune).or(found.first());
            if let Some(found) = here {
                return Some(found);
            }
        }
        let mut named = self.known_by(&name_key(&record.producer_name));
        named.retain(|one| {
            ProducerGroup::of(one.kind) == ProducerGroup::of(record.producer_kind)
                && !contradict("tax", &one.tax_code, &record.tax_code)
                && !contradict("registration", &one.registration_no, &record.registration_no)
        });
        let here = named.iter().find(|one| one.commune == commune).copied();
        here.or(match named.as_slice() {
            [only] if !bears_a_persons_name(only.kind) => Some(only),
            _ => None,
        })
    }

    fn known_by(&self, key: &str) -> Vec<&Producer> {
        let mut found: Vec<&Producer> = Vec::new();
        for id in self.by_key.get(key).into_iter().flatten() {
            if let Some(kept) = self.kept_producer(id)
                && found.iter().all(|one| one.id != kept.id)
            {
                found.push(kept);
            }
        }
        found
    }

    /// The producer of an id, or what it was merged into.
    fn kept_producer(&self, id: &ProducerId) -> Option<&Producer> {
        let mut at = self.producers.get(id)?;
        // A merge leads to a kept record at once; the bound guards against a circle.
        for _ in 0..self.producers.len() {
            match &at.merged_into {
                None => return Some(at),
                Some(next) => at = self.producers.get(next)?,
            }
        }
        None
    }

    /// A producer by its id.
    pub(super) fn producer(&self, id: &ProducerId) -> Option<&Producer> {
        self.producers.get(id)
    }

    /// Notes a producer as it stands now.
    pub(super) fn put_producer(&mut self, producer: Producer) {
        for key in keys(&producer) {
            let ids = self.by_key.entry(key).or_default();
            if !ids.contains(&producer.id) {
                ids.push(producer.id.clone());
            }
        }
        self.producers.insert(producer.id.clone(), producer);
    }

    /// The product that bears or bore a code.
    pub(super) async fn find_by_code(
        &mut self,
        tx: &mut Tx,
        code: &str,
    ) -> Result<Option<Product>, AppError> {
        if let Some(id) = self.coded.get(code).cloned() {
            return self.kept_product(tx, &id).await;
        }
        for id in facts::of_code(tx, code).await? {
            if let Some(product) = self.kept_product(tx, &id).await? {
                return Ok(Some(product));
            }
        }
        Ok(None)
    }

    /// The product of a producer with a name; of two, the one in one of these sets.
    pub(super) async fn find_by_name(
        &mut self,
        tx: &mut Tx,
        owner: &ProducerId,
        name: &str,
        sets: &[u16],
    ) -> Result<Option<Product>, AppError> {
        let mut named: Vec<Product> = Vec::new();
        for id in self.shelf(tx, owner).await? {
            let same = self.products.get(&id).is_some_and(|one| fold(&one.name) == fold(name));
            if same
                && let Some(kept) = self.kept_product(tx, &id).await?
                && named.iter().all(|one| one.id != kept.id)
            {
                named.push(kept);
            }
        }
        let in_set = named.iter().position(|one| sets.contains(&one.set_no)).unwrap_or_default();
        Ok(named.into_iter().nth(in_set))
    }

    /// The products of a producer, read when it is first named.
    async fn shelf(&mut self, tx: &mut Tx, owner: &ProducerId) -> Result<Vec<ProductId>, AppError> {
        if let Some(ids) = self.shelves.get(owner) {
            return Ok(ids.clone());
        }
        let mut ids = Vec::new();
        for product in products::of_producer(tx, owner).await? {
            ids.push(product.id.clone());
            self.products.entry(product.id.clone()).or_insert(product);
        }
        self.shelves.insert(owner.clone(), ids.clone());
        Ok(ids)
    }

    /// The product of an id, or what it was merged into.
    async fn kept_product(&mut self, tx: &mut Tx, id: &ProductId) -> Result<Option<Product>, AppError> {
        let mut seen = BTreeSet::new();
        let mut next = Some(id.clone());
        while let Some(id) = next.take().filter(|id| seen.insert(id.clone())) {
            let known = match self.products.get(&id) {
                Some(known) => Some(known.clone()),
                None => products::find(tx, &id).await?,
            };
            let Some(product) = known else { return Ok(None) };
            self.products.insert(id, product.clone());
            match &product.merged_into {
                None => return Ok(Some(product)),
                Some(kept) => next = Some(kept.clone()),
            }
        }
        Ok(None)
    }

    /// Notes a product as it stands now.
    pub(super) fn put_product(&mut self, product: Product) {
        // A shelf that was not read yet will be read with everything on it.
        if let Some(shelf) = self.shelves.get_mut(&product.producer_id)
            && !shelf.contains(&product.id)
        {
            shelf.push(product.id.clone());
        }
        self.products.insert(product.id.clone(), product);
    }

    /// Takes the products of a producer along to its new commune.
    pub(super) fn move_products(&mut self, owner: &ProducerId, commune: &str) {
        for product in self.products.values_mut().filter(|one| one.producer_id == *owner) {
            commune.clone_into(&mut product.commune);
        }
    }

    /// Notes whose a code is.
    pub(super) fn put_code(&mut self, product: &ProductId, code: &str) {
        self.coded.insert(code.to_owned(), product.clone());
        if let Some(held) = self.held.get_mut(product) {
            held.codes.insert(code.to_owned());
        }
    }

    /// What is known about a product; nothing of one that has just come in.
    pub(super) async fn held(&mut self, tx: &mut Tx, product: &Product) -> Result<&mut Held, AppError> {
        if !self.held.contains_key(&product.id) {
            let held = self.read_held(tx, product).await?;
            self.held.insert(product.id.clone(), held);
        }
        self.held.get_mut(&product.id).ok_or(AppError::NotFound)
    }

    async fn read_held(&self, tx: &mut Tx, product: &Product) -> Result<Held, AppError> {
        let certificates = recognition::decided_for_product(tx, &product.id).await?;
        let certificates = certificates.into_iter().map(|(one, decision_no, decided_on)| HeldCertificate {
            id: Some(one.id),
            decision_no,
            decided_on,
            level: one.level,
            stars: one.stars,
            valid_until: one.valid_until,
            revoked_on: one.revoked_on,
            issued_here: one.dossier_id.is_some(),
        });
        let evaluated = evaluations::of_product(tx, &product.id).await?;
        Ok(Held {
            certificates: certificates.collect(),
            evaluated: evaluated.into_iter().map(|one| (one.level, one.unit, one.evaluated_on)).collect(),
            codes: facts::former_codes(tx, &product.id)
                .await?
                .into_iter()
                .chain(product.code.clone())
                .collect(),
            listings: facts::listings(tx, &product.id).await?,
            revenues: facts::revenues(tx, &product.id).await?,
        })
    }

    /// A product that has just come in holds nothing yet.
    pub(super) fn hold_nothing(&mut self, product: &ProductId) {
        self.held.insert(product.clone(), Held::default());
    }
}

/// The column whose cell cannot be placed.
fn column_of(fault: &Unresolved, record: &Record) -> Column {
    match fault {
        Unresolved::Empty | Unresolved::UnknownCommune(_) => Column::Commune,
        Unresolved::UnknownFormer(_) | Unresolved::Elsewhere { .. } => Column::District,
        Unresolved::Ambiguous { typed, .. } if typed.trim() == record.district.trim() => Column::District,
        Unresolved::Ambiguous { .. } => Column::Commune,
    }
}
