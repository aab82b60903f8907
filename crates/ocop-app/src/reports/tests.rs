//! Reports through the verbs: who reads what, which rows stand behind a number, what is frozen.

use ocop_core::id::RoundId;
use ocop_core::people::Actor;
use ocop_core::reports::{ReportKind, RowList, TailFilter};
use ocop_store::Tx;

use super::*;
use crate::councils::testing::Sitting;
use crate::testing::World;
use crate::testing::season::{certifiable, decide};
use crate::{AppError, producers, products};

fn on(day: &str) -> ReportQuery {
    ReportQuery { on: day.to_owned(), ..ReportQuery::default() }
}

/// The figures of a section, line by line.
fn lines(report: &Report, section: &str) -> Vec<(String, Vec<String>)> {
    let section = report.section(section).unwrap();
    let figures = |line: &Line| line.cells.iter().map(|cell| cell.figure.written()).collect();
    section.lines.iter().map(|line| (line.label.clone(), figures(line))).collect()
}

fn figure(report: &Report, section: &str, label: &str) -> String {
    let found = lines(report, section).into_iter().find(|(name, _)| name == label);
    found.unwrap_or_else(|| panic!("{label} in {section}")).1.swap_remove(0)
}

/// A honey that the season has certified, on the day of the decision.
async fn certified() -> Sitting {
    let sitting = certifiable().await;
    decide(&sitting).await;
    sitting
}

async fn leader(app: &App, actor: &Actor, query: &ReportQuery) -> Report {
    report(app, actor, ReportKind::Leader, query).await.unwrap()
}

async fn change(app: &App, sql: &'static str) {
    let mut tx: Tx = app.db.write(ocop_store::db::Chain::of("test", "x")).await.unwrap();
    tx.execute(sql, vec![]).await.unwrap();
    tx.commit_upkeep().await.unwrap();
}

#[tokio::test]
async fn the_leaders_page_counts_what_the_season_brought() {
    let sitting = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let today = leader(app, officer, &ReportQuery::default()).await;
    assert_eq!(today.on, app.today());
    for (label, number) in [
        ("sản phẩm đã đăng ký", "1"),
        ("sản phẩm đang có sao", "1"),
        ("chủ thể", "1"),
        ("sao hết hạn trong 12 tháng", "0"),
    ] {
        assert_eq!(figure(&today, "figures", label), number, "{label}");
    }
    assert_eq!(figure(&today, "year", "Công nhận mới"), "1");
    let yesterday = app.today().pred_opt().unwrap().to_string();
    let before = leader(app, officer, &on(&yesterday)).await;
    assert_eq!(figure(&before, "figures", "sản phẩm đang có sao"), "0", "no star before the decision");
    let stars = today.section("stars").unwrap();
    let rows = stars.lines[0].cells[0].rows.clone().or(stars.lines[1].cells[0].rows.clone()).unwrap();
    assert_eq!(rows.list, RowList::Products);
}

#[tokio::test]
async fn officers_read_their_own_place_and_nobody_else_reads_anything() {
    let sitting = certified().await;
    let (app, world) = (sitting.app(), &sitting.world);
    let commune = leader(app, &world.commune_officer, &ReportQuery::default()).await;
    assert_eq!((commune.commune.as_str(), commune.province.as_str()), (world.commune.as_str(), "22"));
    let elsewhere = ReportQuery { commune: "06862".to_owned(), ..ReportQuery::default() };
    let own = leader(app, &world.commune_officer, &elsewhere).await;
    assert_eq!(own.commune, world.commune, "another commune's code changes nothing");
    let narrowed = leader(app, &world.officer, &elsewhere).await;
    assert_eq!((narrowed.commune.as_str(), figure(&narrowed, "figures", "chủ thể").as_str()), ("06862", "0"));
    for stranger in [&sitting.honey.actor, &world.other_producer, &world.assessors[0]] {
        for kind in ReportKind::ALL {
            let refused = report(app, stranger, *kind, &ReportQuery::default()).await;
            assert!(matches!(refused, Err(AppError::Denied(_))), "{kind}");
        }
        assert!(matches!(round_report(app, stranger, &sitting.honey.round).await, Err(AppError::Denied(_))));
        let filter = TailFilter { expiring: "yes".to_owned(), ..TailFilter::default() };
        assert!(matches!(tail(app, stranger, &filter).await, Err(AppError::Denied(_))));
        assert!(matches!(ptnt_ocop(app, stranger, "2026").await, Err(AppError::Denied(_))));
        let frozen = freeze(app, stranger, ReportKind::Leader, None, &ReportQuery::default()).await;
        assert!(matches!(frozen, Err(AppError::Denied(_))));
    }
}

#[tokio::test]
async fn a_day_that_is_none_or_has_not_come_is_refused_beside_its_field() {
    let world = World::new().await;
    for day in ["hôm qua", "2022-13-01", "01/01/2027", "3/1/22"] {
        let refused = report(&world.app, &world.officer, ReportKind::Leader, &on(day)).await;
        assert!(matches!(refused, Err(AppError::Invalid(faults)) if faults[0].field == "on"), "{day}");
    }
    let told = leader(&world.app, &world.officer, &on("02/12/2022")).await;
    assert_eq!(told.on.to_string(), "2022-12-02");
}

#[tokio::test]
async fn every_number_of_the_tail_is_the_length_of_its_list() {
    let sitting = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    change(app, "update certificate set valid_until = '2027-03-31'").await;
    change(
        app,
        "insert into listing (product_id, platform, since, url) select id, 'Voso', '2026-02-01', '' from product",
    )
    .await;
    change(
        app,
        "insert into revenue (product_id, year, amount, noted_at) select id, 2025, 7000000, '' from product",
    )
    .await;
    let told = leader(app, officer, &ReportQuery::default()).await;
    let mut lists = 0;
    let mut reports = vec![told];
    reports.push(round_report(app, officer, &sitting.honey.round).await.unwrap().report);
    for report in &reports {
        for cell in report.sections.iter().flat_map(|one| &one.lines).flat_map(|line| &line.cells) {
            let Some(rows) = cell.rows.as_ref().filter(|rows| rows.list == RowList::Tail) else { continue };
            let filter: TailFilter =
                serde_json::from_value(serde_json::to_value(&rows.query).unwrap()).unwrap();
            let list = tail(app, officer, &filter).await.unwrap();
            assert_eq!(i64::try_from(list.rows.len()).unwrap(), cell.figure.value(), "{filter:?}");
            assert!(!list.title.is_empty());
            lists += 1;
        }
    }
    assert!(lists > 10, "{lists}");
    let nothing = tail(app, officer, &TailFilter::default()).await;
    assert!(matches!(nothing, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_round_tells_how_far_its_dossiers_came() {
    let sitting = certified().await;
    let told = round_report(sitting.app(), &sitting.world.officer, &sitting.honey.round).await.unwrap();
    let last = lines(&told.report, "steps").pop().unwrap();
    assert_eq!((last.0.as_str(), last.1), ("Được công nhận", ["1", "1", "1"].map(str::to_owned).into()));
    let (numbers, _) = round_by_system(sitting.app(), &sitting.honey.round).await.unwrap();
    assert_eq!((numbers.on_paper, numbers.funnel.products), (false, 1));
    let by_name = find_round(sitting.app(), "22", sitting.app().today(), Some(&numbers.name)).await.unwrap();
    assert_eq!(by_name.id, sitting.honey.round);
    let unknown = find_round(sitting.app(), "22", sitting.app().today(), Some("Đợt 99")).await;
    assert!(unknown.unwrap_err().to_string().contains(&numbers.name));
    let nowhere: RoundId = "0192d3b0-7c1e-7abc-8def-ffffffffffff".parse().unwrap();
    let missing = round_report(sitting.app(), &sitting.world.officer, &nowhere).await;
    assert!(matches!(missing, Err(AppError::NotFound)));
}

#[tokio::test]
async fn a_frozen_report_never_changes() {
    let sitting = certified().await;
    let (app, world) = (sitting.app(), &sitting.world);
    let live = leader(app, &world.officer, &ReportQuery::default()).await;
    let id = freeze(app, &world.officer, ReportKind::Leader, None, &ReportQuery::default()).await.unwrap();
    change(app, "delete from listing").await;
    change(app, "update certificate set revoked_on = issued_on").await;
    change(app, "update product set name = 'Tên khác'").await;
    let now = leader(app, &world.officer, &ReportQuery::default()).await;
    assert_ne!(now, live, "the numbers of today have changed");
    let kept = frozen(app, &world.officer, &id).await.unwrap();
    assert_eq!(kept.whole().unwrap(), &live);
    assert_eq!(as_workbook(kept.whole().unwrap()).unwrap(), as_workbook(&live).unwrap());
    assert_eq!((kept.frozen.author.as_str(), kept.frozen.on), (world.officer.name.as_str(), live.on));
    assert_eq!(frozen_list(app, &world.officer).await.unwrap().len(), 1);
    assert!(frozen_list(app, &world.commune_officer).await.unwrap().is_empty(), "not this commune's");
    let of_commune = frozen(app, &world.commune_officer, &id).await;
    assert!(matches!(of_commune, Err(AppError::NotFound)));
    assert!(crate::journal::prove(app).await.unwrap().faults.is_empty());

    change(app, "update frozen_report set body = replace(body, '\"count\":1', '\"count\":9')").await;
    let damaged = frozen(app, &world.officer, &id).await.unwrap();
    assert_eq!(damaged.report, None);
    assert!(damaged.whole().unwrap_err().to_string().contains("không còn nguyên vẹn"));
}

#[tokio::test]
async fn a_commune_freezes_its_own_numbers() {
    let sitting = certified().await;
    let (app, world) = (sitting.app(), &sitting.world);
    let round = Some(&sitting.honey.round);
    let id =
        freeze(app, &world.commune_officer, ReportKind::Round, round, &ReportQuery::default()).await.unwrap();
    let kept = frozen(app, &world.commune_officer, &id).await.unwrap();
    assert_eq!(kept.whole().unwrap().commune, world.commune);
    assert!(frozen(app, &world.officer, &id).await.is_ok(), "the province reads it, too");
    let none = freeze(app, &world.officer, ReportKind::Round, None, &ReportQuery::default()).await;
    assert!(matches!(none, Err(AppError::NotFound)));
}

#[tokio::test]
async fn people_are_told_as_totals_without_a_way_to_their_names() {
    let world = World::new().await;
    for no in 0..6 {
        let input = producers::ProducerInput {
            name: format!("Hộ Thử {no}"),
            commune: world.commune.clone(),
            gender: if no < 5 { "female" } else { "male" }.to_owned(),
            ..crate::dossiers::testing::register(&world.commune)
        };
        let actor = world.again(&world.producer).await;
        let id = producers::register(&world.app, &actor, &input).await.unwrap();
        let actor = world.again(&world.producer).await;
        products::add(&world.app, &actor, &id, &crate::dossiers::testing::honey()).await.unwrap();
    }
    let told = report(&world.app, &world.officer, ReportKind::People, &ReportQuery::default()).await.unwrap();
    let women = lines(&told, "people").swap_remove(0).1;
    assert_eq!(women, ["dưới 5", "dưới 5", "0", "6"], "one man would be made out");
    let cells = told.sections.iter().flat_map(|one| &one.lines).flat_map(|line| &line.cells);
    assert!(cells.into_iter().all(|cell| cell.rows.is_none()));
}

#[tokio::test]
async fn the_sector_table_names_its_fields_exactly() {
    let sitting = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    change(app, "insert into revenue (product_id, year, amount, noted_at) select id, 2026, 1250500000, '' from product")
        .await;
    let book = ptnt_ocop(app, officer, "2026").await.unwrap();
    let names: Vec<&str> = book.tables.iter().map(|table| table.sheet.as_str()).collect();
    assert_eq!(names, ["PTNT_OCOP", "DM_DonViHanhChinh", "DM_KhoangThoiGian", "DM_SanPham", "DM_CoSo"]);
    let bytes = book.workbook().unwrap().bytes;
    let sheets = ocop_documents::xlsx::read(&bytes, 9).unwrap();
    let head = &sheets[0].rows[0].cells;
    let fields = [
        "MA_OCOP",
        "Ma_DonViHanhChinh",
        "Ma_ThoiGian",
        "Ma_SanPham",
        "TenSanPham",
        "XepHang",
        "ChuTheSXKD",
        "DoanhThuNam",
        "TrangThai",
    ];
    assert_eq!(head.iter().map(String::as_str).collect::<Vec<_>>(), fields);
    let row = &sheets[0].rows[1].cells;
    assert_eq!(
        (row[0].as_str(), row[3].as_str(), row[7].as_str(), row[8].as_str()),
        ("1", "OCOP04", "1250.5", "HieuLuc")
    );
    assert!(matches!(row[5].as_str(), "3*" | "4*"), "{}", row[5]);
    let files = book.csv_files();
    let text = String::from_utf8(files[0].bytes.clone()).unwrap();
    assert!(text.contains(",1250.50,HieuLuc"), "{text}");
    for year in ["", "2017", "2027", "năm nay"] {
        let refused = ptnt_ocop(app, officer, year).await;
        assert!(matches!(refused, Err(AppError::Invalid(faults)) if faults[0].field == "year"), "{year}");
    }
}

#[tokio::test]
async fn every_report_goes_out_as_workbook_csv_and_text() {
    let sitting = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    for kind in ReportKind::ALL.iter().filter(|kind| **kind != ReportKind::Round) {
        let told = report(app, officer, *kind, &ReportQuery::default()).await.unwrap();
        let sheets = ocop_documents::xlsx::read(&as_workbook(&told).unwrap().bytes, 100).unwrap();
        assert_eq!(sheets.len(), told.sections.len(), "{kind}");
        let csv = String::from_utf8(as_csv(&told).unwrap().bytes).unwrap();
        assert!(csv.starts_with("\u{feff}Bảng,Dòng,Cột,Giá trị"), "{kind}");
        assert!(as_text(&told).contains(&told.title), "{kind}");
    }
}

/// What newspapers printed of Quảng Ninh on 2 December 2022 comes out of the register.
#[tokio::test]
async fn the_newspapers_figures_of_2022_are_these() {
    let world = World::empty().await;
    let app = &world.app;
    crate::demo::load(app, crate::demo::Story::QuangNinh2022).await.unwrap();
    let day = "2022-12-02".parse().unwrap();
    let told = summary_by_system(app, Scope::of_province("22", day)).await.unwrap();
    assert_eq!((told.products.registered, told.products.starred, told.producers.total), (565, 267, 219));
    let groups: Vec<i64> = told.producers.groups.iter().map(|one| one.producers).filter(|n| *n > 0).collect();
    assert_eq!(groups, [54, 87, 78], "enterprises, cooperatives, households");
    let stars = told.stars;
    assert_eq!((stars.three, stars.four, stars.five_province, stars.five_centre), (193, 68, 3, 3));
    let ha_long = told.units.iter().find(|unit| unit.name.contains("Hạ Long")).unwrap();
    assert!(ha_long.former);
    assert_eq!((ha_long.joined, ha_long.joined_producers, ha_long.put_on_platforms), (14, 6, 65));
    assert_eq!(told.units.iter().filter(|unit| unit.former).count(), 13);

    let narrowed = Scope { district: ha_long.code.clone(), ..Scope::of_province("22", day) };
    let city = summary_by_system(app, narrowed).await.unwrap();
    assert_eq!((city.products.registered, city.put_on_platforms.products), (ha_long.products, 65));
    assert_eq!((city.year.joined, city.year.joined_producers), (14, 6));

    let round = find_round(app, "22", day, None).await.unwrap();
    let (round, _) = round_by_system(app, &round.id).await.unwrap();
    let funnel = &round.funnel;
    assert_eq!((funnel.products, funnel.producers, funnel.units), (117, 67, 13));
    let from = |name: &str| funnel.places.iter().find(|one| one.name.contains(name)).unwrap().products;
    assert_eq!((from("Hạ Long"), from("Cô Tô")), (26, 2));
    assert!(round.on_paper && round.announced_at.contains("Xuân 2023"), "{}", round.announced_at);
}
