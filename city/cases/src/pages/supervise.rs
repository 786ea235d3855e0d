//! Supervision 督办: what is near, due and late in the offices below, and the word of a higher level after a late case.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::permission::Permission;
use kernel::place::PlaceId;
use serde::Deserialize;
use store::Tx;
use web::{Page, Pager, WebError, render};

use super::parts::{onward, titled};
use super::queue::{Row, workbook};
use crate::Cases;
use crate::records::{self, CaseRow, Column, Counts, Lit, Nearness, Share, figures};
use crate::words::Cursor;
use hall::Fault;

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
}

#[derive(Template)]
#[template(path = "cases/supervise.html")]
struct SupervisePage {
    page: Page,
    place: String,
    rows: Vec<Row>,
    counts: Counts,
    /// Where the list is, and which of its figures it is narrowed to.
    list: &'static str,
    lit: &'static str,
    below: Vec<Below>,
    pager: Pager,
    ended: bool,
}

/// One place of the level below with its numbers.
pub struct Below {
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub counts: Counts,
}

struct Seen {
    rows: Vec<Row>,
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
    let limit = cases.page_size(&page)?;
    let ended = filter.show == "ended";
    let lit = cases.lit(&page, &filter.light)?.filter(|_| !ended);
    let asked = Asked { after: Cursor::parse(&filter.after), limit, ended, lit };
    let Seen { rows, counts, below, next } = read(cases.clone(), page.clone(), asked).await?;
    let place = cases.supervised(&page);
    let pager = Pager { before: None, after: next.map(|cursor| onward("/supervise", lit, Some(cursor))) };
    let light = lit.map_or("", |lit| lit.light.code());
    render(&SupervisePage { page, place, rows, counts, list: "/supervise", lit: light, below, pager, ended })
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
    let (limit, ended) = (cases.export_limit(&page)?, filter.show == "ended");
    let lit = cases.lit(&page, &filter.light)?.filter(|_| !ended);
    let seen = read(cases, page.clone(), Asked { after: Cursor::start(), limit, ended, lit }).await?;
    workbook(&page, titled(&page, "cases-supervise-title", lit), seen.rows).xlsx(&page, "supervise").await
}

impl Cases {
    /// The place whose offices this visitor supervises, as the heads of pages say it.
    pub(super) fn supervised(&self, page: &Page) -> String {
        let scopes = page.visitor.actor.scopes(Permission::CaseSupervise);
        scopes.first().map(|scope| self.hall.places.tree().chain(&scope.place, page.lang)).unwrap_or_default()
    }
}

/// What the list is narrowed to.
#[derive(Clone, Copy)]
struct Asked {
    after: Cursor,
    limit: i64,
    /// What ended last, in place of what is open.
    ended: bool,
    /// Only what stands so in time.
    lit: Option<Lit>,
}

async fn read(cases: Arc<Cases>, page: Page, asked: Asked) -> Result<Seen, WebError> {
    let shares = Share::of(&page.visitor.actor.scopes(Permission::CaseSupervise));
    let store = cases.hall.store.clone();
    let seen = store
        .read(move |tx| {
            let (counts, below) = summed(tx, &cases, &page, &shares)?;
            let (found, next) = listed(tx, &shares, asked)?;
            let rows = cases.rows(tx, &page, &found)?;
            Ok::<_, Fault>(Seen { rows, counts, below, next })
        })
        .await?;
    Ok(seen)
}

/// The rows of the list, and where it goes on.
fn listed(tx: &mut dyn Tx, shares: &[Share], asked: Asked) -> Result<(Vec<CaseRow>, Option<Cursor>), Fault> {
    let Asked { after, limit, ended, lit } = asked;
    let mut found = Vec::new();
    for share in shares {
        let scope = &share.scope;
        found.extend(if ended {
            records::ended(tx, scope, limit)?
        } else {
            records::queue_lit(tx, Column::Office, scope, lit, after, limit)?
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

/// The open cases at the offices inside the scopes: all of them, and by the places of the level below. What lies at the
/// place's own offices stands last, so that the lines make up the whole.
fn summed(tx: &mut dyn Tx, cases: &Cases, page: &Page, shares: &[Share]) -> Result<(Counts, Vec<Below>), Fault> {
    let (near, tree) = (cases.nearness(page.now)?, cases.hall.places.tree());
    let (mut counts, mut own, mut below) = (Counts::default(), Counts::default(), Vec::new());
    for share in shares {
        for (child, found) in open_below(tx, cases, share, near)? {
            counts.add(&found);
            match child.and_then(|child| tree.get(child)) {
                Some(place) => below.push(Below { name: place.named(page.lang).to_owned(), counts: found }),
                None => own.add(&found),
            }
        }
    }
    below.sort_by(|a, b| b.counts.late.cmp(&a.counts.late).then(b.counts.open.cmp(&a.counts.open)));
    if !below.is_empty() && own.open > 0 {
        below.push(Below { name: page.t("cases-supervise-own"), counts: own });
    }
    Ok((counts, below))
}

/// Counts the open cases at the offices inside a scope by the place of the level below in which the offices lie. The
/// place's own offices lie in none of them.
pub(super) fn open_below(
    tx: &mut dyn Tx,
    cases: &Cases,
    share: &Share,
    near: Nearness,
) -> Result<Vec<(Option<PlaceId>, Counts)>, Fault> {
    let scope = &share.scope;
    let (tree, own) = (cases.hall.places.tree(), scope.place.id());
    if scope.place.depth() == 1 && scope.department.is_none() {
        let by_district = figures::open_by_district(tx, near)?;
        return Ok(by_district
            .into_iter()
            .map(|(place, counts)| (Some(place).filter(|place| *place != own), counts))
            .collect());
    }
    let mut below: BTreeMap<Option<PlaceId>, Counts> = BTreeMap::new();
    for (place, found) in figures::open_by_place(tx, Column::Office, share, near)? {
        let child = tree.children(own).find(|child| child.path.contains(&place));
        below.entry(child.map(|child| child.id)).or_default().add(&found);
    }
    Ok(below.into_iter().collect())
}
