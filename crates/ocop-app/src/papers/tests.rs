//! Every paper for the right reader and none for the wrong one. What a paper tells is compared by
//! its bytes: the same facts give the same bytes, other facts give others.
//!
//! `OCOP_PAPERS=/some/folder cargo test -p ocop-app papers` also writes the papers there.

use ocop_core::id::DossierId;
use ocop_core::people::Actor;
use ocop_store::db::Chain;

use super::*;
use crate::commune::{self, ReportInput};
use crate::councils::testing::Sitting;
use crate::councils::{ConflictInput, declare_conflict};
use crate::dossiers::testing::{complete, honey_in_round, submitted, whole_form};
use crate::dossiers::{self, save_form, submit};
use crate::recognition::{RevokeInput, notify_results, revoke_certificate};
use crate::scoring::{
    DisqualifyInput, ReasonInput, SealInput, confirm_result, declare_disqualification, disqualification,
    keep_result, open_turn, seal_ballot,
};
use crate::testing::World;
use crate::testing::season::{below_three_stars, certifiable, decide, seal_all, voters};

const UNKNOWN: &str = "0192d3b0-7c1e-7abc-8def-ffffffffffff";

/// A paper as it must always be: a PDF of some size under a plain name.
fn made(paper: Result<Paper, AppError>) -> Vec<u8> {
    let paper = paper.unwrap();
    assert!(paper.pdf.starts_with(b"%PDF-") && paper.pdf.len() > 5_000, "{paper:?}");
    let name = paper.file_name.strip_suffix(".pdf").unwrap();
    assert!(name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-'), "{name}");
    if let Ok(folder) = std::env::var("OCOP_PAPERS") {
        std::fs::write(format!("{folder}/{}", paper.file_name), &paper.pdf).unwrap();
    }
    paper.pdf
}

fn missing(paper: Result<Paper, AppError>) {
    let error = paper.err();
    assert!(matches!(error, Some(AppError::NotFound)), "{error:?}");
}

fn denied(paper: Result<Paper, AppError>) {
    let error = paper.err();
    assert!(matches!(error, Some(AppError::Denied(_))), "{error:?}");
}

fn refused(paper: Result<Paper, AppError>, words: &str) {
    let error = paper.err();
    let told = error.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(matches!(error, Some(AppError::Refused(_))) && told.contains(words), "{error:?}");
}

#[tokio::test]
async fn a_draft_is_printed_by_its_producer_alone() {
    let world = World::new().await;
    let honey = honey_in_round(&world).await;
    let id = complete(&world, &honey).await;
    let app = &world.app;
    let (draft01, draft02) =
        (made(form01(app, &honey.actor, &id).await), made(form02(app, &honey.actor, &id).await));
    for reader in [&world.commune_officer, &world.officer] {
        missing(form01(app, reader, &id).await);
        missing(form02(app, reader, &id).await);
    }
    denied(form01(app, &world.other_producer, &id).await);
    denied(form02(app, &world.assessors[0], &id).await);

    submit(app, &honey.actor, &id).await.unwrap();
    let (filed01, filed02) =
        (made(form01(app, &honey.actor, &id).await), made(form02(app, &honey.actor, &id).await));
    assert!(draft01 != filed01 && draft02 != filed02, "a submission is dated and numbered");
    world.clock.forward_days(3);
    for reader in [&honey.actor, &world.commune_officer, &world.officer] {
        assert!(made(form01(app, reader, &id).await) == filed01, "the same facts for {}", reader.name);
        assert!(made(form02(app, reader, &id).await) == filed02, "the same facts for {}", reader.name);
    }
    denied(form02(app, &world.other_producer, &id).await);
    missing(form01(app, &world.officer, &UNKNOWN.parse().unwrap()).await);
}

#[tokio::test]
async fn what_changes_after_a_return_is_not_printed_by_officers() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    let filed = made(form02(app, &world.officer, &id).await);
    let back = commune::ReturnInput { reasons: "Bổ sung kế hoạch.".to_owned() };
    commune::return_dossier(app, &world.commune_officer, &id, &back).await.unwrap();
    let mark = dossiers::form(app, &honey.actor, &id).await.unwrap().input.version;
    let changed = dossiers::FormInput { history: "Lịch sử viết lại.".to_owned(), ..whole_form(mark) };
    save_form(app, &honey.actor, &id, &changed).await.unwrap();
    assert!(made(form02(app, &honey.actor, &id).await) != filed);
    assert!(made(form02(app, &world.commune_officer, &id).await) == filed);
}

/// The commune writes form 03; its version.
async fn written(world: &World, id: &DossierId) -> i64 {
    let view = commune::report(&world.app, &world.commune_officer, id).await.unwrap();
    let mut input = ReportInput::of(&view.report, view.version);
    input.present = view.papers.iter().map(|paper| paper.code().to_owned()).collect();
    for field in [
        &mut input.material_finding,
        &mut input.labour_finding,
        &mut input.idea_finding,
        &mut input.identity_finding,
    ] {
        *field = "Đúng thực tế, xã đã kiểm tra.".to_owned();
    }
    commune::save_report(&world.app, &world.commune_officer, id, &input).await.unwrap()
}

#[tokio::test]
async fn form_03_is_the_communes_until_it_proposes() {
    let world = World::new().await;
    let (honey, id) = submitted(&world).await;
    let app = &world.app;
    missing(form03(app, &world.commune_officer, &id).await);
    let version = written(&world, &id).await;
    let draft = made(form03(app, &world.commune_officer, &id).await);
    missing(form03(app, &world.officer, &id).await);
    commune::propose(app, &world.commune_officer, &id, version).await.unwrap();
    let proposed = made(form03(app, &world.officer, &id).await);
    assert!(proposed != draft, "it carries the day of the proposal");
    assert!(made(form03(app, &world.commune_officer, &id).await) == proposed);
    for reader in [&honey.actor, &world.other_producer, &world.assessors[0]] {
        denied(form03(app, reader, &id).await);
    }
}

#[tokio::test]
async fn a_sheet_is_its_members_until_the_turn_is_opened() {
    let sitting = Sitting::scoring(2).await;
    let app = sitting.app();
    let owner = &sitting.members[0];
    let id = sitting.ballot(owner, 1).await;
    let empty = made(score_sheet(app, owner, &id).await);
    sitting.seal(owner, 1, 85).await.unwrap();
    let sealed = made(score_sheet(app, owner, &id).await);
    assert!(sealed != empty);
    let leaders = [&sitting.chair, &sitting.secretary, &sitting.world.officer];
    let others =
        [&sitting.members[1], &sitting.advisor, &sitting.honey.actor, &sitting.world.commune_officer];
    for reader in leaders.into_iter().chain(others) {
        missing(score_sheet(app, reader, &id).await);
    }
    for (actor, total) in [(&sitting.chair, 80), (&sitting.secretary, 85), (&sitting.members[1], 83)] {
        sitting.seal(actor, 1, total).await.unwrap();
    }
    for reader in leaders {
        assert!(made(score_sheet(app, reader, &id).await) == sealed, "{}", reader.name);
    }
    for reader in others {
        missing(score_sheet(app, reader, &id).await);
    }
    missing(score_sheet(app, owner, &UNKNOWN.parse().unwrap()).await);
}

#[tokio::test]
async fn a_conflict_closes_ones_own_sheet_and_the_result() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier, member) = (sitting.app(), &sitting.dossier, &sitting.members[0]);
    let id = sitting.ballot(member, 1).await;
    declare_conflict(app, member, dossier, &ConflictInput { reason: "Em ruột.".to_owned() }).await.unwrap();
    denied(score_sheet(app, member, &id).await);
    for actor in [&sitting.chair, &sitting.secretary, &sitting.members[1]] {
        sitting.seal(actor, 1, 85).await.unwrap();
    }
    missing(score_sheet(app, &sitting.chair, &id).await);
    denied(tally(app, member, dossier, None).await);
    denied(form01(app, member, dossier).await);
    let whole = made(minutes(app, &sitting.chair, &sitting.council, None).await);
    let without_result = made(minutes(app, member, &sitting.council, None).await);
    assert!(
        whole != without_result
            && made(minutes(app, &sitting.secretary, &sitting.council, None).await) == whole
    );
}

#[tokio::test]
async fn a_tally_is_printed_once_it_is_opened() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    let council = [&sitting.chair, &sitting.members[0], &sitting.advisor, &sitting.world.officer];
    for reader in council {
        missing(tally(app, reader, dossier, None).await);
    }
    seal_all(&sitting, 1, [79, 85, 90, 83]).await;
    let first = made(tally(app, &sitting.chair, dossier, None).await);
    let reason =
        ReasonInput { reason: "Thống nhất cách chấm 2.3.".to_owned(), ..ReasonInput::default() };
    open_turn(app, &sitting.chair, dossier, &reason).await.unwrap();
    missing(tally(app, &sitting.chair, dossier, Some(1)).await);
    seal_all(&sitting, 2, [70, 85, 88, 83]).await;
    keep_result(
        app,
        &sitting.chair,
        dossier,
        &ReasonInput { reason: "Đã rõ.".to_owned(), ..ReasonInput::default() },
    )
    .await
    .unwrap();
    let second = made(tally(app, &sitting.chair, dossier, None).await);
    for reader in council {
        assert!(made(tally(app, reader, dossier, Some(1)).await) == first, "{}", reader.name);
        assert!(made(tally(app, reader, dossier, Some(2)).await) == second, "{}", reader.name);
        missing(tally(app, reader, dossier, Some(3)).await);
    }
    denied(tally(app, &sitting.honey.actor, dossier, None).await);
    denied(tally(app, &sitting.world.commune_officer, dossier, None).await);
}

#[tokio::test]
async fn minutes_are_for_the_council_and_the_office() {
    let sitting = Sitting::advised().await;
    let (app, council) = (sitting.app(), &sitting.council);
    missing(minutes(app, &sitting.chair, council, None).await);
    let present =
        [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1], &sitting.advisor];
    sitting.open(&present).await.unwrap();
    let opened = made(minutes(app, &sitting.secretary, council, None).await);
    seal_all(&sitting, 1, [80, 85, 90, 83]).await;
    let scored = made(minutes(app, &sitting.secretary, council, None).await);
    confirm_result(app, &sitting.chair, &sitting.dossier).await.unwrap();
    let confirmed = made(minutes(app, &sitting.secretary, council, None).await);
    assert!(opened != scored && scored != confirmed);
    for reader in [&sitting.chair, &sitting.members[0], &sitting.advisor, &sitting.world.officer] {
        assert!(made(minutes(app, reader, council, None).await) == confirmed, "{}", reader.name);
    }
    for reader in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.world.assessors[9]] {
        denied(minutes(app, reader, council, None).await);
    }
    missing(minutes(app, &sitting.chair, council, Some(&UNKNOWN.parse().unwrap())).await);
    missing(minutes(app, &sitting.chair, &UNKNOWN.parse().unwrap(), None).await);
}

#[tokio::test]
async fn below_three_stars_a_notice_is_all_there_is() {
    let sitting = below_three_stars().await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    missing(notice(app, &sitting.honey.actor, dossier).await);
    refused(draft_decision(app, &sitting.world.officer, &sitting.council).await, "chưa có dự thảo");
    notify_results(app, &sitting.world.officer, &sitting.council).await.unwrap();
    let told = made(notice(app, &sitting.honey.actor, dossier).await);
    for reader in [&sitting.world.officer, &sitting.world.commune_officer, &sitting.members[0]] {
        assert!(made(notice(app, reader, dossier).await) == told, "{}", reader.name);
    }
    denied(notice(app, &sitting.world.other_producer, dossier).await);
}

#[tokio::test]
async fn a_dossier_that_is_out_is_told_why() {
    let sitting = Sitting::scoring(2).await;
    let (app, dossier) = (sitting.app(), &sitting.dossier);
    for actor in voters(&sitting) {
        let id = sitting.ballot(actor, 1).await;
        let ground = disqualification(app, actor, &id).await.unwrap().grounds[0].code.clone();
        let input =
            DisqualifyInput {
                ground, reason: "Giấy tờ bị tẩy xóa.".to_owned(), version: "1".to_owned()
            };
        let version = declare_disqualification(app, actor, &id, &input).await.unwrap().version.to_string();
        seal_ballot(app, actor, &id, &SealInput { version, opinion: None }).await.unwrap();
    }
    made(tally(app, &sitting.chair, dossier, None).await);
    let sheet = sitting.ballot(&sitting.chair, 1).await;
    made(score_sheet(app, &sitting.chair, &sheet).await);
    confirm_result(app, &sitting.chair, dossier).await.unwrap();
    made(notice(app, &sitting.honey.actor, dossier).await);
    made(minutes(app, &sitting.chair, &sitting.council, None).await);
}

#[tokio::test]
async fn a_decision_is_drafted_by_the_office_and_read_by_those_it_names() {
    let sitting = certifiable().await;
    let app = sitting.app();
    let draft = made(draft_decision(app, &sitting.world.officer, &sitting.council).await);
    assert!(made(draft_decision(app, &sitting.world.officer, &sitting.council).await) == draft);
    for reader in [&sitting.chair, &sitting.members[0], &sitting.honey.actor, &sitting.world.commune_officer]
    {
        denied(draft_decision(app, reader, &sitting.council).await);
    }
    let (id, _) = decide(&sitting).await;
    refused(draft_decision(app, &sitting.world.officer, &sitting.council).await, "chưa có dự thảo");
    let signed = made(decision(app, &sitting.world.officer, &id).await);
    assert!(signed != draft);
    for reader in [&sitting.honey.actor, &sitting.world.commune_officer, &sitting.chair, &sitting.advisor] {
        assert!(made(decision(app, reader, &id).await) == signed, "{}", reader.name);
    }
    denied(decision(app, &sitting.world.other_producer, &id).await);
    missing(decision(app, &sitting.world.officer, &UNKNOWN.parse().unwrap()).await);
}

#[tokio::test]
async fn a_result_for_the_centre_has_a_draft_and_a_decision_too() {
    let sitting = crate::recognition::testing::confirmed(100).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let draft = made(draft_decision(app, officer, &sitting.council).await);
    let typed = crate::recognition::testing::decision();
    let id = crate::recognition::record_decision(app, officer, &sitting.council, &typed).await.unwrap();
    assert!(made(decision(app, &sitting.honey.actor, &id).await) != draft);
}

async fn give_code(sitting: &Sitting, code: &str) {
    let chain = Chain::of("dossier", &sitting.dossier);
    let mut tx = sitting.app().db.write(chain).await.unwrap();
    ocop_store::products::give_code(&mut tx, &sitting.honey.product, code).await.unwrap();
    tx.commit_upkeep().await.unwrap();
}

#[tokio::test]
async fn a_certificate_is_printed_by_the_office_and_the_producer_while_it_stands() {
    let sitting = certifiable().await;
    let app = sitting.app();
    let (_, id) = decide(&sitting).await;
    let printed = made(certificate(app, &sitting.honey.actor, &id).await);
    sitting.world.clock.forward_days(2_000);
    assert!(made(certificate(app, &sitting.world.officer, &id).await) == printed);
    give_code(&sitting, "22-06838-1-2026").await;
    let coded = made(certificate(app, &sitting.honey.actor, &id).await);
    assert!(coded != printed, "a code given after the submission stands on it");
    let others: [&Actor; 4] =
        [&sitting.world.commune_officer, &sitting.world.other_producer, &sitting.chair, &sitting.members[0]];
    for reader in others {
        denied(certificate(app, reader, &id).await);
    }
    missing(certificate(app, &sitting.world.officer, &UNKNOWN.parse().unwrap()).await);

    let withdrawn = RevokeInput {
        decision_no: "99/QĐ-UBND".to_owned(),
        revoked_on: "02/11/2026".to_owned(),
        signed_by: String::new(),
        ground: "b".to_owned(),
        basis: "Biên bản kiểm tra số 5.".to_owned(),
        concluded_on: "02/11/2026".to_owned(),
        sent_to: String::new(),
    };
    missing(revocation(app, &sitting.world.officer, &id).await);
    denied(revocation(app, &sitting.honey.actor, &id).await);
    revoke_certificate(app, &sitting.world.officer, &id, &withdrawn).await.unwrap();
    let decided = made(revocation(app, &sitting.world.officer, &id).await);
    sitting.world.clock.forward_days(30);
    for reader in [&sitting.world.officer, &sitting.honey.actor] {
        refused(certificate(app, reader, &id).await, "đã bị thu hồi");
        assert!(made(revocation(app, reader, &id).await) == decided);
    }
    denied(revocation(app, &sitting.world.other_producer, &id).await);
    let register = outgoing(app, &sitting.world.officer, Some(2026)).await.unwrap();
    let papers = register.series.iter().map(|series| series.papers).sum::<usize>();
    assert_eq!(
        (papers, register.unexplained),
        (2, 2),
        "the recognition, and the revocation before it by number"
    );
}

#[test]
fn file_names_are_plain_and_short() {
    assert_eq!(file_name("mau-01", "Mật ong rừng Ba Chẽ"), "mau-01-mat-ong-rung-ba-che.pdf");
    assert_eq!(file_name("mau-01", "蜂蜜 \"; rm\n"), "mau-01-rm.pdf");
    assert_eq!(file_name("quyet-dinh", "4512/QĐ-UBND"), "quyet-dinh-4512-qd-ubnd.pdf");
    assert!(file_name("mau-01", &"mật ong ".repeat(50)).len() < 80);
}
