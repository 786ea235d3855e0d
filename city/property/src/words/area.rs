//! Private area (专有部分面积) in whole square centimetres, as it is added and compared: never with fractions.

use store::{FromVal, StoreError, Val};

/// Square centimetres of a square metre.
const CM2_PER_M2: i64 = 10_000;
/// Square centimetres of a hundredth of a square metre, the least that is entered.
const CM2_PER_HUNDREDTH: i64 = 100;
/// Hundredths of a square metre.
const HUNDREDTHS_PER_M2: i64 = 100;
/// The most whole square metres of a unit, as a bound of the field.
const MOST_M2: i64 = 10_000_000;

/// An area (面积), in square centimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area(pub i64);

impl Area {
    /// Reads square metres with at most two decimals: `89.5` is 895,000 cm². Nothing and less than nothing is no area.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || rest.len() > 2 || !is_digits(whole) || !is_digits(rest) {
            return None;
        }
        let metres = whole.parse::<i64>().ok().filter(|metres| *metres <= MOST_M2)?;
        let hundredths: i64 = format!("{rest:0<2}").parse().ok()?;
        let area = Self(metres * CM2_PER_M2 + hundredths * CM2_PER_HUNDREDTH);
        (area.0 > 0).then_some(area)
    }

    /// Writes square metres with two decimals, as pages show them: `1,309.50`. What a share needs may lie between two
    /// hundredths, and the least that is enough is the next one above it.
    #[must_use]
    pub fn show(self) -> String {
        let hundredths = self.0.saturating_add(CM2_PER_HUNDREDTH - 1) / CM2_PER_HUNDREDTH;
        let (metres, rest) = (hundredths / HUNDREDTHS_PER_M2, hundredths % HUNDREDTHS_PER_M2);
        format!("{}.{rest:02}", grouped(metres))
    }

    /// Writes square metres with two decimals, as a field of a form has them: `1309.50`.
    #[must_use]
    pub fn plain(self) -> String {
        let hundredths = self.hundredths();
        format!("{}.{:02}", hundredths / HUNDREDTHS_PER_M2, hundredths % HUNDREDTHS_PER_M2)
    }

    /// Hundredths of a square metre.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0 / CM2_PER_HUNDREDTH
    }

    /// Adds areas. A sum that no city has stays at the largest number.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// A whole number in groups of three digits: `12,345`.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

impl std::iter::Sum for Area {
    fn sum<I: Iterator<Item = Self>>(areas: I) -> Self {
        areas.fold(Self::default(), Self::plus)
    }
}

impl From<Area> for Val {
    fn from(area: Area) -> Self {
        Self::Int(area.0)
    }
}

impl FromVal for Area {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        i64::from_val(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_metres_are_read_and_written_exactly() {
        for (text, expected) in [
            ("89.50", Some((895_000, "89.50"))),
            ("89.5", Some((895_000, "89.50"))),
            ("120", Some((1_200_000, "120.00"))),
            ("0.01", Some((100, "0.01"))),
            ("10000000", Some((100_000_000_000, "10,000,000.00"))),
            ("10000001", None),
            ("0", None),
            ("0.00", None),
            ("-1", None),
            ("89.505", None),
            ("89,5", None),
            (".5", None),
            ("", None),
            ("９", None),
            ("99999999999999999999", None),
        ] {
            let found = Area::parse(text);
            let told = found.map(|area| (area.0, area.show()));
            assert_eq!(told, expected.map(|(area, shown)| (area, shown.to_owned())), "{text}");
        }
        assert_eq!(Area(3_333_334).show(), "333.34", "less is not enough");
        assert_eq!(Area(13_095_000).show(), "1,309.50");
        assert_eq!(Area(13_095_000).plain(), "1309.50");
        assert_eq!(Area::parse(&Area(13_095_000).plain()), Some(Area(13_095_000)));
    }
}
