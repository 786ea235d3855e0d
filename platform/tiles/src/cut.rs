//! Cuts lines and areas at the edges of a square.

use crate::Place;

/// The square from `low` to `high` in both directions, in units of the tile.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// The western and northern edge.
    pub low: f64,
    /// The eastern and southern edge.
    pub high: f64,
}

/// One of the four edges.
#[derive(Clone, Copy, Debug)]
enum Edge {
    West(f64),
    East(f64),
    North(f64),
    South(f64),
}

impl Edge {
    /// How far inside of the edge a point lies; negative outside.
    fn inside(self, point: Place) -> f64 {
        match self {
            Self::West(edge) => point.0 - edge,
            Self::East(edge) => edge - point.0,
            Self::North(edge) => point.1 - edge,
            Self::South(edge) => edge - point.1,
        }
    }

    /// Where a line from one side to the other meets it.
    fn meets(self, from: Place, to: Place) -> Place {
        let (a, b) = (self.inside(from), self.inside(to));
        let share = a / (a - b);
        let along = |from: f64, to: f64| from + (to - from) * share;
        match self {
            Self::West(edge) | Self::East(edge) => (edge, along(from.1, to.1)),
            Self::North(edge) | Self::South(edge) => (along(from.0, to.0), edge),
        }
    }
}

impl Frame {
    const fn edges(self) -> [Edge; 4] {
        [Edge::West(self.low), Edge::East(self.high), Edge::North(self.low), Edge::South(self.high)]
    }

    /// Returns what of a ring lies in the frame (Sutherland and Hodgman, 1974). It is empty if nothing does. The ring
    /// is not closed by its first point.
    pub fn ring(self, ring: &[Place]) -> Vec<Place> {
        let mut kept = ring.to_vec();
        for edge in self.edges() {
            let mut next = Vec::with_capacity(kept.len() + 4);
            let mut before = kept.last().copied();
            for point in kept {
                if let Some(from) = before {
                    let (was, is) = (edge.inside(from) >= 0.0, edge.inside(point) >= 0.0);
                    if was != is {
                        next.push(edge.meets(from, point));
                    }
                    if is {
                        next.push(point);
                    }
                }
                before = Some(point);
            }
            kept = next;
        }
        kept
    }

    /// Returns the parts of a line that lie in the frame, in their order.
    pub fn line(self, line: &[Place]) -> Vec<Vec<Place>> {
        let mut parts: Vec<Vec<Place>> = Vec::new();
        for pair in line.windows(2) {
            let [from, to] = pair else { continue };
            let Some((from, to)) = self.piece(*from, *to) else { continue };
            match parts.last_mut() {
                // The line goes on where the last piece ended inside the frame.
                Some(part) if part.last() == Some(&from) => part.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
        parts
    }

    /// Returns what of a piece of line lies in the frame.
    fn piece(self, mut from: Place, mut to: Place) -> Option<(Place, Place)> {
        for edge in self.edges() {
            match (edge.inside(from) >= 0.0, edge.inside(to) >= 0.0) {
                (true, true) => {}
                (true, false) => to = edge.meets(from, to),
                (false, true) => from = edge.meets(from, to),
                (false, false) => return None,
            }
        }
        Some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { low: 0.0, high: 10.0 };

    #[test]
    fn a_ring_is_cut_at_the_edges() {
        let square = |a: f64, b: f64| vec![(a, a), (b, a), (b, b), (a, b)];
        assert_eq!(FRAME.ring(&square(2.0, 4.0)), square(2.0, 4.0));
        assert!(FRAME.ring(&square(11.0, 14.0)).is_empty());
        assert!(FRAME.ring(&[]).is_empty());
        let area = |ring: &[Place]| -> f64 {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
        };
        for (ring, expected) in [(square(-5.0, 5.0), 25.0), (square(-5.0, 15.0), 100.0), (square(5.0, 15.0), 25.0)] {
            let kept = FRAME.ring(&ring);
            assert!((area(&kept) - expected).abs() < 1e-9, "{kept:?}");
            assert!(kept.iter().all(|point| (0.0..=10.0).contains(&point.0) && (0.0..=10.0).contains(&point.1)));
        }
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_has_two_parts() {
        let line = [(-5.0, 5.0), (5.0, 5.0), (5.0, 15.0), (8.0, 15.0), (8.0, 5.0), (9.0, 5.0)];
        let parts = FRAME.line(&line);
        assert_eq!(parts, [vec![(0.0, 5.0), (5.0, 5.0), (5.0, 10.0)], vec![(8.0, 10.0), (8.0, 5.0), (9.0, 5.0)]]);
        assert!(FRAME.line(&[(11.0, 0.0), (11.0, 10.0)]).is_empty());
        assert_eq!(FRAME.line(&[(-5.0, -5.0), (15.0, 15.0)]), [vec![(0.0, 0.0), (10.0, 10.0)]]);
    }
}
