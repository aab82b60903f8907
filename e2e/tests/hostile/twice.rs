//! Everything sent twice, one after the other and at the same moment: it happens once, and the second
//! answer says why or leads on. Numbers are given out once.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use e2e::{Fetch, Form, Part, Reply};

use crate::hands::PRESENT;
use crate::stage::{
    CHAIR, COMMUNE, Faults, OFFICE, OTHER_COMMUNE, PRODUCER, Reading, Stage, is_ours, pdf, readable, told,
};
use crate::verbs::{Verb, of_councils, of_officers, of_producers};

/// Those who have sent something, each with one sign-in.
struct Hands<'stage> {
    stage: &'stage Stage,
    people: BTreeMap<&'static str, Fetch>,
}

impl<'stage> Hands<'stage> {
    /// Everybody who has something to send.
    async fn gather(stage: &'stage Stage, verbs: &[Verb]) -> anyhow::Result<Self> {
        let mut hands = Self { stage, people: BTreeMap::new() };
        for verb in verbs {
            hands.of(verb.who).await?;
        }
        Ok(hands)
    }

    async fn of(&mut self, who: &'static str) -> anyhow::Result<&mut Fetch> {
        if !self.people.contains_key(who) {
            self.people.insert(who, self.stage.enter(who).await?);
        }
        self.people.get_mut(who).context("nobody")
    }
}

async fn post(fetch: &mut Fetch, action: &str, fields: &[(String, String)]) -> anyhow::Result<Reply> {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fetch.post_form(action, &fields).await
}

async fn one_after_the_other(stage: &Stage, verbs: &[Verb]) -> anyhow::Result<()> {
    let mut hands = Hands::gather(stage, verbs).await?;
    let mut faults = Faults::default();
    let mut before = stage.changes()?;
    for verb in verbs {
        let fetch = hands.of(verb.who).await?;
        let (action, fields) = verb.fields(fetch).await?;
        let first = post(fetch, &action, &fields).await?;
        faults.check(first.status == 303, || format!("{action}: {}", told(&first)));
        let second = post(fetch, &action, &fields).await?;
        if verb.again.is_empty() {
            let same = second.status == 303 && second.location() == first.location();
            faults.check(same, || format!("{action} again: {}", told(&second)));
        } else {
            faults.refused(&format!("{action} again"), &second, verb.again);
        }
        let after = stage.changes()?;
        let grown = after - before;
        faults.check(grown == verb.entries, || format!("{action} twice: {grown} entries in the journal"));
        before = after;
    }
    faults.none()
}

async fn at_the_same_moment(stage: &Stage, verbs: &[Verb]) -> anyhow::Result<()> {
    let mut hands = Hands::gather(stage, verbs).await?;
    let mut faults = Faults::default();
    let mut before = stage.changes()?;
    for verb in verbs {
        let fetch = hands.of(verb.who).await?;
        let (action, fields) = verb.fields(fetch).await?;
        let mut tabs = [fetch.clone(), fetch.clone(), fetch.clone()];
        let [one, two, three] = &mut tabs;
        let (one, two, three) = tokio::join!(
            post(one, &action, &fields),
            post(two, &action, &fields),
            post(three, &action, &fields)
        );
        let replies = [one?, two?, three?];
        let taken = replies.iter().filter(|reply| reply.status == 303).count();
        let once = if verb.again.is_empty() { taken == 3 } else { taken == 1 };
        faults.check(once, || format!("{action}: taken {taken} times: {:?}", replies.each_ref().map(told)));
        for reply in replies.iter().filter(|reply| reply.status != 303) {
            let clear = (400..500).contains(&reply.status) && is_ours(reply);
            faults.check(clear, || format!("{action} beside itself: {}", told(reply)));
        }
        let after = stage.changes()?;
        let grown = after - before;
        faults
            .check(grown == verb.entries, || format!("{action} three times: {grown} entries in the journal"));
        before = after;
    }
    faults.none()
}

#[tokio::test]
async fn what_a_producer_sends_twice_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_producers(&stage).await?;
    one_after_the_other(&stage, &verbs).await
}

#[tokio::test]
async fn what_a_producer_sends_from_three_tabs_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_producers(&stage).await?;
    at_the_same_moment(&stage, &verbs).await
}

#[tokio::test]
async fn what_an_officer_sends_twice_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_officers(&stage).await?;
    one_after_the_other(&stage, &verbs).await
}

#[tokio::test]
async fn what_an_officer_sends_from_three_tabs_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_officers(&stage).await?;
    at_the_same_moment(&stage, &verbs).await
}

#[tokio::test]
async fn what_the_council_sends_twice_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_councils(&stage).await?;
    one_after_the_other(&stage, &verbs).await
}

#[tokio::test]
async fn what_the_council_sends_from_three_tabs_happens_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let verbs = of_councils(&stage).await?;
    at_the_same_moment(&stage, &verbs).await
}

#[tokio::test]
async fn a_paper_sent_twice_lies_in_the_vault_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut producer = stage.enter(PRODUCER).await?;
    let product = producer.link("/producers", "/products/").await?;
    let vault = format!("{}/evidence", producer.link(&product, "/producers/").await?);
    let (changes, files) = stage.kept()?;
    let held = producer.links(&vault, "/evidence/").await?.len();
    let paper =
        [Part::text("kind", "1"), Part::file("file", "hai lần.pdf", "application/pdf", pdf("hai lần"))];
    let mut tabs = [producer.clone(), producer.clone(), producer.clone()];
    let [one, two, three] = &mut tabs;
    let (one, two, three) = tokio::join!(
        one.post_multipart(&vault, &paper),
        two.post_multipart(&vault, &paper),
        three.post_multipart(&vault, &paper)
    );
    let leads = [one?, two?, three?].map(|reply| reply.location().unwrap_or_default().to_owned());
    let new = leads.iter().filter(|to| to.ends_with("?done=uploaded")).count();
    let known = leads.iter().filter(|to| to.ends_with("&already=1")).count();
    ensure!((new, known) == (1, 2), "{leads:?}");
    ensure!(stage.kept()? == (changes + 1, files + 1), "{:?}", stage.kept()?);
    // The paper itself and its file.
    ensure!(producer.links(&vault, "/evidence/").await?.len() == held + 2);
    let told_so = producer.read(&format!("{vault}?done=uploaded&already=1")).await?;
    ensure!(told_so.contains("Tệp này đã có trong kho giấy tờ"));
    let page = producer.read(&vault).await?;
    let out = page.split("action=\"/evidence/").nth(1).and_then(|rest| rest.split('"').next());
    let out = format!("/evidence/{}", out.context("nothing can be taken out")?);
    for _ in 0..2 {
        let reply = producer.post_form(&out, &[]).await?;
        ensure!(reply.status == 303, "{}", told(&reply));
    }
    ensure!(stage.changes()? == changes + 2, "taken out more than once");
    Ok(())
}

/// The ballots that a turn has just opened, each with the member who seals it.
async fn open_ballots(stage: &Stage, dossier: &str) -> anyhow::Result<Vec<(Fetch, String)>> {
    let mut ballots = Vec::new();
    for member in PRESENT {
        let mut fetch = stage.enter(member).await?;
        let ballot = fetch.link(&format!("{dossier}/scoring"), "/ballots/").await?;
        ballots.push((fetch, ballot));
    }
    Ok(ballots)
}

#[tokio::test]
async fn ballots_sealed_at_the_same_moment_are_counted_once_each() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let dossier = stage.dossier("discussion").await?;
    let scoring = format!("{dossier}/scoring");
    let mut chair = stage.enter(CHAIR).await?;
    let form = chair.form(&scoring, &format!("{scoring}/turn")).await?;
    chair.done(&form.with("reason", "Chấm lại.")).await?;
    let before = stage.changes()?;
    let mut sealing = Vec::new();
    for (mut fetch, ballot) in open_ballots(&stage, &dossier).await? {
        let form = fetch.form(&format!("{ballot}/review"), &format!("{ballot}/seal")).await?;
        for _ in 0..2 {
            let (mut hand, form) = (fetch.clone(), form.clone());
            sealing.push(tokio::spawn(async move { hand.send(&form).await }));
        }
    }
    let (mut taken, mut refused) = (0, 0);
    for sealed in sealing {
        let reply = sealed.await??;
        let told_so = readable(&reply.text()).contains("đã được niêm");
        taken += usize::from(reply.status == 303);
        refused += usize::from(reply.status == 422 && told_so);
    }
    ensure!((taken, refused) == (8, 8), "{taken} sealed, {refused} refused");
    ensure!(stage.changes()? == before + 8, "one entry for each ballot");
    let page = readable(&chair.read(&scoring).await?);
    ensure!(page.contains("Kết quả lần chấm 2") && page.contains("của 8 phiếu"), "{page}");
    ensure!(page.contains("Điểm chênh lệch, đang thảo luận"), "the same sheets lie as far apart as before");
    Ok(())
}

#[tokio::test]
async fn a_result_is_kept_and_confirmed_once() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let scoring = format!("{}/scoring", stage.dossier("discussion").await?);
    let mut chair = stage.enter(CHAIR).await?;
    let form = chair.form(&scoring, &format!("{scoring}/turn")).await?;
    let keep = form.with("reason", "Đã thảo luận.");
    let keep = Form { action: format!("{scoring}/keep"), ..keep };
    let before = stage.changes()?;
    chair.done(&keep).await?;
    let confirm = chair.form(&scoring, &format!("{scoring}/confirm")).await?;
    let again = told(&chair.send(&keep).await?);
    ensure!(again.starts_with("422") && again.contains("Không thể «Giữ kết quả sau thảo luận»"), "{again}");
    chair.done(&confirm).await?;
    let again = told(&chair.send(&confirm).await?);
    ensure!(again.starts_with("422") && again.contains("Không thể «Chủ tịch xác nhận kết quả»"), "{again}");
    ensure!(stage.changes()? == before + 2, "kept or confirmed more than once");
    Ok(())
}

#[tokio::test]
async fn receipts_and_certificates_have_numbers_of_their_own() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut waiting = vec![stage.dossier("at_province").await?];
    for officer in [COMMUNE, OTHER_COMMUNE] {
        waiting.push(proposed(&stage, officer).await?);
    }
    let office = stage.enter(OFFICE).await?;
    let mut accepting = Vec::new();
    for dossier in &waiting {
        for _ in 0..2 {
            let (mut hand, path) = (office.clone(), format!("{dossier}/reception/accept"));
            accepting.push(tokio::spawn(async move { hand.post_form(&path, &[]).await }));
        }
    }
    let mut taken = 0;
    for accepted in accepting {
        taken += usize::from(accepted.await??.status == 303);
    }
    ensure!(taken == 3, "{taken} acceptances of 3 dossiers");
    let mut reader = office.clone();
    let mut receipts = Vec::new();
    for state in ["accepted", "advising", "advised", "scoring", "tallied", "confirmed", "recognised"] {
        for dossier in stage.dossiers(state).await? {
            let page = readable(&reader.read(&dossier).await?);
            let receipt = page.split("Phiếu tỉnh số ").nth(1).and_then(|rest| rest.split(' ').next());
            receipts.push(receipt.with_context(|| format!("{dossier} has no receipt"))?.to_owned());
        }
    }
    all_different("receipts", receipts)?;
    certificates(&stage, &mut reader).await
}

/// Writes form 03 and proposes the first dossier that lies with an officer.
async fn proposed(stage: &Stage, officer: &str) -> anyhow::Result<String> {
    let mut fetch = stage.enter(officer).await?;
    let report = fetch.link("/commune", "/dossiers/").await?;
    let mut form = fetch.form(&report, "").await?;
    for field in [
        "material_finding",
        "labour_finding",
        "idea_finding",
        "identity_finding",
        "remark_samples",
        "remark_evidence",
    ] {
        form = form.with(field, "Đã xem.");
    }
    fetch.done(&form).await?;
    let propose = fetch.form(&format!("{report}/propose"), "").await?;
    fetch.done(&propose).await?;
    Ok(report.trim_end_matches("/commune-report").to_owned())
}

/// Records a decision from three tabs: every certificate has its own number and code.
async fn certificates(stage: &Stage, office: &mut Fetch) -> anyhow::Result<()> {
    let (today, _) = stage.days().await?;
    let council = stage.council().await?;
    let form = office.form(&format!("{council}/decision"), "").await?;
    let form = form.with("number", "99/QĐ-THỬ").with("decided_on", &today).with("signed_by", "Người Thử");
    let mut tabs = [office.clone(), office.clone(), office.clone()];
    let [one, two, three] = &mut tabs;
    let (one, two, three) = tokio::join!(one.send(&form), two.send(&form), three.send(&form));
    let taken = [one?, two?, three?].iter().filter(|reply| reply.status == 303).count();
    ensure!(taken == 1, "the decision was taken {taken} times");
    let (mut numbers, mut codes) = (Vec::new(), Vec::new());
    for dossier in stage.dossiers("recognised").await? {
        let certificate = office.link(&dossier, "/certificates/").await?;
        let page = readable(&office.read(certificate.trim_end_matches("/certificate.pdf")).await?);
        let number = page.split("Giấy chứng nhận ").find(|rest| rest.contains("/GCN-OCOP-"));
        numbers.push(number.and_then(|rest| rest.split(' ').next()).context("no number")?.to_owned());
        let code = page.split("/check/").nth(1).and_then(|rest| rest.split(' ').next());
        codes.push(code.context("no code")?.to_owned());
    }
    all_different("certificates", numbers)?;
    all_different("codes", codes)
}

fn all_different(what: &str, mut numbers: Vec<String>) -> anyhow::Result<()> {
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    ensure!(all > 3 && numbers.len() == all, "{what}: {all} given, {} different: {numbers:?}", numbers.len());
    Ok(())
}
