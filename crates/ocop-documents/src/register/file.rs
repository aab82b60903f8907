//! A register file as tables, whatever it was saved as.

use ocop_core::imports::encodings::{Unreadable, decode, from_font};

use super::{csv, heading};
use crate::xlsx::{BadWorkbook, Limits, OLE, ReadRow, ReadSheet, read_within};

/// The largest file that is taken, in bytes.
pub const FILE_LIMIT: usize = 20 * MB;
/// The most rows that one table may have.
pub const ROW_LIMIT: usize = 50_000;
/// The most columns that are looked at.
const COLUMN_LIMIT: usize = 256;
/// Cells of a file: all rows with forty columns.
const CELL_LIMIT: usize = ROW_LIMIT * 40;
const MB: usize = 1024 * 1024;

const LIMITS: Limits = Limits {
    file: FILE_LIMIT,
    unpacked: 128 * MB,
    text: 64 * MB,
    // The heading, and what stands above it.
    rows: ROW_LIMIT + 100,
    columns: COLUMN_LIMIT,
    cells: CELL_LIMIT,
    errors_as_text: true,
};

/// A table of a register file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet; of a CSV, the name of the file.
    pub name: String,
    /// What its columns are called, each otherwise.
    pub headings: Vec<String>,
    /// Number of the row that the headings stand in; of several, the last.
    pub heading_row: u32,
    /// The rows below that are not empty, each with a cell for every heading.
    pub rows: Vec<ReadRow>,
}

/// Why a register file is not taken: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    /// As a workbook it is not one, or not one to be taken.
    #[error(transparent)]
    Workbook(#[from] BadWorkbook),
    /// Neither a workbook nor text.
    #[error(
        "Tệp này không phải bảng tính Excel (.xlsx) hay CSV. Hãy mở bảng bằng Excel, chọn «Lưu thành» (Save As), Excel Workbook (.xlsx) rồi gửi lại."
    )]
    NotATable,
    /// A web page or XML under the name of a table.
    #[error(
        "Tệp này là trang web hoặc XML mang tên bảng tính. Hãy mở bằng Excel, chọn «Lưu thành» (Save As), Excel Workbook (.xlsx) rồi gửi lại."
    )]
    WebPage,
    /// Text in an encoding that gives no Vietnamese.
    #[error(
        "Không đọc được chữ trong tệp CSV: không phải Unicode (UTF-8, UTF-16), Windows-1258 hay TCVN3 (ABC). Hãy mở bằng Excel, lưu thành Excel Workbook (.xlsx) rồi gửi lại."
    )]
    UnknownEncoding,
    /// A quoted cell of a CSV never ends.
    #[error(
        "Dòng {row} của tệp CSV: dấu ngoặc kép (\") mở ra mà không đóng lại, nên không biết ô ấy dừng ở đâu. Hãy sửa ô ấy, hoặc lưu bảng thành Excel Workbook (.xlsx) rồi gửi lại."
    )]
    OpenQuote {
        /// The row it begins in.
        row: u32,
    },
    /// No sheet has column names with rows below.
    #[error(
        "Không thấy bảng nào trong tệp: cần một dòng tên cột (ít nhất hai cột) và các dòng dữ liệu ở dưới. Hãy xem lại tệp, hoặc dùng tệp mẫu."
    )]
    NoTable,
}

/// The tables of a register file, the likeliest register first. What the file is, is told by its
/// content; its name is that of a CSV's only table. Hidden sheets and sheets without a table are left
/// out.
///
/// # Errors
/// [`BadFile`] says why the file is not taken.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, BadFile> {
    let mut sheets = if bytes.is_empty() || bytes.len() > FILE_LIMIT || is_packed(bytes) {
        read_within(bytes, &LIMITS)?
    } else {
        vec![ReadSheet { name: file_name.to_owned(), rows: text_rows(bytes)?, ..ReadSheet::default() }]
    };
    from_font(sheets.iter_mut().flat_map(|sheet| &mut sheet.rows).flat_map(|row| &mut row.cells));
    let mut tables = Vec::new();
    for sheet in sheets.into_iter().filter(|sheet| !sheet.hidden) {
        tables.extend(heading::table(sheet)?);
    }
    if tables.is_empty() {
        return Err(BadFile::NoTable);
    }
    // Stable: of two equally likely sheets, the first of the file.
    tables.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    Ok(tables.into_iter().map(|(_, table)| table).collect())
}

/// A ZIP, as workbooks are today, or what they were before.
fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(&OLE)
}

fn text_rows(bytes: &[u8]) -> Result<Vec<ReadRow>, BadFile> {
    if bytes.starts_with(b"%PDF") {
        return Err(BadFile::NotATable);
    }
    let text = decode(bytes).map_err(|unreadable| match unreadable {
        Unreadable::Binary => BadFile::NotATable,
        Unreadable::UnknownEncoding => BadFile::UnknownEncoding,
    })?;
    if text.trim_start().starts_with('<') {
        return Err(BadFile::WebPage);
    }
    csv::rows(&text, &LIMITS)
}
