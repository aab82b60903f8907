//! Substitutes: who takes a place, what counts afterwards, what is refused; and the quorum of a single dossier.

use ocop_core::dossiers::{Event, State};
use ocop_core::people::Actor;
use ocop_core::policy::Denied;
use ocop_store::db::Chain;

use super::testing::{Sitting, seat, sheet_of};
use super::*;
use crate::AppError;
use crate::scoring::{ReasonInput, confirm_result, open_turn, review, scoring};
use crate::testing::season::{certifiable, seal_all};
use crate::testing::{closed_to, faulty, refused};

async fn seal_each(sitting: &Sitting, voters: &[&Actor]) {
    for actor in voters {
        sitting.seal(actor, 1, 84).await.unwrap();
    }
}

/// Somebody without a seat in the council.
fn newcomer(sitting: &Sitting) -> &Actor {
    &sitting.world.assessors[6]
}

async fn order(sitting: &Sitting, replaced: &Actor, by: &Actor, scope: &str) -> ReplaceInput {
    let view = council_replacements(sitting.app(), &sitting.world.officer, &sitting.council).await.unwrap();
    ReplaceInput {
        seat: sitting.seat_id(replaced),
        scope: scope.to_owned(),
        dossiers: if scope == "dossiers" { vec![sitting.dossier.to_string()] } else { Vec::new() },
        substitute: SeatInput { kind: String::new(), ..seat(by, SeatKind::Member) },
        reason: "Ốm phải nằm viện.".to_owned(),
        decision_no: "77/QĐ-UBND".to_owned(),
        decision_on: "01/11/2026".to_owned(),
        version: view.council.version.to_string(),
    }
}

async fn replace(sitting: &Sitting, replaced: &Actor, by: &Actor, scope: &str) -> Result<Actor, AppError> {
    let input = order(sitting, replaced, by, scope).await;
    replace_member(sitting.app(), &sitting.world.officer, &sitting.council, &input).await?;
    Ok(sitting.world.again(by).await)
}

#[tokio::test]
async fn a_substitute_scores_in_a_members_place() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    sitting.seal(member, 1, 40).await.unwrap();
    let old = sitting.ballot(member, 1).await;
    let substitute = replace(&sitting, member, newcomer(&sitting), "council").await.unwrap();
    let gone = sitting.world.again(member).await;
    closed_to(review(app, &gone, &old).await);
    closed_to(council(app, &gone, &sitting.council).await);
    seal_each(&sitting, &[&sitting.chair, &sitting.secretary, &sitting.members[1], &substitute]).await;
    let opened = scoring(app, &sitting.chair, &sitting.dossier).await.unwrap().opened.remove(0);
    assert_eq!(opened.tally.member_totals, [84; 4], "the ballot of the replaced member does not count");
    confirm_result(app, &sitting.chair, &sitting.dossier).await.unwrap();
    assert!(crate::audit::run(app).await.unwrap().is_clean());
    let mut tx = app.db.read().await.unwrap();
    assert!(ocop_store::scoring::find_ballot(&mut tx, &old).await.unwrap().unwrap().sealed_at.is_some());
    let links =
        ocop_store::journal::links_of(&mut tx, &format!("council:{}", sitting.council)).await.unwrap();
    assert!(links.last().unwrap().action == "replace_member", "{links:?}");
    drop(tx);
    let seen = council(app, &sitting.chair, &sitting.council).await.unwrap();
    assert_eq!(seen.replacements[0].reason, "Ốm phải nằm viện.");
    assert!(seen.replacements[0].place.contains("77/QĐ-UBND"));
    assert!(seen.sessions[0].present.contains(&member.name), "who was there keeps a name");
    crate::papers::minutes(app, &sitting.chair, &sitting.council, None).await.unwrap();
}

#[tokio::test]
async fn a_substitute_for_one_dossier_has_no_part_in_others() {
    let sitting = Sitting::advised().await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let substitute = replace(&sitting, member, newcomer(&sitting), "dossiers").await.unwrap();
    let member = sitting.world.again(member).await;
    let mine = |view: &CouncilView| view.dossiers[0].is_shut;
    assert!(mine(&council(app, &member, &sitting.council).await.unwrap()), "closed to the replaced member");
    assert!(!mine(&council(app, &substitute, &sitting.council).await.unwrap()));
    let short = [&sitting.chair, &sitting.secretary, &member, &substitute];
    refused(sitting.open(&short).await, "Có 3 trên 5 thành viên");
    let present = [&sitting.chair, &sitting.secretary, &sitting.members[1], &substitute];
    sitting.open(&present).await.unwrap();
    let ballots = voters(&sitting, 1).await;
    assert!(ballots.contains(&sitting.seat_id(&substitute)) && !ballots.contains(&sitting.seat_id(&member)));

    let again = order(&sitting, &member, &sitting.world.assessors[7], "dossiers").await;
    let again = replace_member(app, &sitting.world.officer, &sitting.council, &again).await;
    faulty(again, "seat");
    let next = replace(&sitting, &substitute, &sitting.world.assessors[7], "dossiers").await.unwrap();
    let ballots = voters(&sitting, 1).await;
    assert!(ballots.contains(&sitting.seat_id(&next)) && !ballots.contains(&sitting.seat_id(&substitute)));
}

#[tokio::test]
async fn a_tallied_turn_keeps_its_ballots_and_the_substitute_scores_the_next() {
    let sitting = Sitting::scoring(2).await;
    let (app, chair, dossier) = (sitting.app(), &sitting.chair, &sitting.dossier);
    seal_all(&sitting, 1, [95, 95, 70, 95]).await;
    let member = &sitting.members[0];
    let substitute = replace(&sitting, member, newcomer(&sitting), "dossiers").await.unwrap();
    assert_eq!(sitting.ballots(1).await.len(), 4);
    open_next(&sitting).await;
    for actor in [chair, &sitting.secretary, &sitting.members[1], &substitute] {
        let version = sitting.fill(actor, 2, &sheet_of(sitting.set(), 95)).await.to_string();
        let input = crate::scoring::SealInput { version, opinion: None };
        let ballot = sitting.ballot(actor, 2).await;
        crate::scoring::seal_ballot(app, actor, &ballot, &input).await.unwrap();
    }
    let seen = scoring(app, chair, dossier).await.unwrap();
    assert_eq!((seen.head.state, seen.opened[0].tally.member_totals.clone()), (State::Tallied, vec![95; 4]));
    assert_eq!(seen.opened[1].tally.member_totals, [95, 95, 70, 95]);
    assert!(crate::audit::run(app).await.unwrap().is_clean());
    let late = order(&sitting, &sitting.members[1], &sitting.world.assessors[7], "dossiers").await;
    refused(
        replace_member(app, &sitting.world.officer, &sitting.council, &late).await,
        "trước khi Hội đồng có kết quả",
    );
}

/// The chair opens another turn.
async fn open_next(sitting: &Sitting) {
    let reason = ReasonInput { reason: "Chấm lại.".to_owned(), ..ReasonInput::default() };
    open_turn(sitting.app(), &sitting.chair, &sitting.dossier, &reason).await.unwrap();
}

/// The seats that have a ballot of a turn.
async fn voters(sitting: &Sitting, turn: u16) -> Vec<String> {
    sitting.ballots(turn).await.into_iter().map(|one| one.ballot.seat_id.to_string()).collect()
}

#[tokio::test]
async fn who_takes_a_place_has_no_part_in_dossiers_of_which_it_was_given_away() {
    let sitting = Sitting::advised().await;
    let (app, officer, member) = (sitting.app(), &sitting.world.officer, &sitting.members[0]);
    let single = replace(&sitting, member, newcomer(&sitting), "dossiers").await.unwrap();
    for seat in [&single, member] {
        let seat = sitting.seat_id(seat).parse().unwrap();
        refused(remove_seat(app, officer, &sitting.council, &seat).await, "77/QĐ-UBND");
    }
    let whole = replace(&sitting, member, &sitting.world.assessors[7], "council").await.unwrap();
    let back = add_seat(app, officer, &sitting.council, &seat(member, SeatKind::Member)).await;
    refused(back, "77/QĐ-UBND");
    let seen = council(app, &whole, &sitting.council).await.unwrap();
    assert_eq!(seen.dossiers[0].closed, Some(Closed::Unseated));
    assert_eq!(seen.replacements.len(), 2);
    let present = [&sitting.chair, &sitting.secretary, &sitting.members[1], &single, &whole];
    sitting.open(&present).await.unwrap();
    let ballots = voters(&sitting, 1).await;
    assert_eq!(ballots.len(), 4, "one in one place: {ballots:?}");
    assert!(ballots.contains(&sitting.seat_id(&single)));
    closed_to(scoring(app, &whole, &sitting.dossier).await);
    let next = replace(&sitting, &whole, &sitting.world.assessors[8], "council").await.unwrap();
    closed_to(scoring(app, &next, &sitting.dossier).await);
    assert_eq!(voters(&sitting, 1).await, ballots);
}

#[tokio::test]
async fn a_substitute_for_the_council_joins_a_turn_that_follows_the_tally() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    seal_all(&sitting, 1, [84; 4]).await;
    let substitute = replace(&sitting, member, newcomer(&sitting), "council").await.unwrap();
    assert_eq!(sitting.ballots(1).await.len(), 4, "the tally stands");
    let mut tx = app.db.write(Chain::of("dossier", dossier)).await.unwrap();
    let row = ocop_store::dossiers::find(&mut tx, dossier).await.unwrap().unwrap();
    crate::dossiers::advance(app, &mut tx, &row, Event::Part).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    open_next(&sitting).await;
    let ballots = voters(&sitting, 2).await;
    assert!(ballots.contains(&sitting.seat_id(&substitute)), "{ballots:?}");
    assert!(!ballots.contains(&sitting.seat_id(member)), "nobody waits for who has left: {ballots:?}");
    let leaving = crate::scoring::excuse(app, &sitting.chair, dossier).await.unwrap().members;
    assert!(leaving.iter().any(|seat| seat.name == substitute.name), "the substitute is in the session");
}

#[tokio::test]
async fn a_new_chair_leads_on() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    sitting.seal(&sitting.chair, 1, 95).await.unwrap();
    let chair = replace(&sitting, &sitting.chair, newcomer(&sitting), "council").await.unwrap();
    seal_each(&sitting, &[&chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]).await;
    let old = sitting.world.again(&sitting.chair).await;
    closed_to(confirm_result(app, &old, dossier).await);
    confirm_result(app, &chair, dossier).await.unwrap();
    assert_eq!(scoring(app, &chair, dossier).await.unwrap().opened[0].tally.member_totals, [84; 4]);
    crate::papers::minutes(app, &chair, &sitting.council, None).await.unwrap();
}

#[tokio::test]
async fn who_is_concerned_is_told() {
    let sitting = Sitting::scoring(2).await;
    let (app, member) = (sitting.app(), &sitting.members[0]);
    let substitute = replace(&sitting, member, newcomer(&sitting), "dossiers").await.unwrap();
    let check = async |actor: &Actor, words: String| {
        let told = crate::notifications::list(app, actor).await.unwrap();
        assert!(told.iter().any(|one| one.what == words && one.urgent), "{words}: {told:?}");
    };
    let role = "làm thành viên Hội đồng ở 1 hồ sơ";
    check(&substitute, format!("Bạn thay {} {role}", member.name)).await;
    check(member, format!("{} thay bạn {role}", substitute.name)).await;
    for leader in [&sitting.chair, &sitting.secretary] {
        check(leader, format!("{} thay {} {role}", substitute.name, member.name)).await;
    }
    let other = crate::notifications::list(app, &sitting.members[1]).await.unwrap();
    assert!(!other.iter().any(|one| one.what.contains("thay")), "{other:?}");
}

#[tokio::test]
async fn a_replacement_needs_a_decision_a_reason_and_somebody_free() {
    let sitting = Sitting::scoring(2).await;
    let (app, officer, id) = (sitting.app(), &sitting.world.officer, &sitting.council);
    let (member, by) = (&sitting.members[0], newcomer(&sitting));
    let good = order(&sitting, member, by, "council").await;
    for other in [&sitting.chair, &sitting.secretary, member, &sitting.advisor, &sitting.honey.actor] {
        closed_to(replace_member(app, other, id, &good).await);
        closed_to(council_replacements(app, other, id).await);
    }
    let check = async |change: &dyn Fn(&mut ReplaceInput), field: &str| {
        let mut input = good.clone();
        change(&mut input);
        faulty(replace_member(app, officer, id, &input).await, field);
    };
    check(&|input| input.reason.clear(), "reason").await;
    check(&|input| input.decision_no.clear(), "decision_no").await;
    check(&|input| input.decision_on = "31/12/2030".to_owned(), "decision_on").await;
    check(&|input| input.decision_on = "31/10/2026".to_owned(), "decision_on").await;
    check(&|input| input.seat.clear(), "seat").await;
    check(&|input| input.scope.clear(), "scope").await;
    check(&|input| input.substitute.email = sitting.chair.name.clone(), "person").await;
    let of_chair = |input: &mut ReplaceInput| {
        input.seat = sitting.seat_id(&sitting.chair);
        input.scope = "dossiers".to_owned();
        input.dossiers = vec![sitting.dossier.to_string()];
    };
    check(&of_chair, "scope").await;
    replace_member(app, officer, id, &good).await.unwrap();
    let back = order(&sitting, &sitting.members[1], member, "council").await;
    faulty(replace_member(app, officer, id, &back).await, "person");
    let stale = ReplaceInput {
        seat: sitting.seat_id(&sitting.members[1]),
        substitute: SeatInput { kind: String::new(), ..seat(&sitting.world.assessors[7], SeatKind::Member) },
        ..good
    };
    let stale = replace_member(app, officer, id, &stale).await;
    assert!(matches!(&stale, Err(AppError::Stale(told)) if told.contains("77/QĐ-UBND")), "{stale:?}");
}

/// Somebody acts for the producer of the dossier.
async fn tie(sitting: &Sitting, by: &Actor) {
    let mut tx = sitting.app().db.write(Chain::of("test", "hand")).await.unwrap();
    let producer = sitting.honey.actor.producers[0].clone();
    tx.execute(
        "insert into producer_member (producer_id, person_id, added_at) values ($1, $2, '2026-11-01T00:00:00.000000Z')",
        vec![(&producer).into(), (&by.person).into()],
    )
    .await
    .unwrap();
    tx.commit_upkeep().await.unwrap();
}

#[tokio::test]
async fn a_dossier_with_a_result_is_closed_to_a_substitute_in_conflict() {
    let sitting = certifiable().await;
    let by = newcomer(&sitting);
    tie(&sitting, by).await;
    let substitute = replace(&sitting, &sitting.members[0], by, "council").await.unwrap();
    let app = sitting.app();
    let read = scoring(app, &substitute, &sitting.dossier).await;
    assert!(matches!(read, Err(AppError::Denied(Denied::Conflict))), "{read:?}");
    assert!(crate::scoring::severity(app, &substitute, &sitting.council).await.unwrap().sessions.is_empty());
    let seen = council(app, &substitute, &sitting.council).await.unwrap();
    assert_eq!((seen.dossiers[0].closed, seen.dossiers[0].is_shut), (Some(Closed::Conflict), true));
}

#[tokio::test]
async fn a_substitute_passes_the_same_conflict_checks() {
    let sitting = Sitting::scoring(2).await;
    let (app, officer, id) = (sitting.app(), &sitting.world.officer, &sitting.council);
    let by = newcomer(&sitting);
    tie(&sitting, by).await;
    let single = order(&sitting, &sitting.members[0], by, "dossiers").await;
    faulty(replace_member(app, officer, id, &single).await, "person");
    let whole = order(&sitting, &sitting.members[0], by, "council").await;
    faulty(replace_member(app, officer, id, &whole).await, "knowing");
    let knowing = ReplaceInput {
        substitute: SeatInput { knowing: "1".to_owned(), ..whole.substitute.clone() },
        ..whole
    };
    replace_member(app, officer, id, &knowing).await.unwrap();
    let ballots = sitting.ballots(1).await;
    assert_eq!(ballots.len(), 3, "neither the replaced member nor the substitute in conflict");
}

#[tokio::test]
async fn who_is_in_conflict_is_neither_present_nor_missing() {
    let conflict = |reason: &str| ConflictInput { reason: reason.to_owned() };
    // Three of five are no quorum of 75 percent; of four, three are.
    let sitting = Sitting::advised().await;
    let app = sitting.app();
    let present = [&sitting.chair, &sitting.secretary, &sitting.members[0]];
    refused(sitting.open(&present).await, "Có 3 trên 5 thành viên");
    declare_conflict(app, &sitting.members[2], &sitting.dossier, &conflict("Người nhà")).await.unwrap();
    sitting.open(&present).await.unwrap();
    assert_eq!(sitting.ballots(1).await.len(), 3);
    let officer = &sitting.world.officer;
    assert_eq!(council(app, officer, &sitting.council).await.unwrap().conflicts(), 1);
    assert_eq!(councils(app, officer).await.unwrap()[0].conflicts, 1);
    let board = crate::rounds::board(app, officer, &sitting.honey.round, &Default::default()).await.unwrap();
    assert_eq!((board.in_conflict, board.rows[0].conflicts), (1, 1));
    seal_each(&sitting, &present).await;
    crate::papers::minutes(app, &sitting.chair, &sitting.council, None).await.unwrap();
    // Four of five are one; when one of the four is in conflict and another one missing, it is three of four.
    let sitting = Sitting::advised().await;
    let (one, two) = (&sitting.members[0], &sitting.members[1]);
    for member in [one, two] {
        declare_conflict(sitting.app(), member, &sitting.dossier, &conflict("Người nhà")).await.unwrap();
    }
    let short = sitting.open(&[&sitting.chair, &sitting.secretary, one, two]).await;
    refused(short, "Có 2 trên 3 thành viên");
}
