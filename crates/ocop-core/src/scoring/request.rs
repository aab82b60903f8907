//! Scoring requests as JSON: what `ocop score` and `ocop tally` read and print.
//!
//! One request or an array of them; an unknown key is an error, because a misspelt
//! `disqualified` would give stars to a product that has none.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Choice, Disqualification, FloorTally, Fraction, NoWay, ScoreFault, Scored, Sheet, Tally, Way};
use crate::rules::{PartCode, ProductSet, Rules};

/// A request that cannot be answered; its text names what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// Not JSON, or not the JSON of a request.
    #[error("{0}")]
    Json(String),
    /// The request does not fit the rules.
    #[error(transparent)]
    Score(#[from] ScoreFault),
    /// No way leads to the star.
    #[error(transparent)]
    NoWay(#[from] NoWay),
    /// A request of an array is at fault.
    #[error("yêu cầu [{index}] trong mảng: {fault}")]
    At {
        /// Its index, from 0 as in JSON.
        index: usize,
        /// Its fault.
        fault: Box<RequestFault>,
    },
}

/// Answers scoring requests: text in, text out, an array for an array.
///
/// # Errors
/// The first request that is at fault; then none is answered.
pub fn score_json(rules: &Rules, text: &str) -> Result<String, RequestFault> {
    answer_each(text, |request| score_one(rules, request))
}

/// Answers tally requests: text in, text out, an array for an array.
///
/// # Errors
/// The first request that is at fault; then none is answered.
pub fn tally_json(rules: &Rules, text: &str) -> Result<String, RequestFault> {
    answer_each(text, |request| tally_one(rules, request))
}

/// Answers requests for the way to a star: text in, text out, an array for an array.
///
/// # Errors
/// The first request that is at fault; then none is answered.
pub fn advise_json(rules: &Rules, text: &str) -> Result<String, RequestFault> {
    answer_each(text, |request| advise_one(rules, request))
}

fn answer_each<A: Serialize>(
    text: &str,
    answer: impl Fn(Value) -> Result<A, RequestFault>,
) -> Result<String, RequestFault> {
    let json: Value = serde_json::from_str(text).map_err(|fault| json_fault("không phải JSON", &fault))?;
    let printed = match json {
        Value::Array(requests) => {
            let answers: Vec<A> = requests
                .into_iter()
                .enumerate()
                .map(|(index, request)| {
                    answer(request).map_err(|fault| RequestFault::At { index, fault: Box::new(fault) })
                })
                .collect::<Result<_, _>>()?;
            serde_json::to_string_pretty(&answers)
        }
        one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            serde_json::to_string_pretty(&answer(one)?)
        }
    };
    printed.map_err(|fault| json_fault("không viết được kết quả", &fault))
}

fn json_fault(what: &str, fault: &serde_json::Error) -> RequestFault {
    RequestFault::Json(format!("{what}: {fault}"))
}

fn read<T: DeserializeOwned>(json: Value, what: &str) -> Result<T, RequestFault> {
    serde_json::from_value(json).map_err(|fault| json_fault(what, &fault))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "một yêu cầu {\"regime\", \"set\", \"choices\"}")]
struct ScoreRequest {
    /// The caller's own mark, given back with the answer.
    id: Option<Value>,
    regime: String,
    set: i64,
    choices: BTreeMap<String, Value>,
    #[serde(default)]
    disqualified: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "một yêu cầu {\"regime\", \"set\", \"choices\", \"stars\"}")]
struct WayRequest {
    id: Option<Value>,
    regime: String,
    set: i64,
    choices: BTreeMap<String, Value>,
    #[serde(default)]
    disqualified: Value,
    /// The star to reach; the next one when it is left out.
    stars: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "một yêu cầu {\"regime\", \"set\", \"ballots\"}")]
struct TallyRequest {
    id: Option<Value>,
    regime: String,
    set: i64,
    ballots: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "một phiếu {\"choices\"}")]
struct BallotRequest {
    #[serde(default, rename = "id")]
    _id: Option<Value>,
    choices: BTreeMap<String, Value>,
    #[serde(default)]
    disqualified: Value,
}

/// Numbers are read wide, so that a level of 300 is an unknown level and not a broken request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "{\"level\": số}")]
struct ChoiceRequest {
    #[serde(default = "first_alternative")]
    alternative: i64,
    level: i64,
    note: Option<String>,
}

fn first_alternative() -> i64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "{\"ground\", \"reason\"}, true hoặc false")]
struct DisqualifiedRequest {
    criterion: Option<String>,
    ground: String,
    reason: String,
}

fn find<'a>(rules: &'a Rules, regime: &str, set: i64) -> Result<&'a Arc<ProductSet>, ScoreFault> {
    let found =
        rules.regime(regime).ok_or_else(|| ScoreFault::UnknownRegime { regime: regime.to_owned() })?;
    let no = u16::try_from(set).ok();
    no.and_then(|no| found.sets.get(&no))
        .ok_or_else(|| ScoreFault::UnknownSet { regime: regime.to_owned(), set })
}

fn sheet(
    set: &ProductSet,
    choices: BTreeMap<String, Value>,
    disqualified: Value,
) -> Result<Sheet, RequestFault> {
    let mut sheet = Sheet { choices: BTreeMap::new(), disqualified: declared(disqualified)? };
    for (code, json) in choices {
        let choice = choice(set, &code, json)?;
        sheet.choices.insert(code, choice);
    }
    Ok(sheet)
}

fn choice(set: &ProductSet, code: &str, json: Value) -> Result<Choice, RequestFault> {
    let unknown = || ScoreFault::UnknownCriterion { set: set.reference(), code: code.to_owned() };
    let criterion = set.criterion(code).ok_or_else(unknown)?;
    let asked: ChoiceRequest = read(json, &format!("tiêu chí {code}"))?;
    let no = u8::try_from(asked.alternative).ok();
    let (no, alternative) = no.and_then(|no| Some((no, criterion.alternative(no)?))).ok_or_else(|| {
        ScoreFault::UnknownAlternative {
            code: code.to_owned(),
            alternative: asked.alternative,
            count: criterion.alternatives.len(),
        }
    })?;
    let highest = alternative.highest();
    let level = u8::try_from(asked.level)
        .ok()
        .filter(|level| *level <= highest)
        .ok_or_else(|| ScoreFault::UnknownLevel { code: code.to_owned(), level: asked.level, highest })?;
    Ok(Choice { alternative: no, level, note: asked.note })
}

/// `false` and `null`: none; `true`: declared without a ground; otherwise ground and reason.
fn declared(json: Value) -> Result<Option<Disqualification>, RequestFault> {
    match json {
        Value::Null | Value::Bool(false) => Ok(None),
        Value::Bool(true) => Ok(Some(Disqualification {
            criterion: None,
            ground: "Bị loại".to_owned(),
            reason: "yêu cầu không nêu lý do".to_owned(),
        })),
        given @ (Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            let DisqualifiedRequest { criterion, ground, reason } = read(given, "disqualified")?;
            Ok(Some(Disqualification { criterion, ground, reason }))
        }
    }
}

/// The answer to a scoring request. A disqualified sheet has no points and no stars.
#[derive(Debug, Serialize)]
struct ScoreAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(rename = "A")]
    a: Option<u16>,
    #[serde(rename = "B")]
    b: Option<u16>,
    #[serde(rename = "C")]
    c: Option<u16>,
    total: Option<u16>,
    stars_by_points: Option<u8>,
    stars_after_floors: Option<u8>,
    floors_missed_for_next_star: Vec<String>,
    ignored: Vec<String>,
    unanswered: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disqualified: Option<Disqualification>,
    explanation: Vec<String>,
}

fn score_one(rules: &Rules, json: Value) -> Result<ScoreAnswer, RequestFault> {
    let request: ScoreRequest = read(json, "yêu cầu chấm điểm")?;
    let set = find(rules, &request.regime, request.set)?;
    let scored = super::score(set, &sheet(set, request.choices, request.disqualified)?)?;
    Ok(ScoreAnswer::of(request.id, scored))
}

/// The answer to a request for a way.
#[derive(Debug, Serialize)]
struct WayAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(flatten)]
    way: Way,
}

fn advise_one(rules: &Rules, json: Value) -> Result<WayAnswer, RequestFault> {
    let request: WayRequest = read(json, "yêu cầu gợi ý")?;
    let set = find(rules, &request.regime, request.set)?;
    let sheet = sheet(set, request.choices, request.disqualified)?;
    Ok(WayAnswer { id: request.id, way: super::advise(set, &sheet, request.stars)? })
}

impl ScoreAnswer {
    fn of(id: Option<Value>, scored: Scored) -> Self {
        let stands = scored.disqualified.is_none();
        Self {
            id,
            a: stands.then_some(scored.parts.a),
            b: stands.then_some(scored.parts.b),
            c: stands.then_some(scored.parts.c),
            total: stands.then_some(scored.total),
            stars_by_points: stands.then_some(scored.stars_by_points),
            stars_after_floors: stands.then_some(scored.stars),
            floors_missed_for_next_star: scored.missed_for_next_star,
            ignored: scored.ignored,
            unanswered: scored.unanswered,
            disqualified: scored.disqualified,
            explanation: scored.explanation,
        }
    }
}

/// The answer to a tally request. A disqualified product has no mean and no stars.
#[derive(Debug, Serialize)]
struct TallyAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    /// `null` for a ballot that declares a knock-out and is not counted.
    member_totals: Vec<Option<u16>>,
    mean: Option<Fraction>,
    mean_2dp: Option<String>,
    parts: Option<BTreeMap<PartCode, Fraction>>,
    stars_by_points: Option<u8>,
    floors: Vec<FloorAnswer>,
    floors_not_met: Vec<FloorAnswer>,
    stars_after_floors: Option<u8>,
    floors_missed_for_next_star: Vec<String>,
    spread: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disqualified: Option<Disqualification>,
    explanation: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct FloorAnswer {
    criterion: String,
    star: u8,
    level: u8,
    at_or_above: usize,
    of: usize,
    met: bool,
}

fn tally_one(rules: &Rules, json: Value) -> Result<TallyAnswer, RequestFault> {
    let request: TallyRequest = read(json, "yêu cầu tổng hợp")?;
    let set = find(rules, &request.regime, request.set)?;
    let mut ballots = Vec::new();
    for (index, json) in request.ballots.into_iter().enumerate() {
        let ballot = read::<BallotRequest>(json, "phiếu")
            .and_then(|ballot| sheet(set, ballot.choices, ballot.disqualified))
            .map_err(|fault| RequestFault::Json(format!("phiếu [{index}]: {fault}")))?;
        ballots.push(ballot);
    }
    Ok(TallyAnswer::of(request.id, super::tally(set, &ballots)?))
}

impl TallyAnswer {
    fn of(id: Option<Value>, tally: Tally) -> Self {
        let stands = tally.disqualified.is_none();
        let floors: Vec<FloorAnswer> =
            if stands { tally.floors.iter().map(floor).collect() } else { Vec::new() };
        Self {
            id,
            member_totals: member_totals(&tally),
            mean: stands.then_some(tally.mean),
            mean_2dp: stands.then(|| tally.mean.to_2dp()),
            parts: stands.then(|| PartCode::ALL.iter().copied().zip(tally.parts_mean).collect()),
            stars_by_points: stands.then_some(tally.stars_by_points),
            floors_not_met: floors.iter().filter(|floor| !floor.met).cloned().collect(),
            floors,
            stars_after_floors: stands.then_some(tally.stars),
            floors_missed_for_next_star: tally.missed_for_next_star,
            spread: stands.then_some(tally.spread),
            disqualified: tally.disqualified,
            explanation: tally.explanation,
        }
    }
}

fn floor(floor: &FloorTally) -> FloorAnswer {
    FloorAnswer {
        criterion: floor.code.clone(),
        star: floor.stars,
        level: floor.needed_level,
        at_or_above: floor.at_or_above,
        of: floor.of,
        met: floor.met,
    }
}

/// One entry a ballot, in the order given.
fn member_totals(tally: &Tally) -> Vec<Option<u16>> {
    let mut totals = tally.member_totals.iter().copied();
    let ballots = tally.member_totals.len() + tally.set_aside.len();
    (0..ballots).map(|at| if tally.set_aside.contains(&at) { None } else { totals.next() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    const FULL: &str = r#""1.1": {"level": 3}, "1.2": {"level": 2}, "2": {"level": 2}, "3.1": {"level": 3}, "3.2": {"level": 2}"#;

    fn scored(request: &str) -> Value {
        serde_json::from_str(&score_json(&sample::rules(), request).unwrap()).unwrap()
    }

    fn fault(request: &str) -> String {
        score_json(&sample::rules(), request).unwrap_err().to_string()
    }

    fn with_choices(more: &str) -> String {
        format!(r#"{{"regime": "2026-26", "set": 4, "choices": {{{more}}}}}"#)
    }

    #[test]
    fn an_answer_has_the_agreed_keys() {
        let answer = scored(&with_choices(&format!(
            r#"{FULL}, "4": {{"alternative": 2, "level": 1}}, "5.1": {{"level": 2}}"#
        )));
        assert_eq!(
            answer,
            serde_json::json!({
                "A": 40, "B": 25, "C": 16, "total": 81, "stars_by_points": 4, "stars_after_floors": 4,
                "floors_missed_for_next_star": ["4"], "ignored": [], "unanswered": [],
                "explanation": [
                    "Tổng 81/100 điểm: phần A 40/40, phần B 25/25, phần C 16/35.",
                    "Đủ điểm 4 sao (81 điểm, cần từ 70) và đạt mọi mức tối thiểu của 4 sao: xếp 4 sao.",
                    "Để lên 5 sao còn thiếu 9 điểm; tiêu chí 4 mới đạt mức 1, 5 sao cần mức 2 (20 điểm).",
                ],
            })
        );
    }

    #[test]
    fn a_disqualified_sheet_has_no_points() {
        let check = |disqualified: &str, ground: &str, reason: &str| {
            let request =
                with_choices(FULL).replacen('{', &format!(r#"{{"disqualified": {disqualified},"#), 1);
            let answer = scored(&request);
            assert_eq!(
                (&answer["total"], &answer["A"], &answer["stars_after_floors"]),
                (&Value::Null, &Value::Null, &Value::Null)
            );
            assert_eq!(answer["floors_missed_for_next_star"], Value::Array(Vec::new()));
            assert_eq!(
                (&answer["disqualified"]["ground"], &answer["disqualified"]["reason"]),
                (&ground.into(), &reason.into())
            );
        };
        check("true", "Bị loại", "yêu cầu không nêu lý do");
        check(
            r#"{"ground": "Giả mạo hồ sơ", "reason": "Phiếu kiểm nghiệm giả"}"#,
            "Giả mạo hồ sơ",
            "Phiếu kiểm nghiệm giả",
        );
        let stands = with_choices(FULL).replacen('{', r#"{"disqualified": false,"#, 1);
        assert_eq!(scored(&stands), scored(&with_choices(FULL)));
    }

    #[test]
    fn an_array_is_answered_by_an_array_and_ids_come_back() {
        let request = with_choices("").replacen('{', r#"{"id": "h1","#, 1);
        let answer = scored(&format!("[{request}, {}]", with_choices(FULL)));
        assert_eq!((&answer[0]["id"], &answer[0]["total"]), (&"h1".into(), &0.into()));
        assert_eq!((answer[1].get("id"), &answer[1]["total"]), (None, &65.into()));
        assert_eq!(scored("[]"), Value::Array(Vec::new()));
    }

    #[test]
    fn a_wrong_request_is_named() {
        let check = |choices: &str, expected: &str| assert_eq!(fault(&with_choices(choices)), expected);
        check(r#""9.9": {"level": 1}"#, "bộ 2026-26/4 không có tiêu chí «9.9»");
        check(r#""1.1": {"level": 4}"#, "tiêu chí 1.1 không có mức 4 (từ 0 là không đạt mức nào, đến 3)");
        check(r#""1.1": {"level": -1}"#, "tiêu chí 1.1 không có mức -1 (từ 0 là không đạt mức nào, đến 3)");
        check(r#""4": {"level": 1, "alternative": 3}"#, "tiêu chí 4 không có trường hợp 3 (chỉ có 1 đến 2)");
        check(r#""1.1": {"level": 1.5}"#, "tiêu chí 1.1: invalid type: floating point `1.5`, expected i64");
        check(r#""1.1": 2"#, "tiêu chí 1.1: invalid type: integer `2`, expected {\"level\": số}");
        assert_eq!(
            fault(r#"{"regime": "2020-1", "set": 4, "choices": {}}"#),
            "không có bộ quy định «2020-1»"
        );
        assert_eq!(
            fault(r#"{"regime": "2026-26", "set": 99999, "choices": {}}"#),
            "bộ quy định 2026-26 không có bộ 99999"
        );
        assert_eq!(fault("{"), "không phải JSON: EOF while parsing an object at line 1 column 1");
        assert!(fault(r#"{"regime": "2026-26", "set": 4}"#).contains("missing field `choices`"));
        assert!(
            fault(&with_choices("").replacen('{', r#"{"disqualifed": true,"#, 1))
                .contains("unknown field `disqualifed`")
        );
        let second = format!("[{}, {}]", with_choices(""), with_choices(r#""9": {"level": 1}"#));
        assert_eq!(fault(&second), "yêu cầu [1] trong mảng: bộ 2026-26/4 không có tiêu chí «9»");
    }

    #[test]
    fn a_tally_shows_the_mean_exactly_and_rounded() {
        let ballot = |level: u8| format!(r#"{{"choices": {{{FULL}, "4": {{"level": {level}}}}}}}"#);
        let request = format!(
            r#"{{"regime": "2026-26", "set": 4, "ballots": [{}, {}, {}]}}"#,
            ballot(0),
            ballot(1),
            ballot(1)
        );
        let answer: Value = serde_json::from_str(&tally_json(&sample::rules(), &request).unwrap()).unwrap();
        assert_eq!(answer["member_totals"], serde_json::json!([65, 70, 70]));
        assert_eq!((&answer["mean"], &answer["mean_2dp"]), (&"205/3".into(), &"68.33".into()));
        assert_eq!(answer["parts"], serde_json::json!({"A": "40/1", "B": "25/1", "C": "10/3"}));
        assert_eq!(
            (&answer["stars_by_points"], &answer["stars_after_floors"], &answer["spread"]),
            (&3.into(), &3.into(), &5.into())
        );
        assert_eq!(
            answer["floors"][4],
            serde_json::json!({"criterion": "4", "star": 5, "level": 2, "at_or_above": 3, "of": 3, "met": true})
        );
        assert_eq!(answer["floors_not_met"], Value::Array(Vec::new()));
        assert_eq!(
            answer["explanation"],
            serde_json::json!([
                "Điểm trung bình của 3 phiếu là 68,33 (chính xác 205/3): phần A 40,00/40, phần B 25,00/25, phần C 3,33/35.",
                "Đủ điểm 3 sao (trung bình 68,33 điểm, cần từ 50) và đạt mọi mức tối thiểu của 3 sao: xếp 3 sao.",
                "Để lên 4 sao, trung bình phải từ 70 điểm.",
                "Phiếu cao nhất và phiếu thấp nhất chênh nhau 5 điểm.",
            ])
        );
    }

    #[test]
    fn a_wrong_ballot_is_named() {
        let request = r#"{"regime": "2026-26", "set": 4, "ballots": [{"choices": {}}, {"choices": {"1.1": {"level": 7}}}]}"#;
        assert_eq!(
            tally_json(&sample::rules(), request).unwrap_err().to_string(),
            "phiếu [1]: tiêu chí 1.1 không có mức 7 (từ 0 là không đạt mức nào, đến 3)"
        );
        let none = r#"{"regime": "2026-26", "set": 4, "ballots": []}"#;
        assert_eq!(tally_json(&sample::rules(), none), Err(RequestFault::Score(ScoreFault::NoBallots)));
    }
}
