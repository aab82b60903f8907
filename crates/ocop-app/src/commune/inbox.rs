//! The dossiers of a commune, the most urgent first.

use ocop_core::dossiers::State;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::text::{fold, fold_words};
use ocop_store::dossiers::{Filter, Listed};
use serde::{Deserialize, Serialize};

use crate::accounts::commune_of;
use crate::rounds::Due;
use crate::{App, AppError};

/// Rows on a page.
const PAGE: usize = 50;
/// More dossiers than a commune has in a decade.
const MOST: i64 = 5_000;

/// What the list is narrowed to, as typed in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InboxFilter {
    /// Words of a product's or producer's name.
    pub q: String,
    /// `all` for every dossier that was ever submitted; otherwise those that wait here.
    pub show: String,
    /// Number of the page, from 1.
    pub page: String,
}

impl InboxFilter {
    /// Whether every dossier is wanted, not only those that wait here.
    pub fn all(&self) -> bool {
        self.show == "all"
    }
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Name of the commune.
    pub commune: String,
    /// How many wait here.
    pub waiting: usize,
    /// How many of them are overdue.
    pub overdue: usize,
    /// How many fit the filter.
    pub found: usize,
    /// The rows of this page.
    pub rows: Vec<InboxRow>,
    /// The page's number, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// A dossier in the list.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// The dossier.
    pub dossier: Listed,
    /// The commune's deadline while the dossier waits here.
    pub due: Option<Due>,
}

/// The dossiers of the officer's commune: overdue first, then by deadline.
pub async fn inbox(app: &App, actor: &Actor, filter: &InboxFilter) -> Result<Inbox, AppError> {
    let code = commune_of(actor).unwrap_or_default();
    let subject = Subject { commune: Some(code.to_owned()), ..Subject::default() };
    let _ = policy::may(actor, Action::WriteCommuneReport, &subject)?;
    let mut tx = app.db.read().await?;
    let commune = ocop_store::units::find(&mut tx, code).await?.map(|unit| unit.name).unwrap_or_default();
    let narrowed = Filter { commune: Some(code.to_owned()), ..Filter::default() };
    let mut dossiers = ocop_store::dossiers::list(&mut tx, &narrowed, MOST).await?;
    // A draft that was never submitted is the producer's own.
    dossiers.retain(|row| row.state != State::Draft || row.commune_due_on.is_some());
    let today = app.today();
    let waits = |row: &Listed| row.state == State::AtCommune;
    let late = |row: &Listed| waits(row) && row.commune_due_on.is_some_and(|day| day < today);
    let (waiting, overdue) =
        (dossiers.iter().filter(|row| waits(row)).count(), dossiers.iter().filter(|row| late(row)).count());
    let words = fold_words(&filter.q);
    dossiers.retain(|row| (filter.all() || waits(row)) && has_words(row, &words));
    dossiers.sort_by(|a, b| {
        let first = |row: &Listed| (!waits(row), row.commune_due_on.filter(|_| waits(row)));
        first(a).cmp(&first(b)).then_with(|| b.updated_at.cmp(&a.updated_at)).then_with(|| a.id.cmp(&b.id))
    });
    let found = dossiers.len();
    let pages = found.div_ceil(PAGE).max(1);
    let page = filter.page.parse().unwrap_or(1).clamp(1, pages);
    let rows = dossiers
        .into_iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|dossier| InboxRow { due: due(app, &dossier), dossier })
        .collect();
    Ok(Inbox { commune, waiting, overdue, found, rows, page, pages })
}

fn due(app: &App, row: &Listed) -> Option<Due> {
    if row.state == State::AtCommune { row.commune_due_on.map(|day| app.due(day)) } else { None }
}

/// Whether product or producer has every word.
fn has_words(row: &Listed, words: &[String]) -> bool {
    let key = format!("{}{}", fold(&row.product), fold(&row.producer));
    words.iter().all(|word| key.contains(&format!(" {word}")))
}
