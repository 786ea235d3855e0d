//! Says why grids have fewer households than the least. It knows of causes alone; what can be done, those say who show
//! them.

use std::collections::BTreeMap;

use super::{Border, Building, Grids, PieceReport, Verdict};

/// Why a grid is below the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its whole community is below the least.
    Community,
    /// It is one building, which touches no other.
    Alone,
    /// It is one building, which touches those of other communities alone.
    Border,
    /// It is a part of its community that no border joins to the rest.
    Part,
    /// No division of its piece keeps the bounds, which is proven.
    Proven,
    /// No division that keeps the bounds was found. It is not proven that there is none.
    Open,
}

/// A piece with grids below the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallPiece {
    /// Its community.
    pub community: u32,
    /// Its first building.
    pub building: u32,
    /// How many buildings it has.
    pub buildings: usize,
    /// How many households it has.
    pub households: u64,
    /// How many of its grids are below the least.
    pub small: u64,
    /// Whether it is proven that no division keeps the bounds.
    pub proven: bool,
}

impl SmallPiece {
    /// Returns the pieces of a division that have such grids. The grids of a piece are numbered one after the other, in
    /// the order of the pieces.
    pub fn of(buildings: &[Building], grids: &Grids, least: u32) -> Vec<Self> {
        let mut sizes = vec![0u64; grids.pieces.iter().map(|piece| piece.grids as usize).sum()];
        for (building, &grid) in buildings.iter().zip(&grids.grid) {
            if let Some(size) = sizes.get_mut(grid as usize) {
                *size += u64::from(building.households);
            }
        }
        let mut sizes = sizes.into_iter();
        let piece = |piece: &PieceReport| Self {
            community: piece.community,
            building: piece.building,
            buildings: piece.buildings as usize,
            households: piece.households,
            small: sizes.by_ref().take(piece.grids as usize).filter(|size| *size < u64::from(least)).count() as u64,
            proven: matches!(piece.verdict, Verdict::Fewest | Verdict::None),
        };
        grids.pieces.iter().map(piece).filter(|piece| piece.small > 0).collect()
    }
}

/// Returns the cause of each of these pieces, in their order. `buildings` and `borders` are all that there are.
pub fn causes(buildings: &[Building], borders: &[Border], least: u32, pieces: &[SmallPiece]) -> Vec<Cause> {
    let mut touches = vec![false; buildings.len()];
    for building in borders.iter().flat_map(|border| [border.a, border.b]) {
        touches[building as usize] = true;
    }
    let mut communities: BTreeMap<u32, u64> = BTreeMap::new();
    for building in buildings {
        *communities.entry(building.community).or_default() += u64::from(building.households);
    }
    let enough = |households: u64| households >= u64::from(least);
    let cause = |piece: &SmallPiece| {
        if enough(piece.households) {
            return if piece.proven { Cause::Proven } else { Cause::Open };
        }
        if !communities.get(&piece.community).copied().is_some_and(enough) {
            return Cause::Community;
        }
        match (piece.buildings, touches[piece.building as usize]) {
            (2.., _) => Cause::Part,
            (_, true) => Cause::Border,
            (_, false) => Cause::Alone,
        }
    };
    pieces.iter().map(cause).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partition::{Bounds, Effort, divide};

    /// Divides houses in a row, each with its community and its households, and names the causes of small grids.
    fn found(communities: [u32; 6], households: [u32; 6], borders: &[(u32, u32)]) -> Vec<(Cause, u64)> {
        let building = |(community, households)| Building { community, compound: 0, households };
        let buildings: Vec<Building> = communities.into_iter().zip(households).map(building).collect();
        let borders: Vec<Border> = borders.iter().map(|&(a, b)| Border { a, b, metres: 20 }).collect();
        let bounds = Bounds::default();
        let grids = divide(&buildings, &borders, &bounds, Effort::default(), 1, &|| true).unwrap().unwrap();
        let pieces = SmallPiece::of(&buildings, &grids, bounds.least);
        let causes = causes(&buildings, &borders, bounds.least, &pieces);
        causes.into_iter().zip(pieces.iter().map(|piece| piece.small)).collect()
    }

    #[test]
    fn a_grid_below_the_least_has_one_cause() {
        let chain = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)];
        let apart = [(0, 1), (1, 2), (3, 4)];
        assert!(found([0; 6], [100; 6], &chain).is_empty());
        assert_eq!(found([0; 6], [90; 6], &apart), [(Cause::Part, 1), (Cause::Alone, 1)]);
        assert_eq!(found([0, 0, 0, 0, 0, 1], [100; 6], &chain), [(Cause::Community, 1)]);
        assert_eq!(found([0; 6], [400, 50, 100, 400, 300, 300], &chain), [(Cause::Proven, 1)]);
        let other = [(0, 1), (1, 2), (3, 4), (4, 5)];
        assert_eq!(found([0, 0, 0, 1, 1, 0], [100; 6], &other), [(Cause::Border, 1)]);
    }
}
