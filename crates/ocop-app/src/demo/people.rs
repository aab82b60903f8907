//! The people of a story get their accounts.

use ocop_core::people::Actor;
use ocop_core::units::CENTRE;

use super::PASSWORD;
use super::data::Account;
use crate::accounts::{self, GrantInput, RegisterInput};
use crate::{App, AppError, Refusal};

/// Gives an officer or assessor the account with all its roles.
pub(super) async fn grant(app: &App, province: &str, account: &Account) -> Result<Actor, AppError> {
    let mut person = None;
    for role in &account.roles {
        let input = GrantInput {
            name: account.name.clone(),
            title: format!("{}, {}", account.title, account.agency),
            email: account.email.clone(),
            role: role.kind.clone(),
            commune: role.unit.clone(),
            password: PASSWORD.to_owned(),
        };
        let office = if role.unit == CENTRE { CENTRE } else { province };
        person = Some(accounts::grant_by_system(app, office, &input).await?);
    }
    match person {
        Some(person) => accounts::actor_of(app, &person).await,
        None => Err(Refusal::because(format!("dữ liệu minh họa: «{}» không có vai trò", account.email))),
    }
}

/// Somebody registers to act for a producer.
pub(super) async fn sign_up(app: &App, name: &str, email: &str, phone: &str) -> Result<Actor, AppError> {
    let input = RegisterInput {
        name: name.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        password: PASSWORD.to_owned(),
    };
    let person = accounts::register(app, &input).await?;
    accounts::actor_of(app, &person).await
}
