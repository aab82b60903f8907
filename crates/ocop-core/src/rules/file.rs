//! The shape of the rule files. An unknown key is a fault: a misspelt `flor` must not lose a
//! floor.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::model::{Alternative, AppliesIf, Band, Knockout, Level, Named, Part, PartCode};
use super::process::{Duty, Ground, Hearing, MonthDay, Tier};
use crate::councils::SpreadRule;
use crate::scoring::FloorRule;

/// `REGIME/regime.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegimeFile {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) cite: Option<String>,
    pub(super) in_force_from: toml::value::Datetime,
    pub(super) part: Vec<Part>,
    pub(super) band: Vec<Band>,
    #[serde(default)]
    pub(super) reading: BTreeMap<String, String>,
}

/// `REGIME/process.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessFile {
    pub(super) tier: Vec<TierText>,
    pub(super) certificate_months: Cited<u32>,
    pub(super) samples: Cited<u16>,
    #[serde(default)]
    pub(super) round: Vec<RoundText>,
    pub(super) renewal: RenewalText,
    pub(super) revocation: Option<RevocationText>,
    pub(super) complaint: Option<ComplaintText>,
    pub(super) transition: Option<TransitionText>,
    pub(super) council: CouncilText,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TierText {
    pub(super) tier: Tier,
    pub(super) duty: Duty,
    pub(super) working_days: Option<u32>,
    #[serde(default)]
    pub(super) decides: Vec<u8>,
    pub(super) forward_from: Option<u16>,
    pub(super) cite: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewalText {
    pub(super) opens_days_before: Option<Cited<u32>>,
    pub(super) closes_days_before: Option<Cited<u32>>,
    pub(super) hearing: Cited<Hearing>,
    pub(super) decide_within_days: Option<Cited<u32>>,
    pub(super) extension_days: Option<Cited<u32>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RevocationText {
    pub(super) within_days: Cited<u32>,
    pub(super) grounds: Cited<Vec<Ground>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComplaintText {
    pub(super) file_days: Cited<u32>,
    pub(super) admit_days: Cited<u32>,
    pub(super) answer_days: Cited<u32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitionText {
    pub(super) evaluation_days: Cited<u32>,
    pub(super) renewal_days: Cited<u32>,
    pub(super) extension_days: Cited<u32>,
    pub(super) last_expiry: Cited<toml::value::Datetime>,
}

/// A number with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cited<T> {
    pub(super) value: T,
    pub(super) cite: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoundText {
    /// Whose round.
    pub(super) tier: Tier,
    pub(super) proposed_before: MonthDay,
    pub(super) result_before: MonthDay,
    pub(super) cite: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CouncilText {
    pub(super) quorum_percent: Cited<u8>,
    pub(super) chair_required: Cited<bool>,
    pub(super) spread_limit: Cited<u16>,
    pub(super) secretary_votes: Cited<bool>,
    pub(super) spread_rule: Cited<SpreadRule>,
    pub(super) chair_votes: Cited<bool>,
    pub(super) floor_rule: Cited<FloorRule>,
    pub(super) decimals: Cited<u8>,
    pub(super) opinion_days: Cited<u16>,
}

/// `REGIME/sets/NN-slug.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetFile {
    pub(super) set: u16,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) industry: Named,
    pub(super) group: Named,
    pub(super) subgroup: Option<Named>,
    pub(super) agencies: Vec<String>,
    pub(super) cite: Option<String>,
    pub(super) samples: u16,
    #[serde(default)]
    pub(super) disqualifiers: Vec<String>,
    pub(super) doubt: Option<String>,
    pub(super) section: Vec<SectionText>,
}

/// A section: complete, or `use` of a section block.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionText {
    pub(super) part: PartCode,
    pub(super) no: u16,
    #[serde(rename = "use")]
    pub(super) block: Option<String>,
    pub(super) name: Option<String>,
    pub(super) max: Option<u16>,
    #[serde(default)]
    pub(super) criterion: Vec<CriterionText>,
    pub(super) doubt: Option<String>,
}

/// A criterion: complete, or `use` of a criterion block.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionText {
    #[serde(rename = "use")]
    pub(super) block: Option<String>,
    pub(super) code: Option<String>,
    pub(super) name: Option<String>,
    pub(super) max: Option<u16>,
    pub(super) note: Option<String>,
    pub(super) requirement: Option<String>,
    pub(super) doubt: Option<String>,
    #[serde(default)]
    pub(super) evidence: Vec<u8>,
    pub(super) applies_if: Option<AppliesIf>,
    #[serde(default)]
    pub(super) knockout: Vec<Knockout>,
    pub(super) choose: Option<String>,
    #[serde(default)]
    pub(super) levels: Vec<Level>,
    #[serde(default)]
    pub(super) alternative: Vec<Alternative>,
}

/// `REGIME/blocks/NAME.toml`: what several sets share, written once. The kind is read first, so
/// that a fault in the rest still knows its line.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct BlockHead {
    pub(super) kind: BlockKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum BlockKind {
    Section,
    Criterion,
}

/// Name, maximum and criteria of a section; their codes continue the section's number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionBlock {
    #[serde(rename = "kind")]
    _kind: BlockKind,
    pub(super) name: String,
    pub(super) max: u16,
    pub(super) criterion: Vec<CriterionText>,
    pub(super) doubt: Option<String>,
}

/// A criterion without its code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionBlock {
    #[serde(rename = "kind")]
    _kind: BlockKind,
    name: String,
    max: u16,
    note: Option<String>,
    requirement: Option<String>,
    doubt: Option<String>,
    #[serde(default)]
    evidence: Vec<u8>,
    applies_if: Option<AppliesIf>,
    #[serde(default)]
    knockout: Vec<Knockout>,
    choose: Option<String>,
    #[serde(default)]
    levels: Vec<Level>,
    #[serde(default)]
    alternative: Vec<Alternative>,
}

impl From<CriterionBlock> for CriterionText {
    fn from(block: CriterionBlock) -> Self {
        Self {
            block: None,
            code: None,
            name: Some(block.name),
            max: Some(block.max),
            note: block.note,
            requirement: block.requirement,
            doubt: block.doubt,
            evidence: block.evidence,
            applies_if: block.applies_if,
            knockout: block.knockout,
            choose: block.choose,
            levels: block.levels,
            alternative: block.alternative,
        }
    }
}
