//! Reckons every division of buildings that form a tree, from the leaves up.

use std::collections::BTreeMap;

use super::{Avoiding, Part, Why};

/// The most pairs of states that are put together at a building.
const MOST_PAIRS: usize = 8_000_000;

/// What a division of what lies below a building comes to: so many grids are out of bounds, and it costs so much.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Least {
    /// The grids out of bounds.
    pub out: u32,
    /// The cost, metres.
    pub cost: f64,
}

/// What stands below a building, by the number of closed grids and the households of the grid that is still open.
type States = BTreeMap<(usize, i64), Least>;

impl Part {
    /// Says whether the buildings form a tree.
    pub(super) fn is_tree(&self) -> bool {
        let ends: usize = self.near.iter().map(BTreeMap::len).sum();
        ends == 2 * (self.buildings.len() - 1)
    }

    /// Says whether grids must be out of bounds, where the buildings form a tree that is not too large. `needed` to
    /// `possible` grids fit the households.
    pub(super) fn as_tree(&self, needed: u64, possible: u64) -> Option<Avoiding> {
        if !self.is_tree() {
            return None;
        }
        let most = usize::try_from(possible).unwrap_or(usize::MAX).min(self.buildings.len());
        let within = self.least_of_tree(most, false)?;
        let fits = |(grids, least): (usize, &Option<Least>)| {
            let fits = least.is_some() && u64::try_from(grids).is_ok_and(|grids| grids >= needed);
            fits.then_some(Avoiding::Possible { grids, out: 0 })
        };
        if let Some(possible) = within.iter().enumerate().find_map(fits) {
            return Some(possible);
        }
        let (grids, out) = (self.grids.len(), self.out.len());
        if out > 1 {
            let least = self.least_of_tree(grids, true)?.get(grids).copied().flatten()?;
            if (least.out as usize) < out {
                return Some(Avoiding::Possible { grids, out: least.out as usize });
            }
        }
        Some(Avoiding::Impossible(Why::Tree))
    }

    /// Returns for each number of grids up to `most_grids` the division with the fewest grids out of bounds, and of
    /// these the cheapest one. Grids are out of bounds only where they `may_be_out`. The cost counts only where none
    /// is. Returns `None` when the tree is too large.
    pub(super) fn least_of_tree(&self, most_grids: usize, may_be_out: bool) -> Option<Vec<Option<Least>>> {
        let count = self.buildings.len();
        let (mut order, mut parent) = (vec![0usize], vec![usize::MAX; count]);
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            let below: Vec<usize> = self.near[at].keys().copied().filter(|&other| other != parent[at]).collect();
            for other in below {
                parent[other] = at;
                order.push(other);
            }
        }
        let mut states: Vec<States> = vec![States::new(); count];
        for &at in order.iter().rev() {
            let mut own = States::from([((0, self.each[at]), Least { out: 0, cost: 0.0 })]);
            for (&child, &weight) in self.near[at].iter().filter(|(child, _)| **child != parent[at]) {
                let below = std::mem::take(&mut states[child]);
                own = self.joined(&own, &below, weight, most_grids, may_be_out)?;
            }
            states[at] = own;
        }
        let mut found: Vec<Option<Least>> = vec![None; most_grids + 1];
        for (&(closed, open), &least) in &states[0] {
            let is_out = !self.bounds.holds(open);
            let Some(known) = found.get_mut(closed + 1).filter(|_| may_be_out || !is_out) else { continue };
            let whole = self.closed(least, open);
            if known.is_none_or(|known| whole < known) {
                *known = Some(whole);
            }
        }
        Some(found)
    }

    /// Puts the states of a building and of one below it together: they share a grid, or the lower grid is closed.
    fn joined(&self, own: &States, below: &States, weight: i64, most_grids: usize, may_be_out: bool) -> Option<States> {
        if own.len().saturating_mul(below.len()) > MOST_PAIRS {
            return None;
        }
        let most = i64::from(self.bounds.most);
        let mut after = States::new();
        for (&(grids, open), &least) in own {
            for (&(under, still), &lower) in below {
                let both = Least { out: least.out + lower.out, cost: least.cost + lower.cost };
                // Above the most all sizes are alike.
                let together = (open + still).min(most + 1);
                if together <= most || may_be_out {
                    keep(&mut after, (grids + under, together), both);
                }
                let may_close = may_be_out || self.bounds.holds(still);
                if may_close && grids + under + 1 < most_grids {
                    let cut = Least { cost: both.cost + weight as f64, ..both };
                    keep(&mut after, (grids + under + 1, open), self.closed(cut, still));
                }
            }
        }
        Some(after)
    }

    /// Counts one more grid of so many households.
    fn closed(&self, least: Least, households: i64) -> Least {
        let is_out = !self.bounds.holds(households);
        Least { out: least.out + u32::from(is_out), cost: least.cost + self.off(households) }
    }
}

fn keep(states: &mut States, state: (usize, i64), least: Least) {
    let known = states.entry(state).or_insert(least);
    if least < *known {
        *known = least;
    }
}
