//! Names of a use of the maintenance fund (维修资金): what is to be done, who pays, how the owners voted, and why a use
//! is not possible.

use kernel::language::Bilingual;
use kernel::time::Date;
use serde::Deserialize;
use store::worded;

worded! {
    /// What is to be repaired.
    Subject {
        /// A shared part (共用部位、共用设施).
        Shared = "shared",
        /// A private part (专有部分).
        Private = "private",
        /// What the company does every day for its fee (日常物业服务).
        Service = "service",
    }
}

worded! {
    /// Whose share it is, and whose account pays.
    Range {
        /// The whole compound.
        Compound = "compound",
        /// One building.
        Building = "building",
        /// One stair.
        Stair = "stair",
    }
}

worded! {
    /// What is found of a use.
    Finding {
        /// A private part is repaired by its owner.
        Private = "PRIVATE_PART_NOT_ELIGIBLE",
        /// The company does it for its fee.
        Service = "PROPERTY_SERVICE_SCOPE",
        /// The account that pays is not that of those who share it.
        Range = "RANGE_ACCOUNT_MISMATCH",
        /// There was no vote.
        VoteMissing = "VOTE_MISSING",
        /// Too few took part or agreed.
        VoteNotLegal = "VOTE_NOT_LEGAL",
        /// The plan was not posted long enough before the vote.
        NotPosted = "PLAN_NOT_POSTED",
        /// The works began before the vote was over.
        WorksBeforeVote = "WORKS_BEFORE_VOTE",
        /// The day on which the vote was entered stands for its last day, which is not known.
        Proxy = "VOTE_DATE_PROXY_USED",
        /// An emergency of a listed kind needs no vote before.
        Emergency = "EMERGENCY_EXEMPT",
    }
}

impl Finding {
    /// Whether the use is not possible because of it.
    #[must_use]
    pub const fn stops(self) -> bool {
        !matches!(self, Self::Proxy | Self::Emergency)
    }
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// So many parts.
    pub part: i64,
    /// Of so many.
    pub whole: i64,
}

/// An emergency that needs no vote before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// What holds for a use of the fund.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundRules {
    /// The days for which the plan is posted before the vote.
    pub posted_days: i64,
    /// The share of those who share it, by heads and by area, who take part at least.
    pub taking_part: Share,
    /// The share of those who take part, by heads and by area, that more than must agree.
    pub agreeing: Share,
    /// The documents.
    pub source: Bilingual,
    /// The emergencies that need no vote before.
    pub emergency: Vec<Emergency>,
}

/// Heads and area together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// How many owners.
    pub heads: i64,
    /// Their private area, square centimetres.
    pub cm2: i64,
}

/// How the owners in the range voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Those who share the use.
    pub entitled: Weight,
    /// Those of them who took part.
    pub taking_part: Weight,
    /// Those of these who agreed.
    pub agreeing: Weight,
}

/// A use of the fund, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundUse {
    /// What is to be repaired.
    pub subject: Subject,
    /// Who shares it.
    pub range: Range,
    /// Whose account pays.
    pub account: Range,
    /// The code of the emergency; empty for an ordinary use.
    pub emergency: String,
    /// How the owners voted; none if they did not.
    pub vote: Option<Vote>,
    /// When the plan was posted.
    pub posted_on: Option<Date>,
    /// The first day of the vote.
    pub vote_from: Option<Date>,
    /// Its last day.
    pub vote_to: Option<Date>,
    /// The day on which the vote was entered.
    pub entered_on: Option<Date>,
    /// The day on which the works began or are to begin.
    pub works_on: Option<Date>,
}
