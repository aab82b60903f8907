//! Official texts: out, filled in, in again, and read by everybody in the province.

use ocop_core::rules::wording::{WordingChange, texts};

use super::testing::{altered, filled};
use super::wording::*;
use crate::councils::testing::Sitting;
use crate::dossiers::testing::{complete, honey_in_round};
use crate::evidence::Upload;
use crate::testing::World;
use crate::{AppError, dossiers, journal, papers, scoring};

/// Every set of the regime in force.
fn whole() -> WordingChoice {
    WordingChoice { regime: "2026-26".to_owned(), sets: Vec::new() }
}

fn upload(bytes: Vec<u8>) -> Upload {
    Upload { file_name: "loi-van.xlsx".to_owned(), bytes }
}

async fn import(world: &World, given: &[(&str, &str)]) -> WordingImport {
    let seen = preview_wording(&world.app, &world.officer, "22", upload(filled(&world.app.rules, given)))
        .await
        .unwrap();
    import_wording(&world.app, &world.officer, "22", &seen.file, &seen.basis).await.unwrap()
}

fn faults(refused: Result<WordingImport, AppError>) -> Vec<String> {
    match refused {
        Err(AppError::Invalid(faults)) => faults.into_iter().map(|fault| fault.message).collect(),
        other => panic!("faults expected: {other:?}"),
    }
}

async fn entries(world: &World) -> Vec<ocop_core::journal::Link> {
    let all = journal::history(&world.app, "province", "22").await.unwrap();
    all.into_iter().filter(|link| link.action == "manage_wording").collect()
}

#[tokio::test]
async fn an_exported_workbook_comes_back_with_every_text_of_every_set() {
    let world = World::new().await;
    let book = export_wording(&world.app, &world.officer, "22", &whole()).await.unwrap();
    assert_eq!(book.file_name, "loi-van-2026-26.xlsx");
    let seen = preview_wording(&world.app, &world.officer, "22", upload(book.bytes.clone())).await.unwrap();
    assert_eq!(seen.sets.len(), 26);
    assert!(!seen.is_any(), "nothing was filled in");
    assert!(book.bytes == empty_workbook(&world.app.rules, &whole()).unwrap().bytes);

    import(&world, &[("1.1", "Nguồn nguyên liệu, lao động")]).await;
    let one = WordingChoice { regime: "2026-26".to_owned(), sets: vec![4] };
    let book = export_wording(&world.app, &world.officer, "22", &one).await.unwrap();
    assert_eq!(book.file_name, "loi-van-2026-26-04.xlsx");
    let again = preview_wording(&world.app, &world.officer, "22", upload(book.bytes)).await.unwrap();
    assert_eq!(again.sets[0].change, WordingChange { changed: 0, unchanged: 1, cleared: 0 });
}

#[tokio::test]
async fn an_import_is_on_record_with_author_file_and_counts() {
    let world = World::new().await;
    let first = import(&world, &[("1.1", "Lời chính thức"), ("1.1/1/1", "Mức thấp")]).await;
    let line = &entries(&world).await[0];
    assert_eq!(line.actor, world.officer.person.as_str());
    let set = world.app.rules.set("2026-26", 4).unwrap();
    for told in [&first.file, &set.hash(), &world.officer.name, "2026-26/4", "\"texts\":2"] {
        assert!(line.data.contains(told), "{told}: {}", line.data);
    }
    let shown = wording(&world.app, &world.officer, "22").await.unwrap();
    let honey = shown.iter().find(|line| line.no == 4).unwrap();
    assert_eq!((honey.official, honey.texts, honey.at.as_str()), (2, texts(set).len(), "02/11/2026 09:00"));
    assert_eq!(honey.author, world.officer.name);

    let second = import(&world, &[("1.1", "Lời chính thức"), ("1.2", "Lời khác")]).await;
    assert_eq!(second.sets[0].change, WordingChange { changed: 1, unchanged: 1, cleared: 1 });
    let told: Vec<(&str, bool)> =
        second.sets[0].lines.iter().map(|line| (line.after.as_str(), line.cleared)).collect();
    let ours = set.criterion("1.1").unwrap().alternatives[0].levels[0].text.as_str();
    assert_eq!(told, [(ours, true), ("Lời khác", false)]);
    assert_eq!(journal::prove(&world.app).await.unwrap().faults, vec![]);
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_and_leaves_no_entry() {
    let world = World::new().await;
    let given = [("1.1", "Lời chính thức")];
    import(&world, &given).await;
    let again = import(&world, &given).await;
    assert!(!again.is_any());
    assert_eq!(entries(&world).await.len(), 1);
    let nothing = import(&World::new().await, &[]).await;
    assert!(!nothing.is_any());
}

#[tokio::test]
async fn looking_at_a_file_changes_nothing() {
    let world = World::new().await;
    let file = filled(&world.app.rules, &[("1.1", "Lời chính thức")]);
    let seen = preview_wording(&world.app, &world.officer, "22", upload(file.clone())).await.unwrap();
    assert_eq!(seen.sets[0].change.changed, 1);
    assert_eq!(preview_by_system(&world.app, "22", file).await.unwrap(), seen);
    assert_eq!(entries(&world).await, vec![]);
    let shown = wording(&world.app, &world.officer, "22").await.unwrap();
    assert!(shown.iter().all(|line| line.official == 0));
}

#[tokio::test]
async fn texts_imported_since_are_not_written_over_unseen() {
    let world = World::new().await;
    let (app, officer) = (&world.app, &world.officer);
    let file = filled(&app.rules, &[("1.1", "Lời chính thức")]);
    let seen = preview_wording(app, officer, "22", upload(file)).await.unwrap();
    import(&world, &[("1.2", "Lời của người khác")]).await;
    let late = import_wording(app, officer, "22", &seen.file, &seen.basis).await;
    assert!(matches!(late, Err(AppError::Stale(_))), "{late:?}");
    assert_eq!(entries(&world).await.len(), 1);
}

#[tokio::test]
async fn only_the_provincial_office_gives_official_texts() {
    let world = World::new().await;
    let file = filled(&world.app.rules, &[("1.1", "Lời chính thức")]);
    for (actor, province) in [
        (&world.commune_officer, "22"),
        (&world.producer, "22"),
        (&world.assessors[0], "22"),
        (&world.officer, "01"),
    ] {
        let app = &world.app;
        let seen = preview_wording(app, actor, province, upload(file.clone())).await;
        assert!(matches!(seen, Err(AppError::Denied(_))), "{seen:?}");
        let kept = import_wording(app, actor, province, &"0".repeat(64), "").await;
        assert!(matches!(kept, Err(AppError::Denied(_))), "{kept:?}");
        assert!(wording(app, actor, province).await.is_err());
        assert!(export_wording(app, actor, province, &whole()).await.is_err());
    }
}

#[tokio::test]
async fn a_named_office_imports_on_the_machine() {
    let world = World::new().await;
    let file = filled(&world.app.rules, &[("1.1", "Lời chính thức")]);
    let missing = faults(import_by_system(&world.app, "22", "  ", file.clone()).await);
    assert_eq!(missing, ["Ghi họ tên và chức vụ người ban hành lời văn."]);
    let nowhere = import_by_system(&world.app, "06838", "A", file.clone()).await;
    assert!(nowhere.is_err_and(|error| error.to_string().contains("Không có tỉnh")));
    import_by_system(&world.app, "22", "Nguyễn Văn Thử, Chi cục trưởng", file).await.unwrap();
    let line = &entries(&world).await[0];
    assert_eq!(line.actor, "system");
    assert!(line.data.contains("Nguyễn Văn Thử, Chi cục trưởng"), "{}", line.data);
}

#[tokio::test]
async fn points_floors_and_our_words_cannot_be_changed() {
    let world = World::new().await;
    let file = altered(&world.app.rules, |table| {
        let row = table.rows.iter_mut().find(|row| row.key == "1.1/1/1").unwrap();
        (row.points, row.stars, row.ours) = (Some(40), Some(5), "khác".to_owned());
        row.official = "Lời chính thức".to_owned();
    });
    let told = faults(preview_wording(&world.app, &world.officer, "22", upload(file)).await);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told.iter().all(|line| line.starts_with("Trang «2026-26-04», dòng ")), "{told:#?}");
    assert!(told[0].contains("cột C (Điểm)") && told[1].contains("cột D") && told[2].contains("cột E"));

    let other = altered(&world.app.rules, |table| table.bound_to[1].1 = "0".repeat(64));
    let told = faults(preview_wording(&world.app, &world.officer, "22", upload(other)).await);
    assert!(told[0].contains("một bản khác của bộ tiêu chí 2026-26/4"), "{told:#?}");

    let foreign =
        faults(preview_wording(&world.app, &world.officer, "22", upload(b"%PDF-1.4".to_vec())).await);
    assert!(foreign[0].contains("không phải là bảng tính XLSX"), "{foreign:?}");
}

#[tokio::test]
async fn the_producer_reads_official_texts_while_points_stay() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let id = complete(&world, &honey).await;
    let (app, actor) = (&world.app, &honey.actor);
    let before = dossiers::assessment(app, actor, &id).await.unwrap().live;
    let paper = papers::form02(app, actor, &id).await.unwrap().pdf;
    import(&world, &[("name", "Bộ chính thức"), ("1.1", "Tên chính thức"), ("1.1/1/1", "Mức chính thức")])
        .await;

    let screen = dossiers::criterion(app, actor, &id, "1.1").await.unwrap();
    assert_eq!(screen.name, "Tên chính thức");
    assert_eq!(screen.alternatives[0].levels[0].text, "Mức chính thức");
    assert_eq!(screen.head.set, "Bộ 4: Bộ chính thức");
    let after = dossiers::assessment(app, actor, &id).await.unwrap().live;
    assert_eq!((after.total, after.stars), (before.total, before.stars));
    assert!(papers::form02(app, actor, &id).await.unwrap().pdf != paper, "the paper carries them, too");
}

#[tokio::test]
async fn the_council_reads_official_texts_and_its_tally_stays() {
    let sitting = Sitting::scoring(2).await;
    let ground = sitting.set().disqualifiers[0].clone();
    let official =
        [("1.1", "Tên chính thức"), ("1.1/1/1", "Mức chính thức"), ("disqualifier:1", "Căn cứ chính thức")];
    import(&sitting.world, &official).await;
    let app = sitting.app();
    let ballot = sitting.ballot(&sitting.chair, 1).await;
    let room = scoring::room(app, &sitting.chair, &ballot, "1.1").await.unwrap();
    assert_eq!(
        (room.pane.name.as_str(), room.pane.cases[0].levels[0].text.as_str()),
        ("Tên chính thức", "Mức chính thức")
    );

    let view = scoring::disqualification(app, &sitting.chair, &ballot).await.unwrap();
    assert_eq!(view.grounds[0].text, "Căn cứ chính thức");
    let declared = scoring::DisqualifyInput {
        ground: view.grounds[0].code.clone(),
        reason: "Giấy phép giả".to_owned(),
        version: view.head.version.to_string(),
    };
    scoring::declare_disqualification(app, &sitting.chair, &ballot, &declared).await.unwrap();
    let view = scoring::disqualification(app, &sitting.chair, &ballot).await.unwrap();
    assert!(view.grounds[0].chosen, "found again although the words are other ones");
    assert_eq!(view.head.disqualified.unwrap().ground, "Căn cứ chính thức");
    let kept = sitting.ballots(1).await;
    let kept = kept.iter().find_map(|one| one.ballot.sheet.disqualified.as_ref()).unwrap();
    assert_eq!(kept.ground, ground, "the ballot keeps the words of the set");
}
