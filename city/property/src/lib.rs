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
use house::{Department, House, OpenFault, Work, each_move};
use store::Migration;
use web::{Cost, Heading, Need, Routes, Service};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "property/0001_register", sql: include_str!("../migrations/0001_register.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

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
    Ok(Work { routes: routes(desk), services: services(), moved: vec![each_move(relocate)], ..Work::default() })
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
        service(Heading::Mine, ("property-nav-link", "property-nav-link-for"), "/property/link", None, 70),
    ]
}

/// Its pages.
pub fn routes(desk: Arc<Property>) -> Routes {
    let edits = || Need::May(May::PropertyEdit);
    Routes::new()
        .route("/property", Cost::form(edits()), get(pages::list::get).post(pages::list::post))
        .route(
            "/property/compounds/{compound}",
            Cost::upload(edits()),
            get(pages::register::get).post(pages::register::post),
        )
        .route("/property/compounds/{compound}/letters", Cost::form(edits()), post(pages::letters::post))
        .route("/property/units/{unit}", Cost::form(edits()), get(pages::unit::get).post(pages::unit::post))
        .route("/property/link", Cost::form(Need::SignedIn), get(pages::link::get).post(pages::link::post))
        .with_state(desk)
}
