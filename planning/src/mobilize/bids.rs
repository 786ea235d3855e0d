//! Slots bid for people. A crowded slot raises its price until enough of its people are better off elsewhere. A slot
//! that waits for people lowers its price until enough come. This is the auction of Bertsekas (*Linear Network
//! Optimization*, MIT Press 1991, chapter 4), with slots that bid for people.
//!
//! A bid looks at the people of one slot. A path of [`super::paths`] looks at hundreds of slots, so bids do most of the
//! work. Bids without a margin keep what a [`Plan`] promises: everybody is where he is best off. They may get stuck;
//! then paths go on. Bids with a margin change prices more than they must. This gets people over long distances but
//! breaks the promise for a while, so everybody is placed anew afterwards.

use std::collections::VecDeque;

use super::Call;
use super::plan::{HOME, Plan};

/// The margins (ds) of the bids of a call whose prices lie far from those of the first rounds: it has too few people or
/// too few places, or one part of the city asks for many.
const MARGINS: [i64; 2] = [2_000, 300];
/// Margins are used when more than this percentage of the people are in the wrong place.
const WRONG_PERCENT: u64 = 6;
/// The number of bids for each slot before paths do the rest. With a margin each volunteer adds one bid.
const FIRST_BIDS: usize = 2;
const LAST_BIDS: usize = 4;
/// The bids stop when, of those in the wrong place, fewer than this percentage found theirs while this many times all
/// pairs were looked at.
const PROGRESS_PERCENT: u64 = 5;
const PATIENCE: usize = 1;

/// A person who could leave a crowded slot, or come to a slot that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Offer {
    /// What the move costs him at today's prices, ds.
    loss: i64,
    volunteer: u32,
    /// Where he goes, or [`HOME`].
    slot: u32,
    /// What it costs to be there.
    cost: i32,
}

/// The slots that will bid, crowded and waiting ones in turn, and the memory for one bid.
struct Floor {
    queues: [VecDeque<u32>; 2],
    queued: Vec<[bool; 2]>,
    turn: usize,
    offers: Vec<Offer>,
    touched: Vec<u32>,
    /// How many pairs were looked at.
    looked: usize,
}

const CROWDED: usize = 0;
const WAITING: usize = 1;

impl Floor {
    fn new(plan: &Plan, slots: u32) -> Self {
        let mut floor = Self {
            queues: [VecDeque::new(), VecDeque::new()],
            queued: vec![[false; 2]; slots as usize],
            turn: WAITING,
            offers: Vec::new(),
            touched: Vec::new(),
            looked: 0,
        };
        for slot in 0..slots {
            floor.queue(plan, slot);
        }
        floor
    }

    fn queue(&mut self, plan: &Plan, slot: u32) {
        let side = match plan.surplus(slot) {
            0 => return,
            surplus if surplus > 0 => CROWDED,
            _ => WAITING,
        };
        if !std::mem::replace(&mut self.queued[slot as usize][side], true) {
            self.queues[side].push_back(slot);
        }
    }

    fn next(&mut self) -> Option<u32> {
        self.turn = 1 - self.turn;
        let side = if self.queues[self.turn].is_empty() { 1 - self.turn } else { self.turn };
        let slot = self.queues[side].pop_front()?;
        self.queued[slot as usize][side] = false;
        Some(slot)
    }
}

impl Plan {
    /// Lets slots bid until little is left to do, or until bids no longer help.
    pub(super) fn trade(&mut self, call: &Call) {
        let slots = call.slots.len();
        self.bid(call, 0, FIRST_BIDS * slots);
        if self.wrong(call) * 100 <= call.able.len() as u64 * WRONG_PERCENT {
            return;
        }
        if call.is_tied() {
            self.flood(call);
            return;
        }
        for margin in MARGINS {
            self.bid(call, margin, call.able.len() + LAST_BIDS * slots);
            self.place_all(call);
        }
        self.bid(call, 0, LAST_BIDS * slots);
    }

    /// Returns by how many the people at a node exceed those it passes on.
    fn surplus(&self, node: u32) -> i64 {
        self.load[node as usize] - self.flow[node as usize]
    }

    /// Returns by how many people load and flow of all slots differ.
    fn wrong(&self, call: &Call) -> u64 {
        (0..call.slots.len() as u32).map(|slot| self.surplus(slot).unsigned_abs()).sum()
    }

    /// Lets slots bid so many times, or until they get nowhere: until fewer than some in a hundred people found their
    /// place while so many offers were looked at as there are pairs.
    fn bid(&mut self, call: &Call, margin: i64, most: usize) {
        let slots = call.slots.len() as u32;
        let mut floor = Floor::new(self, slots);
        let patience = PATIENCE * (call.rows.count() + call.slots.len());
        let (mut next, mut wrong) = (patience, u64::MAX);
        for _ in 0..most {
            let Some(slot) = floor.next() else {
                return;
            };
            if floor.looked >= next {
                let now = self.wrong(call);
                if now * 100 > wrong.saturating_mul(100 - PROGRESS_PERCENT) {
                    return;
                }
                (next, wrong) = (floor.looked + patience, now);
            }
            floor.touched.clear();
            match self.surplus(slot) {
                0 => {}
                surplus if surplus > 0 => self.raise(call, slot, surplus as usize, margin, &mut floor),
                surplus => self.lower(call, slot, surplus.unsigned_abs() as usize, margin, &mut floor),
            }
            for at in 0..floor.touched.len() {
                floor.queue(self, floor.touched[at]);
            }
        }
    }

    /// Raises the price of a crowded slot until the people that it has too many leave.
    fn raise(&mut self, call: &Call, slot: u32, many: usize, margin: i64, floor: &mut Floor) {
        floor.offers.clear();
        for &volunteer in &self.members[slot as usize] {
            floor.looked += call.rows.of(volunteer).len();
            let (other, cost, whole) = self.best_of(call, volunteer, |other| other != slot);
            let loss = whole - self.worth[volunteer as usize];
            floor.offers.push(Offer { loss, volunteer, slot: other, cost });
        }
        let by = cut(&mut floor.offers, many).unwrap_or(i64::MAX - margin);
        let by = (by + margin).min(self.until_kink(call, slot, true));
        self.reprice(slot, by);
        self.carry_out(call, slot, by, floor);
    }

    /// Lowers the price of a slot that waits until the people whom it lacks come.
    fn lower(&mut self, call: &Call, slot: u32, many: usize, margin: i64, floor: &mut Floor) {
        let until = self.until_kink(call, slot, false);
        floor.offers.clear();
        let mut limit = until + 1;
        floor.looked += call.columns.of(call.slots[slot as usize].site).len();
        for end in call.columns.of(call.slots[slot as usize].site) {
            let volunteer = end.id;
            let loss = i64::from(end.cost) + self.price[slot as usize] - self.worth[volunteer as usize];
            if loss >= limit || self.at[volunteer as usize] == slot || !call.may(volunteer, slot) {
                continue;
            }
            floor.offers.push(Offer { loss, volunteer, slot, cost: end.cost });
            if floor.offers.len() >= 2 * many + 8
                && let Some(last) = cut(&mut floor.offers, many)
            {
                limit = last;
            }
        }
        let by = cut(&mut floor.offers, many).map_or(until, |last| (last + margin).min(until));
        self.reprice(slot, -by);
        self.carry_out(call, slot, by, floor);
    }

    /// Moves each person who made an offer and loses no more than the price moved. Where the price did not move, a
    /// person moves only if that brings load and flow together at the other slot too.
    fn carry_out(&mut self, call: &Call, slot: u32, by: i64, floor: &mut Floor) {
        for &Offer { loss, volunteer, slot: to, cost } in &floor.offers {
            let from = self.at[volunteer as usize];
            let (other, helps) = if to == slot { (from, self.spares(from)) } else { (to, self.welcomes(call, to)) };
            if loss > by || by == 0 && !helps {
                continue;
            }
            self.take(volunteer);
            self.put(volunteer, to, cost);
            if other != HOME {
                self.settle(call, other);
                floor.touched.push(other);
            }
        }
        self.settle(call, slot);
        if by > 0 {
            floor.touched.push(slot);
        }
    }

    /// Returns a slot's price without that of its compound.
    fn own_price(&self, call: &Call, slot: u32) -> i64 {
        self.price[slot as usize] - Self::above(call, slot).map_or(0, |site| self.price[site as usize])
    }

    /// Returns how far a slot's price may go before the slot wants another number of people.
    fn until_kink(&self, call: &Call, slot: u32, up: bool) -> i64 {
        let (own, short) = (self.own_price(call, slot), i64::from(call.terms.short));
        match (up, own) {
            (true, own) if own < -short => -short - own,
            (true, own) if own < 0 => -own,
            (true, _) => super::plan::BLOCKED,
            (false, own) if own > 0 => own,
            (false, own) => (own + short).max(0),
        }
    }

    /// Says whether load and flow of a slot come together when one person leaves it.
    fn spares(&self, slot: u32) -> bool {
        slot == HOME || self.surplus(slot) > 0
    }

    /// Says whether load and flow of a slot come together, or stay together, when one person comes.
    fn welcomes(&self, call: &Call, slot: u32) -> bool {
        slot == HOME
            || self.surplus(slot) < 0
            || self.own_price(call, slot) == 0
                && self.flow[slot as usize] < i64::from(call.slots[slot as usize].need.most)
    }
}

/// Keeps the `many` people who lose least. Returns the most that one of them loses, or nothing when there are fewer
/// people.
fn cut(offers: &mut Vec<Offer>, many: usize) -> Option<i64> {
    if many == 0 || offers.len() < many {
        return None;
    }
    let (_, last, _) = offers.select_nth_unstable(many - 1);
    let loss = last.loss;
    offers.truncate(many);
    Some(loss)
}
