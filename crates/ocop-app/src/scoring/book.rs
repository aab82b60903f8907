//! A member's open ballots as one workbook: taken away, filled in without a network, looked at, taken in. Every
//! ballot is kept by [`fill_ballot`], as one verb of its own; totals and stars are the server's.

use std::collections::{BTreeMap, BTreeSet};

use ocop_core::dossiers::State;
use ocop_core::id::{BallotId, CouncilId, SeatId};
use ocop_core::journal::sha256_hex;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Denied};
use ocop_core::rules::{Criterion, Part, ProductSet, Section};
use ocop_core::scoring::Choice;
use ocop_core::scoring::book::{
    BALLOT_LABEL, BookAnswer, BookChange, BookColumn, BookFault, BookFaultKind, BookSheet, RULES_LABEL,
    VERSION_LABEL, choice_list, choice_words, compare, merged, read_answers,
};
use ocop_documents::xlsx::ballots::{BallotBook, BallotLine, BallotRow, BallotTable, write};
use ocop_documents::xlsx::{FILE_LIMIT, read};
use ocop_store::Tx;
use ocop_store::councils::Council;
use serde::{Deserialize, Serialize};

use super::{MyBallot, OwnBallot, fill_ballot, my_ballots_in, own_ballot, submitted};
use crate::councils::{found, seat_in, subject};
use crate::download::{Download, Format};
use crate::evidence::Upload;
use crate::runtime::apart;
use crate::{App, AppError, FieldFault, Refusal};

/// The largest workbook that is taken, in bytes.
pub const BOOK_LIMIT: usize = FILE_LIMIT;

/// What the page of the workbook shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookView {
    /// The council.
    pub council: Council,
    /// The reader's own ballots that wait for points, by name of the product.
    pub open: Vec<MyBallot>,
}

/// The council and the seat from which the actor scores in it.
async fn seated(tx: &mut Tx, actor: &Actor, id: &CouncilId) -> Result<(Council, SeatId), AppError> {
    let council = found(tx, id).await?;
    let _ = policy::may(actor, Action::SaveBallot, &subject(&council))?;
    let (seat, _) = seat_in(actor, Some(id)).ok_or(AppError::NotFound)?;
    Ok((council, seat))
}

/// The page from which a member takes the workbook and sends it back.
pub async fn book(app: &App, actor: &Actor, id: &CouncilId) -> Result<BookView, AppError> {
    let mut tx = app.db.read().await?;
    let (council, seat) = seated(&mut tx, actor, id).await?;
    let mut open = my_ballots_in(app, &mut tx, &seat).await?;
    open.retain(MyBallot::is_open);
    open.sort_by_cached_key(|one| (ocop_core::text::fold(&one.product), one.dossier_id.clone()));
    Ok(BookView { council, open })
}

/// The workbook of the actor's open ballots in a council.
///
/// # Errors
/// A refusal when none is open.
pub async fn book_file(app: &App, actor: &Actor, id: &CouncilId) -> Result<Download, AppError> {
    let told = told_book(app, actor, id).await?;
    apart(move || Ok(Download::new("phieu-cham", Format::Xlsx, write(&told)?))).await
}

/// What the workbook holds.
pub(crate) async fn told_book(app: &App, actor: &Actor, id: &CouncilId) -> Result<BallotBook, AppError> {
    let view = book(app, actor, id).await?;
    if view.open.is_empty() {
        return Err(Refusal::because(
            "Bạn không có phiếu nào đang chờ chấm ở hội đồng này, nên chưa có tệp để tải. \
             Chủ tịch mở chấm điểm thì tải được.",
        ));
    }
    let mut tx = app.db.read().await?;
    let mut ballots = Vec::new();
    for (no, mine) in (1..).zip(&view.open) {
        let own = own_ballot(app, &mut tx, actor, &mine.id).await?;
        let claims = submitted(&mut tx, &own.ballot.dossier_id).await?.sheet.choices;
        ballots.push(table(no, mine, &own, &claims));
    }
    let lines = [
        format!("Tải lúc {}. Mỗi hồ sơ một trang; tệp chỉ có phiếu của bạn.", app.now().written()),
        "Chọn mức ở cột D (ô vàng), ghi nhận xét ở cột E. Ô để trống thì phiếu trên hệ thống giữ nguyên."
            .to_owned(),
        "«Không đạt mức nào» cần ghi rõ lý do ở cột E trước khi niêm phiếu.".to_owned(),
        "Khi có mạng, gửi lại tệp này ở trang «Chấm ngoại tuyến»: xem trước rồi mới ghi vào phiếu."
            .to_owned(),
        "Điểm, tổng và hạng sao do hệ thống tính; tệp không niêm phiếu. Giữ kín tệp như phiếu giấy."
            .to_owned(),
    ];
    Ok(BallotBook {
        overview: "Tổng quan".to_owned(),
        title: format!("Phiếu chấm của {}, {}", actor.name, view.council.name),
        lines: lines.to_vec(),
        headings: BookColumn::ALL.map(|column| column.name().to_owned()).to_vec(),
        ballots,
    })
}

fn table(no: usize, mine: &MyBallot, own: &OwnBallot, claims: &BTreeMap<String, Choice>) -> BallotTable {
    let ballot = &own.ballot;
    let bound = [
        (BALLOT_LABEL, ballot.id.to_string()),
        (VERSION_LABEL, ballot.version.to_string()),
        (RULES_LABEL, own.facts.row.ruleset.clone()),
    ];
    BallotTable {
        sheet: format!("{no:02} {}", mine.product),
        product: mine.product.clone(),
        producer: mine.producer.clone(),
        about: format!("Bộ {}. {} · Lần chấm {}", own.read.no, own.read.name, ballot.turn),
        bound_to: bound.map(|(label, value)| (label.to_owned(), value)).to_vec(),
        rows: own.read.parts.iter().flat_map(|part| rows(&own.read, part, own, claims)).collect(),
    }
}

fn rows(set: &ProductSet, part: &Part, own: &OwnBallot, claims: &BTreeMap<String, Choice>) -> Vec<BallotRow> {
    let mut rows = vec![BallotRow::Heading(format!("{}. {}", part.code, part.name))];
    for section in set.sections_of(part.code) {
        rows.extend(heading(section));
        let kept = |code: &str| own.ballot.sheet.choices.get(code);
        let lines = section.criteria.iter().map(|one| line(one, kept(&one.code), claims.get(&one.code)));
        rows.extend(lines.map(BallotRow::Criterion));
    }
    rows
}

/// A section that is one criterion needs no heading.
fn heading(section: &Section) -> Option<BallotRow> {
    let is_one = section.criteria.len() == 1;
    (!is_one).then(|| BallotRow::Heading(format!("{}. {}", section.no, section.name)))
}

fn line(criterion: &Criterion, kept: Option<&Choice>, claim: Option<&Choice>) -> BallotLine {
    let in_words = |choice: Option<&Choice>| choice.map(|choice| choice_words(criterion, choice));
    BallotLine {
        code: criterion.code.clone(),
        wording: wording(criterion),
        claim: in_words(claim).unwrap_or_default(),
        choice: in_words(kept).unwrap_or_default(),
        note: kept.and_then(|choice| choice.note.clone()).unwrap_or_default(),
        choices: choice_list(criterion).into_iter().map(|(words, _)| words).collect(),
    }
}

/// The title of a criterion, what must hold for it, and the words of every level.
fn wording(criterion: &Criterion) -> String {
    let mut lines = vec![format!("{} (tối đa {} điểm)", criterion.name, criterion.max)];
    let when = criterion.applies_if.as_ref().map(|when| when.text.clone());
    lines.extend([when, criterion.requirement.clone(), criterion.choose.clone()].into_iter().flatten());
    for (case, alternative) in (1_u8..).zip(&criterion.alternatives) {
        lines.extend(alternative.label.as_ref().map(|label| format!("Trường hợp {case}: {label}")));
        lines.extend(alternative.numbered().map(|(no, level)| {
            let floor = level.floor.map(|stars| format!(" [tối thiểu của {stars} sao]")).unwrap_or_default();
            format!("Mức {no} ({} điểm){floor}: {}", level.points, level.text)
        }));
    }
    lines.join("\n")
}

/// What a workbook would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPreview {
    /// The council.
    pub council: Council,
    /// SHA-256 of the file, sent back to take it in.
    pub file: String,
    /// Ballots that something is taken into, or that the file says nothing new about.
    pub ballots: Vec<BallotChange>,
    /// What is not taken, with its place.
    pub faults: Vec<String>,
}

impl BookPreview {
    /// Whether anything can be taken in.
    pub fn is_any(&self) -> bool {
        self.ballots.iter().any(|ballot| !ballot.lines.is_empty())
    }
}

/// A ballot of a workbook beside the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotChange {
    /// The ballot.
    pub ballot: BallotId,
    /// Its version now.
    pub version: i64,
    /// Whether it was saved on the server since the file was made.
    pub is_newer: bool,
    /// Name of its sheet in the file.
    pub sheet: String,
    /// What changes, in the order of the sheet.
    pub lines: Vec<ChoiceChange>,
}

/// A criterion that changes, or that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceChange {
    /// The row in the file.
    pub row: u32,
    /// Code.
    pub code: String,
    /// Title.
    pub name: String,
    /// What the server has: choice and remark.
    pub server: (String, String),
    /// What the file says.
    pub file: (String, String),
    /// Whether the member has to choose: otherwise the file's is taken.
    pub is_conflict: bool,
}

/// A ballot of a workbook that can be taken in.
struct Matched {
    own: OwnBallot,
    sheet: String,
    is_newer: bool,
    answers: Vec<BookAnswer>,
}

/// Looks at a workbook without changing a ballot. The file is kept under its hash, so that it is taken in as it
/// was looked at.
pub async fn preview_book(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    upload: Upload,
) -> Result<BookPreview, AppError> {
    let preview = looked_at(app, actor, id, upload.bytes.clone()).await?;
    app.files.put(upload.bytes).await?;
    Ok(preview)
}

/// Looks again at a workbook that was looked at before, by the hash of its file.
pub async fn kept_book(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    file: &str,
) -> Result<BookPreview, AppError> {
    let bytes = kept_file(app, file).await?;
    looked_at(app, actor, id, bytes).await
}

async fn kept_file(app: &App, file: &str) -> Result<Vec<u8>, AppError> {
    let gone = || Refusal::because("Không còn tệp đã xem trước. Hãy chọn lại tệp và xem trước lần nữa.");
    if file.len() != 64 || !file.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return Err(gone());
    }
    app.files.get(file).await.map_err(|_| gone())
}

async fn looked_at(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    bytes: Vec<u8>,
) -> Result<BookPreview, AppError> {
    let file = sha256_hex(&bytes);
    let (council, matched, faults) = matched(app, actor, id, bytes).await?;
    Ok(BookPreview {
        council,
        file,
        ballots: matched.iter().map(ballot_change).collect(),
        faults: faults.iter().map(ToString::to_string).collect(),
    })
}

/// The ballots of a workbook that can be taken in, and what cannot.
async fn matched(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    bytes: Vec<u8>,
) -> Result<(Council, Vec<Matched>, Vec<BookFault>), AppError> {
    let mut tx = app.db.read().await?;
    let (council, seat) = seated(&mut tx, actor, id).await?;
    let sheets = apart(move || sheets(&bytes)).await?;
    let (mut taken, mut faults): (Vec<Matched>, Vec<BookFault>) = (Vec::new(), Vec::new());
    for (sheet, ballot) in sheets {
        match own(app, &mut tx, actor, &seat, &sheet, &ballot).await? {
            Err(kind) => faults.push(sheet.fault(kind)),
            Ok(own) if taken.iter().any(|other| other.own.ballot.id == own.ballot.id) => {
                faults.push(sheet.fault(BookFaultKind::Repeated));
            }
            Ok(own) => {
                let (answers, found) = read_answers(&own.read, &sheet);
                faults.extend(found);
                let is_newer = sheet.version() != Some(own.ballot.version);
                taken.push(Matched { own, sheet: sheet.name, is_newer, answers });
            }
        }
    }
    Ok((council, taken, faults))
}

/// The sheets of a workbook that name a ballot.
fn sheets(bytes: &[u8]) -> Result<Vec<(BookSheet, String)>, AppError> {
    let bad = |words: String| AppError::Invalid(vec![FieldFault::new("file", words)]);
    let sheets = read(bytes, BookColumn::ALL.len()).map_err(|fault| bad(fault.to_string()))?;
    let sheets = sheets.into_iter().map(|sheet| BookSheet {
        name: sheet.name,
        rows: sheet.rows.into_iter().map(|row| (row.no, row.cells)).collect(),
    });
    let ours: Vec<(BookSheet, String)> = sheets
        .filter_map(|sheet| {
            let ballot = sheet.ballot()?.to_owned();
            Some((sheet, ballot))
        })
        .collect();
    if ours.is_empty() {
        let words = "Tệp không có trang phiếu chấm nào. Hãy dùng tệp tải ở trang này.";
        return Err(bad(words.to_owned()));
    }
    Ok(ours)
}

/// The actor's own ballot that a sheet names, when it still takes points.
async fn own(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    seat: &SeatId,
    sheet: &BookSheet,
    ballot: &str,
) -> Result<Result<OwnBallot, BookFaultKind>, AppError> {
    let Ok(id) = ballot.parse::<BallotId>() else { return Ok(Err(BookFaultKind::NotYours)) };
    let own = match own_ballot(app, tx, actor, &id).await {
        Ok(own) if own.ballot.seat_id == *seat => own,
        Ok(_) | Err(AppError::NotFound) => return Ok(Err(BookFaultKind::NotYours)),
        Err(error) => return Err(error),
    };
    match policy::may(actor, Action::SaveBallot, &own.facts.subject) {
        Err(Denied::Conflict) => return Ok(Err(BookFaultKind::Conflicted)),
        Err(Denied::Unseated) => return Ok(Err(BookFaultKind::Replaced)),
        Err(denied @ Denied::NotYours(_)) => return Err(denied.into()),
        Ok(_) => {}
    }
    let last = ocop_store::scoring::last_turn(tx, &own.ballot.dossier_id).await?.map(|turn| turn.no);
    let state = own.facts.row.state;
    Ok(if own.excused.is_some() {
        Err(BookFaultKind::Excused)
    } else if last != Some(own.ballot.turn) {
        Err(BookFaultKind::OldTurn)
    } else if let Some(at) = own.ballot.sealed_at {
        Err(BookFaultKind::Sealed(at.written()))
    } else if state != State::Scoring {
        Err(BookFaultKind::NotScoring(state.name().to_owned()))
    } else if sheet.rules() != Some(own.facts.row.ruleset.as_str()) {
        Err(BookFaultKind::OtherRules)
    } else {
        Ok(own)
    })
}

fn ballot_change(one: &Matched) -> BallotChange {
    let choices = &one.own.ballot.sheet.choices;
    let line = |answer: &BookAnswer| {
        let is_conflict = match compare(choices.get(&answer.code), answer) {
            BookChange::Stays => return None,
            BookChange::Taken => false,
            BookChange::Conflict => true,
        };
        let criterion = one.own.read.criterion(&answer.code)?;
        Some(ChoiceChange {
            row: answer.row,
            code: answer.code.clone(),
            name: criterion.name.clone(),
            server: told(criterion, choices.get(&answer.code)),
            file: told(criterion, answer.choice.as_ref()),
            is_conflict,
        })
    };
    BallotChange {
        ballot: one.own.ballot.id.clone(),
        version: one.own.ballot.version,
        is_newer: one.is_newer,
        sheet: one.sheet.clone(),
        lines: one.answers.iter().filter_map(line).collect(),
    }
}

fn told(criterion: &Criterion, choice: Option<&Choice>) -> (String, String) {
    let note = choice.and_then(|choice| choice.note.clone()).unwrap_or_default();
    let words = choice.map_or_else(|| "Chưa chấm".to_owned(), |choice| choice_words(criterion, choice));
    (words, note)
}

/// What a member sends to take a workbook in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeBookInput {
    /// SHA-256 of the file that was looked at.
    pub file: String,
    /// `BALLOT:VERSION` of every ballot as it was looked at.
    pub basis: Vec<String>,
    /// `BALLOT/CODE` of every criterion in conflict where the file's choice is taken; the server's stays for the
    /// others.
    pub over: Vec<String>,
}

impl TakeBookInput {
    /// The version of a ballot that was looked at.
    fn version(&self, ballot: &BallotId) -> Option<i64> {
        let pairs = self.basis.iter().filter_map(|pair| pair.split_once(':'));
        pairs.filter(|(id, _)| *id == ballot.as_str()).find_map(|(_, version)| version.parse().ok())
    }

    /// Criteria of a ballot where the file's choice is taken.
    fn over(&self, ballot: &BallotId) -> BTreeSet<String> {
        let pairs = self.over.iter().filter_map(|pair| pair.split_once('/'));
        pairs.filter(|(id, _)| *id == ballot.as_str()).map(|(_, code)| code.to_owned()).collect()
    }
}

/// Takes in a workbook that was looked at, ballot by ballot: how many changed. A ballot that was saved in
/// between is not written over; those before it stay as they were taken in, and looking again shows the rest.
pub async fn take_book(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &TakeBookInput,
) -> Result<usize, AppError> {
    let bytes = kept_file(app, &input.file).await?;
    let (_, matched, _) = matched(app, actor, id, bytes).await?;
    let mut changed = 0;
    for one in matched {
        let ballot = &one.own.ballot;
        let sheet = merged(&ballot.sheet, &one.answers, &input.over(&ballot.id));
        if sheet == ballot.sheet {
            continue;
        }
        let Some(version) = input.version(&ballot.id).filter(|version| *version == ballot.version) else {
            return Err(AppError::Stale(format!(
                "Phiếu ở trang «{}» vừa được lưu lúc {}, sau khi bạn xem trước tệp.",
                one.sheet,
                ballot.saved_at.hour()
            )));
        };
        fill_ballot(app, actor, &ballot.id, version, &sheet).await?;
        changed += 1;
    }
    Ok(changed)
}
