//! From 3 to 4 stars: the last dossier comes back, and only what has changed is asked.

use anyhow::ensure;

use super::work::{here, product_page};
use super::{BEEKEEPERS, COMMUNE, HONEY, NEXT_ROUND};
use crate::stage::{Stage, check_pdf, pdf};

/// Opens it, changes what is different and submits. Gives its path.
pub async fn ask_for_more(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_in(&BEEKEEPERS).await?;
    product_page(stage, HONEY).await?;
    b.wait_for_text("đến hết").await?;
    stage.picture("upgrade-product").await?;
    b.click("Mở hồ sơ mới").await?;
    b.wait_for_text("Chưa đến hạn nộp hồ sơ đánh giá lại").await?;
    stage.picture("upgrade-kinds").await?;
    b.choose("Nâng hạng").await?;
    b.choose(NEXT_ROUND).await?;
    b.click("Mở hồ sơ").await?;
    b.wait_for_text("Việc của bạn").await?;
    b.wait_for_text("Đã chọn 32 trên 32 tiêu chí").await?;
    stage.picture("upgrade-dossier").await?;
    let dossier = here(stage).await?;
    b.click("Tự chấm điểm theo bộ tiêu chí").await?;
    b.wait_for_text("Cách ngắn nhất để đạt 4 sao").await?;
    stage.picture("upgrade-way").await?;
    better(stage, &dossier).await?;
    changes(stage, &dossier).await?;
    stage.open(&format!("{dossier}/submit")).await?;
    b.wait_for_text("UBND Xã Bình Liêu").await?;
    stage.picture("upgrade-submit").await?;
    b.click("Cam đoan và nộp hồ sơ").await?;
    b.wait_for_text("Đã nộp hồ sơ").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{dossier}/papers/form-02.pdf")).await?;
    stage.sign_in(&COMMUNE).await?;
    stage.open(&dossier).await?;
    b.click("Phiếu đăng ký và báo cáo (mẫu 01, 02)").await?;
    b.wait_for_text("Thay đổi kể từ lần được công nhận").await?;
    stage.picture("upgrade-commune").await?;
    Ok(dossier)
}

/// A better level with its new paper at one criterion.
async fn better(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{dossier}/self-assessment/10")).await?;
    b.wait_for_text("Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm").await?;
    let paper = stage.file("haccp.pdf", &pdf("Giay chung nhan HACCP", 2))?;
    b.click("Thêm giấy tờ mới").await?;
    b.upload("Chụp ảnh hoặc chọn tệp", &paper).await?;
    b.fill("Tên gọi", "Giấy chứng nhận HACCP").await?;
    b.click("Tải lên và dùng cho tiêu chí này").await?;
    b.wait_for_text("Giấy chứng nhận HACCP").await?;
    b.choose_css("input[name=choice][value='1:2']").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("upgrade-criterion").await
}

/// The form has found what is different; the producer has its say and saves.
async fn changes(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{dossier}/form")).await?;
    let kept = b.value("Lịch sử hình thành").await?;
    ensure!(kept.contains("năm 2017"), "the history of the last dossier is not there: {kept}");
    b.click("Phần mềm so với hồ sơ đã công nhận").await?;
    b.wait_for_text("Tiêu chí 10").await?;
    let proposed = b.value("Những thay đổi").await?;
    ensure!(proposed.contains("HACCP"), "the new paper is not among the changes: {proposed}");
    stage.picture("upgrade-changes").await?;
    b.fill("Những thay đổi", &format!("{proposed}\nTăng từ 420 lên 520 đàn ong.")).await?;
    b.fill("Nơi lập hồ sơ", "Bình Liêu").await?;
    b.click("Lưu và quay lại hồ sơ").await?;
    b.wait_for_text("Đủ nội dung bắt buộc, nộp được").await?;
    stage.picture("upgrade-ready").await
}
