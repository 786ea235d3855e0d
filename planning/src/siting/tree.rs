//! Closes what the prices of the demands leave open: better prices, cuts, and where these are not enough, one site
//! after the other tried open and closed (branch and cut).
//!
//! Every bound is reckoned from prices in whole numbers, and a site is known only where such a bound shows that the
//! other way gains no more than the best choice. So a step that goes wrong in the linear program costs time, never
//! truth.

use super::Offers;
use super::certificate::{Certificate, Halved, Known, Record, Step};
use super::check::earned_above;
use super::cover::{Cover, Cut, Proof, State, parts};
use super::cuts;
use super::exchange::Choice;
use super::simplex::Simplex;

/// The most sites for which the linear program is tried, and the most pairs of a set and a site.
const MOST_SITES: usize = 600;
const MOST_PAIRS: usize = 1_000_000;
/// The most rounds of cuts, and the most cuts of a round.
const ROUNDS: usize = 4;
const CUTS: usize = 60;
/// Rounds end after so many that close less than this part of the gap.
const STALLED: u32 = 2;
const LITTLE: f64 = 0.06;
/// What is left is made small again when so many of a hundred sites are known.
const KNOWN_PERCENT: usize = 15;
/// A part is closed by itself when so many of a hundred sites are known in it.
const APART_PERCENT: usize = 35;
/// How many sites are tried before one is chosen to branch on, and with how many pivots.
const TRIED: usize = 6;
const PIVOTS: usize = 60;
/// The most pivots of one solution.
const MOST_PIVOTS: usize = 20_000;

/// What closing came to.
pub(super) struct Closed<'a> {
    pub best: Choice<'a>,
    /// No choice gains more.
    pub bound: i64,
    /// The steps that prove it, if something was tried and they are few enough.
    pub certificate: Option<Certificate>,
}

struct Tree<'a, 'b> {
    offers: &'a Offers,
    k: usize,
    best: Choice<'a>,
    /// How much work is left.
    left: u64,
    progress: &'b mut dyn FnMut() -> bool,
    /// What was proven so far, part by part.
    record: Record,
}

/// A part of the choices: what is known of the sites, and the program that bounds it.
struct Part {
    simplex: Simplex,
    states: Vec<State>,
    bound: i64,
    /// What its prices proved since it became a part of its own.
    steps: Vec<Step>,
}

impl Part {
    fn new(simplex: Simplex, states: Vec<State>, bound: i64) -> Self {
        Self { simplex, states, bound, steps: Vec::new() }
    }
}

/// Closes what `prices` leave open beyond the best choice, with at most so much work.
pub(super) fn close<'a>(
    offers: &'a Offers,
    k: usize,
    prices: &[f64],
    best: Choice<'a>,
    work: u64,
    progress: &mut dyn FnMut() -> bool,
) -> Closed<'a> {
    let (bound, states) = by_prices(offers, k, prices, best.value);
    let mut tree = Tree { offers, k, best, left: work, progress, record: Record::default() };
    let free = states.iter().filter(|state| **state == State::Free).count();
    if free > MOST_SITES || work == 0 {
        return Closed { best: tree.best, bound, certificate: None };
    }
    let cover = Cover::of(offers, k, &states, prices);
    let pairs: usize = cover.sets.iter().map(|set| set.sites.len()).sum();
    if pairs > MOST_PAIRS {
        return Closed { best: tree.best, bound, certificate: None };
    }
    let bound = tree.root(cover, bound);
    let known = known_of(&states);
    let certificate = tree.record.end().map(|steps| Certificate { prices: prices.to_vec(), known, steps });
    Closed { best: tree.best, bound, certificate }
}

/// Returns which sites are known.
fn known_of(states: &[State]) -> Known {
    let of =
        |state: State| -> Vec<u32> { (0u32..).zip(states).filter(|one| *one.1 == state).map(|one| one.0).collect() };
    Known { open: of(State::Open), closed: of(State::Closed) }
}

/// Returns what prices of the sets and of cuts prove, as a step.
fn step_of(prices: &[f64], cuts: &[(Cut, f64)], known: Known) -> Step {
    let whole = |price: f64| i64::try_from(parts(price)).unwrap_or(i64::MAX);
    let halved =
        |(cut, price): &(Cut, f64)| Halved { price: whole(*price), sets: cut.sets.iter().map(|one| one.0).collect() };
    Step::Prices {
        sets: prices.iter().map(|&price| whole(price)).collect(),
        cuts: cuts.iter().map(halved).collect(),
        known,
    }
}

/// Returns the bound of prices of the demands, and what they tell of the sites of choices that gain more than `best`.
fn by_prices(offers: &Offers, k: usize, prices: &[f64], best: i64) -> (i64, Vec<State>) {
    let (mut most, earned) = earned_above(offers, prices);
    let mut order: Vec<u32> = (0..earned.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| earned[b as usize].cmp(&earned[a as usize]).then(a.cmp(&b)));
    let of = |at: usize| order.get(at).map(|&site| earned[site as usize]);
    most += order.iter().take(k).map(|&site| earned[site as usize]).sum::<i128>();
    let whole = |most: i128| i64::try_from(most >> 30).unwrap_or(i64::MAX);
    let mut states = vec![State::Free; earned.len()];
    for (at, &site) in order.iter().enumerate() {
        let own = earned[site as usize];
        let (less, state) = if at < k {
            (own - of(k).unwrap_or(0), State::Open)
        } else {
            (of(k - 1).unwrap_or(own) - own, State::Closed)
        };
        if whole(most - less) <= best {
            states[site as usize] = state;
        }
    }
    (whole(most), states)
}

impl Tree<'_, '_> {
    fn root(&mut self, mut cover: Cover, mut bound: i64) -> i64 {
        loop {
            if cover.k == 0 || cover.sites.len() <= cover.k {
                let all = cover.sites.iter().take(cover.k);
                self.consider(cover.open.iter().chain(all).copied().collect());
                self.record.write(Step::End);
                return self.best.value;
            }
            let mut part = Part::new(Simplex::of(&cover), vec![State::Free; cover.sites.len()], bound);
            let small = self.tighten(&cover, &mut part);
            bound = part.bound;
            if !small || bound <= self.best.value || self.left == 0 {
                return self.explore(&cover, part);
            }
            self.record.take(&mut part.steps);
            self.record.write(Step::Small);
            let (prices, _) = part.simplex.prices();
            cover = cover.reduced(&part.states, &prices);
        }
    }

    /// Adds cuts as long as they help. Says `true` when so many sites are known that what is left should be made small.
    fn tighten(&mut self, cover: &Cover, part: &mut Part) -> bool {
        let mut stalled = 0;
        for _ in 0..ROUNDS {
            let before = part.bound;
            self.solve(cover, part, MOST_PIVOTS);
            self.round(cover, part);
            if part.bound <= self.best.value || self.left == 0 {
                return false;
            }
            let known = part.states.iter().filter(|state| **state != State::Free).count();
            if 100 * known > KNOWN_PERCENT * part.states.len() {
                return true;
            }
            let gap = (before - self.best.value) as f64;
            stalled = if ((before - part.bound) as f64) < LITTLE * gap { stalled + 1 } else { 0 };
            if stalled >= STALLED {
                return false;
            }
            let cuts = cuts::find(cover, &part.simplex, CUTS);
            if cuts.is_empty() {
                return false;
            }
            part.simplex.add(cuts, cover);
        }
        false
    }

    /// Solves the program of a part, and learns what it proves.
    fn solve(&mut self, cover: &Cover, part: &mut Part, pivots: usize) {
        part.simplex.solve(pivots);
        self.left = self.left.saturating_sub(std::mem::take(&mut part.simplex.work));
        let (prices, cuts) = part.simplex.prices();
        let Proof { bound, states } = cover.proof(&prices, &cuts, &part.states, self.best.value);
        let mut known = Known::default();
        for (site, (was, now)) in part.states.iter_mut().zip(states).enumerate() {
            if *was != now {
                *was = now;
                part.simplex.know(site, now);
                let sites = if now == State::Open { &mut known.open } else { &mut known.closed };
                sites.push(cover.sites[site]);
            }
        }
        if !self.record.is_full() && (bound < part.bound || !known.is_empty()) {
            part.steps.push(step_of(&prices, &cuts, known));
        }
        part.bound = part.bound.min(bound);
    }

    /// Makes a choice of the sites that the program opens most, and keeps it if it is better.
    fn round(&mut self, cover: &Cover, part: &Part) {
        let worth = |site: u32| match part.states[site as usize] {
            State::Free => part.simplex.worth[site as usize],
            State::Open => 2.0,
            State::Closed => -1.0,
        };
        let mut order: Vec<u32> = (0..cover.sites.len() as u32).collect();
        order.sort_by(|&a, &b| worth(b).total_cmp(&worth(a)));
        let taken = order.into_iter().take(cover.k).map(|site| cover.sites[site as usize]);
        self.consider(cover.open.iter().copied().chain(taken).collect());
    }

    /// Keeps a choice, after exchanges, if it is better.
    fn consider(&mut self, mut open: Vec<u32>) {
        let more: Vec<u32> = (0..self.offers.sites() as u32).filter(|site| !open.contains(site)).collect();
        let short = self.k.saturating_sub(open.len());
        open.extend(more.into_iter().take(short));
        let mut choice = Choice::of(self.offers, &open);
        choice.exchange();
        if choice.value > self.best.value {
            self.best = choice;
        }
    }

    /// Makes what is left of a part small and closes it by itself.
    fn apart(&mut self, cover: &Cover, part: &Part) -> i64 {
        let (prices, _) = part.simplex.prices();
        self.record.write(Step::Small);
        self.root(cover.reduced(&part.states, &prices), part.bound)
    }

    /// Tries a site open and closed, and goes on with both parts. Returns what is proven of all choices of the part.
    fn explore(&mut self, cover: &Cover, mut part: Part) -> i64 {
        loop {
            self.record.take(&mut part.steps);
            if part.bound <= self.best.value {
                self.record.write(Step::End);
                return self.best.value;
            }
            if self.left == 0 || !(self.progress)() {
                self.left = 0;
                self.record.write(Step::End);
                return part.bound;
            }
            let mut free: Vec<u32> =
                (0..cover.sites.len() as u32).filter(|&site| part.states[site as usize] == State::Free).collect();
            let opened = part.states.iter().filter(|state| **state == State::Open).count();
            if free.is_empty() || opened >= cover.k || opened + free.len() <= cover.k {
                self.round(cover, &part);
                self.record.write(Step::End);
                return self.best.value;
            }
            let middle = |site: &u32| (part.simplex.worth[*site as usize] - 0.5).abs();
            free.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
            let known = part.states.len() - free.len();
            if 100 * known > APART_PERCENT * part.states.len() {
                return self.apart(cover, &part);
            }
            free.truncate(TRIED);
            let bound = part.bound;
            let Some(Split { at, site, ways, one_is_left }) = self.split(cover, part, &free) else {
                self.record.write(Step::End);
                return bound;
            };
            let [first, mut second] = *ways;
            let open_first = |way: &Part| way.states[at as usize] == State::Open;
            if one_is_left {
                // The way that gains nothing is told first, and the loop goes on with the other.
                self.record.write(Step::Split { site, open_first: open_first(&second) });
                self.record.take(&mut second.steps);
                self.record.write(Step::End);
                part = first;
            } else {
                self.record.write(Step::Split { site, open_first: open_first(&first) });
                return self.explore(cover, first).max(self.explore(cover, second));
            }
        }
    }

    /// Tries some sites open and closed. A way that gains nothing leaves the other one; else the site whose ways lower
    /// the bound most parts the choices, and the part that may gain more comes first. Without a site there are no ways.
    fn split(&mut self, cover: &Cover, part: Part, sites: &[u32]) -> Option<Split> {
        let mut best: Option<(f64, u32, [Part; 2])> = None;
        for &at in sites {
            let mut ways = [State::Open, State::Closed].map(|state| {
                let mut way = Part::new(part.simplex.clone(), part.states.clone(), part.bound);
                way.states[at as usize] = state;
                way.simplex.know(at as usize, state);
                self.solve(cover, &mut way, PIVOTS);
                way
            });
            let value = self.best.value;
            let closed = ways.each_ref().map(|way| way.bound <= value);
            ways.sort_by_key(|way| std::cmp::Reverse(way.bound));
            if closed[0] || closed[1] {
                self.finish(cover, &mut ways[0]);
                return Some(Split { at, site: cover.sites[at as usize], ways: Box::new(ways), one_is_left: true });
            }
            let sinks = ways.each_ref().map(|way| (part.bound - way.bound) as f64 + 0.1);
            let score = sinks[0] * sinks[1];
            if best.as_ref().is_none_or(|best| score > best.0) {
                best = Some((score, at, ways));
            }
        }
        drop(part);
        let (_, at, mut ways) = best?;
        for way in &mut ways {
            self.finish(cover, way);
        }
        Some(Split { at, site: cover.sites[at as usize], ways: Box::new(ways), one_is_left: false })
    }

    /// Solves the program of a part to its end.
    fn finish(&mut self, cover: &Cover, part: &mut Part) {
        if part.bound > self.best.value {
            self.solve(cover, part, MOST_PIVOTS);
            self.round(cover, part);
        }
    }
}

/// What trying a site came to.
struct Split {
    /// The site, by its place in the cover and by its id.
    at: u32,
    site: u32,
    /// Both ways; the one that may gain more comes first.
    ways: Box<[Part; 2]>,
    /// This is set when the second way gains nothing.
    one_is_left: bool,
}
