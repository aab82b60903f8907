//! The whole life of a product, newest first: evaluations held here and on paper, decisions,
//! certificates and what became of them.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use ocop_core::id::{CertificateId, DossierId, ProductId};
use ocop_core::products::ProductCode;
use ocop_core::recognition::Level;
use ocop_core::registry::{Standing, Term, standing};
use ocop_core::rules::PartCode;
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_store::evaluations::Evaluation;
use ocop_store::products::Product;
use ocop_store::products::facts::{self, Listing, Revenue};
use ocop_store::recognition::{self, Certificate};
use ocop_store::{Tx, dossiers, evaluations, rounds, scoring, units};

use crate::fields::day_asked;
use crate::rules::regime_name;
use crate::{App, AppError};

/// How a product stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The day.
    pub on: NaiveDate,
    /// How it stands.
    pub standing: Standing,
    /// Stars, while they are in force.
    pub stars: Option<u8>,
    /// The day that the certificate that tells it ends on as things stand, and who gave it.
    pub held: Option<(NaiveDate, Level)>,
    /// Whether it is in force only because a re-evaluation is being decided.
    pub extended: bool,
}

/// Points of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOf {
    /// The part.
    pub part: PartCode,
    /// Exact mean.
    pub mean: Fraction,
    /// Most points.
    pub max: u16,
}

/// What an entry of the history leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    /// A certificate's page.
    Certificate(CertificateId),
    /// A dossier's page.
    Dossier(DossierId),
    /// Nowhere: it stands on paper.
    Nowhere,
}

/// One thing that happened to a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day.
    pub on: NaiveDate,
    /// What happened.
    pub title: String,
    /// Where, by whom, under which rules.
    pub place: String,
    /// Stars that it gave.
    pub stars: Option<u8>,
    /// Mean of the totals.
    pub mean: Option<Fraction>,
    /// Points by part.
    pub parts: Vec<PartOf>,
    /// More about it, in sentences.
    pub notes: Vec<String>,
    /// Where to read on.
    pub leads: Leads,
}

/// A product set that the product fell under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetThen {
    /// `2023-148/4`, as in addresses.
    pub reference: String,
    /// `bộ 4 của Quyết định 148/QĐ-TTg: Mật ong …`.
    pub words: String,
}

/// A code and what its parts mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeThen {
    /// As written.
    pub code: String,
    /// `tỉnh, huyện cũ, số thứ tự, năm`; empty for a text of no known format.
    pub format: &'static str,
    /// Whether it is the one of today.
    pub todays: bool,
}

/// The life of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// How it stands on the day asked for.
    pub status: Status,
    /// What happened, newest first.
    pub entries: Vec<Entry>,
    /// Its product sets by regime, oldest first.
    pub sets: Vec<SetThen>,
    /// Its codes, today's first.
    pub codes: Vec<CodeThen>,
    /// Platforms by name.
    pub listings: Vec<Listing>,
    /// Revenue, newest year first.
    pub revenues: Vec<Revenue>,
}

/// Everything that is known of a product. `on`: the day as of which its star is told; today when
/// empty. Who may read the product's page may read this.
pub(super) async fn history(
    app: &App,
    tx: &mut Tx,
    product: &Product,
    on: &str,
) -> Result<History, AppError> {
    let certificates = recognition::certificates_of_product(tx, &product.id).await?;
    let papers = evaluations::of_product(tx, &product.id).await?;
    let mut entries = vec![joined(product)];
    let mut sets = BTreeSet::new();
    for paper in &papers {
        sets.insert((paper.regime.clone(), paper.set_no));
        entries.push(on_paper(app, tx, paper).await?);
    }
    held_here(app, tx, &product.id, &mut entries, &mut sets).await?;
    for certificate in &certificates {
        certified(app, tx, certificate, &mut entries).await?;
    }
    // Of one day, what came later stands first.
    entries.reverse();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.on));
    sets.insert((app.regime_today()?.id.clone(), product.set_no));
    Ok(History {
        status: status(&certificates, day_asked(app, on)?),
        entries,
        sets: sets_then(app, &sets),
        codes: codes(tx, product).await?,
        listings: facts::listings(tx, &product.id).await?,
        revenues: facts::revenues(tx, &product.id).await?,
    })
}

/// How a product with these certificates, newest first, stands on a day.
fn status(certificates: &[Certificate], on: NaiveDate) -> Status {
    let held = certificates.iter().find(|one| one.issued_on <= on);
    let term = held.map(|one| Term {
        issued_on: one.issued_on,
        valid_until: one.valid_until,
        last_on: one.last_on,
        revoked_on: one.revoked_on,
    });
    let standing = standing(on, term);
    let starred = standing == Standing::Starred;
    Status {
        on,
        standing,
        stars: held.map(|one| one.stars).filter(|_| starred),
        held: held.zip(term).map(|(one, term)| (term.ends_on(on), one.level)),
        extended: term.is_some_and(|term| term.is_extended(on)),
    }
}

fn entry(on: NaiveDate, title: impl Into<String>) -> Entry {
    Entry {
        on,
        title: title.into(),
        place: String::new(),
        stars: None,
        mean: None,
        parts: Vec::new(),
        notes: Vec::new(),
        leads: Leads::Nowhere,
    }
}

fn joined(product: &Product) -> Entry {
    entry(product.joined_on, "Tham gia Chương trình")
}

/// `bộ 4 của Quyết định 148/QĐ-TTg`.
fn set_words(app: &App, regime: &str, no: u16) -> String {
    let name = app.rules.regime(regime).map_or(regime, regime_name);
    format!("bộ {no} của {name}")
}

/// Points by part, where the rules still know how many there can be.
fn parts_of(app: &App, regime: &str, no: u16, means: Option<[Fraction; 3]>) -> Vec<PartOf> {
    let (Some(set), Some(means)) = (app.rules.set(regime, no), means) else { return Vec::new() };
    let parts = PartCode::ALL.iter().zip(means);
    parts.map(|(part, mean)| PartOf { part: *part, mean, max: set.part_max(*part) }).collect()
}

/// An evaluation that was held elsewhere.
async fn on_paper(app: &App, tx: &mut Tx, paper: &Evaluation) -> Result<Entry, AppError> {
    let round = match &paper.round_id {
        Some(round) => rounds::find(tx, round).await?.map(|round| round.name),
        None => None,
    };
    let council =
        [paper.council.as_str(), paper.unit_name.as_str()].into_iter().find(|name| !name.is_empty());
    let place = [
        council.map(str::to_owned),
        round,
        Some(set_words(app, &paper.regime, paper.set_no)),
        paper.ballots.first().map(|_| format!("{} phiếu chấm", paper.ballots.len())),
    ];
    let mut notes = paper.explanation.clone();
    notes.push(format!("{}.", paper.outcome.name()));
    Ok(Entry {
        place: place.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        stars: paper.stars,
        mean: paper.mean,
        parts: parts_of(app, &paper.regime, paper.set_no, paper.parts),
        notes,
        ..entry(paper.evaluated_on, format!("Đánh giá {}", paper.level.name()))
    })
}

/// The confirmed results of the dossiers that were judged here.
async fn held_here(
    app: &App,
    tx: &mut Tx,
    product: &ProductId,
    entries: &mut Vec<Entry>,
    sets: &mut BTreeSet<(String, u16)>,
) -> Result<(), AppError> {
    for dossier in dossiers::of_product(tx, product).await? {
        sets.insert((dossier.regime.clone(), dossier.set_no));
        let Some(result) = recognition::find_result(tx, &dossier.id).await? else { continue };
        let turns = scoring::turns(tx, &dossier.id).await?;
        let tally =
            turns.into_iter().find(|turn| i64::from(turn.no) == result.turn).and_then(|turn| turn.tally);
        let means = tally.map(|tally| tally.parts_mean).filter(|_| result.stars.is_some());
        let round = rounds::find(tx, &dossier.round_id).await?.map(|round| round.name).unwrap_or_default();
        let mut notes = result.explanation;
        notes.push(format!("{}.", result.outcome.name()));
        entries.push(Entry {
            place: format!("{round} · {}", set_words(app, &dossier.regime, dossier.set_no)),
            stars: result.stars,
            mean: result.mean.and_then(|(num, den)| Fraction::new(num, den)),
            parts: parts_of(app, &dossier.regime, dossier.set_no, means),
            notes,
            leads: Leads::Dossier(dossier.id),
            ..entry(result.confirmed_at.day(), format!("Đánh giá {}", Level::Province.name()))
        });
    }
    Ok(())
}

/// A certificate, and its end when that has come and no other has followed.
async fn certified(
    app: &App,
    tx: &mut Tx,
    certificate: &Certificate,
    entries: &mut Vec<Entry>,
) -> Result<(), AppError> {
    let decision =
        recognition::find_decision(tx, &certificate.decision_id).await?.ok_or(AppError::NotFound)?;
    let commune = units::find(tx, &certificate.commune).await?.map(|unit| unit.name).unwrap_or_default();
    let signed =
        if decision.signed_by.is_empty() { String::new() } else { format!(", {}", decision.signed_by) };
    let leads = Leads::Certificate(certificate.id.clone());
    entries.push(Entry {
        place: format!("Quyết định số {} ngày {}{signed}", decision.number, date(decision.decided_on)),
        stars: Some(certificate.stars),
        notes: vec![
            format!(
                "Giấy chứng nhận số {}, có giá trị từ {} đến hết {}.",
                certificate.number,
                date(certificate.issued_on),
                date(certificate.valid_until)
            ),
            format!("Tên được chứng nhận: {}, {}, {commune}.", certificate.product, certificate.producer),
        ],
        leads: leads.clone(),
        ..entry(
            certificate.issued_on,
            format!("{} {} sao, {}", certificate.event.name(), certificate.stars, certificate.level.name()),
        )
    });
    if let Some(day) = certificate.revoked_on {
        let notes = certificate.revocation.iter().filter(|words| !words.is_empty()).cloned().collect();
        entries.push(Entry { notes, leads, ..entry(day, "Thu hồi giấy chứng nhận") });
        return Ok(());
    }
    let passed = |day: NaiveDate| {
        let over = certificate.next_on.is_none() && day < app.today();
        day.checked_add_days(Days::new(1)).filter(|_| over)
    };
    if let Some(day) =
        passed(certificate.valid_until).filter(|_| certificate.last_on > certificate.valid_until)
    {
        let notes = vec![crate::recognition::told(tx, certificate).await?];
        let title = "Hết thời hạn, còn hiệu lực chờ kết quả đánh giá lại";
        entries.push(Entry { notes, leads: leads.clone(), ..entry(day, title) });
    }
    if let Some(day) = passed(certificate.last_on) {
        entries.push(Entry { leads, ..entry(day, "Giấy chứng nhận hết hạn") });
    }
    Ok(())
}

/// The sets by the day their regime began.
fn sets_then(app: &App, sets: &BTreeSet<(String, u16)>) -> Vec<SetThen> {
    let mut found: Vec<(NaiveDate, SetThen)> = sets
        .iter()
        .map(|(regime, no)| {
            let name = app.rules.set(regime, *no).map(|set| format!(": {}", set.name)).unwrap_or_default();
            let begun = app.rules.regime(regime).map_or(NaiveDate::MIN, |regime| regime.in_force_from);
            let words = format!("{}{name}", set_words(app, regime, *no));
            (begun, SetThen { reference: format!("{regime}/{no}"), words })
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.reference.cmp(&b.1.reference)));
    found.into_iter().map(|(_, set)| set).collect()
}

async fn codes(tx: &mut Tx, product: &Product) -> Result<Vec<CodeThen>, AppError> {
    let former = facts::former_codes(tx, &product.id).await?;
    let mut codes: Vec<ProductCodeText> = product.code.clone().map(|code| (code, true)).into_iter().collect();
    codes.extend(former.into_iter().map(|code| (code, false)));
    Ok(codes
        .into_iter()
        .map(|(code, todays)| CodeThen {
            format: ProductCode::parse(&code).map(|read| read.format()).unwrap_or_default(),
            code,
            todays,
        })
        .collect())
}

/// A code as kept, and whether it is the one of today.
type ProductCodeText = (String, bool);

#[cfg(test)]
mod tests {
    use ocop_core::evaluations::{Told, points};
    use ocop_core::policy::{Action, system};

    use super::*;
    use crate::evaluations::{EvaluationInput, PaperCertificate, PaperDecision, record_many};
    use crate::products::view_on;

    fn on_paper(product: &ProductId, level: Level, day: &str) -> EvaluationInput {
        EvaluationInput {
            product: product.clone(),
            round: None,
            regime: String::new(),
            set_no: 4,
            level,
            unit: "198".to_owned(),
            unit_name: "Huyện Bình Liêu".to_owned(),
            council: String::new(),
            evaluated_on: day.parse().unwrap(),
            told: Told {
                parts: Some(["30", "20", "16,5"].map(|part| points(part).unwrap())),
                mean: points("66,5"),
                stars: Some(3),
                disqualified: false,
            },
            ballots: vec![],
            decision: None,
            certificate: None,
        }
    }

    #[tokio::test]
    async fn a_life_on_paper_and_here_is_one_history() {
        let (sitting, _) = crate::recognition::testing::certified().await;
        let (app, product) = (sitting.app(), &sitting.honey.product);
        let province = EvaluationInput {
            decision: Some(PaperDecision {
                number: "3589/QĐ-UBND".to_owned(),
                decided_on: "2022-12-02".parse().unwrap(),
                signed_by: String::new(),
            }),
            certificate: Some(PaperCertificate::default()),
            ..on_paper(product, Level::Province, "2022-11-22")
        };
        let inputs = [on_paper(product, Level::District, "2022-10-05"), province];
        record_many(app, system(Action::RecordEvaluation), "22", &inputs).await.unwrap();
        let mut tx = app.db.write(ocop_store::db::Chain::of("producer", "x")).await.unwrap();
        facts::put_former_code(&mut tx, product, "22-198-06838-7-2022").await.unwrap();
        tx.commit_upkeep().await.unwrap();

        let told = async |on: &str| view_on(app, &sitting.world.officer, product, on).await.unwrap().history;
        let history = told("").await;
        let titles: Vec<&str> = history.entries.iter().map(|entry| entry.title.as_str()).collect();
        assert_eq!(titles.len(), 6, "{titles:?}");
        assert!(titles.contains(&"Công nhận lại 3 sao, cấp tỉnh"), "{titles:?}");
        assert_eq!(history.entries.last().unwrap().title, "Đánh giá cấp huyện");
        let paper = history.entries.iter().find(|entry| entry.on == "2022-11-22".parse().unwrap()).unwrap();
        assert_eq!(
            (paper.parts.len(), paper.parts[0].max),
            (3, app.rules.set("2020-781", 4).unwrap().part_max(PartCode::A))
        );
        let here = history.entries.iter().find(|entry| matches!(entry.leads, Leads::Dossier(_))).unwrap();
        assert!(here.mean.is_some() && here.parts.len() == 3 && here.notes.len() > 1, "{here:?}");
        let sets: Vec<&str> = history.sets.iter().map(|set| set.reference.as_str()).collect();
        assert_eq!(sets, ["2020-781/4", "2026-26/4"]);
        assert_eq!(history.codes.last().unwrap().format, "tỉnh, huyện cũ, xã cũ, số thứ tự, năm");

        for (on, standing, stars) in [
            ("2022-12-01", Standing::Unranked, None),
            ("2022-12-02", Standing::Starred, Some(3)),
            ("2026-01-01", Standing::Expired, None),
            ("", Standing::Starred, Some(3)),
        ] {
            let status = told(on).await.status;
            assert_eq!((status.standing, status.stars), (standing, stars), "{on}");
        }
    }
}
