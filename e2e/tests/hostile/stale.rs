//! Two tabs, two people: whoever saves later is told who saved what in between, keeps what was typed, and
//! overwrites nothing.

use anyhow::{Context as _, ensure};
use e2e::form::unescape;
use e2e::{Fetch, Form, Reply};

use crate::stage::{
    ADVISOR, CHAIR, COMMUNE, Faults, MEMBER, OFFICE, PRODUCER, Reading, SECRETARY, Stage, is_ours, readable,
    told,
};

/// A form that two have open.
struct Desk {
    /// Who saves first.
    one: &'static str,
    /// Who saves later.
    other: &'static str,
    page: String,
    action: String,
    fill: &'static [(&'static str, &'static str)],
    /// The field that both write in.
    field: &'static str,
    /// What the later one is told about the earlier save.
    told: &'static [&'static str],
}

const EARLIER: &str = "Bản của người lưu trước.";
const LATER: &str = "Bản của người lưu sau, dài hơn một chút.";

async fn desks(stage: &Stage) -> anyhow::Result<Vec<Desk>> {
    let mut producer = stage.enter(PRODUCER).await?;
    let draft = stage.draft().await?;
    let product = producer.link(&draft, "/products/").await?;
    let owner = producer.link(&product, "/producers/").await?;
    let report = stage.enter(COMMUNE).await?.link("/commune", "/dossiers/").await?;
    let council = stage.council().await?;
    let advised = stage.dossier("advising").await?;
    let ballot = stage.enter(MEMBER).await?.link("/home", "/ballots/").await?;
    let secretarys = stage.enter(SECRETARY).await?.link("/home", "/ballots/").await?;
    let own = |page: String, fill, field, told| Desk {
        one: PRODUCER,
        other: PRODUCER,
        page,
        action: String::new(),
        fill,
        field,
        told,
    };
    let level = &[("choice", "1:2")];
    Ok(vec![
        own(format!("{owner}/edit"), &[], "address", &["HTX Hợp Tiến", "địa chỉ"]),
        own(format!("{product}/edit"), &[], "packaging", &["HTX Hợp Tiến", "quy cách"]),
        own(format!("{draft}/form"), &[], "history", &["HTX Hợp Tiến", "lịch sử hình thành"]),
        own(
            format!("{draft}/self-assessment/2.1"),
            level,
            "note",
            &["HTX Hợp Tiến", "tiêu chí 2.1", EARLIER],
        ),
        Desk {
            one: COMMUNE,
            other: COMMUNE,
            ..own(report, &[], "conclusion", &["Cán bộ", "báo cáo cấp xã (mẫu 03)"])
        },
        Desk {
            one: OFFICE,
            other: OFFICE,
            ..own(format!("{council}/edit"), &[], "name", &["Cán bộ", EARLIER])
        },
        Desk {
            one: ADVISOR,
            other: "tu-van-2",
            ..own(format!("{advised}/advice/findings/3.2"), &[], "finding", &["Tổ tư vấn", EARLIER])
        },
        Desk {
            one: MEMBER,
            other: MEMBER,
            ..own(format!("{ballot}/criteria/1.1"), level, "note", &["tiêu chí 1.1", "mức 2"])
        },
        Desk {
            one: SECRETARY,
            other: SECRETARY,
            ..own(
                format!("{secretarys}/disqualification"),
                &[("ground", "set:1")],
                "reason",
                &["đã được lưu ở tab hoặc máy khác"],
            )
        },
        Desk {
            one: MEMBER,
            other: MEMBER,
            action: format!("{ballot}/seal"),
            ..own(format!("{ballot}/review"), &[], "opinion", &["Ý kiến hoặc điểm chấm đã được lưu"])
        },
    ])
}

impl Desk {
    /// The form as somebody has it open now. An opinion is saved where its own button sends it.
    async fn open(&self, fetch: &mut Fetch) -> anyhow::Result<Form> {
        let form = fetch.form(&self.page, &self.action).await?;
        let action = form.action.replace("/seal", "/opinion");
        let form = Form { action, ..form };
        Ok(self.fill.iter().fold(form, |form, (name, value)| form.with(name, value)))
    }

    /// What is kept in the field.
    async fn kept(&self, fetch: &mut Fetch) -> anyhow::Result<String> {
        let form = fetch.form(&self.page, &self.action).await?;
        Ok(form.value(self.field).unwrap_or_default().to_owned())
    }
}

/// Sends a form as the page's script does.
async fn autosave(fetch: &Fetch, form: &Form) -> anyhow::Result<Reply> {
    fetch.clone().with_header("Accept", "application/json").post_form(&form.action, &form.sent()).await
}

#[tokio::test]
async fn a_later_save_is_refused_with_what_changed_and_loses_nothing() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    for desk in desks(&stage).await? {
        let (mut one, mut other) = (stage.enter(desk.one).await?, stage.enter(desk.other).await?);
        let (first, second) = (desk.open(&mut one).await?, desk.open(&mut other).await?);
        one.done(&first.with(desk.field, EARLIER)).await?;
        let before = stage.changes()?;
        let second = second.with(desk.field, LATER);
        let reply = other.send(&second).await?;
        let action = &second.action;
        faults.check(reply.status == 409 && is_ours(&reply), || format!("{action}: {}", told(&reply)));
        let page = readable(&reply.text());
        for words in desk.told.iter().chain(&["Chưa lưu"]) {
            faults.check(page.contains(words), || {
                format!("{action} does not tell «{words}»: {}", told(&reply))
            });
        }
        let typed = unescape(&reply.text());
        faults.check(typed.contains(LATER), || format!("{action}: what was typed is lost"));
        let kept = desk.kept(&mut one).await?;
        faults.check(kept == EARLIER, || format!("{action}: kept is «{kept}»"));
        let script = autosave(&other, &second).await?;
        let is_json = script.header("content-type").is_some_and(|kind| kind.contains("json"));
        let pages_only = ["/edit", "/disqualification"].iter().any(|part| action.contains(part));
        faults.check(script.status == 409 && (is_json || pages_only), || {
            format!("{action}: {}", told(&script))
        });
        // Sent again as it came back it stays refused: nobody overwrites by pressing twice.
        let again = Form::to(&reply.text(), action.split('?').next().unwrap_or_default());
        if let Ok(again) = again {
            let reply = other.send(&again).await?;
            faults.check(reply.status == 409, || format!("{action} pressed again: {}", told(&reply)));
        }
        faults.check(stage.changes()? == before, || format!("{action}: the journal has grown"));
    }
    faults.none()
}

#[tokio::test]
async fn work_on_different_criteria_does_not_collide() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut one, mut other) = (stage.enter(PRODUCER).await?, stage.enter(PRODUCER).await?);
    let draft = stage.draft().await?;
    let path = |code: &str| format!("{draft}/self-assessment/{code}");
    let (first, second) = (one.form(&path("2.1"), "").await?, other.form(&path("2.2"), "").await?);
    let form = one.form(&format!("{draft}/form"), "").await?;
    one.done(&first.with("choice", "1:1").with("note", EARLIER)).await?;
    other.done(&second.with("choice", "1:1").with("note", LATER)).await?;
    one.done(&form.with("history", LATER)).await?;
    for (code, kept) in [("2.1", EARLIER), ("2.2", LATER)] {
        let form = one.form(&path(code), "").await?;
        ensure!(form.value("note") == Some(kept), "{code}: {:?}", form.value("note"));
    }
    Ok(())
}

#[tokio::test]
async fn a_step_taken_on_an_old_page_is_refused() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    // The commune proposes a report that has changed since it was read.
    let mut officer = stage.enter(COMMUNE).await?;
    let report = officer.link("/commune", "/dossiers/").await?;
    let mut form = officer.form(&report, "").await?;
    for field in ["material_finding", "labour_finding", "idea_finding", "identity_finding"] {
        form = form.with(field, "Đã xem.");
    }
    officer.done(&form).await?;
    let read = officer.form(&format!("{report}/propose"), "").await?;
    let changed = officer.form(&report, "").await?.with("conclusion", "Chưa nên đề nghị.");
    officer.done(&changed).await?;
    let reply = officer.send(&read).await?;
    ensure!(reply.status == 409 && told(&reply).contains("đã lưu"), "{}", told(&reply));
    ensure!(officer.read("/commune").await?.contains(&report), "the dossier is still with the commune");
    // A member seals a ballot that has changed in another tab since it was reviewed.
    let dossier = stage.dossier("discussion").await?;
    let mut chair = stage.enter(CHAIR).await?;
    let turn = chair.form(&format!("{dossier}/scoring"), &format!("{dossier}/scoring/turn")).await?;
    chair.done(&turn.with("reason", "Chấm lại.")).await?;
    let mut member = stage.enter(MEMBER).await?;
    let ballot = member.link(&format!("{dossier}/scoring"), "/ballots/").await?;
    let reviewed = member.form(&format!("{ballot}/review"), &format!("{ballot}/seal")).await?;
    let other = member.form(&format!("{ballot}/criteria/1.1"), "").await?;
    member.done(&other.with("choice", "1:1")).await?;
    let reply = member.send(&reviewed.with("opinion", LATER)).await?;
    ensure!(reply.status == 409, "{}", told(&reply));
    ensure!(told(&reply).contains("đã được lưu ở tab hoặc máy khác"), "{}", told(&reply));
    ensure!(unescape(&reply.text()).contains(LATER), "the opinion is lost");
    let page = member.read(&format!("{ballot}/review")).await?;
    ensure!(page.contains("Niêm phiếu"), "the ballot was sealed");
    Ok(())
}

#[tokio::test]
async fn two_officers_decide_differently_and_one_of_them_is_told() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (_, later) = stage.days().await?;
    let dossier = stage.dossier("at_province").await?;
    let reception = format!("{dossier}/reception");
    let (mut one, mut other) = (stage.enter(OFFICE).await?, stage.enter(OFFICE).await?);
    let accept = one.form(&reception, &format!("{reception}/accept")).await?;
    let back = other.form(&reception, &format!("{reception}/return")).await?;
    let back = back.with("reasons", LATER).with("due_on", &later);
    let before = stage.changes()?;
    let (accepted, returned) = tokio::join!(one.send(&accept), other.send(&back));
    let (accepted, returned) = (accepted?, returned?);
    let (won, lost) = if accepted.status == 303 { (accepted, returned) } else { (returned, accepted) };
    ensure!(won.status == 303, "{}", told(&won));
    ensure!(lost.status == 422 && told(&lost).contains("Không thể «"), "{}", told(&lost));
    ensure!(stage.changes()? == before + 1, "both decisions were kept");
    let page = one.read(&dossier).await?;
    let state = page.split("<span class=\"tag").nth(1).map(readable).context("no state")?;
    ensure!(!state.contains("Chờ cấp tỉnh tiếp nhận"), "{state}");
    Ok(())
}
