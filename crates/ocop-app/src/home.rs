//! What each person has to do: the oldest deadline first.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use ocop_core::dossiers::State;
use ocop_core::id::ProducerId;
use ocop_core::people::{Actor, RoleKind, Seat, SeatKind};
use ocop_core::policy::{self, Action, Subject};
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::councils::replacements::closed_in;
use ocop_store::dossiers::{Filter, Listed};

use crate::rounds::Due;
use crate::{App, AppError};

/// More dossiers than one person has to do with at a time.
const MOST: i64 = 2_000;

/// How many days before its day a planned visit stands on the list.
const VISITS_AHEAD: u64 = 30;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    /// What, beginning with the act.
    pub what: String,
    /// About whom or what.
    pub about: String,
    /// Where it is done.
    pub href: String,
    /// By when.
    pub due: Option<Due>,
    /// The same as a day.
    pub day: Option<NaiveDate>,
}

/// Collects to-dos with their deadlines in words.
struct Todos<'app> {
    app: &'app App,
    list: Vec<Todo>,
}

impl Todos<'_> {
    fn add(
        &mut self,
        what: impl Into<String>,
        about: impl Into<String>,
        href: String,
        day: Option<NaiveDate>,
    ) {
        let due = day.map(|day| self.app.due(day));
        self.list.push(Todo { what: what.into(), about: about.into(), href, due, day });
    }
}

/// The person's list of things to do: the oldest deadline first, then what has none.
pub async fn todos(app: &App, actor: &Actor) -> Result<Vec<Todo>, AppError> {
    let _ = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let mut tx = app.db.read().await?;
    let mut todos = Todos { app, list: Vec::new() };
    for producer in &actor.producers {
        of_producer(&mut tx, &mut todos, producer).await?;
    }
    for role in &actor.roles {
        match role.kind {
            RoleKind::CommuneOfficer => of_commune(&mut tx, &mut todos, &role.unit).await?,
            RoleKind::ProvincialOfficer | RoleKind::CentralOfficer => {
                of_province(&mut tx, &mut todos, &role.unit).await?
            }
            RoleKind::Assessor => {}
        }
    }
    for seat in &actor.seats {
        of_seat(&mut tx, &mut todos, actor, seat).await?;
    }
    if actor.producers.is_empty() && actor.roles.is_empty() && actor.seats.is_empty() {
        todos.add(
            "Khai báo cơ sở của bạn",
            "Bước đầu tiên để đăng ký sản phẩm",
            "/producers/new".to_owned(),
            None,
        );
    }
    let mut list = todos.list;
    list.sort_by_key(|todo| (todo.day.is_none(), todo.day));
    Ok(list)
}

async fn of_producer(tx: &mut Tx, todos: &mut Todos<'_>, id: &ProducerId) -> Result<(), AppError> {
    let filter = Filter { producer: Some(id.clone()), ..Filter::default() };
    let dossiers = ocop_store::dossiers::list(tx, &filter, MOST).await?;
    if dossiers.is_empty() {
        let name =
            ocop_store::producers::find(tx, id).await?.map(|producer| producer.name).unwrap_or_default();
        todos.add("Khai sản phẩm và mở hồ sơ đăng ký", name, format!("/producers/{id}"), None);
    }
    let mut told = crate::inspections::todos_of_producer(tx, id).await?;
    told.extend(crate::evidence::todos_of_producer(tx, id, todos.app.today()).await?);
    for (what, about, href, day) in told {
        todos.add(what, about, href, day);
    }
    renewals(tx, todos, id).await?;
    for row in dossiers {
        match row.state {
            State::Draft => draft(tx, todos, &row).await?,
            State::Completing => {
                let back = ocop_store::dossiers::returns(tx, &row.id).await?;
                let due = back.first().and_then(|back| back.due_on);
                todos.add(
                    format!("Bổ sung hồ sơ {} theo yêu cầu của tỉnh", row.product),
                    &row.round,
                    page(&row, ""),
                    due,
                );
            }
            State::Advising | State::Advised => {
                for request in ocop_store::councils::requests(tx, &row.id).await? {
                    if request.answered_at.is_none() {
                        todos.add(
                            format!("Bổ sung minh chứng cho Tổ tư vấn: {}", row.product),
                            request.request,
                            page(&row, &format!("/requests/{}", request.id)),
                            Some(request.due_on),
                        );
                    }
                }
            }
            State::AtCommune
            | State::AtProvince
            | State::Accepted
            | State::Scoring
            | State::Discussion
            | State::Tallied
            | State::Confirmed
            | State::Recognised
            | State::NotRecognised
            | State::ForCentre
            | State::AtCentre
            | State::ReferredBack
            | State::FiveStars
            | State::Fallback
            | State::Again
            | State::Checking
            | State::Disqualified
            | State::Withdrawn => {}
        }
    }
    Ok(())
}

/// Re-evaluations that can be filed now and have not been begun (26/2026/QĐ-TTg, Article 7.6a).
async fn renewals(tx: &mut Tx, todos: &mut Todos<'_>, producer: &ProducerId) -> Result<(), AppError> {
    let today = todos.app.today();
    let renewal = &todos.app.process(&todos.app.regime_today()?.id)?.renewal;
    let Some((opens, closes)) = renewal.opens_days_before.zip(renewal.closes_days_before) else {
        return Ok(());
    };
    let until = today.checked_add_days(Days::new(opens.into())).unwrap_or(today);
    for held in ocop_store::notifications::ending(tx, today, until, Some(producer)).await? {
        let last = held.valid_until.checked_sub_days(Days::new(closes.into()));
        let kept = ocop_store::dossiers::of_product(tx, &held.product_id).await?;
        let Some(last) = last.filter(|last| *last >= today && kept.iter().all(|row| row.state.is_closed()))
        else {
            continue;
        };
        todos.add(
            format!("Nộp hồ sơ đánh giá lại {}", held.product),
            format!("Giấy chứng nhận {} sao hết hạn {}", held.stars, date(held.valid_until)),
            format!("/products/{}", held.product_id),
            Some(last),
        );
    }
    Ok(())
}

/// A draft, new or returned by the commune: due when the round stops taking proposals.
async fn draft(tx: &mut Tx, todos: &mut Todos<'_>, row: &Listed) -> Result<(), AppError> {
    let dossier = ocop_store::dossiers::find(tx, &row.id).await?.ok_or(AppError::NotFound)?;
    let round = ocop_store::rounds::find(tx, &dossier.round_id).await?.ok_or(AppError::NotFound)?;
    let what = if dossier.submission_id.is_some() {
        format!("Sửa hồ sơ {} do xã trả lại", row.product)
    } else {
        format!("Hoàn thiện và nộp hồ sơ {}", row.product)
    };
    todos.add(
        what,
        format!("{} · xã đề nghị trước hạn này", row.round),
        page(row, ""),
        Some(round.propose_by),
    );
    Ok(())
}

async fn of_commune(tx: &mut Tx, todos: &mut Todos<'_>, commune: &str) -> Result<(), AppError> {
    let filter =
        Filter { commune: Some(commune.to_owned()), state: Some(State::AtCommune), ..Filter::default() };
    for row in ocop_store::dossiers::list(tx, &filter, MOST).await? {
        todos.add(
            format!("Kiểm tra hồ sơ {}", row.product),
            &row.producer,
            page(&row, "/commune-report"),
            row.commune_due_on,
        );
    }
    Ok(())
}

async fn of_province(tx: &mut Tx, todos: &mut Todos<'_>, province: &str) -> Result<(), AppError> {
    let today = todos.app.today();
    if ocop_store::rounds::open_on(tx, province, today).await?.is_empty() {
        todos.add("Mở đợt đánh giá", "Chưa có đợt nào đang nhận hồ sơ", "/rounds/new".to_owned(), None);
    }
    let at = |state: State| Filter {
        province: Some(province.to_owned()),
        state: Some(state),
        ..Filter::default()
    };
    let mut arrived = ocop_store::dossiers::list(tx, &at(State::AtProvince), MOST).await?;
    arrived.extend(ocop_store::dossiers::list(tx, &at(State::AtCentre), MOST).await?);
    for row in arrived {
        todos.add(
            format!("Tiếp nhận hồ sơ {}", row.product),
            format!("{} · {}", row.producer, row.commune),
            page(&row, "/reception"),
            Some(row.result_by),
        );
    }
    for row in ocop_store::dossiers::list(tx, &at(State::Checking), MOST).await? {
        todos.add(
            format!("Kiểm tra hồ sơ đánh giá lại {}", row.product),
            format!("{} · {}", row.producer, row.commune),
            page(&row, "/renewal-check"),
            Some(todos.app.result_by(&row)),
        );
    }
    let accepted = ocop_store::dossiers::list(tx, &at(State::Accepted), MOST).await?;
    for round in ocop_store::rounds::of_province(tx, province).await? {
        let count = accepted.iter().filter(|row| row.round == round.name).count();
        if count > 0 {
            todos.add(
                format!("Phân {count} hồ sơ cho hội đồng"),
                &round.name,
                format!("/rounds/{}?state=accepted", round.id),
                Some(round.result_by),
            );
        }
    }
    for (what, about, href, day) in
        crate::recognition::open_verifications(tx, province, todos.app.today()).await?
    {
        todos.add(what, about, href, day);
    }
    for (what, about, href, day) in crate::recognition::todos_of_extended(tx, province, today).await? {
        todos.add(what, about, href, day);
    }
    for row in ocop_store::dossiers::list(tx, &at(State::ForCentre), MOST).await? {
        match ocop_store::centre::find(tx, &row.id).await? {
            None => todos.add(
                format!("Gửi hồ sơ {} lên trung ương", row.product),
                &row.producer,
                page(&row, "/centre"),
                None,
            ),
            Some(sent) if sent.central_dossier.is_none() => todos.add(
                format!("Ghi kết quả của trung ương về {}", row.product),
                &row.producer,
                page(&row, "/centre"),
                None,
            ),
            Some(_) => {}
        }
    }
    for row in ocop_store::dossiers::list(tx, &at(State::Fallback), MOST).await? {
        todos.add(
            format!("Quyết định về {} sau kết quả của trung ương", row.product),
            &row.producer,
            page(&row, "/centre"),
            None,
        );
    }
    for (what, about, href, day) in crate::complaints::todos_of_province(todos.app, tx, province).await? {
        todos.add(what, about, href, day);
    }
    let soon = today.checked_add_days(Days::new(VISITS_AHEAD)).unwrap_or(today);
    let mut told = crate::inspections::todos_of_province(tx, province, soon).await?;
    told.extend(crate::evidence::todos_of_office(tx, province, today).await?);
    for (what, about, href, day) in told {
        todos.add(what, about, href, day);
    }
    let mut decided: BTreeMap<_, (usize, NaiveDate)> = BTreeMap::new();
    for row in ocop_store::dossiers::list(tx, &at(State::Confirmed), MOST).await? {
        if let Some(council) = row.council_id {
            decided.entry(council).or_insert((0, row.result_by)).0 += 1;
        }
    }
    for (council, (count, day)) in decided {
        let name =
            ocop_store::councils::find(tx, &council).await?.map(|council| council.name).unwrap_or_default();
        todos.add(
            format!("Trình, ghi quyết định cho {count} kết quả đã xác nhận"),
            name,
            format!("/councils/{council}/decision"),
            Some(day),
        );
    }
    Ok(())
}

async fn of_seat(tx: &mut Tx, todos: &mut Todos<'_>, actor: &Actor, seat: &Seat) -> Result<(), AppError> {
    let filter = Filter { council: Some(seat.council.clone()), ..Filter::default() };
    let closed = closed_in(tx, &seat.council, &actor.person).await?;
    let mut dossiers = Vec::new();
    for row in ocop_store::dossiers::list(tx, &filter, MOST).await? {
        if !closed.contains_key(&row.id) {
            dossiers.push(row);
        }
    }
    ballots(tx, todos, seat, &dossiers).await?;
    let in_state = |state: State| dossiers.iter().filter(move |row| row.state == state);
    match seat.kind {
        SeatKind::Advisor => {
            for row in in_state(State::Advising) {
                todos.add(
                    format!("Tư vấn hồ sơ {}", row.product),
                    &row.producer,
                    page(row, "/advice"),
                    Some(row.result_by),
                );
            }
        }
        SeatKind::Chair => {
            let ready = in_state(State::Advised).count();
            if ready > 0 {
                let name = ocop_store::councils::find(tx, &seat.council).await?.map(|council| council.name);
                todos.add(
                    format!("Mở phiên họp: {ready} hồ sơ đã có báo cáo"),
                    name.unwrap_or_default(),
                    format!("/councils/{}/session", seat.council),
                    in_state(State::Advised).map(|row| row.result_by).min(),
                );
            }
            for row in in_state(State::Discussion) {
                todos.add(
                    format!("Thảo luận: điểm chênh lệch về {}", row.product),
                    &row.producer,
                    page(row, "/scoring"),
                    Some(row.result_by),
                );
            }
            for row in in_state(State::Tallied) {
                todos.add(
                    format!("Xác nhận kết quả {}", row.product),
                    &row.producer,
                    page(row, "/scoring"),
                    Some(row.result_by),
                );
            }
        }
        SeatKind::Secretary | SeatKind::Member => {}
    }
    Ok(())
}

/// The seat's own ballots of the turns under way that are not sealed.
async fn ballots(
    tx: &mut Tx,
    todos: &mut Todos<'_>,
    seat: &Seat,
    dossiers: &[Listed],
) -> Result<(), AppError> {
    for ballot in ocop_store::scoring::ballots_of_seat(tx, &seat.id).await? {
        let Some(row) = dossiers.iter().find(|row| row.id == ballot.dossier_id) else { continue };
        if ballot.sealed_at.is_some() || row.state != State::Scoring {
            continue;
        }
        let turn = ocop_store::scoring::last_turn(tx, &row.id).await?;
        if turn.is_some_and(|turn| turn.no == ballot.turn) {
            todos.add(
                format!("Chấm và niêm phiếu {}", row.product),
                &row.producer,
                format!("/ballots/{}", ballot.id),
                Some(row.result_by),
            );
        }
    }
    Ok(())
}

fn page(row: &Listed, under: &str) -> String {
    format!("/dossiers/{}{under}", row.id)
}
