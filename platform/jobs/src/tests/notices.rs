//! Notices are sent once, in working hours, and have a receipt.

use super::*;
use crate::{
    Channel, ChannelKind, Delivery, DeliveryError, Envelope, NewNotice, Notice, Receipt, failed_notices, inbox,
    mark_read, notice, notify, unread,
};
use kernel::calendar::Calendar;

pub(super) fn calendar() -> Arc<Calendar> {
    let csv = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
    Arc::new(Calendar::parse(csv, include_str!("../../../../data/calendar/city.toml")).unwrap())
}

/// A channel that answers what it is told and records what it got.
struct Spy {
    answers: Mutex<Vec<Result<Receipt, DeliveryError>>>,
    got: Mutex<Vec<(String, String)>>,
}

impl Spy {
    fn new(answers: &[Result<&str, DeliveryError>]) -> Arc<Self> {
        let answer =
            |answer: &Result<&str, DeliveryError>| answer.clone().map(|text| Receipt { reference: text.to_owned() });
        let answers = answers.iter().rev().map(answer).collect();
        Arc::new(Self { answers: Mutex::new(answers), got: Mutex::new(Vec::new()) })
    }
}

impl Channel for Spy {
    fn deliver(&self, notice: &Notice, envelope: &Envelope, _now: Instant) -> Result<Receipt, DeliveryError> {
        self.got.lock().unwrap().push((notice.id.to_string(), format!("{} {}", envelope.to, envelope.text)));
        self.answers.lock().unwrap().pop().unwrap()
    }
}

fn delivery(spy: &Arc<Spy>) -> Delivery {
    let resolver = |_: &Store, notice: &Notice, _: Instant| {
        let known = notice.recipient != "erased";
        Ok(known.then(|| Envelope {
            to: "13800130412".into(),
            subject: "办件".into(),
            text: format!("{} {}", notice.template, notice.arguments["number"].as_str().unwrap()),
        }))
    };
    Delivery::new(Arc::new(resolver), Arc::new(calendar)).channel(ChannelKind::Webhook, spy.clone())
}

fn tell(store: &Store, channel: ChannelKind, recipient: &str, now: Instant) -> (NewNotice, bool) {
    let new = NewNotice::new(channel, format!("decided:7:{recipient}"), recipient, &calendar(), now)
        .template("cases-decided")
        .with("number", "210102-2026-0000123-7");
    let own = new.clone();
    let put = store.write_blocking(move |tx| notify(tx, &own)).unwrap();
    (new, put)
}

#[test]
fn a_message_in_the_app_is_there_at_once_also_at_night() {
    for (store, clock) in settings() {
        clock.set_local("2026-11-22 23:00");
        let now = clock.now();
        let (new, put) = tell(&store, ChannelKind::InApp, "account:7", now);
        assert!(put && !tell(&store, ChannelKind::InApp, "account:7", now).1);
        let messages = read(&store, |tx| inbox(tx, "account:7", 10));
        assert_eq!(messages.len(), 1, "{}", store.name);
        assert_eq!((messages[0].sent_at, messages[0].receipt.as_deref()), (Some(now), Some("in_app")));
        assert_eq!(read(&store, |tx| unread(tx, &["account:7".to_owned()], 9)).len(), 1);
        let id = new.id;
        assert_eq!(store.write_blocking(move |tx| mark_read(tx, id, "account:8", now)), Ok(false), "not theirs");
        assert_eq!(store.write_blocking(move |tx| mark_read(tx, id, "account:7", now)), Ok(true));
        assert_eq!(store.write_blocking(move |tx| mark_read(tx, id, "account:7", now)), Ok(false));
        assert_eq!(read(&store, |tx| unread(tx, &["account:7".to_owned()], 9)).len(), 0);
    }
}

#[test]
fn several_recipients_are_asked_at_once_and_each_gives_its_newest() {
    for (store, clock) in settings() {
        let recipients: Vec<String> = (0..41).map(|number| format!("office:1.{number}.:-")).collect();
        // Every fourth recipient has five notices, the others have one each.
        let mut all: Vec<(usize, uuid::Uuid)> = Vec::new();
        for (at, recipient) in recipients.iter().enumerate() {
            for _ in 0..if at % 4 == 0 { 5 } else { 1 } {
                let now = clock.now().plus_minutes(i64::try_from(all.len()).unwrap());
                let key = format!("decided:{}:{recipient}", all.len());
                let new =
                    NewNotice::new(ChannelKind::InApp, key, recipient, &calendar(), now).template("cases-decided");
                let own = new.clone();
                assert!(store.write_blocking(move |tx| notify(tx, &own)).unwrap());
                all.push((at, new.id));
            }
        }
        for asked in [1, 8, 9, 33, 41] {
            let some = recipients[..asked].to_vec();
            let found: Vec<_> = read(&store, move |tx| unread(tx, &some, 3)).iter().map(|notice| notice.id).collect();
            let newest_of = |at: usize| all.iter().rev().filter(move |(of, _)| *of == at).take(3).map(|(_, id)| *id);
            let newest: Vec<_> = (0..asked).rev().flat_map(newest_of).collect();
            assert_eq!(found, newest, "{} of {asked}", store.name);
        }
        assert!(read(&store, |tx| unread(tx, &[], 3)).is_empty());
    }
}

#[test]
fn what_disturbs_waits_for_the_morning() {
    for (store, clock) in settings() {
        clock.set_local("2026-09-30 20:00");
        let spy = Spy::new(&[Ok("m-1")]);
        let runner = runner(&store, &clock).deliver(delivery(&spy));
        let (new, _) = tell(&store, ChannelKind::Webhook, "person:7", clock.now());
        assert_eq!(new.not_before, testkit::local("2026-10-08 08:30"), "the National Day holiday is between");
        clock.set_local("2026-10-08 08:29");
        assert_eq!(runner.run_due(), Ok(0));
        clock.set_local("2026-10-08 08:30");
        assert_eq!(runner.run_due(), Ok(1));
        let id = new.id;
        let sent = read(&store, move |tx| notice(tx, id)).unwrap();
        assert_eq!((sent.sent_at, sent.receipt.as_deref(), sent.attempts), (Some(clock.now()), Some("m-1"), 1));
        let expected = (id.to_string(), "13800130412 cases-decided 210102-2026-0000123-7".to_owned());
        assert_eq!(*spy.got.lock().unwrap(), [expected], "{}", store.name);
    }
}

#[test]
fn what_is_not_wanted_is_settled_and_no_fault() {
    for (store, clock) in settings() {
        let resolver = |_: &Store, _: &Notice, _: Instant| Err(DeliveryError::NotWanted);
        let spy = Spy::new(&[]);
        let delivery = Delivery::new(Arc::new(resolver), Arc::new(calendar)).channel(ChannelKind::Webhook, spy.clone());
        let runner = runner(&store, &clock).deliver(delivery);
        let (new, _) = tell(&store, ChannelKind::Webhook, "person:7", clock.now());
        assert_eq!((runner.run_due(), runner.run_due()), (Ok(1), Ok(0)), "{}", store.name);
        let id = new.id;
        let settled = read(&store, move |tx| notice(tx, id)).unwrap();
        assert_eq!((settled.receipt.as_deref(), settled.failed_at), (Some("not wanted"), None));
        assert!(spy.got.lock().unwrap().is_empty() && read(&store, |tx| crate::failed_jobs(tx, 9)).is_empty());
    }
}

#[test]
fn a_delivery_that_slipped_into_the_night_waits_too() {
    for (store, clock) in settings() {
        let spy = Spy::new(&[Err(DeliveryError::Retry("HTTP 503".into())), Ok("m-1")]);
        let runner = runner(&store, &clock).deliver(delivery(&spy));
        clock.set_local("2026-11-23 16:59");
        let (new, _) = tell(&store, ChannelKind::Webhook, "person:7", clock.now());
        assert_eq!(runner.run_due(), Ok(1));
        clock.set_local("2026-11-23 17:30");
        assert_eq!(runner.run_due(), Ok(1), "looked at, not sent");
        assert_eq!(runner.run_due(), Ok(0));
        assert_eq!(spy.got.lock().unwrap().len(), 1);
        clock.set_local("2026-11-24 08:30");
        assert_eq!(runner.run_due(), Ok(1));
        let got = spy.got.lock().unwrap().clone();
        assert_eq!(got.len(), 2);
        assert_eq!(got[0], got[1], "the same identity goes with both");
        let id = new.id;
        let sent = read(&store, move |tx| notice(tx, id)).unwrap();
        assert_eq!((sent.attempts, sent.last_error), (2, None), "{}", store.name);
    }
}

#[test]
fn a_notice_that_was_sent_is_not_sent_again_when_its_job_is() {
    for (store, clock) in settings() {
        let spy = Spy::new(&[Ok("m-1")]);
        let runner = runner(&store, &clock).deliver(delivery(&spy));
        let (new, _) = tell(&store, ChannelKind::Webhook, "person:7", clock.now());
        assert_eq!(runner.run_due(), Ok(1));
        let again = NewJob::new("jobs.deliver", "again", json!({ "notice": new.id }), clock.now());
        store.write_blocking(move |tx| enqueue(tx, &again)).unwrap();
        assert_eq!(runner.run_due(), Ok(1));
        assert_eq!(spy.got.lock().unwrap().len(), 1, "{}", store.name);
    }
}

#[test]
fn what_cannot_be_delivered_is_kept_where_it_is_seen() {
    let down = || Err(DeliveryError::Retry("HTTP 503".into()));
    for (store, clock) in settings() {
        let spy = Spy::new(&[Err(DeliveryError::Never("HTTP 422".into())), down(), down(), down()]);
        let runner = runner(&store, &clock).deliver(delivery(&spy));
        for (channel, recipient) in [
            (ChannelKind::Webhook, "refused"),
            (ChannelKind::Webhook, "erased"),
            (ChannelKind::Email, "no channel"),
            (ChannelKind::Webhook, "down"),
        ] {
            tell(&store, channel, recipient, clock.now());
            while runner.run_due().unwrap() > 0 {
                clock.plus_seconds(15);
            }
        }
        let mut failed: Vec<(String, i64, String)> = read(&store, |tx| failed_notices(tx, 10))
            .into_iter()
            .map(|notice| (notice.recipient, notice.attempts, notice.last_error.unwrap()))
            .collect();
        failed.sort();
        let expected = [
            ("down", 3, "HTTP 503"),
            ("erased", 1, "the recipient has no address for this channel"),
            ("no channel", 3, "the channel email is not set up on this server"),
            ("refused", 1, "HTTP 422"),
        ];
        assert_eq!(
            failed,
            expected.map(|(who, attempts, why)| (who.to_owned(), attempts, why.to_owned())),
            "{}",
            store.name
        );
    }
}

#[test]
fn an_envelope_prints_nothing() {
    let envelope = Envelope { to: "13800130412".into(), subject: "s".into(), text: "t".into() };
    assert_eq!(format!("{envelope:?}"), "Envelope(…)");
}
