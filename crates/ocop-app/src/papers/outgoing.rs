//! The register of outgoing papers of an office and year: numbers, gaps, signed copies.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use ocop_core::evidence::MediaType;
use ocop_core::id::PaperId;
use ocop_core::papers::{Gap, gaps, is_signed_digitally};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::papers::{self as store, Explained, Issued, Listed, SignedCopy};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::filed::unit;
use super::issue::of_office;
use super::{Paper, file_name};
use crate::evidence::{Upload, content};
use crate::{App, AppError, FieldFault, Fields, accounts};

/// The office whose register an officer keeps: the province's or the centre's before a commune's.
fn office_of(actor: &Actor) -> &str {
    accounts::office_of(actor).or_else(|| accounts::commune_of(actor)).unwrap_or_default()
}

/// A line of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A paper.
    Paper {
        /// The paper.
        paper: Listed,
        /// Whether a paper with a smaller number was signed on a later day.
        early: bool,
    },
    /// Numbers without a paper.
    Missing {
        /// The numbers.
        gap: Gap,
        /// Why, once it was said.
        why: Option<Explained>,
    },
}

/// The papers of one symbol, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The symbol.
    pub symbol: String,
    /// Its lines.
    pub lines: Vec<Line>,
    /// How many papers there are.
    pub papers: usize,
}

/// The register of an office and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingView {
    /// Name of the office's unit.
    pub office: String,
    /// The year shown.
    pub year: i32,
    /// The years that can be chosen, the last one first.
    pub years: Vec<i32>,
    /// Its series by symbol.
    pub series: Vec<Series>,
    /// Papers without signed copy.
    pub without_copy: usize,
    /// Gaps that nobody has explained.
    pub unexplained: usize,
}

/// The register of the officer's own office; this year's when no year is asked for.
pub async fn outgoing(app: &App, actor: &Actor, year: Option<i32>) -> Result<OutgoingView, AppError> {
    let office = office_of(actor);
    let _ = policy::may(actor, Action::ReadPapers, &of_office(office))?;
    let year = year.unwrap_or_else(|| app.today().year());
    let mut tx = app.db.read().await?;
    let papers = store::of_year(&mut tx, office, year).await?;
    let explained = store::explanations(&mut tx, office, year).await?;
    let mut years = store::years(&mut tx, office).await?;
    years.extend([year, app.today().year()]);
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let without_copy = papers.iter().filter(|paper| !paper.has_copy).count();
    let series = series(papers, &explained);
    let missing = |line: &&Line| matches!(line, Line::Missing { why: None, .. });
    Ok(OutgoingView {
        office: unit(&mut tx, office).await?.name,
        year,
        years,
        unexplained: series.iter().flat_map(|one| &one.lines).filter(missing).count(),
        series,
        without_copy,
    })
}

fn series(papers: Vec<Listed>, explained: &[Explained]) -> Vec<Series> {
    let mut by_symbol: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for paper in papers {
        by_symbol.entry(paper.number.symbol.clone()).or_default().push(paper);
    }
    by_symbol
        .into_iter()
        .map(|(symbol, papers)| {
            let numbers: Vec<u32> = papers.iter().map(|paper| paper.number.number).collect();
            let count = papers.len();
            let mut missing = gaps(&numbers).into_iter().peekable();
            let mut latest: Option<NaiveDate> = None;
            let mut lines = Vec::new();
            for paper in papers {
                if let Some(gap) = missing.next_if(|gap| gap.last < paper.number.number) {
                    let why = explained.iter().find(|why| why.symbol == symbol && gap.lies_in(why.gap));
                    lines.push(Line::Missing { gap, why: why.cloned() });
                }
                let early = latest.is_some_and(|day| paper.signed_on < day);
                latest = latest.max(Some(paper.signed_on));
                lines.push(Line::Paper { paper, early });
            }
            Series { symbol, lines, papers: count }
        })
        .collect()
}

/// A paper of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// The paper.
    pub paper: Issued,
    /// Name of the office's unit.
    pub office: String,
    /// Signed copies, the copy of record first.
    pub copies: Vec<SignedCopy>,
}

async fn found(tx: &mut Tx, actor: &Actor, id: &PaperId) -> Result<Issued, AppError> {
    let paper = store::find(tx, id).await?.ok_or(AppError::NotFound)?;
    let _ = policy::may(actor, Action::ReadPapers, &of_office(&paper.office))?;
    Ok(paper)
}

/// A paper, for the office that sent it.
pub async fn paper(app: &App, actor: &Actor, id: &PaperId) -> Result<PaperView, AppError> {
    let mut tx = app.db.read().await?;
    let paper = found(&mut tx, actor, id).await?;
    Ok(PaperView {
        office: unit(&mut tx, &paper.office).await?.name,
        copies: store::copies(&mut tx, id).await?,
        paper,
    })
}

/// Which file of a paper is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The copy of record: the signed copy, or the file as it was made while there is none.
    Record,
    /// The file as it was made when the paper took its number.
    Made,
    /// A signed copy by its number.
    Copy(i64),
}

/// A file of a paper, for the office that sent it.
pub async fn paper_file(app: &App, actor: &Actor, id: &PaperId, which: Which) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let paper = found(&mut tx, actor, id).await?;
    let copies = store::copies(&mut tx, id).await?;
    drop(tx);
    let file = match which {
        Which::Record => record_of(&paper, &copies).to_owned(),
        Which::Made => paper.file.clone(),
        Which::Copy(no) => copies.iter().find(|copy| copy.no == no).ok_or(AppError::NotFound)?.file.clone(),
    };
    file_of(app, &paper, &file).await
}

fn record_of<'a>(paper: &'a Issued, copies: &'a [SignedCopy]) -> &'a str {
    copies.first().map_or(&paper.file, |copy| &copy.file)
}

async fn file_of(app: &App, paper: &Issued, file: &str) -> Result<Paper, AppError> {
    let name = file_name(paper.kind.code(), &paper.number.to_string());
    Ok(Paper { file_name: name, pdf: app.files.get(file).await? })
}

/// The copy of record of the paper about a thing; none while no paper was entered.
pub(crate) async fn of_record(app: &App, tx: &mut Tx, about: &str) -> Result<Option<Paper>, AppError> {
    let Some(paper) = store::about(tx, about).await? else { return Ok(None) };
    let copies = store::copies(tx, &paper.id).await?;
    file_of(app, &paper, record_of(&paper, &copies)).await.map(Some)
}

/// Attaches the signed scan or the digitally signed PDF; it becomes the copy of record. Earlier
/// copies stay.
pub async fn attach_copy(app: &App, actor: &Actor, id: &PaperId, upload: Upload) -> Result<(), AppError> {
    let office = {
        let mut tx = app.db.read().await?;
        found(&mut tx, actor, id).await?.office
    };
    let _ = policy::may(actor, Action::IssuePaper, &of_office(&office))?;
    let fault = |words: String| AppError::Invalid(vec![FieldFault::new("file", words)]);
    match content::media_type(&upload.file_name, &upload.bytes) {
        Ok(MediaType::Pdf) => {}
        Ok(
            MediaType::Jpeg
            | MediaType::Png
            | MediaType::Webp
            | MediaType::Mp4
            | MediaType::Docx
            | MediaType::Xlsx,
        ) => {
            return Err(fault(
                "Bản ký phải là một tệp PDF đủ mọi trang. Hãy quét văn bản đã ký thành PDF, hoặc gửi PDF đã ký số."
                    .to_owned(),
            ));
        }
        Err(bad) => return Err(fault(bad.to_string())),
    }
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    let signed_digitally = is_signed_digitally(&upload.bytes);
    let file_name = content::tidy_name(&upload.file_name, MediaType::Pdf);
    let file = app.files.put(upload.bytes).await?;

    let mut tx = app.db.write(Chain::of("paper", id)).await?;
    let paper = store::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let permit = policy::may(actor, Action::IssuePaper, &of_office(&paper.office))?;
    let held = store::copies(&mut tx, id).await?;
    if held.first().is_some_and(|copy| copy.file == file) {
        return Err(fault("Tệp này đang là bản ký của văn bản, không cần gắn lại.".to_owned()));
    }
    let no = held.first().map_or(1, |copy| copy.no + 1);
    let details = json!({ "paper": id, "number": paper.number.to_string(), "copy": no, "file": file });
    let copy = SignedCopy {
        no,
        file,
        file_name,
        size,
        signed_digitally,
        added_by: actor.name.clone(),
        added_at: app.now(),
    };
    store::add_copy(&mut tx, id, &copy).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// What an officer types about missing numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GapInput {
    /// The year.
    pub year: String,
    /// The symbol.
    pub symbol: String,
    /// The first missing number.
    pub first: String,
    /// The last.
    pub last: String,
    /// Why they are missing.
    pub reason: String,
}

/// Says why numbers of the office's register have no paper here.
///
/// # Errors
/// Not found when the numbers are no gap (any more).
pub async fn explain_gap(app: &App, actor: &Actor, input: &GapInput) -> Result<i32, AppError> {
    let office = office_of(actor);
    let mut tx = app.db.write(Chain::of("register", office)).await?;
    let permit = policy::may(actor, Action::IssuePaper, &of_office(office))?;
    let mut fields = Fields::new();
    let reason = fields.required(
        "reason",
        &input.reason,
        1_000,
        "Ghi lý do các số này không có văn bản ở đây, ví dụ: cấp cho văn bản khác của cơ quan.",
    );
    fields.done()?;
    let number = |typed: &str| typed.trim().parse::<u32>().map_err(|_| AppError::NotFound);
    let gap = Gap { first: number(&input.first)?, last: number(&input.last)? };
    let year: i32 = input.year.trim().parse().map_err(|_| AppError::NotFound)?;
    let of_symbol = store::of_year(&mut tx, office, year).await?;
    let numbers: Vec<u32> = of_symbol
        .iter()
        .filter(|paper| paper.number.symbol == input.symbol)
        .map(|paper| paper.number.number)
        .collect();
    if !gaps(&numbers).contains(&gap) {
        return Err(AppError::NotFound);
    }
    let details = json!({
        "office": office, "year": year, "symbol": input.symbol, "first": gap.first, "last": gap.last,
        "reason": reason,
    });
    let why = Explained {
        symbol: input.symbol.clone(),
        gap,
        reason,
        explained_by: actor.name.clone(),
        explained_at: app.now(),
    };
    store::explain(&mut tx, office, year, &why).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(year)
}
