//! Decides what may be the same report, whose duty a matter is, and what a clock of its case is.

pub mod arriving;
pub mod merging;
pub mod open311;
pub mod sharing;
pub mod walking;

use std::collections::BTreeMap;

use kernel::case::Term;
use kernel::refusal::{Code, Refusal};

use crate::catalogue::{Catalogue, Condition};
use crate::refusals::Why;
use crate::words::{KIND, Report, Saying, Spot, WORDS_MOST};

/// The clock of handling.
const HANDLE: &str = "handle";
/// The clocks of what must happen before, in order.
const STEPS: [&str; 2] = ["first", "second"];
/// Decimetres of a metre.
const DECIMETRES: i64 = 10;

/// Whether a report may be of the same thing as somebody's who is at that spot: within so many metres where both spots
/// are known, in the same compound or community where they are not.
#[must_use]
pub fn is_near(report: &Report, spot: &Spot, metres: i64) -> bool {
    match (report.x.zip(report.y), spot.at) {
        (Some((x, y)), Some((east, north))) => {
            let (across, along) = (i128::from(x - east), i128::from(y - north));
            let most = i128::from(metres * DECIMETRES);
            across * across + along * along <= most * most
        }
        _ => report.path == spot.community && report.compound == spot.compound,
    }
}

/// The clocks of a case: by when it is handled, and what must happen before.
#[must_use]
pub fn clocks(condition: &Condition) -> BTreeMap<String, Term> {
    let steps = condition.milestones.iter().zip(STEPS).map(|(step, name)| (name.to_owned(), Term::Limit(step.limit)));
    let handle = (HANDLE.to_owned(), Term::Limit(condition.limit_at(None, None)));
    steps.chain([handle]).collect()
}

/// What is wrong with what somebody says: a condition that the catalogue has not, or words that are too long.
#[must_use]
pub fn fault(catalogue: &Catalogue, saying: &Saying) -> Option<Refusal> {
    if catalogue.condition(&saying.condition).is_none() {
        return Some(Refusal::new(Why::GridKindMissing).field(KIND));
    }
    let long = saying.words.chars().count() > WORDS_MOST;
    long.then(|| Refusal::new(Code::FormTooLong).field("words").with("limit", WORDS_MOST))
}

/// A point in metres as reports keep it: in whole decimetres.
#[must_use]
pub fn decimetres(x: f64, y: f64) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "the ground of a city is far smaller")]
    let whole = |metres: f64| (metres * 10.0).round() as i64;
    (whole(x), whole(y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::{PlaceId, PlacePath};
    use kernel::time::Instant;
    use uuid::Uuid;

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn report(compound: Option<i64>, at: Option<(i64, i64)>) -> Report {
        Report {
            district: PlaceId(2),
            case_id: Uuid::nil(),
            number: String::new(),
            path: path("1.2.3.4."),
            compound,
            x: at.map(|at| at.0),
            y: at.map(|at| at.1),
            kind: "event/0102".to_owned(),
            condition: "heap".to_owned(),
            public: true,
            open: true,
            met: 1,
            reported_at: Instant::from_micros(0),
        }
    }

    #[test]
    fn forty_nine_metres_are_near_and_fifty_one_are_not() {
        let spot = |community: &str, compound, at| Spot { community: path(community), compound, at };
        let here = report(Some(7), Some((1_000, 1_000)));
        let table = [
            (spot("1.2.3.4.", Some(7), Some((1_490, 1_000))), true),
            (spot("1.2.3.4.", Some(7), Some((1_500, 1_000))), true),
            (spot("1.2.3.4.", Some(7), Some((1_510, 1_000))), false),
            (spot("1.2.3.9.", Some(8), Some((1_000, 1_490))), true),
            (spot("1.2.3.4.", Some(7), None), true),
            (spot("1.2.3.4.", None, None), false),
            (spot("1.2.3.9.", Some(7), None), false),
        ];
        for (spot, near) in table {
            assert_eq!(is_near(&here, &spot, 50), near, "{spot:?}");
        }
        assert!(is_near(&report(None, None), &spot("1.2.3.4.", None, Some((5, 5))), 50), "the same community");
    }
}
