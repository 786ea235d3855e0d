//! A plan in the making says who is where, how many people each slot and compound passes on, and which prices hold it
//! together.
//!
//! Every slot is a node. A compound is a node too when it has bounds of its own over its slots. The people who arrive
//! at a node (`load`) are passed on (`flow`) to its compound or out of the plan. Three things are true all the time: a
//! volunteer is where his walk and the price together cost least; a node passes on what its price and its bounds allow;
//! no node passes on more than its most. Only one thing may be missing, that load and flow agree. [`super::paths`]
//! repairs that, one person at a time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Answer, Call, Need};

/// The place of somebody who stays at home.
pub(super) const HOME: u32 = u32::MAX;
/// The place of a volunteer who is nowhere for a moment, while his pairs change.
const NOWHERE: u32 = u32::MAX - 1;
/// A number greater than the cost of any path.
pub(super) const BLOCKED: i64 = i64::MAX / 4;

/// Fewer people than this that move together are no reason to try it as soon again.
const FEW: u64 = 16;

/// The state of a plan. It outlives a call, so that a changed call is planned from where the last one stood.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The slot of each volunteer, or [`HOME`] or [`NOWHERE`].
    pub(super) at: Vec<u32>,
    /// What it costs each volunteer to be there.
    pub(super) paid: Vec<i32>,
    /// What it costs each volunteer to be there, price included. This is freed when he is called away.
    pub(super) worth: Vec<i64>,
    /// Who is at each slot, and the place of each volunteer in that list.
    pub(super) members: Vec<Vec<u32>>,
    place: Vec<u32>,
    pub(super) load: Vec<i64>,
    pub(super) flow: Vec<i64>,
    pub(super) price: Vec<i64>,
    /// No slot has a price below this.
    pub(super) lowest: i64,
    pub(super) labels: Labels,
    /// Where the people of each slot could go.
    pub(super) onward: Vec<Onward>,
    seen: Seen,
    /// The kinds of slot that had room at each compound.
    open: Vec<u64>,
    /// How many people were moved since the plan began, one path each.
    pub(super) paths: u64,
    /// How many steps were looked at for single paths since people last moved together.
    pub(super) looked: usize,
}

/// Where the people of a slot could go: for each other slot, the person who goes there at the least additional cost.
#[derive(Debug, Clone, Default)]
pub(super) struct Onward {
    /// This is set while nobody came or left since it was reckoned.
    fresh: bool,
    /// The person who stays at home at the least additional cost; none when nobody is here.
    pub home: Option<(i64, u32)>,
    pub ways: Vec<Way>,
}

/// A way from one slot to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub slot: u32,
    pub volunteer: u32,
    /// What it costs more to be there than here, without prices.
    pub more: i32,
}

/// The places of the slots in a list of ways while the list is made.
#[derive(Debug, Clone, Default)]
struct Seen {
    stamp: u32,
    at: Vec<(u32, u32)>,
    /// When somebody like this volunteer was last looked at.
    alike: Vec<u32>,
}

/// What a search for a path remembers of each node.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pub dist: Vec<i64>,
    /// The volunteer who would move, or [`HOME`] for a step between slot and compound.
    pub via: Vec<u32>,
    /// The node before this one on the path.
    pub before: Vec<u32>,
    pub done: Vec<bool>,
    pub touched: Vec<u32>,
    pub heap: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Labels {
    fn new(nodes: usize) -> Self {
        Self {
            dist: vec![i64::MAX; nodes],
            via: vec![HOME; nodes],
            before: vec![0; nodes],
            done: vec![false; nodes],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    fn clear(&mut self) {
        for &node in &self.touched {
            self.dist[node as usize] = i64::MAX;
            self.done[node as usize] = false;
        }
        self.touched.clear();
        self.heap.clear();
    }

    /// Forgets the last search and begins at a node.
    pub fn begin(&mut self, node: u32) {
        self.clear();
        self.relax(node, 0, HOME, node);
    }

    /// Returns the nearest node that was not looked at yet, if it is nearer than `limit`.
    pub fn nearest(&mut self, limit: i64) -> Option<(i64, u32)> {
        while let Some(Reverse((dist, node))) = self.heap.pop() {
            if dist >= limit {
                return None;
            }
            if !std::mem::replace(&mut self.done[node as usize], true) {
                return Some((dist, node));
            }
        }
        None
    }

    #[inline]
    pub fn relax(&mut self, node: u32, dist: i64, via: u32, before: u32) {
        let known = &mut self.dist[node as usize];
        if dist < *known {
            if *known == i64::MAX {
                self.touched.push(node);
            }
            *known = dist;
            self.via[node as usize] = via;
            self.before[node as usize] = before;
            self.heap.push(Reverse((dist, node)));
        }
    }
}

impl Plan {
    /// Finds the best plan of a call, starting from nothing.
    pub fn new(call: &Call) -> Self {
        let mut plan = Self::empty(call);
        plan.find_prices(call);
        plan.place_all(call);
        plan.trade(call);
        plan.repair(call);
        plan
    }

    /// Places everybody at the nearest compound and repairs nothing.
    #[cfg(test)]
    pub(super) fn unfinished(call: &Call) -> Self {
        let mut plan = Self::empty(call);
        plan.place_all(call);
        plan
    }

    fn empty(call: &Call) -> Self {
        let slots = call.slots.len();
        let nodes = if call.flat { slots } else { slots + call.sites.len() };
        Self {
            at: vec![NOWHERE; call.able.len()],
            paid: vec![0; call.able.len()],
            worth: vec![-BLOCKED; call.able.len()],
            members: vec![Vec::new(); slots],
            place: vec![0; call.able.len()],
            load: vec![0; nodes],
            flow: vec![0; nodes],
            price: vec![0; nodes],
            lowest: 0,
            labels: Labels::new(nodes),
            onward: vec![Onward::default(); slots],
            seen: Seen { stamp: 0, at: vec![(0, 0); slots], alike: vec![0; call.able.len()] },
            open: call.open.clone(),
            paths: 0,
            looked: 0,
        }
    }

    /// Finds the best plan of a call that differs from the one before: it may have other volunteers at the end of the
    /// list, other pairs or abilities of `changed` ones, other bounds. Slots and compounds must be the same. Somebody
    /// moves only if that improves the plan.
    pub fn update(&mut self, call: &Call, changed: &[u32]) {
        let before = self.at.len();
        for gone in call.able.len()..before {
            self.take(gone as u32);
        }
        self.at.resize(call.able.len(), NOWHERE);
        self.paid.resize(call.able.len(), 0);
        self.worth.resize(call.able.len(), -BLOCKED);
        self.place.resize(call.able.len(), 0);
        self.seen.alike.resize(call.able.len(), 0);
        let added = before.min(call.able.len()) as u32..call.able.len() as u32;
        // Whoever could go where there was no room looks again.
        let opened = (0u32..).zip(&call.open).zip(&self.open).filter(|((_, now), before)| *now & !*before != 0);
        let looking = opened.flat_map(|((site, _), _)| call.columns.of(site)).map(|end| end.id);
        let all: Vec<u32> = changed.iter().copied().chain(added).chain(looking).collect();
        self.open.clone_from(&call.open);
        self.find_lowest(call);
        for volunteer in all {
            if volunteer as usize >= self.at.len() {
                continue;
            }
            self.take(volunteer);
            let (slot, cost) = self.cheapest(call, volunteer);
            self.put(volunteer, slot, cost);
        }
        self.repair(call);
    }

    /// Returns the answer that was found.
    pub fn answer(&self, call: &Call) -> Answer {
        let slots = call.slots.len();
        let placed = |&at: &u32| (at < slots as u32).then_some(at);
        let mut site_price = self.price[slots..].to_vec();
        site_price.resize(call.sites.len(), 0);
        Answer { slot: self.at.iter().map(placed).collect(), slot_price: self.price[..slots].to_vec(), site_price }
    }

    /// Returns how many paths were walked to make load and flow agree, a measure of the work done.
    pub fn paths(&self) -> u64 {
        self.paths
    }

    /// Returns the bounds of a node.
    #[inline]
    pub(super) fn need(call: &Call, node: u32) -> Need {
        let slots = call.slots.len();
        match (node as usize).checked_sub(slots) {
            Some(site) => call.sites[site],
            None => call.slots[node as usize].need,
        }
    }

    /// Returns the node to which a slot passes people on, or `None` when they leave the plan.
    #[inline]
    pub(super) fn above(call: &Call, node: u32) -> Option<u32> {
        let slots = call.slots.len() as u32;
        (!call.flat && node < slots).then(|| slots + call.slots[node as usize].site)
    }

    /// Returns what one more person passed on by a node costs: he fills a gap, is welcome, or has no room.
    #[inline]
    pub(super) fn one_more(&self, call: &Call, node: u32) -> i64 {
        let (need, flow) = (Self::need(call, node), self.flow[node as usize]);
        if flow < i64::from(need.least) {
            -i64::from(call.terms.short)
        } else if flow < i64::from(need.most) {
            0
        } else {
            BLOCKED
        }
    }

    /// Returns what the last person passed on by a node costs, or `None` when nobody is passed on.
    #[inline]
    pub(super) fn last_one(&self, call: &Call, node: u32) -> Option<i64> {
        let (need, flow) = (Self::need(call, node), self.flow[node as usize]);
        if flow > i64::from(need.least) { Some(0) } else { (flow > 0).then_some(-i64::from(call.terms.short)) }
    }

    pub(super) fn put(&mut self, volunteer: u32, slot: u32, cost: i32) {
        self.at[volunteer as usize] = slot;
        self.paid[volunteer as usize] = cost;
        let price = self.price.get(slot as usize).copied().unwrap_or(0);
        self.worth[volunteer as usize] = i64::from(cost) + price;
        if slot < NOWHERE {
            let members = &mut self.members[slot as usize];
            self.place[volunteer as usize] = members.len() as u32;
            members.push(volunteer);
            self.load[slot as usize] += 1;
            self.onward[slot as usize].fresh = false;
        }
    }

    pub(super) fn take(&mut self, volunteer: u32) {
        let slot = std::mem::replace(&mut self.at[volunteer as usize], NOWHERE);
        self.worth[volunteer as usize] = -BLOCKED;
        if slot < NOWHERE {
            let members = &mut self.members[slot as usize];
            let place = self.place[volunteer as usize];
            members.swap_remove(place as usize);
            if let Some(&moved) = members.get(place as usize) {
                self.place[moved as usize] = place;
            }
            self.load[slot as usize] -= 1;
            self.onward[slot as usize].fresh = false;
        }
    }

    /// Reckons anew where the people of a slot could go, if anybody came or left.
    pub(super) fn refresh(&mut self, call: &Call, slot: u32) {
        let onward = &mut self.onward[slot as usize];
        if onward.fresh {
            return;
        }
        onward.fresh = true;
        onward.home = None;
        onward.ways.clear();
        self.seen.stamp += 1;
        self.looked += self.members[slot as usize].len();
        for &volunteer in &self.members[slot as usize] {
            let alike = &mut self.seen.alike[call.alike[volunteer as usize] as usize];
            if std::mem::replace(alike, self.seen.stamp) == self.seen.stamp {
                continue;
            }
            let paid = self.paid[volunteer as usize];
            let stay = i64::from(call.terms.home) - i64::from(paid);
            if onward.home.is_none_or(|(least, _)| stay < least) {
                onward.home = Some((stay, volunteer));
            }
            let row = call.rows.of(volunteer);
            self.looked += row.len();
            for end in row {
                let more = end.cost - paid;
                for other in call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1] {
                    if !call.may(volunteer, other) {
                        continue;
                    }
                    let way = Way { slot: other, volunteer, more };
                    let (stamp, at) = &mut self.seen.at[other as usize];
                    if *stamp != self.seen.stamp {
                        (*stamp, *at) = (self.seen.stamp, onward.ways.len() as u32);
                        onward.ways.push(way);
                    } else if more < onward.ways[*at as usize].more {
                        onward.ways[*at as usize] = way;
                    }
                }
            }
        }
    }

    /// Changes the price of a node and what its people are worth.
    pub(super) fn reprice(&mut self, node: u32, by: i64) {
        self.price[node as usize] += by;
        self.lowest = self.lowest.min(self.price[node as usize]);
        for &member in self.members.get(node as usize).into_iter().flatten() {
            self.worth[member as usize] += by;
        }
    }

    /// Returns where a volunteer is best off at these prices, and what he costs there.
    pub(super) fn cheapest(&self, call: &Call, volunteer: u32) -> (u32, i32) {
        let (slot, cost, _) = self.best_of(call, volunteer, |_| true);
        (slot, cost)
    }

    /// Returns where among some slots a volunteer is best off, what he costs there, and the same with the price.
    #[inline]
    pub(super) fn best_of(&self, call: &Call, volunteer: u32, among: impl Fn(u32) -> bool) -> (u32, i32, i64) {
        let mut best = (i64::from(call.terms.home), HOME, call.terms.home);
        for end in call.rows.of(volunteer) {
            let cost = i64::from(end.cost);
            if cost + self.lowest >= best.0 {
                break;
            }
            for slot in call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1] {
                let whole = cost + self.price[slot as usize];
                if whole < best.0 && among(slot) && call.may(volunteer, slot) {
                    best = (whole, slot, end.cost);
                }
            }
        }
        (best.1, best.2, best.0)
    }

    /// Places everybody where he is best off at these prices.
    pub(super) fn place_all(&mut self, call: &Call) {
        for volunteer in 0..call.able.len() as u32 {
            let (slot, cost) = self.cheapest(call, volunteer);
            if slot != self.at[volunteer as usize] {
                self.take(volunteer);
                self.put(volunteer, slot, cost);
            }
        }
        self.settle_all(call);
    }

    /// Lets every node pass on what its price and bounds allow.
    fn settle_all(&mut self, call: &Call) {
        self.find_lowest(call);
        for node in 0..self.load.len() as u32 {
            self.settle(call, node);
        }
    }

    /// Moves people until load and flow of every node agree.
    pub(super) fn repair(&mut self, call: &Call) {
        self.settle_all(call);
        let uneven = |plan: &Self| -> Vec<u32> {
            (0..plan.load.len() as u32).filter(|&node| plan.load[node as usize] != plan.flow[node as usize]).collect()
        };
        let mut patience = call.rows.count() + self.load.len();
        for node in uneven(self) {
            while self.load[node as usize] > self.flow[node as usize] {
                self.push(call, node);
                self.flood_at_times(call, &mut patience);
            }
        }
        for node in uneven(self) {
            while self.load[node as usize] < self.flow[node as usize] {
                self.pull(call, node);
                self.flood_at_times(call, &mut patience);
            }
        }
        debug_assert!(uneven(self).is_empty(), "every node passes on what arrives");
    }

    /// Moves people together once single paths looked at as many steps as there are pairs, which is what that costs.
    /// The next time comes later where few people moved.
    fn flood_at_times(&mut self, call: &Call, patience: &mut usize) {
        if self.looked >= *patience {
            if self.flood(call) < FEW {
                *patience *= 2;
            }
            self.looked = 0;
        }
    }

    pub(super) fn settle(&mut self, call: &Call, node: u32) {
        let need = Self::need(call, node);
        let (least, most) = (i64::from(need.least), i64::from(need.most));
        let short = i64::from(call.terms.short);
        let above = Self::above(call, node);
        let gap = above.map_or(0, |site| self.price[site as usize]) - self.price[node as usize];
        let (low, high) = match gap {
            gap if gap > short => (0, 0),
            gap if gap == short => (0, least),
            gap if gap > 0 => (least, least),
            0 => (least, most),
            _ => (most, most),
        };
        let flow = self.load[node as usize].clamp(low, high);
        let was = std::mem::replace(&mut self.flow[node as usize], flow);
        if let Some(site) = above {
            self.load[site as usize] += flow - was;
        }
    }
}
