//! The report of a round: how far its products came.

use ocop_core::id::RoundId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::reports::{
    DistrictFact, Entry, Funnel, Place, ReportKind, Rows, TailFilter, from_dossiers, from_evaluations,
    funnel, place_of,
};
use ocop_core::text::fold;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::reports::Within;
use ocop_store::rounds::Round;
use serde::Serialize;
use std::collections::BTreeMap;

use super::view::{Cell, Line, Report, Section, Shape};
use crate::accounts::commune_of;
use crate::{App, AppError, Refusal};

/// A round with its numbers. As JSON it is the answer of `ocop report round --json`.
#[derive(Debug, Clone, Serialize)]
pub struct RoundTold {
    /// Id of the round.
    pub id: RoundId,
    /// Its name.
    pub name: String,
    /// Id of the regime that its products were judged under.
    pub regime: String,
    /// First day for dossiers.
    pub opens_on: chrono::NaiveDate,
    /// Where its results are announced; empty when not told.
    pub announced_at: String,
    /// Whether it was held on paper: evaluations, not dossiers.
    pub on_paper: bool,
    /// How far its products came.
    #[serde(flatten)]
    pub funnel: Funnel,
}

/// A round's page.
#[derive(Debug, Clone)]
pub struct RoundReport {
    /// The round.
    pub round: Round,
    /// Its report.
    pub report: Report,
}

/// The products of a round, and what is needed to name the places they come from.
pub(super) struct RoundGround {
    pub(super) round: Round,
    pub(super) entries: Vec<Entry>,
    announced_at: String,
    on_paper: bool,
    districts: BTreeMap<String, DistrictFact>,
    communes: BTreeMap<String, String>,
}

impl RoundGround {
    /// Reads a round; `commune` narrows it to the products of one.
    pub(super) async fn read(tx: &mut Tx, id: &RoundId, commune: Option<&str>) -> Result<Self, AppError> {
        let round = ocop_store::rounds::find(tx, id).await?.ok_or(AppError::NotFound)?;
        let districts = ocop_store::reports::districts(tx, Within::Province(&round.province)).await?;
        let districts: BTreeMap<String, DistrictFact> =
            districts.into_iter().map(|unit| (unit.code.clone(), unit)).collect();
        let place = |former: &str, commune: &str| match place_of(&districts, former, commune, round.opens_on)
        {
            Place::District(code) | Place::Commune(code) => code,
        };
        let inside = |code: &str| commune.is_none_or(|commune| commune == code);
        let mut dossiers = ocop_store::reports::round_dossiers(tx, id).await?;
        let mut evaluations = ocop_store::reports::round_evaluations(tx, id).await?;
        dossiers.retain(|one| inside(&one.commune));
        evaluations.retain(|one| inside(&one.commune));
        let on_paper = dossiers.is_empty() && !evaluations.is_empty();
        let mut entries = from_dossiers(&dossiers, |one| place(&one.former_unit, &one.commune));
        let native: std::collections::BTreeSet<_> =
            entries.iter().map(|entry| entry.product.clone()).collect();
        let paper = from_evaluations(&evaluations, |one| place(&one.former_unit, &one.commune));
        entries.extend(paper.into_iter().filter(|entry| !native.contains(&entry.product)));
        let spots = ocop_store::reports::spots(tx, &round.province).await?;
        Ok(Self {
            announced_at: ocop_store::reports::announced_at(tx, id).await?,
            communes: spots.into_iter().map(|spot| (spot.code, spot.name)).collect(),
            round,
            entries,
            on_paper,
            districts,
        })
    }

    /// The name of a former district or of a commune.
    pub(super) fn place(&self, code: &str) -> String {
        let district = self.districts.get(code).map(|unit| unit.name.clone());
        self.communes.get(code).cloned().or(district).unwrap_or_else(|| code.to_owned())
    }

    fn funnel(&self) -> Funnel {
        let mut told = funnel(&self.entries);
        for line in &mut told.places {
            line.name = self.place(&line.code);
        }
        told
    }
}

/// Whether the actor may read a round's numbers; the commune they are narrowed to.
pub(super) fn narrowed_to<'a>(actor: &'a Actor, round: &Round) -> Result<Option<&'a str>, AppError> {
    let province = Subject { province: Some(round.province.clone()), ..Subject::default() };
    if policy::may(actor, Action::ReadRegistry, &province).is_ok() {
        return Ok(None);
    }
    let commune = commune_of(actor);
    let subject = Subject { commune: commune.map(str::to_owned), ..Subject::default() };
    let _ = policy::may(actor, Action::ReadRegistry, &subject)?;
    Ok(commune)
}

/// The report of a round, for officers of its province and communes.
pub async fn round_report(app: &App, actor: &Actor, id: &RoundId) -> Result<RoundReport, AppError> {
    let mut tx = app.db.read().await?;
    let round = ocop_store::rounds::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let commune = narrowed_to(actor, &round)?;
    let ground = RoundGround::read(&mut tx, id, commune).await?;
    let province = ocop_store::units::find(&mut tx, &round.province).await?;
    let province = province.map(|unit| unit.name).unwrap_or_default();
    let covered = commune.map_or_else(String::new, |code| format!("{}, ", ground.place(code)));
    let report = told(app, &ground, format!("{covered}{province}"), commune.unwrap_or_default());
    Ok(RoundReport { round, report })
}

/// A round of a province by its name or id; the newest that had begun by the day when none is named.
///
/// # Errors
/// [`Refusal`] names what was looked for.
pub async fn find_round(
    app: &App,
    province: &str,
    on: chrono::NaiveDate,
    wanted: Option<&str>,
) -> Result<Round, AppError> {
    let mut tx = app.db.read().await?;
    let rounds = ocop_store::rounds::of_province(&mut tx, province).await?;
    let begun = || rounds.iter().find(|round| round.opens_on <= on);
    let is_wanted =
        |round: &&Round, wanted: &str| round.id.as_str() == wanted || fold(&round.name) == fold(wanted);
    let found = match wanted {
        None => begun(),
        Some(wanted) => rounds.iter().find(|round| is_wanted(round, wanted)),
    };
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = rounds.iter().map(|round| round.name.as_str()).collect();
        Refusal::because(format!(
            "Không có đợt «{}» ở tỉnh {province}. Các đợt đang có: {}.",
            wanted.unwrap_or("đã mở"),
            if names.is_empty() { "chưa có đợt nào".to_owned() } else { names.join("; ") }
        ))
    })
}

/// A round's numbers for the command line.
pub async fn round_by_system(app: &App, id: &RoundId) -> Result<(RoundTold, Report), AppError> {
    let mut tx = app.db.read().await?;
    let ground = RoundGround::read(&mut tx, id, None).await?;
    let report = told(app, &ground, String::new(), "");
    let round = &ground.round;
    let numbers = RoundTold {
        id: round.id.clone(),
        name: round.name.clone(),
        regime: round.regime.clone(),
        opens_on: round.opens_on,
        announced_at: ground.announced_at.clone(),
        on_paper: ground.on_paper,
        funnel: ground.funnel(),
    };
    Ok((numbers, report))
}

fn told(app: &App, ground: &RoundGround, place: String, commune: &str) -> Report {
    let round = &ground.round;
    let funnel = ground.funnel();
    let regime = app.rules.regime(&round.regime).map_or(round.regime.as_str(), |regime| &regime.name);
    let mut lede = format!(
        "{} sản phẩm của {} chủ thể từ {} địa bàn. Mở từ {}, chấm theo {}.",
        funnel.products,
        funnel.producers,
        funnel.units,
        date(round.opens_on),
        regime
    );
    if !ground.announced_at.is_empty() {
        lede += &format!(" Công bố kết quả tại {}.", ground.announced_at);
    }
    Report {
        kind: ReportKind::Round,
        title: round.name.clone(),
        province: round.province.clone(),
        place,
        commune: commune.to_owned(),
        district: String::new(),
        round: Some(round.id.clone()),
        on: app.today(),
        lede,
        sections: vec![steps(round, &funnel), stars(round, &funnel), places(round, &funnel)],
    }
}

/// A number of the round's products with their rows.
fn cell(round: &Round, number: i64, change: impl Fn(&mut TailFilter)) -> Cell {
    let mut filter = TailFilter { round: round.id.to_string(), ..TailFilter::default() };
    change(&mut filter);
    Cell::count(number, Rows::tail(&filter))
}

fn steps(round: &Round, funnel: &Funnel) -> Section {
    let lines = funnel.steps.iter().map(|step| {
        let rows = |number| cell(round, number, |one| step.step.code().clone_into(&mut one.step));
        Line::new(step.step.name(), vec![rows(step.products), rows(step.producers), rows(step.units)])
    });
    let head = ["Bước", "Sản phẩm", "Chủ thể", "Địa bàn"];
    Section::new("steps", "Từ hồ sơ đến kết quả", Shape::Funnel, &head, lines.collect())
}

fn stars(round: &Round, funnel: &Funnel) -> Section {
    let lines = funnel.stars.iter().rev().map(|(stars, number)| {
        let label = if *stars == 0 { "Dưới 3 sao".to_owned() } else { format!("{stars} sao") };
        Line::new(label, vec![cell(round, *number, |one| one.stars = stars.to_string())])
    });
    Section::new("stars", "Kết quả chấm", Shape::Bars, &["Hạng sao", "Sản phẩm"], lines.collect())
        .noted("Theo hội đồng cấp cao nhất đã chấm; sao có hiệu lực khi có quyết định công nhận.")
}

fn places(round: &Round, funnel: &Funnel) -> Section {
    let lines = funnel.places.iter().map(|line| {
        let in_place = |number, stars: &str| {
            cell(round, number, |one| {
                one.place.clone_from(&line.code);
                stars.clone_into(&mut one.stars);
            })
        };
        let mut cells = vec![in_place(line.products, ""), in_place(line.producers, "")];
        for stars in [3, 4, 5] {
            let number = line.stars.get(&stars).copied().unwrap_or_default();
            cells.push(in_place(number, &stars.to_string()));
        }
        Line::new(line.name.clone(), cells)
    });
    let head = ["Địa bàn", "Sản phẩm", "Chủ thể", "3 sao", "4 sao", "5 sao"];
    Section::new("places", "Theo địa bàn", Shape::Bars, &head, lines.collect())
}
