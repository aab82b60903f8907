//! The form on which a provincial officer records one result that was decided on paper.

use chrono::NaiveDate;
use ocop_core::evaluations::{Told, points};
use ocop_core::id::{ProductId, RoundId};
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::recognition::Level;
use ocop_core::rules::Tier;
use ocop_core::scoring::Fraction;
use ocop_core::text::fold;
use ocop_core::time::date;
use ocop_store::db::Chain;
use ocop_store::producers::Producer;
use ocop_store::products::{self, Product};
use ocop_store::rounds::Round;
use ocop_store::{Tx, units};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{EvaluationInput, PaperCertificate, PaperDecision, Recorded, record};
use crate::producers::permitted;
use crate::{App, AppError, Fields, Refusal};

/// What is typed about a result on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperInput {
    /// Code of the level.
    pub level: String,
    /// Name or code of the former district, for its level.
    pub district: String,
    /// Name of the council.
    pub council: String,
    /// Day of the evaluation; the regime in force on it judges.
    pub evaluated_on: String,
    /// Id of the province's round that it belonged to; may be empty.
    pub round: String,
    /// Number of the product set in that regime.
    pub set_no: String,
    /// Points of part A.
    pub part_a: String,
    /// Points of part B.
    pub part_b: String,
    /// Points of part C.
    pub part_c: String,
    /// Total points.
    pub points: String,
    /// Stars.
    pub stars: String,
    /// `on` when the council found it out.
    pub disqualified: String,
    /// Number and symbol of the decision.
    pub decision_no: String,
    /// Its date.
    pub decided_on: String,
    /// Who signed.
    pub signed_by: String,
    /// `on` when the decision gave a certificate.
    pub certified: String,
    /// Number of the certificate; the decision's when empty.
    pub certificate_no: String,
    /// Last day of the certificate; by the law of that day when empty.
    pub valid_until: String,
}

/// What the form starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperForm {
    /// The product.
    pub product: Product,
    /// Its producer.
    pub producer: Producer,
    /// The rounds of its province, newest first.
    pub rounds: Vec<Round>,
}

/// What the form starts from.
///
/// # Errors
/// [`AppError::Denied`] for anybody but the provincial officer.
pub async fn paper_form(app: &App, actor: &Actor, id: &ProductId) -> Result<PaperForm, AppError> {
    let mut tx = app.db.read().await?;
    let product = products::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let (producer, _) = permitted(&mut tx, actor, Action::RecordEvaluation, &product.producer_id).await?;
    let rounds = ocop_store::rounds::of_province(&mut tx, &product.province).await?;
    Ok(PaperForm { product, producer, rounds })
}

/// Records one result that was decided on paper.
///
/// # Errors
/// Faults beside their fields, and what [`record`] refuses.
pub async fn record_on_paper(
    app: &App,
    actor: &Actor,
    id: &ProductId,
    typed: &PaperInput,
) -> Result<(), AppError> {
    let PaperForm { product, producer, rounds } = paper_form(app, actor, id).await?;
    let mut tx = app.db.write(Chain::of("province", &product.province)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::RecordEvaluation, &producer.id).await?;
    let input = read(app, &mut tx, &product, &rounds, typed).await?;
    match record(app, &mut tx, &input).await? {
        Recorded::New(evaluation, certificate) => {
            let details = json!({ "product": id, "evaluation": evaluation, "certificate": certificate });
            tx.commit(permit, app.now(), &details).await?;
            Ok(())
        }
        Recorded::Known => Err(Refusal::because(format!(
            "Sản phẩm đã có kết quả {} ngày {} của đơn vị này, nên không ghi thêm. Xem ở mục Lịch sử sản phẩm.",
            input.level.name(),
            date(input.evaluated_on)
        ))),
    }
}

async fn read(
    app: &App,
    tx: &mut Tx,
    product: &Product,
    rounds: &[Round],
    typed: &PaperInput,
) -> Result<EvaluationInput, AppError> {
    let mut fields = Fields::new();
    let level: Option<Level> = fields.choice("level", &typed.level, "Chọn cấp đã đánh giá.");
    let day = fields.required_day("evaluated_on", &typed.evaluated_on, "Ghi ngày hội đồng đánh giá.");
    let set_no = fields.number("set_no", &typed.set_no, 1, 99);
    let set_no = set_no.and_then(|no| u16::try_from(no).ok()).unwrap_or(product.set_no);
    if let Some(day) = day {
        fits(app, &mut fields, level, day, set_no);
    }
    let round = round_of(app, &mut fields, rounds, day, &typed.round);
    let council = fields.optional("council", &typed.council, 200);
    let (unit, unit_name) = unit_of(tx, &mut fields, product, level.zip(day), &typed.district).await?;
    let told = told(&mut fields, typed);
    let decision = decision(&mut fields, typed);
    let valid_until = fields.day("valid_until", &typed.valid_until);
    let number = fields.optional("certificate_no", &typed.certificate_no, 60);
    if typed.certified == "on" && decision.is_none() && typed.decision_no.trim().is_empty() {
        fields
            .fault("decision_no", "Giấy chứng nhận phải có quyết định công nhận: ghi số và ngày quyết định.");
    }
    fields.done()?;
    let certificate = PaperCertificate { number, valid_until, ..PaperCertificate::default() };
    Ok(EvaluationInput {
        product: product.id.clone(),
        round,
        regime: String::new(),
        set_no,
        level: level.ok_or(AppError::NotFound)?,
        unit,
        unit_name,
        council,
        evaluated_on: day.ok_or(AppError::NotFound)?,
        told,
        ballots: Vec::new(),
        decision,
        certificate: (typed.certified == "on").then_some(certificate),
    })
}

/// The round that was chosen: of the regime in force on the day of the evaluation, opened by then.
fn round_of(
    app: &App,
    fields: &mut Fields,
    rounds: &[Round],
    day: Option<NaiveDate>,
    typed: &str,
) -> Option<RoundId> {
    if typed.trim().is_empty() {
        return None;
    }
    let round = rounds.iter().find(|round| round.id.as_str() == typed.trim());
    let Some(round) = round else {
        fields.fault("round", "Chọn một đợt của tỉnh, hoặc để trống.");
        return None;
    };
    let day = day?;
    let judged_by = app.rules.in_force_on(day).map(|regime| regime.id.as_str());
    if day < round.opens_on || judged_by != Some(round.regime.as_str()) {
        fields.fault(
            "round",
            format!(
                "Ngày đánh giá {} không thuộc «{}» (nhận hồ sơ từ {}). Hãy xem lại ngày hoặc chọn đợt khác.",
                date(day),
                round.name,
                date(round.opens_on)
            ),
        );
    }
    Some(round.id.clone())
}

/// The regime of that day has this level and this set.
fn fits(app: &App, fields: &mut Fields, level: Option<Level>, day: NaiveDate, set_no: u16) {
    let Some(regime) = app.rules.in_force_on(day).filter(|_| day <= app.today()) else {
        let words =
            "Ngày này chưa đến, hoặc trước quyết định đầu tiên về đánh giá sản phẩm OCOP trong phần mềm.";
        return fields.fault("evaluated_on", words);
    };
    let process = regime.process_on(day);
    if level.is_some_and(|level| process.is_none_or(|process| process.tier(Tier::from(level)).is_none())) {
        fields.fault(
            "level",
            format!("Ngày {}, cấp này không đánh giá sản phẩm ({}).", date(day), regime.cite),
        );
    }
    if !regime.sets.contains_key(&set_no) {
        fields.fault("set_no", format!("Ngày {} không có bộ {set_no} ({}).", date(day), regime.cite));
    }
}

/// Code and name of the unit whose council it was.
async fn unit_of(
    tx: &mut Tx,
    fields: &mut Fields,
    product: &Product,
    of: Option<(Level, NaiveDate)>,
    typed: &str,
) -> Result<(String, String), AppError> {
    let typed = fields.optional("district", typed, 100);
    match of {
        None | Some((Level::Centre, _)) => Ok(("00".to_owned(), "Trung ương".to_owned())),
        Some((Level::Province, _)) => {
            let name = units::find(tx, &product.province).await?.map(|unit| unit.name).unwrap_or_default();
            Ok((product.province.clone(), name))
        }
        Some((Level::District, day)) => {
            let mut places: Vec<_> = units::former::find(tx, &typed, day).await?.into_iter().collect();
            places.extend(units::former::named(tx, &typed).await?);
            let day = day.to_string();
            places.retain(|place| {
                let lives = place.until.as_deref().is_none_or(|until| day.as_str() <= until);
                lives && place.parent.as_deref() == Some(&product.province)
            });
            let exact =
                places.iter().position(|place| place.code == typed || fold(&place.name) == fold(&typed));
            match (exact, places.as_slice()) {
                (Some(at), _) => Ok((places[at].code.clone(), places[at].name.clone())),
                (None, [only]) => Ok((only.code.clone(), only.name.clone())),
                (None, _) => {
                    fields.fault(
                        "district",
                        "Ghi tên huyện, thị xã, thành phố cũ của tỉnh, ví dụ: Huyện Bình Liêu.",
                    );
                    Ok((String::new(), String::new()))
                }
            }
        }
    }
}

fn told(fields: &mut Fields, typed: &PaperInput) -> Told {
    let disqualified = typed.disqualified == "on";
    let mut number = |field: &str, typed: &str| -> Option<Fraction> {
        let read = points(typed);
        if read.is_none() && !typed.trim().is_empty() {
            fields.fault(field, "Ghi điểm có nhiều nhất hai chữ số sau dấu phẩy, ví dụ 83,5.");
        }
        read
    };
    let parts =
        [number("part_a", &typed.part_a), number("part_b", &typed.part_b), number("part_c", &typed.part_c)];
    let mean = number("points", &typed.points);
    let parts = match parts {
        [Some(a), Some(b), Some(c)] => Some([a, b, c]),
        [None, None, None] => None,
        _ => {
            let missing =
                ["part_a", "part_b", "part_c"].into_iter().zip(&parts).find(|(_, part)| part.is_none());
            if let Some((field, _)) = missing {
                fields.fault(field, "Ghi điểm đủ ba phần, hoặc bỏ trống cả ba.");
            }
            None
        }
    };
    let stars = fields.number("stars", &typed.stars, 1, 5).and_then(|stars| u8::try_from(stars).ok());
    if stars.is_none() && typed.stars.trim().is_empty() && !disqualified {
        fields.fault("stars", "Chọn hạng sao mà hội đồng kết luận.");
    }
    Told { parts, mean, stars: stars.filter(|_| !disqualified), disqualified }
}

fn decision(fields: &mut Fields, typed: &PaperInput) -> Option<PaperDecision> {
    let number = fields.optional("decision_no", &typed.decision_no, 60);
    let signed_by = fields.optional("signed_by", &typed.signed_by, 200);
    if number.is_empty() {
        return None;
    }
    let decided_on = fields.required_day("decided_on", &typed.decided_on, "Ghi ngày ký quyết định.")?;
    Some(PaperDecision { number, decided_on, signed_by })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::honey_in_round;
    use crate::testing::{World, invalid};

    fn district() -> PaperInput {
        let text = |text: &str| text.to_owned();
        PaperInput {
            level: text("district"),
            district: text("bình liêu"),
            evaluated_on: text("05/10/2023"),
            set_no: text("4"),
            part_a: text("30"),
            part_b: text("20"),
            part_c: text("16,5"),
            points: text("66,5"),
            stars: text("3"),
            decision_no: text("812/QĐ-UBND"),
            decided_on: text("20/10/2023"),
            certified: text("on"),
            ..PaperInput::default()
        }
    }

    #[tokio::test]
    async fn an_officer_records_a_district_s_result_once() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let (app, id) = (&world.app, &kept.product);
        for stranger in [&kept.actor, &world.commune_officer, &world.other_producer] {
            assert!(matches!(
                record_on_paper(app, stranger, id, &district()).await,
                Err(AppError::Denied(_))
            ));
        }
        record_on_paper(app, &world.officer, id, &district()).await.unwrap();
        let again = record_on_paper(app, &world.officer, id, &district()).await;
        assert!(
            matches!(again, Err(AppError::Refused(words)) if words.to_string().contains("đã có kết quả"))
        );
        let mut tx = app.db.read().await.unwrap();
        let found = &ocop_store::evaluations::of_product(&mut tx, id).await.unwrap()[0];
        assert_eq!((found.unit.as_str(), found.unit_name.as_str()), ("198", "Huyện Bình Liêu"));
        assert_eq!((found.regime.as_str(), found.stars), ("2023-148", Some(3)));
        let certificates = ocop_store::recognition::certificates_of_product(&mut tx, id).await.unwrap();
        assert_eq!((certificates.len(), certificates[0].level), (1, Level::District));
    }

    #[tokio::test]
    async fn every_fault_stands_beside_its_field() {
        let world = World::new().await;
        let kept = honey_in_round(&world).await;
        let check = async |wrong: PaperInput, fields: &[&str]| {
            invalid(record_on_paper(&world.app, &world.officer, &kept.product, &wrong).await, fields);
        };
        let text = |text: &str| text.to_owned();
        check(PaperInput::default(), &["level", "evaluated_on", "stars"]).await;
        check(PaperInput { district: text("Sa Pa"), ..district() }, &["district"]).await;
        check(PaperInput { part_b: String::new(), ..district() }, &["part_b"]).await;
        check(PaperInput { points: text("nhiều"), ..district() }, &["points"]).await;
        check(PaperInput { decided_on: String::new(), ..district() }, &["decided_on"]).await;
        check(PaperInput { decision_no: String::new(), ..district() }, &["decision_no"]).await;
        check(PaperInput { evaluated_on: text("05/10/2030"), ..district() }, &["evaluated_on", "district"])
            .await;
        let no_districts = PaperInput { evaluated_on: text("05/10/2026"), ..district() };
        check(no_districts, &["level", "district"]).await;
    }
}
