//! The pages of complaints.

use axum::http::StatusCode;
use ocop_app::recognition::testing::certified;

use crate::testing::Client;

#[tokio::test]
async fn a_report_comes_in_without_an_account_and_is_handled() {
    let (sitting, _) = certified().await;
    let world = &sitting.world;
    let (nobody, office) = (Client::nobody(world), Client::signed_in(world, "tinh@b.vn").await);
    let path = format!("/p/{}/complaint", sitting.honey.product);
    assert!(nobody.get(&format!("/p/{}", sitting.honey.product)).await.text.contains(&path));
    let refused = nobody.post(&path, "kind=mark&content=&name=Tr%E1%BA%A7n+Th%E1%BB%AD").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Trần Thử"), "what was typed comes back");
    let sent = nobody.post(&path, "kind=mark&content=Bao+b%C3%AC+in+4+sao&contact=0900").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(nobody.get(&sent.location).await.text.contains("Đã gửi phản ánh"));
    let list = office.get("/complaints").await.text;
    let at = list.find("href=\"/complaints/").unwrap() + 6;
    let page = list[at..].split('"').next().unwrap();
    let shown = office.get(page).await.text;
    assert!(shown.contains("Bao bì in 4 sao") && shown.contains("0900") && shown.contains("Không thụ lý"));
    assert_eq!(office.post(page, "version=1").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.post(page, "version=1&then=admit").await.status, StatusCode::SEE_OTHER);
    assert!(office.get(page).await.text.contains("Ghi trả lời, cấp số"));
    let answer = "version=2&answer=%C4%90%C3%A3+nh%E1%BA%AFc&number=7/UBND-KT&signed_on=02/11/2026&signed_by=Ch%E1%BB%A7+t%E1%BB%8Bch";
    let wrong = office.post(&format!("{page}/answer"), &answer.replace("7/UBND-KT", "bảy")).await;
    assert!(wrong.text.contains("Đã nhắc"), "what was typed comes back");
    assert_eq!(office.post(&format!("{page}/answer"), answer).await.status, StatusCode::SEE_OTHER);
    assert!(office.get(page).await.text.contains("Văn bản trả lời"));
}

#[tokio::test]
async fn a_producer_complains_from_the_page_of_its_result() {
    let (sitting, _) = certified().await;
    let producer = Client::signed_in(&sitting.world, "ct1@b.vn").await;
    let result = format!("/dossiers/{}/result", sitting.dossier);
    let path = format!("/dossiers/{}/complaint", sitting.dossier);
    assert!(producer.get(&result).await.text.contains(&path));
    let filed = producer.post(&path, "content=Ti%C3%AAu+ch%C3%AD+2.3").await;
    assert!(filed.location.starts_with("/complaints/"), "{filed:?}");
    let shown = producer.get(&filed.location).await.text;
    assert!(shown.contains("Đã gửi khiếu nại") && shown.contains("Rút khiếu nại"), "{shown}");
    assert!(!producer.get(&result).await.text.contains(&path), "one is open");
}
