//! What stands in the index, and when it changes.

use std::collections::BTreeSet;

use ocop_core::search::{Kind, backwards, may_be_mistyped};
use ocop_core::text::{fold, fold_words};

use super::EVERYWHERE;
use crate::bulk::{Bulk, Into};
use crate::db::{Row, StoreError, Tx};
use crate::value::Arg;

const ENTRY: Into =
    ("search_entry (kind, id, province, commune, producer_id, label, detail, fold, words)", 9);
const WORD: Into = ("search_word (place, kind, word, entry)", 4);
const VOCABULARY: Into = ("vocabulary (word, length, backwards)", 3);
/// How many records the first indexing reads at a time.
const CHUNK: i64 = 2_000;

/// Something as it can be found.
struct Entry {
    kind: Kind,
    id: String,
    province: String,
    commune: String,
    producer_id: String,
    label: String,
    detail: String,
    /// The words of names.
    names: BTreeSet<String>,
    /// All words that it is found by: of names, numbers and codes.
    words: BTreeSet<String>,
}

impl Entry {
    /// Reads an entry out of a row of [`sources`].
    fn read(kind: Kind, row: &Row) -> Result<Self, StoreError> {
        let (label, detail): (String, String) = (row.get("label")?, row.get("detail")?);
        let names: BTreeSet<String> =
            [&label, &detail].into_iter().flat_map(|text| fold_words(text)).collect();
        let mut words = names.clone();
        words.extend(fold_words(&row.get::<String>("codes")?));
        Ok(Self {
            kind,
            id: row.get("id")?,
            province: row.get("province")?,
            commune: row.get("commune")?,
            producer_id: row.get("producer_id")?,
            label,
            detail,
            names,
            words,
        })
    }

    /// Where it is found.
    fn places(&self) -> Vec<&str> {
        places(self.kind, &self.province)
    }

    /// Its row of [`ENTRY`].
    fn row(&self) -> Vec<Arg> {
        crate::args![
            self.kind.code(),
            &self.id,
            &self.province,
            &self.commune,
            &self.producer_id,
            &self.label,
            &self.detail,
            &fold(&self.label),
            &spaced(&self.words)
        ]
    }
}

/// Where something of a province is found: there, and a certificate everywhere.
fn places(kind: Kind, province: &str) -> Vec<&str> {
    match kind {
        Kind::Certificate => vec![province, EVERYWHERE],
        Kind::Producer | Kind::Product | Kind::Dossier => vec![province],
    }
}

/// Each word after a space.
fn spaced(words: &BTreeSet<String>) -> String {
    words.iter().fold(String::new(), |text, word| text + " " + word)
}

/// What is read of the records of a kind that can be found.
macro_rules! sources {
    (producer $which:literal) => {
        concat!(
            "select producer.id, producer.province, producer.commune, producer.id as producer_id,
                    producer.name as label, unit.name as detail,
                    producer.tax_code || ' ' || producer.registration_no as codes
               from producer join unit on unit.code = producer.commune
              where producer.merged_into is null and producer.id ",
            $which
        )
    };
    (product $which:literal) => {
        concat!(
            "select product.id, product.province, product.commune, product.producer_id, product.name as label,
                    producer.name as detail,
                    coalesce(product.code, '') || ' ' || coalesce((select string_agg(code, ' ') from former_code
                        where former_code.product_id = product.id), '') as codes
               from product join producer on producer.id = product.producer_id
              where product.merged_into is null and producer.merged_into is null and product.id ",
            $which
        )
    };
    (dossier $which:literal) => {
        concat!(
            "select dossier.id, dossier.province, dossier.commune, dossier.producer_id, product.name as label,
                    producer.name || ' · ' || round.name as detail,
                    coalesce(dossier.commune_receipt, '') || ' ' || coalesce(dossier.province_receipt, '') as codes
               from dossier
               join product on product.id = dossier.product_id
               join producer on producer.id = dossier.producer_id
               join round on round.id = dossier.round_id
              where dossier.id ",
            $which
        )
    };
    (certificate $which:literal) => {
        concat!(
            "select certificate.id, certificate.province, certificate.commune, product.producer_id,
                    certificate.product as label, 'Số ' || certificate.number || ' · ' || certificate.producer as detail,
                    certificate.check_code || ' ' || decision.number as codes
               from certificate
               join product on product.id = certificate.product_id
               join decision on decision.id = certificate.decision_id
              where certificate.id ",
            $which
        )
    };
}

/// The statement for a kind.
macro_rules! sources_of {
    ($kind:expr, $which:literal) => {
        match $kind {
            Kind::Producer => sources!(producer $which),
            Kind::Product => sources!(product $which),
            Kind::Dossier => sources!(dossier $which),
            Kind::Certificate => sources!(certificate $which),
        }
    };
}

/// Indexes a record anew, or takes a duplicate out.
async fn index(tx: &mut Tx, kind: Kind, id: &str) -> Result<(), StoreError> {
    match tx.row_opt(sources_of!(kind, "= $1"), crate::args![id]).await? {
        Some(row) => put(tx, &Entry::read(kind, &row)?).await,
        None => drop_entry(tx, kind, id).await,
    }
}

/// Indexes a producer anew, or takes a duplicate out.
pub async fn producer(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    index(tx, Kind::Producer, id).await
}

/// Indexes a producer anew with its products, their dossiers and certificates: its name stands with
/// them.
pub async fn of_producer(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    producer(tx, id).await?;
    let rows = tx.rows("select id from product where producer_id = $1", crate::args![id]).await?;
    for row in rows {
        product(tx, &row.get::<String>("id")?).await?;
    }
    Ok(())
}

/// Indexes a product anew with its dossiers and certificates, or takes a duplicate out.
pub async fn product(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    index(tx, Kind::Product, id).await?;
    let dossiers = tx.rows("select id from dossier where product_id = $1", crate::args![id]).await?;
    for row in dossiers {
        dossier(tx, &row.get::<String>("id")?).await?;
    }
    let certificates = tx.rows("select id from certificate where product_id = $1", crate::args![id]).await?;
    for row in certificates {
        certificate(tx, &row.get::<String>("id")?).await?;
    }
    Ok(())
}

/// Indexes a dossier anew.
pub async fn dossier(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    index(tx, Kind::Dossier, id).await
}

/// Indexes a certificate anew: under the names that it certifies.
pub async fn certificate(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    index(tx, Kind::Certificate, id).await
}

/// An entry as it stands.
struct Kept {
    number: i64,
    province: String,
    words: BTreeSet<String>,
}

async fn kept(tx: &mut Tx, kind: Kind, id: &str) -> Result<Option<Kept>, StoreError> {
    let row = tx
        .row_opt(
            "select number, province, words from search_entry where kind = $1 and id = $2",
            crate::args![kind.code(), id],
        )
        .await?;
    row.map(|row| {
        Ok(Kept {
            number: row.get("number")?,
            province: row.get("province")?,
            words: row.get::<String>("words")?.split_whitespace().map(str::to_owned).collect(),
        })
    })
    .transpose()
}

/// Puts an entry in; words that are there already are left alone.
async fn put(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let before = kept(tx, entry.kind, &entry.id).await?;
    let row = tx
        .row(
            "insert into search_entry (kind, id, province, commune, producer_id, label, detail, fold, words)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (kind, id) do update set province = excluded.province, commune = excluded.commune,
                producer_id = excluded.producer_id, label = excluded.label, detail = excluded.detail,
                fold = excluded.fold, words = excluded.words
             returning number",
            entry.row(),
        )
        .await?;
    let mut new: Vec<&String> = entry.words.iter().collect();
    if let Some(before) = before {
        if before.province == entry.province {
            new.retain(|word| !before.words.contains(*word));
            take_out(tx, entry.kind, &before, before.words.difference(&entry.words)).await?;
        } else {
            take_out(tx, entry.kind, &before, &before.words).await?;
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let number: i64 = row.get("number")?;
    let mut words = Bulk::new(WORD);
    for place in entry.places() {
        for word in &new {
            words.add(crate::args![place, entry.kind.code(), *word, &number]);
        }
    }
    words.write(tx).await?;
    learn(tx, new.into_iter().filter(|word| entry.names.contains(*word))).await
}

/// Takes words of an entry out, wherever it was found.
async fn take_out<'a>(
    tx: &mut Tx,
    kind: Kind,
    kept: &Kept,
    words: impl IntoIterator<Item = &'a String>,
) -> Result<(), StoreError> {
    for word in words {
        for place in places(kind, &kept.province) {
            tx.execute(
                "delete from search_word where place = $1 and kind = $2 and word = $3 and entry = $4",
                crate::args![place, kind.code(), word, &kept.number],
            )
            .await?;
        }
    }
    Ok(())
}

async fn drop_entry(tx: &mut Tx, kind: Kind, id: &str) -> Result<(), StoreError> {
    let Some(kept) = kept(tx, kind, id).await? else { return Ok(()) };
    take_out(tx, kind, &kept, &kept.words).await?;
    tx.execute("delete from search_entry where number = $1", crate::args![&kept.number]).await?;
    Ok(())
}

/// Puts words of names into the vocabulary: nobody means a word and types a code.
async fn learn(tx: &mut Tx, words: impl IntoIterator<Item = &String>) -> Result<(), StoreError> {
    let mut vocabulary = Bulk::new(VOCABULARY);
    for word in words.into_iter().filter(|word| may_be_mistyped(word)) {
        let length = i64::try_from(word.chars().count()).unwrap_or(i64::MAX);
        vocabulary.add(crate::args![word, &length, &backwards(word)]);
    }
    vocabulary.write(tx).await
}

/// Whether nothing was ever indexed.
pub async fn is_empty(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(tx.row_opt("select id from search_entry limit 1", vec![]).await?.is_none())
}

/// Fills an empty index with everything that can be found. Whether there was anything.
pub async fn index_all(tx: &mut Tx) -> Result<bool, StoreError> {
    let mut known = BTreeSet::new();
    for kind in Kind::ALL {
        let mut after = String::new();
        while let Some(last) = index_next(tx, *kind, &after, &mut known).await? {
            after = last;
        }
    }
    Ok(!known.is_empty())
}

/// Indexes the next records of a kind, none of which is in the index; the id of the last one. `known`
/// are the words that were seen before.
async fn index_next(
    tx: &mut Tx,
    kind: Kind,
    after: &str,
    known: &mut BTreeSet<String>,
) -> Result<Option<String>, StoreError> {
    let sql = sources_of!(kind, "> $1 order by 1 limit $2");
    let rows = tx.rows(sql, crate::args![after, &CHUNK]).await?;
    let read = rows.iter().map(|row| Entry::read(kind, row)).collect::<Result<Vec<_>, StoreError>>()?;
    let Some(last) = read.last() else { return Ok(None) };
    let mut entries = Bulk::new(ENTRY);
    read.iter().for_each(|entry| entries.add(entry.row()));
    entries.write(tx).await?;
    let numbers = tx
        .rows(
            "select number from search_entry where kind = $1 and id > $2 and id <= $3 order by id",
            crate::args![kind.code(), after, &last.id],
        )
        .await?;
    let mut words = Vec::new();
    for (entry, row) in read.iter().zip(&numbers) {
        let number: i64 = row.get("number")?;
        for place in entry.places() {
            words.extend(entry.words.iter().map(|word| (place, word, number)));
        }
    }
    // In the order of the table, so that its pages are written once.
    words.sort_unstable();
    let mut bulk = Bulk::new(WORD);
    for (place, word, number) in words {
        bulk.add(crate::args![place, kind.code(), word, &number]);
    }
    bulk.write(tx).await?;
    let seen: BTreeSet<&String> = read.iter().flat_map(|entry| &entry.names).collect();
    let new: Vec<&String> = seen.into_iter().filter(|word| !known.contains(*word)).collect();
    learn(tx, new.iter().copied()).await?;
    known.extend(new.into_iter().cloned());
    Ok(Some(last.id.clone()))
}
