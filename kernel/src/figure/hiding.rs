//! Which cells of a published table of counts are hidden, so that nobody is found in a small number. A small count is
//! hidden, and with it so many others that the sums of rows and columns do not give it away.
//!
//! For each count to be hidden, the search looks for another table that agrees with everything that is published and in
//! which this count differs by the least number that is told. The cells in which the two tables differ are hidden, so
//! the other table is the proof. The search prefers cells that are hidden already, then few, then small ones. What
//! turns out not to be needed is shown again. A nought is told, so a hidden count is at least one.

use std::collections::BTreeSet;

/// Is the cost of hiding a cell or a sum. The count itself is added to it, up to the third number.
const CELL: i64 = 1_000;
const SUM: i64 = 3_000;
const LARGEST: i64 = 999;
/// Limits how many proofs are repeated to find cells that may be shown again.
const MOST_REPEATED: usize = 400;

/// Says what holds for a cell before anything is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is told if that gives nothing away.
    Free,
    /// It is not told.
    Small,
    /// It is told, here or in another table.
    Told,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    value: i64,
    standing: Standing,
}

/// A table of counts with the sums of its rows and of its columns: the last column holds those of the rows, the last
/// row those of the columns.
#[derive(Clone, Debug)]
pub struct CountTable {
    rows: usize,
    columns: usize,
    least: i64,
    cells: Vec<Cell>,
}

/// The cells of a table that are not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    columns: usize,
    cells: Vec<bool>,
}

impl Hidden {
    /// Tells whether a cell is hidden.
    pub fn at(&self, row: usize, column: usize) -> bool {
        column < self.columns && self.cells.get(row * self.columns + column).copied().unwrap_or_default()
    }

    /// Returns how many cells are hidden.
    pub fn count(&self) -> usize {
        self.cells.iter().filter(|hidden| **hidden).count()
    }
}

/// A cell in which another table differs, and by how much.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    cell: usize,
    change: i64,
}

/// What the search knows of a line that does not add up any more.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    cost: Option<i64>,
    is_done: bool,
    from: Option<(usize, Step)>,
}

/// What a step may use.
struct View<'a> {
    /// The counts of the other table as it is by now.
    other: &'a [i64],
    hidden: &'a [bool],
    may_hide: bool,
}

/// What was found for one hidden count.
struct Proof {
    /// The other table differs by enough.
    holds: bool,
    /// The cells in which it differs.
    used: BTreeSet<usize>,
}

impl CountTable {
    /// Makes a table of rows of counts and adds their sums. A count below `least` that is no nought is small. What is
    /// missing is a nought.
    pub fn new(rows: &[Vec<i64>], least: i64) -> Self {
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let count = |row: &Vec<i64>, column: usize| row.get(column).copied().unwrap_or_default();
        let sum = |row: &Vec<i64>| row.iter().fold(0_i64, |sum, value| sum.saturating_add(*value));
        let mut whole: Vec<Vec<i64>> =
            rows.iter().map(|row| (0..width).map(|column| count(row, column)).chain([sum(row)]).collect()).collect();
        let sums = (0..=width)
            .map(|column| whole.iter().fold(0_i64, |sum, row| sum.saturating_add(count(row, column))))
            .collect();
        whole.push(sums);
        let standing = |value: i64| match value {
            0 => Standing::Told,
            value if value < least => Standing::Small,
            _ => Standing::Free,
        };
        let cells = whole.iter().flatten().map(|value| Cell { value: *value, standing: standing(*value) }).collect();
        Self { rows: whole.len(), columns: width + 1, least, cells }
    }

    /// Returns the count or sum of a cell.
    pub fn value(&self, row: usize, column: usize) -> i64 {
        self.place(row, column).and_then(|at| self.cells.get(at)).map(|cell| cell.value).unwrap_or_default()
    }

    /// Says what holds for a cell. A nought is told in any case.
    pub fn set(&mut self, row: usize, column: usize, standing: Standing) {
        let at = self.place(row, column);
        if let Some(cell) = at.and_then(|at| self.cells.get_mut(at)).filter(|cell| cell.value != 0) {
            cell.standing = standing;
        }
    }

    /// Returns the cells to hide.
    pub fn hidden(&self) -> Hidden {
        let mut hidden: Vec<bool> = self.cells.iter().map(|cell| cell.standing == Standing::Small).collect();
        let mut small: Vec<usize> = chosen(&hidden);
        small.sort_by_key(|cell| std::cmp::Reverse(self.count(*cell)));
        let mut proved = Vec::new();
        for cell in &small {
            let proof = self.proof(*cell, &hidden, true);
            for used in proof.used {
                mark(&mut hidden, used, true);
            }
            if proof.holds {
                proved.push(*cell);
            }
        }
        self.show_again(&mut hidden, &small, &proved);
        Hidden { columns: self.columns, cells: hidden }
    }

    /// Shows cells again that the proofs do not need, the largest first.
    fn show_again(&self, hidden: &mut [bool], small: &[usize], proved: &[usize]) {
        let mut more: Vec<usize> = chosen(hidden).into_iter().filter(|cell| !small.contains(cell)).collect();
        if more.len().saturating_mul(proved.len()) > MOST_REPEATED {
            return;
        }
        more.sort_by_key(|cell| std::cmp::Reverse(self.count(*cell)));
        for cell in more {
            mark(hidden, cell, false);
            if !proved.iter().all(|one| self.proof(*one, hidden, false).holds) {
                mark(hidden, cell, true);
            }
        }
    }

    /// Looks for another table in which a count is larger, and for one in which it is smaller, until both differences
    /// together are enough.
    fn proof(&self, about: usize, hidden: &[bool], may_hide: bool) -> Proof {
        let (mut left, mut used, mut hidden) = (self.least, BTreeSet::new(), hidden.to_vec());
        for change in [1, -1] {
            let mut other: Vec<i64> = self.cells.iter().map(|cell| cell.value).collect();
            while left > 0 && (change > 0 || other.get(about).is_some_and(|count| *count > 1)) {
                let view = View { other: &other, hidden: &hidden, may_hide };
                let Some(way) = self.way(Step { cell: about, change }, &view) else { break };
                for step in way.into_iter().chain([Step { cell: about, change }]) {
                    if let Some(count) = other.get_mut(step.cell) {
                        *count = count.saturating_add(step.change);
                    }
                    mark(&mut hidden, step.cell, true);
                    used.insert(step.cell);
                }
                left -= 1;
            }
        }
        Proof { holds: left <= 0, used }
    }

    /// Returns the cheapest steps after which all lines add up again when one count has changed by one. A line that
    /// does not add up is one too much or one too little; so every line stands twice in the search.
    fn way(&self, first: Step, view: &View<'_>) -> Option<Vec<Step>> {
        let [(row, in_row), (column, in_column)] = self.lines(first.cell);
        let (start, goal) = (off(row, first.change * in_row), off(column, -first.change * in_column));
        let mut reached = vec![Reached::default(); 2 * (self.rows + self.columns)];
        reached.get_mut(start)?.cost = Some(0);
        loop {
            let open = reached.iter().enumerate().filter(|(_, line)| !line.is_done);
            let (at, cost) =
                open.filter_map(|(at, line)| Some((at, line.cost?))).min_by_key(|(at, cost)| (*cost, *at))?;
            if at == goal {
                return Some(walked(&reached, start, goal));
            }
            reached.get_mut(at)?.is_done = true;
            for cell in self.cells_of(at / 2).into_iter().filter(|cell| *cell != first.cell) {
                let Some((step, next)) = self.step(at, cell, view) else { continue };
                let Some(total) = self.cost(cell, view).map(|more| cost.saturating_add(more)) else { continue };
                let line = reached.get_mut(next)?;
                if line.cost.is_none_or(|known| total < known) {
                    *line = Reached { cost: Some(total), is_done: false, from: Some((at, step)) };
                }
            }
        }
    }

    /// Returns what a cell has to change by to mend a line, and the line that this puts off; none if it cannot.
    fn step(&self, at: usize, cell: usize, view: &View<'_>) -> Option<(Step, usize)> {
        let by = if at.is_multiple_of(2) { -1 } else { 1 };
        let [(row, in_row), (column, in_column)] = self.lines(cell);
        let mends_row = at / 2 == row;
        let change = if mends_row { -by * in_row } else { -by * in_column };
        if change < 0 && view.other.get(cell).is_none_or(|count| *count < 2) {
            return None;
        }
        let next = if mends_row { off(column, change * in_column) } else { off(row, change * in_row) };
        Some((Step { cell, change }, next))
    }

    /// Returns what it costs to change a cell; none if it may not be changed.
    fn cost(&self, cell: usize, view: &View<'_>) -> Option<i64> {
        if view.hidden.get(cell).copied().unwrap_or_default() {
            return Some(0);
        }
        let known = self.cells.get(cell).filter(|known| view.may_hide && known.standing == Standing::Free)?;
        let is_sum = self.lines(cell).iter().any(|(_, sign)| *sign < 0);
        Some(known.value.clamp(0, LARGEST) + if is_sum { SUM } else { CELL })
    }

    /// Returns the row and the column of a cell, rows counted first, and whether it is added there or is their sum.
    fn lines(&self, cell: usize) -> [(usize, i64); 2] {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let sign = |is_sum: bool| if is_sum { -1 } else { 1 };
        [(row, sign(column + 1 == self.columns)), (self.rows + column, sign(row + 1 == self.rows))]
    }

    /// Returns the cells of a row or a column.
    fn cells_of(&self, line: usize) -> Vec<usize> {
        match line.checked_sub(self.rows) {
            None => (0..self.columns).map(|column| line * self.columns + column).collect(),
            Some(column) => (0..self.rows).map(|row| row * self.columns + column).collect(),
        }
    }

    fn place(&self, row: usize, column: usize) -> Option<usize> {
        (column < self.columns).then_some(row * self.columns + column)
    }

    fn count(&self, cell: usize) -> i64 {
        self.cells.get(cell).map(|cell| cell.value).unwrap_or_default()
    }
}

/// Returns where a line stands in the search that is one too little or one too much.
const fn off(line: usize, by: i64) -> usize {
    if by < 0 { 2 * line } else { 2 * line + 1 }
}

/// Returns the steps that lead from one line to another.
fn walked(reached: &[Reached], start: usize, goal: usize) -> Vec<Step> {
    let (mut steps, mut at) = (Vec::new(), goal);
    while at != start
        && let Some((before, step)) = reached.get(at).and_then(|line| line.from)
    {
        steps.push(step);
        at = before;
    }
    steps
}

fn chosen(cells: &[bool]) -> Vec<usize> {
    cells.iter().enumerate().filter(|(_, hidden)| **hidden).map(|(cell, _)| cell).collect()
}

fn mark(cells: &mut [bool], cell: usize, hidden: bool) {
    if let Some(known) = cells.get_mut(cell) {
        *known = hidden;
    }
}

#[cfg(test)]
mod tests;
