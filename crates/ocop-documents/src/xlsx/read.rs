//! A workbook from outside as texts: limits first, then cells.

use std::io::{self, Cursor, Read};

use calamine::{Data, DataRef, Reader, SheetType, Xlsx};

/// The largest file that is taken, in bytes.
pub const FILE_LIMIT: usize = 8 * 1024 * 1024;
/// The most that all parts of a file may unpack to, in bytes.
const UNPACKED_LIMIT: u64 = 96 * 1024 * 1024;
/// The most text that is taken out of a file, in bytes: one long text may be named by many cells.
const TEXT_LIMIT: usize = 16 * 1024 * 1024;
/// The most parts in a file.
const PART_LIMIT: usize = 2_000;
/// The last row that is looked at.
const ROW_LIMIT: u32 = 20_000;

/// Why a file is not taken: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadWorkbook {
    /// Nothing in it.
    #[error("Tệp này rỗng (0 byte). Hãy mở tệp xem có nội dung không, rồi chọn lại.")]
    Empty,
    /// More than [`FILE_LIMIT`].
    #[error("Tệp lớn hơn {} MB nên không nhận. Tệp do phần mềm xuất ra chỉ vài MB; hãy bỏ ảnh và trang thêm vào.", FILE_LIMIT / 1024 / 1024)]
    TooLarge,
    /// Unpacks to more than it may.
    #[error("Tệp phình quá lớn khi mở nên không nhận. Hãy xuất lại tệp mới và chép lời văn chính thức sang.")]
    Bomb,
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
    /// Rows with any text, from the top.
    pub rows: Vec<ReadRow>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadRow {
    /// Its number, counted from 1.
    pub no: u32,
    /// Texts of its first cells.
    pub cells: Vec<String>,
}

/// The texts of a workbook's first `columns` columns. Numbers are written as people do (`5`, not
/// `5.0`); of a formula, its last result.
///
/// # Errors
/// [`BadWorkbook`] says why the file is not taken.
pub fn read(bytes: &[u8], columns: usize) -> Result<Vec<ReadSheet>, BadWorkbook> {
    must_be_sound(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BadWorkbook::Broken)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut left = TEXT_LIMIT;
    names.into_iter().map(|name| sheet(&mut book, name, columns, &mut left)).collect()
}

/// Cells are read one by one as they stand in the file: a range would take memory for every empty
/// cell up to the last one, wherever somebody put it.
fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: String,
    columns: usize,
    left: &mut usize,
) -> Result<ReadSheet, BadWorkbook> {
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| BadWorkbook::Broken)?;
    let mut rows: Vec<ReadRow> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| BadWorkbook::Broken)? {
        let (row, column) = cell.get_position();
        let Some(at) = usize::try_from(column).ok().filter(|at| *at < columns) else { continue };
        if row >= ROW_LIMIT {
            continue;
        }
        let text = text(cell.get_value()).map_err(|error| BadWorkbook::ErrorCell {
            sheet: name.clone(),
            row: row + 1,
            error,
        })?;
        if text.trim().is_empty() {
            continue;
        }
        *left = left.checked_sub(text.len()).ok_or(BadWorkbook::Bomb)?;
        if rows.last().is_none_or(|last| last.no != row + 1) {
            rows.push(ReadRow { no: row + 1, cells: vec![String::new(); columns] });
        }
        if let Some(place) = rows.last_mut().and_then(|last| last.cells.get_mut(at)) {
            *place = text;
        }
    }
    Ok(ReadSheet { name, rows })
}

/// The text of a cell; the name of its error.
fn text(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        // A whole number prints without a decimal point.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(fact) => fact.to_string(),
        DataRef::DateTime(at) => Data::DateTime(*at).to_string(),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// A ZIP with the parts of a workbook, none of them a macro, and no larger unpacked than it may
/// be: sizes are counted while unpacking, whatever the file says of itself.
fn must_be_sound(bytes: &[u8]) -> Result<(), BadWorkbook> {
    if bytes.is_empty() {
        return Err(BadWorkbook::Empty);
    }
    if bytes.len() > FILE_LIMIT {
        return Err(BadWorkbook::TooLarge);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(BadWorkbook::OldOrLocked);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| BadWorkbook::NotXlsx)?;
    if archive.len() > PART_LIMIT {
        return Err(BadWorkbook::Bomb);
    }
    let (mut left, mut has_types, mut has_workbook) = (UNPACKED_LIMIT, false, false);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| BadWorkbook::NotXlsx)?;
        let name = part.name().map_err(|_| BadWorkbook::NotXlsx)?.to_ascii_lowercase();
        if name.ends_with("vbaproject.bin") || name.starts_with("xl/macrosheets/") {
            return Err(BadWorkbook::Macros);
        }
        has_types |= name == "[content_types].xml";
        has_workbook |= name == "xl/workbook.xml";
        let unpacked = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink());
        left = left.checked_sub(unpacked.map_err(|_| BadWorkbook::Broken)?).ok_or(BadWorkbook::Bomb)?;
    }
    if has_types && has_workbook { Ok(()) } else { Err(BadWorkbook::NotXlsx) }
}

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
        check(&vec![0; FILE_LIMIT + 1], BadWorkbook::TooLarge);
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
}
