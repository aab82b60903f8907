//! Form 03: the commune's report.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_documents::form03::{Finding, Form03, render};
use ocop_documents::{Letterhead, PlaceDate, Signature};

use super::filed::Filed;
use super::form02::representative;
use super::{Paper, names, set};
use crate::commune::{CommuneReport, kept_report};
use crate::dossiers::facts;
use crate::{App, AppError};

/// Form 03 of a dossier: for the commune that writes it, and for province and council once the
/// commune has proposed the dossier.
pub async fn form03(app: &App, actor: &Actor, id: &DossierId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let writes = policy::may(actor, Action::WriteCommuneReport, &facts.subject).is_ok();
    if !writes {
        let _ = policy::may(actor, Action::ReadFindings, &facts.subject)?;
    }
    let (report, _) = kept_report(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if !writes && facts.row.proposed_on.is_none() {
        return Err(AppError::NotFound);
    }
    let filed = Filed::submitted(app, &mut tx, facts.row).await?;
    drop(tx);
    let input = input(&filed, report);
    set(app, "mau-03", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn input(filed: &Filed, report: CommuneReport) -> Form03 {
    let told = &filed.told;
    let producer = &told.producer;
    Form03 {
        cite: filed.cite.clone(),
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&filed.commune),
            number: None,
            symbol: Some("BC-UBND".to_owned()),
            place_date: PlaceDate { place: names::place(&filed.commune), date: filed.row.proposed_on },
        },
        commune: names::in_sentence(&filed.commune.name),
        province: names::in_sentence(&filed.province.name),
        producer: producer.name.clone(),
        producer_kind: producer.kind.name().to_owned(),
        address: told.address(),
        representative: representative(&producer.representative),
        product: told.product.name.clone(),
        materials: Finding { claim: Some(report.material_claim), finding: report.material_finding },
        labour: Finding { claim: Some(report.labour_claim), finding: report.labour_finding },
        idea: Finding { claim: None, finding: report.idea_finding },
        identity: Finding { claim: None, finding: report.identity_finding },
        recipients: vec![names::committee(&filed.province), producer.name.clone(), "Lưu: VT".to_owned()],
        signature: Signature {
            authority: vec!["TM. Ủy ban nhân dân".to_owned(), "Chủ tịch".to_owned()],
            name: None,
        },
    }
}
