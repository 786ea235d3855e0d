//! These tests reckon on a street of five compounds that are five minutes apart.

use kernel::place::PlaceId;
use places::geography::{Building, Compound, Geography, Ground};
use planning::mobilize::Home;
use planning::network::{Edge, Start};
use planning::shape::Point;

use super::circle::{Near, Pace, access, buildings, change, coverage, near_each};
use crate::words::Slower;

pub(super) const ADULT: Pace = Pace { speed: 1_200, near: 9_000, far: 36_000, slower: Slower::NONE };

/// Makes five compounds that are five minutes apart, with a building of ten households at each.
pub(super) fn street() -> Geography {
    let at = |node: u32| Point { x: f64::from(node) * 360.0, y: 0.0 };
    let edge = |from, to| Edge { from, to, time: 3_000, class: 0 };
    let compound = |node: u32| Compound {
        id: i64::from(node) + 1,
        community: PlaceId(4),
        name: String::new(),
        at: at(node),
        gates: vec![node],
        households: 10,
    };
    let building = |node: u32| Building {
        id: i64::from(node) + 1,
        compound: node,
        name: String::new(),
        at: at(node),
        home: Home { node, access: 0 },
        households: 10,
    };
    Ground {
        nodes: (0..5).map(at).collect(),
        edges: (1..5).flat_map(|node| [edge(node - 1, node), edge(node, node - 1)]).collect(),
        compounds: (0..5).map(compound).collect(),
        buildings: (0..5).map(building).collect(),
        borders: Vec::new(),
    }
    .geography()
}

#[test]
fn an_old_person_reaches_less_in_the_same_time() {
    let ground = street();
    let place = [Some(0), Some(0), Some(0), Some(1), Some(1)];
    let station = [Start { node: 0, time: 0 }];
    let adult = coverage(&ground, &place, 2, &station, ADULT).unwrap();
    let told: Vec<_> = adult.iter().map(|near| (near.households, near.covered, near.minutes())).collect();
    assert_eq!(told, [(30, 30, Some(5)), (20, 10, Some(18))]);
    let old = coverage(&ground, &place, 2, &station, Pace { speed: 800, ..ADULT }).unwrap();
    assert_eq!(old.iter().map(|near| near.covered).collect::<Vec<_>>(), [30, 0]);
    assert_eq!(near_each(&ground, &station, ADULT).unwrap(), [true, true, true, true, false]);
    let nobody = coverage(&ground, &[None; 5], 2, &station, ADULT).unwrap();
    assert_eq!((nobody[0].per_mille(), nobody[0].minutes()), (None, None));
}

#[test]
fn snow_makes_ways_longer_and_no_doors() {
    let ground = street();
    let station = [Start { node: 0, time: 0 }];
    let reached = |percent: &str| {
        let walks = Pace { slower: Slower::parse(percent).unwrap(), ..ADULT };
        coverage(&ground, &[Some(0); 5], 1, &station, walks).unwrap()[0].covered
    };
    // Fifteen minutes lead past three ways of five minutes, past two when they take half as long again.
    assert_eq!(["", "100", "150", "301", "100, 150"].map(reached), [40, 40, 30, 10, 40]);
    assert_eq!(change(&ground, &[Some(0); 5], &[], 2, Pace { slower: Slower::parse("200").unwrap(), ..ADULT }), Ok(30));
}

#[test]
fn what_a_station_brings_is_what_it_takes_when_it_goes() {
    let ground = street();
    let place = [Some(0); 5];
    assert_eq!(change(&ground, &place, &[], 2, ADULT).unwrap(), 50);
    assert_eq!(change(&ground, &place, &[0], 4, ADULT).unwrap(), 10);
    assert_eq!(change(&ground, &place, &[0, 4], 2, ADULT).unwrap(), 0);
}

#[test]
fn shares_and_minutes_are_told_where_somebody_lives() {
    for (near, per_mille, minutes) in [
        (Near::default(), None, None),
        (Near { households: 3, ..Near::default() }, Some(0), None),
        (Near { households: 3, covered: 2, walking: 0, reaching: 3 }, Some(666), Some(0)),
        (Near { households: 3, covered: 3, walking: 3, reaching: 3 }, Some(1_000), Some(1)),
        (Near { households: 10, covered: 1, walking: 6_000, reaching: 10 }, Some(100), Some(1)),
        (Near { households: 10, covered: 1, walking: 6_001, reaching: 10 }, Some(100), Some(2)),
        (Near { households: 10, covered: 1, walking: 6_010, reaching: 10 }, Some(100), Some(2)),
    ] {
        assert_eq!((near.per_mille(), near.minutes()), (per_mille, minutes), "{near:?}");
    }
}

#[test]
fn the_way_to_the_door_takes_as_long_as_people_walk() {
    for (time, speed, expected) in
        [(0, 800, 0), (600, 1_200, 600), (600, 800, 900), (1, 800, 2), (600, 2_400, 300), (u32::MAX, 800, u32::MAX)]
    {
        assert_eq!(access(time, speed), expected, "{time} at {speed}");
    }
}

#[test]
fn only_buildings_with_a_place_count() {
    let ground = street();
    let told = |place: &[Option<u32>]| -> Vec<(u32, u32)> {
        buildings(&ground, place, 1_200).iter().map(|home| (home.node, home.place)).collect()
    };
    assert_eq!(told(&[Some(7), None, Some(0), None, None]), [(0, 7), (2, 0)]);
    assert_eq!(told(&[None, Some(1)]), [(1, 1)], "a list that is shorter leaves the rest out");
    assert!(told(&[]).is_empty());
    let station = [Start { node: 0, time: 0 }];
    let beyond = coverage(&ground, &[Some(0), Some(1), Some(2), Some(0), Some(9)], 2, &station, ADULT).unwrap();
    assert_eq!(beyond.iter().map(|near| near.households).collect::<Vec<_>>(), [20, 10], "places that nobody asked for");
}

#[test]
fn near_ends_exactly_where_it_is_said_to_end() {
    let ground = street();
    let place = [Some(0); 5];
    for (node, door, near, far, expected) in [
        (0, 0, 2_999, 36_000, (10, 50)),
        (0, 0, 3_000, 36_000, (20, 50)),
        (0, 0, 12_000, 36_000, (50, 50)),
        (0, 1, 3_000, 36_000, (10, 50)), // The station's door is a moment away from its node.
        (2, 0, 3_000, 5_999, (30, 30)),
        (2, 0, 0, 6_000, (10, 50)),
    ] {
        let station = [Start { node, time: door }];
        let walks = Pace { near, far, ..ADULT };
        let found = coverage(&ground, &place, 1, &station, walks).unwrap();
        assert_eq!((found[0].covered, found[0].reaching), expected, "{node} {door} {near} {far}");
        let each = near_each(&ground, &station, walks).unwrap();
        let near = u64::try_from(each.iter().filter(|near| **near).count()).unwrap();
        assert_eq!(near * 10, expected.0, "both ways of asking agree");
    }
    let none = coverage(&ground, &place, 1, &[], ADULT).unwrap();
    assert_eq!((none[0].households, none[0].covered, none[0].reaching), (50, 0, 0));
    assert_eq!(near_each(&ground, &[], ADULT).unwrap(), [false; 5]);
}
