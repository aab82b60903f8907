//! Register files on their way in: an office's list of products in a workbook or CSV.
//!
//! A file is sent ([`look`]), its columns are named and every row is tried ([`check`]), then the
//! rows that are right go in ([`start`], done by [`go_on`] in steps of one transaction each) and the
//! others come back with the reasons ([`refused_workbook`]).

mod apply;
mod book;
mod file;
mod results;
mod runs;
mod system;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use book::{Book, Manner};
pub(crate) use file::{mapped, read_lines, sheets};
pub use ocop_core::imports::record::Fault;
pub use ocop_documents::register::{FILE_LIMIT, ROW_LIMIT};
pub use ocop_store::imports::{Refused, Run};
pub use runs::{
    FileColumn, Naming, NamingInput, ROWS_SHOWN, check, choose_sheet, list, look, naming, refused,
    refused_workbook, run, start, stop, template, words,
};
pub use system::{ImportDone, ImportOrder, RowFault, import_by_system, preview_by_system};
pub use work::go_on;
pub(crate) use work::take;
