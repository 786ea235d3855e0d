//! Names of the accounts of the maintenance fund (维修资金账户) of a compound and of its buildings: what comes in and
//! what goes out.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{record, worded};
use uuid::Uuid;

worded! {
    /// What an entry of an account is.
    Posting {
        /// What was there when the account was opened here (期初余额).
        Opening = "opening",
        /// What owners or the developer paid in (交存).
        Paid = "paid",
        /// Interest (利息).
        Interest = "interest",
        /// What a use of the fund cost (支出).
        Spent = "spent",
        /// A correction that adds to it (更正增加).
        More = "more",
        /// A correction that takes from it (更正减少).
        Less = "less",
    }
}

impl Posting {
    /// What somebody enters by hand. An account is opened once, and what is spent follows from its case.
    pub const ENTERED: [Self; 4] = [Self::Paid, Self::Interest, Self::More, Self::Less];

    /// An amount as it is added up: what goes out is less than nothing.
    #[must_use]
    pub const fn signed(self, fen: i64) -> i64 {
        match self {
            Self::Spent | Self::Less => fen.saturating_neg(),
            Self::Opening | Self::Paid | Self::Interest | Self::More => fen,
        }
    }

    /// Whether it says why in words.
    #[must_use]
    pub const fn needs_note(self) -> bool {
        matches!(self, Self::More | Self::Less)
    }
}

record! {
    /// The account of a compound, or of one of its buildings (分户账、楼栋账).
    pub struct Account {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// Who opened it.
        pub opened_name: String,
        /// When.
        pub opened_at: Instant,
        /// The building, as the register calls it. Empty for the account of the whole compound.
        pub part: String,
    }
}

impl Account {
    /// What it is called: the compound, and for the account of a building, that too.
    #[must_use]
    pub fn called(&self) -> String {
        [self.compound.as_str(), self.part.as_str()].join(" ").trim_end().to_owned()
    }
}

record! {
    /// An entry of an account. Nobody is named.
    pub struct Entry {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its account.
        pub account: Uuid,
        /// What it is.
        pub kind: Posting,
        /// Its day.
        pub entry_on: Date,
        /// How much, fen; less than nothing if it goes out.
        pub amount_fen: i64,
        /// The number of its case; empty if it has none.
        pub number: String,
        /// A few words; may be empty.
        pub note: String,
        /// Who entered it.
        pub entered_name: String,
        /// When.
        pub entered_at: Instant,
    }
}

/// A line of an account: an entry, and what was there after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: Posting,
    /// Its day.
    pub entry_on: Date,
    /// How much, fen; less than nothing if it went out.
    pub amount_fen: i64,
    /// The number of its case; empty if it has none.
    pub number: String,
    /// A few words; may be empty.
    pub note: String,
    /// What was there after it, fen.
    pub balance_fen: i128,
}

/// What was there when an account was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The day.
    pub on: Date,
    /// How much, fen.
    pub fen: i64,
}

/// What came in and went out of an account on a day, added up. Amounts of a time without a bound may add up to more
/// than an amount can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySum {
    /// The day.
    pub on: Date,
    /// How much, fen.
    pub fen: i128,
}
