//! Duplicates of the register: found, looked at side by side, merged, and parted again.

mod fields;
mod pair;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use ocop_core::merging::{Likeness, Noun, Record, Traits, alike, bare_name};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Permit, Subject};
use ocop_core::text::fold;
use ocop_core::time::Instant;
use ocop_store::db::Chain;
use ocop_store::merging::{self as store, Belonging, Merge};
use ocop_store::{Tx, dossiers, journal};
use serde_json::json;

pub use fields::Difference;
use pair::{Before, Pair};

use crate::accounts::province_of;
use crate::producers::subject;
use crate::stale::name_of;
use crate::{App, AppError, Refusal};

/// Most pairs and merges that a page lists.
const LISTED: usize = 200;

/// A record by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Commune of a producer, producer of a product.
    pub detail: String,
}

/// Two records that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What they are.
    pub record: Record,
    /// The older one.
    pub first: Named,
    /// The newer one.
    pub second: Named,
    /// What they share.
    pub why: Vec<Likeness>,
}

/// A merge that can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What they are.
    pub record: Record,
    /// The kept record.
    pub kept: Named,
    /// The duplicate.
    pub gone: Named,
    /// How many rows changed hands.
    pub moved: usize,
    /// When.
    pub at: Instant,
    /// Name of who did it.
    pub by: String,
}

/// The page of duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicates {
    /// Pairs that may be one.
    pub candidates: Vec<Candidate>,
    /// How many more there are than listed.
    pub more: usize,
    /// Merges so far, newest first.
    pub merged: Vec<Merged>,
}

fn officer(actor: &Actor) -> Result<(String, Permit), AppError> {
    let province = province_of(actor).map(str::to_owned);
    let subject = Subject { province: province.clone(), ..Subject::default() };
    let permit = policy::may(actor, Action::MergeRecords, &subject)?;
    Ok((province.ok_or(AppError::NotFound)?, permit))
}

/// The duplicates of the officer's province.
///
/// # Errors
/// [`AppError::Denied`] for anybody but the provincial officer.
pub async fn duplicates(app: &App, actor: &Actor) -> Result<Duplicates, AppError> {
    let (province, _) = officer(actor)?;
    let mut tx = app.db.read().await?;
    let mut candidates = producers_alike(&mut tx, &province).await?;
    candidates.extend(products_alike(&mut tx, &province).await?);
    let more = candidates.len().saturating_sub(LISTED);
    candidates.truncate(LISTED);
    let mut merged = Vec::new();
    for merge in store::of_province(&mut tx, &province, 200).await? {
        let pair = Pair::load(&mut tx, merge.record, &merge.kept, &merge.gone).await?;
        let (kept, gone) = pair.names();
        let named =
            |id: &str, name: &str| Named { id: id.to_owned(), name: name.to_owned(), detail: String::new() };
        merged.push(Merged {
            record: merge.record,
            kept: named(&merge.kept, kept),
            gone: named(&merge.gone, gone),
            moved: merge.moved.len(),
            at: merge.merged_at,
            by: name_of(&mut tx, &merge.merged_by).await?,
        });
    }
    Ok(Duplicates { candidates, more, merged })
}

async fn producers_alike(tx: &mut Tx, province: &str) -> Result<Vec<Candidate>, AppError> {
    let found = store::producers(tx, province).await?;
    let traits: Vec<Traits> = found
        .iter()
        .map(|one| Traits {
            id: one.id.clone(),
            keys: vec![
                (Likeness::TaxCode, one.tax_code.clone()),
                (Likeness::RegistrationNo, fold(&one.registration_no)),
                (Likeness::Name, bare_name(&one.name)),
            ],
        })
        .collect();
    let names = found.into_iter().map(|one| Named { id: one.id, name: one.name, detail: one.commune });
    Ok(candidates(Record::Producer, &traits, names))
}

async fn products_alike(tx: &mut Tx, province: &str) -> Result<Vec<Candidate>, AppError> {
    let found = store::products(tx, province).await?;
    let traits: Vec<Traits> = found
        .iter()
        .map(|one| {
            let name = fold(&one.name);
            let code = if one.former_code.is_empty() {
                String::new()
            } else {
                format!("{name} {}", one.former_code)
            };
            Traits {
                id: one.id.clone(),
                keys: vec![
                    (Likeness::Name, format!("{}{name}", one.producer_id)),
                    // The same name and the same code, whoever makes it.
                    (Likeness::Code, code),
                ],
            }
        })
        .collect();
    let names = found.into_iter().map(|one| Named { id: one.id, name: one.name, detail: one.producer });
    Ok(candidates(Record::Product, &traits, names))
}

fn candidates(record: Record, traits: &[Traits], names: impl Iterator<Item = Named>) -> Vec<Candidate> {
    let names: BTreeMap<String, Named> = names.map(|one| (one.id.clone(), one)).collect();
    let named = |id: &str| names.get(id).cloned();
    let pairs = alike(traits).into_iter().filter_map(|pair| {
        Some(Candidate { record, first: named(&pair.first)?, second: named(&pair.second)?, why: pair.why })
    });
    pairs.collect()
}

/// Two records side by side, before they are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What they are.
    pub record: Record,
    /// The record that stays.
    pub kept: Named,
    /// The duplicate that gives way.
    pub gone: Named,
    /// Fields in which they differ.
    pub differences: Vec<Difference>,
    /// What changes hands: in words, and how many.
    pub moves: Vec<(&'static str, usize)>,
    /// What the kept record has already, and so stays behind.
    pub stays: Vec<(&'static str, usize)>,
    /// Why they cannot be merged now.
    pub obstacle: Option<String>,
}

/// What merging would do.
///
/// # Errors
/// [`AppError::Denied`] for anybody but the provincial officer of both.
pub async fn preview(
    app: &App,
    actor: &Actor,
    record: Record,
    kept: &str,
    gone: &str,
) -> Result<Preview, AppError> {
    let mut tx = app.db.read().await?;
    let pair = Pair::load(&mut tx, record, kept, gone).await?;
    let _ = policy::may(actor, Action::MergeRecords, &subject(pair.subject()))?;
    let (moves, stays) = split(&mut tx, &pair).await?;
    let (kept_name, gone_name) = pair.names();
    let named =
        |id: &str, name: &str| Named { id: id.to_owned(), name: name.to_owned(), detail: String::new() };
    Ok(Preview {
        record,
        kept: named(kept, kept_name),
        gone: named(gone, gone_name),
        differences: pair.differences(),
        moves: counted(&moves),
        stays: counted(&stays),
        obstacle: pair.obstacle(&mut tx).await?.map(|error| error.to_string()),
    })
}

/// What changes hands, and what stays because the kept record has it.
async fn split(tx: &mut Tx, pair: &Pair) -> Result<(Vec<Belonging>, Vec<Belonging>), AppError> {
    let doubles = pair.doubles(tx).await?;
    let (_, gone) = pair.belongings(tx).await?;
    Ok(gone.into_iter().partition(|one| !doubles.contains(&(one.noun, one.id.clone()))))
}

fn counted(belongings: &[Belonging]) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for one in belongings {
        *counts.entry(one.noun.name()).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// Merges a duplicate into the record that stays. `take`: fields that come from the duplicate.
/// Doing it twice changes nothing.
///
/// # Errors
/// [`Refusal`] when one of them was merged elsewhere, or both products have an open dossier.
pub async fn merge(
    app: &App,
    actor: &Actor,
    record: Record,
    (kept, gone): (&str, &str),
    take: &[String],
) -> Result<(), AppError> {
    let (mut tx, pair, permit) = open(app, actor, record, kept, gone).await?;
    if pair.merged().0.as_deref() == Some(kept) {
        return Ok(());
    }
    if let Some(obstacle) = pair.obstacle(&mut tx).await? {
        return Err(obstacle);
    }
    let (mut moved, _) = split(&mut tx, &pair).await?;
    let (fields, kept_version) = pair.unite(&mut tx, take).await?;
    for what in &mut moved {
        if !pair.give(&mut tx, what, false).await? {
            return Err(AppError::NotFound);
        }
        what.place = pair.place(&mut tx, what).await?;
    }
    pair.settle(&mut tx).await?;
    let details = json!({
        "merged": record, "kept": kept, "gone": gone, "taken": fields,
        "moved": moved.iter().map(|one| (&one.noun, &one.id)).collect::<Vec<_>>(),
    });
    let entry = Merge {
        gone: gone.to_owned(),
        record,
        kept: kept.to_owned(),
        province: pair.subject().province.clone(),
        before: json!(pair.before()).to_string(),
        kept_version,
        gone_version: pair.versions().1,
        moved,
        merged_at: app.now(),
        merged_by: permit.actor().to_owned(),
    };
    store::keep(&mut tx, &entry).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

/// A write transaction on the chain of the province that holds both records.
async fn open(
    app: &App,
    actor: &Actor,
    record: Record,
    kept: &str,
    gone: &str,
) -> Result<(Tx, Pair, Permit), AppError> {
    let province = {
        let mut tx = app.db.read().await?;
        Pair::load(&mut tx, record, kept, gone).await?.subject().province.clone()
    };
    let mut tx = app.db.write(Chain::of("province", &province)).await?;
    for chain in Pair::load(&mut tx, record, kept, gone).await?.chains() {
        journal::hold(&mut tx, &chain).await?;
    }
    let pair = Pair::load(&mut tx, record, kept, gone).await?;
    let permit = policy::may(actor, Action::MergeRecords, &subject(pair.subject()))?;
    Ok((tx, pair, permit))
}

/// Parts a duplicate from the record that it was merged into: everything is as it was. Doing it
/// twice changes nothing.
///
/// # Errors
/// [`Refusal`] names what has changed since.
pub async fn undo(app: &App, actor: &Actor, gone: &str) -> Result<(), AppError> {
    let (_, _) = officer(actor)?;
    let entry = {
        let mut tx = app.db.read().await?;
        store::find(&mut tx, gone).await?
    };
    let Some(entry) = entry else { return Ok(()) };
    let (mut tx, pair, permit) = open(app, actor, entry.record, &entry.kept, gone).await?;
    let Some(entry) = store::find(&mut tx, gone).await? else { return Ok(()) };
    must_be_unchanged(&mut tx, &pair, &entry).await?;
    let before: Before = serde_json::from_str(&entry.before).map_err(|_| AppError::NotFound)?;
    let was = match &before {
        Before::Producer(producer) => producer.version,
        Before::Product(product) => product.version,
    };
    pair.part(&mut tx, before, was != entry.kept_version).await?;
    for what in &entry.moved {
        if !pair.give(&mut tx, what, true).await? {
            return Err(changed(what.noun));
        }
        if let Some((province, commune)) = &what.place {
            store::place_product(&mut tx, &what.id, province, commune).await?;
        }
    }
    pair.settle(&mut tx).await?;
    store::forget(&mut tx, gone).await?;
    let details = json!({
        "parted": entry.record, "kept": entry.kept, "gone": gone,
        "moved": entry.moved.iter().map(|one| (&one.noun, &one.id)).collect::<Vec<_>>(),
    });
    tx.commit(permit, app.now(), &details).await?;
    Ok(())
}

fn changed(noun: Noun) -> AppError {
    Refusal::because(format!(
        "Chưa tách được: sau khi gộp, {} đã thay đổi, nên không thể trả mọi thứ về như cũ. \
         Hãy giữ bản gộp, hoặc sửa tay từng phần.",
        noun.name()
    ))
}

/// Undoing is exact or not at all.
async fn must_be_unchanged(tx: &mut Tx, pair: &Pair, entry: &Merge) -> Result<(), AppError> {
    let (gone_into, kept_into) = pair.merged();
    if gone_into.as_deref() != Some(&entry.kept) || kept_into.is_some() {
        return Err(Refusal::because(
            "Chưa tách được: bản được giữ lại đã gộp tiếp vào bản ghi khác. Hãy tách lần gộp sau trước.",
        ));
    }
    if pair.versions() != (entry.kept_version, entry.gone_version) {
        return Err(Refusal::because(
            "Chưa tách được: thông tin của bản ghi đã được sửa sau khi gộp. Hãy giữ bản gộp, hoặc sửa tay từng phần.",
        ));
    }
    let (now, _) = pair.belongings(tx).await?;
    for what in &entry.moved {
        let same = |one: &&Belonging| (&one.noun, &one.id, &one.mark) == (&what.noun, &what.id, &what.mark);
        if !now.iter().any(|one| same(&one)) {
            return Err(changed(what.noun));
        }
    }
    // A product that goes back takes its dossiers along: none may have been opened since.
    for product in entry.moved.iter().filter(|one| one.noun == Noun::Product) {
        let id = product.id.parse().map_err(|_| AppError::NotFound)?;
        for dossier in dossiers::of_product(tx, &id).await? {
            let known = |one: &Belonging| one.noun == Noun::Dossier && one.id == dossier.id.as_str();
            if !entry.moved.iter().any(known) {
                return Err(changed(Noun::Dossier));
            }
        }
    }
    Ok(())
}
