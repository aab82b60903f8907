//! A star that is about to end is judged again: in its window, checked by the office, heard in writing.
//! The same council then meets for the upgrade, and one decision recognises both.

use anyhow::{Context as _, ensure};
use e2e::reading::id_of;
use e2e::{Fetch, Reading as _};

use super::work::{Levels, advise, assign, bring_into_the_round, choose, council, here, seal_all};
use super::{
    ADVISOR, BEEKEEPERS, CHAIR, COMMUNE, HONEY, MEMBER, NEXT_ROUND, NOODLE_MAKERS, OFFICE, SECRETARY, TEA,
};
use crate::sheet::GOOD;
use crate::stage::Stage;

/// Three stars in product set 12.
const THREE_STARS: &Levels = &[
    ("1.1", 3),
    ("1.2", 1),
    ("1.3", 3),
    ("1.4", 2),
    ("1.5", 3),
    ("1.6", 2),
    ("1.7", 2),
    ("2.1", 3),
    ("2.2", 3),
    ("2.3", 2),
    ("2.4", 1),
    ("3.1", 3),
    ("3.2", 2),
    ("3.3", 3),
    ("3.4", 2),
    ("3.5", 2),
    ("4.1", 3),
    ("4.2", 2),
    ("4.3", 2),
    ("5.1", 4),
    ("5.2", 2),
    ("5.3", 3),
    ("6.1", 3),
    ("6.2", 3),
    ("6.3", 3),
    ("6.4", 3),
    ("6.5", 3),
    ("7", 3),
    ("8", 1),
    ("9", 1),
    ("10", 2),
    ("11", 1),
];

/// The office records what a district decided on paper, 31 months ago: five months are left.
pub async fn hold_a_star_on_paper(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.fill("Tìm nhanh", "day thia canh").await?;
    b.click("Tìm kiếm").await?;
    b.click_in("Sản phẩm (", TEA).await?;
    b.click("Ghi kết quả trên giấy").await?;
    b.select("Cấp đánh giá", "cấp huyện").await?;
    b.fill("Ngày đánh giá", &stage.day(-945).await?).await?;
    b.fill("Huyện, thị xã, thành phố cũ", "Huyện Bình Liêu").await?;
    b.fill("Tổng điểm", "62,5").await?;
    b.select("Hạng sao", "3 sao").await?;
    b.fill("Số và ký hiệu quyết định", "1187/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(-945).await?).await?;
    b.fill("Người ký", "Phó Chủ tịch UBND huyện").await?;
    b.choose("Quyết định cấp giấy chứng nhận").await?;
    b.fill("Hết hạn ngày", &stage.day(150).await?).await?;
    stage.picture("paper-result").await?;
    b.click("Ghi kết quả").await?;
    b.wait_for_text("Đã lưu").await?;
    b.wait_for_text("1187/QĐ-UBND").await?;
    stage.picture("paper-result-kept").await
}

/// From the product's page to the new certificate; `honey` is the dossier of the upgrade.
pub async fn walk(stage: &Stage, honey: &str) -> anyhow::Result<()> {
    let tea = file(stage).await?;
    for dossier in [tea.as_str(), honey] {
        bring_into_the_round(stage, &COMMUNE, dossier).await?;
    }
    let mut office = stage.elsewhere(&OFFICE).await?;
    let round = office.link(&tea, "/rounds/").await?;
    let seats = [(&CHAIR, "chair"), (&SECRETARY, "secretary"), (&MEMBER, "member"), (&ADVISOR, "advisor")];
    let council = council(&mut office, &round, &stage.day(0).await?, &seats).await?;
    for dossier in [tea.as_str(), honey] {
        assign(&mut office, &council, dossier).await?;
    }
    check(stage).await?;
    advise(stage, &ADVISOR, honey).await?;
    in_writing(stage, &council, &tea, honey).await?;
    in_a_meeting(stage, &council, honey).await?;
    decide(stage, &council).await?;
    stars(stage).await
}

/// The producer opens the re-evaluation, tells what has changed and submits. Gives its path.
async fn file(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    b.click("Mở hồ sơ mới").await?;
    b.wait_for_text("Giấy chứng nhận sắp hết hạn").await?;
    b.choose("Đánh giá lại").await?;
    b.choose(NEXT_ROUND).await?;
    stage.picture("renewal-kinds").await?;
    b.click("Mở hồ sơ").await?;
    b.wait_for_text("Việc của bạn").await?;
    let dossier = here(stage).await?;
    let mut hand = stage.same_hand().await?;
    let form = hand.form(&format!("{dossier}/form"), "").await?;
    let texts = ["history", "structure", "plan_product", "plan_production", "plan_market"];
    let form = texts.iter().fold(form, |form, name| form.with(name, "Như hồ sơ đã được công nhận."));
    hand.done(&form).await?;
    choose(&mut hand, &format!("{dossier}/self-assessment"), THREE_STARS).await?;
    cite(&mut hand, &dossier).await?;
    stage.open(&format!("{dossier}/form")).await?;
    b.fill("Những thay đổi", "Đổi túi lọc sợi ngô; trồng thêm 2 ha dây thìa canh.").await?;
    b.fill("Nơi lập hồ sơ", "Bình Liêu").await?;
    stage.picture("renewal-form").await?;
    b.click("Lưu và quay lại hồ sơ").await?;
    b.wait_for_text("Đủ nội dung bắt buộc, nộp được").await?;
    b.click("4. Kiểm tra và nộp").await?;
    b.click("Cam đoan và nộp hồ sơ").await?;
    b.wait_for_text("Đã nộp hồ sơ").await?;
    stage.picture("renewal-submitted").await?;
    Ok(dossier)
}

/// A paper of the vault for two criteria.
async fn cite(hand: &mut Fetch, dossier: &str) -> anyhow::Result<()> {
    let page = hand.read(&format!("{dossier}/self-assessment/1.1")).await?;
    let (_, list) = page.split_once("id=\"evidence\"").context("no list of papers")?;
    let papers = list.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let paper = papers.into_iter().find(|id| id.len() == 36).context("the vault is empty")?;
    for criterion in ["1.1", "9"] {
        let fields = [("criterion", criterion), ("evidence", paper), ("pages", "1")];
        let reply = hand.post_form(&format!("{dossier}/citations"), &fields).await?;
        ensure!(reply.status == 303, "{criterion}: {}", e2e::reading::told(&reply));
    }
    Ok(())
}

/// The office checks it itself and has to go there when papers are unclear.
async fn check(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.click(&format!("Kiểm tra hồ sơ đánh giá lại {TEA}")).await?;
    b.fill("Kết quả kiểm tra hồ sơ", "Hồ sơ đủ thành phần; chưa rõ diện tích trồng thêm.").await?;
    b.choose("Minh chứng chưa rõ").await?;
    b.fill("Đề nghị với Hội đồng", "Đề nghị công nhận lại hạng 3 sao.").await?;
    b.click("Gửi báo cáo cho Chủ tịch Hội đồng").await?;
    b.wait_for_text("Cần sửa").await?;
    stage.picture("renewal-check-refused").await?;
    b.fill("Ngày kiểm tra", &stage.day(0).await?).await?;
    b.fill("Kết quả kiểm tra thực tế", "Đã đến nương: 2 ha trồng mới, đúng như khai.").await?;
    stage.picture("renewal-check").await?;
    b.click("Gửi báo cáo cho Chủ tịch Hội đồng").await?;
    b.wait_for_text("Đã gửi báo cáo kiểm tra cho Chủ tịch Hội đồng").await
}

/// Nobody meets: everybody who votes is asked and agrees. The upgrade waits for a meeting.
async fn in_writing(stage: &Stage, council: &str, tea: &str, honey: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CHAIR).await?;
    stage.open(&format!("{council}/session")).await?;
    b.wait_for_text("Lấy ý kiến bằng văn bản").await?;
    b.fill("Hạn gửi ý kiến", &stage.day(7).await?).await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("không phải hồ sơ đánh giá lại nên Hội đồng phải họp").await?;
    b.click_css(&format!("input[name=dossiers][value='{}']", id_of(honey))).await?;
    stage.picture("written-opinions").await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("Hội đồng đang chấm điểm").await?;
    stage.open(&format!("{tea}/scoring")).await?;
    b.wait_for_text("Lấy ý kiến bằng văn bản, hạn gửi ý kiến").await?;
    stage.picture("written-scoring").await?;
    seal_all(stage, &[&CHAIR, &SECRETARY, &MEMBER], TEA, THREE_STARS).await?;
    confirm(stage, tea, "hạng 3 sao").await
}

async fn in_a_meeting(stage: &Stage, council: &str, honey: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{council}/session")).await?;
    let hand = stage.same_hand().await?.read(&format!("{council}/session")).await?;
    for no in 0..3 {
        let seat = hand.split("name=\"present\" value=\"").nth(no + 1).context("no seat")?;
        let seat = seat.split('"').next().unwrap_or_default();
        b.choose_css(&format!("input[name=present][value='{seat}']")).await?;
    }
    b.choose(HONEY).await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("Hội đồng đang chấm điểm").await?;
    let levels: Vec<(&'static str, u8)> = GOOD.iter().map(|(code, level, _)| (*code, *level)).collect();
    seal_all(stage, &[&CHAIR, &SECRETARY, &MEMBER], HONEY, &levels).await?;
    confirm(stage, honey, "hạng 4 sao").await
}

async fn confirm(stage: &Stage, dossier: &str, words: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{dossier}/scoring")).await?;
    b.wait_for_text(words).await?;
    b.click("Xác nhận kết quả").await?;
    b.wait_for_text("Đã xác nhận kết quả").await
}

/// One decision for both.
async fn decide(stage: &Stage, council: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    stage.open(&format!("{council}/decision")).await?;
    b.wait_for_text(HONEY).await?;
    b.wait_for_text(TEA).await?;
    b.fill("Số, ký hiệu", "2901/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Chủ tịch UBND tỉnh").await?;
    stage.picture("renewal-decision").await?;
    b.click("Ghi quyết định").await?;
    b.wait_for_text("Đã ghi quyết định và cấp giấy chứng nhận").await
}

/// The producers are told; the new certificates hold and the old ones are over.
async fn stars(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&NOODLE_MAKERS).await?;
    told(stage, TEA).await?;
    stage.picture("renewed-dossier").await?;
    b.click("Sản phẩm").await?;
    b.wait_for_text("Công nhận lại").await?;
    stage.picture("renewed-product").await?;
    stage.sign_in(&BEEKEEPERS).await?;
    told(stage, HONEY).await?;
    b.click("Giấy chứng nhận").await?;
    b.wait_for_text("4 sao").await?;
    stage.picture("upgraded-certificate").await?;
    b.click(&format!("Hồ sơ {HONEY}")).await?;
    b.click("Sản phẩm").await?;
    b.wait_for_text("Nâng hạng").await?;
    stage.picture("upgraded-product").await
}

/// The bell leads to the dossier that has been recognised.
async fn told(stage: &Stage, product: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click_css(".bell").await?;
    b.click(&format!("Sản phẩm đã được công nhận {product}")).await?;
    b.wait_for_text("Đã công nhận").await
}
