//! A council's rules of work: as they are typed, as they are shown with their sources, and when they are
//! fixed.

use std::collections::BTreeMap;

use ocop_core::councils::{CouncilSettings, MOST_DECIMALS, MOST_OPINION_DAYS, SpreadRule, WorkRule};
use ocop_core::dossiers::State;
use ocop_core::id::CouncilId;
use ocop_core::scoring::FloorRule;
use ocop_store::Tx;
use serde::{Deserialize, Serialize};

use super::session::dossiers_of;
use crate::{App, AppError, Fields};

/// Rules of work as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SettingsInput {
    /// Least share of voting seats present, in percent.
    pub quorum_percent: String,
    /// `1` when the chair must be present.
    pub chair_required: String,
    /// `1` when the chair votes.
    pub chair_votes: String,
    /// `1` when the secretary votes.
    pub secretary_votes: String,
    /// Most points between the highest and the lowest total.
    pub spread_limit: String,
    /// Code of what totals further apart lead to.
    pub spread_rule: String,
    /// Code of how floors are read.
    pub floor_rule: String,
    /// Decimals of a mean.
    pub decimals: String,
    /// Days for written opinions.
    pub opinion_days: String,
}

impl SettingsInput {
    /// A form with these rules of work.
    pub fn of(settings: &CouncilSettings) -> Self {
        let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
        Self {
            quorum_percent: settings.quorum_percent.to_string(),
            chair_required: tick(settings.chair_required),
            chair_votes: tick(settings.chair_votes),
            secretary_votes: tick(settings.secretary_votes),
            spread_limit: settings.spread_limit.to_string(),
            spread_rule: settings.spread_rule.code().to_owned(),
            floor_rule: settings.floor_rule.code().to_owned(),
            decimals: settings.decimals.to_string(),
            opinion_days: settings.opinion_days.to_string(),
        }
    }

    /// Whether rules of work were sent at all: a form whose rules are fixed leaves them out.
    pub(super) fn is_sent(&self) -> bool {
        !self.quorum_percent.trim().is_empty() || !self.spread_limit.trim().is_empty()
    }

    /// The rules as typed, with every fault beside its field.
    pub(super) fn read(&self, fields: &mut Fields) -> CouncilSettings {
        let quorum = whole(fields, "quorum_percent", &self.quorum_percent, 1, 100);
        let spread = whole(fields, "spread_limit", &self.spread_limit, 0, 100);
        let decimals = whole(fields, "decimals", &self.decimals, 0, i64::from(MOST_DECIMALS));
        let days = whole(fields, "opinion_days", &self.opinion_days, 1, i64::from(MOST_OPINION_DAYS));
        let apart: Option<SpreadRule> = fields.choice(
            "spread_rule",
            &self.spread_rule,
            "Chọn việc phải làm khi chênh lệch vượt giới hạn.",
        );
        let floors: Option<FloorRule> =
            fields.choice("floor_rule", &self.floor_rule, "Chọn cách xét mức tối thiểu của hạng sao.");
        CouncilSettings {
            quorum_percent: u8::try_from(quorum).unwrap_or(100),
            chair_required: self.chair_required == "1",
            spread_limit: u16::try_from(spread).unwrap_or(0),
            spread_rule: apart.unwrap_or(SpreadRule::Discuss),
            secretary_votes: self.secretary_votes == "1",
            chair_votes: self.chair_votes == "1",
            floor_rule: floors.unwrap_or_default(),
            decimals: u8::try_from(decimals).unwrap_or(MOST_DECIMALS),
            opinion_days: u16::try_from(days).unwrap_or(MOST_OPINION_DAYS),
        }
    }
}

fn whole(fields: &mut Fields, field: &str, typed: &str, least: i64, most: i64) -> i64 {
    if typed.trim().is_empty() {
        fields.fault(field, format!("Ghi một số từ {least} đến {most}."));
    }
    fields.number(field, typed, least, most).unwrap_or(least)
}

/// The rules of work with their sources: of the regime, or the council's own.
pub(crate) fn rules_of(
    app: &App,
    regime: &str,
    settings: &CouncilSettings,
) -> Result<Vec<WorkRule>, AppError> {
    let process = app.process(regime)?;
    Ok(settings.rules(&process.council, &process.cites))
}

/// Where the regime's usual value of each rule comes from, by its name in the form.
pub(super) fn sources_of(app: &App, regime: &str) -> Result<BTreeMap<String, String>, AppError> {
    let of_council =
        |(key, cite): (&String, &String)| Some((key.strip_prefix("council.")?.to_owned(), cite.clone()));
    Ok(app.process(regime)?.cites.iter().filter_map(of_council).collect())
}

/// Whether a dossier of the council is on its way from the first ballot to the confirmed result: rules
/// of work and seats stay as they are until then.
pub(super) async fn is_sitting(tx: &mut Tx, council: &CouncilId) -> Result<bool, AppError> {
    let under_way = |state: State| matches!(state, State::Scoring | State::Discussion | State::Tallied);
    Ok(dossiers_of(tx, council).await?.iter().any(|one| under_way(one.state)))
}
