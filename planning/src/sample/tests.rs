//! Tests the invented city: it is the same every time, it is one network, and it names nothing that does not exist.

use super::*;

#[test]
fn the_same_seed_gives_the_same_city_and_another_seed_another() {
    assert_eq!(city(Size::S, 1), city(Size::S, 1));
    assert_ne!(city(Size::S, 1).nodes, city(Size::S, 2).nodes);
    assert_eq!(Size::parse("M"), Some(Size::M));
    assert_eq!(Size::parse("XXL"), None);
}

#[test]
fn a_city_hangs_together_and_names_only_what_is_there() {
    for (size, seed) in [(Size::S, 1), (Size::M, 3)] {
        let city = city(size, seed);
        let nodes = city.nodes.len() as u32;
        assert!(city.edges.iter().all(|edge| edge.from < nodes && edge.to < nodes && edge.from != edge.to));
        let network =
            crate::network::Network::new(city.nodes.len(), &city.edges, &crate::network::Profile::adult()).unwrap();
        let mut search = crate::network::Search::new(city.nodes.len());
        search.run(&network, &[0], u32::MAX);
        assert_eq!(search.reached().len(), city.nodes.len(), "one network");
        assert_eq!(city.volunteers.len(), size.volunteers);
        assert_eq!(city.stations.len(), size.stations);
        let compounds = city.compounds.len() as u32;
        assert!(compounds > size.compounds as u32 * 9 / 10, "{compounds}");
        assert!((0..compounds).all(|compound| city.gates.iter().any(|gate| gate.site == compound)));
        assert!(city.buildings.iter().all(|building| building.compound < compounds));
        assert_eq!((city.places.len(), city.doors.len()), (city.buildings.len(), city.buildings.len()));
        let communities: std::collections::BTreeSet<u32> =
            city.buildings.iter().map(|building| building.community).collect();
        assert_eq!(communities.len(), size.communities);
        let households: u64 = city.buildings.iter().map(|building| u64::from(building.households)).sum();
        let each = households / size.communities as u64;
        assert!((2_500..5_000).contains(&each), "{each} households a community");
    }
}
