//! Every figure that the newspapers printed of the province must come out of the two stories.
//!
//! The fairs (visitors, booths, turnover) and the nation's sizes are not told here: fairs are no
//! noun of this program yet.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ocop_core::evaluations::Conclusion;
use ocop_core::producers::ProducerKind;
use ocop_core::recognition::{Level, Validity, validity};
use ocop_core::scoring::{Tally, tally};
use ocop_core::text::fold;
use ocop_store::evaluations::Evaluation;
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::products::facts::{self, Listing};
use ocop_store::recognition::Certificate;
use ocop_store::{evaluations, producers, products, recognition, rounds};
use serde_json::json;

use super::{Story, accounts, data, load, now_in};
use crate::App;
use crate::reports::{Scope, find_round, round_by_system, summary_by_system};
use crate::testing::World;

/// A product with everything that the figures ask about.
struct Known {
    producer: Producer,
    product: Product,
    certificates: Vec<Certificate>,
    listings: Vec<Listing>,
}

impl Known {
    /// The star on a day: of the newest certificate, while it is in force.
    fn star(&self, day: NaiveDate) -> Option<(u8, Level)> {
        let newest = self.certificates.iter().find(|one| one.issued_on <= day)?;
        let worth = validity(day, newest.issued_on, newest.last_on, newest.revoked_on);
        (worth == Validity::InForce).then_some((newest.stars, newest.level))
    }

    fn is_on(&self, platform: &str, day: NaiveDate) -> bool {
        self.listings.iter().any(|one| one.platform == platform && one.since <= day)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn everything(app: &App) -> Vec<Known> {
    let mut tx = app.db.read().await.unwrap();
    let mut known = Vec::new();
    for producer in producers::of_province(&mut tx, "22").await.unwrap() {
        for product in products::of_producer(&mut tx, &producer.id).await.unwrap() {
            known.push(Known {
                certificates: recognition::certificates_of_product(&mut tx, &product.id).await.unwrap(),
                listings: facts::listings(&mut tx, &product.id).await.unwrap(),
                producer: producer.clone(),
                product,
            });
        }
    }
    known
}

fn starred(known: &[Known], on: NaiveDate, stars: u8, level: Option<Level>) -> usize {
    let counts = |one: &&Known| {
        one.star(on).is_some_and(|(has, by)| has == stars && level.is_none_or(|level| level == by))
    };
    known.iter().filter(counts).count()
}

fn producers_of<'a>(known: impl IntoIterator<Item = &'a Known>) -> BTreeSet<String> {
    known.into_iter().map(|one| one.producer.id.to_string()).collect()
}

#[tokio::test]
async fn the_newspapers_figures_of_2022_come_out_of_the_story() {
    let world = World::empty().await;
    load(&world.app, Story::QuangNinh2022).await.unwrap();
    let on = now_in(&world.app, Story::QuangNinh2022).await.unwrap().unwrap().day();
    assert_eq!(on, day("2022-12-02"));
    let known = everything(&world.app).await;
    assert_eq!(known.len(), 565, "products");
    the_219_producers(&known);

    assert_eq!(starred(&known, on, 3, None), 193);
    assert_eq!(starred(&known, on, 4, None), 68);
    assert_eq!(starred(&known, on, 5, Some(Level::Province)), 3);
    assert_eq!(starred(&known, on, 5, Some(Level::Centre)), 3);
    assert_eq!(known.iter().filter(|one| one.star(on).is_some()).count(), 267);
    assert!(known.iter().flat_map(|one| &one.certificates).all(|one| one.issued_on <= on));
    let stamped = known.iter().filter(|one| one.product.stamped_since.is_some_and(|since| since <= on));
    assert_eq!(stamped.count(), 537, "95 in a hundred");

    let in_2022 = |date: NaiveDate| date >= day("2022-01-01") && date <= on;
    let ha_long = || known.iter().filter(|one| one.producer.former_unit == "193");
    let joined: Vec<&Known> = ha_long().filter(|one| in_2022(one.product.joined_on)).collect();
    assert_eq!((joined.len(), producers_of(joined.iter().copied()).len()), (14, 6));
    let listed = ha_long().filter(|one| one.listings.iter().any(|listing| in_2022(listing.since)));
    assert_eq!(listed.count(), 65, "on platforms since January");
    those_named_are_there(&known, on);
    assert_eq!(accounts(Story::QuangNinh2022).unwrap().len(), 4);
}

/// The pages of reports and `ocop report` tell the same figures.
#[tokio::test]
async fn the_reports_tell_the_newspapers_figures() {
    let world = World::empty().await;
    let app = &world.app;
    load(app, Story::QuangNinh2022).await.unwrap();
    let on = now_in(app, Story::QuangNinh2022).await.unwrap().unwrap().day();
    let told = summary_by_system(app, Scope::of_province("22", on)).await.unwrap();
    let told = serde_json::to_value(&told).unwrap();
    let check = |at: &str, figure: i64| {
        assert_eq!(told.pointer(at).and_then(serde_json::Value::as_i64), Some(figure), "{at}");
    };
    check("/products/registered", 565);
    check("/products/starred", 267);
    check("/producers/total", 219);
    for (group, count) in [("enterprise", 54), ("cooperative", 87), ("household", 78)] {
        let groups = told["producers"]["groups"].as_array().unwrap();
        let one = groups.iter().find(|one| one["group"] == group).unwrap();
        assert_eq!(one["producers"], count, "{group}");
    }
    for (stars, count) in [("3", 193), ("4", 68), ("5_province", 3), ("5_centre", 3)] {
        check(&format!("/stars/{stars}"), count);
    }
    let units = told["units"].as_array().unwrap();
    let ha_long = units.iter().find(|unit| unit["code"] == "193").unwrap();
    assert_eq!(units.len(), 13);
    assert_eq!((&ha_long["joined"], &ha_long["joined_producers"]), (&json!(14), &json!(6)));
    assert_eq!(ha_long["put_on_platforms"], 65);

    let round = find_round(app, "22", on, None).await.unwrap();
    let (round, _) = round_by_system(app, &round.id).await.unwrap();
    let round = serde_json::to_value(&round).unwrap();
    assert_eq!([&round["products"], &round["producers"], &round["units"]], [117, 67, 13]);
    let of_unit = |code: &str| {
        let places = round["places"].as_array().unwrap();
        places.iter().find(|place| place["code"] == code).unwrap()["products"].clone()
    };
    assert_eq!((of_unit("193"), of_unit("207")), (json!(26), json!(2)));
}

fn the_219_producers(known: &[Known]) {
    let of = |kinds: &[ProducerKind]| {
        producers_of(known.iter().filter(|one| kinds.contains(&one.producer.kind))).len()
    };
    let companies =
        [ProducerKind::LimitedCompany, ProducerKind::JointStockCompany, ProducerKind::PrivateEnterprise];
    assert_eq!(of(&companies), 54);
    assert_eq!(of(&[ProducerKind::Cooperative]), 87);
    assert_eq!(of(&[ProducerKind::Household]), 78);
    assert_eq!(producers_of(known).len(), 219);
    let names: BTreeSet<String> = known.iter().map(|one| fold(&one.product.name)).collect();
    assert_eq!(names.len(), known.len(), "no name twice");
}

fn those_named_are_there(known: &[Known], on: NaiveDate) {
    let star = |producer: &str, product: &str| {
        let one =
            known.iter().find(|one| one.producer.name == producer && one.product.name.starts_with(product));
        one.unwrap_or_else(|| panic!("{product}")).star(on)
    };
    let centre = Some((5, Level::Centre));
    for pearl in ["Ngọc trai Akoya", "Ngọc trai Tahiti", "Ngọc trai South Sea"] {
        assert_eq!(star("Công ty cổ phần Ngọc trai Hạ Long", pearl), centre);
    }
    assert_eq!(star("Cơ sở trà hoa vàng Quy Hoa", "Trà hoa vàng Quy Hoa"), Some((5, Level::Province)));
    let three = Some((3, Level::Province));
    assert_eq!(star("Hợp tác xã Hợp Tiến Bình Liêu", "Mật ong rừng Bình Liêu"), three);
    for (producer, product) in [
        ("Hợp tác xã Việt Hoàng", "Đông trùng hạ thảo – Vietcor"),
        ("Công ty cổ phần Thủy sản Đại Yên", "Mắm ngự"),
        ("Hộ kinh doanh Chè Nguyễn", "Bánh gạo lứt rong biển chà bông tép"),
    ] {
        assert_eq!(star(producer, product), None, "waits for the decision on the round");
    }
}

#[tokio::test]
async fn the_round_of_2022_can_be_recomputed_from_its_sheets() {
    let world = World::empty().await;
    let app = &world.app;
    load(app, Story::QuangNinh2022).await.unwrap();
    let mut tx = app.db.read().await.unwrap();
    let round = rounds::of_province(&mut tx, "22").await.unwrap().remove(0);
    assert_eq!((round.regime.as_str(), round.closed_on), ("2020-781", None));
    assert_eq!(round.announced_at, "Hội chợ OCOP Quảng Ninh – Xuân 2023");
    let held = evaluations::of_round(&mut tx, &round.id).await.unwrap();
    let of = |level: Level| held.iter().filter(move |one| one.level == level);
    assert_eq!((of(Level::District).count(), of(Level::Province).count(), held.len()), (117, 117, 234));
    let judged: BTreeSet<String> = of(Level::Province).map(|one| one.product_id.to_string()).collect();
    assert_eq!(judged.len(), 117);
    let known = everything(app).await;
    let asked = known.iter().filter(|one| judged.contains(&one.product.id.to_string()));
    assert_eq!(producers_of(asked).len(), 67);
    let units: BTreeSet<&str> = of(Level::District).map(|one| one.unit.as_str()).collect();
    assert_eq!(units.len(), 13);
    let in_unit = |unit: &str| of(Level::District).filter(|one| one.unit == unit).count();
    assert_eq!((in_unit("193"), in_unit("207")), (26, 2), "Hạ Long, Cô Tô");
    for one in &held {
        assert_eq!(one.decision_id, None, "decisions are handed over at the fair");
        let again = recomputed(app, one);
        assert_eq!((one.mean, one.stars), (Some(again.mean), Some(again.stars)));
        assert_eq!(one.parts, Some(again.parts_mean));
        assert!(again.spread <= 10, "members must not differ by more than 10 points");
        assert!((9..=11).contains(&one.ballots.len()));
    }
    assert!(of(Level::District).all(|one| one.outcome == Conclusion::Forwarded), "50 points or more");
}

fn recomputed(app: &App, evaluation: &Evaluation) -> Tally {
    let set = app.rules.set(&evaluation.regime, evaluation.set_no).unwrap();
    let tally = tally(set, &evaluation.ballots).unwrap();
    assert!(evaluation.ballots.iter().all(|ballot| ballot.choices.len() == set.criteria().count()));
    tally
}

/// The certificates that followed the round are those that its sheets give.
#[tokio::test]
async fn the_years_after_2022_follow_from_it() {
    let world = World::empty().await;
    world.clock.forward_days(22);
    let app = &world.app;
    load(app, Story::QuangNinh2022).await.unwrap();
    // The register alone, on the day of today's story.
    super::register::take_in(app, "22", data::REGISTERS[1]).await.unwrap();
    let known = everything(app).await;
    let mut tx = app.db.read().await.unwrap();
    for one in &known {
        let held = evaluations::of_product(&mut tx, &one.product.id).await.unwrap();
        let Some(by_sheets) =
            held.iter().find(|held| held.round_id.is_some() && held.level == Level::Province)
        else {
            continue;
        };
        let decided = one.certificates.iter().find(|certificate| certificate.issued_on == day("2022-12-30"));
        let stars = by_sheets.stars.filter(|stars| *stars >= 3);
        assert_eq!(decided.map(|certificate| certificate.stars), stars, "{}", one.product.name);
    }
    later_figures(&known);
}

/// What the province told in the middle of 2024 and in November 2025.
fn later_figures(known: &[Known]) {
    let on = day("2024-06-30");
    let at_once: Vec<&Known> = known.iter().filter(|one| one.star(on).is_some()).collect();
    assert_eq!(at_once.len(), 393);
    assert!(at_once.iter().all(|one| one.listings.iter().any(|listing| listing.since <= on)));
    for (platform, count) in [("Voso", 160), ("Postmart", 108)] {
        assert_eq!(at_once.iter().filter(|one| one.is_on(platform, on)).count(), count, "{platform}");
    }
    let on = day("2025-11-30");
    let stars = [3, 4, 5].map(|stars| starred(known, on, stars, None));
    assert_eq!((stars, stars.iter().sum::<usize>()), ([326, 103, 8], 437));
    let carries = |one: &Known| one.product.stamped_since.is_some_and(|since| since <= on);
    assert!(known.iter().filter(|one| one.star(on).is_some()).all(carries), "all carry e-stamps");
}

#[tokio::test]
async fn the_figures_of_2025_come_out_of_todays_story() {
    let world = World::empty().await;
    world.clock.forward_days(22);
    load(&world.app, Story::Today).await.unwrap();
    assert_eq!(super::load::misplaced(&world.app).await.unwrap(), Vec::<String>::new());
    assert_eq!(crate::journal::prove(&world.app).await.unwrap().faults, vec![]);
    let known = everything(&world.app).await;
    later_figures(&known);
    let sets = &world.app.regime_today().unwrap().sets;
    assert!(known.iter().all(|one| sets.contains_key(&one.product.set_no)));
    assert_eq!(crate::units::communes(&world.app, "22").await.unwrap().len(), 54);
}
