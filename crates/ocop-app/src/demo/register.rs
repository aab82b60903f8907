//! The province's list of products, taken into the register: one line for each certificate.

use std::collections::BTreeMap;

use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::db::Chain;
use ocop_store::producers;
use serde_json::json;

use super::data;
use crate::evidence::Upload;
use crate::imports::{Book, Fault, Manner, Refused, mapped, read_lines, sheets, take};
use crate::{App, AppError, Refusal};

/// The regime whose product sets the lists number.
const NUMBERED_BY: &str = "2020-781";

/// Takes a list of `demo/` in: all of it or nothing.
pub(super) async fn take_in(app: &App, province: &str, list: &str) -> Result<(), AppError> {
    let upload = Upload { file_name: list.to_owned(), bytes: data::text(list)?.into_bytes() };
    let sheet = sheets(upload).await?.into_iter().next().ok_or(AppError::NotFound)?;
    let mapping = mapped(&sheet, &BTreeMap::new())?;
    let rows = read_lines(sheet, mapping).await?;
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let manner = Manner { province, sets: NUMBERED_BY, dry: false, demo: true };
    let mut book = Book::open(app, &mut tx, manner).await?;
    let taken = take(&mut book, &mut tx, &rows).await?;
    if let Some(refused) = taken.refused.first() {
        return Err(wrong(list, refused));
    }
    let details = json!({ "list": list, "rows": rows.len() });
    tx.commit(policy::system(Action::ImportRegister), app.now(), &details).await?;
    Ok(())
}

/// Lets a person act for the producer with this registration number.
pub(super) async fn act_for(
    app: &App,
    province: &str,
    registration_no: &str,
    actor: &Actor,
) -> Result<(), AppError> {
    let found = producers::of_registration_no(&mut app.db.read().await?, province, registration_no).await?;
    let Some(producer) = found.into_iter().next() else {
        return Err(Refusal::because(format!("dữ liệu minh họa: không có chủ thể «{registration_no}»")));
    };
    let now = app.now();
    let mut tx = app.db.write(Chain::of("producer", &producer.id)).await?;
    producers::members::add(&mut tx, &producer.id, &actor.person, now).await?;
    tx.commit(policy::system(Action::InviteMember), now, &json!({ "person": actor.person })).await?;
    Ok(())
}

fn wrong(list: &str, refused: &Refused) -> AppError {
    let word =
        |fault: &Fault| format!("{}: {}", fault.column.map_or("", |column| column.name()), fault.reason);
    let words: Vec<String> = refused.faults.iter().map(word).collect();
    Refusal::because(format!("demo/{list}, dòng {}: {}", refused.row, words.join("; ")))
}
