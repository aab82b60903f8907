//! Frozen reports: as they stood when somebody froze them, and never computed again.

use ocop_core::id::{ReportId, RoundId};
use ocop_core::journal::sha256_hex;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_core::reports::ReportKind;
use ocop_store::db::Chain;
use ocop_store::reports::FrozenReport;
use serde_json::json;

use super::scope::{ReportQuery, scope_of};
use super::view::{Frozen, Report};
use super::{report, round_report};
use crate::runtime::fresh;
use crate::{App, AppError, Refusal};

/// Frozen reports that the list shows.
const LISTED: i64 = 200;

/// A frozen report's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenPage {
    /// Who froze it, and when.
    pub frozen: Frozen,
    /// The report, or none when what was kept is damaged: then nothing of it is shown.
    pub report: Option<Report>,
}

/// Freezes a report as the officer sees it now.
pub async fn freeze(
    app: &App,
    actor: &Actor,
    kind: ReportKind,
    round: Option<&RoundId>,
    query: &ReportQuery,
) -> Result<ReportId, AppError> {
    let told = if kind == ReportKind::Round {
        round_report(app, actor, round.ok_or(AppError::NotFound)?).await?.report
    } else {
        report(app, actor, kind, query).await?
    };
    let mut tx = app.db.write(Chain::of("province", &told.province)).await?;
    let subject = Subject {
        province: Some(told.province.clone()),
        commune: Some(told.commune.clone()).filter(|code| !code.is_empty()),
        ..Subject::default()
    };
    let permit = policy::may(actor, Action::FreezeReport, &subject)?;
    let Ok(body) = serde_json::to_string(&told) else { return Err(AppError::NotFound) };
    let now = app.now();
    let kept = FrozenReport {
        id: fresh(&*app.ids),
        province: told.province,
        kind: kind.code().to_owned(),
        title: format!("{} – {}", told.title, told.place),
        as_of: told.on,
        hash: sha256_hex(body.as_bytes()),
        body,
        author: actor.name.clone(),
        author_id: actor.person.clone(),
        frozen_at: now,
    };
    ocop_store::reports::freeze(&mut tx, &kept).await?;
    let details = json!({ "report": kept.id, "kind": kept.kind, "as_of": kept.as_of, "hash": kept.hash });
    tx.commit(permit, now, &details).await?;
    Ok(kept.id)
}

fn head(kept: &FrozenReport) -> Frozen {
    Frozen {
        id: kept.id.clone(),
        title: kept.title.clone(),
        on: kept.as_of,
        author: kept.author.clone(),
        at: kept.frozen_at,
        hash: kept.hash.clone(),
    }
}

/// What was kept, when it is still what was frozen.
fn body(kept: &FrozenReport) -> Option<Report> {
    if sha256_hex(kept.body.as_bytes()) != kept.hash {
        return None;
    }
    serde_json::from_str(&kept.body).ok()
}

/// A frozen report. An officer of a commune sees those of the commune.
///
/// # Errors
/// [`AppError::NotFound`], also for a report of another place.
pub async fn frozen(app: &App, actor: &Actor, id: &ReportId) -> Result<FrozenPage, AppError> {
    let mut tx = app.db.read().await?;
    let scope = scope_of(app, &mut tx, actor, Action::ReadRegistry, &ReportQuery::default()).await?;
    let kept = ocop_store::reports::find_frozen(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    if kept.province != scope.province {
        return Err(AppError::NotFound);
    }
    let page = FrozenPage { frozen: head(&kept), report: body(&kept) };
    let commune = page.report.as_ref().map_or("", |report| report.commune.as_str());
    // Of a damaged report it is not known which commune it tells of.
    if !scope.commune.is_empty() && commune != scope.commune {
        return Err(AppError::NotFound);
    }
    Ok(page)
}

/// The frozen reports that the officer may see, newest first.
pub async fn frozen_list(app: &App, actor: &Actor) -> Result<Vec<Frozen>, AppError> {
    let mut tx = app.db.read().await?;
    let scope = scope_of(app, &mut tx, actor, Action::ReadRegistry, &ReportQuery::default()).await?;
    let kept = ocop_store::reports::frozen_of(&mut tx, &scope.province, LISTED).await?;
    let may_see = |one: &&FrozenReport| {
        scope.commune.is_empty() || body(one).is_some_and(|report| report.commune == scope.commune)
    };
    Ok(kept.iter().filter(may_see).map(head).collect())
}

/// The words on the page of a damaged report.
pub(super) fn damaged() -> AppError {
    Refusal::because(
        "Nội dung đã chốt không còn nguyên vẹn (mã băm không khớp), nên không hiện được. \
         Hãy khôi phục cơ sở dữ liệu từ bản sao lưu, hoặc chốt báo cáo mới.",
    )
}
