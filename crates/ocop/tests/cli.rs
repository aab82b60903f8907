//! The commands that need no server: rules, score, tally.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn answer(command: &str, request: &Value) -> Value {
    let output = run(&[command], &request.to_string());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    serde_json::from_str(&out(&output)).unwrap()
}

/// A sheet of set 4 with the highest level everywhere but for `changes`.
fn honey(changes: &[(&str, u64)]) -> Value {
    let set: Value =
        serde_json::from_str(&out(&run(&["rules", "show", "2026-26/4", "--format", "json"], ""))).unwrap();
    let mut choices = serde_json::Map::new();
    for section in set["sections"].as_array().unwrap() {
        for criterion in section["criteria"].as_array().unwrap() {
            let highest = criterion["alternatives"][0]["levels"].as_array().unwrap().len();
            choices.insert(criterion["code"].as_str().unwrap().to_owned(), json!({"level": highest}));
        }
    }
    for (code, level) in changes {
        choices.insert((*code).to_owned(), json!({"level": level}));
    }
    Value::Object(choices)
}

fn request(choices: &Value) -> Value {
    json!({"regime": "2026-26", "set": 4, "choices": choices, "disqualified": false})
}

#[test]
fn a_missed_floor_lowers_the_star_and_is_explained() {
    let answer = answer("score", &request(&honey(&[("2.2", 2)])));
    assert_eq!(
        (&answer["A"], &answer["B"], &answer["C"], &answer["total"]),
        (&json!(38), &json!(25), &json!(35), &json!(98))
    );
    assert_eq!((&answer["stars_by_points"], &answer["stars_after_floors"]), (&json!(5), &json!(2)));
    assert_eq!(answer["floors_missed_for_next_star"], json!(["2.2"]));
    assert_eq!(
        answer["explanation"][1],
        "Đủ điểm 5 sao (98 điểm) nhưng tiêu chí 2.2 mới đạt mức 2, 3 sao cần mức 3 (2 điểm): xếp 2 sao."
    );
}

#[test]
fn a_disqualified_sheet_is_null_with_a_reason() {
    let mut excluded = request(&honey(&[]));
    excluded["disqualified"] = json!({"ground": "Giả mạo hồ sơ", "reason": "Giấy phép giả"});
    let answer = answer("score", &excluded);
    assert_eq!((&answer["total"], &answer["stars_after_floors"]), (&Value::Null, &Value::Null));
    assert_eq!(answer["floors_missed_for_next_star"], json!([]));
    assert_eq!(answer["disqualified"]["reason"], "Giấy phép giả");
}

#[test]
fn a_file_is_read_like_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("yêu cầu.json");
    let text = json!([request(&honey(&[])), request(&json!({}))]).to_string();
    std::fs::write(&file, &text).unwrap();
    let from_file = run(&["score", file.to_str().unwrap()], "");
    assert_eq!(from_file.status.code(), Some(0), "{}", err(&from_file));
    assert_eq!(out(&from_file), out(&run(&["score", "-"], &text)));
    let answers: Value = serde_json::from_str(&out(&from_file)).unwrap();
    assert_eq!((&answers[0]["total"], &answers[1]["total"]), (&json!(100), &json!(0)));
}

#[test]
fn a_wrong_request_exits_2_and_names_what_is_wrong() {
    let check = |request: &Value, named: &str| {
        let output = run(&["score"], &request.to_string());
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(out(&output), "");
        assert!(err(&output).contains(named), "{}", err(&output));
    };
    check(&request(&json!({"3.6": {"level": 1}})), "tiêu chí «3.6»");
    check(&request(&json!({"3.5": {"level": 4}})), "tiêu chí 3.5 không có mức 4");
    check(&json!({"regime": "2026-26", "set": 404, "choices": {}}), "không có bộ 404");
    check(&json!({"regime": "1999-1", "set": 4, "choices": {}}), "«1999-1»");
    check(&json!([request(&json!({})), request(&json!({"99": {"level": 1}}))]), "[1]");
    let broken = run(&["tally", "-"], "{");
    assert_eq!((broken.status.code(), out(&broken).as_str()), (Some(2), ""));
    let missing = run(&["score", "/không/có/tệp"], "");
    assert_eq!(missing.status.code(), Some(2));
    assert!(err(&missing).contains("/không/có/tệp"));
}

#[test]
fn a_council_is_decided_on_the_exact_mean_and_the_majority() {
    let ballots = json!([
        {"choices": honey(&[])},
        {"choices": honey(&[("6.3", 3)])},
        {"choices": honey(&[("6.3", 3), ("12", 2)])},
    ]);
    let answer = answer("tally", &json!({"regime": "2026-26", "set": 4, "ballots": ballots}));
    assert_eq!(answer["member_totals"], json!([100, 98, 97]));
    assert_eq!(
        (&answer["mean"], &answer["mean_2dp"], &answer["spread"]),
        (&json!("295/3"), &json!("98.33"), &json!(3))
    );
    assert_eq!((&answer["stars_by_points"], &answer["stars_after_floors"]), (&json!(5), &json!(4)));
    assert_eq!(
        answer["floors_not_met"],
        json!([{"criterion": "6.3", "star": 5, "level": 4, "at_or_above": 1, "of": 3, "met": false}])
    );
    assert_eq!(answer["floors_missed_for_next_star"], json!(["6.3"]));
}

#[test]
fn rules_are_listed_and_shown() {
    let list = run(&["rules", "list"], "");
    assert!(out(&list).contains("2026-26/26"));
    let text = out(&run(&["rules", "show", "2026-26/4"], ""));
    assert!(text.starts_with("Bộ 4. Mật ong") && text.contains("PHẦN C."));
    let csv = out(&run(&["rules", "show", "2026-26/4", "--format", "csv"], ""));
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("set_id,set_slug,part,section_no,criterion_code,alternative_no,level_no,points,floor")
    );
    assert_eq!(lines.next(), Some("4,mat-ong-mat-khac-va-nong-san-thuc-pham-khac,A,1,1.1,1,1,1,"));
    let unknown = run(&["rules", "show", "2026-26/99"], "");
    assert_eq!((unknown.status.code(), out(&unknown).as_str()), (Some(2), ""));
    assert!(err(&unknown).contains("2026-26/99") && err(&unknown).contains("2026-26/4"));
}

#[test]
fn the_way_to_the_next_star_is_exact_and_says_what_proves_it() {
    let answer = answer("advise", &json!({"regime": "2026-26", "set": 4, "choices": honey(&[("2.3", 1)])}));
    assert_eq!((&answer["stars_now"], &answer["stars"]), (&json!(3), &json!(4)));
    let step = &answer["steps"][0];
    assert_eq!((&step["code"], &step["to"], &step["floor"]), (&json!("2.3"), &json!(3), &json!(4)));
    assert_eq!((&step["work"], &step["evidence"]), (&json!("packaging"), &json!([13])));
    assert_eq!(answer["steps"].as_array().unwrap().len(), 1);
    let out = json!({"regime": "2026-26", "set": 4, "choices": {}, "disqualified": true});
    let refused = run(&["advise"], &out.to_string());
    assert_eq!((refused.status.code(), err(&refused).contains("Hồ sơ bị loại")), (Some(2), true));
}

#[test]
fn the_way_of_a_dossier_follows_the_day_it_is_filed() {
    let told = |arguments: &str| {
        let words = ["rules", "path"].into_iter().chain(arguments.split(' ')).collect::<Vec<_>>();
        run(&words, "")
    };
    let old = out(&told("--filed 2026-05-21"));
    assert!(old.contains("2023-148") && old.contains("chậm nhất 21/07/2026"), "{old}");
    let new = out(&told("--kind renewal --filed 2026-10-02 --stars 4 --last-day 2027-03-31"));
    assert!(new.contains("2026-26") && new.contains("bằng văn bản") && new.contains("45 ngày"), "{new}");
    let early = told("--kind renewal --filed 2026-10-01 --stars 4 --last-day 2027-03-31");
    assert_eq!(early.status.code(), Some(2));
    assert!(err(&early).contains("nộp từ 02/10/2026 đến 01/12/2026"), "{}", err(&early));
}

#[test]
fn two_sets_are_compared() {
    let page = out(&run(&["rules", "diff", "2023-148/4", "2026-26/4"], ""));
    assert!(page.starts_with("2023-148/4 → 2026-26/4\n"), "{page}");
    let first = page.find("MUỐN ĐẠT SAO, NAY PHẢI CÓ THÊM").unwrap();
    assert!(first < page.find("ĐIỂM TỐI ĐA THAY ĐỔI").unwrap(), "the most consequential comes first");
    assert!(page.contains("3.5 Sở hữu trí tuệ: 2 → 3 điểm (trước: 3.6)"), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 100));

    let json: Value =
        serde_json::from_str(&out(&run(&["rules", "diff", "2023-148/4", "2026-26/4", "--json"], "")))
            .unwrap();
    assert_eq!(
        (&json["from"]["reference"], &json["to"]["reference"]),
        (&json!("2023-148/4"), &json!("2026-26/4"))
    );
    let of = |change: &str| {
        let criteria = json["criteria"].as_array().unwrap().iter();
        let codes = criteria.filter(|one| one["change"] == change).map(|one| one["to"]["code"].clone());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(of("new"), [json!("1.2"), json!("2.4")]);

    let divided = out(&run(&["rules", "diff", "2020-781/4"], ""));
    assert!(divided.contains("2020-781/4 → 2026-26/4\n") && divided.contains("2020-781/4 → 2026-26/8\n"));
}

#[test]
fn a_comparison_that_cannot_be_made_says_why() {
    for (arguments, named) in [
        (&["2023-148/4", "2026-26/99"][..], "«2026-26/99»"),
        (&["2023-148", "2026-26/4"], "«2023-148»"),
        (&["2020-781/21"], "không còn bộ tiêu chí nào"),
        (&["2026-26/4"], "không có bộ kế tiếp"),
        (&["2023-148/4", "--rules", "/không/có"], "/không/có"),
    ] {
        let output = run(&[&["rules", "diff"], arguments].concat(), "");
        assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err(&output).contains(named), "{}", err(&output));
    }
}

#[test]
fn the_checker_prints_a_line_a_fault() {
    let sound = run(&["rules", "check", rules().to_str().unwrap()], "");
    assert_eq!(sound.status.code(), Some(0), "{}", out(&sound));

    let folder = tempfile::tempdir().unwrap();
    copy(&rules().join("2026-26"), &folder.path().join("2026-26"));
    let story = folder.path().join("2026-26/blocks/cau-chuyen-ban-sac.toml");
    let text = std::fs::read_to_string(&story).unwrap();
    std::fs::write(&story, text.replacen("floor = 3", "floor = 9", 1)).unwrap();
    let faulty = run(&["rules", "check", folder.path().to_str().unwrap()], "");
    assert_eq!(faulty.status.code(), Some(1));
    assert_eq!(
        out(&faulty),
        "2026-26/blocks/cau-chuyen-ban-sac.toml: 5.3: mức 2 là mức tối thiểu của 9 sao: chỉ 3, 4, 5 sao có mức tối thiểu\n"
    );

    assert_eq!(run(&["rules", "check", "/không/có"], "").status.code(), Some(2));
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A PDF of two pages, with something in each one's content.
fn two_pages(content: &str) -> String {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream ", content.len()),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (no, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{no} 0 obj{object}endobj\n");
    }
    let start = text.len();
    text + &format!("xref\n0 6\n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n")
}

#[test]
fn a_file_from_outside_is_looked_at_in_a_process_of_its_own() {
    let look = |question: &str, file: &str| run(&["look", "application/pdf", question], file);
    let plain = two_pages("");
    assert_eq!(out(&look("count", &plain)), "2");
    assert!(look("picture:2:thumb:0", &plain).stdout.starts_with(b"\xff\xd8"), "a JPEG picture");
    assert_eq!(look("text:3", &plain).status.code(), Some(14), "no such page");
    assert_eq!(look("count", "%PDF-1.4").status.code(), Some(13), "unreadable");
    let deep = two_pages(&"[".repeat(3_000_000));
    assert_eq!(out(&look("count", &deep)), "2", "its pages are known");
    for question in ["picture:1:page:0", "text:1"] {
        let ended = look(question, &deep);
        assert!(!ended.status.success() && ended.stdout.is_empty(), "{question}: {:?}", ended.status);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_looks_at_a_file_limits_itself() {
    let mut looking = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(["look", "application/pdf", "count"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let limits = || std::fs::read_to_string(format!("/proc/{}/limits", looking.id())).unwrap();
    let has = |limits: &str, name: &str, most: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().any(|word| word == most)
    };
    // It waits for the file.
    let limited = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let limits = limits();
        has(&limits, "Max address space", "1073741824")
            && has(&limits, "Max cpu time", "30")
            && has(&limits, "Max core file size", "0")
    });
    drop(looking.stdin.take());
    let ended = looking.wait().unwrap();
    assert!(limited, "it has no limits");
    assert_eq!(ended.code(), Some(13), "no file is no PDF");
}

#[test]
fn a_refusal_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(&["mail", "bounced", "--data", folder.path().to_str().unwrap()], "Xin chào");
    assert_eq!(refused.status.code(), Some(1));
    let told = err(&refused);
    assert_eq!(told.matches("không nói về thư nào").count(), 1, "{told}");
}
