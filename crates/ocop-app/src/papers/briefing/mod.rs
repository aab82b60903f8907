//! The briefing: what the leader reads before signing a council's decision. The office draws it when the chair has
//! confirmed the results, enters it in the register once its own head has signed it, and keeps it as it was.
//!
//! A council's decisions are counted from 1; each has its pack, the one still to be signed the last.

mod cases;
mod told;

use ocop_core::id::{CouncilId, PaperId};
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::briefing::{NotReady, pack_of, ready};
use ocop_core::time::{Instant, date};
use ocop_documents::Content;
use ocop_store::Tx;
use ocop_store::councils::Council;
use ocop_store::councils::replacements::{Closed, closed_to};
use ocop_store::db::Chain;
use ocop_store::dossiers::{Filter, Listed};
use ocop_store::recognition::{self as store, ConfirmedResult, Decision};
use serde_json::json;

use super::issue::{IssueInput, NewPaper, Signing, issue, next_number, of_office, read_signing};
use super::{Paper, of_record, set};
use crate::councils::{found, subject};
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// Most dossiers of a round.
const MOST: i64 = 10_000;

/// The results that go to the leader together.
struct Pack {
    council: Council,
    /// The decision that it is for, counted from 1.
    no: usize,
    results: Vec<ConfirmedResult>,
    /// All dossiers of the council.
    dossiers: Vec<Listed>,
}

impl Pack {
    /// What the paper is about, in the register: a pack that has grown since it was signed takes another.
    fn about(&self) -> String {
        format!("briefing:{}:{}:{}", self.council.id, self.no, self.results.len())
    }

    fn confirmed_on(&self) -> Option<Instant> {
        self.results.iter().map(|result| result.confirmed_at).max()
    }
}

/// The pack of a decision; without `no`, of the one still to be signed, or of the last one when nothing waits.
async fn pack(tx: &mut Tx, actor: &Actor, council: Council, no: Option<usize>) -> Result<Pack, AppError> {
    let _ = policy::may(actor, Action::RecordDecision, &subject(&council))?;
    let decisions = store::decisions_of_council(tx, &council.id).await?;
    let results = store::results_of_council(tx, &council.id).await?;
    let filter = Filter { council: Some(council.id.clone()), ..Filter::default() };
    let dossiers = ocop_store::dossiers::list(tx, &filter, MOST).await?;
    let waiting = decisions.len() + 1;
    let (no, results) = match no {
        Some(no) if no == 0 || no > waiting => return Err(AppError::NotFound),
        Some(no) => (no, of_pack(results, &decisions, no)),
        None => match of_pack(results.clone(), &decisions, waiting) {
            none if none.is_empty() && !decisions.is_empty() => {
                (decisions.len(), of_pack(results, &decisions, decisions.len()))
            }
            some => (waiting, some),
        },
    };
    Ok(Pack { council, no, results, dossiers })
}

fn of_pack(mut results: Vec<ConfirmedResult>, decisions: &[Decision], no: usize) -> Vec<ConfirmedResult> {
    let recorded: Vec<Instant> = decisions.iter().map(|decision| decision.recorded_at).collect();
    results.retain(|result| {
        let named = decisions.iter().position(|one| Some(&one.id) == result.decision_id.as_ref());
        named.map_or_else(|| pack_of(result.confirmed_at, &recorded), |at| at + 1) == no
    });
    results
}

/// Refuses while the council has not come to its results, and whoever must not know one of them.
async fn must_be_drawn(tx: &mut Tx, actor: &Actor, pack: &Pack, is_open: bool) -> Result<(), AppError> {
    let states: Vec<_> = pack.dossiers.iter().filter(|_| is_open).map(|row| row.state).collect();
    ready(&states, pack.results.len()).map_err(Refusal::from)?;
    for result in &pack.results {
        if closed_to(tx, &result.dossier_id, &actor.person).await? == Some(Closed::Conflict) {
            return Err(Refusal::because(
                "Tờ trình có kết quả của hồ sơ mà bạn có xung đột lợi ích. Hãy để chuyên viên khác lập tờ trình.",
            ));
        }
    }
    Ok(())
}

/// Whether the pack's decision is still to be signed.
async fn is_open(tx: &mut Tx, pack: &Pack) -> Result<bool, AppError> {
    Ok(store::decisions_of_council(tx, &pack.council.id).await?.len() < pack.no)
}

/// The briefing of a council's decision, for the officers who record that decision: the copy of record once it is in
/// the register, what the kept facts give before. `no`: the decision, counted from 1; the one still to be signed
/// without.
///
/// # Errors
/// [`NotReady`] while the council has begun what its chair has not confirmed; a refusal for a reader in conflict.
pub async fn briefing(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    no: Option<usize>,
) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let pack = pack(&mut tx, actor, council, no).await?;
    let open = is_open(&mut tx, &pack).await?;
    must_be_drawn(&mut tx, actor, &pack, open).await?;
    if let Some(paper) = of_record(app, &mut tx, &pack.about()).await? {
        return Ok(paper);
    }
    let input = told::input(app, &mut tx, &pack, None).await?;
    drop(tx);
    let about = input.round.clone();
    set(app, "to-trinh", &about, move |engine| ocop_documents::briefing::render(engine, &input)).await
}

/// The page on which a signed briefing is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefingView {
    /// The council.
    pub council: CouncilId,
    /// Its name.
    pub name: String,
    /// The form with the office's next number.
    pub input: IssueInput,
    /// The paper when it was entered before.
    pub already: Option<PaperId>,
}

/// The form that enters the signed briefing of the decision still to be signed.
pub async fn briefing_form(app: &App, actor: &Actor, id: &CouncilId) -> Result<BriefingView, AppError> {
    let mut tx = app.db.read().await?;
    let council = found(&mut tx, id).await?;
    let _ = policy::may(actor, Action::IssuePaper, &of_office(&council.province))?;
    let pack = pack(&mut tx, actor, council, None).await?;
    let open = is_open(&mut tx, &pack).await?;
    must_be_drawn(&mut tx, actor, &pack, open).await?;
    let number = next_number(app, &mut tx, &pack.council.province, PaperKind::Briefing).await?;
    Ok(BriefingView {
        council: id.clone(),
        already: ocop_store::papers::about(&mut tx, &pack.about()).await?.map(|paper| paper.id),
        name: pack.council.name,
        input: IssueInput { number, ..IssueInput::default() },
    })
}

/// Enters the signed briefing into the office's register: from now on this file is what everybody reads, until the
/// signed copy is attached.
///
/// The chain is the province's, as that of the decision: the results stay as they are until the commit.
pub async fn issue_briefing(
    app: &App,
    actor: &Actor,
    id: &CouncilId,
    input: &IssueInput,
) -> Result<PaperId, AppError> {
    let office = {
        let mut tx = app.db.read().await?;
        found(&mut tx, id).await?.province
    };
    let mut tx = app.db.write(Chain::of("province", &office)).await?;
    let council = found(&mut tx, id).await?;
    let permit = policy::may(actor, Action::IssuePaper, &of_office(&office))?;
    let pack = pack(&mut tx, actor, council, None).await?;
    let open = is_open(&mut tx, &pack).await?;
    must_be_drawn(&mut tx, actor, &pack, open).await?;
    let signing = read_signing(app, PaperKind::Briefing, input, Fields::new())?;
    must_be_signed_after(&pack, &signing)?;
    let content = told::input(app, &mut tx, &pack, Some(&signing)).await?;
    let details = json!({
        "council": id, "pack": pack.no, "dossiers": pack.results.len(),
        "number": signing.number.to_string(), "signed_on": signing.signed_on,
    });
    let paper = NewPaper {
        office,
        kind: PaperKind::Briefing,
        about: pack.about(),
        title: content.subject.clone(),
        signing,
        field: "number",
        content: Content::Briefing(content),
    };
    let paper = issue(app, &mut tx, actor, paper).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(paper)
}

/// Nobody signs what was not yet confirmed.
fn must_be_signed_after(pack: &Pack, signing: &Signing) -> Result<(), AppError> {
    let confirmed = pack.confirmed_on().ok_or_else(|| Refusal::from(NotReady::Nothing))?.day();
    if signing.signed_on >= confirmed {
        return Ok(());
    }
    let words =
        format!("Ngày ký không thể trước ngày Chủ tịch Hội đồng xác nhận kết quả ({}).", date(confirmed));
    Err(AppError::Invalid(vec![FieldFault::new("signed_on", words)]))
}
