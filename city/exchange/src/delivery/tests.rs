//! These tests look at one message: what it says, which job sends it, and what is signed.

use super::*;
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use std::collections::BTreeSet;

fn system(id: u128) -> System {
    System {
        id: Uuid::from_u128(id),
        district: PlaceId(4),
        name: "城管平台".to_owned(),
        place: PlacePath::root(PlaceId(1)),
        department: None,
        scopes: BTreeSet::new(),
        calls_per_minute: 60,
        webhook_url: None,
        created_at: Instant::from_micros(0),
        created_by: String::new(),
        closed_at: None,
        listening: crate::words::Reception::default(),
    }
}

fn heard(id: u128, payload: Value) -> Heard {
    let topic = "case.moved".to_owned();
    Heard { id: Uuid::from_u128(id), district: PlaceId(4), topic, payload, at: Instant::from_micros(7) }
}

#[test]
fn an_event_heard_twice_gives_each_system_one_message() {
    let moved = json!({ "number": "210104-2026-0000001-4", "state": "granted" });
    let made = |system_id: u128, heard_id: u128, now: i64| {
        message(&system(system_id), &heard(heard_id, moved.clone()), Instant::from_micros(now))
    };
    let (delivery, job) = made(1, 9, 100);
    assert_eq!((delivery.number.as_str(), delivery.state.as_str()), ("210104-2026-0000001-4", "granted"));
    assert_eq!((delivery.system, delivery.at, delivery.attempts), (Uuid::from_u128(1), Instant::from_micros(7), 0));
    assert_eq!((job.kind.as_str(), job.run_at), (DELIVER, Instant::from_micros(100)));
    assert_eq!(job.payload, json!({ "delivery": delivery.id }));
    for (system_id, heard_id, same) in [(1, 9, true), (2, 9, false), (1, 8, false)] {
        let (other, other_job) = made(system_id, heard_id, 200);
        assert_eq!(other.id == delivery.id, same, "{system_id} {heard_id}");
        assert_eq!(other_job.dedupe_key == job.dedupe_key, same, "{system_id} {heard_id}");
    }
}

#[test]
fn a_message_says_its_number_and_takes_its_turn() {
    let moved = json!({ "number": "210104-2026-0000001-4", "state": "granted" });
    let (delivery, job) = message(&system(1), &heard(9, moved), Instant::from_micros(100));
    assert_eq!(body(&delivery).get("sequence"), None, "one of an earlier version");
    let third = Delivery { sequence: 3, ..delivery };
    assert_eq!(body(&third)["sequence"], 3);
    let job = queued(job, &third);
    let order = job.order.unwrap();
    assert_eq!((job.lane, order.number), (crate::words::lane(Uuid::from_u128(1)), 3));
    assert!(
        order.key.ends_with(":210104-2026-0000001-4") && order.key.contains(&Uuid::from_u128(1).simple().to_string())
    );
}

#[test]
fn what_was_not_said_is_empty() {
    for (payload, number) in [(json!({ "number": 7 }), ""), (json!([]), ""), (json!({ "number": "x" }), "x")] {
        assert_eq!(said(&heard(1, payload), "number"), number);
    }
}

#[test]
fn only_a_failure_of_the_machine_is_tried_again() {
    let never = [Fault::NotFound, Fault::Broken(String::new()), Fault::Refused(Refusal::new(Code::CaseEnded))];
    for fault in never {
        assert!(matches!(failed(&fault), JobError::Never(_)), "{fault}");
    }
}

#[test]
fn a_message_is_signed_under_each_secret_that_still_holds() {
    let keys = [vec![1; 32], b"an older secret".to_vec()];
    let (standard, national) = signatures(&keys, "m-1", "1795399200", b"{}").unwrap();
    let expected: Vec<String> =
        keys.iter().map(|key| standard_signature(key, "m-1", "1795399200", b"{}").unwrap()).collect();
    assert_eq!(standard, expected.join(" "));
    assert!(expected.iter().all(|one| one.starts_with("v1,")) && expected[0] != expected[1]);
    let newest = signature(&keys[0], "1795399200", b"{}").unwrap();
    assert_eq!(format!("hmac-{national}"), newest);
    assert!(signatures(&[], "m-1", "1795399200", b"{}").is_none(), "nothing goes out unsigned");
}
