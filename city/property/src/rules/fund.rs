//! Decides whether a use of the maintenance fund is possible, and says why not: each finding with its code.

use kernel::time::days_between;

use crate::words::fund::{Finding, FundRules, FundUse, Range, Share, Subject, Vote, Weight};

/// What is found of a use, in the order in which it is looked at. Nothing that stops it means that it is possible.
#[must_use]
pub fn findings(rules: &FundRules, asked: &FundUse) -> Vec<Finding> {
    let mut found = Vec::new();
    match asked.subject {
        Subject::Private => found.push(Finding::Private),
        Subject::Service => found.push(Finding::Service),
        Subject::Shared => {}
    }
    // The whole compound pays from the account of the compound, a building or a stair from that of the building.
    let account = if asked.range == Range::Compound { Range::Compound } else { Range::Building };
    if asked.account != account {
        found.push(Finding::Range);
    }
    if rules.emergency.iter().any(|emergency| emergency.code == asked.emergency) {
        found.push(Finding::Emergency);
    } else {
        found.extend(voting(rules, asked));
    }
    found
}

/// What is found of the vote before an ordinary use.
fn voting(rules: &FundRules, asked: &FundUse) -> Vec<Finding> {
    let Some(vote) = asked.vote else { return vec![Finding::VoteMissing] };
    let mut found = Vec::new();
    if !is_legal(rules, &vote) {
        found.push(Finding::VoteNotLegal);
    }
    let days = asked.posted_on.zip(asked.vote_from).map(|(posted, from)| days_between(posted, from));
    if days.is_none_or(|days| days < rules.posted_days) {
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

/// Whether enough took part and enough of these agreed, by heads and by area.
#[must_use]
pub fn is_legal(rules: &FundRules, vote: &Vote) -> bool {
    let Vote { entitled, taking_part, agreeing } = *vote;
    let fits = |part: Weight, whole: Weight| {
        (0..=whole.heads).contains(&part.heads)
            && (0..=whole.cm2).contains(&part.cm2)
            && whole.heads > 0
            && whole.cm2 > 0
    };
    fits(taking_part, entitled)
        && fits(agreeing, taking_part)
        && reaches(taking_part.heads, entitled.heads, rules.taking_part)
        && reaches(taking_part.cm2, entitled.cm2, rules.taking_part)
        && exceeds(agreeing.heads, taking_part.heads, rules.agreeing)
        && exceeds(agreeing.cm2, taking_part.cm2, rules.agreeing)
}

/// Whether a part is at least a share of a whole.
fn reaches(part: i64, whole: i64, share: Share) -> bool {
    i128::from(part) * i128::from(share.whole) >= i128::from(whole) * i128::from(share.part)
}

/// Whether a part is more than a share of a whole.
fn exceeds(part: i64, whole: i64, share: Share) -> bool {
    i128::from(part) * i128::from(share.whole) > i128::from(whole) * i128::from(share.part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Date;

    fn rules() -> FundRules {
        toml::from_str(include_str!("../../../../data/property/fund.toml")).unwrap()
    }

    fn weight(heads: i64, square_metres: i64) -> Weight {
        Weight { heads, cm2: square_metres * 10_000 }
    }

    fn vote(taking_part: Weight, agreeing: Weight) -> Vote {
        Vote { entitled: weight(40, 4_000), taking_part, agreeing }
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
            assert_eq!(is_legal(&rules(), &vote(taking_part, agreeing)), expected, "{taking_part:?} {agreeing:?}");
        }
    }

    fn ordinary() -> FundUse {
        let day = |text: &str| -> Option<Date> { Some(text.parse().unwrap()) };
        FundUse {
            subject: Subject::Shared,
            range: Range::Stair,
            account: Range::Building,
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
            (FundUse { subject: Subject::Private, ..ordinary() }, vec!["PRIVATE_PART_NOT_ELIGIBLE"]),
            (FundUse { subject: Subject::Service, ..ordinary() }, vec!["PROPERTY_SERVICE_SCOPE"]),
            (FundUse { range: Range::Compound, ..ordinary() }, vec!["RANGE_ACCOUNT_MISMATCH"]),
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
            let found: Vec<&str> = findings(&rules(), &asked).into_iter().map(Finding::code).collect();
            assert_eq!(found, expected, "{asked:?}");
        }
        let notes: Vec<Finding> = Finding::ALL.iter().copied().filter(|finding| !finding.stops()).collect();
        assert_eq!(notes, [Finding::Proxy, Finding::Emergency]);
    }
}
