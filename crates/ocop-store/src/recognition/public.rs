//! The public list: products whose certificate counts and is in force, under the names certified.

use chrono::NaiveDate;
use ocop_core::id::ProductId;

use crate::db::{Row, StoreError, Tx};
use crate::search::spans;
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
    /// Numbers of product sets as ` 1 2 3 `.
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

    fn args(self) -> Vec<Arg> {
        let mut args = crate::args![&self.on, &self.stars, self.sets, self.province, self.commune];
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        args.extend(spans(words.into_iter()));
        args
    }
}

/// A place in the list: stars, names and certificate of the last product before it.
pub type Place<'a> = (u8, &'a str, &'a str);

/// One statement for a query with words, where the longest word leads through its index to the
/// certificates, and one without, which walks the list in its own order.
macro_rules! in_force {
    ($wanted:expr, $what:literal, $end:literal) => {
        if $wanted.words.is_empty() {
            concat!("select ", $what, " from certificate ", in_force!(rules), " and cast($6 as text) = $7 ", in_force!(others), $end)
        } else {
            concat!(
                "select ",
                $what,
                " from ",
                in_force!(lead),
                in_force!(rules),
                in_force!(others),
                $end
            )
        }
    };
    ($wanted:expr, counted) => {
        if $wanted.words.is_empty() {
            concat!(
                "select count(*) as n from (select 1 from certificate ",
                in_force!(rules),
                " and cast($6 as text) = $7 ",
                in_force!(others),
                " limit $18) counted"
            )
        } else {
            concat!(
                "select count(*) as n from (select 1 from ",
                in_force!(lead),
                in_force!(rules),
                in_force!(others),
                " limit $18) counted"
            )
        }
    };
    (lead) => {
        "(select distinct id from search_word
                         where word >= $6 and word < $7 and kind = 'certificate') lead
                  join certificate on certificate.id = lead.id "
    };
    (rules) => {
        "join product on product.id = certificate.product_id
              left join unit on unit.code = certificate.commune
              where certificate.issued_on <= $1 and certificate.valid_until >= $1
                and (certificate.revoked_on is null or certificate.revoked_on > $1)
                and (certificate.next_on is null or certificate.next_on > $1)
                and product.merged_into is null
                and (cast($2 as bigint) = 0 or certificate.stars = $2)
                and (cast($3 as text) = '' or cast($3 as text) like '% ' || cast(product.set_no as text) || ' %')
                and (cast($4 as text) = '' or certificate.province = $4)
                and (cast($5 as text) = '' or certificate.commune = $5)"
    };
    (others) => {
        "
                and (cast($8 as text) = '' or exists (select 1 from search_word w where w.kind = 'certificate'
                        and w.id = certificate.id and w.word >= $8 and w.word < $9))
                and (cast($10 as text) = '' or exists (select 1 from search_word w where w.kind = 'certificate'
                        and w.id = certificate.id and w.word >= $10 and w.word < $11))
                and (cast($12 as text) = '' or exists (select 1 from search_word w where w.kind = 'certificate'
                        and w.id = certificate.id and w.word >= $12 and w.word < $13))
                and (cast($14 as text) = '' or exists (select 1 from search_word w where w.kind = 'certificate'
                        and w.id = certificate.id and w.word >= $14 and w.word < $15))
                and (cast($16 as text) = '' or exists (select 1 from search_word w where w.kind = 'certificate'
                        and w.id = certificate.id and w.word >= $16 and w.word < $17))"
    };
}

/// The products from a place on, most stars first, then by name.
pub async fn list(
    tx: &mut Tx,
    wanted: Wanted<'_>,
    after: Option<Place<'_>>,
    limit: i64,
) -> Result<Vec<PublicProduct>, StoreError> {
    let (stars, fold, id) = after.unwrap_or((u8::MAX, "", ""));
    let mut args = wanted.args();
    args.extend(crate::args![&stars, fold, id, &limit]);
    let rows = tx
        .rows(
            in_force!(
                wanted,
                "certificate.id, certificate.product_id, certificate.product, certificate.producer,
                 coalesce(unit.name, '') as commune, certificate.stars, certificate.valid_until, certificate.fold",
                "and certificate.stars <= $18
                 and (certificate.stars < $18 or certificate.fold > $19
                      or (certificate.fold = $19 and certificate.id > $20))
               order by certificate.stars desc, certificate.fold, certificate.id
               limit $21"
            ),
            args,
        )
        .await?;
    rows.iter().map(product).collect()
}

/// How many there are, at most `most`: whoever sees that many looks for something narrower.
pub async fn count(tx: &mut Tx, wanted: Wanted<'_>, most: i64) -> Result<i64, StoreError> {
    let mut args = wanted.args();
    args.extend(crate::args![&most]);
    let rows = tx.row(in_force!(wanted, counted), args).await?;
    rows.get("n")
}
