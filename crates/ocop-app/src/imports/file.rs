//! A file as it was sent: its sheets, and what its rows say when its columns are named.

use std::collections::BTreeMap;

use ocop_core::imports::columns::{Column, guess, missing};
use ocop_core::imports::line::{Line, lines};
use ocop_core::imports::record::{Fault, record};
use ocop_core::text::fold;
use ocop_documents::register::{Sheet, read};
use ocop_store::imports::Refused;

use crate::evidence::Upload;
use crate::runtime::apart;
use crate::{App, AppError, FieldFault};

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadLine {
    /// Its number in the sheet.
    pub no: u32,
    /// Its cells as read.
    pub cells: Vec<String>,
    /// What it says, or why it cannot be read.
    pub read: Result<Line, Vec<Fault>>,
}

impl ReadLine {
    /// The row as one that does not go in.
    pub(super) fn refused(&self, faults: Vec<Fault>) -> Refused {
        Refused { row: self.no, cells: self.cells.clone(), faults }
    }
}

pub(super) fn invalid(field: &str, words: impl Into<String>) -> AppError {
    AppError::Invalid(vec![FieldFault::new(field, words)])
}

/// The sheets of a file that hold a table, the likeliest register first.
pub(crate) async fn sheets(upload: Upload) -> Result<Vec<Sheet>, AppError> {
    let sheets =
        apart(move || read(&upload.file_name, &upload.bytes).map_err(|bad| invalid("file", bad.to_string())))
            .await?;
    if sheets.is_empty() {
        return Err(invalid(
            "file",
            "Tệp không có bảng nào có dòng tên cột và dữ liệu. Hãy dùng mẫu tải về, hoặc kiểm tra lại tệp.",
        ));
    }
    Ok(sheets)
}

/// The sheets of a file that is kept.
pub(super) async fn kept_sheets(app: &App, file_name: &str, hash: &str) -> Result<Vec<Sheet>, AppError> {
    let bytes = app.files.get(hash).await?;
    sheets(Upload { file_name: file_name.to_owned(), bytes }).await
}

/// The sheet that is asked for.
pub(super) fn sheet_named(sheets: Vec<Sheet>, name: &str) -> Result<Sheet, AppError> {
    let names: Vec<String> = sheets.iter().map(|sheet| format!("«{}»", sheet.name)).collect();
    sheets.into_iter().find(|sheet| fold(&sheet.name) == fold(name)).ok_or_else(|| {
        invalid("sheet", format!("Tệp không có trang «{name}». Các trang có bảng: {}.", names.join(", ")))
    })
}

/// The columns of a sheet, guessed, with what the caller names: heading → key of a column.
pub(crate) fn mapped(
    sheet: &Sheet,
    named: &BTreeMap<String, String>,
) -> Result<Vec<Option<Column>>, AppError> {
    let mut mapping = guess(&sheet.headings);
    let mut faults = Vec::new();
    for (heading, key) in named {
        let at = sheet.headings.iter().position(|one| fold(one) == fold(heading));
        match (at, key.parse::<Column>()) {
            (Some(at), Ok(column)) => {
                for place in mapping.iter_mut().filter(|place| **place == Some(column)) {
                    *place = None;
                }
                mapping[at] = Some(column);
            }
            (Some(at), Err(_)) if key.is_empty() => mapping[at] = None,
            (None, _) => {
                faults.push(FieldFault::new(
                    "map",
                    format!("Trang «{}» không có cột «{heading}».", sheet.name),
                ));
            }
            (Some(_), Err(_)) => {
                let keys: Vec<&str> = Column::ALL.iter().map(|column| column.code()).collect();
                let words = format!("«{key}» không phải là cột của sổ. Các cột: {}.", keys.join(", "));
                faults.push(FieldFault::new("map", words));
            }
        }
    }
    must_be_whole(&mapping, &mut faults);
    if faults.is_empty() { Ok(mapping) } else { Err(AppError::Invalid(faults)) }
}

/// Puts a fault for every required column that no column of the file is.
pub(super) fn must_be_whole(mapping: &[Option<Column>], faults: &mut Vec<FieldFault>) {
    let lacking: Vec<String> = missing(mapping).iter().map(|column| format!("«{}»", column.name())).collect();
    if !lacking.is_empty() {
        let words = format!("Chưa có cột nào của tệp là {}. Hãy chọn cột cho đủ.", lacking.join(", "));
        faults.push(FieldFault::new("columns", words));
    }
}

/// What the rows of a sheet say.
pub(crate) async fn read_lines(
    sheet: Sheet,
    mapping: Vec<Option<Column>>,
) -> Result<Vec<ReadLine>, AppError> {
    apart(move || {
        let read: Vec<_> = sheet.rows.iter().map(|row| record(&mapping, &row.cells)).collect();
        let mut told = lines(read.iter().filter_map(|read| read.as_ref().ok()).cloned()).into_iter();
        let rows = sheet.rows.into_iter().zip(read).map(|(row, read)| ReadLine {
            no: row.no,
            cells: row.cells,
            read: read.and_then(|_| told.next().ok_or_else(Vec::new)),
        });
        Ok(rows.collect())
    })
    .await
}
