//! The pages of a visit.

use axum::http::StatusCode;
use ocop_app::recognition::testing::certified;

use crate::testing::Client;

/// A form as browsers send it; what is typed here needs no more than plus signs.
fn sent(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, typed)| format!("{name}={}", typed.replace(' ', "+")));
    pairs.collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn a_visit_goes_through_its_pages() {
    let (sitting, certificate) = certified().await;
    let world = &sitting.world;
    let office = Client::signed_in(world, "tinh@b.vn").await;
    let producer = Client::signed_in(world, "ct1@b.vn").await;
    let plan = format!("/certificates/{}/inspection", certificate.id);
    let refused = office.post(&plan, &sent(&[("kind", "unannounced"), ("team", "<b>Vũ</b>")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Ghi lý do kiểm tra đột xuất."), "{}", refused.text);
    assert!(refused.text.contains("&#60;b&#62;Vũ"), "what was typed comes back");
    let fields = [("kind", "planned"), ("planned_on", "02/11/2026"), ("team", "Vũ Đình Thử")];
    let planned = office.post(&plan, &sent(&fields)).await;
    let page = planned.location.replace("?done=saved", "");
    assert!(page.starts_with("/inspections/"), "{page}");
    let form = office.get(&format!("{page}/record")).await;
    assert!(form.text.contains("Sử dụng nhãn hiệu OCOP"), "{}", form.text);
    let record = [
        ("version", "1"),
        ("held_on", "02/11/2026"),
        ("place", "xưởng"),
        ("code", "2.3"),
        ("met", "no"),
        ("finding", "Nhãn thiếu ngày sản xuất."),
        ("measure", "Sửa nhãn"),
        ("due_on", "xx"),
    ];
    let wrong = office.post(&format!("{page}/record"), &sent(&record)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Nhãn thiếu ngày sản xuất.") && wrong.text.contains("Sửa nhãn"));
    let right: Vec<_> = record
        .iter()
        .map(|(name, typed)| (*name, if *typed == "xx" { "20/11/2026" } else { typed }))
        .collect();
    assert_eq!(office.post(&format!("{page}/record"), &sent(&right)).await.status, StatusCode::SEE_OTHER);
    let seen = producer.get(&page).await;
    assert!(seen.text.contains("chưa phù hợp") && seen.text.contains("Gửi trả lời"), "{}", seen.text);
    assert!(!seen.text.contains("Kết thúc kiểm tra"), "that is the office's");
    let answer = [("version", "2"), ("answer", ""), ("done", "Đã in nhãn mới.")];
    assert_eq!(producer.post(&format!("{page}/answer"), &sent(&answer)).await.status, StatusCode::SEE_OTHER);
    let open = office
        .post(&format!("{page}/close"), &sent(&[("version", "3"), ("outcome", "Xong"), ("then", "close")]))
        .await;
    assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(open.text.contains("còn 1 biện pháp chưa xong") && open.text.contains("Xong"), "{}", open.text);
    let close = [("version", "3"), ("measures", "0"), ("outcome", "Xong"), ("then", "close")];
    assert_eq!(office.post(&format!("{page}/close"), &sent(&close)).await.status, StatusCode::SEE_OTHER);
    assert!(office.get(&page).await.text.contains("Đã kết thúc"));
    assert!(office.get("/inspections").await.text.contains("Tháng 11"));
    let certificate = office.get(&format!("/certificates/{}", certificate.id)).await;
    assert!(certificate.text.contains("Kiểm tra sau công nhận"), "{}", certificate.text);
}
