//! This page shows the messages that a published figure counts.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::{Line, Listed, Opening};
use kernel::procedure::State as ProcedureState;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind};
use web::{Page, WebError};

use super::SYSTEMS;
use crate::actions::Fault;
use crate::words::{Delivery, EXCHANGE_LOG_DAYS, INDICATORS, ROWS, ROWS_PAGE, System};
use crate::{Exchange, records, rules};

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: ROWS.permission,
    home: None,
};

/// Answers `GET /systems/rows`.
///
/// # Errors
/// Asks the visitor to sign in, refuses if he has no permission, or answers 404 for what is no part of a figure that he
/// may look into.
pub async fn get(State(exchange): State<Arc<Exchange>>, page: Page) -> Result<Response, WebError> {
    let (desk, drawn) = (exchange.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| desk.behind_figure(tx, &drawn, things);
    hall::rows_page(&exchange.cases.hall, page, OPENING, fill).await
}

impl Exchange {
    /// Returns the messages that were counted, as far as this visitor looks after their systems, in the order of the
    /// things. A message is forgotten after some days, and what was counted of it stays.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let days = self.cases.hall.figure(EXCHANGE_LOG_DAYS, page.now)?;
        let mut systems: BTreeMap<Uuid, Option<System>> = BTreeMap::new();
        let mut lines = Vec::with_capacity(things.len());
        let states = self.cases.procedures().states();
        let ids: Vec<Uuid> = things.iter().map(|thing| thing.subject).collect();
        let found = records::several(tx, &ids)?;
        let found: BTreeMap<Uuid, Delivery> = found.into_iter().map(|delivery| (delivery.id, delivery)).collect();
        for thing in things {
            let Some(delivery) = found.get(&thing.subject).cloned() else {
                lines.push(Line::gone(page, thing));
                continue;
            };
            if let Entry::Vacant(entry) = systems.entry(delivery.system) {
                entry.insert(governed(tx, page, delivery.system)?);
            }
            if let Some(Some(system)) = systems.get(&delivery.system) {
                let cells = vec![
                    Cell::link(system.name.as_str(), format!("{SYSTEMS}/{}", system.id)),
                    delivery.at.into(),
                    delivery.number.into(),
                    told(&states, page, &delivery.state).into(),
                    delivery.attempts.into(),
                ];
                lines.push(Line::of(thing, cells));
            }
        }
        Ok(Listed { columns: columns(page), lines, note: page.t1("exchange-rows-kept", "days", days) })
    }
}

/// Returns the words for a state if the procedures that know it have the same for it, and otherwise its name: a message
/// does not keep which procedure it is of.
fn told(states: &BTreeMap<(&str, &str), &ProcedureState>, page: &Page, state: &str) -> String {
    let known = states.iter().filter(|((_, name), _)| *name == state);
    let mut titles = known.map(|(_, known)| known.title.get(page.lang));
    match titles.next() {
        Some(first) if titles.all(|title| title == first) => first.to_owned(),
        _ => state.to_owned(),
    }
}

/// Returns a system if this visitor manages accounts for its place and department.
fn governed(tx: &mut dyn Tx, page: &Page, id: Uuid) -> Result<Option<System>, Fault> {
    let system = records::system(tx, id)?;
    let governs =
        |system: &System| rules::governs(&page.visitor.actor, &system.place, system.department.as_deref()).is_ok();
    Ok(system.filter(governs))
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, key: &str| Column::new(kind, page.t(key));
    vec![
        column(ColumnKind::Link, "exchange-name"),
        column(ColumnKind::Moment, "exchange-delivery-at"),
        column(ColumnKind::Text, "exchange-delivery-number"),
        column(ColumnKind::Text, "exchange-delivery-state"),
        column(ColumnKind::Number, "exchange-delivery-attempts"),
    ]
}
