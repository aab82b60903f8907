//! Reception, decision, certificates and revocation, as people rely on them.

use crate::testing::{closed_to, faulty, refused};
use ocop_core::dossiers::State;
use ocop_core::recognition::Validity;
use ocop_store::db::Chain;
use ocop_store::dossiers as kept;

use super::testing::{CERTIFIED, certificate_of, certified, confirmed, decision};
use super::*;
use crate::commune::tests::proposed;
use crate::councils::testing::Sitting;
use crate::public::{self, Verdict};
use crate::{AppError, home};

async fn state(sitting: &Sitting) -> State {
    let mut tx = sitting.app().db.read().await.unwrap();
    kept::find(&mut tx, &sitting.dossier).await.unwrap().unwrap().state
}

#[tokio::test]
async fn the_office_accepts_a_proposed_dossier_once() {
    let (world, honey, id) = proposed().await;
    let app = &world.app;
    let view = reception(app, &world.officer, &id).await.unwrap();
    assert!(view.waits);
    assert_eq!(view.dossier.product_code, "22-06838-1-2026");
    assert_eq!(view.report.idea_finding, "Sản phẩm truyền thống.");
    for stranger in [&honey.actor, &world.commune_officer, &world.assessors[0]] {
        closed_to(reception(app, stranger, &id).await);
        closed_to(accept_dossier(app, stranger, &id).await);
    }
    assert_eq!(accept_dossier(app, &world.officer, &id).await.unwrap(), "1/PĐK-22-06838-2026");
    refused(accept_dossier(app, &world.officer, &id).await, "Tiếp nhận vào đợt");
    assert!(!reception(app, &world.officer, &id).await.unwrap().waits);
    let todo = home::todos(app, &world.officer).await.unwrap();
    assert!(todo.iter().any(|todo| todo.what == "Phân 1 hồ sơ cho hội đồng"), "{todo:?}");
}

#[tokio::test]
async fn a_return_needs_reasons_and_a_day_to_come() {
    let (world, honey, id) = proposed().await;
    let app = &world.app;
    let typed = |reasons: &str, due_on: &str| CompletionInput {
        reasons: reasons.to_owned(),
        due_on: due_on.to_owned(),
    };
    faulty(return_from_province(app, &world.officer, &id, &typed("  ", "20/11/2026")).await, "reasons");
    faulty(
        return_from_province(app, &world.officer, &id, &typed("Thiếu phiếu kiểm nghiệm.", "")).await,
        "due_on",
    );
    faulty(return_from_province(app, &world.officer, &id, &typed("Thiếu.", "02/11/2026")).await, "due_on");
    let good = typed("Thiếu phiếu kiểm nghiệm.", "20/11/2026");
    closed_to(return_from_province(app, &world.commune_officer, &id, &good).await);
    return_from_province(app, &world.officer, &id, &good).await.unwrap();
    refused(return_from_province(app, &world.officer, &id, &good).await, "Tỉnh yêu cầu bổ sung");
    let todo = home::todos(app, &honey.actor).await.unwrap();
    assert_eq!(todo[0].what, "Bổ sung hồ sơ Mật ong rừng theo yêu cầu của tỉnh");
    assert_eq!(todo[0].due.as_ref().map(|due| due.day.as_str()), Some("20/11/2026"));
}

/// What the dossier's own history tells last.
async fn last_line(sitting: &Sitting) -> String {
    let told =
        crate::dossiers::overview(sitting.app(), &sitting.honey.actor, &sitting.dossier).await.unwrap();
    told.history[0].what.clone()
}

#[tokio::test]
async fn a_decision_gives_the_certificate() {
    let sitting = confirmed(CERTIFIED).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let draft = draft_decision(app, officer, &sitting.council).await.unwrap();
    assert_eq!((draft.certificates.len(), draft.centre.len(), draft.notices.len()), (1, 0, 0));
    assert_eq!((draft.certificates[0].mean.as_str(), draft.certificates[0].stars), ("85,00", 3));
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.commune_officer] {
        closed_to(draft_decision(app, stranger, &sitting.council).await);
        closed_to(record_decision(app, stranger, &sitting.council, &decision()).await);
    }
    let id = record_decision(app, officer, &sitting.council, &decision()).await.unwrap();
    assert_eq!(state(&sitting).await, State::Recognised);
    assert_eq!(last_line(&sitting).await, "Ghi quyết định công nhận, cấp giấy chứng nhận");
    let certificate = certificate_of(&sitting).await.unwrap();
    assert_eq!(certificate.number, "001/GCN-OCOP-2026");
    assert_eq!((certificate.stars, certificate.decision_id), (3, id));
    assert_eq!(certificate.issued_on.to_string(), "2026-11-02");
    assert_eq!(certificate.valid_until.to_string(), "2029-11-01");
    refused(record_decision(app, officer, &sitting.council, &decision()).await, "Chưa có kết quả");
    let view = super::certificate(app, &sitting.honey.actor, &certificate.id).await.unwrap();
    assert_eq!((view.validity, view.may_revoke), (Validity::InForce, false));
    assert!(super::certificate(app, officer, &certificate.id).await.unwrap().may_revoke);
    closed_to(super::certificate(app, &sitting.world.other_producer, &certificate.id).await);
}

#[tokio::test]
async fn a_wrong_decision_changes_nothing() {
    let sitting = confirmed(CERTIFIED).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let record = async |input: DecisionInput| record_decision(app, officer, &sitting.council, &input).await;
    faulty(record(DecisionInput { number: " ".to_owned(), ..decision() }).await, "number");
    faulty(record(DecisionInput { signed_by: String::new(), ..decision() }).await, "signed_by");
    faulty(record(DecisionInput { decided_on: "03/11/2026".to_owned(), ..decision() }).await, "decided_on");
    faulty(record(DecisionInput { decided_on: "01/11/2026".to_owned(), ..decision() }).await, "decided_on");
    let mut tx = app.db.write(Chain::of("council", &sitting.council)).await.unwrap();
    let before = ocop_store::recognition::Decision {
        id: crate::runtime::fresh(&*app.ids),
        province: "22".to_owned(),
        council_id: Some(sitting.council.clone()),
        number: decision().number,
        decided_on: app.today(),
        signed_by: "Người khác".to_owned(),
        recorded_at: app.now(),
    };
    ocop_store::recognition::insert_decision(&mut tx, &before).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    faulty(record(decision()).await, "number");
    assert_eq!(state(&sitting).await, State::Confirmed);
    assert!(certificate_of(&sitting).await.is_none());
    record(DecisionInput { number: "4513/QĐ-UBND".to_owned(), ..decision() }).await.unwrap();
}

#[tokio::test]
async fn a_result_for_the_centre_is_approved_without_a_certificate() {
    let sitting = confirmed(100).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    record_decision(app, officer, &sitting.council, &decision()).await.unwrap();
    assert_eq!(state(&sitting).await, State::ForCentre);
    assert_eq!(last_line(&sitting).await, "Ghi quyết định phê duyệt kết quả, trình trung ương");
    assert!(certificate_of(&sitting).await.is_none());
    assert!(matches!(public::product(app, &sitting.honey.product).await, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_result_below_three_stars_is_told_without_a_decision() {
    let sitting = confirmed(35).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    refused(record_decision(app, officer, &sitting.council, &decision()).await, "3 sao");
    closed_to(notify_results(app, &sitting.chair, &sitting.council).await);
    assert_eq!(notify_results(app, officer, &sitting.council).await.unwrap(), 1);
    assert_eq!(state(&sitting).await, State::NotRecognised);
    assert_eq!(last_line(&sitting).await, "Thông báo kết quả: chưa đạt 3 sao, không cấp giấy chứng nhận");
    refused(notify_results(app, officer, &sitting.council).await, "dưới 3 sao");
    let mut tx = app.db.read().await.unwrap();
    let result = ocop_store::recognition::find_result(&mut tx, &sitting.dossier).await.unwrap().unwrap();
    assert_eq!((result.decision_id, result.notified_on), (None, Some(app.today())));
}

#[tokio::test]
async fn stars_are_public_exactly_while_a_certificate_says_so() {
    let (sitting, certificate) = certified().await;
    let app = sitting.app();
    let verdict = async |code: String| match public::check(app, &code).await.unwrap() {
        Verdict::Known(found) => Some(found.certificate.validity),
        Verdict::Unknown { .. } => None,
    };
    let typed = certificate.check_code.to_lowercase().replace('-', " ");
    assert_eq!(verdict(typed.clone()).await, Some(Validity::InForce));
    assert_eq!(verdict("2222-2222-22".to_owned()).await, None);
    assert_eq!(verdict("<script>".to_owned()).await, None);
    let page = public::product(app, &sitting.honey.product).await.unwrap();
    assert_eq!((page.stars(), page.name.as_str(), page.code.as_str()), (Some(3), "Mật ong rừng", ""));
    let found = async |query: &str| {
        let filter = public::PublicFilter { q: query.to_owned(), ..Default::default() };
        public::products(app, &filter).await.unwrap().found
    };
    assert_eq!(
        (found("").await, found("mat RUNG").await, found("binh lieu ong").await, found("che").await),
        (1, 1, 1, 0)
    );

    sitting.world.clock.forward_days(3 * 365);
    assert_eq!(verdict(typed.clone()).await, Some(Validity::InForce), "1/11/2029 is the last day");
    sitting.world.clock.forward_days(1);
    assert_eq!(verdict(typed).await, Some(Validity::Expired));
    assert_eq!(public::product(app, &sitting.honey.product).await.unwrap().stars(), None);
    assert_eq!(found("").await, 0);
}

#[tokio::test]
async fn a_withdrawn_certificate_shows_no_star_anywhere() {
    let (sitting, certificate) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let typed = |revoked_on: &str, ground: &str| RevokeInput {
        decision_no: "99/QĐ-UBND".to_owned(),
        revoked_on: revoked_on.to_owned(),
        signed_by: String::new(),
        ground: ground.to_owned(),
        concluded_on: "02/11/2026".to_owned(),
        basis: "Biên bản kiểm tra số 5.".to_owned(),
        sent_to: String::new(),
    };
    let revoke = async |input: RevokeInput| revoke_certificate(app, officer, &certificate.id, &input).await;
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.commune_officer] {
        closed_to(revoke_certificate(app, stranger, &certificate.id, &typed("02/11/2026", "b")).await);
    }
    faulty(revoke(typed("03/11/2026", "b")).await, "revoked_on");
    faulty(revoke(typed("01/11/2026", "b")).await, "revoked_on");
    faulty(revoke(typed("02/11/2026", "z")).await, "ground");
    revoke(typed("02/11/2026", "b")).await.unwrap();
    refused(revoke(typed("02/11/2026", "b")).await, "đã bị thu hồi");
    let page = public::product(app, &sitting.honey.product).await.unwrap();
    assert_eq!((page.stars(), page.certificate.revoked_on.as_str()), (None, "02/11/2026"));
    assert_eq!(public::products(app, &public::PublicFilter::default()).await.unwrap().found, 0);
    let view = super::certificate(app, officer, &certificate.id).await.unwrap();
    assert!(view.certificate.revocation.unwrap().contains("Điểm b"));
}

#[tokio::test]
async fn a_public_page_tells_nothing_personal_and_nothing_edited_later() {
    let (sitting, _) = certified().await;
    let app = sitting.app();
    let (_, product) =
        crate::products::edit_form(app, &sitting.honey.actor, &sitting.honey.product).await.unwrap();
    let renamed = crate::products::ProductInput {
        name: "Rượu ngon".to_owned(),
        ..crate::products::ProductInput::from(&product)
    };
    crate::products::edit(app, &sitting.honey.actor, &sitting.honey.product, &renamed).await.unwrap();
    let found = async |query: &str| {
        let filter = public::PublicFilter { q: query.to_owned(), ..Default::default() };
        public::products(app, &filter).await.unwrap().found
    };
    assert_eq!((found("ruou").await, found("mat ong rung").await), (0, 1), "listed as it was certified");
    let page = format!("{:?}", public::product(app, &sitting.honey.product).await.unwrap());
    for absent in ["Rượu ngon", "Hoàng Thị Thử", "0203 3878 000", "htx@example.vn", "Bản Nà Làng"]
    {
        assert!(!page.contains(absent), "{absent}");
    }
}
