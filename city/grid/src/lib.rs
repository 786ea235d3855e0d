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
pub mod demonstration;
pub mod finding;
pub mod history;
pub mod hurts;
mod kind;
pub mod pages;
pub mod peers;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::catalogue::Basis;
pub use actions::history::Done;
pub use permissions::May;
pub use records::history::Past;
pub use records::relocate;
pub use refusals::Why;

use std::sync::Arc;

use axum::routing::{get, post};
use cases::{Cases, CodeKey, Known, ReceiptCode};
use counter::Counter;
use exchange::Exchange;
use hall::{Fault, Hall};
use house::{Department, House, OpenFault, Work, each_move};
use identity::Roles;
use jobs::ChannelKind;
use jobs::channels::Poster;
use kernel::permission::Permission;
use kernel::place::PlaceId;
use kernel::time::Instant;
use papers::{Keeps, Papers};
use store::{Migration, StoreError, Tx};
use uuid::Uuid;
use web::{Cost, Heading, Need, Routes, Service};

use catalogue::{Catalogue, Editions};
use papers::purpose::PurposeKey;
use peers::Peers;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "grid/0001_grid", sql: include_str!("../migrations/0001_grid.sql") },
    Migration { name: "grid/0002_photos", sql: include_str!("../migrations/0002_photos.sql") },
    Migration { name: "grid/0003_handling", sql: include_str!("../migrations/0003_handling.sql") },
    Migration { name: "grid/0004_catalogue", sql: include_str!("../migrations/0004_catalogue.sql") },
    Migration { name: "grid/0007_field", sql: include_str!("../migrations/0007_field.sql") },
    Migration { name: "grid/0006_hotspots", sql: include_str!("../migrations/0006_hotspots.sql") },
    Migration { name: "grid/0008_map", sql: include_str!("../migrations/0008_map.sql") },
    Migration { name: "grid/0005_open311", sql: include_str!("../migrations/0005_open311.sql") },
    Migration { name: "grid/0010_forward", sql: include_str!("../migrations/0010_forward.sql") },
    Migration { name: "grid/0012_proof", sql: include_str!("../migrations/0012_proof.sql") },
    Migration { name: "grid/0013_open_squares", sql: include_str!("../migrations/0013_open_squares.sql") },
    Migration { name: "grid/0014_pictures", sql: include_str!("../migrations/0014_pictures.sql") },
    Migration { name: "grid/0015_open_spots", sql: include_str!("../migrations/0015_open_spots.sql") },
    Migration { name: "grid/0016_board", sql: include_str!("../migrations/0016_board.sql") },
    Migration { name: "grid/0017_board_filled", sql: include_str!("../migrations/0017_board_filled.sql") },
    Migration { name: "grid/0018_forward_notes", sql: include_str!("../migrations/0018_forward_notes.sql") },
    Migration { name: "grid/0019_joined", sql: include_str!("../migrations/0019_joined.sql") },
    Migration { name: "grid/0020_photo_shows", sql: include_str!("../migrations/0020_photo_shows.sql") },
    Migration { name: "grid/0021_strips", sql: include_str!("../migrations/0021_strips.sql") },
    Migration { name: "grid/0022_field_waiting", sql: include_str!("../migrations/0022_field_waiting.sql") },
    Migration { name: "grid/0024_tray_small", sql: include_str!("../migrations/0024_tray_small.sql") },
    Migration { name: "grid/0026_forward_heard", sql: include_str!("../migrations/0026_forward_heard.sql") },
    Migration { name: "grid/0030_photo_look", sql: include_str!("../migrations/0030_photo_look.sql") },
    Migration { name: "grid/0031_units", sql: include_str!("../migrations/0031_units.sql") },
    Migration { name: "grid/0032_merge_across", sql: include_str!("../migrations/0032_merge_across.sql") },
    Migration { name: "grid/0033_alarm", sql: include_str!("../migrations/0033_alarm.sql") },
    Migration { name: "grid/0034_alarm_seen", sql: include_str!("../migrations/0034_alarm_seen.sql") },
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
    indicators: words::figures::INDICATORS,
    open,
    work,
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let files = house.installation.data.files("catalogue/grid", ".toml")?;
    let catalogue = Arc::new(Editions::new(files).map_err(OpenFault::Faults)?);
    let (cases, hall) = (house.get::<Cases>()?, house.get::<Hall>()?);
    let reports = Arc::new(kind::Reports::new(catalogue.clone(), hall.clone(), Arc::downgrade(&cases)));
    cases.register(reports.clone())?;
    cases.register(Arc::new(kind::Appeals::new(Arc::downgrade(&cases))))?;
    let roles = Roles::load(&house.installation.data.files("roles", ".toml")?, &house.permissions);
    let roles = roles.map_err(OpenFault::Faults)?;
    let papers = house.get::<Papers>()?;
    papers.keep_what(Keeps { needs: records::photo::is_needed, lists: records::photo::digests });
    let now = (house.clock)();
    let mut grid = Grid {
        codes: CodeKey::new(hall.vault.derive_key("grid.code")),
        looks: kind::look_key(&hall),
        forms: PurposeKey::new(hall.vault.derive_key("grid.form")),
        https: house.installation.https,
        channels: house.installation.channels.clone(),
        counter: house.get()?,
        exchange: house.get()?,
        peers: Peers::default(),
        hurts: pages::hurts::Kept::default(),
        poster: Poster::guarded(exchange::ANSWER_SECONDS, &house.installation.targets),
        since: now,
        hall,
        cases,
        papers,
        catalogue,
        roles,
    };
    grid.renew(now)?;
    // A platform may be given kinds of the city's own sheets, so these are read first.
    let others = house.installation.data.file("open311.toml")?;
    grid.peers = Peers::load(&others, &grid.catalogue).map_err(OpenFault::Sentences)?;
    reports.know_peers(grid.peers.clone());
    let grid = Arc::new(grid);
    know_joiners(&grid);
    house.keep(grid);
    Ok(())
}

/// Has the page that follows cases know the codes of those who joined a report.
fn know_joiners(grid: &Arc<Grid>) {
    let desk = Arc::downgrade(grid);
    let has_joined = move |tx: &mut dyn Tx, known: &Known, code: &ReceiptCode| -> Result<bool, Fault> {
        let Some(desk) = desk.upgrade() else { return Ok(false) };
        Ok(desk.follower_of(tx, known, code)?.is_some())
    };
    grid.counter.know_joiners(Arc::new(has_joined));
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let grid = house.get::<Grid>()?;
    let shown = grid.clone();
    Ok(Work {
        demonstration: vec![Arc::new(move |stage| demonstration::fill(&shown, stage))],
        routes: routes(grid.clone()),
        services: services(),
        chores: chores::all(&grid),
        dots: vec![pages::dots::dots(&grid)],
        moved: vec![each_move(relocate), each_move(records::open311::relocate), each_move(records::forward::relocate)],
        erased: vec![Arc::new(|tx, district, record, _| records::forget(tx, district, record)), Arc::new(forgotten)],
        recipients: vec![chores::recipient(&grid, house.get()?)],
        tiles: pages::hurts::tiles(),
        ..pages::shown::shown(&grid)
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
    /// The shelf on which photos lie, and what makes them fit to be kept.
    papers: Arc<Papers>,
    catalogue: Arc<Editions>,
    /// What posts may do: what a phone sent is done as whose phone it came from.
    roles: Roles,
    /// Makes the codes of those who joined a report.
    codes: CodeKey,
    /// Signs why somebody looks at photos.
    looks: PurposeKey,
    /// Signs who has the form of a report before her.
    forms: PurposeKey,
    https: bool,
    /// What reaches people outside of the platform.
    channels: Vec<ChannelKind>,
    /// Other platforms that put reports right.
    peers: Peers,
    poster: Poster,
    /// Where it hurts, as far as that took long to find out.
    hurts: pages::hurts::Kept<Arc<pages::hurts::Known>>,
    /// Since when this catalogue is served.
    since: Instant,
}

impl Grid {
    /// What can be reported today.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue from day to day, with what could be reported before.
    #[must_use]
    pub fn editions(&self) -> &Editions {
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
        service("grid-nav-services", "grid-nav-services-for", "/report/services", 7),
        Service {
            heading: Heading::Work,
            permission: Some(counter::May::CatalogueEdit),
            ..service("grid-nav-sheet", "grid-nav-sheet-for", "/report/catalogue", 11)
        },
        Service { heading: Heading::Mine, ..service("grid-heard-title", "grid-nav-heard-for", "/report/heard", 12) },
        work(today, May::FieldWork, "/field", ("grid-nav-field", "grid-nav-field-for"), 40),
        work(community, May::FieldWork, "/field/dwellings", ("grid-nav-dwellings", "grid-nav-dwellings-for"), 40),
        work(community, May::FieldWork, "/field/patrol", ("grid-nav-patrol", "grid-nav-patrol-for"), 41),
        work(supervise, Permission::CaseSupervise, "/field/open", open, 40),
        pages::hurts::service(),
    ]
    .into_iter()
    .chain(pages::shown::services())
    .collect()
}

/// Its pages.
pub fn routes(grid: Arc<Grid>) -> Routes {
    let reads = || Need::May(Permission::CaseRead);
    Routes::new()
        .route("/report/new", Cost::form(Need::Anyone), get(pages::report::get).post(pages::report::post))
        .route("/report/near", Cost::page(Need::Anyone), get(pages::near::get))
        .route("/report/services", Cost::page(Need::Anyone), get(pages::services::get))
        .route(
            "/report/found",
            Cost::form(Need::May(Permission::CaseAccept)),
            get(pages::found::get).post(pages::found::post),
        )
        .route("/report/work", Cost::page(Need::May(Permission::CaseRead)), get(pages::work::get))
        .route(
            "/report/duties",
            Cost::form(Need::May(Permission::CaseSupervise)),
            get(pages::duties::get).post(pages::duties::post),
        )
        .route("/report/figures", Cost::list(Need::May(Permission::CaseRead)), get(pages::figures::get))
        .route("/report/figures/rows", Cost::list(Need::May(Permission::CaseRead)), get(pages::filed::get))
        .route("/report/rows", Cost::list(Need::May(words::figures::ROWS.permission)), get(pages::rows::get))
        .route(
            "/report/{number}/appeal",
            Cost::form(Need::May(Permission::CaseHandle)),
            get(pages::appeal::get).post(pages::appeal::post),
        )
        .route(
            "/report/photo",
            Cost::upload(grid.form_before_her()),
            get(pages::report::back).post(pages::report::photo),
        )
        .route("/report/photo/{district}/{photo}", Cost::data(Need::Anyone), get(pages::near::photo))
        .route("/report/heard", Cost::form(Need::Anyone), get(pages::heard::get).post(pages::heard::post))
        .route("/report/heard/{case}/{photo}", Cost::data(Need::Anyone), get(pages::heard::photo))
        .route("/follow/{number}/photos/{photo}", Cost::data(Need::Anyone), get(pages::photos::of_work))
        .route("/cases/{number}/platforms", Cost::page(reads()), get(pages::platforms::get))
        .route("/cases/{number}/danger", Cost::form(reads()), get(pages::danger::get).post(pages::danger::post))
        .route("/cases/{number}/photos", Cost::form(reads()), get(pages::photos::get).post(pages::photos::release))
        .route("/cases/{number}/photos/add", Cost::upload(reads()), post(pages::photos::add))
        .route("/cases/{number}/photos/open", Cost::form(reads()), post(pages::photos::open))
        .route("/cases/{number}/photos/{photo}", Cost::data(reads()), get(pages::photos::photo))
        .route("/systems/open311", Cost::page(Need::May(identity::May::AccountManage)), get(pages::forwards::get))
        .route(
            "/systems/open311/{district}/{forward}/again",
            Cost::form(Need::May(identity::May::AccountManage)),
            post(pages::forwards::again),
        )
        .route(
            "/systems/open311/{district}/{forward}/let-go",
            Cost::form(Need::May(identity::May::AccountManage)),
            post(pages::forwards::let_go),
        )
        .merge(leading_routes())
        .merge(field_routes())
        .with_state(grid.clone())
        .merge(api::routes(grid))
}

/// Pages of whoever keeps the catalogue or supervises.
fn leading_routes() -> Routes<Arc<Grid>> {
    Routes::new()
        .route(
            "/report/catalogue",
            Cost::upload(Need::May(counter::May::CatalogueEdit)),
            get(pages::sheet::get).post(pages::sheet::post),
        )
        .route(
            "/report/catalogue/cancel",
            Cost::form(Need::May(counter::May::CatalogueEdit)),
            post(pages::sheet::cancel),
        )
        .route("/report/hurts", Cost::list(Need::May(Permission::CaseSupervise)), get(pages::hurts::get))
        .route("/report/hurts/file", Cost::export(Need::May(Permission::CaseExport)), get(pages::hurts::file))
        .route("/report/hurts/rows", Cost::list(Need::May(Permission::CaseSupervise)), get(pages::hurts::rows::get))
        .route(
            "/report/hurts/rows/file",
            Cost::export(Need::May(Permission::CaseExport)),
            get(pages::hurts::rows::file),
        )
}

/// Pages and calls of the work in the field.
fn field_routes() -> Routes<Arc<Grid>> {
    use pages::field;
    let works = || Need::May(May::FieldWork);
    Routes::new()
        .route("/field", Cost::page(works()), get(field::today::get))
        .route("/field/tasks.json", Cost::data(works()), get(field::tasks::get))
        .route("/field/entries", Cost::form(works()), post(field::entries::post))
        .route("/field/photos/{file}", Cost::upload(works()), post(field::entries::photo))
        .route("/field/open", Cost::form(Need::SignedIn), get(field::open::get).post(field::open::post))
        .route("/field/dwellings", Cost::form(works()), get(field::dwellings::get).post(field::dwellings::post))
        .route("/field/patrol", Cost::form(works()), get(field::patrol::get).post(field::patrol::post))
        .route("/field/sw.js", Cost::data(Need::Anyone), get(field::phone::program))
        .route("/field/manifest.webmanifest", Cost::data(Need::Anyone), get(field::phone::manifest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &[&str] = &[
        include_str!("records.rs"),
        include_str!("records/board.rs"),
        include_str!("records/catalogue.rs"),
        include_str!("records/dwelling.rs"),
        include_str!("records/field.rs"),
        include_str!("records/filed.rs"),
        include_str!("records/follower.rs"),
        include_str!("records/forward.rs"),
        include_str!("records/forward_note.rs"),
        include_str!("records/handling.rs"),
        include_str!("records/history.rs"),
        include_str!("records/hurts.rs"),
        include_str!("records/joined.rs"),
        include_str!("records/map.rs"),
        include_str!("records/open311.rs"),
        include_str!("records/patrol.rs"),
        include_str!("records/photo.rs"),
        include_str!("records/piece.rs"),
        include_str!("records/shown.rs"),
        include_str!("records/squares.rs"),
    ];

    /// Words of columns about a person that were looked at: whose entry from a phone it is, and who has seen a photo.
    const KNOWN: [(&str, &str); 2] = [("grid/0007_field", "account"), ("grid/0030_photo_look", "account")];

    #[test]
    fn no_table_and_no_figure_is_about_a_worker() {
        for migration in MIGRATIONS {
            let columns = migration.sql.lines().filter(|line| !line.trim_start().starts_with("--"));
            let columns = columns.collect::<Vec<_>>().join("\n");
            for word in ["account", "worker", "handler", "by_name", "person", "quota", "rank", "score"] {
                let known = KNOWN.contains(&(migration.name, word));
                assert!(known || !columns.contains(word), "{}: {word}", migration.name);
            }
        }
        let grouped = RECORDS.iter().flat_map(|text| text.split("group by ").skip(1));
        for rest in grouped {
            let by = rest.split(['"', '\\', '{']).next().unwrap_or_default();
            let columns = by.split(" having").next().unwrap_or_default().split(" order").next().unwrap_or_default();
            for column in columns.split(',').map(str::trim).filter(|column| !column.is_empty()) {
                let is_known = ["kind", "path", "case_id"].contains(&column) || column.parse::<u8>().is_ok();
                assert!(is_known, "reports are counted by kind, by place and by day alone: {by}");
            }
        }
    }
}
