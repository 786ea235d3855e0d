//! Follows a certificate step by step and reckons in whole numbers whether it proves a bound. It searches for nothing
//! and shares no code with the search; each step takes about as long as reading the sets once.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Offers;
use super::certificate::{Certificate, Halved, Known, Step};
use super::check::{earned_above, value_of};

/// What is wrong with a certificate. Steps count from 1; 0 is what stands before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A step names a site or a set that is not there, prices are missing or below 0, or it follows the last end.
    #[error("step {0} does not fit the offers")]
    Unfit(usize),
    /// The prices do not tell what is said to be known of a site.
    #[error("step {step}: the prices do not tell what is said of site {site}")]
    Site {
        /// The step.
        step: usize,
        /// The site.
        site: u32,
    },
    /// A part of the choices is not closed where its steps end.
    #[error("step {0} ends a part of the choices of which some may gain more")]
    Open(usize),
    /// A step makes the sets anew, and no more is known of the sites than before.
    #[error("step {0} says nothing")]
    Idle(usize),
    /// The steps up to this one are more than a search writes down.
    #[error("the steps up to step {0} are more than a search writes down")]
    Long(usize),
}

/// Sums of set prices are counted in this power of two of a gain, those of demand prices in [`OF_DEMANDS`].
const OF_SETS: u32 = 20;
const OF_DEMANDS: u32 = 30;

/// How many sums are reckoned at most for steps that take longer to follow than to read. A search whose steps take more
/// finds them refused, and writes none down.
const MOST_SUMS: u64 = 1_000_000_000;
/// A set that is made anew takes as long as so many sums.
const SUMS_OF_A_SET: usize = 30;

/// Succeeds if a certificate proves that no choice of `k` sites gains more than `most`.
pub fn confirm(offers: &Offers, certificate: &Certificate, k: usize, most: i64) -> Result<(), Flaw> {
    confirm_within(MOST_SUMS, offers, certificate, k, most)
}

/// Does the same with at most so many sums.
pub(super) fn confirm_within(
    sums: u64,
    offers: &Offers,
    certificate: &Certificate,
    k: usize,
    most: i64,
) -> Result<(), Flaw> {
    if !certificate.is_short() {
        return Err(Flaw::Long(certificate.steps.len()));
    }
    if certificate.prices.len() != offers.demands() {
        return Err(Flaw::Unfit(0));
    }
    let mut known = vec![None; offers.sites()];
    let (paid, earned) = earned_above(offers, &certificate.prices);
    let margin = Margin::new(paid, &earned, &known, k, limit(most, OF_DEMANDS));
    margin.learn(&earned, &certificate.known, &mut known, 0)?;
    let cover = Rc::new(Cover::of(offers, &known));
    let part = Some(Part { known, cover, knows_more: false });
    let mut follower = Follower { offers, k, most, part, waiting: Vec::new(), passing: 0, left: sums };
    for (step, number) in certificate.steps.iter().zip(1..) {
        follower.follow(step, number)?;
    }
    if follower.part.is_none() { Ok(()) } else { Err(Flaw::Open(certificate.steps.len())) }
}

/// Returns the least sum, in parts of a gain, that is more than `most`.
fn limit(most: i64, power: u32) -> i128 {
    (i128::from(most) + 1) << power
}

/// Some sites. It weighs what it brings if one of them opens.
struct Set {
    sites: Vec<u32>,
    weight: i64,
}

/// What is left to choose from.
struct Cover {
    /// What is gained in any case.
    base: i64,
    sets: Vec<Set>,
}

impl Cover {
    /// Makes the sets of offers where some sites are known.
    fn of(offers: &Offers, known: &[Option<bool>]) -> Self {
        let mut base = 0;
        let mut weights: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        for offered in &offers.by_demand {
            let opened = offered.iter().filter(|one| known[one.0 as usize] == Some(true));
            let sure = opened.map(|one| one.1).max().unwrap_or(0);
            base += sure;
            let free = offered.iter().filter(|one| known[one.0 as usize].is_none() && one.1 > sure);
            let mut levels: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
            for &(site, gain) in free {
                levels.entry(gain).or_default().push(site);
            }
            let mut sites: Vec<u32> = Vec::new();
            let mut upper: Option<i64> = None;
            for (gain, more) in levels.into_iter().rev() {
                if let Some(upper) = upper {
                    *weights.entry(sorted(&sites)).or_default() += upper - gain;
                }
                sites.extend(more);
                upper = Some(gain);
            }
            if let Some(upper) = upper {
                *weights.entry(sorted(&sites)).or_default() += upper - sure;
            }
        }
        Self::new(base, weights)
    }

    /// Makes the sets of those that are there where more sites are known.
    fn small(&self, known: &[Option<bool>]) -> Self {
        let mut base = self.base;
        let mut weights: BTreeMap<Vec<u32>, i64> = BTreeMap::new();
        for set in &self.sets {
            if set.sites.iter().any(|&site| known[site as usize] == Some(true)) {
                base += set.weight;
                continue;
            }
            let sites: Vec<u32> = set.sites.iter().copied().filter(|&site| known[site as usize].is_none()).collect();
            if !sites.is_empty() {
                *weights.entry(sites).or_default() += set.weight;
            }
        }
        Self::new(base, weights)
    }

    /// Returns how many sums it takes at most to make the sets anew.
    fn sums(&self) -> usize {
        self.sets.iter().map(|set| SUMS_OF_A_SET + set.sites.len()).sum()
    }

    fn new(base: i64, weights: BTreeMap<Vec<u32>, i64>) -> Self {
        Self { base, sets: weights.into_iter().map(|(sites, weight)| Set { sites, weight }).collect() }
    }

    /// Returns what is gained at most before sites are counted, in parts of a gain, and what each site earns. Returns
    /// nothing if the prices do not fit the sets.
    fn reckon(&self, sites: usize, prices: &[i64], cuts: &[Halved]) -> Option<(i128, Vec<i128>)> {
        if prices.len() != self.sets.len() || prices.iter().any(|price| *price < 0) {
            return None;
        }
        let mut paid: Vec<i128> = prices.iter().map(|&price| i128::from(price)).collect();
        let mut loss: i128 = paid.iter().sum();
        let mut earned = vec![0i128; sites];
        for (set, price) in self.sets.iter().zip(&paid) {
            for &site in &set.sites {
                earned[site as usize] += price;
            }
        }
        for cut in cuts {
            if cut.price < 0 || !cut.sets.is_sorted_by(|a, b| a < b) {
                return None;
            }
            let price = i128::from(cut.price);
            let mut times: BTreeMap<u32, u32> = BTreeMap::new();
            for &set in &cut.sets {
                for &site in &self.sets.get(set as usize)?.sites {
                    *times.entry(site).or_default() += 1;
                }
                paid[set as usize] += price;
            }
            for (site, times) in times {
                earned[site as usize] += price * i128::from(times.div_ceil(2));
            }
            loss += price * cut.sets.len().div_ceil(2) as i128;
        }
        let mut all = i128::from(self.base) << OF_SETS;
        for (set, paid) in self.sets.iter().zip(paid) {
            let weight = i128::from(set.weight) << OF_SETS;
            all += weight + (paid - weight).max(0);
        }
        Some((all - loss, earned))
    }
}

fn sorted(sites: &[u32]) -> Vec<u32> {
    let mut sites = sites.to_vec();
    sites.sort_unstable();
    sites
}

/// How far prices are from closing a part, and what it costs if a site goes another way than the prices want.
struct Margin {
    /// How much more than the bound may be gained, in parts of a gain; below 0 nothing more can be.
    over: i128,
    /// What the free sites earn, the most first.
    order: Vec<i128>,
    /// How many of them may open; none if more sites are known to open than can.
    left: Option<usize>,
}

impl Margin {
    /// Reckons it from what is gained before sites are counted, what each site earns, and the least that is too much.
    fn new(gained: i128, earned: &[i128], known: &[Option<bool>], k: usize, limit: i128) -> Self {
        let of = |state: Option<bool>| earned.iter().zip(known).filter(move |one| *one.1 == state).map(|one| *one.0);
        let mut order: Vec<i128> = of(None).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let left = k.checked_sub(of(Some(true)).count());
        let free: i128 = order.iter().take(left.unwrap_or(0)).sum();
        let over = gained + of(Some(true)).sum::<i128>() + free - limit;
        Self { over, order, left }
    }

    /// Says whether no choice gains more.
    fn closes(&self) -> bool {
        self.over < 0 || self.left.is_none()
    }

    /// Says whether a site that earns so much opens in every choice that gains more.
    fn opens(&self, earned: i128) -> bool {
        let next = self.left.and_then(|left| self.order.get(left));
        next.is_none_or(|next| (earned - next).max(0) > self.over)
    }

    /// Says whether a site that earns so much stays closed in every choice that gains more.
    fn stays_closed(&self, earned: i128) -> bool {
        let Some(before) = self.left.and_then(|left| left.checked_sub(1)) else { return true };
        self.order.get(before).is_some_and(|last| (last - earned).max(0) > self.over)
    }

    /// Adds what is said to be known, if the prices tell it.
    fn learn(&self, earned: &[i128], said: &Known, known: &mut [Option<bool>], step: usize) -> Result<(), Flaw> {
        for (sites, opens) in [(&said.open, true), (&said.closed, false)] {
            for &site in sites {
                let (Some(&earned), Some(state)) = (earned.get(site as usize), known.get_mut(site as usize)) else {
                    return Err(Flaw::Unfit(step));
                };
                if state.is_some() {
                    return Err(Flaw::Unfit(step));
                }
                let holds = if opens { self.opens(earned) } else { self.stays_closed(earned) };
                if !holds {
                    return Err(Flaw::Site { step, site });
                }
                *state = Some(opens);
            }
        }
        Ok(())
    }
}

/// A part of the choices.
struct Part {
    /// Whether each site opens, where it is known.
    known: Vec<Option<bool>>,
    cover: Rc<Cover>,
    /// This is set when more is known of the sites than when the cover was made.
    knows_more: bool,
}

struct Follower<'a> {
    offers: &'a Offers,
    k: usize,
    most: i64,
    /// The part that the next step speaks of; none behind the last end.
    part: Option<Part>,
    /// The second ways of sites that were split, the nearest last.
    waiting: Vec<Part>,
    /// How many ends are passed until the next part, because this one is closed already.
    passing: usize,
    /// How many sums are left.
    left: u64,
}

impl Follower<'_> {
    fn follow(&mut self, step: &Step, number: usize) -> Result<(), Flaw> {
        let Some(mut part) = self.part.take() else { return Err(Flaw::Unfit(number)) };
        if self.passing > 0 {
            match step {
                Step::Split { .. } => self.passing += 1,
                Step::End => self.passing -= 1,
                Step::Prices { .. } | Step::Small => {}
            }
            self.part = if self.passing == 0 { self.waiting.pop() } else { Some(part) };
            return Ok(());
        }
        match step {
            Step::Prices { sets, cuts, known } => {
                self.spend(part.known.len(), number)?;
                let reckoned = part.cover.reckon(self.offers.sites(), sets, cuts);
                let (gained, earned) = reckoned.ok_or(Flaw::Unfit(number))?;
                let margin = Margin::new(gained, &earned, &part.known, self.k, limit(self.most, OF_SETS));
                if margin.closes() {
                    self.passing = 1;
                } else {
                    margin.learn(&earned, known, &mut part.known, number)?;
                    part.knows_more |= !known.is_empty();
                }
            }
            Step::Small => {
                if !std::mem::take(&mut part.knows_more) {
                    return Err(Flaw::Idle(number));
                }
                self.spend(part.cover.sums(), number)?;
                part.cover = Rc::new(part.cover.small(&part.known));
            }
            Step::Split { site, open_first } => {
                self.spend(part.known.len(), number)?;
                let state = part.known.get_mut(*site as usize).filter(|state| state.is_none());
                *state.ok_or(Flaw::Unfit(number))? = Some(*open_first);
                part.knows_more = true;
                let (known, cover) = (part.known.clone(), Rc::clone(&part.cover));
                let mut second = Part { known, cover, knows_more: true };
                second.known[*site as usize] = Some(!open_first);
                self.waiting.push(second);
            }
            Step::End => {
                let sums = self.sums_of_the_end(&part);
                self.spend(sums, number)?;
                if self.may_gain_more(&part) {
                    return Err(Flaw::Open(number));
                }
                self.part = self.waiting.pop();
                return Ok(());
            }
        }
        self.part = Some(part);
        Ok(())
    }

    /// Takes sums from those that are left.
    fn spend(&mut self, sums: usize, number: usize) -> Result<(), Flaw> {
        let sums = u64::try_from(sums).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(sums).ok_or(Flaw::Long(number))?;
        Ok(())
    }

    /// Returns how many sums it takes to look at the only choice that is left of a part.
    fn sums_of_the_end(&self, part: &Part) -> usize {
        let opened = self.offers.by_site.iter().zip(&part.known).filter(|one| *one.1 == Some(true));
        part.known.len() + self.offers.demands() + opened.map(|one| one.0.len()).sum::<usize>()
    }

    /// Says whether some choice of a part may gain more: several are left, or the only one does.
    fn may_gain_more(&self, part: &Part) -> bool {
        let of = |state: Option<bool>| {
            (0u32..).zip(&part.known).filter(move |one| *one.1 == state).map(|one| one.0).collect::<Vec<u32>>()
        };
        let (mut open, free) = (of(Some(true)), of(None));
        if open.len() < self.k {
            if open.len() + free.len() > self.k {
                return true;
            }
            open.extend(free);
        }
        open.len() <= self.k && value_of(self.offers, &open) > self.most
    }
}
