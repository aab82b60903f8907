//! The file of a paper, as it was uploaded.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use ocop_app::App;
use ocop_app::evidence::{self, EvidenceFile};
use ocop_core::evidence::MediaType;
use ocop_core::id::EvidenceId;

use crate::address::encoded;
use crate::page::{Id, Outcome};
use crate::viewer::SignedIn;

/// Nothing in a file may run or load anything; only our own pages may frame it.
const FILE_POLICY: &str = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; \
    frame-ancestors 'self'; sandbox";

/// The same without a sandbox, in which browsers do not show PDF; their viewers have their own.
const PDF_POLICY: &str = "default-src 'none'; object-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// The file, to be shown in a page of ours where browsers can, to be saved otherwise.
pub async fn get(
    State(app): State<App>,
    signed: SignedIn,
    headers: HeaderMap,
    Id(id): Id<EvidenceId>,
) -> Outcome {
    let file = evidence::file(&app, &signed.actor, &id).await?;
    let asked = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let tag = format!("\"{}\"", file.hash);
    if asked(header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let (head, part) = answer(&file, tag, asked(header::RANGE));
    let bytes = match part {
        Part::Whole => evidence::piece(&app, &file, 0..file.size).await?,
        Part::Piece(first, last) => evidence::piece(&app, &file, first..last.saturating_add(1)).await?,
        Part::Nothing => return Ok(head),
    };
    let mut response = head;
    *response.body_mut() = bytes.into();
    Ok(response)
}

/// What of a file is sent.
enum Part {
    /// All of it.
    Whole,
    /// From one byte to another, both sent.
    Piece(u64, u64),
    /// The file has no such bytes.
    Nothing,
}

/// The answer without its bytes, and which bytes belong to it: a film is asked for in many pieces, and none of
/// them reads the whole file.
fn answer(file: &EvidenceFile, tag: String, range: Option<&str>) -> (Response, Part) {
    let policy = match file.media_type {
        MediaType::Pdf => PDF_POLICY,
        MediaType::Jpeg
        | MediaType::Png
        | MediaType::Webp
        | MediaType::Mp4
        | MediaType::Docx
        | MediaType::Xlsx => FILE_POLICY,
    };
    let head = [
        (header::CONTENT_TYPE, file.media_type.code().to_owned()),
        (header::CONTENT_DISPOSITION, disposition(file.media_type, &file.file_name)),
        (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
    ];
    let size = file.size;
    match range.map(|range| span(range, size)) {
        None => (head.into_response(), Part::Whole),
        Some(Some((first, last))) => {
            let told = [(header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}"))];
            ((StatusCode::PARTIAL_CONTENT, head, told).into_response(), Part::Piece(first, last))
        }
        Some(None) => {
            let told = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            ((StatusCode::RANGE_NOT_SATISFIABLE, told).into_response(), Part::Nothing)
        }
    }
}

/// The first and last byte of a single range such as `bytes=0-99`, `bytes=100-` or `bytes=-50`:
/// players ask for pieces of a film.
fn span(range: &str, size: u64) -> Option<(u64, u64)> {
    let (from, to) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let end = size.checked_sub(1)?;
    let (first, last) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(first), Ok(last)) => (first, last.min(end)),
        (Ok(first), Err(_)) if to.is_empty() => (first, end),
        (Err(_), Ok(count)) if from.is_empty() && count > 0 => (size.saturating_sub(count), end),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => return None,
    };
    (first <= last).then_some((first, last))
}

/// Shown in place or saved, under the paper's file name (RFC 6266).
fn disposition(media: MediaType, file_name: &str) -> String {
    let way = match media {
        MediaType::Pdf | MediaType::Jpeg | MediaType::Png | MediaType::Webp | MediaType::Mp4 => "inline",
        MediaType::Docx | MediaType::Xlsx => "attachment",
    };
    format!("{way}; filename=\"giay-to.{}\"; filename*=UTF-8''{}", media.extension(), encoded(file_name))
}
