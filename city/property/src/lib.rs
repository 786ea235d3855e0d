//! Property 红色物业·业主共同决定: who owns what in a compound, and what the owners decide together, by area and by
//! heads (Civil Code, article 278).

pub mod actions;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use permissions::May;
pub use records::relocate;
pub use refusals::Why;

use std::sync::Arc;

use axum::routing::{get, post};
use hall::Hall;
use house::{Chore, Department, House, OpenFault, Section, When, Work, each_move};
use kernel::time::Instant;
use store::{Migration, Store};
use web::{Cost, Heading, Need, Routes, Service};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "property/0001_register", sql: include_str!("../migrations/0001_register.sql") },
    Migration { name: "property/0011_votes", sql: include_str!("../migrations/0011_votes.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The job that counts votes which nobody looked at since their end.
const COUNT: &str = "property.count";

/// Property as a department.
pub const DEPARTMENT: Department = Department {
    name: "property",
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
    let desk = Property::new(house.get::<Hall>()?);
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Property>()?;
    let counting = desk.clone();
    let count = move |store: &Store, _: &jobs::Job, now: Instant| {
        let desk = counting.clone();
        store.write_blocking(move |tx| desk.count_all(tx, now)).map(|_| ()).map_err(jobs::JobError::from)
    };
    Ok(Work {
        sections: vec![Section { order: 40, show: pages::votes::of_place(&desk) }],
        routes: routes(desk),
        services: services(),
        chores: vec![Chore::new(COUNT, When::AtOpening, count)],
        moved: vec![each_move(relocate)],
        ..Work::default()
    })
}

/// The desk of this department.
pub struct Property {
    hall: Arc<Hall>,
}

impl Property {
    /// Opens the desk in a hall.
    #[must_use]
    pub fn new(hall: Arc<Hall>) -> Self {
        Self { hall }
    }
}

/// What people find under the headings of the platform. A department adds services, never a heading.
#[must_use]
pub fn services() -> Vec<Service> {
    let service = |heading, (key, purpose): (&'static str, &'static str), href, permission, order| Service {
        heading,
        key,
        purpose,
        href,
        permission,
        order,
    };
    let edit = Some(May::PropertyEdit);
    vec![
        service(Heading::Community, ("property-nav", "property-nav-for"), "/property", edit, 61),
        service(Heading::Mine, ("property-nav-own", "property-nav-own-for"), "/property/votes", None, 69),
        service(Heading::Mine, ("property-nav-link", "property-nav-link-for"), "/property/link", None, 70),
    ]
}

/// Its pages.
pub fn routes(desk: Arc<Property>) -> Routes {
    let edits = || Need::May(May::PropertyEdit);
    Routes::new()
        .route("/property", Cost::page(edits()), get(pages::list::get))
        .route(
            "/property/compounds/{compound}",
            Cost::upload(edits()),
            get(pages::register::get).post(pages::register::post),
        )
        .route("/property/compounds/{compound}/letters", Cost::form(edits()), post(pages::letters::post))
        .route("/property/units/{unit}", Cost::form(edits()), get(pages::unit::get).post(pages::unit::post))
        .route(
            "/property/compounds/{compound}/votes",
            Cost::form(edits()),
            get(pages::call::get).post(pages::call::post),
        )
        .route("/property/votes", Cost::page(Need::SignedIn), get(pages::votes::get))
        .route("/property/votes/{vote}", Cost::page(Need::SignedIn), get(pages::vote::get))
        .route("/property/votes/{vote}/print", Cost::page(Need::SignedIn), get(pages::sheets::print))
        .route("/property/votes/{vote}/roll", Cost::page(Need::SignedIn), get(pages::roll::get))
        .route("/property/votes/{vote}/audit.csv", Cost::export(Need::SignedIn), get(pages::roll::audit))
        .route(
            "/property/votes/{vote}/ballot/{number}",
            Cost::form(Need::SignedIn),
            get(pages::ballot::get).post(pages::ballot::post),
        )
        .route("/property/votes/{vote}/receipt/{number}", Cost::page(Need::SignedIn), get(pages::ballot::receipt))
        .route("/property/votes/{vote}/sheets", Cost::form(edits()), get(pages::sheets::get).post(pages::sheets::post))
        .route(
            "/property/votes/{vote}/proxies",
            Cost::form(edits()),
            get(pages::proxies::get).post(pages::proxies::post),
        )
        .route("/property/link", Cost::form(Need::SignedIn), get(pages::link::get).post(pages::link::post))
        .with_state(desk)
}
