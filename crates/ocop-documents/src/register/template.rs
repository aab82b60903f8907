//! The workbook that offices fill in.

use ocop_core::imports::columns::Column;

use crate::DocumentError;
use crate::xlsx::table::{Entry, Table, TableCell, TableColumn, write};

/// An empty register with all columns, required ones marked with `*`, lists to choose from; and a
/// sheet that says what to write. The same bytes each time.
///
/// # Errors
/// When the library cannot write it.
pub fn template() -> Result<Vec<u8>, DocumentError> {
    write(&[register(), guide()])
}

fn register() -> Table {
    Table {
        sheet: "Sản phẩm".to_owned(),
        columns: Column::ALL.iter().copied().map(column).collect(),
        ..Table::default()
    }
}

fn column(column: Column) -> TableColumn {
    // Names and addresses are longer than codes and days.
    let is_long = matches!(
        column,
        Column::ProducerName | Column::ProductName | Column::Address | Column::SignedBy | Column::Platforms
    );
    let width = if is_long { 36 } else { 20 };
    TableColumn { entry: entry(column), ..TableColumn::new(marked(column), width) }
}

/// The heading, with `*` when a row without it is refused.
fn marked(column: Column) -> String {
    let mark = if column.required() { " *" } else { "" };
    format!("{}{mark}", column.name())
}

fn entry(column: Column) -> Entry {
    if !column.choices().is_empty() {
        Entry::OneOf(column.choices())
    } else if column.is_day() {
        Entry::Date
    } else if column == Column::Revenue {
        Entry::Money
    } else {
        // As text, codes keep the zeros in front.
        Entry::Text
    }
}

fn guide() -> Table {
    let rows = Column::ALL.iter().copied().map(|column| {
        let required = if column.required() { "Bắt buộc" } else { "" };
        [column.name(), required, column.advice(), column.example()].map(TableCell::from).to_vec()
    });
    Table {
        sheet: "Hướng dẫn".to_owned(),
        title: "Cách ghi danh sách chủ thể và sản phẩm OCOP".to_owned(),
        lines: [
            "Mỗi dòng là một sản phẩm. Sản phẩm có nhiều lần công nhận thì mỗi giấy chứng nhận một dòng.",
            "Tên cột có dấu * phải ghi ở mọi dòng; ô chưa có thông tin thì để trống. Có thể bỏ các cột không dùng.",
            "Phần mềm cho xem trước từng lỗi theo dòng và cột; gửi lại cùng một tệp không làm thay đổi gì thêm.",
        ]
        .map(str::to_owned)
        .to_vec(),
        columns: [("Cột", 30), ("Bắt buộc", 12), ("Cách ghi", 70), ("Ví dụ", 40)]
            .map(|(heading, width)| TableColumn::new(heading, width))
            .to_vec(),
        rows: rows.collect(),
    }
}
