//! A replicate deals the days of all reports anew within each kind of day. Only who gets one of the last days matters,
//! so only these are dealt.

use super::likelihood::{bound, ratio};
use super::margins::{Margins, put};
use super::thresholds::{Thresholds, add_up, room};
use super::{Lanes, WINDOW_MOST};
use crate::chance::Chance;

/// What one thread deals with. Each replicate begins with the same order of reports, whichever thread deals it.
pub struct Dealer<'m> {
    margins: &'m Margins,
    /// The places of the reports of each kind of day.
    hands: Vec<Vec<u32>>,
    swaps: Vec<usize>,
    counts: Vec<Lanes>,
    sums: Vec<Lanes>,
}

impl<'m> Dealer<'m> {
    /// Makes the room that dealing needs.
    pub fn new(margins: &'m Margins) -> Self {
        let hands = margins.strata().iter().map(|stratum| stratum.places.clone()).collect();
        let counts = vec![[0; WINDOW_MOST]; margins.observed().len()];
        Self { margins, hands, swaps: Vec::new(), counts, sums: room(margins) }
    }

    /// Deals the last days: each report of a kind of day is as likely as another to get one.
    pub fn deal(&mut self, chance: &mut Chance) {
        self.counts.fill([0; WINDOW_MOST]);
        for (stratum, hand) in self.margins.strata().iter().zip(&mut self.hands) {
            self.swaps.clear();
            for (at, &age) in stratum.ages.iter().enumerate() {
                let with = at + chance.below(hand.len() - at);
                hand.swap(at, with);
                self.swaps.push(with);
                put(&mut self.counts[hand[at] as usize], usize::from(age), 1);
            }
            for (at, &with) in self.swaps.iter().enumerate().rev() {
                hand.swap(at, with);
            }
        }
    }

    /// Returns how many reports were dealt to a window, for the tests.
    #[cfg(test)]
    pub fn dealt(&self, lane: usize) -> u64 {
        self.counts.iter().map(|lanes| u64::from(lanes[lane])).sum()
    }

    /// Returns the highest statistic among the windows that reach their thresholds, or nothing if none does.
    pub fn highest(&mut self, least: &Thresholds) -> Option<f64> {
        let margins = self.margins;
        let (all, mut best) = (margins.all(), None::<f64>);
        add_up(margins, &self.counts, &mut self.sums, least, |node, lanes| {
            for (lane, (&count, &needed)) in lanes.iter().zip(least.of(node as usize)).enumerate() {
                if count < needed {
                    continue;
                }
                let (count, expected) = (f64::from(count), margins.expected(node, lane));
                if best.is_none_or(|best| bound(count, expected, all) > best) {
                    let statistic = ratio(count, expected, all);
                    best = Some(best.map_or(statistic, |best: f64| best.max(statistic)));
                }
            }
        });
        best
    }
}
