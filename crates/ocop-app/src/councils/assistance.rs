//! The register of who advised or trained which producer, kept by the office and by the people
//! themselves.

use ocop_core::councils::AssistanceKind;
use ocop_core::id::{AssistanceId, PersonId, ProducerId};
use ocop_core::people::{Actor, RoleKind};
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_store::Tx;
use ocop_store::councils::ties::{self, Assistance, NamedAssistance};
use ocop_store::db::Chain;
use ocop_store::people::Holder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::close_found;
use crate::runtime::fresh;
use crate::{App, AppError, Fields};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistanceView {
    /// The province whose register it is.
    pub province: String,
    /// Whether the reader keeps the register for the office: everybody's entries, and who may be named.
    pub keeps: bool,
    /// Assessors and officers who may sit in councils; for the office.
    pub people: Vec<Holder>,
    /// Entries, newest first: all for the office, one's own for everybody else.
    pub entries: Vec<NamedAssistance>,
}

/// An entry as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssistanceInput {
    /// Who; for the office only.
    pub person: String,
    /// Name of the producer as in the register, or its tax code.
    pub producer: String,
    /// Code of what was done.
    pub kind: String,
    /// Since when.
    pub since: String,
    /// What more is to be said.
    pub note: String,
}

/// The province, or the centre, where somebody works for councils: of the office, or as an assessor.
fn province_of(actor: &Actor) -> Option<(String, bool)> {
    let office = crate::accounts::office_of(actor).map(|unit| (unit.to_owned(), true));
    let assessor = actor.roles.iter().find(|role| role.kind == RoleKind::Assessor);
    office.or_else(|| assessor.map(|role| (role.unit.clone(), false)))
}

fn of_province(province: &str) -> Subject {
    Subject { province: Some(province.to_owned()), ..Subject::default() }
}

/// The register: all of it for the office, one's own entries for an assessor.
///
/// # Errors
/// Denied to whoever is neither.
pub async fn assistance(app: &App, actor: &Actor) -> Result<AssistanceView, AppError> {
    let mut tx = app.db.read().await?;
    let Some((province, keeps)) = province_of(actor) else {
        return Err(denied(actor));
    };
    let own = (!keeps).then_some(&actor.person);
    let mut people = if keeps { ocop_store::people::holders(&mut tx, &province).await? } else { Vec::new() };
    people.retain(|one| one.kind.may_sit());
    people.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    people.dedup_by(|a, b| a.id == b.id);
    let entries = ties::assistance_in(&mut tx, &province, own).await?;
    Ok(AssistanceView { province, keeps, people, entries })
}

fn denied(actor: &Actor) -> AppError {
    match policy::may(actor, Action::KeepAssistance, &Subject::default()) {
        Ok(_) => AppError::NotFound,
        Err(denied) => denied.into(),
    }
}

/// Notes that somebody advised or trained a producer: dossiers of that producer that are not yet scored
/// are closed to this person's seats.
pub async fn note_assistance(
    app: &App,
    actor: &Actor,
    input: &AssistanceInput,
) -> Result<AssistanceId, AppError> {
    let Some((province, keeps)) = province_of(actor) else { return Err(denied(actor)) };
    let mut fields = Fields::new();
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    let person = match (keeps, input.person.trim().parse::<PersonId>()) {
        (false, _) => Some(actor.person.clone()),
        (true, Ok(person)) => {
            let people = ocop_store::people::holders(&mut tx, &province).await?;
            people.into_iter().find(|one| one.id == person).map(|one| one.id)
        }
        (true, Err(_)) => None,
    };
    let permit = permit(actor, &province, person.as_ref())?;
    if person.is_none() {
        fields.fault("person", "Chọn người đã tư vấn hoặc tập huấn.");
    }
    let producer = read_producer(&mut tx, &mut fields, &province, &input.producer).await?;
    let kind: Option<AssistanceKind> = fields.choice("kind", &input.kind, "Chọn việc đã làm.");
    let since = fields.required_day("since", &input.since, "Ghi ngày bắt đầu.");
    if since.is_some_and(|day| day > app.today()) {
        fields.fault("since", "Ngày này chưa đến.");
    }
    let note = fields.optional("note", &input.note, 2_000);
    fields.done()?;
    let (Some(person_id), Some(producer_id), Some(kind), Some(since)) = (person, producer, kind, since)
    else {
        return Err(AppError::NotFound);
    };
    let entry = Assistance {
        id: fresh(app.ids.as_ref()),
        province,
        person_id,
        producer_id,
        kind,
        since,
        note,
        recorded_by: actor.person.clone(),
        recorded_at: app.now(),
    };
    ties::insert_assistance(&mut tx, &entry).await?;
    close_dossiers(app, &mut tx, &entry).await?;
    let details = json!({
        "entry": entry.id, "person": entry.person_id, "producer": entry.producer_id, "kind": entry.kind,
        "since": entry.since,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(entry.id)
}

/// For one's own entry anybody's permit will do, for somebody else's that of the office.
fn permit(actor: &Actor, province: &str, person: Option<&PersonId>) -> Result<Permit, AppError> {
    let own = person == Some(&actor.person);
    let action = if own { Action::DeclareAssistance } else { Action::KeepAssistance };
    Ok(policy::may(actor, action, &of_province(province))?)
}

async fn read_producer(
    tx: &mut Tx,
    fields: &mut Fields,
    province: &str,
    typed: &str,
) -> Result<Option<ProducerId>, AppError> {
    let name = fields.required("producer", typed, 200, "Ghi tên chủ thể như trong sổ, hoặc mã số thuế.");
    if name.is_empty() {
        return Ok(None);
    }
    let mut called = ocop_store::producers::called(tx, province, &name).await?;
    if called.len() > 1 {
        fields.fault("producer", "Có nhiều chủ thể cùng tên. Hãy ghi mã số thuế của chủ thể.");
        return Ok(None);
    }
    let producer = called.pop();
    if producer.is_none() {
        fields.fault(
            "producer",
            "Sổ đăng ký không có chủ thể này. Hãy ghi đúng tên đầy đủ như trong sổ, hoặc mã số thuế.",
        );
    }
    Ok(producer.map(|one| one.id))
}

/// Closes the producer's dossiers to the person's seats.
async fn close_dossiers(app: &App, tx: &mut Tx, entry: &Assistance) -> Result<(), AppError> {
    for council in ocop_store::councils::of_person(tx, &entry.person_id).await? {
        let mut seats = ocop_store::councils::seats(tx, &council.id).await?;
        seats.retain(|seat| seat.person_id == entry.person_id);
        for listed in super::session::dossiers_of(tx, &council.id).await? {
            let row = ocop_store::dossiers::find(tx, &listed.id).await?.ok_or(AppError::NotFound)?;
            if row.producer_id == entry.producer_id {
                close_found(app, tx, &row, &seats).await?;
            }
        }
    }
    Ok(())
}

/// The office strikes an entry that was wrong. Conflicts that were noted from it stay as they are.
pub async fn strike_assistance(app: &App, actor: &Actor, id: &AssistanceId) -> Result<(), AppError> {
    let Some((province, _)) = province_of(actor) else { return Err(denied(actor)) };
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    let permit = policy::may(actor, Action::KeepAssistance, &of_province(&province))?;
    let entry = ties::find_assistance(&mut tx, id).await?.filter(|one| one.province == province);
    let entry = entry.ok_or(AppError::NotFound)?;
    if !ties::remove_assistance(&mut tx, id, app.now()).await? {
        return Err(AppError::NotFound);
    }
    tx.commit(permit, app.now(), &json!({ "struck": entry.id, "person": entry.person_id })).await?;
    Ok(())
}
