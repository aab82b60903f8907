//! The council's part of the story: sessions, ballots, turns, confirmation, decisions.

#[cfg(test)]
use ocop_core::dossiers::State;
use ocop_core::scoring::{Choice, Disqualification, Sheet};

use super::data::{Ballots, Province, Session};
use super::load::{Telling, Told};
use crate::councils::OpenSessionInput;
use crate::recognition::DecisionInput;
use crate::scoring::{ReasonInput, SealInput, confirm_result, fill_ballot, open_turn, seal_ballot};
use crate::{AppError, Refusal, councils, recognition};

/// Holds every session, then records the decisions that follow it.
pub(super) async fn sessions(story: &Telling, province: &Province, told: &[Told]) -> Result<(), AppError> {
    for session in &province.session {
        let scored: Vec<&Told> = told.iter().filter(|one| one.data.session == Some(session.no)).collect();
        open(story, session, &scored).await?;
        for dossier in &scored {
            score(story, session, dossier).await?;
        }
        let (decided, later): (Vec<&Told>, Vec<&Told>) =
            scored.into_iter().partition(|one| one.data.decision.is_some());
        for dossier in decided.iter().chain(later.iter().filter(|one| one.data.state == "not_recognised")) {
            confirm(story, dossier).await?;
        }
        decide(story, province, &decided).await?;
        for dossier in later.iter().filter(|one| one.data.state != "not_recognised") {
            confirm(story, dossier).await?;
        }
    }
    Ok(())
}

async fn open(story: &Telling, session: &Session, scored: &[&Told]) -> Result<(), AppError> {
    let Some(council) = &story.council else { return Ok(()) };
    if scored.is_empty() {
        return Ok(());
    }
    story.go_to(session.days_ago);
    let chair = story.seat(1).await?;
    let mut present = Vec::new();
    for no in &session.present {
        let member = story.seat(*no).await?;
        present.extend(
            member.seats.iter().filter(|seat| &seat.council == council).map(|seat| seat.id.to_string()),
        );
    }
    let input = OpenSessionInput {
        present,
        dossiers: scored.iter().map(|one| one.id.to_string()).collect(),
        ..OpenSessionInput::default()
    };
    councils::open_session(&story.app, &chair, council, &input).await?;
    Ok(())
}

async fn score(story: &Telling, session: &Session, dossier: &Told) -> Result<(), AppError> {
    for ballots in &dossier.data.ballots {
        if ballots.turn > 1 {
            let chair = story.seat(1).await?;
            let input = ReasonInput { reason: ballots.reason.clone(), ..ReasonInput::default() };
            open_turn(&story.app, &chair, &dossier.id, &input).await?;
        }
        for no in ballots.started.iter().chain(&ballots.sealed) {
            fill_in(story, dossier, ballots, *no).await?;
        }
    }
    story.go_to(dossier.data.tallied_days_ago.unwrap_or(session.days_ago));
    Ok(())
}

async fn fill_in(story: &Telling, dossier: &Told, ballots: &Ballots, no: u8) -> Result<(), AppError> {
    let member = story.seat(no).await?;
    let mut tx = story.app.db.read().await?;
    let open = ocop_store::scoring::ballots(&mut tx, &dossier.id, ballots.turn).await?;
    drop(tx);
    let own = open.into_iter().find(|one| member.seats.iter().any(|seat| seat.id == one.ballot.seat_id));
    let Some(own) = own else {
        let words = format!("dữ liệu minh họa: ghế {no} không có phiếu cho {}", dossier.data.product);
        return Err(Refusal::because(words));
    };
    let half = ballots.started.contains(&no);
    let sheet = sheet(dossier, ballots, no, half);
    fill_ballot(&story.app, &member, &own.ballot.id, own.ballot.version, &sheet).await?;
    if !half {
        let input = SealInput { version: (own.ballot.version + 1).to_string(), opinion: None };
        seal_ballot(&story.app, &member, &own.ballot.id, &input).await?;
    }
    Ok(())
}

fn sheet(dossier: &Told, ballots: &Ballots, no: u8, half: bool) -> Sheet {
    let mut choices = dossier.data.own.clone();
    for choice in choices.values_mut() {
        choice.note = None;
    }
    let own = ballots.seats.get(&no.to_string());
    for (code, level) in ballots.base.iter().chain(own.into_iter().flatten()) {
        choices.entry(code.clone()).or_insert_with(|| Choice::level(0)).level = *level;
    }
    for choice in choices.values_mut().filter(|choice| choice.level == 0) {
        choice.note = Some("Hồ sơ chưa có minh chứng cho mức nào.".to_owned());
    }
    if half {
        // A ballot in the middle of the work: part A and a little of part B.
        choices.retain(|code, _| code.starts_with(['1', '2', '3']) && code.contains('.') || code == "4.1");
    }
    let disqualified =
        ballots.disqualified.as_ref().filter(|declared| declared.seats.contains(&no)).map(|declared| {
            Disqualification {
                criterion: declared.criterion.clone().filter(|code| !code.is_empty()),
                ground: declared.ground.clone(),
                reason: declared.reason.clone(),
            }
        });
    Sheet { choices, disqualified }
}

async fn confirm(story: &Telling, dossier: &Told) -> Result<(), AppError> {
    let Some(days) = dossier.data.confirmed_days_ago else { return Ok(()) };
    story.go_to(days);
    confirm_result(&story.app, &story.seat(1).await?, &dossier.id).await?;
    Ok(())
}

async fn decide(story: &Telling, province: &Province, decided: &[&Told]) -> Result<(), AppError> {
    let Some(council) = &story.council else { return Ok(()) };
    let named = |number: &str| decided.iter().any(|one| one.data.decision.as_deref() == Some(number));
    let Some(decision) = province.decision.iter().find(|decision| named(&decision.number)) else {
        return Ok(());
    };
    story.go_to(decision.days_ago);
    let office = story.office().await?;
    let input = DecisionInput {
        number: decision.number.clone(),
        decided_on: story.app.today().to_string(),
        signed_by: decision.signed_by.clone(),
    };
    recognition::record_decision(&story.app, &office, council, &input).await?;
    Ok(())
}

/// The state that a dossier of the story must end in.
#[cfg(test)]
pub(super) fn intended(state: &str) -> Option<State> {
    match state {
        "returned_commune" => Some(State::Draft),
        other => other.parse().ok(),
    }
}
