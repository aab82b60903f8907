//! The pages of official texts: who reaches them, what they show, what they refuse.

use axum::http::StatusCode;
use ocop_app::rules::testing::altered;
use ocop_app::rules::wording::{WordingChoice, empty_workbook};
use ocop_app::testing::World;

use crate::testing::{Answer, Client};

const OFFICE: &str = "tinh@b.vn";

/// Sends a file as the form does.
async fn send(client: &Client<'_>, bytes: &[u8]) -> Answer {
    client.send_file("/wording", "loi-van.xlsx", bytes).await
}

/// The sheet of honey with one official text, and with other points when asked.
fn worded(world: &World, points: Option<u16>) -> Vec<u8> {
    altered(&world.app.rules, |table| {
        let row = table.rows.iter_mut().find(|row| row.key == "1.1").unwrap();
        row.official = "Lời chính thức <1.1>".to_owned();
        row.points = points.or(row.points);
    })
}

#[tokio::test]
async fn an_officer_downloads_fills_in_looks_and_imports() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    assert!(office.get("/rounds").await.text.contains("href=\"/wording\""));
    let page = office.get("/wording").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("26 bộ tiêu chí") && page.text.contains("Chưa có lời văn chính thức nào."));
    assert_eq!(office.get("/wording/workbook").await.status, StatusCode::OK);
    assert_eq!(office.get("/wording/workbook?set=4").await.status, StatusCode::OK);
    assert_eq!(office.get("/wording/workbook?set=99").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(office.get("/wording/workbook?set=x").await.status, StatusCode::NOT_FOUND);

    let seen = send(&office, &worded(&world, None)).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    assert!(seen.text.contains("Lời chính thức &#60;1.1&#62;"), "{}", seen.text);
    assert!(seen.text.contains("1 lời văn mới hoặc sửa"));
    assert!(office.get("/wording").await.text.contains("Chưa có lời văn"), "looking changes nothing");

    let file = seen.text.split("name=\"file\" value=\"").nth(1).unwrap()[..64].to_owned();
    assert!(seen.text.contains("name=\"basis\" value=\"2026-26/4:0\""));
    let form = format!("file={file}&basis=2026-26%2F4%3A0");
    let done = office.post("/wording/import", &form).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::SEE_OTHER, "/wording?done=worded"));
    let page = office.get("/wording?done=worded").await.text;
    assert!(page.contains("Đã nhập lời văn chính thức.") && page.contains("02/11/2026 09:00"));
    let twice = office.post("/wording/import", &form).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "a second click does no harm");
    let again = send(&office, &worded(&world, None)).await;
    assert!(again.text.contains("Tệp không đổi gì") && !again.text.contains("action=\"/wording/import\""));
}

#[tokio::test]
async fn a_refused_file_is_explained_by_sheet_and_row() {
    let world = World::new().await;
    let office = Client::signed_in(&world, OFFICE).await;
    for (bytes, words) in [
        (worded(&world, Some(40)), "cột C (Điểm): ghi «40», bộ tiêu chí là «3»"),
        (b"%PDF-1.4".to_vec(), "không phải là bảng tính XLSX"),
        (Vec::new(), "rỗng"),
        (vec![b'x'; 9 * 1024 * 1024], "lớn hơn 8 MB"),
    ] {
        let refused = send(&office, &bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    for file in ["", "xyz", &"0".repeat(64)] {
        let refused = office.post("/wording/import", &format!("file={file}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(refused.text.contains("Không còn tệp đã xem trước"), "{file}");
    }
}

#[tokio::test]
async fn nobody_but_the_provincial_office_reaches_them() {
    let world = World::new().await;
    let choice = WordingChoice { regime: "2026-26".to_owned(), sets: vec![4] };
    let bytes = empty_workbook(&world.app.rules, &choice).unwrap().bytes;
    for who in ["ct1@b.vn", "xa@b.vn.example", "hd1@b.vn"] {
        let client = Client::signed_in(&world, who).await;
        for path in ["/wording", "/wording/workbook"] {
            assert_eq!(client.get(path).await.status, StatusCode::FORBIDDEN, "{who} {path}");
        }
        assert_eq!(send(&client, &bytes).await.status, StatusCode::FORBIDDEN, "{who}");
        assert_eq!(client.post("/wording/import", "file=").await.status, StatusCode::FORBIDDEN, "{who}");
    }
    assert_eq!(Client::nobody(&world).get("/wording").await.status, StatusCode::SEE_OTHER);
}
