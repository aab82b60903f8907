//! Samples of products: received with a dossier, kept, used, and what became of each.

use chrono::NaiveDate;
use ocop_core::dossiers::State;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::samples::{SampleState, handle, may_receive};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::samples::{self as store, Sample};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dossiers::{DossierFacts, Head, facts};
use crate::{App, AppError, Fields, Refusal};

/// The page of a dossier's samples.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplesView {
    /// The dossier.
    pub head: Head,
    /// How many the product set asks for; 0 for services.
    pub needed: u16,
    /// Those that were handed in.
    pub samples: Vec<Sample>,
    /// Whether the reader may receive more.
    pub may_receive: bool,
    /// Whether the reader may note what becomes of them.
    pub may_handle: bool,
}

/// What an officer types who receives samples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceiveInput {
    /// How many.
    pub count: String,
    /// Where they are put.
    pub place: String,
    /// When.
    pub received_on: String,
}

/// What becomes of some samples.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandleInput {
    /// Their numbers.
    pub samples: Vec<String>,
    /// `stored` moves them.
    pub state: String,
    /// The new place, when they are moved.
    pub moved_to: String,
    /// When.
    pub changed_on: String,
    /// By whom they were used, where they were sent, why they were thrown away.
    pub note: String,
}

/// Whether somebody may do this with samples of a dossier as it stands.
fn may(actor: &Actor, facts: &DossierFacts, action: Action) -> bool {
    let is_there = facts.row.submission_id.is_some() && facts.row.state != State::Withdrawn;
    is_there && policy::may(actor, action, &facts.subject).is_ok()
}

/// The page, for everybody who reads the dossier.
pub async fn samples(app: &App, actor: &Actor, id: &DossierId) -> Result<SamplesView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
    let needed = app.pinned(&mut tx, &facts.row.ruleset).await?.samples;
    let kept = store::of_dossier(&mut tx, id).await?;
    let there = u16::try_from(kept.len()).unwrap_or(u16::MAX);
    let can_receive = may_receive(needed, facts.row.state, there, 1).is_ok();
    Ok(SamplesView {
        head: Head::load(app, &mut tx, &facts.row).await?,
        needed,
        may_receive: can_receive && may(actor, &facts, Action::ReceiveSamples),
        may_handle: kept.iter().any(|one| one.state == SampleState::Stored)
            && may(actor, &facts, Action::HandleSamples),
        samples: kept,
    })
}

/// A day that has come, beside its field.
fn past_day(app: &App, fields: &mut Fields, field: &str, typed: &str) -> Option<NaiveDate> {
    let day = fields.required_day(field, typed, "Ghi ngày.");
    if day.is_some_and(|day| day > app.today()) {
        fields.fault(field, "Ngày này chưa đến.");
    }
    day
}

/// Receives samples; the numbers that they got.
///
/// # Errors
/// Faults beside their fields; a refusal for services, and where no office has the dossier.
pub async fn receive_samples(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &ReceiveInput,
) -> Result<Vec<u16>, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::ReceiveSamples, &facts.subject)?;
    let mut fields = Fields::new();
    let count = fields.number("count", &input.count, 1, 100).and_then(|count| u16::try_from(count).ok());
    if count.is_none() && input.count.trim().is_empty() {
        fields.fault("count", "Ghi số mẫu nhận.");
    }
    let place = fields.required("place", &input.place, 200, "Ghi nơi lưu giữ mẫu.");
    let on = past_day(app, &mut fields, "received_on", &input.received_on);
    fields.done()?;
    let (count, on) = count.zip(on).ok_or(AppError::NotFound)?;
    let there = store::of_dossier(&mut tx, id).await?;
    let last = there.last().map_or(0, |one| one.no);
    let needed = app.pinned(&mut tx, &facts.row.ruleset).await?.samples;
    may_receive(needed, facts.row.state, last, count).map_err(|why| Refusal::because(why.to_string()))?;
    let numbers: Vec<u16> = (last + 1..=last + count).collect();
    for no in &numbers {
        store::insert(&mut tx, id, *no, &place, on, &actor.person).await?;
    }
    tx.commit(permit, app.now(), &json!({ "samples": numbers, "place": place, "on": on })).await?;
    Ok(numbers)
}

/// Notes where samples are kept now, or what became of them: all of those chosen or none.
///
/// # Errors
/// Faults beside their fields; a refusal when one of them is no longer there.
pub async fn handle_samples(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    input: &HandleInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let permit = policy::may(actor, Action::HandleSamples, &facts.subject)?;
    let mut fields = Fields::new();
    let next = fields.choice::<SampleState>("state", &input.state, "Chọn việc đã làm với mẫu.");
    let place = fields.optional("moved_to", &input.moved_to, 200);
    let note = fields.optional("note", &input.note, 500);
    let on = past_day(app, &mut fields, "changed_on", &input.changed_on);
    if next == Some(SampleState::Stored) && place.is_empty() {
        fields.fault("moved_to", "Ghi nơi lưu giữ mới.");
    }
    if next.is_some_and(|next| next != SampleState::Stored) && note.is_empty() {
        fields.fault("note", "Ghi ai dùng, gửi đi đâu, hoặc lý do hủy.");
    }
    let chosen = chosen(&mut tx, id, input).await?;
    if chosen.is_empty() {
        fields.fault("samples", "Chọn ít nhất một mẫu.");
    }
    fields.done()?;
    let (next, on) = next.zip(on).ok_or(AppError::NotFound)?;
    let numbers: Vec<u16> = chosen.iter().map(|one| one.no).collect();
    for kept in chosen {
        let state = handle(kept.no, kept.state, next).map_err(|gone| Refusal::because(gone.to_string()))?;
        let place = if state == SampleState::Stored { place.clone() } else { kept.place.clone() };
        let changed = Sample { state, place, changed_on: on, note: note.clone(), ..kept };
        store::change(&mut tx, id, &changed, &actor.person).await?;
    }
    let details = json!({ "samples": numbers, "state": next, "place": place, "note": note, "on": on });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// The samples that were ticked.
async fn chosen(tx: &mut Tx, id: &DossierId, input: &HandleInput) -> Result<Vec<Sample>, AppError> {
    let kept = store::of_dossier(tx, id).await?;
    if input.samples.iter().any(|no| !kept.iter().any(|one| one.no.to_string() == *no)) {
        return Err(AppError::NotFound);
    }
    Ok(kept.into_iter().filter(|one| input.samples.contains(&one.no.to_string())).collect())
}

/// What a new form starts with: all that are missing, today.
pub fn receive_form(app: &App, view: &SamplesView) -> ReceiveInput {
    let there = u16::try_from(view.samples.len()).unwrap_or(u16::MAX);
    let missing = view.needed.saturating_sub(there).max(1);
    ReceiveInput { count: missing.to_string(), place: String::new(), received_on: date(app.today()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::councils::testing::Sitting;
    use crate::dossiers::testing::{complete, honey_in_round, submitted};
    use crate::testing::{World, invalid};

    fn refused(outcome: Result<impl Sized, AppError>, words: &str) {
        match outcome.err() {
            Some(AppError::Refused(refusal)) => assert!(refusal.to_string().contains(words), "{refusal}"),
            other => panic!("a refusal expected, not {other:?}"),
        }
    }

    fn five() -> ReceiveInput {
        ReceiveInput {
            count: "5".to_owned(),
            place: "Tủ mát, phòng 302".to_owned(),
            received_on: "02/11/2026".to_owned(),
        }
    }

    fn used(samples: &[&str]) -> HandleInput {
        HandleInput {
            samples: samples.iter().map(|no| (*no).to_owned()).collect(),
            state: "used".to_owned(),
            changed_on: "02/11/2026".to_owned(),
            note: "Hội đồng nếm thử".to_owned(),
            ..HandleInput::default()
        }
    }

    #[tokio::test]
    async fn samples_come_with_the_dossier_and_are_numbered() {
        let world = World::new().await;
        let (honey, id) = submitted(&world).await;
        let app = &world.app;
        let view = samples(app, &world.commune_officer, &id).await.unwrap();
        assert_eq!((view.needed, view.samples.len(), view.may_receive, view.may_handle), (5, 0, true, false));
        assert_eq!(receive_form(app, &view).count, "5");
        for stranger in [&honey.actor, &world.other_producer, &world.assessors[0]] {
            let refused = receive_samples(app, stranger, &id, &five()).await.err();
            assert!(matches!(refused, Some(AppError::Denied(_) | AppError::NotFound)), "{refused:?}");
        }
        let wrong = ReceiveInput { received_on: "03/11/2026".to_owned(), ..ReceiveInput::default() };
        let faults = receive_samples(app, &world.commune_officer, &id, &wrong).await;
        invalid(faults, &["count", "place", "received_on"]);
        let given = receive_samples(app, &world.commune_officer, &id, &five()).await.unwrap();
        assert_eq!(given, [1, 2, 3, 4, 5]);
        let more = ReceiveInput { count: "1".to_owned(), ..five() };
        assert_eq!(receive_samples(app, &world.officer, &id, &more).await.unwrap(), [6]);
        let many = ReceiveInput { count: "100".to_owned(), ..five() };
        refused(receive_samples(app, &world.officer, &id, &many).await, "nhiều nhất 100 mẫu");
        let own = samples(app, &honey.actor, &id).await.unwrap();
        assert_eq!((own.samples.len(), own.may_receive, own.may_handle), (6, false, false));
    }

    #[tokio::test]
    async fn a_draft_has_no_samples_yet() {
        let world = World::new().await;
        let honey = honey_in_round(&world).await;
        let id = complete(&world, &honey).await;
        refused(receive_samples(&world.app, &world.officer, &id, &five()).await, "không nhận mẫu ở bước này");
    }

    #[tokio::test]
    async fn the_secretary_notes_what_became_of_them_and_nothing_is_used_twice() {
        let sitting = Sitting::scoring(2).await;
        let (app, id) = (sitting.app(), &sitting.dossier);
        receive_samples(app, &sitting.world.officer, id, &five()).await.unwrap();
        handle_samples(app, &sitting.secretary, id, &used(&["1", "2"])).await.unwrap();
        let kept = samples(app, &sitting.secretary, id).await.unwrap();
        let states: Vec<SampleState> = kept.samples.iter().map(|one| one.state).collect();
        assert_eq!(states[..3], [SampleState::Used, SampleState::Used, SampleState::Stored]);
        assert_eq!(kept.samples[0].note, "Hội đồng nếm thử");
        refused(handle_samples(app, &sitting.secretary, id, &used(&["3", "2"])).await, "Mẫu số 2");
        let after = samples(app, &sitting.secretary, id).await.unwrap();
        assert_eq!(after.samples, kept.samples, "all or none");
        let moved = HandleInput {
            state: "stored".to_owned(),
            moved_to: "Kho lưu mẫu".to_owned(),
            note: String::new(),
            ..used(&["3"])
        };
        handle_samples(app, &sitting.world.officer, id, &moved).await.unwrap();
        let after = samples(app, &sitting.secretary, id).await.unwrap();
        assert_eq!(after.samples[2].place, "Kho lưu mẫu");
        invalid(
            handle_samples(app, &sitting.secretary, id, &HandleInput::default()).await,
            &["state", "changed_on", "samples"],
        );
        let member = handle_samples(app, &sitting.members[0], id, &used(&["4"])).await.err();
        assert!(matches!(member, Some(AppError::Denied(_))), "{member:?}");
    }
}
