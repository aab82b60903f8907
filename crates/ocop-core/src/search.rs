//! Finding things by a few words: what a query means, what a mistyped word may have meant, and who
//! finds what.

use std::collections::BTreeSet;

use crate::coded;
use crate::id::{CouncilId, ProducerId};
use crate::people::{Actor, RoleKind};
use crate::text::fold_words;

coded! {
    /// What can be found.
    Kind {
        /// Producers.
        Producer = "producer", "Chủ thể";
        /// Products.
        Product = "product", "Sản phẩm";
        /// Dossiers.
        Dossier = "dossier", "Hồ sơ";
        /// Certificates.
        Certificate = "certificate", "Giấy chứng nhận";
    }
}

/// The most words of a query that are looked at.
pub const MOST_WORDS: usize = 6;
/// The longest word that is looked at, in letters.
const LONGEST_WORD: usize = 40;
/// The most neighbours of a mistyped word that are tried.
pub const MOST_NEIGHBOURS: usize = 8;

/// The words of a query, folded; doubles and what is beyond [`MOST_WORDS`] left out.
pub fn words(query: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in fold_words(query) {
        let word: String = word.chars().take(LONGEST_WORD).collect();
        if !kept.contains(&word) {
            kept.push(word);
        }
        if kept.len() == MOST_WORDS {
            break;
        }
    }
    kept
}

/// Where the words that begin with `word` stand in an ordered list: from the word itself up to, and
/// without, the second one. Folded words are small letters and digits, and `z` is the last of these
/// whatever the order of a database's language.
pub fn prefix(word: &str) -> (String, String) {
    (word.to_owned(), format!("{word}{}", "z".repeat(LONGEST_WORD + 1)))
}

/// Whether a word is taken for a mistyped one when nothing begins with it: not words of one or two
/// letters, and not numbers or codes.
pub fn may_be_mistyped(word: &str) -> bool {
    word.chars().count() > 2 && !word.chars().any(|letter| letter.is_ascii_digit())
}

/// Whether two words differ by one letter put in, left out or replaced, or by two neighbours that
/// changed places.
pub fn are_neighbours(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let same_head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[same_head..], &long[same_head..]);
    match (short, long) {
        ([], []) => false,
        (_, [_, rest @ ..]) if short.len() < long.len() => short == rest,
        ([a, tail @ ..], [b, rest @ ..]) => {
            tail == rest
                || matches!((tail, rest), ([c, tail @ ..], [d, rest @ ..]) if a == d && b == c && tail == rest)
        }
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

/// A word from its last letter to its first.
pub fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

/// What one slip leaves alone: the first letters of a word, or its last ones (written backwards). One
/// of the two begins each neighbour, read forwards or backwards.
pub fn halves(word: &str) -> (String, String) {
    let half = word.chars().count().saturating_sub(1) / 2;
    (word.chars().take(half).collect(), word.chars().rev().take(half).collect())
}

/// The neighbours of a mistyped word among known ones: those of the same length first, which are
/// slips more often than a letter left out.
pub fn neighbours(word: &str, known: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = known.into_iter().filter(|one| are_neighbours(word, one)).collect();
    let first = word.chars().next();
    found.sort_by_key(|one| {
        (one.chars().next() != first, one.chars().count() != word.chars().count(), one.clone())
    });
    found.dedup();
    found.truncate(MOST_NEIGHBOURS);
    found
}

/// What a reader may find besides what is public. Each realm opens all kinds, but for a council's:
/// that one opens its dossiers, unless the reader declared a conflict of interest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Codes of provinces.
    pub provinces: BTreeSet<String>,
    /// Codes of communes.
    pub communes: BTreeSet<String>,
    /// Producers.
    pub producers: BTreeSet<ProducerId>,
    /// Councils.
    pub councils: BTreeSet<CouncilId>,
}

impl Scope {
    /// Whether nothing but the public list is open.
    pub fn is_empty(&self) -> bool {
        self.provinces.is_empty()
            && self.communes.is_empty()
            && self.producers.is_empty()
            && self.councils.is_empty()
    }
}

/// What a person may find: an officer what belongs to the unit, a member what belongs to the
/// producer, a seat the dossiers of its council.
pub fn scope(actor: &Actor) -> Scope {
    let mut scope = Scope::default();
    for role in &actor.roles {
        match role.kind {
            RoleKind::ProvincialOfficer | RoleKind::CentralOfficer => {
                scope.provinces.insert(role.unit.clone())
            }
            RoleKind::CommuneOfficer => scope.communes.insert(role.unit.clone()),
            RoleKind::Assessor => false,
        };
    }
    scope.producers.extend(actor.producers.iter().cloned());
    scope.councils.extend(actor.seats.iter().map(|seat| seat.council.clone()));
    scope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Role, Seat, SeatKind};

    #[test]
    fn a_query_is_its_folded_words() {
        let check = |query: &str, expected: &[&str]| assert_eq!(words(query), expected, "{query}");
        check("Trà hoa vàng", &["tra", "hoa", "vang"]);
        check("Hoà Bình", &["hoa", "binh"]);
        check("Hòa  Bình", &["hoa", "binh"]);
        check("22-06838-1-2026", &["22", "06838", "1", "2026"]);
        check("mật mật MẬT", &["mat"]);
        check("a b c d e f g h", &["a", "b", "c", "d", "e", "f"]);
        check("%_'\"", &[]);
    }

    #[test]
    fn a_beginning_spans_the_words_that_begin_with_it() {
        let (from, before) = prefix("mat");
        for inside in ["mat", "mate", "matz9", "mat0"] {
            assert!(inside >= from.as_str() && inside < before.as_str(), "{inside}");
        }
        for outside in ["ma", "mas", "mau", "mb"] {
            assert!(outside < from.as_str() || outside >= before.as_str(), "{outside}");
        }
    }

    #[test]
    fn one_slip_makes_a_neighbour() {
        for (one, other) in
            [("rou", "ruou"), ("ruuo", "ruou"), ("kich", "kick"), ("honng", "hong"), ("a", "ab")]
        {
            assert!(are_neighbours(one, other) && are_neighbours(other, one), "{one} {other}");
        }
        for (one, other) in [("mat", "mat"), ("abcd", "badc"), ("rou", "ruouu"), ("abc", "cba"), ("", "ab")] {
            assert!(!are_neighbours(one, other) && !are_neighbours(other, one), "{one} {other}");
        }
        let known = ["ruou", "rou", "rau", "tou", "xyz"].map(str::to_owned);
        assert_eq!(neighbours("rou", known), ["rau", "ruou", "tou"]);
    }

    proptest::proptest! {
        #[test]
        fn a_slip_leaves_one_half_alone(word in "[abc]{3,7}", other in "[abc]{2,8}") {
            let (head, tail) = halves(&word);
            let kept = other.starts_with(&head) || backwards(&other).starts_with(&tail);
            proptest::prop_assert!(!are_neighbours(&word, &other) || kept, "{word} {other}");
        }
    }

    #[test]
    fn short_words_and_numbers_are_meant_as_typed() {
        assert!(may_be_mistyped("rou") && may_be_mistyped("kich"));
        for plain in ["ba", "a", "2026", "22b7"] {
            assert!(!may_be_mistyped(plain), "{plain}");
        }
    }

    #[test]
    fn everybody_finds_what_is_theirs() {
        let id = "0192d3b0-7c1e-7abc-8def-0123456789ab";
        let mut actor = Actor {
            person: id.parse().unwrap(),
            name: String::new(),
            roles: vec![Role { kind: RoleKind::Assessor, unit: "22".to_owned() }],
            producers: vec![],
            seats: vec![],
        };
        assert!(scope(&actor).is_empty(), "an assessor without a seat");
        actor.seats.push(Seat {
            id: id.parse().unwrap(),
            council: id.parse().unwrap(),
            kind: SeatKind::Member,
        });
        assert_eq!(scope(&actor).councils.len(), 1);
        assert!(scope(&actor).provinces.is_empty(), "a seat opens dossiers, not the province");
        actor.roles.push(Role { kind: RoleKind::CommuneOfficer, unit: "06838".to_owned() });
        assert_eq!(scope(&actor).communes.len(), 1);
    }
}
