//! What the grid does by itself: it hears that a case went on, and remembers whether a report is still open.

mod forward;
mod open311;

use std::sync::Arc;

use hall::Fault;
use house::{Chore, When};
use jobs::JobError;
use store::Store;
use uuid::Uuid;

use crate::{Grid, records};

/// The job that remembers how a report stands.
const STAND: &str = "grid.stand";

/// The chores of the grid.
pub fn all(grid: &Arc<Grid>) -> Vec<Chore> {
    let desk = grid.clone();
    let stand = move |store: &Store, job: &jobs::Job, _| follow(&desk, store, job);
    let own = vec![Chore::new(STAND, When::Heard(cases::TOPIC_MOVED), stand), open311::chore(grid)];
    own.into_iter().chain(forward::all(grid)).collect()
}

fn follow(grid: &Arc<Grid>, store: &Store, job: &jobs::Job) -> Result<(), JobError> {
    let heard = job.heard()?;
    let id = heard.payload.get("id").and_then(|value| value.as_str()).and_then(|id| Uuid::parse_str(id).ok());
    let (Some(id), shard, desk) = (id, heard.district, grid.clone()) else { return Ok(()) };
    let kept = store.write_blocking(move |tx| {
        if records::find(tx, shard, id)?.is_none() {
            return Ok(());
        }
        let known = desk.cases.known(tx, shard, id)?;
        let procedure = desk.cases.procedure_of(&known.case)?;
        let over = procedure.states.get(&known.case.state).is_some_and(|state| state.terminal);
        Ok::<_, Fault>(records::set_open(tx, shard, id, !over)?)
    });
    kept.map_err(JobError::from)
}
