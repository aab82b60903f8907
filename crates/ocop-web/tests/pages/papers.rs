//! Every paper's address: a PDF for the right reader, nothing for others.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ocop_app::councils::testing::Sitting;
use ocop_app::recognition::notify_results;
use ocop_app::scoring::confirm_result;
use ocop_app::testing::World;
use ocop_app::testing::season::{certifiable, decide, seal_all};

use crate::testing::Client;

const UNKNOWN: &str = "0192d3b0-7c1e-7abc-8def-ffffffffffff";

/// The status of an answer and, for a paper, its file name.
async fn print(world: &World, email: &str, path: &str) -> (StatusCode, String) {
    let client = Client::signed_in(world, email).await;
    let answer = client.answer(Request::get(path).body(Body::empty()).unwrap()).await;
    let status = answer.status();
    let told =
        |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let (kind, disposition) = (told(header::CONTENT_TYPE), told(header::CONTENT_DISPOSITION));
    if status != StatusCode::OK {
        assert!(!kind.contains("pdf"), "{path}: {kind}");
        return (status, String::new());
    }
    assert_eq!(kind, "application/pdf", "{path}");
    let bytes = axum::body::to_bytes(answer.into_body(), 10_000_000).await.unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 5_000, "{path}: {} bytes", bytes.len());
    let name =
        disposition.strip_prefix("inline; filename=\"").and_then(|rest| rest.strip_suffix('"')).unwrap();
    (status, name.to_owned())
}

async fn check(world: &World, email: &str, path: &str, status: StatusCode) {
    let (found, _) = print(world, email, path).await;
    assert_eq!(found, status, "{email} at {path}");
}

#[tokio::test]
async fn each_reader_prints_what_is_theirs() {
    let sitting = Sitting::scoring(2).await;
    let (world, dossier, council) = (&sitting.world, &sitting.dossier, &sitting.council);
    let paper = |name: &str| format!("/dossiers/{dossier}/papers/{name}.pdf");
    let own = format!("/ballots/{}/sheet.pdf", sitting.ballot(&sitting.members[0], 1).await);
    let (ok, forbidden, missing) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND);

    assert_eq!(print(world, "ct1@b.vn", &paper("form-01")).await, (ok, "mau-01-mat-ong-rung.pdf".to_owned()));
    check(world, "hd3@b.vn", &paper("form-02"), ok).await;
    check(world, "ct2@b.vn", &paper("form-02"), forbidden).await;
    check(world, "xa@b.vn.example", &paper("form-03"), missing).await;
    check(world, "hd3@b.vn", &own, ok).await;
    check(world, "hd1@b.vn", &own, missing).await;
    check(world, "hd1@b.vn", &paper("tally"), missing).await;

    seal_all(&sitting, 1, [45, 46, 47, 48]).await;
    confirm_result(sitting.app(), &sitting.chair, dossier).await.unwrap();
    notify_results(sitting.app(), &world.officer, council).await.unwrap();
    check(world, "hd1@b.vn", &own, ok).await;
    check(world, "tinh@b.vn", &paper("tally"), ok).await;
    check(world, "tinh@b.vn", &format!("{}?turn=1", paper("tally")), ok).await;
    for turn in ["2", "-1", "x"] {
        check(world, "tinh@b.vn", &format!("{}?turn={turn}", paper("tally")), missing).await;
    }
    check(world, "ct1@b.vn", &paper("tally"), forbidden).await;
    check(world, "ct1@b.vn", &paper("notice"), ok).await;
    let minutes = format!("/councils/{council}/minutes.pdf");
    check(world, "hd2@b.vn", &minutes, ok).await;
    check(world, "hd2@b.vn", &format!("{minutes}?session=x"), missing).await;
    check(world, "ct1@b.vn", &minutes, forbidden).await;
    // Nothing to decide below 3 stars: the office is told so, others learn nothing.
    let draft = format!("/councils/{council}/decision.pdf");
    check(world, "tinh@b.vn", &draft, StatusCode::UNPROCESSABLE_ENTITY).await;
    check(world, "hd1@b.vn", &draft, forbidden).await;
}

#[tokio::test]
async fn a_recognised_product_has_its_decision_and_its_certificate() {
    let sitting = certifiable().await;
    let (world, council) = (&sitting.world, &sitting.council);
    let draft = print(world, "tinh@b.vn", &format!("/councils/{council}/decision.pdf")).await;
    assert_eq!(draft, (StatusCode::OK, "du-thao-quyet-dinh-dot-2-nam-2026.pdf".to_owned()));
    let briefing = format!("/councils/{council}/briefing.pdf");
    let printed = print(world, "tinh@b.vn", &briefing).await;
    assert_eq!(printed, (StatusCode::OK, "to-trinh-dot-2-nam-2026.pdf".to_owned()));
    for email in ["ct1@b.vn", "xa@b.vn.example", "hd1@b.vn"] {
        check(world, email, &briefing, StatusCode::FORBIDDEN).await;
    }
    check(world, "tinh@b.vn", &format!("{briefing}?no=x"), StatusCode::NOT_FOUND).await;
    let (decision, certificate) = decide(&sitting).await;
    let decision = format!("/decisions/{decision}.pdf");
    let certificate = format!("/certificates/{certificate}/certificate.pdf");
    for email in ["tinh@b.vn", "ct1@b.vn"] {
        check(world, email, &decision, StatusCode::OK).await;
        check(world, email, &certificate, StatusCode::OK).await;
    }
    check(world, "xa@b.vn.example", &decision, StatusCode::OK).await;
    for email in ["xa@b.vn.example", "hd1@b.vn", "ct2@b.vn"] {
        check(world, email, &certificate, StatusCode::FORBIDDEN).await;
    }
    check(world, "ct2@b.vn", &decision, StatusCode::FORBIDDEN).await;
}

#[tokio::test]
async fn a_signed_briefing_is_entered_from_the_page_of_the_decision() {
    let sitting = certifiable().await;
    let office = Client::signed_in(&sitting.world, "tinh@b.vn").await;
    let place = format!("/councils/{}/briefing", sitting.council);
    let decision = format!("/councils/{}/decision", sitting.council);
    let page = office.get(&decision).await.text;
    assert!(page.contains(&format!("href=\"{place}\"")) && page.contains(&format!("{place}.pdf")), "{page}");
    let form = office.get(&place).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("value=\"01/TTr-OCOP\""), "{}", form.text);
    let faulty = office.post(&place, "number=512&signed_on=&signed_by=Gi%C3%A1m+%C4%91%E1%BB%91c").await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text.contains("value=\"512\"") && faulty.text.contains("512/TTr-OCOP"), "{}", faulty.text);
    let day = sitting.app().today();
    let typed = format!("number=512%2FTTr-SNNMT&signed_on={day}&signed_by=Gi%C3%A1m+%C4%91%E1%BB%91c");
    let entered = office.post(&place, &typed).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let paper = office.get(entered.location.split('?').next().unwrap()).await.text;
    assert!(paper.contains("512/TTr-SNNMT") && paper.contains(&decision), "{paper}");
    assert!(office.get(&place).await.text.contains("đã có số trong sổ"));
    decide(&sitting).await;
    let page = office.get(&decision).await.text;
    assert!(page.contains(&format!("{place}.pdf?no=1")), "the briefing of a recorded decision");
}

#[tokio::test]
async fn unknown_papers_are_not_found_and_nobody_signs_in_first() {
    let world = World::new().await;
    for path in [
        format!("/dossiers/{UNKNOWN}/papers/form-01.pdf"),
        format!("/dossiers/{UNKNOWN}/papers/form-04.pdf"),
        "/dossiers/1/papers/form-01.pdf".to_owned(),
        format!("/ballots/{UNKNOWN}/sheet.pdf"),
        format!("/councils/{UNKNOWN}/minutes.pdf"),
        format!("/councils/{UNKNOWN}/decision.pdf"),
        format!("/councils/{UNKNOWN}/briefing.pdf"),
        format!("/councils/{UNKNOWN}/briefing"),
        format!("/decisions/{UNKNOWN}.pdf"),
        format!("/decisions/{UNKNOWN}"),
        format!("/certificates/{UNKNOWN}/certificate.pdf"),
    ] {
        check(&world, "tinh@b.vn", &path, StatusCode::NOT_FOUND).await;
        let answer = Client::nobody(&world).get(&path).await;
        assert_eq!((answer.status, answer.location), (StatusCode::SEE_OTHER, format!("/login?next={path}")));
    }
}

fn with_file(path: &str, name: &str, content: &[u8]) -> Request<Body> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
    Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn the_office_numbers_a_notice_and_attaches_the_signed_copy() {
    let sitting = Sitting::scoring(2).await;
    let (world, dossier) = (&sitting.world, &sitting.dossier);
    seal_all(&sitting, 1, [45, 46, 47, 48]).await;
    confirm_result(sitting.app(), &sitting.chair, dossier).await.unwrap();
    notify_results(sitting.app(), &world.officer, &sitting.council).await.unwrap();
    let officer = Client::signed_in(world, "tinh@b.vn").await;
    let producer = Client::signed_in(world, "ct1@b.vn").await;

    assert!(officer.get("/papers").await.text.contains("Chưa có văn bản nào"));
    let form = format!("/dossiers/{dossier}/issue/notice");
    let page = officer.get(&format!("/dossiers/{dossier}")).await.text;
    assert!(
        page.contains(&form) && !producer.get(&format!("/dossiers/{dossier}")).await.text.contains(&form)
    );
    assert!(officer.get(&form).await.text.contains("value=\"01/TB-UBND\""));
    let bad = officer.post(&form, "number=5&signed_on=2%2F11%2F2026&signed_by=Ph%C3%B3").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("value=\"5\"") && bad.text.contains("href=\"#number\""), "{}", bad.text);
    let good = officer.post(&form, "number=5%2FTB-UBND&signed_on=2%2F11%2F2026&signed_by=A").await;
    let (at, done) = good.location.split_once('?').unwrap();
    assert_eq!((good.status, done), (StatusCode::SEE_OTHER, "done=issued"));

    let register = officer.get("/papers").await.text;
    assert!(register.contains("05/TB-UBND") && register.contains("Số 01–04") && register.contains(at));
    let gap = "year=2026&symbol=TB-UBND&first=1&last=4&reason=";
    let untold = officer.post("/papers/gaps", gap).await;
    assert_eq!(untold.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untold.text.contains("id=\"reason-error\""), "{}", untold.text);
    let told = officer.post("/papers/gaps", &format!("{gap}Kh%C3%A1c")).await;
    assert_eq!(told.location, "/papers?year=2026&done=saved");

    check(world, "tinh@b.vn", &format!("{at}/file"), StatusCode::OK).await;
    let none = officer.send(with_file(&format!("{at}/copy"), "a.pdf", b"<html>")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let notice = format!("/dossiers/{dossier}/papers/notice.pdf");
    let made = producer.get(&notice).await.text;
    let scan: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n41\n%%EOF\n";
    let attached = officer.send(with_file(&format!("{at}/copy"), "Bản ký.pdf", scan)).await;
    assert_eq!(attached.location, format!("{at}?done=attached"));
    assert!(officer.get(at).await.text.contains("bản chính thức"));
    let record = producer.get(&notice).await.text;
    assert!(record != made && record.as_bytes() == scan, "the signed copy stands in");
    assert!(officer.get(&format!("{at}/file?which=made")).await.text == made);

    for path in [at.to_owned(), format!("{at}/file"), "/papers".to_owned(), form] {
        check(world, "ct1@b.vn", &path, StatusCode::FORBIDDEN).await;
        assert_eq!(Client::nobody(world).get(&path).await.status, StatusCode::SEE_OTHER);
    }
    check(world, "xa@b.vn.example", at, StatusCode::FORBIDDEN).await;
    for path in [format!("/papers/{UNKNOWN}"), format!("{at}/file?which=7"), "/papers?year=x".to_owned()] {
        check(world, "tinh@b.vn", &path, StatusCode::NOT_FOUND).await;
    }
}
