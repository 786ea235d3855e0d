//! Jobs run at least once, in time, after crashes and by several runners, and are not tried for ever.

use super::*;
use crate::records::Later;
use crate::{
    Counts, JobCursor, LATE_MINUTES, Late, counts, drop_job, failed_jobs, forget_done, given_up_jobs, hurry, late,
    records, retry, waiting_jobs,
};
use kernel::place::PlaceId;
use std::collections::BTreeMap;
use store::{Options, outbox};
use testkit::ZONE;
use uuid::Uuid;

#[test]
fn whoever_looks_after_the_queue_reads_it_by_pages_tries_again_and_drops() {
    for (store, clock) in settings() {
        let now = clock.now();
        for key in ["a", "b", "c"] {
            assert!(put(&store, key, now));
        }
        let read = |after: Option<JobCursor>| store.read_blocking(move |tx| waiting_jobs(tx, after, 2)).unwrap();
        let first = read(None);
        let last = JobCursor { at: first[1].run_at, id: first[1].id };
        assert_eq!(JobCursor::parse(&last.to_string()), Some(last));
        assert_eq!(JobCursor::parse("x"), None);
        let second = read(Some(last));
        assert_eq!((first.len(), second.len()), (2, 1), "{}", store.name);
        assert!(first.iter().all(|job| job.id != second[0].id));

        let gone = first[0].id;
        let dropped = |id: Uuid| store.write_blocking(move |tx| drop_job(tx, id, now)).unwrap();
        assert!(!dropped(gone), "a job that waits is not dropped");
        assert!(!store.write_blocking(move |tx| hurry(tx, gone, now)).unwrap(), "nothing of it failed");
        let given_up = store.write_blocking(move |tx| records::give_up(tx, gone, 0, now, "no answer"));
        assert_eq!(given_up, Ok(true));
        let failed = store.read_blocking(|tx| given_up_jobs(tx, None, 9)).unwrap();
        assert_eq!(failed.iter().map(|job| job.id).collect::<Vec<_>>(), [gone]);
        assert!(dropped(gone));
        assert!(!dropped(gone), "once");
        assert_eq!(store.read_blocking(move |tx| counts(tx, now)), Ok(Counts { waiting: 0, due: 2, failed: 0 }));
    }
}

#[test]
fn a_queue_that_is_behind_says_since_when() {
    for (store, clock) in settings() {
        let begun = clock.now();
        for at in 0..101 {
            assert!(put(&store, &format!("job {at}"), begun.plus_seconds(at)));
        }
        let told = |store: &Store| {
            let now = clock.now();
            read(store, move |tx| late(tx, now))
        };
        clock.plus_seconds(60);
        assert_eq!(told(&store), Late { jobs: 0, since: None }, "{}: it is due, and not late", store.name);
        clock.plus_seconds(60 * LATE_MINUTES - 10);
        let some = told(&store);
        assert_eq!((some.jobs, some.since), (50, Some(begun)), "{}", store.name);
        assert!(!some.needs_attention(clock.now()), "{}", store.name);
        clock.plus_seconds(60);
        let many = told(&store);
        assert!(many.jobs == 101 && many.needs_attention(clock.now()), "{}: {many:?}", store.name);

        let (work, _) = writing(|_| Ok(()));
        assert_eq!(runner(&store, &clock).handle("work", work).run_due(), Ok(101));
        assert_eq!(told(&store).jobs, 0, "{}", store.name);
        assert!(put(&store, "alone", clock.now()));
        clock.plus_seconds(2 * 3_600);
        assert!(told(&store).jobs == 1 && told(&store).needs_attention(clock.now()), "{}: nobody does it", store.name);
    }
}

#[test]
fn one_key_is_one_job_and_a_lost_transaction_leaves_none() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        let runner = runner(&store, &clock).handle("work", work);
        assert!(put(&store, "a", clock.now()));
        assert!(!put(&store, "a", clock.now()));
        let lost = NewJob::new("work", "lost", json!({ "key": "lost" }), clock.now());
        let outcome: Result<(), StoreError> = store.write_blocking(move |tx| {
            enqueue(tx, &lost)?;
            Err(StoreError::data("the change did not come about"))
        });
        assert!(outcome.is_err());
        assert_eq!(runner.run_due(), Ok(1), "{}", store.name);
        assert!(!put(&store, "a", clock.now()), "also when the first is done");
        assert_eq!(runner.run_due(), Ok(0));
        assert_eq!(*seen.lock().unwrap(), ["a"]);
        clock.plus_seconds(1);
        let now = clock.now();
        assert_eq!(store.write_blocking(move |tx| forget_done(tx, now)), Ok(1));
    }
}

#[test]
fn a_clock_that_was_two_days_ahead_and_is_put_right_keeps_nothing_waiting() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|attempt| if attempt == 1 { Err(JobError::Retry("away".into())) } else { Ok(()) });
        let runner = runner(&store, &clock).handle("work", work);
        let right = clock.now();
        clock.plus_seconds(2 * 86_400);
        let ahead = clock.now();
        put(&store, "tried", ahead);
        assert_eq!(runner.run_due(), Ok(1), "it failed and waits");
        put(&store, "killed", ahead);
        crash(&store, ahead);
        let new = NewJob::new("work", "fresh", json!({ "key": "fresh" }), ahead);
        store.write_blocking(move |tx| enqueue(tx, &new)).unwrap();
        put(&store, "planned", ahead);
        clock.set(right);
        let told = read(&store, move |tx| crate::ahead(tx, right));
        assert_eq!(told.iter().map(|one| (one.kind.as_str(), one.jobs)).collect::<Vec<_>>(), [("work", 2)]);
        seen.lock().unwrap().clear();
        runner.run_due().unwrap();
        clock.plus_seconds(15);
        runner.run_due().unwrap();
        let mut done = seen.lock().unwrap().clone();
        done.sort();
        done.dedup();
        assert_eq!(done, ["fresh", "tried"], "{}: neither waits for two days", store.name);
        assert!(read(&store, move |tx| crate::ahead(tx, right)).is_empty());
        let waiting = read(&store, |tx| waiting_jobs(tx, None, 9));
        assert_eq!(waiting.len(), 2, "{}: what was planned keeps its moment", store.name);
        assert!(waiting.iter().all(|job| job.run_at == ahead && job.lease_until.is_none()), "{waiting:?}");
    }
}

#[test]
fn a_notice_of_a_clock_that_was_ahead_is_looked_at_when_the_clock_is_right() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        let runner = runner(&store, &clock).handle("jobs.deliver", work);
        let right = clock.now();
        let ahead = right.plus_seconds(2 * 86_400);
        let calendar = super::notices::calendar();
        let new = crate::NewNotice::new(crate::ChannelKind::Webhook, "a", "person:7", &calendar, ahead);
        assert!(store.write_blocking(move |tx| crate::notify(tx, &new)).unwrap());
        assert_eq!(runner.run_due(), Ok(1), "{}", store.name);
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

#[test]
fn what_was_set_for_a_day_is_known_after_its_job_was_renamed() {
    for store in stores() {
        let now = FixedClock::local("2026-11-23 10:00").now();
        store::migrate(&store, &[&MIGRATIONS[..4]]).unwrap();
        for name in ["app.remind", "app.remind_visits", "app.part", "mobilization.part", "app.seal_day"] {
            let sql = "insert into jobs_job (id, kind, dedupe_key, payload, run_at, attempts) values ($1, $2, $3, '{}', $4, 0)";
            let values = store::args![Uuid::now_v7(), name, format!("daily:{name}:2026-11-23"), now];
            store.write_blocking::<_, StoreError, _>(move |tx| tx.exec(sql, &values)).unwrap();
        }
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        for (name, is_new) in [
            ("cases.remind", false),
            ("visits.remind", false),
            ("app.remind", true),
            ("app.part", false),
            ("mobilization.part", false),
            ("app.seal_day", false),
        ] {
            assert_eq!(put(&store, &format!("daily:{name}:2026-11-23"), now), is_new, "{}: {name}", store.name);
        }
    }
}

#[test]
fn jobs_run_when_they_are_due_and_in_that_order() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        let runner = runner(&store, &clock).handle("work", work);
        let now = clock.now();
        for (key, after) in [("third", 3), ("first", 1), ("second", 2), ("tomorrow", 86_400)] {
            put(&store, key, now.plus_seconds(after));
        }
        assert_eq!(runner.run_due(), Ok(0));
        clock.plus_seconds(3);
        assert_eq!(runner.run_due(), Ok(3));
        assert_eq!(*seen.lock().unwrap(), ["first", "second", "third"], "{}", store.name);
        let now = clock.now();
        assert_eq!(read(&store, move |tx| counts(tx, now)), Counts { waiting: 1, due: 0, failed: 0 });
    }
}

#[test]
fn a_failing_job_is_tried_ever_later_then_kept_where_it_is_seen() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Err(JobError::Retry("the line is down".into())));
        let runner = runner(&store, &clock).handle("work", work);
        put(&store, "a", clock.now());
        // The waits are ten seconds after the first failure, then fifteen, because twenty is above the longest delay.
        for (wait, ran) in [(0, 1), (9, 0), (1, 1), (14, 0), (1, 1), (86_400, 0)] {
            clock.plus_seconds(wait);
            assert_eq!(runner.run_due(), Ok(ran), "{} after {wait}", store.name);
        }
        assert_eq!(seen.lock().unwrap().len(), 3);
        let failed = read(&store, |tx| failed_jobs(tx, 10));
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].attempts, failed[0].last_error.as_deref()), (3, Some("the line is down")));
        let (id, now) = (failed[0].id, clock.now());
        assert_eq!(store.write_blocking(move |tx| retry(tx, id, now)), Ok(true));
        assert_eq!(store.write_blocking(move |tx| retry(tx, id, now)), Ok(false));
        assert_eq!(runner.run_due(), Ok(1));
        assert_eq!(seen.lock().unwrap().len(), 4);
    }
}

#[test]
fn delays_double_up_to_the_longest() {
    let rules = Rules { first_delay_seconds: 5, longest_delay_seconds: 3600, ..RULES };
    let delays: Vec<i64> =
        [1, 2, 3, 10, 11, 64, i64::MAX].into_iter().map(|attempt| rules.delay_seconds(attempt)).collect();
    assert_eq!(delays, [5, 10, 20, 2560, 3600, 3600, 3600]);
}

#[test]
fn a_hopeless_job_a_panic_and_an_unknown_kind_are_written_down() {
    for (store, clock) in settings() {
        let runner = runner(&store, &clock)
            .handle("hopeless", handler(|_, _, _| Err(JobError::Never("there is no such case".into()))))
            .handle("panics", handler(|_, _, _| panic!("on purpose")));
        let now = clock.now();
        for kind in ["hopeless", "panics", "unknown"] {
            let job = NewJob::new(kind, kind, json!({}), now);
            store.write_blocking(move |tx| enqueue(tx, &job)).unwrap();
        }
        while runner.run_due().unwrap() > 0 {
            clock.plus_seconds(15);
        }
        let failed = read(&store, |tx| failed_jobs(tx, 10));
        let attempts: BTreeMap<&str, i64> = failed.iter().map(|job| (job.kind.as_str(), job.attempts)).collect();
        assert_eq!(attempts, BTreeMap::from([("hopeless", 1), ("panics", 3), ("unknown", 3)]), "{}", store.name);
        assert!(failed.iter().all(|job| job.last_error.is_some()));
    }
}

#[test]
fn a_job_that_waits_for_its_hour_loses_no_attempt() {
    for (store, clock) in settings() {
        let until = clock.now().plus_seconds(100);
        let work = handler(move |_, _, now| if now < until { Err(JobError::Later(until)) } else { Ok(()) });
        let runner = runner(&store, &clock).handle("work", work);
        put(&store, "a", clock.now());
        assert_eq!(runner.run_due(), Ok(1));
        clock.plus_seconds(99);
        assert_eq!(runner.run_due(), Ok(0));
        let now = until;
        let waiting = read(&store, move |tx| records::takeable(tx, "", now, 1));
        assert_eq!((waiting[0].attempts, waiting[0].run_at), (0, until), "{}", store.name);
        clock.plus_seconds(1);
        assert_eq!(runner.run_due(), Ok(1));
        assert_eq!(runner.run_due(), Ok(0));
    }
}

/// Takes the next job, as a process does that is killed before the job ends.
fn crash(store: &Store, now: Instant) {
    let lease = now.plus_seconds(i64::from(RULES.lease_seconds));
    let taken = store.write_blocking(move |tx| {
        let seen = records::takeable(tx, "", now, 1)?;
        seen.first().map_or(Ok(false), |job| records::take(tx, job, now, lease))
    });
    assert_eq!(taken, Ok::<_, StoreError>(true));
}

#[test]
fn after_a_crash_another_takes_the_job_when_the_lease_has_run_out() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        let runner = runner(&store, &clock).handle("work", work);
        put(&store, "a", clock.now());
        crash(&store, clock.now());
        clock.plus_seconds(59);
        assert_eq!(runner.run_due(), Ok(0));
        clock.plus_seconds(1);
        assert_eq!(runner.run_due(), Ok(1));
        assert_eq!(*seen.lock().unwrap(), ["a"], "{}", store.name);

        put(&store, "kills", clock.now());
        for _ in 0..RULES.attempts {
            crash(&store, clock.now());
            clock.plus_seconds(60);
        }
        assert_eq!(runner.run_due(), Ok(0), "what kills its process each time is given up");
        assert_eq!(read(&store, |tx| failed_jobs(tx, 10)).len(), 1);
    }
}

#[test]
fn who_lost_the_lease_cannot_put_the_job_back() {
    for (store, clock) in settings() {
        put(&store, "a", clock.now());
        crash(&store, clock.now());
        clock.plus_seconds(60);
        crash(&store, clock.now());
        let now = clock.now().plus_seconds(60);
        let id = read(&store, move |tx| records::takeable(tx, "", now, 1))[0].id;
        let later = Later { now, run_at: now, attempts: 1, error: Some("late") };
        assert_eq!(store.write_blocking(move |tx| records::again(tx, id, 1, &later)), Ok(false));
        assert_eq!(store.write_blocking(move |tx| records::give_up(tx, id, 1, now, "late")), Ok(false));
        assert_eq!(store.write_blocking(move |tx| records::done(tx, id, now)), Ok(true), "{}", store.name);
        assert_eq!(store.write_blocking(move |tx| records::done(tx, id, now)), Ok(false));
    }
}

#[test]
fn each_listener_hears_each_message_once() {
    for (store, clock) in settings() {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let listener = |name: &'static str| {
            let heard = heard.clone();
            handler(move |_, job, _| {
                let message = job.heard()?;
                heard.lock().unwrap().push(format!("{name} {} {}", message.topic, message.payload["number"]));
                Ok(())
            })
        };
        let runner = runner(&store, &clock)
            .on("cases.decided", "notices", listener("notices"))
            .on("cases.decided", "figures", listener("figures"))
            .on("cases.opened", "figures", listener("figures"));
        let now = clock.now();
        for (number, topic) in ["cases.opened", "cases.decided", "nobody.listens", "cases.decided"].iter().enumerate() {
            let id = Uuid::now_v7();
            store
                .write_blocking(move |tx| outbox::put(tx, id, PlaceId(4), topic, &json!({ "number": number }), now))
                .unwrap();
        }
        assert_eq!(runner.run_due(), Ok(5));
        assert_eq!(runner.run_due(), Ok(0));
        let mut all = heard.lock().unwrap().clone();
        all.sort();
        let expected = [
            "figures cases.decided 1",
            "figures cases.decided 3",
            "figures cases.opened 0",
            "notices cases.decided 1",
            "notices cases.decided 3",
        ];
        assert_eq!(all, expected, "{}", store.name);
        assert!(read(&store, |tx| outbox::pending(tx, 10)).is_empty());
    }
}

#[test]
fn a_daily_timer_runs_once_a_day_whoever_keeps_it() {
    for (store, clock) in settings() {
        let days = Arc::new(Mutex::new(Vec::new()));
        let make = || {
            let days = days.clone();
            let work = handler(move |_, job, _| {
                days.lock().unwrap().push(job.payload["day"].as_str().unwrap().to_owned());
                Ok(())
            });
            runner(&store, &clock).daily("seal", ZONE, 60, work)
        };
        clock.set_local("2026-11-23 00:59");
        let (first, second) = (make(), make());
        assert_eq!((first.run_due(), second.run_due()), (Ok(0), Ok(0)));
        clock.set_local("2026-11-23 01:00");
        assert_eq!((first.run_due(), second.run_due()), (Ok(1), Ok(0)));
        clock.set_local("2026-11-24 09:00");
        assert_eq!((second.run_due(), first.run_due(), make().run_due()), (Ok(1), Ok(0), Ok(0)));
        assert_eq!(*days.lock().unwrap(), ["2026-11-23", "2026-11-24"], "{}", store.name);
    }
}

#[test]
fn several_runners_share_the_work() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        for number in 0..40 {
            put(&store, &format!("{number:02}"), clock.now());
        }
        let mut threads = Vec::new();
        for _ in 0..3 {
            // On PostgreSQL each runner has a store of its own, like a process of its own.
            let own = match store.engine() {
                store::Engine::Sqlite => store.store(),
                store::Engine::Postgres => Store::open(&store.address, Options::default()).unwrap(),
            };
            let runner = runner(&own, &clock).handle("work", work.clone());
            threads.push(std::thread::spawn(move || runner.run_due().unwrap()));
        }
        let ran: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        let mut all = seen.lock().unwrap().clone();
        all.sort();
        assert_eq!(all, (0..40).map(|number| format!("{number:02}")).collect::<Vec<_>>(), "{}", store.name);
        assert_eq!(ran, 40);
    }
}

#[test]
fn a_thread_works_until_it_is_dropped() {
    for (store, clock) in settings() {
        let (work, seen) = writing(|_| Ok(()));
        let running = runner(&store, &clock).handle("work", work).start().unwrap();
        put(&store, "a", clock.now());
        running.wake();
        for _ in 0..1000 {
            if !seen.lock().unwrap().is_empty() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        running.stop();
        assert_eq!(*seen.lock().unwrap(), ["a"], "{}", store.name);
        put(&store, "b", clock.now());
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(seen.lock().unwrap().len(), 1, "it has stopped");
    }
}
