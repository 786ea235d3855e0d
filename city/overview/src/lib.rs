//! The overview 一网统览: start pages for every kind of work, a leader's figures with the rows that they count, the
//! map of districts and streets, the search, and the page that says what a resident may report.
//!
//! It serves everybody; see MISSION part 15. It stores nothing except the results of verifications that an auditor
//! requested. Its pages show what the departments contribute: lanes, tiles, lines of the day and search results. The
//! departments need not know each other.

pub mod api;
mod base;
mod chores;
mod ground;
pub mod pages;
mod permissions;

use std::sync::{Arc, Mutex};

use axum::routing::{get, post};
use cases::Cases;
use hall::Hall;
use house::{Chore, Department, House, OpenFault, Panel, PlaceAt, Section, Shown, Work};
use kernel::permission::{Actor, Grant, Permission};
use store::audit::AuditKey;
use store::{Store, StoreError, Tx};
use vault::Vault;
use web::{Cost, Duty, Heading, Need, Page, Routes, Service};

pub use base::Base;
pub use permissions::May;

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The overview as a department.
pub const DEPARTMENT: Department =
    Department { name: "overview", texts: Some(TEXTS), permissions: May::ALL, work, ..Department::EMPTY };

/// The kinds of work that give headings to staff. They follow from what the posts of today permit, never from the name
/// of a role; whoever has several kinds gets the headings of all, in this order.
pub const DUTIES: &[Duty] = &[
    Duty { held: at_a_counter, headings: &[Heading::Window, Heading::Today, Heading::Tasks, Heading::Community] },
    Duty { held: in_an_office, headings: &[Heading::Tasks, Heading::Find, Heading::Unit] },
    Duty { held: |actor| actor.has(Permission::CaseAccept), headings: &[Heading::Window] },
    Duty {
        held: |actor| actor.has(Permission::CaseSupervise),
        headings: &[Heading::Overview, Heading::Supervise, Heading::Map, Heading::Topics],
    },
    Duty { held: in_own_work, headings: &[Heading::Work] },
];

/// Whether somebody takes any matter at a counter: a post that accepts and is not limited to a department.
fn at_a_counter(actor: &Actor) -> bool {
    actor.holding(Permission::CaseAccept).any(|grant| grant.department.is_none())
}

/// Whether somebody handles or decides for a department, or without standing at a counter.
fn in_an_office(actor: &Actor) -> bool {
    let office = |grant: &Grant| grant.department.is_some() || !grant.permissions.contains(&Permission::CaseAccept);
    actor.holding(Permission::CaseHandle).chain(actor.holding(Permission::CaseDecide)).any(office)
}

/// Whether somebody edits the catalogue, looks after accounts or background work, verifies the log or reads who opened
/// whose data.
fn in_own_work(actor: &Actor) -> bool {
    let own = [
        counter::May::CatalogueEdit,
        identity::May::AccountManage,
        Permission::AuditRead,
        Permission::PersonAccessLog,
        Permission::JobRead,
    ];
    own.into_iter().any(|permission| actor.has(permission))
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = Overview {
        hall: house.get()?,
        cases: house.get()?,
        shown: house.shown.clone(),
        public_url: house.installation.public_url.clone(),
        ground: Mutex::default(),
        kept: api::Kept::default(),
        base: base_map(house),
    };
    let key = AuditKey::new(house.get::<Vault>()?.derive_key("store.audit"));
    let declared = house.indicators.clone();
    let hall = desk.hall.clone();
    let of_place = move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| -> Result<Option<Panel>, StoreError> {
        Ok(pages::figures::of_place(tx, page, &pages::figures::Published { hall: &hall, declared: &declared }, at)?)
    };
    let verify = move |store: &Store, _: &jobs::Work, progress: &jobs::Progress| chores::verify(store, &key, progress);
    Ok(Work {
        routes: routes(Arc::new(desk)),
        services: services(),
        sections: vec![Section { order: 45, show: Arc::new(of_place) }],
        chores: vec![Chore::asked(chores::VERIFY, jobs::worker(house.clock.clone(), verify))],
        ..Work::default()
    })
}

/// The desk of the overview.
pub struct Overview {
    /// Store and places.
    hall: Arc<Hall>,
    /// The desk of cases, for the numbers on the map.
    cases: Arc<Cases>,
    /// What departments show here.
    shown: Arc<Shown>,
    /// Where the platform is reached from outside.
    public_url: String,
    /// The ground as the map drew it last.
    ground: Mutex<Option<Arc<ground::Ground>>>,
    /// What programs read of it last.
    kept: api::Kept,
    /// The map below the city's own, if there is one.
    base: Option<Arc<Base>>,
}

/// Makes the map below ready. `serve` refuses one that cannot be opened before it comes here; other commands need none.
fn base_map(house: &House) -> Option<Arc<Base>> {
    let map = house.installation.base_map.as_ref()?;
    match Base::open(map, &house.installation.targets) {
        Ok(base) => Some(Arc::new(base)),
        Err(fault) => {
            tracing::error!(fault, "there is no base map");
            None
        }
    }
}

fn services() -> Vec<Service> {
    let foot =
        |key, purpose, href, order| Service { heading: Heading::Foot, key, purpose, href, permission: None, order };
    let own = |key, purpose, href, permission, order| Service {
        heading: Heading::Work,
        key,
        purpose,
        href,
        permission: Some(permission),
        order,
    };
    vec![
        own("overview-audit", "overview-audit-for", "/audit", Permission::AuditRead, 5),
        own("overview-accesses", "overview-accesses-for", "/accesses", Permission::PersonAccessLog, 6),
        own("overview-jobs", "overview-jobs-for", "/jobs", Permission::JobRead, 95),
        foot("overview-privacy", "overview-privacy-for", "/privacy", 40),
        foot("overview-help", "overview-help-for", "/help", 50),
        foot("overview-contact", "overview-contact-for", "/report", 60),
    ]
}

/// Pages of the overview.
fn routes(desk: Arc<Overview>) -> Routes {
    let feed = || Cost::feed(Need::Anyone, api::said);
    Routes::new()
        .route("/report", Cost::page(Need::Anyone), get(pages::report::get))
        .route("/mine", Cost::page(Need::Anyone), get(pages::listing::mine))
        .route("/today", Cost::page(Need::SignedIn), get(pages::day::get))
        .route("/community", Cost::page(Need::SignedIn), get(pages::listing::community))
        .route("/unit", Cost::page(Need::SignedIn), get(pages::listing::unit))
        .route("/overview", Cost::page(Need::May(Permission::CaseSupervise)), get(pages::tiles::get))
        .route("/map", Cost::export(Need::May(Permission::CaseSupervise)), get(pages::map::get))
        .route("/map/tiles.json", Cost::data(Need::May(Permission::CaseSupervise)), get(pages::map::tile::json))
        .route(
            "/map/tiles/{zoom}/{column}/{row}",
            Cost::data(Need::May(Permission::CaseSupervise)),
            get(pages::map::tile::get),
        )
        .route("/map/places.json", Cost::data(Need::Anyone), get(pages::map::tile::places_json))
        .route("/map/places/{zoom}/{column}/{row}", Cost::data(Need::Anyone), get(pages::map::tile::of_city))
        .route(
            "/map/base/{zoom}/{column}/{row}",
            Cost::data(Need::May(Permission::CaseSupervise)),
            get(pages::map::base::get),
        )
        .route("/ogc", feed(), get(api::landing))
        .route("/ogc/api", feed(), get(api::description))
        .route("/ogc/conformance", feed(), get(api::conformance))
        .route("/ogc/collections", feed(), get(api::collections))
        .route("/ogc/collections/{collection}", feed(), get(api::collection))
        .route("/ogc/collections/{collection}/items", feed(), get(api::items))
        .route("/ogc/collections/{collection}/items/{feature}", feed(), get(api::item))
        .route("/ogc/{*rest}", feed(), get(api::nothing_here))
        .route("/topics", Cost::page(Need::SignedIn), get(pages::listing::topics))
        .route("/work", Cost::page(Need::SignedIn), get(pages::listing::work))
        .route("/audit", Cost::form(Need::May(Permission::AuditRead)), get(pages::audit::get).post(pages::audit::ask))
        .route("/accesses", Cost::list(Need::May(Permission::PersonAccessLog)), get(pages::accesses::get))
        .route("/accesses/{account}/more", Cost::form(Need::May(May::PersonConfirm)), post(pages::accesses::confirm))
        .route("/jobs", Cost::page(Need::May(Permission::JobRead)), get(pages::jobs::get))
        .route("/jobs/lanes/now", Cost::form(Need::May(May::JobManage)), post(pages::jobs::try_now))
        .route("/jobs/{job}/again", Cost::form(Need::May(May::JobManage)), post(pages::jobs::again))
        .route("/jobs/{job}/drop", Cost::form(Need::May(May::JobManage)), post(pages::jobs::drop))
        .route("/find", Cost::page(Need::Anyone), get(pages::find::get))
        .route("/help", Cost::page(Need::Anyone), get(pages::help::help))
        .route("/privacy", Cost::page(Need::Anyone), get(pages::help::privacy))
        .with_state(desk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::permission::ActorKind;
    use kernel::place::{PlaceId, PlacePath};

    /// What a post permits, and the department to which it is limited.
    type Post<'a> = (&'a [Permission], Option<&'a str>);

    fn staff(posts: &[Post<'_>]) -> Actor {
        let grant = |(permissions, department): &Post<'_>| Grant {
            post: uuid::Uuid::nil(),
            role: "any".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: department.map(str::to_owned),
            permissions: permissions.iter().copied().collect(),
        };
        Actor { account: None, name: String::new(), kind: ActorKind::Staff, grants: posts.iter().map(grant).collect() }
    }

    fn headings(actor: &Actor) -> Vec<Heading> {
        let mut found = Vec::new();
        for heading in DUTIES.iter().filter(|duty| (duty.held)(actor)).flat_map(|duty| duty.headings) {
            if !found.contains(heading) {
                found.push(*heading);
            }
        }
        found
    }

    #[test]
    fn headings_follow_from_what_posts_permit() {
        use Heading as At;
        let counter: &[Permission] = &[Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide];
        let table: [(&[Post<'_>], &[Heading]); 6] = [
            (&[(counter, None)], &[At::Window, At::Today, At::Tasks, At::Community]),
            (&[(counter, Some("civil_affairs"))], &[At::Tasks, At::Find, At::Unit, At::Window]),
            (&[(&[Permission::CaseDecide], None)], &[At::Tasks, At::Find, At::Unit]),
            (&[(&[Permission::CaseSupervise], None)], &[At::Overview, At::Supervise, At::Map, At::Topics]),
            (&[(&[Permission::AuditRead], None)], &[At::Work]),
            (&[(&[Permission::CaseRead], None)], &[]),
        ];
        for (posts, expected) in table {
            assert_eq!(headings(&staff(posts)), expected, "{posts:?}");
        }
    }
}
