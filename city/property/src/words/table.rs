//! Names of the three-party table (三方联席): residents' committee, owners' committee and property company sit down
//! together, led by the community's secretary; what each side says, what it promises by when, and what became of it.

use kernel::figure::{Indicator, Part, Rows};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::words::Words;
use store::{record, worded};
use uuid::Uuid;

use crate::permissions::May;

worded! {
    /// A side of the table.
    Party {
        /// The residents' committee (居委会).
        Committee = "committee",
        /// The owners' committee (业委会).
        Owners = "owners",
        /// The property company (物业企业).
        Company = "company",
        /// The street's envoy (街道).
        Street = "street",
    }
}

/// Several sides.
pub type Parties = Words<Party>;

worded! {
    /// How a table stands.
    Stage {
        /// It is called.
        Called = "called",
        /// It was held.
        Held = "held",
    }
}

worded! {
    /// How a commitment stands.
    Kept {
        /// It is to be kept.
        Open = "open",
        /// It was kept.
        Kept = "kept",
        /// It was broken.
        Broken = "broken",
    }
}

worded! {
    /// What somebody says of a commitment.
    Outcome {
        /// It was kept.
        Kept = "kept",
        /// It was broken.
        Broken = "broken",
        /// It is put off to a later day, with a reason.
        PutOff = "put_off",
    }
}

record! {
    /// A three-party table of a compound.
    pub struct Table {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// Its day.
        pub held_on: Date,
        /// Where it meets.
        pub room: String,
        /// How it stands.
        pub state: Stage,
        /// The sides that came, as words.
        pub attended: String,
        /// Whom the street sends, by post and not by name; may be empty.
        pub envoy: String,
        /// The minutes.
        pub minutes: String,
        /// Who changed it last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
        /// The minute of its day at which it begins; none of one that was called when this was not asked.
        pub begins_at: Option<i64>,
    }
}

impl Table {
    /// The sides that came.
    #[must_use]
    pub fn sides(&self) -> Parties {
        Parties::parse(self.attended.split_whitespace())
    }
}

record! {
    /// An issue on the agenda, with the position of each side.
    pub struct Issue {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its table.
        pub table_id: Uuid,
        /// What it is about.
        pub title: String,
        /// What the residents' committee says.
        pub committee: String,
        /// What the owners' committee says.
        pub owners: String,
        /// What the company says.
        pub company: String,
        /// What the street says.
        pub street: String,
        /// When it was entered.
        pub entered_at: Instant,
    }
}

record! {
    /// What a side promised by a day.
    pub struct Commitment {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The table at which it was promised.
        pub table_id: Uuid,
        /// The issue that it is about.
        pub issue_id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// The company that serves the compound; none if nobody entered a contract.
        pub company_id: Option<Uuid>,
        /// Who promised it.
        pub side: Party,
        /// What was promised.
        pub text: String,
        /// When it was promised.
        pub promised_on: Date,
        /// The day by which it is to be kept, as it was put off last.
        pub due_on: Date,
        /// How it stands.
        pub state: Kept,
        /// Why it was broken or put off; may be empty.
        pub reason: String,
        /// How often it was put off.
        pub times_put_off: i64,
        /// When it was kept or broken.
        pub settled_on: Option<Date>,
    }
}

record! {
    /// A compound, and the day of something there.
    pub struct CompoundDay {
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// The day.
        pub on: Date,
    }
}

record! {
    /// A contract in force, as a chore goes through them.
    pub struct ServedAt {
        /// The contract.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
    }
}

record! {
    /// A table whose commitments are still to be kept after their day.
    pub struct LateTable {
        /// The district that keeps it.
        pub district: PlaceId,
        /// The table.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// The earliest day that passed.
        pub due_on: Date,
        /// How many of its commitments are late.
        pub commitments: i64,
    }
}

record! {
    /// How many commitments stand in a state.
    pub struct Tally {
        /// The state.
        pub state: Kept,
        /// How many.
        pub commitments: i64,
    }
}

/// The page of the commitments behind a figure.
pub const ROWS_PAGE: &str = "/property/rows";
/// The list of the commitments that a sum counts, for whoever may see them.
pub const ROWS: Rows = Rows { permission: May::PropertyRead, address: rows_address };

fn rows_address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

const fn sum(code: &'static str, title: &'static str, slot: usize) -> Indicator {
    Indicator::sum(code, title, slot).opens(ROWS)
}

/// What companies promised at three-party tables.
pub const PROMISED: Indicator = sum("property.promised", "property-figure-promised", 21);
/// Of these kept.
pub const KEPT: Indicator = sum("property.kept", "property-figure-kept", 22).better_high();
/// Of these broken.
pub const BROKEN: Indicator = sum("property.broken", "property-figure-broken", 23).better_low();

/// What the tables publish.
pub const INDICATORS: &[Indicator] = &[
    PROMISED,
    KEPT,
    BROKEN,
    Indicator::share("property.kept_share", "property-figure-kept-share", "property.kept", &["property.promised"])
        .better_high(),
];
