//! Rules of work of a council: what they decide, and that a session keeps those it was opened with.

use ocop_core::dossiers::State;
use ocop_core::scoring::{Choice, Sheet};

use super::*;
use crate::councils::testing::{Sitting, sheet_of};
use crate::councils::{CouncilInput, SettingsInput, council, save_council};

/// Changes the rules of work of the council.
async fn rule(sitting: &Sitting, change: impl FnOnce(&mut SettingsInput)) -> Result<(), AppError> {
    let officer = &sitting.world.officer;
    let kept = council(sitting.app(), officer, &sitting.council).await.unwrap().council;
    let mut input = CouncilInput::of(&kept);
    change(&mut input.rules);
    save_council(sitting.app(), officer, &sitting.council, &input).await
}

/// A full sheet with one criterion below the least level of its highest floor, and that criterion.
fn below_a_floor(sitting: &Sitting) -> (Sheet, String, u8) {
    let best = sheet_of(sitting.set(), 100);
    for criterion in sitting.set().criteria() {
        let needed =
            criterion.alternatives[0].numbered().find(|(no, level)| level.floor.is_some() && *no > 1);
        if let Some((needed, _)) = needed {
            let mut sheet = best;
            sheet.choices.insert(criterion.code.clone(), Choice::level(needed - 1));
            return (sheet, criterion.code.clone(), needed);
        }
    }
    panic!("the set has no floor above its first level")
}

async fn seal_sheet(sitting: &Sitting, actor: &Actor, sheet: &Sheet) {
    let version = sitting.fill(actor, 1, sheet).await;
    let input = SealInput { version: version.to_string(), opinion: None };
    seal_ballot(sitting.app(), actor, &sitting.ballot(actor, 1).await, &input).await.unwrap();
}

async fn state(sitting: &Sitting) -> State {
    let mut tx = sitting.app().db.read().await.unwrap();
    facts(&mut tx, &sitting.chair, &sitting.dossier).await.unwrap().row.state
}

fn said(words: &str, agreed: &[String]) -> ReasonInput {
    ReasonInput { reason: words.to_owned(), agreed: agreed.to_vec(), ..ReasonInput::default() }
}

/// The session is open under changed rules with chair, secretary and two members.
async fn under(change: impl FnOnce(&mut SettingsInput)) -> Sitting {
    let sitting = Sitting::advised().await;
    rule(&sitting, change).await.unwrap();
    let Sitting { chair, secretary, members, .. } = &sitting;
    sitting.open(&[chair, secretary, &members[0], &members[1]]).await.unwrap();
    sitting
}

#[tokio::test]
async fn a_council_that_agrees_on_levels_discusses_a_split_floor() {
    let sitting = under(|rules| rules.floor_rule = "agreed".to_owned()).await;
    let (low, code, needed) = below_a_floor(&sitting);
    let best = sheet_of(sitting.set(), 100);
    for (actor, sheet) in [
        (&sitting.chair, &best),
        (&sitting.secretary, &best),
        (&sitting.members[0], &best),
        (&sitting.members[1], &low),
    ] {
        seal_sheet(&sitting, actor, sheet).await;
    }
    assert_eq!(state(&sitting).await, State::Discussion, "three of four are no agreement");
    let (app, chair, dossier) = (sitting.app(), &sitting.chair, &sitting.dossier);
    let open = scoring(app, chair, dossier).await.unwrap().opened.remove(0);
    assert_eq!(open.to_agree.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), [code.as_str()]);

    let missing = keep_result(app, chair, dossier, &said("Đã thảo luận.", &[])).await;
    let Err(AppError::Invalid(faults)) = missing else { panic!("{missing:?}") };
    assert_eq!(faults[0].field, format!("agreed-{code}"));
    let strange = keep_result(app, chair, dossier, &said("Đã thảo luận.", &[format!("{code}=1:99")])).await;
    assert!(matches!(strange, Err(AppError::Invalid(_))), "{strange:?}");
    let agreed = format!("{code}=1:{needed}");
    keep_result(app, chair, dossier, &said("Thống nhất.", &[agreed])).await.unwrap();
    let kept = scoring(app, chair, dossier).await.unwrap().opened.remove(0);
    assert!(kept.tally.stars > open.tally.stars, "{} {}", kept.tally.stars, open.tally.stars);
    assert!(kept.to_agree.is_empty());
    assert_eq!(crate::audit::run(app).await.unwrap().faults, [], "it can be counted again");
}

#[tokio::test]
async fn what_was_agreed_stays_agreed_when_a_ballot_is_revised() {
    let sitting = under(|rules| {
        rules.floor_rule = "agreed".to_owned();
        rules.spread_limit = "0".to_owned();
    })
    .await;
    let (low, code, needed) = below_a_floor(&sitting);
    let best = sheet_of(sitting.set(), 100);
    let Sitting { chair, secretary, members, dossier, .. } = &sitting;
    for (actor, sheet) in [(chair, &best), (secretary, &best), (&members[0], &best), (&members[1], &low)] {
        seal_sheet(&sitting, actor, sheet).await;
    }
    let app = sitting.app();
    keep_result(app, chair, dossier, &said("Thống nhất.", &[format!("{code}=1:{needed}")])).await.unwrap();
    let before = scoring(app, chair, dossier).await.unwrap().opened.remove(0).tally.stars;

    let free = sitting.set().criteria().find(|one| {
        let levels = &one.alternatives[0].levels;
        one.code != code && one.applies_if.is_none() && levels.iter().all(|level| level.floor.is_none())
    });
    let free = free.unwrap();
    let id = sitting.ballot(&members[0], 1).await;
    let input = ReviseInput {
        choice: format!("1:{}", free.alternatives[0].highest() - 1),
        note: String::new(),
        reason: "Đã xem lại.".to_owned(),
        version: review(app, &members[0], &id).await.unwrap().head.version.to_string(),
    };
    revise_ballot(app, &members[0], &id, &free.code, &input).await.unwrap();
    assert_eq!(state(&sitting).await, State::Discussion);
    keep_result(app, chair, dossier, &said("Vẫn thống nhất.", &[])).await.unwrap();
    let kept = scoring(app, chair, dossier).await.unwrap().opened.remove(0);
    assert_eq!((kept.tally.stars, kept.to_agree), (before, vec![]));
    assert_eq!(crate::audit::run(app).await.unwrap().faults, []);
}

#[tokio::test]
async fn a_council_that_must_score_again_does_not_keep_its_first_turn() {
    let sitting = under(|rules| rules.spread_rule = "rescore".to_owned()).await;
    let (app, chair, dossier) = (sitting.app(), &sitting.chair, &sitting.dossier);
    let all = [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]];
    for (actor, total) in all.into_iter().zip([95, 95, 95, 84]) {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    let kept = keep_result(app, chair, dossier, &said("Không chấm lại.", &[])).await;
    assert!(kept.err().is_some_and(|why| why.to_string().contains("ít nhất một lần")));
    assert_eq!(open_turn(app, chair, dossier, &said("Chấm lại.", &[])).await.unwrap(), 2);
    for (actor, total) in all.into_iter().zip([95, 95, 95, 84]) {
        sitting.seal(actor, 2, total).await.unwrap();
    }
    keep_result(app, chair, dossier, &said("Đã chấm lại, vẫn khác nhau.", &[])).await.unwrap();
    assert_eq!(state(&sitting).await, State::Tallied);
}

#[tokio::test]
async fn a_council_that_only_notes_the_spread_goes_on_and_a_chair_may_not_vote() {
    let sitting = under(|rules| {
        rules.spread_rule = "note".to_owned();
        rules.chair_votes = String::new();
    })
    .await;
    assert_eq!(sitting.ballots(1).await.len(), 3, "the chair has no ballot");
    let all = [&sitting.secretary, &sitting.members[0], &sitting.members[1]];
    for (actor, total) in all.into_iter().zip([95, 95, 70]) {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    assert_eq!(state(&sitting).await, State::Tallied);
}

#[tokio::test]
async fn a_session_keeps_the_rules_that_it_was_opened_with() {
    let sitting = under(|rules| rules.decimals = "1".to_owned()).await;
    let all = [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]];
    for actor in all {
        sitting.seal(actor, 1, 84).await.unwrap();
    }
    let (app, chair, dossier) = (sitting.app(), &sitting.chair, &sitting.dossier);
    let early = rule(&sitting, |rules| rules.floor_rule = "mean".to_owned()).await;
    assert!(matches!(early, Err(AppError::Invalid(_))), "{early:?}");
    confirm_result(app, chair, dossier).await.unwrap();
    rule(&sitting, |rules| (rules.floor_rule, rules.decimals) = ("mean".to_owned(), "3".to_owned()))
        .await
        .unwrap();
    let shown = result(app, chair, dossier).await.unwrap().settings;
    assert_eq!((shown.floor_rule.code(), shown.decimals), ("majority", 1));
    assert_eq!(crate::audit::run(app).await.unwrap().faults, []);
}
