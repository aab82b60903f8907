//! A product's public page: stars only while a certificate says so.

use askama::Template;
use axum::extract::State;
use ocop_app::App;
use ocop_app::public::{ProductPage as ProductView, product};
use ocop_core::id::ProductId;
use ocop_core::recognition::Validity;

use crate::page::{Id, Outcome, Page, html};
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "public/product.html")]
struct ProductPage {
    page: Page,
    view: ProductView,
}

impl ProductPage {
    /// Why no stars are shown.
    fn why_none(&self) -> String {
        let certificate = &self.view.certificate;
        match certificate.validity {
            Validity::InForce => String::new(),
            Validity::Expired => format!("Giấy chứng nhận đã hết hạn ngày {}", certificate.ends_on),
            Validity::Revoked => format!("Giấy chứng nhận bị thu hồi từ ngày {}", certificate.revoked_on),
            Validity::NotYet => format!("Giấy chứng nhận có hiệu lực từ ngày {}", certificate.issued_on),
        }
    }
}

/// The page.
pub async fn get(State(app): State<App>, viewer: Viewer, Id(id): Id<ProductId>) -> Outcome {
    let view = product(&app, &id).await?;
    Ok(html(ProductPage { page: Page::new(view.name.clone(), &viewer), view }))
}
