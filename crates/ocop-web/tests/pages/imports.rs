//! The pages of imports: from the file to the result, who reaches them, what they refuse.

use axum::http::StatusCode;
use ocop_app::imports::go_on;
use ocop_app::testing::World;

use crate::testing::{Answer, Client};

const OFFICE: &str = "tinh@b.vn";

const LIST: &str = "STT,Đơn vị,Loại hình,Xã,Tên sản phẩm,Bộ sản phẩm,Hạng\r\n\
    1,HTX <Thử>,Hợp tác xã,Xã Bình Liêu,Mật ong thử,4,\r\n\
    2,HTX <Thử>,Hợp tác xã,Xã Không Có,Phấn hoa thử,4,3 sáo\r\n";

/// Sends a file as the form does.
async fn send(client: &Client<'_>, bytes: &[u8]) -> Answer {
    client.send_file("/imports", "Danh sách.csv", bytes).await
}

fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap()
}

/// The form of the columns page with these keys.
fn naming(page: &str, columns: &[&str]) -> String {
    let version = value(page, "version").replace(':', "%3A").replace('+', "%2B");
    let columns: String = columns.iter().map(|key| format!("&columns={key}")).collect();
    format!("version={version}&sets=2026-26{columns}")
}

const KEYS: [&str; 7] = ["", "producer_name", "producer_kind", "commune", "product_name", "set_no", "stars"];

#[tokio::test]
async fn an_officer_sends_names_looks_imports_and_gets_the_rest_back() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    let empty = office.get("/imports").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text.contains("Chưa nhập tệp nào"));
    assert_eq!(office.get("/imports/template").await.status, StatusCode::OK);

    let sent = send(&office, LIST.as_bytes()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let at = sent.location.strip_suffix("/columns").unwrap().to_owned();
    assert_eq!(office.get(&at).await.location, sent.location, "columns first");
    let columns = office.get(&sent.location).await.text;
    assert!(columns.contains("HTX &#60;Thử&#62;") && columns.contains("2 dòng"), "{columns}");
    assert!(columns.contains("<option value=\"stars\" selected>Hạng sao</option>"));

    let lacking = office.post(&sent.location, &naming(&columns, &KEYS[..1])).await;
    assert_eq!(lacking.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(lacking.text.contains("«Tên chủ thể»"), "{}", lacking.text);
    let checked = office.post(&sent.location, &naming(&columns, &KEYS)).await;
    assert_eq!(
        (checked.status, checked.location.as_str()),
        (StatusCode::SEE_OTHER, at.as_str()),
        "{}",
        checked.text
    );
    let seen = office.get(&at).await.text;
    assert!(seen.contains("Chưa có gì thay đổi trong sổ") && seen.contains("Nhập các dòng đúng"), "{seen}");
    assert!(seen.contains("Cột «Hạng»: «3 sáo» không đọc được."), "{seen}");

    let started = office.post(&format!("{at}/start"), "").await;
    assert_eq!((started.status, started.location.as_str()), (StatusCode::SEE_OTHER, at.as_str()));
    let running = office.get(&at).await.text;
    assert!(running.contains("<progress") && running.contains("việc nhập vẫn tiếp tục"), "{running}");
    let closed = office.get(&format!("{at}/columns")).await;
    assert_eq!(closed.location, at, "columns are named no more");
    assert_eq!(office.post(&format!("{at}/stop"), "").await.status, StatusCode::SEE_OTHER);
    assert!(office.get(&at).await.text.contains("Nhập tiếp"));
    assert_eq!(office.post(&format!("{at}/start"), "").await.status, StatusCode::SEE_OTHER);
    go_on(&world.app).await.unwrap();
    let done = office.get(&at).await.text;
    assert!(done.contains("Đã đọc hết 2 dòng lúc 02/11/2026 09:00") && !done.contains("<progress"), "{done}");
    assert_eq!(office.get(&format!("{at}/refused")).await.status, StatusCode::OK);
    let listed = office.get("/imports").await.text;
    assert!(listed.contains("1 thêm mới, 1 không nhận") && listed.contains("Đã nhập xong"), "{listed}");
    let late = office.post(&format!("{at}/stop"), "").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text.contains("không còn đang nhập"));
}

#[tokio::test]
async fn a_running_import_asks_for_itself_again() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    let sent = send(&office, LIST.as_bytes()).await;
    let at = sent.location.strip_suffix("/columns").unwrap();
    let columns = office.get(&sent.location).await.text;
    office.post(&sent.location, &naming(&columns, &KEYS)).await;
    let refreshes = async || office.get_head(at, "refresh").await;
    assert_eq!(refreshes().await, None);
    office.post(&format!("{at}/start"), "").await;
    assert_eq!(refreshes().await.as_deref(), Some("3"));
    go_on(&world.app).await.unwrap();
    assert_eq!(refreshes().await, None);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_beside_its_field() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    for (bytes, words) in [(b"%PDF-1.4".to_vec(), "không phải bảng tính"), (Vec::new(), "rỗng")] {
        let refused = send(&office, &bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(
            refused.text.contains(words) && refused.text.contains("href=\"#file\""),
            "{words}: {}",
            refused.text
        );
    }
}

#[tokio::test]
async fn nobody_but_the_provincial_office_reaches_them() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    let sent = send(&office, LIST.as_bytes()).await;
    let at = sent.location.strip_suffix("/columns").unwrap();
    for who in ["ct1@b.vn", "xa@b.vn.example", "hd1@b.vn"] {
        let client = Client::signed_in(&world, who).await;
        for path in ["/imports", "/imports/template"] {
            assert_eq!(client.get(path).await.status, StatusCode::FORBIDDEN, "{who} {path}");
        }
        assert_eq!(send(&client, LIST.as_bytes()).await.status, StatusCode::FORBIDDEN, "{who}");
        for path in ["", "/columns", "/refused"] {
            assert_eq!(
                client.get(&format!("{at}{path}")).await.status,
                StatusCode::NOT_FOUND,
                "{who} {path}"
            );
        }
        for path in ["/columns", "/sheet", "/start", "/stop"] {
            let reply = client.post(&format!("{at}{path}"), "").await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{who} {path}");
        }
    }
    assert_eq!(Client::nobody(&world).get("/imports").await.status, StatusCode::SEE_OTHER);
}
