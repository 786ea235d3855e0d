//! Decides what follows where the day of an election was entered wrongly: the term, the papers, and between which days
//! the right one lies.

use std::ops::RangeInclusive;

use kernel::day::{FIRST, outside};
use kernel::refusal::Refusal;
use kernel::time::{Date, MONTHS_PER_YEAR, date_plus_days, date_plus_months};

use super::terms;
use crate::refusals::Why;
use crate::words::{Body, Election, Figures, Held};

/// The field of the right day.
const FIELD: &str = "right_on";

/// An election whose day was entered wrongly.
#[derive(Clone, Copy, Debug)]
pub struct Wrong<'w> {
    /// Its body.
    pub body: &'w Body,
    /// All elections of the body.
    pub elections: &'w [Election],
    /// The election.
    pub election: &'w Election,
    /// The right day.
    pub right_on: Date,
    /// The first day on which it can have been, where a vote was the election.
    pub not_before: Option<Date>,
}

/// What a body and its elections are once the day of one of them is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Righted {
    /// The election.
    pub election: Election,
    /// The by-elections of its term, where that ends on another day then.
    pub by_elections: Vec<Election>,
    /// The body.
    pub body: Body,
}

impl Wrong<'_> {
    /// Between which days the right one lies: it stays between the elections before and after it, within the term of a
    /// by-election, not after its papers were filed, and where a vote was the election not before that ended.
    fn span(&self, today: Date) -> RangeInclusive<Date> {
        let on = self.election.held_on;
        let days = |one: &Election| one.held_on;
        let before = self.elections.iter().map(days).filter(|day| *day < on).max();
        let after = self.elections.iter().map(days).filter(|day| *day > on).min();
        let is_by_election = self.election.is_by_election(self.elections);
        let running = self.election.term_ends.filter(|_| is_by_election);
        let day_before = |day: Date| date_plus_days(day, -1);
        let from = before.and_then(|day| date_plus_days(day, 1)).max(self.not_before).unwrap_or(FIRST);
        let bounds = [after.and_then(day_before), running.and_then(day_before), self.election.filed_on];
        let to = bounds.into_iter().flatten().min().map_or(today, |bound| bound.min(today));
        from..=to
    }

    /// The by-elections of its term.
    fn followed_by(&self) -> impl Iterator<Item = &Election> {
        let own = self.election;
        let is_of_term = move |one: &&Election| one.held_on > own.held_on && one.term_ends == own.term_ends;
        self.elections.iter().filter(move |one| own.term_ends.is_some() && is_of_term(one))
    }
}

/// What becomes of a body and its elections once the day of one of them is right. `before` are the figures that held on
/// the day that was entered, `after` those of the right one.
///
/// # Errors
/// The day is the same, does not lie where it can, or the rules of that day do not allow what was elected.
pub fn righted(wrong: &Wrong<'_>, before: &Figures, after: &Figures, today: Date) -> Result<Righted, Refusal> {
    let Wrong { election, right_on, .. } = *wrong;
    if right_on == election.held_on {
        return Err(Refusal::new(Why::BodiesSameDay).field(FIELD));
    }
    if let Some(refusal) = outside(FIELD, right_on, &wrong.span(today)) {
        return Err(refusal);
    }
    let is_by_election = election.is_by_election(wrong.elections);
    let held = Held {
        on: right_on,
        members: u32::try_from(election.members).unwrap_or_default(),
        women: u32::try_from(election.women).unwrap_or_default(),
        own_years: own_years(before, election).filter(|_| !is_by_election),
        is_by_election,
    };
    if let Some(refusal) = terms::composition(after, &held).into_iter().next() {
        return Err(refusal.field(FIELD));
    }
    let right = Election {
        id: Election::id_on(election.body, right_on),
        held_on: right_on,
        term_ends: terms::term_end(after, &held, election.term_ends),
        file_by: terms::file_by(after, right_on),
        ..election.clone()
    };
    let followed = wrong.followed_by().filter(|_| !is_by_election);
    let by_elections: Vec<Election> =
        followed.map(|one| Election { term_ends: right.term_ends, ..one.clone() }).collect();
    if by_elections.iter().any(|one| right.term_ends.is_none_or(|ends| one.held_on >= ends)) {
        return Err(Refusal::new(Why::BodiesNoTerm).field(FIELD));
    }
    let body = body_of(wrong, &right, &by_elections);
    Ok(Righted { election: right, by_elections, body })
}

/// The term in years that the body's own rules set at an election, where they set one.
fn own_years(figures: &Figures, election: &Election) -> Option<u32> {
    let (months, ends) = (figures.term_months?, election.term_ends?);
    let ends_after = |months: i64| date_plus_months(election.held_on, months) == Some(ends);
    if ends_after(months) {
        return None;
    }
    let years = (1..=months / MONTHS_PER_YEAR).find(|years| ends_after(years * MONTHS_PER_YEAR))?;
    u32::try_from(years).ok()
}

/// The body once an election of its term is right. What became of earlier terms changes nothing of it.
fn body_of(wrong: &Wrong<'_>, right: &Election, by_elections: &[Election]) -> Body {
    let Wrong { body, elections, election, .. } = *wrong;
    let Some(since) = body.elected_on.filter(|since| election.held_on >= *since) else { return body.clone() };
    let begins_it = election.held_on == since;
    let elected_on = if begins_it { right.held_on } else { since };
    let stays = |one: &&Election| one.id != election.id && by_elections.iter().all(|other| other.id != one.id);
    let all = elections.iter().filter(stays).chain(by_elections).chain([right]);
    let unfiled = all.filter(|one| one.held_on >= elected_on && one.filed_on.is_none());
    Body {
        elected_on: Some(elected_on),
        term_ends: if begins_it { right.term_ends } else { body.term_ends },
        file_by: unfiled.filter_map(|one| one.file_by).min(),
        ..body.clone()
    }
}

#[cfg(test)]
mod tests {
    use kernel::place::{PlaceId, PlacePath};
    use kernel::refusal::Code;
    use kernel::time::Instant;
    use uuid::Uuid;

    use super::*;

    const OWNERS: Figures =
        Figures { least: Some(5), most: Some(11), women: None, odd: true, term_months: Some(60), file_days: Some(30) };

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn election(on: &str, ends: &str, filed_on: Option<&str>) -> Election {
        Election {
            district: PlaceId(4),
            id: Election::id_on(Uuid::nil(), day(on)),
            body: Uuid::nil(),
            held_on: day(on),
            members: 7,
            women: 2,
            term_ends: Some(day(ends)),
            file_by: terms::file_by(&OWNERS, day(on)),
            filed_on: filed_on.map(day),
            noted_name: String::new(),
            noted_at: Instant::from_micros(0),
            link: String::new(),
        }
    }

    fn body(elected_on: &str, term_ends: &str, file_by: Option<&str>) -> Body {
        Body {
            district: PlaceId(4),
            id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            kind: "owners".to_owned(),
            name: "翠湖业委会".to_owned(),
            purpose: String::new(),
            telephone: String::new(),
            address: String::new(),
            hours: String::new(),
            elected_on: Some(day(elected_on)),
            term_ends: Some(day(term_ends)),
            file_by: file_by.map(day),
            ended_on: None,
            changed_name: String::new(),
            changed_at: Instant::from_micros(0),
            compound: String::new(),
        }
    }

    /// Corrects the day of the election of a day.
    fn corrected(body: &Body, all: &[Election], on: &str, right_on: &str) -> Result<Righted, Code> {
        let election = all.iter().find(|one| one.held_on == day(on)).unwrap();
        let wrong = Wrong { body, elections: all, election, right_on: day(right_on), not_before: None };
        righted(&wrong, &OWNERS, &OWNERS, day("2026-11-23")).map_err(|refusal| refusal.code)
    }

    #[test]
    fn term_and_papers_follow_from_the_right_day() {
        let all = [election("2026-11-02", "2031-11-02", None)];
        let found = corrected(&body("2026-11-02", "2031-11-02", Some("2026-12-02")), &all, "2026-11-02", "2026-10-20");
        let found = found.unwrap();
        assert_eq!(found.body.elected_on, Some(day("2026-10-20")));
        assert_eq!(found.body.term_ends, Some(day("2031-10-20")));
        assert_eq!(found.body.file_by, Some(day("2026-11-19")), "counted from the right day");
        assert_eq!(found.election.term_ends, Some(day("2031-10-20")));
        assert_eq!(found.election.id, Election::id_on(Uuid::nil(), day("2026-10-20")));
        // A term that the compound's own rules set stays as long as it was.
        let short = [election("2026-11-02", "2029-11-02", Some("2026-11-10"))];
        let found = corrected(&body("2026-11-02", "2029-11-02", None), &short, "2026-11-02", "2026-11-09").unwrap();
        assert_eq!(found.body.term_ends, Some(day("2029-11-09")));
        assert_eq!(found.body.file_by, None, "its papers are filed");
    }

    #[test]
    fn by_elections_follow_the_term_and_an_earlier_term_changes_nothing_of_the_body() {
        let all = [
            election("2018-03-01", "2023-03-01", Some("2018-03-20")),
            election("2023-03-01", "2028-03-01", Some("2023-03-20")),
            election("2025-06-01", "2028-03-01", None),
        ];
        let own = body("2023-03-01", "2028-03-01", Some("2025-07-01"));
        let found = corrected(&own, &all, "2023-03-01", "2023-03-11").unwrap();
        let ends: Vec<Option<Date>> = found.by_elections.iter().map(|one| one.term_ends).collect();
        assert_eq!((ends, found.body.term_ends), (vec![Some(day("2028-03-11"))], Some(day("2028-03-11"))));
        assert_eq!(found.body.file_by, own.file_by, "that of the by-election");
        let found = corrected(&own, &all, "2025-06-01", "2025-06-03").unwrap();
        assert_eq!((found.body.term_ends, found.body.file_by), (own.term_ends, Some(day("2025-07-03"))));
        assert!(found.by_elections.is_empty() && found.body.elected_on == own.elected_on);
        let found = corrected(&own, &all, "2018-03-01", "2018-03-05").unwrap();
        assert_eq!((found.body, found.election.term_ends), (own, Some(day("2023-03-05"))));
    }

    #[test]
    fn the_right_day_stays_where_it_can_lie() {
        let all = [
            election("2018-03-01", "2023-03-01", Some("2018-03-20")),
            election("2023-03-01", "2028-03-01", Some("2023-03-20")),
            election("2025-06-01", "2028-03-01", None),
        ];
        let own = body("2023-03-01", "2028-03-01", Some("2025-07-01"));
        for (on, right_on, expected) in [
            ("2023-03-01", "2023-03-01", Some(Why::BodiesSameDay)),
            ("2023-03-01", "2018-03-01", Some(Code::CaseDayOutside)),
            ("2023-03-01", "2023-03-20", None),
            ("2023-03-01", "2023-03-21", Some(Code::CaseDayOutside)),
            ("2025-06-01", "2023-03-02", None),
            ("2025-06-01", "2023-03-01", Some(Code::CaseDayOutside)),
            ("2025-06-01", "2026-11-23", None),
            ("2025-06-01", "2026-11-24", Some(Code::CaseDayOutside)),
        ] {
            assert_eq!(corrected(&own, &all, on, right_on).err(), expected, "{on} → {right_on}");
        }
        let [_, _, election] = &all;
        let (right_on, not_before) = (day("2025-06-05"), Some(day("2025-06-06")));
        let wrong = Wrong { body: &own, elections: &all, election, right_on, not_before };
        let found = righted(&wrong, &OWNERS, &OWNERS, day("2026-11-23")).map_err(|refusal| refusal.code);
        assert_eq!(found.err(), Some(Code::CaseDayOutside), "the vote ended later");
        // What was elected is measured by the rules of the right day.
        let fewer = Figures { most: Some(5), ..OWNERS };
        let wrong = Wrong { not_before: None, ..wrong };
        let found = righted(&wrong, &OWNERS, &fewer, day("2026-11-23")).unwrap_err();
        assert_eq!((found.code, found.field.as_deref()), (Why::BodiesMany, Some("right_on")));
    }
}
