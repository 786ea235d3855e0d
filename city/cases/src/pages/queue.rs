//! The queue shows what waits at the desks of this person's posts, with what will be late first at the top. The same
//! list can be had as a workbook.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::identifier::CaseNumber;
use kernel::permission::{Actor, Permission};
use kernel::procedure::ClockState;
use serde::Deserialize;
use uuid::Uuid;
use web::table::{self, Cell, ColumnKind, Table};
use web::{Light, Page, Pager, PostForm, WebError, render};

use super::bulk::Bulk;
use super::parts::{Narrowed, onward, titled};
use super::row::Row;
use crate::Cases;
use crate::notices::NoticeLine;
use crate::records::talk::AskedRow;
use crate::records::{self, CaseRow, Column, Narrow};
use crate::words::Cursor;
use hall::Fault;

/// Filters of the list.
#[derive(Deserialize, Default)]
pub struct Filter {
    /// Where the list goes on.
    #[serde(default)]
    after: String,
    /// `all` shows a page of notices, not only the newest.
    #[serde(default)]
    notices: String,
    /// `all` ticks every row of the page.
    #[serde(default)]
    select: String,
    /// `late`, `soon`, `stopped` show what is counted so.
    #[serde(default)]
    light: String,
    /// Shows what somebody of this name has in hand; [`NOBODY`] shows what nobody has.
    #[serde(default)]
    hand: String,
}

/// How an address names nobody.
pub(super) const NOBODY: &str = "-";

impl Filter {
    /// Whose cases the list is narrowed to; an empty name stands for nobody's.
    fn hand(&self) -> Option<String> {
        match self.hand.as_str() {
            "" => None,
            NOBODY => Some(String::new()),
            name => Some(name.to_owned()),
        }
    }
}

/// Notices that stand below the queue.
const NOTICES_SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "cases/queue.html")]
struct QueuePage {
    page: Page,
    /// The case that a step just took out of her hands.
    handed: Option<CaseNumber>,
    /// The lanes of other departments with what waits in them.
    lanes: house::Lanes,
    notices: Vec<NoticeLine>,
    /// There may be more notices than are shown.
    more_notices: bool,
    asked: Vec<AskedLine>,
    /// What her units asked for and what nobody answered yet.
    awaited: super::awaited::Awaited,
    rows: Vec<Row>,
    counts: records::Counts,
    /// Where the list is, and which of its figures it is narrowed to.
    lists: Narrowed,
    lit: &'static str,
    /// Whose cases it is narrowed to, in words.
    hand: Option<String>,
    bulk: Option<Bulk>,
    /// This page with every row ticked, or with none.
    select: (bool, String),
    pager: Pager,
}

/// `GET /queue`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let limit = cases.page_size(&page)?;
    let (lit, after) = (cases.lit(&page, &filter.light)?, Cursor::parse(&filter.after));
    let (drawn, store, hand) = (page.clone(), cases.hall.store.clone(), filter.hand());
    let name = |name: String| if name.is_empty() { page.t("cases-hand-nobody") } else { name };
    let told = hand.clone().map(name);
    let shown = if filter.notices == "all" { limit } else { limit.min(NOTICES_SHOWN) };
    let seen = store.read(move |tx| {
        let narrow = Narrow { hand: hand.as_deref(), ..Narrow::lit(lit) };
        let (rows, next) = cases.at_desks(tx, &drawn, narrow, after, limit)?;
        let (shown_rows, bulk) = (cases.rows(tx, &drawn, &rows)?, cases.bulk(tx, &drawn, &rows)?);
        let (counts, notices) = (cases.counted_at_desks(tx, &drawn)?, cases.notices(tx, &drawn, shown)?);
        let (asked, lanes) = (cases.asked_of(tx, &drawn, limit)?, cases.shown.lane_counts(tx, &drawn)?);
        let asked = (asked, cases.awaited(tx, &drawn, limit)?);
        Ok::<_, Fault>(((notices, lanes), asked, (shown_rows, bulk), counts, next))
    });
    let ((notices, lanes), (asked, awaited), (mut rows, bulk), counts, next) = seen.await?;
    let all = filter.select == "all";
    if let Some(bulk) = &bulk {
        for row in rows.iter_mut().filter(|row| bulk.ticked.contains(&row.number)) {
            row.pick = Some(all);
        }
    }
    let to = |changes: &[(&str, &str)]| onward(&page, "/queue", changes);
    let select = (all, to(&[("select", if all { "" } else { "all" })]));
    let pager = Pager {
        before: (!filter.after.is_empty()).then(|| to(&[("after", "")])),
        after: next.map(|cursor| to(&[("after", cursor.show().as_str()), ("select", "")])),
    };
    let lists = Narrowed::of(&page, "/queue");
    let more_notices = shown < limit && i64::try_from(notices.len()).is_ok_and(|count| count >= shown);
    let light = lit.map_or("", |lit| lit.light.code());
    render(&QueuePage {
        handed: CaseNumber::parse(page.query.get("done")).ok(),
        page,
        lanes,
        notices,
        more_notices,
        asked,
        awaited,
        rows,
        counts,
        lists,
        lit: light,
        hand: told,
        bulk,
        select,
        pager,
    })
}

/// `POST /queue/read` marks the named notices as read if they are the visitor's own: those of a post or, for a
/// resident, of her account.
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn read_notices(State(cases): State<Arc<Cases>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    if !page.visitor.signed_in() {
        return Err(WebError::SignIn);
    }
    let notices: Vec<Uuid> = form.all("notice").iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
    let (actor, now) = (page.visitor.actor.clone(), page.now);
    cases.hall.store.write(move |tx| Cases::read(tx, &actor, &notices, now)).await?;
    Ok(Redirect::to(if page.visitor.staff() { "/queue" } else { "/follow" }).into_response())
}

/// `GET /queue.xlsx`: the whole queue, or what its light narrows it to, at most the export's limit.
///
/// # Errors
/// Sign-in needed, no permission to export, or a failure.
pub async fn export(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    let lit = cases.lit(&page, &filter.light)?;
    let (limit, drawn, store) = (cases.export_limit(&page)?, page.clone(), cases.hall.store.clone());
    let hand = filter.hand();
    let read = store.read(move |tx| {
        let narrow = Narrow { hand: hand.as_deref(), ..Narrow::lit(lit) };
        let (rows, _) = cases.at_desks(tx, &drawn, narrow, Cursor::start(), limit)?;
        cases.rows(tx, &drawn, &rows)
    });
    let rows = read.await?;
    workbook(&page, titled(&page, "cases-queue-title", lit), rows).xlsx(&page, "queue").await
}

/// A list of cases for a workbook, columns as on the page.
pub(super) fn workbook(page: &Page, title: String, rows: Vec<Row>) -> Table {
    let office = rows.first().map(|row| row.office_title.clone());
    let column = |kind, name: &str| match &office {
        Some(title) if name == "office" => table::Column::new(kind, title.as_str()),
        _ => table::Column::new(kind, page.t(&format!("cases-column-{name}"))),
    };
    let columns = [
        (ColumnKind::Date, "due"),
        (ColumnKind::Text, "light"),
        (ColumnKind::Number, "days-late"),
        (ColumnKind::Text, "item"),
        (ColumnKind::Text, "number"),
        (ColumnKind::Text, "state"),
        (ColumnKind::Text, "office"),
        (ColumnKind::Text, "origin"),
        (ColumnKind::Text, "who"),
        (ColumnKind::Number, "rating"),
        (ColumnKind::Text, "late"),
    ];
    let columns = columns.map(|(kind, name)| column(kind, name)).to_vec();
    Table::new(title, columns).with(rows.into_iter().map(cells))
}

fn cells(row: Row) -> Vec<Cell> {
    vec![
        row.due_on.into(),
        row.light.into(),
        row.days_late.into(),
        row.item.into(),
        row.number.into(),
        row.state.into(),
        row.office.into(),
        row.origin.into(),
        row.who.into(),
        row.score.into(),
        row.late.into(),
    ]
}

impl Cases {
    /// What waits at the desks of this visitor's posts and is hers to know, only that to which the list is narrowed,
    /// after the cursor, and where the list goes on. What cannot wait comes first on the first page, beside the others.
    pub(super) fn at_desks(
        &self,
        tx: &mut dyn store::Tx,
        page: &Page,
        narrow: Narrow<'_>,
        after: Cursor,
        limit: i64,
    ) -> Result<(Vec<CaseRow>, Option<Cursor>), Fault> {
        let (actor, most) = (&page.visitor.actor, usize::try_from(limit).unwrap_or(usize::MAX));
        let scopes = actor.scopes(Permission::CaseRead);
        let place_of = |row: &CaseRow| Cursor { rank: row.rank, sort_at: row.sort_at, id: row.id };
        let first = self.first_at_desks(tx, actor, narrow)?;
        let is_first = |row: &CaseRow| first.iter().any(|one| one.id == row.id);
        let (mut shown, mut from) = (Vec::new(), after);
        let next = loop {
            let rows = store::gather(&scopes, limit, CaseRow::order, |scope| {
                Ok::<_, Fault>(records::queue_narrowed(tx, Column::Desk, scope, narrow, from, limit)?)
            })?;
            let last = rows.last().filter(|_| rows.len() == most).map(place_of);
            shown.extend(self.shown_to(tx, actor, rows)?.into_iter().filter(|row| !is_first(row)));
            match last {
                Some(last) if shown.len() < most => from = last,
                last => {
                    let goes_on = last.is_some() || shown.len() > most;
                    shown.truncate(most);
                    break shown.last().filter(|_| goes_on).map(place_of);
                }
            }
        };
        if after == Cursor::start() {
            shown.splice(..0, first);
        }
        Ok((shown, next))
    }

    /// What waits at the desks of somebody's posts and cannot wait for its place in the list.
    fn first_at_desks(&self, tx: &mut dyn store::Tx, actor: &Actor, narrow: Narrow<'_>) -> Result<Vec<CaseRow>, Fault> {
        let (scopes, mut found) = (actor.scopes(Permission::CaseRead), Vec::<CaseRow>::new());
        for scope in &scopes {
            let keys = self.kinds_first(tx, scope, FIRST_SHOWN)?;
            if keys.is_empty() {
                continue;
            }
            let (narrow, limit) =
                (Narrow { only: Some(&keys), ..narrow }, i64::try_from(keys.len()).unwrap_or(i64::MAX));
            found.extend(records::queue_narrowed(tx, Column::Desk, scope, narrow, Cursor::start(), limit)?);
        }
        found.sort_by_key(|row| (row.rank, row.sort_at, row.id));
        found.dedup_by_key(|row| row.id);
        self.shown_to(tx, actor, found)
    }

    fn counted_at_desks(&self, tx: &mut dyn store::Tx, page: &Page) -> Result<records::Counts, Fault> {
        let (near, mut counts) = (self.nearness(page.now)?, records::Counts::default());
        for share in records::Share::of(&page.visitor.actor.scopes(Permission::CaseRead)) {
            counts.add(&records::count(tx, Column::Desk, &share, near)?);
        }
        counts.take_off(&self.all_hidden_at_desks(tx, &page.visitor.actor, page.now)?);
        Ok(counts)
    }
}

impl Cases {
    /// The unread notices of a visitor, newest first, at most a page of them.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn unread_notices(self: Arc<Self>, page: &Page) -> Result<Vec<NoticeLine>, WebError> {
        if !page.visitor.signed_in() {
            return Ok(Vec::new());
        }
        let (limit, drawn, store) = (self.page_size(page)?, page.clone(), self.hall.store.clone());
        Ok(store.read(move |tx| self.notices(tx, &drawn, limit)).await?)
    }
}

/// An opinion that this visitor's office is asked for.
pub struct AskedLine {
    /// The case's number.
    pub number: String,
    /// The item's name.
    pub item: String,
    /// Who is asked.
    pub office: String,
    /// How it stands in time.
    pub light: Light,
    /// Until when.
    pub due: String,
    /// The case is not decided without it.
    pub joint: bool,
}

impl Cases {
    /// The opinions that the offices of this visitor's posts are asked for, those due first.
    fn asked_of(&self, tx: &mut dyn store::Tx, page: &Page, limit: i64) -> Result<Vec<AskedLine>, Fault> {
        let scopes = page.visitor.actor.scopes(Permission::CaseHandle);
        let order = |one: &AskedRow, other: &AskedRow| {
            (one.due, &one.number, &one.office_path, &one.office_department).cmp(&(
                other.due,
                &other.number,
                &other.office_path,
                &other.office_department,
            ))
        };
        let rows =
            store::gather(&scopes, i64::MAX, order, |scope| Ok::<_, Fault>(records::talk::asked(tx, scope, limit)?))?;
        let line = |row: AskedRow| AskedLine {
            item: match self.items.facts(&row.item) {
                Some(facts) => facts.name.get(page.lang).to_owned(),
                None if row.item.is_empty() => row.number.clone(),
                None => row.item,
            },
            office: self.office_name(&row.office_path, Some(row.office_department.as_str()), page.lang),
            light: page.time_left(row.due, ClockState::Running),
            due: page.near_date(row.due),
            number: row.number,
            joint: row.joint,
        };
        Ok(rows.into_iter().map(line).collect())
    }
}

/// How many of each kind that cannot wait come first in the lists of each post.
const FIRST_SHOWN: i64 = 20;
/// How many cases the worker's desk shows below its form.
const NEXT_SHOWN: i64 = 8;

impl Cases {
    /// The first cases of this visitor's queue, for the start page of a desk.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub async fn next_at_desk(self: Arc<Self>, page: &Page) -> Result<Vec<Row>, WebError> {
        let (drawn, store) = (page.clone(), self.hall.store.clone());
        let read = store.read(move |tx| {
            let (mut rows, _) = self.at_desks(tx, &drawn, Narrow::default(), Cursor::start(), NEXT_SHOWN)?;
            rows.truncate(usize::try_from(NEXT_SHOWN).unwrap_or(usize::MAX));
            self.rows(tx, &drawn, &rows)
        });
        Ok(read.await?)
    }
}
