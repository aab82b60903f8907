//! What a rule text means.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::process::Process;
use super::reclassify::{Succession, Successions, split_reference};
use crate::coded;
use crate::evidence::EvidenceList;

coded! {
    /// A part of the score sheet (Article 3).
    PartCode {
        /// The product and the strength of the community.
        A = "A", "Phần A";
        /// Marketing and story.
        B = "B", "Phần B";
        /// Quality.
        C = "C", "Phần C";
    }
}

coded! {
    /// What a knock-out does to the evaluation. None of them is a score of zero.
    Effect {
        /// The next steps are not evaluated.
        Stop = "stop", "Dừng đánh giá";
        /// The product is excluded.
        Eliminate = "eliminate", "Bị loại";
        /// Such products are not evaluated at all.
        NotEvaluated = "not_evaluated", "Không thuộc diện đánh giá";
    }
}

coded! {
    /// What sets a knock-out off.
    Trigger {
        /// An assessor states the fact; no level expresses it.
        Declared = "declared", "Người chấm xác nhận";
        /// A criterion of the scope is scored 0 points.
        Zero = "zero", "Chấm 0 điểm";
    }
}

/// Every regime, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Regimes by id, such as `2026-26`.
    pub regimes: BTreeMap<String, Regime>,
    by_hash: BTreeMap<String, Arc<ProductSet>>,
    successions: Successions,
}

impl Rules {
    /// These regimes, with every set found by its hash, too.
    pub(super) fn new(regimes: BTreeMap<String, Regime>, successions: Successions) -> Self {
        let sets = regimes.values().flat_map(|regime| regime.sets.values());
        let by_hash = sets.map(|set| (set.hash(), Arc::clone(set))).collect();
        Self { regimes, by_hash, successions }
    }

    /// The regime in force on a day: the last one that began by then.
    pub fn in_force_on(&self, day: NaiveDate) -> Option<&Regime> {
        let begun = self.regimes.values().filter(|regime| regime.in_force_from <= day);
        begun.max_by_key(|regime| regime.in_force_from)
    }

    /// The product set with this content ([`ProductSet::hash`]).
    pub fn by_hash(&self, hash: &str) -> Option<&Arc<ProductSet>> {
        self.by_hash.get(hash)
    }

    /// The regime with this id.
    pub fn regime(&self, id: &str) -> Option<&Regime> {
        self.regimes.get(id)
    }

    /// The product set of a regime.
    pub fn set(&self, regime: &str, no: u16) -> Option<&Arc<ProductSet>> {
        self.regime(regime)?.sets.get(&no)
    }

    /// The product set that a reference such as `2026-26/4` names.
    pub fn by_reference(&self, reference: &str) -> Option<&Arc<ProductSet>> {
        let (regime, no) = split_reference(reference)?;
        self.set(regime, no)
    }

    /// The regime that followed another one.
    pub fn next_after(&self, regime: &Regime) -> Option<&Regime> {
        let later = self.regimes.values().filter(|other| other.in_force_from > regime.in_force_from);
        later.min_by_key(|other| other.in_force_from)
    }

    /// Where a product set of an older regime went; `None` when no later regime says so.
    pub fn successors(&self, regime: &str, no: u16) -> Option<&Succession> {
        self.successions.get(&(regime.to_owned(), no))
    }
}

/// One decision with its annexes, in force from a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Year and number of the decision: `2026-26`.
    pub id: String,
    /// Short name.
    pub name: String,
    /// The decision.
    pub cite: String,
    /// First day in force.
    pub in_force_from: NaiveDate,
    /// Parts with their maximum points.
    pub parts: Vec<Part>,
    /// Star bands, highest first.
    pub bands: Vec<Band>,
    /// The choices the decision leaves open, in words, by key.
    pub reading: BTreeMap<String, String>,
    /// The procedure, and how it was changed since, each from its first day on, oldest first.
    pub processes: Vec<(NaiveDate, Process)>,
    /// The papers that it asks for with a dossier.
    pub evidence: EvidenceList,
    /// Product sets by number.
    pub sets: BTreeMap<u16, Arc<ProductSet>>,
}

impl Regime {
    /// The procedure on a day: the last one in force by then, or the first.
    pub fn process_on(&self, day: NaiveDate) -> Option<&Process> {
        let by_then = self.processes.iter().rev().find(|(from, _)| *from <= day);
        by_then.or(self.processes.first()).map(|(_, process)| process)
    }
}

/// A part of the sheet and its maximum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// A, B or C.
    pub code: PartCode,
    /// Its title.
    pub name: String,
    /// Maximum points.
    pub max: u16,
}

/// Stars that a total reaches by points alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Stars, 1–5.
    pub stars: u8,
    /// Least total.
    pub from: u16,
}

/// A numbered heading of the classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The number or letter as printed.
    pub no: String,
    /// Its name.
    pub name: String,
}

/// The criteria of one set of products: a score sheet, complete in itself (it carries the parts
/// and bands of its regime), so that a dossier can be pinned to it by [`ProductSet::hash`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductSet {
    /// Id of its regime.
    pub regime: String,
    /// Number of the set in the annex.
    pub no: u16,
    /// Name for files and addresses.
    pub slug: String,
    /// Name of the set.
    pub name: String,
    /// Industry (ngành).
    pub industry: Named,
    /// Group (nhóm).
    pub group: Named,
    /// Subgroup (phân nhóm), if the group is divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Named>,
    /// Ministries in charge.
    pub agencies: Vec<String>,
    /// Where the sheet stands.
    pub cite: String,
    /// Product samples to hand in; 0 for services.
    pub samples: u16,
    /// Grounds on which the whole dossier is refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disqualifiers: Vec<String>,
    /// Sections in the order of the sheet.
    pub sections: Vec<Section>,
    /// Parts of the regime.
    pub parts: Vec<Part>,
    /// Star bands of the regime, highest first.
    pub bands: Vec<Band>,
    /// What is uncertain in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

impl ProductSet {
    /// `2026-26/4`, as commands and messages name the set.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.regime, self.no)
    }

    /// Every criterion in the order of the sheet.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.sections.iter().flat_map(|section| &section.criteria)
    }

    /// The criterion with this code.
    pub fn criterion(&self, code: &str) -> Option<&Criterion> {
        self.criteria().find(|criterion| criterion.code == code)
    }

    /// The part that a criterion counts in.
    pub fn part_of(&self, code: &str) -> Option<PartCode> {
        let holds = |section: &&Section| section.criteria.iter().any(|criterion| criterion.code == code);
        self.sections.iter().find(holds).map(|section| section.part)
    }

    /// Sections of one part, in the order of the sheet.
    pub fn sections_of(&self, part: PartCode) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.part == part)
    }

    /// Whether any level is the least for a star.
    pub fn has_floors(&self) -> bool {
        let mut levels =
            self.criteria().flat_map(|criterion| &criterion.alternatives).flat_map(|one| &one.levels);
        levels.any(|level| level.floor.is_some())
    }

    /// Maximum points of the sheet.
    pub fn max(&self) -> u16 {
        self.parts.iter().map(|part| part.max).sum()
    }

    /// Maximum points of a part.
    pub fn part_max(&self, code: PartCode) -> u16 {
        self.parts.iter().filter(|part| part.code == code).map(|part| part.max).sum()
    }

    /// Least total for `stars`; `None` when no band gives them.
    pub fn threshold(&self, stars: u8) -> Option<u16> {
        self.bands.iter().find(|band| band.stars == stars).map(|band| band.from)
    }
}

/// A numbered section of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The part it counts in.
    pub part: PartCode,
    /// Its number; numbering runs through the parts.
    pub no: u16,
    /// Title.
    pub name: String,
    /// Maximum points: the sum of its criteria.
    pub max: u16,
    /// Criteria in the order of the sheet.
    pub criteria: Vec<Criterion>,
    /// What is uncertain in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

/// A criterion: one level of one alternative is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `3.5`, or the section's number where the section is one criterion.
    pub code: String,
    /// Title.
    pub name: String,
    /// Points of the best level.
    pub max: u16,
    /// A note that guides and does not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A printed requirement that must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// What is uncertain in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
    /// Headings 1–15 of the evidence table (form 02 of 26/2026/QĐ-TTg, in the sets of every regime) that usually
    /// prove it; how the regime's own list calls them: [`EvidenceList::usual`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u8>,
    /// The criterion counts only if this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_if: Option<AppliesIf>,
    /// Facts that end the evaluation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knockouts: Vec<Knockout>,
    /// How to choose among several alternatives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choose: Option<String>,
    /// At least one; most criteria have exactly one, without a label.
    pub alternatives: Vec<Alternative>,
}

impl Criterion {
    /// The alternative with this number, counted from 1.
    pub fn alternative(&self, no: u8) -> Option<&Alternative> {
        self.alternatives.get(usize::from(no).checked_sub(1)?)
    }
}

/// The criterion counts only when another one reaches a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliesIf {
    /// Code of the other criterion.
    pub criterion: String,
    /// Its least level, counted from 1.
    pub level: u8,
    /// The condition in words.
    pub text: String,
}

/// A fact that ends the evaluation with a reason: never a score of zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knockout {
    /// What it does.
    pub effect: Effect,
    /// What sets it off.
    pub trigger: Trigger,
    /// The ground in words.
    pub text: String,
    /// Criteria that a [`Trigger::Zero`] looks at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
}

/// One of the cases of a criterion, with its levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Which case it is; absent when the criterion has only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Levels from the lowest, counted from 1. Level 0, "no level met", is never written.
    pub levels: Vec<Level>,
}

impl Alternative {
    /// The level with this number; `None` for 0 and beyond the last.
    pub fn level(&self, no: u8) -> Option<&Level> {
        self.levels.get(usize::from(no).checked_sub(1)?)
    }

    /// Levels with their numbers, counted from 1.
    pub fn numbered(&self) -> impl Iterator<Item = (u8, &Level)> {
        (1..=u8::MAX).zip(&self.levels)
    }

    /// Number of the highest level.
    pub fn highest(&self) -> u8 {
        u8::try_from(self.levels.len()).unwrap_or(u8::MAX)
    }

    /// The level that carries the floor of `stars`.
    pub fn floor(&self, stars: u8) -> Option<(u8, &Level)> {
        self.numbered().find(|(_, level)| level.floor == Some(stars))
    }
}

/// A level of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Points it gives.
    pub points: u16,
    /// The stars for which this level is the least (printed as ***, **** or *****).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<u8>,
    /// Not printed as a level: read out of a criterion that is only a maximum (yes or no).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implied: bool,
    /// What must be shown for it.
    pub text: String,
    /// What is uncertain in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}
