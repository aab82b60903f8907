//! Accounts, roles and the sessions of signed-in people.

use ocop_core::id::{PersonId, RoleId};
use ocop_core::people::{Actor, Role, RoleKind, Seat};
use ocop_core::time::Instant;

use crate::db::{Row, StoreError, Tx};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Lower-case e-mail, the name to sign in with.
    pub email: String,
    /// Name shown.
    pub name: String,
    /// Position and agency in words, may be empty.
    pub title: String,
    /// Phone, may be empty.
    pub phone: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was closed, if it was.
    pub disabled_at: Option<Instant>,
    /// Wrong passwords since the last right one.
    pub failed_logins: i64,
    /// No sign-in before this moment.
    pub locked_until: Option<Instant>,
    /// Whether notifications also go out by e-mail.
    pub mails: bool,
    /// The secret part of the address of the person's calendar, once asked for.
    pub calendar: Option<String>,
}

fn person(row: &Row) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        title: row.get("title")?,
        phone: row.get("phone")?,
        password_hash: row.get("password_hash")?,
        created_at: row.get("created_at")?,
        disabled_at: row.get("disabled_at")?,
        failed_logins: row.get("failed_logins")?,
        locked_until: row.get("locked_until")?,
        mails: row.get("mails")?,
        calendar: row.get("calendar")?,
    })
}

/// Adds an account. A second one with the same e-mail is a duplicate ([`StoreError::is_duplicate`]).
pub async fn insert(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    tx.execute(
        "insert into person (id, email, name, title, phone, password_hash, created_at, disabled_at,
            failed_logins, locked_until, mails, calendar)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        crate::args![
            &person.id,
            &person.email,
            &person.name,
            &person.title,
            &person.phone,
            &person.password_hash,
            &person.created_at,
            &person.disabled_at,
            &person.failed_logins,
            &person.locked_until,
            &person.mails,
            &person.calendar
        ],
    )
    .await?;
    Ok(())
}

/// An account by its e-mail (lower case).
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Person>, StoreError> {
    let row = tx.row_opt("select * from person where email = $1", crate::args![email]).await?;
    row.as_ref().map(person).transpose()
}

/// An account by its id.
pub async fn find(tx: &mut Tx, id: &PersonId) -> Result<Option<Person>, StoreError> {
    let row = tx.row_opt("select * from person where id = $1", crate::args![id]).await?;
    row.as_ref().map(person).transpose()
}

/// Notes a wrong or a right password.
pub async fn note_login(
    tx: &mut Tx,
    id: &PersonId,
    failed_logins: i64,
    locked_until: Option<Instant>,
) -> Result<(), StoreError> {
    tx.execute(
        "update person set failed_logins = $2, locked_until = $3 where id = $1",
        crate::args![id, &failed_logins, &locked_until],
    )
    .await?;
    Ok(())
}

/// Replaces the password and ends all other sessions of the account.
pub async fn set_password(tx: &mut Tx, id: &PersonId, hash: &str) -> Result<(), StoreError> {
    tx.execute(
        "update person set password_hash = $2, failed_logins = 0 where id = $1",
        crate::args![id, hash],
    )
    .await?;
    tx.execute("delete from login where person_id = $1", crate::args![id]).await?;
    Ok(())
}

/// Keeps whether a person wants notifications by e-mail.
pub async fn set_mails(tx: &mut Tx, id: &PersonId, mails: bool) -> Result<(), StoreError> {
    tx.execute("update person set mails = $2 where id = $1", crate::args![id, &mails]).await?;
    Ok(())
}

/// Gives a person's calendar an address; the one before leads nowhere from now on.
pub async fn set_calendar(tx: &mut Tx, id: &PersonId, secret: &str) -> Result<(), StoreError> {
    tx.execute("update person set calendar = $2 where id = $1", crate::args![id, secret]).await?;
    Ok(())
}

/// Whose calendar has this secret address.
pub async fn by_calendar(tx: &mut Tx, secret: &str) -> Result<Option<Person>, StoreError> {
    let row = tx
        .row_opt("select * from person where calendar = $1 and disabled_at is null", crate::args![secret])
        .await?;
    row.as_ref().map(person).transpose()
}

/// Everybody with an account in use, a page at a time: those after `after`, in the order of their ids.
pub async fn in_use(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx
        .rows(
            "select id from person where disabled_at is null and id > $1 order by id limit $2",
            crate::args![after, &limit],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Grants a role.
pub async fn grant(
    tx: &mut Tx,
    id: &RoleId,
    person: &PersonId,
    role: &Role,
    at: Instant,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into role (id, person_id, kind, unit_code, granted_at) values ($1, $2, $3, $4, $5)",
        crate::args![id, person, &role.kind, &role.unit, &at],
    )
    .await?;
    Ok(())
}

/// Keeps a signed-in session under the hash of its token.
pub async fn open_login(
    tx: &mut Tx,
    token_hash: &str,
    person: &PersonId,
    at: Instant,
    until: Instant,
) -> Result<(), StoreError> {
    tx.execute("delete from login where expires_at < $1", crate::args![&at]).await?;
    tx.execute(
        "insert into login (token_hash, person_id, created_at, expires_at) values ($1, $2, $3, $4)",
        crate::args![token_hash, person, &at, &until],
    )
    .await?;
    Ok(())
}

/// Ends a session.
pub async fn close_login(tx: &mut Tx, token_hash: &str) -> Result<(), StoreError> {
    tx.execute("delete from login where token_hash = $1", crate::args![token_hash]).await?;
    Ok(())
}

/// The person behind a session's token hash, with everything that policy needs.
pub async fn actor(tx: &mut Tx, token_hash: &str, now: Instant) -> Result<Option<Actor>, StoreError> {
    let found = tx
        .row_opt(
            "select person.id as id from login join person on person.id = login.person_id
              where login.token_hash = $1 and login.expires_at > $2 and person.disabled_at is null",
            crate::args![token_hash, &now],
        )
        .await?;
    match found {
        Some(row) => {
            let id: PersonId = row.get("id")?;
            actor_of(tx, &id).await.map(Some)
        }
        None => Ok(None),
    }
}

/// A person as policy sees them: roles in force, producers, seats.
pub async fn actor_of(tx: &mut Tx, id: &PersonId) -> Result<Actor, StoreError> {
    let name = tx.row("select name from person where id = $1", crate::args![id]).await?.get("name")?;
    let roles = tx
        .rows(
            "select kind, unit_code from role where person_id = $1 and revoked_at is null order by id",
            crate::args![id],
        )
        .await?;
    let producers = tx
        .rows(
            "select producer_id from producer_member where person_id = $1 order by producer_id",
            crate::args![id],
        )
        .await?;
    let seats = tx
        .rows(
            "select id, council_id, kind from seat where person_id = $1 and removed_at is null order by id",
            crate::args![id],
        )
        .await?;
    Ok(Actor {
        person: id.clone(),
        name,
        roles: roles
            .iter()
            .map(|row| Ok(Role { kind: row.get("kind")?, unit: row.get("unit_code")? }))
            .collect::<Result<_, StoreError>>()?,
        producers: producers.iter().map(|row| row.get("producer_id")).collect::<Result<_, _>>()?,
        seats: seats
            .iter()
            .map(|row| {
                Ok(Seat { id: row.get("id")?, council: row.get("council_id")?, kind: row.get("kind")? })
            })
            .collect::<Result<_, StoreError>>()?,
    })
}

/// A person who holds a role, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Id.
    pub id: PersonId,
    /// Name shown.
    pub name: String,
    /// Position and agency.
    pub title: String,
    /// E-mail.
    pub email: String,
    /// The role.
    pub kind: RoleKind,
    /// Name of the unit.
    pub unit: String,
}

/// Holders of roles in a province and its communes, by kind and name.
pub async fn holders(tx: &mut Tx, province: &str) -> Result<Vec<Holder>, StoreError> {
    let rows = tx
        .rows(
            "select person.id as id, person.name as name, person.title as title, person.email as email,
                    role.kind as kind, unit.name as unit
               from role join person on person.id = role.person_id join unit on unit.code = role.unit_code
              where (unit.code = $1 or unit.parent = $1) and role.revoked_at is null
                and person.disabled_at is null
              order by role.kind, unit.fold, person.name, person.id",
            crate::args![province],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Holder {
                id: row.get("id")?,
                name: row.get("name")?,
                title: row.get("title")?,
                email: row.get("email")?,
                kind: row.get("kind")?,
                unit: row.get("unit")?,
            })
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::Chain;
    use crate::testing::{at, each_database, seed_units};

    pub(crate) fn somebody() -> Person {
        Person {
            id: "0192d3b0-7c1e-7abc-8def-000000000001".parse().unwrap(),
            email: "a@b.vn".to_owned(),
            name: "Người thử".to_owned(),
            title: String::new(),
            phone: String::new(),
            password_hash: "x".to_owned(),
            created_at: at("2026-11-24T03:00:00Z"),
            disabled_at: None,
            failed_logins: 0,
            locked_until: None,
            mails: true,
            calendar: None,
        }
    }

    #[tokio::test]
    async fn an_account_signs_in_and_out() {
        each_database(async |db| {
            seed_units(&db).await;
            let mut tx = db.write(Chain::of("person", "x")).await.unwrap();
            let someone = somebody();
            let id = someone.id.clone();
            insert(&mut tx, &someone).await.unwrap();
            assert_eq!(find_by_email(&mut tx, "a@b.vn").await.unwrap(), Some(someone.clone()));
            let role = Role { kind: RoleKind::ProvincialOfficer, unit: "22".to_owned() };
            let role_id = "0192d3b0-7c1e-7abc-8def-000000000002".parse().unwrap();
            grant(&mut tx, &role_id, &id, &role, someone.created_at).await.unwrap();
            let (now, later) = (at("2026-11-24T03:00:00Z"), at("2026-11-24T15:00:00Z"));
            open_login(&mut tx, "hash", &id, now, later).await.unwrap();
            assert_eq!(actor(&mut tx, "hash", now).await.unwrap().map(|actor| actor.roles), Some(vec![role]));
            assert_eq!(actor(&mut tx, "other", now).await.unwrap(), None);
            assert_eq!(actor(&mut tx, "hash", later).await.unwrap(), None, "expired");
            assert_eq!(holders(&mut tx, "22").await.unwrap().len(), 1);
            close_login(&mut tx, "hash").await.unwrap();
            assert_eq!(actor(&mut tx, "hash", now).await.unwrap(), None);
            set_mails(&mut tx, &id, false).await.unwrap();
            set_calendar(&mut tx, &id, "secret").await.unwrap();
            let found = by_calendar(&mut tx, "secret").await.unwrap().unwrap();
            assert_eq!((found.id, found.mails), (id.clone(), false));
            assert_eq!(by_calendar(&mut tx, "other").await.unwrap(), None);
            assert_eq!(in_use(&mut tx, "", 10).await.unwrap(), std::slice::from_ref(&id));
            assert_eq!(in_use(&mut tx, id.as_str(), 10).await.unwrap(), []);
            let twice =
                insert(&mut tx, &Person { id: role_id.to_string().parse().unwrap(), ..someone }).await;
            assert!(twice.unwrap_err().is_duplicate());
        })
        .await;
    }
}
