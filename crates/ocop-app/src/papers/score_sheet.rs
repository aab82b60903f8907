//! A member's score sheet.

use ocop_core::id::BallotId;
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Denied, Relation};
use ocop_core::rules::wording::ground_as_read;
use ocop_core::rules::{Alternative, Criterion, Part, ProductSet, Section};
use ocop_core::scoring::{Choice, Scored, Sheet, score};
use ocop_core::time::date;
use ocop_documents::PlaceDate;
use ocop_documents::score_sheet::{
    ScoreSheet, SheetAlternative, SheetCriterion, SheetDisqualification, SheetOption, SheetPart,
    SheetSection, render,
};
use ocop_store::scoring::{Ballot, SeatBallot};

use super::filed::Filed;
use super::{Paper, names, set};
use crate::dossiers::{DossierFacts, facts};
use crate::scoring::{own_choice, revision_lines};
use crate::{App, AppError};

/// A score sheet: for the member whose ballot it is, and once the turn is opened also for chair,
/// secretary and the provincial office. A declared conflict of interest closes it; while members
/// score, somebody else's ballot does not exist.
pub async fn score_sheet(app: &App, actor: &Actor, id: &BallotId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let kept = ocop_store::scoring::find_ballot(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let facts = facts(&mut tx, actor, &kept.dossier_id).await?;
    must_be_readable(actor, &facts, &kept)?;
    let counted = ocop_store::scoring::ballots(&mut tx, &kept.dossier_id, kept.turn).await?;
    let one = counted.into_iter().find(|one| one.ballot.id == *id).ok_or(AppError::NotFound)?;
    let council = match &facts.row.council_id {
        Some(council) => crate::councils::found(&mut tx, council).await?.name,
        None => return Err(AppError::NotFound),
    };
    let filed = Filed::submitted(app, &mut tx, facts.row).await?;
    let lines = revision_lines(&mut tx, &filed.read, &kept.dossier_id).await?;
    let revised = lines.into_iter().find(|line| line.ballot == *id).map(|line| line.words);
    drop(tx);
    let scored = match &one.ballot.scored {
        Some(sealed) => sealed.clone(),
        None => score(&filed.set, &one.ballot.sheet)?,
    };
    let input = input(&filed, council, &one, &scored, revised.as_deref());
    set(app, "phieu-cham", &filed.told.product.name, move |engine| render(engine, &input)).await
}

fn must_be_readable(actor: &Actor, facts: &DossierFacts, ballot: &Ballot) -> Result<(), AppError> {
    let own = actor.seats.iter().any(|seat| seat.id == ballot.seat_id);
    if own {
        let _ = policy::may(actor, Action::SaveBallot, &facts.subject)?;
        return Ok(());
    }
    let leads = policy::relations(actor, &facts.subject).into_iter().any(|relation| match relation {
        Relation::Chair | Relation::Secretary | Relation::ProvincialOfficer | Relation::CentralOfficer => {
            true
        }
        Relation::Account
        | Relation::Producer
        | Relation::CommuneOfficer
        | Relation::SendingOfficer
        | Relation::Member
        | Relation::Advisor => false,
    });
    if !leads || !facts.row.state.is_opened() {
        return Err(AppError::NotFound);
    }
    if facts.subject.conflicted {
        return Err(Denied::Conflict.into());
    }
    let _ = policy::may(actor, Action::ReadTally, &facts.subject)?;
    Ok(())
}

fn input(
    filed: &Filed,
    council: String,
    one: &SeatBallot,
    scored: &Scored,
    revised: Option<&str>,
) -> ScoreSheet {
    let (rules, told, ballot) = (&filed.read, &filed.told, &one.ballot);
    let ended = scored.disqualified.as_ref();
    ScoreSheet {
        cite: filed.cite.clone(),
        council,
        set_no: rules.no,
        set_name: rules.name.clone(),
        industry: industry(&rules.industry.name),
        group: rules.group.name.clone(),
        product: told.product.name.clone(),
        product_code: told.product.code.clone(),
        producer: told.producer.name.clone(),
        phone: told.producer.phone.clone(),
        address: told.address(),
        disqualifiers: rules.disqualifiers.clone(),
        parts: parts(rules, &ballot.sheet, scored),
        total: ended.is_none().then_some(scored.total),
        max: rules.max(),
        disqualified: ended.map(|ground| SheetDisqualification {
            criterion: ground.criterion.clone(),
            ground: ground_as_read(&filed.set, rules, &ground.ground),
            reason: ground.reason.clone(),
        }),
        opinion: ballot.opinion.clone(),
        place_date: PlaceDate {
            place: names::place(&filed.province),
            date: ballot.sealed_at.map(|at| at.day()),
        },
        member: Some(one.name.clone()),
        member_role: Some(one.kind.name().to_owned()),
        seal: Some(seal(ballot, revised)),
    }
}

/// The sheet prints `Sản phẩm:` before it.
fn industry(name: &str) -> String {
    let mut letters = name.strip_prefix("Sản phẩm ").unwrap_or(name).chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn seal(ballot: &Ballot, revised: Option<&str>) -> String {
    let after = revised.map(|words| format!(" Sau thảo luận, thành viên {words}")).unwrap_or_default();
    match ballot.sealed_at {
        Some(at) => format!(
            "Lần chấm {}. Phiếu được niêm phong điện tử lúc {} ngày {}.{after}",
            ballot.turn,
            at.hour(),
            date(at.day())
        ),
        None => format!("Lần chấm {}. Bản chưa niêm phong, không có giá trị kết quả.", ballot.turn),
    }
}

/// The sheet of the set with a member's choices. A sheet that finds the dossier out shows what was
/// chosen, but no sums: they are not a result.
fn parts(rules: &ProductSet, sheet: &Sheet, scored: &Scored) -> Vec<SheetPart> {
    let counts = scored.disqualified.is_none();
    let section = |section: &Section| {
        let criteria: Vec<SheetCriterion> =
            section.criteria.iter().map(|one| criterion(one, sheet, scored)).collect();
        SheetSection {
            no: section.no,
            name: section.name.clone(),
            points: counts.then(|| criteria.iter().filter_map(|one| one.points).sum()),
            max: section.max,
            criteria,
        }
    };
    let part = |part: &Part| SheetPart {
        code: part.code.code().to_owned(),
        name: part.name.clone(),
        points: counts.then(|| scored.parts.of(part.code)),
        max: part.max,
        sections: rules.sections_of(part.code).map(section).collect(),
    };
    rules.parts.iter().map(part).collect()
}

fn criterion(criterion: &Criterion, sheet: &Sheet, scored: &Scored) -> SheetCriterion {
    let applies = !scored.ignored.contains(&criterion.code);
    let choice = sheet.choices.get(&criterion.code).filter(|_| applies);
    SheetCriterion {
        code: criterion.code.clone(),
        name: criterion.name.clone(),
        points: choice.map(|choice| own_choice(criterion, choice).points),
        max: criterion.max,
        note: criterion.note.clone(),
        requirement: criterion.requirement.clone(),
        choose: criterion.choose.clone(),
        alternatives: (1..=u8::MAX)
            .zip(&criterion.alternatives)
            .map(|(no, one)| alternative(no, one, choice))
            .collect(),
        none_met: choice.is_some_and(|choice| choice.level == 0),
        member_note: choice.and_then(|choice| choice.note.clone()),
        not_scored: (!applies).then(|| criterion.applies_if.as_ref().map(|when| when.text.clone())).flatten(),
    }
}

fn alternative(no: u8, alternative: &Alternative, choice: Option<&Choice>) -> SheetAlternative {
    let chosen = |level: u8| choice.is_some_and(|choice| choice.alternative == no && choice.level == level);
    SheetAlternative {
        label: alternative.label.clone(),
        options: alternative
            .numbered()
            .map(|(at, level)| SheetOption {
                points: level.points,
                text: level.text.clone(),
                floor: level.floor,
                chosen: chosen(at),
            })
            .collect(),
    }
}
