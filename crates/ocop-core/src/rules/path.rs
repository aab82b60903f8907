//! Which regime and which way apply to a dossier filed on a day.
//!
//! One pure function, [`path`], for first evaluation, upgrade and re-evaluation. Its worked cases,
//! one for every boundary day, are `rules/cases/paths.toml`.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::model::{Regime, Rules};
use super::process::{Hearing, Process, Tier, TierDuty};
use crate::dossiers::DossierKind;
use crate::recognition::{Extension, ExtensionGround};
use crate::time::date;

/// A dossier as it is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// What it asks for.
    pub kind: DossierKind,
    /// The day on which it reaches the first office.
    pub filed_on: NaiveDate,
    /// The certificate that the product holds or held last.
    pub held: Option<Held>,
}

/// A certificate that a product holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Its stars.
    pub stars: u8,
    /// Its last day.
    pub last_day: NaiveDate,
}

/// The way that a dossier goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The regime whose score sheets apply.
    pub regime: String,
    /// First day of the procedure that applies: a regime's own, or a later change of it.
    pub process_from: NaiveDate,
    /// The levels that the dossier passes, from below.
    pub tiers: Vec<TierDuty>,
    /// How councils come to their result.
    pub hearing: Hearing,
    /// Days that a level has from the complete dossier to the decision, where the law sets them.
    pub decide_within_days: Option<u32>,
    /// Last day to finish under this regime, when another has followed it since.
    pub finish_by: Option<NaiveDate>,
    /// How long the held certificate stays in force while the result of a re-evaluation is awaited.
    pub extension: Option<Extension>,
}

/// Why a dossier cannot be filed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPath {
    /// No decision was in force.
    #[error("Ngày {} chưa có quyết định nào về đánh giá, phân hạng sản phẩm OCOP.", date(*.0))]
    BeforeTheLaw(NaiveDate),
    /// A first evaluation of a product whose certificate is in force.
    #[error(
        "Sản phẩm đang có giấy chứng nhận hiệu lực đến {}, nên không đăng ký lần đầu. \
         Hãy đăng ký nâng hạng hoặc đánh giá lại.",
        date(*.0)
    )]
    AlreadyHeld(NaiveDate),
    /// Upgrade or re-evaluation of a product that has no certificate in force.
    #[error("Sản phẩm không có giấy chứng nhận còn hiệu lực ngày {}. Hãy đăng ký đánh giá lần đầu.", date(*.0))]
    NothingHeld(NaiveDate),
    /// Upgrade of a product with the highest star.
    #[error("Sản phẩm đã đạt 5 sao, không còn hạng cao hơn để nâng.")]
    AtTheTop,
    /// Before the window.
    #[error("Chưa đến hạn nộp hồ sơ đánh giá lại: nộp từ {} đến {}.", date(*.opens), date(*.closes))]
    TooEarly {
        /// First day.
        opens: NaiveDate,
        /// Last day.
        closes: NaiveDate,
    },
    /// After the window.
    #[error(
        "Đã quá hạn nộp hồ sơ đánh giá lại ({}). Giấy chứng nhận có hiệu lực đến {}; sau ngày đó hãy đăng ký lần đầu.",
        date(*.closed),
        date(*.last_day)
    )]
    TooLate {
        /// Last day of the window.
        closed: NaiveDate,
        /// Last day of the certificate.
        last_day: NaiveDate,
    },
}

impl NoPath {
    /// The refusal as worked cases and programs name it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BeforeTheLaw(_) => "before_the_law",
            Self::AlreadyHeld(_) => "already_held",
            Self::NothingHeld(_) => "nothing_held",
            Self::AtTheTop => "at_the_top",
            Self::TooEarly { .. } => "too_early",
            Self::TooLate { .. } => "too_late",
        }
    }
}

/// The regime and the way of a dossier.
///
/// A dossier stays with the regime in force on the day it is filed (26/2026/QĐ-TTg, Article 12.2).
///
/// # Errors
/// [`NoPath`] says why it cannot be filed so, and what can be done.
pub fn path(rules: &Rules, filing: &Filing) -> Result<Path, NoPath> {
    let day = filing.filed_on;
    let regime = rules.in_force_on(day).ok_or(NoPath::BeforeTheLaw(day))?;
    let begun = regime.processes.iter().rev().find(|(from, _)| *from <= day);
    let (process_from, process) = begun.ok_or(NoPath::BeforeTheLaw(day))?;
    let extension = may_file(filing, process)?;
    Ok(Path {
        regime: regime.id.clone(),
        process_from: *process_from,
        tiers: tiers(filing, process),
        hearing: match filing.kind {
            DossierKind::First | DossierKind::Upgrade => Hearing::Meeting,
            DossierKind::Renewal => process.renewal.hearing,
        },
        decide_within_days: match filing.kind {
            DossierKind::First | DossierKind::Upgrade => None,
            DossierKind::Renewal => process.renewal.decide_within_days,
        },
        finish_by: changeover(rules, regime, filing.kind).map(|change| change.finish_by),
        extension,
    })
}

/// Whether the dossier may be filed; how long the held certificate is extended meanwhile.
fn may_file(filing: &Filing, process: &Process) -> Result<Option<Extension>, NoPath> {
    let day = filing.filed_on;
    let in_force = filing.held.filter(|held| held.last_day >= day);
    match filing.kind {
        DossierKind::First => match in_force {
            Some(held) => Err(NoPath::AlreadyHeld(held.last_day)),
            None => Ok(None),
        },
        DossierKind::Upgrade => match in_force {
            Some(held) if held.stars >= 5 => Err(NoPath::AtTheTop),
            Some(_) => Ok(None),
            None => Err(NoPath::NothingHeld(day)),
        },
        DossierKind::Renewal => {
            let held = filing.held.ok_or(NoPath::NothingHeld(day))?;
            in_window(day, held, process)
        }
    }
}

/// The filing window of a re-evaluation, both its days included (26/2026/QĐ-TTg, Article 7.6a);
/// beyond it, the extension of the transition (Article 12.3).
fn in_window(day: NaiveDate, held: Held, process: &Process) -> Result<Option<Extension>, NoPath> {
    let before =
        |days: Option<u32>| days.and_then(|days| held.last_day.checked_sub_days(Days::new(days.into())));
    let (opens, closes) =
        (before(process.renewal.opens_days_before), before(process.renewal.closes_days_before));
    let closes = closes.unwrap_or(held.last_day);
    if let Some(opens) = opens.filter(|opens| day < *opens) {
        return Err(NoPath::TooEarly { opens, closes });
    }
    let extended = |days: u32, ground: ExtensionGround, key: &str| {
        let until = held.last_day.checked_add_days(Days::new(days.into()))?;
        Some(Extension { ground, until, cite: process.cites.get(key).cloned().unwrap_or_default() })
    };
    if day <= closes {
        let days = process.renewal.extension_days;
        return Ok(days.and_then(|days| extended(days, ExtensionGround::InWindow, "renewal.extension_days")));
    }
    let late = process.transition.as_ref().filter(|transition| held.last_day <= transition.last_expiry);
    let late = late.and_then(|late| {
        extended(late.extension_days, ExtensionGround::Transition, "transition.extension_days")
    });
    match late.filter(|extension| day <= extension.until) {
        Some(extension) => Ok(Some(extension)),
        None if held.last_day < day => Err(NoPath::NothingHeld(day)),
        None => Err(NoPath::TooLate { closed: closes, last_day: held.last_day }),
    }
}

/// The levels that a dossier passes: re-evaluations go to the centre only for 5 stars.
fn tiers(filing: &Filing, process: &Process) -> Vec<TierDuty> {
    let up_to_centre = match filing.kind {
        DossierKind::First | DossierKind::Upgrade => true,
        DossierKind::Renewal => filing.held.is_some_and(|held| held.stars >= 5),
    };
    process.tiers.iter().filter(|duty| up_to_centre || duty.tier != Tier::Centre).cloned().collect()
}

/// The end of a regime's dossiers when another has followed it (26/2026/QĐ-TTg, Article 12.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changeover {
    /// The day since which dossiers are filed under the next regime.
    pub since: NaiveDate,
    /// The last day to finish one that was filed before, under the old rules.
    pub finish_by: NaiveDate,
    /// Where the law says so.
    pub cite: String,
}

/// When a regime was followed by another whose transition sets days: what holds for its dossiers of a kind.
pub fn changeover(rules: &Rules, regime: &Regime, kind: DossierKind) -> Option<Changeover> {
    let next = rules.next_after(regime)?;
    let process = next.process_on(next.in_force_from)?;
    let transition = process.transition.as_ref()?;
    let (days, key) = match kind {
        DossierKind::First | DossierKind::Upgrade => {
            (transition.evaluation_days, "transition.evaluation_days")
        }
        DossierKind::Renewal => (transition.renewal_days, "transition.renewal_days"),
    };
    Some(Changeover {
        since: next.in_force_from,
        finish_by: next.in_force_from.checked_add_days(Days::new(days.into()))?,
        cite: process.cites.get(key).cloned().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::rules::sample;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Cases {
        case: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        name: String,
        kind: DossierKind,
        filed: NaiveDate,
        stars: Option<u8>,
        last_day: Option<NaiveDate>,
        expect: Expected,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Expected {
        regime: Option<String>,
        process_from: Option<NaiveDate>,
        #[serde(default)]
        tiers: Vec<Tier>,
        hearing: Option<Hearing>,
        finish_by: Option<NaiveDate>,
        held_until: Option<NaiveDate>,
        held_by: Option<ExtensionGround>,
        refused: Option<String>,
    }

    fn came_out(found: Result<Path, NoPath>) -> Expected {
        match found {
            Ok(path) => Expected {
                regime: Some(path.regime),
                process_from: Some(path.process_from),
                tiers: path.tiers.iter().map(|duty| duty.tier).collect(),
                hearing: Some(path.hearing),
                finish_by: path.finish_by,
                held_until: path.extension.as_ref().map(|extension| extension.until),
                held_by: path.extension.map(|extension| extension.ground),
                refused: None,
            },
            Err(refused) => Expected {
                regime: None,
                process_from: None,
                tiers: Vec::new(),
                hearing: None,
                finish_by: None,
                held_until: None,
                held_by: None,
                refused: Some(refused.code().to_owned()),
            },
        }
    }

    #[test]
    fn every_boundary_day_comes_out_as_written() {
        let rules = sample::repository();
        let text = sample::texts("cases").remove("cases/paths.toml").unwrap();
        let cases: Cases = toml::from_str(&text).unwrap();
        let mut wrong = Vec::new();
        for case in &cases.case {
            let held = case.stars.zip(case.last_day).map(|(stars, last_day)| Held { stars, last_day });
            let filing = Filing { kind: case.kind, filed_on: case.filed, held };
            let found = came_out(path(&rules, &filing));
            if found != case.expect {
                wrong.push(format!("{}: {found:?}, not {:?}", case.name, case.expect));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(cases.case.len() >= 30);
    }
}
