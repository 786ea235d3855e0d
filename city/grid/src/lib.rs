//! The grid (一网一格多功能): something is wrong in the street, somebody says so once, it is looked at, put right by
//! whose duty it is, checked by somebody else, and whoever reported it has the last word.
//!
//! It serves residents who report and the workers and units who put things right. See MISSION part 14. What can be
//! reported, when it counts and by when it is put right is data (`data/catalogue/grid`); how it goes is data too
//! (`data/procedures/report.toml`).

pub mod actions;
pub mod catalogue;
mod chores;
mod kind;
pub mod pages;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use records::relocate;
pub use refusals::Why;

use std::sync::Arc;

use axum::routing::get;
use cases::Cases;
use counter::Counter;
use hall::Hall;
use house::{Department, House, OpenFault, Work, each_move};
use store::Migration;
use web::{Cost, Heading, Need, Routes, Service};

use catalogue::Catalogue;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "grid/0001_grid", sql: include_str!("../migrations/0001_grid.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The grid as a department.
pub const DEPARTMENT: Department = Department {
    name: "grid",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: words::RULES,
    open,
    work,
    ..Department::EMPTY
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let files = house.installation.data.files("catalogue/grid", ".toml")?;
    let catalogue = Arc::new(Catalogue::load(&files).map_err(OpenFault::Faults)?);
    let cases = house.get::<Cases>()?;
    cases.register(Arc::new(kind::Reports::new(catalogue.clone())))?;
    let grid = Grid { hall: house.get()?, cases, counter: house.get()?, catalogue };
    house.keep(Arc::new(grid));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let grid = house.get::<Grid>()?;
    Ok(Work {
        routes: routes(grid.clone()),
        services: services(),
        chores: chores::all(&grid),
        moved: vec![each_move(relocate)],
        ..Work::default()
    })
}

/// The desk of the grid.
pub struct Grid {
    hall: Arc<Hall>,
    cases: Arc<Cases>,
    counter: Arc<Counter>,
    catalogue: Arc<Catalogue>,
}

impl Grid {
    /// What can be reported.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
}

/// What people find under the headings of the platform.
fn services() -> Vec<Service> {
    let service =
        |key, purpose, href, order| Service { heading: Heading::Report, key, purpose, href, permission: None, order };
    vec![
        service("grid-nav-report", "grid-nav-report-for", "/report/new", 5),
        service("grid-nav-near", "grid-nav-near-for", "/report/near", 6),
    ]
}

/// Its pages.
pub fn routes(grid: Arc<Grid>) -> Routes {
    Routes::new()
        .route("/report/new", Cost::form(Need::Anyone), get(pages::report::get).post(pages::report::post))
        .route("/report/near", Cost::page(Need::Anyone), get(pages::near::get))
        .with_state(grid)
}
