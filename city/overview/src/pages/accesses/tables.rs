//! The tables of the access log: each look, the days of one person, and the requests that wait.

use std::collections::{BTreeMap, BTreeSet};

use cases::RequestRow;
use hall::Purposes;
use kernel::calendar::Calendar;
use kernel::procedure::ClockState;
use kernel::time::Date;
use uuid::Uuid;
use vault::{Deed, Logged, SeenAt};
use web::Page;
use web::table::{Cell, Column, ColumnKind, Table};

fn column(page: &Page, kind: ColumnKind, key: &str) -> Column {
    Column::new(kind, page.t(&format!("overview-accesses-{key}")))
}

/// Each look, the newest first.
pub fn lines(page: &Page, looks: &[Logged], purposes: &Purposes) -> Table {
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
            purposes.shown(&line.access.purpose, page.lang).into(),
        ]
    };
    Table::new(page.t("overview-accesses-looks"), columns).with(looks.iter().map(row))
}

/// What one person saw on each day, the newest first: how many people, how often, and how often outside the hours of
/// the counters.
pub fn days(page: &Page, seen: &[SeenAt], calendar: &Calendar, address: &dyn Fn(Date) -> String) -> Table {
    let mut by_day: BTreeMap<Date, (BTreeSet<Uuid>, i64, i64)> = BTreeMap::new();
    for one in seen {
        let (persons, looks, outside) = by_day.entry(calendar.zone().date(one.at)).or_default();
        persons.insert(one.record);
        *looks += 1;
        *outside += i64::from(!calendar.is_open(one.at));
    }
    let columns = vec![
        column(page, ColumnKind::Link, "day"),
        column(page, ColumnKind::Number, "persons"),
        column(page, ColumnKind::Number, "count"),
        column(page, ColumnKind::Number, "outside"),
    ];
    let row = |(day, (persons, looks, outside)): (&Date, &(BTreeSet<Uuid>, i64, i64))| -> Vec<Cell> {
        let persons = i64::try_from(persons.len()).unwrap_or(i64::MAX);
        vec![Cell::link(page.date(*day), address(*day)), persons.into(), (*looks).into(), (*outside).into()]
    };
    Table::new(page.t("overview-accesses-days"), columns).with(by_day.iter().rev().map(row))
}

/// What persons ask about their own data and waits for its office, what is due first at the top.
pub fn open(page: &Page, requests: &[RequestRow]) -> Table {
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
