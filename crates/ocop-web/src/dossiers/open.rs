//! Opening a dossier for a product.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use ocop_app::dossiers::{self, OpenForm};
use ocop_app::{App, AppError, Refusal};
use ocop_core::dossiers::DossierKind;
use ocop_core::id::ProductId;
use ocop_core::time::date;
use serde::Deserialize;

use crate::page::{Outcome, Page, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

/// The product, from the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    product: String,
}

/// The product and the round, as sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OpenInput {
    product: String,
    round: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "dossiers/open.html")]
struct OpenPage {
    page: Page,
    form: OpenForm,
    rounds: Vec<RoundRow>,
}

impl OpenPage {
    /// Whether any kind can be opened today.
    fn can_open(&self) -> bool {
        self.form.kinds.iter().any(|choice| choice.refused.is_empty())
    }

    /// What a kind is for, in plain words.
    fn about(&self, kind: &DossierKind) -> &'static str {
        match kind {
            DossierKind::First => "Sản phẩm chưa có giấy chứng nhận còn hiệu lực",
            DossierKind::Upgrade => {
                "Muốn được nhiều sao hơn; hồ sơ lấy lại từ lần trước, chỉ sửa những gì đã khác"
            }
            DossierKind::Renewal => {
                "Giấy chứng nhận sắp hết hạn; hồ sơ lấy lại từ lần trước, chỉ sửa những gì đã khác"
            }
        }
    }
}

struct RoundRow {
    id: String,
    name: String,
    propose_by: String,
    result_by: String,
}

async fn shown(
    app: &App,
    signed: &SignedIn,
    product: &str,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let product: ProductId = product.parse().map_err(|_| AppError::NotFound)?;
    let form = dossiers::open_form(app, &signed.actor, &product).await?;
    let rounds = form.rounds.iter().map(|round| RoundRow {
        id: round.id.to_string(),
        name: round.name.clone(),
        propose_by: date(round.propose_by),
        result_by: date(round.result_by),
    });
    let rounds = rounds.collect();
    let page = Page::new("Mở hồ sơ OCOP", &signed.viewer);
    let page = match error {
        Some(error) => page.refused(error),
        None => page,
    };
    Ok(html_with(error.map_or(StatusCode::OK, status_of), OpenPage { page, form, rounds }))
}

/// The page that opens a dossier.
pub async fn get(State(app): State<App>, signed: SignedIn, Query(asked): Query<Asked>) -> Outcome {
    Ok(shown(&app, &signed, &asked.product, None).await?)
}

/// Opens it.
pub async fn post(State(app): State<App>, signed: SignedIn, Form(input): Form<OpenInput>) -> Outcome {
    let product: ProductId = input.product.parse().map_err(|_| AppError::NotFound)?;
    let round = input.round.parse().map_err(|_| AppError::NotFound)?;
    let opened = match input.kind.parse() {
        Ok(kind) => dossiers::open(&app, &signed.actor, &product, &round, kind).await,
        Err(_) => Err(Refusal::because("Chọn lần đăng ký: lần đầu, nâng hạng hoặc đánh giá lại.")),
    };
    match opened {
        Ok(id) => Ok(see_other(&format!("/dossiers/{id}?done=opened"))),
        Err(error) if is_for_the_form(&error) => {
            Ok(shown(&app, &signed, &input.product, Some(&error)).await?)
        }
        Err(error) => Err(error.into()),
    }
}
