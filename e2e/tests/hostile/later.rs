//! Forms of what comes after recognition, visits and complaints, and of samples.

use anyhow::Context as _;

use crate::doors::{certificate_of, recognised_of};
use crate::forms::Place;
use crate::stage::{OFFICE, OTHER_PRODUCER, Reading, Stage, id_of};

/// The certificate of the producer who is visited: no other form takes it away.
pub async fn certificate(stage: &Stage) -> anyhow::Result<String> {
    let dossier = dossier(stage).await?;
    certificate_of(&mut stage.enter(OTHER_PRODUCER).await?, &dossier).await
}

/// The recognised dossier of that producer.
async fn dossier(stage: &Stage) -> anyhow::Result<String> {
    let mut producer = stage.enter(OTHER_PRODUCER).await?;
    let product = producer.link("/producers", "/products/").await?;
    let owner = producer.link(&product, "/producers/").await?;
    recognised_of(&mut producer, &owner).await
}

/// The forms, each on a visit, complaint or dossier of its own.
pub async fn places(stage: &Stage, certificate: &str, places: &mut Vec<Place>) -> anyhow::Result<()> {
    let (today, later) = stage.days().await?;
    let mut add = async |who: &str, page: &str, action: &str, fill: &[(&'static str, &str)]| {
        places.push(Place::open(stage, who, page, action, fill).await?);
        anyhow::Ok(())
    };
    let mut visits = Vec::new();
    for recorded in [false, false, true, true, true] {
        visits.push(visit(stage, certificate, &today, &later, recorded).await?);
    }
    let [planned, given_up, answered, numbered, closed] = visits.as_slice() else {
        anyhow::bail!("five visits are needed")
    };
    let plan = [("kind", "unannounced"), ("planned_on", today.as_str()), ("reason", "Có phản ánh.")];
    add(OFFICE, &format!("{certificate}/inspection"), "", &plan).await?;
    let unvisited = stage.enter(OFFICE).await?.read("/inspections").await?;
    let (_, unvisited) = unvisited.split_once("name=\"certificates\" value=\"").context("all are visited")?;
    let unvisited = unvisited.split('"').next().unwrap_or_default();
    // Some certificates end soon.
    let year = [("certificates", unvisited), ("planned_on", today.as_str()), ("team", "Đoàn Thử")];
    add(OFFICE, "/inspections", "", &year).await?;
    add(OFFICE, &format!("{planned}/record"), "", &record(&today, &later)).await?;
    add(OFFICE, given_up, &format!("{given_up}/cancel"), &[]).await?;
    add(OTHER_PRODUCER, answered, &format!("{answered}/answer"), &[]).await?;
    add(OFFICE, &format!("{numbered}/number"), "", &[("signed_on", today.as_str())]).await?;
    let ended = [("measures", "0"), ("then", "close")];
    add(OFFICE, closed, &format!("{closed}/close"), &ended).await?;

    let page = stage.enter(OFFICE).await?.read(certificate).await?;
    let product = page.split("href=\"/p/").nth(1).and_then(|rest| rest.split('"').next());
    let report = format!("/p/{}/complaint", product.context("no public page")?);
    add("", &report, "", &[("kind", "mark")]).await?;
    add(OTHER_PRODUCER, &format!("{}/complaint", dossier(stage).await?), "", &[]).await?;
    let refused = complaint(stage, &report, false).await?;
    add(OFFICE, &refused, "", &[("then", "refuse")]).await?;
    let taken_up = complaint(stage, &report, true).await?;
    add(OFFICE, &taken_up, &format!("{taken_up}/answer"), &[("signed_on", today.as_str())]).await?;

    let accepted = stage.dossier("accepted").await?;
    let samples = format!("{accepted}/samples");
    let mut office = stage.enter(OFFICE).await?;
    let receive = office.form(&samples, "").await?.with("count", "5").with("place", "Tủ mát");
    office.done(&receive.with("received_on", &today)).await?;
    let received = [("count", "1"), ("received_on", today.as_str())];
    add(OFFICE, &samples, "", &received).await?;
    let used = [("samples", "1"), ("state", "stored"), ("changed_on", today.as_str())];
    add(OFFICE, &samples, &format!("{samples}/handle"), &used).await
}

/// What makes a record complete.
fn record<'a>(today: &'a str, later: &'a str) -> [(&'static str, &'a str); 6] {
    [
        ("held_on", today),
        ("place", "Xưởng"),
        ("met", "no"),
        ("finding", "Khác hồ sơ."),
        ("measure", "Sửa lại"),
        ("due_on", later),
    ]
}

/// Plans a visit, and makes it. Gives its path.
async fn visit(
    stage: &Stage,
    certificate: &str,
    today: &str,
    later: &str,
    recorded: bool,
) -> anyhow::Result<String> {
    let mut office = stage.enter(OFFICE).await?;
    let form = office.form(&format!("{certificate}/inspection"), "").await?;
    let made = office.done(&form.with("planned_on", today).with("team", "Đoàn Thử")).await?;
    let path = format!("/inspections/{}", id_of(&made));
    if recorded {
        let form = office.form(&format!("{path}/record"), "").await?;
        let form = record(today, later).iter().fold(form, |form, (name, value)| form.with(name, value));
        office.done(&form).await?;
    }
    Ok(path)
}

/// A report that came in, and is taken up. Gives its path.
async fn complaint(stage: &Stage, report: &str, taken_up: bool) -> anyhow::Result<String> {
    let mut nobody = stage.enter("").await?;
    let form = nobody.form(report, "").await?.with("kind", "product");
    nobody.done(&form.with("content", "Vị khác mọi khi.")).await?;
    let mut office = stage.enter(OFFICE).await?;
    // The newest stands last.
    let path = office.links("/complaints", "/complaints/").await?.pop().context("no complaint came in")?;
    if taken_up {
        let form = office.form(&path, "").await?.with("then", "admit");
        office.done(&form).await?;
    }
    Ok(path)
}
