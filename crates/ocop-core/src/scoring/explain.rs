//! Why a result is what it is, in sentences for the notice, the minutes and the page.

use super::{Disqualification, FloorBasis, FloorCheck, FloorTally, Fraction, Scored, Tally};
use crate::rules::{PartCode, ProductSet};
use crate::text::in_sentence;

/// A floor that is not met: the stars that need it, and a clause about it.
type Missed = (u8, String);

/// The sentences of a sheet.
pub(super) fn scored(set: &ProductSet, scored: &Scored) -> Vec<String> {
    if let Some(ground) = &scored.disqualified {
        return vec![disqualified(ground)];
    }
    let parts = set
        .parts
        .iter()
        .map(|part| format!("phần {} {}/{}", part.code, scored.parts.of(part.code), part.max));
    let missed =
        scored.floors.iter().filter(|floor| !floor.met).map(|floor| (floor.stars, missed_by_sheet(floor)));
    let missed: Vec<Missed> = missed.collect();
    let mut said = vec![format!("Tổng {}/{} điểm: {}.", scored.total, set.max(), listed(parts, ", "))];
    said.push(verdict(set, &format!("{} điểm", scored.total), scored.stars_by_points, scored.stars, &missed));
    let short = |threshold: u16| format!(" còn thiếu {} điểm", threshold.saturating_sub(scored.total));
    said.extend(still_missing(set, scored.stars_by_points, scored.stars, short, &missed));
    said.extend(scored.ignored.iter().filter_map(|code| ignored(set, code)));
    if !scored.unanswered.is_empty() {
        let codes = scored.unanswered.join(", ");
        said.push(format!("Chưa chấm {} tiêu chí, tạm tính 0 điểm: {codes}.", scored.unanswered.len()));
    }
    said
}

/// The sentences of a council's result, with means to so many decimals.
pub(super) fn tally(set: &ProductSet, tally: &Tally, decimals: u8) -> Vec<String> {
    let ballots = tally.member_totals.len() + tally.set_aside.len();
    if let Some(ground) = &tally.disqualified {
        let declared = tally.set_aside.len();
        return vec![format!("{declared}/{ballots} phiếu (quá nửa) kết luận như sau."), disqualified(ground)];
    }
    let means = PartCode::ALL.iter().zip(&tally.parts_mean);
    let parts =
        means.map(|(part, mean)| format!("phần {part} {}/{}", mean.vi_to(decimals), set.part_max(*part)));
    let counted = tally.member_totals.len();
    let mut said = vec![format!(
        "Điểm trung bình của {counted} phiếu là {}: {}.",
        written(&tally.mean, decimals),
        listed(parts, ", ")
    )];
    let missed = tally
        .floors
        .iter()
        .filter(|floor| !floor.met)
        .map(|floor| (floor.stars, missed_by_council(floor, decimals)));
    let missed: Vec<Missed> = missed.collect();
    let reached = format!("trung bình {} điểm", tally.mean.vi_to(decimals));
    said.push(verdict(set, &reached, tally.stars_by_points, tally.stars, &missed));
    let short = |threshold: u16| format!(", trung bình phải từ {threshold} điểm");
    said.extend(still_missing(set, tally.stars_by_points, tally.stars, short, &missed));
    if !tally.set_aside.is_empty() {
        said.push(format!(
            "{}/{ballots} phiếu đề nghị loại, không quá nửa: các phiếu này không có điểm và không tính vào trung bình.",
            tally.set_aside.len()
        ));
    }
    said.push(format!("Phiếu cao nhất và phiếu thấp nhất chênh nhau {} điểm.", tally.spread));
    said
}

fn disqualified(found: &Disqualification) -> String {
    let criterion = found.criterion.as_ref().map(|code| format!(" (tiêu chí {code})")).unwrap_or_default();
    let reason = match found.reason.trim() {
        "" => String::new(),
        reason => format!(" Lý do: {}.", bare(reason)),
    };
    format!("Kết thúc đánh giá, không có điểm và không xếp sao{criterion}: {}.{reason}", bare(&found.ground))
}

/// Without the full stop, which the sentence sets itself.
fn bare(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

/// `69,50 (chính xác 139/2)`; a whole mean needs no fraction.
fn written(mean: &Fraction, decimals: u8) -> String {
    if mean.den == 1 {
        mean.num.to_string()
    } else {
        format!("{} (chính xác {mean})", mean.vi_to(decimals))
    }
}

fn verdict(set: &ProductSet, reached: &str, by_points: u8, stars: u8, missed: &[Missed]) -> String {
    let threshold = set.threshold(by_points).unwrap_or(0);
    if stars < by_points {
        let lowest =
            missed.iter().filter(|(needing, _)| *needing == stars + 1).map(|(_, clause)| clause.clone());
        return format!(
            "Đủ điểm {by_points} sao ({reached}) nhưng {}: xếp {stars} sao.",
            listed(lowest, "; ")
        );
    }
    match (threshold, set.threshold(by_points.saturating_add(1))) {
        (0, Some(above)) => format!("Chưa đủ {above} điểm ({reached}): xếp {stars} sao."),
        _ if stars < 3 => format!("Đủ điểm {stars} sao ({reached}, cần từ {threshold}): xếp {stars} sao."),
        _ => format!(
            "Đủ điểm {stars} sao ({reached}, cần từ {threshold}) và đạt mọi mức tối thiểu của {stars} sao: xếp {stars} sao."
        ),
    }
}

/// What the stars above the result still need: the missed floors up to the stars that the points
/// are enough for, or the points and floors of the next star.
fn still_missing(
    set: &ProductSet,
    by_points: u8,
    stars: u8,
    short: impl Fn(u16) -> String,
    missed: &[Missed],
) -> Vec<String> {
    let of = |wanted: u8| {
        let clauses: Vec<String> = missed
            .iter()
            .filter(|(needing, _)| *needing == wanted)
            .map(|(_, clause)| clause.clone())
            .collect();
        (!clauses.is_empty()).then(|| clauses.join("; "))
    };
    if stars < by_points {
        let above = (stars + 2..=by_points).filter_map(of);
        return above.map(|clauses| format!("Ngoài ra, {clauses}.")).collect();
    }
    let next = stars.saturating_add(1);
    set.threshold(next)
        .map(|threshold| {
            let floors = of(next).map(|clauses| format!("; {clauses}")).unwrap_or_default();
            format!("Để lên {next} sao{}{floors}.", short(threshold))
        })
        .into_iter()
        .collect()
}

fn missed_by_sheet(floor: &FloorCheck) -> String {
    let reached = match floor.level {
        0 => "chưa đạt mức nào".to_owned(),
        level => format!("mới đạt mức {level}"),
    };
    let FloorCheck { code, stars, needed_level, needed_points, .. } = floor;
    format!("tiêu chí {code} {reached}, {stars} sao cần mức {needed_level} ({needed_points} điểm)")
}

fn missed_by_council(floor: &FloorTally, decimals: u8) -> String {
    let FloorTally { code, stars, needed_level, needed_points, at_or_above, of, met: _, basis } = floor;
    let reached = format!("{at_or_above}/{of} phiếu đạt mức {needed_level} ({needed_points} điểm) trở lên");
    match basis {
        None => format!("tiêu chí {code} mới có {reached}, {stars} sao cần quá nửa số phiếu"),
        Some(FloorBasis::Mean(mean)) => {
            format!(
                "tiêu chí {code} trung bình {} điểm, {stars} sao cần trung bình từ {needed_points} điểm",
                mean.vi_to(decimals)
            )
        }
        Some(FloorBasis::Agreed(Some(level))) => {
            format!(
                "tiêu chí {code} được Hội đồng thống nhất mức {level}, {stars} sao cần mức {needed_level} ({needed_points} điểm)"
            )
        }
        Some(FloorBasis::Agreed(None)) if *at_or_above == 0 => {
            format!(
                "tiêu chí {code} không có phiếu nào đạt mức {needed_level} ({needed_points} điểm), {stars} sao cần mức đó"
            )
        }
        Some(FloorBasis::Agreed(None)) => {
            format!("tiêu chí {code} có {reached}, Hội đồng chưa thống nhất mức cho {stars} sao")
        }
    }
}

fn ignored(set: &ProductSet, code: &str) -> Option<String> {
    let condition = set.criterion(code)?.applies_if.as_ref()?;
    Some(format!(
        "Tiêu chí {code} không tính điểm: {} (tiêu chí {} từ mức {} trở lên).",
        in_sentence(bare(&condition.text)),
        condition.criterion,
        condition.level
    ))
}

fn listed(items: impl Iterator<Item = String>, between: &str) -> String {
    items.collect::<Vec<_>>().join(between)
}
