//! Full codes (完整编码) as GB/T 30428.2 writes them: the division of six digits, the big and the small class of two
//! each; a component has six digits of its own behind them, so that its code has 16 and that of an event 10.

use super::{Kind, System};

/// The digits of the division.
const DIVISION: usize = 6;
/// The digits with the big and the small class behind the division.
const CLASSES: usize = 10;
/// The digits of a full code without a number of the thing's own.
const PLAIN: u32 = 10;
/// The digits that a full code may have: without and with such a number.
pub(super) const LENGTHS: [u32; 2] = [PLAIN, 16];

impl System {
    /// How many digits of a full code are the thing's own; 0 where it has no number.
    #[must_use]
    pub const fn own_digits(&self) -> u32 {
        self.digits.saturating_sub(PLAIN)
    }

    /// The big and the small class in a full code of this system; none where it is no such code.
    #[must_use]
    pub fn class_in<'c>(&self, code: &'c str) -> Option<&'c str> {
        let is_whole = u32::try_from(code.len()).is_ok_and(|digits| digits == self.digits);
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit()) && !code.starts_with('0');
        if is_whole && is_number { code.get(DIVISION..CLASSES) } else { None }
    }
}

impl Kind {
    /// Its full code in a division, given by the code of a place in it, up to the number of the thing itself; none
    /// where that is no division.
    #[must_use]
    pub fn full_code(&self, place: &str) -> Option<String> {
        let division = place.get(..DIVISION)?;
        let is_number = division.bytes().all(|byte| byte.is_ascii_digit()) && !division.starts_with('0');
        is_number.then(|| format!("{division}{}", self.code))
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::tests::shipped;

    #[test]
    fn an_event_has_ten_digits_and_a_component_sixteen() {
        let catalogue = shipped();
        let table = [
            ("event", "2101040102", Some("0102")),
            ("event", "2101040102000001", None),
            ("event", "0101040102", None),
            ("event", "21010401O2", None),
            ("component", "2101040129000123", Some("0129")),
            ("component", "2101040129", None),
            ("component", "２１01040129000", None),
        ];
        for (system, code, class) in table {
            assert_eq!(catalogue.system(system).unwrap().class_in(code), class, "{system} {code}");
        }
        let own = ["event", "component", "service"].map(|code| catalogue.system(code).unwrap().own_digits());
        assert_eq!(own, [0, 6, 0]);
        let kind = catalogue.kind("event/0102").unwrap();
        assert_eq!(kind.full_code("210104000000").as_deref(), Some("2101040102"));
        for place in ["", "2101", "沈阳市大东区", "010104"] {
            assert_eq!(kind.full_code(place), None, "{place}");
        }
    }
}
