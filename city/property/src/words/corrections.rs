//! What a correction keeps: what stood there before, why it was corrected, by whom and when.

use kernel::place::PlaceId;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use store::record;
use uuid::Uuid;

use super::area::Area;
use super::register::Purpose;
use super::table::Table;

record! {
    /// A correction (更正). Its fields stand in the order of the columns.
    pub struct Correction {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// What was corrected: a unit, a three-party table or a vote.
        pub subject: Uuid,
        /// Which part of it: of a vote the number of the ballot, otherwise 0.
        pub number: i64,
        /// What stood there before, as [`UnitBefore`] and [`TableBefore`] write it. A ballot leaves nothing here.
        pub before: String,
        /// Why it was corrected; for a ballot the word of a [`crate::words::votes::TakenBack`].
        pub reason: String,
        /// Who corrected it.
        pub by_name: String,
        /// When.
        pub at: Instant,
    }
}

/// What the register had of a unit before a correction. Nobody is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitBefore {
    /// Its private area, square centimetres.
    pub area_cm2: i64,
    /// What it was used as, by its word.
    pub purpose: String,
    /// Whether it had other owners or other shares.
    pub owners: bool,
}

impl UnitBefore {
    /// Keeps an area and a use, and whether owners or shares were others.
    #[must_use]
    pub fn new(area: Area, purpose: Purpose, owners: bool) -> Self {
        Self { area_cm2: area.0, purpose: purpose.code().to_owned(), owners }
    }
}

/// What was entered of a three-party table before a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableBefore {
    /// Its day.
    pub held_on: String,
    /// The sides that came, as words.
    pub attended: String,
    /// The minutes.
    pub minutes: String,
}

impl TableBefore {
    /// Keeps what a table has.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let (attended, minutes) = (table.attended.clone(), table.minutes.clone());
        Self { held_on: table.held_on.to_string(), attended, minutes }
    }
}
