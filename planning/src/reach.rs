//! 15分钟生活圈: this module finds who lives within a quarter of an hour's walk of a station, place by place, and what
//! one station more or less would change.
//!
//! ```
//! use planning::network::{Edge, Network, Profile, Search, Start};
//! use planning::reach::{Building, check, coverage, times, total};
//!
//! // Two nodes ten minutes apart, a station at the first, ten households at each.
//! let edge = |from, to| Edge { from, to, time: 6_000, class: 0 };
//! let forward = Network::new(2, &[edge(0, 1), edge(1, 0)], &Profile::adult())?;
//! let station = [Start { node: 0, time: 0 }];
//! let mut search = Search::new(2);
//! let found = times(&mut search, &forward.reversed(), &station, 9_000);
//! assert_eq!(found, [0, 6_000]);
//! assert_eq!(check(&forward, &station, 9_000, found), Ok(()));
//! let homes = [0, 1].map(|node| Building { node, access: 100, households: 10, place: 0 });
//! assert_eq!(total(&coverage(found, &homes, 1, 9_000)).covered, 20);
//! # Ok::<(), planning::network::Fault>(())
//! ```

mod check;
mod standing;

pub use check::{Wrong, check};
pub use standing::{Change, Standing};

use crate::network::{Network, Search, Start, UNREACHED};

/// A building: where its door leads, and how many households it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Building {
    /// The node to which its door leads.
    pub node: u32,
    /// The time from the door to the node, ds.
    pub access: u32,
    /// How many households live in it.
    pub households: u32,
    /// The community of the building.
    pub place: u32,
}

/// How many households live within the limit, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The households within the limit.
    pub covered: u64,
    /// All households.
    pub households: u64,
}

impl Share {
    /// Returns the share in thousandths, or `None` where nobody lives.
    pub fn per_mille(self) -> Option<u64> {
        (self.covered * 1_000).checked_div(self.households)
    }
}

/// Returns the walking times to the nearest of `stations`, ds, out to `limit`. `backward` is the network reversed, so
/// that the times are those of the walk **to** the station. A station that does not stand at its node has the time from
/// its node to its door.
pub fn times<'a>(search: &'a mut Search, backward: &Network, stations: &[Start], limit: u32) -> &'a [u32] {
    if stations.iter().all(|station| station.time == 0) {
        let nodes: Vec<u32> = stations.iter().map(|station| station.node).collect();
        search.run(backward, &nodes, limit);
    } else {
        search.run_owned(backward, stations, limit);
    }
    search.times()
}

/// Says whether somebody at this building gets to a node with `time` within `limit`.
#[inline]
pub(crate) fn within(building: &Building, time: u32, limit: u32) -> bool {
    time != UNREACHED && time.saturating_add(building.access) <= limit
}

/// Returns for each of `places` communities the households within `limit` ds of a station.
pub fn coverage(times: &[u32], buildings: &[Building], places: usize, limit: u32) -> Vec<Share> {
    let mut shares = vec![Share::default(); places];
    for building in buildings {
        let share = &mut shares[building.place as usize];
        let households = u64::from(building.households);
        share.households += households;
        if within(building, times[building.node as usize], limit) {
            share.covered += households;
        }
    }
    shares
}

/// Returns for each site the buildings from which one walks there within `limit` ds, by id.
pub fn reached_from_each(backward: &Network, buildings: &[Building], sites: &[Start], limit: u32) -> Vec<Vec<u32>> {
    from_each(backward, buildings, sites, limit, |building, _| building)
}

/// Returns the same with the times of the walks, ds, which a p-median weighs.
pub fn walks_to_each(backward: &Network, buildings: &[Building], sites: &[Start], limit: u32) -> Vec<Vec<(u32, u32)>> {
    from_each(backward, buildings, sites, limit, |building, time| (building, time))
}

fn from_each<T: Ord + Send>(
    backward: &Network,
    buildings: &[Building],
    sites: &[Start],
    limit: u32,
    kept: impl Fn(u32, u32) -> T + Sync,
) -> Vec<Vec<T>> {
    use rayon::prelude::*;
    let of_node = buildings.iter().zip(0u32..).map(|(building, id)| (building.node, id));
    let at_node = crate::network::Rows::new(backward.nodes(), of_node);
    sites
        .par_iter()
        .map_init(
            || Search::new(backward.nodes()),
            |search, site| {
                let mut found: Vec<T> = Vec::new();
                let Some(left) = limit.checked_sub(site.time) else {
                    return found;
                };
                search.run(backward, &[site.node], left);
                for &reached in search.reached() {
                    let time = search.times()[reached as usize] + site.time;
                    for &id in at_node.of(reached) {
                        let building = &buildings[id as usize];
                        if within(building, time, limit) {
                            found.push(kept(id, time + building.access));
                        }
                    }
                }
                found.sort_unstable();
                found
            },
        )
        .collect()
}

/// Adds up all places.
pub fn total(shares: &[Share]) -> Share {
    shares.iter().fold(Share::default(), |sum, share| Share {
        covered: sum.covered + share.covered,
        households: sum.households + share.households,
    })
}

#[cfg(test)]
mod tests;
