//! Files as offices have them, files made to do harm, and the workbooks that go back.

use std::io::{Cursor, Write};

use ocop_core::imports::columns::{Column, guess, missing};
use ocop_core::imports::record::{record, shape};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::write::SimpleFileOptions;

use super::*;
use crate::xlsx::BadWorkbook;

/// A workbook of one sheet.
fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn line(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, column, *text).unwrap();
    }
}

fn one(bytes: &[u8]) -> Sheet {
    read("tệp.csv", bytes).unwrap().remove(0)
}

fn rows(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
    sheet.rows.iter().map(|row| (row.no, row.cells.iter().map(String::as_str).collect())).collect()
}

/// A ZIP with these parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a workbook, some of them replaced.
fn replaced(bytes: &[u8], part: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut own = Vec::new();
        std::io::copy(&mut file, &mut own).unwrap();
        let name = file.name().unwrap().to_string();
        let own = if name == part { content.to_vec() } else { own };
        parts.push((name, own));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, own)| (name.as_str(), own.as_slice())).collect();
    zipped(&parts)
}

#[test]
fn an_offices_workbook_with_titles_two_heading_rows_and_merged_cells_is_a_table() {
    let bytes = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 6, "DANH SÁCH SẢN PHẨM OCOP TỈNH QUẢNG NINH", &plain).unwrap();
        line(sheet, 1, &["(Kèm theo Tờ trình số 12)"]);
        for (column, text) in
            [(0, "STT"), (1, "Tên chủ thể"), (2, "Tên sản phẩm"), (5, "Ghi chú"), (6, "Ghi chú")]
        {
            sheet.merge_range(3, column, 4, column, text, &plain).unwrap();
        }
        sheet.merge_range(3, 3, 3, 4, "Quyết định", &plain).unwrap();
        line(sheet, 4, &["", "", "", "Số", "Ngày"]);
        line(sheet, 5, &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"]);
        sheet.merge_range(6, 1, 8, 1, "HTX A", &plain).unwrap();
        line(sheet, 6, &["1", "", "Chả mực", "12/QĐ-UBND", "5/3/2022"]);
        line(sheet, 7, &["2", "", "Ruốc hàu"]);
        // Row 9 is covered by the merged cell, but empty; row 10 has no producer, and gets none.
        line(sheet, 9, &["3", "", "Nước mắm", "", "", "", "x", "ngoài bảng"]);
    });
    let sheet = one(&bytes);
    assert_eq!(
        sheet.headings,
        [
            "STT",
            "Tên chủ thể",
            "Tên sản phẩm",
            "Quyết định Số",
            "Quyết định Ngày",
            "Ghi chú",
            "Ghi chú (2)",
            "Cột H"
        ]
    );
    assert_eq!(sheet.heading_row, 5);
    assert_eq!(
        rows(&sheet),
        [
            (7, vec!["1", "HTX A", "Chả mực", "12/QĐ-UBND", "5/3/2022", "", "", ""]),
            (8, vec!["2", "HTX A", "Ruốc hàu", "", "", "", "", ""]),
            (10, vec!["3", "", "Nước mắm", "", "", "", "x", "ngoài bảng"]),
        ]
    );
}

#[test]
fn formulas_errors_days_and_numbers_are_what_the_workbook_shows() {
    let bytes = book(|sheet| {
        line(sheet, 0, &["Tên sản phẩm", "Điểm", "Ngày quyết định", "Số sao", "Mã số thuế"]);
        sheet.write_formula(1, 0, Formula::new("A9&\"x\"").set_result("Chả mực")).unwrap();
        sheet.write_formula(1, 1, Formula::new("1/3").set_result("83.30000000000001")).unwrap();
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let moment = ExcelDateTime::from_ymd(2022, 3, 5).unwrap().and_hms(9, 30, 0).unwrap();
        sheet.write_datetime_with_format(1, 2, moment, &day).unwrap();
        sheet.write_number(1, 3, 4).unwrap();
        sheet.write_number(1, 4, 5_700_123_456_f64).unwrap();
        sheet.write_formula(2, 1, Formula::new("A1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_string(2, 0, "Trà").unwrap();
    });
    assert_eq!(
        rows(&one(&bytes)),
        [
            (2, vec!["Chả mực", "83.3", "2022-03-05", "4", "5700123456"]),
            (3, vec!["Trà", "#DIV/0!", "", "", ""]),
        ]
    );
}

#[test]
fn the_likeliest_sheet_comes_first_and_hidden_or_empty_ones_are_left_out() {
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Ghi chú").unwrap();
    line(notes, 0, &["Việc", "Ai làm"]);
    line(notes, 1, &["Gửi danh sách", "Lan"]);
    line(book.add_worksheet().set_name("Một cột").unwrap(), 0, &["Chỉ một ô"]);
    let hidden = book.add_worksheet().set_name("Ẩn").unwrap();
    line(hidden, 0, &["Tên chủ thể", "Tên sản phẩm"]);
    line(hidden, 1, &["HTX A", "Chả mực"]);
    hidden.set_hidden(true);
    let register = book.add_worksheet().set_name("Sản phẩm").unwrap();
    line(register, 0, &["Tên chủ thể", "Tên sản phẩm"]);
    line(register, 1, &["HTX B", "Trà"]);
    let sheets = read("a.xlsx", &book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["Sản phẩm", "Ghi chú"]);
}

#[test]
fn strange_column_names_are_a_table_too() {
    let bytes = book(|sheet| {
        line(sheet, 0, &["Bảng kê"]);
        line(sheet, 1, &["Nhãn A", "Nhãn B", "Nhãn C"]);
        line(sheet, 2, &["1", "2", "x"]);
    });
    let sheet = one(&bytes);
    assert_eq!(sheet.headings, ["Nhãn A", "Nhãn B", "Nhãn C"]);
    assert_eq!(rows(&sheet), [(3, vec!["1", "2", "x"])]);
}

#[test]
fn csv_of_every_kind_is_the_same_table() {
    let text = "Tên chủ thể;Tên sản phẩm;Điểm\r\nHợp tác xã Việt Hoàng;Đông trùng hạ thảo;83,5\r\n\r\nHTX B;'+Trà;70";
    let utf_16: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.replace(';', "\t").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let told = format!("sep=|\n{}", text.replace(';', "|"));
    for bytes in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), utf_16] {
        let sheet = one(&bytes);
        assert_eq!((sheet.name.as_str(), sheet.heading_row), ("tệp.csv", 1));
        assert_eq!(
            rows(&sheet),
            [
                (2, vec!["Hợp tác xã Việt Hoàng", "Đông trùng hạ thảo", "83,5"]),
                (4, vec!["HTX B", "+Trà", "70"])
            ]
        );
    }
    assert_eq!(one(told.as_bytes()).rows[1].no, 5);
}

#[test]
fn csv_from_before_unicode_is_read() {
    for (bytes, encoding) in [
        (b"T\xaan ch\xf1 th\xd3;\xa7i\xd3m\nH\xeep t\xb8c x\xb7 B\xb6n Sen;80\n".as_slice(), "TCVN3"),
        (
            b"T\xean chu\xd2 th\xea\xd2;\xd0i\xea\xd2m\nH\xf5\xf2p ta\xecc xa\xde Ba\xd2n Sen;80\n",
            "Windows-1258",
        ),
    ] {
        let sheet = one(bytes);
        assert_eq!(sheet.headings, ["Tên chủ thể", "Điểm"], "{encoding}");
        assert_eq!(rows(&sheet), [(2, vec!["Hợp tác xã Bản Sen", "80"])], "{encoding}");
    }
}

#[test]
fn files_that_are_not_taken_say_what_to_do() {
    let check = |bytes: &[u8], bad: BadFile| {
        assert_eq!(read("x", bytes), Err(bad.clone()));
        assert!(bad.to_string().contains("Hãy"), "{bad}");
    };
    check(b"", BadWorkbook::Empty.into());
    check(&vec![b'a'; FILE_LIMIT + 1], BadWorkbook::TooLarge(FILE_LIMIT).into());
    check(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], BadWorkbook::OldOrLocked.into());
    check(&zipped(&[("word/document.xml", b"<x/>")]), BadWorkbook::NotXlsx.into());
    let right = book(|sheet| line(sheet, 0, &["Tên chủ thể", "Tên sản phẩm"]));
    check(&right, BadFile::NoTable);
    let parts = [
        ("[Content_Types].xml", b"<x/>".as_slice()),
        ("xl/workbook.xml", b"<x/>"),
        ("xl/vbaProject.bin", b"x"),
    ];
    check(&zipped(&parts), BadWorkbook::Macros.into());
    check(b"%PDF-1.7\n", BadFile::NotATable);
    check(b"\x89PNG\r\n\0\0", BadFile::NotATable);
    check(b"<html><table>", BadFile::WebPage);
    check(b"a,b\n\xcf\xf0\xe8\xe2\xe5\xf2,\xec\xe8\xf0", BadFile::UnknownEncoding);
    check("Tên chủ thể,Điểm\nA,1\n\"B,2\nC,3\n".as_bytes(), BadFile::OpenQuote { row: 3 });
    check("chỉ một cột\nx\n".as_bytes(), BadFile::NoTable);
}

#[test]
fn a_small_file_that_unpacks_to_very_much_is_refused() {
    let zeros = vec![0; 30 * 1024 * 1024];
    let names: Vec<String> = (0..5).map(|no| format!("xl/media/{no}.bin")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = zipped(&parts);
    assert!(bomb.len() < FILE_LIMIT);
    assert_eq!(read("x.xlsx", &bomb), Err(BadWorkbook::Bomb.into()));
}

#[test]
fn a_workbook_that_claims_more_texts_than_memory_has_is_refused() {
    let right = book(|sheet| {
        line(sheet, 0, &["Tên chủ thể", "Tên sản phẩm"]);
        line(sheet, 1, &["HTX A", "Chả mực"]);
    });
    let claim = br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="18446744073709551615"><si><t>a</t></si></sst>"#;
    let bytes = replaced(&right, "xl/sharedStrings.xml", claim);
    assert_eq!(read("x.xlsx", &bytes), Err(BadWorkbook::Bomb.into()));
}

#[test]
fn overlapping_merged_cells_without_end_are_refused() {
    let ranges = r#"<mergeCell ref="A2:A4000"/>"#.repeat(4_000);
    let cells: String = (1..4_000)
        .map(|no| format!(r#"<row r="{no}"><c r="A{no}"><v>1</v></c><c r="B{no}"><v>2</v></c></row>"#))
        .collect();
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>"#
    );
    let bytes =
        replaced(&book(|sheet| line(sheet, 0, &["a", "b"])), "xl/worksheets/sheet1.xml", sheet.as_bytes());
    assert_eq!(read("x.xlsx", &bytes), Err(BadWorkbook::Bomb.into()));
}

#[test]
fn empty_rows_that_only_have_a_look_are_nothing() {
    let looks: String =
        (3..20_000).map(|no| format!(r#"<row r="{no}" s="1"><c r="A{no}" s="1"/></row>"#)).collect();
    let sheet = format!(
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>Tên chủ thể</v></c><c r="B1" t="str"><v>Tên sản phẩm</v></c></row><row r="2"><c r="A2" t="str"><v>HTX A</v></c></row>{looks}</sheetData></worksheet>"#
    );
    let bytes = replaced(&book(|sheet| line(sheet, 0, &["a"])), "xl/worksheets/sheet1.xml", sheet.as_bytes());
    assert_eq!(rows(&one(&bytes)), [(2, vec!["HTX A", ""])]);
}

#[test]
fn a_table_with_too_many_rows_is_refused() {
    let full = format!("Tên chủ thể,Điểm\n{}", "A,1\n".repeat(ROW_LIMIT + 1));
    assert_eq!(read("x.csv", full.as_bytes()), Err(BadWorkbook::TooManyRows(ROW_LIMIT).into()));
}

#[test]
fn the_template_is_a_register_that_knows_its_own_columns() {
    let bytes = template().unwrap();
    assert!(bytes == template().unwrap(), "the same bytes each time");
    // Empty as it comes, only its explanation has rows.
    let sheets = crate::xlsx::read(&bytes, 31).unwrap();
    assert_eq!(sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(), ["Sản phẩm", "Hướng dẫn"]);
    let headings = &sheets[0].rows[0].cells[..Column::ALL.len()];
    assert_eq!(guess(headings), Column::ALL.iter().copied().map(Some).collect::<Vec<_>>());
    assert_eq!(missing(&guess(headings)), []);
    assert_eq!(headings[0], "Tên chủ thể *");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert_eq!(sheet.matches("<dataValidation ").count(), 4, "kind, gender, stars, level");
    assert!(sheet.contains("Hợp tác xã,Tổ hợp tác"), "{sheet}");
}

#[test]
fn refused_rows_come_back_corrected_as_the_file_they_were_sent_in() {
    let headings = ["Chủ thể", "Sản phẩm", "Hạng"].map(str::to_owned);
    let refused_rows = [
        (
            12_u32,
            "Hạng sao: «3 sáo» không đọc được.".to_owned(),
            ["HTX A", "Chả mực", "3 sáo"].map(str::to_owned).to_vec(),
        ),
        (15, "Tên sản phẩm: Ô này trống.".to_owned(), ["=HTX B", "", ""].map(str::to_owned).to_vec()),
    ];
    let bytes = refused(&headings, refused_rows.into_iter()).unwrap();
    let raw = crate::xlsx::read(&bytes, 5).unwrap();
    assert_eq!(raw[0].rows[0].cells, ["Dòng", "Lý do không nhận", "Chủ thể", "Sản phẩm", "Hạng"]);
    assert_eq!(raw[0].rows[1].cells[..2], ["12", "Hạng sao: «3 sáo» không đọc được."]);
    assert_eq!(guess(&raw[0].rows[0].cells)[..2], [None, None]);
    let sheet = one(&bytes);
    assert_eq!(shape(&sheet.headings), shape(&headings), "so that the mapping is remembered");
    assert_eq!(rows(&sheet), [(2, vec!["HTX A", "Chả mực", "3 sáo"]), (3, vec!["=HTX B", "", ""])]);
}

#[test]
fn every_row_of_the_demonstrations_registers_becomes_a_record() {
    for bytes in [
        include_bytes!("../../../../demo/2022/register.csv").as_slice(),
        include_bytes!("../../../../demo/2025/register.csv"),
    ] {
        let sheet = one(bytes);
        let mapping = guess(&sheet.headings);
        assert!(missing(&mapping).is_empty() && sheet.rows.len() > 50);
        for row in &sheet.rows {
            assert_eq!(record(&mapping, &row.cells).err(), None, "row {}", row.no);
        }
    }
}

#[test]
fn two_thousand_rows_of_thirty_columns_become_records() {
    let bytes = book(|sheet| {
        line(sheet, 0, &Column::ALL.iter().map(|column| column.name()).collect::<Vec<_>>());
        for row in 1..=2_000 {
            let name = format!("Sản phẩm {row}");
            let cells = Column::ALL
                .iter()
                .copied()
                .map(|column| if column == Column::ProductName { name.as_str() } else { column.example() });
            line(sheet, row, &cells.collect::<Vec<_>>());
        }
    });
    let sheet = one(&bytes);
    let mapping = guess(&sheet.headings);
    assert_eq!(sheet.rows.len(), 2_000);
    assert!(sheet.rows.iter().all(|row| record(&mapping, &row.cells).is_ok()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(bad) = read("x", &bytes) {
            prop_assert!(!bad.to_string().is_empty());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-zà-ỹ ]{0,5}[;,\t\n\"]){0,40}") {
        if let Ok(sheets) = read("x", text.as_bytes()) {
            for sheet in sheets {
                prop_assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.headings.len()));
            }
        }
    }

    #[test]
    fn a_workbook_with_any_sheet_inside_is_read_or_refused(
        cells in prop::collection::vec(("[A-Z]{0,4}[0-9]{0,8}", "[a-z]{0,3}", "-?[0-9.]{0,12}|#N/A"), 0..12),
        ranges in prop::collection::vec("[A-Z]{0,3}[0-9]{0,7}:?[A-Z]{0,8}[0-9]{0,12}", 0..4),
        rest in "[<>/a-z\"= ]{0,10}",
    ) {
        let cells: String = cells
            .iter()
            .map(|(at, kind, value)| format!(r#"<row r="2"><c r="{at}" s="9" t="{kind}"><v>{value}</v></c></row>"#))
            .collect();
        let ranges: String = ranges.iter().map(|at| format!(r#"<mergeCell ref="{at}"/>"#)).collect();
        let sheet = format!(
            r#"<worksheet><sheetData>{cells}</sheetData><mergeCells>{ranges}</mergeCells>{rest}</worksheet>"#
        );
        let bytes = replaced(&book(|sheet| line(sheet, 0, &["a", "b"])), "xl/worksheets/sheet1.xml", sheet.as_bytes());
        if let Err(bad) = read("x", &bytes) {
            prop_assert!(!bad.to_string().is_empty());
        }
    }
}
