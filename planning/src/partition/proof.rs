//! Proves of a division what cannot be helped: which grids must be out of bounds, and that no division costs less. It
//! takes buildings, borders and the division alone, and shares nothing with the search.

mod tree;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{Border, Bounds, Building};

/// What is wrong with a division though it need not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A grid has buildings of two communities.
    #[error("grid {grid} has building {one} of one community and building {other} of another")]
    Crossing {
        /// The grid.
        grid: u32,
        /// One of its buildings.
        one: u32,
        /// A building of another community.
        other: u32,
    },
    /// A grid falls into several parts.
    #[error("grid {grid} does not hang together: inside it no way leads from building {one} to building {other}")]
    Torn {
        /// The grid.
        grid: u32,
        /// One of its buildings.
        one: u32,
        /// A building that it does not reach inside the grid.
        other: u32,
    },
    /// A grid that is above the most by one building has others that need not be in it.
    #[error(
        "grid {grid} has building {large}, which alone is above the most, and building {other}, which need not be there"
    )]
    Company {
        /// The grid.
        grid: u32,
        /// The building that alone is above the most.
        large: u32,
        /// A building that could be in another grid.
        other: u32,
    },
    /// What is too small for a grid lies beside a building above the most and is a grid of its own.
    #[error(
        "grid {grid} is too small, and its building {one} could be in the grid of building {large}, which is above the most anyway"
    )]
    Alone {
        /// The grid.
        grid: u32,
        /// One of its buildings.
        one: u32,
        /// The building that alone is above the most.
        large: u32,
    },
}

/// Why grids out of bounds cannot be avoided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The whole piece has fewer households than a grid needs.
    Small,
    /// This building alone has more households than a grid may have.
    Large(u32),
    /// The households need more grids than they can fill.
    Number {
        /// So many grids are needed, so that none is above the most.
        needed: u64,
        /// So many grids can be filled to the least.
        possible: u64,
    },
    /// Each of these buildings is above the most together with the branches that only it joins to the rest and that are
    /// too small for a grid.
    Hung(Vec<u32>),
    /// The buildings form a tree, and every division of it was reckoned.
    Tree,
    /// Every division was tried.
    Tried,
}

/// What is known of the grids out of bounds of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Avoiding {
    /// No grid is out of bounds.
    Kept,
    /// Every division into as many grids has as many of them out of bounds.
    Impossible(Why),
    /// A division has fewer of them out of bounds.
    Possible {
        /// So many grids it has.
        grids: usize,
        /// So many of them are out of bounds.
        out: usize,
    },
    /// So many are proven to be out of bounds in every division. Of the others that is not proven.
    Unknown {
        /// How many are proven.
        proven: usize,
    },
}

/// What is known of better divisions of a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    /// No division into as many grids within bounds costs less.
    None,
    /// A division costs this, metres.
    Found(f64),
    /// It is not proven that there is none.
    Unknown,
}

/// What is known of a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Whether its grids must be out of bounds.
    pub avoiding: Avoiding,
    /// Whether a division costs less than was claimed, where that was asked.
    pub better: Option<Better>,
}

/// Returns what is known of each part. `claimed` says of each what no division is said to cost less than, metres, where
/// that is claimed. The prices of the buildings help to prove it.
pub fn known(parts: &[Part], claimed: &[Option<f64>], prices: &BTreeMap<u32, f64>) -> Vec<Known> {
    let one = |(part, claimed): (&Part, &Option<f64>)| Known {
        avoiding: part.avoiding(),
        better: claimed.map(|objective| part.no_better(objective, prices)),
    };
    parts.par_iter().zip(claimed).map(one).collect()
}

/// Costs that differ by less than this are equal, metres.
const NEARLY: f64 = 1e-4;

/// A part of a community that is divided by itself: a connected piece, or what buildings above the most leave of it.
#[derive(Debug, Clone)]
pub struct Part {
    /// The community.
    pub community: u32,
    /// The buildings, in rising order.
    pub buildings: Vec<u32>,
    /// How many households they have.
    pub households: u64,
    /// The grids into which they are divided.
    pub grids: Vec<u32>,
    /// Those of the grids that are out of bounds.
    pub out: Vec<u32>,
    /// What the division costs, metres: the border cut, and how far the grids are from their mean.
    pub objective: f64,
    /// The building that alone is above the most, where it is the grid of such a building.
    pub large: Option<u32>,
    bounds: Bounds,
    /// The grid of each building.
    grid: Vec<u32>,
    /// The households of each building.
    each: Vec<i64>,
    /// The neighbours of each building, with the weight of the border.
    near: Vec<BTreeMap<usize, i64>>,
}

/// Returns the parts of all communities, in the order of their first buildings. `grid` has one entry for each building.
/// A division that is wrong by itself has no parts: everything that is wrong with it is told.
pub fn parts(
    buildings: &[Building],
    borders: &[Border],
    bounds: &Bounds,
    grid: &[u32],
) -> Result<Vec<Part>, Vec<Wrong>> {
    let city = City { buildings, bounds, grid, near: neighbours(buildings, borders) };
    let mut grids: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (&own, building) in grid.iter().zip(0u32..) {
        grids.entry(own).or_default().push(building);
    }
    let mut wrong: Vec<Wrong> = grids.iter().filter_map(|(&own, members)| city.broken(own, members)).collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut parts = Vec::new();
    for piece in city.connected(&(0..buildings.len() as u32).collect::<Vec<u32>>()) {
        let large: Vec<u32> = piece.iter().copied().filter(|&one| city.is_large(one)).collect();
        if large.is_empty() {
            parts.push(city.part(piece, None));
        } else {
            city.around(&piece, &large, &grids, &mut parts, &mut wrong);
        }
    }
    parts.sort_by_key(|part| part.buildings.first().copied());
    if wrong.is_empty() { Ok(parts) } else { Err(wrong) }
}

/// Returns the neighbours of each building in its own community, with the weight of the border.
fn neighbours(buildings: &[Building], borders: &[Border]) -> Vec<BTreeMap<u32, i64>> {
    let mut near: Vec<BTreeMap<u32, i64>> = vec![BTreeMap::new(); buildings.len()];
    for border in borders {
        let (a, b) = (buildings[border.a as usize], buildings[border.b as usize]);
        if a.community == b.community && border.a != border.b {
            let weight = i64::from(border.metres) * if a.compound == b.compound { 2 } else { 1 };
            *near[border.a as usize].entry(border.b).or_default() += weight;
            *near[border.b as usize].entry(border.a).or_default() += weight;
        }
    }
    near
}

struct City<'a> {
    buildings: &'a [Building],
    bounds: &'a Bounds,
    grid: &'a [u32],
    near: Vec<BTreeMap<u32, i64>>,
}

impl City<'_> {
    fn is_large(&self, building: u32) -> bool {
        self.buildings[building as usize].households > self.bounds.most
    }

    fn households(&self, members: &[u32]) -> u64 {
        members.iter().map(|&one| u64::from(self.buildings[one as usize].households)).sum()
    }

    /// Returns the connected groups of some buildings, each in rising order.
    fn connected(&self, members: &[u32]) -> Vec<Vec<u32>> {
        let mut left: BTreeSet<u32> = members.iter().copied().collect();
        let mut groups = Vec::new();
        while let Some(first) = left.pop_first() {
            let mut group = vec![first];
            let mut next = 0;
            while let Some(&at) = group.get(next) {
                next += 1;
                group.extend(self.near[at as usize].keys().copied().filter(|other| left.remove(other)));
            }
            group.sort_unstable();
            groups.push(group);
        }
        groups
    }

    /// Says what is wrong with a grid by itself.
    fn broken(&self, grid: u32, members: &[u32]) -> Option<Wrong> {
        let one = *members.first()?;
        let community = |building: u32| self.buildings[building as usize].community;
        if let Some(&other) = members.iter().find(|&&other| community(other) != community(one)) {
            return Some(Wrong::Crossing { grid, one, other });
        }
        let groups = self.connected(members);
        let &other = groups.get(1)?.first()?;
        Some(Wrong::Torn { grid, one, other })
    }

    /// Divides a piece with buildings above the most: into their grids, and what is left that is large enough for
    /// grids.
    fn around(
        &self,
        piece: &[u32],
        large: &[u32],
        grids: &BTreeMap<u32, Vec<u32>>,
        parts: &mut Vec<Part>,
        wrong: &mut Vec<Wrong>,
    ) {
        let rest: Vec<u32> = piece.iter().copied().filter(|one| !large.contains(one)).collect();
        let (light, heavy): (Vec<Vec<u32>>, Vec<Vec<u32>>) =
            self.connected(&rest).into_iter().partition(|group| self.households(group) < u64::from(self.bounds.least));
        let light: BTreeSet<u32> = light.into_iter().flatten().collect();
        let own: BTreeSet<u32> = large.iter().map(|&one| self.grid[one as usize]).collect();
        for &one in large {
            let grid = self.grid[one as usize];
            let members = &grids[&grid];
            match members.iter().find(|&&other| other != one && !light.contains(&other)) {
                Some(&other) => wrong.push(Wrong::Company { grid, large: one, other }),
                None => parts.push(self.part(members.clone(), Some(one))),
            }
        }
        let alone = light.iter().find(|&&one| !own.contains(&self.grid[one as usize]));
        if let (Some(&one), Some(&large)) = (alone, large.first()) {
            wrong.push(Wrong::Alone { grid: self.grid[one as usize], one, large });
        }
        for group in heavy {
            parts.push(self.part(group, None));
        }
    }

    fn part(&self, buildings: Vec<u32>, large: Option<u32>) -> Part {
        let place = |building: &u32| buildings.binary_search(building).ok();
        let near: Vec<BTreeMap<usize, i64>> = buildings
            .iter()
            .map(|&one| {
                let row = self.near[one as usize].iter();
                row.filter_map(|(other, &weight)| Some((place(other)?, weight))).collect()
            })
            .collect();
        let grid: Vec<u32> = buildings.iter().map(|&one| self.grid[one as usize]).collect();
        let each: Vec<i64> = buildings.iter().map(|&one| self.buildings[one as usize].households.into()).collect();
        let mut sizes: BTreeMap<u32, i64> = BTreeMap::new();
        for (&own, &households) in grid.iter().zip(&each) {
            *sizes.entry(own).or_default() += households;
        }
        let mut part = Part {
            community: buildings.first().map_or(0, |&one| self.buildings[one as usize].community),
            households: self.households(&buildings),
            grids: sizes.keys().copied().collect(),
            out: sizes.iter().filter(|(_, size)| !self.bounds.holds(**size)).map(|(&own, _)| own).collect(),
            objective: 0.0,
            large,
            bounds: *self.bounds,
            buildings,
            grid,
            each,
            near,
        };
        let cut = part.near.iter().enumerate().flat_map(|(one, near)| near.iter().map(move |other| (one, other)));
        let cut: i64 =
            cut.filter(|(one, (other, _))| part.grid[*one] != part.grid[**other]).map(|(_, (_, weight))| weight).sum();
        part.objective = cut as f64 / 2.0 + sizes.values().map(|&size| part.off(size)).sum::<f64>();
        part
    }
}

impl Part {
    /// Returns the mean number of households of its grids.
    fn mean(&self) -> f64 {
        self.households as f64 / self.grids.len().max(1) as f64
    }

    /// Returns what the size of a grid costs, metres.
    fn off(&self, households: i64) -> f64 {
        self.bounds.deviation * (households as f64 - self.mean()).abs()
    }

    /// Says whether its grids must be out of bounds.
    pub fn avoiding(&self) -> Avoiding {
        if self.out.is_empty() {
            return Avoiding::Kept;
        }
        if let Some(large) = self.large {
            return Avoiding::Impossible(Why::Large(large));
        }
        let (least, most) = (u64::from(self.bounds.least.max(1)), u64::from(self.bounds.most.max(1)));
        if self.households < least {
            let whole = self.grids.len() == 1;
            return if whole { Avoiding::Impossible(Why::Small) } else { Avoiding::Possible { grids: 1, out: 1 } };
        }
        let (needed, possible) = (self.households.div_ceil(most), self.households / least);
        let out = self.out.len();
        if needed > possible && out == 1 {
            return Avoiding::Impossible(Why::Number { needed, possible });
        }
        if let Some(known) = self.as_tree(needed, possible) {
            return known;
        }
        let hung = self.hung();
        if hung.len() == out {
            return Avoiding::Impossible(Why::Hung(hung));
        }
        let mut proven = hung.len().max(usize::from(needed > possible));
        if proven == 0 {
            match self.any_within() {
                trial::Tried::Found { grids, .. } => return Avoiding::Possible { grids, out: 0 },
                trial::Tried::None if out == 1 => return Avoiding::Impossible(Why::Tried),
                trial::Tried::None => proven = 1,
                trial::Tried::TooMany => {}
            }
        }
        Avoiding::Unknown { proven }
    }

    /// Says whether some division into as many grids within bounds costs less than `objective`, metres. The prices of
    /// the buildings help to rule divisions out; any prices may be given.
    pub fn no_better(&self, objective: f64, prices: &BTreeMap<u32, f64>) -> Better {
        let found = |cost: f64| if cost < objective - NEARLY { Better::Found(cost) } else { Better::None };
        if self.grids.len() == 1 {
            return found(self.objective);
        }
        if self.is_tree()
            && let Some(least) = self.least_of_tree(self.grids.len(), false)
        {
            let least = least.get(self.grids.len()).copied().flatten();
            return least.map_or(Better::None, |least| found(least.cost));
        }
        match self.any_below(objective - NEARLY, prices) {
            trial::Tried::Found { cost, .. } => Better::Found(cost),
            trial::Tried::None => Better::None,
            trial::Tried::TooMany => Better::Unknown,
        }
    }

    /// Returns the buildings around which grids must be out of bounds, one for each such grid that touches what hangs
    /// at the building.
    ///
    /// Where a building is above the most together with the branches that only it joins to the rest and that are too
    /// small for a grid, not all of them can be in one grid, and no grid within bounds lies in a branch. So some grid
    /// that touches them is out of bounds.
    fn hung(&self) -> Vec<u32> {
        let mut used = vec![false; self.buildings.len()];
        let mut found = Vec::new();
        for &out in &self.out {
            let inside = (0..self.buildings.len()).filter(|&at| self.grid[at] == out);
            let around: BTreeSet<usize> = inside.flat_map(|at| self.near[at].keys().copied().chain([at])).collect();
            let touches =
                |region: &[usize]| region.iter().all(|&at| !used[at]) && region.iter().any(|&at| self.grid[at] == out);
            let regions = around.into_iter().filter_map(|at| Some((at, self.overhang(at)?)));
            let region = regions.filter(|(_, region)| touches(region)).min_by_key(|(at, region)| (region.len(), *at));
            if let Some((at, region)) = region {
                for one in region {
                    used[one] = true;
                }
                found.push(self.buildings[at]);
            }
        }
        found
    }

    /// Returns a building with the branches below the least that only it joins to the rest, if together they are above
    /// the most.
    fn overhang(&self, at: usize) -> Option<Vec<usize>> {
        let mut seen = vec![false; self.buildings.len()];
        seen[at] = true;
        let (mut region, mut households) = (vec![at], self.each[at]);
        for &start in self.near[at].keys() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut branch = vec![start];
            let mut next = 0;
            while let Some(&one) = branch.get(next) {
                next += 1;
                let further = self.near[one].keys().copied();
                branch.extend(further.filter(|&other| !std::mem::replace(&mut seen[other], true)));
            }
            let below: i64 = branch.iter().map(|&one| self.each[one]).sum();
            if below < i64::from(self.bounds.least) {
                households += below;
                region.extend(branch);
            }
        }
        (households > i64::from(self.bounds.most)).then_some(region)
    }
}

#[cfg(test)]
mod tests;
