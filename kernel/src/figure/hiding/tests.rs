//! Tests what is hidden by attacking it: every table that agrees with what is told is listed, and so the range in which
//! each hidden count can lie.

use super::*;

const LEAST: i64 = 3;

/// Gives numbers that look like chance and are the same in each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Lists all tables that agree with the cells that are told.
struct Attack<'a> {
    table: &'a CountTable,
    cells: Vec<usize>,
    /// What the hidden cells of a line still have to add up to, and how many of them are not chosen yet.
    lines: Vec<(i64, i64)>,
    counts: Vec<i64>,
    ranges: Vec<(i64, i64)>,
}

impl Attack<'_> {
    /// Returns the smallest and the largest count of each hidden cell, the sums being told.
    fn on(table: &CountTable, hidden: &[bool]) -> Vec<(usize, i64, i64)> {
        let cells = chosen(hidden);
        let mut lines = vec![(0, 0); table.rows + table.columns];
        for cell in &cells {
            for (line, _) in table.lines(*cell) {
                lines[line].0 += table.count(*cell);
                lines[line].1 += 1;
            }
        }
        let (counts, ranges) = (vec![0; cells.len()], vec![(i64::MAX, 0); cells.len()]);
        let mut attack = Attack { table, cells, lines, counts, ranges };
        attack.choose(0);
        attack.cells.iter().zip(&attack.ranges).map(|(cell, (low, high))| (*cell, *low, *high)).collect()
    }

    fn choose(&mut self, position: usize) {
        let Some(cell) = self.cells.get(position).copied() else {
            for (range, count) in self.ranges.iter_mut().zip(&self.counts) {
                *range = (range.0.min(*count), range.1.max(*count));
            }
            return;
        };
        let lines = self.table.lines(cell).map(|(line, _)| line);
        let open = lines.map(|line| self.lines[line]);
        let most = open.iter().map(|(left, cells)| left - (cells - 1)).min().unwrap();
        let fits = |count: &i64| open.iter().all(|(left, cells)| *cells > 1 || left == count);
        for count in (1..=most).filter(fits) {
            self.counts[position] = count;
            for line in &lines {
                self.lines[*line] = (self.lines[*line].0 - count, self.lines[*line].1 - 1);
            }
            self.choose(position + 1);
            for line in &lines {
                self.lines[*line] = (self.lines[*line].0 + count, self.lines[*line].1 + 1);
            }
        }
    }
}

fn cells(hidden: &Hidden, table: &CountTable) -> Vec<(usize, usize)> {
    let all = (0..table.rows).flat_map(|row| (0..table.columns).map(move |column| (row, column)));
    all.filter(|(row, column)| hidden.at(*row, *column)).collect()
}

/// Says that all sums are told in another table.
fn with_sums_told(mut table: CountTable) -> CountTable {
    let (last_row, last_column) = (table.rows - 1, table.columns - 1);
    for row in 0..table.rows {
        table.set(row, last_column, Standing::Told);
    }
    for column in 0..table.columns {
        table.set(last_row, column, Standing::Told);
    }
    table
}

fn small(table: &CountTable) -> Vec<usize> {
    chosen(&table.cells.iter().map(|cell| cell.standing == Standing::Small).collect::<Vec<_>>())
}

/// Tells whether each of some counts can lie in a range that is as wide as the least number.
fn is_safe(table: &CountTable, hidden: &[bool], small: &[usize]) -> bool {
    let ranges = Attack::on(table, hidden);
    ranges.iter().filter(|(cell, ..)| small.contains(cell)).all(|(_, low, high)| high - low >= LEAST)
}

#[test]
fn a_table_without_small_counts_is_told() {
    for rows in [vec![], vec![vec![]], vec![vec![0, 0]], vec![vec![3, 4], vec![5, 0]]] {
        assert_eq!(CountTable::new(&rows, LEAST).hidden().count(), 0, "{rows:?}");
    }
    assert_eq!(CountTable::new(&[vec![1, 2], vec![1, 1]], 0).hidden().count(), 0, "all is told from nought on");
}

#[test]
fn one_small_count_takes_a_second_one_along_in_each_line() {
    let table = with_sums_told(CountTable::new(&[vec![1, 20, 9], vec![30, 8, 50], vec![7, 40, 60]], LEAST));
    assert_eq!(cells(&table.hidden(), &table), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert_eq!((table.value(0, 3), table.value(3, 0), table.value(3, 3)), (30, 38, 225));
}

#[test]
fn places_alone_are_hidden_in_pairs_and_a_small_sum_with_its_parts() {
    // One column and the sums behind it, as where nothing is counted by department.
    let table = with_sums_told(CountTable::new(&[vec![1], vec![12], vec![5], vec![30]], LEAST));
    let told_sums = cells(&table.hidden(), &table);
    assert_eq!(told_sums, [(0, 0)], "the sum behind it is told already, so nothing helps");
    let table = CountTable::new(&[vec![1], vec![12], vec![5], vec![30]], LEAST);
    assert_eq!(cells(&table.hidden(), &table), [(0, 0), (0, 1), (2, 0), (2, 1)]);
    let table = CountTable::new(&[vec![1], vec![1]], LEAST);
    assert_eq!(table.hidden().count(), 6, "two of two");
}

#[test]
fn a_small_count_cannot_be_reckoned_from_what_is_told() {
    let mut chance = Chance(42);
    let (mut tables, mut found, mut best) = (0, 0, 0);
    while tables < 60 {
        let (height, width) = (2 + chance.below(4), 2 + chance.below(4));
        let mut count = || {
            let is_odd = chance.below(3) == 0;
            i64::try_from(if is_odd { chance.below(10) } else { 4 + chance.below(11) }).unwrap()
        };
        let rows: Vec<Vec<i64>> = (0..height).map(|_| (0..width).map(|_| count()).collect()).collect();
        let table = with_sums_told(CountTable::new(&rows, LEAST));
        let small = small(&table);
        if !(1..=3).contains(&small.len()) {
            continue;
        }
        let hidden = table.hidden();
        let Some(least) = optimum(&table, &small, hidden.count()) else { continue };
        assert!(is_safe(&table, &hidden.cells, &small), "{rows:?}: {hidden:?}");
        let ranges = Attack::on(&table, &hidden.cells);
        assert!(ranges.iter().all(|(_, low, high)| low < high), "{rows:?}: a second cell is known exactly");
        (tables, found, best) = (tables + 1, found + hidden.count(), best + least);
    }
    assert!(found * 10 <= best * 11 + 9, "{found} cells are hidden where {best} would do");
}

/// Returns how few cells can be hidden, at most `most`; none if even so many do not do.
fn optimum(table: &CountTable, small: &[usize], most: usize) -> Option<usize> {
    let free: Vec<usize> =
        (0..table.cells.len()).filter(|cell| table.cells[*cell].standing == Standing::Free).collect();
    let mut hidden = vec![false; table.cells.len()];
    for cell in small {
        hidden[*cell] = true;
    }
    (small.len()..=most).find(|count| can_do(table, small, &free, &mut hidden, count - small.len()))
}

/// Tries every choice of so many more cells.
fn can_do(table: &CountTable, small: &[usize], free: &[usize], hidden: &mut [bool], more: usize) -> bool {
    if more == 0 {
        let alone = |line: usize| table.cells_of(line).iter().filter(|cell| hidden[**cell]).count() == 1;
        return !(0..table.rows + table.columns).any(alone) && is_safe(table, hidden, small);
    }
    (0..free.len()).any(|at| {
        hidden[free[at]] = true;
        let does = can_do(table, small, &free[at + 1..], hidden, more - 1);
        hidden[free[at]] = false;
        does
    })
}

#[test]
fn sums_are_hidden_where_the_parts_alone_do_not_do() {
    let mut chance = Chance(7);
    for _ in 0..200 {
        let (height, width) = (1 + chance.below(5), 1 + chance.below(5));
        let mut count = || i64::try_from(chance.below(6)).unwrap();
        let rows: Vec<Vec<i64>> = (0..height).map(|_| (0..width).map(|_| count()).collect()).collect();
        let table = CountTable::new(&rows, LEAST);
        let hidden = table.hidden();
        for cell in small(&table) {
            assert!(hidden.cells[cell], "{rows:?}");
            assert!(table.proof(cell, &hidden.cells, false).holds, "{rows:?}: {cell} in {hidden:?}");
        }
        for line in 0..table.rows + table.columns {
            let alone = table.cells_of(line).into_iter().filter(|cell| hidden.cells[*cell]).count() == 1;
            assert!(!alone, "{rows:?}: {hidden:?}");
        }
    }
}
