//! A product that was recognised comes again: upgrade, re-evaluation, and dossiers taken back.

use crate::testing::{closed_to, refused};
use ocop_core::dossiers::{DossierKind, Event, State};
use ocop_core::id::{DossierId, RoundId};
use ocop_core::people::SeatKind;
use ocop_core::recognition::StarEvent;
use ocop_store::{dossiers as kept, evidence, recognition};

use super::testing::{drive, submitted, whole_form};
use super::*;
use crate::councils::testing::{Sitting, seat};
use crate::councils::{
    AssignInput, OpenSessionInput, add_seat, assign_dossiers, create_council, new_council, open_session,
};
use crate::recognition::testing::{certificate_of, certified, decision};
use crate::recognition::{DecisionInput, record_decision};
use crate::rounds::{self, RoundInput};
use crate::scoring::{ReasonInput, confirm_result, keep_result, open_turn};
use crate::testing::{World, invalid};
use crate::{App, home};

async fn row(app: &App, id: &DossierId) -> kept::Dossier {
    let mut tx = app.db.read().await.unwrap();
    kept::find(&mut tx, id).await.unwrap().unwrap()
}

/// A round that takes dossiers from today for half a year.
async fn next_round(sitting: &Sitting, name: &str) -> RoundId {
    let app = sitting.app();
    let on = |days: u64| ocop_core::time::date(app.today() + chrono::Days::new(days));
    let input = RoundInput {
        name: name.to_owned(),
        opens_on: on(0),
        propose_by: on(100),
        result_by: on(170),
        ..RoundInput::default()
    };
    rounds::open(app, &sitting.world.officer, "22", &input).await.unwrap()
}

#[tokio::test]
async fn an_upgrade_begins_with_the_last_dossier_and_asks_what_has_changed() {
    let (sitting, _) = certified().await;
    let (app, honey) = (sitting.app(), &sitting.honey);
    let actor = sitting.world.again(&honey.actor).await;
    let round = next_round(&sitting, "Đợt sau").await;
    let kinds = open_form(app, &actor, &honey.product).await.unwrap().kinds;
    assert_eq!((kinds[0].kind, kinds[0].refused.as_str()), (DossierKind::Upgrade, ""));
    assert!(kinds[1..].iter().all(|choice| !choice.refused.is_empty()), "{kinds:?}");
    refused(open(app, &actor, &honey.product, &round, DossierKind::First).await, "đang có giấy chứng nhận");
    refused(open(app, &actor, &honey.product, &round, DossierKind::Renewal).await, "Chưa đến hạn nộp");
    let id = open(app, &actor, &honey.product, &round, DossierKind::Upgrade).await.unwrap();

    let (before, later) = (row(app, &sitting.dossier).await, row(app, &id).await);
    assert_eq!((later.kind, &later.sheet), (DossierKind::Upgrade, &before.sheet));
    assert_eq!(later.form.plan_market, before.form.plan_market);
    assert_eq!((later.form.place.as_str(), later.form.samples), ("", 5));
    let mut tx = app.db.read().await.unwrap();
    let cited = async |tx: &mut _, id: &DossierId| evidence::citations_of(tx, id).await.unwrap().len();
    assert_eq!(cited(&mut tx, &id).await, cited(&mut tx, &sitting.dossier).await);
    drop(tx);

    let view = form(app, &actor, &id).await.unwrap();
    assert_eq!((view.changes.as_slice(), view.input.changes.as_str()), ([].as_slice(), ""));
    let must = submit_page(app, &actor, &id).await.unwrap().must;
    assert!(must.iter().any(|lack| lack.place == "changes"), "{must:?}");
    let typed = FormInput { markets: "Hà Nội".to_owned(), ..whole_form(view.input.version) };
    save_form(app, &actor, &id, &typed).await.unwrap();
    let view = form(app, &actor, &id).await.unwrap();
    assert_eq!(view.changes, ["Thị trường: nay bổ sung «Hà Nội»."]);
    assert_eq!(view.input.changes, view.changes[0], "proposed until the producer saves it");
    save_form(app, &actor, &id, &view.input).await.unwrap();
    assert_eq!(row(app, &id).await.form.changes, view.changes[0]);
    let must = submit_page(app, &actor, &id).await.unwrap().must;
    assert!(must.is_empty(), "{must:?}");
    assert_eq!(submit(app, &actor, &id).await.unwrap(), State::AtCommune);
}

#[tokio::test]
async fn a_re_evaluation_is_checked_by_the_office_and_heard_in_writing() {
    let (first, certificate) = certified().await;
    let days = (certificate.valid_until - first.app().today()).num_days();
    first.world.clock.forward_days(days - 150);
    let honey = &first.honey;
    let actor = first.world.again(&honey.actor).await;
    let round = next_round(&first, "Đợt đánh giá lại").await;
    let app = first.app().clone();
    let app = &app;
    let waits = async || {
        let todos = home::todos(app, &actor).await.unwrap();
        todos.into_iter().find(|todo| todo.what.starts_with("Nộp hồ sơ đánh giá lại"))
    };
    let last = ocop_core::time::date(app.today() + chrono::Days::new(30));
    assert_eq!(waits().await.and_then(|todo| todo.due).map(|due| due.day), Some(last), "120 days before");
    let days = crate::calendar::entries(app, &actor).await.unwrap();
    assert!(days.iter().all(|entry| !entry.what.starts_with("Ngày cuối")), "once in the calendar: {days:?}");
    let id = open(app, &actor, &honey.product, &round, DossierKind::Renewal).await.unwrap();
    assert_eq!(waits().await, None, "it has been begun");
    let mut view = form(app, &actor, &id).await.unwrap();
    view.input.place = "Bình Liêu".to_owned();
    view.input.changes = "Không thay đổi".to_owned();
    save_form(app, &actor, &id, &view.input).await.unwrap();
    submit(app, &actor, &id).await.unwrap();
    drive(&first.world, &id, &[Event::Propose]).await;
    let officer = first.world.again(&first.world.officer).await;
    crate::recognition::accept_dossier(app, &officer, &id).await.unwrap();

    // A council without an advisory team may have it.
    let mut input = new_council(app, &officer, &round).await.unwrap().input;
    input.decision_no = "77/QĐ-UBND".to_owned();
    input.decision_on = ocop_core::time::date(app.today());
    let council = create_council(app, &officer, &round, &input).await.unwrap();
    let kinds = [SeatKind::Chair, SeatKind::Secretary, SeatKind::Member, SeatKind::Member];
    let mut seated = Vec::new();
    for (person, kind) in first.world.assessors.iter().zip(kinds) {
        add_seat(app, &officer, &council, &seat(person, kind)).await.unwrap();
        seated.push(first.world.again(person).await);
    }
    let [chair, secretary, one, two] = seated.try_into().unwrap();
    let ticked = AssignInput { dossiers: vec![id.to_string()] };
    assign_dossiers(app, &officer, &council, &ticked).await.unwrap();
    assert_eq!(row(app, &id).await.state, State::Checking);
    let todo = home::todos(app, &officer).await.unwrap();
    let due = todo.iter().find(|todo| todo.what.contains("Kiểm tra hồ sơ đánh giá lại")).unwrap();
    let last_day = ocop_core::time::date(app.today() + chrono::Days::new(45));
    assert_eq!(due.due.as_ref().map(|due| due.day.as_str()), Some(last_day.as_str()), "45 days");

    let check = RenewalCheckInput {
        unclear: "on".to_owned(),
        summary: "Hồ sơ đủ thành phần.".to_owned(),
        proposal: "Đề nghị công nhận lại.".to_owned(),
        ..RenewalCheckInput::default()
    };
    invalid(file_renewal_check(app, &officer, &id, &check).await, &["visited_on"]);
    let visited = ocop_core::time::date(app.today());
    let check = RenewalCheckInput { visited_on: visited, visit: "Đúng hồ sơ.".to_owned(), ..check };
    for stranger in [&actor, &chair, &first.world.commune_officer] {
        closed_to(file_renewal_check(app, stranger, &id, &check).await);
    }
    closed_to(renewal_check(app, &actor, &id).await);
    file_renewal_check(app, &officer, &id, &check).await.unwrap();
    refused(file_renewal_check(app, &officer, &id, &check).await, "Cơ quan tham mưu gửi báo cáo");
    let read = renewal_check(app, &chair, &id).await.unwrap();
    assert_eq!((read.input.visit.as_str(), read.open), ("Đúng hồ sơ.", false));

    // Written opinions: nobody is counted present, everybody who votes is asked.
    let by = |days: u64| ocop_core::time::date(app.today() + chrono::Days::new(days));
    let ask = |opinions_by: String| OpenSessionInput {
        present: Vec::new(),
        dossiers: vec![id.to_string()],
        opinions_by,
    };
    invalid(open_session(app, &chair, &council, &ask(by(0))).await, &["opinions_by"]);
    open_session(app, &chair, &council, &ask(by(10))).await.unwrap();
    let sitting =
        Sitting { dossier: id.clone(), council, chair, secretary, members: vec![one, two], ..first };
    assert_eq!(sitting.ballots(1).await.len(), 4);
    for (member, total) in [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]
        .into_iter()
        .zip([85, 85, 85, 60])
    {
        sitting.seal(member, 1, total).await.unwrap();
    }
    assert_eq!(row(app, &id).await.state, State::Discussion);

    // They differ: the council must meet.
    let reason = |present: Vec<String>| ReasonInput {
        reason: "Đã trao đổi về 2.3.".to_owned(),
        present,
        ..ReasonInput::default()
    };
    refused(keep_result(app, &sitting.chair, &id, &reason(Vec::new())).await, "phải họp");
    refused(open_turn(app, &sitting.chair, &id, &reason(Vec::new())).await, "Chủ tịch Hội đồng phải có mặt");
    let there = [&sitting.chair, &sitting.secretary, &sitting.members[0]];
    let present = there.iter().map(|one| sitting.seat_id(one)).collect();
    assert_eq!(open_turn(app, &sitting.chair, &id, &reason(present)).await.unwrap(), 2);
    assert_eq!(sitting.ballots(2).await.len(), 3);
    for member in there {
        sitting.seal(member, 2, 85).await.unwrap();
    }
    confirm_result(app, &sitting.chair, &id).await.unwrap();
    let signed = DecisionInput { number: "99/QĐ-UBND".to_owned(), decided_on: by(0), ..decision() };
    record_decision(app, &officer, &sitting.council, &signed).await.unwrap();
    let renewed = certificate_of(&sitting).await.unwrap();
    assert_eq!(renewed.event, StarEvent::Renewed);
    let mut tx = app.db.read().await.unwrap();
    let before = recognition::find_certificate(&mut tx, &certificate.id).await.unwrap().unwrap();
    assert_eq!(before.next_on, Some(renewed.issued_on));
}

#[tokio::test]
async fn a_dossier_is_taken_back_until_it_is_scored() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let reason = |words: &str| WithdrawInput { reason: words.to_owned() };
    invalid(withdraw(app, &honey.actor, &id, &reason(" ")).await, &["reason"]);
    for stranger in [&world.commune_officer, &world.officer, &world.other_producer] {
        closed_to(withdraw(app, stranger, &id, &reason("Nhầm")).await);
    }
    withdraw(app, &honey.actor, &id, &reason("Cần làm lại nhãn.")).await.unwrap();
    refused(withdraw(app, &honey.actor, &id, &reason("Lần nữa")).await, "Chủ thể rút hồ sơ");
    assert_eq!(row(app, &id).await.state, State::Withdrawn);
    let todo = home::todos(app, &world.commune_officer).await.unwrap();
    assert!(todo.iter().all(|todo| !todo.what.contains("Mật ong")), "{todo:?}");
    let again = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    assert_ne!(again, id, "in the same round");

    let scoring = Sitting::scoring(2).await;
    let late = withdraw(scoring.app(), &scoring.honey.actor, &scoring.dossier, &reason("Muộn")).await;
    refused(late, "Chủ thể rút hồ sơ");
}
