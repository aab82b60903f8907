//! Letters through a real SMTP server, and read back by another program.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use ocop_app::councils::testing::Sitting;
use ocop_app::{App, jobs};
use serde_json::Value;

use super::*;

/// Debian's aiosmtpd with `office_mailbox.py` behind it.
struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mailer")
}

impl Server {
    /// A server of its own; none where it is not installed and not required.
    fn start() -> Option<Self> {
        let program = Path::new("/usr/bin/aiosmtpd");
        if !program.is_file() {
            assert!(std::env::var("OCOP_REQUIRE_SMTP").is_err(), "install python3-aiosmtpd");
            eprintln!("skipped: python3-aiosmtpd is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .args([
                "--nosetuid",
                "--listen",
                &format!("127.0.0.1:{port}"),
                "--class",
                "office_mailbox.Office",
            ])
            .arg(folder.path().join("letters"))
            .env("PYTHONPATH", here())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .spawn()
            .unwrap();
        let server = Self { child, port, folder };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the mail server does not answer");
    }

    fn mailer(&self) -> Mailer {
        Mailer::new(&format!("smtp://127.0.0.1:{}", self.port), "ocop@tinh.example").unwrap()
    }

    /// The letters that it keeps, as another program reads them.
    fn letters(&self) -> Vec<Value> {
        let read = Command::new("/usr/bin/python3")
            .arg(here().join("office_mailbox.py"))
            .arg(self.folder.path().join("letters"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        serde_json::from_slice(&read.stdout).unwrap()
    }
}

fn letter_to(address: &str) -> Letter {
    Letter {
        id: "1".to_owned(),
        address: address.to_owned(),
        from: "OCOP".to_owned(),
        subject: "OCOP".to_owned(),
        body: "Thử".to_owned(),
    }
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let Some(server) = Server::start() else { return };
    let letter = Letter {
        id: "0192d3b0-7c1e-7abc-8def-000000000001".to_owned(),
        address: "chu-the@htx.example".to_owned(),
        from: "OCOP tỉnh Quảng Ninh".to_owned(),
        subject:
            "OCOP: 3 thông báo mới – «Mật ong rừng» đã được tiếp nhận vào đợt đánh giá, phân hạng năm 2026"
                .to_owned(),
        body: "Kính gửi ông/bà,\n\n- Hồ sơ đã được tiếp nhận\n  https://ocop.example/dossiers/1\n.\nHết."
            .to_owned(),
    };
    server.mailer().send(&letter).await.unwrap();
    let kept = server.letters();
    let check = |name: &str, expected: &str| assert_eq!(kept[0][name].as_str(), Some(expected), "{name}");
    check("from", "OCOP tỉnh Quảng Ninh <ocop@tinh.example>");
    check("to", "chu-the@htx.example");
    check("subject", &letter.subject);
    check("message-id", "<0192d3b0-7c1e-7abc-8def-000000000001@tinh.example>");
    check("auto-submitted", "auto-generated");
    assert_eq!(kept[0]["body"].as_str().unwrap().trim_end().replace("\r\n", "\n"), letter.body);
}

#[tokio::test]
async fn a_server_tells_what_is_for_good_and_what_is_for_now() {
    let Some(server) = Server::start() else { return };
    let to = async |address: &str| server.mailer().send(&letter_to(address)).await;
    let fault = |sent: Result<(), PostFault>, words: &str| match sent {
        Err(PostFault::ForGood(fault)) => {
            assert!(fault.contains(words), "{fault}");
            "for good"
        }
        Err(PostFault::ForNow(fault)) => {
            assert!(fault.contains(words), "{fault}");
            "for now"
        }
        Ok(()) => "taken",
    };
    assert_eq!(fault(to("nobody@htx.example").await, "No such mailbox"), "for good");
    assert_eq!(fault(to("later@htx.example").await, "Come back later"), "for now");
    assert_eq!(fault(to("không phải địa chỉ").await, ""), "for good");
    assert_eq!(server.letters(), Vec::<Value>::new());
    let gone = Mailer::new("smtp://127.0.0.1:9", "ocop@tinh.example").unwrap();
    assert!(matches!(gone.send(&letter_to("a@b.vn")).await, Err(PostFault::ForNow(_))), "no server answers");
}

#[tokio::test]
async fn everybody_concerned_gets_their_letter() {
    let Some(server) = Server::start() else { return };
    let sitting = Sitting::advising().await;
    let app = App { post: Some(Arc::new(server.mailer())), ..sitting.app().clone() };
    let posted = jobs::post(&app).await.unwrap();
    assert!(posted.written > 5 && posted.written == posted.sent, "{posted:?}");
    let kept = server.letters();
    assert_eq!(kept.len(), posted.sent);
    let producer = kept.iter().find(|letter| letter["to"] == "ct1@b.vn").unwrap();
    assert_eq!(producer["subject"], "OCOP: 2 thông báo mới");
    let body = producer["body"].as_str().unwrap();
    assert!(body.contains("Hồ sơ đã được tiếp nhận vào đợt đánh giá: Mật ong"), "{body}");
    assert!(body.contains(&format!("https://ocop.example/dossiers/{}", sitting.dossier)), "{body}");
}

#[test]
fn a_server_needs_an_address_and_a_sender() {
    let check = |url: Option<&str>, from: Option<&str>, expected: Result<bool, &str>| {
        let wanted = MailArgs { smtp_url: url.map(str::to_owned), mail_from: from.map(str::to_owned) };
        match (wanted.mailer(), expected) {
            (Ok(mailer), Ok(some)) => assert_eq!(mailer.is_some(), some),
            (Err(fault), Err(words)) => assert!(fault.to_string().contains(words), "{fault}"),
            (found, expected) => panic!("{expected:?}, not {:?}", found.map(|mailer| mailer.is_some())),
        }
    };
    check(None, None, Ok(false));
    check(Some("smtp://localhost"), Some("ocop@tinh.example"), Ok(true));
    check(Some("smtp://localhost"), None, Err("OCOP_MAIL_FROM"));
    check(Some("localhost"), Some("ocop@tinh.example"), Err("OCOP_SMTP_URL"));
    check(Some("smtp://localhost"), Some("ocop"), Err("«ocop»"));
}
