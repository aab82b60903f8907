//! The end of a season for tests: from an open session to the recorded decision.

#![allow(clippy::unwrap_used, reason = "a step of the story that fails ends the test")]

use ocop_core::id::{CertificateId, DecisionId};
use ocop_core::people::Actor;
use ocop_core::recognition::Outcome;
use ocop_core::rules::{Criterion, ProductSet};
use ocop_core::scoring::{Choice, Sheet, score};

use crate::councils::testing::Sitting;
use crate::recognition::{DecisionInput, record_decision};
use crate::scoring::{SealInput, confirm_result, seal_ballot};

/// Everybody who votes in a session opened with two members, chair first.
pub fn voters(sitting: &Sitting) -> [&Actor; 4] {
    [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]
}

/// Seals the ballots of a turn with these totals, chair first.
pub async fn seal_all(sitting: &Sitting, turn: u16, totals: [u16; 4]) {
    for (actor, total) in voters(sitting).into_iter().zip(totals) {
        sitting.seal(actor, turn, total).await.unwrap();
    }
}

/// A dossier whose result, 1 or 2 stars, the chair has confirmed.
pub async fn below_three_stars() -> Sitting {
    let sitting = Sitting::scoring(2).await;
    seal_all(&sitting, 1, [45, 46, 47, 48]).await;
    let outcome = confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
    assert_eq!(outcome, Outcome::Notice);
    sitting
}

/// A dossier whose result, 3 or 4 stars, the chair has confirmed.
pub async fn certifiable() -> Sitting {
    let sitting = Sitting::scoring(2).await;
    let sheet = worth_a_certificate(sitting.set());
    for actor in voters(&sitting) {
        let version = sitting.fill(actor, 1, &sheet).await.to_string();
        let input =
            SealInput { version, opinion: Some("Sản phẩm tốt, cần hoàn thiện nhãn.".to_owned()) };
        seal_ballot(sitting.app(), actor, &sitting.ballot(actor, 1).await, &input).await.unwrap();
    }
    let outcome = confirm_result(sitting.app(), &sitting.chair, &sitting.dossier).await.unwrap();
    assert_eq!(outcome, Outcome::Certificate);
    sitting
}

/// At most 80 points with every floor of 3 stars: the best levels, lowered as far as the floors allow.
fn worth_a_certificate(set: &ProductSet) -> Sheet {
    let best =
        |criterion: &Criterion| (criterion.code.clone(), Choice::level(criterion.alternatives[0].highest()));
    let mut sheet = Sheet { choices: set.criteria().map(best).collect(), disqualified: None };
    for criterion in set.criteria() {
        let floor = criterion.alternatives[0].floor(3).map_or(1, |(no, _)| no);
        if score(set, &sheet).unwrap().total > 80 {
            sheet.choices.insert(criterion.code.clone(), Choice::level(floor));
        }
    }
    sheet
}

/// Records the decision on a confirmed result; it and the certificate.
pub async fn decide(sitting: &Sitting) -> (DecisionId, CertificateId) {
    let input = DecisionInput {
        number: "4512/QĐ-UBND".to_owned(),
        decided_on: sitting.app().today().to_string(),
        signed_by: "Phó Chủ tịch UBND tỉnh, Vũ Đình Thử".to_owned(),
    };
    let id = record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &input).await.unwrap();
    let mut tx = sitting.app().db.read().await.unwrap();
    let certificate =
        ocop_store::recognition::certificate_of_dossier(&mut tx, &sitting.dossier).await.unwrap().unwrap();
    (id, certificate.id)
}
