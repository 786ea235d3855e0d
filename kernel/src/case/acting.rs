//! Who acts on a case and how she stands to it, and the moment at which she does.

use crate::calendar::Calendar;
use crate::permission::Actor;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the actor stands to the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The caller proved to be the applicant: by number and code, or by her own account. When opening: applies for
    /// herself.
    pub is_applicant: bool,
    /// The sealed record that the caller proved to be hers, in a case whose parties are known by records.
    #[serde(default)]
    pub record: Option<Uuid>,
}

impl Relation {
    /// Whether the caller proved to be the applicant.
    pub const fn applicant(is_applicant: bool) -> Self {
        Self { is_applicant, record: None }
    }

    /// The caller proved that a sealed record is hers.
    pub const fn of_record(record: Uuid) -> Self {
        Self { is_applicant: false, record: Some(record) }
    }
}

/// Somebody who acts on a case: who it is, and how she stands to that case.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// How she stands to the case.
    pub relation: &'a Relation,
}

/// The moment at which something happens to a case, with the calendar that tells its day and counts its deadlines.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The calendar of the city.
    pub calendar: &'a Calendar,
    /// The moment itself.
    pub now: Instant,
}

impl Moment<'_> {
    /// The day of the city that the moment lies in.
    pub fn today(self) -> Date {
        self.calendar.zone().date(self.now)
    }
}
