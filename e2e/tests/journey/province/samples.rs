//! Samples of a dossier: received, kept, used, sent to the laboratory.

use super::{OFFICE, SAUCE, SAUCE_MAKERS};
use crate::stage::{Stage, check_pdf};

/// The office receives five jars, labels them and notes what becomes of three; the producer reads it.
pub async fn keep(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.click("Đợt đánh giá").await?;
    b.click("Đợt 2 năm 2026").await?;
    b.fill("Tìm sản phẩm, chủ thể", "tuong nep").await?;
    b.click("Tìm").await?;
    b.click(SAUCE).await?;
    b.wait_for_text("Hồ sơ đã nộp").await?;
    b.click("Mẫu sản phẩm").await?;
    b.wait_for_text("Hồ sơ cần 5 mẫu sản phẩm").await?;
    stage.picture("samples-empty").await?;
    b.fill("Số mẫu nhận", "5").await?;
    b.fill("Nơi lưu giữ", "Kệ số 2, phòng 302").await?;
    b.fill("Ngày nhận", &stage.day(0).await?).await?;
    b.click_css("form[action$='/samples'] button").await?;
    b.wait_for_text("đã nhận 5/5 mẫu").await?;
    stage.picture("samples-received").await?;
    let page = b.path().await?.split('?').next().unwrap_or_default().to_owned();
    let dossier = page.trim_end_matches("/samples");
    check_pdf(&mut stage.same_hand().await?, &format!("{dossier}/papers/sample-labels.pdf")).await?;
    b.click("Ghi lại").await?;
    b.wait_for_text("Cần sửa").await?;
    stage.picture("samples-refused").await?;
    handle(stage, &["Mẫu 1", "Mẫu 2"], "Đã dùng khi đánh giá", "Hội đồng nếm thử ngày họp").await?;
    handle(stage, &["Mẫu 3"], "Gửi kiểm nghiệm", "Đơn vị kiểm nghiệm được chỉ định, phiếu gửi 12").await?;
    b.wait_for_text("Đã gửi kiểm nghiệm").await?;
    stage.picture("samples-handled").await?;
    stage.sign_in(&SAUCE_MAKERS).await?;
    stage.open(&page).await?;
    b.wait_for_text("Hội đồng nếm thử ngày họp").await?;
    stage.picture("samples-producer").await
}

async fn handle(stage: &Stage, samples: &[&str], deed: &str, note: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    for sample in samples {
        b.choose(sample).await?;
    }
    b.select("Việc đã làm", deed).await?;
    b.fill("Ghi chú", note).await?;
    b.click("Ghi lại").await?;
    b.wait_for_text("Đã lưu").await?;
    b.wait_for_text(note).await
}
