//! Pages of reports: who may open them, where their numbers lead, what a frozen one shows.

use axum::http::StatusCode;
use ocop_app::councils::testing::Sitting;
use ocop_app::testing::season::{certifiable, decide};

use crate::testing::{Answer, Client};

const OFFICER: &str = "tinh@b.vn";

async fn certified() -> Sitting {
    let sitting = certifiable().await;
    decide(&sitting).await;
    sitting
}

fn links(page: &Answer, beginning: &str) -> Vec<String> {
    let hrefs = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found: Vec<String> =
        hrefs.filter(|href| href.starts_with(beginning)).map(|href| href.replace("&#38;", "&")).collect();
    found.dedup();
    found
}

#[tokio::test]
async fn every_report_opens_for_officers_with_one_heading_and_no_inline_style() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let commune = Client::signed_in(&sitting.world, "xa@b.vn.example").await;
    let round = format!("/reports/rounds/{}", sitting.honey.round);
    let stranger = Client::signed_in(&sitting.world, "ct2@b.vn").await;
    for path in [
        "/reports",
        "/reports/stars",
        "/reports/years",
        "/reports/expiring",
        "/reports/people",
        "/reports/revenue",
        "/reports/map",
        &round,
        "/reports/frozen",
        "/reports/rows?expiring=yes",
    ] {
        for client in [&officer, &commune] {
            let page = client.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert!(!page.text.contains("style=") && !page.text.contains("<script>"), "{path}");
            assert!(page.text.matches("btn go").count() <= 1, "{path}");
        }
        assert_eq!(stranger.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        let nobody = Client::nobody(&sitting.world).get(path).await;
        assert!(nobody.location.starts_with("/login?next="), "{path}");
    }
    for path in ["/reports/round", "/reports/xyz", "/reports/rows", "/reports/rounds/x", "/reports/frozen/x"]
    {
        assert_eq!(officer.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn numbers_lead_to_rows_of_the_same_day() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let today = officer.get("/reports").await;
    assert!(links(&today, "/registry/products").contains(&"/registry/products?standing=starred".to_owned()));
    let day = sitting.app().today();
    sitting.world.clock.forward_days(10);
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let before = officer.get(&format!("/reports?on={day}")).await;
    let rows = links(&before, "/registry/");
    assert!(!rows.is_empty() && rows.iter().all(|href| href.contains("on=2026-")), "{rows:?}");
    let reports = links(&before, "/reports/");
    for address in [format!("/reports/years?on={day}"), format!("/reports?on={day}&as=xlsx")] {
        assert!(
            reports.contains(&address) || before.text.contains(&address.replace('&', "&#38;")),
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_day_that_cannot_be_told_comes_back_with_the_fault_beside_it() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let page = officer.get("/reports/stars?on=31%2F02%2F2026").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("value=\"31/02/2026\"") && page.text.contains("id=\"on-error\""));
}

#[tokio::test]
async fn a_frozen_report_is_the_same_page_with_who_froze_it() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let done = officer.post("/reports/freeze", "kind=leader&on=&commune=&district=").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let path = done.location.replace("?done=frozen", "");
    let page = officer.get(&path).await;
    assert!(page.text.contains("Báo cáo đã chốt ngày") && page.text.contains("bởi tinh@b.vn"));
    assert!(!page.text.contains("Chốt báo cáo</button>"), "not frozen twice");
    let day = format!("on={}", sitting.app().today());
    let rows = links(&page, "/registry/products?standing");
    assert!(rows.iter().all(|href| href.contains("on=")), "{rows:?} {day}");
    let book = officer.get(&format!("{path}?as=xlsx")).await;
    assert_eq!(book.status, StatusCode::OK);
    sitting.world.clock.forward_days(400);
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    assert_eq!(officer.get(&path).await.text, page.text, "byte for byte");
    assert!(officer.get("/reports/frozen").await.text.contains(&path));
    let commune = Client::signed_in(&sitting.world, "xa@b.vn.example").await;
    assert_eq!(commune.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.post("/reports/freeze", "kind=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reports_go_out_in_three_forms() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let csv = officer.get("/reports/stars?as=csv").await;
    assert!(csv.text.starts_with("\u{feff}Bảng,Dòng,Cột,Giá trị"), "{}", csv.text);
    for path in ["/reports?as=xlsx", "/reports/ptnt-ocop.xlsx?year=2026"] {
        let book = officer.get(path).await;
        assert!(book.status == StatusCode::OK && book.text.starts_with("PK"), "{path}");
    }
    let wrong = officer.get("/reports/ptnt-ocop.xlsx?year=1999").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_place_that_nobody_knows_is_a_tile_and_no_bubble() {
    let sitting = certified().await;
    let officer = Client::signed_in(&sitting.world, OFFICER).await;
    let drawn = officer.get("/reports/map").await.text;
    assert!(drawn.contains("class=\"chart map\"") && !drawn.contains("class=\"tiles\""), "{drawn}");
    sitting.world.forget_where_units_lie().await;
    let tiled = officer.get("/reports/map").await.text;
    assert!(tiled.contains("class=\"tiles\"") && !tiled.contains("class=\"chart map\""), "{tiled}");
}
