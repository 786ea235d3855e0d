//! Hears that a report went on, and remembers what other programs are told of it.

use std::sync::Arc;

use hall::Fault;
use house::{Chore, When};
use jobs::{Heard, JobError};
use store::Store;
use uuid::Uuid;

use crate::rules::stage::is_step;
use crate::words::open311::Step;
use crate::{Grid, records};

/// The job that remembers what others are told.
const SHARE: &str = "grid.open311";

/// The chore of what other programs are told.
pub fn chore(grid: &Arc<Grid>) -> Chore {
    let desk = grid.clone();
    let share = move |store: &Store, job: &jobs::Job, _| follow(&desk, store, &job.heard()?);
    Chore::new(SHARE, When::Heard(cases::TOPIC_MOVED), share).in_order()
}

fn follow(grid: &Arc<Grid>, store: &Store, heard: &Heard) -> Result<(), JobError> {
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let (id, action) = (Uuid::parse_str(&text("id")).ok(), text("action"));
    let (state, number) = (text("state"), text("number"));
    let sequence = heard.payload.get("sequence").and_then(serde_json::Value::as_i64);
    let (Some(id), Some(sequence)) = (id, sequence) else { return Ok(()) };
    let (district, at, desk) = (heard.district, heard.at, grid.clone());
    let kept = store.write_blocking(move |tx| {
        if records::find(tx, district, id)?.is_none() {
            return Ok(());
        }
        let known = desk.cases.known(tx, district, id)?;
        let open = !desk.is_over(&known.case, &state)?;
        let shared = desk.remember_shared(tx, &known.case, None)?;
        if !is_step(desk.cases.procedure_of(&known.case)?, &action) {
            return Ok(());
        }
        let step = Step { number: number.clone(), sequence, state: state.clone(), open, at };
        Ok::<_, Fault>(records::open311::put_step(tx, &shared, &step)?)
    });
    kept.map_err(JobError::from)
}
