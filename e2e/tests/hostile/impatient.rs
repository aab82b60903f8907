//! Impatient hands in the browser: buttons pressed twice, the back button, reloading, a session that
//! ended in another tab, a program that dies while somebody types.

use anyhow::ensure;
use e2e::{Browser, Fetch};

use crate::stage::{
    ADVISOR, CHAIR, COMPLETING, Faults, MEMBER, PASSWORD, PRODUCER, Reading, SECRETARY, Stage, readable, told,
};

const TYPED: &str = "Bán ở sáu chợ phiên, có sổ ghi từng tháng.";

async fn sign_in(stage: &Stage, browser: &Browser, who: &str) -> anyhow::Result<()> {
    browser.goto(&stage.ocop.url("/login")).await?;
    browser.fill("Email", &format!("{who}@demo.ocop.example")).await?;
    browser.fill("Mật khẩu", PASSWORD).await?;
    browser.click("Đăng nhập").await?;
    browser.wait_for_url("/home").await
}

/// The same person without a browser.
async fn same_hand(stage: &Stage, browser: &Browser) -> anyhow::Result<Fetch> {
    let mut fetch = stage.ocop.fetch();
    browser.lend_cookies(&mut fetch).await?;
    Ok(fetch)
}

/// Signs the person out as another tab would.
async fn end_session(stage: &Stage, browser: &Browser) -> anyhow::Result<()> {
    let reply = same_hand(stage, browser).await?.post_form("/logout", &[]).await?;
    ensure!(reply.status == 303, "{}", told(&reply));
    Ok(())
}

#[tokio::test]
async fn a_dossier_submitted_with_two_presses_is_submitted_once() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("impatient-submit").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let dossier = stage.dossier("completing").await?;
    sign_in(&stage, &browser, COMPLETING).await?;
    browser.goto(&stage.ocop.url(&dossier)).await?;
    browser.goto(&stage.ocop.url(&format!("{dossier}/submit"))).await?;
    let before = stage.changes()?;
    browser.click_twice("Cam đoan và nộp hồ sơ").await?;
    browser.wait_for_text("Đã nộp hồ sơ").await?;
    ensure!(stage.changes()? == before + 1, "submitted more than once");
    browser.reload().await?;
    browser.wait_for_text("Chờ cấp tỉnh tiếp nhận").await?;
    browser.back().await?;
    browser.wait_for_url("/submit").await?;
    browser.click("Cam đoan và nộp hồ sơ").await?;
    browser.wait_for_text("Không thể «Chủ thể nộp hồ sơ» khi hồ sơ ở bước «Chờ cấp tỉnh tiếp nhận»").await?;
    browser.wait_for_text("Không cần nộp lại").await?;
    browser.screenshot("again").await?;
    ensure!(stage.changes()? == before + 1, "submitted again");
    Ok(())
}

#[tokio::test]
async fn a_ballot_sealed_with_two_presses_is_sealed_once() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("impatient-seal").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let dossier = stage.dossier("discussion").await?;
    let mut chair = stage.enter(CHAIR).await?;
    let turn = chair.form(&format!("{dossier}/scoring"), &format!("{dossier}/scoring/turn")).await?;
    chair.done(&turn.with("reason", "Chấm lại.")).await?;
    sign_in(&stage, &browser, MEMBER).await?;
    let ballot = same_hand(&stage, &browser).await?.link(&format!("{dossier}/scoring"), "/ballots/").await?;
    browser.goto(&stage.ocop.url(&format!("{ballot}/review"))).await?;
    browser.fill("Ý kiến chung về sản phẩm", TYPED).await?;
    browser.click_twice("Niêm phiếu").await?;
    browser.wait_for_text("Đã niêm phiếu").await?;
    let after = stage.changes()?;
    browser.back().await?;
    browser.wait_for_url("/review").await?;
    browser.click("Niêm phiếu").await?;
    browser.wait_for_text("Phiếu này đã được niêm lúc").await?;
    browser.wait_for_text(TYPED).await?;
    browser.screenshot("again").await?;
    browser.goto(&stage.ocop.url(&format!("{ballot}/seal"))).await?;
    browser.wait_for_text("Phiếu đã niêm").await?;
    let mut secretary = stage.enter(SECRETARY).await?;
    let page = readable(&secretary.read(&format!("{dossier}/scoring")).await?);
    ensure!(page.contains(" 1/8 phiếu đã niêm"), "{page}");
    ensure!(stage.changes()? == after, "going back has changed something");
    Ok(())
}

#[tokio::test]
async fn a_request_sent_with_two_presses_reaches_the_producer_once() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("impatient-request").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let (_, later) = stage.days().await?;
    let advice = format!("{}/advice", stage.dossier("advising").await?);
    sign_in(&stage, &browser, ADVISOR).await?;
    browser.goto(&stage.ocop.url(&advice)).await?;
    browser.click("Yêu cầu chủ thể bổ sung").await?;
    browser.fill("Cần bổ sung", TYPED).await?;
    browser.fill("Hạn bổ sung", &later).await?;
    let before = stage.changes()?;
    browser.click_twice("Gửi yêu cầu").await?;
    browser.wait_for_text("Đã gửi yêu cầu bổ sung cho chủ thể").await?;
    browser.reload().await?;
    browser.wait_for_text(TYPED).await?;
    ensure!(stage.changes()? == before + 1, "asked more than once");
    Ok(())
}

#[tokio::test]
async fn moving_on_while_a_save_is_on_its_way_saves_once() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("impatient-next").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let draft = stage.draft().await?;
    sign_in(&stage, &browser, PRODUCER).await?;
    let page = format!("{draft}/self-assessment/2.1");
    browser.goto(&stage.ocop.url(&page)).await?;
    browser.choose_css("input[name=choice][value='1:1']").await?;
    browser.fill("Mô tả, chứng minh", TYPED).await?;
    browser.click_twice("Tiếp tục").await?;
    browser.wait_for_url("/self-assessment/2.2").await?;
    ensure!(!browser.has_text("nơi khác").await?, "the page collides with itself");
    let mut hand = same_hand(&stage, &browser).await?;
    let form = hand.form(&page, "").await?;
    ensure!(form.value("note") == Some(TYPED) && form.value("choice") == Some("1:1"), "{form:?}");
    browser.back().await?;
    browser.wait_for_url("/self-assessment/2.1").await?;
    ensure!(browser.value("Mô tả, chứng minh").await? == TYPED, "the back button shows something else");
    Ok(())
}

#[tokio::test]
async fn what_is_typed_after_the_session_ended_is_not_lost_in_silence() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("impatient-session").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let draft = stage.draft().await?;
    sign_in(&stage, &browser, PRODUCER).await?;
    browser.goto(&stage.ocop.url(&format!("{draft}/self-assessment/2.1"))).await?;
    let before = stage.changes()?;
    end_session(&stage, &browser).await?;
    browser.choose_css("input[name=choice][value='1:1']").await?;
    browser.fill("Mô tả, chứng minh", TYPED).await?;
    browser.wait_for_text("Phiên làm việc đã hết").await?;
    browser.screenshot("ended").await?;
    ensure!(browser.value("Mô tả, chứng minh").await? == TYPED, "what was typed is gone");
    ensure!(stage.changes()? == before, "something was saved for nobody");
    Ok(())
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_says_that_it_is_not_saved() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("impatient-ended").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let product = stage.enter(PRODUCER).await?.link("/producers", "/products/").await?;
    let page = format!("{product}/edit");
    sign_in(&stage, &browser, PRODUCER).await?;
    browser.goto(&stage.ocop.url(&page)).await?;
    browser.fill("Quy cách, bao bì", TYPED).await?;
    end_session(&stage, &browser).await?;
    browser.click("Lưu sản phẩm").await?;
    browser.wait_for_text("chưa được lưu").await?;
    browser.screenshot("ended").await?;
    browser.fill("Email", &format!("{PRODUCER}@demo.ocop.example")).await?;
    browser.fill("Mật khẩu", PASSWORD).await?;
    browser.click("Đăng nhập").await?;
    browser.wait_for_url(&page).await?;
    browser.wait_for_text("Quy cách, bao bì").await
}

#[tokio::test]
async fn an_old_tab_is_told_that_another_one_has_saved() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("impatient-tabs").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let draft = stage.draft().await?;
    let page = format!("{draft}/self-assessment/2.1");
    sign_in(&stage, &browser, PRODUCER).await?;
    browser.goto(&stage.ocop.url(&page)).await?;
    let mut other = same_hand(&stage, &browser).await?;
    let form = other.form(&page, "").await?;
    other.done(&form.with("choice", "1:2").with("note", "Bản của tab kia.")).await?;
    browser.choose_css("input[name=choice][value='1:1']").await?;
    browser.fill("Mô tả, chứng minh", TYPED).await?;
    browser.wait_for_text("đã được thay đổi ở nơi khác").await?;
    browser.screenshot("conflict").await?;
    ensure!(browser.value("Mô tả, chứng minh").await? == TYPED, "what was typed is gone");
    let kept = other.form(&page, "").await?;
    ensure!(kept.value("note") == Some("Bản của tab kia."), "{:?}", kept.value("note"));
    Ok(())
}

#[tokio::test]
async fn a_page_saves_what_was_typed_once_the_program_is_back() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("impatient-death").await? else { return Ok(()) };
    let mut stage = Stage::open().await?;
    let draft = stage.draft().await?;
    let page = format!("{draft}/self-assessment/2.1");
    sign_in(&stage, &browser, PRODUCER).await?;
    browser.goto(&stage.ocop.url(&page)).await?;
    stage.ocop.kill()?;
    browser.choose_css("input[name=choice][value='1:1']").await?;
    browser.fill("Mô tả, chứng minh", TYPED).await?;
    browser.wait_for_text("Chưa lưu được, đang thử lại").await?;
    browser.screenshot("dead").await?;
    stage.ocop.restart().await?;
    browser.wait_for_text("Đã lưu").await?;
    let form = same_hand(&stage, &browser).await?.form(&page, "").await?;
    ensure!(form.value("note") == Some(TYPED), "{:?}", form.value("note"));
    Ok(())
}

#[tokio::test]
async fn reloading_a_refused_form_or_a_finished_step_changes_nothing() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("impatient-reload").await? else { return Ok(()) };
    let stage = Stage::open().await?;
    let product = stage.enter(PRODUCER).await?.link("/producers", "/products/").await?;
    let mut faults = Faults::default();
    sign_in(&stage, &browser, PRODUCER).await?;
    browser.goto(&stage.ocop.url(&format!("{product}/edit"))).await?;
    let before = stage.changes()?;
    browser.fill("Tên sản phẩm", "").await?;
    browser.fill("Quy cách, bao bì", TYPED).await?;
    browser.click("Lưu sản phẩm").await?;
    browser.wait_for_text("Cần sửa 1 chỗ").await?;
    browser.reload().await?;
    browser.wait_for_text("Cần sửa 1 chỗ").await?;
    let typed = browser.value("Quy cách, bao bì").await?;
    faults.check(typed == TYPED, || format!("after reloading the field holds «{typed}»"));
    faults.check(stage.changes()? == before, || "a refused form has changed something".into());
    browser.fill("Tên sản phẩm", "Mật ong hoa sở Thử").await?;
    browser.click("Lưu sản phẩm").await?;
    browser.wait_for_text("Đã lưu.").await?;
    browser.reload().await?;
    browser.wait_for_text("Mật ong hoa sở Thử").await?;
    faults.check(stage.changes()? == before + 1, || "reloading has saved again".into());
    faults.none()
}
