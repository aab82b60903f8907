//! Uploads in pieces over HTTP: the protocol's statuses and heads, and the form that names the file.

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use ocop_app::dossiers::open;
use ocop_app::dossiers::testing::{Honey, honey_in_round, pdf_of};
use ocop_app::evidence::vault;
use ocop_app::rules::wording::{WordingChoice, empty_workbook};
use ocop_app::testing::World;
use ocop_core::dossiers::DossierKind;
use ocop_core::evidence::{FILE_LIMIT, UPLOAD_HOURS};

use crate::testing::{Answer, Client};

const PRODUCER: &str = "ct1@b.vn";
const STRANGER: &str = "ct2@b.vn";

/// A request of the protocol.
async fn tus(
    client: &Client<'_>,
    method: Method,
    path: &str,
    heads: &[(&str, &str)],
    body: &[u8],
) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path).header("Tus-Resumable", "1.0.0");
    for (name, value) in heads {
        request = request.header(*name, *value);
    }
    client.answer(request.body(Body::from(body.to_vec())).unwrap()).await
}

async fn patch(client: &Client<'_>, path: &str, at: usize, body: &[u8]) -> Response<Body> {
    let at = at.to_string();
    let heads = [("Upload-Offset", at.as_str()), ("Content-Type", "application/offset+octet-stream")];
    tus(client, Method::PATCH, path, &heads, body).await
}

fn head<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn begun(client: &Client<'_>, honey: &Honey, length: usize) -> String {
    let uploads = format!("/producers/{}/uploads", honey.producer);
    let length = length.to_string();
    // `giay.pdf`
    let heads = [("Upload-Length", length.as_str()), ("Upload-Metadata", "filename Z2lheS5wZGY=")];
    let answer = tus(client, Method::POST, &uploads, &heads, b"").await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(head(&answer, "Tus-Resumable"), "1.0.0");
    assert_eq!(head(&answer, "Upload-Expires"), "Wed, 04 Nov 2026 02:00:00 GMT");
    head(&answer, "Location").to_owned()
}

async fn sent(client: &Client<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    const EDGE: &str = "----edge";
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!("--{EDGE}--\r\n");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
        .body(Body::from(body))
        .unwrap();
    client.send(request).await
}

#[tokio::test]
async fn a_file_goes_on_over_http_and_becomes_a_paper_by_the_form() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let bytes = pdf_of(2);
    let place = begun(&client, &honey, bytes.len()).await;

    let answer = patch(&client, &place, 0, &bytes[..100]).await;
    assert_eq!((answer.status(), head(&answer, "Upload-Offset")), (StatusCode::NO_CONTENT, "100"));
    let asked = tus(&client, Method::HEAD, &place, &[], b"").await;
    assert_eq!(asked.status(), StatusCode::NO_CONTENT);
    assert_eq!(head(&asked, "Upload-Offset"), "100");
    assert_eq!(head(&asked, "Upload-Length"), bytes.len().to_string());
    assert_eq!(head(&asked, "Upload-Metadata"), "filename Z2lheS5wZGY=");
    assert_eq!(head(&asked, "Cache-Control"), "no-store");

    let form = format!("/producers/{}/evidence", honey.producer);
    let id = place.rsplit('/').next().unwrap();
    let early = sent(&client, &form, &[("kind", "12"), ("upload", id)]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("Tệp mới tải lên được 100 B trên"), "{}", early.text);

    let last = patch(&client, &place, 100, &bytes[100..]).await;
    assert_eq!(head(&last, "Upload-Offset"), bytes.len().to_string());
    let faulty = sent(&client, &form, &[("kind", "12"), ("issued_on", "32/01/2026"), ("upload", id)]).await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY, "a wrong day does not cost the file");
    let kept = sent(&client, &form, &[("kind", "12"), ("title", "Phiếu"), ("upload", id)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let papers = vault(&world.app, &honey.actor, &honey.producer).await.unwrap().papers;
    assert_eq!((papers[0].file_name.as_str(), papers[0].pages), ("giay.pdf", Some(2)));
    assert_eq!(tus(&client, Method::HEAD, &place, &[], b"").await.status(), StatusCode::NOT_FOUND);
    let again = sent(&client, &form, &[("kind", "12"), ("upload", id)]).await;
    assert!(again.text.contains("Tệp tải dở không còn trên hệ thống"), "{}", again.text);
}

#[tokio::test]
async fn the_protocols_refusals_have_their_statuses() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let place = begun(&client, &honey, 10).await;
    let uploads = format!("/producers/{}/uploads", honey.producer);

    let told = tus(&client, Method::OPTIONS, &uploads, &[], b"").await;
    assert_eq!((told.status(), head(&told, "Tus-Version")), (StatusCode::NO_CONTENT, "1.0.0"));
    assert_eq!(head(&told, "Tus-Extension"), "creation,expiration,termination");
    assert_eq!(head(&told, "Tus-Max-Size"), FILE_LIMIT.to_string());

    let large = (FILE_LIMIT + 1).to_string();
    for (heads, status) in [
        (vec![("Upload-Length", large.as_str())], StatusCode::PAYLOAD_TOO_LARGE),
        (vec![("Upload-Length", "0")], StatusCode::BAD_REQUEST),
        (vec![("Upload-Length", "-1")], StatusCode::BAD_REQUEST),
        (vec![("Upload-Defer-Length", "1")], StatusCode::BAD_REQUEST),
        (vec![("Upload-Length", "9"), ("Upload-Metadata", "filename ?")], StatusCode::BAD_REQUEST),
    ] {
        let answer = tus(&client, Method::POST, &uploads, &heads, b"").await;
        assert_eq!((answer.status(), head(&answer, "Tus-Resumable")), (status, "1.0.0"), "{heads:?}");
    }
    assert_eq!(patch(&client, &place, 5, b"56789").await.status(), StatusCode::CONFLICT);
    assert_eq!(patch(&client, &place, 0, b"0123456789a").await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let plain = [("Upload-Offset", "0"), ("Content-Type", "text/plain")];
    let answer = tus(&client, Method::PATCH, &place, &plain, b"0").await;
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let older = Request::head(&place).header("Tus-Resumable", "0.2.2").body(Body::empty()).unwrap();
    let answer = client.answer(older).await;
    assert_eq!((answer.status(), head(&answer, "Tus-Version")), (StatusCode::PRECONDITION_FAILED, "1.0.0"));

    let heads = [
        ("X-HTTP-Method-Override", "PATCH"),
        ("Upload-Offset", "0"),
        ("Content-Type", "application/offset+octet-stream"),
    ];
    let answer = tus(&client, Method::POST, &place, &heads, b"0123").await;
    assert_eq!((answer.status(), head(&answer, "Upload-Offset")), (StatusCode::NO_CONTENT, "4"));

    world.clock.forward_minutes(UPLOAD_HOURS * 60);
    // The sign-in has ended by then, too.
    let client = Client::signed_in(&world, PRODUCER).await;
    assert_eq!(patch(&client, &place, 4, b"4").await.status(), StatusCode::GONE);
}

#[tokio::test]
async fn other_people_and_other_sites_find_no_way_in() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let stranger = Client::signed_in(&world, STRANGER).await;
    let place = begun(&client, &honey, 10).await;
    let uploads = format!("/producers/{}/uploads", honey.producer);
    let begin = [("Upload-Length", "9")];
    let closed = tus(&stranger, Method::POST, &uploads, &begin, b"").await.status();
    assert!(matches!(closed, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{closed}");
    for method in [Method::HEAD, Method::DELETE] {
        assert_eq!(tus(&stranger, method, &place, &[], b"").await.status(), StatusCode::NOT_FOUND);
    }
    assert_eq!(patch(&stranger, &place, 0, b"0").await.status(), StatusCode::NOT_FOUND);
    let nobody = Client::nobody(&world);
    assert_eq!(patch(&nobody, &place, 0, b"0").await.status(), StatusCode::SEE_OTHER);

    let elsewhere = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Upload-Offset", "0"),
        ("Content-Type", "application/offset+octet-stream"),
    ];
    for method in [Method::PATCH, Method::DELETE, Method::POST] {
        let answer = tus(&client, method, &place, &elsewhere, b"0").await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    let astray = place.replace(honey.producer.as_str(), "0192d3b0-7c1e-7abc-8def-000000000001");
    assert_eq!(tus(&client, Method::HEAD, &astray, &[], b"").await.status(), StatusCode::NOT_FOUND);
    let mine = tus(&client, Method::HEAD, &place, &[], b"").await;
    assert_eq!(head(&mine, "Upload-Offset"), "0");
    assert_eq!(tus(&client, Method::DELETE, &place, &[], b"").await.status(), StatusCode::NO_CONTENT);
    assert_eq!(tus(&client, Method::HEAD, &place, &[], b"").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_paper_can_be_kept_under_a_heading_of_either_list() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let form = format!("/producers/{}/evidence", honey.producer);
    let page = client.get(&form).await.text;
    let (newer, older) = page.split_once("Chỉ có ở danh mục của các quyết định trước").unwrap();
    assert!(newer.contains("value=\"7\"") && older.contains("value=\"18.10\""), "{page}");
    assert!(!older.contains("value=\"7\""), "each kind once");
    let bytes = pdf_of(1);
    let place = begun(&client, &honey, bytes.len()).await;
    patch(&client, &place, 0, &bytes).await;
    let id = place.rsplit('/').next().unwrap();
    let kept = sent(&client, &form, &[("kind", "18.17"), ("upload", id)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let papers = vault(&world.app, &honey.actor, &honey.producer).await.unwrap().papers;
    assert_eq!(papers[0].title, "Kế hoạch kiểm soát chất lượng, hồ sơ lô sản xuất");
    let dossier =
        open(&world.app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let page = client.get(&format!("/dossiers/{dossier}/evidence")).await.text;
    assert!(page.contains("Danh mục giấy tờ của hồ sơ (15 mục)"), "{page}");
}

/// A file's name as people read it and as the protocol carries it, in base64.
type Name = (&'static str, &'static str);

const PDF: Name = ("Phiếu 1.pdf", "UGhp4bq/dSAxLnBkZg==");
const WORKBOOK: Name = ("Bảng.xlsx", "QuG6o25nLnhsc3g=");

/// Puts a paper into the vault; the address of its file.
async fn kept(client: &Client<'_>, world: &World, honey: &Honey, name: Name, bytes: &[u8]) -> String {
    let (length, metadata) = (bytes.len().to_string(), format!("filename {}", name.1));
    let heads = [("Upload-Length", length.as_str()), ("Upload-Metadata", metadata.as_str())];
    let uploads = format!("/producers/{}/uploads", honey.producer);
    let begun = tus(client, Method::POST, &uploads, &heads, b"").await;
    let place = head(&begun, "Location").to_owned();
    patch(client, &place, 0, bytes).await;
    let form = format!("/producers/{}/evidence", honey.producer);
    let id = place.rsplit('/').next().unwrap();
    let sent = sent(client, &form, &[("kind", "12"), ("title", "Phiếu"), ("upload", id)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let papers = vault(&world.app, &honey.actor, &honey.producer).await.unwrap().papers;
    let paper = papers.iter().find(|paper| paper.file_name == name.0).unwrap();
    format!("/evidence/{}/file", paper.id)
}

#[tokio::test]
async fn a_paper_is_given_in_the_pieces_that_are_asked_for() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let bytes = pdf_of(1);
    let file = kept(&client, &world, &honey, PDF, &bytes).await;
    let ask = async |range: &str| {
        let request = Request::get(&file).header(header::RANGE, range).body(Body::empty()).unwrap();
        client.answer(request).await
    };
    let end = bytes.len() - 1;
    for (range, first, last) in [
        ("bytes=0-99".to_owned(), 0, 99),
        ("bytes=100-".to_owned(), 100, end),
        ("bytes=-50".to_owned(), end - 49, end),
        (format!("bytes={}-9999999", end - 9), end - 9, end),
    ] {
        let answer = ask(&range).await;
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT, "{range}");
        let told = format!("bytes {first}-{last}/{}", bytes.len());
        assert_eq!(head(&answer, "Content-Range"), told, "{range}");
        let body = axum::body::to_bytes(answer.into_body(), bytes.len()).await.unwrap();
        assert_eq!(body, bytes[first..=last], "{range}");
    }
    for range in [&format!("bytes={}-", bytes.len()), "bytes=5-2", "bytes=-0", "bytes=a-b", "pages=1-2"] {
        let answer = ask(range).await;
        assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(head(&answer, "Content-Range"), format!("bytes */{}", bytes.len()));
    }
}

#[tokio::test]
async fn a_paper_keeps_its_name_and_only_what_a_browser_shows_opens_in_place() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let choice = WordingChoice { regime: "2026-26".to_owned(), sets: vec![4] };
    for (name, bytes, told) in [
        (PDF, pdf_of(1), "inline; filename=\"giay-to.pdf\"; filename*=UTF-8''Phi%E1%BA%BFu%201.pdf"),
        (
            WORKBOOK,
            empty_workbook(&world.app.rules, &choice).unwrap().bytes,
            "attachment; filename=\"giay-to.xlsx\"; filename*=UTF-8''B%E1%BA%A3ng.xlsx",
        ),
    ] {
        let file = kept(&client, &world, &honey, name, &bytes).await;
        assert_eq!(client.get_head(&file, "Content-Disposition").await.as_deref(), Some(told));
    }
}
