//! The grid (一网一格多功能): something is wrong in the street, somebody says so once, it is looked at, put right by
//! whose duty it is, checked by somebody else, and whoever reported it has the last word.
//!
//! It serves residents who report and the workers and units who put things right. See MISSION part 14. What can be
//! reported, when it counts and by when it is put right is data (`data/catalogue/grid`); how it goes is data too
//! (`data/procedures/report.toml`).

pub mod actions;
pub mod api;
pub mod catalogue;
mod chores;
pub mod finding;
mod kind;
pub mod pages;
pub mod peers;
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
use cases::Cases;
use counter::Counter;
use exchange::Exchange;
use hall::Hall;
use house::{Department, House, OpenFault, Work, each_move};
use jobs::channels::Poster;
use kernel::permission::Permission;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Migration, StoreError, Tx};
use uuid::Uuid;
use web::{Cost, Heading, Need, Routes, Service};

use catalogue::Catalogue;
use peers::Peers;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "grid/0001_grid", sql: include_str!("../migrations/0001_grid.sql") },
    Migration { name: "grid/0005_open311", sql: include_str!("../migrations/0005_open311.sql") },
    Migration { name: "grid/0010_forward", sql: include_str!("../migrations/0010_forward.sql") },
    Migration { name: "grid/0007_field", sql: include_str!("../migrations/0007_field.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The grid as a department.
pub const DEPARTMENT: Department = Department {
    name: "grid",
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
    let files = house.installation.data.files("catalogue/grid", ".toml")?;
    let catalogue = Arc::new(Catalogue::load(&files).map_err(OpenFault::Faults)?);
    let cases = house.get::<Cases>()?;
    cases.register(Arc::new(kind::Reports::new(catalogue.clone())))?;
    let peers =
        Peers::load(&house.installation.data.file("open311.toml")?, &catalogue).map_err(OpenFault::Sentences)?;
    let grid = Grid {
        hall: house.get()?,
        cases,
        counter: house.get()?,
        exchange: house.get()?,
        catalogue,
        peers,
        poster: Poster::guarded(exchange::ANSWER_SECONDS, &house.installation.targets),
        since: (house.clock)(),
    };
    house.keep(Arc::new(grid));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let grid = house.get::<Grid>()?;
    Ok(Work {
        routes: routes(grid.clone()),
        services: services(),
        chores: chores::all(&grid),
        lanes: vec![pages::shown::lane()],
        destinations: vec![pages::shown::destination(&grid)],
        moved: vec![each_move(relocate), each_move(records::open311::relocate), each_move(records::forward::relocate)],
        erased: vec![Arc::new(forgotten)],
        ..Work::default()
    })
}

/// What is forgotten with a sealed record: the entry of a phone with its photos, or the dwelling that it sealed.
fn forgotten(tx: &mut dyn Tx, district: PlaceId, record: Uuid, _: Instant) -> Result<(), StoreError> {
    records::field::forget(tx, district, record)?;
    records::dwelling::forget(tx, district, record)
}

/// The desk of the grid.
pub struct Grid {
    hall: Arc<Hall>,
    cases: Arc<Cases>,
    counter: Arc<Counter>,
    exchange: Arc<Exchange>,
    catalogue: Arc<Catalogue>,
    /// Other platforms that put reports right.
    peers: Peers,
    poster: Poster,
    /// Since when this catalogue is served.
    since: Instant,
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
    let work = |heading, permission, href, (key, purpose), order| Service {
        heading,
        key,
        purpose,
        href,
        permission: Some(permission),
        order,
    };
    let (today, community, supervise) = (Heading::Today, Heading::Community, Heading::Supervise);
    let open = ("grid-nav-open", "grid-nav-open-for");
    vec![
        service("grid-nav-report", "grid-nav-report-for", "/report/new", 5),
        service("grid-nav-near", "grid-nav-near-for", "/report/near", 6),
        pages::shown::service(),
        work(today, May::FieldWork, "/field", ("grid-nav-field", "grid-nav-field-for"), 40),
        work(community, May::FieldWork, "/field/dwellings", ("grid-nav-dwellings", "grid-nav-dwellings-for"), 40),
        work(community, May::FieldWork, "/field/patrol", ("grid-nav-patrol", "grid-nav-patrol-for"), 41),
        work(supervise, Permission::CaseSupervise, "/field/open", open, 40),
    ]
}

/// Its pages.
pub fn routes(grid: Arc<Grid>) -> Routes {
    Routes::new()
        .route("/report/new", Cost::form(Need::Anyone), get(pages::report::get).post(pages::report::post))
        .route("/report/near", Cost::page(Need::Anyone), get(pages::near::get))
        .route("/systems/open311", Cost::page(Need::May(identity::May::AccountManage)), get(pages::forwards::get))
        .route(
            "/systems/open311/{district}/{forward}/again",
            Cost::form(Need::May(identity::May::AccountManage)),
            post(pages::forwards::again),
        )
        .merge(field_routes())
        .with_state(grid.clone())
        .merge(api::routes(grid))
}

/// Pages and calls of the work in the field.
fn field_routes() -> Routes<Arc<Grid>> {
    use pages::field;
    let works = || Need::May(May::FieldWork);
    Routes::new()
        .route("/field", Cost::page(works()), get(field::today::get))
        .route("/field/tasks.json", Cost::page(works()), get(field::tasks::get))
        .route("/field/entries", Cost::form(works()), post(field::entries::post))
        .route("/field/photos/{file}", Cost::upload(works()), post(field::entries::photo))
        .route("/field/open", Cost::form(Need::SignedIn), get(field::open::get).post(field::open::post))
        .route("/field/dwellings", Cost::form(works()), get(field::dwellings::get).post(field::dwellings::post))
        .route("/field/patrol", Cost::form(works()), get(field::patrol::get).post(field::patrol::post))
        .route("/field/sw.js", Cost::page(Need::Anyone), get(field::phone::program))
        .route("/field/manifest.webmanifest", Cost::page(Need::Anyone), get(field::phone::manifest))
}
