//! The real clock and the real chance: the only place that may ask the system for them.

use ocop_app::{Clock, Ids};
use ocop_core::time::Instant;

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> Instant {
        Instant::new(chrono::Utc::now())
    }
}

/// UUIDv7 ids and the system's random bytes.
pub struct SystemIds;

impl Ids for SystemIds {
    #[allow(clippy::disallowed_methods, reason = "this is the maker of ids that everybody else is given")]
    fn uuid(&self) -> String {
        uuid::Uuid::now_v7().to_string()
    }

    #[allow(clippy::expect_used, reason = "without random bytes from the system no secret can be made: stop")]
    fn chance(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        bytes
    }
}
