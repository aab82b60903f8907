//! Five stars are the centre's: the province sends the bundle, the central council judges. On a phone it
//! finds five stars; on a desktop it does not, and the province recognises four on its result.

use anyhow::ensure;
use e2e::Reading as _;

use super::work::{Levels, account, advise, assign, council, here, seal_all};
use super::{CENTRE, GOLDEN_TEA, OFFICE, TEA_MAKERS};
use crate::stage::{Person, Stage, check_pdf};

/// Five stars in product set 12.
const FIVE_STARS: &Levels = &[
    ("1.1", 3),
    ("1.2", 3),
    ("1.3", 4),
    ("1.4", 3),
    ("1.5", 4),
    ("1.6", 3),
    ("1.7", 2),
    ("2.1", 4),
    ("2.2", 4),
    ("2.3", 3),
    ("2.4", 2),
    ("3.1", 2),
    ("3.2", 2),
    ("3.3", 3),
    ("3.4", 2),
    ("3.5", 3),
    ("4.1", 4),
    ("4.2", 4),
    ("4.3", 5),
    ("5.1", 5),
    ("5.2", 3),
    ("5.3", 4),
    ("6.1", 3),
    ("6.2", 3),
    ("6.3", 3),
    ("6.4", 4),
    ("6.5", 4),
    ("7", 4),
    ("8", 3),
    ("9", 3),
    ("10", 2),
    ("11", 3),
];

/// What the centre chooses instead where it does not see five stars: still all that four stars ask for.
const LESS: &Levels = &[("1.5", 3), ("4.1", 3), ("4.2", 3), ("5.2", 2), ("5.3", 3), ("7", 3)];

const CHAIR: Person = at_the_centre("Chủ tịch Hội đồng Thử", "chu-tich@bo.example");
const SECRETARY: Person = at_the_centre("Thư ký Thử", "thu-ky@bo.example");
const MEMBER: Person = at_the_centre("Thành viên Thử", "thanh-vien@bo.example");
const ADVISOR: Person = at_the_centre("Chuyên gia Thử", "tu-van@bo.example");

const fn at_the_centre(name: &'static str, email: &'static str) -> Person {
    Person { name, email, title: "Bộ Nông nghiệp và Môi trường" }
}

/// From the approved result to the star.
pub async fn walk(stage: &Stage) -> anyhow::Result<()> {
    let at_province = send(stage).await?;
    let (at_centre, council) = receive(stage).await?;
    judge(stage, &at_centre, &council).await?;
    let five = !stage.desktop;
    if five {
        recognise(stage, &council).await?
    } else {
        refer_back(stage, &council).await?
    }
    if !five {
        recognise_four(stage, &at_province).await?;
    }
    let b = &stage.browser;
    stage.sign_in(&TEA_MAKERS).await?;
    b.click_css(".bell").await?;
    stage.picture("centre-told").await?;
    stage.open("/products?q=hoa+vang+quy+hoa").await?;
    b.click(GOLDEN_TEA).await?;
    b.wait_for_text(if five { "Hạng 5 sao" } else { "Hạng 4 sao" }).await?;
    stage.picture("centre-public").await
}

/// The province numbers its letter and sends the bundle. Gives the path of its dossier.
async fn send(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    stage.open("/rounds").await?;
    b.click("Đợt 2 năm 2026").await?;
    b.select("Bước", "Trình trung ương đánh giá 5 sao").await?;
    b.click("Tìm").await?;
    b.click(GOLDEN_TEA).await?;
    let page = here(stage).await?;
    let dossier = page.trim_end_matches("/centre").to_owned();
    stage.open(&dossier).await?;
    b.click("Công văn trình trung ương: cấp số sau khi ký").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Phó Chủ tịch, Trần Quốc Thử").await?;
    stage.picture("centre-letter").await?;
    b.click("Cấp số, ghi vào sổ").await?;
    b.wait_for_text("Đã cấp số và ghi vào sổ").await?;
    stage.open(&dossier).await?;
    b.click("Gửi lên trung ương, ghi kết quả").await?;
    b.wait_for_text("Gửi hồ sơ lên trung ương").await?;
    stage.picture("centre-send").await?;
    let mut hand = stage.same_hand().await?;
    let bundle = hand.get(&format!("{dossier}/centre/bundle.zip")).await?;
    ensure!(bundle.status == 200 && bundle.body.starts_with(b"PK"), "bundle: {}", bundle.status);
    b.click("Gửi hồ sơ").await?;
    b.wait_for_text("Đã gửi hồ sơ lên trung ương").await?;
    b.wait_for_text("Tài liệu đã gửi").await?;
    stage.picture("centre-sent").await?;
    Ok(dossier)
}

/// The centre takes it in and gives it to a council. Gives the paths of dossier and council.
async fn receive(stage: &Stage) -> anyhow::Result<(String, String)> {
    let b = &stage.browser;
    stage.sign_in(&CENTRE).await?;
    stage.picture("centre-home").await?;
    b.click(&format!("Tiếp nhận hồ sơ {GOLDEN_TEA}")).await?;
    b.wait_for_text("Tiếp nhận vào đợt").await?;
    stage.picture("centre-reception").await?;
    let page = here(stage).await?;
    let dossier = page.trim_end_matches("/reception").to_owned();
    b.click("Tiếp nhận hồ sơ").await?;
    b.wait_for_text("Đã tiếp nhận hồ sơ vào đợt").await?;
    let mut centre = stage.same_hand().await?;
    for person in [&CHAIR, &SECRETARY, &MEMBER, &ADVISOR] {
        account(&mut centre, person).await?;
    }
    let round = centre.link(&dossier, "/rounds/").await?;
    let seats = [(&CHAIR, "chair"), (&SECRETARY, "secretary"), (&MEMBER, "member"), (&ADVISOR, "advisor")];
    let council = council(&mut centre, &round, &stage.day(0).await?, &seats).await?;
    assign(&mut centre, &council, &dossier).await?;
    advise(stage, &ADVISOR, &dossier).await?;
    Ok((dossier, council))
}

/// The central council meets.
async fn judge(stage: &Stage, dossier: &str, council: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CHAIR).await?;
    b.click("Mở phiên họp: 1 hồ sơ").await?;
    for person in [&CHAIR, &SECRETARY, &MEMBER] {
        b.choose(person.name).await?;
    }
    stage.picture("centre-session").await?;
    b.click("Mở phiên họp và chấm điểm").await?;
    b.wait_for_text("Hội đồng đang chấm điểm").await?;
    ensure!(here(stage).await? == council, "the session leads elsewhere");
    let instead = |code: &str| LESS.iter().find(|one| one.0 == code).filter(|_| stage.desktop);
    let levels: Vec<_> = FIVE_STARS.iter().map(|one| *instead(one.0).unwrap_or(one)).collect();
    seal_all(stage, &[&CHAIR, &SECRETARY, &MEMBER], GOLDEN_TEA, &levels).await?;
    stage.open(&format!("{dossier}/scoring")).await?;
    b.wait_for_text(if stage.desktop { "hạng 4 sao" } else { "hạng 5 sao" }).await?;
    b.click("Xác nhận kết quả").await?;
    b.wait_for_text("Đã xác nhận kết quả").await?;
    stage.picture("centre-result").await
}

/// The Minister's decision.
async fn recognise(stage: &Stage, council: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CENTRE).await?;
    stage.open(&format!("{council}/decision")).await?;
    check_pdf(&mut stage.same_hand().await?, &format!("{council}/decision.pdf")).await?;
    b.fill("Số, ký hiệu", "412/QĐ-BNNMT").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Bộ trưởng").await?;
    stage.picture("centre-decision").await?;
    b.click("Ghi quyết định").await?;
    b.wait_for_text("Đã ghi quyết định và cấp giấy chứng nhận").await
}

/// Below five stars: the province is told.
async fn refer_back(stage: &Stage, council: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&CENTRE).await?;
    stage.open(&format!("{council}/decision")).await?;
    b.wait_for_text("Không có sản phẩm đạt 5 sao").await?;
    stage.picture("centre-notice").await?;
    b.click("Thông báo kết quả").await?;
    b.wait_for_text("Đã thông báo kết quả").await
}

/// The province recognises four stars on the centre's result.
async fn recognise_four(stage: &Stage, dossier: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    b.click_css(".bell").await?;
    b.wait_for_text("Trung ương thông báo kết quả chưa đạt 5 sao").await?;
    stage.open(&format!("{dossier}/centre")).await?;
    b.wait_for_text("Công nhận theo kết quả của trung ương: 4 sao").await?;
    b.fill("Số, ký hiệu", "2999/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Chủ tịch UBND tỉnh").await?;
    stage.picture("centre-fallback").await?;
    b.click("Ghi quyết định").await?;
    b.wait_for_text("Đã công nhận").await?;
    stage.picture("centre-recognised-four").await
}
