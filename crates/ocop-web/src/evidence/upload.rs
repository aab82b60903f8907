//! Reads a sent form with one file. The limit is the program's own, so that a file that is too
//! large ends in a sentence and not in a broken connection.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use ocop_app::evidence::{EvidenceInput, Upload, uploads};
use ocop_app::{App, AppError, Refusal};
use ocop_core::evidence::FILE_LIMIT;
use ocop_core::people::Actor;

/// Endings that browsers offer to choose.
pub const ACCEPTED: &str = ".pdf,.jpg,.jpeg,.png,.webp,.mp4,.docx,.xlsx";

/// Longest text field of a form with a file, in bytes.
const TEXT_LIMIT: usize = 64 * 1024;

/// What is read of a form, and thrown away beyond the limit of its fields, before the sender is cut
/// off, in bytes.
const PATIENCE: u64 = 4 * FILE_LIMIT;

/// More text fields than any form with a file has.
const FIELD_LIMIT: usize = 40;

/// A form with a file, as sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Text fields by name.
    pub fields: BTreeMap<String, String>,
    /// The file; empty when none was chosen.
    pub upload: Upload,
}

impl Sent {
    /// Reads the form.
    ///
    /// # Errors
    /// A refusal when the form is broken off or not a form.
    pub async fn read(mut form: Multipart) -> Result<Self, AppError> {
        let mut sent = Self::default();
        let mut seen: u64 = 0;
        while let Some(mut field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let limit = match &file_name {
                Some(_) => usize::try_from(FILE_LIMIT).unwrap_or(usize::MAX),
                None => TEXT_LIMIT,
            };
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(broken)? {
                seen = seen.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
                if bytes.len() <= limit {
                    // One byte more than allowed stays, so that the verb sees what is too large.
                    let room = limit.saturating_add(1).saturating_sub(bytes.len());
                    bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                }
                if seen > PATIENCE {
                    return Err(too_much());
                }
            }
            match file_name {
                Some(file_name) => sent.upload = Upload { file_name, bytes },
                None if sent.fields.len() >= FIELD_LIMIT => return Err(too_much()),
                None => {
                    sent.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        Ok(sent)
    }

    /// The sent file, or the one that came in pieces before the form and is named in its field `upload`.
    ///
    /// # Errors
    /// A fault beside the file's field when that one is not there or has not come in full.
    pub async fn file(&mut self, app: &App, actor: &Actor) -> Result<Upload, AppError> {
        match self.pieces() {
            Some(pieces) => uploads::whole(app, actor, pieces).await,
            None => Ok(std::mem::take(&mut self.upload)),
        }
    }

    /// Throws away what came in pieces, once the verb has kept it. The paper is there whatever becomes of it: what is
    /// left goes when its time is over.
    pub async fn is_kept(&self, app: &App, actor: &Actor) {
        let Some(id) = self.pieces().and_then(|pieces| pieces.parse().ok()) else { return };
        if let Err(fault) = uploads::discard(app, actor, &id).await {
            tracing::warn!(%fault, upload = %id, "a file that is kept was not thrown away");
        }
    }

    fn pieces(&self) -> Option<&str> {
        self.fields.get("upload").map(String::as_str).filter(|pieces| !pieces.is_empty())
    }

    /// A text field, empty when it was not sent.
    pub fn text(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    /// The description of the paper.
    pub fn input(&self) -> EvidenceInput {
        EvidenceInput {
            kind: self.text("kind"),
            title: self.text("title"),
            number: self.text("number"),
            issuer: self.text("issuer"),
            issued_on: self.text("issued_on"),
            expires_on: self.text("expires_on"),
        }
    }
}

fn too_much() -> AppError {
    Refusal::because(
        "Nội dung gửi lên quá lớn nên đã dừng nhận, chưa lưu gì. Mỗi lần chỉ gửi một tệp, nhiều nhất 50 MB.",
    )
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn broken(error: axum::extract::multipart::MultipartError) -> AppError {
    tracing::info!(%error, "upload broken off");
    Refusal::because(
        "Tệp chưa tải lên trọn vẹn (mất kết nối giữa chừng). Hãy chọn lại tệp và tải lên lần nữa.",
    )
}
