//! How far the products of a round came: dossiers of this software, or evaluations held on paper.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::summary::count;
use crate::coded;
use crate::dossiers::State;
use crate::id::{ProducerId, ProductId};
use crate::recognition::Level;

coded! {
    /// A step that a product of a round has reached.
    Step {
        /// A dossier was opened.
        Opened = "opened", "Mở hồ sơ";
        /// The producer has submitted it.
        Submitted = "submitted", "Đã nộp";
        /// The commune has proposed it.
        Proposed = "proposed", "Xã đề nghị";
        /// The province has accepted it.
        Accepted = "accepted", "Tỉnh tiếp nhận";
        /// A council has it.
        InCouncil = "in_council", "Đến hội đồng";
        /// A district council has judged it (until 30/6/2025).
        District = "district", "Hội đồng cấp huyện đánh giá";
        /// The provincial council has judged it.
        Province = "province", "Hội đồng cấp tỉnh đánh giá";
        /// The central council has judged it.
        CentralCouncil = "central_council", "Hội đồng trung ương đánh giá";
        /// The chair has confirmed the result.
        Confirmed = "confirmed", "Xác nhận kết quả";
        /// A decision has recognised it.
        Recognised = "recognised", "Được công nhận";
        /// The producer was told a result below 3 stars.
        Notified = "notified", "Thông báo chưa đạt 3 sao";
        /// It went on to the centre.
        ForCentre = "for_centre", "Trình trung ương";
        /// It was disqualified.
        Out = "out", "Bị loại";
    }
}

/// A product in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The product.
    pub product: ProductId,
    /// Its producer.
    pub producer: ProducerId,
    /// Where it comes from: code of a unit.
    pub place: String,
    /// The steps that it has reached.
    pub steps: BTreeSet<Step>,
    /// The stars of the highest council that has judged it; none before, or without a star.
    pub stars: Option<u8>,
    /// Whether a council has judged it.
    pub judged: bool,
}

/// A dossier of the round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierFact {
    /// The product.
    pub product: ProductId,
    /// Its producer.
    pub producer: ProducerId,
    /// Code of its commune.
    pub commune: String,
    /// Code of the producer's former unit.
    pub former_unit: String,
    /// Where it is.
    pub state: State,
    /// Whether it was ever submitted.
    pub submitted: bool,
    /// Whether a commune has proposed it.
    pub proposed: bool,
    /// Whether the province has received it.
    pub accepted: bool,
    /// Whether a result was confirmed.
    pub judged: bool,
    /// The stars of the confirmed result.
    pub stars: Option<u8>,
}

/// An evaluation on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationFact {
    /// The product.
    pub product: ProductId,
    /// Its producer.
    pub producer: ProducerId,
    /// Code of its commune.
    pub commune: String,
    /// Code of the producer's former unit.
    pub former_unit: String,
    /// The council's level.
    pub level: Level,
    /// Code of the council's unit.
    pub unit: String,
    /// The day.
    pub evaluated_on: NaiveDate,
    /// Its stars.
    pub stars: Option<u8>,
}

/// The products of a round from its dossiers; `place` names where one comes from.
///
/// A product that its province evaluates again in the same round counts where that evaluation is.
pub fn from_dossiers(dossiers: &[DossierFact], place: impl Fn(&DossierFact) -> String) -> Vec<Entry> {
    let entry = |one: &DossierFact| Entry {
        product: one.product.clone(),
        producer: one.producer.clone(),
        place: place(one),
        steps: steps(one),
        stars: one.stars,
        judged: one.judged,
    };
    let goes_on = |one: &DossierFact| {
        let later = |other: &DossierFact| other.product == one.product && other.state != State::Again;
        one.state == State::Again && dossiers.iter().any(later)
    };
    dossiers.iter().filter(|one| !goes_on(one)).map(entry).collect()
}

fn steps(one: &DossierFact) -> BTreeSet<Step> {
    let stage = one.state.stage();
    let accepted = one.accepted || stage >= 3 || one.state == State::Accepted;
    let mut reached = BTreeSet::from([Step::Opened]);
    let passed = [
        (Step::Submitted, one.submitted || stage >= 1),
        (Step::Proposed, one.proposed || stage >= 2),
        (Step::Accepted, accepted),
        (Step::InCouncil, stage >= 3),
        (Step::Confirmed, stage >= 5),
    ];
    reached.extend(passed.into_iter().filter_map(|(step, has)| has.then_some(step)));
    let end = match one.state {
        State::Recognised => Some(Step::Recognised),
        State::NotRecognised => Some(Step::Notified),
        State::ForCentre | State::FiveStars | State::Fallback | State::Again => Some(Step::ForCentre),
        State::Disqualified => Some(Step::Out),
        State::ReferredBack
        | State::Draft
        | State::AtCommune
        | State::AtProvince
        | State::AtCentre
        | State::Completing
        | State::Accepted
        | State::Checking
        | State::Advising
        | State::Advised
        | State::Scoring
        | State::Discussion
        | State::Tallied
        | State::Confirmed
        | State::Withdrawn => None,
    };
    reached.extend(end);
    reached
}

/// The products of a round from evaluations on paper, by product; the district is that of the
/// district council when one judged it, else what `place` says.
pub fn from_evaluations(
    evaluations: &[EvaluationFact],
    place: impl Fn(&EvaluationFact) -> String,
) -> Vec<Entry> {
    let mut by_product: BTreeMap<&ProductId, Vec<&EvaluationFact>> = BTreeMap::new();
    for one in evaluations {
        by_product.entry(&one.product).or_default().push(one);
    }
    let entries = by_product.into_values().filter_map(|mut passed| {
        passed.sort_by_key(|one| (one.level, one.evaluated_on));
        let (first, last) = (*passed.first()?, *passed.last()?);
        let judged_in = (first.level == Level::District).then(|| first.unit.clone());
        let step = |one: &&EvaluationFact| match one.level {
            Level::District => Step::District,
            Level::Province => Step::Province,
            Level::Centre => Step::CentralCouncil,
        };
        Some(Entry {
            product: first.product.clone(),
            producer: first.producer.clone(),
            place: judged_in.filter(|unit| !unit.is_empty()).unwrap_or_else(|| place(first)),
            steps: passed.iter().map(step).collect(),
            stars: last.stars,
            judged: true,
        })
    });
    entries.collect()
}

/// The funnel of a round. As JSON it is part of the answer of `ocop report round --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Products in the round.
    pub products: i64,
    /// Their producers.
    pub producers: i64,
    /// Units that they come from.
    pub units: i64,
    /// Step by step, in the order of the procedure; only steps that somebody reached.
    pub steps: Vec<FunnelStep>,
    /// By unit, most products first.
    pub places: Vec<PlaceLine>,
    /// Judged products by stars, from less than three (`0`) to five.
    pub stars: BTreeMap<u8, i64>,
}

/// A step of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunnelStep {
    /// The step.
    pub step: Step,
    /// Products that have reached it.
    pub products: i64,
    /// Their producers.
    pub producers: i64,
    /// The units they come from.
    pub units: i64,
}

/// A unit in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceLine {
    /// Its code.
    pub code: String,
    /// Its name, filled by whoever knows names.
    pub name: String,
    /// Its products.
    pub products: i64,
    /// Their producers.
    pub producers: i64,
    /// Judged products by stars, as in [`Funnel::stars`].
    pub stars: BTreeMap<u8, i64>,
}

impl Entry {
    /// The line of the stars that it counts in: 3, 4, 5, or 0 for less; none before it was judged.
    pub fn star_line(&self) -> Option<u8> {
        self.judged.then(|| self.stars.filter(|stars| *stars >= 3).unwrap_or(0))
    }
}

/// Counts the products of a round.
pub fn funnel(entries: &[Entry]) -> Funnel {
    let all: Vec<&Entry> = entries.iter().collect();
    let (products, producers, units) = counted(&all);
    let steps = Step::ALL.iter().map(|step| {
        let reached: Vec<&Entry> = entries.iter().filter(|one| one.steps.contains(step)).collect();
        let (products, producers, units) = counted(&reached);
        FunnelStep { step: *step, products, producers, units }
    });
    let mut places: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for one in entries {
        places.entry(&one.place).or_default().push(one);
    }
    let lines = places.into_iter().map(|(code, inside)| {
        let (products, producers, _) = counted(&inside);
        let (code, name) = (code.to_owned(), code.to_owned());
        PlaceLine { code, name, products, producers, stars: stars(&inside) }
    });
    let mut places: Vec<PlaceLine> = lines.collect();
    places.sort_by_key(|line| std::cmp::Reverse(line.products));
    let steps = steps.filter(|step| step.products > 0).collect();
    Funnel { products, producers, units, steps, places, stars: stars(&all) }
}

fn counted(entries: &[&Entry]) -> (i64, i64, i64) {
    let producers: BTreeSet<_> = entries.iter().map(|one| &one.producer).collect();
    let places: BTreeSet<_> = entries.iter().map(|one| &one.place).collect();
    let products: BTreeSet<_> = entries.iter().map(|one| &one.product).collect();
    (count(products.len()), count(producers.len()), count(places.len()))
}

fn stars(entries: &[&Entry]) -> BTreeMap<u8, i64> {
    let mut lines = BTreeMap::new();
    for line in entries.iter().filter_map(|one| one.star_line()) {
        *lines.entry(line).or_insert(0) += 1;
    }
    lines
}
