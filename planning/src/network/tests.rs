//! Compares searches with the simplest way to reckon the same times.

use proptest::prelude::*;

use super::*;

fn edge(from: u32, to: u32, time: u32) -> Edge {
    Edge { from, to, time, class: 0 }
}

/// Reckons the times by going over all edges until nothing changes.
fn plainly(nodes: usize, edges: &[Edge], starts: &[Start], limit: u32) -> Vec<u32> {
    let mut times = vec![UNREACHED; nodes];
    for start in starts.iter().filter(|start| start.time <= limit) {
        times[start.node as usize] = times[start.node as usize].min(start.time);
    }
    for _ in 0..nodes {
        for edge in edges {
            let time = times[edge.from as usize].saturating_add(edge.time);
            if time <= limit && time < times[edge.to as usize] {
                times[edge.to as usize] = time;
            }
        }
    }
    times
}

#[test]
fn ways_are_followed_in_their_direction_only() {
    let edges = [edge(0, 1, 1), edge(1, 0, 1), edge(1, 2, 1)];
    let network = Network::new(4, &edges, &Profile::adult()).unwrap();
    for (from, forward, backward) in [
        (0, [true, true, true, false], [true, true, false, false]),
        (2, [false, false, true, false], [true, true, true, false]),
        (9, [false; 4], [false; 4]),
    ] {
        assert_eq!(network.reached_from(std::iter::once(from)), forward, "{from}");
        assert_eq!(network.reversed().reached_from(std::iter::once(from)), backward, "{from}");
    }
}

proptest! {
    #[test]
    fn times_are_the_shortest_with_zero_arcs_ferries_and_late_starts(
        edges in prop::collection::vec((0u32..15, 0u32..15, prop_oneof![4 => 0u32..90, 1 => Just(200_000u32)]), 0..50),
        starts in prop::collection::vec((0u32..15, 0u32..300), 1..4),
        limit in prop_oneof![3 => 0u32..500, 1 => Just(u32::MAX)],
    ) {
        let edges: Vec<Edge> = edges.into_iter().filter(|one| one.0 != one.1).map(|one| edge(one.0, one.1, one.2)).collect();
        let network = Network::new(15, &edges, &Profile::adult()).unwrap();
        let starts: Vec<Start> = starts.into_iter().map(|(node, time)| Start { node, time }).collect();
        let limit = limit.min(UNREACHED - 1);
        let mut search = Search::new(15);
        search.run_owned(&network, &starts, limit);
        prop_assert_eq!(search.times(), plainly(15, &edges, &starts, limit));
        for (node, &owner) in search.owners().iter().enumerate() {
            let alone = starts.get(owner as usize).map(|start| plainly(15, &edges, &[*start], limit)[node]);
            prop_assert_eq!(alone.unwrap_or(UNREACHED), search.times()[node]);
        }
        let nodes: Vec<u32> = starts.iter().map(|start| start.node).collect();
        let at_once: Vec<Start> = nodes.iter().map(|&node| Start { node, time: 0 }).collect();
        search.run(&network, &nodes, limit);
        prop_assert_eq!(search.times(), plainly(15, &edges, &at_once, limit), "memory of the search before does no harm");
        let mut back = Search::new(15);
        back.run(&network.reversed().reversed(), &nodes, limit);
        prop_assert_eq!(back.times(), search.times());
    }
}

#[test]
fn an_old_person_takes_half_as_long_again_and_snow_slows_a_class() {
    assert_eq!(
        (Profile::adult().time(100, 3), Profile::elderly().time(100, 3), Profile::elderly().time(1, 0)),
        (100, 150, 2)
    );
    let snow = Profile { speed: 1_200, class_percent: vec![100, 100, 140] };
    assert_eq!((snow.time(100, 2), snow.time(100, 1), snow.time(100, 9)), (140, 100, 100));
    assert_eq!(Profile::elderly().time(100, RIDE), 100, "a ferry waits for nobody");
}

#[test]
fn ways_that_cannot_be_are_refused_by_number() {
    let tried = |edges: &[Edge]| Network::new(2, edges, &Profile::adult()).unwrap_err().to_string();
    assert!(tried(&[edge(0, 1, 1), edge(0, 2, 1)]).contains("edge 1 names node 2"));
    assert!(tried(&[edge(1, 1, 1)]).contains("to itself"));
    assert!(tried(&[edge(0, 1, 900_000)]).contains("more than the 864000 ds"));
    assert_eq!(Network::new(0, &[], &Profile::adult()).unwrap().nodes(), 0);
}
