//! Takes maps and returns maps: each character of a map is a building, neighbours touch, and the answer says in which
//! grid each building is.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Buildings from a map. A digit is so many hundred households, `.` is none, `+` is fifty, `X` is five hundred; a space
/// is no building at all.
#[derive(Debug)]
pub(super) struct Map {
    cells: BTreeMap<(usize, usize), u32>,
    pub(super) buildings: Vec<Building>,
    pub(super) borders: Vec<Border>,
}

pub(super) fn map(text: &str) -> Map {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let margin = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let mut cells = BTreeMap::new();
    let mut buildings = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        for (column, sign) in line.chars().skip(margin).enumerate() {
            let households = match sign {
                ' ' => continue,
                '.' => 0,
                '+' => 50,
                'X' => 500,
                digit => digit.to_digit(10).unwrap() * 100,
            };
            cells.insert((row, column), buildings.len() as u32);
            buildings.push(Building { community: 0, compound: buildings.len() as u32, households });
        }
    }
    let mut borders = Vec::new();
    for (&(row, column), &a) in &cells {
        for other in [(row, column + 1), (row + 1, column)] {
            if let Some(&b) = cells.get(&other) {
                borders.push(Border { a, b, metres: 10 });
            }
        }
    }
    Map { cells, buildings, borders }
}

impl Map {
    pub(super) fn divide(&self) -> Grids {
        divide(&self.buildings, &self.borders, &Bounds::default(), Effort::default(), 7, &|| true).unwrap().unwrap()
    }

    fn drawn(&self, grid: &[u32]) -> String {
        let mut names: BTreeMap<u32, char> = BTreeMap::new();
        let mut lines: BTreeMap<usize, String> = BTreeMap::new();
        for (&(row, column), &at) in &self.cells {
            let next = char::from(b'a' + names.len() as u8);
            let name = *names.entry(grid[at as usize]).or_insert(next);
            let line = lines.entry(row).or_default();
            while line.len() < column {
                line.push(' ');
            }
            line.push(name);
        }
        lines.into_values().collect::<Vec<_>>().join("\n")
    }

    fn report(&self, grid: &[u32]) -> Report {
        check(&self.buildings, &self.borders, &Bounds::default(), grid)
    }
}

fn comes_out(text: &str, wanted: &str, verdicts: &[Verdict]) {
    let map = map(text);
    let grids = map.divide();
    let wanted: Vec<&str> = wanted.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(map.drawn(&grids.grid).lines().map(str::trim).collect::<Vec<_>>(), wanted, "{grids:?}");
    let found: Vec<Verdict> = grids.pieces.iter().map(|piece| piece.verdict).collect();
    assert_eq!(found, verdicts);
}

#[test]
fn a_block_falls_into_equal_grids_with_the_shortest_border() {
    comes_out(
        "
        111111
        111111
        ",
        "
        abbccd
        aabcdd
        ",
        &[Verdict::Best],
    );
}

#[test]
fn a_street_of_houses_is_cut_where_it_balances() {
    comes_out("1+1+11+1+1", "aaabbbcccc", &[Verdict::Best]);
}

#[test]
fn a_building_of_nobody_goes_with_its_neighbours() {
    comes_out(
        "
        1.2
        2.1
        ",
        "
        aab
        aab
        ",
        &[Verdict::Best],
    );
}

#[test]
fn a_building_above_the_most_is_a_grid_of_its_own_with_what_hangs_on_it() {
    comes_out("33X+", "abcc", &[Verdict::Best, Verdict::Large]);
    let map = map("33X+");
    let report = map.report(&map.divide().grid);
    assert_eq!((report.unavoidable, report.violations()), (1, 0));
}

#[test]
fn a_piece_too_small_is_one_grid_and_excused() {
    comes_out("1 33", "a bc", &[Verdict::Small, Verdict::Best]);
    comes_out(".", "a", &[Verdict::Small]);
}

#[test]
fn what_no_division_keeps_is_said_with_proof() {
    // A hundred and fifty households lie between two buildings of four hundred, and no grid has room for them.
    let stuck = self::map("4+14");
    let grids = stuck.divide();
    assert_eq!(grids.pieces[0].verdict, Verdict::Fewest, "{grids:?}");
    assert_eq!(stuck.report(&grids.grid).violations(), 1);
}

#[test]
fn branches_too_small_for_a_grid_can_be_too_much_for_the_building_they_hang_at() {
    // A building of a hundred stands above and another beside the building of three hundred at the end of a long block.
    // Only that building joins them to the rest.
    let with = |above: char| {
        let (side, block) = (" ".repeat(80), "1".repeat(80));
        map(&format!("{side}{above}\n{block}31\n{block}"))
    };
    let stuck = with('1').divide();
    assert_eq!(stuck.pieces[0].verdict, Verdict::Fewest, "{stuck:?}");
    // Two hundred above are a grid of their own.
    let free = with('2').divide();
    assert_eq!(free.pieces[0].verdict, Verdict::Kept, "{free:?}");
}

#[test]
fn a_division_that_the_search_misses_is_found_by_trying_all() {
    let households = [9, 69, 24, 12, 41, 8, 99, 69, 139, 190, 41, 2, 40, 49];
    let borders = [
        (0, 3, 64),
        (1, 2, 55),
        (2, 3, 56),
        (3, 4, 68),
        (4, 10, 29),
        (5, 6, 44),
        (5, 10, 58),
        (6, 7, 26),
        (6, 11, 36),
        (7, 8, 49),
        (8, 9, 68),
        (8, 12, 53),
        (10, 11, 46),
        (11, 13, 67),
    ];
    let buildings: Vec<Building> =
        (0..).zip(households).map(|(compound, households)| Building { community: 0, compound, households }).collect();
    let borders: Vec<Border> = borders.into_iter().map(|(a, b, metres)| Border { a, b, metres }).collect();
    let grids = divide(&buildings, &borders, &Bounds::default(), Effort::default(), 1, &|| true).unwrap().unwrap();
    let report = check(&buildings, &borders, &Bounds::default(), &grids.grid);
    assert_eq!((report.violations(), report.disconnected), (0, 0), "{grids:?}");
}

#[test]
fn where_no_division_keeps_the_bounds_the_fewest_grids_are_out_of_them() {
    // Four branches of a hundred each on a middle of three hundred: with two grids, one is out of bounds.
    comes_out(
        "
         1
        131
         1
        ",
        "
         a
        bbb
         b
        ",
        &[Verdict::Fewest],
    );
}

#[test]
fn a_border_that_a_table_lists_in_both_directions_counts_once() {
    let long = "1".repeat(120);
    let once = map(&format!("{long}\n+ + {}", "+".repeat(100)));
    let mut twice = map(&format!("{long}\n+ + {}", "+".repeat(100)));
    twice.borders.extend(once.borders.iter().map(|border| Border { a: border.b, b: border.a, metres: border.metres }));
    let grids = twice.divide();
    assert_eq!(grids, once.divide());
    assert_eq!(twice.report(&grids.grid), once.report(&grids.grid));
}

#[test]
fn compounds_are_cut_rarely() {
    let mut map = map("
        111
        111
        ");
    for (&(row, _), &at) in &map.cells {
        map.buildings[at as usize].compound = row as u32;
    }
    let grids = map.divide();
    assert_eq!(map.drawn(&grids.grid), "aaa\nbbb");
    assert_eq!(map.report(&grids.grid).compound_splits, 0);
}

#[test]
fn after_a_change_what_keeps_the_bounds_stays() {
    let map = map("
        111111
        111111
        ");
    let before = map.divide();
    let same = |buildings: &[Building]| {
        divide_again(buildings, &map.borders, &Bounds::default(), Effort::default(), 7, &before.grid, &|| true)
            .unwrap()
            .unwrap()
    };
    assert_eq!(map.drawn(&same(&map.buildings).grid), map.drawn(&before.grid));
    let mut grown = map.buildings.clone();
    grown[0].households = 150;
    assert_eq!(map.drawn(&same(&grown).grid), map.drawn(&before.grid), "450 is above the most, 400 is not");
    let mut emptied = map.buildings.clone();
    for building in emptied.iter_mut().take(2) {
        building.households = 0;
    }
    let again = same(&emptied);
    let report = check(&emptied, &map.borders, &Bounds::default(), &again.grid);
    let households: Vec<u32> = emptied.iter().map(|building| building.households).collect();
    let moved = moved_households(&before.grid, &again.grid, &households);
    assert_eq!((report.violations(), moved <= 100), (0, true), "{moved} households moved");
}

#[test]
fn input_that_makes_no_sense_is_refused_by_name() {
    let map = map("11");
    let tried = |borders: &[Border], bounds: &Bounds| {
        divide(&map.buildings, borders, bounds, Effort::default(), 7, &|| true).unwrap_err().to_string()
    };
    let border = |a, b| [Border { a, b, metres: 1 }];
    assert!(tried(&border(0, 2), &Bounds::default()).contains("building 2"));
    assert!(tried(&border(1, 1), &Bounds::default()).contains("with itself"));
    let crossed = Bounds { least: 9, most: 8, ..Bounds::default() };
    assert!(tried(&[], &crossed).contains("the least must not be above the most"));
    for deviation in [f64::NAN, f64::INFINITY, -1.0] {
        let odd = Bounds { deviation, ..Bounds::default() };
        assert!(tried(&[], &odd).contains("must be a number from 0 on"));
    }
    assert_eq!(divide(&map.buildings, &[], &Bounds::default(), Effort::default(), 7, &|| false), Ok(None), "stopped");
}

/// Random blocks with holes, up to 5 by 5.
pub(super) fn blocks() -> impl Strategy<Value = Map> {
    drawn(vec![' ', '.', '+', '1', '1', '2'])
}

/// The same with buildings above the most.
pub(super) fn blocks_around_large() -> impl Strategy<Value = Map> {
    drawn(vec![' ', '.', '+', '1', '1', '2', '3', 'X'])
}

/// Random blocks of these signs, up to 5 by 5.
fn drawn(signs: Vec<char>) -> impl Strategy<Value = Map> {
    prop::collection::vec(prop::collection::vec(prop::sample::select(signs), 1..6), 1..6).prop_map(|rows| {
        let lines: Vec<String> =
            rows.into_iter().map(|row| format!("{}|", row.into_iter().collect::<String>())).collect();
        // The bar keeps the margin and is cut off again.
        map(&lines.iter().map(|line| line.trim_end_matches('|')).collect::<Vec<_>>().join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_grid_hangs_together_and_what_is_out_of_bounds_is_said(map in blocks()) {
        let grids = map.divide();
        let report = map.report(&grids.grid);
        prop_assert_eq!(report.disconnected + report.crossing, 0);
        prop_assert_eq!(grids.pieces.iter().map(|piece| piece.buildings as usize).sum::<usize>(), map.buildings.len());
        let said = grids.pieces.iter().filter(|piece| matches!(piece.verdict, Verdict::Fewest | Verdict::None | Verdict::NotFound)).count();
        prop_assert_eq!(report.above + report.below > 0, said > 0, "{:?}", grids);
        prop_assert_eq!(grids.pieces.iter().filter(|piece| piece.verdict == Verdict::NotFound).count(), 0);
    }

    #[test]
    fn what_hangs_too_heavy_has_no_division(map in blocks()) {
        for piece in piece::pieces(&map.buildings, &map.borders, &Bounds::default()).unwrap() {
            if piece.overhung() {
                prop_assert!(matches!(piece.any_that_keeps(Effort::default()), cover::Tried::None), "{:?}", piece.households);
            }
        }
    }

    #[test]
    fn a_proven_division_is_the_cheapest_there_is(map in blocks()) {
        let grids = map.divide();
        for (piece, report) in piece::pieces(&map.buildings, &map.borders, &Bounds::default()).unwrap().iter().zip(&grids.pieces) {
            if report.verdict != Verdict::Best || piece.len() > 12 {
                continue;
            }
            let part: Vec<u32> = piece.ids.iter().map(|&id| grids.grid[id as usize]).collect();
            let mut labels = part.clone();
            labels.sort_unstable();
            labels.dedup();
            let part = part.iter().map(|part| labels.binary_search(part).unwrap() as u32).collect();
            let found = piece.cost(&piece.division(part, labels.len()));
            let least = cheapest(piece);
            prop_assert!((found - least).abs() < 1e-6, "{} and {}", found, least);
            prop_assert!(report.bound.is_none_or(|bound| (bound - least).abs() < 1e-3));
        }
    }

    #[test]
    fn a_tree_has_the_fewest_grids_out_of_bounds_that_it_can_have(map in blocks(), seed: u64) {
        let mut chance = Chance::new(seed, 0);
        for piece in piece::pieces(&map.buildings, &map.borders, &Bounds::default()).unwrap() {
            let tree = piece.spanning_tree(&mut chance);
            if tree.len() > 9 || tree.total < 200 {
                continue;
            }
            prop_assert!(tree.is_tree());
            let Solved { division: found, verdict, .. } = tree.solve(Effort::default(), &mut chance);
            let fewest = fewest_out(&tree);
            prop_assert_eq!(tree.out(&found), fewest, "{:?}", tree.households);
            prop_assert_eq!(verdict == Verdict::Fewest, fewest > 0);
        }
    }

    #[test]
    fn the_seed_alone_decides_whatever_the_number_of_threads(map in blocks()) {
        let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| map.divide());
        prop_assert_eq!(with(1), with(3));
    }
}

/// Finds the cheapest division into connected grids within bounds by trying every way to put buildings together.
fn cheapest(piece: &Piece) -> f64 {
    let mut best = f64::MAX;
    each_division(piece, piece.grids, &mut Vec::new(), 0, &mut |found| {
        if piece.out(found) == 0 {
            best = best.min(piece.cost(found));
        }
    });
    best
}

/// Finds the fewest grids out of bounds by trying every way to put buildings together, with every number of grids that
/// the bounds allow, or else with the usual one.
fn fewest_out(piece: &Piece) -> usize {
    let (fewest, greatest) = (((piece.total + 399) / 400) as usize, ((piece.total / 200) as usize).min(piece.len()));
    let mut best = usize::MAX;
    for grids in fewest.min(piece.grids)..=greatest.max(piece.grids) {
        each_division(piece, grids, &mut Vec::new(), 0, &mut |found| best = best.min(piece.out(found)));
    }
    best
}

/// Tells `found` of every division into so many connected grids. `part` is where the first buildings are, in so many
/// grids.
fn each_division(
    piece: &Piece,
    wanted: usize,
    part: &mut Vec<u32>,
    grids: u32,
    found: &mut dyn FnMut(&piece::Division),
) {
    if part.len() == piece.len() {
        if grids as usize == wanted && (0..grids).all(|grid| hangs(piece, part, grid)) {
            found(&piece.division(part.clone(), wanted));
        }
        return;
    }
    for grid in 0..=grids.min(wanted as u32 - 1) {
        part.push(grid);
        each_division(piece, wanted, part, grids.max(grid + 1), found);
        part.pop();
    }
}

fn hangs(piece: &Piece, part: &[u32], grid: u32) -> bool {
    let members: Vec<u32> = (0..part.len() as u32).filter(|&at| part[at as usize] == grid).collect();
    let mut reached = vec![members[0]];
    let mut next = 0;
    while let Some(&at) = reached.get(next) {
        next += 1;
        for &(other, _) in piece.near(at) {
            if part[other as usize] == grid && !reached.contains(&other) {
                reached.push(other);
            }
        }
    }
    reached.len() == members.len()
}

#[test]
fn grids_are_counted_beyond_sixteen_bits() {
    let many = 70_000;
    let buildings = vec![Building { community: 0, compound: 0, households: 1 }; many as usize];
    let borders: Vec<Border> = (1..many).map(|b| Border { a: b - 1, b, metres: 10 }).collect();
    let bounds = Bounds { least: 1, most: 1, target: 1, deviation: 2.0 };
    let found = divide(&buildings, &borders, &bounds, Effort::default(), 1, &|| true).unwrap().unwrap();
    assert_eq!((found.pieces[0].grids, found.pieces[0].verdict), (many, Verdict::Best));
    let mut grids = found.grid;
    grids.sort_unstable();
    assert!(grids.into_iter().eq(0..many));
}
