//! Stations (红色驿站·15分钟) says what each station offers and when, which one is near and open now, who lives within
//! fifteen minutes' walk of one, and where the next one would reach most people.
//!
//! It serves residents who look for a place nearby and the people who decide where stations open. See MISSION part 18.
//! Walking speeds and minutes come from the rulebook (`stations.…`, `walk.…`), compounds and ways from the geography
//! of `places`.

pub mod actions;
mod demonstration;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::{NEXT, Said};
pub use permissions::May;
pub use records::{Station, relocate};
pub use refusals::Why;
pub use words::{Service, Services};

use std::sync::Arc;

use axum::routing::{get, post};
use hall::Hall;
use house::{Chore, Department, House, OpenFault, Work, each_move};
use store::{Migration, Store};
use web::{Cost, Need, Routes};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "stations/0001_stations", sql: include_str!("../migrations/0001_stations.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Stations as a department.
pub const DEPARTMENT: Department = Department {
    name: "stations",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    open,
    work,
    ..Department::EMPTY
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Stations::new(house.get::<Hall>()?);
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Stations>()?;
    let shown = desk.clone();
    let (next, now) = (desk.clone(), house.clock.clone());
    let next =
        move |store: &Store, work: &jobs::Work, progress: &jobs::Progress| next.next(store, work, progress, now());
    Ok(Work {
        routes: routes(desk.clone()),
        chores: vec![Chore::asked(NEXT, jobs::worker(house.clock.clone(), next))],
        moved: vec![each_move(relocate)],
        demonstration: vec![Arc::new(move |stage| demonstration::register(&shown, stage))],
        ..pages::shown::shown(&desk)
    })
}

/// The desk of stations.
pub struct Stations {
    hall: Arc<Hall>,
}

impl Stations {
    /// Makes a desk over the city's places and rulebook.
    #[must_use]
    pub fn new(hall: Arc<Hall>) -> Self {
        Self { hall }
    }
}

/// Returns the routes of the pages.
pub fn routes(stations: Arc<Stations>) -> Routes {
    let edits = || Need::May(May::StationEdit);
    Routes::new()
        .route("/stations", Cost::page(Need::Anyone), get(pages::find::get))
        .route("/stations/list", Cost::page(edits()), get(pages::list::get))
        .route("/stations.xlsx", Cost::export(edits()), get(pages::list::export))
        .route("/stations/new", Cost::form(edits()), get(pages::edit::new).post(pages::edit::register))
        .route("/stations/coverage", Cost::export(edits()), get(pages::coverage::get))
        .route("/stations/coverage.xlsx", Cost::export(edits()), get(pages::coverage::export))
        .route("/stations/next", Cost::form(edits()), get(pages::next::get).post(pages::next::ask))
        .route("/stations/next/{work}", Cost::page(Need::SignedIn), get(pages::next::answer))
        .route("/stations/next/{work}/stop", Cost::form(Need::SignedIn), post(pages::next::stop))
        .route("/stations/{id}", Cost::page(Need::Anyone), get(pages::station::get))
        .route("/stations/{id}/edit", Cost::form(Need::SignedIn), get(pages::edit::get).post(pages::edit::change))
        .route("/stations/{id}/open", Cost::form(Need::SignedIn), post(pages::edit::set_open))
        .with_state(stations)
}
