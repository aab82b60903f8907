//! The commune officer: inbox, form 03, proposal.

use crate::stage::{COMMUNE, PRODUCT, Stage, check_pdf};

/// Checks the dossier, writes the four findings and proposes it to the province.
pub async fn propose(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&COMMUNE).await?;
    b.wait_for_text("còn 15 ngày làm việc").await?;
    stage.picture("commune-home").await?;
    b.click("Hồ sơ của xã").await?;
    b.wait_for_text("1 hồ sơ đang chờ xã").await?;
    stage.picture("commune-inbox").await?;
    b.click(PRODUCT).await?;
    b.wait_for_text("Báo cáo đánh giá của cấp xã").await?;
    stage.picture("commune-report-empty").await?;
    b.click("Trả lại chủ thể").await?;
    b.wait_for_text("Trả lại hồ sơ cho chủ thể").await?;
    stage.picture("commune-return").await?;
    b.click("Không trả lại").await?;
    findings(stage).await?;
    b.click("Lưu và đề nghị tỉnh").await?;
    b.wait_for_text("Đề nghị tỉnh đánh giá, phân hạng").await?;
    stage.picture("commune-propose").await?;
    b.click("Gửi đề nghị lên tỉnh").await?;
    b.wait_for_text("Đã gửi đề nghị lên tỉnh").await?;
    stage.picture("commune-proposed").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{path}/papers/form-03.pdf")).await
}

async fn findings(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    let reality = "Đánh giá thực tế trên địa bàn xã";
    b.fill_in("1. Nguyên liệu địa phương", reality, "Đã đến 5 hộ: 640 đàn ong đều đặt trong xã.").await?;
    b.fill_in("2. Sử dụng lao động địa phương", reality, "29 trên 31 lao động thường trú tại xã.").await?;
    b.fill_in("3. Nguồn gốc ý tưởng", "Nhận xét", "Sản phẩm truyền thống của người Dao trong xã.").await?;
    b.fill_in("4. Bản sắc", "Nhận xét", "Cách lấy mật một lần trong năm, đõ ong bằng gỗ sa mộc.").await?;
    b.fill("Kết luận của xã", "Đủ thành phần, đúng thực tế; đề nghị tỉnh đánh giá.").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("commune-report").await
}
