//! Complaints, as people rely on them.

use super::*;
use crate::councils::testing::Sitting;
use crate::home;
use crate::recognition::testing::{certified, confirmed};
use crate::testing::invalid;
use crate::testing::refused;

fn wrong(content: &str) -> ReportInput {
    ReportInput { content: content.to_owned(), ..ReportInput::default() }
}

fn seen() -> ReportInput {
    ReportInput {
        kind: "mark".to_owned(),
        content: "Bao bì in 4 sao.".to_owned(),
        name: "Trần Văn Thử".to_owned(),
        contact: "0900000000".to_owned(),
    }
}

fn handle(version: i64, then: &str) -> HandleInput {
    HandleInput { version, then: then.to_owned(), reason: String::new() }
}

fn answer(version: i64) -> AnswerComplaintInput {
    AnswerComplaintInput {
        version,
        answer: "Kết quả được giữ nguyên.\nTiêu chí 2.3 thiếu nhãn.".to_owned(),
        number: "07/UBND-KT".to_owned(),
        signed_on: "02/11/2026".to_owned(),
        signed_by: "Phó Chủ tịch, Vũ Đình Thử".to_owned(),
    }
}

async fn filed() -> (Sitting, ComplaintId) {
    let (sitting, _) = certified().await;
    let input = wrong("Tiêu chí 2.3 đã có nhãn.");
    let id = complain(sitting.app(), &sitting.honey.actor, &sitting.dossier, &input).await.unwrap();
    (sitting, id)
}

#[tokio::test]
async fn a_producer_complains_and_is_answered_by_letter() {
    let (sitting, id) = filed().await;
    let (app, officer, producer) = (sitting.app(), &sitting.world.officer, &sitting.honey.actor);
    refused(complain(app, producer, &sitting.dossier, &wrong("Lần nữa.")).await, "đang được giải quyết");
    let todo = home::todos(app, officer).await.unwrap();
    let due = todo.iter().find(|one| one.href == format!("/complaints/{id}")).unwrap();
    assert_eq!(due.due.as_ref().unwrap().day, "12/11/2026", "ten days to take it up");
    refused(answer_complaint(app, officer, &id, &answer(1)).await, "Mới nhận");
    invalid(handle_complaint(app, officer, &id, &handle(1, "")).await, &["then"]);
    invalid(handle_complaint(app, officer, &id, &handle(1, "refuse")).await, &["reason"]);
    let outcome = handle_complaint(app, producer, &id, &handle(1, "admit")).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    handle_complaint(app, officer, &id, &handle(1, "admit")).await.unwrap();
    let view = complaint(app, producer, &id).await.unwrap();
    assert_eq!((view.due.unwrap().day.as_str(), view.may_handle), ("02/12/2026", false));
    assert!(matches!(complaint_letter(app, producer, &id).await, Err(AppError::Denied(_))), "a draft");
    let draft = complaint_letter(app, officer, &id).await.unwrap();
    invalid(
        answer_complaint(
            app,
            officer,
            &id,
            &AnswerComplaintInput { answer: String::new(), number: "bảy".to_owned(), ..answer(2) },
        )
        .await,
        &["answer", "number"],
    );
    let stale = answer_complaint(app, officer, &id, &answer(1)).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    answer_complaint(app, officer, &id, &answer(2)).await.unwrap();
    let view = complaint(app, producer, &id).await.unwrap();
    assert_eq!((view.kept.state, view.paper.is_some()), (ComplaintState::Answered, false));
    assert!(complaint(app, officer, &id).await.unwrap().paper.is_some());
    assert_ne!(complaint_letter(app, producer, &id).await.unwrap().pdf, draft.pdf);
    let (of_dossier, may) = complaints_of(app, producer, &sitting.dossier).await.unwrap();
    assert_eq!((of_dossier.len(), may), (1, true));
}

#[tokio::test]
async fn a_complaint_comes_after_the_notice_and_within_ninety_days() {
    let sitting = confirmed(crate::recognition::testing::CERTIFIED).await;
    let early = complain(sitting.app(), &sitting.honey.actor, &sitting.dossier, &wrong("Sai.")).await;
    refused(early, "chưa được thông báo");
    let (sitting, _) = certified().await;
    let (app, producer) = (sitting.app(), &sitting.honey.actor);
    invalid(complain(app, producer, &sitting.dossier, &wrong(" ")).await, &["content"]);
    for stranger in [&sitting.world.officer, &sitting.chair, &sitting.world.other_producer] {
        let outcome = complain(app, stranger, &sitting.dossier, &wrong("Sai.")).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
    let form = complaint_form(app, producer, &sitting.dossier).await.unwrap();
    assert_eq!(form.last_day, "31/01/2027");
    sitting.world.clock.forward_days(91);
    refused(complain(app, producer, &sitting.dossier, &wrong("Sai.")).await, "31/01/2027");
}

#[tokio::test]
async fn a_producer_takes_its_complaint_back() {
    let (sitting, id) = filed().await;
    let (app, producer) = (sitting.app(), &sitting.honey.actor);
    let outcome = withdraw_complaint(app, &sitting.world.officer, &id).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    assert!(complaint(app, producer, &id).await.unwrap().may_withdraw);
    withdraw_complaint(app, producer, &id).await.unwrap();
    refused(withdraw_complaint(app, producer, &id).await, "Đã rút");
    complain(app, producer, &sitting.dossier, &wrong("Lần nữa.")).await.unwrap();
}

#[tokio::test]
async fn anybody_reports_and_only_the_office_reads_who() {
    let (sitting, _) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let product = &sitting.honey.product;
    invalid(report(app, product, &ReportInput::default()).await, &["kind", "content"]);
    let result = ReportInput { kind: "result".to_owned(), ..seen() };
    invalid(report(app, product, &result).await, &["kind"]);
    report(app, product, &seen()).await.unwrap();
    let (open, over) = complaints(app, officer).await.unwrap();
    assert_eq!((open.len(), over.len()), (1, 0));
    let id = &open[0].kept.id;
    assert_eq!(complaint(app, officer, id).await.unwrap().kept.contact, "0900000000");
    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.chair] {
        let outcome = complaint(app, stranger, id).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
        let outcome = complaints(app, stranger).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
    let refusal =
        HandleInput { reason: "Bao bì của sản phẩm khác.".to_owned(), ..handle(1, "refuse") };
    handle_complaint(app, officer, id, &refusal).await.unwrap();
    let kept = complaint(app, officer, id).await.unwrap().kept;
    assert_eq!((kept.state, kept.answer.as_str()), (ComplaintState::Refused, "Bao bì của sản phẩm khác."));
}

#[tokio::test]
async fn a_flood_of_reports_is_refused_and_passes() {
    let (sitting, _) = certified().await;
    let (app, product) = (sitting.app(), &sitting.honey.product);
    for _ in 0..10 {
        report(app, product, &seen()).await.unwrap();
    }
    refused(report(app, product, &seen()).await, "quá nhiều phản ánh");
    sitting.world.clock.forward_days(1);
    report(app, product, &seen()).await.unwrap();
}
