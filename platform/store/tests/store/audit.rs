//! Each fault of a history is planted on both engines and must be found. An honest history has none.

use crate::engines::{Bed, beds};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, Zone, date_plus_days};
use store::audit::{self, AuditFault, AuditKey, Report};
use store::{StoreError, Val, args, log};
use uuid::Uuid;

const DISTRICT: PlaceId = PlaceId(4);
const ZONE: Zone = Zone::new(480);

fn day(number: i64) -> Date {
    date_plus_days("2026-11-20".parse().unwrap(), number).unwrap()
}

fn noon(number: i64) -> Instant {
    ZONE.instant(day(number), 720)
}

fn key() -> AuditKey {
    AuditKey::new([7; 32])
}

fn stream(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn append(bed: &Bed, number: u128, count: i64, at: Instant) {
    bed.store
        .write_blocking::<_, StoreError, _>(move |tx| {
            let (last, _) = log::last(tx, DISTRICT, stream(number))?;
            let entries: Vec<_> = (0..count).map(|event| ("event", format!("{{\"n\":{event}}}"))).collect();
            log::append(tx, DISTRICT, stream(number), last, &entries, at)
        })
        .unwrap();
}

#[test]
fn a_stream_that_has_begun_is_a_conflict_for_who_begins_it() {
    for bed in beds(&[]) {
        let begin = || {
            bed.store.write_blocking::<_, StoreError, _>(|tx| {
                log::append(tx, DISTRICT, stream(9), 0, &[("event", "{}".to_owned())], noon(0))
            })
        };
        begin().unwrap();
        assert_eq!(begin().unwrap_err(), StoreError::Conflict, "{:?}", bed.store.engine());
    }
}

fn seal(bed: &Bed, number: i64) -> Result<audit::Head, StoreError> {
    bed.store.write_blocking(move |tx| audit::seal_day(tx, day(number), ZONE, &key(), ZONE.instant(day(number + 1), 5)))
}

fn verify(bed: &Bed) -> Report {
    audit::verify(&bed.store, &key(), |_| ()).unwrap()
}

/// Writes three streams over three days and seals them, with one event of today that is not sealed.
fn history(bed: &Bed) {
    append(bed, 1, 3, noon(0));
    append(bed, 2, 2, noon(0));
    seal(bed, 0).unwrap();
    append(bed, 1, 2, noon(1));
    append(bed, 3, 1, noon(1));
    seal(bed, 1).unwrap();
    seal(bed, 2).unwrap();
    append(bed, 3, 1, noon(3));
}

fn meddle(bed: &Bed, sql: &'static str, values: &[Val]) {
    let values = values.to_vec();
    let changed = bed.store.write_blocking::<_, StoreError, _>(move |tx| tx.exec(sql, &values)).unwrap();
    assert!(changed > 0, "{sql} changed nothing");
}

#[test]
fn reading_stops_once_nobody_wants_the_answer() {
    for bed in beds(&[]) {
        history(&bed);
        // One page of events is read, and then the heads of three days one by one.
        for (pages, whole) in [(0, false), (1, false), (3, false), (4, true)] {
            let mut left = pages;
            let wanted = move |_| {
                left -= 1;
                left >= 0
            };
            let report = audit::verify_while(&bed.store, &key(), wanted).unwrap();
            assert_eq!(report.is_some(), whole, "{:?} after {pages}", bed.store.engine());
        }
    }
}

#[test]
fn an_honest_history_has_no_fault() {
    for bed in beds(&[]) {
        assert_eq!(verify(&bed), Report::default());
        history(&bed);
        let report = verify(&bed);
        assert_eq!(
            (report.streams, report.events, report.days, report.fault_count),
            (3, 9, 3, 0),
            "{:?}",
            report.faults
        );
        let newest = report.newest.unwrap();
        assert_eq!((newest.number, newest.day, newest.streams), (3, day(2), 0));
    }
}

type Plant = (&'static str, Vec<Val>, Vec<AuditFault>);

/// Alters events of stream 1 and says what must be found.
fn altered_events() -> Vec<Plant> {
    let (district, first) = (DISTRICT, stream(1));
    let altered = |sequence| vec![AuditFault::Altered { district, stream: first, sequence }];
    let missing = |sequence| vec![AuditFault::Missing { district, stream: first, sequence }];
    let table = [
        ("update store_event set payload = '{}' where stream = $1 and sequence = 2", altered(2)),
        ("update store_event set at = at + 1 where stream = $1 and sequence = 1", altered(1)),
        ("update store_event set kind = 'other' where stream = $1 and sequence = 5", altered(5)),
        ("delete from store_event where stream = $1 and sequence = 2", missing(2)),
        ("delete from store_event where stream = $1 and sequence = 1", missing(1)),
        ("delete from store_event where stream = $1 and sequence = 5", missing(5)),
    ];
    table.into_iter().map(|(sql, faults)| (sql, args![first].into(), faults)).collect()
}

/// Alters a whole stream.
fn altered_streams() -> Vec<Plant> {
    let (district, second, other) = (DISTRICT, stream(2), stream(9));
    let dropped = AuditFault::StreamDropped { district, stream: second };
    let altered = |sequence| AuditFault::Altered { district, stream: other, sequence };
    vec![
        ("delete from store_event where stream = $1", args![second].into(), vec![dropped.clone()]),
        (
            "update store_event set stream = $2 where stream = $1",
            args![second, other].into(),
            vec![altered(1), altered(2), dropped],
        ),
    ]
}

/// Alters heads and seals.
fn altered_heads() -> Vec<Plant> {
    let (district, first) = (DISTRICT, stream(1));
    let head = |number| AuditFault::HeadAltered { day: day(number) };
    let seals = AuditFault::SealsAltered { day: day(0) };
    let cut_off = AuditFault::HeadCutOff { day: day(1) };
    let not_as_sealed = AuditFault::NotAsSealed { district, stream: first, sequence: 2, day: day(0) };
    let (delete, update) = (
        "delete from store_audit_seal where stream = $1 and day = '2026-11-20'",
        "update store_audit_seal set sequence = 2 where stream = $1 and day = '2026-11-20'",
    );
    vec![
        ("update store_audit_head set streams = 1 where number = $1", args![1].into(), vec![head(0), seals.clone()]),
        ("update store_audit_head set sealed_at = 0 where number = $1", args![2].into(), vec![head(1)]),
        (
            "delete from store_audit_head where number = $1",
            args![2].into(),
            vec![AuditFault::HeadMissing { before: day(2) }, cut_off.clone()],
        ),
        ("delete from store_audit_head where number >= $1", args![2].into(), vec![cut_off]),
        (delete, args![first].into(), vec![seals.clone()]),
        (update, args![first].into(), vec![not_as_sealed, seals]),
    ]
}

fn plants() -> Vec<Plant> {
    [altered_events(), altered_streams(), altered_heads()].concat()
}

#[test]
fn every_planted_fault_is_found_and_named() {
    for bed in beds(&[]) {
        for (sql, values, expected) in plants() {
            for table in ["store_event", "store_audit_seal", "store_audit_head"] {
                let clear = format!("delete from {table}");
                bed.store.write_blocking::<_, StoreError, _>(move |tx| tx.exec(&clear, &[])).unwrap();
            }
            history(&bed);
            meddle(&bed, sql, &values);
            let report = verify(&bed);
            for fault in &expected {
                assert!(
                    report.faults.contains(fault),
                    "{:?} {sql}: wanted {fault}, found {:?}",
                    bed.store.engine(),
                    report.faults
                );
            }
        }
    }
}

/// Two events change places, and each is hashed again, as a clever forger would do.
#[test]
fn events_in_another_order_are_found_even_when_hashed_again() {
    for bed in beds(&[]) {
        history(&bed);
        rewrite(&bed, |entries| {
            let (second, third) = (entries[1].payload.clone(), entries[2].payload.clone());
            entries[1].payload = third;
            entries[2].payload = second;
        });
        let faults = verify(&bed).faults;
        let sealed = AuditFault::NotAsSealed { district: DISTRICT, stream: stream(1), sequence: 3, day: day(0) };
        assert!(faults.contains(&sealed), "{faults:?}");
    }
}

/// One link is hashed again, but the links after it are not.
#[test]
fn a_link_that_does_not_follow_is_found() {
    for bed in beds(&[]) {
        history(&bed);
        let entries = bed
            .store
            .read_blocking(|tx| log::read(tx, DISTRICT, stream(1)))
            .map_err(|error: StoreError| error)
            .unwrap();
        let mut second = entries[1].clone();
        second.payload = "{\"n\":99}".to_owned();
        second.hash = log::hash(DISTRICT, stream(1), &second).to_vec();
        let sql = "update store_event set payload = $1, hash = $2 where stream = $3 and sequence = 2";
        meddle(&bed, sql, &args![&second.payload, &second.hash, stream(1)]);
        let fault = AuditFault::Reordered { district: DISTRICT, stream: stream(1), sequence: 3 };
        assert!(verify(&bed).faults.contains(&fault));
    }
}

/// Rewrites stream 1 with a whole new chain.
fn rewrite(bed: &Bed, change: fn(&mut Vec<log::Entry>)) {
    bed.store
        .write_blocking::<_, StoreError, _>(move |tx| {
            let mut entries = log::read(tx, DISTRICT, stream(1))?;
            change(&mut entries);
            let mut previous = log::BEGINNING.to_vec();
            for entry in &mut entries {
                entry.previous.clone_from(&previous);
                entry.hash = log::hash(DISTRICT, stream(1), entry).to_vec();
                let sql =
                    "update store_event set payload = $1, previous = $2, hash = $3 where stream = $4 and sequence = $5";
                tx.exec(sql, &args![&entry.payload, &entry.previous, &entry.hash, stream(1), entry.sequence])?;
                previous.clone_from(&entry.hash);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn another_key_is_found() {
    for bed in beds(&[]) {
        history(&bed);
        let report = audit::verify(&bed.store, &AuditKey::new([8; 32]), |_| ()).unwrap();
        assert_eq!(report.fault_count, 3);
        assert!(report.faults.contains(&AuditFault::HeadAltered { day: day(2) }));
    }
}

#[test]
fn days_are_sealed_in_order_once_and_when_they_are_over() {
    for bed in beds(&[]) {
        append(&bed, 1, 1, noon(-400));
        append(&bed, 1, 1, noon(1));
        let early: Result<_, StoreError> =
            bed.store.write_blocking(move |tx| audit::seal_day(tx, day(1), ZONE, &key(), noon(1)));
        assert!(matches!(early, Err(StoreError::Seal { .. })), "{early:?}");
        let head = seal(&bed, 1).unwrap();
        assert_eq!((head.number, head.streams), (1, 1));
        assert_eq!(seal(&bed, 1).unwrap(), head);
        assert!(matches!(seal(&bed, 0), Err(StoreError::Seal { .. })));
        append(&bed, 2, 1, noon(1));
        append(&bed, 1, 1, noon(2));
        let head = seal(&bed, 2).unwrap();
        assert_eq!((head.number, head.streams), (2, 2), "the event that came late is sealed with the next day");
        assert_eq!(verify(&bed).fault_count, 0);
    }
}

#[test]
fn what_is_touched_after_a_clock_was_put_right_is_sealed_too() {
    for bed in beds(&[]) {
        // The clock is two days ahead, and two days are sealed that are not over.
        append(&bed, 1, 2, noon(0));
        append(&bed, 2, 1, noon(2));
        for number in 0..3 {
            seal(&bed, number).unwrap();
        }
        // It is put right: what happens now is older than the last head.
        append(&bed, 1, 1, noon(0));
        append(&bed, 3, 1, noon(1));
        assert!(matches!(seal(&bed, 1), Err(StoreError::Seal { .. })), "{:?}", bed.store.engine());
        let head = seal(&bed, 3).unwrap();
        assert_eq!(head.streams, 2, "{:?}: those that were touched", bed.store.engine());
        for (number, sequence) in [(1, 3), (3, 1)] {
            let sql = "select max(sequence) from store_audit_seal where district = $1 and stream = $2";
            let sealed = bed
                .store
                .read_blocking(move |tx| store::scalar::<i64>(tx, sql, &args![DISTRICT, stream(number)]))
                .unwrap();
            assert_eq!(sealed, Some(sequence), "{:?}: stream {number}", bed.store.engine());
        }
        meddle(&bed, "delete from store_event where stream = $1 and sequence = 3", &args![stream(1)]);
        let cut = AuditFault::Missing { district: DISTRICT, stream: stream(1), sequence: 3 };
        assert!(verify(&bed).faults.contains(&cut), "{:?}", bed.store.engine());
        assert_eq!(seal(&bed, 4).unwrap().streams, 0, "nothing is left open");
    }
}

#[test]
fn a_long_history_is_read_in_pages_and_tells_how_far_it_is() {
    for bed in beds(&[]) {
        (0..5).for_each(|number| append(&bed, number + 1, 500, noon(0)));
        let (sender, steps) = std::sync::mpsc::channel();
        let report = audit::verify(&bed.store, &key(), move |step| sender.send(step).unwrap()).unwrap();
        assert_eq!((report.streams, report.events, report.fault_count), (5, 2500, 0));
        let steps: Vec<(u64, u64)> = steps.iter().map(|step| (step.events, step.of_events)).collect();
        assert_eq!(steps, [(1000, 2500), (2000, 2500), (2500, 2500)]);
    }
}
