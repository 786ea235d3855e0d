//! What is said of a request to whoever confirms it: whose account it is, what a post is, which posts somebody holds.

use super::asking::{Fact, Said};
use crate::records::{self, Account, Request};
use crate::rules::Post;
use crate::{Identity, IdentityError, May};
use kernel::language::{Bilingual, Lang};
use kernel::permission::Actor;
use kernel::time::{Date, said_date};
use store::Tx;
use uuid::Uuid;

/// Returns the account that a request is about.
pub(super) fn subject(request: &Request) -> Result<Uuid, IdentityError> {
    request.subject.ok_or(IdentityError::NotFound)
}

pub(super) fn person(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Fact>, IdentityError> {
    let Some(Account { name, login, .. }) = records::account(tx, account)? else { return Ok(Vec::new()) };
    Ok(vec![Fact::text("identity-name", name), Fact::text("identity-login", login.unwrap_or_default())])
}

/// Says which posts the account of a request holds now or later, as far as somebody may see them: whoever confirms
/// sees whose account it is. There is nothing to say of what is no account.
pub(super) fn held(
    identity: &Identity,
    tx: &mut dyn Tx,
    request: &Request,
    actor: &Actor,
) -> Result<Option<Fact>, IdentityError> {
    let Some(account) = request.subject else { return Ok(None) };
    let (today, scopes) = (identity.today(), actor.scopes(May::AccountRead));
    let seen =
        |post: &Post| post.to.is_none_or(|to| today <= to) && scopes.iter().any(|scope| scope.covers(&post.target()));
    let posts = records::posts(tx, account)?.into_iter().filter(seen);
    let named: Vec<Bilingual> = posts.map(|post| post_name(identity, &post)).collect();
    Ok(if named.is_empty() { None } else { Some(Fact { key: "identity-posts-present", said: Said::Names(named) }) })
}

/// Returns a post as it is named in a list: the role and the place.
pub(super) fn post_name(identity: &Identity, post: &Post) -> Bilingual {
    let role = identity.roles.get(&post.role).map(|role| role.title.clone());
    let role = role.unwrap_or_else(|| Bilingual::new(&post.role, &post.role));
    let place = identity.place_name(&post.place);
    let named = |lang| format!("{} · {}", role.get(lang), place.get(lang));
    Bilingual::new(named(Lang::Zh), named(Lang::En))
}

pub(super) fn post_facts(identity: &Identity, post: &Post) -> Vec<Fact> {
    let role = identity.roles.get(&post.role).map(|role| role.title.clone());
    let department = post.department.as_deref().map(|code| {
        let known = identity.places.departments().into_iter().find(|(known, _)| known == code);
        known.map_or_else(|| Bilingual::new(code, code), |(_, title)| title)
    });
    let mut facts = vec![
        Fact::both("identity-role", role.unwrap_or_else(|| Bilingual::new(&post.role, &post.role))),
        Fact::both("identity-place", identity.place_name(&post.place)),
    ];
    facts.extend(department.map(|title| Fact::both("identity-department", title)));
    facts.push(Fact::both("identity-post-from", in_words(post.from)));
    facts.extend(post.to.map(|to| Fact::both("identity-post-to", in_words(to))));
    facts
}

/// Returns a date as people say it.
pub(super) fn in_words(date: Date) -> Bilingual {
    Bilingual::new(said_date(date, Lang::Zh), said_date(date, Lang::En))
}
