//! A sheet of the wording workbook read back: what may have changed on its way through an office
//! (official texts), and what may not (everything else).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::{OfficialWording, SetText, WORDING_LIMIT, texts};
use crate::rules::{ProductSet, Rules};
use crate::text::tidy;

/// The line of a sheet that says which set it belongs to begins with this.
pub const REFERENCE_LABEL: &str = "Bộ tiêu chí";
/// The line of a sheet that carries the content hash begins with this.
pub const HASH_LABEL: &str = "Mã băm";
/// The heading of the first column, by which the head of the table is found.
pub const CODE_COLUMN: &str = "Mã";

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The key.
    Code,
    /// What the text is.
    Place,
    /// Points.
    Points,
    /// Stars for which the level is the least.
    Stars,
    /// Our words.
    Ours,
    /// Official words.
    Official,
}

impl Column {
    /// Every column, from the left.
    pub const ALL: [Self; 6] =
        [Self::Code, Self::Place, Self::Points, Self::Stars, Self::Ours, Self::Official];

    /// Its letter in a spreadsheet.
    pub fn letter(self) -> char {
        match self {
            Self::Code => 'A',
            Self::Place => 'B',
            Self::Points => 'C',
            Self::Stars => 'D',
            Self::Ours => 'E',
            Self::Official => 'F',
        }
    }

    /// Its heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => CODE_COLUMN,
            Self::Place => "Phần của bộ tiêu chí",
            Self::Points => "Điểm",
            Self::Stars => "Sao tối thiểu",
            Self::Ours => "Lời văn của phần mềm",
            Self::Official => "Lời văn chính thức",
        }
    }
}

/// The name of a set's sheet: `2026-26-04`.
pub fn sheet_name(set: &ProductSet) -> String {
    format!("{}-{:02}", set.regime, set.no)
}

/// The name of the sheet that explains the workbook.
pub const fn guide_sheet() -> &'static str {
    "Hướng dẫn"
}

/// A sheet as read: rows by their number in the spreadsheet, cells from column A.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordingSheet {
    /// Its name.
    pub name: String,
    /// Rows that have any text, from the top.
    pub rows: Vec<SheetRow>,
}

/// A row as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Its number, counted from 1.
    pub no: u32,
    /// Texts of columns A to F.
    pub cells: [String; 6],
}

impl SheetRow {
    fn cell(&self, column: Column) -> &str {
        let at = Column::ALL.iter().position(|one| *one == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }
}

/// What is wrong in a workbook, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct WordingFault {
    /// Name of the sheet.
    pub sheet: String,
    /// Number of the row, counted from 1; none for the whole sheet.
    pub row: Option<u32>,
    /// The column; none for the whole row.
    pub column: Option<Column>,
    /// What is wrong.
    pub kind: WordingFaultKind,
}

impl WordingFault {
    /// A second sheet of one set in a workbook.
    pub fn repeated(sheet: &WordingSheet, set: &ProductSet) -> Self {
        let kind = WordingFaultKind::RepeatedSet(set.reference());
        Self { sheet: sheet.name.clone(), row: None, column: None, kind }
    }
}

impl fmt::Display for WordingFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Trang «{}»", self.sheet)?;
        if let Some(row) = self.row {
            write!(out, ", dòng {row}")?;
        }
        if let Some(column) = self.column {
            write!(out, ", cột {} ({})", column.letter(), column.name())?;
        }
        write!(out, ": {}", self.kind)
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the fields are what the sentences name")]
pub enum WordingFaultKind {
    /// The lines above the table, or its head, are not there.
    #[error("thiếu dòng «{0}». Hãy xuất lại tệp mới và chép lời văn chính thức sang.")]
    NoLine(&'static str),
    /// The set is not known.
    #[error("phần mềm không có bộ tiêu chí «{0}». Hãy xuất lại tệp mới.")]
    UnknownSet(String),
    /// The hash is that of another version.
    #[error(
        "tệp được xuất từ một bản khác của bộ tiêu chí {0}, lời văn không còn khớp. Hãy xuất lại tệp mới và chép lời văn chính thức sang."
    )]
    OtherVersion(String),
    /// Two sheets for one set.
    #[error("bộ tiêu chí {0} đã có ở một trang khác. Hãy giữ một trang.")]
    RepeatedSet(String),
    /// A key that the set does not have.
    #[error(
        "mã «{0}» không có trong bộ tiêu chí. Đừng sửa cột mã; hãy trả lại mã cũ hoặc xóa dòng thêm vào."
    )]
    UnknownKey(String),
    /// Texts without a key.
    #[error("dòng có chữ nhưng không có mã. Hãy xóa dòng thêm vào, hoặc trả lại mã cũ.")]
    NoKey,
    /// A key in two rows.
    #[error("mã «{0}» đã có ở dòng trên. Hãy giữ một dòng.")]
    RepeatedKey(String),
    /// Rows that were deleted.
    #[error("thiếu {count} dòng: {first}. Hãy xuất lại tệp mới và chép lời văn chính thức sang.")]
    MissingRows { count: usize, first: String },
    /// Points or stars that were changed.
    #[error(
        "ghi «{typed}», bộ tiêu chí là «{wanted}». Điểm và sao không đổi được bằng tệp này; hãy trả lại như cũ."
    )]
    Changed { typed: String, wanted: String },
    /// Our words were changed.
    #[error("lời văn của phần mềm đã bị sửa. Hãy trả lại như cũ và ghi lời chính thức ở cột F.")]
    OursChanged,
    /// An official text that is too long.
    #[error("dài {length} chữ, nhiều nhất {WORDING_LIMIT} chữ. Hãy rút gọn.")]
    TooLong { length: usize },
}

/// Reads a sheet against the rules. `None` for a sheet that belongs to no set: the guide, or a
/// sheet that the office added for itself.
///
/// # Errors
/// Every fault of the sheet, so that all can be mended at once.
pub fn read_sheet<'rules>(
    rules: &'rules Rules,
    sheet: &WordingSheet,
) -> Option<Result<(&'rules ProductSet, OfficialWording), Vec<WordingFault>>> {
    let label = |row: &&SheetRow, label: &str| plain(row.cell(Column::Code)) == label;
    let line = |wanted: &str| sheet.rows.iter().find(|row| label(row, wanted));
    let (reference, hash, head) = (line(REFERENCE_LABEL), line(HASH_LABEL), line(CODE_COLUMN));
    let named = rules.regimes.values().flat_map(|regime| regime.sets.values());
    let is_ours = named.into_iter().any(|set| sheet_name(set) == sheet.name.trim());
    if !is_ours && reference.is_none() && hash.is_none() {
        return None;
    }
    Some(read_known(rules, sheet, reference, hash, head))
}

fn read_known<'rules>(
    rules: &'rules Rules,
    sheet: &WordingSheet,
    reference: Option<&SheetRow>,
    hash: Option<&SheetRow>,
    head: Option<&SheetRow>,
) -> Result<(&'rules ProductSet, OfficialWording), Vec<WordingFault>> {
    let fault = |row: Option<&SheetRow>, column: Option<Column>, kind: WordingFaultKind| {
        vec![WordingFault { sheet: sheet.name.clone(), row: row.map(|row| row.no), column, kind }]
    };
    let missing = |label| fault(None, None, WordingFaultKind::NoLine(label));
    let reference = reference.ok_or_else(|| missing(REFERENCE_LABEL))?;
    let hash = hash.ok_or_else(|| missing(HASH_LABEL))?;
    let head = head.ok_or_else(|| missing(CODE_COLUMN))?;
    let named = plain(reference.cell(Column::Place));
    let set = rules.by_reference(&named).ok_or_else(|| {
        fault(Some(reference), Some(Column::Place), WordingFaultKind::UnknownSet(named.clone()))
    })?;
    let bound = plain(hash.cell(Column::Place));
    if bound != set.hash() {
        return Err(fault(Some(hash), Some(Column::Place), WordingFaultKind::OtherVersion(named)));
    }
    let rows: Vec<&SheetRow> = sheet.rows.iter().filter(|row| row.no > head.no).collect();
    let texts = read_rows(&sheet.name, &rows, &texts(set))?;
    Ok((set, OfficialWording { hash: bound, texts }))
}

fn read_rows(
    sheet: &str,
    rows: &[&SheetRow],
    wanted: &[SetText],
) -> Result<BTreeMap<String, String>, Vec<WordingFault>> {
    let by_key: BTreeMap<&str, &SetText> = wanted.iter().map(|text| (text.key.as_str(), text)).collect();
    let (mut official, mut seen, mut faults) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for row in rows {
        let mut fault = |column: Column, kind: WordingFaultKind| {
            faults.push(WordingFault {
                sheet: sheet.to_owned(),
                row: Some(row.no),
                column: Some(column),
                kind,
            });
        };
        let key = plain(row.cell(Column::Code));
        if key.is_empty() {
            if row.cells.iter().any(|cell| !plain(cell).is_empty()) {
                fault(Column::Code, WordingFaultKind::NoKey);
            }
            continue;
        }
        let Some(text) = by_key.get(key.as_str()) else {
            fault(Column::Code, WordingFaultKind::UnknownKey(key));
            continue;
        };
        if !seen.insert(key.clone()) {
            fault(Column::Code, WordingFaultKind::RepeatedKey(key));
            continue;
        }
        must_be_as_printed(row, text, &mut fault);
        let typed = tidy(row.cell(Column::Official));
        let length = typed.chars().count();
        if length > WORDING_LIMIT {
            fault(Column::Official, WordingFaultKind::TooLong { length });
        } else if !typed.is_empty() {
            official.insert(key, typed);
        }
    }
    let gone: Vec<&str> =
        wanted.iter().map(|text| text.key.as_str()).filter(|key| !seen.contains(*key)).collect();
    if !gone.is_empty() {
        let first = gone.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let kind = WordingFaultKind::MissingRows { count: gone.len(), first };
        faults.push(WordingFault { sheet: sheet.to_owned(), row: None, column: None, kind });
    }
    if faults.is_empty() { Ok(official) } else { Err(faults) }
}

/// Points, stars and our words are the set's: a sheet that says otherwise was meant to change
/// them, which this way cannot.
fn must_be_as_printed(row: &SheetRow, text: &SetText, fault: &mut impl FnMut(Column, WordingFaultKind)) {
    let number = |number: Option<String>| number.unwrap_or_default();
    for (column, wanted) in [
        (Column::Points, number(text.points.map(|points| points.to_string()))),
        (Column::Stars, number(text.floor.map(|stars| stars.to_string()))),
    ] {
        let typed = plain(row.cell(column));
        if typed != wanted {
            fault(column, WordingFaultKind::Changed { typed, wanted });
        }
    }
    if plain(row.cell(Column::Ours)) != plain(&text.ours) {
        fault(Column::Ours, WordingFaultKind::OursChanged);
    }
}

/// A cell for comparing: composed letters, single spaces. Spreadsheet programs change both when
/// they save a file again.
fn plain(cell: &str) -> String {
    let composed: String = cell.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}
