//! The first prices: what too many people want becomes dearer and what too few want cheaper, for some rounds, before
//! anybody is placed. What is certain from the start is not searched for: a slot that can never fill, or a building
//! with more people than there are places in its reach.

use super::plan::{BLOCKED, HOME, Plan};
use super::{Call, Need};

/// The number of rounds that raise and lower prices before the first person is placed, and the first step (ds).
const ROUNDS: usize = 8;
const FIRST_STEP: f64 = 1_500.0;
const STEP_SHRINKS: f64 = 0.8;
/// A building is looked at by itself from so many people on.
const ALIKE: u64 = 20;

impl Plan {
    /// Raises the price of what too many people want and lowers it where too few come, for some rounds.
    pub(super) fn find_prices(&mut self, call: &Call) {
        let short = i64::from(call.terms.short);
        // Each node's own part of the price. The whole price of a slot is its own part and that of its compound.
        let mut own = unfilled(call, self.price.len());
        let floor = self.crowded_from(call);
        self.sum_prices(call, &own, &floor);
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
            self.sum_prices(call, &own, &floor);
            step *= STEP_SHRINKS;
        }
        self.load.fill(0);
    }

    fn sum_prices(&mut self, call: &Call, own: &[i64], floor: &[i64]) {
        for node in 0..own.len() as u32 {
            let above = Self::above(call, node).map_or(0, |site| own[site as usize]);
            self.price[node as usize] = own[node as usize] + above;
        }
        for (price, floor) in self.price.iter_mut().zip(floor) {
            *price = (*price).max(*floor);
        }
        self.find_lowest(call);
    }

    pub(super) fn find_lowest(&mut self, call: &Call) {
        // Nobody asks for the price of a slot that is in nobody's reach.
        let reached = self.price.iter().zip(&call.slots).filter(|(_, slot)| !call.columns.of(slot.site).is_empty());
        self.lowest = reached.map(|(price, _)| *price).min().unwrap_or(0).min(0);
    }

    /// Returns what each node costs at least where one building has more people than there are places in its reach:
    /// some of them stay at home, so no place is better for them than home.
    fn crowded_from(&self, call: &Call) -> Vec<i64> {
        let mut floor = vec![-BLOCKED; self.price.len()];
        let mut people = vec![0u64; call.able.len()];
        for &first in &call.housed {
            people[first as usize] += 1;
        }
        let slots_of = |site: u32| call.first_slot[site as usize]..call.first_slot[site as usize + 1];
        let room = |site: u32| {
            let slots = slots_of(site).map(|slot| u64::from(call.slots[slot as usize].need.most)).sum::<u64>();
            slots.min(u64::from(call.sites[site as usize].most))
        };
        for (first, &people) in (0u32..).zip(&people) {
            let row = call.rows.of(first);
            if people < ALIKE || row.iter().map(|end| room(end.id)).sum::<u64>() >= people {
                continue;
            }
            for end in row {
                let above = slots_of(end.id).filter_map(|slot| Self::above(call, slot));
                for node in slots_of(end.id).chain(above) {
                    let floor = &mut floor[node as usize];
                    *floor = (*floor).max(i64::from(call.terms.home) - i64::from(end.cost));
                }
            }
        }
        floor
    }
}

/// Returns each node's own price where somebody is missing for certain: a node wants more people than could come to it,
/// or all of them together want more than there are.
fn unfilled(call: &Call, nodes: usize) -> Vec<i64> {
    let short = i64::from(call.terms.short);
    let people = (0..call.able.len() as u32).filter(|&one| !call.rows.of(one).is_empty()).count() as u64;
    let reach = |node: u32| {
        let slot = call.slots.get(node as usize).map(|slot| slot.site);
        let site = slot.unwrap_or_else(|| node - call.slots.len() as u32);
        call.columns.of(site).len() as u64
    };
    let mut own = vec![0i64; nodes];
    for nodes in [0..call.slots.len(), call.slots.len()..nodes] {
        let wanted = |node: usize| u64::from(Plan::need(call, node as u32).least);
        let all: u64 = nodes.clone().map(|node| wanted(node).min(reach(node as u32))).sum();
        for node in nodes {
            if all > people || wanted(node) > reach(node as u32) {
                own[node] = -short;
            }
        }
    }
    own
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
