//! Sends the link to what somebody saved where she said, and forgets that address once it was sent.
//!
//! The address is sealed as a record of its own in the transaction that puts the message in. It lives until the message
//! has gone out or was given up, and a day at most.

use std::sync::Arc;

use hall::Fault;
use house::{Chore, Recipient, When};
use jobs::{ChannelKind, DeliveryError, Envelope, JobError, NewJob, NewNotice, Notice};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, date_plus_days};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Store, Tx};
use uuid::Uuid;
use vault::{Look, NewRecord, Person, PersonField, Vault, VaultError};
use web::Texts;

use crate::Counter;

/// The key of the message.
pub(crate) const LINK: &str = "counter-draft-message";
/// How the handles of these recipients begin.
const RECIPIENT: &str = "saved:";
/// The job that forgets an address.
const FORGET: &str = "counter.forget_address";
/// After how many minutes it looks whether the message has gone out.
const LOOKS_AGAIN_MINUTES: i64 = 5;
/// What the person reads in the log of her record.
const PURPOSE: &str = "把未提交申请的链接发给本人";

/// A link that somebody has sent to herself.
pub(crate) struct Asked {
    /// By what.
    pub channel: ChannelKind,
    /// A telephone number or a mailbox.
    pub to: String,
    /// The link in full.
    pub link: String,
    /// The last day of what was saved.
    pub until: Date,
    /// The language of the message.
    pub lang: Lang,
    /// The district that keeps what was saved.
    pub district: PlaceId,
    /// Sent twice with the same key, it is one message.
    pub once: String,
}

/// What is sealed of it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    to: String,
    link: String,
    until: String,
    lang: String,
}

/// A message that is about to be put in, with the sealed address and the job that forgets it. Make it outside of the
/// unit of work: it carries its identities.
pub(crate) struct Message {
    notice: NewNotice,
    record: NewRecord,
    forget: NewJob,
}

impl Message {
    /// Makes the message.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(crate) fn of(asked: &Asked, now: Instant, today: Date) -> Result<Self, Fault> {
        let id = Uuid::now_v7();
        let recipient = format!("{RECIPIENT}{}/{id}", asked.district);
        let notice = NewNotice::at_once(asked.channel, format!("saved:{}", asked.once), &recipient, now).template(LINK);
        let sealed = Sealed {
            to: asked.to.clone(),
            link: asked.link.clone(),
            until: asked.until.to_string(),
            lang: asked.lang.code().to_owned(),
        };
        let text = serde_json::to_string(&sealed).map_err(|fault| Fault::Broken(fault.to_string()))?;
        let record = NewRecord {
            id,
            district: asked.district,
            person: Person::new().with(PersonField::Note, text),
            purpose: PURPOSE.to_owned(),
            retain_until: date_plus_days(today, 1),
            at: now,
        };
        let until = now.plus_days(1).micros();
        let payload = json!({ "notice": notice.id, "district": asked.district, "record": id, "until": until });
        let forget = NewJob::new(FORGET, format!("forget:{id}"), payload, now);
        let forget = NewJob { run_at: now.plus_minutes(LOOKS_AGAIN_MINUTES), ..forget };
        Ok(Self { notice, record, forget })
    }

    /// Puts it in. The same form sent twice puts it in once.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub(crate) fn put(&self, vault: &Vault, tx: &mut dyn Tx) -> Result<(), Fault> {
        if jobs::notify(tx, &self.notice)? {
            vault.seal(tx, &self.record)?;
            jobs::enqueue(tx, &self.forget)?;
        }
        Ok(())
    }
}

/// The recipients of links; their handle is the district and the record with the address.
pub(crate) fn recipient(counter: &Arc<Counter>, texts: Arc<Texts>) -> Recipient {
    let counter = counter.clone();
    Recipient {
        prefix: RECIPIENT,
        resolve: Arc::new(move |store, notice, handle, now| resolve(&counter, &texts, store, notice, handle, now)),
    }
}

fn resolve(
    counter: &Arc<Counter>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    handle: &str,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let ((district, record), vault) = (cases::handle(handle)?, counter.cases.hall.vault.clone());
    let opened = store.write_blocking(move |tx| {
        let look = Look { case_number: None, ..Look::platform(PURPOSE, "", now) };
        match vault.open(tx, district, record, &look) {
            Err(VaultError::NotFound | VaultError::Erased) => Ok(None),
            opened => Ok::<_, Fault>(Some(opened?)),
        }
    });
    let Some(person) = opened? else { return Ok(None) };
    let text = person.get(PersonField::Note).map(|note| note.expose().clone()).unwrap_or_default();
    let Ok(sealed) = serde_json::from_str::<Sealed>(&text) else { return Ok(None) };
    let lang = Lang::parse(&sealed.lang).unwrap_or(Lang::Zh);
    let until = day_told(lang, &sealed.until);
    let pairs = [("link", sealed.link.as_str()), ("date", until.as_str())];
    let subject = texts.get(lang, "counter-draft-title", &[]);
    Ok(Some(Envelope { to: sealed.to, subject, text: texts.get(lang, &notice.template, &pairs) }))
}

/// Writes a day as the message says it. What is no day stays as it is.
fn day_told(lang: Lang, day: &str) -> String {
    let format = lang.pick("%Y年%-m月%-d日", "%-d %B %Y");
    day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| day.strftime(format).to_string())
}

/// The chore that forgets an address.
pub(crate) fn forgetting(counter: &Arc<Counter>) -> Chore {
    let counter = counter.clone();
    Chore::new(FORGET, When::Asked, move |store, job, now| forget(&counter, store, &job.payload, now))
}

/// Erases the address once the message has gone out or was given up, or after a day; before that it looks again later.
fn forget(counter: &Counter, store: &Store, payload: &Value, now: Instant) -> Result<(), JobError> {
    let id = |name: &str| payload.get(name).and_then(|id| id.as_str()?.parse::<Uuid>().ok());
    let district = payload.get("district").and_then(Value::as_i64).map(PlaceId);
    let (Some(notice), Some(record), Some(district)) = (id("notice"), id("record"), district) else {
        return Err(JobError::Never("the job names no address".to_owned()));
    };
    let is_over = payload.get("until").and_then(Value::as_i64).is_none_or(|until| now.micros() >= until);
    let vault = counter.cases.hall.vault.clone();
    let forgotten = store.write_blocking(move |tx| {
        let sent = jobs::notice(tx, notice)?;
        let waits = sent.is_some_and(|notice| notice.sent_at.is_none() && notice.failed_at.is_none());
        if waits && !is_over {
            return Ok(false);
        }
        match vault.erase(tx, district, record, now) {
            Err(VaultError::NotFound) => Ok(true),
            erased => erased.map(|()| true).map_err(Fault::from),
        }
    });
    if forgotten? { Ok(()) } else { Err(JobError::Later(now.plus_minutes(LOOKS_AGAIN_MINUTES))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_people_say_it() {
        for (lang, day, told) in [
            (Lang::Zh, "2026-12-03", "2026年12月3日"),
            (Lang::En, "2026-12-03", "3 December 2026"),
            (Lang::Zh, "", ""),
        ] {
            assert_eq!(day_told(lang, day), told, "{day}");
        }
    }
}
