//! The page of notifications and the bell of every page.

use axum::http::StatusCode;
use ocop_app::councils::testing::Sitting;

use crate::testing::Client;

#[tokio::test]
async fn the_bell_counts_what_is_new_until_its_page_is_opened() {
    let sitting = Sitting::advising().await;
    let producer = Client::signed_in(&sitting.world, "ct1@b.vn").await;
    let home = producer.get("/home").await.text;
    assert!(home.contains("aria-label=\"Thông báo: 2 chưa đọc\""), "{home}");
    let list = producer.get("/notifications").await.text;
    assert!(list.contains("Cấp xã đã đề nghị tỉnh đánh giá") && list.contains("Mới"));
    let dossier = format!("/dossiers/{}", sitting.dossier);
    assert!(list.contains(&format!("href=\"{dossier}\"")));
    let opened = producer.get(&dossier).await.text;
    assert!(opened.contains("aria-label=\"Thông báo\""), "both were about this page");
    assert!(!producer.get("/notifications").await.text.contains("Mới"));
}

#[tokio::test]
async fn everything_is_read_with_one_button() {
    let sitting = Sitting::advising().await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    assert!(officer.get("/notifications").await.text.contains("Đánh dấu tất cả đã đọc"));
    let read = officer.post("/notifications/read", "").await;
    assert_eq!((read.status, read.location.as_str()), (StatusCode::SEE_OTHER, "/notifications?done=read"));
    assert!(!officer.get("/notifications").await.text.contains("Đánh dấu tất cả đã đọc"));
    let nobody = Client::nobody(&sitting.world).get("/notifications").await;
    assert!(nobody.location.starts_with("/login"), "{nobody:?}");
}
