//! One row into the register: everything is looked at first, then kept, so that a refused row leaves
//! nothing behind.

use ocop_core::id::{CertificateId, ProducerId, ProductId};
use ocop_core::imports::columns::Column;
use ocop_core::imports::line::Line;
use ocop_core::imports::record::{Fault, Record};
use ocop_core::imports::run::{Counts, RowOutcome};
use ocop_core::merging::bare_name;
use ocop_core::producers::Representative;
use ocop_core::products::ProductCode;
use ocop_core::text::fold;
use ocop_core::units::Resolved;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::products::facts::{self, Listing, Revenue};
use ocop_store::{StoreError, Tx, producers, products};

use super::book::Book;
use super::results::ResultPlan;
use crate::producers::changed_fields;
use crate::runtime::fresh;
use crate::{AppError, Refusal};

/// Why a row did not go in.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The row is wrong; it left nothing behind.
    Row(Vec<Fault>),
    /// Something broke.
    App(AppError),
}

impl From<AppError> for Halt {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Row(vec![fault])
    }
}

pub(super) fn fault(column: Column, reason: impl Into<String>) -> Fault {
    Fault { column: Some(column), reason: reason.into() }
}

/// What became of one record of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark<Id> {
    /// Which.
    pub id: Id,
    /// Whether the row brought it.
    pub is_new: bool,
    /// The fields that the row changed.
    pub fields: Vec<&'static str>,
}

/// What a row did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entered {
    pub producer: Mark<ProducerId>,
    pub product: Mark<ProductId>,
    /// None when the row tells of no certificate; its id is none when the row was only tried.
    pub certificate: Option<Mark<Option<CertificateId>>>,
}

impl Entered {
    /// Counts the row.
    pub(crate) fn note(&self, counts: &mut Counts) {
        let certificate = self.certificate.as_ref();
        let new_certificate = certificate.is_some_and(|mark| mark.is_new);
        let changed = !(self.producer.fields.is_empty() && self.product.fields.is_empty())
            || certificate.is_some_and(|mark| !mark.fields.is_empty());
        counts.producers += i64::from(self.producer.is_new);
        counts.products += i64::from(self.product.is_new);
        counts.certificates += i64::from(new_certificate);
        counts.note(if self.producer.is_new || self.product.is_new || new_certificate {
            RowOutcome::Added
        } else if changed {
            RowOutcome::Changed
        } else {
            RowOutcome::Unchanged
        });
    }
}

/// A record of the register as it is to stand.
struct Draft<T> {
    value: T,
    is_new: bool,
    fields: Vec<&'static str>,
}

/// What a row is to do.
struct Plan {
    producer: Draft<Producer>,
    product: Draft<Product>,
    code: Option<ProductCode>,
    listings: Vec<Listing>,
    revenue: Option<Revenue>,
    result: ResultPlan,
}

impl Book<'_> {
    /// Takes one row in.
    ///
    /// # Errors
    /// [`Halt::Row`] with every fault of the row.
    pub(crate) async fn enter(&mut self, tx: &mut Tx, line: &Line) -> Result<Entered, Halt> {
        let plan = self.plan(tx, line).await?;
        Ok(self.keep(tx, plan).await?)
    }

    async fn plan(&mut self, tx: &mut Tx, line: &Line) -> Result<Plan, Halt> {
        let record = &line.record;
        let (place, sets) = match (self.place(record), self.sets(record)) {
            (Ok(place), Ok(sets)) => (place, sets),
            (place, sets) => {
                return Err(Halt::Row([place.err(), sets.err()].into_iter().flatten().collect()));
            }
        };
        let producer = self.producer_of(line, &place);
        let code = code_of(record)?;
        let product = self.product_of(tx, line, &producer.value, &sets, code.as_ref()).await?;
        let result = self.result_of(tx, record, &producer.value, &product.value, product.is_new).await?;
        let mut plan = Plan { producer, product, code: None, listings: Vec::new(), revenue: None, result };
        self.facts_of(tx, record, code, &mut plan).await?;
        Ok(plan)
    }

    /// The row's product set as numbers of today's regime, the usual one first.
    fn sets(&self, record: &Record) -> Result<Vec<u16>, Fault> {
        let set = self.numbered_by.set_named(&record.set).ok_or_else(|| {
            fault(
                Column::SetNo,
                format!(
                    "«{}» không phải là bộ sản phẩm của {}. Ghi số hoặc tên bộ theo phân loại đó.",
                    record.set, self.numbered_by.name
                ),
            )
        })?;
        let sets = self.app.rules.sets_in(&self.numbered_by.id, set.no, &self.today.id);
        if sets.is_empty() {
            return Err(fault(
                Column::SetNo,
                format!(
                    "Bộ {} ({}) của {} không còn bộ tương ứng trong {}. Nhập riêng sản phẩm này với bộ hiện hành.",
                    set.no, set.name, self.numbered_by.name, self.today.name
                ),
            ));
        }
        Ok(sets)
    }

    fn producer_of(&self, line: &Line, place: &Resolved) -> Draft<Producer> {
        match self.find_producer(&line.record, &place.commune) {
            Some(kept) => {
                let value = told_producer(kept, line, place);
                let fields = changed_fields(kept, &value);
                Draft { value, is_new: false, fields }
            }
            None => Draft { value: self.new_producer(&line.record, place), is_new: true, fields: Vec::new() },
        }
    }

    fn new_producer(&self, record: &Record, place: &Resolved) -> Producer {
        Producer {
            id: fresh(&*self.app.ids),
            province: self.manner.province.to_owned(),
            commune: place.commune.clone(),
            name: record.producer_name.clone(),
            kind: record.producer_kind,
            registration_no: record.registration_no.clone(),
            registered_on: record.registered_on,
            tax_code: record.tax_code.clone(),
            address: record.address.clone(),
            phone: record.phone.clone(),
            email: record.email.clone(),
            history: String::new(),
            structure: String::new(),
            former_unit: place.former_unit.clone().unwrap_or_default(),
            representative: Representative {
                name: record.representative.clone(),
                title: String::new(),
                gender: record.gender,
                ethnicity: record.ethnicity.clone(),
                residence: String::new(),
                disabled: false,
            },
            demo: self.manner.demo,
            merged_into: None,
            created_at: self.now,
            version: 1,
        }
    }

    async fn product_of(
        &mut self,
        tx: &mut Tx,
        line: &Line,
        owner: &Producer,
        sets: &[u16],
        code: Option<&ProductCode>,
    ) -> Result<Draft<Product>, Halt> {
        let record = &line.record;
        let by_code = match code {
            Some(code) => self.find_by_code(tx, &code.to_string()).await?,
            None => None,
        };
        if let Some(other) = by_code.as_ref().filter(|product| product.producer_id != owner.id) {
            return Err(self.not_theirs(other, &record.product_code).into());
        }
        let kept = match by_code {
            Some(kept) => Some(kept),
            None => self.find_by_name(tx, &owner.id, &record.product_name, sets).await?,
        };
        let Some(kept) = kept else {
            let value = self.new_product(record, owner, sets);
            return Ok(Draft { value, is_new: true, fields: Vec::new() });
        };
        let value = told_product(&kept, line, sets);
        let fields = changed_product(&kept, &value);
        Ok(Draft { value, is_new: false, fields })
    }

    fn not_theirs(&self, product: &Product, code: &str) -> Fault {
        let owner = self.producer(&product.producer_id).map_or("khác", |owner| owner.name.as_str());
        let words = format!(
            "Mã {code} là của sản phẩm «{}», chủ thể «{owner}». Kiểm tra lại mã hoặc tên chủ thể.",
            product.name
        );
        fault(Column::ProductCode, words)
    }

    fn new_product(&self, record: &Record, owner: &Producer, sets: &[u16]) -> Product {
        Product {
            id: fresh(&*self.app.ids),
            producer_id: owner.id.clone(),
            province: owner.province.clone(),
            commune: owner.commune.clone(),
            name: record.product_name.clone(),
            set_no: sets.first().copied().unwrap_or_default(),
            description: String::new(),
            packaging: String::new(),
            standard: String::new(),
            story: String::new(),
            code: None,
            joined_on: record.joined_on.or(record.decided_on).unwrap_or(self.now.day()),
            stamped_since: record.stamped_since,
            merged_into: None,
            created_at: self.now,
            version: 1,
        }
    }

    /// Puts into the plan what the row tells and the register does not know yet.
    async fn facts_of(
        &mut self,
        tx: &mut Tx,
        record: &Record,
        code: Option<ProductCode>,
        plan: &mut Plan,
    ) -> Result<(), AppError> {
        let (now, today) = (self.now, self.now.day());
        if plan.product.is_new {
            self.hold_nothing(&plan.product.value.id);
        }
        let held = self.held(tx, &plan.product.value).await?;
        plan.code = code.filter(|code| !held.codes.contains(&code.to_string()));
        for told in &record.platforms {
            let kept = held.listings.iter().find(|kept| fold(&kept.platform) == fold(&told.name));
            let since = told.since.or(kept.map(|kept| kept.since)).unwrap_or(today);
            if kept.is_none_or(|kept| kept.since != since) {
                plan.listings.push(Listing {
                    platform: kept.map_or(&told.name, |kept| &kept.platform).clone(),
                    since,
                    url: kept.map(|kept| kept.url.clone()).unwrap_or_default(),
                    ended_on: kept.and_then(|kept| kept.ended_on),
                });
            }
        }
        plan.revenue = record.revenue.and_then(|(year, amount)| {
            let year = u16::try_from(year).ok()?;
            let is_kept = held.revenues.iter().any(|kept| kept.year == year && kept.amount == amount);
            (!is_kept).then_some(Revenue { year, amount, noted_at: now })
        });
        if !plan.product.is_new {
            let told = [
                ("code", plan.code.is_some()),
                ("platforms", !plan.listings.is_empty()),
                ("revenue", plan.revenue.is_some()),
            ];
            plan.product.fields.extend(told.into_iter().filter_map(|(field, is)| is.then_some(field)));
        }
        Ok(())
    }

    async fn keep(&mut self, tx: &mut Tx, plan: Plan) -> Result<Entered, AppError> {
        let Plan { producer, product, code, listings, revenue, result } = plan;
        let owner =
            Mark { id: producer.value.id.clone(), is_new: producer.is_new, fields: producer.fields.clone() };
        self.keep_producer(tx, producer).await?;
        let mark =
            Mark { id: product.value.id.clone(), is_new: product.is_new, fields: product.fields.clone() };
        let product = self.keep_product(tx, product).await?;
        if let Some(code) = code {
            self.keep_code(tx, &product, &code).await?;
        }
        self.keep_facts(tx, &product, listings, revenue).await?;
        let certificate = self.keep_result(tx, &product, result).await?;
        Ok(Entered { producer: owner, product: mark, certificate })
    }

    async fn keep_producer(&mut self, tx: &mut Tx, draft: Draft<Producer>) -> Result<(), AppError> {
        let mut producer = draft.value;
        if draft.is_new {
            if !self.manner.dry {
                producers::insert(tx, &producer).await?;
            }
        } else if draft.fields.is_empty() {
            return Ok(());
        } else {
            if !self.manner.dry {
                must_have_changed(producers::update(tx, &producer).await?)?;
                producer.version += 1;
            }
            if draft.fields.contains(&"commune") {
                if !self.manner.dry {
                    products::move_to(tx, &producer.id, &producer.province, &producer.commune).await?;
                }
                self.move_products(&producer.id, &producer.commune);
            }
        }
        self.put_producer(producer);
        Ok(())
    }

    async fn keep_product(&mut self, tx: &mut Tx, draft: Draft<Product>) -> Result<Product, AppError> {
        let mut product = draft.value;
        let of_register = |field: &&str| REGISTER_FIELDS.contains(field);
        if draft.is_new {
            if !self.manner.dry {
                products::insert(tx, &product).await?;
            }
        } else if draft.fields.iter().any(of_register) && !self.manner.dry {
            must_have_changed(products::update(tx, &product).await?)?;
            product.version += 1;
        }
        self.put_product(product.clone());
        Ok(product)
    }

    async fn keep_code(
        &mut self,
        tx: &mut Tx,
        product: &Product,
        code: &ProductCode,
    ) -> Result<(), AppError> {
        let written = code.to_string();
        let given = code.is_todays() && product.code.is_none();
        if !self.manner.dry {
            if given {
                products::give_code(tx, &product.id, &written).await?;
            } else {
                facts::put_former_code(tx, &product.id, &written).await?;
            }
        }
        if given {
            self.put_product(Product { code: Some(written.clone()), ..product.clone() });
        }
        self.put_code(&product.id, &written);
        Ok(())
    }

    async fn keep_facts(
        &mut self,
        tx: &mut Tx,
        product: &Product,
        listings: Vec<Listing>,
        revenue: Option<Revenue>,
    ) -> Result<(), AppError> {
        if !self.manner.dry {
            for listing in &listings {
                facts::put_listing(tx, &product.id, listing).await?;
            }
            if let Some(revenue) = &revenue {
                facts::put_revenue(tx, &product.id, revenue).await?;
            }
        }
        let held = self.held(tx, product).await?;
        for listing in listings {
            held.listings.retain(|kept| kept.platform != listing.platform);
            held.listings.push(listing);
        }
        if let Some(revenue) = revenue {
            held.revenues.retain(|kept| kept.year != revenue.year);
            held.revenues.push(revenue);
        }
        Ok(())
    }
}

/// Somebody changed the record while the row was looked at: the step is done again.
fn must_have_changed(changed: bool) -> Result<(), AppError> {
    if changed {
        return Ok(());
    }
    Err(Refusal::because("Có người vừa sửa cùng một bản ghi trong lúc nhập. Phần này sẽ được nhập lại."))
}

fn code_of(record: &Record) -> Result<Option<ProductCode>, Fault> {
    if record.product_code.is_empty() {
        return Ok(None);
    }
    let code = ProductCode::parse(&record.product_code);
    code.map(Some).map_err(|wrong| fault(Column::ProductCode, wrong.to_string()))
}

/// Puts what is told in place of what is kept, when it may.
fn tell(kept: &mut String, told: &str, may_change: bool) {
    if !told.is_empty() && kept != told && (may_change || kept.is_empty()) {
        told.clone_into(kept);
    }
}

/// A kept producer with what the row tells of it.
fn told_producer(kept: &Producer, line: &Line, place: &Resolved) -> Producer {
    let (record, heads) = (&line.record, line.heads_producer);
    let mut told = kept.clone();
    // A name that differs in its legal form or its marks alone is the same name.
    tell(
        &mut told.name,
        &record.producer_name,
        heads && bare_name(&kept.name) != bare_name(&record.producer_name),
    );
    tell(&mut told.registration_no, &record.registration_no, heads);
    tell(&mut told.tax_code, &record.tax_code, heads);
    tell(&mut told.address, &record.address, true);
    tell(&mut told.phone, &record.phone, digits(&kept.phone) != digits(&record.phone));
    tell(&mut told.email, &record.email, true);
    tell(&mut told.former_unit, place.former_unit.as_deref().unwrap_or_default(), heads);
    tell(&mut told.representative.name, &record.representative, true);
    tell(&mut told.representative.ethnicity, &record.ethnicity, true);
    told.representative.gender = record.gender.or(kept.representative.gender);
    told.registered_on = record.registered_on.or(kept.registered_on);
    if heads {
        told.kind = record.producer_kind;
        told.commune.clone_from(&place.commune);
    }
    told
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// A kept product with what the row tells of it. A set that the row's set may have become stays.
fn told_product(kept: &Product, line: &Line, sets: &[u16]) -> Product {
    let record = &line.record;
    let mut told = kept.clone();
    if line.heads_product {
        tell(&mut told.name, &record.product_name, fold(&kept.name) != fold(&record.product_name));
        if !sets.contains(&kept.set_no) {
            told.set_no = sets.first().copied().unwrap_or(kept.set_no);
        }
    }
    told.joined_on = record.joined_on.unwrap_or(kept.joined_on);
    told.stamped_since = record.stamped_since.or(kept.stamped_since);
    told
}

/// The fields of a product that stand in its register; others are noted beside it.
const REGISTER_FIELDS: [&str; 4] = ["name", "set_no", "joined_on", "stamped_since"];

fn changed_product(before: &Product, after: &Product) -> Vec<&'static str> {
    let differs = [
        before.name != after.name,
        before.set_no != after.set_no,
        before.joined_on != after.joined_on,
        before.stamped_since != after.stamped_since,
    ];
    REGISTER_FIELDS.into_iter().zip(differs).filter_map(|(field, differs)| differs.then_some(field)).collect()
}
