//! Stations 红色驿站·15分钟: what each offers and when, which one is near and open now, who lives within a quarter of an hour's walk of one, and where
//! the next one would reach most people.
//!
//! For residents who look for a place nearby and for those who decide where stations open; MISSION part 18. Walking speeds and minutes come from the
//! rulebook (`stations.…`, `walk.…`), compounds and ways from the geography of `places`.

use std::sync::Arc;

use axum::Router;
use cases::Cases;
use kernel::place::PlacePath;
use kernel::time::Clock;
use store::{Migration, StoreError, Tx};
use web::NavItem;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The desk of stations.
pub struct Stations {
    cases: Arc<Cases>,
}

impl Stations {
    /// A desk over the city's places and rulebook.
    #[must_use]
    pub fn new(cases: Arc<Cases>) -> Self {
        Self { cases }
    }
}

/// Links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    Vec::new()
}

/// Pages of stations.
pub fn routes(stations: Arc<Stations>) -> Router {
    Router::new().with_state(stations)
}

/// Work that is done by jobs: its kind and what does it.
#[must_use]
pub fn works(_stations: &Arc<Stations>, _clock: &Clock) -> Vec<(&'static str, jobs::Handler)> {
    Vec::new()
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// Whatever the store reports.
pub fn relocate(_tx: &mut dyn Tx, _from: &PlacePath, _to: &PlacePath) -> Result<(), StoreError> {
    Ok(())
}
