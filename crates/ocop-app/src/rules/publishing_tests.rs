//! Law 4: a dossier stays with the version of the set that it was filed under, whatever the rule
//! files say later.

use std::sync::Arc;

use ocop_core::rules::{Rules, load};

use super::testing::filled;
use super::wording::{WordingChoice, export_by_system, import_by_system, preview_by_system};
use crate::councils::testing::Sitting;
use crate::rounds::RoundInput;
use crate::testing::season::{certifiable, decide};
use crate::{App, AppError, dossiers, papers, products, public, rounds, scoring};

/// The program after a publisher changed the set of honey: other names, another text, one point
/// less for the lowest level of 1.1, and its highest level as the least for 3 stars.
fn republished(app: &App) -> App {
    let mut files = super::files();
    let (_, text) = files.iter_mut().find(|(path, _)| path.starts_with("2026-26/sets/04-")).unwrap();
    for (old, new) in [
        ("\"Mật ong, mật khác và nông sản thực phẩm khác\"\nindustry", "\"Mật ong bản mới\"\nindustry"),
        ("\"Nguồn gốc sản phẩm\"", "\"Nguồn gốc bản mới\""),
        ("points = 1, text = \"Có nuôi/trồng", "points = 0, text = \"Bản mới: có nuôi/trồng"),
        ("points = 3, text = \"Nuôi/trồng", "points = 3, floor = 3, text = \"Nuôi/trồng"),
    ] {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        *text = text.replacen(old, new, 1);
    }
    App { rules: Arc::new(load(&files).unwrap()), ..app.clone() }
}

fn hash(rules: &Rules) -> String {
    rules.set("2026-26", 4).unwrap().hash()
}

async fn pinned_to(app: &App, id: &ocop_core::id::DossierId) -> String {
    let mut tx = app.db.read().await.unwrap();
    ocop_store::dossiers::find(&mut tx, id).await.unwrap().unwrap().ruleset
}

/// The workbook of honey by these rules, with an official name for the set and for 1.1.
fn worded(rules: &Rules) -> Vec<u8> {
    filled(rules, &[("name", "Chính thức name"), ("1.1", "Chính thức 1.1")])
}

#[tokio::test]
async fn a_confirmed_result_and_its_papers_are_not_touched_by_a_new_version() {
    let sitting = certifiable().await;
    let (old, id) = (sitting.app(), &sitting.dossier);
    let new = republished(old);
    assert_ne!(hash(&old.rules), hash(&new.rules));
    assert_eq!(pinned_to(old, id).await, hash(&old.rules));

    let officer = &sitting.world.officer;
    let before = scoring::result(old, officer, id).await.unwrap();
    assert_eq!(scoring::result(&new, officer, id).await.unwrap(), before);
    assert!(before.stars.is_some_and(|stars| stars >= 3), "by the new version it would miss a floor");
    let ballot = sitting.ballot(&sitting.chair, 1).await;
    let review = scoring::review(old, &sitting.chair, &ballot).await.unwrap();
    assert_eq!(scoring::review(&new, &sitting.chair, &ballot).await.unwrap(), review);
    let opened = scoring::scoring(old, officer, id).await.unwrap();
    assert_eq!(scoring::scoring(&new, officer, id).await.unwrap(), opened);
    let paper = papers::tally(old, officer, id, None).await.unwrap();
    assert!(papers::tally(&new, officer, id, None).await.unwrap() == paper);
    let sheet = papers::score_sheet(old, &sitting.chair, &ballot).await.unwrap();
    assert!(papers::score_sheet(&new, &sitting.chair, &ballot).await.unwrap() == sheet);

    decide(&sitting).await;
    let page = public::product(&new, &sitting.honey.product).await.unwrap();
    assert_eq!(page.set_name, public::product(old, &sitting.honey.product).await.unwrap().set_name);
}

#[tokio::test]
async fn a_dossier_under_way_is_shown_and_scored_by_its_own_version() {
    let sitting = Sitting::scoring(2).await;
    let new = republished(sitting.app());
    let ballot = sitting.ballot(&sitting.chair, 1).await;
    let room = scoring::room(&new, &sitting.chair, &ballot, "1.1").await.unwrap();
    assert_eq!(room.pane.name, "Nguồn gốc sản phẩm");
    let lowest = &room.pane.cases[0].levels[0];
    assert_eq!(lowest.points, 1);
    let answer = scoring::AnswerInput {
        choice: "1:1".to_owned(),
        version: room.head.version.to_string(),
        ..Default::default()
    };
    let saved = scoring::save_answer(&new, &sitting.chair, &ballot, "1.1", &answer).await.unwrap();
    assert_eq!(saved.totals.total, 1, "the lowest level is worth 1 point in the version filed under");
    let submitted = dossiers::overview(&new, &sitting.honey.actor, &sitting.dossier).await.unwrap();
    assert_eq!(submitted.submitted.unwrap().answers[0].name, "Nguồn gốc sản phẩm");
}

#[tokio::test]
async fn a_new_dossier_is_pinned_to_the_new_version() {
    let sitting = certifiable().await;
    decide(&sitting).await;
    let new = republished(sitting.app());
    let (actor, product) = (&sitting.honey.actor, &sitting.honey.product);
    let later = RoundInput {
        name: "Đợt sau".to_owned(),
        opens_on: "01/11/2026".to_owned(),
        propose_by: "30/11/2026".to_owned(),
        result_by: "30/12/2026".to_owned(),
        ..RoundInput::default()
    };
    let round = rounds::open(&new, &sitting.world.officer, "22", &later).await.unwrap();
    let another =
        products::ProductInput { name: "Mật ong hoa sở".to_owned(), ..crate::dossiers::testing::honey() };
    let second = products::add(&new, actor, &sitting.honey.producer, &another).await.unwrap();
    let id =
        dossiers::open(&new, actor, &second, &round, ocop_core::dossiers::DossierKind::First).await.unwrap();
    assert_eq!(pinned_to(&new, &id).await, hash(&new.rules));
    let screen = dossiers::criterion(&new, actor, &id, "1.1").await.unwrap();
    assert_eq!((screen.name.as_str(), screen.alternatives[0].levels[0].points), ("Nguồn gốc bản mới", 0));
    assert_eq!(pinned_to(&new, &sitting.dossier).await, hash(&sitting.app().rules));
    assert!(products::view(&new, actor, product).await.is_ok(), "the old product still has its page");
}

#[tokio::test]
async fn official_texts_stay_with_the_version_they_were_given_for() {
    let sitting = Sitting::scoring(2).await;
    let (old, officer) = (sitting.app(), "Nguyễn Văn Thử, Chi cục trưởng");
    let new = republished(old);
    import_by_system(old, "22", officer, worded(&old.rules)).await.unwrap();

    let mut tx = new.db.read().await.unwrap();
    let named = |set: &ocop_core::rules::ProductSet| set.criterion("1.1").unwrap().name.clone();
    let of_old = new.shown(&mut tx, "22", &hash(&old.rules)).await.unwrap();
    assert_eq!((of_old.name.as_str(), named(&of_old).as_str()), ("Chính thức name", "Chính thức 1.1"));
    let elsewhere = new.shown(&mut tx, "01", &hash(&old.rules)).await.unwrap();
    assert_eq!(named(&elsewhere), "Nguồn gốc sản phẩm", "another province has not worded it");
    drop(tx);
    let ballot = sitting.ballot(&sitting.chair, 1).await;
    let room = scoring::room(&new, &sitting.chair, &ballot, "1.1").await.unwrap();
    assert_eq!(room.pane.name, "Chính thức 1.1", "the dossier under way keeps its office's words");

    let stale = preview_by_system(&new, "22", worded(&old.rules)).await;
    assert!(matches!(stale, Err(AppError::Invalid(_))), "a workbook of the old version is refused");
    let choice = WordingChoice { regime: "2026-26".to_owned(), sets: vec![4] };
    let fresh = export_by_system(&new, "22", &choice).await.unwrap();
    let seen = preview_by_system(&new, "22", fresh.bytes).await.unwrap();
    assert_eq!(seen.sets[0].texts, 0, "the new version starts without official texts");
}
