//! Decides whether a use of the maintenance fund is possible, and says why not: each finding with its code.

use kernel::refusal::Code;
use kernel::time::{Date, days_between};

use super::tally::{Amount, Outcome, Tally, Thresholds, judge};
use crate::refusals::Why;
use crate::words::area::Area;
use crate::words::fund::{Finding, FundCase, FundRules, Range, Subject};

/// What the rulebook says of a use of the fund, at a place on the day of its vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FundFigures {
    /// The days for which the plan is posted before the vote.
    pub posted_days: i64,
    /// The shares that hold for votes.
    pub thresholds: Thresholds,
    /// Whether using the fund is a special matter.
    pub is_special: bool,
}

/// How the owners in the range voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voted {
    /// Those who share the use.
    pub entitled: Amount,
    /// Those of them who took part.
    pub taking_part: Amount,
    /// Those of these who agreed.
    pub agreeing: Amount,
}

/// A use of the fund, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundUse {
    /// The code of the emergency; empty for an ordinary use.
    pub emergency: String,
    /// How the owners voted; none if they did not.
    pub vote: Option<Voted>,
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

impl FundUse {
    /// A use as it is remembered beside its case, with the day on which works began as far as that is known.
    #[must_use]
    pub fn of(row: &FundCase, works_on: Option<Date>) -> Self {
        let amount = |heads, area| Amount { heads, area };
        let vote = Voted {
            entitled: amount(row.entitled_heads, row.entitled_area),
            taking_part: amount(row.taking_heads, row.taking_area),
            agreeing: amount(row.agreeing_heads, row.agreeing_area),
        };
        Self {
            emergency: row.emergency.clone(),
            vote: (row.entitled_heads > 0).then_some(vote),
            posted_on: row.posted_on,
            vote_from: row.vote_from,
            vote_to: row.vote_to,
            entered_on: None,
            works_on,
        }
    }
}

/// The account that pays: the whole compound from that of the compound, a building or a stair from that of the
/// building.
#[must_use]
pub fn account_of(range: Range) -> Range {
    if range == Range::Compound { Range::Compound } else { Range::Building }
}

/// The building whose account pays for a use, as the register calls it; empty for the account of the compound. Of a
/// stair it is the building before it: the longest name among those of the register, or where there is no register,
/// what stands before the last blank.
#[must_use]
pub fn account_part(range: Range, part: &str, buildings: &[String]) -> String {
    let is_before = |name: &&String| part.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(' '));
    match range {
        Range::Compound => String::new(),
        Range::Building => part.to_owned(),
        Range::Stair => match buildings.iter().filter(is_before).max_by_key(|name| name.len()) {
            Some(name) => name.clone(),
            None => part.rsplit_once(' ').map_or(part, |found| found.0).to_owned(),
        },
    }
}

/// Why a step is refused by what is found; none by what is only told.
#[must_use]
pub const fn refused_by(finding: Finding) -> Option<Code> {
    match finding {
        Finding::Private => Some(Why::PropertyFundPrivate),
        Finding::Service => Some(Why::PropertyFundService),
        Finding::Range => Some(Why::PropertyFundRange),
        Finding::VoteMissing => Some(Why::PropertyFundVoteMissing),
        Finding::VoteNotLegal => Some(Why::PropertyFundVoteNotLegal),
        Finding::NotPosted => Some(Why::PropertyFundNotPosted),
        Finding::WorksBeforeVote => Some(Why::PropertyFundWorksBeforeVote),
        Finding::Proxy | Finding::Emergency => None,
    }
}

/// What the fund never pays: a private part, what the company does for its fee, and what the account of others pays. A
/// plan of which something is found here does not become a case.
#[must_use]
pub fn never(subject: Subject, range: Range, account: Range) -> Vec<Finding> {
    let mut found = Vec::new();
    match subject {
        Subject::Private => found.push(Finding::Private),
        Subject::Service => found.push(Finding::Service),
        Subject::Shared => {}
    }
    if account != account_of(range) {
        found.push(Finding::Range);
    }
    found
}

/// What is found of a use that the fund may pay, in the order in which it is looked at. Nothing that stops it means
/// that it is possible.
#[must_use]
pub fn findings(rules: &FundRules, figures: &FundFigures, asked: &FundUse) -> Vec<Finding> {
    let mut found = Vec::new();
    if rules.emergency.iter().any(|emergency| emergency.code == asked.emergency) {
        found.push(Finding::Emergency);
    } else {
        found.extend(voting(figures, asked));
    }
    found
}

/// What is found of the vote before an ordinary use.
fn voting(figures: &FundFigures, asked: &FundUse) -> Vec<Finding> {
    let Some(vote) = asked.vote else { return vec![Finding::VoteMissing] };
    let mut found = Vec::new();
    if !is_legal(figures, &vote) {
        found.push(Finding::VoteNotLegal);
    }
    let days = asked.posted_on.zip(asked.vote_from).map(|(posted, from)| days_between(posted, from));
    if days.is_none_or(|days| days < figures.posted_days) {
        found.push(Finding::NotPosted);
    }
    let end = asked.vote_to.or(asked.entered_on);
    if asked.vote_to.is_none() && end.is_some() {
        found.push(Finding::Proxy);
    }
    match (asked.works_on, end) {
        (Some(works), Some(end)) if works <= end => found.push(Finding::WorksBeforeVote),
        // Nobody can say that the works waited for a vote of which no day is known.
        (Some(_), None) => found.push(Finding::WorksBeforeVote),
        _ => {}
    }
    found
}

/// Whether enough took part and enough of these agreed, by heads and by area, as in every vote of owners.
#[must_use]
pub fn is_legal(figures: &FundFigures, vote: &Voted) -> bool {
    let Voted { entitled, taking_part, agreeing } = vote;
    let fits = |part: &Amount, whole: &Amount| {
        (0..=whole.heads).contains(&part.heads) && (Area(0)..=whole.area).contains(&part.area)
    };
    let tally = Tally { taking_part: *taking_part, yes: *agreeing, ..Tally::default() };
    let judgement = judge(entitled, &tally, figures.is_special, &figures.thresholds);
    entitled.area > Area(0)
        && fits(taking_part, entitled)
        && fits(agreeing, taking_part)
        && judgement.outcome == Outcome::Passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tally::Share;

    fn rules() -> FundRules {
        toml::from_str(include_str!("../../../../data/property/fund.toml")).unwrap()
    }

    /// As the Civil Code has it since 2021, with a plan that is posted for a week.
    fn figures() -> FundFigures {
        let share = |parts, of, over| Share { parts, of, over };
        let (quorum, ordinary) = (share(2, 3, false), share(1, 2, true));
        let thresholds = Thresholds { quorum, ordinary, special: share(3, 4, false), of_all: false };
        FundFigures { posted_days: 7, thresholds, is_special: false }
    }

    fn weight(heads: i64, square_metres: i64) -> Amount {
        Amount { heads, area: Area(square_metres * 10_000) }
    }

    fn vote(taking_part: Amount, agreeing: Amount) -> Voted {
        Voted { entitled: weight(40, 4_000), taking_part, agreeing }
    }

    /// One lift: 40 owners with 4,000 square metres share it.
    #[test]
    fn a_vote_is_legal_by_heads_and_by_area() {
        let table = [
            (weight(27, 2_700), weight(14, 1_400), true),
            (weight(26, 2_600), weight(14, 1_400), false),
            (weight(27, 2_600), weight(14, 1_400), false),
            (weight(26, 2_700), weight(14, 1_400), false),
            (weight(27, 2_700), weight(13, 1_400), false),
            (weight(27, 2_700), weight(14, 1_350), false),
            (weight(40, 4_000), weight(20, 2_001), false),
            (weight(40, 4_000), weight(21, 2_001), true),
            // More than there are is no vote.
            (weight(41, 4_000), weight(30, 3_000), false),
            (weight(30, 3_000), weight(31, 2_000), false),
            (weight(0, 0), weight(0, 0), false),
        ];
        for (taking_part, agreeing, expected) in table {
            assert_eq!(is_legal(&figures(), &vote(taking_part, agreeing)), expected, "{taking_part:?} {agreeing:?}");
        }
    }

    #[test]
    fn a_stair_pays_from_the_account_of_its_building() {
        let register = ["3号楼", "3号楼 东", "2号楼"].map(str::to_owned);
        for (range, part, buildings, expected) in [
            (Range::Compound, "", &register[..], ""),
            (Range::Building, "3号楼 东", &register[..], "3号楼 东"),
            (Range::Stair, "3号楼 1", &register[..], "3号楼"),
            (Range::Stair, "3号楼 东 1", &register[..], "3号楼 东"),
            (Range::Stair, "12号楼 1", &register[..], "12号楼"),
            (Range::Stair, "3号楼 东 1", &register[..0], "3号楼 东"),
            (Range::Stair, "塔楼", &register[..0], "塔楼"),
        ] {
            assert_eq!(account_part(range, part, buildings), expected, "{range:?} {part}");
        }
    }

    fn ordinary() -> FundUse {
        let day = |text: &str| -> Option<Date> { Some(text.parse().unwrap()) };
        FundUse {
            emergency: String::new(),
            vote: Some(vote(weight(27, 2_700), weight(14, 1_400))),
            posted_on: day("2026-03-20"),
            vote_from: day("2026-03-27"),
            vote_to: day("2026-04-05"),
            entered_on: day("2026-04-07"),
            works_on: day("2026-04-06"),
        }
    }

    #[test]
    fn each_reason_has_its_code() {
        let day = |text: &str| -> Option<Date> { Some(text.parse().unwrap()) };
        let early = FundUse { works_on: day("2026-04-01"), ..ordinary() };
        let table = [
            (ordinary(), vec![]),
            (FundUse { vote: None, ..ordinary() }, vec!["VOTE_MISSING"]),
            (FundUse { vote: Some(vote(weight(26, 2_600), weight(14, 1_400))), ..ordinary() }, vec!["VOTE_NOT_LEGAL"]),
            (FundUse { posted_on: day("2026-03-21"), ..ordinary() }, vec!["PLAN_NOT_POSTED"]),
            (FundUse { posted_on: None, ..ordinary() }, vec!["PLAN_NOT_POSTED"]),
            (early.clone(), vec!["WORKS_BEFORE_VOTE"]),
            (FundUse { works_on: day("2026-04-05"), ..ordinary() }, vec!["WORKS_BEFORE_VOTE"]),
            (FundUse { emergency: "lift".to_owned(), ..early.clone() }, vec!["EMERGENCY_EXEMPT"]),
            (FundUse { emergency: "lift".to_owned(), vote: None, ..early.clone() }, vec!["EMERGENCY_EXEMPT"]),
            // What is not on the list is no emergency.
            (FundUse { emergency: "paint".to_owned(), ..early }, vec!["WORKS_BEFORE_VOTE"]),
            (FundUse { vote_to: None, works_on: day("2026-04-08"), ..ordinary() }, vec!["VOTE_DATE_PROXY_USED"]),
            (FundUse { vote_to: None, ..ordinary() }, vec!["VOTE_DATE_PROXY_USED", "WORKS_BEFORE_VOTE"]),
            (FundUse { vote_to: None, entered_on: None, ..ordinary() }, vec!["WORKS_BEFORE_VOTE"]),
        ];
        for (asked, expected) in table {
            let found: Vec<&str> = findings(&rules(), &figures(), &asked).into_iter().map(Finding::code).collect();
            assert_eq!(found, expected, "{asked:?}");
        }
        for (subject, range, account, expected) in [
            (Subject::Shared, Range::Stair, Range::Building, vec![]),
            (Subject::Shared, Range::Compound, Range::Compound, vec![]),
            (Subject::Private, Range::Stair, Range::Building, vec![Finding::Private]),
            (Subject::Service, Range::Stair, Range::Building, vec![Finding::Service]),
            (Subject::Shared, Range::Compound, Range::Building, vec![Finding::Range]),
            (Subject::Private, Range::Building, Range::Compound, vec![Finding::Private, Finding::Range]),
        ] {
            assert_eq!(never(subject, range, account), expected, "{subject:?} {range:?} {account:?}");
        }
        for finding in Finding::ALL {
            assert_eq!(refused_by(*finding).is_some(), finding.stops(), "{finding:?}");
        }
        let notes: Vec<Finding> = Finding::ALL.iter().copied().filter(|finding| !finding.stops()).collect();
        assert_eq!(notes, [Finding::Proxy, Finding::Emergency]);
    }
}
