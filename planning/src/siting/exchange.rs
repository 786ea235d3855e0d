//! A choice of sites, and the exchange of one site for another as long as that gains something.

use super::Offers;

const NOBODY: u32 = u32::MAX;

/// The sites that are open, with what each demand has from the best and the second best of them.
#[derive(Debug, Clone)]
pub(super) struct Choice<'a> {
    offers: &'a Offers,
    pub open: Vec<u32>,
    is_open: Vec<bool>,
    /// The best open site of each demand, and its gain.
    best: Vec<(u32, i64)>,
    /// What each demand would have without that site.
    second: Vec<i64>,
    /// What opening a closed site would gain, or what closing an open one would lose.
    worth: Vec<i64>,
    pub value: i64,
}

impl<'a> Choice<'a> {
    pub fn of(offers: &'a Offers, open: &[u32]) -> Self {
        let mut choice = Self {
            offers,
            open: open.to_vec(),
            is_open: vec![false; offers.sites()],
            best: vec![(NOBODY, 0); offers.demands()],
            second: vec![0; offers.demands()],
            worth: vec![0; offers.sites()],
            value: 0,
        };
        for &site in open {
            choice.is_open[site as usize] = true;
        }
        for demand in 0..offers.demands() {
            choice.look(demand);
            choice.value += choice.best[demand].1;
            choice.count(demand, 1);
        }
        choice
    }

    /// Finds a demand's best and second best site anew.
    fn look(&mut self, demand: usize) {
        let (mut best, mut second) = ((NOBODY, 0), 0);
        for &(site, gain) in &self.offers.by_demand[demand] {
            if !self.is_open[site as usize] {
                continue;
            }
            if gain > best.1 {
                second = best.1;
                best = (site, gain);
            } else if gain > second {
                second = gain;
            }
        }
        self.best[demand] = best;
        self.second[demand] = second;
    }

    /// Adds a demand's part to the worth of its sites, or takes it away.
    fn count(&mut self, demand: usize, sign: i64) {
        let (best, second) = (self.best[demand], self.second[demand]);
        for &(site, gain) in &self.offers.by_demand[demand] {
            if !self.is_open[site as usize] {
                self.worth[site as usize] += sign * (gain - best.1).max(0);
            } else if site == best.0 {
                self.worth[site as usize] += sign * (best.1 - second);
            }
        }
    }

    /// Exchanges sites, the best exchange each time, until none gains anything.
    pub fn exchange(&mut self) {
        let mut shared = vec![0i64; self.offers.sites()];
        while let Some((enter, leave)) = self.best_exchange(&mut shared) {
            self.swap(enter, leave);
        }
    }

    fn best_exchange(&self, shared: &mut [i64]) -> Option<(u32, u32)> {
        let cheapest = self.open.iter().copied().min_by_key(|&site| self.worth[site as usize])?;
        let least = self.worth[cheapest as usize];
        let mut best = (0, None);
        let mut near: Vec<u32> = Vec::new();
        for enter in 0..self.offers.sites() as u32 {
            if self.is_open[enter as usize] {
                continue;
            }
            let gain = self.worth[enter as usize];
            // Closing a site loses less where the site that opens takes its place.
            let mut all_shared = 0;
            for &(demand, offered) in &self.offers.by_site[enter as usize] {
                let (site, has) = self.best[demand as usize];
                let saved = offered.min(has) - self.second[demand as usize];
                if site != NOBODY && saved > 0 {
                    if shared[site as usize] == 0 {
                        near.push(site);
                    }
                    shared[site as usize] += saved;
                    all_shared += saved;
                }
            }
            if gain + all_shared - least > best.0 {
                for &leave in near.iter().chain([&cheapest]) {
                    let better = gain + shared[leave as usize] - self.worth[leave as usize];
                    if better > best.0 {
                        best = (better, Some((enter, leave)));
                    }
                }
            }
            for site in near.drain(..) {
                shared[site as usize] = 0;
            }
        }
        best.1
    }

    fn swap(&mut self, enter: u32, leave: u32) {
        let offers = self.offers;
        let touched = |site: u32| offers.by_site[site as usize].iter().map(|&(demand, _)| demand);
        let mut demands: Vec<u32> = touched(enter).chain(touched(leave)).collect();
        demands.sort_unstable();
        demands.dedup();
        for &demand in &demands {
            self.count(demand as usize, -1);
            self.value -= self.best[demand as usize].1;
        }
        self.is_open[enter as usize] = true;
        self.is_open[leave as usize] = false;
        self.open.retain(|&site| site != leave);
        self.open.push(enter);
        // All of their worth comes from these demands alone.
        for &demand in &demands {
            self.look(demand as usize);
            self.count(demand as usize, 1);
            self.value += self.best[demand as usize].1;
        }
    }
}
