//! Names of jobs: channels of notices, notices and work that are about to be put in.

use std::collections::BTreeMap;

use kernel::calendar::Calendar;
use kernel::place::PlacePath;
use kernel::time::Instant;
use serde_json::Value;
use store::{FromVal, StoreError, Val};
use uuid::Uuid;

/// Through what a notice reaches its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// A message in the platform itself; the stored row is the message.
    InApp,
    /// E-mail.
    Email,
    /// A gateway of the city, for example for text messages (短信).
    Webhook,
}

impl ChannelKind {
    /// All channels.
    pub const ALL: [Self; 3] = [Self::InApp, Self::Email, Self::Webhook];

    /// The name it is stored by: `in_app`, `email`, `webhook`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// Reads the name that [`ChannelKind::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it may wake somebody: then it is used in working hours only.
    pub const fn disturbs(self) -> bool {
        !matches!(self, Self::InApp)
    }
}

/// A notice about to be put in. Make it outside of the unit of work: it carries its identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Identity (UUIDv7).
    pub id: Uuid,
    /// The same key twice is one notice.
    pub dedupe_key: String,
    /// Through what.
    pub channel: ChannelKind,
    /// An opaque handle of the recipient. Never a telephone number or an address: those are fetched at delivery.
    pub recipient: String,
    /// Key of the text.
    pub template: String,
    /// What is filled into the text, never personal data.
    pub arguments: BTreeMap<String, String>,
    /// Not delivered before.
    pub not_before: Instant,
    /// What the clock said when it was asked for.
    pub asked_at: Instant,
}

impl NewNotice {
    /// A notice as soon as its channel allows: in the app now, through channels that disturb at the next working
    /// minute.
    pub fn new(
        channel: ChannelKind,
        dedupe_key: impl Into<String>,
        recipient: &str,
        calendar: &Calendar,
        now: Instant,
    ) -> Self {
        Self {
            id: Uuid::now_v7(),
            dedupe_key: dedupe_key.into(),
            channel,
            recipient: recipient.to_owned(),
            template: String::new(),
            arguments: BTreeMap::new(),
            not_before: if channel.disturbs() { calendar.next_working_minute(now) } else { now },
            asked_at: now,
        }
    }

    /// A notice that goes out at once, at any hour; its template must be one of those that
    /// [`crate::Delivery::urgent`] names.
    pub fn at_once(channel: ChannelKind, dedupe_key: impl Into<String>, recipient: &str, now: Instant) -> Self {
        Self {
            id: Uuid::now_v7(),
            dedupe_key: dedupe_key.into(),
            channel,
            recipient: recipient.to_owned(),
            template: String::new(),
            arguments: BTreeMap::new(),
            not_before: now,
            asked_at: now,
        }
    }

    /// With the key of its text.
    #[must_use]
    pub fn template(mut self, template: &str) -> Self {
        template.clone_into(&mut self.template);
        self
    }

    /// With something filled into its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }
}

/// Where a piece of work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkState {
    /// It waits for a process to take it.
    Waiting,
    /// It is being done.
    Running,
    /// It is done; the answer is there.
    Done,
    /// Somebody called it off.
    Stopped,
    /// It could not be done; `said` tells why.
    Failed,
}

impl WorkState {
    /// The stable name in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether somebody still waits for its end.
    pub const fn open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Done, Self::Stopped, Self::Failed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

impl FromVal for WorkState {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data("expected a state of work"))
    }
}

/// Work about to be asked for. Make it outside of the unit of work: it carries its identity.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWork {
    /// Identity (UUIDv7).
    pub id: Uuid,
    /// Which handler does it, for example `stations.next`.
    pub kind: String,
    /// The place it is about: who may see it follows from that.
    pub place: PlacePath,
    /// The particulars, never personal data.
    pub asked: Value,
    /// Who asks.
    pub by: Option<Uuid>,
    /// The name of whoever asks, of staff only.
    pub by_name: String,
}
