//! Accounts of many colleagues at once, as a list brings them: asked for by one person and confirmed by another, as one
//! account is, with a password of two halves for each.

use super::accounts::free_name;
use super::asking::{Fact, Handed, NewRequest};
use super::detail::unreadable;
use super::facts::post_name;
use super::posts::may_give;
use super::{NewStaff, Settled, give_post, open_staff};
use crate::identity::{Doing, Kind};
use crate::password::{self, HashedPassword};
use crate::records::{self, Request};
use crate::rules::{Listed, Post};
use crate::{Identity, IdentityError, words};
use kernel::language::{Bilingual, Lang};
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Colleagues who get accounts together.
#[derive(Clone, Debug)]
pub struct NewColleagues {
    /// The identity of the request, which the form brings.
    pub id: Uuid,
    /// Who they are.
    pub all: Vec<Listed>,
    /// Why, in a few words. It may be empty.
    pub why: String,
}

/// What a request says of all the accounts.
#[derive(Serialize, Deserialize)]
struct ListDetail {
    accounts: Vec<AccountDetail>,
}

/// What a request says of one of them.
#[derive(Serialize, Deserialize)]
struct AccountDetail {
    login: String,
    name: String,
    role: String,
    place: String,
    department: Option<String>,
    from: String,
    to: Option<String>,
}

impl AccountDetail {
    fn of(listed: &Listed) -> Self {
        let Listed { login, name, post } = listed;
        Self {
            login: login.clone(),
            name: name.clone(),
            role: post.role.clone(),
            place: post.place.as_str().to_owned(),
            department: post.department.clone(),
            from: post.from.to_string(),
            to: post.to.map(|to| to.to_string()),
        }
    }

    /// The colleague that it means. Account and post have an identity that follows from the request and the login.
    fn read(self, request: &Request) -> Result<Listed, IdentityError> {
        let date = |text: &str| text.parse::<Date>().map_err(|error| unreadable(request, &error));
        let place = PlacePath::parse(&self.place).map_err(|error| unreadable(request, &error))?;
        let (from, to) = (date(&self.from)?, self.to.as_deref().map(date).transpose()?);
        let id = identity_of(request.id, &self.login);
        let post = Post { id, role: self.role, place, department: self.department, from, to };
        Ok(Listed { login: self.login, name: self.name, post })
    }
}

fn identity_of(list: Uuid, login: &str) -> Uuid {
    Uuid::new_v5(&list, login.as_bytes())
}

/// Returns the colleagues whom a request means.
fn listed(request: &Request) -> Result<Vec<Listed>, IdentityError> {
    let ListDetail { accounts } = serde_json::from_str(&request.detail).map_err(|error| unreadable(request, &error))?;
    accounts.into_iter().map(|account| account.read(request)).collect()
}

/// Returns the smallest place that holds all of these.
fn around(all: &[Listed]) -> Option<PlacePath> {
    let mut place = all.first()?.post.place.clone();
    while !all.iter().all(|one| place.contains(&one.post.place)) {
        place = place.parent()?;
    }
    Some(place)
}

impl Identity {
    /// Returns which of these logins are taken.
    pub(crate) async fn taken(self: &Arc<Self>, logins: Vec<String>) -> Result<BTreeSet<String>, IdentityError> {
        self.read(move |_, tx| {
            let mut taken = BTreeSet::new();
            for login in &logins {
                if records::account_by_login(tx, login)?.is_some() {
                    taken.insert(login.clone());
                }
            }
            Ok(taken)
        })
        .await
    }

    /// Checks that somebody may open the account that a row of a list means.
    pub(crate) fn may_open(&self, listed: &Listed, actor: &Actor) -> Result<(), Refusal> {
        may_give(self, &listed.post, actor)
    }

    /// Opens the accounts of a list, each with its post and a generated password, or asks for them. The passwords, or
    /// their first halves, are returned in the order of the list, so that they can be handed over once.
    ///
    /// # Errors
    /// Fails as [`Identity::open_colleague`] does, for all of them if for one.
    pub(crate) async fn open_colleagues(
        self: &Arc<Self>,
        actor: &Actor,
        new: NewColleagues,
    ) -> Result<Settled<Vec<Zeroizing<String>>>, IdentityError> {
        let NewColleagues { id, all, why } = new;
        let place = around(&all).ok_or_else(|| Refusal::new(tables::Why::TableEmpty))?;
        if self.rules.two_people {
            let accounts = all.iter().map(AccountDetail::of).collect();
            let detail = json!(ListDetail { accounts });
            let asked = NewRequest { id, kind: words::ASK_LIST, place, department: None, subject: None, detail, why };
            return self.ask(actor, asked).await.map(Settled::Asked);
        }
        let (mut passwords, mut hashed) = (Vec::new(), Vec::new());
        for _ in &all {
            let first = password::generate_password()?;
            hashed.push(self.hash(first.clone()).await?);
            passwords.push(first);
        }
        let (by, now) = (actor.clone(), self.now());
        self.write(move |identity, tx| {
            let opening = Opening { identity, by: &by, now };
            all.iter().zip(&hashed).try_for_each(|(one, password)| {
                let id = identity_of(id, &one.login);
                let post = Post { id, ..one.post.clone() };
                opening.open(tx, &Listed { post, ..one.clone() }, password)
            })
        })
        .await?;
        Ok(Settled::Done(passwords))
    }
}

/// How accounts are opened: by whom and when.
struct Opening<'a> {
    identity: &'a Identity,
    by: &'a Actor,
    now: Instant,
}

impl Opening<'_> {
    fn open(&self, tx: &mut dyn Tx, listed: &Listed, password: &HashedPassword) -> Result<(), IdentityError> {
        let Self { identity, by, now } = *self;
        let Listed { login, name, post } = listed;
        let staff = NewStaff {
            id: post.id,
            district: identity.district(),
            login: login.clone(),
            name: name.clone(),
            password: password.clone(),
            must_change: true,
        };
        open_staff(tx, &staff, by, now)?;
        records::limit_password(tx, staff.id, identity.password_until(now))?;
        give_post(tx, staff.id, post, &identity.roles, by, now)
    }
}

/// Accounts that a list brings, each with a first post.
pub(super) struct OpenAccounts;

impl Kind for OpenAccounts {
    fn code(&self) -> &'static str {
        words::ASK_LIST
    }

    fn title(&self) -> &'static str {
        "identity-import-title"
    }

    fn effect(&self) -> &'static str {
        "identity-import-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["identity-import-accounts"]
    }

    /// The same people are asked for once, whoever brings the list and in whatever order.
    fn same_as(&self, request: &Request) -> String {
        let mut logins = self.logins(request);
        logins.sort_unstable();
        logins.join(" ")
    }

    fn halves(&self) -> bool {
        true
    }

    fn logins(&self, request: &Request) -> Vec<String> {
        listed(request).unwrap_or_default().into_iter().map(|one| one.login).collect()
    }

    fn permits(
        &self,
        identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        let all = listed(request)?;
        for one in &all {
            may_give(identity, &one.post, actor)?;
        }
        for one in &all {
            // A place that moved meanwhile has another path: the list is brought again.
            if identity.places.name(&one.post.place).is_none() {
                return Err(Refusal::new(Code::PlaceUnknown).field("place").into());
            }
            free_name(tx, &one.login, &one.name)?;
        }
        Ok(())
    }

    fn facts(&self, identity: &Identity, _tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let all = listed(request)?;
        let mut facts = vec![Fact::text("identity-import-accounts", all.len().to_string())];
        facts.extend(all.iter().map(|one| Fact::both("identity-import-account", line(identity, one))));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let Doing { identity, request, by, now, passwords } = *doing;
        let opening = Opening { identity, by, now };
        for (one, password) in listed(request)?.iter().zip(passwords) {
            opening.open(tx, one, password)?;
        }
        Ok(None)
    }
}

/// Says of one account whose it is, and which post it has from when to when.
fn line(identity: &Identity, one: &Listed) -> Bilingual {
    let Listed { login, name, post } = one;
    let held = post_name(identity, post);
    let department = post.department.as_deref().map(|code| {
        let known = identity.places.departments().into_iter().find(|(known, _)| known == code);
        known.map_or_else(|| Bilingual::new(code, code), |(_, title)| title)
    });
    let named = |lang: Lang| {
        let days = post.to.map_or_else(|| format!("{} –", post.from), |to| format!("{} – {to}", post.from));
        let department = department.as_ref().map(|title| title.get(lang).to_owned());
        let parts = [Some(format!("{name} ({login})")), Some(held.get(lang).to_owned()), department, Some(days)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    Bilingual::new(named(Lang::Zh), named(Lang::En))
}
