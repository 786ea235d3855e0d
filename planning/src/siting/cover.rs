//! A choice of sites as a matter of covering: what is left of it when some sites are known to open or to stay closed,
//! and what prices prove of it, reckoned in whole numbers.
//!
//! A demand with gains 9 from one site, 5 from another is a set of one site that weighs 4 and a set of both that weighs
//! 5: a set brings its weight if one of its sites opens. Sets of the same sites are one.

use std::collections::BTreeMap;

use super::Offers;

/// What is known of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Free,
    Open,
    Closed,
}

/// Some sites, by their places in the cover. It weighs what it brings if one of them opens.
#[derive(Debug, Clone)]
pub(super) struct Set {
    pub sites: Vec<u32>,
    pub weight: i64,
}

/// A cut: the sites and the sets with their factors come to `least` together in every choice. A site counts 1 where it
/// opens, a set counts 1 where none of its sites opens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    pub sites: Vec<(u32, i64)>,
    pub sets: Vec<(u32, i64)>,
    pub least: i64,
}

/// What is left to choose.
#[derive(Debug, Clone)]
pub(super) struct Cover {
    /// The sites that may open, by their ids in the offers.
    pub sites: Vec<u32>,
    /// The sites that open in any case, and what they gain.
    pub open: Vec<u32>,
    pub base: i64,
    /// How many more open.
    pub k: usize,
    pub sets: Vec<Set>,
    /// A price for leaving each set uncovered, to start from.
    pub prices: Vec<f64>,
}

/// Prices count in this part of a gain, so that sums lose nothing.
const UNIT: f64 = (1u64 << 20) as f64;

/// Returns a price as a whole number of parts.
pub(super) fn parts(price: f64) -> i128 {
    (price.clamp(0.0, 1e15) * UNIT).round() as i128
}

/// What prices prove.
pub(super) struct Proof {
    /// No choice gains more.
    pub bound: i64,
    /// What is known of each site in every choice that gains more than the best.
    pub states: Vec<State>,
}

impl Cover {
    /// Makes a cover of offers. `prices` are those of the demands.
    pub fn of(offers: &Offers, k: usize, states: &[State], prices: &[f64]) -> Self {
        let (places, sites, open) = placed(states, |site| site);
        let mut sets: BTreeMap<Vec<u32>, (i64, f64)> = BTreeMap::new();
        let mut base = 0;
        for (offered, &price) in offers.by_demand.iter().zip(prices) {
            let sure = offered.iter().filter(|one| states[one.0 as usize] == State::Open).map(|one| one.1).max();
            let sure = sure.unwrap_or(0);
            base += sure;
            let mut left: Vec<(i64, u32)> = offered
                .iter()
                .filter(|&&(site, gain)| states[site as usize] == State::Free && gain > sure)
                .map(|&(site, gain)| (gain, places[site as usize]))
                .collect();
            left.sort_unstable_by(|a, b| b.cmp(a));
            let mut together = Vec::new();
            for (at, &(gain, site)) in left.iter().enumerate() {
                together.push(site);
                let next = left.get(at + 1).map_or(sure, |one| one.0);
                if gain > next {
                    let mut key = together.clone();
                    key.sort_unstable();
                    let set = sets.entry(key).or_default();
                    set.0 += gain - next;
                    set.1 += (gain as f64 - price.max(next as f64)).max(0.0);
                }
            }
        }
        let k = k - open.len();
        Self::gathered(sites, open, base, k, sets)
    }

    /// Returns what is left when more is known of the sites.
    pub fn reduced(&self, states: &[State], prices: &[f64]) -> Self {
        let (places, sites, opened) = placed(states, |site| self.sites[site as usize]);
        let mut sets: BTreeMap<Vec<u32>, (i64, f64)> = BTreeMap::new();
        let mut base = self.base;
        for (set, price) in self.sets.iter().zip(prices) {
            if set.sites.iter().any(|&site| states[site as usize] == State::Open) {
                base += set.weight;
                continue;
            }
            let free = set.sites.iter().filter(|&&site| states[site as usize] == State::Free);
            let key: Vec<u32> = free.map(|&site| places[site as usize]).collect();
            if !key.is_empty() {
                let kept = sets.entry(key).or_default();
                kept.0 += set.weight;
                kept.1 += price;
            }
        }
        let k = self.k - opened.len();
        let open = self.open.iter().copied().chain(opened).collect();
        Self::gathered(sites, open, base, k, sets)
    }

    fn gathered(sites: Vec<u32>, open: Vec<u32>, base: i64, k: usize, sets: BTreeMap<Vec<u32>, (i64, f64)>) -> Self {
        let (sets, prices) = sets.into_iter().map(|(sites, (weight, price))| (Set { sites, weight }, price)).unzip();
        Self { sites, open, base, k, sets, prices }
    }

    /// Returns the sum of what all sets bring and what is gained in any case.
    pub fn all(&self) -> i64 {
        self.base + self.sets.iter().map(|set| set.weight).sum::<i64>()
    }

    /// Reckons what prices of the sets and of cuts prove where some sites are known. Any prices from 0 up prove
    /// something. Sites are free in the proof only where a choice that gains more than `best` may go either way.
    pub fn proof(&self, prices: &[f64], cuts: &[(Cut, f64)], states: &[State], best: i64) -> Proof {
        let whole = |weight: i64| i128::from(weight) << 20;
        let mut paid: Vec<i128> = prices.iter().map(|&price| parts(price)).collect();
        let mut earned = vec![0i128; self.sites.len()];
        let mut loss: i128 = paid.iter().sum();
        for (set, &paid) in self.sets.iter().zip(&paid) {
            for &site in &set.sites {
                earned[site as usize] += paid;
            }
        }
        for (cut, price) in cuts {
            let price = parts(*price);
            loss += i128::from(cut.least) * price;
            for &(site, factor) in &cut.sites {
                earned[site as usize] += i128::from(factor) * price;
            }
            for &(set, factor) in &cut.sets {
                paid[set as usize] += i128::from(factor) * price;
            }
        }
        // A set that is not covered loses its weight, no more.
        let above = self.sets.iter().zip(&paid).map(|(set, &paid)| (paid - whole(set.weight)).max(0));
        loss -= above.sum::<i128>();
        let mut order: Vec<u32> = (0..states.len() as u32).filter(|&s| states[s as usize] == State::Free).collect();
        order.sort_unstable_by(|&a, &b| earned[b as usize].cmp(&earned[a as usize]).then(a.cmp(&b)));
        let opened = states.iter().zip(&earned).filter(|one| *one.0 == State::Open);
        let (count, sum) = opened.fold((0, 0), |(count, sum), (_, earned)| (count + 1, sum + earned));
        let left = self.k.saturating_sub(count).min(order.len());
        loss -= sum + order.iter().take(left).map(|&site| earned[site as usize]).sum::<i128>();
        let most = |loss: i128| {
            let bound = (whole(self.all()) - loss) >> 20;
            i64::try_from(bound).unwrap_or(i64::MAX)
        };
        let mut states = states.to_vec();
        let of = |at: usize| order.get(at).map(|&site| earned[site as usize]);
        for (at, &site) in order.iter().enumerate() {
            let earned = earned[site as usize];
            // What it costs at least if this site goes the other way.
            let other = if at < left {
                of(left).map(|next| earned - next)
            } else {
                left.checked_sub(1).and_then(of).map(|last| last - earned)
            };
            if other.is_none_or(|more| most(loss + more) <= best) {
                states[site as usize] = if at < left { State::Open } else { State::Closed };
            }
        }
        Proof { bound: most(loss), states }
    }
}

/// Returns the places of free sites among the free sites, their ids and the ids of those that open.
fn placed(states: &[State], id: impl Fn(u32) -> u32) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let (mut places, mut sites, mut open) = (Vec::with_capacity(states.len()), Vec::new(), Vec::new());
    for (state, site) in states.iter().zip(0u32..) {
        places.push(sites.len() as u32);
        match state {
            State::Free => sites.push(id(site)),
            State::Open => open.push(id(site)),
            State::Closed => {}
        }
    }
    (places, sites, open)
}
