//! What this department shows in searches, and where its numbers lead: people look for what happened to them, not for
//! the name of a page.

use house::{Numbered, Sought};
use kernel::identifier::CaseNumber;

use crate::actions::{opinions, talks};

/// The pages that people look for by other words than their names.
pub(crate) fn sought() -> Vec<Sought> {
    let page = |[key, purpose, words]: [&'static str; 3], href| Sought { key, purpose, words, href, permission: None };
    vec![
        page(["hearings-nav", "hearings-nav-for", "hearings-words"], "/hearings"),
        page(["hearings-nav-say", "hearings-nav-say-for", "hearings-say-words"], "/hearings/say"),
    ]
}

/// Where one looks with the number of an opinion or of a booked talk.
pub(crate) fn numbered() -> Vec<Numbered> {
    vec![
        Numbered { read: |typed| of_series(typed, opinions::LETTER), href: "/hearings/said" },
        Numbered { read: |typed| of_series(typed, talks::LETTER), href: "/hearings/booked" },
    ]
}

/// A number of a series, however it is spelled.
fn of_series(typed: &str, letter: char) -> Option<String> {
    let number = CaseNumber::parse(typed).ok()?;
    (number.series() == Some(letter)).then(|| number.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_the_page_of_its_own_series() {
        let number = |letter| CaseNumber::of_series(letter, "210102", 2026, 4).unwrap();
        for letter in ['X', 'Y', 'T'] {
            let (number, plain) = (number(letter), number(letter).as_str().replace('-', ""));
            let read: Vec<&str> =
                numbered().into_iter().filter(|one| (one.read)(&plain).is_some()).map(|one| one.href).collect();
            let expected: &[&str] = match letter {
                'X' => &["/hearings/booked"],
                'Y' => &["/hearings/said"],
                _ => &[],
            };
            assert_eq!(read, expected, "{number}");
        }
        assert_eq!(of_series(" 210102-2026 ", 'Y'), None);
    }
}
