//! Finds out why some pieces have no division: a part that only one building joins to the rest and that is too small
//! for a grid can only go with that building.

use super::piece::Piece;

/// A building on the way down in a depth-first search.
#[derive(Clone, Copy)]
struct Step {
    at: u32,
    /// The neighbour that comes next.
    next: usize,
    parent: u32,
}

const NOT_YET: u32 = u32::MAX;

impl Piece {
    /// Says whether some building is above the most when it is taken together with all branches below the least that
    /// only it joins to the rest.
    ///
    /// Such a branch holds no grid of its own, so all of it lies in the grid of that building. If that grid is above
    /// the most, the piece has no division within bounds, however large the piece is. One depth-first search finds the
    /// branches (Tarjan, Depth-First Search and Linear Graph Algorithms, 1972).
    pub(super) fn overhung(&self) -> bool {
        let (least, most) = (i64::from(self.bounds.least), i64::from(self.bounds.most));
        let mut search = Hanging::new(self);
        while let Some(at) = search.step(self) {
            // Without this building the piece falls into the branches below it that reach nothing above, and the rest.
            let own = self.households[at as usize];
            let branches = &search.branches[at as usize];
            let rest = self.total - own - branches.iter().sum::<i64>();
            let light = branches.iter().chain([&rest]).filter(|part| **part < least).sum::<i64>();
            if own + light > most {
                return true;
            }
        }
        false
    }
}

/// A depth-first search that returns each building after all buildings below it.
struct Hanging {
    way: Vec<Step>,
    number: Vec<u32>,
    /// The lowest number among the neighbours of a building and of all below it.
    low: Vec<u32>,
    /// The households of a building and of all below it.
    below: Vec<i64>,
    /// The households of each branch below a building that reaches nothing above it.
    branches: Vec<Vec<i64>>,
    count: u32,
}

impl Hanging {
    fn new(piece: &Piece) -> Self {
        let mut search = Self {
            way: Vec::new(),
            number: vec![NOT_YET; piece.len()],
            low: vec![NOT_YET; piece.len()],
            below: piece.households.clone(),
            branches: vec![Vec::new(); piece.len()],
            count: 0,
        };
        search.enter(0, NOT_YET);
        search
    }

    fn enter(&mut self, at: u32, parent: u32) {
        self.number[at as usize] = self.count;
        self.low[at as usize] = self.count;
        self.count += 1;
        self.way.push(Step { at, next: 0, parent });
    }

    /// Returns the next building that is done, or none when all are done.
    fn step(&mut self, piece: &Piece) -> Option<u32> {
        loop {
            let Step { at, next, parent } = *self.way.last()?;
            if let Some(&(other, _)) = piece.near(at).get(next) {
                if let Some(step) = self.way.last_mut() {
                    step.next += 1;
                }
                if self.number[other as usize] == NOT_YET {
                    self.enter(other, at);
                } else if other != parent {
                    self.low[at as usize] = self.low[at as usize].min(self.number[other as usize]);
                }
                continue;
            }
            self.way.pop();
            if parent != NOT_YET {
                let (low, below) = (self.low[at as usize], self.below[at as usize]);
                self.below[parent as usize] += below;
                self.low[parent as usize] = self.low[parent as usize].min(low);
                if low >= self.number[parent as usize] {
                    self.branches[parent as usize].push(below);
                }
            }
            return Some(at);
        }
    }
}
