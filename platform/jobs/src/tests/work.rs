//! Tests work for which somebody waits: it is done once, called off, and taken up again.

use super::*;
use crate::work::{NewWork, Progress, Work, WorkError, ask, worker};
use crate::{WorkState, stop, work, works};
use kernel::place::PlacePath;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

fn asked(count: i64) -> NewWork {
    NewWork {
        id: Uuid::now_v7(),
        kind: "count".to_owned(),
        place: PlacePath::parse("1.2.").unwrap(),
        asked: serde_json::json!({ "count": count }),
        by: None,
        by_name: "王晓燕".to_owned(),
    }
}

#[test]
fn work_is_done_once_and_its_answer_kept() {
    for (store, clock) in settings() {
        let new = asked(7);
        let handler = worker(clock.clock(), |_, work: &Work, progress: &Progress| {
            progress.step(500)?;
            Ok(work.asked["count"].to_string().into_bytes())
        });
        let does = runner(&store, &clock).handle("count", handler);
        let (first, again, now) = (new.clone(), new.clone(), clock.now());
        assert!(store.write_blocking(move |tx| ask(tx, &first, now)).unwrap());
        assert!(!store.write_blocking(move |tx| ask(tx, &again, now)).unwrap(), "{}: twice", store.name);
        does.run_due().unwrap();
        let id = new.id;
        let found = store.read_blocking(move |tx| work(tx, id)).unwrap().unwrap();
        assert_eq!((found.state, found.share, found.answer.as_deref()), (WorkState::Done, 1_000, Some(&b"7"[..])));
        let wide = PlacePath::parse("1.").unwrap();
        assert_eq!(store.read_blocking(move |tx| works(tx, "count", &wide, 9)).unwrap().len(), 1);
        let beside = PlacePath::parse("1.20.").unwrap();
        assert_eq!(store.read_blocking(move |tx| works(tx, "count", &beside, 9)).unwrap().len(), 0);
    }
}

#[test]
fn what_is_called_off_ends_and_what_fails_says_why() {
    for (store, clock) in settings() {
        let seen = Arc::new(AtomicUsize::new(0));
        let (counted, ticking) = (seen.clone(), clock.clone());
        let handler = worker(clock.clock(), move |store, work: &Work, progress: &Progress| {
            counted.fetch_add(1, Ordering::Relaxed);
            if work.asked["count"] == 0 {
                return Err(WorkError::Never("nothing to count".to_owned()));
            }
            progress.step(100)?;
            let (id, now) = (work.id, ticking.now());
            assert!(store.write_blocking(move |tx| stop(tx, id, now))?);
            ticking.plus_seconds(1);
            progress.step(200)?;
            panic!("it is not wanted any more");
        });
        let does = runner(&store, &clock).handle("count", handler);
        let (stopped, failing, unseen) = (asked(1), asked(0), asked(2));
        let (all, now) = ([stopped.clone(), failing.clone(), unseen.clone()], clock.now());
        store.write_blocking(move |tx| all.iter().try_for_each(|new| ask(tx, new, now).map(drop))).unwrap();
        let id = unseen.id;
        assert!(store.write_blocking(move |tx| stop(tx, id, now)).unwrap(), "before it began");
        does.run_due().unwrap();
        let state = |id| store.read_blocking(move |tx| work(tx, id)).unwrap().unwrap();
        assert_eq!(state(stopped.id).state, WorkState::Stopped, "{}", store.name);
        assert_eq!(state(unseen.id).state, WorkState::Stopped);
        let failed = state(failing.id);
        assert_eq!((failed.state, failed.said.as_str()), (WorkState::Failed, "nothing to count"));
        assert_eq!(seen.load(Ordering::Relaxed), 2, "what was called off before it began is never begun");
    }
}

#[test]
fn work_that_a_process_left_is_taken_up_by_the_next() {
    for (store, clock) in settings() {
        let new = asked(3);
        let (id, first, now) = (new.id, new.clone(), clock.now());
        store.write_blocking(move |tx| ask(tx, &first, now)).unwrap();
        let dies = runner(&store, &clock).handle("count", worker(clock.clock(), |_, _, _| panic!("the power is gone")));
        dies.step().unwrap();
        assert_eq!(store.read_blocking(move |tx| work(tx, id)).unwrap().unwrap().state, WorkState::Running);
        clock.plus_days(1);
        let lives = runner(&store, &clock).handle("count", worker(clock.clock(), |_, _, _| Ok(b"3".to_vec())));
        lives.run_due().unwrap();
        let found = store.read_blocking(move |tx| work(tx, id)).unwrap().unwrap();
        assert_eq!((found.state, found.answer.as_deref()), (WorkState::Done, Some(&b"3"[..])), "{}", store.name);
    }
}
