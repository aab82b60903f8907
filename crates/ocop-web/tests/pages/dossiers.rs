//! The producer's side in a browser without a screen: the whole way to a submission without
//! script, and wrong inputs at each step.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ocop_app::dossiers::testing::{Honey, ask, complete, drive, honey_in_round, pdf, pdf_of, submitted};
use ocop_app::testing::World;
use ocop_core::dossiers::Event;

use crate::testing::{Answer, Client};

const PRODUCER: &str = "ct1@b.vn";
const STRANGER: &str = "ct2@b.vn";
const COMMUNE: &str = "xa@b.vn.example";

/// A multipart request: text fields, then a file.
fn with_file(path: &str, fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Request<Body> {
    const EDGE: &str = "----edge";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .into_bytes(),
        );
    }
    let head = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(file);
    body.extend(format!("\r\n--{EDGE}--\r\n").into_bytes());
    Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
        .body(Body::from(body))
        .unwrap()
}

fn as_script(path: &str, form: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap();
    let rest = &page[at + format!("name=\"{name}\" value=\"").len()..];
    rest[..rest.find('"').unwrap()].to_owned()
}

fn led_to<'a>(answer: &'a Answer, prefix: &str) -> &'a str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(answer.location.starts_with(prefix), "{}", answer.location);
    answer.location.split(['?', '#']).next().unwrap()
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(words), "«{words}» not in {}", answer.text);
}

async fn opened(world: &World, client: &Client<'_>, honey: &Honey) -> String {
    let page = client.get(&format!("/dossiers/new?product={}", honey.product)).await;
    assert!(page.text.contains("Đợt 2 năm 2026"), "{}", page.text);
    let form = format!("product={}&round={}&kind=first", honey.product, honey.round);
    let answer = client.post("/dossiers/new", &form).await;
    let dossier = led_to(&answer, "/dossiers/").to_owned();
    assert!(world.app.base_url.starts_with("https"));
    dossier
}

#[tokio::test]
async fn a_producer_registers_and_submits_without_any_script() {
    let world = World::new().await;
    let client = Client::signed_in(&world, PRODUCER).await;
    assert!(client.get("/producers").await.text.contains("/producers/new"));
    assert!(client.get("/producers/new").await.text.contains("Cơ sở ở tỉnh, thành phố nào?"));
    let form = client.get("/producers/new?province=22").await;
    assert!(form.text.contains("Xã Bình Liêu"), "{}", form.text);
    let typed = "kind=cooperative&name=HTX+Th%E1%BB%AD&address=B%E1%BA%A3n&commune=06838&phone=02033878000\
                 &representative=A&title=B&gender=female&ethnicity=T%C3%A0y&residence=C&version=";
    let answer = client.post("/producers/new?province=22", typed).await;
    let producer = led_to(&answer, "/producers/").to_owned();

    let typed = "name=M%E1%BA%ADt+ong&set_no=4&description=M%E1%BA%ADt&packaging=Chai&version=";
    let answer = client.post(&format!("{producer}/products/new"), typed).await;
    let product = led_to(&answer, "/products/").to_owned();
    assert!(client.get(&product).await.text.contains("Mở hồ sơ"));

    let honey = honey_in_round(&world).await;
    let dossier = opened(&world, &client, &honey).await;
    let page = client.get(&format!("{dossier}/form")).await;
    let typed = format!(
        "version={}&samples=5&place=B%C3%ACnh+Li%C3%AAu&history=a&structure=b&plan_product=c&plan_production=d\
         &plan_market=e&revenue=250.000.000",
        hidden(&page.text, "version")
    );
    led_to(&client.post(&format!("{dossier}/form"), &typed).await, &dossier);

    let file = with_file(
        &format!("{dossier}/evidence"),
        &[("criterion", "1.1"), ("kind", "1"), ("new_pages", "1-2")],
        "giay.pdf",
        &pdf("giay"),
    );
    led_to(&client.send(file).await, &format!("{dossier}/self-assessment/1.1"));

    let mut at = format!("{dossier}/self-assessment/1.1");
    while at != format!("{dossier}/self-assessment") {
        let page = client.get(&at).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let typed = format!("choice=1%3A1&note=&then=next&version={}", hidden(&page.text, "version"));
        at = led_to(&client.post(&at, &typed).await, &dossier).to_owned();
    }
    let list = client.get(&at).await;
    assert!(list.text.contains("Xem trước khi nộp"), "{}", list.text);
    let before = client.get(&format!("{dossier}/submit")).await;
    assert!(before.text.contains("Cam đoan và nộp hồ sơ"), "{}", before.text);
    led_to(&client.post(&format!("{dossier}/submit"), "").await, &dossier);
    let again = client.post(&format!("{dossier}/submit"), "").await;
    refused(&again, "Hồ sơ đã nộp");

    let officer = Client::signed_in(&world, COMMUNE).await;
    let seen = officer.get(&dossier).await;
    assert!(seen.text.contains("Kiểm tra, viết báo cáo mẫu 03"), "{}", seen.text);
    assert!(seen.text.contains("Hoàng Thị Thử"), "form 02 part I.5");
}

#[tokio::test]
async fn a_script_gets_totals_and_the_sentence_of_a_refusal() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let dossier = opened(&world, &client, &honey).await;
    let at = format!("{dossier}/self-assessment/1.1");
    let version = hidden(&client.get(&at).await.text, "version");
    let saved = client.send(as_script(&at, &format!("choice=1%3A2&note=&version={version}"))).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    let body: serde_json::Value = serde_json::from_str(&saved.text).unwrap();
    assert_eq!(body["saved_at"], "09:00");
    assert_eq!(body["totals"]["answered"], 1);
    assert_eq!(body["totals"]["a"], body["totals"]["total"]);
    assert!(body["next"]["floors"].is_array());
    let fresh = body["version"].as_str().unwrap().to_owned();

    let stale = client.send(as_script(&at, &format!("choice=1%3A1&note=&version={version}"))).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("đã được thay đổi ở nơi khác"), "{}", stale.text);
    let no_reason = client.send(as_script(&at, &format!("choice=1%3A0&note=&version={fresh}"))).await;
    refused(&no_reason, "ghi rõ lý do");
    let stopped = Client::nobody(&world).send(as_script(&at, "choice=1%3A1")).await;
    assert_eq!(stopped.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_input_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let dossier = opened(&world, &client, &honey).await;

    let long = "%C4%83".repeat(10_001);
    let at = format!("{dossier}/form");
    let version = hidden(&client.get(&at).await.text, "version");
    let answer = client.post(&at, &format!("version={version}&place=%F0%9F%8D%AF&history={long}")).await;
    refused(&answer, "nhiều nhất là 10000 chữ");
    assert!(answer.text.contains("🍯"), "what was typed");

    let at = format!("{dossier}/self-assessment/1.1");
    let version = hidden(&client.get(&at).await.text, "version");
    refused(&client.post(&at, &format!("version={version}&choice=1%3A0&note=")).await, "ghi rõ lý do");
    refused(&client.post(&at, &format!("version={version}&choice=7%3A7&note=")).await, "1.1");
    refused(&client.post(&at, &format!("version={version}&choice=%3Cscript%3E&note=")).await, "Hãy chọn lại");
    let script =
        client.post(&at, &format!("version={version}&choice=&note=%3Cscript%3Ealert(1)%3C/script%3E")).await;
    assert!(!script.text.contains("<script>alert"), "escaped");
    refused(&script, "Hãy chọn một mức");

    let empty = client.post("/producers/new?province=22", "name=%F0%9F%8D%AF").await;
    refused(&empty, "Chọn loại hình tổ chức");
    assert!(empty.text.contains("🍯"));
    for wrong in
        ["/producers/1", "/products/xyz", "/dossiers/x", "/dossiers/new?product=1", "/evidence/1/file"]
    {
        assert_eq!(client.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let unknown = client.get(&format!("{dossier}/self-assessment/99.9")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_paper_is_looked_at_page_by_page_described_and_replaced() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let vault = format!("/producers/{}/evidence", honey.producer);
    led_to(&client.send(with_file(&vault, &[("kind", "12")], "a.pdf", &pdf_of(3))).await, &vault);
    let page = client.get(&vault).await.text;
    assert!(page.contains("3 trang, "), "{page}");
    let at = page.split("href=\"").find_map(|link| link.split_once("/file\"")).unwrap().0.to_owned();

    let paper = client.get(&at).await;
    assert_eq!(paper.text.matches("picture?size=thumb").count(), 3, "{}", paper.text);
    assert!(paper.text.contains("loading=\"lazy\""));
    let second = client.get(&format!("{at}/pages/2?turn=1")).await;
    assert_eq!(second.text.matches("<h1").count(), 1);
    for link in ["/pages/1?turn=1", "/pages/3?turn=1", "/pages/2?turn=2", "/pages/2/picture?turn=1"] {
        assert!(second.text.contains(link), "{link}: {}", second.text);
    }
    let picture = format!("{at}/pages/2/picture?size=thumb&turn=9");
    assert_eq!(client.get_head(&picture, "content-type").await.as_deref(), Some("image/jpeg"));
    assert_eq!(client.get(&format!("{at}/pages/4")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get(&format!("{at}/pages/x/picture")).await.status, StatusCode::NOT_FOUND);

    let wrong = client.post(&format!("{at}/edit"), "kind=12&number=9%2FKN&expires_on=32%2F1&version=1").await;
    refused(&wrong, "9/KN");
    led_to(&client.post(&format!("{at}/edit"), "kind=12&number=9%2FKN&version=1").await, &at);
    let late = client.post(&format!("{at}/edit"), "kind=12&number=8%2FKN&version=1").await;
    assert_eq!((late.status, late.text.contains("8/KN")), (StatusCode::CONFLICT, true));

    let replace = format!("{at}/replace");
    refused(&client.send(with_file(&replace, &[("kind", "12")], "a.pdf", &pdf_of(3))).await, "đúng tệp này");
    let new = client.send(with_file(&replace, &[("kind", "12")], "b.pdf", &pdf_of(1))).await;
    let new = led_to(&new, "/evidence/").to_owned();
    assert!(client.get(&at).await.text.contains(&format!("href=\"{new}\"")));
    assert!(client.get(&new).await.text.contains(&format!("href=\"{at}\"")));

    let stranger = Client::signed_in(&world, STRANGER).await;
    for path in [at.clone(), format!("{at}/edit"), format!("{at}/pages/1"), picture] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn only_real_files_are_taken() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let dossier = opened(&world, &client, &honey).await;
    let at = format!("{dossier}/evidence");
    let fields = [("criterion", "1.1"), ("kind", "1")];
    let send = async |name: &str, file: &[u8]| client.send(with_file(&at, &fields, name, file)).await;
    refused(&send("giay.pdf", b"<html><script>alert(1)</script>").await, "không phải là PDF thật");
    refused(&send("giay.pdf", b"").await, "rỗng");
    refused(&send("a.exe", b"MZ\x90\x00").await, "chưa nhận được");
    let mut large = pdf("lon");
    large.resize(60 * 1024 * 1024, b' ');
    refused(&send("lon.pdf", &large).await, "lớn hơn 50,0 MB");

    let first = send("giay.pdf", &pdf("mot")).await;
    led_to(&first, &format!("{dossier}/self-assessment/1.1"));
    let again = send("khac.pdf", &pdf("mot")).await;
    assert!(again.location.contains("already=1"), "{}", again.location);
    let page = client.get(again.location.split('#').next().unwrap()).await;
    assert!(page.text.contains("đã có trong kho"), "{}", page.text);

    let nowhere =
        client.send(with_file(&at, &[("criterion", "99"), ("kind", "1")], "a.pdf", &pdf("hai"))).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let vault = format!("/producers/{}/evidence", honey.producer);
    refused(&client.send(with_file(&vault, &[], "a.pdf", &pdf("ba"))).await, "Chọn loại giấy tờ");
    led_to(&client.send(with_file(&vault, &[("kind", "12")], "a.pdf", &pdf("ba"))).await, &vault);
}

#[tokio::test]
async fn other_peoples_ids_open_nothing() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let id = complete(&world, &honey).await;
    let client = Client::signed_in(&world, STRANGER).await;
    let own = Client::signed_in(&world, PRODUCER).await;
    let file = own.get(&format!("/dossiers/{id}/evidence")).await.text;
    let at = file.find("/evidence/0192").unwrap();
    let paper = file[at..].split(['"', '#']).next().unwrap().to_owned();
    assert_eq!(own.get(&paper).await.status, StatusCode::OK);
    let closed = |status: StatusCode| matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
    for path in [
        format!("/producers/{}", honey.producer),
        format!("/producers/{}/edit", honey.producer),
        format!("/producers/{}/evidence", honey.producer),
        format!("/producers/{}/products/new", honey.producer),
        format!("/products/{}", honey.product),
        format!("/products/{}/edit", honey.product),
        format!("/dossiers/new?product={}", honey.product),
        format!("/dossiers/{id}"),
        format!("/dossiers/{id}/form"),
        format!("/dossiers/{id}/self-assessment"),
        format!("/dossiers/{id}/self-assessment/1.1"),
        format!("/dossiers/{id}/evidence"),
        format!("/dossiers/{id}/submit"),
        paper,
    ] {
        let answer = client.get(&path).await;
        assert!(closed(answer.status), "{path}: {}", answer.status);
        assert!(!answer.text.contains("Mật ong"), "{path} tells");
        let answer = Client::nobody(&world).get(&path).await;
        assert!(answer.location.starts_with("/login"), "{path}: {}", answer.location);
    }
    for path in ["form", "submit", "self-assessment/1.1", "citations"] {
        let answer = client.post(&format!("/dossiers/{id}/{path}"), "criterion=1.1&choice=1%3A1").await;
        assert!(closed(answer.status), "{path}: {}", answer.status);
    }
    let upload = with_file(
        &format!("/dossiers/{id}/evidence"),
        &[("criterion", "1.1"), ("kind", "1")],
        "a.pdf",
        &pdf("la"),
    );
    assert!(closed(client.send(upload).await.status));
}

#[tokio::test]
async fn a_submitted_dossier_is_read_by_its_officers_as_it_was() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    for reader in [COMMUNE, "tinh@b.vn"] {
        let page = Client::signed_in(&world, reader).await.get(&format!("/dossiers/{id}")).await;
        assert_eq!(page.status, StatusCode::OK);
        for told in [
            "Mật ong rừng",
            "Phiếu số",
            "1/PĐK-22-06838-2026",
            "100",
            "Hồ sơ đã nộp",
            "Giấy đăng ký kinh doanh",
        ] {
            assert!(page.text.contains(told), "{reader}: {told}");
        }
        assert!(!page.text.contains("Việc của bạn"));
    }
    let own = Client::signed_in(&world, PRODUCER).await;
    let screen = own.get(&format!("/dossiers/{id}/self-assessment/1.1")).await;
    assert!(screen.text.contains("chỉ để xem"), "{}", screen.text);
    assert_eq!(own.get(&format!("/products/{}", honey.product)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_is_answered_with_papers_added_right_there() {
    let world = World::new().await;
    let (_, id) = submitted(&world).await;
    drive(&world, &id, &[Event::Propose, Event::Accept, Event::Assign]).await;
    let asked = ask(&world, &id).await;
    let client = Client::signed_in(&world, PRODUCER).await;
    let overview = client.get(&format!("/dossiers/{id}")).await;
    assert!(overview.text.contains("Trả lời, thêm giấy tờ"), "{}", overview.text);
    let at = format!("/dossiers/{id}/requests/{asked}");
    let back = asked.to_string();
    let fields = [("criterion", "1.1"), ("kind", "3"), ("back", back.as_str()), ("new_pages", "x")];
    let wrong =
        client.send(with_file(&format!("/dossiers/{id}/evidence"), &fields, "a.pdf", &pdf("hd"))).await;
    refused(&wrong, "Số trang «x» chưa đúng");
    let fields = [("criterion", "1.1"), ("kind", "3"), ("back", back.as_str())];
    let right =
        client.send(with_file(&format!("/dossiers/{id}/evidence"), &fields, "a.pdf", &pdf("hd"))).await;
    led_to(&right, &at);
    assert!(client.get(&at).await.text.contains("Tiêu chí 1.1 · cả giấy tờ"));
    refused(&client.post(&at, "answer=").await, "Ghi câu trả lời");
    led_to(&client.post(&at, "answer=%C4%90%C3%A3+b%E1%BB%95+sung").await, &format!("/dossiers/{id}"));
    assert!(client.get(&at).await.text.contains("Trả lời của chủ thể"));
    assert_eq!(client.post(&at, "answer=l%E1%BA%A7n+n%E1%BB%AFa").await.status, StatusCode::CONFLICT);
    let advisor = Client::signed_in(&world, "hd1@b.vn").await;
    assert_eq!(advisor.get(&at).await.status, StatusCode::OK);
    assert!(matches!(advisor.post(&at, "answer=a").await.status, StatusCode::FORBIDDEN));
    let stranger = Client::signed_in(&world, STRANGER).await;
    assert!(matches!(stranger.get(&at).await.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND));
}
