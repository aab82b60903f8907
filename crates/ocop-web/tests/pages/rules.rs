//! The law for reading: who sees what, and what every reader finds.

use axum::http::StatusCode;
use ocop_app::councils::testing::Sitting;
use ocop_app::recognition::testing::certified;
use ocop_app::rules::testing::after_a_new_decision;
use ocop_app::testing::World;

use crate::testing::Client;

#[tokio::test]
async fn the_law_is_open_to_everybody() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let producer = Client::signed_in(&world, &world.producer.name).await;
    let officer = Client::signed_in(&world, &world.officer.name).await;
    for page in [
        "/rules",
        "/rules?regime=2020-781",
        "/rules/2026-26/4",
        "/rules/2023-148/26",
        "/rules/compare/2023-148/4",
        "/rules/compare/2020-781/21",
        "/rules/compare/2020-781/4?to=2026-26/8",
        "/rules/compare/2026-26/4",
    ] {
        for reader in [&nobody, &producer, &officer] {
            let answer = reader.get(page).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(!answer.text.contains("style=") && !answer.text.contains("<script>"), "{page}");
        }
    }
    for unknown in [
        "/rules?regime=1999-1",
        "/rules/2026-26/27",
        "/rules/2026-26/x",
        "/rules/1999-1/4",
        "/rules/compare/1999-1/4",
        "/rules/compare/2023-148/99",
        "/rules/compare/2023-148/4?to=2026-26/99",
        "/rules/compare/2023-148/4?to=%3Cscript%3E",
    ] {
        let answer = nobody.get(unknown).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        assert!(answer.text.contains("Không tìm thấy") && !answer.text.contains("<script>"), "{unknown}");
    }
}

/// Every sheet and every comparison of the program can be shown.
#[tokio::test]
async fn every_sheet_and_every_comparison_is_a_page() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    for regime in ["2020-781", "2023-148", "2026-26"] {
        for no in 1..=26 {
            for page in [format!("/rules/{regime}/{no}"), format!("/rules/compare/{regime}/{no}")] {
                assert_eq!(nobody.get(&page).await.status, StatusCode::OK, "{page}");
            }
        }
    }
}

#[tokio::test]
async fn sets_are_found_without_marks() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let found = nobody.get("/rules?q=mat+ong").await;
    assert!(found.text.contains("2 bộ") && found.text.contains("href=\"/rules/2026-26/4\""));
    assert!(!found.text.contains("href=\"/rules/2026-26/1\""));
    assert!(nobody.get("/rules?q=xe+may").await.text.contains("Không tìm thấy bộ nào"));
    for page in ["/", "/products", "/rules", "/login"] {
        assert!(nobody.get(page).await.text.contains("href=\"/rules\""), "{page}");
    }
}

#[tokio::test]
async fn a_sheet_says_everything_that_is_scored() {
    let world = World::new().await;
    let sheet = Client::nobody(&world).get("/rules/2026-26/4").await.text;
    for told in [
        "Bộ 4. Mật ong, mật khác",
        "26/2026/QĐ-TTg, Phụ lục II, bộ 4",
        "Giả mạo hồ sơ",
        "từ 90 điểm: 5 sao",
        "Phần C: Chất lượng sản phẩm",
        "id=\"c-3.5\"",
        "100% sản phẩm nuôi/trồng trong địa bàn cấp tỉnh",
        "Dừng đánh giá:</b> Dừng đánh giá nếu có tạp chất",
        "Mức tối thiểu để đạt 4 sao",
        "(tiêu chí <a href=\"#c-5.1\">5.1</a> từ mức",
        "Minh chứng thường dùng: Phiếu kết quả kiểm nghiệm.",
        "href=\"/rules/compare/2023-148/4?to=2026-26/4\"",
    ] {
        assert!(sheet.contains(told), "{told}");
    }
    let tourism = Client::nobody(&world).get("/rules/2026-26/26").await.text;
    assert!(tourism.contains("<h5>"), "cases are named");
    let old = Client::nobody(&world).get("/rules/2023-148/4").await.text;
    assert!(old.contains("đến 21/05/2026") && old.contains("href=\"/rules/compare/2023-148/4\""));
}

#[tokio::test]
async fn doubts_are_for_officers_and_assessors_alone() {
    let world = World::new().await;
    let doubt = "Bản in chưa rõ";
    for (reader, told) in [
        (Client::nobody(&world), false),
        (Client::signed_in(&world, &world.producer.name).await, false),
        (Client::signed_in(&world, &world.officer.name).await, true),
        (Client::signed_in(&world, &world.commune_officer.name).await, true),
        (Client::signed_in(&world, &world.assessors[0].name).await, true),
    ] {
        for page in ["/rules/2026-26/4", "/rules/2026-26/7", "/rules/2023-148/11"] {
            assert_eq!(reader.get(page).await.text.contains(doubt), told, "{page}");
        }
    }
}

#[tokio::test]
async fn council_and_advisors_see_the_doubt_beside_the_criterion() {
    let sitting = Sitting::scoring(2).await;
    let member = Client::signed_in(&sitting.world, &sitting.members[0].name).await;
    let ballot = format!("/ballots/{}", sitting.ballot(&sitting.members[0], 1).await);
    let told = "<b>Bản in chưa rõ:</b> Sửa: bản in ghi 13, đọc là 3";
    let room = member.get(&format!("{ballot}/criteria/7")).await;
    assert!(room.text.contains(told) && room.text.contains("href=\"/rules/2026-26/4#c-7\""), "{}", room.text);
    assert!(!member.get(&format!("{ballot}/criteria/2.3")).await.text.contains("Bản in chưa rõ"));
    let advisor = Client::signed_in(&sitting.world, &sitting.advisor.name).await;
    let room = advisor.get(&format!("/dossiers/{}/advice/findings/7", sitting.dossier)).await;
    assert!(room.text.contains(told), "{}", room.text);
    let producer = Client::signed_in(&sitting.world, &sitting.honey.actor.name).await;
    let own = producer.get(&format!("/dossiers/{}/self-assessment/7", sitting.dossier)).await;
    assert!(own.status.is_success() && !own.text.contains("bản in ghi 13"), "{}", own.text);
}

#[tokio::test]
async fn a_comparison_leads_with_what_a_star_now_asks() {
    let world = World::new().await;
    let nobody = Client::nobody(&world);
    let page = nobody.get("/rules/compare/2023-148/4").await.text;
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    assert!(at("nay phải có thêm") < at("nay đòi hỏi khác trước"));
    assert!(at("nay đòi hỏi khác trước") < at("Tiêu chí mới"));
    assert!(at("Tiêu chí mới") < at("3.5 Sở hữu trí tuệ: 2 → 3 điểm"));
    assert!(page.contains("Trước: 3.6 Sở hữu trí tuệ."), "{page}");

    let divided = nobody.get("/rules/compare/2020-781/4").await.text;
    assert!(divided.contains("Bộ cũ được chia") && divided.contains("?to=2026-26/8"));
    assert!(divided.contains("mọi mức dưới đây đều mới"));
    let gone = nobody.get("/rules/compare/2020-781/21").await.text;
    assert!(gone.contains("không còn bộ tiêu chí nào") && !gone.contains("Nay chấm theo"));
    let current = nobody.get("/rules/compare/2026-26/4").await.text;
    assert!(current.contains("chưa có quyết định nào thay thế"));
}

#[tokio::test]
async fn a_producer_certified_under_an_older_decision_is_led_to_what_changed() {
    let (mut sitting, _) = certified().await;
    let page = format!("/products/{}", sitting.honey.product);
    let before = Client::signed_in(&sitting.world, &sitting.honey.actor.name).await.get(&page).await;
    assert!(before.status.is_success() && !before.text.contains("Bộ tiêu chí đã đổi"));
    sitting.world.app = after_a_new_decision(&sitting.world.app);
    sitting.world.clock.forward_days(1);
    let producer = Client::signed_in(&sitting.world, &sitting.honey.actor.name).await;
    let after = producer.get(&page).await;
    assert!(after.text.contains("Bộ tiêu chí đã đổi"), "{}", after.text);
    assert!(after.text.contains("bộ 4 của Quyết định 26/2026/QĐ-TTg"));
    let link = "/rules/compare/2026-26/4";
    assert!(after.text.contains(&format!("href=\"{link}\"")));
    assert!(producer.get(link).await.text.contains("Giữ nguyên: 32 tiêu chí."));
}

#[tokio::test]
async fn the_self_assessment_leads_to_its_sheet() {
    let sitting = Sitting::accepted().await;
    let producer = Client::signed_in(&sitting.world, &sitting.honey.actor.name).await;
    let page = producer.get(&format!("/dossiers/{}/self-assessment", sitting.dossier)).await;
    assert!(page.text.contains("href=\"/rules/2026-26/4\">Đọc bộ tiêu chí"), "{}", page.text);
}
