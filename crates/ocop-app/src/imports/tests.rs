//! Files into the register: what comes in, what is refused, what is changed, and what an
//! interruption does.

use std::collections::BTreeMap;

use ocop_core::id::ImportId;
use ocop_core::imports::columns::Column;
use ocop_core::imports::run::{Counts, RunState};
use ocop_store::db::Chain;
use ocop_store::products::facts;
use ocop_store::{producers, products, recognition};

use super::file::read_lines;
use super::work::{step, take};
use super::*;
use crate::evidence::Upload;
use crate::testing::World;
use crate::{App, AppError};

/// A row of a file: what differs from a honey of Bình Liêu with three stars of 2024.
type Row<'a> = &'a [(Column, &'a str)];

const HONEY: [(Column, &str); 13] = [
    (Column::ProducerName, "Hợp tác xã Mật ong Bình Liêu"),
    (Column::ProducerKind, "Hợp tác xã"),
    (Column::RegistrationNo, "22B7000123"),
    (Column::TaxCode, ""),
    (Column::Address, "Bản Nà Làng"),
    (Column::Commune, "Xã Bình Liêu"),
    (Column::ProductName, "Mật ong rừng"),
    (Column::SetNo, "4"),
    (Column::Stars, "3"),
    (Column::Level, "tỉnh"),
    (Column::Points, "66,5"),
    (Column::DecisionNo, "100/QĐ-UBND"),
    (Column::DecidedOn, "05/03/2024"),
];

/// The row's cells by column.
fn cells(row: Row<'_>) -> BTreeMap<Column, String> {
    let mut cells: BTreeMap<Column, String> =
        HONEY.iter().map(|(column, text)| (*column, (*text).to_owned())).collect();
    cells.extend(row.iter().map(|(column, text)| (*column, (*text).to_owned())));
    cells
}

/// A CSV with the headings of the register.
fn csv(rows: &[Row<'_>], separator: char) -> Vec<u8> {
    let rows: Vec<_> = rows.iter().map(|row| cells(row)).collect();
    let all: Vec<Column> =
        Column::ALL.iter().copied().filter(|one| rows.iter().any(|row| row.contains_key(one))).collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(&separator.to_string()));
    let mut text = line(all.iter().map(|column| quoted(column.name())).collect());
    for row in &rows {
        text += &line(all.iter().map(|one| quoted(row.get(one).map_or("", String::as_str))).collect());
    }
    text.into_bytes()
}

fn upload(bytes: Vec<u8>) -> Upload {
    Upload { file_name: "Danh sách.csv".to_owned(), bytes }
}

fn order(bytes: Vec<u8>) -> ImportOrder {
    ImportOrder {
        province: "22".to_owned(),
        by: "Người thử, Chi cục".to_owned(),
        file: upload(bytes),
        ..ImportOrder::default()
    }
}

async fn import(app: &App, rows: &[Row<'_>]) -> ImportDone {
    import_by_system(app, &order(csv(rows, ','))).await.unwrap()
}

/// The whole register without ids, to compare.
async fn register(app: &App) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let mut lines = Vec::new();
    for producer in producers::of_province(&mut tx, "22").await.unwrap() {
        let person = &producer.representative;
        lines.push(format!(
            "{} {} {} {} {} {} {} {}",
            producer.name,
            producer.kind,
            producer.commune,
            producer.former_unit,
            producer.tax_code,
            producer.registration_no,
            producer.phone,
            person.name
        ));
        for product in products::of_producer(&mut tx, &producer.id).await.unwrap() {
            let id = &product.id;
            let certificates = recognition::decided_for_product(&mut tx, id).await.unwrap();
            let certificates: Vec<String> = certificates
                .iter()
                .map(|(one, number, day)| {
                    format!("{number} {day} {} {} {:?}", one.stars, one.valid_until, one.revoked_on)
                })
                .collect();
            lines.push(format!(
                "  {} {} {:?} {} {:?} {certificates:?} {:?} {:?} {:?}",
                product.name,
                product.set_no,
                product.code,
                product.joined_on,
                product.stamped_since,
                facts::former_codes(&mut tx, id).await.unwrap(),
                facts::listings(&mut tx, id).await.unwrap(),
                facts::revenues(&mut tx, id)
                    .await
                    .unwrap()
                    .iter()
                    .map(|one| (one.year, one.amount))
                    .collect::<Vec<_>>(),
            ));
        }
    }
    lines
}

#[tokio::test]
async fn a_file_comes_in_once_however_it_is_saved() {
    let world = World::new().await;
    let app = &world.app;
    let rows: [Row<'_>; 3] = [
        &[
            (Column::ProductCode, "22-06838-7-2024"),
            (Column::Platforms, "Voso 2022-03-01; Postmart 01/04/2022"),
            (Column::RevenueYear, "2025"),
            (Column::Revenue, "1,25 tỷ"),
            (Column::StampedSince, "01/01/2024"),
        ],
        &[
            (Column::Stars, "4"),
            (Column::Points, "75"),
            (Column::DecisionNo, "200/QĐ-UBND"),
            (Column::DecidedOn, "01/03/2025"),
        ],
        &[
            (Column::ProductName, "Rượu mật ong"),
            (Column::SetNo, "21"),
            (Column::Stars, ""),
            (Column::Level, ""),
            (Column::Points, ""),
            (Column::DecisionNo, ""),
            (Column::DecidedOn, ""),
        ],
    ];
    let tried = preview_by_system(app, &order(csv(&rows, ','))).await.unwrap();
    assert_eq!(register(app).await, Vec::<String>::new(), "trying changes nothing");
    let done = import(app, &rows).await;
    assert_eq!(done.faults, []);
    let expected = Counts { added: 3, producers: 1, products: 2, certificates: 2, ..Counts::default() };
    assert_eq!((done.counts, tried.counts), (expected, expected));
    let kept = register(app).await;
    assert!(kept[1].contains("22-06838-7-2024") && kept[1].contains("1250000000"), "{kept:#?}");
    assert!(kept[1].contains("100/QĐ-UBND 2024-03-05 3 2027-03-04"), "{kept:#?}");

    let again = import(app, &rows).await;
    assert_eq!(again.counts, Counts { unchanged: 3, ..Counts::default() });
    let saved = [b"\xef\xbb\xbf".to_vec(), csv(&rows, ';')].concat();
    let saved = import_by_system(app, &order(saved)).await.unwrap();
    assert_eq!(saved.counts, Counts { unchanged: 3, ..Counts::default() });
    assert_eq!(register(app).await, kept);
    assert_eq!(crate::journal::prove(app).await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn a_later_file_fills_and_changes_and_never_empties() {
    let world = World::new().await;
    let app = &world.app;
    import(app, &[&[(Column::Phone, "0203 3878 000")]]).await;
    let done = import(
        app,
        &[&[
            (Column::ProducerName, "HTX mật ong Bình Liêu"),
            (Column::Phone, ""),
            (Column::Address, "Bản Cáu"),
            (Column::TaxCode, "5700123456"),
            (Column::RevokedOn, "01/02/2026"),
            (Column::Revocation, "Không còn sản xuất"),
        ]],
    )
    .await;
    assert_eq!((done.faults, done.counts), (vec![], Counts { changed: 1, ..Counts::default() }));
    let kept = register(app).await;
    assert!(kept[0].starts_with("Hợp tác xã Mật ong Bình Liêu cooperative 06838"), "{kept:#?}");
    assert!(kept[0].contains("5700123456") && kept[0].contains("0203 3878 000"), "{kept:#?}");
    assert!(kept[1].contains("Some(2026-02-01)"), "{kept:#?}");
    let renamed =
        import(app, &[&[(Column::TaxCode, "5700123456"), (Column::ProducerName, "Hợp tác xã Ong vàng")]])
            .await;
    assert_eq!(renamed.counts.changed, 1, "the tax code tells who it is");
    assert!(register(app).await[0].starts_with("Hợp tác xã Ong vàng"));
}

#[tokio::test]
async fn of_rows_that_disagree_the_first_counts_every_time() {
    let world = World::new().await;
    let rows: [Row<'_>; 3] = [
        &[(Column::Phone, "0203 111 1111"), (Column::JoinedOn, "01/01/2020")],
        &[(Column::Phone, "0203 222 2222"), (Column::JoinedOn, "01/01/2021"), (Column::Email, "ong@b.vn")],
        &[
            (Column::ProductName, "Phấn hoa"),
            (Column::Commune, "Phường Bãi Cháy"),
            (Column::Phone, "0203 333 3333"),
        ],
    ];
    let done = import(&world.app, &rows).await;
    assert_eq!(done.faults, []);
    let kept = register(&world.app).await;
    assert!(kept[0].contains("06838") && kept[0].contains("0203 111 1111"), "{kept:#?}");
    assert!(kept[1].contains("2020-01-01"), "{kept:#?}");
    let again = import(&world.app, &rows).await;
    assert_eq!(again.counts, Counts { unchanged: 3, ..Counts::default() });
    assert_eq!(register(&world.app).await, kept);
}

#[tokio::test]
async fn producers_are_known_again_and_others_are_not_taken_for_them() {
    let world = World::new().await;
    let app = &world.app;
    let nobody: Row<'_> = &[(Column::RegistrationNo, "")];
    assert_eq!(import(app, &[nobody]).await.counts.producers, 1);
    let check = async |row: Row<'_>, new: i64, why: &str| {
        let tried = preview_by_system(app, &order(csv(&[row], ','))).await.unwrap();
        assert_eq!((tried.faults, tried.counts.producers), (vec![], new), "{why}");
    };
    let none = (Column::RegistrationNo, "");
    check(&[none, (Column::ProducerName, "HTX Mật ong Bình Liêu")], 0, "the short legal form").await;
    check(&[none, (Column::Commune, "Phường Bãi Cháy")], 0, "a cooperative moves").await;
    check(&[none, (Column::ProducerName, "Hợp tác xã Ong vàng")], 1, "another name").await;
    check(&[none, (Column::ProducerKind, "Công ty cổ phần")], 1, "another legal form").await;
    check(&[(Column::RegistrationNo, "22B7000999")], 0, "a number that was not known yet").await;
    let household = (Column::ProducerKind, "Hộ kinh doanh");
    let rows: [Row<'_>; 2] = [
        &[none, household, (Column::ProducerName, "Hộ kinh doanh Nguyễn Văn Thử")],
        &[
            none,
            household,
            (Column::ProducerName, "Hộ kinh doanh Nguyễn Văn Thử"),
            (Column::Commune, "Phường Bãi Cháy"),
        ],
    ];
    let done = import(app, &rows).await;
    assert_eq!((done.faults, done.counts.producers), (vec![], 2), "people may have the same name");
    assert_eq!(import(app, &rows).await.counts, Counts { unchanged: 2, ..Counts::default() });
}

#[tokio::test]
async fn a_duplicate_leads_to_the_record_that_was_kept() {
    let world = World::new().await;
    let app = &world.app;
    import(
        app,
        &[
            &[(Column::Stars, "3")],
            &[(Column::RegistrationNo, "22B7000999"), (Column::ProducerName, "Hợp tác xã Ong vàng")],
        ],
    )
    .await;
    let mut tx = app.db.write(Chain::of("province", "22")).await.unwrap();
    let both = producers::of_province(&mut tx, "22").await.unwrap();
    let (kept, gone) = (&both[0], &both[1]);
    let of = async |tx: &mut ocop_store::Tx, id| products::of_producer(tx, id).await.unwrap()[0].id.clone();
    let (kept_product, gone_product) = (of(&mut tx, &kept.id).await, of(&mut tx, &gone.id).await);
    for (sql, into, from) in [
        ("update producer set merged_into = $1 where id = $2", kept.id.as_str(), gone.id.as_str()),
        ("update product set merged_into = $1 where id = $2", kept_product.as_str(), gone_product.as_str()),
    ] {
        tx.execute(sql, ocop_store::args![into, from]).await.unwrap();
    }
    tx.commit_upkeep().await.unwrap();
    let again: Row<'_> = &[
        (Column::RegistrationNo, gone.registration_no.as_str()),
        (Column::ProducerName, gone.name.as_str()),
    ];
    let tried = preview_by_system(app, &order(csv(&[again], ','))).await.unwrap();
    assert_eq!(tried.faults, []);
    assert_eq!((tried.counts.producers, tried.counts.products), (0, 0));
}

#[tokio::test]
async fn a_wrong_row_says_why_and_leaves_nothing_behind() {
    let world = World::new().await;
    let app = &world.app;
    import(app, &[&[(Column::ProductCode, "22-06838-7-2024")]]).await;
    let before = register(app).await;
    let check = async |row: Row<'_>, column: Column, words: &str| {
        let done = import(app, &[row]).await;
        assert_eq!(done.counts, Counts { refused: 1, ..Counts::default() }, "{words}: {:?}", done.faults);
        let told = done.faults.iter().map(|one| (one.row, one.column.as_str(), one.reason.as_str()));
        let found = told.clone().any(|one| one.0 == 2 && one.1 == column.name() && one.2.contains(words));
        assert!(found, "{words}: {:?}", told.collect::<Vec<_>>());
        assert_eq!(register(app).await, before, "{words}");
    };
    let new = (Column::ProducerName, "Hợp tác xã Mới");
    let other = (Column::RegistrationNo, "1");
    check(&[new, other, (Column::Commune, "Xã Không Có")], Column::Commune, "Không có xã, phường, đặc khu")
        .await;
    check(&[new, other, (Column::District, "Huyện Lạ")], Column::District, "Không có đơn vị hành chính cũ")
        .await;
    check(&[new, other, (Column::SetNo, "99")], Column::SetNo, "không phải là bộ sản phẩm").await;
    check(
        &[new, other, (Column::ProductCode, "22-06838-7-2024")],
        Column::ProductCode,
        "chủ thể «Hợp tác xã Mật ong",
    )
    .await;
    check(&[new, other, (Column::Points, "45")], Column::Stars, "chỉ đủ 2 sao").await;
    check(&[new, other, (Column::DecidedOn, "05/03/2027")], Column::Stars, "chưa đến").await;
    check(&[new, other, (Column::Level, "huyện")], Column::District, "phải ghi huyện").await;
    check(&[(Column::Stars, "4"), (Column::Points, "75")], Column::Stars, "đã ghi 3 sao trong sổ").await;
    check(&[(Column::DecisionNo, "101/QĐ-UBND")], Column::DecisionNo, "theo quyết định khác").await;
    check(&[new, other, (Column::Stars, "3 sáo")], Column::Stars, "không đọc được").await;
}

#[tokio::test]
async fn numbers_of_sets_are_those_of_the_decision_that_is_named() {
    let world = World::new().await;
    let app = &world.app;
    let named = app.rules.set("2020-781", 19).unwrap().name.clone();
    let file = csv(&[&[(Column::SetNo, named.as_str()), (Column::DecidedOn, "05/03/2022")]], ',');
    let old = ImportOrder { sets: "2020-781".to_owned(), ..order(file) };
    let done = import_by_system(app, &old).await.unwrap();
    assert_eq!(done.faults, []);
    let expected = app.rules.sets_in("2020-781", 19, &app.regime_today().unwrap().id)[0];
    assert!(register(app).await[1].starts_with(&format!("  Mật ong rừng {expected} ")));
    let unknown = ImportOrder { sets: "1999-1".to_owned(), ..old };
    let Err(AppError::Invalid(faults)) = import_by_system(app, &unknown).await else { panic!("refused") };
    assert!(faults[0].message.contains("2020-781"), "{faults:?}");
}

#[tokio::test]
async fn columns_can_be_named_by_the_caller() {
    let world = World::new().await;
    let text = "Đơn vị,Dạng,Nơi,Tên sản phẩm,Bộ số,Ghi chú\r\nHTX Thử,HTX,Xã Bình Liêu,Mật ong,4,x\r\n";
    let named =
        [("Đơn vị", "producer_name"), ("Dạng", "producer_kind"), ("Nơi", "commune"), ("Bộ số", "set_no")];
    let map: BTreeMap<String, String> =
        named.iter().map(|(heading, key)| ((*heading).to_owned(), (*key).to_owned())).collect();
    let file = order(text.as_bytes().to_vec());
    let done = import_by_system(&world.app, &ImportOrder { map: map.clone(), ..file.clone() }).await.unwrap();
    assert_eq!((done.faults, done.counts.added), (vec![], 1));
    let mut wrong = map;
    wrong.insert("Không có".to_owned(), "stars".to_owned());
    wrong.insert("Nơi".to_owned(), "nowhere".to_owned());
    let Err(AppError::Invalid(faults)) =
        preview_by_system(&world.app, &ImportOrder { map: wrong, ..file }).await
    else {
        panic!("refused")
    };
    let told: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    assert!(told[0].contains("không có cột «Không có»"), "{told:?}");
    assert!(told[1].contains("«nowhere» không phải là cột"), "{told:?}");
    assert!(told[2].contains("«Xã, phường, đặc khu»"), "{told:?}");
}

/// Six hundred rows, some of them wrong: three steps.
fn many() -> Vec<u8> {
    let rows: Vec<Vec<(Column, String)>> = (0..600)
        .map(|no| {
            let stars = if no % 50 == 7 { "9" } else { "3" };
            vec![
                (Column::ProducerName, format!("Hợp tác xã số {}", no / 3)),
                (Column::RegistrationNo, format!("R{}", no / 3)),
                (Column::ProductName, format!("Mật ong số {no}")),
                (Column::Stars, stars.to_owned()),
            ]
        })
        .collect();
    let rows: Vec<Vec<(Column, &str)>> =
        rows.iter().map(|row| row.iter().map(|(column, text)| (*column, text.as_str())).collect()).collect();
    csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), ',')
}

/// Sends a file, names its columns as guessed, and sets it going.
async fn set_going(world: &World, bytes: Vec<u8>) -> ImportId {
    let app = &world.app;
    let id = look(app, &world.officer, "22", upload(bytes)).await.unwrap();
    check(app, &world.officer, &id, &guessed(world, &id).await).await.unwrap();
    start(app, &world.officer, &id).await.unwrap();
    id
}

async fn guessed(world: &World, id: &ImportId) -> NamingInput {
    let seen = naming(&world.app, &world.officer, id).await.unwrap();
    NamingInput {
        sheet: seen.run.sheet.clone(),
        sets: seen.run.sets.clone(),
        columns: seen.columns.iter().map(|one| one.column.map_or("", Column::code).to_owned()).collect(),
        version: seen.run.updated_at.to_string(),
    }
}

#[tokio::test]
async fn an_import_that_is_stopped_and_killed_ends_with_the_same_register() {
    let straight = World::new().await;
    let id = set_going(&straight, many()).await;
    go_on(&straight.app).await.unwrap();
    let expected = run(&straight.app, &straight.officer, &id).await.unwrap();
    assert_eq!((expected.state, expected.rows_done), (RunState::Finished, 600));
    assert_eq!((expected.counts.added, expected.counts.refused), (588, 12));

    let world = World::new().await;
    let app = &world.app;
    let id = set_going(&world, many()).await;
    let kept = run(app, &world.officer, &id).await.unwrap();
    let sheet = file::kept_sheets(app, &kept.file_name, &kept.file_hash).await.unwrap().remove(0);
    let rows = read_lines(sheet, kept.mapping.clone()).await.unwrap();
    assert!(step(app, &id, &rows).await.unwrap());
    stop(app, &world.officer, &id).await.unwrap();
    assert!(!step(app, &id, &rows).await.unwrap(), "stopped between two steps");
    go_on(app).await.unwrap();
    assert_eq!(run(app, &world.officer, &id).await.unwrap().rows_done, 250);
    start(app, &world.officer, &id).await.unwrap();
    {
        // Killed inside a step: half of its rows are in a transaction that never ends.
        let mut tx = app.db.write(Chain::of("import", &id)).await.unwrap();
        let manner = Manner { province: "22", sets: &kept.sets, dry: false, demo: false };
        let mut book = Book::open(app, &mut tx, manner).await.unwrap();
        let taken = take(&mut book, &mut tx, &rows[250..400]).await.unwrap();
        assert!(taken.counts.added > 100);
    }
    go_on(app).await.unwrap();
    let ended = run(app, &world.officer, &id).await.unwrap();
    assert_eq!((ended.state, ended.counts), (RunState::Finished, expected.counts));
    assert_eq!(register(app).await, register(&straight.app).await);
    assert_eq!(crate::journal::prove(app).await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn a_worker_that_is_gone_is_followed_by_another() {
    let world = World::new().await;
    let id = set_going(&world, many()).await;
    let mut tx = world.app.db.write(Chain::of("imports", "lease")).await.unwrap();
    let now = world.app.now();
    assert!(ocop_store::imports::lease(&mut tx, now, now.plus_minutes(2)).await.unwrap().is_some());
    tx.commit_upkeep().await.unwrap();
    go_on(&world.app).await.unwrap();
    assert_eq!(run(&world.app, &world.officer, &id).await.unwrap().rows_done, 0, "somebody is at it");
    world.clock.forward_minutes(3);
    go_on(&world.app).await.unwrap();
    assert_eq!(run(&world.app, &world.officer, &id).await.unwrap().state, RunState::Finished);
}

#[tokio::test]
async fn refused_rows_come_back_mended_and_go_in() {
    let world = World::new().await;
    let app = &world.app;
    let rows: [Row<'_>; 2] = [&[], &[(Column::ProductName, "Phấn hoa"), (Column::Stars, "9")]];
    let id = set_going(&world, csv(&rows, ',')).await;
    go_on(app).await.unwrap();
    let listed = refused(app, &world.officer, &id, 0).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].row, 3);
    let book = refused_workbook(app, &world.officer, &id).await.unwrap();
    assert_eq!(book.file_name, "khong-nhan-danh-sach.xlsx");
    let again =
        ImportOrder { file: Upload { file_name: book.file_name, bytes: book.bytes }, ..order(vec![]) };
    let tried = preview_by_system(app, &again).await.unwrap();
    assert_eq!(
        tried.counts,
        Counts { refused: 1, ..Counts::default() },
        "not mended yet: {:?}",
        tried.faults
    );
    assert!(tried.faults[0].reason.contains("«9»"), "{:?}", tried.faults);
}

#[tokio::test]
async fn columns_are_remembered_and_a_stale_or_incomplete_choice_is_refused() {
    let world = World::new().await;
    let app = &world.app;
    let text = "Đơn vị,Dạng,Nơi,Tên sản phẩm,Bộ số\r\nHTX Thử,HTX,Xã Bình Liêu,Mật ong,4\r\n";
    let id = look(app, &world.officer, "22", upload(text.as_bytes().to_vec())).await.unwrap();
    let mut input = guessed(&world, &id).await;
    let Err(AppError::Invalid(faults)) = check(app, &world.officer, &id, &input).await else {
        panic!("refused")
    };
    assert_eq!(faults[0].field, "columns");
    input.columns = ["producer_name", "producer_kind", "commune", "product_name", "product_name"]
        .map(str::to_owned)
        .to_vec();
    let Err(AppError::Invalid(faults)) = check(app, &world.officer, &id, &input).await else {
        panic!("refused")
    };
    assert_eq!(faults[0].field, "column-4");
    assert!(matches!(start(app, &world.officer, &id).await, Err(AppError::Refused(_))), "not checked yet");
    input.columns[4] = "set_no".to_owned();
    world.clock.forward_minutes(1);
    check(app, &world.officer, &id, &input).await.unwrap();
    let stale = check(app, &world.officer, &id, &input).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    let next = look(app, &world.officer, "22", upload(text.as_bytes().to_vec())).await.unwrap();
    assert_eq!(guessed(&world, &next).await.columns, input.columns);
}

#[tokio::test]
async fn only_the_provincial_office_imports() {
    let world = World::new().await;
    let app = &world.app;
    let file = csv(&[&[]], ',');
    for who in [&world.commune_officer, &world.producer, &world.assessors[0]] {
        assert!(matches!(look(app, who, "22", upload(file.clone())).await, Err(AppError::Denied(_))));
        assert!(matches!(list(app, who, "22").await, Err(AppError::Denied(_))));
    }
    assert!(matches!(look(app, &world.officer, "01", upload(file.clone())).await, Err(AppError::Denied(_))));
    let id = set_going(&world, file).await;
    for who in [&world.commune_officer, &world.producer] {
        assert!(matches!(run(app, who, &id).await, Err(AppError::NotFound)));
        assert!(matches!(stop(app, who, &id).await, Err(AppError::NotFound)));
        assert!(matches!(refused_workbook(app, who, &id).await, Err(AppError::NotFound)));
    }
    assert_eq!(list(app, &world.officer, "22").await.unwrap().len(), 1);
    go_on(app).await.unwrap();
    assert!(matches!(stop(app, &world.officer, &id).await, Err(AppError::Refused(_))), "it is done");
    let input = NamingInput::default();
    assert!(matches!(check(app, &world.officer, &id, &input).await, Err(AppError::Refused(_))), "it is done");
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_with_what_to_do() {
    let world = World::new().await;
    for bytes in [Vec::new(), b"%PDF-1.4 x".to_vec(), "chỉ một dòng".as_bytes().to_vec()] {
        let Err(AppError::Invalid(faults)) = look(&world.app, &world.officer, "22", upload(bytes)).await
        else {
            panic!("refused")
        };
        assert_eq!(faults[0].field, "file");
    }
    assert_eq!(list(&world.app, &world.officer, "22").await.unwrap(), []);
}
