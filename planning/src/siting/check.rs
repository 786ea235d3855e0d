//! Reckons, without the search, what a choice of sites is worth and what no choice can exceed.

use super::{Offers, Placement};

/// What is wrong with a placement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A site does not exist or is named twice.
    #[error("site {0} does not exist or is opened twice")]
    Site(u32),
    /// The gains add up to another value.
    #[error("the value is said to be {said}, and the gains add up to {found}")]
    Value {
        /// What the placement says.
        said: i64,
        /// What the check found.
        found: i64,
    },
    /// The prices do not prove the bound.
    #[error("no choice is said to gain more than {said}; the prices prove {found} only")]
    Bound {
        /// What the placement says.
        said: i64,
        /// What the prices prove.
        found: i64,
    },
    /// There is not one price for each demand.
    #[error("{found} prices for {demands} demands")]
    Prices {
        /// How many prices were given.
        found: usize,
        /// How many demands there are.
        demands: usize,
    },
}

/// Returns the gains of some sites together.
pub fn value_of(offers: &Offers, open: &[u32]) -> i64 {
    let mut has = vec![0i64; offers.demands()];
    for &site in open {
        for &(demand, gain) in &offers.by_site[site as usize] {
            has[demand as usize] = has[demand as usize].max(gain);
        }
    }
    has.into_iter().sum()
}

/// Prices are counted in this part of a gain, so that sums lose nothing.
const UNIT: f64 = (1u64 << 30) as f64;

/// Returns a price as a whole number of parts, rounded down. Any prices prove a bound, so rounding is no fault.
fn parts(price: f64) -> i128 {
    (price.clamp(0.0, 1e18) * UNIT).floor() as i128
}

/// Returns the parts of a whole gain.
fn whole(gain: i64) -> i128 {
    i128::from(gain) << 30
}

/// Returns the sum of the prices, and what each site offers above them, in parts of a gain.
pub(super) fn earned_above(offers: &Offers, prices: &[f64]) -> (i128, Vec<i128>) {
    let prices: Vec<i128> = prices.iter().map(|&price| parts(price)).collect();
    let above = |&(demand, gain): &(u32, i64)| {
        let price = prices.get(demand as usize).copied().unwrap_or(0);
        (whole(gain) - price).max(0)
    };
    let earned = offers.by_site.iter().map(|offers| offers.iter().map(above).sum()).collect();
    (prices.iter().sum(), earned)
}

/// Returns a bound that no choice of `k` sites passes, by prices of the demands. Each price is paid once, and a site
/// earns what it offers above the prices. No `k` sites earn more than the `k` that earn most. Gains are whole numbers,
/// so the bound is rounded down.
pub fn bound_of(offers: &Offers, prices: &[f64], k: usize) -> i64 {
    let (paid, mut earned) = earned_above(offers, prices);
    earned.sort_unstable_by(|a, b| b.cmp(a));
    let bound = (paid + earned.iter().take(k).sum::<i128>()) >> 30;
    i64::try_from(bound).unwrap_or(i64::MAX)
}

/// Returns how many sites gain `wanted` at least, by prices of the demands: fewer cannot.
pub fn fewest_by(offers: &Offers, prices: &[f64], wanted: i64) -> usize {
    let (mut sum, mut earned) = earned_above(offers, prices);
    earned.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = whole(wanted);
    let enough = |one: &i128| {
        let short = sum < wanted;
        sum += one;
        short
    };
    earned.iter().copied().take_while(enough).count()
}

/// What was found by trying every choice that prices do not rule out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// No choice gains more.
    None,
    /// These sites gain more.
    Better(Vec<u32>),
    /// It would take more work than allowed.
    TooMany,
}

/// Tries whether some choice of `k` sites gains more than `most`. The prices of the demands rule out nearly all of
/// them. `work` is the greatest number of sums reckoned, as the search counts them ([`super::Effort::work`]).
pub fn any_above(offers: &Offers, prices: &[f64], k: usize, most: i64, work: u64) -> Tried {
    let (paid, earned) = earned_above(offers, prices);
    let mut order: Vec<(i128, u32)> = earned.into_iter().zip(0..).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let k = k.min(order.len());
    let (has, chosen) = (vec![0; offers.demands()], Vec::new());
    let mut sums = vec![0];
    for (earned, _) in &order {
        sums.push(sums.last().copied().unwrap_or(0) + earned);
    }
    let mut trial = Trial { offers, order, sums, k, wanted: whole(most) + whole(1), most, has, chosen, left: work };
    match trial.go(0, paid, 0) {
        None => Tried::TooMany,
        Some(false) => Tried::None,
        Some(true) => {
            trial.chosen.sort_unstable();
            Tried::Better(trial.chosen)
        }
    }
}

/// A trial of choices, those that earn most first.
struct Trial<'a> {
    offers: &'a Offers,
    /// What each site earns, and the site.
    order: Vec<(i128, u32)>,
    /// What the first sites of the order earn together: none, one, two …
    sums: Vec<i128>,
    k: usize,
    /// What a choice must be able to gain to be looked at, in parts of a gain.
    wanted: i128,
    most: i64,
    /// What each demand has from the chosen sites.
    has: Vec<i64>,
    chosen: Vec<u32>,
    left: u64,
}

impl Trial<'_> {
    /// Says whether some choice that goes on from here gains more, and leaves it in `chosen`. `sum` is what the chosen
    /// ones can gain at most, `value` what they gain.
    fn go(&mut self, from: usize, sum: i128, value: i64) -> Option<bool> {
        let open = self.k - self.chosen.len();
        if open == 0 {
            return Some(value > self.most);
        }
        for at in from..=self.order.len() - open {
            if sum + self.sums[at + open] - self.sums[at] < self.wanted {
                break;
            }
            let (earned, site) = self.order[at];
            self.left = self.left.checked_sub(1 + self.offers.by_site[site as usize].len() as u64)?;
            let before = self.take(site);
            let gained: i64 = before.iter().map(|&(demand, had)| self.has[demand as usize] - had).sum();
            self.chosen.push(site);
            if self.go(at + 1, sum + earned, value + gained)? {
                return Some(true);
            }
            self.chosen.pop();
            for (demand, had) in before {
                self.has[demand as usize] = had;
            }
        }
        Some(false)
    }

    /// Gives the demands of a site its gains where these are higher. Returns these demands with what they had before.
    fn take(&mut self, site: u32) -> Vec<(u32, i64)> {
        let mut before = Vec::new();
        for &(demand, gain) in &self.offers.by_site[site as usize] {
            let has = &mut self.has[demand as usize];
            if gain > *has {
                before.push((demand, *has));
                *has = gain;
            }
        }
        before
    }
}

/// Checks the sites, the value and, where the bound came from prices alone, the bound.
pub fn check(offers: &Offers, placement: &Placement) -> Result<(), Wrong> {
    let mut seen = vec![false; offers.sites()];
    for &site in &placement.open {
        match seen.get_mut(site as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(Wrong::Site(site)),
        }
    }
    let found = value_of(offers, &placement.open);
    if found != placement.value {
        return Err(Wrong::Value { said: placement.value, found });
    }
    if placement.prices.len() != offers.demands() {
        return Err(Wrong::Prices { found: placement.prices.len(), demands: offers.demands() });
    }
    let proven = bound_of(offers, &placement.prices, placement.open.len());
    if !placement.by_trying && placement.bound < proven {
        return Err(Wrong::Bound { said: placement.bound, found: proven });
    }
    Ok(())
}
