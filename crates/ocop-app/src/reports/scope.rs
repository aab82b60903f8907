//! Whose numbers are asked for, as of which day, and what units are called.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::reports::{DistrictFact, Register, district_of};
use ocop_core::rules::Regime;
use ocop_store::Tx;
use ocop_store::reports::{Spot, Within};
use serde::{Deserialize, Serialize};

use crate::accounts::{commune_of, province_of};
use crate::fields::day_asked;
use crate::{App, AppError, FieldFault};

/// What a reader asks for, as typed in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    /// The day; today when empty.
    pub on: String,
    /// Code of a commune.
    pub commune: String,
    /// Code of a former district.
    pub district: String,
}

/// Whose numbers, as of which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Code of the province.
    pub province: String,
    /// Code of a commune of it; the whole province when empty.
    pub commune: String,
    /// Code of a former district of it; may be empty.
    pub district: String,
    /// The day.
    pub on: NaiveDate,
}

impl Scope {
    /// A whole province on a day.
    pub fn of_province(province: &str, on: NaiveDate) -> Self {
        Self { province: province.to_owned(), commune: String::new(), district: String::new(), on }
    }

    /// The rows of the scope, before they are narrowed to a district.
    pub(super) fn within(&self) -> Within<'_> {
        if self.commune.is_empty() {
            Within::Province(&self.province)
        } else {
            Within::Commune(&self.commune)
        }
    }
}

/// The scope of an officer: the province, or the officer's own commune.
///
/// # Errors
/// [`AppError::Denied`] for everybody else; [`AppError::Invalid`] for a day that is none.
pub(super) async fn scope_of(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    action: Action,
    query: &ReportQuery,
) -> Result<Scope, AppError> {
    let subject = |province: Option<&str>, commune: Option<&str>| Subject {
        province: province.map(str::to_owned),
        commune: commune.map(str::to_owned),
        ..Subject::default()
    };
    let on = day(app, &query.on)?;
    if let Some(province) = province_of(actor) {
        let _ = policy::may(actor, action, &subject(Some(province), None))?;
        let commune = ocop_store::units::find(tx, &query.commune).await?;
        let commune = commune.filter(|unit| unit.parent.as_deref() == Some(province));
        return Ok(Scope {
            province: province.to_owned(),
            commune: commune.map(|unit| unit.code).unwrap_or_default(),
            district: query.district.clone(),
            on,
        });
    }
    let commune = commune_of(actor).unwrap_or_default().to_owned();
    let _ = policy::may(actor, action, &subject(None, Some(&commune)))?;
    let unit = ocop_store::units::find(tx, &commune).await?.ok_or(AppError::NotFound)?;
    let province = unit.parent.ok_or(AppError::NotFound)?;
    Ok(Scope { province, commune, district: query.district.clone(), on })
}

/// The places that a reader may narrow a report to, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Code and name of each commune of the province; none for an officer of one.
    pub communes: Vec<(String, String)>,
    /// Code and name of each former district that a producer was registered in.
    pub districts: Vec<(String, String)>,
}

/// The places that the officer may choose from.
pub async fn choices(app: &App, actor: &Actor) -> Result<Choices, AppError> {
    let Some(province) = province_of(actor) else { return Ok(Choices::default()) };
    let mut tx = app.db.read().await?;
    let spots = ocop_store::reports::spots(&mut tx, province).await?;
    let units = ocop_store::reports::districts(&mut tx, Within::Province(province)).await?;
    let by_code: BTreeMap<_, _> = units.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
    // A district is its own district; wards below and provinces above are not.
    let is_district = |unit: &&DistrictFact| {
        unit.parent.is_some() && district_of(&by_code, &unit.code) == Some(unit.code.as_str())
    };
    let mut districts: Vec<(String, String)> =
        by_code.values().filter(is_district).map(|unit| (unit.code.clone(), unit.name.clone())).collect();
    districts.sort_by_key(|(_, name)| ocop_core::text::fold(name));
    Ok(Choices { communes: spots.into_iter().map(|spot| (spot.code, spot.name)).collect(), districts })
}

/// The day asked for: what has not come yet cannot be told.
fn day(app: &App, typed: &str) -> Result<NaiveDate, AppError> {
    let day = day_asked(app, typed)?;
    if day > app.today() {
        let words = "Ngày này chưa tới nên chưa có số liệu. Hãy chọn hôm nay hoặc một ngày đã qua.";
        return Err(AppError::Invalid(vec![FieldFault::new("on", words)]));
    }
    Ok(day)
}

/// The register of a scope, the classification of its day, and names.
pub(super) struct Ground<'app> {
    /// The scope.
    pub(super) scope: Scope,
    /// The register on the day.
    pub(super) register: Register,
    /// The decision whose classification the numbers of product sets are of.
    pub(super) regime: &'app Regime,
    /// Communes of the province by code.
    pub(super) communes: BTreeMap<String, Spot>,
    /// The province's name.
    pub(super) province: String,
}

impl<'app> Ground<'app> {
    /// Reads everything that the numbers of a scope need.
    pub(super) async fn read(app: &'app App, tx: &mut Tx, scope: Scope) -> Result<Self, AppError> {
        let facts = ocop_store::reports::facts(tx, scope.within(), scope.on).await?;
        let register = Register::new(facts, scope.on, &scope.district);
        let spots = ocop_store::reports::spots(tx, &scope.province).await?;
        let province = ocop_store::units::find(tx, &scope.province).await?.ok_or(AppError::NotFound)?;
        Ok(Self {
            register,
            regime: regime_on(app, scope.on)?,
            communes: spots.into_iter().map(|spot| (spot.code.clone(), spot)).collect(),
            province: province.name,
            scope,
        })
    }

    /// The name of a commune of today.
    pub(super) fn commune(&self, code: &str) -> String {
        self.communes.get(code).map_or_else(|| code.to_owned(), |spot| spot.name.clone())
    }

    /// The name of a former district or of a commune.
    pub(super) fn place(&self, code: &str) -> String {
        let district = self.register.districts.get(code).map(|unit| unit.name.clone());
        self.communes.get(code).map(|spot| spot.name.clone()).or(district).unwrap_or_else(|| code.to_owned())
    }

    /// What the scope is called.
    pub(super) fn covered(&self) -> String {
        let mut words = Vec::new();
        if !self.scope.district.is_empty() {
            let name = self.register.districts.get(&self.scope.district).map(|unit| unit.name.as_str());
            words.push(format!("{} (trước sắp xếp)", name.unwrap_or(&self.scope.district)));
        }
        if !self.scope.commune.is_empty() {
            words.push(self.commune(&self.scope.commune));
        }
        words.push(self.province.clone());
        words.join(", ")
    }
}

/// The regime in force on a day; before the first one, the first.
pub(crate) fn regime_on(app: &App, on: NaiveDate) -> Result<&Regime, AppError> {
    let first = app.rules.regimes.values().min_by_key(|regime| regime.in_force_from);
    app.rules.in_force_on(on).or(first).ok_or(AppError::NotFound)
}
