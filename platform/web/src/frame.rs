//! What all pages share and the app decides once: texts, navigation, clock, city.

use crate::texts::Texts;
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::time::{Clock, Zone};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// For whom an entry of the navigation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, signed in or not.
    Public,
    /// Staff on duty.
    Staff,
}

/// One entry of the navigation, offered by a department.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// The key of its text.
    pub key: &'static str,
    /// The local address.
    pub href: &'static str,
    /// What one must be permitted, anywhere; none: nothing.
    pub permission: Option<Permission>,
    /// Small comes first.
    pub order: i32,
    /// For whom.
    pub audience: Audience,
}

/// One entry of the navigation as drawn for one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// The words.
    pub text: String,
    /// The local address.
    pub href: &'static str,
    /// Whether the page is at or under this address.
    pub current: bool,
    /// For whom.
    pub audience: Audience,
}

/// What waits for a member of staff, shown in the head of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many pieces of work.
    pub count: i64,
    /// The local address of the list.
    pub href: String,
}

/// Asks what waits for somebody; called for staff once a page, so it must be cheap.
pub type WaitingHook = Arc<dyn Fn(Actor) -> Pin<Box<dyn Future<Output = Option<Waiting>> + Send>> + Send + Sync>;

/// What all pages share.
pub struct Frame {
    /// The texts of all crates.
    pub texts: Texts,
    /// The navigation, in any order.
    pub nav: Vec<NavItem>,
    /// The time.
    pub clock: Clock,
    /// The city's zone.
    pub zone: Zone,
    /// The key of form tokens.
    pub csrf_key: [u8; 32],
    /// The name of the city.
    pub city_name: Bilingual,
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
