//! The list of papers of a dossier's regime: eighteen under the older rules, fifteen under form 02.

use ocop_core::dossiers::{DossierKind, LackKind};
use ocop_core::evidence::EvidenceKind;
use ocop_core::id::DossierId;
use ocop_store::Arg;
use ocop_store::db::Chain;

use super::testing::{Honey, honey_in_round, paper};
use super::*;
use crate::testing::World;

/// Lets a dossier rest on another regime, as one that was filed before.
async fn rests_on(world: &World, id: &DossierId, regime: &str) {
    let set = world.app.rules.set(regime, 4).unwrap();
    let mut tx = world.app.db.write(Chain::of("test", "regime")).await.unwrap();
    let hash = set.hash();
    ocop_store::rules::keep(&mut tx, &hash, set).await.unwrap();
    let sql = "update dossier set regime = $2, ruleset = $3 where id = $1";
    tx.execute(sql, vec![Arg::from(id), Arg::from(regime), Arg::from(hash.as_str())]).await.unwrap();
    tx.commit_upkeep().await.unwrap();
}

/// Cites a paper of a kind for 1.1.
async fn cited(world: &World, honey: &Honey, id: &DossierId, kind: &str) {
    let paper = paper(world, honey, kind, kind).await;
    let cited = CiteInput { criterion: "1.1".to_owned(), evidence: paper.to_string(), pages: String::new() };
    cite(&world.app, &honey.actor, id, &cited).await.unwrap();
}

async fn paper_lacks(world: &World, honey: &Honey, id: &DossierId) -> Vec<LackKind> {
    let page = submit_page(&world.app, &honey.actor, id).await.unwrap();
    let of_list = page.must.into_iter().chain(page.should);
    of_list.filter(|lack| lack.message.contains("danh mục hồ sơ")).map(|lack| lack.kind).collect()
}

#[tokio::test]
async fn a_dossier_is_asked_for_the_papers_of_its_own_regime() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let (app, actor) = (&world.app, &honey.actor);
    let id = open(app, actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    // Kept as a paper of form 02.
    cited(&world, &honey, &id, "7").await;

    let screen = criterion(app, actor, &id, "1.1").await.unwrap();
    assert!(!screen.other_kinds.contains(&EvidenceKind::BusinessPlan));
    let view = evidence(app, actor, &id).await.unwrap();
    assert_eq!((view.list.len(), view.wants_papers()), (15, false));
    assert_eq!(view.list[6].papers, ["Sở hữu trí tuệ"]);
    assert!(view.list_cite.contains("mẫu số 02"), "{}", view.list_cite);
    assert_eq!(paper_lacks(&world, &honey, &id).await, []);

    rests_on(&world, &id, "2020-781").await;
    let screen = criterion(app, actor, &id, "1.1").await.unwrap();
    assert!(screen.kinds.is_empty(), "its rules name no papers");
    assert_eq!(screen.other_kinds.len(), 19);
    assert!(screen.other_kinds.contains(&EvidenceKind::BusinessPlan));
    assert!(!screen.other_kinds.contains(&EvidenceKind::IntellectualProperty));
    let view = evidence(app, actor, &id).await.unwrap();
    assert_eq!((view.list.len(), view.wants_papers()), (18, true));
    assert_eq!(view.list[9].papers, ["Sở hữu trí tuệ"], "under the heading that has it now");
    let (must, should) = (LackKind::Must, LackKind::Should);
    assert_eq!(paper_lacks(&world, &honey, &id).await, [must, must, should]);
    cited(&world, &honey, &id, "18.2").await;
    assert_eq!(paper_lacks(&world, &honey, &id).await, [must, should]);
}

#[tokio::test]
async fn a_doubtful_list_warns_and_refuses_nothing() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let (app, actor) = (&world.app, &honey.actor);
    let id = open(app, actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    cited(&world, &honey, &id, "1").await;
    rests_on(&world, &id, "2023-148").await;
    let kinds = paper_lacks(&world, &honey, &id).await;
    assert_eq!(kinds, [LackKind::Should, LackKind::Should], "its registration is cited");
    let screen = criterion(app, actor, &id, "1.1").await.unwrap();
    assert_eq!(screen.kinds, [EvidenceKind::RawMaterialOrigin]);
}
