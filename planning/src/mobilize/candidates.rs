//! This module finds who could go where: the compounds near everybody on the walking network, and more of them only
//! where a proof needs them.
//!
//! A large city has a million pairs within half an hour, and finding them all costs many times what the planning costs.
//! So at first only near compounds are found. The plan made with them has prices. One search from all gates together,
//! each starting at its compound's price, then gives for everybody the cheapest compound of all, price included. A
//! volunteer who would be better off there gets that pair too, and the plan is mended, until nobody would be better
//! off.

use super::plan::{HOME, Plan};
use super::{Call, Fault, Need, Pair, Slot, Terms};
use crate::network::{Network, Rows, Search, Start};

/// Where somebody lives: a node of the network and the way to the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// The node.
    pub node: u32,
    /// The time from the door to the node, ds.
    pub access: u32,
}

/// A gate of a compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// The compound.
    pub site: u32,
    /// The node at which it stands.
    pub node: u32,
}

/// The ground on which people walk to compounds.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The ways, walked from where people live.
    pub forward: &'a Network,
    /// The same ways walked backward from the gates: [`Network::reversed`].
    pub backward: &'a Network,
    /// All gates.
    pub gates: &'a [Gate],
    /// Where each volunteer lives.
    pub homes: &'a [Home],
    /// The longest walk that is asked of anybody, ds.
    pub cap: u32,
}

/// A plan made with the nearest compounds that is as good as one made with all of them.
#[derive(Debug, Clone)]
pub struct Found {
    /// The call with the pairs that were needed.
    pub call: Call,
    /// The plan.
    pub plan: Plan,
    /// The least that a pair of each volunteer costs that the call does not list, price included, ds: see
    /// [`super::check()`]. The list is empty when all pairs within the cap are listed.
    pub unlisted: Vec<i64>,
    /// How many times the pairs were extended.
    pub rounds: u32,
}

impl Ground<'_> {
    /// Returns all pairs within the cap, by volunteer, nearest first.
    pub fn all_pairs(&self, sites: usize) -> Vec<Pair> {
        self.pairs_within(sites, self.cap)
    }

    /// Returns all pairs no farther apart than `limit` ds, by volunteer, nearest first.
    fn pairs_within(&self, sites: usize, limit: u32) -> Vec<Pair> {
        use rayon::prelude::*;
        // Everybody walks at least so far before he is on the network.
        let access = self.homes.iter().map(|home| home.access).min().unwrap_or(0);
        let Some(reach) = limit.checked_sub(access) else {
            return Vec::new();
        };
        let at_node = self.homes_at_node();
        let gates = Rows::new(sites, self.gates.iter().map(|gate| (gate.site, gate.node)));
        let mut pairs: Vec<Pair> = (0..sites as u32)
            .into_par_iter()
            .map_init(
                || Search::new(self.backward.nodes()),
                |search, site| {
                    search.run(self.backward, gates.of(site), reach);
                    let mut pairs = Vec::new();
                    for &node in search.reached() {
                        let time = search.times()[node as usize];
                        for &volunteer in at_node.of(node) {
                            let time = time.saturating_add(self.homes[volunteer as usize].access);
                            if time <= limit {
                                let cost = time as i32;
                                pairs.push(Pair { volunteer, site, cost });
                            }
                        }
                    }
                    pairs
                },
            )
            .flatten_iter()
            .collect();
        pairs.par_sort_unstable_by_key(|pair| (pair.volunteer, pair.cost, pair.site));
        pairs
    }

    fn homes_at_node(&self) -> Rows<u32> {
        let homes = self.homes.iter().zip(0u32..);
        Rows::new(self.backward.nodes(), homes.map(|(home, volunteer)| (home.node, volunteer)))
    }

    /// Returns every compound within the cap of volunteers who live at one node.
    fn pairs_of(&self, volunteers: &[u32], search: &mut Search, gates_at_node: &Rows<u32>) -> Vec<Pair> {
        let home = |volunteer: u32| self.homes[volunteer as usize];
        let Some(nearest) = volunteers.iter().map(|&one| home(one)).min_by_key(|home| home.access) else {
            return Vec::new();
        };
        let Some(limit) = self.cap.checked_sub(nearest.access) else {
            return Vec::new();
        };
        search.run(self.forward, &[nearest.node], limit);
        let mut found: Vec<(u32, u32)> = Vec::new();
        for &node in search.reached() {
            let time = search.times()[node as usize];
            found.extend(gates_at_node.of(node).iter().map(|&site| (site, time)));
        }
        found.sort_unstable();
        found.dedup_by_key(|&mut (site, _)| site);
        let cap = self.cap;
        let pairs = volunteers.iter().flat_map(|&volunteer| {
            let access = home(volunteer).access;
            let walks = found.iter().map(move |&(site, time)| (site, time.saturating_add(access)));
            let within = walks.filter(move |&(_, walk)| walk <= cap);
            within.map(move |(site, walk)| Pair { volunteer, site, cost: walk as i32 })
        });
        pairs.collect()
    }
}

/// In so many rounds whoever would be better off elsewhere gets one pair more. After that he gets all his pairs.
const PATIENT_ROUNDS: u32 = 4;

/// Finds the best plan over all pairs within the cap while it lists only few of them. It begins with the pairs at most
/// `near` ds apart. Compounds without room are left out.
pub fn solve_nearest(
    ground: &Ground<'_>,
    sites: &[Need],
    slots: &[Slot],
    able: &[u64],
    terms: Terms,
    near: u32,
) -> Result<Found, Fault> {
    super::check_needs(sites, slots)?;
    let open = super::open_kinds(sites, slots);
    let gates = ground.gates.iter().filter(|gate| open.get(gate.site as usize).is_none_or(|kinds| *kinds != 0));
    let gates: Vec<Gate> = gates.copied().collect();
    let ground = &Ground { gates: &gates, ..*ground };
    let mut pairs = ground.pairs_within(sites.len(), near.min(ground.cap));
    let call = |pairs: &[Pair]| Call::new(sites.to_vec(), slots.to_vec(), able.to_vec(), pairs.to_vec(), terms);
    let mut found = Found { call: call(&pairs)?, plan: Plan::default(), unlisted: Vec::new(), rounds: 0 };
    found.plan = Plan::new(&found.call);
    if near >= ground.cap {
        return Ok(found);
    }
    let mut market = Market::new(ground, sites.len());
    loop {
        let (offers, mut changed) = market.offers(&mut found);
        if market.is_overrun {
            pairs = ground.pairs_within(sites.len(), ground.cap);
            found.call = call(&pairs)?;
            found.plan = Plan::new(&found.call);
            found.unlisted.clear();
            found.rounds += 1;
            return Ok(found);
        }
        if offers.is_empty() {
            return Ok(found);
        }
        found.rounds += 1;
        pairs.extend(offers);
        pairs.sort_unstable_by_key(|pair| (pair.volunteer, pair.cost, pair.site));
        pairs.dedup();
        found.call = call(&pairs)?;
        changed.sort_unstable();
        changed.dedup();
        found.plan.update(&found.call, &changed);
    }
}

/// This percentage of the compounds, the cheapest ones, are looked at one by one when their price lies far below the
/// others.
const CHEAP_PERCENT: usize = 5;

/// The market offers pairs that the plan does not have yet.
struct Market<'a> {
    ground: &'a Ground<'a>,
    search: Search,
    gates: Rows<u32>,
    gates_at_node: Rows<u32>,
    homes_at_node: Rows<u32>,
    /// Says of which volunteers all pairs are listed.
    complete: Vec<bool>,
    /// This is set when so many people want all their pairs that it costs less to list those of everybody.
    is_overrun: bool,
}

impl<'a> Market<'a> {
    fn new(ground: &'a Ground<'a>, sites: usize) -> Self {
        let nodes = ground.backward.nodes();
        Self {
            ground,
            search: Search::new(nodes),
            gates: Rows::new(sites, ground.gates.iter().map(|gate| (gate.site, gate.node))),
            gates_at_node: Rows::new(nodes, ground.gates.iter().map(|gate| (gate.node, gate.site))),
            homes_at_node: ground.homes_at_node(),
            complete: ground.homes.iter().map(|home| home.access > ground.cap).collect(),
            is_overrun: false,
        }
    }

    /// Returns pairs with which somebody would be better off than where he is, and who these people are. It also notes
    /// for everybody the least that a pair costs that is not listed.
    fn offers(&mut self, found: &mut Found) -> (Vec<Pair>, Vec<u32>) {
        let prices = site_prices(&found.call, &found.plan);
        let now: Vec<i64> = (0..self.ground.homes.len()).map(|one| found.plan.pays(&found.call, one)).collect();
        found.unlisted.clear();
        found.unlisted.resize(now.len(), i64::MAX);
        let (mut pairs, mut changed) = (Vec::new(), Vec::new());
        let far_below = far_below(&prices, self.ground.cap);
        for site in 0..prices.len() as u32 {
            if let Some(price) = prices[site as usize].filter(|price| *price < far_below) {
                self.offers_of(site, price, &now, found, &mut pairs, &mut changed);
            }
        }
        let starts: Vec<(Start, u32, i64)> = self
            .ground
            .gates
            .iter()
            .filter_map(|gate| {
                let price = prices[gate.site as usize].filter(|price| *price >= far_below)?;
                let time = u32::try_from(price - far_below).ok()?;
                Some((Start { node: gate.node, time }, gate.site, price))
            })
            .collect();
        let limit = now.iter().copied().max().unwrap_or(0) - far_below;
        let nodes: Vec<Start> = starts.iter().map(|(start, ..)| *start).collect();
        let limit = u32::try_from(limit.max(0)).unwrap_or(u32::MAX);
        self.search.run_owned(self.ground.backward, &nodes, limit);
        let mut too_far: Vec<u32> = Vec::new();
        let patient = found.rounds < PATIENT_ROUNDS;
        for (volunteer, home) in self.ground.homes.iter().enumerate() {
            if self.complete[volunteer] {
                continue;
            }
            let Some(&(_, site, price)) = starts.get(self.search.owners()[home.node as usize] as usize) else {
                continue;
            };
            let whole = i64::from(self.search.times()[home.node as usize]) + i64::from(home.access) + far_below;
            if whole < now[volunteer] {
                let (volunteer, cost) = (volunteer as u32, whole - price);
                if patient && cost <= i64::from(self.ground.cap) && found.call.cost(volunteer, site).is_none() {
                    let cost = cost as i32;
                    pairs.push(Pair { volunteer, site, cost });
                    changed.push(volunteer);
                } else {
                    too_far.push(volunteer);
                }
            }
            let known = &mut found.unlisted[volunteer];
            *known = whole.min(*known);
        }
        self.list_whole(too_far, found, &mut pairs, &mut changed);
        (pairs, changed)
    }

    /// Lists all pairs of some volunteers: the cheapest compound is beyond the cap or needs something they cannot do,
    /// so everything within the cap is looked at. It lists nothing where that takes more searches than all pairs do.
    fn list_whole(
        &mut self,
        mut volunteers: Vec<u32>,
        found: &mut Found,
        pairs: &mut Vec<Pair>,
        changed: &mut Vec<u32>,
    ) {
        let node = |volunteer: &u32| self.ground.homes[*volunteer as usize].node;
        volunteers.sort_unstable_by_key(|volunteer| (node(volunteer), *volunteer));
        let together = || volunteers.chunk_by(|one, other| node(one) == node(other));
        // Listing all pairs takes a search for each compound.
        if together().count() > found.call.sites.len() {
            self.is_overrun = true;
            return;
        }
        for alike in together() {
            let all = self.ground.pairs_of(alike, &mut self.search, &self.gates_at_node);
            for &volunteer in alike {
                self.complete[volunteer as usize] = true;
                found.unlisted[volunteer as usize] = i64::MAX;
            }
            let new = all.into_iter().filter(|pair| found.call.cost(pair.volunteer, pair.site).is_none());
            let before = pairs.len();
            pairs.extend(new);
            changed.extend(pairs[before..].iter().map(|pair| pair.volunteer));
        }
    }

    /// Does the same for one compound that is so cheap that its offers would hide those of others.
    fn offers_of(
        &mut self,
        site: u32,
        price: i64,
        now: &[i64],
        found: &mut Found,
        pairs: &mut Vec<Pair>,
        changed: &mut Vec<u32>,
    ) {
        let cap = self.ground.cap;
        self.search.run(self.ground.backward, self.gates.of(site), cap);
        for &node in self.search.reached() {
            for &volunteer in self.homes_at_node.of(node) {
                let home = self.ground.homes[volunteer as usize];
                let time = self.search.times()[node as usize].saturating_add(home.access);
                if time > cap || found.call.cost(volunteer, site).is_some() {
                    continue;
                }
                let whole = i64::from(time) + price;
                let known = &mut found.unlisted[volunteer as usize];
                *known = whole.min(*known);
                if whole < now[volunteer as usize] {
                    let cost = time as i32;
                    pairs.push(Pair { volunteer, site, cost });
                    changed.push(volunteer);
                }
            }
        }
    }
}

/// Returns the lowest price among the slots of each compound, or none where it has no slots with room.
fn site_prices(call: &Call, plan: &Plan) -> Vec<Option<i64>> {
    let price = |site: u32| {
        let slots = call.first_slot[site as usize]..call.first_slot[site as usize + 1];
        slots.filter(|&slot| call.has_room(slot)).map(|slot| plan.price[slot as usize]).min()
    };
    (0..call.sites.len() as u32).map(price).collect()
}

/// Returns a price below which a compound is looked at by itself.
fn far_below(prices: &[Option<i64>], cap: u32) -> i64 {
    let mut sorted: Vec<i64> = prices.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() * CHEAP_PERCENT / 100).copied().unwrap_or(0);
    usual - i64::from(cap) / 4
}

impl Plan {
    /// Returns what a volunteer costs where he is, price included, ds.
    fn pays(&self, call: &Call, volunteer: usize) -> i64 {
        match self.at[volunteer] {
            HOME => i64::from(call.terms.home),
            slot => i64::from(self.paid[volunteer]) + self.price[slot as usize],
        }
    }
}
