//! Filling in one's own ballot.

use ocop_core::dossiers::State;
use ocop_core::id::BallotId;
use ocop_core::journal::sha256_hex;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit};
use ocop_core::rules::{Criterion, ProductSet, Trigger};
use ocop_core::scoring::book::NOTE_LIMIT;
use ocop_core::scoring::{Choice, Disqualification, Sheet, score};
use ocop_store::Tx;
use ocop_store::db::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{OwnBallot, Totals, dossier_of, own_ballot};
use crate::{App, AppError, Fields, Refusal};

/// A choice as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerInput {
    /// `ALTERNATIVE:LEVEL`, such as `1:3`; level 0 = none met.
    pub choice: String,
    /// The remark; level 0 needs one before the ballot can be sealed.
    pub note: String,
    /// The version that was read.
    pub version: String,
    /// Where to go after saving; not part of the ballot.
    pub then: String,
}

/// What a save answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// The hour in Vietnam: `10:32`.
    pub saved_at: String,
    /// The new version.
    pub version: i64,
    /// One's own totals.
    pub totals: Totals,
}

/// An open ballot inside a write transaction, with the permit to save it.
struct OpenBallot {
    own: OwnBallot,
    permit: Permit,
    version: i64,
}

async fn open(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &BallotId,
    version: &str,
) -> Result<OpenBallot, AppError> {
    let own = own_ballot(app, tx, actor, id).await?;
    let permit = policy::may(actor, Action::SaveBallot, &own.facts.subject)?;
    refuse_when_closed(&own)?;
    Ok(OpenBallot { own, permit, version: version.trim().parse().unwrap_or(0) })
}

/// A sealed ballot never changes, and an open one only while members score.
pub(super) fn refuse_when_closed(own: &OwnBallot) -> Result<(), AppError> {
    if let Some(at) = own.ballot.sealed_at {
        return Err(Refusal::because(format!(
            "Phiếu này đã được niêm lúc {} nên không sửa được nữa. Niêm nhầm thì đề nghị Chủ tịch mở lại phiếu trước \
             khi mở kết quả.",
            at.written()
        )));
    }
    if let Some(reason) = &own.excused {
        return Err(Refusal::because(format!(
            "Chủ tịch Hội đồng đã cho bạn rời phiên ({reason}), nên phiếu chưa niêm này không nhận điểm nữa."
        )));
    }
    if own.facts.row.state != State::Scoring {
        return Err(Refusal::because(format!(
            "Hồ sơ đang ở bước «{}», không nhận phiếu chấm.",
            own.facts.row.state.name()
        )));
    }
    Ok(())
}

/// Fills in one's own ballot at once, as an import of a sheet scored elsewhere does.
pub async fn fill_ballot(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    version: i64,
    sheet: &Sheet,
) -> Result<Saved, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let open = open(app, &mut tx, actor, id, &version.to_string()).await?;
    sheet.check(&open.own.set)?;
    let opinion = open.own.ballot.opinion.clone();
    keep(app, tx, open, sheet, &opinion, "Phiếu đã được lưu ở nơi khác.").await
}

/// Saves the choice for one criterion. The server computes; nothing of a total comes from the
/// browser (law 8).
pub async fn save_answer(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    code: &str,
    input: &AnswerInput,
) -> Result<Saved, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let open = open(app, &mut tx, actor, id, &input.version).await?;
    let criterion = open.own.set.criterion(code).ok_or(AppError::NotFound)?;
    let choice = read_choice(criterion, &input.choice, &input.note)?;
    let mut sheet = open.own.ballot.sheet.clone();
    sheet.choices.insert(code.to_owned(), choice);
    let opinion = open.own.ballot.opinion.clone();
    let told = format!("Ở bản đang lưu, tiêu chí {code} {}.", written(criterion, &open.own.ballot.sheet));
    keep(app, tx, open, &sheet, &opinion, &told).await
}

/// A choice as it is typed, `ALTERNATIVE:LEVEL`, with its remark.
pub(super) fn read_choice(criterion: &Criterion, typed: &str, note: &str) -> Result<Choice, AppError> {
    let mut fields = Fields::new();
    let note = fields.optional("note", note, NOTE_LIMIT);
    let typed = typed.split_once(':');
    let chosen =
        typed.and_then(|(alternative, level)| Some((alternative.parse().ok()?, level.parse().ok()?)));
    let exists = |(alternative, level): &(u8, u8)| {
        criterion.alternative(*alternative).is_some_and(|cases| *level == 0 || cases.level(*level).is_some())
    };
    let chosen = chosen.filter(exists);
    if chosen.is_none() {
        fields.fault("choice", "Chọn một mức của tiêu chí này, hoặc «Không đạt mức nào».");
    }
    fields.done()?;
    let (alternative, level) = chosen.ok_or(AppError::NotFound)?;
    Ok(Choice { alternative, level, note: (!note.is_empty()).then_some(note) })
}

/// What is saved for a criterion, to tell a tab that is out of date.
fn written(criterion: &Criterion, sheet: &Sheet) -> String {
    match sheet.choices.get(&criterion.code) {
        None => "chưa chấm".to_owned(),
        Some(choice) if choice.level == 0 => "là «Không đạt mức nào»".to_owned(),
        Some(choice) => {
            let level = criterion.alternative(choice.alternative).and_then(|cases| cases.level(choice.level));
            format!("là mức {} ({} điểm)", choice.level, level.map_or(0, |level| level.points))
        }
    }
}

/// What is sent instead of a ground to take a declaration back.
pub const WITHDRAW: &str = "withdraw";

/// A ground for disqualification as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisqualifyInput {
    /// A ground's code from [`super::Ground`]; [`WITHDRAW`] takes the declaration back.
    pub ground: String,
    /// What was found.
    pub reason: String,
    /// The version that was read.
    pub version: String,
}

/// Declares on one's own ballot that the dossier is out, or takes that back.
pub async fn declare_disqualification(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    input: &DisqualifyInput,
) -> Result<Saved, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let open = open(app, &mut tx, actor, id, &input.version).await?;
    let mut sheet = open.own.ballot.sheet.clone();
    sheet.disqualified = read_ground(&open.own.set, input)?;
    let opinion = open.own.ballot.opinion.clone();
    let told = match &open.own.ballot.sheet.disqualified {
        Some(declared) => format!("Bản đang lưu đề nghị loại hồ sơ vì: {}.", declared.ground),
        None => "Bản đang lưu không đề nghị loại hồ sơ.".to_owned(),
    };
    keep(app, tx, open, &sheet, &opinion, &told).await
}

fn read_ground(set: &ProductSet, input: &DisqualifyInput) -> Result<Option<Disqualification>, AppError> {
    if input.ground == WITHDRAW {
        return Ok(None);
    }
    let mut fields = Fields::new();
    let found = grounds(set).into_iter().find(|(code, _, _)| *code == input.ground);
    if found.is_none() {
        fields.fault("ground", "Chọn một căn cứ trong danh sách.");
    }
    let reason =
        fields.required("reason", &input.reason, NOTE_LIMIT, "Ghi rõ điều đã phát hiện, ở giấy tờ nào.");
    fields.done()?;
    Ok(found.map(|(_, criterion, ground)| Disqualification { criterion, ground, reason }))
}

/// The grounds that a member may declare: code, criterion, words. Those against the whole dossier
/// come first, then those of the criteria that no level expresses.
pub(super) fn grounds(set: &ProductSet) -> Vec<(String, Option<String>, String)> {
    let whole =
        (1..).zip(&set.disqualifiers).map(|(no, text): (usize, _)| (format!("set:{no}"), None, text.clone()));
    let of_criteria = set.criteria().flat_map(|criterion| {
        let declared = criterion.knockouts.iter().filter(|knockout| knockout.trigger == Trigger::Declared);
        (1..).zip(declared).map(|(no, knockout): (usize, _)| {
            (format!("{}:{no}", criterion.code), Some(criterion.code.clone()), knockout.text.clone())
        })
    });
    whole.chain(of_criteria).collect()
}

/// The member's opinion as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpinionInput {
    /// The words.
    pub opinion: String,
    /// The version that was read.
    pub version: String,
}

/// Saves the opinion on one's own ballot.
pub async fn save_opinion(
    app: &App,
    actor: &Actor,
    id: &BallotId,
    input: &OpinionInput,
) -> Result<Saved, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", dossier_of(app, id).await?)).await?;
    let open = open(app, &mut tx, actor, id, &input.version).await?;
    let opinion = read_opinion(&input.opinion)?;
    let sheet = open.own.ballot.sheet.clone();
    keep(app, tx, open, &sheet, &opinion, "Ý kiến hoặc điểm chấm đã được lưu ở nơi khác.").await
}

/// The opinion as it is kept.
pub(super) fn read_opinion(typed: &str) -> Result<String, AppError> {
    let mut fields = Fields::new();
    let opinion = fields.optional("opinion", typed, ocop_core::dossiers::TEXT_LIMIT);
    fields.done()?;
    Ok(opinion)
}

/// The hash of a sheet and an opinion: it stands in the journal, so that a change behind the
/// program's back shows, and it tells nobody the points.
pub(crate) fn fingerprint(sheet: &Sheet, opinion: &str) -> String {
    sha256_hex(json!({ "sheet": sheet, "opinion": opinion }).to_string().as_bytes())
}

async fn keep(
    app: &App,
    mut tx: Tx,
    open: OpenBallot,
    sheet: &Sheet,
    opinion: &str,
    told: &str,
) -> Result<Saved, AppError> {
    let OpenBallot { own, permit, version } = open;
    let scored = score(&own.set, sheet)?;
    let id = &own.ballot.id;
    if !ocop_store::scoring::save_ballot(&mut tx, id, version, sheet, opinion, app.now()).await? {
        return Err(AppError::Stale(format!(
            "Phiếu của bạn đã được lưu ở tab hoặc máy khác lúc {}. {told}",
            own.ballot.saved_at.hour()
        )));
    }
    let details = json!({ "ballot": id, "content": fingerprint(sheet, opinion) });
    tx.commit(permit, app.now(), &details).await?;
    Ok(Saved { saved_at: app.now().hour(), version: version + 1, totals: Totals::of(&own.set, &scored) })
}
