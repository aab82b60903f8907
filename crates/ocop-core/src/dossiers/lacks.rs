//! What a dossier still lacks before it can be submitted, in the producer's words.

use serde::{Deserialize, Serialize};

use super::{DossierForm, DossierKind};
use crate::evidence::{EvidenceKind, EvidenceList, Heading, Need};
use crate::rules::ProductSet;
use crate::scoring::{Sheet, score};

/// Whether the dossier can be submitted without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LackKind {
    /// The form asks for it: no submission without it.
    Must,
    /// Usually asked for by officers and councils: submission is possible.
    Should,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// How much it matters.
    pub kind: LackKind,
    /// Where to mend it: a field of the form, or `criterion:CODE`, or `evidence`.
    pub place: String,
    /// What to do.
    pub message: String,
}

fn must(place: impl Into<String>, message: impl Into<String>) -> Lack {
    Lack { kind: LackKind::Must, place: place.into(), message: message.into() }
}

fn should(place: impl Into<String>, message: impl Into<String>) -> Lack {
    Lack { kind: LackKind::Should, place: place.into(), message: message.into() }
}

/// What `form`, the self-assessment `sheet` and the citations (codes of criteria that cite at
/// least one paper) lack for `set`.
///
/// Form 02 asks for history, organisation and plan; every criterion must be answered, and "no
/// level met" needs a note. A criterion above level 0 without a paper is only a warning: some are
/// seen on the samples.
pub fn lacks(
    set: &ProductSet,
    kind: DossierKind,
    form: &DossierForm,
    sheet: &Sheet,
    cited: &[String],
) -> Vec<Lack> {
    let mut found = form_lacks(set, kind, form);
    if cited.is_empty() {
        found.push(must(
            "evidence",
            "Chưa có giấy tờ nào được viện dẫn. Hãy tải lên ít nhất giấy đăng ký kinh doanh.",
        ));
    }
    // A criterion that does not apply (5.2 without a story) needs no answer. A sheet that does not
    // fit its set is refused before it is kept, so the fault has no place here.
    let ignored = score(set, sheet).map(|scored| scored.ignored).unwrap_or_default();
    for criterion in set.criteria().filter(|criterion| !ignored.contains(&criterion.code)) {
        let place = format!("criterion:{}", criterion.code);
        match sheet.choices.get(&criterion.code) {
            None => found.push(must(place, format!("{} {}: chưa chọn mức.", criterion.code, criterion.name))),
            Some(choice) if choice.level == 0 => {
                if choice.note.as_deref().is_none_or(|note| note.trim().is_empty()) {
                    found.push(must(
                        place,
                        format!(
                            "{} {}: chọn «không đạt mức nào» thì cần ghi lý do.",
                            criterion.code, criterion.name
                        ),
                    ));
                }
            }
            Some(_) => {
                if !criterion.evidence.is_empty() && !cited.contains(&criterion.code) {
                    found.push(should(
                        place,
                        format!("{} {}: chưa có giấy tờ chứng minh.", criterion.code, criterion.name),
                    ));
                }
            }
        }
    }
    found
}

/// What the regime's list of papers asks for of every dossier and no paper of a cited kind (`cited`) gives. Where the
/// source is doubtful, and where the heading does not concern everybody, it is only a warning.
pub fn lacking_papers(list: &EvidenceList, cited: &[EvidenceKind]) -> Vec<Lack> {
    let lacking = |heading: &&Heading| !cited.iter().any(|kind| heading.holds(*kind));
    let lack = |heading: &Heading| {
        let kind = match heading.need {
            Need::Always if list.doubt.is_none() => LackKind::Must,
            Need::Always | Need::WhereItApplies => LackKind::Should,
            Need::WithDossier | Need::Supplementary => return None,
        };
        let message = format!(
            "Chưa viện dẫn «{}» ({}): mục {} của danh mục hồ sơ ghi là {}.",
            heading.kind.name(),
            heading.asked,
            heading.no,
            heading.need.name()
        );
        Some(Lack { kind, place: "evidence".to_owned(), message })
    };
    list.headings.iter().filter(lacking).filter_map(lack).collect()
}

fn form_lacks(set: &ProductSet, kind: DossierKind, form: &DossierForm) -> Vec<Lack> {
    let needed = [
        ("place", &form.place, "Ghi nơi làm hồ sơ (tên xã, phường)."),
        ("history", &form.history, "Kể lịch sử hình thành cơ sở (mẫu 02, mục I.8)."),
        ("structure", &form.structure, "Ghi cơ cấu tổ chức (mẫu 02, mục I.9)."),
        ("plan_product", &form.plan_product, "Ghi kế hoạch phát triển sản phẩm (mẫu 02, phần IV)."),
        ("plan_production", &form.plan_production, "Ghi kế hoạch tổ chức sản xuất (mẫu 02, phần IV)."),
        ("plan_market", &form.plan_market, "Ghi kế hoạch thị trường (mẫu 02, phần IV)."),
    ];
    let mut found: Vec<Lack> = needed
        .into_iter()
        .filter(|(_, text, _)| text.trim().is_empty())
        .map(|(field, _, message)| must(field, message))
        .collect();
    if kind != DossierKind::First && form.changes.trim().is_empty() {
        found.push(must(
            "changes",
            "Ghi những thay đổi kể từ lần được công nhận (mẫu 02); nếu không có gì thay đổi, ghi «Không thay đổi».",
        ));
    }
    if form.samples < set.samples {
        found.push(must("samples", format!("Cần {} mẫu sản phẩm.", set.samples)));
    }
    if !form.has_registration {
        found.push(should("has_registration", "Chưa đánh dấu giấy đăng ký kinh doanh (mẫu 02, mục I.7a)."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    #[test]
    fn a_mandatory_paper_of_the_list_lacks_until_a_paper_of_its_heading_is_cited() {
        let rules = sample::repository();
        let lacking = |regime: &str, cited: &[EvidenceKind]| -> Vec<(LackKind, String)> {
            let found = lacking_papers(&rules.regime(regime).unwrap().evidence, cited);
            found.into_iter().map(|lack| (lack.kind, lack.message)).collect()
        };
        assert_eq!(lacking("2026-26", &[]), [], "form 02 only advises");
        let told = lacking("2020-781", &[]);
        let kinds: Vec<_> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [LackKind::Must, LackKind::Must, LackKind::Should]);
        assert_eq!(
            told[0].1,
            "Chưa viện dẫn «Phương án, kế hoạch kinh doanh sản phẩm» (theo biểu số 03): mục 2 của danh mục hồ sơ ghi là bắt buộc."
        );
        let cited = [EvidenceKind::BusinessPlan, EvidenceKind::BusinessRegistration];
        assert_eq!(lacking("2020-781", &cited).len(), 1);
        let doubtful = lacking("2023-148", &[]);
        assert!(doubtful.iter().all(|(kind, _)| *kind == LackKind::Should), "{doubtful:?}");
    }
}
