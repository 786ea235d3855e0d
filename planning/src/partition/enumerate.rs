//! Lists every grid that a small piece could have: all connected sets of buildings within bounds.

use super::pair::Small;
use super::piece::Piece;

/// A possible grid: its buildings as bits, and what it costs with half of its border.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub set: u64,
    pub cost: f64,
}

/// Returns all connected sets within bounds whose outside could be divided into grids too, or `None` when there are
/// more than `most` connected sets.
pub(super) fn candidates(piece: &Piece, small: &Small, most: usize) -> Option<Vec<Candidate>> {
    let mut search = Search { piece, small, found: Vec::new(), left: most };
    for first in 0..small.households.len() {
        let lower = (1u64 << first) - 1;
        let set = 1u64 << first;
        let done = search.grow(set, small.households[first], small.near[first] & !lower & !set, lower | set);
        done?;
    }
    Some(search.found)
}

struct Search<'a> {
    piece: &'a Piece,
    small: &'a Small,
    found: Vec<Candidate>,
    left: usize,
}

impl Search<'_> {
    /// Takes a set and every connected set that grows from it without the barred buildings.
    fn grow(&mut self, set: u64, households: i64, mut rim: u64, mut barred: u64) -> Option<()> {
        let (least, most) = (i64::from(self.piece.bounds.least), i64::from(self.piece.bounds.most));
        if households > most {
            return Some(());
        }
        self.left = self.left.checked_sub(1)?;
        if households >= least && self.outside_can_be_grids(set) {
            let cost = self.small.cut(set) as f64 / 2.0 + self.piece.size_cost(households);
            self.found.push(Candidate { set, cost });
        }
        while rim != 0 {
            let at = rim.trailing_zeros() as usize;
            rim &= rim - 1;
            barred |= 1 << at;
            let next = (rim | self.small.near[at]) & !(barred | set);
            self.grow(set | 1 << at, households + self.small.households[at], next, barred)?;
        }
        Some(())
    }

    /// Says whether each connected part of what is left has enough households for a grid.
    fn outside_can_be_grids(&self, set: u64) -> bool {
        let mut left = self.small.all & !set;
        while left != 0 {
            let (mut part, mut rim) = (left & left.wrapping_neg(), left & left.wrapping_neg());
            let mut households = 0;
            while rim != 0 {
                let at = rim.trailing_zeros() as usize;
                rim &= rim - 1;
                households += self.small.households[at];
                let new = self.small.near[at] & left & !part;
                part |= new;
                rim |= new;
            }
            if households < i64::from(self.piece.bounds.least) {
                return false;
            }
            left &= !part;
        }
        true
    }
}
