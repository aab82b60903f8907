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

/// A clock that was set to another day and runs on from there.
pub struct ShiftedClock {
    shift: chrono::TimeDelta,
}

impl ShiftedClock {
    /// Stands at `start` now.
    ///
    /// # Errors
    /// When `start` is not written as RFC 3339, which every instant is.
    pub fn standing_at(start: Instant) -> anyhow::Result<Self> {
        let start: chrono::DateTime<chrono::Utc> = start.to_string().parse()?;
        let now: chrono::DateTime<chrono::Utc> = SystemClock.now().to_string().parse()?;
        Ok(Self { shift: start - now })
    }
}

impl Clock for ShiftedClock {
    #[allow(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> Instant {
        Instant::new(chrono::Utc::now() + self.shift)
    }
}
