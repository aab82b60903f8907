//! The minutes of a council's session.

use chrono::{NaiveDateTime, NaiveTime};
use ocop_core::councils::{CouncilSettings, SeatScope, quorum};
use ocop_core::id::{CouncilId, SeatId, SessionId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::policy::{self, Action};
use ocop_core::recognition::Outcome;
use ocop_core::scoring::Tally;
use ocop_core::time::{Instant, date};
use ocop_documents::minutes::{Minutes, MinutesDossier, MinutesSeat, MinutesTurn, render};
use ocop_documents::{Letterhead, PlaceDate};
use ocop_store::Tx;
use ocop_store::councils::replacements::{NamedReplacement, replaced_on, replacements};
use ocop_store::councils::{Council, Seat};
use ocop_store::dossiers::Filter;
use ocop_store::recognition::ConfirmedResult;
use ocop_store::scoring::changes::Reopening;
use ocop_store::scoring::{Excuse, SeatBallot, Session, Turn};
use ocop_store::units::Unit;

use super::filed::{Filed, unit};
use super::tally::ground;
use super::{Paper, names, set, set_name};
use crate::councils::{found, shut_dossiers, subject};
use crate::scoring::{RevisionLine, revision_lines};
use crate::{App, AppError};

/// A line to write on.
const DOTS: &str = "………………………………………………";

/// The minutes of a session, the last one unless `session` names another: for the council, its
/// advisory team and the provincial office. Dossiers still being scored are left out, and of a
/// dossier that is closed to the reader, the result.
pub async fn minutes(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    session: Option<&SessionId>,
) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::ReadTally, &subject(&council))?;
    let mut sessions = ocop_store::scoring::sessions(&mut tx, id).await?;
    sessions.retain(|held| session.is_none_or(|wanted| held.id == *wanted));
    let held = sessions.pop().ok_or(AppError::NotFound)?;
    let round = ocop_store::rounds::find(&mut tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
    let province = unit(&mut tx, &council.province).await?;
    let bench = Bench {
        seats: ocop_store::councils::every_seat(&mut tx, id).await?,
        replacements: replacements(&mut tx, id).await?,
    }
    .at(&held);
    let heard = heard(app, &mut tx, actor, &council, &held, &bench).await?;
    drop(tx);
    let about = format!("{} {}", round.name, date(held.opened_at.day()));
    let input = input(&council, &round.name, &province, &held, &bench, &heard);
    set(app, "bien-ban-hop", &about, move |engine| render(engine, &input)).await
}

/// Who sat in a session, and who sat in whose place.
struct Bench {
    seats: Vec<Seat>,
    replacements: Vec<NamedReplacement>,
}

impl Bench {
    /// The seats of a session: those of its opening, and substitutes who joined it.
    fn at(mut self, held: &Session) -> Self {
        self.seats.retain(|seat| held.attendance.iter().any(|one| one.seat == seat.id));
        self
    }

    /// Whether another one took the seat over for the council in this session.
    fn is_left(&self, seat: &Seat) -> bool {
        let joined = |id: &SeatId| self.seats.iter().any(|one| one.id == *id);
        self.replacements.iter().any(|one| {
            one.entry.scope == SeatScope::Council
                && one.entry.seat_id == seat.id
                && joined(&one.entry.substitute_id)
        })
    }

    /// The seats that sit on a dossier, each with whether its holder came. `recused`: in conflict with it; `replaced`: who
    /// sits in whose place on it.
    fn presence(
        &self,
        held: &Session,
        recused: &[SeatId],
        replaced: &[(SeatId, SeatId)],
    ) -> Vec<(SeatKind, bool)> {
        let came = |seat: &Seat| held.attendance.iter().any(|one| one.present && one.seat == seat.id);
        // Whoever took a seat over for the council after this dossier's result has no part in it.
        let is_late = |seat: &Seat| {
            let took = |one: &&NamedReplacement| {
                one.entry.scope == SeatScope::Council && one.entry.substitute_id == seat.id
            };
            self.replacements.iter().filter(took).any(|one| {
                self.seats.iter().any(|old| old.id == one.entry.seat_id)
                    && !replaced.iter().any(|(old, new)| *old == one.entry.seat_id && *new == seat.id)
            })
        };
        let sits = |seat: &&Seat| {
            let stands_in = replaced.iter().any(|(_, substitute)| *substitute == seat.id);
            let is_left = replaced.iter().any(|(old, _)| *old == seat.id);
            !recused.contains(&seat.id)
                && !is_left
                && (stands_in || (seat.scope == SeatScope::Council && !is_late(seat)))
        };
        self.seats.iter().filter(sits).map(|seat| (seat.kind, came(seat))).collect()
    }

    /// Seats that the quorum of the council counts.
    fn counted(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| seat.scope == SeatScope::Council && !self.is_left(seat))
    }

    /// Who sits in whose place, why, and by which decision, when that concerns the seat.
    fn remark(&self, seat: &Seat) -> Option<String> {
        let about = |one: &NamedReplacement| {
            let entry = &one.entry;
            let who = match (entry.seat_id == seat.id, entry.substitute_id == seat.id) {
                (true, _) => format!("{} thay", one.substitute),
                (_, true) => format!("Thay {}", one.replaced),
                (false, false) => return None,
            };
            let products: Vec<&str> = one.dossiers.iter().map(|(_, product)| product.as_str()).collect();
            let on = match entry.scope {
                SeatScope::Council => String::new(),
                SeatScope::Dossiers => format!(" ở hồ sơ {}", products.join(", ")),
            };
            let day = date(entry.decision_on);
            Some(format!("{who}{on} theo Quyết định số {} ngày {day}: {}", entry.decision_no, entry.reason))
        };
        let told: Vec<String> = self.replacements.iter().filter_map(about).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// A dossier that the session scored, as far as the reader may know it.
struct Heard {
    told: MinutesDossier,
    /// What the chair confirmed; none before, and none for a reader to whom it is closed.
    outcome: Option<(Outcome, Option<u8>)>,
    closed_to_reader: bool,
    quorum_met: bool,
}

async fn heard(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    council: &Council,
    held: &Session,
    bench: &Bench,
) -> Result<Vec<Heard>, AppError> {
    let seats = &bench.seats;
    let filter = Filter { council: Some(council.id.clone()), ..Filter::default() };
    let shut = shut_dossiers(tx, actor, council).await?;
    let mut heard = Vec::new();
    for listed in ocop_store::dossiers::list(tx, &filter, 1_000).await? {
        let mut turns = ocop_store::scoring::turns(tx, &listed.id).await?;
        turns.retain(|turn| turn.session_id == held.id);
        let Some(last) = turns.last() else { continue };
        let Some(tally) = last.tally.clone().filter(|_| listed.state.is_opened()) else { continue };
        let ballots = ocop_store::scoring::ballots(tx, &listed.id, last.no).await?;
        let conflicts = ocop_store::councils::conflicts(tx, &listed.id).await?;
        let closed_to_reader = shut.contains(&listed.id);
        let confirmed = ocop_store::recognition::find_result(tx, &listed.id).await?;
        let row = ocop_store::dossiers::find(tx, &listed.id).await?.ok_or(AppError::NotFound)?;
        let filed = Filed::submitted(app, tx, row).await?;
        let recused: Vec<SeatId> = conflicts.into_iter().map(|conflict| conflict.seat_id).collect();
        let excuses = ocop_store::scoring::excuses(tx, &listed.id).await?;
        let absent =
            Absent { recused: recused_names(seats, &recused), excused: excused_names(seats, &excuses) };
        let changes = Changes {
            reopened: ocop_store::scoring::changes::reopenings(tx, &listed.id).await?,
            revised: revision_lines(tx, &filed.read, &listed.id).await?,
        };
        let said = said(&turns, &ballots, &changes);
        let replaced: Vec<(SeatId, SeatId)> = replaced_on(tx, &listed.id)
            .await?
            .into_iter()
            .filter(|(_, _, from)| *from <= last.no)
            .map(|(seat, substitute, _)| (seat, substitute))
            .collect();
        let present = bench.presence(held, &recused, &replaced);
        let mut told = told(&filed, &turns, &tally, ballots.len(), said, absent, held.settings.decimals);
        let quorum_told = quorum_words(&held.settings, &present, seats.len());
        told.explanation = quorum_told.into_iter().chain(told.explanation).collect();
        heard.push(Heard {
            told: if closed_to_reader { closed(told) } else { told },
            quorum_met: quorum(&held.settings, &present).is_ok(),
            outcome: confirmed.as_ref().filter(|_| !closed_to_reader).map(outcome),
            closed_to_reader,
        });
    }
    Ok(heard)
}

/// How many came of those who may judge a dossier, where that is not everybody of the session.
fn quorum_words(settings: &CouncilSettings, present: &[(SeatKind, bool)], seats: usize) -> Option<String> {
    let is_met = quorum(settings, present).is_ok();
    if is_met && present.len() == seats {
        return None;
    }
    let voting: Vec<bool> =
        present.iter().filter(|(kind, _)| settings.votes(*kind)).map(|(_, came)| *came).collect();
    let came = voting.iter().filter(|came| **came).count();
    let short = if is_met { "" } else { ", chưa đủ số thành viên tối thiểu theo Quy chế" };
    Some(format!("Có mặt {came}/{} thành viên được chấm hồ sơ này{short}.", voting.len()))
}

fn outcome(confirmed: &ConfirmedResult) -> (Outcome, Option<u8>) {
    (confirmed.outcome, confirmed.stars)
}

pub(super) fn recused_names(seats: &[Seat], recused: &[SeatId]) -> Vec<String> {
    seats.iter().filter(|seat| recused.contains(&seat.id)).map(|seat| seat.name.clone()).collect()
}

/// Who left, with the turn and the reason.
pub(super) fn excused_names(seats: &[Seat], excuses: &[Excuse]) -> Vec<String> {
    let name = |id: &SeatId| seats.iter().find(|seat| seat.id == *id).map_or("", |seat| seat.name.as_str());
    let line =
        |excuse: &Excuse| format!("{} (lần chấm {}: {})", name(&excuse.seat_id), excuse.turn, excuse.reason);
    excuses.iter().map(line).collect()
}

/// Who of the present members had no part in a dossier.
struct Absent {
    recused: Vec<String>,
    excused: Vec<String>,
}

fn told(
    filed: &Filed,
    turns: &[Turn],
    tally: &Tally,
    ballots: usize,
    said: Vec<MinutesTurn>,
    absent: Absent,
    decimals: u8,
) -> MinutesDossier {
    let counts = tally.disqualified.is_none();
    MinutesDossier {
        product: filed.told.product.name.clone(),
        product_code: filed.told.product.code.clone(),
        producer: filed.told.producer.name.clone(),
        set_name: set_name(&filed.read),
        recused: absent.recused,
        excused: absent.excused,
        turns: said,
        ballots: count(ballots),
        scoring_turns: count(turns.len()),
        mean: counts.then(|| tally.mean.vi_to(decimals)),
        spread: counts.then_some(tally.spread),
        stars: counts.then_some(tally.stars),
        disqualified: tally.disqualified.as_ref().map(ground),
        explanation: tally.explanation.clone(),
        votes: Vec::new(),
    }
}

/// What became of sealed ballots.
struct Changes {
    reopened: Vec<Reopening>,
    revised: Vec<RevisionLine>,
}

/// The members' written opinions, then ballots that the chair opened again, what the chair decided after discussion,
/// and what members revised.
fn said(turns: &[Turn], ballots: &[SeatBallot], changes: &Changes) -> Vec<MinutesTurn> {
    let opinions = ballots.iter().filter(|one| !one.ballot.opinion.trim().is_empty());
    let opinions =
        opinions.map(|one| MinutesTurn { speaker: one.name.clone(), text: one.ballot.opinion.clone() });
    let chair = |text: String| MinutesTurn { speaker: "Chủ tịch Hội đồng".to_owned(), text };
    let reopened = turns
        .iter()
        .filter(|turn| !turn.reason.is_empty())
        .map(|turn| chair(format!("Mở lần chấm {}: {}", turn.no, turn.reason)));
    let kept = turns.iter().filter_map(|turn| turn.kept_reason.as_ref());
    let heard = |no: u16| turns.iter().any(|turn| turn.no == no);
    // A ballot that was not sealed was not opened again.
    let unsealed =
        changes.reopened.iter().filter(|one| one.sealed_at.is_some() && heard(one.turn)).map(|one| {
            chair(format!("Mở lại phiếu đã niêm của {} (lần chấm {}): {}", one.member, one.turn, one.reason))
        });
    let revised = changes.revised.iter().filter(|line| heard(line.turn));
    let revised = revised.map(|line| MinutesTurn {
        speaker: line.member.clone(),
        text: format!("Sau thảo luận, {}", line.words),
    });
    let kept = kept.map(|reason| chair(format!("Giữ kết quả: {reason}")));
    opinions.chain(unsealed).chain(reopened).chain(kept).chain(revised).collect()
}

/// The dossier without what a member must not know to whom it is closed.
fn closed(told: MinutesDossier) -> MinutesDossier {
    MinutesDossier {
        turns: Vec::new(),
        mean: None,
        spread: None,
        stars: None,
        disqualified: None,
        explanation: vec![
            "Hồ sơ này đóng với người in bản này; kết quả chỉ ghi ở bản của các thành viên khác.".to_owned(),
        ],
        ..told
    }
}

fn count(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn input(
    council: &Council,
    round: &str,
    province: &Unit,
    held: &Session,
    bench: &Bench,
    heard: &[Heard],
) -> Minutes {
    let present = |seat: &Seat| held.attendance.iter().any(|one| one.present && one.seat == seat.id);
    let (advisors, members): (Vec<&Seat>, Vec<&Seat>) =
        bench.seats.iter().partition(|seat| seat.kind == SeatKind::Advisor);
    let voting: Vec<&Seat> = bench.counted().filter(|seat| held.settings.votes(seat.kind)).collect();
    let attendance: Vec<(SeatKind, bool)> = bench.counted().map(|seat| (seat.kind, present(seat))).collect();
    let standing: Vec<Seat> = bench.counted().cloned().collect();
    let guests = advisors.into_iter().filter(|seat| present(seat));
    Minutes {
        letterhead: Letterhead {
            superior: Some(names::committee_head(province)),
            issuer: council.name.clone(),
            number: None,
            symbol: Some("BB-HĐ".to_owned()),
            place_date: PlaceDate { place: names::place(province), date: Some(held.opened_at.day()) },
        },
        subject: format!(
            "Họp đánh giá, phân hạng sản phẩm OCOP {}, {}",
            names::area(province),
            names::in_sentence(round)
        ),
        council_decision: set_up_by(council),
        started: local(held.opened_at),
        ended: None,
        venue: match held.opinions_by {
            Some(day) => format!("Lấy ý kiến bằng văn bản, hạn gửi ý kiến ngày {}", date(day)),
            None => DOTS.to_owned(),
        },
        seats: members
            .iter()
            .map(|seat| MinutesSeat {
                name: seat.name.clone(),
                office: office(seat),
                role: seat.kind.name().to_owned(),
                present: present(seat),
                remark: bench.remark(seat),
            })
            .collect(),
        guests: guests
            .map(|seat| format!("{} (Tổ tư vấn)", [seat.name.clone(), office(seat)].join(", ")))
            .collect(),
        voting_seats: count(voting.len()),
        present: count(voting.iter().filter(|seat| present(seat)).count()),
        quorum_percent: u16::from(held.settings.quorum_percent),
        chair_required: held.settings.chair_required,
        // Every dossier has a quorum of its own, too: whoever may not judge it is not missing.
        quorum_met: quorum(&held.settings, &attendance).is_ok()
            || (!heard.is_empty() && heard.iter().all(|one| one.quorum_met)),
        rules: rules(&held.settings),
        dossiers: heard.iter().map(|one| one.told.clone()).collect(),
        votes: Vec::new(),
        conclusions: conclusions(province, heard),
        secretary: names::secretary(&standing),
        chair: names::chair(&standing),
    }
}

pub(super) fn set_up_by(council: &Council) -> Option<String> {
    let number = Some(&council.decision_no).filter(|number| !number.is_empty())?;
    let on = council.decision_on.map(|day| format!(" ngày {}", date(day))).unwrap_or_default();
    Some(format!("Quyết định số {number}{on}"))
}

fn office(seat: &Seat) -> String {
    let told = [seat.title.as_str(), seat.agency.as_str()];
    let mut told: Vec<&str> = told.into_iter().filter(|text| !text.is_empty()).collect();
    told.dedup();
    told.join(", ")
}

/// Day and hour in Vietnam.
fn local(at: Instant) -> NaiveDateTime {
    let hour = NaiveTime::parse_from_str(&at.hour(), "%H:%M").unwrap_or_default();
    at.day().and_time(hour)
}

/// The council's rules of work that scoring followed.
fn rules(settings: &CouncilSettings) -> Vec<String> {
    let first = "Thành viên chấm điểm độc lập; phiếu được niêm phong và chỉ mở khi đã đủ phiếu.".to_owned();
    let last = "Thành viên có xung đột lợi ích không thảo luận, không chấm hồ sơ liên quan.".to_owned();
    std::iter::once(first).chain(settings.sentences()).chain([last]).collect()
}

/// What the confirmed results add up to.
fn conclusions(province: &Unit, heard: &[Heard]) -> Vec<String> {
    let chairman = names::chairman(province);
    let of = |wanted: Outcome| {
        heard.iter().filter_map(|one| one.outcome).filter(move |(found, _)| *found == wanted)
    };
    let recognised = (1..=5).rev().map(|stars| {
        let number = of(Outcome::Certificate).filter(|(_, reached)| *reached == Some(stars)).count();
        (number, format!("Đề nghị {chairman} công nhận {number:02} sản phẩm hạng {stars} sao."))
    });
    let centre = of(Outcome::Centre).count();
    let (five, referred) = (of(Outcome::FiveStars).count(), of(Outcome::Refer).count());
    let notices = of(Outcome::Notice).count();
    let out = of(Outcome::Disqualified).count();
    let waiting = heard.iter().filter(|one| one.outcome.is_none() && !one.closed_to_reader).count();
    let others = [
        (
            centre,
            format!("Đề nghị {chairman} phê duyệt kết quả, trình trung ương đánh giá {centre:02} sản phẩm."),
        ),
        (five, format!("Đề nghị {chairman} công nhận {five:02} sản phẩm hạng 5 sao.")),
        (
            referred,
            format!("{referred:02} sản phẩm chưa đạt 5 sao, thông báo kết quả cho Ủy ban nhân dân tỉnh."),
        ),
        (notices, format!("{notices:02} sản phẩm chưa đạt 3 sao, thông báo kết quả cho chủ thể.")),
        (out, format!("{out:02} hồ sơ bị loại.")),
        (waiting, format!("{waiting:02} hồ sơ chờ Chủ tịch Hội đồng xác nhận kết quả.")),
    ];
    recognised.chain(others).filter(|(number, _)| *number > 0).map(|(_, words)| words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn honey() -> MinutesDossier {
        MinutesDossier {
            product: "Mật ong".to_owned(),
            product_code: None,
            producer: "Hợp tác xã".to_owned(),
            set_name: "4. Mật ong".to_owned(),
            recused: vec!["Trần Thị Thử".to_owned()],
            excused: Vec::new(),
            turns: vec![MinutesTurn {
                speaker: "Chủ tịch".to_owned(),
                text: "Chênh lệch 11 điểm.".to_owned(),
            }],
            ballots: 3,
            scoring_turns: 1,
            mean: Some("84,50".to_owned()),
            spread: Some(11),
            stars: Some(4),
            disqualified: None,
            explanation: vec!["Đủ điểm 4 sao.".to_owned()],
            votes: Vec::new(),
        }
    }

    #[test]
    fn a_reader_in_conflict_learns_no_result() {
        let seen = closed(honey());
        assert_eq!((seen.mean, seen.spread, seen.stars), (None, None, None));
        assert!(seen.turns.is_empty() && !seen.explanation.concat().contains("4 sao"));
        let out = closed(MinutesDossier { disqualified: Some("Giả mạo.".to_owned()), ..honey() });
        assert_eq!(out, closed(honey()), "not even that it is out");
    }

    fn noon() -> Instant {
        Instant::morning("2026-11-05".parse().unwrap())
    }

    #[test]
    fn what_became_of_sealed_ballots_is_told() {
        let id = |no: u32| format!("0192d3b0-7c1e-7abc-8def-{no:012}");
        let turn = Turn {
            dossier_id: id(1).parse().unwrap(),
            no: 1,
            session_id: id(2).parse().unwrap(),
            opened_at: noon(),
            reason: String::new(),
            tally: None,
            tallied_at: None,
            kept_reason: None,
            agreed: Default::default(),
        };
        let reopened = |sealed_at| Reopening {
            ballot_id: id(3).parse().unwrap(),
            dossier_id: id(1).parse().unwrap(),
            turn: 1,
            seat_id: id(4).parse().unwrap(),
            member: "Trần Thị Thử".to_owned(),
            reason: "niêm nhầm".to_owned(),
            sealed_at,
            reopened_at: noon(),
        };
        let revised = |turn| RevisionLine {
            turn,
            ballot: id(3).parse().unwrap(),
            member: "Trần Thị Thử".to_owned(),
            words: "sửa tiêu chí 2.3".to_owned(),
        };
        let changes = Changes {
            reopened: vec![reopened(None), reopened(Some(noon()))],
            revised: vec![revised(1), revised(2)],
        };
        let told: Vec<(String, String)> =
            said(&[turn], &[], &changes).into_iter().map(|one| (one.speaker, one.text)).collect();
        let line = |speaker: &str, text: &str| (speaker.to_owned(), text.to_owned());
        assert_eq!(
            told,
            [
                line("Chủ tịch Hội đồng", "Mở lại phiếu đã niêm của Trần Thị Thử (lần chấm 1): niêm nhầm"),
                line("Trần Thị Thử", "Sau thảo luận, sửa tiêu chí 2.3"),
            ]
        );
    }

    #[test]
    fn a_dossier_that_is_closed_to_somebody_tells_its_own_quorum() {
        let rules: CouncilSettings = serde_json::from_str(
            r#"{"quorum_percent":75,"chair_required":true,"spread_limit":10,"secretary_votes":true}"#,
        )
        .unwrap();
        let check = |present: &[bool], seats: usize, told: Option<&str>| {
            let mut all = vec![(SeatKind::Chair, true), (SeatKind::Advisor, true)];
            all.extend(present.iter().map(|came| (SeatKind::Member, *came)));
            assert_eq!(quorum_words(&rules, &all, seats).as_deref(), told);
        };
        check(&[true, true], 4, None);
        check(&[true, true, false], 6, Some("Có mặt 3/4 thành viên được chấm hồ sơ này."));
        let short =
            "Có mặt 1/2 thành viên được chấm hồ sơ này, chưa đủ số thành viên tối thiểu theo Quy chế.";
        check(&[false], 4, Some(short));
    }

    #[test]
    fn conclusions_count_what_was_confirmed() {
        let quang_ninh = Unit {
            code: "22".to_owned(),
            name: "Tỉnh Quảng Ninh".to_owned(),
            kind: String::new(),
            parent: None,
            valid_from: String::new(),
            valid_to: None,
        };
        let heard =
            |outcome, closed_to_reader| Heard { told: honey(), outcome, closed_to_reader, quorum_met: true };
        let all = [
            heard(Some((Outcome::Certificate, Some(3))), false),
            heard(Some((Outcome::Certificate, Some(4))), false),
            heard(Some((Outcome::Certificate, Some(3))), false),
            heard(Some((Outcome::Disqualified, None)), false),
            heard(None, false),
            heard(None, true),
        ];
        assert_eq!(
            conclusions(&quang_ninh, &all),
            [
                "Đề nghị Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh công nhận 01 sản phẩm hạng 4 sao.",
                "Đề nghị Chủ tịch Ủy ban nhân dân tỉnh Quảng Ninh công nhận 02 sản phẩm hạng 3 sao.",
                "01 hồ sơ bị loại.",
                "01 hồ sơ chờ Chủ tịch Hội đồng xác nhận kết quả.",
            ]
        );
    }
}
