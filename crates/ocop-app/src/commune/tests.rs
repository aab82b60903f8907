//! Form 03 and the commune's decisions, as people rely on them.

use crate::testing::{closed_to, refused};
use ocop_core::dossiers::State;
use ocop_core::id::DossierId;
use ocop_store::dossiers as kept;

use super::*;
use crate::dossiers::testing::{Honey, submitted};
use crate::home;
use crate::testing::{World, invalid};

async fn row(world: &World, id: &DossierId) -> Dossier {
    let mut tx = world.app.db.read().await.unwrap();
    kept::find(&mut tx, id).await.unwrap().unwrap()
}

/// The report with its four findings written.
async fn written(world: &World, id: &DossierId) -> ReportInput {
    ReportInput {
        material_finding: "Đúng thực tế.".to_owned(),
        labour_finding: "17 người thường trú tại xã.".to_owned(),
        idea_finding: "Sản phẩm truyền thống.".to_owned(),
        identity_finding: "Kinh nghiệm của người Dao.".to_owned(),
        ..report(&world.app, &world.commune_officer, id).await.unwrap().input
    }
}

/// A dossier that the commune has proposed.
pub(crate) async fn proposed() -> (World, Honey, DossierId) {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let input = written(&world, &id).await;
    let version = save_report(&world.app, &world.commune_officer, &id, &input).await.unwrap();
    propose(&world.app, &world.commune_officer, &id, version).await.unwrap();
    (world, honey, id)
}

#[tokio::test]
async fn the_report_begins_with_the_producers_words() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let view = report(app, &world.commune_officer, &id).await.unwrap();
    assert_eq!(view.version, 0);
    assert_eq!(view.report.material_claim, "Có giấy tờ kèm theo.");
    assert_eq!(view.report.labour_claim, "Có giấy tờ kèm theo.");
    assert!(view.report.composition.iter().all(|line| line.present), "{:?}", view.report.composition);
    assert_eq!(view.due.map(|due| (due.day, due.late)), Some(("23/11/2026".to_owned(), false)));
    assert_eq!(view.dossier.points, 100);
    assert_eq!(view.dossier.papers.len(), 1);
    closed_to(report(app, &honey.actor, &id).await);
    closed_to(report(app, &world.other_producer, &id).await);
    assert!(!report(app, &world.officer, &id).await.unwrap().may_write, "the province reads");
}

#[tokio::test]
async fn the_report_is_saved_in_pieces_and_not_overwritten() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let first = report(app, &world.commune_officer, &id).await.unwrap().input;
    let some = ReportInput { idea_finding: "Mới.".to_owned(), ..first.clone() };
    assert_eq!(save_report(app, &world.commune_officer, &id, &some).await.unwrap(), 1);
    let stale = save_report(app, &world.commune_officer, &id, &first).await;
    assert!(matches!(stale, Err(AppError::Stale(who)) if who.contains(&world.commune_officer.name)));
    assert_eq!(report(app, &world.commune_officer, &id).await.unwrap().report.idea_finding, "Mới.");
    let long =
        ReportInput { identity_finding: "ă".repeat(10_001), version: "1".to_owned(), ..first.clone() };
    invalid(save_report(app, &world.commune_officer, &id, &long).await, &["identity_finding"]);
    for stranger in [&honey.actor, &world.officer, &world.assessors[0]] {
        closed_to(save_report(app, stranger, &id, &first).await);
    }
}

#[tokio::test]
async fn a_proposal_needs_the_findings_and_gives_the_code() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    invalid(
        propose(app, &world.commune_officer, &id, 0).await,
        &["material_finding", "labour_finding", "idea_finding", "identity_finding"],
    );
    let mut input = written(&world, &id).await;
    input.present.retain(|code| code != "samples");
    let version = save_report(app, &world.commune_officer, &id, &input).await.unwrap();
    invalid(propose(app, &world.commune_officer, &id, version).await, &["remark_samples"]);
    let explained = ReportInput {
        remark_samples: "Chủ thể gửi thẳng lên tỉnh.".to_owned(),
        version: version.to_string(),
        ..input
    };
    let version = save_report(app, &world.commune_officer, &id, &explained).await.unwrap();
    for stranger in [&honey.actor, &world.officer] {
        closed_to(propose(app, stranger, &id, version).await);
    }
    let stale = propose(app, &world.commune_officer, &id, version - 1).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    propose(app, &world.commune_officer, &id, version).await.unwrap();
    let now = row(&world, &id).await;
    assert_eq!((now.state, now.proposed_on), (State::AtProvince, Some(app.today())));
    let view = report(app, &world.officer, &id).await.unwrap();
    assert_eq!(view.dossier.product_code, "22-06838-1-2026");
    refused(propose(app, &world.commune_officer, &id, version).await, "không còn ở cấp xã");
    refused(save_report(app, &world.commune_officer, &id, &explained).await, "không còn ở cấp xã");
}

#[tokio::test]
async fn a_return_needs_reasons_and_goes_back_to_the_producer() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let reasons = |text: &str| ReturnInput { reasons: text.to_owned() };
    invalid(return_dossier(app, &world.commune_officer, &id, &reasons(" \n")).await, &["reasons"]);
    invalid(
        return_dossier(app, &world.commune_officer, &id, &reasons(&"ă".repeat(10_001))).await,
        &["reasons"],
    );
    for stranger in [&honey.actor, &world.officer] {
        closed_to(return_dossier(app, stranger, &id, &reasons("Thiếu.")).await);
    }
    return_dossier(app, &world.commune_officer, &id, &reasons("Thiếu giấy kiểm nghiệm 🍯.")).await.unwrap();
    assert_eq!(row(&world, &id).await.state, State::Draft);
    refused(return_dossier(app, &world.commune_officer, &id, &reasons("Thiếu.")).await, "Cấp xã trả lại");
    let todo = home::todos(app, &honey.actor).await.unwrap();
    assert_eq!(todo[0].what, "Sửa hồ sơ Mật ong rừng do xã trả lại");
    crate::dossiers::submit(app, &honey.actor, &id).await.unwrap();
    let view = report(app, &world.commune_officer, &id).await.unwrap();
    assert_eq!(view.dossier.returns[0].reasons, "Thiếu giấy kiểm nghiệm 🍯.");
    assert!(view.may_write);
}

#[tokio::test]
async fn the_inbox_puts_the_overdue_first_and_finds_without_marks() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let page = async |q: &str, show: &str| {
        let filter = InboxFilter { q: q.to_owned(), show: show.to_owned(), page: String::new() };
        inbox(app, &world.commune_officer, &filter).await.unwrap()
    };
    let now = page("", "").await;
    assert_eq!((now.waiting, now.overdue, now.found, now.rows[0].dossier.id.clone()), (1, 0, 1, id.clone()));
    assert_eq!(
        (page("MAT rung", "").await.found, page("binh lieu", "").await.found, page("che", "").await.found),
        (1, 1, 0)
    );
    world.clock.forward_days(22);
    assert_eq!(page("", "").await.overdue, 1);
    let todo = home::todos(app, &world.commune_officer).await.unwrap();
    assert_eq!(todo[0].due.as_ref().map(|due| due.late), Some(true));
    return_dossier(app, &world.commune_officer, &id, &ReturnInput { reasons: "Thiếu.".to_owned() })
        .await
        .unwrap();
    assert_eq!((page("", "").await.found, page("", "all").await.found), (0, 1));
    for stranger in [&honey.actor, &world.officer] {
        closed_to(inbox(app, stranger, &InboxFilter::default()).await);
    }
}

#[tokio::test]
async fn a_person_who_just_registered_is_shown_the_first_step() {
    let world = World::new().await;
    let todo = home::todos(&world.app, &world.producer).await.unwrap();
    assert_eq!((todo.len(), todo[0].href.as_str()), (1, "/producers/new"));
    let todo = home::todos(&world.app, &world.officer).await.unwrap();
    assert_eq!(todo[0].href, "/rounds/new");
}

#[test]
fn serials_go_on_within_the_commune() {
    let codes = |list: &[&str]| list.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(next_serial(&[], "06838"), 1);
    assert_eq!(
        next_serial(&codes(&["22-06838-9-2026", "22-06838-10-2025", "22-06841-44-2026"]), "06838"),
        11
    );
}
