//! What the grid publishes: sums of what happened to reports, and shares of them. A share is never told without its two
//! numbers. Nothing is counted of a worker.

use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use uuid::Uuid;

/// The page of the reports behind a figure.
pub const ROWS_PAGE: &str = "/report/rows";
/// The list of the reports that a sum counts, for whoever may see them.
pub const ROWS: Rows = Rows { permission: Permission::CaseRead, address };

fn address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

const fn sum(code: &'static str, title: &'static str, slot: usize) -> Indicator {
    Indicator::sum(code, title, slot).opens(ROWS)
}

/// Since when a report counts as answered and as done again with the first word of it, and not when it ends.
const BY_FIRST_WORD: Date = Date::constant(2026, 12, 1);

/// Reported, by residents and by workers.
pub const REPORTED: Indicator = sum("grid.reported", "grid-figure-reported", 1);
/// Found by ourselves: by a worker on the round.
pub const FOUND: Indicator = sum("grid.found", "grid-figure-found", 2).better_high();
/// Reported by residents; a report that is joined to another is taken off again.
pub const BY_PUBLIC: Indicator = sum("grid.by_public", "grid-figure-by-public", 3)
    .how("grid-figure-by-public-how")
    .anew(BY_FIRST_WORD, "grid-before-by-public");
/// Filed.
pub const FILED: Indicator = sum("grid.filed", "grid-figure-filed", 4);
/// The same as another report, and joined to it.
pub const REPEATED: Indicator = sum("grid.repeated", "grid-figure-repeated", 5).better_low();
/// Put right, checked and closed.
pub const CLOSED: Indicator = sum("grid.closed", "grid-figure-closed", 6);
/// Closed and subject to a limit; an appeal that was allowed takes one off.
pub const DUE: Indicator = sum("grid.due", "grid-figure-due", 7).how("grid-figure-due-how");
/// Of these handled in time.
pub const ON_TIME: Indicator = sum("grid.on_time", "grid-figure-on-time", 8).better_high();
/// Of these handled late; an appeal that was allowed takes one off.
pub const OVERDUE: Indicator = sum("grid.overdue", "grid-figure-overdue", 9).better_low();
/// Sent back because it was not done, or said not to be done by whoever reported it: with the first time.
pub const REWORKED: Indicator =
    sum("grid.reworked", "grid-figure-reworked", 10).better_low().anew(BY_FIRST_WORD, "grid-before-reworked");
/// Reported by residents who were told, for the first time, that it is put right, not there, or whom to ask. What is
/// joined to another is no answer.
pub const ANSWERED: Indicator =
    sum("grid.answered", "grid-figure-answered", 11).better_high().anew(BY_FIRST_WORD, "grid-before-answered");
/// How often residents said that it is done or not.
pub const SAID: Indicator = sum("grid.said", "grid-figure-said", 12).anew(BY_FIRST_WORD, "grid-before-said");
/// How often of these they said that it is done.
pub const SOLVED: Indicator = sum("grid.solved", "grid-figure-solved", 13).better_high();
/// Ended after she said whether she is satisfied.
pub const RATED: Indicator = sum("grid.rated", "grid-figure-rated", 14);
/// Of these satisfied or mostly satisfied.
pub const SATISFIED: Indicator = sum("grid.satisfied", "grid-figure-satisfied", 15).better_high();
/// Reported with nobody knowing whose duty it is.
pub const UNCLEAR: Indicator = sum("grid.unclear", "grid-figure-unclear", 16).better_low();

/// What this department publishes: the sums in the order of their columns, then the shares.
pub const INDICATORS: &[Indicator] = &[
    REPORTED,
    FOUND,
    BY_PUBLIC,
    FILED,
    REPEATED,
    CLOSED,
    DUE,
    ON_TIME,
    OVERDUE,
    REWORKED,
    ANSWERED,
    SAID,
    SOLVED,
    RATED,
    SATISFIED,
    UNCLEAR,
    Indicator::share("grid.filed_share", "grid-figure-filed-share", "grid.filed", &["grid.reported"]),
    Indicator::share("grid.on_time_share", "grid-figure-on-time-share", "grid.on_time", &["grid.due"])
        .how("grid-figure-due-how")
        .better_high(),
    Indicator::share("grid.reworked_share", "grid-figure-reworked-share", "grid.reworked", &["grid.closed"])
        .how("grid-figure-reworked-how")
        .better_low(),
    Indicator::share("grid.repeated_share", "grid-figure-repeated-share", "grid.repeated", &["grid.reported"])
        .better_low(),
    Indicator::share("grid.found_share", "grid-figure-found-share", "grid.found", &["grid.reported"]).better_high(),
    Indicator::share("grid.answered_share", "grid-figure-answered-share", "grid.answered", &["grid.by_public"])
        .how("grid-figure-answered-how")
        .better_high(),
    Indicator::share("grid.solved_share", "grid-figure-solved-share", "grid.solved", &["grid.said"])
        .how("grid-figure-said-how")
        .better_high(),
    Indicator::share("grid.satisfied_share", "grid-figure-satisfied-share", "grid.satisfied", &["grid.rated"])
        .how("grid-figure-satisfied-how")
        .better_high(),
];

/// Where the list of the reports behind a cell of the board goes on: behind the last one that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Its community.
    pub path: PlacePath,
    /// When it was reported.
    pub reported_at: Instant,
    /// Its case.
    pub case_id: Uuid,
}

impl After {
    /// Reads what [`After::show`] wrote; nothing from anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '~');
        let (path, at, case) = (parts.next()?, parts.next()?, parts.next()?);
        let reported_at = Instant::from_micros(at.parse().ok()?);
        Some(Self { path: PlacePath::parse(path).ok()?, reported_at, case_id: Uuid::parse_str(case).ok()? })
    }

    /// As an address has it.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}~{}~{}", self.path, self.reported_at.micros(), self.case_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_where_its_address_says() {
        let after = After {
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            reported_at: Instant::from_micros(1_795_572_000_000_000),
            case_id: Uuid::from_u128(7),
        };
        assert_eq!(After::parse(&after.show()), Some(after));
        for other in ["", "1.4.", "1.4.~x~7", "1.4.~7~7", "x~7~00000000-0000-0000-0000-000000000007"] {
            assert_eq!(After::parse(other), None, "{other}");
        }
    }
}
