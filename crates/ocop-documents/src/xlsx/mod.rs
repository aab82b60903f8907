//! Workbooks (XLSX): written from values, and read back as texts by sheet and row.
//!
//! What comes back was in other hands: it is unpacked under limits before anything looks into it,
//! and only texts leave this module.

pub mod ballots;
mod read;
pub mod table;
pub mod wording;

pub(crate) use read::OLE;
pub use read::{BadWorkbook, FILE_LIMIT, Limits, Merged, ReadRow, ReadSheet, read, read_within};
