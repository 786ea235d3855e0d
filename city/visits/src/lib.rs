//! Visits (预约·排队取号·上门服务) are an agreed time at any counter, the queue of a day, and a worker who comes to
//! people who cannot come.
//!
//! They serve residents who do not want to wait and the workers who help them (MISSION part 13). Working days and hours
//! come from `data/calendar`, and the figures (`visits.…`) from the rulebook. Names, telephone numbers and addresses
//! are sealed separately for each visit, until some days after its day. Nobody is ever asked why she cannot come.

pub mod actions;
pub mod pages;
pub mod records;
pub mod rules;
pub mod words;

pub use actions::{RECIPIENT, notice, of_next_day, still_agreed};
pub use records::visit::{Visit, relocate};
pub use words::{Booking, Deed, Kind, Plan, Slot, State};

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use cases::{Cases, Fault, PassKey};
use counter::Counter;
use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{Migration, Store};
use web::{Audience, NavItem};

/// Lists the migrations of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "visits/0001_visits", sql: include_str!("../migrations/0001_visits.sql") }];

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Names the cookie with the proof that somebody gave a visit's number together with the telephone number.
const PASS_COOKIE: &str = "visit_pass";

/// Holds the desk of visits: the counter at which it works, and the key that signs passes.
pub struct Visits {
    /// The counter, with catalogue, places and cases.
    pub counter: Arc<Counter>,
    pass_key: PassKey,
}

impl Visits {
    /// Makes a desk of visits at the counters of a city.
    #[must_use]
    pub fn new(counter: Arc<Counter>) -> Self {
        let pass_key = PassKey::new(counter.cases.vault.derive_key("visits.pass"));
        Self { counter, pass_key }
    }

    pub(crate) fn cases(&self) -> &Cases {
        &self.counter.cases
    }

    pub(crate) fn store(&self) -> &Store {
        &self.counter.cases.store
    }

    pub(crate) fn today(&self, now: Instant) -> Date {
        self.cases().calendar().zone().date(now)
    }

    /// Returns a whole number of the rulebook at a place.
    pub(crate) fn figure(&self, code: &str, place: &PlacePath, on: Date) -> Result<i64, Fault> {
        Ok(self.cases().rulebook.number(code, place, on)?)
    }

    /// Returns the figures that hold at a counter.
    pub(crate) fn plan(&self, place: &PlacePath, on: Date) -> Result<Plan, Fault> {
        let minutes = self.figure(rulebook::VISITS_SLOT_MINUTES, place, on)?;
        let wrong = |fault: std::num::TryFromIntError| Fault::Broken(format!("visits.slot_minutes: {fault}"));
        Ok(Plan {
            slot_minutes: u32::try_from(minutes).map_err(wrong)?,
            slot_capacity: self.figure(rulebook::VISITS_SLOT_CAPACITY, place, on)?,
            days_ahead: self.figure(rulebook::VISITS_DAYS_AHEAD, place, on)?,
            home_per_day: self.figure(rulebook::VISITS_HOME_PER_DAY, place, on)?,
        })
    }

    /// Returns the community of an address. A counter is nowhere else.
    pub(crate) fn community(&self, id: i64) -> Option<PlacePath> {
        let tree = self.cases().places.tree();
        tree.get(PlaceId(id)).filter(|place| place.level == Level::Community).map(|place| place.path.clone())
    }
}

/// Returns the links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![
        NavItem { key: "visits-nav", href: "/appointments", permission: None, order: 15, audience: Audience::Public },
        NavItem {
            key: "visits-nav-staff",
            href: "/visits",
            permission: Some(Permission::CaseRead),
            order: 25,
            audience: Audience::Staff,
        },
    ]
}

/// Returns the pages of appointments, of the queue and of home visits.
pub fn routes(visits: Arc<Visits>) -> Router {
    Router::new()
        .route("/appointments", get(pages::start::get).post(pages::start::post))
        .route("/appointments/{kind}", get(pages::book::get).post(pages::book::post))
        .route("/visits", get(pages::day::get))
        .route("/visits.xlsx", get(pages::day::export))
        .route("/visits/route", get(pages::route::get).post(pages::route::post))
        .route("/visits/{number}", get(pages::visit::get))
        .route("/visits/{number}/act", post(pages::visit::act))
        .route("/visits/{number}/person", post(pages::visit::open_person))
        .route("/counters/{id}/queue", get(pages::queue::screen))
        .route("/counters/{id}/desk", get(pages::queue::get).post(pages::queue::post))
        .with_state(visits)
}
