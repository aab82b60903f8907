//! What a later dossier takes over from the one that the product was recognised by, and what has
//! changed since (26/2026/QĐ-TTg, Articles 6.1b, 6.1c: form 02 states and proves the changes).

use std::collections::BTreeSet;

use super::DossierForm;
use crate::evidence::EvidenceKind;
use crate::rules::{Criterion, ProductSet};
use crate::scoring::{Choice, Sheet};
use crate::text::thousands;

/// A paper that is cited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CitedPaper {
    /// Its heading.
    pub kind: EvidenceKind,
    /// What people call it.
    pub title: String,
    /// Its own number; may be empty.
    pub number: String,
    /// SHA-256 of the file.
    pub file_hash: String,
}

/// What a dossier says of its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// What the product is.
    pub description: &'a str,
    /// How it is packed.
    pub packaging: &'a str,
    /// The standard it is declared by.
    pub standard: &'a str,
    /// Forms 01 and 02.
    pub form: &'a DossierForm,
    /// The self-assessment; `None` when it was made by another product set.
    pub sheet: Option<&'a Sheet>,
    /// The papers.
    pub papers: &'a [CitedPaper],
}

/// The form that a later dossier begins with: everything that was told before, but the place of
/// signing, the samples and the changes, which are asked for anew.
pub fn carried_form(before: &DossierForm, samples: u16) -> DossierForm {
    DossierForm { samples, place: String::new(), changes: String::new(), ..before.clone() }
}

/// What has changed, a sentence each; empty when nothing has.
pub fn changes(set: &ProductSet, before: &Statement<'_>, now: &Statement<'_>) -> Vec<String> {
    let mut told = texts(before, now);
    told.extend(amount("Doanh thu một năm", before.form.revenue, now.form.revenue));
    told.extend(amount("Lợi nhuận một năm", before.form.profit, now.form.profit));
    told.extend(boxes(before.form, now.form));
    if let (Some(before), Some(now)) = (before.sheet, now.sheet) {
        told.extend(set.criteria().filter_map(|criterion| level(criterion, before, now)));
    }
    told.extend(papers(before.papers, now.papers));
    told
}

/// Long texts are named, short ones quoted.
fn texts(before: &Statement<'_>, now: &Statement<'_>) -> Vec<String> {
    let pairs = [
        ("Mô tả sản phẩm", before.description, now.description),
        ("Quy cách, bao bì", before.packaging, now.packaging),
        ("Tiêu chuẩn công bố", before.standard, now.standard),
        (
            "Vùng nguyên liệu, công nghệ",
            &before.form.materials_and_technology,
            &now.form.materials_and_technology,
        ),
        ("Chất lượng, bao bì, nhãn mác", &before.form.quality_changes, &now.form.quality_changes),
        ("Thị trường", &before.form.markets, &now.form.markets),
        ("Kết quả kinh doanh", &before.form.business_results, &now.form.business_results),
        ("Cơ cấu tổ chức", &before.form.structure, &now.form.structure),
    ];
    pairs.into_iter().filter_map(|(name, before, now)| text(name, before.trim(), now.trim())).collect()
}

/// The longest text that is quoted, in letters.
const QUOTED: usize = 120;

fn text(name: &str, before: &str, now: &str) -> Option<String> {
    let is_short = |text: &str| text.chars().count() <= QUOTED && !text.contains('\n');
    match (before, now) {
        (before, now) if before == now => None,
        ("", now) if is_short(now) => Some(format!("{name}: nay bổ sung «{now}».")),
        (before, now) if is_short(before) && is_short(now) && !now.is_empty() => {
            Some(format!("{name}: trước đây «{before}», nay «{now}»."))
        }
        (_, "") => Some(format!("{name}: nay không còn ghi.")),
        (_, _) => Some(format!("{name}: đã viết lại, xem mục tương ứng của báo cáo.")),
    }
}

fn amount(name: &str, before: Option<i64>, now: Option<i64>) -> Option<String> {
    match (before, now) {
        (before, now) if before == now => None,
        (Some(before), Some(now)) => {
            Some(format!("{name}: trước đây {} đồng, nay {} đồng.", thousands(before), thousands(now)))
        }
        (None, Some(now)) => Some(format!("{name}: nay {} đồng.", thousands(now))),
        (_, None) => None,
    }
}

fn boxes(before: &DossierForm, now: &DossierForm) -> Vec<String> {
    let pairs = [
        ("giấy đăng ký kinh doanh", before.has_registration, now.has_registration),
        ("công bố chất lượng sản phẩm", before.has_quality_declaration, now.has_quality_declaration),
        (
            "giấy chứng nhận đủ điều kiện an toàn thực phẩm",
            before.has_food_safety_certificate,
            now.has_food_safety_certificate,
        ),
        (
            "giấy chứng nhận đủ điều kiện sản xuất",
            before.has_production_certificate,
            now.has_production_certificate,
        ),
        ("giấy chứng nhận nhãn hiệu", before.has_trademark, now.has_trademark),
        (
            "quyền sử dụng chỉ dẫn địa lý, nhãn hiệu chung",
            before.has_geographical_right,
            now.has_geographical_right,
        ),
        ("bằng sáng chế", before.has_patent, now.has_patent),
        ("bằng kiểu dáng công nghiệp", before.has_industrial_design, now.has_industrial_design),
        ("giấy chứng nhận bản quyền", before.has_copyright, now.has_copyright),
    ];
    let changed = pairs.into_iter().filter(|(_, before, now)| before != now);
    changed
        .map(|(name, _, now)| format!("{} {name}.", if now { "Nay đã có" } else { "Nay không còn" }))
        .collect()
}

fn level(criterion: &Criterion, before: &Sheet, now: &Sheet) -> Option<String> {
    let (old, new) = (before.choices.get(&criterion.code), now.choices.get(&criterion.code));
    let place = |choice: Option<&Choice>| choice.map(|choice| (choice.alternative, choice.level));
    if place(old) == place(new) {
        return None;
    }
    let points = |choice: Option<&Choice>| {
        choice
            .and_then(|choice| criterion.alternative(choice.alternative)?.level(choice.level))
            .map_or(0, |level| level.points)
    };
    let new = new?;
    Some(format!(
        "Tiêu chí {} {}: tự chấm trước đây {} điểm, nay {} điểm.",
        criterion.code,
        criterion.name,
        points(old),
        points(Some(new))
    ))
}

fn papers(before: &[CitedPaper], now: &[CitedPaper]) -> Vec<String> {
    let files =
        |papers: &[CitedPaper]| papers.iter().map(|paper| paper.file_hash.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (files(before), files(now));
    let named = |paper: &CitedPaper| {
        let number = if paper.number.is_empty() { String::new() } else { format!(" số {}", paper.number) };
        format!("{} ({}{number})", paper.title, paper.kind.name())
    };
    let only = |papers: &[CitedPaper], others: &BTreeSet<String>| {
        let names: BTreeSet<String> =
            papers.iter().filter(|paper| !others.contains(&paper.file_hash)).map(named).collect();
        names.into_iter().collect::<Vec<_>>().join("; ")
    };
    let (added, gone) = (only(now, &old), only(before, &new));
    let line = |what: &str, names: String| (!names.is_empty()).then(|| format!("{what}: {names}."));
    [line("Giấy tờ mới", added), line("Giấy tờ không còn viện dẫn", gone)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    fn paper(title: &str, file: &str) -> CitedPaper {
        CitedPaper {
            kind: EvidenceKind::ALL[0],
            title: title.to_owned(),
            number: String::new(),
            file_hash: file.to_owned(),
        }
    }

    fn sheet(level: u8) -> Sheet {
        Sheet { choices: [("1.1".to_owned(), Choice::level(level))].into(), disqualified: None }
    }

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let set = sample::honey();
        let form =
            DossierForm { markets: "Trong tỉnh".to_owned(), revenue: Some(100), ..DossierForm::default() };
        let (old, papers) = (sheet(1), [paper("Giấy đăng ký", "a"), paper("Phiếu kiểm nghiệm 2024", "b")]);
        let before = Statement {
            description: "Mật ong",
            packaging: "Chai 500 ml",
            standard: "",
            form: &form,
            sheet: Some(&old),
            papers: &papers,
        };
        assert_eq!(changes(&set, &before, &before), Vec::<String>::new());
        let later = DossierForm {
            markets: "Trong tỉnh và Hà Nội".to_owned(),
            revenue: Some(250_000_000),
            has_trademark: true,
            ..form.clone()
        };
        let (new, newer) = (sheet(2), [paper("Giấy đăng ký", "a"), paper("Phiếu kiểm nghiệm 2026", "c")]);
        let now =
            Statement { standard: "TCCS 01", form: &later, sheet: Some(&new), papers: &newer, ..before };
        let told = changes(&set, &before, &now);
        let expected = [
            "Tiêu chuẩn công bố: nay bổ sung «TCCS 01».",
            "Thị trường: trước đây «Trong tỉnh», nay «Trong tỉnh và Hà Nội».",
            "Doanh thu một năm: trước đây 100 đồng, nay 250.000.000 đồng.",
            "Nay đã có giấy chứng nhận nhãn hiệu.",
        ];
        assert_eq!(told[..4], expected);
        assert!(told[4].starts_with("Tiêu chí 1.1 ") && told[4].contains("tự chấm trước đây"), "{told:?}");
        assert!(told[5].starts_with("Giấy tờ mới: Phiếu kiểm nghiệm 2026 ("), "{told:?}");
        assert!(told[6].starts_with("Giấy tờ không còn viện dẫn: Phiếu kiểm nghiệm 2024 ("), "{told:?}");
        assert_eq!(told.len(), 7);
        // Points of another set say nothing.
        let other = changes(&set, &Statement { sheet: None, ..before }, &now);
        assert_eq!(other.len(), 6);
    }

    #[test]
    fn a_later_form_begins_with_what_was_told() {
        let before = DossierForm {
            samples: 5,
            place: "Bình Liêu".to_owned(),
            history: "Từ năm 2015".to_owned(),
            changes: "Bao bì mới".to_owned(),
            ..DossierForm::default()
        };
        let later = carried_form(&before, 5);
        assert_eq!((later.place.as_str(), later.changes.as_str()), ("", ""));
        assert_eq!((later.samples, later.history.as_str()), (5, "Từ năm 2015"));
    }
}
