//! The workbook in which a member fills in ballots without a network: a sheet that lists the dossiers, then one
//! sheet for each ballot. Choices come from a list beside each row; only choice and remark are unlocked. What
//! tells the program which ballot it is stands in hidden rows and columns.

use rust_xlsxwriter::utility::{cell_range_absolute, quote_sheet_name};
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Formula, ProtectionOptions, Url, Workbook, Worksheet,
    XlsxError,
};

use super::table::sheet_name;
use super::wording::{Looks, printed};
use crate::DocumentError;

/// Widths of columns A to E, in characters.
const WIDTHS: [u16; 5] = [11, 70, 24, 28, 46];
/// The column of the choice; the remark stands beside it.
const CHOICE: u16 = 3;
/// Where the hidden columns begin: what the ballot said, then the list of choices.
const KEPT: u16 = 5;
const LIST: u16 = 7;
/// Rows above the table: title, three hidden lines, hint, headings.
const HEAD_ROW: u32 = 5;

/// What the workbook holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BallotBook {
    /// Name of the first sheet.
    pub overview: String,
    /// Its title.
    pub title: String,
    /// What the member should know, line by line.
    pub lines: Vec<String>,
    /// Headings of columns A to G of every ballot.
    pub headings: Vec<String>,
    /// One for each ballot.
    pub ballots: Vec<BallotTable>,
}

/// A ballot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BallotTable {
    /// Name of its sheet, unique in the workbook; what the format does not take is left out.
    pub sheet: String,
    /// The product.
    pub product: String,
    /// The producer.
    pub producer: String,
    /// Set and turn, in words.
    pub about: String,
    /// Label and value of the hidden lines that tie the sheet to the ballot.
    pub bound_to: Vec<(String, String)>,
    /// Headings and criteria in the order of the printed sheet.
    pub rows: Vec<BallotRow>,
}

/// A row of a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BallotRow {
    /// A part or a section.
    Heading(String),
    /// A criterion.
    Criterion(BallotLine),
}

/// A criterion of a ballot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BallotLine {
    /// Its code.
    pub code: String,
    /// Its title and the words of its levels.
    pub wording: String,
    /// The producer's own choice.
    pub claim: String,
    /// The choice on the server; empty before the first.
    pub choice: String,
    /// The remark on the server.
    pub note: String,
    /// Everything that may be chosen.
    pub choices: Vec<String>,
}

/// Writes the workbook. The same input gives the same bytes: its date of creation is fixed.
///
/// # Errors
/// When the library cannot write it: two sheets of one name.
pub fn write(book: &BallotBook) -> Result<Vec<u8>, DocumentError> {
    render(book)
        .map_err(|fault| DocumentError::Template { template: "ballots.xlsx", reason: fault.to_string() })
}

fn render(book: &BallotBook) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title("Phiếu chấm sản phẩm OCOP")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    workbook.set_properties(&properties);
    let looks = Looks::new();
    overview(workbook.add_worksheet(), book, &looks)?;
    for table in &book.ballots {
        ballot(workbook.add_worksheet(), table, &book.headings, &looks)?;
    }
    workbook.save_to_buffer()
}

fn overview(sheet: &mut Worksheet, book: &BallotBook, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(&book.overview)?;
    for (column, width) in (0_u16..).zip([6_u16, 46, 46, 46]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, &book.title, &looks.title)?;
    let mut row = 1;
    for line in &book.lines {
        sheet.write_string_with_format(row, 0, line, &looks.label)?;
        row += 1;
    }
    row += 1;
    for (column, heading) in (0_u16..).zip(["TT", "Sản phẩm (bấm để mở trang)", "Chủ thể", "Bộ tiêu chí"])
    {
        sheet.write_string_with_format(row, column, heading, &looks.heading)?;
    }
    for (no, table) in (1_u32..).zip(&book.ballots) {
        let at = row + no;
        sheet.write_number_with_format(at, 0, no, &looks.number)?;
        let link = Url::new(format!("internal:{}!D{}", quoted(&table.sheet), HEAD_ROW + 2));
        sheet.write_url_with_format(at, 1, link.set_text(&table.product), &looks.text)?;
        sheet.write_string_with_format(at, 2, &table.producer, &looks.text)?;
        sheet.write_string_with_format(at, 3, &table.about, &looks.text)?;
    }
    printed(sheet);
    sheet.protect();
    Ok(())
}

/// The name of a sheet as a link needs it.
fn quoted(name: &str) -> String {
    quote_sheet_name(&sheet_name(name))
}

fn ballot(
    sheet: &mut Worksheet,
    table: &BallotTable,
    headings: &[String],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&table.sheet))?;
    for (column, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let title = format!("{}, {}", table.product, table.producer);
    sheet.write_string_with_format(0, 0, title, &looks.title)?;
    for (row, (label, value)) in (1_u32..HEAD_ROW - 1).zip(&table.bound_to) {
        sheet.write_string_with_format(row, 0, label, &looks.label)?;
        sheet.write_string_with_format(row, 1, value, &looks.value)?;
        sheet.set_row_hidden(row)?;
    }
    let hint = format!("{}. Chỉ ghi vào ô vàng: chọn mức trong danh sách, ghi nhận xét.", table.about);
    sheet.write_string_with_format(HEAD_ROW - 1, 1, hint, &looks.hint)?;
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(HEAD_ROW, column, heading, &looks.heading)?;
    }
    let mut last = LIST;
    for (row, line) in (HEAD_ROW + 1..).zip(&table.rows) {
        match line {
            BallotRow::Heading(words) => {
                sheet.write_string_with_format(row, 1, words, &looks.strong)?;
            }
            BallotRow::Criterion(line) => last = last.max(criterion(sheet, row, line, looks)?),
        }
    }
    sheet.set_column_range_hidden(KEPT, last)?;
    sheet.set_freeze_panes(HEAD_ROW + 1, 1)?.set_repeat_rows(0, HEAD_ROW)?;
    printed(sheet);
    sheet.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

/// Writes a criterion; the last column of its list.
fn criterion(sheet: &mut Worksheet, row: u32, line: &BallotLine, looks: &Looks) -> Result<u16, XlsxError> {
    for (column, words) in (0_u16..).zip([&line.code, &line.wording, &line.claim]) {
        sheet.write_string_with_format(row, column, words, &looks.text)?;
    }
    for (column, words) in (CHOICE..).zip([&line.choice, &line.note]) {
        if words.is_empty() {
            sheet.write_blank(row, column, &looks.official)?;
        } else {
            sheet.write_string_with_format(row, column, words, &looks.official)?;
        }
    }
    for (column, words) in (KEPT..).zip([&line.choice, &line.note]) {
        sheet.write_string(row, column, words)?;
    }
    let mut last = LIST;
    for (column, words) in (LIST..).zip(&line.choices) {
        sheet.write_string(row, column, words)?;
        last = column;
    }
    // The list stands in the row itself: what a validation holds in itself ends after 255 letters.
    let list = DataValidation::new()
        .allow_list_formula(Formula::new(format!("={}", cell_range_absolute(row, LIST, row, last))))
        .set_error_title("Chọn trong danh sách")?
        .set_error_message("Hãy chọn một mức trong danh sách của ô này.")?;
    sheet.add_data_validation(row, CHOICE, row, CHOICE, &list)?;
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xlsx::read;

    fn book() -> BallotBook {
        let table = |no: usize| BallotTable {
            sheet: format!("{no:02} Mật ong: [hoa] rừng/núi, tên rất dài của một sản phẩm"),
            product: "Mật ong".to_owned(),
            producer: "=Hợp tác xã".to_owned(),
            about: "Bộ 4. Mật ong · lần chấm 1".to_owned(),
            bound_to: [("Mã phiếu", "0192"), ("Bản", "3"), ("Mã băm", "00e5")]
                .map(|(label, value)| (label.to_owned(), value.to_owned()))
                .to_vec(),
            rows: vec![
                BallotRow::Heading("A. Phần A".to_owned()),
                BallotRow::Criterion(BallotLine {
                    code: "1.1".to_owned(),
                    wording: "Nguồn gốc\nMức 1 (1 điểm): ít".to_owned(),
                    claim: "Mức 1 (1 điểm)".to_owned(),
                    choice: "Mức 1 (1 điểm)".to_owned(),
                    note: "=Tốt".to_owned(),
                    choices: (0..30).map(|no| format!("Trường hợp 1: mức {no} ({no} điểm)")).collect(),
                }),
            ],
        };
        BallotBook {
            overview: "Tổng quan".to_owned(),
            title: "Phiếu chấm".to_owned(),
            lines: vec!["Chỉ ghi vào ô vàng.".to_owned()],
            headings: [
                "Tiêu chí",
                "Nội dung",
                "Tự chấm",
                "Mức",
                "Nhận xét",
                "Mức khi tải",
                "Nhận xét khi tải",
            ]
            .map(str::to_owned)
            .to_vec(),
            ballots: vec![table(1), table(2)],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sheets = read(&write(&book()).unwrap(), 7).unwrap();
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(
            names,
            ["Tổng quan", "01 Mật ong hoa rừngnúi, tên rất", "02 Mật ong hoa rừngnúi, tên rất"]
        );
        let rows: Vec<(u32, &str)> =
            sheets[1].rows.iter().map(|row| (row.no, row.cells[1].as_str())).collect();
        assert_eq!(rows[1..4], [(2, "0192"), (3, "3"), (4, "00e5")]);
        let last = &sheets[1].rows[7];
        assert_eq!(
            (last.no, [0, 3, 4, 5, 6].map(|at| last.cells[at].as_str())),
            (8, ["1.1", "Mức 1 (1 điểm)", "=Tốt", "Mức 1 (1 điểm)", "=Tốt"])
        );
    }

    #[test]
    fn the_same_ballots_give_the_same_bytes() {
        assert!(write(&book()).unwrap() == write(&book()).unwrap());
    }
}
