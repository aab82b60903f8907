//! What the paths share: the way to a product, and steps that other journeys show, done by the same
//! hands without a browser.

use anyhow::{Context as _, ensure};
use e2e::reading::{id_of, told};
use e2e::{Fetch, Form, Reading as _, province};

use super::OFFICE;
use crate::stage::{Person, Stage};

/// What a council gives: criterion and level counted from 1.
pub type Levels = [(&'static str, u8)];

/// The path of the page that is open.
pub async fn here(stage: &Stage) -> anyhow::Result<String> {
    Ok(stage.browser.path().await?.split('?').next().unwrap_or_default().to_owned())
}

/// The producer goes to the page of a product.
pub async fn product_page(stage: &Stage, product: &str) -> anyhow::Result<()> {
    let b = &stage.browser;
    b.click("Cơ sở và sản phẩm").await?;
    b.wait_for_url("/producers").await?;
    b.click(product).await?;
    b.wait_for_text("Lịch sử sản phẩm").await
}

/// The commune finds a dossier in order and proposes it; the office takes it into the round.
pub async fn bring_into_the_round(stage: &Stage, commune: &Person, dossier: &str) -> anyhow::Result<()> {
    let mut officer = stage.elsewhere(commune).await?;
    let report = format!("{dossier}/commune-report");
    let page = officer.read(&report).await?;
    let mut form = Form::to(&page, &report)?;
    // Every box is ticked: what they hold tells the papers apart.
    form.fields.retain(|field| field.name != "present");
    let papers = page.split("name=\"present\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let findings = ["material_finding", "labour_finding", "idea_finding", "identity_finding"];
    let form = findings.iter().fold(form, |form, name| form.with(name, "Đã đến cơ sở, đúng như hồ sơ."));
    let sent: Vec<(&str, &str)> =
        form.sent().into_iter().chain(papers.map(|paper| ("present", paper))).collect();
    let reply = officer.post_form(&report, &sent).await?;
    ensure!(reply.status == 303, "{report}: {}", told(&reply));
    let propose = officer.form(&format!("{report}/propose"), "").await?;
    officer.done(&propose).await?;
    let mut office = stage.elsewhere(&OFFICE).await?;
    let reception = format!("{dossier}/reception");
    let accept = office.form(&reception, &format!("{reception}/accept")).await?;
    office.done(&accept).await?;
    Ok(())
}

/// A council of these seats; whoever has no account yet is given one. Gives its path.
pub async fn council(
    office: &mut Fetch,
    round: &str,
    today: &str,
    seats: &[(&Person, &str)],
) -> anyhow::Result<String> {
    let form = office.form(&format!("/councils/new?round={}", id_of(round)), "/councils/new").await?;
    let form = form.with("decision_no", "91/QĐ-THỬ").with("decision_on", today);
    let council = office.done(&form).await?;
    let council = council.split('?').next().unwrap_or_default().to_owned();
    for (person, kind) in seats {
        let form = office.form(&council, &format!("{council}/seats")).await?;
        office
            .done(&form.with("email", person.email).with("kind", kind).with("agency", "Cơ quan Thử"))
            .await?;
    }
    Ok(council)
}

/// Gives somebody of the office's own list an account.
pub async fn account(office: &mut Fetch, person: &Person) -> anyhow::Result<()> {
    let form = office.form("/accounts", "").await?.with("role", "assessor").with("email", person.email);
    let form = form.with("name", person.name).with("title", person.title);
    office.done(&form.with("password", province::PASSWORD)).await?;
    Ok(())
}

/// Gives a council a dossier of its round.
pub async fn assign(office: &mut Fetch, council: &str, dossier: &str) -> anyhow::Result<()> {
    let form = office.form(council, &format!("{council}/dossiers")).await?;
    office.done(&form.with("dossiers", id_of(dossier))).await?;
    Ok(())
}

/// The advisory team reports that a dossier is in order.
pub async fn advise(stage: &Stage, advisor: &Person, dossier: &str) -> anyhow::Result<()> {
    let mut fetch = stage.elsewhere(advisor).await?;
    let advice = format!("{dossier}/advice");
    let form = fetch.form(&advice, &format!("{advice}/report")).await?;
    let form = form.with("summary", "Hồ sơ đủ thành phần, đúng quy định.");
    fetch.done(&form.with("proposal", "Đưa ra Hội đồng chấm điểm.")).await?;
    Ok(())
}

/// Scores and seals everybody's ballot for a product.
pub async fn seal_all(
    stage: &Stage,
    people: &[&Person],
    product: &str,
    levels: &Levels,
) -> anyhow::Result<()> {
    for person in people {
        let mut fetch = stage.elsewhere(person).await?;
        let home = fetch.read("/home").await?;
        let mut todos = home.split("<a href=\"");
        let todo = todos.find(|todo| todo.starts_with("/ballots/") && todo.contains(product));
        let ballot = todo.and_then(|todo| todo.split('"').next()).context("no ballot waits")?.to_owned();
        choose(&mut fetch, &format!("{ballot}/criteria"), levels).await?;
        let seal = fetch.form(&format!("{ballot}/review"), &format!("{ballot}/seal")).await?;
        fetch.done(&seal).await.with_context(|| person.email)?;
    }
    Ok(())
}

/// Chooses levels one after another, each on its page.
pub async fn choose(fetch: &mut Fetch, under: &str, levels: &Levels) -> anyhow::Result<()> {
    for (code, level) in levels {
        let path = format!("{under}/{code}");
        let form = fetch.form(&path, &path).await?.with("choice", &format!("1:{level}"));
        fetch.done(&form).await.with_context(|| path)?;
    }
    Ok(())
}
