//! The provincial office looks things up: the one box, and the registers.

use crate::stage::{COOPERATIVE, OFFICE, PRODUCT, Stage};

/// Finds the product without marks and with a slip, then among the register's rows, and takes these away.
pub async fn look_through(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.fill("Tìm nhanh", "ong maat hoa so").await?;
    b.click("Tìm kiếm").await?;
    b.wait_for_text("Không thấy «ong maat hoa so»; đang hiện kết quả cho «ong mat hoa so»").await?;
    for kind in ["Sản phẩm (1)", "Hồ sơ (1)", "Giấy chứng nhận (1)"] {
        b.wait_for_text(kind).await?;
    }
    stage.picture("search").await?;
    // What is found changes while one types.
    b.fill("Tên, mã, số giấy chứng nhận, số quyết định", "hop tac xa ong").await?;
    b.wait_for_text("Chủ thể (1)").await?;
    b.wait_for_url("q=hop").await?;
    b.fill("Tên, mã, số giấy chứng nhận, số quyết định", "che day").await?;
    b.wait_for_text("Không tìm thấy «che day»").await?;
    stage.picture("search-nothing").await?;
    b.click("Sổ đăng ký").await?;
    b.wait_for_text("đang có sao").await?;
    stage.picture("registry").await?;
    b.click("Sổ sản phẩm").await?;
    b.wait_for_text("1 sản phẩm").await?;
    b.select("Tình trạng", "Đang có sao").await?;
    b.select("Hạng sao", "4 sao").await?;
    b.click("Lọc").await?;
    b.wait_for_text(PRODUCT).await?;
    b.wait_for_url("stars=4").await?;
    stage.picture("registry-products").await?;
    let file = stage.elsewhere(&OFFICE).await?.get("/registry/products/csv?stars=4").await?.text();
    anyhow::ensure!(file.lines().count() == 2 && file.contains(PRODUCT), "{file}");
    b.click("Bỏ lọc: 4 sao").await?;
    b.wait_for_text("1 sản phẩm").await?;
    b.select("Hạng sao", "5 sao").await?;
    b.click("Lọc").await?;
    b.wait_for_text("Không có sản phẩm nào khớp").await?;
    stage.picture("registry-nothing").await?;
    stage.open("/registry/producers").await?;
    b.wait_for_text(COOPERATIVE).await?;
    stage.picture("registry-producers").await
}
