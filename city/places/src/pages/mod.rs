//! These are the pages of places: the tree with its search, a place with its history, units and people on duty, the
//! doubts to decide, and grids.

mod export;
mod grids;
mod home;
mod living;
mod nearby;
mod nearest;
mod picture;
mod place;
mod review;
pub(crate) mod shown;

pub use living::{Lives, Living, Step};
pub use nearby::{MY_PLACE, chosen as my_community};
pub use nearest::Nearest;

use crate::actions::Places;
use crate::permissions::May;
use crate::rules::geography::Brought;
use crate::words::Place;
use axum::routing::{get, post};
use house::Shown;
use kernel::{
    language::Bilingual,
    place::PlacePath,
    refusal::{Code, Refusal},
    time::Date,
};
use rulebook::Rulebook;
use std::sync::Arc;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Cost, Need, Page, Problem, Routes};

/// Somebody on duty at a place (在岗人员). The department that knows of posts tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDuty {
    /// The person's name.
    pub name: String,
    /// The role in which the person is on duty.
    pub role: Bilingual,
    /// The department's code, or nothing if the person handles any matter.
    pub department: Option<String>,
}

/// Somebody of a community who may be responsible for a grid (网格员).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The account.
    pub account: Uuid,
    /// The person's name.
    pub name: String,
    /// The role in which the person is on duty.
    pub role: Bilingual,
}

/// An item that a unit decides. Whoever knows the catalogue tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedItem {
    /// What it is called.
    pub title: Bilingual,
    /// The local address of its page.
    pub href: String,
}

/// What a place's people send of their buildings (楼栋表).
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The sheet: XLSX or CSV.
    pub sheet: Vec<u8>,
    /// The system of its coordinates by name, such as `gcj02`. It is empty if nobody said it.
    pub crs: String,
    /// An extract of OpenStreetMap (PBF) that shows what lies between the buildings. It is empty if nobody sent one.
    pub map: Vec<u8>,
}

impl Files {
    /// How the extract is called at the start of what is wrong with it, in Chinese and in English.
    pub const MAP: [&str; 2] = ["地图文件", "The extract"];
}

/// Supplies what the pages of places show but this department does not know. The app takes it from identity, the
/// catalogue and the planners.
pub trait Surroundings: Send + Sync {
    /// Returns who is on duty at exactly this place on a day.
    fn on_duty(&self, tx: &mut dyn Tx, place: &PlacePath, on: Date) -> Result<Vec<OnDuty>, StoreError>;

    /// Returns who of a community may be responsible for its grids on a day, each account once.
    fn workers(&self, tx: &mut dyn Tx, community: &PlacePath, on: Date) -> Result<Vec<Worker>, StoreError>;

    /// Returns the items that a department decides at a place of this level.
    fn items(&self, place: &Place, department: &str) -> Vec<DecidedItem>;

    /// Reads the buildings of a sheet, as the planners read it. Where nobody can read it there are none.
    ///
    /// # Errors
    /// Says everything that is wrong with the sheet.
    fn buildings(&self, _files: &Files) -> Result<Brought, Vec<Bilingual>> {
        Ok(Brought::default())
    }
}

/// Supplies nothing: nobody is on duty, and there are no items.
impl Surroundings for () {
    fn on_duty(&self, _tx: &mut dyn Tx, _place: &PlacePath, _on: Date) -> Result<Vec<OnDuty>, StoreError> {
        Ok(Vec::new())
    }

    fn workers(&self, _tx: &mut dyn Tx, _community: &PlacePath, _on: Date) -> Result<Vec<Worker>, StoreError> {
        Ok(Vec::new())
    }

    fn items(&self, _place: &Place, _department: &str) -> Vec<DecidedItem> {
        Vec::new()
    }
}

/// Holds what the handlers share.
#[derive(Clone)]
struct Desk {
    places: Arc<Places>,
    around: Arc<dyn Surroundings>,
    rulebook: Arc<Rulebook>,
    shown: Arc<Shown>,
    /// Cookies are sent over https only.
    https: bool,
}

/// Returns the pages. Everybody may see the tree. A visitor needs `place.read` at a place to see the names of people on
/// duty there, and `place.edit` to decide and edit. `https` says whether pages are reached that way.
pub fn routes(
    places: Arc<Places>,
    around: Arc<dyn Surroundings>,
    rulebook: Arc<Rulebook>,
    shown: Arc<Shown>,
    https: bool,
) -> Routes {
    Routes::new()
        .route("/nearby", Cost::form(Need::Anyone), get(nearby::get).post(nearby::post))
        .route("/places", Cost::list(Need::Anyone), get(home::home))
        .route("/places/{id}", Cost::list(Need::Anyone), get(place::place))
        .route("/places/review", Cost::page(Need::May(May::PlaceEdit)), get(review::list))
        .route("/places/review/{number}", Cost::form(Need::May(May::PlaceEdit)), post(review::decide))
        .route("/places/units/{number}", Cost::form(Need::SignedIn), post(place::change_unit))
        .merge(grids::routes())
        .with_state(Desk { places, around, rulebook, shown, https })
}

/// Returns the day that the visitor asks about, or nothing for today. It returns a problem if the text is not a date.
fn day_asked(page: &Page) -> (Option<Date>, Vec<Problem>) {
    match page.query.opt("on").map(str::parse::<Date>) {
        None => (None, Vec::new()),
        Some(Ok(on)) if on == page.today() => (None, Vec::new()),
        Some(Ok(on)) => (Some(on), Vec::new()),
        Some(Err(_)) => {
            let refusal = Refusal::new(Code::FormDate).field("on").with("label", page.t("places-on"));
            (None, vec![page.problem(&refusal)])
        }
    }
}

/// A place as a link.
struct Link {
    id: i64,
    name: String,
    kind: String,
    code: String,
    /// How many places lie directly below.
    below: usize,
}

impl Link {
    fn kind_beside(&self) -> &str {
        kind_beside(&self.name, &self.kind)
    }
}

/// The kind of a place in words. It is empty where the name ends with it, whatever stands in brackets behind the kind.
fn kind_beside<'a>(name: &str, kind: &'a str) -> &'a str {
    let word = kind.split(['(', '（']).next().unwrap_or(kind).trim().to_lowercase();
    if name.to_lowercase().ends_with(&word) { "" } else { kind }
}

fn link(page: &Page, tree: &crate::Tree, place: &Place) -> Link {
    Link {
        id: place.id.0,
        name: place.named(page.lang).to_owned(),
        kind: page.t(place.kind.key()),
        code: place.code.clone(),
        below: tree.children(place.id).count(),
    }
}

/// Returns what is added to links so that they keep asking about the same day. It is empty for today.
fn kept(on: Option<Date>) -> String {
    on.map(|on| format!("?on={on}")).unwrap_or_default()
}
