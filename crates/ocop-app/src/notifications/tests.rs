//! What each step and each day tells to whom.

use chrono::{Datelike, Days, NaiveDate};
use ocop_core::people::Actor;

use super::*;
use crate::councils::testing::Sitting;
use crate::home::todos;
use crate::recognition::testing::{certified, confirmed};
use crate::testing::World;

async fn told(app: &App, actor: &Actor) -> Vec<String> {
    list(app, actor).await.unwrap().into_iter().map(|notification| notification.what).collect()
}

fn has(told: &[String], words: &str) -> bool {
    told.iter().any(|one| one.contains(words))
}

#[tokio::test]
async fn each_step_tells_those_it_waits_for_or_concerns() {
    let sitting = Sitting::scoring(2).await;
    let app = sitting.app();
    let producer = told(app, &sitting.honey.actor).await;
    assert!(has(&producer, "Cấp xã đã đề nghị tỉnh"), "{producer:?}");
    assert!(has(&producer, "Hồ sơ đã được tiếp nhận"), "{producer:?}");
    assert!(!has(&producer, "chấm điểm"), "the producer is told nothing of the council's work: {producer:?}");
    assert!(has(&told(app, &sitting.world.commune_officer).await, "Chủ thể nộp hồ sơ"));
    assert!(has(&told(app, &sitting.world.officer).await, "chờ tiếp nhận"));
    assert!(has(&told(app, &sitting.advisor).await, "Có hồ sơ mới để tư vấn"));
    let member = list(app, &sitting.members[0]).await.unwrap();
    let opened = member.iter().find(|notification| notification.what == "Đã mở chấm điểm").unwrap();
    assert!(opened.urgent && opened.href == format!("/councils/{}", sitting.council));
    let absent = told(app, &sitting.members[2]).await;
    assert!(!has(&absent, "Đã mở chấm điểm"), "who is not at the session has no ballot: {absent:?}");
    assert!(has(&absent, "Bạn được cử làm"), "{absent:?}");
    assert_eq!(told(app, &sitting.world.other_producer).await, [""; 0]);
}

#[tokio::test]
async fn a_result_and_a_star_are_told_to_producer_commune_and_office() {
    let (sitting, _) = certified().await;
    let app = sitting.app();
    for actor in [&sitting.honey.actor, &sitting.world.commune_officer] {
        assert!(has(&told(app, actor).await, "Sản phẩm đã được công nhận"));
    }
    assert!(has(&told(app, &sitting.world.officer).await, "Chủ tịch đã xác nhận kết quả"));
    assert!(has(&told(app, &sitting.chair).await, "Đủ phiếu, chờ xác nhận"));
}

#[tokio::test]
async fn a_notice_is_read_with_its_page_or_with_all() {
    let sitting = Sitting::advising().await;
    let (app, producer) = (sitting.app(), &sitting.honey.actor);
    let all = unread(app, producer, "/home").await.unwrap();
    assert!(all >= 2);
    let page = format!("/dossiers/{}", sitting.dossier);
    let left = unread(app, producer, &page).await.unwrap();
    assert!(left < all);
    assert_eq!(unread(app, producer, "/home").await.unwrap(), left, "kept");
    read_all(app, producer).await.unwrap();
    assert_eq!(unread(app, producer, "").await.unwrap(), 0);
    let other = &sitting.world.commune_officer;
    assert!(unread(app, other, "").await.unwrap() > 0, "nobody reads for others");
}

#[tokio::test]
async fn a_step_that_is_refused_tells_nobody() {
    let sitting = Sitting::advising().await;
    let app = sitting.app();
    let before = told(app, &sitting.advisor).await;
    assert!(sitting.assign().await.is_err());
    assert_eq!(told(app, &sitting.advisor).await, before);
}

/// Lets the days pass one by one, with the day's job each time.
async fn pass(world: &World, days: u32) {
    for _ in 0..days {
        world.clock.forward_days(1);
        remind(&world.app).await.unwrap();
    }
}

#[tokio::test]
async fn a_deadline_is_called_to_mind_on_its_days_and_once() {
    let sitting = Sitting::advising().await;
    let app = sitting.app();
    let todo = todos(app, &sitting.advisor).await.unwrap().remove(0);
    let due = todo.day.unwrap();
    let ahead = u32::try_from((due - app.today()).num_days()).unwrap();
    remind(app).await.unwrap();
    pass(&sitting.world, ahead - 8).await;
    assert!(!has(&told(app, &sitting.advisor).await, &todo.what), "not before seven days are left");
    pass(&sitting.world, 1).await;
    let count = async || told(app, &sitting.advisor).await.iter().filter(|what| **what == todo.what).count();
    assert_eq!(count().await, 1);
    assert!(!remind(app).await.unwrap(), "once a day");
    pass(&sitting.world, 8).await;
    assert_eq!(count().await, 5, "7, 3, 1, 0 days before, and the day after");
    let reminder = list(app, &sitting.advisor).await.unwrap().remove(0);
    assert_eq!((reminder.due_on, reminder.href), (Some(due), todo.href));
}

#[tokio::test]
async fn a_day_on_which_the_program_stood_still_is_made_up_for() {
    let sitting = Sitting::advising().await;
    let app = sitting.app();
    let due = todos(app, &sitting.advisor).await.unwrap()[0].day.unwrap();
    remind(app).await.unwrap();
    sitting.world.clock.forward_days((due - app.today()).num_days() - 2);
    remind(app).await.unwrap();
    let reminders = list(app, &sitting.advisor).await.unwrap();
    let of_day = reminders.iter().filter(|notification| notification.due_on == Some(due)).count();
    assert_eq!(of_day, 1, "the day with three left was missed, and is told once");
}

#[tokio::test]
async fn the_last_months_of_a_certificate_are_called_to_mind() {
    let (sitting, certificate) = certified().await;
    let (app, world) = (sitting.app(), &sitting.world);
    remind(app).await.unwrap();
    let day = |months: u32| -> NaiveDate {
        certificate.valid_until.checked_sub_months(chrono::Months::new(months)).unwrap()
    };
    world.clock.forward_days((day(12) - app.today()).num_days() - 1);
    remind(app).await.unwrap();
    let ends = async |actor: &Actor| {
        let notifications = list(app, actor).await.unwrap();
        notifications
            .into_iter()
            .filter(|notification| notification.what.contains("chứng nhận"))
            .map(|one| (one.what, one.href))
            .filter(|(what, _)| what.contains("tháng"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(&sitting.honey.actor).await, []);
    pass(world, 1).await;
    let producers = ends(&sitting.honey.actor).await;
    assert_eq!(producers.len(), 1);
    assert!(producers[0].0.contains("còn 12 tháng"), "{producers:?}");
    let until = certificate.valid_until;
    let list_of_month = format!("/registry/products?until={}-{:02}", until.year(), until.month());
    for officer in [&world.officer, &world.commune_officer] {
        let told = ends(officer).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].0.starts_with("1 giấy chứng nhận còn 12 tháng") && told[0].1 == list_of_month);
    }
    world.clock.forward_days((day(6) - app.today()).num_days());
    remind(app).await.unwrap();
    let latest = ends(&sitting.honey.actor).await.remove(0);
    assert!(latest.0.contains("đến thời gian nộp hồ sơ đánh giá lại"), "{latest:?}");
}

#[tokio::test]
async fn many_deadlines_of_one_day_are_one_notice() {
    let sitting = confirmed(85).await;
    let app = sitting.app();
    let day = app.today().checked_add_days(Days::new(7)).unwrap();
    let todo = |no: u32| crate::home::Todo {
        what: format!("Việc {no}"),
        about: String::new(),
        href: format!("/dossiers/{no}"),
        due: None,
        day: Some(day),
    };
    let few: Vec<_> = (1..=3).map(todo).collect();
    let told = super::reminders::of_day(app, day, 7, &few);
    assert_eq!(
        told.iter().map(|notification| notification.what.as_str()).collect::<Vec<_>>(),
        ["Việc 1", "Việc 2", "Việc 3"]
    );
    let many: Vec<_> = (1..=117).map(todo).collect();
    let told = super::reminders::of_day(app, day, 7, &many);
    assert_eq!(told.len(), 1);
    assert!(told[0].what.starts_with("117 việc có hạn ngày") && told[0].href == "/home");
}
