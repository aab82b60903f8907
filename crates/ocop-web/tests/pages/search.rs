//! The search page: kinds, slips, scope.

use axum::http::StatusCode;
use ocop_app::recognition::testing::certified;

use crate::testing::Client;

#[tokio::test]
async fn one_box_finds_by_kind_and_says_what_it_mended() {
    let (sitting, certificate) = certified().await;
    let officer = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let empty = officer.get("/search").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text.contains("Gõ vài chữ để tìm"));
    let found = officer.get("/search?q=M%E1%BA%ADt+ong").await;
    for link in [
        format!("/producers/{}", sitting.honey.producer),
        format!("/products/{}", sitting.honey.product),
        format!("/dossiers/{}", sitting.dossier),
        format!("/certificates/{}", certificate.id),
    ] {
        assert!(found.text.contains(&link), "{link}");
        assert_eq!(officer.get(&link).await.status, StatusCode::OK, "{link}");
    }
    assert!(found.text.contains("Tìm «mat ong» trong danh mục công khai"));
    let mended = officer.get("/search?q=mat+onng").await;
    assert!(mended.text.contains("Không thấy «mat onng»; đang hiện kết quả cho «mat ong»"));
    let one = officer.get("/search?q=mat&kind=dossier&after=nichts").await;
    assert!(one.text.contains("/dossiers/") && !one.text.contains("href=\"/producers/"));
    let strange = officer.get("/search?q=%3Cscript%3E%27%25_&kind=x&after=~~").await;
    assert!(strange.status == StatusCode::OK && !strange.text.contains("<script>'"));
}

#[tokio::test]
async fn nobody_finds_what_is_not_theirs() {
    let (sitting, _) = certified().await;
    let stranger = Client::signed_in(&sitting.world, "ct2@b.vn").await;
    let found = stranger.get("/search?q=mat+ong").await;
    assert!(!found.text.contains("/dossiers/") && !found.text.contains("href=\"/producers/0"));
    assert!(found.text.contains("danh mục công khai"), "what is public stays open");
    let product = format!("href=\"/p/{}\"", sitting.honey.product);
    assert!(found.text.contains(&product), "{}", found.text);
    let everybody = Client::nobody(&sitting.world).get("/search?q=mat+onf").await;
    assert_eq!(everybody.status, StatusCode::OK);
    assert!(everybody.text.contains(&product) && everybody.text.contains("đang hiện kết quả cho «mat ong»"));
    assert!(!everybody.text.contains("/dossiers/") && !everybody.text.contains("href=\"/producers/0"));
}
