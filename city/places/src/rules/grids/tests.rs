//! These tests write grids as letters: a row of buildings today, and the same row in a proposal.

use super::carrying::{Place, carried_on};
use super::colours::colours;
use super::counted::Counted;
use super::given::{Calls, Fault, Given, Target, Wish, drawn, merged, split};
use super::ground::{Ground, Limits, Standing, Today};
use super::known::{Cause, Causes, Known};
use super::proposal::{Asked, Figures, Mode, Part, Proposal, today_numbers};
use kernel::place::PlaceId;
use planning::partition::{Border, Building, Effort, Grids, divide, divide_again};
use std::collections::{BTreeMap, BTreeSet};

const LIMITS: Limits = Limits { least: 200, most: 400, target: 300, deviation: 2 };
const COMMUNITY: PlaceId = PlaceId(7);

/// Makes buildings in a row. Each touches the next along 10 metres, and the compound changes at every third.
fn row(households: &[u32]) -> Ground {
    let building = |(at, households): (usize, &u32)| Building {
        community: 0,
        compound: u32::try_from(at / 3).unwrap(),
        households: *households,
    };
    let count = u32::try_from(households.len()).unwrap();
    Ground {
        communities: vec![COMMUNITY],
        ids: (0..i64::from(count)).map(|at| 100 + at).collect(),
        buildings: households.iter().enumerate().map(building).collect(),
        borders: (1..count).map(|b| Border { a: b - 1, b, metres: 10 }).collect(),
    }
}

/// Reads today's grids from letters: A is grid 1, B is grid 2, and a dot is a building in no grid.
fn today(letters: &str) -> Today {
    let grid = |letter: char| i64::from(u32::from(letter) - u32::from('A') + 1);
    let lies = letters.chars().enumerate().filter(|(_, letter)| *letter != '.');
    let grid: BTreeMap<i64, PlaceId> =
        lies.map(|(at, letter)| (100 + i64::try_from(at).unwrap(), PlaceId(grid(letter)))).collect();
    let living = grid.values().map(|grid| (*grid, COMMUNITY)).collect();
    Today { grid, living, ..Today::default() }
}

fn asked(mode: Mode) -> Asked {
    Asked {
        mode,
        revision: 1,
        on: "2026-11-23".parse().unwrap(),
        limits: LIMITS,
        given: BTreeMap::new(),
        calls: Calls::default(),
        counted: Counted::default(),
    }
}

fn proposed(ground: &Ground, today: &Today, mode: Mode) -> Part {
    let old = ground.numbered(&ground.from(today));
    let (bounds, effort) = (LIMITS.bounds(), Effort::default());
    let grids: Option<Grids> = match mode {
        Mode::Keep => divide_again(&ground.buildings, &ground.borders, &bounds, effort, 1, &old, &|| true).unwrap(),
        _ => divide(&ground.buildings, &ground.borders, &bounds, effort, 1, &|| true).unwrap(),
    };
    Proposal::new(asked(mode), ground, today, &grids.unwrap()).parts.remove(0)
}

/// Writes the proposed grids as letters: A is grid 1 of today, and a is the first new one.
fn letters(part: &Part) -> String {
    let letter = |from: u8, number: i64| char::from(from + u8::try_from(number).unwrap());
    let new = |to: u32| part.grids[..to as usize].iter().filter(|grid| grid.is_none()).count();
    let one = |member: &super::proposal::Member| {
        let kept = part.to(member).map(|grid| letter(b'A', grid - 1));
        kept.unwrap_or_else(|| letter(b'a', i64::try_from(new(member.to)).unwrap()))
    };
    part.members.iter().map(one).collect()
}

#[test]
fn what_is_counted_takes_the_place_of_households() {
    let ground = row(&[100; 4]);
    let counted = Counted { name: "独居老人".to_owned(), of: BTreeMap::from([(100, 5), (103, 7), (999, 9)]) };
    let counts: Vec<u32> = counted.on(&ground).buildings.iter().map(|one| one.households).collect();
    assert_eq!(counts, [5, 0, 0, 7]);
    assert_eq!(*Counted::default().on(&ground), ground);
}

#[test]
fn a_proposed_grid_carries_on_the_one_it_shares_most_households_with() {
    type Case<'a> = (&'a [Place], &'a [(u32, i64)]);
    let table: [Case<'_>; 5] = [
        (&[(Some(1), 0, 100), (Some(1), 1, 150), (Some(2), 1, 90)], &[(1, 1)]),
        (&[(Some(1), 0, 100), (Some(2), 0, 90), (Some(2), 1, 10)], &[(0, 1), (1, 2)]),
        (&[(None, 0, 100), (Some(5), 1, 1)], &[(1, 5)]),
        (&[(Some(9), 0, 0), (Some(2), 0, 0), (Some(2), 1, 0)], &[(0, 2)]),
        (&[], &[]),
    ];
    for (buildings, expected) in table {
        let expected: BTreeMap<u32, i64> = expected.iter().copied().collect();
        assert_eq!(carried_on(buildings), expected, "{buildings:?}");
    }
}

#[test]
fn grids_that_touch_differ_in_colour() {
    // The areas are a ring, a wheel, a lattice of 6 × 6 with its diagonals, and a clique of eight.
    let ring: BTreeSet<_> = (0..5).map(|at| (at, (at + 1) % 5)).collect();
    let wheel: BTreeSet<_> = ring.iter().copied().chain((0..5).map(|at| (at, 5))).collect();
    let mut lattice = BTreeSet::new();
    for at in 0..36 {
        for (x, y) in [(1, 0), (0, 1), (1, 1)] {
            let (column, line) = (at % 6 + x, at / 6 + y);
            if column < 6 && line < 6 {
                lattice.insert((at, line * 6 + column));
            }
        }
    }
    let clique: BTreeSet<_> = (0..8).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    for (count, touching) in [(5, ring), (6, wheel), (36, lattice), (8, clique)] {
        let colour = colours(count, &touching);
        assert_eq!(colour.len(), count);
        assert!(touching.iter().all(|(a, b)| colour[*a] != colour[*b]), "{count}: {colour:?}");
    }
    assert_eq!(colours(3, &BTreeSet::new()), [0, 1, 2], "what need not be alike is not");
    assert_eq!(colours(0, &BTreeSet::from([(0, 1)])), Vec::<usize>::new());
    let crowd: BTreeSet<_> = (0..9).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    assert_eq!(colours(9, &crowd).len(), 9, "nine that all touch are drawn all the same");
}

#[test]
fn what_is_out_of_bounds_is_mended_and_the_rest_stays() {
    let ground = row(&[100, 100, 100, 100, 100, 100]);
    let table = [
        // The columns are: today, mended, households that move, grids that end.
        ("AAABBB", "AAABBB", 0, 0),
        ("AAAAAB", "AAAABB", 100, 0),
        ("ABBBBB", "AABBBB", 100, 0),
        ("ABCDEF", "", 400, 4),
    ];
    for (before, after, moved, ending) in table {
        let now = today(before);
        let part = proposed(&ground, &now, Mode::Keep);
        if !after.is_empty() {
            assert_eq!(letters(&part), after, "{before}");
        }
        assert!(part.moved() <= moved, "{before}: {} move", part.moved());
        assert_eq!((part.ending().len() >= ending, part.after.out), (true, 0), "{before}: {}", letters(&part));
        assert!(part.fits(&now) && part.households() == 600);
    }
}

#[test]
fn grids_drawn_anew_keep_the_names_they_can() {
    let ground = row(&[100, 100, 100, 100, 100, 100]);
    let part = proposed(&ground, &today("AABBBB"), Mode::Anew);
    assert_eq!(letters(&part), "AAABBB");
    assert_eq!((part.moved(), part.opened(), part.ending()), (100, 0, vec![]));
    assert_eq!(part.before.unwrap().splits, 1);
    assert_eq!((part.after.splits, part.after.cut, part.proven()), (0, 10, 1));
    let first = proposed(&ground, &today("......"), Mode::Anew);
    assert_eq!((letters(&first).as_str(), first.opened(), first.moved(), first.before), ("aaabbb", 2, 0, None));
    assert!(first.members.iter().all(|member| first.changes(member)), "each gets a grid");
    let mut empty = today("AABBBB");
    empty.living.insert(PlaceId(9), COMMUNITY);
    let part = proposed(&ground, &empty, Mode::Keep);
    let before = part.before.unwrap();
    assert_eq!(
        (before.grids, before.out, part.ending()),
        (3, 1, vec![9]),
        "a grid that holds nothing is too small, and ends"
    );
    let all_in_one = proposed(&ground, &today("AAAAAA"), Mode::Anew);
    assert_eq!(letters(&all_in_one), "AAAaaa");
    assert_eq!((all_in_one.moved(), all_in_one.opened()), (300, 1));
}

#[test]
fn what_cannot_be_helped_is_said_of_the_right_building() {
    let large = proposed(&row(&[100, 100, 450, 100, 100]), &today("AAAAA"), Mode::Anew);
    let piece = large.pieces.iter().find(|piece| piece.known == Known::Large).unwrap();
    assert_eq!(piece.building, 102);
    let small = proposed(&row(&[50, 60]), &today("AA"), Mode::Keep);
    assert_eq!((small.pieces[0].known, small.after.out, small.after.unavoidable), (Known::Small, 1, 1));
    assert_eq!(small.small, Causes::from([(Cause::Community, 1)]));
    assert_eq!(LIMITS.standing(110), Standing::Below);
    assert_eq!([200, 400, 401].map(|one| LIMITS.standing(one)), [Standing::Within, Standing::Within, Standing::Above]);
}

#[test]
fn why_grids_are_too_small_is_said_of_their_community_and_kept_with_the_proposal() {
    let mut ground = row(&[100; 6]);
    ground.communities.push(PlaceId(8));
    for (building, community) in ground.buildings.iter_mut().zip([0, 0, 0, 1, 1, 0]) {
        building.community = community;
    }
    let (bounds, effort) = (LIMITS.bounds(), Effort::default());
    let grids = divide(&ground.buildings, &ground.borders, &bounds, effort, 1, &|| true).unwrap().unwrap();
    let proposal = Proposal::new(asked(Mode::Anew), &ground, &today("......"), &grids);
    let wanted = [Causes::from([(Cause::Border, 1)]), Causes::new()];
    let small = |proposal: &Proposal| [0, 1].map(|at: usize| proposal.parts[at].small.clone());
    assert_eq!(small(&proposal), wanted, "the last building touches those of the other community alone");
    let mut kept = serde_json::to_value(&proposal).unwrap();
    assert_eq!(small(&serde_json::from_value(kept.clone()).unwrap()), wanted);
    assert!(kept["parts"][0].as_object_mut().unwrap().remove("small").is_some());
    let earlier: Proposal = serde_json::from_value(kept).unwrap();
    assert_eq!(small(&earlier), [Causes::new(), Causes::new()], "earlier versions kept none");
}

#[test]
fn a_proposal_no_longer_fits_when_anything_it_speaks_of_changed() {
    let (ground, now) = (row(&[100, 100, 100, 100, 100, 100]), today("AAAAAB"));
    let part = proposed(&ground, &now, Mode::Keep);
    let proposal = Proposal { asked: asked(Mode::Keep), parts: vec![part] };
    assert!(proposal.changes() && proposal.fits(Some(1), &now));
    assert!(!proposal.fits(Some(2), &now) && !proposal.fits(None, &now));
    assert!(!proposal.fits(Some(1), &today("AAAABB")), "another building lies elsewhere");
    let mut more = now.clone();
    more.living.insert(PlaceId(9), COMMUNITY);
    assert!(!proposal.fits(Some(1), &more), "a grid was opened");
    let mut ended = now.clone();
    ended.living.remove(&PlaceId(2));
    assert!(!proposal.fits(Some(1), &ended));
    let unchanged = proposed(&ground, &today("AAABBB"), Mode::Keep);
    assert!(!Proposal { asked: asked(Mode::Keep), parts: vec![unchanged] }.changes());
}

#[test]
fn buildings_in_no_grid_are_counted_apart_and_pieces_are_counted() {
    let ground = row(&[100, 100, 100, 100, 100, 100]);
    let now = today("AAA.BB");
    let figures = Figures::of(&ground, &LIMITS, &today_numbers(&ground, &ground.from(&now)).unwrap());
    assert_eq!((figures.grids, figures.without, figures.out), (2, 1, 0));
    assert_eq!(today_numbers(&ground, &ground.from(&today("......"))), None);
    assert_eq!(ground.pieces(), 1);
    let (east, at) = ground.part(|building| building.compound == 1);
    assert_eq!((east.ids.as_slice(), at.as_slice(), east.borders.len()), (&[103, 104, 105][..], &[3, 4, 5][..], 2));
    let apart = Ground { borders: ground.borders[1..].to_vec(), ..ground };
    assert_eq!(apart.pieces(), 2);
    assert_eq!(Ground::default().pieces(), 0);
}

#[test]
fn what_was_asked_and_answered_comes_back_from_json() {
    let part = proposed(&row(&[100, 100, 450, 100, 100]), &today("AAABB"), Mode::Keep);
    let proposal = Proposal { asked: asked(Mode::Keep), parts: vec![part] };
    let bytes = serde_json::to_vec(&proposal).unwrap();
    assert_eq!(serde_json::from_slice::<Proposal>(&bytes).unwrap(), proposal);
    assert_eq!(
        [Mode::parse("keep"), Mode::parse("anew"), Mode::parse("x")],
        [Some(Mode::Keep), Some(Mode::Anew), None]
    );
}

/// Makes a proposal of what a person draws.
fn by_hand(ground: &Ground, today: &Today, given: Given) -> Result<Part, Fault> {
    let drawn = drawn(ground, today, &given)?;
    let asked = Asked { given, ..asked(Mode::Given) };
    Ok(Proposal::of_given(asked, ground, today, &drawn).parts.remove(0))
}

#[test]
fn a_person_draws_grids_and_each_building_lies_in_exactly_one() {
    let (ground, today) = (row(&[100, 100, 100, 100, 100, 100]), today("AAABBB"));
    let living = |at: i64, grid: i64| (100 + at, Target::Living(grid));
    let new = |at: i64, word: &str| (100 + at, Target::New(word.to_owned()));
    let table: [(&[(i64, Target)], &str); 5] = [
        (&[], "AAABBB"),
        (&[living(2, 2)], "AABBBB"),
        // Grids that change places keep their names, whatever the planner would call them.
        (&[living(0, 2), living(1, 2), living(2, 2), living(3, 1), living(4, 1), living(5, 1)], "BBBAAA"),
        (&[new(0, "x"), new(1, "x")], "aaABBB"),
        (&[new(0, "x"), new(5, "y")], "aAABBb"),
    ];
    for (given, expected) in table {
        let part = by_hand(&ground, &today, given.iter().cloned().collect()).unwrap();
        assert_eq!(letters(&part), expected, "{given:?}");
        assert!(part.pieces.is_empty() && part.fits(&today));
    }
    let torn = by_hand(&ground, &today, [living(5, 1)].into()).unwrap();
    assert_eq!((torn.after.torn, torn.after.without), (1, 0));
    assert_eq!(by_hand(&ground, &today, [living(5, 9)].into()), Err(Fault::Elsewhere(105)));
    let open = super::tests::today("AA.BB.");
    assert_eq!(by_hand(&ground, &open, Given::new()), Err(Fault::Without(vec![102, 105])));
    assert_eq!(letters(&by_hand(&ground, &open, [living(2, 1), living(5, 2)].into()).unwrap()), "AAABBB");
}

#[test]
fn new_grids_of_a_table_are_known_by_their_buildings_and_not_by_their_numbers() {
    let (ground, today) = (row(&[100, 100, 100, 100, 100, 100]), today("AAABBB"));
    let numbered = |words: &str| -> Given {
        (100..).zip(words.chars()).map(|(id, word)| (id, Target::New(word.to_string()))).collect()
    };
    let table = [("111222", "AAABBB", false), ("222111", "AAABBB", false), ("112222", "AABBBB", true)];
    for (words, expected, changes) in table {
        let part = by_hand(&ground, &today, numbered(words)).unwrap();
        assert_eq!((letters(&part).as_str(), part.ending()), (expected, vec![]), "{words}");
        let moved = part.members.iter().any(|member| part.changes(member));
        assert_eq!((moved, part.opened()), (changes, 0), "{words}");
    }
    // Three grids of two: the third is new, and what both others share is moved by no more than that.
    let part = by_hand(&ground, &today, numbered("112233")).unwrap();
    assert_eq!((part.opened(), part.ending()), (1, vec![]), "{}", letters(&part));
    // A new grid that somebody gives a name is a new one.
    let calls = Calls {
        new: [("1".to_owned(), Wish { name: Some("北片".to_owned()), ..Wish::default() })].into(),
        ..Calls::default()
    };
    let given = numbered("111222");
    let divided = drawn(&ground, &today, &given).unwrap();
    let asked = Asked { given, calls, ..asked(Mode::Given) };
    let part = Proposal::of_given(asked, &ground, &today, &divided).parts.remove(0);
    assert_eq!((letters(&part).as_str(), part.ending()), ("aaaBBB", vec![1]));
}

#[test]
fn grids_are_merged_and_split_by_hand() {
    let (ground, lies) = (row(&[100, 100, 100, 100, 100, 100]), today("AABBBB"));
    let part = by_hand(&ground, &lies, merged(&ground, &lies, 1, 2)).unwrap();
    assert_eq!((letters(&part).as_str(), part.ending()), ("BBBBBB", vec![1]));
    let halves = split(&ground, &lies, 2, &LIMITS).unwrap();
    let part = by_hand(&ground, &lies, halves).unwrap();
    assert_eq!((part.opened(), part.after.torn, part.after.grids), (1, 0, 3));
    assert!(matches!(letters(&part).as_str(), "AABBaa" | "AAaaBB"), "{}", letters(&part));
    for (households, letters) in [(&[100, 100][..], "AB"), (&[300][..], "A"), (&[0, 0][..], "AA")] {
        assert_eq!(split(&row(households), &today(letters), 1, &LIMITS), Err(Fault::Whole), "{letters}");
    }
}
