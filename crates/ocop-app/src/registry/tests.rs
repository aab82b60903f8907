//! Registers: who reads them, what filters mean, paging, files.

use ocop_core::people::{Role, RoleKind};
use ocop_core::registry::Standing;
use ocop_core::reports::{ReportKind, RowList, Rows};

use super::*;
use crate::dossiers::testing::honey_in_round;
use crate::download::Format;
use crate::products::ProductInput;
use crate::recognition::testing::certified;
use crate::reports::{ReportQuery, report};
use crate::testing::World;

fn products_named(q: &str) -> ProductFilter {
    ProductFilter { q: q.to_owned(), ..ProductFilter::default() }
}

#[tokio::test]
async fn officers_read_their_own_register_and_nobody_else_does() {
    let (sitting, _) = certified().await;
    let (app, world) = (sitting.app(), &sitting.world);
    let all = ProductFilter::default();
    for officer in [&world.officer, &world.commune_officer] {
        let listed = products(app, officer, &all, &At::default()).await.unwrap();
        assert_eq!((listed.total, listed.lines[0].standing), (1, Standing::Starred));
        assert_eq!(listed.lines[0].stars, Some(3));
        let listed = producers(app, officer, &ProducerFilter::default(), &At::default()).await.unwrap();
        assert_eq!((listed.total, listed.lines[0].products, listed.lines[0].starred), (1, 1, 1));
    }
    for stranger in [&sitting.honey.actor, &world.other_producer, &sitting.chair, &world.assessors[9]] {
        let refused = products(app, stranger, &all, &At::default()).await;
        assert!(matches!(refused, Err(AppError::Denied(_))), "{refused:?}");
        assert!(file::products(app, stranger, &all, Format::Csv).await.is_err());
        assert!(overview(app, stranger).await.is_err());
    }
    let elsewhere = ProductFilter { commune: "06841".to_owned(), ..all };
    assert_eq!(products(app, &world.commune_officer, &elsewhere, &At::default()).await.unwrap().total, 0);
}

#[tokio::test]
async fn filters_slips_and_days_narrow_the_list() {
    let (sitting, _) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let total = async |filter: ProductFilter| {
        let listed = products(app, officer, &filter, &At::default()).await.unwrap();
        (listed.total, listed.mended)
    };
    assert_eq!(total(products_named("ONG mật")).await, (1, None));
    assert_eq!(total(products_named("mat onf")).await, (1, Some("mat ong".to_owned())));
    assert_eq!(total(products_named("che")).await, (0, None));
    let with = |change: fn(&mut ProductFilter)| {
        let mut filter = ProductFilter::default();
        change(&mut filter);
        filter
    };
    for (filter, expected) in [
        (with(|one| one.stars = "3".into()), 1),
        (with(|one| one.stars = "4".into()), 0),
        (with(|one| one.industry = "I".into()), 1),
        (with(|one| one.industry = "VI".into()), 0),
        (with(|one| one.industry = "nichts".into()), 0),
        (with(|one| one.set = "4".into()), 1),
        (with(|one| (one.industry, one.set) = ("VI".into(), "4".into())), 0),
        (with(|one| one.kind = "cooperative".into()), 1),
        (with(|one| one.kind = "enterprise".into()), 0),
        (with(|one| (one.event, one.year) = ("new".into(), "2026".into())), 1),
        (with(|one| (one.event, one.year) = ("new".into(), "2025".into())), 0),
        (with(|one| one.on = "2026-11-01".into()), 0),
        (with(|one| one.until = "2029-11".into()), 1),
        (with(|one| one.district = "193".into()), 0),
        (with(|one| one.standing = "starred".into()), 1),
        (with(|one| one.standing = "nichts".into()), 0),
        (with(|one| one.stamped = "no".into()), 1),
    ] {
        assert_eq!(total(filter.clone()).await.0, expected, "{filter:?}");
    }
    let told = overview(app, officer).await.unwrap();
    assert_eq!((told.products, told.starred, told.producers, told.ending), (1, 1, 1, 0));
}

#[tokio::test]
async fn a_file_holds_exactly_the_rows_of_the_list_under_headings_that_can_be_read_in() {
    let (sitting, _) = certified().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let input = ProductInput { name: "=Trà hoa vàng".to_owned(), ..crate::dossiers::testing::honey() };
    crate::products::add(app, &sitting.honey.actor, &sitting.honey.producer, &input).await.unwrap();
    let text = async |filter: &ProductFilter| {
        let file = file::products(app, officer, filter, Format::Csv).await.unwrap();
        String::from_utf8(file.bytes).unwrap()
    };
    let whole = text(&ProductFilter::default()).await;
    assert_eq!(whole.lines().count(), 3, "{whole}");
    assert!(whole.contains("'=Trà hoa vàng") && whole.contains("4512/QĐ-UBND"), "{whole}");
    for hidden in ["Tày", "female", "Nữ"] {
        assert!(!whole.contains(hidden), "{hidden}");
    }
    let starred = text(&ProductFilter { standing: "starred".to_owned(), ..Default::default() }).await;
    assert_eq!(starred.lines().count(), 2, "{starred}");

    let book = file::products(app, officer, &ProductFilter::default(), Format::Xlsx).await.unwrap();
    let sheets = ocop_documents::xlsx::read(&book.bytes, 30).unwrap();
    let headings = &sheets[0].rows[2].cells;
    let known = ocop_core::imports::columns::guess(headings);
    assert_eq!(known.iter().flatten().count(), 27, "{headings:?}");
    assert!(ocop_core::imports::columns::missing(&known).is_empty());
    assert_eq!(sheets[0].rows.len(), 2 + 1 + 2);
    let producers = file::producers(app, officer, &ProducerFilter::default(), Format::Csv).await.unwrap();
    assert_eq!(String::from_utf8(producers.bytes).unwrap().lines().count(), 2);
}

#[tokio::test]
async fn pages_go_on_and_back_across_equal_names() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let producer = crate::producers::view(app, &honey.actor, &honey.producer).await.unwrap().producer;
    let mut tx = app.db.write(ocop_store::db::Chain::of("producer", &producer.id)).await.unwrap();
    let kept = ocop_store::products::find(&mut tx, &honey.product).await.unwrap().unwrap();
    for _ in 0..PAGE * 2 + 9 {
        let id = crate::runtime::fresh(&*app.ids);
        let one = ocop_store::products::Product { id, ..kept.clone() };
        ocop_store::products::insert(&mut tx, &one).await.unwrap();
    }
    tx.commit_upkeep().await.unwrap();
    let list = async |at: &At| products(app, &world.officer, &ProductFilter::default(), at).await.unwrap();
    let first = list(&At::default()).await;
    assert_eq!((first.total, first.lines.len(), first.before.is_some()), (110, PAGE, false));
    let on = |after: &Option<String>| At { after: after.clone().unwrap(), ..At::default() };
    let second = list(&on(&first.after)).await;
    let third = list(&on(&second.after)).await;
    assert_eq!((second.lines.len(), third.lines.len(), third.after.is_some()), (PAGE, 10, false));
    let mut ids: Vec<_> = [&first, &second, &third]
        .iter()
        .flat_map(|page| page.lines.iter().map(|line| line.id.clone()))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 110, "each once");
    let back = list(&At { before: third.before.unwrap(), ..At::default() }).await;
    assert_eq!(back.lines, second.lines);
    let start = list(&At { before: back.before.unwrap(), ..At::default() }).await;
    assert_eq!((start.lines == first.lines, start.before.is_some()), (true, false));
}

/// Everybody with the role of a provincial officer reads the same.
fn officer_of_quang_ninh() -> Actor {
    Actor {
        person: "0192d3b0-7c1e-7abc-8def-0123456789ab".parse().unwrap(),
        name: "Cán bộ".to_owned(),
        roles: vec![Role { kind: RoleKind::ProvincialOfficer, unit: "22".to_owned() }],
        producers: vec![],
        seats: vec![],
    }
}

/// How many rows a number leads to; `None` where it leads to no register.
async fn rows_behind(app: &App, actor: &Actor, rows: &Rows) -> Option<i64> {
    let query = serde_json::to_value(&rows.query).unwrap();
    let at = At::default();
    match rows.list {
        RowList::Products => {
            Some(products(app, actor, &serde_json::from_value(query).unwrap(), &at).await.unwrap().total)
        }
        RowList::Producers => {
            Some(producers(app, actor, &serde_json::from_value(query).unwrap(), &at).await.unwrap().total)
        }
        RowList::Tail => None,
    }
}

/// Every number of every report that leads to a register has as many rows there, narrowed to a former
/// district or a commune, too.
#[tokio::test]
async fn each_number_of_a_report_leads_to_as_many_rows() {
    let world = World::empty().await;
    let app = &world.app;
    crate::demo::load(app, crate::demo::Story::QuangNinh2022).await.unwrap();
    let officer = officer_of_quang_ninh();
    let query = |on: &str, district: &str, commune: &str| ReportQuery {
        on: on.to_owned(),
        district: district.to_owned(),
        commune: commune.to_owned(),
    };
    let on = "2022-12-02";
    let choices = crate::reports::choices(app, &officer).await.unwrap();
    let ha_long = &choices.districts.iter().find(|(_, name)| name.contains("Hạ Long")).unwrap().0;
    let mut seen = BTreeSet::new();
    let mut busy = 0;
    for asked in [
        query(on, "", ""),
        query(on, ha_long, ""),
        query(on, "", "06838"),
        query("2021-06-30", "", ""),
        query("2025-08-01", "", ""),
        query("", "", ""),
    ] {
        for kind in ReportKind::ALL.iter().filter(|kind| **kind != ReportKind::Round) {
            let told = report(app, &officer, *kind, &asked).await.unwrap();
            for cell in told.sections.iter().flat_map(|one| &one.lines).flat_map(|line| &line.cells) {
                let Some(rows) = cell.rows.as_ref().map(|rows| rows.on(told.on)) else { continue };
                if !seen.insert(format!("{rows:?}")) {
                    continue;
                }
                let Some(listed) = rows_behind(app, &officer, &rows).await else { continue };
                assert_eq!(listed, cell.figure.value(), "{kind} {asked:?} {:?}", rows.query);
                busy += i64::from(listed > 0);
            }
        }
    }
    assert!(busy > 300, "{busy}");
}
