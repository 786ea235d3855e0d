//! Gathers points that would lie on one another.

use std::collections::BTreeMap;

use kernel::earth::Tile;

use crate::Place;

/// The points of one cell of a square.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster<T> {
    /// The middle of the points.
    pub at: Place,
    /// What belongs to each of them, in the order in which they were given.
    pub members: Vec<T>,
}

/// Gathers the points that lie in a square by its cells, of which there are so many in each direction; none means that
/// only points of the very same place are gathered. Points of other squares are left out, so each point is in one
/// cluster of one square of a zoom.
pub fn gather<T>(tile: Tile, cells: Option<u32>, points: impl IntoIterator<Item = (Place, T)>) -> Vec<Cluster<T>> {
    let mut found: BTreeMap<(u64, u64), Cell<T>> = BTreeMap::new();
    for (place, member) in points {
        if !tile.holds(place) {
            continue;
        }
        let (right, down) = tile.inside(place);
        let cell = |value: f64| match cells {
            Some(cells) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and the number of cells"
                )]
                let cell = (value * f64::from(cells)).floor().clamp(0.0, f64::from(cells)) as u64;
                cell
            }
            None => value.to_bits(),
        };
        let key = (cell(right), cell(down));
        let cell = found.entry(key).or_insert(Cell { first: place, sum: (0.0, 0.0), members: Vec::new() });
        cell.sum = (cell.sum.0 + place.0, cell.sum.1 + place.1);
        cell.members.push(member);
    }
    let middle = |sum: f64, count: usize| sum / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let cluster = |Cell { first, sum, members }: Cell<T>| {
        let at = (middle(sum.0, members.len()), middle(sum.1, members.len()));
        // The middle of points at the very edge may be rounded over it.
        Cluster { at: if tile.holds(at) { at } else { first }, members }
    };
    found.into_values().map(cluster).collect()
}

/// What is gathered of a cell.
struct Cell<T> {
    first: Place,
    sum: Place,
    members: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_point_is_in_one_cluster_of_one_square(
            points in prop::collection::vec((0.0f64..=1.0, 0.0f64..=1.0), 0..200),
            zoom in 0u8..4,
            cells in prop::option::of(1u32..40),
        ) {
            let numbered: Vec<(Place, usize)> = points.iter().copied().zip(0..).collect();
            let mut seen = vec![0; points.len()];
            for column in 0..1_u32 << zoom {
                for row in 0..1_u32 << zoom {
                    let tile = Tile::new(zoom, column, row).unwrap();
                    for cluster in gather(tile, cells, numbered.clone()) {
                        for member in &cluster.members {
                            seen[*member] += 1;
                        }
                        let (right, down) = tile.inside(cluster.at);
                        prop_assert!(tile.holds(cluster.at), "{right} {down}");
                    }
                }
            }
            prop_assert!(seen.iter().all(|times| *times == 1), "{seen:?}");
        }
    }

    #[test]
    fn points_of_one_place_stay_together_and_others_apart() {
        let tile = Tile::new(1, 0, 0).unwrap();
        let points = [((0.1, 0.1), 'a'), ((0.2, 0.1), 'b'), ((0.1, 0.1), 'c'), ((0.7, 0.1), 'd')];
        let members = |cells| -> Vec<Vec<char>> {
            gather(tile, cells, points).into_iter().map(|cluster| cluster.members).collect()
        };
        assert_eq!(members(None), [vec!['a', 'c'], vec!['b']]);
        assert_eq!(members(Some(1)), [vec!['a', 'b', 'c']]);
        assert_eq!(members(Some(10)), [vec!['a', 'c'], vec!['b']]);
    }
}
