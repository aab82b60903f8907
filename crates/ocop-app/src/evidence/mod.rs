//! The producer's vault of papers: uploaded once, cited wherever they prove something.

mod behind;
pub mod content;
mod counting;
#[cfg(test)]
mod later_tests;
mod looking;
mod paper;
#[cfg(test)]
mod tests;
pub mod uploads;

use ocop_core::evidence::{EvidenceKind, MediaType, Term, term};
use ocop_core::id::{EvidenceId, ProducerId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::text::file_size;
use ocop_core::time;
use ocop_store::db::Chain;
use ocop_store::evidence::{self, Evidence};
use ocop_store::producers::Producer;
use ocop_store::recognition::behind::Whose;
use ocop_store::{Tx, dossiers};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::ops::Range;

pub use behind::{EndingCertificate, EndingPaper, ending_of_office};
pub(crate) use behind::{ending, todos_of_office, todos_of_producer};
pub use counting::count_older;
pub use looking::{Drawing, PageView, page, page_count, picture};
pub use ocop_documents::viewing::Size;
pub(crate) use paper::newest;
pub use paper::{Own, PaperView, Version, describe, paper, replace};

use crate::dossiers::Snapshot;
use crate::producers::permitted;
use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// What a producer types about a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceInput {
    /// Code of the heading in the evidence table of form 02.
    pub kind: String,
    /// What people call it; empty takes the heading's name.
    pub title: String,
    /// Its own number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// When it was issued.
    pub issued_on: String,
    /// Its last day.
    pub expires_on: String,
}

/// Kinds of papers to choose from, under the name of the list that has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindGroup {
    /// `Theo 26/2026/QĐ-TTg …`.
    pub name: String,
    /// The kinds.
    pub kinds: Vec<EvidenceKind>,
}

/// The kinds that a paper of the vault may have: those of the list in force, then those that only older lists have, for
/// dossiers that go on under them.
///
/// # Errors
/// When no regime is in force.
pub fn kinds(app: &App) -> Result<Vec<KindGroup>, AppError> {
    let regime = app.regime_today()?;
    let kinds = regime.evidence.offered();
    let older = EvidenceKind::ALL.iter().copied().filter(|kind| !kinds.contains(kind)).collect();
    let before = "Chỉ có ở danh mục của các quyết định trước".to_owned();
    Ok(vec![
        KindGroup { name: format!("Theo {}", regime.cite), kinds },
        KindGroup { name: before, kinds: older },
    ])
}

/// A file as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// Its name on the sender's machine.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The paper that holds the file.
    pub id: EvidenceId,
    /// The title of the paper that held the same file before; nothing was added then.
    pub already: Option<String>,
}

/// The typed description as values.
struct Described {
    kind: EvidenceKind,
    title: String,
    number: String,
    issuer: String,
    issued_on: Option<chrono::NaiveDate>,
    expires_on: Option<chrono::NaiveDate>,
}

fn read(app: &App, input: &EvidenceInput, mut fields: Fields) -> Result<Described, AppError> {
    let kind = fields.choice::<EvidenceKind>("kind", &input.kind, "Chọn loại giấy tờ.");
    let typed_title = fields.optional("title", &input.title, 200);
    let number = fields.optional("number", &input.number, 100);
    let issuer = fields.optional("issuer", &input.issuer, 200);
    let issued_on = fields.day("issued_on", &input.issued_on);
    let expires_on = fields.day("expires_on", &input.expires_on);
    if issued_on.is_some_and(|day| day > app.today()) {
        fields.fault("issued_on", "Ngày cấp chưa đến. Hãy kiểm tra lại năm.");
    }
    if issued_on.zip(expires_on).is_some_and(|(from, to)| to < from) {
        fields.fault("expires_on", "Ngày hết hạn phải sau ngày cấp.");
    }
    fields.done()?;
    let kind = kind.ok_or(AppError::NotFound)?;
    let title = if typed_title.is_empty() { kind.name().to_owned() } else { typed_title };
    Ok(Described { kind, title, number, issuer, issued_on, expires_on })
}

impl EvidenceInput {
    /// What a new version of the paper keeps: its kind, name and issuer.
    pub fn of_new_version(self) -> Self {
        Self { number: String::new(), issued_on: String::new(), expires_on: String::new(), ..self }
    }
}

/// Takes a paper into the vault. The file's type is what its content says; a file that the vault
/// holds already is recognised and not kept twice.
pub async fn upload(
    app: &App,
    actor: &Actor,
    producer: &ProducerId,
    input: &EvidenceInput,
    upload: Upload,
) -> Result<Uploaded, AppError> {
    let paper = take(app, actor, producer, input, upload).await?;
    let mut tx = app.db.write(Chain::of("producer", producer)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::EditEvidence, producer).await?;
    if let Some(held) = evidence::same_file(&mut tx, producer, &paper.file_hash).await? {
        return Ok(Uploaded { id: held.id, already: Some(held.title) });
    }
    evidence::insert(&mut tx, &paper).await?;
    let details =
        json!({ "uploaded": paper.id, "kind": paper.kind, "file": paper.file_hash, "size": paper.size });
    tx.commit(permit, app.now(), &details).await?;
    Ok(Uploaded { id: paper.id, already: None })
}

/// Before a file is kept: nobody fills another producer's vault, not even with a lost file.
///
/// # Errors
/// As [`upload`] for whoever may not add to the vault.
async fn may_keep(app: &App, actor: &Actor, producer: &ProducerId) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    permitted(&mut tx, actor, Action::EditEvidence, producer).await.map(drop)
}

/// Keeps a sent file, and what was typed about it, as a paper that the vault does not have yet.
async fn take(
    app: &App,
    actor: &Actor,
    producer: &ProducerId,
    input: &EvidenceInput,
    upload: Upload,
) -> Result<Evidence, AppError> {
    may_keep(app, actor, producer).await?;
    let mut fields = Fields::new();
    let media = content::media_type(&upload.file_name, &upload.bytes);
    if let Err(fault) = &media {
        fields.fault("file", fault.to_string());
    }
    let typed = read(app, input, fields)?;
    let media_type =
        media.map_err(|fault| AppError::Invalid(vec![FieldFault::new("file", fault.to_string())]))?;
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    let pages = page_count(app, media_type, &upload.bytes).await;
    let file_hash = app.files.put(upload.bytes).await?;
    Ok(Evidence {
        id: fresh(&*app.ids),
        producer_id: producer.clone(),
        kind: typed.kind,
        title: typed.title,
        number: typed.number,
        issuer: typed.issuer,
        issued_on: typed.issued_on,
        expires_on: typed.expires_on,
        file_name: content::tidy_name(&upload.file_name, media_type),
        file_hash,
        media_type,
        size,
        pages,
        replaces: None,
        uploaded_at: app.now(),
        withdrawn_at: None,
        version: 1,
    })
}

/// Takes a paper out of the vault. Submissions that cite it keep it; a draft that cites it must
/// give it up first.
pub async fn withdraw(app: &App, actor: &Actor, id: &EvidenceId) -> Result<ProducerId, AppError> {
    let owner = find(app, id).await?.producer_id;
    let mut tx = app.db.write(Chain::of("producer", &owner)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::EditEvidence, &owner).await?;
    for dossier in evidence::cited_in(&mut tx, id).await? {
        let open = dossiers::find(&mut tx, &dossier).await?.is_some_and(|row| !row.state.is_closed());
        if open {
            return Err(Refusal::because(
                "Giấy tờ này đang được viện dẫn trong một hồ sơ. Hãy gỡ viện dẫn trong hồ sơ trước, rồi bỏ khỏi kho.",
            ));
        }
    }
    if evidence::withdraw(&mut tx, id, app.now()).await? {
        tx.commit(permit, app.now(), &json!({ "withdrawn": id })).await?;
    }
    Ok(owner)
}

async fn find(app: &App, id: &EvidenceId) -> Result<Evidence, AppError> {
    let mut tx = app.db.read().await?;
    evidence::find(&mut tx, id).await?.ok_or(AppError::NotFound)
}

/// A paper as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCard {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// Its heading in the evidence table of form 02.
    pub kind: EvidenceKind,
    /// `Số 12/KN, Trung tâm Kiểm nghiệm, cấp 01/10/2026, hết hạn 01/10/2027`; empty when unknown.
    pub about: String,
    /// Name of the file.
    pub file_name: String,
    /// Its type.
    pub media_type: MediaType,
    /// `1,2 MB`.
    pub size: String,
    /// How many pages it has, where that is known.
    pub pages: Option<u16>,
    /// What its last day means today.
    pub term: Term,
    /// When it was uploaded, `24/11/2026 10:32`.
    pub uploaded: String,
}

impl PaperCard {
    /// The card of a paper as it stands on `today`.
    pub fn new(paper: &Evidence, today: chrono::NaiveDate) -> Self {
        Self {
            id: paper.id.clone(),
            title: paper.title.clone(),
            kind: paper.kind,
            about: about(&paper.number, &paper.issuer, paper.issued_on, paper.expires_on),
            file_name: paper.file_name.clone(),
            media_type: paper.media_type,
            size: file_size(paper.size),
            pages: paper.pages,
            term: term(paper.expires_on, today, None),
            uploaded: paper.uploaded_at.written(),
        }
    }
}

/// Number, issuer and dates of a paper in one line.
pub(crate) fn about(
    number: &str,
    issuer: &str,
    issued_on: Option<chrono::NaiveDate>,
    expires_on: Option<chrono::NaiveDate>,
) -> String {
    let mut told = Vec::new();
    if !number.is_empty() {
        told.push(format!("số {number}"));
    }
    if !issuer.is_empty() {
        told.push(issuer.to_owned());
    }
    if let Some(day) = issued_on {
        told.push(format!("cấp {}", time::date(day)));
    }
    if let Some(day) = expires_on {
        told.push(format!("hết hạn {}", time::date(day)));
    }
    told.join(", ")
}

/// The vault of a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    /// Whose it is.
    pub producer: Producer,
    /// Papers, newest first.
    pub papers: Vec<PaperCard>,
    /// Certificates that run longer than papers behind them.
    pub ending: Vec<EndingCertificate>,
    /// Whether the reader may add and withdraw.
    pub may_edit: bool,
}

/// The vault of a producer, for those who act for it. Officers and councils see papers only where
/// a submitted dossier cites them.
pub async fn vault(app: &App, actor: &Actor, producer: &ProducerId) -> Result<Vault, AppError> {
    let mut tx = app.db.read().await?;
    let (producer, _) = permitted(&mut tx, actor, Action::EditEvidence, producer).await?;
    let papers = evidence::of_producer(&mut tx, &producer.id).await?;
    let today = app.today();
    Ok(Vault {
        ending: ending(&mut tx, Whose::Producer(&producer.id), today).await?,
        papers: papers.iter().map(|paper| PaperCard::new(paper, today)).collect(),
        producer,
        may_edit: true,
    })
}

/// A file to be shown or saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Its type, by content.
    pub media_type: MediaType,
    /// Its tidied name.
    pub file_name: String,
    /// SHA-256 of the bytes.
    pub hash: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The file of a paper: the producer always may; officers and councils when a dossier of theirs cites the
/// paper in its latest submission. The bytes come by [`piece`].
///
/// # Errors
/// A refusal when the file on the disk is no longer what was uploaded.
pub async fn file(app: &App, actor: &Actor, id: &EvidenceId) -> Result<EvidenceFile, AppError> {
    let mut tx = app.db.read().await?;
    let paper = readable(&mut tx, actor, id).await?;
    drop(tx);
    let Some(size) = app.files.whole(&paper.file_hash).await? else {
        return Err(Refusal::because(
            "Tệp trên máy chủ không còn đúng như khi tải lên nên không hiển thị. Hãy báo cơ quan quản lý hệ thống.",
        ));
    };
    Ok(EvidenceFile { media_type: paper.media_type, file_name: paper.file_name, hash: paper.file_hash, size })
}

/// Bytes of a file that [`file`] has let the reader see.
pub async fn piece(app: &App, file: &EvidenceFile, bytes: Range<u64>) -> Result<Vec<u8>, AppError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(app.files.piece(&file.hash, bytes).await?)
}

/// The paper, for those who may read its file.
async fn readable(tx: &mut Tx, actor: &Actor, id: &EvidenceId) -> Result<Evidence, AppError> {
    let paper = evidence::find(tx, id).await?.ok_or(AppError::NotFound)?;
    if actor.producers.contains(&paper.producer_id) || cited_for(tx, actor, &paper).await? {
        Ok(paper)
    } else {
        Err(AppError::NotFound)
    }
}

/// Whether a dossier that the actor may read cites the paper in its latest submission.
async fn cited_for(tx: &mut Tx, actor: &Actor, paper: &Evidence) -> Result<bool, AppError> {
    let filter =
        dossiers::Filter { producer: Some(paper.producer_id.clone()), ..dossiers::Filter::default() };
    for listed in dossiers::list(tx, &filter, DOSSIERS_OF_PRODUCER).await? {
        let subject = crate::dossiers::facts(tx, actor, &listed.id).await?.subject;
        if policy::may(actor, Action::ReadEvidence, &subject).is_err() {
            continue;
        }
        let latest = Snapshot::latest(tx, &listed.id).await?;
        if latest.is_some_and(|snapshot| snapshot.citations.iter().any(|cited| cited.evidence_id == paper.id))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// More dossiers than any producer has.
const DOSSIERS_OF_PRODUCER: i64 = 1_000;
