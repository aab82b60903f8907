//! The registers of products and producers of a province as they are looked through: narrowed by the
//! filters of an address, as of a day, a page at a time.

pub use export::{ExportRow, export};

use chrono::NaiveDate;
use ocop_core::id::{ProducerId, ProductId};
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::Level;
use ocop_core::registry::{Sort, Standing, Term, standing};
use ocop_core::search::Kind;

use crate::db::{Row, StoreError, Tx};
use crate::search::{Road, looked_for, road};
use crate::value::Arg;

/// Which products are wanted; what is empty says nothing. Lists of codes stand as ` a b c `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductQuery {
    /// Code of the province.
    pub province: String,
    /// Code of the commune.
    pub commune: String,
    /// The day as of which everything is told.
    pub on: NaiveDate,
    /// Beginnings of folded words of the product, its codes or its producer.
    pub words: Vec<String>,
    /// How it stands.
    pub standing: String,
    /// Stars in force; 0 for any.
    pub stars: u8,
    /// Who gave the star.
    pub level: String,
    /// Numbers of product sets.
    pub sets: String,
    /// Kinds of producer.
    pub kinds: String,
    /// Former units of the producer.
    pub former_units: String,
    /// The producer.
    pub producer: String,
    /// What happened to it, from the first to the last day.
    pub event: String,
    /// First day of `event`.
    pub first: NaiveDate,
    /// Last day of `event`.
    pub last: NaiveDate,
    /// Month in which the certificate in force ends: `2026-03`.
    pub until: String,
    /// `yes` or `no`: carries electronic stamps.
    pub stamped: String,
    /// `yes`, `no`, or the name of a platform.
    pub listed: String,
}

impl ProductQuery {
    fn args(&self) -> Vec<Arg> {
        crate::args![
            &self.province,
            &self.on,
            &self.commune,
            &self.standing,
            &self.stars,
            &self.level,
            &self.sets,
            &self.kinds,
            &self.former_units,
            &self.producer,
            &self.event,
            &self.first,
            &self.last,
            &self.until,
            &self.stamped,
            &self.listed,
        ]
    }

    /// The statement's values, and how it gets to the products.
    async fn asked(&self, tx: &mut Tx) -> Result<(Vec<Arg>, Lead), StoreError> {
        let (words, road) = road(tx, &self.province, Kind::Product, &self.words).await?;
        let mut args = self.args();
        args.extend(looked_for(&words));
        let lead = match road {
            Road::Word => Lead::Word,
            Road::List if !self.producer.is_empty() => Lead::Producer,
            Road::List if !self.commune.is_empty() => Lead::Commune,
            Road::List => Lead::Province,
        };
        Ok((args, lead))
    }
}

/// How a statement gets to its products: each lead has an index.
#[derive(Debug, Clone, Copy)]
enum Lead {
    /// From the rarest word.
    Word,
    /// Through the products of one producer.
    Producer,
    /// Along the list of a commune.
    Commune,
    /// Along the list of the province.
    Province,
}

/// A product in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLine {
    /// The product.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// Its producer.
    pub producer_id: ProducerId,
    /// The producer's name.
    pub producer: String,
    /// Name of the commune.
    pub commune: String,
    /// Number of the product set.
    pub set_no: u16,
    /// Stars of the certificate that counts on the day.
    pub stars: Option<u8>,
    /// Who gave them.
    pub level: Option<Level>,
    /// The day that certificate ends on, as things stand on the day.
    pub ends_on: Option<NaiveDate>,
    /// Whether it is in force only because a re-evaluation is being decided.
    pub is_extended: bool,
    /// How the product stands on the day.
    pub standing: Standing,
    /// What the list is ordered by.
    pub key: String,
}

fn term(row: &Row) -> Result<Option<Term>, StoreError> {
    let days: (Option<NaiveDate>, Option<NaiveDate>) = (row.get("issued_on")?, row.get("valid_until")?);
    let revoked_on = row.get("revoked_on")?;
    let extended_to: Option<NaiveDate> = row.get("extended_to")?;
    Ok(days.0.zip(days.1).map(|(issued_on, valid_until)| Term {
        issued_on,
        valid_until,
        last_on: extended_to.unwrap_or(valid_until),
        revoked_on,
    }))
}

fn product(row: &Row, on: NaiveDate) -> Result<ProductLine, StoreError> {
    let held = term(row)?;
    Ok(ProductLine {
        id: row.get("id")?,
        name: row.get("name")?,
        producer_id: row.get("producer_id")?,
        producer: row.get("producer")?,
        commune: row.get("commune")?,
        set_no: row.get("set_no")?,
        stars: row.get("stars")?,
        level: row.get("level")?,
        ends_on: held.map(|held| held.ends_on(on)),
        is_extended: held.is_some_and(|held| held.is_extended(on)),
        standing: standing(on, held),
        key: row.get("sort_key")?,
    })
}

/// That the certificate that counts on the day is in force on it.
macro_rules! in_force {
    () => {
        "(held.valid_until >= $2 or held.extended_to >= $2) and (held.revoked_on is null or held.revoked_on > $2)"
    };
}

/// The day that the certificate that counts ends on, as things stand on the day.
macro_rules! ends_on {
    () => {
        "case when held.valid_until >= $2 or held.extended_to is null then held.valid_until else held.extended_to end"
    };
}

/// The products that a query means. `held` is the certificate that counts on the day. The first word
/// says where the statement begins; what is added to a column there keeps other indexes away.
macro_rules! wanted_products {
    (word, $what:expr, $joins:literal, $end:expr) => {
        wanted_products!(
            $what,
            concat!($crate::search::lead!("$1", "'product'", "$17", "$18"), "join product on product.id = entry.id"),
            $joins,
            wanted_products!(
                led,
                "product.province || '' = $1 and (cast($3 as text) = '' or product.commune || '' = $3)
                 and (cast($10 as text) = '' or product.producer_id || '' = $10)"
            ),
            $end
        )
    };
    (producer, $what:expr, $joins:literal, $end:expr) => {
        wanted_products!(
            $what,
            "product",
            $joins,
            wanted_products!(
                along,
                "product.producer_id = $10 and product.province || '' = $1
                 and (cast($3 as text) = '' or product.commune || '' = $3)"
            ),
            $end
        )
    };
    (commune, $what:expr, $joins:literal, $end:expr) => {
        wanted_products!(
            $what,
            "product",
            $joins,
            wanted_products!(
                along,
                "product.commune = $3 and product.province || '' = $1 and cast($10 as text) = ''"
            ),
            $end
        )
    };
    (province, $what:expr, $joins:literal, $end:expr) => {
        wanted_products!(
            $what,
            "product",
            $joins,
            wanted_products!(
                along,
                "product.province = $1 and cast($3 as text) = '' and cast($10 as text) = ''"
            ),
            $end
        )
    };
    (led, $place:literal) => {
        concat!($place, $crate::search::fits!("$19" "$20" "$21" "$22" "$23" "$24"))
    };
    (along, $place:literal) => {
        concat!(
            $place,
            $crate::search::has_words!("'product'", "product.id", "$19" "$20" "$21" "$22" "$23" "$24")
        )
    };
    ($what:expr, $from:expr, $joins:literal, $place:expr, $end:expr) => {
        concat!(
            "select ",
            $what,
            " from ",
            $from,
            "
           join producer on producer.id = product.producer_id
           left join certificate held on held.product_id = product.id and held.issued_on <= $2
                and (held.next_on is null or held.next_on > $2) ",
            $joins,
            "
          where ",
            $place,
            " and product.merged_into is null and product.joined_on <= $2
            and (cast($4 as text) = ''
                 or ($4 = 'starred' and ",
            in_force!(),
            ")
                 or ($4 = 'expired' and coalesce(held.extended_to, held.valid_until) < $2
                     and (held.revoked_on is null or held.revoked_on > $2))
                 or ($4 = 'revoked' and held.revoked_on <= $2)
                 or ($4 = 'unranked' and held.id is null))
            and ((cast($5 as bigint) = 0 and cast($6 as text) = '')
                 or (",
            in_force!(),
            "
                     and ($5 = 0 or held.stars = $5)
                     and ($6 = '' or held.level = $6 or ($6 = 'province' and held.level = 'district'))))
            and (cast($7 as text) = '' or cast($7 as text) like '% ' || cast(product.set_no as text) || ' %')
            and (cast($8 as text) = '' or cast($8 as text) like '% ' || producer.kind || ' %')
            and (cast($9 as text) = ''
                 or (producer.former_unit <> '' and cast($9 as text) like '% ' || producer.former_unit || ' %'))
            and (cast($11 as text) = ''
                 or ($11 in ('new', 'upgraded', 'renewed')
                     and exists (select 1 from certificate c where c.product_id = product.id and c.event = $11
                            and c.issued_on >= $12 and c.issued_on <= $13 and c.issued_on <= $2))
                 or ($11 = 'revoked'
                     and exists (select 1 from certificate c where c.product_id = product.id
                            and c.revoked_on >= $12 and c.revoked_on <= $13 and c.revoked_on <= $2))
                 or ($11 = 'expired'
                     and exists (select 1 from certificate c where c.product_id = product.id
                            and coalesce(c.extended_to, c.valid_until) >= $12
                            and coalesce(c.extended_to, c.valid_until) <= $13
                            and coalesce(c.extended_to, c.valid_until) < $2
                            and (c.revoked_on is null or c.revoked_on > $2)
                            and (c.next_on is null or c.next_on > $2)))
                 or ($11 = 'joined' and product.joined_on >= $12 and product.joined_on <= $13))
            and (cast($14 as text) = ''
                 or (substr(",
            ends_on!(),
            ", 1, 7) = $14 and ",
            in_force!(),
            "))
            and (cast($15 as text) = ''
                 or ($15 = 'yes' and product.stamped_since <= $2)
                 or ($15 = 'no' and (product.stamped_since is null or product.stamped_since > $2)))
            and (cast($16 as text) = ''
                 or ($16 = 'no' and not exists (select 1 from listing where listing.product_id = product.id
                        and listing.since <= $2 and (listing.ended_on is null or listing.ended_on > $2)))
                 or ($16 <> 'no' and exists (select 1 from listing where listing.product_id = product.id
                        and ($16 = 'yes' or listing.platform = $16)
                        and listing.since <= $2 and (listing.ended_on is null or listing.ended_on > $2)))) ",
            $end
        )
    };
}

/// A statement for each lead.
macro_rules! each_lead {
    ($lead:expr, $statement:ident $args:tt) => {
        match $lead {
            Lead::Word => each_lead!(@ $statement word $args),
            Lead::Producer => each_lead!(@ $statement producer $args),
            Lead::Commune => each_lead!(@ $statement commune $args),
            Lead::Province => each_lead!(@ $statement province $args),
        }
    };
    (@ $statement:ident $lead:ident ($($arg:expr),*)) => {
        $statement!($lead, $($arg),*)
    };
}

// Below the macros, which it uses.
mod export;

/// A page of products in one order, forwards or backwards.
macro_rules! product_page {
    ($lead:ident, $key:expr, $beyond:expr, $direction:expr) => {
        wanted_products!(
            $lead,
            concat!(
                "product.id, product.name, product.producer_id, producer.name as producer,
                 coalesce(unit.name, '') as commune, product.set_no, held.stars, held.level, held.issued_on,
                 held.valid_until, held.extended_to, held.revoked_on, ",
                $key,
                " as sort_key"
            ),
            "left join unit on unit.code = product.commune",
            concat!(
                " and ", $key, " ", $beyond, "= $25 and (", $key, " ", $beyond, " $25 or product.id ", $beyond,
                " $26) order by ", $key, " ", $direction, ", product.id ", $direction, " limit $27"
            )
        )
    };
}

macro_rules! product_count {
    ($lead:ident,) => {
        concat!(
            "select count(*) as n from (",
            wanted_products!($lead, "1 as one", "", " limit $25"),
            ") counted"
        )
    };
}

/// Before the first and after the last text that an order knows.
const FIRST: &str = "";
const LAST: &str = "~";

/// Which way a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page<'a> {
    /// The first one.
    First,
    /// The one after this key and id.
    After(&'a str, &'a str),
    /// The one before this key and id; its rows come in the order of the list, too.
    Before(&'a str, &'a str),
}

/// A page of the list.
pub async fn products(
    tx: &mut Tx,
    query: &ProductQuery,
    sort: Sort,
    page: Page<'_>,
    limit: i64,
) -> Result<Vec<ProductLine>, StoreError> {
    let back = matches!(page, Page::Before(_, _));
    let (mut args, lead) = query.asked(tx).await?;
    let (sql, first) = match (sort, back) {
        (Sort::Name, false) => (each_lead!(lead, product_page("product.fold", ">", "asc")), FIRST),
        (Sort::Name, true) => (each_lead!(lead, product_page("product.fold", "<", "desc")), LAST),
        (Sort::Expiry, false) => {
            (each_lead!(lead, product_page(concat!("coalesce(", ends_on!(), ", '9999')"), ">", "asc")), FIRST)
        }
        (Sort::Expiry, true) => {
            (each_lead!(lead, product_page(concat!("coalesce(", ends_on!(), ", '9999')"), "<", "desc")), LAST)
        }
        (Sort::Newest, false) => (each_lead!(lead, product_page("product.joined_on", "<", "desc")), LAST),
        (Sort::Newest, true) => (each_lead!(lead, product_page("product.joined_on", ">", "asc")), FIRST),
    };
    let (key, id) = match page {
        Page::First => (first, first),
        Page::After(key, id) | Page::Before(key, id) => (key, id),
    };
    args.extend(crate::args![key, id, &limit]);
    let rows = tx.rows(sql, args).await?;
    let mut lines = rows.iter().map(|row| product(row, query.on)).collect::<Result<Vec<_>, StoreError>>()?;
    if back {
        lines.reverse();
    }
    Ok(lines)
}

/// How many products there are, counted up to `most`.
pub async fn count_products(tx: &mut Tx, query: &ProductQuery, most: i64) -> Result<i64, StoreError> {
    let (mut args, lead) = query.asked(tx).await?;
    args.extend(crate::args![&most]);
    tx.row(each_lead!(lead, product_count()), args).await?.get("n")
}

/// Which producers are wanted; as in [`ProductQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerQuery {
    /// Code of the province.
    pub province: String,
    /// Code of the commune.
    pub commune: String,
    /// The day as of which products are counted.
    pub on: NaiveDate,
    /// Beginnings of folded words of name, commune, tax code or registration number.
    pub words: Vec<String>,
    /// Kinds.
    pub kinds: String,
    /// Former units.
    pub former_units: String,
    /// `yes` or `no`: has a product with a star in force.
    pub starred: String,
    /// Those with a product that had joined by the day, or those without.
    pub with_products: bool,
}

/// How a statement gets to its producers: each lead has an index.
#[derive(Debug, Clone, Copy)]
enum ProducerLead {
    /// From the rarest word.
    Word,
    /// Through the producers of a commune.
    Commune,
    /// Along the list of the province.
    Province,
}

impl ProducerQuery {
    /// The statement's values, and how it gets to the producers.
    async fn asked(&self, tx: &mut Tx) -> Result<(Vec<Arg>, ProducerLead), StoreError> {
        let (words, road) = road(tx, &self.province, Kind::Producer, &self.words).await?;
        let lead = match road {
            Road::Word => ProducerLead::Word,
            Road::List if !self.commune.is_empty() => ProducerLead::Commune,
            Road::List => ProducerLead::Province,
        };
        let mut args = crate::args![
            &self.province,
            &self.on,
            &self.commune,
            &self.kinds,
            &self.former_units,
            &self.starred,
            &self.with_products,
        ];
        args.extend(looked_for(&words));
        Ok((args, lead))
    }
}

/// A producer in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerLine {
    /// The producer.
    pub id: ProducerId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ProducerKind,
    /// Name of the commune.
    pub commune: String,
    /// Number of the business registration; may be empty.
    pub registration_no: String,
    /// Tax code; may be empty.
    pub tax_code: String,
    /// Address below the commune.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// How many products it has on the day.
    pub products: i64,
    /// How many of these have a star in force.
    pub starred: i64,
    /// What the list is ordered by.
    pub key: String,
}

fn producer(row: &Row) -> Result<ProducerLine, StoreError> {
    Ok(ProducerLine {
        id: row.get("id")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        commune: row.get("commune")?,
        registration_no: row.get("registration_no")?,
        tax_code: row.get("tax_code")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        products: row.get("products")?,
        starred: row.get("starred")?,
        key: row.get("sort_key")?,
    })
}

/// The products of a producer with a star in force on the day.
macro_rules! starred {
    ($what:literal) => {
        concat!(
            "(select ",
            $what,
            " from product join certificate held on held.product_id = product.id
                where product.producer_id = producer.id and product.merged_into is null
                  and product.joined_on <= $2 and held.issued_on <= $2
                  and (held.next_on is null or held.next_on > $2) and ",
            in_force!(),
            ")"
        )
    };
}

/// The producers that a query means; the first word says where the statement begins, as with products.
macro_rules! wanted_producers {
    (word, $what:expr, $end:literal) => {
        wanted_producers!(
            $what,
            concat!($crate::search::lead!("$1", "'producer'", "$8", "$9"), "join producer on producer.id = entry.id"),
            concat!(
                "producer.province || '' = $1 and (cast($3 as text) = '' or producer.commune || '' = $3)",
                $crate::search::fits!("$10" "$11" "$12" "$13" "$14" "$15")
            ),
            $end
        )
    };
    (commune, $what:expr, $end:literal) => {
        wanted_producers!(
            $what,
            "producer",
            wanted_producers!(along, "producer.commune = $3 and producer.province || '' = $1"),
            $end
        )
    };
    (province, $what:expr, $end:literal) => {
        wanted_producers!(
            $what,
            "producer",
            wanted_producers!(along, "producer.province = $1 and cast($3 as text) = ''"),
            $end
        )
    };
    (along, $place:literal) => {
        concat!(
            $place,
            $crate::search::has_words!("'producer'", "producer.id", "$10" "$11" "$12" "$13" "$14" "$15")
        )
    };
    ($what:expr, $from:expr, $place:expr, $end:literal) => {
        concat!(
            "select ",
            $what,
            " from ",
            $from,
            " left join unit on unit.code = producer.commune
          where ",
            $place,
            " and producer.merged_into is null
            and (cast($4 as text) = '' or cast($4 as text) like '% ' || producer.kind || ' %')
            and (cast($5 as text) = ''
                 or (producer.former_unit <> '' and cast($5 as text) like '% ' || producer.former_unit || ' %'))
            and (cast($6 as text) = '' or ($6 = 'yes' and exists ",
            starred!("1"),
            ") or ($6 = 'no' and not exists ",
            starred!("1"),
            "))
            and (cast($7 as bigint) = (case when exists (select 1 from product
                    where product.producer_id = producer.id and product.merged_into is null
                      and product.joined_on <= $2) then 1 else 0 end)) ",
            $end
        )
    };
}

macro_rules! producer_page {
    ($lead:ident, $end:literal) => {
        wanted_producers!(
            $lead,
            concat!(
                "producer.id, producer.name, producer.kind, coalesce(unit.name, '') as commune,
                 producer.registration_no, producer.tax_code, producer.address, producer.phone, producer.email,
                 (select count(*) from product where product.producer_id = producer.id
                     and product.merged_into is null and product.joined_on <= $2) as products, ",
                starred!("count(*)"),
                " as starred, producer.fold as sort_key"
            ),
            $end
        )
    };
    ($lead:ident after) => {
        producer_page!(
            $lead,
            "and producer.fold >= $16 and (producer.fold > $16 or producer.id > $17)
             order by producer.fold, producer.id limit $18"
        )
    };
    ($lead:ident before) => {
        producer_page!(
            $lead,
            "and producer.fold <= $16 and (producer.fold < $16 or producer.id < $17)
             order by producer.fold desc, producer.id desc limit $18"
        )
    };
}

/// A page of producers, by name.
pub async fn producers(
    tx: &mut Tx,
    query: &ProducerQuery,
    page: Page<'_>,
    limit: i64,
) -> Result<Vec<ProducerLine>, StoreError> {
    let (mut args, lead) = query.asked(tx).await?;
    let (back, key, id) = match page {
        Page::First => (false, FIRST, FIRST),
        Page::After(key, id) => (false, key, id),
        Page::Before(key, id) => (true, key, id),
    };
    args.extend(crate::args![key, id, &limit]);
    let sql = match (lead, back) {
        (ProducerLead::Word, false) => producer_page!(word after),
        (ProducerLead::Word, true) => producer_page!(word before),
        (ProducerLead::Commune, false) => producer_page!(commune after),
        (ProducerLead::Commune, true) => producer_page!(commune before),
        (ProducerLead::Province, false) => producer_page!(province after),
        (ProducerLead::Province, true) => producer_page!(province before),
    };
    let rows = tx.rows(sql, args).await?;
    let mut lines = rows.iter().map(producer).collect::<Result<Vec<_>, StoreError>>()?;
    if back {
        lines.reverse();
    }
    Ok(lines)
}

macro_rules! producer_count {
    ($lead:ident) => {
        concat!(
            "select count(*) as n from (",
            wanted_producers!($lead, "1 as one", " limit $16"),
            ") counted"
        )
    };
}

/// How many producers there are, counted up to `most`.
pub async fn count_producers(tx: &mut Tx, query: &ProducerQuery, most: i64) -> Result<i64, StoreError> {
    let (mut args, lead) = query.asked(tx).await?;
    args.extend(crate::args![&most]);
    let sql = match lead {
        ProducerLead::Word => producer_count!(word),
        ProducerLead::Commune => producer_count!(commune),
        ProducerLead::Province => producer_count!(province),
    };
    tx.row(sql, args).await?.get("n")
}

/// The name of a former unit; of a code with several lives, the last one's.
pub async fn former_unit_name(tx: &mut Tx, code: &str) -> Result<Option<String>, StoreError> {
    let row = tx
        .row_opt(
            "select name from former_unit where code = $1 order by valid_to desc limit 1",
            crate::args![code],
        )
        .await?;
    row.map(|row| row.get("name")).transpose()
}

// At the end: the tests use the macros.
#[cfg(test)]
mod tests;
