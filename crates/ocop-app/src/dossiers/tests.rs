//! The producer's side of a dossier, verb by verb: done, denied, refused, stale.

use crate::testing::{closed_to, faulty, refused};
use ocop_core::dossiers::{DossierKind, Event, LackKind, State};
use ocop_core::id::DossierId;
use ocop_store::db::Chain;
use ocop_store::dossiers as kept;

use super::testing::{ask, complete, drive, honey_in_round, paper, submitted, whole_form};
use super::*;
use crate::evidence;
use crate::testing::World;
use crate::{AppError, Refusal};

async fn row(world: &World, id: &DossierId) -> kept::Dossier {
    let mut tx = world.app.db.read().await.unwrap();
    kept::find(&mut tx, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_product_has_one_dossier_under_way() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let opened = row(&world, &id).await;
    assert_eq!(opened.ruleset, app.rules.set("2026-26", 4).unwrap().hash());
    assert_eq!((opened.state, opened.form.samples), (State::Draft, 5));
    refused(open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await, "đang làm");
    assert_eq!(open_form(app, &honey.actor, &honey.product).await.unwrap().under_way, Some(id));
    for stranger in [&world.other_producer, &world.officer, &world.commune_officer, &world.assessors[0]] {
        closed_to(open(app, stranger, &honey.product, &honey.round, DossierKind::First).await);
    }
}

#[tokio::test]
async fn a_closed_round_takes_no_dossier() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = complete(&world, &honey).await;
    crate::rounds::close(app, &world.officer, &honey.round, 1).await.unwrap();
    refused(submit(app, &honey.actor, &id).await, "đã đóng");
    let input = crate::products::ProductInput { name: "Mật ong hoa nhãn".to_owned(), ..testing::honey() };
    let other = crate::products::add(app, &honey.actor, &honey.producer, &input).await.unwrap();
    refused(open(app, &honey.actor, &other, &honey.round, DossierKind::First).await, "đã đóng");
}

#[tokio::test]
async fn an_association_files_tourism_only() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let mut register =
        crate::producers::edit_form(app, &honey.actor, &honey.producer, None).await.unwrap().input;
    register.kind = "association".to_owned();
    crate::producers::edit(app, &honey.actor, &honey.producer, &register).await.unwrap();
    refused(
        open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await,
        "chỉ được đăng ký nhóm du lịch",
    );
}

#[tokio::test]
async fn two_tabs_do_not_overwrite_each_other() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let mark = form(app, &honey.actor, &id).await.unwrap().input.version;
    let fresh = save_form(app, &honey.actor, &id, &whole_form(mark.clone())).await.unwrap();

    let other_tab = FormInput { place: "Nơi khác".to_owned(), ..whole_form(mark.clone()) };
    let stale = save_form(app, &honey.actor, &id, &other_tab).await;
    let Err(AppError::Stale(told)) = stale else { panic!("{stale:?}") };
    assert!(told.contains(&honey.actor.name) && told.contains("lịch sử hình thành"), "{told}");
    assert_eq!(row(&world, &id).await.form.place, "Bình Liêu");

    // The same content again, and work on another piece, are no collision.
    save_form(app, &honey.actor, &id, &whole_form(mark)).await.unwrap();
    let screen = criterion(app, &honey.actor, &id, "1.1").await.unwrap();
    let answer = |choice: &str, version: &str| AnswerInput {
        choice: choice.to_owned(),
        note: "Ghi chú".to_owned(),
        version: version.to_owned(),
    };
    let saved =
        save_answer(app, &honey.actor, &id, "1.1", &answer("1:1", &screen.input.version)).await.unwrap();
    let stale = save_answer(app, &honey.actor, &id, "1.1", &answer("1:2", &screen.input.version)).await;
    let Err(AppError::Stale(told)) = stale else { panic!("{stale:?}") };
    assert!(told.contains("đã lưu tiêu chí 1.1 (mức 1, «Ghi chú») lúc"), "{told}");
    save_answer(app, &honey.actor, &id, "1.1", &answer("1:2", &saved.version)).await.unwrap();
    save_form(app, &honey.actor, &id, &FormInput { place: "Móng Cái".to_owned(), ..whole_form(fresh) })
        .await
        .unwrap();
    let now = row(&world, &id).await;
    assert_eq!((now.sheet.choices["1.1"].level, now.form.place.as_str()), (2, "Móng Cái"));
}

#[tokio::test]
async fn wrong_input_changes_nothing() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let before = row(&world, &id).await;
    let mark = form(app, &honey.actor, &id).await.unwrap().input.version;
    let long = FormInput { history: "ă".repeat(10_001), ..whole_form(mark.clone()) };
    faulty(save_form(app, &honey.actor, &id, &long).await, "history");
    let loss = FormInput { revenue: "-5".to_owned(), ..whole_form(mark) };
    faulty(save_form(app, &honey.actor, &id, &loss).await, "revenue");

    let mark = criterion(app, &honey.actor, &id, "1.1").await.unwrap().input.version;
    let answer = |choice: &str, note: &str| AnswerInput {
        choice: choice.to_owned(),
        note: note.to_owned(),
        version: mark.clone(),
    };
    faulty(save_answer(app, &honey.actor, &id, "1.1", &answer("1:0", " ")).await, "note");
    faulty(save_answer(app, &honey.actor, &id, "1.1", &answer("ba", "")).await, "choice");
    faulty(save_answer(app, &honey.actor, &id, "1.1", &answer("", "mô tả")).await, "choice");
    faulty(save_answer(app, &honey.actor, &id, "1.1", &answer("1:1", &"ă".repeat(10_001))).await, "note");
    refused(save_answer(app, &honey.actor, &id, "1.1", &answer("1:99", "")).await, "1.1");
    refused(save_answer(app, &honey.actor, &id, "1.1", &answer("9:1", "")).await, "1.1");
    let unknown = save_answer(app, &honey.actor, &id, "99.1", &answer("1:1", "")).await;
    assert!(matches!(unknown, Err(AppError::NotFound)));
    assert_eq!(row(&world, &id).await, before);
    save_answer(app, &honey.actor, &id, "1.1", &answer("1:0", "🍯 chưa có")).await.unwrap();
}

#[tokio::test]
async fn a_draft_is_the_producers_own() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = complete(&world, &honey).await;
    for stranger in [&world.other_producer, &world.officer, &world.commune_officer, &world.assessors[0]] {
        closed_to(overview(app, stranger, &id).await);
        closed_to(form(app, stranger, &id).await);
        closed_to(save_form(app, stranger, &id, &whole_form(String::new())).await);
        closed_to(assessment(app, stranger, &id).await);
        closed_to(criterion(app, stranger, &id, "1.1").await);
        closed_to(save_answer(app, stranger, &id, "1.1", &AnswerInput::default()).await);
        closed_to(super::evidence(app, stranger, &id).await);
        closed_to(submit_page(app, stranger, &id).await);
        closed_to(submit(app, stranger, &id).await);
    }
}

#[tokio::test]
async fn a_submission_is_received_by_the_commune_and_cannot_be_changed() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let now = row(&world, &id).await;
    assert_eq!(now.state, State::AtCommune);
    assert_eq!(now.commune_received_on, "2026-11-02".parse().ok());
    assert_eq!(now.commune_due_on, "2026-11-23".parse().ok(), "15 working days");
    assert_eq!(now.commune_receipt.as_deref(), Some("1/PĐK-22-06838-2026"));

    let seen = overview(app, &world.commune_officer, &id).await.unwrap();
    let snapshot = seen.submitted.unwrap();
    assert_eq!((snapshot.live.total, snapshot.live.stars), (100, 5));
    assert!(snapshot.answers.iter().all(|answer| answer.papers.len() == 1));

    let mark = form(app, &honey.actor, &id).await.unwrap().input.version;
    let change = FormInput { place: "Nơi khác".to_owned(), ..whole_form(mark) };
    refused(save_form(app, &honey.actor, &id, &change).await, "đã nộp");
    refused(submit(app, &honey.actor, &id).await, "Chủ thể nộp hồ sơ");
    let cited = CiteInput { criterion: "1.1".to_owned(), ..CiteInput::default() };
    refused(cite(app, &honey.actor, &id, &cited).await, "đã nộp");

    // A later change of the register does not reach what was submitted.
    let renamed = crate::producers::ProducerInput {
        name: "Tên mới".to_owned(),
        version: "1".to_owned(),
        ..testing::register(&world.commune)
    };
    crate::producers::edit(app, &honey.actor, &honey.producer, &renamed).await.unwrap();
    let seen = overview(app, &world.commune_officer, &id).await.unwrap();
    assert_eq!(seen.head.producer, "Hợp tác xã Mật ong rừng Bình Liêu");
}

#[tokio::test]
async fn what_lacks_keeps_the_dossier_from_being_submitted() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let page = submit_page(app, &honey.actor, &id).await.unwrap();
    let places: Vec<&str> = page.must.iter().map(|lack| lack.place.as_str()).collect();
    for place in ["history", "plan_market", "evidence", "criterion:1.1"] {
        assert!(places.contains(&place), "{place}: {places:?}");
    }
    assert!(page.should.iter().all(|lack| lack.kind == LackKind::Should));
    let outcome = submit(app, &honey.actor, &id).await;
    assert!(matches!(outcome, Err(AppError::Refused(Refusal::Lacks(count))) if count == page.must.len()));
    assert_eq!(row(&world, &id).await.state, State::Draft, "nothing was kept");
}

#[tokio::test]
async fn a_returned_dossier_is_submitted_again_under_its_first_receipt() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    drive(&world, &id, &[Event::ReturnByCommune]).await;
    world.clock.forward_days(1);
    assert_eq!(overview(app, &honey.actor, &id).await.unwrap().can.len(), 3, "edit, submit, withdraw");
    assert_eq!(submit(app, &honey.actor, &id).await.unwrap(), State::AtCommune);
    let now = row(&world, &id).await;
    assert_eq!(now.commune_receipt.as_deref(), Some("1/PĐK-22-06838-2026"));
    assert_eq!(now.commune_due_on, "2026-11-25".parse().ok(), "24/11 is a holiday");
    drive(&world, &id, &[Event::Propose, Event::ReturnByProvince]).await;
    assert_eq!(submit(app, &honey.actor, &id).await.unwrap(), State::AtProvince);
    let mut tx = app.db.read().await.unwrap();
    assert_eq!(kept::submissions(&mut tx, &id).await.unwrap().len(), 3);
}

#[tokio::test]
async fn citations_name_papers_of_ones_own_vault() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let mine = paper(&world, &honey, "12", "phieu kiem nghiem").await;
    let input = |evidence: &str, pages: &str| CiteInput {
        criterion: "1.1".to_owned(),
        evidence: evidence.to_owned(),
        pages: pages.to_owned(),
    };
    faulty(cite(app, &honey.actor, &id, &input("", "")).await, "evidence");
    faulty(cite(app, &honey.actor, &id, &input(mine.as_str(), "hai")).await, "pages");
    let unknown = cite(app, &honey.actor, &id, &input("0192d3b0-7c1e-7abc-8def-ffffffffffff", "")).await;
    assert!(matches!(unknown, Err(AppError::NotFound)));
    assert!(matches!(citable(app, &honey.actor, &id, "99").await, Err(AppError::NotFound)));
    closed_to(citable(app, &world.other_producer, &id, "1.1").await);
    assert_eq!(citable(app, &honey.actor, &id, "1.1").await.unwrap(), honey.producer);
    cite(app, &honey.actor, &id, &input(mine.as_str(), "2-3")).await.unwrap();
    let entries = crate::journal::prove(app).await.unwrap().entries;
    cite(app, &honey.actor, &id, &input(mine.as_str(), "2-3")).await.unwrap();
    assert_eq!(crate::journal::prove(app).await.unwrap().entries, entries, "the same again is no change");
    let screen = criterion(app, &honey.actor, &id, "1.1").await.unwrap();
    assert_eq!((screen.cited[0].pages.as_str(), screen.cited[0].first_page), ("2–3", Some(2)));
    assert_eq!(screen.vault, vec![]);
    refused(evidence::withdraw(app, &honey.actor, &mine).await, "đang được viện dẫn");
    uncite(app, &honey.actor, &id, "1.1", &mine).await.unwrap();
    evidence::withdraw(app, &honey.actor, &mine).await.unwrap();
    let gone = cite(app, &honey.actor, &id, &input(mine.as_str(), "")).await;
    assert!(matches!(gone, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_file_is_read_by_those_who_have_the_dossier() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = complete(&world, &honey).await;
    let cited = criterion(app, &honey.actor, &id, "1.1").await.unwrap().cited[0].id.clone();
    let unused = paper(&world, &honey, "12", "chua vien dan").await;
    closed_to(evidence::file(app, &world.commune_officer, &cited).await);
    submit(app, &honey.actor, &id).await.unwrap();
    for reader in [&honey.actor, &world.commune_officer, &world.officer] {
        assert_eq!(evidence::file(app, reader, &cited).await.unwrap().file_name, "dang ky kinh doanh.pdf");
    }
    assert!(evidence::file(app, &honey.actor, &unused).await.is_ok());
    for stranger in [&world.other_producer, &world.assessors[0]] {
        closed_to(evidence::file(app, stranger, &cited).await);
    }
    closed_to(evidence::file(app, &world.officer, &unused).await);
}

#[tokio::test]
async fn the_same_file_is_recognised() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let first = paper(&world, &honey, "1", "giay").await;
    let input = evidence::EvidenceInput { kind: "12".to_owned(), ..Default::default() };
    let file = evidence::Upload { file_name: "khac.pdf".to_owned(), bytes: testing::pdf("giay") };
    let again = evidence::upload(app, &honey.actor, &honey.producer, &input, file.clone()).await.unwrap();
    assert_eq!((again.id, again.already.as_deref()), (first, Some("Giấy đăng ký kinh doanh")));
    assert_eq!(evidence::vault(app, &honey.actor, &honey.producer).await.unwrap().papers.len(), 1);
    closed_to(evidence::upload(app, &world.other_producer, &honey.producer, &input, file).await);
    closed_to(evidence::vault(app, &world.officer, &honey.producer).await);
    let fake = evidence::Upload { file_name: "a.pdf".to_owned(), bytes: b"<html>".to_vec() };
    faulty(evidence::upload(app, &honey.actor, &honey.producer, &input, fake).await, "file");
}

#[tokio::test]
async fn an_answer_supplements_the_submission_and_leaves_the_rest_as_it_was() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    drive(&world, &id, &[Event::Propose, Event::Accept, Event::Assign]).await;
    let asked = ask(&world, &id).await;
    let advisor = world.again(&world.assessors[0]).await;
    let contract = paper(&world, &honey, "3", "hop dong").await;
    let cited = |criterion: &str| CiteInput {
        criterion: criterion.to_owned(),
        evidence: contract.to_string(),
        pages: "1".to_owned(),
    };
    refused(cite(app, &honey.actor, &id, &cited("2.3")).await, "đã nộp");
    refused(citable(app, &honey.actor, &id, "2.3").await, "đã nộp");
    cite(app, &honey.actor, &id, &cited("1.1")).await.unwrap();
    assert_eq!(request(app, &honey.actor, &id, &asked).await.unwrap().added.len(), 1);
    closed_to(evidence::file(app, &advisor, &contract).await);

    faulty(answer_request(app, &honey.actor, &id, &asked, " ").await, "answer");
    closed_to(answer_request(app, &world.officer, &id, &asked, "Đã bổ sung").await);
    answer_request(app, &honey.actor, &id, &asked, "Đã bổ sung hợp đồng.").await.unwrap();
    let twice = answer_request(app, &honey.actor, &id, &asked, "Lần nữa").await;
    assert!(matches!(twice, Err(AppError::Stale(_))));
    refused(cite(app, &honey.actor, &id, &cited("1.1")).await, "đã nộp");

    assert_eq!(row(&world, &id).await.state, State::Advising);
    let seen = overview(app, &advisor, &id).await.unwrap();
    assert_eq!(seen.submitted.unwrap().answers[0].papers.len(), 2);
    assert!(evidence::file(app, &advisor, &contract).await.is_ok());
}

#[tokio::test]
async fn the_history_tells_nothing_of_scoring_and_drafts_only_to_the_producer() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let mut tx = app.db.write(Chain::of("dossier", &id)).await.unwrap();
    let _ = facts(&mut tx, &honey.actor, &id).await.unwrap();
    let sealed = ocop_core::policy::system(ocop_core::policy::Action::SealBallot);
    tx.commit(sealed, app.now(), &serde_json::json!({})).await.unwrap();
    let lines = |view: Overview| view.history.into_iter().map(|line| line.what).collect::<Vec<_>>();
    let own = lines(overview(app, &honey.actor, &id).await.unwrap());
    assert_eq!(own, ["Nộp hồ sơ", "Lập hồ sơ, tự chấm", "Mở hồ sơ"]);
    let office = lines(overview(app, &world.officer, &id).await.unwrap());
    assert_eq!(office, ["Nộp hồ sơ", "Mở hồ sơ"]);
}

#[tokio::test]
async fn nobody_learns_from_the_state_whether_members_agree() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let to_scoring = [Event::Propose, Event::Accept, Event::Assign, Event::FileReport, Event::OpenScoring];
    drive(&world, &id, &to_scoring).await;
    for event in [Event::Differ, Event::OpenTurn, Event::Agree] {
        drive(&world, &id, &[event]).await;
        let seen = overview(&world.app, &honey.actor, &id).await.unwrap();
        assert_eq!(seen.head.state_name, State::Scoring.name(), "{event}");
    }
}
