//! Pages of the council room, the tally and the result: statuses, autosave, what each reader finds.

use axum::http::StatusCode;
use ocop_app::councils::testing::{Sitting, sheet_of};
use ocop_app::testing::season::seal_all;

use crate::testing::{autosave, client};

#[tokio::test]
async fn a_member_scores_in_the_room() {
    let sitting = Sitting::scoring(2).await;
    let member = client(&sitting, &sitting.members[0]).await;
    let ballot = format!("/ballots/{}", sitting.ballot(&sitting.members[0], 1).await);
    assert_eq!(member.get(&ballot).await.location, format!("{ballot}/criteria/1.1"));
    let at = format!("{ballot}/criteria/2.3");
    let room = member.get(&at).await;
    assert!(room.text.contains("Chủ thể tự chấm: 3 điểm."), "{}", room.text);
    assert!(room.text.contains("value=\"1:0\"") && room.text.contains("<iframe class=\"viewer-page\""));
    assert!(!room.text.contains("style="), "the page's policy allows no inline style");

    let saved = autosave(&member, &at, "choice=1%3A3&note=&version=1").await;
    assert_eq!(saved.status, StatusCode::OK);
    assert!(saved.text.contains("\"totals\":{\"a\":3,\"answered\":1,\"b\":0,\"c\":0,"), "{}", saved.text);
    let second_tab = autosave(&member, &at, "choice=1%3A1&note=&version=1").await;
    assert_eq!(second_tab.status, StatusCode::CONFLICT);
    assert!(second_tab.text.contains("mức 3"), "{}", second_tab.text);

    let none = member.post(&at, "note=Ch%E1%BB%AF&version=2&then=next").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Chọn một mức") && none.text.contains("Chữ"), "what was typed comes back");
    let next = member.post(&at, "choice=1%3A2&note=&version=2&then=next").await;
    assert_eq!((next.status, next.location), (StatusCode::SEE_OTHER, format!("{ballot}/criteria/2.4")));
    assert_eq!(member.get(&format!("{ballot}/criteria/99")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(member.get("/ballots/0").await.status, StatusCode::NOT_FOUND);
    let long = member.post(&at, &format!("choice=1%3A2&version=3&note={}", "a".repeat(10_000))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text.contains("nhiều nhất là 2000 chữ"), "{}", long.text);

    for other in [
        &sitting.chair,
        &sitting.secretary,
        &sitting.members[1],
        &sitting.world.officer,
        &sitting.honey.actor,
    ] {
        let other = client(&sitting, other).await;
        for path in
            [ballot.clone(), at.clone(), format!("{ballot}/review"), format!("{ballot}/disqualification")]
        {
            assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(other.post(&at, "choice=1%3A1&version=3").await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{ballot}/seal"), "version=3").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_review_shows_what_is_sealed_and_seals_once() {
    let sitting = Sitting::scoring(2).await;
    let (chair, one) = (&sitting.chair, &sitting.members[0]);
    let member = client(&sitting, one).await;
    let ballot = format!("/ballots/{}", sitting.ballot(one, 1).await);
    let review = member.get(&format!("{ballot}/review")).await;
    assert!(review.text.contains("Chưa niêm được") && !review.text.contains("icons.svg#seal"));
    let early = member.post(&format!("{ballot}/seal"), "version=1").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);

    let version = sitting.fill(one, 1, &sheet_of(sitting.set(), 88)).await;
    let review = member.get(&format!("{ballot}/review")).await;
    assert!(review.text.contains("88 <small>/ 100 điểm</small>"), "{}", review.text);
    let opinion =
        autosave(&member, &format!("{ballot}/opinion"), &format!("opinion=T%E1%BB%91t&version={version}"))
            .await;
    assert!(opinion.text.contains(&format!("\"version\":{}", version + 1)), "{}", opinion.text);
    let stale =
        member.post(&format!("{ballot}/seal"), &format!("version={version}&opinion=T%E1%BB%91t")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let form = format!("version={}&opinion=R%E1%BA%A5t+t%E1%BB%91t", version + 1);
    let sealed = member.post(&format!("{ballot}/seal"), &form).await;
    assert_eq!(sealed.location, format!("/councils/{}?done=sealed", sitting.council));
    let twice = member.post(&format!("{ballot}/seal"), &form).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("đã được niêm"));
    let kept = member.get(&format!("{ballot}/review")).await;
    assert!(kept.text.contains("Phiếu đã niêm") && kept.text.contains("Rất tốt"));
    assert_eq!(member.get(&format!("{ballot}/seal")).await.location, format!("{ballot}/review"));

    let path = format!("/dossiers/{}/scoring", sitting.dossier);
    assert!(client(&sitting, &sitting.secretary).await.get(&path).await.text.contains("1/4"));
    let by_chair = client(&sitting, chair).await.get(&path).await;
    assert!(!by_chair.text.contains("/4") && by_chair.text.contains("cho rời phiên"), "{}", by_chair.text);
    let others = client(&sitting, &sitting.members[1]).await.get(&path).await;
    assert_eq!(others.status, StatusCode::OK);
    assert!(!others.text.contains("/4"), "members do not learn how many are sealed");
}

#[tokio::test]
async fn the_chair_discusses_and_confirms_and_the_producer_reads_the_result() {
    let sitting = Sitting::scoring(2).await;
    for (actor, total) in
        [(&sitting.chair, 70), (&sitting.secretary, 85), (&sitting.members[0], 85), (&sitting.members[1], 85)]
    {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    let chair = client(&sitting, &sitting.chair).await;
    let scoring = format!("/dossiers/{}/scoring", sitting.dossier);
    let result = format!("/dossiers/{}/result", sitting.dossier);
    let told = chair.get(&scoring).await;
    assert!(told.text.contains("Chênh lệch 15 điểm, vượt giới hạn 10"), "{}", told.text);
    assert!(told.text.contains("<svg class=\"dotplot\"") && told.text.contains("<table class=\"heat\">"));
    assert!(!told.text.contains("style="), "the page's policy allows no inline style");
    let empty = chair.post(&format!("{scoring}/keep"), "reason=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let turn = chair.post(&format!("{scoring}/turn"), "reason=Th%E1%BB%91ng+nh%E1%BA%A5t").await;
    assert_eq!(turn.location, format!("{scoring}?done=turn"));
    for (actor, total) in
        [(&sitting.chair, 82), (&sitting.secretary, 85), (&sitting.members[0], 85), (&sitting.members[1], 85)]
    {
        sitting.seal(actor, 2, total).await.unwrap();
    }
    let told = chair.get(&scoring).await;
    assert!(told.text.contains("Lần chấm 1: trung bình 81,25, chênh 15 điểm"), "{}", told.text);
    let producer = client(&sitting, &sitting.honey.actor).await;
    assert_eq!(producer.get(&scoring).await.status, StatusCode::FORBIDDEN);
    assert_eq!(producer.get(&result).await.status, StatusCode::NOT_FOUND);
    let member = client(&sitting, &sitting.members[0]).await;
    assert_eq!(member.post(&format!("{scoring}/confirm"), "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        chair.post(&format!("{scoring}/confirm"), "").await.location,
        format!("{result}?done=confirmed")
    );
    assert_eq!(chair.post(&format!("{scoring}/confirm"), "").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let seen = producer.get(&result).await;
    assert!(seen.text.contains("84,25"), "{}", seen.text);
    for name in [&sitting.chair.name, &sitting.members[0].name] {
        assert!(!seen.text.contains(name.as_str()), "the producer reads no member's points");
    }
    assert!(!seen.text.contains("dotplot"));
    let council = member.get(&result).await;
    assert!(council.text.contains("dotplot") && council.text.contains(&sitting.chair.name));
    assert_eq!(
        client(&sitting, &sitting.world.other_producer).await.get(&result).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_member_finds_the_dossier_out() {
    let sitting = Sitting::scoring(2).await;
    let one = &sitting.members[0];
    let member = client(&sitting, one).await;
    let ballot = format!("/ballots/{}", sitting.ballot(one, 1).await);
    let page = format!("{ballot}/disqualification");
    assert!(member.get(&page).await.text.contains("không phải là điểm 0"));
    let none = member.post(&page, "reason=x&version=1").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Chọn một căn cứ"));
    let declared = member.post(&page, "ground=set%3A1&reason=Gi%E1%BA%A5y+gi%E1%BA%A3&version=1").await;
    assert_eq!(declared.location, format!("{ballot}/review?done=saved"));
    let review = member.get(&format!("{ballot}/review")).await;
    assert!(review.text.contains("Phiếu này đề nghị loại hồ sơ") && review.text.contains("Giấy giả"));
    let back = member.post(&page, "ground=withdraw&reason=&version=2").await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(!member.get(&format!("{ballot}/review")).await.text.contains("Giấy giả"));
}

#[tokio::test]
async fn a_member_scores_in_a_workbook() {
    let sitting = Sitting::scoring(2).await;
    let one = &sitting.members[0];
    let member = client(&sitting, one).await;
    let page = format!("/councils/{}/ballot-book", sitting.council);
    assert!(member.get(&format!("/councils/{}", sitting.council)).await.text.contains(&page));
    assert!(member.get(&page).await.text.contains("1 phiếu, mỗi phiếu một trang"));
    assert_eq!(member.get(&format!("{page}/file")).await.status, StatusCode::OK);

    let bytes = sitting.book(one, &[("2.3", "Mức 3 (3 điểm)", "Nhãn <b>đủ</b>"), ("2.4", "Mức 9", "")]).await;
    let seen = member.send_file(&page, "phieu.xlsx", &bytes).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    assert!(seen.text.contains("Nhãn &#60;b&#62;đủ") && seen.text.contains("«Mức 9» không phải là mức"));
    let hidden = |name: &str| {
        let rest = seen.text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().replace(':', "%3A")
    };
    let form = format!("file={}&basis={}", hidden("file"), hidden("basis"));
    let done = member.post(&format!("{page}/take"), &form).await;
    assert_eq!(done.location, format!("/councils/{}?done=booked", sitting.council), "{}", done.text);
    let ballot = sitting.ballot(one, 1).await;
    let room = member.get(&format!("/ballots/{ballot}/criteria/2.3")).await;
    assert!(room.text.contains("Nhãn &#60;b&#62;đủ"), "{}", room.text);
    let again = member.send_file(&page, "phieu.xlsx", &bytes).await;
    assert!(again.text.contains("Tệp không đổi gì"), "{}", again.text);

    let two = &sitting.members[1];
    let other = client(&sitting, two).await;
    let bytes = sitting.book(two, &[("1.1", "Mức 2 (2 điểm)", "")]).await;
    let first = other.send_file(&page, "phieu.xlsx", &bytes).await;
    let file = first.text.split("name=\"file\" value=\"").nth(1).unwrap()[..64].to_owned();
    let at = format!("/ballots/{}/criteria/1.1", sitting.ballot(two, 1).await);
    autosave(&other, &at, "choice=1%3A3&note=&version=1").await;
    let late = other.post(&format!("{page}/take"), &format!("file={file}&basis=")).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER, "a conflict that is not ticked changes nothing");
    let seen = other.send_file(&page, "phieu.xlsx", &bytes).await;
    assert!(seen.text.contains("Lấy theo tệp") && seen.text.contains("đã đổi ở cả hai nơi"), "{}", seen.text);

    let bad = other.send_file(&page, "x.pdf", b"%PDF-1.7").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("không phải là bảng tính XLSX"));
    for stranger in [&sitting.advisor, &sitting.world.officer, &sitting.honey.actor] {
        let stranger = client(&sitting, stranger).await;
        for path in [page.clone(), format!("{page}/file")] {
            assert_eq!(stranger.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(stranger.send_file(&page, "x", &bytes).await.status, StatusCode::FORBIDDEN);
        assert_eq!(stranger.post(&format!("{page}/take"), &form).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_chair_opens_a_ballot_again_and_its_member_reads_why() {
    let sitting = Sitting::scoring(2).await;
    let one = &sitting.members[0];
    sitting.seal(one, 1, 85).await.unwrap();
    let (chair, member) = (client(&sitting, &sitting.chair).await, client(&sitting, one).await);
    let page = format!("/dossiers/{}/reopen", sitting.dossier);
    let scoring = format!("/dossiers/{}/scoring", sitting.dossier);
    assert!(chair.get(&scoring).await.text.contains(&page));
    assert!(!member.get(&scoring).await.text.contains(&page));
    let form = chair.get(&page).await;
    assert!(form.text.contains("Mở lại phiếu đã niêm") && !form.text.contains("85"), "{}", form.text);
    let empty = chair.post(&page, &format!("seat={}&reason=", sitting.seat_id(one))).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = format!("seat={}&reason=Ni%C3%AAm+%3Cb%3E", sitting.seat_id(one));
    assert_eq!(chair.post(&page, &reason).await.location, format!("{scoring}?done=reopened"));
    let ballot = format!("/ballots/{}", sitting.ballot(one, 1).await);
    for path in [format!("{ballot}/review"), format!("{ballot}/criteria/1.1")] {
        let seen = member.get(&path).await;
        assert!(
            seen.text.contains("đã mở lại phiếu này") && seen.text.contains("Niêm &#60;b&#62;"),
            "{path}"
        );
    }
    assert!(member.get(&format!("{ballot}/review")).await.text.contains("icons.svg#seal"));
    for other in [one, &sitting.secretary, &sitting.advisor, &sitting.world.officer] {
        let other = client(&sitting, other).await;
        assert_eq!(other.get(&page).await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.post(&page, &reason).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_member_revises_one_criterion_after_discussion() {
    let sitting = Sitting::scoring(2).await;
    let chair = client(&sitting, &sitting.chair).await;
    let ballot = format!("/ballots/{}", sitting.ballot(&sitting.chair, 1).await);
    let early = chair.get(&format!("{ballot}/criteria/1.1/revision")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    seal_all(&sitting, 1, [74, 85, 85, 85]).await;
    let review = chair.get(&format!("{ballot}/review")).await;
    let at = format!("{ballot}/criteria/1.1/revision");
    assert!(review.text.contains(&at) && review.text.contains("được sửa một tiêu chí"), "{}", review.text);
    let form = chair.get(&at).await;
    assert!(form.text.contains("Mức đang được tính") && !form.text.contains("style="), "{}", form.text);
    let version = form.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let current = form.text.split("Mức đang được tính").next().unwrap().rsplit("value=\"1:").next().unwrap();
    let other = if current.starts_with('1') { 2 } else { 1 };
    let empty =
        chair.post(&at, &format!("choice=1%3A{other}&note=Gi%E1%BB%AF&reason=&version={version}")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Ghi lý do sửa") && empty.text.contains("Giữ"), "{}", empty.text);
    let sent = format!("choice=1%3A{other}&note=&reason=Xem+l%E1%BA%A1i&version={version}");
    assert_eq!(chair.post(&at, &sent).await.location, format!("{ballot}/review?done=revised"));
    let again = chair.post(&at, &sent).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let scoring = chair.get(&format!("/dossiers/{}/scoring", sitting.dossier)).await;
    assert!(scoring.text.contains("Sửa sau thảo luận") && scoring.text.contains("sửa tiêu chí 1.1"));
    let member = client(&sitting, &sitting.members[0]).await;
    assert_eq!(member.get(&at).await.status, StatusCode::NOT_FOUND);
    assert_eq!(member.post(&at, &sent).await.status, StatusCode::NOT_FOUND);
}
