//! These are the pages of the exchange: other systems for the people who look after them, the messages behind a figure,
//! and the description of the interface for everybody.

mod guide;
mod receiving;
mod rows;
pub(crate) mod shown;
mod system;
mod systems;

use std::sync::Arc;

use axum::routing::{get, post};
use kernel::place::PlacePath;
use web::{Cost, Crumb, Need, Page, Routes};

use crate::Exchange;
use crate::words::{self, System};

/// Is the address of the list.
const SYSTEMS: &str = "/systems";
/// What a form says to send again those too that were taken.
const TAKEN_TOO: &str = "all";

/// Returns the pages, with addresses from the root.
pub fn routes(exchange: Arc<Exchange>) -> Routes {
    let governs = || Need::May(identity::May::AccountManage);
    Routes::new()
        .route("/api", Cost::page(Need::Anyone), get(guide::get))
        .route("/systems", Cost::page(governs()), get(systems::list))
        .route("/systems/open", Cost::form(governs()), get(systems::form).post(systems::open))
        .route("/systems/rows", Cost::list(Need::May(words::ROWS.permission)), get(rows::get))
        .route("/systems/{system}", Cost::page(governs()), get(system::get))
        .route("/systems/{system}/tokens", Cost::form(governs()), post(system::token))
        .route("/systems/{system}/tokens/{token}/revoke", Cost::form(governs()), post(system::revoke))
        .route("/systems/{system}/webhook", Cost::form(governs()), post(system::webhook))
        .route("/systems/{system}/deliveries/{delivery}/again", Cost::form(governs()), post(system::again))
        .route("/systems/{system}/now", Cost::form(governs()), post(system::now))
        .route("/systems/{system}/on", Cost::form(governs()), post(receiving::on))
        .route("/systems/{system}/replay", Cost::form(governs()), post(receiving::replay))
        .route("/systems/{system}/close", Cost::form(governs()), post(system::close))
        .with_state(exchange)
}

fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb { text: page.t("exchange-title"), href: SYSTEMS.to_owned() }]
}

impl Exchange {
    fn place_name(&self, page: &Page, place: &PlacePath) -> String {
        self.cases.hall.places.tree().chain(place, page.lang)
    }

    fn department_name(&self, page: &Page, code: Option<&str>) -> String {
        let Some(code) = code else { return page.t("exchange-department-any") };
        let catalogue = self.counter.catalogue();
        let known = catalogue.department(code);
        known.map_or_else(|| code.to_owned(), |department| page.of(&department.name).to_owned())
    }
}

/// Says in words what a system may do.
fn scopes(page: &Page, system: &System) -> Vec<String> {
    system.scopes.iter().map(|scope| page.t(scope.key())).collect()
}

/// Shows as a light whether a system is open, and whether it is switched off because it took no messages for days.
fn state(system: &System) -> (&'static str, &'static str) {
    if system.closed_at.is_some() {
        ("none", "exchange-state-closed")
    } else if is_off(system) {
        ("late", "exchange-state-off")
    } else {
        ("ok", "exchange-state-open")
    }
}

/// Says whether nothing is sent to a system because it took no messages for days.
fn is_off(system: &System) -> bool {
    system.webhook_url.is_some() && system.listening.switched_off_at.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlaceId;
    use kernel::time::Instant;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    #[test]
    fn a_closed_system_shows_no_green_light() {
        let open = System {
            id: Uuid::from_u128(1),
            district: PlaceId(4),
            name: "城管平台".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: None,
            scopes: BTreeSet::new(),
            calls_per_minute: 60,
            webhook_url: None,
            created_at: Instant::from_micros(0),
            created_by: String::new(),
            closed_at: None,
            listening: words::Reception::default(),
        };
        assert_eq!(state(&open), ("ok", "exchange-state-open"));
        let off = words::Reception { switched_off_at: Some(Instant::from_micros(0)), ..open.listening };
        let off = System { webhook_url: Some("https://hub.city.test/in".to_owned()), listening: off, ..open.clone() };
        assert_eq!(state(&off), ("late", "exchange-state-off"));
        let closed = System { closed_at: Some(Instant::from_micros(0)), ..open };
        assert_eq!(state(&closed), ("none", "exchange-state-closed"));
    }
}
