//! Scoring from the first answer to the confirmed result, and what nobody sees on the way.

use crate::testing::{closed_to, faulty, refused};
use ocop_core::dossiers::State;
use ocop_core::id::BallotId;
use ocop_core::people::Actor;
use ocop_core::recognition::Outcome;

use super::*;
use crate::councils::testing::{Sitting, sheet_of};
use crate::councils::{ConflictInput, advice, council, declare_conflict, session};

fn stale(outcome: Result<impl Sized, AppError>, words: &str) {
    match outcome.err() {
        Some(AppError::Stale(told)) => assert!(told.contains(words), "{told}"),
        other => panic!("a stale save expected, not {other:?}"),
    }
}

async fn state(sitting: &Sitting) -> State {
    let mut tx = sitting.app().db.read().await.unwrap();
    facts(&mut tx, &sitting.chair, &sitting.dossier).await.unwrap().row.state
}

fn answer(choice: &str, note: &str, version: i64) -> AnswerInput {
    AnswerInput {
        choice: choice.to_owned(),
        note: note.to_owned(),
        version: version.to_string(),
        then: String::new(),
    }
}

fn seal(version: i64) -> SealInput {
    SealInput { version: version.to_string(), opinion: None }
}

fn reason(words: &str) -> ReasonInput {
    ReasonInput { reason: words.to_owned(), ..ReasonInput::default() }
}

/// Everybody present who votes, chair first.
fn voters(sitting: &Sitting) -> Vec<&Actor> {
    let mut all = vec![&sitting.chair, &sitting.secretary];
    all.extend(sitting.members.iter().take(2));
    all
}

/// Seals the turn with these totals, chair first.
async fn seal_all(sitting: &Sitting, turn: u16, totals: [u16; 4]) {
    for (actor, total) in voters(sitting).into_iter().zip(totals) {
        sitting.seal(actor, turn, total).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_is_saved_counted_and_guarded() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    assert_eq!(entry(app, member, &id).await.unwrap().as_deref(), Some("1.1"));
    let saved = save_answer(app, member, &id, "2.3", &answer("1:3", "Mã QR mở được.", 1)).await.unwrap();
    assert_eq!((saved.version, saved.totals.a, saved.totals.total, saved.totals.answered), (2, 3, 3, 1));
    assert_eq!(saved.saved_at, "09:00");

    stale(save_answer(app, member, &id, "2.3", &answer("1:1", "", 1)).await, "mức 3 (3 điểm)");
    stale(
        save_opinion(app, member, &id, &OpinionInput { opinion: "Tốt.".to_owned(), version: "1".to_owned() })
            .await,
        "09:00",
    );
    for bad in ["", "3", "1:9", "2:1", "1:-1", "a:b", "1:300"] {
        faulty(save_answer(app, member, &id, "2.3", &answer(bad, "", 2)).await, "choice");
    }
    faulty(save_answer(app, member, &id, "2.3", &answer("1:1", &"ă".repeat(2_001), 2)).await, "note");
    closed_to(save_answer(app, member, &id, "99.9", &answer("1:1", "", 2)).await);

    let seen = room(app, member, &id, "2.3").await.unwrap();
    assert!(seen.pane.cases[0].levels[2].chosen);
    assert_eq!(seen.pane.remark, "Mã QR mở được.");
    assert_eq!(seen.pane.own.as_ref().map(|own| own.points), Some(3), "what the producer claims");
    assert_eq!(seen.pane.papers.len(), 1);
    assert_eq!(seen.head.saved_at.as_deref(), Some("09:00"));
}

#[tokio::test]
async fn only_the_member_opens_the_ballot() {
    let sitting = Sitting::scoring(2).await;
    let (app, world) = (sitting.app(), &sitting.world);
    let id = sitting.ballot(&sitting.members[0], 1).await;
    let others = [
        &sitting.chair,
        &sitting.secretary,
        &sitting.members[1],
        &sitting.members[2],
        &sitting.advisor,
        &sitting.honey.actor,
        &world.officer,
        &world.commune_officer,
    ];
    for other in others {
        closed_to(entry(app, other, &id).await);
        closed_to(room(app, other, &id, "1.1").await);
        closed_to(review(app, other, &id).await);
        closed_to(disqualification(app, other, &id).await);
        closed_to(save_answer(app, other, &id, "1.1", &answer("1:1", "", 1)).await);
        closed_to(save_opinion(app, other, &id, &OpinionInput::default()).await);
        closed_to(declare_disqualification(app, other, &id, &DisqualifyInput::default()).await);
        closed_to(seal_ballot(app, other, &id, &seal(1)).await);
    }
    let unknown: BallotId = sitting.dossier.as_str().parse().unwrap();
    closed_to(room(app, &sitting.members[0], &unknown, "1.1").await);
}

#[tokio::test]
async fn a_ballot_is_sealed_complete_and_once() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    refused(seal_ballot(app, member, &id, &seal(1)).await, "chưa chấm");

    let mut sheet = sheet_of(sitting.set(), 90);
    sheet.choices.insert("2.4".to_owned(), ocop_core::scoring::Choice::level(0));
    let version = sitting.fill(member, 1, &sheet).await;
    assert_eq!(review(app, member, &id).await.unwrap().unexplained, ["2.4"]);
    refused(seal_ballot(app, member, &id, &seal(version)).await, "2.4");
    let saved = save_answer(app, member, &id, "2.4", &answer("1:0", "Nhãn chỉ có tiếng Việt.", version))
        .await
        .unwrap();
    let before = review(app, member, &id).await.unwrap();
    assert!(before.may_seal);
    stale(seal_ballot(app, member, &id, &seal(version)).await, "09:00");

    let with_opinion =
        SealInput { version: saved.version.to_string(), opinion: Some("Sản phẩm tốt.".to_owned()) };
    assert_eq!(seal_ballot(app, member, &id, &with_opinion).await.unwrap(), SealOutcome::Sealed);
    refused(seal_ballot(app, member, &id, &seal(saved.version + 1)).await, "đã được niêm");
    refused(
        save_answer(app, member, &id, "1.1", &answer("1:1", "", saved.version + 2)).await,
        "đã được niêm",
    );
    refused(
        declare_conflict(app, member, &sitting.dossier, &ConflictInput { reason: "Muộn.".to_owned() }).await,
        "đã niêm",
    );
    let sealed = review(app, member, &id).await.unwrap();
    assert!(!sealed.may_seal && sealed.head.sealed_at.is_some());
    assert_eq!(
        (sealed.opinion.as_str(), sealed.head.totals.total),
        ("Sản phẩm tốt.", before.head.totals.total)
    );
    assert_eq!(entry(app, member, &id).await.unwrap(), None);
}

#[tokio::test]
async fn the_last_ballot_tallies_and_the_chair_confirms() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    for (actor, total) in voters(&sitting).into_iter().take(3).zip([80, 85, 90]) {
        assert_eq!(sitting.seal(actor, 1, total).await.unwrap(), SealOutcome::Sealed);
    }
    let counted = progress(app, &sitting.secretary, dossier).await.unwrap();
    assert_eq!(counted, Some(Progress { sealed: 3, of: 4 }));
    assert_eq!(progress(app, &sitting.chair, dossier).await.unwrap(), None, "the chair scores, too");
    refused(confirm_result(app, &sitting.chair, dossier).await, "Không thể");
    assert_eq!(sitting.seal(&sitting.members[1], 1, 83).await.unwrap(), SealOutcome::Tallied);
    assert_eq!(state(&sitting).await, State::Tallied, "80 and 90: exactly 10 is within the limit");

    for reader in
        [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.advisor, &sitting.world.officer]
    {
        let seen = scoring(app, reader, dossier).await.unwrap();
        assert_eq!(seen.opened[0].tally.spread, 10);
        assert_eq!(seen.opened[0].tally.mean.to_2dp(), "84.50");
        let totals: Vec<Option<u16>> = seen.opened[0].members.iter().map(|one| one.total).collect();
        assert_eq!(totals, [Some(80), Some(85), Some(90), Some(83)]);
        assert_eq!(seen.opened[0].heat.len(), sitting.set().criteria().count());
        assert!(seen.opened[0].heat.windows(2).all(|pair| pair[0].apart >= pair[1].apart));
        assert_eq!(seen.may_confirm, reader.person == sitting.chair.person);
    }
    closed_to(scoring(app, &sitting.honey.actor, dossier).await);
    closed_to(result(app, &sitting.honey.actor, dossier).await);
    for other in [&sitting.secretary, &sitting.members[0], &sitting.world.officer] {
        closed_to(confirm_result(app, other, dossier).await);
    }
    confirm_result(app, &sitting.chair, dossier).await.unwrap();
    refused(confirm_result(app, &sitting.chair, dossier).await, "Không thể");
    assert_eq!(state(&sitting).await, State::Confirmed);

    let for_producer = result(app, &sitting.honey.actor, dossier).await.unwrap();
    assert_eq!(for_producer.members, None, "members' totals are not for the producer");
    assert_eq!(for_producer.mean.map(|mean| mean.vi()).as_deref(), Some("84,50"));
    assert!(!for_producer.explanation.is_empty() && !for_producer.floors.is_empty());
    let for_member = result(app, &sitting.members[0], dossier).await.unwrap();
    assert_eq!(for_member.members.map(|members| members.len()), Some(4));
    closed_to(result(app, &sitting.world.other_producer, dossier).await);
}

#[tokio::test]
async fn eleven_points_apart_open_a_discussion_and_a_second_turn() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    seal_all(&sitting, 1, [79, 85, 90, 83]).await;
    assert_eq!(state(&sitting).await, State::Discussion);
    let told = scoring(app, &sitting.chair, dossier).await.unwrap();
    assert!(told.may_lead && !told.may_confirm);
    assert_eq!(told.opened[0].tally.spread, 11);
    faulty(open_turn(app, &sitting.chair, dossier, &reason(" ")).await, "reason");
    closed_to(open_turn(app, &sitting.secretary, dossier, &reason("Chấm lại.")).await);
    let first = sitting.ballots(1).await;
    assert_eq!(
        open_turn(app, &sitting.chair, dossier, &reason("Thống nhất cách chấm 2.3.")).await.unwrap(),
        2
    );
    refused(open_turn(app, &sitting.chair, dossier, &reason("Lần nữa.")).await, "Không thể");

    assert_eq!(state(&sitting).await, State::Scoring);
    let second = sitting.ballots(2).await;
    assert_eq!(second.len(), 4);
    for (before, after) in first.iter().zip(&second) {
        assert_eq!(before.ballot.sheet, after.ballot.sheet, "a member starts from the sealed sheet");
        assert_eq!((after.ballot.sealed_at, after.ballot.scored.as_ref()), (None, None));
    }
    assert!(
        scoring(app, &sitting.members[0], dossier).await.unwrap().opened.is_empty(),
        "closed while members score"
    );
    seal_all(&sitting, 2, [84, 85, 88, 83]).await;
    assert_eq!(state(&sitting).await, State::Tallied);
    assert_eq!(sitting.ballots(1).await, first, "the first turn is kept");
    let told = scoring(app, &sitting.secretary, dossier).await.unwrap();
    let turns: Vec<(u16, u16)> = told.opened.iter().map(|turn| (turn.no, turn.tally.spread)).collect();
    assert_eq!(turns, [(2, 5), (1, 11)]);
    confirm_result(app, &sitting.chair, dossier).await.unwrap();
    let seen = result(app, &sitting.honey.actor, dossier).await.unwrap();
    assert_eq!((seen.turn, seen.spread), (2, 5));
}

#[tokio::test]
async fn the_chair_may_keep_a_result_with_a_reason() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    seal_all(&sitting, 1, [70, 85, 90, 83]).await;
    closed_to(keep_result(app, &sitting.members[0], dossier, &reason("Giữ.")).await);
    faulty(keep_result(app, &sitting.chair, dossier, &reason("")).await, "reason");
    keep_result(app, &sitting.chair, dossier, &reason("Khác nhau do cách hiểu 4.1.")).await.unwrap();
    assert_eq!(state(&sitting).await, State::Tallied);
    confirm_result(app, &sitting.chair, dossier).await.unwrap();
    let seen = result(app, &sitting.world.officer, dossier).await.unwrap();
    assert_eq!(seen.kept_reason.as_deref(), Some("Khác nhau do cách hiểu 4.1."));
}

#[tokio::test]
async fn a_majority_that_finds_the_dossier_out_ends_it_without_points() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    for actor in voters(&sitting).into_iter().take(3) {
        let id = sitting.ballot(actor, 1).await;
        let page = disqualification(app, actor, &id).await.unwrap();
        let ground = page.grounds[0].code.clone();
        let declare = |ground: &str, reason: &str| DisqualifyInput {
            ground: ground.to_owned(),
            reason: reason.to_owned(),
            version: "1".to_owned(),
        };
        for unknown in ["", "set:99"] {
            faulty(declare_disqualification(app, actor, &id, &declare(unknown, "Sai.")).await, "ground");
        }
        faulty(declare_disqualification(app, actor, &id, &declare(&ground, " ")).await, "reason");
        let saved =
            declare_disqualification(app, actor, &id, &declare(&ground, "Giấy chứng nhận bị tẩy xóa."))
                .await
                .unwrap();
        assert!(review(app, actor, &id).await.unwrap().may_seal);
        seal_ballot(app, actor, &id, &seal(saved.version)).await.unwrap();
    }
    sitting.seal(&sitting.members[1], 1, 95).await.unwrap();
    assert_eq!(state(&sitting).await, State::Tallied);
    assert_eq!(confirm_result(app, &sitting.chair, dossier).await.unwrap(), Outcome::Disqualified);
    assert_eq!(state(&sitting).await, State::Disqualified);
    let seen = result(app, &sitting.honey.actor, dossier).await.unwrap();
    assert_eq!((seen.stars, seen.mean), (None, None));
    assert!(seen.verdict.0.starts_with("Hồ sơ bị loại"), "{:?}", seen.verdict);
}

#[tokio::test]
async fn a_declaration_is_taken_back_before_sealing() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    let ground = disqualification(app, member, &id).await.unwrap().grounds[0].code.clone();
    let declare = |ground: &str, version: i64| DisqualifyInput {
        ground: ground.to_owned(),
        reason: "Nghi ngờ.".to_owned(),
        version: version.to_string(),
    };
    let saved = declare_disqualification(app, member, &id, &declare(&ground, 1)).await.unwrap();
    assert_eq!(saved.totals.stars, 0);
    stale(declare_disqualification(app, member, &id, &declare(WITHDRAW, 1)).await, "đề nghị loại");
    declare_disqualification(app, member, &id, &declare(WITHDRAW, saved.version)).await.unwrap();
    assert!(!disqualification(app, member, &id).await.unwrap().declared);
}

#[tokio::test]
async fn a_late_conflict_takes_the_ballot_out_and_may_complete_the_turn() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    save_answer(app, member, &id, "1.1", &answer("1:1", "", 1)).await.unwrap();
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[1]] {
        sitting.seal(actor, 1, 85).await.unwrap();
    }
    assert_eq!(state(&sitting).await, State::Scoring);
    let chair =
        declare_conflict(app, &sitting.chair, dossier, &ConflictInput { reason: "Góp vốn.".to_owned() })
            .await;
    refused(chair, "cơ quan tham mưu");
    declare_conflict(app, member, dossier, &ConflictInput { reason: "Em ruột.".to_owned() }).await.unwrap();
    assert_eq!(state(&sitting).await, State::Tallied);
    closed_to(room(app, member, &id, "1.1").await);
    closed_to(save_answer(app, member, &id, "1.1", &answer("1:2", "", 2)).await);
    closed_to(seal_ballot(app, member, &id, &seal(2)).await);
    let seen = scoring(app, &sitting.chair, dossier).await.unwrap();
    assert_eq!(seen.opened[0].tally.member_totals, [85, 85, 85]);
}

/// Everything that somebody can see, as text; what is refused is part of it.
async fn everything_seen(sitting: &Sitting, actor: &Actor) -> String {
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    let mut seen = vec![
        format!("{:?}", council(app, actor, &sitting.council).await),
        format!("{:?}", crate::councils::councils(app, actor).await),
        format!("{:?}", session(app, actor, &sitting.council).await),
        format!("{:?}", advice(app, actor, dossier).await),
        format!("{:?}", crate::home::todos(app, actor).await),
        format!("{:?}", crate::papers::tally(app, actor, dossier, None).await),
        format!(
            "{:?}",
            crate::papers::minutes(app, actor, &sitting.council, None).await.map(|paper| paper.pdf)
        ),
        format!("{:?}", my_ballots(app, actor).await),
        format!("{:?}", scoring(app, actor, dossier).await),
        format!("{:?}", progress(app, actor, dossier).await),
        format!("{:?}", excuse(app, actor, dossier).await),
        format!("{:?}", result(app, actor, dossier).await),
        format!("{:?}", crate::dossiers::overview(app, actor, dossier).await),
        format!(
            "{:?}",
            crate::rounds::board(app, actor, &sitting.honey.round, &crate::rounds::BoardFilter::default())
                .await
        ),
    ];
    for one in sitting.ballots(1).await {
        let id = &one.ballot.id;
        seen.push(format!("{:?}", crate::papers::score_sheet(app, actor, id).await));
        seen.push(format!("{:?}", entry(app, actor, id).await));
        seen.push(format!("{:?}", room(app, actor, id, "2.3").await));
        seen.push(format!("{:?}", review(app, actor, id).await));
        seen.push(format!("{:?}", disqualification(app, actor, id).await));
    }
    seen.join("\n")
}

#[tokio::test]
async fn nobody_sees_anything_of_others_before_opening() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let quiet = [
        ("the chair", &sitting.chair),
        ("another member", &sitting.members[1]),
        ("a member who is absent", &sitting.members[2]),
        ("the advisor", &sitting.advisor),
        ("the officer", &sitting.world.officer),
        ("the commune", &sitting.world.commune_officer),
        ("the producer", &sitting.honey.actor),
    ];
    let counting = [("the secretary", &sitting.secretary)];
    let mut before = Vec::new();
    for (_, actor) in quiet.iter().chain(&counting) {
        before.push(everything_seen(&sitting, actor).await);
    }
    let id = sitting.ballot(member, 1).await;

    // Work on a ballot shows nowhere, to nobody, not even by its time.
    sitting.world.clock.forward_minutes(7);
    let saved = save_answer(app, member, &id, "2.3", &answer("1:3", "Tốt.", 1)).await.unwrap();
    save_opinion(
        app,
        member,
        &id,
        &OpinionInput { opinion: "Tốt.".to_owned(), version: saved.version.to_string() },
    )
    .await
    .unwrap();
    for ((who, actor), seen) in quiet.iter().chain(&counting).zip(&before) {
        assert_eq!(&everything_seen(&sitting, actor).await, seen, "{who} sees a save");
    }

    sitting.world.clock.forward_minutes(7);
    // A sealed ballot shows as a number, to the secretary only.
    sitting.seal(member, 1, 90).await.unwrap();
    for ((who, actor), seen) in quiet.iter().zip(&before) {
        assert_eq!(&everything_seen(&sitting, actor).await, seen, "{who} sees a sealed ballot");
    }
    for ((who, actor), seen) in counting.iter().zip(&before[quiet.len()..]) {
        let now = everything_seen(&sitting, actor).await;
        let counted = seen.replace("sealed: 0, of: 4", "sealed: 1, of: 4");
        assert_ne!(&now, seen, "{who} sees how many are sealed");
        assert_eq!(now, counted, "{who} sees the number and nothing else");
    }
}

#[tokio::test]
async fn the_journal_tells_no_points() {
    let sitting = Sitting::scoring(2).await;
    sitting.seal(&sitting.members[0], 1, 87).await.unwrap();
    let mut tx = sitting.app().db.read().await.unwrap();
    let links =
        ocop_store::journal::links_of(&mut tx, &format!("dossier:{}", sitting.dossier)).await.unwrap();
    let sealed = links.iter().find(|link| link.action == "seal_ballot").unwrap();
    let details: serde_json::Value = serde_json::from_str(&sealed.data).unwrap();
    let keys: Vec<&String> = details.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["ballot", "content", "turn"]);
    assert!(
        links.iter().any(|link| link.action == "open_session"),
        "the session stands in the dossier's chain"
    );
    assert!(links.iter().any(|link| link.action == "assign_dossier"));
}

fn leaves(sitting: &Sitting, actor: &Actor) -> SittingInput {
    SittingInput { seat: sitting.seat_id(actor), reason: "Họp khẩn.".to_owned() }
}

#[tokio::test]
async fn the_council_does_not_wait_for_a_member_who_left() {
    // Five of five are present: four are a quorum of 75 percent.
    let sitting = Sitting::scoring(3).await;
    let (app, dossier, gone) = (sitting.app(), &sitting.dossier, &sitting.members[2]);
    for (actor, total) in voters(&sitting).into_iter().take(4).zip([80, 85, 84, 83]) {
        assert_eq!(sitting.seal(actor, 1, total).await.unwrap(), SealOutcome::Sealed);
    }
    let closed = sitting.ballot(gone, 1).await;
    faulty(excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, &sitting.chair)).await, "seat");
    faulty(excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, &sitting.advisor)).await, "seat");
    let unexplained = SittingInput { reason: " ".to_owned(), ..leaves(&sitting, gone) };
    faulty(excuse_member(app, &sitting.chair, dossier, &unexplained).await, "reason");
    for other in [&sitting.secretary, gone, &sitting.advisor, &sitting.world.officer, &sitting.honey.actor] {
        closed_to(excuse_member(app, other, dossier, &leaves(&sitting, gone)).await);
        closed_to(excuse(app, other, dossier).await);
    }
    excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, gone)).await.unwrap();
    assert_eq!(state(&sitting).await, State::Tallied, "it was the last ballot missing");
    let told = scoring(app, &sitting.chair, dossier).await.unwrap();
    assert_eq!(told.opened[0].tally.member_totals, [80, 85, 84, 83]);
    refused(save_answer(app, gone, &closed, "1.1", &answer("1:2", "", 1)).await, "rời phiên (Họp khẩn.)");
    refused(seal_ballot(app, gone, &closed, &seal(1)).await, "rời phiên");
    assert!(my_ballots(app, gone).await.unwrap().is_empty());
    refused(
        excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, gone)).await,
        "không có ai đang chấm",
    );
}

#[tokio::test]
async fn a_sealed_ballot_counts_although_its_member_left_and_has_no_second_turn() {
    let sitting = Sitting::scoring(3).await;
    let (app, dossier, gone) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    sitting.seal(gone, 1, 60).await.unwrap();
    excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, gone)).await.unwrap();
    let seen = excuse(app, &sitting.chair, dossier).await.unwrap();
    assert!(!seen.members.iter().any(|seat| seat.id.as_str() == sitting.seat_id(gone)));
    assert_eq!(seen.before.len(), 1);
    // One more would leave three of five.
    let another = excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, &sitting.members[1])).await;
    refused(another, "không còn đủ điều kiện");
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[1], &sitting.members[2]] {
        sitting.seal(actor, 1, 80).await.unwrap();
    }
    assert_eq!(state(&sitting).await, State::Discussion, "60 counts");
    open_turn(app, &sitting.chair, dossier, &reason("Xem lại 2.3.")).await.unwrap();
    let second = sitting.ballots(2).await;
    assert_eq!(second.len(), 4);
    assert!(!second.iter().any(|one| one.ballot.seat_id.as_str() == sitting.seat_id(gone)));
}

#[tokio::test]
async fn the_chair_does_not_learn_whether_the_member_who_left_had_sealed() {
    let told = async |sealed: bool| {
        let sitting = Sitting::scoring(3).await;
        let gone = &sitting.members[0];
        if sealed {
            sitting.seal(gone, 1, 77).await.unwrap();
        }
        let (app, dossier) = (sitting.app(), &sitting.dossier);
        excuse_member(app, &sitting.chair, dossier, &leaves(&sitting, gone)).await.unwrap();
        let seen = excuse(app, &sitting.chair, dossier).await.unwrap();
        let names = |seats: Vec<&str>| seats.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let view = scoring(app, &sitting.chair, dossier).await.unwrap();
        (
            names(seen.members.iter().map(|seat| seat.name.as_str()).collect()),
            names(seen.before.iter().map(|(seat, _)| seat.name.as_str()).collect()),
            view.progress,
            view.opened.len(),
        )
    };
    assert_eq!(told(true).await, told(false).await);
}

#[tokio::test]
async fn members_stand_beside_each_other_once_their_ballots_are_open() {
    let sitting = Sitting::scoring(2).await;
    let (app, chair) = (sitting.app(), &sitting.chair);
    sitting.seal(&sitting.chair, 1, 90).await.unwrap();
    sitting.seal(&sitting.secretary, 1, 84).await.unwrap();
    sitting.seal(&sitting.members[0], 1, 84).await.unwrap();
    assert!(severity(app, chair, &sitting.council).await.unwrap().sessions.is_empty(), "still scoring");
    sitting.seal(&sitting.members[1], 1, 84).await.unwrap();
    let seen = severity(app, chair, &sitting.council).await.unwrap().sessions.remove(0);
    let told: Vec<String> = seen.members.iter().map(|one| one.deviation.to_string()).collect();
    assert_eq!((seen.dossiers, told.join(" ")), (1, "-2/1 -2/1 -2/1 6/1".to_owned()));
    let opened = scoring(app, chair, &sitting.dossier).await.unwrap();
    assert_eq!(opened.phase, ocop_core::councils::Phase::Opened);
    assert_eq!(opened.opened[0].median.map(|median| median.to_string()).as_deref(), Some("84/1"));
    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer] {
        assert!(matches!(severity(app, stranger, &sitting.council).await, Err(AppError::Denied(_))));
    }
}
