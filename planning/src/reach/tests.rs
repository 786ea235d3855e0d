//! Tests reach on small networks: its proofs, that more stations never reach less, and that a change gives the same as
//! reckoning everything anew.

use proptest::prelude::*;

use super::*;
use crate::network::{Edge, Profile, Start};

fn network(edges: &[(u32, u32, u32)]) -> Network {
    let edges: Vec<Edge> =
        edges.iter().filter(|one| one.0 != one.1).map(|&(from, to, time)| Edge { from, to, time, class: 0 }).collect();
    Network::new(14, &edges, &Profile::adult()).unwrap()
}

fn at(nodes: &[u32]) -> Vec<Start> {
    nodes.iter().map(|&node| Start { node, time: 0 }).collect()
}

fn building() -> impl Strategy<Value = Building> {
    (0u32..14, 0u32..40, 0u32..90, 0u32..3).prop_map(|(node, access, households, place)| Building {
        node,
        access,
        households,
        place,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn times_prove_themselves_and_a_station_more_covers_no_less(
        edges in prop::collection::vec((0u32..14, 0u32..14, 0u32..60), 0..45),
        buildings in prop::collection::vec(building(), 0..20),
        stations in prop::collection::vec(0u32..14, 1..5),
        steps in prop::collection::vec((any::<bool>(), 0u32..14), 0..6),
        wrong in (0usize..14, 0u32..100),
    ) {
        let forward = network(&edges);
        let backward = forward.reversed();
        let mut search = Search::new(14);
        let found = times(&mut search, &backward, &at(&stations), 100).to_vec();
        prop_assert_eq!(check(&forward, &at(&stations), 100, &found), Ok(()));
        let aside: Vec<Start> = stations.iter().map(|&node| Start { node, time: node * 9 }).collect();
        let from_aside = times(&mut search, &backward, &aside, 100).to_vec();
        prop_assert_eq!(check(&forward, &aside, 100, &from_aside), Ok(()));
        let mut false_times = found.clone();
        false_times[wrong.0] = wrong.1;
        prop_assert_eq!(check(&forward, &at(&stations), 100, &false_times).is_ok(), false_times == found);

        let mut standing = Standing::new(&forward, &backward, &buildings, &stations, 100);
        let mut open: Vec<(u32, u32)> = stations.iter().copied().zip(0..).map(|(node, id)| (id, node)).collect();
        for (opens, node) in steps {
            let before = (standing.covered(), standing.times().to_vec());
            let tried = standing.if_opened(node);
            prop_assert_eq!((standing.covered(), standing.times()), (before.0, before.1.as_slice()), "a question changes nothing");
            if opens || open.is_empty() {
                let (id, change) = standing.open(node);
                prop_assert_eq!((change, change.lost), (tried, 0));
                open.push((id, node));
            } else {
                let (id, _) = open.remove(node as usize % open.len());
                prop_assert_eq!(standing.close(id).gained, 0);
                prop_assert_eq!(standing.close(id), Change::default(), "closed twice is closed once");
            }
            let nodes: Vec<u32> = open.iter().map(|&(_, node)| node).collect();
            let anew = times(&mut search, &backward, &at(&nodes), 100);
            prop_assert_eq!(standing.times(), anew);
            let shares = coverage(anew, &buildings, 3, 100);
            prop_assert_eq!(standing.covered(), total(&shares).covered);
        }
    }
}

#[test]
fn a_place_without_households_has_no_share() {
    assert_eq!(Share::default().per_mille(), None);
    assert_eq!(Share { covered: 1, households: 3 }.per_mille(), Some(333));
}

#[test]
fn an_island_is_not_reached() {
    let forward = network(&[(0, 1, 10), (1, 0, 10)]);
    let backward = forward.reversed();
    let mut search = Search::new(14);
    let found = times(&mut search, &backward, &at(&[0]), 9_000).to_vec();
    let home = |node| Building { node, access: 0, households: 5, place: 0 };
    assert_eq!(total(&coverage(&found, &[home(1), home(2)], 1, 9_000)), Share { covered: 5, households: 10 });
}
