//! Tries in full what the prices leave open: every choice whose earnings could still pass the best.

use super::Offers;

/// The prices of the demands, and what each site earns at them.
pub(super) struct Earned<'a> {
    pub offers: &'a Offers,
    pub k: usize,
    /// The sum of the prices.
    pub paid: f64,
    /// What each site offers above the prices.
    pub above: Vec<f64>,
}

/// The result of trying.
pub(super) struct Tried {
    /// A better choice with its value, if there is one.
    pub better: Option<(Vec<u32>, i64)>,
    /// This is set when no choice was left out.
    pub all: bool,
}

/// Tries every choice that could gain more than `best`, with at most `branches` steps.
pub(super) fn try_all(earned: &Earned<'_>, best: i64, branches: u32) -> Tried {
    let mut order: Vec<u32> = (0..earned.above.len() as u32).collect();
    let worth = |site: u32| earned.above[site as usize];
    order.sort_unstable_by(|&a, &b| worth(b).total_cmp(&worth(a)).then(a.cmp(&b)));
    let mut sums = vec![0.0];
    for &site in &order {
        sums.push(sums.last().copied().unwrap_or(0.0) + worth(site));
    }
    let has = vec![0; earned.offers.demands()];
    let (chosen, undo) = (Vec::new(), Vec::new());
    let mut trying = Trying { earned, order, sums, chosen, has, value: 0, undo, best, found: None, left: branches };
    let all = trying.go(0, earned.paid).is_some();
    Tried { better: trying.found, all }
}

struct Trying<'a> {
    earned: &'a Earned<'a>,
    /// The sites, those that earn most first, and the earnings of the first so many of them.
    order: Vec<u32>,
    sums: Vec<f64>,
    chosen: Vec<u32>,
    /// What each demand has from the chosen sites, and the sum of that.
    has: Vec<i64>,
    value: i64,
    /// What demands had before, to be restored when a site is dropped.
    undo: Vec<(u32, i64)>,
    best: i64,
    found: Option<(Vec<u32>, i64)>,
    left: u32,
}

impl Trying<'_> {
    fn go(&mut self, from: usize, sum: f64) -> Option<()> {
        let wanted = self.earned.k - self.chosen.len();
        if wanted == 0 {
            if self.value > self.best {
                let mut open = self.chosen.clone();
                open.sort_unstable();
                self.best = self.value;
                self.found = Some((open, self.value));
            }
            return Some(());
        }
        for at in from..=self.order.len().saturating_sub(wanted) {
            // The most that the sites left from here on can earn: all later ones earn less.
            let most = sum + self.sums[at + wanted] - self.sums[at];
            if most < self.best as f64 + 1.0 - 1e-6 {
                return Some(());
            }
            self.left = self.left.checked_sub(1)?;
            let site = self.order[at];
            let (mark, value) = (self.undo.len(), self.value);
            self.open(site);
            self.go(at + 1, sum + self.earned.above[site as usize])?;
            self.chosen.pop();
            self.value = value;
            for (demand, had) in self.undo.drain(mark..).rev() {
                self.has[demand as usize] = had;
            }
        }
        Some(())
    }

    fn open(&mut self, site: u32) {
        self.chosen.push(site);
        for &(demand, gain) in &self.earned.offers.by_site[site as usize] {
            let has = &mut self.has[demand as usize];
            if gain > *has {
                self.undo.push((demand, *has));
                self.value += gain - *has;
                *has = gain;
            }
        }
    }
}
