//! Reckons the best division of pieces whose buildings form a tree or a line exactly, from the leaves up.

use std::collections::BTreeMap;

use super::piece::{Division, Piece};
use super::{Effort, Verdict};
use crate::chance::Chance;

/// A tree with more states than this at a node is searched like other pieces.
const MOST_STATES: usize = 60_000;

/// What stands below a node: the number of closed grids, and the households of the grid that is still open.
type State = (u16, i64);

/// The cheapest way to a state, and where it came from: the state of this node before its last child, the state of the
/// child, and whether the child's open grid was closed.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: f64,
    before: State,
    child: State,
    closed: bool,
}

/// The result of reckoning a tree.
enum Reckoned {
    /// This is the best division.
    Best(Division),
    /// No division keeps the bounds.
    None,
    /// The tree has too many states.
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
    pub(super) fn solve_tree(&self, effort: Effort, chance: &mut Chance) -> (Division, Verdict, Option<f64>) {
        let (least, most) = (i64::from(self.bounds.least.max(1)), i64::from(self.bounds.most));
        let fewest = (self.total + most - 1) / most;
        let greatest = (self.total / least).min(self.len() as i64);
        let mut counts: Vec<i64> = (fewest..=greatest).collect();
        counts.sort_by_key(|&count| (count - self.grids as i64).abs());
        let mut large = false;
        for count in counts {
            let other = self.with_grids(count as usize);
            match other.best_of_tree() {
                Reckoned::Best(best) => {
                    let cost = other.cost(&best);
                    let exact = count as usize == self.grids;
                    return (best, if exact { Verdict::Best } else { Verdict::Kept }, exact.then_some(cost));
                }
                Reckoned::None => {}
                Reckoned::TooLarge => large = true,
            }
        }
        let found = self.search(effort, chance);
        let verdict = match self.out(&found) {
            0 => Verdict::Kept,
            _ if large => Verdict::NotFound,
            _ => Verdict::None,
        };
        (found, verdict, None)
    }

    /// Finds the best division into `self.grids` grids within bounds.
    fn best_of_tree(&self) -> Reckoned {
        let mut nodes = self.rooted();
        let order = Self::leaves_first(&nodes);
        for &at in &order {
            let Some(steps) = self.states_of(at, &nodes) else {
                return Reckoned::TooLarge;
            };
            nodes[at as usize].steps = steps;
        }
        // The first building is the root.
        let states = nodes[0].steps.last().into_iter().flatten();
        let closed = states
            .filter(|&(&(grids, open), _)| usize::from(grids) + 1 == self.grids && self.bounds.holds(open))
            .map(|(&state, way)| (way.cost + self.size_cost(state.1), state));
        match closed.min_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((_, state)) => Reckoned::Best(self.walk_back(&nodes, 0, state)),
            None => Reckoned::None,
        }
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

    /// Returns the states of a node before and after each of its children, or `None` when there are too many.
    fn states_of(&self, at: u32, nodes: &[Node]) -> Option<Vec<BTreeMap<State, Way>>> {
        let most = i64::from(self.bounds.most);
        let alone = Way { cost: 0.0, before: (0, 0), child: (0, 0), closed: false };
        let mut steps = vec![BTreeMap::from([((0, self.households[at as usize]), alone)])];
        for &(child, weight) in &nodes[at as usize].children {
            let mut after: BTreeMap<State, Way> = BTreeMap::new();
            let below = nodes[child as usize].steps.last()?;
            let before = steps.last()?;
            for (&(grids, open), way) in before {
                for (&(under, still), other) in below {
                    let joined = (grids + under, open + still);
                    let way = |cost: f64, closed| Way {
                        cost: way.cost + other.cost + cost,
                        before: (grids, open),
                        child: (under, still),
                        closed,
                    };
                    if joined.1 <= most {
                        keep_cheaper(&mut after, joined, way(0.0, false));
                    }
                    let cut = (grids + under + 1, open);
                    if self.bounds.holds(still) && usize::from(cut.0) < self.grids {
                        keep_cheaper(&mut after, cut, way(f64::from(weight) + self.size_cost(still), true));
                    }
                }
            }
            if after.len() > MOST_STATES || before.len().saturating_mul(below.len()) > 40 * MOST_STATES {
                return None;
            }
            steps.push(after);
        }
        Some(steps)
    }

    fn walk_back(&self, nodes: &[Node], root: u32, state: State) -> Division {
        let mut part = vec![u16::MAX; self.len()];
        let mut grids = 1u16;
        let mut open = vec![(root, state, 0u16)];
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
        self.division(part, usize::from(grids))
    }
}

fn keep_cheaper(states: &mut BTreeMap<State, Way>, state: State, way: Way) {
    let known = states.entry(state).or_insert(way);
    if way.cost < known.cost {
        *known = way;
    }
}
