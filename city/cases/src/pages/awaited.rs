//! What a unit asked a counter for while its own time runs: it stays in the unit's list until it is answered, because
//! the work can still be handed in. It waits at the desk of whoever answers and is counted there.

use std::collections::BTreeSet;

use hall::Fault;
use kernel::case::SERVICE;
use kernel::permission::{Permission, Scope};
use store::Tx;
use web::Page;

use super::queue::Row;
use crate::Cases;
use crate::records::{self, CaseRow};

impl Cases {
    /// The cases of this visitor's units that wait for an answer, at most `limit`, below the whole list and on its
    /// first page alone. What waits at a desk of her own stands in the list itself.
    pub(super) fn awaited(&self, tx: &mut dyn Tx, page: &Page, limit: i64) -> Result<Vec<Row>, Fault> {
        let actor = &page.visitor.actor;
        let units = actor.scopes(Permission::CaseHandle).into_iter();
        let units: Vec<Scope> = units.filter(|scope| scope.department.is_some()).collect();
        let is_whole = ["after", "light", "hand"].iter().all(|narrow| page.query.get(narrow).is_empty());
        if units.is_empty() || !is_whole {
            return Ok(Vec::new());
        }
        let asked = self.procedures.asked_of_counters();
        let states: BTreeSet<&str> = asked.iter().map(|(_, state)| *state).collect();
        let states: Vec<&str> = states.into_iter().collect();
        let desks = actor.scopes(Permission::CaseRead);
        let is_hers =
            |row: &CaseRow| desks.iter().any(|desk| desk.department.is_none() && desk.place.contains(&row.desk_path));
        let awaits = |row: &CaseRow| asked.contains(&(row.procedure.as_str(), row.state.as_str()));
        let chosen = |row: &CaseRow| row.kind != SERVICE && awaits(row) && !is_hers(row);
        let found = records::chosen_at_offices(tx, &units, &states, &chosen, limit)?;
        let found = self.shown_to(tx, actor, found)?;
        self.rows(tx, page, &found)
    }
}
