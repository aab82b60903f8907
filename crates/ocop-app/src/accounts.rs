//! Accounts: register, sign in, sign out, change the password, give accounts to officers and
//! assessors.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use ocop_core::id::PersonId;
use ocop_core::journal::{hex, sha256_hex};
use ocop_core::people::{Actor, PASSWORD_MIN, Role, RoleKind, looks_like_email};
use ocop_core::policy::{self, Action, Subject};
use ocop_core::time::Instant;
use ocop_core::units::CENTRE;
use ocop_store::db::Chain;
use ocop_store::people::{self, Holder, Person};
use ocop_store::{Tx, units};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::runtime::fresh;
use crate::{App, AppError, Fields, Refusal};

/// How long a sign-in lasts, in minutes: a working day and a half.
const LOGIN_MINUTES: i64 = 12 * 60;
/// Wrong passwords in a row before the account rests.
const WRONG_LIMIT: i64 = 8;
/// How long it rests, in minutes.
const REST_MINUTES: i64 = 10;

/// What a new user types.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterInput {
    /// Name shown.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Phone, may be empty.
    pub phone: String,
    /// Password.
    pub password: String,
}

/// What a signed-in person carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The secret of the cookie; only its hash is kept.
    pub token: String,
    /// Who it is.
    pub person: PersonId,
}

impl App {
    fn hasher(&self) -> Argon2<'static> {
        if self.cheap_passwords {
            let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap_or_default();
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        } else {
            Argon2::default()
        }
    }

    fn hash_password(&self, password: &str) -> Result<String, AppError> {
        let salt = self.ids.chance();
        let hash: PasswordHash = self
            .hasher()
            .hash_password_with_salt(password.as_bytes(), &salt[..16])
            .map_err(|_| Refusal::because("Chưa đặt được mật khẩu. Hãy chọn mật khẩu khác."))?;
        Ok(hash.to_string())
    }
}

fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn read_password(fields: &mut Fields, field: &str, password: &str) {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        fields.fault(field, format!("Mật khẩu cần ít nhất {PASSWORD_MIN} ký tự."));
    } else if length > 200 {
        fields.fault(field, "Mật khẩu nhiều nhất là 200 ký tự.");
    }
}

pub(crate) fn read_email(fields: &mut Fields, typed: &str) -> String {
    let email = fields.required("email", typed, 200, "Ghi địa chỉ email.").to_lowercase();
    if !email.is_empty() && !looks_like_email(&email) {
        fields.fault("email", "Email chưa đúng. Ví dụ: ten@gmail.com.");
    }
    email
}

fn read_phone(fields: &mut Fields, typed: &str) -> String {
    let phone = fields.optional("phone", typed, 20);
    if !phone.is_empty() && !ocop_core::producers::looks_like_phone(&phone) {
        fields.fault("phone", "Số điện thoại chưa đúng. Ví dụ: 0203 1234567.");
    }
    phone
}

fn new_person(app: &App, email: String, name: String, title: String, phone: String, hash: String) -> Person {
    Person {
        id: fresh(&*app.ids),
        email,
        name,
        title,
        phone,
        password_hash: hash,
        created_at: app.now(),
        disabled_at: None,
        failed_logins: 0,
        locked_until: None,
        mails: true,
        calendar: None,
    }
}

async fn keep(tx: &mut Tx, person: &Person) -> Result<(), AppError> {
    people::insert(tx, person).await.map_err(|fault| {
        if fault.is_duplicate() {
            AppError::Invalid(vec![crate::FieldFault::new(
                "email",
                "Email này đã có tài khoản. Hãy đăng nhập, hoặc dùng email khác.",
            )])
        } else {
            fault.into()
        }
    })
}

/// A person registers an account of their own.
pub async fn register(app: &App, input: &RegisterInput) -> Result<PersonId, AppError> {
    let mut fields = Fields::new();
    let name = fields.required("name", &input.name, 100, "Ghi họ tên của bạn.");
    let email = read_email(&mut fields, &input.email);
    let phone = read_phone(&mut fields, &input.phone);
    read_password(&mut fields, "password", &input.password);
    fields.done()?;
    let person = new_person(app, email, name, String::new(), phone, app.hash_password(&input.password)?);
    let mut tx = app.db.write(Chain::of("person", &person.id)).await?;
    keep(&mut tx, &person).await?;
    let permit = policy::own_account(person.id.clone());
    tx.commit(permit, app.now(), &json!({ "registered": person.id })).await?;
    Ok(person.id)
}

/// Signs in with e-mail and password.
///
/// A wrong e-mail takes as long as a wrong password, and both get the same answer.
pub async fn sign_in(app: &App, email: &str, password: &str) -> Result<SignedIn, AppError> {
    let email = email.trim().to_lowercase();
    let mut tx = app.db.write(Chain::of("login", sha256_hex(email.as_bytes()))).await?;
    let found = people::find_by_email(&mut tx, &email).await?.filter(|person| person.disabled_at.is_none());
    let now = app.now();
    let Some(person) = found else {
        let _ = app.hash_password(password)?;
        return Err(Refusal::WrongLogin.into());
    };
    if person.locked_until.is_some_and(|until| until > now) {
        return Err(Refusal::LockedOut(REST_MINUTES).into());
    }
    if !fits(password, &person.password_hash) {
        let failed = person.failed_logins + 1;
        let rest = failed >= WRONG_LIMIT;
        let until = rest.then(|| now.plus_minutes(REST_MINUTES));
        people::note_login(&mut tx, &person.id, if rest { 0 } else { failed }, until).await?;
        tx.commit_upkeep().await?;
        return Err(if rest { Refusal::LockedOut(REST_MINUTES).into() } else { Refusal::WrongLogin.into() });
    }
    people::note_login(&mut tx, &person.id, 0, None).await?;
    let token = open_login(app, &mut tx, &person.id, now).await?;
    tx.commit_upkeep().await?;
    Ok(SignedIn { token, person: person.id })
}

async fn open_login(app: &App, tx: &mut Tx, person: &PersonId, now: Instant) -> Result<String, AppError> {
    let token = hex(&app.ids.chance());
    let until = now.plus_minutes(LOGIN_MINUTES);
    people::open_login(tx, &sha256_hex(token.as_bytes()), person, now, until).await?;
    Ok(token)
}

/// Ends a sign-in.
pub async fn sign_out(app: &App, token: &str) -> Result<(), AppError> {
    let hash = sha256_hex(token.as_bytes());
    let mut tx = app.db.write(Chain::of("login", &hash)).await?;
    people::close_login(&mut tx, &hash).await?;
    tx.commit_upkeep().await?;
    Ok(())
}

/// Who carries this token, if it is in force.
pub async fn who(app: &App, token: &str) -> Result<Option<Actor>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(people::actor(&mut tx, &sha256_hex(token.as_bytes()), app.now()).await?)
}

/// A person as policy sees them, by id: for jobs and the command line.
pub async fn actor_of(app: &App, person: &PersonId) -> Result<Actor, AppError> {
    let mut tx = app.db.read().await?;
    Ok(people::actor_of(&mut tx, person).await?)
}

/// Changes one's own password; every sign-in of the account ends and a fresh one is given.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    current: &str,
    wanted: &str,
) -> Result<SignedIn, AppError> {
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let permit = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let person = people::find(&mut tx, &actor.person).await?.ok_or(AppError::NotFound)?;
    let mut fields = Fields::new();
    if !fits(current, &person.password_hash) {
        fields.fault("current", "Mật khẩu hiện tại chưa đúng.");
    }
    read_password(&mut fields, "wanted", wanted);
    fields.done()?;
    people::set_password(&mut tx, &person.id, &app.hash_password(wanted)?).await?;
    let now = app.now();
    let token = open_login(app, &mut tx, &person.id, now).await?;
    tx.commit(permit, now, &json!({ "changed": "password" })).await?;
    Ok(SignedIn { token, person: person.id })
}

/// Keeps whether a person wants notifications by e-mail.
pub async fn set_mails(app: &App, actor: &Actor, mails: bool) -> Result<(), AppError> {
    let mut tx = app.db.write(Chain::of("person", &actor.person)).await?;
    let permit = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    people::set_mails(&mut tx, &actor.person, mails).await?;
    tx.commit(permit, app.now(), &json!({ "notifications_by_mail": mails })).await?;
    Ok(())
}

/// One's own account as it is kept.
pub async fn own(app: &App, actor: &Actor) -> Result<Person, AppError> {
    let _ = policy::may(actor, Action::ManageOwnAccount, &Subject::default())?;
    let mut tx = app.db.read().await?;
    people::find(&mut tx, &actor.person).await?.ok_or(AppError::NotFound)
}

/// What a provincial officer types to give an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GrantInput {
    /// Name shown.
    pub name: String,
    /// Position and agency.
    pub title: String,
    /// E-mail.
    pub email: String,
    /// Code of the role.
    pub role: String,
    /// Code of the commune; empty for roles of the province.
    pub commune: String,
    /// First password, to be handed over in person and changed at once; empty for a person who
    /// already has an account.
    pub password: String,
}

/// Gives a person a role in the province or one of its communes, and an account if they have none.
pub async fn grant(
    app: &App,
    actor: &Actor,
    province: &str,
    input: &GrantInput,
) -> Result<PersonId, AppError> {
    let subject = Subject { province: Some(province.to_owned()), ..Subject::default() };
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let permit = policy::may(actor, Action::ManageAccounts, &subject)?;
    let person = grant_role(app, &mut tx, province, input).await?;
    let details = json!({ "person": person, "role": input.role, "commune": input.commune });
    tx.commit(permit, app.now(), &details).await?;
    Ok(person)
}

/// The first officer of a province, given by whoever holds the machine.
pub async fn grant_by_system(app: &App, province: &str, input: &GrantInput) -> Result<PersonId, AppError> {
    let mut tx = app.db.write(Chain::of("province", province)).await?;
    let person = grant_role(app, &mut tx, province, input).await?;
    let details = json!({ "person": person, "role": input.role, "commune": input.commune });
    tx.commit(policy::system(Action::ManageAccounts), app.now(), &details).await?;
    Ok(person)
}

async fn grant_role(
    app: &App,
    tx: &mut Tx,
    province: &str,
    input: &GrantInput,
) -> Result<PersonId, AppError> {
    let mut fields = Fields::new();
    let email = read_email(&mut fields, &input.email);
    let role = fields.choice::<RoleKind>("role", &input.role, "Chọn vai trò.");
    let unit = match role {
        Some(RoleKind::CommuneOfficer) => {
            let commune = units::find(tx, input.commune.trim()).await?;
            if commune.as_ref().is_none_or(|unit| unit.parent.as_deref() != Some(province)) {
                fields.fault("commune", "Chọn xã, phường, đặc khu của tỉnh.");
            }
            input.commune.trim().to_owned()
        }
        Some(RoleKind::ProvincialOfficer | RoleKind::CentralOfficer | RoleKind::Assessor) | None => {
            let elsewhere = match role {
                Some(RoleKind::ProvincialOfficer) => province == CENTRE,
                Some(RoleKind::CentralOfficer) => province != CENTRE,
                Some(RoleKind::CommuneOfficer | RoleKind::Assessor) | None => false,
            };
            if elsewhere {
                fields.fault("role", "Cơ quan này không cấp vai trò đó. Chọn vai trò khác.");
            }
            if units::find(tx, province).await?.is_none() {
                fields.fault("province", format!("Không có tỉnh mã «{province}»."));
            }
            province.to_owned()
        }
    };
    let known = people::find_by_email(tx, &email).await?;
    let (name, title) = match &known {
        Some(person) => (person.name.clone(), person.title.clone()),
        None => {
            read_password(&mut fields, "password", &input.password);
            (
                fields.required("name", &input.name, 100, "Ghi họ tên."),
                fields.optional("title", &input.title, 200),
            )
        }
    };
    fields.done()?;
    let person = match known {
        Some(person) => person.id,
        None => {
            let hash = app.hash_password(&input.password)?;
            let person = new_person(app, email, name, title, String::new(), hash);
            keep(tx, &person).await?;
            person.id
        }
    };
    let Some(kind) = role else { return Err(AppError::NotFound) };
    let held = people::actor_of(tx, &person).await?;
    let role = Role { kind, unit };
    if held.roles.contains(&role) {
        return Err(Refusal::because("Người này đã có vai trò đó. Không cần cấp lại."));
    }
    people::grant(tx, &fresh(&*app.ids), &person, &role, app.now()).await?;
    Ok(person)
}

/// The officers and assessors of a province.
pub async fn holders(app: &App, actor: &Actor, province: &str) -> Result<Vec<Holder>, AppError> {
    let subject = Subject { province: Some(province.to_owned()), ..Subject::default() };
    let _ = policy::may(actor, Action::ManageAccounts, &subject)?;
    let mut tx = app.db.read().await?;
    Ok(people::holders(&mut tx, province).await?)
}

/// The office that a person runs rounds and councils for: a province, or the centre; the first if several.
pub fn office_of(actor: &Actor) -> Option<&str> {
    let runs = |kind| matches!(kind, RoleKind::ProvincialOfficer | RoleKind::CentralOfficer);
    actor.roles.iter().find(|role| runs(role.kind)).map(|role| role.unit.as_str())
}

/// The offices whose rounds and letters concern a person: those of their roles, a commune's being its province, then
/// those of their producers' provinces; each once.
pub(crate) async fn offices_of(tx: &mut Tx, actor: &Actor) -> Result<Vec<String>, AppError> {
    let mut offices: Vec<String> = Vec::new();
    let mut add = |office: Option<String>| {
        offices.extend(office.filter(|office| !offices.contains(office)));
    };
    for role in &actor.roles {
        add(match role.kind {
            RoleKind::CommuneOfficer => units::find(tx, &role.unit).await?.and_then(|commune| commune.parent),
            RoleKind::ProvincialOfficer | RoleKind::CentralOfficer | RoleKind::Assessor => {
                Some(role.unit.clone())
            }
        });
    }
    for producer in &actor.producers {
        add(ocop_store::producers::find(tx, producer).await?.map(|producer| producer.province));
    }
    Ok(offices)
}

/// The province that a person works for as a provincial officer, the first if several.
pub fn province_of(actor: &Actor) -> Option<&str> {
    actor.roles.iter().find(|role| role.kind == RoleKind::ProvincialOfficer).map(|role| role.unit.as_str())
}

/// The commune that a person works for as a commune officer, the first if several.
pub fn commune_of(actor: &Actor) -> Option<&str> {
    actor.roles.iter().find(|role| role.kind == RoleKind::CommuneOfficer).map(|role| role.unit.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    fn someone(email: &str) -> RegisterInput {
        RegisterInput {
            name: "Người thử".to_owned(),
            email: email.to_owned(),
            phone: String::new(),
            password: "mật khẩu dài".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_registered_person_signs_in_and_out() {
        let world = World::new().await;
        register(&world.app, &someone("A@b.vn")).await.unwrap();
        let signed = sign_in(&world.app, " a@B.vn", "mật khẩu dài").await.unwrap();
        assert!(who(&world.app, &signed.token).await.unwrap().is_some());
        sign_out(&world.app, &signed.token).await.unwrap();
        assert_eq!(who(&world.app, &signed.token).await.unwrap(), None);
        let twice = register(&world.app, &someone("a@b.vn")).await;
        assert!(matches!(twice, Err(AppError::Invalid(faults)) if faults[0].field == "email"));
    }

    #[tokio::test]
    async fn guessing_is_slowed_down() {
        let world = World::new().await;
        register(&world.app, &someone("a@b.vn")).await.unwrap();
        for _ in 1..WRONG_LIMIT {
            let wrong = sign_in(&world.app, "a@b.vn", "sai").await;
            assert!(matches!(wrong, Err(AppError::Refused(Refusal::WrongLogin))));
        }
        let locked = sign_in(&world.app, "a@b.vn", "sai").await;
        assert!(matches!(locked, Err(AppError::Refused(Refusal::LockedOut(_)))));
        let right = sign_in(&world.app, "a@b.vn", "mật khẩu dài").await;
        assert!(matches!(right, Err(AppError::Refused(Refusal::LockedOut(_)))));
        world.clock.forward_minutes(REST_MINUTES + 1);
        assert!(sign_in(&world.app, "a@b.vn", "mật khẩu dài").await.is_ok());
    }

    #[tokio::test]
    async fn only_an_officer_of_the_province_gives_accounts() {
        let world = World::new().await;
        let wanted = GrantInput {
            name: "Cán bộ".to_owned(),
            title: String::new(),
            email: "xa@b.vn".to_owned(),
            role: "commune_officer".to_owned(),
            commune: world.commune.clone(),
            password: "mật khẩu đầu".to_owned(),
        };
        assert!(matches!(grant(&world.app, &world.producer, "22", &wanted).await, Err(AppError::Denied(_))));
        assert!(grant(&world.app, &world.officer, "22", &wanted).await.is_ok());
        let again = grant(&world.app, &world.officer, "22", &wanted).await;
        assert!(matches!(again, Err(AppError::Refused(_))));
        let elsewhere = GrantInput { commune: "00004".to_owned(), email: "y@b.vn".to_owned(), ..wanted };
        let refused = grant(&world.app, &world.officer, "22", &elsewhere).await;
        assert!(matches!(refused, Err(AppError::Invalid(faults)) if faults[0].field == "commune"));
    }

    #[tokio::test]
    async fn a_new_password_ends_other_sign_ins() {
        let world = World::new().await;
        register(&world.app, &someone("a@b.vn")).await.unwrap();
        let first = sign_in(&world.app, "a@b.vn", "mật khẩu dài").await.unwrap();
        let actor = who(&world.app, &first.token).await.unwrap().unwrap();
        let wrong = change_password(&world.app, &actor, "sai", "mật khẩu mới").await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));
        let fresh = change_password(&world.app, &actor, "mật khẩu dài", "mật khẩu mới").await.unwrap();
        assert_eq!(who(&world.app, &first.token).await.unwrap(), None);
        assert!(who(&world.app, &fresh.token).await.unwrap().is_some());
    }
}
