//! A signed paper takes its number and is kept as it was: what it was made of, and the file.

use chrono::{Datelike, NaiveDate};
use ocop_core::dossiers::State;
use ocop_core::id::{DossierId, PaperId};
use ocop_core::papers::{PaperKind, PaperNumber};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action, Subject};
use ocop_documents::Content;
use ocop_store::Tx;
use ocop_store::db::Chain;
use ocop_store::dossiers::Dossier;
use ocop_store::papers::{self as store, Issued};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::filed::Filed;
use super::letter::{LetterSource, letter_of};
use super::notice::{self, about_notice};
use super::{Paper, made, set};
use crate::dossiers::facts;
use crate::runtime::fresh;
use crate::{App, AppError, FieldFault, Fields, Refusal};

/// How a paper was numbered and signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signing {
    /// Number and symbol.
    pub(crate) number: PaperNumber,
    /// The day of the signature.
    pub(crate) signed_on: NaiveDate,
    /// Who signed, with the position.
    pub(crate) signed_by: String,
}

/// A paper on its way into the register.
pub(crate) struct NewPaper {
    /// Code of the unit whose office sends it.
    pub(crate) office: String,
    /// What it is.
    pub(crate) kind: PaperKind,
    /// What it is about; a thing has one paper.
    pub(crate) about: String,
    /// Its subject in one line.
    pub(crate) title: String,
    /// How it was numbered and signed.
    pub(crate) signing: Signing,
    /// The field of the form in which the number was typed.
    pub(crate) field: &'static str,
    /// What it is made of.
    pub(crate) content: Content,
}

/// What concerns an office: its officers alone.
pub(crate) fn of_office(office: &str) -> Subject {
    Subject { province: Some(office.to_owned()), commune: Some(office.to_owned()), ..Subject::default() }
}

/// Enters a signed paper into the register inside the verb that it belongs to, and keeps its file.
///
/// # Errors
/// A fault beside the number when the office has given it already in that year.
pub(crate) async fn issue(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    paper: NewPaper,
) -> Result<PaperId, AppError> {
    let NewPaper { office, kind, about, title, signing, field, content } = paper;
    ocop_store::units::hold(tx, &office).await?;
    if let Some(held) = store::about(tx, &about).await? {
        return Err(Refusal::because(format!(
            "Văn bản này đã được ghi vào sổ với số {}, nên không ghi thêm lần nữa.",
            held.number
        )));
    }
    let year = signing.signed_on.year();
    if store::by_number(tx, &office, year, &signing.number).await?.is_some() {
        let next = store::next_number(tx, &office, year, &signing.number.symbol).await?;
        return Err(AppError::Invalid(vec![FieldFault::new(
            field,
            format!(
                "Số {} của năm {year} đã cấp cho văn bản khác. Số tiếp theo chưa dùng là {next:02}/{}.",
                signing.number, signing.number.symbol
            ),
        )]));
    }
    let input = serde_json::to_string(&content).map_err(ocop_documents::DocumentError::from)?;
    let pdf = made(app, kind.code(), move |engine| content.render(engine)).await?;
    let issued = Issued {
        id: fresh(&*app.ids),
        office,
        year,
        number: signing.number,
        kind,
        about,
        title,
        signed_on: signing.signed_on,
        signed_by: signing.signed_by,
        input,
        file: app.files.put(pdf).await?,
        recorded_by: actor.name.clone(),
        recorded_at: app.now(),
    };
    store::insert(tx, &issued).await?;
    Ok(issued.id)
}

/// What an officer types after the signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueInput {
    /// Number and symbol.
    pub number: String,
    /// The day of the signature.
    pub signed_on: String,
    /// Who signed, with the position.
    pub signed_by: String,
}

/// The page on which a signed paper of a dossier is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueView {
    /// The dossier.
    pub dossier: DossierId,
    /// Its product.
    pub product: String,
    /// What is entered.
    pub kind: PaperKind,
    /// The form with the office's next number.
    pub input: IssueInput,
    /// The paper when it was entered before.
    pub already: Option<PaperId>,
}

/// Why a dossier has a paper of a kind, and whose it is.
struct Occasion {
    office: String,
    about: String,
    letter: Option<LetterSource>,
}

/// The occasion for a paper of a kind; none while the dossier gives no reason for one.
async fn occasion(tx: &mut Tx, kind: PaperKind, row: &Dossier) -> Result<Option<Occasion>, AppError> {
    let id = &row.id;
    let occasion = |office: &str, about, letter| Some(Occasion { office: office.to_owned(), about, letter });
    Ok(match kind {
        // Entered on the page of a council's decision.
        PaperKind::Briefing => None,
        // Entered when the decision is recorded.
        PaperKind::Decision | PaperKind::Revocation => None,
        // Entered on the pages of a visit, of a complaint and of a verification.
        PaperKind::Inspection | PaperKind::Answer | PaperKind::RevocationProposal => None,
        PaperKind::Notice if matches!(row.state, State::NotRecognised | State::Disqualified) => {
            occasion(&row.province, about_notice(id), None)
        }
        PaperKind::Forwarding
            if row.state == State::ForCentre || ocop_store::centre::find(tx, id).await?.is_some() =>
        {
            occasion(&row.province, format!("forwarding:{id}"), Some(LetterSource::Forwarding))
        }
        PaperKind::Notice | PaperKind::Forwarding => None,
        PaperKind::Proposal => match row.proposed_on {
            Some(day) => {
                let about = format!("proposal:{id}:{day}");
                occasion(&row.commune, about, Some(LetterSource::Proposal { day }))
            }
            None => None,
        },
        PaperKind::Return => {
            let returns = ocop_store::dossiers::returns(tx, id).await?;
            let about = format!("return:{id}:{}", returns.len());
            returns.into_iter().next().and_then(|back| {
                let office = if back.level == "province" { &row.province } else { &row.commune };
                occasion(office, about, Some(LetterSource::Return(back)))
            })
        }
    })
}

/// What the paper is made of, and its subject.
async fn content(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    row: Dossier,
    kind: PaperKind,
    occasion: &Occasion,
    signed: Option<&Signing>,
) -> Result<(Content, String), AppError> {
    let product = |filed: &Filed| filed.told.product.name.clone();
    if let Some(source) = &occasion.letter {
        let filed = Filed::submitted(app, tx, row).await?;
        let mean = match source {
            LetterSource::Forwarding => {
                let result = ocop_store::recognition::find_result(tx, &filed.row.id).await?;
                result.and_then(|result| result.mean)
            }
            // What goes to the province or back to the producer tells nothing of a council.
            LetterSource::Proposal { .. } | LetterSource::Return(_) => None,
        };
        let letter = letter_of(&filed, source, mean, signed);
        let title = format!("{}: {}", kind.name(), product(&filed));
        return Ok((Content::Letter(letter), title));
    }
    let view = crate::scoring::result(app, actor, &row.id).await?;
    let input = notice::input(app, tx, &view, &row.id, signed).await?;
    let title = format!("{}: {}", kind.name(), input.product);
    Ok((Content::Notice(input), title))
}

/// The form that enters a signed paper of a dossier.
pub async fn issuing(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    kind: PaperKind,
) -> Result<IssueView, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
    let occasion = occasion(&mut tx, kind, &facts.row).await?.ok_or(AppError::NotFound)?;
    let _ = policy::may(actor, Action::IssuePaper, &of_office(&occasion.office))?;
    let product =
        ocop_store::products::find(&mut tx, &facts.row.product_id).await?.ok_or(AppError::NotFound)?;
    let number = next_number(app, &mut tx, &occasion.office, kind).await?;
    Ok(IssueView {
        dossier: id.clone(),
        product: product.name,
        kind,
        input: IssueInput { number, ..IssueInput::default() },
        already: store::about(&mut tx, &occasion.about).await?.map(|paper| paper.id),
    })
}

/// The number that an office's next paper of a kind would take.
pub(crate) async fn next_number(
    app: &App,
    tx: &mut Tx,
    office: &str,
    kind: PaperKind,
) -> Result<String, AppError> {
    let symbol = store::last_symbol(tx, office, kind).await?;
    let symbol = symbol.unwrap_or_else(|| kind.usual_symbol().to_owned());
    let next = store::next_number(tx, office, app.today().year(), &symbol).await?;
    Ok(format!("{next:02}/{symbol}"))
}

/// Reads how a paper was numbered and signed; `fields`: what was found in the rest of the form.
pub(crate) fn read_signing(
    app: &App,
    kind: PaperKind,
    input: &IssueInput,
    mut fields: Fields,
) -> Result<Signing, AppError> {
    let number = PaperNumber::read(&input.number, kind);
    if let Err(bad) = &number {
        fields.fault("number", bad.to_string());
    }
    let signed_on = fields.required_day("signed_on", &input.signed_on, "Ghi ngày ký văn bản.");
    let signed_by = fields.required("signed_by", &input.signed_by, 200, "Ghi chức vụ và họ tên người ký.");
    if signed_on.is_some_and(|day| day > app.today()) {
        fields.fault("signed_on", "Ngày ký chưa đến. Chỉ cấp số sau khi văn bản đã ký.");
    }
    fields.done()?;
    let (number, signed_on) = number.ok().zip(signed_on).ok_or(AppError::NotFound)?;
    Ok(Signing { number, signed_on, signed_by })
}

/// Enters a signed paper of a dossier into the office's register: from now on this file is what
/// everybody reads, until the signed copy is attached.
pub async fn issue_of_dossier(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    kind: PaperKind,
    input: &IssueInput,
) -> Result<PaperId, AppError> {
    let mut tx = app.db.write(Chain::of("dossier", id)).await?;
    let facts = facts(&mut tx, actor, id).await?;
    let _ = policy::may(actor, Action::ReadDossier, &facts.subject)?;
    let occasion = occasion(&mut tx, kind, &facts.row).await?.ok_or(AppError::NotFound)?;
    let permit = policy::may(actor, Action::IssuePaper, &of_office(&occasion.office))?;
    let signing = read_signing(app, kind, input, Fields::new())?;
    let (content, title) = content(app, actor, &mut tx, facts.row, kind, &occasion, Some(&signing)).await?;
    let details = json!({
        "kind": kind, "number": signing.number.to_string(), "signed_on": signing.signed_on,
        "office": occasion.office,
    });
    let paper = NewPaper {
        office: occasion.office,
        kind,
        about: occasion.about,
        title,
        signing,
        field: "number",
        content,
    };
    let paper = issue(app, &mut tx, actor, paper).await?;
    tx.commit(permit, app.now(), &details).await?;
    Ok(paper)
}

/// A letter about a dossier: the copy of record for everybody who may read the dossier, the draft
/// for the office that is to sign it.
pub async fn letter(app: &App, actor: &Actor, id: &DossierId, kind: PaperKind) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let facts = facts(&mut tx, actor, id).await?;
    let needed = if kind == PaperKind::Forwarding { Action::ReadResult } else { Action::ReadDossier };
    let _ = policy::may(actor, needed, &facts.subject)?;
    let occasion = occasion(&mut tx, kind, &facts.row).await?.ok_or(AppError::NotFound)?;
    if let Some(paper) = super::of_record(app, &mut tx, &occasion.about).await? {
        return Ok(paper);
    }
    if policy::may(actor, Action::IssuePaper, &of_office(&occasion.office)).is_err() {
        return Err(AppError::NotFound);
    }
    let (content, title) = content(app, actor, &mut tx, facts.row, kind, &occasion, None).await?;
    drop(tx);
    set(app, "du-thao-cong-van", &title, move |engine| content.render(engine)).await
}

/// A paper of a dossier that has an occasion, as the dossier's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierPaper {
    /// What it is.
    pub kind: PaperKind,
    /// The paper in the register, for the office's own officers.
    pub paper: Option<PaperId>,
    /// Whether it was signed and entered.
    pub issued: bool,
    /// Whether the reader may enter it now.
    pub may_issue: bool,
}

/// The papers of a dossier that the reader sees: those entered, and drafts of the reader's office.
pub(crate) async fn papers_of(
    tx: &mut Tx,
    actor: &Actor,
    row: &Dossier,
    subject: &Subject,
) -> Result<Vec<DossierPaper>, AppError> {
    let mut papers = Vec::new();
    for kind in PaperKind::ALL.iter().copied() {
        let reads = kind != PaperKind::Forwarding || policy::may(actor, Action::ReadResult, subject).is_ok();
        let Some(occasion) = occasion(tx, kind, row).await?.filter(|_| reads) else { continue };
        let paper = store::about(tx, &occasion.about).await?;
        let ours = policy::may(actor, Action::IssuePaper, &of_office(&occasion.office)).is_ok();
        if ours || paper.is_some() {
            papers.push(DossierPaper {
                kind,
                issued: paper.is_some(),
                may_issue: ours && paper.is_none(),
                paper: paper.filter(|_| ours).map(|paper| paper.id),
            });
        }
    }
    Ok(papers)
}
