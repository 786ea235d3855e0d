//! Names that appear in more than one room: kinds of account, events, addresses, fields of forms.

use crate::permissions::May;
use web::{Heading, Service};

/// The texts that people read, in Chinese and English, for `web::Texts`.
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// What people can do on the pages of identity.
pub const SERVICES: &[Service] = &[
    Service {
        heading: Heading::Mine,
        key: "identity-nav-account",
        purpose: "identity-nav-account-for",
        href: ACCOUNT,
        permission: None,
        order: 60,
    },
    Service {
        heading: Heading::Work,
        key: "identity-nav-staff",
        purpose: "identity-nav-staff-for",
        href: STAFF,
        permission: Some(May::AccountRead),
        order: 80,
    },
    Service {
        heading: Heading::Work,
        key: "identity-nav-account",
        purpose: "identity-nav-account-for",
        href: ACCOUNT,
        permission: None,
        order: 90,
    },
    Service {
        heading: Heading::Work,
        key: "identity-nav-confirmations",
        purpose: "identity-nav-confirmations-for",
        href: CONFIRMATIONS,
        permission: Some(May::AccountManage),
        order: 96,
    },
];

pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_CODE: &str = "/sign-in/code";
pub const ACCOUNT: &str = "/account";
pub const OPEN_ACCOUNT: &str = "/account/open";
pub const ACCOUNT_CODE: &str = "/account/code";
pub const STAFF: &str = "/staff";
/// The address of what waits for a second person.
pub const CONFIRMATIONS: &str = "/confirmations";
/// The key that says how many requests wait for somebody, with `$count`.
pub const WAITING: &str = "identity-waiting";

/// The kinds of request of this crate.
pub const ASK_POST: &str = "identity.post";
pub const ASK_END: &str = "identity.end";
pub const ASK_OPEN: &str = "identity.open";
pub const ASK_LIST: &str = "identity.open_list";
pub const ASK_PASSWORD: &str = "identity.password";
pub const ASK_CODE: &str = "identity.code";
pub const ASK_CLOSE: &str = "identity.close";
pub const ASK_KEYS: &str = "identity.keys";

/// The work on master keys that can be asked for, as the command line calls it.
pub const KEY_WORK: [&str; 3] = ["new", ROTATE, RETIRE];
/// Wraps everything by the newest key, in parts.
pub const ROTATE: &str = "rotate";
/// Takes one key out of the file.
pub const RETIRE: &str = "retire";

/// The kinds of account as they are stored.
pub const KIND_STAFF: &str = "staff";
pub const KIND_RESIDENT: &str = "resident";

/// The steps of a session: the password was right, or everything was.
pub const STAGE_CODE: &str = "code";
pub const STAGE_FULL: &str = "full";

/// The events of administration that are written to the account's own chain.
pub const ACCOUNT_OPENED: &str = "account.opened";
pub const ACCOUNT_CLOSED: &str = "account.closed";
pub const ACCOUNT_LOCKED: &str = "account.locked";
pub const PASSWORD_CHANGED: &str = "password.changed";
pub const PASSWORD_RESET: &str = "password.reset";
pub const PASSWORD_COMMON: &str = "password.common";
pub const CODE_TURNED_ON: &str = "code.turned_on";
pub const CODE_TURNED_OFF: &str = "code.turned_off";
pub const POST_GIVEN: &str = "post.given";
pub const POST_ENDED: &str = "post.ended";
pub const SESSION_REVOKED: &str = "session.revoked";

/// The events of a request, written to its own chain.
pub const REQUEST_ASKED: &str = "request.asked";
pub const REQUEST_CONFIRMED: &str = "request.confirmed";
pub const REQUEST_DECLINED: &str = "request.declined";
pub const REQUEST_WITHDRAWN: &str = "request.withdrawn";
pub const REQUEST_USED: &str = "request.used";
pub const KEYS_ALONE: &str = "keys.alone";

/// The purposes under which the vault keeps secrets of accounts.
pub const CODE_SECRET: &str = "identity.code";
pub const CODE_SECRET_NEW: &str = "identity.code_new";
pub const HALF_SECRET: &str = "identity.half";

/// Separates the keys of forms that reset a password from those of others.
pub const RESETS: &str = "identity.reset";

/// The purpose of a resident's record in the vault.
pub const RESIDENT_PURPOSE: &str = "identity.account";
