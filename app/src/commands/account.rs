//! This file does `lianglin account`: it opens accounts and gives posts from the terminal, for the first operator and
//! for emergencies. One person does it here, on the machine itself, because a city begins and recovers so. The log says
//! what was done.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use identity::NewPassword;
use kernel::permission::Actor;
use uuid::Uuid;

use crate::city::City;
use crate::opening::Opening;
use crate::{AppError, demonstration};

#[derive(Subcommand)]
pub enum Command {
    /// Open an account with one post; the generated password is printed once and must be changed at first sign-in.
    #[command(
        after_help = "Example: lianglin account open --login wang --name 王晓燕 --role community_worker --place 文安路社区"
    )]
    Open {
        /// Name to sign in with: 3 to 32 small letters, digits, . _ -
        #[arg(long)]
        login: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// Code of the role (lianglin account roles lists them).
        #[arg(long)]
        role: String,
        /// Name, pinyin or code of the place.
        #[arg(long)]
        place: String,
        /// Code of the department, for roles that need one.
        #[arg(long)]
        department: Option<String>,
    },
    /// Set a new generated password.
    #[command(after_help = "Example: lianglin account password wang")]
    Password {
        /// The login.
        login: String,
    },
    /// Remove the one-time code of somebody whose phone is lost, where no two others can do it in the browser.
    #[command(after_help = "Example: lianglin account code wang")]
    Code {
        /// The login.
        login: String,
    },
    /// List the roles with what they may do.
    #[command(after_help = "Example: lianglin account roles")]
    Roles,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    match command {
        Command::Open { login, name, role, place, department } => {
            open(opening, &NewLogin { login, name, role, place, department: department.as_deref() })?;
        }
        Command::Password { login } => password(opening, login)?,
        Command::Code { login } => code(opening, login)?,
        Command::Roles => {
            for role in opening.roles()?.all() {
                let permissions: Vec<&str> = role.permissions.iter().map(|permission| permission.as_str()).collect();
                println!("{:<22} {} / {}\n    {}", role.code, role.title.zh, role.title.en, permissions.join(" "));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Holds what the command line says of a new account.
struct NewLogin<'a> {
    login: &'a str,
    name: &'a str,
    role: &'a str,
    place: &'a str,
    department: Option<&'a str>,
}

fn open(opening: &Opening, new: &NewLogin<'_>) -> Result<(), AppError> {
    let NewLogin { login, name, role, place, department } = *new;
    let city = Arc::new(City::open(opening, opening.store(false)?)?);
    let tree = city.places.tree();
    let coded = tree.by_code(place).map(|place| place.path.clone());
    let found = coded.or_else(|| tree.search(place, 2).first().map(|place| place.path.clone()));
    let found = found.ok_or_else(|| {
        AppError::Said(format!("There is no place called {place}. Search with: lianglin places find {place}"))
    })?;
    let post = demonstration::NewPerson { role, login, name, place: &found, department, must_change: true };
    let password = demonstration::open_account(&city, &post, (opening.clock)())?;
    println!("{login}  {password}  {}", tree.chain(&found, kernel::language::Lang::Zh));
    Ok(())
}

fn password(opening: &Opening, login: &str) -> Result<(), AppError> {
    let city = City::open(opening, opening.store(false)?)?;
    let fresh = identity::generate_password()?;
    let hashed = identity::hash_password(&fresh, city.identity.rules())?;
    let (asked, now) = (login.to_owned(), (opening.clock)());
    let found: Option<Uuid> = city.store.write_blocking(move |tx| {
        let account = identity::account_of_login(tx, &asked)?;
        if let Some(account) = account {
            let new = NewPassword { password: &hashed, must_change: true, keep: None };
            identity::set_password(tx, account, &new, &Actor::system(), now)?;
        }
        Ok::<_, identity::IdentityError>(account)
    })?;
    match found {
        Some(_) => println!("{login}  {}", fresh.as_str()),
        None => return Err(AppError::Said(format!("There is no account {login}."))),
    }
    Ok(())
}

/// Removes the one-time code of an account. Its owner signs in with the password alone and turns on another.
fn code(opening: &Opening, login: &str) -> Result<(), AppError> {
    let city = City::open(opening, opening.store(false)?)?;
    let (asked, now, vault) = (login.to_owned(), (opening.clock)(), city.vault.clone());
    let found: Option<Uuid> = city.store.write_blocking(move |tx| {
        let account = identity::account_of_login(tx, &asked)?;
        if let Some(account) = account {
            identity::drop_code(tx, &vault, account, &Actor::system(), now)?;
        }
        Ok::<_, identity::IdentityError>(account)
    })?;
    match found {
        Some(_) => println!("{login} signs in with the password alone now, until another one-time code is turned on."),
        None => return Err(AppError::Said(format!("There is no account {login}."))),
    }
    Ok(())
}
