//! The register of a compound: its buildings, the units of one of them with their owners masked, and the form that
//! takes a table in. A table that cannot be taken is answered row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::refusal::Refusal;
use store::Tx;
use tables::Limits;
use uuid::Uuid;
use vault::{Masked, PersonField};
use web::table::{Cell, ColumnKind, Table};
use web::{InPath, Page, Pager, Problem, UploadForm, WebError, render_status};

use super::frame::{COLUMN, Part, done, headed};
use super::sheet::{Sheet, Wrong};
use super::{LABELS, in_each, purpose};
use crate::Property;
use crate::actions::register::Import;
use crate::permissions::May;
use crate::records::parts::{self, BuildingSum};
use crate::records::register::{self, Building, Compound, Head, Share, Unit};
use crate::rules::register::{COLUMNS, REQUIRED, SheetWords, read};
use crate::words::register::{BuildingDraft, Ground, HeadKind, Purpose, Totals};

/// The table of a register: a large compound with several owners of each unit.
const SHEET: Sheet = Sheet {
    titles: "property-sheet-",
    columns: &COLUMNS,
    required: &REQUIRED,
    limits: Limits { rows: 8_000, columns: 40, bytes: 16 * 1024 * 1024 },
};

#[derive(Template)]
#[template(path = "property/register.html")]
struct RegisterPage {
    page: Page,
    id: i64,
    name: String,
    place: String,
    /// What was kept of it, none before the first table.
    totals: Option<Totals>,
    area: String,
    buildings: Table,
    /// The building whose units are shown: its identity and its name.
    chosen: Option<i64>,
    shown: String,
    units: Table,
    pager: Pager,
    /// The names of the buildings of this compound, for the table.
    names: String,
    columns: String,
    problems: Vec<Problem>,
    faults: Option<Table>,
    more: usize,
}

/// What is kept of a compound.
#[derive(Default)]
struct Kept {
    compound: Option<Compound>,
    totals: Totals,
    buildings: Vec<Building>,
    building: Option<Building>,
    units: Vec<Unit>,
    /// What the units of each building add up to.
    sums: BTreeMap<i64, BuildingSum>,
    shares: Vec<Share>,
    heads: BTreeMap<Uuid, Head>,
    masked: BTreeMap<Uuid, Masked>,
}

/// `GET /property/compounds/{compound}`, with `?building=` for the units of one building.
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page, InPath(id): InPath<i64>) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let ground = desk.ground(&page, id).await?;
    desk.register_page(page, &ground, &Wrong::default()).await
}

/// `POST /property/compounds/{compound}`: takes a table in.
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<i64>,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let ground = desk.ground(&page, id).await?;
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let (asking, held) = (page.clone(), ground.clone());
    let buildings = match page.aside(move || from_table(&asking, &bytes, &held)).await? {
        Ok(buildings) => buildings,
        Err(wrong) => return desk.register_page(page, &ground, &wrong).await,
    };
    let (own, actor) = (desk.clone(), page.visitor.actor.clone());
    let command = Import::new(ground.clone(), buildings, Sent::of(&form, id), page.now);
    let act = move |tx: &mut dyn Tx| own.import(tx, &command, &actor);
    let again = |refusal: Refusal| async { desk.register_page(page, &ground, &Wrong::from(refusal)).await };
    done(&desk.hall, act, |()| format!("/property/compounds/{id}"), again).await
}

/// Reads a table.
fn from_table(page: &Page, bytes: &[u8], ground: &Ground) -> Result<Vec<BuildingDraft>, Wrong> {
    let table = SHEET.read(page, bytes)?;
    read(&table, ground, &words(page)).map_err(Wrong::from)
}

/// What the words of a table mean, in each language.
fn words(page: &Page) -> SheetWords {
    let of = |purpose: Purpose| in_each(page, &format!("property-purpose-{}", purpose.code()));
    let purposes = Purpose::ALL.into_iter().flat_map(|one| of(one).into_iter().map(move |text| (text, one)));
    SheetWords {
        purposes: purposes.map(|(text, one)| (tables::folded(&text), one)).collect(),
        unsold: in_each(page, "property-unsold").iter().map(|text| tables::folded(text)).collect(),
    }
}

impl Property {
    async fn register_page(&self, page: Page, ground: &Ground, wrong: &Wrong) -> Result<Response, WebError> {
        let status = if wrong.is_nothing() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let mut kept = self.kept_of(&page, ground.id).await?;
        let pager = Part::asked(&page).ends(&page, &mut kept.units);
        let between = page.lang.pick("、", ", ");
        let names: Vec<&str> = ground.buildings.iter().map(|(_, name)| name.as_str()).collect();
        let drawn = RegisterPage {
            id: ground.id,
            name: ground.name.clone(),
            place: self.chain(&page, &ground.path),
            totals: kept.compound.is_some().then_some(kept.totals),
            area: kept.totals.area.show(),
            buildings: buildings(&page, &kept),
            chosen: kept.building.as_ref().map(|building| building.id),
            shown: kept.building.as_ref().map(|building| building.name.clone()).unwrap_or_default(),
            units: units(&page, &kept),
            pager,
            names: names.join(between),
            columns: SHEET.told(&page),
            problems: page.problems(LABELS, wrong.refusal.as_slice()),
            faults: SHEET.faults(&page, wrong),
            more: wrong.more(),
            page,
        };
        render_status(status, &drawn)
    }

    async fn kept_of(&self, page: &Page, id: i64) -> Result<Kept, WebError> {
        let (vault, asked) = (self.hall.vault.clone(), page.query.get("building").parse::<i64>().ok());
        let part = Part::asked(page);
        let read = move |tx: &mut dyn Tx| {
            let Some(compound) = register::compound(tx, id)? else { return Ok(Kept::default()) };
            let district = compound.district;
            let buildings = register::buildings(tx, district, id)?;
            let building = buildings.iter().find(|one| Some(one.id) == asked).or(buildings.first()).cloned();
            let sums = parts::building_sums(tx, district, id)?.into_iter().map(|sum| (sum.building, sum)).collect();
            let (mut units, mut shares, mut heads) = (Vec::new(), Vec::new(), Vec::new());
            if let Some(building) = &building {
                units = parts::units_of(tx, district, building.id, part.span())?;
                let shown: BTreeSet<Uuid> = units.iter().map(|unit| unit.id).collect();
                shares = register::shares_of(tx, district, building.id)?;
                shares.retain(|share| shown.contains(&share.unit));
                heads = parts::heads_in(tx, district, building.id)?;
            }
            let wanted: Vec<_> = shares.iter().map(|share| (district, share.owner)).collect();
            let masked = vault.masked(tx, &wanted)?.into_iter().collect();
            let heads = heads.into_iter().map(|head| (head.id, head)).collect();
            let totals = register::totals(tx, district, id)?;
            let compound = Some(compound);
            Ok::<_, Fault>(Kept { compound, totals, buildings, building, units, sums, shares, heads, masked })
        };
        Ok(self.hall.store.read(read).await?)
    }
}

fn buildings(page: &Page, kept: &Kept) -> Table {
    let named = [
        (ColumnKind::Link, "building"),
        (ColumnKind::Number, "units"),
        (ColumnKind::Number, "area"),
        (ColumnKind::Number, "stated"),
    ];
    let row = |building: &Building| {
        let sum = kept.sums.get(&building.id);
        let (units, area) = sum.map(|sum| (sum.units, sum.area.hundredths())).unwrap_or_default();
        let stated = Some(building.stated.hundredths()).filter(|stated| *stated > 0);
        vec![
            Cell::link(building.name.clone(), format!("?building={}#units", building.id)),
            units.into(),
            Cell::Hundredths(area),
            stated.map_or(Cell::Empty, Cell::Hundredths),
        ]
    };
    Table::new(page.t("property-buildings"), headed(page, COLUMN, named)).with(kept.buildings.iter().map(row))
}

/// The units of the building that is shown. Names stay masked.
fn units(page: &Page, kept: &Kept) -> Table {
    let named = [
        (ColumnKind::Link, "unit"),
        (ColumnKind::Text, "purpose"),
        (ColumnKind::Number, "area"),
        (ColumnKind::Text, "owner"),
        (ColumnKind::Text, "linked"),
    ];
    let name = |share: &Share| {
        let name = kept.masked.get(&share.owner).and_then(|person| person.get(&PersonField::Name)).cloned();
        let name = name.unwrap_or_else(|| page.t("property-owner-erased"));
        if share.part == share.whole { name } else { format!("{name} {}/{}", share.part, share.whole) }
    };
    let row = |unit: &Unit| {
        let head = kept.heads.get(&unit.head);
        let owners: Vec<String> = kept.shares.iter().filter(|share| share.unit == unit.id).map(name).collect();
        let is_unsold = head.is_some_and(|head| head.kind == HeadKind::Developer);
        let owners = if is_unsold { page.t("property-unsold") } else { owners.join(page.lang.pick("、", ", ")) };
        let linked = head.and_then(|head| head.account).map(|_| page.t("property-linked"));
        vec![
            Cell::link(format!("{} {}", unit.stair, unit.label).trim(), format!("/property/units/{}", unit.id)),
            purpose(page, unit.purpose).into(),
            Cell::Hundredths(unit.area.hundredths()),
            owners.into(),
            linked.into(),
        ]
    };
    Table::new(page.t("property-units"), headed(page, COLUMN, named)).with(kept.units.iter().map(row))
}
