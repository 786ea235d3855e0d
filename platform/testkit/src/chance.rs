//! Chance that can be repeated: the same seed gives the same numbers.

use kernel::time::Instant;
use uuid::{Builder, Uuid};

/// A source of numbers with a seed (SplitMix64). It is for tests and demonstrations, never for secrets.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Makes a source with a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number of 64 bits.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 up to but not including `end`, or 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        let number = self.number().checked_rem(end).unwrap_or_default();
        usize::try_from(number).unwrap_or_default()
    }

    /// Returns true once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns one of several things, or none when there are none.
    pub fn pick<'a, T>(&mut self, several: &'a [T]) -> Option<&'a T> {
        several.get(self.below(several.len()))
    }

    /// Makes an identity (UUIDv7) that sorts by the moment.
    pub fn id(&mut self, at: Instant) -> Uuid {
        let mut bytes = [0; 10];
        bytes
            .iter_mut()
            .zip(self.number().to_le_bytes().into_iter().chain(self.number().to_le_bytes()))
            .for_each(|(byte, random)| *byte = random);
        Builder::from_unix_timestamp_millis(u64::try_from(at.micros() / 1000).unwrap_or_default(), &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers =
            |seed| (0..5).map(|_| ()).scan(Chance::new(seed), |chance, ()| Some(chance.number())).collect::<Vec<_>>();
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_eq!(Chance::new(0).number(), 0xE220_A839_7B1D_CDAF, "the first number of SplitMix64");
    }

    #[test]
    fn numbers_stay_below_their_end() {
        let mut chance = Chance::new(1);
        assert!((0..1000).all(|_| chance.below(7) < 7));
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
        assert!((0..1000).any(|_| chance.pick(&[1, 2, 3]) == Some(&3)));
    }

    #[test]
    fn identities_sort_by_moment() {
        let mut chance = Chance::new(1);
        let (earlier, later) = (chance.id(Instant::from_micros(1_000)), chance.id(Instant::from_micros(2_000_000)));
        assert!(earlier < later);
        assert_eq!(earlier.get_version_num(), 7);
    }
}
