//! The vault of a producer: papers, upload, withdrawal.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use ocop_app::evidence::{self, EvidenceInput, KindGroup, Uploaded, Vault};
use ocop_app::{App, AppError};
use ocop_core::evidence::FILE_LIMIT;
use ocop_core::id::{EvidenceId, ProducerId};
use ocop_core::people::Actor;
use serde::Deserialize;
use serde_json::json;

use super::upload::{ACCEPTED, Sent};
use crate::page::{Errors, Id, Notice, Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::{SignedIn, WantsJson};

/// What the address says after an upload.
#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    /// Set when the vault had the file already.
    already: Option<String>,
}

impl Shown {
    /// The notice that says so.
    pub fn notice(&self) -> Option<Notice> {
        self.already.as_ref().map(|_| Notice {
            kind: "info",
            text: "Tệp này đã có trong kho giấy tờ nên không lưu thêm bản nữa; hệ thống dùng bản đã có."
                .to_owned(),
        })
    }
}

#[derive(Template)]
#[template(path = "evidence/vault.html")]
struct VaultPage {
    page: Page,
    view: Vault,
    input: EvidenceInput,
    errors: Errors,
    kinds: Vec<KindGroup>,
    accepted: &'static str,
    limit: u64,
}

async fn page(
    app: &App,
    signed: &SignedIn,
    id: &ProducerId,
    input: EvidenceInput,
    notice: Option<Notice>,
    error: Option<&AppError>,
) -> Result<VaultPage, AppError> {
    let view = evidence::vault(app, &signed.actor, id).await?;
    let mut page = Page::new("Kho giấy tờ", &signed.viewer);
    page.notice = notice.or(page.notice);
    Ok(VaultPage {
        page: match error {
            Some(error) => page.refused(error),
            None => page,
        },
        view,
        input,
        errors: error.map(Errors::from).unwrap_or_default(),
        kinds: evidence::kinds(app)?,
        accepted: ACCEPTED,
        limit: FILE_LIMIT,
    })
}

/// The vault.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ProducerId>,
    Query(shown): Query<Shown>,
) -> Outcome {
    let page = page(&app, &signed, &id, EvidenceInput::default(), shown.notice(), None).await?;
    Ok(html_with(StatusCode::OK, page))
}

/// Takes a paper into the vault.
pub async fn post(
    State(app): State<App>,
    signed: SignedIn,
    WantsJson(wants_json): WantsJson,
    Id(id): Id<ProducerId>,
    form: Multipart,
) -> Outcome {
    let mut sent = Sent::read(form).await?;
    let input = sent.input();
    match keep(&app, &signed.actor, &id, &mut sent).await {
        Ok(uploaded) => {
            let already = if uploaded.already.is_some() { "&already=1" } else { "" };
            Ok(see_other(&format!("/producers/{id}/evidence?done=uploaded{already}")))
        }
        Err(error) if wants_json && is_for_the_form(&error) => Ok(message(&error)),
        Err(error) if is_for_the_form(&error) => {
            let page = page(&app, &signed, &id, input, None, Some(&error)).await?;
            Ok(html_with(status_of(&error), page))
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep(app: &App, actor: &Actor, id: &ProducerId, sent: &mut Sent) -> Result<Uploaded, AppError> {
    let file = sent.file(app, actor).await?;
    let uploaded = evidence::upload(app, actor, id, &sent.input(), file).await?;
    sent.is_kept(app, actor).await;
    Ok(uploaded)
}

/// A refusal for a script: its first sentence.
pub fn message(error: &AppError) -> axum::response::Response {
    let first = Errors::from(error).0.into_iter().next().map(|fault| fault.text);
    let words = first.unwrap_or_else(|| error.to_string());
    crate::page::json(status_of(error), &json!({ "message": words }))
}

/// Takes a paper out of the vault.
pub async fn withdraw(State(app): State<App>, signed: SignedIn, Id(id): Id<EvidenceId>) -> Outcome {
    let owner = evidence::withdraw(&app, &signed.actor, &id).await?;
    Ok(see_other(&format!("/producers/{owner}/evidence?done=removed")))
}
