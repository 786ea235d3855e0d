//! Decides which papers go along when a mediation goes to another office, and what whoever mediates there reads of what
//! was written before. What was written at an office stays with it; elsewhere it is read only where both sides
//! let it go.

use std::collections::{BTreeMap, BTreeSet};

use kernel::case::{Event, Recorded};

use crate::words::passing::{ALONG, APPLICATION, Allowed, PAPERS, RECORD, SAYS, Stay, TEXT};

/// The role of the side that says by a step which papers may go along.
#[must_use]
pub fn side_of(action: &str) -> Option<&'static str> {
    SAYS.into_iter().find(|(step, _)| *step == action).map(|(_, side)| side)
}

/// The codes of the papers that a side lets go by its answers: all, none, or those that are ticked.
#[must_use]
pub fn said(fields: &BTreeMap<String, String>) -> Vec<&'static str> {
    let answer = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let codes = PAPERS.into_iter().map(|paper| paper.0);
    match answer(ALONG) {
        "all" => codes.collect(),
        "some" => codes.filter(|code| !answer(code).is_empty()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a side said that some papers may go along and named none.
#[must_use]
pub fn is_unnamed(fields: &BTreeMap<String, String>) -> bool {
    fields.get(ALONG).is_some_and(|text| text.trim() == "some") && said(fields).is_empty()
}

/// The codes that are in both of two lists with blanks between, in the order of the papers.
#[must_use]
pub fn common(one: &str, other: &str) -> Vec<&'static str> {
    let is_in = |list: &str, code: &str| list.split(' ').any(|known| known == code);
    PAPERS.into_iter().map(|paper| paper.0).filter(|code| is_in(one, code) && is_in(other, code)).collect()
}

/// The codes of the papers that go along: those that both sides let go. Where a side said nothing, none do.
#[must_use]
pub fn along(allowed: &[Allowed], [first, second]: [&str; 2]) -> Vec<&'static str> {
    let of = |side: &str| allowed.iter().find(|one| one.side == side).map_or("", |one| one.papers.as_str());
    common(of(first), of(second))
}

/// The numbers of the stays during which a paper was written that is read now: the stay of today, those with the same
/// office before it, and those from which it came along.
#[must_use]
pub fn seen(stays: &[Stay], paper: &str) -> BTreeSet<i64> {
    let mut seen = BTreeSet::from([0]);
    for (place, stay) in stays.iter().enumerate().skip(1) {
        let here = |before: &&Stay| before.office.id() == stay.office.id();
        let own = stays.iter().take(place).filter(here).map(|before| before.number);
        let now: BTreeSet<i64> = own.chain([stay.number]).collect();
        let comes_along = stay.along.split(' ').any(|code| code == paper);
        seen = if comes_along { seen.union(&now).copied().collect() } else { now };
    }
    seen
}

/// The number of the stay to which an event belongs, by its place from 0.
#[must_use]
pub fn stay_of(stays: &[Stay], place: usize) -> i64 {
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    stays.iter().rev().find(|stay| stay.since <= place).map_or(0, |stay| stay.number)
}

/// The paper whose words an event holds; none where they are read by every office: who mediates, why it goes to
/// another office, and what a side lets go.
fn paper_of(event: &Event) -> Option<&'static str> {
    match event {
        Event::Opened(_) => Some(APPLICATION),
        Event::Acted { action, .. } => match action.as_str() {
            "begin" | "substitute" | "go_up" | "hand_down" | "first_passes" | "second_passes" => None,
            "write" | "write_together" => Some(TEXT),
            _ => Some(RECORD),
        },
        _ => None,
    }
}

/// The events whose words are not read at the office of today, by their place from 0.
#[must_use]
pub fn untold(events: &[Recorded], stays: &[Stay]) -> BTreeSet<usize> {
    let read: BTreeMap<&str, BTreeSet<i64>> = PAPERS.into_iter().map(|(code, _)| (code, seen(stays, code))).collect();
    let is_untold = |place: usize, event: &Event| {
        let read = paper_of(event).and_then(|paper| read.get(paper));
        read.is_some_and(|read| !read.contains(&stay_of(stays, place)))
    };
    let events = events.iter().enumerate();
    events.filter(|(place, one)| is_untold(*place, &one.event)).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use kernel::place::PlacePath;

    use super::*;
    use crate::words::SIDES;
    use crate::words::passing::EVIDENCE;

    fn stay(number: i64, office: &str, along: &str, since: i64) -> Stay {
        Stay { number, office: PlacePath::parse(office).unwrap(), along: along.to_owned(), since }
    }

    fn fields(answers: &[(&str, &str)]) -> BTreeMap<String, String> {
        answers.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect()
    }

    #[test]
    fn a_side_lets_all_none_or_some_papers_go() {
        let table: [(&[(&str, &str)], &[&str], bool); 6] = [
            (&[("along", "all")], &["application", "record", "text", "evidence"], false),
            (&[("along", "none"), ("record", "yes")], &[], false),
            (&[("along", "some"), ("record", "yes"), ("text", "")], &["record"], false),
            (&[("along", "some")], &[], true),
            (&[("record", "yes")], &[], false),
            (&[], &[], false),
        ];
        for (answers, expected, unnamed) in table {
            assert_eq!((said(&fields(answers)), is_unnamed(&fields(answers))), (expected.to_vec(), unnamed));
        }
    }

    #[test]
    fn only_what_both_let_go_goes_along() {
        let said = |side: &str, papers: &str| Allowed { side: side.to_owned(), papers: papers.to_owned() };
        let both = [said("first", "application record"), said("second", "record evidence")];
        assert_eq!(along(&both, SIDES), [RECORD]);
        assert_eq!(along(&both[..1], SIDES), Vec::<&str>::new(), "the other side said nothing");
        assert_eq!(along(&[said("first", ""), said("second", "record")], SIDES), Vec::<&str>::new());
    }

    #[test]
    fn what_was_written_at_an_office_is_read_there_and_elsewhere_only_if_it_came_along() {
        let community = stay(0, "1.4.40.400.", "", 0);
        let street = stay(1, "1.4.40.", "record", 9);
        let back = stay(2, "1.4.40.400.", "", 15);
        let district = stay(3, "1.4.", "record evidence", 20);
        let seen = |stays: &[Stay], paper| seen(stays, paper).into_iter().collect::<Vec<_>>();
        assert_eq!(seen(&[], RECORD), [0]);
        let stays = [community, street, back, district];
        assert_eq!(seen(&stays[..2], RECORD), [0, 1]);
        assert_eq!(seen(&stays[..2], APPLICATION), [1]);
        assert_eq!(seen(&stays[..3], APPLICATION), [0, 2], "it is at home again");
        assert_eq!(seen(&stays[..3], RECORD), [0, 2], "what the street wrote stayed with it");
        assert_eq!(seen(&stays, RECORD), [0, 2, 3]);
        assert_eq!(seen(&stays, EVIDENCE), [0, 2, 3]);
        assert_eq!(seen(&stays, TEXT), [3]);
        for (place, expected) in [(0, 0), (8, 0), (9, 1), (14, 1), (15, 2), (40, 3)] {
            assert_eq!(stay_of(&stays, place), expected, "{place}");
        }
    }
}
