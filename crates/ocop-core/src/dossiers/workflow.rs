//! The life of a dossier as one table.
//!
//! First evaluation, upgrade and re-evaluation under 26/2026/QĐ-TTg, Article 7, at the province and at the centre;
//! `snapshots/…workflow.snap` prints the whole table for an officer to read, and a test keeps it true.

use crate::coded;

coded! {
    /// Where a dossier is.
    State {
        /// With the producer, never submitted or returned by the commune.
        Draft = "draft", "Đang lập hồ sơ";
        /// With the commune: 15 working days (Article 7.2).
        AtCommune = "at_commune", "Cấp xã đang xem xét";
        /// Proposed to the province, not yet accepted (Article 7.3a).
        AtProvince = "at_province", "Chờ cấp tỉnh tiếp nhận";
        /// Back with the producer to complete for the province (Article 7.3a).
        Completing = "completing", "Đang bổ sung theo yêu cầu của tỉnh";
        /// In the round, not yet given to a council.
        Accepted = "accepted", "Đã vào đợt, chờ phân hội đồng";
        /// A re-evaluation that the office itself checks: no advisory team (Article 7.6c).
        Checking = "checking", "Cơ quan tham mưu đang kiểm tra hồ sơ đánh giá lại";
        /// With the advisory team (Article 7.3c).
        Advising = "advising", "Tổ tư vấn đang đánh giá";
        /// The advisory team, or the office for a re-evaluation, has reported to the chair.
        Advised = "advised", "Đã có báo cáo gửi Chủ tịch, chờ Hội đồng";
        /// Members are scoring (Article 7.3d).
        Scoring = "scoring", "Hội đồng đang chấm điểm";
        /// Members' totals lie further apart than the council allows.
        Discussion = "discussion", "Điểm chênh lệch, đang thảo luận";
        /// Tallied, waiting for the chair.
        Tallied = "tallied", "Có kết quả chấm, chờ Chủ tịch xác nhận";
        /// Confirmed by the chair, waiting for the decision.
        Confirmed = "confirmed", "Đã xác nhận, chờ quyết định";
        /// Recognised at 3 or 4 stars (Article 7.3e).
        Recognised = "recognised", "Đã công nhận";
        /// 1 or 2 stars: no decision, no certificate (Article 4.1a).
        NotRecognised = "not_recognised", "Đã thông báo kết quả (chưa đạt 3 sao)";
        /// 90 points or more with every floor of 5 stars: to the centre (Article 7.3e).
        ForCentre = "for_centre", "Trình trung ương đánh giá 5 sao";
        /// Sent to the centre by the province, not yet received there (Article 7.4a). The dossier at the centre
        /// is a dossier of its own; the province's waits in [`State::ForCentre`] for its answer.
        AtCentre = "at_centre", "Chờ trung ương tiếp nhận";
        /// At the centre: less than 5 stars, told to the province (Article 7.4g).
        ReferredBack = "referred_back", "Trung ương chưa công nhận 5 sao, đã thông báo cho tỉnh";
        /// The centre has recognised it at 5 stars (Article 7.4e).
        FiveStars = "five_stars", "Trung ương đã công nhận 5 sao";
        /// The centre has not recognised it: the province may recognise it on the centre's result or evaluate
        /// it itself (Article 7.4g).
        Fallback = "fallback", "Trung ương chưa công nhận 5 sao, chờ tỉnh quyết định";
        /// The province evaluates it again in a dossier of its own (Article 7.4g).
        Again = "again", "Tỉnh đánh giá lại theo thẩm quyền bằng hồ sơ tiếp theo";
        /// Ended by a disqualification: never a zero, never a star.
        Disqualified = "disqualified", "Hồ sơ bị loại";
        /// Taken back by the producer before the council scored it.
        Withdrawn = "withdrawn", "Chủ thể đã rút hồ sơ";
    }
}

coded! {
    /// What happens to a dossier.
    Event {
        /// The producer submits.
        Submit = "submit", "Chủ thể nộp hồ sơ";
        /// The commune returns it with reasons.
        ReturnByCommune = "return_by_commune", "Cấp xã trả lại";
        /// The commune proposes it to the province with form 03.
        Propose = "propose", "Cấp xã đề nghị tỉnh";
        /// The province asks the producer to complete it.
        ReturnByProvince = "return_by_province", "Tỉnh yêu cầu bổ sung";
        /// The province accepts it into the round.
        Accept = "accept", "Tiếp nhận vào đợt";
        /// The dossier is given to a council and its advisory team.
        Assign = "assign", "Phân cho hội đồng";
        /// A re-evaluation is given to a council; the office checks it first.
        AssignRenewal = "assign_renewal", "Phân cho hội đồng để đánh giá lại";
        /// The office reports on a re-evaluation.
        FileCheck = "file_check", "Cơ quan tham mưu gửi báo cáo kiểm tra";
        /// The advisory team files its report.
        FileReport = "file_report", "Tổ tư vấn gửi báo cáo";
        /// The chair opens scoring.
        OpenScoring = "open_scoring", "Mở chấm điểm";
        /// The last ballot is sealed and the spread is within the limit.
        Agree = "agree", "Đủ phiếu, chênh lệch trong giới hạn";
        /// The last ballot is sealed and the spread is above the limit.
        Differ = "differ", "Đủ phiếu, chênh lệch vượt giới hạn";
        /// The chair opens another scoring turn after discussion.
        OpenTurn = "open_turn", "Mở lần chấm tiếp theo";
        /// A ballot revised after discussion ends it.
        Settle = "settle", "Sửa phiếu sau thảo luận, chênh lệch trong giới hạn";
        /// A ballot revised after discussion calls for it again.
        Part = "part", "Sửa phiếu sau thảo luận, chênh lệch vượt giới hạn";
        /// The chair keeps the result after discussion, with a reason.
        KeepResult = "keep_result", "Giữ kết quả sau thảo luận";
        /// The council's ballots disqualify the product and the chair confirms.
        Disqualify = "disqualify", "Xác nhận hồ sơ bị loại";
        /// The chair confirms the result.
        Confirm = "confirm", "Chủ tịch xác nhận kết quả";
        /// A signed decision recognises the product.
        Recognise = "recognise", "Quyết định công nhận";
        /// The producer is told a result below 3 stars.
        NotifyResult = "notify_result", "Thông báo kết quả";
        /// A signed decision approves a result for the centre.
        Forward = "forward", "Phê duyệt, trình trung ương";
        /// The centre tells the province a result below 5 stars.
        ReferBack = "refer_back", "Trung ương thông báo kết quả cho tỉnh";
        /// The province learns that the centre recognised the product.
        HearFiveStars = "hear_five_stars", "Nhận quyết định công nhận 5 sao của trung ương";
        /// The province learns that the centre did not.
        HearRefusal = "hear_refusal", "Nhận kết quả chưa đạt 5 sao của trung ương";
        /// The province recognises 3 or 4 stars on the centre's result.
        RecogniseOnCentre = "recognise_on_centre", "Công nhận theo kết quả của trung ương";
        /// The province evaluates it itself.
        EvaluateAgain = "evaluate_again", "Tỉnh tổ chức đánh giá theo thẩm quyền";
        /// The province does neither and tells the producer.
        CloseAfterCentre = "close_after_centre", "Kết thúc sau kết quả của trung ương";
        /// The producer takes the dossier back.
        Withdraw = "withdraw", "Chủ thể rút hồ sơ";
    }
}

/// The event cannot happen in this state: nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Không thể «{}» khi hồ sơ ở bước «{}». Hãy tải lại trang để xem hồ sơ đang ở đâu.", .event.name(), .state.name())]
pub struct NotFrom {
    /// Where the dossier is.
    pub state: State,
    /// What was tried.
    pub event: Event,
}

/// What may happen to a dossier in a state, and where it goes: the whole workflow.
///
/// Every state is here because the compiler asks for it; what is not listed cannot happen.
fn moves(state: State) -> &'static [(Event, State)] {
    match state {
        State::Draft => &[(Event::Submit, State::AtCommune), (Event::Withdraw, State::Withdrawn)],
        State::AtCommune => &[
            (Event::ReturnByCommune, State::Draft),
            (Event::Propose, State::AtProvince),
            (Event::Withdraw, State::Withdrawn),
        ],
        State::AtProvince => &[
            (Event::ReturnByProvince, State::Completing),
            (Event::Accept, State::Accepted),
            (Event::Withdraw, State::Withdrawn),
        ],
        State::Completing => &[(Event::Submit, State::AtProvince), (Event::Withdraw, State::Withdrawn)],
        State::Accepted => &[
            (Event::Assign, State::Advising),
            (Event::AssignRenewal, State::Checking),
            (Event::Withdraw, State::Withdrawn),
        ],
        State::Checking => &[(Event::FileCheck, State::Advised), (Event::Withdraw, State::Withdrawn)],
        State::Advising => &[(Event::FileReport, State::Advised), (Event::Withdraw, State::Withdrawn)],
        State::Advised => &[(Event::OpenScoring, State::Scoring), (Event::Withdraw, State::Withdrawn)],
        State::Scoring => &[(Event::Agree, State::Tallied), (Event::Differ, State::Discussion)],
        State::Discussion => &[
            (Event::OpenTurn, State::Scoring),
            (Event::Settle, State::Tallied),
            (Event::KeepResult, State::Tallied),
        ],
        State::Tallied => &[
            (Event::Part, State::Discussion),
            (Event::Disqualify, State::Disqualified),
            (Event::Confirm, State::Confirmed),
        ],
        State::Confirmed => &[
            (Event::Recognise, State::Recognised),
            (Event::NotifyResult, State::NotRecognised),
            (Event::Forward, State::ForCentre),
            (Event::ReferBack, State::ReferredBack),
        ],
        State::ForCentre => {
            &[(Event::HearFiveStars, State::FiveStars), (Event::HearRefusal, State::Fallback)]
        }
        State::AtCentre => &[(Event::Accept, State::Accepted), (Event::Withdraw, State::Withdrawn)],
        State::Fallback => &[
            (Event::RecogniseOnCentre, State::Recognised),
            (Event::EvaluateAgain, State::Again),
            (Event::CloseAfterCentre, State::NotRecognised),
        ],
        State::Recognised
        | State::NotRecognised
        | State::ReferredBack
        | State::FiveStars
        | State::Again
        | State::Disqualified
        | State::Withdrawn => &[],
    }
}

/// The next state.
///
/// # Errors
/// [`NotFrom`] when the event has no place in this state.
pub fn step(state: State, event: Event) -> Result<State, NotFrom> {
    let moved = moves(state).iter().find(|(happens, _)| *happens == event);
    moved.map(|(_, next)| *next).ok_or(NotFrom { state, event })
}

impl State {
    /// Whether the producer may change the dossier now.
    pub fn is_with_producer(self) -> bool {
        matches!(self, Self::Draft | Self::Completing)
    }

    /// Whether the dossier has ended.
    pub fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Recognised
                | Self::NotRecognised
                | Self::ReferredBack
                | Self::FiveStars
                | Self::Again
                | Self::Disqualified
                | Self::Withdrawn
        )
    }

    /// Whether the tally of the finished turn may be shown to those who took part.
    pub fn is_opened(self) -> bool {
        matches!(
            self,
            Self::Discussion
                | Self::Tallied
                | Self::Confirmed
                | Self::Recognised
                | Self::NotRecognised
                | Self::ForCentre
                | Self::ReferredBack
                | Self::FiveStars
                | Self::Fallback
                | Self::Again
                | Self::Disqualified
        )
    }

    /// Whether the result is the council's confirmed word, to be shown to the producer.
    pub fn has_result(self) -> bool {
        matches!(self, Self::Confirmed | Self::ForCentre | Self::Fallback)
            || (self.is_closed() && self != Self::Withdrawn)
    }

    /// The step of the whole way that this state stands in, from 0 (dossier) to 5 (result).
    pub fn stage(self) -> usize {
        match self {
            Self::Draft | Self::Withdrawn => 0,
            Self::AtCommune => 1,
            Self::AtProvince | Self::AtCentre | Self::Completing | Self::Accepted => 2,
            Self::Checking | Self::Advising | Self::Advised => 3,
            Self::Scoring | Self::Discussion | Self::Tallied => 4,
            Self::Confirmed
            | Self::Recognised
            | Self::NotRecognised
            | Self::ForCentre
            | Self::ReferredBack
            | Self::FiveStars
            | Self::Fallback
            | Self::Again
            | Self::Disqualified => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::from("Bước · sự kiện → bước sau\n");
        for state in State::ALL {
            for event in Event::ALL {
                if let Ok(next) = step(*state, *event) {
                    lines.push_str(&format!("{} · {} → {}\n", state.name(), event.name(), next.name()));
                }
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_workflow() {
        insta::assert_snapshot!("workflow", table());
    }

    #[test]
    fn every_event_has_its_place() {
        for event in Event::ALL {
            assert!(State::ALL.iter().any(|state| step(*state, *event).is_ok()), "{event:?}");
        }
    }

    #[test]
    fn closed_dossiers_stay_closed() {
        for state in State::ALL.iter().filter(|state| state.is_closed()) {
            for event in Event::ALL {
                assert_eq!(step(*state, *event), Err(NotFrom { state: *state, event: *event }));
            }
        }
    }
}
