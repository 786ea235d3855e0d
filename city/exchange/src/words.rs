//! These are the names of the exchange: other systems, what they may do, their tokens, their calls, and the messages
//! that they get.

use jobs::NewJob;
use std::collections::BTreeSet;

use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::Permission;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde_json::json;
use uuid::Uuid;

/// What one must be permitted to register and close systems.
pub const GOVERNS: kernel::permission::Permission = identity::May::AccountManage;

/// Is the code of the role that is shown with everything that another system does. It is not `system`, because that is
/// the platform itself.
pub const ROLE: &str = "exchange_system";
/// The job that sends one message.
pub const DELIVER: &str = "exchange.deliver";
/// The job that puts a part of a system's earlier messages on their way again.
pub const REPLAY: &str = "exchange.replay";
/// The page of the messages behind a figure.
pub const ROWS_PAGE: &str = "/systems/rows";
/// The list of the messages that a sum counts, for whoever looks after the systems.
pub const ROWS: Rows = Rows { permission: GOVERNS, address };

fn address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

/// Messages that other systems took, at the place of the system.
pub const DELIVERED: Indicator = Indicator::sum("exchange.delivered", "exchange-figure-delivered", 1).opens(ROWS);

/// What this department publishes.
pub const INDICATORS: &[Indicator] = &[DELIVERED];

/// Purpose under which the vault keeps the secret that signs messages.
pub(crate) const SECRET: &str = "exchange-webhook";
/// Purpose under which the vault keeps the secret before it, which signs beside it for a while.
pub(crate) const OLD_SECRET: &str = "exchange-webhook-old";

/// Says what another system may do (接口权限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiScope {
    /// The system reads the catalogue and the places.
    ItemsRead,
    /// The system reads how many cases are open, late, nearly late or stopped.
    FiguresRead,
    /// The system applies for a resident, as the counter of its place or online.
    CaseApply,
    /// The system sees a case if it gives the number and the code of the receipt.
    CaseFollow,
    /// The system sees the cases of its place and department.
    CaseRead,
    /// The system takes the steps of a case that it sees.
    CaseAct,
    /// The system reports what is wrong in the street, for the people who use it, and says for them whether it is done.
    ReportSend,
    /// The system takes the steps of reports from the street, as the platform of whoever puts things right.
    ReportAct,
}

impl ApiScope {
    /// Lists every scope.
    pub const ALL: [Self; 8] = [
        Self::ItemsRead,
        Self::FiguresRead,
        Self::CaseApply,
        Self::CaseFollow,
        Self::CaseRead,
        Self::CaseAct,
        Self::ReportSend,
        Self::ReportAct,
    ];

    /// Returns the stable name in the interface and in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ItemsRead => "items.read",
            Self::FiguresRead => "figures.read",
            Self::CaseApply => "case.apply",
            Self::CaseFollow => "case.follow",
            Self::CaseRead => "case.read",
            Self::CaseAct => "case.act",
            Self::ReportSend => "report.send",
            Self::ReportAct => "report.act",
        }
    }

    /// Returns the key of its text.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ItemsRead => "exchange-scope-items-read",
            Self::FiguresRead => "exchange-scope-figures-read",
            Self::CaseApply => "exchange-scope-case-apply",
            Self::CaseFollow => "exchange-scope-case-follow",
            Self::CaseRead => "exchange-scope-case-read",
            Self::CaseAct => "exchange-scope-case-act",
            Self::ReportSend => "exchange-scope-report-send",
            Self::ReportAct => "exchange-scope-report-act",
        }
    }

    /// Reads the stable name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// Returns the permissions of the kernel that it needs.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::ItemsRead => &[counter::May::CatalogueRead],
            Self::FiguresRead | Self::CaseFollow | Self::ReportSend => &[],
            Self::CaseApply => &[Permission::CaseApply, Permission::CaseAccept],
            Self::CaseRead => &[Permission::CaseRead],
            Self::CaseAct => {
                &[Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide, Permission::CaseDeliver]
            }
            Self::ReportAct => &[Permission::CaseAccept, Permission::CaseHandle],
        }
    }
}

/// Another system (其他系统) that speaks to the platform through its interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its identity.
    pub id: Uuid,
    /// The district whose log keeps its events.
    pub district: PlaceId,
    /// What it is called. The name is shown with everything that it does.
    pub name: String,
    /// Where it may act, with everything inside. This is its counter when it applies for somebody.
    pub place: PlacePath,
    /// The one department to which it is limited, or nothing if it may act for any.
    pub department: Option<String>,
    /// What it may do.
    pub scopes: BTreeSet<ApiScope>,
    /// How many calls a minute it has.
    pub calls_per_minute: i64,
    /// The address that gets messages about cases that moved.
    pub webhook_url: Option<String>,
    /// When it was registered.
    pub created_at: Instant,
    /// Who registered it.
    pub created_by: String,
    /// When it was closed.
    pub closed_at: Option<Instant>,
    /// How it fares with its messages.
    pub listening: Reception,
}

/// How a system fares with the messages that it gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    /// Since when it has taken none of those that were tried. It is empty while it takes them.
    pub failing_since: Option<Instant>,
    /// When it was switched off because it had failed for too long.
    pub switched_off_at: Option<Instant>,
    /// Until when the secret before the newest one signs too.
    pub old_secret_until: Option<Instant>,
}

impl System {
    /// Says whether it may do that.
    #[must_use]
    pub fn has(&self, scope: ApiScope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// A token of a system, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    /// Its identity.
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
    /// The day, in the city's time.
    pub day: Date,
    /// The method and the path.
    pub route: String,
    /// The first digit of the status: 2 means done, 4 refused, 5 failed.
    pub class: i64,
    /// How many.
    pub calls: i64,
}

/// A message to a system (消息) that a case moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identity, which is the same at every attempt.
    pub id: Uuid,
    /// The system that gets it.
    pub system: Uuid,
    /// The number of the case.
    pub number: String,
    /// The number of this message among those about the case to this system, from 1. Older messages have none (0).
    pub sequence: i64,
    /// The state it came to.
    pub state: String,
    /// When it moved.
    pub at: Instant,
    /// How many times sending was tried.
    pub attempts: i64,
    /// When it was tried first, since it was last put on its way.
    pub first_attempted_at: Option<Instant>,
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
    /// Seconds before a message that failed is first tried again. They double each time.
    EXCHANGE_RETRY_FIRST_SECONDS = "exchange.retry_first_seconds" as Seconds;
    /// Seconds of the longest wait between two attempts, also where the receiver asks for a longer one.
    EXCHANGE_RETRY_LONGEST_SECONDS = "exchange.retry_longest_seconds" as Seconds;
    /// By how much a wait is longer or shorter by chance.
    EXCHANGE_RETRY_JITTER = "exchange.retry_jitter" as Share;
    /// Hours for which a message is tried again.
    EXCHANGE_RETRY_HOURS = "exchange.retry_hours" as Hours;
    /// Calendar days of failures alone after which a receiver is switched off.
    EXCHANGE_OFF_DAYS = "exchange.off_days" as Days;
    /// Hours for which a secret that was renewed signs beside the new one.
    EXCHANGE_OLD_SECRET_HOURS = "exchange.old_secret_hours" as Hours;
}

/// What the lanes of systems begin with.
pub(crate) const LANE: &str = "exchange";

/// Returns the name of the lane in which messages to a system stand.
pub(crate) fn lane(system: Uuid) -> String {
    format!("{LANE}:{}", system.simple())
}

/// Gives the job that sends a message its lane and its turn: a system is told of one case in order.
pub(crate) fn queued(job: NewJob, delivery: &Delivery) -> NewJob {
    let Delivery { system, number, sequence, .. } = delivery;
    job.in_lane(lane(*system)).in_order(format!("exchange:{}:{number}", system.simple()), *sequence)
}

/// Returns the job that puts earlier messages on their way again, those after one of them. Each `once` is done once.
pub(crate) fn replaying(which: &Replayed, after: Uuid, once: &str, now: Instant) -> NewJob {
    let Replayed { system, since, taken_too } = *which;
    let key = format!("{REPLAY}:{system}:{once}:{}:{after}", since.micros());
    let payload = json!({
        "system": system, "since": since.micros(), "taken_too": taken_too, "after": after, "once": once,
    });
    NewJob::new(REPLAY, key, payload, now)
}

/// Which of a system's earlier messages are put on their way again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replayed {
    /// The system.
    pub system: Uuid,
    /// The moment from which on they are.
    pub since: Instant,
    /// Whether those are meant that were taken, too.
    pub taken_too: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_has_a_name_a_text_and_what_it_permits() {
        use ApiScope::{CaseAct, CaseApply, CaseFollow, CaseRead, FiguresRead, ItemsRead, ReportAct, ReportSend};
        let table = [
            (ItemsRead, "items.read", 1),
            (FiguresRead, "figures.read", 0),
            (CaseApply, "case.apply", 2),
            (CaseFollow, "case.follow", 0),
            (CaseRead, "case.read", 1),
            (CaseAct, "case.act", 4),
            (ReportSend, "report.send", 0),
            (ReportAct, "report.act", 2),
        ];
        assert_eq!(table.map(|(scope, ..)| scope), ApiScope::ALL);
        for (scope, code, permissions) in table {
            assert_eq!((scope.code(), scope.permissions().len()), (code, permissions));
            assert_eq!(ApiScope::parse(code), Some(scope));
            assert_eq!(scope.key(), format!("exchange-scope-{}", code.replace('.', "-")));
            for text in [crate::TEXTS.0, crate::TEXTS.1] {
                assert!(text.lines().any(|line| line.starts_with(&format!("{} =", scope.key()))), "{}", scope.key());
            }
        }
        for odd in ["", "case", "case.READ", "case.read ", "account.manage"] {
            assert_eq!(ApiScope::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn no_scope_permits_more_than_a_worker_at_a_counter_may() {
        let never = [Permission::PersonOpen, Permission::CaseExport, Permission::CaseSupervise, Permission::AuditRead];
        for scope in ApiScope::ALL {
            for permission in scope.permissions() {
                assert!(!never.contains(permission) && *permission != GOVERNS, "{} {permission}", scope.code());
            }
        }
    }

    #[test]
    fn what_is_published_can_be_reckoned() {
        assert_eq!(kernel::figure::faults("exchange", INDICATORS), Vec::<String>::new());
    }
}
