//! An office's list on the command line: tried, taken in, taken in again.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const LIST: &str = "STT;Đơn vị;Loại hình;Xã;Tên sản phẩm;Nhóm;Hạng;Cấp;QĐ số;Ngày QĐ\r\n\
    1;HTX Thử;HTX;Xã Bình Liêu;Mật ong thử;4;3 sao;tỉnh;12/QĐ-UBND;05/03/2024\r\n\
    2;HTX Thử;HTX;Xã Bình Liêu;Phấn hoa thử;4;3 sáo;tỉnh;12/QĐ-UBND;05/03/2024\r\n\
    3;HTX Lạ;HTX;Xã Không Có;Mật ong lạ;4;;;;\r\n";

fn import(file: &Path, data: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(["import", "products", file.to_str().unwrap(), "--data", data.to_str().unwrap()])
        .args(more)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn kept(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// Counts of rows: added, unchanged, refused; and the faults.
fn told(output: &Output) -> ([u64; 3], Vec<Value>) {
    let text = out(output);
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let counts = lines.next().unwrap()["counts"].clone();
    (["added", "unchanged", "refused"].map(|name| counts[name].as_u64().unwrap()), lines.collect())
}

#[test]
fn a_list_is_tried_taken_in_and_changes_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let list = kept(folder.path(), "Danh sách.csv", LIST);
    let map = kept(folder.path(), "map.toml", "\"Đơn vị\" = \"producer_name\"\n");
    let map = ["--map", map.to_str().unwrap(), "--by", "Nguyễn Văn Thử, Chi cục"];
    let with = |more: &[&'static str]| [&map[..], more].concat();

    let tried = import(&list, &data, &with(&["--dry-run"]));
    assert_eq!(tried.status.code(), Some(2), "{}", err(&tried));
    let text = out(&tried);
    assert!(text.starts_with("3 dòng: 1 thêm mới, 0 thay đổi, 0 giữ nguyên, 2 không nhận\n"), "{text}");
    assert!(text.contains("  Dòng 3, cột «Hạng»: «3 sáo» không đọc được."), "{text}");
    assert!(text.contains("  Dòng 4, cột «Xã»: Không có xã, phường, đặc khu «Xã Không Có»"), "{text}");
    assert!(text.ends_with("chưa có gì thay đổi.\n"), "{text}");

    let first = import(&list, &data, &with(&["--json"]));
    assert_eq!(first.status.code(), Some(2), "{}", err(&first));
    let (counts, faults) = told(&first);
    assert_eq!(counts, [1, 0, 2], "the trial has kept nothing");
    assert_eq!((&faults[0]["row"], &faults[0]["column"]), (&json!(3), &json!("Hạng")));
    assert!(faults[0]["reason"].as_str().unwrap().starts_with("«3 sáo»"));
    assert_eq!(told(&import(&list, &data, &with(&["--json"]))).0, [0, 1, 2]);

    let mended =
        kept(folder.path(), "sửa.csv", &LIST.replace("3 sáo", "3").replace("Xã Không Có", "Xã Bình Liêu"));
    let done = import(&mended, &data, &with(&["--json"]));
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert_eq!(told(&done).0, [2, 1, 0]);
}

#[test]
fn a_file_that_cannot_be_taken_is_a_failure_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let list = kept(folder.path(), "Danh sách.csv", LIST);
    let check = |file: &Path, more: &[&str], words: &str| {
        let refused = import(file, &data, more);
        assert_eq!(refused.status.code(), Some(1), "{words}: {}", out(&refused));
        assert!(err(&refused).contains(words), "{words}: {}", err(&refused));
    };
    let by = ["--by", "Nguyễn Văn Thử, Chi cục"];
    check(&list, &by, "«Tên chủ thể»");
    check(&folder.path().join("không có.csv"), &by, "không đọc được");
    check(&kept(folder.path(), "a.xlsx", "%PDF-1.4"), &by, "không phải bảng tính");
    let map = kept(folder.path(), "map.toml", "\"Đơn vị\" = \"producer_name\"\n");
    let map = map.to_str().unwrap();
    check(&list, &["--map", map], "Ghi tên và cơ quan");
    check(&list, &["--map", map, "--dry-run", "--province", "99"], "mang mã «99»");
    check(&list, &["--map", map, "--dry-run", "--sheet", "Trang lạ"], "không có trang «Trang lạ»");
    check(&list, &["--map", map, "--dry-run", "--sets", "1999-1"], "không có bộ quy định «1999-1»");
    let wrong = kept(folder.path(), "wrong.toml", "\"Cột lạ\" = \"stars\"\n");
    check(&list, &["--map", wrong.to_str().unwrap(), "--dry-run"], "không có cột «Cột lạ»");
}
