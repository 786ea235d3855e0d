//! The register of a compound: its buildings, the units of one of them with their owners masked, and the form that
//! brings a table. A table that cannot be taken is answered row by row; of another one the page says what it changes,
//! and it is taken once somebody confirms that.

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
use web::{Choice, InPath, Page, Pager, Problem, UploadForm, WebError, render_status};

use super::frame::{COLUMN, Part, done, headed};
use super::sheet::{Sheet, TOLD, Wrong};
use super::{LABELS, in_each, purpose};
use crate::Property;
use crate::actions::register::Import;
use crate::actions::register_plan::{Changed, Confirmed, Listed, Plan};
use crate::permissions::May;
use crate::records::parts::{self, BuildingSum};
use crate::records::register::{self, Building, Compound, Head, Share, Unit};
use crate::records::votes;
use crate::refusals::Why;
use crate::rules::register::{COLUMNS, REQUIRED, SheetWords, read};
use crate::words::register::{BuildingDraft, Ground, HeadKind, Purpose, Totals};

/// The value of the field `step` by which a table is taken in that somebody looked at.
const CONFIRM: &str = "confirm";
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
    /// What a table changed that was taken just now; empty otherwise.
    taken: String,
}

/// What a table changes, to be confirmed.
#[derive(Template)]
#[template(path = "property/register_plan.html")]
struct PlanPage {
    page: Page,
    id: i64,
    name: String,
    /// How many units are added, changed, removed and stay, in one sentence.
    count: String,
    /// What goes, what changes and what is new, as far as there is any.
    lists: Vec<Table>,
    /// The most lines of each list.
    most: usize,
    /// The box that lets units go; none if no unit goes.
    drop: Vec<Choice>,
    /// The mark of what is listed.
    mark: String,
    /// The rows of the table, to be sent back.
    sent: Vec<String>,
    problems: Vec<Problem>,
}

/// A table that was brought.
struct Brought {
    /// Its rows as texts for a form.
    rows: Vec<String>,
    /// What they say.
    buildings: Vec<BuildingDraft>,
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

/// `GET /property/compounds/{compound}/template`: the columns of the table.
///
/// # Errors
/// 404 for a compound that is not hers, or a failure.
pub async fn template(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<i64>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.ground(&page, id).await?;
    SHEET.template(&page, "owners").await
}

/// `POST /property/compounds/{compound}`: says what a table changes; with `step=confirm` it takes in what was looked
/// at.
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
    let is_confirmed = form.get("step") == CONFIRM;
    let back = if is_confirmed { SHEET.sent_back(&form) } else { None };
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let (asking, held) = (page.clone(), ground.clone());
    let brought = match page.aside(move || from_table(&asking, &bytes, back, &held)).await? {
        Ok(brought) => brought,
        Err(wrong) => return desk.register_page(page, &ground, &wrong).await,
    };
    if !is_confirmed {
        return desk.plan_page(page, &ground, &brought, None).await;
    }
    let (own, actor) = (desk.clone(), page.visitor.actor.clone());
    let confirmed = Confirmed { mark: form.get("mark").to_owned(), may_drop: form.has("drop") };
    let command = Import::new(ground.clone(), brought.buildings.clone(), Sent::of(&form, id), page.now);
    let command = command.confirmed(confirmed);
    let act = move |tx: &mut dyn Tx| own.import(tx, &command, &actor);
    let to = |plan: Option<Plan>| {
        let numbers = plan.map(|plan| [plan.added.len(), plan.changed.len(), plan.removed.len()]);
        let told =
            numbers.map(|[added, changed, removed]| format!("?added={added}&changed={changed}&removed={removed}"));
        format!("/property/compounds/{id}{}", told.unwrap_or_default())
    };
    let again = |refusal: Refusal| async { desk.plan_page(page, &ground, &brought, Some(refusal)).await };
    done(&desk.hall, act, to, again).await
}

/// Reads a table that was brought, or rows that come back: as texts for a form, and what they say.
fn from_table(page: &Page, bytes: &[u8], back: Option<tables::Table>, ground: &Ground) -> Result<Brought, Wrong> {
    let table = match back {
        Some(table) => table,
        None => SHEET.read(page, bytes)?,
    };
    let buildings = read(&table, ground, &words(page)).map_err(Wrong::from)?;
    Ok(Brought { rows: Sheet::sent(&table), buildings })
}

/// What the words of a table mean, in each language.
fn words(page: &Page) -> SheetWords {
    let of = |purpose: Purpose| in_each(page, &format!("property-purpose-{}", purpose.code()));
    let purposes = Purpose::ALL.into_iter().flat_map(|one| of(one).into_iter().map(move |text| (text, one)));
    // What is sold and not handed over counts with the developer too.
    let unsold = ["property-unsold", "property-undelivered"].into_iter().flat_map(|key| in_each(page, key));
    SheetWords {
        purposes: purposes.map(|(text, one)| (tables::folded(&text), one)).collect(),
        unsold: unsold.map(|text| tables::folded(&text)).collect(),
    }
}

impl Property {
    async fn register_page(self: &Arc<Self>, page: Page, ground: &Ground, wrong: &Wrong) -> Result<Response, WebError> {
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
            taken: taken(&page),
            page,
        };
        render_status(status, &drawn)
    }

    /// What a table changes, with its rows to be sent back. While a vote is under way the register stays as it is.
    async fn plan_page(
        self: &Arc<Self>,
        page: Page,
        ground: &Ground,
        brought: &Brought,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let (own, id, now, buildings) = (self.clone(), ground.id, page.now, brought.buildings.clone());
        let look = move |tx: &mut dyn Tx| {
            let kept = register::compound(tx, id)?;
            let is_in_vote = match kept {
                Some(compound) => votes::is_running(tx, compound.district, id, now)?,
                None => false,
            };
            Ok::<_, Fault>((own.plan(tx, id, &buildings)?, is_in_vote))
        };
        let (plan, is_in_vote) = self.hall.store.read(look).await?;
        if is_in_vote {
            let refusal = Refusal::new(Why::PropertyRegisterInVote).field("file");
            return self.register_page(page, ground, &Wrong::from(refusal)).await;
        }
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let numbers = [&plan.added, &plan.removed].map(|listed| listed.len().to_string());
        let (changed, same) = (plan.changed.len().to_string(), plan.same.to_string());
        let [added, removed] = numbers.each_ref().map(String::as_str);
        let count = [("added", added), ("changed", changed.as_str()), ("removed", removed), ("same", same.as_str())];
        let drop = page.t1("property-plan-drop", "count", plan.removed.len());
        let lists = [
            listed(&page, "property-plan-removed", &plan.removed),
            changed_units(&page, &plan.changed),
            listed(&page, "property-plan-added", &plan.added),
        ];
        let drawn = PlanPage {
            id,
            name: ground.name.clone(),
            count: page.text("property-plan-count", &count),
            lists: lists.into_iter().filter(|list| !list.rows.is_empty()).collect(),
            most: TOLD,
            drop: if plan.removed.is_empty() { Vec::new() } else { vec![Choice::new("1", drop, "")] },
            mark: plan.mark(),
            sent: brought.rows.clone(),
            problems: page.problems(LABELS, refusal.as_slice()),
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

/// What a table changed that was taken just now; empty otherwise.
fn taken(page: &Page) -> String {
    let number = |name: &str| page.query.get(name).parse::<usize>().ok().map(|number| number.to_string());
    let (Some(added), Some(changed), Some(removed)) = (number("added"), number("changed"), number("removed")) else {
        return String::new();
    };
    let numbers = [("added", added.as_str()), ("changed", changed.as_str()), ("removed", removed.as_str())];
    page.text("property-import-taken", &numbers)
}

/// The first units of a list of the plan.
fn listed(page: &Page, caption: &str, units: &[Listed]) -> Table {
    let row = |one: &Listed| vec![one.name.clone().into(), Cell::Hundredths(one.area.hundredths())];
    let named = [(ColumnKind::Text, "unit"), (ColumnKind::Number, "area")];
    Table::new(page.t(caption), headed(page, COLUMN, named)).with(units.iter().take(TOLD).map(row))
}

/// The first units that change, with what they were and what they are then.
fn changed_units(page: &Page, units: &[Changed]) -> Table {
    let both = |[before, after]: [String; 2]| {
        if before == after { after } else { page.t2("property-plan-both", "before", before, "after", after) }
    };
    let row = |one: &Changed| -> Vec<Cell> {
        let owners = if one.owners { "property-plan-owners" } else { "property-plan-owners-same" };
        vec![
            one.name.clone().into(),
            both(one.area.map(crate::words::area::Area::show)).into(),
            both(one.purpose.map(|one| purpose(page, one))).into(),
            page.t(owners).into(),
        ]
    };
    let named = [
        (ColumnKind::Text, "unit"),
        (ColumnKind::Text, "area"),
        (ColumnKind::Text, "purpose"),
        (ColumnKind::Text, "owner"),
    ];
    let table = Table::new(page.t("property-plan-changed"), headed(page, COLUMN, named));
    table.with(units.iter().take(TOLD).map(row))
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
