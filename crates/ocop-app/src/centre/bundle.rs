//! The bundle that a province sends to the centre (26/2026/QĐ-TTg, Article 6.3): every document as PDF, the evidence
//! in the order of the criteria, a numbered list of contents, and a manifest with hashes.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use ocop_core::dossiers::State;
use ocop_core::evidence::MediaType;
use ocop_core::id::{CouncilId, DecisionId, DossierId, SessionId};
use ocop_core::journal::sha256_hex;
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::Instance;
use ocop_core::text::fold_words;
use ocop_documents::archive::Archive;
use ocop_store::StoreError;
use ocop_store::centre as store;
use serde::{Deserialize, Serialize};

use crate::dossiers::{Snapshot, SnapshotCitation, facts, instance};
use crate::{App, AppError, papers};

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// Counted from 1, as in the list of contents.
    pub no: usize,
    /// Its name in the bundle.
    pub file: String,
    /// What it is.
    pub title: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The bundle, ready to be read.
#[derive(Debug)]
pub struct Bundle {
    /// A name for it, plain ASCII, with `.zip`.
    pub file_name: String,
    /// The archive, at its beginning.
    pub archive: File,
    /// Its length in bytes.
    pub size: u64,
}

/// Where a file comes from.
enum Source {
    Letter(PaperKind),
    Decision(DecisionId),
    Minutes(CouncilId, SessionId),
    Tally,
    Advice,
    Form01,
    Form02,
    Form03,
    Evidence { hash: String, media_type: MediaType },
}

struct Item {
    title: String,
    stem: String,
    source: Source,
}

impl Item {
    fn new(stem: &str, title: impl Into<String>, source: Source) -> Self {
        Self { title: title.into(), stem: stem.to_owned(), source }
    }

    fn file(&self, no: usize) -> String {
        match &self.source {
            Source::Evidence { media_type, .. } => {
                format!("minh-chung/{no:03}-{}.{}", self.stem, media_type.extension())
            }
            Source::Letter(_)
            | Source::Decision(_)
            | Source::Minutes(_, _)
            | Source::Tally
            | Source::Advice
            | Source::Form01
            | Source::Form02
            | Source::Form03 => format!("{no:03}-{}.pdf", self.stem),
        }
    }
}

/// What belongs into the bundle: the province's letter, its decision, its council's work, then the dossier.
async fn plan(app: &App, actor: &Actor, id: &DossierId) -> Result<(String, Vec<Item>), AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::SendToCentre, &facts.subject)?;
    if facts.row.state != State::ForCentre {
        return Err(AppError::NotFound);
    }
    let kept = Snapshot::latest(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let result = ocop_store::recognition::find_result(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let council = facts.row.council_id.clone().ok_or(AppError::NotFound)?;
    let mut items =
        vec![Item::new("cong-van-trinh", "Văn bản đề nghị", Source::Letter(PaperKind::Forwarding))];
    if let Some(decision) = result.decision_id {
        items.push(Item::new(
            "quyet-dinh-phe-duyet",
            "Quyết định phê duyệt kết quả",
            Source::Decision(decision),
        ));
    }
    let turns = ocop_store::scoring::turns(&mut tx, id).await?;
    if let Some(turn) = turns.into_iter().find(|turn| i64::from(turn.no) == result.turn) {
        let minutes = Source::Minutes(council, turn.session_id);
        items.push(Item::new("bien-ban-hop-hoi-dong", "Biên bản họp Hội đồng cấp tỉnh", minutes));
    }
    items.push(Item::new("tong-hop-diem", "Bảng tổng hợp điểm của Hội đồng cấp tỉnh", Source::Tally));
    if papers::has_advice(&mut tx, id).await? {
        items.push(Item::new("bao-cao-tu-van", "Báo cáo gửi Chủ tịch Hội đồng", Source::Advice));
    }
    items.push(Item::new("mau-01", "Phiếu đăng ký đánh giá, phân hạng (mẫu 01)", Source::Form01));
    items.push(Item::new("mau-02", "Thuyết minh sản phẩm (mẫu 02)", Source::Form02));
    if ocop_store::dossiers::commune_report(&mut tx, id).await?.is_some() {
        items.push(Item::new("mau-03", "Báo cáo của cấp xã (mẫu 03)", Source::Form03));
    }
    let set = app.pinned(&mut tx, &facts.row.ruleset).await?;
    let order: Vec<&str> = set.criteria().map(|criterion| criterion.code.as_str()).collect();
    items.extend(evidence(kept.citations, &order));
    Ok((kept.product.name, items))
}

/// Each paper once, where the first criterion cites it; its title names them all.
fn evidence(mut cited: Vec<SnapshotCitation>, order: &[&str]) -> Vec<Item> {
    cited.sort_by_key(|one| order.iter().position(|code| *code == one.criterion));
    let mut papers: Vec<(SnapshotCitation, Vec<String>)> = Vec::new();
    for one in cited {
        let place = if one.pages.is_empty() {
            one.criterion.clone()
        } else {
            format!("{} (trang {})", one.criterion, one.pages)
        };
        match papers.iter_mut().find(|(paper, _)| paper.file_hash == one.file_hash) {
            Some((_, places)) => places.push(place),
            None => papers.push((one, vec![place])),
        }
    }
    let item = |(paper, places): (SnapshotCitation, Vec<String>)| {
        let stem = format!("{} {}", paper.criterion.replace('.', " "), paper.title);
        Item {
            title: format!("{}: minh chứng tiêu chí {}", paper.title, places.join(", ")),
            stem: plain(&stem),
            source: Source::Evidence { hash: paper.file_hash, media_type: paper.media_type },
        }
    };
    papers.into_iter().map(item).collect()
}

/// Letters and digits of a text with hyphens between its words, at most 60.
fn plain(text: &str) -> String {
    let words: Vec<String> = fold_words(text)
        .into_iter()
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    let mut joined = words.join("-");
    joined.truncate(60);
    joined.trim_end_matches('-').to_owned()
}

async fn bytes(app: &App, actor: &Actor, id: &DossierId, source: &Source) -> Result<Vec<u8>, AppError> {
    let paper = match source {
        Source::Evidence { hash, .. } => return Ok(app.files.get(hash).await?),
        Source::Letter(kind) => papers::letter(app, actor, id, *kind).await?,
        Source::Decision(decision) => papers::decision(app, actor, decision).await?,
        Source::Minutes(council, session) => papers::minutes(app, actor, council, Some(session)).await?,
        Source::Tally => papers::tally(app, actor, id, None).await?,
        Source::Advice => papers::advice(app, actor, id).await?,
        Source::Form01 => papers::form01(app, actor, id).await?,
        Source::Form02 => papers::form02(app, actor, id).await?,
        Source::Form03 => papers::form03(app, actor, id).await?,
    };
    Ok(paper.pdf)
}

fn entry(no: usize, item: &Item, bytes: &[u8]) -> Packed {
    Packed { no, file: item.file(no), title: item.title.clone(), sha256: sha256_hex(bytes) }
}

/// Packs everything. Files are packed one by one: a dossier of hundreds of pages is never in memory as a whole.
pub(super) async fn pack(
    app: &App,
    actor: &Actor,
    id: &DossierId,
) -> Result<(Bundle, Vec<Packed>), AppError> {
    let (product, items) = plan(app, actor, id).await?;
    let mut archive = Archive::new(tempfile::tempfile().map_err(StoreError::from)?);
    let mut packed = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let bytes = bytes(app, actor, id, &item.source).await?;
        let one = entry(at + 1, item, &bytes);
        archive = add(archive, one.file.clone(), bytes).await?;
        packed.push(one);
    }
    let contents = papers::contents(app, actor, id, &packed).await?.pdf;
    archive = add(archive, "000-muc-luc.pdf".to_owned(), contents).await?;
    let manifest = serde_json::to_vec_pretty(&packed).map_err(ocop_documents::DocumentError::from)?;
    archive = add(archive, "manifest.json".to_owned(), manifest).await?;
    let file = archive.finish().map_err(broken)?;
    Ok((Bundle::new(&product, file)?, packed))
}

impl Bundle {
    fn new(product: &str, mut archive: File) -> Result<Self, AppError> {
        let size = archive.seek(SeekFrom::End(0)).map_err(StoreError::from)?;
        archive.rewind().map_err(StoreError::from)?;
        Ok(Self { file_name: format!("ho-so-trinh-trung-uong-{}.zip", plain(product)), archive, size })
    }

    /// Keeps the archive; its hash.
    pub(super) async fn keep(mut self, app: &App) -> Result<String, AppError> {
        let mut bytes = Vec::new();
        self.archive.read_to_end(&mut bytes).map_err(StoreError::from)?;
        Ok(app.files.put(bytes).await?)
    }
}

/// The bundle of a dossier: as it was sent, for the office that sent it and for officers and council at the centre;
/// before, as it stands, for the office that is to send it.
///
/// # Errors
/// Nothing found before the result is approved for the centre.
pub async fn bundle(app: &App, actor: &Actor, id: &DossierId) -> Result<Bundle, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let (needed, sent) = match instance(&facts.row) {
        Instance::Centre => (Action::ReadFindings, store::of_central(&mut tx, id).await?),
        Instance::Province | Instance::Again => (Action::SendToCentre, store::find(&mut tx, id).await?),
    };
    let _ = policy::may(actor, needed, &facts.subject)?;
    drop(tx);
    let Some(sent) = sent else { return Ok(pack(app, actor, id).await?.0) };
    let bytes = app.files.get(&sent.bundle).await?;
    let mut archive = tempfile::tempfile().map_err(StoreError::from)?;
    archive.write_all(&bytes).map_err(StoreError::from)?;
    let mut tx = app.db.read().await?;
    let kept = Snapshot::latest(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    Bundle::new(&kept.product.name, archive)
}

/// Adds a file apart from the threads that answer requests.
async fn add(mut archive: Archive<File>, name: String, bytes: Vec<u8>) -> Result<Archive<File>, AppError> {
    let added = tokio::task::spawn_blocking(move || archive.add(&name, &bytes).map(|()| archive)).await;
    added.map_err(|fault| AppError::from(StoreError::from(std::io::Error::other(fault))))?.map_err(broken)
}

fn broken(fault: impl Into<std::io::Error>) -> AppError {
    StoreError::from(fault.into()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(criterion: &str, hash: &str, pages: &str) -> SnapshotCitation {
        SnapshotCitation {
            criterion: criterion.to_owned(),
            evidence_id: "0192d3b0-7c1e-7abc-8def-0123456789ab".parse().unwrap(),
            title: "Phiếu kiểm nghiệm".to_owned(),
            kind: ocop_core::evidence::EvidenceKind::ALL[0],
            number: String::new(),
            issuer: String::new(),
            issued_on: None,
            expires_on: None,
            file_hash: hash.to_owned(),
            file_name: "a.pdf".to_owned(),
            media_type: MediaType::Pdf,
            size: 1,
            pages: pages.to_owned(),
        }
    }

    #[test]
    fn evidence_stands_once_in_the_order_of_the_criteria() {
        let order = ["1.1", "1.2", "10.1"];
        let given = vec![cited("10.1", "b", ""), cited("1.2", "a", "3"), cited("1.1", "b", "1–2")];
        let items = evidence(given, &order);
        let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Phiếu kiểm nghiệm: minh chứng tiêu chí 1.1 (trang 1–2), 10.1",
                "Phiếu kiểm nghiệm: minh chứng tiêu chí 1.2 (trang 3)"
            ]
        );
        assert_eq!(items[0].file(9), "minh-chung/009-1-1-phieu-kiem-nghiem.pdf");
    }
}
