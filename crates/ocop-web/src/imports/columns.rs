//! What each column of a file is.

use askama::Template;
use axum::extract::State;
use axum_extra::extract::Form;
use ocop_app::imports::{self, Naming, NamingInput};
use ocop_app::{App, AppError};
use ocop_core::id::ImportId;
use ocop_core::imports::columns::Column;
use ocop_core::text::thousands;
use serde::Deserialize;

use crate::page::{Errors, Id, Outcome, Page, html, html_with, is_for_the_form, see_other, status_of};
use crate::viewer::SignedIn;

#[derive(Template)]
#[template(path = "imports/columns.html")]
struct ColumnsPage {
    page: Page,
    seen: Naming,
    /// Keys of columns as chosen: from the file's shape, or as typed in a refused form.
    chosen: Vec<String>,
    sets: String,
    errors: Errors,
}

impl ColumnsPage {
    fn all(&self) -> &'static [Column] {
        Column::ALL
    }

    fn is_chosen(&self, at: &usize, column: &Column) -> bool {
        self.chosen.get(*at).is_some_and(|key| key == column.code())
    }

    fn rows(&self) -> String {
        thousands(self.seen.run.rows_total)
    }

    /// Names of the columns that a file must have.
    fn required(&self) -> String {
        let names = Column::ALL.iter().filter(|column| column.required()).map(|column| column.name());
        names.collect::<Vec<_>>().join(", ")
    }
}

fn page(signed: &SignedIn, seen: Naming, typed: Option<(&NamingInput, &AppError)>) -> ColumnsPage {
    let page = Page::new("Ghép cột của tệp", &signed.viewer);
    let guessed = || seen.columns.iter().map(|one| one.column.map_or("", Column::code).to_owned()).collect();
    let (page, chosen, sets) = match typed {
        Some((input, error)) => (page.refused(error), input.columns.clone(), input.sets.clone()),
        None => (page, guessed(), seen.run.sets.clone()),
    };
    let errors = typed.map(|(_, error)| Errors::from(error)).unwrap_or_default();
    ColumnsPage { page, seen, chosen, sets, errors }
}

/// Shows the columns with example values.
pub async fn form(State(app): State<App>, signed: SignedIn, Id(id): Id<ImportId>) -> Outcome {
    let run = imports::run(&app, &signed.actor, &id).await?;
    if !run.state.is_open() {
        return Ok(see_other(&format!("/imports/{id}")));
    }
    let seen = imports::naming(&app, &signed.actor, &id).await?;
    Ok(html(page(&signed, seen, None)))
}

/// Which sheet is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sheet {
    /// Its name.
    sheet: String,
}

/// Reads another sheet of the file.
pub async fn choose_sheet(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ImportId>,
    Form(wanted): Form<Sheet>,
) -> Outcome {
    match imports::choose_sheet(&app, &signed.actor, &id, &wanted.sheet).await {
        Ok(()) => Ok(see_other(&format!("/imports/{id}/columns"))),
        Err(error @ AppError::Invalid(_)) => {
            let seen = imports::naming(&app, &signed.actor, &id).await?;
            let mut page = page(&signed, seen, None);
            page.errors = Errors::from(&error);
            Ok(html_with(status_of(&error), page))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tries the rows under these names; nothing of the register changes.
pub async fn check(
    State(app): State<App>,
    signed: SignedIn,
    Id(id): Id<ImportId>,
    Form(input): Form<NamingInput>,
) -> Outcome {
    match imports::check(&app, &signed.actor, &id, &input).await {
        Ok(()) => Ok(see_other(&format!("/imports/{id}"))),
        Err(error) if is_for_the_form(&error) => {
            let seen = imports::naming(&app, &signed.actor, &id).await?;
            Ok(html_with(status_of(&error), page(&signed, seen, Some((&input, &error)))))
        }
        Err(error) => Err(error.into()),
    }
}
