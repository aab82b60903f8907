//! The provincial office brings its own list in, and merges what it had twice.

use crate::stage::{OFFICE, PRODUCT, Stage};

/// A list as an office keeps it: its own column names, a title above them, a row at fault, and the
/// cooperative's product once more under a name that differs by its marks.
fn list() -> String {
    [
        "DANH SÁCH SẢN PHẨM OCOP",
        "STT;Chủ thể OCOP;Loại hình chủ thể;Xã/phường;Sản phẩm;Bộ sản phẩm;Hạng;QĐ số;Ngày QĐ;Cấp",
        "1;Hộ kinh doanh Hoàng Thử;HKD;Xã Bình Liêu;Miến dong Khe Thử;6;4 sao;88/QĐ-UBND;5/3/2026;tỉnh",
        "2;Hộ kinh doanh Hoàng Thử;HKD;Xã Bình Liêu;Mật ong Khe Thử;4;3 sáo;88/QĐ-UBND;tháng 3/2026;tỉnh",
        "3;HTX Ong Hoa Sở Thử;HTX;Xã Bình Liêu;Mật ong Hoa Thử;4;;;;",
        "4;HTX Ong Hoa Sở Thử;HTX;Xã Bình Liêu;Mat ong hoa thu 2;4;;;;",
    ]
    .join("\n")
}

/// Reads the list, sees its faults, takes in what is right, and finds the rest in a file to be mended.
pub async fn bring_in(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    stage.open("/registry").await?;
    b.click("Nhập danh sách từ tệp").await?;
    b.wait_for_text("Chưa nhập tệp nào").await?;
    stage.picture("imports-empty").await?;
    let file = stage.file("danh-sach.csv", list().as_bytes())?;
    b.upload("Tệp XLSX hoặc CSV", &file).await?;
    b.click("Đọc tệp").await?;
    b.wait_for_text("Ghép cột của tệp").await?;
    b.wait_for_text("Hộ kinh doanh Hoàng Thử").await?;
    stage.picture("import-columns").await?;
    b.click("Kiểm tra tệp").await?;
    b.wait_for_text("«3 sáo» không đọc được").await?;
    b.wait_for_text("«tháng 3/2026» không đọc được").await?;
    stage.picture("import-checked").await?;
    b.click("Nhập các dòng đúng").await?;
    b.wait_for_text("Đã nhập xong").await?;
    b.wait_for_text("Dòng không nhận").await?;
    stage.picture("import-finished").await?;
    let run = b.path().await?;
    let mut fetch = stage.same_hand().await?;
    let rest = fetch.get(&format!("{run}/refused")).await?;
    anyhow::ensure!(rest.status == 200 && rest.body.starts_with(b"PK"), "{run}/refused: {}", rest.status);
    b.click("Nhập danh sách từ tệp").await?;
    b.wait_for_text("danh-sach.csv").await?;
    stage.picture("imports").await
}

/// The numbers tell it at once, each leads to its rows, and a frozen report stays.
pub async fn count(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Số liệu").await?;
    b.wait_for_text("sản phẩm đã đăng ký").await?;
    stage.picture("report-leader").await?;
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
