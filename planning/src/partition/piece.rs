//! A connected piece of a community, a division of the piece, and what the division is worth.

use super::{Border, Bounds, Building, Fault, Verdict};
use crate::network::Rows;

/// The metres that a grid out of bounds costs while moves are tried, and the metres for each household beyond the
/// bounds.
const OUT: f64 = 600.0;
const OUT_EACH: f64 = 40.0;

/// A neighbour: its place in the piece, and the weight of the border.
pub(super) type Near = (u32, u32);

/// Buildings that are connected, with the borders among them.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The ids of the buildings, the smallest first.
    pub ids: Vec<u32>,
    first: Vec<u32>,
    near: Vec<Near>,
    pub households: Vec<i64>,
    pub total: i64,
    /// The number of grids into which the piece is divided.
    pub grids: usize,
    pub bounds: Bounds,
}

/// The grid of each building of a piece.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Division {
    pub part: Vec<u32>,
    pub households: Vec<i64>,
    pub count: Vec<u32>,
    /// The weight of the borders cut.
    pub cut: i64,
}

/// A division with what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Solved {
    pub division: Division,
    pub verdict: Verdict,
    /// What every division into as many grids costs at least.
    pub bound: Option<f64>,
    /// The prices of the buildings that prove the bound, in their order. There are none where it needs none.
    pub prices: Vec<f64>,
}

impl Solved {
    /// Takes a division of which nothing more is proven.
    pub fn new(division: Division, verdict: Verdict) -> Self {
        Self { division, verdict, bound: None, prices: Vec::new() }
    }

    /// Takes a division that is the best there is.
    pub fn best(division: Division, bound: f64, prices: Vec<f64>) -> Self {
        Self { division, verdict: Verdict::Best, bound: Some(bound), prices }
    }
}

/// Returns the connected pieces of all communities, in the order of their first buildings.
pub(super) fn pieces(buildings: &[Building], borders: &[Border], bounds: &Bounds) -> Result<Vec<Piece>, Fault> {
    for (at, border) in borders.iter().enumerate() {
        for building in [border.a, border.b] {
            if building as usize >= buildings.len() {
                return Err(Fault::NoBuilding { border: at, building, buildings: buildings.len() });
            }
        }
        if border.a == border.b {
            return Err(Fault::Itself { border: at, building: border.a });
        }
    }
    let both = borders.iter().flat_map(|border| {
        let (a, b) = (buildings[border.a as usize], buildings[border.b as usize]);
        let weight = border.metres << u32::from(a.compound == b.compound);
        let inside = a.community == b.community;
        [(border.a, (border.b, weight)), (border.b, (border.a, weight))].into_iter().filter(move |_| inside)
    });
    let near = Rows::new(buildings.len(), both);
    let mut place = vec![u32::MAX; buildings.len()];
    let mut pieces = Vec::new();
    for start in 0..buildings.len() as u32 {
        if place[start as usize] != u32::MAX {
            continue;
        }
        let mut ids = vec![start];
        place[start as usize] = 0;
        let mut at = 0;
        while let Some(&id) = ids.get(at) {
            at += 1;
            for &(other, _) in near.of(id) {
                if place[other as usize] == u32::MAX {
                    place[other as usize] = ids.len() as u32;
                    ids.push(other);
                }
            }
        }
        let rows = ids.iter().map(|&id| {
            let row = near.of(id).iter();
            row.map(|&(other, weight)| (place[other as usize], weight)).collect()
        });
        let rows: Vec<Vec<Near>> = rows.collect();
        let households = ids.iter().map(|&id| i64::from(buildings[id as usize].households)).collect();
        pieces.push(Piece::new(ids, &rows, households, *bounds));
    }
    Ok(pieces)
}

impl Piece {
    fn new(ids: Vec<u32>, rows: &[Vec<Near>], households: Vec<i64>, bounds: Bounds) -> Self {
        let mut first = vec![0];
        let mut near: Vec<Near> = Vec::new();
        for row in rows {
            near.extend(row);
            first.push(near.len() as u32);
        }
        let total: i64 = households.iter().sum();
        let grids = bounds.grids(total as u64).min(ids.len() as u64) as usize;
        Self { ids, first, near, households, total, grids, bounds }
    }

    /// Returns the piece itself, unless it has a building above the most. Then it returns that building, with what only
    /// it joins to the rest and is too small for a grid, and what remains of the piece around it.
    pub fn parts(&self) -> Vec<Self> {
        let most = i64::from(self.bounds.most);
        let large: Vec<u32> = (0..self.len() as u32).filter(|&at| self.households[at as usize] > most).collect();
        if large.is_empty() || self.len() == 1 {
            return vec![self.clone()];
        }
        let mut owner = vec![u32::MAX; self.len()];
        for &at in &large {
            owner[at as usize] = at;
        }
        for start in 0..self.len() as u32 {
            if owner[start as usize] != u32::MAX {
                continue;
            }
            let mut members = vec![start];
            owner[start as usize] = start;
            let mut beside = u32::MAX;
            let mut at = 0;
            while let Some(&member) = members.get(at) {
                at += 1;
                for &(other, _) in self.near(member) {
                    if self.households[other as usize] > most {
                        beside = beside.min(other);
                    } else if owner[other as usize] == u32::MAX {
                        owner[other as usize] = start;
                        members.push(other);
                    }
                }
            }
            let households: i64 = members.iter().map(|&at| self.households[at as usize]).sum();
            if households < i64::from(self.bounds.least) && beside != u32::MAX {
                for member in members {
                    owner[member as usize] = beside;
                }
            }
        }
        let mut owners = owner.clone();
        owners.sort_unstable();
        owners.dedup();
        owners.into_iter().map(|one| self.part(&owner, one)).collect()
    }

    pub fn part(&self, owner: &[u32], one: u32) -> Self {
        let members: Vec<u32> = (0..self.len() as u32).filter(|&at| owner[at as usize] == one).collect();
        let place = |at: u32| members.binary_search(&at).ok().map(|place| place as u32);
        let rows: Vec<Vec<Near>> = members
            .iter()
            .map(|&at| {
                let row = self.near(at).iter();
                row.filter_map(|&(other, weight)| Some((place(other)?, weight))).collect()
            })
            .collect();
        let ids = members.iter().map(|&at| self.ids[at as usize]).collect();
        let households = members.iter().map(|&at| self.households[at as usize]).collect();
        let mut part = Self::new(ids, &rows, households, self.bounds);
        if part.has_large() {
            part.grids = 1;
        }
        part
    }

    pub fn has_large(&self) -> bool {
        self.households.iter().any(|&households| households > i64::from(self.bounds.most))
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    #[inline]
    pub fn near(&self, at: u32) -> &[Near] {
        &self.near[self.first[at as usize] as usize..self.first[at as usize + 1] as usize]
    }

    /// Returns the mean number of households of a grid.
    #[inline]
    pub fn mean(&self) -> f64 {
        self.total as f64 / self.grids as f64
    }

    /// Returns what the size of a grid costs: a little for the difference from the mean, much when it is out of bounds.
    #[inline]
    pub fn size_cost(&self, households: i64) -> f64 {
        let off = self.bounds.deviation * (households as f64 - self.mean()).abs();
        if self.bounds.holds(households) {
            off
        } else {
            let (least, most) = (i64::from(self.bounds.least), i64::from(self.bounds.most));
            off + OUT + OUT_EACH * (least - households).max(households - most) as f64
        }
    }

    pub fn division(&self, part: Vec<u32>, grids: usize) -> Division {
        let mut households = vec![0; grids];
        let mut count = vec![0; grids];
        let mut twice = 0i64;
        for (at, &own) in part.iter().enumerate() {
            households[own as usize] += self.households[at];
            count[own as usize] += 1;
            for &(other, weight) in self.near(at as u32) {
                if part[other as usize] != own {
                    twice += i64::from(weight);
                }
            }
        }
        Division { part, households, count, cut: twice / 2 }
    }

    /// Returns what a division costs, including bounds that are not kept.
    pub fn cost(&self, division: &Division) -> f64 {
        division.cut as f64 + division.households.iter().map(|&one| self.size_cost(one)).sum::<f64>()
    }

    /// Returns how many grids are out of bounds.
    pub fn out(&self, division: &Division) -> usize {
        division.households.iter().filter(|&&one| !self.bounds.holds(one)).count()
    }

    /// Returns the same piece with another number of grids.
    pub fn with_grids(&self, grids: usize) -> Self {
        Self { grids, ..self.clone() }
    }

    /// Returns the same piece with some of its borders alone.
    pub fn with_borders(&self, keeps: impl Fn(u32, u32) -> bool) -> Self {
        let mut first = vec![0];
        let mut near: Vec<Near> = Vec::new();
        for at in 0..self.len() as u32 {
            near.extend(self.near(at).iter().filter(|&&(other, _)| keeps(at, other)));
            first.push(near.len() as u32);
        }
        Self { first, near, ..self.clone() }
    }

    /// The whole piece as one grid.
    pub fn one(&self) -> Division {
        self.division(vec![0; self.len()], 1)
    }
}
