//! Shares a grid between workers who have no line: by positions that are the same on every phone, however old what it
//! holds. A building has its place among all buildings of its community, a task one that its identity gives. Nobody
//! asks a server, and whoever goes on alone takes all of it again. `field-forms.js` reckons in the same way.

use uuid::Uuid;

/// Whether the thing at a position, counted from 0 in an order that all phones share, falls to one of several workers.
/// `number` counts from 1; whoever is alone takes everything.
#[must_use]
pub const fn is_hers(position: u64, number: u64, workers: u64) -> bool {
    workers <= 1 || number == 0 || number > workers || position % workers == number - 1
}

/// The position of something that has no place in an order: by its identity.
#[must_use]
pub const fn place_of(id: Uuid) -> u64 {
    id.as_u64_pair().1 & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Position, number, workers, and whether it is hers. A browser reads the same.
    const EXAMPLES: &str = include_str!("sharing.json");

    #[test]
    fn the_examples_that_a_phone_reckons_too() {
        let examples: Vec<(u64, u64, u64, bool)> = serde_json::from_str(EXAMPLES).unwrap();
        assert!(examples.len() > 10);
        for (position, number, workers, hers) in examples {
            assert_eq!(is_hers(position, number, workers), hers, "{position}: {number} of {workers}");
        }
    }

    #[test]
    fn the_position_of_an_identity_is_a_number_that_a_phone_holds_exactly() {
        assert_eq!(place_of(Uuid::from_u128(u128::MAX)), u64::from(u32::MAX));
        assert_eq!((place_of(Uuid::from_u128(7)), place_of(Uuid::nil())), (7, 0));
    }

    #[test]
    fn everything_falls_to_exactly_one() {
        for workers in 1..=7 {
            for position in 0..100 {
                let takers = (1..=workers).filter(|number| is_hers(position, *number, workers)).count();
                assert_eq!(takers, 1, "{position} of {workers}");
            }
            let share = |number| (0..100).filter(|position| is_hers(*position, number, workers)).count();
            let (least, most) = ((1..=workers).map(share).min(), (1..=workers).map(share).max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{workers}: {least:?} to {most:?}");
        }
    }

    #[test]
    fn a_number_that_is_none_of_theirs_takes_everything_rather_than_nothing() {
        for (number, workers) in [(0, 0), (1, 0), (0, 3), (4, 3), (9, 1)] {
            assert!((0..10).all(|position| is_hers(position, number, workers)), "{number} of {workers}");
        }
    }
}
