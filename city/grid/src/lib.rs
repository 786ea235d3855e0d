//! Grid 网格: say here what it is, for whom, and by which document.

pub mod actions;
pub mod catalogue;
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
    &[Migration { name: "grid/0001_grid", sql: include_str!("../migrations/0001_grid.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Grid as a department.
pub const DEPARTMENT: Department = Department {
    name: "grid",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    open,
    work,
    ..Department::EMPTY
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Grid::new(house.get::<Hall>()?);
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Grid>()?;
    Ok(Work { routes: routes(desk), services: services(), moved: vec![each_move(relocate)], ..Work::default() })
}

/// The desk of this department.
pub struct Grid {
    hall: Arc<Hall>,
}

impl Grid {
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
        key: "grid-nav",
        purpose: "grid-nav-for",
        href: "/grid",
        permission: Some(May::GridEdit),
        order: 60,
    }]
}

/// Its pages.
pub fn routes(desk: Arc<Grid>) -> Routes {
    let edits = Cost::form(Need::May(May::GridEdit));
    Routes::new().route("/grid", edits, get(pages::get).post(pages::post)).with_state(desk)
}
