//! What all pages share and the app decides once: texts, services, clock, city.

use crate::heading::{Duty, Service};
use crate::texts::Texts;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::time::{Clock, Zone};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// What waits for a member of staff, shown in the head of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The key of what is said of them, with `$count`.
    pub key: &'static str,
    /// How many pieces of work.
    pub count: i64,
    /// The local address of the list.
    pub href: String,
}

/// Asks what waits for somebody; called for staff once a page, so it must be cheap.
pub type WaitingHook = Arc<dyn Fn(Actor) -> Pin<Box<dyn Future<Output = Vec<Waiting>> + Send>> + Send + Sync>;

/// What all pages share.
pub struct Frame {
    /// The texts of all crates.
    pub texts: Texts,
    /// The services of all departments, in any order.
    pub services: Vec<Service>,
    /// The kinds of work that give headings to staff, in the order in which their headings stand.
    pub duties: &'static [Duty],
    /// The time.
    pub clock: Clock,
    /// The city's zone.
    pub zone: Zone,
    /// The key of form tokens.
    pub csrf_key: [u8; 32],
    /// The name of the city.
    pub city_name: Bilingual,
    /// The city's own telephone for questions, beside 12345. It is empty where there is none.
    pub telephone: String,
    /// Asks what waits for a member of staff.
    pub waiting: Option<WaitingHook>,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Frame")
            .field("texts", &self.texts)
            .field("city_name", &self.city_name)
            .finish_non_exhaustive()
    }
}
