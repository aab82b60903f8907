//! Results that were decided on paper or on other software: evaluation, decision, certificate.

mod form;
#[cfg(test)]
pub(crate) mod testing;

use chrono::NaiveDate;
use ocop_core::evaluations::{EvaluationFault, Judged, Told, conclusion, judged};
use ocop_core::id::{CertificateId, DecisionId, EvaluationId, ProductId, RoundId};
use ocop_core::policy::Permit;
use ocop_core::recognition::{Level, StarEvent, valid_until};
use ocop_core::rules::{Regime, Tier, TierDuty};
use ocop_core::scoring::Sheet;
use ocop_core::time::date;
use ocop_store::db::Chain;
use ocop_store::evaluations::{self as store, Evaluation};
use ocop_store::products::Product;
use ocop_store::recognition::{self, Certificate, Decision};
use ocop_store::{Tx, products};
use serde_json::json;

use crate::recognition::new_check_code;
use crate::runtime::fresh;
use crate::{App, AppError, Refusal};

pub use form::{PaperInput, paper_form, record_on_paper};

/// A result as a paper tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationInput {
    /// The product.
    pub product: ProductId,
    /// The round it belonged to, where the register has one.
    pub round: Option<RoundId>,
    /// Id of the regime it was held under; the one in force on that day when empty.
    pub regime: String,
    /// Number of the product set in that regime.
    pub set_no: u16,
    /// Whose council it was.
    pub level: Level,
    /// Code of the unit of that council; a former one for a district.
    pub unit: String,
    /// Its name then.
    pub unit_name: String,
    /// Name of the council; may be empty.
    pub council: String,
    /// Day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Points and stars as told; with sheets it may be empty.
    pub told: Told,
    /// The members' sheets, where there are any.
    pub ballots: Vec<Sheet>,
    /// The decision that recognised the result.
    pub decision: Option<PaperDecision>,
    /// The certificate that the decision gave.
    pub certificate: Option<PaperCertificate>,
}

/// A decision on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperDecision {
    /// Number and symbol.
    pub number: String,
    /// Its date.
    pub decided_on: NaiveDate,
    /// Who signed; may be empty.
    pub signed_by: String,
}

/// A certificate on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaperCertificate {
    /// Number on it; the decision's when empty.
    pub number: String,
    /// Last day; told by the law of that day when empty.
    pub valid_until: Option<NaiveDate>,
    /// Withdrawn from this day on.
    pub revoked_on: Option<NaiveDate>,
    /// Number of the revoking decision and ground, in words.
    pub revocation: Option<String>,
}

/// What was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The result, and the certificate that came with it.
    New(EvaluationId, Option<CertificateId>),
    /// The product has a result of that level, unit and day already; nothing was changed.
    Known,
}

impl From<EvaluationFault> for AppError {
    fn from(fault: EvaluationFault) -> Self {
        Refusal::because(fault.to_string())
    }
}

/// Notes one result. The caller holds the chain of the product's province and commits.
///
/// # Errors
/// [`Refusal`] when the regime has no such set or level, when sheets and paper differ, or when the
/// days cannot be.
pub async fn record(app: &App, tx: &mut Tx, input: &EvaluationInput) -> Result<Recorded, AppError> {
    let product = products::find(tx, &input.product).await?.ok_or(AppError::NotFound)?;
    crate::products::must_stand(&product)?;
    let same = |kept: &Evaluation| {
        (kept.level, kept.unit.as_str(), kept.evaluated_on)
            == (input.level, input.unit.as_str(), input.evaluated_on)
    };
    if store::of_product(tx, &product.id).await?.iter().any(same) {
        return Ok(Recorded::Known);
    }
    let weighed = weigh(app, input)?;
    let decision = match &input.decision {
        Some(paper) => Some(decision_of(app, tx, &product.province, paper).await?),
        None => None,
    };
    let evaluation = Evaluation {
        id: fresh(&*app.ids),
        product_id: product.id.clone(),
        province: product.province.clone(),
        round_id: input.round.clone(),
        regime: weighed.regime.id.clone(),
        set_no: input.set_no,
        level: input.level,
        unit: input.unit.clone(),
        unit_name: input.unit_name.clone(),
        council: input.council.clone(),
        evaluated_on: input.evaluated_on,
        outcome: conclusion(weighed.duty, &weighed.judged, input.certificate.is_some()),
        mean: weighed.judged.mean,
        parts: weighed.judged.parts,
        stars: weighed.judged.stars,
        explanation: weighed.judged.explanation,
        ballots: input.ballots.clone(),
        decision_id: decision.as_ref().map(|decision| decision.id.clone()),
        recorded_at: app.now(),
    };
    store::insert(tx, &evaluation).await?;
    let certificate = match (&weighed.certificate, &decision) {
        (Some(granted), Some(decision)) => {
            Some(certify(app, tx, &product, granted, decision, input.level).await?)
        }
        (Some(_), None) | (None, _) => None,
    };
    Ok(Recorded::New(evaluation.id, certificate))
}

/// What a paper tells, found possible: nothing of it needs the database.
pub(crate) struct Weighed<'a> {
    regime: &'a Regime,
    duty: &'a TierDuty,
    judged: Judged,
    certificate: Option<Granted<'a>>,
}

/// A certificate on paper with what the law adds to it.
struct Granted<'a> {
    paper: &'a PaperCertificate,
    stars: u8,
    last: NaiveDate,
}

/// Looks whether a result can be as it is told.
///
/// # Errors
/// As [`record`].
pub(crate) fn weigh<'a>(app: &'a App, input: &'a EvaluationInput) -> Result<Weighed<'a>, AppError> {
    must_have_been(app, input)?;
    let regime = regime_of(app, input)?;
    let set = regime.sets.get(&input.set_no).ok_or_else(|| {
        Refusal::because(format!("{} không có bộ {}. Hãy chọn lại bộ sản phẩm.", regime.name, input.set_no))
    })?;
    let duty = duty_of(regime, input)?;
    let judged = judged(set, &input.ballots, &input.told)?;
    let certificate = match &input.certificate {
        Some(paper) => Some(granted(regime, paper, input.decision.as_ref(), judged.stars)?),
        None => None,
    };
    Ok(Weighed { regime, duty, judged, certificate })
}

impl Weighed<'_> {
    /// Last day of the certificate that comes with the result.
    pub(crate) fn last_day(&self) -> Option<NaiveDate> {
        self.certificate.as_ref().map(|granted| granted.last)
    }
}

fn granted<'a>(
    regime: &Regime,
    paper: &'a PaperCertificate,
    decision: Option<&PaperDecision>,
    stars: Option<u8>,
) -> Result<Granted<'a>, AppError> {
    let Some(stars) = stars.filter(|stars| *stars >= 3) else {
        return Err(Refusal::because("Chỉ kết quả từ 3 sao mới có giấy chứng nhận. Hãy xem lại hạng sao."));
    };
    let Some(decision) = decision else {
        return Err(Refusal::because(
            "Giấy chứng nhận phải có quyết định công nhận. Hãy ghi số và ngày quyết định.",
        ));
    };
    let months = regime.process_on(decision.decided_on).ok_or(AppError::NotFound)?.certificate_months;
    let last = paper.valid_until.unwrap_or_else(|| valid_until(decision.decided_on, months));
    if last < decision.decided_on {
        return Err(Refusal::because("Ngày hết hạn của giấy chứng nhận không thể trước ngày cấp."));
    }
    Ok(Granted { paper, stars, last })
}

/// The days must be in their order, and none of them to come.
fn must_have_been(app: &App, input: &EvaluationInput) -> Result<(), AppError> {
    if input.evaluated_on > app.today() {
        return Err(Refusal::because("Ngày đánh giá chưa đến. Chỉ ghi kết quả đã có."));
    }
    let Some(decision) = &input.decision else { return Ok(()) };
    if decision.decided_on < input.evaluated_on {
        return Err(Refusal::because(format!(
            "Ngày ký quyết định ({}) không thể trước ngày đánh giá ({}).",
            date(decision.decided_on),
            date(input.evaluated_on)
        )));
    }
    if decision.decided_on > app.today() {
        return Err(Refusal::because("Ngày ký quyết định chưa đến. Chỉ ghi quyết định đã ký."));
    }
    Ok(())
}

fn regime_of<'a>(app: &'a App, input: &EvaluationInput) -> Result<&'a Regime, AppError> {
    let found = if input.regime.is_empty() {
        app.rules.in_force_on(input.evaluated_on)
    } else {
        app.rules.regime(&input.regime)
    };
    found.ok_or_else(|| {
        Refusal::because(format!(
            "Ngày {} chưa có quyết định nào về đánh giá, phân hạng sản phẩm OCOP trong phần mềm.",
            date(input.evaluated_on)
        ))
    })
}

fn duty_of<'a>(regime: &'a Regime, input: &EvaluationInput) -> Result<&'a TierDuty, AppError> {
    let duty =
        regime.process_on(input.evaluated_on).and_then(|process| process.tier(Tier::from(input.level)));
    duty.ok_or_else(|| {
        Refusal::because(format!(
            "Ngày {}, {} không đánh giá sản phẩm theo {}. Hãy xem lại ngày hoặc cấp đánh giá.",
            date(input.evaluated_on),
            input.level.name(),
            regime.name
        ))
    })
}

/// The decision that a paper names: kept already, or noted now.
async fn decision_of(
    app: &App,
    tx: &mut Tx,
    province: &str,
    paper: &PaperDecision,
) -> Result<Decision, AppError> {
    let kept = recognition::find_decision_by_number(tx, province, &paper.number, paper.decided_on).await?;
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let decision = Decision {
        id: fresh::<DecisionId>(&*app.ids),
        province: province.to_owned(),
        council_id: None,
        number: paper.number.clone(),
        decided_on: paper.decided_on,
        signed_by: paper.signed_by.clone(),
        recorded_at: app.now(),
    };
    recognition::insert_decision(tx, &decision).await?;
    Ok(decision)
}

/// The certificate of a decision: kept already (from a file), or noted now.
async fn certify(
    app: &App,
    tx: &mut Tx,
    product: &Product,
    granted: &Granted<'_>,
    decision: &Decision,
    level: Level,
) -> Result<CertificateId, AppError> {
    let kept = recognition::certificates_of_product(tx, &product.id).await?;
    if let Some(kept) = kept.into_iter().find(|kept| kept.decision_id == decision.id) {
        return Ok(kept.id);
    }
    let producer = ocop_store::producers::find(tx, &product.producer_id).await?.ok_or(AppError::NotFound)?;
    let paper = granted.paper;
    let number = if paper.number.is_empty() { &decision.number } else { &paper.number };
    let certificate = Certificate {
        id: fresh(&*app.ids),
        check_code: new_check_code(app),
        number: number.clone(),
        province: product.province.clone(),
        dossier_id: None,
        product_id: product.id.clone(),
        product: product.name.clone(),
        producer: producer.name,
        commune: product.commune.clone(),
        level,
        event: StarEvent::New,
        next_on: None,
        decision_id: decision.id.clone(),
        stars: granted.stars,
        issued_on: decision.decided_on,
        valid_until: granted.last,
        last_on: granted.last,
        revoked_on: None,
        revocation: None,
    };
    recognition::insert_certificate(tx, &certificate).await?;
    if let Some(day) = paper.revoked_on {
        let words = paper.revocation.as_deref().unwrap_or_default();
        recognition::revoke(tx, &certificate.id, day, words).await?;
    }
    Ok(certificate.id)
}

/// How many of many results were new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordedMany {
    /// Noted now.
    pub new: usize,
    /// Known before.
    pub known: usize,
}

/// Notes the results of a province in one transaction with one journal entry: all of them or none.
///
/// # Errors
/// The first result that cannot be, as [`record`] words it.
pub async fn record_many(
    app: &App,
    permit: Permit,
    province: &str,
    inputs: &[EvaluationInput],
) -> Result<RecordedMany, AppError> {
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let mut many = RecordedMany::default();
    let mut noted = Vec::new();
    for input in inputs {
        match record(app, &mut tx, input).await? {
            Recorded::New(id, _) => {
                many.new += 1;
                noted.push(json!({ "evaluation": id, "product": input.product, "level": input.level }));
            }
            Recorded::Known => many.known += 1,
        }
    }
    if many.new > 0 {
        tx.commit(permit, app.now(), &json!({ "evaluations": noted })).await?;
    }
    Ok(many)
}

#[cfg(test)]
mod tests {
    use ocop_core::evaluations::{Conclusion, points};
    use ocop_core::policy::{Action, system};
    use ocop_core::scoring::{Choice, tally};

    use super::*;
    use crate::dossiers::testing::honey_in_round;
    use crate::testing::World;

    fn input(product: &ProductId, level: Level, day: &str) -> EvaluationInput {
        EvaluationInput {
            product: product.clone(),
            round: None,
            regime: String::new(),
            set_no: 4,
            level,
            unit: if level == Level::District { "198" } else { "22" }.to_owned(),
            unit_name: "Đơn vị thử".to_owned(),
            council: String::new(),
            evaluated_on: day.parse().unwrap(),
            told: Told { mean: points("66,5"), stars: Some(3), ..Told::default() },
            ballots: vec![],
            decision: None,
            certificate: None,
        }
    }

    fn decided(product: &ProductId, day: &str) -> EvaluationInput {
        EvaluationInput {
            decision: Some(PaperDecision {
                number: "3589/QĐ-UBND".to_owned(),
                decided_on: "2022-12-02".parse().unwrap(),
                signed_by: "Chủ tịch".to_owned(),
            }),
            certificate: Some(PaperCertificate::default()),
            ..input(product, Level::Province, day)
        }
    }

    fn permit() -> Permit {
        system(Action::RecordEvaluation)
    }

    #[tokio::test]
    async fn a_round_on_paper_is_noted_once_with_decision_and_certificate() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let app = &world.app;
        let both =
            [input(&kept.product, Level::District, "2022-10-05"), decided(&kept.product, "2022-11-22")];
        let many = record_many(app, permit(), "22", &both).await.unwrap();
        assert_eq!(many, RecordedMany { new: 2, known: 0 });
        let again = record_many(app, permit(), "22", &both).await.unwrap();
        assert_eq!(again, RecordedMany { new: 0, known: 2 });

        let mut tx = app.db.read().await.unwrap();
        let found = store::of_product(&mut tx, &kept.product).await.unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.level, one.regime.as_str(), one.outcome)).collect();
        assert_eq!(
            told,
            [
                (Level::Province, "2020-781", Conclusion::Recognised),
                (Level::District, "2020-781", Conclusion::Forwarded)
            ]
        );
        let certificates = recognition::certificates_of_product(&mut tx, &kept.product).await.unwrap();
        assert_eq!(certificates.len(), 1);
        assert_eq!(certificates[0].valid_until, "2025-12-01".parse().unwrap());
        assert_eq!((certificates[0].stars, certificates[0].number.as_str()), (3, "3589/QĐ-UBND"));
    }

    #[tokio::test]
    async fn sheets_decide_and_must_give_what_is_told() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let app = &world.app;
        let set = app.rules.set("2020-781", 4).unwrap();
        let mut sheet = Sheet::default();
        for criterion in set.criteria() {
            sheet.choices.insert(criterion.code.clone(), Choice::level(1));
        }
        let expected = tally(set, std::slice::from_ref(&sheet)).unwrap();
        let of_sheets = EvaluationInput {
            told: Told::default(),
            ballots: vec![sheet],
            ..input(&kept.product, Level::Province, "2022-11-22")
        };
        let wrong = EvaluationInput {
            told: Told { stars: Some(expected.stars + 1), ..Told::default() },
            ..of_sheets.clone()
        };
        assert!(matches!(record_many(app, permit(), "22", &[wrong]).await, Err(AppError::Refused(_))));
        record_many(app, permit(), "22", &[of_sheets]).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let found = &store::of_product(&mut tx, &kept.product).await.unwrap()[0];
        assert_eq!((found.mean, found.stars), (Some(expected.mean), Some(expected.stars)));
        assert_eq!((found.parts, &found.explanation), (Some(expected.parts_mean), &expected.explanation));
    }

    #[tokio::test]
    async fn a_result_that_cannot_be_is_refused_and_nothing_is_kept() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let app = &world.app;
        let refused = async |wrong: EvaluationInput, words: &str| {
            let first = input(&kept.product, Level::District, "2022-10-05");
            let told = record_many(app, permit(), "22", &[first, wrong]).await.unwrap_err().to_string();
            assert!(told.contains(words), "{told}");
            let mut tx = app.db.read().await.unwrap();
            assert_eq!(store::of_product(&mut tx, &kept.product).await.unwrap(), []);
        };
        let right = decided(&kept.product, "2022-11-22");
        refused(EvaluationInput { set_no: 999, ..right.clone() }, "không có bộ 999").await;
        refused(input(&kept.product, Level::District, "2026-10-05"), "không đánh giá").await;
        refused(input(&kept.product, Level::Province, "2010-10-05"), "chưa có quyết định").await;
        refused(input(&kept.product, Level::Province, "2027-10-05"), "chưa đến").await;
        refused(decided(&kept.product, "2022-12-03"), "không thể trước ngày đánh giá").await;
        refused(EvaluationInput { decision: None, ..right.clone() }, "phải có quyết định").await;
        let low = Told { mean: points("40"), stars: Some(2), ..Told::default() };
        refused(EvaluationInput { told: low, ..right }, "từ 3 sao").await;
    }
}
