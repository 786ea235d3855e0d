//! Places (四级联动·网格·楼栋户数) holds the tree from the city down to the grid, with its history and its units.
//!
//! It serves everybody who asks where something is, what it was called, and who is responsible there. See MISSION
//! parts 1 and 14, and FIELD "Codes are not identity".

mod actions;
mod demonstration;
mod pages;
mod permissions;
mod records;
mod refusals;
mod rules;
mod words;

pub use actions::brought::{Bringing, Brought, BroughtRow, bring_grids};
pub use actions::{
    Borders, DecideError, ImportError, MOVED, OutlineError, Places, Report, clear_outlines, decide, establish_units,
    import, is_laid, lay_geography, lay_outlines, open_grids,
};
pub use pages::{
    DecidedItem, Files, Lives, Living, MY_PLACE, Nearest, OnDuty, Step, Surroundings, Worker, my_community, routes,
};
pub use permissions::May;
pub use records::MIGRATIONS;
pub use records::current::{by_code_at, children_at, place_at, tree as load_tree, tree_at};
pub use records::geography::{Replaced, grid_of, grids_of, grids_on, put_into_grids, replaced_by};
pub use records::history::{Edition, History, editions, history};
pub use records::review::{open_count as open_reviews, reviews};
pub use records::unit::{change as change_unit, unit_for, units};
pub use records::worker::{GridWorker, in_hand, on as worker_on};
pub use refusals::Why;
pub use rules::edition::{Row as EditionRow, RowFault, parse as parse_edition};
pub use rules::geography::{self, Geography};
pub use rules::grids::strays::Strays;
pub use rules::living::{Fit, Meant, communities as communities_of, district_of, living, named_in};
pub use rules::outcome::{Counts, Summary};
pub use rules::spot::{Found, read_point, seems_point, spot_at};
pub use rules::tree::Tree;
pub use rules::units::{Department, UnitPlan, office_for};
pub use words::{
    AdoptionState, COMMUNITY_COUNTER, Certainty, Change, ChangeKind, Dated, Doubt, GRID_HOUSEHOLDS, Kind, POINT_METRES,
    Place, RULES, Review, SERVICE_CENTRE, SYSTEM_GRID, SYSTEM_NBS, Stamp, Unit,
};

use house::{Chore, House, OpenFault, Work};
use kernel::time::Clock;
use rulebook::Rulebook;
use std::sync::Arc;

/// The department's texts: Chinese and English Fluent files.
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Places as a department.
pub const DEPARTMENT: house::Department = house::Department {
    name: "places",
    migrations: MIGRATIONS,
    texts: Some(LOCALES),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: RULES,
    open,
    work,
    ..house::Department::EMPTY
};

/// The file with the units that places have.
pub const UNITS: &str = "shenyang/units.toml";

/// Returns the work that jobs do here: its kind and the function that does it.
pub fn works(places: &Arc<Places>, clock: &Clock) -> Vec<(&'static str, jobs::Handler)> {
    let mut works = actions::grids::works(places, clock);
    works.extend(actions::bring::works(places, clock));
    works
}

/// Reads the tree and the plan of units, and lets the figures of the rulebook find their places.
fn open(house: &mut House) -> Result<(), OpenFault> {
    let units = house.installation.data.file(UNITS)?;
    let units = UnitPlan::load(UNITS, &units).map_err(OpenFault::Faults)?;
    let places = Arc::new(Places::new(house.store.clone(), units)?);
    let tree = places.clone();
    let book = (*house.get::<Rulebook>()?).clone();
    let book = book.placed_by(move |code| tree.tree().by_code(code).map(|place| place.path.clone()));
    for value in book.unplaced() {
        tracing::warn!(place = ?value.place, "a figure of the rulebook is for a place that is not in the tree");
    }
    house.keep(Arc::new(book));
    house.keep(places);
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let (places, around) = (house.get::<Places>()?, house.get::<Around>()?);
    let works = works(&places, &house.clock).into_iter();
    let shown = pages::shown::shown(&places);
    let (ground, rulebook) = (places.clone(), house.get::<Rulebook>()?);
    let (book, secure) = (rulebook.clone(), house.installation.https);
    Ok(Work {
        demonstration: vec![Arc::new(move |stage| demonstration::lay(&ground, &rulebook, stage))],
        routes: routes(places, around.0.clone(), book, house.shown.clone(), secure),
        chores: works.map(|(kind, handler)| Chore::asked(kind, handler)).collect(),
        ..shown
    })
}

/// People and items around places, kept in the house by whoever knows them.
pub struct Around(pub Arc<dyn Surroundings>);
