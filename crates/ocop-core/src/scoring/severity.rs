//! How strictly each member of a council scores, beside the others.

use std::collections::BTreeMap;

use super::Fraction;

/// A member beside the others, over the dossiers that both scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    /// Dossiers counted: those that at least one other member scored.
    pub dossiers: usize,
    /// Mean of the member's total less the mean of the others' totals, dossier by dossier: below zero for
    /// who scores more strictly.
    pub deviation: Fraction,
}

/// The severity of every member over some dossiers, each with its members and their totals. A ballot without
/// points is left out by the caller. `None` stands for no one: a member alone on every dossier is not listed.
pub fn severity<M: Ord + Clone>(dossiers: &[Vec<(M, u16)>]) -> BTreeMap<M, Severity> {
    let mut found: BTreeMap<M, Vec<Fraction>> = BTreeMap::new();
    for ballots in dossiers.iter().filter(|ballots| ballots.len() > 1) {
        let sum: i64 = ballots.iter().map(|(_, total)| i64::from(*total)).sum();
        let others = i64::try_from(ballots.len() - 1).unwrap_or(i64::MAX);
        for (member, total) in ballots {
            let own = i64::from(*total);
            // own − (sum − own) / others
            let apart = Fraction::new(own * others - (sum - own), others);
            found.entry(member.clone()).or_default().extend(apart);
        }
    }
    found
        .into_iter()
        .filter_map(|(member, apart)| {
            let deviation = Fraction::mean_of(&apart)?;
            Some((member, Severity { dossiers: apart.len(), deviation }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_measured_by_the_others_alone() {
        let found =
            severity(&[vec![("a", 90), ("b", 80), ("c", 82)], vec![("a", 70), ("b", 66)], vec![("c", 12)]]);
        let told = |member: &str| (found[member].dossiers, found[member].deviation.to_string());
        // 90 − 81 = 9 and 70 − 66 = 4.
        assert_eq!(told("a"), (2, "13/2".to_owned()));
        // 80 − 86 = −6 and 66 − 70 = −4.
        assert_eq!(told("b"), (2, "-5/1".to_owned()));
        assert_eq!(told("c"), (1, "-3/1".to_owned()));
        assert!(severity::<u8>(&[vec![(1, 50)]]).is_empty());
    }
}
