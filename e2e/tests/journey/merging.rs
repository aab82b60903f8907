//! The provincial office merges what it had twice.

use crate::stage::Stage;

/// Two records of one product are seen side by side, merged, and parted again.
pub async fn merge(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    let mut ids = Vec::new();
    for name in ["Mật ong Hoa Thử", "Mat ong hoa thu 2"] {
        stage.open("/registry/products?q=hoa+thu").await?;
        b.click(name).await?;
        b.wait_for_text("Lịch sử sản phẩm").await?;
        ids.push(b.path().await?.rsplit('/').next().unwrap_or_default().to_owned());
    }
    let pair = format!("record=product&kept={}&gone={}", ids[0], ids[1]);
    stage.open(&format!("/registry/duplicates/merge?{pair}")).await?;
    b.wait_for_text("Sẽ chuyển sang bản giữ lại").await?;
    stage.picture("merge").await?;
    b.click("Gộp hai bản").await?;
    b.wait_for_text("Đã gộp hai bản ghi").await?;
    stage.picture("merged").await?;
    b.click("Tách lại").await?;
    b.wait_for_text("Đã tách lại").await?;
    stage.open(&format!("/products/{}", ids[0])).await?;
    b.wait_for_text("Lịch sử sản phẩm").await?;
    stage.picture("product-history").await
}
