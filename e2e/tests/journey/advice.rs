//! The advisory team: findings beside the evidence, a request, the report.

use anyhow::ensure;

use crate::stage::{ADVISOR, PRODUCT, Stage};

/// Writes findings and asks the producer for more.
pub async fn ask(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&ADVISOR).await?;
    stage.picture("advisor-home").await?;
    b.click(&format!("Tư vấn hồ sơ {PRODUCT}")).await?;
    b.wait_for_text("Nhận xét của Tổ tư vấn").await?;
    stage.picture("advice").await?;
    b.click("1.1 Nguồn gốc sản phẩm").await?;
    stage.beside("Minh chứng", "Sổ theo dõi đàn ong", "Nhận xét").await?;
    b.fill("Nhận xét của Tổ tư vấn", "Sổ theo dõi khớp với số đàn đã kê khai; đạt mức 3 điểm.").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("finding").await?;
    b.click("Lưu nhận xét").await?;
    b.wait_for_text("Lê Hữu Thử ghi lúc").await?;
    b.click(PRODUCT).await?;
    b.wait_for_text("Sổ theo dõi khớp với số đàn").await?;
    b.click("Yêu cầu chủ thể bổ sung").await?;
    b.select("Cho tiêu chí", "1.5").await?;
    b.fill("Cần bổ sung", "Hợp đồng tiêu thụ còn hiệu lực, có xác nhận thực hiện.").await?;
    b.fill("Hạn bổ sung", &stage.day(5).await?).await?;
    stage.picture("advice-request").await?;
    b.click("Gửi yêu cầu").await?;
    b.wait_for_text("Đã gửi yêu cầu bổ sung cho chủ thể").await?;
    b.wait_for_text("Còn 1 yêu cầu bổ sung chưa được trả lời").await
}

/// Reads the answer and files the report.
pub async fn report(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&ADVISOR).await?;
    b.click(&format!("Tư vấn hồ sơ {PRODUCT}")).await?;
    b.wait_for_text("Đã bổ sung hợp đồng tiêu thụ với hai siêu thị").await?;
    stage.open(&format!("{path}/advice/findings/1.5")).await?;
    stage.beside("Minh chứng", "Hợp đồng tiêu thụ 2025–2026", "Nhận xét").await?;
    stage.open(&format!("{path}/advice")).await?;
    b.fill("Kết quả đánh giá hồ sơ", "Hồ sơ đủ thành phần; giấy tờ đúng với 30 trên 32 tiêu chí.").await?;
    b.fill("Đề xuất với Hội đồng", "Đưa ra Hội đồng chấm điểm, xem kỹ tiêu chí 4.2 và 5.3.").await?;
    stage.picture("advice-report").await?;
    b.click("Gửi báo cáo").await?;
    b.wait_for_text("Đã gửi báo cáo tư vấn cho Chủ tịch Hội đồng").await?;
    b.wait_for_text("Đã có báo cáo gửi Chủ tịch, chờ Hội đồng").await?;
    stage.picture("advice-filed").await?;
    let asks = stage.same_hand().await?.get(&format!("{path}/form")).await?;
    ensure!(asks.status >= 400, "the advisory team reads the producer's draft");
    Ok(())
}
