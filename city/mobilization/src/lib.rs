//! Mobilization 就近动员: in an emergency people who offered to help are sent to the compounds near their homes, learn where, when and whom to ask, are
//! checked in, and gaps are refilled without moving the others.
//!
//! For those who answer a call and those who lead one; MISSION part 6. Who offers help says no more than a community and what she can do; name and
//! telephone lie sealed. Rest, walks and shifts come from the rulebook (`mobilization.…`), compounds and ways from the geography of `places`.

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

/// The desk of mobilisation.
pub struct Mobilization {
    cases: Arc<Cases>,
}

impl Mobilization {
    /// A desk over the city's places, rulebook and vault.
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

/// Pages of mobilisation.
pub fn routes(mobilization: Arc<Mobilization>) -> Router {
    Router::new().with_state(mobilization)
}

/// Work that is done by jobs: its kind and what does it.
#[must_use]
pub fn works(_desk: &Arc<Mobilization>, _clock: &Clock) -> Vec<(&'static str, jobs::Handler)> {
    Vec::new()
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// Whatever the store reports.
pub fn relocate(_tx: &mut dyn Tx, _from: &PlacePath, _to: &PlacePath) -> Result<(), StoreError> {
    Ok(())
}
