//! The vault: page counts, terms, versions.

use ocop_core::dossiers::DossierKind;
use ocop_core::evidence::Term;
use ocop_core::id::EvidenceId;
use ocop_core::time::date;

use super::{
    EvidenceInput, Size, Upload, describe, file, page, paper, picture, piece, replace, upload, vault,
};
use crate::dossiers::testing::{Honey, complete, honey_in_round, pdf_of};
use crate::dossiers::{CiteInput, cite, criterion, open, overview, submit, submit_page};
use crate::testing::{World, invalid};
use crate::{AppError, Refusal};

fn refused(outcome: Result<impl Sized, AppError>, words: &str) {
    let error = outcome.err();
    assert!(
        matches!(&error, Some(AppError::Refused(Refusal::Because(told))) if told.contains(words)),
        "{error:?}"
    );
}

fn denied(outcome: Result<impl Sized, AppError>) {
    let error = outcome.err();
    assert!(matches!(error, Some(AppError::Denied(_) | AppError::NotFound)), "{error:?}");
}

async fn held(world: &World, honey: &Honey, pages: usize, last_day: String) -> EvidenceId {
    let input = EvidenceInput { kind: "12".to_owned(), expires_on: last_day, ..EvidenceInput::default() };
    let sent = Upload { file_name: "phieu.pdf".to_owned(), bytes: pdf_of(pages) };
    upload(&world.app, &honey.actor, &honey.producer, &input, sent).await.unwrap().id
}

#[tokio::test]
async fn a_citation_names_only_pages_that_the_paper_has() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = open(app, &honey.actor, &honey.product, &honey.round, DossierKind::First).await.unwrap();
    let paper = held(&world, &honey, 3, String::new()).await;
    let cards = vault(app, &honey.actor, &honey.producer).await.unwrap().papers;
    assert_eq!((cards[0].pages, cards[0].term), (Some(3), Term::Good));
    let pages = |pages: &str| CiteInput {
        criterion: "1.1".to_owned(),
        evidence: paper.to_string(),
        pages: pages.to_owned(),
    };
    invalid(cite(app, &honey.actor, &id, &pages("2-4")).await, &["pages"]);
    cite(app, &honey.actor, &id, &pages("2-3")).await.unwrap();
}

#[tokio::test]
async fn a_paper_that_ends_before_the_result_is_told_to_producer_and_officers() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = complete(&world, &honey).await;
    let last_day = app.today() + chrono::Days::new(3);
    let paper = held(&world, &honey, 1, date(last_day)).await;
    let cited = CiteInput { criterion: "1.1".to_owned(), evidence: paper.to_string(), pages: String::new() };
    cite(app, &honey.actor, &id, &cited).await.unwrap();
    let lacks = submit_page(app, &honey.actor, &id).await.unwrap().should;
    let told = format!("sẽ hết hạn ngày {}, trước hạn có kết quả 30/12/2026.", date(last_day));
    assert!(lacks.iter().any(|lack| lack.message.ends_with(&told)), "{lacks:?}");

    submit(app, &honey.actor, &id).await.unwrap();
    let read = overview(app, &world.commune_officer, &id).await.unwrap().submitted.unwrap();
    let seen = read.answers[0].papers.iter().find(|card| card.id == paper).unwrap().term;
    assert!(matches!(seen, Term::BeforeResult { .. }), "{seen:?}");
    let cards = vault(app, &honey.actor, &honey.producer).await.unwrap().papers;
    assert_eq!(cards[0].term, Term::Soon { last_day, left: 3 });
}

#[tokio::test]
async fn a_file_comes_in_pieces() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let paper = held(&world, &honey, 2, String::new()).await;
    let bytes = pdf_of(2);
    let found = file(app, &honey.actor, &paper).await.unwrap();
    assert_eq!(found.size, u64::try_from(bytes.len()).unwrap());
    assert_eq!(piece(app, &found, 0..5).await.unwrap(), b"%PDF-");
    assert_eq!(piece(app, &found, 0..found.size).await.unwrap(), bytes);
}

#[tokio::test]
async fn a_new_version_stands_in_for_the_old_one_in_drafts_and_never_in_what_was_submitted() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = complete(&world, &honey).await;
    let old = held(&world, &honey, 3, String::new()).await;
    let cited = CiteInput { criterion: "1.1".to_owned(), evidence: old.to_string(), pages: "2-3".to_owned() };
    cite(app, &honey.actor, &id, &cited).await.unwrap();
    let sent = |pages: usize| Upload { file_name: "moi.pdf".to_owned(), bytes: pdf_of(pages) };
    let input = EvidenceInput { kind: "12".to_owned(), ..EvidenceInput::default() };

    invalid(replace(app, &honey.actor, &old, &input, sent(3)).await, &["file"]);
    denied(replace(app, &world.other_producer, &old, &input, sent(1)).await);
    let new = replace(app, &honey.actor, &old, &input, sent(1)).await.unwrap();
    let papers = criterion(app, &honey.actor, &id, "1.1").await.unwrap().cited;
    assert!(papers.iter().all(|card| card.id != old));
    let card = papers.iter().find(|card| card.id == new).unwrap();
    assert_eq!(card.pages, "", "the new version has one page: all of it is cited");
    refused(replace(app, &honey.actor, &old, &input, sent(2)).await, "đã có bản mới");
    let own = paper(app, &honey.actor, &old).await.unwrap().own.unwrap();
    assert_eq!((own.after.map(|version| version.id), own.in_vault), (Some(new.clone()), false));

    submit(app, &honey.actor, &id).await.unwrap();
    let newest = replace(app, &honey.actor, &new, &input, sent(4)).await.unwrap();
    let read = overview(app, &world.commune_officer, &id).await.unwrap().submitted.unwrap();
    assert!(read.answers[0].papers.iter().any(|card| card.id == new), "submitted as it was");
    assert!(file(app, &world.commune_officer, &new).await.is_ok());
    denied(file(app, &world.commune_officer, &newest).await);
    assert!(
        paper(app, &world.commune_officer, &new).await.unwrap().own.is_none(),
        "versions are the producer's"
    );
}

#[tokio::test]
async fn what_is_told_of_a_paper_is_saved_once() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = held(&world, &honey, 1, String::new()).await;
    let told = EvidenceInput {
        kind: "12".to_owned(),
        number: "7/KN".to_owned(),
        expires_on: "01/03/2027".to_owned(),
        ..EvidenceInput::default()
    };
    denied(describe(app, &world.other_producer, &id, &told, "1").await);
    let wrong = EvidenceInput { issued_on: "02/03/2027".to_owned(), ..told.clone() };
    invalid(describe(app, &honey.actor, &id, &wrong, "1").await, &["issued_on", "expires_on"]);
    describe(app, &honey.actor, &id, &told, "1").await.unwrap();
    let other = EvidenceInput { number: "8/KN".to_owned(), ..told.clone() };
    let late = describe(app, &honey.actor, &id, &other, "1").await;
    assert!(matches!(late, Err(AppError::Stale(_))), "{late:?}");
    let own = paper(app, &honey.actor, &id).await.unwrap().own.unwrap();
    assert_eq!(
        (own.version, own.input.number.as_str(), own.input.expires_on.as_str()),
        (2, "7/KN", "01/03/2027")
    );
}

#[tokio::test]
async fn a_page_is_drawn_for_those_who_may_read_the_file() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let app = &world.app;
    let id = held(&world, &honey, 2, String::new()).await;
    let drawn = picture(app, &honey.actor, &id, 2, Size::Thumb, 0).await.unwrap();
    assert!(drawn.starts_with(b"\xff\xd8"), "a JPEG picture");
    assert_eq!(
        picture(app, &honey.actor, &id, 2, Size::Thumb, 4).await.unwrap(),
        drawn,
        "kept, and turned round"
    );
    assert_eq!(page(app, &honey.actor, &id, 2).await.unwrap().count, 2);
    denied(picture(app, &honey.actor, &id, 3, Size::Thumb, 0).await);
    denied(picture(app, &world.officer, &id, 1, Size::Thumb, 0).await);
    denied(page(app, &world.other_producer, &id, 1).await);
}
