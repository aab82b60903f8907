//! Files that are not what they seem, at every place where a paper is uploaded: each is refused beside its
//! field and leaves nothing behind. Real papers are taken, and given back safely to nobody else.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use e2e::{Fetch, Part, Reply};
use tokio::io::AsyncWriteExt as _;

use crate::stage::{
    ADVISOR, ASKED, CHAIR, COMMUNE, Faults, MEMBER, OFFICE, OTHER_COMMUNE, OTHER_PRODUCER, PRODUCER, Reading,
    Stage, beside, pdf, told,
};

const MEGABYTE: usize = 1024 * 1024;

/// A place where a paper is uploaded, open before its producer.
struct Place {
    name: &'static str,
    fetch: Fetch,
    /// Where the form is sent.
    action: String,
    /// Where the papers are listed afterwards.
    page: String,
    fields: Vec<(&'static str, String)>,
}

async fn places(stage: &Stage) -> anyhow::Result<Vec<Place>> {
    let kind = || ("kind", "1".to_owned());
    let mut producer = stage.enter(PRODUCER).await?;
    let vault = vault(stage, PRODUCER).await?;
    let draft = producer.link("/home", "/dossiers/").await?;
    let mut asked = stage.enter(ASKED).await?;
    let request = asked.link("/home", "/dossiers/").await?;
    let parts: Vec<&str> = request.split('/').collect();
    let [_, _, dossier, _, back] = parts.as_slice() else { anyhow::bail!("{request} is no request") };
    let action = format!("/dossiers/{dossier}/evidence");
    let criterion = asked.form(&request, &action).await?;
    let criterion = criterion.value("criterion").context("the request is about no criterion")?.to_owned();
    let back = (*back).to_owned();
    Ok(vec![
        Place {
            name: "vault",
            fetch: producer.clone(),
            action: vault.clone(),
            page: vault,
            fields: vec![kind()],
        },
        Place {
            name: "criterion",
            fetch: producer,
            action: format!("{draft}/evidence"),
            page: format!("{draft}/self-assessment/1.1"),
            fields: vec![kind(), ("criterion", "1.1".to_owned())],
        },
        Place {
            name: "request",
            fetch: asked,
            action,
            page: request.clone(),
            fields: vec![kind(), ("criterion", criterion), ("back", back)],
        },
    ])
}

/// The vault of a producer.
async fn vault(stage: &Stage, producer: &str) -> anyhow::Result<String> {
    let mut fetch = stage.enter(producer).await?;
    let product = fetch.link("/producers", "/products/").await?;
    Ok(format!("{}/evidence", fetch.link(&product, "/producers/").await?))
}

impl Place {
    async fn send(&mut self, file: Option<Part>) -> anyhow::Result<Reply> {
        let mut parts: Vec<Part> = self.fields.iter().map(|(name, value)| Part::text(name, value)).collect();
        parts.extend(file);
        self.fetch.post_multipart(&self.action, &parts).await
    }

    /// Sends a file that must come back with these words beside its field.
    async fn refuses(
        &mut self,
        faults: &mut Faults,
        name: &str,
        file: Option<Part>,
        words: &str,
    ) -> anyhow::Result<()> {
        let reply = self.send(file).await?;
        let fault = beside(&reply.text(), "file");
        faults.check(reply.status == 422 && fault.contains(words), || {
            format!("{} {name}: expected «{words}», got «{fault}» on {}", self.name, told(&reply))
        });
        Ok(())
    }

    /// Sends a file that must be taken, and opens what has come to lie in the list.
    async fn takes(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<(String, Reply)> {
        let before = self.papers().await?;
        let reply = self.send(Some(file(name, bytes.to_vec()))).await?;
        ensure!(reply.status == 303, "{} {name}: {}", self.name, told(&reply));
        ensure!(reply.location().is_some_and(|to| to.starts_with(&self.page)), "{}", told(&reply));
        let after = self.papers().await?;
        let added: Vec<&String> = after.iter().filter(|paper| !before.contains(paper)).collect();
        let [paper] = added.as_slice() else {
            anyhow::bail!("{} {name}: new in the list: {added:?}", self.name)
        };
        Ok(((*paper).clone(), self.fetch.get(paper).await?))
    }

    async fn papers(&mut self) -> anyhow::Result<Vec<String>> {
        let mut found = self.fetch.links(&self.page, "/evidence/").await?;
        found.retain(|link| link.ends_with("/file"));
        Ok(found)
    }
}

fn file(name: &str, bytes: Vec<u8>) -> Part {
    Part::file("file", name, "application/octet-stream", bytes)
}

/// A ZIP of empty members.
fn zip(names: &[&str]) -> anyhow::Result<Vec<u8>> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let at = u32::try_from(file.len())?.to_le_bytes();
        let length = u16::try_from(name.len())?.to_le_bytes();
        file.extend([&b"PK\x03\x04"[..], &[0; 22], &length, &[0; 2], name.as_bytes()].concat());
        directory.extend([&b"PK\x01\x02"[..], &[0; 24], &length, &[0; 12], &at, name.as_bytes()].concat());
    }
    let (start, size) =
        (u32::try_from(file.len())?.to_le_bytes(), u32::try_from(directory.len())?.to_le_bytes());
    let count = u16::try_from(names.len())?.to_le_bytes();
    file.extend(directory);
    file.extend([&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size, &start, &[0; 2]].concat());
    Ok(file)
}

/// A file: three words about it, and its bytes.
type Sample = (&'static str, &'static str, &'static str, Vec<u8>);

/// One real file of each kind that is taken: name, content type, and whether it is shown or saved.
fn good(salt: &str) -> anyhow::Result<Vec<Sample>> {
    let salted = |magic: &[u8]| [magic, salt.as_bytes()].concat();
    let docx = zip(&["[Content_Types].xml", "word/document.xml", salt])?;
    let xlsx = zip(&["[Content_Types].xml", "xl/workbook.xml", salt])?;
    Ok(vec![
        ("giấy.pdf", "application/pdf", "inline", pdf(salt)),
        ("ảnh.jpg", "image/jpeg", "inline", salted(b"\xff\xd8\xff\xe0\x00\x10JFIF\0")),
        ("ảnh.png", "image/png", "inline", salted(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")),
        ("ảnh.webp", "image/webp", "inline", salted(b"RIFF\x24\0\0\0WEBPVP8 ")),
        ("phim.mp4", "video/mp4", "inline", salted(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")),
        (
            "đơn.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "attachment",
            docx,
        ),
        (
            "bảng.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment",
            xlsx,
        ),
    ])
}

/// Files that must not be taken: what they are, how they are called, and what is told.
fn bad() -> anyhow::Result<Vec<Sample>> {
    const FAKE: &str = "không phải là PDF thật";
    const UNKNOWN: &str = "Loại tệp này chưa nhận được";
    const ARCHIVE: &str = "Tệp nén hoặc tệp Office này chưa nhận được";
    let html = b"<html><script>alert(1)</script></html>";
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 8].to_vec();
    Ok(vec![
        ("a text", "giấy phép.pdf", FAKE, "Đây là giấy phép của tôi".into()),
        ("a page of HTML", "giấy phép.pdf", FAKE, html.to_vec()),
        ("a PDF cut short", "giấy phép.pdf", FAKE, cut(pdf("cắt"))),
        ("a PDF of one line", "a.pdf", FAKE, b"%PDF-1.7 only this".to_vec()),
        ("HTML before a PDF", "a.pdf", FAKE, [&html[..], &pdf("sau")].concat()),
        ("a program", "ảnh.png", UNKNOWN, b"MZ\x90\0\x03\0\0\0".to_vec()),
        ("a script", "ảnh.jpg", UNKNOWN, b"#!/bin/sh\nrm -rf /\n".to_vec()),
        ("a drawing", "ảnh.svg", UNKNOWN, b"<svg onload=\"alert(1)\"/>".to_vec()),
        ("an animation", "a.gif", UNKNOWN, b"GIF89a=1;alert(1)//".to_vec()),
        ("an archive", "đơn.docx", ARCHIVE, zip(&["AndroidManifest.xml"])?),
        ("an archive cut short", "đơn.docx", ARCHIVE, b"PK\x03\x04 cut".to_vec()),
        ("an empty file", "giấy phép.pdf", "Tệp này rỗng", Vec::new()),
    ])
}

#[tokio::test]
async fn a_file_that_only_pretends_is_refused_beside_its_field_and_not_kept() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let before = stage.kept()?;
    for mut place in places(&stage).await? {
        for (what, name, words, bytes) in bad()? {
            place.refuses(&mut faults, what, Some(file(name, bytes)), words).await?;
        }
        place.refuses(&mut faults, "no file chosen", Some(file("", Vec::new())), "Chưa chọn tệp").await?;
        place.refuses(&mut faults, "no file at all", None, "Chưa chọn tệp").await?;
    }
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

#[tokio::test]
async fn a_file_of_60_megabytes_is_refused_in_words_and_not_kept() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let before = stage.kept()?;
    for mut place in places(&stage).await? {
        let large = Part::big_file("file", "quét.pdf", "application/pdf", b"%PDF-1.7", 60);
        place.refuses(&mut faults, "60 MB", Some(large), "Tệp lớn hơn 50,0 MB").await?;
    }
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

#[tokio::test]
async fn exactly_50_megabytes_are_taken_and_one_byte_more_is_not() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut place = places(&stage).await?.swap_remove(0);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.resize(50 * MEGABYTE, 0);
    let (_, given) = place.takes("ảnh lớn.png", &bytes).await?;
    ensure!(given.body == bytes, "{} bytes came back", given.body.len());
    bytes.push(0);
    let mut faults = Faults::default();
    place.refuses(&mut faults, "one byte more", Some(file("ảnh.png", bytes)), "Tệp lớn hơn 50,0 MB").await?;
    faults.none()
}

#[tokio::test]
async fn every_real_kind_of_paper_is_taken_and_given_back_safely() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    for mut place in places(&stage).await? {
        for (name, kind, way, bytes) in good(place.name)? {
            let (_, given) = place.takes(name, &bytes).await?;
            let told = |header: &str| given.header(header).unwrap_or_default().to_owned();
            let safe = given.body == bytes
                && told("content-type") == kind
                && told("content-disposition").starts_with(way)
                && told("x-content-type-options") == "nosniff"
                && told("content-security-policy").contains("default-src 'none'")
                && told("content-security-policy").contains("frame-ancestors 'self'");
            faults.check(safe, || format!("{} {name}: {:?}", place.name, given.headers));
            let boxed = kind == "application/pdf" || told("content-security-policy").contains("sandbox");
            faults.check(boxed, || format!("{} {name} may run scripts", place.name));
        }
    }
    faults.none()
}

#[tokio::test]
async fn a_file_with_two_faces_is_served_as_the_harmless_one() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut place = places(&stage).await?.swap_remove(0);
    let script = b"<html><script>alert(document.cookie)</script></html>";
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], script].concat();
    let both =
        [pdf("<script>alert(1)</script>"), zip(&["[Content_Types].xml", "word/document.xml"])?, pdf("x")];
    for (name, bytes, kind) in [
        ("ảnh.html", png.clone(), "image/png"),
        ("giấy.svg", pdf("<svg onload=alert(1)>"), "application/pdf"),
        ("đơn.docx", both.concat(), "application/pdf"),
        ("ảnh.pdf", [&png[..], b"another"].concat(), "image/png"),
    ] {
        let (_, given) = place.takes(name, &bytes).await?;
        ensure!(given.header("content-type") == Some(kind), "{name}: {:?}", given.headers);
        ensure!(given.header("x-content-type-options") == Some("nosniff"), "{name}: {:?}", given.headers);
        let called = given.header("content-disposition").unwrap_or_default();
        let ending = if kind == "image/png" { ".png" } else { ".pdf" };
        ensure!(called.ends_with(ending) && !called.contains("html"), "{name} is called {called}");
    }
    Ok(())
}

#[tokio::test]
async fn a_pdf_that_exhausts_whoever_reads_it_costs_its_own_picture_only() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut place = places(&stage).await?.swap_remove(0);
    // Readers of PDF follow nested arrays by calling themselves.
    let nested = pdf(&"[".repeat(5 * MEGABYTE));
    let (paper, given) = place.takes("lồng nhau.pdf", &nested).await?;
    ensure!(given.body == nested, "{} bytes came back", given.body.len());
    let paper = paper.trim_end_matches("/file").to_owned();
    for page in [format!("{paper}/pages/1"), format!("{paper}/pages/1/picture")] {
        let reply = place.fetch.get(&page).await?;
        ensure!(
            reply.status == 422 && reply.text().contains("Hãy tải tệp về máy"),
            "{page}: {}",
            told(&reply)
        );
    }
    let (_, plain) = place.takes("thường.pdf", &pdf("")).await?;
    ensure!(plain.status == 200, "{}", told(&plain));
    Ok(())
}

#[tokio::test]
async fn a_strange_file_name_becomes_a_plain_one() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut place = places(&stage).await?.swap_remove(0);
    for (no, (name, kept)) in [
        ("../../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system.ini", "system.pdf"),
        ("giấy.exe", "gi%E1%BA%A5y.pdf"),
        ("🍯👩‍🌾.pdf", "giay-to.pdf"),
        ("%22; filename=%22b.html", "22%20filename%2022b.pdf"),
        ("\u{202e}fdp.exe", "fdp.pdf"),
        ("con.pdf", "con.pdf"),
        ("", "giay-to.pdf"),
    ]
    .into_iter()
    .enumerate()
    {
        let (_, given) = place.takes(name, &pdf(&format!("tên {no}"))).await?;
        let expected = format!("inline; filename=\"giay-to.pdf\"; filename*=UTF-8''{kept}");
        let called = given.header("content-disposition").unwrap_or_default();
        ensure!(called == expected, "{name:?} is called {called}");
    }
    let (_, given) = place.takes(&format!("{}.pdf", "ặ".repeat(300)), &pdf("dài")).await?;
    let called = given.header("content-disposition").unwrap_or_default();
    ensure!(called.len() < 900 && called.ends_with(".pdf"), "{} letters: {called}", called.len());
    Ok(())
}

#[tokio::test]
async fn an_upload_that_breaks_off_or_names_no_criterion_leaves_nothing() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let places = places(&stage).await?;
    let before = stage.kept()?;
    for place in &places {
        let mut fetch = place.fetch.clone();
        for wrong in ["99.9", "", "1.1\u{0}", "🍯"] {
            if place.name == "vault" {
                continue;
            }
            let parts = [
                Part::text("kind", "1"),
                Part::text("criterion", wrong),
                file("a.pdf", pdf(&format!("{} {wrong}", place.name))),
            ];
            let reply = fetch.post_multipart(&place.action, &parts).await?;
            ensure!((400..500).contains(&reply.status), "{} {wrong:?}: {}", place.name, told(&reply));
        }
        break_off(&stage, place).await?;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after = stage.kept()?;
    ensure!(after == before, "(changes, files) were {before:?} and are {after:?}");
    Ok(())
}

/// Sends half of a paper and hangs up.
async fn break_off(stage: &Stage, place: &Place) -> anyhow::Result<()> {
    let cookies: Vec<_> =
        place.fetch.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let paper = pdf("nửa chừng");
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: 90000\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n1\r\n--x\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n",
        place.action,
        stage.address(),
        cookies.join("; ")
    );
    let mut stream = tokio::net::TcpStream::connect(stage.address()).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&paper).await?;
    stream.flush().await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}

#[tokio::test]
async fn a_paper_of_the_vault_is_opened_and_taken_out_by_its_producer_alone() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut place = places(&stage).await?.swap_remove(0);
    let (paper, given) = place.takes("riêng.pdf", &pdf("riêng")).await?;
    ensure!(given.status == 200);
    let others = [OTHER_PRODUCER, ASKED, COMMUNE, OTHER_COMMUNE, OFFICE, CHAIR, MEMBER, ADVISOR];
    let before = stage.kept()?;
    for who in others {
        let mut other = stage.enter(who).await?;
        let reply = other.get(&paper).await?;
        ensure!(reply.status == 404 && !reply.body.starts_with(b"%PDF"), "{who}: {}", told(&reply));
        let range = other.clone().with_header("Range", "bytes=0-9").get(&paper).await?;
        ensure!(range.status == 404, "{who} gets a piece: {}", told(&range));
        let reply = other.post_form(&paper.replace("/file", "/withdraw"), &[]).await?;
        ensure!(matches!(reply.status, 403 | 404), "{who}: {}", told(&reply));
        let parts = [Part::text("kind", "1"), file("a.pdf", pdf(who))];
        let reply = other.post_multipart(&place.action, &parts).await?;
        ensure!(matches!(reply.status, 403 | 404), "{who} fills the vault: {}", told(&reply));
    }
    let nobody = stage.ocop.fetch().get(&paper).await?;
    ensure!(nobody.status == 303 && nobody.location().is_some_and(|to| to.starts_with("/login")));
    ensure!(stage.kept()? == before, "a stranger has left something");
    Ok(())
}
