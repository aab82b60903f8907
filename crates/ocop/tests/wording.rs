//! Official texts on the command line: out in a workbook, filled in, in again.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ocop_app::rules::embedded;
use ocop_app::rules::testing::{altered, filled};
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ocop")).args(["rules", "wording"]).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn import(file: &Path, data: &Path, more: &[&str]) -> Output {
    let (file, data) = (file.to_str().unwrap(), data.to_str().unwrap());
    let mut arguments =
        vec!["import", file, "--data", data, "--province", "22", "--by", "Nguyễn Văn Thử, Chi cục trưởng"];
    arguments.extend(more);
    run(&arguments)
}

fn kept(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    file
}

fn counts(output: &Output) -> [u64; 3] {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    let answer: Value = serde_json::from_str(&out(output)).unwrap();
    ["changed", "unchanged", "cleared"].map(|count| answer["sets"][0][count].as_u64().unwrap())
}

#[test]
fn texts_go_out_empty_come_back_filled_and_go_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let empty = folder.path().join("trống.xlsx");
    let wrote = run(&["export", "--regime", "2026-26", "--set", "4", "--out", empty.to_str().unwrap()]);
    assert_eq!(wrote.status.code(), Some(0), "{}", err(&wrote));
    let whole = folder.path().join("cả.xlsx");
    assert_eq!(run(&["export", "--out", whole.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(counts(&import(&empty, &data, &["--json"])), [0, 0, 0]);

    let file = kept(folder.path(), "ghi.xlsx", &filled(&embedded().unwrap(), &[("1.1", "Lời chính thức")]));
    let seen = import(&file, &data, &["--dry-run"]);
    assert!(out(&seen).contains("2026-26/4  1 đổi") && out(&seen).contains("chưa có gì thay đổi"));
    assert_eq!(counts(&import(&file, &data, &["--json"])), [1, 0, 0], "a dry run has kept nothing");
    assert_eq!(counts(&import(&file, &data, &["--json"])), [0, 1, 0], "twice changes nothing");

    let again = folder.path().join("lại.xlsx");
    let (at, place) = (again.to_str().unwrap(), data.to_str().unwrap());
    let wrote = run(&[
        "export",
        "--set",
        "4",
        "--regime",
        "2026-26",
        "--out",
        at,
        "--data",
        place,
        "--province",
        "22",
    ]);
    assert_eq!(wrote.status.code(), Some(0), "{}", err(&wrote));
    assert_eq!(counts(&import(&again, &data, &["--json"])), [0, 1, 0], "the office's texts stand in it");
    assert_eq!(counts(&import(&empty, &data, &["--json"])), [0, 0, 1], "an empty column takes them back");

    let proof =
        Command::new(env!("CARGO_BIN_EXE_ocop")).args(["journal", "verify", "--data", place]).output();
    assert_eq!(proof.unwrap().status.code(), Some(0));
}

#[test]
fn faults_are_a_line_each_and_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let bad = altered(&embedded().unwrap(), |table| {
        for row in table.rows.iter_mut().filter(|row| ["1.1", "1.2"].contains(&row.key.as_str())) {
            row.points = Some(40);
        }
    });
    let file = kept(folder.path(), "sai.xlsx", &bad);
    let refused = import(&file, &data, &[]);
    assert_eq!((refused.status.code(), out(&refused).as_str()), (Some(2), ""));
    let told = err(&refused);
    assert_eq!(told.lines().filter(|line| line.contains("Trang «2026-26-04», dòng ")).count(), 2, "{told}");

    let check = |output: &Output, words: &str| {
        assert_eq!(output.status.code(), Some(2), "{words}: {}", err(output));
        assert!(err(output).contains(words), "{words}: {}", err(output));
    };
    check(
        &import(&kept(folder.path(), "a.xlsx", "chữ".as_bytes()), &data, &[]),
        "không phải là bảng tính XLSX",
    );
    check(&import(Path::new("/không/có.xlsx"), &data, &[]), "/không/có.xlsx");
    let nowhere = folder.path().join("x.xlsx");
    let nowhere = nowhere.to_str().unwrap();
    check(&run(&["export", "--regime", "1999-1", "--out", nowhere]), "«1999-1»");
    check(&run(&["export", "--regime", "2026-26", "--set", "99", "--out", nowhere]), "2026-26/99");
}
