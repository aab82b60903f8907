//! A workbook from outside as texts: limits first, then cells.

use std::io::{self, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

/// The largest workbook of texts that is taken, in bytes.
pub const FILE_LIMIT: usize = 8 * MB;
/// The most parts in a file.
const PART_LIMIT: usize = 2_000;
/// The most tags in the list of texts, and as many texts as it may claim to have: the reader makes
/// room for what the file claims.
const SHARED_TAG_LIMIT: usize = 8_000_000;
/// The most tags in the list of formats.
const STYLE_TAG_LIMIT: usize = 500_000;
const MB: usize = 1024 * 1024;

/// How much is taken out of a workbook, and what becomes of cells that show an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file, in bytes.
    pub file: usize,
    /// All its parts unpacked, in bytes.
    pub unpacked: usize,
    /// All texts of its cells, in bytes: one long text may be named by many cells.
    pub text: usize,
    /// Rows with any text, in a sheet.
    pub rows: usize,
    /// Columns that are looked at.
    pub columns: usize,
    /// Cells up to the last one of each row, in all sheets.
    pub cells: usize,
    /// Whether a cell that shows an error is its text (`#N/A`); otherwise the file is refused.
    pub errors_as_text: bool,
}

impl Limits {
    /// A workbook of texts with this many columns.
    const fn texts(columns: usize) -> Self {
        Self {
            file: FILE_LIMIT,
            unpacked: 96 * MB,
            text: 16 * MB,
            rows: 20_000,
            columns,
            cells: 20_000 * 40,
            errors_as_text: false,
        }
    }
}

/// Why a file is not taken: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWorkbook {
    /// Nothing in it.
    #[error("Tệp này rỗng (0 byte). Hãy mở tệp xem có nội dung không, rồi chọn lại.")]
    Empty,
    /// More than this many bytes.
    #[error("Tệp lớn hơn {} MB nên không nhận. Hãy bỏ ảnh và các trang không cần đến, hoặc chia thành nhiều tệp.", .0 / MB)]
    TooLarge(usize),
    /// Unpacks to more than it may.
    #[error("Tệp phình quá lớn khi mở nên không nhận. Hãy chép phần có chữ sang một tệp mới rồi gửi tệp ấy.")]
    Bomb,
    /// A sheet has more than this many rows with text.
    #[error("Một trang của tệp có hơn {} dòng. Hãy chia thành nhiều tệp, hoặc bỏ trang ấy nếu không cần.", thousands(*.0))]
    TooManyRows(usize),
    /// Not a workbook of Excel since 2007.
    #[error(
        "Tệp này không phải là bảng tính XLSX. Hãy dùng «Lưu thành» (Save As), chọn Excel Workbook (.xlsx) rồi gửi lại."
    )]
    NotXlsx,
    /// Excel of before 2007, or locked with a password.
    #[error(
        "Tệp này là Excel đời cũ (.xls) hoặc có mật khẩu. Hãy bỏ mật khẩu, lưu lại thành .xlsx rồi gửi lại."
    )]
    OldOrLocked,
    /// It carries macros.
    #[error(
        "Tệp có macro nên không nhận. Hãy lưu lại thành Excel Workbook (.xlsx, không macro) rồi gửi lại."
    )]
    Macros,
    /// It is a workbook, but broken.
    #[error("Tệp XLSX bị hỏng, không đọc được. Hãy mở bằng Excel hoặc LibreOffice, lưu lại rồi gửi lại.")]
    Broken,
    /// A cell shows an error.
    #[error(
        "Trang «{sheet}», dòng {row}: một ô đang báo lỗi ({error}). Hãy gõ chữ vào ô thay cho công thức."
    )]
    ErrorCell {
        /// Name of the sheet.
        sheet: String,
        /// Number of the row.
        row: u32,
        /// The error as Excel shows it.
        error: String,
    },
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden from who opens the workbook.
    pub hidden: bool,
    /// Rows with any text, from the top.
    pub rows: Vec<ReadRow>,
    /// Cells that were made one, in the order of the file.
    pub merged: Vec<Merged>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadRow {
    /// Its number, counted from 1.
    pub no: u32,
    /// Texts of its first cells.
    pub cells: Vec<String>,
}

/// Cells that were made one: what is written stands in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Numbers of its first and last row, counted from 1.
    pub rows: (u32, u32),
    /// Its first and last column, counted from 0.
    pub columns: (usize, usize),
}

/// The texts of a workbook's first `columns` columns. Numbers are written as people do (`5`, not
/// `5.0`), days as `2026-03-05`; of a formula, its last result.
///
/// # Errors
/// [`BadWorkbook`] says why the file is not taken.
pub fn read(bytes: &[u8], columns: usize) -> Result<Vec<ReadSheet>, BadWorkbook> {
    let mut sheets = read_within(bytes, &Limits::texts(columns))?;
    for row in sheets.iter_mut().flat_map(|sheet| &mut sheet.rows) {
        row.cells.resize(columns, String::new());
    }
    Ok(sheets)
}

/// The texts of a workbook within these limits; each row up to its last cell with text.
///
/// # Errors
/// [`BadWorkbook`] says why the file is not taken.
pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Vec<ReadSheet>, BadWorkbook> {
    must_be_sound(bytes, limits)?;
    // The reader is not ours: were it to panic over a file nobody foresaw, the file is broken.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes, limits))).unwrap_or(Err(BadWorkbook::Broken))
}

fn sheets(bytes: &[u8], limits: &Limits) -> Result<Vec<ReadSheet>, BadWorkbook> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BadWorkbook::Broken)?;
    let known: Vec<calamine::Sheet> = book.sheets_metadata().to_vec();
    let mut left = Left { text: limits.text, cells: limits.cells };
    known
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|one| sheet(&mut book, one, limits, &mut left))
        .collect()
}

/// What may still be taken, of all sheets together.
struct Left {
    text: usize,
    cells: usize,
}

impl Left {
    fn take(&mut self, text: usize, cells: usize) -> Result<(), BadWorkbook> {
        self.text = self.text.checked_sub(text).ok_or(BadWorkbook::Bomb)?;
        self.cells = self.cells.checked_sub(cells).ok_or(BadWorkbook::Bomb)?;
        Ok(())
    }
}

/// Cells are read one by one as they stand in the file: a range would take memory for every empty
/// cell up to the last one, wherever somebody put it.
fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    known: calamine::Sheet,
    limits: &Limits,
    left: &mut Left,
) -> Result<ReadSheet, BadWorkbook> {
    let name = known.name;
    let mut rows: Vec<ReadRow> = Vec::new();
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| BadWorkbook::Broken)?;
    while let Some(cell) = cells.next_cell().map_err(|_| BadWorkbook::Broken)? {
        let (row, column) = cell.get_position();
        let Some(at) = usize::try_from(column).ok().filter(|at| *at < limits.columns) else { continue };
        let text = match text(cell.get_value()) {
            Ok(text) => text,
            Err(error) if limits.errors_as_text => error,
            Err(error) => return Err(BadWorkbook::ErrorCell { sheet: name, row: row + 1, error }),
        };
        if text.trim().is_empty() {
            continue;
        }
        if rows.last().is_none_or(|last| last.no != row + 1) {
            if rows.len() == limits.rows {
                return Err(BadWorkbook::TooManyRows(limits.rows));
            }
            rows.push(ReadRow { no: row + 1, cells: Vec::new() });
        }
        let Some(last) = rows.last_mut() else { continue };
        let before = last.cells.len();
        last.cells.resize(before.max(at + 1), String::new());
        left.take(text.len(), last.cells.len() - before)?;
        if let Some(place) = last.cells.get_mut(at) {
            *place = text;
        }
    }
    drop(cells);
    // Sheets from a broken hand may name their rows out of order, or one twice.
    rows.sort_by_key(|row| row.no);
    let merged = if rows.is_empty() { Vec::new() } else { merged(book, &name)? };
    Ok(ReadSheet { name, hidden: known.visible != SheetVisible::Visible, rows, merged })
}

fn merged(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Merged>, BadWorkbook> {
    let ranges = book.merge_cells_by_sheet_name(name).map_err(|_| BadWorkbook::Broken)?;
    let column = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let merged = ranges.into_iter().map(|range| Merged {
        rows: (range.start.0.saturating_add(1), range.end.0.saturating_add(1)),
        columns: (column(range.start.1), column(range.end.1)),
    });
    Ok(merged.filter(|one| one.rows.0 <= one.rows.1 && one.columns.0 <= one.columns.1).collect())
}

/// The text of a cell; the name of its error.
fn text(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(fact) => fact.to_string(),
        DataRef::DateTime(at) => day_text(*at),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// A number with the 15 digits that spreadsheet programs show: 83.3, and not 83.30000000000001, is
/// what a formula gave. A whole number has no decimal point.
fn number_text(number: f64) -> String {
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    shown.to_string()
}

/// The day of a moment; a time or a span without a day as its number.
fn day_text(at: ExcelDateTime) -> String {
    if at.is_duration() || at.as_f64() < 1.0 {
        return number_text(at.as_f64());
    }
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// `20.000`.
fn thousands(number: usize) -> String {
    ocop_core::text::thousands(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A ZIP with the parts of a workbook, none of them a macro, and no larger unpacked than it may
/// be: sizes are counted while unpacking, whatever the file says of itself.
fn must_be_sound(bytes: &[u8], limits: &Limits) -> Result<(), BadWorkbook> {
    if bytes.is_empty() {
        return Err(BadWorkbook::Empty);
    }
    if bytes.len() > limits.file {
        return Err(BadWorkbook::TooLarge(limits.file));
    }
    if bytes.starts_with(&OLE) {
        return Err(BadWorkbook::OldOrLocked);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| BadWorkbook::NotXlsx)?;
    if archive.len() > PART_LIMIT {
        return Err(BadWorkbook::Bomb);
    }
    let (mut left, mut has_types, mut has_workbook) = (limits.unpacked, false, false);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| BadWorkbook::NotXlsx)?;
        let name = part.name().map_err(|_| BadWorkbook::NotXlsx)?.to_ascii_lowercase();
        if name.ends_with("vbaproject.bin") || name.starts_with("xl/macrosheets/") {
            return Err(BadWorkbook::Macros);
        }
        has_types |= name == "[content_types].xml";
        has_workbook |= name == "xl/workbook.xml";
        let unpacked = if name.ends_with("sharedstrings.xml") {
            listed(&mut part, left, SHARED_TAG_LIMIT)?
        } else if name.ends_with("styles.xml") {
            listed(&mut part, left, STYLE_TAG_LIMIT)?
        } else {
            let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
            let unpacked = io::copy(&mut part.take(most), &mut io::sink());
            usize::try_from(unpacked.map_err(|_| BadWorkbook::Broken)?).unwrap_or(usize::MAX)
        };
        left = left.checked_sub(unpacked).ok_or(BadWorkbook::Bomb)?;
    }
    if has_types && has_workbook { Ok(()) } else { Err(BadWorkbook::NotXlsx) }
}

/// How a file begins that Excel wrote before 2007, or locked.
pub(crate) const OLE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

/// The size of a part that is read whole into memory: a list with few enough tags, that claims no
/// more entries than it may have tags.
fn listed(part: &mut impl Read, left: usize, tags: usize) -> Result<usize, BadWorkbook> {
    let most = left.min(LIST_LIMIT);
    let mut bytes = Vec::new();
    let until = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    part.take(until).read_to_end(&mut bytes).map_err(|_| BadWorkbook::Broken)?;
    let found = bytes.iter().filter(|byte| **byte == b'<').count();
    let claimed = bytes.windows(CLAIM.len()).enumerate().filter(|(_, window)| *window == CLAIM);
    let claims_more = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default().iter();
        let digits = rest.skip_while(|byte| b"=\"' \t\r\n+0".contains(byte));
        digits.take_while(|byte| byte.is_ascii_digit()).count() > MOST_DIGITS
    };
    let claims_too_much = claimed.into_iter().any(|(at, _)| claims_more(at + CLAIM.len()));
    if bytes.len() > most || found > tags || claims_too_much {
        Err(BadWorkbook::Bomb)
    } else {
        Ok(bytes.len())
    }
}

/// The largest list, in bytes.
const LIST_LIMIT: usize = 48 * MB;
/// What stands before the number of texts that the list of texts claims to have.
const CLAIM: &[u8] = b"uniqueCount";
/// Digits of the largest number it may claim: nearly ten million.
const MOST_DIGITS: usize = 7;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    /// A ZIP with these parts.
    fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_no_plain_workbook_is_refused_with_its_reason() {
        let check = |bytes: &[u8], reason: BadWorkbook| assert_eq!(read(bytes, 6), Err(reason));
        check(b"", BadWorkbook::Empty);
        check(b"%PDF-1.7", BadWorkbook::NotXlsx);
        check(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], BadWorkbook::OldOrLocked);
        check(&vec![0; FILE_LIMIT + 1], BadWorkbook::TooLarge(FILE_LIMIT));
        check(&zip(&[("word/document.xml", b"<x/>")]), BadWorkbook::NotXlsx);
        let book = [("[Content_Types].xml", b"<x/>".as_slice()), ("xl/workbook.xml", b"<x/>")];
        check(&zip(&[book[0], book[1], ("xl/vbaProject.bin", b"x")]), BadWorkbook::Macros);
        assert!(read(&zip(&book), 6).is_err());
    }

    #[test]
    fn a_small_file_that_unpacks_to_too_much_is_refused() {
        let zeros = vec![0; 20 * 1024 * 1024];
        let parts: Vec<String> = (0..5).map(|no| format!("xl/media/{no}.bin")).collect();
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
        let bomb = zip(&parts);
        assert!(bomb.len() < FILE_LIMIT / 10);
        assert_eq!(read(&bomb, 6), Err(BadWorkbook::Bomb));
    }

    #[test]
    fn numbers_errors_and_far_away_cells_are_read_without_harm() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_number(1, 0, 5.0).unwrap();
        sheet.write_string(3, 1, "chữ").unwrap();
        sheet.write_string(1_048_575, 16_383, "xa").unwrap();
        let read_sheet = &read(&book.save_to_buffer().unwrap(), 2).unwrap()[0];
        let rows: Vec<(u32, Vec<&str>)> = read_sheet
            .rows
            .iter()
            .map(|row| (row.no, row.cells.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(rows, [(2, vec!["5", ""]), (4, vec!["", "chữ"])]);
    }

    #[test]
    fn one_long_text_named_by_many_cells_is_refused() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let long = "ă".repeat(30_000);
        for row in 0..400 {
            sheet.write_string(row, 0, &long).unwrap();
        }
        assert_eq!(read(&book.save_to_buffer().unwrap(), 2), Err(BadWorkbook::Bomb));
    }

    #[test]
    fn limits_and_what_becomes_of_error_cells_are_the_callers() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..4 {
            sheet.write_string(row, 1, "chữ").unwrap();
        }
        sheet.write_formula(4, 0, rust_xlsxwriter::Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let error = "#DIV/0!".to_owned();
        let refused = BadWorkbook::ErrorCell { sheet: "Sheet1".to_owned(), row: 5, error };
        assert_eq!(read(&bytes, 2), Err(refused));
        let limits = Limits { errors_as_text: true, ..Limits::texts(2) };
        let rows = read_within(&bytes, &limits).map(|sheets| sheets[0].rows.clone()).unwrap();
        assert_eq!((rows.len(), rows[4].cells.as_slice()), (5, ["#DIV/0!".to_owned()].as_slice()));
        let check = |limits: Limits, bad| assert_eq!(read_within(&bytes, &limits), Err(bad));
        check(Limits { rows: 3, ..limits }, BadWorkbook::TooManyRows(3));
        check(Limits { cells: 6, ..limits }, BadWorkbook::Bomb);
        check(Limits { unpacked: 500, ..limits }, BadWorkbook::Bomb);
        check(Limits { file: 10, ..limits }, BadWorkbook::TooLarge(10));
    }
}
