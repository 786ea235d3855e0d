//! 就近动员: this module decides who goes where in an emergency. The plan has the least walking in all, with a proof
//! that no plan has less.
//!
//! **Problem.** Each volunteer is sent to one slot or stays at home. A slot (compound × shift × role) wants between
//! `least` and `most` people. Its compound wants between its own bounds over all its slots. The plan minimises the
//! walking times in ds, plus [`Terms::home`] for each volunteer who stays at home, plus [`Terms::short`] for each
//! person that a slot or a compound lacks to its least. A plan always exists, and it never passes an upper bound.
//!
//! The bounds are nested (each slot lies in one compound), so the problem is a flow of least cost, and the best plan of
//! whole people costs what the best plan of fractions costs. Prices prove it ([`check()`]). The method is that of
//! successive shortest paths over slots alone, where a volunteer is an arc between slots. It starts from prices that a
//! few rounds of raising and lowering find; see `planning/README.md`.
//!
//! ```
//! use planning::mobilize::{Call, Need, Pair, Plan, Terms, check};
//!
//! // Two compounds that want one each; the second volunteer could go to either.
//! let needs = vec![Need { least: 1, most: 1 }; 2];
//! let pairs = vec![
//!     Pair { volunteer: 0, site: 0, cost: 300 },
//!     Pair { volunteer: 1, site: 0, cost: 100 },
//!     Pair { volunteer: 1, site: 1, cost: 500 },
//! ];
//! let call = Call::plain(needs, 2, pairs, Terms::default())?;
//! let answer = Plan::new(&call).answer(&call);
//! assert_eq!(answer.slot, [Some(0), Some(1)]);
//! let proof = check(&call, &answer, &[]).expect("the plan keeps its bounds");
//! assert_eq!((proof.walking, proof.gap()), (800, 0));
//! # Ok::<(), planning::mobilize::Fault>(())
//! ```

mod bids;
mod candidates;
mod check;
mod compounds;
mod fair;
mod flood;
mod paths;
mod plan;
mod prices;

pub use candidates::{Found, Gate, Ground, Home, solve_nearest};
pub use check::{Fairly, Fairness, Proof, Wrong, check, check_fairness, plain_pairs};
pub use fair::{Fair, fair};
pub use plan::Plan;

use std::collections::HashMap;

use crate::network::Rows;

/// How many people are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Need {
    /// The number wanted at least; each person missing costs [`Terms::short`].
    pub least: u32,
    /// The number that is never passed.
    pub most: u32,
}

/// One shift and role at a compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The compound of the slot.
    pub site: u32,
    /// What a volunteer must be free for or able to do: bit `kind` of his `able` is set. It is below 64.
    pub kind: u8,
    /// How many people the slot wants.
    pub need: Need,
}

/// What a failing costs, in ds of walking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The cost of a volunteer who stays at home.
    pub home: i32,
    /// The cost of a person who is missing to a least.
    pub short: i32,
}

impl Default for Terms {
    /// Staying at home costs 5,000 s and a missing person 20,000 s, so a gap is filled whatever the walk within the
    /// cap.
    fn default() -> Self {
        Self { home: 50_000, short: 200_000 }
    }
}

/// Why a call cannot be planned as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The least is greater than the most.
    #[error("{what} {id} wants at least {least} and at most {most}: the least must not be above the most")]
    Crossed {
        /// `slot` or `compound`.
        what: &'static str,
        /// Which slot or compound it is.
        id: u32,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A pair or slot names a volunteer or compound that does not exist.
    #[error("{what} {id} does not exist; there are {count}")]
    Missing {
        /// `volunteer` or `compound`.
        what: &'static str,
        /// The number it names.
        id: u32,
        /// How many there are.
        count: usize,
    },
    /// A slot is of a kind that no bit stands for.
    #[error("slot {slot} is of kind {kind}; kinds are numbered 0 to 63")]
    Kind {
        /// Which slot.
        slot: u32,
        /// Its kind.
        kind: u8,
    },
    /// The slots are not in the order of their compounds.
    #[error("slot {0} belongs to an earlier compound than the slot before it: slots are given by compound")]
    Order(u32),
    /// A pair of volunteer and compound is listed twice.
    #[error("volunteer {volunteer} and compound {site} are given as a pair twice")]
    Twice {
        /// Which volunteer.
        volunteer: u32,
        /// Which compound.
        site: u32,
    },
    /// A cost or term is too large for sums to stay exact.
    #[error("a cost of {0} ds is out of bounds: costs and terms lie within 10,000,000 ds")]
    Cost(i64),
    /// Too many people are wanted at least for sums to stay exact.
    #[error("the leasts of all slots and compounds together pass 1,000,000,000 people")]
    TooMany,
}

const COST_MOST: i64 = 10_000_000;
/// A call is tied where more than this percentage of the volunteers have two compounds equally near.
const TIED_PERCENT: usize = 50;

/// A pair of a volunteer and a compound, with what the walk costs: its time in ds, and less where a volunteer should
/// not be moved away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pair {
    /// The volunteer.
    pub volunteer: u32,
    /// The compound.
    pub site: u32,
    /// The cost, ds.
    pub cost: i32,
}

/// One end of a pair, seen from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct End {
    pub id: u32,
    pub cost: i32,
}

/// The needs of an emergency and who may answer them.
#[derive(Debug, Clone)]
pub struct Call {
    pub(crate) terms: Terms,
    pub(crate) sites: Vec<Need>,
    pub(crate) slots: Vec<Slot>,
    /// The slots of a compound are `slots[first_slot[site]..first_slot[site + 1]]`.
    pub(crate) first_slot: Vec<u32>,
    pub(crate) able: Vec<u64>,
    /// The kinds of slot with room at each compound, a bit for each.
    pub(crate) open: Vec<u64>,
    /// The pairs of each volunteer with compounds that have room for him, cheapest first.
    pub(crate) rows: Rows<End>,
    /// The volunteers of each compound that has room for them.
    pub(crate) columns: Rows<End>,
    /// The other pairs, in the same order.
    closed: Vec<Pair>,
    /// The first volunteer with the same pairs as this one: who lives in the same building, for instance.
    pub(crate) housed: Vec<u32>,
    /// The first volunteer with the same pairs and abilities as this one.
    pub(crate) alike: Vec<u32>,
    /// This is set when each compound has one slot for everybody; then compounds need no nodes of their own.
    pub(crate) flat: bool,
}

impl Call {
    /// Makes a call where each compound is one slot and everybody can do what is needed.
    pub fn plain(needs: Vec<Need>, volunteers: usize, pairs: Vec<Pair>, terms: Terms) -> Result<Self, Fault> {
        let slots = needs.iter().zip(0..).map(|(&need, site)| Slot { site, kind: 0, need }).collect();
        Self::new(needs, slots, vec![1; volunteers], pairs, terms)
    }

    /// Makes a call with slots. `able[volunteer]` has the bit of each kind of slot that the volunteer is free and able
    /// for. Slots are in the order of their compounds. Pairs may come in any order, each once.
    pub fn new(
        sites: Vec<Need>,
        slots: Vec<Slot>,
        able: Vec<u64>,
        mut pairs: Vec<Pair>,
        terms: Terms,
    ) -> Result<Self, Fault> {
        check_needs(&sites, &slots)?;
        check_pairs(&pairs, able.len(), sites.len())?;
        for term in [terms.home, terms.short] {
            if !(0..=COST_MOST).contains(&i64::from(term)) {
                return Err(Fault::Cost(term.into()));
            }
        }
        if !pairs.array_windows().all(|[one, next]| in_order(one) < in_order(next)) {
            pairs.sort_unstable_by_key(in_order);
        }
        no_pair_twice(&pairs, sites.len())?;
        let open = open_kinds(&sites, &slots);
        let is_open = |pair: &Pair| able[pair.volunteer as usize] & open[pair.site as usize] != 0;
        let mut closed = Vec::new();
        if !pairs.iter().all(is_open) {
            (pairs, closed) = pairs.into_iter().partition(is_open);
        }
        let first_slot = crate::network::starts(sites.len(), slots.iter().map(|slot| slot.site));
        let flat = slots.len() == sites.len()
            && slots
                .iter()
                .zip(&sites)
                .zip(0..)
                .all(|((slot, need), site)| slot.site == site && slot.kind == 0 && slot.need == *need);
        let mut call = Self {
            terms,
            housed: Vec::new(),
            alike: Vec::new(),
            flat: flat && able.iter().all(|able| able & 1 == 1),
            rows: Rows::new(
                able.len(),
                pairs.iter().map(|pair| (pair.volunteer, End { id: pair.site, cost: pair.cost })),
            ),
            columns: Rows::new(
                sites.len(),
                pairs.iter().map(|pair| (pair.site, End { id: pair.volunteer, cost: pair.cost })),
            ),
            sites,
            slots,
            first_slot,
            able,
            open,
            closed,
        };
        (call.housed, call.alike) = call.alikes();
        Ok(call)
    }

    /// Finds who has the same pairs as somebody before, and who has the same abilities too.
    fn alikes(&self) -> (Vec<u32>, Vec<u32>) {
        let mut homes: HashMap<&[End], u32> = HashMap::new();
        let mut known: HashMap<(u64, u32), u32> = HashMap::new();
        let first = |volunteer: u32| {
            let home = *homes.entry(self.rows.of(volunteer)).or_insert(volunteer);
            let like = (self.able[volunteer as usize], home);
            (home, *known.entry(like).or_insert(volunteer))
        };
        (0..self.able.len() as u32).map(first).unzip()
    }

    /// Makes the same call with other pairs.
    pub fn with_pairs(&self, pairs: Vec<Pair>) -> Result<Self, Fault> {
        Self::new(self.sites.clone(), self.slots.clone(), self.able.clone(), pairs, self.terms)
    }

    /// Returns all pairs, by volunteer, cheapest first.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let open = (0..self.able.len() as u32).flat_map(move |volunteer| {
            let pair = move |end: &End| Pair { volunteer, site: end.id, cost: end.cost };
            self.rows.of(volunteer).iter().map(pair)
        });
        let (mut open, mut closed) = (open.peekable(), self.closed.iter().copied().peekable());
        std::iter::from_fn(move || match (open.peek(), closed.peek()) {
            (Some(one), Some(other)) if in_order(one) <= in_order(other) => open.next(),
            (_, Some(_)) => closed.next(),
            _ => open.next(),
        })
    }

    /// Returns how many volunteers answered.
    pub fn volunteers(&self) -> usize {
        self.able.len()
    }

    /// Returns the slots in the order in which they were given.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Returns the compounds' own bounds.
    pub fn sites(&self) -> &[Need] {
        &self.sites
    }

    /// Says whether many volunteers have several compounds that are equally near. Then people who are too many move on
    /// at no cost, and prices that were found by trying would only hide that.
    pub(crate) fn is_tied(&self) -> bool {
        let choices = (0..self.able.len() as u32).filter_map(|volunteer| match self.rows.of(volunteer) {
            [one, two, ..] => Some(one.cost == two.cost),
            _ => None,
        });
        let (tied, all) = choices.fold((0, 0), |(tied, all), is_tied| (tied + usize::from(is_tied), all + 1));
        tied * 100 > all * TIED_PERCENT
    }

    /// Says whether a volunteer may be sent to a slot.
    #[inline]
    pub(crate) fn may(&self, volunteer: u32, slot: u32) -> bool {
        self.flat || self.able[volunteer as usize] >> self.slots[slot as usize].kind & 1 == 1
    }

    /// Says whether anybody can be sent to a slot.
    pub(crate) fn has_room(&self, slot: u32) -> bool {
        let Slot { site, need, .. } = self.slots[slot as usize];
        need.most > 0 && self.sites[site as usize].most > 0
    }

    /// Returns what it costs to send a volunteer to a compound, or `None` when the two are not a pair.
    pub fn cost(&self, volunteer: u32, site: u32) -> Option<i32> {
        let row = self.rows.of(volunteer);
        let open = row.iter().find(|end| end.id == site).map(|end| end.cost);
        open.or_else(|| {
            let first = self.closed.partition_point(|pair| pair.volunteer < volunteer);
            let own = self.closed[first..].iter().take_while(|pair| pair.volunteer == volunteer);
            own.filter(|pair| pair.site == site).map(|pair| pair.cost).next()
        })
    }
}

/// Returns by what pairs are ordered.
fn in_order(pair: &Pair) -> (u32, i32, u32) {
    (pair.volunteer, pair.cost, pair.site)
}

/// Returns the kinds of slot with room at each compound.
fn open_kinds(sites: &[Need], slots: &[Slot]) -> Vec<u64> {
    let mut open = vec![0; sites.len()];
    for slot in slots.iter().filter(|slot| slot.need.most > 0 && sites[slot.site as usize].most > 0) {
        open[slot.site as usize] |= 1 << slot.kind;
    }
    open
}

/// Succeeds if no volunteer has two pairs with one compound. The pairs are in order.
fn no_pair_twice(pairs: &[Pair], sites: usize) -> Result<(), Fault> {
    let mut last = vec![u32::MAX; sites];
    for &Pair { volunteer, site, .. } in pairs {
        if std::mem::replace(&mut last[site as usize], volunteer) == volunteer {
            return Err(Fault::Twice { volunteer, site });
        }
    }
    Ok(())
}

fn check_needs(sites: &[Need], slots: &[Slot]) -> Result<(), Fault> {
    let crossed = |what, id, need: &Need| Fault::Crossed { what, id, least: need.least, most: need.most };
    if let Some((need, id)) = sites.iter().zip(0..).find(|(need, _)| need.least > need.most) {
        return Err(crossed("compound", id, need));
    }
    let mut wanted = sites.iter().map(|need| u64::from(need.least)).sum::<u64>();
    for (slot, id) in slots.iter().zip(0..) {
        if slot.need.least > slot.need.most {
            return Err(crossed("slot", id, &slot.need));
        }
        if slot.site as usize >= sites.len() {
            return Err(Fault::Missing { what: "compound", id: slot.site, count: sites.len() });
        }
        if slot.kind > 63 {
            return Err(Fault::Kind { slot: id, kind: slot.kind });
        }
        if id > 0 && slots[id as usize - 1].site > slot.site {
            return Err(Fault::Order(id));
        }
        wanted += u64::from(slot.need.least);
    }
    if wanted > 1_000_000_000 {
        return Err(Fault::TooMany);
    }
    Ok(())
}

fn check_pairs(pairs: &[Pair], volunteers: usize, sites: usize) -> Result<(), Fault> {
    for pair in pairs {
        let missing = |what, id, count| Fault::Missing { what, id, count };
        if pair.volunteer as usize >= volunteers {
            return Err(missing("volunteer", pair.volunteer, volunteers));
        }
        if pair.site as usize >= sites {
            return Err(missing("compound", pair.site, sites));
        }
        if i64::from(pair.cost).abs() > COST_MOST {
            return Err(Fault::Cost(pair.cost.into()));
        }
    }
    Ok(())
}

/// The answer: where everybody goes, and the prices that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The slot to which each volunteer is sent, or `None` where he stays at home.
    pub slot: Vec<Option<u32>>,
    /// The price of each slot, ds: what one more place there is worth.
    pub slot_price: Vec<i64>,
    /// The price of each compound over all its slots, ds; 0 where compounds have no bounds of their own.
    pub site_price: Vec<i64>,
}

#[cfg(test)]
mod tests;
