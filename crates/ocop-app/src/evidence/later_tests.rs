//! What is told of papers after recognition, and what is counted later.

use ocop_core::id::EvidenceId;
use ocop_core::time::date;
use ocop_store::db::Chain;

use super::{
    EvidenceInput, Upload, count_older, describe, ending_of_office, paper, replace, vault, withdraw,
};
use crate::councils::testing::Sitting;
use crate::dossiers::testing::{complete, honey_in_round, pdf_of};
use crate::dossiers::{CiteInput, cite, submit, submit_page};
use crate::home;
use crate::recognition::{certificate, testing::certified};
use crate::testing::{World, closed_to, faulty};

/// Tells the producer's todos and those of the office about papers.
async fn told(sitting: &Sitting) -> (Vec<String>, Vec<String>) {
    let app = sitting.app();
    let of = async |actor| {
        let todos = home::todos(app, actor).await.unwrap().into_iter();
        todos
            .filter(|todo| todo.what.contains("giấy tờ"))
            .map(|todo| format!("{} | {}", todo.what, todo.about))
            .collect()
    };
    (of(&sitting.honey.actor).await, of(&sitting.world.officer).await)
}

/// The newest description of a paper with another last day.
async fn ends(sitting: &Sitting, id: &EvidenceId, days: u64) -> (EvidenceInput, i64) {
    let app = sitting.app();
    let own = paper(app, &sitting.honey.actor, id).await.unwrap().own.unwrap();
    let last_day = date(app.today() + chrono::Days::new(days));
    (EvidenceInput { expires_on: last_day, ..own.input }, own.version)
}

#[tokio::test]
async fn a_paper_that_ends_before_the_certificate_is_told_to_producer_and_office() {
    let (sitting, kept) = certified().await;
    let (app, producer, officer) = (sitting.app(), &sitting.honey.actor, &sitting.world.officer);
    let mut tx = app.db.read().await.unwrap();
    let cited = ocop_store::evidence::citations_of(&mut tx, &sitting.dossier).await.unwrap();
    drop(tx);
    let id = &cited[0].evidence_id;
    assert_eq!(told(&sitting).await, (vec![], vec![]), "papers without a last day");

    let (far, version) = ends(&sitting, id, 61).await;
    describe(app, producer, id, &far, &version.to_string()).await.unwrap();
    assert_eq!(told(&sitting).await, (vec![], vec![]), "not soon");
    sitting.world.clock.forward_days(1);
    let (own, office) = told(&sitting).await;
    assert_eq!(own.len(), 1);
    assert!(own[0].starts_with("Thay giấy tờ của") && own[0].contains("còn 60 ngày là hết hạn"), "{own:?}");
    assert!(office[0].starts_with("Nhắc thay giấy tờ của 1 sản phẩm đang có sao"), "{office:?}");
    let listed = ending_of_office(app, officer).await.unwrap();
    assert_eq!((listed.len(), &listed[0].certificate, &listed[0].papers[0].submitted), (1, &kept.id, id));
    closed_to(ending_of_office(app, producer).await);
    closed_to(ending_of_office(app, &sitting.world.commune_officer).await);
    assert_eq!(certificate(app, officer, &kept.id).await.unwrap().ending.len(), 1);
    assert_eq!(vault(app, producer, &sitting.honey.producer).await.unwrap().ending, listed);

    let (input, _) = ends(&sitting, id, 2_000).await;
    let sent = Upload { file_name: "moi.pdf".to_owned(), bytes: pdf_of(7) };
    let new = replace(app, producer, id, &input, sent).await.unwrap();
    assert_eq!(told(&sitting).await, (vec![], vec![]), "the new version lasts");

    let (soon, version) = ends(&sitting, &new, 5).await;
    describe(app, producer, &new, &soon, &version.to_string()).await.unwrap();
    assert_eq!(told(&sitting).await.0.len(), 1);
    withdraw(app, producer, &new).await.unwrap();
    let (own, office) = told(&sitting).await;
    assert_eq!((own.len(), office.len()), (0, 1), "the producer cannot put anything in its place");
}

#[tokio::test]
async fn pages_of_older_papers_are_counted_once_in_the_background() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let input = EvidenceInput { kind: "12".to_owned(), ..EvidenceInput::default() };
    let mut held = Vec::new();
    for pages in [2, 3] {
        let sent = Upload { file_name: "phieu.pdf".to_owned(), bytes: pdf_of(pages) };
        held.push(super::upload(app, &honey.actor, &honey.producer, &input, sent).await.unwrap().id);
    }
    assert_eq!(count_older(app).await.unwrap(), 0);
    uncount(&world).await;
    // The file of one is gone.
    let mut tx = app.db.write(Chain::of("test", "older")).await.unwrap();
    let sql = "update evidence set file_hash = 'gone' where id = $1";
    tx.execute(sql, vec![ocop_store::Arg::from(&held[1])]).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    assert_eq!(count_older(app).await.unwrap(), 2);
    assert_eq!(count_older(app).await.unwrap(), 0, "once");
    let papers = vault(app, &honey.actor, &honey.producer).await.unwrap().papers;
    assert_eq!(papers.iter().map(|card| card.pages).collect::<Vec<_>>(), vec![None, Some(2)]);
}

#[tokio::test]
async fn pages_cited_before_they_were_counted_are_checked_before_the_submission() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let (app, actor) = (&world.app, &honey.actor);
    let dossier = complete(&world, &honey).await;
    let input = EvidenceInput { kind: "12".to_owned(), ..EvidenceInput::default() };
    let sent = Upload { file_name: "phieu.pdf".to_owned(), bytes: pdf_of(2) };
    let id = super::upload(app, actor, &honey.producer, &input, sent).await.unwrap().id;
    uncount(&world).await;
    let cited = |pages: &str| CiteInput {
        criterion: "1.1".to_owned(),
        evidence: id.to_string(),
        pages: pages.to_owned(),
    };
    cite(app, actor, &dossier, &cited("2-5")).await.unwrap();
    let must = async || submit_page(app, actor, &dossier).await.unwrap().must;
    assert_eq!(must().await, [], "nobody knows better");

    // A program that cannot look costs no paper its count.
    let nothing = crate::Drawing::Apart(std::path::Path::new("/none").into());
    assert!(count_older(&crate::App { drawing: nothing, ..app.clone() }).await.is_err());
    crate::jobs::tick(app).await.unwrap();
    let found = must().await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].place, "criterion:1.1");
    assert!(found[0].message.contains("chỉ có 2 trang, không có trang 5"), "{found:?}");
    assert!(submit(app, actor, &dossier).await.is_err());
    faulty(cite(app, actor, &dossier, &cited("3")).await, "pages");
    cite(app, actor, &dossier, &cited("1-2")).await.unwrap();
    assert_eq!(must().await, []);
}

/// Papers as migration 0011 left them.
async fn uncount(world: &World) {
    let mut tx = world.app.db.write(Chain::of("test", "older")).await.unwrap();
    tx.execute("update evidence set pages = null", vec![]).await.unwrap();
    tx.commit_upkeep().await.unwrap();
}

/// A program that looks at files as this script does.
#[cfg(unix)]
fn looking_by(folder: &std::path::Path, script: &str) -> crate::Drawing {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("look");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    crate::Drawing::Apart(path.into())
}

#[cfg(unix)]
#[tokio::test]
async fn what_happens_to_a_process_that_looks_at_a_file_happens_to_its_answer_only() {
    use super::{PageView, page, page_count};
    use crate::testing::refused;
    use ocop_core::evidence::MediaType;

    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let folder = tempfile::tempdir().unwrap();
    let input = EvidenceInput { kind: "12".to_owned(), ..EvidenceInput::default() };
    let sent = Upload { file_name: "phieu.pdf".to_owned(), bytes: pdf_of(2) };
    let id = super::upload(&world.app, &honey.actor, &honey.producer, &input, sent).await.unwrap().id;
    let seen = async |script: &str| {
        let app = crate::App { drawing: looking_by(folder.path(), script), ..world.app.clone() };
        page(&app, &honey.actor, &id, 1).await
    };
    let PageView { text, count, .. } = seen("printf chữ").await.unwrap();
    assert_eq!((text.as_str(), count), ("chữ", 2));
    closed_to(seen("exit 14").await);
    refused(seen("exit 12").await, "có mật khẩu");
    for ended in ["kill -SEGV $$", "kill -KILL $$", "exit 101"] {
        refused(seen(ended).await, "Chưa dựng được hình trang này");
    }
    refused(seen("head -c 17000000 /dev/zero").await, "Chưa dựng được hình trang này");
    let app = crate::App { drawing: looking_by(folder.path(), "printf 7"), ..world.app.clone() };
    assert_eq!(page_count(&app, MediaType::Pdf, &pdf_of(7)).await, Some(7));
    assert_eq!(page_count(&app, MediaType::Png, b"").await, Some(1), "nothing is asked");
    let nothing = crate::App { drawing: crate::Drawing::Apart(folder.path().join("none").into()), ..app };
    refused(page(&nothing, &honey.actor, &id, 1).await, "Chưa dựng được hình trang này");
}
