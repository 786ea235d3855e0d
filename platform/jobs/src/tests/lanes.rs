//! A destination that hangs or fails delays nobody else, is left in peace for longer and longer, and gets what belongs
//! together in its order.

use super::*;
use crate::{counts, destination, failed_jobs, forget_destinations, restless_destinations, retry, try_destination};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;
use testkit::Chance;
use uuid::Uuid;

/// Long enough for any machine; nobody waits for it where all is well.
const PATIENCE: Duration = Duration::from_secs(30);

fn send(store: &Store, kind: &str, key: &str, lane: &str, now: Instant) {
    let job = NewJob::new(kind, key, json!({ "key": key }), now).in_lane(lane);
    assert!(store.write_blocking(move |tx| enqueue(tx, &job)).unwrap());
}

#[test]
fn a_destination_that_hangs_delays_no_other_and_no_work_of_the_platform() {
    for (store, clock) in settings() {
        let gate = Arc::new(Mutex::new(()));
        let (waits, (start, started), (tell, told)) = (gate.clone(), channel(), channel());
        let hangs = handler(move |_, _, _| {
            start.send(()).map_err(|_| JobError::Never("nobody listens".into()))?;
            drop(waits.lock());
            Ok(())
        });
        let quick = handler(move |_, job, _| {
            let key = job.payload["key"].as_str().unwrap_or_default().to_owned();
            tell.send(key).map_err(|_| JobError::Never("nobody listens".into()))
        });
        let running = runner(&store, &clock).handle("hangs", hangs).handle("quick", quick).start().unwrap();
        let closed = gate.lock().unwrap();
        for number in 0..6 {
            send(&store, "hangs", &format!("hangs {number}"), "exchange:hangs", clock.now());
        }
        for _ in 0..2 {
            started.recv_timeout(PATIENCE).unwrap();
        }
        let now = clock.now();
        let has_room = read(&store, move |tx| crate::records::lanes::has_room(tx, "exchange:hangs", &RULES, now));
        assert!(!has_room, "{}: two at once, no more", store.name);
        for lane in ["exchange:other", "notice:webhook", ""] {
            send(&store, "quick", &format!("to {lane}"), lane, clock.now());
        }
        let mut done: Vec<String> = (0..3).map(|_| told.recv_timeout(PATIENCE).unwrap()).collect();
        done.sort();
        assert_eq!(done, ["to ", "to exchange:other", "to notice:webhook"], "{}", store.name);
        assert!(started.try_recv().is_err(), "{}: no third one was begun meanwhile", store.name);
        drop(closed);
        running.stop();
    }
}

#[test]
fn a_destination_that_fails_is_left_in_peace_for_longer_and_longer() {
    for (store, clock) in settings() {
        let answers = Arc::new(AtomicBool::new(false));
        let listens = answers.clone();
        let work =
            handler(
                move |_, _, _| {
                    if listens.load(Ordering::Relaxed) { Ok(()) } else { Err(JobError::Retry("HTTP 503".into())) }
                },
            );
        let (quick, seen) = writing(|_| Ok(()));
        let runner = runner(&store, &clock).handle("work", work).handle("quick", quick);
        let began = clock.now();
        for key in ["a", "b", "c", "d"] {
            send(&store, "work", key, "exchange:a", began);
        }
        assert_eq!(runner.run_due(), Ok(3), "{}: then it is left in peace", store.name);
        let stands = read(&store, |tx| destination(tx, "exchange:a")).unwrap();
        let expected = (3, Some(began.plus_seconds(10)), Some("HTTP 503"));
        assert_eq!((stands.failures, stands.paused_until, stands.last_error.as_deref()), expected);
        send(&store, "quick", "e", "exchange:b", began);
        clock.plus_seconds(9);
        assert_eq!(runner.run_due(), Ok(1), "{}: others go on", store.name);
        assert_eq!(*seen.lock().unwrap(), ["e"]);
        let now = clock.plus_seconds(1);
        assert_eq!(runner.run_due(), Ok(1), "{}: one alone is tried", store.name);
        let stands = read(&store, |tx| destination(tx, "exchange:a")).unwrap();
        assert_eq!((stands.failures, stands.paused_until), (4, Some(now.plus_seconds(15))), "{}", store.name);
        assert_eq!(store.write_blocking(move |tx| try_destination(tx, "exchange:a", now)), Ok(true));
        assert_eq!(runner.run_due(), Ok(1), "{}: somebody asked for it", store.name);
        assert_eq!(read(&store, |tx| restless_destinations(tx, 9)).len(), 1);
        answers.store(true, Ordering::Relaxed);
        clock.plus_seconds(15);
        assert_eq!(runner.run_due(), Ok(4), "{}", store.name);
        assert!(read(&store, |tx| restless_destinations(tx, 9)).is_empty(), "{}", store.name);
        assert_eq!(store.write_blocking(move |tx| try_destination(tx, "exchange:a", now)), Ok(false));
        assert!(read(&store, |tx| failed_jobs(tx, 9)).is_empty());
    }
}

#[test]
fn a_destination_for_which_nothing_waits_is_forgotten_and_comes_back_with_its_job() {
    for (store, clock) in settings() {
        let is_back = Arc::new(AtomicBool::new(false));
        let listens = is_back.clone();
        let answer = move |_| {
            if listens.load(Ordering::Relaxed) { Ok(()) } else { Err(JobError::Retry("HTTP 410".into())) }
        };
        let (work, seen) = writing(answer);
        let runner = runner(&store, &clock).handle("work", work);
        send(&store, "work", "a", "exchange:gone", clock.now());
        assert_eq!(runner.run_due(), Ok(1), "{}", store.name);
        assert_eq!(read(&store, |tx| restless_destinations(tx, 9)).len(), 1, "{}", store.name);
        let later = clock.now().plus_days(1);
        assert_eq!(
            store.write_blocking(move |tx| forget_destinations(tx, later)),
            Ok(0),
            "{}: a job waits",
            store.name
        );
        for _ in 0..4 {
            clock.plus_seconds(15);
            runner.run_due().unwrap();
        }
        let given_up = read(&store, |tx| failed_jobs(tx, 9));
        assert_eq!(given_up.len(), 1, "{}", store.name);
        assert!(read(&store, |tx| restless_destinations(tx, 9)).is_empty(), "{}: nothing waits for it", store.name);
        let (id, now, earlier) = (given_up[0].id, clock.now(), clock.now().plus_days(-1));
        assert_eq!(store.write_blocking(move |tx| forget_destinations(tx, earlier)), Ok(0), "{}: so soon", store.name);
        assert_eq!(store.write_blocking(move |tx| forget_destinations(tx, now)), Ok(1), "{}", store.name);
        assert!(read(&store, |tx| destination(tx, "exchange:gone")).is_none(), "{}", store.name);
        is_back.store(true, Ordering::Relaxed);
        assert_eq!(store.write_blocking(move |tx| retry(tx, id, now)), Ok(true));
        assert_eq!(runner.run_due(), Ok(1), "{}: it goes where it went", store.name);
        // A job that entered the queue while its lane was forgotten waits a minute and no longer.
        send(&store, "work", "b", "exchange:gone", now);
        store.write_blocking::<_, StoreError, _>(|tx| tx.exec("delete from jobs_lane", &[])).unwrap();
        assert_eq!(runner.run_due(), Ok(0), "{}", store.name);
        clock.plus_seconds(60);
        assert_eq!(runner.run_due(), Ok(1), "{}", store.name);
        assert_eq!(seen.lock().unwrap().last().map(String::as_str), Some("b"), "{}", store.name);
    }
}

#[test]
fn half_of_the_workers_leave_alone_what_failed_the_last_time() {
    for (store, clock) in settings() {
        let (work, _) = writing(|attempt| if attempt == 1 { Err(JobError::Retry("away".into())) } else { Ok(()) });
        let runner = runner(&store, &clock).handle("work", work);
        send(&store, "work", "a", "exchange:a", clock.now());
        assert_eq!(runner.step_in_lanes(true), Ok(true), "{}: nothing of it failed yet", store.name);
        clock.plus_seconds(10);
        assert_eq!(runner.step_in_lanes(true), Ok(false), "{}: it failed", store.name);
        assert_eq!(runner.step_in_lanes(false), Ok(true), "{}", store.name);
    }
}

/// A receiver that fails at random, though never more often than that for one message, and keeps what it took.
struct Receiver {
    chance: Chance,
    failed: BTreeMap<Uuid, u32>,
    took: BTreeMap<String, Vec<i64>>,
}

const FAILS: u32 = 5;

impl Receiver {
    fn takes(&mut self, job: &crate::Job, is_away: bool) -> Result<(), JobError> {
        let failed = self.failed.entry(job.id).or_default();
        if is_away || (*failed < FAILS && self.chance.below(10) < 4) {
            *failed += u32::from(!is_away);
            return Err(JobError::Retry("HTTP 503".into()));
        }
        let case = job.payload["case"].as_str().unwrap_or_default().to_owned();
        self.took.entry(case).or_default().push(job.payload["sequence"].as_i64().unwrap_or_default());
        Ok(())
    }
}

#[test]
fn after_an_outage_what_happened_to_each_case_arrives_in_its_order() {
    let rules = Rules { attempts: 40, ..RULES };
    for (store, clock) in settings() {
        let back = clock.now().plus_seconds(120);
        let empty = Receiver { chance: Chance::new(43), failed: BTreeMap::new(), took: BTreeMap::new() };
        let receiver = Arc::new(Mutex::new(empty));
        let own = receiver.clone();
        let takes = handler(move |_, job, now| own.lock().unwrap().takes(job, now < back));
        let runner = Runner::new(store.clone(), clock.clock(), rules).handle("tell", takes);
        let (mut chance, mut cases) = (Chance::new(149), BTreeMap::<String, i64>::new());
        let mut jobs = Vec::new();
        for number in 0..150 {
            let case = format!("case {:02}", chance.below(20));
            let sequence = cases.entry(case.clone()).or_default();
            *sequence += 1;
            let payload = json!({ "case": case, "sequence": *sequence });
            let job = NewJob::new("tell", format!("tell:{number}"), payload, clock.now()).in_lane("exchange:a");
            jobs.push(job.in_order(format!("exchange:a:{case}"), *sequence));
        }
        // They enter the queue in the wrong order: only their numbers count.
        jobs.reverse();
        store.write_blocking(move |tx| jobs.iter().try_for_each(|job| enqueue(tx, job).map(drop))).unwrap();
        let mut rounds = 0;
        loop {
            runner.run_due().unwrap();
            let now = clock.plus_seconds(16);
            let left = read(&store, move |tx| counts(tx, now));
            if left.waiting + left.due == 0 {
                assert_eq!(left.failed, 0, "{}: nothing was given up", store.name);
                break;
            }
            rounds += 1;
            assert!(rounds < 2_000, "{}: {left:?}", store.name);
        }
        let took = receiver.lock().unwrap().took.clone();
        let expected: BTreeMap<String, Vec<i64>> =
            cases.into_iter().map(|(case, last)| (case, (1..=last).collect())).collect();
        assert_eq!(took, expected, "{}", store.name);
        assert_eq!(took.values().map(Vec::len).sum::<usize>(), 150);
    }
}

#[test]
fn what_was_given_up_is_kept_where_it_is_seen_and_the_next_one_goes() {
    for (store, clock) in settings() {
        let took = Arc::new(Mutex::new(Vec::new()));
        let own = took.clone();
        let takes = handler(move |_, job, _| {
            let sequence = job.payload["sequence"].as_i64().unwrap_or_default();
            if sequence == 2 {
                return Err(JobError::Retry("HTTP 500".into()));
            }
            own.lock().unwrap().push(sequence);
            Ok(())
        });
        let runner = runner(&store, &clock).handle("tell", takes);
        let now = clock.now();
        for sequence in 1..=3 {
            let job = NewJob::new("tell", format!("tell:{sequence}"), json!({ "sequence": sequence }), now);
            let job = job.in_lane("exchange:a").in_order("exchange:a:case", sequence);
            store.write_blocking(move |tx| enqueue(tx, &job)).unwrap();
        }
        assert_eq!(runner.run_due(), Ok(2), "{}: the third waits for the second", store.name);
        assert_eq!(*took.lock().unwrap(), [1]);
        for _ in 0..8 {
            clock.plus_seconds(15);
            runner.run_due().unwrap();
        }
        assert_eq!(*took.lock().unwrap(), [1, 3], "{}", store.name);
        assert_eq!(read(&store, |tx| failed_jobs(tx, 9)).len(), 1, "{}", store.name);
    }
}

#[test]
fn a_listener_that_keeps_the_order_hears_of_one_thing_as_it_happened() {
    for (store, clock) in settings() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let own = heard.clone();
        let listens = handler(move |_, job, _| {
            let message = job.heard()?;
            let sequence = message.payload["sequence"].as_i64().unwrap_or_default();
            if sequence == 1 && job.attempt == 1 {
                return Err(JobError::Retry("not yet".into()));
            }
            own.lock().unwrap().push(sequence);
            Ok(())
        });
        let runner = runner(&store, &clock).on_in_order("cases.moved", "tells", listens);
        let now = clock.now();
        for sequence in [2, 3, 1] {
            let payload = json!({ "id": "7", "sequence": sequence });
            let (id, district) = (Uuid::now_v7(), kernel::place::PlaceId(4));
            store.write_blocking(move |tx| store::outbox::put(tx, id, district, "cases.moved", &payload, now)).unwrap();
        }
        assert_eq!(runner.run_due(), Ok(1), "{}: the others wait for the first", store.name);
        clock.plus_seconds(10);
        assert_eq!(runner.run_due(), Ok(3));
        assert_eq!(*heard.lock().unwrap(), [1, 2, 3], "{}", store.name);
    }
}

#[test]
fn what_waits_for_a_destination_gets_its_lane_when_lanes_come() {
    for store in stores() {
        store::migrate(&store, &[&MIGRATIONS[..5]]).unwrap();
        let now = FixedClock::local("2026-11-23 10:00").now();
        for (id, kind) in [(1, "jobs.deliver"), (2, "exchange.deliver"), (3, "cases.remind"), (4, "papers.check")] {
            let sql = "insert into jobs_job (id, kind, dedupe_key, payload, run_at, attempts) values ($1, $2, $3, '{}', $4, 0)";
            let values = store::args![Uuid::from_u128(id), kind, kind, now];
            store.write_blocking::<_, StoreError, _>(move |tx| tx.exec(sql, &values)).unwrap();
        }
        let sql = "insert into jobs_notice (id, dedupe_key, channel, recipient, template, arguments, not_before, attempts) \
                   values ($1, 'a', 'email', 'person:7', 'a', '{}', $2, 0)";
        let values = store::args![Uuid::from_u128(1), now];
        store.write_blocking::<_, StoreError, _>(move |tx| tx.exec(sql, &values)).unwrap();
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        let waiting = read(&store, |tx| crate::waiting_jobs(tx, None, 9));
        let lanes: BTreeMap<&str, &str> = waiting.iter().map(|job| (job.kind.as_str(), job.lane.as_str())).collect();
        let expected = [
            ("jobs.deliver", "notice:email"),
            ("exchange.deliver", "exchange:earlier"),
            ("cases.remind", ""),
            ("papers.check", "check:earlier"),
        ];
        assert_eq!(lanes, BTreeMap::from(expected), "{}", store.name);
        for made in ["notice:email", "exchange:earlier", "check:earlier"] {
            assert!(read(&store, move |tx| destination(tx, made)).is_some(), "{}: {made}", store.name);
        }
    }
}
