//! Property 新部门 property: say here what it is, for whom, and by which document.

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

use axum::routing::get;
use hall::Hall;
use house::{Department, House, OpenFault, Work, each_move};
use store::Migration;
use web::{Cost, Heading, Need, Routes, Service};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "property/0001_property", sql: include_str!("../migrations/0001_property.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Property as a department.
pub const DEPARTMENT: Department = Department {
    name: "property",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
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
    vec![Service {
        heading: Heading::Community,
        key: "property-nav",
        purpose: "property-nav-for",
        href: "/property",
        permission: Some(May::PropertyEdit),
        order: 60,
    }]
}

/// Its pages.
pub fn routes(desk: Arc<Property>) -> Routes {
    let edits = Cost::form(Need::May(May::PropertyEdit));
    Routes::new().route("/property", edits, get(pages::get).post(pages::post)).with_state(desk)
}
