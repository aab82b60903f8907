//! Evaluations that were held on paper or on other software: one row for each level that a product
//! passed.

use chrono::NaiveDate;
use ocop_core::evaluations::Conclusion;
use ocop_core::id::{DecisionId, EvaluationId, ProductId, RoundId};
use ocop_core::recognition::Level;
use ocop_core::scoring::{Fraction, Sheet};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};
use crate::value::json;

/// An evaluation of a product at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Id.
    pub id: EvaluationId,
    /// The product.
    pub product_id: ProductId,
    /// Code of the province.
    pub province: String,
    /// The round it belonged to, where the register has one.
    pub round_id: Option<RoundId>,
    /// Id of the regime it was held under.
    pub regime: String,
    /// Number of the product set in that regime.
    pub set_no: u16,
    /// Whose council it was.
    pub level: Level,
    /// Code of the unit of that council; a former one for a district.
    pub unit: String,
    /// Its name then.
    pub unit_name: String,
    /// Name of the council; empty when not told.
    pub council: String,
    /// Day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Exact mean of the totals, where known.
    pub mean: Option<Fraction>,
    /// Exact means of parts A, B, C, where known.
    pub parts: Option<[Fraction; 3]>,
    /// Stars; none when it was found out.
    pub stars: Option<u8>,
    /// What it led to.
    pub outcome: Conclusion,
    /// Why, in sentences; empty when no sheets were given.
    pub explanation: Vec<String>,
    /// The members' sheets, where known.
    pub ballots: Vec<Sheet>,
    /// The decision that recognised the result, where known.
    pub decision_id: Option<DecisionId>,
    /// When it was noted here.
    pub recorded_at: Instant,
}

fn evaluation(row: &Row) -> Result<Evaluation, StoreError> {
    let (num, den): (Option<i64>, Option<i64>) = (row.get("mean_num")?, row.get("mean_den")?);
    Ok(Evaluation {
        id: row.get("id")?,
        product_id: row.get("product_id")?,
        province: row.get("province")?,
        round_id: row.get("round_id")?,
        regime: row.get("regime")?,
        set_no: row.get("set_no")?,
        level: row.get("level")?,
        unit: row.get("unit")?,
        unit_name: row.get("unit_name")?,
        council: row.get("council")?,
        evaluated_on: row.get("evaluated_on")?,
        mean: num.zip(den).and_then(|(num, den)| Fraction::new(num, den)),
        parts: row.json("parts")?,
        stars: row.get("stars")?,
        outcome: row.get("outcome")?,
        explanation: row.json("explanation")?,
        ballots: row.json("ballots")?,
        decision_id: row.get("decision_id")?,
        recorded_at: row.get("recorded_at")?,
    })
}

/// Notes an evaluation once. `false` when the product has one of that level, unit and day already:
/// nothing is changed then.
pub async fn insert(tx: &mut Tx, evaluation: &Evaluation) -> Result<bool, StoreError> {
    let (num, den) = (evaluation.mean.map(|mean| mean.num), evaluation.mean.map(|mean| mean.den));
    let mut args = crate::args![
        &evaluation.id,
        &evaluation.product_id,
        &evaluation.province,
        &evaluation.round_id,
        &evaluation.regime,
        &evaluation.set_no,
        &evaluation.level,
        &evaluation.unit,
        &evaluation.unit_name,
        &evaluation.council,
        &evaluation.evaluated_on,
        &num,
        &den,
        &evaluation.stars,
        &evaluation.outcome,
        &evaluation.decision_id,
        &evaluation.recorded_at,
    ];
    args.extend([json(&evaluation.parts), json(&evaluation.explanation), json(&evaluation.ballots)]);
    let noted = tx
        .execute(
            "insert into evaluation (id, product_id, province, round_id, regime, set_no, level, unit, unit_name,
                council, evaluated_on, mean_num, mean_den, stars, outcome, decision_id, recorded_at, parts,
                explanation, ballots)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             on conflict (product_id, evaluated_on, level, unit) do nothing",
            args,
        )
        .await?;
    Ok(noted == 1)
}

/// The evaluations of a product, newest first.
pub async fn of_product(tx: &mut Tx, product: &ProductId) -> Result<Vec<Evaluation>, StoreError> {
    let rows = tx
        .rows(
            "select * from evaluation where product_id = $1 order by evaluated_on desc, id desc",
            crate::args![product],
        )
        .await?;
    rows.iter().map(evaluation).collect()
}

/// Evaluations by id, from the one behind `id` on.
pub async fn after(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Evaluation>, StoreError> {
    let rows = tx
        .rows("select * from evaluation where id > $1 order by id limit $2", crate::args![id, &limit])
        .await?;
    rows.iter().map(evaluation).collect()
}

/// The evaluations of a round, by level and unit.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Evaluation>, StoreError> {
    let rows = tx
        .rows(
            "select * from evaluation where round_id = $1 order by level, unit, evaluated_on, id",
            crate::args![round],
        )
        .await?;
    rows.iter().map(evaluation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::producers::tests::honey_cooperative;
    use crate::products::tests::honey;
    use crate::testing::{at, each_database, seed_units};

    fn by_district() -> Evaluation {
        Evaluation {
            id: "0192d3b0-7c1e-7abc-8def-0000000000e1".parse().unwrap(),
            product_id: honey().id,
            province: "22".to_owned(),
            round_id: None,
            regime: "2020-781".to_owned(),
            set_no: 4,
            level: Level::District,
            unit: "198".to_owned(),
            unit_name: "Huyện Bình Liêu".to_owned(),
            council: String::new(),
            evaluated_on: "2022-10-05".parse().unwrap(),
            mean: Fraction::new(202, 3),
            parts: Some([Fraction::whole(30), Fraction::whole(20), Fraction::new(52, 3).unwrap()]),
            stars: Some(3),
            outcome: Conclusion::Forwarded,
            explanation: vec!["Đủ điểm 3 sao.".to_owned()],
            ballots: vec![Sheet::default()],
            decision_id: None,
            recorded_at: at("2026-11-24T03:00:00Z"),
        }
    }

    #[tokio::test]
    async fn an_evaluation_is_noted_once() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("product", "x")).await.unwrap();
            crate::producers::insert(&mut tx, &honey_cooperative()).await.unwrap();
            crate::products::insert(&mut tx, &honey()).await.unwrap();
            let round = crate::rounds::Round {
                id: "0192d3b0-7c1e-7abc-8def-0000000000f1".parse().unwrap(),
                province: "22".to_owned(),
                name: "Đợt 2022".to_owned(),
                regime: "2020-781".to_owned(),
                opens_on: "2022-09-01".parse().unwrap(),
                propose_by: "2022-10-31".parse().unwrap(),
                result_by: "2022-12-31".parse().unwrap(),
                announced_at: String::new(),
                closed_on: None,
                version: 1,
            };
            crate::rounds::insert(&mut tx, &round).await.unwrap();
            let first = by_district();
            assert!(insert(&mut tx, &first).await.unwrap());
            let again = Evaluation { id: round.id.to_string().parse().unwrap(), ..first.clone() };
            assert!(!insert(&mut tx, &again).await.unwrap(), "the same level, unit and day");
            let later = Evaluation {
                id: "0192d3b0-7c1e-7abc-8def-0000000000e2".parse().unwrap(),
                level: Level::Province,
                unit: "22".to_owned(),
                evaluated_on: "2022-11-22".parse().unwrap(),
                round_id: Some(round.id.clone()),
                mean: None,
                parts: None,
                stars: None,
                outcome: Conclusion::Disqualified,
                ballots: vec![],
                ..first.clone()
            };
            assert!(insert(&mut tx, &later).await.unwrap());
            assert_eq!(of_product(&mut tx, &first.product_id).await.unwrap(), [later.clone(), first]);
            assert_eq!(of_round(&mut tx, &round.id).await.unwrap(), std::slice::from_ref(&later));
            let ids = async |tx: &mut Tx, from: &str| {
                after(tx, from, 10).await.unwrap().into_iter().map(|one| one.id).collect::<Vec<_>>()
            };
            let first_id = ids(&mut tx, "").await[0].clone();
            assert_eq!(ids(&mut tx, "").await.len(), 2);
            assert_eq!(ids(&mut tx, first_id.as_str()).await, [later.id]);
        })
        .await;
    }
}
