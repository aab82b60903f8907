//! Any table as a workbook, or as CSV: a list of the register, a report, a catalogue.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use crate::DocumentError;

/// Paper size 9 of the format: A4.
const A4: u8 = 9;
/// The longest name of a sheet that the format takes, in letters.
const SHEET_NAME: usize = 31;
/// The longest text of a cell that the format takes, in UTF-16 units.
const CELL_TEXT: usize = 32_767;

/// Rows below a table's own that offer a list to choose from.
const READY_ROWS: u32 = 20_000;

/// A table with what stands above it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of its sheet, unique in the workbook; what the format does not take is left out.
    pub sheet: String,
    /// The title in the first row; without one, the headings stand in the first row.
    pub title: String,
    /// Lines under the title: the day of the figures, the filters, the unit of money.
    pub lines: Vec<String>,
    /// The columns, from the left.
    pub columns: Vec<TableColumn>,
    /// The rows, each with a cell for each column.
    pub rows: Vec<Vec<TableCell>>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableColumn {
    /// What stands above it.
    pub heading: String,
    /// Its width, in letters.
    pub width: u16,
    /// What is typed below the rows, in a table that is to be filled in.
    pub entry: Entry,
}

/// What is to be typed into the cells of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Entry {
    /// Anything.
    #[default]
    Any,
    /// Words and codes: a number keeps the zeros in front.
    Text,
    /// A day.
    Date,
    /// Đồng.
    Money,
    /// One of these texts, by a list to choose from.
    OneOf(&'static [&'static str]),
}

impl TableColumn {
    /// A column.
    pub fn new(heading: impl Into<String>, width: u16) -> Self {
        Self { heading: heading.into(), width, entry: Entry::Any }
    }
}

/// A cell. Text is never a formula, whatever it begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TableCell {
    /// Nothing.
    #[default]
    Empty,
    /// Words, codes, telephone numbers.
    Text(String),
    /// A count or a year.
    Integer(i64),
    /// A number in hundredths, such as points: `8350` is 83,5.
    Hundredths(i64),
    /// A day.
    Date(NaiveDate),
    /// Đồng.
    Money(i64),
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for TableCell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<i64> for TableCell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<NaiveDate> for TableCell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl<T: Into<TableCell>> From<Option<T>> for TableCell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Writes a workbook with a sheet for each table. The same input gives the same bytes: its date of
/// creation is fixed.
///
/// # Errors
/// When the library cannot write it: no table, two sheets of one name, more rows than a sheet takes.
pub fn write(tables: &[Table]) -> Result<Vec<u8>, DocumentError> {
    render(tables)
        .map_err(|fault| DocumentError::Template { template: "table.xlsx", reason: fault.to_string() })
}

fn render(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let title = tables.first().map(|table| table.title.as_str()).unwrap_or_default();
    let properties = DocProperties::new()
        .set_title(title.chars().take(200).collect::<String>())
        .set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    workbook.set_properties(&properties);
    let looks = Looks::new();
    for table in tables {
        one(workbook.add_worksheet(), table, &looks)?;
    }
    workbook.save_to_buffer()
}

/// Formats of the cells.
struct Looks {
    title: Format,
    line: Format,
    heading: Format,
    text: Format,
    integer: Format,
    hundredths: Format,
    date: Format,
    money: Format,
    typed_text: Format,
    typed_date: Format,
    typed_money: Format,
}

impl Looks {
    fn new() -> Self {
        let base = || Format::new().set_font_name("Times New Roman").set_font_size(12);
        let cell = || {
            base()
                .set_align(FormatAlign::Top)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xc9c6bd))
        };
        Self {
            title: base().set_bold().set_font_size(14),
            line: base().set_font_color(Color::RGB(0x5c5a52)),
            heading: cell()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xe4eee7)),
            text: cell().set_text_wrap().set_num_format("@"),
            integer: cell().set_num_format("0"),
            hundredths: cell().set_num_format("0.##"),
            date: cell().set_num_format("dd/mm/yyyy"),
            money: cell().set_num_format("#,##0"),
            typed_text: base().set_num_format("@"),
            typed_date: base().set_num_format("dd/mm/yyyy"),
            typed_money: base().set_num_format("#,##0"),
        }
    }
}

fn one(sheet: &mut Worksheet, table: &Table, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&table.sheet))?;
    let mut at = 0_u32;
    if !table.title.is_empty() {
        sheet.write_string_with_format(at, 0, cut(&table.title), &looks.title)?;
        at += 1;
    }
    for line in &table.lines {
        sheet.write_string_with_format(at, 0, cut(line), &looks.line)?;
        at += 1;
    }
    let head = at;
    for (column, told) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width(column, told.width)?;
        sheet.write_string_with_format(head, column, cut(&told.heading), &looks.heading)?;
    }
    for (row, cells) in (head + 1..).zip(&table.rows) {
        for (column, value) in (0_u16..).zip(cells) {
            cell(sheet, row, column, value, looks)?;
        }
    }
    let below = head.saturating_add(1).saturating_add(u32::try_from(table.rows.len()).unwrap_or(u32::MAX));
    for (column, told) in (0_u16..).zip(&table.columns) {
        ready(sheet, column, told.entry, below, looks)?;
    }
    sheet.set_freeze_panes(head + 1, 1)?.set_repeat_rows(head, head)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&RTrang &P/&N");
    Ok(())
}

/// Makes a column ready for what is typed: its format; its list, from the row `below` on.
fn ready(
    sheet: &mut Worksheet,
    column: u16,
    entry: Entry,
    below: u32,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match entry {
        Entry::Any => {}
        Entry::Text => {
            sheet.set_column_format(column, &looks.typed_text)?;
        }
        Entry::Date => {
            sheet.set_column_format(column, &looks.typed_date)?;
        }
        Entry::Money => {
            sheet.set_column_format(column, &looks.typed_money)?;
        }
        Entry::OneOf(choices) => {
            let list = DataValidation::new()
                .allow_list_strings(choices)?
                .set_error_title("Chọn trong danh sách")?
                .set_error_message(format!("Hãy chọn một trong: {}.", choices.join(", ")))?;
            sheet.set_column_format(column, &looks.typed_text)?;
            sheet.add_data_validation(below, column, below + READY_ROWS, column, &list)?;
        }
    }
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &TableCell,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match value {
        TableCell::Empty => sheet.write_blank(row, column, &looks.text)?,
        TableCell::Text(text) => sheet.write_string_with_format(row, column, cut(text), &looks.text)?,
        TableCell::Integer(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &looks.integer)?
        }
        TableCell::Hundredths(number) => {
            // Text on the way, so that nothing is computed in floats.
            let shown = decimal(*number, '.').parse::<f64>().unwrap_or_default();
            sheet.write_number_with_format(row, column, shown, &looks.hundredths)?
        }
        TableCell::Date(day) => {
            let (year, month, of_month) = (day.year(), day.month(), day.day());
            match (u16::try_from(year), u8::try_from(month), u8::try_from(of_month)) {
                (Ok(year @ 1900..=9999), Ok(month), Ok(of_month)) => sheet.write_datetime_with_format(
                    row,
                    column,
                    ExcelDateTime::from_ymd(year, month, of_month)?,
                    &looks.date,
                )?,
                // The format knows no day before 1900.
                _ => sheet.write_string_with_format(row, column, written(*day), &looks.text)?,
            }
        }
        TableCell::Money(amount) => {
            sheet.write_number_with_format(row, column, *amount as f64, &looks.money)?
        }
    };
    Ok(())
}

/// A name as a sheet may have it.
pub(super) fn sheet_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|letter| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .take(SHEET_NAME)
        .collect();
    if clean.trim().is_empty() { "Bảng".to_owned() } else { clean }
}

/// A text no longer than a cell takes.
fn cut(text: &str) -> &str {
    let mut length = 0;
    for (at, letter) in text.char_indices() {
        length += letter.len_utf16();
        if length > CELL_TEXT {
            return &text[..at];
        }
    }
    text
}

/// A number in hundredths without needless zeros: `83,5`.
fn decimal(hundredths: i64, point: char) -> String {
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    match (size / 100, size % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, part) if part % 10 == 0 => format!("{sign}{whole}{point}{}", part / 10),
        (whole, part) => format!("{sign}{whole}{point}{part:02}"),
    }
}

/// A day as the table writes it in text: `05/03/2026`.
fn written(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The headings and rows as CSV for spreadsheet programs: UTF-8 with its mark, commas, CR LF. A
/// text that a program would take for a formula gets an apostrophe in front. Title and lines are
/// left out, so that the file can be read in again.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    line(&mut out, table.columns.iter().map(|column| guarded(&column.heading)));
    for row in &table.rows {
        line(&mut out, row.iter().map(plain));
    }
    out.into_bytes()
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r', ';']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

fn plain(value: &TableCell) -> String {
    match value {
        TableCell::Empty => String::new(),
        TableCell::Text(text) => guarded(text),
        TableCell::Integer(number) | TableCell::Money(number) => number.to_string(),
        TableCell::Hundredths(number) => decimal(*number, ','),
        TableCell::Date(day) => written(*day),
    }
}

/// Text that no spreadsheet program runs.
fn guarded(text: &str) -> String {
    let runs = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        Table {
            sheet: "Sản phẩm [1/2]".to_owned(),
            title: "Danh sách sản phẩm".to_owned(),
            lines: vec!["Tính đến ngày 02/12/2022".to_owned()],
            columns: ["Tên", "Số", "Điểm", "Ngày", "Tiền"].map(|name| TableColumn::new(name, 20)).to_vec(),
            rows: vec![
                vec![
                    "=1+1".into(),
                    3.into(),
                    TableCell::Hundredths(8350),
                    day("2022-12-02").into(),
                    TableCell::Money(45_000_000_000),
                ],
                vec![
                    "Trà, \"hoa\" vàng".into(),
                    TableCell::Empty,
                    TableCell::Hundredths(-5),
                    day("1899-01-02").into(),
                    None::<i64>.into(),
                ],
            ],
        }
    }

    #[test]
    fn a_workbook_holds_what_the_table_says_and_no_formula() {
        let bytes = write(&[table()]).unwrap();
        let sheets = crate::xlsx::read(&bytes, 5).unwrap();
        assert_eq!(sheets[0].name, "Sản phẩm 12");
        let rows: Vec<Vec<&str>> =
            sheets[0].rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect();
        assert_eq!(rows[0][0], "Danh sách sản phẩm");
        assert_eq!(rows[1][0], "Tính đến ngày 02/12/2022");
        assert_eq!(rows[2], ["Tên", "Số", "Điểm", "Ngày", "Tiền"]);
        assert_eq!((rows[3][0], rows[3][1], rows[3][2]), ("=1+1", "3", "83.5"));
        assert!(!rows[3][3].is_empty(), "{}", rows[3][3]);
        assert_eq!(rows[3][4], "45000000000");
        assert_eq!(rows[4], ["Trà, \"hoa\" vàng", "", "-0.05", "02/01/1899", ""]);
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        assert_eq!(write(&[table()]).unwrap(), write(&[table()]).unwrap());
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_is_cut_and_not_refused() {
        let long = Table { rows: vec![vec!["ă".repeat(40_000).into()]], ..table() };
        let sheets = crate::xlsx::read(&write(&[long]).unwrap(), 1).unwrap();
        assert_eq!(sheets[0].rows[3].cells[0].chars().count(), CELL_TEXT);
    }

    #[test]
    fn csv_quotes_what_needs_it_and_disarms_formulas() {
        let text = String::from_utf8(csv(&table())).unwrap();
        assert_eq!(
            text,
            "\u{feff}Tên,Số,Điểm,Ngày,Tiền\r\n\
             '=1+1,3,\"83,5\",02/12/2022,45000000000\r\n\
             \"Trà, \"\"hoa\"\" vàng\",,\"-0,05\",02/01/1899,\r\n"
        );
        for bad in ["=cmd()", "+84", "-1", "@SUM(A1)", "\tx", "  =1"] {
            assert!(plain(&bad.into()).starts_with('\''), "{bad:?}");
        }
        assert_eq!(plain(&"Chè Ba Chẽ".into()), "Chè Ba Chẽ");
    }
}
