//! A producer takes its dossier back while the commune has it.

use super::work::product_page;
use super::{COMMUNE, NEXT_ROUND, NOODLE_MAKERS, TEA};
use crate::stage::Stage;

/// With a reason; the officer who has it on the desk is told.
pub async fn take_back(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&NOODLE_MAKERS).await?;
    product_page(stage, TEA).await?;
    b.click(NEXT_ROUND).await?;
    b.wait_for_text("Cấp xã đang xem xét").await?;
    stage.picture("withdraw-dossier").await?;
    b.click("Rút hồ sơ").await?;
    b.wait_for_text("Hồ sơ dừng lại").await?;
    b.click("Rút hồ sơ").await?;
    b.wait_for_text("Cần sửa").await?;
    b.fill("Lý do rút hồ sơ", "Nương dong đang đổi giống, chưa đủ nguyên liệu cho đợt này.").await?;
    stage.picture("withdraw").await?;
    b.click("Rút hồ sơ").await?;
    b.wait_for_text("Đã rút hồ sơ").await?;
    b.wait_for_text("Chủ thể đã rút hồ sơ").await?;
    stage.picture("withdrawn").await?;
    stage.sign_in(&COMMUNE).await?;
    b.click("Thông báo").await?;
    b.wait_for_text("Chủ thể đã rút hồ sơ").await?;
    b.wait_for_text(TEA).await?;
    stage.picture("withdrawn-told").await?;
    b.click("Hồ sơ của xã").await?;
    b.wait_for_text("Hồ sơ của Xã Bình Liêu").await?;
    anyhow::ensure!(!b.has_text(TEA).await?, "a dossier that was taken back still waits at the commune");
    Ok(())
}
