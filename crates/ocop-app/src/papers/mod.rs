//! The official papers, each out of the kept facts: what was submitted, sealed, confirmed, decided.
//!
//! A paper is made when it is asked for. The same facts give the same bytes: a paper carries the
//! dates of what it tells, never the day it was printed. Numbers, dates and names that are only
//! known after signing leave room to write. A paper that leaves the office takes its number when it
//! is signed ([`issue`]): what it was made of and the file are kept from then on, and a signed copy
//! that is attached stands in for both ([`outgoing`]).

mod advice;
mod certificate;
mod decision;
mod filed;
mod form01;
mod form02;
mod form03;
mod issue;
mod letter;
mod minutes;
pub(crate) mod names;
mod notice;
mod outgoing;
#[cfg(test)]
mod outgoing_tests;
mod revocation;
mod sample_labels;
mod score_sheet;
mod tally;
#[cfg(test)]
mod tests;

pub use advice::advice;
pub(crate) use advice::{contents, has_advice};
pub use certificate::certificate;
pub(crate) use certificate::may_print;
pub(crate) use decision::{
    Signed, about_decision, content as decision_content, on_centre as decision_on_centre,
};
pub use decision::{decision, draft_decision};
pub(crate) use filed::unit;
pub use form01::form01;
pub use form02::form02;
pub use form03::form03;
pub use issue::{DossierPaper, IssueInput, IssueView, issue_of_dossier, issuing, letter};
pub(crate) use issue::{NewPaper, Signing, issue, next_number, of_office, papers_of, read_signing};
pub(crate) use letter::{letterhead, signature};
pub use minutes::minutes;
pub use notice::notice;
pub use ocop_store::papers::SignedCopy;
pub(crate) use outgoing::of_record;
pub use outgoing::{
    GapInput, Line, OutgoingView, PaperView, Series, Which, attach_copy, explain_gap, outgoing, paper,
    paper_file,
};
pub use revocation::revocation;
pub(crate) use revocation::{RevocationTold, issue_revocation};
pub use sample_labels::sample_labels;
pub use score_sheet::score_sheet;
pub use tally::tally;

use std::fmt;
use std::sync::Arc;

use ocop_core::rules::ProductSet;
use ocop_core::scoring::Fraction;
use ocop_core::text::fold_words;
use ocop_documents::{DocumentError, Engine, Pdf};

use crate::{App, AppError};

/// Letters of a product's name that a file name keeps.
const STEM_LIMIT: usize = 60;

/// A finished paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// A name for the file: letters, digits and hyphens only, with `.pdf`.
    pub file_name: String,
    /// The file.
    pub pdf: Vec<u8>,
}

impl fmt::Debug for Paper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Paper({}, {} bytes)", self.file_name, self.pdf.len())
    }
}

/// Sets a paper apart from the threads that answer requests: it takes tens of milliseconds.
pub(crate) async fn set<Render>(
    app: &App,
    kind: &'static str,
    about: &str,
    render: Render,
) -> Result<Paper, AppError>
where
    Render: FnOnce(&Engine) -> Result<Pdf, DocumentError> + Send + 'static,
{
    Ok(Paper { file_name: file_name(kind, about), pdf: made(app, kind, render).await? })
}

/// The same without a name.
async fn made<Render>(app: &App, kind: &'static str, render: Render) -> Result<Vec<u8>, AppError>
where
    Render: FnOnce(&Engine) -> Result<Pdf, DocumentError> + Send + 'static,
{
    let engine = Arc::clone(&app.documents);
    let made = tokio::task::spawn_blocking(move || render(&engine)).await;
    let pdf =
        made.map_err(|fault| DocumentError::Template { template: kind, reason: fault.to_string() })??;
    Ok(pdf.bytes)
}

/// An address for a QR code: scheme and host are written in capitals, which mean the same and are easier
/// to read off a print.
fn capital_host(base: &str) -> String {
    let host = base.find("://").map_or(0, |at| at + 3);
    let end = base[host..].find('/').map_or(base.len(), |at| host + at);
    format!("{}{}", base[..end].to_uppercase(), &base[end..])
}

/// `phieu-cham-mat-ong-hoa-rung.pdf`
fn file_name(kind: &str, about: &str) -> String {
    let mut name = kind.to_owned();
    for word in fold_words(about) {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if name.len() + plain.len() > kind.len() + STEM_LIMIT {
            break;
        }
        if !plain.is_empty() {
            name.push('-');
            name.push_str(&plain);
        }
    }
    format!("{name}.pdf")
}

/// `4. Mật ong, mật khác và nông sản thực phẩm khác`
fn set_name(set: &ProductSet) -> String {
    format!("{}. {}", set.no, set.name)
}

/// A mean in hundredths of a point, rounded half up as everywhere.
fn hundredths(mean: Fraction) -> i64 {
    mean.scaled(2)
}
