//! A confirmed result and a certificate for tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must fail loudly")]

use ocop_store::recognition::Certificate;

use super::{DecisionInput, record_decision};
use crate::councils::testing::Sitting;
use crate::scoring::confirm_result;

/// A council whose four voters gave `total` points each; the chair has confirmed.
pub async fn confirmed(total: u16) -> Sitting {
    let sitting = Sitting::scoring(2).await;
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]] {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
    sitting
}

/// A decision as the office would type it.
pub fn decision() -> DecisionInput {
    DecisionInput {
        number: "4512/QĐ-UBND".to_owned(),
        decided_on: "02/11/2026".to_owned(),
        signed_by: "Chủ tịch, Nguyễn Văn Thử".to_owned(),
    }
}

/// The same with the decision recorded; the certificate.
pub async fn certified() -> (Sitting, Certificate) {
    let sitting = confirmed(CERTIFIED).await;
    record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &decision()).await.unwrap();
    let certificate = certificate_of(&sitting).await.unwrap();
    (sitting, certificate)
}

/// Points of 4 stars, lowered to 3 by the floors that the test's sheet misses.
pub const CERTIFIED: u16 = 85;

/// The certificate of the sitting's dossier.
pub async fn certificate_of(sitting: &Sitting) -> Option<Certificate> {
    let mut tx = sitting.app().db.read().await.unwrap();
    ocop_store::recognition::certificate_of_dossier(&mut tx, &sitting.dossier).await.unwrap()
}
