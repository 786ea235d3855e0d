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
use crate::rules::guarding::Spoken;
use crate::rules::people::members;
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
    /// where an agent said it whom she had named: she could not give him that alone; and so does what she consented to
    /// for others whom she represents.
    pub(super) fn asks_guardian(
        &self,
        tx: &mut dyn Tx,
        key: &Key,
        power: &PowerRow,
        now: Instant,
    ) -> Result<(), Fault> {
        let is_guardian = power.is_guardian() && power.paper_on.is_some() && power.guards(self.hall.day(now));
        let Some(member) = Member::read(&power.giver).filter(|_| is_guardian) else { return Ok(()) };
        let mut known = self.cases.known(tx, key.district, key.id)?;
        let (events, powers) = (events_of(tx, &known.case)?, powers::of_case(tx, key)?);
        let (case, procedure) = (&known.case, self.cases.procedure_of(&known.case)?);
        let spoken = Spoken { case, procedure, events: &events, powers: &powers, zone: self.hall.zone() };
        let is_hers = |one: &Member| {
            if *one == member { spoken.is_own_word(member) } else { spoken.is_word_of(*one, member) }
        };
        let lapse: Vec<Member> = members(case).into_iter().filter(is_hers).collect();
        for one in lapse {
            known = self.cases.lapse(tx, known, one.side, one.number, now)?;
        }
        Ok(())
    }
}
