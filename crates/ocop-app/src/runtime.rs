//! What the binary gives to the application: time and chance (law 2).

use ocop_core::time::Instant;
use ocop_documents::DocumentError;

use crate::AppError;

/// A clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// Makes ids and chance.
pub trait Ids: Send + Sync {
    /// A fresh UUIDv7 text.
    fn uuid(&self) -> String;

    /// Unguessable bytes.
    fn chance(&self) -> [u8; 32];
}

/// A fresh id of any kind.
///
/// # Panics
/// Never: [`Ids::uuid`] gives UUIDs, which every id type accepts; a maker that does not is a
/// mistake of the program, found by the first test.
#[allow(clippy::expect_used, reason = "an Ids that does not make UUIDs is a programming mistake")]
pub(crate) fn fresh<Id: std::str::FromStr>(ids: &dyn Ids) -> Id
where
    Id::Err: std::fmt::Debug,
{
    ids.uuid().parse().expect("Ids::uuid gives a UUID")
}

/// Runs work of many milliseconds apart from the threads that answer requests.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|fault| {
        AppError::Document(DocumentError::Template { template: "workbook", reason: fault.to_string() })
    })?
}
