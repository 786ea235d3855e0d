//! Money in fen (分), exact and checked.

use crate::line::number;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of money in fen, a hundredth of a yuan. It is stored and serialized as that integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// The amount of no money.
    pub const ZERO: Self = Self(0);

    /// The largest amount that somebody enters at once: a billion yuan. No agreement, no use of a fund and no account
    /// of a compound comes near it, and the sum of ninety million such amounts is still an amount.
    pub const MOST_ENTERED: Self = Self(100_000_000_000);

    /// Makes an amount of fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// Makes an amount of whole yuan, or none when it is too large.
    pub fn from_yuan(yuan: i64) -> Option<Self> {
        yuan.checked_mul(100).map(Self)
    }

    /// Returns the amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Returns the sum, or none when it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Returns the difference, or none when it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Returns that many times the amount, or none when it is too large.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// Returns the sum of many amounts, or none when it is too large.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Splits the amount into parts that differ by at most one fen and add up to it exactly, the larger ones first.
    /// Returns none for no parts.
    pub fn split(self, parts: u32) -> Option<impl Iterator<Item = Self>> {
        let count = i64::from(parts);
        let share = self.0.checked_div(count)?;
        let rest = self.0.checked_rem(count)?;
        let step = rest.signum();
        Some((0..count).map(move |index| {
            let extra = if index < rest.abs() { step } else { 0 };
            Self(share.saturating_add(extra))
        }))
    }

    /// Reads an amount that somebody enters, as [`Fen::parse_yuan`] does, also in full-width signs: not less than
    /// nothing, and not more than [`Fen::MOST_ENTERED`].
    pub fn parse_amount(text: &str) -> Option<Self> {
        Self::parse_yuan(&number(text)).filter(|amount| (Self::ZERO..=Self::MOST_ENTERED).contains(amount))
    }

    /// Reads `1234.56`, `1,234.5`, `-3` as yuan. At most two digits stand after the point, and no sign of currency is
    /// allowed. Commas part groups of three digits; an amount with a comma elsewhere (`12,5`) is not read.
    pub fn parse_yuan(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
        let yuan = ungrouped(yuan)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(&yuan) || !digits(fen) || fen.len() > 2 {
            return None;
        }
        let sign = if negative { -1 } else { 1 };
        let fen: i64 = format!("{fen:0<2}").parse().ok()?;
        let total = yuan.parse::<i64>().ok()?.checked_mul(sign * 100)?.checked_add(sign * fen)?;
        Some(Self(total))
    }
}

/// Returns digits without the commas between groups of three; none when a comma stands elsewhere.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split([',', '，']);
    let first = groups.next().unwrap_or_default();
    let more: Vec<&str> = groups.collect();
    let grouped = (1..=3).contains(&first.len()) && more.iter().all(|group| group.len() == 3);
    (more.is_empty() || grouped).then(|| format!("{first}{}", more.concat()))
}

impl fmt::Display for Fen {
    /// Writes yuan with groups of three digits and two decimals: `1,234.56`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let yuan = (absolute / 100).to_string();
        let mut grouped = String::new();
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        out.pad(&format!("{sign}{grouped}.{:02}", absolute % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_shown_in_yuan() {
        let table = [
            (0, "0.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (123_456, "1,234.56"),
            (100_000_000, "1,000,000.00"),
            (99_999, "999.99"),
            // A plastic stool and an inheritance: the least and the most that hearing points have mediated.
            (3_000, "30.00"),
            (300_000_000, "3,000,000.00"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ];
        for (fen, expected) in table {
            assert_eq!(Fen::new(fen).to_string(), expected);
            assert_eq!(Fen::parse_yuan(expected), Some(Fen::new(fen)), "{expected}");
        }
        assert_eq!(format!("{:>8}", Fen::new(5)), "    0.05");
    }

    #[test]
    fn amounts_are_read_in_yuan() {
        let table = [
            (" 12.5 ", 1_250),
            ("0012", 1_200),
            ("30", 3_000),
            ("3000000", 300_000_000),
            ("3，000，000", 300_000_000),
            ("-0.01", -1),
            ("-0", 0),
            ("1,234,567.8", 123_456_780),
            ("1，234", 123_400),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ];
        for (text, fen) in table {
            assert_eq!(Fen::parse_yuan(text), Some(Fen::new(fen)), "{text}");
        }
        for bad in ["", "-", ".5", "5.", "1.234", "1e3", "１", "92233720368547758.08", "+3", "--3", "3.-1", "- 3"] {
            assert_eq!(Fen::parse_yuan(bad), None, "{bad}");
        }
        for misplaced in ["12,5", "1,23", "1,2345", ",123", "123,", "1234,567", "1,,234", "1,234,56", "0.1,2", ","] {
            assert_eq!(Fen::parse_yuan(misplaced), None, "{misplaced}");
        }
    }

    #[test]
    fn what_somebody_enters_is_not_below_nothing_and_has_a_bound() {
        let table = [
            ("0", Some(0)),
            ("１，２００．５", Some(120_050)),
            ("1,000,000,000", Some(100_000_000_000)),
            ("1,000,000,000.01", None),
            ("92233720368547758.07", None),
            ("-0.01", None),
            ("－５", None),
            ("", None),
        ];
        for (text, fen) in table {
            assert_eq!(Fen::parse_amount(text), fen.map(Fen::new), "{text}");
        }
        let sum = Fen::MOST_ENTERED.checked_mul(90_000_000);
        assert!(sum.is_some(), "the sum of very many is still an amount");
    }

    #[test]
    fn an_amount_is_split_with_the_larger_parts_first() {
        let table: [(i64, u32, &[i64]); 6] = [
            (1_000, 3, &[334, 333, 333]),
            (-1_000, 3, &[-334, -333, -333]),
            (2, 3, &[1, 1, 0]),
            (0, 2, &[0, 0]),
            (i64::MAX, 1, &[i64::MAX]),
            (i64::MIN, 2, &[i64::MIN / 2, i64::MIN / 2]),
        ];
        for (fen, parts, expected) in table {
            let shares: Vec<i64> = Fen::new(fen).split(parts).unwrap().map(Fen::fen).collect();
            assert_eq!(shares, expected, "{fen} {parts}");
        }
    }

    #[test]
    fn sums_stop_nowhere_before_the_largest_amount() {
        let (most, least) = (Fen::new(i64::MAX), Fen::new(i64::MIN));
        assert_eq!(Fen::checked_sum([]), Some(Fen::ZERO));
        assert_eq!(Fen::checked_sum([most, least, Fen::new(1)]), Some(Fen::ZERO));
        assert_eq!(most.checked_sub(most), Some(Fen::ZERO));
        assert_eq!(least.checked_mul(-1), None);
        assert_eq!(Fen::from_yuan(-12), Some(Fen::new(-1_200)));
        assert_eq!(Fen::from_yuan(92_233_720_368_547_758), Some(Fen::new(9_223_372_036_854_775_800)));
        assert_eq!(serde_json::to_string(&most).unwrap(), "9223372036854775807");
    }

    #[test]
    fn too_much_is_none() {
        let most = Fen::new(i64::MAX);
        assert_eq!(most.checked_add(Fen::new(1)), None);
        assert_eq!(Fen::new(i64::MIN).checked_sub(Fen::new(1)), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Fen::from_yuan(i64::MAX), None);
        assert_eq!(Fen::checked_sum([most, Fen::new(1)]), None);
        assert!(most.split(0).is_none());
        assert_eq!(Fen::new(2000).checked_mul(3), Some(Fen::new(6000)));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_a_split(fen in any::<i64>(), parts in 1u32..200) {
            let shares: Vec<Fen> = Fen::new(fen).split(parts).unwrap().collect();
            prop_assert_eq!(shares.len(), parts as usize);
            prop_assert_eq!(Fen::checked_sum(shares.iter().copied()), Some(Fen::new(fen)));
            let spread = shares.iter().max().unwrap().fen() - shares.iter().min().unwrap().fen();
            prop_assert!(spread <= 1);
        }

        #[test]
        fn what_is_shown_is_read_back(fen in any::<i64>()) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_string()), Some(Fen::new(fen)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            let _ = Fen::parse_yuan(&text);
        }
    }
}
