//! The files of `demo/` as they are written.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_core::councils::CouncilSettings;
use ocop_core::dossiers::{DossierForm, DossierKind};
use ocop_core::producers::Representative;
use ocop_core::scoring::Choice;
use rust_embed::Embed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Story;
use crate::{AppError, Refusal};

#[derive(Embed)]
#[folder = "../../demo"]
struct DemoFiles;

fn read<T: DeserializeOwned>(name: &str) -> Result<T, AppError> {
    toml::from_str(&text(name)?).map_err(|fault| Refusal::because(format!("demo/{name}: {fault}")))
}

/// `demo/province.toml`
pub(super) fn province() -> Result<Province, AppError> {
    read("province.toml")
}

/// The accounts of a story.
pub(super) fn accounts(story: Story) -> Result<Accounts, AppError> {
    match story {
        Story::Today => read("accounts.toml"),
        Story::QuangNinh2022 => read("2022/accounts.toml"),
    }
}

/// The lists of products that the office kept before it had this software, oldest first. Numbers
/// of product sets are those of 2020-781 in both.
pub(super) const REGISTERS: [&str; 2] = ["2022/register.csv", "2025/register.csv"];

/// A file of the demonstration as text.
pub(super) fn text(name: &str) -> Result<String, AppError> {
    let file = DemoFiles::get(name).ok_or(AppError::NotFound)?;
    Ok(String::from_utf8_lossy(&file.data).into_owned())
}

/// `demo/2022/story.toml`
pub(super) fn year_2022() -> Result<Year2022, AppError> {
    read("2022/story.toml")
}

/// `demo/producers.toml`
pub(super) fn producers() -> Result<Vec<Producer>, AppError> {
    read::<Producers>("producers.toml").map(|file| file.producer)
}

/// `demo/products.toml`
pub(super) fn products() -> Result<Vec<Product>, AppError> {
    read::<Products>("products.toml").map(|file| file.product)
}

/// `demo/dossiers.toml`
pub(super) fn dossiers() -> Result<Vec<Dossier>, AppError> {
    read::<Dossiers>("dossiers.toml").map(|file| file.dossier)
}

#[derive(Debug, Deserialize)]
pub(super) struct Province {
    pub(super) province: String,
    pub(super) round: Vec<Round>,
    pub(super) central_round: Vec<Round>,
    pub(super) council: Council,
    pub(super) session: Vec<Session>,
    pub(super) decision: Vec<Decision>,
    pub(super) visit: Vec<Visit>,
}

/// The story of 2022; days are days of that year.
#[derive(Debug, Deserialize)]
pub(super) struct Year2022 {
    pub(super) province: String,
    pub(super) regime: String,
    pub(super) starts_on: toml::value::Datetime,
    pub(super) accounts_on: toml::value::Datetime,
    pub(super) register_on: toml::value::Datetime,
    pub(super) recorded_on: toml::value::Datetime,
    pub(super) round: Round2022,
    pub(super) council: Council2022,
    pub(super) district: Vec<Council2022>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Round2022 {
    pub(super) name: String,
    pub(super) opens_on: toml::value::Datetime,
    pub(super) propose_by: toml::value::Datetime,
    pub(super) result_by: toml::value::Datetime,
    pub(super) announced_at: String,
}

/// A council on paper: its unit, its name and how many sheets it filled in.
#[derive(Debug, Deserialize)]
pub(super) struct Council2022 {
    pub(super) unit: String,
    pub(super) unit_name: String,
    pub(super) name: String,
    pub(super) members: usize,
    pub(super) evaluated_on: toml::value::Datetime,
}

/// A day of a TOML file as a day.
pub(super) fn day(written: &toml::value::Datetime) -> Result<NaiveDate, AppError> {
    let fault = |_| Refusal::because(format!("dữ liệu minh họa: «{written}» không phải là ngày"));
    written.to_string().parse().map_err(fault)
}

#[derive(Debug, Deserialize)]
pub(super) struct Round {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) opens_on: toml::value::Datetime,
    pub(super) propose_by: toml::value::Datetime,
    pub(super) result_by: toml::value::Datetime,
}

#[derive(Debug, Deserialize)]
pub(super) struct Council {
    pub(super) round: String,
    pub(super) name: String,
    pub(super) decision_no: String,
    pub(super) decided_days_ago: i64,
    pub(super) settings: CouncilSettings,
}

#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub(super) no: u8,
    pub(super) days_ago: i64,
    pub(super) present: Vec<u8>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Decision {
    pub(super) number: String,
    pub(super) days_ago: i64,
    pub(super) signed_by: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Accounts {
    pub(super) account: Vec<Account>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Account {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) agency: String,
    pub(super) phone: String,
    pub(super) listed: bool,
    #[serde(default)]
    pub(super) roles: Vec<Role>,
    pub(super) seat: Option<Seat>,
    /// What the register calls the producer that the person acts for: an id of `producers.toml`, or
    /// a registration number.
    pub(super) producer: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Role {
    pub(super) kind: String,
    pub(super) unit: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Seat {
    pub(super) no: u8,
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
struct Producers {
    producer: Vec<Producer>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Producer {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) commune: String,
    pub(super) registration_no: String,
    pub(super) registered_on: toml::value::Datetime,
    pub(super) tax_code: String,
    pub(super) address: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) account: String,
    pub(super) representative: Representative,
}

#[derive(Debug, Deserialize)]
struct Products {
    product: Vec<Product>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) producer: String,
    pub(super) set: u16,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) packaging: String,
    pub(super) standard: String,
    #[serde(default)]
    pub(super) story: String,
}

#[derive(Debug, Deserialize)]
struct Dossiers {
    dossier: Vec<Dossier>,
}

/// One dossier and everything that happens to it; days count back from the day of loading.
#[derive(Debug, Deserialize)]
pub(super) struct Dossier {
    pub(super) product: String,
    pub(super) producer: String,
    pub(super) set: u16,
    pub(super) kind: DossierKind,
    /// The star that the product holds on paper.
    pub(super) held: Option<Held>,
    pub(super) round: String,
    pub(super) state: String,
    pub(super) session: Option<u8>,
    pub(super) decision: Option<String>,
    pub(super) opened_days_ago: i64,
    pub(super) submitted_days_ago: Option<i64>,
    pub(super) commune_returned_days_ago: Option<i64>,
    #[serde(default)]
    pub(super) commune_return: String,
    pub(super) proposed_days_ago: Option<i64>,
    pub(super) province_returned_days_ago: Option<i64>,
    #[serde(default)]
    pub(super) province_return: String,
    pub(super) province_return_due_in_days: Option<i64>,
    pub(super) accepted_days_ago: Option<i64>,
    pub(super) samples: Option<Samples>,
    pub(super) assigned_days_ago: Option<i64>,
    pub(super) report_days_ago: Option<i64>,
    pub(super) tallied_days_ago: Option<i64>,
    pub(super) confirmed_days_ago: Option<i64>,
    pub(super) revoked_days_ago: Option<i64>,
    #[serde(default)]
    pub(super) revocation: String,
    #[serde(default)]
    pub(super) evidence: Vec<Evidence>,
    #[serde(default)]
    pub(super) form: DossierForm,
    #[serde(default, rename = "self")]
    pub(super) own: BTreeMap<String, Choice>,
    pub(super) commune: Option<CommuneFindings>,
    #[serde(default)]
    pub(super) findings: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) requests: Vec<Request>,
    pub(super) report: Option<Report>,
    #[serde(default)]
    pub(super) conflicts: Vec<Conflict>,
    #[serde(default)]
    pub(super) ballots: Vec<Ballots>,
}

/// A result that was decided on paper, with its certificate.
#[derive(Debug, Deserialize)]
pub(super) struct Held {
    pub(super) stars: u8,
    pub(super) points: String,
    pub(super) decision: String,
    pub(super) decided_days_ago: i64,
    pub(super) signed_by: String,
}

/// Samples, received with the dossier.
#[derive(Debug, Deserialize)]
pub(super) struct Samples {
    pub(super) count: u16,
    pub(super) place: String,
    #[serde(default)]
    pub(super) became: Vec<Became>,
}

/// What became of some samples.
#[derive(Debug, Deserialize)]
pub(super) struct Became {
    pub(super) samples: Vec<u16>,
    pub(super) state: String,
    pub(super) note: String,
    pub(super) days_ago: i64,
}

/// A visit after recognition; without a record it is to come.
#[derive(Debug, Deserialize)]
pub(super) struct Visit {
    pub(super) product: String,
    pub(super) kind: String,
    pub(super) entered_days_ago: i64,
    pub(super) planned_days_ago: i64,
    pub(super) team: String,
    pub(super) record: Option<VisitRecord>,
}

/// What was found on the planned day.
#[derive(Debug, Deserialize)]
pub(super) struct VisitRecord {
    pub(super) began: String,
    pub(super) ended: String,
    pub(super) place: String,
    pub(super) present: String,
    pub(super) said: String,
    pub(super) findings: Vec<VisitFinding>,
    pub(super) measures: Vec<VisitMeasure>,
}

#[derive(Debug, Deserialize)]
pub(super) struct VisitFinding {
    pub(super) criterion: String,
    pub(super) met: bool,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct VisitMeasure {
    pub(super) text: String,
    pub(super) due_in_days: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Evidence {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) issuer: String,
    pub(super) number: String,
    pub(super) issued_days_ago: i64,
    pub(super) expires_in_days: Option<i64>,
    pub(super) pages: u16,
    #[serde(default)]
    pub(super) cites: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CommuneFindings {
    pub(super) materials: String,
    pub(super) labour: String,
    pub(super) idea: String,
    pub(super) identity: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub(super) criterion: String,
    pub(super) request: String,
    pub(super) asked_days_ago: i64,
    pub(super) due_in_days: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) summary: String,
    pub(super) proposal: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Conflict {
    pub(super) seat: u8,
    pub(super) reason: String,
}

/// The ballots of one turn: the self-assessment, changed by `base`, then by `seats.N`.
#[derive(Debug, Deserialize)]
pub(super) struct Ballots {
    pub(super) turn: u16,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) sealed: Vec<u8>,
    #[serde(default)]
    pub(super) started: Vec<u8>,
    #[serde(default)]
    pub(super) base: BTreeMap<String, u8>,
    #[serde(default)]
    pub(super) seats: BTreeMap<String, BTreeMap<String, u8>>,
    pub(super) disqualified: Option<Disqualified>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Disqualified {
    pub(super) seats: Vec<u8>,
    pub(super) criterion: Option<String>,
    pub(super) ground: String,
    pub(super) reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_demonstration_can_be_read() {
        assert_eq!(province().unwrap().province, "22");
        assert!(accounts(Story::Today).unwrap().account.iter().filter(|account| account.listed).count() >= 6);
        assert!(!producers().unwrap().is_empty());
        let products = products().unwrap();
        for dossier in dossiers().unwrap() {
            assert!(products.iter().any(|product| product.id == dossier.product), "{}", dossier.product);
        }
    }
}
