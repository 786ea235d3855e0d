//! Finds the fewest sites that together reach a wanted amount, and proves how many are needed at least.

use super::exchange::Choice;
use super::{Certificate, Effort, Offers, fewest_by, greedy, price, value_of};

/// The rounds of pricing for the bound, and the rounds without a better bound before steps get shorter.
const ROUNDS: u32 = 1_000;
const PATIENCE: u32 = 25;

/// The effort that is put into trying one number of sites, unless somebody asks for a proof.
const EFFORT: Effort = Effort { rounds: 200, every: 50, shuffles: 0, work: 0, seed: 0 };

/// The fewest sites found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fewest {
    /// The sites, by id.
    pub open: Vec<u32>,
    /// What they reach together.
    pub value: i64,
    /// No choice of fewer sites than this reaches as much.
    pub at_least: usize,
    /// The prices of the demands that prove it: see [`fewest_by`].
    pub prices: Vec<f64>,
    /// This is set when trying what the prices leave open proves more than the prices alone.
    pub by_trying: bool,
    /// What was tried: it proves that one site less than `at_least` does not gain as much, see [`super::confirm()`].
    pub certificate: Option<Certificate>,
}

/// Returns the fewest sites whose gains reach `wanted`, or `None` when all sites together do not. Every site must offer
/// a demand the same gain, as it does where households are reached. `work` is the greatest number of sums reckoned to
/// close what the prices leave open of each number of sites that is tried; 0 leaves it open.
pub fn fewest(offers: &Offers, wanted: i64, work: u64, progress: &mut dyn FnMut() -> bool) -> Option<Fewest> {
    if wanted <= 0 {
        let prices = vec![0.0; offers.demands()];
        return Some(Fewest { open: Vec::new(), value: 0, at_least: 0, prices, by_trying: false, certificate: None });
    }
    if offers.all() < wanted {
        return None;
    }
    let mut best = by_greed(offers, wanted);
    let mut prices = prices(offers, wanted, best.len(), progress);
    // Nothing is reached without a site, whatever the prices say.
    let mut at_least = fewest_by(offers, &prices, wanted).max(1);
    let (mut lowest, mut tried, mut certificate) = (at_least, 0, None);
    let effort = Effort { work, ..EFFORT };
    while lowest < best.len() && progress() {
        let middle = usize::midpoint(lowest, best.len());
        let greedy = Choice::of(offers, &greedy(offers, middle));
        let found = price::bound(offers, greedy, middle, effort, progress);
        if found.value >= wanted {
            best = found.open;
        } else {
            lowest = middle + 1;
            if found.bound < wanted {
                (tried, certificate) = (lowest, found.certificate);
            }
            let proven = fewest_by(offers, &found.prices, wanted);
            if proven > at_least {
                (at_least, prices) = (proven, found.prices);
            }
        }
    }
    let value = value_of(offers, &best);
    let by_trying = tried > at_least;
    let at_least = at_least.max(tried).min(best.len());
    let certificate = certificate.filter(|_| by_trying);
    Some(Fewest { at_least, open: best, value, prices, by_trying, certificate })
}

/// Takes sites one by one, always the one that gains most, until they reach what is wanted.
fn by_greed(offers: &Offers, wanted: i64) -> Vec<u32> {
    let (mut low, mut high) = (1, offers.sites());
    while low < high {
        let middle = usize::midpoint(low, high);
        if value_of(offers, &greedy(offers, middle)) >= wanted {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    greedy(offers, high)
}

/// Gives each demand its share of the largest site that reaches it. `brings` is what each of them brings.
fn first_prices(offers: &Offers, brings: &[f64]) -> Vec<f64> {
    let largest = |offers: &Vec<(u32, i64)>| offers.iter().map(|&(_, gain)| gain).sum::<i64>() as f64;
    let sums: Vec<f64> = offers.by_site.iter().map(largest).collect();
    let share = |(offers, brings): (&Vec<(u32, i64)>, &f64)| {
        let most = offers.iter().map(|&(site, _)| sums[site as usize]).fold(1.0, f64::max);
        brings / most
    };
    offers.by_demand.iter().zip(brings).map(share).collect()
}

/// Gives each demand a price for being reached. A site is worth opening when the prices it reaches add up to more than
/// one. The demands that are cheapest for what they bring make up what is wanted.
///
/// Returns the prices in gains, as [`fewest_by`] takes them: what a demand brings beyond its price, where a gain has
/// the price of the dearest one that is wanted.
fn prices(offers: &Offers, wanted: i64, known: usize, progress: &mut dyn FnMut() -> bool) -> Vec<f64> {
    let brings: Vec<f64> =
        offers.by_demand.iter().map(|offers| offers.iter().map(|&(_, gain)| gain).max().unwrap_or(0) as f64).collect();
    let mut prices = first_prices(offers, &brings);
    let mut order: Vec<u32> = (0..prices.len() as u32).filter(|&demand| brings[demand as usize] > 0.0).collect();
    let (mut best, mut step, mut stalled) = (0.0f64, 1.0, 0);
    let mut turn = vec![0.0f64; prices.len()];
    let mut proof = vec![0.0f64; prices.len()];
    for _ in 0..ROUNDS {
        if !progress() || best.ceil() as usize >= known {
            break;
        }
        turn.fill(0.0);
        let mut value = 0.0;
        for offers in &offers.by_site {
            let paid: f64 = offers.iter().map(|&(demand, _)| prices[demand as usize]).sum();
            if paid > 1.0 {
                value += 1.0 - paid;
                for &(demand, _) in offers {
                    turn[demand as usize] -= 1.0;
                }
            }
        }
        order.sort_unstable_by(|&a, &b| {
            let each = |demand: u32| prices[demand as usize] / brings[demand as usize];
            each(a).total_cmp(&each(b)).then(a.cmp(&b))
        });
        let (mut open, mut dearest) = (wanted as f64, 0.0);
        for &demand in &order {
            if open <= 0.0 {
                break;
            }
            dearest = prices[demand as usize] / brings[demand as usize];
            let part = (open / brings[demand as usize]).min(1.0);
            value += part * prices[demand as usize];
            turn[demand as usize] += part;
            open -= part * brings[demand as usize];
        }
        if value > best + 1e-6 && dearest > 0.0 {
            best = value;
            stalled = 0;
            let beyond = |(price, brings): (&f64, &f64)| (brings - price / dearest).max(0.0);
            proof = prices.iter().zip(&brings).map(beyond).collect();
        } else {
            stalled += 1;
            if stalled > PATIENCE {
                step *= 0.6;
                stalled = 0;
            }
        }
        let norm: f64 = turn.iter().map(|turn| turn * turn).sum();
        if norm == 0.0 {
            break;
        }
        let by = step * (known as f64 - value).max(0.1) / norm;
        for (price, turn) in prices.iter_mut().zip(&turn) {
            *price = (*price + by * turn).max(0.0);
        }
    }
    proof
}
