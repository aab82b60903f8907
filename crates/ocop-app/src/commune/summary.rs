//! A submitted dossier on one page, as officers read it before they act: never the draft.

use std::collections::BTreeMap;

use ocop_core::coded;
use ocop_core::dossiers::State;
use ocop_core::evidence::{Term, term};
use ocop_core::id::{DossierId, EvidenceId};
use ocop_core::rules::{PartCode, ProductSet};
use ocop_core::scoring::score;
use ocop_core::text::file_size;
use ocop_core::time::date;
use ocop_store::Tx;
use ocop_store::dossiers::Dossier;

use crate::dossiers::{Snapshot, SnapshotCitation, result_by};
use crate::{App, AppError};

coded! {
    /// Who returned a dossier.
    ReturnLevel {
        /// The commune.
        Commune = "commune", "Cấp xã";
        /// The province.
        Province = "province", "Cấp tỉnh";
    }
}

/// A dossier as submitted, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierSummary {
    /// The dossier.
    pub id: DossierId,
    /// Where it is.
    pub state: State,
    /// First, upgrade, renewal.
    pub kind: &'static str,
    /// Name of its round.
    pub round: String,
    /// The round's last day for results.
    pub result_by: chrono::NaiveDate,
    /// The product.
    pub product: String,
    /// Its code, once given.
    pub product_code: String,
    /// What it is.
    pub description: String,
    /// How it is packed.
    pub packaging: String,
    /// The standard it is declared by; may be empty.
    pub standard: String,
    /// `Bộ 4: Mật ong …`.
    pub set_name: String,
    /// The producer.
    pub producer: String,
    /// Kind of organisation.
    pub producer_kind: &'static str,
    /// Number of the registration; may be empty.
    pub registration_no: String,
    /// Full address.
    pub address: String,
    /// Name of the commune.
    pub commune: String,
    /// Telephone.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// The legal representative with the position.
    pub representative: String,
    /// Samples told in form 01.
    pub samples: u16,
    /// Samples that the set asks for.
    pub samples_needed: u16,
    /// The day of the latest submission.
    pub submitted_on: String,
    /// Receipt of the commune; may be empty.
    pub commune_receipt: String,
    /// Receipt of the province; may be empty.
    pub province_receipt: String,
    /// The day of the commune's proposal; empty before it.
    pub proposed_on: String,
    /// Points of the self-assessment.
    pub points: u16,
    /// Stars of the self-assessment, after the floors.
    pub stars: u8,
    /// Points by part.
    pub parts: Vec<SummaryPart>,
    /// The papers cited.
    pub papers: Vec<SummaryPaper>,
    /// Returns, newest first.
    pub returns: Vec<ReturnLine>,
}

/// Points of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPart {
    /// `A. …`.
    pub label: String,
    /// `21/40`.
    pub told: String,
    /// Points.
    pub points: u16,
    /// Most points.
    pub max: u16,
}

/// A paper cited in the dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPaper {
    /// The paper.
    pub id: EvidenceId,
    /// What people call it.
    pub title: String,
    /// Heading, number, issuer and size in one line.
    pub about: String,
    /// The criteria it is cited for: `1.1, 1.2`.
    pub criteria: String,
    /// What its last day means today.
    pub term: Term,
}

/// A return of the dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLine {
    /// Who: `Cấp xã` or `Cấp tỉnh`, with the officer's name.
    pub who: String,
    /// When.
    pub on: String,
    /// What was to be mended.
    pub reasons: String,
    /// By when; empty when no day was set.
    pub due: String,
}

/// A dossier as submitted.
pub(crate) async fn summary(
    app: &App,
    tx: &mut Tx,
    row: &Dossier,
    snapshot: &Snapshot,
    set: &ProductSet,
) -> Result<DossierSummary, AppError> {
    let round = ocop_store::rounds::find(tx, &row.round_id).await?.ok_or(AppError::NotFound)?;
    let product = ocop_store::products::find(tx, &row.product_id).await?.ok_or(AppError::NotFound)?;
    let scored = score(set, &snapshot.sheet)?;
    let person = &snapshot.producer.representative;
    let parts = PartCode::ALL
        .iter()
        .filter_map(|code| set.parts.iter().find(|part| part.code == *code))
        .map(|part| SummaryPart {
            label: format!("{}. {}", part.code.code(), part.name),
            told: format!("{}/{}", scored.parts.of(part.code), part.max),
            points: scored.parts.of(part.code),
            max: part.max,
        })
        .collect();
    Ok(DossierSummary {
        id: row.id.clone(),
        state: row.state,
        kind: row.kind.name(),
        round: round.name,
        result_by: round.result_by,
        product: snapshot.product.name.clone(),
        product_code: product.code.unwrap_or_default(),
        description: snapshot.product.description.clone(),
        packaging: snapshot.product.packaging.clone(),
        standard: snapshot.product.standard.clone(),
        set_name: format!("Bộ {}: {}", set.no, set.name),
        producer: snapshot.producer.name.clone(),
        producer_kind: snapshot.producer.kind.name(),
        registration_no: snapshot.producer.registration_no.clone(),
        address: snapshot.producer.address.clone(),
        commune: snapshot.producer.commune_name.clone(),
        phone: snapshot.producer.phone.clone(),
        email: snapshot.producer.email.clone(),
        representative: format!("{}, {}", person.name, person.title),
        samples: snapshot.form.samples,
        samples_needed: set.samples,
        submitted_on: date(snapshot.submitted_on),
        commune_receipt: row.commune_receipt.clone().unwrap_or_default(),
        province_receipt: row.province_receipt.clone().unwrap_or_default(),
        proposed_on: row.proposed_on.map(date).unwrap_or_default(),
        points: scored.total,
        stars: scored.stars,
        parts,
        papers: papers(&snapshot.citations, app.today(), result_by(tx, row).await?),
        returns: returns(tx, &row.id).await?,
    })
}

/// Each paper once, in the order in which it is first cited.
fn papers(
    citations: &[SnapshotCitation],
    today: chrono::NaiveDate,
    result_by: Option<chrono::NaiveDate>,
) -> Vec<SummaryPaper> {
    let mut papers: Vec<SummaryPaper> = Vec::new();
    let mut places: BTreeMap<&EvidenceId, usize> = BTreeMap::new();
    for cited in citations {
        if let Some(paper) = places.get(&cited.evidence_id).and_then(|at| papers.get_mut(*at)) {
            paper.criteria.push_str(", ");
            paper.criteria.push_str(&cited.criterion);
            continue;
        }
        places.insert(&cited.evidence_id, papers.len());
        let told = [cited.kind.name(), &cited.number, &cited.issuer, &file_size(cited.size)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        papers.push(SummaryPaper {
            id: cited.evidence_id.clone(),
            title: cited.title.clone(),
            about: told,
            criteria: cited.criterion.clone(),
            term: term(cited.expires_on, today, result_by),
        });
    }
    papers
}

/// The returns of a dossier, newest first.
async fn returns(tx: &mut Tx, id: &DossierId) -> Result<Vec<ReturnLine>, AppError> {
    let found = ocop_store::dossiers::returns(tx, id).await?;
    Ok(found
        .into_iter()
        .map(|back| {
            let level = back.level.parse::<ReturnLevel>().map(ReturnLevel::name).unwrap_or_default();
            ReturnLine {
                who: format!("{level} · {}", back.returned_by),
                on: date(back.returned_at.day()),
                reasons: back.reasons,
                due: back.due_on.map(date).unwrap_or_default(),
            }
        })
        .collect())
}
