//! A member's ballots as a workbook: filled in without a network, read back, compared with what the server
//! has by then. Levels and remarks only: totals and stars are never taken from a file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Choice, Sheet};
use crate::rules::{Criterion, Level, ProductSet};
use crate::text::{fold, in_sentence, tidy};

/// The line of a sheet that says whose ballot it is.
pub const BALLOT_LABEL: &str = "Mã phiếu";
/// The line that says what was on the server when the file was made.
pub const VERSION_LABEL: &str = "Bản của phiếu khi tải";
/// The line that says which product set the rows belong to.
pub const RULES_LABEL: &str = "Mã băm bộ tiêu chí";
/// The longest remark on one criterion, in letters.
pub const NOTE_LIMIT: usize = 2_000;

/// A column of a ballot's sheet, from A. The last two are hidden: they hold what the ballot said when the file
/// was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookColumn {
    /// Code of the criterion.
    Code,
    /// Its title with the words of every level.
    Wording,
    /// The producer's own choice.
    Claim,
    /// The member's choice.
    Choice,
    /// The member's remark.
    Note,
    /// The choice when the file was made.
    KeptChoice,
    /// The remark when the file was made.
    KeptNote,
}

impl BookColumn {
    /// The columns in their order.
    pub const ALL: [Self; 7] =
        [Self::Code, Self::Wording, Self::Claim, Self::Choice, Self::Note, Self::KeptChoice, Self::KeptNote];

    /// Its heading.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "Tiêu chí",
            Self::Wording => "Nội dung và các mức",
            Self::Claim => "Chủ thể tự chấm",
            Self::Choice => "Mức chọn",
            Self::Note => "Nhận xét của tôi",
            Self::KeptChoice => "Mức khi tải",
            Self::KeptNote => "Nhận xét khi tải",
        }
    }

    /// Its letter.
    const fn letter(self) -> char {
        match self {
            Self::Code => 'A',
            Self::Wording => 'B',
            Self::Claim => 'C',
            Self::Choice => 'D',
            Self::Note => 'E',
            Self::KeptChoice => 'F',
            Self::KeptNote => 'G',
        }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or_default()
    }
}

/// Everything that may be chosen for a criterion, as the list of the workbook offers it: levels of each case
/// from the lowest, "no level met" last.
pub fn choice_list(criterion: &Criterion) -> Vec<(String, Choice)> {
    let several = criterion.alternatives.len() > 1;
    let cases = (1..=u8::MAX).zip(&criterion.alternatives);
    let levels = cases.flat_map(|(case, alternative)| {
        let level = move |(no, level): (u8, &Level)| {
            let words = format!("Mức {no} ({} điểm)", level.points);
            let words =
                if several { format!("Trường hợp {case}: {}", in_sentence(&words)) } else { words };
            (words, Choice { alternative: case, level: no, note: None })
        };
        alternative.numbered().map(level)
    });
    levels.chain([("Không đạt mức nào".to_owned(), Choice::level(0))]).collect()
}

/// A choice as the list words it; empty when the criterion has no such level.
pub fn choice_words(criterion: &Criterion, choice: &Choice) -> String {
    let is_same = |(_, one): &(String, Choice)| is_same_level(one, choice);
    choice_list(criterion).into_iter().find(is_same).map(|(words, _)| words).unwrap_or_default()
}

/// Level 0 is the same in every case.
fn is_same_level(one: &Choice, other: &Choice) -> bool {
    one.level == other.level && (one.level == 0 || one.alternative == other.alternative)
}

/// A sheet as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookSheet {
    /// Its name.
    pub name: String,
    /// Rows with any text: number, counted from 1, and the texts of columns A to G.
    pub rows: Vec<(u32, Vec<String>)>,
}

impl BookSheet {
    /// The id of its ballot; `None` for a sheet of somebody's own.
    pub fn ballot(&self) -> Option<&str> {
        self.labelled(BALLOT_LABEL)
    }

    /// The version of the ballot when the file was made.
    pub fn version(&self) -> Option<i64> {
        self.labelled(VERSION_LABEL)?.parse().ok()
    }

    /// The hash of the product set that its rows belong to.
    pub fn rules(&self) -> Option<&str> {
        self.labelled(RULES_LABEL)
    }

    /// A fault of the whole sheet.
    pub fn fault(&self, kind: BookFaultKind) -> BookFault {
        BookFault { sheet: self.name.clone(), cell: None, kind }
    }

    fn labelled(&self, label: &str) -> Option<&str> {
        let wanted = fold(label);
        let (_, cells) = self.rows.iter().find(|(_, cells)| fold(cell(cells, BookColumn::Code)) == wanted)?;
        Some(cell(cells, BookColumn::Wording).trim())
    }
}

fn cell(cells: &[String], column: BookColumn) -> &str {
    cells.get(column.index()).map_or("", String::as_str)
}

/// What is wrong with a file, a sheet or a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Trang «{sheet}»{}: {kind}", place(.cell.as_ref()))]
pub struct BookFault {
    /// Name of the sheet.
    pub sheet: String,
    /// Row, counted from 1, and column; none for the whole sheet.
    pub cell: Option<(u32, BookColumn)>,
    /// What is wrong.
    pub kind: BookFaultKind,
}

fn place(cell: Option<&(u32, BookColumn)>) -> String {
    cell.map(|(row, column)| format!(", ô {}{row}", column.letter())).unwrap_or_default()
}

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookFaultKind {
    /// Somebody else's ballot, or none.
    #[error(
        "không phải phiếu của bạn trong hội đồng này, nên không nhận. Hãy dùng tệp do chính bạn tải ở trang này."
    )]
    NotYours,
    /// The seat has a conflict of interest with the dossier.
    #[error("bạn có xung đột lợi ích với hồ sơ này, hồ sơ đã đóng với bạn nên không nhận điểm.")]
    Conflicted,
    /// Another one sits in the seat's place.
    #[error("đã có người đánh giá hồ sơ này thay bạn nên không nhận điểm.")]
    Replaced,
    /// The chair let the member leave.
    #[error("Chủ tịch đã cho bạn rời phiên khi chấm hồ sơ này, nên phiếu không nhận điểm nữa.")]
    Excused,
    /// Sealed ballots never change.
    #[error("phiếu đã được niêm lúc {0} nên không sửa được nữa. Cần sửa thì đề nghị Chủ tịch mở lại phiếu.")]
    Sealed(String),
    /// The dossier is not being scored.
    #[error("hồ sơ đang ở bước «{0}», không nhận phiếu chấm.")]
    NotScoring(String),
    /// A later turn began since.
    #[error("tệp được tải ở lần chấm trước; hồ sơ đã có kết quả hoặc lần chấm mới. Hãy tải tệp mới.")]
    OldTurn,
    /// The rows are of another product set.
    #[error("bộ tiêu chí trong tệp khác bộ tiêu chí của hồ sơ. Hãy tải tệp mới rồi chép điểm sang.")]
    OtherRules,
    /// The ballot stands on two sheets.
    #[error("phiếu này đã có ở một trang khác của tệp. Hãy xóa bớt một trang.")]
    Repeated,
    /// The row of headings is gone.
    #[error("không thấy dòng đầu bảng có ô «Tiêu chí». Hãy tải tệp mới rồi chép điểm sang.")]
    NoHead,
    /// No such criterion.
    #[error("bộ tiêu chí của hồ sơ không có tiêu chí «{0}». Hãy giữ nguyên cột A như khi tải.")]
    UnknownCriterion(String),
    /// The criterion stands in two rows.
    #[error("tiêu chí {0} đã có ở một dòng trên. Hãy giữ một dòng.")]
    RepeatedCriterion(String),
    /// Not a level of the criterion.
    #[error("«{typed}» không phải là mức của tiêu chí {code}. Hãy chọn trong danh sách của ô: {levels}.")]
    UnknownLevel {
        /// What the cell says.
        typed: String,
        /// The criterion.
        code: String,
        /// What the list offers.
        levels: String,
    },
    /// A remark without a choice.
    #[error("tiêu chí {0} có nhận xét nhưng chưa chọn mức. Hãy chọn mức ở cột D.")]
    NoteAlone(String),
    /// The remark is too long.
    #[error("nhận xét dài {0} chữ, nhiều nhất là {NOTE_LIMIT} chữ. Hãy rút gọn.")]
    LongNote(usize),
}

/// What a row of a sheet says about a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookAnswer {
    /// The row, counted from 1.
    pub row: u32,
    /// The criterion.
    pub code: String,
    /// What is chosen; none when the cell is empty.
    pub choice: Option<Choice>,
    /// What the ballot said when the file was made.
    pub kept: Option<Choice>,
}

/// The answers of a sheet and everything that is wrong with its rows: a row with a fault gives no answer.
pub fn read_answers(set: &ProductSet, sheet: &BookSheet) -> (Vec<BookAnswer>, Vec<BookFault>) {
    let head = fold(BookColumn::Code.name());
    let Some(at) = sheet.rows.iter().position(|(_, cells)| fold(cell(cells, BookColumn::Code)) == head)
    else {
        return (Vec::new(), vec![sheet.fault(BookFaultKind::NoHead)]);
    };
    let (mut answers, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (row, cells) in sheet.rows.iter().skip(at + 1) {
        match read_row(set, *row, cells, &mut seen) {
            Ok(answer) => answers.extend(answer),
            Err((column, kind)) => {
                faults.push(BookFault { sheet: sheet.name.clone(), cell: Some((*row, column)), kind });
            }
        }
    }
    (answers, faults)
}

/// `None` for a heading, which has no code.
fn read_row(
    set: &ProductSet,
    row: u32,
    cells: &[String],
    seen: &mut BTreeSet<String>,
) -> Result<Option<BookAnswer>, (BookColumn, BookFaultKind)> {
    let code = cell(cells, BookColumn::Code).trim().to_owned();
    if code.is_empty() {
        return Ok(None);
    }
    let unknown = |code: &str| (BookColumn::Code, BookFaultKind::UnknownCriterion(code.to_owned()));
    let criterion = set.criterion(&code).ok_or_else(|| unknown(&code))?;
    if !seen.insert(code.clone()) {
        return Err((BookColumn::Code, BookFaultKind::RepeatedCriterion(code)));
    }
    let note = tidy(cell(cells, BookColumn::Note));
    let length = note.chars().count();
    if length > NOTE_LIMIT {
        return Err((BookColumn::Note, BookFaultKind::LongNote(length)));
    }
    let typed = tidy(cell(cells, BookColumn::Choice));
    let choice = match (typed.is_empty(), note.is_empty()) {
        (true, true) => None,
        (true, false) => return Err((BookColumn::Choice, BookFaultKind::NoteAlone(code))),
        (false, _) => Some(read_choice(criterion, &typed, &note).ok_or_else(|| {
            let levels: Vec<String> = choice_list(criterion).into_iter().map(|(words, _)| words).collect();
            let levels = levels.join("; ");
            (BookColumn::Choice, BookFaultKind::UnknownLevel { typed, code: code.clone(), levels })
        })?),
    };
    let kept_note = tidy(cell(cells, BookColumn::KeptNote));
    let kept = read_choice(criterion, cell(cells, BookColumn::KeptChoice), &kept_note);
    Ok(Some(BookAnswer { row, code, choice, kept }))
}

fn read_choice(criterion: &Criterion, typed: &str, note: &str) -> Option<Choice> {
    let typed = fold(typed);
    let (_, choice) = choice_list(criterion).into_iter().find(|(words, _)| fold(words) == typed)?;
    Some(Choice { note: (!note.is_empty()).then(|| note.to_owned()), ..choice })
}

/// What becomes of a criterion when a file is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookChange {
    /// The server's stays: the file says nothing new.
    Stays,
    /// The file's is taken: the server's is what the file was made from.
    Taken,
    /// Both have changed since the file was made: the member chooses.
    Conflict,
}

/// What becomes of a criterion, by what the server has now.
pub fn compare(server: Option<&Choice>, answer: &BookAnswer) -> BookChange {
    let (file, kept) = (answer.choice.as_ref(), answer.kept.as_ref());
    if file.is_none() || is_same(file, server) || is_same(file, kept) {
        BookChange::Stays
    } else if is_same(server, kept) {
        BookChange::Taken
    } else {
        BookChange::Conflict
    }
}

fn is_same(one: Option<&Choice>, other: Option<&Choice>) -> bool {
    let note = |choice: &Choice| tidy(choice.note.as_deref().unwrap_or_default());
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => is_same_level(one, other) && note(one) == note(other),
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// The server's sheet with what the file changes; `over`: criteria in conflict where the member chose the
/// file's.
pub fn merged(server: &Sheet, answers: &[BookAnswer], over: &BTreeSet<String>) -> Sheet {
    let mut choices: BTreeMap<String, Choice> = server.choices.clone();
    for answer in answers {
        let takes = match compare(server.choices.get(&answer.code), answer) {
            BookChange::Stays => false,
            BookChange::Taken => true,
            BookChange::Conflict => over.contains(&answer.code),
        };
        if let Some(choice) = answer.choice.as_ref().filter(|_| takes) {
            choices.insert(answer.code.clone(), choice.clone());
        }
    }
    Sheet { choices, disqualified: server.disqualified.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    fn sheet(rows: &[[&str; 7]]) -> BookSheet {
        let head = BookColumn::ALL.map(BookColumn::name);
        let ids = [[BALLOT_LABEL, "0192"], [VERSION_LABEL, "3"], [RULES_LABEL, "ab"]];
        let ids = ids.map(|[label, value]| [label, value, "", "", "", "", ""]);
        let rows = ids.iter().chain([&head]).chain(rows);
        let rows = (1_u32..).zip(rows.map(|row| row.map(str::to_owned).to_vec()));
        BookSheet { name: "01 Mật ong".to_owned(), rows: rows.collect() }
    }

    fn noted(level: u8, note: &str) -> Choice {
        Choice { note: Some(note.to_owned()), ..Choice::level(level) }
    }

    #[test]
    fn a_list_offers_every_level_in_words_that_are_read_back() {
        let set = sample::honey();
        for criterion in set.criteria() {
            for (words, choice) in choice_list(criterion) {
                assert_eq!(read_choice(criterion, &words, "").as_ref(), Some(&choice), "{words}");
                assert_eq!(choice_words(criterion, &choice), words);
            }
        }
        let first = set.criterion("1.1").unwrap();
        assert_eq!(choice_list(first)[0].0, "Mức 1 (1 điểm)");
    }

    #[test]
    fn a_sheet_says_whose_it_is_and_what_is_chosen() {
        let read = sheet(&[
            ["", "PHẦN A", "", "", "", "", ""],
            ["1.1", "…", "", " mức 2 (5 ĐIỂM) ", "Ghi\r\nchú ", "Mức 1 (1 điểm)", ""],
            ["1.2", "…", "", "Không đạt mức nào", "Thiếu", "", ""],
            ["2", "…", "", "", "", "Mức 1 (5 điểm)", "cũ"],
        ]);
        assert_eq!((read.ballot(), read.version(), read.rules()), (Some("0192"), Some(3), Some("ab")));
        let (answers, faults) = read_answers(&sample::honey(), &read);
        assert_eq!(faults, []);
        let said: Vec<(&str, Option<Choice>)> =
            answers.iter().map(|one| (one.code.as_str(), one.choice.clone())).collect();
        let note = "Ghi\nchú";
        assert_eq!(said, [("1.1", Some(noted(2, note))), ("1.2", Some(noted(0, "Thiếu"))), ("2", None)]);
        assert_eq!(answers[0].kept, Some(Choice::level(1)));
    }

    #[test]
    fn faults_name_sheet_and_cell() {
        let check = |row: [&str; 7], words: &str| {
            let (answers, faults) = read_answers(&sample::honey(), &sheet(&[row]));
            assert_eq!((answers.len(), faults.len()), (0, 1), "{words}");
            assert!(faults[0].to_string().contains(words), "{}", faults[0]);
        };
        check(["1.1", "", "", "Mức 9", "", "", ""], "Trang «01 Mật ong», ô D5: «Mức 9» không phải là mức");
        check(["1.1", "", "", "3", "", "", ""], "«3» không phải là mức");
        check(
            ["9.9", "", "", "Mức 1 (1 điểm)", "", "", ""],
            "ô A5: bộ tiêu chí của hồ sơ không có tiêu chí «9.9»",
        );
        check(["1.1", "", "", "", "Tốt", "", ""], "có nhận xét nhưng chưa chọn mức");
        check(["1.1", "", "", "Mức 1 (1 điểm)", &"a".repeat(2_001), "", ""], "ô E5: nhận xét dài 2001 chữ");
        let twice = [["1.1", "", "", "", "", "", ""]; 2];
        let (_, faults) = read_answers(&sample::honey(), &sheet(&twice));
        assert_eq!(
            faults[0].to_string(),
            "Trang «01 Mật ong», ô A6: tiêu chí 1.1 đã có ở một dòng trên. Hãy giữ một dòng."
        );
        let bare = BookSheet { name: "x".to_owned(), rows: Vec::new() };
        assert_eq!((bare.ballot(), read_answers(&sample::honey(), &bare).1.len()), (None, 1));
    }

    #[test]
    fn who_changed_what_decides_what_becomes_of_it() {
        let (a, b, c) = (Choice::level(1), Choice::level(2), Choice::level(3));
        let check = |kept: Option<&Choice>, server: Option<&Choice>, file: Option<&Choice>, becomes| {
            let answer =
                BookAnswer { row: 5, code: "1.1".to_owned(), choice: file.cloned(), kept: kept.cloned() };
            assert_eq!(compare(server, &answer), becomes, "{kept:?} {server:?} {file:?}");
        };
        check(None, None, Some(&a), BookChange::Taken);
        check(Some(&a), Some(&a), Some(&b), BookChange::Taken);
        check(Some(&a), Some(&a), Some(&noted(1, "x")), BookChange::Taken);
        check(Some(&a), Some(&a), None, BookChange::Stays);
        check(Some(&a), Some(&b), Some(&a), BookChange::Stays);
        check(Some(&a), Some(&b), Some(&b), BookChange::Stays);
        check(Some(&a), Some(&b), Some(&c), BookChange::Conflict);
        check(None, Some(&b), Some(&c), BookChange::Conflict);
        check(Some(&a), None, Some(&c), BookChange::Conflict);
        let zero = Choice { alternative: 2, ..Choice::level(0) };
        check(None, Some(&zero), Some(&Choice::level(0)), BookChange::Stays);
    }

    #[test]
    fn a_file_is_merged_into_what_the_server_has() {
        let answer = |code: &str, level: u8, kept: Option<u8>| BookAnswer {
            row: 5,
            code: code.to_owned(),
            choice: Some(Choice::level(level)),
            kept: kept.map(Choice::level),
        };
        let server = Sheet {
            choices: [("1.1", 1), ("1.2", 2)]
                .map(|(code, level)| (code.to_owned(), Choice::level(level)))
                .into(),
            disqualified: None,
        };
        let answers = [answer("1.1", 3, Some(2)), answer("1.2", 1, Some(2)), answer("2", 1, None)];
        let level = |over: &[&str], code: &str| {
            let over = over.iter().map(|code| (*code).to_owned()).collect();
            merged(&server, &answers, &over).choices[code].level
        };
        assert_eq!((level(&[], "1.1"), level(&["1.1"], "1.1")), (1, 3));
        assert_eq!((level(&[], "1.2"), level(&[], "2")), (1, 1));
    }
}
