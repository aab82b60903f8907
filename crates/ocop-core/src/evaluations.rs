//! Evaluations that were held on paper or on other software, before this one or outside it: what
//! their sheets give, and whether that is what the paper tells.

use crate::coded;
use crate::recognition::Level;
use crate::rules::{Duty, PartCode, ProductSet, Tier, TierDuty};
use crate::scoring::{Fraction, ScoreFault, Sheet, tally};

coded! {
    /// What an evaluation on paper led to.
    Conclusion {
        /// The level recognised the product and gave a certificate.
        Recognised = "recognised", "Công nhận, cấp giấy chứng nhận";
        /// The level sent it on to the next one.
        Forwarded = "forwarded", "Đề nghị cấp trên đánh giá";
        /// Stars without a certificate.
        Noticed = "noticed", "Thông báo kết quả";
        /// The council found it out.
        Disqualified = "disqualified", "Hồ sơ bị loại";
    }
}

impl From<Level> for Tier {
    fn from(level: Level) -> Self {
        match level {
            Level::District => Self::District,
            Level::Province => Self::Province,
            Level::Centre => Self::Centre,
        }
    }
}

/// What a paper tells of a result; empty where it tells nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Points of parts A, B, C.
    pub parts: Option<[Fraction; 3]>,
    /// Total points.
    pub mean: Option<Fraction>,
    /// Stars, 1–5.
    pub stars: Option<u8>,
    /// Whether the council found it out.
    pub disqualified: bool,
}

/// A result as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Points of parts A, B, C, where known.
    pub parts: Option<[Fraction; 3]>,
    /// Total points, where known.
    pub mean: Option<Fraction>,
    /// Stars; none when it was found out.
    pub stars: Option<u8>,
    /// Whether the council found it out.
    pub disqualified: bool,
    /// Why, in sentences; empty when the paper gives no sheets.
    pub explanation: Vec<String>,
}

/// Why a result cannot be as told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationFault {
    /// A sheet does not fit the product set.
    #[error("{0}")]
    Sheet(#[from] ScoreFault),
    /// A part has more points than it can have.
    #[error("Phần {part} được nhiều nhất {max} điểm theo bộ {set}, giấy tờ ghi {told}.")]
    TooMany {
        /// The part.
        part: PartCode,
        /// Its maximum.
        max: u16,
        /// The product set.
        set: String,
        /// Points as told.
        told: String,
    },
    /// The parts do not add up to the total.
    #[error("Điểm ba phần cộng lại là {sum}, khác tổng điểm {total}. Hãy xem lại biên bản.")]
    Sum {
        /// Sum of the parts.
        sum: String,
        /// Total as told.
        total: String,
    },
    /// Neither points nor stars.
    #[error("Hãy ghi hạng sao mà hội đồng kết luận.")]
    NoStars,
    /// More stars than the points give.
    #[error("{mean} điểm chỉ đủ {by_points} sao theo bộ {set}, giấy tờ ghi {stars} sao.")]
    TooManyStars {
        /// Total points.
        mean: String,
        /// Stars by points alone.
        by_points: u8,
        /// The product set.
        set: String,
        /// Stars as told.
        stars: u8,
    },
    /// A certificate of a level that only scores and sends on.
    #[error(
        "{} chấm điểm và chuyển hồ sơ lên cấp trên, không công nhận sản phẩm, nên không có giấy chứng nhận. \
         Hãy ghi quyết định và giấy chứng nhận ở kết quả của cấp trên.",
        .0.name()
    )]
    NotItsPower(Tier),
    /// In one round a level above judged what the level below had not sent on.
    #[error(
        "Trong cùng đợt, hội đồng {} {}, không chuyển lên {}. Hãy xem lại điểm, cấp đánh giá hoặc đợt của hai kết quả.",
        .below.name(), .result, .above.name()
    )]
    NotForwarded {
        /// The level that kept it.
        below: Level,
        /// What that level concluded.
        result: String,
        /// The level that judged it all the same.
        above: Level,
    },
    /// The sheets give something else than the paper tells.
    #[error("Phiếu chấm cho {what} là {computed}, giấy tờ ghi {told}. Hãy xem lại phiếu hoặc biên bản.")]
    Differs {
        /// Which figure.
        what: &'static str,
        /// By the sheets.
        computed: String,
        /// As told.
        told: String,
    },
}

/// The result of an evaluation on paper. With sheets, everything comes from them and must be what
/// the paper tells (its means may be rounded to hundredths); without, what the paper tells must be
/// possible.
///
/// # Errors
/// [`EvaluationFault`] names the figure that is wrong.
pub fn judged(set: &ProductSet, ballots: &[Sheet], told: &Told) -> Result<Judged, EvaluationFault> {
    if ballots.is_empty() { without_sheets(set, told) } else { by_sheets(set, ballots, told) }
}

fn by_sheets(set: &ProductSet, ballots: &[Sheet], told: &Told) -> Result<Judged, EvaluationFault> {
    let tally = tally(set, ballots)?;
    let disqualified = tally.disqualified.is_some();
    if told.disqualified != disqualified {
        let word = |out: bool| if out { "bị loại" } else { "không bị loại" }.to_owned();
        return Err(differs("kết luận", word(disqualified), word(told.disqualified)));
    }
    if disqualified {
        let explanation = tally.explanation;
        return Ok(Judged { parts: None, mean: None, stars: None, disqualified, explanation });
    }
    let same = |exact: Fraction, told: Fraction| exact == told || exact.vi() == told.vi();
    if let Some(mean) = told.mean.filter(|mean| !same(tally.mean, *mean)) {
        return Err(differs("điểm trung bình", tally.mean.vi(), mean.vi()));
    }
    for (at, part) in told.parts.iter().flat_map(|parts| parts.iter().enumerate()) {
        let computed = tally.parts_mean[at];
        if !same(computed, *part) {
            return Err(differs(PART_POINTS[at], computed.vi(), part.vi()));
        }
    }
    if let Some(stars) = told.stars.filter(|stars| *stars != tally.stars) {
        return Err(differs("hạng sao", tally.stars.to_string(), stars.to_string()));
    }
    Ok(Judged {
        parts: Some(tally.parts_mean),
        mean: Some(tally.mean),
        stars: Some(tally.stars),
        disqualified,
        explanation: tally.explanation,
    })
}

const PART_POINTS: [&str; 3] = ["điểm phần A", "điểm phần B", "điểm phần C"];

fn differs(what: &'static str, computed: String, told: String) -> EvaluationFault {
    EvaluationFault::Differs { what, computed, told }
}

fn without_sheets(set: &ProductSet, told: &Told) -> Result<Judged, EvaluationFault> {
    for (part, points) in PartCode::ALL.iter().zip(told.parts.iter().flatten()) {
        let max = set.part_max(*part);
        if *points > Fraction::whole(i64::from(max)) {
            return Err(EvaluationFault::TooMany {
                part: *part,
                max,
                set: set.reference(),
                told: points.vi(),
            });
        }
    }
    let sum = told.parts.as_ref().and_then(sum);
    if let Some((sum, mean)) = sum.zip(told.mean)
        && !is_rounded_sum(sum, mean)
    {
        return Err(EvaluationFault::Sum { sum: sum.vi(), total: mean.vi() });
    }
    let mean = told.mean.or(sum);
    if told.disqualified {
        return Ok(Judged {
            parts: told.parts,
            mean,
            stars: None,
            disqualified: true,
            explanation: Vec::new(),
        });
    }
    let stars = told.stars.ok_or(EvaluationFault::NoStars)?;
    if let Some(mean) = mean {
        let by_points = stars_by_points(set, mean);
        if stars > by_points {
            let (mean, set) = (mean.vi(), set.reference());
            return Err(EvaluationFault::TooManyStars { mean, by_points, set, stars });
        }
    }
    Ok(Judged { parts: told.parts, mean, stars: Some(stars), disqualified: false, explanation: Vec::new() })
}

fn stars_by_points(set: &ProductSet, mean: Fraction) -> u8 {
    let reached = |from: u16| mean >= Fraction::whole(i64::from(from));
    set.bands.iter().filter(|band| reached(band.from)).map(|band| band.stars).max().unwrap_or(1)
}

fn sum(parts: &[Fraction; 3]) -> Option<Fraction> {
    parts.iter().try_fold(Fraction::whole(0), |sum, part| {
        Fraction::new(
            sum.num.checked_mul(part.den)?.checked_add(part.num.checked_mul(sum.den)?)?,
            sum.den.checked_mul(part.den)?,
        )
    })
}

/// Three means rounded to hundredths may miss the rounded total by two hundredths.
fn is_rounded_sum(sum: Fraction, total: Fraction) -> bool {
    let hundredths = |fraction: Fraction| i128::from(fraction.num) * 100 / i128::from(fraction.den);
    (hundredths(sum) - hundredths(total)).abs() <= 2
}

/// What the result led to at its level. `certified`: the paper names a certificate.
pub fn conclusion(duty: &TierDuty, judged: &Judged, certified: bool) -> Conclusion {
    let enough = |from: u16| {
        let by_points = judged.mean.map(|mean| mean >= Fraction::whole(i64::from(from)));
        by_points.unwrap_or(false)
    };
    if judged.disqualified {
        Conclusion::Disqualified
    } else if certified {
        Conclusion::Recognised
    } else if duty.forward_from.is_some_and(enough) {
        Conclusion::Forwarded
    } else {
        Conclusion::Noticed
    }
}

/// Only a level that decides gives certificates: under 1048/QĐ-TTg and 781/QĐ-TTg the district scores and sends on.
///
/// # Errors
/// [`EvaluationFault::NotItsPower`] for a certificate of any other level.
pub fn may_certify(duty: &TierDuty) -> Result<(), EvaluationFault> {
    match duty.duty {
        Duty::Decide => Ok(()),
        Duty::Assess | Duty::Evaluate => Err(EvaluationFault::NotItsPower(duty.tier)),
    }
}

/// A result of one level in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The level.
    pub level: Level,
    /// What it led to.
    pub conclusion: Conclusion,
    /// Total points, where the paper tells them.
    pub mean: Option<Fraction>,
}

impl Passed {
    /// Why the level above has nothing to judge; none when it may have. Without points nobody can tell.
    fn ended(&self) -> Option<String> {
        match self.conclusion {
            Conclusion::Disqualified => Some("đã loại hồ sơ".to_owned()),
            Conclusion::Noticed => self.mean.map(|mean| format!("cho {} điểm", mean.vi())),
            Conclusion::Recognised | Conclusion::Forwarded => None,
        }
    }
}

/// Whether the results of a product in one round can follow each other: a level above judges only what the level
/// below has sent on (from 50 points to the province under 781/QĐ-TTg, from 70 under 148/QĐ-TTg).
///
/// # Errors
/// [`EvaluationFault::NotForwarded`] names the two levels.
pub fn must_follow(passed: &[Passed]) -> Result<(), EvaluationFault> {
    for below in passed {
        let above = passed.iter().map(|one| one.level).find(|level| *level > below.level);
        if let Some((above, result)) = above.zip(below.ended()) {
            return Err(EvaluationFault::NotForwarded { below: below.level, result, above });
        }
    }
    Ok(())
}

/// A number of points as papers write it: `83,5` or `83.50`, at most two decimals.
pub fn points(typed: &str) -> Option<Fraction> {
    let text = typed.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let clean = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !clean(whole) || !clean(part) {
        return None;
    }
    let hundredths: i64 = format!("{part:0<2}").parse().ok()?;
    Fraction::new(whole.parse::<i64>().ok()? * 100 + hundredths, 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;
    use crate::scoring::Choice;

    fn full() -> Sheet {
        let levels = [
            ("1.1", 1, 3),
            ("1.2", 1, 2),
            ("2", 1, 2),
            ("3.1", 1, 3),
            ("3.2", 1, 2),
            ("4", 2, 2),
            ("5.1", 1, 2),
        ];
        let mut sheet = Sheet::default();
        for (code, alternative, level) in levels {
            sheet.choices.insert(code.to_owned(), Choice { alternative, level, note: None });
        }
        sheet
    }

    fn told(mean: &str, stars: u8) -> Told {
        Told { mean: points(mean), stars: Some(stars), ..Told::default() }
    }

    #[test]
    fn points_are_read_as_papers_write_them() {
        for (typed, exact) in [("83,5", Some((167, 2))), ("83.50", Some((167, 2))), (" 70 ", Some((70, 1)))] {
            assert_eq!(points(typed).map(|read| (read.num, read.den)), exact, "{typed}");
        }
        for bad in ["", ",5", "83,567", "1000", "-3", "8o", "83,5,1"] {
            assert_eq!(points(bad), None, "{bad}");
        }
    }

    #[test]
    fn sheets_must_give_what_the_paper_tells() {
        let set = sample::honey();
        let mut lower = full();
        lower.choices.get_mut("1.1").unwrap().level = 0;
        let ballots = [full(), full(), lower];
        let judged = |told: &Told| judged(&set, &ballots, told);
        let kept = judged(&Told::default()).unwrap();
        let mean = kept.mean.unwrap();
        assert!(mean.den == 3 && !kept.explanation.is_empty(), "{kept:?}");
        let parts = kept.parts.map(|parts| parts.map(|part| points(&part.vi()).unwrap()));
        let rounded = Told { parts, ..told(&mean.vi(), kept.stars.unwrap()) };
        assert_eq!(judged(&rounded), Ok(kept));
        let wrong = judged(&told("50", 5)).unwrap_err().to_string();
        assert!(wrong.contains(&mean.vi()) && wrong.contains("50,00"), "{wrong}");
        assert!(matches!(
            judged(&told(&mean.vi(), 1)),
            Err(EvaluationFault::Differs { what: "hạng sao", .. })
        ));
        let parts = Some([Fraction::whole(1); 3]);
        assert!(matches!(
            judged(&Told { parts, ..Told::default() }),
            Err(EvaluationFault::Differs { what: "điểm phần A", .. })
        ));
        assert!(judged(&Told { disqualified: true, ..Told::default() }).is_err());
    }

    #[test]
    fn a_paper_without_sheets_must_be_possible() {
        let set = sample::honey();
        let judged = |told: &Told| judged(&set, &[], told);
        let kept = judged(&told("70", 4)).unwrap();
        assert_eq!((kept.mean, kept.stars), (Some(Fraction::whole(70)), Some(4)));
        assert_eq!(judged(&told("70", 3)).unwrap().stars, Some(3), "a floor may have been missed");
        assert!(matches!(judged(&told("69,99", 4)), Err(EvaluationFault::TooManyStars { by_points: 3, .. })));
        assert_eq!(judged(&Told::default()), Err(EvaluationFault::NoStars));
        let parts = |a, b, c| Some([a, b, c].map(|part| points(part).unwrap()));
        let with = |parts, mean: &str| Told { parts, ..told(mean, 3) };
        assert_eq!(judged(&with(parts("30,33", "20,33", "10,33"), "61")).unwrap().stars, Some(3));
        assert!(matches!(judged(&with(parts("30", "20", "10"), "61")), Err(EvaluationFault::Sum { .. })));
        assert!(matches!(judged(&with(parts("99", "1", "1"), "61")), Err(EvaluationFault::TooMany { .. })));
    }

    #[test]
    fn a_result_is_recognised_or_goes_on() {
        let set = sample::honey();
        let district = TierDuty {
            tier: Tier::District,
            duty: Duty::Evaluate,
            working_days: None,
            decides: vec![],
            forward_from: Some(50),
        };
        let check = |mean: &str, stars: u8, certified: bool, expected: Conclusion| {
            let kept = judged(&set, &[], &told(mean, stars)).unwrap();
            assert_eq!(conclusion(&district, &kept, certified), expected, "{mean}");
        };
        check("50", 3, false, Conclusion::Forwarded);
        check("49,99", 2, false, Conclusion::Noticed);
        check("65", 3, true, Conclusion::Recognised);
    }

    #[test]
    fn a_level_that_only_scores_gives_no_certificate() {
        let duty = |duty| TierDuty {
            tier: Tier::District,
            duty,
            working_days: None,
            decides: vec![],
            forward_from: None,
        };
        assert_eq!(may_certify(&duty(Duty::Decide)), Ok(()));
        for other in [Duty::Assess, Duty::Evaluate] {
            assert_eq!(may_certify(&duty(other)), Err(EvaluationFault::NotItsPower(Tier::District)));
        }
    }

    #[test]
    fn the_level_above_judges_what_was_sent_on() {
        let one = |level, conclusion, points: Option<i64>| Passed {
            level,
            conclusion,
            mean: points.map(Fraction::whole),
        };
        let check = |passed: &[Passed], refused: Option<&str>| {
            let found = must_follow(passed).err().map(|fault| fault.to_string());
            match refused {
                None => assert_eq!(found, None, "{passed:?}"),
                Some(words) => assert!(found.as_ref().is_some_and(|told| told.contains(words)), "{found:?}"),
            }
        };
        let province = one(Level::Province, Conclusion::Recognised, Some(72));
        check(&[], None);
        check(std::slice::from_ref(&province), None);
        check(&[one(Level::District, Conclusion::Forwarded, Some(50)), province.clone()], None);
        check(&[one(Level::District, Conclusion::Recognised, Some(70)), province.clone()], None);
        check(&[one(Level::District, Conclusion::Noticed, None), province.clone()], None);
        let kept = one(Level::District, Conclusion::Noticed, Some(49));
        check(&[province.clone(), kept.clone()], Some("cấp huyện cho 49,00 điểm, không chuyển lên cấp tỉnh"));
        check(&[kept], None);
        check(&[one(Level::District, Conclusion::Disqualified, None), province], Some("đã loại hồ sơ"));
    }
}
