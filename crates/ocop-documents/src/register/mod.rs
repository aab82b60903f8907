//! Register files: read from what offices have (XLSX, CSV), and the two workbooks that go back to
//! them: the template, and the rows that were not taken.

mod csv;
mod file;
mod heading;
mod refused;
mod template;
#[cfg(test)]
mod tests;

pub use file::{BadFile, FILE_LIMIT, ROW_LIMIT, Sheet, read};
pub use refused::refused;
pub use template::template;
