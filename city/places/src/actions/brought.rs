//! This file brings grids that another system publishes as features. They are looked at like a file that a person
//! sends on the page of grids by hand, and become a proposal, which a named person adopts there.

use data_encoding::HEXLOWER;
use jobs::NewWork;
use kernel::earth::Datum;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use rulebook::Rulebook;
use serde_json::Value;
use sm3::{Digest, Sm3};
use uuid::Uuid;

use super::grids::{PLAN, ask};
use super::{DecideError, Places};
use crate::records::grids;
use crate::refusals::Why;
use crate::rules::geography::Geography;
use crate::rules::grids::counted::Counted;
use crate::rules::grids::given::{Calls, Fault, Given, drawn};
use crate::rules::grids::ground::{Ground, Limits, Today};
use crate::rules::grids::proposal::{Asked, Mode};
use crate::rules::grids::shapes::{self, Ashore};

/// The detail of a refusal that names a feature by its number.
const NUMBER: &str = "number";

/// What is brought, and for which place.
#[derive(Clone, Copy, Debug)]
pub struct Bringing<'b> {
    /// The district, street or community.
    pub place: &'b PlacePath,
    /// The features: a `FeatureCollection` of GeoJSON.
    pub file: &'b [u8],
    /// What its degrees mean.
    pub datum: Datum,
    /// Today.
    pub on: Date,
    /// Whether it becomes a proposal; otherwise it is only looked at.
    pub apply: bool,
}

/// A feature as it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtRow {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its name, as the file has it.
    pub name: String,
    /// Its code, as the file has it.
    pub code: String,
    /// What is wrong with it.
    pub faults: Vec<Refusal>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// The features, in the order of the file.
    pub rows: Vec<BroughtRow>,
    /// What is wrong with the whole.
    pub faults: Vec<Refusal>,
    /// How many buildings lie in the grids.
    pub buildings: usize,
    /// The proposal that is worked out, at `/places/grids/{work}`.
    pub work: Option<Uuid>,
}

impl Brought {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && self.rows.iter().all(|row| row.faults.is_empty())
    }
}

/// Looks at features, and asks for a proposal if all of them can be taken. The same features brought twice are asked
/// for once.
///
/// # Errors
/// No ground is laid in the place, the rulebook has no limits of grids, or the store failed. What is wrong with
/// features is told and is no error.
pub fn bring_grids(
    places: &Places,
    rulebook: &Rulebook,
    bringing: &Bringing<'_>,
    now: Instant,
) -> Result<Brought, DecideError> {
    let unmapped = || DecideError::from(Refusal::new(Why::PointUnmapped));
    let (tree, laid) = (places.tree(), places.geography_blocking()?.ok_or_else(unmapped)?);
    let ground = Ground::of(&laid, &tree, bringing.place);
    if ground.ids.is_empty() {
        return Err(unmapped());
    }
    let communities = ground.communities.iter().filter_map(|id| tree.get(*id));
    let communities: Vec<String> = communities.map(|place| place.code.clone()).collect();
    let (path, on) = (bringing.place.clone(), bringing.on);
    let (today, codes) = places.store().read_blocking(move |tx| {
        Ok::<_, store::StoreError>((grids::today(tx, &path, on)?, grids::codes(tx, &communities)?))
    })?;
    let ashore = Ashore { tree: &tree, laid: &laid, ground: &ground, today: &today, codes: &codes };
    let mut brought = Brought { rows: rows(bringing.file), ..Brought::default() };
    let looked = shapes::read(bringing.file, bringing.datum).and_then(|shapes| shapes::given(&ashore, &shapes));
    let looked = looked.and_then(|(given, calls)| {
        fits(&laid, &ground, &today, &given).map_err(|refusal| vec![refusal])?;
        Ok((given, calls))
    });
    let (given, calls) = match looked {
        Ok(looked) => looked,
        Err(faults) => {
            for fault in faults {
                brought.tell(fault);
            }
            return Ok(brought);
        }
    };
    brought.buildings = given.len();
    if bringing.apply {
        let limits = limits(rulebook, bringing.place, on)?;
        brought.work = Some(proposed(places, bringing, laid.revision, (given, calls), limits, now)?);
    }
    Ok(brought)
}

impl Brought {
    /// Tells a fault at the feature that it names, or of the whole.
    fn tell(&mut self, fault: Refusal) {
        let number = fault.detail.get(NUMBER).and_then(|number| number.parse::<usize>().ok());
        match self.rows.iter_mut().find(|row| Some(row.number) == number) {
            Some(row) => row.faults.push(fault),
            None => self.faults.push(fault),
        }
    }
}

/// The features of a file, as far as it can be read.
fn rows(file: &[u8]) -> Vec<BroughtRow> {
    let file: Value = serde_json::from_slice(file).unwrap_or_default();
    let features = file.get("features").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |feature: &Value, name: &str| match feature.get("properties").and_then(|own| own.get(name)) {
        Some(Value::String(text)) => text.chars().take(shapes::NAME_LIMIT).collect::<String>(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let row = |(number, feature): (usize, &Value)| BroughtRow {
        number,
        name: text(feature, "name"),
        code: text(feature, "code"),
        faults: Vec::new(),
    };
    (1..).zip(features).map(row).collect()
}

/// Whether every building of the place lies in a grid.
fn fits(laid: &Geography, ground: &Ground, today: &Today, given: &Given) -> Result<(), Refusal> {
    let title = |id: i64| {
        let at = laid.buildings.binary_search_by_key(&id, |one| one.id).ok();
        let building = at.and_then(|at| laid.buildings.get(at));
        let name = |one| format!("{} {}", laid.compound_of(one).map_or("", |one| one.name.as_str()), one.name);
        building.map(name).unwrap_or_default()
    };
    drawn(ground, today, given).map(drop).map_err(|fault| match fault {
        Fault::Without(ids) => {
            let first = ids.first().map(|id| title(*id)).unwrap_or_default();
            Refusal::new(Why::GridWithout).with("count", ids.len()).with("first", first)
        }
        Fault::Elsewhere(id) => Refusal::new(Why::GridElsewhere).with("building", title(id)),
        Fault::Whole => Refusal::new(Why::GridWhole),
    })
}

/// Asks for the proposal, under a key that says what is asked.
fn proposed(
    places: &Places,
    bringing: &Bringing<'_>,
    revision: i64,
    wanted: (Given, Calls),
    limits: Limits,
    now: Instant,
) -> Result<Uuid, DecideError> {
    let (given, calls) = wanted;
    let asked =
        Asked { mode: Mode::Given, revision, on: bringing.on, limits, given, calls, counted: Counted::default() };
    let asked = serde_json::to_value(&asked).map_err(|_| Refusal::new(Why::GridNothing))?;
    let key = HEXLOWER.encode(&Sm3::digest(asked.to_string().as_bytes()));
    let new = NewWork {
        id: Uuid::now_v7(),
        kind: PLAN.to_owned(),
        place: bringing.place.clone(),
        asked,
        by: None,
        by_name: String::new(),
    };
    places.store().write_blocking(move |tx| ask(tx, &new, &key, now))
}

/// The limits of grids at a place on a day.
///
/// # Errors
/// The rulebook has none.
pub fn limits(book: &Rulebook, place: &PlacePath, on: Date) -> Result<Limits, Refusal> {
    Ok(Limits {
        least: book.get(crate::words::GRID_HOUSEHOLDS_MIN, place, on)?,
        most: book.get(crate::words::GRID_HOUSEHOLDS_MAX, place, on)?,
        target: book.get(crate::words::GRID_HOUSEHOLDS, place, on)?,
        deviation: book.get(crate::words::GRID_DEVIATION_METRES, place, on)?,
    })
}
