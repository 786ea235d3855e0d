//! Decides where a three-party table is overdue, and what becomes of a commitment.

use std::collections::BTreeMap;

use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, date_plus_days};

use crate::refusals::Why;
use crate::words::table::{Commitment, CompoundDay, Kept, Outcome};

/// A compound in which no table was held for too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The community.
    pub path: PlacePath,
    /// The compound.
    pub compound: String,
    /// When the last one was held; none if there was none.
    pub last: Option<Date>,
    /// For which day the next one is called; none if nobody called it, or its day is before the last one.
    pub called: Option<Date>,
    /// The last day on which one would have been in time.
    pub until: Date,
}

impl Overdue {
    /// Whether the next table is called for a day that is not over.
    #[must_use]
    pub fn is_called(&self, today: Date) -> bool {
        self.called.is_some_and(|on| on >= today)
    }
}

/// The days on which tables were held and for which they are called, each compound with the latest of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Those that were held.
    pub held: Vec<CompoundDay>,
    /// Those that are called and not held yet.
    pub called: Vec<CompoundDay>,
}

/// The compounds that a company serves since some days and in which no table was held within these days.
#[must_use]
pub fn overdue(served: &[CompoundDay], tables: &Tables, today: Date, days: i64) -> Vec<Overdue> {
    let (held, called) = (latest(tables.held.iter().filter(|table| table.on <= today)), latest(&tables.called));
    let mut found = Vec::new();
    for compound in served {
        let at = (&compound.path, compound.compound.as_str());
        let last = held.get(&at).copied();
        let until = date_plus_days(last.unwrap_or(compound.on), days).filter(|until| *until < today);
        let Some(until) = until else { continue };
        let called = called.get(&at).copied().filter(|called| last.is_none_or(|last| last < *called));
        let (path, compound) = (compound.path.clone(), compound.compound.clone());
        found.push(Overdue { path, compound, last, called, until });
    }
    found
}

/// From when people are told each month of something that was not done by its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldFrom {
    /// From when whoever leads the tables of the community is told.
    pub community: Date,
    /// From when the street is told too.
    pub street: Date,
}

/// From when people are told of something that was to be done until a day. The street is told so many days after the
/// community. None beyond the calendar.
#[must_use]
pub fn told_from(until: Date, street_days: i64) -> Option<ToldFrom> {
    let community = date_plus_days(until, 1)?;
    Some(ToldFrom { community, street: date_plus_days(community, street_days)? })
}

/// The latest day of each compound.
fn latest<'d>(days: impl IntoIterator<Item = &'d CompoundDay>) -> BTreeMap<(&'d PlacePath, &'d str), Date> {
    let mut latest: BTreeMap<(&PlacePath, &str), Date> = BTreeMap::new();
    for one in days {
        let day = latest.entry((&one.path, one.compound.as_str())).or_insert(one.on);
        *day = one.on.max(*day);
    }
    latest
}

/// What becomes of a commitment.
///
/// # Errors
/// It was settled before, it is put off to no later day, or a reason is missing.
pub fn settled(
    commitment: &Commitment,
    outcome: Outcome,
    reason: &str,
    until: Option<Date>,
    today: Date,
) -> Result<Commitment, Refusal> {
    if commitment.state != Kept::Open {
        return Err(Refusal::new(Why::PropertySettled));
    }
    if reason.is_empty() && outcome != Outcome::Kept {
        return Err(Refusal::new(Code::FormMissing).field("why"));
    }
    let mut after = Commitment { reason: reason.to_owned(), ..commitment.clone() };
    match outcome {
        Outcome::Kept | Outcome::Broken => {
            after.state = if outcome == Outcome::Kept { Kept::Kept } else { Kept::Broken };
            after.settled_on = Some(today);
        }
        Outcome::PutOff => {
            let later = until.filter(|until| *until > commitment.due_on && *until >= today);
            after.due_on = later.ok_or_else(|| Refusal::new(Why::PropertyLater).field("until"))?;
            after.times_put_off = after.times_put_off.saturating_add(1);
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::table::Party;
    use kernel::place::PlaceId;
    use uuid::Uuid;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(compound: &str, on: &str) -> CompoundDay {
        CompoundDay { path: PlacePath::parse("1.4.40.400.").unwrap(), compound: compound.to_owned(), on: day(on) }
    }

    #[test]
    fn a_month_without_a_table_is_told() {
        let served = [at("北苑", "2025-01-01"), at("南苑", "2026-11-10"), at("东苑", "2026-10-01")];
        let table: [(&[CompoundDay], &[(&str, Option<&str>)]); 4] = [
            // Nobody met: the compound that is served since a few days only is not late.
            (&[], &[("北苑", None), ("东苑", None)]),
            (&[at("北苑", "2026-10-23")], &[("东苑", None)]),
            (&[at("北苑", "2026-10-22")], &[("北苑", Some("2026-10-22")), ("东苑", None)]),
            // The latest one counts; one that is still to come does not.
            (&[at("北苑", "2026-08-01"), at("北苑", "2026-11-20"), at("东苑", "2026-12-01")], &[("东苑", None)]),
        ];
        for (held, expected) in table {
            let tables = Tables { held: held.to_vec(), called: Vec::new() };
            let found = overdue(&served, &tables, day("2026-11-23"), 31);
            let found: Vec<(&str, Option<Date>)> = found.iter().map(|one| (one.compound.as_str(), one.last)).collect();
            let expected: Vec<(&str, Option<Date>)> =
                expected.iter().map(|(compound, last)| (*compound, last.map(day))).collect();
            assert_eq!(found, expected, "{held:?}");
        }
    }

    #[test]
    fn the_street_is_told_some_days_after_the_community() {
        let found = overdue(&[at("北苑", "2026-10-22")], &Tables::default(), day("2026-11-23"), 31);
        let until = found.first().map(|one| one.until);
        assert_eq!(until, Some(day("2026-11-22")));
        assert_eq!(overdue(&[at("北苑", "2026-10-22")], &Tables::default(), day("2026-11-22"), 31), []);
        for (street_days, street) in [(0, "2026-11-23"), (7, "2026-11-30")] {
            let expected = ToldFrom { community: day("2026-11-23"), street: day(street) };
            assert_eq!(until.and_then(|until| told_from(until, street_days)), Some(expected), "{street_days}");
        }
    }

    #[test]
    fn a_table_that_is_called_is_told_beside_the_compound_until_it_is_held() {
        let served = [at("北苑", "2025-01-01")];
        for (held, called, expected) in [
            (None, None, Some(None)),
            (None, Some("2026-12-08"), Some(Some("2026-12-08"))),
            // Its day passed and nobody entered that it was held.
            (Some("2026-10-01"), Some("2026-11-20"), Some(Some("2026-11-20"))),
            // It was called for a day before the last one.
            (Some("2026-10-01"), Some("2026-09-20"), Some(None)),
            (Some("2026-11-20"), Some("2026-12-08"), None),
        ] {
            let days = |on: Option<&str>| on.map(|on| at("北苑", on)).into_iter().collect::<Vec<CompoundDay>>();
            let tables = Tables { held: days(held), called: days(called) };
            let found = overdue(&served, &tables, day("2026-11-23"), 31);
            let found = found.first().map(|one| one.called);
            assert_eq!(found, expected.map(|called| called.map(day)), "{held:?} {called:?}");
        }
    }

    fn commitment(state: Kept) -> Commitment {
        Commitment {
            district: PlaceId(4),
            id: Uuid::nil(),
            table_id: Uuid::nil(),
            issue_id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            compound: "北苑".to_owned(),
            company_id: None,
            side: Party::Company,
            text: "修好电梯".to_owned(),
            promised_on: day("2026-11-05"),
            due_on: day("2026-11-30"),
            state,
            reason: String::new(),
            times_put_off: 0,
            settled_on: None,
        }
    }

    #[test]
    fn a_commitment_is_kept_broken_or_put_off_with_a_reason() {
        use Outcome::{Broken, Kept as Done, PutOff};
        let table = [
            (Kept::Open, Done, "", None, Ok((Kept::Kept, "2026-11-30", 0, true))),
            (Kept::Open, Broken, "没有订配件", None, Ok((Kept::Broken, "2026-11-30", 0, true))),
            (Kept::Open, Broken, "", None, Err(Code::FormMissing)),
            (Kept::Open, PutOff, "配件缺货", Some("2026-12-15"), Ok((Kept::Open, "2026-12-15", 1, false))),
            (Kept::Open, PutOff, "", Some("2026-12-15"), Err(Code::FormMissing)),
            (Kept::Open, PutOff, "配件缺货", Some("2026-11-30"), Err(Why::PropertyLater)),
            (Kept::Open, PutOff, "配件缺货", None, Err(Why::PropertyLater)),
            (Kept::Kept, Broken, "又坏了", None, Err(Why::PropertySettled)),
            (Kept::Broken, Done, "", None, Err(Why::PropertySettled)),
        ];
        for (state, outcome, reason, until, expected) in table {
            let found = settled(&commitment(state), outcome, reason, until.map(day), day("2026-11-23"));
            let found = found.map_err(|refusal| refusal.code);
            let found = found.map(|one| (one.state, one.due_on, one.times_put_off, one.settled_on.is_some()));
            let expected = expected.map(|(state, due, times, is_settled)| (state, day(due), times, is_settled));
            assert_eq!(found, expected, "{state:?} {outcome:?} {reason} {until:?}");
        }
    }
}
