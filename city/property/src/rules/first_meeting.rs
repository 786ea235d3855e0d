//! Decides whether the first owners' meeting is possible, which steps come next and by which days, and whether the
//! preparatory group is of the right size.

use kernel::day::outside;
use kernel::refusal::Refusal;
use kernel::time::{Date, MONTHS_PER_YEAR, date_plus_days, date_plus_months, days_between};

use crate::refusals::Why;
use crate::words::first_meeting::{First, Variant, Way};

/// The members of the preparatory group who are no owners: one from the street, who leads, and one from the developer.
const NO_OWNERS: i64 = 2;

/// A step on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its key.
    pub key: &'static str,
    /// When it was done.
    pub done: Option<Date>,
    /// The last day for it.
    pub last: Option<Date>,
    /// The first day on which it is possible.
    pub first: Option<Date>,
}

/// Whether the meeting is possible on a day.
#[must_use]
pub fn is_possible(variant: &Variant, first: &First, day: Date) -> bool {
    first.applied >= variant.owners_least && variant.ways.iter().any(|way| is_open(way, first, day))
}

/// Whether a way is open on a day.
fn is_open(way: &Way, first: &First, day: Date) -> bool {
    let delivered = i128::from(first.delivered.0) * 1_000;
    let needed = i128::from(first.total.0) * i128::from(way.share);
    let is_enough = if way.above { delivered > needed } else { delivered >= needed };
    is_enough && is_old(way, first, day)
}

/// Whether the first home was delivered long enough ago on a day. Two years are full on the same day two years later,
/// also where a leap day lies between them.
fn is_old(way: &Way, first: &First, day: Date) -> bool {
    if way.days < 1 && way.years < 1 {
        return true;
    }
    let months = way.years.saturating_mul(MONTHS_PER_YEAR);
    first.first_on.is_some_and(|since| {
        let is_full = date_plus_months(since, months).is_some_and(|full| full <= day);
        is_full && days_between(since, day) >= way.days
    })
}

/// The steps in their order.
#[must_use]
pub fn steps(variant: &Variant, first: &First) -> [Step; 4] {
    let after = |day: Option<Date>, days: i64| day.and_then(|day| date_plus_days(day, days));
    let step = |key, done, last, from| Step { key, done, last, first: from };
    let ready = variant.drafts_ready_days.and_then(|days| after(first.group_on, days));
    [
        step("property-first-told", first.told_on, after(first.reached_on, variant.developer_days), None),
        step("property-first-group", first.group_on, after(first.told_on, variant.street_days), None),
        step("property-first-drafts", first.drafts_on, ready, first.group_on),
        step("property-first-meeting", first.meeting_on, None, after(first.drafts_on, variant.drafts_days)),
    ]
}

/// Everything that is wrong with how far a compound is, as it is entered on a day in place of what was known before.
#[must_use]
pub fn faults(variant: &Variant, first: &First, before: Option<&First>, today: Date) -> Vec<Refusal> {
    let mut faults = ahead(first, today);
    faults.extend(reached_early(first, today));
    // A meeting that its vote held stays as the count entered it.
    let held = first.meeting_on.filter(|_| before.is_none_or(|before| before.meeting_on != first.meeting_on));
    if held.is_some_and(|held| !is_possible(variant, first, held)) {
        faults.push(Refusal::new(Why::PropertyFirstNot).field("meeting_on"));
    }
    if first.delivered > first.total {
        faults.push(Refusal::new(Why::PropertyDelivered).field("delivered"));
    }
    let members = first.group_owners.saturating_add(NO_OWNERS);
    if first.group_on.is_some() && !(variant.group_least..=variant.group_most).contains(&members) {
        let group = Refusal::new(Why::PropertyGroup).field("group_owners");
        let (least, most) = (variant.group_least - NO_OWNERS, variant.group_most - NO_OWNERS);
        faults.push(group.with("least", least).with("most", most));
    }
    let days = [
        ("group_on", first.told_on, first.group_on),
        ("drafts_on", first.group_on, first.drafts_on),
        ("meeting_on", first.drafts_on, first.meeting_on),
    ];
    for (field, before, after) in days {
        // A step needs the one before it.
        if after.is_some_and(|after| before.is_none_or(|before| after < before)) {
            faults.push(Refusal::new(Why::PropertySteps).field(field));
        }
    }
    let [.., meeting] = steps(variant, first);
    if let (Some(held), Some(earliest)) = (meeting.done, meeting.first)
        && held < earliest
    {
        let drafts = Refusal::new(Why::PropertyDrafts).field("meeting_on");
        faults.push(drafts.with("days", variant.drafts_days).with("date", earliest));
    }
    faults
}

/// What is wrong with the day on which the share was reached: no share is delivered before the first home is.
fn reached_early(first: &First, today: Date) -> Option<Refusal> {
    let (since, reached) = first.first_on.zip(first.reached_on)?;
    let is_early = reached < since && since <= today;
    if is_early { outside("reached_on", reached, &(since..=today)) } else { None }
}

/// The days that have not come yet: what is entered was done.
fn ahead(first: &First, today: Date) -> Vec<Refusal> {
    let days = [
        ("first_on", first.first_on),
        ("reached_on", first.reached_on),
        ("told_on", first.told_on),
        ("group_on", first.group_on),
        ("drafts_on", first.drafts_on),
        ("meeting_on", first.meeting_on),
    ];
    let late = days.into_iter().filter(|(_, day)| day.is_some_and(|day| day > today));
    late.map(|(field, _)| Refusal::new(Why::PropertyFundDay).field(field)).collect()
}

/// Whether the vote that holds the meeting may be called, to open on a day.
///
/// # Errors
/// It was held, its vote is under way, the meeting is not possible by that day, or the drafts were not posted for long
/// enough.
pub fn may_vote(variant: &Variant, first: &First, opens_on: Date, is_under_way: bool) -> Result<(), Refusal> {
    if is_under_way || first.meeting_on.is_some() {
        return Err(Refusal::new(Why::PropertyFirstVote));
    }
    if !is_possible(variant, first, opens_on) {
        return Err(Refusal::new(Why::PropertyFirstNot).field("opens_on"));
    }
    let [.., meeting] = steps(variant, first);
    match meeting.first {
        Some(earliest) if opens_on >= earliest => Ok(()),
        Some(earliest) => {
            let drafts = Refusal::new(Why::PropertyDrafts).field("opens_on");
            Err(drafts.with("days", variant.drafts_days).with("date", earliest))
        }
        None => Err(Refusal::new(Why::PropertySteps).field("opens_on")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::area::Area;
    use crate::words::first_meeting::Variants;
    use kernel::place::{PlaceId, PlacePath};
    use kernel::refusal::Code;
    use kernel::time::Instant;
    use uuid::Uuid;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn variants() -> Variants {
        toml::from_str(include_str!("../../../../data/property/first_meeting.toml")).unwrap()
    }

    fn variant(code: &str) -> Variant {
        variants().variant.into_iter().find(|variant| variant.code == code).unwrap()
    }

    fn first(delivered: i64, first_on: Option<&str>, applied: i64) -> First {
        First {
            district: PlaceId(4),
            id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            compound: "北苑".to_owned(),
            total: Area(1_000),
            delivered: Area(delivered),
            first_on: first_on.map(day),
            applied,
            reached_on: None,
            told_on: None,
            group_on: None,
            group_owners: 0,
            drafts_on: None,
            meeting_on: None,
            changed_name: String::new(),
            changed_at: Instant::from_micros(0),
            vote: None,
        }
    }

    #[test]
    fn it_is_possible_by_the_rule_of_the_province() {
        let table = [
            ("half-or-fifth", 500, None, 0, true),
            ("half-or-fifth", 499, None, 0, false),
            ("half-or-fifth", 499, Some("2024-11-23"), 0, true),
            ("half-or-fifth", 200, Some("2024-11-23"), 0, true),
            ("half-or-fifth", 199, Some("2024-11-23"), 0, false),
            ("half-or-fifth", 200, Some("2024-11-24"), 0, false),
            ("five-owners-apply", 500, None, 5, true),
            ("five-owners-apply", 500, None, 4, false),
            ("five-owners-apply", 300, Some("2025-11-23"), 5, true),
            ("five-owners-apply", 299, Some("2025-11-23"), 5, false),
            ("over-half-or-two-years", 500, None, 0, false),
            ("over-half-or-two-years", 501, None, 0, true),
            ("over-half-or-two-years", 1, Some("2024-11-23"), 0, true),
            ("over-half-or-two-years", 1, Some("2024-11-24"), 0, false),
        ];
        for (code, delivered, since, applied, expected) in table {
            let found = is_possible(&variant(code), &first(delivered, since, applied), day("2026-11-23"));
            assert_eq!(found, expected, "{code} {delivered} {since:?} {applied}");
        }
        // A leap day lies between: 730 days are over a day before the two years are.
        for (since, day_asked, expected) in [
            ("2023-06-01", "2025-05-31", false),
            ("2023-06-01", "2025-06-01", true),
            ("2024-02-29", "2026-02-27", false),
            ("2024-02-29", "2026-02-28", true),
        ] {
            let compound = first(200, Some(since), 0);
            let found = is_possible(&variant("half-or-fifth"), &compound, day(day_asked));
            assert_eq!(found, expected, "{since} {day_asked}");
        }
        let by_days = Way { days: 730, years: 0, share: 200, above: false };
        assert!(is_open(&by_days, &first(200, Some("2023-06-01"), 0), day("2025-05-31")), "a city counts days");
        assert!(variants().are_known());
        let used = variants().on(day("2026-11-23")).map(|variant| variant.code.clone());
        assert_eq!(used.as_deref(), Some("half-or-fifth"));
        assert_eq!(variants().on(day("2005-12-31")), None);
    }

    #[test]
    fn each_step_has_its_last_day_and_the_drafts_are_posted_a_week() {
        let variant = variant("half-or-fifth");
        let on_the_way = First {
            reached_on: Some(day("2026-03-01")),
            told_on: Some(day("2026-03-10")),
            group_on: Some(day("2026-04-09")),
            group_owners: 5,
            drafts_on: Some(day("2026-05-01")),
            ..first(600, None, 0)
        };
        let days: Vec<(Option<Date>, Option<Date>)> =
            steps(&variant, &on_the_way).iter().map(|step| (step.last, step.first)).collect();
        let expected = [
            (Some(day("2026-03-16")), None),
            (Some(day("2026-04-09")), None),
            (None, Some(day("2026-04-09"))),
            (None, Some(day("2026-05-08"))),
        ];
        assert_eq!(days, expected);
        let within = Variant { drafts_ready_days: Some(30), ..variant.clone() };
        assert_eq!(steps(&within, &on_the_way)[2].last, Some(day("2026-05-09")), "a text that sets a day for them");
        let today = day("2026-12-01");
        assert!(faults(&variant, &on_the_way, None, today).is_empty());
        let table = [
            (First { group_owners: 2, ..on_the_way.clone() }, vec![Why::PropertyGroup]),
            (First { group_owners: 3, ..on_the_way.clone() }, vec![]),
            (First { group_owners: 7, ..on_the_way.clone() }, vec![]),
            (First { group_owners: 8, ..on_the_way.clone() }, vec![Why::PropertyGroup]),
            (First { meeting_on: Some(day("2026-05-07")), ..on_the_way.clone() }, vec![Why::PropertyDrafts]),
            (First { meeting_on: Some(day("2026-05-08")), ..on_the_way.clone() }, vec![]),
            (First { told_on: None, ..on_the_way.clone() }, vec![Why::PropertySteps]),
            (First { drafts_on: Some(day("2026-04-08")), ..on_the_way.clone() }, vec![Why::PropertySteps]),
            (First { delivered: Area(1_001), ..on_the_way.clone() }, vec![Why::PropertyDelivered]),
            (First { first_on: Some(day("2026-03-01")), ..on_the_way.clone() }, vec![]),
            (First { first_on: Some(day("2026-03-02")), ..on_the_way.clone() }, vec![Code::CaseDayOutside]),
            (First { first_on: Some(day("2026-12-02")), ..on_the_way.clone() }, vec![Why::PropertyFundDay]),
            (First { meeting_on: Some(day("2026-12-02")), ..on_the_way.clone() }, vec![Why::PropertyFundDay]),
            (
                First { delivered: Area(100), meeting_on: Some(day("2026-05-08")), ..on_the_way.clone() },
                vec![Why::PropertyFirstNot],
            ),
        ];
        for (given, expected) in table {
            let found: Vec<Code> = faults(&variant, &given, None, today).iter().map(|fault| fault.code).collect();
            assert_eq!(found, expected, "{given:?}");
        }
        // What the count of its vote entered stays, whatever was found of the area since.
        let held = First { delivered: Area(100), meeting_on: Some(day("2026-06-01")), ..on_the_way.clone() };
        assert!(faults(&variant, &held, Some(&held), today).is_empty());
        assert_eq!(faults(&variant, &held, Some(&on_the_way), today).len(), 1);
    }

    #[test]
    fn its_vote_opens_once_the_drafts_were_posted_and_is_held_once() {
        let variant = variant("half-or-fifth");
        let posted = First { drafts_on: Some(day("2026-05-01")), ..first(600, None, 0) };
        let held = First { meeting_on: Some(day("2026-06-01")), ..posted.clone() };
        let table = [
            (&posted, "2026-05-08", false, None),
            (&posted, "2026-05-07", false, Some(Why::PropertyDrafts)),
            (&posted, "2026-05-08", true, Some(Why::PropertyFirstVote)),
            (&held, "2026-07-01", false, Some(Why::PropertyFirstVote)),
            (&first(600, None, 0), "2026-05-08", false, Some(Why::PropertySteps)),
            (&First { delivered: Area(100), ..posted.clone() }, "2026-05-08", false, Some(Why::PropertyFirstNot)),
        ];
        for (given, opens_on, is_under_way, expected) in table {
            let found = may_vote(&variant, given, day(opens_on), is_under_way).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{opens_on} {is_under_way} {given:?}");
        }
    }
}
