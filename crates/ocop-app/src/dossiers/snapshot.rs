//! The immutable submission: everything that was submitted, as it was then.

use chrono::NaiveDate;
use ocop_core::dossiers::{DossierForm, DossierKind};
use ocop_core::evidence::{EvidenceKind, MediaType};
use ocop_core::id::{DossierId, EvidenceId, ProducerId, ProductId};
use ocop_core::journal::sha256_hex;
use ocop_core::producers::{ProducerKind, Representative};
use ocop_core::scoring::Sheet;
use ocop_store::dossiers::{Dossier, Submission};
use ocop_store::evidence::{Citation, Evidence};
use ocop_store::producers::Producer;
use ocop_store::products::Product;
use ocop_store::{StoreError, Tx, dossiers, evidence, producers, products};
use serde::{Deserialize, Serialize};

use crate::runtime::fresh;
use crate::{App, AppError};

/// The producer as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerCard {
    /// The producer.
    pub id: ProducerId,
    /// Full name.
    pub name: String,
    /// Kind of organisation.
    pub kind: ProducerKind,
    /// Number of the business registration; may be empty.
    pub registration_no: String,
    /// Day of foundation or registration.
    pub registered_on: Option<NaiveDate>,
    /// Tax code; may be empty.
    pub tax_code: String,
    /// Full address, with commune and province.
    pub address: String,
    /// Code of the commune.
    pub commune: String,
    /// Name of the commune.
    pub commune_name: String,
    /// Code of the province.
    pub province: String,
    /// Name of the province.
    pub province_name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// The legal representative: personal data.
    pub representative: Representative,
}

/// The product as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductCard {
    /// The product.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Its code, once given.
    pub code: Option<String>,
    /// What it is.
    pub description: String,
    /// How it is packed.
    pub packaging: String,
    /// The standard it is declared by; may be empty.
    pub standard: String,
    /// Its story; may be empty.
    pub story: String,
}

/// A paper cited for a criterion, as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotCitation {
    /// Code of the criterion.
    pub criterion: String,
    /// The paper.
    pub evidence_id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// Its heading in the evidence table of form 02.
    pub kind: EvidenceKind,
    /// Its own number; may be empty.
    pub number: String,
    /// Who issued it; may be empty.
    pub issuer: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// Name of the file.
    pub file_name: String,
    /// Type of the file.
    pub media_type: MediaType,
    /// Size in bytes.
    pub size: i64,
    /// Pages such as `1–2, 5`; empty means the whole paper.
    pub pages: String,
}

/// Everything that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The producer.
    pub producer: ProducerCard,
    /// The product.
    pub product: ProductCard,
    /// First, upgrade or renewal.
    pub kind: DossierKind,
    /// Forms 01 and 02.
    pub form: DossierForm,
    /// The self-assessment.
    pub sheet: Sheet,
    /// Papers, in the order of the criteria.
    pub citations: Vec<SnapshotCitation>,
    /// Content hash of the product set.
    pub ruleset: String,
    /// The regime.
    pub regime: String,
    /// Number of the product set.
    pub set_no: u16,
    /// The day of submission.
    pub submitted_on: NaiveDate,
}

impl Snapshot {
    /// What the dossier's latest submission says; `None` before the first.
    pub async fn latest(tx: &mut Tx, id: &DossierId) -> Result<Option<Self>, AppError> {
        dossiers::latest_submission(tx, id).await?.map(|kept| Self::read(&kept)).transpose()
    }

    /// What a submission says.
    pub fn read(kept: &Submission) -> Result<Self, AppError> {
        serde_json::from_str(&kept.snapshot).map_err(|_| StoreError::Column("snapshot").into())
    }

    /// The papers cited for a criterion.
    pub fn citations_for<'a>(&'a self, criterion: &'a str) -> impl Iterator<Item = &'a SnapshotCitation> {
        self.citations.iter().filter(move |cited| cited.criterion == criterion)
    }

    /// The draft as it would be submitted now.
    pub(super) async fn of_draft(app: &App, tx: &mut Tx, row: &Dossier) -> Result<Self, AppError> {
        let producer = producers::find(tx, &row.producer_id).await?.ok_or(AppError::NotFound)?;
        let product = products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
        let (commune, province) = crate::producers::place(tx, &producer).await?;
        Ok(Self {
            producer: ProducerCard::new(producer, commune, province),
            product: ProductCard::new(product),
            kind: row.kind,
            form: row.form.clone(),
            sheet: row.sheet.clone(),
            citations: draft_citations(app, tx, row).await?,
            ruleset: row.ruleset.clone(),
            regime: row.regime.clone(),
            set_no: row.set_no,
            submitted_on: app.today(),
        })
    }

    /// Keeps this as the dossier's next submission; its content hash.
    pub(super) async fn keep(&self, app: &App, tx: &mut Tx, id: &DossierId) -> Result<String, AppError> {
        let no = dossiers::latest_submission(tx, id).await?.map_or(1, |latest| latest.no + 1);
        let text = serde_json::to_string(self).map_err(|_| StoreError::Column("snapshot"))?;
        let hash = sha256_hex(text.as_bytes());
        let submission = Submission {
            id: fresh(&*app.ids),
            dossier_id: id.clone(),
            no,
            submitted_at: app.now(),
            snapshot: text,
            hash: hash.clone(),
        };
        dossiers::submit(tx, &submission).await?;
        Ok(hash)
    }
}

/// The citations of a draft with their papers, in the order of the criteria, then of upload.
pub(super) async fn draft_citations(
    app: &App,
    tx: &mut Tx,
    row: &Dossier,
) -> Result<Vec<SnapshotCitation>, AppError> {
    let set = app.pinned(tx, &row.ruleset).await?;
    let place = |code: &str| set.criteria().position(|criterion| criterion.code == code);
    let mut cited = evidence::citations_of(tx, &row.id).await?;
    cited.sort_by(|a, b| (place(&a.criterion), &a.evidence_id).cmp(&(place(&b.criterion), &b.evidence_id)));
    let mut citations = Vec::with_capacity(cited.len());
    for citation in cited {
        let paper = evidence::find(tx, &citation.evidence_id).await?.ok_or(AppError::NotFound)?;
        citations.push(SnapshotCitation::new(citation, paper));
    }
    Ok(citations)
}

impl ProducerCard {
    /// The register as a card; `commune` and `province` are the names.
    pub(super) fn new(producer: Producer, commune: String, province: String) -> Self {
        Self {
            address: crate::producers::full_address(&producer.address, &commune, &province),
            id: producer.id,
            name: producer.name,
            kind: producer.kind,
            registration_no: producer.registration_no,
            registered_on: producer.registered_on,
            tax_code: producer.tax_code,
            commune: producer.commune,
            commune_name: commune,
            province: producer.province,
            province_name: province,
            phone: producer.phone,
            email: producer.email,
            representative: producer.representative,
        }
    }
}

impl ProductCard {
    /// The product as a card.
    pub(super) fn new(product: Product) -> Self {
        Self {
            id: product.id,
            name: product.name,
            code: product.code,
            description: product.description,
            packaging: product.packaging,
            standard: product.standard,
            story: product.story,
        }
    }
}

impl SnapshotCitation {
    fn new(citation: Citation, paper: Evidence) -> Self {
        Self {
            criterion: citation.criterion,
            evidence_id: paper.id,
            title: paper.title,
            kind: paper.kind,
            number: paper.number,
            issuer: paper.issuer,
            issued_on: paper.issued_on,
            expires_on: paper.expires_on,
            file_hash: paper.file_hash,
            file_name: paper.file_name,
            media_type: paper.media_type,
            size: paper.size,
            pages: citation.pages,
        }
    }
}
