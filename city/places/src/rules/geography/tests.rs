//! These tests use a geography of two compounds.

use super::*;

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// Makes two compounds that are five minutes apart. The second belongs to another community.
fn small() -> Geography {
    let edge = |from, to| Edge { from, to, time: 3_000, class: 2 };
    let compound = |id: i64, x: f64| Compound {
        id,
        community: PlaceId(id),
        name: format!("{id}"),
        at: at(x, 0.0),
        gates: vec![u32::try_from(id - 1).unwrap()],
        households: 30,
    };
    let building = |id: i64, compound: u32, x: f64| Building {
        id,
        compound,
        name: "1号楼".to_owned(),
        at: at(x, 0.0),
        home: Home { node: compound, access: 100 },
        households: 30,
    };
    let ground = Ground {
        nodes: vec![at(0.0, 0.0), at(360.0, 0.0)],
        edges: vec![edge(0, 1), edge(1, 0)],
        compounds: vec![compound(1, 0.0), compound(2, 360.0)],
        buildings: vec![building(1, 0, -12.0), building(2, 1, 372.0)],
        borders: vec![Border { a: 0, b: 1, metres: 5 }],
    };
    ground.geography()
}

#[test]
fn a_network_comes_back_as_it_was_written() {
    let map = small();
    let bytes = write_network(&map.nodes, &map.edges);
    assert_eq!(read_network(&bytes), Some((map.nodes.clone(), map.edges.clone())));
    for short in 0..bytes.len() {
        assert_eq!(read_network(&bytes[..short]), None, "cut at {short}");
    }
}

#[test]
fn an_old_person_takes_half_as_long_again() {
    let map = small();
    let (_, first) = map.compound(1).unwrap();
    assert_eq!(map.walks_from(first, &[0, 1], 1_200, 9_000).unwrap(), [Some(0), Some(3_000)]);
    assert_eq!(map.walks_from(first, &[0, 1], 800, 9_000).unwrap(), [Some(0), Some(4_500)]);
    assert_eq!(map.walks_from(first, &[1], 800, 4_000).unwrap(), [None]);
    assert!(map.compound(7).is_none());
}

#[test]
fn the_middle_of_a_place_is_on_the_network() {
    let map = small();
    let all = Inside { compounds: vec![0, 1], buildings: vec![0, 1] };
    assert_eq!(map.households(&all), 60);
    let one = Inside { compounds: vec![1], buildings: vec![1] };
    assert_eq!(map.middle(&one), Some(Home { node: 1, access: 100 }));
    assert_eq!(map.middle(&Inside::default()), None);
    assert_eq!(map.gates(&[1]), [Gate { site: 0, node: 1 }]);
}
