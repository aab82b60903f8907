//! The page of a dossier's way to the centre, by role.

use axum::http::StatusCode;
use ocop_app::centre::testing::Centre;
use ocop_app::recognition::record_decision;
use ocop_app::recognition::testing::{confirmed, decision};

use crate::testing::client;

#[tokio::test]
async fn the_office_sends_the_bundle_and_notes_the_answer() {
    let sitting = confirmed(100).await;
    let at = format!("/dossiers/{}/centre", sitting.dossier);
    let officer = client(&sitting, &sitting.world.officer).await;
    assert_eq!(officer.get(&at).await.status, StatusCode::NOT_FOUND, "not approved");
    record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &decision()).await.unwrap();
    let producer = client(&sitting, &sitting.honey.actor).await;
    assert!(producer.get(&at).await.text.contains("đang chuẩn bị gửi hồ sơ"));
    for (path, allowed) in [("", StatusCode::UNPROCESSABLE_ENTITY), ("/answer", StatusCode::NOT_FOUND)] {
        let denied = producer.post(&format!("{at}{path}"), "").await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(officer.post(&format!("{at}{path}"), "").await.status, allowed, "{path}");
    }
    assert_eq!(producer.get(&format!("{at}/bundle.zip")).await.status, StatusCode::FORBIDDEN);
    let kind = officer.get_head(&format!("{at}/bundle.zip"), "content-type").await;
    assert_eq!(kind.as_deref(), Some("application/zip"));
    let sent = officer.post(&at, "round=outside").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let empty = officer.post(&format!("{at}/answer"), "answer=refused&mean=85,5").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("value=\"85,5\"") && empty.text.contains("Chọn hạng sao"));
    let typed = "answer=refused&number=12/TB-BNNMT&answered_on=02/11/2026&mean=85,5&stars=4";
    assert_eq!(officer.post(&format!("{at}/answer"), typed).await.status, StatusCode::SEE_OTHER);
    let page = officer.get(&at).await.text;
    assert!(page.contains("85,50") && page.contains("Công nhận theo kết quả của trung ương"), "{page}");
    let no_round = officer.post(&format!("{at}/again"), "").await;
    assert_eq!(no_round.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(officer.post(&format!("{at}/close"), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(officer.post(&format!("{at}/close"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_office_is_offered_only_what_it_may_open() {
    let (centre, _) = Centre::five_stars().await;
    let sitting = &centre.sitting;
    for (officer, opens) in [(&centre.officer, false), (&centre.sender, true)] {
        let client = client(sitting, officer).await;
        let list = client.get("/rounds").await.text;
        assert_eq!(list.contains("href=\"/wording\""), opens);
        let mut linked = list.split("href=\"/rounds/").skip(1).map(|rest| rest.split('"').next().unwrap());
        let round = linked.find(|at| *at != "new").unwrap();
        let board = client.get(&format!("/rounds/{round}")).await;
        assert_eq!(board.status, StatusCode::OK, "{round}");
        assert_eq!(board.text.contains(&format!("/reports/rounds/{round}")), opens, "{round}");
    }
}
