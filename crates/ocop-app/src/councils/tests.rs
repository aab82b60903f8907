//! Councils: setting up, advice, conflicts and sessions, each with what is refused.

use crate::testing::{closed_to, faulty, refused};
use ocop_core::dossiers::State;
use ocop_core::people::SeatKind;
use ocop_core::policy::Denied;

use super::testing::{Sitting, seat};
use super::*;
use crate::dossiers::facts;

/// The form with changed rules of work.
fn with(input: &CouncilInput, change: impl FnOnce(&mut SettingsInput)) -> CouncilInput {
    let mut changed = input.clone();
    change(&mut changed.rules);
    changed
}

async fn state(sitting: &Sitting) -> State {
    let mut tx = sitting.app().db.read().await.unwrap();
    facts(&mut tx, &sitting.chair, &sitting.dossier).await.unwrap().row.state
}

#[tokio::test]
async fn the_office_sets_up_a_council_with_the_defaults_of_the_regime() {
    let sitting = Sitting::accepted().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let view = council(app, officer, &sitting.council).await.unwrap();
    let defaults = &app.process("2026-26").unwrap().council;
    assert_eq!(&view.council.settings, defaults);
    assert_eq!(view.seats.len(), 6);
    assert_eq!(view.waiting.len(), 1);
    assert_eq!(view.candidates.len(), 5, "four assessors without a seat and the officer");

    let form = new_council(app, officer, &sitting.honey.round).await.unwrap().input;
    faulty(create_council(app, officer, &sitting.honey.round, &form).await, "decision_no");
    let tomorrow = CouncilInput {
        decision_no: "1/QĐ-UBND".to_owned(),
        decision_on: "03/11/2026".to_owned(),
        ..form.clone()
    };
    faulty(create_council(app, officer, &sitting.honey.round, &tomorrow).await, "decision_on");
    let same = CouncilInput {
        decision_no: "1234/QĐ-UBND".to_owned(),
        decision_on: "01/11/2026".to_owned(),
        ..form.clone()
    };
    faulty(create_council(app, officer, &sitting.honey.round, &same).await, "decision_no");
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.commune_officer] {
        closed_to(create_council(app, stranger, &sitting.honey.round, &form).await);
        closed_to(add_seat(app, stranger, &sitting.council, &seat(stranger, SeatKind::Member)).await);
    }
    closed_to(council(app, &sitting.honey.actor, &sitting.council).await);
}

#[tokio::test]
async fn a_stale_change_of_the_council_is_refused() {
    let sitting = Sitting::accepted().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let read = CouncilInput::of(&council(app, officer, &sitting.council).await.unwrap().council);
    save_council(app, officer, &sitting.council, &with(&read, |rules| rules.spread_limit = "8".to_owned()))
        .await
        .unwrap();
    let stale = save_council(app, officer, &sitting.council, &read).await;
    let Err(AppError::Stale(told)) = stale else { panic!("{stale:?}") };
    assert!(told.contains(&officer.name) && told.contains("chênh lệch không quá 8 điểm"), "{told}");
    assert_eq!(council(app, officer, &sitting.council).await.unwrap().council.settings.spread_limit, 8);
    faulty(
        save_council(
            app,
            officer,
            &sitting.council,
            &with(&read, |rules| rules.quorum_percent = "0".to_owned()),
        )
        .await,
        "quorum_percent",
    );
    faulty(
        save_council(
            app,
            officer,
            &sitting.council,
            &with(&read, |rules| rules.spread_limit = "mười".to_owned()),
        )
        .await,
        "spread_limit",
    );
}

#[tokio::test]
async fn a_seat_needs_a_person_with_a_role_and_one_chair_is_enough() {
    let sitting = Sitting::accepted().await;
    let (app, officer, world) = (sitting.app(), &sitting.world.officer, &sitting.world);
    let add = async |input: SeatInput| add_seat(app, officer, &sitting.council, &input).await;
    faulty(add(seat(&world.assessors[7], SeatKind::Chair)).await, "kind");
    faulty(add(seat(&world.assessors[7], SeatKind::Secretary)).await, "kind");
    faulty(add(seat(&world.producer, SeatKind::Member)).await, "email");
    faulty(add(seat(&world.commune_officer, SeatKind::Member)).await, "email");
    faulty(
        add(SeatInput { email: "ai-do@b.vn".to_owned(), ..seat(&world.producer, SeatKind::Member) }).await,
        "email",
    );
    faulty(
        add(SeatInput { kind: String::new(), ..seat(&world.assessors[7], SeatKind::Member) }).await,
        "kind",
    );
    faulty(
        add(SeatInput { agency: " ".to_owned(), ..seat(&world.assessors[7], SeatKind::Member) }).await,
        "agency",
    );
    faulty(add(SeatInput::default()).await, "kind");
    faulty(add(seat(&sitting.advisor, SeatKind::Member)).await, "person");

    let by_id = SeatInput {
        person: world.assessors[7].person.to_string(),
        email: String::new(),
        ..seat(&world.assessors[7], SeatKind::Member)
    };
    let added = add(by_id).await.unwrap();
    remove_seat(app, officer, &sitting.council, &added).await.unwrap();
    closed_to(remove_seat(app, officer, &sitting.council, &added).await);
}

#[tokio::test]
async fn dossiers_are_assigned_all_or_none() {
    let sitting = Sitting::accepted().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let both = AssignInput { dossiers: vec![sitting.dossier.to_string(), sitting.honey.product.to_string()] };
    closed_to(assign_dossiers(app, officer, &sitting.council, &both).await);
    assert_eq!(state(&sitting).await, State::Accepted);
    closed_to(assign_dossiers(app, &sitting.chair, &sitting.council, &both).await);
    refused(
        assign_dossiers(app, officer, &sitting.council, &AssignInput::default()).await,
        "Chưa chọn hồ sơ",
    );
    assert_eq!(sitting.assign().await.unwrap(), 1);
    assert_eq!(state(&sitting).await, State::Advising);
    refused(sitting.assign().await, "Không thể");

    let advisor = sitting.seat_id(&sitting.advisor).parse().unwrap();
    remove_seat(app, officer, &sitting.council, &advisor).await.unwrap();
    refused(sitting.assign().await, "Tổ tư vấn");
}

#[tokio::test]
async fn a_dossier_that_nobody_scored_may_move_to_another_council() {
    let sitting = Sitting::advised().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let mut form = new_council(app, officer, &sitting.honey.round).await.unwrap().input;
    (form.decision_no, form.decision_on) = ("2/QĐ-UBND".to_owned(), "01/11/2026".to_owned());
    let other = create_council(app, officer, &sitting.honey.round, &form).await.unwrap();
    for (actor, kind) in sitting.world.assessors[6..].iter().zip([SeatKind::Chair, SeatKind::Advisor]) {
        add_seat(app, officer, &other, &seat(actor, kind)).await.unwrap();
    }
    let ticked = AssignInput { dossiers: vec![sitting.dossier.to_string()] };
    assign_dossiers(app, officer, &other, &ticked).await.unwrap();
    assert_eq!(state(&sitting).await, State::Advised);
    // The first council has nothing to do with it any more.
    closed_to(
        sitting.open(&[&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]).await,
    );
}

#[tokio::test]
async fn the_team_writes_findings_asks_and_reports() {
    let sitting = Sitting::advising().await;
    let (app, advisor, dossier) = (sitting.app(), &sitting.advisor, &sitting.dossier);
    let finding =
        |text: &str, version: i64| FindingInput { finding: text.to_owned(), version: version.to_string() };
    assert_eq!(save_finding(app, advisor, dossier, "2.3", &finding(" ", 0)).await.unwrap(), 0);
    assert!(advice_room(app, advisor, dossier, "2.3").await.unwrap().finding.is_none(), "nothing was found");
    assert_eq!(save_finding(app, advisor, dossier, "2.3", &finding("Nhãn đủ.", 0)).await.unwrap(), 1);
    let stale = save_finding(app, advisor, dossier, "2.3", &finding("Nhãn thiếu.", 0)).await;
    assert!(matches!(&stale, Err(AppError::Stale(told)) if told.contains("Nhãn đủ.")), "{stale:?}");
    closed_to(save_finding(app, advisor, dossier, "99.9", &finding("Lạ.", 0)).await);
    closed_to(save_finding(app, &sitting.members[0], dossier, "2.3", &finding("Lạ.", 1)).await);
    closed_to(save_finding(app, &sitting.world.officer, dossier, "2.3", &finding("Lạ.", 1)).await);
    faulty(save_finding(app, advisor, dossier, "2.3", &finding(&"ă".repeat(10_001), 1)).await, "finding");

    let ask = |due: &str| RequestInput {
        criterion: "2.3".to_owned(),
        request: "Bổ sung ảnh nhãn.".to_owned(),
        due_on: due.to_owned(),
    };
    faulty(request_evidence(app, advisor, dossier, &ask("01/11/2026")).await, "due_on");
    let wrong = RequestInput { criterion: "99".to_owned(), ..ask("02/11/2026") };
    faulty(request_evidence(app, advisor, dossier, &wrong).await, "criterion");
    let asked = request_evidence(app, advisor, dossier, &ask("02/11/2026")).await.unwrap();
    refused(request_evidence(app, advisor, dossier, &ask("03/11/2026")).await, "đã được gửi");

    let view = advice(app, &sitting.members[0], dossier).await.unwrap();
    assert!(!view.may_write);
    assert_eq!(view.finding("2.3").map(|one| one.finding.as_str()), Some("Nhãn đủ."));
    assert_eq!(view.requests[0].left, "hạn hôm nay");
    closed_to(advice(app, &sitting.honey.actor, dossier).await);
    let beside = advice_room(app, advisor, dossier, "2.3").await.unwrap();
    assert_eq!((beside.pane.papers.len(), beside.pane.papers[0].first_page), (1, Some(1)));
    assert_eq!((beside.prev.as_deref(), beside.next.as_deref()), (Some("2.2"), Some("2.4")));

    let report =
        ReportInput { summary: "Đủ điều kiện.".to_owned(), proposal: "Đưa ra họp.".to_owned() };
    faulty(
        file_report(app, advisor, dossier, &ReportInput { proposal: String::new(), ..report.clone() }).await,
        "proposal",
    );
    assert_eq!(
        file_report(app, advisor, dossier, &report).await.unwrap(),
        vec![asked],
        "what is still open is named"
    );
    assert_eq!(state(&sitting).await, State::Advised);
    refused(file_report(app, advisor, dossier, &report).await, "Không thể");
    refused(save_finding(app, advisor, dossier, "2.3", &finding("Muộn.", 1)).await, "báo cáo tư vấn đã gửi");
    refused(request_evidence(app, advisor, dossier, &ask("02/11/2026")).await, "báo cáo tư vấn đã gửi");
}

#[tokio::test]
async fn a_session_needs_its_quorum_and_gives_one_ballot_to_each_voter() {
    let sitting = Sitting::advised().await;
    let Sitting { chair, secretary, members, advisor, .. } = &sitting;
    refused(sitting.open(&[chair, secretary, &members[0]]).await, "Có 3 trên 5");
    refused(sitting.open(&[secretary, &members[0], &members[1], &members[2]]).await, "Chủ tịch");
    closed_to(open_session(sitting.app(), &members[0], &sitting.council, &OpenSessionInput::default()).await);
    let strange = OpenSessionInput {
        present: vec![sitting.dossier.to_string()],
        dossiers: vec![sitting.dossier.to_string()],
        opinions_by: String::new(),
    };
    closed_to(open_session(sitting.app(), chair, &sitting.council, &strange).await);
    assert_eq!(state(&sitting).await, State::Advised);

    sitting.open(&[chair, secretary, &members[0], &members[1], advisor]).await.unwrap();
    assert_eq!(state(&sitting).await, State::Scoring);
    let seats: Vec<SeatKind> = sitting.ballots(1).await.into_iter().map(|one| one.kind).collect();
    assert_eq!(seats, [SeatKind::Chair, SeatKind::Secretary, SeatKind::Member, SeatKind::Member]);
    refused(sitting.open(&[chair, secretary, &members[0], &members[1]]).await, "Không thể");

    let officer = &sitting.world.officer;
    refused(
        add_seat(
            sitting.app(),
            officer,
            &sitting.council,
            &seat(&sitting.world.assessors[8], SeatKind::Member),
        )
        .await,
        "đã mở phiên họp",
    );
    refused(
        remove_seat(sitting.app(), officer, &sitting.council, &sitting.seat_id(advisor).parse().unwrap())
            .await,
        "đã mở phiên họp",
    );
    let kept = council(sitting.app(), officer, &sitting.council).await.unwrap().council;
    let looser = with(&CouncilInput::of(&kept), |rules| rules.spread_limit = "30".to_owned());
    faulty(save_council(sitting.app(), officer, &sitting.council, &looser).await, "quorum_percent");
    let renamed = CouncilInput {
        rules: SettingsInput::default(),
        name: "Hội đồng cấp tỉnh".to_owned(),
        ..CouncilInput::of(&kept)
    };
    save_council(sitting.app(), officer, &sitting.council, &renamed).await.unwrap();
    let after = council(sitting.app(), officer, &sitting.council).await.unwrap();
    assert_eq!((after.council.settings, after.sessions.len()), (kept.settings, 1));
}

#[tokio::test]
async fn a_conflict_closes_ballot_and_dossier() {
    let sitting = Sitting::advised().await;
    let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    let reason = ConflictInput { reason: "Em ruột là giám đốc hợp tác xã.".to_owned() };
    faulty(declare_conflict(app, member, dossier, &ConflictInput::default()).await, "reason");
    closed_to(declare_conflict(app, &sitting.world.officer, dossier, &reason).await);
    closed_to(declare_conflict(app, &sitting.world.assessors[9], dossier, &reason).await);
    declare_conflict(app, member, dossier, &reason).await.unwrap();
    refused(declare_conflict(app, member, dossier, &reason).await, "đã được ghi nhận");
    assert!(conflict(app, member, dossier).await.unwrap().declared);

    let mut everybody = vec![&sitting.chair, &sitting.secretary];
    everybody.extend(&sitting.members);
    sitting.open(&everybody).await.unwrap();
    assert_eq!(sitting.ballots(1).await.len(), 4);
    for denied in [
        advice(app, member, dossier).await.err(),
        advice_room(app, member, dossier, "1.1").await.err(),
        crate::scoring::scoring(app, member, dossier).await.err(),
        crate::scoring::result(app, member, dossier).await.err(),
        crate::dossiers::overview(app, member, dossier).await.err(),
    ] {
        assert!(matches!(denied, Some(AppError::Denied(Denied::Conflict))), "{denied:?}");
    }
    assert!(crate::scoring::my_ballots(app, member).await.unwrap().is_empty());
    let seen = council(app, member, &sitting.council).await.unwrap();
    assert!(seen.dossiers[0].is_shut && seen.dossiers[0].ballot.is_none());
}

#[tokio::test]
async fn a_chair_in_conflict_opens_no_scoring_of_that_dossier() {
    let sitting = Sitting::advised().await;
    let reason = ConflictInput { reason: "Góp vốn.".to_owned() };
    declare_conflict(sitting.app(), &sitting.chair, &sitting.dossier, &reason).await.unwrap();
    let Sitting { chair, secretary, members, .. } = &sitting;
    refused(sitting.open(&[chair, secretary, &members[0], &members[1]]).await, "hội đồng khác");
    assert_eq!(state(&sitting).await, State::Advised);
}
