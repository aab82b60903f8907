//! A certificate of 5 stars is withdrawn by the Minister on the province's proposal (Article 8.2).

use ocop_core::id::VerificationId;
use ocop_core::people::Actor;
use ocop_core::recognition::CertificateState;
use ocop_store::recognition::Certificate;

use super::testing::certified;
use super::verification_tests::suspicion;
use super::*;
use crate::centre::testing::Centre;
use crate::papers::outgoing;
use crate::testing::{closed_to, faulty, refused};
use crate::{AppError, home, public};

fn conclusion() -> ConclusionInput {
    ConclusionInput {
        version: 1,
        confirmed: "yes".to_owned(),
        concluded_on: "02/11/2026".to_owned(),
        conclusion: "Biên bản số 5/BB của đoàn kiểm tra.".to_owned(),
    }
}

fn letter(version: i64) -> ProposeInput {
    ProposeInput {
        version,
        number: "214/UBND-KT".to_owned(),
        signed_on: "02/11/2026".to_owned(),
        signed_by: "Chủ tịch".to_owned(),
    }
}

/// The province has found a ground for withdrawing the certificate of 5 stars.
async fn found() -> (Centre, Certificate, VerificationId) {
    let (centre, certificate) = Centre::five_stars().await;
    let (app, sender) = (centre.app(), &centre.sender);
    let id = open_verification(app, sender, &certificate.id, &suspicion()).await.unwrap();
    conclude_verification(app, sender, &id, &conclusion()).await.unwrap();
    (centre, certificate, id)
}

async fn has_todo(centre: &Centre, who: &Actor, what: &str) -> bool {
    let who = centre.sitting.world.again(who).await;
    home::todos(centre.app(), &who).await.unwrap().iter().any(|todo| todo.what.starts_with(what))
}

#[tokio::test]
async fn the_province_proposes_and_the_minister_withdraws_in_fifteen_days() {
    let (centre, certificate, id) = found().await;
    let (app, sender, officer) = (centre.app(), &centre.sender, &centre.officer);
    let producer = &centre.sitting.honey.actor;
    let withdrawal = RevokeInput {
        decision_no: "120/QĐ-BNNMT".to_owned(),
        revoked_on: "02/11/2026".to_owned(),
        ..RevokeInput::default()
    };
    closed_to(revoke_certificate(app, sender, &certificate.id, &withdrawal).await);
    assert!(has_todo(&centre, sender, "Đề nghị Bộ trưởng thu hồi").await);
    assert!(!has_todo(&centre, officer, "Trình, ghi quyết định thu hồi").await);
    let view = super::certificate(app, sender, &certificate.id).await.unwrap();
    assert!(view.verifications[0].may_propose && !view.may_revoke && view.by_minister);
    let draft = proposal_letter(app, sender, &id).await.unwrap();
    assert!(draft.pdf.starts_with(b"%PDF"));
    closed_to(proposal_letter(app, producer, &id).await);

    let (_, _, form) = proposal(app, sender, &id).await.unwrap();
    assert_eq!(form.version, 2);
    closed_to(proposal(app, producer, &id).await);
    for stranger in [officer, producer, &centre.sitting.world.commune_officer, &centre.sitting.chair] {
        closed_to(propose_revocation(app, stranger, &id, &letter(2)).await);
    }
    let stale = propose_revocation(app, sender, &id, &letter(1)).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    faulty(
        propose_revocation(app, sender, &id, &ProposeInput { version: 2, ..Default::default() }).await,
        "number",
    );
    let early = ProposeInput { signed_on: "01/11/2026".to_owned(), ..letter(2) };
    faulty(propose_revocation(app, sender, &id, &early).await, "signed_on");
    propose_revocation(app, sender, &id, &letter(2)).await.unwrap();
    refused(propose_revocation(app, sender, &id, &letter(3)).await, "cơ quan khác");

    let sent = outgoing(app, sender, None).await.unwrap();
    assert!(format!("{sent:?}").contains("RevocationProposal"), "in the province's register");
    assert!(!has_todo(&centre, sender, "Đề nghị Bộ trưởng thu hồi").await);
    assert!(has_todo(&centre, officer, "Trình, ghi quyết định thu hồi").await);
    let read = super::certificate(app, officer, &certificate.id).await.unwrap();
    let one = &read.verifications[0];
    assert_eq!(
        (read.state, one.due.as_ref().unwrap().day.as_str()),
        (CertificateState::UnderVerification, "17/11/2026")
    );
    assert_eq!(one.kept.proposal.as_ref().unwrap().number, "214/UBND-KT");
    revoke_certificate(app, officer, &certificate.id, &withdrawal).await.unwrap();
    let over = super::certificate(app, sender, &certificate.id).await.unwrap();
    assert_eq!((over.state, over.verifications[0].status()), (CertificateState::Revoked, "đã thu hồi"));
    assert_eq!(public::product(app, &certificate.product_id).await.unwrap().stars(), None);
    assert!(crate::papers::revocation(app, sender, &certificate.id).await.unwrap().pdf.starts_with(b"%PDF"));
}

#[tokio::test]
async fn a_proposal_that_is_not_followed_leaves_the_certificate_as_it_was() {
    let (centre, certificate, id) = found().await;
    let (app, sender, officer) = (centre.app(), &centre.sender, &centre.officer);
    let answer = |version: i64, on: &str| DeclineInput {
        version,
        declined_on: on.to_owned(),
        reason: "Công văn số 9/BNNMT: chưa đủ căn cứ.".to_owned(),
    };
    refused(decline_revocation(app, officer, &id, &answer(2, "02/11/2026")).await, "cơ quan khác");
    propose_revocation(app, sender, &id, &letter(2)).await.unwrap();
    for stranger in [sender, &centre.sitting.honey.actor, &centre.sitting.chair] {
        closed_to(decline_revocation(app, stranger, &id, &answer(3, "02/11/2026")).await);
    }
    faulty(decline_revocation(app, officer, &id, &answer(3, "01/11/2026")).await, "declined_on");
    let stale = decline_revocation(app, officer, &id, &answer(2, "02/11/2026")).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    decline_revocation(app, officer, &id, &answer(3, "02/11/2026")).await.unwrap();
    refused(decline_revocation(app, officer, &id, &answer(4, "02/11/2026")).await, "Bộ trưởng không thu hồi");
    let view = super::certificate(app, sender, &certificate.id).await.unwrap();
    assert_eq!((view.state, view.may_verify), (CertificateState::Valid, true));
    assert_eq!(view.verifications[0].status(), "Bộ trưởng không thu hồi");
    assert!(!has_todo(&centre, officer, "Trình, ghi quyết định thu hồi").await);
}

#[tokio::test]
async fn the_province_decides_on_its_own_stars_without_a_proposal() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let id = open_verification(app, officer, &certificate.id, &suspicion()).await.unwrap();
    conclude_verification(app, officer, &id, &conclusion()).await.unwrap();
    let view = super::certificate(app, officer, &certificate.id).await.unwrap();
    assert!(!view.verifications[0].may_propose && view.may_revoke);
    refused(proposal(app, officer, &id).await, "do Chủ tịch Ủy ban nhân dân tỉnh thu hồi");
    refused(
        propose_revocation(app, officer, &id, &letter(2)).await,
        "do Chủ tịch Ủy ban nhân dân tỉnh thu hồi",
    );
    assert!(matches!(proposal_letter(app, officer, &id).await, Err(AppError::NotFound)));
}
