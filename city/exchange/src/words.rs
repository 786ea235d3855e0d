//! Names of the exchange: other systems, what they are let do, their tokens, their calls, what is told to them.

use std::collections::BTreeSet;

use kernel::permission::Permission;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use uuid::Uuid;

/// Code of the role that stands with everything another system does. Not `system`: that is the platform itself.
pub const ROLE: &str = "exchange_system";
/// The job that sends one message.
pub const DELIVER: &str = "exchange.deliver";
/// Purpose under which the vault keeps the secret that signs messages.
pub(crate) const SECRET: &str = "exchange-webhook";

/// What another system is let do (接口权限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiScope {
    /// Read the catalogue and the places.
    ItemsRead,
    /// Read how many cases are open, late, near, stopped.
    FiguresRead,
    /// Apply for a resident, as the counter of its place or online.
    CaseApply,
    /// See a case of which it gives number and telephone.
    CaseFollow,
    /// See the cases of its place and department.
    CaseRead,
    /// Take the steps of a case that it sees.
    CaseAct,
}

impl ApiScope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::ItemsRead, Self::FiguresRead, Self::CaseApply, Self::CaseFollow, Self::CaseRead, Self::CaseAct];

    /// The stable name in the interface and in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ItemsRead => "items.read",
            Self::FiguresRead => "figures.read",
            Self::CaseApply => "case.apply",
            Self::CaseFollow => "case.follow",
            Self::CaseRead => "case.read",
            Self::CaseAct => "case.act",
        }
    }

    /// The key of its text.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ItemsRead => "exchange-scope-items-read",
            Self::FiguresRead => "exchange-scope-figures-read",
            Self::CaseApply => "exchange-scope-case-apply",
            Self::CaseFollow => "exchange-scope-case-follow",
            Self::CaseRead => "exchange-scope-case-read",
            Self::CaseAct => "exchange-scope-case-act",
        }
    }

    /// Reads the stable name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// What the kernel has to permit for it.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::ItemsRead => &[counter::May::CatalogueRead],
            Self::FiguresRead | Self::CaseFollow => &[],
            Self::CaseApply => &[Permission::CaseApply, Permission::CaseAccept],
            Self::CaseRead => &[Permission::CaseRead],
            Self::CaseAct => {
                &[Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide, Permission::CaseDeliver]
            }
        }
    }
}

/// Another system (其他系统) that speaks to the platform through its interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Identity.
    pub id: Uuid,
    /// District whose log keeps its events.
    pub district: PlaceId,
    /// What it is called; stands with everything it does.
    pub name: String,
    /// Where it may act, with everything inside; its counter when it applies.
    pub place: PlacePath,
    /// The one department it is limited to, none for any.
    pub department: Option<String>,
    /// What it is let do.
    pub scopes: BTreeSet<ApiScope>,
    /// How many calls it has a minute.
    pub calls_per_minute: i64,
    /// Where it is told of cases that moved.
    pub webhook_url: Option<String>,
    /// When it was registered.
    pub created_at: Instant,
    /// Who registered it.
    pub created_by: String,
    /// When it was closed.
    pub closed_at: Option<Instant>,
}

impl System {
    /// Whether it is let do that.
    #[must_use]
    pub fn has(&self, scope: ApiScope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// A token of a system, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// Identity.
    pub id: Uuid,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
    /// When it was used last.
    pub last_used_at: Option<Instant>,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

/// How often a system called a route on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCount {
    /// The day in the city.
    pub day: Date,
    /// Method and path.
    pub route: String,
    /// First digit of the status: 2 done, 4 refused, 5 failed.
    pub class: i64,
    /// How many.
    pub calls: i64,
}

/// A message to a system (消息): a case moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Identity, the same at every attempt.
    pub id: Uuid,
    /// To whom.
    pub system: Uuid,
    /// Number of the case.
    pub number: String,
    /// The state it came to.
    pub state: String,
    /// When it moved.
    pub at: Instant,
    /// How often sending was tried.
    pub attempts: i64,
    /// When it was tried last.
    pub attempted_at: Option<Instant>,
    /// Why the last attempt failed: `HTTP 503`, or a word of [`crate::delivery`].
    pub failure: Option<String>,
    /// When it was taken.
    pub sent_at: Option<Instant>,
    /// When it was given up.
    pub failed_at: Option<Instant>,
}

kernel::rules! {
    /// Calls a minute that a new system is offered.
    EXCHANGE_CALLS_PER_MINUTE = "exchange.calls_per_minute" as Count;
    /// Most calls a minute that a system can be given.
    EXCHANGE_CALLS_PER_MINUTE_MAXIMUM = "exchange.calls_per_minute_maximum" as Count;
    /// Calendar days that a system's token is valid.
    EXCHANGE_TOKEN_DAYS = "exchange.token_days" as Days;
    /// Calendar days that counts of calls and deliveries are kept.
    EXCHANGE_LOG_DAYS = "exchange.log_days" as Days;
}
