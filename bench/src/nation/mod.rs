//! A generated nation: the registers of 34 provinces, the same in every run.
//!
//! Every row follows from its number alone, so a province made by itself is, row for row, the
//! province inside the nation.

mod indexes;
mod rows;
mod words;

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{Days, NaiveDate};
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::{StarEvent, check_code, star_event, valid_until};
use ocop_core::text::fold;
use ocop_store::bulk::Bulk;
use ocop_store::db::Chain;
use ocop_store::{Db, Tx, args, units};

use crate::chance::Chance;
use indexes::Indexes;

/// Producers of one transaction, with everything that is theirs.
const BATCH: usize = 2_500;

/// How a nation is made.
pub struct Nation {
    /// Products in all; producers are half as many.
    pub products: usize,
    /// Only the province with this code.
    pub only: Option<&'static str>,
    /// The day as of which it is told.
    pub today: NaiveDate,
}

/// What was made.
#[derive(Debug, Default, Clone, Copy)]
pub struct Made {
    /// Producers.
    pub producers: usize,
    /// Products.
    pub products: usize,
    /// Evaluations: two a product.
    pub evaluations: usize,
    /// Certificates.
    pub certificates: usize,
}

/// A place of a nation.
struct Place {
    province: String,
    communes: Vec<(String, String)>,
}

impl Nation {
    /// Fills a database that has its units and nothing else.
    pub async fn fill(&self, db: &Db) -> Result<Made, Box<dyn Error>> {
        let places = places(db).await?;
        let mut made = Made::default();
        let producers = self.products / 2;
        // Province after province, as their registers were filled.
        let place = |no: usize| &places[no * places.len() / producers];
        let is_wanted = |no: &usize| self.only.is_none_or(|only| only == place(*no).province);
        let wanted: Vec<usize> = (0..producers).filter(is_wanted).collect();
        self.decisions(db, &places).await?;
        let indexes = Indexes::take_away(db).await?;
        for batch in wanted.chunks(BATCH) {
            let mut tx = db.write(Chain::of("nation", "bench")).await?;
            let mut sheet = Sheet::new();
            for no in batch {
                self.producer(&mut sheet, place(*no), *no, &mut made);
            }
            sheet.write(&mut tx).await?;
            tx.commit_upkeep().await?;
        }
        indexes.put_back(db).await?;
        Ok(made)
    }

    /// The days on which provinces decide: every half year, three years and a half back.
    fn sittings(&self) -> Vec<NaiveDate> {
        (0..7).map(|half| self.today - Days::new(30 + half * 182)).collect()
    }

    async fn decisions(&self, db: &Db, places: &[Place]) -> Result<(), Box<dyn Error>> {
        let mut tx = db.write(Chain::of("nation", "bench")).await?;
        let mut decisions = Bulk::new(rows::DECISION);
        for place in places.iter().filter(|place| self.only.is_none_or(|only| only == place.province)) {
            for (half, day) in self.sittings().iter().enumerate() {
                decisions.add(args![
                    &decision_id(&place.province, half),
                    &place.province,
                    &format!("{}{half}/QĐ-UBND", place.province),
                    day,
                    "Chủ tịch UBND tỉnh",
                    &noted(*day)
                ]);
            }
        }
        decisions.write(&mut tx).await?;
        Ok(tx.commit_upkeep().await?)
    }

    fn producer(&self, sheet: &mut Sheet, place: &Place, no: usize, made: &mut Made) {
        let mut chance = Chance::of(no);
        let (commune, commune_name) = &place.communes[chance.below(place.communes.len())];
        let (kind, title) = kind(&mut chance);
        let brand = chance.one(words::BRANDS);
        let name = format!("{title} {brand} {commune_name}");
        let woman = chance.below(5) < 2;
        let people = chance.one(words::PEOPLES);
        let representative = serde_json::json!({
            "name": "", "title": "", "gender": if woman { "female" } else { "male" },
            "ethnicity": people, "residence": "", "disabled": false
        });
        let since = self.today - Days::new(1_200 + chance.below(3_000) as u64);
        sheet.producers.add(args![
            &id("1", no),
            &place.province,
            commune,
            &name,
            &kind,
            &format!("{:02}B{no:07}", no % 97),
            &since,
            "",
            &format!("Thôn {}", 1 + chance.below(12)),
            "",
            "",
            &fold(&name),
            &i64::from(woman),
            &i64::from(people != "Kinh"),
            &representative.to_string(),
            &1_i64,
            &noted(since),
            &1_i64
        ]);
        made.producers += 1;
        let owner = Owner { place, commune, name: &name, brand, since };
        for at in 0..2 {
            self.product(sheet, &owner, no * 2 + at, no, made);
        }
    }

    fn product(&self, sheet: &mut Sheet, owner: &Owner<'_>, no: usize, producer: usize, made: &mut Made) {
        let mut chance = Chance::of(no + 500_000_000);
        let (what, set_no) = words::PRODUCTS[chance.below(words::PRODUCTS.len())];
        let name = format!("{what} {} {}", owner.brand, 1 + no % 7);
        let joined_on = owner.since + Days::new(chance.below(300) as u64);
        let stamped = (chance.below(10) < 9).then_some(joined_on);
        sheet.products.add(args![
            &id("2", no),
            &id("1", producer),
            &owner.place.province,
            owner.commune,
            &name,
            &i64::from(set_no),
            "",
            "",
            "",
            "",
            &fold(&name),
            &joined_on,
            &stamped,
            &noted(joined_on),
            &1_i64
        ]);
        made.products += 1;
        if chance.below(10) < 6 {
            let since = joined_on + Days::new(chance.below(400) as u64);
            sheet.listings.add(args![&id("2", no), chance.one(words::PLATFORMS), &since, ""]);
        }
        let amount = 20_000_000 * (1 + chance.below(150) as i64);
        sheet.revenues.add(args![&id("2", no), &2025_i64, &amount, &noted(joined_on)]);
        let product = ProductMade { no, set_no, name: &name };
        self.recognition(sheet, owner, &product, &mut chance, made);
    }

    /// Two evaluations a product; most of them gave certificates, of nearly four years.
    fn recognition(
        &self,
        sheet: &mut Sheet,
        owner: &Owner<'_>,
        product: &ProductMade<'_>,
        chance: &mut Chance,
        made: &mut Made,
    ) {
        let sittings = self.sittings();
        let newest = chance.below(sittings.len() - 1);
        let oldest = newest + 1 + chance.below(sittings.len() - 1 - newest);
        let days = [oldest, newest];
        let mut before = None;
        for (turn, half) in days.iter().enumerate() {
            let mean = 44 + chance.below(48) as i64;
            let stars = match mean {
                90.. => 5_u8,
                70.. => 4,
                50.. => 3,
                _ => 2,
            };
            let day = sittings[*half];
            let no = product.no * 2 + turn;
            let decision = decision_id(&owner.place.province, *half);
            sheet.evaluations.add(args![
                &id("3", no),
                &id("2", product.no),
                &owner.place.province,
                "2026-26",
                &i64::from(product.set_no),
                "province",
                &owner.place.province,
                "",
                "Hội đồng tỉnh",
                &day,
                &mean,
                &1_i64,
                "null",
                &i64::from(stars),
                if stars >= 3 { "recognised" } else { "noticed" },
                "[]",
                "[]",
                &noted(day)
            ]);
            made.evaluations += 1;
            if stars < 3 {
                continue;
            }
            let next_on = days.get(turn + 1).map(|next| sittings[*next]);
            let event: StarEvent = star_event(before, stars);
            sheet.certificates.add(args![
                &id("4", no),
                &check_code(code_of(no)),
                &format!("{no:07}/GCN-OCOP"),
                &owner.place.province,
                &id("2", product.no),
                product.name,
                owner.name,
                &format!("{}{}", fold(product.name), fold(owner.name)),
                &decision,
                &i64::from(stars),
                &day,
                &valid_until(day, 36),
                if stars == 5 { "centre" } else { "province" },
                owner.commune,
                &event,
                &next_on,
                &i64::from(product.set_no)
            ]);
            made.certificates += 1;
            before = Some(stars);
        }
    }
}

struct Owner<'a> {
    place: &'a Place,
    commune: &'a str,
    name: &'a str,
    brand: &'a str,
    since: NaiveDate,
}

struct ProductMade<'a> {
    no: usize,
    set_no: u16,
    name: &'a str,
}

/// The rows of a batch, by table, in the order in which they may be written.
struct Sheet {
    producers: Bulk,
    products: Bulk,
    listings: Bulk,
    revenues: Bulk,
    evaluations: Bulk,
    certificates: Bulk,
}

impl Sheet {
    fn new() -> Self {
        Self {
            producers: Bulk::new(rows::PRODUCER),
            products: Bulk::new(rows::PRODUCT),
            listings: Bulk::new(rows::LISTING),
            revenues: Bulk::new(rows::REVENUE),
            evaluations: Bulk::new(rows::EVALUATION),
            certificates: Bulk::new(rows::CERTIFICATE),
        }
    }

    async fn write(self, tx: &mut Tx) -> Result<(), Box<dyn Error>> {
        let tables = [
            self.producers,
            self.products,
            self.listings,
            self.revenues,
            self.evaluations,
            self.certificates,
        ];
        for table in tables {
            table.write(tx).await?;
        }
        Ok(())
    }
}

fn kind(chance: &mut Chance) -> (ProducerKind, &'static str) {
    match chance.below(10) {
        0..=3 => (ProducerKind::Cooperative, "Hợp tác xã"),
        4..=6 => (ProducerKind::Household, "Hộ kinh doanh"),
        7 => (ProducerKind::LimitedCompany, "Công ty TNHH"),
        8 => (ProducerKind::JointStockCompany, "Công ty cổ phần"),
        _ => (ProducerKind::CooperativeGroup, "Tổ hợp tác"),
    }
}

/// The id of the thing of this number; `noun` is one digit.
fn id(noun: &str, no: usize) -> String {
    format!("0192d3b0-7c1e-7abc-8{noun}ef-{no:012x}")
}

fn decision_id(province: &str, half: usize) -> String {
    format!("0192d3b0-7c1e-7abc-85ef-{province:0>10}{half:02}")
}

/// Ten letters' worth of chance, different for every number below 31 to the tenth.
fn code_of(no: usize) -> [u8; 10] {
    // A prime that does not divide 31: multiplying by it shuffles the numbers.
    let mut rest = (no as u128 * 1_000_000_007 + 12_345) % 31_u128.pow(10);
    let mut letters = [0; 10];
    for letter in &mut letters {
        *letter = u8::try_from(rest % 31).unwrap_or(0);
        rest /= 31;
    }
    letters
}

/// Eight in the morning of a day, as instants are kept.
fn noted(day: NaiveDate) -> String {
    format!("{day}T01:00:00.000000Z")
}

async fn places(db: &Db) -> Result<Vec<Place>, Box<dyn Error>> {
    let mut tx = db.read().await?;
    let mut places = BTreeMap::new();
    for province in units::provinces(&mut tx).await? {
        let communes = units::children(&mut tx, &province.code).await?;
        let short = |name: &str| name.split_once(' ').map_or(name, |(_, rest)| rest).to_owned();
        let communes = communes.into_iter().map(|unit| (unit.code, short(&unit.name))).collect();
        places.insert(province.code.clone(), Place { province: province.code, communes });
    }
    Ok(places.into_values().collect())
}
