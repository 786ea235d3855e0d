//! What a choice of sites is worth and what no choice can exceed, reckoned without the search.

use super::{Offers, Placement};

/// What is wrong with a placement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A site that does not exist, or twice.
    #[error("site {0} does not exist or is opened twice")]
    Site(u32),
    /// Another value than the gains add up to.
    #[error("the value is said to be {said}, and the gains add up to {found}")]
    Value {
        /// What the placement says.
        said: i64,
        /// What was found.
        found: i64,
    },
    /// A bound that its prices do not prove.
    #[error("no choice is said to gain more than {said}; the prices prove {found} only")]
    Bound {
        /// What the placement says.
        said: i64,
        /// What the prices prove.
        found: i64,
    },
    /// Not one price for each demand.
    #[error("{found} prices for {demands} demands")]
    Prices {
        /// How many were given.
        found: usize,
        /// How many demands there are.
        demands: usize,
    },
}

/// The gains of some sites together.
pub fn value_of(offers: &Offers, open: &[u32]) -> i64 {
    let mut has = vec![0i64; offers.demands()];
    for &site in open {
        for &(demand, gain) in &offers.by_site[site as usize] {
            has[demand as usize] = has[demand as usize].max(gain);
        }
    }
    has.into_iter().sum()
}

/// What no choice of `k` sites gains more than, by prices of the demands: each price is paid once, and a site earns what it
/// offers above the prices; the `k` sites that earn most cannot be bettered.
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

/// Checks sites, value and, where the bound was reached by prices alone, the bound.
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
