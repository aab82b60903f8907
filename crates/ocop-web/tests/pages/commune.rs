//! The commune's pages.

use axum::http::StatusCode;
use ocop_app::dossiers::testing::submitted;
use ocop_app::testing::World;

use crate::testing::{Client, autosave};

const FINDINGS: &str = "material_finding=%C4%90%C3%BAng&labour_finding=17+ng%C6%B0%E1%BB%9Di&idea_finding=M%E1%BB%9Bi\
    &identity_finding=Dao&present=form01&present=form02&present=evidence&present=samples";

#[tokio::test]
async fn a_commune_officer_writes_form_03_and_proposes() {
    let world = World::new().await;
    let (_, id) = submitted(&world).await;
    let officer = Client::signed_in(&world, "xa@b.vn.example").await;
    let page = format!("/dossiers/{id}/commune-report");
    assert!(officer.get("/home").await.text.contains(&page));
    assert!(officer.get("/commune").await.text.contains(&page));
    let unwritten = officer.get(&page).await.text;
    assert!(unwritten.contains("Có giấy tờ kèm theo.") && !unwritten.contains("form-03.pdf"), "{unwritten}");

    let early = officer.get(&format!("{page}/propose")).await;
    assert!(
        early.text.contains("Báo cáo chưa đủ để đề nghị") && !early.text.contains("Gửi đề nghị lên tỉnh")
    );

    let saved = autosave(&officer, &page, &format!("{FINDINGS}&version=0")).await;
    assert_eq!((saved.status, saved.text.as_str()), (StatusCode::OK, r#"{"saved_at":"09:00","version":1}"#));
    let stale = autosave(&officer, &page, &format!("{FINDINGS}&version=0")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("Chưa lưu"));
    let stale = officer.post(&page, "material_finding=kh%C3%A1c&version=0").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("khác"), "what was typed comes back");
    assert!(officer.get(&page).await.text.contains("papers/form-03.pdf"));

    let on = officer.post(&page, &format!("{FINDINGS}&version=1&then=propose")).await;
    assert_eq!(on.location, format!("{page}/propose"));
    assert!(officer.get(&format!("{page}/propose")).await.text.contains("Gửi đề nghị lên tỉnh"));
    let stale = officer.post(&format!("{page}/propose"), "version=1").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let sent = officer.post(&format!("{page}/propose"), "version=2").await;
    assert_eq!((sent.status, sent.location.as_str()), (StatusCode::SEE_OTHER, "/commune?done=proposed"));
    let twice = officer.post(&format!("{page}/propose"), "version=2").await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);

    let province = Client::signed_in(&world, "tinh@b.vn").await;
    let reception = format!("/dossiers/{id}/reception");
    assert!(province.get("/home").await.text.contains(&reception));
    assert!(province.get(&reception).await.text.contains("17 người"));
    let bad =
        province.post(&format!("{reception}/return"), "reasons=Thi%E1%BA%BFu&due_on=01%2F01%2F2026").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("Hạn bổ sung phải sau hôm nay.") && bad.text.contains("01/01/2026"));
    let accepted = province.post(&format!("{reception}/accept"), "").await;
    assert_eq!(accepted.location, format!("/dossiers/{id}?done=accepted"));
}

#[tokio::test]
async fn a_return_starts_from_what_is_missing() {
    let world = World::new().await;
    let (_, id) = submitted(&world).await;
    let officer = Client::signed_in(&world, "xa@b.vn.example").await;
    let page = format!("/dossiers/{id}/commune-report");
    officer
        .post(
            &page,
            "present=form01&present=form02&present=evidence&remark_samples=m%E1%BB%9Bi+c%C3%B3+3&version=0",
        )
        .await;
    assert!(
        officer
            .get(&format!("{page}/return"))
            .await
            .text
            .contains("- Sản phẩm mẫu do chủ thể cung cấp: mới có 3")
    );
    let empty = officer.post(&format!("{page}/return"), "reasons=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("href=\"#reasons\""));
    let good = officer.post(&format!("{page}/return"), "reasons=Thi%E1%BA%BFu+m%E1%BA%ABu").await;
    assert_eq!(good.location, "/commune?done=returned");
}
