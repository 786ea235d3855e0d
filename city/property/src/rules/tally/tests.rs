//! The examples of the law, and what holds for all ballots.

use super::*;
use proptest::prelude::*;

const QUORUM: Share = Share { parts: 2, of: 3, over: false };
const HALF: Share = Share { parts: 1, of: 2, over: true };
const QUARTERS: Share = Share { parts: 3, of: 4, over: false };
/// The Civil Code, article 278.
const CODE: Thresholds = Thresholds { quorum: QUORUM, ordinary: HALF, special: QUARTERS, of_all: false };
/// The regulation on property management, article 12, before 2021.
const REGULATION: Thresholds =
    Thresholds { quorum: HALF, ordinary: HALF, special: Share { parts: 2, of: 3, over: false }, of_all: true };

fn square_metres(metres: i64) -> Area {
    Area(metres * 10_000)
}

/// Ballots of so many heads for and against, each with 100 m².
fn tally(yes: usize, no: usize) -> Tally {
    let choices = std::iter::repeat_n(Choice::For, yes).chain(std::iter::repeat_n(Choice::Against, no));
    let ballots: Vec<(usize, Choice)> = choices.enumerate().collect();
    count(&vec![square_metres(100); yes + no], &ballots).unwrap()
}

fn entitled(heads: i64) -> Amount {
    Amount { heads, area: square_metres(100 * heads) }
}

#[test]
fn the_lift_fund_passes_with_27_of_40_and_is_void_with_26() {
    let judged = judge(&entitled(40), &tally(14, 13), false, &CODE);
    assert_eq!(judged.outcome, Outcome::Passed);
    assert_eq!(judged.quorum, Amount { heads: 27, area: Area(26_666_667) });
    assert_eq!(judged.agreeing, Amount { heads: 14, area: Area(13_500_001) });
    assert_eq!(judge(&entitled(40), &tally(13, 14), false, &CODE).outcome, Outcome::Failed);
    assert_eq!(judge(&entitled(40), &tally(26, 0), false, &CODE).outcome, Outcome::Void, "26 of 40 are 65 %");
}

#[test]
fn half_is_not_more_than_half_and_three_quarters_are_enough() {
    for (yes, no, special, expected) in [
        (20, 20, false, Outcome::Failed),
        (21, 19, false, Outcome::Passed),
        (30, 10, true, Outcome::Passed),
        (29, 11, true, Outcome::Failed),
    ] {
        assert_eq!(judge(&entitled(40), &tally(yes, no), special, &CODE).outcome, expected, "{yes}:{no}");
    }
}

#[test]
fn whoever_abstains_takes_part_and_does_not_agree() {
    // Thirty of 45 are two thirds, by heads and by area.
    for (yes, no, abstain, special, expected) in [
        (16, 4, 10, false, Outcome::Passed),
        (15, 5, 10, false, Outcome::Failed),
        (15, 0, 15, false, Outcome::Failed),
        (0, 0, 30, false, Outcome::Failed),
        (23, 0, 7, true, Outcome::Passed),
        (22, 0, 8, true, Outcome::Failed),
        (29, 0, 0, false, Outcome::Void),
        (0, 0, 29, true, Outcome::Void),
    ] {
        let choices = [(Choice::For, yes), (Choice::Against, no), (Choice::Abstain, abstain)];
        let choices = choices.into_iter().flat_map(|(choice, heads)| std::iter::repeat_n(choice, heads));
        let ballots: Vec<(usize, Choice)> = choices.enumerate().collect();
        let tally = count(&[square_metres(100); 45], &ballots).unwrap();
        assert_eq!(judge(&entitled(45), &tally, special, &CODE).outcome, expected, "{yes}:{no}:{abstain} {special}");
    }
}

#[test]
fn owners_of_a_unit_who_differ_count_by_area_and_their_head_agrees_to_nothing() {
    let (all, none) = (square_metres(100), Area(0));
    let half = Choice::Split(square_metres(50), square_metres(50));
    for (third, metres) in [(Choice::Split(none, all), 200), (half, 250), (Choice::Split(square_metres(30), none), 230)]
    {
        let tally = count(&[all; 3], &[(0, Choice::For), (1, Choice::For), (2, third)]).unwrap();
        assert_eq!(tally.yes, Amount { heads: 2, area: square_metres(metres) }, "{third:?}");
        assert_eq!(judge(&entitled(3), &tally, false, &CODE).outcome, Outcome::Passed, "{third:?}");
    }
    // Two thirds of the area and a third of the heads.
    let split = [(0, Choice::For), (1, Choice::Split(all, none)), (2, Choice::Against)];
    let tally = count(&[all; 3], &split).unwrap();
    assert_eq!((tally.yes.area, tally.divided), (square_metres(200), 1));
    assert_eq!(judge(&entitled(3), &tally, false, &CODE).outcome, Outcome::Failed);
}

#[test]
fn heads_and_area_must_both_be_enough() {
    // One owner has as much area as all others together.
    let rights: Vec<Area> = std::iter::once(square_metres(900)).chain([square_metres(100); 9]).collect();
    let whole = Amount { heads: 10, area: square_metres(1_800) };
    let ballots = |large: Choice, small: Choice| {
        let others = (1..10).map(|number| (number, small));
        std::iter::once((0, large)).chain(others).collect::<Vec<_>>()
    };
    for (large, small, expected) in [
        (Choice::For, Choice::Against, Outcome::Failed),
        (Choice::Against, Choice::For, Outcome::Failed),
        (Choice::For, Choice::For, Outcome::Passed),
        (Choice::Abstain, Choice::For, Outcome::Failed),
    ] {
        let tally = count(&rights, &ballots(large, small)).unwrap();
        assert_eq!(judge(&whole, &tally, false, &CODE).outcome, expected, "{large:?} {small:?}");
    }
    let nine = count(&rights, &ballots(Choice::For, Choice::For)[1..]).unwrap();
    assert_eq!(judge(&whole, &nine, false, &CODE).outcome, Outcome::Void, "nine heads with half of the area");
}

#[test]
fn before_2021_all_owners_were_the_base() {
    assert_eq!(judge(&entitled(40), &tally(20, 1), false, &REGULATION).outcome, Outcome::Failed, "half of all");
    assert_eq!(judge(&entitled(40), &tally(21, 0), false, &REGULATION).outcome, Outcome::Passed);
    assert_eq!(judge(&entitled(40), &tally(20, 0), false, &REGULATION).outcome, Outcome::Void);
    assert_eq!(judge(&entitled(40), &tally(26, 14), true, &REGULATION).outcome, Outcome::Failed);
    assert_eq!(judge(&entitled(40), &tally(27, 13), true, &REGULATION).outcome, Outcome::Passed);
}

#[test]
fn no_more_are_elected_than_there_are_seats() {
    use Outcome::{Outvoted, Passed, Tied};
    let stands = |heads: i64, metres: i64| Amount { heads, area: square_metres(metres) };
    for (agreeing, seats, expected) in [
        (vec![], 2, vec![]),
        (vec![stands(30, 3_000), stands(28, 2_800)], 2, vec![Passed, Passed]),
        (vec![stands(30, 3_000), stands(28, 2_800), stands(29, 2_900)], 2, vec![Passed, Outvoted, Passed]),
        // As many heads: more area.
        (vec![stands(28, 2_800), stands(28, 2_801), stands(30, 3_000)], 2, vec![Outvoted, Passed, Passed]),
        (vec![stands(28, 2_800), stands(28, 2_800), stands(30, 3_000)], 2, vec![Tied, Tied, Passed]),
        (vec![stands(28, 2_800), stands(28, 2_800), stands(30, 3_000)], 1, vec![Outvoted, Outvoted, Passed]),
        (vec![stands(28, 2_800), stands(28, 2_800), stands(27, 2_700)], 2, vec![Passed, Passed, Outvoted]),
    ] {
        assert_eq!(seated(&agreeing, seats), expected, "{agreeing:?} {seats}");
    }
}

#[test]
fn three_who_pass_for_two_seats_are_tied_and_none_of_them_is_elected() {
    // Two seats; the ballots are for the first two, for the last two, and for the first and the last.
    let rights = [square_metres(100); 3];
    let ballots = [[true, true, false], [false, true, true], [true, false, true]];
    let choice = |is_for: bool| if is_for { Choice::For } else { Choice::Abstain };
    let agreeing: Vec<Amount> = (0..3)
        .map(|candidate| {
            let own = ballots.iter().map(|ballot| choice(ballot[candidate])).enumerate();
            let tally = count(&rights, &own.collect::<Vec<_>>()).unwrap();
            assert_eq!(judge(&entitled(3), &tally, false, &CODE).outcome, Outcome::Passed);
            tally.yes
        })
        .collect();
    assert_eq!(seated(&agreeing, 2), [Outcome::Tied; 3]);
    assert_eq!(seated(&agreeing, 3), [Outcome::Passed; 3]);
}

#[test]
fn twenty_per_cent_of_300_are_60() {
    let share = Share { parts: 200, of: 1_000, over: false };
    assert!(!share.is_met(59, 300) && share.is_met(60, 300));
    assert_eq!((share.needed(300), share.needed(301)), (60, 61));
}

#[test]
fn nobody_decides_nothing() {
    let none = Tally::default();
    assert_eq!(judge(&Amount::default(), &none, false, &CODE).outcome, Outcome::Void);
    assert_eq!(judge(&entitled(3), &none, true, &CODE).outcome, Outcome::Void);
}

#[test]
fn choices_are_written_and_read() {
    for choice in [Choice::For, Choice::Against, Choice::Abstain, Choice::Split(Area(5), Area(0))] {
        assert_eq!(Choice::read(&choice.written()), Some(choice));
    }
    for bad in ["", "X", "S1", "S1:", "S-1:2", "F "] {
        assert_eq!(Choice::read(bad), None, "{bad}");
    }
}

#[test]
fn no_right_votes_twice_and_nobody_else_votes() {
    let rights = [square_metres(80), square_metres(90)];
    assert_eq!(count(&rights, &[(0, Choice::For), (0, Choice::Against)]), Err(CountFault::Twice));
    assert_eq!(count(&rights, &[(2, Choice::For)]), Err(CountFault::Unknown));
    let more = Choice::Split(square_metres(80), Area(1));
    assert_eq!(count(&rights, &[(0, more)]), Err(CountFault::Choice));
}

/// A right with its area, and perhaps a ballot.
fn right() -> impl Strategy<Value = (i64, Option<Choice>)> {
    (1_i64..=5_000_000).prop_flat_map(|area| {
        let split = (0..=area).prop_flat_map(move |yes| {
            (Just(yes), 0..=(area - yes)).prop_map(|(yes, no)| Choice::Split(Area(yes), Area(no)))
        });
        let choice = prop_oneof![Just(Choice::For), Just(Choice::Against), Just(Choice::Abstain), split];
        (Just(area), proptest::option::of(choice))
    })
}

proptest! {
    #[test]
    fn a_second_ballot_is_found_wherever_it_lies_and_never_counts(
        rights in proptest::collection::vec(right(), 1..40),
        again in proptest::collection::vec((0_usize..40, 0_usize..80), 1..8),
    ) {
        let areas: Vec<Area> = rights.iter().map(|(area, _)| Area(*area)).collect();
        let once: Vec<(usize, Choice)> =
            rights.iter().enumerate().map(|(at, (_, choice))| (at, choice.unwrap_or(Choice::Abstain))).collect();
        let counted = count(&areas, &once).unwrap();
        prop_assert_eq!(counted.taking_part.heads, i64::try_from(areas.len()).unwrap());
        let mut ballots = once.clone();
        for (which, at) in again {
            let (number, choice) = once[which % once.len()];
            let choice = if at % 2 == 0 { choice } else { Choice::Against };
            ballots.insert(at % (ballots.len() + 1), (number, choice));
            prop_assert_eq!(count(&areas, &ballots), Err(CountFault::Twice));
        }
    }

    #[test]
    fn any_order_counts_the_same_and_nothing_is_lost(
        rights in proptest::collection::vec(right(), 0..60),
        turn in 0_usize..60,
    ) {
        let areas: Vec<Area> = rights.iter().map(|(area, _)| Area(*area)).collect();
        let given = rights.iter().enumerate().filter_map(|(at, (_, choice))| Some((at, (*choice)?)));
        let ballots: Vec<(usize, Choice)> = given.collect();
        let counted = count(&areas, &ballots).unwrap();
        let mut turned = ballots.clone();
        if !turned.is_empty() {
            let middle = turn % turned.len();
            turned.rotate_left(middle);
        }
        turned.reverse();
        prop_assert_eq!(count(&areas, &turned).unwrap(), counted);
        // Whoever gave no ballot, or whose proxy did not come, counts nothing.
        let present: i64 = ballots.iter().map(|(at, _)| areas[*at].0).sum();
        prop_assert_eq!(counted.taking_part.area.0, present);
        prop_assert_eq!(counted.taking_part.heads, i64::try_from(ballots.len()).unwrap());
        // Weights that were split add up.
        let parts = counted.yes.area.0 + counted.no.area.0 + counted.abstain.area.0;
        prop_assert_eq!(parts, present);
        let heads = counted.yes.heads + counted.no.heads + counted.abstain.heads + counted.divided;
        prop_assert_eq!(heads, counted.taking_part.heads);
    }

    #[test]
    fn what_is_needed_is_just_enough(
        parts in 1_u32..10,
        more in 0_u32..10,
        over in proptest::bool::ANY,
        whole in 1_i64..1_000_000_000_000,
    ) {
        let share = Share { parts, of: parts + more, over };
        let needed = share.needed(whole);
        prop_assert!(share.is_met(needed, whole));
        prop_assert!(!share.is_met(needed - 1, whole));
    }
}
