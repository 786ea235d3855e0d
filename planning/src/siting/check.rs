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

/// Returns a bound that no choice of `k` sites passes, by prices of the demands. Each price is paid once, and a site
/// earns what it offers above the prices. No `k` sites earn more than the `k` that earn most.
pub fn bound_of(offers: &Offers, prices: &[f64], k: usize) -> f64 {
    let mut earned: Vec<f64> = offers
        .by_site
        .iter()
        .map(|offers| {
            offers.iter().map(|&(demand, gain)| (gain as f64 - prices[demand as usize].max(0.0)).max(0.0)).sum()
        })
        .collect();
    earned.sort_unstable_by(|a, b| b.total_cmp(a));
    prices.iter().map(|price| price.max(0.0)).sum::<f64>() + earned.iter().take(k).sum::<f64>()
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
    let proven = (bound_of(offers, &placement.prices, placement.open.len()) + 1e-6).floor() as i64;
    if !placement.by_trying && placement.bound < proven {
        return Err(Wrong::Bound { said: placement.bound, found: proven });
    }
    Ok(())
}
