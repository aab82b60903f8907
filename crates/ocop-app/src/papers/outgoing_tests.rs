//! The register of outgoing papers: numbers once, the same bytes, the copy of record.

use ocop_core::id::PaperId;
use ocop_core::papers::PaperKind;
use ocop_core::people::Actor;
use ocop_documents::Content;

use super::*;
use crate::commune::{self, ReturnInput};
use crate::dossiers::testing::submitted;
use crate::evidence::Upload;
use crate::evidence::content::tests::PDF;
use crate::recognition::{notify_results, record_decision};
use crate::testing::World;
use crate::testing::season::{below_three_stars, certifiable, decide};

fn signed(number: &str) -> IssueInput {
    IssueInput {
        number: number.to_owned(),
        signed_on: "02/11/2026".to_owned(),
        signed_by: "Phó Chủ tịch UBND xã, Vũ Đình Thử".to_owned(),
    }
}

fn scan(bytes: &[u8]) -> Upload {
    Upload { file_name: "Bản ký.pdf".to_owned(), bytes: bytes.to_vec() }
}

fn fault_of<T: std::fmt::Debug>(outcome: Result<T, AppError>, field: &str) -> String {
    let Err(AppError::Invalid(faults)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(faults[0].field, field);
    faults[0].message.clone()
}

fn denied<T>(outcome: Result<T, AppError>) {
    let error = outcome.err();
    assert!(matches!(error, Some(AppError::Denied(_))), "{error:?}");
}

async fn kept(app: &App, id: &PaperId) -> ocop_store::papers::Issued {
    let mut tx = app.db.read().await.unwrap();
    ocop_store::papers::find(&mut tx, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_decision_enters_the_register_and_stays_as_it_was() {
    let sitting = certifiable().await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let (id, _) = decide(&sitting).await;
    let view = outgoing(app, officer, None).await.unwrap();
    assert_eq!((view.series.len(), view.without_copy, view.unexplained), (1, 1, 1));
    let Line::Paper { paper: listed, early } = &view.series[0].lines[1] else { panic!("{view:?}") };
    assert_eq!((listed.number.to_string().as_str(), *early), ("4512/QĐ-UBND", false));

    let paper_id = listed.id.clone();
    let record = decision(app, officer, &id).await.unwrap();
    let issued = kept(app, &paper_id).await;
    let content: Content = serde_json::from_str(&issued.input).unwrap();
    assert!(content.render(&app.documents).unwrap().bytes == record.pdf, "set again from what was kept");
    assert!(paper_file(app, officer, &paper_id, Which::Made).await.unwrap() == record);

    attach_copy(app, officer, &paper_id, scan(PDF)).await.unwrap();
    assert!(decision(app, &sitting.honey.actor, &id).await.unwrap().pdf == PDF, "the signed copy stands in");
    assert!(paper_file(app, officer, &paper_id, Which::Made).await.unwrap() == record, "the made file stays");
    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.chair] {
        denied(paper(app, stranger, &paper_id).await);
        denied(paper_file(app, stranger, &paper_id, Which::Record).await);
        denied(attach_copy(app, stranger, &paper_id, scan(PDF)).await);
    }
    let page = paper(app, officer, &paper_id).await.unwrap();
    assert_eq!((page.copies.len(), page.copies[0].file_name.as_str()), (1, "Bản ký.pdf"));
    assert!(
        fault_of(attach_copy(app, officer, &paper_id, scan(PDF)).await, "file").contains("không cần gắn lại")
    );
    fault_of(attach_copy(app, officer, &paper_id, scan(b"\xff\xd8\xff\xe0\x00\x10JFIF\0")).await, "file");
    fault_of(attach_copy(app, officer, &paper_id, scan(b"")).await, "file");
    let newer = [PDF, b"\n"].concat();
    attach_copy(app, officer, &paper_id, scan(&newer)).await.unwrap();
    assert!(paper_file(app, officer, &paper_id, Which::Record).await.unwrap().pdf == newer);
    assert!(paper_file(app, officer, &paper_id, Which::Copy(1)).await.unwrap().pdf == PDF, "none is lost");
}

#[tokio::test]
async fn a_decision_needs_number_and_symbol() {
    let sitting = certifiable().await;
    let bad = crate::recognition::DecisionInput {
        number: "4512".to_owned(),
        ..crate::recognition::testing::decision()
    };
    let outcome = record_decision(sitting.app(), &sitting.world.officer, &sitting.council, &bad).await;
    assert!(fault_of(outcome, "number").contains("4512/QĐ-UBND"));
}

#[tokio::test]
async fn a_notice_takes_a_number_once_and_gaps_are_explained() {
    let sitting = below_three_stars().await;
    let (app, officer, dossier) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    let issue = async |actor: &Actor, number: &str| {
        issue_of_dossier(app, actor, dossier, PaperKind::Notice, &signed(number)).await
    };
    assert!(matches!(issue(officer, "5/TB-UBND").await, Err(AppError::NotFound)), "nothing to tell yet");
    notify_results(app, officer, &sitting.council).await.unwrap();
    let draft = notice(app, &sitting.honey.actor, dossier).await.unwrap();
    let form = issuing(app, officer, dossier, PaperKind::Notice).await.unwrap();
    assert_eq!((form.input.number.as_str(), form.already), ("01/TB-UBND", None));
    fault_of(issue(officer, "năm").await, "number");
    for stranger in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.chair] {
        denied(issue(stranger, "5/TB-UBND").await);
    }
    let id = issue(officer, "5/TB-UBND").await.unwrap();
    let record = notice(app, &sitting.honey.actor, dossier).await.unwrap();
    assert!(record != draft && record.file_name == "notice-05-tb-ubnd.pdf", "{record:?}");
    sitting.world.clock.forward_days(400);
    assert!(notice(app, &sitting.honey.actor, dossier).await.unwrap() == record, "the same years later");
    let again = issue(officer, "6/TB-UBND").await.unwrap_err().to_string();
    assert!(again.contains("05/TB-UBND"), "{again}");
    assert_eq!(issuing(app, officer, dossier, PaperKind::Notice).await.unwrap().already, Some(id));

    let mut why = GapInput {
        year: "2026".to_owned(),
        symbol: "TB-UBND".to_owned(),
        first: "1".to_owned(),
        last: "4".to_owned(),
        reason: String::new(),
    };
    fault_of(explain_gap(app, officer, &why).await, "reason");
    why.reason = "Cấp cho văn bản khác của cơ quan.".to_owned();
    denied(explain_gap(app, &sitting.chair, &why).await);
    assert_eq!(explain_gap(app, officer, &why).await.unwrap(), 2026);
    why.last = "5".to_owned();
    assert!(matches!(explain_gap(app, officer, &why).await, Err(AppError::NotFound)), "5 has a paper");
    let view = outgoing(app, officer, Some(2026)).await.unwrap();
    assert_eq!((view.unexplained, view.without_copy), (0, 1));
    denied(outgoing(app, &sitting.honey.actor, None).await);
}

#[tokio::test]
async fn a_letter_is_the_offices_draft_until_it_is_signed() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let none = letter(app, &world.commune_officer, &id, PaperKind::Return).await;
    assert!(matches!(none, Err(AppError::NotFound)), "{none:?}");
    let back =
        ReturnInput { reasons: "Bổ sung kế hoạch.\nBổ sung phiếu kiểm nghiệm.".to_owned() };
    commune::return_dossier(app, &world.commune_officer, &id, &back).await.unwrap();
    let draft = letter(app, &world.commune_officer, &id, PaperKind::Return).await.unwrap();
    for reader in [&honey.actor, &world.officer] {
        let early = letter(app, reader, &id, PaperKind::Return).await;
        assert!(matches!(early, Err(AppError::NotFound)), "{early:?}");
    }
    denied(issue_of_dossier(app, &world.officer, &id, PaperKind::Return, &signed("7/UBND-KT")).await);
    let paper_id =
        issue_of_dossier(app, &world.commune_officer, &id, PaperKind::Return, &signed("7/ubnd-kt"))
            .await
            .unwrap();
    let sent = letter(app, &honey.actor, &id, PaperKind::Return).await.unwrap();
    assert!(sent != draft && sent == letter(app, &world.officer, &id, PaperKind::Return).await.unwrap());
    let Content::Letter(said) = serde_json::from_str(&kept(app, &paper_id).await.input).unwrap() else {
        panic!("a letter")
    };
    assert_eq!(said.points, ["Bổ sung kế hoạch.", "Bổ sung phiếu kiểm nghiệm."]);
    assert_eq!(said.signature.authority, ["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"]);
    assert_eq!((said.letterhead.number.as_deref(), said.draft), (Some("07"), false));
    denied(letter(app, &world.other_producer, &id, PaperKind::Return).await);
    // The commune's register is its own.
    assert_eq!(outgoing(app, &world.commune_officer, None).await.unwrap().series.len(), 1);
    assert!(outgoing(app, &world.officer, None).await.unwrap().series.is_empty());
    denied(paper(app, &world.officer, &paper_id).await);
}

#[tokio::test]
async fn the_communes_letter_tells_nothing_of_a_confirmed_result() {
    let sitting = certifiable().await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    let officer = &sitting.world.commune_officer;
    // The council's test world begins behind the commune.
    let mut tx = app.db.write(ocop_store::db::Chain::of("dossier", dossier)).await.unwrap();
    ocop_store::dossiers::propose(&mut tx, dossier, app.today()).await.unwrap();
    tx.commit_upkeep().await.unwrap();
    let id =
        issue_of_dossier(app, officer, dossier, PaperKind::Proposal, &signed("8/UBND-KT")).await.unwrap();
    let Content::Letter(said) = serde_json::from_str(&kept(app, &id).await.input).unwrap() else {
        panic!("a letter")
    };
    assert_eq!(said.items[0].remark, "Lần đầu");
}

#[tokio::test]
async fn the_province_forwards_with_the_mean() {
    let sitting = crate::recognition::testing::confirmed(100).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let early = letter(app, officer, &sitting.dossier, PaperKind::Forwarding).await;
    assert!(matches!(early, Err(AppError::NotFound)), "{early:?}");
    record_decision(app, officer, &sitting.council, &crate::recognition::testing::decision()).await.unwrap();
    let input = signed("9/UBND-KT");
    let id = issue_of_dossier(app, officer, &sitting.dossier, PaperKind::Forwarding, &input).await.unwrap();
    let Content::Letter(said) = serde_json::from_str(&kept(app, &id).await.input).unwrap() else {
        panic!("a letter")
    };
    assert_eq!(said.items[0].remark, "Lần đầu; điểm trung bình 100,00");
    assert_eq!(said.addressees, ["Bộ Nông nghiệp và Môi trường"]);
}
