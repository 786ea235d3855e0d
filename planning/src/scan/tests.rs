//! Tests the scan: its figures against the definition, that chance alone and the calendar alone raise nothing, that a
//! planted rise is found in time, and that the number of threads changes nothing.

use proptest::prelude::*;

use super::*;
use crate::network::{Edge, Network, Profile, Start};
use crate::sample::reports::{Rise, kinds, reports, shuffled};

/// The nights between two signals that a reader is told of.
const TOLD: u32 = 365;

/// A town of `wide` × `wide` places in squares, each beside four others.
fn squares(wide: u32) -> Zones {
    let places = wide * wide;
    let right = (0..places).filter(|place| place % wide + 1 < wide).map(|place| (place, place + 1));
    let below = (0..places - wide).map(|place| (place, place + wide));
    let beside: Vec<(u32, u32)> = right.chain(below).collect();
    let edge =
        |&(from, to): &(u32, u32)| [(from, to), (to, from)].map(|(from, to)| Edge { from, to, time: 3_000, class: 0 });
    let edges: Vec<Edge> = beside.iter().flat_map(edge).collect();
    let network = Network::new(places as usize, &edges, &Profile::adult()).unwrap();
    let middles: Vec<Option<Start>> = (0..places).map(|node| Some(Start { node, time: 0 })).collect();
    let near = around(&network, &middles, 9_000);
    let touching = super::beside(&network, &middles, 9_000);
    assert_eq!(touching, {
        let mut all = beside.clone();
        all.sort_unstable();
        all
    });
    let mut zones = Zones::new(places as usize);
    zones.grow(&near, &touching, 9);
    zones.join(&touching);
    zones
}

fn signals(scan: &Scan) -> usize {
    scan.clusters.iter().filter(|cluster| cluster.once_in_nights() > TOLD).count()
}

fn cell() -> impl Strategy<Value = Cell> {
    (0u32..6, 0u32..20, 0u32..4).prop_map(|(place, day, count)| Cell { place, day, count })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn figures_are_those_of_the_definition(
        cells in prop::collection::vec(cell(), 0..60),
        kinds in prop::collection::vec(0u8..3, 20),
        beside in prop::collection::vec((0u32..6, 0u32..6), 0..9),
        window in 1usize..9,
        least in 0u32..4,
        wrong in 1u32..3,
    ) {
        let mut zones = Zones::new(6);
        zones.join(&beside);
        let stream = Stream { kinds: &kinds, cells: &cells };
        let settings = Settings { window, least, replicates: 39, ..Settings::default() };
        let mut found = scan(&zones, &stream, &settings).unwrap();
        prop_assert_eq!(check(&zones, &stream, &settings, &found), Ok(()));
        prop_assert_eq!(&scan(&zones, &stream, &settings).unwrap(), &found, "the same seed");
        let order: Vec<f64> = found.clusters.iter().map(|cluster| cluster.statistic).collect();
        prop_assert!(order.is_sorted_by(|a, b| a >= b));
        if let Some(first) = found.clusters.first_mut() {
            first.count += wrong;
            prop_assert!(check(&zones, &stream, &settings, &found).is_err());
        }
    }

    #[test]
    fn the_highest_of_a_replicate_needs_no_level(
        cells in prop::collection::vec(cell(), 1..60),
        beside in prop::collection::vec((0u32..6, 0u32..6), 0..9),
        number in 0u64..1_000,
        level in 0.0f64..6.0,
    ) {
        let mut zones = Zones::new(6);
        zones.join(&beside);
        let stream = Stream { kinds: &[0; 20], cells: &cells };
        let settings = Settings { window: 7, least: 1, ..Settings::default() };
        let margins = Margins::of(&zones, &stream, &settings).unwrap();
        let mut dealer = Dealer::new(&margins);
        dealer.deal(&mut Chance::new(7, number));
        let highest = dealer.highest(&Thresholds::new(&margins, 0.0)).unwrap_or(0.0);
        let above = dealer.highest(&Thresholds::new(&margins, level));
        prop_assert_eq!(above, (highest >= level && highest > 0.0).then_some(highest));
    }

    #[test]
    fn no_ratio_passes_its_bound(count in 1.0f64..50.0, part in 0.001f64..1.0, more in 0.0f64..900.0) {
        let (expected, all) = (count * part, count + more);
        prop_assert!(ratio(count, expected, all) <= likelihood::bound(count, expected, all) * (1.0 + 1e-9));
    }
}

#[test]
fn each_claim_of_a_scan_that_is_false_is_found() {
    let kinds = [0; 60];
    let count = |place, day| if place == 0 && day >= 57 { 9 } else { 1 };
    let day = |day: u32| (0..12).map(move |place| Cell { place, day, count: count(place, day) });
    let cells: Vec<Cell> = (0..60).flat_map(day).collect();
    let (zones, stream) = (Zones::new(12), Stream { kinds: &kinds, cells: &cells });
    let settings = Settings::default();
    let good = scan(&zones, &stream, &settings).unwrap();
    assert_eq!(check(&zones, &stream, &settings, &good), Ok(()));
    let first = |change: fn(&mut Cluster)| {
        let mut found = good.clone();
        change(&mut found.clusters[0]);
        found
    };
    let table: [(&str, Scan); 12] = [
        ("is no zone", first(|one| one.places = vec![0, 5])),
        ("windows have 1 to 14", first(|one| one.days = 0)),
        ("windows have 1 to 14", first(|one| one.days = 61)),
        ("has 27 reports", first(|one| one.count = 28)),
        ("expected, ratio", first(|one| one.expected += 0.1)),
        ("expected, ratio", first(|one| one.statistic += 0.1)),
        ("fewer than 3 do not count", first(|one| one.count = 2)),
        ("replicates reached it", first(|one| one.chance = 0.5)),
        ("replicates reached it", first(|one| one.reached = 7)),
        ("is missing", Scan { clusters: Vec::new(), ..good.clone() }),
        ("reports are told of", Scan { reports: good.reports + 1, ..good.clone() }),
        ("were asked for at most", Scan { replicates: 1_000, ..good.clone() }),
    ];
    for (words, wrong) in table {
        let said = check(&zones, &stream, &settings, &wrong).unwrap_err().to_string();
        assert!(said.contains(words), "{said}\ninstead of {words}");
    }
    let none = Settings { most: 0, ..settings };
    let said = check(&zones, &stream, &none, &good).unwrap_err().to_string();
    assert!(said.contains("clusters, and 0 were asked for"), "{said}");
}

#[test]
fn a_replicate_keeps_the_sums_of_days_and_leaves_the_hand_as_it_was() {
    let kinds = kinds(60);
    let cells = reports(16, &kinds, 30.0, None, &mut Chance::new(3, 0));
    let margins = Margins::of(&squares(4), &Stream { kinds: &kinds, cells: &cells }, &Settings::default()).unwrap();
    let (mut one, mut other) = (Dealer::new(&margins), Dealer::new(&margins));
    let above = Thresholds::new(&margins, 0.0);
    other.deal(&mut Chance::new(1, 5));
    for number in [9, 5, 7] {
        one.deal(&mut Chance::new(1, number));
        other.deal(&mut Chance::new(1, number));
        assert_eq!(one.highest(&above), other.highest(&above), "whatever was dealt before");
        let dealt: u64 = one.dealt(13);
        let recent: u64 = cells.iter().filter(|cell| cell.day >= 46).map(|cell| u64::from(cell.count)).sum();
        assert_eq!(dealt, recent);
    }
}

#[test]
fn on_shuffled_reports_chance_alone_signals_at_most_as_often_as_it_is_told() {
    let (zones, kinds) = (squares(6), kinds(120));
    let (nights, mut raised, mut often) = (400, 0, 0);
    for night in 0..nights {
        let made = reports(36, &kinds, 25.0, None, &mut Chance::new(night, 1));
        let cells = shuffled(&made, &kinds, &mut Chance::new(night, 2));
        let settings = Settings { seed: night, ..Settings::default() };
        let found = scan(&zones, &Stream { kinds: &kinds, cells: &cells }, &settings).unwrap();
        raised += usize::from(signals(&found) > 0);
        often += usize::from(found.clusters.first().is_some_and(|cluster| cluster.once_in_nights() >= 10));
    }
    // 1.2 a year in 400 nights is 1.3; the bench measures thousands of nights.
    assert!(raised <= 4, "{raised} signals in {nights} nights");
    assert!((16..=64).contains(&often), "{often} of {nights} nights happen once in ten nights");
}

#[test]
fn a_threefold_rise_in_three_neighbours_is_found_within_a_week() {
    let (zones, all) = (squares(6), kinds(200));
    let planted = [14, 15, 21];
    for seed in 0..5 {
        let rise = Rise { places: &planted, from: 190, times: 3.0 };
        let made = reports(36, &all, 50.0, Some(rise), &mut Chance::new(seed, 3));
        let found = (190..197).find_map(|today: usize| {
            let cells: Vec<Cell> = made.iter().copied().filter(|cell| cell.day as usize <= today).collect();
            let stream = Stream { kinds: &all[..=today], cells: &cells };
            let found = scan(&zones, &stream, &Settings { seed, ..Settings::default() }).unwrap();
            let signal = found.clusters.into_iter().find(|cluster| cluster.once_in_nights() > TOLD)?;
            Some((today, signal))
        });
        let (today, signal) = found.expect("not within a week");
        let hit = signal.places.iter().filter(|place| planted.contains(place)).count();
        assert!(hit >= 2 && signal.days <= today - 190 + 2, "seed {seed}: {signal:?} on day {today}");
    }
}

#[test]
fn weeks_holidays_and_the_days_worked_in_their_place_raise_nothing_by_themselves() {
    let (zones, all) = (squares(5), kinds(182));
    let made = reports(25, &all, 40.0, None, &mut Chance::new(11, 4));
    // Every place has on each day what it has on an average day of that kind: only the calendar is left.
    let mean = |place: u32, kind: u8| {
        let inside = |cell: &&Cell| cell.place == place && all[cell.day as usize] == kind;
        let sum: u32 = made.iter().filter(inside).map(|cell| cell.count).sum();
        sum / (0..all.len()).filter(|day| all[*day] == kind).count().max(1) as u32
    };
    let cells: Vec<Cell> = (0..25)
        .flat_map(|place| [0, 1, 2].map(|kind| (place, kind, mean(place, kind))))
        .flat_map(|(place, kind, count)| {
            let days = all.iter().zip(0u32..).filter(move |(other, _)| **other == kind);
            days.map(move |(_, day)| Cell { place, day, count })
        })
        .collect();
    for today in 140..182 {
        let until: Vec<Cell> = cells.iter().copied().filter(|cell| (cell.day as usize) < today).collect();
        let stream = Stream { kinds: &all[..today], cells: &until };
        let found = scan(&zones, &stream, &Settings { replicates: 99, ..Settings::default() }).unwrap();
        let best = found.clusters.first().map_or(0.0, |cluster| cluster.statistic);
        assert!(best < 1e-6, "day {today}: {found:?}");
        let blind = Stream { kinds: &vec![0; today], cells: &until };
        if today == 154 {
            let found = scan(&zones, &blind, &Settings { replicates: 99, ..Settings::default() }).unwrap();
            assert!(found.clusters.first().is_some_and(|cluster| cluster.statistic > 1e-3), "without kinds it does");
        }
    }
}

#[test]
fn the_answer_is_the_same_on_any_number_of_threads() {
    let (zones, kinds) = (squares(6), kinds(150));
    let rise = Rise { places: &[7, 8, 13], from: 146, times: 3.0 };
    let cells = reports(36, &kinds, 40.0, Some(rise), &mut Chance::new(5, 5));
    let stream = Stream { kinds: &kinds, cells: &cells };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scan(&zones, &stream, &Settings::default()).unwrap())
    };
    let one = on(1);
    assert!(!one.clusters.is_empty() && one.replicates == 999, "{one:?}");
    assert_eq!(one, on(2));
    assert_eq!(one, on(4));
    let mut turned = cells.clone();
    turned.reverse();
    let other = scan(&zones, &Stream { kinds: &kinds, cells: &turned }, &Settings::default()).unwrap();
    assert_eq!(one, other, "in whatever order the cells come");
}

#[test]
fn where_there_is_nothing_to_compare_nothing_is_found() {
    let cell = |place, day, count| Cell { place, day, count };
    let everywhere = |day, count| (0..4).map(|place| cell(place, day, count)).collect::<Vec<_>>();
    let table: [(&str, usize, Vec<Cell>); 6] = [
        ("nothing", 4, vec![]),
        ("no place", 0, vec![]),
        ("counts of nothing", 4, everywhere(3, 0)),
        ("one place", 1, (0..10).map(|day| cell(0, day, day)).collect()),
        ("all on one day", 4, everywhere(9, 5)),
        ("the same every day", 4, (0..10).flat_map(|day| everywhere(day, 2)).collect()),
    ];
    for (name, places, cells) in table {
        let found =
            scan(&Zones::new(places), &Stream { kinds: &[0; 10], cells: &cells }, &Settings::default()).unwrap();
        assert!(found.clusters.iter().all(|cluster| cluster.statistic < 1e-9), "{name}: {found:?}");
    }
    let none = scan(&Zones::new(4), &Stream { kinds: &[], cells: &[] }, &Settings::default()).unwrap();
    assert_eq!((none.clusters.len(), none.reports, none.replicates), (0, 0, 0));
}

#[test]
fn what_does_not_exist_is_refused() {
    let at = |place, day, count| [Cell { place, day, count }];
    let of = |cells: &[Cell], window| {
        scan(&Zones::new(2), &Stream { kinds: &[0; 3], cells }, &Settings { window, ..Settings::default() })
    };
    assert_eq!(of(&at(2, 0, 1), 3), Err(Fault::NoPlace { cell: 0, place: 2, places: 2 }));
    assert_eq!(of(&at(0, 3, 1), 3), Err(Fault::NoDay { cell: 0, day: 3, days: 3 }));
    assert_eq!(of(&at(0, 0, 1), 0), Err(Fault::Window { window: 0 }));
    assert_eq!(of(&at(0, 0, 1), 17), Err(Fault::Window { window: 17 }));
    assert_eq!(of(&at(0, 0, 1 << 25), 3), Err(Fault::TooMany { reports: 1 << 25 }));
}

#[test]
fn zones_are_connected_and_each_is_there_once() {
    let zones = squares(5);
    let beside = |a: u32, b: u32| a.abs_diff(b) == 5 || (a.abs_diff(b) == 1 && a / 5 == b / 5);
    let mut seen = BTreeSet::new();
    for set in zones.sets() {
        assert!(seen.insert(set.to_vec()) && set.len() <= 9);
        let mut reached = vec![set[0]];
        let mut at = 0;
        while at < reached.len() {
            let more = set.iter().filter(|&&next| beside(reached[at], next) && !reached.contains(&next));
            let more: Vec<u32> = more.copied().collect();
            reached.extend(more);
            at += 1;
        }
        assert_eq!(reached.len(), set.len(), "{set:?} falls apart");
    }
    assert!(seen.contains(&vec![0, 1, 2]) && seen.contains(&vec![0, 1, 6]), "a row and a bend");
    assert_eq!(seen.len(), zones.len());
    let mut odd = Zones::new(2);
    odd.add(&[1, 1, 9]);
    odd.join(&[(0, 0), (1, 7)]);
    assert_eq!((odd.len(), odd.is_empty()), (2, false), "what does not exist is passed over");
}

#[test]
fn a_river_without_a_bridge_parts_neighbours() {
    // Two banks of two nodes each, joined only by a bridge that takes an hour.
    let edge = |from, to, time| Edge { from, to, time, class: 0 };
    let ways = [(0, 1, 600), (2, 3, 600), (1, 2, 36_000)];
    let edges: Vec<Edge> = ways.iter().flat_map(|&(a, b, time)| [edge(a, b, time), edge(b, a, time)]).collect();
    let network = Network::new(4, &edges, &Profile::adult()).unwrap();
    let middles: Vec<Option<Start>> =
        [Some(0), Some(1), Some(2), None].into_iter().map(|node| node.map(|node| Start { node, time: 10 })).collect();
    let near = around(&network, &middles, 9_000);
    assert_eq!(near, [vec![Walk { time: 620, to: 1 }], vec![Walk { time: 620, to: 0 }], vec![], vec![]]);
    assert_eq!(beside(&network, &middles, 9_000), [(0, 1)]);
    assert_eq!(beside(&network, &middles, 40_000), [(0, 1), (1, 2)]);
}

#[test]
fn rare_things_are_told_by_the_tail() {
    let values: Vec<f64> = (1..=999).map(|at| 5.0 - 1.5 * (-(f64::from(at) / 1_000.0).ln()).ln()).collect();
    let fit = Gumbel::fit(&values);
    let real = |value: f64| 1.0 - (-(-(value - 5.0) / 1.5_f64).exp()).exp();
    for value in [6.0, 9.0, 14.0] {
        assert!((fit.above(value) / real(value) - 1.0).abs() < 0.25, "{value}: {} {}", fit.above(value), real(value));
    }
    assert_eq!((Gumbel::fit(&[]).above(9.0), Gumbel::fit(&[3.0; 9]).above(9.0)), (1.0, 1.0));
    let none = Cluster { places: vec![], days: 1, count: 0, expected: 0.0, statistic: 900.0, reached: 0, chance: 1.0 };
    assert_eq!(told(none.clone(), &values, &fit).once_in_nights(), u32::MAX);
    assert_eq!(told(Cluster { statistic: 0.0, ..none.clone() }, &values, &fit).once_in_nights(), 1);
    let third = Cluster { statistic: values[996], ..none };
    assert_eq!(told(third, &values, &fit).once_in_nights(), 250, "four of a thousand");
}
