//! What this department shows on the pages of others: in searches, where people look for what happened to them and not
//! for the name of a page, where its numbers lead, open disputes and unanswered opinions as lanes of what waits, and
//! those of a leader's places as a figure of the overview.

use std::sync::Arc;

use hall::Fault;
use house::{Lane, Numbered, Sought, Tile, TileValue, Work};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use store::Tx;
use web::Page;

use super::figures::{Reach, reach};
use crate::Hearings;
use crate::actions::{self, mediates, opinions, talks};
use crate::permissions::May;
use crate::records;
use crate::rules::counting::tells_late;

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

/// The lane and the figure.
pub(crate) fn shown(desk: &Arc<Hearings>) -> Work {
    let (waiting, counting) = (desk.clone(), desk.clone());
    let matters = Lane {
        key: "hearings-nav-matters",
        href: "/hearings/matters",
        permission: May::HearingsMediate,
        order: 20,
        count: Arc::new(move |tx, actor, _| {
            let known = waiting.known_matters(tx, &mediates(actor), actor)?;
            Ok(i64::try_from(known.len()).unwrap_or(i64::MAX))
        }),
    };
    let opinions = Lane {
        key: "hearings-nav-opinions",
        href: "/hearings/opinions",
        permission: May::HearingsPoint,
        order: 21,
        count: Arc::new(|tx, actor, _| {
            let mut count = 0;
            for place in actions::reach(actor) {
                count += records::opinion::count_waiting(tx, &place)?;
            }
            Ok(count)
        }),
    };
    Work {
        lanes: vec![matters, opinions],
        tiles: vec![Tile {
            key: "hearings-tile-open",
            href: "/hearings/figures",
            permission: Permission::CaseSupervise,
            order: 45,
            value: Arc::new(move |tx, page| Ok(counting.open_told(tx, page)?)),
        }],
        ..Work::default()
    }
}

impl Hearings {
    /// How many disputes of a visitor's places have not ended, and how many are late. Small numbers are withheld from
    /// whoever may not see the disputes.
    fn open_told(&self, tx: &mut dyn Tx, page: &Page) -> Result<TileValue, Fault> {
        let Reach { places, sees } = reach(page);
        let (mut open, mut late) = (0, 0);
        for place in &places {
            for one in records::open_by_place(tx, place, page.today())? {
                (open, late) = (open + one.open, late + one.late);
            }
        }
        let least = if sees { 0 } else { i64::from(self.hall.figure(hall::FIGURES_LEAST, page.now)?) };
        let is_small = open > 0 && open < least;
        let figure = if is_small { page.t("hearings-figures-withheld") } else { open.to_string() };
        let is_late = !is_small && late > 0 && tells_late(open, late, least);
        let note = if is_late { page.t1("hearings-tile-late", "n", late) } else { String::new() };
        Ok(TileValue { figure, note, urgent: is_late })
    }
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
