//! From a suspicion to the decision on a certificate (26/2026/QĐ-TTg, Article 8): a province decides on 3 and 4
//! stars itself; of 5 stars it proposes the withdrawal, and the Minister decides.

use crate::coded;

coded! {
    /// Where the verification of a ground stands.
    VerificationState {
        /// Under way.
        Open = "open", "đang xác minh";
        /// The ground is given: the decision is due (Article 8.4).
        Found = "found", "chờ quyết định thu hồi";
        /// The ground is not given.
        Cleared = "cleared", "không có căn cứ thu hồi";
        /// The province has asked the Minister to withdraw a certificate of 5 stars.
        Proposed = "proposed", "đã đề nghị Bộ trưởng thu hồi, chờ quyết định";
        /// The Minister has not followed the proposal.
        Declined = "declined", "Bộ trưởng không thu hồi";
        /// The certificate was withdrawn.
        Withdrawn = "withdrawn", "đã thu hồi";
    }
}

coded! {
    /// What moves a verification on.
    VerificationEvent {
        /// It is concluded that the ground is given.
        Confirm = "confirm", "Kết luận có căn cứ thu hồi";
        /// It is concluded that the ground is not given.
        Clear = "clear", "Kết luận không có căn cứ thu hồi";
        /// The province proposes the withdrawal to the Minister.
        Propose = "propose", "Tỉnh đề nghị Bộ trưởng thu hồi";
        /// The decision of withdrawal.
        Withdraw = "withdraw", "Quyết định thu hồi";
        /// The Minister does not follow the proposal.
        Decline = "decline", "Bộ trưởng không thu hồi";
    }
}

/// The verification cannot take this step from here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Chưa làm được «{}»: việc xác minh ở bước «{}». Xem lại các lần xác minh ở trang giấy chứng nhận.",
    .event.name(), .state.name()
)]
pub struct VerificationNotFrom {
    /// Where it stands.
    pub state: VerificationState,
    /// What was to happen.
    pub event: VerificationEvent,
}

/// Where a verification stands after an event.
///
/// # Errors
/// [`VerificationNotFrom`] when the event cannot happen here.
pub fn verify(
    state: VerificationState,
    event: VerificationEvent,
) -> Result<VerificationState, VerificationNotFrom> {
    use VerificationEvent::{Clear, Confirm, Decline, Propose, Withdraw};
    let next = match state {
        VerificationState::Open => match event {
            Confirm => Some(VerificationState::Found),
            Clear => Some(VerificationState::Cleared),
            Propose | Withdraw | Decline => None,
        },
        VerificationState::Found => match event {
            Propose => Some(VerificationState::Proposed),
            Withdraw => Some(VerificationState::Withdrawn),
            Confirm | Clear | Decline => None,
        },
        VerificationState::Proposed => match event {
            Withdraw => Some(VerificationState::Withdrawn),
            Decline => Some(VerificationState::Declined),
            Confirm | Clear | Propose => None,
        },
        VerificationState::Cleared | VerificationState::Declined | VerificationState::Withdrawn => {
            match event {
                Confirm | Clear | Propose | Withdraw | Decline => None,
            }
        }
    };
    next.ok_or(VerificationNotFrom { state, event })
}

impl VerificationState {
    /// Whether it weighs on the certificate: under way, or the ground is given and nothing decided.
    pub fn weighs(self) -> bool {
        match self {
            Self::Open | Self::Found | Self::Proposed => true,
            Self::Cleared | Self::Declined | Self::Withdrawn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as an officer reads it.
    fn table() -> String {
        let mut lines = String::from("Bước xác minh · sự kiện → bước sau\n");
        for state in VerificationState::ALL {
            for event in VerificationEvent::ALL {
                if let Ok(next) = verify(*state, *event) {
                    lines.push_str(&format!("{} · {} → {}\n", state.name(), event.name(), next.name()));
                }
            }
        }
        lines
    }

    #[test]
    fn the_printed_table_is_the_way_to_a_withdrawal() {
        insta::assert_snapshot!("withdrawal", table());
    }

    #[test]
    fn what_is_decided_stays_decided_and_weighs_no_more() {
        for state in VerificationState::ALL.iter().filter(|state| !state.weighs()) {
            for event in VerificationEvent::ALL {
                assert!(verify(*state, *event).is_err(), "{state:?} {event:?}");
            }
        }
    }
}
