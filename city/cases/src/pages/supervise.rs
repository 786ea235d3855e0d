//! Supervision 督办: what is near, due and late in the places below, where it lies now, and the word of a higher level
//! after a late case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::permission::{Permission, Scope};
use kernel::place::{PlaceId, PlacePath};
use serde::Deserialize;
use store::Tx;
use web::{Page, Pager, WebError, render};

use super::groups::{By, Fold, Group, Grouping, folded, shown_unit, unit_of};
use super::parts::{Narrowed, onward, titled};
use super::queue::workbook;
use super::row::Row;
use crate::Cases;
use crate::records::{self, ByUnit, CaseRow, Column, Counts, Lit, Narrow, Nearness, Share, Unit, figures};
use crate::words::Cursor;
use hall::Fault;

/// Rows of a page at most: with everything above them as much as a phone shows in a few screens.
const ROWS: i64 = 20;

/// Filters of the list.
#[derive(Deserialize, Default)]
pub struct Filter {
    /// Where the list goes on.
    #[serde(default)]
    after: String,
    /// `ended` shows what ended last.
    #[serde(default)]
    show: String,
    /// `late`, `soon`, `stopped` show what is counted so.
    #[serde(default)]
    light: String,
    /// Narrows it to what lies inside a place.
    #[serde(default)]
    place: String,
    /// Set, it narrows it further to the place's own desks.
    #[serde(default)]
    own: String,
    /// Narrows it to what a unit decides: the place and the department of an office.
    #[serde(default)]
    unit: String,
    /// `place` folds the list by where the cases lie, in place of the units that decide them.
    #[serde(default)]
    by: String,
}

#[derive(Template)]
#[template(path = "cases/supervise.html")]
struct SupervisePage {
    page: Page,
    place: String,
    folds: Vec<Fold>,
    /// The ways to fold the list; empty where there is one alone.
    ways: Vec<Way>,
    /// The unit to which it is narrowed; empty where it is to none.
    unit: String,
    /// The numbers count what lies at desks, and not what offices decide.
    is_by_desk: bool,
    counts: Counts,
    /// Where the list is, and which of its figures it is narrowed to.
    lists: Narrowed,
    lit: &'static str,
    below: Vec<Below>,
    pager: Pager,
    ended: bool,
    /// The file with the same rows.
    file: String,
    /// It is narrowed to a place.
    is_narrowed: bool,
}

/// One place of the level below with its numbers.
pub struct Below {
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub counts: Counts,
    /// The address of the list narrowed to it.
    pub href: String,
}

/// A way to fold the list.
struct Way {
    text: String,
    href: String,
    is_current: bool,
}

struct Seen {
    side: Column,
    /// The rows, each with the group in which it is.
    rows: Vec<(Group, Row)>,
    /// How many cases each group has, on whatever page.
    groups: BTreeMap<Group, Counts>,
    counts: Counts,
    below: Vec<Below>,
    next: Option<Cursor>,
}

/// `GET /supervise`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let limit = cases.page_size(&page)?.min(ROWS);
    let asked = cases.asked(&page, &filter, limit)?;
    let (lit, ended, place, unit, by) = (asked.lit, asked.ended, asked.place.clone(), asked.unit.clone(), asked.by);
    let Seen { side, rows, groups, counts, below, next } = read(cases.clone(), page.clone(), asked).await?;
    let to = |path: &str, changes: &[(&str, &str)]| onward(&page, path, changes);
    let after = next.map(|cursor| to("/supervise", &[("after", cursor.show().as_str())]));
    let way = |key: &str, one: By, code: &str| {
        let href = format!("{}#rows", to("/supervise", &[("by", code), ("after", "")]));
        Way { text: page.t(key), href, is_current: one == by }
    };
    let ways = if ended || unit.is_some() {
        Vec::new()
    } else {
        vec![way("cases-supervise-by-unit", By::Unit, ""), way("cases-supervise-by-place", By::Place, "place")]
    };
    let grouping = Grouping { light: lit.map(|lit| lit.light), ended, groups: &groups };
    render(&SupervisePage {
        place: match &place {
            Some(place) => cases.hall.places.tree().chain(place, page.lang),
            None => cases.supervised(&page),
        },
        folds: folded(&cases, &page, rows, &grouping),
        ways,
        unit: unit.map(|unit| shown_unit(&cases, &unit, page.lang)).unwrap_or_default(),
        is_by_desk: side == Column::Desk,
        counts,
        lists: Narrowed::of(&page, "/supervise"),
        lit: lit.map_or("", |lit| lit.light.code()),
        below,
        pager: Pager { before: None, after },
        ended,
        file: to("/supervise.xlsx", &[("after", "")]),
        is_narrowed: place.is_some(),
        page,
    })
}

/// `GET /supervise.xlsx`
///
/// # Errors
/// Sign-in needed, no permission to export, or a failure.
pub async fn export(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    page.require(Permission::CaseSupervise)?;
    let limit = cases.export_limit(&page)?;
    let asked = Asked { after: Cursor::start(), ..cases.asked(&page, &filter, limit)? };
    let lit = asked.lit;
    let seen = read(cases, page.clone(), asked).await?;
    let rows = seen.rows.into_iter().map(|(_, row)| row).collect();
    workbook(&page, titled(&page, "cases-supervise-title", lit), rows).xlsx(&page, "supervise").await
}

impl Cases {
    /// The place whose offices this visitor supervises, as the heads of pages say it.
    pub(super) fn supervised(&self, page: &Page) -> String {
        let scopes = page.visitor.actor.scopes(Permission::CaseSupervise);
        scopes.first().map(|scope| self.hall.places.tree().chain(&scope.place, page.lang)).unwrap_or_default()
    }
}

/// What the list is narrowed to.
#[derive(Clone)]
struct Asked {
    after: Cursor,
    limit: i64,
    /// What ended last, in place of what is open.
    ended: bool,
    /// Only what stands so in time.
    lit: Option<Lit>,
    /// Only what lies inside this place.
    place: Option<PlacePath>,
    /// Only what lies at that place's own desks.
    own: bool,
    /// Only what this unit decides.
    unit: Option<Unit>,
    /// By what the list is folded.
    by: By,
}

impl Cases {
    /// What an address narrows the list to.
    fn asked(&self, page: &Page, filter: &Filter, limit: i64) -> Result<Asked, WebError> {
        let ended = filter.show == "ended";
        let known = |place: &str| {
            let id = place.parse().map(PlaceId).map_err(|_| WebError::NotFound)?;
            let tree = self.hall.places.tree();
            tree.get(id).map(|place| place.path.clone()).ok_or(WebError::NotFound)
        };
        let place = Some(filter.place.as_str()).filter(|place| !place.is_empty()).map(known).transpose()?;
        let unit = Some(filter.unit.as_str()).filter(|unit| !unit.is_empty() && !ended);
        let unit = unit.map(|unit| {
            let (id, department) = unit.split_once('.').ok_or(WebError::NotFound)?;
            Ok::<_, WebError>(Unit { place: known(id)?, department: department.to_owned() })
        });
        Ok(Asked {
            after: Cursor::parse(&filter.after),
            limit,
            ended,
            lit: self.lit(page, &filter.light)?.filter(|_| !ended),
            own: place.is_some() && !filter.own.is_empty(),
            place,
            by: if unit.is_none() { By::parse(&filter.by) } else { By::Unit },
            unit: unit.transpose()?,
        })
    }
}

async fn read(cases: Arc<Cases>, page: Page, asked: Asked) -> Result<Seen, WebError> {
    let held = page.visitor.actor.scopes(Permission::CaseSupervise);
    let scopes = match &asked.place {
        Some(place) => inside(held, place),
        None => held,
    };
    if scopes.is_empty() {
        return Err(WebError::NotFound);
    }
    let (shares, store) = (Share::of(&scopes), cases.hall.store.clone());
    let seen = store
        .read(move |tx| {
            let side = side_of(&page);
            let (found, next) = listed(tx, side, &shares, &asked)?;
            let found = cases.shown_to(tx, &page.visitor.actor, found)?;
            let rows = cases.rows(tx, &page, &found)?;
            let of = |row: &CaseRow| match asked.by {
                By::Unit => Group::Unit(unit_of(row)),
                By::Place => cases.lies(side, &shares, row),
            };
            let rows: Vec<(Group, Row)> = found.iter().map(of).zip(rows).collect();
            let mut summed = summed(tx, &cases, &page, &shares, &asked)?;
            if asked.by == By::Unit && !asked.ended {
                let shown = rows.iter().filter_map(|(group, _)| group.unit());
                let units: BTreeSet<Unit> = shown.chain(&asked.unit).cloned().collect();
                let by = ByUnit { column: side, own: asked.own, near: cases.nearness(page.now)?, zone: page.zone() };
                summed.groups = units_summed(tx, by, &shares, &units)?;
            }
            if let Some(unit) = &asked.unit {
                summed.counts = summed.groups.get(&Group::Unit(unit.clone())).copied().unwrap_or_default();
                summed.below = Vec::new();
            }
            let Summed { counts, below, groups } = summed;
            Ok::<_, Fault>(Seen { side, rows, groups, counts, below, next })
        })
        .await?;
    Ok(seen)
}

/// The rows of the list, and where it goes on.
fn listed(
    tx: &mut dyn Tx,
    side: Column,
    shares: &[Share],
    asked: &Asked,
) -> Result<(Vec<CaseRow>, Option<Cursor>), Fault> {
    let Asked { after, limit, ended, lit, own, .. } = *asked;
    let narrow = Narrow { own, unit: asked.unit.as_ref(), ..Narrow::lit(lit) };
    let mut found = Vec::new();
    for share in shares {
        let scope = &share.scope;
        found.extend(if ended {
            records::ended(tx, scope, limit)?
        } else {
            records::queue_narrowed(tx, side, scope, narrow, after, limit)?
        });
    }
    if ended {
        found.sort_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
    } else {
        found.sort_by_key(|row| (row.rank, row.sort_at, row.id));
    }
    found.dedup_by(|a, b| a.id == b.id);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let full = !ended && i64::try_from(found.len()).is_ok_and(|shown| shown == limit);
    let next = found.last().filter(|_| full).map(|row| Cursor { rank: row.rank, sort_at: row.sort_at, id: row.id });
    Ok((found, next))
}

/// What is counted of the open cases that lie inside the scopes.
struct Summed {
    /// All of them.
    counts: Counts,
    /// By the places of the level below, what lies at the place's own desks last, so that the lines make up the whole.
    below: Vec<Below>,
    /// The same by group.
    groups: BTreeMap<Group, Counts>,
}

/// Counts the open cases that lie inside the scopes. Narrowed to a place's own desks these are the whole.
fn summed(tx: &mut dyn Tx, cases: &Cases, page: &Page, shares: &[Share], asked: &Asked) -> Result<Summed, Fault> {
    let (near, tree, side) = (cases.nearness(page.now)?, cases.hall.places.tree(), side_of(page));
    let folded = if asked.by == By::Place { "&by=place" } else { "" };
    let (mut counts, mut below) = (Counts::default(), Vec::new());
    let mut groups: BTreeMap<Group, Counts> = BTreeMap::new();
    let mut own: BTreeMap<PlaceId, Counts> = BTreeMap::new();
    for share in shares {
        for (child, found) in open_below(tx, cases, side, share, near)? {
            counts.add(&found);
            match child.and_then(|child| tree.get(child)) {
                Some(place) => {
                    groups.entry(Group::Below(place.id)).or_default().add(&found);
                    below.push(Below {
                        name: place.named(page.lang).to_owned(),
                        counts: found,
                        href: format!("/supervise?place={}{folded}", place.id),
                    });
                }
                None => own.entry(share.scope.place.id()).or_default().add(&found),
            }
        }
    }
    if asked.own {
        (counts, below, groups) = (Counts::default(), Vec::new(), BTreeMap::new());
        for found in own.values() {
            counts.add(found);
        }
    }
    groups.extend(own.iter().map(|(place, found)| (Group::Own(*place), *found)));
    below.sort_by(|a, b| b.counts.late.cmp(&a.counts.late).then(b.counts.open.cmp(&a.counts.open)));
    if !below.is_empty() {
        let several = own.len() > 1;
        for (place, counts) in own.into_iter().filter(|(_, counts)| counts.open > 0) {
            let title = page.t("cases-supervise-own");
            let at = tree.get(place).filter(|_| several).map(|place| place.named(page.lang));
            let name = at.map_or_else(|| title.clone(), |at| format!("{at} · {title}"));
            below.push(Below { name, counts, href: format!("/supervise?place={place}&own=1{folded}") });
        }
    }
    Ok(Summed { counts, below, groups })
}

/// How many cases some units decide among those of the shares.
fn units_summed(
    tx: &mut dyn Tx,
    by: ByUnit,
    shares: &[Share],
    units: &BTreeSet<Unit>,
) -> Result<BTreeMap<Group, Counts>, Fault> {
    let mut groups: BTreeMap<Group, Counts> = BTreeMap::new();
    if units.is_empty() {
        return Ok(groups);
    }
    for share in shares {
        for (unit, counts) in records::open_of_units(tx, by, share, units)? {
            groups.entry(Group::Unit(unit)).or_default().add(&counts);
        }
    }
    Ok(groups)
}

impl Cases {
    /// Where a case of a list lies: in a place of the level below, or at the desks of the place that is looked after.
    fn lies(&self, side: Column, shares: &[Share], row: &CaseRow) -> Group {
        let (at, department) = match side {
            Column::Desk => (&row.desk_path, ""),
            Column::Office => (&row.office_path, row.office_department.as_str()),
        };
        let its = shares.iter().find(|share| share.counts(at, department, row.confidential));
        let own = its.map_or_else(|| at.id(), |share| share.scope.place.id());
        let tree = self.hall.places.tree();
        let child = tree.children(own).find(|child| child.path.contains(at));
        child.map_or(Group::Own(own), |child| Group::Below(child.id))
    }
}

/// By what the open cases are found and counted that this visitor sees: on every page by what she supervises wherever
/// that is, so that the same number stands everywhere; by what she may read if she supervises nothing.
pub(super) fn side_of(page: &Page) -> Column {
    let held = page.visitor.actor.scopes(Permission::CaseSupervise);
    let held = if held.is_empty() { page.visitor.actor.scopes(Permission::CaseRead) } else { held };
    Column::of(&Share::of(&held))
}

/// Counts the open cases inside a scope, found by a column, by the place of the level below in which they lie. What
/// lies at the place itself lies in none of them.
pub(super) fn open_below(
    tx: &mut dyn Tx,
    cases: &Cases,
    side: Column,
    share: &Share,
    near: Nearness,
) -> Result<Vec<(Option<PlaceId>, Counts)>, Fault> {
    let scope = &share.scope;
    let (tree, own) = (cases.hall.places.tree(), scope.place.id());
    let is_whole = scope.department.is_none() && share.without.is_empty();
    if scope.place.depth() == 1 && side == Column::Desk && is_whole {
        let by_district = figures::open_by_district(tx, near)?;
        return Ok(by_district
            .into_iter()
            .map(|(place, counts)| (Some(place).filter(|place| *place != own), counts))
            .collect());
    }
    let mut below: BTreeMap<Option<PlaceId>, Counts> = BTreeMap::new();
    for (place, found) in figures::open_by_place(tx, side, share, near)? {
        let child = tree.children(own).find(|child| child.path.contains(&place));
        below.entry(child.map(|child| child.id)).or_default().add(&found);
    }
    Ok(below.into_iter().collect())
}

/// The parts of scopes that lie inside a place.
pub(super) fn inside(held: Vec<Scope>, place: &PlacePath) -> Vec<Scope> {
    let narrow = |scope: Scope| {
        if scope.place.contains(place) {
            Some(Scope { place: place.clone(), department: scope.department })
        } else {
            place.contains(&scope.place).then_some(scope)
        }
    };
    let mut scopes: Vec<Scope> = Vec::new();
    for scope in held.into_iter().filter_map(narrow) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}
