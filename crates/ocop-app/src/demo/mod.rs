//! The demonstration province, Quảng Ninh, in two stories: today, and on 2 December 2022.
//!
//! Today is loaded through the same verbs that people use: every step is done on the day that the
//! data say, by the person whose step it is, so every rule applies and the journal tells the story.
//! 2022 is a province that kept its register as a list and its evaluations on paper.

mod around;
mod clock;
mod data;
#[cfg(test)]
mod figures;
mod load;
mod people;
mod register;
mod scoring;
mod year_2022;

pub use load::is_empty;

use ocop_core::coded;
use ocop_core::time::Instant;
use ocop_store::journal;

use crate::{App, AppError};

/// The password of all demonstration accounts.
pub const PASSWORD: &str = "ocop-quang-ninh";

coded! {
    /// Which story the demonstration tells.
    Story {
        /// The province of today, in the middle of a round.
        Today = "today", "Quảng Ninh hôm nay";
        /// The province on 2 December 2022, under the rules of then.
        QuangNinh2022 = "2022", "Quảng Ninh, ngày 02/12/2022";
    }
}

/// Loads a story into an empty database.
///
/// # Errors
/// Names the file and line at fault; a released program has none (a test loads them).
pub async fn load(app: &App, story: Story) -> Result<(), AppError> {
    match story {
        Story::Today => load::load(app).await,
        Story::QuangNinh2022 => year_2022::load(app).await,
    }
}

/// Where the clock of a story stands, or stopped when the story was left: `None` for a story that
/// goes by the real clock.
pub async fn now_in(app: &App, story: Story) -> Result<Option<Instant>, AppError> {
    match story {
        Story::Today => Ok(None),
        Story::QuangNinh2022 => {
            let start = Instant::morning(data::day(&data::year_2022()?.starts_on)?);
            let last = journal::last_change(&mut app.db.read().await?).await?;
            Ok(last.map(|last| last.plus_minutes(1)).max(Some(start)))
        }
    }
}

/// An account to try the program with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The name to sign in with.
    pub email: String,
    /// What it is for.
    pub name: String,
}

/// The accounts of a story to try it with, in the order of the procedure.
pub fn accounts(story: Story) -> Result<Vec<DemoAccount>, AppError> {
    let listed = data::accounts(story)?.account.into_iter().filter(|account| account.listed);
    Ok(listed.map(|account| DemoAccount { email: account.email, name: account.name }).collect())
}
