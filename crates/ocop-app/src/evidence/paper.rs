//! The page of one paper: what is told of it, its versions, where it is cited; a new version.

use ocop_core::evidence::pages;
use ocop_core::id::{DossierId, EvidenceId, ProducerId};
use ocop_core::people::Actor;
use ocop_core::policy::Action;
use ocop_core::time;
use ocop_store::db::Chain;
use ocop_store::evidence::{self, Citation, Evidence};
use ocop_store::{Tx, dossiers, producers, products};
use serde_json::json;

use super::{Described, EvidenceInput, PaperCard, Upload, find, read, readable, take};
use crate::producers::permitted;
use crate::{App, AppError, Fields, Refusal};

/// Another version of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it, with its number and days.
    pub told: String,
    /// When it was uploaded.
    pub uploaded: String,
}

impl Version {
    fn of(paper: Evidence) -> Self {
        let about = super::about(&paper.number, &paper.issuer, paper.issued_on, paper.expires_on);
        let told = if about.is_empty() { paper.title } else { format!("{} ({about})", paper.title) };
        Self { id: paper.id, told, uploaded: paper.uploaded_at.written() }
    }
}

/// What only those see who act for the producer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The version that this one stands in for.
    pub before: Option<Version>,
    /// The version that stands in for this one.
    pub after: Option<Version>,
    /// Dossiers whose drafts cite it, with the names of their products.
    pub cited: Vec<(DossierId, String)>,
    /// Whether it lies in the vault, so that it can be described and replaced.
    pub in_vault: bool,
    /// What is kept of it, as typed.
    pub input: EvidenceInput,
    /// Version of the description, for stale saves.
    pub version: i64,
}

/// The page of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// The paper.
    pub card: PaperCard,
    /// Whose it is.
    pub producer: ProducerId,
    /// Its name.
    pub producer_name: String,
    /// For those who act for the producer.
    pub own: Option<Own>,
}

/// The page of a paper, for everybody who may read its file.
pub async fn paper(app: &App, actor: &Actor, id: &EvidenceId) -> Result<PaperView, AppError> {
    let mut tx = app.db.read().await?;
    let paper = readable(&mut tx, actor, id).await?;
    let producer = producers::find(&mut tx, &paper.producer_id).await?.ok_or(AppError::NotFound)?;
    let own = actor.producers.contains(&paper.producer_id);
    Ok(PaperView {
        card: PaperCard::new(&paper, app.today()),
        producer: producer.id,
        producer_name: producer.name,
        own: if own { Some(own_part(&mut tx, paper).await?) } else { None },
    })
}

async fn own_part(tx: &mut Tx, paper: Evidence) -> Result<Own, AppError> {
    let before = match &paper.replaces {
        Some(id) => evidence::find(tx, id).await?,
        None => None,
    };
    let after = evidence::next_version(tx, &paper.id).await?;
    let mut cited = Vec::new();
    for id in evidence::cited_in(tx, &paper.id).await? {
        let row = dossiers::find(tx, &id).await?.ok_or(AppError::NotFound)?;
        let product = products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
        cited.push((id, product.name));
    }
    let day = |day: Option<chrono::NaiveDate>| day.map(time::date).unwrap_or_default();
    Ok(Own {
        before: before.map(Version::of),
        after: after.map(Version::of),
        cited,
        in_vault: paper.withdrawn_at.is_none(),
        version: paper.version,
        input: EvidenceInput {
            kind: paper.kind.code().to_owned(),
            title: paper.title,
            number: paper.number,
            issuer: paper.issuer,
            issued_on: day(paper.issued_on),
            expires_on: day(paper.expires_on),
        },
    })
}

/// The paper, when it lies in the vault.
fn must_lie_there(paper: &Evidence) -> Result<(), AppError> {
    if paper.withdrawn_at.is_none() {
        return Ok(());
    }
    Err(Refusal::because(
        "Giấy tờ này không còn trong kho (đã bỏ khỏi kho hoặc đã có bản mới), nên không sửa được nữa. \
         Hãy mở kho giấy tờ để sửa bản đang dùng.",
    ))
}

/// Changes what is told of a paper. What was submitted keeps the words of that day.
///
/// # Errors
/// Faults beside their fields; a refusal when it is no longer in the vault; a stale save.
pub async fn describe(
    app: &App,
    actor: &Actor,
    id: &EvidenceId,
    input: &EvidenceInput,
    version: &str,
) -> Result<(), AppError> {
    let owner = find(app, id).await?.producer_id;
    let mut tx = app.db.write(Chain::of("producer", &owner)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::EditEvidence, &owner).await?;
    let kept = evidence::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    must_lie_there(&kept)?;
    let Described { kind, title, number, issuer, issued_on, expires_on } = read(app, input, Fields::new())?;
    let told = Evidence { kind, title, number, issuer, issued_on, expires_on, ..kept.clone() };
    if version != kept.version.to_string() {
        return Err(AppError::Stale(String::new()));
    }
    if told == kept {
        return Ok(());
    }
    if !evidence::describe(&mut tx, &told).await? {
        return Err(AppError::Stale(String::new()));
    }
    let details = json!({
        "described": id, "kind": told.kind, "title": told.title, "number": told.number,
        "issuer": told.issuer, "issued_on": told.issued_on, "expires_on": told.expires_on,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// Takes a new version of a paper into the vault. Drafts that are with the producer cite it from now on; pages
/// that it has not become the whole paper. What was submitted keeps the old version, which stays readable.
///
/// # Errors
/// Faults beside their fields, also when the file is in the vault already; a refusal when the paper is not.
pub async fn replace(
    app: &App,
    actor: &Actor,
    id: &EvidenceId,
    input: &EvidenceInput,
    upload: Upload,
) -> Result<EvidenceId, AppError> {
    let owner = find(app, id).await?.producer_id;
    let paper = take(app, actor, &owner, input, upload).await?;
    let mut tx = app.db.write(Chain::of("producer", &owner)).await?;
    let (_, permit) = permitted(&mut tx, actor, Action::EditEvidence, &owner).await?;
    let old = evidence::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    must_lie_there(&old)?;
    if let Some(held) = evidence::same_file(&mut tx, &owner, &paper.file_hash).await? {
        let mut fields = Fields::new();
        fields.fault(
            "file",
            format!("Kho giấy tờ đã có đúng tệp này («{}»). Hãy chọn tệp của bản mới.", held.title),
        );
        fields.done()?;
    }
    let new = Evidence { replaces: Some(old.id.clone()), ..paper };
    evidence::insert(&mut tx, &new).await?;
    evidence::withdraw(&mut tx, &old.id, app.now()).await?;
    let mut moved = Vec::new();
    for dossier in evidence::cited_in(&mut tx, &old.id).await? {
        let row = dossiers::find(&mut tx, &dossier).await?;
        if row.is_some_and(|row| row.state.is_with_producer()) {
            stand_in(&mut tx, &dossier, &old, &new).await?;
            moved.push(dossier);
        }
    }
    let details = json!({
        "uploaded": new.id, "replaces": old.id, "kind": new.kind, "file": new.file_hash, "size": new.size,
        "drafts": moved,
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(new.id)
}

/// Lets a draft cite the new version where it cited the old one.
async fn stand_in(tx: &mut Tx, dossier: &DossierId, old: &Evidence, new: &Evidence) -> Result<(), AppError> {
    let cited = evidence::citations_of(tx, dossier).await?;
    evidence::recite(tx, dossier, &old.id, &new.id).await?;
    for citation in cited.into_iter().filter(|citation| citation.evidence_id == old.id) {
        if pages(&citation.pages, new.pages).is_err() {
            let whole = Citation { evidence_id: new.id.clone(), pages: String::new(), ..citation };
            evidence::cite(tx, dossier, &whole).await?;
        }
    }
    Ok(())
}

/// The newest version of a paper that lies in its producer's vault; `None` when it was taken out.
pub(crate) async fn newest(tx: &mut Tx, id: &EvidenceId) -> Result<Option<Evidence>, AppError> {
    let Some(mut paper) = evidence::find(tx, id).await? else { return Ok(None) };
    while paper.withdrawn_at.is_some() {
        match evidence::next_version(tx, &paper.id).await? {
            Some(next) => paper = next,
            None => return Ok(None),
        }
    }
    Ok(Some(paper))
}
