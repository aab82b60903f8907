//! Quảng Ninh on 2 December 2022: a register kept as a list, a round scored on paper.

use std::collections::BTreeMap;

use ocop_core::evaluations::Told;
use ocop_core::id::{ProductId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::Level;
use ocop_core::rules::ProductSet;
use ocop_core::scoring::{Choice, Sheet};
use ocop_core::text::fold;
use ocop_core::time::Instant;
use ocop_store::{producers, products};

use super::clock::StoryClock;
use super::data::{self, Council2022, Year2022};
use super::people::{grant, sign_up};
use super::{Story, register};
use crate::evaluations::{self, EvaluationInput};
use crate::{App, AppError, Refusal, rounds};

/// The sheets of all councils of the round: a line for each product and council, a group of digits
/// for each member, a digit for each criterion of the set in its order: the level that was chosen.
const BALLOTS: &str = "2022/ballots.csv";

/// Loads the story into an empty database.
pub(super) async fn load(app: &App) -> Result<(), AppError> {
    let year = data::year_2022()?;
    let (told, clock) = StoryClock::given_to(app, Instant::morning(data::day(&year.accounts_on)?));
    let office = give_accounts(&told, &year).await?;
    clock.go_to(data::day(&year.round.opens_on)?);
    let round = open_round(&told, &year, &office).await?;
    clock.go_to(data::day(&year.register_on)?);
    register::take_in(&told, &year.province, data::REGISTERS[0]).await?;
    for account in data::accounts(Story::QuangNinh2022)?.account {
        if let Some(producer) = &account.producer {
            let actor = sign_up(&told, &account.name, &account.email, &account.phone).await?;
            register::act_for(&told, &year.province, producer, &actor).await?;
        }
    }
    clock.go_to(data::day(&year.recorded_on)?);
    let results = results(&told, &year, &round).await?;
    let permit = policy::system(Action::RecordEvaluation);
    evaluations::record_many(&told, permit, &year.province, &results).await?;
    Ok(())
}

/// Gives the officers their accounts; tells who opens the round.
async fn give_accounts(app: &App, year: &Year2022) -> Result<Actor, AppError> {
    let mut office = None;
    for account in data::accounts(Story::QuangNinh2022)?.account {
        if account.roles.is_empty() {
            continue;
        }
        let officer = grant(app, &year.province, &account).await?;
        if account.roles.iter().any(|role| role.unit == year.province) {
            office = Some(officer);
        }
    }
    office.ok_or(AppError::NotFound)
}

async fn open_round(app: &App, year: &Year2022, office: &Actor) -> Result<RoundId, AppError> {
    let input = rounds::RoundInput {
        name: year.round.name.clone(),
        opens_on: year.round.opens_on.to_string(),
        propose_by: year.round.propose_by.to_string(),
        result_by: year.round.result_by.to_string(),
        announced_at: year.round.announced_at.clone(),
    };
    rounds::open(app, office, &year.province, &input).await
}

/// What the councils' sheets say, for each product first its district's, then the province's.
async fn results(app: &App, year: &Year2022, round: &RoundId) -> Result<Vec<EvaluationInput>, AppError> {
    let known = Known::of(app, &year.province).await?;
    let text = data::text(BALLOTS)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut results = Vec::new();
    for (no, row) in (2..).zip(reader.records()) {
        let fault = |what: &str| Refusal::because(format!("demo/{BALLOTS}, dòng {no}: {what}"));
        let row = row.map_err(|wrong| fault(&wrong.to_string()))?;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let product = known.find(cell(0), cell(1)).ok_or_else(|| fault("không có sản phẩm này"))?;
        let (level, council) = match cell(2) {
            "huyện" => {
                let own = |council: &&Council2022| council.unit == product.district;
                (Level::District, year.district.iter().find(own).ok_or_else(|| fault("không có huyện"))?)
            }
            "tỉnh" => (Level::Province, &year.council),
            other => return Err(fault(&format!("cấp «{other}»"))),
        };
        let set = app.rules.set(&year.regime, product.set_no).ok_or_else(|| fault("không có bộ"))?;
        let ballots: Vec<Sheet> = cell(3)
            .split(' ')
            .map(|levels| sheet(set, levels).ok_or_else(|| fault("phiếu không đủ tiêu chí")))
            .collect::<Result<_, _>>()?;
        if ballots.len() != council.members {
            return Err(fault("số phiếu khác số thành viên"));
        }
        results.push(EvaluationInput {
            product: product.id.clone(),
            round: Some(round.clone()),
            regime: year.regime.clone(),
            set_no: product.set_no,
            level,
            unit: council.unit.clone(),
            unit_name: council.unit_name.clone(),
            council: council.name.clone(),
            evaluated_on: data::day(&council.evaluated_on)?,
            told: Told::default(),
            ballots,
            decision: None,
            certificate: None,
        });
    }
    Ok(results)
}

/// The sheet that digits stand for; `None` when there are more or fewer than criteria.
fn sheet(set: &ProductSet, levels: &str) -> Option<Sheet> {
    let levels: Vec<u8> = levels
        .bytes()
        .map(|byte| byte.checked_sub(b'0').filter(|level| *level <= 9))
        .collect::<Option<_>>()?;
    if levels.len() != set.criteria().count() {
        return None;
    }
    let choices = set.criteria().zip(levels);
    Some(Sheet {
        choices: choices.map(|(criterion, level)| (criterion.code.clone(), Choice::level(level))).collect(),
        disqualified: None,
    })
}

/// The products of the register by the names of producer and product.
struct Known(BTreeMap<(String, String), KnownProduct>);

struct KnownProduct {
    id: ProductId,
    set_no: u16,
    district: String,
}

impl Known {
    async fn of(app: &App, province: &str) -> Result<Self, AppError> {
        let mut tx = app.db.read().await?;
        let mut known = BTreeMap::new();
        for producer in producers::of_province(&mut tx, province).await? {
            for product in products::of_producer(&mut tx, &producer.id).await? {
                let names = (fold(&producer.name), fold(&product.name));
                let product = KnownProduct {
                    id: product.id,
                    set_no: product.set_no,
                    district: producer.former_unit.clone(),
                };
                known.insert(names, product);
            }
        }
        Ok(Self(known))
    }

    fn find(&self, producer: &str, product: &str) -> Option<&KnownProduct> {
        self.0.get(&(fold(producer), fold(product)))
    }
}
