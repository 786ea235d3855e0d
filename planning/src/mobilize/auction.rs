//! Bids: an overcrowded slot raises its price until enough people go elsewhere, an empty one lowers it until enough come.

use std::collections::VecDeque;

use super::Call;
use super::plan::{HOME, Plan};

impl Plan {
    /// Lets overcrowded and empty slots bid.
    pub(super) fn bid(&mut self, call: &Call, mut left: usize, eps: i64) -> (usize, usize) {
        let slots = self.load.len() as u32;
        let mut queues = [VecDeque::new(), VecDeque::new()];
        let mut waits = vec![[false; 2]; slots as usize];
        for s in 0..slots {
            let w = match self.load[s as usize] - self.flow[s as usize] { 0 => continue, d if d > 0 => 0, _ => 1 };
            queues[w].push_back(s);
            waits[s as usize][w] = true;
        }
        let (mut ups, mut downs) = (0, 0);
        let mut offers = Vec::new();
        let mut touched = Vec::new();
        let mut side = 0;
        let both = std::env::var("MIX").is_ok();
        loop {
            if queues[side].is_empty() || both { side = 1 - side; }
            let slot = match queues[side].pop_front() { Some(s) => s, None => match queues[1-side].pop_front() { Some(s) => {side=1-side; s}, None => break } };
            waits[slot as usize][side] = false;
            if left == 0 {
                break;
            }
            touched.clear();
            let over = self.load[slot as usize] - self.flow[slot as usize];
            if over > 0 && side == 0 {
                left -= 1;
                ups += 1;
                if (slot as usize) >= call.slots.len() { self.raise_site(call, slot, over, eps, &mut offers, &mut touched); } else {
                self.raise(call, slot, over, eps, &mut offers, &mut touched);}
            } else if over < 0 && side == 1 {
                left -= 1;
                downs += 1;
                if (slot as usize) >= call.slots.len() { self.lower_site(call, slot, -over, eps, &mut offers, &mut touched); } else {
                self.lower(call, slot, -over, eps, &mut offers, &mut touched);}
            }
            for &other in &touched {
                if other < slots && self.uneven(other) {
                    let w = usize::from(self.load[other as usize] < self.flow[other as usize]);
                    if !std::mem::replace(&mut waits[other as usize][w], true) {
                        queues[w].push_back(other);
                    }
                }
            }
        }
        (ups, downs)
    }

    fn uneven(&self, node: u32) -> bool {
        self.load[node as usize] != self.flow[node as usize]
    }

    /// How far a price may go up or down before what a slot wants changes.
    fn kink(&self, call: &Call, slot: u32, up: bool) -> i64 {
        let short = i64::from(call.terms.short);
        let own = self.price[slot as usize] - Self::above(call, slot).map_or(0, |site| self.price[site as usize]);
        match (up, own) {
            (true, own) if own < -short => -short - own,
            (true, own) if own < 0 => -own,
            (true, _) => i64::MAX / 4,
            (false, own) if own > 0 => own,
            (false, own) if own > -short => own + short,
            (false, _) => 0,
        }
    }

    fn raise(&mut self, call: &Call, slot: u32, over: i64, eps: i64, offers: &mut Vec<(i64, u32, u32, i32)>, touched: &mut Vec<u32>) {
        offers.clear();
        for place in 0..self.members[slot as usize].len() {
            let volunteer = self.members[slot as usize][place];
            let (other, cost, whole) = self.cheapest_but(call, volunteer, slot);
            offers.push((whole - self.worth[volunteer as usize], volunteer, other, cost));
        }
        let over = (over as usize).min(offers.len());
        offers.select_nth_unstable(over - 1);
        let by = (offers[over - 1].0 + eps).min(self.kink(call, slot, true));
        if by > 0 {
            self.reprice(slot, by);
        }
        let mut first = true;
        for &(margin, volunteer, other, cost) in offers[..over].iter() {
            if margin > by { continue; }
            if by == 0 && other != HOME && self.load[other as usize] >= self.flow[other as usize] && !self.has_room(call, other) {
                continue;
            }
            let _ = &mut first;
            self.take(volunteer);
            self.put(volunteer, other, cost);
            if other != HOME {
                self.settle(call, other);
                touched.push(other);
                touched.extend(Self::above(call, other));
            }
        }
        self.settle(call, slot);
        touched.extend(Self::above(call, slot));
        if by > 0 {
            touched.push(slot);
        }
    }

    fn has_room(&self, call: &Call, slot: u32) -> bool {
        let own = self.price[slot as usize] - Self::above(call, slot).map_or(0, |site| self.price[site as usize]);
        own == 0 && self.flow[slot as usize] < i64::from(call.slots[slot as usize].need.most)
    }

    fn lower(&mut self, call: &Call, slot: u32, under: i64, eps: i64, offers: &mut Vec<(i64, u32, u32, i32)>, touched: &mut Vec<u32>) {
        let kink = self.kink(call, slot, false);
        let under = under as usize;
        offers.clear();
        let price = self.price[slot as usize];
        let mut limit = kink + 1;
        for end in call.columns.of(call.slots[slot as usize].site) {
            let volunteer = end.id;
            let gap = i64::from(end.cost) + price - self.worth[volunteer as usize];
            if gap >= limit || self.at[volunteer as usize] == slot || !call.may(volunteer, slot) {
                continue;
            }
            offers.push((gap, volunteer, 0, end.cost));
            if offers.len() >= 2 * under + 8 {
                offers.select_nth_unstable(under - 1);
                offers.truncate(under);
                limit = offers[under - 1].0;
            }
        }
        if offers.len() > under {
            offers.select_nth_unstable(under - 1);
            offers.truncate(under);
        }
        let most = if offers.len() == under { offers.iter().map(|o| o.0).max().unwrap_or(0) } else { kink };
        let by = (most + eps).min(kink);
        if by > 0 {
            self.reprice(slot, -by);
        }
        for &(gap, volunteer, _, cost) in offers.iter() {
            if gap > by { continue; }
            let at = self.at[volunteer as usize];
            if by == 0 && at != HOME && self.load[at as usize] <= self.flow[at as usize] {
                continue;
            }
            self.take(volunteer);
            self.put(volunteer, slot, cost);
            if at != HOME {
                self.settle(call, at);
                touched.push(at);
                touched.extend(Self::above(call, at));
            }
        }
        self.settle(call, slot);
        touched.extend(Self::above(call, slot));
        if by > 0 {
            touched.push(slot);
        }
    }

    /// Slots of a compound that shrink with it when it raises its price, and how far it may go until another must.
    fn follow(&self, call: &Call, node: u32, up: bool) -> (Vec<u32>, i64) {
        let site = node - call.slots.len() as u32;
        let short = i64::from(call.terms.short);
        let mut room = self.kink(call, node, up);
        let mut follow = Vec::new();
        for slot in call.first_slot[site as usize]..call.first_slot[site as usize + 1] {
            let own = self.price[slot as usize] - self.price[node as usize];
            let need = call.slots[slot as usize].need;
            let flow = self.flow[slot as usize];
            let (least, most) = (i64::from(need.least), i64::from(need.most));
            if up {
                if own > 0 { room = room.min(own); }
                else if own == 0 { if flow > least { follow.push(slot) } }
                else if own > -short { room = room.min(own + short); }
                else if flow > 0 { room = 0; }
            } else {
                if own < -short { room = room.min(-short - own); }
                else if own < 0 { if own == -short && flow < least { room = 0; } else {room = room.min(-own);} }
                else if own == 0 && flow < most { follow.push(slot) }
            }
        }
        (follow, room)
    }

    fn raise_site(&mut self, call: &Call, node: u32, over: i64, eps: i64, offers: &mut Vec<(i64, u32, u32, i32)>, touched: &mut Vec<u32>) {
        let site = node - call.slots.len() as u32;
        let (follow, mut room) = self.follow(call, node, true);
        if room == 0 { return; }
        offers.clear();
        for &slot in &follow {
            let spare = self.flow[slot as usize] - i64::from(call.slots[slot as usize].need.least);
            let from = offers.len();
            for place in 0..self.members[slot as usize].len() {
                let volunteer = self.members[slot as usize][place];
                let (other, cost, whole) = self.cheapest_but_site(call, volunteer, site);
                offers.push((whole - self.worth[volunteer as usize], volunteer, other, cost));
            }
            if offers.len() - from > spare as usize {
                offers[from..].sort_unstable();
                offers.truncate(from + spare as usize);
            }
        }
        if offers.is_empty() { return; }
        for other in call.first_slot[site as usize]..call.first_slot[site as usize + 1] {
            if follow.contains(&other) { continue; }
            for &slot in &follow {
                for &volunteer in &self.members[slot as usize] {
                    if call.may(volunteer, other) { room = room.min(self.price[other as usize] - self.price[slot as usize]); }
                }
            }
        }
        if room <= 0 { return; }
        let over = (over as usize).min(offers.len());
        offers.select_nth_unstable(over - 1);
        let by = (offers[over - 1].0 + eps).min(room);
        if by > 0 {
            self.reprice(node, by);
            for &slot in &follow { self.reprice(slot, by); }
        }
        for &(margin, volunteer, other, cost) in offers[..over].iter() {
            if margin > by { continue; }
            if by == 0 && other != HOME && self.load[other as usize] >= self.flow[other as usize] && !self.has_room(call, other) {
                continue;
            }
            let from = self.at[volunteer as usize];
            self.take(volunteer);
            self.settle(call, from);
            touched.push(from);
            self.put(volunteer, other, cost);
            if other != HOME {
                self.settle(call, other);
                touched.push(other);
                touched.extend(Self::above(call, other));
            }
        }
        self.settle(call, node);
        if by > 0 { touched.push(node); }
    }

    fn lower_site(&mut self, call: &Call, node: u32, under: i64, eps: i64, offers: &mut Vec<(i64, u32, u32, i32)>, touched: &mut Vec<u32>) {
        let site = node - call.slots.len() as u32;
        let range = call.first_slot[site as usize]..call.first_slot[site as usize + 1];
        let (follow, mut kink) = self.follow(call, node, false);
        if kink == 0 || follow.is_empty() { return; }
        for other in range.clone() {
            if follow.contains(&other) { continue; }
            for &slot in &follow {
                for &volunteer in &self.members[other as usize] {
                    if call.may(volunteer, slot) { kink = kink.min(self.price[slot as usize] - self.price[other as usize]); }
                }
            }
        }
        if kink <= 0 { return; }
        let under = under as usize;
        offers.clear();
        let mut limit = kink + 1;
        for end in call.columns.of(site) {
            let volunteer = end.id;
            let at = self.at[volunteer as usize];
            if range.contains(&at) { continue; }
            let mut best = (limit, 0);
            for &slot in &follow {
                if !call.may(volunteer, slot) { continue; }
                let gap = i64::from(end.cost) + self.price[slot as usize] - self.worth[volunteer as usize];
                if gap < best.0 { best = (gap, slot); }
            }
            if best.0 >= limit { continue; }
            offers.push((best.0, volunteer, best.1, end.cost));
            if offers.len() >= 2 * under + 8 {
                offers.select_nth_unstable(under - 1);
                offers.truncate(under);
                limit = offers[under - 1].0;
            }
        }
        if offers.len() > under {
            offers.select_nth_unstable(under - 1);
            offers.truncate(under);
        }
        let most = if offers.len() == under { offers.iter().map(|o| o.0).max().unwrap_or(0) } else { kink };
        let by = (most + eps).min(kink);
        if by > 0 {
            self.reprice(node, -by);
            for &slot in &follow { self.reprice(slot, -by); }
        }
        for &(gap, volunteer, slot, cost) in offers.iter() {
            if gap > by { continue; }
            let at = self.at[volunteer as usize];
            if by == 0 && at != HOME && self.load[at as usize] <= self.flow[at as usize] {
                continue;
            }
            self.take(volunteer);
            self.put(volunteer, slot, cost);
            self.settle(call, slot);
            touched.push(slot);
            if at != HOME {
                self.settle(call, at);
                touched.push(at);
                touched.extend(Self::above(call, at));
            }
        }
        self.settle(call, node);
        if by > 0 { touched.push(node); }
    }

    fn cheapest_but_site(&self, call: &Call, volunteer: u32, but: u32) -> (u32, i32, i64) {
        let mut best = (i64::from(call.terms.home), HOME, call.terms.home);
        for end in call.rows.of(volunteer) {
            let cost = i64::from(end.cost);
            if cost + self.lowest >= best.0 {
                break;
            }
            if end.id == but { continue; }
            for slot in call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1] {
                let whole = cost + self.price[slot as usize];
                if whole < best.0 && call.may(volunteer, slot) {
                    best = (whole, slot, end.cost);
                }
            }
        }
        (best.1, best.2, best.0)
    }

    fn cheapest_but(&self, call: &Call, volunteer: u32, but: u32) -> (u32, i32, i64) {
        let mut best = (i64::from(call.terms.home), HOME, call.terms.home);
        for end in call.rows.of(volunteer) {
            let cost = i64::from(end.cost);
            if cost + self.lowest >= best.0 {
                break;
            }
            for slot in call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1] {
                let whole = cost + self.price[slot as usize];
                if whole < best.0 && slot != but && call.may(volunteer, slot) {
                    best = (whole, slot, end.cost);
                }
            }
        }
        (best.1, best.2, best.0)
    }
}
