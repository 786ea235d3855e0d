//! Divides two neighbouring grids again in the best possible way. It finds that way by growing one of the grids in
//! every possible shape.

use super::piece::{Division, Piece};

/// The greatest number of buildings that two grids may have together.
const MOST: usize = 64;

impl Piece {
    /// Divides every two neighbouring grids again until no division gets better. Each search looks at no more than
    /// `states` shapes.
    pub(super) fn divide_pairs_again(&self, division: &mut Division, states: usize) {
        let mut changed = vec![true; division.households.len()];
        loop {
            let mut pairs: Vec<(u32, u32)> = Vec::new();
            for at in 0..self.len() {
                let one = division.part[at];
                for &(other, _) in self.near(at as u32) {
                    let two = division.part[other as usize];
                    if one < two && (changed[one as usize] || changed[two as usize]) {
                        pairs.push((one, two));
                    }
                }
            }
            pairs.sort_unstable();
            pairs.dedup();
            if pairs.is_empty() {
                return;
            }
            changed.fill(false);
            for (one, two) in pairs {
                if self.divide_pair(division, one, two, states) {
                    changed[one as usize] = true;
                    changed[two as usize] = true;
                }
            }
        }
    }

    /// Finds the best division of two grids and says whether it is better than the present one.
    fn divide_pair(&self, division: &mut Division, one: u32, two: u32, states: usize) -> bool {
        let members: Vec<u32> = (0..self.len() as u32)
            .filter(|&at| division.part[at as usize] == one || division.part[at as usize] == two)
            .collect();
        if members.len() > MOST {
            return false;
        }
        let small = Small::new(self, &members);
        let now = members
            .iter()
            .enumerate()
            .filter(|&(_, &at)| division.part[at as usize] == one)
            .fold(0u64, |set, (place, _)| set | 1 << place);
        let before = small.cut(now);
        let sizes =
            self.size_cost(division.households[one as usize]) + self.size_cost(division.households[two as usize]);
        let mut growth = Growth { piece: self, small: &small, best: (before as f64 + sizes, 0, 0), left: states };
        growth.grow(1, small.households[0], small.cut(1), small.near[0] & !1, 1);
        let (_, set, households) = growth.best;
        if set == 0 {
            return false;
        }
        for (place, &at) in members.iter().enumerate() {
            division.part[at as usize] = if set >> place & 1 == 1 { one } else { two };
        }
        division.households[one as usize] = households;
        division.households[two as usize] = small.total - households;
        division.count[one as usize] = set.count_ones();
        division.count[two as usize] = members.len() as u32 - set.count_ones();
        division.cut += small.cut(set) - before;
        true
    }
}

/// At most 64 buildings, so that a set of them fits in the bits of one word.
pub(super) struct Small {
    pub all: u64,
    pub near: Vec<u64>,
    pub borders: Vec<Vec<(u8, i64)>>,
    pub households: Vec<i64>,
    pub total: i64,
}

impl Small {
    /// Takes some members of a piece, in rising order.
    pub fn new(piece: &Piece, members: &[u32]) -> Self {
        let place = |at: u32| members.binary_search(&at).ok();
        let mut near = vec![0u64; members.len()];
        let mut borders = vec![Vec::new(); members.len()];
        for (one, &at) in members.iter().enumerate() {
            for &(other, weight) in piece.near(at) {
                if let Some(two) = place(other) {
                    near[one] |= 1 << two;
                    borders[one].push((two as u8, i64::from(weight)));
                }
            }
        }
        let households: Vec<i64> = members.iter().map(|&at| piece.households[at as usize]).collect();
        Self {
            all: if members.len() == 64 { u64::MAX } else { (1 << members.len()) - 1 },
            near,
            borders,
            total: households.iter().sum(),
            households,
        }
    }

    /// Returns the weight of the borders between a set and all other buildings here.
    pub fn cut(&self, set: u64) -> i64 {
        let mut cut = 0;
        let mut rest = set;
        while rest != 0 {
            let at = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            for &(other, weight) in &self.borders[at] {
                if set >> other & 1 == 0 {
                    cut += weight;
                }
            }
        }
        cut
    }

    /// Says whether a set is connected.
    pub fn connected(&self, set: u64) -> bool {
        let mut reached = set & set.wrapping_neg();
        let mut rim = reached;
        while rim != 0 {
            let at = rim.trailing_zeros() as usize;
            rim &= rim - 1;
            let new = self.near[at] & set & !reached;
            reached |= new;
            rim |= new;
        }
        set != 0 && reached == set
    }
}

/// Grows the connected sets that hold the first building. Each set is looked at once, as one side of a division.
struct Growth<'a> {
    piece: &'a Piece,
    small: &'a Small,
    best: (f64, u64, i64),
    left: usize,
}

impl Growth<'_> {
    fn grow(&mut self, set: u64, households: i64, cut: i64, mut rim: u64, mut barred: u64) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let (least, most) = (i64::from(self.piece.bounds.least), i64::from(self.piece.bounds.most));
        let rest = self.small.total - households;
        if households >= least && rest >= least && rest <= most {
            let cost = cut as f64 + self.piece.size_cost(households) + self.piece.size_cost(rest);
            if cost < self.best.0 - 1e-6 && self.small.connected(self.small.all & !set) {
                self.best = (cost, set, households);
            }
        }
        while rim != 0 {
            let at = rim.trailing_zeros() as usize;
            rim &= rim - 1;
            barred |= 1 << at;
            let joined = households + self.small.households[at];
            if joined > most || self.small.total - joined < least {
                continue;
            }
            let mut cut = cut;
            for &(other, weight) in &self.small.borders[at] {
                if set >> other & 1 == 1 {
                    cut -= weight;
                } else {
                    cut += weight;
                }
            }
            self.grow(set | 1 << at, joined, cut, (rim | self.small.near[at]) & !(barred | set), barred);
        }
    }
}
