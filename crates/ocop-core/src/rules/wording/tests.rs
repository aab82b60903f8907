//! What official wording changes, and that it changes nothing else.

use proptest::prelude::*;

use super::super::{Rules, sample};
use super::*;
use crate::scoring::{Choice, Sheet, score};

fn official(set: &ProductSet, texts: &[(&str, &str)]) -> OfficialWording {
    let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    OfficialWording { hash: set.hash(), texts }
}

/// The set without a single word: what is left decides points, floors and conditions.
fn wordless(set: &ProductSet) -> ProductSet {
    let mut bare = set.clone();
    visit(&mut bare, &mut |_, text| text.clear());
    bare
}

#[test]
fn every_text_of_every_sheet_has_one_key() {
    for set in sample::repository().regimes.values().flat_map(|regime| regime.sets.values()) {
        let texts = texts(set);
        let keys: std::collections::BTreeSet<&str> = texts.iter().map(|text| text.key.as_str()).collect();
        assert_eq!(keys.len(), texts.len(), "{}", set.reference());
        assert!(texts.iter().all(|text| !text.ours.is_empty()), "{}", set.reference());
    }
}

#[test]
fn keys_name_the_place_as_the_sheet_does() {
    let texts = texts(&sample::honey());
    let told: Vec<String> = texts
        .iter()
        .map(|text| {
            let points = text.points.map(|points| format!(" {points}")).unwrap_or_default();
            let stars = "*".repeat(text.floor.map_or(0, usize::from));
            format!("{} | {}{points}{stars} | {}", text.key, text.place, text.ours)
        })
        .collect();
    for line in [
        "name | Tên bộ tiêu chí | Mật ong",
        "disqualifier:1 | Hồ sơ bị loại khi (1) | Giả mạo hồ sơ",
        "section:1 | Mục 1 20 | Tổ chức sản xuất",
        "1.2 | Tiêu chí 1.2 10 | Liên kết",
        "1.2/1/2 | 1.2, mức 2 10**** | có",
        "3.2/condition | 3.2, điều kiện áp dụng | Chỉ chấm khi có câu chuyện",
        "4/choose | 4, cách chọn | Chọn một trong hai trường hợp",
        "4/2 | 4, trường hợp 2 | Tổ chức",
        "4/2/2 | 4, trường hợp 2, mức 2 20***** | tốt",
        "5.1/knockout:2 | 5.1, bị loại (2) | Có tạp chất",
    ] {
        assert!(told.iter().any(|found| found == line), "{line}\n---\n{}", told.join("\n"));
    }
}

#[test]
fn official_words_are_read_where_given_and_ours_elsewhere() {
    let set = sample::honey();
    let given = official(&set, &[("1.1/1/2", "Lời chính thức"), ("name", "Bộ mật ong"), ("9.9", "?")]);
    let read = given.read_into(&set, &set.hash());
    assert_eq!(read.name, "Bộ mật ong");
    let levels = &read.criterion("1.1").unwrap().alternatives[0].levels;
    assert_eq!((levels[0].text.as_str(), levels[1].text.as_str()), ("ít", "Lời chính thức"));
}

#[test]
fn texts_of_another_version_are_not_put_in() {
    let set = sample::honey();
    let given = official(&set, &[("name", "Bộ mật ong")]);
    assert_eq!(given.read_into(&set, "another hash"), *set);
}

#[test]
fn a_ground_declared_in_our_words_is_read_in_official_ones() {
    let set = sample::honey();
    let read = official(&set, &[("disqualifier:1", "Hồ sơ giả"), ("5.1/knockout:2", "Lẫn tạp chất")])
        .read_into(&set, &set.hash());
    let told = |ground: &str| ground_as_read(&set, &read, ground);
    assert_eq!(
        (told("Giả mạo hồ sơ"), told("Có tạp chất"), told("khác")),
        ("Hồ sơ giả".to_owned(), "Lẫn tạp chất".to_owned(), "khác".to_owned())
    );
}

#[test]
fn a_change_is_counted_by_text() {
    let texts = |texts: &[(&str, &str)]| official(&sample::honey(), texts).texts;
    let kept = texts(&[("1.1", "a"), ("1.2", "b"), ("2", "c")]);
    let change = WordingChange::between(&kept, &texts(&[("1.1", "a"), ("1.2", "khác"), ("5.1", "d")]));
    assert_eq!(change, WordingChange { changed: 2, unchanged: 1, cleared: 1 });
    assert!(!WordingChange::between(&kept, &kept).is_any());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever an office writes, in whatever text: points, floors, codes and conditions stay, and
    /// every sheet is worth the same.
    #[test]
    fn no_wording_changes_points_floors_or_results(
        words in proptest::collection::vec("\\PC{0,30}", 40),
        which in proptest::collection::vec(any::<bool>(), 40),
        levels in proptest::collection::vec(0_u8..4, 7),
    ) {
        let set = sample::honey();
        let keys: Vec<String> = texts(&set).into_iter().map(|text| text.key).collect();
        let chosen = keys.into_iter().zip(words).zip(which).filter(|(_, on)| *on).map(|(text, _)| text);
        let given = OfficialWording { hash: set.hash(), texts: chosen.collect() };
        let read = given.read_into(&set, &set.hash());
        prop_assert_eq!(wordless(&read), wordless(&set));
        let choices = set.criteria().zip(levels).map(|(criterion, level)| {
            (criterion.code.clone(), Choice::level(level.min(criterion.alternatives[0].highest())))
        });
        let sheet = Sheet { choices: choices.collect(), disqualified: None };
        let (ours, theirs) = (score(&set, &sheet).unwrap(), score(&read, &sheet).unwrap());
        prop_assert_eq!((ours.total, ours.stars, ours.stars_by_points), (theirs.total, theirs.stars, theirs.stars_by_points));
        prop_assert_eq!(ours.floors, theirs.floors);
        prop_assert_eq!(ours.ignored, theirs.ignored);
        prop_assert_eq!(ours.disqualified.is_some(), theirs.disqualified.is_some());
    }
}

/// The sheet of the honey as it leaves the program, as rows.
fn exported(rules: &Rules) -> WordingSheet {
    let set = rules.set("2026-26", 4).unwrap();
    let row = |no: u32, cells: [&str; 6]| SheetRow { no, cells: cells.map(str::to_owned) };
    let mut rows = vec![
        row(2, [REFERENCE_LABEL, &set.reference(), "", "", "", ""]),
        row(3, [HASH_LABEL, &set.hash(), "", "", "", ""]),
        row(5, Column::ALL.map(Column::name)),
    ];
    for (no, text) in (6_u32..).zip(texts(set)) {
        let number = |number: Option<String>| number.unwrap_or_default();
        rows.push(row(
            no,
            [
                &text.key,
                &text.place,
                &number(text.points.map(|points| points.to_string())),
                &number(text.floor.map(|stars| stars.to_string())),
                &text.ours,
                "",
            ],
        ));
    }
    WordingSheet { name: sheet_name(set), rows }
}

/// The cell of a text's row.
fn cell<'a>(sheet: &'a mut WordingSheet, key: &str, column: usize) -> &'a mut String {
    let row = sheet.rows.iter_mut().find(|row| row.cells[0] == key).unwrap();
    &mut row.cells[column]
}

#[test]
fn a_sheet_that_an_office_filled_in_and_saved_again_is_read() {
    let rules = sample::rules();
    let mut sheet = exported(&rules);
    *cell(&mut sheet, "1.1/1/2", 5) = "  Lo\u{31b}\u{300}i chi\u{301}nh thu\u{31b}\u{301}c \n".to_owned();
    *cell(&mut sheet, "1.1/1/2", 4) = " vu\u{31b}\u{300}a ".to_owned();
    sheet.rows.insert(6, SheetRow::default());
    sheet.rows.reverse();
    let (set, given) = read_sheet(&rules, &sheet).unwrap().unwrap();
    assert_eq!((set.no, given.hash), (4, set.hash()));
    assert_eq!(
        given.texts.into_iter().collect::<Vec<_>>(),
        [("1.1/1/2".to_owned(), "Lời chính thức".to_owned())]
    );
}

#[test]
fn a_sheet_of_the_office_s_own_is_left_alone() {
    let notes = SheetRow { no: 1, cells: [const { String::new() }; 6].map(|_| "ghi chú".to_owned()) };
    for name in ["Sheet1", guide_sheet()] {
        let sheet = WordingSheet { name: name.to_owned(), rows: vec![notes.clone()] };
        assert_eq!(read_sheet(&sample::rules(), &sheet), None);
    }
}

#[test]
fn what_may_not_change_is_named_by_sheet_row_and_column() {
    let check = |change: &dyn Fn(&mut WordingSheet), told: &str| {
        let rules = sample::rules();
        let mut sheet = exported(&rules);
        change(&mut sheet);
        let faults = read_sheet(&rules, &sheet).unwrap().unwrap_err();
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(lines.len() == 1 && lines[0].starts_with(told), "{told}\n---\n{}", lines.join("\n"));
    };
    check(
        &|sheet| *cell(sheet, "1.1/1/2", 2) = "9".to_owned(),
        "Trang «2026-26-04», dòng 11, cột C (Điểm): ghi «9», bộ tiêu chí là «5»",
    );
    check(
        &|sheet| *cell(sheet, "1.1/1/2", 3) = "5".to_owned(),
        "Trang «2026-26-04», dòng 11, cột D (Sao tối thiểu): ghi «5», bộ tiêu chí là «»",
    );
    check(
        &|sheet| *cell(sheet, "1.1/1/2", 4) = "rất vừa".to_owned(),
        "Trang «2026-26-04», dòng 11, cột E (Lời văn của phần mềm): lời văn của phần mềm đã bị sửa",
    );
    check(
        &|sheet| *cell(sheet, "1.1/1/2", 5) = "ă".repeat(4_001),
        "Trang «2026-26-04», dòng 11, cột F (Lời văn chính thức): dài 4001 chữ",
    );
    check(
        &|sheet| sheet.rows[1].cells[1].push('0'),
        "Trang «2026-26-04», dòng 3, cột B (Phần của bộ tiêu chí): tệp được xuất từ một bản khác của bộ tiêu chí 2026-26/4",
    );
    check(
        &|sheet| sheet.rows[0].cells[1] = "2026-26/404".to_owned(),
        "Trang «2026-26-04», dòng 2, cột B (Phần của bộ tiêu chí): phần mềm không có bộ tiêu chí «2026-26/404»",
    );
    check(&|sheet| drop(sheet.rows.remove(1)), "Trang «2026-26-04»: thiếu dòng «Mã băm»");
    check(&|sheet| drop(sheet.rows.remove(9)), "Trang «2026-26-04»: thiếu 1 dòng: 1.1/1/3.");
    let added = |key: &str| SheetRow { no: 99, cells: [key, "", "", "", "", "thêm"].map(str::to_owned) };
    check(
        &|sheet| sheet.rows.push(added("9.9")),
        "Trang «2026-26-04», dòng 99, cột A (Mã): mã «9.9» không có trong bộ tiêu chí",
    );
    check(
        &|sheet| sheet.rows.push(added("1.1")),
        "Trang «2026-26-04», dòng 99, cột A (Mã): mã «1.1» đã có ở dòng trên",
    );
    check(
        &|sheet| sheet.rows.push(added("")),
        "Trang «2026-26-04», dòng 99, cột A (Mã): dòng có chữ nhưng không có mã",
    );
}

#[test]
fn every_fault_of_a_sheet_is_told_at_once() {
    let rules = sample::rules();
    let mut sheet = exported(&rules);
    for key in ["1.1", "2/1/1", "4/2/2"] {
        *cell(&mut sheet, key, 2) = "7".to_owned();
    }
    assert_eq!(read_sheet(&rules, &sheet).unwrap().unwrap_err().len(), 3);
}
