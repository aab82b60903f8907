//! The way to the centre and back.

use std::io::Read;

use ocop_store::evidence::Citation;

use super::testing::{Centre, for_centre, of_centre, round, state};
use super::*;
use crate::recognition::testing::{certificate_of, decision};
use crate::recognition::{DecisionInput, record_decision};
use crate::testing::invalid;

async fn clean(app: &App) {
    let audit = crate::audit::run(app).await.unwrap();
    assert!(audit.is_clean(), "{:?} {:?}", audit.faults, audit.journal.faults);
}

#[tokio::test]
async fn the_centre_recognises_five_stars() {
    let centre = Centre::judged(100).await;
    let app = centre.app();
    let denied = record_decision(app, &centre.sender, &centre.sitting.council, &decision()).await;
    assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
    let reads = async |actor| bundle(app, actor, &centre.sitting.dossier).await.is_ok();
    assert!(
        reads(&centre.officer).await && reads(&centre.sitting.chair).await && !reads(&centre.sender).await
    );
    let input = DecisionInput { number: "99/QĐ-BNNMT".to_owned(), ..decision() };
    record_decision(app, &centre.officer, &centre.sitting.council, &input).await.unwrap();
    assert_eq!(centre.states().await, (State::FiveStars, State::Recognised));
    let (own, there) = (
        "Trung ương công nhận 5 sao, cấp giấy chứng nhận",
        "Ghi quyết định công nhận 5 sao, cấp giấy chứng nhận",
    );
    assert_eq!(centre.last_lines().await, (own.to_owned(), there.to_owned()));
    let certificate = certificate_of(&centre.sitting).await.unwrap();
    assert_eq!(
        (certificate.stars, certificate.level, certificate.province.as_str(), certificate.number.as_str()),
        (5, Level::Centre, "22", "001/GCN-OCOP-2026")
    );
    let heard = view(app, &centre.sitting.honey.actor, &centre.sent).await.unwrap().sent.unwrap();
    assert_eq!(heard.answer, Some((Answer::FiveStars, "02/11/2026".to_owned(), "99/QĐ-BNNMT".to_owned())));
    crate::papers::certificate(app, &centre.sitting.honey.actor, &certificate.id).await.unwrap();
    clean(app).await;
}

#[tokio::test]
async fn the_province_recognises_on_the_centres_result() {
    let centre = Centre::refused(85).await;
    let (app, sender, sent) = (centre.app(), &centre.sender, &centre.sent);
    assert_eq!(centre.states().await, (State::Fallback, State::ReferredBack));
    let own = "Trung ương thông báo kết quả: chưa đạt 5 sao";
    let there = "Thông báo kết quả cho tỉnh: chưa đạt 5 sao, không cấp giấy chứng nhận";
    assert_eq!(
        centre.last_lines().await,
        (own.to_owned(), there.to_owned()),
        "a refusal gives no certificate"
    );
    let stars = view(app, sender, sent).await.unwrap().sent.unwrap().stars.unwrap();
    invalid(
        recognise(app, sender, sent, &DecisionInput::default()).await,
        &["number", "decided_on", "signed_by"],
    );
    let denied = recognise(app, &centre.officer, sent, &decision()).await;
    assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
    let input = DecisionInput { number: "4600/QĐ-UBND".to_owned(), ..decision() };
    let decided = recognise(app, sender, sent, &input).await.unwrap();
    assert_eq!(state(app, sent).await, State::Recognised);
    let mut tx = app.db.read().await.unwrap();
    let certificate = ocop_store::recognition::certificate_of_dossier(&mut tx, sent).await.unwrap().unwrap();
    drop(tx);
    assert_eq!((certificate.stars, certificate.level), (stars, Level::Province));
    for reader in [sender, &centre.sitting.honey.actor] {
        let paper = crate::papers::decision(app, reader, &decided).await.unwrap();
        assert!(paper.pdf.starts_with(b"%PDF"));
    }
    clean(app).await;
}

#[tokio::test]
async fn the_province_evaluates_again_up_to_four_stars() {
    let centre = Centre::refused(85).await;
    let (app, sender, sent) = (centre.app(), &centre.sender, &centre.sent);
    let nowhere = evaluate_again(app, sender, sent, &AgainInput::default()).await;
    assert!(matches!(nowhere, Err(AppError::Refused(_))), "{nowhere:?}");
    let round = round(app, sender, "22", "Đợt bổ sung năm 2026").await;
    let next = evaluate_again(app, sender, sent, &AgainInput { round: round.to_string() }).await.unwrap();
    assert_eq!((state(app, sent).await, state(app, &next).await), (State::Again, State::Accepted));
    assert_eq!(view(app, sender, sent).await.unwrap().again.as_ref(), Some(&next));
    let mut tx = app.db.read().await.unwrap();
    let (own, again) = (
        ocop_store::dossiers::latest_submission(&mut tx, sent).await.unwrap().unwrap(),
        ocop_store::dossiers::latest_submission(&mut tx, &next).await.unwrap().unwrap(),
    );
    assert_eq!((own.hash, own.snapshot), (again.hash, again.snapshot));
    drop(tx);
    clean(app).await;
}

#[tokio::test]
async fn a_dossier_taken_back_at_the_centre_comes_back_to_the_province() {
    let sitting = for_centre().await;
    let officer = of_centre(&sitting.world, "tw@b.vn", "central_officer").await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    let round = round(app, &officer, CENTRE, "Đợt 2 năm 2026 của trung ương").await;
    send(app, sender, sent, &SendInput { round: round.to_string() }).await.unwrap();
    let (central, _) = view(app, sender, sent).await.unwrap().sent.unwrap().central.unwrap();
    let why = crate::dossiers::WithdrawInput { reason: "Chưa đủ sản lượng.".to_owned() };
    crate::dossiers::withdraw(app, &sitting.honey.actor, &central, &why).await.unwrap();
    assert_eq!(state(app, sent).await, State::Fallback);
    let refused = recognise(app, sender, sent, &decision()).await;
    assert!(matches!(refused, Err(AppError::Refused(_))), "{refused:?}");
    close(app, sender, sent).await.unwrap();
    assert_eq!(state(app, sent).await, State::NotRecognised);
    assert!(crate::papers::notice(app, sender, sent).await.unwrap().pdf.starts_with(b"%PDF"));
    clean(app).await;
}

#[tokio::test]
async fn the_answer_of_a_centre_outside_is_noted() {
    let sitting = for_centre().await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    let input = AnswerInput {
        answer: "five_stars".to_owned(),
        number: "99/QĐ-BNNMT".to_owned(),
        answered_on: "02/11/2026".to_owned(),
        signed_by: "Bộ trưởng".to_owned(),
        certificate_no: "12/GCN".to_owned(),
        mean: "93,25".to_owned(),
        ..AnswerInput::default()
    };
    assert!(matches!(note_answer(app, sender, sent, &input).await, Err(AppError::NotFound)), "not sent");
    send(app, sender, sent, &SendInput { round: "outside".to_owned() }).await.unwrap();
    let empty = AnswerInput { answer: "refused".to_owned(), ..AnswerInput::default() };
    invalid(note_answer(app, sender, sent, &empty).await, &["number", "answered_on", "mean", "stars"]);
    note_answer(app, sender, sent, &input).await.unwrap();
    assert_eq!(state(app, sent).await, State::FiveStars);
    let certificate = certificate_of(&sitting).await.unwrap();
    assert_eq!(
        (certificate.stars, certificate.level, certificate.number.as_str()),
        (5, Level::Centre, "12/GCN")
    );
    assert!(note_answer(app, sender, sent, &input).await.is_err(), "twice");
    clean(app).await;
}

#[tokio::test]
async fn the_bundle_holds_what_its_manifest_says() {
    let sitting = for_centre().await;
    let (app, sender, sent) = (sitting.app(), &sitting.world.officer, &sitting.dossier);
    assert!(matches!(bundle(app, &sitting.chair, sent).await, Err(AppError::Denied(_))));
    let read = async || {
        let mut bytes = Vec::new();
        bundle(app, sender, sent).await.unwrap().archive.read_to_end(&mut bytes).unwrap();
        bytes
    };
    let bytes = read().await;
    assert_eq!(bytes, read().await, "the same facts give the same bytes");
    let packed = bundle::pack(app, sender, sent).await.unwrap().1;
    let text = String::from_utf8_lossy(&bytes);
    for one in &packed {
        assert!(text.contains(&one.file) && text.contains(&one.sha256), "{one:?}");
    }
    let mut tx = app.db.read().await.unwrap();
    let cited: Vec<Citation> = ocop_store::evidence::citations_of(&mut tx, sent).await.unwrap();
    drop(tx);
    let evidence = packed.iter().filter(|one| one.file.starts_with("minh-chung/")).count();
    assert!(evidence > 0 && evidence <= cited.len(), "{evidence} of {}", cited.len());
    assert_eq!(packed[1].title, "Quyết định phê duyệt kết quả");
    send(app, sender, sent, &SendInput { round: "outside".to_owned() }).await.unwrap();
    assert_eq!(view(app, sender, sent).await.unwrap().sent.unwrap().files, packed);
    assert_eq!(bytes, read().await, "what was sent is kept");
}
