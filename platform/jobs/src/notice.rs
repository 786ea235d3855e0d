//! Notices to people are stored together with the change that they tell of. Each is delivered once through a channel
//! and has a receipt.

use crate::queue::{Handler, Job, JobError, NewJob};
use crate::records::{self, Notice};
use crate::words::{ChannelKind, NewNotice};
use kernel::calendar::Calendar;
use kernel::time::Instant;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

/// The kind of job that delivers a notice.
pub(crate) const DELIVER: &str = "jobs.deliver";

/// Returns the lane of the notices of a channel.
fn lane(channel: ChannelKind) -> String {
    format!("notice:{}", channel.code())
}

/// Puts a notice in within the caller's transaction. Returns false if its key was used before. A message in the app is
/// there at once; the runner delivers the others.
///
/// # Errors
/// Those of the store.
pub fn notify(tx: &mut dyn Tx, new: &NewNotice) -> Result<bool, StoreError> {
    if new.channel == ChannelKind::InApp {
        return records::insert_notice(tx, new, Some((new.not_before, new.channel.code())));
    }
    if !records::insert_notice(tx, new, None)? {
        return Ok(false);
    }
    let payload = serde_json::json!({ "notice": new.id });
    let job = NewJob::new(DELIVER, format!("notice:{}", new.id), payload, new.asked_at).in_lane(lane(new.channel));
    // The hour is looked at again when the job runs.
    records::enqueue(tx, &NewJob { id: new.id, run_at: new.not_before, ..job })
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
