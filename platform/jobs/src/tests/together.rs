//! Jobs about different things are done at once, those about one thing in their order, each one once.

use super::*;
use std::collections::BTreeMap;
use std::sync::Condvar;
use std::time::Duration;

/// Long enough for any machine; nobody waits for it where all is well.
const PATIENCE: Duration = Duration::from_secs(30);

fn about(store: &Store, thing: &str, number: i64, now: Instant) {
    let payload = json!({ "id": thing, "number": number });
    let job = NewJob::planned("work", format!("{thing}:{number}"), payload, now.plus_seconds(number));
    assert!(store.write_blocking(move |tx| enqueue(tx, &job)).unwrap());
}

#[test]
fn jobs_about_different_things_are_done_at_once() {
    for (store, clock) in settings() {
        let met = Arc::new((Mutex::new(0), Condvar::new()));
        let meets = met.clone();
        let work = handler(move |_, _, _| {
            let (count, rung) = &*meets;
            let mut count = count.lock().unwrap();
            *count += 1;
            rung.notify_all();
            let (count, _) = rung.wait_timeout_while(count, PATIENCE, |count| *count < 3).unwrap();
            if *count < 3 { Err(JobError::Never("nobody came".into())) } else { Ok(()) }
        });
        let runner = runner(&store, &clock).handle("work", work);
        for thing in ["a", "b", "c"] {
            about(&store, thing, 0, clock.now());
        }
        assert_eq!(runner.step_together(), Ok(true), "{}", store.name);
        assert_eq!(runner.step_together(), Ok(false), "{}: one step did all three", store.name);
        assert!(read(&store, |tx| crate::failed_jobs(tx, 9)).is_empty(), "{}", store.name);
    }
}

#[test]
fn jobs_about_one_thing_come_in_their_order_and_each_once() {
    for (store, clock) in settings() {
        let seen: Arc<Mutex<BTreeMap<String, Vec<i64>>>> = Arc::default();
        let notes = seen.clone();
        let work = handler(move |_, job, _| {
            let thing = job.payload["id"].as_str().unwrap_or_default().to_owned();
            let number = job.payload["number"].as_i64().unwrap_or_default();
            notes.lock().unwrap().entry(thing).or_default().push(number);
            // The first attempt at one of them fails: it comes again, and nothing of it is lost.
            if number == 9 && job.attempt == 1 { Err(JobError::Retry("away".into())) } else { Ok(()) }
        });
        let begun = clock.now();
        for thing in ["a", "b", "c", "d", "e", "f"] {
            for number in 0..10 {
                about(&store, thing, number, begun);
            }
        }
        clock.plus_seconds(60);
        let two = [runner(&store, &clock), runner(&store, &clock)].map(|runner| runner.handle("work", work.clone()));
        let [runner, other] = two;
        while runner.step_together().unwrap() {}
        let all = seen.lock().unwrap().clone();
        let expected: Vec<i64> = (0..10).collect();
        assert!(all.len() == 6 && all.values().all(|numbers| *numbers == expected), "{}: {all:?}", store.name);
        clock.plus_seconds(20);
        let threads =
            [runner, other].map(|runner| std::thread::spawn(move || while runner.step_together().unwrap() {}));
        for thread in threads {
            thread.join().unwrap();
        }
        let all = seen.lock().unwrap().clone();
        let again = all.values().all(|numbers| numbers.iter().filter(|number| **number == 9).count() == 2);
        assert!(again && all.values().all(|numbers| numbers.len() == 11), "{}: {all:?}", store.name);
        assert_eq!(left(&store, &clock), 0, "{}", store.name);
    }
}

/// How many jobs are due.
fn left(store: &Store, clock: &FixedClock) -> i64 {
    let now = clock.now();
    read(store, move |tx| crate::counts(tx, now)).due
}
