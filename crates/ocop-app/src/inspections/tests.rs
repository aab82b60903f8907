//! Visits after recognition, as people rely on them.

use crate::testing::refused;
use ocop_store::recognition::Certificate;

use super::*;
use crate::councils::testing::Sitting;
use crate::evidence::Upload;
use crate::home;
use crate::papers::IssueInput;
use crate::recognition::testing::certified;
use crate::recognition::{certificate, open_verification};
use crate::testing::invalid;

fn plan(kind: &str, day: &str) -> PlanInput {
    PlanInput {
        kind: kind.to_owned(),
        planned_on: day.to_owned(),
        team: "Vũ Đình Thử\nTrần Thị Thử".to_owned(),
        reason: "Có phản ánh về nhãn.".to_owned(),
        ..PlanInput::default()
    }
}

fn record(version: i64) -> RecordInput {
    RecordInput {
        version,
        held_on: "02/11/2026".to_owned(),
        began: "8h30".to_owned(),
        ended: "10:00".to_owned(),
        place: "xưởng đóng chai".to_owned(),
        present: "Bà Nguyễn Thị Thử, Giám đốc".to_owned(),
        code: vec!["1.1".to_owned(), "2.3".to_owned(), "NH".to_owned()],
        met: vec!["yes".to_owned(), "no".to_owned(), String::new()],
        finding: vec![String::new(), "Nhãn thiếu ngày sản xuất.".to_owned(), String::new()],
        measure: vec!["Sửa nhãn".to_owned(), String::new()],
        due_on: vec!["20/11/2026".to_owned(), String::new()],
        said: "Đã nhận thiếu sót.".to_owned(),
    }
}

async fn planned(kind: &str) -> (Sitting, Certificate, InspectionId) {
    let (sitting, certificate) = certified().await;
    let input = plan(kind, "02/11/2026");
    let id = plan_inspection(sitting.app(), &sitting.world.officer, &certificate.id, &input).await.unwrap();
    (sitting, certificate, id)
}

async fn recorded() -> (Sitting, Certificate, InspectionId) {
    let (sitting, certificate, id) = planned("planned").await;
    record_inspection(sitting.app(), &sitting.world.officer, &id, &record(1)).await.unwrap();
    (sitting, certificate, id)
}

fn close(version: i64, measures: &[&str]) -> CloseInput {
    CloseInput {
        version,
        measures: measures.iter().map(|at| (*at).to_owned()).collect(),
        outcome: "Đã khắc phục.".to_owned(),
        then: "close".to_owned(),
    }
}

#[tokio::test]
async fn a_visit_is_planned_recorded_answered_and_ended() {
    let (sitting, certificate, id) = planned("planned").await;
    let (app, officer, producer) = (sitting.app(), &sitting.world.officer, &sitting.honey.actor);
    let todo = home::todos(app, officer).await.unwrap();
    assert!(todo.iter().any(|one| one.href == format!("/inspections/{id}")), "{todo:?}");
    assert_eq!(inspection(app, producer, &id).await.unwrap().kept.kind, InspectionKind::Planned);
    record_inspection(app, officer, &id, &record(1)).await.unwrap();
    let view = inspection(app, officer, &id).await.unwrap();
    let kept = view.kept.record.as_ref().unwrap();
    assert_eq!((kept.findings.len(), kept.unmet().count(), kept.measures.len()), (2, 1, 1));
    assert_eq!(view.due.unwrap().day, "20/11/2026");
    let todo = home::todos(app, producer).await.unwrap();
    let due = todo.iter().find(|one| one.href == format!("/inspections/{id}")).unwrap();
    assert_eq!(due.due.as_ref().unwrap().day, "20/11/2026");

    invalid(answer_inspection(app, producer, &id, &AnswerInput::default()).await, &["answer"]);
    let answer =
        AnswerInput { version: 2, done: vec!["Đã in nhãn mới.".to_owned()], ..AnswerInput::default() };
    let outcome = answer_inspection(app, officer, &id, &answer).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    answer_inspection(app, producer, &id, &answer).await.unwrap();
    let again = answer_inspection(app, producer, &id, &answer).await;
    assert!(matches!(again, Err(AppError::Stale(_))), "{again:?}");
    let todo = home::todos(app, producer).await.unwrap();
    assert!(todo.iter().all(|one| one.href != format!("/inspections/{id}")), "{todo:?}");
    refused(record_inspection(app, officer, &id, &record(3)).await, "chủ thể đã trả lời");

    refused(close_inspection(app, officer, &id, &close(3, &[])).await, "còn 1 biện pháp");
    close_inspection(app, officer, &id, &close(3, &["0"])).await.unwrap();
    let over = inspection(app, officer, &id).await.unwrap();
    assert_eq!((over.kept.state, over.may_record), (InspectionState::Closed, false));
    let of_certificate = certificate_view(&sitting, &certificate).await;
    assert_eq!(of_certificate.inspections.len(), 1);
}

async fn certificate_view(sitting: &Sitting, of: &Certificate) -> crate::recognition::CertificateView {
    certificate(sitting.app(), &sitting.world.officer, &of.id).await.unwrap()
}

#[tokio::test]
async fn an_unannounced_visit_is_hidden_until_it_was_made() {
    let (sitting, of, id) = planned("unannounced").await;
    let (app, producer, commune) = (sitting.app(), &sitting.honey.actor, &sitting.world.commune_officer);
    for reader in [producer, commune] {
        let outcome = inspection(app, reader, &id).await;
        assert!(matches!(outcome, Err(AppError::NotFound)), "{outcome:?}");
        assert!(certificate(app, reader, &of.id).await.unwrap().inspections.is_empty());
    }
    record_inspection(app, &sitting.world.officer, &id, &record(1)).await.unwrap();
    for reader in [producer, commune] {
        assert!(inspection(app, reader, &id).await.is_ok());
        assert_eq!(certificate(app, reader, &of.id).await.unwrap().inspections.len(), 1);
    }
}

#[tokio::test]
async fn visits_are_not_for_the_council_nor_for_other_producers() {
    let (sitting, of, id) = recorded().await;
    let app = sitting.app();
    for stranger in [&sitting.chair, &sitting.world.other_producer] {
        let outcome = inspection(app, stranger, &id).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
    assert!(certificate(app, &sitting.chair, &of.id).await.unwrap().inspections.is_empty());
    for stranger in [&sitting.chair, &sitting.honey.actor, &sitting.world.commune_officer] {
        let outcome = plan_inspection(app, stranger, &of.id, &plan("planned", "03/11/2026")).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
        let outcome = close_inspection(app, stranger, &id, &close(2, &["0"])).await;
        assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn faults_of_plan_and_record_stand_beside_their_fields() {
    let (sitting, of, id) = planned("planned").await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let bad = PlanInput::default();
    invalid(plan_inspection(app, officer, &of.id, &bad).await, &["kind", "planned_on", "team"]);
    let bad = PlanInput { reason: String::new(), ..plan("unannounced", "03/11/2026") };
    invalid(plan_inspection(app, officer, &of.id, &bad).await, &["reason"]);
    invalid(plan_inspection(app, officer, &of.id, &plan("follow_up", "03/11/2026")).await, &["kind"]);
    invalid(plan_inspection(app, officer, &of.id, &plan("planned", "03/11/2036")).await, &["planned_on"]);
    let wrong = RecordInput {
        held_on: "03/11/2026".to_owned(),
        began: "tám giờ".to_owned(),
        place: " ".to_owned(),
        finding: vec!["Tốt.".to_owned(), String::new(), "Ghi.".to_owned()],
        due_on: vec!["01/11/2026".to_owned(), "20/11/2026".to_owned()],
        ..record(1)
    };
    invalid(
        record_inspection(app, officer, &id, &wrong).await,
        &["held_on", "began", "place", "finding-2.3", "finding-NH", "due_on-0", "measure-1"],
    );
    let met = ["maybe", "no", ""].map(str::to_owned).to_vec();
    invalid(record_inspection(app, officer, &id, &RecordInput { met, ..record(1) }).await, &["finding-1.1"]);
    let outcome = record_inspection(app, officer, &id, &record(7)).await;
    assert!(matches!(outcome, Err(AppError::Stale(_))), "{outcome:?}");
    refused(close_inspection(app, officer, &id, &close(1, &[])).await, "Chờ kiểm tra");
}

#[tokio::test]
async fn open_measures_go_to_a_follow_up_or_a_verification() {
    let (sitting, of, id) = recorded().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let form = plan_form(app, officer, &of.id, id.as_str()).await.unwrap().input;
    assert_eq!((form.kind.as_str(), form.planned_on.as_str()), ("follow_up", "20/11/2026"));
    let again = plan_inspection(app, officer, &of.id, &form).await.unwrap();
    let before = inspection(app, officer, &id).await.unwrap();
    assert_eq!(before.followed_by[0].id, again);
    close_inspection(app, officer, &id, &close(2, &[])).await.unwrap();
    let cancel = CancelInput { version: 1, outcome: "Đã mở xác minh.".to_owned() };
    cancel_inspection(app, officer, &again, &cancel).await.unwrap();

    let (sitting, of, id) = recorded().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let filled = suspicion(app, officer, &of.id, &id).await.unwrap();
    assert!(filled.facts.contains("2.3") && filled.facts.contains("Nhãn thiếu ngày sản xuất."), "{filled:?}");
    open_verification(app, officer, &of.id, &filled).await.unwrap();
    close_inspection(app, officer, &id, &close(2, &[])).await.unwrap();
}

#[tokio::test]
async fn the_signed_record_takes_a_number_and_stays_as_it_was() {
    let (sitting, _, id) = recorded().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let draft = inspection_record(app, &sitting.honey.actor, &id).await.unwrap();
    assert!(draft.pdf.starts_with(b"%PDF"));
    let form = inspection_issuing(app, officer, &id).await.unwrap().input;
    assert_eq!((form.number.as_str(), form.signed_by.as_str()), ("01/BB-ĐKT", "Trưởng đoàn, Vũ Đình Thử"));
    invalid(
        issue_inspection(app, officer, &id, &IssueInput::default()).await,
        &["number", "signed_on", "signed_by"],
    );
    let paper = issue_inspection(app, officer, &id, &form).await.unwrap();
    assert_eq!(inspection(app, officer, &id).await.unwrap().paper, Some(paper));
    refused(record_inspection(app, officer, &id, &record(2)).await, "đã có số");
    refused(issue_inspection(app, officer, &id, &form).await, "đã được ghi vào sổ");
    let outcome = issue_inspection(app, &sitting.honey.actor, &id, &form).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    let signed = inspection_record(app, &sitting.honey.actor, &id).await.unwrap();
    assert_ne!(signed.pdf, draft.pdf, "the number stands in it");
}

/// The smallest PNG: one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";

#[tokio::test]
async fn photographs_belong_to_the_record() {
    let (sitting, _, id) = recorded().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let upload = |bytes: &[u8]| Upload { file_name: "a.png".to_owned(), bytes: bytes.to_vec() };
    invalid(add_photo(app, officer, &id, "", upload(b"%PDF-1.7\n%%EOF")).await, &["file"]);
    let outcome = add_photo(app, &sitting.honey.actor, &id, "", upload(PNG)).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    add_photo(app, officer, &id, "Nhãn sau chai", upload(PNG)).await.unwrap();
    invalid(add_photo(app, officer, &id, "", upload(PNG)).await, &["file"]);
    assert_eq!(photo(app, &sitting.honey.actor, &id, 1).await.unwrap().1, PNG);
    for no in [0, 2] {
        assert!(matches!(photo(app, officer, &id, no).await, Err(AppError::NotFound)));
    }
    record_inspection(app, officer, &id, &record(3)).await.unwrap();
    let kept = inspection(app, officer, &id).await.unwrap().kept.record.unwrap();
    assert_eq!(kept.photos.len(), 1, "a corrected record keeps its photographs");
}

#[tokio::test]
async fn a_year_is_planned_for_several_products_at_once() {
    let (sitting, of) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let year = year_plan(app, officer, Some(2027)).await.unwrap();
    assert_eq!((year.visits.len(), year.unvisited.len()), (0, 1));
    let input = YearInput {
        year: "2027".to_owned(),
        certificates: vec![of.id.to_string()],
        planned_on: "10/03/2027".to_owned(),
        team: "Vũ Đình Thử".to_owned(),
    };
    invalid(plan_year(app, officer, &YearInput::default()).await, &["certificates", "planned_on", "team"]);
    let past = YearInput { planned_on: "01/11/2026".to_owned(), ..input.clone() };
    invalid(plan_year(app, officer, &past).await, &["planned_on"]);
    let late = YearInput { planned_on: "10/03/2031".to_owned(), ..input.clone() };
    invalid(plan_year(app, officer, &late).await, &["planned_on"]);
    let outcome = plan_year(app, &sitting.world.commune_officer, &input).await;
    assert!(matches!(outcome, Err(AppError::Denied(_))), "{outcome:?}");
    assert_eq!(plan_year(app, officer, &input).await.unwrap(), 2027);
    let twice = plan_year(app, officer, &input).await;
    assert!(matches!(twice, Err(AppError::Stale(_))), "{twice:?}");
    let year = year_plan(app, officer, Some(2027)).await.unwrap();
    assert_eq!((year.visits.len(), year.unvisited.len()), (1, 0));
    let todo = home::todos(app, officer).await.unwrap();
    assert!(todo.iter().all(|one| !one.href.starts_with("/inspections/")), "it is months away");
}
