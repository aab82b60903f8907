//! The province's list of products, taken into the register: one line for each certificate.

use std::collections::BTreeMap;

use ocop_core::evaluations::{Told, points};
use ocop_core::id::{ProducerId, ProductId};
use ocop_core::imports::cells::{self, BadCell};
use ocop_core::imports::columns::Column;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::producers::Representative;
use ocop_core::recognition::Level;
use ocop_core::text::fold;
use ocop_core::time::Instant;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::products::facts::{self, Listing, Revenue};
use ocop_store::{Tx, producers, products, units};
use serde_json::json;

use super::data;
use crate::evaluations::{self, EvaluationInput, PaperCertificate, PaperDecision};
use crate::runtime::fresh;
use crate::{App, AppError, Refusal};

/// The regime whose product sets the lists number.
const NUMBERED_BY: &str = "2020-781";

/// Takes a list of `demo/` in: all of it or nothing.
pub(super) async fn take_in(app: &App, province: &str, list: &str) -> Result<(), AppError> {
    let text = data::text(list)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|fault| wrong(list, 1, &fault.to_string()))?.clone();
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let mut book = Book::open(app, &mut tx, province).await?;
    let mut rows = 0_usize;
    for (no, row) in (2..).zip(reader.records()) {
        let cells = row.map_err(|fault| wrong(list, no, &fault.to_string()))?;
        let row = Row { list, no, headings: &headings, cells: &cells };
        book.enter(&mut tx, &row).await?;
        rows += 1;
    }
    let details = json!({ "list": list, "rows": rows });
    tx.commit(policy::system(Action::ImportRegister), app.now(), &details).await?;
    Ok(())
}

/// Lets a person act for the producer with this registration number.
pub(super) async fn act_for(
    app: &App,
    province: &str,
    registration_no: &str,
    actor: &Actor,
) -> Result<(), AppError> {
    let found = producers::of_registration_no(&mut app.db.read().await?, province, registration_no).await?;
    let Some(producer) = found.into_iter().next() else {
        return Err(Refusal::because(format!("dữ liệu minh họa: không có chủ thể «{registration_no}»")));
    };
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", &producer.id)).await?;
    producers::members::add(&mut tx, &producer.id, &actor.person, now).await?;
    tx.commit(policy::system(Action::InviteMember), now, &json!({ "person": actor.person })).await?;
    Ok(())
}

fn wrong(list: &str, no: usize, what: &str) -> AppError {
    Refusal::because(format!("demo/{list}, dòng {no}: {what}"))
}

/// A line of the list, asked by the headings that register files have.
struct Row<'a> {
    list: &'a str,
    no: usize,
    headings: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: Column) -> &str {
        let at = self.headings.iter().position(|one| one == column.name());
        at.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }

    fn fault(&self, column: Column) -> AppError {
        wrong(self.list, self.no, &format!("{} «{}»", column.name(), self.text(column)))
    }

    /// What a cell says by its reader; `None` when it is empty.
    fn read<T>(
        &self,
        column: Column,
        reader: fn(&str) -> Result<Option<T>, BadCell>,
    ) -> Result<Option<T>, AppError> {
        reader(self.text(column))
            .map_err(|bad| wrong(self.list, self.no, &format!("{}: {bad}", column.name())))
    }

    /// The same of a cell that must not be empty.
    fn must<T>(&self, column: Column, reader: fn(&str) -> Result<Option<T>, BadCell>) -> Result<T, AppError> {
        self.read(column, reader)?.ok_or_else(|| self.fault(column))
    }
}

/// The register while a list goes in.
struct Book<'a> {
    app: &'a App,
    province: &'a str,
    now: Instant,
    communes: BTreeMap<String, String>,
    owners: BTreeMap<String, ProducerId>,
    kept: BTreeMap<(ProducerId, String), Product>,
}

impl<'a> Book<'a> {
    async fn open(app: &'a App, tx: &mut Tx, province: &'a str) -> Result<Self, AppError> {
        let communes = units::children(tx, province).await?;
        Ok(Self {
            app,
            province,
            now: app.now(),
            communes: communes.into_iter().map(|unit| (unit.name, unit.code)).collect(),
            owners: BTreeMap::new(),
            kept: BTreeMap::new(),
        })
    }

    async fn enter(&mut self, tx: &mut Tx, row: &Row<'_>) -> Result<(), AppError> {
        let owner = self.producer(tx, row).await?;
        let product = self.product(tx, &owner, row).await?;
        let product = self.dated(tx, product, row).await?;
        self.facts(tx, &product.id, row).await?;
        if !row.text(Column::Stars).is_empty() {
            self.certificate(tx, &product, row).await?;
        }
        Ok(())
    }

    async fn producer(&mut self, tx: &mut Tx, row: &Row<'_>) -> Result<ProducerId, AppError> {
        let registration_no = row.text(Column::RegistrationNo).to_owned();
        if let Some(known) = self.owners.get(&registration_no) {
            return Ok(known.clone());
        }
        let kept = producers::of_registration_no(tx, self.province, &registration_no).await?;
        let id = match kept.into_iter().next() {
            Some(mut known) => {
                if known.former_unit.is_empty() {
                    known.former_unit = row.text(Column::District).to_owned();
                    producers::update(tx, &known).await?;
                }
                for product in products::of_producer(tx, &known.id).await? {
                    self.kept.insert((known.id.clone(), fold(&product.name)), product);
                }
                known.id
            }
            None => self.new_producer(tx, row).await?,
        };
        self.owners.insert(registration_no, id.clone());
        Ok(id)
    }

    async fn new_producer(&self, tx: &mut Tx, row: &Row<'_>) -> Result<ProducerId, AppError> {
        let commune = self.communes.get(row.text(Column::Commune));
        let producer = Producer {
            id: fresh(&*self.app.ids),
            province: self.province.to_owned(),
            commune: commune.ok_or_else(|| row.fault(Column::Commune))?.clone(),
            name: row.text(Column::ProducerName).to_owned(),
            kind: row.must(Column::ProducerKind, cells::producer_kind)?,
            registration_no: row.text(Column::RegistrationNo).to_owned(),
            registered_on: row.read(Column::RegisteredOn, cells::day)?,
            tax_code: String::new(),
            address: row.text(Column::Address).to_owned(),
            phone: String::new(),
            email: String::new(),
            history: String::new(),
            structure: String::new(),
            former_unit: row.text(Column::District).to_owned(),
            representative: Representative {
                name: String::new(),
                title: String::new(),
                gender: row.read(Column::Gender, cells::gender)?,
                ethnicity: row.text(Column::Ethnicity).to_owned(),
                residence: String::new(),
                disabled: false,
            },
            demo: true,
            merged_into: None,
            created_at: self.now,
            version: 1,
        };
        producers::insert(tx, &producer).await?;
        Ok(producer.id)
    }

    async fn product(&mut self, tx: &mut Tx, owner: &ProducerId, row: &Row<'_>) -> Result<Product, AppError> {
        let name = row.text(Column::ProductName).to_owned();
        let key = (owner.clone(), fold(&name));
        if let Some(known) = self.kept.get(&key) {
            return Ok(known.clone());
        }
        let commune = self.communes.get(row.text(Column::Commune));
        let product = Product {
            id: fresh(&*self.app.ids),
            producer_id: owner.clone(),
            province: self.province.to_owned(),
            commune: commune.ok_or_else(|| row.fault(Column::Commune))?.clone(),
            name,
            set_no: self.set_in(&self.app.regime_today()?.id, row)?,
            description: String::new(),
            packaging: String::new(),
            standard: String::new(),
            story: String::new(),
            code: None,
            joined_on: row.must(Column::JoinedOn, cells::day)?,
            stamped_since: None,
            merged_into: None,
            created_at: self.now,
            version: 1,
        };
        products::insert(tx, &product).await?;
        self.kept.insert(key, product.clone());
        Ok(product)
    }

    /// The product with the days of its row: when it joined, since when it carries stamps.
    async fn dated(&mut self, tx: &mut Tx, mut product: Product, row: &Row<'_>) -> Result<Product, AppError> {
        let joined_on = row.read(Column::JoinedOn, cells::day)?.unwrap_or(product.joined_on);
        let stamped_since = row.read(Column::StampedSince, cells::day)?.or(product.stamped_since);
        if (joined_on, stamped_since) != (product.joined_on, product.stamped_since) {
            (product.joined_on, product.stamped_since) = (joined_on, stamped_since);
            products::update(tx, &product).await?;
            product.version += 1;
            let key = (product.producer_id.clone(), fold(&product.name));
            self.kept.insert(key, product.clone());
        }
        Ok(product)
    }

    /// The number of the row's product set in a regime: the usual successor in a later one.
    fn set_in(&self, regime: &str, row: &Row<'_>) -> Result<u16, AppError> {
        let fault = || row.fault(Column::SetNo);
        let no = row.text(Column::SetNo).parse().map_err(|_| fault())?;
        if regime == NUMBERED_BY {
            return Ok(no);
        }
        let moved = self.app.rules.successors(NUMBERED_BY, no).and_then(|moved| moved.to.first());
        moved.copied().ok_or_else(fault)
    }

    async fn facts(&self, tx: &mut Tx, product: &ProductId, row: &Row<'_>) -> Result<(), AppError> {
        let code = row.text(Column::ProductCode);
        if !code.is_empty() {
            facts::put_former_code(tx, product, code).await?;
        }
        for entry in row.text(Column::Platforms).split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (platform, since) = entry.rsplit_once(' ').ok_or_else(|| row.fault(Column::Platforms))?;
            let listing = Listing {
                platform: platform.to_owned(),
                since: since.parse().map_err(|_| row.fault(Column::Platforms))?,
                url: String::new(),
                ended_on: None,
            };
            facts::put_listing(tx, product, &listing).await?;
        }
        if row.text(Column::RevenueYear).is_empty() {
            return Ok(());
        }
        let revenue = Revenue {
            year: row.text(Column::RevenueYear).parse().map_err(|_| row.fault(Column::RevenueYear))?,
            amount: row.must(Column::Revenue, cells::money)?,
            noted_at: self.now,
        };
        Ok(facts::put_revenue(tx, product, &revenue).await?)
    }

    async fn certificate(&self, tx: &mut Tx, product: &Product, row: &Row<'_>) -> Result<(), AppError> {
        let decided_on = row.must(Column::DecidedOn, cells::day)?;
        let regime = self.app.rules.in_force_on(decided_on).ok_or_else(|| row.fault(Column::DecidedOn))?;
        let level = row.must(Column::Level, cells::level)?;
        let unit = match level {
            Level::District => row.text(Column::District),
            Level::Province => self.province,
            Level::Centre => "",
        };
        let input = EvaluationInput {
            product: product.id.clone(),
            round: None,
            regime: regime.id.clone(),
            set_no: self.set_in(&regime.id, row)?,
            level,
            unit: unit.to_owned(),
            unit_name: String::new(),
            council: String::new(),
            evaluated_on: decided_on,
            told: Told {
                mean: Some(points(row.text(Column::Points)).ok_or_else(|| row.fault(Column::Points))?),
                stars: Some(row.must(Column::Stars, cells::stars)?),
                ..Told::default()
            },
            ballots: Vec::new(),
            decision: Some(PaperDecision {
                number: row.text(Column::DecisionNo).to_owned(),
                decided_on,
                signed_by: row.text(Column::SignedBy).to_owned(),
            }),
            certificate: Some(PaperCertificate {
                number: String::new(),
                valid_until: row.read(Column::ValidUntil, cells::day)?,
                revoked_on: row.read(Column::RevokedOn, cells::day)?,
                revocation: Some(row.text(Column::Revocation).to_owned()).filter(|words| !words.is_empty()),
            }),
        };
        evaluations::record(self.app, tx, &input)
            .await
            .map(|_| ())
            .map_err(|fault| wrong(row.list, row.no, &fault.to_string()))
    }
}
