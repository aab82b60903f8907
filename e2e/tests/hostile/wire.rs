//! Requests that no honest browser sends: forged origins, broken bodies, strange paths and headers, slow
//! senders, guessed passwords. Each gets an answer, and nothing is changed.

use std::time::{Duration, Instant};

use anyhow::ensure;
use e2e::fetch::percent;
use e2e::{Fetch, Form, Reply};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::stage::{Faults, MEMBER, OFFICE, PASSWORD, PRODUCER, Reading, Stage, is_ours, readable, told};

const FORM: &str = "application/x-www-form-urlencoded";

/// The form of a criterion of the producer's draft, filled in.
async fn answer(stage: &Stage) -> anyhow::Result<(Fetch, Form)> {
    let mut fetch = stage.enter(PRODUCER).await?;
    let draft = fetch.link("/home", "/dossiers/").await?;
    let form = fetch.form(&format!("{draft}/self-assessment/1.2"), "").await?;
    Ok((fetch, form.with("choice", "1:1").with("note", "Ghi từ bên ngoài.")))
}

/// The body of a form.
fn encoded(form: &Form) -> String {
    let pairs: Vec<_> =
        form.sent().iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    pairs.join("&")
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused_in_words() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (fetch, form) = answer(&stage).await?;
    let own = stage.ocop.url("");
    let before = stage.changes()?;
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1:1"),
        ("Origin", &format!("{own}.evil.example")),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        let mut foreign = fetch.clone().with_header(name, value);
        for action in [form.action.as_str(), "/logout"] {
            let reply = foreign.post_form(action, &form.sent()).await?;
            ensure!(reply.status == 403 && is_ours(&reply), "{name}: {value} to {action}: {}", told(&reply));
            ensure!(readable(&reply.text()).contains("trang khác"), "{name}: {value}: {}", told(&reply));
        }
    }
    ensure!(stage.changes()? == before, "a forged form was taken");
    let mut linked = fetch.clone().with_header("Sec-Fetch-Site", "cross-site");
    ensure!(linked.get("/home").await?.status == 200, "a link in a letter leads here");
    let mut honest = fetch.with_header("Origin", &own).with_header("Sec-Fetch-Site", "same-origin");
    honest.done(&form).await?;
    Ok(())
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_in_words() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut fetch, form) = answer(&stage).await?;
    let draft = form.action.split("/self-assessment").next().unwrap_or_default().to_owned();
    let upload = format!("{draft}/evidence");
    let part = "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n1\r\n";
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let multipart = Some("multipart/form-data; boundary=x");
    let good = encoded(&form);
    let mut faults = Faults::default();
    let before = stage.kept()?;
    for (what, path, kind, body) in [
        ("JSON", &form.action, Some("application/json"), "{\"choice\":\"1:1\"}".to_owned()),
        ("no type", &form.action, None, good.clone()),
        ("bare text", &form.action, Some("text/plain"), good.clone()),
        ("XML", &form.action, Some("text/xml"), "<choice/>".to_owned()),
        ("multipart to a plain form", &form.action, multipart, format!("{part}--x--\r\n")),
        ("one field twice", &form.action, Some(FORM), format!("{good}&note=hai&note=ba")),
        ("a plain form to an upload", &upload, Some(FORM), good.clone()),
        ("no boundary", &upload, Some("multipart/form-data"), format!("{part}--x--\r\n")),
        ("another boundary", &upload, Some("multipart/form-data; boundary=y"), format!("{part}--x--\r\n")),
        ("no end", &upload, multipart, format!("{part}--x\r\n{file}%PDF-1.4 ")),
        ("no name", &upload, multipart, "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n".into()),
        ("no head", &upload, multipart, "--x\r\n\r\n--x--\r\n".into()),
        ("nothing", &upload, multipart, String::new()),
    ] {
        let reply = fetch.request("POST", path, kind, body.into_bytes()).await?;
        let clear = matches!(reply.status, 400 | 404 | 415 | 422) && is_ours(&reply);
        faults.check(clear, || format!("{what}: {}", told(&reply)));
    }
    let too_long = format!("{good}{}", "x".repeat(3 * 1024 * 1024));
    let reply = fetch.request("POST", &form.action, Some(FORM), too_long.into_bytes()).await?;
    faults.check(reply.status == 413, || format!("3 MB of text: {}", told(&reply)));
    faults.refused("3 MB of text", &reply, "quá lớn");
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

#[tokio::test]
async fn bytes_that_are_no_letters_are_never_kept_as_such() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut fetch, form) = answer(&stage).await?;
    for (typed, kept) in [
        (&b"Mu\xe1\xbb\x91i %00%01%07bi%1B%E1%BB%83n"[..], "Muối biển"),
        (b"%ZZ %G1 100%", "%ZZ %G1 100%"),
        (b"%E1%BB%91%CC%81", "ố\u{301}"),
    ] {
        let fresh = fetch.form(&form.action, "").await?;
        let version = fresh.value("version").unwrap_or_default();
        let head = format!("choice=1%3A1&version={version}&note=");
        let body = [head.as_bytes(), typed].concat();
        let reply = fetch.request("POST", &form.action, Some(FORM), body).await?;
        ensure!(reply.status == 303, "{:?}: {}", String::from_utf8_lossy(typed), told(&reply));
        let again = fetch.form(&form.action, "").await?;
        let found = again.value("note").unwrap_or_default();
        ensure!(found == kept, "{:?} is kept as {found:?}", String::from_utf8_lossy(typed));
    }
    // Half a letter and Latin-1: either refused or shown as unreadable, never a fault of the program.
    for broken in [&b"\xff\xfe"[..], b"%FF%FE", b"%C3%28", b"%F0%9F%8D"] {
        let fresh = fetch.form(&form.action, "").await?;
        let head = format!("choice=1%3A1&version={}&note=", fresh.value("version").unwrap_or_default());
        let body = [head.as_bytes(), broken].concat();
        let reply = fetch.request("POST", &form.action, Some(FORM), body).await?;
        ensure!(matches!(reply.status, 303 | 400 | 422), "{broken:?}: {}", told(&reply));
        let note = fetch.form(&form.action, "").await?;
        ensure!(note.value("note").is_some_and(|note| !note.contains('\0')));
    }
    Ok(())
}

#[tokio::test]
async fn strange_methods_and_paths_open_nothing() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut fetch, form) = answer(&stage).await?;
    let mut faults = Faults::default();
    let before = stage.kept()?;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND", "BREW"] {
        for path in ["/home", &form.action, "/assets/ocop.css"] {
            let reply = fetch.request(method, path, Some(FORM), encoded(&form).into_bytes()).await?;
            let clear = reply.status == 405 && is_ours(&reply);
            faults.check(clear, || format!("{method} {path}: {}", told(&reply)));
        }
    }
    for path in [
        "/assets/../../../etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/....//....//etc/passwd",
        "/assets//etc/passwd",
        "/assets/ocop.css/../../src/router.rs",
        "/assets/ocop.css%00.png",
        "/assets/%FF",
        "/ocop.db",
        "/../ocop.db",
        "/files/",
        "/.git/config",
        "//evil.example/home",
        "/products/../ocop.db",
    ] {
        let reply = fetch.get(path).await?;
        let text = reply.text();
        let closed = matches!(reply.status, 400 | 404) && is_ours(&reply);
        faults.check(closed, || format!("{path}: {}", told(&reply)));
        faults.check(!text.contains("root:") && !text.contains("SQLite"), || format!("{path} gives a file"));
    }
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

#[tokio::test]
async fn endless_headers_and_lies_about_length_do_not_hurt() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (fetch, form) = answer(&stage).await?;
    let cookie: Vec<_> = fetch.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!("Host: {}\r\nCookie: {}\r\n", stage.address(), cookie.join("; "));
    let post =
        format!("POST {} HTTP/1.1\r\n{head}Content-Type: {FORM}\r\nConnection: close\r\n", form.action);
    let get = format!("GET /home HTTP/1.1\r\n{head}Connection: close\r\n");
    let body = encoded(&form);
    let before = stage.kept()?;
    for (what, request, expected) in [
        ("a header of 1 MB", format!("{get}X-Long: {}\r\n\r\n", "x".repeat(1 << 20)), &[431, 400][..]),
        ("500 headers", format!("{get}{}\r\n", "X-Many: 1\r\n".repeat(500)), &[431, 400]),
        (
            "an address of 100 KB",
            format!("GET /{} HTTP/1.1\r\n{head}\r\n", "a".repeat(100_000)),
            &[414, 431, 400],
        ),
        ("no length", format!("{post}\r\n{body}"), &[400, 409, 411]),
        ("a length that is no number", format!("{post}Content-Length: nhiều\r\n\r\n{body}"), &[400]),
        ("a negative length", format!("{post}Content-Length: -5\r\n\r\n{body}"), &[400]),
        (
            "two lengths",
            format!("{post}Content-Length: 5\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
            &[400],
        ),
        ("a chunk that is no chunk", format!("{post}Transfer-Encoding: chunked\r\n\r\nkhông\r\n"), &[400]),
        ("no HTTP", "chào bạn\r\n\r\n".to_owned(), &[400]),
    ] {
        // A server may hang up on what it cannot read.
        if let Ok(reply) = fetch.send_raw(request.into_bytes()).await {
            ensure!(expected.contains(&reply.status), "{what}: {}", told(&reply));
        }
    }
    ensure!(stage.kept()? == before, "something was changed");
    ensure!(fetch.clone().get("/home").await?.status == 200, "the program still answers");
    Ok(())
}

#[tokio::test]
async fn many_slow_senders_keep_nobody_waiting() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut fetch, form) = answer(&stage).await?;
    let mut slow = Vec::new();
    for no in 0..200 {
        let mut stream = TcpStream::connect(stage.address()).await?;
        let begun = match no % 3 {
            0 => "GET /home HTTP/1.1\r\nHo".to_owned(),
            1 => format!("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\nchoice=", form.action),
            _ => String::new(),
        };
        stream.write_all(begun.as_bytes()).await?;
        slow.push(stream);
    }
    let start = Instant::now();
    ensure!(fetch.get("/home").await?.status == 200);
    fetch.done(&form).await?;
    let took = start.elapsed();
    ensure!(took < Duration::from_secs(3), "a page and a save took {took:?}");
    drop(slow);
    Ok(())
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let email = format!("{OFFICE}@demo.ocop.example");
    let mut signed_in = stage.enter(OFFICE).await?;
    for next in [
        "//evil.example",
        "https://evil.example",
        "https:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%09/evil.example\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "evil.example",
        "/ /evil.example",
        "///evil.example",
    ] {
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        let reply = stage.ocop.fetch().post_form("/login", &fields).await?;
        ensure!(stays_here(&reply), "{next:?}: {}", told(&reply));
        let reply = signed_in.get(&format!("/login?next={}", percent(next))).await?;
        ensure!(stays_here(&reply), "{next:?}: {}", told(&reply));
        let page = stage.ocop.fetch().get(&format!("/login?next={}", percent(next))).await?;
        ensure!(!page.text().contains("evil.example"), "{next:?} stands in the form");
    }
    let reply = stage.ocop.fetch().get("/rounds/%22%3E%3Cscript%3E&next=//evil.example").await?;
    ensure!(reply.status == 303 || reply.status == 404, "{}", told(&reply));
    Ok(())
}

/// A redirect to a path of ours.
fn stays_here(reply: &Reply) -> bool {
    let inside = |to: &str| to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    reply.status == 303
        && reply.location().is_some_and(inside)
        && reply.header("set-cookie").is_none_or(|cookie| cookie.starts_with("ocop_login="))
}

#[tokio::test]
async fn a_forged_cookie_is_nobody() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let genuine = stage.enter(OFFICE).await?;
    let token = genuine.cookies().get("ocop_login").cloned().unwrap_or_default();
    ensure!(token.len() >= 32, "the cookie holds {} letters", token.len());
    let (start, end) = token.split_at(token.len() - 1);
    let other = if end == "0" { "1" } else { "0" };
    for forged in [
        "",
        "0",
        "admin",
        "' or '1'='1",
        &"a".repeat(8_000),
        "%00%FF",
        "\u{1f36f}",
        &format!("{start}{other}"),
        &token.to_uppercase(),
        &token[..token.len() / 2],
    ] {
        let mut fetch = stage.ocop.fetch();
        fetch.set_cookie("ocop_login", forged);
        let reply = fetch.get("/rounds").await?;
        let nobody = reply.status == 303 && reply.location() == Some("/login?next=/rounds");
        let same = forged == token;
        ensure!(nobody || same, "{:?}: {}", forged.chars().take(20).collect::<String>(), told(&reply));
    }
    let mut left = genuine.clone();
    left.post_form("/logout", &[]).await?;
    let reply = genuine.clone().get("/rounds").await?;
    ensure!(reply.status == 303, "the cookie works after signing out: {}", told(&reply));
    Ok(())
}

#[tokio::test]
async fn a_guessed_password_is_slowed_down_for_that_account_alone() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let guess = async |email: &str, password: &str| {
        stage.ocop.fetch().post_form("/login", &[("email", email), ("password", password)]).await
    };
    let email = format!("{MEMBER}@demo.ocop.example");
    for no in 1..8 {
        let reply = guess(&email, &format!("đoán {no}")).await?;
        ensure!(readable(&reply.text()).contains("Email hoặc mật khẩu chưa đúng"), "{}", told(&reply));
        ensure!(!reply.text().contains("đoán"), "the password comes back");
    }
    for password in ["đoán 8", PASSWORD] {
        let reply = guess(&email, password).await?;
        let waits = reply.status == 422 && readable(&reply.text()).contains("hãy đợi 10 phút");
        ensure!(waits && reply.header("set-cookie").is_none(), "{password}: {}", told(&reply));
    }
    stage.enter(OFFICE).await?;
    Ok(())
}

#[tokio::test]
async fn every_answer_carries_the_safe_headers() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut office = stage.enter(OFFICE).await?;
    for path in ["/", "/products", "/login", "/home", "/rounds", "/nichts", "/assets/ocop.js", "/check/ABCD"]
    {
        let reply = office.get(path).await?;
        let policy = reply.header("content-security-policy").unwrap_or_default();
        ensure!(
            policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'self'"),
            "{path}: {policy}"
        );
        ensure!(!policy.contains("unsafe"), "{path}: {policy}");
        ensure!(reply.header("x-content-type-options") == Some("nosniff"), "{path}: {:?}", reply.headers);
        ensure!(reply.header("referrer-policy") == Some("same-origin"), "{path}: {:?}", reply.headers);
        ensure!(reply.header("server").is_none(), "{path}: {:?}", reply.headers);
    }
    let fields = [("email", "van-phong@demo.ocop.example"), ("password", PASSWORD)];
    let reply = stage.ocop.fetch().post_form("/login", &fields).await?;
    let cookie = reply.header("set-cookie").unwrap_or_default().to_owned();
    ensure!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let page = office.get("/home").await?;
    ensure!(page.header("cache-control") == Some("no-store"), "{:?}", page.headers);
    Ok(())
}
