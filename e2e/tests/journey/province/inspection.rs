//! Visits after recognition: the year's plan, a visit without notice, its record, what the producer
//! answers, and a second look.

use anyhow::{Context as _, ensure};
use e2e::Reading as _;

use super::work::here;
use super::{CAPSULE_MAKERS, CAPSULES, OFFICE};
use crate::stage::{Stage, check_pdf, photo};

/// Plans the year, then goes to the maker of a product because of what a buyer reported. Gives the path
/// of the second look, which finds nothing mended.
pub async fn walk(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    plan(stage).await?;
    b.click("Khiếu nại").await?;
    b.click(CAPSULES).await?;
    b.click(CAPSULES).await?;
    b.click("Giấy chứng nhận mới nhất").await?;
    b.click("Lên lịch kiểm tra").await?;
    b.select("Hình thức", "Kiểm tra đột xuất").await?;
    b.fill("Ngày kiểm tra", &stage.day(0).await?).await?;
    b.fill("Đoàn kiểm tra", "Vũ Đình Thử, Văn phòng điều phối").await?;
    b.click("Lên lịch").await?;
    b.wait_for_text("Ghi lý do kiểm tra đột xuất").await?;
    b.fill("Lý do", "Người mua phản ánh viên bị mốc, số lô 0426.").await?;
    stage.picture("visit-plan").await?;
    b.click("Lên lịch").await?;
    b.wait_for_text("Chờ kiểm tra").await?;
    stage.picture("visit-planned").await?;
    let visit = here(stage).await?;
    let unseen = stage.elsewhere(&CAPSULE_MAKERS).await?.get(&visit).await?;
    ensure!(unseen.status >= 400, "the producer sees an unannounced visit: {}", unseen.status);
    record(stage, &visit).await?;
    answer(stage).await?;
    look_again(stage, &visit).await
}

/// A day of next month for the first two products of the list.
async fn plan(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Kiểm tra").await?;
    b.wait_for_text("Chưa có trong kế hoạch năm").await?;
    stage.picture("visits-year").await?;
    let page = stage.same_hand().await?.read("/inspections").await?;
    for part in page.split("name=\"certificates\" value=\"").skip(1).take(2) {
        let id = part.split('"').next().context("no certificate")?;
        b.choose_css(&format!("input[name=certificates][value='{id}']")).await?;
    }
    b.fill("Ngày kiểm tra", &stage.day(20).await?).await?;
    b.fill("Đoàn kiểm tra", "Vũ Đình Thử, Văn phòng điều phối\nĐặng Thị Thử, Sở Y tế").await?;
    b.click("Đưa vào kế hoạch").await?;
    b.wait_for_text("Chờ kiểm tra").await?;
    stage.picture("visits-planned").await
}

/// What was found, a photograph, the signed record.
async fn record(stage: &Stage, visit: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Ghi biên bản").await?;
    b.fill("Bắt đầu", "8:30").await?;
    b.fill("Nơi kiểm tra", "Xưởng đóng lọ của hợp tác xã").await?;
    b.select("Tiêu chí 1.1: kết quả", "Còn phù hợp").await?;
    b.select("Tiêu chí 2.2: kết quả", "Chưa phù hợp").await?;
    b.fill("Tiêu chí 2.2: ghi nhận", "Nắp lọ không kín, hạt hút ẩm đã hết tác dụng.").await?;
    b.fill("Biện pháp 1", "Thu hồi lô 0426, thay nắp lọ").await?;
    b.fill("Hạn", "xx").await?;
    b.click("Lưu biên bản").await?;
    b.wait_for_text("Cần sửa").await?;
    stage.picture("visit-record-refused").await?;
    b.fill("Hạn", &stage.day(14).await?).await?;
    stage.picture("visit-record").await?;
    b.click("Lưu biên bản").await?;
    b.wait_for_text("Nắp lọ không kín").await?;
    b.click("Thêm ảnh").await?;
    b.upload("Ảnh chụp", &photo(stage, "nap-lo.png").await?).await?;
    b.fill("Chú thích", "Nắp lọ lô 0426").await?;
    b.click_css("form[action$='/photos'] button").await?;
    b.wait_for_text("Nắp lọ lô 0426").await?;
    stage.picture("visit-recorded").await?;
    b.click("Cấp số biên bản").await?;
    b.fill("Trưởng đoàn ký", "Chuyên viên, Vũ Đình Thử").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    stage.picture("visit-number").await?;
    b.click("Cấp số, ghi vào sổ").await?;
    b.wait_for_text("Đã cấp số và ghi vào sổ").await?;
    stage.picture("visit-paper").await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{visit}/record.pdf")).await
}

/// The producer reads it and tells what was done.
async fn answer(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CAPSULE_MAKERS).await?;
    stage.picture("visit-producer-home").await?;
    b.click(&format!("Khắc phục, trả lời kết quả kiểm tra {CAPSULES}")).await?;
    b.wait_for_text("chưa phù hợp").await?;
    b.fill("Đã làm: Thu hồi lô 0426, thay nắp lọ", "Đã thu hồi 312 lọ, đang đặt nắp mới.").await?;
    stage.picture("visit-answer").await?;
    b.click("Gửi trả lời").await?;
    b.wait_for_text("Đã thu hồi 312 lọ").await
}

/// The office reads the answer and comes again.
async fn look_again(stage: &Stage, visit: &str) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.click_css(".bell").await?;
    b.click("Chủ thể đã trả lời kết quả kiểm tra").await?;
    b.wait_for_text("Đã thu hồi 312 lọ").await?;
    stage.picture("visit-answered").await?;
    b.click("Lên lịch kiểm tra lại").await?;
    b.wait_for_text("Lên lịch kiểm tra").await?;
    b.fill("Ngày kiểm tra", &stage.day(0).await?).await?;
    stage.picture("visit-again").await?;
    b.click("Lên lịch").await?;
    b.wait_for_text("Cuộc kiểm tra trước").await?;
    let again = here(stage).await?;
    b.click("Ghi biên bản").await?;
    b.fill("Nơi kiểm tra", "Xưởng đóng lọ của hợp tác xã").await?;
    b.select("Tiêu chí 2.2: kết quả", "Chưa phù hợp").await?;
    b.fill("Tiêu chí 2.2: ghi nhận", "Lô mới vẫn dùng nắp cũ, viên đã mốc.").await?;
    b.click("Lưu biên bản").await?;
    b.wait_for_text("Lô mới vẫn dùng nắp cũ").await?;
    stage.picture("visit-again-recorded").await?;
    stage.open(visit).await?;
    b.fill("Kết luận", "Chủ thể chưa khắc phục; xử lý ở cuộc kiểm tra lại.").await?;
    b.choose("Thu hồi lô 0426, thay nắp lọ").await?;
    b.click("Kết thúc kiểm tra").await?;
    b.wait_for_text("Đã kết thúc").await?;
    Ok(again)
}
