//! Other people's ids in the address: whoever has no business behind a door finds it closed, learns
//! nothing and changes nothing; an id that is none leads to a page that says so.

use std::collections::BTreeMap;

use anyhow::ensure;
use e2e::fetch::percent;
use e2e::{Fetch, Part, Reply};

use crate::doors::{CAST, Door, PUBLIC, doors, routes};
use crate::stage::{
    ADVISOR, CHAIR, COMMUNE, Faults, MEMBER, OFFICE, OTHER_MEMBER, PRODUCER, Reading, SECRETARY, Stage,
    id_of, is_ours, pdf, readable, told,
};

/// What a closed door must not tell: the producer's phone number and the name of the draft's product.
const SECRETS: [&str; 2] = ["0200 000 101", "Mật ong hoa sở"];

async fn everybody(stage: &Stage) -> anyhow::Result<BTreeMap<&'static str, Fetch>> {
    let mut people = BTreeMap::new();
    for who in CAST {
        people.insert(who, stage.enter(who).await?);
    }
    Ok(people)
}

async fn knock(door: &Door, sends: bool, fetch: &mut Fetch) -> anyhow::Result<Reply> {
    if !sends {
        return fetch.get(&door.path).await;
    }
    if door.upload {
        let paper = Part::file("file", "a.pdf", "application/pdf", pdf("của người lạ"));
        let parts = [Part::text("kind", "1"), Part::text("criterion", "1.1"), paper];
        return fetch.post_multipart(&door.path, &parts).await;
    }
    let fields: Vec<(&str, &str)> = door.form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fetch.post_form(&door.path, &fields).await
}

/// What is wrong with the answer to somebody who has no business here; empty when nothing is.
fn leak(reply: &Reply) -> &'static str {
    let text = reply.text();
    if !matches!(reply.status, 403 | 404) {
        "is not closed"
    } else if !is_ours(reply) {
        "is no page of ours"
    } else if SECRETS.iter().any(|secret| text.contains(secret)) {
        "tells a secret"
    } else {
        ""
    }
}

#[test]
fn every_route_of_the_program_is_tried() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let doors = runtime.block_on(async { doors(&Stage::open().await?).await })?;
    let mut faults = Faults::default();
    for (route, is_read, is_sent_to) in routes()? {
        let tried = |sends: bool| {
            doors.iter().any(|door| {
                door.route == route && if sends { door.writers.is_some() } else { door.readers.is_some() }
            })
        };
        let known = PUBLIC.contains(&route.as_str())
            || (is_read || is_sent_to) && is_read == tried(false) && is_sent_to == tried(true);
        faults.check(known, || format!("{route}: GET {is_read}, POST {is_sent_to} is not in the table"));
    }
    for door in &doors {
        let exists = routes()?.iter().any(|(route, _, _)| route == door.route);
        faults.check(exists, || format!("{} is no route any more", door.route));
    }
    faults.none()
}

#[tokio::test]
async fn a_door_is_closed_to_whoever_has_no_business_behind_it() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let doors = doors(&stage).await?;
    let mut people = everybody(&stage).await?;
    let mut faults = Faults::default();
    let before = stage.kept()?;
    for door in &doors {
        for (sends, open_to) in [(false, door.readers), (true, door.writers)] {
            let Some(open_to) = open_to else { continue };
            let what = format!("{} {}", if sends { "POST" } else { "GET" }, door.path);
            let reply = knock(door, sends, &mut stage.ocop.fetch()).await?;
            let led =
                reply.status == 303 && reply.location().is_some_and(|to| to.starts_with("/login?next=/"));
            faults.check(led, || format!("{what} by anybody: {}", told(&reply)));
            for (who, fetch) in &mut people {
                if !open_to.contains(who) {
                    let reply = knock(door, sends, fetch).await?;
                    let told_so = !sends && door.told.contains(who) && reply.status == 422;
                    let leak = if told_so { "" } else { leak(&reply) };
                    faults.check(leak.is_empty(), || format!("{what} by {who} {leak}: {}", told(&reply)));
                }
            }
            if let Some(fetch) = open_to.first().filter(|_| !sends).and_then(|who| people.get_mut(who)) {
                let reply = knock(door, sends, fetch).await?;
                let open = matches!(reply.status, 200 | 303);
                faults.check(open, || format!("{what} is closed to {:?}: {}", open_to.first(), told(&reply)));
            }
        }
    }
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

#[tokio::test]
async fn readers_find_every_door_of_theirs_open() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut people = everybody(&stage).await?;
    let mut faults = Faults::default();
    for door in doors(&stage).await?.iter().filter(|door| !door.path.ends_with(".pdf")) {
        for who in door.readers.unwrap_or_default() {
            let Some(fetch) = people.get_mut(who) else { continue };
            let reply = fetch.get(&door.path).await?;
            faults.check(matches!(reply.status, 200 | 303), || {
                format!("{} by {who}: {}", door.path, told(&reply))
            });
        }
    }
    faults.none()
}

/// Addresses that name nothing: files of the machine, endless and invisible letters, code, somebody
/// else's kind of thing.
fn garbage(round: &str) -> Vec<String> {
    vec![
        "1".to_owned(),
        percent("../../etc/passwd"),
        "../../etc/passwd".to_owned(),
        percent("..\\..\\windows"),
        "a".repeat(10_000),
        percent("🍯👩‍🌾"),
        "%00".to_owned(),
        "%FF%FE".to_owned(),
        "%".to_owned(),
        percent("' or 1=1 --"),
        percent("<script>alert(1)</script>"),
        "0192d3b0-7c1e-7abc-8def-ffffffffffff".to_owned(),
        round.to_owned(),
        round.to_uppercase(),
        format!("{round}%20"),
    ]
}

#[tokio::test]
async fn an_id_that_is_none_leads_to_a_page_that_says_so() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut office = stage.enter(OFFICE).await?;
    let round = office.link("/rounds", "/rounds/").await?;
    let garbage = garbage(id_of(&round));
    let mut faults = Faults::default();
    let before = stage.kept()?;
    let mut people = [office, stage.enter(PRODUCER).await?, stage.enter(MEMBER).await?];
    for (no, (route, _, is_sent_to)) in
        routes()?.into_iter().filter(|(route, _, _)| route.contains('{')).enumerate()
    {
        // The pages and reports of the round know it.
        let own = route.contains("/rounds/");
        for (at, bad) in garbage.iter().enumerate().filter(|(_, bad)| !own || !bad.starts_with(id_of(&round)))
        {
            let fetch = &mut people[(no + at) % 3];
            let path = filled(&route, bad);
            let short: String = path.chars().take(90).collect();
            let reply = fetch.get(&path).await?;
            let clear = matches!(reply.status, 400 | 403 | 404 | 405) || is_redirect_within(&reply);
            let clear = clear && (is_ours(&reply) || reply.status == 303);
            faults.check(clear, || format!("GET {short}: {}", told(&reply)));
            if is_sent_to {
                let reply = send_any(fetch, &route, &path).await?;
                let clear = matches!(reply.status, 400 | 403 | 404 | 405) && is_ours(&reply);
                faults.check(clear, || format!("POST {short}: {}", told(&reply)));
            }
        }
    }
    let after = stage.kept()?;
    faults.check(after == before, || format!("(changes, files) were {before:?} and are {after:?}"));
    faults.none()
}

async fn send_any(fetch: &mut Fetch, route: &str, path: &str) -> anyhow::Result<Reply> {
    if !route.ends_with("/evidence") {
        return fetch.post_form(path, &[]).await;
    }
    let parts = [Part::text("kind", "1"), Part::file("file", "a.pdf", "application/pdf", pdf("lạc"))];
    fetch.post_multipart(path, &parts).await
}

/// The route with `bad` for its first part in braces, and something that could be there for the others.
fn filled(route: &str, bad: &str) -> String {
    let mut path = String::new();
    for (no, piece) in route.split('{').enumerate() {
        let after = if no == 0 { piece } else { piece.split_once('}').map_or("", |(_, after)| after) };
        match no {
            0 => {}
            1 => path.push_str(bad),
            _ if piece.starts_with("code}") => path.push_str("1.1"),
            _ if piece.starts_with("paper}") => path.push_str("form-01.pdf"),
            _ => path.push_str("0192d3b0-7c1e-7abc-8def-ffffffffffff"),
        }
        path.push_str(after);
    }
    path
}

/// `/ballots/ID/seal` leads to the review, which then says that there is none.
fn is_redirect_within(reply: &Reply) -> bool {
    reply.status == 303 && reply.location().is_some_and(|to| to.starts_with("/ballots/"))
}

#[tokio::test]
async fn a_declared_conflict_closes_ballot_and_dossier() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut member = stage.enter(OTHER_MEMBER).await?;
    let ballot = member.link("/home", "/ballots/").await?;
    let dossier = stage.dossier("scoring").await?;
    let paper = member.link(&dossier, "/evidence/").await?;
    let council = stage.council().await?;
    let pages = [
        ballot.clone(),
        format!("{ballot}/criteria/1.1"),
        format!("{ballot}/review"),
        format!("{ballot}/disqualification"),
        format!("{ballot}/sheet.pdf"),
        dossier.clone(),
        format!("{dossier}/advice"),
        format!("{dossier}/advice/findings/1.1"),
        format!("{dossier}/scoring"),
        format!("{dossier}/papers/form-02.pdf"),
        format!("{dossier}/papers/form-03.pdf"),
        format!("{dossier}/commune-report"),
        paper,
    ];
    let form = member.form(&format!("{dossier}/conflict"), "").await?;
    member.done(&form.with("reason", "Người nhà góp vốn vào cơ sở.")).await?;
    let mut faults = Faults::default();
    let before = stage.changes()?;
    for page in &pages {
        let reply = member.get(page).await?;
        let closed = matches!(reply.status, 403 | 404) && is_ours(&reply);
        faults.check(closed, || format!("{page}: {}", told(&reply)));
    }
    let answer = [("choice", "1:1"), ("note", ""), ("version", "1")];
    for (path, fields) in [
        (format!("{ballot}/criteria/1.1"), &answer[..]),
        (format!("{ballot}/opinion"), &[("opinion", "tốt"), ("version", "1")]),
        (format!("{ballot}/seal"), &[("version", "1")]),
    ] {
        let reply = member.post_form(&path, fields).await?;
        faults.check(matches!(reply.status, 403 | 404), || format!("POST {path}: {}", told(&reply)));
    }
    let page = member.read(&council).await?;
    faults.check(page.contains("có xung đột lợi ích"), || "the council's page does not say so".into());
    faults.check(!page.contains(&format!("href=\"{dossier}")), || "the council's page leads there".into());
    faults.check(stage.changes()? == before, || "something has changed".into());
    faults.none()
}

#[tokio::test]
async fn while_members_score_nobody_learns_of_others_points() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let dossier = stage.dossier("scoring").await?;
    let council = stage.council().await?;
    let round = stage.enter(OFFICE).await?.link("/rounds", "/rounds/").await?;
    let mut sealed = stage.enter("so-nong-nghiep").await?;
    let own = sealed.read(&format!("{dossier}/scoring")).await?;
    ensure!(own.contains("/review"), "the member who has sealed finds the own ballot");
    let mut faults = Faults::default();
    for who in [COMMUNE, OFFICE, CHAIR, SECRETARY, MEMBER, ADVISOR, "so-nong-nghiep", "thuy-san-dai-yen"] {
        let mut fetch = stage.enter(who).await?;
        let counts = who == SECRETARY;
        for page in
            ["/home", &dossier, &format!("{dossier}/scoring"), &council, &round, &format!("{dossier}/result")]
        {
            let reply = fetch.get(page).await?;
            let text = readable(&reply.text());
            for words in
                ["Điểm của từng thành viên", "Điểm trung bình", "Niêm phiếu của mình", "Lần chấm 1: "]
            {
                faults.check(!text.contains(words), || format!("{who} reads «{words}» on {page}"));
            }
            let told = ["3/8", "3/9", "/8 phiếu", "/9 phiếu"].iter().any(|count| text.contains(count));
            let place = page.ends_with("/scoring");
            faults.check(told == (counts && place), || format!("{who} on {page}: sealed ballots {told}"));
        }
    }
    faults.none()
}
