//! Counts again what the grid counts of its reports step by step: the boards of its months and the squares of its map.

use std::collections::BTreeMap;

use kernel::figure::month_of;
use kernel::place::{Level, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx};

use crate::Town;

/// What is counted, in words, with its two numbers.
type Sums = BTreeMap<String, (i64, i64)>;
/// The side of a square of the map, in decimetres.
const SIDE: i64 = 4_000;

impl Town {
    /// Checks that the boards and the squares of the map are what the reports add up to.
    ///
    /// # Panics
    /// Panics if they are not.
    pub fn recount_board(&self) {
        let zone = self.city.hall.zone();
        let read = self.store().read_blocking(move |tx| {
            let mut counted = Sums::new();
            for row in tx.rows("select path, kind, reported_at, stage, open, x, y from grid_report", &[])? {
                let (path, kind): (PlacePath, String) = (row.get(0)?, row.get(1)?);
                let (at, stage): (Instant, Option<String>) = (row.get(2)?, row.get(3)?);
                let month = month_of(zone.date(at));
                let pair = grid::rules::board::counted(&stage.unwrap_or_default());
                let mut add = |key: String, first: i64, second: i64| {
                    let sum = counted.entry(key).or_default();
                    *sum = (sum.0 + first, sum.1 + second);
                };
                for level in [Level::District, Level::Street, Level::Community] {
                    let above = path.at(level).unwrap_or_else(|| path.clone());
                    add(format!("{month} {} {above} {kind}", level.depth()), pair.filed, pair.closed);
                }
                add(format!("{month} 0 {path} "), pair.filed, pair.closed);
                let (open, x, y): (bool, Option<i64>, Option<i64>) = (row.get(4)?, row.get(5)?, row.get(6)?);
                for scale in [1, 2, 4, 8] {
                    let Some((x, y)) = x.zip(y).filter(|_| open) else { continue };
                    let (east, north) = (x.div_euclid(SIDE * scale), y.div_euclid(SIDE * scale));
                    let district = path.at(Level::District).unwrap_or_else(|| path.clone());
                    add(format!("square {scale} {east} {north} {district}"), 1, x + y);
                }
            }
            counted.retain(|_, sum| *sum != (0, 0));
            Ok::<_, StoreError>((counted, kept(tx)?))
        });
        let (counted, kept) = read.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        assert_eq!(counted, kept, "{}: boards and squares, and their recount", self.engine);
    }
}

/// What is kept, in the same words.
fn kept(tx: &mut dyn Tx) -> Result<Sums, StoreError> {
    let mut kept = Sums::new();
    let sql =
        "select month, depth, path, kind, sum(filed), sum(closed) from grid_board group by month, depth, path, kind";
    for row in tx.rows(sql, &[])? {
        let (month, depth, path): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let kind: String = row.get(3)?;
        kept.insert(format!("{month} {depth} {path} {kind}"), (row.get(4)?, row.get(5)?));
    }
    let sql = "select scale, east, north, path, sum(reports), sum(x + y) from grid_open_area \
               group by scale, east, north, path";
    for row in tx.rows(sql, &[])? {
        let (scale, east, north): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let path: String = row.get(3)?;
        kept.insert(format!("square {scale} {east} {north} {path}"), (row.get(4)?, row.get(5)?));
    }
    kept.retain(|_, sum| *sum != (0, 0));
    Ok(kept)
}
