//! The tally sheet of a scoring turn.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_core::rules::{PartCode, ProductSet};
use ocop_core::scoring::{Disqualification, Fraction, Tally};
use ocop_documents::tally_sheet::{Mean, TallyFloor, TallyMember, TallySheet, render};
use ocop_documents::{Letterhead, PlaceDate};

use super::filed::Filed;
use super::names::in_sentence;
use super::{Paper, names, set, set_name};
use crate::scoring::{MemberLine, RevisionLine, scoring};
use crate::{App, AppError};

/// The tally sheet of an opened turn, the last one unless `turn` names another: for whoever may
/// see the tally on its page.
pub async fn tally(app: &App, actor: &Actor, id: &DossierId, turn: Option<u16>) -> Result<Paper, AppError> {
    let view = scoring(app, actor, id).await?;
    let wanted = |no: u16| turn.is_none_or(|turn| turn == no);
    let opened = view.opened.into_iter().find(|opened| wanted(opened.no)).ok_or(AppError::NotFound)?;

    let mut tx = app.db.read().await?;
    let row = ocop_store::dossiers::find(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let council = crate::councils::found(&mut tx, row.council_id.as_ref().ok_or(AppError::NotFound)?).await?;
    let seats = ocop_store::councils::seats(&mut tx, &council.id).await?;
    let turns = ocop_store::scoring::turns(&mut tx, id).await?;
    let tallied_at = turns.iter().find(|turn| turn.no == opened.no).and_then(|turn| turn.tallied_at);
    let filed = Filed::submitted(app, &mut tx, row).await?;
    drop(tx);

    let (result, settings) = (&opened.tally, &opened.settings);
    let input = TallySheet {
        letterhead: Letterhead {
            superior: Some(names::committee_head(&filed.province)),
            issuer: council.name,
            number: None,
            symbol: Some("BTH-HĐ".to_owned()),
            place_date: PlaceDate {
                place: names::place(&filed.province),
                date: tallied_at.map(|at| at.day()),
            },
        },
        round: filed.round.name.clone(),
        product: filed.told.product.name.clone(),
        product_code: filed.told.product.code.clone(),
        producer: filed.told.producer.name.clone(),
        set_name: set_name(&filed.read),
        turn: opened.no,
        members: opened.members.iter().map(member).collect(),
        part_max: [PartCode::A, PartCode::B, PartCode::C].map(|part| filed.set.part_max(part)),
        part_means: result.parts_mean.map(|part| mean(part, settings.decimals)),
        mean: mean(result.mean, settings.decimals),
        spread: result.spread,
        spread_limit: settings.spread_limit,
        spread_rule: in_sentence(settings.spread_rule.name()),
        floor_rule: format!("{}.", settings.floor_rule.name()),
        stars_by_points: result.stars_by_points,
        stars: result.disqualified.is_none().then_some(result.stars),
        floors: floors(&filed.read, result),
        disqualified: result.disqualified.as_ref().map(ground),
        explanation: result
            .explanation
            .iter()
            .cloned()
            .chain(opened.revised.iter().map(revised))
            .chain(kept(opened.kept_reason.as_deref()))
            .collect(),
        secretary: names::secretary(&seats),
        chair: names::chair(&seats),
    };
    set(app, "tong-hop-diem", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn member(line: &MemberLine) -> TallyMember {
    TallyMember {
        name: line.name.clone(),
        role: line.kind.name().to_owned(),
        parts: line.parts,
        total: line.total.unwrap_or_default(),
        disqualified: line.disqualified.is_some(),
    }
}

fn mean(mean: Fraction, decimals: u8) -> Mean {
    let scale = 10_i64.pow(u32::from(decimals));
    let shown_exactly = scale % mean.den == 0;
    Mean { scaled: mean.scaled(decimals), decimals, exact: (!shown_exactly).then(|| mean.to_string()) }
}

fn floors(rules: &ProductSet, tally: &Tally) -> Vec<TallyFloor> {
    let name = |code: &str| rules.criterion(code).map(|criterion| criterion.name.clone()).unwrap_or_default();
    tally
        .floors
        .iter()
        .map(|floor| TallyFloor {
            code: floor.code.clone(),
            name: name(&floor.code),
            stars: floor.stars,
            needed_points: floor.needed_points,
            at_or_above: floor.at_or_above,
            of: floor.of,
            met: floor.met,
        })
        .collect()
}

/// Ground and reason in one line.
pub(super) fn ground(out: &Disqualification) -> String {
    let ground = out.ground.trim_end_matches(['.', ';', ' ']);
    if out.reason.is_empty() { format!("{ground}.") } else { format!("{ground}. Lý do: {}", out.reason) }
}

/// What a member revised after discussion, in one sentence.
fn revised(line: &RevisionLine) -> String {
    format!("Sau thảo luận, {} {}", line.member, line.words)
}

/// Why the chair let a result stand although the totals lie far apart.
pub(super) fn kept(reason: Option<&str>) -> Option<String> {
    reason.map(|reason| format!("Sau thảo luận, Chủ tịch Hội đồng giữ kết quả: {reason}"))
}
