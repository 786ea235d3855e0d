//! Checks whether a plan keeps its bounds, what it costs, and what every plan costs at least. It shares nothing with
//! the search but the call itself.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Answer, Call, Fault, Ground, Need, Pair};
use crate::network::Start;
use crate::plain::Plain;

/// What a plan costs and what its prices prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// What the plan costs, ds: walks, people at home, people short.
    pub objective: i64,
    /// Every plan costs at least this, ds. The plan is the best there is when this equals the objective.
    pub bound: i64,
    /// The walks alone, ds.
    pub walking: i64,
    /// How many people stay at home.
    pub home: u32,
    /// How many people are missing to a least, slots and compounds added up.
    pub short: u64,
}

impl Proof {
    /// Returns how far the plan may be from the best, ds; 0 proves that it is the best.
    pub fn gap(&self) -> i64 {
        self.objective.saturating_sub(self.bound)
    }
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A list has another length than the call needs.
    #[error("the answer has {found} {what}, the call {wanted}")]
    Length {
        /// Which list it is.
        what: &'static str,
        /// How many entries were given.
        found: usize,
        /// How many entries there should be.
        wanted: usize,
    },
    /// Somebody is sent where he does not walk, or where he is not able to help.
    #[error("volunteer {volunteer} is sent to slot {slot}, which is none of his")]
    NotHis {
        /// The volunteer.
        volunteer: usize,
        /// The slot.
        slot: u32,
    },
    /// More people are sent than there is room for.
    #[error("{what} {id} gets {load} people and wants {most} at most")]
    TooMany {
        /// `slot` or `compound`.
        what: &'static str,
        /// Which slot or compound it is.
        id: usize,
        /// How many people it gets.
        load: u64,
        /// How many people it wants at most.
        most: u32,
    },
}

/// Checks a plan and reckons its cost and its bound.
///
/// The prices give the bound: each volunteer is counted at his cheapest place, price included, and each slot and
/// compound at its cheapest number of people. Where the call lists only some pairs of a volunteer,
/// `unlisted[volunteer]` says what each of his other pairs costs at least, price included, ds. An empty list says that
/// all pairs are listed.
pub fn check(call: &Call, answer: &Answer, unlisted: &[i64]) -> Result<Proof, Wrong> {
    for (what, found, wanted) in [
        ("volunteers", answer.slot.len(), call.able.len()),
        ("slot prices", answer.slot_price.len(), call.slots.len()),
        ("compound prices", answer.site_price.len(), call.sites.len()),
    ] {
        if found != wanted {
            return Err(Wrong::Length { what, found, wanted });
        }
    }
    let mut slot_load = vec![0u64; call.slots.len()];
    let mut site_load = vec![0u64; call.sites.len()];
    let (mut walking, mut home) = (0i64, 0u32);
    for (volunteer, slot) in answer.slot.iter().enumerate() {
        let Some(slot) = *slot else {
            home += 1;
            continue;
        };
        let not_his = Wrong::NotHis { volunteer, slot };
        let Some(found) = call.slots.get(slot as usize) else {
            return Err(not_his);
        };
        let able = call.able[volunteer] >> found.kind & 1 == 1;
        let cost = call.cost(volunteer as u32, found.site).filter(|_| able);
        walking += i64::from(cost.ok_or(not_his)?);
        slot_load[slot as usize] += 1;
        site_load[found.site as usize] += 1;
    }
    let mut short = 0;
    for (id, (slot, &load)) in call.slots.iter().zip(&slot_load).enumerate() {
        short += held("slot", id, slot.need, load)?;
    }
    if !call.flat {
        for (id, (need, &load)) in call.sites.iter().zip(&site_load).enumerate() {
            short += held("compound", id, *need, load)?;
        }
    }
    let objective = walking + i64::from(home) * i64::from(call.terms.home) + short as i64 * i64::from(call.terms.short);
    Ok(Proof { objective, bound: bound(call, answer, unlisted), walking, home, short })
}

/// Returns how many people are missing to the least. It fails when there are more people than the most.
fn held(what: &'static str, id: usize, need: Need, load: u64) -> Result<u64, Wrong> {
    if load > u64::from(need.most) {
        return Err(Wrong::TooMany { what, id, load, most: need.most });
    }
    Ok(u64::from(need.least).saturating_sub(load))
}

/// Returns what the prices of an answer prove that every plan costs at least, ds. Prices of any size are summed without
/// loss. A bound below everything that can be written proves nothing.
fn bound(call: &Call, answer: &Answer, unlisted: &[i64]) -> i64 {
    let mut bound = 0i128;
    for (volunteer, able) in call.able.iter().enumerate() {
        let unlisted = unlisted.get(volunteer).copied().unwrap_or(i64::MAX);
        let mut least = i128::from(call.terms.home).min(i128::from(unlisted));
        for end in call.rows.of(volunteer as u32) {
            let slots = call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1];
            for slot in slots {
                if able >> call.slots[slot as usize].kind & 1 == 1 && call.has_room(slot) {
                    least = least.min(i128::from(end.cost) + i128::from(answer.slot_price[slot as usize]));
                }
            }
        }
        bound += least;
    }
    let short = i128::from(call.terms.short);
    // The least that a node costs when each person who passes on is worth `worth`.
    let node = |need: Need, worth: i128| {
        let (least, most) = (i128::from(need.least), i128::from(need.most));
        (short * least).min(worth * least).min(worth * most)
    };
    for (slot, price) in call.slots.iter().zip(&answer.slot_price) {
        let above = if call.flat { 0 } else { answer.site_price[slot.site as usize] };
        bound += node(slot.need, i128::from(above) - i128::from(*price));
    }
    if !call.flat {
        for (need, price) in call.sites.iter().zip(&answer.site_price) {
            bound += node(*need, -i128::from(*price));
        }
    }
    i64::try_from(bound).unwrap_or(i64::MIN)
}

/// Returns all pairs within the cap, found by the plainest search there is.
pub fn plain_pairs(ground: &Ground<'_>, sites: usize) -> Vec<Pair> {
    let plain = Plain::new(ground.forward);
    let mut gates: Vec<Vec<Start>> = vec![Vec::new(); sites];
    for gate in ground.gates {
        gates[gate.site as usize].push(Start { node: gate.node, time: 0 });
    }
    let mut homes: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for (home, volunteer) in ground.homes.iter().zip(0u32..) {
        homes.entry(home.node).or_default().push((volunteer, home.access));
    }
    let pairs_of = |(site, gates): (u32, Vec<Start>)| {
        let mut pairs = Vec::new();
        for (node, time) in plain.walks_to(&gates, ground.cap) {
            for &(volunteer, access) in homes.get(&node).into_iter().flatten() {
                let time = time.saturating_add(access);
                if time <= ground.cap {
                    let cost = time as i32;
                    pairs.push(Pair { volunteer, site, cost });
                }
            }
        }
        pairs
    };
    (0..sites as u32).into_par_iter().zip(gates).flat_map_iter(pairs_of).collect()
}

/// What shows that nobody could be asked for shorter walks.
#[derive(Debug, Clone, Copy)]
pub struct Fairness<'a> {
    /// The longest walk that the plan asks of anybody, ds.
    pub longest: i32,
    /// Prices that say how much failings cost at least, however far everybody walks.
    pub all: &'a Answer,
    /// A plan that fails as little and asks nobody for a longer walk.
    pub within: &'a Answer,
    /// Prices that say that failings cost more when nobody walks as far. There are none where no walk is shorter.
    pub shorter: Option<&'a Answer>,
}

/// What a check of fairness comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fairly {
    /// With a shorter limit of walks more people would stay at home or be missing.
    Proven,
    /// As few people stay at home or are missing when nobody walks longer than this, ds: the plan is not fair.
    Sooner(i32),
    /// The prices prove neither.
    Unproven,
}

/// Checks whether the longest walk of a plan is the shortest that could be asked for. `call` lists all pairs within the
/// cap.
pub fn check_fairness(call: &Call, fairness: &Fairness<'_>) -> Result<Result<Fairly, Wrong>, Fault> {
    // Failings alone are counted, so walks cost nothing and prices count in the same unit.
    let free = |limit: i32| {
        let within = call.pairs().filter(|pair| pair.cost <= limit);
        call.with_pairs(within.map(|pair| Pair { cost: 0, ..pair }).collect())
    };
    let found = match check(&free(fairness.longest)?, fairness.within, &[]) {
        Ok(found) => found.objective,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let walks = fairness.within.slot.iter().zip(0u32..).filter_map(|(slot, volunteer)| {
        let site = call.slots.get((*slot)? as usize)?.site;
        call.cost(volunteer, site)
    });
    let walked = walks.max().unwrap_or(0);
    let whole = |call: &Call, prices: &Answer| {
        let fits = prices.slot_price.len() == call.slots.len() && prices.site_price.len() == call.sites.len();
        fits.then(|| bound(call, prices, &[]))
    };
    if whole(&free(i32::MAX)?, fairness.all) != Some(found) {
        return Ok(Ok(Fairly::Unproven));
    }
    let shortest = call.pairs().map(|pair| pair.cost).min();
    if shortest.is_none_or(|shortest| shortest >= fairness.longest) {
        return Ok(Ok(Fairly::Proven));
    }
    if walked < fairness.longest {
        return Ok(Ok(Fairly::Sooner(walked)));
    }
    let shorter = free(fairness.longest - 1)?;
    let more = fairness.shorter.and_then(|prices| whole(&shorter, prices));
    Ok(Ok(if more.is_some_and(|more| more > found) { Fairly::Proven } else { Fairly::Unproven }))
}
