//! The public list: products whose certificate counts and is in force, under the names certified.

use std::cmp::Reverse;

use chrono::NaiveDate;
use ocop_core::id::ProductId;
use ocop_core::search::Kind;

use crate::db::{Row, StoreError, Tx};
use crate::search::{Road, has_word, has_words, road, spans};
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
    /// Last day of the certificate.
    pub valid_until: NaiveDate,
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
        valid_until: row.get("valid_until")?,
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
        let (words, road) = road(tx, None, Kind::Certificate, self.words).await?;
        let sets = if self.sets.is_empty() { String::new() } else { format!(" {} ", self.sets.trim()) };
        let mut args = crate::args![&self.on, &self.stars, &sets, self.province, self.commune];
        args.extend(spans(&words));
        let way = match (road, self.province, self.commune) {
            (Road::Word, _, _) => Way::Words,
            (Road::List, "", "") if are_rare(tx, self.sets).await? => Way::Sets,
            (Road::List, "", "") => Way::Nation,
            (Road::List, _, "") => Way::Province,
            (Road::List, _, _) => Way::Commune,
        };
        Ok((args, way))
    }
}

/// How a query gets to its certificates: from its rarest word, from the products of its sets, or along
/// the list of a place, each by an index of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Words,
    Sets,
    Nation,
    Province,
    Commune,
}

/// The most products of sets that are gathered and sorted. Of more frequent ones, walking the nation's
/// list finds a page sooner.
const RARE_SETS: i64 = 2_000;

/// Whether the sets (` 1 2 3 `; none: all) have few products.
async fn are_rare(tx: &mut Tx, sets: &str) -> Result<bool, StoreError> {
    let mut products = 0;
    for set_no in sets.split_whitespace() {
        let counted = tx
            .row(
                "select count(*) as n from
                    (select 1 as one from product where set_no = cast($1 as bigint) limit $2) counted",
                crate::args![set_no, &RARE_SETS],
            )
            .await?;
        products += counted.get::<i64>("n")?;
    }
    Ok(!sets.is_empty() && products < RARE_SETS)
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

/// The certificates wanted: the rarest word leads through its index to them, or the list of a place is
/// walked in its own order.
macro_rules! in_force {
    (word, $what:expr, $end:literal) => {
        in_force!(
            $what,
            "(select distinct id from search_word
               where word >= $6 and word < $7 and kind || '' = 'certificate') lead
             join certificate on certificate.id = lead.id",
            "and (cast($4 as text) = '' or certificate.province = $4)
             and (cast($5 as text) = '' or certificate.commune = $5) ",
            $end
        )
    };
    (sets, $what:expr, $end:literal) => {
        in_force!(
            $what,
            "(select id from product where set_no = cast(trim($3) as bigint)) lead
             join certificate on certificate.product_id = lead.id",
            "and cast($4 as text) = '' and cast($5 as text) = '' ",
            listed,
            $end
        )
    };
    (nation, $what:expr, $end:literal) => {
        in_force!($what, "certificate", "and cast($4 as text) = '' and cast($5 as text) = '' ", listed, $end)
    };
    (province, $what:expr, $end:literal) => {
        in_force!($what, "certificate", "and certificate.province = $4 and cast($5 as text) = '' ", listed, $end)
    };
    (commune, $what:expr, $end:literal) => {
        in_force!(
            $what,
            "certificate",
            "and certificate.commune = $5 and (cast($4 as text) = '' or certificate.province || '' = $4) ",
            listed,
            $end
        )
    };
    ($what:expr, $from:literal, $place:literal, listed, $end:literal) => {
        in_force!(
            $what,
            $from,
            $place,
            concat!(
                has_word!("'certificate'", "certificate.id", "$6", "$7"),
                $end
            )
        )
    };
    ($what:expr, $from:literal, $place:literal, $end:expr) => {
        concat!(
            "select ",
            $what,
            " from ",
            $from,
            "
              join product on product.id = certificate.product_id
              left join unit on unit.code = certificate.commune
              where certificate.issued_on <= $1 and certificate.valid_until >= $1
                and (certificate.revoked_on is null or certificate.revoked_on > $1)
                and (certificate.next_on is null or certificate.next_on > $1)
                and product.merged_into is null
                and (cast($2 as bigint) = 0 or certificate.stars = $2)
                and (cast($3 as text) = '' or cast($3 as text) like '% ' || cast(product.set_no as text) || ' %') ",
            has_words!("'certificate'", "certificate.id", "$8" "$9", "$10" "$11", "$12" "$13", "$14" "$15", "$16" "$17"),
            $place,
            $end
        )
    };
}

macro_rules! page {
    ($road:ident, $end:literal) => {
        in_force!(
            $road,
            "certificate.id, certificate.product_id, certificate.product, certificate.producer,
             coalesce(unit.name, '') as commune, certificate.stars, certificate.valid_until, certificate.fold",
            $end
        )
    };
    ($road:ident after) => {
        page!(
            $road,
            "and certificate.stars <= $18
             and (certificate.stars < $18 or certificate.fold > $19
                  or (certificate.fold = $19 and certificate.id > $20))
           order by certificate.stars desc, certificate.fold, certificate.id
           limit $21"
        )
    };
    ($road:ident before) => {
        page!(
            $road,
            "and certificate.stars >= $18
             and (certificate.stars > $18 or certificate.fold < $19
                  or (certificate.fold = $19 and certificate.id < $20))
           order by certificate.stars, certificate.fold desc, certificate.id desc
           limit $21"
        )
    };
}

macro_rules! counted {
    ($road:ident) => {
        concat!("select count(*) as n from (", in_force!($road, "1 as one", "limit $18"), ") counted")
    };
}

/// A page of the products, most stars first, then by name.
pub async fn list(
    tx: &mut Tx,
    wanted: Wanted<'_>,
    page: Page<'_>,
    limit: i64,
) -> Result<Vec<PublicProduct>, StoreError> {
    let (args, way) = wanted.asked(tx).await?;
    if way != Way::Sets {
        return walk(tx, way, args, page, limit).await;
    }
    let mut rows = Vec::new();
    for one in wanted.each_set() {
        let (args, _) = one.asked(tx).await?;
        rows.extend(walk(tx, way, args, page, limit).await?);
    }
    rows.sort_by(|one: &PublicProduct, other| {
        let key = |row: &PublicProduct| (Reverse(row.stars), row.fold.clone(), row.certificate.clone());
        key(one).cmp(&key(other))
    });
    let limit = usize::try_from(limit).unwrap_or_default();
    match page {
        Page::First | Page::After(_) => rows.truncate(limit),
        Page::Before(_) => drop(rows.drain(..rows.len().saturating_sub(limit))),
    }
    Ok(rows)
}

async fn walk(
    tx: &mut Tx,
    way: Way,
    mut args: Vec<Arg>,
    page: Page<'_>,
    limit: i64,
) -> Result<Vec<PublicProduct>, StoreError> {
    let ((stars, fold, id), back) = match page {
        Page::First => ((u8::MAX, "", ""), false),
        Page::After(key) => (key, false),
        Page::Before(key) => (key, true),
    };
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
    let mut rows = tx.rows(sql, args).await?.iter().map(product).collect::<Result<Vec<_>, StoreError>>()?;
    if back {
        rows.reverse();
    }
    Ok(rows)
}

/// How many there are, at most `most`: whoever sees that many looks for something narrower.
pub async fn count(tx: &mut Tx, wanted: Wanted<'_>, most: i64) -> Result<i64, StoreError> {
    let (args, way) = wanted.asked(tx).await?;
    if way != Way::Sets {
        return counted(tx, way, args, most).await;
    }
    let mut all = 0;
    for one in wanted.each_set() {
        let (args, _) = one.asked(tx).await?;
        all += counted(tx, way, args, most).await?;
    }
    Ok(all.min(most))
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
