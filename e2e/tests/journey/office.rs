//! The provincial office: accounts, round, reception, council, decision.

use crate::stage::{
    ADVISOR, CHAIR, COMMUNE, FIRST_MEMBER, OFFICE, PASSWORD, PRODUCT, Person, ROUND, SECRETARY,
    STRICT_MEMBER, Stage, between, check_pdf,
};

/// The first officer comes from whoever holds the machine; everybody else from this officer.
pub async fn begin(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    let account = ["account", "add", "--role", "provincial_officer", "--province", "22"];
    let named =
        ["--name", OFFICE.name, "--title", OFFICE.title, "--email", OFFICE.email, "--password", PASSWORD];
    stage.ocop.run(&[&account[..], &named[..]].concat())?.success()?;
    stage.open("/login").await?;
    stage.picture("login").await?;
    stage.sign_in(&OFFICE).await?;
    b.wait_for_text("Chưa có đợt nào đang nhận hồ sơ").await?;
    stage.picture("office-home").await?;
    b.click_css("a[href='/accounts']").await?;
    give_account(stage, "Cán bộ cấp xã", Some("Xã Bình Liêu"), &COMMUNE).await?;
    for person in [&CHAIR, &SECRETARY, &FIRST_MEMBER, &STRICT_MEMBER, &ADVISOR] {
        give_account(stage, "Thành viên hội đồng, tổ tư vấn", None, person).await?;
    }
    stage.picture("accounts").await?;
    round(stage).await
}

async fn give_account(
    stage: &Stage,
    role: &str,
    commune: Option<&str>,
    person: &Person,
) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.select("Vai trò", role).await?;
    if let Some(commune) = commune {
        b.select("Xã, phường, đặc khu", commune).await?;
    }
    b.fill("Email", person.email).await?;
    b.fill("Họ và tên", person.name).await?;
    b.fill("Chức vụ, cơ quan", person.title).await?;
    b.fill("Mật khẩu ban đầu", PASSWORD).await?;
    b.click("Cấp tài khoản").await?;
    b.wait_for_text("Đã cấp tài khoản").await?;
    b.wait_for_text(person.name).await
}

async fn round(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Đợt đánh giá").await?;
    b.wait_for_text("Chưa có đợt nào").await?;
    stage.picture("rounds-empty").await?;
    b.click("Mở đợt").await?;
    b.fill("Tên đợt", ROUND).await?;
    b.fill("Nhận hồ sơ từ ngày", &stage.day(-7).await?).await?;
    b.fill("Hạn cấp xã đề nghị", &stage.day(60).await?).await?;
    b.fill("Hạn có kết quả", &stage.day(120).await?).await?;
    stage.picture("round-new").await?;
    b.click("Mở đợt").await?;
    b.wait_for_text("Chưa có hồ sơ nào được nộp").await?;
    stage.picture("round-board-empty").await
}

/// Accepts the dossier, sets up the council and gives it the dossier. Gives the council's path.
pub async fn accept(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    stage.picture("office-home-reception").await?;
    b.click(&format!("Tiếp nhận hồ sơ {PRODUCT}")).await?;
    b.wait_for_text("640 đàn ong đều đặt trong xã").await?;
    stage.picture("reception").await?;
    b.click("Tiếp nhận hồ sơ").await?;
    b.wait_for_text("Đã tiếp nhận hồ sơ vào đợt").await?;
    stage.picture("accepted").await?;
    b.click("Đợt đánh giá").await?;
    stage.picture("rounds").await?;
    b.click(ROUND).await?;
    b.wait_for_text("Đã vào đợt, chờ phân hội đồng").await?;
    stage.picture("round-board").await?;
    council(stage).await
}

async fn council(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    b.click("Lập hội đồng").await?;
    b.wait_for_text("Quy chế làm việc").await?;
    b.fill("Số, ký hiệu", "3115/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(-1).await?).await?;
    stage.picture("council-new").await?;
    b.click("Lập hội đồng").await?;
    b.wait_for_text("Thành viên và Tổ tư vấn").await?;
    let path = b.path().await?;
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let seats = [
        (&CHAIR, "Chủ tịch Hội đồng", "Ủy ban nhân dân tỉnh"),
        (&SECRETARY, "Thư ký Hội đồng", "Văn phòng Điều phối nông thôn mới tỉnh"),
        (&FIRST_MEMBER, "Thành viên Hội đồng", "Sở Công Thương"),
        (&STRICT_MEMBER, "Thành viên Hội đồng", "Sở Y tế"),
        (&ADVISOR, "Thành viên Tổ tư vấn", "Sở Nông nghiệp và Môi trường"),
    ];
    for (no, (person, kind, agency)) in (1..).zip(seats) {
        b.select("Chọn trong danh sách", person.name).await?;
        b.select("Vai trò", kind).await?;
        b.fill("Cơ quan đại diện", agency).await?;
        b.click("Thêm vào hội đồng").await?;
        b.wait_for_text(&format!("{no} người")).await?;
    }
    b.choose(PRODUCT).await?;
    stage.picture("council-setup").await?;
    b.click("Phân cho hội đồng này").await?;
    b.wait_for_text("Đã phân hồ sơ cho hội đồng").await?;
    b.wait_for_text("Tổ tư vấn đang đánh giá").await?;
    stage.picture("council").await?;
    Ok(path)
}

/// Records the signed decision; gives the code on the certificate.
pub async fn decide(stage: &Stage, dossier: &str, council: &str) -> anyhow::Result<String> {
    let b = &stage.browser;
    stage.sign_in(&OFFICE).await?;
    stage.picture("office-home-decision").await?;
    b.click("Trình, ghi quyết định cho 1 kết quả").await?;
    b.wait_for_text("Ghi quyết định đã ký").await?;
    let mut fetch = stage.same_hand().await?;
    check_pdf(&mut fetch, &format!("{council}/decision.pdf")).await?;
    check_pdf(&mut fetch, &format!("{council}/minutes.pdf")).await?;
    check_pdf(&mut fetch, &format!("{council}/briefing.pdf")).await?;
    b.fill("Số, ký hiệu", "4512/QĐ-UBND").await?;
    b.fill("Ngày ký", &stage.day(0).await?).await?;
    b.fill("Người ký", "Phó Chủ tịch Trần Quốc Thử").await?;
    stage.picture("decision").await?;
    b.click("Ghi quyết định").await?;
    b.wait_for_text("Đã ghi quyết định và cấp giấy chứng nhận").await?;
    b.wait_for_text("4512/QĐ-UBND").await?;
    stage.picture("decided").await?;
    stage.open(dossier).await?;
    b.wait_for_text("Đã công nhận").await?;
    stage.picture("dossier-office").await?;
    let page = fetch.get(dossier).await?.text();
    let decision = between(&page, "/decisions/", "\"")?;
    check_pdf(&mut fetch, &format!("/decisions/{decision}")).await?;
    let certificate = between(&page, "href=\"/certificates/", "\"")?;
    check_pdf(&mut fetch, &format!("/certificates/{certificate}/certificate.pdf")).await?;
    stage.open(&format!("/certificates/{certificate}")).await?;
    b.wait_for_text("Mã kiểm tra").await?;
    stage.picture("certificate").await?;
    let page = fetch.get(&format!("/certificates/{certificate}")).await?.text();
    Ok(between(&page, "href=\"/check/", "\"")?.to_owned())
}
