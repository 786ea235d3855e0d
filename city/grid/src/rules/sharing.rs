//! Shares a grid between workers who have no line: by the positions of its buildings, the same on every phone. Nobody
//! asks a server, and whoever goes on alone takes all of it again.

/// Whether the thing at a position, counted from 0 in an order that all phones share, falls to one of several workers.
/// `number` counts from 1; whoever is alone takes everything.
#[must_use]
pub const fn is_hers(position: u64, number: u64, workers: u64) -> bool {
    workers <= 1 || number == 0 || number > workers || position % workers == number - 1
}

#[cfg(test)]
mod tests {
    use super::*;

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
