//! These tests put the next stations on a street of five compounds with ten households each, five minutes apart.

use super::*;
use crate::rules::tests::{ADULT, street};

/// One compound to either side is near.
const BESIDE: Pace = Pace { near: 3_000, ..ADULT };
const ALL: [u32; 5] = [0, 1, 2, 3, 4];

fn ask(aim: Aim, count: usize, share: u64) -> Question {
    Question { aim, count, share, pace: BESIDE }
}

fn found(candidates: &[u32], stations: &[u32], question: Question) -> Result<Found, Fault> {
    let stations: Vec<Start> = stations.iter().map(|node| Start { node: *node, time: 0 }).collect();
    find(&street(), &[Some(0); 5], candidates, &stations, question, &mut || true)
}

fn brings(found: &Found) -> Vec<i64> {
    found.sites.iter().map(|site| site.brings).collect()
}

#[test]
fn the_stations_that_reach_most_are_told_by_what_each_adds() {
    let table: [(&[u32], &[u32], usize, Vec<i64>); 8] = [
        (&ALL, &[], 1, vec![30]),
        (&ALL, &[], 2, vec![30, 20]),
        (&ALL, &[], 0, vec![]),
        (&ALL, &[0], 1, vec![30]),
        (&ALL, &[1], 1, vec![20]),
        (&[0, 1], &[], 1, vec![30]),
        (&[], &[], 2, vec![]),
        (&[99], &[], 1, vec![]),
    ];
    for (candidates, stations, count, expected) in table {
        let whole: i64 = expected.iter().sum();
        let answer = found(candidates, stations, ask(Aim::Reach, count, 0)).unwrap();
        assert_eq!(brings(&answer), expected, "{count} of {candidates:?} beside {stations:?}");
        assert_eq!((answer.value, answer.bound), (whole, whole), "proven");
        assert_eq!(answer.households, 50);
    }
    let beside = found(&ALL, &[0], ask(Aim::Reach, 1, 0)).unwrap();
    assert_eq!((beside.before, beside.sites[0].compound), (20, 4), "the middle of what nobody reaches");
}

#[test]
fn the_fewest_stations_reach_a_share_that_is_rounded_up() {
    let table: [(&[u32], u64, Vec<i64>); 8] = [
        (&[], 0, vec![]),
        (&[], 1, vec![30]),
        (&[], 60, vec![30]),
        (&[], 61, vec![30, 20]),
        (&[], 100, vec![30, 20]),
        (&[0], 40, vec![]),
        (&[0], 41, vec![30]),
        (&[0], 100, vec![30]),
    ];
    for (stations, share, expected) in table {
        let answer = found(&ALL, stations, ask(Aim::Share, 0, share)).unwrap();
        assert_eq!(brings(&answer), expected, "{share} beside {stations:?}");
        assert_eq!(usize::try_from(answer.bound), Ok(expected.len()), "no fewer are enough");
    }
    // Compound 1 alone reaches 20 of 50 households; a station at the other end has 20 more.
    let out_of_reach: [(&[u32], u64, u64); 3] = [(&[], 41, 400), (&[4], 81, 800), (&[], 100, 400)];
    for (stations, share, expected) in out_of_reach {
        assert_eq!(found(&[0], stations, ask(Aim::Share, 0, share)), Err(Fault::OutOfReach(expected)), "{share}");
    }
}

#[test]
fn the_least_walking_puts_a_station_in_the_middle() {
    let alone = found(&ALL, &[], ask(Aim::Walk, 1, 0)).unwrap();
    // Today nobody reaches a station: a walk longer than the longest for each household.
    assert_eq!((alone.sites[0].compound, alone.value), (3, (5 * 36_001 - 18_000) * 10));
    let second = found(&ALL, &[0], ask(Aim::Walk, 1, 0)).unwrap();
    assert_eq!((second.before, second.sites[0].compound, second.sites[0].brings), (20, 4, 210_000));
    assert_eq!((second.value, second.bound), (210_000, 210_000));
}

#[test]
fn a_search_can_be_called_off() {
    let question = ask(Aim::Reach, 2, 0);
    assert_eq!(find(&street(), &[Some(0); 5], &ALL, &[], question, &mut || false), Err(Fault::Stopped));
}

#[test]
fn sites_stand_in_the_order_of_what_they_add() {
    let offers = Offers::new(3, vec![vec![(0, 5)], vec![(0, 5), (1, 3)], vec![(2, 4)], vec![(0, 5)]]);
    let entrances: Vec<(i64, Start)> = (11..15).map(|compound| (compound, Start { node: 0, time: 0 })).collect();
    let table: [(&[u32], Vec<(i64, i64)>, i64); 4] = [
        (&[], vec![], 0),
        (&[0, 1, 2], vec![(12, 8), (13, 4), (11, 0)], 12),
        (&[0, 3], vec![(11, 5), (14, 0)], 5), // Both bring the same: the first is told first.
        (&[2, 0], vec![(11, 5), (13, 4)], 9),
    ];
    for (open, expected, value) in table {
        let (sites, whole) = in_order(&offers, open, &entrances);
        let told: Vec<(i64, i64)> = sites.iter().map(|site| (site.compound, site.brings)).collect();
        assert_eq!((told, whole), (expected, value), "{open:?}");
    }
}
