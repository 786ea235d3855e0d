//! The shares and days that the rulebook has for what owners decide, at a place on a day: votes and uses of the
//! maintenance fund are judged by the same.

use hall::{Fault, Hall};
use kernel::place::PlacePath;
use kernel::time::Date;

use crate::rules::fund::FundFigures;
use crate::rules::tally::{Share, Thresholds};
use crate::words::votes::MatterKind;
use crate::words::{
    FUND_POSTED_DAYS, ORDINARY_OF, ORDINARY_OVER, ORDINARY_PARTS, QUORUM_OF, QUORUM_OVER, QUORUM_PARTS, SHARE_OF_ALL,
    SPECIAL_OF, SPECIAL_OVER, SPECIAL_PARTS,
};

/// The shares that hold at a place on a day.
///
/// # Errors
/// The rulebook lacks one of them.
pub fn thresholds(hall: &Hall, place: &PlacePath, on: Date) -> Result<Thresholds, Fault> {
    Ok(Thresholds {
        quorum: Share {
            parts: hall.figure_at(QUORUM_PARTS, place, on)?,
            of: hall.figure_at(QUORUM_OF, place, on)?,
            over: hall.figure_at(QUORUM_OVER, place, on)?,
        },
        ordinary: Share {
            parts: hall.figure_at(ORDINARY_PARTS, place, on)?,
            of: hall.figure_at(ORDINARY_OF, place, on)?,
            over: hall.figure_at(ORDINARY_OVER, place, on)?,
        },
        special: Share {
            parts: hall.figure_at(SPECIAL_PARTS, place, on)?,
            of: hall.figure_at(SPECIAL_OF, place, on)?,
            over: hall.figure_at(SPECIAL_OVER, place, on)?,
        },
        of_all: hall.figure_at(SHARE_OF_ALL, place, on)?,
    })
}

/// Whether a matter is a special one at a place on a day.
///
/// # Errors
/// The rulebook does not say.
pub fn is_special(hall: &Hall, kind: MatterKind, place: &PlacePath, on: Date) -> Result<bool, Fault> {
    kind.special().map_or(Ok(false), |rule| hall.figure_at(rule, place, on))
}

/// What holds for a use of the maintenance fund at a place on a day.
///
/// # Errors
/// The rulebook lacks one of its figures.
pub fn fund(hall: &Hall, place: &PlacePath, on: Date) -> Result<FundFigures, Fault> {
    Ok(FundFigures {
        posted_days: hall.figure_at(FUND_POSTED_DAYS, place, on)?,
        thresholds: thresholds(hall, place, on)?,
        is_special: is_special(hall, MatterKind::UseFund, place, on)?,
    })
}
