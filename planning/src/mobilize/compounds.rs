//! Compounds bid too. Where a compound has bounds of its own over its slots, it raises its price together with those of
//! the slots that follow it until enough people leave, or lowers them until enough come.

use super::Call;
use super::bids::{Floor, Follower, Offer};
use super::plan::{BLOCKED, HOME, Plan};

impl Plan {
    /// Lets a compound bid that passes on fewer people than arrive, or more.
    pub(super) fn bid_of_site(&mut self, call: &Call, site: u32, margin: i64, floor: &mut Floor) {
        let surplus = self.surplus(site);
        let up = surplus > 0;
        let mut limit = self.until_kink(call, site, up);
        floor.followers.clear();
        let id = site as usize - call.slots.len();
        for slot in call.first_slot[id]..call.first_slot[id + 1] {
            let (room, until) = self.follows(call, slot, site, up);
            if room > 0 {
                floor.followers.push(Follower { slot, room });
            }
            limit = limit.min(until);
        }
        floor.offers.clear();
        if up {
            self.offers_to_leave(call, floor);
        } else {
            self.offers_to_come(call, id as u32, limit, floor);
        }
        floor.offers.sort_unstable();
        let mut by = limit;
        let mut taken = 0;
        for (at, offer) in floor.offers.iter().enumerate() {
            let near = if up { self.at[offer.volunteer as usize] } else { offer.slot };
            let Some(follower) = floor.followers.iter_mut().find(|one| one.slot == near) else { continue };
            follower.room -= 1;
            taken = at + 1;
            if follower.room == 0 || taken as u64 == surplus.unsigned_abs() {
                by = limit.min(offer.loss + margin).max(0);
                break;
            }
        }
        if by >= BLOCKED {
            return;
        }
        floor.offers.truncate(taken);
        let change = if up { by } else { -by };
        self.reprice(site, change);
        for follower in &floor.followers {
            self.reprice(follower.slot, change);
        }
        self.carry_out_for_site(call, up, by, floor);
        for slot in call.first_slot[id]..call.first_slot[id + 1] {
            self.settle(call, slot);
            floor.touched.push(slot);
        }
        self.settle(call, site);
        if by > 0 {
            floor.touched.push(site);
        }
    }

    /// Returns how many people may leave a slot, or come, while its price follows that of its compound, and how far the
    /// compound's price may go before that changes. A slot that does not follow has no room.
    fn follows(&self, call: &Call, slot: u32, site: u32, up: bool) -> (i64, i64) {
        let need = Self::need(call, slot);
        let (least, most, load) = (i64::from(need.least), i64::from(need.most), self.load[slot as usize]);
        let short = i64::from(call.terms.short);
        let gap = self.price[site as usize] - self.price[slot as usize];
        match (up, gap) {
            (true, gap) if gap < 0 => (0, -gap),
            (true, 0) if load > least => (load - least, BLOCKED),
            (true, gap) if gap < short => (0, short - gap),
            (true, gap) if gap == short && load > 0 => (load, BLOCKED),
            (false, gap) if gap > short => (0, gap - short),
            (false, gap) if gap == short && load < least => (least - load, BLOCKED),
            (false, gap) if gap > 0 => (0, gap),
            (false, 0) if load < most => (most - load, BLOCKED),
            _ => (0, BLOCKED),
        }
    }

    fn offers_to_leave(&self, call: &Call, floor: &mut Floor) {
        let followers = std::mem::take(&mut floor.followers);
        for follower in &followers {
            // Who is alike at another slot may lose something else.
            floor.bid += 1;
            for &volunteer in &self.members[follower.slot as usize] {
                floor.offer(self, call, volunteer, |other| followers.iter().all(|one| one.slot != other));
            }
        }
        floor.followers = followers;
    }

    fn offers_to_come(&self, call: &Call, site: u32, limit: i64, floor: &mut Floor) {
        let column = call.columns.of(site);
        floor.looked += column.len() * floor.followers.len();
        for end in column {
            let volunteer = end.id;
            let at = self.at[volunteer as usize];
            if floor.followers.iter().any(|one| one.slot == at) {
                continue;
            }
            let may = floor.followers.iter().filter(|one| call.may(volunteer, one.slot));
            let Some(best) = may.min_by_key(|one| self.price[one.slot as usize]) else { continue };
            let loss = i64::from(end.cost) + self.price[best.slot as usize] - self.worth[volunteer as usize];
            if loss <= limit {
                let bound = loss == 0 && !self.spares(call, at);
                floor.offers.push(Offer { loss, bound, volunteer, slot: best.slot, cost: end.cost });
            }
        }
    }

    /// Moves those who made offers. Where the price did not move, a person moves only if that brings load and flow
    /// together at the other slot too.
    fn carry_out_for_site(&mut self, call: &Call, up: bool, by: i64, floor: &mut Floor) {
        for &Offer { loss, volunteer, slot: to, cost, .. } in &floor.offers {
            let from = self.at[volunteer as usize];
            let (other, helps) = if up { (to, self.welcomes(call, to)) } else { (from, self.spares(call, from)) };
            if loss > by || by == 0 && !helps {
                continue;
            }
            self.take(volunteer);
            self.put(volunteer, to, cost);
            if other != HOME {
                self.settle_with_site(call, other, &mut floor.touched);
            }
        }
    }

    /// Lets a slot, and its compound, pass on what their prices and bounds allow.
    pub(super) fn settle_with_site(&mut self, call: &Call, slot: u32, touched: &mut Vec<u32>) {
        self.settle(call, slot);
        touched.push(slot);
        if let Some(site) = Self::above(call, slot) {
            self.settle(call, site);
            touched.push(site);
        }
    }
}
