//! Decides about accounts without looking anything up: life of a session, passwords, who may give which post.
//!
//! Every number is an argument. The rulebook holds the numbers with their sources.

mod listed;
mod passwords;
mod requests;

pub use listed::{ALSO_CALLED, COLUMNS, Known, LIMITS, Listed, listed};
pub use requests::{Asked, Outcome, may_decide, may_withdraw, reason};

use crate::permissions::May;
use crate::refusals::Why;
use crate::roles::{Role, Roles};
use kernel::permission::{Actor, ActorKind, Grant, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use tries::Pace;
use uuid::Uuid;

pub use passwords::{check_password, is_common};

/// The figures of this crate. The app takes them from the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The fewest characters of a password.
    pub password_shortest: u32,
    /// The most characters of a password.
    pub password_longest: u32,
    /// The memory of one argon2id computation, KiB.
    pub password_memory_kib: u32,
    /// The passes of one argon2id computation.
    pub password_passes: u32,
    /// How many passwords are computed at once at most. Each takes the memory of one computation.
    pub passwords_at_once: u32,
    /// How many passwords wait at most to be computed. A further one is answered that it is to come again.
    pub passwords_waiting: u32,
    /// How many minutes without a request end a session.
    pub session_idle_minutes: u32,
    /// How many hours after sign-in a session ends in any case.
    pub session_hours: u32,
    /// After how many seconds, at the latest, it is read again what a session may do.
    pub session_cache_seconds: u32,
    /// How many wrong tries at an account slow nothing.
    pub lockout_failures: u32,
    /// In how many minutes as many wrong tries at an account are forgotten.
    pub lockout_minutes: u32,
    /// How many wrong tries from one network address slow nothing.
    pub address_failures: u32,
    /// In how many minutes as many wrong tries from an address are forgotten.
    pub address_minutes: u32,
    /// How many seconds the first try waits after too many wrong ones. Each further one doubles the wait.
    pub first_wait_seconds: u32,
    /// How many seconds a try waits at most.
    pub longest_wait_seconds: u32,
    /// For how many days a device is known on which somebody signed in.
    pub device_days: u32,
    /// The minutes allowed between the password and the one-time code.
    pub code_minutes: u32,
    /// The steps of 30 seconds by which a phone's clock may differ.
    pub code_drift_steps: u16,
    /// Whether what gives power over accounts, tokens and keys is asked for by one person and confirmed by another.
    pub two_people: bool,
    /// For how many days a request can be confirmed.
    pub request_days: u32,
    /// For how many days after that a request can be read.
    pub request_kept_days: u32,
    /// How many requests of one person wait at most.
    pub requests_open: u32,
    /// For how many hours a password of two halves is good.
    pub reset_hours: u32,
}

impl Rules {
    /// Returns how wrong tries at one account slow the next one.
    pub(crate) fn account_pace(&self) -> Pace {
        self.pace(self.lockout_failures, self.lockout_minutes)
    }

    /// Returns how wrong tries from one network address slow the next one.
    pub(crate) fn address_pace(&self) -> Pace {
        self.pace(self.address_failures, self.address_minutes)
    }

    fn pace(&self, free_tries: u32, forgotten_minutes: u32) -> Pace {
        Pace {
            free_tries: free_tries.into(),
            first_wait_seconds: self.first_wait_seconds.into(),
            longest_wait_seconds: self.longest_wait_seconds.into(),
            forgotten_seconds: i64::from(forgotten_minutes).saturating_mul(60),
        }
    }

    /// Returns figures for tests and the first start, before a rulebook is read. They are not for real accounts: one
    /// person does alone what a city lets two people do.
    pub const fn for_tests() -> Self {
        Self {
            password_shortest: 12,
            password_longest: 128,
            password_memory_kib: 64,
            password_passes: 1,
            passwords_at_once: 4,
            passwords_waiting: 1_000,
            session_idle_minutes: 30,
            session_hours: 12,
            session_cache_seconds: 0,
            lockout_failures: 5,
            lockout_minutes: 15,
            address_failures: 20,
            address_minutes: 15,
            first_wait_seconds: 5,
            longest_wait_seconds: 60,
            device_days: 180,
            code_minutes: 5,
            code_drift_steps: 1,
            two_people: false,
            request_days: 3,
            request_kept_days: 365,
            requests_open: 20,
            reset_hours: 24,
        }
    }
}

/// The moments of a session that decide whether it is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The moment of the last request.
    pub seen_at: Instant,
    /// The moment when it ends in any case.
    pub expires_at: Instant,
}

impl SessionTimes {
    /// Says whether the session is still alive.
    pub fn alive(&self, now: Instant, rules: &Rules) -> bool {
        now < self.expires_at && now < self.seen_at.plus_minutes(i64::from(rules.session_idle_minutes))
    }

    /// Says whether the last request is so old that it must be stored again: after a tenth of the idle time.
    pub fn stale(&self, now: Instant, rules: &Rules) -> bool {
        now.seconds_since(self.seen_at) >= i64::from(rules.session_idle_minutes).saturating_mul(6)
    }
}

/// A post 任职: a role at a place, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The identity of the post.
    pub id: Uuid,
    /// The code of the role.
    pub role: String,
    /// The place of the post, with everything inside it.
    pub place: PlacePath,
    /// The one department that the post is about, if there is one.
    pub department: Option<String>,
    /// The first day.
    pub from: Date,
    /// The last day, or none while the post is open.
    pub to: Option<Date>,
}

impl Post {
    /// Says whether the post is held on a day. The first and the last day count.
    pub fn held(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// Returns what the post is about, for questions of permission.
    pub fn target(&self) -> Target {
        Target { place: self.place.clone(), department: self.department.clone() }
    }
}

/// How far an account may use its posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Somebody else set the password, so it must be changed first. No post counts before.
    pub must_change_password: bool,
    /// The one-time code is on. Posts of roles that need it count only then.
    pub code_on: bool,
}

/// Says whether a post held on a day counts only once the one-time code is on, and it is not.
pub fn wants_code(posts: &[Post], roles: &Roles, on: Date, standing: Standing) -> bool {
    let required = |post: &Post| roles.get(&post.role).is_some_and(|role| role.code_required);
    !standing.code_on && posts.iter().any(|post| post.held(on) && required(post))
}

/// Returns the grants of the posts held on a day.
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

/// Checks that the actor may give or end a post of this role for this target. The actor must manage accounts there, and
/// must have each of the role's permissions there too. Roles that are marked so (operators) may give any role.
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

/// Checks that the actor may reset or close an account. It is never the actor's own account, and the actor could have
/// given each of its posts, except past ones. Otherwise a clerk could take over the account of a superior.
///
/// # Errors
/// Fails as [`may_give`] does.
pub fn may_govern(actor: &Actor, roles: &Roles, account: Uuid, posts: &[Post], on: Date) -> Result<(), Refusal> {
    refuse_self(actor, account)?;
    for post in posts.iter().filter(|post| post.to.is_none_or(|to| on <= to)) {
        let role = roles.require(&post.role)?;
        may_give(actor, roles, role, &post.target())?;
    }
    Ok(())
}

/// Refuses that people give themselves a post or reset their own password through the list of staff.
///
/// # Errors
/// Fails with [`Code::PermissionMissing`].
pub fn refuse_self(actor: &Actor, account: Uuid) -> Result<(), Refusal> {
    if actor.account == Some(account) {
        return Err(Refusal::new(Code::PermissionMissing).with_both("permission", &May::AccountManage.title()));
    }
    Ok(())
}

/// Checks that the role can be held at the place, with or without a department, in these dates.
///
/// # Errors
/// Names the level, the department or the dates that do not fit.
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

/// How many days before or after today a post may begin: a list is brought for posts of these days.
const POST_BEGINS_WITHIN_DAYS: i64 = 366;
/// How many days ahead a post may end. One without an end has no last day.
const POST_ENDS_WITHIN_DAYS: i64 = 3_660;

/// Checks that the days of a post are not mistyped: its first day lies at most a year before or after today, its last
/// day at most ten years ahead.
///
/// # Errors
/// Names the day that does not fit.
pub fn check_days(from: Date, to: Option<Date>, today: Date) -> Result<(), Refusal> {
    let within = |day: Date, back: i64, ahead: i64| {
        let earliest = date_plus_days(today, back.saturating_neg());
        let latest = date_plus_days(today, ahead);
        earliest.is_none_or(|earliest| day >= earliest) && latest.is_none_or(|latest| day <= latest)
    };
    if !within(from, POST_BEGINS_WITHIN_DAYS, POST_BEGINS_WITHIN_DAYS) {
        return Err(Refusal::new(Why::IdentityPostBegins).field("from"));
    }
    if to.is_some_and(|to| !within(to, POST_BEGINS_WITHIN_DAYS, POST_ENDS_WITHIN_DAYS)) {
        return Err(Refusal::new(Why::IdentityPostEnds).field("to"));
    }
    Ok(())
}

/// Says whether a login can be used: 3 to 32 of `a–z 0–9 . _ -`, beginning with a letter. So it is never a telephone
/// number.
pub fn login_sound(login: &str) -> bool {
    let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    (3..=32).contains(&login.len())
        && login.starts_with(|letter: char| letter.is_ascii_lowercase())
        && login.chars().all(sound)
}

#[cfg(test)]
mod tests;
