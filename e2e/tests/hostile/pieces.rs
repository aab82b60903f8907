//! Files that come in pieces: nobody else goes on with one, nothing foreign, wrong or too long is taken, and what was
//! acknowledged is there after the program was killed.

use anyhow::ensure;
use e2e::{Fetch, Reply};

use crate::doors::begin_upload;
use crate::stage::{Faults, OFFICE, OTHER_PRODUCER, PRODUCER, Reading, Stage, told};

/// Sends a piece that begins `at`.
async fn piece(fetch: &Fetch, place: &str, at: &str, bytes: &[u8]) -> anyhow::Result<Reply> {
    let mut tus = fetch.clone().with_header("Tus-Resumable", "1.0.0").with_header("Upload-Offset", at);
    tus.request("PATCH", place, Some("application/offset+octet-stream"), bytes.to_vec()).await
}

/// Asks about a file by another method, as where a network lets only `POST` through.
async fn asked(fetch: &Fetch, method: &str, place: &str) -> anyhow::Result<Reply> {
    let tus = fetch.clone().with_header("Tus-Resumable", "1.0.0");
    tus.with_header("X-HTTP-Method-Override", method).request("POST", place, None, Vec::new()).await
}

async fn producer_of(stage: &Stage) -> anyhow::Result<(Fetch, String)> {
    let mut fetch = stage.enter(PRODUCER).await?;
    let product = fetch.link("/producers", "/products/").await?;
    let producer = fetch.link(&product, "/producers/").await?;
    Ok((fetch, producer))
}

#[tokio::test]
async fn nobody_else_goes_on_with_a_file() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut own, producer) = producer_of(&stage).await?;
    let place = begin_upload(&mut own, &producer).await?;
    let mut faults = Faults::default();
    for who in [OTHER_PRODUCER, OFFICE] {
        let stranger = stage.enter(who).await?;
        for reply in [
            piece(&stranger, &place, "0", b"0123").await?,
            asked(&stranger, "HEAD", &place).await?,
            asked(&stranger, "DELETE", &place).await?,
        ] {
            faults.check(reply.status == 404, || format!("{who}: {}", told(&reply)));
        }
    }
    let elsewhere = own.clone().with_header("Origin", "https://evil.example");
    for reply in [piece(&elsewhere, &place, "0", b"0123").await?, asked(&elsewhere, "DELETE", &place).await?]
    {
        faults.check(reply.status == 403, || format!("another site: {}", told(&reply)));
    }
    let kept = asked(&own, "HEAD", &place).await?;
    faults.check(kept.header("upload-offset") == Some("0"), || told(&kept));
    faults.none()
}

#[tokio::test]
async fn wrong_pieces_are_refused_and_nothing_of_them_is_kept() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (mut own, producer) = producer_of(&stage).await?;
    let place = begin_upload(&mut own, &producer).await?;
    let mut faults = Faults::default();
    for (at, bytes, status) in [
        ("5", &b"56789"[..], 409),
        ("0", b"0123456789a", 413),
        ("-1", b"0", 400),
        ("99999999999999999999", b"0", 400),
        ("x", b"0", 400),
    ] {
        let reply = piece(&own, &place, at, bytes).await?;
        faults.check(reply.status == status, || format!("{at}: expected {status}, got {}", told(&reply)));
    }
    for (length, status) in [("52428801", 413), ("18446744073709551616", 400), ("-1", 400), ("0", 400)] {
        let tus = own.clone().with_header("Tus-Resumable", "1.0.0");
        let reply = tus
            .with_header("Upload-Length", length)
            .request("POST", &format!("{producer}/uploads"), None, Vec::new())
            .await?;
        faults.check(reply.status == status, || format!("{length}: expected {status}, got {}", told(&reply)));
    }
    let reply = asked(&own, "HEAD", &place).await?;
    faults.check(reply.header("upload-offset") == Some("0"), || told(&reply));
    faults.none()
}

#[tokio::test]
async fn a_file_goes_on_after_the_program_was_killed() -> anyhow::Result<()> {
    let mut stage = Stage::open().await?;
    let (mut own, producer) = producer_of(&stage).await?;
    let place = begin_upload(&mut own, &producer).await?;
    let reply = piece(&own, &place, "0", b"0123").await?;
    ensure!(reply.status == 204, "{}", told(&reply));
    stage.ocop.kill()?;
    stage.ocop.restart().await?;
    let own = stage.enter(PRODUCER).await?;
    let reply = asked(&own, "HEAD", &place).await?;
    ensure!(reply.header("upload-offset") == Some("4"), "{}", told(&reply));
    let reply = piece(&own, &place, "4", b"456789").await?;
    ensure!(reply.header("upload-offset") == Some("10"), "{}", told(&reply));
    Ok(())
}
