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

/// The margin (ds) of the bids of a call whose prices lie far from those of the first rounds: it has too few people or
/// too few places, or one part of the city asks for many. While bids get stuck with more than some in a hundred people
/// in the wrong place, it grows. Then it shrinks until it is small.
const FIRST_MARGIN: i64 = 2_000;
const STUCK_PERCENT: u64 = 2;
const MARGIN_GROWS: i64 = 3;
const MOST_MARGIN: i64 = 32_000;
const MARGIN_SHRINKS: i64 = 20;
const LAST_MARGIN: i64 = 400;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Offer {
    /// What the move costs him at today's prices, ds.
    pub loss: i64,
    /// This is set when the move costs nothing, but the place that he leaves does not spare him. Of two who lose as
    /// much, the other one goes.
    pub bound: bool,
    pub volunteer: u32,
    /// Where he goes, or [`HOME`].
    pub slot: u32,
    /// What it costs to be there.
    pub cost: i32,
}

/// A slot whose price follows that of its compound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Follower {
    pub slot: u32,
    /// How many people may leave it, or come, before it no longer follows.
    pub room: i64,
}

/// The nodes that will bid, crowded and waiting ones in turn, and the memory for one bid.
pub(super) struct Floor {
    queues: [VecDeque<u32>; 2],
    queued: Vec<[bool; 2]>,
    turn: usize,
    pub offers: Vec<Offer>,
    /// The slots that follow the compound that bids.
    pub followers: Vec<Follower>,
    pub touched: Vec<u32>,
    /// The offer of somebody, for all who are like him, and the bid for which it holds.
    known: Vec<(u32, Offer)>,
    pub bid: u32,
    /// How many pairs were looked at.
    pub looked: usize,
}

const CROWDED: usize = 0;
const WAITING: usize = 1;

impl Floor {
    fn new(plan: &Plan) -> Self {
        let mut floor = Self {
            queues: [VecDeque::new(), VecDeque::new()],
            queued: vec![[false; 2]; plan.load.len()],
            turn: WAITING,
            offers: Vec::new(),
            followers: Vec::new(),
            touched: Vec::new(),
            known: vec![(0, Offer::default()); plan.at.len()],
            bid: 0,
            looked: 0,
        };
        for node in 0..plan.load.len() as u32 {
            floor.queue(plan, node);
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

    /// Takes the offer of somebody to go to the best of some slots.
    pub fn offer(&mut self, plan: &Plan, call: &Call, volunteer: u32, among: impl Fn(u32) -> bool) {
        let (bid, known) = &mut self.known[call.alike[volunteer as usize] as usize];
        if *bid != self.bid {
            self.looked += call.rows.of(volunteer).len();
            let (slot, cost, whole) = plan.best_of(call, volunteer, among);
            let loss = whole - plan.worth[volunteer as usize];
            (*bid, *known) = (self.bid, Offer { loss, bound: false, volunteer, slot, cost });
        }
        self.offers.push(Offer { volunteer, ..*known });
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
        if self.wrong() * 100 <= call.able.len() as u64 * WRONG_PERCENT {
            return;
        }
        if call.is_tied() {
            self.flood(call);
            return;
        }
        let most = call.able.len() + LAST_BIDS * slots;
        let mut margin = FIRST_MARGIN;
        self.bid(call, margin, most);
        while margin < MOST_MARGIN && self.wrong() * 100 > call.able.len() as u64 * STUCK_PERCENT {
            margin *= MARGIN_GROWS;
            self.bid(call, margin, most);
        }
        self.place_all(call);
        while margin > LAST_MARGIN {
            margin /= MARGIN_SHRINKS;
            self.bid(call, margin, most);
            self.place_all(call);
        }
        self.bid(call, 0, LAST_BIDS * slots);
    }

    /// Returns by how many the people at a node exceed those it passes on.
    pub(super) fn surplus(&self, node: u32) -> i64 {
        self.load[node as usize] - self.flow[node as usize]
    }

    /// Returns by how many people load and flow of all nodes differ.
    fn wrong(&self) -> u64 {
        (0..self.load.len() as u32).map(|slot| self.surplus(slot).unsigned_abs()).sum()
    }

    /// Lets slots and compounds bid so many times, or until they get nowhere: until fewer than some in a hundred people
    /// found their place while so many offers were looked at as there are pairs.
    pub(super) fn bid(&mut self, call: &Call, margin: i64, most: usize) {
        let mut floor = Floor::new(self);
        let patience = PATIENCE * (call.rows.count() + call.slots.len());
        let (mut next, mut wrong) = (patience, u64::MAX);
        for _ in 0..most {
            let Some(slot) = floor.next() else {
                return;
            };
            if floor.looked >= next {
                let now = self.wrong();
                if now * 100 > wrong.saturating_mul(100 - PROGRESS_PERCENT) {
                    return;
                }
                (next, wrong) = (floor.looked + patience, now);
            }
            floor.touched.clear();
            floor.bid += 1;
            match self.surplus(slot) {
                0 => {}
                _ if slot as usize >= call.slots.len() => self.bid_of_site(call, slot, margin, &mut floor),
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
            floor.offer(self, call, volunteer, |other| other != slot);
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
        let (mut limit, mut ready) = (until, 0);
        floor.looked += call.columns.of(call.slots[slot as usize].site).len();
        for end in call.columns.of(call.slots[slot as usize].site) {
            let volunteer = end.id;
            let loss = i64::from(end.cost) + self.price[slot as usize] - self.worth[volunteer as usize];
            let at = self.at[volunteer as usize];
            if loss > limit || at == slot || !call.may(volunteer, slot) {
                continue;
            }
            let bound = loss == 0 && !self.spares(call, at);
            if bound && limit == 0 {
                continue;
            }
            floor.offers.push(Offer { loss, bound, volunteer, slot, cost: end.cost });
            ready += usize::from(loss == 0 && !bound);
            if ready == many {
                break;
            }
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
        for &Offer { loss, volunteer, slot: to, cost, .. } in &floor.offers {
            let from = self.at[volunteer as usize];
            let (other, helps) =
                if to == slot { (from, self.spares(call, from)) } else { (to, self.welcomes(call, to)) };
            if loss > by || by == 0 && !helps {
                continue;
            }
            self.take(volunteer);
            self.put(volunteer, to, cost);
            if other != HOME {
                self.settle_with_site(call, other, &mut floor.touched);
            }
        }
        self.settle_with_site(call, slot, &mut floor.touched);
        if by == 0 {
            floor.touched.retain(|&one| one != slot);
        }
    }

    /// Returns a slot's price without that of its compound.
    fn own_price(&self, call: &Call, slot: u32) -> i64 {
        self.price[slot as usize] - Self::above(call, slot).map_or(0, |site| self.price[site as usize])
    }

    /// Returns how far a slot's price may go before the slot wants another number of people.
    pub(super) fn until_kink(&self, call: &Call, slot: u32, up: bool) -> i64 {
        let (own, short) = (self.own_price(call, slot), i64::from(call.terms.short));
        match (up, own) {
            (true, own) if own < -short => -short - own,
            (true, own) if own < 0 => -own,
            (true, _) => super::plan::BLOCKED,
            (false, own) if own > 0 => own,
            (false, own) => (own + short).max(0),
        }
    }

    /// Says whether load and flow of a node come together, or stay together, when one person leaves it.
    pub(super) fn spares(&self, call: &Call, node: u32) -> bool {
        if node == HOME || self.surplus(node) > 0 {
            return true;
        }
        let gives = self.last_one(call, node) == Some(self.own_price(call, node));
        gives && self.surplus(node) == 0 && Self::above(call, node).is_none_or(|site| self.spares(call, site))
    }

    /// Says whether load and flow of a node come together, or stay together, when one person comes.
    pub(super) fn welcomes(&self, call: &Call, node: u32) -> bool {
        if node == HOME || self.surplus(node) < 0 {
            return true;
        }
        let takes = self.one_more(call, node) == self.own_price(call, node);
        takes && self.surplus(node) == 0 && Self::above(call, node).is_none_or(|site| self.welcomes(call, site))
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
