//! Decides whether what somebody says at a hearing point can be taken, and whether an answer can be given.

use kernel::line::lines_fault;
use kernel::refusal::{Code, Refusal};

use crate::words::opinion::SAID_MOST;

/// What is wrong with words that somebody wrote into a field.
#[must_use]
pub fn words_fault(words: &str, field: &'static str) -> Option<Refusal> {
    if words.trim().is_empty() {
        return Some(Refusal::new(Code::FormMissing).field(field));
    }
    if words.chars().count() > SAID_MOST {
        return Some(Refusal::new(Code::FormTooLong).field(field).with("limit", SAID_MOST));
    }
    lines_fault(words).map(|code| Refusal::new(code).field(field))
}

/// Whether everybody may read how many opinions there are: how many came, were answered and became cases. A small
/// number of any of them, or of what is left, would tell of few people.
#[must_use]
pub fn is_told([gathered, answered, turned]: [i64; 3], least: i64) -> bool {
    let open = gathered - answered - turned;
    [gathered, answered, turned, open].into_iter().all(|number| number == 0 || number >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_hundred_characters_and_no_signs_that_nobody_sees() {
        let (most, more) = ("字".repeat(SAID_MOST), "字".repeat(SAID_MOST + 1));
        let table = [
            ("楼道灯不亮", None),
            ("第一行\n第二行", None),
            (most.as_str(), None),
            (" \n", Some(Code::FormMissing)),
            (more.as_str(), Some(Code::FormTooLong)),
        ];
        for (words, expected) in table {
            assert_eq!(words_fault(words, "text").map(|fault| fault.code), expected, "{words:.10}");
        }
        assert!(words_fault("楼道\u{202e}灯", "text").is_some());
    }

    #[test]
    fn small_numbers_of_opinions_are_told_to_nobody_else() {
        for (counts, least, expected) in [
            ([0, 0, 0], 3, true),
            ([2, 1, 0], 3, false),
            ([6, 3, 3], 3, true),
            ([7, 3, 3], 3, false),
            ([6, 3, 0], 3, true),
            ([2, 1, 1], 0, true),
        ] {
            assert_eq!(is_told(counts, least), expected, "{counts:?}");
        }
    }
}
