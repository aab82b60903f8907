//! Sealed ballots that are opened again by the chair, and criteria revised after discussion.

use ocop_core::councils::Phase;
use ocop_core::dossiers::State;
use ocop_core::people::Actor;
use ocop_store::db::Chain;

use super::*;
use crate::councils::testing::{Sitting, sheet_of};
use crate::testing::season::seal_all;
use crate::testing::{closed_to, faulty, refused};

fn of(sitting: &Sitting, actor: &Actor) -> SittingInput {
    SittingInput { seat: sitting.seat_id(actor), reason: "Niêm nhầm phiếu.".to_owned() }
}

async fn view(sitting: &Sitting, actor: &Actor) -> ScoringView {
    scoring(sitting.app(), actor, &sitting.dossier).await.unwrap()
}

/// The version of somebody's ballot.
async fn version(sitting: &Sitting, actor: &Actor, turn: u16) -> i64 {
    let id = sitting.ballot(actor, turn).await;
    review(sitting.app(), actor, &id).await.unwrap().head.version
}

/// Levels of the first case of a criterion from the highest, as a form sends them.
fn level(sitting: &Sitting, code: &str, below: u8) -> String {
    let highest = sitting.set().criterion(code).unwrap().alternatives[0].highest();
    format!("1:{}", highest - below)
}

async fn revising(sitting: &Sitting, actor: &Actor, turn: u16, choice: String) -> ReviseInput {
    ReviseInput {
        choice,
        note: String::new(),
        reason: "Đã xem lại nhãn.".to_owned(),
        version: version(sitting, actor, turn).await.to_string(),
    }
}

/// A criterion where a sheet of so many points is lower than the best.
fn lowered(sitting: &Sitting, total: u16, by: u16) -> String {
    let (low, set) = (sheet_of(sitting.set(), total), sitting.set());
    let lost = |code: &str| {
        let alternative = &set.criterion(code).unwrap().alternatives[0];
        alternative.levels.last().unwrap().points
            - alternative.level(low.choices[code].level).map_or(0, |level| level.points)
    };
    let code = set.criteria().find(|one| one.applies_if.is_none() && lost(&one.code) >= by);
    code.unwrap().code.clone()
}

#[tokio::test]
async fn the_chair_opens_a_sealed_ballot_again_with_a_reason() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    sitting.seal(member, 1, 60).await.unwrap();
    let id = sitting.ballot(member, 1).await;
    for other in [&sitting.secretary, member, &sitting.advisor, &sitting.world.officer, &sitting.honey.actor]
    {
        closed_to(reopen_ballot(app, other, dossier, &of(&sitting, member)).await);
        closed_to(reopen(app, other, dossier).await);
    }
    let unexplained = SittingInput { reason: " ".to_owned(), ..of(&sitting, member) };
    faulty(reopen_ballot(app, &sitting.chair, dossier, &unexplained).await, "reason");
    faulty(reopen_ballot(app, &sitting.chair, dossier, &of(&sitting, &sitting.advisor)).await, "seat");
    let sealed = version(&sitting, member, 1).await;
    reopen_ballot(app, &sitting.chair, dossier, &of(&sitting, member)).await.unwrap();

    let seen = review(app, member, &id).await.unwrap();
    assert!(seen.head.sealed_at.is_none() && seen.may_seal, "what was filled in stays");
    assert_eq!(seen.head.totals.total, 60);
    assert!(seen.head.reopened.unwrap().contains("Niêm nhầm phiếu."));
    assert!(my_ballots(app, member).await.unwrap()[0].is_open());
    let stale = SealInput { version: sealed.to_string(), opinion: None };
    assert!(matches!(seal_ballot(app, member, &id, &stale).await, Err(AppError::Stale(_))));
    sitting.seal(member, 1, 84).await.unwrap();
    assert_eq!(review(app, member, &id).await.unwrap().head.reopened, None);
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[1]] {
        sitting.seal(actor, 1, 84).await.unwrap();
    }
    assert_eq!(view(&sitting, member).await.opened[0].tally.member_totals, [84; 4]);
    assert!(crate::audit::run(app).await.unwrap().is_clean(), "the ballot that was sealed last counts");
    refused(
        reopen_ballot(app, &sitting.chair, dossier, &of(&sitting, member)).await,
        "không còn mở lại phiếu đã niêm được",
    );
    let mut tx = app.db.read().await.unwrap();
    let links = ocop_store::journal::links_of(&mut tx, &format!("dossier:{dossier}")).await.unwrap();
    let entry = links.iter().find(|link| link.action == "reopen_ballot").unwrap();
    assert!(entry.data.contains("Niêm nhầm phiếu.") && !entry.data.contains("scored"), "{entry:?}");
}

#[tokio::test]
async fn the_chair_does_not_learn_whether_a_ballot_was_sealed() {
    let told = async |sealed: bool| {
        let sitting = Sitting::scoring(2).await;
        let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
        if sealed {
            sitting.seal(member, 1, 77).await.unwrap();
        } else {
            sitting.fill(member, 1, &sheet_of(sitting.set(), 77)).await;
        }
        reopen_ballot(app, &sitting.chair, dossier, &of(&sitting, member)).await.unwrap();
        let seen = reopen(app, &sitting.chair, dossier).await.unwrap();
        let names = |seats: Vec<&str>| seats.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let chair = view(&sitting, &sitting.chair).await;
        (
            names(seen.members.iter().map(|seat| seat.name.as_str()).collect()),
            names(seen.before.iter().map(|(seat, _)| seat.name.as_str()).collect()),
            chair.progress,
            chair.opened.len(),
        )
    };
    assert_eq!(told(true).await, told(false).await);
    let sitting = Sitting::scoring(2).await;
    let member = &sitting.members[0];
    reopen_ballot(sitting.app(), &sitting.chair, &sitting.dossier, &of(&sitting, member)).await.unwrap();
    let id = sitting.ballot(member, 1).await;
    assert_eq!(review(sitting.app(), member, &id).await.unwrap().head.reopened, None, "it was not sealed");
}

#[tokio::test]
async fn one_criterion_revised_in_the_discussion_may_end_it() {
    let sitting = Sitting::scoring(2).await;
    let (app, chair) = (sitting.app(), &sitting.chair);
    seal_all(&sitting, 1, [74, 85, 85, 85]).await;
    assert_eq!(view(&sitting, chair).await.phase, Phase::Opened);
    let code = lowered(&sitting, 74, 1);
    let id = sitting.ballot(chair, 1).await;
    assert!(review(app, chair, &id).await.unwrap().may_revise);
    let input = revising(&sitting, chair, 1, level(&sitting, &code, 0)).await;
    for other in [&sitting.members[0], &sitting.advisor, &sitting.world.officer, &sitting.honey.actor] {
        let theirs = revise_ballot(app, other, &id, &code, &input).await;
        assert!(matches!(theirs, Err(AppError::NotFound)), "{theirs:?}");
    }
    let silent = ReviseInput { reason: String::new(), ..input.clone() };
    faulty(revise_ballot(app, chair, &id, &code, &silent).await, "reason");
    let none = ReviseInput { choice: "1:99".to_owned(), ..input.clone() };
    faulty(revise_ballot(app, chair, &id, &code, &none).await, "choice");
    let stale = ReviseInput { version: "1".to_owned(), ..input.clone() };
    assert!(matches!(revise_ballot(app, chair, &id, &code, &stale).await, Err(AppError::Stale(_))));
    let before = view(&sitting, chair).await.opened[0].tally.member_totals.clone();
    revise_ballot(app, chair, &id, &code, &input).await.unwrap();

    let seen = view(&sitting, &sitting.members[0]).await;
    let opened = &seen.opened[0];
    assert!(opened.tally.member_totals[0] > before[0], "{:?}", opened.tally.member_totals);
    assert_eq!((seen.head.state, seen.phase, seen.turn), (State::Tallied, Phase::Discussed, 1));
    assert_eq!(opened.members[0].total, Some(opened.tally.member_totals[0]));
    let line = &opened.revised[0];
    assert!(line.member == chair.name && line.words.contains(&code), "{line:?}");
    assert!(line.words.contains("từ mức") && line.words.contains("Đã xem lại nhãn."), "{line:?}");
    let again = revising(&sitting, chair, 1, level(&sitting, "1.1", 1)).await;
    refused(revise_ballot(app, chair, &id, "1.1", &again).await, "chỉ sửa một tiêu chí");
    confirm_result(app, chair, &sitting.dossier).await.unwrap();
    let member = &sitting.members[0];
    let late = revising(&sitting, member, 1, level(&sitting, "1.1", 1)).await;
    let ballot = sitting.ballot(member, 1).await;
    refused(revise_ballot(app, member, &ballot, "1.1", &late).await, "đã xác nhận kết quả");
    assert!(crate::audit::run(app).await.unwrap().is_clean(), "everything follows from the newest values");
    for sql in ["update revision set given = kept", "update revision set kept = 'null'"] {
        let mut tx = app.db.write(Chain::of("test", "hand")).await.unwrap();
        assert_eq!(tx.execute(sql, vec![]).await.unwrap(), 1);
        tx.commit_upkeep().await.unwrap();
        let faults = crate::audit::run(app).await.unwrap().faults;
        assert!(faults[0].1.to_string().contains("sửa sau thảo luận không khớp"), "{faults:?}");
    }
}

#[tokio::test]
async fn a_revision_may_call_for_discussion_again() {
    let sitting = Sitting::scoring(2).await;
    let (app, chair, dossier) = (sitting.app(), &sitting.chair, &sitting.dossier);
    seal_all(&sitting, 1, [70, 85, 85, 85]).await;
    let kept = ReasonInput { reason: "Đã thống nhất.".to_owned(), ..ReasonInput::default() };
    keep_result(app, chair, dossier, &kept).await.unwrap();
    assert_eq!(view(&sitting, chair).await.phase, Phase::Discussed);
    let member = &sitting.members[0];
    let code = lowered(&sitting, 85, 1);
    let id = sitting.ballot(member, 1).await;
    let input = revising(&sitting, member, 1, level(&sitting, &code, 0)).await;
    revise_ballot(app, member, &id, &code, &input).await.unwrap();
    let seen = view(&sitting, chair).await;
    assert_eq!(seen.head.state, State::Discussion, "the totals lie further apart than what was kept");
    keep_result(app, chair, dossier, &kept).await.unwrap();
    confirm_result(app, chair, dossier).await.unwrap();
}

#[tokio::test]
async fn ballots_that_agreed_and_open_ones_are_not_revised() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    let input = revising(&sitting, member, 1, "1:1".to_owned()).await;
    refused(revise_ballot(app, member, &id, "1.1", &input).await, "phiếu chưa mở");
    refused(revision(app, member, &id, "1.1").await, "phiếu chưa mở");
    seal_all(&sitting, 1, [84, 85, 85, 85]).await;
    refused(revise_ballot(app, member, &id, "1.1", &input).await, "không thảo luận hồ sơ này");
    assert!(!review(app, member, &id).await.unwrap().may_revise);
}

#[tokio::test]
async fn minutes_sheets_and_tally_print_what_was_changed() {
    let sitting = Sitting::scoring(2).await;
    let (app, chair) = (sitting.app(), &sitting.chair);
    seal_all(&sitting, 1, [74, 85, 85, 85]).await;
    let id = sitting.ballot(chair, 1).await;
    let papers = async || {
        let minutes = crate::papers::minutes(app, chair, &sitting.council, None).await.unwrap();
        let tally = crate::papers::tally(app, chair, &sitting.dossier, None).await.unwrap();
        let sheet = crate::papers::score_sheet(app, chair, &id).await.unwrap();
        [minutes, tally, sheet].map(|paper| paper.pdf)
    };
    let before = papers().await;
    let code = lowered(&sitting, 74, 1);
    let input = revising(&sitting, chair, 1, level(&sitting, &code, 0)).await;
    revise_ballot(app, chair, &id, &code, &input).await.unwrap();
    let after = papers().await;
    assert!(before.iter().zip(&after).all(|(before, after)| before != after));
}
