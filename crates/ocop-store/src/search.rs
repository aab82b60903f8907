//! The index of everything that can be found by a few words.
//!
//! The functions that keep a producer, a product, a dossier or a certificate put it in here too, in
//! the same transaction: no verb can forget.

mod index;

pub use index::{certificate, dossier, index_all, is_empty, of_producer, producer, product};

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

/// What is public everywhere, as a place of the index.
pub(crate) const EVERYWHERE: &str = "";

/// The words, the rarest first, and how to get to rows of a place that have all of them. Without words:
/// the list.
pub(crate) async fn road(
    tx: &mut Tx,
    place: &str,
    kind: Kind,
    words: &[String],
) -> Result<(Vec<String>, Road), StoreError> {
    let mut words: Vec<String> = words.iter().take(MOST_WORDS).cloned().collect();
    let mut fewest = RARE + 1;
    let mut rarest = None;
    for (at, word) in words.iter().enumerate() {
        // Counting stops where the word can no longer be the rarest.
        let count = frequency(tx, place, kind, word, fewest).await?;
        if count < fewest {
            (fewest, rarest) = (count, Some(at));
        }
    }
    if let Some(at) = rarest {
        words.swap(0, at);
    }
    Ok((words, if rarest.is_some() { Road::Word } else { Road::List }))
}

/// How many words of entries begin like this, counted up to `most`.
async fn frequency(tx: &mut Tx, place: &str, kind: Kind, word: &str, most: i64) -> Result<i64, StoreError> {
    let (from, before) = prefix(word);
    tx.row(
        "select count(*) as n from (select 1 as one from search_word
            where place = $1 and kind = $2 and word >= $3 and word < $4 limit $5) counted",
        crate::args![place, kind.code(), &from, &before, &most],
    )
    .await?
    .get("n")
}

/// The entries of a place and kind that have a word within a span: what leads to the rows. All are SQL.
macro_rules! lead {
    ($place:literal, $kind:literal, $from:literal, $before:literal) => {
        concat!(
            "(select distinct entry from search_word where place = ",
            $place,
            " and kind = ",
            $kind,
            " and word >= ",
            $from,
            " and word < ",
            $before,
            ") lead join search_entry entry on entry.number = lead.entry "
        )
    };
}

/// That `entry` has all words of a query: its words are like each of the patterns.
macro_rules! fits {
    ($($pattern:literal)+) => {
        concat!($(" and entry.words like ", $pattern),+, " ")
    };
}

/// The same of the entry of this kind and id, where there is anything to look for.
macro_rules! has_words {
    ($kind:literal, $id:literal, $first:literal $($pattern:literal)+) => {
        concat!(
            " and (cast(",
            $first,
            " as text) = '%' or exists (select 1 from search_entry entry where entry.kind = ",
            $kind,
            " and entry.id = ",
            $id,
            $crate::search::fits!($first $($pattern)+),
            ")) "
        )
    };
}

pub(crate) use {fits, has_words, lead};

/// What the entries must be: of the words' beginnings and inside the scope. The rarest word leads
/// through the index to them, or the list is walked.
macro_rules! found {
    (word, $what:literal, $end:literal) => {
        found!($what, lead!("$1", "$2", "$3", "$4"), "1 = 1", $end)
    };
    (list, $what:literal, $end:literal) => {
        found!($what, "search_entry entry", "entry.province = $1 and entry.kind = $2", $end)
    };
    ($what:literal, $from:expr, $place:literal, $end:literal) => {
        concat!(
            "select ",
            $what,
            " from ",
            $from,
            "
               left join dossier on entry.kind = 'dossier' and dossier.id = entry.id
              where ",
            $place,
            fits!("$5" "$6" "$7" "$8" "$9" "$10"),
            "and (cast($11 as bigint) = 1
                     or cast($12 as text) like '% ' || entry.commune || ' %'
                     or cast($13 as text) like '% ' || entry.producer_id || ' %'
                     or (cast($14 as text) like '% ' || dossier.council_id || ' %'
                         and not exists (select 1 from closed_seat join seat on seat.id = closed_seat.seat_id
                                          where closed_seat.dossier_id = entry.id and seat.person_id = $15)))
                and (entry.kind <> 'dossier' or dossier.submission_id is not null
                     or cast($13 as text) like '% ' || entry.producer_id || ' %') ",
            $end
        )
    };
}

/// The statement's values, and its road.
async fn asked(tx: &mut Tx, asked: Asked<'_>) -> Result<(Vec<Arg>, Road), StoreError> {
    let (words, road) = road(tx, asked.province, asked.kind, asked.words).await?;
    let mut args = crate::args![asked.province, asked.kind.code()];
    args.extend(looked_for(&words));
    args.extend(crate::args![
        &asked.scope.provinces.contains(asked.province),
        &list(&asked.scope.communes),
        &list(&asked.scope.producers),
        &list(&asked.scope.councils),
        asked.person,
    ]);
    Ok((args, road))
}

/// The span of the first word, which leads, and a pattern for each of [`MOST_WORDS`]; that of a word that
/// is not there fits everything.
pub(crate) fn looked_for(words: &[String]) -> Vec<Arg> {
    let (from, before) = words.first().map(|word| prefix(word)).unwrap_or_default();
    let pattern = |at: usize| words.get(at).map_or_else(|| "%".to_owned(), |word| format!("% {word}%"));
    [from, before].into_iter().chain((0..MOST_WORDS).map(pattern)).map(|text| Arg::Text(Some(text))).collect()
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
            "and entry.fold >= $16 and (entry.fold > $16 or entry.id > $17)
              order by entry.fold, entry.id
              limit $18"
        )
    };
}

macro_rules! found_count {
    ($road:ident) => {
        concat!("select count(*) as n from (", found!($road, "1 as one", "limit $16"), ") counted")
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
    for kind in Kind::ALL {
        if frequency(tx, province.unwrap_or(EVERYWHERE), *kind, word, 1).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
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
