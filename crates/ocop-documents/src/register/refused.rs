//! The rows that were not taken, on their way back to who sent them.

use ocop_core::imports::columns::REFUSAL_HEADINGS;

use crate::DocumentError;
use crate::xlsx::table::{Table, TableCell, TableColumn, write};

/// A workbook with the columns of the file that was sent, and before them the number of each row and
/// why it was not taken: corrected, it can be sent as it is, [`super::read`] leaves those two out again. `rows` gives number, reason, cells.
///
/// # Errors
/// When the library cannot write it.
pub fn refused(
    headings: &[String],
    rows: impl Iterator<Item = (u32, String, Vec<String>)>,
) -> Result<Vec<u8>, DocumentError> {
    let own = headings.iter().map(|heading| TableColumn::new(heading.clone(), 22));
    let [number, reason] = REFUSAL_HEADINGS;
    let added = [TableColumn::new(number, 8), TableColumn::new(reason, 60)];
    let row = |(no, reason, cells): (u32, String, Vec<String>)| {
        let told = [TableCell::Integer(i64::from(no)), TableCell::from(reason)];
        told.into_iter().chain(cells.into_iter().map(TableCell::from)).collect()
    };
    write(&[Table {
        sheet: "Dòng không nhận".to_owned(),
        columns: added.into_iter().chain(own).collect(),
        rows: rows.map(row).collect(),
        ..Table::default()
    }])
}
