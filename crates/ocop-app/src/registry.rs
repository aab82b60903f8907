//! The registers of products and producers of an office: looked through by the filters of an
//! address, as of a day, a page at a time, and given away as a file of exactly these rows.

pub mod file;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::producers::ProducerKind;
use ocop_core::registry::{ProducerFilter, ProductFilter, Sort, day_of};
use ocop_core::reports::{ProducerGroup, district_of};
use ocop_core::search::words;
use ocop_core::text::thousands;
use ocop_store::registry::{self as store, Page, ProducerQuery, ProductQuery};
pub use ocop_store::registry::{ProducerLine, ProductLine};
use ocop_store::reports::Within;
use ocop_store::units::Unit;
use ocop_store::{Tx, units};
use serde::{Deserialize, Serialize};

use crate::accounts::{commune_of, province_of};
use crate::paging::{Cut, Direction, cut};
use crate::reports::regime_on;
use crate::{App, AppError};

/// Rows on a page.
pub const PAGE: usize = 50;
/// What is counted exactly, which is more than any province has; beyond, a page says "more than".
const MOST_COUNTED: i64 = 50_000;

/// `1.234`, or `hơn 50.000` beyond what is counted.
pub fn counted(number: i64) -> String {
    if number > MOST_COUNTED { format!("hơn {}", thousands(MOST_COUNTED)) } else { thousands(number) }
}

/// Where in a list a page lies, and its order; from the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct At {
    /// Code of a [`Sort`]; by name when empty.
    pub sort: String,
    /// `key~id` of the row before the page.
    pub after: String,
    /// `key~id` of the row behind the page.
    pub before: String,
}

impl At {
    /// The order.
    pub fn sort(&self) -> Sort {
        self.sort.parse().unwrap_or(Sort::Name)
    }

    fn page(&self) -> Page<'_> {
        match (self.after.rsplit_once('~'), self.before.rsplit_once('~')) {
            (Some((key, id)), _) => Page::After(key, id),
            (None, Some((key, id))) => Page::Before(key, id),
            (None, None) => Page::First,
        }
    }
}

/// Whose register it is: a province's, or the part of it in a commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The province.
    pub province: Unit,
    /// The commune, for its officers.
    pub commune: Option<Unit>,
}

impl Office {
    /// Its name.
    pub fn name(&self) -> &str {
        self.commune.as_ref().map_or(&self.province.name, |commune| &commune.name)
    }
}

/// The register that the reader may look through.
pub(crate) async fn office(tx: &mut Tx, actor: &Actor) -> Result<Office, AppError> {
    let commune = match (province_of(actor), commune_of(actor)) {
        (None, Some(code)) => units::find(tx, code).await?,
        (Some(_), _) | (None, None) => None,
    };
    let province = commune.as_ref().and_then(|unit| unit.parent.as_deref()).or(province_of(actor));
    let subject = Subject {
        province: province.map(str::to_owned),
        commune: commune.as_ref().map(|unit| unit.code.clone()),
        ..Subject::default()
    };
    // Nothing is changed: the permit has done its work.
    let _permit = policy::may(actor, Action::ReadRegistry, &subject)?;
    let province = units::find(tx, province.unwrap_or_default()).await?.ok_or(AppError::NotFound)?;
    Ok(Office { province, commune })
}

/// A page of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<Line> {
    /// Whose register.
    pub office: Office,
    /// The day as of which everything is told.
    pub on: NaiveDate,
    /// The rows.
    pub lines: Vec<Line>,
    /// How many rows there are on all pages; [`counted`] tells it in words.
    pub total: i64,
    /// `key~id`: where the page before ends.
    pub before: Option<String>,
    /// `key~id`: where the page behind begins.
    pub after: Option<String>,
    /// The words that the list shows instead of those typed, when nothing had these.
    pub mended: Option<String>,
}

/// The products that a filter means.
pub async fn products(
    app: &App,
    actor: &Actor,
    filter: &ProductFilter,
    at: &At,
) -> Result<Listed<ProductLine>, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let mut query = product_query(app, &mut tx, &office, filter).await?;
    let mut total = store::count_products(&mut tx, &query, MOST_COUNTED + 1).await?;
    let mut mended = None;
    if total == 0 && !query.words.is_empty() {
        for meant in slips(&mut tx, &office, &query.words).await? {
            let other = ProductQuery { words: meant, ..query.clone() };
            total = store::count_products(&mut tx, &other, MOST_COUNTED + 1).await?;
            if total > 0 {
                mended = Some(other.words.join(" "));
                query = other;
                break;
            }
        }
    }
    let lines = store::products(&mut tx, &query, at.sort(), at.page(), most()).await?;
    let key = |line: &ProductLine| format!("{}~{}", line.key, line.id);
    Ok(listed(Found { office, on: query.on, lines, total, mended }, at, key))
}

/// The producers that a filter means.
pub async fn producers(
    app: &App,
    actor: &Actor,
    filter: &ProducerFilter,
    at: &At,
) -> Result<Listed<ProducerLine>, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let mut query = producer_query(app, &mut tx, &office, filter).await?;
    let mut total = store::count_producers(&mut tx, &query, MOST_COUNTED + 1).await?;
    let mut mended = None;
    if total == 0 && !query.words.is_empty() {
        for meant in slips(&mut tx, &office, &query.words).await? {
            let other = ProducerQuery { words: meant, ..query.clone() };
            total = store::count_producers(&mut tx, &other, MOST_COUNTED + 1).await?;
            if total > 0 {
                mended = Some(other.words.join(" "));
                query = other;
                break;
            }
        }
    }
    let lines = store::producers(&mut tx, &query, at.page(), most()).await?;
    let key = |line: &ProducerLine| format!("{}~{}", line.key, line.id);
    Ok(listed(Found { office, on: query.on, lines, total, mended }, at, key))
}

/// One row more than a page has: it tells whether there is another page.
fn most() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

async fn slips(tx: &mut Tx, office: &Office, words: &[String]) -> Result<Vec<Vec<String>>, AppError> {
    crate::search::slips(tx, words, &BTreeSet::from([office.province.code.clone()])).await
}

/// What the store gave, with the row too many.
struct Found<Line> {
    office: Office,
    on: NaiveDate,
    lines: Vec<Line>,
    total: i64,
    mended: Option<String>,
}

/// The page without the row too many.
fn listed<Line>(found: Found<Line>, at: &At, key: impl Fn(&Line) -> String) -> Listed<Line> {
    let Found { office, on, lines, total, mended } = found;
    let direction = match at.page() {
        Page::First => Direction::First,
        Page::After(_, _) => Direction::On,
        Page::Before(_, _) => Direction::Back,
    };
    let Cut { rows: lines, before, after } = cut(lines, PAGE, direction, key);
    Listed { office, on, lines, total, before, after, mended }
}

/// A code that no row has: what a filter means that excludes everything.
const NONE: &str = " - ";

/// The filter of an address as the store asks it.
async fn product_query(
    app: &App,
    tx: &mut Tx,
    office: &Office,
    filter: &ProductFilter,
) -> Result<ProductQuery, AppError> {
    let on = day_of(&filter.on, app.today());
    let (commune, elsewhere) = commune(office, &filter.commune);
    let sets = sets_of(app, on, &filter.industry, &filter.set);
    let (first, last) = year(&filter.year);
    Ok(ProductQuery {
        province: office.province.code.clone(),
        commune,
        on,
        words: words(&filter.q),
        standing: filter.standing.clone(),
        stars: filter.stars.parse().unwrap_or_default(),
        level: filter.level.clone(),
        sets: if elsewhere { NONE.to_owned() } else { sets },
        kinds: kinds(&filter.kind),
        former_units: former_units(tx, office, &filter.district).await?,
        producer: filter.producer.clone(),
        event: filter.event.clone(),
        first,
        last,
        until: filter.until.clone(),
        stamped: filter.stamped.clone(),
        listed: filter.listed.clone(),
    })
}

async fn producer_query(
    app: &App,
    tx: &mut Tx,
    office: &Office,
    filter: &ProducerFilter,
) -> Result<ProducerQuery, AppError> {
    let (commune, elsewhere) = commune(office, &filter.commune);
    Ok(ProducerQuery {
        province: office.province.code.clone(),
        commune,
        on: day_of(&filter.on, app.today()),
        words: words(&filter.q),
        kinds: if elsewhere { NONE.to_owned() } else { kinds(&filter.kind) },
        former_units: former_units(tx, office, &filter.district).await?,
        starred: filter.starred.clone(),
        // As in the reports, producers count from their first product on.
        with_products: filter.products != "none",
    })
}

/// The commune to look in, and whether the filter asks for another one than the office's own.
fn commune(office: &Office, asked: &str) -> (String, bool) {
    match &office.commune {
        Some(own) => (own.code.clone(), !asked.is_empty() && asked != own.code),
        None => (asked.to_owned(), false),
    }
}

/// First and last day of a year; of all years when it is none.
fn year(text: &str) -> (NaiveDate, NaiveDate) {
    let year = text.parse().ok().filter(|year| (1900..=9999).contains(year));
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    (day(year.unwrap_or(1900), 1, 1), day(year.unwrap_or(9999), 12, 31))
}

/// The numbers of an industry's sets, or of one set, as ` 1 2 3 `; empty for all.
pub(crate) fn sets_of(app: &App, on: NaiveDate, industry: &str, set: &str) -> String {
    if industry.is_empty() && set.is_empty() {
        return String::new();
    }
    if industry.is_empty() {
        return format!(" {set} ");
    }
    let sets = regime_on(app, on).into_iter().flat_map(|regime| regime.sets.values());
    let fits =
        sets.filter(|one| one.industry.no == industry && (set.is_empty() || one.no.to_string() == set));
    let list = fits.fold(" ".to_owned(), |list, one| format!("{list}{} ", one.no));
    if list.trim().is_empty() { NONE.to_owned() } else { list }
}

/// The industries of the classification of a day: number and name.
pub(crate) fn industries(app: &App, on: NaiveDate) -> Vec<(String, String)> {
    let mut industries: Vec<(String, String)> = Vec::new();
    for set in regime_on(app, on).into_iter().flat_map(|regime| regime.sets.values()) {
        let industry = (set.industry.no.clone(), set.industry.name.clone());
        if !industries.contains(&industry) {
            industries.push(industry);
        }
    }
    industries
}

/// The kinds of a group of kinds, or one kind, as ` a b `; empty for all.
fn kinds(code: &str) -> String {
    if code.is_empty() {
        return String::new();
    }
    let group = code.parse::<ProducerGroup>().ok();
    let fits = |kind: &&ProducerKind| group == Some(ProducerGroup::of(**kind)) || kind.code() == code;
    let list =
        ProducerKind::ALL.iter().filter(fits).fold(" ".to_owned(), |list, kind| format!("{list}{kind} "));
    if list.trim().is_empty() { NONE.to_owned() } else { list }
}

/// The former units of a district, as ` a b c `; empty for all.
async fn former_units(tx: &mut Tx, office: &Office, district: &str) -> Result<String, AppError> {
    if district.is_empty() {
        return Ok(String::new());
    }
    let units = ocop_store::reports::districts(tx, Within::Province(&office.province.code)).await?;
    let by_code: BTreeMap<_, _> = units.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
    let inside = by_code.keys().filter(|unit| district_of(&by_code, unit) == Some(district));
    let list = inside.fold(" ".to_owned(), |list, unit| format!("{list}{unit} "));
    Ok(if list.trim().is_empty() { NONE.to_owned() } else { list })
}

/// What the filters can be set to, and the names of codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Industries: number and name.
    pub industries: Vec<(String, String)>,
    /// Product sets by number.
    pub sets: BTreeMap<u16, String>,
    /// Communes: code and name.
    pub communes: Vec<(String, String)>,
    /// Name of the former unit that the filter names; empty without.
    pub district: String,
    /// Name of the producer that the filter names; empty without.
    pub producer: String,
}

/// The choices of an office's filters on a day.
pub async fn choices(
    app: &App,
    actor: &Actor,
    on: &str,
    district: &str,
    producer: &str,
) -> Result<Choices, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let on = day_of(on, app.today());
    let industries = industries(app, on);
    let sets = regime_on(app, on).into_iter().flat_map(|regime| regime.sets.values());
    let sets = sets.map(|set| (set.no, set.name.clone())).collect();
    let communes = match &office.commune {
        Some(own) => vec![own.clone()],
        None => units::children(&mut tx, &office.province.code).await?,
    };
    let communes = communes.into_iter().map(|unit| (unit.code, unit.name)).collect();
    let district = store::former_unit_name(&mut tx, district).await?.unwrap_or_default();
    let producer = match producer.parse() {
        Ok(id) => ocop_store::producers::find(&mut tx, &id).await?,
        Err(_) => None,
    };
    let is_here = |kept: &ocop_store::producers::Producer| {
        kept.province == office.province.code
            && office.commune.as_ref().is_none_or(|own| own.code == kept.commune)
    };
    let producer = producer.filter(is_here).map(|kept| kept.name).unwrap_or_default();
    Ok(Choices { industries, sets, communes, district, producer })
}

/// What the start page of the register counts, today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Whose register.
    pub office: Office,
    /// Products.
    pub products: i64,
    /// Of these, with a star in force.
    pub starred: i64,
    /// Producers.
    pub producers: i64,
    /// Certificates that end in this month.
    pub ending: i64,
    /// This month: `2026-11`.
    pub month: String,
    /// Whether the reader may take lists in and merge records.
    pub is_provinces: bool,
}

/// The register in four numbers.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview, AppError> {
    let mut tx = app.db.read().await?;
    let office = office(&mut tx, actor).await?;
    let today = app.today();
    let month = format!("{:04}-{:02}", today.year(), today.month());
    let mut counts = Vec::new();
    for (standing, until) in [("", ""), ("starred", ""), ("", month.as_str())] {
        let filter = ProductFilter {
            standing: standing.to_owned(),
            until: until.to_owned(),
            ..ProductFilter::default()
        };
        let query = product_query(app, &mut tx, &office, &filter).await?;
        counts.push(store::count_products(&mut tx, &query, MOST_COUNTED + 1).await?);
    }
    let query = producer_query(app, &mut tx, &office, &ProducerFilter::default()).await?;
    let producers = store::count_producers(&mut tx, &query, MOST_COUNTED + 1).await?;
    let is_provinces = office.commune.is_none();
    let [products, starred, ending] = counts.try_into().unwrap_or_default();
    Ok(Overview { office, products, starred, producers, ending, month, is_provinces })
}
