//! The workbook in which an office writes official texts beside ours: a sheet that explains, then
//! one sheet for each product set. Only the official column is unlocked.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, ProtectionOptions, Workbook,
    Worksheet, XlsxError,
};

use crate::DocumentError;

/// Paper size 9 of the format: A4.
const A4: u8 = 9;
/// Widths of columns A to F, in characters.
const WIDTHS: [u16; 6] = [17, 27, 7, 9, 62, 62];
/// The official column.
const OFFICIAL: u16 = 5;
/// Rows above the table: title, set, hash, instruction, head.
const HEAD_ROW: u32 = 4;

/// What the workbook holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordingBook {
    /// Name of the first sheet, which explains.
    pub guide_name: String,
    /// Headings of columns A to F.
    pub headings: [String; 6],
    /// One for each product set.
    pub tables: Vec<WordingTable>,
}

/// A product set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordingTable {
    /// Name of its sheet.
    pub name: String,
    /// Title above the table.
    pub title: String,
    /// Label and value of the two lines that say which set, and which version of it, this is.
    pub bound_to: [(String, String); 2],
    /// Its texts in the order of the sheet.
    pub rows: Vec<WordingRow>,
}

/// A text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordingRow {
    /// Its key.
    pub key: String,
    /// What it is.
    pub place: String,
    /// Points that belong to it.
    pub points: Option<u16>,
    /// Stars for which it is the least level.
    pub stars: Option<u8>,
    /// Our words.
    pub ours: String,
    /// The official words so far; empty without.
    pub official: String,
    /// Whether it heads a group of texts: name of the set, section, criterion.
    pub heads: bool,
}

/// The explanation, paragraph by paragraph.
const GUIDE: [&str; 9] = [
    "Tệp này dùng để ghi lời văn chính thức của các bộ tiêu chí. Lời văn của phần mềm được viết gọn từ Quyết định, giữ đủ ngưỡng và điều kiện; khi cơ quan có lời văn chính thức, phần mềm hiện lời văn ấy cho chủ thể, cán bộ, Hội đồng của tỉnh.",
    "1. Mỗi bộ tiêu chí là một trang, tên trang gồm bộ quy định và số bộ, ví dụ 2026-26-04.",
    "2. Chỉ ghi vào cột F «Lời văn chính thức» (ô màu vàng). Chép đúng lời văn của bản đã ký; mỗi ô nhiều nhất 4.000 chữ, có thể xuống dòng.",
    "3. Ô để trống: phần mềm tiếp tục hiện lời văn của phần mềm. Xóa chữ trong ô vàng đã có: trở lại lời văn của phần mềm.",
    "4. Không sửa các cột A–E. Điểm, sao tối thiểu, điều kiện áp dụng và cách chấm không đổi được bằng tệp này; tệp có chỗ sửa ở các cột ấy không được nhận.",
    "5. Không xóa dòng. Có thể thêm dòng trống, thêm trang ghi chú riêng, hoặc xóa cả trang của bộ không làm đến (bộ đó giữ nguyên như đang có).",
    "6. Lưu tệp ở dạng Excel Workbook (.xlsx), không macro, không mật khẩu; rồi nhập lại ở trang «Lời văn bộ tiêu chí», hoặc bằng lệnh «ocop rules wording import». Phần mềm cho xem trước những gì sẽ đổi.",
    "7. Lời văn gắn với đúng một bản của bộ tiêu chí (dòng «Mã băm»). Khi bộ tiêu chí có bản mới, hãy xuất tệp mới; hồ sơ đã nộp theo bản cũ vẫn hiện lời văn của bản cũ.",
    "Người nhập, thời điểm và mã băm của tệp được ghi vào nhật ký.",
];

/// Formats of the cells of a workbook to be filled in.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) label: Format,
    pub(super) value: Format,
    pub(super) hint: Format,
    pub(super) heading: Format,
    pub(super) text: Format,
    pub(super) strong: Format,
    pub(super) number: Format,
    pub(super) official: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let base =
            || Format::new().set_font_name("Times New Roman").set_font_size(12).set_align(FormatAlign::Top);
        let cell =
            || base().set_text_wrap().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xc9c6bd));
        let locked = || cell().set_background_color(Color::RGB(0xf3f2ee));
        Self {
            title: base().set_bold().set_font_size(14),
            label: base().set_font_color(Color::RGB(0x5c5a52)),
            value: base().set_num_format("@"),
            hint: base().set_italic().set_font_color(Color::RGB(0x5c5a52)),
            heading: cell()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x2f6b45)),
            text: locked().set_num_format("@"),
            strong: locked().set_num_format("@").set_bold(),
            number: locked().set_align(FormatAlign::Center),
            official: cell().set_unlocked().set_num_format("@").set_background_color(Color::RGB(0xfff8d6)),
        }
    }
}

/// Writes the workbook. The same input gives the same bytes: its date of creation is fixed.
///
/// # Errors
/// When the library cannot write it.
pub fn write(book: &WordingBook) -> Result<Vec<u8>, DocumentError> {
    render(book)
        .map_err(|fault| DocumentError::Template { template: "wording.xlsx", reason: fault.to_string() })
}

fn render(book: &WordingBook) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title("Lời văn bộ tiêu chí OCOP")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    workbook.set_properties(&properties);
    let looks = Looks::new();
    guide(workbook.add_worksheet(), &book.guide_name, &looks)?;
    for table in &book.tables {
        set(workbook.add_worksheet(), table, &book.headings, &looks)?;
    }
    workbook.save_to_buffer()
}

fn guide(sheet: &mut Worksheet, name: &str, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_column_width(0, 110)?;
    sheet.write_string_with_format(0, 0, "Lời văn chính thức của bộ tiêu chí: cách ghi", &looks.title)?;
    let paragraph = looks.value.clone().set_text_wrap();
    for (row, words) in (2_u32..).zip(GUIDE) {
        sheet.write_string_with_format(row, 0, words, &paragraph)?;
    }
    printed(sheet);
    sheet.protect();
    Ok(())
}

/// A4 across, as wide as the paper.
pub(super) fn printed(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&RTrang &P/&N");
}

fn set(
    sheet: &mut Worksheet,
    table: &WordingTable,
    headings: &[String; 6],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(&table.name)?;
    for (column, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, &table.title, &looks.title)?;
    for (row, (label, value)) in (1_u32..).zip(&table.bound_to) {
        sheet.write_string_with_format(row, 0, label, &looks.label)?;
        sheet.write_string_with_format(row, 1, value, &looks.value)?;
    }
    let hint = "Chỉ ghi vào ô vàng ở cột F. Ô trống: giữ lời văn của phần mềm.";
    sheet.write_string_with_format(3, 1, hint, &looks.hint)?;
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.write_string_with_format(HEAD_ROW, column, heading, &looks.heading)?;
    }
    for (row, text) in (HEAD_ROW + 1..).zip(&table.rows) {
        line(sheet, row, text, looks)?;
    }
    sheet.set_freeze_panes(HEAD_ROW + 1, 1)?.set_repeat_rows(0, HEAD_ROW)?;
    printed(sheet);
    sheet.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::new()
    });
    Ok(())
}

fn line(sheet: &mut Worksheet, row: u32, text: &WordingRow, looks: &Looks) -> Result<(), XlsxError> {
    let words = if text.heads { &looks.strong } else { &looks.text };
    sheet.write_string_with_format(row, 0, &text.key, &looks.text)?;
    sheet.write_string_with_format(row, 1, &text.place, words)?;
    for (column, number) in [(2_u16, text.points), (3, text.stars.map(u16::from))] {
        match number {
            Some(number) => sheet.write_number_with_format(row, column, number, &looks.number)?,
            None => sheet.write_blank(row, column, &looks.number)?,
        };
    }
    sheet.write_string_with_format(row, 4, &text.ours, words)?;
    if text.official.is_empty() {
        sheet.write_blank(row, OFFICIAL, &looks.official)?;
    } else {
        sheet.write_string_with_format(row, OFFICIAL, &text.official, &looks.official)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xlsx::read;

    fn book() -> WordingBook {
        let row = |key: &str, points, stars, official: &str| WordingRow {
            key: key.to_owned(),
            place: "Mức".to_owned(),
            points,
            stars,
            ours: "=Lời văn «ường ượ» & <thẻ>\nhai dòng".to_owned(),
            official: official.to_owned(),
            heads: false,
        };
        let line = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        WordingBook {
            guide_name: "Hướng dẫn".to_owned(),
            headings: ["Mã", "Phần", "Điểm", "Sao", "Lời ta", "Lời chính thức"].map(str::to_owned),
            tables: vec![WordingTable {
                name: "2026-26-04".to_owned(),
                title: "Bộ 4. Mật ong".to_owned(),
                bound_to: [line("Bộ tiêu chí", "2026-26/4"), line("Mã băm", "00e5")],
                rows: vec![row("1.1/1/1", Some(5), Some(3), "Lời chính thức"), row("1.1", None, None, "")],
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sheets = read(&write(&book()).unwrap(), 6).unwrap();
        assert_eq!(sheets[0].name, "Hướng dẫn");
        let rows: Vec<(u32, [&str; 6])> = sheets[1]
            .rows
            .iter()
            .map(|row| (row.no, [0, 1, 2, 3, 4, 5].map(|at| row.cells[at].as_str())))
            .collect();
        let ours = "=Lời văn «ường ượ» & <thẻ>\nhai dòng";
        assert_eq!(rows[1], (2, ["Bộ tiêu chí", "2026-26/4", "", "", "", ""]));
        assert_eq!(rows[2], (3, ["Mã băm", "00e5", "", "", "", ""]));
        assert_eq!(rows[5], (6, ["1.1/1/1", "Mức", "5", "3", ours, "Lời chính thức"]));
        assert_eq!(rows[6], (7, ["1.1", "Mức", "", "", ours, ""]));
    }

    #[test]
    fn the_same_texts_give_the_same_bytes() {
        assert!(write(&book()).unwrap() == write(&book()).unwrap());
    }
}
