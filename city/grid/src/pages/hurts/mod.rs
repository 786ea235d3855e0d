//! This page shows where it hurts (热点·痛点·堵点) to whoever supervises a place: what rises, what comes back to the
//! same spot, what was sent back or late most, and how much workers found by themselves. Each line opens its reports.

mod kept;
mod lists;
mod picture;
pub mod rows;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use house::{Tile, TileValue};
use kernel::permission::{Actor, Permission};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Instant, date_plus_days};
use places::Place;
use places::geography::Geography;
use store::{StoreError, Tx};
use web::table::Table;
use web::{Crumb, Heading, Page, Service, WebError, render};

use crate::hurts::{SpotOf, spots};
use crate::words::{
    Compared, GRID_HURTS_DAYS, GRID_HURTS_LINES, GRID_RISE_ONCE_IN, GRID_SPOT_METRES, GRID_SPOT_TIMES, Night, Placed,
    Rise, Share, Since,
};
use crate::{Grid, records};

pub(crate) use kept::Kept;

/// The address of the page.
const HERE: &str = "/report/hurts";
/// Communities and kinds that are looked through for spots, and reports of each.
const FREQUENT: i64 = 100;
const OF_EACH: i64 = 500;
/// Reports of one community that are looked through for spots.
const OF_COMMUNITY: i64 = 2_000;
/// Kinds of one community.
const KINDS: i64 = 1_000;
/// From how many seconds on the page says how old it is.
const SECONDS_TOLD: i64 = 60;
/// Communities that a city may have.
const COMMUNITIES: i64 = 20_000;

#[derive(Template)]
#[template(path = "grid/hurts.html")]
struct HurtsPage {
    page: Page,
    crumbs: Vec<Crumb>,
    /// The name of the place; empty where this visitor supervises none.
    name: String,
    map: String,
    invented: bool,
    /// What was looked at, and what was left out.
    told: Vec<String>,
    lists: Vec<List>,
}

/// One of the lists: what it is, what it says, what is there.
struct List {
    title: String,
    says: String,
    table: Table,
    empty: String,
    /// The words and the address of the whole list; none where all of it stands here.
    more: Option<(String, String)>,
}

/// What is known of a place.
#[derive(Debug)]
pub(crate) struct Known {
    /// When it was found out.
    at: Instant,
    days: i64,
    /// Lines that each list has at most.
    lines: usize,
    night: Option<Night>,
    rises: Vec<Rise>,
    spots: Vec<SpotOf>,
    returned: Vec<Share>,
    overdue: Vec<Share>,
    found: Vec<Share>,
}

/// How reports went: where most were sent back or late, and how many workers found.
struct Went {
    returned: Vec<Share>,
    overdue: Vec<Share>,
    found: Vec<Share>,
}

impl Went {
    /// Of the communities inside a place.
    fn inside(tx: &mut dyn Tx, since: &Since, lines: i64) -> Result<Self, StoreError> {
        Ok(Self {
            returned: records::hurts::most(tx, since, Compared::Returned, lines)?,
            overdue: records::hurts::most(tx, since, Compared::Overdue, lines)?,
            found: records::hurts::found(tx, since, COMMUNITIES)?,
        })
    }

    /// Of one community, in one look at its reports.
    fn at(tx: &mut dyn Tx, since: &Since, lines: i64) -> Result<Self, StoreError> {
        let kinds = records::hurts::went(tx, since, KINDS)?;
        let path = &since.place;
        let most = |number: fn(&records::hurts::Went) -> i64| {
            let share = |kind: &records::hurts::Went| Share {
                path: path.clone(),
                kind: kind.kind.clone(),
                number: number(kind),
                of: kind.of,
            };
            let mut shares: Vec<Share> = kinds.iter().map(share).filter(|share| share.number > 0).collect();
            shares.sort_by_key(|share| (Reverse(share.number), share.of));
            shares.truncate(usize::try_from(lines).unwrap_or(usize::MAX));
            shares
        };
        let sum = |number: fn(&records::hurts::Went) -> i64| kinds.iter().map(number).sum::<i64>();
        let all =
            Share { path: path.clone(), kind: String::new(), number: sum(|kind| kind.found), of: sum(|kind| kind.of) };
        Ok(Self {
            returned: most(|kind| kind.returned),
            overdue: most(|kind| kind.overdue),
            found: Some(all).filter(|all| all.of > 0).into_iter().collect(),
        })
    }
}

/// Where an actor supervises everything, whatever the department.
fn reach(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(Permission::CaseSupervise).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

/// How the page is found under 专项.
pub(crate) fn service() -> Service {
    Service {
        heading: Heading::Topics,
        key: "grid-nav-hurts",
        purpose: "grid-nav-hurts-for",
        href: HERE,
        permission: Some(Permission::CaseSupervise),
        order: 40,
    }
}

/// How many rises of the last night touch the places of whoever looks.
pub(crate) fn tiles() -> Vec<Tile> {
    let value = |tx: &mut dyn Tx, page: &Page| {
        let Some(night) = records::hurts::last_night(tx)? else { return Ok(TileValue::default()) };
        let rises = records::hurts::rises(tx, night.night, &reach(&page.visitor.actor))?;
        let note = page.t1("grid-hurts-night", "day", page.date(night.night));
        Ok::<_, StoreError>(TileValue { figure: rises.len().to_string(), note, urgent: !rises.is_empty() })
    };
    let (key, permission) = ("grid-tile-hurts", Permission::CaseSupervise);
    vec![Tile { key, href: HERE, permission, order: 40, value: Arc::new(value) }]
}

/// `GET /report/hurts?place=…`; `rises=all` lists everything that rises, and not the first of it alone.
///
/// # Errors
/// Sign-in needed, no permission, or 404 for a place that is not hers.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let Some(place) = grid.hurts_place(&page)? else {
        let name = String::new();
        let (map, told) = (String::new(), Vec::new());
        return render(&HurtsPage { page, crumbs: Vec::new(), name, map, invented: false, told, lists: Vec::new() });
    };
    let known = grid.known_hurts(&place.path, page.now).await?;
    let ground = grid.hall.places.geography().await?;
    let (desk, drawn, around, at, shown) = (grid.clone(), page.clone(), place.clone(), ground.clone(), known.clone());
    let draw = move || at.as_deref().map(|ground| picture::picture(&desk, &drawn, ground, &around, &shown));
    let map = page.aside(draw).await?.unwrap_or_default();
    let own = reach(&page.visitor.actor);
    let seen = |above: &&Place| own.iter().any(|wide| wide.contains(&above.path));
    let crumb = |above: &Place| Crumb { text: above.named(page.lang).to_owned(), href: address(above) };
    render(&HurtsPage {
        crumbs: grid.hall.places.tree().ancestors(place.id).into_iter().filter(seen).map(crumb).collect(),
        name: place.named(page.lang).to_owned(),
        invented: ground.as_ref().is_some_and(|ground| ground.invented) && !map.is_empty(),
        map,
        told: grid.hurts_told(&page, &known)?,
        lists: grid.hurts_lists(&page, ground.as_deref(), &place, &known),
        page,
    })
}

/// `GET /report/hurts/file?place=…`: all lists in one table.
///
/// # Errors
/// As for the page, and no permission to take files away.
pub async fn file(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    page.require(Permission::CaseSupervise)?;
    let place = grid.hurts_place(&page)?.ok_or(WebError::NotFound)?;
    let known = grid.known_hurts(&place.path, page.now).await?;
    let ground = grid.hall.places.geography().await?;
    let table = grid.whole_table(&page, ground.as_deref(), &place, &known);
    let format = page.query.get("format").to_owned();
    table.file(&page, &format!("hurts-{}", page.today()), &format).await
}

/// Where a place on the map leads.
fn address(place: &Place) -> String {
    format!("{HERE}?place={}", place.id)
}

impl Grid {
    /// The place that is asked about: one that this visitor supervises or one inside it, down to a community; her first
    /// when none is named. Nothing if she supervises no place as a whole.
    fn hurts_place(&self, page: &Page) -> Result<Option<Place>, WebError> {
        let own = reach(&page.visitor.actor);
        let tree = self.hall.places.tree();
        let place = match page.query.opt("place") {
            None if own.is_empty() => return Ok(None),
            None => own.first().and_then(|path| tree.at(path)),
            Some(id) => id.parse().ok().and_then(|id| tree.get(PlaceId(id))),
        };
        let hers = place.filter(|place| own.iter().any(|wide| wide.contains(&place.path)));
        hers.filter(|place| place.level <= Level::Community).cloned().map(Some).ok_or(WebError::NotFound)
    }

    /// The days over which places are compared, up to now.
    fn hurts_since(&self, place: &PlacePath, now: Instant) -> Result<(Since, i64), Fault> {
        let (days, today) = (self.hall.figure(GRID_HURTS_DAYS, now)?, self.hall.day(now));
        let first = date_plus_days(today, 1 - days.max(1)).unwrap_or(today);
        let from = self.hall.zone().instant(first, 0);
        Ok((Since { place: place.clone(), from, until: now.plus_seconds(1), today }, days))
    }

    async fn known_hurts(&self, place: &PlacePath, now: Instant) -> Result<Arc<Known>, Fault> {
        if let Some(known) = self.hurts.get(place, now) {
            return Ok(known);
        }
        let begun = Stopwatch::now();
        let known = Arc::new(self.find_hurts(place, now).await?);
        self.hurts.keep(place, &known, now, begun.elapsed());
        Ok(known)
    }

    async fn find_hurts(&self, place: &PlacePath, now: Instant) -> Result<Known, Fault> {
        let (since, days) = self.hurts_since(place, now)?;
        let (metres, times) = (self.hall.figure(GRID_SPOT_METRES, now)?, self.hall.figure(GRID_SPOT_TIMES, now)?);
        let lines = self.hall.figure(GRID_HURTS_LINES, now)?;
        let read = move |tx: &mut dyn Tx| {
            let night = records::hurts::last_night(tx)?;
            let rises = match &night {
                Some(night) => records::hurts::rises(tx, night.night, std::slice::from_ref(&since.place))?,
                None => Vec::new(),
            };
            let spots = found_spots(tx, &since, metres, times, lines)?;
            let Went { returned, overdue, found } = if since.place.level() < Level::Community {
                Went::inside(tx, &since, lines)?
            } else {
                Went::at(tx, &since, lines)?
            };
            let lines = usize::try_from(lines).unwrap_or(usize::MAX);
            Ok::<_, Fault>(Known { at: now, days, lines, night, rises, spots, returned, overdue, found })
        };
        self.hall.store.read(read).await
    }

    /// What was looked at, and what was left out, in sentences.
    fn hurts_told(&self, page: &Page, known: &Known) -> Result<Vec<String>, Fault> {
        let mut told = Vec::new();
        if let Some(night) = &known.night {
            let once = self.hall.figure(GRID_RISE_ONCE_IN, page.now)?.to_string();
            let (day, sorts) = (page.full_date(night.night), night.sorts.to_string());
            let (reports, days) = (night.reports.to_string(), night.days.to_string());
            let values =
                [("day", day.as_str()), ("sorts", &sorts), ("reports", &reports), ("days", &days), ("once", &once)];
            told.push(page.text("grid-hurts-told", &values));
            if night.unplaced > 0 {
                told.push(page.t2("grid-hurts-unplaced", "n", night.unplaced, "of", night.communities));
            }
            if night.left_out > 0 {
                told.push(page.t1("grid-hurts-left-out", "n", night.left_out));
            }
        } else {
            told.push(page.t("grid-hurts-no-night"));
        }
        told.push(page.t1("grid-hurts-days", "n", known.days));
        if page.now.seconds_since(known.at) >= SECONDS_TOLD {
            told.push(page.t1("grid-hurts-as-of", "time", page.minute(known.at)));
        }
        Ok(told)
    }
}

/// The spots at which one kind comes back, those with most reports first.
fn found_spots(tx: &mut dyn Tx, since: &Since, metres: u32, times: u32, lines: i64) -> Result<Vec<SpotOf>, StoreError> {
    let mut found = Vec::new();
    let (metres, least) = (i64::from(metres), usize::try_from(times).unwrap_or(usize::MAX));
    if since.place.level() < Level::Community {
        for frequent in records::hurts::frequent(tx, since, i64::from(times), FREQUENT)? {
            let reports = records::hurts::at(tx, &frequent.path, &frequent.kind, since.from, OF_EACH)?;
            found.extend(spots(&frequent.path, &reports, metres, least));
        }
    } else {
        // Few are in one community: one look at all is cheaper than one at each kind.
        let mut kinds: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
        for report in records::hurts::latest(tx, &since.place, since.from, OF_COMMUNITY)? {
            kinds.entry(report.kind.clone()).or_default().push(report);
        }
        for reports in kinds.values().filter(|reports| reports.len() >= least) {
            found.extend(spots(&since.place, reports, metres, least));
        }
    }
    found.sort_by_key(|spot| (Reverse(spot.cases.len()), Reverse(spot.newest.reported_at)));
    found.truncate(usize::try_from(lines).unwrap_or(usize::MAX));
    Ok(found)
}

/// Where a spot lies on the ground, in metres.
fn ground_of(spot: &SpotOf, ground: &Geography) -> Option<(f64, f64)> {
    /// Decimetres of a metre.
    const DECIMETRES: f64 = 10.0;
    let own = spot.newest.x.zip(spot.newest.y);
    #[expect(clippy::cast_precision_loss, reason = "the ground of a city is far smaller")]
    let own = own.map(|(x, y)| (x as f64 / DECIMETRES, y as f64 / DECIMETRES));
    own.or_else(|| ground.compound(spot.newest.compound?).map(|(_, compound)| (compound.at.x, compound.at.y)))
}
