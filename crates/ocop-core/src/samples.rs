//! Samples of a product: units handed in with its dossier (26/2026/QĐ-TTg, Article 6.2d: five; none for
//! tourism), where each is kept, and what becomes of it.

use crate::coded;
use crate::dossiers::State;

coded! {
    /// Where a sample is.
    SampleState {
        /// Kept somewhere.
        Stored = "stored", "Đang lưu giữ";
        /// Tasted, opened or shown when the council judged.
        Used = "used", "Đã dùng khi đánh giá";
        /// Sent to a laboratory.
        Tested = "tested", "Đã gửi kiểm nghiệm";
        /// Given back to the producer.
        Returned = "returned", "Đã trả chủ thể";
        /// Spoiled or no longer needed.
        Discarded = "discarded", "Đã hủy";
    }
}

/// The most samples of a dossier.
pub const MOST: u16 = 100;

/// Why samples cannot be received.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReceived {
    /// A service has none.
    #[error("Bộ tiêu chí của sản phẩm này (dịch vụ du lịch) không có mẫu sản phẩm.")]
    Service,
    /// The dossier is not with an office.
    #[error("Hồ sơ đang ở bước «{}», không nhận mẫu ở bước này.", .0.name())]
    NotHere(State),
    /// More than can be meant.
    #[error("Đã nhận {0} mẫu; một hồ sơ nhiều nhất {MOST} mẫu. Hãy kiểm tra lại số lượng.")]
    TooMany(u16),
}

/// Whether `more` samples can be received beside those that are there.
///
/// # Errors
/// [`NotReceived`] says why not.
pub fn may_receive(needed: u16, state: State, there: u16, more: u16) -> Result<(), NotReceived> {
    if needed == 0 {
        return Err(NotReceived::Service);
    }
    if state.is_with_producer() && state != State::Completing || state.is_closed() {
        return Err(NotReceived::NotHere(state));
    }
    if there.saturating_add(more) > MOST {
        return Err(NotReceived::TooMany(there));
    }
    Ok(())
}

/// A sample that is no longer there cannot be moved or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Mẫu số {no}: {}, không còn ở đây để chuyển hoặc sử dụng.", .state.name().to_lowercase())]
pub struct Gone {
    /// Its number.
    pub no: u16,
    /// What became of it.
    pub state: SampleState,
}

/// What becomes of a sample; moved to another place it stays [`SampleState::Stored`].
///
/// # Errors
/// [`Gone`] when it is no longer kept.
pub fn handle(no: u16, state: SampleState, next: SampleState) -> Result<SampleState, Gone> {
    match state {
        SampleState::Stored => Ok(next),
        SampleState::Used | SampleState::Tested | SampleState::Returned | SampleState::Discarded => {
            Err(Gone { no, state })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_with_a_dossier_that_an_office_has() {
        let check = |needed, state, there, more, expected| {
            assert_eq!(may_receive(needed, state, there, more), expected, "{state:?} {there} {more}");
        };
        check(5, State::AtCommune, 0, 5, Ok(()));
        check(5, State::Completing, 3, 2, Ok(()));
        check(5, State::Scoring, 5, 1, Ok(()));
        check(0, State::AtCommune, 0, 5, Err(NotReceived::Service));
        check(5, State::Draft, 0, 5, Err(NotReceived::NotHere(State::Draft)));
        check(5, State::Recognised, 5, 1, Err(NotReceived::NotHere(State::Recognised)));
        check(5, State::AtProvince, 98, 5, Err(NotReceived::TooMany(98)));
    }

    #[test]
    fn what_is_used_up_stays_so() {
        assert_eq!(handle(2, SampleState::Stored, SampleState::Used), Ok(SampleState::Used));
        assert_eq!(handle(2, SampleState::Stored, SampleState::Stored), Ok(SampleState::Stored));
        for state in SampleState::ALL.iter().filter(|state| **state != SampleState::Stored) {
            assert_eq!(handle(2, *state, SampleState::Stored), Err(Gone { no: 2, state: *state }));
        }
    }
}
