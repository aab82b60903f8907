//! Every form of the journey with wrong inputs: the form comes back with what was typed and what to
//! mend, and nothing has changed.

use anyhow::{Context as _, bail};
use e2e::form::{Kind, unescape};
use e2e::{Fetch, Form};

use crate::later;
use crate::stage::{
    ADVISOR, ASKED, CHAIR, COMMUNE, Faults, MEMBER, NEWCOMER, OFFICE, PASSWORD, PRODUCER, Reading, SECRETARY,
    Stage, id_of, ids_after, is_ours, told,
};

/// A form of the journey, open before the person who fills it in.
pub struct Place {
    fetch: Fetch,
    page: String,
    form: Form,
    /// What makes it complete.
    fill: Vec<(&'static str, String)>,
}

/// Text that is to be shown as it was typed: emoji, a joined emoji, marks apart from their letter, HTML.
const STRANGE: &str =
    "Ong 🍯👩‍🌾 ộ ẫ <script>alert('x')</script><b onclick=\"x()\">&amp;&#60;</textarea>{{ 1 }}";

/// What must stand in no page.
const RAW: [&str; 2] = ["<script>alert", "<b onclick"];

/// Fields that take no free text.
const STRICT: &[&str] = &[
    "email",
    "number",
    "decision_no",
    "phone",
    "tax_code",
    "former_unit",
    "samples",
    "revenue",
    "profit",
    "quorum_percent",
    "spread_limit",
    "decimals",
    "opinion_days",
    "opinions_by",
    "pages",
    "vault_pages",
    "count",
    "began",
    "ended",
    // Words of letters: braces name a place.
    "subject",
    "opening",
    "closing",
];

/// Fields that take a whole number, not below 0.
const NUMBERS: &[&str] =
    &["samples", "revenue", "quorum_percent", "spread_limit", "decimals", "opinion_days", "count"];

fn is_day(name: &str) -> bool {
    name.ends_with("_on") || matches!(name, "propose_by" | "result_by")
}

/// Every form in which something is typed or chosen.
async fn places(stage: &Stage) -> anyhow::Result<Vec<Place>> {
    let (today, later) = stage.days().await?;
    let mut places = Vec::new();
    let mut add = async |who: &str, page: &str, action: &str, fill: &[(&'static str, &str)]| {
        places.push(Place::open(stage, who, page, action, fill).await?);
        anyhow::Ok(())
    };
    let account = [("name", "Người Thử"), ("email", "thu@ngoai.example"), ("password", PASSWORD)];
    add("", "/register", "", &account).await?;
    let register =
        [("kind", "household"), ("commune", "06838"), ("gender", "male"), ("phone", "0200 000 777")];
    add(NEWCOMER, "/producers/new?province=22", "", &register).await?;
    let mut producer = stage.enter(PRODUCER).await?;
    let own = producer.link("/producers", "/products/").await?;
    let own_producer = producer.link(&own, "/producers/").await?;
    add(PRODUCER, &format!("{own_producer}/edit"), "", &[]).await?;
    let new_product = format!("{own_producer}/products/new");
    add(PRODUCER, &new_product, "", &[("set_no", "4")]).await?;
    add(PRODUCER, &format!("{own}/edit"), "", &[]).await?;
    let draft = stage.draft().await?;
    add(PRODUCER, &format!("{draft}/form"), "", &[]).await?;
    add(PRODUCER, &format!("{draft}/self-assessment/1.1"), "", &[("choice", "1:1")]).await?;
    let asked = stage.enter(ASKED).await?.link("/home", "/dossiers/").await?;
    add(ASKED, &asked, "", &[]).await?;

    let at_commune = stage.enter(COMMUNE).await?.link("/commune", "/dossiers/").await?;
    let report = format!("/dossiers/{}/commune-report", at_commune.split('/').nth(2).unwrap_or_default());
    add(COMMUNE, &report, "", &[]).await?;
    add(COMMUNE, &format!("{report}/return"), "", &[]).await?;

    let at_province = stage.dossier("at_province").await?;
    let reception = format!("{at_province}/reception");
    add(OFFICE, &reception, &format!("{reception}/return"), &[("due_on", &later)]).await?;
    let opened = [("name", "Đợt Thử"), ("opens_on", &today), ("propose_by", &later), ("result_by", &later)];
    add(OFFICE, "/rounds/new", "", &opened).await?;
    let round = stage.enter(OFFICE).await?.link("/rounds", "/rounds/").await?;
    add(
        OFFICE,
        &format!("/councils/new?round={}", id_of(&round)),
        "",
        &[("decision_no", "75/QĐ-THỬ"), ("decision_on", &today)],
    )
    .await?;
    let council = stage.council().await?;
    add(OFFICE, &format!("{council}/edit"), "", &[]).await?;
    let account = [("role", "assessor"), ("email", "kỳ-lạ@ngoai.example"), ("password", "mật khẩu đầu")];
    add(OFFICE, "/accounts", "", &account).await?;
    add(OFFICE, "/mail/wording", "", &[]).await?;
    add(OFFICE, &format!("{council}/decision"), "", &[("decided_on", &today), ("number", "77/QĐ-THỬ")])
        .await?;
    // One certificate is withdrawn, another one suspected.
    let mut certificates = Vec::new();
    for recognised in stage.dossiers("recognised").await? {
        let link = stage.enter(OFFICE).await?.link(&recognised, "/certificates/").await?;
        let certificate = format!("/certificates/{}", link.split('/').nth(2).unwrap_or_default());
        // Of those that run.
        if stage.enter(OFFICE).await?.read(&certificate).await?.contains("/verification\"") {
            certificates.push(certificate);
        }
    }
    let visited = later::certificate(stage).await?;
    certificates.retain(|one| *one != visited);
    let [withdrawn, suspect, ..] = certificates.as_slice() else { bail!("two certificates are needed") };
    let revoked = [
        ("decision_no", "78/QĐ-THỬ"),
        ("revoked_on", today.as_str()),
        ("concluded_on", &today),
        ("ground", "b"),
    ];
    add(OFFICE, &format!("{withdrawn}/revoke"), "", &revoked).await?;
    let suspected = [("found_on", today.as_str()), ("ground", "b"), ("source", "inspection")];
    add(OFFICE, &format!("{suspect}/verification"), "", &suspected).await?;

    let advising = stage.dossiers("advising").await?;
    let advised = advising.last().context("no dossier")?;
    let advice = format!("{advised}/advice");
    add(ADVISOR, &format!("{advice}/findings/1.1"), "", &[]).await?;
    add(ADVISOR, &advice, &format!("{advice}/requests"), &[("due_on", &later)]).await?;
    add(ADVISOR, &advice, &format!("{advice}/report"), &[]).await?;
    add("tu-van-2", &format!("{advised}/conflict"), "", &[]).await?;
    let discussion = stage.dossier("discussion").await?;
    add(CHAIR, &format!("{discussion}/scoring"), &format!("{discussion}/scoring/turn"), &[]).await?;

    let scoring = stage.dossier("scoring").await?;
    let excuse = format!("{scoring}/excuse");
    let leaving = ids_after(&stage.enter(CHAIR).await?.read(&excuse).await?, "<option value=\"").pop();
    add(CHAIR, &excuse, "", &[("seat", &leaving.context("nobody may leave")?)]).await?;
    let ballot = stage.enter(MEMBER).await?.link("/home", "/ballots/").await?;
    add(MEMBER, &format!("{ballot}/criteria/1.1"), "", &[("choice", "1:1")]).await?;
    let ballot = stage.enter(SECRETARY).await?.link("/home", "/ballots/").await?;
    add(SECRETARY, &format!("{ballot}/disqualification"), "", &[("ground", "set:1")]).await?;
    // Last: the draft is not written in afterwards.
    add(PRODUCER, &format!("{draft}/withdraw"), "", &[]).await?;
    later::places(stage, &visited, &mut places).await?;
    Ok(places)
}

impl Place {
    /// Opens a page before a person and finds its form; `fill` makes it complete.
    pub async fn open(
        stage: &Stage,
        who: &str,
        page: &str,
        action: &str,
        fill: &[(&'static str, &str)],
    ) -> anyhow::Result<Self> {
        let mut fetch = stage.enter(who).await?;
        let form = fetch.form(page, action).await?;
        let fill = fill.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Ok(Self { fetch, page: page.to_owned(), form, fill })
    }

    /// The form complete with short texts.
    fn complete(&self) -> Form {
        self.fill.iter().fold(self.form.clone(), |form, (name, value)| form.with(name, value))
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let typed = self.form.fields.iter().filter(|field| field.kind == Kind::Text);
        typed.map(|field| field.name.as_str())
    }

    /// Sends a form with one wrong field: it must come back with these words and what was typed.
    async fn refuses(
        &mut self,
        faults: &mut Faults,
        name: &str,
        value: &str,
        words: &str,
    ) -> anyhow::Result<()> {
        let reply = self.fetch.send(&self.complete().with(name, value)).await?;
        let shown: String = value.chars().take(20).collect();
        let what = format!("{} {name}={shown}", self.form.action);
        faults.check(reply.status == 422, || format!("{what}: expected 422, got {}", told(&reply)));
        faults.refused(&what, &reply, words);
        let is_text = self.texts().any(|text| text == name);
        let again = Form::to(&reply.text(), self.form.action.split('?').next().unwrap_or_default());
        match again {
            Ok(again) if is_text => {
                let kept = again.value(name).unwrap_or_default();
                faults.check(kept == value, || {
                    let kept: String = kept.chars().take(40).collect();
                    format!("{what}: the form comes back with «{kept}»")
                });
            }
            Ok(_) => {}
            Err(gone) => faults.check(false, || format!("{what}: {gone:#}")),
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_form_with_nothing_in_it_changes_nothing() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let mut places = places(&stage).await?;
    let before = stage.changes()?;
    for place in &mut places {
        let reply = place.fetch.post_form(&place.form.action, &[]).await?;
        let refused = matches!(reply.status, 409 | 422) && is_ours(&reply);
        // Nothing found where nothing was found is no change.
        let nothing_to_do = reply.status == 303 && place.form.action.contains("/findings/");
        faults.check(refused || nothing_to_do, || format!("{}: {}", place.form.action, told(&reply)));
    }
    faults.check(stage.changes()? == before, || "an empty form has changed something".to_owned());
    faults.none()
}

#[tokio::test]
async fn a_form_with_all_its_texts_emptied_is_saved_as_a_draft_or_names_what_is_missing() -> anyhow::Result<()>
{
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    for place in &mut places(&stage).await? {
        let names: Vec<String> = place.texts().map(str::to_owned).collect();
        let emptied = names.iter().fold(place.form.clone(), |form, name| form.with(name, ""));
        let reply = place.fetch.send(&emptied).await?;
        let action = place.form.action.as_str();
        // What has been done about a visit is noted without ending it.
        let is_draft = ["/form", "/commune-report", "/1.1", "/close"].iter().any(|end| action.ends_with(end));
        let named =
            reply.status == 422 && reply.text().contains("-error\">") || told(&reply).contains("Chưa");
        faults.check(if is_draft { reply.status == 303 } else { named }, || {
            format!("{action}: {}", told(&reply))
        });
    }
    faults.none()
}

#[tokio::test]
async fn too_much_text_is_refused_beside_its_field() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let mut places = places(&stage).await?;
    let before = stage.changes()?;
    let long = "ộ".repeat(10_001);
    for place in &mut places {
        let names: Vec<String> = place.texts().map(str::to_owned).collect();
        for name in names {
            let words = match name.as_str() {
                day if is_day(day) => "Ngày chưa đúng",
                "began" | "ended" => "Ghi giờ và phút",
                number if NUMBERS.contains(&number) || number == "profit" => "Hãy ghi một số",
                "number" if !place.form.action.ends_with("/decision") => "Số, ký hiệu gồm một số",
                _ => "10001 chữ, nhiều nhất là",
            };
            place.refuses(&mut faults, &name, &long, words).await?;
        }
    }
    faults.check(stage.changes()? == before, || "a refused form has changed something".to_owned());
    faults.none()
}

#[tokio::test]
async fn days_numbers_and_choices_that_cannot_be_are_refused() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let mut places = places(&stage).await?;
    let before = stage.changes()?;
    for place in &mut places {
        let fields = place.form.fields.clone();
        for field in fields {
            let name = field.name.as_str();
            if is_day(name) {
                for day in ["31/02/2026", "hôm qua", "5/3/19", "2026-13-01", "01/01/99999", "0001-01-01"] {
                    place.refuses(&mut faults, name, day, "Ngày chưa đúng").await?;
                }
            }
            if NUMBERS.contains(&name) && field.kind == Kind::Text {
                for number in ["-1", "1,5", "1e3", "vài", "99999999999999999999", "１"] {
                    place.refuses(&mut faults, name, number, "Hãy ghi một số từ").await?;
                }
            }
            // An empty list of the vault is no list of codes.
            if field.kind == Kind::Choice {
                for option in ["khong-co", "9:9", "1:-1", "1:256", "<script>"] {
                    place.refuses(&mut faults, name, option, "").await?;
                }
            }
        }
    }
    faults.check(stage.changes()? == before, || "a refused form has changed something".to_owned());
    faults.none()
}

#[tokio::test]
async fn strange_text_is_kept_and_shown_as_text() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut faults = Faults::default();
    let mut places = places(&stage).await?;
    for place in &mut places {
        let names: Vec<String> = place.texts().map(str::to_owned).collect();
        let free = names.iter().filter(|name| !is_day(name) && !STRICT.contains(&name.as_str()));
        let mut form = place.complete();
        for name in free {
            // Numbers of decisions are short.
            let limit = if matches!(name.as_str(), "ethnicity" | "registration_no") { 45 } else { 200 };
            let text: String = STRANGE.chars().take(limit).collect();
            form = form.with(name, &text);
        }
        let reply = place.fetch.send(&form).await?;
        faults.check(reply.status == 303, || format!("{}: {}", form.action, told(&reply)));
        // Where the form can be opened again, it holds what was typed.
        let again = place.fetch.get(&place.page).await?;
        if let Ok(again) = Form::to(&again.text(), form.action.split('?').next().unwrap_or_default())
            && place.form.value("version").is_some_and(|version| !version.is_empty())
        {
            for (name, typed) in form.sent().iter().filter(|(_, typed)| typed.starts_with("Ong")) {
                let kept = again.value(name).unwrap_or_default();
                faults.check(kept == *typed, || format!("{} {name}: kept as «{kept}»", form.action));
            }
        }
    }
    let mut papers = Vec::new();
    for person in [PRODUCER, ASKED, COMMUNE, OFFICE, CHAIR, SECRETARY, MEMBER, ADVISOR, ""] {
        walk(&mut stage.enter(person).await?, person, &mut papers, &mut faults).await?;
    }
    stage.changes()?;
    faults.none()
}

/// Most pages that one person opens.
const PAGES: usize = 90;

/// Opens whatever can be reached from the start, level by level: every link leads to a page of ours, and
/// nothing that was typed has become HTML.
async fn walk(
    fetch: &mut Fetch,
    person: &str,
    papers: &mut Vec<String>,
    faults: &mut Faults,
) -> anyhow::Result<()> {
    let mut known: Vec<String> = ["/", "/home"].map(str::to_owned).into();
    let mut at = 0;
    while let Some(path) = known.get(at).cloned().filter(|_| at < PAGES) {
        at += 1;
        // Setting a paper takes a second or more: one of each kind will do.
        let is_paper = path.ends_with(".pdf");
        let kind = path.rsplit('/').next().unwrap_or_default().to_owned();
        if is_paper && (papers.contains(&kind) || papers.len() > 9) {
            continue;
        }
        papers.extend(is_paper.then_some(kind));
        let reply = fetch.get(&path).await?;
        let fine = matches!(reply.status, 200 | 303);
        faults.check(fine, || format!("{person} is led to {path}: {}", told(&reply)));
        let text = reply.text();
        for raw in RAW {
            faults.check(!text.contains(raw), || format!("{person} gets {raw} from {path}"));
        }
        let next = text.split("href=\"").skip(1).filter_map(|part| part.split(['"', '#']).next());
        for link in next.chain(reply.location()).map(unescape) {
            if is_page(&link) && !known.contains(&link) {
                known.push(link);
            }
        }
    }
    Ok(())
}

/// Of the pages that are alike for every criterion, the first will do.
fn is_page(link: &str) -> bool {
    let alike = ["/self-assessment/", "/criteria/", "/findings/"];
    let one_of_many = alike.iter().any(|part| link.contains(part)) && !link.contains("/1.1");
    link.starts_with('/') && !link.starts_with("/assets/") && !one_of_many
}
