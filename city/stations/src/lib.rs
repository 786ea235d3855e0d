//! Stations 红色驿站·15分钟: what each offers and when, which one is near and open now, who lives within a quarter of an hour's walk of one, and where
//! the next one would reach most people.
//!
//! For residents who look for a place nearby and for those who decide where stations open; MISSION part 18. Walking speeds and minutes come from the
//! rulebook (`stations.…`, `walk.…`), compounds and ways from the geography of `places`.

pub mod actions;
pub mod pages;
pub mod records;
pub mod rules;
pub mod words;

pub use actions::{NEXT, Said};
pub use records::{Station, relocate};
pub use words::{Service, Services};

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use hall::Hall;
use kernel::time::Clock;
use store::Migration;
use web::{Audience, NavItem};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "stations/0001_stations", sql: include_str!("../migrations/0001_stations.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The desk of stations.
pub struct Stations {
    hall: Arc<Hall>,
}

impl Stations {
    /// A desk over the city's places and rulebook.
    #[must_use]
    pub fn new(hall: Arc<Hall>) -> Self {
        Self { hall }
    }
}

/// Links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    let staff = Audience::Staff;
    vec![
        NavItem { key: "stations-nav", href: "/stations", permission: None, order: 35, audience: Audience::Public },
        NavItem {
            key: "stations-nav-coverage",
            href: "/stations/coverage",
            permission: Some(May::StationEdit),
            order: 50,
            audience: staff,
        },
    ]
}

/// Pages of stations.
pub fn routes(stations: Arc<Stations>) -> Router {
    Router::new()
        .route("/stations", get(pages::find::get))
        .route("/stations/list", get(pages::list::get))
        .route("/stations.xlsx", get(pages::list::export))
        .route("/stations/new", get(pages::edit::new).post(pages::edit::register))
        .route("/stations/coverage", get(pages::coverage::get))
        .route("/stations/coverage.xlsx", get(pages::coverage::export))
        .route("/stations/next", get(pages::next::get).post(pages::next::ask))
        .route("/stations/next/{work}", get(pages::next::answer))
        .route("/stations/next/{work}/stop", post(pages::next::stop))
        .route("/stations/{id}", get(pages::station::get))
        .route("/stations/{id}/edit", get(pages::edit::get).post(pages::edit::change))
        .route("/stations/{id}/open", post(pages::edit::set_open))
        .with_state(stations)
}

/// Work that is done by jobs: its kind and what does it.
#[must_use]
pub fn works(stations: &Arc<Stations>, clock: &Clock) -> Vec<(&'static str, jobs::Handler)> {
    let (desk, now) = (stations.clone(), clock.clone());
    vec![(NEXT, jobs::worker(clock.clone(), move |store, work, progress| desk.next(store, work, progress, now())))]
}
