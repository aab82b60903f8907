//! A star is taken back: suspected, verified, decided within 15 days, told.

use e2e::Reading as _;

use super::{CAPSULE_MAKERS, CAPSULES, COMMUNE, NOODLES, OFFICE};
use crate::stage::{Stage, check_pdf};

/// From what the second visit found to the public page without a star; and what a commune confirms.
pub async fn walk(stage: &Stage, visit: &str, product: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(visit).await?;
    b.click("Mở xác minh căn cứ thu hồi").await?;
    b.wait_for_text("Nguồn thông tin").await?;
    stage.picture("verification").await?;
    b.click("Mở xác minh").await?;
    b.wait_for_text("Đã mở xác minh").await?;
    stage.picture("verifying").await?;
    let mut office = stage.same_hand().await?;
    let certificate = office.link(&format!("/products/{product}"), "/certificates/").await?;
    conclude(stage).await?;
    b.click("Thu hồi giấy chứng nhận").await?;
    b.fill("Số, ký hiệu quyết định thu hồi", "2977/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    stage.picture("revoke").await?;
    b.click("Thu hồi").await?;
    b.wait_for_text("Đã thu hồi giấy chứng nhận").await?;
    b.wait_for_text("Quyết định 2977/QĐ-UBND").await?;
    stage.picture("revoked").await?;
    check_pdf(&mut office, &format!("{certificate}/revocation.pdf")).await?;
    read_about_it(stage, product).await?;
    ended(stage).await
}

/// The ground is given: 15 days run.
async fn conclude(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open("/home").await?;
    b.click(&format!("Xác minh, kết luận về giấy chứng nhận {CAPSULES}")).await?;
    b.choose("Có căn cứ thu hồi").await?;
    b.fill("Ngày kết luận", &stage.day(0).await?).await?;
    b.fill("Văn bản kết luận", "Biên bản kiểm tra lại và phiếu kiểm nghiệm số 311: vượt giới hạn nấm mốc.")
        .await?;
    stage.picture("conclusion").await?;
    b.click("Ghi kết luận").await?;
    b.wait_for_text("hạn ra quyết định thu hồi").await?;
    b.wait_for_text(&stage.day(15).await?).await?;
    stage.picture("concluded").await
}

/// The producer is told; whoever checks the certificate learns it.
async fn read_about_it(stage: &Stage, product: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CAPSULE_MAKERS).await?;
    b.click_css(".bell").await?;
    stage.picture("revoked-told").await?;
    b.click("sao đã bị thu hồi").await?;
    b.wait_for_text("vượt giới hạn nấm mốc").await?;
    stage.picture("revoked-producer").await?;
    stage.sign_out().await?;
    stage.open(&format!("/p/{product}")).await?;
    b.wait_for_text("Không có giấy chứng nhận còn hiệu lực").await?;
    stage.picture("revoked-public").await?;
    b.click("Không có giấy chứng nhận còn hiệu lực").await?;
    b.wait_for_text("Giấy chứng nhận đã bị thu hồi từ ngày").await?;
    stage.picture("revoked-check").await
}

/// The sixth ground is the commune's: production has ended.
async fn ended(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&COMMUNE).await?;
    b.fill("Tìm nhanh", "mien dong ban chuong").await?;
    b.click("Tìm kiếm").await?;
    b.click_in("Giấy chứng nhận (", NOODLES).await?;
    b.click("Xác nhận ngừng sản xuất").await?;
    b.fill("Số, ký hiệu văn bản xác nhận", "23/UBND-KT").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Nội dung xác nhận", "Hợp tác xã thôi làm miến từ đầu tháng; đã đến xưởng, máy đã bán.").await?;
    stage.picture("ended").await?;
    b.click("Xác nhận").await?;
    b.wait_for_text("Đã gửi xác nhận ngừng sản xuất lên tỉnh").await?;
    stage.sign_in(&OFFICE).await?;
    b.click(&format!("Trình, ghi quyết định thu hồi {NOODLES}")).await?;
    b.wait_for_text("máy đã bán").await?;
    stage.picture("ended-office").await
}
