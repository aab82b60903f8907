//! The province's list of products, taken into the register: one line for each certificate.

use ocop_core::imports::columns::guess;
use ocop_core::imports::line::lines;
use ocop_core::imports::record::{Fault, record};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_store::db::Chain;
use ocop_store::producers;
use serde_json::json;

use super::data;
use crate::imports::{Book, Halt, Manner};
use crate::{App, AppError, Refusal};

/// The regime whose product sets the lists number.
const NUMBERED_BY: &str = "2020-781";

/// Takes a list of `demo/` in: all of it or nothing.
pub(super) async fn take_in(app: &App, province: &str, list: &str) -> Result<(), AppError> {
    let text = data::text(list)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|fault| wrong(list, 1, &fault.to_string()))?;
    let mapping = guess(&headings.iter().map(str::to_owned).collect::<Vec<_>>());
    let mut records = Vec::new();
    for (no, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|fault| wrong(list, no, &fault.to_string()))?;
        let cells: Vec<String> = row.iter().map(str::to_owned).collect();
        records.push(record(&mapping, &cells).map_err(|faults| wrong(list, no, &words(&faults)))?);
    }
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let manner = Manner { province, sets: NUMBERED_BY, dry: false, demo: true };
    let mut book = Book::open(app, &mut tx, manner).await?;
    let rows = records.len();
    for (no, line) in (2..).zip(lines(records)) {
        match book.enter(&mut tx, &line).await {
            Ok(_) => {}
            Err(Halt::Row(faults)) => return Err(wrong(list, no, &words(&faults))),
            Err(Halt::App(error)) => return Err(error),
        }
    }
    let details = json!({ "list": list, "rows": rows });
    tx.commit(policy::system(Action::ImportRegister), app.now(), &details).await?;
    Ok(())
}

fn words(faults: &[Fault]) -> String {
    let word =
        |fault: &Fault| format!("{}: {}", fault.column.map_or("", |column| column.name()), fault.reason);
    faults.iter().map(word).collect::<Vec<_>>().join("; ")
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

fn wrong(list: &str, no: usize, what: &str) -> AppError {
    Refusal::because(format!("demo/{list}, dòng {no}: {what}"))
}
