//! Names of companies that serve compounds (物业服务企业): what they are, with which compounds they have contracts, and
//! who is on duty there.

use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use store::{record, worded};
use uuid::Uuid;

/// The most characters of a name, and of another line.
pub const LINE_MOST: usize = 80;
/// The most characters of several lines.
pub const LINES_MOST: usize = 1_000;
/// The most days of notice that a contract sets for itself.
pub const DAYS_MOST: i64 = 365;
/// The most people of one post.
pub const NUMBER_MOST: i64 = 500;

worded! {
    /// Whether the company has a Party organisation (党组织). It is a fact of the company, never of a person.
    Party {
        /// It has none yet.
        None = "none",
        /// It has one of its own.
        Branch = "branch",
        /// It has one together with others.
        Joint = "joint",
    }
}

worded! {
    /// How a contract came about.
    Bond {
        /// The developer's, before there is an owners' meeting (前期物业服务合同).
        Early = "early",
        /// The first one that the owners made.
        First = "first",
        /// One that was made again.
        Renewed = "renewed",
    }
}

worded! {
    /// Who ends a contract.
    Side {
        /// The owners dismiss the company.
        Owners = "owners",
        /// The company does not renew.
        Company = "company",
    }
}

worded! {
    /// What somebody on duty does.
    Post {
        /// Manages the compound.
        Manager = "manager",
        /// Answers owners.
        Service = "service",
        /// Guards.
        Guard = "guard",
        /// Cleans.
        Cleaning = "cleaning",
        /// Repairs.
        Repair = "repair",
        /// Keeps the green.
        Green = "green",
    }
}

record! {
    /// A company (物业企业).
    pub struct Company {
        /// Its identity.
        pub id: Uuid,
        /// The place whose posts keep its entry.
        pub path: PlacePath,
        /// Its name.
        pub name: String,
        /// Its unified social credit code.
        pub credit_code: String,
        /// Its telephone for owners.
        pub hotline: String,
        /// Its Party organisation.
        pub party: Party,
        /// Since when it has one.
        pub party_since: Option<Date>,
        /// Who changed the entry last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
    }
}

record! {
    /// A contract with a compound (物业服务合同).
    pub struct Contract {
        /// Its identity.
        pub id: Uuid,
        /// The company.
        pub company_id: Uuid,
        /// The community in which the compound lies.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// The number on the paper.
        pub paper: String,
        /// How it came about.
        pub kind: Bond,
        /// Its first day.
        pub starts_on: Date,
        /// Its last day, as the paper says.
        pub ends_on: Date,
        /// Who said that it ends; none if nobody did.
        pub noticed_by: Option<Side>,
        /// When that was said.
        pub noticed_on: Option<Date>,
        /// The last day because of it.
        pub leaves_on: Option<Date>,
        /// Who changed the entry last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
        /// How many days before the end the contract itself wants the other side to be told; none where the law says
        /// it.
        pub own_days: Option<i64>,
    }
}

impl Contract {
    /// The last day on which the company serves the compound.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.leaves_on.unwrap_or(self.ends_on)
    }

    /// Whether the company serves the compound on a day.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.starts_on <= day && day <= self.last_day()
    }
}

record! {
    /// People on duty in a compound: what they do and how many they are, without names.
    pub struct OnDuty {
        /// Its identity.
        pub id: Uuid,
        /// The company.
        pub company_id: Uuid,
        /// The community in which the compound lies.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// What they do.
        pub work: Post,
        /// How many they are.
        pub number: i64,
        /// When they are there, in words.
        pub hours: String,
        /// A telephone of the company.
        pub telephone: String,
        /// Who changed the entry last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
    }
}

/// That a contract ends, as somebody says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who says it.
    pub by: Side,
    /// When it was told the other side.
    pub on: Date,
    /// The last day of the contract because of it.
    pub leaves_on: Date,
    /// How many days before the end the contract itself wants the other side to be told; none where the law says it.
    pub own_days: Option<i64>,
    /// Whether whoever enters it says that she knows that it came late.
    pub is_late_known: bool,
}
