//! The briefing: for the office alone, once the chair has confirmed, the same bytes again, and kept with its number.

use ocop_core::complaints::{ComplaintKind, ComplaintState};
use ocop_core::papers::PaperKind;
use ocop_core::people::SeatKind;
use ocop_documents::Content;
use ocop_documents::briefing::Briefing;
use ocop_store::complaints::Complaint;
use ocop_store::db::Chain;

use super::*;
use crate::councils::testing::{Sitting, seat};
use crate::councils::{ReplaceInput, council_replacements, replace_member};
use crate::recognition::notify_results;
use crate::scoring::{ReasonInput, confirm_result, keep_result, open_turn};
use crate::testing::season::{below_three_stars, certifiable, decide, seal_all};
use crate::testing::{closed_to, faulty, refused};

fn signed(number: &str, signed_on: &str) -> IssueInput {
    IssueInput {
        number: number.to_owned(),
        signed_on: signed_on.to_owned(),
        signed_by: "Phó Giám đốc, Vũ Đình Thử".to_owned(),
    }
}

fn today(sitting: &Sitting) -> String {
    ocop_core::time::date(sitting.app().today())
}

async fn drawn(sitting: &Sitting) -> Vec<u8> {
    briefing(sitting.app(), &sitting.world.officer, &sitting.council, None).await.unwrap().pdf
}

/// What a signed briefing was made of.
async fn entered(sitting: &Sitting) -> Briefing {
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let input = signed("512/TTr-SNNMT", &today(sitting));
    let id = issue_briefing(app, officer, &sitting.council, &input).await.unwrap();
    let mut tx = app.db.read().await.unwrap();
    let kept = ocop_store::papers::find(&mut tx, &id).await.unwrap().unwrap();
    assert_eq!((kept.kind, kept.number.to_string().as_str()), (PaperKind::Briefing, "512/TTr-SNNMT"));
    let Content::Briefing(told) = serde_json::from_str(&kept.input).unwrap() else {
        panic!("{}", kept.input);
    };
    told
}

#[tokio::test]
async fn it_is_drawn_by_the_office_once_the_chair_has_confirmed() {
    let sitting = Sitting::scoring(2).await;
    let (app, officer, council) = (sitting.app(), &sitting.world.officer, &sitting.council);
    refused(briefing(app, officer, council, None).await, "còn 1 hồ sơ đang chấm");
    seal_all(&sitting, 1, [80, 85, 90, 83]).await;
    refused(briefing(app, officer, council, None).await, "chờ xác nhận");
    refused(issue_briefing(app, officer, council, &signed("1/TTr-UBND", "")).await, "chờ xác nhận");
    confirm_result(app, &sitting.chair, &sitting.dossier).await.unwrap();
    let first = drawn(&sitting).await;
    sitting.world.clock.forward_days(2);
    assert!(drawn(&sitting).await == first, "the same facts, the same bytes");
    for reader in [
        &sitting.chair,
        &sitting.secretary,
        &sitting.members[0],
        &sitting.advisor,
        &sitting.honey.actor,
        &sitting.world.commune_officer,
    ] {
        closed_to(briefing(app, reader, council, None).await);
        closed_to(briefing_form(app, reader, council).await);
        closed_to(issue_briefing(app, reader, council, &signed("1/TTr-UBND", "02/11/2026")).await);
    }
    for no in [0, 2, 99] {
        let missing = briefing(app, officer, council, Some(no)).await;
        assert!(matches!(missing, Err(AppError::NotFound)), "{no}: {missing:?}");
    }
}

#[tokio::test]
async fn nothing_is_submitted_before_anything_is_scored() {
    let sitting = Sitting::advised().await;
    let drawn = briefing(sitting.app(), &sitting.world.officer, &sitting.council, None).await;
    refused(drawn, "Chưa có kết quả nào");
}

/// Somebody reports on the honey.
async fn reported(sitting: &Sitting) {
    let one = Complaint {
        id: "0192d3b0-7c1e-7abc-8def-000000000501".parse().unwrap(),
        kind: ComplaintKind::Mark,
        state: ComplaintState::Filed,
        province: "22".to_owned(),
        product_id: sitting.honey.product.clone(),
        dossier_id: None,
        filed_by: None,
        filed_at: sitting.app().now(),
        content: "Dùng nhãn OCOP khi chưa có hạng.".to_owned(),
        name: "Người gửi".to_owned(),
        contact: "090".to_owned(),
        admitted_on: None,
        answer: String::new(),
        closed_on: None,
        version: 1,
    };
    let mut tx = sitting.app().db.write(Chain::of("complaint", &one.id)).await.unwrap();
    ocop_store::complaints::insert(&mut tx, &one).await.unwrap();
    tx.commit_upkeep().await.unwrap();
}

#[tokio::test]
async fn it_tells_what_to_sign_and_what_to_know() {
    let sitting = Sitting::scoring(2).await;
    let app = sitting.app();
    let why = |words: &str| ReasonInput { reason: words.to_owned(), ..ReasonInput::default() };
    seal_all(&sitting, 1, [70, 85, 90, 83]).await;
    open_turn(app, &sitting.chair, &sitting.dossier, &why("Thống nhất cách chấm.")).await.unwrap();
    seal_all(&sitting, 2, [70, 85, 88, 83]).await;
    keep_result(app, &sitting.chair, &sitting.dossier, &why("Đã rõ.")).await.unwrap();
    confirm_result(app, &sitting.chair, &sitting.dossier).await.unwrap();
    reported(&sitting).await;
    let told = entered(&sitting).await;
    let item = &told.items[0];
    assert_eq!((item.mean.as_deref(), item.range.as_deref()), (Some("81,50"), Some("70–88")));
    assert!(item.change.starts_with("chưa có → "), "{item:?}");
    let notes = item.notes.join("\n");
    for words in [
        "Lần chấm 1: điểm chênh lệch 20",
        "Chấm 2 lần, tính lần 2.",
        "Giữ kết quả: Đã rõ.",
        "Phản ánh về sử dụng nhãn hiệu OCOP",
    ] {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    let cautions = told.cautions.join("\n");
    for words in [
        "Phải chấm lại: hồ sơ số 1.",
        "chưa giải quyết xong: hồ sơ số 1.",
        "chưa đạt điều kiện tối thiểu: hồ sơ số 1.",
    ] {
        assert!(cautions.contains(words), "{words}: {cautions}");
    }
    let whole = serde_json::to_string(&told).unwrap();
    assert!(
        !whole.contains("Người gửi") && !whole.contains("khi chưa có hạng"),
        "who complains stays with the office"
    );
    assert!(told.asks[0].contains("01 thông báo kết quả dưới 3 sao"), "{:?}", told.asks);
    let sheets = told.enclosures.iter().find(|paper| paper.name.starts_with("Phiếu chấm"));
    assert_eq!(sheets.map(|paper| paper.copies), Some(8), "two turns of four voters");
    let sat = told.facts.iter().find(|fact| fact.label == "Phiên họp").unwrap();
    assert!(sat.lines[0].contains("đủ điều kiện họp"), "{sat:?}");
    assert!(told.sign_by.is_some_and(|day| day <= told.deadlines[0].day));
    assert_eq!(told.deadlines[0].source, "26/2026/QĐ-TTg, Điều 5 khoản 1");
}

#[tokio::test]
async fn it_names_who_sat_in_whose_place() {
    let sitting = Sitting::scoring(2).await;
    let (app, officer, member) = (sitting.app(), &sitting.world.officer, &sitting.members[0]);
    let order = ReplaceInput {
        seat: sitting.seat_id(member),
        scope: "council".to_owned(),
        substitute: seat(&sitting.world.assessors[6], SeatKind::Member),
        reason: "Ốm phải nằm viện.".to_owned(),
        decision_no: "77/QĐ-UBND".to_owned(),
        decision_on: "01/11/2026".to_owned(),
        version: council_replacements(app, officer, &sitting.council)
            .await
            .unwrap()
            .council
            .version
            .to_string(),
        ..ReplaceInput::default()
    };
    replace_member(app, officer, &sitting.council, &order).await.unwrap();
    let substitute = sitting.world.again(&sitting.world.assessors[6]).await;
    for actor in [&sitting.chair, &sitting.secretary, &substitute, &sitting.members[1]] {
        sitting.seal(actor, 1, 84).await.unwrap();
    }
    confirm_result(app, &sitting.chair, &sitting.dossier).await.unwrap();
    let cautions = entered(&sitting).await.cautions.join("\n");
    let told = format!("{} thay {} (cả hội đồng; Quyết định 77/QĐ-UBND)", substitute.name, member.name);
    assert!(cautions.contains(&told), "{cautions}");
    assert!(!cautions.contains("rời Hội đồng"), "told once: {cautions}");
}

#[tokio::test]
async fn it_takes_a_number_once_and_stays_as_it_was() {
    let sitting = certifiable().await;
    let (app, officer, council) = (sitting.app(), &sitting.world.officer, &sitting.council);
    let draft = drawn(&sitting).await;
    let form = briefing_form(app, officer, council).await.unwrap();
    assert_eq!((form.input.number.as_str(), form.already), ("01/TTr-OCOP", None));
    faulty(issue_briefing(app, officer, council, &signed("512", &today(&sitting))).await, "number");
    faulty(issue_briefing(app, officer, council, &signed("1/TTr-OCOP", "01/01/2026")).await, "signed_on");
    let told = entered(&sitting).await;
    assert!(told.asks[0].starts_with("Quyết định công nhận 01 sản phẩm"), "{:?}", told.asks);
    assert!(told.asks[1].contains("01 giấy chứng nhận"), "{:?}", told.asks);
    let record = drawn(&sitting).await;
    assert!(record != draft, "it carries number, day and signature");
    let again = signed("513/TTr-SNNMT", &today(&sitting));
    refused(issue_briefing(app, officer, council, &again).await, "đã được ghi vào sổ với số 512/TTr-SNNMT");
    assert!(briefing_form(app, officer, council).await.unwrap().already.is_some());

    decide(&sitting).await;
    sitting.world.clock.forward_days(40);
    assert!(drawn(&sitting).await == record, "the last decision's, after it was signed");
    assert!(briefing(app, officer, council, Some(1)).await.unwrap().pdf == record);
    refused(briefing(app, officer, council, Some(2)).await, "Chưa có kết quả nào");
}

#[tokio::test]
async fn notices_alone_are_submitted_too() {
    let sitting = below_three_stars().await;
    let told = entered(&sitting).await;
    assert_eq!(told.asks.len(), 1);
    assert!(told.asks[0].contains("không cần quyết định"), "{:?}", told.asks);
    assert!(told.enclosures.iter().all(|paper| !paper.name.contains("quyết định")), "{:?}", told.enclosures);
    let record = drawn(&sitting).await;
    notify_results(sitting.app(), &sitting.world.officer, &sitting.council).await.unwrap();
    assert!(drawn(&sitting).await == record);
}
