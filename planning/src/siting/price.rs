//! Gives the demands prices and moves them round by round so that the bound they prove sinks. It makes choices from
//! what sites earn at these prices.

use super::exchange::Choice;
use super::{Effort, Offers, Placement, check, tree};
use crate::chance::Chance;

/// How far a step goes, as a multiple of the distance between bound and best choice.
const STEP: f64 = 1.5;
/// After this many rounds without a better bound (so many at least, and such a part of all rounds) steps get shorter by
/// a factor and start from the best prices again.
const PATIENCE: u32 = 15;
const PATIENCE_PART: u32 = 120;
const SHORTER: f64 = 0.7;
/// How much of the last direction stays in the next.
const INERTIA: f64 = 0.3;

struct Pricing<'a> {
    offers: &'a Offers,
    k: usize,
    prices: Vec<f64>,
    earned: Vec<f64>,
    direction: Vec<f64>,
    order: Vec<u32>,
    /// What is paid in any case, and the bound of this round.
    paid: f64,
    bound: f64,
}

pub(super) fn bound<'a>(
    offers: &'a Offers,
    choice: Choice<'a>,
    k: usize,
    effort: Effort,
    progress: &mut dyn FnMut() -> bool,
) -> Placement {
    let mut best = choice;
    let mut pricing = Pricing::new(offers, k);
    let (mut lowest, mut lowest_prices) = (f64::MAX, pricing.prices.clone());
    let (mut step, mut stalled, mut rounds) = (STEP, 0, 0);
    while rounds < effort.rounds && progress() {
        rounds += 1;
        pricing.earn();
        if pricing.bound < lowest - 0.01 {
            lowest = pricing.bound;
            lowest_prices.clone_from(&pricing.prices);
            stalled = 0;
        } else {
            stalled += 1;
            if stalled > PATIENCE.max(effort.rounds / PATIENCE_PART) {
                step *= SHORTER;
                stalled = 0;
                pricing.prices.clone_from(&lowest_prices);
                pricing.direction.fill(0.0);
                pricing.earn();
            }
        }
        if rounds % effort.every.max(1) == 0 {
            let mut choice = Choice::of(offers, pricing.top());
            choice.exchange();
            if choice.value > best.value {
                best = choice;
            }
        }
        if lowest < best.value as f64 + 1.0 || !pricing.turn(step, best.value as f64) {
            break;
        }
    }
    if lowest >= best.value as f64 + 1.0 {
        best = shuffled(best, &pricing, effort, lowest, progress);
    }
    let mut bound = check::bound_of(offers, &lowest_prices, k);
    let (by_prices, mut certificate) = (bound, None);
    if bound > best.value {
        let closed = tree::close(offers, k, &lowest_prices, best, effort.work, progress);
        (best, bound, certificate) = (closed.best, closed.bound, closed.certificate);
    }
    best.open.sort_unstable();
    let bound = bound.max(best.value);
    let (open, value, by_trying) = (best.open, best.value, bound < by_prices);
    let certificate = certificate.filter(|_| by_trying);
    Placement { open, value, bound, prices: lowest_prices, by_trying, certificate, rounds }
}

/// Returns the best choice after some of its sites were replaced by others that earn much, and exchanged again, many
/// times.
fn shuffled<'a>(
    mut best: Choice<'a>,
    pricing: &Pricing<'a>,
    effort: Effort,
    bound: f64,
    progress: &mut dyn FnMut() -> bool,
) -> Choice<'a> {
    let mut chance = Chance::new(effort.seed, 0);
    let mut order = pricing.order.clone();
    let earned = |site: u32| pricing.earned[site as usize];
    order.sort_unstable_by(|&a, &b| earned(b).total_cmp(&earned(a)).then(a.cmp(&b)));
    order.truncate(3 * pricing.k);
    for _ in 0..effort.shuffles {
        if bound < best.value as f64 + 1.0 || !progress() {
            break;
        }
        let mut open = best.open.clone();
        for _ in 0..2 + chance.below(4) {
            let enter = order[chance.below(order.len())];
            if !open.contains(&enter) {
                let leave = chance.below(open.len());
                open[leave] = enter;
            }
        }
        let mut choice = Choice::of(pricing.offers, &open);
        choice.exchange();
        if choice.value >= best.value {
            best = choice;
        }
    }
    best
}

impl<'a> Pricing<'a> {
    fn new(offers: &'a Offers, k: usize) -> Self {
        // A demand that many sites want has a high price, because one of them will open.
        let price = |offers: &Vec<(u32, i64)>| {
            let most = offers.iter().map(|&(_, gain)| gain).max().unwrap_or(0) as f64;
            most - most / (offers.len() as f64).sqrt().max(1.0)
        };
        Self {
            offers,
            k,
            prices: offers.by_demand.iter().map(price).collect(),
            earned: vec![0.0; offers.sites()],
            direction: vec![0.0; offers.demands()],
            order: (0..offers.sites() as u32).collect(),
            paid: 0.0,
            bound: 0.0,
        }
    }

    /// Reckons what each site earns above the prices, and the bound that follows.
    fn earn(&mut self) {
        for (earned, offers) in self.earned.iter_mut().zip(&self.offers.by_site) {
            *earned = offers.iter().map(|&(demand, gain)| (gain as f64 - self.prices[demand as usize]).max(0.0)).sum();
        }
        let earned = &self.earned;
        if self.k < self.order.len() {
            self.order.select_nth_unstable_by(self.k - 1, |&a, &b| {
                earned[b as usize].total_cmp(&earned[a as usize]).then(a.cmp(&b))
            });
        }
        self.paid = self.prices.iter().sum();
        self.bound = self.paid + self.top().iter().map(|&site| self.earned[site as usize]).sum::<f64>();
    }

    /// Returns the `k` sites that earn most.
    fn top(&self) -> &[u32] {
        &self.order[..self.k]
    }

    /// Moves the prices: up where several of the top sites want a demand, down where none does. When no price can move,
    /// pricing ends.
    fn turn(&mut self, step: f64, best: f64) -> bool {
        for direction in &mut self.direction {
            *direction = *direction * INERTIA + (1.0 - INERTIA);
        }
        for &site in &self.order[..self.k] {
            for &(demand, gain) in &self.offers.by_site[site as usize] {
                if gain as f64 > self.prices[demand as usize] {
                    self.direction[demand as usize] -= 1.0 - INERTIA;
                }
            }
        }
        // A price of 0 that should sink does not count.
        let counts = |price: f64, direction: f64| !(price <= 0.0 && direction > 0.0);
        let norm: f64 = self
            .prices
            .iter()
            .zip(&self.direction)
            .filter(|&(&price, &direction)| counts(price, direction))
            .map(|(_, direction)| direction * direction)
            .sum();
        if norm == 0.0 {
            return false;
        }
        let by = step * (self.bound - best).max(1.0) / norm;
        for (price, direction) in self.prices.iter_mut().zip(&self.direction) {
            *price = (*price - by * direction).max(0.0);
        }
        true
    }
}
