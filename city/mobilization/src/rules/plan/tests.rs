//! These tests plan on a street of nodes that are five minutes apart.

use kernel::place::{PlaceId, PlacePath};
use places::geography::{Compound, Ground as Laid};
use planning::network::Edge;
use planning::shape::Point;

use super::*;
use crate::rules::HOUR;

const ZONE: Zone = Zone::new(480);
const FIGURES: Figures = Figures { walk_ds: 18_000, rest_hours: 8, shift_hours: 12, move_ds: 6_000, speed: 1_200 };

/// Makes a street of nodes that are five minutes apart, with compounds at some of them.
fn street(nodes: u32, compounds: &[u32]) -> Geography {
    let edges = (1..nodes).flat_map(|node| {
        let edge = |from, to| Edge { from, to, time: 3_000, class: 0 };
        [edge(node - 1, node), edge(node, node - 1)]
    });
    let at = |node: u32| Point { x: f64::from(node) * 360.0, y: 0.0 };
    let compound = |(node, id): (&u32, i64)| Compound {
        id,
        community: PlaceId(4),
        name: format!("{id}"),
        at: at(*node),
        gates: vec![*node],
        households: 100,
    };
    Laid {
        nodes: (0..nodes).map(at).collect(),
        edges: edges.collect(),
        compounds: compounds.iter().zip(1..).map(compound).collect(),
        ..Laid::default()
    }
    .geography()
}

fn at(hour: i64) -> Instant {
    ZONE.instant(jiff::civil::date(2026, 11, 23), 0).plus_seconds(hour * HOUR)
}

fn shift(number: i64, from: i64, to: i64) -> Shift {
    Shift { number, starts: at(from), ends: at(to) }
}

fn need(compound: i64, shift: i64, least: i64, most: i64) -> Need {
    let path = PlacePath::parse("1.2.3.4.").unwrap();
    Need { compound, shift, role: Role::Gate, path, least, most, meet: String::new(), contact: String::new() }
}

fn person(number: u128, node: u32) -> Person {
    Person {
        district: 2,
        id: Uuid::from_u128(number),
        home: Home { node, access: 0 },
        roles: Roles::parse(["gate"]),
        parts: Parts::parse(["day", "evening", "night"]),
        taken: Vec::new(),
        told: Vec::new(),
    }
}

fn told(mut person: Person, compound: i64, shift: i64) -> Person {
    person.told.push(Told { post: Uuid::from_u128(99), compound, shift, role: Role::Gate });
    person
}

const WISH: Wish = Wish { fill: false, fair: false, now: Instant::from_micros(0), zone: ZONE };

/// Returns who goes where, as `person>compound`, and how many people each need has.
fn planned(ground: &Geography, needs: &[Need], shifts: &[Shift], people: &[Person], wish: Wish) -> (String, Vec<i64>) {
    let question = Question { ground, needs, shifts, people, figures: &FIGURES, wish };
    let done = reckon(&question, &|_| true).unwrap();
    assert_eq!(done.objective, done.bound, "proven");
    let told: Vec<String> = done
        .sendings
        .iter()
        .map(|one| format!("{}>{}{}", one.person.as_u128(), one.compound, if one.instead.is_some() { "!" } else { "" }))
        .collect();
    (told.join(" "), done.filled)
}

#[test]
fn everybody_goes_to_the_nearest_that_needs_somebody() {
    // 1 . . . 2      people at nodes 0, 1 and 4
    let ground = street(5, &[0, 4]);
    let people = [person(1, 0), person(2, 1), person(3, 4)];
    let day = [shift(1, 8, 16)];
    let needs = [need(1, 1, 1, 2), need(2, 1, 1, 2)];
    assert_eq!(planned(&ground, &needs, &day, &people, WISH), ("1>1 3>2".to_owned(), vec![1, 1]));
    let fill = Wish { fill: true, ..WISH };
    assert_eq!(planned(&ground, &needs, &day, &people, fill), ("1>1 2>1 3>2".to_owned(), vec![2, 1]));
}

#[test]
fn nobody_walks_farther_than_is_asked_of_anybody() {
    let ground = street(9, &[0]);
    let (needs, shifts, people) = ([need(1, 1, 1, 1)], [shift(1, 8, 16)], [person(1, 8)]);
    let question =
        Question { ground: &ground, needs: &needs, shifts: &shifts, people: &people, figures: &FIGURES, wish: WISH };
    let done = reckon(&question, &|_| true).unwrap();
    assert_eq!((done.sendings.len(), done.far), (0, 1), "forty minutes away");
    assert_eq!(gaps(&needs, &done.filled), BTreeMap::from([(0, 1)]));
}

#[test]
fn one_person_serves_one_shift_and_rests() {
    let ground = street(2, &[0]);
    let shifts = [shift(1, 8, 16), shift(2, 16, 24), shift(3, 24, 32)];
    let needs = [need(1, 1, 1, 1), need(1, 2, 1, 1), need(1, 3, 1, 1)];
    let (sent, filled) = planned(&ground, &needs, &shifts, &[person(1, 0)], WISH);
    assert_eq!(
        filled.iter().sum::<i64>(),
        if filled[0] == 1 { 2 } else { 1 },
        "{sent}: two with eight hours between, or one"
    );
    let mut busy = person(1, 0);
    busy.taken.push(Span { starts: at(2), ends: at(7) });
    assert_eq!(planned(&ground, &needs[..1], &shifts[..1], &[busy], WISH).1, [0], "an hour of rest is too little");
    let mut mornings = person(1, 0);
    mornings.parts = Parts::parse(["day"]);
    assert_eq!(planned(&ground, &needs[1..2], &shifts[1..2], &[mornings], WISH).1, [0], "only by day");
    let past = Wish { now: at(17), ..WISH };
    assert_eq!(planned(&ground, &needs[..1], &shifts[..1], &[person(1, 0)], past).1, [0], "that shift is over");
}

#[test]
fn a_gap_is_refilled_and_nobody_else_moves() {
    // Both compounds had somebody, and the one of the second has gone. Somebody new lives near the first.
    let ground = street(5, &[0, 2]);
    let day = [shift(1, 8, 16)];
    let needs = [need(1, 1, 1, 1), need(2, 1, 1, 1)];
    let people = [told(person(1, 1), 1, 1), person(2, 0)];
    // Moving the first and sending the new one to compound 1 walks 5 + 0 minutes, leaving the first 5 and 10: it spares
    // ten minutes, more than 10 it is not.
    let (sent, filled) = planned(&ground, &needs, &day, &people, WISH);
    assert_eq!((sent.as_str(), filled), ("2>2", vec![1, 1]));
    // With compound 2 out of reach for the newcomer, the first moves: better than a gap.
    let ground = street(9, &[0, 7]);
    let people = [told(person(1, 2), 1, 1), person(2, 0)];
    let (sent, filled) = planned(&ground, &needs, &day, &people, WISH);
    assert_eq!((sent.as_str(), filled), ("1>2! 2>1", vec![1, 1]));
}

#[test]
fn who_was_told_is_never_sent_home() {
    let ground = street(5, &[0]);
    let people = [told(person(1, 4), 1, 1), told(person(2, 0), 1, 1)];
    let (sent, filled) = planned(&ground, &[need(1, 1, 0, 2)], &[shift(1, 8, 16)], &people, WISH);
    assert_eq!((sent.as_str(), filled), ("", vec![2]));
}

#[test]
fn a_plan_can_be_called_off() {
    let ground = street(2, &[0]);
    let (needs, shifts, people) = ([need(1, 1, 1, 1)], [shift(1, 8, 16)], [person(1, 0)]);
    let question =
        Question { ground: &ground, needs: &needs, shifts: &shifts, people: &people, figures: &FIGURES, wish: WISH };
    let done = reckon(&question, &|_| false);
    assert_eq!(done, Err(Fault::Stopped));
}
