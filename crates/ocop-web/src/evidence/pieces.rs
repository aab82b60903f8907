//! Files that come in pieces: tus 1.0.0 with creation, expiration and termination
//! (<https://tus.io/protocols/resumable-upload>). When the last byte has come, the ordinary form is sent with the
//! file's id in place of the file.
//!
//! Other sites' pages cannot send here: the layer over all routes refuses their requests whatever the method, and
//! what is needed here beside it (`Tus-Resumable`, `PATCH`) is nothing that a foreign form can send.

use std::pin::Pin;

use axum::body::{Body, HttpBody as _};
use axum::extract::State;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use ocop_app::evidence::uploads::{self, Progress};
use ocop_app::{App, AppError, Refusal};
use ocop_core::evidence::{BadUpload, FILE_LIMIT};
use ocop_core::id::{ProducerId, UploadId};
use ocop_core::people::Actor;
use serde_json::json;

use crate::page::{Id, IdAnd, Outcome, json, status_of};
use crate::viewer::SignedIn;

/// The version of the protocol.
const VERSION: &str = "1.0.0";

/// How many bytes are gathered before they are written: each writing waits for the disk.
const GATHERED: usize = 256 * 1024;

const PIECE: &str = "application/offset+octet-stream";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// What the server can do, for anybody.
pub async fn told() -> Response {
    let told = [
        (RESUMABLE, VERSION.to_owned()),
        (HeaderName::from_static("tus-version"), VERSION.to_owned()),
        (HeaderName::from_static("tus-extension"), "creation,expiration,termination".to_owned()),
        (HeaderName::from_static("tus-max-size"), FILE_LIMIT.to_string()),
    ];
    (StatusCode::NO_CONTENT, told).into_response()
}

/// Begins with a file.
pub async fn begin(
    State(app): State<App>,
    signed: SignedIn,
    Id(producer): Id<ProducerId>,
    headers: HeaderMap,
) -> Outcome {
    uploads::may_begin(&app, &signed.actor, &producer).await?;
    if !is_understood(&headers) {
        return Ok(other_version());
    }
    let Some(length) = number(&headers, &LENGTH) else { return Ok(unclear(StatusCode::BAD_REQUEST)) };
    let metadata = headers.get(METADATA).and_then(|told| told.to_str().ok()).unwrap_or_default();
    answered(uploads::begin(&app, &signed.actor, &producer, length, metadata).await, |progress| {
        let place = [(header::LOCATION, format!("/producers/{producer}/uploads/{}", progress.id))];
        (StatusCode::CREATED, place, expiry(progress)).into_response()
    })
}

/// One step with a file: `HEAD` asks how far it has come, `PATCH` brings the next piece, `DELETE` throws it away.
/// Where a network lets only `POST` through, the method stands in a head (protocol, "X-HTTP-Method-Override").
pub async fn step(
    State(app): State<App>,
    signed: SignedIn,
    IdAnd(producer, id): IdAnd<ProducerId>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Outcome {
    let (app, actor) = (&app, &signed.actor);
    let meant = headers.get("x-http-method-override").and_then(|method| method.to_str().ok());
    let method =
        meant.filter(|_| method == Method::POST).and_then(|method| method.parse().ok()).unwrap_or(method);
    let id: UploadId = id.parse().map_err(|_| AppError::NotFound)?;
    let progress = match uploads::progress(app, actor, &id).await {
        Ok(progress) if progress.producer == producer => progress,
        Ok(_) => return Err(AppError::NotFound.into()),
        // Somebody else's and one that never was are the same page.
        Err(AppError::Refused(Refusal::Upload(BadUpload::Gone))) => return Err(AppError::NotFound.into()),
        Err(other) => return answered(Err(other), |()| Response::default()),
    };
    if !is_understood(&headers) {
        return Ok(other_version());
    }
    match method {
        Method::HEAD => Ok(told_of(&progress)),
        Method::PATCH => receive(app, actor, &progress, &headers, body).await,
        Method::DELETE => answered(uploads::discard(app, actor, &id).await, |()| {
            (StatusCode::NO_CONTENT, [(RESUMABLE, VERSION)]).into_response()
        }),
        _ => Ok(unclear(StatusCode::BAD_REQUEST)),
    }
}

fn told_of(progress: &Progress) -> Response {
    let length = [(LENGTH, progress.length.to_string())];
    let mut response = (StatusCode::NO_CONTENT, length, offset(progress), expiry(progress)).into_response();
    // It came as a head, so it can go as one.
    if let Ok(metadata) = HeaderValue::from_str(&progress.metadata)
        && !metadata.is_empty()
    {
        response.headers_mut().insert(METADATA, metadata);
    }
    response
}

/// Writes what comes, as it comes: when the connection breaks, all but the last moments is kept.
async fn receive(
    app: &App,
    actor: &Actor,
    before: &Progress,
    headers: &HeaderMap,
    mut body: Body,
) -> Outcome {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != PIECE) {
        return Ok(unclear(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let Some(at) = number(headers, &OFFSET) else { return Ok(unclear(StatusCode::BAD_REQUEST)) };
    // Refused before anything of it is written, where the sender tells how much comes.
    let more = number(headers, &header::CONTENT_LENGTH).unwrap_or_default();
    if let Err(bad) = ocop_core::evidence::may_add(before.length, before.received, at, more) {
        return Ok(refused(&bad.into()));
    }
    let mut progress = before.clone();
    let mut gathered = Vec::new();
    while let Some(frame) = std::future::poll_fn(|ready| Pin::new(&mut body).poll_frame(ready)).await {
        let Ok(frame) = frame else { return Ok(unclear(StatusCode::BAD_REQUEST)) };
        gathered.extend(frame.into_data().unwrap_or_default());
        if gathered.len() >= GATHERED {
            match uploads::add(app, actor, &progress.id, progress.received, std::mem::take(&mut gathered))
                .await
            {
                Ok(further) => progress = further,
                Err(error) => return answered(Err(error), |()| Response::default()),
            }
        }
    }
    let last = uploads::add(app, actor, &progress.id, progress.received, gathered).await;
    answered(last, |progress| (StatusCode::NO_CONTENT, offset(progress), expiry(progress)).into_response())
}

fn offset(progress: &Progress) -> [(HeaderName, String); 1] {
    [(OFFSET, progress.received.to_string())]
}

fn expiry(progress: &Progress) -> [(HeaderName, String); 2] {
    [(RESUMABLE, VERSION.to_owned()), (EXPIRES, progress.expires.http_date())]
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Whether the sender speaks our version of the protocol.
fn is_understood(headers: &HeaderMap) -> bool {
    headers.get(RESUMABLE).is_some_and(|version| version == VERSION)
}

fn other_version() -> Response {
    let mut answer = unclear(StatusCode::PRECONDITION_FAILED);
    answer.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
    answer
}

/// What cannot be read as this protocol.
fn unclear(status: StatusCode) -> Response {
    with_version(json(
        status,
        &json!({ "message": "Máy chủ không hiểu yêu cầu tải tệp này. Hãy tải lại trang rồi thử lần nữa." }),
    ))
}

fn with_version(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// What came of it, or the refusal as the protocol's status; what is no refusal is a page.
fn answered<T>(outcome: Result<T, AppError>, done: impl FnOnce(&T) -> Response) -> Outcome {
    match outcome {
        Ok(value) => Ok(done(&value)),
        Err(error @ AppError::Refused(_)) => Ok(refused(&error)),
        Err(error) => Err(error.into()),
    }
}

fn refused(error: &AppError) -> Response {
    let status = if let AppError::Refused(Refusal::Upload(bad)) = error {
        status_of_upload(bad)
    } else {
        status_of(error)
    };
    with_version(json(status, &json!({ "message": error.to_string() })))
}

fn status_of_upload(bad: &BadUpload) -> StatusCode {
    match bad {
        BadUpload::Empty | BadUpload::Metadata | BadUpload::Unfinished { .. } => StatusCode::BAD_REQUEST,
        BadUpload::TooLarge | BadUpload::Beyond => StatusCode::PAYLOAD_TOO_LARGE,
        BadUpload::TooMany => StatusCode::TOO_MANY_REQUESTS,
        BadUpload::Elsewhere { .. } => StatusCode::CONFLICT,
        BadUpload::Expired => StatusCode::GONE,
        BadUpload::Gone => StatusCode::NOT_FOUND,
    }
}
