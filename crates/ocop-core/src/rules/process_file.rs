//! Reads and checks the files of a procedure: `process.toml`, and `process-YYYY-MM-DD.toml` for each
//! later change of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::fault::FaultKind;
use super::file::{Cited, CouncilText, ProcessFile, RoundText, TierText};
use super::load::{Faults, Text, parse};
use super::process::{
    ComplaintDays, CouncilDefaults, Duty, Process, Renewal, RoundWindow, Tier, TierDuty, Transition,
};

/// The procedures of a regime by their first day, oldest first. `process.toml` begins with the
/// regime.
pub(super) fn read(
    texts: &[Text<'_>],
    in_force_from: Option<NaiveDate>,
    faults: &mut Faults,
) -> Vec<(NaiveDate, Process)> {
    let mut processes = BTreeMap::new();
    for (path, text) in texts {
        let name = path.rsplit('/').next().unwrap_or(path);
        let from = match name.strip_prefix("process-").and_then(|rest| rest.strip_suffix(".toml")) {
            Some(day) => {
                let from = day.parse::<NaiveDate>().ok();
                if from.is_none() {
                    faults.add(path, "", FaultKind::NotADay { text: day.to_owned() });
                }
                if from.zip(in_force_from).is_some_and(|(from, first)| from <= first) {
                    faults.add(path, "", FaultKind::ChangeBeforeRegime);
                }
                from
            }
            None if name == "process.toml" => in_force_from,
            None => {
                faults.add(path, "", FaultKind::NotInLayout);
                None
            }
        };
        let Some(file) = parse::<ProcessFile>(path, text, faults) else { continue };
        let process = process(path, file, faults);
        check(path, &process, faults);
        if let Some(from) = from {
            processes.insert(from, process);
        }
    }
    processes.into_iter().collect()
}

/// Collects the numbers of a file with their citations.
struct Notes<'a> {
    path: &'a str,
    faults: &'a mut Faults,
    cites: BTreeMap<String, String>,
}

impl Notes<'_> {
    fn note(&mut self, key: &str, cite: Option<String>) {
        let cite = self.faults.cited(self.path, key, cite);
        self.cites.insert(key.to_owned(), cite);
    }

    fn number<T>(&mut self, key: &str, number: Cited<T>) -> T {
        self.note(key, number.cite);
        number.value
    }

    fn optional<T>(&mut self, key: &str, number: Option<Cited<T>>) -> Option<T> {
        number.map(|number| self.number(key, number))
    }

    fn day(&mut self, key: &str, day: Cited<toml::value::Datetime>) -> NaiveDate {
        let text = self.number(key, day).to_string();
        text.parse().unwrap_or_else(|_| {
            self.faults.add(self.path, key, FaultKind::NotADay { text });
            NaiveDate::MIN
        })
    }
}

fn process(path: &str, file: ProcessFile, faults: &mut Faults) -> Process {
    let mut notes = Notes { path, faults, cites: BTreeMap::new() };
    let tiers = file.tier.into_iter().map(|text| tier(text, &mut notes)).collect();
    let rounds = (1u32..)
        .zip(file.round)
        .map(|(no, RoundText { tier, proposed_before, result_before, cite })| {
            notes.note(&format!("round {no}"), cite);
            RoundWindow { tier, proposed_before, result_before }
        })
        .collect();
    let renewal = Renewal {
        opens_days_before: notes.optional("renewal.opens_days_before", file.renewal.opens_days_before),
        closes_days_before: notes.optional("renewal.closes_days_before", file.renewal.closes_days_before),
        hearing: notes.number("renewal.hearing", file.renewal.hearing),
        decide_within_days: notes.optional("renewal.decide_within_days", file.renewal.decide_within_days),
        extension_days: notes.optional("renewal.extension_days", file.renewal.extension_days),
    };
    let (revocation_days, grounds) = match file.revocation {
        Some(text) => (
            Some(notes.number("revocation.within_days", text.within_days)),
            notes.number("revocation.grounds", text.grounds),
        ),
        None => (None, Vec::new()),
    };
    let complaint = file.complaint.map(|text| ComplaintDays {
        file: notes.number("complaint.file_days", text.file_days),
        admit: notes.number("complaint.admit_days", text.admit_days),
        answer: notes.number("complaint.answer_days", text.answer_days),
    });
    let transition = file.transition.map(|text| Transition {
        evaluation_days: notes.number("transition.evaluation_days", text.evaluation_days),
        renewal_days: notes.number("transition.renewal_days", text.renewal_days),
        extension_days: notes.number("transition.extension_days", text.extension_days),
        last_expiry: notes.day("transition.last_expiry", text.last_expiry),
    });
    Process {
        tiers,
        certificate_months: notes.number("certificate_months", file.certificate_months),
        samples: notes.number("samples", file.samples),
        rounds,
        council: council(file.council, &mut notes),
        renewal,
        revocation_days,
        grounds,
        complaint,
        transition,
        cites: notes.cites,
    }
}

fn tier(text: TierText, notes: &mut Notes<'_>) -> TierDuty {
    notes.note(&format!("tier {}", text.tier), text.cite);
    TierDuty {
        tier: text.tier,
        duty: text.duty,
        working_days: text.working_days,
        decides: text.decides,
        forward_from: text.forward_from,
    }
}

fn council(text: CouncilText, notes: &mut Notes<'_>) -> CouncilDefaults {
    CouncilDefaults {
        quorum_percent: notes.number("council.quorum_percent", text.quorum_percent),
        chair_required: notes.number("council.chair_required", text.chair_required),
        spread_limit: notes.number("council.spread_limit", text.spread_limit),
        secretary_votes: notes.number("council.secretary_votes", text.secretary_votes),
        spread_rule: notes.number("council.spread_rule", text.spread_rule),
        chair_votes: notes.number("council.chair_votes", text.chair_votes),
        floor_rule: notes.number("council.floor_rule", text.floor_rule),
        decimals: notes.number("council.decimals", text.decimals),
        opinion_days: notes.number("council.opinion_days", text.opinion_days),
    }
}

/// Levels go from below, the last forwards nothing, and each star is recognised by one of them.
fn check(path: &str, process: &Process, faults: &mut Faults) {
    let tiers: Vec<Tier> = process.tiers.iter().map(|duty| duty.tier).collect();
    let rise = tiers.windows(2).all(|pair| matches!(pair, [below, above] if below < above));
    let stars: Vec<u8> = process.tiers.iter().flat_map(|duty| duty.decides.iter().copied()).collect();
    let once = stars.iter().collect::<BTreeSet<_>>().len() == stars.len();
    let fit = process.tiers.iter().all(|duty| (duty.duty == Duty::Decide) != duty.decides.is_empty());
    let last = process.tiers.last().is_some_and(|duty| duty.forward_from.is_none());
    if !(rise && once && fit && last) {
        faults.add(path, "tier", FaultKind::Tiers);
    }
    let mut codes = BTreeSet::new();
    for ground in process.grounds.iter().filter(|ground| !codes.insert(&ground.code)) {
        faults.add(path, "revocation", FaultKind::RepeatedGround { code: ground.code.clone() });
    }
}
