//! The vault: page counts, terms, versions.

use ocop_core::dossiers::DossierKind;
use ocop_core::evidence::Term;
use ocop_core::id::EvidenceId;
use ocop_core::time::date;

use super::{EvidenceInput, Upload, file, piece, upload, vault};
use crate::dossiers::testing::{Honey, complete, honey_in_round};
use crate::dossiers::{CiteInput, cite, open, overview, submit, submit_page};
use crate::testing::{World, invalid};

/// A PDF with empty pages.
fn pdf_of(pages: usize) -> Vec<u8> {
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"),
    ];
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned()));
    for (no, object) in (1..).zip(&objects) {
        places.push(text.len());
        text.push_str(&format!("{no} 0 obj{object}endobj\n"));
    }
    let start = text.len();
    text.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    text.into_bytes()
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
