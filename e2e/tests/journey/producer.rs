//! The producer: account, cooperative, product, dossier, evidence, submission, answers.

use anyhow::{Context as _, ensure};

use crate::sheet::{GOOD, points};
use crate::stage::{
    ADVISOR, COMMUNE, COOPERATIVE, PASSWORD, PRODUCER, PRODUCT, ROUND, Stage, answer, between, check_pdf,
    pdf, photo,
};

/// Registers and describes cooperative and product.
pub async fn register(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_out().await?;
    stage.open("/").await?;
    stage.picture("public-start").await?;
    b.click("Tạo tài khoản").await?;
    b.fill("Họ và tên", PRODUCER.name).await?;
    b.fill("Email", PRODUCER.email).await?;
    b.fill("Số điện thoại", "0203 3878 111").await?;
    b.fill("Mật khẩu", PASSWORD).await?;
    stage.picture("register").await?;
    b.click("Tạo tài khoản").await?;
    b.wait_for_text("Đã tạo tài khoản").await?;
    b.select("Cơ sở ở tỉnh, thành phố nào?", "Quảng Ninh").await?;
    stage.picture("producer-province").await?;
    b.click("Tiếp tục").await?;
    cooperative(stage).await?;
    product(stage).await
}

async fn cooperative(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.wait_for_text("Người đại diện pháp luật").await?;
    b.click("Lưu cơ sở").await?;
    b.wait_for_text("Cần sửa").await?;
    b.wait_for_text("Ghi tên đơn vị như trong giấy đăng ký.").await?;
    stage.picture("producer-refused").await?;
    b.fill("Tên đơn vị", COOPERATIVE).await?;
    b.select("Loại hình tổ chức", "Hợp tác xã").await?;
    b.fill("Số giấy đăng ký kinh doanh", "220707000123").await?;
    b.fill("Ngày thành lập hoặc đăng ký", "05/03/2019").await?;
    b.fill("Mã số thuế", "5702001234").await?;
    b.fill("Số nhà, đường, thôn, bản, khu", "Bản Sông Moóc").await?;
    b.select("Xã, phường, đặc khu", "Xã Bình Liêu").await?;
    b.fill_in("Địa chỉ và liên hệ", "Điện thoại", "0203 3878 111").await?;
    b.fill_in("Người đại diện pháp luật", "Họ và tên", PRODUCER.name).await?;
    b.fill("Chức vụ", PRODUCER.title).await?;
    b.choose("Nữ").await?;
    b.fill("Dân tộc", "Dao").await?;
    b.fill("Địa chỉ thường trú", "Bản Sông Moóc, xã Bình Liêu, tỉnh Quảng Ninh").await?;
    stage.picture("producer-form").await?;
    b.click("Lưu cơ sở").await?;
    b.wait_for_text("Thêm sản phẩm đầu tiên").await?;
    stage.picture("producer").await
}

async fn product(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Thêm sản phẩm").await?;
    b.fill("Tên sản phẩm", PRODUCT).await?;
    b.select("Nhóm sản phẩm (bộ tiêu chí)", "Bộ 4: Mật ong").await?;
    b.fill("Mô tả sản phẩm", "Mật ong hút từ hoa sở trên các sườn núi Cao Ba Lanh, quay khi đã vít nắp.")
        .await?;
    b.fill("Quy cách, bao bì", "Chai thủy tinh 500 ml, hộp giấy 2 chai").await?;
    b.fill("Tiêu chuẩn", "TCCS 01:2026/HTXOMBL; QCVN 8-2:2011/BYT").await?;
    let story = "Tháng Mười một, hoa sở nở trắng các sườn núi Bình Liêu. Người Dao đặt đõ ong bằng gỗ sa mộc \
        bên rừng sở như cha ông vẫn làm, lấy mật một lần trong năm.";
    b.fill("Câu chuyện sản phẩm", story).await?;
    stage.picture("product-form").await?;
    b.click("Lưu sản phẩm").await?;
    b.wait_for_text("Mở hồ sơ cho đợt đang nhận").await?;
    stage.picture("product").await
}

/// Opens the dossier, fills it in and submits it. Gives its path.
pub async fn submit(stage: &Stage) -> anyhow::Result<String> {
    let b = &stage.browser;
    b.click("Mở hồ sơ").await?;
    b.wait_for_text(ROUND).await?;
    stage.picture("dossier-new").await?;
    b.click("Mở hồ sơ").await?;
    b.wait_for_text("Việc của bạn").await?;
    let path = b.path().await?;
    let path = path.split('?').next().unwrap_or_default().to_owned();
    stage.picture("dossier").await?;
    form(stage, &path).await?;
    assess(stage, &path).await?;
    evidence(stage, &path).await?;
    send(stage, &path).await?;
    Ok(path)
}

async fn form(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Phiếu đăng ký và báo cáo").await?;
    b.choose("Giấy đăng ký kinh doanh (7a)").await?;
    b.choose("Đã công bố chất lượng sản phẩm").await?;
    b.choose("cơ sở đủ điều kiện vệ sinh an toàn thực phẩm").await?;
    b.choose("Giấy chứng nhận đăng ký nhãn hiệu").await?;
    let history =
        "Bảy hộ nuôi ong cùng góp vốn lập hợp tác xã năm 2019; đến nay có 31 thành viên, 640 đàn ong.";
    b.fill("Lịch sử hình thành", history).await?;
    b.fill("Cơ cấu tổ chức", "Hội đồng quản trị 3 người, tổ nuôi 22 người, tổ chiết rót 6 người.").await?;
    b.fill(
        "Nguyên liệu và công nghệ",
        "Hoa sở trên 300 ha của xã; lọc thô, hạ thủy phần ở 40 °C, chiết chai kín.",
    )
    .await?;
    b.fill_in("Kết quả sản xuất, kinh doanh", "Thị trường", "Cửa hàng OCOP Hạ Long, Hà Nội; sàn điện tử.")
        .await?;
    b.fill("Doanh thu một năm của sản phẩm", "1.250.000.000").await?;
    b.fill("Lợi nhuận một năm", "310.000.000").await?;
    b.fill("Phát triển sản phẩm", "Chai 250 ml cho khách du lịch, mật ong hoa hồi.").await?;
    b.fill("Tổ chức sản xuất", "Thêm 10 hộ liên kết, vùng nguyên liệu VietGAP 100 ha.").await?;
    b.fill_in("Kế hoạch (mẫu 02, phần IV)", "Thị trường", "Siêu thị tại Hà Nội, Hải Phòng.").await?;
    b.fill("Số mẫu sản phẩm nộp kèm", "5").await?;
    b.fill("Nơi lập hồ sơ", "Bình Liêu").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("dossier-form").await?;
    b.click("Lưu và quay lại hồ sơ").await?;
    b.wait_for_text("Việc của bạn").await?;
    let rows = b.text().await?;
    ensure!(rows.contains("Còn thiếu"), "a dossier without answers lacks something:\n{rows}");
    ensure!(b.path().await?.starts_with(path));
    Ok(())
}

/// The first criteria by hand, the others by the same hand without waiting.
async fn assess(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Tự chấm điểm theo bộ tiêu chí").await?;
    stage.picture("assessment-empty").await?;
    b.click("Bắt đầu").await?;
    b.wait_for_text("1.1 Nguồn gốc sản phẩm").await?;
    b.choose("từ 75% đến 100% sản phẩm").await?;
    b.wait_for_text("3 / 100 điểm").await?;
    b.wait_for_text("Đã lưu").await?;
    stage.picture("criterion").await?;
    if stage.desktop {
        by_keyboard(stage).await?;
    } else {
        by_thumb(stage).await?;
    }
    b.fill("Mô tả, chứng minh", "Máy hạ thủy phần, máy chiết chai của hợp tác xã.").await?;
    stage.picture("criterion-note").await?;
    b.click(PRODUCT).await?;
    b.wait_for_text("Làm tiếp tiêu chí 1.4").await?;
    answer(&stage.same_hand().await?, &format!("{path}/self-assessment"), &GOOD[3..]).await?;
    stage.open(&format!("{path}/self-assessment")).await?;
    b.wait_for_text(&format!("{} / 100 điểm", points(&GOOD))).await?;
    b.wait_for_text("đã chọn 32 trên 32 tiêu chí").await?;
    b.wait_for_text("Cách ngắn nhất để đạt 5 sao").await?;
    stage.picture("assessment").await
}

/// Arrow down saves and moves on, a digit chooses.
async fn by_keyboard(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.press("\u{E015}").await?;
    b.wait_for_text("1.2 Vùng nguyên liệu").await?;
    b.press("2").await?;
    b.wait_for_text("4 / 100 điểm").await?;
    b.press("\u{E015}").await?;
    b.wait_for_text("1.3 Gia tăng giá trị").await?;
    b.press("2").await?;
    b.wait_for_text("6 / 100 điểm").await
}

async fn by_thumb(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Tiếp tục").await?;
    b.wait_for_text("1.2 Vùng nguyên liệu").await?;
    b.choose("tiêu chuẩn quốc gia (VietGAP, hữu cơ…)").await?;
    b.wait_for_text("4 / 100 điểm").await?;
    b.click("Tiếp tục").await?;
    b.wait_for_text("1.3 Gia tăng giá trị").await?;
    b.choose("Dùng máy móc để sơ chế, đóng gói").await?;
    b.wait_for_text("6 / 100 điểm").await
}

/// A PDF and a photo at their criteria, the PDF again for another criterion, with pages.
async fn evidence(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{path}/submit")).await?;
    b.wait_for_text("Còn 1 việc trước khi nộp").await?;
    b.wait_for_text("Chưa có giấy tờ nào được viện dẫn").await?;
    stage.picture("submit-lacks").await?;
    let papers = stage.file("so-theo-doi-dan-ong.pdf", &pdf("So theo doi dan ong 2026", 3))?;
    stage.open(&format!("{path}/self-assessment/1.1")).await?;
    b.upload("Chụp ảnh hoặc chọn tệp", &papers).await?;
    b.select("Loại giấy tờ", "Nguồn gốc nguyên liệu").await?;
    b.fill("Tên gọi", "Sổ theo dõi đàn ong").await?;
    b.fill_in("Thêm giấy tờ mới", "Trang", "1-2").await?;
    b.click("Tải lên và dùng cho tiêu chí này").await?;
    b.wait_for_text("Trang 1–2").await?;
    stage.picture("criterion-cited").await?;
    let picture = photo(stage, "nhan-chai.png").await?;
    stage.open(&format!("{path}/self-assessment/2.3")).await?;
    b.upload("Chụp ảnh hoặc chọn tệp", &picture).await?;
    b.fill("Tên gọi", "Ảnh nhãn chai").await?;
    b.click("Tải lên và dùng cho tiêu chí này").await?;
    b.wait_for_text("1 giấy tờ").await?;
    b.wait_for_text("Ảnh nhãn chai").await?;
    stage.open(&format!("{path}/self-assessment/1.5")).await?;
    b.click("Chọn từ kho giấy tờ").await?;
    b.select("Giấy tờ", "Sổ theo dõi đàn ong").await?;
    b.fill_in("Chọn từ kho giấy tờ", "Trang", "3").await?;
    b.click("Dùng giấy tờ này").await?;
    b.wait_for_text("Trang 3").await?;
    cite_more(stage, path).await?;
    stage.open(&format!("{path}/evidence")).await?;
    b.wait_for_text("chưa có giấy tờ").await?;
    stage.picture("dossier-evidence").await?;
    b.click("Mở kho giấy tờ").await?;
    b.wait_for_text("Sổ theo dõi đàn ong").await?;
    stage.picture("vault").await
}

/// The same papers for criteria of part C.
async fn cite_more(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let mut fetch = stage.same_hand().await?;
    let page = fetch.get(&format!("{path}/self-assessment/9")).await?.text();
    let (_, list) = page.split_once("id=\"evidence\"").context("no list of papers")?;
    let paper = between(list, "<option value=\"", "\"")?;
    for criterion in ["9", "10", "7"] {
        let fields = [("criterion", criterion), ("evidence", paper), ("pages", "1")];
        let reply = fetch.post_form(&format!("{path}/citations"), &fields).await?;
        ensure!(reply.status == 303, "{criterion}: {}", reply.text());
    }
    Ok(())
}

async fn send(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.open(&format!("{path}/submit")).await?;
    b.wait_for_text("UBND Xã Bình Liêu").await?;
    b.wait_for_text("Nên bổ sung trước khi nộp").await?;
    b.wait_for_text(&format!("{} / 100 điểm tự chấm", points(&GOOD))).await?;
    stage.picture("submit").await?;
    b.click("Cam đoan và nộp hồ sơ").await?;
    b.wait_for_text("Đã nộp hồ sơ").await?;
    b.wait_for_text("Cấp xã đang xem xét").await?;
    b.wait_for_text("còn 15 ngày làm việc").await?;
    stage.picture("dossier-submitted").await?;
    stage.open(&format!("{path}/self-assessment/1.1")).await?;
    b.wait_for_text("phần này chỉ để xem").await?;
    let mut fetch = stage.same_hand().await?;
    check_pdf(&mut fetch, &format!("{path}/papers/form-01.pdf")).await?;
    check_pdf(&mut fetch, &format!("{path}/papers/form-02.pdf")).await?;
    ensure!(fetch.get(&format!("{path}/commune-report")).await?.status >= 400, "{} reads it", PRODUCER.name);
    ensure!(COMMUNE.email != ADVISOR.email);
    Ok(())
}

/// Answers what the advisory team asks for.
pub async fn answer_request(stage: &Stage) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&PRODUCER).await?;
    b.wait_for_text("Bổ sung minh chứng cho Tổ tư vấn").await?;
    stage.picture("producer-home").await?;
    b.click("Bổ sung minh chứng cho Tổ tư vấn").await?;
    b.wait_for_text("Bước 1: thêm giấy tờ").await?;
    let contracts = stage.file("hop-dong.pdf", &pdf("Hop dong tieu thu 2025-2026", 2))?;
    b.select("Cho tiêu chí", "1.5").await?;
    b.upload("Chụp ảnh hoặc chọn tệp", &contracts).await?;
    b.select("Loại giấy tờ", "Nguồn gốc nguyên liệu").await?;
    b.fill("Tên gọi", "Hợp đồng tiêu thụ 2025–2026").await?;
    stage.picture("request").await?;
    b.click("Tải lên").await?;
    b.wait_for_text("Hợp đồng tiêu thụ 2025–2026").await?;
    b.fill("Trả lời", "Đã bổ sung hợp đồng tiêu thụ với hai siêu thị, thực hiện từ tháng 3/2025.").await?;
    stage.picture("request-answer").await?;
    b.click("Gửi phần bổ sung").await?;
    b.wait_for_text("Đã gửi phần bổ sung").await?;
    stage.picture("request-answered").await
}

/// Reads the result and takes the certificate home.
pub async fn read_result(stage: &Stage, path: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    stage.sign_in(&PRODUCER).await?;
    stage.picture("producer-home-after").await?;
    stage.open(path).await?;
    b.wait_for_text("Đã công nhận").await?;
    stage.picture("dossier-recognised").await?;
    stage.open(&format!("{path}/result")).await?;
    b.wait_for_text("Hạng 4 sao").await?;
    stage.picture("result-producer").await
}
