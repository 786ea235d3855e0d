//! The hall holds what every department needs and what is not the desk of cases.
//!
//! It holds the store, vault, places, rulebook, working calendar and clock, the figures that departments publish, the
//! page of the rows behind them, and the single error type of all actions. A department without cases uses only the
//! hall and never imports `cases`.

mod access;
mod actions;
mod fault;
pub mod figures;
pub mod hiding;
mod pages;
mod purposes;
mod records;
mod refusals;
mod sent;
mod words;

use std::sync::{Arc, PoisonError, RwLock};

use house::{Department, House, OpenFault};
use kernel::calendar::Calendar;
use kernel::place::PlacePath;
use kernel::rule::{Measure, Rule, measure};
use kernel::time::{Clock, Date, Instant, Zone};
use places::Places;
use rulebook::Rulebook;
use store::{Migration, Store};
use vault::Vault;

pub use access::{AccessLine, AccessPage};
pub use fault::Fault;
pub use pages::{Behind, Home, Line, Listed, Opening, SumPart, confidential_rows_page, counted_otherwise, rows_page};

pub use purposes::{PurposeFields, Purposes, Stated};
pub use refusals::Why;
pub use sent::Sent;
pub use words::{FIGURES_LEAST, PERSONS_A_DAY};

/// The tables of the hall: the figures that all departments publish, and confirmations of looks beyond the measure.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "hall/0001_figures", sql: include_str!("../migrations/0001_figures.sql") },
    Migration { name: "hall/0002_confidential", sql: include_str!("../migrations/0002_confidential.sql") },
    Migration { name: "hall/0003_more_looks", sql: include_str!("../migrations/0003_more_looks.sql") },
];

/// The texts of the hall: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The hall as a part of the house: it reads the calendar and keeps the figures of all departments.
pub const DEPARTMENT: Department = Department {
    name: "hall",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: words::RULES,
    open,
    ..Department::EMPTY
};

/// What every department works with.
pub struct Hall {
    /// Where everything is remembered.
    pub store: Store,
    /// Where persons are sealed.
    pub vault: Arc<Vault>,
    /// The tree of places.
    pub places: Arc<Places>,
    /// Figures and limits.
    pub rulebook: Arc<Rulebook>,
    /// Why somebody may look at personal data.
    pub purposes: Purposes,
    /// The time.
    pub clock: Clock,
    calendar: RwLock<Arc<Calendar>>,
    /// Which published figures are withheld, as it was decided lately.
    decisions: hiding::Decisions,
}

/// What a hall is made of, besides the store and the clock.
pub struct Parts {
    /// Where persons are sealed.
    pub vault: Arc<Vault>,
    /// The tree of places.
    pub places: Arc<Places>,
    /// Figures and limits.
    pub rulebook: Arc<Rulebook>,
    /// Working days and hours.
    pub calendar: Arc<Calendar>,
    /// Why somebody may look at personal data.
    pub purposes: Purposes,
}

impl Hall {
    /// Makes a hall over a store.
    #[must_use]
    pub fn new(store: Store, clock: Clock, parts: Parts) -> Self {
        let Parts { vault, places, rulebook, calendar, purposes } = parts;
        let calendar = RwLock::new(calendar);
        Self { store, vault, places, rulebook, purposes, clock, calendar, decisions: hiding::Decisions::default() }
    }

    /// Returns the working calendar in force.
    #[must_use]
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a calendar with a new notice in force. Dates that were provisional are then to be counted again.
    pub fn publish(&self, calendar: Arc<Calendar>) {
        *self.calendar.write().unwrap_or_else(PoisonError::into_inner) = calendar;
    }

    /// Returns the city's zone.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.calendar().zone()
    }

    /// Returns the city's day at a moment.
    #[must_use]
    pub fn day(&self, now: Instant) -> Date {
        self.zone().date(now)
    }

    /// Returns a figure of the rulebook that holds for the whole city today.
    ///
    /// # Errors
    /// Fails if the rulebook has no such value, or one in a unit of another kind.
    pub fn figure<M: Measure>(&self, rule: Rule<M>, now: Instant) -> Result<M::Figure, Fault> {
        Ok(self.rulebook.get_everywhere(rule, self.day(now))?)
    }

    /// Returns a figure of the rulebook at a place on a day.
    ///
    /// # Errors
    /// Fails if the rulebook has no such value there, or one in a unit of another kind.
    pub fn figure_at<M: Measure>(&self, rule: Rule<M>, place: &PlacePath, on: Date) -> Result<M::Figure, Fault> {
        Ok(self.rulebook.get(rule, place, on)?)
    }

    /// Returns the day on which a limit of the rulebook that begins at a moment is over.
    ///
    /// # Errors
    /// Fails if the rulebook has no such limit.
    pub fn day_after(&self, at: Instant, rule: Rule<measure::Limit>, now: Instant) -> Result<Date, Fault> {
        let limit = self.figure(rule, now)?;
        Ok(self.calendar().deadline(at, limit, &[], now).due_on)
    }
}

/// Reads the calendar from `data/calendar` and the purposes from `data/purposes.toml`, joins what the departments
/// before it keep, and checks that every figure that a department declares has a value today.
fn open(house: &mut House) -> Result<(), OpenFault> {
    let (vault, places, rulebook) = (house.get::<Vault>()?, house.get::<Places>()?, house.get::<Rulebook>()?);
    let calendar = Arc::new(calendar(house)?);
    let faults = rulebook.faults(&house.rules, calendar.zone().date((house.clock)()));
    if !faults.is_empty() {
        return Err(OpenFault::Faults(faults));
    }
    let purposes = Purposes::parse(&house.installation.data.file("purposes.toml")?).map_err(OpenFault::Sentences)?;
    let parts = Parts { vault, places, rulebook, calendar, purposes };
    let hall = Hall::new(house.store.clone(), house.clock.clone(), parts);
    house.keep(Arc::new(hall));
    Ok(())
}

/// Reads the working calendar of `data/calendar`.
///
/// # Errors
/// Fails if there is no file of holidays, and tells every fault of it with line and remedy.
fn calendar(house: &House) -> Result<Calendar, OpenFault> {
    let data = &house.installation.data;
    let days = data.files("calendar", ".csv")?.into_iter().next();
    let (_, days) = days.ok_or_else(|| OpenFault::Said("data/calendar has no CSV of holidays.".to_owned()))?;
    let calendar = Calendar::parse(&days, &data.file("calendar/city.toml")?).map_err(OpenFault::Faults)?;
    calendar.with_statutory(&data.file("calendar/statutory.toml")?).map_err(OpenFault::Faults)
}
