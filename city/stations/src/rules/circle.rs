//! This file reckons the circle around stations: how long people walk to the nearest one, and how many live near
//! enough, place by place.

use places::geography::Geography;
use planning::network::{Fault, Search, Start, UNREACHED};
use planning::reach::{Building, Standing, times};

/// Seconds and minutes in ds.
const MINUTE_DS: u64 = 600;

/// How far people walk at most, in ds, and how fast, in mm/s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Speed, mm/s.
    pub speed: u32,
    /// The time that counts as near, ds.
    pub near: u32,
    /// Walks longer than this are not looked for, ds.
    pub far: u32,
}

/// Who lives near a station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Near {
    /// Households.
    pub households: u64,
    /// Of them those near enough.
    pub covered: u64,
    /// Walking of those who reach a station at all, in household-ds, and how many they are.
    pub walking: u64,
    /// Households that reach a station within the longest walk.
    pub reaching: u64,
}

impl Near {
    /// Returns the share in thousandths. Returns none where nobody lives.
    #[must_use]
    pub fn per_mille(&self) -> Option<u64> {
        (self.covered * 1_000).checked_div(self.households)
    }

    /// Returns the mean walk of those who reach a station, in minutes, rounded up.
    #[must_use]
    pub fn minutes(&self) -> Option<u64> {
        (self.walking).checked_div(self.reaching).map(|mean| mean.div_ceil(MINUTE_DS))
    }
}

/// Returns the walk from a building's door to its node at a speed. The stored time is at 1.2 m/s.
#[must_use]
pub fn access(time: u32, speed: u32) -> u32 {
    planning::network::Profile { speed, class_percent: Vec::new() }.time(time, u8::MAX)
}

/// Returns the buildings of some places as the planners need them. `place` gives the place of each building in the
/// order of the ground's list, and none for a building that is left out.
#[must_use]
pub fn buildings(ground: &Geography, place: &[Option<u32>], speed: u32) -> Vec<Building> {
    let one = |(building, place): (&places::geography::Building, &Option<u32>)| {
        place.map(|place| Building {
            node: building.home.node,
            access: access(building.home.access, speed),
            households: building.households,
            place,
        })
    };
    ground.buildings.iter().zip(place).filter_map(one).collect()
}

/// Returns for each of `places` places who lives near one of the stations.
///
/// # Errors
/// Fails if the stored ways make no network.
pub fn coverage(
    ground: &Geography,
    place: &[Option<u32>],
    places: usize,
    stations: &[Start],
    walks: Pace,
) -> Result<Vec<Near>, Fault> {
    let ways = ground.ways(walks.speed)?;
    let mut search = Search::new(ground.nodes.len());
    let found = times(&mut search, &ways.backward, stations, walks.far);
    let mut near = vec![Near::default(); places];
    for building in buildings(ground, place, walks.speed) {
        let Some(of) = near.get_mut(building.place as usize) else { continue };
        let households = u64::from(building.households);
        of.households += households;
        let time = found.get(building.node as usize).copied().unwrap_or(UNREACHED);
        if time == UNREACHED {
            continue;
        }
        let walk = time.saturating_add(building.access);
        if walk <= walks.near {
            of.covered += households;
        }
        if walk <= walks.far {
            of.walking += households * u64::from(walk);
            of.reaching += households;
        }
    }
    Ok(near)
}

/// Returns for each building of the ground whether it is near a station.
///
/// # Errors
/// Fails if the stored ways make no network.
pub fn near_each(ground: &Geography, stations: &[Start], walks: Pace) -> Result<Vec<bool>, Fault> {
    let ways = ground.ways(walks.speed)?;
    let mut search = Search::new(ground.nodes.len());
    let found = times(&mut search, &ways.backward, stations, walks.near);
    let near = |building: &places::geography::Building| {
        let time = found.get(building.home.node as usize).copied().unwrap_or(UNREACHED);
        time != UNREACHED && time.saturating_add(access(building.home.access, walks.speed)) <= walks.near
    };
    Ok(ground.buildings.iter().map(near).collect())
}

/// Returns how many households one station more would bring near, or one less would lose. `place` says which buildings
/// count.
///
/// # Errors
/// Fails if the stored ways make no network.
pub fn change(ground: &Geography, place: &[Option<u32>], others: &[u32], node: u32, walks: Pace) -> Result<u64, Fault> {
    let ways = ground.ways(walks.speed)?;
    let homes = buildings(ground, place, walks.speed);
    let mut standing = Standing::new(&ways.forward, &ways.backward, &homes, others, walks.near);
    Ok(standing.if_opened(node).gained)
}

#[cfg(test)]
mod tests {
    use kernel::place::PlaceId;
    use places::geography::{Building, Compound, Ground};
    use planning::mobilize::Home;
    use planning::network::Edge;
    use planning::shape::Point;

    use super::*;

    const ADULT: Pace = Pace { speed: 1_200, near: 9_000, far: 36_000 };

    /// Makes five compounds that are five minutes apart, with a building of ten households at each.
    fn street() -> Geography {
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
    fn what_a_station_brings_is_what_it_takes_when_it_goes() {
        let ground = street();
        let place = [Some(0); 5];
        assert_eq!(change(&ground, &place, &[], 2, ADULT).unwrap(), 50);
        assert_eq!(change(&ground, &place, &[0], 4, ADULT).unwrap(), 10);
        assert_eq!(change(&ground, &place, &[0, 4], 2, ADULT).unwrap(), 0);
    }
}
