//! The exchange (平台整合) is the interface through which the city's other systems read, apply, follow and act, and
//! which tells them what happens.
//!
//! It serves the platforms of party work, government services, comprehensive management and city management (MISSION
//! part 15). A system acts under its own name within its place and department. Each call is done once, and each change
//! leaves a record.

pub mod actions;
pub mod api;
mod contract;
pub mod delivery;
mod limits;
pub mod pages;
mod records;
mod rules;
mod words;

pub use actions::{Fault, NewSystem};
pub use contract::{KEY_HEADER, TELEPHONE_HEADER, openapi};
pub use delivery::{ANSWER_SECONDS, DELIVER, TELL};
pub use records::{forget, relocate};
pub use words::{ApiScope, ROLE, System};

use std::sync::Arc;

use axum::Router;
use cases::Cases;
use counter::Counter;
use jobs::channels::Poster;
use kernel::permission::Permission;
use kernel::time::Clock;
use store::{Migration, Store};
use web::{Audience, NavItem};

use crate::limits::Limits;

/// Lists the migrations of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "exchange/0001_exchange", sql: include_str!("../migrations/0001_exchange.sql") }];

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Holds the exchange: the counter for which it speaks, and what keeps systems within their limits.
pub struct Exchange {
    /// The desk of cases.
    pub cases: Arc<Cases>,
    /// The counter with its catalogue.
    pub counter: Arc<Counter>,
    /// The clock.
    pub clock: Clock,
    /// Whether messages may go to http addresses inside the network.
    pub private_http: bool,
    limits: Limits,
    poster: Poster,
    once_key: [u8; 32],
}

impl Exchange {
    /// Makes an exchange over a counter. `private_http` allows messages to http addresses of this machine and of
    /// private networks.
    #[must_use]
    pub fn new(counter: Arc<Counter>, clock: Clock, private_http: bool) -> Self {
        let cases = counter.cases.clone();
        Self {
            once_key: cases.vault.derive_key("exchange.once"),
            limits: Limits::default(),
            poster: Poster::new(ANSWER_SECONDS),
            cases,
            counter,
            clock,
            private_http,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.cases.store
    }
}

/// Returns the links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        key: "exchange-nav",
        href: "/systems",
        permission: Some(Permission::AccountManage),
        order: 85,
        audience: Audience::Staff,
    }]
}

/// Returns the pages for people who look after other systems, and the interface itself.
pub fn routes(exchange: Arc<Exchange>) -> Router {
    pages::routes(exchange.clone()).merge(api::routes(exchange))
}
