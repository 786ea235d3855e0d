//! How many reports a zone needs in a window to reach a level, and the adding up that looks for those that have them.

use super::likelihood::ratio;
use super::margins::Margins;
use super::{Lanes, WINDOW_MOST};

/// For each zone and window, the least count that reaches a level. Sums of reports are the same in every replicate, so
/// that a replicate only compares whole numbers.
pub struct Thresholds(Vec<Lanes>);

/// Counts at the edge are looked at rather than passed over.
const SLACK: f64 = 1e-9;
/// Halvings of a bisection.
const HALVINGS: u32 = 60;

impl Thresholds {
    /// Makes the thresholds of a level.
    pub fn new(margins: &Margins, level: f64) -> Self {
        let highest = margins.highest_expected();
        let mut reach: Vec<f64> = Vec::new();
        for count in 1..=margins.reports() as u32 {
            let least = expected_at(f64::from(count), margins.all(), level) * (1.0 + SLACK);
            reach.push(least);
            if least >= highest {
                break;
            }
        }
        let lanes = |node: u32| {
            let mut lanes = [u32::MAX; WINDOW_MOST];
            for (lane, least) in lanes.iter_mut().enumerate().take(margins.window()) {
                let expected = margins.expected(node, lane);
                let at = reach.partition_point(|&known| known < expected);
                if at < reach.len() && expected > 0.0 {
                    *least = margins.least().max(at as u32 + 1);
                }
            }
            lanes
        };
        Self((0..margins.nodes().len() as u32).map(lanes).collect())
    }

    /// Returns the thresholds of a node.
    #[inline]
    pub fn of(&self, node: usize) -> &Lanes {
        &self.0[node]
    }
}

/// Returns the highest expectation at which `count` reports reach the level.
fn expected_at(count: f64, all: f64, level: f64) -> f64 {
    let (mut low, mut high) = (0.0, count);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if middle > 0.0 && ratio(count, middle, all) < level {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Returns room for the sums of [`add_up`].
pub fn room(margins: &Margins) -> Vec<Lanes> {
    vec![[0; WINDOW_MOST]; margins.nodes().len() + 1]
}

/// Adds up the counts of places for every zone, each from the one before it, and calls `look` where a window reaches
/// its threshold.
pub fn add_up(
    margins: &Margins,
    counts: &[Lanes],
    sums: &mut [Lanes],
    least: &Thresholds,
    mut look: impl FnMut(u32, &Lanes),
) {
    for (at, node) in margins.nodes().iter().enumerate() {
        let (before, added, needed) = (&sums[node.before as usize], &counts[node.added as usize], least.of(at));
        let lanes: Lanes = std::array::from_fn(|lane| before[lane] + added[lane]);
        let reaches = lanes.iter().zip(needed).filter(|(count, needed)| count >= needed).count() > 0;
        sums[at + 1] = lanes;
        if reaches {
            look(at as u32, &lanes);
        }
    }
}
