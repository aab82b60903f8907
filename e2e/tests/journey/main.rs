//! One product of one producer goes from an empty database to its star and its certificate, and products
//! that have stars go through the rest of their lives, step by step through the pages that people use, on
//! a phone and on a desktop.

mod advice;
mod commune;
mod council;
mod imports;
mod merging;
mod office;
mod producer;
mod province;
mod public;
mod registry;
mod reports;
mod sheet;
mod stage;

use e2e::Browser;
use stage::Stage;

async fn walk(stage: &Stage) -> anyhow::Result<()> {
    office::begin(stage).await?;
    producer::register(stage).await?;
    let dossier = producer::submit(stage).await?;
    commune::propose(stage, &dossier).await?;
    let council = office::accept(stage).await?;
    advice::ask(stage).await?;
    producer::answer_request(stage).await?;
    advice::report(stage, &dossier).await?;
    council::open_session(stage).await?;
    council::first_turn(stage, &dossier).await?;
    council::discuss(stage, &dossier).await?;
    council::second_turn(stage).await?;
    council::confirm(stage, &dossier).await?;
    let code = office::decide(stage, &dossier, &council).await?;
    producer::read_result(stage, &dossier).await?;
    registry::look_through(stage).await?;
    imports::bring_in(stage).await?;
    reports::count(stage).await?;
    merging::merge(stage).await?;
    public::look(stage, &code).await?;
    stage.ocop.run(&["journal", "verify"])?.success()?;
    Ok(())
}

#[tokio::test]
async fn from_the_dossier_to_the_certificate_on_a_phone() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("journey").await? else { return Ok(()) };
    walk(&Stage::new(browser, false).await?).await
}

#[tokio::test]
async fn from_the_dossier_to_the_certificate_on_a_desktop() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("journey").await? else { return Ok(()) };
    walk(&Stage::new(browser, true).await?).await
}

#[tokio::test]
async fn the_life_of_a_star_on_a_phone() -> anyhow::Result<()> {
    let Some(browser) = Browser::phone("life").await? else { return Ok(()) };
    province::walk(&Stage::in_the_province(browser, false).await?).await
}

#[tokio::test]
async fn the_life_of_a_star_on_a_desktop() -> anyhow::Result<()> {
    let Some(browser) = Browser::desktop("life").await? else { return Ok(()) };
    province::walk(&Stage::in_the_province(browser, true).await?).await
}
