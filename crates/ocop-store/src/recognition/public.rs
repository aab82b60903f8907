//! The public list: products whose certificate counts and is in force, under the names certified.

use std::cmp::Reverse;

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::search::Kind;

use crate::db::{Row, StoreError, Tx};
use crate::search::{EVERYWHERE, Road, fits, has_words, lead, looked_for, road};
use crate::value::Arg;

/// A product with a certificate in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicProduct {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product: String,
    /// Name of the producer.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// The star rank.
    pub stars: u8,
    /// The day that its star ends on as things stand: the last day of the certificate, once that has
    /// passed, of its extension.
    pub ends_on: NaiveDate,
    /// Both names folded: the order of products with as many stars.
    pub fold: String,
    /// The certificate: tells products of one name apart.
    pub certificate: String,
}

fn product(row: &Row) -> Result<PublicProduct, StoreError> {
    Ok(PublicProduct {
        product_id: row.get("product_id")?,
        product: row.get("product")?,
        producer: row.get("producer")?,
        commune: row.get("commune")?,
        stars: row.get("stars")?,
        ends_on: row.get("ends_on")?,
        fold: row.get("fold")?,
        certificate: row.get("id")?,
    })
}

/// Which products are wanted; what is empty says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The day.
    pub on: NaiveDate,
    /// Beginnings of folded words of the names, of the certificate's codes or its decision.
    pub words: &'a [String],
    /// Stars; 0 for any.
    pub stars: u8,
    /// Numbers of product sets, spaces between.
    pub sets: &'a str,
    /// Code of the province.
    pub province: &'a str,
    /// Code of the commune.
    pub commune: &'a str,
}

impl<'a> Wanted<'a> {
    /// Everything in force on a day that has these words.
    pub fn words(on: NaiveDate, words: &'a [String]) -> Self {
        Self { on, words, stars: 0, sets: "", province: "", commune: "" }
    }

    /// The same of each of the sets by itself.
    fn each_set(self) -> impl Iterator<Item = Self> {
        self.sets.split_whitespace().map(move |sets| Self { sets, ..self })
    }

    /// The statement's values, and how it gets to the certificates.
    async fn asked(self, tx: &mut Tx) -> Result<(Vec<Arg>, Way), StoreError> {
        let (words, road) = road(tx, EVERYWHERE, Kind::Certificate, self.words).await?;
        let sets = if self.sets.is_empty() { String::new() } else { format!(" {} ", self.sets.trim()) };
        let mut args = crate::args![&self.on, &self.stars, &sets, self.province, self.commune];
        args.extend(looked_for(&words));
        let way = match (road, self.province, self.commune) {
            (Road::Word, _, _) => Way::Words,
            (Road::List, "", "") if self.sets.is_empty() => Way::Nation,
            (Road::List, "", "") => Way::Sets,
            (Road::List, _, "") => Way::Province,
            (Road::List, _, _) => Way::Commune,
        };
        Ok((args, way))
    }
}

/// How a query gets to its certificates: from its rarest word, or along the list of each of its sets, of
/// a place or of the nation, each by an index of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Words,
    Sets,
    Nation,
    Province,
    Commune,
}

/// A row of the list: stars, names and certificate.
pub type Key<'a> = (u8, &'a str, &'a str);

/// Which way a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page<'a> {
    /// The first one.
    First,
    /// The one after this row.
    After(Key<'a>),
    /// The one before this row; its rows come in the order of the list, too.
    Before(Key<'a>),
}

/// The certificates wanted. Those of a duplicate product hang on the one that it gave way to.
macro_rules! in_force {
    (word, $what:expr, $end:expr) => {
        in_force!(
            $what,
            concat!(lead!("''", "'certificate'", "$6", "$7"), "join certificate on certificate.id = entry.id"),
            concat!(
                "and (cast($4 as text) = '' or certificate.province = $4)
                 and (cast($5 as text) = '' or certificate.commune = $5) ",
                in_force!(of_sets),
                fits!("$8" "$9" "$10" "$11" "$12" "$13")
            ),
            $end
        )
    };
    (sets, $what:expr, $end:expr) => {
        in_force!(
            $what,
            "certificate",
            concat!(
                "and certificate.set_no = cast(trim($3) as bigint)
                 and cast($4 as text) = '' and cast($5 as text) = '' ",
                in_force!(words)
            ),
            $end
        )
    };
    (nation, $what:expr, $end:expr) => {
        in_force!(
            $what,
            "certificate",
            in_force!(along, "and cast($4 as text) = '' and cast($5 as text) = '' "),
            $end
        )
    };
    (province, $what:expr, $end:expr) => {
        in_force!(
            $what,
            "certificate",
            in_force!(along, "and certificate.province = $4 and cast($5 as text) = '' "),
            $end
        )
    };
    (commune, $what:expr, $end:expr) => {
        in_force!(
            $what,
            "certificate",
            in_force!(
                along,
                "and certificate.commune = $5 and (cast($4 as text) = '' or certificate.province || '' = $4) "
            ),
            $end
        )
    };
    (along, $place:literal) => {
        concat!($place, in_force!(of_sets), in_force!(words))
    };
    (of_sets) => {
        "and (cast($3 as text) = '' or cast($3 as text) like '% ' || cast(certificate.set_no as text) || ' %') "
    };
    (words) => {
        has_words!("'certificate'", "certificate.id", "$8" "$9" "$10" "$11" "$12" "$13")
    };
    ($what:expr, $from:expr, $place:expr, $end:expr) => {
        concat!(
            "select ",
            $what,
            " from ",
            $from,
            "
              where certificate.issued_on <= $1
                and (certificate.valid_until >= $1 or certificate.extended_to >= $1)
                and (certificate.revoked_on is null or certificate.revoked_on > $1)
                and (certificate.next_on is null or certificate.next_on > $1)
                and (cast($2 as bigint) = 0 or certificate.stars = $2) ",
            $place,
            $end
        )
    };
}

/// The rows of a table beyond a row of the list, forwards or backwards, in that order.
macro_rules! beyond {
    (after $of:literal) => {
        beyond!($of, "<", ">", " desc", "")
    };
    (before $of:literal) => {
        beyond!($of, ">", "<", "", " desc")
    };
    ($of:literal, $stars:literal, $names:literal, $by_stars:literal, $by_names:literal) => {
        concat!(
            $of,
            ".stars ",
            $stars,
            "= $14 and (",
            $of,
            ".stars ",
            $stars,
            " $14 or ",
            $of,
            ".fold ",
            $names,
            " $15 or (",
            $of,
            ".fold = $15 and ",
            $of,
            ".id ",
            $names,
            " $16)) order by ",
            $of,
            ".stars",
            $by_stars,
            ", ",
            $of,
            ".fold",
            $by_names,
            ", ",
            $of,
            ".id",
            $by_names,
            " limit $17"
        )
    };
}

/// The rows of some certificates, with the names of their communes.
macro_rules! named {
    ($also:literal, $page:expr) => {
        concat!(
            "select certificate.id, certificate.product_id, certificate.product, certificate.producer,
                    certificate.stars, certificate.fold,
                    case when certificate.valid_until >= $1 then certificate.valid_until
                         else certificate.extended_to end as ends_on,
                    coalesce(unit.name, '') as commune",
            $also,
            " from ",
            $page,
            " left join certificate on certificate.id = page.id
              left join unit on unit.code = certificate.commune"
        )
    };
}

/// A page along the list of a place.
macro_rules! page {
    ($way:ident $direction:ident) => {
        named!(
            "",
            concat!(
                "(",
                in_force!($way, "certificate.id", concat!("and ", beyond!($direction "certificate"))),
                ") page"
            )
        )
    };
}

/// The same out of certificates that are gathered once, with how many they are: at least one row.
macro_rules! gathered {
    ($way:ident $direction:ident) => {
        concat!(
            "with fitting as materialized (",
            in_force!($way, "certificate.id, certificate.stars, certificate.fold", ""),
            ") ",
            named!(
                ", counted.n",
                concat!(
                    "(select count(*) as n from fitting) counted
                     left join (select id from fitting where ",
                    beyond!($direction "fitting"),
                    ") page on 1 = 1"
                )
            )
        )
    };
}

macro_rules! counted {
    ($way:ident) => {
        concat!("select count(*) as n from (", in_force!($way, "1 as one", "limit $14"), ") counted")
    };
}

/// A page of the list, and how many products there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The products of the page, most stars first, then by name.
    pub rows: Vec<PublicProduct>,
    /// How many there are on all pages, at most as many as were to be counted.
    pub found: i64,
}

/// A page of at most `limit` products, most stars first, then by name; counted up to `most`: whoever
/// sees that many looks for something narrower.
pub async fn list(
    tx: &mut Tx,
    wanted: Wanted<'_>,
    page: Page<'_>,
    limit: i64,
    most: i64,
) -> Result<Listed, StoreError> {
    let (args, way) = wanted.asked(tx).await?;
    let mut listed = match way {
        Way::Words => gather(tx, args, page, limit).await?,
        Way::Sets => {
            let mut listed = Listed::default();
            for one in wanted.each_set() {
                let (args, _) = one.asked(tx).await?;
                listed.found += counted(tx, way, args.clone(), most).await?;
                listed.rows.extend(walk(tx, way, args, page, limit).await?);
            }
            listed
        }
        Way::Nation | Way::Province | Way::Commune => Listed {
            found: counted(tx, way, args.clone(), most).await?,
            rows: walk(tx, way, args, page, limit).await?,
        },
    };
    listed.found = listed.found.min(most);
    listed.rows.sort_by(|one, other| order(one).cmp(&order(other)));
    let limit = usize::try_from(limit).unwrap_or_default();
    match page {
        Page::First | Page::After(_) => listed.rows.truncate(limit),
        Page::Before(_) => drop(listed.rows.drain(..listed.rows.len().saturating_sub(limit))),
    }
    Ok(listed)
}

/// The order of the list.
fn order(row: &PublicProduct) -> (Reverse<u8>, &str, &str) {
    (Reverse(row.stars), &row.fold, &row.certificate)
}

/// The bounds of a page, and whether it lies before them.
fn bounds(page: Page<'_>) -> (Key<'_>, bool) {
    match page {
        Page::First => ((u8::MAX, "", ""), false),
        Page::After(key) => (key, false),
        Page::Before(key) => (key, true),
    }
}

/// The rows of a page along a list, and of each list of several.
async fn walk(
    tx: &mut Tx,
    way: Way,
    mut args: Vec<Arg>,
    page: Page<'_>,
    limit: i64,
) -> Result<Vec<PublicProduct>, StoreError> {
    let ((stars, fold, id), back) = bounds(page);
    args.extend(crate::args![&stars, fold, id, &limit]);
    let sql = match (way, back) {
        (Way::Words, false) => page!(word after),
        (Way::Words, true) => page!(word before),
        (Way::Sets, false) => page!(sets after),
        (Way::Sets, true) => page!(sets before),
        (Way::Nation, false) => page!(nation after),
        (Way::Nation, true) => page!(nation before),
        (Way::Province, false) => page!(province after),
        (Way::Province, true) => page!(province before),
        (Way::Commune, false) => page!(commune after),
        (Way::Commune, true) => page!(commune before),
    };
    tx.rows(sql, args).await?.iter().map(product).collect()
}

/// The rows of a page out of everything that a word leads to, and how many that is.
async fn gather(tx: &mut Tx, mut args: Vec<Arg>, page: Page<'_>, limit: i64) -> Result<Listed, StoreError> {
    let ((stars, fold, id), back) = bounds(page);
    args.extend(crate::args![&stars, fold, id, &limit]);
    let sql = if back { gathered!(word before) } else { gathered!(word after) };
    let rows = tx.rows(sql, args).await?;
    let mut listed = Listed { rows: Vec::new(), found: rows.first().ok_or(StoreError::NoRow)?.get("n")? };
    for row in &rows {
        if row.get::<Option<String>>("id")?.is_some() {
            listed.rows.push(product(row)?);
        }
    }
    Ok(listed)
}

/// Whether there is any.
pub async fn is_any(tx: &mut Tx, wanted: Wanted<'_>) -> Result<bool, StoreError> {
    let (args, way) = wanted.asked(tx).await?;
    if way != Way::Sets {
        return Ok(counted(tx, way, args, 1).await? > 0);
    }
    for one in wanted.each_set() {
        let (args, _) = one.asked(tx).await?;
        if counted(tx, way, args, 1).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn counted(tx: &mut Tx, way: Way, mut args: Vec<Arg>, most: i64) -> Result<i64, StoreError> {
    args.extend(crate::args![&most]);
    let sql = match way {
        Way::Words => counted!(word),
        Way::Sets => counted!(sets),
        Way::Nation => counted!(nation),
        Way::Province => counted!(province),
        Way::Commune => counted!(commune),
    };
    tx.row(sql, args).await?.get("n")
}

// At the end: the tests use the macros.
#[cfg(test)]
mod tests;
