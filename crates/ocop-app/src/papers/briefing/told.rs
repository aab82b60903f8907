//! What the briefing says of a pack, in the words of the office.

use chrono::NaiveDate;
use ocop_core::councils::SeatScope;
use ocop_core::dossiers::State;
use ocop_core::id::SeatId;
use ocop_core::papers::PaperKind;
use ocop_core::recognition::Outcome;
use ocop_core::recognition::briefing::{change, sign_by};
use ocop_core::scoring::Fraction;
use ocop_core::time::date;
use ocop_core::units::CENTRE;
use ocop_documents::briefing::{
    Briefing, BriefingDeadline, BriefingEnclosure, BriefingFact, BriefingItem, BriefingOutside,
};
use ocop_documents::{Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::councils::replacements::NamedReplacement;
use ocop_store::dossiers::{Filter, Listed};
use ocop_store::rounds::Round;
use ocop_store::scoring::Session;
use ocop_store::units::Unit;

use super::super::filed::unit;
use super::super::issue::Signing;
use super::super::minutes::set_up_by;
use super::super::tally::ground;
use super::super::{decision, names, set_name};
use super::cases::{Case, Room, cases};
use super::{MOST, Pack};
use crate::{App, AppError};

/// Numbers of dossiers that a sentence names; with more, the annex tells which.
const NAMED: usize = 12;

/// The briefing of a pack; without `signed`, a draft with room for number, date and name.
pub(super) async fn input(
    app: &App,
    tx: &mut Tx,
    pack: &Pack,
    signed: Option<&Signing>,
) -> Result<Briefing, AppError> {
    let council = &pack.council;
    let round = ocop_store::rounds::find(tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
    let province = unit(tx, &council.province).await?;
    let room = Room::of(tx, pack).await?;
    let cases = cases(app, tx, pack, &room).await?;
    let filter = Filter { round: Some(round.id.clone()), ..Filter::default() };
    let mut outside = ocop_store::dossiers::list(tx, &filter, MOST).await?;
    outside.retain(|row| is_outside(row, pack));
    let deadlines = deadlines(app, &province, &round, &cases)?;
    let mut grounds = decision::grounds(&province, &app.regime(&round.regime)?.cite, council, &pack.results);
    // The last of the decision's grounds is this paper.
    grounds.pop();
    let office = names::programme_office(&province);
    let leader = names::chairman(&province);
    let of_round = names::in_sentence(&round.name);
    Ok(Briefing {
        letterhead: letterhead(&province, signed),
        draft: signed.is_none(),
        subject: format!(
            "Về việc phê duyệt kết quả đánh giá, phân hạng sản phẩm OCOP {}, {of_round}",
            names::area(&province)
        ),
        opening: format!(
            "{office} báo cáo kết quả đánh giá, phân hạng {of_round} và trình {leader} xem xét, ký các văn bản sau đây."
        ),
        asks: asks(app, &round, &province, &cases)?,
        sign_by: sign_by(&app.calendar, deadlines.iter().map(|one| one.day)),
        deadlines,
        facts: facts(pack, &round, &room, &cases, &outside),
        cautions: cautions(&room, &cases, &outside),
        enclosures: enclosures(pack, &room, &cases),
        closing: format!("Kính trình {leader} xem xét, quyết định"),
        recipients: vec!["Như trên".to_owned(), "Lưu: VT".to_owned()],
        signature: signed.map_or_else(
            || Signature { authority: vec!["Thủ trưởng cơ quan".to_owned()], name: None },
            |signed| names::signed_by(&signed.signed_by),
        ),
        addressee: leader,
        grounds,
        items: cases.iter().map(item).collect(),
        outside: outside.into_iter().map(outside_line).collect(),
        round: of_round,
    })
}

fn letterhead(province: &Unit, signed: Option<&Signing>) -> Letterhead {
    let symbol = signed
        .map_or_else(|| PaperKind::Briefing.usual_symbol().to_owned(), |signed| signed.number.symbol.clone());
    Letterhead {
        superior: Some(names::committee_head(province)),
        issuer: names::programme_office(province).to_owned(),
        number: signed.map(|signed| signed.number.digits()),
        symbol: Some(symbol),
        place_date: PlaceDate { place: names::place(province), date: signed.map(|signed| signed.signed_on) },
    }
}

/// Whether a dossier of the round stands beside the pack: back with the producer, taken back after the province
/// had it, or with the council without having been scored.
fn is_outside(row: &Listed, pack: &Pack) -> bool {
    let ours = row.council_id.as_ref() == Some(&pack.council.id);
    match row.state {
        State::Completing => true,
        State::Withdrawn => ours || row.province_received_on.is_some(),
        State::Checking | State::Advising | State::Advised => ours,
        State::Draft
        | State::AtCommune
        | State::AtProvince
        | State::AtCentre
        | State::Accepted
        | State::Scoring
        | State::Discussion
        | State::Tallied
        | State::Confirmed
        | State::Recognised
        | State::NotRecognised
        | State::ForCentre
        | State::ReferredBack
        | State::FiveStars
        | State::Fallback
        | State::Again
        | State::Disqualified => false,
    }
}

fn outside_line(row: Listed) -> BriefingOutside {
    BriefingOutside { product: row.product, producer: row.producer, state: row.state.name().to_owned() }
}

/// How many dossiers have an outcome.
fn count(cases: &[Case], wanted: Outcome) -> usize {
    cases.iter().filter(|case| case.result.outcome == wanted).count()
}

/// `4 sao: 03; 3 sao: 05` of the dossiers with an outcome.
fn by_stars(cases: &[Case], of: impl Fn(&Case) -> bool) -> String {
    let number = |stars: u8| cases.iter().filter(|case| of(case) && case.result.stars == Some(stars)).count();
    let told: Vec<String> = (1..=5)
        .rev()
        .map(|stars| (stars, number(stars)))
        .filter(|(_, number)| *number > 0)
        .map(|(stars, number)| format!("{stars} sao: {number:02}"))
        .collect();
    told.join("; ")
}

/// What is to be signed.
fn asks(app: &App, round: &Round, province: &Unit, cases: &[Case]) -> Result<Vec<String>, AppError> {
    let months = app.process(&round.regime)?.certificate_months;
    let is_certified = |case: &Case| matches!(case.result.outcome, Outcome::Certificate | Outcome::FiveStars);
    let certified = cases.iter().filter(|case| is_certified(case)).count();
    let centre = count(cases, Outcome::Centre);
    let stars = by_stars(cases, is_certified);
    let whom = if province.code == CENTRE {
        "Ủy ban nhân dân tỉnh"
    } else {
        "chủ thể và Ủy ban nhân dân cấp xã"
    };
    let (notices, referred) = (count(cases, Outcome::Notice), count(cases, Outcome::Refer));
    let out = count(cases, Outcome::Disqualified);
    let also = if certified > 0 {
        "Trong cùng quyết định, phê duyệt"
    } else {
        "Quyết định phê duyệt"
    };
    let all = [
        (certified, format!("Quyết định công nhận {certified:02} sản phẩm ({stars}), kèm danh sách.")),
        (
            certified,
            format!(
                "{certified:02} giấy chứng nhận sản phẩm OCOP, có giá trị {months} tháng kể từ ngày được cấp."
            ),
        ),
        (
            centre,
            format!(
                "{also} kết quả của {centre:02} sản phẩm đạt từ 90 điểm và đủ điều kiện 5 sao; công văn trình Bộ Nông \
                 nghiệp và Môi trường."
            ),
        ),
        (
            notices,
            format!(
                "{notices:02} thông báo kết quả dưới 3 sao gửi {whom}; kết quả này không cần quyết định, không cấp giấy \
                 chứng nhận."
            ),
        ),
        (referred, format!("{referred:02} thông báo kết quả chưa đạt 5 sao gửi {whom}.")),
        (out, format!("{out:02} thông báo hồ sơ bị loại, nêu căn cứ, gửi {whom}.")),
    ];
    Ok(all.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect())
}

/// The days of the law that the decision has to keep, the earliest first.
fn deadlines(
    app: &App,
    province: &Unit,
    round: &Round,
    cases: &[Case],
) -> Result<Vec<BriefingDeadline>, AppError> {
    let cites = &app.process(&round.regime)?.cites;
    let cited = |key: &str| cites.get(key).cloned().unwrap_or_default();
    // The law's windows of a year differ in their days alone: the first of each level names the article.
    let of_round = if province.code == CENTRE { "round 3" } else { "round 1" };
    let mut days = vec![BriefingDeadline {
        what: format!("Có kết quả của {}", names::in_sentence(&round.name)),
        source: cited(of_round),
        day: round.result_by,
    }];
    let mut earliest = |what: &str, source: String, found: Vec<NaiveDate>| {
        if let Some(day) = found.iter().min() {
            days.push(BriefingDeadline {
                what: format!("{what} ({:02} hồ sơ)", found.len()),
                source,
                day: *day,
            });
        }
    };
    let renewals = cases.iter().filter_map(|case| case.renewal_by).collect();
    earliest("Quyết định về hồ sơ đánh giá lại", cited("renewal.decide_within_days"), renewals);
    let changes: Vec<_> =
        cases.iter().filter_map(|case| app.changeover(&case.filed.row.regime, case.filed.row.kind)).collect();
    let source = changes.first().map(|change| change.cite.clone()).unwrap_or_default();
    let finish = changes.iter().map(|change| change.finish_by).collect();
    earliest("Hoàn thành hồ sơ nộp theo quy định trước", source, finish);
    let ending = cases.iter().filter(|case| case.renewal_by.is_some()).filter_map(|case| case.held.as_ref());
    let ending = ending.map(|held| held.last_on).collect();
    earliest("Giấy chứng nhận đang có hết hiệu lực", String::new(), ending);
    days.sort_by_key(|one| one.day);
    Ok(days)
}

/// The council and its results.
fn facts(pack: &Pack, round: &Round, room: &Room, cases: &[Case], outside: &[Listed]) -> Vec<BriefingFact> {
    let fact = |label: &str, lines: Vec<String>| BriefingFact { label: label.to_owned(), lines };
    let set_up = set_up_by(&pack.council).map(|words| format!(" ({words})")).unwrap_or_default();
    let council = format!("{}{set_up}", pack.council.name);
    let sat = sat(room, cases).map(|held| session_line(room, held)).collect();
    let returned = cases.iter().filter(|case| case.returns > 0).count();
    let in_state = |states: &[State]| outside.iter().filter(|row| states.contains(&row.state)).count();
    let beside = [
        (returned, "hồ sơ đã được yêu cầu bổ sung trước khi chấm"),
        (in_state(&[State::Completing]), "hồ sơ đang bổ sung"),
        (in_state(&[State::Withdrawn]), "hồ sơ chủ thể đã rút"),
        (in_state(&[State::Checking, State::Advising, State::Advised]), "hồ sơ của Hội đồng chưa chấm"),
    ];
    let dossiers = std::iter::once(format!("{:02} hồ sơ có kết quả trong tờ trình này", cases.len()))
        .chain(beside.iter().filter(|(number, _)| *number > 0).map(|(n, words)| format!("{n:02} {words}")));
    let stars = by_stars(cases, |case| case.result.outcome != Outcome::Disqualified);
    let out = count(cases, Outcome::Disqualified);
    let results = [stars, format!("bị loại: {out:02}")];
    let results =
        results.into_iter().filter(|words| !words.is_empty() && !words.ends_with(": 00")).collect::<Vec<_>>();
    vec![
        fact("Hội đồng", vec![council]),
        fact("Đợt đánh giá", vec![round.name.clone()]),
        fact("Phiên họp", sat),
        fact("Hồ sơ", vec![format!("{}.", dossiers.collect::<Vec<_>>().join("; "))]),
        fact("Hạng đề nghị", vec![format!("{}.", results.join("; "))]),
        fact("So với hạng trước", vec![against_before(cases)]),
    ]
}

/// The sessions that scored dossiers of the pack.
fn sat<'a>(room: &'a Room, cases: &'a [Case]) -> impl Iterator<Item = &'a Session> {
    room.sessions
        .iter()
        .filter(|held| cases.iter().any(|case| case.turns.iter().any(|turn| turn.session_id == held.id)))
}

/// When a session was, who came, and whether that was enough.
fn session_line(room: &Room, held: &Session) -> String {
    let all = room.all();
    let votes = |id: &SeatId| all.iter().any(|seat| seat.id == *id && held.settings.votes(seat.kind));
    let voting = held.attendance.iter().filter(|one| votes(&one.seat)).count();
    let came = held.attendance.iter().filter(|one| one.present && votes(&one.seat)).count();
    let least = held.settings.quorum_percent;
    // A session opens with its quorum only.
    match held.opinions_by {
        Some(day) => format!(
            "Lấy ý kiến bằng văn bản từ {} đến {}: hỏi {came}/{voting} thành viên có quyền biểu quyết (ít nhất {least}%).",
            date(held.opened_at.day()),
            date(day)
        ),
        None => format!(
            "Họp ngày {}: có mặt {came}/{voting} thành viên có quyền biểu quyết (ít nhất {least}%), đủ điều kiện họp.",
            date(held.opened_at.day())
        ),
    }
}

/// How the results stand to the stars held before.
fn against_before(cases: &[Case]) -> String {
    let scored = || cases.iter().filter(|case| case.result.stars.is_some());
    let number = |of: &dyn Fn(u8, u8) -> bool| {
        scored()
            .filter(|case| case.stars_before().zip(case.result.stars).is_some_and(|(b, now)| of(b, now)))
            .count()
    };
    let first = scored().filter(|case| case.held.is_none()).count();
    let told = [
        (first, "sản phẩm chưa có hạng"),
        (number(&|before, now| before < now), "lên hạng"),
        (number(&|before, now| before == now), "giữ hạng"),
        (number(&|before, now| before > now), "xuống hạng"),
    ];
    let told: Vec<String> = told
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number:02} {words}"))
        .collect();
    if told.is_empty() {
        "Không có sản phẩm được xếp hạng.".to_owned()
    } else {
        format!("{}.", told.join("; "))
    }
}

/// `hồ sơ số 1, 4, 7`: where in the annex; `27 hồ sơ (xem Phụ lục)` when they are many. None without any.
fn listed(cases: &[Case], of: impl Fn(&Case) -> bool) -> Option<String> {
    let found: Vec<String> =
        (1..).zip(cases).filter(|(_, case)| of(case)).map(|(no, _)| no.to_string()).collect();
    match found.len() {
        0 => None,
        1..=NAMED => Some(format!("hồ sơ số {}", found.join(", "))),
        many => Some(format!("{many} hồ sơ (xem Phụ lục)")),
    }
}

/// One after another, the first of them when they are many. None without any.
fn listed_people(what: &str, people: impl Iterator<Item = String>) -> Option<String> {
    let named: Vec<String> = people.take(NAMED).collect();
    (!named.is_empty()).then(|| format!("{what}: {}.", named.join("; ")))
}

/// Who sits in whose place, where, by which decision.
fn replaced(one: &NamedReplacement) -> String {
    let place = match one.entry.scope {
        SeatScope::Council => names::in_sentence(one.entry.scope.name()),
        SeatScope::Dossiers => {
            one.dossiers.iter().map(|(_, product)| product.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    format!("{} thay {} ({place}; Quyết định {})", one.substitute, one.replaced, one.entry.decision_no)
}

/// What to know before signing.
fn cautions(room: &Room, cases: &[Case], outside: &[Listed]) -> Vec<String> {
    let lower = |case: &Case| case.stars_before().zip(case.result.stars).is_some_and(|(b, now)| now < b);
    let kept = |case: &Case| case.turns.iter().any(|turn| turn.kept_reason.is_some());
    let lines = [
        ("Hạng thấp hơn mức điểm vì chưa đạt điều kiện tối thiểu", listed(cases, is_held_by_floors)),
        ("Hạng thấp hơn hạng đang có", listed(cases, lower)),
        ("Điểm các thành viên chênh lệch quá mức của Quy chế, phải thảo luận", listed(cases, is_spread)),
        ("Phiếu khác nhau về điều kiện tối thiểu, phải thảo luận", listed(cases, splits_on_floors)),
        ("Phải chấm lại", listed(cases, |case| case.turns.len() > 1)),
        ("Chủ tịch Hội đồng giữ kết quả sau thảo luận, có lý do", listed(cases, kept)),
        ("Thành viên không tham gia vì xung đột lợi ích", listed(cases, |case| !case.recused.is_empty())),
        ("Thành viên rời phiên khi đang chấm", listed(cases, |case| !case.excused.is_empty())),
        ("Phiếu đã niêm được Chủ tịch Hội đồng mở lại", listed(cases, |case| case.reopened > 0)),
        ("Phiếu được sửa sau thảo luận", listed(cases, |case| case.revised > 0)),
        ("Đơn khiếu nại, phản ánh chưa giải quyết xong", listed(cases, |case| !case.complaints.is_empty())),
    ];
    let mut told: Vec<String> = lines
        .into_iter()
        .filter_map(|(what, found)| found.map(|found| format!("{what}: {found}.")))
        .collect();
    told.extend(listed_people("Thay thành viên Hội đồng", room.replacements.iter().map(replaced)));
    let left = room.left().map(|(seat, day)| {
        format!("{} ({}, đến {})", seat.name, names::in_sentence(seat.kind.name()), date(*day))
    });
    told.extend(listed_people("Thành viên rời Hội đồng", left));
    if !outside.is_empty() {
        told.push(format!(
            "{:02} hồ sơ của đợt không có trong tờ trình (rút, đang bổ sung hoặc chưa chấm): xem cuối Phụ lục.",
            outside.len()
        ));
    }
    told
}

fn is_held_by_floors(case: &Case) -> bool {
    case.tally
        .as_ref()
        .is_some_and(|tally| tally.disqualified.is_none() && tally.stars < tally.stars_by_points)
}

fn is_spread(case: &Case) -> bool {
    case.split.iter().any(|turn| turn.apart.spread)
}

fn splits_on_floors(case: &Case) -> bool {
    case.split.iter().any(|turn| !turn.apart.floors.is_empty())
}

/// The papers of the pack: what it is read with, and what is to be signed.
fn enclosures(pack: &Pack, room: &Room, cases: &[Case]) -> Vec<BriefingEnclosure> {
    let one = |name: String, copies: usize| BriefingEnclosure { name, copies };
    let decides = |case: &&Case| {
        matches!(case.result.outcome, Outcome::Certificate | Outcome::FiveStars | Outcome::Centre)
    };
    let decided = cases.iter().filter(decides).count();
    let centre = count(cases, Outcome::Centre);
    let told = cases.len() - decided;
    let minutes = sat(room, cases)
        .map(|held| one(format!("Biên bản họp Hội đồng ngày {}", date(held.opened_at.day())), 1));
    let tail = [
        one("Bảng tổng hợp điểm của từng hồ sơ".to_owned(), cases.len()),
        one(
            "Phiếu chấm của thành viên Hội đồng, mọi lần chấm".to_owned(),
            cases.iter().map(|case| case.sheets).sum(),
        ),
        one(
            "Báo cáo của Tổ tư vấn, báo cáo kiểm tra hồ sơ đánh giá lại".to_owned(),
            cases.iter().filter(|case| case.reported).count(),
        ),
        one("Dự thảo công văn trình trung ương".to_owned(), centre),
        one("Dự thảo thông báo kết quả".to_owned(), told),
    ];
    let draft = format!("Dự thảo quyết định (lần {} của Hội đồng), kèm danh sách", pack.no);
    std::iter::once(one(draft, usize::from(decided > 0)))
        .chain(minutes)
        .chain(tail)
        .filter(|paper| paper.copies > 0)
        .collect()
}

fn item(case: &Case) -> BriefingItem {
    let told = &case.filed.told;
    let counts = case.tally.as_ref().filter(|tally| tally.disqualified.is_none());
    let mean = case.result.mean.and_then(|(num, den)| Fraction::new(num, den));
    let range = counts.and_then(|tally| {
        let (least, most) = (tally.member_totals.iter().min()?, tally.member_totals.iter().max()?);
        Some(format!("{least}–{most}"))
    });
    BriefingItem {
        product: told.product.name.clone(),
        product_code: told.product.code.clone().unwrap_or_default(),
        producer: told.producer.name.clone(),
        place: case.filed.commune.name.clone(),
        set_name: set_name(&case.filed.read),
        mean: mean.map(|mean| mean.vi_to(case.decimals)),
        range,
        stars: case.result.stars,
        outcome: case.result.outcome.name().to_owned(),
        change: change(case.stars_before(), case.result.stars),
        notes: notes(case),
    }
}

/// What to know about a dossier.
fn notes(case: &Case) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(tally) = case.tally.as_ref().filter(|_| is_held_by_floors(case)) {
        notes.push(format!(
            "Đủ điểm {} sao, chưa đạt điều kiện tối thiểu: tiêu chí {}.",
            tally.stars_by_points,
            tally.missed_for_next_star.join(", ")
        ));
    }
    if let Some(out) = case.tally.as_ref().and_then(|tally| tally.disqualified.as_ref()) {
        notes.push(ground(out));
    }
    for turn in &case.split {
        if turn.apart.spread {
            notes.push(format!(
                "Lần chấm {}: điểm chênh lệch {}, mức của Quy chế là {}.",
                turn.no, turn.spread, turn.limit
            ));
        }
        if !turn.apart.floors.is_empty() {
            let codes = turn.apart.floors.join(", ");
            notes.push(format!(
                "Lần chấm {}: phiếu khác nhau về điều kiện tối thiểu, tiêu chí {codes}.",
                turn.no
            ));
        }
    }
    if case.turns.len() > 1 {
        notes.push(format!("Chấm {} lần, tính lần {}.", case.turns.len(), case.result.turn));
    }
    notes.extend(
        case.turns
            .iter()
            .filter_map(|turn| turn.kept_reason.as_ref())
            .map(|why| format!("Giữ kết quả: {why}")),
    );
    let people =
        [("Không tham gia vì xung đột lợi ích", &case.recused), ("Rời phiên khi đang chấm", &case.excused)];
    notes.extend(
        people
            .iter()
            .filter(|(_, who)| !who.is_empty())
            .map(|(what, who)| format!("{what}: {}.", who.join("; "))),
    );
    let numbers = [
        (case.reopened, "phiếu đã niêm được mở lại"),
        (case.revised, "phiếu sửa sau thảo luận"),
        (case.returns, "lần yêu cầu bổ sung hồ sơ"),
    ];
    notes.extend(
        numbers.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number:02} {what}.")),
    );
    notes.extend(case.complaints.iter().map(|one| {
        format!(
            "{}, nhận ngày {}: {}.",
            one.kind.name(),
            date(one.filed_at.day()),
            names::in_sentence(one.state.name())
        )
    }));
    notes
}
