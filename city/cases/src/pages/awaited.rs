//! What a unit asked a counter for while its own time runs: it stays in the unit's list until it is answered, because
//! the work can still be handed in. It waits at the desk of whoever answers and is counted there.

use std::collections::BTreeSet;

use hall::Fault;
use kernel::case::SERVICE;
use kernel::permission::{Permission, Scope};
use store::Tx;
use web::{Page, Pager};

use super::parts::onward;
use super::row::Row;
use crate::Cases;
use crate::records::{self, CaseRow, Part};
use crate::words::Cursor;

/// The field of an address that says where this list goes on.
const AFTER: &str = "awaited";

/// A page of what the units of a visitor wait for.
#[derive(Default)]
pub(super) struct Awaited {
    /// The cases.
    pub rows: Vec<Row>,
    /// The pages before and after.
    pub pager: Pager,
}

impl Awaited {
    /// Whether there is nothing to show, and no page before.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.pager == Pager::default()
    }
}

impl Cases {
    /// The cases of this visitor's units that wait for an answer, a page of at most `limit`, below the whole list and
    /// on its first page alone. What waits at a desk of her own stands in the list itself.
    pub(super) fn awaited(&self, tx: &mut dyn Tx, page: &Page, limit: i64) -> Result<Awaited, Fault> {
        let actor = &page.visitor.actor;
        let units = actor.scopes(Permission::CaseHandle).into_iter();
        let units: Vec<Scope> = units.filter(|scope| scope.department.is_some()).collect();
        let is_whole = ["after", "light", "hand"].iter().all(|narrow| page.query.get(narrow).is_empty());
        if units.is_empty() || !is_whole {
            return Ok(Awaited::default());
        }
        let asked = self.procedures.asked_of_counters();
        let states: BTreeSet<&str> = asked.iter().map(|(_, state)| *state).collect();
        let states: Vec<&str> = states.into_iter().collect();
        let desks = actor.scopes(Permission::CaseRead);
        let is_hers =
            |row: &CaseRow| desks.iter().any(|desk| desk.department.is_none() && desk.place.contains(&row.desk_path));
        let awaits = |row: &CaseRow| asked.contains(&(row.procedure.as_str(), row.state.as_str()));
        let chosen = |row: &CaseRow| row.kind != SERVICE && awaits(row) && !is_hers(row);
        let after = page.query.get(AFTER);
        let part = Part { after: Cursor::parse(after), limit };
        let (found, next) = records::chosen_at_offices(tx, &units, &states, &chosen, part)?;
        let found = self.shown_to(tx, actor, found)?;
        let to = |after: &str| format!("{}#{AFTER}", onward(page, "/queue", &[(AFTER, after), ("select", "")]));
        let pager =
            Pager { before: (!after.is_empty()).then(|| to("")), after: next.map(|cursor| to(cursor.show().as_str())) };
        Ok(Awaited { rows: self.rows(tx, page, &found)?, pager })
    }
}
