//! What a guardian changes of what was said before: once his paper was seen, what the party had consented to herself,
//! or somebody whom she named, no longer counts, and he is asked anew. What was done by then stays as it is.

use std::collections::BTreeSet;

use cases::{Key, events_of};
use hall::{Fault, Hall};
use kernel::case::Case;
use kernel::time::Instant;
use store::Tx;

use crate::Hearings;
use crate::records::powers;
use crate::rules::guarding::is_own_word;
use crate::words::people::Member;
use crate::words::power::PowerRow;

/// The parties of a mediation for whom somebody stands as a guardian today.
///
/// # Errors
/// A failure of the store.
pub fn guarded(hall: &Hall, tx: &mut dyn Tx, case: &Case) -> Result<BTreeSet<Member>, Fault> {
    let today = hall.day((hall.clock)());
    let key = Key { district: cases::district(case), id: case.id.0 };
    let rows = powers::of_case(tx, &key)?.into_iter().filter(|row| row.guards(today));
    Ok(rows.filter_map(|row| Member::read(&row.giver)).collect())
}

impl Hearings {
    /// Once a power is that of a guardian whose paper was seen, what its party consented to before lapses. So it does
    /// where an agent said it whom she had named: she could not give him that alone.
    pub(super) fn asks_guardian(
        &self,
        tx: &mut dyn Tx,
        key: &Key,
        power: &PowerRow,
        now: Instant,
    ) -> Result<(), Fault> {
        let is_guardian = power.is_guardian() && power.paper_on.is_some() && power.guards(self.hall.day(now));
        let Some(member) = Member::read(&power.giver).filter(|_| is_guardian) else { return Ok(()) };
        let known = self.cases.known(tx, key.district, key.id)?;
        let (events, rows) = (events_of(tx, &known.case)?, powers::of_case(tx, key)?);
        let procedure = self.cases.procedure_of(&known.case)?;
        if !is_own_word(&known.case, procedure, &events, member, &rows, self.hall.zone()) {
            return Ok(());
        }
        self.cases.lapse(tx, known, member.side, member.number, now).map(drop)
    }
}
