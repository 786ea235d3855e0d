//! Keeps things by square of the plane, to find the nearest one.

use std::collections::BTreeMap;

use crate::shape::Point;

/// The side of a square, metres.
const SIDE: f64 = 250.0;

/// No square lies further out than this many sides, whatever a table says.
const OUTERMOST: f64 = 1e9;

/// So many rings of squares are looked at one after another; beyond them all squares are that may hold a nearer thing.
const RINGS: i64 = 64;

/// A square by its column and row.
type Square = (i64, i64);

/// Holds things, by number, in each square that they touch.
#[derive(Debug, Default)]
pub(super) struct Squares {
    of: BTreeMap<Square, Vec<u32>>,
    /// The least and the greatest column and row, or nothing if there are no things.
    bounds: Option<[Square; 2]>,
}

impl Squares {
    /// Puts a thing where a point lies, which is given in metres.
    pub fn put(&mut self, at: Point, thing: u32) {
        self.put_into(square(at), thing);
    }

    /// Puts a thing into each square that a straight line may touch. Its ends are given in metres.
    pub fn put_line(&mut self, a: Point, b: Point, thing: u32) {
        // A stretch that is no longer than a side touches two columns and two rows at most.
        let stretches = ((b.x - a.x).hypot(b.y - a.y) / SIDE).ceil().max(1.0);
        let along = |step: u32| {
            let share = f64::from(step) / stretches;
            square(Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share })
        };
        for step in 0..stretches as u32 {
            let (one, other) = (along(step), along(step + 1));
            for column in one.0.min(other.0)..=one.0.max(other.0) {
                for row in one.1.min(other.1)..=one.1.max(other.1) {
                    self.put_into((column, row), thing);
                }
            }
        }
    }

    fn put_into(&mut self, square: Square, thing: u32) {
        let things = self.of.entry(square).or_default();
        if things.last() != Some(&thing) {
            things.push(thing);
        }
        let [low, high] = self.bounds.unwrap_or([square, square]);
        let least = (low.0.min(square.0), low.1.min(square.1));
        self.bounds = Some([least, (high.0.max(square.0), high.1.max(square.1))]);
    }

    /// Returns the nearest thing and the metres to it. `away` returns the metres to a thing, or nothing if the thing
    /// does not count.
    pub fn nearest(&self, from: Point, away: impl Fn(u32) -> Option<f64>) -> Option<(u32, f64)> {
        let [low, high] = self.bounds?;
        let (column, row) = square(from);
        let outside = |at: i64, low: i64, high: i64| (low - at).max(at - high).max(0);
        let first = outside(column, low.0, high.0).max(outside(row, low.1, high.1));
        let across = |at: i64, low: i64, high: i64| (at - low).abs().max((high - at).abs());
        let last = across(column, low.0, high.0).max(across(row, low.1, high.1));
        let ringed = last.min(first + RINGS);
        let mut best: Option<(u32, f64)> = None;
        for ring in first..=ringed {
            if best.is_some_and(|(_, metres)| metres <= beyond(ring)) {
                return best;
            }
            let (top, bottom) = (row - ring, row + ring);
            for x in (column - ring).max(low.0)..=(column + ring).min(high.0) {
                if (x - column).abs() == ring {
                    for y in top.max(low.1)..=bottom.min(high.1) {
                        self.look((x, y), &away, &mut best);
                    }
                } else {
                    self.look((x, top), &away, &mut best);
                    self.look((x, bottom), &away, &mut best);
                }
            }
        }
        if ringed < last {
            for &(x, y) in self.of.keys() {
                let ring = (x - column).abs().max((y - row).abs());
                if best.is_none_or(|(_, metres)| beyond(ring) < metres) {
                    self.look((x, y), &away, &mut best);
                }
            }
        }
        best
    }

    /// Looks at the things of one square and keeps the nearest so far.
    fn look(&self, square: Square, away: &impl Fn(u32) -> Option<f64>, best: &mut Option<(u32, f64)>) {
        for &thing in self.of.get(&square).into_iter().flatten() {
            if let Some(metres) = away(thing).filter(|metres| best.is_none_or(|(_, known)| *metres < known)) {
                *best = Some((thing, metres));
            }
        }
    }
}

/// Returns how many metres everything in a ring of squares is away at least.
fn beyond(ring: i64) -> f64 {
    (ring - 1).max(0) as f64 * SIDE
}

/// Returns the square of a point that is given in metres.
fn square(at: Point) -> Square {
    let side = |metres: f64| (metres / SIDE).floor().clamp(-OUTERMOST, OUTERMOST) as i64;
    (side(at.x), side(at.y))
}
