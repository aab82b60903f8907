//! What becomes of a letter.

use crate::coded;

coded! {
    /// Where a letter is.
    MailState {
        /// Waits to be sent, for the first time or again.
        Waiting = "waiting", "Chờ gửi";
        /// The mail server has taken it.
        Sent = "sent", "Đã gửi";
        /// The mail server refuses it for good, or a report says that it never arrived.
        Bounced = "bounced", "Bị trả lại";
        /// Tried for two days in vain.
        GivenUp = "given_up", "Không gửi được";
    }
}
