//! The numbers of the register, and a report that stays as it is.

use crate::stage::{PRODUCT, Stage};

/// The numbers tell it at once, each leads to its rows, and a frozen report stays.
pub async fn count(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Số liệu").await?;
    b.wait_for_text("sản phẩm đã đăng ký").await?;
    stage.picture("report-leader").await?;
    anyhow::ensure!(b.sheets().await? == 1, "the leader's page is one sheet of paper");
    for tab in ["Hạng sao", "Theo năm", "Sắp hết hạn", "Doanh thu", "Bản đồ"] {
        b.click(tab).await?;
        b.wait_for_text("Chốt báo cáo").await?;
        stage.picture(&format!("report-{}", b.path().await?.rsplit('/').next().unwrap_or_default())).await?;
    }
    b.click("Trang lãnh đạo").await?;
    b.click("sản phẩm đang có sao").await?;
    b.wait_for_text("2 sản phẩm").await?;
    b.wait_for_text(PRODUCT).await?;
    b.wait_for_text("Miến dong Khe Thử").await?;
    stage.open("/reports").await?;
    b.click("Chốt báo cáo").await?;
    b.wait_for_text("Đã chốt báo cáo").await?;
    b.wait_for_text("SHA-256").await?;
    stage.picture("report-frozen").await
}
