//! Who does not agree is heard: a producer about its result, a buyer about a product.

use anyhow::Context as _;

use super::work::{here, product_page};
use super::{CAPSULES, NOODLE_MAKERS, NOODLES, OFFICE};
use crate::stage::{Stage, check_pdf};

/// The producer complains; the office takes it up and answers by letter.
pub async fn about_a_result(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&NOODLE_MAKERS).await?;
    product_page(stage, NOODLES).await?;
    b.click("Đợt 2 năm 2026").await?;
    b.click("Kết quả").await?;
    b.wait_for_text("Kết quả được tính thế nào").await?;
    stage.picture("complaint-result").await?;
    b.click("Khiếu nại kết quả").await?;
    b.wait_for_text("nhận khiếu nại đến hết ngày").await?;
    b.fill("Điều không đồng ý và lý do", "Tiêu chí 9: có bản công bố ở trang 2 mà chưa được tính.").await?;
    stage.picture("complain").await?;
    b.click("Gửi khiếu nại").await?;
    b.wait_for_text("Đã gửi khiếu nại").await?;
    let complaint = here(stage).await?;
    stage.sign_in(&OFFICE).await?;
    b.click("Khiếu nại").await?;
    b.wait_for_text("1 đơn đang giải quyết").await?;
    stage.picture("complaints").await?;
    b.click(NOODLES).await?;
    b.choose("Thụ lý, giải quyết").await?;
    stage.picture("complaint-admit").await?;
    b.click("Ghi lại").await?;
    b.wait_for_text("Đang giải quyết").await?;
    let words = "Hội đồng đã xem lại trang 2 của bản công bố. Mức của tiêu chí 9 giữ nguyên vì chưa có tiêu chuẩn cơ sở.";
    b.fill("Nội dung trả lời", words).await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Phó Chủ tịch UBND tỉnh").await?;
    stage.picture("complaint-answer").await?;
    b.click("Ghi trả lời, cấp số").await?;
    b.wait_for_text("Văn bản trả lời (PDF)").await?;
    stage.picture("complaint-answered").await?;
    stage.sign_in(&NOODLE_MAKERS).await?;
    b.click_css(".bell").await?;
    b.click("Khiếu nại đã được trả lời").await?;
    b.wait_for_text("chưa có tiêu chuẩn cơ sở").await?;
    stage.picture("complaint-producer").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{complaint}/answer.pdf")).await
}

/// A buyer without an account reports; the office takes it up. Gives the id of the product.
pub async fn about_a_product(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_out().await?;
    stage.open("/products?q=vietcor").await?;
    b.click(CAPSULES).await?;
    b.wait_for_text("Giấy chứng nhận còn hiệu lực").await?;
    let public = here(stage).await?;
    let product = public.strip_prefix("/p/").context("no public page")?.to_owned();
    b.click("Phản ánh về sản phẩm này").await?;
    b.click("Gửi phản ánh").await?;
    b.wait_for_text("Cần sửa").await?;
    stage.picture("report-refused").await?;
    b.select("Điều cần phản ánh", "Phản ánh về sản phẩm").await?;
    b.fill("Bạn thấy gì", "Lọ mua ngày 02/11 ở chợ Hạ Long, viên bị mốc, số lô 0426.").await?;
    b.fill("Điện thoại hoặc thư điện tử", "0912 000 000").await?;
    stage.picture("report").await?;
    b.click("Gửi phản ánh").await?;
    b.wait_for_text("Đã gửi phản ánh").await?;
    stage.picture("reported").await?;
    stage.sign_in(&OFFICE).await?;
    b.click_css(".bell").await?;
    b.wait_for_text(CAPSULES).await?;
    stage.picture("report-told").await?;
    b.click(&format!("Có phản ánh về một sản phẩm, chờ xem xét {CAPSULES}")).await?;
    b.wait_for_text("viên bị mốc").await?;
    b.choose("Thụ lý, giải quyết").await?;
    stage.picture("report-office").await?;
    b.click("Ghi lại").await?;
    b.wait_for_text("Đang giải quyết").await?;
    Ok(product)
}
