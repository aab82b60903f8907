//! Verification before withdrawal, as people rely on it.

use crate::testing::{faulty, refused};
use ocop_core::recognition::CertificateState;
use ocop_store::recognition::Certificate;

use super::testing::certified;
use super::*;
use crate::councils::testing::Sitting;
use crate::public;
use crate::{AppError, home};

pub(super) fn suspicion() -> VerificationInput {
    VerificationInput {
        ground: "b".to_owned(),
        source: "inspection".to_owned(),
        found_on: "02/11/2026".to_owned(),
        facts: "Không còn vùng nguyên liệu ở xã.".to_owned(),
    }
}

fn conclusion(confirmed: &str, on: &str) -> ConclusionInput {
    ConclusionInput {
        version: 1,
        confirmed: confirmed.to_owned(),
        concluded_on: on.to_owned(),
        conclusion: "Biên bản số 5/BB của đoàn kiểm tra.".to_owned(),
    }
}

fn withdrawal(on: &str) -> RevokeInput {
    RevokeInput { decision_no: "99/QĐ-UBND".to_owned(), revoked_on: on.to_owned(), ..RevokeInput::default() }
}

async fn view(sitting: &Sitting, certificate: &Certificate) -> CertificateView {
    super::certificate(sitting.app(), &sitting.world.officer, &certificate.id).await.unwrap()
}

#[tokio::test]
async fn a_ground_is_verified_concluded_and_then_decided_within_fifteen_days() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.commune_officer] {
        let outcome = open_verification(app, stranger, &certificate.id, &suspicion()).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
    let id = open_verification(app, officer, &certificate.id, &suspicion()).await.unwrap();
    refused(open_verification(app, officer, &certificate.id, &suspicion()).await, "Đang xác minh");
    let open = view(&sitting, &certificate).await;
    assert_eq!(
        (open.state, open.may_verify, open.may_revoke),
        (CertificateState::UnderVerification, false, false)
    );
    assert_eq!(
        public::product(app, &sitting.honey.product).await.unwrap().stars(),
        Some(3),
        "nothing is decided yet"
    );
    refused(
        revoke_certificate(app, officer, &certificate.id, &withdrawal("02/11/2026")).await,
        "chưa có kết luận",
    );
    let todo = home::todos(app, officer).await.unwrap();
    assert!(todo.iter().any(|one| one.href == format!("/verifications/{id}")), "{todo:?}");

    sitting.world.clock.forward_days(10);
    conclude_verification(app, officer, &id, &conclusion("yes", "10/11/2026")).await.unwrap();
    let again = conclude_verification(app, officer, &id, &conclusion("no", "10/11/2026")).await;
    assert!(matches!(again, Err(AppError::Stale(_))), "{again:?}");
    let todo = home::todos(app, officer).await.unwrap();
    let due = todo.iter().find(|one| one.href.ends_with("/revoke")).unwrap().due.clone().unwrap();
    assert_eq!(due.day, "25/11/2026");
    faulty(revoke_certificate(app, officer, &certificate.id, &withdrawal("09/11/2026")).await, "revoked_on");
    revoke_certificate(app, officer, &certificate.id, &withdrawal("12/11/2026")).await.unwrap();
    let over = view(&sitting, &certificate).await;
    assert_eq!(over.state, CertificateState::Revoked);
    let words = over.certificate.revocation.unwrap();
    assert!(words.contains("Điểm b") && words.contains("Biên bản số 5/BB"), "{words}");
    let decided = &over.verifications[0];
    assert_eq!((decided.status(), decided.decided_late), ("đã thu hồi", false));
    let sent = &decided.kept.withdrawal.as_ref().unwrap().sent_to;
    assert!(sent.contains("Ủy ban nhân dân Xã Bình Liêu"), "{sent}");
    let todo = home::todos(app, officer).await.unwrap();
    assert!(todo.iter().all(|one| !one.href.ends_with("/revoke")), "{todo:?}");
}

#[tokio::test]
async fn a_suspicion_that_is_not_confirmed_leaves_the_certificate_as_it_was() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let id = open_verification(app, officer, &certificate.id, &suspicion()).await.unwrap();
    faulty(conclude_verification(app, officer, &id, &conclusion("", "02/11/2026")).await, "confirmed");
    faulty(conclude_verification(app, officer, &id, &conclusion("no", "03/11/2026")).await, "concluded_on");
    let stranger = &sitting.world.commune_officer;
    let outcome = conclude_verification(app, stranger, &id, &conclusion("no", "02/11/2026")).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    conclude_verification(app, officer, &id, &conclusion("no", "02/11/2026")).await.unwrap();
    let cleared = view(&sitting, &certificate).await;
    assert_eq!((cleared.state, cleared.may_verify), (CertificateState::Valid, true));
    assert_eq!(cleared.verifications[0].status(), "không có căn cứ thu hồi");
    faulty(revoke_certificate(app, officer, &certificate.id, &withdrawal("02/11/2026")).await, "ground");
    open_verification(app, officer, &certificate.id, &suspicion()).await.unwrap();
}

#[tokio::test]
async fn faults_of_a_suspicion_stand_beside_their_fields() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let open =
        async |input: VerificationInput| open_verification(app, officer, &certificate.id, &input).await;
    faulty(open(VerificationInput { ground: "z".to_owned(), ..suspicion() }).await, "ground");
    faulty(open(VerificationInput { ground: "đ".to_owned(), ..suspicion() }).await, "ground");
    faulty(open(VerificationInput { source: String::new(), ..suspicion() }).await, "source");
    faulty(open(VerificationInput { found_on: "01/11/2026".to_owned(), ..suspicion() }).await, "found_on");
    faulty(open(VerificationInput { found_on: "03/11/2026".to_owned(), ..suspicion() }).await, "found_on");
    faulty(open(VerificationInput { facts: " ".to_owned(), ..suspicion() }).await, "facts");
    assert!(view(&sitting, &certificate).await.verifications.is_empty());
}

#[tokio::test]
async fn the_commune_confirms_that_production_has_ended() {
    let (sitting, certificate) = certified().await;
    let (app, commune) = (sitting.app(), &sitting.world.commune_officer);
    let ended = EndedInput {
        number: "21/UBND-KT".to_owned(),
        confirmed_on: "02/11/2026".to_owned(),
        facts: "Ngừng sản xuất từ tháng 9.".to_owned(),
    };
    for stranger in [&sitting.world.officer, &sitting.honey.actor, &sitting.chair] {
        let outcome = confirm_production_ended(app, stranger, &certificate.id, &ended).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
    let empty = EndedInput { number: " ".to_owned(), ..ended.clone() };
    faulty(confirm_production_ended(app, commune, &certificate.id, &empty).await, "number");
    assert!(super::certificate(app, commune, &certificate.id).await.unwrap().may_confirm_ended);
    confirm_production_ended(app, commune, &certificate.id, &ended).await.unwrap();
    refused(confirm_production_ended(app, commune, &certificate.id, &ended).await, "Đang xác minh");
    let todo = home::todos(app, &sitting.world.officer).await.unwrap();
    let due = todo.iter().find(|one| one.href.ends_with("/revoke")).unwrap().due.clone().unwrap();
    assert_eq!(due.day, "17/11/2026");
    sitting.world.clock.forward_days(20);
    revoke_certificate(app, &sitting.world.officer, &certificate.id, &withdrawal("22/11/2026"))
        .await
        .unwrap();
    let over = view(&sitting, &certificate).await;
    assert!(over.verifications[0].decided_late, "five days after the last day");
    assert!(over.certificate.revocation.unwrap().contains("Điểm đ"));
}

#[tokio::test]
async fn a_verification_is_not_for_the_council_nor_for_other_producers() {
    let (sitting, certificate) = certified().await;
    let app = sitting.app();
    let id = open_verification(app, &sitting.world.officer, &certificate.id, &suspicion()).await.unwrap();
    let seen = super::certificate(app, &sitting.honey.actor, &certificate.id).await.unwrap();
    assert_eq!(seen.verifications.len(), 1, "it is the producer's own");
    let seat = super::certificate(app, &sitting.chair, &certificate.id).await.unwrap();
    assert!(seat.verifications.is_empty());
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.other_producer] {
        let outcome = verification(app, stranger, &id).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
}
