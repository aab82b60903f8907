//! What the comparison tells, on small changes of a sample and on the real sets.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Criterion, ProductSet, Rules, sample};
use super::{CriterionChange, FloorChange, FloorTurn, SetDiff, compare, text};

/// The sample compared with itself after a change of one criterion.
fn changed(code: &str, change: impl Fn(&mut Criterion)) -> SetDiff {
    let before = (*sample::honey()).clone();
    let mut after = before.clone();
    for criterion in after.sections.iter_mut().flat_map(|section| &mut section.criteria) {
        if criterion.code == code {
            change(criterion);
        }
    }
    assert_ne!(before, after);
    compare(&before, &after)
}

fn check(code: &str, change: impl Fn(&mut Criterion), expected: &[&str]) {
    let page = text(&changed(code, change));
    let lines: Vec<&str> = page.lines().skip(3).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "{page}");
}

#[test]
fn a_set_is_like_itself() {
    let honey = sample::honey();
    let diff = compare(&honey, &honey);
    assert!(diff.criteria.iter().all(|one| one.change == CriterionChange::Same), "{diff:#?}");
    assert!(diff.floors.is_empty() && diff.disqualifiers.is_empty());
    assert!(text(&diff).ends_with("Giữ nguyên: 7 tiêu chí.\n"));
}

#[test]
fn floors_are_told_by_what_they_mean_for_a_star() {
    let level = |criterion: &mut Criterion, level: usize, floor: Option<u8>| {
        criterion.alternatives[0].levels[level].floor = floor;
    };
    check(
        "1.1",
        |criterion| level(criterion, 1, Some(3)),
        &[
            "MUỐN ĐẠT SAO, NAY PHẢI CÓ THÊM",
            "  Từ 3 sao:",
            "    1.1 Nguồn gốc: «vừa» (5 điểm)",
            "Giữ nguyên: 6 tiêu chí.",
        ],
    );
    check(
        "1.2",
        |criterion| level(criterion, 1, None),
        &[
            "MUỐN ĐẠT SAO, NAY ĐÒI HỎI ÍT HƠN",
            "  Từ 4 sao:",
            "    1.2 Liên kết: không còn đòi hỏi «có» (10 điểm)",
            "Giữ nguyên: 6 tiêu chí.",
        ],
    );
    check(
        "3.1",
        |criterion| {
            level(criterion, 1, None);
            level(criterion, 2, Some(3));
        },
        &[
            "MUỐN ĐẠT SAO, NAY PHẢI CÓ THÊM",
            "  Từ 3 sao:",
            "    3.1 Câu chuyện: «hay» (15 điểm) — trước: «có» (5 điểm)",
            "Giữ nguyên: 6 tiêu chí.",
        ],
    );
    let other = changed("2", |criterion| criterion.alternatives[0].levels[1].text = "mã QR".to_owned());
    let floors: Vec<_> = other.floors.iter().map(|one| (one.stars, one.change)).collect();
    assert_eq!(floors, [(4, FloorChange::Other)]);
    assert_eq!(other.floors_of(FloorTurn::Other).count(), 1);
}

#[test]
fn figures_are_not_a_matter_of_words() {
    let to = |text: &'static str| {
        move |criterion: &mut Criterion| criterion.alternatives[0].levels[2].text = text.to_owned()
    };
    let with = |from: &'static str, text: &'static str| {
        let mut before = (*sample::honey()).clone();
        before.sections[0].criteria[0].alternatives[0].levels[2].text = from.to_owned();
        let mut after = before.clone();
        to(text)(&mut after.sections[0].criteria[0]);
        compare(&before, &after).criteria[0].change
    };
    let from = "Sản xuất trong xã từ 50% nguyên liệu trở lên";
    assert_eq!(with(from, "Sản xuất trong xã từ 75% nguyên liệu trở lên"), CriterionChange::Changed);
    assert_eq!(with(from, "Sản xuất ở trong xã từ 50% nguyên liệu"), CriterionChange::Wording);
    assert_eq!(with(from, "sản xuất trong xã, từ 50% nguyên liệu trở lên."), CriterionChange::Same);
    assert_eq!(with(from, "Có hợp đồng bao tiêu 50 năm"), CriterionChange::Changed);
}

#[test]
fn conditions_are_named() {
    check(
        "5.1",
        |criterion| {
            criterion.knockouts.pop();
            criterion.requirement = Some("Thử tại chỗ".to_owned());
        },
        &[
            "ĐIỀU KIỆN, CĂN CỨ LOẠI",
            "  5.1 Loại, dừng đánh giá: nay không ghi «Có tạp chất»",
            "  5.1 Yêu cầu: nay ghi «Thử tại chỗ»",
            "Giữ nguyên: 6 tiêu chí.",
        ],
    );
}

#[test]
fn a_criterion_is_found_under_another_number() {
    let rules = sample::repository();
    let diff = compare(rules.set("2023-148", 4).unwrap(), rules.set("2026-26", 4).unwrap());
    let moved = diff.criteria.iter().find(|one| one.to.as_ref().is_some_and(|to| to.code == "3.5")).unwrap();
    assert_eq!(moved.from.as_ref().unwrap().code, "3.6");
    let gone: Vec<_> =
        diff.of(CriterionChange::Dropped).map(|one| one.place().unwrap().to_string()).collect();
    assert_eq!(gone, ["3.5 Kế toán"]);
    insta::assert_snapshot!("honey_148_to_26", text(&diff));
}

/// Every comparison that a producer can be shown.
fn successions(rules: &Rules) -> Vec<SetDiff> {
    let current = rules.regime("2026-26").unwrap();
    let older = rules.regimes.values().filter(|regime| regime.id != current.id);
    let sets = older.flat_map(|regime| regime.sets.values());
    let targets = |set: &ProductSet| rules.successors(&set.regime, set.no).unwrap().to.clone();
    sets.flat_map(|set| targets(set).into_iter().map(|no| compare(set, &current.sets[&no]))).collect()
}

#[test]
fn every_criterion_of_both_sets_is_accounted_for_once() {
    let rules = sample::repository();
    for diff in successions(&rules) {
        let codes = |reference: &str| {
            let set = rules.by_reference(reference).unwrap();
            set.criteria().map(|criterion| criterion.code.clone()).collect::<BTreeSet<_>>()
        };
        let old = diff.criteria.iter().flat_map(|one| one.from.iter().chain(&one.merged));
        let old: Vec<_> = old.map(|place| place.code.clone()).collect();
        assert_eq!(old.len(), codes(&diff.from.reference).len(), "{}", diff.from.reference);
        assert_eq!(old.into_iter().collect::<BTreeSet<_>>(), codes(&diff.from.reference));
        let new: Vec<_> =
            diff.criteria.iter().filter_map(|one| Some(one.to.as_ref()?.code.clone())).collect();
        let ordered: Vec<_> = rules
            .set("2026-26", diff.to.reference.rsplit('/').next().unwrap().parse().unwrap())
            .unwrap()
            .criteria()
            .map(|criterion| criterion.code.clone())
            .collect();
        assert_eq!(new, ordered, "{}", diff.to.reference);
    }
}

/// An officer can read here which criteria are taken for one another under different names.
#[test]
fn the_list_of_renamed_criteria_changes_only_on_purpose() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for diff in successions(&sample::repository()) {
        for one in &diff.criteria {
            let regime = diff.from.reference.split('/').next().unwrap_or_default();
            let name =
                |place: Option<&super::Place>| place.map_or("—".to_owned(), |place| place.name.clone());
            let merged: String = one.merged.iter().map(|place| format!(" + {}", place.name)).collect();
            let (from, to) = (name(one.from.as_ref()) + &merged, name(one.to.as_ref()));
            if from != to {
                *lines.entry(format!("{regime}: {from} → {to}")).or_default() += 1;
            }
        }
    }
    let list: Vec<String> = lines.into_iter().map(|(line, count)| format!("{line} ({count} bộ)")).collect();
    insta::assert_snapshot!("renamed", list.join("\n"));
}
