//! What somebody is told whose save comes too late: who saved what in between, and when. The journal
//! knows.

use ocop_core::journal::Link;
use ocop_store::{Tx, journal, people};
use serde_json::Value;

use crate::AppError;

/// The error of a stale save. `changed` says in words what an entry of the chain has changed, or
/// nothing where the entry is about something else; the newest entry with words is told.
pub(crate) async fn stale(
    tx: &mut Tx,
    chain: &str,
    changed: impl Fn(&Value) -> Option<String>,
) -> Result<AppError, AppError> {
    let links = journal::links_of(tx, chain).await?;
    let words = |link: &Link| changed(&serde_json::from_str(&link.data).ok()?);
    let Some((link, words)) = links.iter().rev().find_map(|link| Some((link, words(link)?))) else {
        return Ok(AppError::Stale(String::new()));
    };
    let who = name_of(tx, &link.actor).await?;
    Ok(AppError::Stale(format!("{who} đã lưu {words} lúc {}.", link.at.written())))
}

/// The words for the fields that an entry names in a list, each once.
pub(crate) fn listed(data: &Value, list: &str, label: impl Fn(&str) -> &'static str) -> Option<String> {
    let names = data.get(list)?.as_array()?;
    let mut labels: Vec<&str> = names.iter().filter_map(Value::as_str).map(label).collect();
    labels.dedup();
    (!labels.is_empty()).then(|| labels.join(", "))
}

/// The name of the person who is meant by an entry's actor.
pub(crate) async fn name_of(tx: &mut Tx, actor: &str) -> Result<String, AppError> {
    match actor.parse() {
        Ok(id) => Ok(people::find(tx, &id).await?.map(|person| person.name).unwrap_or_default()),
        Err(_) => Ok("Hệ thống".to_owned()),
    }
}
