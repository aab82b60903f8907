//! The law for reading: the list of product sets, one sheet, and what changed from an older sheet.
//!
//! The law is public, so nobody is asked for a permit. Only what is doubtful in the source is for
//! officers and assessors: it helps them judge, and would frighten a producer for nothing.

use std::sync::Arc;

use chrono::NaiveDate;
use ocop_core::evidence::EvidenceList;
use ocop_core::people::Actor;
use ocop_core::rules::diff::{SetDiff, compare};
use ocop_core::rules::{ProductSet, Regime};
use ocop_core::text::{fold, fold_words};

use crate::{App, AppError};

/// A regime as the reader is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegimeHead {
    /// Its id, as in addresses.
    pub id: String,
    /// `Quyết định 26/2026/QĐ-TTg`.
    pub name: String,
    /// The decision.
    pub cite: String,
    /// First day in force.
    pub from: NaiveDate,
    /// First day of the next one.
    pub until: Option<NaiveDate>,
    /// Whether it is the one in force today.
    pub in_force: bool,
}

/// A product set by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetName {
    /// `2026-26/4`, as in addresses.
    pub reference: String,
    /// Its number.
    pub no: u16,
    /// Its name.
    pub name: String,
}

/// The sets of a regime by their classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Every regime, the newest first.
    pub regimes: Vec<RegimeHead>,
    /// The one that is shown.
    pub shown: RegimeHead,
    /// The sets that were sought, by industry.
    pub industries: Vec<Industry>,
    /// How many they are.
    pub found: usize,
}

/// An industry with its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    /// Its name.
    pub name: String,
    /// Its groups: name and sets.
    pub groups: Vec<(String, Vec<SetName>)>,
}

/// A sheet with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetView {
    /// The sheet.
    pub set: Arc<ProductSet>,
    /// Its regime.
    pub regime: RegimeHead,
    /// The papers that it asks for.
    pub evidence: EvidenceList,
    /// Whether the reader is told what is doubtful in the source.
    pub shows_doubts: bool,
    /// Sets of older regimes whose products it took over.
    pub before: Vec<SetName>,
    /// Where its products went, when a later regime took them over.
    pub after: Option<Next>,
}

/// Where the products of a set went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// What happened to the set.
    pub reason: String,
    /// The sets that took them over, the usual one first; empty when there is none.
    pub sets: Vec<SetName>,
}

/// What changed from an older set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The older set.
    pub from: SetName,
    /// Its regime.
    pub regime: RegimeHead,
    /// Where its products went; none when no later regime says so.
    pub next: Option<Next>,
    /// The comparison; none when there is no set to compare with.
    pub diff: Option<SetDiff>,
}

/// The sets of a regime, of the one in force when `regime` is empty. `query` is looked for in the
/// classification, without marks and case.
pub fn catalogue(app: &App, regime: &str, query: &str) -> Result<Catalogue, AppError> {
    let shown = if regime.is_empty() { app.regime_today()? } else { app.regime(regime)? };
    let mut regimes: Vec<RegimeHead> = app.rules.regimes.values().map(|one| head(app, one)).collect();
    regimes.sort_by_key(|one| std::cmp::Reverse(one.from));
    let words = fold_words(query);
    let mut industries: Vec<Industry> = Vec::new();
    let mut found = 0;
    for set in shown.sets.values().filter(|set| is_sought(set, &words)) {
        found += 1;
        put(&mut industries, set);
    }
    Ok(Catalogue { regimes, shown: head(app, shown), industries, found })
}

fn is_sought(set: &ProductSet, words: &[String]) -> bool {
    let subgroup = set.subgroup.as_ref().map_or("", |subgroup| subgroup.name.as_str());
    let key = fold(&format!("{} {} {subgroup} {}", set.industry.name, set.group.name, set.name));
    words.iter().all(|word| key.contains(&format!(" {word}")))
}

fn put(industries: &mut Vec<Industry>, set: &ProductSet) {
    let (industry, group) = (&set.industry.name, &set.group.name);
    match industries.last_mut().filter(|last| last.name == *industry) {
        Some(last) => match last.groups.last_mut().filter(|(name, _)| name == group) {
            Some((_, sets)) => sets.push(name_of(set)),
            None => last.groups.push((group.clone(), vec![name_of(set)])),
        },
        None => {
            let groups = vec![(group.clone(), vec![name_of(set)])];
            industries.push(Industry { name: industry.clone(), groups });
        }
    }
}

/// One sheet, for `reader` or, when there is none, for everybody.
pub fn sheet(app: &App, reader: Option<&Actor>, regime: &str, no: u16) -> Result<SheetView, AppError> {
    let set = app.rules.set(regime, no).ok_or(AppError::NotFound)?;
    Ok(SheetView {
        regime: head(app, app.regime(regime)?),
        evidence: app.evidence_list(regime)?.clone(),
        shows_doubts: reader.is_some_and(Actor::is_official),
        before: predecessors(app, set),
        after: next(app, set),
        set: Arc::clone(set),
    })
}

/// What changed from a set to its successor, or to the set named in `to`.
pub fn comparison(app: &App, regime: &str, no: u16, to: &str) -> Result<Comparison, AppError> {
    let set = app.rules.set(regime, no).ok_or(AppError::NotFound)?;
    let next = next(app, set);
    let target = match to {
        "" => next.as_ref().and_then(|next| next.sets.first()).map(|first| first.reference.clone()),
        named => Some(named.to_owned()),
    };
    let diff = match target {
        Some(reference) => Some(compare(set, app.rules.by_reference(&reference).ok_or(AppError::NotFound)?)),
        None => None,
    };
    Ok(Comparison { from: name_of(set), regime: head(app, app.regime(regime)?), next, diff })
}

/// Where the products of a set went.
pub(crate) fn next(app: &App, set: &ProductSet) -> Option<Next> {
    let succession = app.rules.successors(&set.regime, set.no)?;
    let sets = succession.to.iter().filter_map(|no| app.rules.set(&succession.regime, *no));
    Some(Next { reason: succession.reason.clone(), sets: sets.map(|set| name_of(set)).collect() })
}

fn predecessors(app: &App, set: &ProductSet) -> Vec<SetName> {
    let leads_here = |older: &&Arc<ProductSet>| {
        let succession = app.rules.successors(&older.regime, older.no);
        succession.is_some_and(|next| next.regime == set.regime && next.to.contains(&set.no))
    };
    let all = app.rules.regimes.values().rev().flat_map(|regime| regime.sets.values());
    all.filter(leads_here).map(|older| name_of(older)).collect()
}

fn name_of(set: &ProductSet) -> SetName {
    SetName { reference: set.reference(), no: set.no, name: set.name.clone() }
}

/// `Quyết định 26/2026/QĐ-TTg`.
pub(crate) fn regime_name(regime: &Regime) -> &str {
    regime.name.strip_prefix("Bộ tiêu chí OCOP theo ").unwrap_or(&regime.name)
}

fn head(app: &App, regime: &Regime) -> RegimeHead {
    RegimeHead {
        id: regime.id.clone(),
        name: regime_name(regime).to_owned(),
        cite: regime.cite.clone(),
        from: regime.in_force_from,
        until: app.rules.next_after(regime).map(|next| next.in_force_from),
        in_force: app.regime_today().is_ok_and(|today| today.id == regime.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    #[tokio::test]
    async fn sets_are_found_without_marks() {
        let world = World::new().await;
        let found = |regime: &str, query: &str| {
            let list = catalogue(&world.app, regime, query).unwrap();
            let groups = list.industries.into_iter().flat_map(|industry| industry.groups);
            groups.flat_map(|(_, sets)| sets).map(|set| set.reference).collect::<Vec<_>>()
        };
        assert_eq!(found("", "").len(), 26);
        assert_eq!(found("", "mat ong"), ["2026-26/4", "2026-26/8"]);
        assert_eq!(found("2023-148", "Rượu"), ["2023-148/14"]);
        assert!(found("", "xe máy").is_empty());
        assert!(matches!(catalogue(&world.app, "1999-1", ""), Err(AppError::NotFound)));
        let list = catalogue(&world.app, "", "").unwrap();
        assert_eq!((list.industries.len(), list.found), (6, 26));
        let days: Vec<_> = list.regimes.iter().map(|one| (one.id.as_str(), one.in_force)).collect();
        assert_eq!(days, [("2026-26", true), ("2023-148", false), ("2020-781", false)]);
    }

    #[tokio::test]
    async fn only_officers_and_assessors_are_told_of_doubts() {
        let world = World::new().await;
        let told = |reader| sheet(&world.app, reader, "2026-26", 7).unwrap().shows_doubts;
        for reader in [&world.officer, &world.commune_officer, &world.assessors[0]] {
            assert!(told(Some(reader)), "{}", reader.name);
        }
        assert!(!told(Some(&world.producer)) && !told(None));
    }

    #[tokio::test]
    async fn a_set_knows_where_it_comes_from_and_went() {
        let world = World::new().await;
        let merged = sheet(&world.app, None, "2026-26", 8).unwrap();
        let before: Vec<_> = merged.before.iter().map(|one| one.reference.as_str()).collect();
        assert_eq!(before, ["2023-148/8", "2020-781/4", "2020-781/8", "2020-781/9"]);
        assert_eq!(merged.after, None);
        assert!(matches!(sheet(&world.app, None, "2026-26", 27), Err(AppError::NotFound)));

        let divided = comparison(&world.app, "2020-781", 4, "").unwrap();
        assert_eq!(divided.diff.unwrap().to.reference, "2026-26/4");
        let other = comparison(&world.app, "2020-781", 4, "2026-26/8").unwrap();
        assert_eq!(other.diff.unwrap().to.reference, "2026-26/8");
        let gone = comparison(&world.app, "2020-781", 21, "").unwrap();
        assert!(gone.diff.is_none() && gone.next.unwrap().sets.is_empty());
        for unknown in ["2026-26/99", "2026-26", "x"] {
            let outcome = comparison(&world.app, "2020-781", 4, unknown);
            assert!(matches!(outcome, Err(AppError::NotFound)), "{unknown}");
        }
    }
}
