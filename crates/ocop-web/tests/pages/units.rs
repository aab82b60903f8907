//! Pages of units: found by old and new names, without an account.

use axum::http::StatusCode;
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn an_old_name_leads_to_the_new_one() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let all = nobody.get("/units").await;
    assert_eq!(all.status, StatusCode::OK);
    assert!(all.text.contains("Tỉnh Quảng Ninh") && all.text.contains("/units/22"));
    for (query, words) in [
        ("hoanh+bo", "Huyện Hoành Bồ"),
        ("Hùng+Thắng,+Hạ+Long", "Thành phố Hạ Long, Tỉnh Quảng Ninh"),
        ("thi+xa+dong+trieu", "31/10/2024"),
        ("khong+co+dau", "Không tìm thấy"),
        ("%25%25", "Không tìm thấy"),
    ] {
        let page = nobody.get(&format!("/units?q={query}")).await;
        assert!(page.text.contains(words), "{query}: {}", page.text);
    }
    let elsewhere = nobody.get("/units?q=B%C3%A3i+Ch%C3%A1y,+H%C3%A0+N%E1%BB%99i").await;
    assert!(elsewhere.text.contains("Không tìm thấy"));
    let hostile = nobody.get("/units?q=%3Cscript%3E").await;
    assert!(!hostile.text.contains("<script>"));
}

#[tokio::test]
async fn a_unit_shows_its_parts_and_its_past() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let province = nobody.get("/units/22").await;
    assert!(province.text.contains("Xã Bình Liêu") && province.text.contains("54"));
    let commune = nobody.get("/units/06673").await;
    assert!(commune.text.contains("Phường Hùng Thắng") && commune.text.contains("/units/22"));
    assert_eq!(nobody.get("/units/99999").await.status, StatusCode::NOT_FOUND);
}
