//! The visit list: dwellings by building, entrance and floor, with what was agreed and what to come back for. Nobody's
//! name stands there. A change goes the same way from the form of this page and from a phone without a line.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use places::geography::Geography;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::answers::installable;
use super::entries::words_of;
use super::open::field_value;
use crate::Grid;
use crate::actions::dwelling::{Dwellings, SHOWN};
use crate::actions::field::work_places;
use crate::permissions::May;
use crate::rules::sharing::is_hers;
use crate::words::field::{
    AGREED, COME_FOR, DWELLING_FIELDS, Door, Dwelling, Edit, Edits, MET, MET_CODES, Sent, Stands, What,
};

/// The most floors and entrances of a building.
const HIGHEST: i64 = 200;
/// The most buildings that one can choose from.
const BUILDINGS: usize = 400;

#[derive(Template)]
#[template(path = "grid/field/dwellings.html")]
struct DwellingsPage {
    page: Page,
    /// The building of which every dwelling has its form; none before one is chosen.
    chosen: Option<House>,
    /// The buildings with dwellings to come back to.
    houses: Vec<House>,
    /// All buildings, to choose from.
    buildings: Vec<House>,
    met: Vec<Choice>,
    no_ground: bool,
    /// That not everything is listed; empty where it is.
    cut: String,
    who: String,
    piece: usize,
    number: u64,
    workers: u64,
    problem: Option<Problem>,
    told: Option<(&'static str, String)>,
}

/// A building with its dwellings.
struct House {
    id: i64,
    name: String,
    /// Its place among all buildings of its community, the same on every phone.
    position: u64,
    dwellings: Vec<Line>,
}

/// A dwelling as the page shows it.
struct Line {
    /// Names the form among others.
    id: String,
    door: Door,
    at: String,
    version: i64,
    summary: String,
    due: Option<web::Light>,
    values: BTreeMap<String, String>,
    met: Vec<Choice>,
}

impl Line {
    /// What a field says.
    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

/// `GET /field/dwellings?number=1&of=2`, and `?building=…` for the forms of one building.
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let building = page.query.get("building").parse().ok();
    grid.dwellings_page(page, building, Outcome::default()).await
}

/// `POST /field/dwellings`: a change of one dwelling, with what the page showed of it.
///
/// # Errors
/// Not permitted, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let account = page.visitor.actor.account.ok_or(WebError::NotFound)?;
    let building = form.get("building").parse().ok();
    let sent = match sent_of(&form, account) {
        Ok(sent) => sent,
        Err(refusal) => return grid.dwellings_page(page, building, Outcome::refused(refusal)).await,
    };
    let told = grid.enter(sent, page.visitor.actor.clone(), page.now).await;
    let outcome = match web::settled(told)? {
        Ok(told) => {
            let class = if told.entry.stands() == Stands::Done { "ok" } else { "late" };
            let (words, remedy) = words_of(&page, &told.entry);
            Outcome { refusal: None, told: Some((class, format!("{words} {remedy}"))) }
        }
        Err(refusal) => Outcome::refused(refusal),
    };
    grid.dwellings_page(page, building, outcome).await
}

/// What came of a form.
#[derive(Default)]
struct Outcome {
    refusal: Option<Refusal>,
    told: Option<(&'static str, String)>,
}

impl Outcome {
    fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), told: None }
    }
}

/// What the form of a dwelling sends.
fn sent_of(form: &PostForm, account: uuid::Uuid) -> Result<Sent, Refusal> {
    let number = |name: &str| {
        let found = form.get(name).parse::<i64>().ok().filter(|number| (0..=HIGHEST).contains(number));
        found.ok_or_else(|| Refusal::new(Code::FormInvalid).field(name))
    };
    let building = form.get("building").parse().map_err(|_| Refusal::new(Code::FormMissing).field("building"))?;
    let door =
        Door { building, entrance: number("entrance")?, floor: number("floor")?, door: form.get("door").to_owned() };
    let edit = |name: &&str| {
        let (saw, set) = (form.get(&format!("saw-{name}")).to_owned(), form.get(name).to_owned());
        ((*name).to_owned(), Edit { saw, set })
    };
    let fields: Edits = DWELLING_FIELDS.iter().map(edit).filter(|(_, edit)| edit.saw != edit.set).collect();
    let version = form.get("version").parse().unwrap_or_default();
    let id = form.id_of(account);
    Ok(Sent { id, before: None, photos: Vec::new(), instead: None, what: What::Dwelling { door, version, fields } })
}

impl Grid {
    async fn dwellings_page(
        self: &Arc<Self>,
        page: Page,
        building: Option<i64>,
        outcome: Outcome,
    ) -> Result<Response, WebError> {
        let ground = self.hall.places.geography().await?;
        let places = work_places(&page.visitor.actor);
        let Dwellings { found, is_cut } = self.dwellings(places.clone(), None).await?;
        let mut buildings = self.houses(&page, ground.as_deref());
        let no_ground = buildings.is_empty();
        let mut houses = filled(&page, &buildings, found);
        let chosen = match building {
            Some(id) => {
                let own = self.dwellings(places, Some(id)).await?;
                filled(&page, &buildings, own.found).into_iter().next()
            }
            None => None,
        };
        let asked = |name: &str| page.query.get(name).parse::<u64>().unwrap_or_default();
        let (number, workers) = (asked("number"), asked("of"));
        houses.retain(|house| is_hers(house.position, number, workers));
        buildings.retain(|house| is_hers(house.position, number, workers));
        let is_short = buildings.len() > BUILDINGS;
        buildings.truncate(BUILDINGS);
        let cut = match (is_cut, is_short) {
            (true, _) => page.t1("grid-dwellings-cut", "n", SHOWN),
            (false, true) => page.t1("grid-dwellings-cut-buildings", "n", BUILDINGS),
            (false, false) => String::new(),
        };
        let status = if outcome.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let problem = outcome.refusal.map(|refusal| page.problems("grid-field-label-", &[refusal]));
        let drawn = DwellingsPage {
            chosen,
            houses,
            buildings,
            met: met(&page, ""),
            no_ground,
            cut,
            who: self.phone_of(&page),
            piece: crate::words::field::PIECE_BYTES,
            number,
            workers,
            problem: problem.and_then(|mut problems| problems.pop()),
            told: outcome.told,
            page,
        };
        Ok(installable(render_status(status, &drawn)?))
    }

    /// The buildings at a worker's places, with what their compound is called. The position of each is its place among
    /// all buildings of its community, by their identities: whatever a phone holds of dwellings and tasks, it is the
    /// same on every phone.
    fn houses(&self, page: &Page, ground: Option<&Geography>) -> Vec<House> {
        let Some(ground) = ground else { return Vec::new() };
        let tree = self.hall.places.tree();
        let mut next: BTreeMap<PlaceId, u64> = BTreeMap::new();
        let mut found = Vec::new();
        for place in work_places(&page.visitor.actor) {
            for at in ground.inside(&tree, &place).buildings {
                let building = ground.buildings.get(at as usize);
                let Some((building, compound)) = building.and_then(|one| Some((one, ground.compound_of(one)?))) else {
                    continue;
                };
                let position = next.entry(compound.community).or_default();
                let name = format!("{} {}", compound.name, building.name);
                found.push(House { id: building.id, name, position: *position, dwellings: Vec::new() });
                *position += 1;
            }
        }
        found
    }
}

/// The buildings that have dwellings, with them. One that is no longer there has a position of its own.
fn filled(page: &Page, buildings: &[House], found: Vec<(Dwelling, BTreeMap<String, String>)>) -> Vec<House> {
    let known: BTreeMap<i64, &House> = buildings.iter().map(|house| (house.id, house)).collect();
    let mut houses: BTreeMap<i64, House> = BTreeMap::new();
    for (row, values) in found {
        let house = houses.entry(row.building).or_insert_with(|| {
            let position = known.get(&row.building).map_or(row.building.unsigned_abs(), |house| house.position);
            House { id: row.building, name: row.house.clone(), position, dwellings: Vec::new() }
        });
        house.dwellings.push(line(page, row, values));
    }
    houses.into_values().collect()
}

fn line(page: &Page, row: Dwelling, values: BTreeMap<String, String>) -> Line {
    let (entrance, floor) = (row.entrance.to_string(), row.floor.to_string());
    let at = page.text("grid-field-door-words", &[("entrance", &entrance), ("floor", &floor), ("door", &row.door)]);
    let said = [MET, AGREED, COME_FOR].into_iter().filter_map(|name| {
        let value = values.get(name).filter(|value| !value.is_empty())?;
        Some(field_value(page, name, value))
    });
    let summary = said.collect::<Vec<_>>().join(" · ");
    let due = row.come_on.map(|day| page.time_left(day, kernel::procedure::ClockState::Running));
    let chosen = met(page, values.get(MET).map_or("", String::as_str));
    let door = Door { building: row.building, entrance: row.entrance, floor: row.floor, door: row.door };
    Line { id: row.id.simple().to_string(), door, at, version: row.version, summary, due, values, met: chosen }
}

fn met(page: &Page, chosen: &str) -> Vec<Choice> {
    let none = Choice::new("", page.t("grid-field-met-none"), chosen);
    let codes = MET_CODES.iter().map(|code| Choice::new(*code, page.t(&format!("grid-field-met-{code}")), chosen));
    std::iter::once(none).chain(codes).collect()
}
