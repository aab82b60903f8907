//! The decision that recognises products: the draft for signing, and as it was recorded.

use std::cmp::Reverse;

use chrono::NaiveDate;
use ocop_core::id::{CouncilId, DecisionId};
use ocop_core::people::Actor;
use ocop_core::policy::{self, Action};
use ocop_core::recognition::Outcome;
use ocop_core::scoring::Fraction;
use ocop_core::time::date_in_words;
use ocop_core::units::CENTRE;
use ocop_documents::decision::{Decision, DecisionItem, render};
use ocop_documents::{Content, Letterhead, PlaceDate, Signature};
use ocop_store::Tx;
use ocop_store::centre::Answered;
use ocop_store::councils::Council;
use ocop_store::recognition::{self as store, ConfirmedResult};
use ocop_store::units::Unit;

use super::filed::{Filed, unit};
use super::{Paper, hundredths, names, of_record, set};
use crate::councils::{found, subject};
use crate::dossiers::facts;
use crate::{App, AppError, Refusal, recognition};

/// The symbol of a decision of a People's Committee's chairman, or of the Minister.
fn symbol_of(office: &Unit) -> &'static str {
    if office.code == CENTRE { "QĐ-BNNMT" } else { "QĐ-UBND" }
}

/// How a decision was numbered and signed; nothing of it for a draft.
pub(crate) struct Signed {
    /// Number and symbol.
    pub(crate) number: String,
    /// Its date.
    pub(crate) decided_on: NaiveDate,
    /// Who signed, with the position.
    pub(crate) signed_by: String,
}

/// What a decision's paper is about, in the register.
pub(crate) fn about_decision(id: &DecisionId) -> String {
    format!("decision:{id}")
}

/// What the paper of a decision is made of once the decision names its results, and its subject.
pub(crate) async fn content(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    id: &DecisionId,
    signed: &Signed,
) -> Result<(Content, String), AppError> {
    let mut named = store::results_of_council(tx, &council.id).await?;
    named.retain(|result| result.decision_id.as_ref() == Some(id));
    let input = input(app, tx, council, &named, Some(signed)).await?;
    let title = input.subject.clone();
    Ok((Content::Decision(input), title))
}

/// The same of a decision that recognises a product on the centre's result (26/2026/QĐ-TTg, Article 7.4g).
pub(crate) async fn on_centre(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    result: &ConfirmedResult,
    answered: &Answered,
    signed: &Signed,
) -> Result<(Content, String), AppError> {
    let mut input = input(app, tx, council, std::slice::from_ref(result), Some(signed)).await?;
    let number =
        if answered.number.is_empty() { String::new() } else { format!(" số {}", answered.number) };
    let ground = format!(
        "Căn cứ kết quả đánh giá của Hội đồng trung ương, thông báo{number} {}",
        date_in_words(answered.on)
    );
    input.grounds.insert(input.grounds.len().saturating_sub(1), ground);
    let title = input.subject.clone();
    Ok((Content::Decision(input), title))
}

/// The draft of a council's decision on every confirmed result from 3 stars up that has none yet,
/// for the provincial office. Number and date are written in after signing.
///
/// # Errors
/// A refusal when no result waits to be recognised or approved for the centre.
pub async fn draft_decision(app: &App, actor: &Actor, id: &CouncilId) -> Result<Paper, AppError> {
    let draft = recognition::draft_decision(app, actor, id).await?;
    if !draft.has_decision() {
        return Err(Refusal::because(
            "Chưa có kết quả nào từ 3 sao chờ quyết định, nên chưa có dự thảo để in. \
             Hồ sơ phải được Chủ tịch Hội đồng xác nhận kết quả.",
        ));
    }
    if draft.certificates.iter().chain(&draft.centre).any(|line| line.closed) {
        return Err(Refusal::because(
            "Dự thảo có kết quả của hồ sơ mà bạn có xung đột lợi ích. Hãy để chuyên viên khác in dự thảo.",
        ));
    }
    let mut tx = app.db.read().await?;
    let mut listed = store::results_of_council(&mut tx, id).await?;
    let decided = || draft.certificates.iter().chain(&draft.centre);
    listed.retain(|result| decided().any(|line| line.id == result.dossier_id));
    let input = input(app, &mut tx, &draft.council, &listed, None).await?;
    drop(tx);
    set(app, "du-thao-quyet-dinh", &draft.round, move |engine| render(engine, &input)).await
}

/// A recorded decision with its lists, for the council, the provincial office and everybody who may
/// read one of the results that it names.
pub async fn decision(app: &App, actor: &Actor, id: &DecisionId) -> Result<Paper, AppError> {
    let mut tx = app.db.read().await?;
    let kept = store::find_decision(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    // A decision that came in from paper has no council here: the paper itself is the record.
    let council = found(&mut tx, &kept.council_id.ok_or(AppError::NotFound)?).await?;
    let mut named = store::results_of_council(&mut tx, &council.id).await?;
    named.retain(|result| result.decision_id.as_ref() == Some(id));
    must_be_readable(&mut tx, actor, &council, id, &named).await?;
    if let Some(paper) = of_record(app, &mut tx, &about_decision(id)).await? {
        return Ok(paper);
    }
    let about = kept.number.clone();
    let signed = Signed { number: kept.number, decided_on: kept.decided_on, signed_by: kept.signed_by };
    let input = input(app, &mut tx, &council, &named, Some(&signed)).await?;
    drop(tx);
    set(app, "quyet-dinh", &about, move |engine| render(engine, &input)).await
}

async fn must_be_readable(
    tx: &mut Tx,
    actor: &Actor,
    council: &Council,
    id: &DecisionId,
    named: &[ConfirmedResult],
) -> Result<(), AppError> {
    let Err(denied) = policy::may(actor, Action::ReadTally, &subject(council)) else { return Ok(()) };
    // What is recognised on the centre's result is named by its certificate alone.
    let certified = store::certified_by(tx, id).await?;
    for dossier in named.iter().map(|result| &result.dossier_id).chain(&certified) {
        let facts = facts(tx, actor, dossier).await?;
        if policy::may(actor, Action::ReadResult, &facts.subject).is_ok() {
            return Ok(());
        }
    }
    Err(denied.into())
}

async fn input(
    app: &App,
    tx: &mut Tx,
    council: &Council,
    listed: &[ConfirmedResult],
    signed: Option<&Signed>,
) -> Result<Decision, AppError> {
    let round = ocop_store::rounds::find(tx, &council.round_id).await?.ok_or(AppError::NotFound)?;
    let province = unit(tx, &council.province).await?;
    let regime = app.regime(&round.regime)?;
    let (for_centre, certified): (Vec<_>, Vec<_>) =
        listed.iter().partition(|result| result.outcome == Outcome::Centre);
    let items = items(app, tx, &certified).await?;
    let centre = self::items(app, tx, &for_centre).await?;
    // Who carries it out is told in the last article: one for the list and one for the
    // certificates, one for the centre, one for the day it takes effect.
    let articles = 1 + 2 * usize::from(!items.is_empty()) + usize::from(!centre.is_empty());
    let of_round = names::in_sentence(&round.name);
    let area = names::area(&province);
    let usual = symbol_of(&province);
    let (number, symbol) = signed.map_or((None, usual), |signed| match signed.number.split_once('/') {
        Some((number, symbol)) => (Some(number.trim().to_owned()), symbol.trim()),
        None => (Some(signed.number.trim().to_owned()), usual),
    });
    Ok(Decision {
        letterhead: Letterhead {
            superior: None,
            issuer: names::committee_head(&province),
            number,
            symbol: Some(symbol.to_owned()),
            place_date: PlaceDate {
                place: names::place(&province),
                date: signed.map(|signed| signed.decided_on),
            },
        },
        draft: signed.is_none(),
        subject: format!("Về việc công nhận sản phẩm OCOP {area}, {of_round}"),
        authority: names::chairman(&province),
        grounds: grounds(&province, &regime.cite, council, listed),
        province: area,
        round: of_round,
        items,
        centre,
        months: app.process(&round.regime)?.certificate_months,
        responsible: responsible(&province),
        recipients: recipients(&province, articles),
        signature: signed.map_or_else(
            || Signature { authority: vec![names::head_of(&province).to_owned()], name: None },
            |signed| names::signed_by(&signed.signed_by),
        ),
    })
}

/// Who carries a decision out.
fn responsible(office: &Unit) -> String {
    let others = if office.code == CENTRE {
        "Ủy ban nhân dân các tỉnh, thành phố"
    } else {
        "Chủ tịch Ủy ban nhân dân các xã, phường, đặc khu"
    };
    format!(
        "Chánh Văn phòng {}, Thủ trưởng {}, {others} và các chủ thể có sản phẩm trong danh sách",
        names::committee(office),
        names::in_sentence(names::programme_office(office)),
    )
}

/// Bodies that receive a copy of it.
fn recipients(office: &Unit, articles: usize) -> Vec<String> {
    let others: &[&str] = if office.code == CENTRE {
        &["Bộ trưởng, các Thứ trưởng"]
    } else {
        &["Bộ Nông nghiệp và Môi trường", "Chủ tịch, các Phó Chủ tịch UBND"]
    };
    let mut all = vec![format!("Như Điều {articles}")];
    all.extend(others.iter().map(|one| (*one).to_owned()));
    all.push("Lưu: VT".to_owned());
    all
}

/// A list: the highest star and mean first.
async fn items(app: &App, tx: &mut Tx, listed: &[&ConfirmedResult]) -> Result<Vec<DecisionItem>, AppError> {
    let mut items = Vec::new();
    for result in listed {
        let mean = result.mean.and_then(|(num, den)| Fraction::new(num, den));
        items.push((Reverse((result.stars, mean)), item(app, tx, result, mean).await?));
    }
    items.sort_by(|(rank, item), (other_rank, other)| {
        (rank, &item.product).cmp(&(other_rank, &other.product))
    });
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

async fn item(
    app: &App,
    tx: &mut Tx,
    result: &ConfirmedResult,
    mean: Option<Fraction>,
) -> Result<DecisionItem, AppError> {
    let row = ocop_store::dossiers::find(tx, &result.dossier_id).await?.ok_or(AppError::NotFound)?;
    let filed = Filed::submitted(app, tx, row).await?;
    Ok(DecisionItem {
        address: filed.told.address(),
        product: filed.told.product.name,
        product_code: filed.told.product.code.unwrap_or_default(),
        producer: filed.told.producer.name,
        group: filed.set.group.name.clone(),
        mean_hundredths: mean.map(hundredths).unwrap_or_default(),
        stars: result.stars.unwrap_or_default(),
    })
}

/// What the decision rests on, in the order of official papers: laws, the council, its results,
/// the proposal.
pub(super) fn grounds(
    office: &Unit,
    cite: &str,
    council: &Council,
    listed: &[ConfirmedResult],
) -> Vec<String> {
    let set_up = match council.decision_on {
        Some(day) if !council.decision_no.is_empty() => {
            format!(" (thành lập theo Quyết định số {} {})", council.decision_no, date_in_words(day))
        }
        Some(_) | None => String::new(),
    };
    let confirmed = listed.iter().map(|result| result.confirmed_at.day()).max();
    let on = confirmed.map(|day| format!(", xác nhận {}", date_in_words(day))).unwrap_or_default();
    vec![
        names::law_of(office).to_owned(),
        format!("Căn cứ Quyết định số {cite}"),
        format!("Căn cứ kết quả đánh giá, phân hạng của {}{set_up}{on}", council.name),
        format!("Theo đề nghị của {}", names::in_sentence(names::programme_office(office))),
    ]
}
