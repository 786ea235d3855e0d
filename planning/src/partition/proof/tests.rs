//! Tests the proofs on small maps: what the search says of its divisions holds, and what is false is found.

use proptest::prelude::*;

use super::*;
use crate::partition::tests::{Map, blocks, blocks_around_large, map};
use crate::partition::{Effort, Verdict, divide};

fn parts_of(map: &Map, grid: &[u32]) -> Result<Vec<Part>, Vec<Wrong>> {
    parts(&map.buildings, &map.borders, &Bounds::default(), grid)
}

/// Reads the grid of each building of a map that was drawn in the same shape.
fn drawn(text: &str) -> Vec<u32> {
    text.chars().filter(|sign| !sign.is_whitespace()).map(u32::from).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_the_search_says_of_its_divisions_holds(map in prop_oneof![blocks(), blocks_around_large()]) {
        let found = map.divide();
        let parts = parts_of(&map, &found.grid).unwrap();
        prop_assert_eq!(parts.len(), found.pieces.len());
        for piece in &found.pieces {
            let part = parts.iter().find(|part| part.buildings.first() == Some(&piece.building)).unwrap();
            let figures = (part.community, part.buildings.len(), part.households, part.grids.len());
            let said = (piece.community, piece.buildings as usize, piece.households, piece.grids as usize);
            prop_assert_eq!(figures, said);
            prop_assert!((part.objective - piece.objective).abs() < 1e-6, "{:?} {:?}", part, piece);
            let prices: BTreeMap<u32, f64> = piece.prices.iter().copied().collect();
            let avoiding = part.avoiding();
            match piece.verdict {
                Verdict::Kept => prop_assert_eq!(avoiding, Avoiding::Kept),
                Verdict::Best => {
                    prop_assert_eq!(avoiding, Avoiding::Kept);
                    prop_assert_eq!(part.no_better(part.objective, &prices), Better::None);
                    prop_assert!(piece.bound.is_some_and(|bound| bound <= part.objective + 1e-6));
                }
                Verdict::Small => prop_assert_eq!(avoiding, Avoiding::Impossible(Why::Small)),
                Verdict::Large => prop_assert!(matches!(avoiding, Avoiding::Impossible(Why::Large(_)))),
                Verdict::None | Verdict::Fewest if part.out.len() == 1 => {
                    prop_assert!(matches!(avoiding, Avoiding::Impossible(_)), "{:?}", avoiding);
                }
                Verdict::Fewest => prop_assert_eq!(avoiding, Avoiding::Impossible(Why::Tree)),
                Verdict::None => {
                    let known = matches!(avoiding, Avoiding::Impossible(_) | Avoiding::Unknown { proven: 1.. });
                    prop_assert!(known, "{:?}", avoiding);
                }
                Verdict::NotFound => prop_assert_ne!(piece.verdict, Verdict::NotFound, "small pieces are tried in full"),
            }
        }
    }

    #[test]
    fn a_division_that_is_not_the_best_is_known(map in blocks(), moves in 1usize..40) {
        let quick = Effort { moves, pair_states: 0, exact_sets: 0 };
        let found = divide(&map.buildings, &map.borders, &Bounds::default(), quick, 3, &|| true).unwrap().unwrap();
        let best = map.divide();
        let parts = parts_of(&map, &found.grid).unwrap();
        for piece in best.pieces.iter().filter(|piece| piece.verdict == Verdict::Best) {
            let part = parts.iter().find(|part| part.buildings.first() == Some(&piece.building)).unwrap();
            if part.grids.len() != piece.grids as usize || !part.out.is_empty() {
                continue;
            }
            let prices: BTreeMap<u32, f64> = piece.prices.iter().copied().collect();
            let better = part.no_better(part.objective, &prices);
            let dearer = part.objective > piece.objective + 1e-3;
            prop_assert_eq!(matches!(better, Better::Found(_)), dearer, "{:?} {:?} {:?}", better, part, piece);
        }
    }
}

#[test]
fn what_is_wrong_with_a_division_by_itself_is_told() {
    let mut street = map("1111");
    let said = |map: &Map, grid: &str| {
        let wrong = parts_of(map, &drawn(grid)).unwrap_err();
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let torn = said(&street, "abab");
    assert!(torn.contains("no way leads from building 0 to building 2") && torn.contains("building 3"), "{torn}");
    street.buildings[3].community = 1;
    assert!(said(&street, "aaaa").contains("building 0 of one community and building 3 of another"));
    let large = map("33X+");
    assert!(parts_of(&large, &drawn("abcc")).is_ok());
    assert!(said(&large, "abbb").contains("building 2, which alone is above the most, and building 1"));
    assert!(said(&large, "abcd").contains("its building 3 could be in the grid of building 2"));
}

#[test]
fn it_is_said_whether_grids_out_of_bounds_can_be_avoided() {
    // The building of three hundred has a hundred above it and a hundred beside it that only it joins to the block.
    let hung = "
           1
        11131
        1111";
    let table = [
        ("33", "ab", Avoiding::Kept),
        ("1", "a", Avoiding::Impossible(Why::Small)),
        ("1+", "ab", Avoiding::Possible { grids: 1, out: 1 }),
        ("X", "a", Avoiding::Impossible(Why::Large(0))),
        ("4+14", "abbc", Avoiding::Impossible(Why::Tree)),
        ("4+14", "aabb", Avoiding::Possible { grids: 2, out: 1 }),
        ("1111", "abbb", Avoiding::Possible { grids: 1, out: 0 }),
        (hung, "a ccdab ccdd", Avoiding::Impossible(Why::Hung(vec![4]))),
        (hung, "a ccdab ccee", Avoiding::Unknown { proven: 1 }),
    ];
    for (text, grid, wanted) in table {
        let parts = parts_of(&map(text), &drawn(grid)).unwrap();
        assert_eq!(parts[0].avoiding(), wanted, "{text} as {grid}");
    }
}

#[test]
fn a_number_of_grids_that_does_not_fit_is_named() {
    let map = map("
        22
        22
        ");
    let bounds = Bounds { least: 300, most: 350, ..Bounds::default() };
    let found = parts(&map.buildings, &map.borders, &bounds, &[0; 4]).unwrap();
    assert_eq!(found[0].avoiding(), Avoiding::Impossible(Why::Number { needed: 3, possible: 2 }));
}
