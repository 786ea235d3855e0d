//! Names of this department: the owners' register, their votes, and the figures that it uses.

pub mod account;
pub mod area;
pub mod company;
pub mod corrections;
pub mod first_meeting;
pub mod fund;
pub mod grade;
pub mod income;
pub mod register;
pub mod table;
pub mod votes;

kernel::rules! {
    /// Parts of the whole that must take part in a vote.
    QUORUM_PARTS = "property.quorum_parts" as Count;
    /// Of so many parts.
    QUORUM_OF = "property.quorum_of" as Count;
    /// Whether the share must be exceeded.
    QUORUM_OVER = "property.quorum_over" as Switch;
    /// Parts that must agree to an ordinary matter.
    ORDINARY_PARTS = "property.ordinary_parts" as Count;
    /// Of so many parts.
    ORDINARY_OF = "property.ordinary_of" as Count;
    /// Whether the share must be exceeded.
    ORDINARY_OVER = "property.ordinary_over" as Switch;
    /// Parts that must agree to a special matter.
    SPECIAL_PARTS = "property.special_parts" as Count;
    /// Of so many parts.
    SPECIAL_OF = "property.special_of" as Count;
    /// Whether the share must be exceeded.
    SPECIAL_OVER = "property.special_over" as Switch;
    /// Whether those who agree are a share of all owners, not of those who take part.
    SHARE_OF_ALL = "property.share_of_all" as Switch;
    /// Whether raising the maintenance fund is a special matter.
    SPECIAL_RAISE_FUND = "property.special_raise_fund" as Switch;
    /// Whether using the maintenance fund is a special matter.
    SPECIAL_USE_FUND = "property.special_use_fund" as Switch;
    /// Whether rebuilding is a special matter.
    SPECIAL_REBUILD = "property.special_rebuild" as Switch;
    /// Whether changing shared parts is a special matter.
    SPECIAL_CHANGE_SHARED = "property.special_change_shared" as Switch;
    /// The share of the owners who can call a vote.
    CALL_SHARE = "property.call_percent" as Share;
    /// Days between the notice and the vote.
    NOTICE_DAYS = "property.notice_days" as Days;
    /// The most days from the call of a vote to its opening, and from there to its end.
    VOTE_DAYS = "property.vote_days_most" as Days;
    /// For how many units one proxy may vote, and for how many owners who are strangers to each other one account.
    PROXY_UNITS = "property.proxy_units_most" as Count;
    /// The days after which an account that was linked with a unit may vote online.
    LINK_WAIT = "property.link_wait_days" as Days;
    /// Whether the area of a unit may be split.
    SPLIT_BALLOTS = "property.split_ballots" as Switch;
    /// The days between the owners' notice of dismissal and the end of the contract (Civil Code, article 946).
    DISMISSAL_NOTICE = "property.dismissal_notice_days" as Days;
    /// The days before the end by which a company says that it does not renew (Civil Code, article 947).
    RENEWAL_NOTICE = "property.renewal_notice_days" as Days;
    /// The days for which the plan of a use of the maintenance fund is posted before the vote.
    FUND_POSTED_DAYS = "property.fund_posted_days" as Days;
    /// The time to check an application to the maintenance fund, with a look on the spot.
    FUND_CHECK = "property.fund_check_days" as Limit;
    /// The days after which a compound needs another three-party table.
    TABLE_DAYS = "property.table_days" as Days;
    /// The days after which the street is told of a table or a commitment of which the community was told.
    STREET_DAYS = "property.overdue_street_days" as Days;
}
