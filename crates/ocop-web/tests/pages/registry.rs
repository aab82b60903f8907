//! Pages of the registers: access, filters in the address, stars.

use axum::http::StatusCode;
use ocop_app::recognition::testing::certified;
use ocop_app::testing::World;

use crate::testing::Client;

const PAGES: [&str; 7] = [
    "/registry",
    "/registry/products",
    "/registry/producers",
    "/registry/products/csv",
    "/registry/products/xlsx",
    "/registry/producers/csv",
    "/registry/producers/xlsx",
];

#[tokio::test]
async fn officers_open_the_register_and_others_do_not() {
    let world = World::new().await;
    for path in PAGES {
        for (email, status) in [
            ("tinh@b.vn", StatusCode::OK),
            ("xa@b.vn.example", StatusCode::OK),
            ("ct1@b.vn", StatusCode::FORBIDDEN),
            ("hd1@b.vn", StatusCode::FORBIDDEN),
        ] {
            let client = Client::signed_in(&world, email).await;
            assert_eq!(client.get(path).await.status, status, "{email} {path}");
        }
        let nobody = Client::nobody(&world).get(path).await;
        assert!(nobody.location.starts_with("/login?next="), "{path}");
    }
}

#[tokio::test]
async fn filters_stand_in_the_address_and_can_be_dropped_one_by_one() {
    let (sitting, _) = certified().await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let page = officer.get("/registry/products?q=m%E1%BA%ADt&stars=3&event=new&year=2026&sort=expiry").await;
    assert!(page.text.contains("1 sản phẩm") && page.text.contains("stars gold"), "{}", page.text);
    for part in [
        "href=\"/registry/products?event=new&#38;stars=3&#38;year=2026&#38;sort=expiry\"",
        "href=\"/registry/products?event=new&#38;q=m%E1%BA%ADt&#38;year=2026&#38;sort=expiry\"",
        "href=\"/registry/products?q=m%E1%BA%ADt&#38;stars=3&#38;sort=expiry\"",
        "Công nhận mới năm 2026",
        "type=\"hidden\" name=\"event\" value=\"new\"",
        "/registry/products/xlsx?event=new",
    ] {
        assert!(page.text.contains(part), "{part} {}", page.text);
    }
    let before = officer.get("/registry/products?on=2026-11-01").await;
    assert!(before.text.contains("tính đến ngày 01/11/2026") && before.text.contains("0 sản phẩm"));
    let typed = officer.get("/registry/producers?q=tr%C3%A0+%26+hoa&kind=farm&type=").await;
    let download = "/registry/producers/csv?kind=farm&#38;q=tr%C3%A0%20%26%20hoa\"";
    assert!(typed.text.contains(download), "{}", typed.text);
    let plain = officer.get("/registry/producers?q=x~1&after=").await;
    assert!(plain.text.contains("/registry/producers/csv?q=x~1\""), "what can stand as it is stays readable");
    let mended = officer.get("/registry/producers?q=hop+tax").await;
    assert!(mended.text.contains("đang hiện kết quả cho"), "{}", mended.text);
    let strange =
        officer.get("/registry/products?stars=x&industry=%3Cb%3E&until=~&after=~&on=2026-99-99").await;
    assert!(strange.status == StatusCode::OK && !strange.text.contains("<b>\""));
    assert!(!strange.text.contains("2026-99-99") && !strange.text.contains("x sao"), "{}", strange.text);
    let link = format!("/products/{}", sitting.honey.product);
    assert!(officer.get("/registry/products").await.text.contains(&link));
    let file = officer.get("/registry/products/csv?q=mat").await;
    assert_eq!(file.text.lines().count(), 2, "{}", file.text);
}

#[tokio::test]
async fn no_gold_star_as_of_another_day() {
    let (sitting, _) = certified().await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let later = officer.get("/registry/products?on=2027-01-01").await;
    assert!(later.text.contains("3 sao") && !later.text.contains("stars gold"), "{}", later.text);
}
