//! The provincial office brings its own list in.

use crate::stage::{OFFICE, Stage};

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
