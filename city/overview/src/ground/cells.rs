//! Finds what lies in a square of the map without looking at everything: the ground is divided into cells, and each
//! knows what lies in it.

use std::collections::BTreeMap;

use kernel::earth::Tile;

use super::BEYOND;

/// The zoom whose squares are the cells: some two kilometres wide in the middle latitudes.
const ZOOM: u8 = 14;

/// Things by the cells in which they lie, as positions in a list.
#[derive(Debug, Default)]
pub(crate) struct Cells(BTreeMap<(i64, i64), Vec<usize>>);

impl Cells {
    /// Sorts things into cells by their western, northern, eastern and southern edges, as parts of the world.
    pub fn new(edges: impl Iterator<Item = [f64; 4]>) -> Self {
        let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (at, [west, north, east, south]) in edges.enumerate() {
            for column in cell(west)..=cell(east) {
                for row in cell(north)..=cell(south) {
                    cells.entry((column, row)).or_default().push(at);
                }
            }
        }
        Self(cells)
    }

    /// The things of which something may be seen in a square, each once and in their order.
    pub fn seen(&self, tile: Tile) -> Vec<usize> {
        let wide = 1.0 / f64::from(1_u32 << u32::from(tile.zoom()));
        let part = |number: u32, more: f64| cell((f64::from(number) + more) * wide);
        let columns = part(tile.column(), -BEYOND)..=part(tile.column(), 1.0 + BEYOND);
        let rows = || part(tile.row(), -BEYOND)..=part(tile.row(), 1.0 + BEYOND);
        let cells = columns.flat_map(|column| rows().filter_map(move |row| self.0.get(&(column, row))));
        let mut found: Vec<usize> = cells.flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a part of the world times the cells of a zoom is small")]
fn cell(part: f64) -> i64 {
    (part * f64::from(1_u32 << u32::from(ZOOM))).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_sees_what_looking_at_everything_sees() {
        // Some thousand small things, spread by a simple sequence around one spot of the world.
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(seed >> 40).unwrap()) / f64::from(1_u32 << 24)
        };
        let things: Vec<[f64; 4]> = (0..3_000)
            .map(|_| {
                let (west, north) = (0.843 + next() * 0.002, 0.371 + next() * 0.002);
                [west, north, west + next() * 0.000_05, north + next() * 0.000_05]
            })
            .collect();
        let cells = Cells::new(things.iter().copied());
        for zoom in [13, 14, 15, 17] {
            let tile = Tile::at((0.844, 0.372), zoom);
            let touches = |[west, north, east, south]: [f64; 4]| {
                let (from, to) = (tile.inside((west, north)), tile.inside((east, south)));
                to.0 >= -BEYOND && to.1 >= -BEYOND && from.0 <= 1.0 + BEYOND && from.1 <= 1.0 + BEYOND
            };
            let all: Vec<usize> = (0..things.len()).filter(|at| touches(things[*at])).collect();
            let found: Vec<usize> = cells.seen(tile).into_iter().filter(|at| touches(things[*at])).collect();
            assert_eq!(found, all, "zoom {zoom}");
            assert!(zoom < 15 || cells.seen(tile).len() < things.len() / 2, "most is left out");
        }
    }
}
