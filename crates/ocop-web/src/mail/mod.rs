//! The office's letters: what was sent, what did not arrive, the office's own words.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum_extra::extract::Form;
use ocop_app::accounts::office_of;
use ocop_app::mail::{
    Listed, MailList, WordingInput, list, resend, resend_own, set_wording, specimen, wording,
};
use ocop_app::{App, AppError};
use ocop_core::id::MailId;
use ocop_core::notifications::{LetterWording, MailState, PLACES};
use ocop_core::people::Actor;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// `/mail`: `manage_mail`. `/account/mail`: `manage_own_account`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/mail", get(show))
        .route("/mail/{id}/resend", post(again))
        .route("/mail/wording", get(words).post(keep_words))
        .route("/account/mail", post(own_again))
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    before: String,
}

#[derive(Template)]
#[template(path = "mail/list.html")]
struct MailPage {
    page: Page,
    list: MailList,
    state: Option<MailState>,
}

impl MailPage {
    fn tag(&self, state: MailState) -> &'static str {
        match state {
            MailState::Waiting => "wait",
            MailState::Sent => "ok",
            MailState::Bounced | MailState::GivenUp => "late",
        }
    }

    fn when(&self, row: &Listed) -> String {
        row.mail.sent_at.unwrap_or(row.mail.created_at).written()
    }

    fn failed(&self, row: &Listed) -> bool {
        matches!(row.mail.state, MailState::Bounced | MailState::GivenUp)
    }

    fn next(&self) -> Option<String> {
        let state = self.state.map_or("", MailState::code);
        self.list.next.as_ref().map(|before| format!("/mail?state={state}&before={before}"))
    }
}

async fn show(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Query(asked): Query<Asked>,
) -> Outcome {
    let state = asked.state.parse().ok();
    let list = list(&app, &actor, office(&actor), state, &asked.before).await?;
    Ok(html(MailPage { page: Page::new("Thư điện tử", &viewer), list, state }))
}

async fn again(State(app): State<App>, SignedIn { actor, .. }: SignedIn, Id(id): Id<MailId>) -> Outcome {
    resend(&app, &actor, &id).await?;
    Ok(see_other("/mail?done=resent"))
}

async fn own_again(State(app): State<App>, SignedIn { actor, .. }: SignedIn) -> Outcome {
    resend_own(&app, &actor).await?;
    Ok(see_other("/account?done=resent"))
}

#[derive(Template)]
#[template(path = "mail/wording.html")]
struct WordingPage {
    page: Page,
    form: WordingInput,
    /// Subject and text of a letter in these words.
    specimen: (String, String),
    errors: Errors,
}

impl WordingPage {
    fn places(&self) -> &'static [(&'static str, &'static str)] {
        &PLACES
    }

    async fn new(
        app: &App,
        actor: &Actor,
        page: Page,
        form: WordingInput,
        errors: Errors,
    ) -> Result<Self, AppError> {
        let words = LetterWording {
            subject: form.subject.clone(),
            opening: form.opening.clone(),
            closing: form.closing.clone(),
        };
        let specimen = specimen(app, actor, office(actor), &words).await?;
        Ok(Self { page, form, specimen, errors })
    }
}

const WORDING: &str = "Lời thư thông báo";

async fn words(State(app): State<App>, SignedIn { actor, viewer }: SignedIn) -> Outcome {
    let sheet = wording(&app, &actor, office(&actor)).await?;
    let form = WordingInput {
        subject: sheet.words.subject,
        opening: sheet.words.opening,
        closing: sheet.words.closing,
        version: sheet.version,
    };
    let page = Page::new(WORDING, &viewer);
    Ok(html(WordingPage::new(&app, &actor, page, form, Errors::none()).await?))
}

async fn keep_words(
    State(app): State<App>,
    SignedIn { actor, viewer }: SignedIn,
    Form(mut form): Form<WordingInput>,
) -> Outcome {
    // Browsers send line ends as CR LF; letters are kept with LF.
    for text in [&mut form.opening, &mut form.closing] {
        *text = text.replace("\r\n", "\n");
    }
    match set_wording(&app, &actor, office(&actor), &form).await {
        Ok(()) => Ok(see_other("/mail/wording?done=saved")),
        Err(error) if is_for_the_form(&error) => {
            let page = Page::new(WORDING, &viewer).refused(&error);
            let errors = Errors::from(&error);
            Ok(html_with(status_of(&error), WordingPage::new(&app, &actor, page, form, errors).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// The office that the person works for; empty for others, who are refused.
fn office(actor: &Actor) -> &str {
    office_of(actor).unwrap_or_default()
}
