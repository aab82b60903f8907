//! The list of papers that a regime asks for with a dossier. The eighteen papers of the older regimes and the fifteen
//! of form 02 agree in part only: a paper keeps the kind it came with, and each list tells under which of its headings
//! that kind stands.

use super::EvidenceKind;
use crate::coded;

coded! {
    /// How much a dossier needs a paper of a heading.
    Need {
        /// No dossier without one.
        Always = "always", "bắt buộc";
        /// No dossier without one of those whom it concerns.
        WhereItApplies = "where_it_applies", "bắt buộc khi thuộc diện";
        /// The dossier's own forms and its samples are it.
        WithDossier = "with_dossier", "có sẵn trong hồ sơ";
        /// Where it proves something.
        Supplementary = "supplementary", "bổ sung";
    }
}

/// A heading of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its number, from 1.
    pub no: u8,
    /// What a paper is that is filed under it.
    pub kind: EvidenceKind,
    /// Kinds of another list that stand under it, too.
    pub covers: Vec<EvidenceKind>,
    /// How much a dossier needs one.
    pub need: Need,
    /// What is asked for: `bản sao có công chứng`.
    pub asked: String,
}

impl Heading {
    /// Whether a paper of this kind stands under it.
    pub fn holds(&self, kind: EvidenceKind) -> bool {
        self.kind == kind || self.covers.contains(&kind)
    }
}

/// The list of a regime (`rules/REGIME/evidence.toml`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceList {
    /// Where it stands.
    pub cite: String,
    /// What is uncertain in the source: then a dossier is not refused for want of a paper.
    pub doubt: Option<String>,
    /// The headings, by number.
    pub headings: Vec<Heading>,
}

impl EvidenceList {
    /// The kinds to choose from for a dossier, in the order of the list; last of all "other".
    pub fn offered(&self) -> Vec<EvidenceKind> {
        self.headings.iter().map(|heading| heading.kind).chain([EvidenceKind::Other]).collect()
    }

    /// The papers that usually prove a criterion, as this list calls them; `headings` are those of form 02, which
    /// the rule files name. A paper that the list does not have keeps its own name.
    pub fn usual(&self, headings: &[u8]) -> Vec<EvidenceKind> {
        let mut found = Vec::new();
        for kind in headings.iter().filter_map(|no| EvidenceKind::of_form_02(*no)) {
            let mut here: Vec<_> = self.headings_of(kind).map(|heading| heading.kind).collect();
            if here.is_empty() {
                here.push(kind);
            }
            found.extend(here.into_iter().filter(|kind| !found.contains(kind)).collect::<Vec<_>>());
        }
        found
    }

    /// The same in words: `Phiếu kết quả kiểm nghiệm; Giải thưởng, bình chọn`.
    pub fn usual_in_words(&self, headings: &[u8]) -> String {
        self.usual(headings).into_iter().map(EvidenceKind::name).collect::<Vec<_>>().join("; ")
    }

    /// Whether a paper is one of the `usual` ones.
    pub fn is_usual(&self, usual: &[EvidenceKind], kind: EvidenceKind) -> bool {
        usual.contains(&kind) || self.headings_of(kind).any(|heading| usual.contains(&heading.kind))
    }

    fn headings_of(&self, kind: EvidenceKind) -> impl Iterator<Item = &Heading> {
        self.headings.iter().filter(move |heading| heading.holds(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    fn lists() -> [EvidenceList; 3] {
        let rules = sample::repository();
        ["2020-781", "2023-148", "2026-26"].map(|regime| rules.regime(regime).unwrap().evidence.clone())
    }

    #[test]
    fn the_older_regimes_ask_for_eighteen_papers_and_form_02_for_fifteen() {
        let [first, second, now] = lists();
        assert_eq!([&first, &second, &now].map(|list| list.headings.len()), [18, 18, 15]);
        assert_eq!(first.headings, second.headings);
        let mandatory = |need: Need| first.headings.iter().filter(move |heading| heading.need == need);
        assert_eq!(mandatory(Need::Supplementary).count(), 13);
        assert_eq!(mandatory(Need::Always).map(|heading| heading.no).collect::<Vec<_>>(), [2, 3]);
        assert!(
            now.headings.iter().all(|heading| heading.need == Need::Supplementary),
            "form 02 only advises"
        );
        assert_eq!(now.offered(), EvidenceKind::ALL[..16]);
    }

    #[test]
    fn every_kind_of_a_list_is_known_by_the_others_where_they_agree() {
        let [older, _, now] = lists();
        let numbers = |list: &EvidenceList, kind: EvidenceKind| -> Vec<u8> {
            list.headings_of(kind).map(|heading| heading.no).collect()
        };
        for (kind, in_now, in_older) in [
            ("1", vec![1], vec![4]),
            ("2", vec![2], vec![6]),
            ("3", vec![3], vec![11]),
            ("4", vec![4], vec![13]),
            ("5", vec![5], vec![]),
            ("6", vec![6], vec![]),
            ("7", vec![7], vec![10]),
            ("8", vec![8], vec![15]),
            ("9", vec![9], vec![15]),
            ("10", vec![10], vec![16]),
            ("11", vec![11], vec![7]),
            ("12", vec![12], vec![9]),
            ("13", vec![13], vec![10]),
            ("14", vec![14], vec![12]),
            ("15", vec![15], vec![18]),
            ("other", vec![], vec![]),
            ("18.1", vec![], vec![1]),
            ("18.2", vec![], vec![2]),
            ("18.3", vec![], vec![3]),
            ("18.5", vec![], vec![5]),
            ("18.8", vec![], vec![8]),
            ("18.10", vec![7, 13], vec![10]),
            ("18.14", vec![], vec![14]),
            ("18.15", vec![8, 9], vec![15]),
            ("18.17", vec![], vec![17]),
        ] {
            let kind = kind.parse().unwrap();
            assert_eq!((numbers(&now, kind), numbers(&older, kind)), (in_now, in_older), "{kind}");
        }
    }

    #[test]
    fn the_papers_of_a_criterion_are_called_as_the_dossiers_list_does() {
        let [older, _, now] = lists();
        let (codes, rights) = (EvidenceKind::Traceability, EvidenceKind::IntellectualProperty);
        for (headings, in_older, in_now) in [
            (vec![], vec![], vec![]),
            (vec![12], vec![EvidenceKind::TestReport], vec![EvidenceKind::TestReport]),
            (vec![7, 13], vec![EvidenceKind::CodesAndProperty], vec![rights, codes]),
            (vec![5], vec![EvidenceKind::LocalLabour], vec![EvidenceKind::LocalLabour]),
            (vec![0, 16], vec![], vec![]),
        ] {
            assert_eq!(older.usual(&headings), in_older, "{headings:?}");
            assert_eq!(now.usual(&headings), in_now, "{headings:?}");
        }
        assert_eq!(older.usual_in_words(&[12, 15]), "Phiếu kết quả kiểm nghiệm; Giải thưởng, bình chọn");
        assert!(older.is_usual(&older.usual(&[7]), codes), "one heading for both");
        assert!(!now.is_usual(&now.usual(&[7]), codes));
        assert!(
            now.is_usual(&now.usual(&[7]), EvidenceKind::CodesAndProperty),
            "uploaded for an older dossier"
        );
    }
}
