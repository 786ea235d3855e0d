//! This file reckons the circle around stations: how long people walk to the nearest one, and how many live near
//! enough, place by place.

use places::geography::Geography;
use planning::network::{Fault, Profile, Search, Start, UNREACHED};
use planning::reach::{Building, Standing, times};

use crate::words::Slower;

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
    /// How long ways of each class take.
    pub slower: Slower,
}

impl Pace {
    /// Returns how somebody walks, in the planner's form.
    #[must_use]
    pub fn profile(&self) -> Profile {
        Profile { speed: self.speed, class_percent: self.slower.percent() }
    }
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
        (self.reaching > 0).then(|| self.walking.div_ceil(self.reaching * MINUTE_DS))
    }
}

/// Returns the walk from a building's door to its node at a speed. The stored time is at 1.2 m/s.
#[must_use]
pub fn access(time: u32, speed: u32) -> u32 {
    Profile { speed, class_percent: Vec::new() }.time(time, u8::MAX)
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
    let ways = ground.ways_of(&walks.profile())?;
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
    let ways = ground.ways_of(&walks.profile())?;
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
    let ways = ground.ways_of(&walks.profile())?;
    let homes = buildings(ground, place, walks.speed);
    let mut standing = Standing::new(&ways.forward, &ways.backward, &homes, others, walks.near);
    Ok(standing.if_opened(node).gained)
}
