//! A later resolution: units that end, what they become, and the producers that this moves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ocop_core::policy::{self, Action};
use ocop_core::text::{fold, tidy};
use ocop_core::time::date;
use ocop_core::units::Place;
use ocop_store::db::Chain;
use ocop_store::units::{self, Unit, former};
use ocop_store::{Tx, producers, products};
use serde::Serialize;
use serde_json::json;

use crate::{App, AppError, FieldFault, Fields};

/// The columns of the file and what else they may be called, folded.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("former_code", &["former code", "former", "ma cu", "ma don vi cu"]),
    ("former_name", &["former name", "ten cu", "ten don vi cu"]),
    ("former_until", &["former until", "den ngay", "het hieu luc", "ngay het hieu luc"]),
    ("code", &["code", "ma moi", "ma don vi moi", "ma"]),
    ("name", &["name", "ten moi", "ten don vi moi"]),
    ("parent", &["parent", "thuoc", "ma tinh", "ma don vi cap tren"]),
];

/// A producer of a commune that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Placement {
    /// The producer.
    pub id: ocop_core::id::ProducerId,
    /// Its name.
    pub name: String,
    /// Code of the commune that ended.
    pub from: String,
    /// Code of the commune it goes to; none when several or none succeed: to be placed by hand.
    pub to: Option<String>,
}

/// What an import of units changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnitsImport {
    /// Rows read.
    pub rows: usize,
    /// Units added.
    pub added: Vec<String>,
    /// Units of today that end.
    pub ended: Vec<String>,
    /// Former units that were not known.
    pub former: Vec<String>,
    /// Successions added.
    pub successions: u64,
    /// Producers that move, or must be placed by hand.
    pub producers: Vec<Placement>,
}

impl UnitsImport {
    /// Whether anything changes.
    pub fn is_any(&self) -> bool {
        self.successions > 0 || !(self.added.is_empty() && self.ended.is_empty() && self.former.is_empty())
    }
}

/// A row as typed.
struct Line {
    no: u64,
    former_code: String,
    former_name: String,
    until: NaiveDate,
    code: String,
    name: String,
    parent: String,
}

/// Tells what a file of old and new units would change.
///
/// # Errors
/// [`AppError::Invalid`] with one fault for each wrong line, named by its number.
pub async fn preview_by_system(app: &App, file: &[u8]) -> Result<UnitsImport, AppError> {
    // Nothing is committed: the transaction is let go.
    let mut tx = app.db.write(Chain::of("units", "import")).await?;
    apply(&mut tx, file).await
}

/// Takes a file of old and new units in. The same file again changes nothing.
///
/// # Errors
/// As [`preview_by_system`]; nothing is changed then.
pub async fn import_by_system(app: &App, by: &str, file: &[u8]) -> Result<UnitsImport, AppError> {
    let by = tidy(by);
    if by.is_empty() {
        return Err(AppError::Invalid(vec![FieldFault::new("by", "Ghi tên và cơ quan của người nhập.")]));
    }
    let mut tx = app.db.write(Chain::of("units", "import")).await?;
    let done = apply(&mut tx, file).await?;
    if done.is_any() {
        let permit = policy::system(Action::ImportRegister);
        let moved: Vec<_> = done.producers.iter().map(|one| json!([one.id, one.from, one.to])).collect();
        let details = json!({
            "units": { "by": by, "file": ocop_core::journal::sha256_hex(file), "added": done.added, "ended": done.ended,
                "former": done.former, "successions": done.successions, "producers": moved }
        });
        tx.commit(permit, app.now(), &details).await?;
    }
    Ok(done)
}

async fn apply(tx: &mut Tx, file: &[u8]) -> Result<UnitsImport, AppError> {
    let lines = read(file)?;
    must_make_sense(tx, &lines).await?;
    let mut done = UnitsImport { rows: lines.len(), ..UnitsImport::default() };
    for line in &lines {
        add_new(tx, line, &mut done).await?;
    }
    for line in &lines {
        end(tx, line, &mut done).await?;
    }
    for line in &lines {
        let pairs = successions(tx, line).await?;
        done.successions += former::succeed(tx, &pairs).await?;
    }
    let mut towards: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in &lines {
        towards.entry(&line.former_code).or_default().insert(&line.code);
    }
    for (from, to) in towards {
        if done.ended.iter().any(|code| code == from) {
            place(tx, from, &to, &mut done).await?;
        }
    }
    Ok(done)
}

/// The rows of the file; every line that cannot be read is a fault.
fn read(file: &[u8]) -> Result<Vec<Line>, AppError> {
    let refuse = |message: String| AppError::Invalid(vec![FieldFault::new("file", message)]);
    let text = std::str::from_utf8(file).map_err(|_| {
        refuse("Tệp không phải UTF-8. Hãy lưu lại dưới dạng «CSV UTF-8» rồi nhập lại.".to_owned())
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let semicolons = text.lines().next().is_some_and(|head| head.contains(';') && !head.contains(','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let heads = reader.headers().cloned().unwrap_or_default();
    let heads: Vec<String> = heads.iter().map(|head| fold(head).trim_start().to_owned()).collect();
    let [former_code, former_name, until, code, name, parent] =
        COLUMNS.map(|(_, names)| heads.iter().position(|head| names.contains(&head.as_str())));
    let (Some(former_code), Some(until), Some(code)) = (former_code, until, code) else {
        return Err(refuse(
            "Tệp thiếu cột. Dòng đầu phải có former_code (mã cũ), former_until (đến ngày) và code (mã mới)."
                .to_owned(),
        ));
    };
    let mut lines = Vec::new();
    let mut fields = Fields::new();
    for record in reader.records() {
        let row = match record {
            Ok(row) => row,
            Err(fault) => {
                let no = fault.position().map_or(0, csv::Position::line);
                fields.fault(format!("{no}").as_str(), format!("Dòng {no}: không đọc được."));
                continue;
            }
        };
        let no = row.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| tidy(at.and_then(|at| row.get(at)).unwrap_or_default());
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut of_line = Fields::new();
        let day =
            of_line.required_day("former_until", &cell(Some(until)), "Ghi ngày cuối cùng của đơn vị cũ.");
        for (typed, what) in [(cell(Some(former_code)), "mã cũ"), (cell(Some(code)), "mã mới")] {
            if typed.is_empty() || !typed.chars().all(|letter| letter.is_ascii_alphanumeric()) {
                of_line.fault("code", format!("Ghi {what} bằng chữ số, như trong danh mục."));
            }
        }
        if let (Some(until), Ok(())) = (day, noted(&mut fields, no, of_line)) {
            lines.push(Line {
                no,
                former_code: cell(Some(former_code)),
                former_name: cell(former_name),
                until,
                code: cell(Some(code)),
                name: cell(name),
                parent: cell(parent),
            });
        }
    }
    fields.done()?;
    Ok(lines)
}

/// Moves the faults of a line to those of the file.
fn noted(fields: &mut Fields, no: u64, of_line: Fields) -> Result<(), ()> {
    match of_line.done() {
        Err(AppError::Invalid(faults)) => {
            for fault in faults {
                fields.fault(&format!("{no}"), format!("Dòng {no}: {}", fault.message));
            }
            Err(())
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

async fn must_make_sense(tx: &mut Tx, lines: &[Line]) -> Result<(), AppError> {
    let mut fields = Fields::new();
    let ending: BTreeSet<&str> = lines
        .iter()
        .filter(|line| line.code != line.former_code)
        .map(|line| line.former_code.as_str())
        .collect();
    for line in lines {
        if let Some(fault) = fault_of(tx, line, &ending).await? {
            fields.fault(&format!("{}", line.no), format!("Dòng {}: {fault}", line.no));
        }
    }
    fields.done()
}

async fn fault_of(tx: &mut Tx, line: &Line, ending: &BTreeSet<&str>) -> Result<Option<String>, AppError> {
    let (former, code) = (&line.former_code, &line.code);
    match units::find(tx, code).await? {
        None if line.name.is_empty() || line.parent.is_empty() => {
            return Ok(Some(format!(
                "chưa có đơn vị mã {code}. Hãy ghi thêm cột name (tên mới) và parent (mã đơn vị cấp trên)."
            )));
        }
        None if kind_of(&line.name).is_none() => {
            return Ok(Some(format!("tên mới «{}» phải có cả loại, ví dụ: Xã Bình Liêu.", line.name)));
        }
        None if units::find(tx, &line.parent).await?.is_none() => {
            return Ok(Some(format!("không có đơn vị cấp trên mã {}.", line.parent)));
        }
        Some(unit) if unit.valid_to.is_some() || (ending.contains(code.as_str()) && code != former) => {
            return Ok(Some(format!("{} ({code}) không còn, nên không thể là đơn vị mới.", unit.name)));
        }
        None | Some(_) => {}
    }
    if former::lives(tx, former).await?.iter().any(|life| life.until == Some(line.until.to_string())) {
        return Ok(None);
    }
    match units::find(tx, former).await? {
        Some(unit) if former == code => Ok(Some(format!(
            "{} ({former}) vừa là đơn vị cũ vừa là đơn vị mới: một mã không dùng lại được.",
            unit.name
        ))),
        Some(unit) if unit.valid_to.as_ref().is_some_and(|day| *day != line.until.to_string()) => {
            Ok(Some(format!("{} ({former}) đã hết hiệu lực vào ngày khác.", unit.name)))
        }
        Some(unit) if unit.valid_from > line.until.to_string() => {
            Ok(Some(format!("{} ({former}) chưa có vào ngày {}.", unit.name, date(line.until))))
        }
        Some(_) => Ok(None),
        None if kind_of(&line.former_name).is_none() => Ok(Some(format!(
            "chưa biết đơn vị cũ mã {former} đến ngày {}. Hãy ghi cả tên cũ, ví dụ: Xã Đồng Văn.",
            date(line.until)
        ))),
        None => Ok(None),
    }
}

fn kind_of(name: &str) -> Option<&'static str> {
    ocop_core::units::kind_of(name)
}

async fn add_new(tx: &mut Tx, line: &Line, done: &mut UnitsImport) -> Result<(), AppError> {
    if units::find(tx, &line.code).await?.is_some() {
        return Ok(());
    }
    let unit = Unit {
        code: line.code.clone(),
        name: line.name.clone(),
        kind: kind_of(&line.name).unwrap_or_default().to_owned(),
        parent: Some(line.parent.clone()),
        valid_from: line.until.succ_opt().unwrap_or(line.until).to_string(),
        valid_to: None,
    };
    units::put(tx, &unit).await?;
    done.added.push(unit.code);
    Ok(())
}

/// Makes a unit of today a former one, or notes a former unit that was not known.
async fn end(tx: &mut Tx, line: &Line, done: &mut UnitsImport) -> Result<(), AppError> {
    let until = line.until.to_string();
    let lives = former::lives(tx, &line.former_code).await?;
    if lives.iter().any(|life| life.until.as_deref() == Some(until.as_str())) {
        return Ok(());
    }
    let now = units::find(tx, &line.former_code).await?;
    let place = match &now {
        Some(unit) => Place::new(
            unit.code.clone(),
            unit.name.clone(),
            unit.kind.clone(),
            unit.parent.clone(),
            Some(unit.valid_from.clone()),
            Some(until.clone()),
        ),
        None => Place::new(
            line.former_code.clone(),
            line.former_name.clone(),
            kind_of(&line.former_name).unwrap_or_default().to_owned(),
            None,
            None,
            Some(until.clone()),
        ),
    };
    former::put(tx, &[place]).await?;
    match now {
        Some(unit) => {
            units::put(tx, &Unit { valid_to: Some(until), ..unit }).await?;
            done.ended.push(line.former_code.clone());
        }
        None => done.former.push(line.former_code.clone()),
    }
    Ok(())
}

/// The row's succession, and those of the units that had gone into the one that ends: they lead on.
async fn successions(tx: &mut Tx, line: &Line) -> Result<Vec<(String, String, String)>, AppError> {
    let mut pairs = vec![(line.former_code.clone(), line.until.to_string(), line.code.clone())];
    let ended = units::find(tx, &line.former_code).await?.and_then(|unit| unit.valid_to);
    if ended == Some(line.until.to_string()) {
        for before in former::predecessors(tx, &line.former_code).await? {
            pairs.push((before.code, before.until.unwrap_or_default(), line.code.clone()));
        }
    }
    Ok(pairs)
}

/// Moves the producers of an ended commune when one unit succeeds it, else lists them.
async fn place(tx: &mut Tx, from: &str, to: &BTreeSet<&str>, done: &mut UnitsImport) -> Result<(), AppError> {
    let only = match to.iter().collect::<Vec<_>>().as_slice() {
        [only] => units::find(tx, only).await?,
        [] | [_, ..] => None,
    };
    for mut producer in producers::of_commune(tx, from).await? {
        done.producers.push(Placement {
            id: producer.id.clone(),
            name: producer.name.clone(),
            from: from.to_owned(),
            to: only.as_ref().map(|unit| unit.code.clone()),
        });
        let Some(unit) = &only else { continue };
        unit.code.clone_into(&mut producer.commune);
        // The greatest unit above is the province, whatever lies between.
        let line = units::lineage(tx, &unit.code).await?;
        producer.province = line.last().map(|top| top.code.clone()).unwrap_or_default();
        if producer.former_unit.is_empty() {
            from.clone_into(&mut producer.former_unit);
        }
        if producers::update(tx, &producer).await? {
            products::move_to(tx, &producer.id, &producer.province, &producer.commune).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossiers::testing::register as typed;
    use crate::testing::World;

    const FILE: &str =
        "Mã cũ;Tên cũ;Đến ngày;Mã mới;Tên mới;Mã tỉnh\n06838;;31/12/2026;99001;Xã Bình Liêu Mới;22\n";

    #[tokio::test]
    async fn a_commune_ends_and_its_producers_go_along() {
        let world = World::new().await;
        let app = &world.app;
        let id = crate::producers::register(app, &world.producer, &typed(&world.commune)).await.unwrap();
        let preview = preview_by_system(app, FILE.as_bytes()).await.unwrap();
        assert_eq!(preview.ended, ["06838"]);
        assert_eq!(preview.added, ["99001"]);
        assert_eq!(preview.producers[0].to.as_deref(), Some("99001"));
        assert_eq!(crate::units::find(app, "99001").await.unwrap(), None, "a preview changes nothing");

        let done = import_by_system(app, "Văn phòng điều phối", FILE.as_bytes()).await.unwrap();
        assert_eq!(done, preview);
        let mut tx = app.db.read().await.unwrap();
        let moved = producers::find(&mut tx, &id).await.unwrap().unwrap();
        assert_eq!((moved.commune.as_str(), moved.former_unit.as_str()), ("99001", "06838"));
        let known = former::gazetteer(&mut tx, "22").await.unwrap();
        // A ward of 2022 leads through the commune of 2025 to that of 2027.
        assert_eq!(known.resolve("Thị trấn Bình Liêu", "").unwrap().commune, "99001");
        assert!(known.today("06838").is_none());
        drop(tx);

        let again = import_by_system(app, "Văn phòng điều phối", FILE.as_bytes()).await.unwrap();
        assert!(!again.is_any(), "{again:?}");
    }

    #[tokio::test]
    async fn a_commune_that_is_divided_leaves_its_producers_to_be_placed() {
        let world = World::new().await;
        let app = &world.app;
        let id = crate::producers::register(app, &world.producer, &typed(&world.commune)).await.unwrap();
        let file =
            "former_code,former_name,former_until,code\n06838,,2026-12-31,06841\n06838,,2026-12-31,06856\n";
        let done = import_by_system(app, "Văn phòng điều phối", file.as_bytes()).await.unwrap();
        assert_eq!(done.producers.len(), 1);
        assert_eq!((&done.producers[0].id, &done.producers[0].to), (&id, &None));
    }

    #[tokio::test]
    async fn every_wrong_line_is_told() {
        let world = World::new().await;
        let file = "\u{feff}former_code,former_name,former_until,code\n\
            06838,,hôm nay,06841\n06838,,2026-12-31,99001\n,,2026-12-31,06841\n77777,,2026-12-31,06841\n";
        let refused = preview_by_system(&world.app, file.as_bytes()).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("faults expected") };
        let lines: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(lines, ["2", "4"]);
        let file = "former_code,former_until,code\n06838,2026-12-31,99001\n77777,2026-12-31,06841\n";
        let refused = preview_by_system(&world.app, file.as_bytes()).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("faults expected") };
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].message.contains("chưa có đơn vị mã 99001"));
        for broken in [&b"\xff\xfe"[..], b"", b"a,b\n1,2\n"] {
            assert!(preview_by_system(&world.app, broken).await.is_err());
        }
    }
}
