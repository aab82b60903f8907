//! Pages of councils and of the advisory team: statuses, and what comes back when a form is refused.

use axum::http::StatusCode;
use ocop_app::councils::testing::Sitting;

use crate::testing::{Client, autosave, client};

#[tokio::test]
async fn the_office_sets_up_a_council_page_by_page() {
    let sitting = Sitting::accepted().await;
    let office = client(&sitting, &sitting.world.officer).await;
    let new = format!("/councils/new?round={}", sitting.honey.round);
    let form = office.get(&new).await;
    assert!(form.text.contains("name=\"quorum_percent\" type=\"text\" value=\"75\""), "{}", form.text);
    let refused =
        office.post(&new, "name=H%E1%BB%99i+%C4%91%E1%BB%93ng+X&quorum_percent=75&spread_limit=10").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"Hội đồng X\"") && refused.text.contains("Ghi số, ký hiệu"));
    let made = office
        .post(&new, "name=HD&decision_no=9%2FQD&decision_on=01%2F11%2F2026&quorum_percent=75&spread_limit=10&chair_required=1&chair_votes=1&spread_rule=discuss&floor_rule=majority&decimals=2&opinion_days=7")
        .await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let council = made.location.split('?').next().unwrap().to_owned();

    let seat = format!("{council}/seats");
    let unknown = office.post(&seat, "email=ai%40b.vn&kind=chair&agency=UBND").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.text.contains("Chưa có tài khoản") && unknown.text.contains("value=\"ai@b.vn\""));
    for (email, kind) in [("hd9", "chair"), ("hd10", "advisor")] {
        let added = office.post(&seat, &format!("email={email}%40b.vn&kind={kind}&agency=UBND")).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    }
    let empty = office.post(&format!("{council}/dossiers"), "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Chưa chọn hồ sơ"));
    let assigned =
        office.post(&format!("{council}/dossiers"), &format!("dossiers={}", sitting.dossier)).await;
    assert_eq!(assigned.status, StatusCode::SEE_OTHER);
    let shown = office.get(&council).await;
    assert!(shown.text.contains("Tổ tư vấn đang đánh giá"), "{}", shown.text);

    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.members[0]] {
        let stranger = client(&sitting, stranger).await;
        assert_eq!(stranger.get(&new).await.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger.get(&council).await.status, StatusCode::FORBIDDEN);
        assert_eq!(
            stranger.post(&seat, "email=hd8%40b.vn&kind=member&agency=X").await.status,
            StatusCode::FORBIDDEN
        );
    }
    let nobody = Client::nobody(&sitting.world).get(&council).await;
    assert!(nobody.location.starts_with("/login"), "{}", nobody.location);
}

#[tokio::test]
async fn the_team_works_beside_the_papers() {
    let sitting = Sitting::advising().await;
    let team = client(&sitting, &sitting.advisor).await;
    let desk = format!("/dossiers/{}/advice", sitting.dossier);
    let finding = format!("{desk}/findings/2.3");
    let room = team.get(&finding).await;
    assert_eq!(room.status, StatusCode::OK, "{}", room.text);
    assert!(room.text.contains("<iframe class=\"viewer-page\" src=\"/evidence/"), "{}", room.text);
    assert!(room.text.contains("#page=1&amp;") || room.text.contains("#page=1&#38;"), "{}", room.text);

    let saved = autosave(&team, &finding, "finding=%C4%90%E1%BB%A7&version=0").await;
    assert_eq!(
        (saved.status, saved.text.contains("\"version\":1")),
        (StatusCode::OK, true),
        "{}",
        saved.text
    );
    let stale = autosave(&team, &finding, "finding=Thi%E1%BA%BFu&version=0").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("Đủ"), "{}", stale.text);
    assert!(team.get(&desk).await.text.contains("Đủ"));

    let asked = team
        .post(&format!("{desk}/requests"), "criterion=2.3&request=%E1%BA%A2nh&due_on=01%2F11%2F2026")
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("Hạn bổ sung đã qua"));
    let asked = team
        .post(&format!("{desk}/requests"), "criterion=2.3&request=%E1%BA%A2nh&due_on=05%2F11%2F2026")
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let filed = team.post(&format!("{desk}/report"), "summary=%C4%90%E1%BB%A7&proposal=H%E1%BB%8Dp").await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER);
    let again = team.post(&format!("{desk}/report"), "summary=%C4%90%E1%BB%A7&proposal=H%E1%BB%8Dp").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    let producer = client(&sitting, &sitting.honey.actor).await;
    assert_eq!(producer.get(&desk).await.status, StatusCode::FORBIDDEN);
    assert_eq!(team.get(&format!("{desk}/findings/99")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_chair_opens_the_session() {
    let sitting = Sitting::advised().await;
    let chair = client(&sitting, &sitting.chair).await;
    let session = format!("/councils/{}/session", sitting.council);
    let form = chair.get(&session).await;
    assert!(form.text.contains("Cần ít nhất 4 thành viên"), "{}", form.text);
    let seats: Vec<String> = [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]]
        .into_iter()
        .map(|actor| format!("present={}", sitting.seat_id(actor)))
        .collect();
    let dossier = format!("dossiers={}", sitting.dossier);
    let short = chair.post(&session, &format!("{}&{dossier}", seats[..2].join("&"))).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("Có 2 trên 5"), "{}", short.text);
    let opened = chair.post(&session, &format!("{}&{dossier}", seats.join("&"))).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let twice = chair.post(&session, &format!("{}&{dossier}", seats.join("&"))).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let member = client(&sitting, &sitting.members[0]).await;
    assert_eq!(member.get(&session).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_conflict_is_declared_once_and_closes_the_pages() {
    let sitting = Sitting::advised().await;
    let member = client(&sitting, &sitting.members[0]).await;
    let page = format!("/dossiers/{}/conflict", sitting.dossier);
    assert_eq!(member.get(&page).await.status, StatusCode::OK);
    let empty = member.post(&page, "reason=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Ghi rõ quan hệ"));
    let declared = member.post(&page, "reason=Em+ru%E1%BB%99t").await;
    assert_eq!(declared.location, format!("/councils/{}?done=declared", sitting.council));
    assert_eq!(
        member.get(&format!("/dossiers/{}/advice", sitting.dossier)).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        member.get(&format!("/dossiers/{}/scoring", sitting.dossier)).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(member.post(&page, "reason=N%E1%BB%AFa").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(member.get(&page).await.text.contains("đã đóng với bạn"));
}

#[tokio::test]
async fn the_office_puts_a_substitute_in_a_members_place() {
    let sitting = Sitting::scoring(2).await;
    let office = client(&sitting, &sitting.world.officer).await;
    let council = format!("/councils/{}", sitting.council);
    let page = format!("{council}/replacements");
    assert!(office.get(&council).await.text.contains(&page));
    let form = office.get(&page).await;
    let version = form.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let empty = office.post(&page, &format!("version={version}&decision_no=7%2FQD")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Ghi lý do thay") && empty.text.contains("value=\"7/QD\""), "{}", empty.text);
    let sent = format!(
        "version={version}&seat={}&scope=dossiers&dossiers={}&email=hd9%40b.vn&agency=S%E1%BB%9F&decision_no=7%2FQD&\
         decision_on=01%2F11%2F2026&reason=%E1%BB%90m+%3Cb%3E",
        sitting.seat_id(&sitting.members[0]),
        sitting.dossier
    );
    let done = office.post(&page, &sent).await;
    assert_eq!(done.location, format!("{council}?done=replaced#seats"), "{}", done.text);
    let late = office.post(&page, &sent).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "the member was replaced on this dossier");
    let shown = office.get(&council).await;
    assert!(shown.text.contains("Đã thay thành viên") && shown.text.contains("Ốm &#60;b&#62;"));
    assert!(shown.text.contains("thay ở từng hồ sơ"));
    for stranger in [&sitting.chair, &sitting.members[0], &sitting.honey.actor] {
        let stranger = client(&sitting, stranger).await;
        assert_eq!(stranger.get(&page).await.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger.post(&page, &sent).await.status, StatusCode::FORBIDDEN);
    }
}
