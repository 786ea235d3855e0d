//! The steps by which a search closed what prices leave open, written down so that they can be followed without a
//! search ([`super::confirm()`]).

/// How many numbers the steps hold at most. A longer record is given up: trying again is as short as reading it.
pub const MOST_NUMBERS: usize = 8_000_000;

/// What is known of sites in every choice that gains more than a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The sites that open.
    pub open: Vec<u32>,
    /// The sites that stay closed.
    pub closed: Vec<u32>,
}

impl Known {
    /// Says whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.closed.is_empty()
    }
}

/// A cut: some sets are added up, the sum is halved and rounded up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halved {
    /// The price of the cut, in parts of a gain (2^20 are one).
    pub price: i64,
    /// The sets, by their numbers, in order.
    pub sets: Vec<u32>,
}

/// A step of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Prices bound what is left, or tell more of the sites.
    Prices {
        /// The price of each set, in parts of a gain (2^20 are one).
        sets: Vec<i64>,
        /// The cuts that have a price.
        cuts: Vec<Halved>,
        /// What the prices tell of the sites.
        known: Known,
    },
    /// The sets are made anew of the sites that are still free.
    Small,
    /// A site is taken both ways. The steps of the first way follow, up to its end, then those of the second way.
    Split {
        /// The site.
        site: u32,
        /// This is set when the site opens in the first way.
        open_first: bool,
    },
    /// Nothing is left to follow: the prices were enough, or one choice is left.
    End,
}

impl Step {
    /// Returns how many numbers it holds.
    fn numbers(&self) -> usize {
        match self {
            Self::Prices { sets, cuts, known } => {
                let of_cuts: usize = cuts.iter().map(|cut| 1 + cut.sets.len()).sum();
                1 + sets.len() + of_cuts + known.open.len() + known.closed.len()
            }
            Self::Small | Self::Split { .. } | Self::End => 1,
        }
    }
}

/// What proves that no choice of some number of sites gains more than a bound.
///
/// A demand with gains 9 from one site and 5 from another is a set of one site that weighs 4 and a set of both that
/// weighs 5; sets of the same sites are one. They are numbered from 0 in the order of their sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The prices of the demands from which closing began.
    pub prices: Vec<f64>,
    /// What these tell of the sites.
    pub known: Known,
    /// What was done with the rest.
    pub steps: Vec<Step>,
}

impl Certificate {
    /// Says whether it has no more numbers than a search writes down.
    pub(super) fn is_short(&self) -> bool {
        self.steps.iter().map(Step::numbers).sum::<usize>() <= MOST_NUMBERS
    }
}

/// Writes down the steps of a search as long as they are few enough.
#[derive(Debug, Default)]
pub(super) struct Record {
    steps: Vec<Step>,
    numbers: usize,
}

impl Record {
    /// Says whether so much was written down that it was given up.
    pub fn is_full(&self) -> bool {
        self.numbers > MOST_NUMBERS
    }

    /// Writes a step down.
    pub fn write(&mut self, step: Step) {
        self.numbers += step.numbers();
        if self.is_full() {
            self.steps = Vec::new();
        } else {
            self.steps.push(step);
        }
    }

    /// Writes down the steps of a part, which are then no longer kept there.
    pub fn take(&mut self, steps: &mut Vec<Step>) {
        for step in std::mem::take(steps) {
            self.write(step);
        }
    }

    /// Returns the steps, or nothing if they were given up.
    pub fn end(self) -> Option<Vec<Step>> {
        (!self.is_full()).then_some(self.steps)
    }
}
