//! The index of everything that can be found by a few words.
//!
//! The functions that keep a producer, a product, a dossier or a certificate put it in here too, in
//! the same transaction: no verb can forget.

mod index;

pub use index::{certificate, dossier, is_empty, of_producer, producer, product, unindexed};

use std::collections::BTreeSet;

use ocop_core::dossiers::State;
use ocop_core::id::PersonId;
use ocop_core::search::{Kind, MOST_WORDS, Scope, halves, may_be_mistyped, prefix};

use crate::db::{Row, StoreError, Tx};
use crate::value::Arg;

/// The most words of the vocabulary that one mistyped word is compared with.
const MOST_COMPARED: i64 = 20_000;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// Code of its province.
    pub province: String,
    /// Its producer.
    pub producer_id: String,
    /// What it is called.
    pub label: String,
    /// A line that tells it from others.
    pub detail: String,
    /// The label folded: the order of the list.
    pub fold: String,
    /// Where a dossier is.
    pub state: Option<State>,
}

fn hit(row: &Row) -> Result<Hit, StoreError> {
    Ok(Hit {
        id: row.get("id")?,
        province: row.get("province")?,
        producer_id: row.get("producer_id")?,
        label: row.get("label")?,
        detail: row.get("detail")?,
        fold: row.get("fold")?,
        state: row.get("state")?,
    })
}

/// What is asked of one province.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The province.
    pub province: &'a str,
    /// What the reader may find.
    pub scope: &'a Scope,
    /// Who asks.
    pub person: &'a PersonId,
    /// What is looked for.
    pub kind: Kind,
    /// The folded words, at least one and at most [`MOST_WORDS`].
    pub words: &'a [String],
}

/// The most entries that a word may lead to. Where all words of a query lead to more, hits are so
/// frequent that walking the list in its own order finds a page of them sooner.
const RARE: i64 = 20_000;

/// How a query gets to its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    /// From the entries that have its rarest word.
    Word,
    /// Along the list in its own order.
    List,
}

/// The words, the rarest first, and how to get to rows that have all of them. Without words: the list.
pub(crate) async fn road(
    tx: &mut Tx,
    province: Option<&str>,
    kind: Kind,
    words: &[String],
) -> Result<(Vec<String>, Road), StoreError> {
    let mut counted = Vec::new();
    for word in words.iter().take(MOST_WORDS) {
        counted.push((frequency(tx, province, kind, word).await?, word.clone()));
    }
    counted.sort();
    let is_rare = counted.first().is_some_and(|(count, _)| *count <= RARE);
    let road = if is_rare { Road::Word } else { Road::List };
    Ok((counted.into_iter().map(|(_, word)| word).collect(), road))
}

/// How many words of entries begin like this, counted up to one more than [`RARE`]. What is added to the
/// kind here and below keeps an index that begins with it away: it has millions of words.
async fn frequency(tx: &mut Tx, province: Option<&str>, kind: Kind, word: &str) -> Result<i64, StoreError> {
    let (from, before) = prefix(word);
    let mut args = crate::args![kind.code(), &from, &before, &(RARE + 1)];
    let sql = match province {
        Some(province) => {
            args.push(Arg::Text(Some(province.to_owned())));
            "select count(*) as n from (select 1 as one from search_word
                where province = $5 and word >= $2 and word < $3 and kind || '' = $1 limit $4) counted"
        }
        None => {
            "select count(*) as n from (select 1 as one from search_word
                where word >= $2 and word < $3 and kind || '' = $1 limit $4) counted"
        }
    };
    tx.row(sql, args).await?.get("n")
}

/// That something is no word (`''`) or begins a word of the entry of this kind and id. All are SQL.
macro_rules! has_word {
    ($kind:literal, $id:literal, $from:literal, $before:literal) => {
        concat!(
            "and (cast(",
            $from,
            " as text) = '' or exists (select 1 from search_word w where w.kind = ",
            $kind,
            " and w.id = ",
            $id,
            " and w.word >= ",
            $from,
            " and w.word < ",
            $before,
            ")) "
        )
    };
}

/// The same of each word of a query but the first, which leads.
macro_rules! has_words {
    ($kind:literal, $id:literal, $($from:literal $before:literal),+) => {
        concat!($($crate::search::has_word!($kind, $id, $from, $before)),+)
    };
}

pub(crate) use {has_word, has_words};

/// What the entries must be: of the words' beginnings and inside the scope. The rarest word leads
/// through its index to the entries and the others are looked up for each of these, or all are looked
/// up along the list.
macro_rules! found {
    (word, $what:literal, $end:literal) => {
        concat!(
            "select ",
            $what,
            "
               from (select distinct search_word.id as id from search_word
                      where search_word.province = $1 and search_word.word >= $3 and search_word.word < $4
                        and search_word.kind || '' = $2) lead
               join search_entry entry on entry.kind = $2 and entry.id = lead.id",
            found!(rules),
            $end
        )
    };
    (list, $what:literal, $end:literal) => {
        concat!(
            "select ",
            $what,
            " from search_entry entry",
            found!(rules),
            "and entry.province = $1 and entry.kind = $2
             and exists (select 1 from search_word w where w.kind = $2
                    and w.id = entry.id and w.word >= $3 and w.word < $4) ",
            $end
        )
    };
    (rules) => {
        concat!(
            "
               left join dossier on entry.kind = 'dossier' and dossier.id = entry.id
              where 1 = 1 ",
            has_words!("$2", "entry.id", "$5" "$6", "$7" "$8", "$9" "$10", "$11" "$12", "$13" "$14"),
            "and (cast($15 as bigint) = 1
                     or cast($16 as text) like '% ' || entry.commune || ' %'
                     or cast($17 as text) like '% ' || entry.producer_id || ' %'
                     or (cast($18 as text) like '% ' || dossier.council_id || ' %'
                         and not exists (select 1 from conflict join seat on seat.id = conflict.seat_id
                                          where conflict.dossier_id = entry.id and seat.person_id = $19)))
                and (entry.kind <> 'dossier' or dossier.submission_id is not null
                     or cast($17 as text) like '% ' || entry.producer_id || ' %') "
        )
    };
}

/// The statement's values, and its road.
async fn asked(tx: &mut Tx, asked: Asked<'_>) -> Result<(Vec<Arg>, Road), StoreError> {
    let (words, road) = road(tx, Some(asked.province), asked.kind, asked.words).await?;
    let mut args = crate::args![asked.province, asked.kind.code()];
    args.extend(spans(&words));
    args.extend(crate::args![
        &asked.scope.provinces.contains(asked.province),
        &list(&asked.scope.communes),
        &list(&asked.scope.producers),
        &list(&asked.scope.councils),
        asked.person,
    ]);
    Ok((args, road))
}

/// The spans of up to [`MOST_WORDS`] words; those that are not there are empty.
pub(crate) fn spans(words: &[String]) -> Vec<Arg> {
    let spans: Vec<(String, String)> = words.iter().map(|word| prefix(word)).collect();
    (0..MOST_WORDS)
        .flat_map(|at| {
            let (from, before) = spans.get(at).cloned().unwrap_or_default();
            [Arg::Text(Some(from)), Arg::Text(Some(before))]
        })
        .collect()
}

/// ` a b c `: codes and ids in a text, each between spaces.
fn list<T: std::fmt::Display>(codes: &BTreeSet<T>) -> String {
    codes.iter().fold(" ".to_owned(), |text, code| format!("{text}{code} "))
}

macro_rules! found_page {
    ($road:ident) => {
        found!(
            $road,
            "entry.id, entry.province, entry.producer_id, entry.label, entry.detail, entry.fold, dossier.state as state",
            "and entry.fold >= $20 and (entry.fold > $20 or entry.id > $21)
              order by entry.fold, entry.id
              limit $22"
        )
    };
}

macro_rules! found_count {
    ($road:ident) => {
        concat!("select count(*) as n from (", found!($road, "1 as one", "limit $20"), ") counted")
    };
}

/// What was found, by label, from `after` (folded label and id) on.
pub async fn find(
    tx: &mut Tx,
    what: Asked<'_>,
    after: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<Hit>, StoreError> {
    let (mut args, road) = asked(tx, what).await?;
    let (fold, id) = after.unwrap_or_default();
    args.extend(crate::args![fold, id, &limit]);
    let sql = match road {
        Road::Word => found_page!(word),
        Road::List => found_page!(list),
    };
    tx.rows(sql, args).await?.iter().map(hit).collect()
}

/// How many there are, counted up to `most`.
pub async fn count_found(tx: &mut Tx, what: Asked<'_>, most: i64) -> Result<i64, StoreError> {
    let (mut args, road) = asked(tx, what).await?;
    args.extend(crate::args![&most]);
    let sql = match road {
        Road::Word => found_count!(word),
        Road::List => found_count!(list),
    };
    tx.row(sql, args).await?.get("n")
}

/// Whether anything of a province, or any certificate at all, has a word that begins like this.
pub async fn is_known(tx: &mut Tx, province: Option<&str>, word: &str) -> Result<bool, StoreError> {
    let (from, before) = prefix(word);
    let mut args = crate::args![&from, &before];
    let sql = match province {
        Some(province) => {
            args.push(Arg::Text(Some(province.to_owned())));
            "select word from search_word where province = $3 and word >= $1 and word < $2 limit 1"
        }
        None => {
            "select word from search_word where word >= $1 and word < $2 and kind || '' = 'certificate' limit 1"
        }
    };
    Ok(tx.row_opt(sql, args).await?.is_some())
}

/// The words of the vocabulary that share a half with `word` and are as long, give or take a letter:
/// its neighbours are among them.
pub async fn alike(tx: &mut Tx, word: &str) -> Result<Vec<String>, StoreError> {
    if !may_be_mistyped(word) {
        return Ok(Vec::new());
    }
    let length = i64::try_from(word.chars().count()).unwrap_or(i64::MAX);
    let (head, tail) = halves(word);
    let ((head, head_end), (tail, tail_end)) = (prefix(&head), prefix(&tail));
    let rows = tx
        .rows(
            "select word from vocabulary where word >= $1 and word < $2 and length between $5 - 1 and $5 + 1
              union
             select word from vocabulary
              where backwards >= $3 and backwards < $4 and length between $5 - 1 and $5 + 1
              order by word limit $6",
            crate::args![&head, &head_end, &tail, &tail_end, &length, &MOST_COMPARED],
        )
        .await?;
    rows.iter().map(|row| row.get("word")).collect()
}

// At the end: the tests use the macro.
#[cfg(test)]
mod tests;
