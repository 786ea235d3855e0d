//! Reckons the best division of pieces whose buildings form a tree or a line exactly, from the leaves up. Where no
//! division keeps the bounds, it reckons the fewest grids that are out of them.

use std::collections::BTreeMap;

use super::piece::{Division, Piece, Solved};
use super::{Effort, Verdict};
use crate::chance::Chance;

/// A tree with more states than this at a node is searched like other pieces.
const MOST_STATES: usize = 60_000;
/// The most pairs of states that are put together at a node.
const MOST_PAIRS: usize = 40 * MOST_STATES;

/// What stands below a node: the number of closed grids, and the households of the grid that is still open. All numbers
/// above the most are one state, because a grid that is above it stays so.
type State = (u32, i64);

/// The best way to a state, and where it came from: the state of this node before its last child, the state of the
/// child, and whether the child's open grid was closed.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// The closed grids that are out of bounds.
    out: usize,
    cost: f64,
    /// The households of the grid that is still open.
    open: i64,
    before: State,
    child: State,
    closed: bool,
}

impl Way {
    fn is_better_than(&self, other: &Self) -> bool {
        (self.out, self.cost) < (other.out, other.cost)
    }
}

/// The result of reckoning a tree.
enum Reckoned {
    /// This is the best division of those with the fewest grids out of bounds.
    Best(Division),
    /// Every division has more grids out of bounds than are allowed.
    None,
    /// The tree has too many states.
    TooLarge,
}

/// The result of looking for the fewest grids out of bounds.
pub(super) enum Fewest {
    /// No division of the tree has fewer grids out of bounds.
    Proven(Division),
    /// The tree has too many states to say.
    TooLarge,
}

struct Node {
    parent: u32,
    children: Vec<(u32, u32)>,
    /// The possible states after each child in turn.
    steps: Vec<BTreeMap<State, Way>>,
}

impl Piece {
    pub(super) fn is_tree(&self) -> bool {
        let borders: usize = (0..self.len() as u32).map(|at| self.near(at).len()).sum();
        borders == 2 * (self.len() - 1)
    }

    /// Returns the best division of a tree. It uses another number of grids where the usual number keeps no bounds.
    /// Where no number does, as few grids as possible are out of bounds.
    pub(super) fn solve_tree(&self, effort: Effort, chance: &mut Chance) -> Solved {
        let mut large = false;
        for count in self.counts() {
            let other = self.with_grids(count);
            match other.best_of_tree(0) {
                Reckoned::Best(best) if count == self.grids => {
                    let cost = other.cost(&best);
                    return Solved::best(best, cost, Vec::new());
                }
                Reckoned::Best(best) => return Solved::new(best, Verdict::Kept),
                Reckoned::None => {}
                Reckoned::TooLarge => {
                    large = true;
                    break;
                }
            }
        }
        if !large && let Fewest::Proven(found) = self.fewest_out(self.len()) {
            return Solved::new(found, Verdict::Fewest);
        }
        let found = self.search(effort, chance);
        let verdict = match self.out(&found) {
            0 => Verdict::Kept,
            _ if large && !self.never_keeps() => Verdict::NotFound,
            1 => Verdict::Fewest,
            _ => Verdict::None,
        };
        Solved::new(found, verdict)
    }

    /// The numbers of grids that may keep the bounds, those nearest to the usual number first. The usual number itself
    /// is always among them.
    fn counts(&self) -> Vec<usize> {
        let (least, most) = (i64::from(self.bounds.least.max(1)), i64::from(self.bounds.most));
        let fewest = ((self.total + most - 1) / most) as usize;
        let greatest = ((self.total / least) as usize).min(self.len());
        let mut counts: Vec<usize> = (fewest.min(self.grids)..=greatest.max(self.grids)).collect();
        counts.sort_by_key(|&count| count.abs_diff(self.grids));
        counts
    }

    /// Finds a division of a tree with the fewest grids out of bounds: one at first, then one more each time. A
    /// number of grids that cannot keep the bounds even in sum is not tried. Of several it takes the number of grids
    /// nearest to the usual one, and then the cheapest. `below` is a number of grids out of bounds that is known
    /// already.
    pub(super) fn fewest_out(&self, below: usize) -> Fewest {
        let counts = self.counts();
        let greatest = self.with_grids(counts.iter().copied().max().unwrap_or(self.grids));
        for allowed in 1..below {
            let Some(nodes) = greatest.reckon(allowed) else {
                return Fewest::TooLarge;
            };
            let count = counts.iter().find(|&&count| greatest.ends(&nodes, count, allowed).next().is_some());
            let Some(&count) = count else {
                continue;
            };
            return match self.with_grids(count).best_of_tree(allowed) {
                Reckoned::Best(best) => Fewest::Proven(best),
                Reckoned::None | Reckoned::TooLarge => Fewest::TooLarge,
            };
        }
        Fewest::TooLarge
    }

    /// Finds the best division into `self.grids` grids, of which so many may be out of bounds.
    fn best_of_tree(&self, allowed: usize) -> Reckoned {
        let Some(nodes) = self.reckon(allowed) else {
            return Reckoned::TooLarge;
        };
        let best = self.ends(&nodes, self.grids, allowed).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        match best {
            Some((_, _, state)) => Reckoned::Best(self.walk_back(&nodes, 0, state)),
            None => Reckoned::None,
        }
    }

    /// Returns how a division into `grids` grids can end at the root, the first building: how many grids are out of
    /// bounds, what it costs, and in which state.
    fn ends<'a>(
        &'a self,
        nodes: &'a [Node],
        grids: usize,
        allowed: usize,
    ) -> impl Iterator<Item = (usize, f64, State)> + 'a {
        let states = nodes[0].steps.last().into_iter().flatten();
        states.filter(move |&(&(closed, _), _)| closed as usize + 1 == grids).filter_map(move |(&state, way)| {
            let out = way.out + usize::from(!self.bounds.holds(way.open));
            (out <= allowed).then(|| (out, way.cost + self.size_cost(way.open), state))
        })
    }

    /// Returns the states of all nodes, or `None` when there are too many.
    fn reckon(&self, allowed: usize) -> Option<Vec<Node>> {
        let mut nodes = self.rooted();
        for at in Self::leaves_first(&nodes) {
            let steps = self.states_of(at, &nodes, allowed)?;
            nodes[at as usize].steps = steps;
        }
        Some(nodes)
    }

    fn rooted(&self) -> Vec<Node> {
        let node = || Node { parent: u32::MAX, children: Vec::new(), steps: Vec::new() };
        let mut nodes: Vec<Node> = (0..self.len()).map(|_| node()).collect();
        let mut open = vec![0u32];
        while let Some(at) = open.pop() {
            for &(other, weight) in self.near(at) {
                if other != nodes[at as usize].parent {
                    nodes[other as usize].parent = at;
                    nodes[at as usize].children.push((other, weight));
                    open.push(other);
                }
            }
        }
        nodes
    }

    fn leaves_first(nodes: &[Node]) -> Vec<u32> {
        let mut order = vec![0u32];
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            order.extend(nodes[at as usize].children.iter().map(|&(child, _)| child));
        }
        order.reverse();
        order
    }

    /// Returns the states of a node before and after each of its children, or `None` when there are too many. No more
    /// grids than are allowed are out of bounds in any of them.
    fn states_of(&self, at: u32, nodes: &[Node], allowed: usize) -> Option<Vec<BTreeMap<State, Way>>> {
        let most = i64::from(self.bounds.most);
        let state = |grids: u32, open: i64| (grids, open.min(most + 1));
        let own = self.households[at as usize];
        let alone = Way { out: 0, cost: 0.0, open: own, before: (0, 0), child: (0, 0), closed: false };
        let mut steps = vec![BTreeMap::from([(state(0, own), alone)])];
        for &(child, weight) in &nodes[at as usize].children {
            let mut after: BTreeMap<State, Way> = BTreeMap::new();
            let below = nodes[child as usize].steps.last()?;
            let before = steps.last()?;
            if before.len().saturating_mul(below.len()) > MOST_PAIRS {
                return None;
            }
            for (&from, way) in before {
                for (&under, other) in below {
                    let grids = from.0 + under.0;
                    let out = way.out + other.out;
                    let cost = way.cost + other.cost;
                    let open = way.open + other.open;
                    if out + usize::from(open > most) <= allowed {
                        let joined = Way { out, cost, open, before: from, child: under, closed: false };
                        keep_better(&mut after, state(grids, open), joined);
                    }
                    let out = out + usize::from(!self.bounds.holds(other.open));
                    if out + usize::from(way.open > most) <= allowed && ((grids + 1) as usize) < self.grids {
                        let cost = cost + f64::from(weight) + self.size_cost(other.open);
                        let cut = Way { out, cost, open: way.open, before: from, child: under, closed: true };
                        keep_better(&mut after, state(grids + 1, way.open), cut);
                    }
                }
            }
            if after.len() > MOST_STATES {
                return None;
            }
            steps.push(after);
        }
        Some(steps)
    }

    fn walk_back(&self, nodes: &[Node], root: u32, state: State) -> Division {
        let mut part = vec![u32::MAX; self.len()];
        let mut grids = 1u32;
        let mut open = vec![(root, state, 0u32)];
        while let Some((at, mut state, grid)) = open.pop() {
            part[at as usize] = grid;
            let node = &nodes[at as usize];
            for (step, &(child, _)) in node.children.iter().enumerate().rev() {
                let Some(way) = node.steps[step + 1].get(&state) else {
                    continue;
                };
                let own = if way.closed {
                    grids += 1;
                    grids - 1
                } else {
                    grid
                };
                open.push((child, way.child, own));
                state = way.before;
            }
        }
        self.division(part, grids as usize)
    }
}

fn keep_better(states: &mut BTreeMap<State, Way>, state: State, way: Way) {
    let known = states.entry(state).or_insert(way);
    if way.is_better_than(known) {
        *known = way;
    }
}
