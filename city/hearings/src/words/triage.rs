//! What decides which matter comes first: facts of the matter, and nothing else. There is no field for who somebody is,
//! what she said or what she did before, and data that name one are refused.

use kernel::language::Bilingual;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde::Deserialize;
use store::record;
use uuid::Uuid;

use super::DOT;

/// The most people that a matter may be said to affect, and the most times that it may be said to have come back.
pub const PEOPLE_MOST: u32 = 100_000;
/// See [`PEOPLE_MOST`].
pub const TIMES_MOST: u32 = 1_000;

/// How soon a matter is taken up (先后). The greater one comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// In its turn (按顺序办).
    Ordinary,
    /// Before others (优先办).
    Soon,
    /// At once (马上办).
    Now,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Now, Self::Soon, Self::Ordinary];

    /// The code that data and forms use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Soon => "soon",
            Self::Ordinary => "ordinary",
        }
    }

    /// The priority of a code.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.code() == code)
    }

    /// The key of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Now => "hearings-priority-now",
            Self::Soon => "hearings-priority-soon",
            Self::Ordinary => "hearings-priority-ordinary",
        }
    }

    /// The class of its badge.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Now => "late",
            Self::Soon => "soon",
            Self::Ordinary => "",
        }
    }
}

/// What is said of a matter when it is brought, or by whoever mediates it. Nothing of it is about a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Somebody is in danger now.
    pub danger_now: bool,
    /// How many people are affected; 0 where nobody said.
    pub people: u32,
    /// How often the same matter came back.
    pub times_back: u32,
    /// Whether somebody frail (a child, old, ill or disabled person) is affected; never who.
    pub vulnerable: bool,
}

/// Everything that decides how soon a matter is taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// What is said of it.
    pub told: Told,
    /// How many days it has waited at its present step; 0 while the sides keep what they agreed.
    pub days_waited: u32,
    /// How many days are left until its nearest deadline, negative once it is over; none where none runs.
    pub days_left: Option<i64>,
}

/// Under which conditions a reason holds: all that are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Somebody is in danger now.
    #[serde(default)]
    pub danger_now: bool,
    /// So many people are affected, or more.
    pub people_from: Option<u32>,
    /// It came back so often, or more.
    pub times_back_from: Option<u32>,
    /// It has waited so many days, or more.
    pub days_waited_from: Option<u32>,
    /// Somebody frail is affected.
    #[serde(default)]
    pub vulnerable: bool,
    /// So many days are left, or fewer.
    pub days_left_most: Option<i64>,
}

/// A reason for which a matter comes before others.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The name used in data.
    pub code: String,
    /// What people read.
    pub title: Bilingual,
    /// How soon the matter is taken up.
    pub priority: Priority,
    /// When it holds.
    pub when: When,
}

/// Whose rule it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What people read.
    pub title: Bilingual,
    /// The document of the rulebook.
    pub document: String,
}

/// The rule of what comes first, as `data/hearings/triage.toml` says it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    /// Whose rule it is.
    pub source: Source,
    /// The reasons, in the order in which they are told.
    pub reason: Vec<Reason>,
}

record! {
    /// An open dispute with what decides how soon it is taken up.
    pub struct Waiting {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The number of its case.
        pub number: String,
        /// What it is about.
        pub class: String,
        /// The state of its case.
        pub stage: String,
        /// When it was brought.
        pub brought_at: Instant,
        /// Since when it is in that state.
        pub entered_at: Instant,
        /// Its nearest deadline.
        pub due_on: Option<Date>,
        /// Somebody is in danger now.
        pub danger: bool,
        /// How many people are affected.
        pub people: i64,
        /// How often it came back.
        pub times_back: i64,
        /// Whether somebody frail is affected.
        pub vulnerable: bool,
        /// The priority that a person chose; empty where the rule decides.
        pub chosen: String,
        /// Whether it has not ended.
        pub open: bool,
        /// What it is about more exactly; empty where nobody said.
        pub detail: String,
    }
}

/// What stands in place of a priority where a person said with a reason that nobody is in danger any more.
pub const SAFE: &str = "safe";

record! {
    /// A priority that a person chose, with her reason.
    pub struct Chosen {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The priority; empty where it was left to the rule again, [`SAFE`] where the danger was over.
        pub priority: String,
        /// The sealed record under which her words lie.
        pub record: Uuid,
        /// Her words, sealed.
        pub words: Vec<u8>,
        /// Who chose it.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
    }
}

impl Waiting {
    /// What it is about, as cases name it.
    #[must_use]
    pub fn subject(&self) -> String {
        if self.detail.is_empty() { self.class.clone() } else { format!("{}{DOT}{}", self.class, self.detail) }
    }

    /// What is said of the matter.
    #[must_use]
    pub fn told(&self) -> Told {
        let count = |number: i64| u32::try_from(number).unwrap_or_default();
        Told {
            danger_now: self.danger,
            people: count(self.people),
            times_back: count(self.times_back),
            vulnerable: self.vulnerable,
        }
    }
}
