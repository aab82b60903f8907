//! Setting up a council: decision, rules of work, seats, and the dossiers it judges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ocop_core::councils::SeatScope;
use ocop_core::dossiers::{DossierKind, Event, State};
use ocop_core::id::{CouncilId, DossierId, PersonId, RoundId, SeatId};
use ocop_core::people::{Actor, RoleKind, SeatKind};
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::text::in_sentence;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::councils::replacements::{NamedReplacement, replacements};
use ocop_store::councils::{Council, Seat};
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::people::{Holder, Person};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::found::{close_all_found, close_found, found_in_round, judge};
use super::settings::{SettingsInput, is_sitting, sources_of};
use super::{found, subject};
use crate::runtime::fresh;
use crate::stale::stale;
use crate::{App, AppError, Fields, Refusal, notifications};

/// A council as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CouncilInput {
    /// Its name.
    pub name: String,
    /// Number of the decision that sets it up.
    pub decision_no: String,
    /// Day of that decision.
    pub decision_on: String,
    /// Its rules of work.
    #[serde(flatten)]
    pub rules: SettingsInput,
    /// The version that was read.
    pub version: String,
}

impl CouncilInput {
    /// What a form for an existing council starts with.
    pub fn of(council: &Council) -> Self {
        Self {
            name: council.name.clone(),
            decision_no: council.decision_no.clone(),
            decision_on: council.decision_on.map(date).unwrap_or_default(),
            version: council.version.to_string(),
            rules: SettingsInput::of(&council.settings),
        }
    }
}

/// What the form for a new council shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCouncil {
    /// The round.
    pub round: RoundId,
    /// Its name.
    pub round_name: String,
    /// Defaults of the regime.
    pub input: CouncilInput,
    /// Where the default of each rule of work comes from, by its name in the form.
    pub sources: BTreeMap<String, String>,
}

/// The form for a new council of a round, with the regime's defaults filled in.
pub async fn new_council(app: &App, actor: &Actor, round: &RoundId) -> Result<NewCouncil, AppError> {
    let mut tx = app.db.read().await?;
    let round = ocop_store::rounds::find(&mut tx, round).await?.ok_or(AppError::NotFound)?;
    let of_province = Subject { province: Some(round.province.clone()), ..Subject::default() };
    let _ = policy::may(actor, Action::ManageCouncil, &of_province)?;
    let defaults = &app.process(&round.regime)?.council;
    let input = CouncilInput {
        name: format!("Hội đồng đánh giá, phân hạng {}", round.name),
        rules: SettingsInput::of(defaults),
        ..CouncilInput::default()
    };
    let sources = sources_of(app, &round.regime)?;
    Ok(NewCouncil { round: round.id, round_name: round.name, input, sources })
}

/// Sets up a council for a round.
pub async fn create_council(
    app: &App,
    actor: &Actor,
    round: &RoundId,
    input: &CouncilInput,
) -> Result<CouncilId, AppError> {
    let id: CouncilId = fresh(app.ids.as_ref());
    let mut tx = app.db.write(Chain::of("council", &id)).await?;
    let round = ocop_store::rounds::find(&mut tx, round).await?.ok_or(AppError::NotFound)?;
    let of_province = Subject { province: Some(round.province.clone()), ..Subject::default() };
    let permit = policy::may(actor, Action::ManageCouncil, &of_province)?;
    let mut fields = Fields::new();
    let (name, decision_no, decision_on) = read_decision(&mut fields, input, app.today());
    let settings = input.rules.read(&mut fields);
    // Two tabs that set up the same council wait for each other here.
    ocop_store::units::hold(&mut tx, &round.province).await?;
    let known = ocop_store::councils::of_round(&mut tx, &round.id).await?;
    if let Some(known) =
        known.iter().find(|known| known.decision_no == decision_no && !decision_no.is_empty())
    {
        fields.fault(
            "decision_no",
            format!("Đã lập hội đồng «{}» theo quyết định này. Hãy mở hội đồng đó.", known.name),
        );
    }
    fields.done()?;
    let council = Council {
        id: id.clone(),
        province: round.province,
        round_id: round.id,
        name,
        decision_no,
        decision_on,
        settings,
        created_at: app.now(),
        version: 1,
    };
    ocop_store::councils::insert(&mut tx, &council).await?;
    let details = json!({
        "round": council.round_id, "name": council.name, "decision_no": council.decision_no,
        "decision_on": council.decision_on, "settings": council.settings,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(id)
}

/// Changes a council. Its rules of work are fixed while a dossier is on its way from the first ballot to
/// the confirmed result; a session keeps those it was opened with in any case.
pub async fn save_council(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &CouncilInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let mut council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::ManageCouncil, &subject(&council))?;
    let mut fields = Fields::new();
    (council.name, council.decision_no, council.decision_on) = read_decision(&mut fields, input, app.today());
    let sitting = is_sitting(&mut tx, id).await?;
    if !sitting || input.rules.is_sent() {
        let settings = input.rules.read(&mut fields);
        if sitting && settings != council.settings {
            fields.fault(
                "quorum_percent",
                "Hội đồng đang chấm hồ sơ theo quy chế này nên chưa đổi được. \
                 Hãy giữ nguyên, và sửa sau khi Chủ tịch xác nhận kết quả của các hồ sơ đang chấm.",
            );
        }
        council.settings = settings;
    }
    fields.done()?;
    council.version = input.version.trim().parse().unwrap_or(0);
    if !ocop_store::councils::update(&mut tx, &council).await? {
        return Err(stale(&mut tx, &format!("council:{id}"), saved_council).await?);
    }
    let details = json!({
        "name": council.name, "decision_no": council.decision_no, "decision_on": council.decision_on,
        "settings": council.settings,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// What an entry says about a council, its rules of work and its substitutes.
pub(super) fn saved_council(data: &Value) -> Option<String> {
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    if text("replacement").is_some() {
        return Some(format!("việc thay thành viên theo quyết định {}", text("decision_no")?));
    }
    let rules = data.get("settings")?;
    let number = |name: &str| rules.get(name).and_then(Value::as_u64).unwrap_or_default();
    Some(format!(
        "«{}», quyết định {}, có mặt từ {} %, chênh lệch không quá {} điểm",
        text("name")?,
        text("decision_no")?,
        number("quorum_percent"),
        number("spread_limit")
    ))
}

/// Whether the council has opened a session.
pub(super) async fn has_sat(tx: &mut Tx, council: &CouncilId) -> Result<bool, AppError> {
    Ok(!ocop_store::scoring::sessions(tx, council).await?.is_empty())
}

fn read_decision(
    fields: &mut Fields,
    input: &CouncilInput,
    today: NaiveDate,
) -> (String, String, Option<NaiveDate>) {
    let name = fields.required("name", &input.name, 200, "Ghi tên hội đồng.");
    let missing = "Ghi số, ký hiệu quyết định thành lập hội đồng.";
    let decision_no = fields.required("decision_no", &input.decision_no, 60, missing);
    let decision_on =
        fields.required_day("decision_on", &input.decision_on, "Ghi ngày của quyết định thành lập.");
    if decision_on.is_some_and(|day| day > today) {
        fields.fault("decision_on", "Ngày của quyết định chưa đến. Hãy kiểm tra lại ngày ký.");
    }
    (name, decision_no, decision_on)
}

/// A seat as it is typed: the person comes from the list or by e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeatInput {
    /// Chosen from the list of assessors.
    pub person: String,
    /// Or typed.
    pub email: String,
    /// What the seat is for.
    pub kind: String,
    /// The agency; the person's position when left empty.
    pub agency: String,
    /// `1` when the person is invited although conflicts of interest were found.
    pub knowing: String,
}

/// Gives somebody a seat in the council or its advisory team.
pub async fn add_seat(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &SeatInput,
) -> Result<SeatId, AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::ManageCouncil, &subject(&council))?;
    refuse_once_sat(&mut tx, id).await?;
    let mut fields = Fields::new();
    let kind: Option<SeatKind> = fields.choice("kind", &input.kind, "Chọn vai trò trong hội đồng.");
    let person = read_person(&mut tx, &mut fields, &council.province, input).await?;
    let agency = read_agency(&mut fields, &input.agency, person.as_ref());
    if let Some(person) = person.as_ref().filter(|_| input.knowing != "1") {
        tell_conflicts(&mut tx, &mut fields, &council, person, &agency).await?;
    }
    if let Some(kind) = kind.filter(|kind| matches!(kind, SeatKind::Chair | SeatKind::Secretary)) {
        let taken =
            ocop_store::councils::seats(&mut tx, id).await?.into_iter().find(|seat| seat.kind == kind);
        if let Some(seat) = taken {
            fields.fault("kind", format!("Đã có {}: {}. Hãy bỏ người này trước.", kind.name(), seat.name));
        }
    }
    if let Some(person) = &person {
        refuse_replaced(&mut tx, id, |one| one.replaced_person == person.id, &person.name).await?;
    }
    fields.done()?;
    let (Some(kind), Some(person)) = (kind, person) else { return Err(AppError::NotFound) };
    let seat: SeatId = fresh(app.ids.as_ref());
    let added =
        ocop_store::councils::add_seat(&mut tx, &seat, id, &person.id, kind, &agency, SeatScope::Council)
            .await?;
    let Some(seat) = added else {
        let mut fields = Fields::new();
        fields.fault("person", format!("{} đã có tên trong hội đồng hoặc tổ tư vấn này.", person.name));
        return Err(fields.done().err().unwrap_or(AppError::NotFound));
    };
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let own: Vec<Seat> = seats.into_iter().filter(|one| one.id == seat).collect();
    close_all_found(app, &mut tx, &council, &own).await?;
    let what = format!("Bạn được cử làm {}", in_sentence(kind.name()));
    let news = app.news(seat.to_string(), &what, &council.name, format!("/councils/{id}"));
    notifications::tell(&mut tx, std::slice::from_ref(&person.id), &news).await?;
    let details = json!({ "seat": seat, "person": person.id, "kind": kind, "agency": agency });
    tx.commit(permit, app.now(), &details).await?;
    Ok(seat)
}

/// Says before somebody is invited with which dossiers of the round a conflict of interest is found.
async fn tell_conflicts(
    tx: &mut Tx,
    fields: &mut Fields,
    council: &Council,
    person: &Person,
    agency: &str,
) -> Result<(), AppError> {
    let judge = judge(tx, &person.id, agency).await?;
    let found = found_in_round(tx, council, &judge).await?;
    let told: Vec<String> = found
        .iter()
        .filter(|(_, one)| one.certain)
        .map(|(product, one)| format!("«{product}» ({})", in_sentence(&one.reason)))
        .collect();
    if !told.is_empty() {
        fields.fault(
            "knowing",
            format!(
                "{} có xung đột lợi ích với {}. Người này không được xem, không được chấm các hồ sơ đó. \
                 Hãy chọn người khác, hoặc đánh dấu để vẫn mời.",
                person.name,
                told.join(", ")
            ),
        );
    }
    Ok(())
}

/// Who may be given a seat in a council of a province, each once; `taken`: who may not.
pub(super) async fn candidates(
    tx: &mut Tx,
    province: &str,
    taken: &[&PersonId],
) -> Result<Vec<Holder>, AppError> {
    let mut holders = ocop_store::people::holders(tx, province).await?;
    let mut listed: BTreeSet<PersonId> = BTreeSet::new();
    holders.retain(|holder| {
        holder.kind.may_sit() && !taken.contains(&&holder.id) && listed.insert(holder.id.clone())
    });
    Ok(holders)
}

/// The agency that somebody speaks for: as typed, or that of the account's position.
pub(super) fn read_agency(fields: &mut Fields, typed: &str, person: Option<&Person>) -> String {
    let mut agency = fields.optional("agency", typed, 200);
    if let (true, Some(person)) = (agency.is_empty(), person) {
        agency.clone_from(&person.title);
    }
    if agency.is_empty() {
        fields.fault("agency", "Ghi cơ quan mà người này đại diện.");
    }
    agency
}

pub(super) async fn read_person(
    tx: &mut Tx,
    fields: &mut Fields,
    province: &str,
    input: &SeatInput,
) -> Result<Option<Person>, AppError> {
    let email = input.email.trim().to_lowercase();
    let person = match (input.person.trim(), email.as_str()) {
        ("", "") => {
            fields.fault("person", "Chọn người trong danh sách, hoặc ghi email tài khoản của người đó.");
            return Ok(None);
        }
        ("", email) => ocop_store::people::find_by_email(tx, email).await?,
        (id, _) => match id.parse::<PersonId>() {
            Ok(id) => ocop_store::people::find(tx, &id).await?,
            Err(_) => None,
        },
    };
    let field = if input.person.trim().is_empty() { "email" } else { "person" };
    let Some(person) = person.filter(|person| person.disabled_at.is_none()) else {
        fields.fault(field, "Chưa có tài khoản này. Hãy cấp tài khoản cho người đó rồi thêm lại.");
        return Ok(None);
    };
    let roles = ocop_store::people::actor_of(tx, &person.id).await?.roles;
    let may_sit = roles.iter().any(|role| role.unit == province && role.kind.may_sit());
    if !may_sit {
        fields.fault(
            field,
            format!("{} chưa được cấp vai trò «{}» của tỉnh.", person.name, RoleKind::Assessor.name()),
        );
        return Ok(None);
    }
    Ok(Some(person))
}

/// Takes a seat back, as long as the council has not sat.
pub async fn remove_seat(app: &App, actor: &Actor, id: &CouncilId, seat: &SeatId) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::ManageCouncil, &subject(&council))?;
    refuse_once_sat(&mut tx, id).await?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let name = seats.iter().find(|one| one.id == *seat).map_or("", |one| one.name.as_str());
    let concerns = |one: &NamedReplacement| one.entry.seat_id == *seat || one.entry.substitute_id == *seat;
    refuse_replaced(&mut tx, id, concerns, name).await?;
    if !ocop_store::councils::remove_seat(&mut tx, id, seat, app.now()).await? {
        return Err(AppError::NotFound);
    }
    tx.commit(permit, app.now(), &json!({ "removed": seat })).await?;
    Ok(())
}

/// Whoever a decision puts in another one's place, or whose place it gives away, comes and goes by a decision only.
async fn refuse_replaced(
    tx: &mut Tx,
    id: &CouncilId,
    concerns: impl Fn(&NamedReplacement) -> bool,
    name: &str,
) -> Result<(), AppError> {
    let before = replacements(tx, id).await?;
    let Some(one) = before.iter().find(|one| concerns(one)) else { return Ok(()) };
    Err(Refusal::because(format!(
        "{name} có tên trong Quyết định {} về thay thành viên, nên không thêm, bớt ở đây được. Có quyết định mới thì mở \
         «Thay thành viên».",
        one.entry.decision_no
    )))
}

async fn refuse_once_sat(tx: &mut Tx, id: &CouncilId) -> Result<(), AppError> {
    if has_sat(tx, id).await? {
        return Err(Refusal::because(
            "Hội đồng đã mở phiên họp nên không thêm, bớt thành viên được nữa. \
             Có quyết định thay thế, kiện toàn thì mở «Thay thành viên».",
        ));
    }
    Ok(())
}

/// Dossiers ticked in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignInput {
    /// Their ids.
    pub dossiers: Vec<String>,
}

/// Gives dossiers to the council: all of them or none. How many there were.
///
/// A dossier that another council of the round has not begun to score may move here.
pub async fn assign_dossiers(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &AssignInput,
) -> Result<usize, AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::AssignDossier, &subject(&council))?;
    let dossiers = ticked(&input.dossiers)?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    must_have(&seats, SeatKind::Chair)?;
    for dossier in &dossiers {
        assign(app, &mut tx, &permit, &council, &seats, dossier).await?;
    }
    tx.commit(permit, app.now(), &json!({ "dossiers": dossiers })).await?;
    Ok(dossiers.len())
}

/// Refuses to give dossiers to a council without a seat of this kind.
fn must_have(seats: &[Seat], kind: SeatKind) -> Result<(), AppError> {
    if seats.iter().any(|seat| seat.kind == kind) {
        return Ok(());
    }
    Err(Refusal::because(format!("Hội đồng chưa có {}. Hãy thêm người rồi phân hồ sơ.", kind.name())))
}

/// The ids in one fixed order, so that two transactions never wait for each other.
pub(super) fn ticked(typed: &[String]) -> Result<Vec<DossierId>, AppError> {
    let mut ids: Vec<DossierId> =
        typed.iter().map(|id| id.parse().map_err(|_| AppError::NotFound)).collect::<Result<_, _>>()?;
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Err(Refusal::because("Chưa chọn hồ sơ nào. Hãy đánh dấu ít nhất một hồ sơ trong danh sách."));
    }
    Ok(ids)
}

async fn assign(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    council: &Council,
    seats: &[Seat],
    id: &DossierId,
) -> Result<(), AppError> {
    let details = json!({ "council": council.id });
    if !ocop_store::journal::note_in_dossier(tx, id, permit, app.now(), &details).await? {
        return Err(AppError::NotFound);
    }
    let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if dossier.province != council.province || dossier.round_id != council.round_id {
        return Err(AppError::NotFound);
    }
    ocop_store::dossiers::assign(tx, id, &council.id).await?;
    close_found(app, tx, &dossier, seats).await?;
    if !moves_between_councils(&dossier, council) {
        let event = match dossier.kind {
            DossierKind::First | DossierKind::Upgrade => {
                must_have(seats, SeatKind::Advisor)?;
                Event::Assign
            }
            // The office checks these itself.
            DossierKind::Renewal => Event::AssignRenewal,
        };
        crate::dossiers::advance(app, tx, &dossier, event).await?;
    }
    Ok(())
}

fn moves_between_councils(dossier: &Dossier, council: &Council) -> bool {
    let unscored = matches!(dossier.state, State::Checking | State::Advising | State::Advised);
    unscored && dossier.council_id.as_ref().is_some_and(|current| *current != council.id)
}
