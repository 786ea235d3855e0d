//! What this department publishes: sums of what happened to disputes. A share is never told without its two numbers.

use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::Permission;
use kernel::time::Date;

use crate::permissions::May;

/// The page of the disputes behind a figure.
pub const ROWS_PAGE: &str = "/hearings/rows";
/// The list of the disputes that a sum counts, for whoever may see them.
pub const ROWS: Rows = Rows { permission: Permission::CaseRead, address };

fn address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

const fn sum(code: &'static str, title: &'static str, slot: usize) -> Indicator {
    Indicator::sum(code, title, slot).opens(ROWS)
}

/// Disputes that were brought, or that the committee offered to mediate.
pub const BROUGHT: Indicator = sum("hearings.brought", "hearings-figure-brought", 1);
/// Of these settled: an agreement was reached.
pub const SETTLED: Indicator = sum("hearings.settled", "hearings-figure-settled", 2).better_high();
/// Of these kept by both sides.
pub const PERFORMED: Indicator = sum("hearings.performed", "hearings-figure-performed", 3).better_high();
/// Confirmed by a court.
pub const CONFIRMED: Indicator = sum("hearings.confirmed", "hearings-figure-confirmed", 4);

/// Ended because one side did not want to.
pub const REFUSED: Indicator = sum("hearings.refused", "hearings-figure-refused", 5).anew(AMONG_ENDED, NOT_COUNTED);
/// Ended because no answer came.
pub const UNANSWERED: Indicator =
    sum("hearings.unanswered", "hearings-figure-unanswered", 7).anew(AMONG_ENDED, NOT_COUNTED);
/// Ended without an agreement.
pub const FAILED: Indicator = sum("hearings.failed", "hearings-figure-failed", 6).anew(AMONG_ENDED, NOT_COUNTED);

/// Since when the share that was settled is one of those that ended, and not of all that were brought.
const AMONG_ENDED: Date = Date::constant(2026, 12, 1);
/// What is said of the sums that were not counted before.
const NOT_COUNTED: &str = "hearings-before-not-counted";

/// The page of the opinions behind a figure.
pub const GATHERED_PAGE: &str = "/hearings/gathered";
/// The list of the opinions that a sum counts, for whoever keeps hearing points.
pub const GATHERED_ROWS: Rows = Rows { permission: May::HearingsPoint, address: gathered_address };

fn gathered_address(code: &str, part: &Part) -> String {
    part.address(GATHERED_PAGE, code)
}

const fn said(code: &'static str, title: &'static str, slot: usize) -> Indicator {
    Indicator::sum(code, title, slot).opens(GATHERED_ROWS)
}

/// Opinions and small matters that residents said at hearing points.
pub const GATHERED: Indicator = said("hearings.gathered", "hearings-figure-gathered", 11);
/// Of these answered.
pub const REPLIED: Indicator = said("hearings.answered", "hearings-figure-answered", 12).better_high();
/// Of these turned into cases.
pub const TURNED_CASE: Indicator = said("hearings.turned", "hearings-figure-turned", 13);

/// What this department publishes of opinions.
pub const OPINIONS: &[Indicator] = &[GATHERED, REPLIED, TURNED_CASE];

/// What this department publishes.
pub const INDICATORS: &[Indicator] = &[
    GATHERED,
    REPLIED,
    TURNED_CASE,
    BROUGHT,
    SETTLED,
    PERFORMED,
    CONFIRMED,
    REFUSED,
    UNANSWERED,
    FAILED,
    Indicator::share(
        "hearings.settled_share",
        "hearings-figure-settled-share",
        "hearings.settled",
        &["hearings.settled", "hearings.refused", "hearings.unanswered", "hearings.failed"],
    )
    .anew(AMONG_ENDED, "hearings-before-settled-share")
    .better_high(),
];
