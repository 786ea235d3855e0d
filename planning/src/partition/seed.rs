//! Makes a first division: random spanning trees are cut again and again, each where the cut splits off a whole number
//! of grids best.

use std::collections::BinaryHeap;

use super::piece::Piece;
use crate::chance::Chance;

/// How many random trees are tried for one cut. More trees make no difference after the moves.
const TREES: usize = 4;

impl Piece {
    /// Returns a grid for each building: `self.grids` connected grids in all.
    pub(super) fn cut_trees(&self, chance: &mut Chance) -> Vec<u32> {
        let mut part = vec![0u32; self.len()];
        let mut cutter = Cutter::new(self);
        let all: Vec<u32> = (0..self.len() as u32).collect();
        let mut open = vec![(all, 0usize, self.grids)];
        while let Some((set, first, grids)) = open.pop() {
            if grids <= 1 || set.len() <= 1 {
                for member in set {
                    part[member as usize] = first as u32;
                }
                continue;
            }
            let (one, whole) = cutter.best_cut(self, &set, grids, chance);
            let rest = cutter.without(set, &one);
            // Neither side gets more grids than it has buildings.
            let whole = whole.clamp(grids.saturating_sub(rest.len()), one.len()).clamp(1, grids - 1);
            open.push((one, first, whole));
            open.push((rest, first + whole, grids - whole));
        }
        part
    }

    /// Returns the piece with the borders of a random spanning tree alone.
    pub(super) fn spanning_tree(&self, chance: &mut Chance) -> Self {
        let mut cutter = Cutter::new(self);
        let all: Vec<u32> = (0..self.len() as u32).collect();
        cutter.grow_tree(self, &all, chance);
        self.with_borders(|a, b| cutter.parent[a as usize] == b || cutter.parent[b as usize] == a)
    }
}

/// The memory that the cuts share.
struct Cutter {
    stamp: u32,
    /// Each member of the set that is cut has the present stamp.
    inside: Vec<u32>,
    reached: Vec<u32>,
    parent: Vec<u32>,
    below: Vec<i64>,
    order: Vec<u32>,
    heap: BinaryHeap<(u64, u32, u32)>,
}

const NONE: u32 = u32::MAX;

impl Cutter {
    fn new(piece: &Piece) -> Self {
        Self {
            stamp: 0,
            inside: vec![0; piece.len()],
            reached: vec![0; piece.len()],
            parent: vec![NONE; piece.len()],
            below: vec![0; piece.len()],
            order: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Returns one side of the best cut of a set, and how many grids that side becomes.
    fn best_cut(&mut self, piece: &Piece, set: &[u32], grids: usize, chance: &mut Chance) -> (Vec<u32>, usize) {
        let total: i64 = set.iter().map(|&at| piece.households[at as usize]).sum();
        let mut best: (f64, Vec<u32>, usize) = (f64::MAX, Vec::new(), 1);
        for _ in 0..TREES {
            self.grow_tree(piece, set, chance);
            let mut found: Option<(u32, usize)> = None;
            for &at in &self.order[1..] {
                let below = self.below[at as usize] as f64;
                let whole = ((below * grids as f64 / total as f64).round() as usize).clamp(1, grids - 1);
                let here = (below / whole as f64 - piece.mean()).abs();
                let there = ((total as f64 - below) / (grids - whole) as f64 - piece.mean()).abs();
                let off = here.max(there) + chance.unit();
                if off < best.0 {
                    best.0 = off;
                    found = Some((at, whole));
                }
            }
            if let Some((top, whole)) = found {
                (best.1, best.2) = (self.under(top), whole);
            }
        }
        (best.1, best.2)
    }

    /// Grows a random tree over a set, in which heavy borders are more likely, and reckons the households below each
    /// member.
    fn grow_tree(&mut self, piece: &Piece, set: &[u32], chance: &mut Chance) {
        self.stamp += 1;
        for &at in set {
            self.inside[at as usize] = self.stamp;
        }
        self.order.clear();
        self.heap.clear();
        self.heap.push((u64::MAX, set[chance.below(set.len())], NONE));
        while let Some((_, at, parent)) = self.heap.pop() {
            if self.reached[at as usize] == self.stamp {
                continue;
            }
            self.reached[at as usize] = self.stamp;
            self.parent[at as usize] = parent;
            self.order.push(at);
            for &(other, weight) in piece.near(at) {
                if self.inside[other as usize] == self.stamp && self.reached[other as usize] != self.stamp {
                    let key = chance.unit() * (20.0 + f64::from(weight)) * 1_000.0;
                    self.heap.push((key as u64, other, at));
                }
            }
        }
        for &at in &self.order {
            self.below[at as usize] = piece.households[at as usize];
        }
        for &at in self.order.iter().rev() {
            let parent = self.parent[at as usize];
            if parent != NONE {
                self.below[parent as usize] += self.below[at as usize];
            }
        }
    }

    /// Returns a member of the tree with everything below it.
    fn under(&mut self, top: u32) -> Vec<u32> {
        self.stamp += 1;
        self.inside[top as usize] = self.stamp;
        let mut found = vec![top];
        for &at in &self.order {
            let parent = self.parent[at as usize];
            if at != top && parent != NONE && self.inside[parent as usize] == self.stamp {
                self.inside[at as usize] = self.stamp;
                found.push(at);
            }
        }
        found
    }

    fn without(&mut self, mut set: Vec<u32>, one: &[u32]) -> Vec<u32> {
        self.stamp += 1;
        for &at in one {
            self.inside[at as usize] = self.stamp;
        }
        set.retain(|&at| self.inside[at as usize] != self.stamp);
        set
    }
}
