//! A buyer with a jar in the hand.

use crate::stage::{COOPERATIVE, PRODUCT, Stage};

/// The stars exist because a certificate in force says so; a code that nobody issued is unknown.
pub async fn look(stage: &Stage, code: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_out().await?;
    stage.open("/").await?;
    b.wait_for_text(PRODUCT).await?;
    stage.picture("public-start-with-product").await?;
    b.fill("Tên sản phẩm hoặc cơ sở", "mat ong hoa so").await?;
    b.click("Tìm").await?;
    b.wait_for_text(PRODUCT).await?;
    stage.picture("public-products").await?;
    b.click(PRODUCT).await?;
    b.wait_for_text("Giấy chứng nhận còn hiệu lực").await?;
    b.wait_for_text("Hạng 4 sao").await?;
    b.wait_for_text(COOPERATIVE).await?;
    stage.picture("public-product").await?;
    b.fill("Tìm nhanh", "ong maat binh lieu").await?;
    b.click("Tìm kiếm").await?;
    b.wait_for_text("đang hiện kết quả cho «ong mat binh lieu»").await?;
    b.wait_for_text(PRODUCT).await?;
    stage.picture("public-search").await?;
    stage.open(&format!("/check/{code}")).await?;
    b.wait_for_text("hạng 4 sao, có hiệu lực đến").await?;
    b.wait_for_text(PRODUCT).await?;
    stage.picture("check-in-force").await?;
    stage.open("/check").await?;
    b.fill("Mã kiểm tra", "ABCD-2345-EF").await?;
    b.click("Kiểm tra").await?;
    b.wait_for_text("Không có giấy chứng nhận này").await?;
    stage.picture("check-unknown").await
}
