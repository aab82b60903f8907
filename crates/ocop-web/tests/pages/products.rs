//! A product's life, facts and results on paper, through the pages.

use axum::http::StatusCode;
use ocop_app::dossiers::testing::honey_in_round;
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn facts_are_noted_on_their_page_and_shown_to_those_concerned() {
    let world = World::new().await;
    let kept = honey_in_round(&world).await;
    let owner = Client::signed_in(&world, "ct1@b.vn").await;
    let (page, facts) = (format!("/products/{}", kept.product), format!("/products/{}/facts", kept.product));
    let bad = owner.post(&facts, "fact=revenue&year=2025&amount=nhi%E1%BB%81u").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("value=\"nhiều\"") && bad.text.contains("href=\"#amount\""));
    let good = owner.post(&facts, "fact=revenue&year=2025&amount=1.250.000.000").await;
    assert_eq!((good.status, good.location), (StatusCode::SEE_OTHER, format!("{facts}?done=saved")));
    assert!(owner.get(&page).await.text.contains("2025: 1.250.000.000 đ"));
    assert!(!owner.get(&facts).await.text.contains("name=\"code\""), "offices give codes");
    let officer = Client::signed_in(&world, "tinh@b.vn").await;
    assert!(officer.get(&facts).await.text.contains("name=\"code\""));
    let stranger = Client::signed_in(&world, "ct2@b.vn").await;
    for path in [&page, &facts] {
        assert_eq!(stranger.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(stranger.post(&facts, "fact=revenue&year=2025&amount=1").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_result_on_paper_is_recorded_and_told_as_of_a_day() {
    let world = World::new().await;
    let kept = honey_in_round(&world).await;
    let officer = Client::signed_in(&world, "tinh@b.vn").await;
    let (page, form) =
        (format!("/products/{}", kept.product), format!("/products/{}/evaluations/new", kept.product));
    assert_eq!(Client::signed_in(&world, "ct1@b.vn").await.get(&form).await.status, StatusCode::FORBIDDEN);
    assert!(officer.get(&page).await.text.contains("Chưa có sao"));
    let bad = officer.post(&form, "level=province&points=abc").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("href=\"#points\"") && bad.text.contains("value=\"abc\""));
    let other = officer
        .post(&form, &format!("level=province&evaluated_on=22%2F11%2F2022&round={}", kept.round))
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("không thuộc «Đợt 2 năm 2026»"), "{}", other.text);
    let sent = "level=province&evaluated_on=22%2F11%2F2022&set_no=4&points=66%2C5&stars=3\
        &decision_no=3589&decided_on=02%2F12%2F2022&certified=on";
    let done = officer.post(&form, sent).await;
    assert_eq!(done.location, format!("{page}?done=saved"), "{}", done.text);
    let today = officer.get(&page).await.text;
    for words in
        ["Đã hết hạn", "Đánh giá cấp tỉnh", "66,50 điểm", "Công nhận mới 3 sao", "Giấy chứng nhận hết hạn"]
    {
        assert!(today.contains(words), "{words}");
    }
    for on in ["2023-01-01", "01%2F01%2F2023"] {
        assert!(officer.get(&format!("{page}?on={on}")).await.text.contains("Đang có sao"), "{on}");
    }
    let none = officer.get(&format!("{page}?on=31%2F02%2F2023")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Ngày chưa đúng") && none.text.contains("value=\"31/02/2023\""));
}
