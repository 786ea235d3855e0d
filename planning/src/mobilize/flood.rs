//! Many people move at once along steps that cost nothing at today's prices.
//!
//! A path of [`super::paths`] moves one person. Where many walks cost the same (everybody lives in one building, all
//! times are equal, or walks are free because only failings count), thousands of paths cost the same and each of them
//! looks at all slots. Here the slots are ordered by how few steps they are from where people are too many or are
//! wanted, and people are moved along shortest chains until there is none, then the slots are ordered anew (Dinic
//! 1970; steps at today's prices are those of the primal-dual method of Ford and Fulkerson 1957). Prices stay, so
//! everybody stays where he is best off.

use super::Call;
use super::paths::Ends;
use super::plan::{HOME, Plan};

/// Which way the chains of moves are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// From where people are too many.
    Out,
    /// From where people are wanted.
    In,
}

/// A step that costs nothing.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The chain may end here.
    End(Ends),
    /// To another node; a volunteer moves, or [`HOME`] for a step between slot and compound.
    To(u32, u32),
}

/// How far the steps of a node were looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// 0 is the end at the node, 1 the step to the compound, and then its people or slots follow.
    at: usize,
    /// The pair of the volunteer, and the slot at the other end of that pair.
    end: usize,
    slot: usize,
}

const FIRST: usize = 2;
const FAR: u32 = u32::MAX;

/// The order of the nodes and how far each was looked at.
struct Flood {
    side: Side,
    level: Vec<u32>,
    places: Vec<Place>,
    queue: Vec<u32>,
}

impl Plan {
    /// Moves people along chains that cost nothing until there is none, and returns how many chains there were.
    pub(super) fn flood(&mut self, call: &Call) -> u64 {
        let before = self.paths;
        for side in [Side::Out, Side::In] {
            let nodes = self.load.len();
            let mut flood =
                Flood { side, level: vec![FAR; nodes], places: vec![Place::default(); nodes], queue: Vec::new() };
            while flood.order(self, call) {
                for node in 0..nodes as u32 {
                    while self.is_uneven(node, side) && flood.chain(self, call, node) {
                        self.paths += 1;
                    }
                }
            }
        }
        self.paths - before
    }

    fn is_uneven(&self, node: u32, side: Side) -> bool {
        let (load, flow) = (self.load[node as usize], self.flow[node as usize]);
        match side {
            Side::Out => load > flow,
            Side::In => load < flow,
        }
    }
}

impl Flood {
    /// Orders the nodes by their steps from the uneven ones, as far as the nearest where a chain may end. Returns
    /// whether there is one.
    fn order(&mut self, plan: &Plan, call: &Call) -> bool {
        self.level.fill(FAR);
        self.places.fill(Place::default());
        self.queue.clear();
        self.queue.extend((0..plan.load.len() as u32).filter(|&node| plan.is_uneven(node, self.side)));
        for &node in &self.queue {
            self.level[node as usize] = 0;
        }
        let mut last = FAR;
        let mut next = 0;
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            let level = self.level[node as usize];
            if level >= last {
                break;
            }
            let mut place = Place::default();
            while let Some(step) = self.step(plan, call, node, &mut place) {
                match step {
                    Step::End(_) => {
                        last = last.min(level + 1);
                        break;
                    }
                    Step::To(other, _) => {
                        if self.level[other as usize] == FAR {
                            self.level[other as usize] = level + 1;
                            self.queue.push(other);
                        }
                    }
                }
            }
        }
        last != FAR
    }

    /// Moves one person along a shortest chain from an uneven node. Returns whether there was one.
    fn chain(&mut self, plan: &mut Plan, call: &Call, from: u32) -> bool {
        let mut chain: Vec<(u32, Place, u32)> = Vec::new();
        let mut node = from;
        loop {
            let before = self.places[node as usize];
            let mut place = before;
            let step = self.step(plan, call, node, &mut place);
            self.places[node as usize] = place;
            match step {
                Some(Step::End(end)) => {
                    // Whoever stays at home left his place to somebody who was not looked at yet; other ends stay.
                    let at = if matches!(end, Ends::Home(_)) { place.at } else { before.at };
                    self.places[node as usize] = Place { at, ..Place::default() };
                    self.finish(plan, call, node, end);
                    break;
                }
                Some(Step::To(other, via)) => {
                    if self.level[other as usize] == self.level[node as usize] + 1 {
                        chain.push((node, place, via));
                        node = other;
                    }
                }
                None => {
                    self.level[node as usize] = FAR;
                    let Some((before, _, _)) = chain.pop() else {
                        return false;
                    };
                    node = before;
                }
            }
        }
        while let Some((before, place, via)) = chain.pop() {
            // Who took the place of the person who left was not looked at yet; a step to a compound may be taken again.
            let at = if via == HOME { place.at - 1 } else { place.at };
            self.places[before as usize] = Place { at, ..Place::default() };
            let (left, reached) = if self.side == Side::Out { (before, node) } else { (node, before) };
            match via {
                HOME => plan.pass(call, left, reached, 1),
                volunteer => plan.send(call, volunteer, reached),
            }
            node = before;
        }
        true
    }

    fn finish(&self, plan: &mut Plan, call: &Call, node: u32, end: Ends) {
        match (end, self.side) {
            (Ends::Meets, _) => {}
            (Ends::Out, Side::Out) => plan.flow[node as usize] += 1,
            (Ends::Out, Side::In) => plan.flow[node as usize] -= 1,
            (Ends::Home(volunteer), Side::Out) => {
                plan.take(volunteer);
                plan.put(volunteer, HOME, call.terms.home);
            }
            (Ends::Home(volunteer), Side::In) => plan.send(call, volunteer, node),
        }
    }

    /// Returns the next step from a node that costs nothing, and how far its steps were looked at.
    fn step(&self, plan: &Plan, call: &Call, node: u32, place: &mut Place) -> Option<Step> {
        if place.at == 0 {
            place.at = 1;
            if let Some(end) = self.end(plan, call, node) {
                return Some(Step::End(end));
            }
        }
        if place.at == 1 {
            place.at = FIRST;
            if let Some(site) = Plan::above(call, node)
                && self.passes(plan, call, node, site)
            {
                return Some(Step::To(site, HOME));
            }
        }
        match (node as usize).checked_sub(call.slots.len()) {
            Some(site) => self.step_of_site(plan, call, node, site, place),
            None if self.side == Side::Out => step_of_members(plan, call, node, place),
            None => step_of_column(plan, call, node, place),
        }
    }

    /// Says how a chain may end at a node.
    fn end(&self, plan: &Plan, call: &Call, node: u32) -> Option<Ends> {
        let other = if self.side == Side::Out { Side::In } else { Side::Out };
        if plan.is_uneven(node, other) {
            return Some(Ends::Meets);
        }
        let price = plan.price[node as usize];
        let free = match self.side {
            Side::Out => plan.one_more(call, node) == price,
            Side::In => plan.last_one(call, node) == Some(price),
        };
        (free && Plan::above(call, node).is_none()).then_some(Ends::Out)
    }

    /// Says whether a chain may go from a slot to its compound. People leave the slot on the way out of a crowded node,
    /// and come back to it on the way to a node that waits.
    fn passes(&self, plan: &Plan, call: &Call, slot: u32, site: u32) -> bool {
        let gap = plan.price[slot as usize] - plan.price[site as usize];
        match self.side {
            Side::Out => plan.one_more(call, slot) == gap,
            Side::In => plan.last_one(call, slot) == Some(gap),
        }
    }

    fn step_of_site(&self, plan: &Plan, call: &Call, node: u32, site: usize, place: &mut Place) -> Option<Step> {
        let slots = call.first_slot[site]..call.first_slot[site + 1];
        while let Some(slot) = slots.clone().nth(place.at - FIRST) {
            place.at += 1;
            let gap = plan.price[slot as usize] - plan.price[node as usize];
            let free = match self.side {
                Side::Out => plan.last_one(call, slot) == Some(gap),
                Side::In => plan.one_more(call, slot) == gap,
            };
            if free {
                return Some(Step::To(slot, HOME));
            }
        }
        None
    }
}

/// The next step of somebody who is at a slot: to stay at home, or to go to another slot.
fn step_of_members(plan: &Plan, call: &Call, node: u32, place: &mut Place) -> Option<Step> {
    while let Some(&volunteer) = plan.members[node as usize].get(place.at - FIRST) {
        let worth = plan.worth[volunteer as usize];
        if worth == i64::from(call.terms.home) {
            return Some(Step::End(Ends::Home(volunteer)));
        }
        while let Some(end) = call.rows.of(volunteer).get(place.end) {
            let cost = i64::from(end.cost);
            if cost + plan.lowest > worth {
                break;
            }
            let slots = call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1];
            while let Some(slot) = slots.clone().nth(place.slot) {
                place.slot += 1;
                if slot != node && cost + plan.price[slot as usize] == worth && call.may(volunteer, slot) {
                    return Some(Step::To(slot, volunteer));
                }
            }
            (place.end, place.slot) = (place.end + 1, 0);
        }
        *place = Place { at: place.at + 1, ..Place::default() };
    }
    None
}

/// The next step back from a slot: to somebody who could come from home or from another slot.
fn step_of_column(plan: &Plan, call: &Call, node: u32, place: &mut Place) -> Option<Step> {
    let column = call.columns.of(call.slots[node as usize].site);
    while let Some(end) = column.get(place.at - FIRST) {
        place.at += 1;
        let volunteer = end.id;
        let at = plan.at[volunteer as usize];
        let whole = i64::from(end.cost) + plan.price[node as usize];
        if at == node || whole != plan.worth[volunteer as usize] || !call.may(volunteer, node) {
            continue;
        }
        return Some(match at {
            HOME => Step::End(Ends::Home(volunteer)),
            at => Step::To(at, volunteer),
        });
    }
    None
}
