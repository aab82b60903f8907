//! The result page: points, floors, star, and why, in words.

use ocop_core::councils::CouncilSettings;
use ocop_core::evidence::EvidenceList;
use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Denied};
use ocop_core::recognition::Outcome;
use ocop_core::rules::{PartCode, ProductSet};
use ocop_core::scoring::{Disqualification, FloorBasis, Fraction, Sheet, Tally, Way, advise, majority_sheet};
use ocop_core::time::Instant;

use super::tally::{member, sees_tally};
use super::{DossierHead, MemberLine, head, session_of};
use crate::dossiers::facts;
use crate::{App, AppError};

/// What the result page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultView {
    /// The dossier.
    pub head: DossierHead,
    /// Name of the product set.
    pub set_name: String,
    /// When the chair confirmed it.
    pub confirmed_at: Instant,
    /// What follows.
    pub outcome: Outcome,
    /// Stars; none when disqualified.
    pub stars: Option<u8>,
    /// Exact mean; none when disqualified.
    pub mean: Option<Fraction>,
    /// Ballots that count.
    pub counted: usize,
    /// Means by part.
    pub parts: Vec<PartMean>,
    /// The result in one line, and in a few words more.
    pub verdict: (String, String),
    /// Whether a missed floor keeps it below the stars that its points are enough for.
    pub held_back: bool,
    /// How it comes about, sentence by sentence.
    pub explanation: Vec<String>,
    /// Floors by stars.
    pub floors: Vec<FloorLine>,
    /// Highest total less the lowest.
    pub spread: u16,
    /// The rules of work that it was scored by.
    pub settings: CouncilSettings,
    /// The scoring turn that decided.
    pub turn: u16,
    /// Why a spread above the limit was let stand.
    pub kept_reason: Option<String>,
    /// Whether the points reach those for the centre.
    pub centre_points: bool,
    /// Members' totals, for the council and the provincial office only.
    pub members: Option<Vec<MemberLine>>,
    /// The knock-out that ended the evaluation.
    pub disqualified: Option<Disqualification>,
    /// The shortest way to the next star from the levels that most members stand by; none at the
    /// top, and where that is nothing to go by.
    pub way: Option<Way>,
    /// The papers that its regime asks for.
    pub evidence: EvidenceList,
}

/// The mean of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartMean {
    /// A, B or C.
    pub code: PartCode,
    /// Its title.
    pub name: String,
    /// Exact mean.
    pub mean: Fraction,
    /// Most points.
    pub max: u16,
}

/// A floor and how the members stand on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorLine {
    /// Code of the criterion.
    pub code: String,
    /// Its title.
    pub name: String,
    /// The stars that ask for it.
    pub stars: u8,
    /// Least points.
    pub needed_points: u16,
    /// Members at that level or above.
    pub at_or_above: usize,
    /// Members counted.
    pub of: usize,
    /// Whether it is met.
    pub met: bool,
    /// What decided it, where it is not the number of ballots.
    pub basis: Option<FloorBasis>,
}

/// The confirmed result, for everybody concerned. Members' totals are for the council and the
/// provincial office: producer and commune read the mean.
pub async fn result(app: &App, actor: &Actor, dossier: &DossierId) -> Result<ResultView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, dossier).await?;
    let _ = policy::may(actor, Action::ReadResult, &facts.subject)?;
    if facts.subject.conflicted {
        return Err(Denied::Conflict.into());
    }
    let confirmed = match ocop_store::recognition::find_result(&mut tx, dossier).await? {
        Some(confirmed) if facts.row.state.has_result() => confirmed,
        _ => return Err(AppError::NotFound),
    };
    let turns = ocop_store::scoring::turns(&mut tx, dossier).await?;
    let decided =
        turns.into_iter().find(|turn| i64::from(turn.no) == confirmed.turn).ok_or(AppError::NotFound)?;
    let settings = session_of(&mut tx, &decided).await?.settings;
    let tally = decided.tally.ok_or(AppError::NotFound)?;
    let set = app.shown(&mut tx, &facts.row.province, &facts.row.ruleset).await?;
    let ballots = ocop_store::scoring::ballots(&mut tx, dossier, decided.no).await?;
    let members = if sees_tally(actor, &facts)? { Some(ballots.iter().map(member).collect()) } else { None };
    let sheets: Vec<Sheet> = ballots.into_iter().map(|one| one.ballot.sheet).collect();
    Ok(ResultView {
        head: head(&mut tx, &facts.row).await?,
        set_name: set.name.clone(),
        confirmed_at: confirmed.confirmed_at,
        outcome: confirmed.outcome,
        stars: confirmed.stars,
        mean: confirmed.mean.and_then(|(num, den)| Fraction::new(num, den)),
        counted: tally.member_totals.len(),
        parts: part_means(&set, &tally),
        way: way(&set, &sheets, &tally),
        evidence: app.evidence_list(&facts.row.regime)?.clone(),
        held_back: tally.stars < tally.stars_by_points,
        verdict: verdict(&set, &tally, confirmed.outcome),
        explanation: confirmed.explanation,
        floors: floors(&set, &tally),
        spread: tally.spread,
        settings,
        turn: decided.no,
        kept_reason: decided.kept_reason,
        centre_points: confirmed.centre_points,
        members,
        disqualified: tally.disqualified,
    })
}

/// The means with titles and maxima.
pub(super) fn part_means(set: &ProductSet, tally: &Tally) -> Vec<PartMean> {
    let means = set.parts.iter().zip(&tally.parts_mean);
    means
        .map(|(part, mean)| PartMean { code: part.code, name: part.name.clone(), mean: *mean, max: part.max })
        .collect()
}

fn floors(set: &ProductSet, tally: &Tally) -> Vec<FloorLine> {
    let name = |code: &str| set.criterion(code).map(|criterion| criterion.name.clone()).unwrap_or_default();
    tally
        .floors
        .iter()
        .map(|floor| FloorLine {
            code: floor.code.clone(),
            name: name(&floor.code),
            stars: floor.stars,
            needed_points: floor.needed_points,
            at_or_above: floor.at_or_above,
            of: floor.of,
            met: floor.met,
            basis: floor.basis,
        })
        .collect()
}

/// The result in one line and what it means for the producer.
fn verdict(set: &ProductSet, tally: &Tally, outcome: Outcome) -> (String, String) {
    let stars = tally.stars;
    let missed =
        tally.floors.iter().filter(|floor| !floor.met && floor.stars <= tally.stars_by_points).count();
    let head = match &tally.disqualified {
        Some(_) => "Hồ sơ bị loại.".to_owned(),
        None if stars < tally.stars_by_points => {
            format!(
                "Đủ điểm {} sao nhưng còn thiếu {missed} điều kiện, nên xếp hạng {stars} sao.",
                tally.stars_by_points
            )
        }
        None => format!("Đủ điểm và đủ điều kiện hạng {stars} sao."),
    };
    let next = way_up(set, tally);
    let then = match outcome {
        Outcome::Certificate => format!("Sản phẩm được trình công nhận và cấp giấy chứng nhận hạng {stars} sao.{next}"),
        Outcome::Notice => format!(
            "Hạng {stars} sao chưa được cấp giấy chứng nhận: chủ thể nhận thông báo kết quả, hoàn thiện rồi đăng ký lại ở đợt sau.{next}"
        ),
        Outcome::Centre => "Kết quả được trình Chủ tịch Ủy ban nhân dân tỉnh phê duyệt và chuyển hồ sơ lên trung ương đánh giá 5 sao.".to_owned(),
        Outcome::FiveStars => "Kết quả được trình Bộ trưởng Bộ Nông nghiệp và Môi trường công nhận 5 sao.".to_owned(),
        Outcome::Refer => format!(
            "Chưa đạt 5 sao ở trung ương: kết quả được thông báo cho Ủy ban nhân dân tỉnh, tỉnh xem xét công nhận 3 hoặc 4 \
             sao hoặc đánh giá theo thẩm quyền.{next}"
        ),
        Outcome::Disqualified => {
            "Hồ sơ kết thúc tại đây, không có điểm và không xếp sao. Đây không phải là điểm 0.".to_owned()
        }
    };
    (head, then)
}

/// What to do for the star above the one given.
fn way(set: &ProductSet, ballots: &[Sheet], tally: &Tally) -> Option<Way> {
    let next = tally.stars.saturating_add(1);
    if tally.disqualified.is_some() || set.threshold(next).is_none() {
        return None;
    }
    advise(set, &majority_sheet(set, ballots), Some(next)).ok().filter(|way| !way.steps.is_empty())
}

/// What the next star asks for, as one sentence with a space in front; empty at the top.
fn way_up(set: &ProductSet, tally: &Tally) -> String {
    let next = tally.stars.saturating_add(1);
    let Some(threshold) = set.threshold(next) else { return String::new() };
    let mut needs = Vec::new();
    if tally.mean < Fraction::whole(i64::from(threshold)) {
        needs.push(format!("điểm trung bình từ {threshold}"));
    }
    if !tally.missed_for_next_star.is_empty() {
        needs.push(format!("đạt điều kiện ở tiêu chí {}", tally.missed_for_next_star.join(", ")));
    }
    if needs.is_empty() {
        String::new()
    } else {
        format!(" Muốn lên {next} sao cần {}.", needs.join(" và "))
    }
}
