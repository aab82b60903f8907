//! The journal of a dossier in words, and the stages of its way.

use std::collections::BTreeMap;

use ocop_core::centre::Answer;
use ocop_core::dossiers::State;
use ocop_core::journal::Link;
use ocop_core::policy::Action;
use ocop_core::recognition::Outcome;
use ocop_core::time::{Instant, date};
use ocop_core::units::CENTRE;
use ocop_store::dossiers::Dossier;
use ocop_store::{Tx, journal, recognition};
use serde::Deserialize;

use crate::AppError;

/// One thing that happened to a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// When, `24/11/2026 10:32`.
    pub at: String,
    /// What happened.
    pub what: String,
    /// Who did it: a person of the producer or an office, otherwise the body.
    pub who: String,
}

/// Where a stage of the way stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageMark {
    /// Behind.
    Done,
    /// The dossier is here.
    Now,
    /// The dossier ended here without a star.
    Stopped,
    /// Ahead.
    Todo,
}

/// A stage of a dossier's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub mark: StageMark,
    /// Since when, or when it ended, in words; empty when unknown.
    pub when: String,
    /// Where exactly the dossier is, for the stage it stands in.
    pub where_now: &'static str,
}

/// Who may read a line of the journal. Scoring leaves no trace in any history: the moment of a
/// ballot's sealing can betray it (law 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// The producer alone: work on the draft.
    Own,
    /// Everybody who may read the dossier; the person is named.
    AllNamed,
    /// Everybody who may read the dossier; only the body is named.
    AllByBody(&'static str),
    /// Nobody.
    Nobody,
}

fn readers(action: Action) -> Readers {
    match action {
        Action::EditDossier | Action::EditEvidence => Readers::Own,
        Action::OpenDossier
        | Action::SubmitDossier
        | Action::AnswerRequest
        | Action::ReturnFromCommune
        | Action::ProposeToProvince
        | Action::AcceptDossier
        | Action::ReturnFromProvince
        | Action::AssignDossier
        | Action::ReceiveSamples
        | Action::HandleSamples
        | Action::RecordDecision
        | Action::SendToCentre
        | Action::DecideAfterCentre
        | Action::WithdrawDossier
        | Action::ConfirmProductionEnded
        | Action::RevokeCertificate => Readers::AllNamed,
        Action::RequestEvidence | Action::FileAdvisoryReport => Readers::AllByBody("Tổ tư vấn"),
        Action::CheckRenewal => Readers::AllByBody("Cơ quan tham mưu"),
        Action::OpenSession | Action::ConfirmResult => Readers::AllByBody("Hội đồng"),
        Action::ManageOwnAccount
        | Action::RegisterProducer
        | Action::ManageAccounts
        | Action::EditProducer
        | Action::EditProduct
        | Action::ReadEvidence
        | Action::ReadDossier
        | Action::WriteCommuneReport
        | Action::ManageMail
        | Action::ManageRounds
        | Action::ReadBoard
        | Action::ManageCouncil
        | Action::WriteFinding
        | Action::ReadFindings
        | Action::DeclareConflict
        | Action::SaveBallot
        | Action::SealBallot
        | Action::ExcuseMember
        | Action::ReopenBallot
        | Action::ReviseBallot
        | Action::WatchProgress
        | Action::ReadTally
        | Action::LeadDiscussion
        | Action::ReadResult
        | Action::ManageWording
        | Action::InviteMember
        | Action::AcceptInvitation
        | Action::RecordFacts
        | Action::ReadRegistry
        | Action::ImportRegister
        | Action::MergeRecords
        | Action::RecordEvaluation
        | Action::VerifyCertificate
        | Action::ProposeRevocation
        | Action::DeclineRevocation
        | Action::ReadVerification
        | Action::FreezeReport
        | Action::ReadPapers
        | Action::IssuePaper
        | Action::NoteConflict
        | Action::ReplaceMember
        | Action::KeepAssistance
        | Action::DeclareAssistance
        | Action::DeclareRelatives
        | Action::Inspect
        | Action::ReadInspection
        | Action::FileComplaint
        | Action::ReadComplaint
        | Action::HandleComplaint
        | Action::AnswerInspection => Readers::Nobody,
    }
}

/// The history of a dossier, newest first, as its producer (`own`) or anybody else may read it.
/// Edits of the draft that follow each other are one line.
pub(super) async fn history(tx: &mut Tx, row: &Dossier, own: bool) -> Result<Vec<HistoryLine>, AppError> {
    let links = journal::links_of(tx, &format!("dossier:{}", row.id)).await?;
    let outcome = recognition::find_result(tx, &row.id).await?.map(|result| result.outcome);
    let mut names = BTreeMap::new();
    let mut lines: Vec<HistoryLine> = Vec::new();
    let mut last = None;
    for link in &links {
        let Ok(action) = link.action.parse::<Action>() else { continue };
        let who = match readers(action) {
            Readers::Nobody => continue,
            Readers::Own if !own => continue,
            Readers::AllByBody(body) => body.to_owned(),
            Readers::Own | Readers::AllNamed => name_of(tx, &mut names, &link.actor).await?,
        };
        let same = last == Some((action, link.actor.as_str())) && readers(action) == Readers::Own;
        if same {
            lines.pop();
        }
        last = Some((action, link.actor.as_str()));
        let what = what_happened(action, link, outcome).to_owned();
        lines.push(HistoryLine { at: link.at.written(), what, who });
    }
    lines.reverse();
    Ok(lines)
}

/// What an entry tells, in words. One verb records a decision on all results of a council: to a dossier it is what
/// its own result (`outcome`) has led to. What happened at the centre stands in the province's dossier, too.
fn what_happened(action: Action, link: &Link, outcome: Option<Outcome>) -> &'static str {
    let noted = serde_json::from_str::<Noted>(&link.data).unwrap_or_default();
    match (noted.centre, outcome.filter(|_| action == Action::RecordDecision)) {
        (Some(Answer::FiveStars), _) => "Trung ương công nhận 5 sao, cấp giấy chứng nhận",
        (Some(Answer::Refused), _) => "Trung ương thông báo kết quả: chưa đạt 5 sao",
        (Some(Answer::Disqualified), _) => "Trung ương thông báo hồ sơ bị loại",
        (Some(Answer::Withdrawn), _) => "Chủ thể rút hồ sơ ở trung ương",
        (None, Some(Outcome::Certificate)) => "Ghi quyết định công nhận, cấp giấy chứng nhận",
        (None, Some(Outcome::FiveStars)) => "Ghi quyết định công nhận 5 sao, cấp giấy chứng nhận",
        (None, Some(Outcome::Centre)) => "Ghi quyết định phê duyệt kết quả, trình trung ương",
        (None, Some(Outcome::Notice)) => "Thông báo kết quả: chưa đạt 3 sao, không cấp giấy chứng nhận",
        (None, Some(Outcome::Refer)) => {
            "Thông báo kết quả cho tỉnh: chưa đạt 5 sao, không cấp giấy chứng nhận"
        }
        (None, None) if action == Action::SendToCentre => "Gửi hồ sơ lên trung ương",
        (None, Some(Outcome::Disqualified) | None) => action.name(),
    }
}

/// What an entry of the journal says that the centre has answered.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Noted {
    /// In a dossier whose answer came from this software, or from outside it.
    #[serde(alias = "answer")]
    centre: Option<Answer>,
}

async fn name_of(tx: &mut Tx, names: &mut BTreeMap<String, String>, actor: &str) -> Result<String, AppError> {
    if let Some(known) = names.get(actor) {
        return Ok(known.clone());
    }
    let name = crate::stale::name_of(tx, actor).await?;
    names.insert(actor.to_owned(), name.clone());
    Ok(name)
}

/// The six stages of the way with their days.
pub(super) async fn stages(tx: &mut Tx, row: &Dossier) -> Result<Vec<Stage>, AppError> {
    let links = journal::links_of(tx, &format!("dossier:{}", row.id)).await?;
    let last = |action: Action| last_of(&links, action).map(|at| date(at.day())).unwrap_or_default();
    let on = |day: Option<chrono::NaiveDate>| day.map(date).unwrap_or_default();
    let whens = [
        format!("mở {}", date(row.created_at.day())),
        told("nhận ", &on(row.commune_received_on)),
        told("tiếp nhận ", &on(row.province_received_on)),
        told("báo cáo ", &last(Action::FileAdvisoryReport)),
        told("họp ", &last(Action::OpenSession)),
        told("xác nhận ", &last(Action::ConfirmResult)),
    ];
    let names = [
        "Lập hồ sơ",
        "Cấp xã kiểm tra",
        if row.province == CENTRE { "Trung ương tiếp nhận" } else { "Cấp tỉnh tiếp nhận" },
        "Tổ tư vấn đánh giá",
        "Hội đồng chấm điểm",
        "Kết quả",
    ];
    let here = row.state.stage();
    let without_star = matches!(row.state, State::NotRecognised | State::Disqualified | State::Withdrawn);
    let mark = |at: usize| {
        if at == here && without_star {
            StageMark::Stopped
        } else if row.state == State::Withdrawn {
            StageMark::Todo
        } else if at < here || row.state.is_closed() {
            StageMark::Done
        } else if at == here {
            StageMark::Now
        } else {
            StageMark::Todo
        }
    };
    Ok(names
        .into_iter()
        .zip(whens)
        .enumerate()
        .map(|(at, (name, when))| Stage {
            name,
            mark: mark(at),
            when: if at <= here { when } else { String::new() },
            where_now: if at == here { shown_state(row.state) } else { "" },
        })
        .collect())
}

fn told(word: &str, day: &str) -> String {
    if day.is_empty() { String::new() } else { format!("{word}{day}") }
}

fn last_of(links: &[Link], action: Action) -> Option<Instant> {
    links.iter().rev().find(|link| link.action == action.code()).map(|link| link.at)
}

/// The state in words on pages that everybody concerned reads: between the opening of the session
/// and the confirmed result it is not told whether the members agree.
pub fn shown_state(state: State) -> &'static str {
    match state {
        State::Scoring | State::Discussion | State::Tallied => State::Scoring.name(),
        State::Draft
        | State::AtCommune
        | State::AtProvince
        | State::Completing
        | State::Accepted
        | State::Checking
        | State::Advising
        | State::Advised
        | State::Confirmed
        | State::Recognised
        | State::NotRecognised
        | State::ForCentre
        | State::AtCentre
        | State::ReferredBack
        | State::FiveStars
        | State::Fallback
        | State::Again
        | State::Disqualified
        | State::Withdrawn => state.name(),
    }
}
