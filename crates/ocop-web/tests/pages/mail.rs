//! The office's letters and their words.

use axum::http::StatusCode;
use ocop_app::councils::testing::Sitting;

use crate::testing::Client;

#[tokio::test]
async fn the_office_sees_that_no_server_is_set_up_and_changes_its_words() {
    let sitting = Sitting::advising().await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    assert!(officer.get("/mail").await.text.contains("chưa nối với máy chủ thư"));
    let page = officer.get("/mail/wording").await.text;
    assert!(
        page.contains("Kính gửi {tên}") && page.contains("Kính gửi tinh@b.vn"),
        "the words and a specimen"
    );
    let sent = "subject=Tin+{sai}&opening=Ch%C3%A0o+{t%C3%AAn}&closing=H%E1%BA%BFt&version=0";
    let refused = officer.post("/mail/wording", sent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Không có ô «{sai}»") && refused.text.contains("Chào {tên}"));
    let kept = officer.post("/mail/wording", &sent.replace("+{sai}", "")).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    let stale = officer.post("/mail/wording", &sent.replace("+{sai}", "")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let commune = Client::signed_in(&sitting.world, "xa@b.vn.example").await;
    for page in ["/mail", "/mail/wording"] {
        assert_eq!(commune.get(page).await.status, StatusCode::FORBIDDEN, "{page}");
    }
}

#[tokio::test]
async fn a_person_turns_letters_off_and_on() {
    let sitting = Sitting::advising().await;
    let producer = Client::signed_in(&sitting.world, "ct1@b.vn").await;
    let ticked = "name=\"mails\" value=\"1\" checked";
    assert!(producer.get("/account").await.text.contains(ticked));
    assert_eq!(producer.post("/account/notifications", "").await.status, StatusCode::SEE_OTHER);
    assert!(!producer.get("/account").await.text.contains(ticked));
    producer.post("/account/notifications", "mails=1").await;
    assert!(producer.get("/account").await.text.contains(ticked));
}
