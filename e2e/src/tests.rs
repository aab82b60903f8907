//! The harness proves itself on a page of its own before it judges ours.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::{Browser, Fetch, Part};

const NAME: &str = "Đông trùng hạ thảo ưỡ";

const PAGE: &str = r#"<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Thử</title><style>.box{opacity:0;position:absolute} section{margin-bottom:900px}</style>
<nav><button>Lưu</button></nav>
<main><form onsubmit="event.preventDefault(); show()">
<label for="n">Tên sản phẩm <b>*</b><br><small>Ghi như trên nhãn</small></label><input id="n">
<label>Ghi chú<textarea id="t"></textarea></label>
<label>Ngày cấp<input type="date" id="d"></label>
<label>Xã<select id="x"><option value="1">Bình Liêu</option><option value="2">Hoành Mô</option></select></label>
<fieldset><legend>1.1 Nguồn gốc</legend><label><input type="radio" class="box" name="a" value="1">Đạt</label></fieldset>
<fieldset><legend>1.2 Liên kết</legend><label><input type="radio" class="box" name="b" value="1">Đạt</label></fieldset>
<label>Tệp minh chứng<input type="file" id="f"></label>
<button>Lưu</button></form><section><p id="out"></p></section><p>Hết</p></main>
<script>let saved = 0; function show() { saved += 1; out.innerText =
  `Đã lưu ${saved} lần: ${n.value} / ${t.value.length} / ${d.value} / ${x.value} / a=${
  document.querySelector('[name=a]').checked} b=${document.querySelector('[name=b]').checked} / ${f.files[0]?.name}`; }
</script>"#;

/// Serves the page on every path, and for POST says how long the body was.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Chromium opens connections ahead of need and may send nothing on them.
            std::thread::spawn(move || {
                let mut bytes = vec![];
                let mut buffer = [0; 4096];
                let expected = loop {
                    let Ok(read @ 1..) = stream.read(&mut buffer) else { return };
                    bytes.extend(&buffer[..read]);
                    let head = String::from_utf8_lossy(&bytes).to_lowercase();
                    if let Some((head, _)) = head.split_once("\r\n\r\n") {
                        let length = head.split_once("content-length: ").map_or("0", |(_, rest)| rest);
                        let length: usize = length.lines().next().unwrap().parse().unwrap();
                        break head.len() + 4 + length;
                    }
                };
                while bytes.len() < expected {
                    let read = stream.read(&mut buffer).unwrap();
                    bytes.extend(&buffer[..read]);
                }
                let body = if bytes.starts_with(b"POST") { bytes.len().to_string() } else { PAGE.to_owned() };
                let head =
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: seen=1\r\nConnection: close";
                let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            });
        }
    });
    port
}

async fn walk(browser: &Browser, port: u16) -> anyhow::Result<()> {
    let file = tempfile::Builder::new().prefix("giay-").suffix(".pdf").tempfile()?;
    browser.goto(&format!("http://127.0.0.1:{port}/bieu-mau?so=1")).await?;
    assert_eq!(browser.path().await?, "/bieu-mau?so=1");
    browser.fill("Tên sản phẩm", NAME).await?;
    browser.fill("Ghi chú", &"🍯 ".repeat(400)).await?;
    browser.fill("Ngày cấp", "2026-05-22").await?;
    browser.select("Xã", "Hoành Mô").await?;
    browser.choose_in("1.2 Liên kết", "Đạt").await?;
    browser.upload("Tệp minh chứng", file.path()).await?;
    browser.click("Lưu").await?;
    let name = file.path().file_name().unwrap().to_string_lossy();
    let expected = format!("Đã lưu 1 lần: {NAME} / 1200 / 2026-05-22 / 2 / a=false b=true / {name}");
    browser.wait_for_text(&expected).await?;
    browser.click_twice("Lưu").await?;
    browser.wait_for_text("Đã lưu 3 lần").await?;
    assert_eq!(browser.value("Tên sản phẩm").await?, NAME);
    assert!(browser.fits().await?);
    assert_eq!(browser.complaints().await?, Vec::<String>::new());
    let mut fetch = Fetch::new(port);
    browser.lend_cookies(&mut fetch).await?;
    assert_eq!(fetch.cookies().get("seen").map(String::as_str), Some("1"));
    Ok(())
}

/// Height and width of a PNG, from its header.
fn png_size(path: &std::path::Path) -> (u32, u32) {
    let bytes = std::fs::read(path).unwrap();
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test]
async fn a_phone_reads_types_and_takes_pictures() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("harness").await? else { return Ok(()) };
    walk(&browser, serve()).await?;
    let (width, height) = png_size(&browser.screenshot("form").await?);
    assert_eq!(width, 780, "390 pixels at double density");
    assert!(height > 1800, "the whole page, {height}");
    Ok(())
}

#[tokio::test]
async fn a_desktop_reads_types_and_takes_pictures() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("harness").await? else { return Ok(()) };
    walk(&browser, serve()).await?;
    let (width, height) = png_size(&browser.screenshot("form").await?);
    assert_eq!(width, 1440);
    let inside = browser.client().execute("return `${innerWidth} x ${innerHeight}`", vec![]).await?;
    assert_eq!(inside, "1440 x 900");
    assert!(height > 900, "the whole page, {height}");
    Ok(())
}

#[tokio::test]
async fn a_missing_button_says_what_there_is() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("harness-missing").await? else { return Ok(()) };
    browser.goto(&format!("http://127.0.0.1:{}/", serve())).await?;
    let error = browser.click("Xóa").await.unwrap_err().to_string();
    assert!(error.contains("Lưu | Tên sản phẩm"), "{error}");
    Ok(())
}

#[tokio::test]
async fn sixty_megabytes_are_sent_without_a_browser() -> anyhow::Result<()> {
    let mut fetch = Fetch::new(serve());
    let parts = [Part::text("ten", NAME), Part::big_file("tep", "a.pdf", "application/pdf", b"%PDF-1.7", 60)];
    let reply = fetch.post_multipart("/tep", &parts).await?;
    assert_eq!(reply.status, 200);
    assert!(reply.text().parse::<usize>()? > 60 * 1024 * 1024);
    Ok(())
}
