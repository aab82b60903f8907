//! The public pages: what they show and what they never show.

use axum::http::StatusCode;
use ocop_app::recognition::testing::{certified, renewal_filed};
use ocop_app::recognition::{RevokeInput, revoke_certificate};
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn the_check_page_says_what_a_certificate_is_worth() {
    let (sitting, certificate) = certified().await;
    let nobody = Client::nobody(&sitting.world);
    let page = format!("/check/{}", certificate.check_code);
    let good = nobody.get(&page).await;
    assert_eq!(good.status, StatusCode::OK);
    assert!(
        good.text.contains("verdict ok")
            && good.text.contains("Còn hiệu lực")
            && good.text.contains("stars gold")
    );
    let typed = certificate.check_code.to_lowercase().replace('-', "+");
    assert_eq!(nobody.get(&format!("/check?code={typed}")).await.location, page);

    let unknown = nobody.get("/check/2222-2222-22").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text.contains("verdict unknown") && !unknown.text.contains("stars gold"));
    let hostile = nobody.get("/check?code=%3Cscript%3E").await;
    assert!(!hostile.text.contains("<script>") && hostile.text.contains("verdict unknown"));

    sitting.world.clock.forward_days(3 * 366);
    let expired = nobody.get(&page).await;
    assert!(expired.text.contains("verdict expired") && !expired.text.contains("stars gold"));

    let input = RevokeInput {
        decision_no: "99/QĐ-UBND".to_owned(),
        revoked_on: "05/11/2026".to_owned(),
        signed_by: String::new(),
        ground: "b".to_owned(),
        basis: "Biên bản kiểm tra số 5.".to_owned(),
        concluded_on: "02/11/2026".to_owned(),
        sent_to: String::new(),
    };
    revoke_certificate(sitting.app(), &sitting.world.officer, &certificate.id, &input).await.unwrap();
    let revoked = nobody.get(&page).await;
    assert!(revoked.text.contains("verdict revoked") && revoked.text.contains("05/11/2026"));
    assert!(!revoked.text.contains("stars gold"));
}

#[tokio::test]
async fn an_extended_certificate_is_shown_with_its_ground_and_days() {
    let (sitting, held, _) = renewal_filed().await;
    sitting.world.clock.forward_days(131);
    let nobody = Client::nobody(&sitting.world);
    let most = ocop_core::time::date(held.valid_until + chrono::Days::new(180));
    let check = format!("/check/{}", held.check_code);
    for page in [&check, &format!("/p/{}", sitting.honey.product)] {
        let shown = nobody.get(page).await.text;
        for part in ["stars gold", "nộp hồ sơ đánh giá lại ngày", "Điều 12 khoản 3", most.as_str()]
        {
            assert!(shown.contains(part), "{page} {part}");
        }
    }
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let register = officer.get("/registry/products?standing=starred").await.text;
    assert!(register.contains("chờ kết quả đánh giá lại") && register.contains(&most));
    let page = officer.get(&format!("/certificates/{}", held.id)).await.text;
    assert!(page.contains("còn hiệu lực chờ kết quả đánh giá lại") && page.contains(&most));
    assert!(officer.get("/home").await.text.contains("trước khi sao hết hiệu lực"));
    let product = officer.get(&format!("/products/{}", sitting.honey.product)).await.text;
    assert!(product.contains("đã hết thời hạn, còn hiệu lực chờ kết quả đánh giá lại"));
    sitting.world.clock.forward_days(180);
    assert!(nobody.get(&check).await.text.contains(&format!("đã hết hạn ngày {most}")));
}

#[tokio::test]
async fn a_product_has_a_page_only_by_a_certificate() {
    let (sitting, _) = certified().await;
    let nobody = Client::nobody(&sitting.world);
    let page = nobody.get(&format!("/p/{}", sitting.honey.product)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Mật ong rừng") && page.text.contains("stars gold"));
    for absent in ["Hoàng Thị Thử", "0203 3878 000", "htx@example.vn"] {
        assert!(!page.text.contains(absent), "{absent}");
    }
    assert!(nobody.get("/").await.text.contains("Mật ong rừng"));
    assert!(nobody.get("/products?q=mat+ong").await.text.contains("1 sản phẩm"));
    let filtered = nobody.get("/products?stars=3&province=22&industry=I&q=onq").await;
    assert!(filtered.text.contains("đang hiện kết quả cho «ong»") && filtered.text.contains("1 sản phẩm"));
    assert!(nobody.get("/products?stars=4").await.text.contains("Không tìm thấy sản phẩm"));
    assert!(nobody.get("/products?q=che").await.text.contains("Không tìm thấy sản phẩm"));
    sitting.world.clock.forward_days(3 * 366);
    let later = nobody.get(&format!("/p/{}", sitting.honey.product)).await;
    assert!(later.text.contains("đã hết hạn") && !later.text.contains("stars gold"));
    for unknown in ["/p/abc", "/p/0192d3b0-7c1e-7abc-8def-ffffffffffff"] {
        assert_eq!(nobody.get(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn the_start_page_stands_without_products() {
    let world = World::new().await;
    let page = Client::nobody(&world).get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("href=\"/register\"") && !page.text.contains("product-list"));
}
