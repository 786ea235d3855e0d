//! The people of a side (当事人): each is a party of her own, called by her side and by her number within it.

use super::{FIRST, SIDES};

/// What stands between the role of a side and the number of one of its people.
const MARK: char = '-';

/// One of the people of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// The role of her side.
    pub side: &'static str,
    /// Her number within it, from 0.
    pub number: usize,
}

impl Member {
    /// Whoever asked for a mediation, where somebody did.
    pub const ASKER: Self = Self::first_of(FIRST);

    /// The first of a side.
    #[must_use]
    pub const fn first_of(side: &'static str) -> Self {
        Self { side, number: 0 }
    }

    /// The code by which rows and forms name her: of the first of a side its role, of the others `second-1`.
    #[must_use]
    pub fn code(self) -> String {
        if self.number == 0 { self.side.to_owned() } else { format!("{}{MARK}{}", self.side, self.number) }
    }

    /// Reads a code; none where it is none.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        let (role, number) = code.split_once(MARK).unwrap_or((code, "0"));
        let side = SIDES.into_iter().find(|side| *side == role)?;
        let member = Self { side, number: number.parse().ok()? };
        (member.code() == code).then_some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_of_a_side_in_one_way() {
        for code in ["first", "second", "second-1", "first-12"] {
            assert_eq!(Member::read(code).unwrap().code(), code);
        }
        for code in ["", "third", "first-0", "first-01", "first-x", "second-", "second-1-2"] {
            assert_eq!(Member::read(code), None, "{code}");
        }
    }
}
