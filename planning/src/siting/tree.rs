//! Closes what the prices of the demands leave open: better prices, cuts, and where these are not enough, one site
//! after the other tried open and closed (branch and cut).
//!
//! Every bound is reckoned from prices in whole numbers, and a site is known only where such a bound shows that the
//! other way gains no more than the best choice. So a step that goes wrong in the linear program costs time, never
//! truth.

use super::Offers;
use super::check::earned_above;
use super::cover::{Cover, Proof, State};
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
}

struct Tree<'a, 'b> {
    offers: &'a Offers,
    k: usize,
    best: Choice<'a>,
    /// How much work is left.
    left: u64,
    progress: &'b mut dyn FnMut() -> bool,
}

/// A part of the choices: what is known of the sites, and the program that bounds it.
struct Part {
    simplex: Simplex,
    states: Vec<State>,
    bound: i64,
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
    let mut tree = Tree { offers, k, best, left: work, progress };
    let free = states.iter().filter(|state| **state == State::Free).count();
    if free > MOST_SITES || work == 0 {
        return Closed { best: tree.best, bound };
    }
    let cover = Cover::of(offers, k, &states, prices);
    let pairs: usize = cover.sets.iter().map(|set| set.sites.len()).sum();
    let bound = if pairs > MOST_PAIRS { bound } else { tree.root(cover, bound) };
    Closed { best: tree.best, bound }
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
                return self.best.value;
            }
            let mut part = Part { simplex: Simplex::of(&cover), states: vec![State::Free; cover.sites.len()], bound };
            let small = self.tighten(&cover, &mut part);
            bound = part.bound;
            if bound <= self.best.value {
                return self.best.value;
            }
            if self.left == 0 {
                return bound;
            }
            if !small {
                return self.explore(&cover, part);
            }
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
        part.bound = part.bound.min(bound);
        for (site, (was, now)) in part.states.iter_mut().zip(states).enumerate() {
            if *was != now {
                *was = now;
                part.simplex.know(site, now);
            }
        }
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
        self.root(cover.reduced(&part.states, &prices), part.bound)
    }

    /// Tries a site open and closed, and goes on with both parts. Returns what is proven of all choices of the part.
    fn explore(&mut self, cover: &Cover, mut part: Part) -> i64 {
        loop {
            if part.bound <= self.best.value {
                return self.best.value;
            }
            if self.left == 0 || !(self.progress)() {
                self.left = 0;
                return part.bound;
            }
            let mut free: Vec<u32> =
                (0..cover.sites.len() as u32).filter(|&site| part.states[site as usize] == State::Free).collect();
            let opened = part.states.iter().filter(|state| **state == State::Open).count();
            if free.is_empty() || opened >= cover.k || opened + free.len() <= cover.k {
                self.round(cover, &part);
                return self.best.value;
            }
            let middle = |site: &u32| (part.simplex.worth[*site as usize] - 0.5).abs();
            free.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
            let known = part.states.len() - free.len();
            if 100 * known > APART_PERCENT * part.states.len() {
                return self.apart(cover, &part);
            }
            free.truncate(TRIED);
            match self.split(cover, part, &free) {
                Split::One(one) => part = *one,
                Split::Two(both) => {
                    let [first, second] = *both;
                    return self.explore(cover, first).max(self.explore(cover, second));
                }
            }
        }
    }

    /// Tries some sites open and closed. A way that gains nothing is none; else the site whose ways lower the bound
    /// most parts the choices, and the part that may gain more comes first.
    fn split(&mut self, cover: &Cover, part: Part, sites: &[u32]) -> Split {
        let mut best: Option<(f64, [Part; 2])> = None;
        for &site in sites {
            let mut ways = [State::Open, State::Closed].map(|state| {
                let mut way = Part { simplex: part.simplex.clone(), states: part.states.clone(), bound: part.bound };
                way.states[site as usize] = state;
                way.simplex.know(site as usize, state);
                self.solve(cover, &mut way, PIVOTS);
                way
            });
            let value = self.best.value;
            let closed = ways.each_ref().map(|way| way.bound <= value);
            ways.sort_by_key(|way| std::cmp::Reverse(way.bound));
            if closed[0] || closed[1] {
                let [mut one, _] = ways;
                self.finish(cover, &mut one);
                return Split::One(Box::new(one));
            }
            let sinks = ways.each_ref().map(|way| (part.bound - way.bound) as f64 + 0.1);
            let score = sinks[0] * sinks[1];
            if best.as_ref().is_none_or(|best| score > best.0) {
                best = Some((score, ways));
            }
        }
        match best {
            None => Split::One(Box::new(part)),
            Some((_, mut ways)) => {
                for way in &mut ways {
                    self.finish(cover, way);
                }
                Split::Two(Box::new(ways))
            }
        }
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
enum Split {
    /// One way is left.
    One(Box<Part>),
    Two(Box<[Part; 2]>),
}
