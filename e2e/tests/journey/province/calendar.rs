//! What is told to a person, and what stands in the calendar.

use anyhow::{Context as _, ensure};

use super::{NOODLE_MAKERS, TEA};
use crate::stage::Stage;

/// The producer reads what came in, and finds the re-evaluation that can be filed now on the list of things
/// to do, in the calendar and in the phone's. Ends on the page of the product.
pub async fn remember(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&NOODLE_MAKERS).await?;
    b.wait_for_text(&format!("Nộp hồ sơ đánh giá lại {TEA}")).await?;
    stage.picture("renewal-home").await?;
    b.click_css(".bell").await?;
    b.wait_for_text("chưa đọc").await?;
    stage.picture("notifications").await?;
    b.click("Đánh dấu tất cả đã đọc").await?;
    b.wait_for_text("Đã đánh dấu tất cả là đã đọc").await?;
    ensure!(!b.has_text("chưa đọc").await?, "something is still unread");
    stage.picture("notifications-read").await?;
    b.click("Lịch").await?;
    b.wait_for_text("Nộp hồ sơ đánh giá lại").await?;
    b.wait_for_text("Giấy chứng nhận 3 sao hết hạn").await?;
    stage.picture("calendar").await?;
    b.click("Tạo địa chỉ lịch").await?;
    b.wait_for_text("Địa chỉ lịch của bạn").await?;
    stage.picture("calendar-address").await?;
    let address = b.value("Địa chỉ lịch của bạn").await?;
    let (_, path) = address.split_once("/calendar/").context("no address of a calendar")?;
    let feed = stage.ocop.fetch().get(&format!("/calendar/{path}")).await?;
    ensure!(feed.status == 200 && feed.text().starts_with("BEGIN:VCALENDAR"), "{address}: {}", feed.status);
    b.click(&format!("Nộp hồ sơ đánh giá lại {TEA}")).await?;
    b.wait_for_text("Lịch sử sản phẩm").await
}
