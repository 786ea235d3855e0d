//! The first prices: what too many people want becomes dearer and what too few want cheaper, for some rounds, before
//! anybody is placed.

use super::plan::{HOME, Plan};
use super::{Call, Need};

/// The number of rounds that raise and lower prices before the first person is placed, and the first step (ds).
const ROUNDS: usize = 8;
const FIRST_STEP: f64 = 1_500.0;
const STEP_SHRINKS: f64 = 0.8;

impl Plan {
    /// Raises the price of what too many people want and lowers it where too few come, for some rounds.
    pub(super) fn find_prices(&mut self, call: &Call) {
        let short = i64::from(call.terms.short);
        let slots = call.slots.len();
        let least: u64 = call.sites.iter().map(|need| u64::from(need.least)).sum();
        // Each node's own part of the price. The whole price of a slot is its own part and that of its compound.
        let mut own = vec![0i64; self.price.len()];
        if least > call.able.len() as u64 {
            let wanting = if call.flat { 0 } else { slots };
            own[wanting..].fill(-short);
        }
        self.sum_prices(call, &own);
        if call.is_tied() {
            return;
        }
        let mut step = FIRST_STEP;
        for _ in 0..ROUNDS {
            self.load.fill(0);
            for volunteer in 0..call.able.len() as u32 {
                let (slot, _) = self.cheapest(call, volunteer);
                if slot != HOME {
                    self.load[slot as usize] += 1;
                    if let Some(site) = Self::above(call, slot) {
                        self.load[site as usize] += 1;
                    }
                }
            }
            for (node, own) in own.iter_mut().enumerate() {
                *own = moved(*own, self.load[node], Self::need(call, node as u32), step, short);
            }
            self.sum_prices(call, &own);
            step *= STEP_SHRINKS;
        }
        self.load.fill(0);
    }

    fn sum_prices(&mut self, call: &Call, own: &[i64]) {
        for node in 0..own.len() as u32 {
            let above = Self::above(call, node).map_or(0, |site| own[site as usize]);
            self.price[node as usize] = own[node as usize] + above;
        }
        self.find_lowest(call);
    }

    pub(super) fn find_lowest(&mut self, call: &Call) {
        self.lowest = self.price[..call.slots.len()].iter().copied().min().unwrap_or(0).min(0);
    }
}

/// Returns a node's own price after one round. It rises when too many people come and sinks when too few come, and it
/// never passes a price at which the node wants another number of people.
fn moved(price: i64, load: i64, need: Need, step: f64, short: i64) -> i64 {
    let (least, most) = (i64::from(need.least), i64::from(need.most));
    let over = if load > most || price > 0 {
        load - most
    } else if load < least || price < 0 {
        load - least
    } else {
        0
    };
    if price == -short && over < 0 {
        return price;
    }
    let size = ((least + most) as f64 / 2.0).max(1.0);
    let by = (step * over as f64 / size).clamp(-2.0 * step, 2.0 * step) as i64;
    let next = price + by;
    if (price < 0) != (next < 0) && (price > 0) != (next > 0) && price != 0 { 0 } else { next.max(-short) }
}
