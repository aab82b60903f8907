//! Ballots as a workbook: what a file changes, what it may not change, who may not.

use ocop_core::id::{BallotId, CouncilId};
use ocop_core::people::{Actor, SeatKind};
use ocop_core::scoring::Choice;
use ocop_documents::xlsx::table::{Table, TableCell, write};

use super::{
    AnswerInput, BookPreview, TakeBookInput, book, book_file, kept_book, preview_book, save_answer, take_book,
};
use crate::AppError;
use crate::councils::testing::{Sitting, seat, sheet_of};
use crate::councils::{ConflictInput, add_seat, create_council, declare_conflict, new_council};
use crate::evidence::Upload;
use crate::testing::refused;

async fn look(sitting: &Sitting, actor: &Actor, bytes: Vec<u8>) -> BookPreview {
    seen(sitting, actor, &sitting.council, bytes).await.unwrap()
}

async fn seen(
    sitting: &Sitting,
    actor: &Actor,
    council: &CouncilId,
    bytes: Vec<u8>,
) -> Result<BookPreview, AppError> {
    let upload = Upload { file_name: "phieu-cham.xlsx".to_owned(), bytes };
    preview_book(sitting.app(), actor, council, upload).await
}

/// What the form of a preview sends.
fn taking(preview: &BookPreview, over: &[&str]) -> TakeBookInput {
    let one = |ballot: &super::BallotChange| format!("{}:{}", ballot.ballot, ballot.version);
    let over = over.iter().map(|code| format!("{}/{code}", preview.ballots[0].ballot));
    TakeBookInput {
        file: preview.file.clone(),
        basis: preview.ballots.iter().map(one).collect(),
        over: over.collect(),
    }
}

async fn choice(sitting: &Sitting, actor: &Actor, code: &str) -> Option<Choice> {
    let id = sitting.ballot(actor, 1).await;
    let ballots = sitting.ballots(1).await;
    let own = ballots.into_iter().find(|one| one.ballot.id == id).unwrap();
    own.ballot.sheet.choices.get(code).cloned()
}

async fn answer(sitting: &Sitting, actor: &Actor, code: &str, level: u8) -> BallotId {
    let id = sitting.ballot(actor, 1).await;
    let ballots = sitting.ballots(1).await;
    let version = ballots.iter().find(|one| one.ballot.id == id).unwrap().ballot.version;
    let input =
        AnswerInput { choice: format!("1:{level}"), version: version.to_string(), ..AnswerInput::default() };
    save_answer(sitting.app(), actor, &id, code, &input).await.unwrap();
    id
}

#[tokio::test]
async fn a_member_scores_without_a_network_and_the_server_computes() {
    let sitting = Sitting::scoring(2).await;
    let member = &sitting.members[0];
    answer(&sitting, member, "1.1", 1).await;
    assert_eq!(book(sitting.app(), member, &sitting.council).await.unwrap().open.len(), 1);
    let file = book_file(sitting.app(), member, &sitting.council).await.unwrap();
    assert_eq!(file.file_name, "phieu-cham.xlsx");
    let same = look(&sitting, member, file.bytes).await;
    assert!(!same.is_any() && same.faults.is_empty(), "{same:?}");

    let bytes = sitting
        .book(member, &[("2.3", "Mức 3 (3 điểm)", "Nhãn đủ"), ("2.4", "Không đạt mức nào", "Thiếu giấy")])
        .await;
    let preview = look(&sitting, member, bytes).await;
    let codes: Vec<&str> = preview.ballots[0].lines.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["2.3", "2.4"]);
    assert_eq!(preview.ballots[0].lines[0].server.0, "Chưa chấm");
    assert_eq!(choice(&sitting, member, "2.3").await, None, "looking changes nothing");
    let taken = take_book(sitting.app(), member, &sitting.council, &taking(&preview, &[])).await;
    assert_eq!(taken.unwrap(), 1);
    let kept = choice(&sitting, member, "2.3").await.unwrap();
    assert_eq!((kept.level, kept.note.as_deref()), (3, Some("Nhãn đủ")));
    assert_eq!(choice(&sitting, member, "1.1").await, Some(Choice::level(1)));
    let again = take_book(sitting.app(), member, &sitting.council, &taking(&preview, &[])).await;
    assert_eq!(again.unwrap(), 0, "a second click does no harm");
    let links = {
        let mut tx = sitting.app().db.read().await.unwrap();
        let chain = format!("dossier:{}", sitting.dossier);
        ocop_store::journal::links_of(&mut tx, &chain).await.unwrap()
    };
    assert_eq!(links.iter().filter(|link| link.action == "save_ballot").count(), 2);
}

#[tokio::test]
async fn what_changed_on_both_sides_is_the_members_choice() {
    let sitting = Sitting::scoring(2).await;
    let member = &sitting.members[0];
    answer(&sitting, member, "1.1", 1).await;
    let bytes = sitting.book(member, &[("1.1", "Mức 2 (2 điểm)", ""), ("1.2", "Mức 1 (0 điểm)", "")]).await;
    answer(&sitting, member, "1.1", 3).await;
    let preview = look(&sitting, member, bytes).await;
    let ballot = &preview.ballots[0];
    assert!(ballot.is_newer && ballot.lines[0].is_conflict && !ballot.lines[1].is_conflict, "{ballot:?}");
    assert!(ballot.lines[0].server.0.starts_with("Mức 3") && ballot.lines[0].file.0.starts_with("Mức 2"));

    answer(&sitting, member, "2.3", 1).await;
    let stale = take_book(sitting.app(), member, &sitting.council, &taking(&preview, &["1.1"])).await;
    assert!(matches!(stale, Err(AppError::Stale(_))), "{stale:?}");
    assert_eq!(choice(&sitting, member, "1.1").await, Some(Choice::level(3)));
    let preview = kept_book(sitting.app(), member, &sitting.council, &preview.file).await.unwrap();
    take_book(sitting.app(), member, &sitting.council, &taking(&preview, &[])).await.unwrap();
    assert_eq!(choice(&sitting, member, "1.1").await, Some(Choice::level(3)), "the server's stays");
    assert_eq!(choice(&sitting, member, "1.2").await, Some(Choice::level(1)));
    let preview = kept_book(sitting.app(), member, &sitting.council, &preview.file).await.unwrap();
    take_book(sitting.app(), member, &sitting.council, &taking(&preview, &["1.1"])).await.unwrap();
    assert_eq!(choice(&sitting, member, "1.1").await, Some(Choice::level(2)));
    assert_eq!(choice(&sitting, member, "2.3").await, Some(Choice::level(1)));
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_with_its_place() {
    let sitting = Sitting::scoring(2).await;
    let (member, other) = (&sitting.members[0], &sitting.members[1]);
    let wrong = sitting
        .book(member, &[("1.1", "Mức 9", ""), ("1.2", "Mức 1 (0 điểm)", ""), ("2.3", "", "Tốt")])
        .await;
    let preview = look(&sitting, member, wrong).await;
    assert_eq!((preview.faults.len(), preview.ballots[0].lines.len()), (2, 1), "{preview:?}");
    assert!(preview.faults[0].contains("ô D") && preview.faults[0].contains("«Mức 9»"), "{preview:?}");
    assert!(preview.faults[1].contains("chưa chọn mức"));

    let check = |preview: &BookPreview, words: &str| {
        assert!(preview.ballots.is_empty() && preview.faults[0].contains(words), "{words}: {preview:?}");
    };
    let mine = sitting.book(member, &[("1.1", "Mức 1 (1 điểm)", "")]).await;
    check(&look(&sitting, other, mine.clone()).await, "không phải phiếu của bạn");
    sitting.fill(member, 1, &sheet_of(sitting.set(), 80)).await;
    sitting.seal(member, 1, 80).await.unwrap();
    check(&look(&sitting, member, mine).await, "đã được niêm");
    let theirs = sitting.book(other, &[("1.1", "Mức 1 (1 điểm)", "")]).await;
    let why = ConflictInput { reason: "Người nhà".to_owned() };
    declare_conflict(sitting.app(), other, &sitting.dossier, &why).await.unwrap();
    check(&look(&sitting, other, theirs).await, "xung đột lợi ích");
    refused(book_file(sitting.app(), other, &sitting.council).await, "không có phiếu nào");
}

#[tokio::test]
async fn a_workbook_that_was_tampered_with_changes_nothing() {
    let sitting = Sitting::scoring(2).await;
    let (member, other) = (&sitting.members[0], &sitting.members[1]);
    let theirs = sitting.ballot(other, 1).await;
    let tables = sitting.book_tables(member).await;
    let check = async |change: &dyn Fn(&mut Vec<Table>), words: &str| {
        let mut tables = tables.clone();
        change(&mut tables);
        let preview = look(&sitting, member, write(&tables).unwrap()).await;
        assert!(!preview.is_any() && preview.faults[0].contains(words), "{words}: {preview:?}");
        let taken = take_book(sitting.app(), member, &sitting.council, &taking(&preview, &[])).await;
        assert_eq!(taken.unwrap(), 0, "{words}");
    };
    let put = |tables: &mut Vec<Table>, row: usize, column: usize, words: &str| {
        tables[0].rows[row][column] = TableCell::from(words);
    };
    check(&|book| put(book, 0, 1, "x"), "không phải phiếu của bạn").await;
    check(&|book| put(book, 0, 1, theirs.as_str()), "không phải phiếu của bạn").await;
    check(&|book| put(book, 2, 1, "00e5"), "bộ tiêu chí trong tệp khác").await;
    check(&|book| drop(book[0].rows.remove(3)), "không thấy dòng đầu bảng").await;
    check(&|book| put(book, 6, 0, "99"), "không có tiêu chí «99»").await;
    check(&|book| put(book, 6, 3, "=1+1"), "«=1+1» không phải là mức").await;
    let twice = |book: &mut Vec<Table>| book.push(Table { sheet: "99".to_owned(), ..book[0].clone() });
    check(&twice, "đã có ở một trang khác").await;
}

#[tokio::test]
async fn a_workbook_of_another_council_is_not_taken() {
    let sitting = Sitting::scoring(2).await;
    let (app, officer) = (sitting.app(), &sitting.world.officer);
    let mut form = new_council(app, officer, &sitting.honey.round).await.unwrap().input;
    (form.decision_no, form.decision_on) = ("99/QĐ-UBND".to_owned(), "02/11/2026".to_owned());
    let second = create_council(app, officer, &sitting.honey.round, &form).await.unwrap();
    add_seat(app, officer, &second, &seat(&sitting.members[0], SeatKind::Member)).await.unwrap();
    let member = sitting.world.again(&sitting.members[0]).await;
    let bytes = sitting.book(&member, &[("1.1", "Mức 1 (1 điểm)", "")]).await;
    let preview = seen(&sitting, &member, &second, bytes.clone()).await.unwrap();
    assert!(preview.ballots.is_empty() && preview.faults[0].contains("không phải phiếu của bạn"));
    assert!(look(&sitting, &member, bytes).await.is_any(), "its own council takes it");
}

#[tokio::test]
async fn only_who_scores_in_the_council_reaches_the_workbook() {
    let sitting = Sitting::scoring(2).await;
    let app = sitting.app();
    for actor in [&sitting.advisor, &sitting.world.officer, &sitting.honey.actor] {
        assert!(matches!(book(app, actor, &sitting.council).await, Err(AppError::Denied(_))));
        assert!(matches!(book_file(app, actor, &sitting.council).await, Err(AppError::Denied(_))));
        let sent = seen(&sitting, actor, &sitting.council, b"x".to_vec()).await;
        assert!(matches!(sent, Err(AppError::Denied(_))), "{sent:?}");
    }
    let member = &sitting.members[0];
    for bytes in [Vec::new(), b"%PDF-1.7".to_vec()] {
        assert!(matches!(seen(&sitting, member, &sitting.council, bytes).await, Err(AppError::Invalid(_))));
    }
    let input = TakeBookInput { file: "0".repeat(64), ..TakeBookInput::default() };
    refused(take_book(app, member, &sitting.council, &input).await, "Không còn tệp");
}
