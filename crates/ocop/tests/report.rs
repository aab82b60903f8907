//! The numbers on the command line.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ocop")).arg("report").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn an_empty_register_is_told_in_whole_numbers_under_keys_that_stay() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let out = run(&["summary", "--data", data, "--on", "2022-12-02", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((told["province"].as_str(), told["on"].as_str()), (Some("22"), Some("2022-12-02")));
    for path in [
        "/products/registered",
        "/products/starred",
        "/stars/3",
        "/stars/5_province",
        "/stars/5_centre",
        "/producers/total",
        "/year/joined",
        "/year/joined_producers",
        "/put_on_platforms/products",
        "/led_by_women/unknown",
        "/stamped/starred",
    ] {
        assert_eq!(told.pointer(path).and_then(Value::as_i64), Some(0), "{path}");
    }
    assert_eq!(told["expiring"].as_array().map(Vec::len), Some(12));

    let months = run(&["expiring", "--data", data, "--json"]);
    let told: Value = serde_json::from_slice(&months.stdout).unwrap();
    assert_eq!((told["products"].as_i64(), told["months"].as_array().map(Vec::len)), (Some(0), Some(12)));
    let words = run(&["summary", "--data", data]);
    assert!(text(&words.stdout).contains("sản phẩm đã đăng ký"));

    let round = run(&["round", "--data", data, "--round", "Đợt 9"]);
    assert_eq!(round.status.code(), Some(2));
    assert!(text(&round.stderr).contains("Không có đợt «Đợt 9»"), "{}", text(&round.stderr));
    let nowhere = run(&["summary", "--data", data, "--province", "99"]);
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn the_sector_table_is_a_workbook_or_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (book, files) = (folder.path().join("p.xlsx"), folder.path().join("csv"));
    let ptnt = |year: &str, out: &std::path::Path| {
        run(&["ptnt-ocop", "--data", data.to_str().unwrap(), "--year", year, "--out", out.to_str().unwrap()])
    };
    assert_eq!(ptnt("2025", &book).status.code(), Some(0));
    assert!(std::fs::read(&book).unwrap().starts_with(b"PK"));
    assert_eq!(ptnt("2025", &files).status.code(), Some(0));
    for name in ["PTNT_OCOP", "DM_DonViHanhChinh", "DM_KhoangThoiGian", "DM_SanPham", "DM_CoSo"] {
        assert!(files.join(format!("{name}.csv")).exists(), "{name}");
    }
    let wrong = ptnt("1999", &book);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("Hãy ghi một năm từ 2018"));
}

#[test]
fn the_story_of_2022_answers_as_its_newspapers_did() {
    let out = run(&["summary", "--story", "2022", "--on", "2022-12-02", "--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    for (path, number) in
        [("/products/registered", 565), ("/stars/3", 193), ("/stars/4", 68), ("/stars/5", 6)]
    {
        assert_eq!(told.pointer(path).and_then(Value::as_i64), Some(number), "{path}");
    }
    let out = run(&["round", "--story", "2022", "--json"]);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    let found = ["products", "producers", "units"].map(|key| told[key].as_i64().unwrap());
    assert_eq!(found, [117, 67, 13]);
}
