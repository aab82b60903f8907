//! Where the product sets of older regimes went: `REGIME/reclassification.toml`.
//!
//! A product whose certificate was issued under an older regime is evaluated again under the one
//! in force. Its set may have another number there, may have merged with another or been divided,
//! or may have no successor at all: the producer has to know before filing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::fault::FaultKind;
use super::load::{Faults, parse};
use super::model::{ProductSet, Regime, Rules};
use crate::text::fold;

/// Successors by regime and number of the older set.
pub(super) type Successions = BTreeMap<(String, u16), Succession>;

/// Where an older product set went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The regime that says so.
    pub regime: String,
    /// Its sets that take the products over, the usual one first; empty when there is none.
    pub to: Vec<u16>,
    /// What happened to the set, in one sentence.
    pub reason: String,
    /// Where that stands.
    pub cite: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReclassificationFile {
    cite: Option<String>,
    #[serde(rename = "move")]
    moves: Vec<MoveText>,
    #[serde(default, rename = "new")]
    news: Vec<NewText>,
}

/// An older set and where it went.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveText {
    from: String,
    to: Vec<u16>,
    reason: String,
}

/// A set that continues none of the regimes before `since`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewText {
    set: u16,
    since: String,
}

/// Reads the files (`folder` → path and text) and checks each against the regimes. Of two regimes
/// that continue the same set, the newer one counts.
pub(super) fn successions(
    files: &BTreeMap<&str, (&String, &String)>,
    regimes: &BTreeMap<String, Regime>,
    faults: &mut Faults,
) -> Successions {
    let mut read: Vec<(&Regime, Successions)> = Vec::new();
    for (folder, (path, text)) in files {
        // A regime that did not load has its own faults.
        let Some(regime) = regimes.get(*folder) else { continue };
        let Some(file) = parse::<ReclassificationFile>(path, text, faults) else { continue };
        let check = Check { path, regime, regimes };
        read.push((regime, check.all(file, faults)));
    }
    read.sort_by_key(|(regime, _)| regime.in_force_from);
    read.into_iter().flat_map(|(_, found)| found).collect()
}

struct Check<'a> {
    path: &'a str,
    regime: &'a Regime,
    regimes: &'a BTreeMap<String, Regime>,
}

impl Check<'_> {
    fn all(&self, file: ReclassificationFile, faults: &mut Faults) -> Successions {
        let cite = faults.cited(self.path, "", file.cite);
        let mut found = Successions::new();
        for one in file.moves {
            self.one_move(one, &cite, &mut found, faults);
        }
        for regime in self.older() {
            let missing = regime.sets.keys().filter(|no| !found.contains_key(&(regime.id.clone(), **no)));
            for no in missing {
                faults.add(self.path, &format!("{}/{no}", regime.id), FaultKind::NotReclassified);
            }
        }
        self.news(&file.news, &found, faults);
        found
    }

    /// The regimes before this one.
    fn older(&self) -> impl Iterator<Item = &Regime> {
        self.regimes.values().filter(|one| one.in_force_from < self.regime.in_force_from)
    }

    fn one_move(&self, one: MoveText, cite: &str, found: &mut Successions, faults: &mut Faults) {
        let MoveText { from, to, reason } = one;
        let Some((regime, no)) = split_reference(&from) else {
            return faults.add(self.path, &from, FaultKind::NotASet);
        };
        // A folder may hold this regime without the older ones; then there is nothing to compare.
        if let Some(older) = self.regimes.get(regime)
            && (older.in_force_from >= self.regime.in_force_from || !older.sets.contains_key(&no))
        {
            faults.add(self.path, &from, FaultKind::NotAnOlderSet);
        }
        if reason.trim().is_empty() {
            faults.add(self.path, &from, FaultKind::MissingKey { key: "reason" });
        }
        for (at, target) in to.iter().enumerate() {
            if !self.regime.sets.contains_key(target) || to.iter().take(at).any(|before| before == target) {
                faults.add(self.path, &from, FaultKind::UnknownSuccessor { no: *target });
            }
        }
        let succession = Succession { regime: self.regime.id.clone(), to, reason, cite: cite.to_owned() };
        if found.insert((regime.to_owned(), no), succession).is_some() {
            faults.add(self.path, &from, FaultKind::ReclassifiedTwice);
        }
    }

    /// A set that no set of an older regime leads to must say since when it is there, and only such
    /// a set may.
    fn news(&self, news: &[NewText], found: &Successions, faults: &mut Faults) {
        let mut said = BTreeSet::new();
        for one in news {
            if !self.regime.sets.contains_key(&one.set) || !said.insert(one.set) {
                faults.add(self.path, "new", FaultKind::UnknownSuccessor { no: one.set });
            }
        }
        for older in self.older() {
            let reached: BTreeSet<u16> = found
                .iter()
                .filter(|((regime, _), _)| *regime == older.id)
                .flat_map(|(_, succession)| succession.to.iter().copied())
                .collect();
            for no in self.regime.sets.keys() {
                let is_new = news.iter().any(|one| one.set == *no && self.began_after(&one.since, older));
                if is_new == reached.contains(no) {
                    let kind = FaultKind::Unreached { no: *no, regime: older.id.clone() };
                    faults.add(self.path, "new", kind);
                }
            }
        }
    }

    fn began_after(&self, since: &str, older: &Regime) -> bool {
        self.regimes.get(since).is_none_or(|began| began.in_force_from > older.in_force_from)
    }
}

/// `2020-781/8` in its two parts.
pub(super) fn split_reference(text: &str) -> Option<(&str, u16)> {
    let (regime, no) = text.split_once('/')?;
    Some((regime, no.parse().ok()?))
}

impl Rules {
    /// The sets of the regime `to` that a set of the regime `from` is in, the usual one first; empty
    /// when there is none. Either regime may be the older one.
    pub fn sets_in(&self, from: &str, no: u16, to: &str) -> Vec<u16> {
        if from == to {
            return vec![no];
        }
        let (Some(own), Some(regime)) = (self.set(from, no), self.regime(to)) else { return Vec::new() };
        // Successions lead to the newest regime: what neither side is, both lead to.
        let (newest, heirs) = match self.successors(from, no) {
            Some(moved) if moved.regime == to => return moved.to.clone(),
            Some(moved) => (moved.regime.as_str(), moved.to.clone()),
            None => (from, vec![no]),
        };
        let mut found: Vec<(bool, bool, u16)> = Vec::new();
        for set in regime.sets.values() {
            let same_name = fold(&set.name) == fold(&own.name);
            let moved = self.successors(to, set.no).filter(|moved| moved.regime == newest);
            let shared = moved.is_some_and(|moved| moved.to.iter().any(|heir| heirs.contains(heir)));
            if shared || same_name {
                let usual = moved.is_some_and(|moved| moved.to.first() == heirs.first());
                found.push((!same_name, !usual, set.no));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, _, no)| no).collect()
    }
}

impl Regime {
    /// The set that people name by its number (`4`, `Bộ 4`, `4. Mật ong`) or by its name.
    pub fn set_named(&self, typed: &str) -> Option<&Arc<ProductSet>> {
        let folded = fold(typed);
        let words = folded.trim_start();
        let rest = words.strip_prefix("bo ").unwrap_or(words);
        let by_number = || rest.split(' ').next()?.parse().ok().and_then(|no: u16| self.sets.get(&no));
        let by_name = || self.sets.values().find(|set| fold(&set.name).trim_start() == words);
        by_name().or_else(by_number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{load, sample};

    const FILE: &str = "2026-26/reclassification.toml";
    const SOUND: &str = r#"
cite = "Đối chiếu tên bộ"
[[move]]
from = "2023-148/4"
to = [4]
reason = "Giữ nguyên"
[[move]]
from = "2023-148/7"
to = []
reason = "Không còn bộ tương ứng"
[[new]]
set = 5
since = "2026-26"
"#;

    /// The sample of 2026 with sets 4 and 5, after a regime of 2023 with sets 4 and 7.
    fn files(reclassification: &str) -> BTreeMap<String, String> {
        let mut files = sample::files();
        let old: Vec<_> = files
            .iter()
            .filter(|(path, _)| path.starts_with("2026-26/"))
            .map(|(path, text)| {
                let text = text.replace("2026-26", "2023-148").replace("2026-05-22", "2023-02-24");
                (path.replace("2026-26", "2023-148"), text)
            })
            .collect();
        files.extend(old);
        let honey = files["2026-26/sets/04-mat-ong.toml"].clone();
        files.insert("2026-26/sets/05.toml".to_owned(), honey.replacen("set = 4", "set = 5", 1));
        files.insert("2023-148/sets/07.toml".to_owned(), honey.replacen("set = 4", "set = 7", 1));
        files.insert(FILE.to_owned(), reclassification.to_owned());
        files
    }

    fn check(from: &str, to: &str, expected: &[&str]) {
        assert!(SOUND.contains(from), "{from}");
        let faults = load(&files(&SOUND.replacen(from, to, 1))).err().unwrap_or_default();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let expected: Vec<String> = expected.iter().map(|line| format!("{FILE}: {line}")).collect();
        assert_eq!(lines, expected, "{from} → {to}");
    }

    #[test]
    fn every_older_set_says_once_where_it_went() {
        check("cite", "cite", &[]);
        check(
            "from = \"2023-148/7\"",
            "from = \"2023-148/4\"",
            &[
                "2023-148/4: bộ này đã được nêu ở một mục khác",
                "2023-148/7: chưa nêu bộ này chuyển về đâu",
                "new: bộ 4: có bộ của 2023-148 chuyển về, hoặc chưa ghi là mới; phải đúng một trong hai",
            ],
        );
        check(
            "from = \"2023-148/7\"",
            "from = \"2023-148/70\"",
            &[
                "2023-148/70: không phải một bộ của quy định trước",
                "2023-148/7: chưa nêu bộ này chuyển về đâu",
            ],
        );
        check(
            "from = \"2023-148/7\"",
            "from = \"2023-148\"",
            &[
                "2023-148: không phải một bộ, viết như 2023-148/4",
                "2023-148/7: chưa nêu bộ này chuyển về đâu",
            ],
        );
        check("reason = \"Giữ nguyên\"", "reason = \" \"", &["2023-148/4: thiếu «reason»"]);
        check("cite = \"Đối chiếu tên bộ\"", "", &["thiếu căn cứ («cite»): mỗi quy định phải dẫn văn bản"]);
        check(
            "reason = \"Giữ nguyên\"",
            "reason = \"Giữ nguyên\"\nwhy = 1",
            &["dòng 7: unknown field `why`, expected one of `from`, `to`, `reason`"],
        );
    }

    #[test]
    fn targets_exist_and_new_sets_are_named() {
        check("to = [4]", "to = [4, 9]", &["2023-148/4: bộ 9 không có trong quy định này, hoặc bị lặp"]);
        check("to = [4]", "to = [4, 4]", &["2023-148/4: bộ 4 không có trong quy định này, hoặc bị lặp"]);
        let unreached = |no: u16| {
            format!(
                "new: bộ {no}: có bộ của 2023-148 chuyển về, hoặc chưa ghi là mới; phải đúng một trong hai"
            )
        };
        check("set = 5", "set = 4", &[&unreached(4), &unreached(5)]);
        check("to = [4]", "to = [4, 5]", &[&unreached(5)]);
        check("since = \"2026-26\"", "since = \"2023-148\"", &[&unreached(5)]);
    }

    #[test]
    fn a_regime_that_is_not_there_cannot_be_checked() {
        let mut alone = files(SOUND);
        alone.retain(|path, _| !path.starts_with("2023-148/"));
        let rules = load(&alone).unwrap();
        assert_eq!(rules.successors("2023-148", 4).unwrap().to, [4]);
    }

    #[test]
    fn sets_merged_divided_and_without_successor() {
        let rules = sample::repository();
        let to = |regime: &str, no: u16| rules.successors(regime, no).unwrap().to.clone();
        for no in 1..=26 {
            assert_eq!(to("2023-148", no), [no]);
        }
        assert_eq!((to("2020-781", 8), to("2020-781", 9)), (vec![8], vec![8]));
        assert_eq!((to("2020-781", 23), to("2020-781", 24)), (vec![21], vec![21]));
        assert_eq!(to("2020-781", 4), [4, 8]);
        assert!(to("2020-781", 21).is_empty());
        assert!(rules.successors("2020-781", 21).unwrap().reason.contains("không còn"));
        assert_eq!(rules.successors("2026-26", 4), None);
        assert_eq!(rules.successors("2020-781", 99), None);
    }

    #[test]
    fn a_set_is_found_in_any_regime() {
        let rules = sample::repository();
        for older in ["2020-781", "2023-148"] {
            for set in rules.regime(older).unwrap().sets.values() {
                let moved = &rules.successors(older, set.no).unwrap().to;
                let found = rules.sets_in(older, set.no, "2026-26");
                assert_eq!(&found, moved, "{older}/{}", set.no);
                // And back again, among those that became it.
                for heir in moved {
                    let back = rules.sets_in("2026-26", *heir, older);
                    assert!(back.contains(&set.no), "{older}/{} of {heir}: {back:?}", set.no);
                }
            }
        }
        assert_eq!(rules.sets_in("2026-26", 4, "2026-26"), [4]);
        assert_eq!(rules.sets_in("2026-26", 4, "2023-148"), [4]);
        assert_eq!(rules.sets_in("2020-781", 99, "2026-26"), Vec::<u16>::new());
        assert_eq!(rules.sets_in("2026-26", 4, "1999-1"), Vec::<u16>::new());
        let unmoved = rules.regime("2020-781").unwrap().sets.keys();
        let lost: Vec<u16> =
            unmoved.copied().filter(|no| rules.sets_in("2020-781", *no, "2023-148").is_empty()).collect();
        assert_eq!(lost, [21], "the one of 2020 that no later regime has");
    }

    #[test]
    fn people_name_a_set_by_number_or_name() {
        let rules = sample::repository();
        let regime = rules.regime("2026-26").unwrap();
        let honey = regime.sets[&4].name.clone();
        for typed in ["4", "Bộ 4", "bộ 04", "4. Mật ong", "4 - gì đó", honey.as_str(), &honey.to_uppercase()]
        {
            assert_eq!(regime.set_named(typed).map(|set| set.no), Some(4), "{typed}");
        }
        for typed in ["", "99", "Bộ", "không có"] {
            assert_eq!(regime.set_named(typed), None, "{typed}");
        }
    }
}
