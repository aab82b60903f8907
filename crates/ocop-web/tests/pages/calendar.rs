//! The calendar's page and its feed.

use axum::http::StatusCode;
use ocop_app::recognition::testing::certified;

use crate::testing::Client;

#[tokio::test]
async fn a_phone_subscribes_by_a_secret_address() {
    let (sitting, _) = certified().await;
    let producer = Client::signed_in(&sitting.world, "ct1@b.vn").await;
    let page = producer.get("/calendar").await.text;
    assert!(page.contains("Giấy chứng nhận 3 sao hết hạn") && page.contains("Tạo địa chỉ lịch"));
    assert_eq!(producer.post("/calendar/address", "").await.status, StatusCode::SEE_OTHER);
    let page = producer.get("/calendar").await.text;
    let at = page.find("https://ocop.example/calendar/").unwrap() + "https://ocop.example".len();
    let path = page[at..].split('"').next().unwrap();
    let phone = Client::nobody(&sitting.world);
    let feed = phone.get(path).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert!(feed.text.starts_with("BEGIN:VCALENDAR") && feed.text.contains("hết hạn"), "{}", feed.text);
    assert_eq!(phone.get_head(path, "content-type").await.unwrap(), "text/calendar; charset=utf-8");
    for wrong in ["/calendar/0000.ics", "/calendar/.ics", "/calendar/x"] {
        assert_eq!(phone.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
