//! The levels that a council as a whole stands by, for the way to the next star after the result.

use super::tally::is_majority;
use super::{Choice, Sheet};
use crate::rules::{Criterion, ProductSet};

/// For every criterion the case that most ballots chose and the highest level that more than half
/// of the ballots are at or above: the same rule by which a council meets a floor. It is no
/// result: the mean decides that.
pub fn majority_sheet(set: &ProductSet, ballots: &[Sheet]) -> Sheet {
    let counted: Vec<&Sheet> = ballots.iter().filter(|ballot| ballot.disqualified.is_none()).collect();
    let choices =
        set.criteria().map(|criterion| (criterion.code.clone(), majority(criterion, &counted))).collect();
    Sheet { choices, disqualified: None }
}

fn majority(criterion: &Criterion, ballots: &[&Sheet]) -> Choice {
    let choices: Vec<&Choice> =
        ballots.iter().filter_map(|ballot| ballot.choices.get(&criterion.code)).collect();
    let chosen = |no: u8| choices.iter().filter(|choice| choice.alternative == no).count();
    // Of equals the first case, as an unanswered criterion has it: the last maximum backwards.
    let cases: Vec<_> = (1..=u8::MAX).zip(&criterion.alternatives).collect();
    let most = cases.into_iter().rev().max_by_key(|(no, _)| chosen(*no));
    let Some((alternative, case)) = most else { return Choice::level(0) };
    let at_or_above =
        |level: u8| choices.iter().filter(|one| one.alternative == alternative && one.level >= level).count();
    let level = (1..=case.highest()).rev().find(|level| is_majority(at_or_above(*level), ballots.len()));
    Choice { alternative, level: level.unwrap_or(0), note: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    #[test]
    fn more_than_half_stand_by_a_level() {
        let set = sample::honey();
        let ballot = |one: u8, case: u8, level: u8| {
            let mut sheet = Sheet::default();
            sheet.choices.insert("1.1".to_owned(), Choice::level(one));
            sheet.choices.insert("4".to_owned(), Choice { alternative: case, level, note: None });
            sheet
        };
        let level = |ballots: &[Sheet]| {
            let sheet = majority_sheet(&set, ballots);
            let case = &sheet.choices["4"];
            (sheet.choices["1.1"].level, case.alternative, case.level)
        };
        assert_eq!(level(&[ballot(3, 1, 2), ballot(2, 1, 1), ballot(1, 2, 2)]), (2, 1, 1));
        assert_eq!(level(&[ballot(3, 2, 2), ballot(1, 1, 1)]), (1, 1, 0), "half is not more than half");
        assert_eq!(level(&[]), (0, 1, 0));
    }
}
