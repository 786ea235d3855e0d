//! Elections and terms: how many are elected, when the term ends, by when the papers are filed, and what is due.

use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, MONTHS_PER_YEAR, date_plus_days, date_plus_months};

use crate::refusals::Why;
use crate::words::{Body, Figures, Held};

/// What is wrong with the composition of a body that was elected (人民调解法第八条, 业主大会和业主委员会指导规则
/// 第三十一条).
#[must_use]
pub fn composition(figures: &Figures, held: &Held) -> Vec<Refusal> {
    let mut faults = Vec::new();
    let Held { members, women, own_years, .. } = *held;
    if members == 0 {
        faults.push(Refusal::new(Code::FormMissing).field("members"));
        return faults;
    }
    if women > members {
        faults.push(Refusal::new(Code::FormNumber).field("women").with("from", 0).with("to", members));
        return faults;
    }
    // The rules of a compound set a shorter term, never a longer one.
    let years = figures.term_months.map_or(0, |months| months / MONTHS_PER_YEAR);
    if own_years.is_some_and(|own| !(1..=years).contains(&i64::from(own))) {
        faults.push(Refusal::new(Code::FormNumber).field("own_years").with("from", 1).with("to", years));
    }
    if let Some(least) = figures.least.filter(|least| members < *least) {
        faults.push(Refusal::new(Why::BodiesFew).field("members").with("least", least));
    }
    if let Some(most) = figures.most.filter(|most| members > *most) {
        faults.push(Refusal::new(Why::BodiesMany).field("members").with("most", most));
    }
    if figures.odd && members % 2 == 0 {
        faults.push(Refusal::new(Why::BodiesOdd).field("members"));
    }
    if let Some(least) = figures.women.filter(|least| women < *least) {
        faults.push(Refusal::new(Why::BodiesWomen).field("women").with("women", least));
    }
    faults
}

/// What is wrong with a by-election on a day on which no term runs. `running` is the end of the body's term.
#[must_use]
pub fn no_term(held: &Held, running: Option<Date>) -> Option<Refusal> {
    let is_over = running.is_none_or(|ends| held.on >= ends);
    (held.is_by_election && is_over).then(|| Refusal::new(Why::BodiesNoTerm).field("by_election"))
}

/// What is wrong with a by-election for which a term of its own is given: the term that runs stays as it is.
#[must_use]
pub fn term_stays(held: &Held) -> Option<Refusal> {
    let gives_one = held.is_by_election && held.own_years.is_some();
    gives_one.then(|| Refusal::new(Why::BodiesTermStays).field("own_years"))
}

/// The day on which the term of an election ends: by the body's own rules where they set a term. Whoever comes by a
/// by-election stays until the end of the term that runs.
#[must_use]
pub fn term_end(figures: &Figures, held: &Held, running: Option<Date>) -> Option<Date> {
    if held.is_by_election {
        return running;
    }
    let own = held.own_years.map(|years| i64::from(years) * MONTHS_PER_YEAR);
    date_plus_months(held.on, own.or(figures.term_months)?)
}

/// The last day to file the papers of an election. The day of the election is not counted.
#[must_use]
pub fn file_by(figures: &Figures, held_on: Date) -> Option<Date> {
    date_plus_days(held_on, figures.file_days?)
}

/// What is due of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its term is over.
    Over(Date),
    /// Its term ends soon.
    Ends(Date),
    /// The papers of its election are to be filed.
    Papers(Date),
    /// The papers of its election are late.
    PapersLate(Date),
}

impl Due {
    /// The day that it names.
    #[must_use]
    pub const fn on(self) -> Date {
        match self {
            Self::Over(on) | Self::Ends(on) | Self::Papers(on) | Self::PapersLate(on) => on,
        }
    }

    /// The key of its words, which name the day.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Over(_) => "bodies-due-over",
            Self::Ends(_) => "bodies-due-ends",
            Self::Papers(_) => "bodies-due-papers",
            Self::PapersLate(_) => "bodies-due-papers-late",
        }
    }

    /// The key of the words of a notice, which name the day and the body.
    #[must_use]
    pub const fn notice(self) -> &'static str {
        match self {
            Self::Over(_) => "bodies-notice-over",
            Self::Ends(_) => "bodies-notice-ends",
            Self::Papers(_) => "bodies-notice-papers",
            Self::PapersLate(_) => "bodies-notice-papers-late",
        }
    }

    /// Whether it should have been done already.
    #[must_use]
    pub const fn is_late(self) -> bool {
        matches!(self, Self::Over(_) | Self::PapersLate(_))
    }
}

/// The last day of a term that is looked at today.
#[must_use]
pub fn looks_ahead(today: Date, warn_days: i64) -> Date {
    date_plus_days(today, warn_days).unwrap_or(today)
}

/// What is due of a body. Papers are due as long as they are not filed; an election is due from so many days before the
/// end of the term.
#[must_use]
pub fn due(body: &Body, today: Date, warn_days: i64) -> Vec<Due> {
    if body.ended_on.is_some() {
        return Vec::new();
    }
    let soon = looks_ahead(today, warn_days);
    let term = body.term_ends.filter(|ends| *ends <= soon);
    let term = term.map(|ends| if ends <= today { Due::Over(ends) } else { Due::Ends(ends) });
    let papers = body.file_by.map(|by| if by < today { Due::PapersLate(by) } else { Due::Papers(by) });
    term.into_iter().chain(papers).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlacePath;
    use kernel::time::Instant;
    use uuid::Uuid;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// A mediation committee by the law of 2010: three to nine, a woman at least, three years.
    const MEDIATION: Figures =
        Figures { least: Some(3), most: Some(9), women: Some(1), odd: false, term_months: Some(36), file_days: None };
    const OWNERS: Figures =
        Figures { least: Some(5), most: Some(11), women: None, odd: true, term_months: Some(60), file_days: Some(30) };

    #[test]
    fn a_committee_has_as_many_as_the_law_says() {
        for (figures, members, women, wrong) in [
            (&MEDIATION, 5, 1, vec![]),
            (&MEDIATION, 3, 1, vec![]),
            (&MEDIATION, 9, 9, vec![]),
            (&MEDIATION, 5, 0, vec![Why::BodiesWomen]),
            (&MEDIATION, 10, 4, vec![Why::BodiesMany]),
            (&MEDIATION, 10, 0, vec![Why::BodiesMany, Why::BodiesWomen]),
            (&MEDIATION, 2, 1, vec![Why::BodiesFew]),
            (&MEDIATION, 3, 4, vec![Code::FormNumber]),
            (&MEDIATION, 0, 0, vec![Code::FormMissing]),
            (&OWNERS, 5, 0, vec![]),
            (&OWNERS, 6, 3, vec![Why::BodiesOdd]),
            (&OWNERS, 13, 3, vec![Why::BodiesMany]),
            (&Figures::default(), 40, 0, vec![]),
        ] {
            let held = Held { on: day("2026-01-01"), members, women, own_years: None, is_by_election: false };
            let found: Vec<Code> = composition(figures, &held).iter().map(|fault| fault.code).collect();
            assert_eq!(found, wrong, "{members} {women}");
        }
    }

    #[test]
    fn a_term_ends_on_the_same_day_of_a_later_year() {
        let held = |own_years| Held { on: day("2023-05-01"), members: 5, women: 1, own_years, is_by_election: false };
        assert_eq!(term_end(&MEDIATION, &held(None), None), Some(day("2026-05-01")));
        assert_eq!(term_end(&OWNERS, &held(Some(3)), None), Some(day("2026-05-01")), "its own rules set less");
        assert_eq!(term_end(&Figures::default(), &held(None), None), None);
        for (own, is_taken) in [(0, false), (1, true), (5, true), (6, false)] {
            assert_eq!(composition(&OWNERS, &held(Some(own))).is_empty(), is_taken, "{own}");
        }
        assert!(!composition(&Figures::default(), &held(Some(1))).is_empty(), "there is no term to shorten");
        assert_eq!(file_by(&OWNERS, day("2026-03-01")), Some(day("2026-03-31")), "the day itself is not counted");
    }

    #[test]
    fn a_by_election_fills_places_of_the_term_that_runs() {
        let (ends, code) = (Some(day("2026-05-01")), Some(Why::BodiesNoTerm));
        for (on, is_by_election, running, refused, term) in [
            ("2025-03-01", true, ends, None, ends),
            ("2026-04-30", true, ends, None, ends),
            ("2026-05-01", true, ends, code, ends),
            ("2025-03-01", true, None, code, None),
            ("2025-03-01", false, ends, None, Some(day("2028-03-01"))),
        ] {
            let held = Held { on: day(on), members: 5, women: 1, own_years: None, is_by_election };
            let found = no_term(&held, running).map(|refusal| refusal.code);
            assert_eq!((found, term_end(&MEDIATION, &held, running)), (refused, term), "{on} {is_by_election}");
        }
    }

    #[test]
    fn a_by_election_gives_no_term_of_its_own() {
        for (own_years, is_by_election, expected) in
            [(Some(3), true, Some("own_years")), (None, true, None), (Some(3), false, None)]
        {
            let held = Held { on: day("2025-03-01"), members: 5, women: 1, own_years, is_by_election };
            let found = term_stays(&held);
            let field = found.as_ref().and_then(|refusal| refusal.field.as_deref());
            assert_eq!(field, expected, "{own_years:?} {is_by_election}");
        }
    }

    #[test]
    fn what_is_due_is_told_before_and_after() {
        let body = |term_ends: Option<&str>, file_by: Option<&str>| Body {
            district: kernel::place::PlaceId(4),
            id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            kind: "owners".to_owned(),
            name: "翠湖业委会".to_owned(),
            purpose: String::new(),
            telephone: String::new(),
            address: String::new(),
            hours: String::new(),
            elected_on: None,
            term_ends: term_ends.map(day),
            file_by: file_by.map(day),
            ended_on: None,
            changed_name: String::new(),
            changed_at: Instant::from_micros(0),
            compound: String::new(),
        };
        let today = day("2026-05-01");
        for (term, papers, told) in [
            (Some("2026-05-01"), None, vec![Due::Over(day("2026-05-01"))]),
            (Some("2026-05-02"), None, vec![Due::Ends(day("2026-05-02"))]),
            (Some("2026-07-30"), None, vec![Due::Ends(day("2026-07-30"))]),
            (Some("2026-07-31"), None, vec![]),
            (None, Some("2026-05-01"), vec![Due::Papers(day("2026-05-01"))]),
            (None, Some("2026-04-30"), vec![Due::PapersLate(day("2026-04-30"))]),
            (None, None, vec![]),
        ] {
            assert_eq!(due(&body(term, papers), today, 90), told, "{term:?} {papers:?}");
        }
        let ended = Body { ended_on: Some(today), ..body(Some("2026-05-01"), Some("2026-04-30")) };
        assert_eq!(due(&ended, today, 90), vec![]);
        assert!(Due::Over(today).is_late() && !Due::Papers(today).is_late() && Due::Papers(today).on() == today);
    }
}
