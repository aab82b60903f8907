//! What stands in the index, and when it changes.

use std::collections::BTreeSet;

use ocop_core::search::{Kind, backwards, may_be_mistyped};
use ocop_core::text::{fold, fold_words};

use crate::db::{Row, StoreError, Tx};
use crate::value::Arg;

/// How many words one statement takes.
const CHUNK: usize = 8;

/// Something as it can be found.
struct Entry {
    kind: Kind,
    id: String,
    province: String,
    commune: String,
    producer_id: String,
    label: String,
    detail: String,
    /// What is looked through: names, numbers, codes.
    texts: Vec<String>,
}

impl Entry {
    fn words(&self) -> BTreeSet<String> {
        self.texts.iter().flat_map(|text| fold_words(text)).collect()
    }
}

/// Reads an entry out of a row with the columns of the statements below.
fn entry(kind: Kind, row: &Row, texts: &[&'static str]) -> Result<Entry, StoreError> {
    Ok(Entry {
        kind,
        id: row.get("id")?,
        province: row.get("province")?,
        commune: row.get("commune")?,
        producer_id: row.get("producer_id")?,
        label: row.get("label")?,
        detail: row.get("detail")?,
        texts: texts
            .iter()
            .map(|column| Ok(row.get::<Option<String>>(column)?.unwrap_or_default()))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// Indexes a producer anew, or takes a duplicate out.
pub async fn producer(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    let row = tx
        .row_opt(
            "select producer.id, producer.province, producer.commune, producer.id as producer_id,
                    producer.name as label, unit.name as detail, producer.tax_code, producer.registration_no
               from producer join unit on unit.code = producer.commune
              where producer.id = $1 and producer.merged_into is null",
            crate::args![id],
        )
        .await?;
    match row {
        Some(row) => {
            let texts = ["label", "detail", "tax_code", "registration_no"];
            put(tx, &entry(Kind::Producer, &row, &texts)?).await
        }
        None => drop_entry(tx, Kind::Producer, id).await,
    }
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
    let row = tx
        .row_opt(
            "select product.id, product.province, product.commune, product.producer_id, product.name as label,
                    producer.name as detail, product.code
               from product join producer on producer.id = product.producer_id
              where product.id = $1 and product.merged_into is null and producer.merged_into is null",
            crate::args![id],
        )
        .await?;
    match row {
        Some(row) => {
            let mut found = entry(Kind::Product, &row, &["label", "detail", "code"])?;
            let codes =
                tx.rows("select code from former_code where product_id = $1", crate::args![id]).await?;
            for code in codes {
                found.texts.push(code.get("code")?);
            }
            put(tx, &found).await?;
        }
        None => drop_entry(tx, Kind::Product, id).await?,
    }
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
    let row = tx
        .row_opt(
            "select dossier.id, dossier.province, dossier.commune, dossier.producer_id, product.name as label,
                    producer.name || ' · ' || round.name as detail, dossier.commune_receipt,
                    dossier.province_receipt
               from dossier
               join product on product.id = dossier.product_id
               join producer on producer.id = dossier.producer_id
               join round on round.id = dossier.round_id
              where dossier.id = $1",
            crate::args![id],
        )
        .await?;
    let row = row.ok_or(StoreError::NoRow)?;
    put(tx, &entry(Kind::Dossier, &row, &["label", "detail", "commune_receipt", "province_receipt"])?).await
}

/// Indexes a certificate anew: under the names that it certifies.
pub async fn certificate(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    let row = tx
        .row_opt(
            "select certificate.id, certificate.province, certificate.commune, product.producer_id,
                    certificate.product as label, 'Số ' || certificate.number || ' · ' || certificate.producer as detail,
                    certificate.check_code, decision.number as decision
               from certificate
               join product on product.id = certificate.product_id
               join decision on decision.id = certificate.decision_id
              where certificate.id = $1",
            crate::args![id],
        )
        .await?;
    let row = row.ok_or(StoreError::NoRow)?;
    put(tx, &entry(Kind::Certificate, &row, &["label", "detail", "check_code", "decision"])?).await
}

/// Puts an entry in; what is there already in the same words costs one look.
async fn put(tx: &mut Tx, entry: &Entry) -> Result<(), StoreError> {
    let words = entry.words();
    let joined = words.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let kind = entry.kind.code();
    let row = tx
        .row_opt(
            "select province, commune, producer_id, label, detail, words from search_entry where kind = $1 and id = $2",
            crate::args![kind, &entry.id],
        )
        .await?;
    let mut before = None;
    if let Some(row) = row {
        let same_words = row.get::<String>("words")? == joined;
        let same_province = row.get::<String>("province")? == entry.province;
        if same_words
            && same_province
            && row.get::<String>("label")? == entry.label
            && row.get::<String>("detail")? == entry.detail
            && row.get::<String>("commune")? == entry.commune
            && row.get::<String>("producer_id")? == entry.producer_id
        {
            return Ok(());
        }
        before = Some(same_words && same_province);
    }
    tx.execute(
        "insert into search_entry (kind, id, province, commune, producer_id, label, detail, fold, words)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (kind, id) do update set province = excluded.province, commune = excluded.commune,
            producer_id = excluded.producer_id, label = excluded.label, detail = excluded.detail,
            fold = excluded.fold, words = excluded.words",
        crate::args![
            kind,
            &entry.id,
            &entry.province,
            &entry.commune,
            &entry.producer_id,
            &entry.label,
            &entry.detail,
            &fold(&entry.label),
            &joined
        ],
    )
    .await?;
    match before {
        Some(true) => return Ok(()),
        Some(false) => {
            tx.execute("delete from search_word where kind = $1 and id = $2", crate::args![kind, &entry.id])
                .await?;
        }
        None => {}
    }
    let words: Vec<&String> = words.iter().collect();
    for chunk in words.chunks(CHUNK) {
        let mut args = crate::args![&entry.province, kind, &entry.id];
        args.extend(eight(chunk));
        tx.execute(
            "insert into search_word (province, kind, id, word)
             values ($1, $2, $3, $4), ($1, $2, $3, $5), ($1, $2, $3, $6), ($1, $2, $3, $7),
                    ($1, $2, $3, $8), ($1, $2, $3, $9), ($1, $2, $3, $10), ($1, $2, $3, $11)
             on conflict (province, word, kind, id) do nothing",
            args,
        )
        .await?;
    }
    learn(tx, &words).await
}

/// Eight words; the last one again where there are fewer.
fn eight(words: &[&String]) -> Vec<Arg> {
    (0..CHUNK).map(|at| Arg::Text(words.get(at).or(words.last()).map(|word| (*word).clone()))).collect()
}

/// Puts words into the vocabulary that are not there yet.
async fn learn(tx: &mut Tx, words: &[&String]) -> Result<(), StoreError> {
    let words: Vec<&String> = words.iter().copied().filter(|word| may_be_mistyped(word)).collect();
    for chunk in words.chunks(CHUNK) {
        let rows = tx
            .rows("select word from vocabulary where word in ($1, $2, $3, $4, $5, $6, $7, $8)", eight(chunk))
            .await?;
        let known: BTreeSet<String> =
            rows.iter().map(|row| row.get("word")).collect::<Result<_, StoreError>>()?;
        for word in chunk.iter().filter(|word| !known.contains(**word)) {
            let length = i64::try_from(word.chars().count()).unwrap_or(i64::MAX);
            tx.execute(
                "insert into vocabulary (word, length, backwards) values ($1, $2, $3)
                 on conflict (word) do nothing",
                crate::args![*word, &length, &backwards(word)],
            )
            .await?;
        }
    }
    Ok(())
}

async fn drop_entry(tx: &mut Tx, kind: Kind, id: &str) -> Result<(), StoreError> {
    tx.execute("delete from search_word where kind = $1 and id = $2", crate::args![kind.code(), id]).await?;
    tx.execute("delete from search_entry where kind = $1 and id = $2", crate::args![kind.code(), id]).await?;
    Ok(())
}

/// Whether nothing was ever indexed.
pub async fn is_empty(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(tx.row_opt("select id from search_entry limit 1", vec![]).await?.is_none())
}

/// Ids of a kind that are not in the index, at most `limit`, after `after`: rows from before it.
pub async fn unindexed(tx: &mut Tx, kind: Kind, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    let sql = match kind {
        Kind::Producer => {
            "select id from producer where id > $1 and merged_into is null
                and not exists (select 1 from search_entry e where e.kind = 'producer' and e.id = producer.id)
              order by id limit $2"
        }
        Kind::Product => {
            "select id from product where id > $1 and merged_into is null
                and not exists (select 1 from search_entry e where e.kind = 'product' and e.id = product.id)
              order by id limit $2"
        }
        Kind::Dossier => {
            "select id from dossier where id > $1
                and not exists (select 1 from search_entry e where e.kind = 'dossier' and e.id = dossier.id)
              order by id limit $2"
        }
        Kind::Certificate => {
            "select id from certificate where id > $1
                and not exists (select 1 from search_entry e where e.kind = 'certificate' and e.id = certificate.id)
              order by id limit $2"
        }
    };
    let rows = tx.rows(sql, crate::args![after, &limit]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}
