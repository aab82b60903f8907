//! Papers that running certificates rest on and that end before them: told to the producer and to the office.

use chrono::{Days, NaiveDate};
use ocop_core::evidence::{SOON_DAYS, Term, term_behind};
use ocop_core::id::{CertificateId, EvidenceId, ProducerId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_store::recognition::behind::{Behind, Whose, ending_behind};
use ocop_store::{Tx, evidence};

use crate::accounts::office_of;
use crate::{App, AppError};

/// A running certificate with papers behind it that end before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingCertificate {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its product as it was certified.
    pub product: String,
    /// The producer as it was certified.
    pub producer: String,
    /// The papers, the first to end first.
    pub papers: Vec<EndingPaper>,
}

/// A paper behind a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingPaper {
    /// The paper as it was submitted.
    pub submitted: EvidenceId,
    /// Its newest version, when that lies in the vault.
    pub newest: Option<EvidenceId>,
    /// What people call the newest version.
    pub title: String,
    /// Last day of the newest version.
    pub last_day: NaiveDate,
    /// What that day means.
    pub term: Term,
}

impl EndingCertificate {
    /// What is told of the papers: `«Phiếu kiểm nghiệm» còn 33 ngày là hết hạn (30/12/2026)`.
    pub fn told(&self) -> String {
        let told = |paper: &EndingPaper| format!("«{}» {}", paper.title, paper.term.told());
        self.papers.iter().map(told).collect::<Vec<_>>().join("; ")
    }
}

/// The certificates with such papers, by certificate. A new version that lasts longer ends the warning.
pub(crate) async fn ending(
    tx: &mut Tx,
    whose: Whose<'_>,
    today: NaiveDate,
) -> Result<Vec<EndingCertificate>, AppError> {
    let soon = u64::try_from(SOON_DAYS).ok().and_then(|days| today.checked_add_days(Days::new(days)));
    let mut found: Vec<EndingCertificate> = Vec::new();
    for row in ending_behind(tx, whose, today, soon.unwrap_or(today)).await? {
        let Some(paper) = as_of_today(tx, &row, today).await? else { continue };
        match found.last_mut().filter(|last| last.certificate == row.certificate) {
            Some(last) => last.papers.push(paper),
            None => found.push(EndingCertificate {
                certificate: row.certificate,
                product: row.product,
                producer: row.producer,
                papers: vec![paper],
            }),
        }
    }
    for one in &mut found {
        one.papers.sort_by_key(|paper| paper.last_day);
    }
    Ok(found)
}

/// The paper in its newest version; `None` when that one lasts.
async fn as_of_today(tx: &mut Tx, row: &Behind, today: NaiveDate) -> Result<Option<EndingPaper>, AppError> {
    let Some(mut paper) = evidence::find(tx, &row.evidence_id).await? else { return Ok(None) };
    while let Some(next) = evidence::next_version(tx, &paper.id).await? {
        paper = next;
    }
    let term = term_behind(paper.expires_on, today, row.last_on);
    let Some(last_day) = paper.expires_on.filter(|_| term != Term::Good) else { return Ok(None) };
    Ok(Some(EndingPaper {
        submitted: row.evidence_id.clone(),
        newest: paper.withdrawn_at.is_none().then_some(paper.id),
        title: paper.title,
        last_day,
        term,
    }))
}

/// A thing to do as the home page lists it: what, about what, where, by when.
type Todo = (String, String, String, Option<NaiveDate>);

/// What the producer has to renew. A paper that was taken out of the vault is the office's matter: nothing can be
/// put in its place.
pub(crate) async fn todos_of_producer(
    tx: &mut Tx,
    producer: &ProducerId,
    today: NaiveDate,
) -> Result<Vec<Todo>, AppError> {
    let mut found = ending(tx, Whose::Producer(producer), today).await?;
    for one in &mut found {
        one.papers.retain(|paper| paper.newest.is_some());
    }
    found.retain(|one| !one.papers.is_empty());
    Ok(found
        .into_iter()
        .map(|one| {
            let what = format!("Thay giấy tờ của {}, sản phẩm đang có sao", one.product);
            let day = one.papers.first().map(|paper| paper.last_day);
            (what, one.told(), format!("/producers/{producer}/evidence"), day)
        })
        .collect())
}

/// What an office should look at: one line for all certificates, due when the next paper ends.
pub(crate) async fn todos_of_office(
    tx: &mut Tx,
    office: &str,
    today: NaiveDate,
) -> Result<Vec<Todo>, AppError> {
    let found = ending(tx, Whose::Office(office), today).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let days = found.iter().flat_map(|one| &one.papers).map(|paper| paper.last_day);
    let next = days.filter(|day| *day >= today).min();
    let what = format!("Nhắc thay giấy tờ của {} sản phẩm đang có sao", found.len());
    let about = "Giấy tờ đã hết hạn hoặc sắp hết hạn trong khi giấy chứng nhận còn hiệu lực".to_owned();
    Ok(vec![(what, about, "/evidence/ending".to_owned(), next)])
}

/// The running certificates of the reader's office with papers that end before them.
///
/// # Errors
/// Denied to whoever is no officer of a province or of the centre.
pub async fn ending_of_office(app: &App, actor: &Actor) -> Result<Vec<EndingCertificate>, AppError> {
    let office = office_of(actor).unwrap_or_default();
    let subject = Subject { province: Some(office.to_owned()), ..Subject::default() };
    let _ = policy::may(actor, Action::ReadBoard, &subject)?;
    let mut tx = app.db.read().await?;
    ending(&mut tx, Whose::Office(office), app.today()).await
}
