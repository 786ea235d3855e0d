//! Who opened whose data (查阅记录): a day of the access log for whoever watches over personal data, and what persons
//! asked about their own data and is still open. Nothing here opens a seal, and nobody's data are shown.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::RequestRow;
use hall::Fault;
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlaceId};
use kernel::procedure::ClockState;
use kernel::time::{Date, date_plus_days};
use store::Tx;
use uuid::Uuid;
use vault::{Deed, Logged, Looker, Looks};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, Pager, WebError, render};

use crate::Overview;

/// Lines of a day on one page; also the open requests that are shown.
const SHOWN: i64 = 100;
/// Minutes of a day.
const DAY: u32 = 1_440;

#[derive(Template)]
#[template(path = "overview/accesses.html")]
struct AccessesPage {
    page: Page,
    day: String,
    shown: String,
    before: String,
    after: String,
    lookers: Table,
    looks: Table,
    empty: bool,
    pager: Pager,
    requests: Table,
    none_open: bool,
}

/// What the page reads.
struct Seen {
    lookers: Vec<Looker>,
    looks: Vec<Logged>,
    requests: Vec<RequestRow>,
}

/// `GET /accesses?day=…`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::PersonAccessLog)?;
    let day = page.query.get("day").parse::<Date>().unwrap_or_else(|_| page.today());
    let scopes = page.visitor.actor.scopes(Permission::PersonAccessLog);
    let asked = Looks {
        districts: desk.districts(&scopes),
        from: page.zone().instant(day, 0),
        until: page.zone().instant(day, DAY),
        before: page.query.get("after").parse::<Uuid>().ok(),
        // One more than is shown tells whether the list goes on.
        limit: SHOWN + 1,
    };
    let own = desk.clone();
    let seen = desk.hall.store.read(move |tx| own.seen(tx, &asked, &scopes)).await?;
    render(&drawn(page, day, seen))
}

impl Overview {
    /// The districts inside the scopes, and what is kept by the city itself where a scope is the city.
    fn districts(&self, scopes: &[Scope]) -> Vec<PlaceId> {
        let tree = self.hall.places.tree();
        let mut found = Vec::new();
        for scope in scopes {
            let wide = scope.place.level() < Level::District;
            let below = tree.children(scope.place.id()).filter(|place| wide && place.level == Level::District);
            found.extend(std::iter::once(scope.place.id()).chain(below.map(|place| place.id)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn seen(&self, tx: &mut dyn Tx, asked: &Looks, scopes: &[Scope]) -> Result<Seen, Fault> {
        let order = |one: &RequestRow, other: &RequestRow| {
            (one.due, &one.number, one.id).cmp(&(other.due, &other.number, other.id))
        };
        let (lookers, looks) = (self.hall.vault.lookers(tx, asked)?, self.hall.vault.looks(tx, asked)?);
        let requests = store::gather(scopes, SHOWN, order, |scope| cases::open_requests(tx, scope, SHOWN))?;
        Ok(Seen { lookers, looks, requests })
    }
}

fn drawn(page: Page, day: Date, seen: Seen) -> AccessesPage {
    let Seen { lookers, mut looks, requests } = seen;
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let more = looks.len() > most;
    looks.truncate(most);
    let beside = |days: i64| {
        let other = date_plus_days(day, days).map(|other| other.to_string()).unwrap_or_default();
        format!("/accesses?day={other}")
    };
    let after = looks.last().filter(|_| more);
    let after = after.map(|last| format!("/accesses?day={day}&after={}", last.id));
    AccessesPage {
        day: day.to_string(),
        shown: page.full_date(day),
        before: beside(-1),
        after: beside(1),
        lookers: who(&page, &lookers),
        empty: looks.is_empty(),
        looks: lines(&page, &looks),
        pager: Pager { before: None, after },
        none_open: requests.is_empty(),
        requests: open(&page, &requests),
        page,
    }
}

fn column(page: &Page, kind: ColumnKind, key: &str) -> Column {
    Column::new(kind, page.t(&format!("overview-accesses-{key}")))
}

/// Who looked that day, and how often.
fn who(page: &Page, lookers: &[Looker]) -> Table {
    let columns = vec![
        column(page, ColumnKind::Text, "who"),
        column(page, ColumnKind::Text, "place"),
        column(page, ColumnKind::Number, "count"),
    ];
    let row = |one: &Looker| -> Vec<Cell> { vec![one.name.clone().into(), one.place.clone().into(), one.count.into()] };
    Table::new(page.t("overview-accesses-lookers"), columns).with(lookers.iter().map(row))
}

/// Each look of the day, the newest first.
fn lines(page: &Page, looks: &[Logged]) -> Table {
    let columns = vec![
        column(page, ColumnKind::Moment, "when"),
        column(page, ColumnKind::Text, "who"),
        column(page, ColumnKind::Text, "place"),
        column(page, ColumnKind::Text, "deed"),
        column(page, ColumnKind::Text, "number"),
        column(page, ColumnKind::Text, "purpose"),
    ];
    let row = |line: &Logged| -> Vec<Cell> {
        let deed = match line.access.deed {
            Deed::Opened => "overview-accesses-opened",
            Deed::Changed => "overview-accesses-changed",
        };
        vec![
            line.access.at.into(),
            line.access.name.clone().into(),
            line.access.place.clone().into(),
            page.t(deed).into(),
            line.access.case_number.clone().into(),
            line.access.purpose.clone().into(),
        ]
    };
    Table::new(page.t("overview-accesses-looks"), columns).with(looks.iter().map(row))
}

/// What persons ask about their own data and waits for its office, what is due first at the top.
fn open(page: &Page, requests: &[RequestRow]) -> Table {
    let columns = vec![
        column(page, ColumnKind::Text, "number"),
        column(page, ColumnKind::Text, "asked"),
        column(page, ColumnKind::Date, "due"),
        column(page, ColumnKind::Text, "left"),
    ];
    let row = |one: &RequestRow| -> Vec<Cell> {
        let asked = page.t(&format!("cases-request-{}", one.kind));
        let left = page.time_left(one.due, ClockState::Running);
        vec![one.number.clone().into(), asked.into(), one.due.into(), left.into()]
    };
    Table::new(page.t("overview-accesses-requests"), columns).with(requests.iter().map(row))
}
