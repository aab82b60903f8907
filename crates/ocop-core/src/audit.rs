//! What was decided, computed again from the raw ballots: does everything that is kept follow from them?
//!
//! Words of explanation are left out: a later version may say the same thing better.

use std::collections::BTreeMap;

use crate::evaluations::{Conclusion, Told, conclusion, judged};
use crate::id::BallotId;
use crate::recognition::{Instance, Outcome, outcome, reaches_centre_points, stars};
use crate::rules::{ProductSet, TierDuty};
use crate::scoring::{Choice, FloorRule, Fraction, Scored, Sheet, Tally, score, tally_by};

/// A scoring turn as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTurn {
    /// Counted from 1.
    pub no: u16,
    /// The ballots that count, in the order in which they were tallied.
    pub ballots: Vec<KeptBallot>,
    /// The tally, once it was drawn up.
    pub tally: Option<Tally>,
    /// How the council's rules of work read floors.
    pub floor_rule: FloorRule,
    /// The levels that the council agreed on, by criterion.
    pub agreed: BTreeMap<String, Choice>,
}

/// A ballot as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBallot {
    /// Its id.
    pub id: BallotId,
    /// The choices.
    pub sheet: Sheet,
    /// What it was found worth when it was sealed, or revised since.
    pub scored: Option<Scored>,
    /// Its choices and its opinion.
    pub content: Fingerprints,
    /// What its member revised after discussion.
    pub revision: Option<KeptRevision>,
}

/// The hash of what is kept, beside the one that the journal has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints {
    /// Of what is kept.
    pub kept: String,
    /// In the journal's last entry about it; none when it has none.
    pub journal: Option<String>,
}

impl Fingerprints {
    fn agree(&self) -> bool {
        self.journal.as_ref() == Some(&self.kept)
    }
}

/// A criterion of a sealed ballot that was revised after discussion, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRevision {
    /// Its code.
    pub criterion: String,
    /// What counts since.
    pub after: Choice,
    /// The ballot with the old value put back, beside the journal's entry of its sealing.
    pub sealed: Fingerprints,
}

/// A confirmed result as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptResult {
    /// The turn that counts.
    pub turn: u16,
    /// What follows.
    pub outcome: Outcome,
    /// The star rank; none for a disqualified dossier.
    pub stars: Option<u8>,
    /// The exact mean; none for a disqualified dossier.
    pub mean: Option<(i64, i64)>,
    /// Whether the mean reaches the points for the centre.
    pub centre_points: bool,
    /// Stars of the certificate that rests on it.
    pub certificate: Option<u8>,
}

/// A result noted from paper as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPaper {
    /// The members' sheets; none where the paper gave only figures.
    pub ballots: Vec<Sheet>,
    /// Points of parts A, B, C, where known.
    pub parts: Option<[Fraction; 3]>,
    /// Total points, where known.
    pub mean: Option<Fraction>,
    /// Stars; none when it was found out.
    pub stars: Option<u8>,
    /// What it led to.
    pub outcome: Conclusion,
    /// Stars of the certificate that rests on it.
    pub certificate: Option<u8>,
}

/// What the regime says about results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits<'a> {
    /// Stars for which the province gives certificates.
    pub certified: &'a [u8],
    /// Least points for the centre.
    pub centre_from: u16,
    /// Whose evaluation it was.
    pub instance: Instance,
}

/// Something kept that does not follow from what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// A ballot cannot be scored by the set at all.
    #[error("lần chấm {turn}: không tính lại được từ phiếu: {why}")]
    Unreadable {
        /// The turn.
        turn: u16,
        /// Why.
        why: String,
    },
    /// A sealed ballot is not worth what is kept.
    #[error("lần chấm {turn}, phiếu {ballot}: điểm đã lưu không khớp với các mức đã chọn")]
    Score {
        /// The turn.
        turn: u16,
        /// The ballot.
        ballot: BallotId,
    },
    /// A sealed ballot says something else than what was sealed or revised.
    #[error("lần chấm {turn}, phiếu {ballot}: nội dung phiếu không còn đúng với mã băm trong nhật ký")]
    Ballot {
        /// The turn.
        turn: u16,
        /// The ballot.
        ballot: BallotId,
    },
    /// A revision does not lead from what was sealed to what counts.
    #[error(
        "lần chấm {turn}, phiếu {ballot}: mức cũ hoặc mức mới của tiêu chí {criterion} sửa sau thảo luận không khớp với \
         phiếu đã niêm"
    )]
    Revision {
        /// The turn.
        turn: u16,
        /// The ballot.
        ballot: BallotId,
        /// The criterion.
        criterion: String,
    },
    /// The tally does not follow from the ballots.
    #[error("lần chấm {0}: bảng tổng hợp đã lưu không khớp với các phiếu")]
    Tally(u16),
    /// The result names a turn that is not there or was never tallied.
    #[error("kết quả dựa trên lần chấm {0}, nhưng lần chấm đó không có bảng tổng hợp")]
    NoTurn(u16),
    /// The result does not follow from its turn.
    #[error("kết quả đã lưu ({kept}) không khớp với kết quả tính lại ({computed})")]
    Result {
        /// What is kept.
        kept: String,
        /// What follows from the ballots.
        computed: String,
    },
    /// The certificate says other stars.
    #[error("giấy chứng nhận ghi {certificate} sao, kết quả là {result} sao")]
    Certificate {
        /// Stars on the certificate.
        certificate: u8,
        /// Stars of the result; 0 for none.
        result: u8,
    },
    /// What was submitted is not what its hash says.
    #[error("hồ sơ đã nộp lần {0} không còn đúng với mã băm của nó")]
    Submission(i64),
    /// The product set is not what its hash says.
    #[error("bộ tiêu chí của hồ sơ không còn đúng với mã băm của nó")]
    Set,
    /// A result noted from paper cannot be by its sheets or figures.
    #[error("kết quả ghi từ giấy không tính lại được: {0}")]
    Paper(String),
    /// A paper's file is lost or is not what its hash says.
    #[error("tệp {0} bị mất hoặc không còn đúng với mã băm của nó")]
    File(String),
}

/// Everything of a dossier's scoring that does not follow from its ballots.
pub fn audit(
    set: &ProductSet,
    limits: Limits<'_>,
    turns: &[KeptTurn],
    result: Option<&KeptResult>,
) -> Vec<Mismatch> {
    let mut found: Vec<Mismatch> = turns.iter().flat_map(|turn| audit_turn(set, turn)).collect();
    found.extend(result.map(|result| audit_result(set, limits, turns, result)).unwrap_or_default());
    found
}

fn audit_turn(set: &ProductSet, turn: &KeptTurn) -> Vec<Mismatch> {
    let mut found = Vec::new();
    for ballot in &turn.ballots {
        let Some(kept) = &ballot.scored else { continue };
        if score(set, &ballot.sheet).ok().map(wordless_score) != Some(wordless_score(kept.clone())) {
            found.push(Mismatch::Score { turn: turn.no, ballot: ballot.id.clone() });
        }
        if !ballot.content.agree() {
            found.push(Mismatch::Ballot { turn: turn.no, ballot: ballot.id.clone() });
        }
        if let Some(revision) = ballot.revision.as_ref().filter(|one| !leads(ballot, one)) {
            let criterion = revision.criterion.clone();
            found.push(Mismatch::Revision { turn: turn.no, ballot: ballot.id.clone(), criterion });
        }
    }
    if let Some(kept) = &turn.tally {
        match counted(set, turn) {
            Ok(computed) if wordless(computed.clone()) == wordless(kept.clone()) => {}
            Ok(_) => found.push(Mismatch::Tally(turn.no)),
            Err(why) => found.push(Mismatch::Unreadable { turn: turn.no, why }),
        }
    }
    found
}

/// Whether a revision leads from what was sealed to what the ballot says now.
fn leads(ballot: &KeptBallot, revision: &KeptRevision) -> bool {
    ballot.sheet.choices.get(&revision.criterion) == Some(&revision.after) && revision.sealed.agree()
}

/// The tally of a turn's raw ballots.
fn counted(set: &ProductSet, turn: &KeptTurn) -> Result<Tally, String> {
    let sheets: Vec<Sheet> = turn.ballots.iter().map(|ballot| ballot.sheet.clone()).collect();
    tally_by(set, &sheets, turn.floor_rule, &turn.agreed).map_err(|fault| fault.to_string())
}

fn audit_result(
    set: &ProductSet,
    limits: Limits<'_>,
    turns: &[KeptTurn],
    kept: &KeptResult,
) -> Vec<Mismatch> {
    let decided = turns.iter().find(|turn| turn.no == kept.turn && turn.tally.is_some());
    let Some(turn) = decided else { return vec![Mismatch::NoTurn(kept.turn)] };
    // A turn that cannot be counted is told already.
    let Ok(tally) = counted(set, turn) else { return Vec::new() };
    let mut found = Vec::new();
    let outcome = outcome(&tally, limits.certified, limits.instance);
    let stands = outcome != Outcome::Disqualified;
    let computed = KeptResult {
        outcome,
        stars: stands.then_some(stars(&tally, limits.certified, limits.instance)),
        mean: stands.then_some((tally.mean.num, tally.mean.den)),
        centre_points: reaches_centre_points(&tally, limits.centre_from),
        ..kept.clone()
    };
    if computed != *kept {
        found.push(Mismatch::Result { kept: told(kept), computed: told(&computed) });
    }
    if let Some(certificate) = kept.certificate
        && computed.stars != Some(certificate)
    {
        found.push(Mismatch::Certificate { certificate, result: computed.stars.unwrap_or(0) });
    }
    found
}

/// A result in few words.
fn told(result: &KeptResult) -> String {
    in_words(result.stars, result.mean, result.outcome.name())
}

fn in_words(stars: Option<u8>, mean: Option<(i64, i64)>, outcome: &str) -> String {
    let stars = stars.map(|stars| format!("{stars} sao, "));
    let mean = mean.map(|(num, den)| format!("trung bình {num}/{den}, "));
    format!("{}{}{outcome}", stars.unwrap_or_default(), mean.unwrap_or_default())
}

/// Everything of a result noted from paper that does not follow from its sheets, or without sheets cannot be by its
/// own figures. `duty` is what the level whose council it was had to do on that day.
pub fn audit_paper(set: &ProductSet, duty: &TierDuty, kept: &KeptPaper) -> Vec<Mismatch> {
    let disqualified = kept.stars.is_none();
    let told = match kept.ballots.is_empty() {
        true => Told { parts: kept.parts, mean: kept.mean, stars: kept.stars, disqualified },
        false => Told { disqualified, ..Told::default() },
    };
    let computed = match judged(set, &kept.ballots, &told) {
        Ok(computed) => computed,
        Err(why) => return vec![Mismatch::Paper(why.to_string())],
    };
    let outcome = conclusion(duty, &computed, kept.outcome == Conclusion::Recognised);
    let mut found = Vec::new();
    if (computed.parts, computed.mean, computed.stars, outcome)
        != (kept.parts, kept.mean, kept.stars, kept.outcome)
    {
        let words = |stars, mean: Option<Fraction>, outcome: Conclusion| {
            in_words(stars, mean.map(|mean| (mean.num, mean.den)), outcome.name())
        };
        found.push(Mismatch::Result {
            kept: words(kept.stars, kept.mean, kept.outcome),
            computed: words(computed.stars, computed.mean, outcome),
        });
    }
    if let Some(certificate) = kept.certificate
        && computed.stars != Some(certificate)
    {
        found.push(Mismatch::Certificate { certificate, result: computed.stars.unwrap_or(0) });
    }
    found
}

fn wordless(mut tally: Tally) -> Tally {
    tally.explanation.clear();
    tally
}

fn wordless_score(mut scored: Scored) -> Scored {
    scored.explanation.clear();
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Duty, Tier, sample};

    const LIMITS: Limits<'_> = Limits { certified: &[3, 4], centre_from: 90, instance: Instance::Province };

    fn ballot(no: u8, level: u8) -> KeptBallot {
        let mut sheet = Sheet::default();
        for (code, alternative, level) in [
            ("1.1", 1, 3),
            ("1.2", 1, level),
            ("2", 1, 2),
            ("3.1", 1, 3),
            ("3.2", 1, 2),
            ("4", 1, 2),
            ("5.1", 1, 2),
        ] {
            sheet.choices.insert(code.to_owned(), Choice { alternative, level, note: None });
        }
        let scored = score(&sample::honey(), &sheet).unwrap();
        let id = format!("0192d3b0-7c1e-7abc-8def-0000000000{no:02}").parse().unwrap();
        KeptBallot { id, sheet, scored: Some(scored), content: hashed("a", "a"), revision: None }
    }

    fn hashed(kept: &str, journal: &str) -> Fingerprints {
        Fingerprints { kept: kept.to_owned(), journal: Some(journal.to_owned()) }
    }

    fn kept() -> (Vec<KeptTurn>, KeptResult) {
        let mut turn = KeptTurn {
            no: 1,
            ballots: vec![ballot(1, 1), ballot(2, 1)],
            tally: None,
            floor_rule: FloorRule::Majority,
            agreed: BTreeMap::new(),
        };
        let tally = counted(&sample::honey(), &turn).unwrap();
        let result = KeptResult {
            turn: 1,
            outcome: outcome(&tally, LIMITS.certified, LIMITS.instance),
            stars: Some(tally.stars),
            mean: Some((tally.mean.num, tally.mean.den)),
            centre_points: reaches_centre_points(&tally, LIMITS.centre_from),
            certificate: Some(tally.stars),
        };
        turn.tally = Some(tally);
        (vec![turn], result)
    }

    fn found(change: impl FnOnce(&mut Vec<KeptTurn>, &mut KeptResult)) -> Vec<Mismatch> {
        let (mut turns, mut result) = kept();
        change(&mut turns, &mut result);
        audit(&sample::honey(), LIMITS, &turns, Some(&result))
    }

    #[test]
    fn what_follows_from_the_ballots_is_right_whatever_the_words() {
        assert_eq!(found(|_, _| {}), []);
        let reworded = found(|turns, _| {
            if let Some(tally) = &mut turns[0].tally {
                tally.explanation = vec!["nói cách khác".to_owned()];
            }
        });
        assert_eq!(reworded, []);
    }

    #[test]
    fn a_changed_ballot_is_found_wherever_it_counts() {
        let changed = found(|turns, _| turns[0].ballots[0].sheet = ballot(1, 2).sheet);
        assert!(matches!(changed[0], Mismatch::Score { turn: 1, .. }), "{changed:?}");
        assert_eq!(changed[1], Mismatch::Tally(1));
        assert!(matches!(changed[2], Mismatch::Result { .. }), "{changed:?}");
    }

    #[test]
    fn a_result_from_paper_follows_from_its_sheets_and_its_certificate_from_it() {
        let set = sample::honey();
        let duty = TierDuty {
            tier: Tier::Province,
            duty: Duty::Decide,
            working_days: None,
            decides: vec![3, 4],
            forward_from: Some(90),
        };
        let sheets = vec![ballot(1, 1).sheet, ballot(2, 2).sheet];
        let by_sheets = judged(&set, &sheets, &Told::default()).unwrap();
        let right = KeptPaper {
            ballots: sheets,
            parts: by_sheets.parts,
            mean: by_sheets.mean,
            stars: by_sheets.stars,
            outcome: Conclusion::Recognised,
            certificate: by_sheets.stars,
        };
        let found = |change: &dyn Fn(&mut KeptPaper)| {
            let mut kept = right.clone();
            change(&mut kept);
            audit_paper(&set, &duty, &kept)
        };
        assert_eq!(found(&|_| {}), []);
        let lifted = found(&|kept| kept.mean = Some(Fraction::whole(89)));
        assert!(matches!(lifted.as_slice(), [Mismatch::Result { .. }]), "{lifted:?}");
        let lost = found(&|kept| drop(kept.ballots.pop()));
        assert!(matches!(lost.as_slice(), [Mismatch::Result { .. }]), "{lost:?}");
        let shut = found(&|kept| kept.stars = None);
        assert!(matches!(shut.as_slice(), [Mismatch::Paper(_)]), "{shut:?}");
        let stars = right.stars.unwrap();
        let certificate = found(&|kept| kept.certificate = Some(stars + 1));
        assert_eq!(certificate, [Mismatch::Certificate { certificate: stars + 1, result: stars }]);
        // Without sheets only what cannot be is found.
        let bare = |mean: i64, stars: u8| {
            found(&|kept| {
                *kept = KeptPaper {
                    ballots: vec![],
                    parts: None,
                    mean: Some(Fraction::whole(mean)),
                    stars: Some(stars),
                    outcome: Conclusion::Recognised,
                    certificate: Some(stars),
                }
            })
        };
        assert_eq!(bare(66, 3), []);
        assert!(matches!(bare(66, 4).as_slice(), [Mismatch::Paper(_)]));
    }

    #[test]
    fn what_is_not_what_was_sealed_or_revised_is_found() {
        let id = ballot(1, 1).id;
        let check = |change: &dyn Fn(&mut KeptBallot), wrong: &[Mismatch]| {
            assert_eq!(found(|turns, _| change(&mut turns[0].ballots[0])), wrong);
        };
        let sealed = Mismatch::Ballot { turn: 1, ballot: id.clone() };
        check(&|ballot| ballot.content = hashed("a", "b"), std::slice::from_ref(&sealed));
        check(&|ballot| ballot.content.journal = None, &[sealed]);
        let revised = |level: u8, sealed: Fingerprints| {
            let after = Choice { alternative: 1, level, note: None };
            Some(KeptRevision { criterion: "1.2".to_owned(), after, sealed })
        };
        let wrong = [Mismatch::Revision { turn: 1, ballot: id, criterion: "1.2".to_owned() }];
        check(&|ballot| ballot.revision = revised(1, hashed("b", "b")), &[]);
        check(&|ballot| ballot.revision = revised(2, hashed("b", "b")), &wrong);
        check(&|ballot| ballot.revision = revised(1, hashed("c", "b")), &wrong);
    }

    #[test]
    fn a_ballot_too_few_and_other_stars_are_found() {
        let lost = found(|turns, _| drop(turns[0].ballots.pop()));
        assert_eq!(lost[0], Mismatch::Tally(1), "{lost:?}");
        let (_, right) = kept();
        let stars = right.stars.unwrap();
        let lifted = found(|_, result| result.certificate = Some(stars + 1));
        assert_eq!(lifted, [Mismatch::Certificate { certificate: stars + 1, result: stars }]);
        let lifted = found(|_, result| (result.stars, result.certificate) = (Some(stars + 1), None));
        assert!(matches!(lifted.as_slice(), [Mismatch::Result { .. }]), "{lifted:?}");
        assert_eq!(found(|_, result| result.turn = 2), [Mismatch::NoTurn(2)]);
    }
}
