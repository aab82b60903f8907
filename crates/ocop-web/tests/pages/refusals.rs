//! What the framework refuses before any page of ours sees it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn the_frameworks_refusals_are_pages_of_ours() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let check = async |request: axum::http::request::Builder, status: StatusCode, words: &str| {
        let answer = nobody.send(request.body(Body::from("a=1")).unwrap()).await;
        assert_eq!(answer.status, status, "{words}: {}", answer.text);
        assert!(answer.text.contains("<main") && answer.text.contains(words), "{words}: {}", answer.text);
    };
    let elsewhere = Request::post("/login").header("Sec-Fetch-Site", "cross-site");
    check(elsewhere, StatusCode::FORBIDDEN, "từ một trang khác").await;
    let json = Request::post("/login").header("Content-Type", "application/json");
    check(json, StatusCode::UNSUPPORTED_MEDIA_TYPE, "chưa lưu").await;
    check(Request::delete("/login"), StatusCode::METHOD_NOT_ALLOWED, "không nhận cách gửi đó").await;
    check(Request::get("/check/%FF"), StatusCode::BAD_REQUEST, "Đường dẫn này có chỗ không đọc được").await;
    check(Request::get("/assets/none.css"), StatusCode::NOT_FOUND, "Không tìm thấy").await;
}
