//! Every route of the program, and who of the demonstration may go through it.

use std::path::Path;

use anyhow::{Context as _, ensure};
use e2e::{Fetch, Part};

use crate::stage::{
    ADVISOR, ASKED, CHAIR, COMMUNE, MEMBER, NEWCOMER, OFFICE, OTHER_COMMUNE, OTHER_MEMBER, OTHER_PRODUCER,
    PRODUCER, Reading, SECRETARY, Stage, id_of,
};

/// Everybody who tries the doors, besides those who are not signed in.
pub const CAST: [&str; 12] = [
    NEWCOMER,
    PRODUCER,
    OTHER_PRODUCER,
    ASKED,
    COMMUNE,
    OTHER_COMMUNE,
    OFFICE,
    CHAIR,
    SECRETARY,
    MEMBER,
    OTHER_MEMBER,
    ADVISOR,
];

/// The council and its advisory team.
const SEATS: &[&str] = &[CHAIR, SECRETARY, MEMBER, OTHER_MEMBER, ADVISOR];
const OFFICE_AND_SEATS: &[&str] = &[OFFICE, CHAIR, SECRETARY, MEMBER, OTHER_MEMBER, ADVISOR];
const READERS_OF_ASKED: &[&str] = &[ASKED, OFFICE, CHAIR, SECRETARY, MEMBER, OTHER_MEMBER, ADVISOR];
const READERS_OF_RESULT: &[&str] =
    &[PRODUCER, COMMUNE, OFFICE, CHAIR, SECRETARY, MEMBER, OTHER_MEMBER, ADVISOR];
const NOBODY: &[&str] = &[];

/// Routes for everybody, signed in or not.
pub const PUBLIC: &[&str] = &[
    "/health",
    "/assets/{*path}",
    "/",
    "/products",
    "/search",
    "/p/{id}",
    // Anybody sends a report; how many come in is limited by the verb.
    "/p/{id}/complaint",
    "/check",
    "/check/{code}",
    "/rules",
    "/rules/{regime}/{set}",
    "/rules/compare/{regime}/{set}",
    "/units",
    "/units/{code}",
    // Opens by its code alone; the verbs' tests try foreign, used and withdrawn codes.
    "/invitations/{code}",
    // Opens by its secret address alone; the pages' tests try wrong and former ones.
    "/calendar/{file}",
    "/login",
    "/logout",
    "/register",
];

/// Some of the cast.
type People = &'static [&'static str];

/// A route with somebody's ids in it.
pub struct Door {
    /// The route as the router names it.
    pub route: &'static str,
    /// An address of it.
    pub path: String,
    /// Who reads it; `None` where it cannot be read.
    pub readers: Option<People>,
    /// Who sends something to it; `None` where nothing can be sent.
    pub writers: Option<People>,
    /// Who reads the thing, and is told that this step is not theirs.
    pub told: People,
    /// What is sent, where an empty form would not be about somebody else's things.
    pub form: Vec<(&'static str, String)>,
    /// Whether a file is sent.
    pub upload: bool,
}

/// Whose things the doors lead to.
struct Things {
    producer: String,
    product: String,
    /// Another product of the same producer.
    twin: String,
    draft: String,
    draft_paper: String,
    /// A file that the producer has begun to send.
    upload: String,
    asked: String,
    request: String,
    at_commune: String,
    at_province: String,
    scoring: String,
    discussion: String,
    tallied: String,
    recognised: String,
    ballot: String,
    council: String,
    round: String,
    certificate: String,
    decision: String,
    /// The decision in the office's register of outgoing papers.
    paper_of_register: String,
    seat: String,
    import: String,
}

impl Things {
    async fn find(stage: &Stage) -> anyhow::Result<Self> {
        let mut producer = stage.enter(PRODUCER).await?;
        let draft = producer.link("/home", "/dossiers/").await?;
        let product = producer.link(&draft, "/products/").await?;
        let owner = producer.link(&product, "/producers/").await?;
        let mut products = producer.links(&owner, "/products/").await?.into_iter();
        let twin = products.find(|one| *one != product).context("only one product")?;
        let request = stage.enter(ASKED).await?.link("/home", "/dossiers/").await?;
        let asked = request.split_once("/requests/").context("no request")?.0.to_owned();
        let recognised = recognised_of(&mut producer, &owner).await?;
        let page = producer.read(&recognised).await?;
        let decision = page.split("href=\"/decisions/").nth(1).and_then(|rest| rest.split('"').next());
        let ballot = stage.enter(MEMBER).await?.link("/home", "/ballots/").await?;
        let council = stage.council().await?;
        let session = stage.enter(CHAIR).await?.form(&format!("{council}/session"), "").await?;
        Ok(Self {
            draft_paper: producer
                .links(&format!("{draft}/evidence"), "/evidence/")
                .await?
                .into_iter()
                .find_map(|link| link.strip_suffix("/file").map(str::to_owned))
                .context("no paper")?,
            upload: begin_upload(&mut stage.enter(PRODUCER).await?, &owner).await?,
            at_commune: stage.enter(COMMUNE).await?.link("/commune", "/dossiers/").await?,
            at_province: stage.dossier("at_province").await?,
            scoring: stage.dossier("scoring").await?,
            discussion: stage.dossier("discussion").await?,
            tallied: stage.dossier("tallied").await?,
            round: stage.enter(OFFICE).await?.link("/rounds", "/rounds/").await?,
            certificate: certificate_of(&mut producer, &recognised).await?,
            decision: decision.context("no decision")?.to_owned(),
            paper_of_register: stage.enter(OFFICE).await?.link("/papers", "/papers/").await?,
            seat: session.value("present").context("no seat")?.to_owned(),
            import: import(stage).await?,
            producer: owner,
            product,
            twin,
            draft,
            asked,
            request,
            recognised,
            ballot,
            council,
        })
    }
}

/// A list that the office has sent and not taken in yet.
async fn import(stage: &Stage) -> anyhow::Result<String> {
    let list =
        "Tên chủ thể,Loại hình,Xã,Tên sản phẩm,Bộ sản phẩm\r\nHTX Thử,HTX,Xã Bình Liêu,Mật ong thử,4\r\n";
    let file = Part::file("file", "thu.csv", "text/csv", list.into());
    let reply = stage.enter(OFFICE).await?.post_multipart("/imports", &[file]).await?;
    let at = reply.location().and_then(|to| to.strip_suffix("/columns")).context("no import")?;
    Ok(at.to_owned())
}

/// A file of 10 bytes, begun for the vault of a producer (tus 1.0.0); its address.
///
/// # Errors
/// When it is not begun.
pub async fn begin_upload(fetch: &mut Fetch, producer: &str) -> anyhow::Result<String> {
    let mut tus = fetch.clone().with_header("Tus-Resumable", "1.0.0").with_header("Upload-Length", "10");
    let reply = tus.request("POST", &format!("{producer}/uploads"), None, Vec::new()).await?;
    ensure!(reply.status == 201, "{} {}", reply.status, reply.text());
    Ok(reply.location().context("the upload has no address")?.to_owned())
}

/// The producer's dossier that has led to a certificate.
/// A dossier of a producer that has a certificate.
pub async fn recognised_of(fetch: &mut Fetch, producer: &str) -> anyhow::Result<String> {
    for product in fetch.links(producer, "/products/").await? {
        for dossier in fetch.links(&product, "/dossiers/").await? {
            if fetch.read(&dossier).await?.contains("href=\"/certificates/") {
                return Ok(dossier);
            }
        }
    }
    anyhow::bail!("{producer} has no certificate")
}

/// The certificate of a dossier.
pub async fn certificate_of(fetch: &mut Fetch, dossier: &str) -> anyhow::Result<String> {
    let found = fetch.links(dossier, "/certificates/").await?;
    let found = found.into_iter().find(|link| !link.ends_with(".pdf"));
    found.with_context(|| format!("{dossier} has no certificate"))
}

/// All doors that are not for everybody.
pub async fn doors(stage: &Stage) -> anyhow::Result<Vec<Door>> {
    let things = Things::find(stage).await?;
    let mut doors = of_people(&things);
    doors.extend(of_dossiers(&things));
    doors.extend(of_officers(&things));
    doors.extend(of_councils(&things));
    doors.extend(of_ballots(&things));
    doors.extend(of_registry());
    doors.extend(of_reports(&things));
    Ok(doors)
}

fn door(route: &'static str, path: String, readers: Option<People>, writers: Option<People>) -> Door {
    Door { route, path, readers, writers, told: NOBODY, form: Vec::new(), upload: false }
}

fn of_people(things: &Things) -> Vec<Door> {
    let Things { producer, product, draft_paper, upload, .. } = things;
    let vault = format!("{producer}/evidence");
    let own: Option<People> = Some(&[PRODUCER]);
    let near: Option<People> = Some(&[PRODUCER, COMMUNE, OFFICE]);
    vec![
        door("/home", "/home".into(), Some(&CAST), None),
        door("/account", "/account".into(), Some(&CAST), Some(&CAST)),
        door("/account/notifications", "/account/notifications".into(), None, Some(&CAST)),
        door("/account/mail", "/account/mail".into(), None, Some(&CAST)),
        door("/notifications", "/notifications".into(), Some(&CAST), None),
        door("/notifications/read", "/notifications/read".into(), None, Some(&CAST)),
        door("/calendar", "/calendar".into(), Some(&CAST), None),
        door("/calendar/address", "/calendar/address".into(), None, Some(&CAST)),
        door("/mail", "/mail".into(), Some(&[OFFICE]), None),
        door("/mail/wording", "/mail/wording".into(), Some(&[OFFICE]), Some(&[OFFICE])),
        // No letter came back; the verbs' tests try others' ones.
        door("/mail/{id}/resend", format!("/mail/{}/resend", id_of(producer)), None, Some(NOBODY)),
        door("/accounts", "/accounts".into(), Some(&[OFFICE]), Some(&[OFFICE])),
        door("/producers", "/producers".into(), Some(&CAST), None),
        door("/producers/new", "/producers/new".into(), Some(&CAST), Some(&CAST)),
        door("/producers/{id}", producer.clone(), near, None),
        door("/producers/{id}/edit", format!("{producer}/edit"), own, own),
        door("/producers/{id}/members", format!("{producer}/members"), near, near),
        door("/producers/{id}/members/remove", format!("{producer}/members/remove"), None, near),
        door("/producers/{id}/members/withdraw", format!("{producer}/members/withdraw"), None, near),
        door("/producers/{id}/products/new", format!("{producer}/products/new"), own, own),
        door("/products/{id}", product.clone(), near, None),
        door("/products/{id}/edit", format!("{product}/edit"), own, own),
        door("/products/{id}/facts", format!("{product}/facts"), near, near),
        Door { upload: true, ..door("/producers/{id}/evidence", vault, own, own) },
        door("/producers/{id}/uploads", format!("{producer}/uploads"), None, own),
        door("/producers/{id}/uploads/{upload}", upload.clone(), None, own),
        door("/evidence/ending", "/evidence/ending".into(), Some(&[OFFICE]), None),
        door("/evidence/{id}", draft_paper.clone(), own, None),
        door("/evidence/{id}/edit", format!("{draft_paper}/edit"), own, own),
        Door { upload: true, ..door("/evidence/{id}/replace", format!("{draft_paper}/replace"), own, own) },
        door("/evidence/{id}/pages/{page}", format!("{draft_paper}/pages/1"), own, None),
        door("/evidence/{id}/pages/{page}/picture", format!("{draft_paper}/pages/1/picture"), own, None),
        door("/evidence/{id}/withdraw", format!("{draft_paper}/withdraw"), None, own),
        door("/evidence/{id}/file", format!("{draft_paper}/file"), own, None),
    ]
}

fn of_dossiers(things: &Things) -> Vec<Door> {
    let Things { draft, asked, request, product, round, recognised, scoring, .. } = things;
    let own: Option<People> = Some(&[PRODUCER]);
    let product = id_of(product).to_owned();
    let open =
        vec![("product", product.clone()), ("round", id_of(round).to_owned()), ("kind", "first".to_owned())];
    let paper = vec![("criterion", "1.1".to_owned()), ("evidence", id_of(&things.product).to_owned())];
    let new = door("/dossiers/new", format!("/dossiers/new?product={product}"), own, own);
    let under =
        |route, place: &str, readers, writers| door(route, format!("{draft}/{place}"), readers, writers);
    let uncite = under("/dossiers/{id}/citations/remove", "citations/remove", None, own);
    vec![
        Door { form: open, ..new },
        door("/dossiers/{id}", draft.clone(), own, None),
        door("/dossiers/{id}", asked.clone(), Some(READERS_OF_ASKED), None),
        under("/dossiers/{id}/form", "form", own, own),
        door("/dossiers/{id}/form", format!("{asked}/form"), Some(&[ASKED]), Some(&[ASKED])),
        under("/dossiers/{id}/self-assessment", "self-assessment", own, None),
        under("/dossiers/{id}/self-assessment/{code}", "self-assessment/1.1", own, own),
        Door { upload: true, ..under("/dossiers/{id}/evidence", "evidence", own, own) },
        Door { form: paper.clone(), ..under("/dossiers/{id}/citations", "citations", None, own) },
        Door { form: paper, ..uncite },
        under("/dossiers/{id}/submit", "submit", own, own),
        door("/dossiers/{id}/samples", format!("{asked}/samples"), Some(READERS_OF_ASKED), Some(&[OFFICE])),
        door(
            "/dossiers/{id}/samples/handle",
            format!("{asked}/samples/handle"),
            None,
            Some(&[OFFICE, SECRETARY]),
        ),
        under("/dossiers/{id}/withdraw", "withdraw", own, own),
        under("/dossiers/{id}/centre", "centre", Some(NOBODY), Some(NOBODY)),
        under("/dossiers/{id}/centre/bundle.zip", "centre/bundle.zip", Some(NOBODY), None),
        under("/dossiers/{id}/centre/answer", "centre/answer", None, Some(NOBODY)),
        under("/dossiers/{id}/centre/recognise", "centre/recognise", None, Some(NOBODY)),
        under("/dossiers/{id}/centre/again", "centre/again", None, Some(NOBODY)),
        under("/dossiers/{id}/centre/close", "centre/close", None, Some(NOBODY)),
        under("/dossiers/{id}/renewal-check", "renewal-check", Some(NOBODY), Some(NOBODY)),
        door("/dossiers/{id}/requests/{request}", request.clone(), Some(READERS_OF_ASKED), Some(&[ASKED])),
        door("/dossiers/{id}/papers/{paper}", format!("{draft}/papers/form-02.pdf"), own, None),
        door(
            "/dossiers/{id}/papers/{paper}",
            format!("{asked}/papers/form-01.pdf"),
            Some(READERS_OF_ASKED),
            None,
        ),
        door(
            "/dossiers/{id}/papers/{paper}",
            format!("{asked}/papers/form-03.pdf"),
            Some(OFFICE_AND_SEATS),
            None,
        ),
        door("/dossiers/{id}/papers/{paper}", format!("{scoring}/papers/tally.pdf"), Some(NOBODY), None),
        door("/dossiers/{id}/result", format!("{recognised}/result"), Some(READERS_OF_RESULT), None),
        door("/dossiers/{id}/result", format!("{scoring}/result"), Some(NOBODY), None),
        door(
            "/dossiers/{id}/complaint",
            format!("{recognised}/complaint"),
            Some(&[PRODUCER]),
            Some(&[PRODUCER]),
        ),
    ]
}

fn of_officers(things: &Things) -> Vec<Door> {
    let Things { at_commune, at_province, round, council, certificate, decision, import, .. } = things;
    let paper_of_register = &things.paper_of_register;
    let dossier = at_commune.trim_end_matches("/commune-report");
    let report = format!("{dossier}/commune-report");
    let (propose, back) = (format!("{report}/propose"), format!("{report}/return"));
    let commune: Option<People> = Some(&[COMMUNE]);
    let office: Option<People> = Some(&[OFFICE]);
    let read = Some(READERS_OF_RESULT);
    let print: Option<People> = Some(&[PRODUCER, OFFICE]);
    let reception = format!("{at_province}/reception");
    let ended = format!("{certificate}/production-ended");
    let verification = format!("/verifications/{}", id_of(certificate));
    let visit = format!("/inspections/{}", id_of(certificate));
    let complaint = format!("/complaints/{}", id_of(certificate));
    let paper = format!("{}/evaluations/new", things.product);
    let (kept, gone) = (id_of(&things.product).to_owned(), id_of(&things.twin).to_owned());
    let merge = format!("/registry/duplicates/merge?record=product&kept={kept}&gone={gone}");
    let undo = "/registry/duplicates/undo".to_owned();
    let twins = vec![("record", "product".to_owned()), ("kept", kept), ("gone", gone)];
    vec![
        door("/commune", "/commune".into(), Some(&[COMMUNE, OTHER_COMMUNE]), None),
        door("/dossiers/{id}/commune-report", report, Some(&[COMMUNE, OFFICE]), commune),
        Door { told: &[OFFICE], ..door("/dossiers/{id}/commune-report/propose", propose, commune, commune) },
        Door { told: &[OFFICE], ..door("/dossiers/{id}/commune-report/return", back, commune, commune) },
        door("/dossiers/{id}/reception", reception.clone(), office, None),
        door("/dossiers/{id}/reception/accept", format!("{reception}/accept"), None, office),
        door("/dossiers/{id}/reception/return", format!("{reception}/return"), None, office),
        door("/products/{id}/evaluations/new", paper, office, office),
        door("/registry/duplicates", "/registry/duplicates".into(), office, None),
        Door { form: twins.clone(), ..door("/registry/duplicates/merge", merge, office, office) },
        Door { form: twins, ..door("/registry/duplicates/undo", undo, None, office) },
        door("/rounds", "/rounds".into(), office, None),
        door("/rounds/new", "/rounds/new".into(), office, office),
        Door { upload: true, ..door("/wording", "/wording".into(), office, office) },
        door("/wording/workbook", "/wording/workbook".into(), office, None),
        door("/wording/import", "/wording/import".into(), None, office),
        Door { upload: true, ..door("/imports", "/imports".into(), office, office) },
        door("/imports/template", "/imports/template".into(), office, None),
        door("/imports/{id}", import.clone(), office, None),
        door("/imports/{id}/columns", format!("{import}/columns"), office, office),
        door("/imports/{id}/sheet", format!("{import}/sheet"), None, office),
        door("/imports/{id}/start", format!("{import}/start"), None, office),
        door("/imports/{id}/stop", format!("{import}/stop"), None, office),
        door("/imports/{id}/refused", format!("{import}/refused"), office, None),
        door("/rounds/{id}", round.clone(), office, None),
        door("/rounds/{id}/close", format!("{round}/close"), office, office),
        door("/councils/{id}/decision", format!("{council}/decision"), office, office),
        door("/councils/{id}/decision/notices", format!("{council}/decision/notices"), None, office),
        door("/councils/{id}/decision.pdf", format!("{council}/decision.pdf"), office, None),
        door("/councils/{id}/briefing.pdf", format!("{council}/briefing.pdf"), office, None),
        door("/councils/{id}/briefing", format!("{council}/briefing"), office, office),
        door("/decisions/{file}", format!("/decisions/{decision}"), Some(RECOGNISED_TOO), None),
        // The office's own decision is in its register; papers of dossiers are tried by the pages' tests.
        door("/papers", "/papers".into(), Some(&[COMMUNE, OTHER_COMMUNE, OFFICE]), None),
        door("/papers/gaps", "/papers/gaps".into(), None, Some(&[COMMUNE, OTHER_COMMUNE, OFFICE])),
        door("/papers/{id}", paper_of_register.clone(), office, None),
        door("/papers/{id}/file", format!("{paper_of_register}/file"), office, None),
        Door { upload: true, ..door("/papers/{id}/copy", format!("{paper_of_register}/copy"), None, office) },
        door(
            "/dossiers/{id}/issue/{kind}",
            format!("{}/issue/proposal", things.recognised),
            Some(&[COMMUNE]),
            Some(&[COMMUNE]),
        ),
        door("/certificates/{id}", certificate.clone(), read, None),
        door("/certificates/{id}/certificate.pdf", format!("{certificate}/certificate.pdf"), print, None),
        door(
            "/certificates/{id}/revocation.pdf",
            format!("{certificate}/revocation.pdf"),
            Some(NOBODY),
            None,
        ),
        Door {
            told: READERS_OF_RESULT,
            ..door("/certificates/{id}/revoke", format!("{certificate}/revoke"), office, office)
        },
        Door {
            told: READERS_OF_RESULT,
            ..door("/certificates/{id}/verification", format!("{certificate}/verification"), office, office)
        },
        Door {
            told: READERS_OF_RESULT,
            ..door("/certificates/{id}/production-ended", ended, commune, commune)
        },
        // No verification is under way; the verbs' tests try others' ones.
        door("/verifications/{id}", verification.clone(), Some(NOBODY), Some(NOBODY)),
        door("/verifications/{id}/proposal", format!("{verification}/proposal"), Some(NOBODY), Some(NOBODY)),
        door("/verifications/{id}/proposal.pdf", format!("{verification}/proposal.pdf"), Some(NOBODY), None),
        door("/verifications/{id}/decline", format!("{verification}/decline"), Some(NOBODY), Some(NOBODY)),
        door("/complaints", "/complaints".into(), office, None),
        // No complaint was filed; the verbs' tests try others' ones.
        door("/complaints/{id}", complaint.clone(), Some(NOBODY), Some(NOBODY)),
        door("/complaints/{id}/answer", format!("{complaint}/answer"), None, Some(NOBODY)),
        door("/complaints/{id}/withdraw", format!("{complaint}/withdraw"), None, Some(NOBODY)),
        door("/complaints/{id}/answer.pdf", format!("{complaint}/answer.pdf"), Some(NOBODY), None),
        door("/inspections", "/inspections".into(), office, office),
        door("/certificates/{id}/inspection", format!("{certificate}/inspection"), office, office),
        // No visit is planned; the verbs' tests try others' ones.
        door("/inspections/{id}", visit.clone(), Some(NOBODY), None),
        door("/inspections/{id}/record", format!("{visit}/record"), Some(NOBODY), Some(NOBODY)),
        door("/inspections/{id}/record.pdf", format!("{visit}/record.pdf"), Some(NOBODY), None),
        door("/inspections/{id}/number", format!("{visit}/number"), Some(NOBODY), Some(NOBODY)),
        door("/inspections/{id}/answer", format!("{visit}/answer"), None, Some(NOBODY)),
        door("/inspections/{id}/close", format!("{visit}/close"), None, Some(NOBODY)),
        door("/inspections/{id}/cancel", format!("{visit}/cancel"), None, Some(NOBODY)),
        Door {
            upload: true,
            ..door("/inspections/{id}/photos", format!("{visit}/photos"), None, Some(NOBODY))
        },
        door("/inspections/{id}/photos/{no}", format!("{visit}/photos/1"), Some(NOBODY), None),
    ]
}

/// Whoever may read one of the results that the decision names.
const RECOGNISED_TOO: &[&str] =
    &[PRODUCER, COMMUNE, OFFICE, CHAIR, SECRETARY, MEMBER, OTHER_MEMBER, ADVISOR, OTHER_PRODUCER];

fn of_councils(things: &Things) -> Vec<Door> {
    let Things { council, round, asked, seat, discussion, tallied, scoring, .. } = things;
    let (office, chair, advisor): (Option<People>, Option<People>, Option<People>) =
        (Some(&[OFFICE]), Some(&[CHAIR]), Some(&[ADVISOR]));
    let all = Some(OFFICE_AND_SEATS);
    let voters: Option<People> = Some(&[MEMBER, CHAIR, SECRETARY, OTHER_MEMBER]);
    let book = format!("{council}/ballot-book");
    let advice = format!("{asked}/advice");
    let new = format!("/councils/new?round={}", id_of(round));
    let (turn, keep) = (format!("{discussion}/scoring/turn"), format!("{discussion}/scoring/keep"));
    vec![
        door("/councils", "/councils".into(), Some(&CAST), None),
        door("/councils/new", new, office, office),
        door("/councils/{id}", council.clone(), all, None),
        door("/councils/{id}/edit", format!("{council}/edit"), office, office),
        door("/councils/{id}/seats", format!("{council}/seats"), None, office),
        door("/councils/{id}/seats/{seat}/remove", format!("{council}/seats/{seat}/remove"), None, office),
        Door {
            form: vec![("dossiers", id_of(asked).to_owned())],
            ..door("/councils/{id}/dossiers", format!("{council}/dossiers"), None, office)
        },
        door("/councils/{id}/severity", format!("{council}/severity"), all, None),
        door("/councils/{id}/conflicts", format!("{council}/conflicts"), office, office),
        door("/councils/{id}/replacements", format!("{council}/replacements"), office, office),
        Door { upload: true, ..door("/councils/{id}/ballot-book", book.clone(), voters, voters) },
        door("/councils/{id}/ballot-book/file", format!("{book}/file"), voters, None),
        door("/councils/{id}/ballot-book/take", format!("{book}/take"), None, voters),
        door("/assistance", "/assistance".into(), Some(OFFICE_AND_SEATS), Some(OFFICE_AND_SEATS)),
        door(
            "/assistance/{id}/strike",
            "/assistance/0192d3b0-7c1e-7abc-8def-0123456789ab/strike".into(),
            None,
            Some(NOBODY),
        ),
        door("/dossiers/{id}/relatives", format!("{asked}/relatives"), Some(&[ASKED]), Some(&[ASKED])),
        door("/councils/{id}/session", format!("{council}/session"), chair, chair),
        door("/councils/{id}/minutes.pdf", format!("{council}/minutes.pdf"), all, None),
        door("/dossiers/{id}/advice", advice.clone(), all, None),
        door("/dossiers/{id}/advice/requests", format!("{advice}/requests"), None, advisor),
        door("/dossiers/{id}/advice/report", format!("{advice}/report"), None, advisor),
        door("/dossiers/{id}/advice/findings/{code}", format!("{advice}/findings/1.1"), all, advisor),
        door("/dossiers/{id}/conflict", format!("{asked}/conflict"), Some(SEATS), Some(SEATS)),
        door("/dossiers/{id}/scoring", format!("{scoring}/scoring"), all, None),
        door("/dossiers/{id}/excuse", format!("{scoring}/excuse"), chair, chair),
        door("/dossiers/{id}/reopen", format!("{scoring}/reopen"), chair, chair),
        door("/dossiers/{id}/scoring/turn", turn, None, chair),
        door("/dossiers/{id}/scoring/keep", keep, None, chair),
        door("/dossiers/{id}/scoring/confirm", format!("{tallied}/scoring/confirm"), None, chair),
    ]
}

fn of_ballots(things: &Things) -> Vec<Door> {
    let ballot = &things.ballot;
    let own: Option<People> = Some(&[MEMBER]);
    vec![
        door("/ballots/{id}", ballot.clone(), own, None),
        door("/ballots/{id}/criteria/{code}", format!("{ballot}/criteria/1.1"), own, own),
        // The council has not discussed.
        Door {
            told: &[MEMBER],
            ..door(
                "/ballots/{id}/criteria/{code}/revision",
                format!("{ballot}/criteria/1.1/revision"),
                Some(NOBODY),
                own,
            )
        },
        door("/ballots/{id}/review", format!("{ballot}/review"), own, None),
        door("/ballots/{id}/opinion", format!("{ballot}/opinion"), None, own),
        // Reading it only leads to the review, which is closed.
        door("/ballots/{id}/seal", format!("{ballot}/seal"), Some(&CAST), own),
        door("/ballots/{id}/disqualification", format!("{ballot}/disqualification"), own, own),
        door("/ballots/{id}/sheet.pdf", format!("{ballot}/sheet.pdf"), own, None),
    ]
}

fn of_registry() -> Vec<Door> {
    const ROUTES: [&str; 7] = [
        "/registry",
        "/registry/products",
        "/registry/products/xlsx",
        "/registry/products/csv",
        "/registry/producers",
        "/registry/producers/xlsx",
        "/registry/producers/csv",
    ];
    let officers: Option<People> = Some(&[COMMUNE, OTHER_COMMUNE, OFFICE]);
    ROUTES.map(|route| door(route, route.to_owned(), officers, None)).into()
}

fn of_reports(things: &Things) -> Vec<Door> {
    let officers: Option<People> = Some(&[COMMUNE, OTHER_COMMUNE, OFFICE]);
    let round = format!("/reports/rounds/{}", id_of(&things.round));
    // Nothing is frozen under this id, for anybody.
    let frozen = format!("/reports/frozen/{}", id_of(&things.round));
    let leader = vec![("kind", "leader".to_owned())];
    vec![
        door("/reports", "/reports".into(), officers, None),
        door("/reports/{kind}", "/reports/stars".into(), officers, None),
        door("/reports/rounds/{id}", round, officers, None),
        door("/reports/rows", "/reports/rows?expiring=yes".into(), officers, None),
        Door { form: leader, ..door("/reports/freeze", "/reports/freeze".into(), None, officers) },
        door("/reports/frozen", "/reports/frozen".into(), officers, None),
        door("/reports/frozen/{id}", frozen, Some(NOBODY), None),
        door("/reports/ptnt-ocop.xlsx", "/reports/ptnt-ocop.xlsx?year=2025".into(), officers, None),
    ]
}

/// Every route that the program's source names, with whether it is read and whether it is sent to.
pub fn routes() -> anyhow::Result<Vec<(String, bool, bool)>> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/ocop-web/src");
    let mut routes = Vec::new();
    for entry in std::fs::read_dir(&pages)? {
        let path = entry?.path();
        let file = if path.is_dir() { path.join("mod.rs") } else { path };
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        for one in text.split(".route(").skip(1) {
            let one = one.split(";").next().unwrap_or_default();
            let name = one.split('"').nth(1).with_context(|| format!("a route of {}", file.display()))?;
            routes.push((name.to_owned(), one.contains("get("), one.contains("post(")));
        }
    }
    ensure!(routes.len() > 60, "only {} routes were found", routes.len());
    Ok(routes)
}
