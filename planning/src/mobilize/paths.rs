//! A path moves one person who is too many out of a node, or one who is wanted into it, along the cheapest chain of
//! moves.

use super::Call;
use super::plan::{BLOCKED, HOME, Labels, Plan};

/// Where a chain of moves ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ends {
    /// The chain ends at a node whose load and flow differ the other way.
    Meets,
    /// The chain leaves the plan: a node passes on one person more, or one less.
    Out,
    /// The chain ends at home: this volunteer stays there, or is called from there.
    Home(u32),
}

/// The best end of a chain that was seen.
struct Best {
    dist: i64,
    node: u32,
    ends: Ends,
}

impl Best {
    fn offer(&mut self, dist: i64, node: u32, ends: Ends) {
        if dist < self.dist {
            *self = Self { dist, node, ends };
        }
    }
}

const NO_END: Best = Best { dist: BLOCKED, node: 0, ends: Ends::Out };

impl Plan {
    /// Moves one person out of a node that has more people than it passes on.
    pub(super) fn push(&mut self, call: &Call, from: u32) {
        self.paths += 1;
        let slots = call.slots.len() as u32;
        let mut labels = std::mem::take(&mut self.labels);
        labels.begin(from);
        let mut best = NO_END;
        while let Some((dist, node)) = labels.nearest(best.dist) {
            if node != from && self.load[node as usize] < self.flow[node as usize] {
                best.offer(dist, node, Ends::Meets);
            }
            let off = dist - self.price[node as usize];
            match Self::above(call, node) {
                None => best.offer(off + self.one_more(call, node), node, Ends::Out),
                Some(site) => {
                    let whole = off + self.one_more(call, node) + self.price[site as usize];
                    if whole < best.dist {
                        labels.relax(site, whole, HOME, node);
                    }
                }
            }
            if node >= slots {
                let site = node - slots;
                for slot in call.first_slot[site as usize]..call.first_slot[site as usize + 1] {
                    if let Some(last) = self.last_one(call, slot) {
                        labels.relax(slot, off - last + self.price[slot as usize], HOME, node);
                    }
                }
                continue;
            }
            self.refresh(call, node);
            self.looked += self.onward[node as usize].ways.len();
            self.look_onward(node, off, &mut labels, &mut best);
        }
        for &node in &labels.touched {
            let dist = labels.dist[node as usize];
            if dist < best.dist {
                self.reprice(node, best.dist - dist);
            }
        }
        match best.ends {
            Ends::Meets => {}
            Ends::Out => self.flow[best.node as usize] += 1,
            Ends::Home(volunteer) => {
                self.take(volunteer);
                self.put(volunteer, HOME, call.terms.home);
            }
        }
        let mut node = best.node;
        while node != from {
            let before = labels.before[node as usize];
            match labels.via[node as usize] {
                HOME => self.pass(call, before, node, 1),
                volunteer => self.send(call, volunteer, node),
            }
            node = before;
        }
        self.labels = labels;
    }

    /// Brings one person to a node that passes on more people than it has.
    pub(super) fn pull(&mut self, call: &Call, to: u32) {
        self.paths += 1;
        let slots = call.slots.len() as u32;
        let mut labels = std::mem::take(&mut self.labels);
        labels.begin(to);
        let mut best = NO_END;
        while let Some((dist, node)) = labels.nearest(best.dist) {
            if node != to && self.load[node as usize] > self.flow[node as usize] {
                best.offer(dist, node, Ends::Meets);
            }
            let off = dist + self.price[node as usize];
            if let Some(last) = self.last_one(call, node) {
                match Self::above(call, node) {
                    None => best.offer(off - last, node, Ends::Out),
                    Some(site) => labels.relax(site, off - last - self.price[site as usize], HOME, node),
                }
            }
            if node >= slots {
                let site = node - slots;
                for slot in call.first_slot[site as usize]..call.first_slot[site as usize + 1] {
                    let whole = off + self.one_more(call, slot) - self.price[slot as usize];
                    if whole < best.dist {
                        labels.relax(slot, whole, HOME, node);
                    }
                }
                continue;
            }
            self.looked += call.columns.of(call.slots[node as usize].site).len();
            self.look_back(call, node, off, &mut labels, &mut best);
        }
        for &node in &labels.touched {
            let dist = labels.dist[node as usize];
            if dist < best.dist {
                self.reprice(node, dist - best.dist);
            }
        }
        match best.ends {
            Ends::Meets => {}
            Ends::Out => {
                self.flow[best.node as usize] -= 1;
            }
            Ends::Home(volunteer) => self.send(call, volunteer, best.node),
        }
        let mut node = best.node;
        while node != to {
            let next = labels.before[node as usize];
            match labels.via[node as usize] {
                HOME => self.pass(call, node, next, 1),
                volunteer => self.send(call, volunteer, next),
            }
            node = next;
        }
        self.labels = labels;
    }

    /// Looks where the people of a slot could go.
    fn look_onward(&self, node: u32, off: i64, labels: &mut Labels, best: &mut Best) {
        let onward = &self.onward[node as usize];
        if let Some((more, volunteer)) = onward.home {
            best.offer(off + more, node, Ends::Home(volunteer));
        }
        for way in &onward.ways {
            let whole = off + i64::from(way.more) + self.price[way.slot as usize];
            if whole < best.dist {
                labels.relax(way.slot, whole, way.volunteer, node);
            }
        }
    }

    /// Looks who could come to a slot.
    fn look_back(&self, call: &Call, node: u32, off: i64, labels: &mut Labels, best: &mut Best) {
        for end in call.columns.of(call.slots[node as usize].site) {
            let volunteer = end.id;
            let whole = off + i64::from(end.cost) - self.worth[volunteer as usize];
            if whole >= best.dist || !call.may(volunteer, node) {
                continue;
            }
            match self.at[volunteer as usize] {
                HOME => best.offer(whole, node, Ends::Home(volunteer)),
                at => labels.relax(at, whole, volunteer, node),
            }
        }
    }

    /// Passes one person more from a slot to its compound, or one less when he goes from the compound back to the slot.
    pub(super) fn pass(&mut self, call: &Call, from: u32, to: u32, people: i64) {
        if (from as usize) < call.slots.len() {
            self.flow[from as usize] += people;
            self.load[to as usize] += people;
        } else {
            self.flow[to as usize] -= people;
            self.load[from as usize] -= people;
        }
    }

    pub(super) fn send(&mut self, call: &Call, volunteer: u32, slot: u32) {
        let site = call.slots[slot as usize].site;
        if let Some(cost) = call.cost(volunteer, site) {
            self.take(volunteer);
            self.put(volunteer, slot, cost);
        }
    }
}
