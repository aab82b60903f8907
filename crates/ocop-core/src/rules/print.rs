//! A product set for the eye, for programs and for spreadsheets.

use std::fmt::{self, Write};

use super::{Alternative, Criterion, Level, PartCode, ProductSet, Rules, Section};

/// Columns of a line on a terminal.
const WIDTH: usize = 100;

/// A list of the sets of every regime, one line each.
pub fn list(rules: &Rules) -> String {
    let mut out = String::new();
    for regime in rules.regimes.values() {
        out.push_str(&format!("{}: {}\n", regime.id, regime.name));
        for set in regime.sets.values() {
            let (criteria, reference) = (set.criteria().count(), set.reference());
            out.push_str(&format!("  {reference:<10} {} ({criteria} tiêu chí)\n", set.name));
        }
    }
    out
}

/// The sheet as an officer reads it.
pub fn text(set: &ProductSet) -> String {
    let mut page = Page::default();
    // Writing to a String cannot fail.
    let _ = sheet(&mut page, set);
    page.out
}

/// The set as pretty JSON: the same content that [`ProductSet::hash`] stands for.
///
/// # Errors
/// Never for a loaded set; whatever serde_json finds.
pub fn json(set: &ProductSet) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(set)
}

/// One line a level, numbers only. A sheet without star floors has no column for them, as the
/// tables of 1048/QĐ-TTg and 781/QĐ-TTg, which also head the set's number `set_no`.
pub fn csv(set: &ProductSet) -> String {
    let columns = "set_slug,part,section_no,criterion_code,alternative_no,level_no,points";
    let has_floors = set.has_floors();
    let mut out =
        if has_floors { format!("set_id,{columns},floor\n") } else { format!("set_no,{columns}\n") };
    for section in &set.sections {
        for criterion in &section.criteria {
            for (alternative_no, alternative) in (1u8..=u8::MAX).zip(&criterion.alternatives) {
                for (level_no, level) in alternative.numbered() {
                    let floor = level.floor.map(|stars| stars.to_string()).unwrap_or_default();
                    let floor = if has_floors { format!(",{floor}") } else { String::new() };
                    out.push_str(&format!(
                        "{},{},{},{},{},{alternative_no},{level_no},{}{floor}\n",
                        set.no, set.slug, section.part, section.no, criterion.code, level.points
                    ));
                }
            }
        }
    }
    out
}

/// Wrapped text, paragraph by paragraph.
#[derive(Default)]
pub(super) struct Page {
    pub(super) out: String,
}

impl Page {
    /// A paragraph behind `head`; its further lines start below the text.
    pub(super) fn put(&mut self, head: &str, text: &str) -> fmt::Result {
        let indent = head.chars().count();
        let mut column = indent;
        self.out.write_str(head)?;
        for (at, word) in text.split_whitespace().enumerate() {
            let length = word.chars().count();
            if at > 0 && column + 1 + length > WIDTH {
                write!(self.out, "\n{:indent$}", "")?;
                column = indent;
            } else if at > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += length;
        }
        self.out.write_char('\n')
    }

    pub(super) fn gap(&mut self) {
        self.out.push('\n');
    }
}

fn sheet(page: &mut Page, set: &ProductSet) -> fmt::Result {
    page.put(&format!("Bộ {}. ", set.no), &set.name)?;
    page.put("  Căn cứ: ", &set.cite)?;
    let place =
        [("Ngành", Some(&set.industry)), ("nhóm", Some(&set.group)), ("phân nhóm", set.subgroup.as_ref())];
    let place =
        place.into_iter().filter_map(|(word, at)| at.map(|at| format!("{word} {}. {}", at.no, at.name)));
    page.put("  Phân loại: ", &place.collect::<Vec<_>>().join("; "))?;
    page.put("  Bộ quản lý: ", &set.agencies.join("; "))?;
    page.put("  Mẫu sản phẩm: ", &set.samples.to_string())?;
    page.put("  Mã băm: ", &set.hash())?;
    if !set.disqualifiers.is_empty() {
        page.put("  ", "Hồ sơ bị loại khi:")?;
    }
    for ground in &set.disqualifiers {
        page.put("  - ", ground)?;
    }
    doubt(page, "  ", set.doubt.as_ref())?;
    page.put("  ", "Dấu sao là mức tối thiểu phải đạt để xét số sao ấy.")?;
    for part in &set.parts {
        page.gap();
        page.put("", &format!("PHẦN {}. {} ({} điểm)", part.code, part.name.to_uppercase(), part.max))?;
        part_sections(page, set, part.code)?;
    }
    Ok(())
}

fn part_sections(page: &mut Page, set: &ProductSet, part: PartCode) -> fmt::Result {
    for section in set.sections_of(part) {
        page.gap();
        section_text(page, section)?;
    }
    Ok(())
}

fn section_text(page: &mut Page, section: &Section) -> fmt::Result {
    // A section that is one criterion prints its title once.
    if let [only] = section.criteria.as_slice()
        && only.code == section.no.to_string()
    {
        doubt(page, "  ", section.doubt.as_ref())?;
        return criterion(page, "", only);
    }
    page.put(&format!("{}. ", section.no), &format!("{} ({} điểm)", section.name, section.max))?;
    doubt(page, "  ", section.doubt.as_ref())?;
    section.criteria.iter().try_for_each(|found| criterion(page, "  ", found))
}

fn criterion(page: &mut Page, indent: &str, found: &Criterion) -> fmt::Result {
    page.put(&format!("{indent}{}. ", found.code), &format!("{} ({} điểm)", found.name, found.max))?;
    let inner = format!("{indent}  ");
    for (word, text) in [("Yêu cầu: ", &found.requirement), ("Ghi chú: ", &found.note)] {
        if let Some(text) = text {
            page.put(&format!("{inner}{word}"), text)?;
        }
    }
    if let Some(condition) = &found.applies_if {
        let when =
            format!("{} (tiêu chí {} từ mức {})", condition.text, condition.criterion, condition.level);
        page.put(&format!("{inner}Điều kiện: "), &when)?;
    }
    for knockout in &found.knockouts {
        page.put(&format!("{inner}{}: ", knockout.effect.name()), &knockout.text)?;
    }
    doubt(page, &inner, found.doubt.as_ref())?;
    if let Some(choose) = &found.choose {
        page.put(&inner, &format!("{choose}:"))?;
    }
    found.alternatives.iter().try_for_each(|case| alternative(page, &inner, case))
}

fn alternative(page: &mut Page, indent: &str, found: &Alternative) -> fmt::Result {
    if let Some(label) = &found.label {
        page.put(indent, label)?;
    }
    found.numbered().try_for_each(|(no, found)| level(page, indent, no, found))
}

fn level(page: &mut Page, indent: &str, no: u8, level: &Level) -> fmt::Result {
    let stars = "*".repeat(level.floor.map(usize::from).unwrap_or(0));
    page.put(&format!("{indent}mức {no}  {:>2} điểm  {stars:<5}  ", level.points), &level.text)?;
    doubt(page, &format!("{indent}  "), level.doubt.as_ref())
}

fn doubt(page: &mut Page, indent: &str, doubt: Option<&String>) -> fmt::Result {
    doubt.map_or(Ok(()), |doubt| page.put(&format!("{indent}Điểm chưa rõ: "), doubt))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn csv_has_a_line_a_level() {
        let csv = csv(&sample::honey());
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[0],
            "set_id,set_slug,part,section_no,criterion_code,alternative_no,level_no,points,floor"
        );
        assert_eq!(lines.len(), 1 + 3 + 2 + 2 + 3 + 2 + 4 + 2);
        assert_eq!(lines[1], "4,mat-ong,A,1,1.1,1,1,1,");
        assert_eq!(lines[5], "4,mat-ong,A,1,1.2,1,2,10,4");
        assert_eq!(lines[16], "4,mat-ong,C,4,4,2,2,20,5");
    }

    #[test]
    fn a_sheet_without_floors_has_no_column_for_them() {
        let rules = sample::repository();
        let csv = csv(rules.set("2020-781", 1).unwrap());
        let lines: Vec<&str> = csv.lines().take(2).collect();
        assert_eq!(
            lines,
            [
                "set_no,set_slug,part,section_no,criterion_code,alternative_no,level_no,points",
                "1,rau-cu-qua-hat-tuoi,A,1,1.1,1,1,1"
            ]
        );
    }

    #[test]
    fn text_shows_levels_stars_conditions_and_doubts() {
        let text = text(&sample::honey());
        for line in [
            "Bộ 4. Mật ong",
            "  Phân loại: Ngành I. Thực phẩm; nhóm 2. Thực phẩm thô, sơ chế",
            "  - Giả mạo hồ sơ",
            "PHẦN B. TIẾP THỊ (25 điểm)",
            "2. Nhãn (20 điểm)",
            "  Điểm chưa rõ: chưa đối chiếu bản ký",
            "  mức 2  20 điểm  ****   có mã truy xuất",
            "    Điều kiện: Chỉ chấm khi có câu chuyện (tiêu chí 3.1 từ mức 2)",
            "  Chọn một trong hai trường hợp:",
            "    Bị loại: Có tạp chất",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n---\n{text}");
        }
    }

    #[test]
    fn long_texts_wrap_below_themselves() {
        let mut page = Page::default();
        page.put("    mức 1: ", &"chữ ".repeat(60)).unwrap();
        let lines: Vec<&str> = page.out.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        assert!(lines[1].starts_with("           chữ"));
    }

    #[test]
    fn the_list_names_every_set() {
        assert_eq!(list(&sample::rules()), "2026-26: Bộ quy định thử\n  2026-26/4  Mật ong (7 tiêu chí)\n");
    }
}
