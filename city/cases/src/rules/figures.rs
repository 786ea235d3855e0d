//! What one event adds to the figures of its month: pure, so that a recount from the log must come to the same.
//!
//! Volume and papers count where the applicant lives and at the counter that took it in, decisions, times and ratings
//! at the office.

use std::collections::BTreeMap;

use kernel::case::{Case, Event, Outcome, Recorded};
use kernel::figure::Amounts;
use kernel::place::PlacePath;
use kernel::procedure::{Procedure, Waits};
use kernel::time::{Date, Instant, Zone};

pub use kernel::figure::Cell;

macro_rules! counts {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        /// The sums of one place, department and day or month. Each only grows, but for ratings that are set aside.
        /// Their order is that of the columns in which they are kept: a new one goes to the end.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Month {
            $($(#[$meta])* pub $name: i64,)+
        }

        impl Month {
            /// The names of the sums, in the order of their columns.
            pub const COLUMNS: &'static [&'static str] = &[$(stringify!($name)),+];

            /// The columns that are counted for a place and for no department: what residents asked for and where.
            pub const OF_NO_DEPARTMENT: &'static [&'static str] = &[
                "applied", "online", "taken", "cross_community", "cross_district", "papers_asked", "papers_waived", "trips_saved",
            ];

            /// The values in the order of the columns.
            #[must_use]
            pub fn values(&self) -> Vec<i64> {
                vec![$(self.$name),+]
            }

            /// The sums by their columns.
            #[must_use]
            pub fn amounts(&self) -> Amounts {
                Amounts::new([$(self.$name),+])
            }

            /// Reads the sums from their columns.
            #[must_use]
            pub fn from_amounts(amounts: &Amounts) -> Self {
                let mut values = amounts.values();
                Self { $($name: values.next().unwrap_or_default()),+ }
            }

            /// Adds another's figures.
            pub fn add(&mut self, other: &Self) {
                $(self.$name = self.$name.saturating_add(other.$name);)+
            }
        }
    };
}

counts! {
    /// Applications, where the applicant lives.
    applied,
    /// Of them online.
    online,
    /// Taken in at a counter, at that counter.
    taken,
    /// Of them for a resident of another community.
    cross_community,
    /// Of them for a resident of another district.
    cross_district,
    /// Papers asked for, where the applicant lives.
    papers_asked,
    /// Of them not needed because a check showed it.
    papers_waived,
    /// Decided, at the office that decided.
    decided,
    /// Of them granted.
    granted,
    /// Of them on the day of acceptance.
    instant,
    /// Of them by the promised date.
    on_time,
    /// Of them after the statutory date.
    over_law,
    /// Requests for correction.
    corrections,
    /// Ways saved: applied online, papers supplied online, result not collected in person.
    trips_saved,
    /// Minutes that cases lay with the office.
    minutes_office,
    /// Minutes that they waited at a counter.
    minutes_counter,
    /// Minutes that they waited for the applicant.
    minutes_applicant,
    /// Rated.
    rated,
    /// Of them three or better.
    rated_good,
    /// Sum of the scores.
    rated_sum,
    /// Rated, without those set aside as mistakes.
    adjusted,
    /// Of them three or better after the follow-up.
    adjusted_good,
    /// Poor ratings that were followed up.
    followed_up,
    /// Asked after by a higher level.
    supervised,
}

/// The lowest score that counts as satisfied (基本满意).
const GOOD: u8 = 3;
/// Ways of handing a result over that spare a way.
const WITHOUT_COMING: [&str; 3] = ["by_post", "electronic", "paid"];

/// What one event adds, cell by cell.
#[must_use]
pub fn tallies(
    before: Option<&Case>,
    recorded: &Recorded,
    after: &Case,
    procedure: &Procedure,
    zone: Zone,
) -> BTreeMap<Cell, Month> {
    let mut tally = Tally { cells: BTreeMap::new(), day: zone.date(recorded.at) };
    match &recorded.event {
        Event::Opened(_) => tally.opened(after),
        Event::Acted { fields, from, .. } => {
            let own = recorded.by.role == kernel::case::Signature::APPLICANT;
            tally.passed(before, from, procedure, recorded.at);
            tally.acted(after, procedure, own, fields);
        }
        Event::Rated { score, .. } => tally.rated(after, *score),
        Event::FollowedUp { .. } => tally.at_office(after).followed_up += 1,
        Event::Supervised { .. } => tally.at_office(after).supervised += 1,
        _ => {}
    }
    if let Some(before) = before {
        tally.decided(before, after, zone);
        tally.adjusted(before, after);
    } else if after.ended_at().is_some() {
        tally.decided(after, after, zone);
    }
    tally.cells
}

/// The month of a moment, as `2026-11`.
#[must_use]
pub fn month(zone: Zone, at: Instant) -> String {
    kernel::figure::month_of(zone.date(at))
}

/// The first day of the month that is asked for, as `2026-11`: of this month where none is named. None where it is no
/// month, or one that lies ahead.
#[must_use]
pub fn month_asked(asked: &str, zone: Zone, now: Instant) -> Option<Date> {
    let this = month(zone, now);
    let asked = if asked.is_empty() { this.as_str() } else { asked };
    let first: Date = format!("{asked}-01").parse().ok()?;
    (kernel::figure::month_of(first) == asked && first <= zone.date(now)).then_some(first)
}

struct Tally {
    cells: BTreeMap<Cell, Month>,
    day: Date,
}

impl Tally {
    fn at(&mut self, place: &PlacePath, department: &str) -> &mut Month {
        let cell = Cell { place: place.clone(), department: department.to_owned(), day: self.day };
        self.cells.entry(cell).or_default()
    }

    fn at_office(&mut self, case: &Case) -> &mut Month {
        let department = case.decider.department.clone().unwrap_or_default();
        self.at(&case.decider.place, &department)
    }

    fn opened(&mut self, case: &Case) {
        let home = self.at(case.residence(), "");
        home.applied += 1;
        home.online += i64::from(case.online());
        home.papers_asked += i64::try_from(case.papers().len()).unwrap_or(0);
        home.papers_waived += i64::try_from(case.papers().values().filter(|paper| paper.waived).count()).unwrap_or(0);
        home.trips_saved += i64::from(case.online() && case.counter().is_none());
        if let Some(counter) = case.counter().cloned() {
            let taken = self.at(&counter, "");
            taken.taken += 1;
            taken.cross_community += i64::from(counter != *case.residence());
            taken.cross_district += i64::from(counter.district() != case.residence().district());
        }
    }

    /// The time a case lay in the state it leaves, for whoever had to act.
    fn passed(&mut self, before: Option<&Case>, from: &str, procedure: &Procedure, at: Instant) {
        let Some((before, state)) = before.zip(procedure.states.get(from)) else { return };
        let minutes = at.micros().saturating_sub(before.entered_at.micros()).max(0) / 60_000_000;
        let place = before.office.place.clone();
        let cell = self.at(&place, &before.office.department.clone().unwrap_or_default());
        match state.waits_for {
            Waits::Office => cell.minutes_office += minutes,
            Waits::Counter => cell.minutes_counter += minutes,
            Waits::Applicant => cell.minutes_applicant += minutes,
            Waits::Party | Waits::Nobody => {}
        }
    }

    fn acted(&mut self, after: &Case, procedure: &Procedure, own: bool, fields: &BTreeMap<String, String>) {
        let state = procedure.states.get(&after.state);
        let asked = state.is_some_and(|state| state.waits_for == Waits::Applicant);
        self.at_office(after).corrections += i64::from(asked);
        let spared = fields.get("handed_to").is_some_and(|how| WITHOUT_COMING.contains(&how.as_str()));
        let supplied = own && !after.papers().is_empty() && after.outcome.is_none();
        let home = after.residence().clone();
        self.at(&home, "").trips_saved += i64::from(spared) + i64::from(supplied);
    }

    /// Counted once: when the clocks end with a decision.
    fn decided(&mut self, before: &Case, after: &Case, zone: Zone) {
        let Some(ended) = after.ended_at().filter(|_| before.ended_at().is_none()) else { return };
        if !matches!(after.decided(), Some(Outcome::Granted | Outcome::Refused)) {
            return;
        }
        let day = zone.date(ended);
        let instant = after.accepted_at.is_some_and(|at| zone.date(at) == day);
        let office = self.at_office(after);
        office.decided += 1;
        office.granted += i64::from(after.decided() == Some(Outcome::Granted));
        office.instant += i64::from(instant);
        office.on_time += i64::from(after.promised_due().is_none_or(|due| day <= due));
        office.over_law += i64::from(after.legal_due().is_some_and(|due| day > due));
    }

    fn rated(&mut self, case: &Case, score: u8) {
        let office = self.at_office(case);
        office.rated += 1;
        office.rated_good += i64::from(score >= GOOD);
        office.rated_sum += i64::from(score);
    }

    /// What the adjusted rate gains or loses.
    fn adjusted(&mut self, before: &Case, after: &Case) {
        let (old, new) = (before.adjusted_rating(), after.adjusted_rating());
        if old == new {
            return;
        }
        let office = self.at_office(after);
        office.adjusted += i64::from(new.is_some()) - i64::from(old.is_some());
        let good = |score: Option<u8>| i64::from(score.is_some_and(|score| score >= GOOD));
        office.adjusted_good += good(new) - good(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::indicators::INDICATORS;
    use kernel::figure::Indicator;

    #[test]
    fn sums_and_columns_are_in_one_order() {
        let month = Month { applied: 1, taken: 3, supervised: 24, ..Month::default() };
        assert_eq!(Month::from_amounts(&month.amounts()), month);
        assert_eq!(Month::COLUMNS.len(), month.values().len());
        assert_eq!((Month::COLUMNS.first(), Month::COLUMNS.last()), (Some(&"applied"), Some(&"supervised")));
        assert_eq!((month.amounts().of(1), month.amounts().of(3), month.amounts().of(24)), (1, 3, 24));
        let mut twice = month;
        twice.add(&month);
        assert_eq!(twice.taken, 6);
    }

    #[test]
    fn every_sum_is_an_indicator_with_its_column() {
        for (slot, name) in (1..).zip(Month::COLUMNS) {
            let code = format!("cases.{name}");
            let found = INDICATORS.iter().find(|indicator| indicator.code == code);
            assert_eq!(found.and_then(Indicator::slot), Some(slot), "{code}");
        }
        let sums = INDICATORS.iter().filter(|indicator| indicator.slot().is_some()).count();
        assert_eq!(sums, Month::COLUMNS.len());
        assert_eq!(kernel::figure::faults("cases", INDICATORS), Vec::<String>::new());
    }
}
