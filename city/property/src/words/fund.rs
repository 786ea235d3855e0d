//! Names of a use of the maintenance fund (维修资金): what is to be done, who pays, how the owners voted, and why a use
//! is not possible.

use kernel::language::Bilingual;
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

/// An emergency that needs no vote before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// What a city says of a use of the fund. Its figures stand in the rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundRules {
    /// The documents.
    pub source: Bilingual,
    /// The emergencies that need no vote before.
    pub emergency: Vec<Emergency>,
}
