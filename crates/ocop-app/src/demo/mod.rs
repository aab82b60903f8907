//! The demonstration province: Quảng Ninh today, loaded through the same verbs that people use.
//!
//! Every step is done on the day that the data say, by the person whose step it is, so every rule
//! applies and the journal tells the story. Days count from the day of loading.

mod data;
mod load;
mod scoring;

pub use load::{is_empty, load};

use crate::AppError;

/// The password of all demonstration accounts.
pub const PASSWORD: &str = "ocop-quang-ninh";

/// An account to try the program with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The name to sign in with.
    pub email: String,
    /// What it is for.
    pub name: String,
}

/// One account for each role, in the order of the procedure.
pub fn accounts() -> Result<Vec<DemoAccount>, AppError> {
    let listed = data::accounts()?.account.into_iter().filter(|account| account.listed);
    Ok(listed.map(|account| DemoAccount { email: account.email, name: account.name }).collect())
}
