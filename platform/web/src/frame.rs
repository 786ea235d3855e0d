//! What all pages share and the app decides once: texts, services, clock, city.

use crate::heading::{Duty, Heading, Service};
use crate::texts::Texts;
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::time::{Clock, Zone};
use std::collections::BTreeSet;
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

/// A kind of post (岗位) with what it permits.
#[derive(Clone, Debug)]
pub struct Post {
    /// What it is called.
    pub title: Bilingual,
    /// What whoever holds it may do.
    pub permissions: BTreeSet<Permission>,
}

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
    /// Where people open the platform, as paper says it: the scheme and the host, without a slash at the end.
    pub public_url: String,
    /// The kinds of posts of the city: who may not see a page reads which of them may.
    pub posts: Vec<Post>,
    /// Asks what waits for a member of staff.
    pub waiting: Option<WaitingHook>,
}

impl Frame {
    /// A frame of Shenyang with its texts and its clock, and with no department in it, for tests and galleries: they
    /// set only what they look at. Its key of form tokens is no secret.
    pub fn sample(texts: Texts, clock: Clock) -> Self {
        Self {
            texts,
            services: Vec::new(),
            duties: &[],
            clock,
            zone: Zone::new(480),
            csrf_key: [7; 32],
            city_name: Bilingual::new("沈阳市", "Shenyang"),
            telephone: String::new(),
            public_url: String::new(),
            posts: Vec::new(),
            waiting: None,
        }
    }

    /// The key of what the page at a path is called that somebody may not see for want of a permission: as a menu calls
    /// it, or the page above it that a menu names. None for a page that no menu leads to. A page that asks for another
    /// permission than the one above it is none of its parts.
    pub(crate) fn called(&self, path: &str, permission: &str) -> Option<&'static str> {
        let is_part = |service: &&Service| {
            service.href == path || service.permission.is_none_or(|one| one.as_str() == permission)
        };
        let services = self.services.iter().filter(is_part).map(|service| (service.href, service.key));
        let headings = Heading::ALL.into_iter().map(|heading| (heading.href(), heading.key()));
        let is_inside = |href: &str| {
            let rest = path.strip_prefix(href.split('?').next().unwrap_or(href));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let found = services.chain(headings).filter(|(href, _)| *href != "/" && is_inside(href));
        found.max_by_key(|(href, _)| href.len()).map(|(_, key)| key)
    }

    /// The kinds of posts that permit something, by its stable text.
    pub(crate) fn posts_with(&self, permission: &str) -> impl Iterator<Item = &Post> {
        let holds = move |post: &&Post| post.permissions.iter().any(|one| one.as_str() == permission);
        self.posts.iter().filter(holds)
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Frame")
            .field("texts", &self.texts)
            .field("city_name", &self.city_name)
            .finish_non_exhaustive()
    }
}
