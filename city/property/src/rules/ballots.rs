//! Ballots as they are written: one line of choices, and the commitment (票据核对码) by which whoever gave the ballot
//! finds it in the published sheet without anybody's help.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tally::Choice;
use crate::words::area::Area;

/// An election on a ballot: which matters are its candidates, by their place on the ballot, and how many are elected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// What is elected.
    pub title: String,
    /// How many are elected.
    pub seats: i64,
    /// The places of its candidates on the ballot, from 0.
    pub places: Vec<usize>,
}

/// The first election for which a ballot is for more candidates than are elected, with how many that are.
#[must_use]
pub fn beyond_seats<'e>(elections: &'e [Election], choices: &[Choice]) -> Option<(&'e Election, usize)> {
    let is_for = |place: &&usize| choices.get(**place).is_some_and(|choice| choice.agrees());
    let mut counted = elections.iter().map(|election| (election, election.places.iter().filter(is_for).count()));
    counted.find(|(election, chosen)| i64::try_from(*chosen).is_ok_and(|chosen| chosen > election.seats))
}

/// Writes the choices of a ballot, one for each matter in its order: `F,A,N`.
#[must_use]
pub fn written(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.written()).collect::<Vec<_>>().join(",")
}

/// Reads what [`written`] wrote. None if one of the choices cannot be read.
#[must_use]
pub fn read(text: &str) -> Option<Vec<Choice>> {
    each(text).collect()
}

/// Reads them one by one. None in place of one that cannot be read.
pub(super) fn each(text: &str) -> impl Iterator<Item = Option<Choice>> {
    text.split(',').map(Choice::read)
}

/// The commitment of a ballot: the SHA-256 of `vote|nonce|choices`, in small hexadecimal digits. The nonce stands on
/// the receipt alone, so that nobody else can tell from a commitment who gave which ballot. The sheet has the area of
/// each ballot beside it: where only one unit is of that size, others may guess whose ballot it is.
#[must_use]
pub fn commitment(vote: Uuid, nonce: &str, choices: &str) -> String {
    let mut digits = [0_u8; uuid::fmt::Hyphenated::LENGTH];
    let vote: &str = vote.hyphenated().encode_lower(&mut digits);
    let text = [vote, nonce, choices].map(str::as_bytes).join(&b'|');
    HEXLOWER.encode(&Sha256::digest(text))
}

/// Reads a choice as staff type it from a sheet: `1` for, `2` against, `3` neither; where areas may be split, `60/20`
/// is 60 m² for and 20 m² against. None for anything else.
#[must_use]
pub fn typed(text: &str, area: Area, may_split: bool) -> Option<Choice> {
    match text {
        "1" => Some(Choice::For),
        "2" => Some(Choice::Against),
        "3" => Some(Choice::Abstain),
        _ if may_split => {
            let (yes, no) = text.split_once('/')?;
            let part = |text: &str| if text == "0" { Some(Area(0)) } else { Area::parse(text) };
            Some(Choice::Split(part(yes)?, part(no)?)).filter(|choice| choice.fits(area))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ballot_is_written_and_read() {
        let choices = [Choice::For, Choice::Split(Area(600_000), Area(200_000)), Choice::Abstain];
        assert_eq!(written(&choices), "F,S600000:200000,N");
        assert_eq!(read(&written(&choices)).as_deref(), Some(&choices[..]));
        assert_eq!(read("F,,A"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_commitment_is_what_anybody_reckons() {
        // printf '%s|%s|%s' 00000000-0000-0000-0000-000000000007 abc F,A | sha256sum
        let own = commitment(Uuid::from_u128(7), "abc", "F,A");
        assert_eq!(own, "954e7bc9e2ec62592331ef899978d9df3b9d542f31d7efd1acadf1034cf5061c");
        assert_ne!(own, commitment(Uuid::from_u128(7), "abd", "F,A"));
        assert_ne!(own, commitment(Uuid::from_u128(7), "abc", "F,F"));
    }

    #[test]
    fn a_ballot_is_for_no_more_candidates_than_are_elected() {
        use Choice::{Abstain, Against, For};
        let election = Election { title: "选举委员".to_owned(), seats: 2, places: vec![1, 2, 3] };
        let split = Choice::Split(Area(1), Area(0));
        for (choices, beyond) in [
            ([For, For, For, Against], None),
            ([Against, For, For, For], Some(3)),
            ([Against, For, split, For], Some(3)),
            ([For, Abstain, Abstain, Abstain], None),
        ] {
            let found = beyond_seats(std::slice::from_ref(&election), &choices).map(|found| found.1);
            assert_eq!(found, beyond, "{choices:?}");
        }
        assert_eq!(beyond_seats(&[], &[For, For]), None);
    }

    #[test]
    fn staff_type_a_digit_for_each_matter() {
        let area = Area(800_000);
        for (text, may_split, expected) in [
            ("1", false, Some(Choice::For)),
            ("2", false, Some(Choice::Against)),
            ("3", false, Some(Choice::Abstain)),
            ("", false, None),
            ("4", true, None),
            ("60/20", false, None),
            ("60/20", true, Some(Choice::Split(Area(600_000), Area(200_000)))),
            ("0/80", true, Some(Choice::Split(Area(0), Area(800_000)))),
            ("60/20.01", true, None),
        ] {
            assert_eq!(typed(text, area, may_split), expected, "{text}");
        }
    }
}
