//! Names of a use of the maintenance fund (维修资金): what is to be done, who pays, how the owners voted, and why a use
//! is not possible.

use kernel::language::Bilingual;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde::Deserialize;
use store::{record, worded};
use uuid::Uuid;

use super::area::Area;

/// The code of its kind of cases, and the name of their procedure.
pub const FUND: &str = "fund";
/// The most characters of what is to be done.
pub const WORKS_MOST: usize = 200;

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
    /// Whose paper asks for a use.
    Asker {
        /// The owners' committee (业主委员会).
        Committee = "committee",
        /// The property company (物业企业).
        Company = "company",
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
    /// The department whose office in the district checks applications.
    pub office: String,
    /// The documents.
    pub source: Bilingual,
    /// What the city's staff should know of it before it is relied on; residents do not read it.
    pub note: Option<Bilingual>,
    /// The emergencies that need no vote before.
    pub emergency: Vec<Emergency>,
}

/// How the owners who share a use voted, as it is kept of the use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vote {
    /// The vote of the register; none if it was entered from paper.
    pub id: Option<Uuid>,
    /// Its first day.
    pub from: Option<Date>,
    /// Its last day.
    pub to: Option<Date>,
    /// Heads that share the use; nothing while no vote is entered.
    pub entitled_heads: i64,
    /// Their area.
    pub entitled_area: Area,
    /// Heads that took part.
    pub taking_heads: i64,
    /// Their area.
    pub taking_area: Area,
    /// Heads that agreed.
    pub agreeing_heads: i64,
    /// Their area.
    pub agreeing_area: Area,
}

record! {
    /// A use of the fund as this department remembers it beside its case. Nobody is named.
    pub struct FundCase {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// Its identity among the compounds of places; none if its name was typed.
        pub ground: Option<i64>,
        /// The number of its case.
        pub number: String,
        /// Whose paper asks for it.
        pub asker: Asker,
        /// What is to be done.
        pub works: String,
        /// What it costs, fen.
        pub budget_fen: i64,
        /// Who shares it.
        pub range: Range,
        /// The code of the emergency; empty for an ordinary use.
        pub emergency: String,
        /// When the plan was posted.
        pub posted_on: Option<Date>,
        /// The vote of the register; none if there is none or it was entered from paper.
        pub vote: Option<Uuid>,
        /// The first day of the vote.
        pub vote_from: Option<Date>,
        /// Its last day.
        pub vote_to: Option<Date>,
        /// Heads that share the use; nothing while no vote is entered.
        pub entitled_heads: i64,
        /// Their area.
        pub entitled_area: Area,
        /// Heads that took part.
        pub taking_heads: i64,
        /// Their area.
        pub taking_area: Area,
        /// Heads that agreed.
        pub agreeing_heads: i64,
        /// Their area.
        pub agreeing_area: Area,
        /// When the office looked at it on the spot.
        pub visited_on: Option<Date>,
        /// When works began.
        pub works_on: Option<Date>,
        /// The state of its case.
        pub stage: String,
        /// When its case was opened.
        pub opened_at: Instant,
        /// The building or stair that shares it, as the register calls it. Empty for the whole compound.
        pub part: String,
        /// How much of it the office allowed, fen.
        pub allowed_fen: Option<i64>,
        /// The audited settlement, fen.
        pub settled_fen: Option<i64>,
        /// The building whose account pays, as the register calls it. Empty for the account of the compound.
        pub account_part: String,
    }
}

impl FundCase {
    /// What it costs the fund, fen: what was settled, or as long as nothing was, what was allowed, or planned.
    #[must_use]
    pub fn cost_fen(&self) -> i64 {
        self.settled_fen.or(self.allowed_fen).unwrap_or(self.budget_fen)
    }
}
