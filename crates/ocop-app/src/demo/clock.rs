//! A clock that stands where the story is.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use ocop_core::time::Instant;

use crate::App;
use crate::runtime::Clock;

/// Moves to the days of a story as it is told.
pub(super) struct StoryClock(Mutex<Instant>);

impl StoryClock {
    /// The application with a clock of its own, standing at `start`.
    pub(super) fn given_to(app: &App, start: Instant) -> (App, Arc<Self>) {
        let clock = Arc::new(Self(Mutex::new(start)));
        let told = App { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..app.clone() };
        (told, clock)
    }

    /// Moves to the morning of a day.
    pub(super) fn go_to(&self, day: NaiveDate) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::morning(day);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Instant {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Each step takes a moment, so that the journal keeps the order of the story.
        *now = now.plus_minutes(1);
        *now
    }
}
