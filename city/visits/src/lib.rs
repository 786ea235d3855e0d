//! Visits (预约·排队取号·上门服务) handles appointments at any counter, the queue of a day, and home visits to people
//! who cannot come.
//!
//! It serves residents who do not want to wait and the workers who help them (MISSION part 13). Working days and hours
//! come from `data/calendar`, and the figures (`visits.…`) from the rulebook. Names, telephone numbers and addresses
//! are sealed separately for each visit, and erased some days after it. Nobody is ever asked why she cannot come.

pub mod actions;
mod chores;
pub mod pages;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::{RECIPIENT, notice, of_next_day, still_agreed};
pub use records::visit::{Visit, relocate};
pub use refusals::Why;
pub use words::{Booking, Deed, Kind, Plan, Seats, Slot, State};

use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use cases::{Cases, CodeKey, PassKey};
use counter::Counter;
use hall::Fault;
use house::{Department, House, OpenFault, Work, each_move};
use kernel::permission::{Actor, Permission};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use rulebook::Rule;
use rulebook::measure::Measure;
use store::{Migration, Store};
use web::{Cost, Need, Routes};

/// Lists the migrations of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "visits/0001_visits", sql: include_str!("../migrations/0001_visits.sql") },
    Migration { name: "visits/0002_window", sql: include_str!("../migrations/0002_window.sql") },
];

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Visits as a department.
pub const DEPARTMENT: Department = Department {
    name: "visits",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: words::INDICATORS,
    open,
    work,
    ..Department::EMPTY
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Visits::new(house.get::<Counter>()?);
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Visits>()?;
    Ok(Work {
        routes: routes(desk.clone()),
        chores: vec![chores::remind(&desk, &house.installation.channels)],
        moved: vec![each_move(relocate)],
        recipients: vec![chores::recipient(&desk, house.get()?)],
        ..pages::shown::shown(&desk)
    })
}

/// Holds the desk of visits: the counter at which it works, and the keys of passes and of codes.
pub struct Visits {
    /// The counter, with catalogue, places and cases.
    pub counter: Arc<Counter>,
    pass_key: PassKey,
    code_key: CodeKey,
}

impl Visits {
    /// Makes a desk of visits at the counters of a city.
    #[must_use]
    pub fn new(counter: Arc<Counter>) -> Self {
        let vault = &counter.cases.hall.vault;
        let pass_key = PassKey::new(vault.derive_key("visits.pass"));
        let code_key = CodeKey::new(vault.derive_key("visits.code"));
        Self { counter, pass_key, code_key }
    }

    pub(crate) fn cases(&self) -> &Cases {
        &self.counter.cases
    }

    pub(crate) fn store(&self) -> &Store {
        &self.counter.cases.hall.store
    }

    pub(crate) fn today(&self, now: Instant) -> Date {
        self.cases().hall.calendar().zone().date(now)
    }

    /// A figure of the rulebook at a place.
    pub(crate) fn figure<M: Measure>(&self, rule: Rule<M>, place: &PlacePath, on: Date) -> Result<M::Figure, Fault> {
        Ok(self.cases().hall.rulebook.get(rule, place, on)?)
    }

    /// Returns the figures that hold at a counter.
    pub(crate) fn plan(&self, place: &PlacePath, on: Date) -> Result<Plan, Fault> {
        let minutes = self.figure(words::VISITS_SLOT_MINUTES, place, on)?;
        let wrong = |fault: std::num::TryFromIntError| Fault::Broken(format!("visits.slot_minutes: {fault}"));
        Ok(Plan {
            slot_minutes: u32::try_from(minutes).map_err(wrong)?,
            slot_capacity: i64::from(self.figure(words::VISITS_SLOT_CAPACITY, place, on)?),
            days_ahead: self.figure(words::VISITS_DAYS_AHEAD, place, on)?,
            home_per_day: i64::from(self.figure(words::VISITS_HOME_PER_DAY, place, on)?),
            kept_per_mille: i64::from(self.figure(words::VISITS_KEPT_SHARE, place, on)?).min(1_000),
        })
    }

    /// Returns which seats somebody may take: all of them if she takes in at a counter, whoever she books for.
    pub(crate) fn seats_for(actor: &Actor) -> Seats {
        if actions::reach(actor, Permission::CaseAccept).is_empty() { Seats::Open } else { Seats::All }
    }

    /// Returns the community of an address. A counter is nowhere else.
    pub(crate) fn community(&self, id: i64) -> Option<PlacePath> {
        let tree = self.cases().hall.places.tree();
        tree.get(PlaceId(id)).filter(|place| place.level == Level::Community).map(|place| place.path.clone())
    }
}

/// Returns the pages of appointments, of the queue and of home visits.
pub fn routes(visits: Arc<Visits>) -> Routes {
    let (opens, accepts) = (|| Need::May(Permission::PersonOpen), || Need::May(Permission::CaseAccept));
    Routes::new()
        .route("/appointments", Cost::form(Need::Anyone), get(pages::start::get).post(pages::start::post))
        .route("/appointments/{kind}", Cost::form(Need::Anyone), get(pages::book::get).post(pages::book::post))
        .route("/visits", Cost::page(Need::May(Permission::CaseRead)), get(pages::day::get))
        .route("/visits.xlsx", Cost::export(Need::May(Permission::CaseExport)), get(pages::day::export))
        .route("/visits/route", Cost::form(opens()), get(pages::route::get).post(pages::route::post))
        .route("/visits/rows", Cost::list(Need::May(words::ROWS.permission)), get(pages::rows::get))
        .route("/visits/{number}", Cost::page(Need::Anyone), get(pages::visit::get))
        .route("/visits/{number}/person", Cost::form(opens()), post(pages::visit::open_person))
        .route("/counters/{id}/queue", Cost::page(Need::Anyone), get(pages::queue::screen))
        .route("/counters/{id}/desk", Cost::form(accepts()), get(pages::queue::get).post(pages::queue::post))
        .merge(act_route(&visits))
        .with_state(visits)
}

/// The form of a visit, which leaves something behind, so it is bounded.
fn act_route(visits: &Visits) -> Routes<Arc<Visits>> {
    Routes::new()
        .route("/visits/{number}/act", Cost::form(visits.pass_or_post()), post(pages::visit::act))
        .wrapped(|answers| answers.route_layer(from_fn_with_state(visits.counter.clone(), counter::bounded)))
}
