//! The phases of a dossier in the council's room, and who sees what in each.

use crate::coded;
use crate::dossiers::State;
use crate::people::SeatKind;

coded! {
    /// How far a dossier is in the council's room.
    Phase {
        /// The council has not begun with it.
        Waiting = "waiting", "Chưa chấm";
        /// Members score, each alone.
        Scoring = "scoring", "Đang chấm";
        /// All ballots are sealed and open to the council; it discusses, or the chair confirms.
        Opened = "opened", "Đã mở phiếu";
        /// The council has discussed and its result waits for the chair.
        Discussed = "discussed", "Đã thảo luận";
        /// The result is the council's word.
        Closed = "closed", "Đã xác nhận";
    }
}

impl Phase {
    /// The phase of a dossier; `discussed`: whether its last turn follows a discussion or was kept after one.
    pub fn of(state: State, discussed: bool) -> Self {
        match state {
            State::Draft
            | State::AtCommune
            | State::AtProvince
            | State::AtCentre
            | State::Completing
            | State::Accepted
            | State::Checking
            | State::Advising
            | State::Advised
            | State::Withdrawn => Self::Waiting,
            State::Scoring => Self::Scoring,
            State::Discussion => Self::Opened,
            State::Tallied if discussed => Self::Discussed,
            State::Tallied => Self::Opened,
            State::Confirmed
            | State::Recognised
            | State::NotRecognised
            | State::ForCentre
            | State::ReferredBack
            | State::FiveStars
            | State::Fallback
            | State::Again
            | State::Disqualified => Self::Closed,
        }
    }

    /// Whether members' ballots lie open to the council.
    fn is_opened(self) -> bool {
        match self {
            Self::Waiting | Self::Scoring => false,
            Self::Opened | Self::Discussed | Self::Closed => true,
        }
    }
}

coded! {
    /// Who looks at a dossier's scoring.
    Reader {
        /// The chair.
        Chair = "chair", "Chủ tịch Hội đồng";
        /// The secretary.
        Secretary = "secretary", "Thư ký Hội đồng";
        /// A member.
        Member = "member", "Thành viên Hội đồng";
        /// The advisory team.
        Advisor = "advisor", "Tổ tư vấn";
        /// The provincial office.
        Office = "office", "Cơ quan tham mưu";
        /// The commune that proposed the dossier.
        Commune = "commune", "Cấp xã";
        /// The producer.
        Producer = "producer", "Chủ thể";
    }
}

impl From<SeatKind> for Reader {
    fn from(kind: SeatKind) -> Self {
        match kind {
            SeatKind::Chair => Self::Chair,
            SeatKind::Secretary => Self::Secretary,
            SeatKind::Member => Self::Member,
            SeatKind::Advisor => Self::Advisor,
        }
    }
}

/// What somebody may see of a dossier's scoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visibility {
    /// One's own ballot.
    pub own_ballot: bool,
    /// How many ballots are sealed (a number, no names).
    pub sealed_count: bool,
    /// Members' totals, levels, remarks and the tally of the finished turn.
    pub opened: bool,
    /// The confirmed mean and stars.
    pub result: bool,
}

/// Who sees what, when (law 7): a total, a rank or a sort order can leak a ballot, so while
/// members score, nobody sees anything of others' ballots; only the secretary, who tells the chair
/// whom the council waits for, sees how many are sealed. Who has a conflict of interest sees nothing at all.
pub fn visibility(reader: Reader, phase: Phase, conflicted: bool) -> Visibility {
    if conflicted {
        return Visibility { own_ballot: false, sealed_count: false, opened: false, result: false };
    }
    let opened = phase.is_opened();
    let result = phase == Phase::Closed;
    match reader {
        Reader::Chair | Reader::Member => {
            Visibility { own_ballot: true, sealed_count: false, opened, result }
        }
        Reader::Secretary => Visibility { own_ballot: true, sealed_count: true, opened, result },
        Reader::Advisor | Reader::Office => {
            Visibility { own_ballot: false, sealed_count: false, opened, result }
        }
        Reader::Commune | Reader::Producer => {
            Visibility { own_ballot: false, sealed_count: false, opened: false, result }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(seen: Visibility) -> String {
        let parts = [
            (seen.own_ballot, "phiếu của mình"),
            (seen.sealed_count, "số phiếu đã niêm"),
            (seen.opened, "phiếu và điểm của mọi thành viên"),
            (seen.result, "kết quả"),
        ];
        let seen: Vec<&str> = parts.iter().filter(|(seen, _)| *seen).map(|(_, words)| *words).collect();
        if seen.is_empty() { "không gì".to_owned() } else { seen.join(", ") }
    }

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::new();
        for phase in Phase::ALL {
            lines.push_str(&format!("{}\n", phase.name()));
            for reader in Reader::ALL {
                lines.push_str(&format!(
                    "  {}: {}\n",
                    reader.name(),
                    words(visibility(*reader, *phase, false))
                ));
            }
            let shut = Reader::ALL.iter().map(|reader| words(visibility(*reader, *phase, true)));
            let shut: std::collections::BTreeSet<String> = shut.collect();
            lines.push_str(&format!("  Người có xung đột lợi ích: {}\n", Vec::from_iter(shut).join("; ")));
        }
        lines
    }

    #[test]
    fn the_printed_table_is_who_sees_what_and_when() {
        insta::assert_snapshot!("visibility", table());
    }

    #[test]
    fn phases_follow_the_dossier() {
        for state in State::ALL {
            for discussed in [false, true] {
                let phase = Phase::of(*state, discussed);
                assert_eq!(phase.is_opened(), state.is_opened(), "{state:?}");
                assert_eq!(phase == Phase::Closed, state.has_result(), "{state:?}");
            }
        }
        assert_eq!(Phase::of(State::Tallied, true), Phase::Discussed);
    }

    #[test]
    fn nobody_sees_others_while_members_score() {
        for reader in Reader::ALL {
            let seen = visibility(*reader, Phase::Scoring, false);
            assert!(!seen.opened && !seen.result, "{reader:?}");
            assert_eq!(seen.sealed_count, *reader == Reader::Secretary, "{reader:?}");
        }
    }
}
