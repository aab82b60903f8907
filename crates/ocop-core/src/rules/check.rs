//! What a sheet must satisfy before anybody is scored by it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::fault::FaultKind;
use super::load::{Faults, Origins};
use super::model::{
    Alternative, AppliesIf, Band, Criterion, Knockout, Part, PartCode, ProductSet, Section, Trigger,
};

/// Points of the parts since 148/QĐ-TTg (26/2026/QĐ-TTg, Article 3).
const PART_POINTS: PartPoints = [(PartCode::A, 40), (PartCode::B, 25), (PartCode::C, 35)];

/// Points of the parts before it (1048/QĐ-TTg, 781/QĐ-TTg).
const OLD_PART_POINTS: PartPoints = [(PartCode::A, 35), (PartCode::B, 25), (PartCode::C, 40)];

/// First day of 148/QĐ-TTg, which moved five points from part C to part A.
const NEW_PARTS_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2023, 2, 24);

/// Points of the parts A, B and C.
pub(super) type PartPoints = [(PartCode, u16); 3];

/// The points that the law gives the parts of a regime in force from this day.
pub(super) fn part_points(in_force_from: Option<NaiveDate>) -> PartPoints {
    let is_old = in_force_from.zip(NEW_PARTS_FROM).is_some_and(|(day, first)| day < first);
    if is_old { OLD_PART_POINTS } else { PART_POINTS }
}

/// Headings of the evidence table in form 02 (26/2026/QĐ-TTg, Annex III).
const EVIDENCE_HEADINGS: std::ops::RangeInclusive<u8> = 1..=15;

/// Stars that a floor can stand for; 1 and 2 stars are given by points alone.
const FLOOR_STARS: std::ops::RangeInclusive<u8> = 3..=5;

/// Checks the parts and bands of a regime.
pub(super) fn regime(path: &str, points: PartPoints, parts: &[Part], bands: &[Band], faults: &mut Faults) {
    if parts.iter().map(|part| part.code).ne(points.into_iter().map(|(code, _)| code)) {
        faults.add(path, "part", FaultKind::PartCodes);
    }
    let law = points.map(|(_, max)| max.to_string()).join("/");
    for (part, max) in points {
        for found in parts.iter().filter(|found| found.code == part && found.max != max) {
            let kind = FaultKind::Parts { part, max: found.max, should_be: max, law: law.clone() };
            faults.add(path, "part", kind);
        }
    }
    let falling = bands.windows(2).all(|pair| matches!(pair, [high, low] if high.from > low.from));
    let ends_at_zero = bands.last().is_some_and(|band| band.from == 0);
    if !bands.iter().map(|band| band.stars).eq((1..=5).rev()) || !falling || !ends_at_zero {
        faults.add(path, "band", FaultKind::Bands);
    }
}

/// Checks a set that was put together from its file and blocks.
///
/// A sheet whose parts do not add up, or whose sections skip a number, as its source prints it, is
/// taken only with a `doubt` on the set that says so: officers see it. Likewise a case that cannot
/// reach its criterion's maximum needs a `doubt` on the criterion.
pub(super) fn set(set: &ProductSet, points: PartPoints, origins: &Origins<'_>, faults: &mut Faults) {
    let is_doubtful = set.doubt.is_some();
    for (part, max) in points {
        let sum = set.sections_of(part).map(|section| u32::from(section.max)).sum();
        if sum != u32::from(max) && !is_doubtful {
            faults.add(origins.set, "", FaultKind::PartSum { part, sum, max });
        }
    }
    let mut wanted = 1;
    for found in &set.sections {
        if is_doubtful {
            wanted = wanted.max(found.no);
        }
        if found.no != wanted {
            faults.add(origins.set, &place_of(found), FaultKind::SectionNo { no: found.no, wanted });
        }
        wanted += 1;
        section(found, origins, faults);
    }
    let mut codes = BTreeSet::new();
    for criterion in set.criteria() {
        if !codes.insert(criterion.code.as_str()) {
            faults.add(origins.set, &criterion.code, FaultKind::RepeatedCode);
        }
        if let Some(condition) = &criterion.applies_if {
            applies_if(set, &criterion.code, condition, origins, faults);
        }
        for knockout in &criterion.knockouts {
            scope(set, &criterion.code, knockout, origins, faults);
        }
    }
}

fn place_of(section: &Section) -> String {
    format!("mục {}", section.no)
}

fn section(section: &Section, origins: &Origins<'_>, faults: &mut Faults) {
    let sum = section.criteria.iter().map(|criterion| u32::from(criterion.max)).sum();
    if section.criteria.is_empty() {
        faults.add(origins.set, &place_of(section), FaultKind::EmptySection);
    } else if sum != u32::from(section.max) {
        faults.add(origins.set, &place_of(section), FaultKind::SectionSum { sum, max: section.max });
    }
    for found in &section.criteria {
        if !belongs(&found.code, section) {
            faults.add(origins.set, &found.code, FaultKind::ForeignCode { section: section.no });
        }
        criterion(found, origins.of(&found.code), faults);
    }
}

fn belongs(code: &str, section: &Section) -> bool {
    match code.strip_prefix(&section.no.to_string()) {
        Some("") => section.criteria.len() == 1,
        Some(rest) => rest
            .strip_prefix('.')
            .is_some_and(|rest| rest.split('.').all(|number| number.parse::<u8>().is_ok())),
        None => false,
    }
}

fn criterion(criterion: &Criterion, path: &str, faults: &mut Faults) {
    for heading in criterion.evidence.iter().filter(|heading| !EVIDENCE_HEADINGS.contains(heading)) {
        faults.add(path, &criterion.code, FaultKind::EvidenceHeading { heading: *heading });
    }
    let several = criterion.alternatives.len() > 1;
    let best_of = |alternative: &Alternative| alternative.levels.iter().map(|level| level.points).max();
    let is_reached = criterion.alternatives.iter().any(|one| best_of(one) == Some(criterion.max));
    let may_fall_short = several && is_reached && criterion.doubt.is_some();
    for (no, alternative) in (1..=u8::MAX).zip(&criterion.alternatives) {
        let no = several.then_some(no);
        match best_of(alternative) {
            None => faults.add(path, &criterion.code, FaultKind::NoLevels),
            Some(best) if best < criterion.max && may_fall_short => {}
            Some(best) if best != criterion.max => {
                faults.add(
                    path,
                    &criterion.code,
                    FaultKind::CriterionMax { alternative: no, best, max: criterion.max },
                );
            }
            Some(_) => {}
        }
        levels(alternative, no, &criterion.code, path, faults);
    }
}

fn levels(found: &Alternative, alternative: Option<u8>, code: &str, path: &str, faults: &mut Faults) {
    let mut below: Option<u16> = None;
    let mut floor_below: Option<u8> = None;
    for (level, found) in found.numbered() {
        if found.text.trim().is_empty() {
            faults.add(path, code, FaultKind::NoText { alternative, level });
        }
        if let Some(below) = below.filter(|below| found.points <= *below) {
            faults.add(
                path,
                code,
                FaultKind::PointsOrder { alternative, level, points: found.points, below },
            );
        }
        below = Some(found.points);
        if let Some(stars) = found.floor {
            if !FLOOR_STARS.contains(&stars) {
                faults.add(path, code, FaultKind::FloorStars { alternative, level, stars });
            }
            if let Some(below) = floor_below.filter(|below| stars <= *below) {
                faults.add(path, code, FaultKind::FloorOrder { alternative, level, stars, below });
            }
            floor_below = Some(stars);
        }
    }
}

fn applies_if(
    set: &ProductSet,
    code: &str,
    condition: &AppliesIf,
    origins: &Origins<'_>,
    faults: &mut Faults,
) {
    let AppliesIf { criterion, level, text: _ } = condition;
    match set.criterion(criterion).filter(|other| other.code != code) {
        None => {
            faults.add(origins.of(code), code, FaultKind::UnknownCondition { criterion: criterion.clone() });
        }
        Some(other) => {
            if other.alternatives.iter().any(|alternative| alternative.level(*level).is_none()) {
                let kind = FaultKind::ConditionLevel { criterion: criterion.clone(), level: *level };
                faults.add(origins.of(code), code, kind);
            }
        }
    }
}

fn scope(set: &ProductSet, code: &str, knockout: &Knockout, origins: &Origins<'_>, faults: &mut Faults) {
    let needs_scope = match knockout.trigger {
        Trigger::Zero => true,
        Trigger::Declared => false,
    };
    if needs_scope == knockout.scope.is_empty() {
        faults.add(origins.of(code), code, FaultKind::Scope);
    }
    for criterion in knockout.scope.iter().filter(|criterion| set.criterion(criterion).is_none()) {
        faults.add(origins.of(code), code, FaultKind::UnknownScope { criterion: criterion.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{load, sample};

    const SET: &str = "2026-26/sets/04-mat-ong.toml";
    const STORY: &str = "2026-26/blocks/cau-chuyen.toml";
    const LINKAGE: &str = "2026-26/blocks/lien-ket.toml";
    const REGIME: &str = "2026-26/regime.toml";
    const PROCESS: &str = "2026-26/process.toml";

    /// The sample with one text replaced has exactly these faults.
    fn check(path: &str, from: &str, to: &str, expected: &[&str]) {
        let mut files = sample::files();
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
        let faults: Vec<String> = match load(&files) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(faults, expected, "{path}: {from} → {to}");
    }

    #[test]
    fn the_sample_is_sound() {
        check(SET, "set = 4", "set = 4", &[]);
    }

    #[test]
    fn parts_are_forty_twenty_five_thirty_five() {
        check(
            REGIME,
            "max = 40",
            "max = 41",
            &["2026-26/regime.toml: part: phần A có 41 điểm, phải là 40 (40/25/35)"],
        );
        check(
            REGIME,
            r#"code = "C""#,
            r#"code = "B""#,
            &[
                "2026-26/regime.toml: part: phải có đúng ba phần A, B, C",
                "2026-26/regime.toml: part: phần B có 35 điểm, phải là 25 (40/25/35)",
            ],
        );
        check(
            SET,
            "part = \"C\"\nno = 5",
            "part = \"B\"\nno = 5",
            &[
                "2026-26/sets/04-mat-ong.toml: các mục của phần B cộng lại 40 điểm, phần này có 25",
                "2026-26/sets/04-mat-ong.toml: các mục của phần C cộng lại 20 điểm, phần này có 35",
            ],
        );
    }

    #[test]
    fn before_2023_part_c_weighed_more() {
        let day = "in_force_from = 2026-05-22";
        check(
            REGIME,
            day,
            "in_force_from = 2023-02-23",
            &[
                "2026-26/regime.toml: part: phần A có 40 điểm, phải là 35 (35/25/40)",
                "2026-26/regime.toml: part: phần C có 35 điểm, phải là 40 (35/25/40)",
                "2026-26/sets/04-mat-ong.toml: các mục của phần A cộng lại 40 điểm, phần này có 35",
                "2026-26/sets/04-mat-ong.toml: các mục của phần C cộng lại 35 điểm, phần này có 40",
            ],
        );
        check(REGIME, day, "in_force_from = 2023-02-24", &[]);
    }

    #[test]
    fn what_does_not_close_as_printed_needs_a_doubt() {
        let without = "name = \"Nhãn\"\nmax = 20\n  [[section.criterion]]\n  code = \"2\"\n  name = \"Nhãn\"\n  max = 20";
        let with = without.replace("20", "19");
        let levels = "{ points = 20, floor = 4, text = \"có mã truy xuất\" }";
        let change = |doubt: &str| {
            let mut files = sample::files();
            let set = files.get_mut(SET).unwrap();
            assert!(set.contains(without) && set.contains(levels), "{set}");
            *set = set.replacen(without, &with, 1).replacen(levels, &levels.replace("20", "19"), 1);
            *set = set.replacen("samples = 5", &format!("samples = 5{doubt}"), 1);
            let faults = load(&files).err().unwrap_or_default();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            change(""),
            ["2026-26/sets/04-mat-ong.toml: các mục của phần A cộng lại 39 điểm, phần này có 40"]
        );
        assert!(change("\ndoubt = \"In thiếu 1 điểm.\"").is_empty());
    }

    #[test]
    fn a_case_that_cannot_reach_the_maximum_needs_a_doubt() {
        let short = "{ points = 20, floor = 5, text = \"tốt\" }";
        let fault = "2026-26/sets/04-mat-ong.toml: 4: mức cao nhất (trường hợp 2) được 19 điểm, tiêu chí ghi tối đa 20";
        check(SET, short, &short.replace("20", "19"), &[fault]);
        let levels = "choose = \"Chọn một trong hai trường hợp\"";
        let mut files = sample::files();
        let set = files.get_mut(SET).unwrap();
        *set = set.replacen(short, &short.replace("20", "19"), 1).replacen(
            levels,
            &format!("{levels}\n  doubt = \"Trường hợp 2 in 19 điểm.\""),
            1,
        );
        assert!(load(&files).is_ok());
    }

    #[test]
    fn bands_part_the_points() {
        let bands = "2026-26/regime.toml: band: khung sao phải là 5, 4, 3, 2, 1 với điểm giảm dần đến 0";
        check(REGIME, "from = 50", "from = 70", &[bands]);
        check(REGIME, "from = 0", "from = 1", &[bands]);
        check(REGIME, "stars = 4", "stars = 3", &[bands]);
    }

    #[test]
    fn sums_close() {
        check(
            SET,
            "name = \"Nhãn\"\nmax = 20",
            "name = \"Nhãn\"\nmax = 21",
            &[
                "2026-26/sets/04-mat-ong.toml: các mục của phần A cộng lại 41 điểm, phần này có 40",
                "2026-26/sets/04-mat-ong.toml: mục 2: các tiêu chí cộng lại 20 điểm, mục này ghi 21",
            ],
        );
        check(
            SET,
            "points = 10, text = \"nhiều\"",
            "points = 9, text = \"nhiều\"",
            &["2026-26/sets/04-mat-ong.toml: 1.1: mức cao nhất được 9 điểm, tiêu chí ghi tối đa 10"],
        );
        check(
            SET,
            "points = 20, floor = 5",
            "points = 19, floor = 5",
            &[
                "2026-26/sets/04-mat-ong.toml: 4: mức cao nhất (trường hợp 2) được 19 điểm, tiêu chí ghi tối đa 20",
            ],
        );
        check(
            STORY,
            "max = 15",
            "max = 14",
            &[
                "2026-26/sets/04-mat-ong.toml: mục 3: các tiêu chí cộng lại 24 điểm, mục này ghi 25",
                "2026-26/blocks/cau-chuyen.toml: 3.1: mức cao nhất được 15 điểm, tiêu chí ghi tối đa 14",
            ],
        );
    }

    #[test]
    fn codes_are_unique_and_in_their_section() {
        check(
            SET,
            "code = \"1.2\"",
            "code = \"1.1\"",
            &["2026-26/sets/04-mat-ong.toml: 1.1: mã tiêu chí bị lặp"],
        );
        let foreign = |code: &str, section: u16| {
            format!(
                "2026-26/sets/04-mat-ong.toml: {code}: mã không thuộc mục {section} (phải là «{section}» hoặc bắt đầu bằng «{section}.»)"
            )
        };
        for code in ["2.2", "12", "1", "1.", "1.x", "1,2"] {
            check(SET, "code = \"1.2\"", &format!("code = \"{code}\""), &[&foreign(code, 1)]);
        }
        check(SET, "code = \"2\"", "code = \"2.1\"", &[]);
        check(
            SET,
            "no = 2\nname",
            "no = 7\nname",
            &[
                "2026-26/sets/04-mat-ong.toml: mục 7: mục mang số 7, phải là 2 (các mục đánh số liên tục)",
                &foreign("2", 7),
            ],
        );
        check(
            SET,
            "  code = \"2\"\n",
            "",
            &[
                "2026-26/sets/04-mat-ong.toml: mục 2: thiếu «code»",
                "2026-26/sets/04-mat-ong.toml: mã không thuộc mục 2 (phải là «2» hoặc bắt đầu bằng «2.»)",
            ],
        );
    }

    #[test]
    fn points_and_floors_rise_with_the_levels() {
        let levels = |first: &str, second: &str| {
            format!("levels = [{{ {first}, text = \"đủ\" }}, {{ {second}, text = \"có mã truy xuất\" }}]")
        };
        let sound = levels("points = 5, floor = 3", "points = 20, floor = 4");
        check(
            SET,
            &sound,
            &levels("points = 20, floor = 3", "points = 20, floor = 4"),
            &["2026-26/sets/04-mat-ong.toml: 2: mức 2 được 20 điểm, không cao hơn mức dưới (20 điểm)"],
        );
        check(
            SET,
            &sound,
            &levels("points = 5, floor = 4", "points = 20, floor = 3"),
            &[
                "2026-26/sets/04-mat-ong.toml: 2: mức 2 là mức tối thiểu của 3 sao, mà mức dưới đã là của 4 sao",
            ],
        );
        check(
            SET,
            &sound,
            &levels("points = 5, floor = 4", "points = 20, floor = 4"),
            &[
                "2026-26/sets/04-mat-ong.toml: 2: mức 2 là mức tối thiểu của 4 sao, mà mức dưới đã là của 4 sao",
            ],
        );
        check(
            SET,
            &sound,
            &levels("points = 5, floor = 2", "points = 20, floor = 6"),
            &[
                "2026-26/sets/04-mat-ong.toml: 2: mức 1 là mức tối thiểu của 2 sao: chỉ 3, 4, 5 sao có mức tối thiểu",
                "2026-26/sets/04-mat-ong.toml: 2: mức 2 là mức tối thiểu của 6 sao: chỉ 3, 4, 5 sao có mức tối thiểu",
            ],
        );
        check(SET, &sound, "levels = []", &["2026-26/sets/04-mat-ong.toml: 2: tiêu chí không có mức nào"]);
        check(
            LINKAGE,
            "text = \"có\"",
            "text = \" \"",
            &["2026-26/blocks/lien-ket.toml: 1.2: mức 2 không có lời"],
        );
    }

    #[test]
    fn everything_is_cited() {
        let uncited = "thiếu căn cứ («cite»): mỗi quy định phải dẫn văn bản";
        check(REGIME, "cite = \"26/2026/QĐ-TTg\"", "", &[&format!("2026-26/regime.toml: {uncited}")]);
        check(SET, "cite = \"Phụ lục II, bộ 4\"", "cite = \" \"", &[&format!("{SET}: {uncited}")]);
        check(
            PROCESS,
            "value = 36, cite = \"Điều 4\"",
            "value = 36",
            &[&format!("2026-26/process.toml: certificate_months: {uncited}")],
        );
        check(PROCESS, "cite = \"Điều 5\"", "", &[&format!("2026-26/process.toml: round 1: {uncited}")]);
    }

    #[test]
    fn each_star_is_recognised_at_one_level() {
        let fault = "2026-26/process.toml: tier: các cấp phải đi từ dưới lên, cấp cuối không chuyển tiếp, và mỗi hạng sao do đúng một cấp «decide» công nhận";
        check(PROCESS, "decides = [5]", "decides = [4, 5]", &[fault]);
        check(PROCESS, "decides = [5]", "", &[fault]);
        check(PROCESS, "decides = [5]", "decides = [5]\nforward_from = 95", &[fault]);
        check(PROCESS, "tier = \"commune\"", "tier = \"centre\"", &[fault]);
    }

    #[test]
    fn blocks_exist_fit_and_are_used() {
        check(
            SET,
            "use = \"lien-ket\"",
            "use = \"lien-kiet\"",
            &[
                "2026-26/sets/04-mat-ong.toml: 1.2: không có khối «lien-kiet» trong blocks/",
                "2026-26/sets/04-mat-ong.toml: mục 1: các tiêu chí cộng lại 10 điểm, mục này ghi 20",
                "2026-26/blocks/lien-ket.toml: khối không được bộ nào dùng",
            ],
        );
        check(
            SET,
            "use = \"cau-chuyen\"",
            "use = \"lien-ket\"",
            &[
                "2026-26/sets/04-mat-ong.toml: mục 3: khối «lien-ket» không phải loại «section»",
                "2026-26/sets/04-mat-ong.toml: các mục của phần B cộng lại 0 điểm, phần này có 25",
                "2026-26/sets/04-mat-ong.toml: mục 3: mục không có tiêu chí nào",
                "2026-26/blocks/cau-chuyen.toml: khối không được bộ nào dùng",
            ],
        );
        check(
            SET,
            "use = \"lien-ket\"",
            "use = \"lien-ket\"\n  max = 3",
            &[
                "2026-26/sets/04-mat-ong.toml: 1.2: vừa dùng khối «lien-ket» vừa có nội dung riêng: chỉ giữ một trong hai",
            ],
        );
        check(
            LINKAGE,
            "max = 10",
            "max = 10\ncode = \"1.2\"",
            &[
                "2026-26/blocks/lien-ket.toml: dòng 5: unknown field `code`, expected one of `kind`, `name`, `max`, `note`, `requirement`, `doubt`, `evidence`, `applies_if`, `knockout`, `choose`, `levels`, `alternative`",
                "2026-26/sets/04-mat-ong.toml: mục 1: các tiêu chí cộng lại 10 điểm, mục này ghi 20",
            ],
        );
    }

    #[test]
    fn conditions_scopes_and_evidence_name_what_exists() {
        check(
            STORY,
            "criterion = \".1\"",
            "criterion = \".9\"",
            &["2026-26/blocks/cau-chuyen.toml: 3.2: điều kiện áp dụng dẫn tiêu chí «3.9» không có trong bộ"],
        );
        check(
            STORY,
            "criterion = \".1\"",
            "criterion = \".2\"",
            &["2026-26/blocks/cau-chuyen.toml: 3.2: điều kiện áp dụng dẫn tiêu chí «3.2» không có trong bộ"],
        );
        check(
            STORY,
            "level = 2",
            "level = 4",
            &["2026-26/blocks/cau-chuyen.toml: 3.2: điều kiện áp dụng dẫn mức 4 không có ở tiêu chí 3.1"],
        );
        check(
            SET,
            "scope = [\"5.1\"]",
            "scope = [\"5.2\"]",
            &[
                "2026-26/sets/04-mat-ong.toml: 5.1: phạm vi dừng đánh giá dẫn tiêu chí «5.2» không có trong bộ",
            ],
        );
        check(
            SET,
            "scope = [\"5.1\"], ",
            "",
            &["2026-26/sets/04-mat-ong.toml: 5.1: «scope» đi với trigger = \"zero\", và chỉ với nó"],
        );
        check(
            SET,
            "evidence = [3]",
            "evidence = [3, 0, 16]",
            &[
                "2026-26/sets/04-mat-ong.toml: 1.1: đầu mục minh chứng 0 nằm ngoài 1–15",
                "2026-26/sets/04-mat-ong.toml: 1.1: đầu mục minh chứng 16 nằm ngoài 1–15",
            ],
        );
    }

    #[test]
    fn the_list_of_papers_is_numbered_through_and_has_each_kind_once() {
        const LIST: &str = "2026-26/evidence.toml";
        let uncited = "thiếu căn cứ («cite»): mỗi quy định phải dẫn văn bản";
        check(LIST, "cite = \"Mẫu số 02\"", "", &[&format!("2026-26/evidence.toml: {uncited}")]);
        check(
            LIST,
            "no = 2",
            "no = 5",
            &["2026-26/evidence.toml: heading 2: các đầu mục phải đánh số liên tục từ 1, ở đây ghi 5"],
        );
        let repeated = "loại giấy tờ «1» phải đứng ở đúng một đầu mục, và không phải là «other»";
        check(
            LIST,
            "kind = \"3\"",
            "kind = \"1\"",
            &[
                &format!("2026-26/evidence.toml: heading 1: {repeated}"),
                &format!("2026-26/evidence.toml: heading 3: {repeated}"),
            ],
        );
        check(
            LIST,
            "covers = [\"7\"]",
            "covers = [\"7\", \"3\"]",
            &[
                "2026-26/evidence.toml: heading 2: loại giấy tờ «3» đã có đầu mục riêng nên không ghi ở covers",
            ],
        );
    }

    #[test]
    fn keys_are_not_guessed() {
        check(
            LINKAGE,
            "floor = 4",
            "flor = 4",
            &[
                "2026-26/blocks/lien-ket.toml: dòng 5: unknown field `flor`, expected one of `points`, `floor`, `implied`, `text`, `doubt`",
                "2026-26/sets/04-mat-ong.toml: mục 1: các tiêu chí cộng lại 10 điểm, mục này ghi 20",
            ],
        );
        check(
            SET,
            "samples = 5",
            "samples = 5\nbonus = 1",
            &[
                "2026-26/sets/04-mat-ong.toml: dòng 10: unknown field `bonus`, expected one of `set`, `slug`, `name`, `industry`, `group`, `subgroup`, `agencies`, `cite`, `samples`, `disqualifiers`, `doubt`, `section`",
                "2026-26/blocks/cau-chuyen.toml: khối không được bộ nào dùng",
                "2026-26/blocks/lien-ket.toml: khối không được bộ nào dùng",
            ],
        );
        check(
            REGIME,
            "id = \"2026-26\"",
            "id = \"2026-27\"",
            &["2026-26/regime.toml: id «2026-27» khác tên thư mục «2026-26»"],
        );
    }

    #[test]
    fn files_stand_where_they_belong() {
        let faults = |change: fn(&mut std::collections::BTreeMap<String, String>)| {
            let mut files = sample::files();
            change(&mut files);
            load(&files).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            faults(|files| files.clear()),
            ["không có bộ quy định nào (cần thư mục NĂM-SỐ với regime.toml)"]
        );
        assert_eq!(faults(|files| drop(files.remove(PROCESS))), ["2026-26/process.toml: thiếu tệp này"]);
        assert_eq!(
            faults(|files| drop(
                files.insert("2026-26/process-2026-05-22.toml".to_owned(), sample::PROCESS.to_owned())
            )),
            [
                "2026-26/process-2026-05-22.toml: thay đổi thủ tục phải có hiệu lực sau ngày đầu của quyết định"
            ]
        );
        assert_eq!(
            faults(|files| drop(
                files.insert("2026-26/process-sau.toml".to_owned(), sample::PROCESS.to_owned())
            )),
            ["2026-26/process-sau.toml: «sau» không phải là ngày"]
        );
        assert_eq!(
            faults(|files| drop(files.insert("2026-26/set/05.toml".to_owned(), String::new()))),
            [
                "2026-26/set/05.toml: tệp nằm ngoài bố cục (regime.toml, process.toml, evidence.toml, sets/, blocks/, cases/)"
            ]
        );
        assert_eq!(
            faults(|files| drop(files.insert("2026-26/sets/05.toml".to_owned(), sample::HONEY.to_owned()))),
            ["2026-26/sets/05.toml: bộ 4 đã có ở một tệp khác"]
        );
    }
}
