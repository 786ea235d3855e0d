//! Takes in what another system tells of reports that it handled. Taken twice it is there once.

use hall::Fault;
use kernel::time::Instant;
use store::Tx;

use crate::Grid;
use crate::records::history::{Counts, Past, add, correct, counts, known};

/// How many reports one transaction takes in.
const TOGETHER: usize = 500;

/// What was done, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Reports that are new.
    pub new: u64,
    /// Reports of which the source says something else than before.
    pub corrected: u64,
    /// Reports that are there already.
    pub same: u64,
}

/// What a report of a source is against what is known.
enum Fate {
    New,
    Corrected,
    Same,
}

impl Grid {
    /// Takes reports of a source in, or only says what it would do. `seen` hears how many are done.
    ///
    /// # Errors
    /// The store failed. What was taken in before stays, and the same table sent again goes on from there.
    pub fn take_in(&self, past: &[&Past], apply: bool, seen: &dyn Fn(u64)) -> Result<Done, Fault> {
        let mut done = Done::default();
        for part in past.chunks(TOGETHER) {
            let rows: Vec<Past> = part.iter().map(|one| (*one).clone()).collect();
            let store = &self.hall.store;
            let some = if apply {
                store.write_blocking(move |tx| put(tx, &rows, true))?
            } else {
                store.read_blocking(move |tx| put(tx, &rows, false))?
            };
            done.new += some.new;
            done.corrected += some.corrected;
            done.same += some.same;
            seen(u64::try_from(part.len()).unwrap_or_default());
        }
        Ok(done)
    }

    /// Counts what is kept of a source as of a moment.
    ///
    /// # Errors
    /// The store failed.
    pub fn history_of(&self, source: &str, at: Instant) -> Result<Counts, Fault> {
        let source = source.to_owned();
        Ok(self.hall.store.read_blocking(move |tx| counts(tx, &source, at))?)
    }
}

fn put(tx: &mut dyn Tx, rows: &[Past], apply: bool) -> Result<Done, Fault> {
    let mut done = Done::default();
    let Some(first) = rows.first() else { return Ok(done) };
    let numbers: Vec<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let known = known(tx, &first.source, &numbers)?;
    for row in rows {
        let fate = known.get(&row.number).map_or(Fate::New, |before| {
            let same = Past { taken_at: before.taken_at, ..row.clone() } == *before;
            if same { Fate::Same } else { Fate::Corrected }
        });
        match fate {
            Fate::New => done.new += 1,
            Fate::Corrected => done.corrected += 1,
            Fate::Same => done.same += 1,
        }
        match fate {
            Fate::New if apply => add(tx, row)?,
            Fate::Corrected if apply => correct(tx, row)?,
            _ => {}
        }
    }
    Ok(done)
}
