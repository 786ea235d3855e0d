//! Notices to people are stored together with the change that they tell of. Each is delivered once through a channel
//! and has a receipt.

use crate::queue::{Job, JobError, NewJob};
use crate::records::{self, Notice};
use crate::runner::Handler;
use kernel::calendar::Calendar;
use kernel::time::Instant;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

/// The kind of job that delivers a notice.
pub(crate) const DELIVER: &str = "jobs.deliver";

/// The channel through which a notice reaches its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// The notice is a message in the platform itself. The stored row is the message.
    InApp,
    /// The notice goes out as e-mail.
    Email,
    /// The notice goes to a gateway of the city, for example for text messages (短信).
    Webhook,
}

impl ChannelKind {
    /// All channels.
    pub const ALL: [Self; 3] = [Self::InApp, Self::Email, Self::Webhook];

    /// Returns the name under which the channel is stored: `in_app`, `email`, `webhook`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InApp => "in_app",
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }

    /// Reads a name that [`ChannelKind::code`] returns.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Says whether the channel may wake somebody. Such a channel is used in working hours only.
    pub const fn disturbs(self) -> bool {
        !matches!(self, Self::InApp)
    }
}

/// A notice that is about to be stored. It carries its identity, so make it outside the unit of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// The identity (UUIDv7).
    pub id: Uuid,
    /// Two notices with the same key are one notice.
    pub dedupe_key: String,
    /// The channel through which it goes.
    pub channel: ChannelKind,
    /// An opaque handle of the recipient. It is never a telephone number or an address: those are fetched at delivery.
    pub recipient: String,
    /// The key of the text.
    pub template: String,
    /// The values that are filled into the text. They are never personal data.
    pub arguments: BTreeMap<String, String>,
    /// The notice is not delivered before this moment.
    pub not_before: Instant,
}

impl NewNotice {
    /// Makes a notice that goes out as soon as its channel allows: in the app now, through channels that disturb at the
    /// next working minute.
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
        }
    }

    /// Makes a notice that goes out at once, at any hour. Its template must be one of those that [`Delivery::urgent`]
    /// names.
    pub fn at_once(channel: ChannelKind, dedupe_key: impl Into<String>, recipient: &str, now: Instant) -> Self {
        Self {
            id: Uuid::now_v7(),
            dedupe_key: dedupe_key.into(),
            channel,
            recipient: recipient.to_owned(),
            template: String::new(),
            arguments: BTreeMap::new(),
            not_before: now,
        }
    }

    /// Sets the key of its text.
    #[must_use]
    pub fn template(mut self, template: &str) -> Self {
        template.clone_into(&mut self.template);
        self
    }

    /// Adds a value that is filled into its text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }
}

/// Stores a notice in the caller's transaction. Returns false when its key was used before. A message in the app is
/// there at once; the runner delivers the others.
pub fn notify(tx: &mut dyn Tx, new: &NewNotice) -> Result<bool, StoreError> {
    if new.channel == ChannelKind::InApp {
        return records::insert_notice(tx, new, Some((new.not_before, new.channel.code())));
    }
    if !records::insert_notice(tx, new, None)? {
        return Ok(false);
    }
    let job = NewJob {
        id: new.id,
        kind: DELIVER.to_owned(),
        dedupe_key: format!("notice:{}", new.id),
        payload: serde_json::json!({ "notice": new.id }),
        run_at: new.not_before,
    };
    records::insert_job(tx, &job)
}

/// What is sent, and where to. It lives only while it is delivered, and it does not print its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The e-mail address or telephone number.
    pub to: String,
    /// The subject, for channels that have one.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl fmt::Debug for Envelope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Envelope(…)")
    }
}

/// The proof of a delivery: what the channel answered, without personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number that the gateway gave the message, or a similar reference.
    pub reference: String,
}

/// The reason why a notice was not delivered. The texts are kept, so they contain no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// The notice may succeed later.
    #[error("{0}")]
    Retry(String),
    /// The notice will never reach this address.
    #[error("{0}")]
    Never(String),
    /// The recipient does not want this notice. It is settled without a message, and nothing failed.
    #[error("the recipient looks for herself")]
    NotWanted,
}

/// The receipt of a notice that was not wanted.
const NOT_WANTED: &str = "not wanted";

/// A way to reach people.
pub trait Channel: Send + Sync {
    /// Delivers a notice. It may be asked again for the same notice when the answer was lost. The notice's identity is
    /// its idempotency key, so the recipient gets the notice once.
    ///
    /// # Errors
    /// Says why the notice was not delivered.
    fn deliver(&self, notice: &Notice, envelope: &Envelope, now: Instant) -> Result<Receipt, DeliveryError>;
}

/// Finds the address and the text of a notice at the moment of delivery. Returns none when the recipient can no longer
/// be reached that way or does not want to be.
pub type Resolver = Arc<dyn Fn(&Store, &Notice, Instant) -> Result<Option<Envelope>, DeliveryError> + Send + Sync>;

/// Returns the calendar as it is at the moment.
pub type CalendarSource = Arc<dyn Fn() -> Arc<Calendar> + Send + Sync>;

/// Delivers notices through the channels that the city has.
#[derive(Clone)]
pub struct Delivery {
    channels: BTreeMap<ChannelKind, Arc<dyn Channel>>,
    resolver: Resolver,
    calendar: CalendarSource,
    urgent: Vec<&'static str>,
}

impl Delivery {
    /// Makes a delivery without channels.
    pub fn new(resolver: Resolver, calendar: CalendarSource) -> Self {
        Self { channels: BTreeMap::new(), resolver, calendar, urgent: Vec::new() }
    }

    /// Adds a channel.
    #[must_use]
    pub fn channel(mut self, kind: ChannelKind, channel: Arc<dyn Channel>) -> Self {
        self.channels.insert(kind, channel);
        self
    }

    /// Notices whose template begins like this may wake somebody: an emergency does not wait for the next working day.
    #[must_use]
    pub fn urgent(mut self, templates: &'static str) -> Self {
        self.urgent.push(templates);
        self
    }

    pub(crate) fn handler(self) -> Handler {
        Arc::new(move |store, job, now| self.handle(store, job, now))
    }

    fn handle(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let id = job.payload.get("notice").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| JobError::Never("the job names no notice".into()))?;
        let Some(notice) = store.read_blocking(move |tx| records::notice(tx, id))? else {
            return Err(JobError::Never("the notice is gone".into()));
        };
        if notice.sent_at.is_some() {
            return Ok(());
        }
        let kind = ChannelKind::parse(&notice.channel);
        let open_at = (self.calendar)().next_working_minute(now);
        let waits = !self.urgent.iter().any(|templates| notice.template.starts_with(templates));
        if waits && kind.is_none_or(ChannelKind::disturbs) && open_at > now {
            return Err(JobError::Later(open_at));
        }
        match self.send(store, kind, &notice, now) {
            Ok(receipt) => Ok(store.write_blocking(move |tx| records::notice_sent(tx, id, now, &receipt.reference))?),
            Err(DeliveryError::NotWanted) => {
                Ok(store.write_blocking(move |tx| records::notice_sent(tx, id, now, NOT_WANTED))?)
            }
            Err(DeliveryError::Retry(text)) => {
                let (said, failed_at) = (text.clone(), job.last.then_some(now));
                store.write_blocking(move |tx| records::notice_failed(tx, id, &said, failed_at))?;
                Err(JobError::Retry(text))
            }
            Err(DeliveryError::Never(text)) => {
                let said = text.clone();
                store.write_blocking(move |tx| records::notice_failed(tx, id, &said, Some(now)))?;
                Err(JobError::Never(text))
            }
        }
    }

    fn send(
        &self,
        store: &Store,
        kind: Option<ChannelKind>,
        notice: &Notice,
        now: Instant,
    ) -> Result<Receipt, DeliveryError> {
        let channel = kind.and_then(|kind| self.channels.get(&kind));
        let channel = channel.ok_or_else(|| {
            DeliveryError::Retry(format!("the channel {} is not set up on this server", notice.channel))
        })?;
        let envelope = (self.resolver)(store, notice, now)?;
        let envelope =
            envelope.ok_or_else(|| DeliveryError::Never("the recipient has no address for this channel".into()))?;
        channel.deliver(notice, &envelope, now)
    }
}
