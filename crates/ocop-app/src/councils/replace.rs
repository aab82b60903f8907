//! Substitutes: a member who is in conflict, ill or away is replaced, for the council or for single dossiers, by an
//! amendment of the decision that set up the council.
//!
//! From then on the substitute scores, and ballots of the replaced member do not count; they stay where they are. A
//! turn that was tallied keeps the ballots of those who scored it. Whoever takes a place for the council has no part in
//! dossiers of which that place was given away before.

use chrono::NaiveDate;
use ocop_core::councils::{Found, Phase, SeatScope, conflicts_found, counts_from};
use ocop_core::dossiers::State;
use ocop_core::id::{CouncilId, DossierId, PersonId, SeatId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action, Permit};
use ocop_core::text::in_sentence;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::councils::replacements::{
    Closed, NamedReplacement, Replacement, closed_to, inherit, insert_replacement, replaced_on, replacements,
};
use ocop_store::councils::{Conflict, Council, Seat};
use ocop_store::db::Chain;
use ocop_store::dossiers::{Dossier, Listed};
use ocop_store::people::{Holder, Person};
use ocop_store::scoring::Ballot;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::found::{judge, party};
use super::session::dossiers_of;
use super::setup::{SeatInput, candidates, read_agency, read_person, saved_council, ticked};
use super::{found, subject};
use crate::runtime::fresh;
use crate::scoring::{head, session_of, tally_when_complete};
use crate::stale::stale;
use crate::{App, AppError, Fields, Refusal, notifications};

/// A replacement as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplaceInput {
    /// The seat that is replaced.
    pub seat: String,
    /// For the council or for single dossiers.
    pub scope: String,
    /// Those dossiers.
    pub dossiers: Vec<String>,
    /// Who takes the place; what the seat is for comes from the replaced one.
    #[serde(flatten)]
    pub substitute: SeatInput,
    /// Why.
    pub reason: String,
    /// Number of the amendment.
    pub decision_no: String,
    /// Its day.
    pub decision_on: String,
    /// The council's version that was read.
    pub version: String,
}

/// Who sits in whose place, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacementLine {
    /// Who was replaced.
    pub replaced: String,
    /// What the seat is for.
    pub kind: SeatKind,
    /// Who sits in that place.
    pub substitute: String,
    /// Where, and by which decision.
    pub place: String,
    /// Why.
    pub reason: String,
}

impl From<NamedReplacement> for ReplacementLine {
    fn from(one: NamedReplacement) -> Self {
        let products: Vec<&str> = one.dossiers.iter().map(|(_, product)| product.as_str()).collect();
        let on = match one.entry.scope {
            SeatScope::Council => one.entry.scope.name().to_owned(),
            SeatScope::Dossiers => products.join(", "),
        };
        Self {
            place: format!(
                "{on} · Quyết định {} ngày {}",
                one.entry.decision_no,
                date(one.entry.decision_on)
            ),
            replaced: one.replaced,
            kind: one.kind,
            substitute: one.substitute,
            reason: one.entry.reason,
        }
    }
}

/// Who sits in whose place in a council, oldest first.
pub(super) async fn lines(tx: &mut Tx, council: &CouncilId) -> Result<Vec<ReplacementLine>, AppError> {
    Ok(replacements(tx, council).await?.into_iter().map(ReplacementLine::from).collect())
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacementsView {
    /// The council.
    pub council: Council,
    /// Seats in force.
    pub seats: Vec<Seat>,
    /// Dossiers for which alone a member can still be replaced.
    pub dossiers: Vec<Listed>,
    /// Who may take a place, also those who stand in on other dossiers.
    pub candidates: Vec<Holder>,
    /// Who was replaced before, oldest first.
    pub before: Vec<ReplacementLine>,
}

/// The page of a council's substitutes, for the office.
pub async fn council_replacements(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
) -> Result<ReplacementsView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::ReplaceMember, &subject(&council))?;
    let seats = ocop_store::councils::seats(&mut tx, id).await?;
    let mut dossiers = dossiers_of(&mut tx, id).await?;
    dossiers.retain(|one| counts_from(SeatScope::Dossiers, one.state, None).is_ok());
    let before = replacements(&mut tx, id).await?;
    let seated = seats.iter().filter(|seat| seat.scope == SeatScope::Council).map(|seat| &seat.person_id);
    let left = before.iter().filter(|one| one.entry.scope == SeatScope::Council);
    let taken: Vec<&PersonId> = seated.chain(left.map(|one| &one.replaced_person)).collect();
    Ok(ReplacementsView {
        candidates: candidates(&mut tx, &council.province, &taken).await?,
        before: before.into_iter().map(ReplacementLine::from).collect(),
        seats,
        dossiers,
        council,
    })
}

/// A replacement as it was read.
struct Order {
    replaced: Seat,
    person: Person,
    agency: String,
    scope: SeatScope,
    dossiers: Vec<DossierId>,
    reason: String,
    decision_no: String,
    decision_on: NaiveDate,
}

/// The office puts a substitute in the place of a member, by an amendment of the decision that set up the council.
///
/// The registers are asked for conflicts of interest as for every member: with single dossiers the substitute must
/// have none, for the council the dossiers concerned stay closed to him or her.
pub async fn replace_member(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &ReplaceInput,
) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("council", id)).await?;
    let mut council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::ReplaceMember, &subject(&council))?;
    let before = replacements(&mut tx, id).await?;
    let order = read(app, &mut tx, &council, &before, input).await?;
    council.version = input.version.trim().parse().unwrap_or(0);
    if !ocop_store::councils::update(&mut tx, &council).await? {
        return Err(stale(&mut tx, &format!("council:{id}"), saved_council).await?);
    }
    let substitute = seated(app, &mut tx, id, &order).await?;
    if order.scope == SeatScope::Council {
        ocop_store::councils::remove_seat(&mut tx, id, &order.replaced.id, app.now()).await?;
        inherit(&mut tx, &order.replaced.id, &substitute.id).await?;
    }
    let one = Replacement {
        id: fresh(app.ids.as_ref()),
        council_id: id.clone(),
        seat_id: order.replaced.id.clone(),
        substitute_id: substitute.id.clone(),
        scope: order.scope,
        reason: order.reason.clone(),
        decision_no: order.decision_no.clone(),
        decision_on: order.decision_on,
        replaced_at: app.now(),
    };
    let mut from = Vec::new();
    for dossier in &order.dossiers {
        from.push((dossier.clone(), turn_from(app, &mut tx, &permit, &one, dossier).await?));
    }
    insert_replacement(&mut tx, &one, &from).await?;
    for (dossier, turn) in &from {
        stand_in(app, &mut tx, &order, &substitute, dossier, *turn).await?;
    }
    if order.scope == SeatScope::Council {
        close_tied(app, &mut tx, &order, &substitute).await?;
    }
    tell(app, &mut tx, &council, &order, &one).await?;
    let details = json!({
        "replacement": one.id, "seat": one.seat_id, "substitute": one.substitute_id, "person": order.person.id,
        "scope": one.scope, "dossiers": order.dossiers, "reason": one.reason, "decision_no": one.decision_no,
        "decision_on": one.decision_on,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

async fn read(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    before: &[NamedReplacement],
    input: &ReplaceInput,
) -> Result<Order, AppError> {
    let mut fields = Fields::new();
    let seats = ocop_store::councils::seats(tx, &council.id).await?;
    let replaced = seats.iter().find(|seat| seat.id.as_str() == input.seat);
    if replaced.is_none() {
        fields.fault("seat", "Chọn một người đang có tên trong hội đồng.");
    }
    let scope: Option<SeatScope> =
        fields.choice("scope", &input.scope, "Chọn thay cho cả hội đồng hay từng hồ sơ.");
    let reason = fields.required("reason", &input.reason, 2_000, "Ghi lý do thay; biên bản in lý do này.");
    let missing = "Ghi số, ký hiệu quyết định thay thế, kiện toàn.";
    let decision_no = fields.required("decision_no", &input.decision_no, 60, missing);
    let decision_on =
        fields.required_day("decision_on", &input.decision_on, "Ghi ngày của quyết định thay thế.");
    let is_early = |day: NaiveDate| council.decision_on.is_some_and(|first| day < first);
    if decision_on.is_some_and(|day| day > app.today() || is_early(day)) {
        fields.fault(
            "decision_on",
            "Ngày của quyết định chưa đến, hoặc trước quyết định thành lập. Hãy kiểm tra lại ngày ký.",
        );
    }
    let person = read_person(tx, &mut fields, &council.province, &input.substitute).await?;
    let agency = read_agency(&mut fields, &input.substitute.agency, person.as_ref());
    fields.done()?;
    let (Some(replaced), Some(scope), Some(person), Some(decision_on)) =
        (replaced, scope, person, decision_on)
    else {
        return Err(AppError::NotFound);
    };
    let dossiers = match scope {
        SeatScope::Council => of_seat(tx, replaced).await?,
        SeatScope::Dossiers => ticked(&input.dossiers)?,
    };
    let order = Order {
        replaced: replaced.clone(),
        person,
        agency,
        scope,
        dossiers,
        reason,
        decision_no,
        decision_on,
    };
    refuse_who_may_not(&seats, before, &order)?;
    refuse_twice(tx, &order).await?;
    refuse_conflicts(tx, &order, input.substitute.knowing == "1").await?;
    Ok(order)
}

/// The dossiers on which a seat is replaced for the council, in the order in which they are locked.
async fn of_seat(tx: &mut Tx, seat: &Seat) -> Result<Vec<DossierId>, AppError> {
    let mut ids = Vec::new();
    for one in dossiers_of(tx, &seat.council_id).await? {
        let was_replaced = replaced_on(tx, &one.id).await?.iter().any(|(old, _, _)| *old == seat.id);
        if counts_from(SeatScope::Council, one.state, None).is_ok() && !was_replaced {
            ids.push(one.id);
        }
    }
    ids.sort();
    Ok(ids)
}

/// A chair leads the council as a whole; nobody sits in two places or comes back into one that was given away.
fn refuse_who_may_not(seats: &[Seat], before: &[NamedReplacement], order: &Order) -> Result<(), AppError> {
    let mut fields = Fields::new();
    let name = &order.person.name;
    match (order.scope, order.replaced.kind, order.replaced.scope) {
        (SeatScope::Dossiers, SeatKind::Chair, _) => fields.fault(
            "scope",
            "Chủ tịch điều hành cả hội đồng nên chỉ thay được cho cả hội đồng. Cần người khác chủ trì một hồ sơ thì \
             phân hồ sơ đó cho hội đồng khác.",
        ),
        (SeatScope::Council, _, SeatScope::Dossiers) => fields.fault(
            "scope",
            format!("{} chỉ đánh giá thay ở từng hồ sơ. Hãy chọn những hồ sơ cần thay người.", order.replaced.name),
        ),
        (_, _, _) => {}
    }
    let taken = seats.iter().find(|seat| seat.person_id == order.person.id);
    let stands_in = |seat: &Seat| {
        seat.scope == SeatScope::Dossiers && seat.kind == order.replaced.kind && order.scope == seat.scope
    };
    if taken.is_some_and(|seat| seat.id == order.replaced.id || !stands_in(seat)) {
        fields.fault(
            "person",
            format!("{name} đã có tên trong hội đồng hoặc tổ tư vấn này. Hãy chọn người khác."),
        );
    }
    let was_replaced = |one: &NamedReplacement| {
        one.replaced_person == order.person.id && one.entry.scope == SeatScope::Council
    };
    if before.iter().any(was_replaced) {
        fields.fault("person", format!("{name} đã được thay ở hội đồng này. Hãy chọn người khác."));
    }
    fields.done()
}

/// On a dossier a member is replaced once, and nobody stands in twice.
async fn refuse_twice(tx: &mut Tx, order: &Order) -> Result<(), AppError> {
    if order.scope == SeatScope::Council {
        return Ok(());
    }
    let mut fields = Fields::new();
    let seats = ocop_store::councils::every_seat(tx, &order.replaced.council_id).await?;
    let own = |seat: &SeatId| seats.iter().any(|one| one.id == *seat && one.person_id == order.person.id);
    for id in &order.dossiers {
        let on = replaced_on(tx, id).await?;
        let is_left = on.iter().any(|(seat, _, _)| *seat == order.replaced.id);
        let is_elsewhere = order.replaced.scope == SeatScope::Dossiers
            && !on.iter().any(|(_, substitute, _)| *substitute == order.replaced.id);
        if is_left || is_elsewhere {
            let (name, product) = (&order.replaced.name, product(tx, id).await?);
            fields.fault("seat", format!("{name} không đánh giá hồ sơ «{product}». Hãy bỏ chọn hồ sơ này."));
        }
        if on.iter().any(|(seat, substitute, _)| own(seat) || own(substitute)) {
            let (name, product) = (&order.person.name, product(tx, id).await?);
            fields.fault(
                "person",
                format!("{name} đã có phần thay người ở hồ sơ «{product}». Hãy chọn người khác."),
            );
        }
    }
    fields.done()
}

/// A substitute for single dossiers has no conflict of interest with them; one for the council is told of first.
async fn refuse_conflicts(tx: &mut Tx, order: &Order, knowing: bool) -> Result<(), AppError> {
    let mut told = Vec::new();
    for id in &order.dossiers {
        let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
        let found = tie(tx, &dossier, &order.person, &order.agency).await?.map(|found| found.reason);
        let reason = match closed_to(tx, id, &order.person.id).await? {
            Some(Closed::Conflict) => Some(found.unwrap_or_else(|| "Đã ghi nhận".to_owned())),
            Some(Closed::Unseated) | None => found,
        };
        if let Some(reason) = reason {
            told.push(format!("«{}» ({})", product(tx, id).await?, in_sentence(&reason)));
        }
    }
    let mut fields = Fields::new();
    let words = format!("{} có xung đột lợi ích với {}.", order.person.name, told.join(", "));
    match order.scope {
        _ if told.is_empty() => {}
        SeatScope::Council if knowing => {}
        SeatScope::Council => fields.fault(
            "knowing",
            format!(
                "{words} Người này không được xem, không được chấm các hồ sơ đó. Hãy chọn người khác, hoặc đánh dấu để \
                 vẫn thay."
            ),
        ),
        SeatScope::Dossiers => fields.fault("person", format!("{words} Hãy chọn người khác.")),
    }
    fields.done()
}

/// The name of a dossier's product.
async fn product(tx: &mut Tx, id: &DossierId) -> Result<String, AppError> {
    let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    Ok(head(tx, &dossier).await?.product)
}

/// The certain conflict of interest of somebody with a dossier.
async fn tie(
    tx: &mut Tx,
    dossier: &Dossier,
    person: &Person,
    agency: &str,
) -> Result<Option<Found>, AppError> {
    let judge = judge(tx, &person.id, agency).await?;
    let party = party(tx, dossier).await?;
    Ok(conflicts_found(&judge, &party).into_iter().find(|one| one.certain))
}

/// The substitute's seat: a new one, or that from which the person stands in on other dossiers.
async fn seated(app: &App, tx: &mut Tx, council: &CouncilId, order: &Order) -> Result<Seat, AppError> {
    let id: SeatId = fresh(app.ids.as_ref());
    let (person, kind) = (&order.person.id, order.replaced.kind);
    ocop_store::councils::add_seat(tx, &id, council, person, kind, &order.agency, order.scope).await?;
    let seats = ocop_store::councils::seats(tx, council).await?;
    seats.into_iter().find(|seat| seat.person_id == *person).ok_or(AppError::NotFound)
}

/// Notes a replacement in a dossier's journal, which locks it; the first turn in which the substitute scores.
async fn turn_from(
    app: &App,
    tx: &mut Tx,
    permit: &Permit,
    one: &Replacement,
    id: &DossierId,
) -> Result<u16, AppError> {
    let details = json!({ "replacement": one.id, "seat": one.seat_id, "substitute": one.substitute_id });
    if !ocop_store::journal::note_in_dossier(tx, id, permit, app.now(), &details).await? {
        return Err(AppError::NotFound);
    }
    let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if dossier.council_id.as_ref() != Some(&one.council_id) {
        return Err(AppError::NotFound);
    }
    let last = ocop_store::scoring::last_turn(tx, id).await?.map(|turn| turn.no);
    match counts_from(one.scope, dossier.state, last) {
        Ok(from) => Ok(from),
        Err(no) => Err(Refusal::because(format!("Hồ sơ «{}» {no}", product(tx, id).await?))),
    }
}

/// Notes the substitute's certain conflict of interest with a dossier, whatever its state; whether it is closed to him or
/// her by one.
async fn close_when_tied(
    app: &App,
    tx: &mut Tx,
    order: &Order,
    substitute: &Seat,
    dossier: &Dossier,
) -> Result<bool, AppError> {
    if let Some(found) = tie(tx, dossier, &order.person, &substitute.agency).await? {
        let conflict = Conflict {
            dossier_id: dossier.id.clone(),
            seat_id: substitute.id.clone(),
            ground: found.ground,
            reason: found.reason,
            declared_at: app.now(),
        };
        ocop_store::councils::declare_conflict(tx, &conflict).await?;
    }
    Ok(closed_to(tx, &dossier.id, &substitute.person_id).await? == Some(Closed::Conflict))
}

/// The council's dossiers with results are closed, too, to a substitute who is in conflict with them.
async fn close_tied(app: &App, tx: &mut Tx, order: &Order, substitute: &Seat) -> Result<(), AppError> {
    for listed in dossiers_of(tx, &substitute.council_id).await? {
        if !order.dossiers.contains(&listed.id) {
            let dossier = ocop_store::dossiers::find(tx, &listed.id).await?.ok_or(AppError::NotFound)?;
            close_when_tied(app, tx, order, substitute, &dossier).await?;
        }
    }
    Ok(())
}

/// Tells the substitute, the replaced member, and chair and secretary, who lead the sessions.
async fn tell(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    order: &Order,
    one: &Replacement,
) -> Result<(), AppError> {
    let (old, new) = (&order.replaced, &order.person);
    let role = in_sentence(old.kind.name());
    let on = match one.scope {
        SeatScope::Council => String::new(),
        SeatScope::Dossiers => format!(" ở {} hồ sơ", order.dossiers.len()),
    };
    let place = format!("/councils/{}", council.id);
    let news = |what: String, href: &str| {
        let news = app.news(one.id.to_string(), &what, &council.name, href.to_owned());
        notifications::Notification { urgent: true, ..news }
    };
    let to_new = news(format!("Bạn thay {} làm {role}{on}", old.name), &place);
    notifications::tell(tx, std::slice::from_ref(&new.id), &to_new).await?;
    // The council's page is closed to who has left it.
    let left = if one.scope == SeatScope::Council { "/councils" } else { place.as_str() };
    let to_old = news(format!("{} thay bạn làm {role}{on}", new.name), left);
    notifications::tell(tx, std::slice::from_ref(&old.person_id), &to_old).await?;
    let leads = |seat: &&Seat| {
        matches!(seat.kind, SeatKind::Chair | SeatKind::Secretary)
            && seat.person_id != new.id
            && seat.person_id != old.person_id
    };
    let seats = ocop_store::councils::seats(tx, &council.id).await?;
    let leaders: Vec<PersonId> = seats.iter().filter(leads).map(|seat| seat.person_id.clone()).collect();
    let to_leaders = news(format!("{} thay {} làm {role}{on}", new.name, old.name), &place);
    notifications::tell(tx, &leaders, &to_leaders).await
}

/// What a replacement does to one dossier: its conflict of interest is noted, and a turn that is being scored gets the
/// substitute's ballot in the place of the other one.
async fn stand_in(
    app: &App,
    tx: &mut Tx,
    order: &Order,
    substitute: &Seat,
    id: &DossierId,
    turn: u16,
) -> Result<(), AppError> {
    let dossier = ocop_store::dossiers::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let is_closed = close_when_tied(app, tx, order, substitute, &dossier).await?;
    if Phase::of(dossier.state, false) == Phase::Waiting {
        return Ok(());
    }
    if is_closed && substitute.kind == SeatKind::Chair {
        let product = product(tx, id).await?;
        return Err(Refusal::because(format!(
            "{} có xung đột lợi ích với hồ sơ «{product}» đang chấm hoặc chờ xác nhận, nên không chủ trì được. Hãy chọn \
             người khác.",
            substitute.name
        )));
    }
    if dossier.state == State::Tallied {
        return Ok(());
    }
    let last = ocop_store::scoring::last_turn(tx, id).await?.ok_or(AppError::NotFound)?;
    let held = session_of(tx, &last).await?;
    ocop_store::scoring::attend(tx, &held, std::slice::from_ref(&substitute.id)).await?;
    if dossier.state != State::Scoring {
        return Ok(());
    }
    if !is_closed && held.settings.votes(substitute.kind) {
        let ballot = Ballot::blank(fresh(app.ids.as_ref()), id, turn, &substitute.id, app.now());
        ocop_store::scoring::insert_ballot(tx, &ballot).await?;
    }
    if ocop_store::scoring::ballots(tx, id, turn).await?.is_empty() {
        let product = product(tx, id).await?;
        return Err(Refusal::because(format!(
            "Không còn ai chấm hồ sơ «{product}» vì xung đột lợi ích. Hãy chọn người khác."
        )));
    }
    tally_when_complete(app, tx, &dossier).await?;
    Ok(())
}
