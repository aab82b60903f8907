//! The council: session, ballots, discussion, second turn, confirmation.

use anyhow::ensure;
use e2e::Fetch;

use crate::sheet::{Answer, GOOD, PERSUADED, STRICT, but, points};
use crate::stage::{
    ADVISOR, CHAIR, FIRST_MEMBER, PRODUCT, Person, SECRETARY, STRICT_MEMBER, Stage, answer, between,
    check_pdf,
};

/// The chair takes attendance and opens the session.
pub async fn open_session(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CHAIR).await?;
    stage.picture("chair-home").await?;
    b.click("Mở phiên họp: 1 hồ sơ").await?;
    b.wait_for_text("Điểm danh").await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("75").await?;
    stage.picture("session-no-quorum").await?;
    for person in [&SECRETARY, &FIRST_MEMBER, &STRICT_MEMBER] {
        b.choose(person.name).await?;
    }
    stage.picture("session").await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("Hội đồng đang chấm điểm").await?;
    stage.picture("council-scoring").await
}

/// The first turn: three agree, the strict member does not.
pub async fn first_turn(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    seal_elsewhere(stage, &CHAIR, &GOOD).await?;
    seal_in_the_room(stage, dossier).await?;
    seal_elsewhere(stage, &SECRETARY, &GOOD).await?;
    watched_by_the_secretary(stage, dossier).await?;
    seal_elsewhere(stage, &STRICT_MEMBER, &but(&GOOD, &STRICT)).await
}

/// The member in the browser: scores, sees evidence, seals. Nothing of the others can be seen.
async fn seal_in_the_room(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&FIRST_MEMBER).await?;
    stage.picture("member-home").await?;
    b.click(&format!("Chấm và niêm phiếu {PRODUCT}")).await?;
    b.wait_for_text("1.1 Nguồn gốc sản phẩm").await?;
    b.wait_for_text("Chủ thể tự chấm mức này").await?;
    b.wait_for_text("Sổ theo dõi khớp với số đàn").await?;
    b.choose("từ 75% đến 100% sản phẩm").await?;
    b.wait_for_text("Đã chấm 1 trên").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("room").await?;
    let ballot = b.path().await?;
    let ballot = ballot.split("/criteria").next().unwrap_or_default().to_owned();
    if stage.desktop {
        b.press("\u{E015}").await?;
        b.wait_for_text("1.2 Vùng nguyên liệu").await?;
        b.press("2").await?;
    } else {
        b.click("Lưu, tiếp tục").await?;
        b.wait_for_text("1.2 Vùng nguyên liệu").await?;
        b.choose("tiêu chuẩn quốc gia (VietGAP, hữu cơ…)").await?;
    }
    b.wait_for_text("Đã chấm 2 trên").await?;
    b.wait_for_text("Đã lưu").await?;
    let hand = stage.same_hand().await?;
    answer(&hand, &format!("{ballot}/criteria"), &GOOD[2..]).await?;
    stage.open(&format!("{ballot}/criteria/2.3")).await?;
    stage.beside("Minh chứng", "Ảnh nhãn chai", "Chấm").await?;
    stage.open(&format!("{dossier}/scoring")).await?;
    b.wait_for_text("Không ai xem được điểm").await?;
    ensure!(!b.has_text("phiếu đã niêm. Tải lại").await?, "a member sees how many are sealed");
    stage.picture("scoring-member").await?;
    stage.open(&format!("{ballot}/review")).await?;
    b.wait_for_text("Xem lại và niêm phiếu").await?;
    b.wait_for_text(&format!("{} / 100 điểm", points(&GOOD))).await?;
    b.fill("Ý kiến chung về sản phẩm", "Sản phẩm đặc trưng, nên hoàn thiện kênh phân phối.").await?;
    stage.picture("review").await?;
    b.click("Niêm phiếu").await?;
    b.wait_for_text("Đã niêm phiếu").await?;
    stage.picture("sealed").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{ballot}/sheet.pdf")).await?;
    let mut other = stage.elsewhere(&STRICT_MEMBER).await?;
    let peek = other.get(&format!("{ballot}/review")).await?;
    ensure!(peek.status >= 400, "another member opens the ballot: {}", peek.status);
    Ok(())
}

/// The secretary sees how many are sealed and nothing more.
async fn watched_by_the_secretary(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&SECRETARY).await?;
    stage.open(&format!("{dossier}/scoring")).await?;
    b.wait_for_text("3/4").await?;
    ensure!(!b.has_text("Điểm của từng thành viên").await?);
    stage.picture("scoring-secretary").await?;
    let mut advisor = stage.elsewhere(&ADVISOR).await?;
    let page = advisor.get(&format!("{dossier}/scoring")).await?.text();
    ensure!(!page.contains("3/4"), "the advisory team sees how many are sealed");
    Ok(())
}

async fn seal_elsewhere(stage: &Stage, person: &Person, sheet: &[Answer]) -> anyhow::Result<()> {
    let mut fetch = stage.elsewhere(person).await?;
    let ballot = own_ballot(&mut fetch).await?;
    answer(&fetch, &format!("{ballot}/criteria"), sheet).await?;
    seal(&mut fetch, &ballot).await
}

/// The ballot that waits on the list of things to do.
async fn own_ballot(fetch: &mut Fetch) -> anyhow::Result<String> {
    let home = fetch.get("/home").await?.text();
    Ok(format!("/ballots/{}", between(&home, "/ballots/", "\"")?))
}

async fn seal(fetch: &mut Fetch, ballot: &str) -> anyhow::Result<()> {
    let page = fetch.get(&format!("{ballot}/review")).await?.text();
    let version = between(&page, "name=\"version\" value=\"", "\"")?.to_owned();
    let reply = fetch.post_form(&format!("{ballot}/seal"), &[("version", &version), ("opinion", "")]).await?;
    ensure!(reply.status == 303, "{ballot}: {} {}", reply.status, reply.text());
    Ok(())
}

/// Twelve points apart: the chair leads the discussion and opens a second turn.
pub async fn discuss(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CHAIR).await?;
    b.wait_for_text("Thảo luận: điểm chênh lệch").await?;
    stage.picture("chair-home-discussion").await?;
    b.click("Thảo luận: điểm chênh lệch").await?;
    b.wait_for_text("Chênh lệch 12 điểm, vượt giới hạn 10").await?;
    b.wait_for_text("Điểm của từng thành viên").await?;
    stage.picture("discussion").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{dossier}/papers/tally.pdf?turn=1")).await?;
    let talk =
        "Sở Y tế chấm thấp ở 4.2, 4.3, 5.3, 7, 8, 9 vì chưa thấy phiếu kiểm nghiệm; Hội đồng đã xem lại.";
    b.fill("Nội dung đã thảo luận và lý do", talk).await?;
    b.click("Mở lần chấm tiếp theo").await?;
    b.wait_for_text("Đã mở lần chấm tiếp theo").await?;
    stage.picture("second-turn").await
}

/// The second turn starts from the sealed sheets; the strict member gives way in the browser.
pub async fn second_turn(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    for person in [&CHAIR, &SECRETARY, &FIRST_MEMBER] {
        let mut fetch = stage.elsewhere(person).await?;
        let ballot = own_ballot(&mut fetch).await?;
        seal(&mut fetch, &ballot).await?;
    }
    stage.sign_in(&STRICT_MEMBER).await?;
    b.click(&format!("Chấm và niêm phiếu {PRODUCT}")).await?;
    b.wait_for_text("Lần chấm 2").await?;
    b.wait_for_text(&format!("{} / 100 điểm", points(&but(&GOOD, &STRICT)))).await?;
    let ballot = own_ballot(&mut stage.same_hand().await?).await?;
    stage.open(&format!("{ballot}/criteria/4.2")).await?;
    b.choose("Có bộ phận hoặc phòng quản lý phân phối").await?;
    b.wait_for_text("Đã lưu").await?;
    answer(&stage.same_hand().await?, &format!("{ballot}/criteria"), &PERSUADED[1..]).await?;
    stage.open(&format!("{ballot}/review")).await?;
    b.wait_for_text(&format!("{} / 100 điểm", second(STRICT_MEMBER.email))).await?;
    b.click("Niêm phiếu").await?;
    b.wait_for_text("Có kết quả chấm, chờ Chủ tịch xác nhận").await?;
    b.wait_for_text("Lần chấm 1").await?;
    stage.picture("tally-member").await
}

/// A member's points in the second turn.
fn second(email: &str) -> u16 {
    if email == STRICT_MEMBER.email { points(&but(&but(&GOOD, &STRICT), &PERSUADED)) } else { points(&GOOD) }
}

/// The chair confirms what the ballots say: a mean of 75,50 and four stars.
pub async fn confirm(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CHAIR).await?;
    b.wait_for_text("Xác nhận kết quả").await?;
    stage.picture("chair-home-confirm").await?;
    b.click(&format!("Xác nhận kết quả {PRODUCT}")).await?;
    b.wait_for_text("75,50").await?;
    b.wait_for_text("hạng 4 sao").await?;
    stage.picture("tally").await?;
    b.click("Xác nhận kết quả").await?;
    b.wait_for_text("Đã xác nhận kết quả").await?;
    b.wait_for_text("Hạng 4 sao").await?;
    b.wait_for_text("75,50").await?;
    b.wait_for_text("Điều kiện theo hạng sao").await?;
    stage.picture("result").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{dossier}/papers/tally.pdf")).await
}
