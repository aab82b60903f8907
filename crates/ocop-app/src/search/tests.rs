//! Search: who finds what, slips, the first indexing.

use super::*;
use crate::councils::testing::Sitting;
use crate::dossiers::testing::{complete, honey_in_round, submitted};
use crate::recognition::testing::certified;
use crate::testing::World;

/// Kinds with how many were found of each.
async fn found(app: &App, actor: &Actor, query: &str) -> Vec<(Kind, i64)> {
    let results = search(app, Some(actor), query, None, "").await.unwrap();
    results.groups.iter().map(|group| (group.kind, group.count)).collect()
}

#[tokio::test]
async fn an_officer_finds_everything_of_the_province_without_marks_and_with_a_slip() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let all = vec![(Kind::Producer, 1), (Kind::Product, 1), (Kind::Dossier, 1), (Kind::Certificate, 1)];
    for query in ["mật ong", "mat ong", "ONG  mat", "binh lieu mat", "hop tac"] {
        assert_eq!(found(app, officer, query).await, all, "{query}");
    }
    let results = search(app, Some(officer), "matt ong", None, "").await.unwrap();
    assert!(results.mended && results.understood == "mat ong", "{results:?}");
    assert_eq!((results.groups.len(), results.public), (4, 0), "nobody waits for the nation's list");
    assert_eq!(results.groups[3].rows[0].href, format!("/certificates/{}", certificate.id));
    let nothing = search(app, Some(officer), "xyzxyz", None, "").await.unwrap();
    assert!(nothing.is_empty() && !nothing.mended);
    let code = found(app, officer, &certificate.check_code).await;
    assert_eq!(code[3], (Kind::Certificate, 1));
    assert!(search(app, Some(officer), " %_ ", None, "").await.unwrap().is_empty());
}

#[tokio::test]
async fn each_reader_finds_only_what_is_theirs() {
    let world = World::new().await;
    let (honey, _) = submitted(&world).await;
    let app = &world.app;
    let kinds = |found: Vec<(Kind, i64)>| found.into_iter().filter(|(_, count)| *count > 0).count();
    assert_eq!(kinds(found(app, &world.officer, "mat ong").await), 3);
    assert_eq!(kinds(found(app, &world.commune_officer, "mat ong").await), 3);
    assert_eq!(kinds(found(app, &honey.actor, "mat ong").await), 3);
    assert_eq!(kinds(found(app, &world.other_producer, "mat ong").await), 0);
    assert_eq!(kinds(found(app, &world.assessors[0], "mat ong").await), 0);
}

#[tokio::test]
async fn a_draft_is_found_by_its_producer_alone() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    complete(&world, &honey).await;
    let dossiers = async |actor: &Actor| {
        let all = found(&world.app, actor, "mat ong").await;
        all.iter().find(|(kind, _)| *kind == Kind::Dossier).map(|(_, count)| *count)
    };
    assert_eq!(dossiers(&honey.actor).await, Some(1));
    assert_eq!(dossiers(&world.officer).await, Some(0));
    assert_eq!(dossiers(&world.commune_officer).await, Some(0));
}

#[tokio::test]
async fn a_seat_finds_its_councils_dossiers_until_it_declares_a_conflict() {
    let sitting = Sitting::advising().await;
    let app = sitting.app();
    assert_eq!(found(app, &sitting.members[0], "mat ong").await, [(Kind::Dossier, 1)]);
    let input = crate::councils::ConflictInput { reason: "Người nhà là thành viên.".to_owned() };
    crate::councils::declare_conflict(app, &sitting.members[0], &sitting.dossier, &input).await.unwrap();
    assert_eq!(found(app, &sitting.members[0], "mat ong").await, [(Kind::Dossier, 0)]);
    assert_eq!(found(app, &sitting.members[1], "mat ong").await, [(Kind::Dossier, 1)]);
}

#[tokio::test]
async fn everybody_finds_what_is_certified_and_nothing_else() {
    let (sitting, _) = certified().await;
    let app = sitting.app();
    for reader in [None, Some(&sitting.world.other_producer)] {
        let found = search(app, reader, "mat onf", None, "").await.unwrap();
        assert!(found.mended && found.groups.iter().all(|group| group.count == 0), "{found:?}");
        assert_eq!((found.public, found.public_rows.len()), (1, 1));
    }
    let world = World::new().await;
    submitted(&world).await;
    assert!(search(&world.app, None, "mat ong", None, "").await.unwrap().is_empty(), "nothing certified yet");
}

#[tokio::test]
async fn a_merged_duplicate_is_found_under_the_kept_record_alone() {
    let (sitting, _) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let honey = crate::dossiers::testing::honey();
    let twin = crate::products::ProductInput { name: "Mật ong rừng sao chép".to_owned(), ..honey };
    let twin = crate::products::add(app, &sitting.honey.actor, &sitting.honey.producer, &twin).await.unwrap();
    assert_eq!(found(app, officer, "mat ong").await[1], (Kind::Product, 2));
    let mut tx = app.db.write(Chain::of("province", "22")).await.unwrap();
    ocop_store::merging::point_product(&mut tx, &twin, Some(&sitting.honey.product)).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    assert_eq!(found(app, officer, "sao chep").await[1], (Kind::Product, 0));
    let mut tx = app.db.write(Chain::of("province", "22")).await.unwrap();
    ocop_store::merging::point_product(&mut tx, &twin, None).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    assert_eq!(found(app, officer, "sao chep").await[1], (Kind::Product, 1));
}

#[tokio::test]
async fn what_was_kept_before_the_index_is_indexed_once() {
    let (sitting, _) = certified().await;
    let app = sitting.app();
    let officer = &sitting.world.officer;
    assert!(!index_all(app).await.unwrap());
    let before = found(app, officer, "mat ong").await;
    let mut tx = app.db.write(Chain::of("search", "index")).await.unwrap();
    for sql in ["delete from search_word", "delete from search_entry", "delete from vocabulary"] {
        tx.execute(sql, vec![]).await.unwrap();
    }
    tx.commit_upkeep().await.unwrap();
    assert!(index_all(app).await.unwrap());
    assert_eq!(found(app, officer, "mat ong").await, before);
    assert!(search(app, Some(officer), "matt ong", None, "").await.unwrap().mended);
    assert!(!index_all(app).await.unwrap(), "once");
}
