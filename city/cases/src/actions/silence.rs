//! What the platform does by itself: it takes the step that a procedure names for a state that has lasted as long as it
//! may (silence means no, or yes).

use std::collections::BTreeMap;

use kernel::case::{Command, by_itself};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::{Fault, known};
use crate::{Cases, records};

impl Cases {
    /// Takes the step that is due in open cases whose state has lasted its time; `after` is the last case looked at, nil
    /// at first. It gives the last case looked at, or nothing when all are done or no procedure has such a state. Done
    /// again it changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn take_by_itself(
        &self,
        tx: &mut dyn Tx,
        after: Uuid,
        limit: i64,
        now: Instant,
    ) -> Result<Option<Uuid>, Fault> {
        let mut states = self.procedures().all().flat_map(|procedure| procedure.states.values());
        if !states.any(|state| state.latest.as_ref().is_some_and(|latest| latest.then.is_some())) {
            return Ok(None);
        }
        let mut last = None;
        for folded in records::open_cases(tx, after, limit)? {
            last = Some(folded.id);
            let known = known(&folded)?;
            let followed = self.procedures().of(&known.case.procedure, known.case.procedure_version);
            let due = followed.and_then(|procedure| by_itself(procedure, &known.case, &self.hall.calendar(), now));
            let Some(action) = due.map(str::to_owned) else { continue };
            let (fields, papers) = (BTreeMap::new(), Vec::new());
            let command = Command::Act { action, fields, papers, counter: None, on_behalf: false };
            self.by_itself(tx, known, &command, now)?;
        }
        Ok(last)
    }
}
