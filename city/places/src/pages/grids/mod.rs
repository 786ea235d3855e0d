//! These are the pages of grids: today's grids, a proposal beside them and its adoption, and the buildings that a place
//! brings.

mod adoption;
mod answer;
mod around;
mod beside;
mod bring;
mod brought;
mod calling;
mod community;
mod drawing;
mod ending;
mod ground;
mod hand;
mod hand_counted;
mod hand_shapes;
mod odd;
mod place;
mod proposal;
mod rows;
mod wide;
mod worker;

use crate::permissions::May;
use std::collections::BTreeMap;

use axum::routing::{get, post};
use kernel::language::Bilingual;
use kernel::permission::{Permission, Target, may};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Date;
use web::table::{Column, ColumnKind};
use web::{Cost, Crumb, Light, Need, Page, Routes, WebError};

use super::Desk;
use crate::records::adoption::Adoption;
use crate::records::grids::GridRow;
use crate::rules::grids::ground::{Limits, Standing};
use crate::rules::naming::english;
use crate::words::{AdoptionState, Kind, Place};

/// Returns the addresses of grids.
pub(super) fn routes() -> Routes<Desk> {
    Routes::new()
        .route("/places/{id}/grids", Cost::export(Need::May(May::PlaceRead)), get(place::get))
        .route("/places/{id}/grids", Cost::form(Need::May(May::GridPlan)), post(place::post))
        .route("/places/{id}/grids/hand", Cost::export(Need::May(May::GridPlan)), get(hand::get))
        .route("/places/{id}/grids/hand", Cost::upload(Need::May(May::GridPlan)), post(hand::post))
        .route("/places/{id}/grids.xlsx", Cost::export(Need::May(May::PlaceRead)), get(place::export))
        .route("/places/{id}/worker", Cost::form(Need::May(May::GridPlan)), get(worker::get).post(worker::post))
        .route("/places/{id}/worker/open", Cost::list(Need::May(May::GridPlan)), get(worker::open))
        .route("/places/grids/{work}", Cost::page(Need::May(May::PlaceRead)), get(proposal::get))
        .route("/places/grids/{work}/stop", Cost::form(Need::May(May::GridPlan)), post(proposal::stop))
        .route("/places/grids/{work}/moves.xlsx", Cost::export(Need::May(May::PlaceRead)), get(proposal::moves))
        .route("/places/grids/{work}/answer", Cost::export(Need::May(May::PlaceRead)), get(answer::get))
        .route("/places/{id}/bring", Cost::page(Need::May(May::GridPlan)), get(bring::get))
        .route("/places/{id}/bring", Cost::upload(Need::May(May::GridPlan)), post(bring::post))
        .route("/places/bring/{work}", Cost::page(Need::May(May::GridPlan)), get(brought::get))
        .route("/places/bring/{work}/lay", Cost::form(Need::May(May::GridPlan)), post(brought::lay))
        .route("/places/bring/{work}/stop", Cost::form(Need::May(May::GridPlan)), post(brought::stop))
        .route("/places/grids/{work}/adopt", Cost::form(Need::May(May::GridPlan)), post(adoption::adopt))
        .route("/places/adoptions/{adoption}/off", Cost::form(Need::May(May::GridPlan)), post(adoption::off))
}

/// The place of an address, when this visitor has the permission there: a city, district, street or community.
fn place_of(desk: &Desk, page: &Page, id: PlaceId, permission: Permission) -> Result<Place, WebError> {
    let tree = desk.places.tree();
    let place = tree.get(id).filter(|place| place.level <= Level::Community).ok_or(WebError::NotFound)?;
    allowed(page, &place.path, permission)?;
    Ok(place.clone())
}

/// Answers "not found" for a place that this visitor may not see.
fn allowed(page: &Page, place: &PlacePath, permission: Permission) -> Result<(), WebError> {
    let target = Target::at(place.clone());
    may(&page.visitor.actor, permission, &target).map(drop).map_err(|_| WebError::NotFound)
}

/// Says whether this visitor may draw grids there.
fn may_plan(page: &Page, place: &PlacePath) -> bool {
    may(&page.visitor.actor, May::GridPlan, &Target::at(place.clone())).is_ok()
}

/// Returns the limits of grids at a place on a day.
fn limits(desk: &Desk, place: &PlacePath, on: Date) -> Result<Limits, Refusal> {
    crate::actions::brought::limits(&desk.rulebook, place, on)
}

/// The columns of a workbook of buildings: where each is, how many live there, and two more.
fn columns(page: &Page, last: [&str; 2]) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("places-grids-column-{name}")));
    let first = ["community", "compound", "building"].map(|name| column(ColumnKind::Text, name));
    let last = last.map(|name| column(ColumnKind::Text, name));
    first.into_iter().chain([column(ColumnKind::Number, "households")]).chain(last).collect()
}

/// The limits as a sentence.
fn limits_text(page: &Page, limits: &Limits) -> String {
    let [least, most, target] = [limits.least, limits.most, limits.target].map(|one| one.to_string());
    page.text("places-grids-limits", &[("least", &least), ("most", &most), ("target", &target)])
}

/// Returns the levels above a page about the grids of a place.
fn crumbs(desk: &Desk, page: &Page, place: &Place) -> Vec<Crumb> {
    let tree = desk.places.tree();
    let link = |place: &Place| Crumb { text: place.named(page.lang).to_owned(), href: format!("/places/{}", place.id) };
    let top = Crumb { text: page.t("places-title"), href: "/places".to_owned() };
    std::iter::once(top).chain(tree.ancestors(place.id).into_iter().map(link)).chain([link(place)]).collect()
}

/// Says in words whether a grid keeps the limits.
fn standing(page: &Page, standing: Standing) -> Light {
    let (class, key) = match standing {
        Standing::Below => ("soon", "places-grids-below"),
        Standing::Within => ("ok", "places-grids-within"),
        Standing::Above => ("late", "places-grids-above"),
    };
    Light { class, text: page.t(key) }
}

/// Holds what grids are called.
struct Names {
    known: BTreeMap<i64, Name>,
}

/// What a grid is called: in the reader's language, in Chinese, and its code.
struct Name {
    shown: String,
    zh: String,
    code: String,
    kind: Kind,
}

impl Names {
    fn new(page: &Page, rows: Vec<GridRow>) -> Self {
        let name = |row: GridRow| {
            let named = Bilingual { en: english(&row.name, Kind::Grid), zh: row.name };
            let kind = Kind::parse(&row.kind).unwrap_or(Kind::Grid);
            (row.id.0, Name { shown: named.get(page.lang).to_owned(), zh: named.zh, code: row.code, kind })
        };
        Self { known: rows.into_iter().map(name).collect() }
    }

    /// Returns the name.
    fn name(&self, grid: i64) -> String {
        self.known.get(&grid).map_or_else(|| grid.to_string(), |name| name.shown.clone())
    }

    /// Returns the Chinese name, as tables write it.
    fn zh(&self, grid: i64) -> String {
        self.known.get(&grid).map(|name| name.zh.clone()).unwrap_or_default()
    }

    /// Returns the code.
    fn code(&self, grid: i64) -> String {
        self.known.get(&grid).map(|name| name.code.clone()).unwrap_or_default()
    }

    /// Returns the kind.
    fn kind(&self, grid: i64) -> Kind {
        self.known.get(&grid).map_or(Kind::Grid, |name| name.kind)
    }

    /// Returns the running number within the community, as maps show it.
    fn number(&self, grid: i64) -> String {
        let code = self.code(grid);
        let digits: String = code.chars().skip(12).collect();
        digits.parse::<u32>().map_or(code, |number| number.to_string())
    }
}

/// An adoption as lists show it.
struct AdoptionLine {
    id: String,
    work: String,
    day: String,
    note: String,
    by: String,
    light: Light,
    moved: i64,
    /// Whether this visitor may call it off.
    off: bool,
}

fn adoption_line(desk: &Desk, page: &Page, adoption: &Adoption) -> AdoptionLine {
    let class = match adoption.state {
        AdoptionState::Coming => "soon",
        AdoptionState::Done => "ok",
        AdoptionState::Off => "none",
        AdoptionState::Void => "late",
    };
    let tree = desk.places.tree();
    let plans = tree.path(adoption.place).is_some_and(|path| may_plan(page, path));
    AdoptionLine {
        id: adoption.id.to_string(),
        work: adoption.work.to_string(),
        day: page.full_date(adoption.day),
        note: adoption.note.clone(),
        by: adoption.by_name.clone(),
        light: Light { class, text: page.t(adoption.state.key()) },
        moved: adoption.moved,
        off: plans && adoption.state == AdoptionState::Coming,
    }
}
