//! An office's official texts: out in a workbook, filled in, and back in again.
//!
//! Points and floors cannot come back this way: a workbook that says otherwise is refused whole
//! (`ocop_core::rules::wording`). The texts are shown from then on by [`App::shown`].

use std::collections::BTreeMap;
use std::sync::Arc;

use ocop_core::journal::sha256_hex;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::rules::wording::{
    Column, HASH_LABEL, OfficialWording, REFERENCE_LABEL, SheetRow, WordingChange, WordingFault,
    WordingSheet, guide_sheet, read_sheet, sheet_name, texts,
};
use ocop_core::rules::{ProductSet, Rules};
use ocop_documents::xlsx::wording::{WordingBook, WordingRow, WordingTable, write};
use ocop_documents::xlsx::{FILE_LIMIT, read};
use ocop_store::db::Chain;
use ocop_store::rules::wording::{Wording, find, put};
use serde_json::json;

use crate::download::{Download, Format};
use crate::evidence::Upload;
use crate::runtime::apart;
use crate::units::must_be_a_province;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// The largest workbook that is taken, in bytes.
pub const WORKBOOK_LIMIT: usize = FILE_LIMIT;
/// Faults of a workbook that are told at once; the rest is a number.
const FAULTS_TOLD: usize = 50;

/// Which sets go into a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingChoice {
    /// The regime.
    pub regime: String,
    /// Numbers of its sets; none means all of them.
    pub sets: Vec<u16>,
}

impl WordingChoice {
    /// Every set of the regime in force today.
    ///
    /// # Errors
    /// When none is in force.
    pub fn of_today(app: &App) -> Result<Self, AppError> {
        Ok(Self { regime: app.regime_today()?.id.clone(), sets: Vec::new() })
    }

    /// The sets in the order of their numbers.
    fn of<'rules>(&self, rules: &'rules Rules) -> Result<Vec<&'rules Arc<ProductSet>>, AppError> {
        let unknown = |what: String| {
            Refusal::because(format!("Phần mềm không có {what}. Xem các bộ hiện có bằng «ocop rules list»."))
        };
        let regime =
            rules.regime(&self.regime).ok_or_else(|| unknown(format!("bộ quy định «{}»", self.regime)))?;
        if self.sets.is_empty() {
            return Ok(regime.sets.values().collect());
        }
        let mut wanted = self.sets.clone();
        wanted.sort_unstable();
        wanted.dedup();
        let set = |no: u16| {
            regime.sets.get(&no).ok_or_else(|| unknown(format!("bộ tiêu chí {}/{no}", self.regime)))
        };
        wanted.into_iter().map(set).collect()
    }
}

/// A product set in the list of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetLine {
    /// Its number.
    pub no: u16,
    /// Our name of it.
    pub name: String,
    /// Texts that may be worded.
    pub texts: usize,
    /// Texts that have official words.
    pub official: usize,
    /// Who gave them last; empty before.
    pub author: String,
    /// When, `24/11/2026 10:32`; empty before.
    pub at: String,
}

/// The sets of the regime in force and what the office has worded.
pub async fn wording(app: &App, actor: &Actor, province: &str) -> Result<Vec<SetLine>, AppError> {
    let _ = permit(actor, province)?;
    let mut tx = app.db.read().await?;
    let mut lines = Vec::new();
    for set in app.regime_today()?.sets.values() {
        let kept = find(&mut tx, province, &set.hash()).await?;
        lines.push(SetLine {
            no: set.no,
            name: set.name.clone(),
            texts: texts(set).len(),
            official: kept.as_ref().map_or(0, |kept| kept.texts.len()),
            at: kept.as_ref().map(|kept| kept.written_at.written()).unwrap_or_default(),
            author: kept.map(|kept| kept.author).unwrap_or_default(),
        });
    }
    Ok(lines)
}

fn permit(actor: &Actor, province: &str) -> Result<Permit, AppError> {
    let subject = Subject { province: Some(province.to_owned()), ..Subject::default() };
    Ok(policy::may(actor, Action::ManageWording, &subject)?)
}

/// The workbook with what the office has worded, for its officer.
pub async fn export_wording(
    app: &App,
    actor: &Actor,
    province: &str,
    choice: &WordingChoice,
) -> Result<Download, AppError> {
    let _ = permit(actor, province)?;
    export_by_system(app, province, choice).await
}

/// The workbook with what the office has worded, for whoever holds the machine.
pub async fn export_by_system(
    app: &App,
    province: &str,
    choice: &WordingChoice,
) -> Result<Download, AppError> {
    let mut tx = app.db.read().await?;
    must_be_a_province(&mut tx, province).await?;
    let mut kept = BTreeMap::new();
    for set in choice.of(&app.rules)? {
        let hash = set.hash();
        if let Some(wording) = find(&mut tx, province, &hash).await? {
            kept.insert(hash, wording.texts);
        }
    }
    drop(tx);
    let (rules, choice) = (Arc::clone(&app.rules), choice.clone());
    apart(move || workbook(&rules, &choice, &kept)).await
}

/// The workbook of an office that has worded nothing.
///
/// # Errors
/// When the rules have no such regime or set.
pub fn empty_workbook(rules: &Rules, choice: &WordingChoice) -> Result<Download, AppError> {
    workbook(rules, choice, &BTreeMap::new())
}

fn workbook(
    rules: &Rules,
    choice: &WordingChoice,
    kept: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Download, AppError> {
    let sets = choice.of(rules)?;
    let book = WordingBook {
        guide_name: guide_sheet().to_owned(),
        headings: Column::ALL.map(|column| column.name().to_owned()),
        tables: sets.iter().map(|set| table(set, kept)).collect(),
    };
    let stem = match sets.as_slice() {
        [only] => sheet_name(only),
        _ => choice.regime.clone(),
    };
    Ok(Download::new(&format!("loi-van-{stem}"), Format::Xlsx, write(&book)?))
}

pub(super) fn table(set: &ProductSet, kept: &BTreeMap<String, BTreeMap<String, String>>) -> WordingTable {
    let hash = set.hash();
    let official = kept.get(&hash);
    let rows = texts(set).into_iter().map(|text| WordingRow {
        official: official.and_then(|texts| texts.get(&text.key)).cloned().unwrap_or_default(),
        heads: !text.key.contains('/') && !text.key.starts_with("disqualifier"),
        key: text.key,
        place: text.place,
        points: text.points,
        stars: text.floor,
        ours: text.ours,
    });
    WordingTable {
        name: sheet_name(set),
        title: format!("Bộ {}. {}", set.no, set.name),
        bound_to: [(REFERENCE_LABEL.to_owned(), set.reference()), (HASH_LABEL.to_owned(), hash)],
        rows: rows.collect(),
    }
}

/// A workbook as read: the official texts of each of its sets.
struct Worded {
    /// SHA-256 of the file.
    file: String,
    sets: Vec<(Arc<ProductSet>, OfficialWording)>,
}

async fn read_workbook(app: &App, bytes: Vec<u8>) -> Result<Worded, AppError> {
    let rules = Arc::clone(&app.rules);
    apart(move || {
        let sheets = read(&bytes, Column::ALL.len())
            .map_err(|bad| AppError::Invalid(vec![FieldFault::new("file", bad.to_string())]))?;
        let (mut sets, mut faults): (Vec<(Arc<ProductSet>, OfficialWording)>, Vec<WordingFault>) =
            (Vec::new(), Vec::new());
        for sheet in sheets.into_iter().map(wording_sheet) {
            match read_sheet(&rules, &sheet) {
                None => {}
                Some(Err(found)) => faults.extend(found),
                Some(Ok((set, _))) if sets.iter().any(|(other, _)| other.hash() == set.hash()) => {
                    faults.push(WordingFault::repeated(&sheet, set));
                }
                Some(Ok((set, wording))) => sets.push((Arc::new(set.clone()), wording)),
            }
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(told(&faults)));
        }
        if sets.is_empty() {
            let words = "Tệp không có trang nào của bộ tiêu chí. Hãy dùng tệp do phần mềm xuất ra.";
            return Err(AppError::Invalid(vec![FieldFault::new("file", words)]));
        }
        Ok(Worded { file: sha256_hex(&bytes), sets })
    })
    .await
}

fn wording_sheet(sheet: ocop_documents::xlsx::ReadSheet) -> WordingSheet {
    let row = |row: ocop_documents::xlsx::ReadRow| {
        let mut cells: [String; 6] = Default::default();
        for (place, text) in cells.iter_mut().zip(row.cells) {
            *place = text;
        }
        SheetRow { no: row.no, cells }
    };
    WordingSheet { name: sheet.name, rows: sheet.rows.into_iter().map(row).collect() }
}

/// One line for each fault, as far as anybody reads.
fn told(faults: &[WordingFault]) -> Vec<FieldFault> {
    let mut lines: Vec<FieldFault> =
        faults.iter().take(FAULTS_TOLD).map(|fault| FieldFault::new("file", fault.to_string())).collect();
    if faults.len() > FAULTS_TOLD {
        let more = format!("Còn {} chỗ khác. Hãy sửa các chỗ trên rồi nhập lại.", faults.len() - FAULTS_TOLD);
        lines.push(FieldFault::new("file", more));
    }
    lines
}

/// What an import changes, or would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingImport {
    /// SHA-256 of the file.
    pub file: String,
    /// The versions that it is compared with: `2026-26/4:1`, sent back with the import.
    pub basis: String,
    /// Each set of the file.
    pub sets: Vec<SetChange>,
}

impl WordingImport {
    /// Whether anything changes.
    pub fn is_any(&self) -> bool {
        self.sets.iter().any(|set| set.change.is_any())
    }
}

/// What changes in one set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetChange {
    /// `2026-26/4`.
    pub reference: String,
    /// `Bộ 4. Mật ong …`, in our words.
    pub title: String,
    /// Content hash of the set.
    pub hash: String,
    /// Version of the texts kept so far; 0 before the first.
    pub version: i64,
    /// Official texts afterwards.
    pub texts: usize,
    /// Counts.
    pub change: WordingChange,
    /// The texts that change, in the order of the sheet.
    pub lines: Vec<TextChange>,
}

/// A text that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// What it is.
    pub place: String,
    /// What is read now.
    pub before: String,
    /// What is read afterwards.
    pub after: String,
    /// Whether the official text is taken back.
    pub cleared: bool,
}

fn set_change(set: &ProductSet, kept: Option<&Wording>, new: &OfficialWording) -> SetChange {
    let version = kept.map_or(0, |kept| kept.version);
    let kept = &kept.map(|kept| kept.texts.clone()).unwrap_or_default();
    let line = |text: ocop_core::rules::wording::SetText| {
        let (before, after) = (kept.get(&text.key), new.texts.get(&text.key));
        (before != after).then(|| TextChange {
            place: text.place,
            before: before.unwrap_or(&text.ours).clone(),
            after: after.unwrap_or(&text.ours).clone(),
            cleared: after.is_none(),
        })
    };
    SetChange {
        reference: set.reference(),
        title: format!("Bộ {}. {}", set.no, set.name),
        hash: new.hash.clone(),
        version,
        texts: new.texts.len(),
        change: WordingChange::between(kept, &new.texts),
        lines: texts(set).into_iter().filter_map(line).collect(),
    }
}

/// Looks at a workbook without changing a text. The file is kept under its hash, so that it can be
/// imported as it was looked at.
pub async fn preview_wording(
    app: &App,
    actor: &Actor,
    province: &str,
    upload: Upload,
) -> Result<WordingImport, AppError> {
    let _ = permit(actor, province)?;
    let seen = preview_by_system(app, province, upload.bytes.clone()).await?;
    app.files.put(upload.bytes).await?;
    Ok(seen)
}

/// Looks at a workbook for whoever holds the machine; nothing is kept.
pub async fn preview_by_system(app: &App, province: &str, bytes: Vec<u8>) -> Result<WordingImport, AppError> {
    let worded = read_workbook(app, bytes).await?;
    let mut tx = app.db.read().await?;
    must_be_a_province(&mut tx, province).await?;
    let mut sets = Vec::new();
    for (set, wording) in &worded.sets {
        let kept = find(&mut tx, province, &wording.hash).await?;
        sets.push(set_change(set, kept.as_ref(), wording));
    }
    Ok(WordingImport { file: worded.file, basis: basis(&sets), sets })
}

/// The versions kept so far, in one text.
fn basis(sets: &[SetChange]) -> String {
    sets.iter().map(|set| format!("{}:{}", set.reference, set.version)).collect::<Vec<_>>().join(" ")
}

/// Imports a workbook that was looked at, by the hash of its file. `basis` is what it was compared
/// with: texts that somebody else has imported since are not written over unseen.
pub async fn import_wording(
    app: &App,
    actor: &Actor,
    province: &str,
    file: &str,
    basis: &str,
) -> Result<WordingImport, AppError> {
    let permit = permit(actor, province)?;
    let is_hash = file.len() == 64 && file.bytes().all(|letter| letter.is_ascii_hexdigit());
    let gone = || Refusal::because("Không còn tệp đã xem trước. Hãy chọn lại tệp và xem trước lần nữa.");
    if !is_hash {
        return Err(gone());
    }
    let bytes = app.files.get(file).await.map_err(|_| gone())?;
    import(app, permit, province, &actor.name, bytes, Some(basis)).await
}

/// Imports a workbook for whoever holds the machine, in the name of `by`: name and office.
pub async fn import_by_system(
    app: &App,
    province: &str,
    by: &str,
    bytes: Vec<u8>,
) -> Result<WordingImport, AppError> {
    let mut fields = Fields::new();
    let by = fields.required("by", by, 200, "Ghi họ tên và chức vụ người ban hành lời văn.");
    fields.done()?;
    import(app, policy::system(Action::ManageWording), province, &by, bytes, None).await
}

/// Keeps the official texts of every set that changes. A file that changes nothing leaves nothing
/// behind, no entry of the journal either.
async fn import(
    app: &App,
    permit: Permit,
    province: &str,
    author: &str,
    bytes: Vec<u8>,
    looked_at: Option<&str>,
) -> Result<WordingImport, AppError> {
    let worded = read_workbook(app, bytes.clone()).await?;
    app.files.put(bytes).await?;
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    must_be_a_province(&mut tx, province).await?;
    let mut sets = Vec::new();
    for (set, wording) in &worded.sets {
        let kept = find(&mut tx, province, &wording.hash).await?;
        let change = set_change(set, kept.as_ref(), wording);
        if change.change.is_any() {
            ocop_store::rules::keep(&mut tx, &wording.hash, set).await?;
            let kept = Wording {
                province: province.to_owned(),
                regime: set.regime.clone(),
                set_no: set.no,
                set_hash: wording.hash.clone(),
                version: change.version + 1,
                texts: wording.texts.clone(),
                file_hash: worded.file.clone(),
                author: author.to_owned(),
                written_at: app.now(),
            };
            put(&mut tx, &kept).await?;
        }
        sets.push(change);
    }
    let import = WordingImport { file: worded.file, basis: basis(&sets), sets };
    if import.is_any() {
        if looked_at.is_some_and(|looked_at| looked_at != import.basis) {
            return Err(AppError::Stale("Lời văn chính thức vừa được nhập từ một tệp khác.".to_owned()));
        }
        tx.commit(permit, app.now(), &details(&import, author)).await?;
    }
    Ok(import)
}

/// What the journal says: whose texts, from which file, how many in which version of which set.
fn details(import: &WordingImport, author: &str) -> serde_json::Value {
    let changed = import.sets.iter().filter(|set| set.change.is_any());
    let sets: Vec<serde_json::Value> = changed
        .map(|set| {
            json!({
                "set": set.reference, "hash": set.hash, "texts": set.texts,
                "changed": set.change.changed, "cleared": set.change.cleared,
            })
        })
        .collect();
    json!({ "by": author, "file": import.file, "sets": sets })
}
