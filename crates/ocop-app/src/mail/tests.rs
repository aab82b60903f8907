//! Letters from notifications to the mail server, and what becomes of those that do not arrive.

use std::sync::{Arc, Mutex};

use ocop_core::people::Actor;

use super::*;
use crate::AppError;
use crate::accounts::{own, set_mails};
use crate::councils::testing::Sitting;
use crate::notifications::read_all;
use crate::testing::{World, invalid};

/// A mail server that keeps what it takes and says what it is told to.
#[derive(Default)]
struct Counter {
    taken: Mutex<Vec<Letter>>,
    fault: Mutex<Option<PostFault>>,
}

impl Counter {
    fn says(&self, fault: Option<PostFault>) {
        *self.fault.lock().unwrap() = fault;
    }

    fn to(&self, address: &str) -> Vec<Letter> {
        self.taken.lock().unwrap().iter().filter(|letter| letter.address == address).cloned().collect()
    }
}

impl Post for Counter {
    fn send<'a>(&'a self, letter: &'a Letter) -> Posted<'a> {
        Box::pin(async move {
            if let Some(fault) = self.fault.lock().unwrap().clone() {
                return Err(fault);
            }
            self.taken.lock().unwrap().push(letter.clone());
            Ok(())
        })
    }
}

/// The same application with a mail server.
fn with_post(world: &World) -> (App, Arc<Counter>) {
    let counter = Arc::new(Counter::default());
    let post: Arc<dyn Post> = Arc::<Counter>::clone(&counter);
    (App { post: Some(post), ..world.app.clone() }, counter)
}

async fn post(app: &App) {
    compose(app).await.unwrap();
    send(app).await.unwrap();
}

async fn address(app: &App, actor: &Actor) -> String {
    own(app, actor).await.unwrap().email
}

#[tokio::test]
async fn the_morning_brings_one_letter_with_everything_new() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    let to = address(&app, &sitting.honey.actor).await;
    post(&app).await;
    let letters = server.to(&to);
    assert_eq!(letters.len(), 1, "two notifications, one letter");
    let letter = &letters[0];
    assert_eq!(letter.from, "OCOP tỉnh Quảng Ninh");
    assert_eq!(letter.subject, "OCOP: 2 thông báo mới");
    for words in ["Cấp xã đã đề nghị tỉnh đánh giá", "https://ocop.example/dossiers/", "Kính gửi"]
    {
        assert!(letter.body.contains(words), "{words} in {}", letter.body);
    }
    post(&app).await;
    assert_eq!(server.to(&to).len(), 1, "nothing is written twice");
}

#[tokio::test]
async fn what_waits_with_a_short_term_is_written_within_the_hour() {
    let sitting = Sitting::advised().await;
    let (app, server) = with_post(&sitting.world);
    let to = address(&app, &sitting.members[0]).await;
    post(&app).await;
    assert_eq!(server.to(&to).len(), 1, "the seat");
    let present = [&sitting.chair, &sitting.secretary, &sitting.members[0], &sitting.members[1]];
    sitting.open(&present).await.unwrap();
    post(&app).await;
    assert_eq!(server.to(&to).len(), 1, "at most one an hour");
    sitting.world.clock.forward_minutes(61);
    post(&app).await;
    let letters = server.to(&to);
    assert_eq!(letters.len(), 2);
    assert!(letters[1].body.contains("Đã mở chấm điểm"));
}

#[tokio::test]
async fn nobody_is_written_to_who_has_read_it_or_wants_no_letters() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    read_all(&app, &sitting.honey.actor).await.unwrap();
    set_mails(&app, &sitting.advisor, false).await.unwrap();
    post(&app).await;
    for actor in [&sitting.honey.actor, &sitting.advisor] {
        assert_eq!(server.to(&address(&app, actor).await), []);
    }
    assert_eq!(server.to(&address(&app, &sitting.chair).await).len(), 1, "others are");
}

#[tokio::test]
async fn without_a_server_notifications_wait_and_old_ones_are_not_written() {
    let sitting = Sitting::advising().await;
    assert_eq!(compose(sitting.app()).await.unwrap(), 0);
    sitting.world.clock.forward_days(4);
    let (app, server) = with_post(&sitting.world);
    post(&app).await;
    assert_eq!(server.to(&address(&app, &sitting.honey.actor).await), []);
}

#[tokio::test]
async fn a_letter_that_fails_is_tried_again() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    let to = address(&app, &sitting.honey.actor).await;
    server.says(Some(PostFault::ForNow("451 Thử lại sau".to_owned())));
    post(&app).await;
    server.says(None);
    send(&app).await.unwrap();
    assert_eq!(server.to(&to), [], "not at once");
    sitting.world.clock.forward_minutes(5);
    send(&app).await.unwrap();
    assert_eq!(server.to(&to).len(), 1, "after five minutes");
}

#[tokio::test]
async fn a_letter_is_given_up_after_two_days() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    server.says(Some(PostFault::ForNow("451 Thử lại sau".to_owned())));
    compose(&app).await.unwrap();
    let mut tries = 0;
    for _ in 0..60 {
        send(&app).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let waiting = ocop_store::mail::waiting(&mut tx, app.now().plus_minutes(10_000), 10).await.unwrap();
        if waiting.is_empty() {
            break;
        }
        tries = waiting[0].failures;
        sitting.world.clock.forward_minutes(60);
    }
    assert_eq!(tries, 5);
    let given_up = list(&app, &sitting.world.officer, "22", Some(MailState::GivenUp), "").await.unwrap();
    assert!(!given_up.rows.is_empty());
    assert!(given_up.rows.iter().all(|row| row.mail.fault == "451 Thử lại sau"));

    // The server is back: nobody has to do anything for the next letter.
    server.says(None);
    let report = crate::councils::ReportInput {
        summary: "Hồ sơ đủ.".to_owned(),
        proposal: "Đưa ra họp.".to_owned(),
    };
    crate::councils::file_report(&app, &sitting.advisor, &sitting.dossier, &report).await.unwrap();
    sitting.world.clock.forward_days(1);
    post(&app).await;
    assert_eq!(server.to(&address(&app, &sitting.chair).await).len(), 1);
}

#[tokio::test]
async fn a_letter_that_is_refused_is_seen_and_sent_again_by_the_office() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    let officer = &sitting.world.officer;
    server.says(Some(PostFault::ForGood("550 Không có hộp thư này".to_owned())));
    post(&app).await;
    let bounced = list(&app, officer, "22", Some(MailState::Bounced), "").await.unwrap();
    let to = address(&app, &sitting.honey.actor).await;
    let row = bounced.rows.iter().find(|row| row.mail.address == to).unwrap();
    assert_eq!(row.mail.fault, "550 Không có hộp thư này");
    assert!(own_fault(&app, &sitting.honey.actor).await.unwrap().is_some(), "its reader sees it too");

    server.says(None);
    let report = crate::councils::ReportInput {
        summary: "Hồ sơ đủ.".to_owned(),
        proposal: "Đưa ra họp.".to_owned(),
    };
    crate::councils::file_report(&app, &sitting.advisor, &sitting.dossier, &report).await.unwrap();
    sitting.world.clock.forward_days(1);
    post(&app).await;
    let chair = address(&app, &sitting.chair).await;
    assert_eq!(server.to(&chair), [], "nothing more goes to an address that sends letters back");
    let denied = resend(&app, &sitting.world.commune_officer, &row.mail.id).await;
    assert!(matches!(denied, Err(AppError::Denied(_))));
    resend(&app, officer, &row.mail.id).await.unwrap();
    let twice = resend(&app, officer, &row.mail.id).await;
    assert!(matches!(twice, Err(AppError::Refused(_))), "it waits already");
    send(&app).await.unwrap();
    assert_eq!(server.to(&to).len(), 1);
    assert_eq!(own_fault(&app, &sitting.honey.actor).await.unwrap(), None);
    assert!(matches!(resend_own(&app, &sitting.honey.actor).await, Err(AppError::Refused(_))));
    resend_own(&app, &sitting.chair).await.unwrap();
}

#[tokio::test]
async fn a_report_of_the_mail_system_marks_the_letter() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    post(&app).await;
    let to = address(&app, &sitting.honey.actor).await;
    let id = server.to(&to)[0].id.clone();
    let report = |action: &str| {
        format!(
            "Content-Type: multipart/report\r\n\r\nReporting-MTA: dns; mx.example\r\nAction: {action}\r\n\
             Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such user\r\n\r\nmessage-id: <{id}@ocop.example>\r\n"
        )
    };
    assert!(matches!(bounced(&app, &report("delayed")).await, Err(AppError::Refused(_))));
    assert!(matches!(bounced(&app, "Xin chào").await, Err(AppError::Refused(_))));
    assert_eq!(bounced(&app, &report("failed")).await.unwrap(), to);
    let fault = own_fault(&app, &sitting.honey.actor).await.unwrap().unwrap();
    assert_eq!(fault.fault, "smtp; 550 No such user");
}

#[tokio::test]
async fn an_office_writes_in_its_own_words() {
    let sitting = Sitting::advising().await;
    let (app, server) = with_post(&sitting.world);
    let officer = &sitting.world.officer;
    let input = WordingInput {
        subject: "Sở NN&MT: {số việc} việc".to_owned(),
        opening: "Chào {tên},".to_owned(),
        closing: "{cơ quan}, {địa chỉ}".to_owned(),
        version: 0,
    };
    let bad = WordingInput { opening: "Chào {ten},".to_owned(), closing: String::new(), ..input.clone() };
    invalid(set_wording(&app, officer, "22", &bad).await, &["closing", "opening"]);
    let denied = set_wording(&app, &sitting.world.commune_officer, "22", &input).await;
    assert!(matches!(denied, Err(AppError::Denied(_))));
    set_wording(&app, officer, "22", &input).await.unwrap();
    assert!(matches!(set_wording(&app, officer, "22", &input).await, Err(AppError::Stale(_))));
    let sheet = wording(&app, officer, "22").await.unwrap();
    assert_eq!((sheet.words.subject.as_str(), sheet.version), ("Sở NN&MT: {số việc} việc", 1));
    let (subject, body) = specimen(&app, officer, "22", &sheet.words).await.unwrap();
    assert_eq!(subject, "Sở NN&MT: 2 việc");
    assert!(body.ends_with("OCOP tỉnh Quảng Ninh, https://ocop.example"), "{body}");
    post(&app).await;
    let letter = &server.to(&address(&app, &sitting.honey.actor).await)[0];
    assert_eq!(letter.subject, "Sở NN&MT: 2 việc");
    assert!(letter.body.starts_with("Chào ct1@b.vn,"), "{}", letter.body);
}
