//! Two records of one thing, through the pages.

use axum::http::StatusCode;
use ocop_app::dossiers::testing::{honey, honey_in_round};
use ocop_app::products::{ProductInput, add};
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn an_officer_merges_two_records_and_parts_them_again() {
    let world = World::new().await;
    let kept = honey_in_round(&world).await;
    let twin = ProductInput { set_no: "6".to_owned(), story: "Chuyện khác".to_owned(), ..honey() };
    let twin = add(&world.app, &kept.actor, &kept.producer, &twin).await.unwrap();
    let officer = Client::signed_in(&world, "tinh@b.vn").await;
    let list = officer.get("/registry/duplicates").await;
    assert!(list.text.contains("cùng tên"), "{}", list.text);
    let pair = format!("record=product&kept={}&gone={twin}", kept.product);
    let look = officer.get(&format!("/registry/duplicates/merge?{pair}")).await;
    assert!(look.text.contains("Chuyện khác") && look.text.contains("name=\"take_story\""), "{}", look.text);
    for email in ["ct1@b.vn", "xa@b.vn.example"] {
        let other = Client::signed_in(&world, email).await;
        assert_eq!(other.get("/registry/duplicates").await.status, StatusCode::FORBIDDEN);
        let sent = other.post("/registry/duplicates/merge", &pair).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
    }
    let merged = officer.post("/registry/duplicates/merge", &format!("{pair}&take_story=gone")).await;
    assert_eq!(merged.location, "/registry/duplicates?done=merged", "{}", merged.text);
    let moved = officer.get(&format!("/products/{twin}")).await;
    assert_eq!(moved.location, format!("/products/{}", kept.product));
    let edit = Client::signed_in(&world, "ct1@b.vn").await.get(&format!("/products/{twin}/edit")).await;
    assert_eq!(edit.status, StatusCode::UNPROCESSABLE_ENTITY, "a duplicate is not worked on");
    assert!(officer.get(&format!("/products/{}", kept.product)).await.text.contains("Chuyện khác"));
    let parted = officer.post("/registry/duplicates/undo", &format!("gone={twin}")).await;
    assert_eq!(parted.location, "/registry/duplicates?done=parted");
    assert_eq!(officer.get(&format!("/products/{twin}")).await.status, StatusCode::OK);
    let none = officer.get("/registry/duplicates/merge?record=dossier&kept=1&gone=2").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
