//! Names of the grades of companies (信用等级): a published sum of dated records of the company, by a scale that is
//! data.

use kernel::language::Bilingual;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use serde::Deserialize;
use store::{record, worded};
use uuid::Uuid;

worded! {
    /// What a record adds to the sum.
    Sort {
        /// What the scale asks of everybody (基本分).
        Basis = "basis",
        /// What was done well (加分).
        Good = "good",
        /// What was done badly (减分).
        Bad = "bad",
        /// Something for which the lowest grade follows at once (一票否决).
        Veto = "veto",
    }
}

worded! {
    /// How the company's appeal against a record stands.
    Appeal {
        /// There is none.
        None = "none",
        /// It waits for an answer. The record counts and is marked.
        Open = "open",
        /// It was upheld: the record no longer counts and stays visible, struck out.
        Upheld = "upheld",
        /// It was not upheld: the record counts.
        Rejected = "rejected",
    }
}

record! {
    /// A dated record of a company. Its points are tenths.
    pub struct Noted {
        /// Its identity.
        pub id: Uuid,
        /// The company.
        pub company_id: Uuid,
        /// The place of whoever gave it.
        pub path: PlacePath,
        /// What it adds to.
        pub kind: Sort,
        /// How much, in tenths of a point; never less than nothing.
        pub tenths: i64,
        /// Why.
        pub reason: String,
        /// The paper that says so.
        pub source: String,
        /// The day of it.
        pub given_on: Date,
        /// The last day on which it counts.
        pub valid_to: Date,
        /// The account that entered it.
        pub entered_by: Option<Uuid>,
        /// Who entered it.
        pub entered_name: String,
        /// When.
        pub entered_at: Instant,
        /// How the company's appeal stands.
        pub appeal: Appeal,
        /// When the company appealed.
        pub appealed_on: Option<Date>,
        /// What the company says.
        pub appeal_says: String,
        /// The answer.
        pub answer: String,
        /// When it was answered.
        pub answered_on: Option<Date>,
        /// Who answered.
        pub answered_name: String,
    }
}

/// A step of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The grade, as people write it.
    pub grade: String,
    /// The tenths of a point from which it holds.
    pub from: i64,
    /// Whether exactly so many are not enough.
    #[serde(default)]
    pub above: bool,
}

/// A scale of a city: where a sum begins, what is the most that counts, and which grade follows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// The document it is from.
    pub source: Bilingual,
    /// What the city's staff should know of it before it is relied on; residents do not read it.
    pub note: Option<Bilingual>,
    /// Where the sum begins, in tenths of a point.
    #[serde(default)]
    pub base: i64,
    /// The most that counts of what is asked of everybody; no bound if it is left out.
    pub basis_most: Option<i64>,
    /// The most that counts of what was done well.
    pub good_most: Option<i64>,
    /// The months for which a record counts that does not say so itself.
    #[serde(default)]
    pub valid_months: i64,
    /// The days for which it counts, where no months are given.
    #[serde(default)]
    pub valid_days: i64,
    /// The grades, the best first. There are none where the document names none.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The grade below all steps, and of a veto; none if such a company has no grade.
    pub lowest: Option<String>,
    /// The grade below all steps of a company without a bad record.
    pub lowest_without_bad: Option<String>,
    /// The grade of a company of which nothing that is asked of everybody is on record.
    pub missing: Option<String>,
}

/// The scales that are known, and the one that the city uses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    /// The code of the scale that the city uses.
    pub used: String,
    /// The scales.
    pub scale: Vec<Scale>,
}

impl Scales {
    /// The scale that the city uses.
    #[must_use]
    pub fn used(&self) -> Option<&Scale> {
        self.scale.iter().find(|scale| scale.code == self.used)
    }
}
