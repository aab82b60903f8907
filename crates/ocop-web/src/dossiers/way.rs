//! The way to a star as a page shows it: what to do, by kind of work.

use ocop_core::evidence::EvidenceList;
use ocop_core::id::DossierId;
use ocop_core::scoring::Way;
use ocop_core::scoring::way::{Step, Work};

/// The way to a star.
pub struct WayCard {
    /// The star.
    pub stars: u8,
    /// `5 tiêu chí, thêm 12 điểm`.
    pub sum: String,
    /// What to do, by kind of work.
    pub groups: Vec<WorkGroup>,
}

/// Steps of one kind of work.
pub struct WorkGroup {
    /// The kind.
    pub name: &'static str,
    /// The steps, in the order of the sheet.
    pub steps: Vec<WayStep>,
}

/// One criterion to raise.
pub struct WayStep {
    /// Where it is done; empty where it cannot be done now.
    pub href: String,
    /// Code and name.
    pub title: String,
    /// What the level asks for.
    pub text: String,
    /// `thêm 2 điểm · bắt buộc cho 4 sao`.
    pub gain: String,
    /// Papers that usually prove it, in words; empty where it is seen on the product.
    pub papers: String,
    /// Others that would do in its place: `1.4 Năng lực sản xuất: Trung bình`.
    pub instead: Vec<String>,
}

impl WayCard {
    /// The way in words, papers as the regime's list calls them; steps lead to the self-assessment of `open`, if it can
    /// be changed.
    pub fn of(way: &Way, list: &EvidenceList, open: Option<&DossierId>) -> Self {
        let of_kind = |work: Work| {
            let steps: Vec<WayStep> = way
                .steps
                .iter()
                .filter(|step| step.work == work)
                .map(|step| WayStep::of(step, list, open))
                .collect();
            (!steps.is_empty()).then(|| WorkGroup { name: work.name(), steps })
        };
        let gain = way.total.saturating_sub(way.total_now);
        Self {
            stars: way.stars,
            sum: format!("{} tiêu chí, thêm {gain} điểm", way.steps.len()),
            groups: Work::ALL.iter().copied().filter_map(of_kind).collect(),
        }
    }
}

impl WayStep {
    fn of(step: &Step, list: &EvidenceList, open: Option<&DossierId>) -> Self {
        let floor = step.floor.map(|stars| format!(" · bắt buộc cho {stars} sao")).unwrap_or_default();
        Self {
            href: open.map(|id| format!("/dossiers/{id}/self-assessment/{}", step.code)).unwrap_or_default(),
            title: format!("{} {}", step.code, step.name),
            text: step.text.clone(),
            gain: format!("thêm {} điểm{floor}", step.gain),
            papers: list.usual_in_words(&step.evidence),
            instead: step
                .instead
                .iter()
                .map(|other| {
                    format!("{} {}: {} (thêm {} điểm)", other.code, other.name, other.text, other.gain)
                })
                .collect(),
        }
    }
}
