//! Why some pieces have no division: what hangs at one building and is too small for a grid can only go with that building.

use super::piece::Piece;

/// One building on the way down a search in depth.
#[derive(Clone, Copy)]
struct Step {
    at: u32,
    /// Which of its neighbours comes next.
    next: usize,
    parent: u32,
}

const NOT_YET: u32 = u32::MAX;

impl Piece {
    /// Whether a building with everything that hangs at it alone, each branch below the least, is above the most.
    ///
    /// A part of the piece that only one building joins to the rest, and that is below the least, holds no grid of its own: all of
    /// it is in the grid of that building. Above the most, the piece has no division within bounds, however large it is. The
    /// parts are found in one search in depth (Tarjan, Depth-First Search and Linear Graph Algorithms, 1972).
    pub(super) fn overhung(&self) -> bool {
        let (least, most) = (i64::from(self.bounds.least), i64::from(self.bounds.most));
        let mut search = Hanging::new(self);
        while let Some(at) = search.step(self) {
            // Without it the piece falls into the branches below it that reach nothing above, and into the rest.
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

/// A search in depth that gives each building after all that are below it.
struct Hanging {
    way: Vec<Step>,
    number: Vec<u32>,
    /// The lowest number that a building or one below it is beside.
    low: Vec<u32>,
    /// Households of a building and of all below it.
    below: Vec<i64>,
    /// Households of each branch below a building that reaches nothing above it.
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

    /// The next building that is done; none when all are.
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
