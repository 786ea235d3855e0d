//! Finds where the next stations belong: a number of stations that reach most households, the fewest stations that
//! reach a share of them, or the stations that shorten the walks most. Each answer comes with a bound that no choice
//! can exceed.
//!
//! **Problem.** A site offers a gain to each demand it reaches: the households of a building that no station reached
//! before, or the walking that they are spared. A demand takes its greatest gain among the sites that open. [`choose`]
//! takes the `k` sites whose gains together are greatest.
//!
//! Method: a greedy choice that reckons a gain anew only when it may lead; exchanges of one site for another with gains
//! and losses kept (Resende and Werneck, On the implementation of a swap-based local search procedure for the p-median
//! problem, ALENEX 2003); and prices for the demands by subgradients. The prices bound every choice. The sites that
//! earn most at these prices are mostly the best choice after exchanges. What the bound leaves open is closed by a
//! linear program of what is left, cuts, and branches (see `tree.rs`), up to a limit of work; a gap is told. What was
//! tried is written down, so that [`confirm()`] follows it without a search.
//!
//! ```
//! use planning::siting::{Effort, Offers, check, choose};
//!
//! // Three sites; the first reaches two buildings, the others one each.
//! let offers = Offers::of_households(&[40, 30, 20], &[vec![0, 1], vec![1], vec![2]]);
//! let found = choose(&offers, 2, Effort::fitting(&offers, 1), &mut || true);
//! assert_eq!((found.open.as_slice(), found.value, found.gap()), (&[0, 2][..], 90, 0.0));
//! assert_eq!(check(&offers, &found), Ok(()));
//! ```

mod certificate;
mod check;
mod confirm;
mod cover;
mod cuts;
mod exchange;
mod fewest;
mod price;
mod simplex;
mod tree;

pub use certificate::{Certificate, Halved, Known, MOST_NUMBERS, Step};
pub use check::{Tried, Wrong, any_above, bound_of, check, fewest_by, value_of};
pub use confirm::{Flaw, confirm};
pub use fewest::{Fewest, fewest};

use std::collections::{BTreeMap, BinaryHeap};

use exchange::Choice;

/// What each site offers, demand by demand.
#[derive(Debug, Clone)]
pub struct Offers {
    /// The demands of each site with the gain it brings them, by demand.
    pub(crate) by_site: Vec<Vec<(u32, i64)>>,
    /// The sites that offer something to each demand, by site.
    pub(crate) by_demand: Vec<Vec<(u32, i64)>>,
}

impl Offers {
    /// Takes offers as they are: for each site, demands with a gain above 0, each demand once.
    pub fn new(demands: usize, sites: Vec<Vec<(u32, i64)>>) -> Self {
        let mut by_demand = vec![Vec::new(); demands];
        let by_site: Vec<Vec<(u32, i64)>> = sites
            .into_iter()
            .zip(0u32..)
            .map(|(mut offers, site)| {
                offers.retain(|&(demand, gain)| gain > 0 && (demand as usize) < demands);
                offers.sort_unstable();
                offers.dedup_by_key(|&mut (demand, _)| demand);
                for &(demand, gain) in &offers {
                    by_demand[demand as usize].push((site, gain));
                }
                offers
            })
            .collect();
        Self { by_site, by_demand }
    }

    /// Makes offers of the households that each site would reach. For each site it takes the buildings, for each
    /// building the households, which are 0 where a station reaches it already. Buildings that the same sites reach
    /// become one demand.
    pub fn of_households(households: &[u64], reach: &[Vec<u32>]) -> Self {
        let mut sites_of: Vec<Vec<u32>> = vec![Vec::new(); households.len()];
        for (buildings, site) in reach.iter().zip(0u32..) {
            for &building in buildings {
                if households[building as usize] > 0 {
                    sites_of[building as usize].push(site);
                }
            }
        }
        let mut together: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        for (mut sites, &households) in sites_of.into_iter().zip(households) {
            if !sites.is_empty() {
                sites.sort_unstable();
                sites.dedup();
                *together.entry(sites).or_default() += households as i64;
            }
        }
        let mut by_site = vec![Vec::new(); reach.len()];
        let demands = together.len();
        for ((sites, households), demand) in together.into_iter().zip(0u32..) {
            for site in sites {
                by_site[site as usize].push((demand, households));
            }
        }
        Self::new(demands, by_site)
    }

    /// Makes offers of the walking that each site would spare (the p-median). For each building it takes the households
    /// and the time today in ds, for each site the buildings with their times to it.
    pub fn of_walks(households: &[u64], today: &[u32], walks: &[Vec<(u32, u32)>]) -> Self {
        let spared = |&(building, time): &(u32, u32)| {
            let less = i64::from(today[building as usize]) - i64::from(time);
            (building, less.max(0) * households[building as usize] as i64)
        };
        let sites = walks.iter().map(|walks| walks.iter().map(spared).collect()).collect();
        Self::new(households.len(), sites)
    }

    /// Returns how many sites there are.
    pub fn sites(&self) -> usize {
        self.by_site.len()
    }

    /// Returns how many demands there are.
    pub fn demands(&self) -> usize {
        self.by_demand.len()
    }

    /// Writes site, demand and gain of each offer as 32-bit words, least significant byte first, for other programs to
    /// read.
    pub fn bytes(&self) -> Vec<u8> {
        let offers = self.by_site.iter().zip(0u32..);
        let words = offers.flat_map(|(offers, site)| {
            offers.iter().flat_map(move |&(demand, gain)| [site, demand, u32::try_from(gain).unwrap_or(u32::MAX)])
        });
        words.flat_map(u32::to_le_bytes).collect()
    }

    /// Returns all gains together when every site opens.
    pub fn all(&self) -> i64 {
        self.by_demand.iter().filter_map(|offers| offers.iter().map(|&(_, gain)| gain).max()).sum()
    }
}

/// How many sums are reckoned at most to close what prices leave open, by the search and by whoever tries it again
/// ([`any_above`]), unless somebody asks for more.
pub const WORK: u64 = 4_000_000_000;

/// How much work is put into the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// The greatest number of pricing rounds. Pricing ends sooner when the bound is met.
    pub rounds: u32,
    /// After each so many rounds, exchanges improve the choice of the sites that earn most.
    pub every: u32,
    /// How many times some sites of the best choice are shuffled and exchanged again.
    pub shuffles: u32,
    /// The greatest number of sums reckoned to close what the prices leave open.
    pub work: u64,
    /// The chance for shuffles.
    pub seed: u64,
}

impl Effort {
    /// Returns an effort that fits the size: small towns get more rounds, a large city enough of them.
    pub fn fitting(offers: &Offers, seed: u64) -> Self {
        let size: usize = offers.by_site.iter().map(Vec::len).sum();
        let rounds = (100_000_000 / size.max(1)).clamp(500, 6_000) as u32;
        let small = rounds > 500;
        let shuffled = if small { 80_000_000 } else { 15_000_000 };
        Self {
            rounds,
            every: if small { 10 } else { 25 },
            shuffles: (shuffled / size.max(1)).clamp(20, 5_000) as u32,
            work: WORK,
            seed,
        }
    }
}

/// The sites chosen, and how good the choice is.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The sites, by id.
    pub open: Vec<u32>,
    /// The gains together.
    pub value: i64,
    /// Every choice of as many sites gains at most this.
    pub bound: i64,
    /// The prices of the demands that prove the bound.
    pub prices: Vec<f64>,
    /// This is set when the bound comes from trying what the prices leave open, not from prices alone.
    pub by_trying: bool,
    /// What was tried, step by step, so that [`confirm()`] can follow it. There is none where prices alone prove the
    /// bound, and where it would be too long.
    pub certificate: Option<Certificate>,
    /// How many rounds of pricing it took.
    pub rounds: u32,
}

impl Placement {
    /// Returns how much a better choice could gain at most, as a share of the value; 0 proves that no choice is better.
    pub fn gap(&self) -> f64 {
        if self.bound <= self.value { 0.0 } else { (self.bound - self.value) as f64 / self.value.max(1) as f64 }
    }
}

/// Finds the best `k` sites it can, with a bound. The same seed gives the same answer. `progress` is asked in each
/// round; when it returns `false`, the best choice so far is returned.
pub fn choose(offers: &Offers, k: usize, effort: Effort, progress: &mut dyn FnMut() -> bool) -> Placement {
    let k = k.min(offers.sites());
    if k == 0 {
        return Placement {
            open: Vec::new(),
            value: 0,
            bound: 0,
            prices: vec![0.0; offers.demands()],
            by_trying: false,
            certificate: None,
            rounds: 0,
        };
    }
    let mut choice = Choice::of(offers, &greedy(offers, k));
    choice.exchange();
    price::bound(offers, choice, k, effort, progress)
}

/// Takes sites one by one, always the one that adds most to those taken before.
pub fn greedy(offers: &Offers, k: usize) -> Vec<u32> {
    let mut has = vec![0i64; offers.demands()];
    let all = |offers: &[(u32, i64)]| offers.iter().map(|&(_, gain)| gain).sum::<i64>();
    let mut waiting: BinaryHeap<(i64, std::cmp::Reverse<u32>, usize)> =
        offers.by_site.iter().zip(0u32..).map(|(offers, site)| (all(offers), std::cmp::Reverse(site), 0)).collect();
    let mut open = Vec::with_capacity(k);
    while open.len() < k {
        let Some((_, site, seen)) = waiting.pop() else {
            break;
        };
        let offered = &offers.by_site[site.0 as usize];
        if seen == open.len() {
            open.push(site.0);
            for &(demand, gain) in offered {
                has[demand as usize] = has[demand as usize].max(gain);
            }
        } else {
            let more = offered.iter().map(|&(demand, gain)| (gain - has[demand as usize]).max(0)).sum();
            waiting.push((more, site, open.len()));
        }
    }
    open.sort_unstable();
    open
}

#[cfg(test)]
mod tests;
