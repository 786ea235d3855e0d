//! What is decided about accounts, without looking anything up: lock-out, life of a session, passwords, who gives what.
//!
//! Every number is an argument; the rulebook holds them with their sources.

use crate::permissions::May;
use crate::refusals::Why;
use crate::roles::{Role, Roles};
use kernel::permission::{Actor, ActorKind, Grant, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The figures of this crate, taken from the rulebook by the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Fewest characters of a password.
    pub password_shortest: u32,
    /// Most characters of a password.
    pub password_longest: u32,
    /// Memory of one argon2id computation, KiB.
    pub password_memory_kib: u32,
    /// Passes of one argon2id computation.
    pub password_passes: u32,
    /// A session ends after so many minutes without a request.
    pub session_idle_minutes: u32,
    /// A session ends so many hours after sign-in whatever happens.
    pub session_hours: u32,
    /// What a session may do is read again after so many seconds at the latest.
    pub session_cache_seconds: u32,
    /// So many wrong tries in a row lock an account.
    pub lockout_failures: u32,
    /// For so many minutes; wrong tries older than this do not count.
    pub lockout_minutes: u32,
    /// So many wrong tries from one network address lock the address.
    pub address_failures: u32,
    /// For so many minutes.
    pub address_minutes: u32,
    /// Minutes between the password and the one-time code.
    pub code_minutes: u32,
    /// Steps of 30 seconds by which a phone's clock may differ.
    pub code_drift_steps: u16,
}

impl Rules {
    /// Figures for tests and the first start, before a rulebook is read. Not for use with real accounts.
    pub const fn for_tests() -> Self {
        Self {
            password_shortest: 10,
            password_longest: 128,
            password_memory_kib: 64,
            password_passes: 1,
            session_idle_minutes: 30,
            session_hours: 12,
            session_cache_seconds: 0,
            lockout_failures: 5,
            lockout_minutes: 15,
            address_failures: 20,
            address_minutes: 15,
            code_minutes: 5,
            code_drift_steps: 1,
        }
    }
}

/// Wrong tries of an account or a network address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// In a row.
    pub failures: i64,
    /// The last of them.
    pub failed_at: Option<Instant>,
    /// No try counts before this moment.
    pub locked_until: Option<Instant>,
}

impl Tries {
    /// Whether tries are refused at the moment, right ones too.
    pub fn locked(&self, now: Instant) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// After one more wrong try: the new count, and a lock when it reaches the limit. Tries while locked change nothing,
    /// so that nobody is locked out for ever by somebody else's persistence.
    #[must_use]
    pub fn failed(self, now: Instant, limit: u32, minutes: u32) -> Self {
        if self.locked(now) {
            return self;
        }
        let recent = self.failed_at.is_some_and(|at| now < at.plus_minutes(i64::from(minutes)));
        let served = self.locked_until.is_some();
        let failures = if recent && !served { self.failures.saturating_add(1) } else { 1 };
        let locked_until = (failures >= i64::from(limit)).then(|| now.plus_minutes(i64::from(minutes)));
        Self { failures, failed_at: Some(now), locked_until }
    }
}

/// The moments of a session that decide whether it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// Last request.
    pub seen_at: Instant,
    /// End whatever happens.
    pub expires_at: Instant,
}

impl SessionTimes {
    /// Whether the session still lives.
    pub fn alive(&self, now: Instant, rules: &Rules) -> bool {
        now < self.expires_at && now < self.seen_at.plus_minutes(i64::from(rules.session_idle_minutes))
    }

    /// Whether "last request" is old enough to be written down again: a tenth of the idle time.
    pub fn stale(&self, now: Instant, rules: &Rules) -> bool {
        now.seconds_since(self.seen_at) >= i64::from(rules.session_idle_minutes).saturating_mul(6)
    }
}

/// A post 任职: a role at a place, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its identity.
    pub id: Uuid,
    /// Code of the role.
    pub role: String,
    /// Where, with everything inside.
    pub place: PlacePath,
    /// The one department it is about, if it is.
    pub department: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day, none while open.
    pub to: Option<Date>,
}

impl Post {
    /// Whether the post is held on a day; first and last day count.
    pub fn held(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// What the post is about, for questions of permission.
    pub fn target(&self) -> Target {
        Target { place: self.place.clone(), department: self.department.clone() }
    }
}

/// How far an account may use its posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The password was set by somebody else and must be changed first: no post counts before.
    pub must_change_password: bool,
    /// The one-time code is on; posts of roles that need it count only then.
    pub code_on: bool,
}

/// The grants of the posts held on a day.
pub fn grants(posts: &[Post], roles: &Roles, on: Date, standing: Standing) -> Vec<Grant> {
    if standing.must_change_password {
        return Vec::new();
    }
    let held = posts.iter().filter(|post| post.held(on));
    let known = held.filter_map(|post| roles.get(&post.role).map(|role| (post, role)));
    known
        .filter(|(_, role)| standing.code_on || !role.code_required)
        .map(|(post, role)| Grant {
            post: post.id,
            role: post.role.clone(),
            place: post.place.clone(),
            department: post.department.clone(),
            permissions: role.permissions.clone(),
        })
        .collect()
}

/// Whether the actor may give or end a post of this role for this target: he manages accounts there, and each of the
/// role's permissions is his own there too. Roles marked so (operators) may give any.
///
/// # Errors
/// Names the permission that is missing.
pub fn may_give(actor: &Actor, roles: &Roles, role: &Role, target: &Target) -> Result<(), Refusal> {
    if actor.kind == ActorKind::System {
        return Ok(());
    }
    may(actor, May::AccountManage, target)?;
    let gives_any = |grant: &Grant| roles.get(&grant.role).is_some_and(|held| held.gives_any) && grant.covers(target);
    if actor.holding(May::AccountManage).any(gives_any) {
        return Ok(());
    }
    if role.gives_any {
        return Err(Refusal::new(Code::PermissionMissing).with_both("permission", &role.title));
    }
    for permission in &role.permissions {
        may(actor, *permission, target)?;
    }
    Ok(())
}

/// Whether the actor may reset or close an account: never his own, and only one all of whose posts, past ones aside,
/// he could have given himself. Otherwise a clerk could take over his superior's account.
///
/// # Errors
/// As [`may_give`].
pub fn may_govern(actor: &Actor, roles: &Roles, account: Uuid, posts: &[Post], on: Date) -> Result<(), Refusal> {
    refuse_self(actor, account)?;
    for post in posts.iter().filter(|post| post.to.is_none_or(|to| on <= to)) {
        let role = roles.require(&post.role)?;
        may_give(actor, roles, role, &post.target())?;
    }
    Ok(())
}

/// Nobody gives himself a post or resets his own password through the list of staff.
///
/// # Errors
/// [`Code::PermissionMissing`].
pub fn refuse_self(actor: &Actor, account: Uuid) -> Result<(), Refusal> {
    if actor.account == Some(account) {
        return Err(Refusal::new(Code::PermissionMissing).with_both("permission", &May::AccountManage.title()));
    }
    Ok(())
}

/// Whether the role can be held at the place, with or without a department, in these dates.
///
/// # Errors
/// Level, department or dates.
pub fn check_post(role: &Role, post: &Post) -> Result<(), Refusal> {
    if !role.levels.contains(&post.place.level()) {
        return Err(Refusal::new(Why::IdentityRoleNotHere).field("place").with_both("role", &role.title));
    }
    if role.department_required && post.department.is_none() {
        return Err(Refusal::new(Why::IdentityDepartmentNeeded).field("department").with_both("role", &role.title));
    }
    if post.to.is_some_and(|to| to < post.from) {
        return Err(Refusal::new(Why::IdentityPostDates).field("to"));
    }
    Ok(())
}

/// Passwords that everybody tries first; compared without digits and marks at either end.
const COMMON: [&str; 10] = [
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "admin",
    "administrator",
    "welcome",
    "lianglin",
    "abc",
];
/// A name shorter than this is not looked for in a password.
const TELLING_CHARACTERS: usize = 4;
/// A password with fewer different characters than this is weak however long it is.
const FEWEST_DIFFERENT: usize = 5;

/// Whether a new password will do. `known` are the login, the name, the telephone.
///
/// # Errors
/// Too short, too long or too easily guessed.
pub fn check_password(password: &str, rules: &Rules, known: &[&str]) -> Result<(), Refusal> {
    let length = password.chars().count();
    let shortest = usize::try_from(rules.password_shortest).unwrap_or(usize::MAX);
    let longest = usize::try_from(rules.password_longest).unwrap_or(usize::MAX);
    if length < shortest {
        return Err(Refusal::new(Why::IdentityPasswordShort).field("new").with("length", shortest));
    }
    if length > longest {
        return Err(Refusal::new(Code::RequestTooLarge).field("new"));
    }
    let lower = password.to_lowercase();
    let bare = lower.trim_matches(|letter: char| !letter.is_alphabetic());
    let different: BTreeSet<char> = lower.chars().collect();
    let telling = |word: &&&str| word.chars().count() >= TELLING_CHARACTERS && lower.contains(&word.to_lowercase());
    if different.len() < FEWEST_DIFFERENT
        || COMMON.contains(&bare)
        || runs(&lower)
        || known.iter().any(|word| telling(&word))
    {
        return Err(Refusal::new(Why::IdentityPasswordWeak).field("new"));
    }
    Ok(())
}

/// Whether the whole is one run up or down: `abcdefgh`, `9876543210`.
fn runs(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps = |step: i64| {
        codes.iter().zip(codes.iter().skip(1)).all(|(one, next)| next - one == step || next - one == -9 * step)
    };
    steps(1) || steps(-1)
}

/// Whether a login can be used: 3 to 32 of `a–z 0–9 . _ -`, beginning with a letter. So it is never a telephone number.
pub fn login_sound(login: &str) -> bool {
    let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    (3..=32).contains(&login.len())
        && login.starts_with(|letter: char| letter.is_ascii_lowercase())
        && login.chars().all(sound)
}

#[cfg(test)]
mod tests;
