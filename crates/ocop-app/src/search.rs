//! One box for everything: producers, products, dossiers and certificates that the reader may know
//! of, found by the beginnings of a few words, one slip forgiven.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use ocop_core::dossiers::State;
use ocop_core::id::PersonId;
use ocop_core::people::Actor;
use ocop_core::search::{self as core, Kind, Scope, scope};
use ocop_core::text::thousands;
use ocop_store::db::Chain;
use ocop_store::recognition::public::PublicProduct;
use ocop_store::search::{self as store, Asked, Hit};
use ocop_store::{Tx, councils, producers, units};

use crate::{App, AppError};

/// Rows on a page of results.
pub const PAGE: usize = 20;
/// What is counted exactly; beyond, the page says "more than".
pub const MOST_COUNTED: i64 = 1_000;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// The words as they were understood: the query's own, or with a slip mended.
    pub understood: String,
    /// Whether a slip was mended.
    pub mended: bool,
    /// One for each kind that the reader may find, even without a hit.
    pub groups: Vec<Group>,
    /// How many products of the public list fit, at most one more than [`MOST_COUNTED`]; looked up when
    /// nothing else was found.
    pub public: i64,
    /// The first of these.
    pub public_rows: Vec<PublicProduct>,
}

impl Results {
    /// Whether anything of the reader's own was found.
    pub fn has_own(&self) -> bool {
        self.groups.iter().any(|group| group.count > 0)
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.public == 0 && !self.has_own()
    }
}

/// `1.234`, or `hơn 1.000` beyond what is counted.
pub fn counted(number: i64) -> String {
    if number > MOST_COUNTED { format!("hơn {}", thousands(MOST_COUNTED)) } else { thousands(number) }
}

/// The results of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The kind.
    pub kind: Kind,
    /// How many there are, counted in each province of the reader up to [`MOST_COUNTED`] and one more.
    pub count: i64,
    /// The first of them, or those after the key.
    pub rows: Vec<Found>,
    /// Where the next page begins, when there is one.
    pub next: Option<String>,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where its page is.
    pub href: String,
    /// What it is called.
    pub label: String,
    /// A line that tells it from others.
    pub detail: String,
    /// Where a dossier is, as the reader may know it; empty otherwise.
    pub state: &'static str,
}

/// Looks for a few words: in everything that is the reader's, or in one kind of it, and in the public
/// list; without an account, in that list alone. `after` is the key of a page of one kind.
pub async fn search(
    app: &App,
    actor: Option<&Actor>,
    query: &str,
    kind: Option<Kind>,
    after: &str,
) -> Result<Results, AppError> {
    let words = core::words(query);
    if words.is_empty() {
        return Ok(Results::default());
    }
    let mut tx = app.db.read().await?;
    let scope = actor.map(scope).unwrap_or_default();
    let reader = Reader { places: places(&mut tx, &scope).await?, scope, actor };
    let mut results = reader.results(app, &mut tx, words.clone(), kind, after).await?;
    if results.is_empty()
        && let Some(meant) = reader.meant(app, &mut tx, &words).await?
    {
        results = reader.results(app, &mut tx, meant, kind, after).await?;
        results.mended = true;
    }
    Ok(results)
}

/// Who looks, and in which provinces.
struct Reader<'a> {
    actor: Option<&'a Actor>,
    scope: Scope,
    places: BTreeSet<String>,
}

/// The provinces that a scope lies in.
async fn places(tx: &mut Tx, scope: &Scope) -> Result<BTreeSet<String>, AppError> {
    let mut places = scope.provinces.clone();
    for commune in &scope.communes {
        places.extend(units::find(tx, commune).await?.and_then(|unit| unit.parent));
    }
    for producer in &scope.producers {
        places.extend(producers::find(tx, producer).await?.map(|producer| producer.province));
    }
    for council in &scope.councils {
        places.extend(councils::find(tx, council).await?.map(|council| council.province));
    }
    Ok(places)
}

impl Reader<'_> {
    async fn results(
        &self,
        app: &App,
        tx: &mut Tx,
        words: Vec<String>,
        kind: Option<Kind>,
        after: &str,
    ) -> Result<Results, AppError> {
        let mut groups = Vec::new();
        for one in self.kinds().filter(|one| kind.is_none_or(|kind| kind == *one)) {
            groups.push(self.group(tx, &words, one, after).await?);
        }
        let understood = words.join(" ");
        let mut results = Results { understood, groups, ..Results::default() };
        // The nation's list is long: whoever finds something nearer need not wait for it.
        if !results.has_own() {
            let listed = crate::public::fitting(tx, app.today(), &words, PAGE).await?;
            (results.public, results.public_rows) = (listed.found, listed.rows);
        }
        Ok(results)
    }

    /// The kinds that the reader may find.
    fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(|kind| self.may_find(*kind))
    }

    /// A seat alone finds dossiers only.
    fn may_find(&self, kind: Kind) -> bool {
        let Scope { provinces, communes, producers, councils } = &self.scope;
        let owns = !(provinces.is_empty() && communes.is_empty() && producers.is_empty());
        owns || (kind == Kind::Dossier && !councils.is_empty())
    }

    async fn group(&self, tx: &mut Tx, words: &[String], kind: Kind, after: &str) -> Result<Group, AppError> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut count = 0;
        let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        for asked in self.asked(kind, words) {
            hits.extend(store::find(tx, asked, after.rsplit_once('~'), most).await?);
            count += store::count_found(tx, asked, MOST_COUNTED + 1).await?;
        }
        hits.sort_by(|one, other| (&one.fold, &one.id).cmp(&(&other.fold, &other.id)));
        let more = hits.len() > PAGE;
        hits.truncate(PAGE);
        let next = hits.last().filter(|_| more).map(|last| format!("{}~{}", last.fold, last.id));
        Ok(Group { kind, count, rows: hits.into_iter().map(|hit| self.found(kind, hit)).collect(), next })
    }

    /// What is asked of each of the reader's provinces.
    fn asked<'b>(&'b self, kind: Kind, words: &'b [String]) -> Vec<Asked<'b>> {
        let asked = |person: &'b PersonId| {
            self.places.iter().map(move |province| Asked {
                province,
                scope: &self.scope,
                person,
                kind,
                words,
            })
        };
        self.actor.map(|actor| asked(&actor.person).collect()).unwrap_or_default()
    }

    /// Whether anything has these words.
    async fn is_there(&self, app: &App, tx: &mut Tx, words: &[String]) -> Result<bool, AppError> {
        for kind in self.kinds() {
            for asked in self.asked(kind, words) {
                if store::count_found(tx, asked, 1).await? > 0 {
                    return Ok(true);
                }
            }
        }
        crate::public::is_any_fitting(tx, app.today(), words).await
    }

    fn found(&self, kind: Kind, hit: Hit) -> Found {
        let page = match kind {
            Kind::Producer => "producers",
            Kind::Product => "products",
            Kind::Dossier => "dossiers",
            Kind::Certificate => "certificates",
        };
        let state = hit.state.map(|state| self.state(state, &hit)).unwrap_or_default();
        Found { href: format!("/{page}/{}", hit.id), label: hit.label, detail: hit.detail, state }
    }

    /// Where a dossier is: its producer is not told how far the council has come.
    fn state(&self, state: State, hit: &Hit) -> &'static str {
        let is_own = self.scope.producers.iter().any(|producer| producer.as_str() == hit.producer_id);
        let is_officers = self.scope.provinces.contains(&hit.province);
        if is_officers && !is_own { state.name() } else { crate::dossiers::shown_state(state) }
    }

    /// What the words may have meant, with one of them mended, so that something is found.
    async fn meant(&self, app: &App, tx: &mut Tx, words: &[String]) -> Result<Option<Vec<String>>, AppError> {
        for meant in slips(tx, words, &self.places).await? {
            if self.is_there(app, tx, &meant).await? {
                return Ok(Some(meant));
            }
        }
        Ok(None)
    }
}

/// The words with one of them replaced by a known neighbour: the unknown word when there is one, or
/// else each word in turn. At most [`core::MOST_WORDS`] × [`core::MOST_NEIGHBOURS`] proposals.
pub(crate) async fn slips(
    tx: &mut Tx,
    words: &[String],
    places: &BTreeSet<String>,
) -> Result<Vec<Vec<String>>, AppError> {
    let mut unknown = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let mut known = places.is_empty() && store::is_known(tx, None, word).await?;
        for place in places {
            known |= store::is_known(tx, Some(place), word).await?;
        }
        if !known {
            unknown.push(at);
        }
    }
    let tried: Vec<usize> = match unknown.as_slice() {
        [] => (0..words.len()).collect(),
        [one] => vec![*one],
        // Two unknown words are more than one slip.
        [_, _, ..] => return Ok(Vec::new()),
    };
    let mut proposals = Vec::new();
    for at in tried {
        let Some(word) = words.get(at) else { continue };
        let known = store::alike(tx, word).await?;
        for neighbour in core::neighbours(word, known) {
            let mut meant = words.to_vec();
            if let Some(place) = meant.get_mut(at) {
                *place = neighbour;
            }
            proposals.push(meant);
        }
    }
    Ok(proposals)
}

/// Indexes what was kept before there was an index, all of it or nothing: from then on, whatever keeps a
/// record indexes it. Costs one look when that is done. Upkeep at start: the records themselves do not
/// change. Whether there was anything to index.
pub async fn index_all(app: &App) -> Result<bool, AppError> {
    if !store::is_empty(&mut app.db.read().await?).await? {
        return Ok(false);
    }
    let mut tx = app.db.write(Chain::of("search", "index")).await?;
    let any = store::index_all(&mut tx).await?;
    tx.commit_upkeep().await?;
    Ok(any)
}
