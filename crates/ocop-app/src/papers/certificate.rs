//! The certificate of a recognised product.

use ocop_core::id::CertificateId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Denied, Relation, Subject};
use ocop_core::time::date;
use ocop_documents::certificate::{Certificate, render};
use ocop_documents::{Letterhead, PlaceDate};
use ocop_store::recognition as store;

use super::filed::{Filed, unit};
use super::{Paper, capital_host, names, set};
use crate::dossiers::facts;
use crate::{App, AppError, Refusal};

/// Whether somebody may print the certificate of a dossier.
pub(crate) fn may_print(actor: &Actor, subject: &Subject) -> bool {
    let relations = policy::relations(actor, subject);
    [Relation::Producer, Relation::ProvincialOfficer, Relation::CentralOfficer]
        .iter()
        .any(|one| relations.contains(one))
}

/// The certificate for printing and signing: for the office that granted it and the producer.
///
/// # Errors
/// A refusal when it was withdrawn: nobody prints it again.
pub async fn certificate(app: &App, actor: &Actor, id: &CertificateId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let kept = store::find_certificate(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let Some(dossier) = kept.dossier_id else {
        return Err(Refusal::because(
            "Giấy chứng nhận này được cấp trên giấy, trước khi ghi vào phần mềm. Hãy dùng bản giấy đã ký.",
        ));
    };
    let facts = facts(&mut tx, actor, &dossier).await?;
    let _ = policy::may(actor, Action::ReadResult, &facts.subject)?;
    if !may_print(actor, &facts.subject) {
        return Err(Denied::NotYours(Action::RecordDecision).into());
    }
    if let Some(revocation) = kept.revocation.filter(|_| kept.revoked_on.is_some()) {
        return Err(Refusal::because(format!(
            "Giấy chứng nhận này đã bị thu hồi nên không in được nữa. {revocation}"
        )));
    }
    let decision = store::find_decision(&mut tx, &kept.decision_id).await?.ok_or(AppError::NotFound)?;
    let filed = Filed::submitted(app, &mut tx, facts.row).await?;
    let office = unit(&mut tx, &decision.province).await?;
    drop(tx);
    let authority = names::chairman(&office);
    let input = Certificate {
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&office),
            number: None,
            symbol: None,
            place_date: PlaceDate { place: names::place(&office), date: Some(kept.issued_on) },
        },
        product: filed.told.product.name.clone(),
        product_code: filed.told.product.code.clone().unwrap_or_default(),
        producer: filed.told.producer.name.clone(),
        address: filed.told.address(),
        stars: kept.stars,
        level: kept.level.name().to_owned(),
        decision: format!("{} ngày {} của {authority}", decision.number, date(decision.decided_on)),
        authority,
        valid_until: kept.valid_until,
        check_url: check_url(&app.base_url, &kept.check_code),
        check_code: kept.check_code,
        signature: names::signed_by(&decision.signed_by),
    };
    set(app, "giay-chung-nhan", &filed.told.product.name, move |engine| render(engine, &input)).await
}

/// The address of the public check page.
fn check_url(base: &str, code: &str) -> String {
    format!("{}/check/{code}", capital_host(base))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_path_keeps_its_letters() {
        let check = |base: &str, url: &str| assert_eq!(super::check_url(base, "7K4M-9QX2-BD"), url);
        check("https://ocop.example", "HTTPS://OCOP.EXAMPLE/check/7K4M-9QX2-BD");
        check("http://127.0.0.1:8080", "HTTP://127.0.0.1:8080/check/7K4M-9QX2-BD");
        check("https://tinh.vn/ocop", "HTTPS://TINH.VN/ocop/check/7K4M-9QX2-BD");
    }
}
