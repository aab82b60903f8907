//! Runs the worked cases of `rules/REGIME/cases/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Choice, Disqualification, Scored, Sheet, Tally, score, tally};
use crate::rules::{PartCode, ProductSet, sample};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesFile {
    set: u16,
    #[serde(default)]
    case: Vec<Case>,
    #[serde(default)]
    council: Vec<Council>,
}

/// One sheet and what it is worth.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    base: Option<Base>,
    #[serde(default)]
    answers: BTreeMap<String, Answer>,
    disqualified: Option<Disqualification>,
    expect: Expected,
}

/// A council: every ballot starts from the shared base and answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Council {
    name: String,
    base: Option<Base>,
    #[serde(default)]
    answers: BTreeMap<String, Answer>,
    ballot: Vec<Ballot>,
    expect: ExpectedTally,
}

/// So many equal ballots.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ballot {
    #[serde(default = "one")]
    count: usize,
    #[serde(default)]
    answers: BTreeMap<String, Answer>,
    disqualified: Option<Disqualification>,
}

fn one() -> usize {
    1
}

/// The sheet that the answers change.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Base {
    /// The highest level everywhere.
    Max,
    /// The lowest written level everywhere.
    Lowest,
}

/// A level, or a level of another alternative.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Answer {
    Level(u8),
    Choice(Choice),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "A")]
    a: Option<u16>,
    #[serde(rename = "B")]
    b: Option<u16>,
    #[serde(rename = "C")]
    c: Option<u16>,
    total: Option<u16>,
    stars_by_points: Option<u8>,
    stars: Option<u8>,
    #[serde(default)]
    missed: Vec<String>,
    #[serde(default)]
    ignored: Vec<String>,
    #[serde(default)]
    unanswered: Vec<String>,
    #[serde(default)]
    disqualified: bool,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedTally {
    mean: Option<String>,
    shown: Option<String>,
    stars_by_points: Option<u8>,
    stars: Option<u8>,
    spread: Option<u16>,
    #[serde(default)]
    missed: Vec<String>,
    #[serde(default)]
    disqualified: bool,
}

fn start(set: &ProductSet, base: Option<Base>) -> Sheet {
    let mut sheet = Sheet::default();
    for criterion in set.criteria() {
        let level = match base {
            Some(Base::Max) => criterion.alternatives[0].highest(),
            Some(Base::Lowest) => 1,
            None => continue,
        };
        sheet.choices.insert(criterion.code.clone(), Choice::level(level));
    }
    sheet
}

fn changed(mut sheet: Sheet, answers: &BTreeMap<String, Answer>) -> Sheet {
    for (code, answer) in answers {
        let choice = match answer {
            Answer::Level(level) => Choice::level(*level),
            Answer::Choice(choice) => choice.clone(),
        };
        sheet.choices.insert(code.clone(), choice);
    }
    sheet
}

fn found(scored: Scored) -> Expected {
    let stands = scored.disqualified.is_none();
    Expected {
        a: stands.then(|| scored.parts.of(PartCode::A)),
        b: stands.then(|| scored.parts.of(PartCode::B)),
        c: stands.then(|| scored.parts.of(PartCode::C)),
        total: stands.then_some(scored.total),
        stars_by_points: stands.then_some(scored.stars_by_points),
        stars: stands.then_some(scored.stars),
        missed: scored.missed_for_next_star,
        ignored: scored.ignored,
        unanswered: scored.unanswered,
        disqualified: !stands,
    }
}

fn found_tally(tally: Tally) -> ExpectedTally {
    let stands = tally.disqualified.is_none();
    ExpectedTally {
        mean: stands.then(|| tally.mean.to_string()),
        shown: stands.then(|| tally.mean.vi()),
        stars_by_points: stands.then_some(tally.stars_by_points),
        stars: stands.then_some(tally.stars),
        spread: stands.then_some(tally.spread),
        missed: tally.missed_for_next_star,
        disqualified: !stands,
    }
}

/// How many cases there are, and a line for each that comes out otherwise.
fn run(set: &ProductSet, file: CasesFile, wrong: &mut Vec<String>) -> usize {
    let count = file.case.len() + file.council.len();
    let name = |name: &str| format!("{}: {name}", set.reference());
    for case in file.case {
        let mut sheet = changed(start(set, case.base), &case.answers);
        sheet.disqualified = case.disqualified;
        let came_out = found(score(set, &sheet).unwrap());
        if came_out != case.expect {
            wrong.push(format!("{}: {came_out:?}, not {:?}", name(&case.name), case.expect));
        }
    }
    for council in file.council {
        let base = changed(start(set, council.base), &council.answers);
        let ballots: Vec<Sheet> = council
            .ballot
            .into_iter()
            .flat_map(|ballot| {
                let mut sheet = changed(base.clone(), &ballot.answers);
                sheet.disqualified = ballot.disqualified;
                vec![sheet; ballot.count]
            })
            .collect();
        let came_out = found_tally(tally(set, &ballots).unwrap());
        if came_out != council.expect {
            wrong.push(format!("{}: {came_out:?}, not {:?}", name(&council.name), council.expect));
        }
    }
    count
}

#[test]
fn every_worked_case_comes_out_as_written() {
    let rules = sample::repository();
    let mut wrong = Vec::new();
    for regime in rules.regimes.values() {
        let mut counts: BTreeMap<u16, usize> = regime.sets.keys().map(|no| (*no, 0)).collect();
        for (path, text) in sample::texts(&format!("{}/cases", regime.id)) {
            let file: CasesFile = toml::from_str(&text).unwrap_or_else(|fault| panic!("{path}: {fault}"));
            let set = regime.sets.get(&file.set).unwrap_or_else(|| panic!("{path}: no set {}", file.set));
            let no = file.set;
            *counts.entry(no).or_default() += run(set, file, &mut wrong);
        }
        let least = if regime.id == "2026-26" { 4 } else { 2 };
        assert!(
            counts.values().all(|count| *count >= least),
            "{}: {least} cases a set: {counts:?}",
            regime.id
        );
        assert_eq!(counts.len(), 26, "{}", regime.id);
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}
